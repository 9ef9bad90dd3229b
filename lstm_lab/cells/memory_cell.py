"""The memory cell of 1997 as published. (Hochreiter & Schmidhuber 1997, appendix A.1)

What differs from today's cell: there is no forget gate; cells stand in blocks that share
an input and an output gate; gates are units like others, so every cell and gate feeds
every cell and gate; the squashings are g = 2 tanh(a/2) and h' = o tanh(c'/2); and the
gradient was truncated: it went back in time along c only.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from lstm_lab.cells.activations import sigmoid
from lstm_lab.cells.init import over_seeds
from lstm_lab.cells.params import Array, Params, check_step
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.shapes import check_shape

__all__ = [
    "MemoryCellCache",
    "MemoryCellParams",
    "memory_cell_init",
    "memory_cell_step",
    "memory_cell_step_backward",
]


@dataclass(frozen=True, eq=False, repr=False)
class MemoryCellParams(Params):
    """K blocks of H/K cells, so U = H + 2K units: rows i (K), g (H), o (K).

    W_x (U, I), W_h (U, H) from the cells, W_g (U, 2K) from the gates i, o of the step
    before, b (U,); or b (2K,), biases of the gates alone, as in some of the paper's tasks.
    """

    W_g: Array = None  # type: ignore[assignment]
    truncated: bool = False

    @property
    def blocks(self) -> int:
        """K, the number of blocks."""
        return int(self.W_g.shape[-1]) // 2

    @property
    def bias(self) -> str:
        """Which units have a bias: ``"all"`` or ``"gates"``."""
        return "all" if self.b.shape[-1] == self.W_h.shape[-2] else "gates"

    def expected_shapes(self) -> dict[str, tuple[int | str, ...]]:
        """Return the shape that each array must have (without the seed dimension)."""
        H, K = self.hidden, self.blocks
        U = H + 2 * K
        b = U if self.bias == "all" else 2 * K
        return {"W_h": (U, H), "W_x": (U, "I"), "W_g": (U, 2 * K), "b": (b,)}

    def state_width(self, name: str) -> int:
        """Return how many numbers the part `name` of the state has."""
        return 2 * self.blocks if name == "gates" else self.hidden


class MemoryCellCache(NamedTuple):
    """What the step back needs of the step forward; i and o (B, H), one for each cell."""

    x: Array
    h: Array
    gates: Array
    i: Array
    g: Array
    o: Array
    c_new: Array


def memory_cell_init(
    I: int,
    blocks: int,
    cells: int = 1,
    seed: int | Iterable[int] = 0,
    scale: float = 0.1,
    input_bias: float | None = None,
    output_bias: float | None = None,
    bias: str = "all",
    truncated: bool = False,
    dtype: Any = np.float64,
) -> MemoryCellParams:
    """Start a layer of memory cells, all weights U(-scale, scale) as in the paper.

    Parameters
    ----------
    I : int
        Width of the input.
    blocks, cells : int
        Number of blocks, and of cells in each.
    scale : float
        0.1 or 0.2 in the paper's experiments.
    input_bias, output_bias : float, optional
        The paper starts some output gates at -1, -2, …, so that blocks join one by one.
    bias : {"all", "gates"}
        Which units have one.
    truncated : bool
        The published gradient: exact along c, cut at every other way back in time.

    Examples
    --------
    The paper's net for the adding problem has 2 blocks of 2 cells; with the output unit's
    4 weights and bias it counts 93 weights:

    >>> memory_cell_init(2, blocks=2, cells=2).count + 4 + 1
    93
    """
    if blocks < 1 or cells < 1 or I < 1:
        raise UserError(
            _(
                "sizes: expected at least one input, block and cell, "
                "found I={I}, blocks={blocks}, cells={cells}"
            ).format(I=I, blocks=blocks, cells=cells)
        )
    if bias not in ("all", "gates"):
        raise UserError(_("bias: expected all or gates, found {found}").format(found=repr(bias)))
    H, K = blocks * cells, blocks
    U = H + 2 * K

    def one(rng: np.random.Generator) -> MemoryCellParams:
        W = rng.uniform(-scale, scale, (U, I + U + 1))
        W_x, W_h, W_g, b = np.split(W, [I, I + H, I + U], axis=1)
        b = b[:, 0] if bias == "all" else np.delete(b[:, 0], np.s_[K : K + H])
        if input_bias is not None:
            b[:K] = input_bias
        if output_bias is not None:
            b[-K:] = output_bias
        return MemoryCellParams(W_x.copy(), W_h.copy(), b.copy(), W_g.copy(), truncated)

    return over_seeds(one, seed, dtype)


def memory_cell_step(
    p: MemoryCellParams, x: Array, state: tuple[Array, Array, Array]
) -> tuple[tuple[Array, Array, Array], MemoryCellCache]:
    """Take one step.

    ::

        a = W_x x + W_h h + W_g gates + b
        i = sigma(a_i)          one for each block, shared by its cells
        g = 2 tanh(a_g / 2)     between -2 and 2
        o = sigma(a_o)          one for each block
        c' = c + i g
        h' = o tanh(c' / 2)

    Parameters
    ----------
    p : MemoryCellParams
    x : ndarray (B, I)
    state : (h, c, gates)
        h and c (B, H); gates (B, 2K), the i and o of the step before.

    Returns
    -------
    state : (h_new, c_new, gates_new)
    cache : MemoryCellCache

    Examples
    --------
    >>> p = memory_cell_init(2, blocks=2, cells=3)
    >>> (h, c, gates), _ = memory_cell_step(p, np.ones((1, 2)), (np.zeros((1, 6)),) * 2
    ...                                     + (np.zeros((1, 4)),))
    >>> h.shape, c.shape, gates.shape
    ((1, 6), (1, 6), (1, 4))
    """
    h, c, gates = state
    check_step(p, x, h=h, c=c)
    H, K = p.hidden, p.blocks
    check_shape("gates", gates, (len(x), 2 * K))
    a = x @ p.W_x.T + h @ p.W_h.T + gates @ p.W_g.T  # (B, U)
    b_i, b_g, b_o = np.split(p.b, [K, -K])  # b_g is empty where only gates have a bias
    a_i, a_g, a_o = np.split(a, [K, K + H], axis=1)

    gate_i = sigmoid(a_i + b_i)  # (B, K)
    gate_o = sigmoid(a_o + b_o)
    i = np.repeat(gate_i, H // K, axis=1)  # (B, H)
    o = np.repeat(gate_o, H // K, axis=1)
    g = 2 * np.tanh((a_g + b_g if b_g.size else a_g) / 2)
    c_new = c + i * g
    h_new = o * np.tanh(c_new / 2)
    gates_new = np.concatenate([gate_i, gate_o], axis=1)
    return (h_new, c_new, gates_new), MemoryCellCache(x, h, gates, i, g, o, c_new)


def memory_cell_step_backward(
    p: MemoryCellParams, cache: MemoryCellCache, dstate: tuple[Array, Array, Array]
) -> tuple[Array, tuple[Array, Array, Array], MemoryCellParams]:
    """Take one step back; with ``p.truncated`` nothing returns to h and the gates.

    Parameters
    ----------
    p : MemoryCellParams
    cache : MemoryCellCache
    dstate : (dh_new, dc_new, dgates_new)

    Returns
    -------
    dx : ndarray (B, I)
    dstate : (dh, dc, dgates)
    dp : MemoryCellParams

    Examples
    --------
    The carousel: dc arrives as it left, at any number of steps.

    >>> p = memory_cell_init(1, blocks=1, truncated=True)
    >>> zero, one = np.zeros((1, 1)), np.ones((1, 1))
    >>> _, cache = memory_cell_step(p, one, (zero, zero, np.zeros((1, 2))))
    >>> dx, (dh, dc, _), dp = memory_cell_step_backward(p, cache, (zero, one, np.zeros((1, 2))))
    >>> dc, dh
    (array([[1.]]), array([[0.]]))
    """
    x, h, gates, i, g, o, c_new = cache
    dh_new, dc_new, dgates_new = dstate
    B, H, K = len(x), p.hidden, p.blocks
    tanh_c = np.tanh(c_new / 2)

    dc = dc_new + dh_new * o * (1 - tanh_c**2) / 2
    do = (dh_new * tanh_c).reshape(B, K, -1).sum(axis=2) + dgates_new[:, K:]  # (B, K)
    di = (dc * g).reshape(B, K, -1).sum(axis=2) + dgates_new[:, :K]
    dg = dc * i

    gate_i, gate_o = i[:, :: H // K], o[:, :: H // K]
    da_i = di * gate_i * (1 - gate_i)
    da_g = dg * (1 - (g / 2) ** 2)
    da_o = do * gate_o * (1 - gate_o)
    da = np.concatenate([da_i, da_g, da_o], axis=1)  # (B, U)

    db = da if p.bias == "all" else np.concatenate([da_i, da_o], axis=1)
    dp = p.replace(W_x=da.T @ x, W_h=da.T @ h, W_g=da.T @ gates, b=db.sum(axis=0))
    dx = da @ p.W_x
    if p.truncated:
        return dx, (np.zeros_like(h), dc, np.zeros_like(gates)), dp
    return dx, (da @ p.W_h, dc, da @ p.W_g), dp
