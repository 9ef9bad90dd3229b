"""Every engine equals the loop over the cell's own steps, for every cell."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_lab import cells
from lstm_lab.layers import backward, engines, forward, has_numba, release_memory, thresholds
from lstm_lab.layers.buffers import MOST_BYTES, Buffers, Pool, _pool
from lstm_lab.layers.compiled.warm import warm_up
from lstm_lab.layers.lowering import lower
from lstm_lab.records import arrays

MADE = {
    "rnn_tanh": lambda I, H, seed: cells.rnn_init(I, H, seed),
    "rnn_relu": lambda I, H, seed: cells.rnn_init(I, H, seed, activation="relu"),
    "lstm": lambda I, H, seed: cells.lstm_init(I, H, seed),
    "no_forget": lambda I, H, seed: cells.no_forget_init(I, H, seed),
    "cifg": lambda I, H, seed: cells.cifg_init(I, H, seed),
    "gru_after": lambda I, H, seed: cells.gru_init(I, H, seed),
    "gru_before": lambda I, H, seed: cells.gru_init(I, H, seed, reset_after=False),
    "memory": lambda I, H, seed: cells.memory_cell_init(I, H, 2, seed, scale=0.7),
    "memory_gates": lambda I, H, seed: cells.memory_cell_init(I, H, 1, seed, bias="gates"),
    "memory_cut": lambda I, H, seed: cells.memory_cell_init(I, 1, H, seed, truncated=True),
    **{
        v: lambda I, H, seed, v=v: cells.variant_init(v, I, H, seed)
        for v in (*cells.VARIANTS, *cells.FEWER)
    },
}
ENGINES = ["numpy", "numba"] if has_numba() else ["numpy"]


@pytest.fixture(params=["as shipped", "no lanes", "other branches"])
def branches(request, monkeypatch):
    """Run with the sizes at which engines change their way, and with them turned round."""
    if request.param != "as shipped":
        monkeypatch.setattr(thresholds, "LANES_TINY", 0)
        monkeypatch.setattr(thresholds, "LANES", 0)
    if request.param == "other branches":
        monkeypatch.setattr(thresholds, "BLOCK", 40)
        monkeypatch.setattr(thresholds, "EXP", {4: 0, 8: 0})
        if has_numba():
            from lstm_lab.layers.compiled.run import Compiled

            monkeypatch.setattr(Compiled, "quick", lambda self: False)


def everything(p, x, state, lengths, ask, engine):
    """Return all that forward and backward give, by name."""
    out = forward(p, x, state, lengths, trace=True, engine=engine)
    g = backward(p, out, ask[0], ask[1])
    return arrays({
        "h": out.h, "state": out.state, "trace": dict(out.trace), "initial": out.trace.initial,
        "dx": g.x, "dstate": g.state, "dp": g.p,
    })  # fmt: skip


def example(name, I, H, seeds, shared, B, T, ragged, seed):
    rng = np.random.default_rng(seed)
    p = MADE[name](I, H, seed if seeds is None else range(seed, seed + seeds))
    cell = cells.cell_of(p)
    lead = () if seeds is None else (seeds,)
    x = rng.normal(size=(T, *(() if shared else lead), B, I))
    lengths = rng.integers(1, T + 1, size=B) if ragged else None
    state, dstate = (
        cell.whole([rng.normal(size=(*lead, B, width)) for width in cell.widths(p)])
        for _n in range(2)
    )
    dh = rng.normal(size=(T, *lead, B, p.hidden))
    return p, x, state, lengths, (dh, dstate)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", MADE)
def test_engine_equals_steps(name, engine, branches):
    @settings(max_examples=12, deadline=None)
    @given(
        I=st.integers(1, 5),
        H=st.integers(1, 9),
        seeds=st.sampled_from([None, 1, 3]),
        shared=st.booleans(),
        B=st.integers(1, 6),
        T=st.integers(1, 25),
        ragged=st.booleans(),
        seed=st.integers(0, 1000),
    )
    def check(**sizes):
        case = example(name, **sizes)
        want = everything(*case, engine="cells")
        got = everything(*case, engine=engine)
        assert got.keys() == want.keys()
        for part in want:
            np.testing.assert_allclose(got[part], want[part], rtol=1e-12, atol=1e-12, err_msg=part)

    check()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize(("B", "seeds", "ragged"), [(21, None, True), (17, 2, False)])
def test_many_sequences_equal_steps(name, B, seeds, ragged, engine, monkeypatch):
    """More than one vector of sequences, the last not full; more than one block of steps."""
    monkeypatch.setattr(thresholds, "BLOCK", 1000)
    monkeypatch.setattr(thresholds, "CHUNK", 10_000)
    case = example(name, 3, 5, seeds, False, B, 7, ragged, 5)
    want = everything(*case, engine="cells")
    got = everything(*case, engine=engine)
    for part in want:
        np.testing.assert_allclose(got[part], want[part], rtol=1e-12, atol=1e-12, err_msg=part)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", MADE)
def test_float32_stays_float32_and_near(name, engine, branches):
    p, x, state, lengths, ask = example(name, 4, 6, None, False, 5, 20, True, 3)
    want = everything(p, x, state, lengths, ask, "cells")
    got = everything(p.astype(np.float32), x, state, lengths, ask, engine)
    for part, value in got.items():
        assert value.dtype == np.float32, part
        np.testing.assert_allclose(value, want[part], rtol=1e-3, atol=1e-4, err_msg=part)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", MADE)
def test_saturated_layers_give_numbers_and_no_warning(name, engine, branches):
    for dtype in (np.float32, np.float64):
        p = MADE[name](3, 4, 0)
        p = p.replace(**{k: 100 * np.sign(a) for k, a in p.arrays().items()}).astype(dtype)
        x = 100 * np.sign(np.random.default_rng(0).normal(size=(30, 5, 3)).astype(dtype))
        if name == "rnn_relu":  # grows without bound by design: one step
            x = x[:1]
        if name in ("NIAF", "NOAF"):  # the one writes 1e4 a step, the other feeds c back
            x = x[:2]
        out = forward(p, x, engine=engine)
        g = backward(p, out, np.ones_like(out.h))
        for array in arrays((out.h, out.state, g.p)).values():
            assert np.isfinite(array).all()


@pytest.mark.parametrize("engine", ["cells", *ENGINES])
def test_backward_twice_gives_the_same_and_h_belongs_to_the_caller(engine, rng):
    p = cells.lstm_init(3, 4)
    out = forward(p, rng.normal(size=(6, 2, 3)), engine=engine)
    dh = rng.normal(size=out.h.shape)
    kept = dh.copy()
    first = backward(p, out, dh)
    out.h[...] = 7.0
    second = backward(p, out, dh)
    np.testing.assert_array_equal(dh, kept)
    one, two = arrays((first.x, first.p)), arrays((second.x, second.p))
    for a, b in zip(one.values(), two.values(), strict=True):
        np.testing.assert_array_equal(a, b)


def row_for(engine, p, B):
    return engines.row_of(engine, lower(p), np.zeros((1, B, p.inputs), p.dtype))


def test_without_numba_auto_is_numpy_and_asking_for_it_tells_how_to_get_it(monkeypatch):
    monkeypatch.setattr(engines, "has_numba", lambda: False)
    p = cells.lstm_init(2, 8)
    assert row_for("auto", p, 16).engine == "numpy"
    with pytest.raises(ValueError, match=r"numba is not installed; pip install 'lstm-lab\[fast\]'"):
        row_for("numba", p, 16)


def test_unknown_engine():
    with pytest.raises(ValueError, match="expected one of auto, numba, numpy, cells, found 'gpu'"):
        forward(cells.rnn_init(1, 1), np.zeros((1, 1, 1)), engine="gpu")


@pytest.mark.filterwarnings("ignore:x holds")
@pytest.mark.parametrize("engine", ["cells", *ENGINES])
def test_nan_stays_in_its_sequence(engine, branches, rng):
    p = cells.lstm_init(2, 4)
    x = rng.normal(size=(6, 5, 2))
    clean = forward(p, x, engine=engine).h
    x[2, 0, 1] = np.nan  # of the sequence that fills lanes without one of their own
    broken = forward(p, x, engine=engine).h
    np.testing.assert_array_equal(broken[:, 1:], clean[:, 1:])
    assert np.isnan(broken[2:, 0]).all()
    assert np.isfinite(broken[:2, 0]).all()


def test_which_loops_run():
    """The table's rows, at sizes that lie well inside of each."""
    small, large = cells.lstm_init(2, 8), cells.gru_init(256, 512, dtype=np.float32)
    assert row_for("numpy", small, 16).engine == "numpy"
    if not has_numba():
        return
    for engine in ("auto", "numba"):
        chosen = {
            "one, tiny": row_for(engine, small, 1),
            "one": row_for(engine, cells.lstm_init(8, 32), 1),
            "many": row_for(engine, cells.lstm_init(8, 32), 16),
            "FGR": row_for(engine, cells.variant_init("FGR", 2, 8), 16),
            "cut": row_for(engine, cells.memory_cell_init(2, 4, 2, truncated=True), 16),
        }
        lanes = {name for name, row in chosen.items() if row.name.startswith("sequences")}
        assert lanes == {"one, tiny", "many"}
        assert {row.engine for row in chosen.values()} == {"numba"}
    assert row_for("auto", large, 128).engine == "numpy"
    assert row_for("numba", large, 128).engine == "numba"
    assert row_for("auto", large, 1).engine == "numba"


