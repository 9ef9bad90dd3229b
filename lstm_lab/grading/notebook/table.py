"""The outcome of a check as people read it: an accessible table, or lines in a terminal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from lstm_lab.grading.record import Row
from lstm_lab.grading.runner.points import totals
from lstm_lab.grading.text import plain, points_text
from lstm_lab.i18n import gettext as _
from lstm_lab.i18n import language

__all__ = [
    "Report",
    "first_failures",
    "row_label",
    "rows_html",
    "status_text",
    "with_code",
]


def status_text(row: Row, lang: str) -> str:
    """Return the outcome of a test in words, with a sign that needs no colour."""
    if row["status"] == "passed":
        return "✓ " + _("right", lang)
    if row["status"] == "failed":
        return "✗ " + _("not yet", lang)
    if row["status"] == "not tried":
        return "– " + _("not tried", lang)
    return "! " + _("grader's fault", lang)


def row_label(row: Row, lang: str) -> str:
    """Return what a test looks at."""
    if row["title"]:
        return str(row["title"][lang])
    words = row["test"].removeprefix("test_").removeprefix(row["task"]).strip("_ ")
    return words.replace("_", " ")


def _message(row: Row, lang: str) -> str:
    return plain(row["said"][lang]) if row["said"] else ""


def with_code(text: str) -> str:
    """Set what stands between backticks (escaped already) as code."""
    return re.sub(r"`([^`\n]+)`", r"<code>\1</code>", text)


def first_failures(rows: list[Row]) -> list[Row]:
    """Keep what is told: all rows, but one message a task, since the first is the one to mend."""
    told: set[str] = set()
    kept = []
    for row in rows:
        if row["status"] == "failed" and row["task"] in told:
            row = {**row, "said": None, "stdout": ""}
        elif row["status"] == "failed":
            told.add(row["task"])
        kept.append(row)
    return kept


def rows_html(rows: list[Row], caption: str, lang: str) -> str:
    """Return an HTML table: a caption, headers with a scope, nothing told by colour alone."""
    base = "vertical-align:top;padding:.25em .75em"
    cell = f'style="text-align:left;{base};white-space:normal;min-width:7em"'
    short = f'style="text-align:left;{base};white-space:nowrap"'
    number = f'style="text-align:right;{base};white-space:nowrap"'
    wide = f'style="text-align:left;{base};white-space:normal;width:55%"'
    head = "".join(
        f'<th scope="col" {style}>{escape(word)}</th>'
        for word, style in [
            (_("Task", lang), short),
            (_("Test", lang), cell),
            (_("Result", lang), short),
            (_("Points", lang), number),
            (_("What was seen", lang), wide),
        ]
    )
    body = []
    for row in first_failures(rows):
        message = with_code(escape(_message(row, lang)))
        printed = plain(row["stdout"]).strip()
        if printed:
            message += (
                f"<details><summary>{escape(_('What your code printed', lang))}</summary>"
                f"<pre>{escape(printed[:2000])}</pre></details>"
            )
        points = f"{points_text(row['earned'])} / {points_text(row['points'])}"
        body.append(
            f'<tr><th scope="row" {short}><code>{escape(row["task"])}</code></th>'
            f"<td {cell}>{escape(row_label(row, lang))}</td>"
            f"<td {short}>{escape(status_text(row, lang))}</td>"
            f"<td {number}>{points}</td><td {wide}>{message}</td></tr>"
        )
    return (
        # JupyterLab lays tables out with equal columns, which squeezes the sentences
        '<table style="width:100%;border-collapse:collapse;table-layout:auto">'
        '<caption style="text-align:left;'
        f'font-weight:bold;padding:.5em 0">{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


@dataclass(frozen=True)
class Report:
    """What `check` returns; a notebook shows it as a table.

    Attributes
    ----------
    rows : list of dict
        One a test: test, task, title, points, earned, status, said, stdout.
    number, title : str
        The exercise.
    """

    rows: list[Row]
    number: str
    title: str

    @property
    def earned(self) -> float:
        """The points reached."""
        return sum(row["earned"] for row in self.rows)

    @property
    def points(self) -> float:
        """The points there are."""
        return sum(row["points"] for row in self.rows)

    @property
    def passed(self) -> bool:
        """Whether every test ran and passed."""
        return bool(self.rows) and all(row["status"] == "passed" for row in self.rows)

    def caption(self, lang: str) -> str:
        """Return the one line that sums it up."""
        return _("Exercise {number} · {title}: {earned} of {points} points", lang).format(
            number=self.number,
            title=self.title,
            earned=points_text(self.earned),
            points=points_text(self.points),
        )

    def _repr_html_(self) -> str:
        lang = language()
        tag = "zh-CN" if lang == "zh" else "en"
        note = _("Feedback, not marks: ask as often as you like.", lang)
        return (
            f'<div lang="{tag}" class="lstm-lab-check">'
            f"{rows_html(self.rows, self.caption(lang), lang)}<p><small>{escape(note)}</small></p>"
            "</div>"
        )

    def __repr__(self) -> str:
        lang = language()
        lines = [self.caption(lang)]
        for task, (earned, points) in totals(self.rows).items():
            lines.append(f"\n{task}  {points_text(earned)} / {points_text(points)}")
            for row in first_failures(self.rows):
                if row["task"] != task:
                    continue
                lines.append(
                    "  " + " · ".join(filter(None, [status_text(row, lang), row_label(row, lang)]))
                )
                message = _message(row, lang)
                if message:
                    lines.append(f"      {message}")
                printed = plain(row["stdout"]).strip()[:2000]
                if printed:
                    lines.append(f"      {_('What your code printed', lang)}:")
                    lines += [f"      | {line}" for line in printed.splitlines()]
        return "\n".join(lines)
