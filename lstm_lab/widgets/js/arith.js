// The cells in JavaScript: the same equations as lstm_lab.cells, in double precision.
// A golden test holds this file, NumPy and torch to the same numbers.
//
// cell: {family: "rnn" | "lstm" | "gru", I, H, W_x, W_h, b} with row-major Float64Arrays.
//   lstm: rows names the gates in the order of the weight rows ("ifgo", "igo", …); a gate that
//         has no rows is constant 1; coupled: f = 1 - i; p_i, p_f, p_o: peepholes or null;
//         g_linear, c_linear: no squashing there.
//   rnn:  relu.   gru: b_hn, or null for the reset gate before the product.
// trace: h, c (T+1, H) with the initial state as row 0; gates (T, H).
// A gate can be held by hand: clamp = {f: Float64Array(T * H)}, where NaN leaves it free.

export const sigmoid = (x) => 0.5 + 0.5 * Math.tanh(0.5 * x);

const held = (by, k, free) => (by && !Number.isNaN(by[k]) ? by[k] : free);

// out[r] += W[r] · v for n rows of m numbers, W from `start` on. Four sums at once: one alone
// would wait for each addition before it begins the next.
function affine(out, W, v, vAt, n, m, start) {
  const whole = m - (m % 4);
  for (let r = 0, k = start; r < n; r++, k += m) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let j = 0; j < whole; j += 4) {
      s0 += W[k + j] * v[vAt + j];
      s1 += W[k + j + 1] * v[vAt + j + 1];
      s2 += W[k + j + 2] * v[vAt + j + 2];
      s3 += W[k + j + 3] * v[vAt + j + 3];
    }
    for (let j = whole; j < m; j++) s0 += W[k + j] * v[vAt + j];
    out[r] += s0 + s1 + (s2 + s3);
  }
}

// out[at + j] += sum over r of W[r, j] a[r]; four rows at once, n is a multiple of four or small
function transposed(out, at, W, a, n, m, start) {
  const whole = n - (n % 4);
  let k = start;
  for (let r = 0; r < whole; r += 4, k += 4 * m) {
    const a0 = a[r];
    const a1 = a[r + 1];
    const a2 = a[r + 2];
    const a3 = a[r + 3];
    for (let j = 0; j < m; j++)
      out[at + j] +=
        W[k + j] * a0 + W[k + m + j] * a1 + (W[k + 2 * m + j] * a2 + W[k + 3 * m + j] * a3);
  }
  for (let r = whole; r < n; r++, k += m)
    for (let j = 0; j < m; j++) out[at + j] += W[k + j] * a[r];
}

// An array of that many numbers: the one of an earlier run where it fits, so that a drag
// allocates nothing.
const room = (old, size) => (old?.length === size ? old : new Float64Array(size));

// `again`: the trace of an earlier run of this cell, to be written over. Its steps before `from`
// are kept as they are: what a change of x_t cannot reach.
export function forward(cell, x, initial = {}, clamp = {}, again = {}, from = 0) {
  const { I, H } = cell;
  const T = x.length / I;
  const trace = Object.assign(again, { T, I, H, x, h: room(again.h, (T + 1) * H) });
  trace.h.fill(0, 0, H);
  if (initial.h) trace.h.set(initial.h);
  const run = { rnn: forwardRNN, lstm: forwardLSTM, gru: forwardGRU }[cell.family];
  return run(cell, trace, from, initial, clamp);
}

function forwardRNN(cell, trace, from) {
  const { I, H, W_x, W_h, b, relu } = cell;
  const { T, x, h } = trace;
  const a = new Float64Array(H);
  for (let t = from; t < T; t++) {
    a.set(b);
    affine(a, W_x, x, t * I, H, I, 0);
    affine(a, W_h, h, t * H, H, H, 0);
    for (let j = 0; j < H; j++) h[(t + 1) * H + j] = relu ? Math.max(0, a[j]) : Math.tanh(a[j]);
  }
  return trace;
}

