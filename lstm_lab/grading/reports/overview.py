"""What an instructor wants to know of a class: marks, tasks, symptoms, and where to look."""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable
from html import escape

from lstm_lab.grading.batch.verdict import OK
from lstm_lab.grading.notebook.table import with_code
from lstm_lab.grading.record import Record
from lstm_lab.grading.reports.likeness import find_likeness
from lstm_lab.grading.reports.likeness_section import likeness_section
from lstm_lab.grading.reports.page import captioned, page, section, with_contents
from lstm_lab.grading.reports.roster import Match
from lstm_lab.grading.reports.roster_section import roster_section
from lstm_lab.grading.reports.spool import Spool
from lstm_lab.grading.reports.students import Pages, identity, student_link
from lstm_lab.grading.reports.tally import Tally, TaskTally
from lstm_lab.grading.text import plain, points_text
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
    parts = [_summary(graded, lang)]
    if attention:
        head = [_("Student", lang), _("Exercise", lang), _("Why", lang)]
        parts.append(section(_("Needs attention", lang), head, attention))
    parts += [_exercise(tally, number, pages, lang) for number, tally in sorted(graded.items())]
    parts.append(likeness_section(find_likeness(records), pages, lang))
    if match is not None:
        parts.append(roster_section(match, lang))
    start = f"<h1>{escape(title)}</h1>\n<p>{escape(said)}</p>\n"
    return page(title, start + with_contents("".join(parts), _("On this page", lang)), lang)


def _attention(record: Record, pages: Pages, lang: str) -> list[str]:
    reasons = plain("; ".join(joined(one[lang] for one in record["reasons"])))
    return [student_link(identity(record), pages), escape(record["exercise"]), escape(reasons)]


def joined(reasons: Iterable[str]) -> list[str]:
    """Say once what is said of several names.

    Examples
    --------
    >>> joined(["task missing: a", "no time", "task missing: b"])
    ['task missing: a, b', 'no time']
    """
    kinds: dict[str, list[str]] = {}
    for one in reasons:
        match = re.fullmatch(r"(.+?[:：] ?)(\w+)", one)
        kinds.setdefault(match[1] if match else one, []).extend([match[2]] if match else [])
    return [kind + ", ".join(names) for kind, names in kinds.items()]


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
        _("With all points", lang),
        _("Median", lang),
        _("Mean", lang),
        _("Out of", lang),
    ]
    return captioned(_("Exercises", lang), head, rows) if rows else ""


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
    ]
    rows = [
        [f"<code>{escape(task)}</code>", str(one.full), str(one.some), str(one.none)]
        for task, one in tally.tasks.items()
    ]
    parts.append(captioned(_("Tasks", lang), head_row, rows))
    symptoms = [_symptoms(task, one) for task, one in tally.tasks.items() if one.counts]
    if symptoms:
        told = escape(_("What was seen most often", lang))
        parts.append(f"<h3>{told}</h3>\n{''.join(symptoms)}")
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


def _symptoms(task: str, tally: TaskTally) -> str:
    """Return the messages of a task, with the number of submissions; sentences need the width."""
    items = "".join(
        f"<li>{with_code(escape(plain(text)))} ({count})</li>\n" for text, count in tally.symptoms()
    )
    return f"<h4><code>{escape(task)}</code></h4>\n<ul>\n{items}</ul>\n"
