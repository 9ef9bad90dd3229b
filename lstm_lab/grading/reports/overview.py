"""What an instructor wants to know of a class: marks, tasks, symptoms, and where to look."""

from __future__ import annotations

import statistics
from html import escape

from lstm_lab.grading.batch import OK, Record
from lstm_lab.grading.reports.likeness import find_likeness
from lstm_lab.grading.reports.likeness_section import likeness_section
from lstm_lab.grading.reports.page import captioned, page, section
from lstm_lab.grading.reports.roster import Match
from lstm_lab.grading.reports.spool import Spool
from lstm_lab.grading.reports.students import Pages, identity, student_link
from lstm_lab.grading.reports.tally import Tally, TaskTally
from lstm_lab.grading.table import plain, points_text, with_code
from lstm_lab.i18n import gettext as _
from lstm_lab.i18n import language

__all__ = ["overview_page"]

BINS = 10


def overview_page(records: Spool, pages: Pages, match: Match | None = None) -> str:
    """Return the page as HTML that needs no other file.

    Parameters
    ----------
    records : Spool
        One record a submission, as the batch writes them.
    pages : dict
        For each student the file of the feedback.
    match : Match, optional
        The class list beside what was handed in.
    """
    lang = language()
    graded: dict[str, Tally] = {}
    attention = []
    for record in records:
        if record["status"] != OK:
            attention.append(_attention(record, pages, lang))
        if record["rows"]:
            graded.setdefault(record["exercise"], Tally()).add(record, lang)
    title = _("Class overview", lang)
    said = _("{n} submissions, {attention} of them need attention.", lang).format(
        n=len(records), attention=len(attention)
    )
    parts = [f"<h1>{escape(title)}</h1>\n<p>{escape(said)}</p>\n"]
    parts.append(_summary(graded, lang))
    if attention:
        head = [_("Student", lang), _("Exercise", lang), _("Why", lang)]
        parts.append(section(_("Needs attention", lang), head, attention))
    if match is not None:
        parts.append(_roster(match, lang))
    parts.append(likeness_section(find_likeness(records), pages, lang))
    for number, tally in sorted(graded.items()):
        parts.append(_exercise(tally, number, pages, lang))
    return page(title, "".join(parts), lang)


def _attention(record: Record, pages: Pages, lang: str) -> list[str]:
    reasons = plain("; ".join(one[lang] for one in record["reasons"]))
    return [student_link(identity(record), pages), escape(record["exercise"]), escape(reasons)]


def _summary(graded: dict[str, Tally], lang: str) -> str:
    rows = [
        [
            f'<a href="#exercise-{escape(number)}">{escape(number)}</a>',
            str(len(tally.marks)),
            str(tally.full),
            points_text(statistics.median(tally.marks)),
            f"{statistics.mean(tally.marks):.1f}",
            points_text(tally.points),
        ]
        for number, tally in sorted(graded.items())
    ]
    head = [
        _("Exercise", lang),
        _("Graded", lang),
        _("All points", lang),
        _("Median", lang),
        _("Mean", lang),
        _("Points", lang),
    ]
    return captioned(_("Exercises", lang), head, rows) if rows else ""


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
        parts.append(captioned(_("Not on the class list, or not clear who", lang), head_row, rows))
    rows = [
        [escape(plain(one.label)), escape(plain(", ".join(names)))] for one, names in match.shared
    ]
    if rows:
        head_row = [_("Student", lang), _("Names", lang)]
        parts.append(captioned(_("Under more than one name", lang), head_row, rows))
    return "".join(parts)


def _exercise(tally: Tally, number: str, pages: Pages, lang: str) -> str:
    head = _("Exercise {number}", lang).format(number=number)
    line = _("{n} graded; median {median} and mean {mean} of {points} points.", lang).format(
        n=len(tally.marks),
        median=points_text(statistics.median(tally.marks)),
        mean=f"{statistics.mean(tally.marks):.1f}",
        points=points_text(tally.points),
    )
    parts = [f'<h2 id="exercise-{escape(number)}">{escape(head)}</h2>\n<p>{escape(line)}</p>\n']
    parts.append(
        captioned(
            _("Points reached", lang),
            [_("Share of the points", lang), _("Submissions", lang), ""],
            _distribution(tally.marks, tally.points),
        )
    )
    head_row = [
        _("Task", lang),
        _("All points", lang),
        _("Some points", lang),
        _("No points", lang),
        _("What was seen most often", lang),
    ]
    rows = [_task(task, one) for task, one in tally.tasks.items()]
    parts.append(captioned(_("Tasks", lang), head_row, rows))
    rows = [[student_link(who, pages), f"{seconds:.2f}"] for seconds, who in tally.slowest]
    parts.append(
        captioned(_("Slowest submissions", lang), [_("Student", lang), _("Seconds", lang)], rows)
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


def _task(task: str, tally: TaskTally) -> list[str]:
    items = "".join(
        f"<li>{with_code(escape(plain(text)))} ({count})</li>" for text, count in tally.symptoms()
    )
    return [
        f"<code>{escape(task)}</code>",
        str(tally.full),
        str(tally.some),
        str(tally.none),
        f'<ul class="flat">{items}</ul>' if items else "",
    ]
