"""Whole layers against torch: lengths, stacks, both directions, initial states, both dtypes."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_lab import cells
from lstm_lab.layers import (
    Bidirectional,
    Stack,
    backward,
    forward,
    has_numba,
    linear_backward,
    linear_forward,
    linear_init,
)
from lstm_lab.records import arrays

ENGINES = ["cells", "numpy", "numba"] if has_numba() else ["cells", "numpy"]
INIT = {"RNN": cells.rnn_init, "LSTM": cells.lstm_init, "GRU": cells.gru_init}


def ours(kind, I, H, layers, both, seed, dtype):
    """Return a stack of `layers`, each in one or both directions."""
    made = []
    for n in range(layers):
        wide = I if n == 0 else H * (2 if both else 1)
        pair = [INIT[kind](wide, H, 10 * seed + 2 * n + k, dtype=dtype) for k in (0, 1)]
        made.append(Bidirectional(*pair) if both else pair[0])
    return Stack(tuple(made))


def theirs(kind, p, I, H, both, dtype):
    """Return torch's module with the same weights."""
    module = getattr(torch.nn, kind)(I, H, num_layers=len(p.layers), bidirectional=both)
    module = module.to(torch.float64 if dtype == np.float64 else torch.float32)
    for n, layer in enumerate(p.layers):
        pair = (layer.forward, layer.backward) if both else (layer,)
        for one, suffix in zip(pair, ("", "_reverse"), strict=False):
            b_hh = np.zeros_like(one.b)
            if kind == "GRU":
                b_hh[2 * H :] = one.b_hn
            values = {"weight_ih": one.W_x, "weight_hh": one.W_h, "bias_ih": one.b, "bias_hh": b_hh}
            with torch.no_grad():
                for name, value in values.items():
                    getattr(module, f"{name}_l{n}{suffix}")[:] = torch.tensor(value)
    return module


def torch_state(kind, state, both):
    """Turn our state, nested by layer and direction, into torch's (layers, B, H)."""
    flat = [part for layer in state for part in (layer if both else (layer,))]
    if kind == "LSTM":
        return tuple(torch.tensor(np.stack(part)) for part in zip(*flat, strict=True))
    return torch.tensor(np.stack(flat))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("kind", INIT)
