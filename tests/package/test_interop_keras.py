"""Weights to and from Keras 3 on the torch backend."""

import os
import warnings

import numpy as np
import pytest

from lstm_lab.cells import gru_init, lstm_init, no_forget_init, rnn_init
from lstm_lab.errors import UserError
from lstm_lab.interop import from_keras, to_keras
from lstm_lab.layers import Bidirectional, forward
from lstm_lab.records import arrays
from lstm_lab.training import one_thread

one_thread()
os.environ.setdefault("KERAS_BACKEND", "torch")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Keras' own imports are not ours to keep quiet
    import keras

# Keras 3.15 reads its own variables in a way that NumPy warns of; our code must not
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning:keras")
L = keras.layers
I, H, T, B = 2, 3, 5, 4
PAIRS = {
    "rnn": (lambda **kw: rnn_init(I, H, **kw), lambda **kw: L.SimpleRNN(H, **kw)),
    "relu": (
        lambda **kw: rnn_init(I, H, activation="relu", **kw),
        lambda **kw: L.SimpleRNN(H, activation="relu", **kw),
    ),
    "lstm": (lambda **kw: lstm_init(I, H, **kw), lambda **kw: L.LSTM(H, **kw)),
    "gru": (lambda **kw: gru_init(I, H, **kw), lambda **kw: L.GRU(H, **kw)),
    "gru, reset before": (
        lambda **kw: gru_init(I, H, reset_after=False, **kw),
        lambda **kw: L.GRU(H, reset_after=False, **kw),
    ),
}


def close(name, ours, theirs):
    """Keras' matmul turns float64 into float32 on torch; only its fused layers do not."""
    fused = name in ("lstm", "gru")
    np.testing.assert_allclose(
        ours, theirs, rtol=1e-12 if fused else 1e-5, atol=1e-13 if fused else 1e-6
    )


def run(layer, x):
    """x (T, B, I) through a Keras layer, which has the batch in front."""
    out = layer(x.transpose(1, 0, 2))
    return out.detach().numpy().transpose(1, 0, 2)


def equal(a, b):
    assert type(a) is type(b)
    mine, theirs = arrays(a), arrays(b)
    assert list(mine) == list(theirs)
    for name in mine:
        np.testing.assert_array_equal(mine[name], theirs[name], err_msg=name)


@pytest.mark.parametrize("name", PAIRS)
def test_keras_computes_the_same_with_our_weights(rng, name):
    init, layer = PAIRS[name]
    p, keras_layer = init(seed=1), layer(return_sequences=True, dtype="float64")
    x = rng.normal(size=(T, B, I))
    keras_layer.build((B, T, I))
    keras_layer.set_weights(to_keras(p))
    close(name, forward(p, x).h, run(keras_layer, x))


@pytest.mark.parametrize("from_layer", [True, False])
@pytest.mark.parametrize("use_bias", [True, False])
@pytest.mark.parametrize("name", PAIRS)
def test_we_compute_the_same_with_keras_weights(rng, name, use_bias, from_layer):
    layer = PAIRS[name][1](
        return_sequences=True, dtype="float64", use_bias=use_bias, bias_initializer="random_normal"
    )
    x = rng.normal(size=(T, B, I))
    want = run(layer, x)
    activation = "relu" if name == "relu" else "tanh"
    if "gru" in name and not use_bias and not from_layer:
        with pytest.raises(UserError, match="does not tell where it resets; pass the layer"):
            from_keras(layer.get_weights())
        return
    p = from_keras(layer) if from_layer else from_keras(layer.get_weights(), activation=activation)
    close(name, forward(p, x).h, want)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", PAIRS)
def test_ours_to_keras_to_ours_is_exact(name, dtype):
    p = PAIRS[name][0](seed=2, dtype=dtype)
    again = from_keras(to_keras(p), activation=getattr(p, "activation", "tanh"))
    equal(again, p)
    assert again.dtype == dtype


@pytest.mark.parametrize("name", ["rnn", "lstm", "gru"])
def test_bidirectional(rng, name):
    init, layer = PAIRS[name]
    p = Bidirectional(init(seed=3), init(seed=4))
    both = L.Bidirectional(layer(return_sequences=True, dtype="float64"), dtype="float64")
    x = rng.normal(size=(T, B, I))
    both.build((B, T, I))
    both.set_weights(to_keras(p))
    close(name, forward(p, x).h, run(both, x))
    equal(from_keras(both), p)
    equal(from_keras(both.get_weights()), p)


def test_weights_are_copies():
    p = lstm_init(I, H)
    weights = to_keras(p)
    again = from_keras(weights)
    for w in weights:
        w[:] = 0
    equal(again, p)


def built(layer):
    layer.build((B, T, I))
    return layer


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: to_keras(no_forget_init(2, 3)), "p: expected RNNParams.*found NoForgetParams"),
        (
            lambda: from_keras(built(L.GRU(H)), kind="lstm"),
            "weights: expected those of lstm, found those of gru",
        ),
        (
            lambda: from_keras(built(L.Dense(H))),
            "layer: expected one of SimpleRNN, LSTM, GRU, found Dense",
        ),
        (lambda: from_keras(L.LSTM(H)), "layer: it has no weights yet"),
        (
            lambda: from_keras(built(L.LSTM(H, recurrent_activation="hard_sigmoid"))),
            "recurrent_activation: expected one of sigmoid, found 'hard_sigmoid'",
        ),
        (
            lambda: from_keras(built(L.GRU(H, activation="relu"))),
            "activation: expected one of tanh, found 'relu'",
        ),
        (
            lambda: from_keras([np.zeros((2, 3))]),
            "weights: expected kernel, recurrent kernel and bias",
        ),
        (
            lambda: from_keras([np.zeros((2, 8)), np.zeros((3, 12)), np.zeros(12)]),
            r"kernel: expected shape \(I, 12\), found \(2, 8\)",
        ),
        (
            lambda: from_keras([np.zeros((2, 12)), np.zeros((3, 12)), np.zeros(8)]),
            r"bias: expected shape \(12,\), found \(8,\)",
        ),
        (
            lambda: from_keras([np.zeros((2, 6)), np.zeros((3, 6)), np.zeros(6)]),
            "recurrent kernel: expected 1, 3 or 4 times",
        ),
    ],
)
def test_bad_input_in_one_sentence(call, message):
    with pytest.raises(UserError, match=message):
        call()
