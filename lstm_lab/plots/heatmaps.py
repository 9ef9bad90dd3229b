"""Values over time and units as a picture of coloured cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from lstm_lab.plots.look import subplots
from lstm_lab.shapes import check_shape

__all__ = ["heatmap"]


def heatmap(
    values: ArrayLike,
    *,
    xlabel: str = "t",
    ylabel: str = "unit",
    xticks: Sequence[str] | None = None,
    label: str = "",
    signed: bool | None = None,
    limit: float | None = None,
    height: float = 2.6,
) -> Figure:
    """Draw an array over time, one row a unit.

    Parameters
    ----------
    values : array_like, shape (T, H)
        One trace of one sequence, for example ``out.h[:, 0]``.
    xlabel, ylabel : str
        Axis labels.
    xticks : sequence of str, optional
        A word or number under every step, for example the characters read.
    label : str
        What the colour means, beside the colour bar.
    signed : bool, optional
        Signed values get a colour map that is white at zero and the same in both directions;
        others viridis. By default signed if any value is below zero.
    limit : float, optional
        The end of the colour scale; by default the largest absolute value.
    height : float
        Inches.

    Examples
    --------
    >>> fig = heatmap([[0.0, 1.0], [0.5, -1.0], [1.0, 0.0]], label="h")
    >>> len(fig.axes)
    2
    """
    array = np.asarray(values, dtype=float)
    T, H = check_shape("values", array, ("T", "H"))
    finite = array[np.isfinite(array)]
    if signed is None:
        signed = bool((finite < 0).any())
    top = limit if limit is not None else float(np.abs(finite).max(initial=0.0)) or 1.0
    norm = Normalize(-top if signed else 0.0, top)
    fig, ax = subplots(height=height)
    image = ax.imshow(
        array.T,
        aspect="auto",
        norm=norm,
        cmap="PuOr_r" if signed else "viridis",
        interpolation="nearest",
        origin="lower",
    )
    ax.grid(False)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.set_yticks(range(H) if H <= 12 else range(0, H, max(1, H // 8)))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    if xticks is not None:
        check_shape("xticks", np.asarray(xticks, dtype=object), (T,))
        ax.set_xticks(range(T), xticks)
    fig.colorbar(image, ax=ax, label=label, pad=0.015, fraction=0.05)
    return fig
