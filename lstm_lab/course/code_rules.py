"""The rules of shared code: it parses, runs without magics, and says things in two languages."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator

from lstm_lab.course.markdown import without_code
from lstm_lab.course.one_language import COMMENT, imports_tr, parsed, translations
from lstm_lab.course.problems import Problem
from lstm_lab.course.prose_rules import has_chinese
from lstm_lab.course.source import Cell, Source
from lstm_lab.course.strip import check_markers, check_stub
from lstm_lab.i18n import gettext as _

__all__ = ["HINTS", "check_code", "predict_ids"]

# A nudge, a sketch, almost.
HINTS = 3

_MAGIC = re.compile(r"\s*(#\s*)?(%%?[a-zA-Z]\w*|!\s*\w|\?{1,2}\w)|\s*[\w.]+\?{1,2}\s*$")


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
            tree = parsed(cell.text)
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

    called = set()
    translated: set[int] = set()
    for call, said in translations(tree):
        called.add(id(call.func))
        if call.args or set(said) != {"en", "zh"}:
            wrong(call.lineno, _("tr takes exactly en=… and zh=…"))
        else:
            for line, text in _check_pair(said["en"], said["zh"]):
                wrong(line, text)
        for value in said.values():
            translated.update(id(inner) for inner in ast.walk(value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "tr" and id(node) not in called:
            wrong(node.lineno, _("tr is only called: no page has it"))
        elif (
            isinstance(node, ast.ImportFrom)
            and imports_tr(node)
            and any(a.name == "tr" and a.asname for a in node.names)
        ):
            wrong(node.lineno, _("tr keeps its name: no page has it"))
        elif isinstance(node, ast.keyword) and node.arg == "zh":
            translated.update(id(inner) for inner in ast.walk(node.value))
    if tree.body and all(map(imports_tr, tree.body)):
        wrong(1, _("nothing of this cell is left on a page: import tr with something else"))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in translated
            and has_chinese(node.value)
        ):
            wrong(node.lineno, _("Chinese in shared code: say it with tr(en=…, zh=…)"))
    for token in tokenize.generate_tokens(io.StringIO(cell.text).readline):
        if token.type != tokenize.COMMENT or COMMENT.fullmatch(token.string):
            continue
        if has_chinese(token.string) or has_words(token.string):
            wrong(
                token.start[0],
                _("a comment holds shapes and symbols, or is a pair: # en: … | zh: …"),
            )
    return problems


def _check_pair(en: ast.expr, zh: ast.expr) -> Iterator[tuple[int, str]]:
    """Both are literals of one form; f-strings fill in the same; what is words is translated."""
    for value in (en, zh):
        if not _is_literal(value):
            text = _(
                "tr takes literals only: a string, an f-string, or a list, tuple, dict of them"
            )
            yield value.lineno, text
            return
    if _form(en) != _form(zh):
        yield zh.lineno, _("en=… and zh=… differ in form or in the number of their entries")
    if _filled_in(en) != _filled_in(zh):
        yield (
            zh.lineno,
            _("en=… and zh=… do not fill in the same: {en} and {zh}").format(
                en=", ".join(sorted(_filled_in(en))) or "–",
                zh=", ".join(sorted(_filled_in(zh))) or "–",
            ),
        )
    if not has_chinese(ast.unparse(zh)) and has_words(ast.unparse(en)):
        yield zh.lineno, _("zh=… has no Chinese in it")


def _is_literal(node: ast.expr | None) -> bool:
    if isinstance(node, ast.List | ast.Tuple):
        return all(map(_is_literal, node.elts))
    if isinstance(node, ast.Dict):
        return all(map(_is_literal, [*node.keys, *node.values]))
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _form(node: ast.expr | None) -> object:
    if isinstance(node, ast.List | ast.Tuple):
        return type(node).__name__, [_form(one) for one in node.elts]
    if isinstance(node, ast.Dict):
        return "Dict", [(_form(k), _form(v)) for k, v in zip(node.keys, node.values, strict=True)]
    return "string"


def _filled_in(node: ast.expr) -> set[str]:
    return {
        ast.unparse(inner.value)
        for inner in ast.walk(node)
        if isinstance(inner, ast.FormattedValue)
    }


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
                tree = parsed(cell.text)
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
        text = _('the first code cell must say: check = exercise("{slug}")')
        problems.append(Problem(source.path, 1, text.format(slug=source.slug)))
    for line, value in named:
        if value != source.slug:
            problems.append(
                Problem(
                    source.path,
                    line,
                    _("this is exercise {slug}, not {said}").format(
                        slug=repr(source.slug), said=repr(value)
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
            if not value.startswith(f"{source.slug}-"):
                text = _("the id of Predict must begin with the lesson's name: {want}").format(
                    want=repr(f"{source.slug}-…")
                )
                problems.append(Problem(source.path, line, text))
    return found, problems
