"""``tests.csv``: every test of every submission in full, for the instructor alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lstm_lab.grading.record import Record
from lstm_lab.grading.reports.sheets import cell
from lstm_lab.grading.runner.hidden import for_the_instructor
from lstm_lab.grading.text import points_text
from lstm_lab.i18n import language

__all__ = ["detail_rows"]

PRINTED = 500


def detail_rows(records: Iterable[Record]) -> Iterator[list[object]]:
    """Yield a row for each test, with what a student is told and what was seen.

    The two differ for hidden cases only, whose numbers a student is not shown.
    """
    head = ["student", "id", "exercise", "task", "test", "result", "points", "possible"]
    yield [*head, "what the student is told", "what was seen", "printed", "file"]
    lang = language()
    for r in records:
        for row in r["rows"]:
            full = for_the_instructor(row)
            yield [
                cell(r["student"]),
                cell(r["number"]),
                r["exercise"],
                row["task"],
                row["test"],
                row["status"],
                points_text(row["earned"]),
                points_text(row["points"]),
                cell(row["said"][lang] if row["said"] else ""),
                cell(full["said"][lang] if full["said"] else ""),
                cell(full["stdout"].strip()[:PRINTED]),
                cell(r["file"]),
            ]
