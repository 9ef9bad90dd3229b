"""A number that is many: one for each of 16 sequences (in float64 8; in small batches half).

Where a layer is small, the sequences lie along the vector: the weights are then plain
numbers, read once for all of them, and a gate's equation is written as it stands in the
paper. LLVM is told so by a type of its own, `Lanes`, with + - * / on all of them at once; what it
makes of that fits the machine (64 bytes are a register of AVX-512, two of AVX, four of NEON).

How many there are the compiler must know. It reads that from the type of an argument, the
tuple `lanes`, of which only the length counts. Needs numba; imported by `lanes_run` alone.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import njit, types
from numba.core.imputils import lower_builtin
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, models, overload, register_model

from lstm_lab.layers.compiled.math import INLINE, exp, exp_formula

__all__ = ["Lanes", "lanes_for", "load", "pick", "sigmoid_of", "store", "tanh_of", "total", "zero"]

BYTES = 64
builtin: Any = intrinsic  # for the type checker, to which it is a function of other arguments


def lanes_for(sequences: int, dtype: Any) -> tuple[None, ...]:
    """Return the tuple that tells how many numbers a `Lanes` holds: half where they suffice."""
    size = int(dtype.itemsize)
    return (None,) * ((BYTES // 2 if sequences * size <= BYTES // 2 else BYTES) // size)


class Lanes(types.Type):
    """The type of such a number, in compiled code."""

    def __init__(self, scalar: Any, count: int) -> None:
        self.scalar, self.count = scalar, count
        super().__init__(name=f"Lanes({scalar}, {count})")


def _vector(kind: Lanes) -> Any:
    return ir.VectorType(_scalar(kind), kind.count)


def _scalar(kind: Lanes) -> Any:
    return ir.FloatType() if kind.scalar is types.float32 else ir.DoubleType()


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Lanes) -> None:
        super().__init__(manager, kind, _vector(kind))


def _spread(builder: Any, kind: Lanes, number: Any) -> Any:
    """Return a vector that holds `number` everywhere."""
    vector = _vector(kind)
    one = builder.insert_element(ir.Constant(vector, ir.Undefined), number, ir.IntType(32)(0))
    nowhere = ir.Constant(ir.VectorType(ir.IntType(32), kind.count), [0] * kind.count)
    return builder.shuffle_vector(one, ir.Constant(vector, ir.Undefined), nowhere)


def _arithmetic(symbol: Any, name: str) -> None:
    """Let `symbol` work on Lanes with Lanes, and on Lanes with a number."""

    @infer_global(symbol)
    class _Typing(AbstractTemplate):
        def generic(self, args: Any, kws: Any) -> Any:
            kinds = [arg for arg in args if isinstance(arg, Lanes)]
            if not kinds or len(args) != 2:
                return None
            return signature(
                kinds[0], *(a if isinstance(a, Lanes) else kinds[0].scalar for a in args)
            )

    def lower(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = sig.return_type
        values = [
            value if isinstance(arg, Lanes) else _spread(builder, kind, value)
            for arg, value in zip(sig.args, args, strict=True)
        ]
        return getattr(builder, name)(*values, flags=("contract",))

    for kinds in ((Lanes, Lanes), (Lanes, types.Float), (types.Float, Lanes)):
        lower_builtin(symbol, *kinds)(lower)


for _symbol, _name in ((operator.add, "fadd"), (operator.sub, "fsub"), (operator.mul, "fmul"),
                       (operator.truediv, "fdiv"), (operator.iadd, "fadd")):  # fmt: skip
    _arithmetic(_symbol, _name)


def _place(context: Any, builder: Any, kind: Any, array_type: Any, array: Any, row: Any) -> Any:
    """Return a pointer to row `row` of an array (rows, count), as one to a vector."""
    data = context.make_array(array_type)(context, builder, array).data
    start = builder.mul(row, ir.Constant(row.type, kind.count))
    return builder.bitcast(builder.gep(data, [start]), _vector(kind).as_pointer())


@builtin
def load(typing_context, array, row, lanes):  # type: ignore[no-untyped-def]
    """Return ``array[row]`` of a contiguous array (rows, count)."""
    kind = Lanes(array.dtype, lanes.count)

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = _place(context, builder, kind, sig.args[0], *args[:2])
        return builder.load(place, align=array.dtype.bitwidth // 8)

    return kind(array, types.intp, lanes), build


@builtin
def store(typing_context, array, row, value):  # type: ignore[no-untyped-def]
    """``array[row] = value``."""

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        place = _place(context, builder, value, sig.args[0], *args[:2])
        builder.store(args[2], place, align=array.dtype.bitwidth // 8)
        return context.get_dummy_value()

    return types.void(array, types.intp, value), build


@builtin
def zero(typing_context, array, lanes):  # type: ignore[no-untyped-def]
    """Return zeros of the array's type."""

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return ir.Constant(_vector(sig.return_type), None)

    return Lanes(array.dtype, lanes.count)(array, lanes), build


