"""The three kernels in NumPy: RNN, GRU, gated memory cell; over all steps, fast.

What makes them fast: the product with the inputs of all steps is done before the loop and
the weight gradients after it, one large product each; the loop itself allocates nothing;
one exponential or tanh serves all gates, whose different scales are folded into the
weights; and what the way back can know beforehand it computes for many steps at once.

Arrays are (T, …, B, G) views whose memory is ordered seed, step, sequence, unit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_lab.cells.params import Array
from lstm_lab.layers.lowering import Lowered, Weights
from lstm_lab.layers.memory import Pool

__all__ = ["KERNELS", "GRUKernel", "Kernel", "MemoryKernel", "RNNKernel", "Squash"]

MANY = {4: 8192, 8: 512}  # numbers a step, by bytes each, above which exp is quicker than tanh
BLOCK = 1 << 16  # numbers that one block of steps may hold in each of its arrays on the way back


class Squash:
    """sigma and tanh, in place, on pre-activations that were multiplied by `fold`.

    Two ways. tanh: sigma(a) = (1 + tanh(a/2)) / 2, few calls. exp: sigma(a) = 1 / (1 + e^-a),
    tanh(a) = 2 sigma(2a) - 1, cheaper a number where NumPy's tanh is slow, as in float64.
    e^-a may overflow to infinity, which gives 0 as it should: the caller silences that.
    """

    def __init__(self, sigmoid: list[bool], H: int, numbers: int, dtype: np.dtype) -> None:
        self.by_exp = numbers > MANY[dtype.itemsize]
        is_sigmoid = np.repeat(sigmoid, H)
        one = np.ones(len(is_sigmoid), dtype)
        if self.by_exp:
            self.fold = np.where(is_sigmoid, -one, -2 * one)
            self.top, self.shift = (
                np.where(is_sigmoid, one, 2 * one),
                np.where(is_sigmoid, 0 * one, one),
            )
        else:
            self.fold = np.where(is_sigmoid, one / 2, one)
            self.scale, self.shift = self.fold, np.where(is_sigmoid, one / 2, 0 * one)

    def __call__(self, a: Array, part: slice = slice(None)) -> None:
        """Squash `a`, which holds the columns `part` of the gates."""
        if self.by_exp:
            np.exp(a, out=a)
            np.add(a, 1, out=a)
            np.divide(self.top[part], a, out=a)
            np.subtract(a, self.shift[part], out=a)
        else:
            np.tanh(a, out=a)
            np.multiply(a, self.scale[part], out=a)
            np.add(a, self.shift[part], out=a)


def _tanh(a: Array, out: Array, by_exp: bool) -> None:
    """Write tanh(a) to `out`; in float64 NumPy's exp is more than twice as fast."""
    if not by_exp or a.dtype == np.float32:
        np.tanh(a, out=out)
        return
    np.multiply(a, -2, out=out)
    np.exp(out, out=out)
    np.add(out, 1, out=out)
    np.divide(2, out, out=out)
    np.subtract(out, 1, out=out)


