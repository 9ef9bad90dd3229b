// A question asked before its answer is computed: a number, a choice, or a curve to draw.
import { el, set, fill, mount, number, parseNumber } from "./dom.js";
import { decades, ticks } from "./draw.js";

function askNumber(model, texts, ready) {
  const unit = model.get("unit");
  const guess = model.get("guess");
  const input = el("input", {
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    "aria-label": model.get("question"),
    placeholder: model.get("log") ? texts.placeholder_log : texts.placeholder,
    value: typeof guess === "number" ? String(guess) : null,
  });
  const read = () => {
    const value = parseNumber(input.value);
    if (input.value.trim() === "") return ready(undefined, "");
    if (Number.isNaN(value)) return ready(undefined, texts.not_a_number);
    if (model.get("log") && value <= 0) return ready(undefined, texts.not_positive);
    return ready(value, "");
  };
  input.addEventListener("input", read);
  return [el("span", { class: "ll-row" }, input, unit ? el("span", {}, unit) : null)];
}

function askChoice(model, texts, ready) {
  const group = `ll-${Math.random().toString(36).slice(2)}`;
  return model.get("choices").map((choice) =>
    el(
      "label",
      { class: "ll-choice" },
      el("input", {
        type: "radio",
        name: group,
        checked: model.get("guess") === choice,
        onchange: () => ready(choice, ""),
      }),
      el("span", {}, choice),
    ),
  );
}

function askSeveral(model, texts, ready) {
  const ticked = new Set(model.get("guess") ?? []);
  return model.get("choices").map((choice, k) =>
    el(
      "label",
      { class: "ll-choice" },
      el("input", {
        type: "checkbox",
        checked: ticked.has(k),
        onchange: (event) => {
          if (event.target.checked) ticked.add(k);
          else ticked.delete(k);
          ready(
            [...ticked].sort((a, b) => a - b),
            "",
          );
        },
      }),
      el("span", {}, choice),
    ),
  );
}

// Items in a column: the one in hand goes where the pointer is, or one place up or down by keys.
function askRank(model, texts, ready) {
  const choices = model.get("choices");
  const n = choices.length;
  const order = [...(model.get("guess") ?? choices.keys())];
  const items = choices.map((choice) =>
    el("button", { type: "button", class: "ll-item" }, choice),
  );
  const rows = items.map((item) => el("li", {}, item));
  const list = el("ol", { class: "ll-rank" });
  const put = (item, to) => {
    const from = order.indexOf(item);
    if (model.get("value") !== null || to < 0 || to >= n) return;
    if (to !== from) {
      order.splice(from, 1);
      order.splice(to, 0, item);
      list.append(...order.map((k) => rows[k]));
      items[item].focus({ preventScroll: true }); // a node that moves loses it
    }
    ready([...order], fill(texts.place, { item: choices[item], k: to + 1, n }));
  };
  let held = null;
  list.addEventListener("pointerdown", (event) => {
    held = rows.findIndex((row) => row.contains(event.target));
    if (held < 0) held = null;
    else list.setPointerCapture(event.pointerId); // the list stays where it is; rows do not
  });
  list.addEventListener("pointermove", (event) => {
    if (held === null) return;
    const above = order.filter((k) => {
      const { top, height } = rows[k].getBoundingClientRect();
      return k !== held && top + height / 2 < event.clientY;
    });
    if (above.length !== order.indexOf(held)) put(held, above.length);
  });
  for (const end of ["pointerup", "pointercancel"])
    list.addEventListener(end, () => (held = null));
  items.forEach((item, k) =>
    item.addEventListener("keydown", (event) => {
      const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      put(k, order.indexOf(k) + by);
    }),
  );
  list.append(...order.map((k) => rows[k]));
  if (model.get("guess") === null) ready([...order], "");
  return [el("p", { class: "ll-hint" }, texts.rank), list];
}

