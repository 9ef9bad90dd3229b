"""What holds for any layer: splitting, padding, order, dropout, traces, and bad arguments."""

import warnings

import numpy as np
import pytest

from lstm_lab import cells
from lstm_lab.errors import UserError
from lstm_lab.layers import (
    Bidirectional,
    Stack,
    backward,
    check,
    forward,
    has_numba,
    linear_backward,
    linear_forward,
    linear_init,
)
from lstm_lab.records import arrays, map_arrays

T, B, I, H = 9, 4, 3, 4
ENGINES = ["cells", "numpy", "numba"] if has_numba() else ["cells", "numpy"]
LAYERS = {
    "rnn": cells.rnn_init(I, H),
    "lstm": cells.lstm_init(I, H),
    "gru": cells.gru_init(I, H),
    "fgr": cells.variant_init("FGR", I, H),
    "memory_cell": cells.memory_cell_init(I, 2, 2),
    "stack": Stack((cells.gru_init(I, 5), cells.lstm_init(5, H))),
}


def near(a, b):
    a, b = arrays((a,)), arrays((b,))
    assert a.keys() == b.keys()
    for part in a:
        np.testing.assert_allclose(a[part], b[part], rtol=1e-12, atol=1e-12, err_msg=part)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", LAYERS)
def test_splitting_a_sequence_changes_nothing(name, engine, rng):
    p, x = LAYERS[name], rng.normal(size=(T, B, I))
    whole = forward(p, x, engine=engine)
    dh = rng.normal(size=whole.h.shape)
    g = backward(p, whole, dh)
    first = forward(p, x[:4], engine=engine)
    second = forward(p, x[4:], first.state, engine=engine)
    near(np.concatenate([first.h, second.h]), whole.h)
    near(second.state, whole.state)
    g_2 = backward(p, second, dh[4:])
    g_1 = backward(p, first, dh[:4], g_2.state)
    near(np.concatenate([g_1.x, g_2.x]), g.x)
    near(map_arrays(np.add, g_1.p, g_2.p), g.p)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", [*LAYERS, "both"])
def test_padding_and_batch_order_change_nothing(name, engine, rng):
    p = LAYERS.get(name) or Bidirectional(cells.lstm_init(I, H), cells.lstm_init(I, H, 1))
    x, lengths = rng.normal(size=(T, B, I)), np.array([3, 9, 1, 6])
    inside = (np.arange(T)[:, None] < lengths)[..., None]
    out = forward(p, x, lengths=lengths, engine=engine)
    dh = rng.normal(size=out.h.shape) * inside
    g = backward(p, out, dh)

    # the padding may hold anything, and there may be more of it
    junk = np.concatenate([np.where(inside, x, np.nan), np.full((2, B, I), np.inf)])
    longer = forward(p, junk, lengths=lengths, engine=engine)
    g_2 = backward(p, longer, np.concatenate([dh, np.zeros((2, *dh.shape[1:]))]))
    near(longer.h[:T] * inside, out.h * inside)
    near(longer.state, out.state)
    near(g_2.p, g.p)
    near(g_2.x[:T], g.x)
    assert not g_2.x[T:].any()
    assert not (g.x * ~inside).any()

    # lengths need not be sorted: another order gives the same, in that order
    order = np.array([1, 3, 0, 2])
    turned = forward(p, x[:, order], lengths=lengths[order], engine=engine)
    near(turned.h, out.h[:, order])
    near(backward(p, turned, dh[:, order]).p, g.p)

    # each sequence alone, cut to its length
    for b, n in enumerate(lengths):
        alone = forward(p, x[:n, b : b + 1], engine=engine)
        near(alone.h[:, 0], out.h[:n, b])
        near(
            map_arrays(lambda part: part[0], alone.state),
            map_arrays(lambda part, b=b: part[b], out.state),
        )


@pytest.mark.parametrize("engine", ENGINES)
def test_the_last_row_is_the_last_valid_output(engine, rng):
    p = LAYERS["lstm"]
    lengths = [3, 9, 1, 6]
    out = forward(p, rng.normal(size=(T, B, I)), lengths=lengths, engine=engine)
    for b, n in enumerate(lengths):
        np.testing.assert_array_equal(out.h[-1, b], out.h[n - 1, b])
    np.testing.assert_array_equal(out.h[-1], out.state[0])


