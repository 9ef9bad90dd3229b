// Where the same parts stand on a small screen: 360 units across, so that a number stays readable.
const T1 = "t−1";
const LEFT = 22; // middle of what is written before the frame, and behind it
const RIGHT = 338;
const [MEMORY, ROW, BUS] = [52, 205, 267];

function state(put, key, letter, index, x, y, className) {
  put.name(x, y - 6, [letter, index], className);
  put.value(key, x, y + 17, className);
}

function rnn(put, cell) {
  put.frame(46, 20, 268, 150);
  put.wire("h0", "ll-h", [43, 120], [180, 120], [180, 86]);
  put.wire("x", "ll-x", [100, 205], [100, 121]);
  put.dot(100, 120);
  put.box("h", 180, 70, cell.relu ? "relu" : "tanh", "ll-h");
  put.wire("h", "ll-h", [202, 70], [317, 70]);
  state(put, "h0", "h", T1, LEFT, 120, "ll-h");
  state(put, "h", "h", "t", RIGHT, 70, "ll-h");
  put.value("a", 188, 108, "ll-x", "start");
  entry(put, 100, 205);
  return [360, 232];
}

// x and its number, below the frame
function entry(put, x, y) {
  put.name(x - 5, y + 17, ["x", "t"], "ll-x", "end");
  put.value("x", x + 6, y + 17, "ll-x", "start");
}

function lstm(put, cell) {
  const has = (gate) => cell.rows.includes(gate) || (gate === "f" && cell.coupled);
  const [xf, xi, xg, xo, xm, product] = [76, 132, 190, 240, 288, 132];
  put.frame(46, 16, 268, 276);
  put.wire("c", "ll-c ll-memory", [43, MEMORY], [317, MEMORY]);
  state(put, "c0", "c", T1, LEFT, MEMORY, "ll-c");
  state(put, "c", "c", "t", RIGHT, MEMORY, "ll-c");
  const last = has("o") ? xo : xg;
  put.wire("in", "ll-x", [43, BUS], [last, BUS], [last, ROW + 17]);
  put.wire("x", "ll-x", [60, 314], [60, BUS + 1]);
  put.dot(60, BUS);
  state(put, "h0", "h", T1, LEFT, BUS, "ll-h");
  entry(put, 60, 314);
  const into = (x) => {
    put.wire("in", "ll-x", [x, BUS], [x, ROW + 17]);
    put.dot(x, BUS);
  };
  if (has("f")) {
    put.box("f", xf, ROW, cell.coupled ? "1 − i" : "σ", "ll-f");
    if (!cell.coupled) into(xf);
    put.wire("f", "ll-f", [xf, ROW - 15], [xf, MEMORY + 12]);
    put.op(xf, MEMORY, "×");
    put.name(xf + 6, 96, ["f", "t"], "ll-f", "start");
    put.value("f", xf + 6, 113, "ll-f", "start");
    put.value("fc", 133, MEMORY - 9, "ll-c");
  }
  if (has("i")) {
    put.box("i", xi, ROW, "σ", "ll-i");
    into(xi);
    put.wire("i", "ll-i", [xi, ROW - 15], [xi, product], [xg - 12, product]);
    put.name(xi - 6, 149, ["i", "t"], "ll-i", "end");
    put.value("i", xi - 6, 166, "ll-i", "end");
    put.op(xg, product, "×");
  }
  put.box("g", xg, ROW, cell.g_linear ? "·" : "tanh", "ll-g");
  into(xg);
  put.wire("g", "ll-g", [xg, ROW - 15], [xg, has("i") ? product + 12 : MEMORY + 12]);
  put.name(xg - 6, 161, ["g", "t"], "ll-g", "end");
  put.value("g", xg - 6, 178, "ll-g", "end");
  if (has("i")) {
    put.wire("ig", "ll-h", [xg, product - 11], [xg, MEMORY + 12]);
    put.value("ig", xg - 6, 97, "ll-h", "end");
  }
  put.op(xg, MEMORY, "+");
  put.wire("c", "ll-c", [xm, MEMORY], [xm, 85]);
  put.dot(xm, MEMORY);
  put.box("tc", xm, 100, cell.c_linear ? "·" : "tanh", "ll-c");
  put.wire("tc", "ll-c", [xm, 115], [xm, has("o") ? ROW - 12 : ROW + 30]);
  put.value("tc", xm - 6, 140, "ll-c", "end");
  if (has("o")) {
    put.box("o", xo, ROW, "σ", "ll-o");
    put.wire("o", "ll-o", [xo + 22, ROW], [xm - 12, ROW]);
    put.name(xo - 6, ROW + 33, ["o", "t"], "ll-o", "end");
    put.value("o", xo - 4, ROW + 50, "ll-o", "end");
    put.op(xm, ROW, "×");
  }
  put.wire("h", "ll-h", [xm, ROW + 12], [xm, BUS], [317, BUS]);
  state(put, "h", "h", "t", RIGHT, BUS, "ll-h");
  for (const [gate, x, y] of [
    ["f", 66, 172],
    ["i", 118, 180],
  ])
    if (cell[`p_${gate}`] && has(gate))
      put.wire(`p_${gate}`, "ll-c ll-peep", [57, MEMORY], [57, y], [x, y], [x, ROW - 17]);
  if (cell.p_o && has("o"))
    put.wire("p_o", "ll-c ll-peep", [xo - 8, MEMORY], [xo - 8, ROW - 17]);
  return [360, 340];
}