function forwardLSTM(cell, trace, from, initial, clamp) {
  const { I, H, W_x, W_h, b, rows, p_i, p_f, p_o } = cell;
  const { T, x, h } = trace;
  const n = rows.length * H;
  const [at_i, at_f, at_g, at_o] = [..."ifgo"].map((gate) => rows.indexOf(gate) * H);
  const c = (trace.c = room(trace.c, (T + 1) * H));
  c.fill(0, 0, H);
  if (initial.c) c.set(initial.c);
  const [i, f, g, o] = [..."ifgo"].map((gate) => (trace[gate] = room(trace[gate], T * H)));
  const a = new Float64Array(n);
  for (let t = from; t < T; t++) {
    a.set(b);
    affine(a, W_x, x, t * I, n, I, 0);
    affine(a, W_h, h, t * H, n, H, 0);
    for (let j = 0; j < H; j++) {
      const k = t * H + j;
      const old = c[k];
      const a_i = a[at_i + j] + (p_i ? p_i[j] * old : 0);
      const a_f = a[at_f + j] + (p_f ? p_f[j] * old : 0);
      i[k] = held(clamp.i, k, at_i < 0 ? 1 : sigmoid(a_i));
      f[k] = held(clamp.f, k, cell.coupled ? 1 - i[k] : at_f < 0 ? 1 : sigmoid(a_f));
      g[k] = held(clamp.g, k, cell.g_linear ? a[at_g + j] : Math.tanh(a[at_g + j]));
      const now = (c[k + H] = f[k] * old + i[k] * g[k]);
      const a_o = a[at_o + j] + (p_o ? p_o[j] * now : 0);
      o[k] = held(clamp.o, k, at_o < 0 ? 1 : sigmoid(a_o));
      h[k + H] = o[k] * (cell.c_linear ? now : Math.tanh(now));
    }
  }
  return trace;
}

function forwardGRU(cell, trace, from, _initial, clamp) {
  const { I, H, W_x, W_h, b, b_hn } = cell;
  const { T, x, h } = trace;
  const [r, z, n, m] = [..."rznm"].map((gate) => (trace[gate] = room(trace[gate], T * H)));
  const a = new Float64Array(3 * H);
  const u = new Float64Array(2 * H);
  const v = new Float64Array(H);
  for (let t = from; t < T; t++) {
    const at = t * H;
    a.set(b);
    affine(a, W_x, x, t * I, 3 * H, I, 0);
    u.fill(0);
    affine(u, W_h, h, at, 2 * H, H, 0);
    for (let j = 0; j < H; j++) {
      r[at + j] = held(clamp.r, at + j, sigmoid(a[j] + u[j]));
      z[at + j] = held(clamp.z, at + j, sigmoid(a[H + j] + u[H + j]));
    }
    if (b_hn) {
      v.set(b_hn);
      affine(v, W_h, h, at, H, H, 2 * H * H);
      for (let j = 0; j < H; j++) {
        m[at + j] = v[j];
        n[at + j] = Math.tanh(a[2 * H + j] + r[at + j] * v[j]);
      }
    } else {
      for (let j = 0; j < H; j++) m[at + j] = r[at + j] * h[at + j];
      v.fill(0);
      affine(v, W_h, m, at, H, H, 2 * H * H);
      for (let j = 0; j < H; j++) n[at + j] = Math.tanh(a[2 * H + j] + v[j]);
    }
    for (let j = 0; j < H; j++) {
      const k = at + j;
      h[k + H] = (1 - z[k]) * n[k] + z[k] * h[k];
    }
  }
  return trace;
}

// From what the loss asks of each h (T, H), and of the last c, to dL/dh and dL/dc (T+1, H) of
// every step, h and c taken as the two parts of the state, and dL/dx (T, I). `cell` (T, H) is
// what a change of c alone does at each step: dL/dc and what goes through h = o tanh(c).
// `again` is what an earlier run returned, to be written over; `inputs: false` leaves out dL/dx.
export function backward(cell, trace, dh, dcLast = null, { again = {}, inputs = true } = {}) {
  const { T, I, H } = trace;
  const grads = Object.assign(again, {
    h: room(again.h, (T + 1) * H),
    x: inputs ? room(again.x, T * I).fill(0) : null,
    c: trace.c ? room(again.c, (T + 1) * H).fill(0) : null,
    cell: trace.c ? room(again.cell, T * H) : null,
  });
  grads.h.fill(0, 0, H);
  grads.h.set(dh, H);
  if (dcLast) grads.c.set(dcLast, T * H);
  const step = { rnn: backRNN, lstm: backLSTM, gru: backGRU }[cell.family];
  const n = cell.b.length;
  const a = new Float64Array(n);
  const scratch = new Float64Array(H);
  for (let t = T - 1; t >= 0; t--) {
    step(cell, trace, grads, t, a, scratch);
    if (inputs) transposed(grads.x, t * I, cell.W_x, a, n, I, 0);
  }
  return grads;
}

