"""The golden test: JavaScript, NumPy and torch compute the same numbers."""

import base64

import numpy as np
import pytest

from lstm_lab.cells import (
    VARIANTS,
    gru_init,
    lstm_init,
    no_forget_init,
    rnn_init,
    variant_init,
)
from lstm_lab.gradients import gradient_flow
from lstm_lab.layers import backward, forward
from lstm_lab.widgets.linking import FOLDER
from lstm_lab.widgets.packing import pack

T, I, H = 23, 3, 5

CELLS = {
    "rnn tanh": lambda seed: rnn_init(I, H, seed),
    "rnn relu": lambda seed: rnn_init(I, H, seed, activation="relu"),
    "no forget gate": lambda seed: no_forget_init(I, H, seed),
    "lstm": lambda seed: lstm_init(I, H, seed, forget_bias=1.0),
    "gru reset after": lambda seed: gru_init(I, H, seed),
    "gru reset before": lambda seed: gru_init(I, H, seed, reset_after=False),
    **{
        f"variant {name}": lambda seed, name=name: variant_init(name, I, H, seed)
        for name in VARIANTS
        if name != "FGR"
    },
}

_RUN = """async ([header, weights, x, dh, dc]) => {
  const decoded = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const floats = (text) => new Float64Array(decoded(text).buffer);
  const bytes = decoded(weights);
  // at an odd offset, as a message from the kernel may put it
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  const js = window.arith;
  const cell = js.unpack(header, new DataView(shifted.buffer, 3));
  const trace = js.forward(cell, floats(x));
  const grads = js.backward(cell, trace, floats(dh), dc && trace.c ? floats(dc) : null);
  const out = {};
  for (const [name, value] of Object.entries(trace))
    if (value instanceof Float64Array) out[name] = [...value];
  for (const [name, value] of Object.entries(grads)) if (value) out["d" + name] = [...value];
  return out;
}"""


@pytest.fixture(scope="module")
def javascript(blank):
    source = (FOLDER / "arith.js").read_text("utf-8")
    blank.evaluate(
        """async (source) => {
          const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
          window.arith = await import(url);
        }""",
        source,
    )

    def run(p, x, dh, dc=None):
        header, weights = pack(p)
        text = [
            base64.b64encode(a if isinstance(a, bytes) else a.tobytes()).decode()
            if a is not None
            else None
            for a in (weights, x, dh, dc)
        ]
        found = blank.evaluate(_RUN, [header, *text])
        return {name: np.array(values) for name, values in found.items()}

    return run