@pytest.mark.parametrize("engine", ENGINES)
def test_trace_holds_what_the_equations_say(engine, rng):
    p = LAYERS["lstm"]
    state = rng.normal(size=(2, B, H))
    out = forward(
        p, rng.normal(size=(T, B, I)), tuple(state), [3, 9, 1, 6], trace=True, engine=engine
    )
    trace = out.trace
    assert list(trace) == ["i", "f", "g", "o", "c", "h"]
    np.testing.assert_array_equal(trace.initial["h"], state[0])
    np.testing.assert_array_equal(trace.initial["c"], state[1])
    c_before = np.concatenate([trace.initial["c"][None], trace.c[:-1]])
    inside = (np.arange(T)[:, None] < [3, 9, 1, 6])[..., None]
    kept = np.where(inside, trace.f * c_before + trace.i * trace.g, c_before)
    np.testing.assert_allclose(trace.c, kept, atol=1e-14)
    np.testing.assert_array_equal(trace.h, out.h)
    np.testing.assert_array_equal(np.isnan(trace.f), np.broadcast_to(~inside, trace.f.shape))
    with pytest.raises(ValueError, match="read-only"):
        trace["c"][0] = 0
    with pytest.raises(AttributeError, match="this trace has i, f, g, o, c, h; found 'r'"):
        _ = trace.r


def test_trace_of_layers_and_directions(rng):
    both = Bidirectional(cells.lstm_init(I, H), cells.gru_init(I, H))
    out = forward(Stack((both, cells.rnn_init(2 * H, 2))), rng.normal(size=(T, B, I)), trace=True)
    (ahead, back), top = out.trace
    assert list(ahead) == ["i", "f", "g", "o", "c", "h"]
    assert list(back) == ["r", "z", "n", "h"]
    np.testing.assert_array_equal(top.h, out.h)


def test_seeds_and_both_directions_and_stacks_together(rng):
    def made(seed):
        both = Bidirectional(cells.lstm_init(I, H, seed), cells.lstm_init(I, H, seed))
        return Stack((both, cells.gru_init(2 * H, 2, seed)))

    x, lengths = rng.normal(size=(T, B, I)), [3, 9, 1, 6]
    p = made([4, 5])
    out = forward(p, x, lengths=lengths)
    dh = rng.normal(size=out.h.shape)
    g = backward(p, out, dh)
    total = 0
    for s, seed in enumerate((4, 5)):
        alone = forward(made(seed), x, lengths=lengths)
        near(alone.h, out.h[:, s])
        g_s = backward(made(seed), alone, dh[:, s])
        near(g_s.p, map_arrays(lambda a, s=s: a[s], g.p))
        total = total + g_s.x
    near(g.x, total)


