"""The graded tests of an exercise in this process, for many answers one after the other."""

from __future__ import annotations

import importlib.util
import itertools
from collections.abc import Callable
from types import ModuleType
from typing import Any

from lstm_lab.grading import Feedback
from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.runner.reference import Local, Reference
from lstm_lab.grading.runner.run import generator
from lstm_lab.grading.runner.submission import Submission
from lstm_lab.grading.worker.codec import encode
from lstm_lab.grading.worker.host import Host

__all__ = ["FirstRight", "GradedTests", "answers_of", "module_of"]

Namespace = dict[str, Any]


class FirstRight:
    """Answers as one namespace for the first few cases, and as another from then on.

    A case asked for again is answered as before.
    """

    def __init__(self, right: Namespace, wrong: Namespace, cases: int, torch: bool) -> None:
        self.right, self.wrong = (Local(Host(lambda n=n: n, tensors=torch)) for n in (right, wrong))
        self.cases = cases
        self.seen: dict[bytes, int] = {}

    def call(self, message: Any, args: Any, kwargs: Any) -> Any:
        asked = {key: message[key] for key in ("op", "name") if key in message}
        place = self.seen.setdefault(encode((asked, args, kwargs)), len(self.seen))
        return (self.right if place < self.cases else self.wrong).call(message, args, kwargs)

    def repeat(self, number: int, message: Any) -> None:
        return None


def answers_of(namespace: Namespace, torch: bool = False) -> FirstRight:
    """Return what answers from one namespace."""
    return FirstRight(namespace, namespace, 0, torch)


def module_of(exercise: Exercise) -> ModuleType:
    """Load the graded tests."""
    spec = importlib.util.spec_from_file_location(f"graded_{exercise.slug}", exercise.tests)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class GradedTests:
    """What the tests of an exercise say, by the solution or by a record of it."""

    def __init__(self, exercise: Exercise, reference: Reference) -> None:
        self.exercise, self.reference = exercise, reference
        self.module = module_of(exercise)

    def of(self, task: str) -> list[str]:
        """Return the names of the tests of a task."""
        return [
            name
            for name, one in vars(self.module).items()
            for mark in getattr(one, "pytestmark", [])
            if mark.kwargs.get("task") == task
        ]

    def said(self, test: str, answers: FirstRight) -> dict[str, str] | None:
        """Run one test; return what a learner would be told, None if it passes."""
        self.reference.begin()
        limit = self.exercise.seconds_call
        submission = Submission(answers, limit, lambda: limit, self.reference.parameters)
        rng = generator(self.exercise.lesson.seed, test)
        try:
            getattr(self.module, test)(submission, self.reference.for_test(test), rng)
        except Feedback as told:
            return told.said
        return None

    def case_by_case(self, test: str, answers: Callable[[int], FirstRight]) -> list[dict[str, str]]:
        """Return what is said of the first wrong case, as one case after the other gets right."""
        said: list[dict[str, str]] = []
        for cases in itertools.count():
            told = self.said(test, answers(cases))
            if told is None or cases > 12:
                return said
            said.append(told)
        return said
