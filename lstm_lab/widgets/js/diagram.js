// The inside of a cell as an SVG whose wires carry live numbers.
import { el, set } from "./dom.js";
import { narrow } from "./narrow.js";
import { wide } from "./wide.js";

// "c" with a small index below it, as SVG text
function symbol(x, y, [letter, index], className, anchor = "middle") {
  return el(
    "text",
    { x, y, class: `ll-symbol ${className}`, "text-anchor": anchor },
    letter,
    ...(index ? [el("tspan", { dy: 4, class: "ll-index" }, index)] : []),
  );
}

// Two drawings of the same wires; the sheet shows the one whose numbers can be read at this width.
export function diagram(cell) {
  const values = new Map();
  const wires = new Map();
  const keep = (map, key, node) => {
    if (!map.has(key)) map.set(key, []);
    map.get(key).push(node);
    return node;
  };
  const drawn = (name, layout, half) => {
    const children = [];
    const put = {
      frame: (x, y, width, height) =>
        children.push(el("rect", { class: "ll-frame", x, y, width, height, rx: 12 })),
      wire(key, className, ...points) {
        const path = points.map(([x, y], k) => `${k ? "L" : "M"}${x} ${y}`).join("");
        const [[x0, y0], [x1, y1]] = points.slice(-2);
        const [dx, dy] = [Math.sign(x1 - x0), Math.sign(y1 - y0)];
        const tip = `M${x1 - 7 * dx - 4 * dy} ${y1 - 7 * dy - 4 * dx}L${x1} ${y1}L${x1 - 7 * dx + 4 * dy} ${y1 - 7 * dy + 4 * dx}`;
        const node = el("path", { class: `ll-wire ${className}`, d: path + tip });
        children.push(keep(wires, key, node));
      },
      box(key, x, y, text, className) {
        const node = el(
          "g",
          { class: `ll-box ${className}` },
          el("rect", { x: x - half, y: y - 15, width: 2 * half, height: 30, rx: 4 }),
          el("text", { x, y: y + 5, "text-anchor": "middle" }, text),
        );
        children.push(keep(wires, key, node));
      },
      op: (x, y, text) =>
        children.push(
          el(
            "g",
            { class: "ll-op" },
            el("circle", { cx: x, cy: y, r: 11 }),
            el("text", { x, y: y + 5, "text-anchor": "middle" }, text),
          ),
        ),
      dot: (x, y) => children.push(el("circle", { class: "ll-dot", cx: x, cy: y, r: 3 })),
      name: (x, y, parts, className, anchor) =>
        children.push(symbol(x, y, parts, className, anchor)),
      value(key, x, y, className, anchor = "middle") {
        const node = el("text", { x, y, class: `ll-value ${className}`, "text-anchor": anchor });
        children.push(keep(values, key, node));
      },
    };
    const [width, height] = layout[cell.family](put, cell);
    const viewBox = `0 0 ${width} ${height}`;
    return el("svg", { class: `ll-diagram ${name}`, viewBox, "aria-hidden": "true" }, ...children);
  };
  return {
    nodes: [drawn("ll-wide", wide, 28), drawn("ll-narrow", narrow, 22)],
    show(numbers) {
      for (const [key, texts] of values)
        for (const text of texts) text.textContent = numbers[key] ?? "";
    },
    light(keys) {
      for (const [key, nodes] of wires)
        for (const wire of nodes) set(wire, { "data-lit": keys.includes(key) || null });
    },
  };
}