@builtin
def pick(typing_context, mask, one, other):  # type: ignore[no-untyped-def]
    """Return `one` where the mask is above zero, `other` elsewhere."""

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        above = builder.fcmp_ordered(">", args[0], ir.Constant(args[0].type, None))
        return builder.select(above, args[1], args[2])

    return one(mask, one, other), build


@builtin
def total(typing_context, value):  # type: ignore[no-untyped-def]
    """Return the sum of all lanes."""

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        vector, count = args[0], sig.args[0].count
        while count > 1:  # the upper half onto the lower
            count //= 2
            nothing = ir.Constant(vector.type, ir.Undefined)
            halves = [
                builder.shuffle_vector(
                    vector, nothing,
                    ir.Constant(ir.VectorType(ir.IntType(32), count), list(part)),
                )
                for part in (range(count), range(count, 2 * count))
            ]  # fmt: skip
            vector = builder.fadd(*halves)
        return builder.extract_element(vector, ir.IntType(32)(0))

    return value.scalar(value), build


@builtin
def _within(typing_context, value, least, most):  # type: ignore[no-untyped-def]
    """Hold every lane between two numbers; nan stays."""

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        x, kind = args[0], sig.return_type
        for bound, sign in ((args[1], "<"), (args[2], ">")):
            bound = _spread(builder, kind, bound)
            x = builder.select(builder.fcmp_ordered(sign, x, bound), bound, x)
        return x

    return value(value, value.scalar, value.scalar), build


@builtin
def _two_to(typing_context, value):  # type: ignore[no-untyped-def]
    """Return 2^n for whole n, put together from the bits of the exponent."""

    def build(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        kind = sig.return_type
        bits = kind.scalar.bitwidth
        offset, shift = (127, 23) if bits == 32 else (1023, 52)
        narrow = ir.VectorType(ir.IntType(32), kind.count)
        whole = ir.VectorType(ir.IntType(bits), kind.count)
        n = builder.fptosi(args[0], narrow)
        if bits == 64:
            n = builder.sext(n, whole)
        n = builder.add(n, ir.Constant(whole, [offset] * kind.count))
        n = builder.shl(n, ir.Constant(whole, [shift] * kind.count))
        return builder.bitcast(n, _vector(kind))

    return value(value), build


@overload(exp, jit_options={"error_model": "numpy", "forceinline": True})
def _exp(x: Any) -> Any:
    return exp_formula(x.scalar, _within, _two_to) if isinstance(x, Lanes) else None


@njit(**INLINE, forceinline=True)
def sigmoid_of(x: Any) -> Any:
    """1 / (1 + e^-x)."""
    return 1 / (1 + exp(0 - x))


@njit(**INLINE, forceinline=True)
def tanh_of(x: Any) -> Any:
    """1 - 2 / (e^2x + 1)."""
    return 1 - 2 / (exp(x + x) + 1)
