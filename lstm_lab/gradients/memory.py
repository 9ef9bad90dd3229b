"""How long a memory lasts: half-lives of gates, and Pascanu's bound for the plain RNN."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_lab.cells import RNNParams
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = [
    "half_life",
    "half_life_of_bias",
    "largest_singular_value",
    "pascanu_bound",
    "spectral_radius",
]


def half_life(f: Any) -> Any:
    """Return after how many steps half is left of what is multiplied by f at each: −ln 2 / ln f.

    Parameters
    ----------
    f : float or ndarray
        Between 0 and 1; 1 keeps for ever (inf), 0 nothing (0).

    Examples
    --------
    >>> round(half_life(0.5), 2), round(half_life(0.95), 2), half_life(1.0)
    (1.0, 13.51, inf)
    """
    f = np.asarray(f, float)
    if not ((f >= 0) & (f <= 1)).all():
        raise UserError(
            _("f: expected numbers from 0 to 1, found {low} … {high}").format(
                low=f.min(), high=f.max()
            )
        )
    with np.errstate(divide="ignore"):  # ln 0 = −inf gives 0 steps, and 1 for ever
        steps = np.log(2) / (0.0 - np.log(f))
    return steps if steps.ndim else float(steps)


def half_life_of_bias(b: Any) -> Any:
    """Return the half-life of a forget gate that only its bias moves: f = σ(b).

    Written with ``−ln σ(b) = log(1 + e^−b)``, which stays exact where σ(b) rounds to 1.

    Examples
    --------
    >>> [round(half_life_of_bias(b), 2) for b in (0.0, 1.0, 3.0)]
    [1.0, 2.21, 14.27]
    """
    steps = np.log(2) / np.logaddexp(0, -np.asarray(b, float))
    return steps if steps.ndim else float(steps)


def spectral_radius(W: np.ndarray) -> float:
    """Return the largest absolute eigenvalue: the growth in the long run of a linear net."""
    return float(np.abs(np.linalg.eigvals(W)).max())


def largest_singular_value(W: np.ndarray) -> float:
    """Return the most by which W can stretch a vector in one step."""
    return float(np.linalg.norm(W, ord=2))


def pascanu_bound(p: RNNParams, lags: Any) -> Any:
    """Bound ‖∂h_T/∂h_{T−lag}‖ of a plain RNN from above: (σ_max(W_h) · γ)^lag.

    γ is the steepest slope of the activation, 1 for tanh and for relu. The bound is
    one-sided: below 1 the gradient must vanish; above 1 it *may* explode, and often
    vanishes all the same, because units saturate and because no vector is stretched by
    σ_max at every step.

    Parameters
    ----------
    p : RNNParams
    lags : int or array of int

    Returns
    -------
    float or ndarray

    Examples
    --------
    >>> p = RNNParams(W_x=np.zeros((2, 1)), W_h=np.diag([0.5, 0.9]), b=np.zeros(2))
    >>> round(pascanu_bound(p, 2), 4)
    0.81

    References
    ----------
    Pascanu, Mikolov & Bengio (2013), On the difficulty of training recurrent neural networks.
    """
    if not isinstance(p, RNNParams):
        raise UserError(
            _("p: expected RNNParams (the bound is for the plain RNN), found {found}").format(
                found=type(p).__name__
            )
        )
    lags = np.asarray(lags)
    slope = {"tanh": 1.0, "relu": 1.0}[p.activation]
    with np.errstate(over="ignore"):  # a bound of infinity is still a bound
        bound = (slope * largest_singular_value(p.W_h)) ** lags
    return bound if lags.ndim else float(bound)
