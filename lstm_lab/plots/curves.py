"""Learning curves that hide nothing: every seed a thin line, the median a thick one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.plots.look import COLOURS, subplots

__all__ = ["learning_curves", "running_mean"]

_ORDER = ("blue", "red", "green", "pink", "orange", "sky", "black")
_DASHES: tuple[Any, ...] = ("-", (0, (6, 2)), (0, (2, 1.5)), (0, (7, 2, 1.5, 2)))


def running_mean(values: ArrayLike, window: int) -> NDArray[np.float64]:
    """Return the mean of the last `window` values at every step along the last axis.

    The first steps average what there is, so nothing is invented and nothing cut off.

    Examples
    --------
    >>> running_mean([4.0, 2.0, 0.0, 0.0], 2)
    array([4., 3., 1., 0.])
    """
    array = np.asarray(values, dtype=float)
    total = np.cumsum(array, axis=-1)
    out = total.copy()
    out[..., window:] = total[..., window:] - total[..., :-window]
    count = np.minimum(np.arange(1, array.shape[-1] + 1), window)
    return out / count


def learning_curves(
    runs: Mapping[str, ArrayLike],
    *,
    x: ArrayLike | None = None,
    xlabel: str = "update",
    ylabel: str = "loss",
    log: bool = True,
    baseline: float | None = None,
    baseline_label: str = "baseline",
    window: int = 1,
    height: float = 3.2,
) -> Figure:
    """Draw the loss of several runs: every seed, and the median over seeds.

    Parameters
    ----------
    runs : mapping of str to array_like, shape (S, N) or (N,)
        A name and its curves, one row a seed. A value that is not finite leaves a gap.
    x : array_like, shape (N,), optional
        What the curves are drawn against; counts from 1 by default.
    xlabel, ylabel : str
        Axis labels.
    log : bool
        Draw the loss on a log axis.
    baseline : float, optional
        What someone who always says the same would get: a dotted line.
    baseline_label : str
        Its name.
    window : int
        Smooth by the mean of the last `window` values.
    height : float
        Inches.

    Examples
    --------
    >>> fig = learning_curves({"RNN": [[1.0, 0.9, 0.8], [1.0, 1.0, 0.7]]}, baseline=0.9)
    >>> [text.get_text() for text in fig.axes[0].texts]
    ['baseline', 'RNN']
    """
    if not runs:
        raise UserError(_("runs: expected at least one named set of curves, found none"))
    fig, ax = subplots(height=height)
    ends = []
    for number, (name, values) in enumerate(runs.items()):
        curves = np.atleast_2d(np.asarray(values, dtype=float))
        if curves.ndim != 2 or curves.shape[1] == 0:
            raise UserError(
                _("{name}: expected curves of shape (seeds, steps), found {found}").format(
                    name=name, found=curves.shape
                )
            )
        curves = running_mean(curves, window) if window > 1 else curves
        curves = np.where(np.isfinite(curves), curves, np.nan)
        steps = np.arange(1, curves.shape[1] + 1) if x is None else np.asarray(x, dtype=float)
        colour = COLOURS[_ORDER[number % len(_ORDER)]]
        dash = _DASHES[number % len(_DASHES)]
        if len(curves) > 1:
            ax.plot(steps, curves.T, color=colour, linewidth=0.7, alpha=0.45)
        median = np.nanmedian(curves, axis=0)
        ax.plot(steps, median, color=colour, linewidth=2.2, linestyle=dash)
        ends.append((float(median[np.isfinite(median)][-1]), steps[-1], name, colour))
    if log:
        ax.set_yscale("log")
    if baseline is not None:
        ax.axhline(baseline, color=COLOURS["grey"], linestyle=":", linewidth=1.4)
        ax.annotate(
            baseline_label,
            (0.005, baseline),
            xycoords=("axes fraction", "data"),
            xytext=(14, 4),  # behind the first updates, where all curves begin
            zorder=4,
            textcoords="offset points",
            color="#595959",
            fontsize=9.5,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5},
        )
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    _name_at_the_end(ax, ends, log)
    return fig


def _name_at_the_end(ax: Any, ends: list[tuple[float, Any, str, str]], log: bool) -> None:
    """Write each name beside the end of its curve, apart from one another: no legend to decode."""
    ax.margins(x=0)
    ax.figure.canvas.draw()  # the transform is only known once the limits are
    height = ax.transAxes.transform((0, 1))[1] - ax.transAxes.transform((0, 0))[1]
    gap = 15 / height
    taken: list[float] = []
    for value, _step, name, colour in sorted(ends, key=lambda end: end[0]):
        pixel = ax.transData.transform((0 if not log else 1, value))
        place = float(ax.transAxes.inverted().transform(pixel)[1])
        place = max([place, *(used + gap for used in taken[-1:])])
        taken.append(place)
        ax.annotate(
            name,
            (1.01, place),
            xycoords="axes fraction",
            color=colour,
            fontweight="bold",
            va="center",
            annotation_clip=False,
        )
