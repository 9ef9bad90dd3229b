// One step of a cell at a time: live numbers on the wires, each equation with its numbers.
import { el, set, fill, mount, number } from "./dom.js";
import { forward, unpack } from "./arith.js";
import { slider, onFrame, chart, fitted, legend } from "./draw.js";
import { diagram } from "./diagram.js";

const WINDOW = 200; // steps in the chart at once

const three = (x) =>
  Math.abs(x) >= 1000 ? number(x) : (Math.abs(x) < 0.0005 ? 0 : x).toFixed(3).replace("-", "−");
const short = (x) => three(x).replace(/\.?0+$/, ""); // weights and inputs: 3, 0.5
const signed = (x) => (x < 0 ? ` − ${three(-x)}` : ` + ${three(x)}`);
const plus = (x) => (x < 0 ? ` − ${short(-x)}` : ` + ${short(x)}`);
const gateName = (gate) => `<i>${gate}</i>`;
const sub = (letter, index) => `<i>${letter}</i><sub>${index}</sub>`;

// One row of weights times a vector, from an offset.
function dot(W, row, width, v, at) {
  let sum = 0;
  for (let j = 0; j < width; j++) sum += W[row * width + j] * v[at + j];
  return sum;
}

// All numbers of one unit at one step, and its equations as [key, symbols, numbers, wires].
function explain(cell, trace, t, u) {
  const { I, H } = cell;
  const single = I === 1 && H === 1;
  const at = t * H + u;
  const h0 = trace.h[at];
  const values = { h0, h: trace.h[at + H], x: trace.x[t * I] };
  const parts = (n, from = trace.h, fromAt = t * H) => {
    const row = n * H + u;
    const wx = dot(cell.W_x, row, I, trace.x, t * I);
    const wh = dot(cell.W_h, row, H, from, fromAt);
    const text = single
      ? `${short(cell.W_x[row])}·${short(trace.x[t])} + ${short(cell.W_h[row])}·${three(from[fromAt])}`
      : `${three(wx)}${signed(wh)}`;
    return { text: `${text}${plus(cell.b[row])}`, sum: wx + wh + cell.b[row] };
  };
  const symbols = (gate, peep = "") =>
    `${sub("W", `x${gate}`)} <i>x</i> + ${sub("W", `h${gate}`)} <i>h</i><sub>t−1</sub>${peep} + ${sub("b", gate)}`;
  const rows = [];
  if (cell.family === "rnn") {
    const name = cell.relu ? "relu" : "tanh";
    const { text, sum } = parts(0);
    values.a = sum;
    rows.push([
      "h",
      `${name}(<i>W<sub>x</sub> x</i> + <i>W<sub>h</sub> h</i><sub>t−1</sub> + <i>b</i>)`,
      `${name}(${text}) = ${name}(${three(sum)}) = ${three(values.h)}`,
      ["h", "h0", "x"],
    ]);
  } else if (cell.family === "lstm") {
    const c0 = trace.c[at];
    const c = trace.c[at + H];
    Object.assign(values, { c0, c, tc: cell.c_linear ? c : Math.tanh(c) });
    for (const gate of "ifgo") values[gate] = trace[gate][at];
    values.fc = values.f * c0;
    values.ig = values.i * values.g;
    for (const gate of "fig") addGate(gate);
    const kept = cell.rows.includes("f") || cell.coupled;
    const written = cell.rows.includes("i");
    rows.push([
      "c",
      `${kept ? "<i>f</i> " : ""}<i>c</i><sub>t−1</sub> + ${written ? "<i>i</i> " : ""}<i>g</i>`,
      `${kept ? `${three(values.f)}·` : ""}${three(c0)} + ${written ? `${three(values.i)}·` : ""}${three(values.g)} = ${three(c)}`,
      ["c", "ig", ...(kept ? ["f"] : []), ...(written ? ["i"] : []), "g"],
    ]);
    addGate("o");
    const shown = cell.rows.includes("o");
    const squashed = cell.c_linear ? "<i>c</i>" : "tanh <i>c</i>";
    rows.push([
      "h",
      `${shown ? "<i>o</i> " : ""}${squashed}`,
      `${shown ? `${three(values.o)}·` : ""}${three(values.tc)} = ${three(values.h)}`,
      ["h", "tc", ...(shown ? ["o"] : [])],
    ]);
  } else {
    for (const gate of "rzn") values[gate] = trace[gate][at];
    for (const [n, gate] of [..."rz"].entries()) {
      const { text, sum } = parts(n);
      rows.push([
        gate,
        `σ(${symbols(gate)})`,
        `σ(${text}) = σ(${three(sum)}) = ${three(values[gate])}`,
        [gate, "in", "x"],
      ]);
    }
    const wx = dot(cell.W_x, 2 * H + u, I, trace.x, t * I) + cell.b[2 * H + u];
    const m = trace.m[at];
    values.rm = cell.b_hn ? values.r * m : dot(cell.W_h, 2 * H + u, H, trace.m, t * H);
    rows.push([
      "n",
      cell.b_hn
        ? `tanh(${sub("W", "xn")} <i>x</i> + ${sub("b", "n")} + <i>r</i> (${sub("W", "hn")} <i>h</i><sub>t−1</sub> + ${sub("b", "hn")}))`
        : `tanh(${sub("W", "xn")} <i>x</i> + ${sub("b", "n")} + ${sub("W", "hn")} (<i>r h</i><sub>t−1</sub>))`,
      `tanh(${three(wx)}${cell.b_hn ? ` + ${three(values.r)}·(${three(m)})` : signed(values.rm)}) = ${three(values.n)}`,
      ["n", "r", "rm", "in", "x"],
    ]);
    values.zn = (1 - values.z) * values.n;
    values.zh = values.z * h0;
    rows.push([
      "h",
      `(1 − <i>z</i>) <i>n</i> + <i>z h</i><sub>t−1</sub>`,
      `${three(1 - values.z)}·${three(values.n)} + ${three(values.z)}·${three(h0)} = ${three(values.h)}`,
      ["h", "z", "zn", "n"],
    ]);
  }
  return { values, rows };

  function addGate(gate) {
    if (gate === "f" && cell.coupled) {
      rows.push(["f", "1 − <i>i</i>", `1 − ${three(values.i)} = ${three(values.f)}`, ["f", "i"]]);
      return;
    }
    const n = cell.rows.indexOf(gate);
    if (n < 0) return;
    const squash = gate !== "g" ? "σ" : cell.g_linear ? "" : "tanh";
    const p = cell[`p_${gate}`];
    const looked = gate === "o" ? values.c : values.c0;
    const { text, sum } = parts(n);
    const peep = p ? ` + ${sub("p", gate)} <i>c</i>${gate === "o" ? "" : "<sub>t−1</sub>"}` : "";
    const total = sum + (p ? p[u] * looked : 0);
    const inside = p ? `${text}${plus(p[u])}·${three(looked)}` : text;
    rows.push([
      gate,
      `${squash}(${symbols(gate, peep)})`,
      `${squash}(${inside}) = ${squash}(${three(total)}) = ${three(values[gate])}`,
      [gate, "in", "x", `p_${gate}`],
    ]);
  }
}

