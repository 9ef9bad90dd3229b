"""The plain RNN as compiled loops, over steps `first` to `last`.

Arrays are (S, T, B, …), contiguous; `row` is one sequence's stretch of one. Each loop over j
touches few arrays, so that LLVM can prove them apart and use vector instructions. Where
`product` is false the caller does the recurrent product, by BLAS, and hands it in `tmp`.
`dead` (T, B) is true past the end of a sequence. Needs numba; imported by `run` alone.
"""

from __future__ import annotations

from typing import Any

from lstm_lab.layers.compiled.math import add_products, compiled, squash_tanh

__all__ = ["rnn_back", "rnn_forward"]


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
