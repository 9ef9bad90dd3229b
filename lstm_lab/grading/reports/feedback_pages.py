"""What a student gets back: one page of HTML that needs no other file, and the same as Markdown."""

from __future__ import annotations

import re
from html import escape
from pathlib import PurePosixPath

from lstm_lab.grading.notebook.table import (
    first_failures,
    plain,
    points_text,
    row_label,
    status_text,
    with_code,
)
from lstm_lab.grading.record import Record, Row
from lstm_lab.grading.reports.page import page
from lstm_lab.grading.runner.points import totals
from lstm_lab.i18n import gettext as _
from lstm_lab.i18n import language

__all__ = ["feedback_lines", "feedback_markdown", "feedback_page"]

PRINTED = 2_000


def _language(records: list[Record]) -> str:
    return next((r["lang"] for r in records if r["lang"]), None) or language()


def _title(student: str, lang: str) -> str:
    return _("Feedback for {student}", lang).format(student=plain(student))


def _name(record: Record) -> str:
    return plain(record["title"] or record["file"])


def _caption(record: Record, lang: str) -> str:
    assert record["earned"] is not None
    assert record["points"] is not None
    return _("{file}: {earned} of {points} points", lang).format(
        # platforms put folders and numbers around the student's own file
        file=plain(PurePosixPath(record["file"]).name),
        earned=points_text(record["earned"]),
        points=points_text(record["points"]),
    )


def _not_graded(lang: str) -> str:
    return _("This could not be graded yet; your instructor will look at it.", lang)


def feedback_page(student: str, records: list[Record]) -> str:
    """Return one student's feedback as HTML, in the language of the notebook."""
    lang = _language(records)
    title = _title(student, lang)
    parts = [f"<h1>{escape(title)}</h1>\n"]
    for r in records:
        parts.append(f"<section>\n<h2>{escape(_name(r))}</h2>\n")
        if r["earned"] is None:
            parts.append(f"<p>{escape(_not_graded(lang))}</p>\n")
        else:
            parts.append(f'<p class="points">{escape(_caption(r, lang))}</p>\n')
        if r["reasons"]:
            items = "".join(f"<li>{escape(plain(one[lang]))}</li>" for one in r["reasons"])
            parts.append(f"<h3>{escape(_('Noticed', lang))}</h3>\n<ul>{items}</ul>\n")
        for task, (earned, possible) in totals(r["rows"]).items():
            parts.append(_task_heading(task, earned, possible))
            own = [row for row in first_failures(r["rows"]) if row["task"] == task]
            items = "".join(_test(row, lang) for row in own)
            parts.append(f'<ul class="tests">\n{items}</ul>\n')
        parts.append("</section>\n")
    return page(title, "".join(parts), lang)


def _task_heading(task: str, earned: float, possible: float) -> str:
    """Name the task and its points, by a meter too, which has the words beside it."""
    told = f"{points_text(earned)} / {points_text(possible)}"
    return (
        f'<h3><code>{escape(task)}</code> <meter min="0" max="{possible or 1:g}" '
        f'value="{earned:g}" aria-hidden="true"></meter> {told}</h3>\n'
    )


def _test(row: Row, lang: str) -> str:
    """Return a line of a list, so that sentences have the whole width, also on a phone."""
    points = f"{points_text(row['earned'])} / {points_text(row['points'])}"
    parts = [
        f'<li><div class="test"><span>{escape(status_text(row, lang))}</span> '
        f"<span>{escape(row_label(row, lang))}</span> <span>{points}</span></div>"
    ]
    if row["said"]:
        said = escape(plain(row["said"][lang]))
        parts.append(f"<p>{with_code(said)}</p>")
    printed = plain(row["stdout"]).strip()[:PRINTED]
    if printed:
        parts.append(
            f"<details><summary>{escape(_('What your code printed', lang))}</summary>"
            f"<pre>{escape(printed)}</pre></details>"
        )
    return "".join([*parts, "</li>\n"])


