"""One cell as a diagram: boxes are layers with weights, circles act element by element."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.plots.look import COLOURS, GATE_COLOURS, subplots

__all__ = ["cell_diagram"]

_INK = "#333333"
Point = tuple[float, float]


def cell_diagram(kind: str = "lstm") -> Figure:
    """Draw the inside of a cell.

    Parameters
    ----------
    kind : {"rnn", "memory", "lstm"}
        The vanilla RNN; the memory cell of 1997 (input and output gate, no forget gate);
        the LSTM with a forget gate.

    Examples
    --------
    >>> fig = cell_diagram("memory")
    >>> texts = [text.get_text() for text in fig.axes[0].texts]
    >>> "$f_t$" in texts, "$o_t$" in texts
    (False, True)
    """
    kinds = ("rnn", "memory", "lstm")
    if kind not in kinds:
        raise UserError(
            _("kind: expected one of {expected}, found {found}").format(
                expected=", ".join(kinds), found=repr(kind)
            )
        )
    fig, ax = subplots()
    ax.set_axis_off()
    ax.set_aspect("equal")
    if kind == "rnn":
        _rnn(ax)
    else:
        _gated(ax, forget=kind == "lstm")
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    fig.set_size_inches(0.57 * (right - left), 0.57 * (top - bottom))
    return fig


def _frame(ax: Any, right: float, top: float) -> None:
    ax.add_patch(
        FancyBboxPatch(
            (0, 0),
            right,
            top,
            boxstyle="round,pad=0,rounding_size=0.25",
            facecolor="#F4F8FB",
            edgecolor="#8AA4B5",
            linewidth=1.2,
        )
    )


def _wire(
    ax: Any, *points: Point, colour: str = _INK, width: float = 1.5, tip: bool = True
) -> None:
    """A line through the points; the last stretch ends in an arrow."""
    xs, ys = zip(*(points[:-1] if tip else points), strict=True)
    if len(xs) > 1:
        ax.plot(xs, ys, color=colour, linewidth=width, solid_joinstyle="round")
    if tip:
        style: dict[str, Any] = {"arrowstyle": "-|>", "mutation_scale": 11, "shrinkA": 0}
        ax.add_patch(
            FancyArrowPatch(
                points[-2], points[-1], color=colour, linewidth=width, shrinkB=0, **style
            )
        )


def _layer(ax: Any, at: Point, text: str, colour: str) -> None:
    x, y = at
    ax.add_patch(
        FancyBboxPatch(
            (x - 0.4, y - 0.25),
            0.8,
            0.5,
            boxstyle="round,pad=0,rounding_size=0.08",
            facecolor="white",
            edgecolor=colour,
            linewidth=2,
            zorder=3,
        )
    )
    ax.text(x, y, text, ha="center", va="center", fontsize=11, zorder=4)


def _op(ax: Any, at: Point, text: str) -> None:
    ax.add_patch(Circle(at, 0.2, facecolor="white", edgecolor=_INK, linewidth=1.4, zorder=3))
    ax.text(*at, text, ha="center", va="center", fontsize=12, zorder=4)


def _name(ax: Any, at: Point, text: str, colour: str = _INK, ha: str = "center") -> None:
    ax.text(*at, text, ha=ha, va="center", fontsize=13, color=colour, zorder=4)


def _junctions(ax: Any, points: Sequence[Point]) -> None:
    for point in points:
        ax.add_patch(Circle(point, 0.05, color=_INK, zorder=3))


def _rnn(ax: Any) -> None:
    _frame(ax, 3.0, 2.0)
    _wire(ax, (-0.8, 0.45), (1.5, 0.45), (1.5, 0.93))
    _wire(ax, (0.6, -0.7), (0.6, 0.45), tip=False)
    _junctions(ax, [(0.6, 0.45)])
    _layer(ax, (1.5, 1.2), "tanh", GATE_COLOURS["h"])
    _wire(ax, (1.9, 1.2), (3.8, 1.2), colour=_INK)
    _wire(ax, (2.5, 1.2), (2.5, 2.7))
    _junctions(ax, [(2.5, 1.2)])
    _name(ax, (-1.25, 0.45), "$h_{t-1}$")
    _name(ax, (0.6, -0.95), "$x_t$")
    _name(ax, (4.05, 1.2), "$h_t$")
    _name(ax, (2.5, 2.95), "$h_t$")
    ax.set_xlim(-1.7, 4.5)
    ax.set_ylim(-1.2, 3.2)


def _gated(ax: Any, *, forget: bool) -> None:
    memory, bus, row = 3.4, 0.45, 1.3  # heights of the state, the inputs and the layers
    shift = 0.0 if forget else -1.3
    xf, xi, xg, xo = 0.9, 2.2 + shift, 3.5 + shift, 5.0 + shift
    right = 7.2 + shift
    _frame(ax, right, 4.0)
    # the state: one line from left to right, touched twice
    _wire(ax, (-0.8, memory), (right + 0.8, memory), colour=COLOURS["red"], width=3)
    _name(ax, (-1.25, memory), "$c_{t-1}$", COLOURS["red"])
    _name(ax, (right + 1.1, memory), "$c_t$", COLOURS["red"])
    # what every layer sees: the input and the state before
    _wire(ax, (-0.8, bus), (xo, bus), (xo, row - 0.27))
    _wire(ax, (0.35, -0.7), (0.35, bus), tip=False)
    _name(ax, (-1.25, bus), "$h_{t-1}$")
    _name(ax, (0.35, -0.95), "$x_t$")
    reading = [xi, xg]
    if forget:
        reading.insert(0, xf)
        _layer(ax, (xf, row), r"$\sigma$", GATE_COLOURS["f"])
        _wire(ax, (xf, row + 0.25), (xf, memory - 0.22), colour=GATE_COLOURS["f"])
        _op(ax, (xf, memory), r"$\times$")
        _name(ax, (xf + 0.27, 2.1), "$f_t$", GATE_COLOURS["f"])
    for x in reading:
        _wire(ax, (x, bus), (x, row - 0.27))
    _junctions(ax, [(0.35, bus), *((x, bus) for x in reading)])
    # what is written: block input times input gate
    _layer(ax, (xi, row), r"$\sigma$", GATE_COLOURS["i"])
    _layer(ax, (xg, row), "tanh", GATE_COLOURS["g"])
    _wire(ax, (xi, row + 0.25), (xi, 2.45), (xg - 0.22, 2.45), colour=GATE_COLOURS["i"])
    _wire(ax, (xg, row + 0.25), (xg, 2.23), colour=GATE_COLOURS["g"])
    _name(ax, (xi - 0.27, 2.1), "$i_t$", GATE_COLOURS["i"])
    _name(ax, (xg + 0.3, 1.95), "$g_t$", GATE_COLOURS["g"])
    _op(ax, (xg, 2.45), r"$\times$")
    _wire(ax, (xg, 2.65), (xg, memory - 0.22))
    _op(ax, (xg, memory), "$+$")
    # what is shown: the squashed state times the output gate
    xm = xo + 1.1
    _layer(ax, (xo, row), r"$\sigma$", GATE_COLOURS["o"])
    _wire(ax, (xm, memory), (xm, 2.92))
    ax.add_patch(
        FancyBboxPatch(
            (xm - 0.4, 2.45),
            0.8,
            0.45,
            boxstyle="round,pad=0,rounding_size=0.22",
            facecolor="white",
            edgecolor=_INK,
            linewidth=1.4,
            zorder=3,
        )
    )
    ax.text(xm, 2.675, "tanh", ha="center", va="center", fontsize=10.5, zorder=4)
    _wire(ax, (xm, 2.45), (xm, 1.52))
    _wire(ax, (xo + 0.4, row), (xm - 0.22, row), colour=GATE_COLOURS["o"])
    _name(ax, (xo + 0.6, row + 0.28), "$o_t$", GATE_COLOURS["o"])
    _op(ax, (xm, row), r"$\times$")
    _wire(ax, (xm, row - 0.2), (xm, bus), (right + 0.8, bus))
    _wire(ax, (right - 0.4, bus), (right - 0.4, 4.7))
    _junctions(ax, [(xm, memory), (right - 0.4, bus)])
    _name(ax, (right + 1.1, bus), "$h_t$")
    _name(ax, (right - 0.4, 4.95), "$h_t$")
    ax.set_xlim(-1.7, right + 1.5)
    ax.set_ylim(-1.2, 5.2)
