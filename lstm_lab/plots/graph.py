"""The unrolled graph: the same cell, drawn once a step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.plots.look import COLOURS, subplots

__all__ = ["unrolled_graph"]

_OUTPUTS = ("every", "last", "none")


def _box(ax: Any, x: float, y: float, text: str, face: str, half: float = 0.34) -> None:
    ax.add_patch(
        FancyBboxPatch(
            (x - half, y - 0.26),
            2 * half,
            0.52,
            boxstyle="round,pad=0,rounding_size=0.1",
            facecolor=face,
            edgecolor="#333333",
            linewidth=1.1,
        )
    )
    ax.text(x, y, text, ha="center", va="center", fontsize=12)


def _arrow(ax: Any, start: tuple[float, float], end: tuple[float, float], colour: str) -> None:
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle="-|>",
            mutation_scale=12,
            color=colour,
            linewidth=1.6,
            shrinkA=0,
            shrinkB=0,
        )
    )


def unrolled_graph(
    steps: int = 4,
    *,
    outputs: str = "every",
    inputs: Sequence[str] | None = None,
    states: Sequence[str] | None = None,
    gradient: bool = False,
    loss: bool = False,
) -> Figure:
    """Draw a recurrent network over time: the same weights at every step.

    Parameters
    ----------
    steps : int
        How many steps, 1 to 10.
    outputs : {"every", "last", "none"}
        Many-to-many, many-to-one, or states only.
    inputs, states : sequence of str, optional
        Text in the boxes, for example numbers; x_1 … and h_1 … by default.
    gradient : bool
        Add the way back, dashed: from the outputs down and from each state to the one before.
    loss : bool
        Draw L above every output.

    Examples
    --------
    >>> fig = unrolled_graph(3, outputs="last")
    >>> sum(text.get_text().startswith("$y") for text in fig.axes[0].texts)
    1
    """
    if not 1 <= steps <= 10:
        raise UserError(
            _("steps: expected a number from 1 to 10, found {found}").format(found=steps)
        )
    if outputs not in _OUTPUTS:
        raise UserError(
            _("outputs: expected one of {expected}, found {found}").format(
                expected=", ".join(_OUTPUTS), found=repr(outputs)
            )
        )
    top = 2.0 if outputs == "none" else 3.0 + bool(loss)
    fig, ax = subplots(width=min(7.0, 1.5 + 1.25 * (steps + 1)), height=0.62 * (top + 0.6) + 0.2)
    ax.set_axis_off()
    step_in = list(inputs or [f"$x_{{{t}}}$" for t in range(1, steps + 1)])
    step_h = list(states or [f"$h_{{{t}}}$" for t in range(1, steps + 1)])
    wide = 1.7
    ax.text(-0.06, 2.0, "$h_0$", ha="right", va="center", fontsize=12)
    for t in range(steps):
        x = wide * (t + 0.55)
        _box(ax, x, 1.0, step_in[t], "#EFEFEF")
        _box(ax, x, 2.0, step_h[t], "#CFE6F5")
        _arrow(ax, (x, 1.27), (x, 1.73), "#333333")
        ax.text(x + 0.07, 1.5, "$W_x$", fontsize=9.5, va="center", color="#444444")
        before = 0.0 if t == 0 else x - wide + 0.34
        _arrow(ax, (before, 2.0), (x - 0.35, 2.0), COLOURS["blue"])
        ax.text(
            (before + x - 0.35) / 2, 2.1, "$W_h$", fontsize=9.5, ha="center", color=COLOURS["blue"]
        )
        has_output = outputs == "every" or (outputs == "last" and t == steps - 1)
        if has_output:
            _box(ax, x, 3.0, f"$y_{{{t + 1}}}$", "#FBE3B5")
            _arrow(ax, (x, 2.27), (x, 2.73), "#333333")
            ax.text(x + 0.07, 2.5, "$W_y$", fontsize=9.5, va="center", color="#444444")
            if loss:
                _box(ax, x, 4.0, f"$L_{{{t + 1}}}$", "#F6D5C3")
                _arrow(ax, (x, 3.27), (x, 3.73), "#333333")
        if gradient:
            _way_back(ax, x, wide, t, has_output, 3.73 if loss else 2.73)
    ax.set_xlim(-0.45, wide * steps)
    ax.set_ylim(0.6, top + 0.4)
    return fig


def _way_back(ax: Any, x: float, wide: float, t: int, has_output: bool, top: float) -> None:
    red = COLOURS["red"]
    dashes: dict[str, Any] = {
        "arrowstyle": "-|>",
        "mutation_scale": 11,
        "color": red,
        "linewidth": 1.4,
    }
    dashes |= {"linestyle": (0, (3, 2)), "shrinkA": 0, "shrinkB": 0}
    if has_output:
        for high in (top, 2.73) if top > 3 else (top,):
            ax.add_patch(FancyArrowPatch((x - 0.16, high), (x - 0.16, high - 0.46), **dashes))
    if t > 0:
        ax.add_patch(FancyArrowPatch((x - 0.35, 1.86), (x - wide + 0.35, 1.86), **dashes))
