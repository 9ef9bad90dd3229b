"""The three kernels as compiled loops, over steps `first` to `last`.

Arrays are (S, T, B, …), contiguous; `row` is one sequence's stretch of one. Each loop over j
touches few arrays, so that LLVM can prove them apart and use vector instructions. Where
`product` is false the caller does the recurrent product, by BLAS, and hands it in `tmp`.
`dead` (T, B) is true past the end of a sequence. Needs numba; imported by `compiled` alone.
"""

from __future__ import annotations

from typing import Any

from numba import njit

from lstm_lab.layers.compiled_math import (
    OPTIONS,
    add_product,
    add_products,
    exp,
    squash_sigmoid,
    squash_tanh,
    tanh,
)

__all__ = [
    "gru_back",
    "gru_forward",
    "memory_back",
    "memory_forward",
    "rnn_back",
    "rnn_forward",
]

compiled = njit(**OPTIONS)


@compiled
def rnn_forward(
    first: int, last: int, product: bool, relu: bool, a: Any, W: Any, tmp: Any, fed: Any, dead: Any
) -> None:
    S, _T, B, H = a.shape
    for s in range(S):
        for t in range(first, last):
            if product:
                add_products(fed[s, t], W[s], a[s, t])
            for b in range(B):
                h, new, row = fed[s, t, b], fed[s, t + 1, b], a[s, t, b]
                if dead.size and dead[t, b]:
                    for j in range(H):
                        new[j] = h[j]
                    continue
                for j in range(H):
                    new[j] = row[j]
                if not product:
                    extra = tmp[s, b]
                    for j in range(H):
                        new[j] += extra[j]
                if relu:
                    for j in range(H):
                        v = new[j]
                        new[j] = v * 0 if v < 0 else v
                else:
                    squash_tanh(new)


@compiled
def rnn_back(
    first: int, last: int, product: bool, relu: bool, fed: Any, W: Any, dh: Any, d: Any, da: Any,
    dead: Any,
) -> None:  # fmt: skip
    S, _T, B, H = da.shape
    for s in range(S):
        for t in range(last - 1, first - 1, -1):
            for b in range(B):
                h, row, asked, out = fed[s, t + 1, b], d[s, b], dh[s, t, b], da[s, t, b]
                for j in range(H):
                    row[j] += asked[j]
                if dead.size and dead[t, b]:
                    for j in range(H):
                        out[j] = 0
                    continue
                if relu:
                    for j in range(H):
                        out[j] = row[j] if h[j] > 0 else row[j] * 0
                else:
                    for j in range(H):
                        out[j] = row[j] * (1 - h[j] * h[j])
                for j in range(H):
                    row[j] = 0
            if product:
                add_products(da[s, t], W[s], d[s])


@compiled
def memory_forward(
    first: int, last: int, product: bool, coupled: bool, linear_in: bool, linear_out: bool,
    a: Any, W: Any, tmp: Any, pattern: Any, peep: Any, fed: Any, c: Any, shown: Any, dead: Any,
) -> None:  # fmt: skip
    """`pattern` (3, B G) squashes all gates at once; where it is empty, gate by gate."""
    S, _T, B, H = shown.shape
    G, R = 4 * H, fed.shape[3]
    scale, top, shift = pattern[0], pattern[1], pattern[2]
    for s in range(S):
        for t in range(first, last):
            every = a[s, t].reshape(B * G)
            if product:
                add_products(fed[s, t], W[s], a[s, t])
            else:
                extra = tmp[s].reshape(B * G)
                for j in range(B * G):
                    every[j] += extra[j]
            for j in range(scale.size):
                every[j] = top[j] / (1 + exp(scale[j] * every[j])) - shift[j]
            for b in range(B):
                row, c_old, c_new = a[s, t, b], c[s, t, b], c[s, t + 1, b]
                i, f, g, o = row[:H], row[H : 2 * H], row[2 * H : 3 * H], row[3 * H :]
                if scale.size == 0:
                    if peep.size:
                        p_i, p_f = peep[s, 0], peep[s, 1]
                        for j in range(H):
                            i[j] += p_i[j] * c_old[j]
                        for j in range(H):
                            f[j] += p_f[j] * c_old[j]
                    squash_sigmoid(row[: 2 * H])
                    if coupled:
                        for j in range(H):
                            f[j] = 1 - i[j]
                    if not linear_in:
                        squash_tanh(g)
                for j in range(H):
                    c_new[j] = f[j] * c_old[j] + i[j] * g[j]
                if scale.size == 0:
                    if peep.size:
                        p_o = peep[s, 2]
                        for j in range(H):
                            o[j] += p_o[j] * c_new[j]
                    squash_sigmoid(o)
            c_all, shown_all = c[s, t + 1].reshape(B * H), shown[s, t].reshape(B * H)
            if linear_out:
                for j in range(B * H):
                    shown_all[j] = c_all[j]
            else:
                for j in range(B * H):
                    shown_all[j] = tanh(c_all[j])
            for b in range(B):
                row, out = a[s, t, b], shown[s, t, b]
                before, after, o = fed[s, t, b], fed[s, t + 1, b], row[3 * H :]
                for j in range(H):
                    after[j] = o[j] * out[j]
                if R > H:
                    fed_gates = after[H:]
                    for j in range(2 * H):
                        fed_gates[j] = row[j]
                    fed_o = after[3 * H :]
                    for j in range(H):
                        fed_o[j] = o[j]
                if dead.size and dead[t, b]:
                    c_old, c_new = c[s, t, b], c[s, t + 1, b]
                    for j in range(H):
                        c_new[j] = c_old[j]
                    for j in range(R):
                        after[j] = before[j]


