// The page's side that all widgets share: elements, keys, numbers, the spoken sentence.

const SVG = new Set(["svg", "g", "line", "path", "circle", "rect", "text", "polyline", "tspan"]);

// el("p", {class: "a", onclick: f}, "text", child): attributes are set, on… are listeners.
export function el(tag, attributes = {}, ...children) {
  const node = SVG.has(tag)
    ? document.createElementNS("http://www.w3.org/2000/svg", tag)
    : document.createElement(tag);
  set(node, attributes);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === null || value === undefined || value === false) node.removeAttribute(name);
    else put(node, name, value === true ? "" : String(value));
  }
  return node;
}

// The browser would lay out and paint anew for a value that is there already.
function put(node, name, value) {
  if (node.getAttribute(name) !== value) node.setAttribute(name, value);
}

// "{a} of {b}" with the values put in; an unknown name stays visible rather than vanish.
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
}

// Sentences in a row; Chinese wants no space between them.
export const sentences = (...parts) => parts.filter(Boolean).join(" ").replaceAll("。 ", "。");

// JupyterLab takes arrow keys and letters as commands unless the focused element itself says no.
function keepKeys(root) {
  for (const node of root.querySelectorAll("input, button, select, summary, [tabindex]"))
    node.setAttribute("data-lm-suppress-shortcuts", "true");
  const stop = (event) => event.stopPropagation();
  root.addEventListener("keydown", stop);
  return () => root.removeEventListener("keydown", stop);
}

// Put a widget's box on the page, in place of its still; returns what takes it away again.
export function mount(model, root, box) {
  const still = root.ownerDocument.getElementById(model.get("still_id"));
  if (still) still.style.display = "none";
  root.append(box);
  const release = keepKeys(box);
  return () => {
    release();
    box.remove();
  };
}

// Three significant digits, powers of ten where a person would write them: 0.0123, 3.2e-7.
export function number(x, digits = 3) {
  if (!Number.isFinite(x)) return String(x);
  if (x === 0) return "0";
  const size = Math.abs(x);
  if (size >= 1e-3 && size < 1e6) {
    const text = Number(x.toPrecision(digits));
    return String(text).replace("-", "−");
  }
  return x
    .toExponential(digits - 1)
    .replace(/\.?0+e/, "e")
    .replace("e+", "e")
    .replace(/^-/, "−");
}

// What people type for a number: 0.5, 1e-6, 10^-6, 2*10^-6, 30%, with any minus sign.
export function parseNumber(text) {
  const plain = text.trim().replace(/\s+/g, "").replace(/[−–－]/g, "-").replace(/^\+/, "");
  if (plain === "") return NaN;
  const power = plain.match(/^(?:(-?[\d.]+)[*×·x])?(-)?10(?:\^|\*\*)\(?(-?[\d.]+)\)?$/i);
  if (power) return (power[1] ? Number(power[1]) : 1) * (power[2] ? -1 : 1) * 10 ** power[3];
  const share = plain.match(/^(-?[\d.]+)[%％]$/);
  if (share) return Number(share[1]) / 100;
  return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}