def test_layers_equal_torch(kind, engine):
    @settings(max_examples=15, deadline=None)
    @given(
        sizes=st.tuples(
            st.integers(1, 12), st.integers(1, 5), st.integers(1, 4), st.integers(1, 6)
        ),
        layers=st.integers(1, 3),
        both=st.booleans(),
        ragged=st.booleans(),
        dtype=st.sampled_from([np.float32, np.float64]),
        seed=st.integers(0, 1000),
    )
    def check(sizes, layers, both, ragged, dtype, seed):
        T, B, I, H = sizes
        rng = np.random.default_rng(seed)
        lengths = rng.integers(1, T + 1, B) if ragged else np.full(B, T)
        lengths[rng.integers(B)] = T  # torch cuts the batch at its longest
        inside = (np.arange(T)[:, None] < lengths)[..., None]
        p = ours(kind, I, H, layers, both, seed, dtype)
        module = theirs(kind, p, I, H, both, dtype)
        x = rng.normal(size=(T, B, I)).astype(dtype)

        def part():
            return rng.normal(size=(B, H)).astype(dtype)

        def one():
            return (part(), part()) if kind == "LSTM" else part()

        state = tuple((one(), one()) if both else one() for _n in range(layers))
        dstate = tuple((one(), one()) if both else one() for _n in range(layers))
        dh = (rng.normal(size=(T, B, H * (1 + both))) * inside).astype(dtype)

        out = forward(p, x, state, lengths, engine=engine)
        g = backward(p, out, dh, dstate)

        X = torch.tensor(x, requires_grad=True)
        start = torch_state(kind, state, both)
        starts = start if kind == "LSTM" else (start,)
        for s in starts:
            s.requires_grad_()
        packed = torch.nn.utils.rnn.pack_padded_sequence(X, lengths, enforce_sorted=False)
        y, final = module(packed, start)
        y, _ = torch.nn.utils.rnn.pad_packed_sequence(y)
        finals = final if kind == "LSTM" else (final,)
        asked = torch_state(kind, dstate, both)
        asked = asked if kind == "LSTM" else (asked,)
        torch.autograd.backward((y, *finals), (torch.tensor(dh), *asked))

        exact = dtype == np.float64
        near = {"rtol": 1e-12, "atol": 1e-12} if exact else {"rtol": 1e-4, "atol": 2e-5}
        assert out.h.dtype == dtype
        np.testing.assert_allclose(out.h * inside, y.detach().numpy(), **near)
        mine = torch_state(kind, out.state, both)
        for a, b in zip(mine if kind == "LSTM" else (mine,), finals, strict=True):
            np.testing.assert_allclose(a.numpy(), b.detach().numpy(), **near)
        near = {"rtol": 1e-10, "atol": 1e-10} if exact else {"rtol": 2e-3, "atol": 2e-4}
        np.testing.assert_allclose(g.x, X.grad.numpy(), **near)
        back = torch_state(kind, g.state, both)
        for a, b in zip(back if kind == "LSTM" else (back,), starts, strict=True):
            np.testing.assert_allclose(a.numpy(), b.grad.numpy(), **near)
        for n, layer in enumerate(g.p.layers):
            for record, suffix in zip(
                (layer.forward, layer.backward) if both else (layer,),
                ("", "_reverse"),
                strict=False,
            ):
                values = {"weight_ih": record.W_x, "weight_hh": record.W_h, "bias_ih": record.b}
                for name, value in values.items():
                    want = getattr(module, f"{name}_l{n}{suffix}").grad.numpy()
                    np.testing.assert_allclose(value, want, **near)
                if kind == "GRU":
                    want = getattr(module, f"bias_hh_l{n}{suffix}").grad.numpy()[2 * H :]
                    np.testing.assert_allclose(record.b_hn, want, **near)

    check()


def test_linear_equals_torch(rng):
    p = linear_init(4, 3)
    module = torch.nn.Linear(4, 3).double()
    with torch.no_grad():
        module.weight[:], module.bias[:] = torch.tensor(p.W), torch.tensor(p.b)
    h, dy = rng.normal(size=(5, 2, 4)), rng.normal(size=(5, 2, 3))
    h_t = torch.tensor(h, requires_grad=True)
    y = module(h_t)
    y.backward(torch.tensor(dy))
    dh, dp = linear_backward(p, h, dy)
    np.testing.assert_allclose(linear_forward(p, h), y.detach().numpy(), atol=1e-14)
    np.testing.assert_allclose(dh, h_t.grad.numpy(), atol=1e-14)
    np.testing.assert_allclose(dp.W, module.weight.grad.numpy(), atol=1e-13)
    np.testing.assert_allclose(dp.b, module.bias.grad.numpy(), atol=1e-13)


@pytest.mark.parametrize("lead", [(), (6,)])
def test_linear_over_seeds_is_one_head_for_each(lead, rng):
    p = linear_init(4, 3, seed=[1, 2])
    h, dy = rng.normal(size=(*lead, 2, 5, 4)), rng.normal(size=(*lead, 2, 5, 3))
    y, (dh, dp) = linear_forward(p, h), linear_backward(p, h, dy)
    for s in range(2):
        one = p.pick(s)
        dh_s, dp_s = linear_backward(one, h[..., s, :, :], dy[..., s, :, :])
        np.testing.assert_allclose(
            y[..., s, :, :], linear_forward(one, h[..., s, :, :]), atol=1e-14
        )
        np.testing.assert_allclose(dh[..., s, :, :], dh_s, atol=1e-14)
        for a, b in zip(arrays(dp.pick(s)).values(), arrays(dp_s).values(), strict=True):
            np.testing.assert_allclose(a, b, atol=1e-13)