@pytest.mark.parametrize("gone", ["numba.core.typing.templates", "numba.core.imputils"])
@pytest.mark.parametrize("name", ["lstm", "no_forget", "NP", "cifg"])
def test_without_numbas_inner_parts_the_other_loops_give_the_same(name, gone, monkeypatch):
    """`Lanes` is made with what numba does not promise to keep."""
    pytest.importorskip("numba")
    assert engines.has_lanes()
    case = example(name, 3, 4, None, False, 17, 6, True, 2)
    want = everything(*case, engine="numba")
    monkeypatch.setattr(engines, "has_lanes", engines.has_lanes.__wrapped__)
    for module in ("lanes", "lanes_gated", "lanes_run"):
        monkeypatch.delitem(sys.modules, f"lstm_lab.layers.compiled.{module}")
    monkeypatch.setitem(sys.modules, gone, None)
    assert not engines.has_lanes()
    assert row_for("numba", case[0], 17).name == "units along the vector"
    got = everything(*case, engine="numba")
    for part in want:
        np.testing.assert_allclose(got[part], want[part], rtol=1e-12, atol=1e-12, err_msg=part)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", ["lstm", "gru_after", "rnn_tanh", "FGR", "memory"])
def test_results_outlive_the_memory_that_later_layers_use_again(name, engine):
    """Layers reuse memory: what a caller holds must be out of its reach."""
    case = example(name, 3, 4, 2, False, 3, 8, True, 0)
    p, x, state, lengths, ask = case
    out = forward(p, x, state, lengths, trace=True, engine=engine)
    g = backward(p, out, ask[0], ask[1])
    held = {"h": out.h, "state": out.state, "trace": dict(out.trace), "x": g.x,
            "dstate": g.state, "p": g.p}  # fmt: skip
    before = {part: a.copy() for part, a in arrays(held).items()}
    del out, g
    for seed in range(3):  # the same sizes, other numbers
        other = example(name, 3, 4, 2, False, 3, 8, True, seed + 1)
        everything(*other, engine=engine)
    for part, a in arrays(held).items():
        np.testing.assert_array_equal(a, before[part], err_msg=part)


