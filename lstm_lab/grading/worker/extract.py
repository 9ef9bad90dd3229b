"""From a submission's cells to a namespace: definitions run, and nothing else does.

What a task needs is found by name: the functions asked for, and whatever other definitions,
imports and constants they refer to, in whichever cell these stand. Scratch cells, plots,
training, magics and calls at the top level do not run.
"""

from __future__ import annotations

import ast
import linecache
import re
import symtable
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from .cells import parse_cell

__all__ = ["Extract", "extract", "run"]

Fact = dict[str, Any]
_BINDING = (
    ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom | ast.Assign
    | ast.AnnAssign | ast.If | ast.Try
)  # fmt: skip


@dataclass(frozen=True)
class _Statement:
    node: ast.stmt
    label: str
    source: str
    position: tuple[int, int]

    @cached_property
    def binds(self) -> frozenset[str]:
        """The global names that it binds."""
        match self.node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return frozenset([self.node.name])
            case ast.Import() | ast.ImportFrom():
                names = [one.asname or one.name.split(".")[0] for one in self.node.names]
                return frozenset(names)
        return frozenset(
            s.get_name() for s in self._table.get_symbols() if s.is_assigned() or s.is_imported()
        )

    @cached_property
    def needs(self) -> frozenset[str]:
        """The global names that it, or a function in it, refers to."""
        found = {s.get_name() for s in self._table.get_symbols() if s.is_referenced()}
        inner = list(self._table.get_children())
        while inner:
            child = inner.pop()
            found |= {
                s.get_name()
                for s in child.get_symbols()
                if s.is_global() and (s.is_referenced() or s.is_assigned())
            }
            inner += child.get_children()
        return frozenset(found)

    @cached_property
    def _table(self) -> symtable.SymbolTable:
        try:
            return symtable.symtable(self.source, "<cell>", "exec")
        except SyntaxError:  # a `return` where none may stand: running it will say so
            return symtable.symtable("", "<cell>", "exec")


@dataclass
class Extract:
    """What was found: statements to run in order, and facts about what is wrong."""

    statements: list[_Statement] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    problems: list[Fact] = field(default_factory=list)


def extract(cells: Iterable[Fact], tasks: Iterable[str]) -> Extract:
    """Find what the tasks need.

    Parameters
    ----------
    cells : iterable of dict
        ``{"source": str, "name": str or None, "label": str}`` for each code cell in order;
        `name` is what our own metadata call a task cell.
    tasks : iterable of str
        The functions asked for.
    """
    tasks = list(tasks)
    result = Extract()
    statements: list[_Statement] = []
    task_cells: dict[str, list[int]] = {task: [] for task in tasks}
    defined_in: dict[str, list[int]] = {task: [] for task in tasks}
    broken: set[int] = set()
    for index, cell in enumerate(cells):
        label = cell["label"]
        source, tree = parse_cell(cell["source"], label)
        name = cell.get("name")
        if name in task_cells:
            task_cells[name].append(index)
        if isinstance(tree, Exception):
            broken.add(index)
            line = getattr(tree, "lineno", None) or 0
            text = source.split("\n")[line - 1].strip()[:200] if line else ""
            guess = [task for task in tasks if task == name or _mentions(source, task)]
            if guess:
                result.problems.append(
                    {
                        "kind": "syntax",
                        "tasks": guess,
                        "line": line,
                        "source": text,
                        "text": str(getattr(tree, "msg", type(tree).__name__)),
                    }
                )
            continue
        lines = source.encode().split(b"\n")
        # Tracebacks quote lines by way of this cache.
        linecache.cache[label] = (len(source), None, source.splitlines(True), label)
        for place, node in enumerate(tree.body):
            if not _may_run(node):
                continue
            found = _Statement(node, label, _source_of(node, lines), (index, place))
            statements.append(found)
            for task in found.binds & defined_in.keys():
                if index not in defined_in[task] and _defines(node):
                    defined_in[task].append(index)
    chosen: dict[str, int] = {}
    for task in tasks:
        tagged = [i for i in task_cells[task] if i in defined_in[task] or i in broken]
        places = tagged or defined_in[task]
        if len(task_cells[task]) > 1 or (not tagged and len(places) > 1):
            result.problems.append({"kind": "duplicate", "tasks": [task]})
        if places:
            result.found.append(task)
            chosen[task] = places[-1]
        elif not any(task in fact["tasks"] for fact in result.problems):
            result.problems.append({"kind": "missing", "tasks": [task]})
    result.statements = _needed(statements, chosen)
    return result


