"""How weights start, and what is said of sizes, schemes and arguments that do not fit."""

import numpy as np
import pytest

from lstm_lab import cells
from lstm_lab.cells.init import SCHEMES
from lstm_lab.errors import UserError
from lstm_lab.shapes import ShapeError


def test_torch_scheme_has_torch_distribution():
    p = cells.lstm_init(50, 64)
    k = 1 / 8
    for W in (p.W_x, p.W_h):
        assert np.abs(W).max() <= k
        assert W.std() == pytest.approx(k / np.sqrt(3), rel=0.02)
    assert np.abs(p.b).max() <= 2 * k  # torch's two biases in one
    assert p.b.std() == pytest.approx(k * np.sqrt(2 / 3), rel=0.1)


def test_orthogonal_recurrent_weights_keep_lengths():
    p = cells.lstm_init(5, 16, scheme="orthogonal")
    for W in np.split(p.W_h, 4):
        np.testing.assert_allclose(W @ W.T, np.eye(16), atol=1e-12)
    assert not p.b.any()


def test_identity_is_for_the_rnn_alone():
    p = cells.rnn_init(5, 16, scheme="identity", activation="relu")
    np.testing.assert_array_equal(p.W_h, np.eye(16))
    with pytest.raises(UserError, match="scheme: expected one of torch, xavier, orthogonal, found"):
        cells.lstm_init(5, 16, scheme="identity")


def test_xavier_bounds_each_gate():
    p = cells.gru_init(10, 20, scheme="xavier")
    assert np.abs(p.W_x).max() <= np.sqrt(6 / 30)
    assert np.abs(p.W_x).max() > 0.9 * np.sqrt(6 / 30)
    assert np.abs(p.W_h).max() <= np.sqrt(6 / 40)
    assert not p.b_hn.any()


@pytest.mark.parametrize(
    ("init", "keep", "write"),
    [
        (cells.lstm_init, slice(50, 100), slice(0, 50)),
        (cells.peephole_init, slice(50, 100), slice(0, 50)),
        (cells.gru_init, slice(50, 100), None),
    ],
)
def test_chrono_spreads_memories_up_to_the_longest(init, keep, write):
    p = init(2, 50, chrono=100)
    lasts = np.exp(p.b[keep])
    assert 1 <= lasts.min() < 10
    assert 90 < lasts.max() <= 99
    if write is not None:
        np.testing.assert_array_equal(p.b[write], -p.b[keep])


def test_forget_bias_goes_where_it_should():
    np.testing.assert_array_equal(cells.lstm_init(2, 3, forget_bias=1.0).b[3:6], 1)
    np.testing.assert_array_equal(cells.variant_init("NIG", 2, 3, forget_bias=2.0).b[:3], 2)
    np.testing.assert_array_equal(cells.no_forget_init(2, 3, input_bias=-1.0).b[:3], -1)
    p = cells.memory_cell_init(2, 2, 2, input_bias=-1.0, output_bias=-2.0)
    np.testing.assert_array_equal(p.b[:2], -1)
    np.testing.assert_array_equal(p.b[-2:], -2)


@pytest.mark.parametrize("scheme", SCHEMES[:3])
def test_one_seed_one_network(scheme):
    a, b = (cells.lstm_init(3, 4, seed=7, scheme=scheme) for _n in range(2))
    other = cells.lstm_init(3, 4, seed=8, scheme=scheme)
    np.testing.assert_array_equal(a.W_h, b.W_h)
    assert np.abs(a.W_h - other.W_h).max() > 0.01


def message(call, kind=UserError):
    with pytest.raises(kind) as caught:
        call()
    return str(caught.value)


def test_bad_arguments_are_told_in_one_sentence():
    p = cells.lstm_init(3, 4)
    x, h = np.zeros((2, 3)), np.zeros((2, 4))
    told = {
        "x: expected shape (B, 3), found (2, 4)": lambda: cells.lstm_step(p, h, (h, h)),
        "x: expected shape (B, 3), found (5, 2, 3)": lambda: cells.lstm_step(
            p, np.zeros((5, 2, 3)), (h, h)
        ),
        "c: expected shape (2, 4), found (3, 4)": lambda: cells.lstm_step(
            p, x, (h, np.zeros((3, 4)))
        ),
        "x: expected floating-point numbers, found int64": lambda: cells.lstm_step(
            p, x.astype("int64"), (h, h)
        ),
        "x: expected a NumPy array, found list": lambda: cells.lstm_step(p, [[1.0]], (h, h)),
        "W_x: expected shape (16, I), found (3, 16)": lambda: p.replace(W_x=p.W_x.T),
        "W_h: expected shape (12, 3), found (16, 3)": lambda: p.replace(W_h=p.W_x),
        "b: expected shape (16,), found (4,)": lambda: p.replace(b=np.zeros(4)),
        "b: expected shape (2, 16), found (16,)": lambda: cells.lstm_init(3, 4, range(2)).replace(
            b=p.b
        ),
        "W_h: expected a NumPy array, found list": lambda: p.replace(W_h=[[1.0]]),
        "activation: expected tanh or relu, found 'elu'": lambda: cells.rnn_init(
            3, 4, activation="elu"
        ),
        "variant: expected one of V, NIG, NFG, NOG, NIAF, NOAF, CIFG, NP, FGR, found 'GRU'": (
            lambda: cells.variant_init("GRU", 3, 4)
        ),
        "scheme: expected one of torch, xavier, orthogonal, identity, found 'he'": (
            lambda: cells.rnn_init(3, 4, scheme="he")
        ),
        "sizes: expected at least one input and one hidden unit, found I=0, H=4": (
            lambda: cells.rnn_init(0, 4)
        ),
        "sizes: expected at least one input, block and cell, found I=1, blocks=0, cells=1": (
            lambda: cells.memory_cell_init(1, 0)
        ),
        "chrono: expected a longest dependency above 2 steps, found 2": lambda: cells.lstm_init(
            3, 4, chrono=2
        ),
        "dtype: expected float32 or float64, found int64": lambda: cells.lstm_init(
            3, 4, dtype="int64"
        ),
        "bias: expected all or gates, found 'none'": lambda: cells.memory_cell_init(
            1, 1, bias="none"
        ),
        "stack_seeds: expected at least one network, found none": lambda: cells.stack_seeds([]),
        "pick: these parameters have no seed dimension": lambda: p.pick(0),
        "a step takes one network, found 2 stacked: use p.pick(seed), "
        "or lstm_lab.layers.forward for all of them": lambda: cells.lstm_step(
            cells.lstm_init(3, 4, range(2)), x, (h, h)
        ),
        "p: expected the parameters of a cell (RNNParams, LSTMParams, NoForgetParams, "
        "VariantParams, FGRParams, MemoryCellParams, GRUParams), found dict": lambda: cells.cell_of(
            {}
        ),
        "W: expected shape (16, 7), found (16, 3)": lambda: cells.separate(p, p.W_x, p.b),
    }
    for text, call in told.items():
        assert message(call) == text


def test_shape_errors_are_value_errors():
    p = cells.rnn_init(3, 4)
    assert issubclass(ShapeError, ValueError)
    assert "W_x" in message(lambda: p.replace(W_x=p.W_x.T), ShapeError)
