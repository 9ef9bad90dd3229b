"""Jacobians over time, gradient flow, half-lives and Pascanu's bound."""

import numpy as np
import pytest

from lstm_lab.cells import RNNParams, lstm_init, rnn_init, sigmoid
from lstm_lab.cells.table import CELLS, cell_of
from lstm_lab.errors import UserError
from lstm_lab.gradients import (
    gradient_flow,
    half_life,
    half_life_of_bias,
    largest_singular_value,
    numeric_gradients,
    pascanu_bound,
    spectral_radius,
    state_jacobians,
)
from lstm_lab.layers import backward, forward
from lstm_lab.training import one_thread

torch = one_thread()
T, I, H = 6, 2, 3


def make(kind):
    return CELLS[kind].init(I, H, seed=3)


EXACT = [
    k for k in CELLS if k.__name__ in ("RNNParams", "LSTMParams", "GRUParams", "PeepholeParams")
]


@pytest.mark.parametrize("kind", EXACT, ids=lambda k: k.__name__)
def test_jacobians_against_finite_differences(rng, kind):
    p, x = make(kind), rng.normal(size=(T, I))
    cell = cell_of(p)
    start = tuple(0.5 * rng.normal(size=width) for width in cell.widths(p))
    J = state_jacobians(p, x, cell.whole(start))
    for t in (0, T - 2, T):
        middle = (
            forward(p, x[:t, None], cell.whole(tuple(s[None] for s in start))).state
            if t
            else (cell.whole(tuple(s[None] for s in start)))
        )
        middle = tuple(part[0] for part in cell.parts(middle))

        def last(parts, t=t):
            state = cell.whole(tuple(part[None] for part in parts))
            if t < T:
                state = forward(p, x[t:, None], state).state
            return tuple(part[0] for part in cell.parts(state))

        for a, name in enumerate(cell.state):
            for j in range(cell.widths(p)[a]):
                rows = numeric_gradients(lambda s, a=a, j=j: float(last(s)[a][j]), middle)
                for earlier, row in zip(cell.state, rows, strict=True):
                    np.testing.assert_allclose(J[name, earlier][t, j], row, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", ["rnn", "lstm"])
def test_jacobians_against_torch(rng, name):
    p = rnn_init(I, H, seed=4) if name == "rnn" else lstm_init(I, H, seed=4)
    net = {"rnn": torch.nn.RNNCell, "lstm": torch.nn.LSTMCell}[name](I, H).double()
    with torch.no_grad():
        net.weight_ih.copy_(torch.tensor(p.W_x))
        net.weight_hh.copy_(torch.tensor(p.W_h))
        net.bias_ih.copy_(torch.tensor(p.b))
        net.bias_hh.zero_()
    x = rng.normal(size=(T, I))

    def last(h, c=None):
        state = h if c is None else (h, c)
        for x_t in torch.tensor(x):
            state = net(x_t, state)
        return state

    zero = torch.zeros(H, dtype=torch.float64)
    J = state_jacobians(p, x)
    if name == "rnn":
        want = torch.autograd.functional.jacobian(last, zero)
        np.testing.assert_allclose(J["h", "h"][0], want.numpy(), rtol=1e-12, atol=1e-14)
    else:
        want = torch.autograd.functional.jacobian(last, (zero, zero))
        for a, of in enumerate("hc"):
            for b, to in enumerate("hc"):
                np.testing.assert_allclose(J[of, to][0], want[a][b].numpy(), rtol=1e-12, atol=1e-14)


def test_jacobians_compose(rng):
    """Over two stretches they multiply, and over none they are the identity."""
    p, x = lstm_init(I, H, seed=5), rng.normal(size=(T, I))
    J = state_jacobians(p, x)
    first = forward(p, x[:4, None])
    later = state_jacobians(p, x[4:], tuple(part[0] for part in first.state))
    np.testing.assert_array_equal(J.joint[T], np.eye(2 * H))
    np.testing.assert_allclose(J.joint[4:], later.joint, rtol=1e-12)
    early = state_jacobians(p, x[:4])
    np.testing.assert_allclose(J.joint[0], later.joint[0] @ early.joint[0], rtol=1e-10, atol=1e-15)


def test_a_carousel_keeps_its_gradient():
    """f = 1 and no way through h: dc_T/dc_t is 1 over any lag."""
    p = lstm_init(1, 2)
    b = np.array([0.0, 0.0, 100.0, 100.0, 0.0, 0.0, 0.0, 0.0])
    p = p.replace(W_x=np.zeros((8, 1)), W_h=np.zeros((8, 2)), b=b)
    J = state_jacobians(p, np.zeros((200, 1)))
    np.testing.assert_array_equal(J.norms("c", "c"), 1.0)
    half = state_jacobians(p.replace(b=np.zeros(8)), np.zeros((5, 1)))
    np.testing.assert_allclose(half.norms("c", "c"), 0.5 ** np.arange(6))


def test_norms_run_by_lag(rng):
    p, x = rnn_init(I, H), rng.normal(size=(T, I))
    J = state_jacobians(p, x)
    norms = J.norms()
    assert norms.shape == (T + 1,)
    assert norms[0] == pytest.approx(1)
    assert norms[T] == pytest.approx(np.linalg.norm(J["h", "h"][0], 2))


@pytest.mark.parametrize("kind", EXACT, ids=lambda k: k.__name__)
def test_flow_agrees_with_backward_and_jacobians(rng, kind):
    p, x = make(kind), rng.normal(size=(T, 4, I))
    cell = cell_of(p)
    dh = rng.normal(size=(T, 4, H))
    dstate = cell.whole(tuple(rng.normal(size=(4, w)) for w in cell.widths(p)))
    flow = gradient_flow(p, x, dh, dstate)
    want = cell.parts(backward(p, forward(p, x), dh, dstate).state)
    for name, part in zip(cell.state, want, strict=True):
        assert flow[name].shape == (T + 1, 4, H)
        np.testing.assert_allclose(flow[name][0], part, rtol=1e-10, atol=1e-13)
    only_last = np.zeros_like(dh)
    only_last[-1] = dh[-1]
    flow = gradient_flow(p, x, only_last)
    J = state_jacobians(p, x[:, 2])
    for name in cell.state:
        for t in range(T):
            np.testing.assert_allclose(
                flow[name][t, 2], dh[-1, 2] @ J["h", name][t], rtol=1e-10, atol=1e-13
            )


def test_half_life():
    f = np.array([0.0, 0.5, 0.9, 0.95, 1.0])
    steps = half_life(f)
    np.testing.assert_allclose(f[1:4] ** steps[1:4], 0.5)
    assert steps[0] == 0
    assert steps[4] == np.inf
    assert half_life(1) == np.inf
    biases = np.array([-3.0, 0.0, 5.0])
    np.testing.assert_allclose(half_life_of_bias(biases), half_life(sigmoid(biases)))
    # where the gate itself rounds to 1 the half-life still does not
    assert half_life_of_bias(40.0) == pytest.approx(np.log(2) * np.exp(40.0), rel=1e-9)
    with pytest.raises(UserError, match="f: expected numbers from 0 to 1"):
        half_life([0.5, 1.1])


@pytest.mark.parametrize("activation", ["tanh", "relu"])
@pytest.mark.parametrize("seed", range(5))
def test_the_bound_holds(rng, activation, seed):
    p = rnn_init(I, 8, seed=seed, activation=activation)
    J = state_jacobians(p, rng.normal(size=(20, I)))
    assert (J.norms() <= pascanu_bound(p, np.arange(21)) * (1 + 1e-12)).all()


def test_the_bound_is_one_sided():
    """A Gaussian matrix of radius 0.9: the bound explodes, the gradient vanishes."""
    rng = np.random.default_rng(0)
    W = rng.normal(size=(64, 64))
    W *= 0.9 / spectral_radius(W)
    p = RNNParams(W_x=rng.normal(size=(64, 1)), W_h=W, b=np.zeros(64))
    J = state_jacobians(p, np.zeros((100, 1)))
    assert spectral_radius(p.W_h) == pytest.approx(0.9)
    assert largest_singular_value(p.W_h) > 1.5
    assert pascanu_bound(p, 100) > 1e15
    assert J.norms()[100] < 1e-2


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pascanu_bound(lstm_init(2, 3), 1), "p: expected RNNParams .*found LSTMParams"),
        (lambda: state_jacobians(rnn_init(2, 3), np.zeros((5, 3))), r"x: expected shape \(T, 2\)"),
        (
            lambda: state_jacobians(rnn_init(2, 3), np.zeros((5, 1, 2))),
            r"x: expected shape \(T, 2\)",
        ),
        (
            lambda: state_jacobians(rnn_init(2, 3), np.zeros((5, 2)))["c", "c"],
            "state: expected one of h, found 'c'",
        ),
        (
            lambda: gradient_flow(rnn_init(2, 3), np.zeros((5, 1, 2)), np.zeros((5, 1, 2))),
            r"dh: expected shape \(5, 1, 3\)",
        ),
        (
            lambda: state_jacobians(rnn_init(2, 3, seed=range(2)), np.zeros((5, 2))),
            "a step takes one network",
        ),
    ],
)
def test_bad_input_in_one_sentence(call, message):
    with pytest.raises(UserError, match=message):
        call()
