"""Every cell as one of three: a plain RNN, a GRU, or a gated memory cell.

The fast engines know three kernels. A record of parameters is *lowered* to the form that
its kernel takes, and the kernel's gradients are *lifted* back to a record. So a variant of
the LSTM needs no loop of its own: a gate that it lacks is a gate with a bias so large that
it is open to the last bit, with weights 0 and therefore gradient 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch
from typing import Any

import numpy as np

from lstm_lab.cells import (
    FGRParams,
    GRUParams,
    LSTMParams,
    MemoryCellParams,
    NoForgetParams,
    RNNParams,
    VariantParams,
)
from lstm_lab.cells.params import Array, Params

__all__ = ["Lowered", "Weights", "lower"]

OPEN = 100.0  # sigma(100) is 1 in float32 and in float64


@dataclass
class Weights:
    """What a kernel computes with, and in the same form its gradients.

    W_x (…, G, I), W_h (…, G, R), b (…, G), where R counts what is fed back: h, and for
    some cells its gates; peep (…, 3, H), the peepholes of i, f, o; b_hn (…, H) of the GRU.
    """

    W_x: Array
    W_h: Array
    b: Array
    peep: Array | None = None
    b_hn: Array | None = None


class Lowered:
    """A cell in the form of its kernel. This class fits RNN, GRU and LSTM as they are."""

    kernel = "gated"
    coupled = False  # f = 1 - i
    linear_in = False  # g = a_g
    linear_out = False  # h = o c
    truncated = False  # nothing goes back through what is fed back

    def __init__(self, p: Any) -> None:
        self.p = p
        self.H = p.hidden
        self.weights = self.lowered()

    @property
    def R(self) -> int:
        """How many numbers are fed back: H, or H + 3H where the gates i, f, o are too."""
        return int(self.weights.W_h.shape[-1])

    def lowered(self) -> Weights:
        """Return the kernel's weights."""
        return Weights(self.p.W_x, self.p.W_h, self.p.b)

    def lifted(self, d: Weights) -> Params:
        """Return the gradients as a record like the parameters."""
        return self.p.replace(W_x=d.W_x, W_h=d.W_h, b=d.b)

    def state_in(self, parts: tuple[Array, ...]) -> tuple[Array, ...]:
        """Return what is fed back, and c where there is one, from the parts of a state."""
        return parts

    def state_out(self, fed: Array, *c: Array) -> tuple[Array, ...]:
        """Undo `state_in`."""
        return (fed, *c)

    def dstate_in(self, parts: tuple[Array, ...]) -> tuple[Array, ...]:
        """From gradients of the cell's state to those of the kernel's (`state_out` reversed)."""
        return parts

    def dstate_out(self, fed: Array, *c: Array) -> tuple[Array, ...]:
        """From gradients of the kernel's state to those of the cell's (`state_in` reversed)."""
        return (fed, *c)

    def gate(self, name: str, value: Array) -> Array:
        """Return a gate in the cell's own scale."""
        return value


class LoweredRNN(Lowered):
    """The activation is all there is to tell."""

    kernel = "rnn"


class LoweredGRU(Lowered):
    """The second bias is kept apart."""

    kernel = "gru"

    def lowered(self) -> Weights:
        return Weights(self.p.W_x, self.p.W_h, self.p.b, b_hn=self.p.b_hn)

    def lifted(self, d: Weights) -> Params:
        return self.p.replace(W_x=d.W_x, W_h=d.W_h, b=d.b, b_hn=d.b_hn)


class LoweredRows(Lowered):
    """A variant: rows for the gates it has, open gates for those it lacks."""

    def __init__(self, p: Any) -> None:
        self.rows = "igo" if isinstance(p, NoForgetParams) else p.rows
        variant = getattr(p, "variant", "NFG")
        self.coupled = variant == "CIFG"
        self.linear_in = variant == "NIAF"
        self.linear_out = variant == "NOAF"
        super().__init__(p)

    def _spread(self, array: Array, axis: int, missing: float = 0.0) -> Array:
        parts = dict(zip(self.rows, np.split(array, len(self.rows), axis), strict=True))
        like = parts["g"]
        whole = [parts[k] if k in parts else np.full_like(like, missing) for k in "ifgo"]
        return np.concatenate(whole, axis)

    def _gather(self, array: Array, axis: int) -> Array:
        parts = dict(zip("ifgo", np.split(array, 4, axis), strict=True))
        return np.concatenate([parts[k] for k in self.rows], axis)

    def lowered(self) -> Weights:
        p = self.p
        missing = 0.0 if self.coupled else OPEN
        peep = None
        looks = [getattr(p, f"p_{k}", None) for k in "ifo"]
        if any(look is not None for look in looks):
            zero = np.zeros_like(p.b[..., : self.H])
            peep = np.stack([zero if look is None else look for look in looks], axis=-2)
        W_x, W_h = self._spread(p.W_x, -2), self._spread(p.W_h, -2)
        return Weights(W_x, W_h, self._spread(p.b, -1, missing), peep)

    def lifted(self, d: Weights) -> Params:
        looks = {
            f"p_{k}": d.peep[..., n, :]
            for n, k in enumerate("ifo")
            if d.peep is not None and getattr(self.p, f"p_{k}") is not None
        }
        return self.p.replace(
            W_x=self._gather(d.W_x, -2),
            W_h=self._gather(d.W_h[..., : self.H], -2),
            b=self._gather(d.b, -1),
            **looks,
        )


