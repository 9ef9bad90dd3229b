"""Recall over a long silence: the long time lag of 1997, and the copy task."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from lstm_lab.tasks.base import Task, at_least, one_hot

__all__ = ["Copy", "LongLag", "copy_task", "long_lag"]


@dataclass(frozen=True)
class LongLag(Task):
    """Predict the next symbol of y a₁ … a_{p−1} y or of x a₁ … a_{p−1} x."""

    def _draw(self, batch: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        p = self.T
        symbols = np.empty((p + 1, batch), int)
        symbols[1:p] = np.arange(p - 1)[:, None]
        symbols[0] = symbols[p] = p - 1 + rng.integers(0, 2, batch)
        return one_hot(symbols[:-1], p + 1), symbols[1:]

    def _right(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        p = np.exp(pred - pred.max(axis=-1, keepdims=True))
        p /= p.sum(axis=-1, keepdims=True)
        return np.abs(p - one_hot(y, self.outputs)).max(axis=-1) < 0.25


def long_lag(p: int = 100) -> LongLag:
    """Predict every next symbol of two sequences that differ in their first and last alone.

    The two are ``y a₁ a₂ … a_{p−1} y`` and ``x a₁ a₂ … a_{p−1} x``, a coin each time; all
    but the last symbol can be learnt by heart, the last needs the first, p steps before.

    A sequence is right if, at every step, every symbol's probability is within 0.25 of its
    0 or 1; solved: 10,000 in a row.

    The baseline knows everything but the last symbol: ln 2 / p a step.

    Examples
    --------
    >>> x, y = long_lag(3).sample(1, np.random.default_rng(0))
    >>> x[:, 0].argmax(axis=-1), y[:, 0]
    (array([3, 0, 1]), array([0, 1, 3]))

    References
    ----------
    Hochreiter & Schmidhuber (1997), Long short-term memory, experiment 2a.
    """
    at_least("p", p, 2)
    return LongLag(
        name="long lag",
        T=p,
        inputs=p + 1,
        outputs=p + 1,
        loss="cross_entropy",
        readout="every",
        baseline=log(2) / p,
        paper="Hochreiter & Schmidhuber 1997, experiment 2a",
        streak=10_000,
    )


@dataclass(frozen=True)
class Copy(Task):
    """Say again, after a silence, what was said at the beginning."""

    symbols: int = 8
    count: int = 10

    def _draw(self, batch: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        blank, go = self.symbols, self.symbols + 1
        said = rng.integers(0, self.symbols, size=(self.count, batch))
        x = np.full((self.T, batch), blank)
        x[: self.count] = said
        x[-self.count - 1] = go
        y = np.full((self.T, batch), blank)
        y[-self.count :] = said
        return one_hot(x, self.inputs), y


def copy_task(delay: int = 50, symbols: int = 8, count: int = 10) -> Copy:
    """Hear `count` symbols, wait, and say them again in order.

    First the symbols, then ``delay − 1`` blanks, a signal to speak, and `count` blanks
    during which the symbols are due; before, the right answer is blank. T is
    ``delay + 2 · count``. A sequence is right if all T answers are.

    The baseline says blank in time and then guesses: ``count · ln(symbols) / T`` a step.

    Examples
    --------
    >>> task = copy_task(delay=2, count=3)
    >>> x, y = task.sample(1, np.random.default_rng(0))
    >>> x[:, 0].argmax(axis=-1)
    array([6, 5, 4, 8, 9, 8, 8, 8])
    >>> y[:, 0]
    array([8, 8, 8, 8, 8, 6, 5, 4])

    References
    ----------
    Hochreiter & Schmidhuber (1997) for the idea; this form Arjovsky, Shah & Bengio (2016),
    Unitary evolution recurrent neural networks.
    """
    at_least("delay", delay, 1)
    at_least("symbols", symbols, 2)
    at_least("count", count, 1)
    T = delay + 2 * count
    return Copy(
        name="copy",
        T=T,
        inputs=symbols + 2,
        outputs=symbols + 1,
        loss="cross_entropy",
        readout="every",
        baseline=count * log(symbols) / T,
        paper="Arjovsky, Shah & Bengio 2016",
        symbols=symbols,
        count=count,
    )
