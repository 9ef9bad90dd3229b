"""The course on disk: the order of its lessons, and the place of everything that belongs to one.

``lessons/course.toml`` says the order; nobody else says a path of the course or cuts a number
out of a name. The slug is the key of a lesson everywhere; its number is its place in the list,
computed where it is shown and where a built file is named.

What leaves the course: a **handout** (`lstm-lab release`) takes `Layout.handed_out` and the built
notebooks of lessons and exercises, so no source and no solution; a run of a page on a copy takes
`RUN_WITH`; the **wheel** takes the package ``lstm_lab`` alone (``pyproject.toml``).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lstm_lab.errors import UserError
from lstm_lab.i18n import LANGUAGES
from lstm_lab.i18n import gettext as _
from lstm_lab.paths import course_root

__all__ = [
    "BUILT",
    "COPIED",
    "LESSONS",
    "ORDER",
    "RUN_WITH",
    "Layout",
    "Lesson",
    "Part",
    "split_name",
]

LESSONS = "lessons"
BUILT = {"lesson": "notebooks", "exercise": "exercises", "solution": "solutions"}
"""The folder of the built notebooks of a kind."""
COPIED = ("notebooks", "exercises")
"""The folders that a learner gets a copy of."""
RUN_WITH = (*BUILT.values(), LESSONS)
"""What a notebook of the course may need beside the package while it runs."""
ORDER = f"{LESSONS}/course.toml"
"""The file that says the order, from the course root."""

_TESTS = "test_exercise.py"
_SLUG = re.compile(r"[a-z][a-z0-9_]*")
_NAME = re.compile(r"(?P<number>\d\d)_(?P<slug>\w+)")


def split_name(name: str) -> tuple[str, str]:
    """Return number and slug of a built file's name; an appendix has no number.

    Examples
    --------
    >>> split_name("exercises/en/05_lstm_cell.ipynb"), split_name("toolbox.ipynb")
    (('05', 'lstm_cell'), ('', 'toolbox'))
    """
    stem = Path(name).stem
    match = _NAME.fullmatch(stem)
    return (match["number"], match["slug"]) if match else ("", stem)


@dataclass(frozen=True)
class Lesson:
    """One lesson with its exercise, or an appendix, in the course at `root`.

    Attributes
    ----------
    root : Path
    slug : str
        Its key.
    number : str
        Its place today, ``05``; empty for an appendix.
    was : str
        The number under which older copies and records know it; empty for a newer lesson.
    data, weights : tuple of str
        Names of the data sets and trained networks that it needs.
    torch : bool
        Whether the lesson or its exercise imports torch.
    question : dict
        What it answers, by language; empty where nobody has said it.
    """

    root: Path
    slug: str
    number: str = ""
    was: str = ""
    data: tuple[str, ...] = ()
    weights: tuple[str, ...] = ()
    torch: bool = False
    question: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def name(self) -> str:
        """The name of its built notebooks, ``05_lstm_cell``; of an appendix ``toolbox``."""
        return f"{self.number}_{self.slug}" if self.number else self.slug

    @property
    def seed(self) -> str:
        """What the inputs of its graded tests are drawn from: never changed, also by a new order.

        Examples
        --------
        >>> Lesson(Path(), "lstm_cell", "06", was="05").seed, Lesson(Path(), "tuning", "20").seed
        ('05_lstm_cell', 'tuning')
        """
        return f"{self.was}_{self.slug}" if self.was else self.slug

    @property
    def folder(self) -> Path:
        """Where its sources stand."""
        return self.root / LESSONS / self.slug

    @property
    def lesson(self) -> Path:
        """The source of the lesson."""
        return self.folder / "lesson.py"

    @property
    def exercise(self) -> Path:
        """The source of the exercise, with its answers."""
        return self.folder / "exercise.py"

    @property
    def mistakes(self) -> Path:
        """The typical wrong answers."""
        return self.folder / "mistakes.py"

    @property
    def tests(self) -> Path:
        """The graded tests."""
        return self.folder / _TESTS

    @property
    def expected(self) -> Path:
        """Where a handout has the expected values, in place of the solution."""
        return self.folder / "expected.npz"

    def built(self, kind: str, lang: str) -> Path:
        """Return the built notebook of a kind (a key of `BUILT`) in a language."""
        return self.root / BUILT[kind] / lang / f"{self.name}.ipynb"

    def copies(self, kind: str) -> Iterator[Path]:
        """Yield where the learner's own copies of a kind are, if they are there."""
        for lang in LANGUAGES:
            yield self.root / "work" / BUILT[kind] / lang / f"{self.name}.ipynb"

    def inside(self, path: Path) -> str:
        """Return a path as it is told: from the course root, with slashes."""
        return path.relative_to(self.root).as_posix()

    def at(self, root: Path) -> Lesson:
        """Return the same lesson in another course folder."""
        return replace(self, root=root)


@dataclass(frozen=True)
class Part:
    """A group of lessons: its title by language, its lessons in order."""

    title: dict[str, str]
    lessons: tuple[Lesson, ...]


