"""Marks into the instructor's own export of a Canvas gradebook."""

from __future__ import annotations

import re

from lstm_lab.errors import UserError
from lstm_lab.grading.reports.marks import Mark, Transfer, number_of, scaled, transfer
from lstm_lab.grading.reports.people import Person
from lstm_lab.grading.reports.sheets import Sheet, column_key, quiet
from lstm_lab.grading.table import points_text
from lstm_lab.i18n import gettext as _

__all__ = ["fill_canvas"]

_ASSIGNMENT = re.compile(r".*\S \((\d+)\)")


def fill_canvas(
    sheet: Sheet, marks: list[Mark], name: str, column: str | None, roster: list[Person]
) -> tuple[Transfer, float | None]:
    """Write the marks of one exercise into their column; all else stays as it is.

    Parameters
    ----------
    sheet : Sheet
        Changed in place.
    marks : list of Mark
    name : str
        The exercise, ``01_rnn``.
    column : str, optional
        The column, where its name does not tell.
    roster : list of Person

    Returns
    -------
    Transfer, float or None
        And what the column counts up to, if it says so.
    """
    number, student = sheet.find("id"), sheet.find("student")
    if number is None or student is None:
        raise UserError(
            _(
                "{path} is no export of a Canvas gradebook: it has no columns Student and ID; "
                "found {found}."
            ).format(path=sheet.path, found=sheet.listed())
        )
    place = _column(sheet, name, column)
    more = [p for one in ("sisuserid", "sisloginid") if (p := sheet.find(one)) is not None]
    persons = [
        Person(n, tuple(row[p].strip() for p in (number, *more)), row[student].strip())
        for n, row in enumerate(sheet.rows)
        if row[number].strip()
    ]
    heads = [row for row in sheet.rows if not row[number].strip()]
    possible = next((value for row in heads if (value := number_of(row[place]))), None)
    found = transfer(marks, persons, roster)
    # Names are what students chose; ids are what Canvas finds them by, and stay as they are.
    kept = {number, *more}
    for row in sheet.rows:
        row[:] = [text if n in kept else quiet(text) for n, text in enumerate(row)]
    for n, mark in found.marks.items():
        points = scaled(mark, possible).points
        assert points is not None
        sheet.rows[n][place] = points_text(points)
    return found, possible


def _column(sheet: Sheet, name: str, column: str | None) -> int:
    places = [n for n, head in enumerate(sheet.head) if _ASSIGNMENT.fullmatch(head.strip())]
    there = ", ".join(sheet.head[n] for n in places) or "–"
    if column is not None:
        wanted = column_key(column)
        fits = [n for n in places if column_key(sheet.head[n]) == wanted] or [
            n for n in places if wanted in column_key(sheet.head[n])
        ]
        if len(fits) == 1:
            return fits[0]
        raise UserError(
            _("{path}: {n} assignments are called {column}; there are: {there}.").format(
                path=sheet.path, n=len(fits), column=repr(column), there=there
            )
        )
    number, slug = name[:2], column_key(name[3:])
    for fits in (
        [n for n in places if slug and slug in column_key(sheet.head[n])],
        [n for n in places if re.search(rf"(?<!\d)0?{int(number)}(?!\d)", _bare(sheet.head[n]))],
        places,
    ):
        if len(fits) == 1:
            return fits[0]
    raise UserError(
        _(
            "{path}: it is not clear which assignment exercise {name} is; say it with --column. "
            "There are: {there}."
        ).format(path=sheet.path, name=name, there=there)
    )


def _bare(head: str) -> str:
    return re.sub(r" \(\d+\)$", "", head.strip())
