"""Statements and expressions written without what a person may choose freely: names above all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

__all__ = ["DEFINITIONS", "Definition", "Shape", "imports"]

DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Definition:
    """A function or class, walked once."""

    def __init__(self, node: Any) -> None:
        self.node = node
        self.parts = list(ast.walk(node))
        self.size = len(self.parts)

    @property
    def names(self) -> list[str]:
        """The names that occur."""
        return [one.id for one in self.parts if isinstance(one, ast.Name)]

    @property
    def bound(self) -> set[str]:
        """Every name that it binds somewhere inside, its own included."""
        names: set[str] = set()
        for one in self.parts:
            if isinstance(one, ast.arg):
                names.add(one.arg)
            elif isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load):
                names.add(one.id)
            elif isinstance(one, DEFINITIONS):
                names.add(one.name)
        return names


def imports(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield what each imported name stands for."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            yield name, alias.name if alias.asname else name
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            yield alias.asname or alias.name, f"{node.module}.{alias.name}"


class Shape:
    """Writes statements and expressions without what a person may choose freely."""

    def __init__(self, aliases: dict[str, str], given: set[str]) -> None:
        self.aliases = aliases
        self.given = given

    def words(self, own: Definition) -> Iterator[str]:
        """Yield the dotted names in a definition, imports resolved, also those in strings."""
        inside = [pair for one in own.parts for pair in imports(one)]
        yield from (word for _name, word in inside)
        aliases = self.aliases | dict(inside)
        for one in own.parts:
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield one.value[:80]  # import_module("lstm_lab.cells")
            if not isinstance(one, ast.Attribute | ast.Name):
                continue
            parts: list[str] = []
            inner: ast.AST = one
            while isinstance(inner, ast.Attribute):
                parts.append(inner.attr)
                inner = inner.value
            if isinstance(inner, ast.Name) and inner.id in aliases:
                yield ".".join([aliases[inner.id], *reversed(parts)])

    def statements(self, body: list[Any], local: set[str], depth: int) -> list[str]:
        """Return a line for each statement, the bodies of compound ones after it."""
        lines: list[str] = []
        for node in body:
            if _says_nothing(node):
                continue
            head, bodies = self._statement(node, local)
            lines.append(f"{depth} {head}")
            for inside in bodies:
                lines += self.statements(inside, local, depth + 1)
        return lines

    def _statement(self, node: Any, local: set[str]) -> tuple[str, list[list[Any]]]:
        def write(part: Any) -> str:
            return self.expression(part, local)

        kind = type(node).__name__
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            count = len(node.args.posonlyargs) + len(node.args.args) + len(node.args.kwonlyargs)
            return f"def {count}", [node.body]
        if isinstance(node, ast.AugAssign):
            return f"{write(node.target)}={write(_as_sum(node))}", []
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            return f"{write(node.target)}={write(node.value)}", []
        if isinstance(node, ast.Assign):
            return f"{'='.join(map(write, node.targets))}={write(node.value)}", []
        bodies = [part for _name, part in ast.iter_fields(node) if _is_body(part)]
        heads = [part for _name, part in ast.iter_fields(node) if not _is_body(part)]
        return f"{kind}({','.join(self._parts(heads, local))})", bodies

    def _parts(self, fields: list[Any], local: set[str]) -> Iterator[str]:
        for part in fields:
            if isinstance(part, ast.AST):
                yield self.expression(part, local)
            elif isinstance(part, list):
                yield f"[{','.join(self._parts(part, local))}]"

    def expression(self, node: Any, local: set[str]) -> str:
        """Return one expression as text."""
        if isinstance(node, ast.Name):
            if node.id in local or node.id in self.given:
                return "_"
            return self.aliases.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            # a module's own parts bear names of the learner's choice
            own = isinstance(node.value, ast.Name) and node.value.id == "self"
            return "_" if own else f"{self.expression(node.value, local)}.{node.attr}"
        if isinstance(node, ast.Constant):
            value: Any = node.value
            if type(value) is float or (type(value) is int and abs(value) < 10**15):
                return repr(float(value))  # 2 and 2.0, 1e-3 and 0.001
            return repr(value)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mult):
            terms = sorted(self.expression(one, local) for one in _terms(node, type(node.op)))
            return f"{type(node.op).__name__}({','.join(terms)})"
        if isinstance(node, ast.Call):
            named = sorted(f"{k.arg}={self.expression(k.value, local)}" for k in node.keywords)
            given = [self.expression(one, local) for one in node.args]
            return f"{self.expression(node.func, local)}({','.join([*given, *named])})"
        if isinstance(node, ast.expr_context):
            return ""
        heads = [part for _name, part in ast.iter_fields(node)]
        return f"{type(node).__name__}({','.join(filter(None, self._parts(heads, local)))})"


def _as_sum(node: ast.AugAssign) -> ast.BinOp:
    target: Any = node.target
    return ast.BinOp(target, node.op, node.value)


def _terms(node: ast.expr, kind: type) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, kind):
        yield from _terms(node.left, kind)
        yield from _terms(node.right, kind)
    else:
        yield node


def _is_body(part: Any) -> bool:
    return isinstance(part, list) and bool(part) and isinstance(part[0], ast.stmt)


def _says_nothing(node: ast.stmt) -> bool:
    if isinstance(node, ast.Pass):
        return True
    if not isinstance(node, ast.Expr):
        return False
    value = node.value
    printed = (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id == "print"
    )
    return printed or isinstance(value, ast.Constant)
