"""The two ways to write a step: W_x x + W_h h + b, and W [h, x] + b.  They are one."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from lstm_lab.cells.params import Array, Params
from lstm_lab.shapes import check_shape

__all__ = ["joined", "separate"]

P = TypeVar("P", bound=Params)


def joined(p: Params) -> tuple[Array, Array]:
    """Return W (rows, H + I) and b of the notation W [h, x] + b.

    Examples
    --------
    >>> from lstm_lab.cells import lstm_init
    >>> W, b = joined(lstm_init(2, 3))
    >>> W.shape, b.shape
    ((12, 5), (12,))
    """
    return np.concatenate([p.W_h, p.W_x], axis=-1), p.b


def separate(p: P, W: Array, b: Array) -> P:
    """Return a record like `p` with the weights of the notation W [h, x] + b.

    Examples
    --------
    >>> from lstm_lab.cells import lstm_init
    >>> p = lstm_init(2, 3)
    >>> q = separate(lstm_init(2, 3, seed=1), *joined(p))
    >>> bool((q.W_x == p.W_x).all() and (q.W_h == p.W_h).all())
    True
    """
    H = p.hidden
    check_shape("W", W, (*p.W_h.shape[:-1], H + p.inputs))
    return p.replace(W_h=W[..., :H], W_x=W[..., H:], b=b)
