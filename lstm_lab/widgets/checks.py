"""What several widgets ask of their arguments, answered in one sentence each."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = ["as_floats", "check_number"]


def as_floats(name: str, values: Any) -> np.ndarray:
    """Return a tensor, an array or a list as an array of float64.

    Examples
    --------
    >>> as_floats("x", [1, 2])
    array([1., 2.])
    """
    try:
        return np.asarray(values.detach() if hasattr(values, "detach") else values, np.float64)
    except (TypeError, ValueError):
        raise UserError(
            _("{name}: expected an array of numbers, found {found}").format(
                name=name, found=repr(values)[:60]
            )
        ) from None


def check_number(name: str, value: Any, low: float, high: float) -> None:
    """Refuse what is no number from `low` to `high`.

    Examples
    --------
    >>> check_number("rho", 0.9, 0, 2)
    """
    number = isinstance(value, int | float | np.integer | np.floating)
    if not number or isinstance(value, bool) or not low <= value <= high:
        raise UserError(
            _("{name}: expected a number from {low} to {high}, found {found}").format(
                name=name, low=low, high=high, found=value
            )
        )
