"""Early stopping that gives back the best, not the last."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.records import map_arrays

__all__ = ["EarlyStopping"]

Model = TypeVar("Model")


class EarlyStopping(Generic[Model]):
    """Watch a validation loss; remember the parameters of its minimum.

    Parameters
    ----------
    patience : int, optional
        How many looks in a row without a new minimum end the training; None: never end,
        but still remember the best.
    min_delta : float
        What counts as a new minimum must be this much lower.

    Attributes
    ----------
    best : the parameters at the minimum; None before the first look
    value : float, or ndarray of shape (S,)
        The minimum. With a seed dimension each net has its own.

    Examples
    --------
    >>> stopping = EarlyStopping(patience=2)
    >>> looks = [(3.0, "a"), (1.0, "b"), (2.0, "c"), (2.5, "d")]
    >>> [stopping.update(loss, weights) for loss, weights in looks]
    [False, False, False, True]
    >>> stopping.best, float(stopping.value)
    ('b', 1.0)
    """

    def __init__(self, patience: int | None = None, min_delta: float = 0.0) -> None:
        if patience is not None and patience < 1:
            raise UserError(
                _("patience: expected at least 1, found {patience}").format(patience=patience)
            )
        self.patience, self.min_delta = patience, min_delta
        self.best: Model | None = None
        self.value: Any = np.inf
        self.waited: Any = 0

    def update(self, value: Any, model: Model) -> bool:
        """Take one look; True if training should end."""
        # a comparison with NaN is false, so a broken net is never the best
        better = np.asarray(value) < self.value - self.min_delta
        if self.best is None:
            self.best = model
        elif better.ndim == 0:
            self.best = model if better else self.best
        else:  # each seed keeps its own best

            def pick(new: np.ndarray, old: np.ndarray) -> np.ndarray:
                return np.asarray(np.where(better.reshape(-1, *[1] * (new.ndim - 1)), new, old))

            self.best = map_arrays(pick, model, self.best)
        self.value = np.where(better, value, self.value)[()]
        self.waited = np.where(better, 0, self.waited + 1)
        return self.tired

    @property
    def tired(self) -> bool:
        """Whether every net has waited for as many looks as `patience` allows."""
        return self.patience is not None and bool(np.all(self.waited >= self.patience))
