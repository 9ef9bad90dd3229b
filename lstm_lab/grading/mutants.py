"""Typical wrong answers, made from the solution, with what a learner must be told of each."""

from __future__ import annotations

import importlib.util
import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as with_changes
from types import MappingProxyType, ModuleType

from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.sources import Document
from lstm_lab.i18n import LANGUAGES
from lstm_lab.i18n import gettext as _

__all__ = [
    "Equivalent",
    "Mistake",
    "Mutant",
    "Slip",
    "load_equivalents",
    "load_mistakes",
    "load_mutants",
    "mutate",
    "with_body",
]

_ANSWER = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION.*^[ \t]*### END SOLUTION", re.MULTILINE | re.DOTALL
)
Change = tuple[str, str]


@dataclass(frozen=True)
class Slip:
    """A typical wrong answer that shows itself: an error, None, a changed argument, a warning.

    Parameters
    ----------
    name : str
        Unique in its exercise.
    change : (str, str) or sequence of these, optional
        A text of the solution's task cell, which must stand there exactly once, and what takes
        its place …
    en, zh : str
        A fragment of the first failing message that a learner is shown.
    body : str, optional
        … or all that stands between the markers …
    code : str, optional
        … or the whole cell.
    test : str, optional
        The graded test in which it is told; in any of its task if left out.
    task : str
        The task whose answer is wrong; the table `MISTAKES` says it.
    """

    name: str
    change: Change | Sequence[Change] | None = None
    en: str = ""
    zh: str = ""
    body: str | None = None
    code: str | None = None
    test: str | None = None
    task: str = ""

    def __post_init__(self) -> None:
        if [self.change, self.body, self.code].count(None) != 2:
            raise UserError(
                _("{name}: give one of change=, body= and code=.").format(name=repr(self.name))
            )
        if not self.en.strip() or not self.zh.strip():
            raise UserError(
                _("{name}: say it in each language, en and zh.").format(name=repr(self.name))
            )

    @property
    def changes(self) -> list[Change]:
        """The pairs of texts, old and new."""
        if self.change is None:
            return []
        return [self.change] if isinstance(self.change[0], str) else list(self.change)  # type: ignore[list-item, arg-type]

    @property
    def tells(self) -> Mapping[str, str]:
        """What must be in the message, by language."""
        return {"en": self.en, "zh": self.zh}


@dataclass(frozen=True)
class Mistake(Slip):
    """A typical wrong answer that is known by its value: what the changed solution returns.

    It is an answer that the build grades, and what a learner's value is held against. `en` and
    `zh` are the whole sentence. See `Slip` for the parameters.

    Examples
    --------
    >>> Mistake("no_bias", ("+ b", ""), "the bias is missing.", "少了偏置。").tells["zh"]
    '少了偏置。'
    """


@dataclass(frozen=True)
class Mutant:
    """A typical wrong answer to one task.

    Parameters
    ----------
    name : str
        Unique in its exercise.
    task : str
        The task whose answer is wrong.
    replace : tuple of (str, str), optional
        A text of the solution's task cell, which must stand there exactly once, and what takes
        its place …
    body : str, optional
        … or all that stands between the markers …
    code : str, optional
        … or the whole cell.
    tells : mapping
        For each language a fragment of the first failing message that a learner is shown.

    Examples
    --------
    >>> Mutant("no_bias", "rnn_step", replace=("+ b", ""), tells={"en": "bias", "zh": "偏置"}).task
    'rnn_step'
    """

    name: str
    task: str
    replace: tuple[str, str] | None = None
    body: str | None = None
    code: str | None = None
    tells: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    test: str | None = None

    def __post_init__(self) -> None:
        if [self.replace, self.body, self.code].count(None) != 2:
            raise UserError(
                _("Mutant {name}: give one of replace=, body= and code=.").format(
                    name=repr(self.name)
                )
            )
        if set(self.tells) != set(LANGUAGES):
            raise UserError(
                _("Mutant {name}: tells= needs a fragment in each language, en and zh.").format(
                    name=repr(self.name)
                )
            )

    @property
    def changes(self) -> list[Change]:
        """The pairs of texts, old and new."""
        return [] if self.replace is None else [self.replace]


