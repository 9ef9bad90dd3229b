"""What may go wrong in a statement: left out, its condition turned, its loop cut short."""

from __future__ import annotations

import ast
from collections.abc import Iterator
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


def statements(node: ast.stmt) -> Iterator[ast.stmt]:
    """Yield what might stand in the place of a statement by mistake.

    Examples
    --------
    >>> [ast.unparse(one) for one in statements(ast.parse("dW += da").body[0])]
    ['pass', 'dW = da', 'dW -= da']
    """
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
