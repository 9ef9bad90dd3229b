"""From a submission's cells to a namespace: what the tasks need runs, and nothing else does.

What a task needs is found by name: the functions asked for, and whatever definitions, imports and
other statements bind or change a name that these refer to, in whichever cell they stand. Scratch
cells, plots, training, magics and calls at the top level that no answer needs do not run.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import re
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any

from .cells import read_cell
from .statements import Statement, effects_of, is_stub, source_of

__all__ = ["Extract", "extract", "run"]

Fact = dict[str, Any]


@dataclass
class Extract:
    """What was found: statements to run in order, and facts about what is wrong."""

    statements: list[Statement] = field(default_factory=list)
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
    statements: list[Statement] = []
    task_cells: dict[str, list[int]] = {task: [] for task in tasks}
    defined: dict[str, list[Statement]] = {task: [] for task in tasks}
    broken: set[int] = set()
    dropped: set[str] = set()
    unseen = False
    for index, cell in enumerate(cells):
        label = cell["label"]
        read = read_cell(cell["source"], label)
        dropped |= read.dropped
        unseen |= read.unseen
        name = cell.get("name")
        if name in task_cells:
            task_cells[name].append(index)
        if isinstance(read.tree, Exception):
            broken.add(index)
            problem = _syntax(read.text, read.tree, name, tasks)
            if problem["tasks"]:
                result.problems.append(problem)
            unseen = True
            continue
        lines = read.text.encode().split(b"\n")
        # Tracebacks quote lines by way of this cache.
        linecache.cache[label] = (len(read.text), None, read.text.splitlines(True), label)
        for place, node in enumerate(read.tree.body):
            found = Statement(node, label, source_of(node, lines), (index, place))
            statements.append(found)
            for task in found.binds & defined.keys():
                if not found.is_import:
                    defined[task].append(found)
    chosen: dict[str, set[tuple[int, int]]] = {}
    for task in tasks:
        written = [one for one in defined[task] if not is_stub(one.node)]
        tagged = task_cells[task]
        places = sorted({one.position[0] for one in written}) or sorted(
            {one.position[0] for one in defined[task]} | (broken & set(tagged))
        )
        preferred = [place for place in places if place in tagged] or places
        if len(tagged) > 1 or (written and _differ(written)):
            result.problems.append({"kind": "duplicate", "tasks": [task]})
        if preferred:
            result.found.append(task)
            chosen[task] = {
                one.position for one in written or defined[task] if one.position[0] == preferred[-1]
            }
        elif not any(task in fact["tasks"] for fact in result.problems):
            result.problems.append({"kind": "missing", "tasks": [task]})
    result.statements, wanted, unbound = _needed(statements, chosen)
    lacking = (wanted & dropped) | (unbound if unseen else set())
    if lacking:
        result.problems.append({"kind": "left out", "tasks": [], "binds": sorted(lacking)[:8]})
    return result


def _syntax(source: str, problem: Exception, name: str | None, tasks: list[str]) -> Fact:
    line = getattr(problem, "lineno", None) or 0
    return {
        "kind": "syntax",
        "tasks": [task for task in tasks if task == name or _mentions(source, task)],
        "line": line,
        "source": source.split("\n")[line - 1].strip()[:200] if line else "",
        "text": str(getattr(problem, "msg", type(problem).__name__)),
    }


def _differ(written: list[Statement]) -> bool:
    """Tell whether several cells hold a definition, and not the same one again."""
    by_cell = {one.position[0]: one.source for one in written}
    return len(set(by_cell.values())) > 1


def _mentions(source: str, task: str) -> bool:
    return re.search(rf"^(async\s+)?(def|class)\s+{re.escape(task)}\b", source, re.M) is not None


def _needed(
    statements: list[Statement], chosen: dict[str, set[tuple[int, int]]]
) -> tuple[list[Statement], set[str], set[str]]:
    """Return the closure of what the chosen definitions need, in the order of the notebook.

    Second come the names that were looked for, third those of them that nothing binds.
    """
    imported = {name for one in statements if one.is_import for name in one.binds}
    imported -= {name for one in statements if not one.is_import for name in one.binds}
    defined = frozenset(name for one in statements if one.is_definition for name in one.binds)
    effects = effects_of(statements, frozenset(imported))
    by_name: dict[str, list[Statement]] = {}
    for one in statements:
        for name in one.binds:
            # a task's function comes from its own cell, whatever else defines the name
            if name not in chosen or one.position in chosen[name]:
                by_name.setdefault(name, []).append(one)
        for name in one.changes(effects, frozenset(imported), defined):
            by_name.setdefault(name, []).append(one)
    starts = {position for positions in chosen.values() for position in positions}
    stars = [
        one
        for one in statements
        if isinstance(one.node, ast.ImportFrom) and one.node.names[0].name == "*"
    ]
    wanted: set[str] = set(chosen)
    kept: dict[tuple[int, int], Statement] = {}
    known = by_name.keys() | vars(builtins).keys() | {"__name__"}
    fresh = [*stars, *(one for one in statements if one.position in starts)]
    fresh += [one for name in chosen for one in by_name.get(name, [])]
    dynamic = [one for one in statements if one.is_dynamic]
    spoken = "\n".join(one.source for one in dynamic)  # `exec("K = 2")` names what it binds
    while fresh:
        one = fresh.pop()
        if one.position not in kept:
            kept[one.position] = one
            for name in one.needs - wanted:
                wanted.add(name)
                fresh += by_name.get(name, [])
        if not fresh and dynamic and wanted - known:
            fresh, dynamic = dynamic, []
    unbound = set() if stars else wanted - known - chosen.keys()
    unbound = {name for name in unbound if name not in spoken}
    return [kept[position] for position in sorted(kept)], wanted, unbound


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
            module = ast.Module(body=[one.node], type_ignores=[])
            code = compile(module, one.label, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            waiting = eval(code, namespace)
            if code.co_flags & inspect.CO_COROUTINE:
                _finish(waiting)
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


def _finish(waiting: Coroutine[Any, Any, Any]) -> None:
    """Run what awaits at the top level, as a notebook may; there is no event loop here."""
    while True:
        try:
            waiting.send(None)
        except StopIteration:
            return


def _modules(node: ast.stmt) -> list[str]:
    """Return the modules that a statement imports, anywhere in it."""
    names: list[str] = []
    for inner in ast.walk(node):
        if isinstance(inner, ast.Import):
            names += [alias.name for alias in inner.names]
        elif isinstance(inner, ast.ImportFrom) and inner.module:
            names.append(inner.module)
    return names
