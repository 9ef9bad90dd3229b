"""Grade single submissions from Python: what the batch, the build and the tests stand on."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.record import Row
from lstm_lab.grading.runner.helper import Helper, HelperLost
from lstm_lab.grading.sources import Document
from lstm_lab.i18n import gettext as _

__all__ = ["Graded", "Grader"]


@dataclass(frozen=True)
class Graded:
    """What grading gave.

    Attributes
    ----------
    rows : list of dict
        One a test: test, task, title, points, earned, status, said, stdout.
    facts : dict
        found, problems, stopped, level, seconds, used.
    """

    rows: list[Row]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def earned(self) -> float:
        """The points reached."""
        return sum(one["earned"] for one in self.rows)

    @property
    def points(self) -> float:
        """The points there are."""
        return sum(one["points"] for one in self.rows)

    @property
    def first(self) -> dict[str, str] | None:
        """The first failing message, in both languages."""
        return next((one["said"] for one in self.rows if one["said"]), None)


PATIENCE = 120.0
"""Seconds for what is ours, tests and solution, beyond what a submission may take: a loaded
machine and torch's start need some; what takes longer hangs, and must not hold up a class."""


class Grader:
    """Grades submissions one after the other, each in a process of its own.

    Parameters
    ----------
    key : bytes
        The instructor's key, from which inputs are drawn.
    layers : iterable of str, optional
        Use only these layers of isolation; by default all that hold on this machine.

    Examples
    --------
    >>> from lstm_lab.grading.exercises import find_exercise
    >>> with Grader() as grader:  # doctest: +SKIP
    ...     grader.grade(find_exercise("01"), document).earned
    10
    """

    def __init__(self, key: bytes = b"", layers: Iterable[str] | None = None) -> None:
        self.key = key
        self.layers = None if layers is None else sorted(layers)
        self._helper: Helper | None = None

    def __enter__(self) -> Grader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def warm(self, exercises: list[Exercise]) -> None:
        """Have the tests of these exercises loaded ahead."""
        if self._helper is None:
            self._helper = Helper()
        self._helper.send(
            {
                "op": "warm",
                "exercises": [one.slug for one in exercises],
                "root": str(exercises[0].root),
                "key": self.key.hex(),
                "layers": self.layers,
            }
        )

    def grade(self, exercise: Exercise, document: Document, task: str | None = None) -> Graded:
        """Grade one submission, or one task of it.

        Raises
        ------
        UserError
            The tests or the solution of the exercise do not load, or there are no rows.
        HelperLost
            The grading process ended, failed at this submission, or did not answer in all the
            time that it could need; the next call has another.
        """
        facts, rows = self._ask("grade", exercise, document.wire(), task)
        return graded(exercise, facts, rows, task)

    def record(self, exercise: Exercise) -> tuple[Graded, bytes]:
        """Grade the solution; also return the record of its answers, for a handout.

        Raises as `grade` does.
        """
        facts, body = self._ask("record", exercise)
        found = graded(exercise, facts, body[0] if body else None)
        return found, body[1].tobytes()

    def _ask(
        self, op: str, exercise: Exercise, body: Any = None, task: str | None = None
    ) -> tuple[dict[str, Any], Any]:
        if self._helper is None:
            self.warm([exercise])
        assert self._helper is not None
        # with a key, what failed is run a second time; each start of a process may take a while
        until = time.monotonic() + 4 * exercise.seconds + PATIENCE
        try:
            self._helper.send(
                {
                    "op": op,
                    "exercises": [exercise.slug],
                    "root": str(exercise.root),
                    "torch": exercise.torch,
                    "task": task,
                },
                body,
                until,
            )
            return self._helper.receive(until)
        except BaseException:  # also Ctrl-C: what is half said cannot be taken up again
            self._helper.kill()
            self._helper = None
            raise

    def close(self) -> None:
        """End the helper process."""
        if self._helper is not None:
            self._helper.close()
            self._helper = None


def graded(exercise: Exercise, facts: dict[str, Any], rows: Any, task: str | None = None) -> Graded:
    """Return what came from a helper; failure and "no rows" are errors, never a pass."""
    if facts["op"] == "failed" and not facts["course"]:
        raise HelperLost(facts["text"])
    if facts["op"] == "failed":
        raise UserError(
            _("The graded tests of exercise {number} cannot be loaded: {text}").format(
                number=exercise.number, text=facts["text"]
            )
        )
    if not rows:
        raise UserError(
            _("No test of exercise {number} ran{of}, so there is no result.").format(
                number=exercise.number, of=f" ({task})" if task else ""
            )
        )
    return Graded(rows, facts)
