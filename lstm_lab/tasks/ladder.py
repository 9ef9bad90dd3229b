"""The repair ladder: four small tasks on which smaller cells than the LSTM fail.

They are meant for a net with one memory unit. Nobody published them in this form. What they
ask for is what its authors gave as reasons for each part: constant error flow and the
conflicts about input and output weights (Hochreiter & Schmidhuber 1997, sections 3 and 4),
streams without a reset (Gers, Schmidhuber & Cummins 2000).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_lab.tasks.base import Task, at_least
from lstm_lab.tasks.counting import count_since_reset

__all__ = ["LADDER", "answer_when_asked", "cued_value", "explained", "running_sum"]


@dataclass(frozen=True)
class RunningSum(Task):
    """What is the sum so far?"""

    scale: float = 5.0

    def _draw(self, batch: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        x = rng.choice([-1.0, 1.0], size=(self.T, batch, 1))
        return x, x.cumsum(axis=0) / self.scale

    def _right(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        return (np.abs(pred - y) < 0.5 / self.scale)[..., 0]


def running_sum(T: int = 50) -> RunningSum:
    """Add up steps of +1 and -1; the sum so far, divided by 5, is asked at every step.

    Asks for a state that what was stored before neither leaks out of nor grows in. A
    sequence is right if every answer rounds to the right sum.

    The baseline is always saying 0; its error is the variance, (T + 1) / 2 / 25.

    Examples
    --------
    >>> x, y = running_sum(T=6).sample(1, np.random.default_rng(0))
    >>> for row in x, y * 5:
    ...     print(row[:, 0, 0].astype(int))
    [ 1  1  1 -1 -1 -1]
    [1 2 3 2 1 0]

    References
    ----------
    After Hochreiter & Schmidhuber (1997), section 3.2: constant error flow.
    """
    at_least("T", T, 1)
    scale = 5.0
    return RunningSum(
        name="running sum",
        T=T,
        inputs=1,
        outputs=1,
        loss="mse",
        readout="every",
        baseline=(T + 1) / 2 / scale**2,
        paper="after Hochreiter & Schmidhuber 1997",
        scale=scale,
    )


@dataclass(frozen=True)
class CuedValue(Task):
    """Which sign was marked, in a stream of noise?"""

    def _draw(self, batch: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        row = np.arange(batch)
        at = rng.integers(0, cue_places(self.T), batch)
        y = rng.choice([-1.0, 1.0], size=batch)
        x = np.zeros((self.T, batch, 2))
        x[..., 0] = rng.normal(size=(self.T, batch))
        x[at, row] = np.stack([y, np.ones(batch)], axis=-1)
        return x, y[:, None]

    def _right(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        return (np.abs(pred - y) < 0.5)[..., 0]


def cue_places(T: int) -> int:
    """How many places the cue may take: the first third."""
    return max(1, T // 3)


def cued_value(T: int = 30) -> CuedValue:
    """Keep the one value that is marked, +1 or -1, among noise from N(0, 1).

    Inputs are a value and a cue, which is 1 at one of the first T // 3 steps, 0 elsewhere.
    The same weight must let the marked value in and keep the others out: the *input weight
    conflict*. The answer is asked after the last step, and right within 0.5.

    The baseline is always saying 0: an error of 1.

    Examples
    --------
    >>> x, y = cued_value(T=6).sample(1, np.random.default_rng(0))
    >>> x[:, 0].round(1)
    array([[-0.1,  0. ],
           [ 1. ,  1. ],
           [ 0.1,  0. ],
           [-0.5,  0. ],
           [ 0.4,  0. ],
           [ 1.3,  0. ]])
    >>> y
    array([[1.]])

    References
    ----------
    After Hochreiter & Schmidhuber (1997), section 3.2: input weight conflict.
    """
    at_least("T", T, 1)
    return CuedValue(
        name="cued value",
        T=T,
        inputs=2,
        outputs=1,
        loss="mse",
        readout="last",
        baseline=1.0,
        paper="after Hochreiter & Schmidhuber 1997",
    )


@dataclass(frozen=True)
class AnswerWhenAsked(Task):
    """Which sign came first? Say it when asked, else say 0."""

    ask: float = 0.2

    def _draw(self, batch: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        sign = rng.choice([-1.0, 1.0], size=batch)
        asked = (rng.random((self.T, batch)) < self.ask).astype(float)
        asked[0] = 0
        x = np.zeros((self.T, batch, 2))
        x[0, :, 0] = sign
        x[..., 1] = asked
        return x, (asked * sign)[..., None]

    def _right(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        return (np.abs(pred - y) < 0.5)[..., 0]


def answer_when_asked(T: int = 30, ask: float = 0.2) -> AnswerWhenAsked:
    """Remember the first value, +1 or -1; say it at each step with a question, else say 0.

    Inputs are the value (0 after the first step) and the question, up at later steps with
    probability `ask`. What is stored must be shown now and hidden the step after: the
    *output weight conflict*. A sequence is right if all T answers are within 0.5.

    The baseline is always saying 0; its error is the share of questions.

    Examples
    --------
    >>> x, y = answer_when_asked(T=8).sample(1, np.random.default_rng(3))
    >>> for row in x[:, 0, 0], x[:, 0, 1], y[:, 0, 0]:
    ...     print(row.astype(int))
    [1 0 0 0 0 0 0 0]
    [0 0 0 1 0 0 1 0]
    [0 0 0 1 0 0 1 0]

    References
    ----------
    After Hochreiter & Schmidhuber (1997), section 3.2: output weight conflict.
    """
    at_least("T", T, 2)
    return AnswerWhenAsked(
        name="answer when asked",
        T=T,
        inputs=2,
        outputs=1,
        loss="mse",
        readout="every",
        baseline=ask * (T - 1) / T,
        paper="after Hochreiter & Schmidhuber 1997",
        ask=ask,
    )


LADDER: dict[str, Task] = {
    "sum": running_sum(50),
    "cue": cued_value(30),
    "ask": answer_when_asked(30),
    "count": count_since_reset(100),
}
"""The four tasks at the lengths at which `training.ladder` trains them."""


def explained(task: Task, pred: np.ndarray, y: np.ndarray) -> Any:
    """Return the share of the baseline's error that is gone: 1 - error / baseline.

    Parameters
    ----------
    task : Task
        With the loss ``"mse"``.
    pred, y : ndarray
        As `task.sample` shapes y; with a seed dimension the result has one number a net.

    Examples
    --------
    >>> x, y = cued_value().sample(4, np.random.default_rng(0))
    >>> float(explained(task=cued_value(), pred=0.5 * y, y=y))
    0.75
    """
    error = (pred - y) ** 2
    lead = 1 if task.readout == "every" else 0
    if error.ndim == lead + 3:  # with a seed dimension
        return 1 - error.mean(axis=tuple(n for n in range(error.ndim) if n != lead)) / task.baseline
    return 1 - error.mean() / task.baseline
