// One memory unit on four tasks: switch its parts on, see the curves of all eight seeds, and let
// one of the trained nets answer a sequence.
import { el, set, fill, mount, number } from "./dom.js";
import { forward, unpack } from "./arith.js";
import { chart, fitted, legend, onFrame, slider } from "./draw.js";

const SEEDS = 8;
const POINTS = 50;
const PARTS = ["state", "i", "o", "f"];

const floats = (view) =>
  new Float64Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));

function render({ model, el: root }) {
  const texts = model.get("texts");
  const tasks = model.get("tasks");
  const nets = model.get("nets");
  const threshold = model.get("threshold");
  const weights = floats(model.get("weights"));
  const curves = floats(model.get("curves"));
  const sequences = floats(model.get("sequences"));
  let gates = model.get("gates");
  let chosen = tasks.findIndex((task) => task.key === model.get("task"));
  let seed = model.get("seed");

  let from = 0;
  for (const task of tasks) {
    const many = task.T * task.I;
    const answers = task.last ? 1 : task.T;
    task.x = sequences.subarray(from, from + many);
    task.y = sequences.subarray(from + many, from + many + answers);
    from += many + answers;
  }
  const netOf = (task) => nets[`${task.key}/${gates}`];

  // The net of one seed on the task's sequence: its answers, its state, its error.
  const answered = (task) => {
    const { header, at, size } = netOf(task);
    const held = weights.subarray((at + seed * size) / 8, (at + (seed + 1) * size) / 8);
    const [W, b] = held.subarray(-2);
    const cell = unpack(header, new DataView(held.buffer, held.byteOffset, 8 * (held.length - 2)));
    const trace = forward(cell, task.x);
    const answers = Array.from(trace.h.subarray(1), (h) => W * h + b);
    const asked = task.last ? answers.slice(-1) : answers;
    const error = asked.reduce((sum, a, t) => sum + (a - task.y[t]) ** 2, 0) / asked.length;
    return { answers, state: Array.from((trace.c ?? trace.h).subarray(1)), error };
  };

  const panels = tasks.map((task, k) => {
    const drawn = chart({
      width: 330,
      height: 200,
      xlabel: texts.updates,
      ylabel: texts.error,
      log: true,
    });
    drawn.range([0, task.updates], [1e-3, 3]);
    const y = drawn.py(threshold);
    const rule = el("line", { class: "ll-cursor", x1: drawn.box.left, y1: y, y2: y });
    const paths = Array.from({ length: SEEDS }, () => el("path", { class: "ll-curve" }));
    drawn.node.append(rule, ...paths);
    const count = el("b");
    const node = el(
      "button",
      { class: "ll-panel", type: "button", onclick: () => choose(k) },
      el("span", { class: "ll-title" }, el("span", {}, task.name), count),
      drawn.node,
    );
    return { node, drawn, rule, paths, count };
  });

  const drawPanel = ({ node, drawn, rule, paths, count }, task, k) => {
    set(rule, { x2: drawn.box.right() });
    const { left, curves: n } = netOf(task);
    const solved = left.filter((share) => share <= threshold).length;
    count.textContent = fill(texts.solved, { solved });
    set(node, { "aria-pressed": String(k === chosen) });
    paths.forEach((path, s) => {
      const start = (n * SEEDS + s) * POINTS;
      const d = Array.from({ length: POINTS }, (_, j) => {
        const x = drawn.px(((j + 0.5) / POINTS) * task.updates);
        return `${x.toFixed(1)} ${drawn.py(curves[start + j]).toFixed(1)}`;
      });
      const own = left[s] <= threshold ? "ll-f" : "ll-c ll-stuck";
      const mark = k === chosen && s === seed ? " ll-this" : "";
      set(path, { d: `M${d.join("L")}`, class: `ll-curve ${own}${mark}` });
    });
  };

  const answer = chart({ height: 190, xlabel: "t" });
  const marks = el("path", { class: "ll-target" });
  answer.node.append(marks);
  const about = el("p", { class: "ll-about" });
  const sentence = el("p", { class: "ll-sentence", role: "status", "aria-live": "polite" });

  const drawAnswer = (task, { answers, state }) => {
    const all = [...answers, ...state, ...task.y, -1, 1].filter(Number.isFinite);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const room = 0.06 * (high - low);
    answer.range([1, task.T], [low - room, high + room]);
    answer.line("state", state, "ll-g ll-thin", 1);
    answer.line("answer", answers, "ll-h", 1);
    const first = task.last ? task.T : 1;
    const dots = Array.from(task.y, (v, t) => `M${answer.px(first + t)} ${answer.py(v)}h0`);
    set(marks, { d: dots.join("") });
  };

  // at once, not with the next frame: whoever presses Tab sooner would pass by the gates
  const unlock = () => {
    for (const [part, input] of Object.entries(switches)) {
      input.checked = gates !== "rnn" && (part === "state" || gates.includes(part));
      if (part !== "state") input.disabled = gates === "rnn";
    }
  };
  const show = () => {
    panels.forEach((panel, k) => drawPanel(panel, tasks[k], k));
    const task = tasks[chosen];
    const { left, fresh } = netOf(task);
    const found = answered(task);
    drawAnswer(task, found);
    about.textContent = task.about;
    kept.textContent = gates === "rnn" ? texts.kept_rnn : texts.kept;
    sentence.textContent = fill(texts.sentence, {
      net: texts.nets[gates],
      task: task.name,
      solved: left.filter((share) => share <= threshold).length,
      fresh,
      left: left.map((share) => share.toFixed(2).replace("-", "−")).join(", "),
      seed,
      error: number(found.error),
    });
  };
  const redraw = onFrame(show);
  const choose = (k) => {
    chosen = k;
    redraw();
  };
  const switched = () => {
    const on = (part) => switches[part].checked;
    gates = on("state") ? ["i", "f", "o"].filter(on).join("") : "rnn";
    unlock();
    redraw();
  };
  const switches = Object.fromEntries(
    PARTS.map((part) => [part, el("input", { type: "checkbox", onchange: switched })]),
  );
  const seeds = slider({
    label: texts.seed,
    min: 0,
    max: SEEDS - 1,
    step: 1,
    value: seed,
    show: String,
    oninput: (s) => {
      seed = s;
      redraw();
    },
  });
  const key = legend([
    ["ll-f", texts.done],
    ["ll-c ll-stuck", texts.stuck],
  ]);
  const lines = legend([
    ["ll-h", texts.answer],
    ["ll-target", texts.target],
    ["ll-g ll-thin", ""],
  ]);
  const kept = lines.lastChild.lastChild;
  lines.childNodes[1].querySelector("path").setAttribute("d", "M8 5h0M17 5h0M26 5h0");

  const box = el(
    "div",
    { class: "ll ll-repair", lang: model.get("lang") },
    el(
      "div",
      { class: "ll-parts", role: "group", "aria-label": texts.label, title: texts.needs },
      ...PARTS.map((part) => el("label", {}, switches[part], el("span", {}, texts[part]))),
    ),
    el("div", { class: "ll-panels" }, ...panels.map((panel) => panel.node)),
    el("div", { class: "ll-under" }, key, el("span", {}, texts.rule)),
    about,
    el("div", { class: "ll-under" }, seeds.node, el("span", {}, texts.whose)),
    answer.node,
    lines,
    sentence,
  );
  const unmount = mount(model, root, box);
  const unfit = fitted(box, [answer, ...panels.map(({ drawn }) => drawn)], show);
  unlock();
  show();
  return () => {
    unfit();
    redraw.cancel();
    unmount();
  };
}

export default { render };
