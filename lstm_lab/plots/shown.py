"""How a figure gets onto the page: a picture, what it shows in words, and its caption."""

from __future__ import annotations

import base64
import io
from html import escape
from typing import Any

import matplotlib as mpl
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.plots.look import style

__all__ = ["Shown", "show"]

_DPI = 192  # twice the CSS pixel, so that it is sharp on dense screens

# A figure stays dark on white in every theme: its colours were chosen on white. The frame and
# the caption follow the theme of the page around it.
_FRAME = "margin:8px 0;max-width:{width}px"
_IMAGE = (
    "display:block;width:100%;height:auto;background:#fff;box-sizing:border-box;"
    "border-radius:4px;padding:4px"
)
_CAPTION = (
    "margin-top:4px;font-size:.93em;line-height:1.5;color:var(--jp-content-font-color1,inherit)"
)
_KEY = "margin-top:4px;font-size:.93em;line-height:1.5;" + _CAPTION.rpartition(";")[2]
_SAMPLE = "vertical-align:middle;margin-right:6px;background:#fff;border-radius:3px"
_DASHES = {"--": "7 3", ":": "2 3", "-.": "7 3 2 3"}


class Shown:
    """A figure on its way to the page: ``<figure><img alt=…><figcaption>…``.

    Attributes
    ----------
    png : bytes
        The picture.
    alt, caption : str
        Its two texts.
    key : dict of str to str
        What the lines are called, each with a sample of it as SVG.
    """

    def __init__(
        self, png: bytes, width: int, caption: str, alt: str, key: dict[str, str] | None = None
    ) -> None:
        self.png = png
        self.width = width
        self.caption = caption
        self.alt = alt
        self.key = key or {}

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.png).decode("ascii")
        caption = (
            f'<figcaption style="{_CAPTION}">{escape(self.caption)}</figcaption>'
            if self.caption
            else ""
        )
        return (
            f'<figure class="lstm-lab-figure" style="{_FRAME.format(width=self.width)}">'
            f'<img alt="{escape(self.alt)}" style="{_IMAGE}" src="data:image/png;base64,{data}">'
            f"{self._named_lines()}{caption}</figure>"
        )

    def _named_lines(self) -> str:
        names = "".join(
            f'<span style="display:inline-block;margin-right:18px">{sample}{escape(name)}</span>'
            for name, sample in self.key.items()
        )
        return f'<div style="{_KEY}">{names}</div>' if names else ""

    def __repr__(self) -> str:
        key = " · ".join(self.key)
        return "\n".join(filter(None, (f"[{self.alt}]", key, self.caption)))


def show(fig: Figure, *, caption: str = "", alt: str) -> Shown:
    """Turn a figure into something that a notebook cell can end with.

    The figure is closed: it appears once, here, and holds no memory afterwards.

    Lines with a ``label`` in axes without a legend are named below the figure, in the page's
    letters: matplotlib's own fonts have no Chinese, so there ``label=tr(en=…, zh=…)`` works.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        From `lstm_lab.plots` or from pyplot.
    caption : str
        The sentence below it: what to see there, and the answer to the question before it.
    alt : str
        What it shows, for a reader who cannot see it; never empty.

    Returns
    -------
    Shown
        Displayed by Jupyter as picture and caption, printed as its two texts.

    Examples
    --------
    >>> from lstm_lab.plots import subplots
    >>> fig, ax = subplots()
    >>> show(fig, caption="Nothing yet.", alt="empty axes from 0 to 1")
    [empty axes from 0 to 1]
    Nothing yet.
    """
    if not isinstance(fig, Figure):
        found: Any = type(fig).__name__
        raise UserError(_("fig: expected a matplotlib Figure, found {found}").format(found=found))
    if not alt.strip():
        raise UserError(_("alt: a figure needs a text for readers who cannot see it"))
    for ax in fig.axes:
        legend = ax.get_legend()
        if legend is not None:  # made outside `style`, so it has the frame that the look leaves out
            legend.set_frame_on(False)
    key = {name: sample for ax in fig.axes for name, sample in _named(ax).items()}
    buffer = io.BytesIO()
    # the inline backend would crop the figure; the fonts are only chosen while drawing
    with style(), mpl.rc_context({"savefig.bbox": "standard"}):
        fig.savefig(buffer, format="png", dpi=_DPI, facecolor="white")
    width = round(fig.get_figwidth() * 96)
    _close(fig)
    return Shown(buffer.getvalue(), width, caption, alt, key)


def _named(ax: Any) -> dict[str, str]:
    """The labelled lines of axes that have no legend, each with a sample of itself."""
    if ax.get_legend() is not None:
        return {}
    handles, labels = ax.get_legend_handles_labels()
    pairs = zip(labels, handles, strict=True)
    return {name: _sample(line) for name, line in pairs if isinstance(line, Line2D)}


def _sample(line: Line2D) -> str:
    colour = to_hex(line.get_color())
    dash = (
        f' stroke-dasharray="{_DASHES[kind]}"' if (kind := line.get_linestyle()) in _DASHES else ""
    )
    dot = f'<circle cx="17" cy="6" r="3.5" fill="{colour}"/>' if line.get_marker() == "o" else ""
    return (
        f'<svg width="34" height="12" aria-hidden="true" style="{_SAMPLE}">'
        f'<path d="M2 6H32" stroke="{colour}" stroke-width="{line.get_linewidth():.2g}"{dash}/>'
        f"{dot}</svg>"
    )


def _close(fig: Figure) -> None:
    """Close a figure that pyplot manages, so that the inline backend does not show it again."""
    import matplotlib.pyplot as plt

    plt.close(fig)
    fig.clear()