class LoweredFGR(LoweredRows):
    """Full gate recurrence: the gates i, f, o are fed back beside h."""

    def lowered(self) -> Weights:
        plain, H = super().lowered(), self.H
        fed = np.zeros((*plain.W_h.shape[:-1], 4 * H), plain.W_h.dtype)
        fed[..., :H] = plain.W_h
        for n, rows in enumerate((0, 1, 3)):  # i, f, o among i, f, g, o
            fed[..., rows * H : (rows + 1) * H, H:] = self.p.W_r[..., n * H : (n + 1) * H, :]
        return Weights(plain.W_x, fed, plain.b, plain.peep)

    def lifted(self, d: Weights) -> Params:
        H = self.H
        rows = [d.W_h[..., k * H : (k + 1) * H, H:] for k in (0, 1, 3)]
        return super().lifted(d).replace(W_r=np.concatenate(rows, axis=-2))

    def state_in(self, parts: tuple[Array, ...]) -> tuple[Array, ...]:
        h, c, r = parts
        return np.concatenate([h, r], axis=-1), c

    def state_out(self, fed: Array, *c: Array) -> tuple[Array, ...]:
        return fed[..., : self.H], *c, fed[..., self.H :]

    dstate_in = state_in
    dstate_out = state_out


class LoweredBlocks(Lowered):
    """The cell of 1997: every cell of a block gets a copy of its gates, and c is halved.

    With c/2 for c the squashings become plain: c'/2 = c/2 + i tanh(a_g/2), h' = o tanh(c'/2).
    """

    def __init__(self, p: Any) -> None:
        self.truncated = p.truncated
        H, K = p.hidden, p.blocks
        m = H // K
        self.first = slice(0, H, m)  # the first cell of each block
        i, g, o = np.arange(K), np.arange(K, K + H), np.arange(K + H, H + 2 * K)
        self.rows_i, self.rows_g, self.rows_o = np.repeat(i, m), g, np.repeat(o, m)
        super().__init__(p)

    def _spread(self, array: Array, axis: int, missing: float = 0.0) -> Array:
        i, g, o = (np.take(array, rows, axis) for rows in (self.rows_i, self.rows_g, self.rows_o))
        return np.concatenate([i, np.full_like(g, missing), g / 2, o], axis)

    def _gather(self, array: Array, axis: int) -> Array:
        i, _f, g, o = np.split(np.moveaxis(array, axis, 0), 4)
        K = self.p.blocks
        summed = [gate.reshape(K, -1, *gate.shape[1:]).sum(axis=1) for gate in (i, o)]
        return np.moveaxis(np.concatenate([summed[0], g / 2, summed[1]]), 0, axis)

    def _all_biases(self) -> Array:
        b, K = self.p.b, self.p.blocks
        if self.p.bias == "all":
            return b
        none = np.zeros((*b.shape[:-1], self.H), b.dtype)
        return np.concatenate([b[..., :K], none, b[..., K:]], axis=-1)

    def lowered(self) -> Weights:
        p, H, K = self.p, self.H, self.p.blocks
        fed = np.zeros((*p.W_h.shape[:-1], 4 * H), p.W_h.dtype)
        fed[..., :H] = p.W_h
        fed[..., H : 2 * H][..., self.first] = p.W_g[..., :K]
        fed[..., 3 * H :][..., self.first] = p.W_g[..., K:]
        b = self._spread(self._all_biases(), -1, OPEN)
        return Weights(self._spread(p.W_x, -2), self._spread(fed, -2), b)

    def lifted(self, d: Weights) -> Params:
        H, K = self.H, self.p.blocks
        fed = self._gather(d.W_h, -2)
        W_g = [fed[..., H : 2 * H][..., self.first], fed[..., 3 * H :][..., self.first]]
        b = self._gather(d.b, -1)
        if self.p.bias == "gates":
            b = np.concatenate([b[..., :K], b[..., -K:]], axis=-1)
        return self.p.replace(
            W_x=self._gather(d.W_x, -2), W_h=fed[..., :H], W_g=np.concatenate(W_g, axis=-1), b=b
        )

    def _fed(self, h: Array, gates: Array) -> Array:
        H, K = self.H, self.p.blocks
        fed = np.zeros((*h.shape[:-1], 4 * H), h.dtype)
        fed[..., :H] = h
        fed[..., H : 2 * H][..., self.first] = gates[..., :K]
        fed[..., 3 * H :][..., self.first] = gates[..., K:]
        return fed

    def _gates(self, fed: Array) -> Array:
        H = self.H
        pair = [fed[..., H : 2 * H][..., self.first], fed[..., 3 * H :][..., self.first]]
        return np.concatenate(pair, axis=-1)

    def state_in(self, parts: tuple[Array, ...]) -> tuple[Array, ...]:
        h, c, gates = parts
        return self._fed(h, gates), c / 2

    def state_out(self, fed: Array, *c: Array) -> tuple[Array, ...]:
        return fed[..., : self.H], 2 * c[0], self._gates(fed)

    def dstate_in(self, parts: tuple[Array, ...]) -> tuple[Array, ...]:
        dh, dc, dgates = parts
        return self._fed(dh, dgates), 2 * dc

    def dstate_out(self, fed: Array, *c: Array) -> tuple[Array, ...]:
        return fed[..., : self.H], c[0] / 2, self._gates(fed)

    def gate(self, name: str, value: Array) -> Array:
        return 2 * value if name == "g" else value


@singledispatch
def lower(p: Any) -> Lowered:
    """Return the form in which a kernel runs the cell of `p`."""
    raise NotImplementedError(type(p).__name__)


for _kind, _lowered in {
    RNNParams: LoweredRNN,
    GRUParams: LoweredGRU,
    LSTMParams: Lowered,
    NoForgetParams: LoweredRows,
    VariantParams: LoweredRows,
    FGRParams: LoweredFGR,
    MemoryCellParams: LoweredBlocks,
}.items():
    lower.register(_kind, _lowered)
