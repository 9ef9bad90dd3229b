"""What an instructor wants to know of a class: marks, tasks, symptoms, and where to look."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from html import escape

from lstm_lab.grading.batch import OK, Record
from lstm_lab.grading.hidden import for_the_instructor
from lstm_lab.grading.points import totals
from lstm_lab.grading.reports.likeness import find_likeness
from lstm_lab.grading.reports.likeness_section import likeness_section
from lstm_lab.grading.reports.page import page, section, table, wide
from lstm_lab.grading.reports.roster import Match
from lstm_lab.grading.reports.students import Pages, identity, student_link
from lstm_lab.grading.table import plain, points_text, with_code
from lstm_lab.i18n import gettext as _
from lstm_lab.i18n import language

__all__ = ["overview_page"]

BINS = 10
SYMPTOMS = 5
SLOWEST = 5


def overview_page(records: list[Record], pages: Pages, match: Match | None = None) -> str:
    """Return the page as HTML that needs no other file.

    Parameters
    ----------
    records : list of dict
        One a submission, as the batch writes them.
    pages : dict
        For each student the file of the feedback.
    match : Match, optional
        The class list beside what was handed in.
    """
    lang = language()
    title = _("Class overview", lang)
    attention = [r for r in records if r["status"] != OK]
    said = _("{n} submissions, {attention} of them need attention.", lang).format(
        n=len(records), attention=len(attention)
    )
    parts = [f"<h1>{escape(title)}</h1>\n<p>{escape(said)}</p>\n"]
    numbers = sorted({r["exercise"] for r in records if r["rows"]})
    graded = {n: [r for r in records if r["exercise"] == n and r["rows"]] for n in numbers}
    parts.append(_summary(graded, lang))
    if attention:
        rows = [
            [_student(r, pages), escape(r["exercise"]), escape(_reasons(r, lang))]
            for r in attention
        ]
        head = [_("Student", lang), _("Exercise", lang), _("Why", lang)]
        parts.append(section(_("Needs attention", lang), head, rows))
    if match is not None:
        parts.append(_roster(match, lang))
    parts.append(likeness_section(find_likeness(records), pages, lang))
    for number, own in graded.items():
        parts.append(_exercise(own, number, pages, lang))
    return page(title, "".join(parts), lang)


def _summary(graded: dict[str, list[Record]], lang: str) -> str:
    rows = []
    for number, own in graded.items():
        marks = [r["earned"] for r in own]
        full = sum(r["earned"] == r["points"] for r in own)
        rows.append(
            [
                f'<a href="#exercise-{escape(number)}">{escape(number)}</a>',
                str(len(own)),
                str(full),
                points_text(statistics.median(marks)),
                f"{statistics.mean(marks):.1f}",
                points_text(max(r["points"] for r in own)),
            ]
        )
    head = [
        _("Exercise", lang),
        _("Graded", lang),
        _("All points", lang),
        _("Median", lang),
        _("Mean", lang),
        _("Points", lang),
    ]
    return table(_("Exercises", lang), head, rows) if rows else ""


def _roster(match: Match, lang: str) -> str:
    """Who has handed in nothing, and whom the list does not know."""
    head = _("Class list", lang)
    parts = [f"<h2>{escape(head)}</h2>\n"]
    for number, missing in match.missing.items():
        line = _("Exercise {number}: {n} of {all} have handed in.", lang).format(
            number=number, n=len(match.persons) - len(missing), all=len(match.persons)
        )
        parts.append(f"<p>{escape(line)}</p>\n")
        if missing:
            names = "".join(f"<li>{escape(plain(one.label))}</li>" for one in missing)
            opened = _("{n} have handed in nothing", lang).format(n=len(missing))
            parts.append(
                f"<details open><summary>{escape(opened)}</summary>\n<ul>{names}</ul></details>\n"
            )
    rows = [
        [escape(plain(name)), escape(plain("; ".join(one.label for one in maybe))) or "–"]
        for name, maybe in match.unknown
    ]
    if rows:
        head_row = [_("Name", lang), _("May be", lang)]
        parts.append(table(_("Not on the class list, or not clear who", lang), head_row, rows))
    rows = [
        [escape(plain(one.label)), escape(plain(", ".join(names)))] for one, names in match.shared
    ]
    if rows:
        head_row = [_("Student", lang), _("Names", lang)]
        parts.append(table(_("Under more than one name", lang), head_row, rows))
    return "".join(parts)


def _exercise(records: list[Record], number: str, pages: Pages, lang: str) -> str:
    marks = [r["earned"] for r in records]
    possible = max(r["points"] for r in records)
    head = _("Exercise {number}", lang).format(number=number)
    line = _("{n} graded; median {median} and mean {mean} of {points} points.", lang).format(
        n=len(records),
        median=points_text(statistics.median(marks)),
        mean=f"{statistics.mean(marks):.1f}",
        points=points_text(possible),
    )
    parts = [f'<h2 id="exercise-{escape(number)}">{escape(head)}</h2>\n<p>{escape(line)}</p>\n']
    parts.append(
        table(
            _("Points reached", lang),
            [_("Share of the points", lang), _("Submissions", lang), ""],
            _distribution(marks, possible),
        )
    )
    head_row = [
        _("Task", lang),
        _("All points", lang),
        _("Some points", lang),
        _("No points", lang),
        _("What was seen most often", lang),
    ]
    parts.append(wide(_("Tasks", lang), table(_("Tasks", lang), head_row, _tasks(records, lang))))
    slow = sorted(records, key=lambda r: r["seconds"], reverse=True)[:SLOWEST]
    rows = [[_student(r, pages), f"{r['seconds']:.2f}"] for r in slow]
    parts.append(
        table(_("Slowest submissions", lang), [_("Student", lang), _("Seconds", lang)], rows)
    )
    return "".join(parts)


def _distribution(marks: list[float], possible: float) -> list[list[str]]:
    """Count submissions in tenths of the points; the number says what the bar shows."""
    counts = [0] * BINS
    for mark in marks:
        counts[min(int(mark / possible * BINS), BINS - 1) if possible else 0] += 1
    top = max(counts)
    rows = []
    for n, count in enumerate(counts):
        share = f"{n * 100 // BINS}–{(n + 1) * 100 // BINS} %"
        width = round(12 * count / top, 2) if top else 0
        rows.append([share, str(count), f'<span style="width:{width}rem" class="bar"></span>'])
    return rows


def _tasks(records: list[Record], lang: str) -> list[list[str]]:
    tasks = list(dict.fromkeys(row["task"] for r in records for row in r["rows"]))
    found = []
    for task in tasks:
        reached = [totals(r["rows"])[task] for r in records if task in totals(r["rows"])]
        full = sum(earned == points for earned, points in reached)
        none = sum(earned == 0 for earned, _points in reached)
        items = "".join(
            f"<li>{with_code(escape(plain(text)))} ({count})</li>"
            for text, count in _symptoms(records, task, lang)
        )
        found.append(
            [
                f"<code>{escape(task)}</code>",
                str(full),
                str(len(reached) - full - none),
                str(none),
                f'<ul class="flat">{items}</ul>' if items else "",
            ]
        )
    return found


def _symptoms(records: list[Record], task: str, lang: str) -> list[tuple[str, int]]:
    """Return the first messages of a task, most frequent first; numbers in them do not count."""
    counts: Counter[str] = Counter()
    example: dict[str, str] = {}
    for r in records:
        rows = [
            for_the_instructor(row)
            for row in r["rows"]
            if row["task"] == task and row["status"] == "failed"
        ]
        said = next((row["said"][lang] for row in rows if row["said"]), None)
        if said is not None:
            # the learner's own line and numbers differ, the symptom is the same
            key = re.sub(r"“[^”]*”|-?\d+(\.\d+)?(e[+-]?\d+)?", "#", said)
            example.setdefault(key, said)
            counts[key] += 1
    return [(example[key], count) for key, count in counts.most_common(SYMPTOMS)]


def _student(record: Record, pages: Pages) -> str:
    return student_link(identity(record), pages)


def _reasons(record: Record, lang: str) -> str:
    return plain("; ".join(one[lang] for one in record["reasons"]))
