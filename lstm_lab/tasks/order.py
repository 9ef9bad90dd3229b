"""Temporal order (Hochreiter & Schmidhuber 1997, experiments 6a and 6b)."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.tasks.base import Task, at_least, one_hot

__all__ = ["TemporalOrder", "temporal_order"]

START, STOP, X, Y = 0, 1, 6, 7  # 2 … 5 are the distractors a, b, c, d
TOLERANCE = 0.3
MEAN_ERROR = 0.1


@dataclass(frozen=True)
class TemporalOrder(Task):
    """Which of X and Y came first, second (third)?"""

    windows: tuple[tuple[int, int], ...] = ()

    def _draw(self, batch: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        length = int(rng.integers(self.T, self.T + self.T // 10 + 1))
        symbols = rng.integers(2, 6, size=(length, batch))
        symbols[0], symbols[-1] = START, STOP
        y = np.zeros(batch, int)
        for low, high in self.windows:
            is_y = rng.integers(0, 2, batch)
            symbols[rng.integers(low, high + 1, batch), np.arange(batch)] = X + is_y
            y = 2 * y + is_y  # X, X is class 0; Y, Y is the last
        return one_hot(symbols, 8), y

    def _right(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        return self._off(pred, y).max(axis=-1) < TOLERANCE

    def error(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        return self._off(pred, y).mean(axis=-1)

    def close_enough(self, mean_error: np.ndarray) -> np.ndarray:
        return mean_error < MEAN_ERROR

    def _off(self, logits: np.ndarray, y: np.ndarray) -> np.ndarray:
        """How far each class's probability is from what it should be."""
        p = np.exp(logits - logits.max(axis=-1, keepdims=True))
        p /= p.sum(axis=-1, keepdims=True)
        return np.abs(p - one_hot(y, self.outputs))


def temporal_order(relevant: int = 2, T: int = 100) -> TemporalOrder:
    """Classify a stream by the order of the X and Y that stand among its distractors.

    Eight symbols: E starts, B ends, a to d distract, and at `relevant` places stands X or
    Y by a coin. Two relevant symbols (experiment 6a) make 4 classes: XX, XY, YX, YY; three
    (6b) make 8. At T = 100 the places are 10–20 and 50–60, or 10–20, 33–43 and 66–76; other
    T scale them. The length varies from T to 1.1 T.

    A sequence is right if every class's probability is within 0.3 of its 0 or 1; solved:
    2,000 in a row, with a mean error below 0.1.

    The baseline is guessing among the classes, ln 4 or ln 8.

    Examples
    --------
    >>> task = temporal_order(2)
    >>> x, y = task.sample(4, np.random.default_rng(0))
    >>> x.shape, y, round(task.baseline, 3)
    ((109, 4, 8), array([2, 0, 2, 2]), 1.386)

    References
    ----------
    Hochreiter & Schmidhuber (1997), Long short-term memory, experiments 6a and 6b.
    """
    places = {2: ((10, 20), (50, 60)), 3: ((10, 20), (33, 43), (66, 76))}
    if relevant not in places:
        raise UserError(
            _("relevant: expected 2 (experiment 6a) or 3 (6b), found {relevant}").format(
                relevant=relevant
            )
        )
    at_least("T", T, 20)  # below, two windows would meet
    return TemporalOrder(
        name="temporal order",
        T=T,
        inputs=8,
        outputs=2**relevant,
        loss="cross_entropy",
        readout="last",
        baseline=relevant * log(2),
        paper=f"Hochreiter & Schmidhuber 1997, experiment 6{'ab'[relevant - 2]}",
        windows=tuple((low * T // 100, high * T // 100) for low, high in places[relevant]),
    )