function render({ model, el: root }) {
  const texts = model.get("texts");
  const start = unpack(model.get("header"), model.get("weights"));
  const view = model.get("x");
  const x0 = new Float64Array(
    view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength),
  );
  const { I, H, family } = start;
  const T = x0.length / I;
  const x = x0.slice();
  const cell = { ...start, b: start.b.slice(), W_x: start.W_x.slice(), W_h: start.W_h.slice() };
  const letters = family === "gru" ? "rzn" : family === "lstm" ? start.rows : "";
  const squashers = [...letters].filter((gate) => !"gn".includes(gate));
  const by = {}; // gates held by hand
  let t = Math.min(Math.max(0, model.get("t")), T - 1);
  let u = model.get("unit");
  let lit = null;

  const picture = diagram(cell);
  const lines = family === "lstm" ? ["c", "h"] : ["h"];
  const course = chart({ height: 130, xlabel: "t", ylabel: lines.join(", ") });
  const sentence = el("p", { class: "ll-sentence", role: "status", "aria-live": "polite" });
  const equations = el("dl", { class: "ll-equations" });

  // The first step that a change can have reached; everything, where weights or gates change.
  const trace = {};
  let stale = 0;
  let clamp = {};
  const run = () => {
    if (stale === 0)
      clamp = Object.fromEntries(
        Object.entries(by).map(([gate, value]) => {
          const all = new Float64Array(T * H).fill(NaN);
          for (let k = u; k < all.length; k += H) all[k] = value;
          return [gate, all];
        }),
      );
    if (stale < T) forward(cell, x, {}, clamp, trace, stale);
    stale = T;
  };

  const draw = () => {
    run();
    const { values, rows } = explain(cell, trace, t, u);
    picture.show(Object.fromEntries(Object.entries(values).map(([k, v]) => [k, three(v)])));
    picture.light(rows.find(([key]) => key === lit)?.[3] ?? []);
    if (equations.children.length !== rows.length) build(rows);
    rows.forEach(([key, , numbers], k) => {
      const text = key in by ? `${texts.held} ${three(by[key])}` : `= ${numbers}`;
      equations.children[k].children[2].textContent = text;
    });
    const from = Math.floor(t / WINDOW) * WINDOW;
    const to = Math.min(T, from + WINDOW);
    let [low, high] = [-1, 1];
    const series = {};
    for (const name of lines) {
      series[name] = [];
      for (let k = from; k <= to; k++) {
        const v = trace[name][k * H + u];
        series[name].push(v);
        if (v < low) low = v;
        if (v > high) high = v;
      }
    }
    course.range([from, to], [low, high]);
    for (const name of lines) course.line(name, series[name], `ll-${name}`, from);
    course.cursor(t + 1);
    for (const [gate, control] of Object.entries(hands)) {
      if (!(gate in by)) control.put(values[gate]);
      set(control.input, { disabled: !(gate in by) });
    }
    const shown = ["x", ...letters, ...(family === "lstm" ? ["c", "h"] : ["h"])];
    const said = shown.map((key) => `${key} = ${three(values[key])}`).join(", ");
    const place = { t: t + 1, T, unit: u, H, said };
    const opening = fill(H > 1 ? texts.step_unit : texts.step, place);
    const window = T > WINDOW ? fill(texts.window, { from, to }) : "";
    sentence.textContent = `${opening} ${window}`.trim();
    set(back, { disabled: t === 0 });
    set(next, { disabled: t === T - 1 });
  };
  const redraw = onFrame(draw);
  const changed = (from = 0) => {
    stale = Math.min(stale, from);
    redraw();
  };

  function build(rows) {
    equations.replaceChildren(
      ...rows.map(([key]) =>
        el(
          "div",
          {
            tabindex: 0,
            class: `ll-equation ll-is-${key}`,
            onmouseenter: () => ((lit = key), redraw()),
            onmouseleave: () => ((lit = null), redraw()),
            onfocus: () => ((lit = key), redraw()),
            onblur: () => ((lit = null), redraw()),
          },
          el("dt"),
          el("dd"),
          el("dd"),
        ),
      ),
    );
    // the symbols stay as they are; only the numbers beside them change with a drag
    rows.forEach(([key, symbols], k) => {
      const [name, first] = equations.children[k].children;
      name.innerHTML = gateName(key);
      first.innerHTML = `= ${symbols}`;
    });
  }

  const go = (step) => {
    t = Math.min(T - 1, Math.max(0, step));
    time.put(t + 1);
    inputs.forEach((control, k) => control.put(x[t * I + k]));
    redraw();
  };
  const back = el("button", { type: "button", onclick: () => go(t - 1) }, texts.back);
  const next = el("button", { type: "button", onclick: () => go(t + 1) }, texts.next);
  const whole = (v) => String(v);
  const time = slider({
    label: "<i>t</i>",
    min: 1,
    max: T,
    step: 1,
    value: t + 1,
    show: whole,
    oninput: (v) => go(v - 1),
  });
  const reach = Math.max(2, Math.ceil(Math.max(...x0.map(Math.abs))));
  const inputs = Array.from({ length: Math.min(I, 4) }, (_, k) =>
    slider({
      label: I > 1 ? sub("x", `t,${k}`) : sub("x", "t"),
      min: -reach,
      max: reach,
      step: 0.01,
      value: x[t * I + k],
      show: three,
      oninput: (v) => ((x[t * I + k] = v), changed(t)),
    }),
  );
  const biases = [...(letters || "h")].map((gate, n) =>
    slider({
      label: letters ? sub("b", gate) : "<i>b</i>",
      min: -6,
      max: 6,
      step: 0.01,
      value: cell.b[n * H + u],
      show: three,
      oninput: (v) => ((cell.b[n * H + u] = v), changed()),
    }),
  );
  // the one unit of a plain RNN has two weights: few enough to be held as well
  const few = family === "rnn" && I === 1 && H === 1 ? ["W_x", "W_h"] : [];
  const weights = few.map((name) =>
    slider({
      label: sub("W", name[2]),
      min: -3,
      max: 3,
      step: 0.01,
      value: cell[name][0],
      show: three,
      oninput: (v) => ((cell[name][0] = v), changed()),
    }),
  );
  const hands = Object.fromEntries(
    squashers.map((gate) => [
      gate,
      slider({
        label: "",
        title: gate,
        min: 0,
        max: 1,
        step: 0.001,
        value: 0.5,
        show: three,
        oninput: (v) => ((by[gate] = v), changed()),
      }),
    ]),
  );
  const holders = squashers.map((gate) => {
    const box = el("input", {
      type: "checkbox",
      onchange: () => {
        if (box.checked) by[gate] = hands[gate].value;
        else delete by[gate];
        changed();
      },
    });
    const words = el("span");
    words.innerHTML = fill(texts.by_hand, { gate: gateName(gate) });
    return el("div", { class: "ll-hand" }, el("label", {}, box, words), hands[gate].node);
  });
  const units =
    H > 1
      ? slider({
          label: texts.unit,
          min: 0,
          max: H - 1,
          step: 1,
          value: u,
          show: whole,
          oninput: (v) => {
            u = v;
            biases.forEach((control, n) => control.put(cell.b[n * H + u]));
            changed();
          },
        })
      : null;
  const reset = () => {
    x.set(x0);
    for (const name of ["b", "W_x", "W_h"]) cell[name].set(start[name]);
    few.forEach((name, k) => weights[k].put(cell[name][0]));
    for (const gate of Object.keys(by)) delete by[gate];
    for (const box of root.querySelectorAll('input[type="checkbox"]')) box.checked = false;
    biases.forEach((control, n) => control.put(cell.b[n * H + u]));
    stale = 0;
    go(t);
  };

  const box = el(
    "div",
    { class: "ll ll-stepper", lang: model.get("lang") },
    ...picture.nodes,
    el("div", { class: "ll-bar" }, back, next, time.node, units?.node),
    course.node,
    legend(lines.map((name) => [`ll-${name}`, name])),
    equations,
    el("div", { class: "ll-controls" }, ...[...inputs, ...weights, ...biases].map((c) => c.node)),
    el("div", { class: "ll-controls" }, ...holders),
    el("div", { class: "ll-bar" }, el("button", { type: "button", onclick: reset }, texts.reset)),
    sentence,
  );
  course.node.addEventListener("pointerdown", (event) => go(Math.round(course.at(event)) - 1));
  course.node.addEventListener(
    "pointermove",
    (event) => event.buttons && go(Math.round(course.at(event)) - 1),
  );
  const unmount = mount(model, root, box);
  const unfit = fitted(box, [course], draw);
  draw();
  return () => {
    unfit();
    redraw.cancel();
    unmount();
  };
}

export default { render };
