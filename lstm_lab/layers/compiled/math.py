"""exp, sigma and tanh that a compiled loop computes eight at a time.

The C library's are called number by number. These have no call and no branch, so that
LLVM turns a loop over them into vector instructions: exp(x) = 2^n e^r with n = round(x / ln 2),
e^r by its series on |r| <= ln 2 / 2, and 2^n put together from the bits of the exponent.
Needs numba; imported by `run` alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]
from numba import int32, int64, njit, types
from numba.extending import intrinsic, overload

__all__ = [
    "add_product",
    "add_products",
    "compiled",
    "exp",
    "exp_formula",
    "sigmoid",
    "squash_sigmoid",
    "squash_tanh",
    "tanh",
]

OPTIONS: dict[str, Any] = {"error_model": "numpy", "cache": True, "fastmath": {"contract"}}
INLINE: dict[str, Any] = {**OPTIONS, "cache": False}

compiled = njit(**OPTIONS)
"""Compile at the first call, and keep the result on disk."""

_LN2_HIGH, _LN2_LOW = 0.693145751953125, 1.4286068203094172321e-6  # their sum is ln 2
_SERIES = [1 / f for f in (1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880, 3628800, 39916800,
                           479001600)]  # fmt: skip


@intrinsic
def _float_of_bits(typing_context, bits):  # type: ignore[no-untyped-def]
    """Read the bits of an int32 or int64 as a float of that size."""
    kind = {types.int32: types.float32, types.int64: types.float64}[bits]

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        wide = ir.FloatType() if kind is types.float32 else ir.DoubleType()
        return builder.bitcast(arguments[0], wide)

    return kind(bits), build


@njit(**INLINE)
def _within(x: Any, least: Any, most: Any) -> Any:
    """Hold x between two numbers; nan stays."""
    x = least if x < least else x
    return most if x > most else x


@njit(**INLINE)
def _two_to32(n: Any) -> Any:
    """2^n for whole n."""
    return _float_of_bits(int32((int32(n) + int32(127)) << int32(23)))  # type: ignore[call-arg]


@njit(**INLINE)
def _two_to64(n: Any) -> Any:
    return _float_of_bits(int64((int64(int32(n)) + int64(1023)) << int64(52)))  # type: ignore[call-arg]


def exp(x: Any) -> Any:
    """e^x; in compiled code only."""
    return np.exp(x)


def _as_float32(*numbers: float) -> Any:
    return tuple(np.float32(n) for n in numbers)


def exp_formula(scalar: Any, within: Any, two_to: Any) -> Any:
    """Return e^x as a function for compiled code, of one number or of many side by side."""
    if scalar is types.float32:
        # as tuples of float32, so that no number is widened to float64 on the way
        log2e, high, low = _as_float32(1.4426950408889634, _LN2_HIGH, _LN2_LOW)
        least, most, magic = _as_float32(-87.0, 88.0, 12582912.0)
        c0, c1, c2, c3, c4, c5, c6 = _as_float32(*_SERIES[:7])

        def exp32(x: Any) -> Any:
            x = within(x, least, most)
            n = (x * log2e + magic) - magic  # rounds to a whole number
            r = x - n * high - n * low
            e = c0 + r * (c1 + r * (c2 + r * (c3 + r * (c4 + r * (c5 + r * c6)))))
            return e * two_to(n)

        return exp32

    log2e, high, low = 1.4426950408889634, _LN2_HIGH, _LN2_LOW
    least, most, magic = -708.0, 709.0, 6755399441055744.0
    c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12 = _SERIES

    def exp64(x: Any) -> Any:
        x = within(x, least, most)
        n = (x * log2e + magic) - magic
        r = x - n * high - n * low
        e = c6 + r * (c7 + r * (c8 + r * (c9 + r * (c10 + r * (c11 + r * c12)))))
        e = c0 + r * (c1 + r * (c2 + r * (c3 + r * (c4 + r * (c5 + r * e)))))
        return e * two_to(n)

    return exp64


@overload(exp, inline="never", jit_options={"error_model": "numpy", "fastmath": {"contract"}})
def _exp(x: Any) -> Any:
    if not isinstance(x, types.Float):
        return None
    return exp_formula(x, _within, _two_to32 if x is types.float32 else _two_to64)


@njit(**INLINE)
def sigmoid(x: Any) -> Any:
    """1 / (1 + e^-x)."""
    one = type(x)(1)
    return one / (one + exp(-x))


@njit(**INLINE)
def tanh(x: Any) -> Any:
    """1 - 2 / (e^2x + 1)."""
    one = type(x)(1)
    return one - (one + one) / (exp(x + x) + one)


@njit(**INLINE)
def squash_sigmoid(a: Any) -> None:
    """Sigma of a row, in place."""
    for j in range(a.size):
        a[j] = sigmoid(a[j])


@njit(**INLINE)
def squash_tanh(a: Any) -> None:
    """Tanh of a row, in place."""
    for j in range(a.size):
        a[j] = tanh(a[j])


@njit(**INLINE)
def add_product(row: Any, M: Any, out: Any) -> None:
    """out += row @ M, four rows of M at a time so that `out` is read and written less often."""
    K, N = M.shape
    k = 0
    while k + 4 <= K:
        r0, r1, r2, r3 = row[k], row[k + 1], row[k + 2], row[k + 3]
        m0, m1, m2, m3 = M[k], M[k + 1], M[k + 2], M[k + 3]
        for j in range(N):
            out[j] += r0 * m0[j] + r1 * m1[j] + r2 * m2[j] + r3 * m3[j]
        k += 4
    while k < K:
        r, m = row[k], M[k]
        for j in range(N):
            out[j] += r * m[j]
        k += 1


@njit(**INLINE)
def add_products(rows: Any, M: Any, out: Any) -> None:
    """out += rows @ M, two rows at a time, so that each number of M is loaded once for both."""
    B = rows.shape[0]
    K, N = M.shape
    for b in range(0, B - 1, 2):
        r, q, r_out, q_out = rows[b], rows[b + 1], out[b], out[b + 1]
        k = 0
        while k + 4 <= K:
            r0, r1, r2, r3 = r[k], r[k + 1], r[k + 2], r[k + 3]
            q0, q1, q2, q3 = q[k], q[k + 1], q[k + 2], q[k + 3]
            m0, m1, m2, m3 = M[k], M[k + 1], M[k + 2], M[k + 3]
            for j in range(N):
                v0, v1, v2, v3 = m0[j], m1[j], m2[j], m3[j]
                r_out[j] += r0 * v0 + r1 * v1 + r2 * v2 + r3 * v3
                q_out[j] += q0 * v0 + q1 * v1 + q2 * v2 + q3 * v3
            k += 4
        while k < K:
            r0, q0, m0 = r[k], q[k], M[k]
            for j in range(N):
                r_out[j] += r0 * m0[j]
                q_out[j] += q0 * m0[j]
            k += 1
    if B % 2:
        add_product(rows[B - 1], M, out[B - 1])
