"""The vanilla RNN: one step forward, one step back.  (Elman 1990)"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from lstm_lab.cells.init import draw, over_seeds
from lstm_lab.cells.params import Array, Params, check_step
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = ["RNNCache", "RNNParams", "rnn_init", "rnn_step", "rnn_step_backward"]


@dataclass(frozen=True, eq=False, repr=False)
class RNNParams(Params):
    """W_x (H, I), W_h (H, H), b (H,), and the activation: ``"tanh"`` or ``"relu"``."""

    ROWS: ClassVar[int] = 1
    activation: str = "tanh"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.activation not in ("tanh", "relu"):
            raise UserError(
                _("activation: expected tanh or relu, found {found}").format(
                    found=repr(self.activation)
                )
            )


class RNNCache(NamedTuple):
    """What the step back needs of the step forward."""

    x: Array
    h: Array
    h_new: Array


def rnn_init(
    I: int,
    H: int,
    seed: int | Iterable[int] = 0,
    scheme: str = "torch",
    activation: str = "tanh",
    dtype: Any = np.float64,
) -> RNNParams:
    """Start an RNN with I inputs and H hidden units.

    Parameters
    ----------
    I, H : int
        Width of the input, number of hidden units.
    seed : int or iterable of int
        Several seeds give weights with a leading seed dimension.
    scheme : {"torch", "xavier", "orthogonal", "identity"}
        See `lstm_lab.cells.init.draw`.

    Examples
    --------
    >>> rnn_init(2, 3)
    RNNParams(W_x (3, 2), W_h (3, 3), b (3,), activation='tanh', float64)
    >>> rnn_init(2, 3).count
    18
    """
    return over_seeds(lambda rng: RNNParams(*draw(rng, I, H, 1, scheme), activation), seed, dtype)


def rnn_step(p: RNNParams, x: Array, h: Array) -> tuple[Array, RNNCache]:
    """Take one step: h' = tanh(W_x x + W_h h + b).

    Parameters
    ----------
    p : RNNParams
    x : ndarray (B, I)
        This step's input, a row for each sequence of the batch.
    h : ndarray (B, H)
        The hidden state before the step.

    Returns
    -------
    h_new : ndarray (B, H)
    cache : RNNCache
        For `rnn_step_backward`.

    Examples
    --------
    >>> p = RNNParams(W_x=np.array([[1.0]]), W_h=np.array([[0.5]]), b=np.array([0.0]))
    >>> h, _ = rnn_step(p, x=np.array([[1.0]]), h=np.array([[0.0]]))
    >>> h.round(4)          # tanh(1)
    array([[0.7616]])
    >>> h, _ = rnn_step(p, x=np.array([[0.0]]), h=h)
    >>> h.round(4)          # tanh(0.7616 / 2): the input is gone, half of it is remembered
    array([[0.3634]])
    """
    check_step(p, x, h=h)
    a = x @ p.W_x.T + h @ p.W_h.T + p.b  # (B, H)
    h_new = np.tanh(a) if p.activation == "tanh" else np.maximum(a, 0)
    return h_new, RNNCache(x, h, h_new)


def rnn_step_backward(
    p: RNNParams, cache: RNNCache, dh_new: Array
) -> tuple[Array, Array, RNNParams]:
    """Take one step back: from dL/dh' to dL/dx, dL/dh and dL/dp.

    Parameters
    ----------
    p : RNNParams
    cache : RNNCache
        From `rnn_step`.
    dh_new : ndarray (B, H)
        dL/dh': all that the loss asks of the new state, from above and from later steps.

    Returns
    -------
    dx : ndarray (B, I)
    dh : ndarray (B, H)
    dp : RNNParams
        A record like `p` that holds dL/dW_x, dL/dW_h and dL/db.

    Examples
    --------
    >>> p = RNNParams(W_x=np.array([[1.0]]), W_h=np.array([[0.5]]), b=np.array([0.0]))
    >>> h, cache = rnn_step(p, x=np.array([[0.0]]), h=np.array([[0.2]]))
    >>> dx, dh, dp = rnn_step_backward(p, cache, np.array([[1.0]]))
    >>> dh.round(4), dp.W_h.round(4)     # (1 - tanh(0.1)^2) * W_h, (1 - tanh(0.1)^2) * h
    (array([[0.495]]), array([[0.198]]))
    """
    x, h, h_new = cache
    slope = 1 - h_new**2 if p.activation == "tanh" else (h_new > 0).astype(h_new.dtype)
    da = dh_new * slope  # (B, H)

    dx = da @ p.W_x
    dh = da @ p.W_h
    dp = p.replace(W_x=da.T @ x, W_h=da.T @ h, b=da.sum(axis=0))
    return dx, dh, dp