@compiled
def memory_back(
    first: int, last: int, product: bool, coupled: bool, linear_in: bool, linear_out: bool,
    truncated: bool, a: Any, W: Any, pattern: Any, peep: Any, c: Any, shown: Any, dh: Any,
    dfed: Any, dc: Any, da: Any, dead: Any,
) -> None:  # fmt: skip
    S, _T, B, H = shown.shape
    G, R = 4 * H, dfed.shape[2]
    shift = pattern[2]
    for s in range(S):
        for t in range(last - 1, first - 1, -1):
            for b in range(B):
                row, out, d, dc_row = a[s, t, b], da[s, t, b], dfed[s, b], dc[s, b]
                c_old, seen, asked = c[s, t, b], shown[s, t, b], dh[s, t, b]
                for j in range(H):
                    d[j] += asked[j]
                if dead.size and dead[t, b]:
                    for j in range(G):
                        out[j] = 0
                    continue
                i, f, g, o = row[:H], row[H : 2 * H], row[2 * H : 3 * H], row[3 * H :]
                da_i, da_f, da_g, da_o = out[:H], out[H : 2 * H], out[2 * H : 3 * H], out[3 * H :]
                if linear_out:
                    for j in range(H):
                        dc_row[j] += d[j] * o[j]
                else:
                    for j in range(H):
                        dc_row[j] += d[j] * o[j] * (1 - seen[j] * seen[j])
                for j in range(H):
                    da_o[j] = d[j] * seen[j]
                if R > H:  # what the next step's gates asked of o
                    d_o = d[3 * H :]
                    for j in range(H):
                        da_o[j] += d_o[j]
                if peep.size:
                    p_o = peep[s, 2]
                    for j in range(H):
                        dc_row[j] += da_o[j] * o[j] * (1 - o[j]) * p_o[j]
                if coupled:
                    for j in range(H):
                        da_i[j] = dc_row[j] * (g[j] - c_old[j])
                    for j in range(H):
                        da_f[j] = 0
                else:
                    for j in range(H):
                        da_i[j] = dc_row[j] * g[j]
                    for j in range(H):
                        da_f[j] = dc_row[j] * c_old[j]
                    if R > H:
                        d_if = d[H:]
                        for j in range(2 * H):
                            out[j] += d_if[j]
                for j in range(H):
                    da_g[j] = dc_row[j] * i[j]
                for j in range(H):
                    dc_row[j] *= f[j]
                if shift.size == 0:
                    for j in range(2 * H):
                        out[j] *= row[j] * (1 - row[j])
                    for j in range(H):
                        da_o[j] *= o[j] * (1 - o[j])
                    if not linear_in:
                        for j in range(H):
                            da_g[j] *= 1 - g[j] * g[j]
                if peep.size:
                    p_i, p_f = peep[s, 0], peep[s, 1]
                    for j in range(H):
                        dc_row[j] += da_i[j] * p_i[j]
                    for j in range(H):
                        dc_row[j] += da_f[j] * p_f[j]
                for j in range(R):
                    d[j] = 0
            if shift.size:  # s (1 - s) of a sigma, (1 + s) (1 - s) of a tanh
                every, out_all = a[s, t].reshape(B * G), da[s, t].reshape(B * G)
                for j in range(B * G):
                    out_all[j] *= (every[j] + shift[j]) * (1 - every[j])
            if product and not truncated:
                add_products(da[s, t], W[s], dfed[s])


