"""The engine ``"numba"`` for small layers and several sequences: `lanes_gated` at work.

The same methods as `engines.Run`, but with no arrays of its own between the caller's and the
compiled loops', so that a call costs little more than the arithmetic.
"""

from __future__ import annotations

import numpy as np

from lstm_lab.cells.params import Array, Params
from lstm_lab.cells.table import cell_of
from lstm_lab.layers import thresholds
from lstm_lab.layers.buffers import Buffers
from lstm_lab.layers.compiled.lanes import lanes_for
from lstm_lab.layers.compiled.lanes_gated import lanes_back, lanes_forward
from lstm_lab.layers.lowering import Lowered, Weights

__all__ = ["LanesRun"]


def _plain(array: Array) -> Array:
    """Return the array, or a copy of it that compiled code can take as it is."""
    return array if array.flags.carray else np.array(array, order="C")


class LanesRun:
    """One pass of a gated memory cell over whole sequences."""

    def __init__(
        self, p: Params, low: Lowered, x: Array, state: tuple[Array, ...], alive: Array | None
    ) -> None:
        self.p, self.low, self.x = p, low, x
        self.buffers = Buffers()
        W = low.weights
        dtype, self.H = W.W_h.dtype, W.W_h.shape[-1]
        self.lead = W.W_h.shape[:-2]
        T, B, I = x.shape[0], x.shape[-2], x.shape[-1]
        S = self.lead[0] if self.lead else 1
        self.three = (S, B, self.H)
        self.lanes = lanes_for(B, dtype)
        count = len(self.lanes)
        N = -(-B // count)
        self.K = -(-(1 + I + self.H) // 4) * 4
        self.W_x, self.W_h = _plain(W.W_x.reshape(S, -1, I)), _plain(W.W_h.reshape(S, -1, self.H))
        none = np.zeros((0, 0, 0), dtype)
        self.peep = none if W.peep is None else _plain(W.peep.reshape(S, 3, self.H))
        self.alive = np.zeros((0, 0), dtype)
        if alive is not None:
            self.alive = np.zeros((T, N * count), dtype)
            self.alive[:, :B] = alive
        self.rows = self.buffers.take((S, N, T + 1, self.K + 6 * self.H, count), dtype)
        h, c = (_plain(part.reshape(self.three)) for part in self.low.state_in(state))
        self.h = np.empty((T, *self.lead, B, self.H), dtype)
        self.c = np.empty((*self.lead, B, self.H), dtype)
        lanes_forward(
            low.coupled, low.linear_in, low.linear_out, self.lanes, _plain(x.reshape(T, -1, B, I)),
            self.W_x, self.W_h, _plain(W.b.reshape(S, -1)), self.peep, h, c, self.alive, self.rows,
            self.h.reshape(T, *self.three), self.c.reshape(self.three),
        )  # fmt: skip

    def final(self) -> tuple[Array, ...]:
        """Return the parts of the state after the last step."""
        return self.low.state_out(np.array(self.h[-1]), self.c)

    def _kept(self, first: int) -> Array:
        """Return H rows from `first` on as (T + 1, …, B, H), a copy."""
        S, B, H = self.three
        part = self.rows[..., first : first + H, :]  # (S, N, T + 1, H, count)
        part = part.transpose(2, 0, 1, 4, 3).reshape(part.shape[2], S, -1, H)[:, :, :B]
        return np.array(part.reshape(-1, *self.lead, B, H))

    def gates(self) -> dict[str, Array]:
        """Return every gate, (T, B, …) or (T, S, B, …)."""
        at = {name: self.K + k * self.H for k, name in enumerate("ifgo")}
        return {
            name: self.low.gate(name, self._kept(at[name])[1:]) for name in cell_of(self.p).gates
        }

    def course(self) -> dict[str, Array]:
        """Return each part of the state after every step, (T, B, …) or (T, S, B, …)."""
        parts = self.low.state_out(self.h, self._kept(self.K + 4 * self.H)[1:])
        return dict(zip(cell_of(self.p).state, parts, strict=True))

    def backward(
        self, dh: Array, dstate: tuple[Array, ...]
    ) -> tuple[Array, tuple[Array, ...], Params]:
        """Return dL/dx, dL/d(initial state), dL/dp."""
        W, low, (S, B, H) = self.low.weights, self.low, self.three
        T, I, dtype = len(dh), self.x.shape[-1], dh.dtype
        dh_last, dc_last = (_plain(d.reshape(self.three)) for d in low.dstate_in(dstate))
        dx, dh0, dc0 = np.empty((T, S, B, I), dtype), np.empty_like(self.c), np.empty_like(self.c)
        d = Weights(np.empty_like(W.W_x), np.empty_like(W.W_h), np.empty_like(W.b))
        dpeep = self.peep if W.peep is None else np.zeros_like(self.peep)
        step = (self.K + 10 * H) * len(self.lanes) * dtype.itemsize
        chunk = max(1, min(T, thresholds.CHUNK // step))
        lanes_back(
            low.coupled, low.linear_in, low.linear_out, self.lanes, chunk,
            self.W_x, self.W_h, self.peep, self.alive, self.rows,
            _plain(dh.reshape(T, *self.three)), dh_last, dc_last, dx, dh0.reshape(self.three),
            dc0.reshape(self.three), d.W_x.reshape(S, -1, I), d.W_h.reshape(S, -1, H),
            d.b.reshape(S, -1), dpeep,
        )  # fmt: skip
        if W.peep is not None:
            d.peep = dpeep.reshape(W.peep.shape)
        if not self.lead:
            dx = dx[:, 0]
        elif self.x.ndim == 3:
            dx = dx.sum(axis=1)
        return dx, low.dstate_out(dh0, dc0), low.lifted(d)
