"""The part of the overview on the class list: who is missing, and who is not on it."""

from __future__ import annotations

from html import escape

from lstm_lab.grading.reports.page import captioned
from lstm_lab.grading.reports.roster import Match
from lstm_lab.grading.text import plain
from lstm_lab.i18n import gettext as _

__all__ = ["roster_section"]


def roster_section(match: Match, lang: str) -> str:
    """Say who has handed in nothing, and whom the list does not know."""
    parts = [f"<h2>{escape(_('Class list', lang))}</h2>\n"]
    for number, missing in match.missing.items():
        line = _("Exercise {number}: {n} of {all} have handed in.", lang).format(
            number=number, n=len(match.persons) - len(missing), all=len(match.persons)
        )
        parts.append(f"<p>{escape(line)}</p>\n")
        said = _("{n} have handed in nothing", lang).format(n=len(missing))
        parts.append(_names(said, [one.label for one in missing]))
    strangers = [name for name, maybe in match.unknown if not maybe]
    said = _("{n} are not on the class list", lang).format(n=len(strangers))
    parts.append(_names(said, strangers))
    rows = [
        [escape(plain(name)), escape(plain("; ".join(one.label for one in maybe)))]
        for name, maybe in match.unknown
        if maybe
    ]
    if rows:
        head = [_("Name", lang), _("May be", lang)]
        parts.append(captioned(_("Not clear who", lang), head, rows))
    rows = [
        [escape(plain(one.label)), escape(plain(", ".join(names)))] for one, names in match.shared
    ]
    if rows:
        head = [_("Student", lang), _("Names", lang)]
        parts.append(captioned(_("Under more than one name", lang), head, rows))
    return "".join(parts)


def _names(said: str, names: list[str]) -> str:
    """Return names in columns, which can be folded away."""
    if not names:
        return ""
    items = "".join(f"<li>{escape(plain(one))}</li>" for one in names)
    return (
        f"<details open><summary>{escape(said)}</summary>\n"
        f'<ul class="names">{items}</ul></details>\n'
    )