def _mentions(source: str, task: str) -> bool:
    return re.search(rf"^(async\s+)?(def|class)\s+{re.escape(task)}\b", source, re.M) is not None


def _defines(node: ast.stmt) -> bool:
    return not isinstance(node, ast.Import | ast.ImportFrom)


def _may_run(node: ast.stmt) -> bool:
    """Tell whether a top-level statement is a definition and not something to carry out."""
    if isinstance(node, ast.If | ast.Try):
        return _only_binds(node)
    return isinstance(node, _BINDING)


def _only_binds(node: ast.stmt) -> bool:
    """Tell whether a top-level `if` or `try` holds definitions, imports and assignments only."""
    blocks: list[ast.stmt] = []
    for name in ("body", "orelse", "finalbody"):
        blocks += getattr(node, name, [])
    for handler in getattr(node, "handlers", []):
        blocks += handler.body
    return all(
        isinstance(part, ast.Pass)
        or (isinstance(part, ast.If | ast.Try) and _only_binds(part))
        or isinstance(part, _BINDING)
        for part in blocks
    )


def _source_of(node: ast.stmt, lines: list[bytes]) -> str:
    """Return a statement's own text; offsets count bytes, and decorators stand before it."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(one.lineno for one in decorators)])
    part = lines[first - 1 : node.end_lineno]
    part[-1] = part[-1][: node.end_col_offset]
    if not decorators:
        part[0] = part[0][node.col_offset :]
    return b"\n".join(part).decode()


def _needed(statements: list[_Statement], chosen: dict[str, int]) -> list[_Statement]:
    """Return the closure of what the chosen definitions need, in the order of the notebook."""
    wanted: set[str] = set()
    kept: dict[tuple[int, int], _Statement] = {}
    fresh: list[_Statement] = [
        one
        for one in statements
        if any(one.position[0] == chosen.get(task) for task in one.binds & chosen.keys())
        or (isinstance(one.node, ast.ImportFrom) and one.node.names[0].name == "*")
    ]
    while fresh:
        one = fresh.pop()
        if one.position in kept:
            continue
        kept[one.position] = one
        for name in one.needs - wanted:
            wanted.add(name)
            fresh += [
                other
                for other in statements
                if name in other.binds
                # a task's function comes from its own cell, whatever else defines the name
                and (name not in chosen or other.position[0] == chosen[name])
            ]
    return [kept[position] for position in sorted(kept)]


def run(
    found: Extract,
    namespace: dict[str, Any],
    allowed: Callable[[str], bool] = lambda module: True,
) -> list[Fact]:
    """Run the statements in the namespace; return facts about those that failed.

    A statement that fails is passed over, so that one mistake costs once.
    """
    problems: list[Fact] = []
    for one in found.statements:
        # to look through a tree takes longer than to run it; where the word is not, no import is
        imports = _modules(one.node) if "import" in one.source else []
        refused = [name for name in imports if not allowed(name)]
        if refused:
            problems.append({"kind": "import", "type": refused[0], "binds": sorted(one.binds)})
            continue
        try:
            code = compile(ast.Module(body=[one.node], type_ignores=[]), one.label, "exec")
            exec(code, namespace)
        except Exception as error:
            problems.append(
                {
                    "kind": "raised",
                    "type": type(error).__name__,
                    "text": str(error)[:400],
                    "line": one.node.lineno,
                    "source": linecache.getline(one.label, one.node.lineno).strip()[:200],
                    "binds": sorted(one.binds),
                }
            )
    return problems


def _modules(node: ast.stmt) -> list[str]:
    """Return the modules that a statement imports, anywhere in it."""
    names: list[str] = []
    for inner in ast.walk(node):
        if isinstance(inner, ast.Import):
            names += [alias.name for alias in inner.names]
        elif isinstance(inner, ast.ImportFrom) and inner.module:
            names.append(inner.module)
    return names
