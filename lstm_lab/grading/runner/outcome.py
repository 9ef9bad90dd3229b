"""What came of a graded test: its status, and what the learner is told."""

from __future__ import annotations

import sys

import pytest

from lstm_lab.errors import UserError
from lstm_lab.grading.messages.feedback import Feedback, Said, hidden_version, say
from lstm_lab.grading.messages.training import WeakMargin
from lstm_lab.grading.messages.words import syntax_said, trouble_said
from lstm_lab.grading.runner.module import WrongRequest
from lstm_lab.grading.runner.plugin import POINTS
from lstm_lab.grading.runner.record import NotRecorded
from lstm_lab.grading.runner.reference import SolutionFailed
from lstm_lab.grading.runner.run import NotTried, Run

__all__ = ["Phases", "outcome", "safe_to_tell"]

Phases = dict[str, BaseException | None]


def outcome(run: Run, item: pytest.Item, phases: Phases) -> tuple[str, Said | None]:
    """Return the status and the sentence of a test that was run.

    Parameters
    ----------
    run : Run
    item : pytest.Item
    phases : dict
        What setup, call and teardown of the test raised, None for what went well.
    """
    error = _error(phases)
    if error is None:
        return "passed", None
    if isinstance(error, NotTried):
        return "not tried", error.said
    if isinstance(error, pytest.skip.Exception):
        return "not tried", {"en": str(error), "zh": str(error)}
    task = item.stash[POINTS]["task"]
    last = run.current.last if run.current else None
    trouble = last.error if last is not None else None
    if trouble is not None and trouble.kind == "missing":
        for problem in run.facts.get("problems", []):
            if problem.get("kind") == "syntax" and trouble.text in problem.get("tasks", []):
                return "failed", syntax_said(trouble.text, problem)
    if isinstance(error, Feedback):
        return "failed", error.said
    if isinstance(error, NotRecorded):
        return "error", error.said
    setup = phases.get("setup") or phases.get("teardown")
    ours = (SolutionFailed, WrongRequest, WeakMargin, UserError)
    if setup is not None or isinstance(error, ours) or last is None:
        print(f"{item.nodeid}: {error!r}", file=sys.stderr)
        return "error", say("The grader itself failed here; this is not about your answer.")
    if trouble is not None:
        return "failed", trouble_said(last.name, trouble)
    return "failed", say("What {task} returned could not be used by the test.", task=task)


def safe_to_tell(said: Said | None, phases: Phases) -> Said | None:
    """Return what may be told of a hidden case."""
    error = _error(phases)
    return error.hidden if isinstance(error, Feedback) else hidden_version(said)


def _error(phases: Phases) -> BaseException | None:
    return next((e for e in phases.values() if e is not None), None)
