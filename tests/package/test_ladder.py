"""The repair ladder: each net has the parts it is said to have, and no others."""

import numpy as np
import pytest

from lstm_lab.cells import LSTMParams, NoForgetParams, RNNParams
from lstm_lab.errors import UserError
from lstm_lab.layers import forward
from lstm_lab.tasks import LADDER
from lstm_lab.training import NETS, RUNGS, ladder_net, train_rung

SEEDS = range(4)


@pytest.mark.parametrize("gates", NETS)
def test_a_gate_that_is_absent_has_no_weights_and_stands_open(gates):
    p, head = ladder_net(gates, inputs=2, seeds=SEEDS)
    rows = 1 if gates == "rnn" else 1 + len(gates)
    assert p.W_x.shape == (4, rows, 2)
    assert p.W_h.shape == (4, rows, 1)
    assert p.b.shape == (4, rows)
    assert head.W.shape == (4, 1, 1)
    x = np.random.default_rng(0).normal(size=(6, 5, 2))
    trace = forward(p.pick(1), x, trace=True).trace
    if gates == "rnn":
        assert list(trace) == ["h"]
        return
    for gate in "ifo":
        if gate in trace:  # the cell without forget gate shows none
            assert (gate in gates) == bool((trace[gate] != 1).all())
    opened = {gate: trace.get(gate, np.ones_like(trace.c)) for gate in "ifo"}
    before = np.concatenate([trace.initial["c"][None], trace.c[:-1]])
    np.testing.assert_allclose(trace.c, opened["f"] * before + opened["i"] * trace.g, atol=1e-12)
    np.testing.assert_allclose(trace.h, opened["o"] * np.tanh(trace.c), atol=1e-12)


def test_the_rungs_are_the_cells_of_the_course():
    kinds = [type(ladder_net(gates, 1)[0]) for gates in RUNGS]
    assert kinds[0] is RNNParams
    assert kinds[3:] == [NoForgetParams, LSTMParams]
    assert ladder_net("ifo", 2)[0].b[:, 1].tolist() == [3.0] * 8


def test_both_engines_train_the_same():
    """Until rounding has grown: clipped steps through fifty multiplications let it grow fast."""
    numpy = train_rung("sum", "ifo", seeds=range(2), engine="numpy")
    best = train_rung("sum", "ifo", seeds=range(2))
    np.testing.assert_allclose(best.curves[:100], numpy.curves[:100], rtol=1e-6)
    assert best.curves.shape == (500, 2)
    assert (best.explained <= 1).all()


def test_an_unknown_net_or_task_is_named():
    with pytest.raises(UserError, match=r"gates: expected one of 'rnn', '', 'i'.*found 'oi'"):
        ladder_net("oi", 1)
    with pytest.raises(UserError, match="task: expected one of sum, cue, ask, count, found 'add'"):
        train_rung("add", "ifo")


def test_the_tasks_of_the_ladder_are_one_unit_wide():
    assert {name: task.outputs for name, task in LADDER.items()} == dict.fromkeys(LADDER, 1)
