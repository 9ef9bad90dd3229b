"""The gated memory cell over all steps, in NumPy: the LSTM and its variants."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_lab.cells.params import Array
from lstm_lab.layers.lowering import Weights
from lstm_lab.layers.vectorized.shared import Kernel, Squash, tanh_into

__all__ = ["GatedKernel"]


class GatedKernel(Kernel):
    """c' = f c + i g, h' = o tanh(c'), with what the variants change."""

    gates = ("i", "f", "g", "o")

    def run(self, state: tuple[Array, ...]) -> None:
        W, H, low = self.weights, self.H, self.low
        squash = Squash([True, True, False, True], H, 4 * H * self.B, self.dtype)
        fold = squash.fold.copy()
        if low.linear_in:
            fold[2 * H : 3 * H] = 1
        self.a = a = self.of_inputs(W.W_x * fold[:, None], W.b * fold)
        W_h = np.ascontiguousarray((W.W_h * fold[:, None]).swapaxes(-1, -2))
        peep = None
        if W.peep is not None:
            p_i, p_f, p_o = np.moveaxis(W.peep, -2, 0)[..., None, :] * fold[0]  # (…, 1, H) each
            peep = np.concatenate([p_i, p_f], axis=-1), p_o
        self.c, self.shown = self.empty(H, self.T + 1), self.empty(H)
        self.c[0] = state[1]
        tmp, ig = np.empty_like(a[0]), np.empty_like(self.c[0])
        whole = not (low.coupled or low.linear_in or peep)
        twice = np.empty((*self.c[0].shape[:-1], 2 * H), self.dtype)
        i, f, g, o = (a[..., k * H : (k + 1) * H] for k in range(4))
        steps = zip(a, i, f, g, o, self.c[:-1], self.c[1:], self.shown, self.fed[:-1],
                    self.fed[1:], self.fed[1:, ..., :H], strict=True)  # fmt: skip
        for t, (a_t, i_t, f_t, g_t, o_t, c, c_new, shown, fed, fed_new, h_new) in enumerate(steps):
            np.matmul(fed, W_h, tmp)
            np.add(a_t, tmp, a_t)
            if whole:
                squash(a_t)
            else:
                if peep:
                    twice[..., :H] = twice[..., H:] = c
                    np.multiply(twice, peep[0], twice)
                    np.add(a_t[..., : 2 * H], twice, a_t[..., : 2 * H])
                squash(a_t[..., : 2 * H], slice(0, 2 * H))
                if low.coupled:
                    np.subtract(1, i_t, f_t)
                if not low.linear_in:
                    squash(g_t, slice(2 * H, 3 * H))
            np.multiply(f_t, c, c_new)
            np.multiply(i_t, g_t, ig)
            np.add(c_new, ig, c_new)
            if not whole:
                if peep:
                    np.add(o_t, peep[1] * c_new, o_t)
                squash(o_t, slice(3 * H, 4 * H))
            if low.linear_out:
                shown[...] = c_new
            else:
                tanh_into(c_new, shown, squash.by_exp)
            np.multiply(o_t, shown, h_new)
            if low.R > H:
                fed_new[..., H : 3 * H] = a_t[..., : 2 * H]
                fed_new[..., 3 * H :] = o_t
            if t in self.dead:
                np.copyto(c_new, c, where=self.dead[t])
                np.copyto(fed_new, fed, where=self.dead[t])

    def back(self, dh: Array, dstate: tuple[Array, ...]) -> Any:
        H, low, W = self.H, self.low, self.weights
        i, f, g, o = (self.a[..., k * H : (k + 1) * H] for k in range(4))
        da = self.empty(4 * H)
        dfed, dc = dstate[0].copy(), dstate[1].copy()
        n = min(self.block(), self.T)
        like = self.c[:n]
        slope_c, k_o = np.empty_like(like), np.empty_like(like)
        k = np.empty((*like.shape[:-1], 3, H), self.dtype)  # da_i, da_f, da_g a unit of dc
        gates = np.empty((*like.shape[:-1], 3 * H), self.dtype) if low.R > H else None
        tmp = np.empty_like(dc)
        for start in reversed(range(0, self.T, n)):
            part = slice(start, min(start + n, self.T))
            m = part.stop - start
            i_, f_, g_, o_, c_, shown = (v[part] for v in (i, f, g, o, self.c[:-1], self.shown))
            k_i, k_f, k_g = (k[:m, ..., j, :] for j in range(3))
            # sigma' = s (1 - s) = s - s^2, tanh' = 1 - tanh^2
            np.multiply(o_, o_, k_o[:m])
            np.subtract(o_, k_o[:m], k_o[:m])
            np.multiply(i_, i_, k_i)
            np.subtract(i_, k_i, k_i)
            np.multiply(f_, f_, k_f)
            np.subtract(f_, k_f, k_f)
            if gates is not None:
                gates[:m, ..., :H], gates[:m, ..., H : 2 * H], gates[:m, ..., 2 * H :] = (
                    k_i,
                    k_f,
                    k_o[:m],
                )
            np.multiply(k_o[:m], shown, k_o[:m])
            if low.coupled:
                np.multiply(k_i, g_ - c_, k_i)
                k_f[...] = 0
            else:
                np.multiply(k_i, g_, k_i)
                np.multiply(k_f, c_, k_f)
            if low.linear_in:
                k_g[...] = i_
            else:
                np.multiply(g_, g_, k_g)
                np.subtract(1, k_g, k_g)
                np.multiply(k_g, i_, k_g)
            if low.linear_out:
                slope_c[:m] = o_
            else:
                np.multiply(shown, shown, slope_c[:m])
                np.subtract(1, slope_c[:m], slope_c[:m])
                np.multiply(slope_c[:m], o_, slope_c[:m])

            for t in reversed(range(start, part.stop)):
                s = t - start
                da_t = da[t]
                dh_t = dfed[..., :H]
                np.add(dh_t, dh[t], dh_t)
                da_o = da_t[..., 3 * H :]
                np.multiply(dh_t, k_o[s], da_o)
                dead = self.dead.get(t)
                if dead is not None:
                    dc_past, dfed_past = dc.copy(), dfed
                if gates is not None:
                    np.add(da_o, dfed[..., 3 * H :] * gates[s][..., 2 * H :], da_o)
                np.multiply(dh_t, slope_c[s], tmp)
                np.add(dc, tmp, dc)
                if W.peep is not None:
                    np.add(dc, da_o * W.peep[..., 2:3, :], dc)
                np.multiply(dc[..., None, :], k[s], da_t[..., : 3 * H].reshape(k[s].shape))
                if gates is not None:
                    da_if = da_t[..., : 2 * H]
                    np.add(da_if, dfed[..., H : 3 * H] * gates[s][..., : 2 * H], da_if)
                np.multiply(dc, f[t], dc)
                if W.peep is not None:
                    np.add(dc, da_t[..., :H] * W.peep[..., 0:1, :], dc)
                    np.add(dc, da_t[..., H : 2 * H] * W.peep[..., 1:2, :], dc)
                if dead is not None:
                    np.copyto(da_t, 0, where=dead)
                    np.copyto(dc, dc_past, where=dead)
                if low.truncated:
                    dfed = np.zeros_like(dfed)
                elif dead is None:
                    np.matmul(da_t, W.W_h, dfed)
                else:
                    dfed = np.matmul(da_t, W.W_h)
                if dead is not None:
                    np.copyto(dfed, dfed_past, where=dead)
        dx, dW = self.gradients(da)
        self.add_peepholes(da, dW)
        return dx, (dfed, dc), dW

    def add_peepholes(self, da: Array, dW: Weights) -> None:
        """Add the gradients of the peepholes, which multiply c (i and f) or c' (o)."""
        if self.weights.peep is None:
            return
        H = self.H
        seen = (self.c[:-1], self.c[:-1], self.c[1:])
        columns = (da[..., :H], da[..., H : 2 * H], da[..., 3 * H :])
        looks = [(d * v).sum(axis=(0, -2)) for d, v in zip(columns, seen, strict=True)]
        dW.peep = np.stack(looks, axis=-2)