def test_dropout_drops_its_share_between_layers_only(rng):
    p = Stack((cells.lstm_init(I, 200), cells.lstm_init(200, H)), dropout=0.3)
    x = rng.normal(size=(T, B, I))
    plain = forward(p, x)
    near(plain.h, forward(p.__class__(p.layers), x).h)  # without an rng nothing is dropped
    out = forward(p, x, rng=np.random.default_rng(1))
    _, (mask,) = out.cache
    assert set(np.unique(mask)) == {0.0, 1 / 0.7}
    assert (mask == 0).mean() == pytest.approx(0.3, abs=0.02)
    assert np.abs(out.h - plain.h).max() > 0.01
    again = forward(p, x, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(again.h, out.h)


def test_gradient_through_dropout(rng):
    p = Stack((cells.rnn_init(I, 5), cells.rnn_init(5, H)), dropout=0.5)
    x = rng.normal(size=(T, B, I))
    out = forward(p, x, rng=np.random.default_rng(1))
    dh = rng.normal(size=out.h.shape)
    g = backward(p, out, dh)
    way = rng.normal(size=x.shape)
    eps = 1e-6
    ends = [
        (forward(p, x + e * way, rng=np.random.default_rng(1)).h * dh).sum() for e in (eps, -eps)
    ]
    assert (g.x * way).sum() == pytest.approx((ends[0] - ends[1]) / (2 * eps), rel=1e-6)


def test_final_state_alone_may_be_asked(rng):
    p, x = LAYERS["lstm"], rng.normal(size=(T, B, I))
    out = forward(p, x)
    dh_T = rng.normal(size=(B, H))
    dh = np.zeros_like(out.h)
    dh[-1] = dh_T
    near(backward(p, out, None, (dh_T, np.zeros((B, H)))).p, backward(p, out, dh).p)


def test_weights_decide_the_type(rng):
    out = forward(LAYERS["lstm"].astype(np.float32), rng.normal(size=(T, B, I)))
    assert out.h.dtype == np.float32


def message(call):
    with pytest.raises(UserError) as caught:
        call()
    return str(caught.value)


def test_bad_arguments_are_told_in_one_sentence():
    p, x = LAYERS["lstm"], np.zeros((T, B, I))
    h = np.zeros((B, H))
    out = forward(p, x)
    seeds = cells.lstm_init(I, H, [0, 1])
    head = linear_init(H, 2)
    both = Bidirectional(p, p)
    told = {
        "x: expected shape (T, B, 3), found (9, 4)": lambda: forward(p, x[..., 0]),
        "x: expected shape (T, B, 3), found (9, 4, 2)": lambda: forward(p, x[..., :2]),
        "x: expected shape (T, 2, B, 3), found (9, 5, 4, 3)": lambda: forward(
            seeds, np.zeros((9, 5, 4, 3))
        ),
        "x: expected floating-point numbers, found int64": lambda: forward(p, x.astype("int64")),
        "x: expected a NumPy array, found list": lambda: forward(p, [[[0.0]]]),
        "x: expected at least one step and one sequence, found shape (0, 4, 3)": lambda: forward(
            p, x[:0]
        ),
        "x: expected at least one step and one sequence, found shape (9, 0, 3)": lambda: forward(
            p, x[:, :0]
        ),
        "state: expected (h, c), found ndarray": lambda: forward(p, x, h),
        "state: expected (h, c), found tuple of 3": lambda: forward(p, x, (h, h, h)),
        "state: expected h, found tuple of 2": lambda: forward(LAYERS["rnn"], x, (h, h)),
        "c: expected shape (4, 4), found (5, 4)": lambda: forward(p, x, (h, np.zeros((5, 4)))),
        "h: expected shape (2, 4, 4), found (4, 4)": lambda: forward(seeds, x, (h, h)),
        "h: expected floating-point numbers, found int64": lambda: forward(
            p, x, (h.astype("int64"), h)
        ),
        "lengths: expected shape (4,), found (3,)": lambda: forward(p, x, lengths=[1, 2, 3]),
        "lengths: expected 1 to 9, found 0 for sequence 2": lambda: forward(
            p, x, lengths=[1, 2, 0, 4]
        ),
        "lengths: expected 1 to 9, found 10 for sequence 3": lambda: forward(
            p, x, lengths=[1, 2, 3, 10]
        ),
        "lengths: expected whole numbers, found float64": lambda: forward(
            p, x, lengths=[1.0, 2.0, 3.0, 4.0]
        ),
        "engine: expected one of auto, numba, numpy, cells, found 'fast'": lambda: forward(
            p, x, engine="fast"
        ),
        "dh: expected shape (9, 4, 4), found (4, 4)": lambda: backward(p, out, h),
        "dc: expected shape (4, 4), found (1, 4)": lambda: backward(p, out, None, (h, h[:1])),
        "dstate: expected (h, c), found ndarray": lambda: backward(p, out, None, h),
        "state: expected a pair (forward, backward), found ndarray": lambda: forward(both, x, h),
        "state: expected one entry for each of 2 layers, found tuple of 1": lambda: forward(
            LAYERS["stack"], x, (h,)
        ),
        "layers: expected a tuple of at least one layer, found ()": lambda: Stack(()),
        "layers: expected a tuple of at least one layer, found list": lambda: Stack([p]),
        "layers[1]: expected I = 4, as wide as the layer below, found 3": lambda: Stack((p, p)),
        "layers[1]: expected I = 8, as wide as the layer below, found 3": lambda: Stack((both, p)),
        "layers: expected cells or Bidirectional, found dict": lambda: Stack(({},)),
        "dropout: expected 0 <= dropout < 1, found 1.0": lambda: Stack((p,), dropout=1.0),
        "backward: expected inputs 3 as in forward, found 2": lambda: Bidirectional(
            p, cells.lstm_init(2, H)
        ),
        "backward: expected the parameters of a cell, found dict": lambda: Bidirectional(p, {}),
        "h: expected shape (9, 4, 4), found (9, 4, 3)": lambda: linear_forward(head, x),
        "dy: expected shape (9, 4, 2), found (9, 4, 3)": lambda: linear_backward(head, out.h, x),
        "sizes: expected at least one hidden unit and one output, found H=0, O=2": (
            lambda: linear_init(0, 2)
        ),
    }
    for text, call in told.items():
        assert message(call) == text
    assert "p: expected the parameters of a cell" in message(lambda: forward({}, x))
    assert "found dict" in message(lambda: backward({}, out, out.h))


def test_nan_is_told_once_with_its_place(monkeypatch):
    monkeypatch.setattr(check, "_warned_of_nan", False)
    x = np.zeros((T, B, I))
    x[2, 1, 0] = x[5, 3, 2] = np.nan
    p = LAYERS["lstm"]
    with pytest.warns(RuntimeWarning, match=r"x holds 2 nan, the first at x\[2, 1, 0\]") as told:
        out = forward(p, x)
    assert told[0].filename == __file__
    assert np.isnan(out.h[2:, 1]).all()
    assert np.isfinite(out.h[:, 0]).all()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = forward(p, x)  # said once
        assert np.isnan(again.h[-1, 3]).all()


def test_infinities_of_both_signs_are_no_nan(monkeypatch):
    monkeypatch.setattr(check, "_warned_of_nan", False)
    x = np.zeros((T, B, I))
    x[0, 0, 0], x[0, 1, 0] = np.inf, -np.inf
    assert np.isfinite(forward(LAYERS["rnn"], x, engine="numpy").h).all()
    assert not check._warned_of_nan
