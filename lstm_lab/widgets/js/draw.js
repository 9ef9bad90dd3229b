// Drawing that all widgets share: sliders, charts with axes, one redraw a frame.
import { el, set, number } from "./dom.js";

// A labelled slider. `show` writes its value; `oninput(value)` is called on every change.
export function slider({ label, min, max, step, value, show = number, oninput, title }) {
  const input = el("input", { type: "range", min, max, step, value, title });
  const output = el("output", {}, show(value));
  const name = el("span", { class: "ll-name" });
  name.innerHTML = label; // our own markup: symbols with subscripts
  const node = el("label", { class: "ll-slider" }, label ? name : null, input, output);
  if (!label) set(input, { "aria-label": title });
  const tell = () => {
    output.textContent = show(Number(input.value));
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", () => {
    tell();
    oninput(Number(input.value));
  });
  tell();
  return {
    node,
    input,
    get value() {
      return Number(input.value);
    },
    put(next) {
      if (Number(input.value) === next) return;
      input.value = next;
      output.textContent = show(next);
      input.setAttribute("aria-valuetext", output.textContent);
    },
  };
}

// Many changes in one frame are one drawing, of the newest values.
export function onFrame(draw) {
  let asked = 0;
  const request = () => {
    if (!asked)
      asked = requestAnimationFrame(() => {
        asked = 0;
        draw();
      });
  };
  request.cancel = () => cancelAnimationFrame(asked);
  return request;
}

export function ticks(low, high, count = 5) {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find((n) => n * power >= raw) * power;
  const out = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-9; v += step)
    out.push(Math.abs(v) < step * 1e-9 ? 0 : v);
  return out;
}

export function decades(low, high, most = 8) {
  const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))];
  const step = Math.max(1, Math.ceil((last - first + 1) / most));
  const out = [];
  for (let e = last; e >= first; e -= step) out.push(e);
  return out;
}

const SUPER = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
export const powerOfTen = (e) => `10${[...String(e)].map((c) => SUPER[c]).join("")}`;

// An SVG chart: axes that can change, named lines, a cursor. Outside the y range a line is cut
// off at the edge, where `clipped` says so in the caller's sentence. It is as wide as the page has
// room for, up to `width`: on a small screen it narrows, rather than shrink what is written in it.
export function chart({ width: most = 640, height = 240, xlabel = "t", ylabel = "", log = false }) {
  const [left, right, top, bottom] = [64, 20, 10, 36];
  let width = most;
  const grid = el("g", { class: "ll-grid" });
  const curves = el("g");
  const cursor = el("line", {
    class: "ll-cursor",
    y1: top,
    y2: height - bottom,
    visibility: "hidden",
  });
  const names = [
    el("text", { y: height - 4, "text-anchor": "middle" }, xlabel),
    el(
      "text",
      {
        transform: `translate(13 ${(top + height - bottom) / 2}) rotate(-90)`,
        "text-anchor": "middle",
      },
      ylabel,
    ),
  ];
  const node = el(
    "svg",
    { class: "ll-chart", "aria-hidden": "true" },
    grid,
    curves,
    cursor,
    ...names,
  );
  const lines = new Map();
  const drawn = new Map(); // their paths: one that did not change is not painted again
  let x = [0, 1];
  let y = log ? [0.1, 1] : [0, 1];
  let high, span, across; // of y on its scale, and of x
  const px = (v) => left + ((v - x[0]) / across) * (width - left - right);
  const level = log ? (v) => Math.log10(Math.max(v, 1e-320)) : (v) => v;
  const py = (v) =>
    top + Math.min(1, Math.max(0, (high - level(v)) / span)) * (height - top - bottom);
  const axes = () => {
    high = level(y[1]);
    span = high - level(y[0]) || 1;
    across = x[1] - x[0] || 1;
    const marks = [];
    const levels = log
      ? decades(...y).map((e) => [10 ** e, powerOfTen(e)])
      : ticks(...y).map((v) => [v, number(v)]);
    for (const [v, text] of levels)
      marks.push(
        el("line", { x1: left, x2: width - right, y1: py(v), y2: py(v) }),
        el("text", { x: left - 6, y: py(v) + 4, "text-anchor": "end" }, text),
      );
    for (const v of ticks(...x, width < 400 ? 4 : 6))
      marks.push(
        el("text", { x: px(v), y: height - bottom + 16, "text-anchor": "middle" }, number(v)),
      );
    grid.replaceChildren(...marks);
    set(node, { viewBox: `0 0 ${width} ${height}` });
    set(names[0], { x: (left + width - right) / 2 });
  };
  axes();
  return {
    node,
    px,
    py,
    box: { left, top, bottom: height - bottom, right: () => width - right },
    // Take the width that the page gives; true where it changed, and the lines want drawing anew.
    fit() {
      const given = Math.round(node.getBoundingClientRect().width);
      const next = given ? Math.min(most, Math.max(220, given)) : width; // 0: not on the page yet
      if (next === width) return false;
      width = next;
      axes();
      return true;
    },
    range(nextX, nextY) {
      if ([...nextX, ...nextY].join() === [...x, ...y].join()) return;
      [x, y] = [nextX, nextY];
      axes();
    },
    // values[k] belongs to start + k
    line(name, values, className, start = 0) {
      if (!lines.has(name)) {
        lines.set(name, el("path", { class: `ll-curve ${className}` }));
        curves.append(lines.get(name));
      }
      let path = "";
      let pen = "M";
      for (let k = 0; k < values.length; k++) {
        if (!Number.isFinite(values[k]) || (log && values[k] <= 0)) {
          pen = "M";
          continue;
        }
        // toFixed would take longer than all else here
        path += `${pen}${Math.round(10 * px(start + k)) / 10} ${Math.round(10 * py(values[k])) / 10}`;
        pen = "L";
      }
      if (drawn.get(name) === path) return;
      drawn.set(name, path);
      set(lines.get(name), { d: path });
    },
    cursor(at) {
      set(cursor, { x1: px(at), x2: px(at), visibility: null });
    },
    // x value below a pointer event
    at(event) {
      const box = node.getBoundingClientRect();
      const inside = ((event.clientX - box.left) / box.width) * width;
      return x[0] + ((inside - left) / (width - left - right)) * (x[1] - x[0]);
    },
  };
}

// Keep charts as wide as their box; returns what ends it.
export function fitted(box, charts, draw) {
  const fit = onFrame(() => {
    if (charts.filter((one) => one.fit()).length) draw();
  });
  for (const one of charts) one.fit(); // before they are drawn for the first time
  const watcher = new ResizeObserver(fit);
  watcher.observe(box);
  return () => {
    fit.cancel();
    watcher.disconnect();
  };
}

// What a curve is: a sample of its stroke beside its name, in words the colour-blind can use.
export function legend(entries) {
  return el(
    "div",
    { class: "ll-legend" },
    ...entries.map(([className, text]) =>
      el(
        "span",
        {},
        el(
          "svg",
          { viewBox: "0 0 34 10", width: 34, height: 10, "aria-hidden": "true" },
          el("path", { class: `ll-curve ${className}`, d: "M1 5L33 5" }),
        ),
        el("span", {}, text),
      ),
    ),
  );
}
