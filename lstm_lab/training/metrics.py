"""Named functions of predictions and targets, averaged over batches of different sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = ["Metric", "checked", "weighted"]

Metric = Callable[[Any, Any], Any]
TAKEN = ("loss", "norm", "lr", "validation", "validated_at")  # columns that a history has


def checked(metrics: dict[str, Metric] | None) -> dict[str, Metric]:
    """Refuse what is no function, or would stand where the history has something else.

    What comes back gives floats, or says which metric did not give one number.

    Examples
    --------
    >>> checked(None)
    {}
    """
    for name, metric in (metrics or {}).items():
        if name in TAKEN or name.startswith("validation_"):
            raise UserError(
                _("metrics: {name} is taken; the history has {taken} and validation_…").format(
                    name=repr(name), taken=", ".join(TAKEN)
                )
            )
        if not callable(metric):
            raise UserError(
                _("metrics: {name}: expected a function, found {found}").format(
                    name=name, found=type(metric).__name__
                )
            )
    return {name: partial(_number, name, metric) for name, metric in (metrics or {}).items()}


def _number(name: str, metric: Metric, pred: Any, y: Any) -> float:
    value = metric(pred, y)
    try:
        return float(value)
    except (TypeError, ValueError, RuntimeError):
        raise UserError(
            _("metrics: {name}: expected one number, found {found}").format(
                name=name, found=getattr(value, "shape", None) or type(value).__name__
            )
        ) from None


def weighted(parts: Sequence[tuple[Any, Any]]) -> Any:
    """Return the mean of (value, how many answers it is a mean over).

    Examples
    --------
    >>> weighted([(1.0, 3), (5.0, 1)])
    2.0
    """
    if len(parts) == 1:
        return parts[0][0]  # as it is: a product and a quotient might cost the last bit
    total = sum(value * count for value, count in parts) / sum(count for _value, count in parts)
    return total if np.ndim(total) else float(total)
