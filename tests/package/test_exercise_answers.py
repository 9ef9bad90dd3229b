"""Every mutant of an exercise is rejected with the right words; every other right way passes.

`MUTANTS` and `ALSO_RIGHT` stand beside the solution, in ``lessons/SLUG/mistakes.py``; a right
way is what stands between the markers, or the whole cell.
"""

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from types import ModuleType

import pytest

from lstm_lab.course.gate import MUTANTS_AT_LEAST
from lstm_lab.grading import Feedback
from lstm_lab.grading.exercises import Exercise, list_exercises
from lstm_lab.grading.mutants import load_mutants, mutate, with_body
from lstm_lab.grading.runner.run import Run
from lstm_lab.grading.sources import Document


def load(path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def graded_tests(exercise: Exercise) -> list:
    found = [t for name, t in vars(load(exercise.tests)).items() if name.startswith("test_")]
    return [(t, next(m for m in t.pytestmark if m.name == "points")) for t in found]


@pytest.fixture(scope="module")
def runs() -> Iterator[dict[str, Run]]:
    open_runs: dict[str, Run] = {}
    yield open_runs
    for run in open_runs.values():
        run.close()


def complaints(
    runs, exercise: Exercise, document: Document, task: str
) -> list[tuple[str, dict[str, str]]]:
    """Return (test, what a learner is told), in order, by the tests of one task."""
    if exercise.number not in runs:
        runs[exercise.number] = Run(exercise)
    run = runs[exercise.number]
    run.begin(document)
    said = []
    for test, mark in graded_tests(exercise):
        if mark.kwargs["task"] != task:
            continue
        try:
            run.enter(task)
            name = test.__name__
            test(run.submission(), run.solution.for_test(name), run.rng(name))
        except Feedback as feedback:
            said.append((name, feedback.said))
        run.leave(task)
    return said


MUTANTS = [(one, mutant) for one in list_exercises() for mutant in load_mutants(one)]
ALSO_RIGHT = [
    (one, task, code)
    for one in list_exercises()
    if one.mutants_path.is_file()
    for task, codes in getattr(load(one.mutants_path), "ALSO_RIGHT", {}).items()
    for code in codes
]


@pytest.mark.parametrize(
    ("exercise", "mutant"), MUTANTS, ids=[f"{one.number}-{m.name}" for one, m in MUTANTS]
)
def test_mutant_is_rejected_and_told_why(runs, exercise, mutant):
    said = complaints(runs, exercise, mutate(exercise.solution, mutant), mutant.task)
    assert said, "it survives"
    first = next(words for test, words in said if mutant.test in (None, test))
    for lang, fragment in mutant.tells.items():
        assert fragment in first[lang]


@pytest.mark.parametrize(
    ("exercise", "task", "code"),
    ALSO_RIGHT,
    ids=[f"{one.number}-{task}-{n}" for n, (one, task, _code) in enumerate(ALSO_RIGHT)],
)
def test_another_right_way_gets_full_marks(runs, exercise, task, code):
    right = exercise.solution
    whole = f"\ndef {task}(" in code  # or what stands between the markers
    cells = tuple(
        replace(c, source=code if whole else with_body(c.source, code)) if c.name == task else c
        for c in right.cells
    )
    assert complaints(runs, exercise, replace(right, cells=cells), task) == []


@pytest.mark.parametrize("exercise", list_exercises(), ids=lambda one: one.number)
def test_every_task_has_mutants_and_other_right_ways(exercise):
    assert len(load_mutants(exercise)) >= MUTANTS_AT_LEAST
    assert {m.task for m in load_mutants(exercise)} == set(exercise.tasks)
    assert set(load(exercise.mutants_path).ALSO_RIGHT) == set(exercise.tasks)
