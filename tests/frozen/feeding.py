"""Hand a wrong answer to the graded tests of an exercise, and hear what they say."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np

from lstm_lab.grading import Feedback, Result
from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.runner.record import Asked
from lstm_lab.grading.runner.run import generator, load_solution
from tests.frozen.cases import Frozen


class Answering:
    """A submission that answers as the solution does, but for one call of each test."""

    last = None

    def __init__(self, solution: Any, call: int, change: Callable[[Any], Any]) -> None:
        self.solution, self.at, self.change = solution, call, change
        self.asked: list[Asked] = []
        self.right: Any = None

    def call(self, name: str, *args: Any, **kwargs: Any) -> Result:
        self.asked.append(Asked.of({"op": "call", "name": name}, args, kwargs))
        result = self.solution.call(name, *args, **kwargs)
        if len(self.asked) - 1 == self.at:
            self.right = result.value
            result = replace(result, value=self.change(result.value))
        return result


class Feeding:
    """The graded tests of an exercise, to be fed with one wrong answer after the other."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.solution = load_solution(exercise)

    @cached_property
    def module(self) -> ModuleType:
        spec = importlib.util.spec_from_file_location(self.exercise.tests.stem, self.exercise.tests)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    def run(self, test: str, submission: Any) -> dict[str, str] | None:
        """Run one test; return what a learner would be told, None if it passes."""
        rng = generator(self.exercise.lesson.seed, test)
        try:
            getattr(self.module, test)(submission, self.solution.for_test(test), rng)
        except Feedback as feedback:
            return feedback.said
        return None

    def said(self, one: Frozen, spoil: bool = False) -> dict[str, str] | None:
        """Return what is said of a frozen answer; LookupError if the test asks otherwise now."""

        def change(right: Any) -> Any:
            answer = one.value if one.part is None else put(right, one.part, one.value)
            return with_another_spoilt(answer, one) if spoil else answer

        if not hasattr(self.module, one.case.test):
            raise LookupError(f"there is no {one.case.test}")
        submission = Answering(self.solution, one.case.call, change)
        said = self.run(one.case.test, submission)
        asked = submission.asked[one.case.call : one.case.call + 1]
        if not asked or not asked[0].like(one.case.asked):
            raise LookupError(f"{one.case.test}: call {one.case.call} asks for something else")
        return said


def put(whole: Any, way: tuple[int | str, ...], value: Any) -> Any:
    """Return the whole with one of its parts replaced."""
    if not way:
        return value
    first, *rest = way
    if isinstance(whole, dict):
        return {**whole, first: put(whole[str(first)], tuple(rest), value)}
    parts = list(whole)
    parts[int(first)] = put(parts[int(first)], tuple(rest), value)
    return type(whole)(parts)


def with_another_spoilt(answer: Any, one: Frozen) -> Any:
    """Return the answer with the output behind the wrong one made wrong as well."""
    assert one.part is not None
    other = (int(one.part[0]) + 1) % one.outputs
    return put(answer, (other,), spoilt(answer[other]))


def spoilt(value: Any) -> Any:
    """Return a value of the same form that no mistake gives."""
    if isinstance(value, list | tuple):
        return type(value)([spoilt(part) for part in value])
    if isinstance(value, dict):
        return {key: spoilt(part) for key, part in value.items()}
    if isinstance(value, bool | np.bool_):
        return not value
    if isinstance(value, int):
        return value + 1009
    if isinstance(value, np.ndarray) and value.dtype.kind == "b":
        return ~value
    if isinstance(value, np.ndarray):
        kind = value.dtype
        return (value + (0.37 + 0.01 * np.arange(value.size).reshape(value.shape))).astype(kind)
    return value + 0.37