// Handles over the width of the pad; dragging anywhere moves the handle nearest in x.
function askCurve(model, texts, ready) {
  const { x, y, n, log, xlabel, ylabel } = model.get("curve");
  const [width, height, left, bottom, pad] = [560, 240, 64, 34, 12];
  const scale = log ? Math.log10 : (v) => v;
  const unscale = log ? (v) => 10 ** v : (v) => v;
  const [low, high] = [scale(y[0]), scale(y[1])];
  const px = (k) => left + (k / (n - 1)) * (width - left - pad);
  const py = (v) => pad + ((high - scale(v)) / (high - low)) * (height - pad - bottom);
  const saved = model.get("guess");
  const values = Array.isArray(saved) ? [...saved] : Array(n).fill(unscale((low + high) / 2));

  const line = el("polyline", { class: "ll-drawn" });
  const handles = values.map((_, k) =>
    el("circle", { class: "ll-handle", r: 6, role: "slider", tabindex: k ? -1 : 0 }),
  );
  const base = height - bottom;
  const round = log ? decades(...y, 5).map((e) => 10 ** e) : ticks(...y);
  const levels = round.length > 1 ? round : y; // less than a decade has none
  const grid = levels.flatMap((v) => [
    el("line", { x1: left, x2: width - pad, y1: py(v), y2: py(v) }),
    el("text", { x: left - 11, y: py(v) + 4, "text-anchor": "end" }, number(v)),
  ]);
  const pad_ = el(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": model.get("question") },
    el("line", { class: "ll-axis", x1: left, x2: width - pad, y1: base, y2: base }),
    el("line", { class: "ll-axis", x1: left, x2: left, y1: pad, y2: base }),
    el("g", { class: "ll-grid" }, ...grid),
    el("text", { x: left, y: base + 18, "text-anchor": "middle" }, number(x[0])),
    el("text", { x: width - pad, y: base + 18, "text-anchor": "end" }, number(x[1])),
    el("text", { x: (left + width) / 2, y: base + 28, "text-anchor": "middle" }, xlabel),
    el(
      "text",
      { transform: `translate(16 ${(pad + base) / 2}) rotate(-90)`, "text-anchor": "middle" },
      ylabel,
    ),
    line,
    ...handles,
  );
  const draw = () => {
    set(line, { points: values.map((v, k) => `${px(k)},${py(v)}`).join(" ") });
    handles.forEach((handle, k) => {
      const at = number(x[0] + (k / (n - 1)) * (x[1] - x[0]));
      set(handle, {
        cx: px(k),
        cy: py(values[k]),
        "aria-label": `${xlabel} = ${at}`,
        // on a log axis the exponents: what a handle moves by, and no "1e-8", which ARIA refuses
        "aria-valuemin": low,
        "aria-valuemax": high,
        "aria-valuenow": scale(values[k]).toFixed(3),
        "aria-valuetext": number(values[k]),
      });
    });
  };
  const move = (k, level) => {
    values[k] = unscale(Math.min(high, Math.max(low, level)));
    draw();
    ready([...values], `${handles[k].getAttribute("aria-label")}: ${number(values[k])}`);
  };
  const focus = (k) => {
    handles.forEach((handle, j) => set(handle, { tabindex: j === k ? 0 : -1 }));
    handles[k].focus({ preventScroll: true });
  };
  let last = null;
  const paint = (event) => {
    const box = pad_.getBoundingClientRect();
    const sx = ((event.clientX - box.left) / box.width) * width;
    const sy = ((event.clientY - box.top) / box.height) * height;
    const share = (sx - left) / (width - left - pad);
    const k = Math.min(n - 1, Math.max(0, Math.round(share * (n - 1))));
    const level = high - ((sy - pad) / (base - pad)) * (high - low);
    // A fast stroke jumps over handles: the ones between are put on the straight line.
    if (last && Math.abs(k - last.k) > 1) {
      const step = Math.sign(k - last.k);
      for (let j = last.k + step; j !== k; j += step)
        values[j] = unscale(
          Math.min(
            high,
            Math.max(low, last.level + ((j - last.k) / (k - last.k)) * (level - last.level)),
          ),
        );
    }
    last = { k, level };
    move(k, level);
    focus(k);
  };
  pad_.addEventListener("pointerdown", (event) => {
    if (model.get("value") !== null) return;
    pad_.setPointerCapture(event.pointerId);
    last = null;
    paint(event);
  });
  pad_.addEventListener("mousedown", (event) => event.preventDefault()); // keeps the focus
  pad_.addEventListener("pointermove", (event) => event.buttons && last && paint(event));
  pad_.addEventListener("pointerup", () => (last = null));
  handles.forEach((handle, k) =>
    handle.addEventListener("keydown", (event) => {
      const across = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      const up = { ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[event.key];
      if (across === undefined && up === undefined) return;
      event.preventDefault();
      if (across !== undefined) {
        focus(Math.min(n - 1, Math.max(0, k + across)));
      } else if (model.get("value") === null) {
        move(k, scale(values[k]) + (up * (high - low)) / 40);
      }
    }),
  );
  draw();
  return [pad_];
}

function render({ model, el: root }) {
  const texts = model.get("texts");
  const kind = model.get("kind");
  let candidate;
  const sentence = el("p", { class: "ll-sentence", role: "status", "aria-live": "polite" });
  const commit = el("button", { type: "button", disabled: true }, texts.commit);
  const ready = (value, note) => {
    candidate = value;
    set(commit, { disabled: value === undefined });
    sentence.textContent = note;
  };
  const asks = { number: askNumber, choice: askChoice, curve: askCurve };
  const ask = { ...asks, rank: askRank, several: askSeveral }[kind];
  const fields = el("fieldset", { "aria-label": model.get("question") });
  fields.append(...ask(model, texts, ready));
  const box = el(
    "div",
    { class: `ll ll-predict ll-${kind}`, lang: model.get("lang") },
    el("p", { class: "ll-question" }, model.get("question")),
    fields,
    el("div", { class: "ll-row" }, commit),
    sentence,
  );
  const say = () => {
    const guess = model.get("guess");
    const named = (places) =>
      places.map((k) => model.get("choices")[k]).join(texts.between) || texts.none;
    const listed = kind === "rank" || kind === "several";
    const write = kind === "number" ? number : listed ? named : String;
    const shown = guess === null ? null : write(guess);
    if (model.get("value") !== null) {
      sentence.textContent = model.get("outcome");
      set(fields, { disabled: true });
      set(commit, { disabled: true });
    } else if (guess !== null) {
      sentence.textContent =
        kind === "curve" ? texts.kept_curve : fill(texts.kept, { guess: shown });
    }
  };
  const keep = () => {
    if (candidate === undefined || model.get("value") !== null) return;
    model.set("guess", candidate);
    model.save_changes();
    set(commit, { disabled: true });
    say();
  };
  commit.addEventListener("click", keep);
  fields.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      keep();
    }
  });
  model.on("change:value", say);
  const unmount = mount(model, root, box);
  say();
  return () => {
    model.off("change:value", say);
    unmount();
  };
}

export default { render };
