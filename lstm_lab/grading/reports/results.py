"""What an instructor takes away: results.csv, and a feedback page for each student."""

from __future__ import annotations

import csv
import io
import os
import re
from html import escape
from pathlib import Path

from lstm_lab.grading.batch import Record
from lstm_lab.grading.points import totals
from lstm_lab.grading.reports.details import details
from lstm_lab.grading.reports.overview import overview_page
from lstm_lab.grading.reports.sheets import cell
from lstm_lab.grading.sandbox import is_isolated
from lstm_lab.grading.table import plain, points_text, rows_html
from lstm_lab.i18n import gettext as _
from lstm_lab.i18n import language

__all__ = ["TRUSTED_ONLY", "write_results"]

TRUSTED_ONLY = "trusted submissions only"
_CSS = """\
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;margin:1rem 0}caption{font-weight:bold;text-align:left}
th,td{border-bottom:1px solid #999}
code,pre{font-family:ui-monospace,monospace}pre{white-space:pre-wrap}
@media (prefers-color-scheme:dark){body{background:#111;color:#eee}a{color:#9cf}}"""


def write_results(records: list[Record], folder: Path) -> Path:
    """Write ``results.csv``, ``tests.csv``, ``overview.html``, ``feedback/*``; return the first.

    The same records in any order give the same files.
    """
    records = sorted(records, key=lambda r: (r["student"], r["exercise"], r["file"]))
    pages = folder / "feedback"
    pages.mkdir(parents=True, exist_ok=True)
    students: dict[str, list[Record]] = {}
    for record in records:
        students.setdefault(record["student"], []).append(record)
    names = page_names(list(students))
    for student, own in students.items():
        _write(pages / names[student], feedback_page(student, own).encode("utf-8"))
    _write(folder / "overview.html", overview_page(records, names, _CSS).encode("utf-8"))
    _write(folder / "tests.csv", details(records).encode("utf-8-sig"))
    path = folder / "results.csv"
    _write(path, table(records, names).encode("utf-8-sig"))
    return path


def _write(path: Path, data: bytes) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.write_bytes(data)
    os.replace(fresh, path)


def page_names(students: list[str]) -> dict[str, str]:
    """Give each student a file name that every system can hold, and no two the same.

    Examples
    --------
    >>> page_names(["Ann/Lee", "ann_lee", "张三"])
    {'Ann/Lee': 'Ann_Lee.html', 'ann_lee': 'ann_lee-2.html', '张三': '张三.html'}
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for student in students:
        base = re.sub(r"[^\w.-]+", "_", plain(student)).strip("._")[:80] or "student"
        # names that Windows keeps for devices
        if re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", base):
            base = f"_{base}"
        name, n = base, 1
        while name.lower() in taken:
            n += 1
            name = f"{base}-{n}"
        taken.add(name.lower())
        names[student] = f"{name}.html"
    return names


def table(records: list[Record], pages: dict[str, str]) -> str:
    """Return the CSV: a line for each submission, a column for each task."""
    tasks = sorted({(r["exercise"], task) for r in records for task in totals(r["rows"])})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    head = ["student", "id", "exercise", "status", "points", "possible", "reasons"]
    tail = ["file", "feedback", "seconds", "isolation"]
    writer.writerow([*head, *(f"{number} {task}" for number, task in tasks), *tail])
    for r in records:
        reached = totals(r["rows"])
        by_task = [
            points_text(reached[task][0]) if r["exercise"] == number and task in reached else ""
            for number, task in tasks
        ]
        writer.writerow(
            [
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
                f"feedback/{pages[r['student']]}",
                "" if r["seconds"] is None else r["seconds"],
                r["level"] if is_isolated(r["level"]) else f"{r['level']} ({TRUSTED_ONLY})",
            ]
        )
    return out.getvalue()


def feedback_page(student: str, records: list[Record]) -> str:
    """Return one student's feedback as a page that needs no other file."""
    lang = next((r["lang"] for r in records if r["lang"]), None) or language()
    title = _("Feedback for {student}", lang).format(student=plain(student))
    parts = [
        f'<!doctype html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>{_CSS}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(title)}</h1>\n"
    ]
    for r in records:
        name = r["title"] or r["file"]
        parts.append(f"<h2>{escape(plain(name))}</h2>\n")
        if r["reasons"]:
            items = "".join(f"<li>{escape(plain(one[lang]))}</li>" for one in r["reasons"])
            head = escape(_("Noticed", lang))
            parts.append(f"<p><strong>{head}</strong></p>\n<ul>{items}</ul>\n")
        if r["earned"] is None:
            text = _("This could not be graded yet; your instructor will look at it.", lang)
            parts.append(f"<p>{escape(text)}</p>\n")
            continue
        caption = _("{file}: {earned} of {points} points", lang).format(
            file=plain(r["file"]), earned=points_text(r["earned"]), points=points_text(r["points"])
        )
        parts.append(rows_html(r["rows"], caption, lang) + "\n")
    parts.append("</main>\n</body>\n</html>\n")
    return "".join(parts)