def test_buffers_are_used_again_and_not_hoarded():
    pool = Pool(keep=100)
    small, large = pool.take((2, 3), np.float32), pool.take((100,), np.float64)
    pool.give(small)
    pool.give(large)  # more than may wait
    assert pool.waiting == 24
    assert pool.take((100,), np.float64).base is not large.base
    assert pool.take((6,), np.float64).base is not small.base  # another type
    assert pool.take((3, 2), np.float32).base is small.base
    assert pool.waiting == 0


def test_the_oldest_buffer_makes_room_for_the_newest():
    pool = Pool(keep=100)
    first, second, third = (pool.take((n,), np.float64) for n in (5, 6, 7))
    for array in (first, second, third):  # 40 + 48, and 56 more
        pool.give(array)
    assert pool.waiting == 56
    assert pool.take((7,), np.float64).base is third.base
    assert pool.take((5,), np.float64).base is not first.base


def test_buffers_go_back_when_their_pass_is_forgotten():
    release_memory()
    buffers = Buffers()
    buffers.take((4,), np.float64)
    mark = len(buffers)
    buffers.take((3,), np.float64)
    buffers.free_since(mark)
    assert _pool.waiting == 24
    del buffers
    assert _pool.waiting == 56


@pytest.mark.parametrize("engine", ENGINES)
def test_what_waits_is_bounded_and_can_be_released(engine, monkeypatch, rng):
    assert MOST_BYTES <= 200_000_000
    release_memory()
    monkeypatch.setattr(_pool, "keep", 30_000)
    for H in range(4, 12):
        out = forward(cells.lstm_init(3, H), rng.normal(size=(20, 2, 3)), engine=engine)
        backward(cells.lstm_init(3, H), out, out.h)
        del out
        assert 0 < _pool.waiting <= 30_000
    release_memory()
    assert _pool.waiting == 0


def test_warming_up_tells_whether_there_was_anything_to_compile(monkeypatch):
    assert warm_up() is has_numba()
    monkeypatch.setattr("lstm_lab.layers.compiled.warm.has_numba", lambda: False)
    assert warm_up() is False