function backRNN(cell, trace, grads, t, a) {
  const { H } = cell;
  for (let j = 0; j < H; j++) {
    const now = trace.h[(t + 1) * H + j];
    a[j] = grads.h[(t + 1) * H + j] * (cell.relu ? Number(now > 0) : 1 - now * now);
  }
  transposed(grads.h, t * H, cell.W_h, a, H, H, 0);
}

function backLSTM(cell, trace, grads, t, a) {
  const { H, rows, p_i, p_f, p_o } = cell;
  const { c, i, f, g, o } = trace;
  const [at_i, at_f, at_g, at_o] = [..."ifgo"].map((gate) => rows.indexOf(gate) * H);
  for (let j = 0; j < H; j++) {
    const k = t * H + j;
    const tc = cell.c_linear ? c[k + H] : Math.tanh(c[k + H]);
    const slope = cell.c_linear ? 1 : 1 - tc * tc;
    const dh = grads.h[k + H];
    const ao = at_o < 0 ? 0 : dh * tc * o[k] * (1 - o[k]);
    const dc = grads.c[k + H] + dh * o[k] * slope + (p_o ? p_o[j] * ao : 0);
    grads.cell[k] = dc;
    const di = dc * g[k] - (cell.coupled ? dc * c[k] : 0);
    const ai = at_i < 0 ? 0 : di * i[k] * (1 - i[k]);
    const af = at_f < 0 ? 0 : dc * c[k] * f[k] * (1 - f[k]);
    const ag = dc * i[k] * (cell.g_linear ? 1 : 1 - g[k] * g[k]);
    if (at_i >= 0) a[at_i + j] = ai;
    if (at_f >= 0) a[at_f + j] = af;
    if (at_o >= 0) a[at_o + j] = ao;
    a[at_g + j] = ag;
    grads.c[k] = dc * f[k] + (p_i ? p_i[j] * ai : 0) + (p_f ? p_f[j] * af : 0);
  }
  transposed(grads.h, t * H, cell.W_h, a, rows.length * H, H, 0);
}

function backGRU(cell, trace, grads, t, a, dm) {
  const { H, W_h, b_hn } = cell;
  const { h, r, z, n, m } = trace;
  const an = a.subarray(2 * H);
  for (let j = 0; j < H; j++) {
    const k = t * H + j;
    const dh = grads.h[k + H];
    an[j] = dh * (1 - z[k]) * (1 - n[k] * n[k]);
    a[H + j] = dh * (h[k] - n[k]) * z[k] * (1 - z[k]);
    grads.h[k] += dh * z[k];
    dm[j] = b_hn ? an[j] * r[k] : 0;
  }
  if (b_hn) transposed(grads.h, t * H, W_h, dm, H, H, 2 * H * H);
  else transposed(dm, 0, W_h, an, H, H, 2 * H * H);
  for (let j = 0; j < H; j++) {
    const k = t * H + j;
    const dr = b_hn ? an[j] * m[k] : dm[j] * h[k];
    if (!b_hn) grads.h[k] += dm[j] * r[k];
    a[j] = dr * r[k] * (1 - r[k]);
  }
  transposed(grads.h, t * H, W_h, a, 2 * H, H, 0);
}

// The Euclidean length of every row of an (n, H) array.
export function norms(array, H, again) {
  const out = room(again, array.length / H);
  for (let t = 0; t < out.length; t++) {
    let sum = 0;
    for (let j = 0; j < H; j++) sum += array[t * H + j] ** 2;
    out[t] = Math.sqrt(sum);
  }
  return out;
}

// One buffer of float64 and the names and lengths of its arrays, as the kernel packs them.
// A buffer arrives as a DataView that may start anywhere, so it is copied once.
export function unpack(header, view) {
  const bytes = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength);
  const all = new Float64Array(bytes);
  const cell = { ...header };
  let at = 0;
  for (const [name, length] of header.arrays) {
    cell[name] = all.subarray(at, at + length);
    at += length;
  }
  return cell;
}
