"""The road of a course: numbered stations in rows, those that are there drawn solid."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from html import escape

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.i18n import language
from lstm_lab.layout import Layout

__all__ = ["Road", "course_road", "road"]

# HTML and not a figure: the stations carry words, and the page has the fonts for every language.
_LIST = (
    "list-style:none;margin:8px 0;padding:0;max-width:820px;display:grid;gap:10px 22px;"
    "grid-template-columns:repeat(auto-fill,minmax(175px,1fr))"
)
_STATION = (
    "margin:0;padding:8px 10px;border-radius:8px;line-height:1.4;"
    "border:2px {line} {colour};color:var(--jp-content-font-color1,inherit);position:relative"
)
_NUMBER = "font-weight:700"  # in the colour of the text: readable on every ground
_ARROW = (
    '<span aria-hidden="true" style="position:absolute;right:-19px;top:50%;'
    'transform:translateY(-50%);color:var(--jp-content-font-color2,#666)">→</span>'
)


class Road:
    """Stations in the order of travel; Jupyter shows it as a list of boxes, ``print`` as lines."""

    def __init__(self, stations: Mapping[str, str], ready: Collection[str], caption: str) -> None:
        self.stations = dict(stations)
        self.ready = [number for number in self.stations if number in ready]
        self.caption = caption

    def _repr_html_(self) -> str:
        boxes = []
        for number, text in self.stations.items():
            is_ready = number in self.ready
            colour = "#0072B2" if is_ready else "#8A8A8A"
            station = _STATION.format(line="solid" if is_ready else "dashed", colour=colour)
            arrow = _ARROW if number != list(self.stations)[-1] else ""
            boxes.append(
                f'<li style="{station}"><span style="{_NUMBER}">'
                f"{escape(number)}</span><br>{escape(text)}{arrow}</li>"
            )
        caption = (
            f'<p style="font-size:.93em;margin:4px 0">{escape(self.caption)}</p>'
            if self.caption
            else ""
        )
        return f'<ol class="lstm-lab-road" style="{_LIST}">{"".join(boxes)}</ol>{caption}'

    def __repr__(self) -> str:
        lines = [f"{number}  {text}" for number, text in self.stations.items()]
        return "\n".join([*lines, *([self.caption] if self.caption else [])])


def road(stations: Mapping[str, str], ready: Collection[str] = (), *, caption: str = "") -> Road:
    """Show where a course leads.

    Parameters
    ----------
    stations : mapping of str to str
        Number of each lesson and the question that it answers, in order.
    ready : collection of str
        Numbers of the lessons that are there; the others are drawn dashed.
    caption : str
        The sentence below.

    Examples
    --------
    >>> road({"00": "Where does it go?", "01": "How does it read?"}, ready=["00"])
    00  Where does it go?
    01  How does it read?
    """
    if not stations:
        raise UserError(_("stations: expected at least one, found none"))
    return Road(stations, ready, caption)


def course_road(layout: Layout | None = None) -> Road:
    """Draw the road of the course: what each lesson answers, solid where it can be read.

    Parameters
    ----------
    layout : Layout, optional
        By default the course around the working directory.
    """
    layout, lang = layout or Layout(), language()
    asked = {one.number: one.question[lang] for one in layout.lessons if one.question}
    here = [one.number for one in layout.lessons if one.built("lesson", lang).is_file()]
    return road(asked, here, caption=_("Solid: here. Dashed: to come."))
