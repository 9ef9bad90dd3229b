"""Every single small change to the answers of a solution, each with a name that lasts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, replace

from lstm_lab.course.mutation.expressions import expressions
from lstm_lab.course.mutation.statements import header, statements
from lstm_lab.grading.mutants import Equivalent
from lstm_lab.grading.sources import CodeCell, Document

__all__ = ["Automatic", "automatic"]

_BEGIN = re.compile(r"\s*### BEGIN SOLUTION")
_END = re.compile(r"\s*### END SOLUTION")


@dataclass(frozen=True)
class Automatic:
    """A solution with one change.

    Attributes
    ----------
    task : str
    before, after : str
        The changed statement in normal form, without what stands indented under it.
    nth : int
        Which of the statements that read like `before`, from 1.
    line : int
        Where it stands in the task cell, from 1.
    source : str
        The whole task cell, changed.
    """

    task: str
    before: str
    after: str
    nth: int
    line: int
    source: str

    def is_listed_as(self, one: Equivalent) -> bool:
        """Tell whether an entry of the list of equivalent mutants means this one."""
        listed = (one.task, one.before, one.after)
        return listed == (self.task, self.before, self.after) and one.nth in (None, self.nth)

    def into(self, document: Document) -> Document:
        """Return the solution with this change."""
        cells = tuple(
            replace(cell, source=self.source) if cell.name == self.task else cell
            for cell in document.cells
        )
        return replace(document, cells=cells)


def automatic(document: Document, tasks: list[str]) -> list[Automatic]:
    """Return all changes to the answers in a solution, each changed text once."""
    return [
        mutant
        for cell in document.cells
        if cell.name in tasks
        for mutant in _of_cell(cell)
    ]  # fmt: skip


def _of_cell(cell: CodeCell) -> Iterator[Automatic]:
    assert cell.name is not None
    tree = ast.parse(cell.source)
    lines = _answer_lines(cell.source)
    seen = {ast.unparse(tree)}
    count: dict[str, int] = {}
    for slot in _slots(tree):
        if slot.is_statement:
            before = header(slot.statement)
            count[before] = count.get(before, 0) + 1
        if slot.node.lineno not in lines:
            continue
        before = header(slot.statement)
        for other in _others(slot):
            slot.put(other)
            try:
                source = ast.unparse(ast.fix_missing_locations(tree))
                after = _shown(other, slot)
            finally:
                slot.put(slot.node)
            if source not in seen:
                seen.add(source)
                line = slot.statement.lineno
                yield Automatic(cell.name, before, after, count[before], line, source)


def _answer_lines(source: str) -> set[int]:
    """Return the numbers of the lines between the markers; without markers, of all."""
    inside, found = False, set()
    lines = source.split("\n")
    for number, line in enumerate(lines, 1):
        if _BEGIN.match(line):
            inside = True
        elif _END.match(line):
            inside = False
        elif inside:
            found.add(number)
    return found or set(range(1, len(lines) + 1))


@dataclass
class _Slot:
    """A place in the tree: what stands there, in which statement, and how to put another."""

    parent: ast.AST
    field: str
    index: int | None
    node: ast.expr | ast.stmt
    statement: ast.stmt
    names: tuple[str, ...]
    shared: frozenset[str]

    @property
    def is_statement(self) -> bool:
        return isinstance(self.node, ast.stmt)

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def _slots(
    parent: ast.AST,
    statement: ast.stmt | None = None,
    names: tuple[str, ...] = (),
    shared: frozenset[str] = frozenset(),
) -> Iterator[_Slot]:
    """Yield every statement and expression, statements before what is in them."""
    for field, value in ast.iter_fields(parent):
        if field in ("annotation", "returns", "decorator_list", "format_spec"):
            continue
        several = isinstance(value, list)
        for index, node in enumerate(value if several else [value]):
            if not isinstance(node, ast.AST):
                continue
            inner_statement, inner_names, inner_shared = statement, names, shared
            if isinstance(node, ast.stmt):
                inner_statement = node
            if isinstance(node, ast.FunctionDef):
                inner_names = (*names, *(n for n in _variables(node) if n not in names))
                inner_shared = shared | _shared(node)
            if isinstance(node, ast.expr | ast.stmt) and inner_statement is not None:
                place = index if several else None
                yield _Slot(parent, field, place, node, inner_statement, inner_names, inner_shared)
            yield from _slots(node, inner_statement, inner_names, inner_shared)


def _parameters(function: ast.FunctionDef) -> list[str]:
    arguments = function.args
    return [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]


def _variables(function: ast.FunctionDef) -> list[str]:
    """Return the parameters and the assigned names of a function, in order."""
    found = _parameters(function)
    for node in ast.walk(function):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.append(node.id)
    return list(dict.fromkeys(one for one in found if one != "self"))


def _shared(function: ast.FunctionDef) -> frozenset[str]:
    """Return its parameters, and the names that are set to another name as it is: `h = h0`."""
    found = _parameters(function)
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            target, value = node.targets[0], node.value
            pairs = [(target, value)]
            if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
                pairs = list(zip(target.elts, value.elts, strict=False))
            found += [a.id for a, b in pairs if isinstance(a, ast.Name) and isinstance(b, ast.Name)]
    return frozenset(found)


def _others(slot: _Slot) -> Iterator[ast.AST]:
    if isinstance(slot.node, ast.stmt):
        yield from statements(slot.node, slot.shared)
        yield from _begun_anew(slot)
    else:
        yield from expressions(slot.node, slot.names)


def _shown(other: ast.AST, slot: _Slot) -> str:
    """Return the changed statement, with what a loop now begins with."""
    if not isinstance(other, ast.stmt):
        return header(slot.statement)
    if isinstance(other, ast.For) and isinstance(slot.node, ast.For):
        begun_with = other.body[: len(other.body) - len(slot.node.body)]
        return " ".join(header(one) for one in [other, *begun_with])
    return header(other)


def _begun_anew(slot: _Slot) -> Iterator[ast.stmt]:
    """Yield a loop at each step of which what is set before it is set again."""
    if not isinstance(slot.node, ast.For) or not slot.index:
        return
    above = getattr(slot.parent, slot.field)[slot.index - 1]
    if isinstance(above, ast.Assign):
        loop = copy(slot.node)
        loop.body = [above, *loop.body]
        yield loop
