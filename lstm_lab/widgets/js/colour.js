// Colour scales: viridis for 0 to 1, purple to orange for signed values (white is zero).
const read = (text) =>
  text.split(" ").map((hex) => [0, 2, 4].map((k) => parseInt(hex.slice(k, k + 2), 16)));
const VIRIDIS = read(
  "440154 48186a 472d7b 424086 3b528b 33638d 2c728e 26828e 21918c 1fa088 28ae80 3fbc73 5ec962 " +
    "84d44b addc30 d8e219 fde725",
);
const SIGNED = read(
  "2d004b 4d207d 70589f 9990bf bfbbda dddfed f7f7f6 fde4c0 fdc57f ee9b39 d0730f aa5306 7f3b08",
);

// [r, g, b] of a share of the way from the low end of the scale to the high one
export function colour(share, signed) {
  const scale = signed ? SIGNED : VIRIDIS;
  const at = Math.min(1, Math.max(0, share)) * (scale.length - 1);
  const k = Math.min(scale.length - 2, Math.floor(at));
  return scale[k].map((v, j) => Math.round(v + (at - k) * (scale[k + 1][j] - v)));
}

// black or white, whichever is read more easily on it
export const inkOn = ([r, g, b]) => (0.299 * r + 0.587 * g + 0.114 * b > 140 ? "#000" : "#fff");

export const css = (rgb) => `rgb(${rgb.join(",")})`;

export const gradient = (signed) =>
  `linear-gradient(to right, ${(signed ? SIGNED : VIRIDIS).map(css).join(", ")})`;
