"""The rules of shared code: it parses, runs without magics, and says things in two languages."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from lstm_lab.course.markdown import without_code
from lstm_lab.course.problems import Problem
from lstm_lab.course.prose_rules import has_chinese
from lstm_lab.course.source import Cell, Source
from lstm_lab.course.strip import check_markers, check_stub
from lstm_lab.i18n import gettext as _

__all__ = ["HINTS", "check_code", "predict_ids"]

# A nudge, a sketch, almost.
HINTS = 3

_MAGIC = re.compile(r"\s*(#\s*)?(%%?[a-zA-Z]\w*|!\s*\w|\?{1,2}\w)|\s*[\w.]+\?{1,2}\s*$")


def _parsed(cell: Cell) -> ast.Module:
    # Notebooks know `await` outside of functions.
    tree = compile(cell.text, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    assert isinstance(tree, ast.Module)
    return tree


def check_code(source: Source) -> list[Problem]:
    """Check every code cell of a source; an exercise also for its calls of ``check``."""
    problems: list[Problem] = []
    for cell in source.cells:
        if cell.kind != "code":
            continue
        magics = [n for n, line in enumerate(cell.text.split("\n")) if _MAGIC.match(line)]
        for n in magics:
            text = _("magics and shell lines are refused: the source must be plain Python")
            problems.append(Problem(source.path, cell.first + n, text))
        if magics:
            continue
        try:
            tree = _parsed(cell)
        except SyntaxError as error:
            text = _("not Python: {why}").format(why=error.msg)
            problems.append(Problem(source.path, cell.first + (error.lineno or 1) - 1, text))
            continue
        of_markers = check_markers(cell, source.path)
        problems += of_markers
        if cell.task and not of_markers:
            problems += check_stub(cell, source.path)
        problems += _check_languages(cell, tree, source.path)
    if source.kind == "exercise":
        problems += _check_calls(source)
    return problems


def _check_languages(cell: Cell, tree: ast.Module, where: str) -> list[Problem]:
    problems = []

    def wrong(line: int, text: str) -> None:
        problems.append(Problem(where, cell.first + line - 1, text))

    translated: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) == "tr":
            said = {keyword.arg: keyword.value for keyword in node.keywords}
            if node.args or set(said) != {"en", "zh"}:
                wrong(node.lineno, _("tr takes exactly en=… and zh=…"))
            elif not has_chinese(ast.unparse(said["zh"])) and has_words(ast.unparse(said["en"])):
                wrong(said["zh"].lineno, _("zh=… has no Chinese in it"))
            for value in said.values():
                translated.update(id(inner) for inner in ast.walk(value))
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "zh":
            translated.update(id(inner) for inner in ast.walk(node.value))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in translated
            and has_chinese(node.value)
        ):
            wrong(node.lineno, _("Chinese in shared code: say it with tr(en=…, zh=…)"))
    for token in tokenize.generate_tokens(io.StringIO(cell.text).readline):
        if token.type == tokenize.COMMENT and has_chinese(token.string):
            wrong(
                token.start[0],
                _("comments in shared code hold shapes and symbols only; explain in Markdown"),
            )
    return problems


def has_words(text: str) -> bool:
    """Tell whether a text has at least three words of letters, so that it needs translating."""
    return len(re.findall(r"[A-Za-z]{3,}", text)) >= 3


def _called(node: ast.Call) -> str | None:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else None


def _calls(source: Source, name: str) -> Iterator[tuple[int, Cell, ast.Call]]:
    for cell in source.cells:
        if cell.kind == "code":
            try:
                tree = _parsed(cell)
            except SyntaxError:
                continue
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and _called(node) == name:
                    yield cell.first + node.lineno - 1, cell, node


def _check_calls(source: Source) -> list[Problem]:
    """Each exercise names itself, and each task is followed by a check of it."""
    problems = []
    named = [
        (line, node.args[0].value)
        for line, _cell, node in _calls(source, "exercise")
        if node.args and isinstance(node.args[0], ast.Constant)
    ]
    if not named:
        text = _('the first code cell must say: check = exercise("{number}")')
        problems.append(Problem(source.path, 1, text.format(number=source.number)))
    for line, value in named:
        if value != source.number:
            problems.append(
                Problem(
                    source.path,
                    line,
                    _("this is exercise {number}, not {said}").format(
                        number=repr(source.number), said=repr(value)
                    ),
                )
            )
    checked = [
        (line, node.args[0].value)
        for line, _cell, node in _calls(source, "check")
        if node.args and isinstance(node.args[0], ast.Constant)
    ]
    tasks = source.tasks
    for task, following in zip(tasks, [*tasks[1:], None], strict=True):
        end = following.line if following else float("inf")
        if task.name and not any(
            value == task.name and task.line < line < end for line, value in checked
        ):
            problems.append(
                Problem(
                    source.path,
                    task.line,
                    _('the task is not followed by a code cell with check("{name}")').format(
                        name=task.name
                    ),
                )
            )
    problems += _check_hints(source)
    for line, value in checked:
        if value not in {task.name for task in tasks}:
            problems.append(
                Problem(
                    source.path,
                    line,
                    _("check asks for {name}, which is no task here").format(name=repr(value)),
                )
            )
    return problems


def _check_hints(source: Source) -> list[Problem]:
    """Each task has its three hints, somewhere between it and the next task."""
    at = [n for n, cell in enumerate(source.cells) if cell.task]
    problems = []
    for start, end in zip(at, [*at[1:], len(source.cells)], strict=True):
        between = [cell for cell in source.cells[start:end] if cell.lang == "en"]
        hints = sum(without_code(cell.text).count("<details") for cell in between)
        if hints < HINTS:
            text = _("{n} hints below this task; {least} are asked for, each in <details>")
            text = text.format(n=hints, least=HINTS)
            problems.append(Problem(source.path, source.cells[start].line, text))
    return problems


def predict_ids(source: Source) -> tuple[dict[str, int], list[Problem]]:
    """Return the line of each ``Predict`` by its id, and what is wrong with the ids."""
    found: dict[str, int] = {}
    problems = []
    for line, _cell, node in _calls(source, "Predict"):
        first = node.args[0] if node.args else None
        value = first.value if isinstance(first, ast.Constant) else None
        if not isinstance(value, str):
            text = _("the id of Predict must be a literal string, its first argument")
            problems.append(Problem(source.path, line, text))
        elif value in found:
            text = _("the Predict id {id} is already used in line {line}").format(
                id=repr(value), line=found[value]
            )
            problems.append(Problem(source.path, line, text))
        else:
            found[value] = line
            if not value.startswith(f"{source.handle}-"):
                text = _("the id of Predict must begin with the number: {want}").format(
                    want=repr(f"{source.handle}-…")
                )
                problems.append(Problem(source.path, line, text))
    return found, problems
