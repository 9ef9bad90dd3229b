"""The gated memory cell as compiled loops, over steps `first` to `last`.

Arrays are (S, T, B, …), contiguous; `row` is one sequence's stretch of one. Each loop over j
touches few arrays, so that LLVM can prove them apart and use vector instructions. Where
`product` is false the caller does the recurrent product, by BLAS, and hands it in `tmp`.
`dead` (T, B) is true past the end of a sequence. Needs numba; imported by `run` alone.
"""

from __future__ import annotations

from typing import Any

from lstm_lab.layers.compiled.math import (
    add_products,
    compiled,
    squash_sigmoid,
    squash_tanh,
    tanh,
)

__all__ = ["gated_back", "gated_forward"]


@compiled
def gated_forward(
    first: int, last: int, product: bool, coupled: bool, linear_in: bool, linear_out: bool,
    a: Any, W: Any, tmp: Any, peep: Any, fed: Any, c: Any, shown: Any, dead: Any,
) -> None:  # fmt: skip
    S, _T, B, H = shown.shape
    G, R = 4 * H, fed.shape[3]
    for s in range(S):
        for t in range(first, last):
            every = a[s, t].reshape(B * G)
            if product:
                add_products(fed[s, t], W[s], a[s, t])
            else:
                extra = tmp[s].reshape(B * G)
                for j in range(B * G):
                    every[j] += extra[j]
            for b in range(B):
                row, c_old, c_new = a[s, t, b], c[s, t, b], c[s, t + 1, b]
                i, f, g, o = row[:H], row[H : 2 * H], row[2 * H : 3 * H], row[3 * H :]
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
def gated_back(
    first: int, last: int, product: bool, coupled: bool, linear_in: bool, linear_out: bool,
    truncated: bool, a: Any, W: Any, peep: Any, c: Any, shown: Any, dh: Any,
    dfed: Any, dc: Any, da: Any, dead: Any,
) -> None:  # fmt: skip
    S, _T, B, H = shown.shape
    G, R = 4 * H, dfed.shape[2]
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
            if product and not truncated:
                add_products(da[s, t], W[s], dfed[s])
