// dL/dh_t of an RNN and an LSTM on one log axis, recomputed while its dials are dragged.
import { el, set, fill, mount, number, sentences } from "./dom.js";
import { forward, backward, norms, unpack } from "./arith.js";
import { slider, onFrame, chart, fitted, legend } from "./draw.js";

const floats = (view) =>
  new Float64Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));

// The curves of the picture, each from the initial state (0) to the last step (T). What a change
// does not reach is not computed again: the RNN knows nothing of b_f, the LSTM nothing of rho.
function curvesOf(rnn, lstm, x, direction) {
  const { I, H } = rnn;
  const curves = {};
  const known = {};
  const [plain, gated] = [{ trace: {}, grads: {} }, { trace: {}, grads: {} }];
  let [inputs, dh, path] = [new Float64Array(0), null, null];

  const changed = (what, key) => known[what] !== (known[what] = key);
  const run = (cell, { trace, grads }) => {
    forward(cell, inputs, {}, {}, trace);
    return backward(cell, trace, dh, null, { again: grads, inputs: false });
  };
  return (T, rho, scale, bias, W, kind) => {
    if (changed("inputs", `${T} ${scale}`)) {
      if (inputs.length !== T * I) {
        inputs = new Float64Array(T * I);
        path = new Float64Array((T + 1) * H);
        dh = new Float64Array(T * H);
        dh.set(direction, (T - 1) * H);
      }
      for (let k = 0; k < inputs.length; k++) inputs[k] = x[k] * scale;
    }
    if (changed("rnn", `${known.inputs} ${rho} ${kind}`)) {
      for (let k = 0; k < W.length; k++) rnn.W_h[k] = W[k] * rho;
      curves.rnn = norms(run(rnn, plain).h, H, curves.rnn);
    }
    if (changed("lstm", `${known.inputs} ${bias}`)) {
      lstm.b.fill(bias, H, 2 * H);
      const { h, cell } = run(lstm, gated);
      const { f } = gated.trace;
      path.set(cell.subarray((T - 1) * H), T * H);
      for (let k = T * H - 1; k >= 0; k--) path[k] = path[k + H] * f[k];
      curves.lstm = norms(h, H, curves.lstm);
      curves.cell = norms(cell, H, curves.cell);
      curves.path = norms(path, H, curves.path);
    }
    return curves;
  };
}