class Layout:
    """The lessons of a course in order, as ``lessons/course.toml`` lists them.

    Parameters
    ----------
    root : Path, optional
        The course root; by default the course around the working directory.

    Attributes
    ----------
    lessons, appendices : tuple of Lesson
        Also those that are only planned: they have a number and no folder.
    parts : tuple of Part

    Raises
    ------
    UserError
        There is no such file, or it is not as it must be; the sentence says where.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = course_root() if root is None else root
        said = _read(self.root / ORDER)
        facts = _table(said, "lesson")
        slugs = [_slugs(part, "lessons") for part in said.get("part", [])]
        numbers = iter(range(100))
        rows = [[self._lesson(s, facts, f"{next(numbers):02d}") for s in row] for row in slugs]
        titles = [_title(part) for part in said.get("part", [])]
        self.parts = tuple(Part(t, tuple(row)) for t, row in zip(titles, rows, strict=True))
        self.lessons = tuple(lesson for row in rows for lesson in row)
        self.appendices = tuple(self._lesson(s, facts, "") for s in _slugs(said, "appendices"))
        self._by_slug = {one.slug: one for one in self.all}
        _refuse_doubles([one.slug for one in self.all], [one.was for one in self.all if one.was])
        for slug in facts:
            if slug not in self._by_slug:
                raise _wrong(_("[lesson.{slug}] is in no list of lessons").format(slug=slug))

    def _lesson(self, slug: str, facts: dict[str, Any], number: str) -> Lesson:
        own = _table(facts, slug)
        unknown = set(own) - {"was", "question", "data", "weights", "torch"}
        if unknown:
            raise _wrong(
                _(
                    "[lesson.{slug}] has {keys}; known are: was, question, data, weights, torch"
                ).format(slug=slug, keys=", ".join(sorted(unknown)))
            )
        was, torch = own.get("was", ""), own.get("torch", False)
        if not (isinstance(was, str) and re.fullmatch(r"(\d\d)?", was)):
            raise _wrong(_("[lesson.{slug}]: was must be two digits").format(slug=slug))
        if not isinstance(torch, bool):
            raise _wrong(_("[lesson.{slug}]: torch must be true or false").format(slug=slug))
        data, weights = _slugs(own, "data"), _slugs(own, "weights")
        question = own.get("question", {})
        if question and (not isinstance(question, dict) or set(question) != set(LANGUAGES)):
            raise _wrong(
                _("[lesson.{slug}]: question must be {{en = …, zh = …}}").format(slug=slug)
            )
        return Lesson(self.root, slug, number, was, tuple(data), tuple(weights), torch, question)

    @property
    def all(self) -> tuple[Lesson, ...]:
        """Lessons, then appendices."""
        return (*self.lessons, *self.appendices)

    @property
    def order(self) -> Path:
        """The file that says the order."""
        return self.root / ORDER

    @property
    def folder(self) -> Path:
        """Where the sources stand."""
        return self.root / LESSONS

    @property
    def work(self) -> Path:
        """Where the learner's own copies are (there may be none yet)."""
        return self.root / "work"

    def __getitem__(self, slug: str) -> Lesson:
        """Return the lesson of this slug (KeyError if there is none)."""
        return self._by_slug[slug]

    def find(self, word: str | int, *, old: bool = False) -> Lesson | None:
        """Return the lesson that a person or a file means, None if there is none.

        Parameters
        ----------
        word : str or int
            A slug, ``lstm_cell``; the name of a built file, ``05_lstm_cell``, whose slug decides;
            or a number.
        old : bool
            A number from a learner's copy or record, which is that of its time (`Lesson.was`).
            Otherwise it is today's.
        """
        text = str(word).strip()
        found = self._by_slug.get(split_name(text)[1] if _NAME.fullmatch(text) else text)
        if found is not None or not (text.isascii() and text.isdigit()):
            return found
        number = f"{int(text):02d}"
        today = next((one for one in self.lessons if one.number == number), None)
        then = next((one for one in self.all if one.was == number), None)
        return (then or today) if old else (today or then)

    def key(self, said: str) -> str:
        """Return an exercise or a prediction's id under the names of today.

        Copies and records of earlier days say ``05`` and ``05-largest-c``; what is not known is
        returned as it is.
        """
        number, dash, rest = said.partition("-")
        found = self.find(number, old=True) if re.fullmatch(r"\d\d", number) else None
        return f"{found.slug}{dash}{rest}" if found else said

    def handed_out(self) -> Iterator[Path]:
        """Yield the files below `lessons` that a handout takes: the order, the graded tests."""
        yield self.order
        yield from (one.tests for one in self.all if one.tests.is_file())


def _wrong(sentence: str) -> UserError:
    return UserError(f"{ORDER}: {sentence}")


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError:
        text = _("There is no list of lessons here: {path} is missing.")
        raise UserError(text.format(path=path)) from None
    except ValueError as error:  # TOMLDecodeError, UnicodeDecodeError
        raise _wrong(str(error)) from None


def _table(said: dict[str, Any], key: str) -> dict[str, Any]:
    table = said.get(key, {})
    if not isinstance(table, dict):
        raise _wrong(_("{key} must be a table").format(key=key))
    return table


def _slugs(said: Any, key: str) -> list[str]:
    found = said.get(key, []) if isinstance(said, dict) else None
    if not isinstance(found, list) or not all(
        isinstance(one, str) and _SLUG.fullmatch(one) for one in found
    ):
        text = _("{key} must be a list of slugs: lower-case letters, digits, underscores")
        raise _wrong(text.format(key=key))
    return found


def _title(part: dict[str, Any]) -> dict[str, str]:
    title = part.get("title", dict.fromkeys(LANGUAGES, ""))
    if not isinstance(title, dict) or set(title) != set(LANGUAGES):
        raise _wrong(_("a part's title must be given as {en = …, zh = …}"))
    return title


def _refuse_doubles(*rows: list[str]) -> None:
    for row in rows:
        for one in row:
            if row.count(one) > 1:
                raise _wrong(_("{name} stands there twice").format(name=one))
