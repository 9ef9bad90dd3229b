"""The GRU, with the reset gate before or after the matrix product.

Before: Cho et al. 2014. After: what torch, cuDNN and Keras compute by default; the gate
then scales W_hn h + b_hn, so the product need not wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from lstm_lab.cells.activations import sigmoid
from lstm_lab.cells.init import draw, over_seeds, set_biases
from lstm_lab.cells.params import Array, Params, check_step

__all__ = ["GRUCache", "GRUParams", "gru_init", "gru_step", "gru_step_backward"]


@dataclass(frozen=True, eq=False, repr=False)
class GRUParams(Params):
    """W_x (3H, I), W_h (3H, H), b (3H,): the rows in the order r, z, n.

    b_hn (H,) is the second bias of n, inside the reset gate's reach. With it the gate
    acts after the product; where it is None, before (one bias is then enough).
    """

    ROWS: ClassVar[int] = 3
    b_hn: Array | None = None

    @property
    def reset_after(self) -> bool:
        """Whether the reset gate acts after the matrix product."""
        return self.b_hn is not None

    def expected_shapes(self) -> dict[str, tuple[int | str, ...]]:
        """Return the shape that each array must have (without the seed dimension)."""
        extra = {"b_hn": (self.hidden,)} if self.reset_after else {}
        return {**super().expected_shapes(), **extra}


class GRUCache(NamedTuple):
    """What the step back needs of the step forward."""

    x: Array
    h: Array
    r: Array
    z: Array
    n: Array
    m: Array  # what the product with W_hn gave (after) or was given (before)


def gru_init(
    I: int,
    H: int,
    seed: int | Iterable[int] = 0,
    scheme: str = "torch",
    reset_after: bool = True,
    chrono: float | None = None,
    dtype: Any = np.float64,
) -> GRUParams:
    """Start a GRU with I inputs and H hidden units.

    Parameters
    ----------
    I, H, seed, scheme, dtype
        As in `lstm_init`.
    reset_after : bool
        Where the reset gate acts.
    chrono : float, optional
        The longest dependency expected, in steps; sets b_z, since z near 1 keeps.

    Examples
    --------
    >>> gru_init(2, 3)
    GRUParams(W_x (9, 2), W_h (9, 3), b (9,), b_hn (3,), float64)
    """

    def one(rng: np.random.Generator) -> GRUParams:
        W_x, W_h, b = draw(rng, I, H, 3, scheme)
        k = 1 / np.sqrt(H) if scheme == "torch" else 0.0
        b_hn = None
        if reset_after:
            # torch's two biases of n do not add up here: one draw each
            b[2 * H :], b_hn = rng.uniform(-k, k, (2, H))
        set_biases(rng, b, "rfn", chrono=chrono)  # z does here what f does in the LSTM
        return GRUParams(W_x, W_h, b, b_hn)

    return over_seeds(one, seed, dtype)


def gru_step(p: GRUParams, x: Array, h: Array) -> tuple[Array, GRUCache]:
    """Take one step.

    ::

        r = sigma(W_xr x + W_hr h + b_r)                what of h the candidate sees
        z = sigma(W_xz x + W_hz h + b_z)                how much is kept
        n =  tanh(W_xn x + b_n + r (W_hn h + b_hn))     reset after the product
        n =  tanh(W_xn x + b_n + W_hn (r h))            reset before it
        h' = (1 - z) n + z h

    Parameters
    ----------
    p : GRUParams
    x : ndarray (B, I)
    h : ndarray (B, H)

    Returns
    -------
    h_new : ndarray (B, H)
    cache : GRUCache

    Examples
    --------
    With all weights zero z = 1/2 and n = 0, so half of h is kept:

    >>> p = GRUParams(W_x=np.zeros((3, 1)), W_h=np.zeros((3, 1)), b=np.zeros(3))
    >>> h, _ = gru_step(p, np.array([[1.0]]), np.array([[0.8]]))
    >>> h
    array([[0.4]])
    """
    check_step(p, x, h=h)
    x_r, x_z, x_n = np.split(x @ p.W_x.T + p.b, 3, axis=1)  # (B, H) each
    W_hr, W_hz, W_hn = np.split(p.W_h, 3)  # (H, H) each

    r = sigmoid(x_r + h @ W_hr.T)
    z = sigmoid(x_z + h @ W_hz.T)
    if p.b_hn is not None:
        m = h @ W_hn.T + p.b_hn
        n = np.tanh(x_n + r * m)
    else:
        m = r * h
        n = np.tanh(x_n + m @ W_hn.T)
    h_new = (1 - z) * n + z * h
    return h_new, GRUCache(x, h, r, z, n, m)


def gru_step_backward(
    p: GRUParams, cache: GRUCache, dh_new: Array
) -> tuple[Array, Array, GRUParams]:
    """Take one step back: from dL/dh' to dL/dx, dL/dh and dL/dp.

    Parameters
    ----------
    p : GRUParams
    cache : GRUCache
    dh_new : ndarray (B, H)

    Returns
    -------
    dx : ndarray (B, I)
    dh : ndarray (B, H)
    dp : GRUParams

    Examples
    --------
    >>> p = GRUParams(W_x=np.zeros((3, 1)), W_h=np.zeros((3, 1)), b=np.zeros(3))
    >>> _, cache = gru_step(p, np.array([[1.0]]), np.array([[0.8]]))
    >>> dx, dh, dp = gru_step_backward(p, cache, np.array([[1.0]]))
    >>> dh
    array([[0.5]])
    """
    x, h, r, z, n, m = cache
    W_hr, W_hz, W_hn = np.split(p.W_h, 3)

    dn = dh_new * (1 - z)
    dz = dh_new * (h - n)
    dh = dh_new * z
    da_n = dn * (1 - n**2)
    da_z = dz * z * (1 - z)

    if p.b_hn is not None:
        dr = da_n * m
        dm = da_n * r
        dW_hn = dm.T @ h
        dh = dh + dm @ W_hn
    else:
        dm = da_n @ W_hn
        dr = dm * h
        dW_hn = da_n.T @ m
        dh = dh + dm * r
    da_r = dr * r * (1 - r)
    da = np.concatenate([da_r, da_z, da_n], axis=1)  # (B, 3H)

    dx = da @ p.W_x
    dh = dh + da_r @ W_hr + da_z @ W_hz
    dp = p.replace(
        W_x=da.T @ x,
        W_h=np.concatenate([da_r.T @ h, da_z.T @ h, dW_hn]),
        b=da.sum(axis=0),
        b_hn=dm.sum(axis=0) if p.b_hn is not None else None,
    )
    return dx, dh, dp
