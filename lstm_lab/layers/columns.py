"""The engine ``"numpy"`` for small LSTMs: every step a column, sequences side by side.

What `kernel_memory` does, with fewer calls and each of them over memory without gaps. A step
reads one column z = [1, x, h], so that one product serves inputs, state and bias; its gates lie
in the order o, i, f, g before the old c, so that [i, f] * [g, c] is one call; and on the way
back one call multiplies dh by all its factors, and another one dc.

Arrays are (T, …, rows, B); with a single sequence the last axis is dropped, and the product is
one of a matrix and a vector.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from lstm_lab.cells.params import Array, Params
from lstm_lab.cells.table import cell_of
from lstm_lab.layers.fast import KernelRun
from lstm_lab.layers.kernel import MANY, Kernel, tanh_into
from lstm_lab.layers.lowering import Lowered, Weights, lower

__all__ = ["ColumnsRun", "numpy_run"]

SMALL = 1 << 13  # numbers a step
STEPS = 1 << 20  # bytes that the way back prepares at once
#: Weights up to which this is quicker than rows: of few sequences, and of many.
MOST = (1 << 15, 1 << 17)
MANY_SEQUENCES = 32


class ColumnsRun:
    """One pass of a gated memory cell without peepholes; methods as of `fast.KernelRun`."""

    pool = Kernel.pool

    def __init__(
        self, p: Params, low: Lowered, x: Array, state: tuple[Array, ...], alive: Array | None
    ) -> None:
        self.p, self.low, self.shared = p, low, x.ndim == 3
        W = low.weights
        self.lead, self.H, self.dtype = W.W_h.shape[:-2], W.W_h.shape[-1], W.W_h.dtype
        self.T, self.B, self.I = x.shape[0], x.shape[-2], x.shape[-1]
        self.at_h = 1 + self.I
        self.thin = self.B == 1 and not self.lead
        ended = range(0) if alive is None else np.flatnonzero(~alive.all(axis=1))
        self.dead = {int(t): ~alive[t] for t in ended}  # type: ignore[index]
        self.rooms: list[Array] = []
        H, T = self.H, self.T
        self.W = np.concatenate([self.turned(part) for part in (W.b[..., None], W.W_x, W.W_h)], -1)
        self.z = self.room(T + 1, self.at_h + H)
        self.z[:, ..., 0, :] = 1
        self.z[:T, ..., 1 : self.at_h, :] = (
            x[:, None] if self.lead and self.shared else x
        ).swapaxes(-1, -2)
        self.gates_c = self.room(T + 1, 5 * H)  # o, i, f, g, and c before the step
        self.shown = self.room(T, H)
        h, c = low.state_in(state)
        self.z[0, ..., self.at_h :, :] = h.swapaxes(-1, -2)
        self.gates_c[0, ..., 4 * H :, :] = c.swapaxes(-1, -2)
        with np.errstate(over="ignore", invalid="ignore"):
            self.run()
        self.h = np.array(self.z[1:, ..., self.at_h :, :].swapaxes(-1, -2), order="C")

    def __del__(self) -> None:
        for room in self.rooms:
            self.pool.give(room)

    def room(self, steps: int, rows: int) -> Array:
        """Return room for every step, given back when this pass is forgotten."""
        self.rooms.append(self.pool.take((steps, *self.lead, rows, self.B), self.dtype))
        return self.rooms[-1]

    def turned(self, W: Array, back: bool = False) -> Array:
        """Return rows of gates i, f, g, o in the order o, i, f, g (or the other way)."""
        first = self.H if back else 3 * self.H
        return np.concatenate([W[..., first:, :], W[..., :first, :]], axis=-2)

    def part(self, array: Array, first: int, last: int) -> Array:
        """Return some rows of each step."""
        rows = array[..., first:last, :]
        return rows[..., 0] if self.thin else rows

    def gathered(self, array: Array) -> Array:
        """Return (n, …, rows, B) as (…, rows, n B), for one product over steps and sequences."""
        order = (*range(1, array.ndim - 1), 0, array.ndim - 1)
        return array.transpose(order).reshape(*array.shape[1:-1], -1)

    def run(self) -> None:
        """Go forward over all steps."""
        H, T, at = self.H, self.T, self.part
        numbers = 4 * H * self.B
        by_exp = numbers > MANY[self.dtype.itemsize]
        fold = np.full((4 * H, 1), -1 if by_exp else 0.5, self.dtype)
        fold[3 * H :] *= 2  # tanh(a) = 2 sigma(2a) - 1, sigma(a) = (1 + tanh(a/2)) / 2
        W = self.W * fold
        z, gates, shown_c = self.z, self.gates_c, self.shown
        product = partial(np.matmul, W) if self.lead else W.dot
        half = self.dtype.type(0.5)
        if gates[0].size < SMALL:  # a call with an array of halves takes less time than with one
            half = np.full(at(gates[0], 0, 3 * H).shape, 0.5, self.dtype)
        both = np.empty(at(gates[0], 0, 2 * H).shape, self.dtype)
        ig, fc = (both[..., :H], both[..., H:]) if self.thin else (
            both[..., :H, :], both[..., H:, :])  # fmt: skip
        steps = zip(
            at(z[:T], 0, self.at_h + H), at(gates[:T], 0, 4 * H), at(gates[:T], 0, 3 * H),
            at(gates[:T], 3 * H, 4 * H), at(gates[:T], H, 3 * H), at(gates[:T], 3 * H, 5 * H),
            at(gates[:T], 0, H), at(gates[1:], 4 * H, 5 * H), at(shown_c, 0, H),
            at(z[1:], self.at_h, self.at_h + H), strict=True,
        )  # fmt: skip
        for t, (z_t, a, oif, g, i_f, g_c, o, c_new, shown, h_new) in enumerate(steps):
            product(z_t, a)
            if by_exp:
                np.exp(a, a)
                np.add(a, 1, a)
                np.divide(1, a, a)
                np.multiply(g, 2, g)
                np.subtract(g, 1, g)
            else:
                np.tanh(a, a)
                np.multiply(oif, half, oif)
                np.add(oif, half, oif)
            np.multiply(i_f, g_c, both)
            np.add(ig, fc, c_new)
            tanh_into(c_new, shown, by_exp)
            np.multiply(o, shown, h_new)
            if t in self.dead:
                dead = self.dead[t]
                np.copyto(gates[t + 1, ..., 4 * H :, :], gates[t, ..., 4 * H :, :], where=dead)
                np.copyto(z[t + 1, ..., self.at_h :, :], z[t, ..., self.at_h :, :], where=dead)

    def slopes(self, first: int, last: int, k: Array) -> None:
        """Write to k (n, …, 6H, B) the factors of dh in dc and da_o, and of dc in the rest.

        sigma' = s (1 - s) = s - s^2, tanh' = 1 - tanh^2.
        """
        H, gates, shown = self.H, self.gates_c[first:last], self.shown[first:last]
        oif, g, i = gates[..., : 3 * H, :], gates[..., 3 * H : 4 * H, :], gates[..., H : 2 * H, :]
        k_c, k_oif, k_o = k[..., :H, :], k[..., H : 4 * H, :], k[..., H : 2 * H, :]
        k_if, k_g = k[..., 2 * H : 4 * H, :], k[..., 4 * H : 5 * H, :]
        np.multiply(shown, shown, k_c)
        np.subtract(1, k_c, k_c)
        np.multiply(k_c, gates[..., :H, :], k_c)
        np.multiply(oif, oif, k_oif)
        np.subtract(oif, k_oif, k_oif)
        np.multiply(k_o, shown, k_o)
        np.multiply(k_if, gates[..., 3 * H :, :], k_if)
        np.multiply(g, g, k_g)
        np.subtract(1, k_g, k_g)
        np.multiply(k_g, i, k_g)
        k[..., 5 * H :, :] = gates[..., 2 * H : 3 * H, :]

    def backward(
        self, dh: Array, dstate: tuple[Array, ...]
    ) -> tuple[Array, tuple[Array, ...], Params]:
        """Return dL/dx, dL/d(initial state), dL/dp."""
        H, T, B, lead = self.H, self.T, self.B, self.lead
        mark = len(self.rooms)
        r = self.room(T, 6 * H)  # what dh gives to dc; da of o, i, f, g; dc before the step
        dz = self.room(T, self.at_h + H)
        asked = self.room(T, H)
        asked[...] = dh.swapaxes(-1, -2)
        if self.thin:
            asked = asked[..., 0]
        dfed, dc = (d.swapaxes(-1, -2).copy() for d in self.low.dstate_in(dstate))
        one, d = dfed.shape, np.empty_like(dfed)
        if self.thin:
            dfed, dc, d = dfed[..., 0], dc[..., 0], d[..., 0]
        dc_now = np.empty_like(dc)
        # (…, 1, H, B), to meet (…, several, H, B)
        d_wide, dc_wide = (v.reshape(*lead, 1, H, *v.shape[len(lead) + 1 :]) for v in (d, dc_now))
        W_T = np.ascontiguousarray(self.W.swapaxes(-1, -2))
        product = partial(np.matmul, W_T) if lead else W_T.dot
        dW = np.zeros_like(self.W)
        n = max(1, min(T, STEPS // (6 * d.nbytes)))
        k = np.empty((n, *lead, 6 * H, B), self.dtype)
        for start in reversed(range(0, T, n)):
            stop = min(start + n, T)
            self.slopes(start, stop, k[: stop - start])
            six = (-1, *lead, 6, H) if self.thin else (-1, *lead, 6, H, B)
            k_six, r_six = k[: stop - start].reshape(six), r[start:stop].reshape(six)
            axis = 1 + len(lead)
            at_two = (slice(None),) * axis + (slice(0, 2),)
            at_four = (slice(None),) * axis + (slice(2, 6),)
            steps = zip(
                k_six[at_two], k_six[at_four], r_six[at_two], r_six[at_four],
                self.part(r[start:stop], 0, H), self.part(r[start:stop], H, 5 * H),
                self.part(r[start:stop], 5 * H, 6 * H), asked[start:stop],
                self.part(dz[start:stop], 0, self.at_h + H),
                self.part(dz[start:stop], self.at_h, self.at_h + H), strict=True,
            )  # fmt: skip
            for s, (k_2, k_4, r_2, r_4, to_c, da, dc_old, dh_t, dz_t, dfed_t) in reversed(
                list(enumerate(steps))
            ):
                np.add(dfed, dh_t, d)
                np.multiply(d_wide, k_2, r_2)
                np.add(dc, to_c, dc_now)
                np.multiply(dc_wide, k_4, r_4)
                if start + s in self.dead:
                    dead = self.dead[start + s]
                    rows = r[start + s]
                    np.copyto(rows[..., H : 5 * H, :], 0, where=dead)
                    np.copyto(rows[..., 5 * H :, :], dc.reshape(one), where=dead)
                product(da, dz_t)
                if start + s in self.dead:
                    rows = dz[start + s, ..., self.at_h :, :]
                    np.copyto(rows, d.reshape(one), where=dead)
                dfed, dc = dfed_t, dc_old
            da_all, z = r[start:stop, ..., H : 5 * H, :], self.z[start:stop]
            dW += self.gathered(da_all) @ self.gathered(z).swapaxes(-1, -2)
        dx = np.array(dz[..., 1 : self.at_h, :].swapaxes(-1, -2), order="C")
        if lead and self.shared:
            dx = dx.sum(axis=1)
        dbefore = (np.array(v.reshape(one).swapaxes(-1, -2)) for v in (dfed, dc))
        for room in self.rooms[mark:]:
            self.pool.give(room)
        del self.rooms[mark:]
        dW = self.turned(dW, back=True)
        parts = (dW[..., 1 : self.at_h], dW[..., self.at_h :], dW[..., 0])
        lifted = self.low.lifted(Weights(*(np.ascontiguousarray(v) for v in parts)))
        return dx, self.low.dstate_out(*dbefore), lifted

    def final(self) -> tuple[Array, ...]:
        """Return the parts of the state after the last step."""
        c = np.array(self.gates_c[-1, ..., 4 * self.H :, :].swapaxes(-1, -2), order="C")
        return self.low.state_out(np.array(self.h[-1]), c)

    def _kept(self, steps: Array, first: int) -> Array:
        return np.array(steps[..., first : first + self.H, :].swapaxes(-1, -2), order="C")

    def gates(self) -> dict[str, Array]:
        """Return every gate, (T, B, …) or (T, S, B, …)."""
        at = {name: k * self.H for k, name in enumerate("oifg")}
        values: dict[str, Any] = {k: self._kept(self.gates_c[:-1], at[k]) for k in at}
        return {name: self.low.gate(name, values[name]) for name in cell_of(self.p).gates}

    def course(self) -> dict[str, Array]:
        """Return each part of the state after every step, (T, B, …) or (T, S, B, …)."""
        parts = self.low.state_out(self.h, self._kept(self.gates_c[1:], 4 * self.H))
        return dict(zip(cell_of(self.p).state, parts, strict=True))


def numpy_run(p: Params, x: Array, state: tuple[Array, ...], alive: Array | None) -> Any:
    """Run a cell with the NumPy loops that are quickest at these sizes."""
    low = lower(p)
    W = low.weights
    plain = low.kernel == "memory" and low.R == low.H and W.peep is None
    if plain and not (low.coupled or low.linear_in or low.linear_out or low.truncated):
        most = MOST[x.shape[-2] >= MANY_SEQUENCES]
        if W.W_h.shape[-2] * (x.shape[-1] + low.H) <= most:
            return ColumnsRun(p, low, x, state, alive)
    return KernelRun(p, x, state, alive, low)