@compiled
def gru_forward(
    first: int, last: int, product: bool, after: bool, a: Any, W: Any, W_n: Any, tmp: Any,
    b_hn: Any, m: Any, fed: Any, dead: Any,
) -> None:  # fmt: skip
    """W (S, H, 3H) if the reset gate comes `after`, else (S, H, 2H) and W_n (S, H, H)."""
    S, _T, B, H = m.shape
    for s in range(S):
        for t in range(first, last):
            if product:
                for b in range(B):
                    for j in range(tmp.shape[2]):
                        tmp[s, b, j] = 0
                add_products(fed[s, t], W[s], tmp[s])
            for b in range(B):
                row, h, new, m_row, extra = (
                    a[s, t, b],
                    fed[s, t, b],
                    fed[s, t + 1, b],
                    m[s, t, b],
                    tmp[s, b],
                )
                if dead.size and dead[t, b]:
                    for j in range(H):
                        new[j] = h[j]
                r, z, n = row[:H], row[H : 2 * H], row[2 * H :]
                for j in range(2 * H):
                    row[j] += extra[j]
                squash_sigmoid(row[: 2 * H])
                if after:
                    product_n, bias = extra[2 * H :], b_hn[s]
                    for j in range(H):
                        m_row[j] = product_n[j] + bias[j]
                    for j in range(H):
                        n[j] += r[j] * m_row[j]
                else:
                    for j in range(H):
                        m_row[j] = r[j] * h[j]
                    add_product(m_row, W_n[s], n)
                squash_tanh(n)
                if dead.size and dead[t, b]:
                    continue
                for j in range(H):
                    new[j] = n[j] + z[j] * (h[j] - n[j])


@compiled
def gru_back(
    first: int, last: int, product: bool, after: bool, a: Any, W: Any, W_n: Any, m: Any, fed: Any,
    dh: Any, d: Any, da: Any, db: Any, scratch: Any, dead: Any,
) -> None:  # fmt: skip
    """W (S, 3H, H) if `after`, else (S, 2H, H) and W_n (S, H, H); db: da with r on n's rows."""
    S, _T, B, H = m.shape
    for s in range(S):
        for t in range(last - 1, first - 1, -1):
            for b in range(B):
                row, h, m_row, d_row = a[s, t, b], fed[s, t, b], m[s, t, b], d[s, b]
                asked, out, fed_out = dh[s, t, b], da[s, t, b], db[s, t, b]
                for j in range(H):
                    d_row[j] += asked[j]
                if dead.size and dead[t, b]:
                    for j in range(3 * H):
                        out[j] = 0
                    for j in range(3 * H):
                        fed_out[j] = 0
                    continue
                r, z, n = row[:H], row[H : 2 * H], row[2 * H :]
                da_r, da_z, da_n = out[:H], out[H : 2 * H], out[2 * H :]
                for j in range(H):
                    da_n[j] = d_row[j] * (1 - z[j]) * (1 - n[j] * n[j])
                for j in range(H):
                    da_z[j] = d_row[j] * (h[j] - n[j])
                for j in range(H):
                    da_z[j] *= z[j] * (1 - z[j])
                for j in range(H):
                    d_row[j] *= z[j]
                if after:
                    for j in range(H):
                        da_r[j] = da_n[j] * m_row[j] * r[j] * (1 - r[j])
                    for j in range(2 * H):
                        fed_out[j] = out[j]
                    fed_n = fed_out[2 * H :]
                    for j in range(H):
                        fed_n[j] = da_n[j] * r[j]
                else:
                    for j in range(H):
                        scratch[j] = 0
                    add_product(da_n, W_n[s], scratch)
                    for j in range(H):
                        da_r[j] = scratch[j] * h[j] * r[j] * (1 - r[j])
                    for j in range(H):
                        d_row[j] += scratch[j] * r[j]
            if product:
                add_products(db[s, t, :, : W.shape[1]], W[s], d[s])