class Kernel:
    """What the three have in common: memory, products outside the loop, dead sequences."""

    gates: tuple[str, ...] = ()
    pool = Pool()
    a: Array
    """Pre-activations, then gates, of all steps."""

    def __init__(
        self, low: Lowered, x: Array, state: tuple[Array, ...], alive: Array | None
    ) -> None:
        """Compute all steps.

        Parameters
        ----------
        x : ndarray (…, T, B, I)
            Seeds first, if there are any; or without them, shared by all seeds.
        state : tuple of ndarray (…, B, …)
            The kernel's state before step 0.
        alive : ndarray of bool (T, B), optional
        """
        self.rooms: list[Array] = []
        self.low, self.weights, self.H, self.x = low, low.weights, low.H, x
        W = self.weights
        self.lead = W.W_h.shape[:-2]
        self.T, self.B = x.shape[-3:-1]
        self.dtype = W.W_h.dtype
        self.alive = alive
        # steps at which some sequence has ended, with the mask (B, 1) of those
        ended = range(0) if alive is None else np.flatnonzero(~alive.all(axis=1))
        self.dead = {int(t): ~alive[t][:, None] for t in ended}  # type: ignore[index]
        self.fed = self.empty(low.R, steps=self.T + 1)
        self.fed[0] = state[0]
        # e^-a may overflow on its way to 0; of nan in x the caller has been told
        with np.errstate(over="ignore", invalid="ignore"):
            self.run(state)

    def run(self, state: tuple[Array, ...]) -> None:
        """Go forward over all steps."""
        raise NotImplementedError

    def back(self, dh: Array, dstate: tuple[Array, ...]) -> Any:
        """Go back over all steps: dL/dx, the gradients of the state before, of the weights."""
        raise NotImplementedError

    def values(self) -> dict[str, Array]:
        """Return the gates of all steps by name."""
        H = self.H
        return {name: self.a[..., k * H : (k + 1) * H] for k, name in enumerate(self.gates)}

    def empty(self, width: int, steps: int | None = None) -> Array:
        """Return room for every step, with the step as first axis whatever the memory's order."""
        steps = self.T if steps is None else steps
        room = self.pool.take((*self.lead, steps, self.B, width), self.dtype)
        self.rooms.append(room)
        return room.swapaxes(0, -3)  # np.moveaxis does the same ten times slower

    def __del__(self) -> None:
        for room in self.rooms:
            self.pool.give(room)

    def free_since(self, mark: int) -> None:
        """Give back what `empty` returned since there were `mark` rooms."""
        for room in self.rooms[mark:]:
            self.pool.give(room)
        del self.rooms[mark:]

    def of_inputs(self, W_x: Array, b: Array) -> Array:
        """Return W_x x + b for all steps, (T, …, B, G): one product."""
        flat = self.x.reshape(*self.x.shape[:-3], self.T * self.B, self.x.shape[-1])
        room = self.empty(W_x.shape[-2])
        product = self.flat(room)
        np.matmul(flat, W_x.swapaxes(-1, -2), out=product)
        product += b[..., None, :]
        return room

    def flat(self, array: Array) -> Array:
        """Return (T, …, B, G) as (…, T B, G), without a copy where memory allows."""
        array = array.swapaxes(0, -3)
        return array.reshape(*array.shape[:-3], -1, array.shape[-1])

    def gradients(self, da: Array, dfed: Array | None = None) -> tuple[Array, Weights]:
        """Return dx (…, T, B, I) and the gradients of W_x, W_h and b: one product each.

        `dfed` differs from `da` where the recurrent product is not simply added.
        """
        flat = self.flat(da)
        flat_T = flat.swapaxes(-1, -2)
        x = self.x.reshape(*self.x.shape[:-3], -1, self.x.shape[-1])
        dW_x = np.matmul(flat_T, x)
        fed = self.flat(self.fed[:-1])
        dW_h = np.matmul(flat_T if dfed is None else self.flat(dfed).swapaxes(-1, -2), fed)
        db = np.matmul(np.ones(flat.shape[-2], self.dtype), flat)
        dx = np.matmul(flat, self.weights.W_x)
        if self.x.ndim == 3 and self.lead:
            dx = dx.sum(axis=0)
        return dx.reshape(self.x.shape), Weights(dW_x, dW_h, db)

    def block(self) -> int:
        """How many steps to prepare at once, so that they stay in the cache."""
        numbers = self.B * self.H * int(np.prod(self.lead, dtype=int))
        return max(1, BLOCK // numbers)


class RNNKernel(Kernel):
    """h' = tanh(a) or relu(a)."""

    def run(self, state: tuple[Array, ...]) -> None:
        W = self.weights
        a = self.of_inputs(W.W_x, W.b)
        W_h = np.ascontiguousarray(W.W_h.swapaxes(-1, -2))
        tanh = self.low.p.activation == "tanh"
        numbers = self.B * self.H
        by_exp = numbers > MANY[self.dtype.itemsize]
        for t, (a_t, h, new) in enumerate(zip(a, self.fed[:-1], self.fed[1:], strict=True)):
            np.matmul(h, W_h, out=new)
            np.add(new, a_t, out=new)
            if tanh:
                _tanh(new, new, by_exp)
            else:
                np.maximum(new, 0, out=new)
            if t in self.dead:
                np.copyto(new, h, where=self.dead[t])

    def back(self, dh: Array, dstate: tuple[Array, ...]) -> Any:
        h = self.fed[1:]
        tanh = self.low.p.activation == "tanh"
        da = self.empty(self.H)
        d = dstate[0].copy()
        n = self.block()
        for start in reversed(range(0, self.T, n)):
            part = slice(start, start + n)
            if tanh:  # the slope first, for n steps at once
                np.multiply(h[part], h[part], out=da[part])
                np.subtract(1, da[part], out=da[part])
            else:
                np.greater(h[part], 0, out=da[part], casting="unsafe")
            for t in reversed(range(start, min(start + n, self.T))):
                np.add(d, dh[t], out=d)
                np.multiply(da[t], d, out=da[t])
                if t in self.dead:
                    np.copyto(da[t], 0, where=self.dead[t])
                    d = np.where(self.dead[t], d, np.matmul(da[t], self.weights.W_h))
                else:
                    np.matmul(da[t], self.weights.W_h, out=d)
        dx, dW = self.gradients(da)
        return dx, (d,), dW


class MemoryKernel(Kernel):
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
            np.matmul(fed, W_h, out=tmp)
            np.add(a_t, tmp, out=a_t)
            if whole:
                squash(a_t)
            else:
                if peep:
                    twice[..., :H] = twice[..., H:] = c
                    np.multiply(twice, peep[0], out=twice)
                    np.add(a_t[..., : 2 * H], twice, out=a_t[..., : 2 * H])
                squash(a_t[..., : 2 * H], slice(0, 2 * H))
                if low.coupled:
                    np.subtract(1, i_t, out=f_t)
                if not low.linear_in:
                    squash(g_t, slice(2 * H, 3 * H))
            np.multiply(f_t, c, out=c_new)
            np.multiply(i_t, g_t, out=ig)
            np.add(c_new, ig, out=c_new)
            if not whole:
                if peep:
                    np.add(o_t, peep[1] * c_new, out=o_t)
                squash(o_t, slice(3 * H, 4 * H))
            if low.linear_out:
                shown[...] = c_new
            else:
                _tanh(c_new, shown, squash.by_exp)
            np.multiply(o_t, shown, out=h_new)
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
            np.multiply(o_, o_, out=k_o[:m])
            np.subtract(o_, k_o[:m], out=k_o[:m])
            np.multiply(i_, i_, out=k_i)
            np.subtract(i_, k_i, out=k_i)
            np.multiply(f_, f_, out=k_f)
            np.subtract(f_, k_f, out=k_f)
            if gates is not None:
                gates[:m, ..., :H], gates[:m, ..., H : 2 * H], gates[:m, ..., 2 * H :] = (
                    k_i,
                    k_f,
                    k_o[:m],
                )
            np.multiply(k_o[:m], shown, out=k_o[:m])
            if low.coupled:
                np.multiply(k_i, g_ - c_, out=k_i)
                k_f[...] = 0
            else:
                np.multiply(k_i, g_, out=k_i)
                np.multiply(k_f, c_, out=k_f)
            if low.linear_in:
                k_g[...] = i_
            else:
                np.multiply(g_, g_, out=k_g)
                np.subtract(1, k_g, out=k_g)
                np.multiply(k_g, i_, out=k_g)
            if low.linear_out:
                slope_c[:m] = o_
            else:
                np.multiply(shown, shown, out=slope_c[:m])
                np.subtract(1, slope_c[:m], out=slope_c[:m])
                np.multiply(slope_c[:m], o_, out=slope_c[:m])

            for t in reversed(range(start, part.stop)):
                s = t - start
                da_t = da[t]
                dh_t = dfed[..., :H]
                np.add(dh_t, dh[t], out=dh_t)
                da_o = da_t[..., 3 * H :]
                np.multiply(dh_t, k_o[s], out=da_o)
                dead = self.dead.get(t)
                if dead is not None:
                    dc_past, dfed_past = dc.copy(), dfed
                if gates is not None:
                    np.add(da_o, dfed[..., 3 * H :] * gates[s][..., 2 * H :], out=da_o)
                np.multiply(dh_t, slope_c[s], out=tmp)
                np.add(dc, tmp, out=dc)
                if W.peep is not None:
                    np.add(dc, da_o * W.peep[..., 2:3, :], out=dc)
                np.multiply(dc[..., None, :], k[s], out=da_t[..., : 3 * H].reshape(k[s].shape))
                if gates is not None:
                    da_if = da_t[..., : 2 * H]
                    np.add(da_if, dfed[..., H : 3 * H] * gates[s][..., : 2 * H], out=da_if)
                np.multiply(dc, f[t], out=dc)
                if W.peep is not None:
                    np.add(dc, da_t[..., :H] * W.peep[..., 0:1, :], out=dc)
                    np.add(dc, da_t[..., H : 2 * H] * W.peep[..., 1:2, :], out=dc)
                if dead is not None:
                    np.copyto(da_t, 0, where=dead)
                    np.copyto(dc, dc_past, where=dead)
                if low.truncated:
                    dfed = np.zeros_like(dfed)
                elif dead is None:
                    np.matmul(da_t, W.W_h, out=dfed)
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
                np.matmul(h, W_h, out=tmp)
                np.add(a_rz, tmp[..., rz], out=a_rz)
                squash(a_rz, rz)
                np.divide(tmp[..., n_only], fold[-1], out=m)
                np.add(m, b_hn, out=m)
                np.multiply(m, a_rz[..., :H], out=tmp_h)
                np.multiply(tmp_h, fold[-1], out=tmp_h)
            else:
                np.matmul(h, W_rz, out=tmp)
                np.add(a_rz, tmp, out=a_rz)
                squash(a_rz, rz)
                np.multiply(a_rz[..., :H], h, out=m)
                np.matmul(m, W_n, out=tmp_h)
            np.add(a_n, tmp_h, out=a_n)
            squash(a_n, n_only)
            np.subtract(h, a_n, out=h_new)  # h' = n + z (h - n)
            np.multiply(h_new, a_rz[..., H:], out=h_new)
            np.add(h_new, a_n, out=h_new)
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
            np.multiply(n_, n_, out=k_n[:m])  # (1 - z) (1 - n^2)
            np.subtract(1, k_n[:m], out=k_n[:m])
            np.subtract(h_, n_, out=k_z[:m])
            np.multiply(k_z[:m], z_, out=k_z[:m])
            np.subtract(1, z_, out=k_r[:m])
            np.multiply(k_n[:m], k_r[:m], out=k_n[:m])
            np.multiply(k_z[:m], k_r[:m], out=k_z[:m])  # (h - n) z (1 - z)
            np.multiply(r_, r_, out=k_r[:m])
            np.subtract(r_, k_r[:m], out=k_r[:m])
            # a unit of dr stands for m (after) or h (before)
            np.multiply(k_r[:m], self.m[part] if after else h_, out=k_r[:m])
            for t in reversed(range(start, part.stop)):
                s = t - start
                np.add(d, dh[t], out=d)
                da_t, dfed_t = da[t], dfed[t]
                da_r, da_z, da_n = (da_t[..., k * H : (k + 1) * H] for k in range(3))
                dead = self.dead.get(t)
                if dead is not None:
                    past = d.copy()
                np.multiply(d, k_n[s], out=da_n)
                np.multiply(d, k_z[s], out=da_z)
                if after:
                    np.multiply(da_n, k_r[s], out=da_r)
                    if dead is not None:
                        np.copyto(da_t, 0, where=dead)
                    dfed_t[..., : 2 * H] = da_t[..., : 2 * H]
                    np.multiply(da_n, r[t], out=dfed_t[..., 2 * H :])
                    np.multiply(d, z[t], out=d)
                    np.matmul(dfed_t, W.W_h, out=tmp)
                else:
                    np.matmul(da_n, W_n, out=tmp)
                    np.multiply(tmp, k_r[s], out=da_r)
                    np.multiply(d, z[t], out=d)
                    np.multiply(tmp, r[t], out=tmp)
                    np.add(d, tmp, out=d)
                    if dead is not None:
                        np.copyto(da_t, 0, where=dead)
                    np.matmul(da_t[..., : 2 * H], W_rz, out=tmp)
                np.add(d, tmp, out=d)
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


KERNELS: dict[str, type[Kernel]] = {"rnn": RNNKernel, "memory": MemoryKernel, "gru": GRUKernel}
