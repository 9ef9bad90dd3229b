"""How a figure gets onto the page: a picture, what it shows in words, and its caption."""

from __future__ import annotations

import base64
import io
from html import escape
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

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


class Shown:
    """A figure on its way to the page: ``<figure><img alt=…><figcaption>…``.

    Attributes
    ----------
    png : bytes
        The picture.
    alt, caption : str
        Its two texts.
    """

    def __init__(self, png: bytes, width: int, caption: str, alt: str) -> None:
        self.png = png
        self.width = width
        self.caption = caption
        self.alt = alt

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
            f"{caption}</figure>"
        )

    def __repr__(self) -> str:
        return "\n".join(filter(None, (f"[{self.alt}]", self.caption)))


def show(fig: Figure, *, caption: str = "", alt: str) -> Shown:
    """Turn a figure into something that a notebook cell can end with.

    The figure is closed: it appears once, here, and holds no memory afterwards.

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
    buffer = io.BytesIO()
    # the inline backend would crop the figure; the fonts are only chosen while drawing
    with style(), mpl.rc_context({"savefig.bbox": "standard"}):
        fig.savefig(buffer, format="png", dpi=_DPI, facecolor="white")
    width = round(fig.get_figwidth() * 96)
    _close(fig)
    return Shown(buffer.getvalue(), width, caption, alt)


def _close(fig: Figure) -> None:
    """Close a figure that pyplot manages, so that the inline backend does not show it again."""
    import matplotlib.pyplot as plt

    plt.close(fig)
    fig.clear()
