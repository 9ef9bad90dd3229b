// Where the parts of a cell stand on a page that is wide enough, in units of about a pixel.
const T1 = "t−1";

function rnn(put, cell) {
  put.frame(150, 20, 300, 150);
  put.wire("h0", "ll-h", [70, 120], [300, 120], [300, 86]);
  put.wire("x", "ll-x", [210, 205], [210, 121]);
  put.dot(210, 120);
  put.box("h", 300, 70, cell.relu ? "relu" : "tanh", "ll-h");
  put.wire("h", "ll-h", [328, 70], [530, 70]);
  put.name(55, 112, ["h", T1], "ll-h");
  put.value("h0", 55, 135, "ll-h");
  put.name(210, 222, ["x", "t"], "ll-x", "end");
  put.value("x", 220, 222, "ll-x", "start");
  put.value("a", 310, 108, "ll-x", "start");
  put.name(552, 66, ["h", "t"], "ll-h");
  put.value("h", 552, 89, "ll-h");
  return [600, 232];
}

function lstm(put, cell) {
  const has = (gate) => cell.rows.includes(gate) || (gate === "f" && cell.coupled);
  const [memory, row, bus] = [58, 190, 250];
  const [xf, xi, xg, xo, xm] = [190, 275, 365, 475, 575];
  put.frame(110, 20, 530, 258);
  put.wire("c", "ll-c ll-memory", [80, memory], [690, memory]);
  put.name(56, memory - 6, ["c", T1], "ll-c");
  put.value("c0", 56, memory + 17, "ll-c");
  put.name(716, memory - 6, ["c", "t"], "ll-c");
  put.value("c", 716, memory + 17, "ll-c");
  const last = has("o") ? xo : xg;
  put.wire("in", "ll-x", [80, bus], [last, bus], [last, row + 17]);
  put.wire("x", "ll-x", [140, 302], [140, bus + 1]);
  put.dot(140, bus);
  put.name(56, bus - 6, ["h", T1], "ll-h");
  put.value("h0", 56, bus + 17, "ll-h");
  put.name(138, 316, ["x", "t"], "ll-x", "end");
  put.value("x", 150, 316, "ll-x", "start");
  if (has("f")) {
    if (!cell.coupled) {
      put.box("f", xf, row, "σ", "ll-f");
      put.wire("in", "ll-x", [xf, bus], [xf, row + 17]);
      put.dot(xf, bus);
    } else put.box("f", xf, row, "1 − i", "ll-f");
    put.wire("f", "ll-f", [xf, row - 15], [xf, memory + 12]);
    put.op(xf, memory, "×");
    put.name(xf - 8, 118, ["f", "t"], "ll-f", "end");
    put.value("f", xf - 8, 140, "ll-f", "end");
    put.value("fc", xf + 50, memory - 12, "ll-c");
  }
  if (has("i")) {
    put.box("i", xi, row, "σ", "ll-i");
    put.wire("in", "ll-x", [xi, bus], [xi, row + 17]);
    put.dot(xi, bus);
    put.wire("i", "ll-i", [xi, row - 15], [xi, 122], [xg - 12, 122]);
    put.name(xi - 8, 136, ["i", "t"], "ll-i", "end");
    put.value("i", xi - 8, 158, "ll-i", "end");
    put.op(xg, 122, "×");
  }
  put.box("g", xg, row, cell.g_linear ? "·" : "tanh", "ll-g");
  put.wire("in", "ll-x", [xg, bus], [xg, row + 17]);
  put.dot(xg, bus);
  put.wire("g", "ll-g", [xg, row - 15], [xg, has("i") ? 134 : memory + 12]);
  put.name(xg + 8, 152, ["g", "t"], "ll-g", "start");
  put.value("g", xg + 26, 152, "ll-g", "start");
  if (has("i")) {
    put.wire("ig", "ll-h", [xg, 111], [xg, memory + 12]);
    put.value("ig", xg + 10, 92, "ll-h", "start");
  }
  put.op(xg, memory, "+");
  put.wire("c", "ll-c", [xm, memory], [xm, 97]);
  put.dot(xm, memory);
  put.box("tc", xm, 112, cell.c_linear ? "·" : "tanh", "ll-c");
  put.wire("tc", "ll-c", [xm, 127], [xm, has("o") ? row - 12 : row + 30]);
  put.value("tc", xm + 8, 152, "ll-c", "start");
  if (has("o")) {
    put.box("o", xo, row, "σ", "ll-o");
    put.wire("o", "ll-o", [xo + 28, row], [xm - 12, row]);
    put.name(xo + 52, row - 28, ["o", "t"], "ll-o");
    put.value("o", xo + 55, row - 8, "ll-o");
    put.op(xm, row, "×");
  }
  put.wire("h", "ll-h", [xm, row + 12], [xm, bus], [690, bus]);
  put.name(716, bus - 6, ["h", "t"], "ll-h");
  put.value("h", 716, bus + 17, "ll-h");
  const peeps = { i: xi, f: xf, o: xo };
  for (const [gate, x] of Object.entries(peeps))
    if (cell[`p_${gate}`] && has(gate)) {
      const from = gate === "o" ? [xm - 20, memory] : [xf - 62, memory];
      put.wire(
        `p_${gate}`,
        "ll-c ll-peep",
        from,
        [from[0], gate === "o" ? 150 : gate === "f" ? 165 : 168],
        [x - (gate === "o" ? 0 : 18), gate === "o" ? 150 : gate === "f" ? 165 : 168],
        [x - (gate === "o" ? 0 : 18), row - 17],
      );
    }
  return [760, 324];
}

