"""Which exercise is a file, and has anybody written in it yet?"""

from __future__ import annotations

import ast
import contextlib
import re
import warnings
from collections.abc import Iterable
from pathlib import Path

from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.intake.names import DATE
from lstm_lab.grading.sources import Document, read_document
from lstm_lab.i18n import LANGUAGES

__all__ = ["Handouts", "exercise_by_name", "exercise_of"]

_BOUND = re.compile(r"^(?:(?:async\s+)?def|class)\s+(\w+)|^(\w+)\s*(?::[^=\n]*)?=(?!=)", re.M)


def exercise_of(document: Document, exercises: Iterable[Exercise]) -> Exercise | None:
    """Tell the exercise by metadata, then by its full name in the file's, then by the functions.

    A number that stands alone in a file name may be the teacher's own, or part of a date: it
    counts only between exercises that the functions leave open.
    """
    exercises = list(exercises)
    if document.slug is not None:
        return next((one for one in exercises if one.slug == document.slug), None)
    # "02" in front of a Python file's name is no more than a number in a name
    if document.number is not None and document.path.suffix.lower() != ".py":
        of_then = next((one for one in exercises if one.lesson.was == document.number), None)
        return of_then or next((one for one in exercises if one.number == document.number), None)
    named = _full_names(document.path, exercises)
    if len(named) == 1:
        return named[0]
    bound = {name for cell in document.cells for name in _bound(cell.source)}
    counts = [len(bound & set(one.tasks)) for one in exercises]
    best = max(counts, default=0)
    left = [one for one, n in zip(exercises, counts, strict=True) if n == best]
    if best and len(left) == 1:
        return left[0]
    return _one(_numbered(document.path, named or left))


def exercise_by_name(path: Path, exercises: Iterable[Exercise]) -> Exercise | None:
    """Tell the exercise by the file's name alone, where nothing else can be read."""
    exercises = list(exercises)
    return _one(_full_names(path, exercises)) or _one(_numbered(path, exercises))


def _one(found: list[Exercise]) -> Exercise | None:
    return found[0] if len(found) == 1 else None


def _full_names(path: Path, exercises: list[Exercise]) -> list[Exercise]:
    """Return those whose name stands there, behind a number of any time."""
    form = r"(?<!\d)\d\d[ _-]{}(?![a-zA-Z0-9]|[_-][a-zA-Z])"
    exact = [one for one in exercises if re.search(form.format(one.slug), path.stem)]
    if exact:
        return exact
    # "01_rnn_ann" as well, but rnn is also the beginning of rnn_backward
    form = r"(?<!\d)\d\d[ _-]{}(?![a-zA-Z0-9])"
    found = [one for one in exercises if re.search(form.format(one.slug), path.stem)]
    return [one for one in found if not any(o.slug.startswith(f"{one.slug}_") for o in found)]


def _numbered(path: Path, exercises: list[Exercise]) -> list[Exercise]:
    stem = DATE.sub(" ", path.stem)
    return [one for one in exercises if re.search(rf"(?<!\d){one.number}(?!\d)", stem)]


def _bound(source: str) -> set[str]:
    return {name or other for name, other in _BOUND.findall(source)}


class Handouts:
    """What the task cells of exercises hold when a student gets them."""

    def __init__(self) -> None:
        self._cells: dict[str, set[str]] = {}

    def untouched(self, document: Document, exercise: Exercise) -> bool:
        """Tell whether all that stands there for the tasks is as it was handed out."""
        tasks = set(exercise.tasks)
        answers = [
            cell.source
            for cell in document.cells
            if cell.name in tasks or tasks & _bound(cell.source)
        ]
        given = self._given(exercise)
        return bool(answers) and all(_bare(one) in given or _is_stub(one) for one in answers)

    def _given(self, exercise: Exercise) -> set[str]:
        if exercise.slug not in self._cells:
            found = self._cells[exercise.slug] = set()
            for lang in LANGUAGES:
                # a handout may hold one language only
                with contextlib.suppress(UserError):
                    cells = read_document(exercise.lesson.built("exercise", lang)).cells
                    found.update(_bare(cell.source) for cell in cells if cell.name)
        return self._cells[exercise.slug]


def _bare(source: str) -> str:
    return "\n".join(line.rstrip() for line in source.splitlines() if line.strip())


def _is_stub(source: str) -> bool:
    """Tell whether functions only say what they are for, as in the handout of another year."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(body) and all(
        isinstance(node, ast.FunctionDef) and _raises_only(node.body) for node in body
    )


def _raises_only(body: list[ast.stmt]) -> bool:
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    if len(body) != 1 or not isinstance(body[0], ast.Raise) or body[0].exc is None:
        return False
    error = body[0].exc
    name = error.func if isinstance(error, ast.Call) else error
    return isinstance(name, ast.Name) and name.id == "NotImplementedError"