@dataclass(frozen=True)
class Equivalent:
    """An automatic change to a solution that is no mistake, so that no test need reject it.

    Parameters
    ----------
    task : str
    before, after : str
        The changed statement, as ``lstm-lab mutants`` shows it.
    because : str
        Why the changed answer is right as well.
    nth : int, optional
        Which of several statements that read alike; all of them if left out.
    """

    task: str
    before: str
    after: str
    because: str
    nth: int | None = None


def load_mutants(exercise: Exercise) -> list[Mutant | Slip]:
    """Return all typical wrong answers of an exercise, none if it has none."""
    module = _load(exercise)
    return [*getattr(module, "MUTANTS", []), *_rows(module)]


def load_mistakes(exercise: Exercise) -> list[Mistake]:
    """Return those that are known by their value, in the order of trying."""
    return [row for row in _rows(_load(exercise)) if isinstance(row, Mistake)]


def load_equivalents(exercise: Exercise) -> list[Equivalent]:
    """Return what stands as ``EQUIVALENT`` in the same file."""
    return list(getattr(_load(exercise), "EQUIVALENT", []))


def _rows(module: ModuleType | None) -> list[Slip]:
    """Return the rows of the table ``MISTAKES = {task: [row, …]}``, each with its task."""
    table: dict[str, list[Slip]] = getattr(module, "MISTAKES", {})
    return [with_changes(row, task=task) for task, rows in table.items() for row in rows]


def _load(exercise: Exercise) -> ModuleType | None:
    path = exercise.mutants_path
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location(f"mistakes_of_{exercise.slug}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def mutate(document: Document, mutant: Mutant | Slip) -> Document:
    """Return the solution with one task cell made wrong.

    Raises
    ------
    UserError
        The mutant does not fit the solution (any more).
    """

    def wrong(sentence: str) -> UserError:
        return UserError(f"{document.path}: {sentence}")

    places = [n for n, cell in enumerate(document.cells) if cell.name == mutant.task]
    if len(places) != 1:
        raise wrong(
            _("mutant {name} is of task {task}, which is there {n} times").format(
                name=repr(mutant.name), task=repr(mutant.task), n=len(places)
            )
        )
    cells = list(document.cells)
    source = cells[places[0]].source
    if mutant.code is not None:
        source = mutant.code
    elif mutant.body is not None:
        if not _ANSWER.search(source):
            raise wrong(
                _(
                    "mutant {name}: its task cell has no markers, so body= cannot be put there"
                ).format(name=repr(mutant.name))
            )
        source = with_body(source, mutant.body)
    for old, new in mutant.changes:
        if source.count(old) != 1:
            raise wrong(
                _("mutant {name}: {text} stands in the task cell {n} times, not once").format(
                    name=repr(mutant.name), text=repr(old), n=source.count(old)
                )
            )
        source = source.replace(old, new)
    cells[places[0]] = with_changes(cells[places[0]], source=source)
    return with_changes(document, cells=tuple(cells))


def with_body(source: str, body: str) -> str:
    """Return a task cell with another answer between its markers.

    Parameters
    ----------
    source : str
        The cell; what stands between its first and its last marker is the answer.
    body : str
        The answer, without the indentation that it has there.

    Examples
    --------
    >>> cell = "def f(x):\\n    ### BEGIN SOLUTION\\n    return x\\n    ### END SOLUTION"
    >>> with_body(cell, "y = 2 * x\\nreturn y")
    'def f(x):\\n    y = 2 * x\\n    return y'
    """
    return _ANSWER.sub(lambda found: textwrap.indent(body.strip("\n"), found[1]), source)
