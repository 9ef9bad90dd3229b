"""Answers out, stubs in: what stands between the markers becomes one line."""

from __future__ import annotations

import ast
import re

from lstm_lab.course.problems import Problem
from lstm_lab.course.source import Cell
from lstm_lab.i18n import gettext as _

__all__ = ["STUB", "check_markers", "check_stub", "show_answer", "stub"]

# One line, the same in both languages: it parses anywhere a statement may stand, gives no
# points, and NotImplementedError lets check() say "not started yet" instead of an error.
STUB = 'raise NotImplementedError("your code here / 在这里写代码")'
_MARKER = re.compile(r"(?P<indent>[ \t]*)### (?P<what>BEGIN|END) SOLUTION")
_LOOKS_LIKE = re.compile(r"#.*\b(begin|end)\W*solution\b", re.IGNORECASE)


def stub(text: str) -> str:
    """Return the cell with each answer replaced by the one line of the stub.

    Examples
    --------
    >>> print(stub('''def f(x):
    ...     ### BEGIN SOLUTION
    ...     return x + 1
    ...     ### END SOLUTION'''))
    def f(x):
        raise NotImplementedError("your code here / 在这里写代码")
    """
    out, inside = [], False
    for line in text.split("\n"):
        marker = _MARKER.fullmatch(line.rstrip())
        if marker and marker["what"] == "BEGIN":
            inside = True
            out.append(marker["indent"] + STUB)
        elif marker:
            inside = False
        elif not inside:
            out.append(line)
    return "\n".join(out)


def show_answer(text: str) -> str:
    """Return the cell with the answer, without the two marker lines."""
    return "\n".join(line for line in text.split("\n") if not _MARKER.fullmatch(line.rstrip()))


def check_markers(cell: Cell, where: str) -> list[Problem]:
    """Find stray, nested, missing and misspelt markers."""
    problems = []

    def wrong(offset: int, sentence: str) -> None:
        problems.append(Problem(where, cell.first + offset, sentence))

    begun: int | None = None
    answers = 0
    lines = cell.text.split("\n")
    for n, line in enumerate(lines):
        marker = _MARKER.fullmatch(line.rstrip())
        if marker is None:
            if _LOOKS_LIKE.search(line):
                wrong(
                    n,
                    _(
                        "this looks like a marker but is none; write exactly "
                        "'### BEGIN SOLUTION' or '### END SOLUTION' on a line of its own"
                    ),
                )
        elif not cell.task:
            wrong(n, _("an answer marker outside a task cell"))
        elif marker["what"] == "BEGIN":
            if begun is not None:
                wrong(
                    n,
                    _("### BEGIN SOLUTION inside the answer begun in line {line}").format(
                        line=cell.first + begun
                    ),
                )
            begun, answers = n, answers + 1
        elif begun is None:
            wrong(n, _("### END SOLUTION without ### BEGIN SOLUTION above it"))
        else:
            if not any(inner.strip() for inner in lines[begun + 1 : n]):
                wrong(begun, _("nothing stands between the two markers"))
            begun = None
    if begun is not None:
        wrong(begun, _("### BEGIN SOLUTION without ### END SOLUTION below it"))
    if cell.task and answers == 0:
        problems.append(
            Problem(
                where,
                cell.line,
                _("the task has no answer: put it between ### BEGIN SOLUTION and ### END SOLUTION"),
            )
        )
    return problems


def check_stub(cell: Cell, where: str) -> list[Problem]:
    """See that the stub parses and still defines what the task is named after."""
    try:
        tree = ast.parse(stub(cell.text))
    except SyntaxError as error:
        return [
            Problem(
                where,
                cell.line,
                _(
                    "without its answer the task cell is not Python any more ({why}): the markers "
                    "must stand inside the function, indented as its code"
                ).format(why=error.msg),
            )
        ]
    defined = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    problems = []
    if cell.name and cell.name not in defined:
        problems.append(
            Problem(
                where,
                cell.line,
                _(
                    "without its answer the task cell must still define {name}: the 'def' (or "
                    "'class') line stands above ### BEGIN SOLUTION"
                ).format(name=cell.name),
            )
        )
    if any(isinstance(node, ast.Raise) for node in tree.body):
        problems.append(
            Problem(where, cell.line, _("the answer must lie inside a function or a class"))
        )
    return problems
