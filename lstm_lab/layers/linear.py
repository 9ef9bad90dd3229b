"""The linear head: from hidden states to predictions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from lstm_lab.cells.init import over_seeds
from lstm_lab.cells.params import Array, Record
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.shapes import check_float, check_shape

__all__ = ["LinearParams", "linear_backward", "linear_forward", "linear_init"]


@dataclass(frozen=True, eq=False, repr=False)
class LinearParams(Record):
    """W (O, H), b (O,); both may carry a leading seed dimension."""

    MATRIX: ClassVar[str] = "W"

    W: Array
    b: Array

    def expected_shapes(self) -> dict[str, tuple[int | str, ...]]:
        """Return the shape that each array must have (without the seed dimension)."""
        return {"W": ("O", "H"), "b": (self.W.shape[-2],)}


def linear_init(
    H: int, O: int, seed: int | Iterable[int] = 0, dtype: Any = np.float64
) -> LinearParams:
    """Start a head from H hidden units to O outputs, as torch does: U(±1/sqrt(H)).

    Examples
    --------
    >>> linear_init(8, 1)
    LinearParams(W (1, 8), b (1,), float64)
    """
    if H < 1 or O < 1:
        raise UserError(
            _("sizes: expected at least one hidden unit and one output, found H={H}, O={O}").format(
                H=H, O=O
            )
        )

    def one(rng: np.random.Generator) -> LinearParams:
        k = 1 / np.sqrt(H)
        return LinearParams(rng.uniform(-k, k, (O, H)), rng.uniform(-k, k, O))

    return over_seeds(one, seed, dtype)


def linear_forward(p: LinearParams, h: Array) -> Array:
    """Return y = W h + b.

    Parameters
    ----------
    p : LinearParams
    h : ndarray (…, H)
        Any number of leading axes: (B, H) for one answer a sequence, (T, B, H) for one
        at every step. With a seed dimension in `p`: (S, B, H) or (T, S, B, H).

    Returns
    -------
    ndarray (…, O)

    Examples
    --------
    >>> p = LinearParams(W=np.array([[1.0, 2.0]]), b=np.array([0.5]))
    >>> linear_forward(p, np.array([[3.0, 4.0]]))
    array([[11.5]])
    """
    _check(p, h)
    # (…, S, B, H) @ (S, H, O), or without the S
    return h @ p.W.swapaxes(-1, -2) + p.b[..., None, :]


def linear_backward(p: LinearParams, h: Array, dy: Array) -> tuple[Array, LinearParams]:
    """Go back through `linear_forward`: from dL/dy to dL/dh and dL/dp.

    Parameters
    ----------
    p : LinearParams
    h : ndarray (…, H)
        As given to `linear_forward`.
    dy : ndarray (…, O)

    Returns
    -------
    dh : ndarray (…, H)
    dp : LinearParams

    Examples
    --------
    >>> p = LinearParams(W=np.array([[1.0, 2.0]]), b=np.array([0.5]))
    >>> dh, dp = linear_backward(p, np.array([[3.0, 4.0]]), np.array([[1.0]]))
    >>> dh, dp.W, dp.b
    (array([[1., 2.]]), array([[3., 4.]]), array([1.]))
    """
    _check(p, h)
    O, H = p.W.shape[-2:]
    check_float("dy", dy)
    check_shape("dy", dy, (*h.shape[:-1], O))
    dh = dy @ p.W
    if p.seeds is None:
        flat, dflat = h.reshape(-1, H), dy.reshape(-1, O)
        return dh, p.replace(W=dflat.T @ flat, b=dflat.sum(axis=0))
    # the seed axis to the front, then one product a seed over all steps and sequences
    rows = np.moveaxis(h, -3, 0).reshape(p.seeds, -1, H)
    drows = np.moveaxis(dy, -3, 0).reshape(p.seeds, -1, O)
    return dh, p.replace(W=drows.swapaxes(-1, -2) @ rows, b=drows.sum(axis=1))


def _check(p: LinearParams, h: Array) -> None:
    check_float("h", h)
    H = p.W.shape[-1]
    batch = h.shape[-2:-1] or ("B",)
    if p.seeds is None:
        check_shape("h", h, (*h.shape[:-2], *batch, H))
    else:
        check_shape("h", h, (*h.shape[:-3], p.seeds, *batch, H))
