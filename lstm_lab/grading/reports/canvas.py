"""Marks into the instructor's own export of a Canvas gradebook."""

from __future__ import annotations

import re

from lstm_lab.errors import UserError
from lstm_lab.grading.reports.marks import Filled, Mark, number_of, scaled, transfer
from lstm_lab.grading.reports.people import Person
from lstm_lab.grading.reports.sheets import Sheet, column_key, quiet
from lstm_lab.grading.text import points_text
from lstm_lab.i18n import gettext as _
from lstm_lab.layout import split_name

__all__ = ["fill_canvas"]

_ASSIGNMENT = re.compile(r".*\S \((\d+)\)")


def fill_canvas(
    sheet: Sheet, marks: list[Mark], name: str, column: str | None, roster: list[Person]
) -> Filled:
    """Write the marks of one exercise into their column; all else stays as it is.

    What Canvas writes and takes is in its ``lib/gradebook_exporter.rb`` and
    ``lib/gradebook_importer.rb``: headings are English everywhere, numbers and separators are the
    country's, a line on posting may stand before the one with the points possible.

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
    """
    number, student = sheet.find("id"), sheet.find("student")
    last, first = sheet.find("lastname"), sheet.find("firstname")
    if number is None or (student is None and (last is None or first is None)):
        raise UserError(
            _(
                "{path} is no export of a Canvas gradebook: it has no columns Student and ID; "
                "found {found}."
            ).format(path=sheet.path, found=sheet.listed())
        )
    place = _column(sheet, name, column)
    more = [p for one in ("sisuserid", "sisloginid") if (p := sheet.find(one)) is not None]

    def named(row: list[str]) -> str:
        if student is not None:
            return row[student].strip()
        assert last is not None
        assert first is not None
        return f"{row[last].strip()}, {row[first].strip()}".strip(", ")

    persons = [
        Person(n, tuple(row[p].strip() for p in (number, *more)), named(row))
        for n, row in enumerate(sheet.rows)
        if row[number].strip()
    ]
    lines = {one.row: one for one in persons}
    heads = [row[place] for row in sheet.rows if not row[number].strip()]
    if any(re.search(r"read\s+only", text) for text in heads):
        raise UserError(
            _("{path}: Canvas takes no marks for {column}: it is read-only there.").format(
                path=sheet.path, column=sheet.head[place]
            )
        )
    possible = next((value for text in heads if (value := number_of(text))), None)
    found = Filled(transfer(marks, persons, roster), possible)
    comma = any(re.fullmatch(r"-?\d+,\d+", row[place].strip()) for row in sheet.rows)
    # Names are what students chose; ids are what Canvas finds them by, and stay as they are.
    kept = {number, *more}
    for row in sheet.rows:
        row[:] = [text if n in kept else quiet(text) for n, text in enumerate(row)]
    for n, mark in list(found.transfer.marks.items()):
        reason = _why_not(sheet.rows[n][place].strip())
        if reason is not None:
            found.leave(reason, n, lines[n])
            continue
        points = scaled(mark, possible).points
        assert points is not None
        text = points_text(points)
        sheet.rows[n][place] = text.replace(".", ",") if comma else text
    return found


def _why_not(text: str) -> str | None:
    """Say why Canvas would drop a grade, or take it for something else, where this stands."""
    if text == "EX":
        return _("Excused in Canvas")
    if text == "N/A":
        return _("Not assigned to them in Canvas")
    return None


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
    number, slug = split_name(name) if "_" in name else (name, "")
    slug = column_key(slug)
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
