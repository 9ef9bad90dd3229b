"""Find what belongs to an exercise: its tests, its solution, its limits."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from lstm_lab.document.header import read_header
from lstm_lab.document.notebook import facts_of, parse
from lstm_lab.document.points import task_points
from lstm_lab.errors import UserError
from lstm_lab.grading.sources import Document, read_document
from lstm_lab.i18n import LANGUAGES, language
from lstm_lab.i18n import gettext as _
from lstm_lab.layout import Layout, Lesson

__all__ = ["Exercise", "find_exercise", "list_exercises"]


@dataclass(frozen=True)
class Exercise:
    """One exercise of the course: what its tests, its solution and its header say."""

    lesson: Lesson

    @property
    def root(self) -> Path:
        """The course root."""
        return self.lesson.root

    @property
    def slug(self) -> str:
        """Its key, ``rnn``."""
        return self.lesson.slug

    @property
    def number(self) -> str:
        """Its number today, to be shown."""
        return self.lesson.number

    @property
    def name(self) -> str:
        """The name of its notebooks today, ``01_rnn``."""
        return self.lesson.name

    @property
    def tests(self) -> Path:
        """Its graded tests."""
        return self.lesson.tests

    @property
    def solution_path(self) -> Path:
        """The source of the solution, or the notebook built from it."""
        source = self.lesson.exercise
        return source if source.is_file() else self.lesson.built("solution", "en")

    @property
    def solution(self) -> Document:
        """The solution's cells."""
        path = self.solution_path
        if not path.is_file():
            raise UserError(
                _("Exercise {number} has no solution here: {path} is missing.").format(
                    number=self.number, path=path
                )
            )
        return read_document(path)

    @property
    def record_path(self) -> Path:
        """Where a handout has the expected values, in place of the solution."""
        return self.lesson.expected

    @property
    def on_record(self) -> bool:
        """Whether this is a handout: expected values, and no solution."""
        return not self.solution_path.is_file() and self.record_path.is_file()

    @property
    def mutants_path(self) -> Path:
        """Where its mutants stand (it may have none yet)."""
        return self.lesson.mistakes

    @property
    def own_files(self) -> tuple[Path, ...]:
        """Its tests, its solution, its mistakes."""
        return self.tests, self.solution_path, self.mutants_path

    @property
    def borrowed(self) -> list[Path]:
        """What its tests need of other exercises: those whose mistakes they take as cases."""
        named = re.findall(r"""\bmistakes\(["'](\w+)["']\)""", self.tests.read_text("utf-8"))
        others = [find_exercise(slug, self.root) for slug in dict.fromkeys(named)]
        paths = [path for one in others for path in one.own_files]
        return [path for path in paths if path.is_file()]

    @cached_property
    def facts(self) -> dict[str, Any]:
        """What its author said in the header: allow, torch, seconds, title."""
        for lang in LANGUAGES:
            path = self.lesson.built("exercise", lang)
            if path.is_file():
                with contextlib.suppress(UserError):
                    return facts_of(parse(path.read_bytes()))
        if not self.lesson.exercise.is_file():
            return {}
        header, _problems = read_header(self.lesson.exercise.read_text("utf-8"), "exercise")
        return {"allow": list(header.allow), "torch": header.torch, "seconds": header.seconds}

    @property
    def title(self) -> str:
        """Its title in the reader's language."""
        for lang in (language(), "en", "zh"):  # a handout may hold one language only
            path = self.lesson.built("exercise", lang)
            try:
                title = facts_of(parse(path.read_bytes())).get("title")
            except (OSError, UserError):
                continue
            if isinstance(title, str):
                return title
        return self.slug.replace("_", " ")

    @property
    def allow(self) -> list[str]:
        """Modules that an answer may import, beside the standard library."""
        said = self.facts.get("allow")
        allow = [str(one) for one in said] if isinstance(said, list) else ["numpy"]
        return [*allow, "torch"] if self.torch and "torch" not in allow else allow

    @property
    def torch(self) -> bool:
        """Whether answers use torch."""
        return self.facts.get("torch") is True

    @property
    def seconds(self) -> float:
        """What all calls of a submission may take together."""
        said = self.facts.get("seconds")
        return float(said) if isinstance(said, int | float) and said > 0 else 10.0

    @property
    def seconds_call(self) -> float:
        """What one call may take: a quarter, so that one endless loop leaves time for the rest."""
        return max(self.seconds / 4, min(self.seconds, 1.0))

    @cached_property
    def task_points(self) -> dict[str, float]:
        """What each task is worth, in the order in which the tests name them."""
        return task_points(self.tests.read_text("utf-8"))

    @property
    def tasks(self) -> list[str]:
        """The tasks, in the order in which the tests name them."""
        return list(self.task_points)


def list_exercises(root: Path | None = None) -> list[Exercise]:
    """Return the exercises that have graded tests, in the order of the course."""
    return [Exercise(one) for one in Layout(root).lessons if one.tests.is_file()]


def find_exercise(word: str | int, root: Path | None = None, *, old: bool = False) -> Exercise:
    """Return the exercise that is meant: by slug, number, or name (``"01_rnn"``).

    Parameters
    ----------
    word : str or int
    root : Path, optional
        The course root.
    old : bool
        A number is that of a learner's copy, not today's; see `Layout.find`.

    Raises
    ------
    UserError
        There is none; the sentence names those that there are.
    """
    layout = Layout(root)
    found = layout.find(word, old=old)
    if found is not None and found.tests.is_file():
        return Exercise(found)
    known = ", ".join(f"{one.number} {one.slug}" for one in list_exercises(layout.root)) or "–"
    raise UserError(
        _("There is no exercise {number}; there are: {numbers}.").format(
            number=repr(str(word).strip()), numbers=known
        )
    )
