"""Weights to torch and back: exact one way, equal outputs the other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_lab.cells import GRUParams, gru_init, lstm_init, no_forget_init, rnn_init
from lstm_lab.errors import UserError
from lstm_lab.interop import from_torch, to_torch
from lstm_lab.layers import Bidirectional, Stack, forward
from lstm_lab.records import arrays
from lstm_lab.training import one_thread

torch = one_thread()
nn = torch.nn
INIT = {"rnn": rnn_init, "lstm": lstm_init, "gru": gru_init}
LAYER = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
CELL = {"rnn": nn.RNNCell, "lstm": nn.LSTMCell, "gru": nn.GRUCell}


def close(ours, theirs, dtype=np.float64):
    tolerance = (
        {"rtol": 1e-12, "atol": 1e-13} if dtype == np.float64 else {"rtol": 1e-4, "atol": 1e-6}
    )
    np.testing.assert_allclose(ours, theirs.detach().numpy(), **tolerance)


def equal(a, b):
    assert type(a) is type(b)
    mine, theirs = arrays(a), arrays(b)
    assert list(mine) == list(theirs)
    for name in mine:
        assert mine[name].dtype == theirs[name].dtype
        np.testing.assert_array_equal(mine[name], theirs[name], err_msg=name)


def ours_of(kind, layers, both, I, H, dtype=np.float64):
    """A network of ours of any depth."""
    stack = []
    for n in range(layers):
        width = I if n == 0 else H * (1 + both)
        one = INIT[kind](width, H, seed=2 * n, dtype=dtype)
        other = INIT[kind](width, H, seed=2 * n + 1, dtype=dtype)
        stack.append(Bidirectional(one, other) if both else one)
    return stack[0] if layers == 1 else Stack(tuple(stack))


@settings(max_examples=40, deadline=None)
@given(
    kind=st.sampled_from(list(LAYER)),
    layers=st.integers(1, 3),
    both=st.booleans(),
    bias=st.booleans(),
    double=st.booleans(),
    I=st.integers(1, 4),
    H=st.integers(1, 5),
    T=st.integers(1, 6),
    B=st.integers(1, 3),
    seed=st.integers(0, 99),
)
def test_torch_computes_the_same(kind, layers, both, bias, double, I, H, T, B, seed):
    torch.manual_seed(seed)
    dtype = np.float64 if double else np.float32
    net = LAYER[kind](I, H, layers, bias=bias, bidirectional=both)
    net = net.double() if double else net
    x = np.random.default_rng(seed).normal(size=(T, B, I)).astype(dtype)
    p = from_torch(net)
    want, _ = net(torch.tensor(x))
    close(forward(p, x).h, want, dtype)
    # and back into a second layer: other biases, equal outputs
    again = LAYER[kind](I, H, layers, bidirectional=both)
    again = again.double() if double else again
    again.load_state_dict(to_torch(p))
    close(forward(p, x).h, again(torch.tensor(x))[0], dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("both", [False, True])
@pytest.mark.parametrize("layers", [1, 3])
@pytest.mark.parametrize("kind", LAYER)
def test_ours_to_torch_to_ours_is_exact(kind, layers, both, dtype):
    p = ours_of(kind, layers, both, 3, 4, dtype)
    equal(from_torch(to_torch(p)), p)


@pytest.mark.parametrize("kind", CELL)
def test_cells(rng, kind):
    torch.manual_seed(1)
    net = CELL[kind](3, 4).double()
    p = from_torch(net)
    x, h = rng.normal(size=(2, 5, 4))[:, :, :3], rng.normal(size=(5, 4))
    c = rng.normal(size=(5, 4))
    ours = forward(p, x, (h, c) if kind == "lstm" else h)
    state = tuple(map(torch.tensor, (h, c))) if kind == "lstm" else torch.tensor(h)
    for x_t in torch.tensor(x):
        state = net(x_t, state)
    close(ours.h[-1], state[0] if kind == "lstm" else state)
    again = CELL[kind](3, 4).double()
    again.load_state_dict(to_torch(p, cell=True))
    equal(from_torch(again), p)


def test_relu_is_read_from_the_module(rng):
    net = nn.RNN(2, 3, nonlinearity="relu").double()
    p = from_torch(net)
    assert p.activation == "relu"
    x = rng.normal(size=(6, 2, 2))
    close(forward(p, x).h, net(torch.tensor(x))[0])
    assert from_torch(net.state_dict()).activation == "tanh"
    assert from_torch(net.state_dict(), activation="relu").activation == "relu"


def test_dropout_comes_along():
    net = nn.LSTM(2, 3, num_layers=2, dropout=0.25)
    assert from_torch(net).dropout == 0.25
    assert from_torch(net.state_dict()).dropout == 0


def test_a_layer_inside_a_larger_model():
    model = nn.ModuleDict({"encoder": nn.GRU(2, 3), "head": nn.Linear(3, 1)})
    p = from_torch(model.state_dict(), prefix="encoder.")
    equal(p, from_torch(model["encoder"]))
    equal(from_torch(model, prefix="encoder."), p)


def test_weights_are_copies():
    net = nn.LSTM(2, 3)
    p = from_torch(net)
    before = {name: a.copy() for name, a in arrays(p).items()}
    state = to_torch(p)
    with torch.no_grad():
        for w in [*net.parameters(), *state.values()]:
            w.zero_()
    for name, a in arrays(p).items():
        np.testing.assert_array_equal(a, before[name])


def test_the_gru_keeps_its_second_bias():
    net = nn.GRU(2, 3)
    p = from_torch(net)
    first, second = net.bias_ih_l0.detach().numpy(), net.bias_hh_l0.detach().numpy()
    np.testing.assert_array_equal(p.b[6:], first[6:])
    np.testing.assert_array_equal(p.b_hn, second[6:])
    np.testing.assert_array_equal(p.b[:6], first[:6] + second[:6])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: to_torch(no_forget_init(2, 3)),
            "p: expected RNNParams, LSTMParams, GRUParams, a Stack or .*found NoForgetParams",
        ),
        (lambda: to_torch(gru_init(2, 3, reset_after=False)), "resets after the matrix product"),
        (
            lambda: to_torch(lstm_init(2, 3, seed=range(4))),
            "p: expected one network, found 4 stacked",
        ),
        (lambda: to_torch("weights"), "p: expected RNNParams.*found str"),
        (
            lambda: to_torch(Bidirectional(lstm_init(2, 3), lstm_init(2, 3)), cell=True),
            "cell: a torch cell is one layer in one direction",
        ),
        (
            lambda: from_torch(nn.GRU(2, 3), kind="lstm"),
            "weights: expected those of lstm, found those of gru",
        ),
        (lambda: from_torch(nn.GRU(2, 3), kind="elman"), "kind: expected one of rnn, lstm, gru"),
        (lambda: from_torch(nn.Linear(2, 3)), "source: expected weight_ih.*found weight"),
        (
            lambda: from_torch([1, 2]),
            "source: expected a torch module or its state dict, found list",
        ),
        (lambda: from_torch({}), "source: expected names that begin with '', found none"),
        (
            lambda: from_torch(nn.LSTM(2, 3).state_dict(), prefix="rnn."),
            "begin with 'rnn.', found none",
        ),
        (
            lambda: from_torch({"weight_ih_l0": np.zeros((12, 2))}),
            "source: weight_hh of …_l0 is missing",
        ),
        (
            lambda: from_torch(
                {"weight_ih_l0": np.zeros((8, 2)), "weight_hh_l0": np.zeros((12, 3))}
            ),
            r"weight_ih: expected shape \(12, I\), found \(8, 2\)",
        ),
        (
            lambda: from_torch(
                {"weight_ih_l0": np.zeros((6, 2)), "weight_hh_l0": np.zeros((6, 3))}
            ),
            "weight_hh: expected 1, 3 or 4 times as many rows as hidden units.*found 6 for 3",
        ),
        (
            lambda: from_torch({"weight_ih_l0": np.zeros((3, 2), int)}),
            "weight_ih_l0: expected floating-point numbers, found int64",
        ),
        (
            lambda: from_torch(nn.LSTM(2, 4, proj_size=3)),
            "source: expected weight_ih.*found weight_hr_l0",
        ),
    ],
)
def test_bad_input_in_one_sentence(call, message):
    with pytest.raises(UserError, match=message):
        call()


def test_reset_before_has_no_torch_form_but_reads_as_ours():
    p = gru_init(2, 3, reset_after=False)
    assert isinstance(p, GRUParams)
    assert not p.reset_after