def feedback_markdown(student: str, records: list[Record]) -> str:
    """Return the same as Markdown, for issue trackers and platforms that show it.

    What a student wrote or made Python say is escaped, so that it cannot add headings or links.
    """
    lang = _language(records)
    lines = [f"# {_literal(_title(student, lang))}", ""]
    for r in records:
        lines += [f"## {_literal(_name(r))}", ""]
        if r["earned"] is None:
            lines += [_not_graded(lang), ""]
        else:
            lines += [f"**{_literal(_caption(r, lang))}**", ""]
        for one in r["reasons"]:
            lines.append(f"- {_literal(plain(one[lang]))}")
        if r["reasons"]:
            lines.append("")
        for task, (earned, possible) in totals(r["rows"]).items():
            lines += [f"### `{task}`: {points_text(earned)} / {points_text(possible)}", ""]
            own = [row for row in first_failures(r["rows"]) if row["task"] == task]
            lines += [line for row in own for line in _row(row, lang)]
            lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _row(row: Row, lang: str) -> list[str]:
    points = f"{points_text(row['earned'])} / {points_text(row['points'])}"
    head = " · ".join(filter(None, [status_text(row, lang), row_label(row, lang), points]))
    lines = [f"- {_literal(head)}"]
    if row["said"]:
        # our own sentences set code in backticks; these stay
        said = plain(row["said"][lang]).replace("\n", " ")
        lines[-1] += "  "  # a line of its own
        parts = re.split(r"(`[^`\n]+`)", said)  # every second one is code
        lines.append("  " + "".join(p if n % 2 else _literal(p) for n, p in enumerate(parts)))
    printed = plain(row["stdout"]).strip()[:PRINTED]
    if printed:
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", printed)), default=0))
        lines += ["", f"  {_('What your code printed', lang)}:", "", f"  {fence}"]
        lines += [f"  {line}" for line in printed.splitlines()]
        lines += [f"  {fence}", ""]
    return lines


# what GitHub and GitLab turn into links or notices: @all, #1, !1, owner/name#1, addresses, commits
_LIVE = re.compile(
    r"\S*(?:[@#!$%&~:^]\w|://|www\.|\bGH-\d)\S*|\b[0-9a-f]{7,64}\b(?:@\S*)?", re.IGNORECASE
)


def _literal(text: str) -> str:
    """Return text that Markdown shows as it is: no heading, no link, nobody called.

    Code is the one place where platforms look for neither names nor addresses.

    Examples
    --------
    >>> _literal("# [a](b) <b>")
    '\\\\# \\\\[a\\\\](b) &lt;b>'
    >>> _literal("ask @everyone at https://a.example")
    'ask `@everyone` at `https://a.example`'
    """
    parts: list[str] = []
    end = 0
    text = re.sub(r"[\n\t]", " ", text)
    for match in _LIVE.finditer(text):
        parts += [_escaped(text[end : match.start()]), f"`{match[0].replace('`', ' ').strip()}`"]
        end = match.end()
    return "".join([*parts, _escaped(text[end:])])


def _escaped(text: str) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_\[\]#|~])", r"\\\1", text)


def feedback_lines(record: Record) -> list[str]:
    """Return it in a few plain lines, for the comment field of a platform."""
    lang = _language([record])
    if record["earned"] is None:
        reasons = "; ".join(plain(one[lang]) for one in record["reasons"])
        return [_not_graded(lang), *([reasons] if reasons else [])]
    lines = [_caption(record, lang)]
    for task, (earned, possible) in totals(record["rows"]).items():
        said = next(
            (
                plain(row["said"][lang])
                for row in record["rows"]
                if row["task"] == task and row["status"] != "passed" and row["said"]
            ),
            "",
        )
        line = f"{task} {points_text(earned)} / {points_text(possible)}"
        lines.append(f"{line}: {said}" if said else line)
    return lines
