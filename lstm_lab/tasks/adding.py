"""Adding and multiplication (Hochreiter & Schmidhuber 1997, experiments 4 and 5)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lstm_lab.tasks.base import Task, at_least

__all__ = ["MarkedPair", "adding", "multiplication"]

TOLERANCE = 0.04  # on the absolute error, not on its square
MEAN_ERROR = 0.01


@dataclass(frozen=True)
class MarkedPair(Task):
    """A stream of numbers of which two are marked; the answer is asked at the end.

    Attributes
    ----------
    product : bool
        Multiply the two numbers instead of adding them.
    """

    product: bool = False

    def _draw(self, batch: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        length = int(rng.integers(self.T, self.T + self.T // 10 + 1))
        row = np.arange(batch)
        x = np.zeros((length, batch, 2))
        values, marks = x[..., 0], x[..., 1]
        values[:] = rng.uniform(0.0 if self.product else -1.0, 1.0, size=(length, batch))

        first = rng.integers(0, first_choices(self.T), batch)
        second = rng.integers(0, second_choices(self.T), batch)
        second += second >= first  # the first T/2 − 1 numbers that are still unmarked

        # a mark on the very first number would be overwritten by its −1, so that number
        # is made one that changes nothing
        values[0, (first == 0) | (second == 0)] = 1.0 if self.product else 0.0
        marks[first, row] = marks[second, row] = 1.0
        marks[0] = marks[-1] = -1.0

        a, b = values[first, row], values[second, row]
        y = a * b if self.product else 0.5 + (a + b) / 4
        return x, y[:, None]

    def _right(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        return (np.abs(pred - y) < TOLERANCE)[..., 0]

    def error(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        return np.abs(pred - y)[..., 0]

    def close_enough(self, mean_error: np.ndarray) -> np.ndarray:
        return mean_error < MEAN_ERROR


def first_choices(T: int) -> int:
    """How many places the first mark may take: the paper's 10, fewer in a short stream."""
    return min(10, T // 2)


def second_choices(T: int) -> int:
    """How many places are then left for the second mark."""
    return T // 2 - 1


def chance_of_first_number(T: int) -> float:
    """The probability that one of the two marks falls on the very first number."""
    n = first_choices(T)
    return 1 / n + (1 - 1 / n) / second_choices(T)


def adding(T: int = 100) -> MarkedPair:
    """Remember two marked numbers out of T and give their sum at the end.

    Inputs are pairs: a number from U(−1, 1), and a mark that is 1 at two places, −1 at the
    first and last step, 0 elsewhere. One mark is among the first ten steps, the other on
    one of the first T/2 − 1 that are still unmarked; the length varies from T to 1.1 T.
    The target is ``0.5 + (X₁ + X₂) / 4``, asked after the last step.

    A sequence is right if the absolute error is below 0.04; the task is solved when 2,000
    in a row are right with a mean absolute error below 0.01.

    The baseline is always saying 0.5. Its mean squared error is 1/24 = 0.0417, less what
    the first number takes away (a mark on it counts as X = 0): 0.0392 at T = 100.

    Parameters
    ----------
    T : int
        At least 4; the paper has 100, 500 and 1,000.

    Examples
    --------
    >>> task = adding(T=100)
    >>> x, y = task.sample(32, np.random.default_rng(0))
    >>> x.shape, y.shape, round(task.baseline, 4)
    ((109, 32, 2), (32, 1), 0.0392)

    References
    ----------
    Hochreiter & Schmidhuber (1997), Long short-term memory, experiment 4.
    """
    at_least("T", T, 4)
    return MarkedPair(
        name="adding",
        T=T,
        inputs=2,
        outputs=1,
        loss="mse",
        readout="last",
        baseline=(2 - chance_of_first_number(T)) / 48,  # each X has variance 1/3, over 16
        paper="Hochreiter & Schmidhuber 1997, experiment 4",
    )


def multiplication(T: int = 100) -> MarkedPair:
    """As `adding`, with numbers from U(0, 1) and their product as the target.

    So that the net cannot live on adding alone. A marked first number counts as 1. The
    paper stops at 140 and at 13 wrong sequences of the latest 2,000; `solved` asks for none.

    The baseline is always saying the mean: 7/144 = 0.0486, but for the marked first number.

    Examples
    --------
    >>> task = multiplication(T=100)
    >>> x, y = task.sample(1000, np.random.default_rng(0))
    >>> bool(0 < y.min() < y.max() < 1)
    True

    References
    ----------
    Hochreiter & Schmidhuber (1997), Long short-term memory, experiment 5.
    """
    at_least("T", T, 4)
    lone = chance_of_first_number(T)  # then the product is the other number alone
    mean = (1 - lone) / 4 + lone / 2
    mean_square = (1 - lone) / 9 + lone / 3
    return MarkedPair(
        name="multiplication",
        T=T,
        inputs=2,
        outputs=1,
        loss="mse",
        readout="last",
        baseline=mean_square - mean**2,
        paper="Hochreiter & Schmidhuber 1997, experiment 5",
        product=True,
    )
