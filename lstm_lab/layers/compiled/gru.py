"""The GRU as compiled loops, over steps `first` to `last`.

Arrays are (S, T, B, …), contiguous; `row` is one sequence's stretch of one. Each loop over j
touches few arrays, so that LLVM can prove them apart and use vector instructions. Where
`product` is false the caller does the recurrent product, by BLAS, and hands it in `tmp`.
`dead` (T, B) is true past the end of a sequence. Needs numba; imported by `run` alone.
"""

from __future__ import annotations

from typing import Any

from lstm_lab.layers.compiled.math import (
    add_product,
    add_products,
    compiled,
    squash_sigmoid,
    squash_tanh,
)

__all__ = ["gru_back", "gru_forward"]


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
