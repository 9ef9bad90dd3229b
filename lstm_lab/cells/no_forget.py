"""The 1997 memory cell in its modern reading: no forget gate, c' = c + i g.

What `memory_cell` has beside this (blocks, gates that feed gates, other squashings) is
left out, what everybody means by "the LSTM before the forget gate" is here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from lstm_lab.cells.activations import sigmoid
from lstm_lab.cells.init import draw, over_seeds, set_biases
from lstm_lab.cells.params import Array, Params, check_step

__all__ = [
    "NoForgetCache",
    "NoForgetParams",
    "no_forget_init",
    "no_forget_step",
    "no_forget_step_backward",
]


@dataclass(frozen=True, eq=False, repr=False)
class NoForgetParams(Params):
    """W_x (3H, I), W_h (3H, H), b (3H,): the rows of the gates in the order i, g, o."""

    ROWS: ClassVar[int] = 3


class NoForgetCache(NamedTuple):
    """What the step back needs of the step forward."""

    x: Array
    h: Array
    i: Array
    g: Array
    o: Array
    c_new: Array


def no_forget_init(
    I: int,
    H: int,
    seed: int | Iterable[int] = 0,
    scheme: str = "torch",
    input_bias: float | None = None,
    dtype: Any = np.float64,
) -> NoForgetParams:
    """Start a cell without forget gate; a negative `input_bias` keeps it from filling up early.

    Examples
    --------
    >>> no_forget_init(2, 3, input_bias=-1.0).b[:3]
    array([-1., -1., -1.])
    """

    def one(rng: np.random.Generator) -> NoForgetParams:
        W_x, W_h, b = draw(rng, I, H, 3, scheme)
        set_biases(rng, b, "igo", input_bias=input_bias)
        return NoForgetParams(W_x, W_h, b)

    return over_seeds(one, seed, dtype)


def no_forget_step(
    p: NoForgetParams, x: Array, state: tuple[Array, Array]
) -> tuple[tuple[Array, Array], NoForgetCache]:
    """Take one step.

    ::

        i = sigma(W_xi x + W_hi h + b_i)
        g =  tanh(W_xg x + W_hg h + b_g)
        o = sigma(W_xo x + W_ho h + b_o)
        c' = c + i g                      nothing is ever taken away
        h' = o tanh(c')

    Parameters
    ----------
    p : NoForgetParams
    x : ndarray (B, I)
    state : (h, c)
        ndarray (B, H) each.

    Returns
    -------
    state : (h_new, c_new)
    cache : NoForgetCache

    Examples
    --------
    With all weights zero nothing is written, and c stays for ever:

    >>> p = NoForgetParams(W_x=np.zeros((3, 1)), W_h=np.zeros((3, 1)), b=np.zeros(3))
    >>> (h, c), _ = no_forget_step(p, np.array([[1.0]]), (np.array([[0.0]]), np.array([[0.8]])))
    >>> c
    array([[0.8]])
    """
    h, c = state
    check_step(p, x, h=h, c=c)
    a = x @ p.W_x.T + h @ p.W_h.T + p.b  # (B, 3H)
    a_i, a_g, a_o = np.split(a, 3, axis=1)

    i = sigmoid(a_i)
    g = np.tanh(a_g)
    o = sigmoid(a_o)
    c_new = c + i * g
    h_new = o * np.tanh(c_new)
    return (h_new, c_new), NoForgetCache(x, h, i, g, o, c_new)


def no_forget_step_backward(
    p: NoForgetParams, cache: NoForgetCache, dstate: tuple[Array, Array]
) -> tuple[Array, tuple[Array, Array], NoForgetParams]:
    """Take one step back: along c the gradient arrives as it left, times 1.

    Parameters
    ----------
    p : NoForgetParams
    cache : NoForgetCache
    dstate : (dh_new, dc_new)

    Returns
    -------
    dx : ndarray (B, I)
    dstate : (dh, dc)
    dp : NoForgetParams

    Examples
    --------
    >>> p = NoForgetParams(W_x=np.zeros((3, 1)), W_h=np.zeros((3, 1)), b=np.zeros(3))
    >>> zero, one = np.array([[0.0]]), np.array([[1.0]])
    >>> _, cache = no_forget_step(p, zero, (zero, zero))
    >>> dx, (dh, dc), dp = no_forget_step_backward(p, cache, (zero, one))
    >>> dc
    array([[1.]])
    """
    x, h, i, g, o, c_new = cache
    dh_new, dc_new = dstate
    tanh_c = np.tanh(c_new)

    do = dh_new * tanh_c
    dc = dc_new + dh_new * o * (1 - tanh_c**2)
    di = dc * g
    dg = dc * i

    da_i = di * i * (1 - i)
    da_g = dg * (1 - g**2)
    da_o = do * o * (1 - o)
    da = np.concatenate([da_i, da_g, da_o], axis=1)  # (B, 3H)

    dx = da @ p.W_x
    dh = da @ p.W_h
    dp = p.replace(W_x=da.T @ x, W_h=da.T @ h, b=da.sum(axis=0))
    return dx, (dh, dc), dp