function render({ model, el: root }) {
  const texts = model.get("texts");
  const rnn = unpack(model.get("rnn"), model.get("rnn_weights"));
  const lstm = unpack(model.get("lstm"), model.get("lstm_weights"));
  const x = floats(model.get("x"));
  const direction = floats(model.get("direction"));
  const matrices = floats(model.get("matrices"));
  const spectra = model.get("spectra");
  const { H } = rnn;
  const compute = curvesOf(rnn, lstm, x, direction);
  let kind = 0;

  const main = chart({ height: 300, xlabel: "t", ylabel: "|dL/dh|", log: true });
  const half = chart({ width: 320, height: 200, xlabel: "b_f", ylabel: texts.half_axis, log: true });
  half.range([-4, 8], [0.1, 2000]);
  const biases = Array.from({ length: 121 }, (_, k) => -4 + k / 10);
  const halfLife = (b) => Math.LN2 / Math.log1p(Math.exp(-b)); // −ln 2 / ln σ(b)
  const halves = biases.map(halfLife);
  // the chart draws against counts, the bias axis against tenths: one line of its own
  const halfLine = el("path", { class: "ll-curve ll-f" });
  const halfDot = el("circle", { class: "ll-mark ll-f", r: 6 });
  half.node.append(halfLine, halfDot);
  const drawHalf = () =>
    set(halfLine, {
      d: biases.map((b, k) => `${k ? "L" : "M"}${half.px(b)} ${half.py(halves[k])}`).join(""),
    });

  const [size, middle, radius] = [200, 100, 62]; // of the dial: rho = 1 at the radius
  const ring = el("circle", { class: "ll-ring", cx: middle, cy: middle, r: radius });
  const reach = el("circle", { class: "ll-reach", cx: middle, cy: middle });
  const dots = el("path", { class: "ll-dots-of-w ll-c" }); // lines of no length, round ends
  const dial = el(
    "svg",
    { class: "ll-dial", viewBox: `0 0 ${size} ${size}`, "aria-hidden": "true" },
    el("line", { class: "ll-axis", x1: 4, x2: size - 4, y1: middle, y2: middle }),
    el("line", { class: "ll-axis", x1: middle, x2: middle, y1: 4, y2: size - 4 }),
    ring,
    reach,
    dots,
  );
  const sentence = el("p", { class: "ll-sentence", role: "status", "aria-live": "polite" });

  const draw = () => {
    const [T, rho, scale, bias] = [length.value, radiusOf.value, inputs.value, forget.value];
    const W = matrices.subarray(kind * H * H, (kind + 1) * H * H);
    const curves = compute(T, rho, scale, bias, W, kind);
    let [low, high] = [1, 1];
    for (const name of ["rnn", "lstm", "path"])
      for (const v of curves[name])
        if (v > 0 && Number.isFinite(v)) [low, high] = [Math.min(low, v), Math.max(high, v)];
    // whole steps of four decades, so that the axis stands still while a hand moves a little
    const down = Math.max(-60, Math.min(-4, 4 * Math.floor(Math.log10(low) / 4)));
    const up = Math.min(60, Math.max(2, 4 * Math.ceil(Math.log10(high) / 4)));
    main.range([0, T], [10 ** down, 10 ** up]);
    const sigma = spectra[kind].sigma * rho;
    // where the bound leaves the picture its line ends, rather than run along the edge
    const bound = Array.from({ length: T + 1 }, (_, t) => sigma ** (T - t)).map((v) =>
      v > 10 ** up || v < 10 ** down ? NaN : v,
    );
    main.line("bound", bound, "ll-bound");
    main.line("rnn", curves.rnn, "ll-c");
    main.line("lstm", curves.lstm, "ll-f ll-heavy");
    main.line("cell", curves.cell, "ll-f ll-dash", 1);
    main.line("path", curves.path, "ll-i ll-dots");
    set(halfDot, { cx: half.px(bias), cy: half.py(halfLife(bias)) });
    set(reach, { r: sigma * radius });
    const spots = spectra[kind].values.map(([re, im]) => [
      Math.round(100 * (middle + re * rho * radius)) / 100,
      Math.round(100 * (middle - im * rho * radius)) / 100,
    ]);
    set(dots, { d: spots.map(([cx, cy]) => `M${cx} ${cy}h0`).join("") });
    const said = `RNN = ${number(curves.rnn[0])}, LSTM = ${number(curves.lstm[0])}, ${texts.path} = ${number(curves.path[0])}`;
    const rest = fill(texts.half, { half: number(halfLife(bias)), sigma: number(sigma) });
    sentence.textContent = sentences(fill(texts.back, { T, said }), rest);
  };
  const redraw = onFrame(draw);

  const control = (label, min, max, step, name, show = number) =>
    slider({ label, min, max, step, value: model.get(name), show, oninput: redraw });
  const radiusOf = control(texts.rho, 0, 2, 0.01, "rho");
  const inputs = control(texts.inputs, 0, 10, 0.1, "inputs");
  const forget = control(texts.bias, -4, 8, 0.05, "forget_bias");
  const length = control(texts.length, 10, model.get("longest"), 1, "T", String);
  const choice = el(
    "select",
    {
      onchange: () => {
        kind = choice.selectedIndex;
        redraw();
      },
    },
    ...spectra.map(({ name }) => el("option", {}, name)),
  );
  const turn = (event) => {
    const box = dial.getBoundingClientRect();
    const dx = ((event.clientX - box.left) / box.width) * size - middle;
    const dy = ((event.clientY - box.top) / box.height) * size - middle;
    radiusOf.put(Math.min(2, Math.round((Math.hypot(dx, dy) / radius) * 100) / 100));
    redraw();
  };
  dial.addEventListener("pointerdown", (event) => {
    dial.setPointerCapture(event.pointerId);
    turn(event);
  });
  dial.addEventListener("pointermove", (event) => event.buttons && turn(event));

  const box = el(
    "div",
    { class: "ll ll-bridge", lang: model.get("lang") },
    main.node,
    legend([
      ["ll-c", texts.rnn],
      ["ll-f ll-heavy", texts.lstm],
      ["ll-f ll-dash", texts.cell],
      ["ll-i ll-dots", texts.product],
      ["ll-bound", texts.bound],
    ]),
    el("div", { class: "ll-controls" }, ...[radiusOf, inputs, forget, length].map((c) => c.node)),
    el("div", { class: "ll-bar" }, el("label", { class: "ll-pick" }, `${texts.matrix} `, choice)),
    el(
      "div",
      { class: "ll-pair" },
      el("figure", {}, dial, el("figcaption", {}, texts.dial)),
      el("figure", {}, half.node, el("figcaption", {}, texts.half_caption)),
    ),
    sentence,
  );
  const unmount = mount(model, root, box);
  const anew = () => {
    drawHalf();
    draw();
  };
  const unfit = fitted(box, [main, half], anew);
  anew();
  return () => {
    unfit();
    redraw.cancel();
    unmount();
  };
}

export default { render };
