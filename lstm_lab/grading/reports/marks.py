"""The marks as results.csv has them, the instructor's own changes included."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from lstm_lab.errors import UserError
from lstm_lab.grading.record import Record
from lstm_lab.grading.reports.people import People, Person
from lstm_lab.grading.reports.sheets import read_sheet
from lstm_lab.i18n import gettext as _

__all__ = [
    "Filled",
    "Mark",
    "Transfer",
    "number_of",
    "read_marks",
    "read_records",
    "scaled",
    "transfer",
]

COLUMNS = ("student", "id", "exercise", "status", "points", "possible", "file")


@dataclass(frozen=True)
class Mark:
    """A line of results.csv; `points` is None where there are none yet."""

    student: str
    number: str
    exercise: str
    points: float | None
    possible: float | None
    file: str = ""


def number_of(text: str) -> float | None:
    """Return a number as spreadsheets of any country write it, None for anything else.

    Examples
    --------
    >>> number_of("7.5"), number_of(" 10,00 "), number_of("-"), number_of("(read only)")
    (7.5, 10.0, None, None)
    """
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e9 else None


def read_marks(results: Path) -> list[Mark]:
    """Read ``results.csv`` of a folder that `grade` wrote.

    Who has handed in nothing has a line there, and no mark.

    Raises
    ------
    UserError
        There is no such file, a column is gone, or points are no number.
    """
    path = results / "results.csv"
    if not path.is_file():
        raise UserError(
            _("{folder} holds no results.csv; name the folder that `grade --out` wrote.").format(
                folder=results
            )
        )
    sheet = read_sheet(path)
    places = {name: sheet.find(name) for name in COLUMNS}
    gone = [name for name, place in places.items() if place is None]
    if gone:
        raise UserError(
            _("{path} has no column {columns}; found {found}.").format(
                path=path, columns=", ".join(gone), found=sheet.listed()
            )
        )
    marks = []
    for n, row in enumerate(sheet.rows, 2):
        values = {name: row[place].strip() for name, place in places.items() if place is not None}
        points = number_of(values["points"])
        if values["points"] and points is None:
            raise UserError(
                _("{path}, line {line}: the points {found} are no number.").format(
                    path=path, line=n, found=repr(values["points"])
                )
            )
        if values["file"]:
            marks.append(
                Mark(
                    _plain(values["student"]),
                    _plain(values["id"]),
                    # a spreadsheet turns 01 into 1
                    values["exercise"].zfill(2) if values["exercise"] else "",
                    points,
                    number_of(values["possible"]),
                    _plain(values["file"]),
                )
            )
    return marks


def _plain(text: str) -> str:
    """Take off the mark that keeps a spreadsheet from running a name."""
    return text[1:] if text.startswith("'") else text


def read_records(results: Path) -> Iterator[Record]:
    """Yield what is known of each submission, from ``results.jsonl``."""
    path = results / "results.jsonl"
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                yield cast(Record, json.loads(line))
    except (OSError, ValueError):
        raise UserError(
            _("{path} is missing or damaged: call `grade` again with the same --out.").format(
                path=path
            )
        ) from None


@dataclass
class Transfer:
    """Marks beside the persons of a platform's export.

    Attributes
    ----------
    marks : dict
        Line of the export → the mark that goes there.
    waiting : list of Mark
        Without points yet.
    unknown : list of (Mark, tuple of Person)
        Names that match nobody, or more than one person.
    several : list of (Person, tuple of Mark)
        Persons with marks that differ.
    """

    marks: dict[int, Mark]
    waiting: list[Mark]
    unknown: list[tuple[Mark, tuple[Person, ...]]]
    several: list[tuple[Person, tuple[Mark, ...]]]

    @property
    def complete(self) -> bool:
        """Whether every mark has found its place."""
        return not (self.unknown or self.several)


@dataclass
class Filled:
    """What became of a platform's export.

    Attributes
    ----------
    transfer : Transfer
    possible : float or None
        What the platform counts up to, if it says so.
    left : dict
        Reason → students whose cells the platform would not take, and which are as they were.
    notes : list of str
        What else there is to say.
    """

    transfer: Transfer
    possible: float | None = None
    left: dict[str, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def leave(self, reason: str, line: int, who: Person) -> None:
        """Take a mark back, since the platform would not take it."""
        del self.transfer.marks[line]
        self.left.setdefault(reason, []).append(who.label)

    @property
    def complete(self) -> bool:
        """Whether every mark has found its place."""
        return self.transfer.complete and not self.left


def transfer(marks: list[Mark], persons: list[Person], roster: list[Person]) -> Transfer:
    """Give each person of an export their mark of one exercise.

    A roster, where there is one, knows more of a name than the file that bears it: a number of
    the school's beside a platform's login, say.
    """
    people, known = People(persons), People(roster)
    found: dict[int, list[Mark]] = {}
    result = Transfer({}, [], [], [])
    for mark in marks:
        hit = people.find(mark.student, mark.number)
        if hit.person is None and roster:
            own = known.find(mark.student, mark.number).person
            if own is not None:
                tries = [people.find(own.name, number) for number in own.ids if number]
                hit = next((one for one in tries if one.person), people.find(own.name, ""))
        if mark.points is None:
            result.waiting.append(mark)
        elif hit.person is None:
            result.unknown.append((mark, hit.maybe))
        else:
            found.setdefault(hit.person.row, []).append(mark)
    lines = {one.row: one for one in persons}
    for row, theirs in sorted(found.items()):
        if len({mark.points for mark in theirs}) == 1:
            result.marks[row] = theirs[0]
        else:
            result.several.append((lines[row], tuple(theirs)))
    return result


def scaled(mark: Mark, possible: float | None) -> Mark:
    """Return the mark out of what the platform counts, if that is another number.

    Examples
    --------
    >>> scaled(Mark("Ann", "", "01", 8, 16), 100).points
    50.0
    """
    assert mark.points is not None
    if not possible or not mark.possible or possible == mark.possible:
        return mark
    return replace(mark, points=round(mark.points * possible / mark.possible, 2), possible=possible)
