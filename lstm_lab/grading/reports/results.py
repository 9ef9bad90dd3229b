"""Write what an instructor takes away: tables, pages of feedback, the overview."""

from __future__ import annotations

import codecs
import csv
import io
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from lstm_lab.grading.record import Record
from lstm_lab.grading.reports.details import detail_rows
from lstm_lab.grading.reports.edited import note_written
from lstm_lab.grading.reports.feedback_pages import feedback_markdown, feedback_page
from lstm_lab.grading.reports.overview import overview_page
from lstm_lab.grading.reports.people import Person
from lstm_lab.grading.reports.roster import Match, match_roster
from lstm_lab.grading.reports.sheets import cell
from lstm_lab.grading.reports.spool import Spool
from lstm_lab.grading.reports.students import Pages, identity
from lstm_lab.grading.runner.points import totals
from lstm_lab.grading.sandbox.processes import is_isolated
from lstm_lab.grading.text import cut, plain, points_text
from lstm_lab.i18n import language

__all__ = ["TRUSTED_ONLY", "Written", "page_path", "write_results"]

TRUSTED_ONLY = "trusted submissions only"
NOT_HANDED_IN = "nothing handed in"


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes
    ----------
    path : Path
        ``results.csv``.
    match : Match or None
        How names met the roster, if there is one.
    lost : list of (str, str)
        Students whose page could not be written, and why.
    """

    path: Path
    match: Match | None
    lost: list[tuple[str, str]]


def write_results(
    records: Spool | Iterable[Record], folder: Path, roster: list[Person] | None = None
) -> Written:
    """Write all that people read.

    ``results.csv``, ``results.jsonl`` (the same in full, for programs), ``tests.csv``,
    ``overview.html``, and a page of HTML and of Markdown for each student in ``feedback/``.
    The same records in any order give the same files. The marks come first, and a page that
    cannot be written costs no other.
    """
    if not isinstance(records, Spool):
        with Spool(folder, records) as spool:
            return write_results(spool, folder, roster)
    match = match_roster(roster, records) if roster else None
    names = _pages(list(dict.fromkeys(identity(record) for record in records)))
    path = folder / "results.csv"
    _write(path, _encoded(table_rows(records, names, match)))
    _write(folder / "results.jsonl", records.lines())
    _write(folder / "tests.csv", _encoded(detail_rows(records)))
    lost = _write_feedback(records, names, folder / "feedback")
    page = overview_page(records, names, match)
    _write(folder / "overview.html", [page.encode("utf-8", "replace")])
    note_written(folder)
    return Written(path, match, lost)


def _write_feedback(records: Iterable[Record], names: Pages, pages: Path) -> list[tuple[str, str]]:
    """Write each student's page; return those for whom that failed, with the reason."""
    pages.mkdir(parents=True, exist_ok=True)
    lost = []
    # those of one name may take turns where their files do
    for _name, same in groupby(records, key=lambda record: record["student"]):
        students: dict[tuple[str, str], list[Record]] = {}
        for record in same:
            students.setdefault(identity(record), []).append(record)
        for who, own in students.items():
            path = page_path(pages, names[who])
            try:
                html, markdown = feedback_page(who[0], own), feedback_markdown(who[0], own)
                _write(path, [html.encode("utf-8", "replace")])
                _write(path.with_suffix(".md"), [markdown.encode("utf-8", "replace")])
            except Exception as error:  # whatever one student wrote, the others get their pages
                lost.append((plain(who[0]), f"{type(error).__name__}: {error}"))
    return lost


def page_path(pages: Path, name: str) -> Path:
    """Return where a page is: its name is UTF-8 in any locale, as in the tables that name it."""
    return pages / os.fsdecode(name.encode("utf-8", "replace"))


def _encoded(rows: Iterable[list[object]]) -> Iterator[bytes]:
    """Yield CSV as spreadsheets like it: a mark in front that says UTF-8."""
    yield codecs.BOM_UTF8
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\r\n")
    for row in rows:
        writer.writerow(row)
        yield line.getvalue().encode("utf-8", "replace")
        line.seek(0)
        line.truncate()


def _write(path: Path, parts: Iterable[bytes]) -> None:
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.writelines(parts)
    os.replace(fresh, path)


def _pages(students: list[tuple[str, str]]) -> Pages:
    """Give each student a page; where two have one name, the number tells them apart."""
    counts = Counter(name for name, _number in students)
    labels = {
        who: f"{who[0]} {who[1]}" if counts[who[0]] > 1 and who[1] else who[0] for who in students
    }
    # a list, not a dictionary: "Ann 5" without a number and Ann with the number 5 are two
    return dict(zip(labels, page_names(list(labels.values())), strict=True))


def page_names(students: list[str]) -> list[str]:
    """Give each student a file name that every system can hold, and no two the same.

    Examples
    --------
    >>> page_names(["Ann/Lee", "ann_lee", "张三"])
    ['Ann_Lee.html', 'ann_lee-2.html', '张三.html']
    """
    names: list[str] = []
    taken: set[str] = set()
    for student in students:
        # in bytes, of which a letter has up to four
        base = cut(re.sub(r"[^\w.-]+", "_", plain(student))[:80], 160).strip("._") or "student"
        # names that Windows keeps for devices
        if re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", base):
            base = f"_{base}"
        name, n = base, 1
        while _folded(name) in taken:
            n += 1
            name = f"{base}-{n}"
        taken.add(_folded(name))
        names.append(f"{name}.html")
    return names


def _folded(name: str) -> str:
    """Return the name as a disk may compare it: without case, composed or decomposed."""
    return unicodedata.normalize("NFKC", name).casefold()


def table_rows(records: Spool, pages: Pages, match: Match | None = None) -> Iterator[list[object]]:
    """Yield the rows of ``results.csv``: one a submission, with a column for each task.

    With a roster, also one for everybody who has handed in nothing.
    """
    tasks = sorted({(r["exercise"], task) for r in records for task in totals(r["rows"])})
    head = ["student", "id", "exercise", "status", "points", "possible", "reasons"]
    tail = ["file", "feedback", "seconds", "isolation"]
    if match is not None:
        tail += ["roster id", "roster name"]
    yield [*head, *(f"{number} {task}" for number, task in tasks), *tail]
    for r in records:
        reached = totals(r["rows"])
        by_task = [
            points_text(reached[task][0]) if r["exercise"] == number and task in reached else ""
            for number, task in tasks
        ]
        yield [
            cell(r["student"]),
            cell(r["number"]),
            r["exercise"],
            r["status"],
            # never a 0 for what could not be graded
            "" if r["earned"] is None else points_text(r["earned"]),
            "" if r["points"] is None else points_text(r["points"]),
            cell("; ".join(one[language()] for one in r["reasons"])),
            *by_task,
            cell(r["file"]),
            f"feedback/{pages[identity(r)]}",
            "" if r["seconds"] is None else r["seconds"],
            r["level"] if is_isolated(r["level"]) else f"{r['level']} ({TRUSTED_ONLY})",
            *(_of_roster(match.who.get(identity(r))) if match else []),
        ]
    for number, missing in match.missing.items() if match else ():
        for person in missing:
            start = ["", "", number, NOT_HANDED_IN, "", "", "", *("" for _task in tasks)]
            yield [*start, "", "", "", "", *_of_roster(person)]


def _of_roster(person: Person | None) -> list[str]:
    if person is None:
        return ["", ""]
    return [cell(next((one for one in person.ids if one), "")), cell(person.name)]
