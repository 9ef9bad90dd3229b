"""The LSTM with a forget gate: one step forward, one step back.

Hochreiter & Schmidhuber 1997 made the memory cell; Gers, Schmidhuber & Cummins 2000
gave it the gate f. What everybody calls an LSTM today is this cell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from lstm_lab.cells.activations import sigmoid
from lstm_lab.cells.init import draw, over_seeds, set_biases
from lstm_lab.cells.params import Array, Params, check_step

__all__ = ["LSTMCache", "LSTMParams", "lstm_init", "lstm_step", "lstm_step_backward"]


@dataclass(frozen=True, eq=False, repr=False)
class LSTMParams(Params):
    """W_x (4H, I), W_h (4H, H), b (4H,): the rows of the gates in the order i, f, g, o."""

    ROWS: ClassVar[int] = 4


class LSTMCache(NamedTuple):
    """What the step back needs of the step forward."""

    x: Array
    h: Array
    c: Array
    i: Array
    f: Array
    g: Array
    o: Array
    c_new: Array


def lstm_init(
    I: int,
    H: int,
    seed: int | Iterable[int] = 0,
    scheme: str = "torch",
    forget_bias: float | None = None,
    chrono: float | None = None,
    dtype: Any = np.float64,
) -> LSTMParams:
    """Start an LSTM with I inputs and H hidden units.

    Parameters
    ----------
    I, H : int
        Width of the input, number of hidden units.
    seed : int or iterable of int
        Several seeds give weights with a leading seed dimension.
    scheme : {"torch", "xavier", "orthogonal"}
        See `lstm_lab.cells.init.draw`.
    forget_bias : float, optional
        Set the bias of the forget gate, often to 1. (Jozefowicz et al. 2015)
    chrono : float, optional
        The longest dependency expected, in steps: b_f = log U(1, chrono - 1),
        b_i = -b_f. (Tallec & Ollivier 2018)

    Examples
    --------
    >>> p = lstm_init(2, 3, forget_bias=1.0)
    >>> p
    LSTMParams(W_x (12, 2), W_h (12, 3), b (12,), float64)
    >>> p.b[3:6]
    array([1., 1., 1.])
    """

    def one(rng: np.random.Generator) -> LSTMParams:
        W_x, W_h, b = draw(rng, I, H, 4, scheme)
        set_biases(rng, b, "ifgo", forget_bias=forget_bias, chrono=chrono)
        return LSTMParams(W_x, W_h, b)

    return over_seeds(one, seed, dtype)


def lstm_step(
    p: LSTMParams, x: Array, state: tuple[Array, Array]
) -> tuple[tuple[Array, Array], LSTMCache]:
    """Take one step.

    ::

        i = sigma(W_xi x + W_hi h + b_i)      how much is written
        f = sigma(W_xf x + W_hf h + b_f)      how much is kept
        g =  tanh(W_xg x + W_hg h + b_g)      what would be written
        o = sigma(W_xo x + W_ho h + b_o)      how much is shown
        c' = f c + i g
        h' = o tanh(c')

    Parameters
    ----------
    p : LSTMParams
    x : ndarray (B, I)
        This step's input, a row for each sequence of the batch.
    state : (h, c)
        Hidden state and cell state before the step, ndarray (B, H) each.

    Returns
    -------
    state : (h_new, c_new)
        ndarray (B, H) each.
    cache : LSTMCache
        For `lstm_step_backward`.

    Examples
    --------
    With all weights zero every gate is half open and nothing is written, so half of
    c is kept:

    >>> p = LSTMParams(W_x=np.zeros((4, 1)), W_h=np.zeros((4, 1)), b=np.zeros(4))
    >>> (h, c), _ = lstm_step(p, np.array([[1.0]]), (np.array([[0.0]]), np.array([[0.8]])))
    >>> c, h.round(4)          # 0.5 * 0.8, 0.5 * tanh(0.4)
    (array([[0.4]]), array([[0.19]]))
    """
    h, c = state
    check_step(p, x, h=h, c=c)
    a = x @ p.W_x.T + h @ p.W_h.T + p.b  # (B, 4H)
    a_i, a_f, a_g, a_o = np.split(a, 4, axis=1)

    i = sigmoid(a_i)
    f = sigmoid(a_f)
    g = np.tanh(a_g)
    o = sigmoid(a_o)
    c_new = f * c + i * g
    h_new = o * np.tanh(c_new)
    return (h_new, c_new), LSTMCache(x, h, c, i, f, g, o, c_new)


def lstm_step_backward(
    p: LSTMParams, cache: LSTMCache, dstate: tuple[Array, Array]
) -> tuple[Array, tuple[Array, Array], LSTMParams]:
    """Take one step back: from dL/dh', dL/dc' to dL/dx, dL/dh, dL/dc and dL/dp.

    Parameters
    ----------
    p : LSTMParams
    cache : LSTMCache
        From `lstm_step`.
    dstate : (dh_new, dc_new)
        What the loss asks of the new state, from above and from later steps,
        ndarray (B, H) each.

    Returns
    -------
    dx : ndarray (B, I)
    dstate : (dh, dc)
        ndarray (B, H) each.
    dp : LSTMParams
        A record like `p` that holds dL/dW_x, dL/dW_h and dL/db.

    Examples
    --------
    Along c the gradient shrinks by f, here one half:

    >>> p = LSTMParams(W_x=np.zeros((4, 1)), W_h=np.zeros((4, 1)), b=np.zeros(4))
    >>> zero, one = np.array([[0.0]]), np.array([[1.0]])
    >>> _, cache = lstm_step(p, zero, (zero, zero))
    >>> dx, (dh, dc), dp = lstm_step_backward(p, cache, (zero, one))
    >>> dc
    array([[0.5]])
    """
    x, h, c, i, f, g, o, c_new = cache
    dh_new, dc_new = dstate
    tanh_c = np.tanh(c_new)

    do = dh_new * tanh_c
    dc_new = dc_new + dh_new * o * (1 - tanh_c**2)  # c' reaches the loss also through h'
    di = dc_new * g
    df = dc_new * c
    dg = dc_new * i
    dc = dc_new * f

    da_i = di * i * (1 - i)
    da_f = df * f * (1 - f)
    da_g = dg * (1 - g**2)
    da_o = do * o * (1 - o)
    da = np.concatenate([da_i, da_f, da_g, da_o], axis=1)  # (B, 4H)

    dx = da @ p.W_x
    dh = da @ p.W_h
    dp = p.replace(W_x=da.T @ x, W_h=da.T @ h, b=da.sum(axis=0))
    return dx, (dh, dc), dp
