"""Every cell's step against torch where torch has it, and its backward against differences."""

import dataclasses

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_lab import cells
from lstm_lab.records import arrays, map_arrays

I, H, B = 3, 4, 5
EPS = 1e-6

MADE = {
    "rnn_tanh": lambda seed: cells.rnn_init(I, H, seed),
    "rnn_relu": lambda seed: cells.rnn_init(I, H, seed, activation="relu"),
    "lstm": lambda seed: cells.lstm_init(I, H, seed),
    "no_forget": lambda seed: cells.no_forget_init(I, H, seed),
    "cifg": lambda seed: cells.cifg_init(I, H, seed),
    "gru_after": lambda seed: cells.gru_init(I, H, seed),
    "gru_before": lambda seed: cells.gru_init(I, H, seed, reset_after=False),
    "memory_1x4": lambda seed: cells.memory_cell_init(I, 1, 4, seed, scale=0.7),
    "memory_4x1": lambda seed: cells.memory_cell_init(I, 4, 1, seed, scale=0.7, bias="gates"),
    "memory_2x2": lambda seed: cells.memory_cell_init(I, 2, 2, seed, scale=0.7),
    **{
        v: lambda seed, v=v: cells.variant_init(v, I, H, seed)
        for v in (*cells.VARIANTS, *cells.FEWER)
    },
}


def random_state(p, rng, batch=B):
    cell = cells.cell_of(p)
    return tuple(rng.normal(size=(batch, width)) for width in cell.widths(p))


@pytest.mark.parametrize("name", MADE)
def test_step_backward_is_the_derivative_of_step(name, rng):
    p = MADE[name](1)
    cell = cells.cell_of(p)
    x, state = rng.normal(size=(B, I)), random_state(p, rng)
    ask = random_state(p, rng)

    def loss(point):
        p, x, state = point
        new, _ = cell.step(p, x, cell.whole(state))
        return sum((a * part).sum() for a, part in zip(ask, cell.parts(new), strict=True))

    _, cache = cell.step(p, x, cell.whole(state))
    dx, dstate, dp = cell.step_backward(p, cache, cell.whole(ask))
    point, grads = (p, x, state), (dp, dx, cell.parts(dstate))
    for path in arrays(point):  # each array alone, so that a failure names it
        way = map_arrays(np.zeros_like, point)
        arrays(way)[path][...] = rng.normal(size=arrays(point)[path].shape)
        up = loss(map_arrays(lambda a, d: a + EPS * d, point, way))
        down = loss(map_arrays(lambda a, d: a - EPS * d, point, way))
        numeric = (up - down) / (2 * EPS)
        analytic = (arrays(grads)[path] * arrays(way)[path]).sum()
        assert analytic == pytest.approx(numeric, rel=1e-6, abs=1e-7), path


@pytest.mark.parametrize("name", MADE)
def test_steps_are_pure(name, rng):
    p = MADE[name](1)
    cell = cells.cell_of(p)
    x, state, ask = rng.normal(size=(B, I)), random_state(p, rng), random_state(p, rng)
    before = [a.copy() for a in arrays((p, x, state, ask)).values()]
    first, cache = cell.step(p, x, cell.whole(state))
    back = cell.step_backward(p, cache, cell.whole(ask))
    again, cache = cell.step(p, x, cell.whole(state))
    back_again = cell.step_backward(p, cache, cell.whole(ask))
    for a, b in zip(arrays((p, x, state, ask)).values(), before, strict=True):
        np.testing.assert_array_equal(a, b)
    for a, b in zip(
        arrays((first, back)).values(), arrays((again, back_again)).values(), strict=True
    ):
        np.testing.assert_array_equal(a, b)


