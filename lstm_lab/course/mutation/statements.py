"""What may go wrong in a statement: left out, its condition turned, its loop cut short."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from copy import copy

__all__ = ["header", "statements"]

_SIMPLE = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Expr, ast.Return, ast.Raise, ast.Delete)
_COMPOUND = (ast.For, ast.While, ast.If, ast.With)
_AUGMENTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}


def statements(node: ast.stmt, shared: Collection[str] = ()) -> Iterator[ast.stmt]:
    """Yield what might stand in the place of a statement by mistake.

    Parameters
    ----------
    node : ast.stmt
        As it is right; it is not changed.
    shared : collection of str
        Variables that may stand for an array of the caller's: these may be written into.

    Examples
    --------
    >>> [ast.unparse(one) for one in statements(ast.parse("dW += da").body[0])]
    ['pass', 'dW = da', 'dW -= da']
    >>> [ast.unparse(one) for one in statements(ast.parse("h = h + x").body[0], ["h"])]
    ['h += x', 'h[...] = h + x', 'pass']
    """
    if isinstance(node, ast.Assign):
        yield from _assignment(node, shared)
    if isinstance(node, ast.Return) and node.value is not None:
        yield from _returned(node, node.value)
    if isinstance(node, ast.For) and not _unused(node.target):
        yield _with(node, iter=_call("reversed", _call("list", node.iter)))
    docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    if isinstance(node, _SIMPLE + _COMPOUND) and not docstring:
        yield ast.Pass()
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value, lineno=node.lineno)
        if type(node.op) in _AUGMENTED:
            yield _with(node, op=_AUGMENTED[type(node.op)]())
    if isinstance(node, ast.If | ast.While):
        yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
    if isinstance(node, ast.If):
        yield _with(node, test=ast.Constant(True))
        yield _with(node, test=ast.Constant(False))
    if isinstance(node, ast.Break):
        yield ast.Continue()
    if isinstance(node, ast.Continue):
        yield ast.Break()


def _assignment(node: ast.Assign, shared: Collection[str]) -> Iterator[ast.stmt]:
    """Yield it written into the array that the name stands for; and begun with zeros."""
    target = node.targets[0]
    if isinstance(target, ast.Name) and target.id in shared:
        if isinstance(node.value, ast.BinOp) and _is(node.value.left, target.id):
            yield ast.AugAssign(target, node.value.op, node.value.right, lineno=node.lineno)
        place = ast.Subscript(ast.Name(target.id, ast.Load()), ast.Constant(...), ast.Store())
        yield _with(node, targets=[place])
    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
        for n, one in enumerate(node.value.elts):
            if isinstance(one, ast.Name):
                elts = [*node.value.elts[:n], _zeros(one), *node.value.elts[n + 1 :]]
                yield _with(node, value=ast.Tuple(elts, ast.Load()))
    elif isinstance(node.value, ast.Name):
        yield _with(node, value=_zeros(node.value))


def _returned(node: ast.Return, value: ast.expr) -> Iterator[ast.stmt]:
    """Yield it with one thing of several left out, and with one of few digits."""
    if not isinstance(value, ast.Tuple):
        yield _with(node, value=_numpy("float16", value))
        return
    elts = value.elts
    for n, one in enumerate(elts):
        rest = [*elts[:n], *elts[n + 1 :]]
        yield _with(node, value=rest[0] if len(rest) == 1 else ast.Tuple(rest, ast.Load()))
        coarse = [*elts[:n], _numpy("float16", one), *elts[n + 1 :]]
        yield _with(node, value=ast.Tuple(coarse, ast.Load()))


def _unused(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id.startswith("_")


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _call(name: str, argument: ast.expr) -> ast.expr:
    return ast.Call(ast.Name(name, ast.Load()), [argument], [])


def _numpy(name: str, argument: ast.expr) -> ast.expr:
    function = ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load())
    return ast.Call(function, [argument], [])


def _zeros(name: ast.Name) -> ast.expr:
    return _numpy("zeros_like", name)


def _with(node: ast.stmt, **changes: object) -> ast.stmt:
    changed = copy(node)
    for field, value in changes.items():
        setattr(changed, field, value)
    return changed


def header(node: ast.stmt) -> str:
    """Return a statement in one normal form, without what stands indented under it.

    Examples
    --------
    >>> header(ast.parse("for t in range( T ):  # over time\\n    h = 0").body[0])
    'for t in range(T):'
    """
    if not hasattr(node, "body"):
        return ast.unparse(node)
    bare = copy(node)
    bare.body = [ast.Pass()]
    for field in ("orelse", "finalbody", "handlers"):
        if getattr(bare, field, None):
            setattr(bare, field, [])
    if isinstance(bare, ast.Try):
        return "try:"
    return ast.unparse(bare).removesuffix("pass").rstrip()
