// Gates and states of every unit over time: hover for numbers, brush, sort, follow one unit.
import { el, fill, mount, number, sentences } from "./dom.js";
import { chart, fitted, onFrame, slider } from "./draw.js";
import { colour, css, gradient, inkOn } from "./colour.js";

const three = (x) => (Math.abs(x) >= 1000 ? number(x) : x.toFixed(3).replace("-", "−"));

function render({ model, el: root }) {
  const texts = model.get("texts");
  const names = model.get("names");
  const [T, H] = model.get("shape");
  const units = model.get("units");
  const tokens = model.get("tokens");
  const limits = model.get("limits");
  const view = model.get("values");
  const all = new Float32Array(
    view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength),
  );
  let which = Math.max(0, names.indexOf("f"));
  let followed = Math.max(0, units.indexOf(model.get("unit")));
  let [t, row] = [0, 0]; // the cell below the cursor; row counts in the order shown
  let span = null; // [from, to] brushed
  let order = units.map((_, k) => k);
  let sort = 0;

  const at = (step, unit) => all[(which * T + step) * H + unit];
  const signed = () => limits[which][0] < 0;
  const share = (v) => (v - limits[which][0]) / (limits[which][1] - limits[which][0]);

  const canvas = el("canvas", {
    tabindex: 0,
    role: "application",
    "aria-label": texts.label,
    class: "ll-heat",
  });
  const raster = document.createElement("canvas");
  raster.width = T;
  raster.height = H;
  const height = Math.min(420, Math.max(96, H * (H > 40 ? 6 : 14)));
  canvas.style.height = `${height}px`;
  const bar = el("span", { class: "ll-scale" });
  const ends = [el("span"), el("span")];
  const sentence = el("p", { class: "ll-sentence", role: "status", "aria-live": "polite" });
  const line = chart({ height: 130, xlabel: "t" });
  const words = tokens.map((token, k) =>
    el(
      "span",
      { class: "ll-token", onmouseenter: () => move(k, row) },
      token === " " ? "\u00a0" : token.replaceAll("\n", "⏎"),
    ),
  );

  // whole words stand apart, the characters of a text side by side
  const apart = tokens.some((token) => [...token].length > 1) ? "ll-apart" : "";

  const statistics = (unit) => {
    const [from, to] = span ?? [0, T - 1];
    let [sum, squares, count, low, high] = [0, 0, 0, Infinity, -Infinity];
    for (let step = from; step <= to; step++) {
      const v = at(step, unit);
      if (Number.isNaN(v)) continue;
      sum += v;
      squares += v * v;
      count += 1;
      low = Math.min(low, v);
      high = Math.max(high, v);
    }
    const mean = sum / count;
    return { mean, low, high, spread: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
  };

  const arrange = () => {
    order = units.map((_, k) => k);
    if (!sort) return;
    const key = order.map((k) => statistics(k)[sort === 1 ? "mean" : "spread"]);
    order.sort((a, b) => key[b] - key[a]);
  };

  const image = new ImageData(T, H);
  let painted = ""; // which gate in which order the raster holds
  const paint = () => {
    if (painted === (painted = `${which}: ${order}`)) return;
    image.data.fill(0);
    for (let r = 0; r < H; r++)
      for (let step = 0; step < T; step++) {
        const v = at(step, order[r]);
        const k = 4 * (r * T + step);
        if (Number.isNaN(v)) continue; // transparent: no gate acted
        [image.data[k], image.data[k + 1], image.data[k + 2]] = colour(share(v), signed());
        image.data[k + 3] = 255;
      }
    raster.getContext("2d").putImageData(image, 0, 0);
  };

  const draw = () => {
    const scale = window.devicePixelRatio || 1;
    const width = canvas.clientWidth || 600;
    if (canvas.width !== Math.round(width * scale)) {
      canvas.width = Math.round(width * scale);
      canvas.height = Math.round(height * scale);
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(raster, 0, 0, width, height);
    const [w, h] = [width / T, height / H];
    const outline = (x, y, across, down, dash) => {
      for (const [style, thick] of [
        ["#fff", 3],
        ["#000", 1.2],
      ]) {
        pen.strokeStyle = style;
        pen.lineWidth = thick;
        pen.setLineDash(style === "#000" ? dash : []);
        pen.strokeRect(x, y, across, down);
      }
    };
    if (span) outline(span[0] * w, 1, (span[1] - span[0] + 1) * w, height - 2, [5, 3]);
    outline(0, order.indexOf(followed) * h, width, h, [2, 2]);
    outline(t * w, row * h, Math.max(w, 2), h, []);
  };

  const show = () => {
    draw();
    const name = names[which];
    const unit = order[row];
    const value = at(t, unit);
    const values = { unit: units[unit], t: t + 1, token: tokens[t], name };
    values.value = Number.isNaN(value) ? texts.nan : three(value);
    const first = fill(tokens.length ? texts.cell_token : texts.cell, values);
    const { mean, low, high } = statistics(unit);
    const [from, to] = span ?? [0, T - 1];
    const whole = { from: from + 1, to: to + 1 };
    const numbers = { mean: three(mean), low: three(low), high: three(high) };
    const over = fill(texts.span, { ...whole, ...numbers });
    sentence.textContent = sentences(first, over, model.get("left_out"));
    words.forEach((word, k) => word.classList.toggle("ll-here", k === t));
    line.cursor(t + 1);
  };

  const refresh = () => {
    arrange();
    paint();
    const [low, high] = limits[which];
    bar.style.background = gradient(signed());
    [ends[0].textContent, ends[1].textContent] = [three(low), three(high)];
    const series = Array.from({ length: T }, (_, step) => at(step, followed));
    line.range([1, T], [low, high]);
    line.line("unit", series, `ll-${names[which]}`, 1);
    words.forEach((word, k) => {
      const rgb = Number.isNaN(series[k]) ? [200, 200, 200] : colour(share(series[k]), signed());
      word.style.background = css(rgb);
      word.style.color = inkOn(rgb);
    });
    show();
  };
  const reshow = onFrame(show);
  const renew = onFrame(refresh);

  const move = (step, nextRow) => {
    t = Math.min(T - 1, Math.max(0, step));
    row = Math.min(H - 1, Math.max(0, nextRow));
    reshow();
  };
  const follow = (unit) => {
    followed = unit;
    which_unit.put(units[unit]);
    refresh();
  };
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    const step = Math.floor(((event.clientX - box.left) / box.width) * T);
    const r = Math.floor(((event.clientY - box.top) / box.height) * H);
    return [Math.min(T - 1, Math.max(0, step)), Math.min(H - 1, Math.max(0, r))];
  };
  let begun = null;
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    [begun] = place(event);
    span = null;
    move(...place(event));
  });
  canvas.addEventListener("pointermove", (event) => {
    const [step, r] = place(event);
    if (event.buttons && begun !== null && step !== begun)
      span = [Math.min(begun, step), Math.max(begun, step)];
    move(step, r);
  });
  canvas.addEventListener("pointerup", () => {
    if (span === null) follow(order[row]); // a click follows, a drag brushes
    else if (sort) refresh();
    begun = null;
  });
  canvas.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[
      event.key
    ];
    if (by) {
      event.preventDefault();
      if (event.shiftKey && by[0]) {
        const [from, to] = span ?? [t, t];
        const end = t === to ? to : from;
        const other = t === to ? from : to;
        const next = Math.min(T - 1, Math.max(0, end + by[0]));
        span = [Math.min(other, next), Math.max(other, next)];
      }
      move(t + by[0], row + by[1]);
    } else if (event.key === "Enter") {
      event.preventDefault();
      follow(order[row]);
    } else if (event.key === "Escape") {
      span = null;
      refresh();
    }
  });

  const group = `ll-${Math.random().toString(36).slice(2)}`;
  const picks = names.map((name, k) =>
    el(
      "label",
      { class: "ll-choose" },
      el("input", {
        type: "radio",
        name: group,
        checked: k === which,
        onchange: () => {
          which = k;
          refresh();
        },
      }),
      el("i", {}, name),
    ),
  );
  const sorter = el(
    "select",
    {
      onchange: () => {
        sort = sorter.selectedIndex;
        refresh();
      },
    },
    ...[texts.sort_none, texts.sort_mean, texts.sort_spread].map((text) => el("option", {}, text)),
  );
  const which_unit = slider({
    label: texts.follow,
    min: 0,
    max: H - 1,
    step: 1,
    value: followed,
    show: (k) => String(units[k] ?? k),
    oninput: (k) => {
      followed = k;
      renew();
    },
  });
  which_unit.put = (unit) => {
    which_unit.input.value = units.indexOf(unit);
    which_unit.node.querySelector("output").textContent = unit;
  };

  const box = el(
    "div",
    { class: "ll ll-heatmap", lang: model.get("lang") },
    el(
      "div",
      { class: "ll-bar" },
      el("span", { class: "ll-picks", role: "radiogroup" }, ...picks),
      el("span", { class: "ll-key" }, ends[0], bar, ends[1]),
      el("label", {}, `${texts.sort} `, sorter),
    ),
    canvas,
    el("div", { class: "ll-bar" }, which_unit.node),
    line.node,
    tokens.length ? el("div", { class: `ll-text ${apart}` }, ...words) : null,
    sentence,
  );
  const unmount = mount(model, root, box);
  const unfit = fitted(box, [line], refresh);
  const watcher = new ResizeObserver(() => reshow());
  watcher.observe(canvas);
  refresh();
  return () => {
    unfit();
    reshow.cancel();
    renew.cancel();
    watcher.disconnect();
    unmount();
  };
}

export default { render };
