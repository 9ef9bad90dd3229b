"""Judge a task by what it learns: its error on what was held out, against a baseline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from lstm_lab.grading.messages.closeness import as_array
from lstm_lab.grading.messages.feedback import Private, Said, fail, say
from lstm_lab.grading.messages.form import check_form, parts_of
from lstm_lab.grading.messages.words import describe, trouble_said
from lstm_lab.grading.result import Result

__all__ = ["WeakMargin", "judge_training", "mean_squared_error", "value_of"]

Program = Callable[[Any, int, int], tuple[Any, Result]]
Error = Callable[[np.ndarray, np.ndarray], float]


class WeakMargin(Exception):
    """Our own training does not pass at half the budget: the exercise is wrong."""


def mean_squared_error(found: np.ndarray, wanted: np.ndarray) -> float:
    """Return the mean of the squared differences."""
    return float(np.mean((found - wanted) ** 2))


def value_of(got: Result, names: Sequence[str] = ()) -> Any:
    """Return what a call gave, or raise its trouble as `Feedback`.

    Parameters
    ----------
    got : Result
    names : sequence of str, optional
        What the learner calls its parts: then it must be as many things.
    """
    if got.error is not None:
        said = trouble_said(got.name, got.error)
        fail(said)
    if names:
        parts_of(got.value, [None] * len(names), names, got.name)
    elif got.value is None:
        fail(say("{name} returned None: does it end in a return?", name=got.name))
    return got.value


def judge_training(
    program: Program,
    submission: Any,
    solution: Any,
    *,
    held_out: np.ndarray,
    baseline: Any,
    updates: int,
    margin: float = 0.5,
    seeds: Sequence[int] = (0, 1, 2),
    error: Error = mean_squared_error,
    decoy: np.ndarray | None = None,
) -> None:
    """Pass if training within a budget of updates beats a baseline by a margin.

    What is held out never leaves the trusted side, so only predictions can be judged. Training is
    not repeated. The solution trains too, at half the budget and with each of the seeds: it must
    pass, or the margin is too narrow. Its errors are kept, and stand on record in a handout.

    Parameters
    ----------
    program : callable
        ``program(who, updates, seed)`` trains and predicts by calls to `who` (submission or
        solution); returns the losses, one an update, and the `Result` of predicting.
    submission, solution : Submission, Reference
    held_out : ndarray
        What should have been predicted.
    baseline : array_like
        What is predicted without learning, as a number or an array that broadcasts.
    updates : int
        The budget.
    margin : float
        The error must be below this share of the baseline's.
    seeds : sequence of int
        For the solution; the submission gets the first.
    error : callable
        ``error(found, wanted)``, by default the mean squared error.
    decoy : ndarray, optional
        False targets that were sent in place of the held-out ones: who predicts these has
        trained on them.

    Raises
    ------
    Feedback
        The symptom, with both errors.
    WeakMargin
        The solution does not pass at half the budget.
    """
    wanted = np.asarray(held_out)
    start = error(np.broadcast_to(np.asarray(baseline, np.float64), wanted.shape), wanted)
    bar = margin * start

    def ours(who: Any) -> list[float]:
        found = [program(who, updates // 2, seed)[1].value for seed in seeds]
        return [error(np.asarray(as_array(one), np.float64), wanted) for one in found]

    about = (wanted, start, updates, list(seeds), margin)
    worst = max(solution.measured("training", about, ours))
    if not worst < bar:
        raise WeakMargin(f"at half the budget our error is {worst:.4g}, the bar {bar:.4g}")
    losses, got = program(submission, updates, seeds[0])
    _check_losses(losses, updates)
    predicted = value_of(got)
    name = got.name
    array = as_array(predicted)
    if array is not None and array.shape == wanted.shape and not np.isfinite(array).all():
        fail(_diverged(name))
    check_form(name, predicted, wanted.astype(np.float64), got)
    if array is None:
        fail(say("{name} is not what was asked for.", name=name))
    reached = error(array.astype(np.float64), wanted)
    facts = {
        "reached": Private(f"{reached:.3g}"),
        "start": Private(f"{start:.3g}"),
        "bar": Private(f"{bar:.3g}"),
    }
    if reached < bar:
        return
    if decoy is not None and error(array.astype(np.float64), np.asarray(decoy)) < bar:
        fail(
            say(
                "What {name} predicts fits the targets of the part that was held out as they were "
                "sent, and those were false: train on the training part alone.",
                name=name,
            )
        )
    if not reached < start:
        fail(
            say(
                "Held-out error {reached}: no better than the baseline, {start}, which learns "
                "nothing. Asked for: below {bar}. Do the losses fall? Are weights that were "
                "trained the ones that predict?",
                **facts,
            )
        )
    fail(
        say(
            "Held-out error {reached}: better than the baseline, {start}, but it must be below "
            "{bar} within {updates} updates; half of them are enough for ours.",
            **facts,
            updates=updates,
        )
    )


def _diverged(name: str) -> Said:
    return say(
        "{name} holds nan or inf: training diverged. Is the learning rate too large, the sign of "
        "the step turned, or clipping missing?",
        name=name,
    )


def _check_losses(losses: Any, updates: int) -> None:
    array = as_array(losses)
    if array is None or array.ndim != 1:
        fail(
            say(
                "The losses should be one number an update, but are {found}.",
                found=Private(describe(losses)),
            )
        )
    if len(array) > updates:
        fail(
            say(
                "{n} updates were made, the budget is {updates}.",
                n=Private(len(array), say("More")),
                updates=updates,
            )
        )
    if not np.isfinite(array).all():
        fail(_diverged(f"losses[{int(np.argmin(np.isfinite(array)))}]"))
