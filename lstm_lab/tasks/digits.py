"""Random digits: nothing to learn, and the error that says so."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from lstm_lab.tasks.base import Task, at_least, one_hot

__all__ = ["RandomDigits", "random_digits"]


@dataclass(frozen=True)
class RandomDigits(Task):
    """Predict the next of digits that are drawn one by one."""

    floats: bool = False

    def _draw(self, batch: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        digits = rng.integers(0, 10, size=(self.T + 1, batch))
        if self.floats:
            return digits[:-1, :, None].astype(float), digits[1:, :, None].astype(float)
        return one_hot(digits[:-1], 10), digits[1:]

    def _right(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        if self.floats:
            return (np.abs(pred - y) < 0.5)[..., 0]
        return super()._right(pred, y)


def random_digits(T: int = 50, floats: bool = False) -> RandomDigits:
    """Predict the next digit of a random stream; no net can, and the floor is known.

    As classes nothing beats ln 10 = 2.303 nats; as numbers nothing beats a mean squared
    error of 8.25, by always saying 4.5. Who reports less has looked at the answers (or
    reports the error on what was learnt by heart). The baseline is this floor.

    Parameters
    ----------
    T : int
    floats : bool
        Digits as numbers with a squared error, instead of classes.

    Examples
    --------
    >>> random_digits(floats=True).baseline, round(random_digits().baseline, 3)
    (8.25, 2.303)
    """
    at_least("T", T, 1)
    return RandomDigits(
        name="random digits",
        T=T,
        inputs=1 if floats else 10,
        outputs=1 if floats else 10,
        loss="mse" if floats else "cross_entropy",
        readout="every",
        baseline=(10**2 - 1) / 12 if floats else log(10),
        paper="",
        floats=floats,
    )
