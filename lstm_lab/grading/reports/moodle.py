"""Marks and feedback into the instructor's own grading worksheet of a Moodle assignment."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from lstm_lab.grading.reports.marks import Filled, Mark, number_of, scaled, transfer
from lstm_lab.grading.reports.moodle_columns import NO, find_columns
from lstm_lab.grading.reports.people import Person
from lstm_lab.grading.reports.sheets import Sheet, cell, quiet
from lstm_lab.grading.text import points_text
from lstm_lab.i18n import gettext as _

__all__ = ["fill_moodle"]


def fill_moodle(
    sheet: Sheet, marks: list[Mark], feedback: Callable[[Mark], list[str]], roster: list[Person]
) -> Filled:
    """Write marks, and what there is to say, into their lines; all else stays as it is.

    Parameters
    ----------
    sheet : Sheet
        Changed in place.
    marks : list of Mark
        Of one exercise.
    feedback : callable
        Returns the lines for a mark's student.
    roster : list of Person
    """
    at = find_columns(sheet)
    persons = [
        Person(
            n,
            (re.sub(r"\D", "", row[at.identifier]), *(row[p].strip() for p in at.ids)),
            row[at.name].strip() if at.name is not None else "",
        )
        for n, row in enumerate(sheet.rows)
    ]
    found = Filled(transfer(marks, persons, roster))
    kept = {at.identifier, *at.ids}
    for row in sheet.rows:
        row[:] = [text if n in kept else quiet(text) for n, text in enumerate(row)]
    if at.comments is None and found.transfer.marks:
        found.notes.append(
            _(
                "The worksheet has no column for feedback (in Moodle “Feedback comments” are off "
                "for this assignment): points only."
            )
        )
    for n, mark in list(found.transfer.marks.items()):
        row = sheet.rows[n]
        if at.change is not None and row[at.change].strip().casefold() in NO:
            found.leave(_("Locked in Moodle"), n, persons[n])
            continue
        text = row[at.maximum]
        found.possible = number_of(text)
        points = scaled(mark, found.possible).points
        assert points is not None
        written = points_text(points)
        row[at.grade] = written.replace(".", ",") if "," in text else written
        if at.comments is not None:
            row[at.comments] = cell("<br>".join(escape(line) for line in feedback(mark)))
    return found
