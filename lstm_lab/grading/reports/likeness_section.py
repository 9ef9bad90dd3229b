"""The part of the overview that asks a person to look at answers that are alike."""

from __future__ import annotations

from html import escape

from lstm_lab.grading.reports.likeness import Group, Likeness
from lstm_lab.grading.reports.page import section
from lstm_lab.grading.reports.students import Pages, student_link
from lstm_lab.grading.text import plain
from lstm_lab.i18n import gettext as _

__all__ = ["likeness_section"]

SHOWN = 100


def likeness_section(found: Likeness, pages: Pages, lang: str) -> str:
    """Return the section, nothing if there is nothing to look at."""
    parts = []
    if found.groups:
        largest = sorted(found.groups, key=lambda one: -len(one.names))[:SHOWN]
        text = _(
            "These answers are the same once names, comments, layout and the order of statements "
            "and summands are taken away. There can be many reasons, from learning together to "
            "chance: this is a reason to look, and says nothing about anybody. Short answers, the "
            "solution's own form and tasks with few forms are left out.",
            lang,
        )
        head = [
            _("Students", lang),
            _("Exercise", lang),
            _("Task", lang),
            _("Result", lang),
            _("Forms among all answers", lang),
        ]
        rows = [_group(one, pages, lang) for one in largest]
        parts.append(section(_("Answers of one form", lang), head, rows, text))
    if found.calls:
        text = _(
            "These answers use a finished part of a library where the solution does not. Whether "
            "that is allowed is for you to say.",
            lang,
        )
        head = [_("Student", lang), _("Exercise", lang), _("Task", lang), _("Uses", lang)]
        rows = [
            [
                student_link(name, pages),
                escape(exercise),
                f"<code>{escape(task)}</code>",
                ", ".join(f"<code>{escape(plain(call))}</code>" for call in calls),
            ]
            for exercise, task, name, calls in found.calls[:SHOWN]
        ]
        parts.append(section(_("Answers that call a library", lang), head, rows, text))
    return "".join(parts)


def _group(one: Group, pages: Pages, lang: str) -> list[str]:
    return [
        ", ".join(student_link(name, pages) for name in one.names),
        escape(one.exercise),
        f"<code>{escape(one.task)}</code>",
        escape(_("right", lang) if one.right else _("with the same mistake", lang)),
        escape(_("{forms} in {answers}", lang).format(forms=one.forms, answers=one.answers)),
    ]
