"""Which cells of a lesson are built folded: what a learner reads is what a learner should.

Folded are guesses and their reveals, imports, asserts, widgets and drawing. A cell's kind is seen
by its name and its statements; ``kind="draw"``, or the name of a part, ``price.draw``, says it
where they cannot tell; ``show=true`` keeps a cell open.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from lstm_lab.course.one_language import parsed
from lstm_lab.course.problems import Problem
from lstm_lab.course.source import KINDS, Cell, Source
from lstm_lab.i18n import gettext as _
from lstm_lab.i18n import tr

__all__ = ["WIDGETS", "check_folds", "first_line", "fold_list", "kinds"]

WIDGETS = {"CellStepper", "GateHeatmap", "GradientBridge", "Predict", "RepairBench"}
# What turns numbers and words into what is drawn, and computes nothing
_SHAPING = {"dict", "enumerate", "int", "len", "list", "map", "range", "round", "sorted", "str",
            "tr", "zip"}  # fmt: skip
_OF_TEXT = {"format", "items", "join", "keys", "replace", "split", "values"}
_COMPUTING = {"fit", "fit_torch", "forward", "backward", "step", "step_back", "train"}


def kinds(source: Source) -> dict[int, str]:
    """Return the kind of each folded cell by its place in a source; exercises stand open.

    Examples
    --------
    >>> from pathlib import Path
    >>> from lstm_lab.document.header import Header
    >>> from lstm_lab.layout import Lesson
    >>> cells = [Cell("code", text, 1, 1, name=name) for name, text in [
    ...     ("guess_it", "guess_it = Predict('00-it', 'How many?')"),
    ...     ("count", "n = sum(right)"),
    ...     ("picture", "from lstm_lab.plots import table\\n\\ntable([[n]], ['n'])"),
    ... ]]
    >>> kinds(Source("lesson", "", Lesson(Path(), "it"), Header({}, {}), cells, ""))
    {0: 'guess', 2: 'draw'}
    """
    if source.kind != "lesson":
        return {}
    trees = {at: tree for at, cell in enumerate(source.cells) if (tree := _tree(cell)) is not None}
    drawing = {
        alias.asname or alias.name
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "lstm_lab.plots"
        for alias in node.names
    }
    found = ((at, _kind(source.cells[at], tree, drawing)) for at, tree in trees.items())
    return {at: kind for at, kind in found if kind is not None}


def fold_list(sources: Iterable[Source]) -> str:
    """Return every folded cell, one a line: where, its name, its kind, its lines of code."""
    return "\n".join(
        f"{source.path}:{cell.line}: {cell.name or '–'} ({kind}, {len(cell.text.splitlines())})"
        for source in sources
        for at, kind in kinds(source).items()
        for cell in [source.cells[at]]
    )


def first_line(kind: str, lang: str) -> str:
    """Return the comment that begins a folded cell: JupyterLab shows it where the code is shut."""
    said = {
        "guess": tr(
            en="Run this cell: it asks a question", zh="运行这个单元格：它会出一道题", lang=lang
        ),
        "reveal": tr(
            en="Run this cell: your guess beside what was measured",
            zh="运行这个单元格：你猜的和测到的放在一起看",
            lang=lang,
        ),
        "widget": tr(
            en="Run this cell: what it shows can be tried out",
            zh="运行这个单元格：出来的东西可以动手试",
            lang=lang,
        ),
        "draw": tr(en="Draws a picture or a table", zh="画图或排表", lang=lang),
        "check": tr(en="Holds claims against the numbers", zh="用数字核对正文的说法", lang=lang),
        "imports": tr(en="Imports", zh="导入", lang=lang),
    }
    return f"# {said[kind]}"


def _tree(cell: Cell) -> ast.Module | None:
    if cell.kind != "code":
        return None
    try:
        return parsed(cell.text)
    except SyntaxError:
        return None


def _kind(cell: Cell, tree: ast.Module, drawing: set[str]) -> str | None:
    if cell.show:
        return None
    name, _dot, part = (cell.name or "").partition(".")
    if cell.fold or part in KINDS:
        return cell.fold or part
    for kind in ("guess", "reveal"):
        if name.startswith(f"{kind}_"):
            return kind
    said = [node for node in tree.body if not isinstance(node, ast.Import | ast.ImportFrom)]
    if not said:
        return "imports"
    if all(isinstance(node, ast.Assert) for node in said):
        return "check"
    last = said[-1]
    if isinstance(last, ast.Expr) and _root(last.value) in WIDGETS:
        return "widget" if all(map(_is_plain, said[:-1])) else None
    drawn = set(drawing)
    draws = [_draws(node, drawn) for node in said]
    shown = any(isinstance(n, ast.Expr) and _root(n.value) in drawn for n in said)
    return "draw" if all(draws) and shown else None


def _root(node: ast.expr) -> str | None:
    """The name with which a call begins, ``ax`` in ``ax.set(…).tight()``."""
    called = False
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        called = called or isinstance(node, ast.Call)
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if called and isinstance(node, ast.Name) else None


def _is_plain(node: ast.stmt) -> bool:
    """Tell whether a statement claims something or puts words and numbers in order."""
    if isinstance(node, ast.Assert):
        return True
    calls = [inner for inner in ast.walk(node) if isinstance(inner, ast.Call)]
    return isinstance(node, ast.Assign | ast.AugAssign) and all(
        _root(call) in _SHAPING or getattr(call.func, "attr", None) in _OF_TEXT for call in calls
    )


def _draws(node: ast.stmt, drawing: set[str]) -> bool:
    """Tell whether a statement draws; what a drawing function gave draws, too (``fig``, ``ax``)."""
    if isinstance(node, ast.Expr):
        return _root(node.value) in drawing or isinstance(node.value, ast.Name)
    if isinstance(node, ast.Assign) and _root(node.value) in drawing:
        drawing.update(n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name))
        return True
    if isinstance(node, ast.For):
        return all(_draws(inner, drawing) for inner in node.body)
    return _is_plain(node)


def check_folds(source: Source) -> list[Problem]:
    """Hold the folded cells to it: none computes, none defines what an open one needs."""
    problems = []
    folded = kinds(source)
    hidden: dict[str, Cell] = {}
    for at, cell in enumerate(source.cells):
        tree = _tree(cell)
        if tree is None:
            continue
        if at not in folded:
            # told once for each name, where it comes first
            first = {name: line for name, line in reversed(list(_needed(tree))) if name != "tr"}
            for name in first.keys() & hidden.keys():
                text = _(
                    "{name} comes from the folded cell in line {line}: define it in an open one"
                )
                text = text.format(name=name, line=hidden[name].line)
                problems.append(Problem(source.path, cell.first + first[name] - 1, text))
        else:
            for line, text in _computing(tree):
                problems.append(Problem(source.path, cell.first + line - 1, text))
        for name in _bound(tree.body):
            if at in folded:
                hidden[name] = cell
            else:
                hidden.pop(name, None)
    return problems


def _computing(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, _("a folded cell defines no function: split it, or say show=true")
        elif isinstance(node, ast.Call):
            function = node.func
            name = getattr(function, "id", getattr(function, "attr", ""))
            if name in _COMPUTING or name.endswith("_step"):
                text = _("a folded cell does not call {name}: split it, or say show=true")
                yield node.lineno, text.format(name=name)


def _bound(body: Iterable[ast.AST]) -> set[str]:
    """The names that statements give a value at the level of the notebook."""
    found = set()
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.update((a.asname or a.name).split(".")[0] for a in node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif not isinstance(node, ast.Lambda | _COMPREHENSIONS):
            found |= _bound(ast.iter_child_nodes(node))
    return found


_COMPREHENSIONS = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


def _needed(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Yield names that a cell has from elsewhere, with the line (from 1)."""
    own: set[str] = set()
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            own.add(statement.name)
        yield from _free(statement, own)
        own |= _bound([statement])


def _free(node: ast.AST, own: set[str]) -> Iterator[tuple[str, int]]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        inside = {one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)}
        body = node.body if isinstance(node.body, list) else [node.body]
        own = own | inside | _bound(body)
    elif isinstance(node, _COMPREHENSIONS):
        targets = [one.target for one in node.generators]
        own = own | {n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)}
    elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        if node.target.id not in own:
            yield node.target.id, node.lineno
    elif isinstance(node, ast.For):
        own = own | _bound([node])
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id not in own:
        yield node.id, node.lineno
    for child in ast.iter_child_nodes(node):
        yield from _free(child, own)