def problem(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(T, I)), rng.normal(size=(T, H)), rng.normal(size=H)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", CELLS)
def test_javascript_equals_numpy(name, seed, javascript):
    p = CELLS[name](seed)
    x, dh, dc = problem(seed)
    out = forward(p, x[:, None], trace=True)
    has_c = "c" in out.trace
    dstate = (np.zeros((1, H)), dc[None]) if has_c else None
    g = backward(p, out, dh[:, None], dstate)
    js = javascript(p, x, dh, dc if has_c else None)

    for gate, values in out.trace.items():
        found = js[gate].reshape(-1, H)
        found = found[1:] if gate in "hc" else found
        np.testing.assert_allclose(found, values[:, 0], rtol=1e-10, atol=1e-12, err_msg=gate)
    np.testing.assert_allclose(js["dx"].reshape(T, I), g.x[:, 0], rtol=1e-9, atol=1e-12)
    initial = g.state if has_c else (g.state,)
    for letter, want in zip("hc", initial, strict=False):
        np.testing.assert_allclose(js[f"d{letter}"][:H], want[0], rtol=1e-9, atol=1e-12)
    flow = gradient_flow(p, x[:, None], dh[:, None], dstate)
    for letter, want in flow.items():
        found = js[f"d{letter}"].reshape(T + 1, H)[-len(want) :]
        np.testing.assert_allclose(found, want.reshape(-1, H), rtol=1e-9, atol=1e-12)
    if has_c:
        tanh_c = np.tanh(out.trace.c) if name != "variant NOAF" else 0
        through_h = flow["h"][1:] * out.trace.o * (1 - tanh_c**2)
        peep = (
            0
            if getattr(p, "p_o", None) is None
            else p.p_o * flow["h"][1:] * (out.h * (1 - out.trace.o))
        )
        want = flow["c"][1:] + through_h + peep
        np.testing.assert_allclose(js["dcell"].reshape(T, H), want[:, 0], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_javascript_equals_torch_in_float32(kind, javascript):
    import torch

    torch.manual_seed(0)
    model = getattr(torch.nn, kind)(I, H)
    x, dh, _dc = problem(7)
    inputs = torch.tensor(x[:, None], dtype=torch.float32, requires_grad=True)
    h, _state = model(inputs)
    h.backward(torch.tensor(dh[:, None], dtype=torch.float32))
    js = javascript(model, x.astype(np.float32).astype(np.float64), dh)
    np.testing.assert_allclose(
        js["h"].reshape(T + 1, H)[1:], h.detach().numpy()[:, 0], rtol=1e-6, atol=1e-6
    )
    np.testing.assert_allclose(
        js["dx"].reshape(T, I), inputs.grad.numpy()[:, 0], rtol=1e-5, atol=1e-5
    )


def test_saturation_gives_no_nan(javascript):
    p = lstm_init(I, H, 0)
    p = p.replace(W_x=p.W_x * 1e4)
    x, dh, dc = problem(1)
    js = javascript(p, x, dh, dc)
    assert all(np.isfinite(values).all() for values in js.values())
    want = forward(p, x[:, None]).h[:, 0]
    np.testing.assert_allclose(js["h"].reshape(T + 1, H)[1:], want, rtol=1e-10, atol=1e-12)


_AGAIN = """([header, weights, x, dh, at]) => {
  const floats = (values) => Float64Array.from(values);
  const bytes = Uint8Array.from(atob(weights), (c) => c.charCodeAt(0));
  const js = window.arith;
  const cell = js.unpack(header, new DataView(bytes.buffer));
  const fresh = (x) => {
    const trace = js.forward(cell, x, {}, {}, {});
    return [trace, js.backward(cell, trace, floats(dh))];
  };
  const [old, oldGrads] = fresh(floats(x));
  const other = floats(x);
  for (let k = at * header.I; k < (at + 1) * header.I; k++) other[k] = -2 - k;
  const [want, wantGrads] = fresh(other);
  const before = Array.from(old.h);
  const again = js.forward(cell, other, {}, {}, old, at);
  const grads = js.backward(cell, again, floats(dh), null, { again: oldGrads });
  const short = js.backward(cell, again, floats(dh), null, { inputs: false });
  const plain = (o) => Object.fromEntries(
    Object.entries(o).filter(([, v]) => v instanceof Float64Array).map(([k, v]) => [k, [...v]]));
  return {
    same: again === old && grads === oldGrads,
    moved: before.some((v, k) => v !== again.h[k]),
    again: { ...plain(again), ...plain({ dh: grads.h, dx: grads.x, dc: grads.c }) },
    want: { ...plain(want), ...plain({ dh: wantGrads.h, dx: wantGrads.x, dc: wantGrads.c }) },
    short: [short.x, [...short.h]],
  };
}"""


@pytest.mark.parametrize("name", ["rnn tanh", "lstm", "gru reset after", "gru reset before"])
def test_a_run_into_old_arrays_from_a_later_step_gives_the_same_bits(name, javascript, blank):
    p = CELLS[name](0)
    header, weights = pack(p)
    x, dh, _dc = problem(2)
    encoded = base64.b64encode(weights).decode()
    found = blank.evaluate(_AGAIN, [header, encoded, x.ravel().tolist(), dh.ravel().tolist(), 9])
    assert found["same"]
    assert found["moved"]
    assert found["again"] == found["want"]
    assert found["short"] == [None, found["want"]["dh"]]