function gru(put) {
  const [xr, xq, xn, xz, product] = [104, 156, 208, 284, 132];
  put.frame(46, 16, 268, 276);
  put.wire("h", "ll-h ll-memory", [43, MEMORY], [317, MEMORY]);
  state(put, "h0", "h", T1, LEFT, MEMORY, "ll-h");
  state(put, "h", "h", "t", RIGHT, MEMORY, "ll-h");
  put.wire("in", "ll-x", [58, MEMORY], [58, BUS], [xz, BUS], [xz, ROW + 17]);
  put.dot(58, MEMORY);
  put.wire("x", "ll-x", [76, 314], [76, BUS + 1]);
  put.dot(76, BUS);
  entry(put, 76, 314);
  for (const x of [xr, xn]) {
    put.wire("in", "ll-x", [x, BUS], [x, ROW + 17]);
    put.dot(x, BUS);
  }
  put.wire("in", "ll-x", [xq, BUS], [xq, ROW + 12]);
  put.dot(xq, BUS);
  put.box("r", xr, ROW, "σ", "ll-i");
  put.wire("r", "ll-i", [xr + 22, ROW], [xq - 12, ROW]);
  put.name(xr, ROW - 42, ["r", "t"], "ll-i");
  put.value("r", xr, ROW - 24, "ll-i");
  put.op(xq, ROW, "×");
  put.wire("rm", "ll-h", [xq + 11, ROW], [xn - 23, ROW]);
  put.box("n", xn, ROW, "tanh", "ll-g");
  put.wire("n", "ll-g", [xn, ROW - 15], [xn, product + 12]);
  put.name(xn - 6, 156, ["n", "t"], "ll-g", "end");
  put.value("n", xn - 6, 174, "ll-g", "end");
  put.op(xn, product, "×");
  put.wire("zn", "ll-g", [xn, product - 11], [xn, MEMORY + 12]);
  put.value("zn", xn + 6, 96, "ll-g", "start");
  put.op(xn, MEMORY, "+");
  put.box("z", xz, ROW, "σ", "ll-f");
  put.wire("z", "ll-f", [xz, ROW - 15], [xz, product], [xn + 13, product]);
  put.name(xn + 44, product - 7, ["1 − z", "t"], "ll-f");
  put.wire("z", "ll-f", [xz, product], [xz, 106], [132, 106], [132, MEMORY + 12]);
  put.name(xz - 6, 156, ["z", "t"], "ll-f", "end");
  put.value("z", xz - 6, 174, "ll-f", "end");
  put.op(132, MEMORY, "×");
  put.value("zh", 170, MEMORY - 9, "ll-h");
  return [360, 340];
}

export const narrow = { rnn, lstm, gru };