def torch_cell(p):
    """Return torch's cell with the weights of `p`, for those that torch has."""
    kind = {"RNNParams": "RNNCell", "LSTMParams": "LSTMCell", "GRUParams": "GRUCell"}
    options = {"nonlinearity": p.activation} if isinstance(p, cells.RNNParams) else {}
    module = getattr(torch.nn, kind[type(p).__name__])(p.inputs, p.hidden, **options)
    module = module.to(torch.float64 if p.dtype == np.float64 else torch.float32)
    b_hh = np.zeros_like(p.b)
    if isinstance(p, cells.GRUParams):
        b_hh[2 * p.hidden :] = p.b_hn
    with torch.no_grad():
        module.weight_ih[:], module.weight_hh[:] = torch.tensor(p.W_x), torch.tensor(p.W_h)
        module.bias_ih[:], module.bias_hh[:] = torch.tensor(p.b), torch.tensor(b_hh)
    return module


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from(["rnn_tanh", "rnn_relu", "lstm", "gru"]),
    sizes=st.tuples(st.integers(1, 6), st.integers(1, 7), st.integers(1, 5), st.integers(1, 4)),
    dtype=st.sampled_from([np.float32, np.float64]),
    seed=st.integers(0, 2**20),
)
def test_several_steps_equal_torch(name, sizes, dtype, seed):
    I, H, B, steps = sizes
    rng = np.random.default_rng(seed)
    init = {"lstm": cells.lstm_init, "gru": cells.gru_init}.get(name, cells.rnn_init)
    options = {"activation": name[4:]} if name.startswith("rnn") else {}
    p = init(I, H, seed, dtype=dtype, **options)
    cell = cells.cell_of(p)
    module = torch_cell(p)
    x = rng.normal(size=(steps, B, I)).astype(dtype)
    state = tuple(part.astype(dtype) for part in random_state(p, rng, B))
    their_x = torch.tensor(x, requires_grad=True)
    theirs = start = tuple(torch.tensor(part, requires_grad=True) for part in state)
    caches = []
    for t in range(steps):
        new, cache = cell.step(p, x[t], cell.whole(state))
        state = cell.parts(new)
        caches.append(cache)
        new = module(their_x[t], cell.whole(theirs))
        theirs = cell.parts(new)
    exact = dtype == np.float64
    near = {"rtol": 1e-12, "atol": 1e-12} if exact else {"rtol": 1e-4, "atol": 1e-5}
    for ours, part in zip(state, theirs, strict=True):
        assert ours.dtype == dtype
        np.testing.assert_allclose(ours, part.detach().numpy(), **near)

    ask = tuple(rng.normal(size=part.shape).astype(dtype) for part in state)
    torch.autograd.backward(theirs, tuple(map(torch.tensor, ask)))
    dp = map_arrays(np.zeros_like, p)
    for t in reversed(range(steps)):
        dx, back, dp_t = cell.step_backward(p, caches[t], cell.whole(ask))
        ask = cell.parts(back)
        dp = map_arrays(np.add, dp, dp_t)
        near = {"rtol": 1e-10, "atol": 1e-11} if exact else {"rtol": 1e-3, "atol": 1e-4}
        np.testing.assert_allclose(dx, their_x.grad[t].numpy(), **near)
    for ours, part in zip(ask, start, strict=True):
        np.testing.assert_allclose(ours, part.grad.numpy(), **near)
    np.testing.assert_allclose(dp.W_x, module.weight_ih.grad.numpy(), **near)
    np.testing.assert_allclose(dp.W_h, module.weight_hh.grad.numpy(), **near)
    np.testing.assert_allclose(dp.b, module.bias_ih.grad.numpy(), **near)


def test_both_notations_are_one(rng):
    for name in ("rnn_tanh", "lstm", "gru_after", "cifg"):
        p = MADE[name](2)
        x, h = rng.normal(size=(B, I)), rng.normal(size=(B, H))
        W, b = cells.joined(p)
        np.testing.assert_allclose(
            np.concatenate([h, x], axis=1) @ W.T + b, x @ p.W_x.T + h @ p.W_h.T + b, atol=1e-14
        )
        for mine, back in zip(
            arrays(p).values(), arrays(cells.separate(p, W, b)).values(), strict=True
        ):
            np.testing.assert_array_equal(mine, back)


def test_equal_cells_where_the_papers_say_so(rng):
    """NP is the LSTM; a V whose peepholes are zero too; NFG without them is `no_forget`."""
    p = MADE["lstm"](3)
    x, state = rng.normal(size=(B, I)), random_state(p, rng)
    (h, c), _ = cells.lstm_step(p, x, state)
    plain = cells.VariantParams(p.W_x, p.W_h, p.b, variant="NP")
    zero = np.zeros(H)
    blind = cells.VariantParams(p.W_x, p.W_h, p.b, zero, zero, zero)
    for variant in (plain, blind):
        (h_2, c_2), _ = cells.variant_step(variant, x, state)
        np.testing.assert_array_equal(h_2, h)
        np.testing.assert_array_equal(c_2, c)
    p = MADE["no_forget"](3)
    (h, c), _ = cells.no_forget_step(p, x, state)
    (h_2, c_2), _ = cells.variant_step(
        cells.VariantParams(p.W_x, p.W_h, p.b, variant="NFG"), x, state
    )
    np.testing.assert_allclose(h_2, h, atol=1e-15)
    np.testing.assert_allclose(c_2, c, atol=1e-15)


