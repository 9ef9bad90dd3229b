"""The success rule of 1997 while training: so many sequences right in a row."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_lab.tasks.base import Task

__all__ = ["Streak"]


class Streak:
    """Count right sequences in a row, for one net or for each of S.

    Every sequence is fresh, so training sequences serve as tests: each is judged before
    its weights are changed by it.

    Parameters
    ----------
    task : Task
        Says what is right, how long the streak must be and how small the mean error.

    Attributes
    ----------
    seen : int
        Sequences so far (per net).
    length : ndarray of int, shape (S,)
        How many were right at the end of what was seen.
    solved_at : ndarray of float, shape (S,)
        `seen` when the rule was met; NaN until then.

    Examples
    --------
    >>> from lstm_lab.tasks import adding
    >>> streak, y = Streak(adding(10)), np.zeros((1500, 1))
    >>> for _n in range(2):
    ...     done = streak.update(y + 0.001, y)
    >>> bool(done), streak.solved_at
    (True, array([2000.]))
    """

    def __init__(self, task: Task) -> None:
        self.task = task
        self.seen = 0
        self.length = np.zeros(0, int)
        self.solved_at = np.zeros(0)
        self._errors = np.zeros((0, 0))

    def update(self, pred: np.ndarray, y: np.ndarray) -> bool:
        """Judge the sequences of one batch in their order; True once every net is done."""
        correct = np.atleast_2d(self.task.correct(pred, y))  # (S, B)
        nets, batch = correct.shape
        if not self.seen:
            self.length = np.zeros(nets, int)
            self.solved_at = np.full(nets, np.nan)
            self._errors = np.zeros((nets, self.task.streak))
        if not correct.any():  # the usual case for long, and made cheap
            self.length[:] = 0
            self.seen += batch
            return not np.isnan(self.solved_at).any()
        wanted = self.task.streak
        error = np.atleast_2d(self.task.error(pred, y))
        # a ring of the latest errors; it is read only after `wanted` right ones in a row,
        # and has been filled by these
        places = np.arange(self.seen, self.seen + batch) % wanted
        self._errors[:, places[-wanted:]] = error[:, -wanted:]
        lengths = _running(correct, self.length)
        reached = lengths >= wanted
        if reached.any():
            first = reached.argmax(axis=1)
            close = self.task.close_enough(self._errors.mean(axis=1))
            new = reached.any(axis=1) & close & np.isnan(self.solved_at)
            self.solved_at[new] = self.seen + 1 + first[new]
        self.length = lengths[:, -1]
        self.seen += batch
        return not np.isnan(self.solved_at).any()

    def state(self) -> dict[str, Any]:
        """Return all that it remembers, for a checkpoint."""
        return {name: value for name, value in vars(self).items() if name != "task"}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a `state`."""
        vars(self).update(state)


def _running(correct: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Length of the streak after each sequence, (S, B)."""
    n = np.arange(1, correct.shape[1] + 1)
    last_wrong = np.maximum.accumulate(np.where(correct, 0, n), axis=1)
    return n - last_wrong + np.where(last_wrong == 0, before[:, None], 0)
