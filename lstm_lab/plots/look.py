"""One look for all figures: colours for colour-blind readers, sizes that fit a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from cycler import cycler
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

__all__ = ["COLOURS", "GATE_COLOURS", "style", "subplots"]

# Okabe and Ito's palette, in an order whose lightness steps also separate in grey.
COLOURS = {
    "blue": "#0072B2",
    "orange": "#E69F00",
    "green": "#009E73",
    "red": "#D55E00",
    "pink": "#CC79A7",
    "sky": "#56B4E9",
    "yellow": "#F0E442",
    "black": "#000000",
    "grey": "#7F7F7F",
}

# The same letter has the same colour in every figure and widget of the course.
GATE_COLOURS = {
    "x": COLOURS["grey"],
    "i": COLOURS["green"],
    "f": COLOURS["blue"],
    "g": COLOURS["orange"],
    "o": COLOURS["pink"],
    "c": COLOURS["red"],
    "h": COLOURS["black"],
}

_RC: Any = {
    "axes.prop_cycle": cycler(
        color=[COLOURS[name] for name in ("blue", "orange", "green", "red", "pink", "sky", "black")]
    ),
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.labelsize": 11,
    "grid.color": "#E4E4E4",
    "grid.linewidth": 0.8,
    "font.size": 10.5,
    "font.family": "DejaVu Sans",  # ships with matplotlib, so a figure looks the same everywhere
    "mathtext.fontset": "cm",
    "legend.frameon": False,
    "lines.linewidth": 1.8,
    "lines.solid_capstyle": "round",
    "figure.facecolor": "white",
    "image.cmap": "viridis",
}


@contextmanager
def style() -> Iterator[None]:
    """Draw in the course's look inside a ``with`` block; outside nothing changes.

    Examples
    --------
    >>> with style():
    ...     mpl.rcParams["axes.spines.top"]
    False
    """
    with mpl.rc_context(_RC):
        yield


def subplots(
    rows: int = 1, columns: int = 1, *, width: float = 7.0, height: float = 3.0, **options: Any
) -> tuple[Figure, Any]:
    """Return a figure and its axes in the course's look, like ``plt.subplots``.

    The figure is not registered with pyplot: it is never shown twice and needs no closing.

    Parameters
    ----------
    rows, columns : int
        The grid of axes.
    width, height : float
        Inches of the whole figure; 7 fills a notebook's column.
    **options
        What ``Figure.subplots`` takes, for example ``sharex=True``.

    Examples
    --------
    >>> fig, ax = subplots(height=2.5)
    >>> line, = ax.plot([0, 1], [1, 0])
    >>> line.get_color()
    '#0072B2'
    """
    with style():
        fig = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(fig)
        axes = fig.subplots(rows, columns, **options)
    return fig, axes