def test_the_truncated_gradient_is_exact_for_the_last_step_and_cut_before_it(rng):
    p = cells.memory_cell_init(I, 2, 2, 1, scale=0.7)
    cut = p.replace(truncated=True)
    x, state, ask = rng.normal(size=(B, I)), random_state(p, rng), random_state(p, rng)
    _, cache = cells.memory_cell_step(p, x, state)
    _, (dh, dc, dgates), dp = cells.memory_cell_step_backward(p, cache, ask)
    _, (dh_2, dc_2, dgates_2), dp_2 = cells.memory_cell_step_backward(cut, cache, ask)
    for name in ("W_x", "W_h", "W_g", "b"):
        np.testing.assert_array_equal(getattr(dp_2, name), getattr(dp, name))
    np.testing.assert_array_equal(dc_2, dc)
    assert np.abs(dh).max() > 0.01
    assert np.abs(dgates).max() > 0.01
    assert not dh_2.any()
    assert not dgates_2.any()


@pytest.mark.parametrize(
    ("sizes", "outputs", "extra", "bias", "published"),
    [
        ((7, 4, 1), 7, 0, "gates", 264),  # embedded Reber grammar, 4 blocks of 1
        ((7, 3, 2), 7, 0, "gates", 276),  # 3 blocks of 2
        ((2, 2, 2), 1, 1, "all", 93),  # adding
        ((8, 2, 2), 4, 4, "all", 156),  # temporal order, 4 classes
        ((8, 3, 2), 8, 8, "all", 308),  # temporal order, 8 classes
    ],
)
def test_memory_cell_counts_its_published_weights(sizes, outputs, extra, bias, published):
    p = cells.memory_cell_init(*sizes, bias=bias)
    assert p.count + outputs * p.hidden + extra == published


@pytest.mark.parametrize("name", MADE)
def test_saturation_gives_numbers_and_no_warning(name, rng):
    """Pre-activations of ±100 and far beyond, both dtypes; warnings are errors here."""
    for dtype in (np.float32, np.float64):
        p = map_arrays(lambda a: 100 * np.sign(a), MADE[name](1)).astype(dtype)
        cell = cells.cell_of(p)
        x = 100 * rng.choice([-1.0, 1.0], size=(B, I)).astype(dtype)
        state = tuple(np.sign(part).astype(dtype) for part in random_state(p, rng))
        new, cache = cell.step(p, x, cell.whole(state))
        back = cell.step_backward(p, cache, new)
        for array in arrays((new, back)).values():
            assert np.isfinite(array).all()
            assert array.dtype == dtype


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**20), steps=st.integers(1, 30), scale=st.sampled_from([1.0, 10.0]))
def test_lstm_bounds(seed, steps, scale):
    """|h| <= 1 and |c_t| <= |c_0| + t, whatever comes in."""
    rng = np.random.default_rng(seed)
    p = map_arrays(lambda a: scale * a, cells.lstm_init(I, H, seed))
    h, c_0 = rng.uniform(-1, 1, (B, H)), rng.normal(size=(B, H))
    c = c_0
    for t in range(steps):
        (h, c), _ = cells.lstm_step(p, scale * rng.normal(size=(B, I)), (h, c))
        assert (np.abs(h) <= 1).all()
        assert (np.abs(c) <= np.abs(c_0) + t + 1).all()


def test_open_forget_gate_and_closed_input_gate_keep_c(rng):
    b = np.zeros(4 * H)
    b[:H], b[H : 2 * H] = -1000, 1000
    p = MADE["lstm"](1).replace(b=b)
    h, c_0 = random_state(p, rng)
    c = c_0
    for _t in range(100):
        (h, c), _ = cells.lstm_step(p, rng.normal(size=(B, I)), (h, c))
    np.testing.assert_array_equal(c, c_0)


@pytest.mark.parametrize("name", MADE)
def test_seeds_stack_the_same_networks(name):
    alone = [MADE[name](seed) for seed in (3, 5)]
    for stack in (MADE[name]([3, 5]), cells.stack_seeds(alone)):
        assert stack.seeds == 2
        assert stack.count == 2 * alone[0].count
        for s in range(2):
            picked = stack.pick(s)
            assert type(picked) is type(alone[s])
            assert picked.settings() == alone[s].settings()
            for a, b in zip(arrays(picked).values(), arrays(alone[s]).values(), strict=True):
                np.testing.assert_array_equal(a, b)


def test_records_are_frozen():
    p = MADE["lstm"](0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        p.b = p.b + 1