function gru(put) {
  const [memory, row, bus] = [58, 190, 250];
  const [xr, xq, xn, xz] = [180, 262, 350, 500];
  put.frame(110, 20, 500, 258);
  put.wire("h", "ll-h ll-memory", [80, memory], [660, memory]);
  put.name(56, memory - 6, ["h", T1], "ll-h");
  put.value("h0", 56, memory + 17, "ll-h");
  put.name(686, memory - 6, ["h", "t"], "ll-h");
  put.value("h", 686, memory + 17, "ll-h");
  put.wire("in", "ll-x", [130, memory], [130, bus], [xz, bus], [xz, row + 17]);
  put.dot(130, memory);
  put.wire("x", "ll-x", [155, 302], [155, bus + 1]);
  put.dot(155, bus);
  put.name(153, 316, ["x", "t"], "ll-x", "end");
  put.value("x", 165, 316, "ll-x", "start");
  for (const x of [xr, xn]) {
    put.wire("in", "ll-x", [x, bus], [x, row + 17]);
    put.dot(x, bus);
  }
  put.wire("in", "ll-x", [xq, bus], [xq, row + 12]);
  put.dot(xq, bus);
  put.box("r", xr, row, "σ", "ll-i");
  put.wire("r", "ll-i", [xr + 28, row], [xq - 12, row]);
  put.name(xr + 44, row - 42, ["r", "t"], "ll-i");
  put.value("r", xr + 46, row - 20, "ll-i");
  put.op(xq, row, "×");
  put.wire("rm", "ll-h", [xq + 11, row], [xn - 29, row]);
  put.box("n", xn, row, "tanh", "ll-g");
  put.wire("n", "ll-g", [xn, row - 15], [xn, 141]);
  put.name(xn - 8, 168, ["n", "t"], "ll-g", "end");
  put.value("n", xn - 26, 168, "ll-g", "end");
  put.op(xn, 130, "×");
  put.wire("zn", "ll-g", [xn, 119], [xn, memory + 12]);
  put.value("zn", xn + 8, 92, "ll-g", "start");
  put.op(xn, memory, "+");
  put.box("z", xz, row, "σ", "ll-f");
  put.wire("z", "ll-f", [xz, row - 15], [xz, 130], [xn + 13, 130]);
  put.name(xn + 50, 122, ["1 − z", "t"], "ll-f");
  put.wire("z", "ll-f", [xz, 130], [xz, 106], [225, 106], [225, memory + 12]);
  put.name(xz + 8, 152, ["z", "t"], "ll-f", "start");
  put.value("z", xz + 26, 152, "ll-f", "start");
  put.op(225, memory, "×");
  put.value("zh", 285, memory - 12, "ll-h");
  return [730, 324];
}

export const wide = { rnn, lstm, gru };
