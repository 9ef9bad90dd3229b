"""Gradients over time, how long a gate keeps, and where the eigenvalues of W_h lie."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from lstm_lab.gradients import half_life_of_bias, largest_singular_value
from lstm_lab.plots.look import COLOURS, subplots
from lstm_lab.shapes import check_shape

__all__ = ["eigenvalue_picture", "gradient_curves", "half_life_curve"]

# Told apart in grey too: each has its own dash.
_LOOKS = (
    ("blue", "-"),
    ("red", "--"),
    ("green", ":"),
    ("pink", "-."),
    ("black", (0, (8, 2, 2, 2))),
)


def gradient_curves(
    curves: Mapping[str, ArrayLike], *, ylabel: str = "|dL/dh|", height: float = 3.0
) -> Figure:
    """Draw lengths of gradients against time on one log axis; each curve ends at the loss.

    Parameters
    ----------
    curves : mapping of str to array_like, shape (T,) or (S, T)
        A name and its curve; of several seeds every one is a thin line, the median a thick one.
    ylabel : str
    height : float
        Inches.

    Examples
    --------
    >>> fig = gradient_curves({"RNN": 0.8 ** np.arange(50)[::-1], "LSTM": np.ones(50)})
    >>> fig.axes[0].get_yscale()
    'log'
    """
    fig, ax = subplots(height=height)
    for (name, values), (colour, dash) in zip(curves.items(), _LOOKS * 9, strict=False):
        array = np.atleast_2d(np.asarray(values, dtype=float))
        S, T = check_shape(name, array, ("S", "T"))
        positive = np.where(np.isfinite(array) & (array > 0), array, np.nan)
        t = np.arange(T)
        if S > 1:
            ax.plot(t, positive.T, color=COLOURS[colour], linewidth=0.6, alpha=0.5)
        middle = np.where(np.isnan(positive).any(axis=0), np.nan, np.median(positive, axis=0))
        ax.plot(t, middle, color=COLOURS[colour], linestyle=dash, linewidth=2.2, label=name)
    ax.set_yscale("log")
    ax.set(xlabel="t", ylabel=ylabel)
    ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return fig


def half_life_curve(*biases: float, height: float = 2.8) -> Figure:
    """Draw after how many steps half of a memory is left, against the forget bias.

    The gate stands at f = σ(b_f), so the half-life is −ln 2 / ln σ(b_f).

    Parameters
    ----------
    *biases : float
        Marked with their half-life.
    height : float
        Inches.

    Examples
    --------
    >>> fig = half_life_curve(1.0, 3.0)
    >>> [text.get_text() for text in fig.axes[0].texts]
    ['2.2', '14']
    """
    fig, ax = subplots(width=5.0, height=height)
    b = np.linspace(-4, 8, 241)
    ax.plot(b, half_life_of_bias(b), color=COLOURS["blue"])
    for bias in biases:
        steps = float(half_life_of_bias(bias))
        ax.plot(bias, steps, "o", color=COLOURS["blue"], markeredgecolor="black")
        text = f"{steps:.2g}" if steps < 100 else f"{steps:.0f}"
        ax.annotate(text, (bias, steps), textcoords="offset points", xytext=(6, -12))
    ax.set_yscale("log")
    ax.set(xlabel="$b_f$", ylabel="half-life (steps)")
    return fig


def eigenvalue_picture(W: ArrayLike, height: float = 3.2) -> Figure:
    """Draw the eigenvalues of a square matrix, the unit circle, and the circle of σ_max.

    Parameters
    ----------
    W : array_like, shape (H, H)
    height : float
        Inches.

    Examples
    --------
    >>> fig = eigenvalue_picture([[0.5, 2.0], [0.0, 0.9]])
    >>> fig.axes[0].get_title()
    'largest |λ| = 0.900, σ_max = 2.240'
    """
    matrix = np.asarray(W, dtype=float)
    (H,) = check_shape("W", matrix, ("H", "H"))[:1]
    values = np.linalg.eigvals(matrix)
    sigma = float(largest_singular_value(matrix))
    fig, ax = subplots(width=4.2, height=height)
    turn = np.linspace(0, 2 * np.pi, 361)
    ax.plot(np.cos(turn), np.sin(turn), color="black", linewidth=1.0)
    ax.plot(sigma * np.cos(turn), sigma * np.sin(turn), color=COLOURS["grey"], linestyle="--")
    ax.plot(values.real, values.imag, "o", color=COLOURS["red"], markersize=4 if H > 8 else 6)
    ax.set_aspect("equal")
    ax.set(xlabel="Re λ", ylabel="Im λ")
    ax.set_title(f"largest |λ| = {np.abs(values).max():.3f}, σ_max = {sigma:.3f}", fontsize=10)
    return fig
