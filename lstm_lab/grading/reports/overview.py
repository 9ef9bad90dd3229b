"""What an instructor wants to know of a class: marks, tasks, symptoms, and where to look."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from html import escape

from lstm_lab.grading.batch import OK, Record
from lstm_lab.grading.hidden import for_the_instructor
from lstm_lab.grading.points import totals
from lstm_lab.grading.table import plain, points_text
from lstm_lab.i18n import gettext as _
from lstm_lab.i18n import language

__all__ = ["overview_page"]

BINS = 10
SYMPTOMS = 5
SLOWEST = 5


def overview_page(records: list[Record], pages: dict[str, str], css: str) -> str:
    """Return the page as HTML that needs no other file.

    Parameters
    ----------
    records : list of dict
        One a submission, as the batch writes them.
    pages : dict
        For each student the file of the feedback.
    css : str
        The style shared with the feedback pages.
    """
    lang = language()
    title = _("Class overview", lang)
    parts = [
        f'<!doctype html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>{css}\ntd,th{{padding:.2em .75em;text-align:left}}"
        f"</style>\n</head>\n<body>\n<main>\n<h1>{escape(title)}</h1>\n"
    ]
    attention = [r for r in records if r["status"] != OK]
    parts.append(
        "<p>"
        + escape(
            _("{n} submissions, {attention} of them need attention.", lang).format(
                n=len(records), attention=len(attention)
            )
        )
        + "</p>\n"
    )
    if attention:
        rows = [
            [_student(r, pages), escape(r["exercise"]), escape(_reasons(r, lang))]
            for r in attention
        ]
        head = [_("Student", lang), _("Exercise", lang), _("Why", lang)]
        parts.append(_table(_("Needs attention", lang), head, rows))
    for number in sorted({r["exercise"] for r in records if r["rows"]}):
        own = [r for r in records if r["exercise"] == number and r["rows"]]
        parts.append(_exercise(own, number, pages, lang))
    parts.append("</main>\n</body>\n</html>\n")
    return "".join(parts)


def _exercise(records: list[Record], number: str, pages: dict[str, str], lang: str) -> str:
    marks = [r["earned"] for r in records]
    possible = max(r["points"] for r in records)
    head = _("Exercise {number}", lang).format(number=number)
    line = _("{n} graded; median {median} and mean {mean} of {points} points.", lang).format(
        n=len(records),
        median=points_text(statistics.median(marks)),
        mean=f"{statistics.mean(marks):.1f}",
        points=points_text(possible),
    )
    parts = [f"<h2>{escape(head)}</h2>\n<p>{escape(line)}</p>\n"]
    parts.append(
        _table(
            _("Points reached", lang),
            [_("Share of the points", lang), _("Submissions", lang)],
            _distribution(marks, possible),
        )
    )
    parts.append(
        _table(
            _("Tasks", lang),
            [
                _("Task", lang),
                _("All points", lang),
                _("Some points", lang),
                _("No points", lang),
                _("What was seen most often", lang),
            ],
            _tasks(records, lang),
        )
    )
    slow = sorted(records, key=lambda r: r["seconds"], reverse=True)[:SLOWEST]
    rows = [[_student(r, pages), f"{r['seconds']:.2f}"] for r in slow]
    parts.append(
        _table(_("Slowest submissions", lang), [_("Student", lang), _("Seconds", lang)], rows)
    )
    return "".join(parts)


def _distribution(marks: list[float], possible: float) -> list[list[str]]:
    """Count submissions in tenths of the points; the bar is text, so that it is read too."""
    counts = [0] * BINS
    for mark in marks:
        counts[min(int(mark / possible * BINS), BINS - 1) if possible else 0] += 1
    top = max(counts)
    rows = []
    for n, count in enumerate(counts):
        share = f"{n * 100 // BINS}–{(n + 1) * 100 // BINS} %"
        bar = "█" * round(20 * count / top) if top else ""
        rows.append([share, f'{count} <span aria-hidden="true">{bar}</span>'])
    return rows


def _tasks(records: list[Record], lang: str) -> list[list[str]]:
    tasks = list(dict.fromkeys(row["task"] for r in records for row in r["rows"]))
    found = []
    for task in tasks:
        reached = [totals(r["rows"])[task] for r in records if task in totals(r["rows"])]
        full = sum(earned == points for earned, points in reached)
        none = sum(earned == 0 for earned, _points in reached)
        items = "".join(
            f"<li>{escape(plain(text))} ({count})</li>"
            for text, count in _symptoms(records, task, lang)
        )
        found.append(
            [
                f"<code>{escape(task)}</code>",
                str(full),
                str(len(reached) - full - none),
                str(none),
                f"<ul>{items}</ul>" if items else "",
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


def _student(record: Record, pages: dict[str, str]) -> str:
    name = escape(plain(record["student"]))
    return f'<a href="feedback/{escape(pages[record["student"]])}">{name}</a>'


def _reasons(record: Record, lang: str) -> str:
    return plain("; ".join(one[lang] for one in record["reasons"]))


def _table(caption: str, head: list[str], rows: list[list[str]]) -> str:
    """Return a table; cells come escaped, and the first of each row is its header."""
    top = "".join(f'<th scope="col">{escape(word)}</th>' for word in head)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{one}</td>" for one in row[1:])}</tr>\n'
        for row in rows
    )
    return (
        f"<table>\n<caption>{escape(caption)}</caption>\n"
        f"<thead><tr>{top}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"
    )
