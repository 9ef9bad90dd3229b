"""The GRU over all steps, in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_lab.cells.params import Array
from lstm_lab.layers.lowering import Weights
from lstm_lab.layers.vectorized.shared import Kernel, Squash

__all__ = ["GRUKernel"]


class GRUKernel(Kernel):
    """h' = (1 - z) n + z h, the reset gate before or after the product."""

    gates = ("r", "z", "n")

    def run(self, state: tuple[Array, ...]) -> None:
        W, H = self.weights, self.H
        squash = Squash([True, True, False], H, 3 * H * self.B, self.dtype)
        fold = squash.fold
        self.a = a = self.of_inputs(W.W_x * fold[:, None], W.b * fold)
        W_h = np.ascontiguousarray((W.W_h * fold[:, None]).swapaxes(-1, -2))
        rz, n_only = slice(0, 2 * H), slice(2 * H, 3 * H)
        # after: what the product with W_hn gave; before: r h, which it was given
        self.m = self.empty(H)
        tmp = np.empty_like(a[0])
        tmp_h = np.empty_like(self.m[0])
        after = W.b_hn is not None
        b_hn = np.zeros(1, self.dtype) if W.b_hn is None else W.b_hn[..., None, :]
        if not after:
            W_rz = np.ascontiguousarray(W_h[..., rz])
            W_n = np.ascontiguousarray(W_h[..., n_only])
            tmp = np.empty((*a[0].shape[:-1], 2 * H), self.dtype)
        steps = zip(a, self.m, self.fed[:-1], self.fed[1:], strict=True)
        for t, (a_t, m, h, h_new) in enumerate(steps):
            a_rz, a_n = a_t[..., rz], a_t[..., n_only]
            if after:
                np.matmul(h, W_h, tmp)
                np.add(a_rz, tmp[..., rz], a_rz)
                squash(a_rz, rz)
                np.divide(tmp[..., n_only], fold[-1], m)
                np.add(m, b_hn, m)
                np.multiply(m, a_rz[..., :H], tmp_h)
                np.multiply(tmp_h, fold[-1], tmp_h)
            else:
                np.matmul(h, W_rz, tmp)
                np.add(a_rz, tmp, a_rz)
                squash(a_rz, rz)
                np.multiply(a_rz[..., :H], h, m)
                np.matmul(m, W_n, tmp_h)
            np.add(a_n, tmp_h, a_n)
            squash(a_n, n_only)
            np.subtract(h, a_n, h_new)  # h' = n + z (h - n)
            np.multiply(h_new, a_rz[..., H:], h_new)
            np.add(h_new, a_n, h_new)
            if t in self.dead:
                np.copyto(h_new, h, where=self.dead[t])

    def back(self, dh: Array, dstate: tuple[Array, ...]) -> Any:
        H, W = self.H, self.weights
        r, z, n = (self.a[..., k * H : (k + 1) * H] for k in range(3))
        after = W.b_hn is not None
        da = self.empty(3 * H)
        dfed = self.empty(3 * H) if after else da  # with the reset gate on the rows of n
        d = dstate[0].copy()
        N = min(self.block(), self.T)
        like = self.m[:N]
        k_z, k_n, k_r = (np.empty_like(like) for _ in range(3))
        tmp = np.empty_like(d)
        W_rz, W_n = W.W_h[..., : 2 * H, :], W.W_h[..., 2 * H :, :]
        for start in reversed(range(0, self.T, N)):
            part = slice(start, min(start + N, self.T))
            m = part.stop - start
            r_, z_, n_, h_ = r[part], z[part], n[part], self.fed[:-1][part]
            np.multiply(n_, n_, k_n[:m])  # (1 - z) (1 - n^2)
            np.subtract(1, k_n[:m], k_n[:m])
            np.subtract(h_, n_, k_z[:m])
            np.multiply(k_z[:m], z_, k_z[:m])
            np.subtract(1, z_, k_r[:m])
            np.multiply(k_n[:m], k_r[:m], k_n[:m])
            np.multiply(k_z[:m], k_r[:m], k_z[:m])  # (h - n) z (1 - z)
            np.multiply(r_, r_, k_r[:m])
            np.subtract(r_, k_r[:m], k_r[:m])
            # a unit of dr stands for m (after) or h (before)
            np.multiply(k_r[:m], self.m[part] if after else h_, k_r[:m])
            for t in reversed(range(start, part.stop)):
                s = t - start
                np.add(d, dh[t], d)
                da_t, dfed_t = da[t], dfed[t]
                da_r, da_z, da_n = (da_t[..., k * H : (k + 1) * H] for k in range(3))
                dead = self.dead.get(t)
                if dead is not None:
                    past = d.copy()
                np.multiply(d, k_n[s], da_n)
                np.multiply(d, k_z[s], da_z)
                if after:
                    np.multiply(da_n, k_r[s], da_r)
                    if dead is not None:
                        np.copyto(da_t, 0, where=dead)
                    dfed_t[..., : 2 * H] = da_t[..., : 2 * H]
                    np.multiply(da_n, r[t], dfed_t[..., 2 * H :])
                    np.multiply(d, z[t], d)
                    np.matmul(dfed_t, W.W_h, tmp)
                else:
                    np.matmul(da_n, W_n, tmp)
                    np.multiply(tmp, k_r[s], da_r)
                    np.multiply(d, z[t], d)
                    np.multiply(tmp, r[t], tmp)
                    np.add(d, tmp, d)
                    if dead is not None:
                        np.copyto(da_t, 0, where=dead)
                    np.matmul(da_t[..., : 2 * H], W_rz, tmp)
                np.add(d, tmp, d)
                if dead is not None:
                    np.copyto(d, past, where=dead)
        dx, dW = self.gradients(da, dfed)
        self.finish(da, dfed, dW)
        return dx, (d,), dW

    def finish(self, da: Array, dfed: Array, dW: Weights) -> None:
        """Add what differs by the place of the reset gate: dL/db_hn, or dL/dW_hn."""
        H = self.H
        if self.weights.b_hn is not None:
            flat = self.flat(dfed[..., 2 * H :])
            dW.b_hn = np.matmul(np.ones(flat.shape[-2], self.dtype), flat)
        else:
            flat = self.flat(da[..., 2 * H :]).swapaxes(-1, -2)
            dW.W_h[..., 2 * H :, :] = np.matmul(flat, self.flat(self.m))
