"""The gated memory cell with the sequences along the vector: for layers that are small.

What a step reads is one column z = [1, x, h], padded with zeros to a multiple of 4, so that the
bias is the weight of the 1, and the way back needs one product for x, h and bias together.
`rows` (S, N, T + 1, K + 6H, count) keeps for every step z (K rows), the gates i, f, g, o, then
c and tanh c; gates of step t stand beside the h and c that they made, one place after its z.
N blocks of `count` sequences each; arrays of the caller are (T, S, B, …).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from lstm_lab.layers.compiled.lanes import load, pick, sigmoid_of, store, tanh_of, total, zero
from lstm_lab.layers.compiled.math import INLINE, compiled

__all__ = ["lanes_back", "lanes_forward"]


@compiled
def lanes_forward(
    coupled: bool, linear_in: bool, linear_out: bool, lanes: Any, x: Any, W_x: Any, W_h: Any,
    b: Any, peep: Any, h0: Any, c0: Any, alive: Any, rows: Any, h: Any, c_last: Any,
) -> None:  # fmt: skip
    """`alive` (T, N count) is 0 past the end of a sequence; empty where none ends early."""
    T, B, I = x.shape[0], x.shape[2], x.shape[3]
    S, N, _steps, width, count = rows.shape
    H = W_h.shape[2]
    K = width - 6 * H
    at_h, used = 1 + I, 1 + I + H
    W = np.zeros((H, K, 4), W_h.dtype)  # of one unit: a row for each number read, i f g o abreast
    for s in range(S):
        for j in range(H):
            for q in range(4):
                W[j, 0, q] = b[s, q * H + j]
                for k in range(I):
                    W[j, 1 + k, q] = W_x[s, q * H + j, k]
                for k in range(H):
                    W[j, at_h + k, q] = W_h[s, q * H + j, k]
        s_x = s if x.shape[1] > 1 else 0
        for n in range(N):
            start = n * count
            many = min(count, B - start)
            _across(rows[s, n, 0], h0[s, start : start + many], at_h, True)
            _across(rows[s, n, 0], c0[s, start : start + many], K + 4 * H, True)
            for t in range(T):
                now, new = rows[s, n, t], rows[s, n, t + 1]
                store(now, 0, zero(rows, lanes) + 1)
                for k in range(used, K):
                    store(now, k, zero(rows, lanes))
                for lane in range(count):
                    seen = x[t, s_x, start + (lane if lane < many else 0)]
                    for k in range(I):
                        now[1 + k, lane] = seen[k]
                for j in range(H):
                    of = W[j]
                    i = f = g = o = zero(rows, lanes)
                    for k in range(used):
                        z = load(now, k, lanes)
                        i += of[k, 0] * z
                        f += of[k, 1] * z
                        g += of[k, 2] * z
                        o += of[k, 3] * z
                    c = load(now, K + 4 * H + j, lanes)
                    if peep.size:
                        i += peep[s, 0, j] * c
                        f += peep[s, 1, j] * c
                    i = sigmoid_of(i)
                    f = 1 - i if coupled else sigmoid_of(f)
                    if not linear_in:
                        g = tanh_of(g)
                    c_new = f * c + i * g
                    if peep.size:
                        o += peep[s, 2, j] * c_new
                    o = sigmoid_of(o)
                    shown = c_new if linear_out else tanh_of(c_new)
                    h_new = o * shown
                    if alive.size:
                        mask = load(alive[t].reshape(N, count), n, lanes)
                        c_new = pick(mask, c_new, c)
                        h_new = pick(mask, h_new, load(now, at_h + j, lanes))
                    store(new, at_h + j, h_new)
                    store(new, K + j, i)
                    store(new, K + H + j, f)
                    store(new, K + 2 * H + j, g)
                    store(new, K + 3 * H + j, o)
                    store(new, K + 4 * H + j, c_new)
                    store(new, K + 5 * H + j, shown)
                for lane in range(many):
                    out = h[t, s, start + lane]
                    for j in range(H):
                        out[j] = new[at_h + j, lane]
            last = rows[s, n, T]
            for lane in range(many):
                for j in range(H):
                    c_last[s, start + lane, j] = last[K + 4 * H + j, lane]


@njit(**INLINE)
def _across(rows: Any, source: Any, first: int, again: bool) -> None:
    """Write source (sequences, width) across, from row `first` on.

    Lanes to which no sequence is left repeat the first one (then what they compute is no stranger
    than what is asked for) or, for gradients, are zero.
    """
    many, width = source.shape
    for lane in range(rows.shape[1]):
        for k in range(width):
            of = source[lane if lane < many else 0, k]
            rows[first + k, lane] = of if again or lane < many else 0


@compiled
def lanes_back(
    coupled: bool, linear_in: bool, linear_out: bool, lanes: Any, chunk: int, W_x: Any, W_h: Any,
    peep: Any, alive: Any, rows: Any, dh: Any, dh_last: Any, dc_last: Any, dx: Any,
    dh0: Any, dc0: Any, dW_x: Any, dW_h: Any, db: Any, dpeep: Any,
) -> None:  # fmt: skip
    """Go back over all steps, `chunk` of them between two visits to the weights' gradients."""
    T, B, I = dx.shape[0], dx.shape[2], dx.shape[3]
    S, N, _steps, width, count = rows.shape
    H = W_h.shape[2]
    G, K, at_h = 4 * H, width - 6 * H, 1 + I
    Wt = np.zeros((K // 4, G, 4), W_h.dtype)  # four rows of z abreast
    da = np.empty((chunk, G, count), W_h.dtype)
    dz = np.empty((K, count), W_h.dtype)
    d = np.empty((2 * H, count), W_h.dtype)  # what the later steps ask of h, and of c
    dW = np.empty((G, K), W_h.dtype)
    for s in range(S):
        dW[:] = 0
        for g in range(G):
            for k in range(I):
                Wt[(1 + k) // 4, g, (1 + k) % 4] = W_x[s, g, k]
            for k in range(H):
                Wt[(at_h + k) // 4, g, (at_h + k) % 4] = W_h[s, g, k]
        for n in range(N):
            start = n * count
            many = min(count, B - start)
            _across(d, dh_last[s, start : start + many], 0, False)
            _across(d, dc_last[s, start : start + many], H, False)
            for block in range((T - 1) // chunk, -1, -1):
                first, last = block * chunk, min(T, (block + 1) * chunk)
                for t in range(last - 1, first - 1, -1):
                    old, new, da_t = rows[s, n, t], rows[s, n, t + 1], da[t - first]
                    for lane in range(many):
                        asked = dh[t, s, start + lane]
                        for j in range(H):
                            d[j, lane] += asked[j]
                    for j in range(H):
                        i, f = load(new, K + j, lanes), load(new, K + H + j, lanes)
                        g, o = load(new, K + 2 * H + j, lanes), load(new, K + 3 * H + j, lanes)
                        shown = load(new, K + 5 * H + j, lanes)
                        c = load(old, K + 4 * H + j, lanes)
                        d_h, d_c = load(d, j, lanes), load(d, H + j, lanes)
                        da_o = d_h * shown * (o * (1 - o))
                        d_new = d_h * o
                        if not linear_out:
                            d_new = d_new * (1 - shown * shown)
                        d_new = d_c + d_new
                        if peep.size:
                            d_new += peep[s, 2, j] * da_o
                        da_g = d_new * i
                        if not linear_in:
                            da_g = da_g * (1 - g * g)
                        if coupled:
                            da_i = d_new * (g - c) * (i * (1 - i))
                            da_f = zero(rows, lanes)
                        else:
                            da_i = d_new * g * (i * (1 - i))
                            da_f = d_new * c * (f * (1 - f))
                        d_new = d_new * f
                        if peep.size:
                            d_new += peep[s, 0, j] * da_i
                            d_new += peep[s, 1, j] * da_f
                        if alive.size:
                            mask = load(alive[t].reshape(N, count), n, lanes)
                            d_new = pick(mask, d_new, d_c)
                            none = zero(rows, lanes)
                            da_i, da_f = pick(mask, da_i, none), pick(mask, da_f, none)
                            da_g, da_o = pick(mask, da_g, none), pick(mask, da_o, none)
                        if peep.size:
                            dpeep[s, 0, j] += total(da_i * c)
                            dpeep[s, 1, j] += total(da_f * c)
                            dpeep[s, 2, j] += total(da_o * load(new, K + 4 * H + j, lanes))
                        store(d, H + j, d_new)
                        store(da_t, j, da_i)
                        store(da_t, H + j, da_f)
                        store(da_t, 2 * H + j, da_g)
                        store(da_t, 3 * H + j, da_o)
                    for k in range(K // 4):
                        of = Wt[k]
                        z0 = z1 = z2 = z3 = zero(rows, lanes)
                        for g in range(G):
                            v = load(da_t, g, lanes)
                            z0 += of[g, 0] * v
                            z1 += of[g, 1] * v
                            z2 += of[g, 2] * v
                            z3 += of[g, 3] * v
                        store(dz, 4 * k, z0)
                        store(dz, 4 * k + 1, z1)
                        store(dz, 4 * k + 2, z2)
                        store(dz, 4 * k + 3, z3)
                    for j in range(H):
                        d_h = load(dz, at_h + j, lanes)
                        if alive.size:
                            mask = load(alive[t].reshape(N, count), n, lanes)
                            d_h = pick(mask, d_h, load(d, j, lanes))
                        store(d, j, d_h)
                    for lane in range(many):
                        out = dx[t, s, start + lane]
                        for k in range(I):
                            out[k] = dz[1 + k, lane]
                _add_products(lanes, da, rows[s, n], last - first, first, dW)
            for lane in range(many):
                for j in range(H):
                    dh0[s, start + lane, j] = d[j, lane]
                    dc0[s, start + lane, j] = d[H + j, lane]
        for g in range(G):
            db[s, g] = dW[g, 0]
            for k in range(I):
                dW_x[s, g, k] = dW[g, 1 + k]
            for k in range(H):
                dW_h[s, g, k] = dW[g, at_h + k]


@njit(**INLINE)
def _add_products(lanes: Any, da: Any, rows: Any, steps: int, first: int, dW: Any) -> None:
    """dW += sum over steps and sequences of da z^T, four by four."""
    G, K = dW.shape
    for g in range(0, G, 4):
        for k in range(0, K, 4):
            s00 = s01 = s02 = s03 = s10 = s11 = s12 = s13 = zero(da, lanes)
            s20 = s21 = s22 = s23 = s30 = s31 = s32 = s33 = zero(da, lanes)
            for t in range(steps):
                z, a = rows[first + t], da[t]
                z0, z1 = load(z, k, lanes), load(z, k + 1, lanes)
                z2, z3 = load(z, k + 2, lanes), load(z, k + 3, lanes)
                v = load(a, g, lanes)
                s00 += v * z0
                s01 += v * z1
                s02 += v * z2
                s03 += v * z3
                v = load(a, g + 1, lanes)
                s10 += v * z0
                s11 += v * z1
                s12 += v * z2
                s13 += v * z3
                v = load(a, g + 2, lanes)
                s20 += v * z0
                s21 += v * z1
                s22 += v * z2
                s23 += v * z3
                v = load(a, g + 3, lanes)
                s30 += v * z0
                s31 += v * z1
                s32 += v * z2
                s33 += v * z3
            _add4(dW[g], k, s00, s01, s02, s03)
            _add4(dW[g + 1], k, s10, s11, s12, s13)
            _add4(dW[g + 2], k, s20, s21, s22, s23)
            _add4(dW[g + 3], k, s30, s31, s32, s33)


@njit(**INLINE)
def _add4(row: Any, k: int, s0: Any, s1: Any, s2: Any, s3: Any) -> None:
    row[k] += total(s0)
    row[k + 1] += total(s1)
    row[k + 2] += total(s2)
    row[k + 3] += total(s3)
