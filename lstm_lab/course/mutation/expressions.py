"""What may go wrong in an expression: operators, terms, numbers, names, arguments, slices."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from copy import copy

__all__ = ["expressions"]

_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.MatMult: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_MAKERS = ("zeros", "ones", "empty", "zeros_like", "ones_like", "empty_like")
_ORDERED = (ast.Sub, ast.Div, ast.MatMult, ast.Pow, ast.FloorDiv, ast.Mod)
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_PAIRS = (
    *("sum mean", "max min", "argmax argmin", "maximum minimum", "zeros ones"),
    *("zeros_like ones_like", "tanh sin", "exp expm1", "log log1p", "cumsum cumprod"),
    *("floor ceil", "any all", "hstack vstack"),
)
_FUNCTIONS = {a: b for pair in _PAIRS for a, b in (pair.split(), pair.split()[::-1])}


def expressions(node: ast.expr, names: Sequence[str]) -> Iterator[ast.expr]:
    """Yield what might stand in the place of an expression by mistake.

    Parameters
    ----------
    node : ast.expr
        As it is right; it is not changed.
    names : sequence of str
        The function's parameters and variables.

    Examples
    --------
    >>> node = ast.parse("a - b", mode="eval").body
    >>> [ast.unparse(one) for one in expressions(node, ["a", "b"])]
    ['a + b', 'a', 'b', 'b - a']
    """
    handler = _HANDLERS.get(type(node))
    if handler is not None:
        yield from handler(node)
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in names:
        yield from (_name(other) for other in names if other != node.id)


def _with(node: ast.expr, **changes: object) -> ast.expr:
    changed = copy(node)
    for field, value in changes.items():
        setattr(changed, field, value)
    return changed


def _name(text: str) -> ast.expr:
    return ast.Name(text, ast.Load())


def _plus(node: ast.expr, n: int) -> ast.expr:
    return ast.BinOp(node, ast.Add() if n > 0 else ast.Sub(), ast.Constant(abs(n)))


def _binary(node: ast.BinOp) -> Iterator[ast.expr]:
    if type(node.op) in _OPERATORS:
        yield _with(node, op=_OPERATORS[type(node.op)]())
    yield node.left
    yield node.right
    if isinstance(node.op, _ORDERED):
        yield _with(node, left=node.right, right=node.left)
    if isinstance(node.op, ast.MatMult):  # that a `.T` is one too many is seen to by `_attribute`
        for side in ("left", "right"):
            part = getattr(node, side)
            if not (isinstance(part, ast.Attribute) and part.attr == "T"):
                yield _with(node, **{side: ast.Attribute(part, "T", ast.Load())})


def _unary(node: ast.UnaryOp) -> Iterator[ast.expr]:
    yield node.operand


def _comparison(node: ast.Compare) -> Iterator[ast.expr]:
    for n, op in enumerate(node.ops):
        for other in _COMPARISONS[type(op)]:
            yield _with(node, ops=[*node.ops[:n], other(), *node.ops[n + 1 :]])


def _logic(node: ast.BoolOp) -> Iterator[ast.expr]:
    yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    for n in range(len(node.values)):
        rest = [*node.values[:n], *node.values[n + 1 :]]
        yield rest[0] if len(rest) == 1 else _with(node, values=rest)


def _choice(node: ast.IfExp) -> Iterator[ast.expr]:
    yield node.body
    yield node.orelse
    yield _with(node, body=node.orelse, orelse=node.body)


def _constant(node: ast.Constant) -> Iterator[ast.expr]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
        yield ast.Constant(value - 1)
    elif isinstance(value, str) and "->" in value:  # einsum: the result transposed
        inputs, _arrow, output = value.partition("->")
        if len(output) > 1:
            yield ast.Constant(f"{inputs}->{output[::-1]}")
    elif isinstance(value, float):
        yield from (ast.Constant(x) for x in (0.0, 2 * value, value + 1) if x != value)


def _attribute(node: ast.Attribute) -> Iterator[ast.expr]:
    if node.attr == "T":
        yield node.value
    elif node.attr in _FUNCTIONS:
        yield _with(node, attr=_FUNCTIONS[node.attr])


def _call(node: ast.Call) -> Iterator[ast.expr]:
    name = node.func.id if isinstance(node.func, ast.Name) else None
    if name == "sigmoid":  # a gate through the wrong curve
        yield _with(node, func=ast.Attribute(_name("np"), "tanh", ast.Load()))
    if node.args:
        yield node.args[0]  # the call left out
    elif isinstance(node.func, ast.Attribute):
        yield node.func.value  # x.copy() -> x
    for n in range(len(node.args) - 1):
        swapped = [*node.args[:n], node.args[n + 1], node.args[n], *node.args[n + 2 :]]
        yield _with(node, args=swapped)
    if len(node.args) > 1:
        for n in range(len(node.args)):
            yield _with(node, args=[*node.args[:n], *node.args[n + 1 :]])
    for n in range(len(node.keywords)):
        yield _with(node, keywords=[*node.keywords[:n], *node.keywords[n + 1 :]])
    made = isinstance(node.func, ast.Attribute) and node.func.attr in _MAKERS
    if made and all(one.arg != "dtype" for one in node.keywords):  # for whole numbers
        yield _with(node, keywords=[*node.keywords, ast.keyword("dtype", _name("int"))])
    if name == "range":
        stop = 0 if len(node.args) == 1 else 1
        for by in (-1, 1):
            args = list(node.args)
            args[stop] = _plus(args[stop], by)
            yield _with(node, args=args)
        if stop == 0:
            yield _with(node, args=[ast.Constant(1), node.args[0]])


def _subscript(node: ast.Subscript) -> Iterator[ast.expr]:
    if isinstance(node.ctx, ast.Load):
        yield node.value
    index = node.slice
    if isinstance(index, ast.Tuple):
        for n, part in enumerate(index.elts):
            for other in _indices(part):
                elts = [*index.elts[:n], other, *index.elts[n + 1 :]]
                yield _with(node, slice=_with(index, elts=elts))
    else:
        for other in _indices(index):
            yield _with(node, slice=other)


def _indices(index: ast.expr) -> Iterator[ast.expr]:
    """Yield an index, or a slice, that is one off; numbers are left to `_constant`."""
    if isinstance(index, ast.Name | ast.BinOp | ast.Call):
        yield _plus(index, 1)
        yield _plus(index, -1)
    if not isinstance(index, ast.Slice):
        return
    if index.lower is None and index.upper is None and index.step is None:
        yield _with(index, lower=ast.Constant(1))
        yield _with(index, upper=ast.Constant(-1))
        return
    for side in ("lower", "upper", "step"):
        bound = getattr(index, side)
        if bound is None:
            continue
        yield _with(index, **{side: None})
        if side != "step":
            yield from (_with(index, **{side: one}) for one in _indices(bound))


def _row(node: ast.Tuple | ast.List) -> Iterator[ast.expr]:
    if isinstance(node.ctx, ast.Load):
        for n in range(len(node.elts) - 1):
            elts = [*node.elts[:n], node.elts[n + 1], node.elts[n], *node.elts[n + 2 :]]
            yield _with(node, elts=elts)


def _comprehension(node: ast.ListComp | ast.GeneratorExp) -> Iterator[ast.expr]:
    for n, loop in enumerate(node.generators):
        if loop.ifs:
            bare = copy(loop)
            bare.ifs = []
            yield _with(node, generators=[*node.generators[:n], bare, *node.generators[n + 1 :]])


_HANDLERS: dict[type, Callable[..., Iterator[ast.expr]]] = {
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _comparison,
    ast.BoolOp: _logic,
    ast.IfExp: _choice,
    ast.Constant: _constant,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Subscript: _subscript,
    ast.Tuple: _row,
    ast.List: _row,
    ast.ListComp: _comprehension,
    ast.GeneratorExp: _comprehension,
}
