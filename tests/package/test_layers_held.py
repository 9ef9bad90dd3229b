"""Gates held by hand: against plain runs, and against a state emptied between two runs."""

import numpy as np
import pytest

from lstm_lab.cells import lstm_init, rnn_init
from lstm_lab.errors import UserError
from lstm_lab.layers import forward, forward_held

T, B, I, H = 9, 4, 3, 5
P = lstm_init(I, H, seed=3)
X = np.random.default_rng(0).normal(size=(T, B, I))
STATE = tuple(np.random.default_rng(1).normal(size=(2, B, H)))


@pytest.mark.parametrize("hold", [{}, {"f": np.nan}])
def test_nothing_held_is_the_plain_run(hold):
    want = forward(P, X, STATE, trace=True).trace
    found = forward_held(P, X, hold, STATE)
    assert list(found) == list(want)
    for name in want:
        np.testing.assert_allclose(found[name], want[name], atol=1e-13)
        assert found.initial.get(name) is want.initial.get(name) or np.array_equal(
            found.initial[name], want.initial[name]
        )


@pytest.mark.parametrize("t", [0, 4, T - 1])
def test_f_held_at_zero_is_a_memory_emptied_before_that_step(t):
    """Run up to t, empty c (not h), run on: no gate is held in this reference."""
    f = np.full((T, 1, 1), np.nan)
    f[t] = 0.0
    found = forward_held(P, X, {"f": f}, STATE)
    h, c = forward(P, X[:t], STATE).state if t else STATE
    rest = forward(P, X[t:], (h, np.zeros_like(c)), trace=True).trace
    np.testing.assert_allclose(found.c[t:], rest.c, atol=1e-13)
    np.testing.assert_allclose(found.h[t:], rest.h, atol=1e-13)
    assert (found.f[t] == 0).all()


def test_one_unit_alone_can_be_held():
    f = np.full((T, 1, H), np.nan)
    f[3, :, 2] = 0.0
    found = forward_held(P, X, {"f": f}, STATE)
    plain = forward(P, X, STATE, trace=True).trace
    others = [0, 1, 3, 4]
    np.testing.assert_allclose(found.c[3][:, others], plain.c[3][:, others], atol=1e-13)
    np.testing.assert_allclose(found.c[3][:, 2], (found.i * found.g)[3][:, 2], atol=1e-13)


def test_shut_and_open_gates_carry_the_state_and_hide_it():
    found = forward_held(P, X, {"i": 0.0, "f": 1.0, "o": 0.0}, STATE)
    np.testing.assert_array_equal(found.c, np.broadcast_to(STATE[1], (T, B, H)))
    assert not found.h.any()


@pytest.mark.parametrize(
    ("p", "hold", "message"),
    [
        (rnn_init(I, H), {}, "p: expected LSTMParams of one network, found RNNParams"),
        (lstm_init(I, H, range(2)), {}, "p: expected LSTMParams of one network"),
        (P, {"c": 0.0}, "hold: expected gates out of i, f, g, o, found 'c'"),
        (
            P,
            {"f": np.zeros(3)},
            r"hold: expected f to broadcast to shape \(9, 4, 5\), found \(3,\)",
        ),
    ],
)
def test_what_cannot_be_held_is_named(p, hold, message):
    with pytest.raises(UserError, match=message):
        forward_held(p, X, hold)
