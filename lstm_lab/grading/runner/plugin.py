"""The pytest plugin of the graded tests: their marker, options and fixtures.

Loaded in every test run of the project, it costs nothing until a test asks for `submission`
or `solution`; those come from `lstm_lab.grading.runner.run`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lstm_lab.document.points import Points
from lstm_lab.layout import LESSONS

if TYPE_CHECKING:
    import numpy as np

    from lstm_lab.grading.runner.faults import Faults
    from lstm_lab.grading.runner.reference import Reference
    from lstm_lab.grading.runner.run import Run
    from lstm_lab.grading.runner.submission import Submission

__all__ = ["POINTS"]

POINTS: pytest.StashKey[dict[str, Any]] = pytest.StashKey()
RUNS: pytest.StashKey[dict[str, Run]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --submission and --key."""
    group = parser.getgroup("graded tests")
    group.addoption(
        "--submission",
        metavar="PATH",
        help="notebook or Python file to grade (default: the solution itself)",
    )
    group.addoption(
        "--key", metavar="FILE", help="the instructor's key, from which the inputs are drawn"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        "points(n, task, en=None, zh=None): what a graded test is worth, and to which task",
    )
    config.stash[RUNS] = {}


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the worker processes."""
    for run in config.stash.get(RUNS, {}).values():
        run.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Read the points once, and refuse a graded test without any."""
    for item in items:
        if not graded(item.path):
            continue
        mark = item.get_closest_marker("points")
        points = Points.of(mark.args, mark.kwargs) if mark is not None else None
        if points is None or not points.good:
            raise pytest.UsageError(
                f"{item.nodeid}: a graded test needs @pytest.mark.points(2, task=…)"
            )
        item.stash[POINTS] = {
            "test": item.name,
            "task": points.task,
            "points": points.worth,
            "title": points.title,
        }


def graded(path: Path) -> bool:
    """Tell whether a file holds graded tests."""
    return path.name == "test_exercise.py" and path.parent.parent.name == LESSONS


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave alone what stands beside graded tests: lessons and solutions are no modules."""
    beside = collection_path.parent.parent.name == LESSONS and not graded(collection_path)
    return True if beside and collection_path.suffix == ".py" else None


def run_of(config: pytest.Config, path: Path) -> Run:
    """Return the run of the exercise whose tests stand in this file, starting it if need be."""
    from lstm_lab.grading.exercises import find_exercise
    from lstm_lab.grading.runner.run import Run
    from lstm_lab.grading.sources import read_document

    runs = config.stash[RUNS]
    slug = path.parent.name
    if slug not in runs:
        exercise = find_exercise(slug, path.parents[2])
        named = config.getoption("--submission")
        if not named and not exercise.solution_path.is_file():
            pytest.fail(
                "There is no solution here to run the graded tests on: name what to run them "
                "on, with --submission PATH.",
                pytrace=False,
            )
        document = read_document(Path(named)) if named else exercise.solution
        key = config.getoption("--key")
        runs[slug] = Run(exercise, Path(key).read_bytes() if key else b"")
        runs[slug].begin(document)
    return runs[slug]


@pytest.fixture
def submission(request: pytest.FixtureRequest) -> Iterator[Submission]:
    """The learner's functions: ``submission.call(name, *args)`` gives a `Result`, always."""
    facts = request.node.stash[POINTS]
    run = run_of(request.config, request.node.path)
    run.enter(facts["task"])
    yield run.submission()
    run.leave(facts["task"])


@pytest.fixture
def solution(request: pytest.FixtureRequest) -> Reference:
    """The reference answer, called the same way; its values depend on the arguments alone."""
    return run_of(request.config, request.node.path).solution.for_test(request.node.name)


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """Random numbers that depend on the test and the instructor's key, and on nothing else."""
    return run_of(request.config, request.node.path).rng(request.node.name)


@pytest.fixture
def mistakes(solution: Reference) -> Callable[[str], Faults]:
    """Cases for a task that names faults: ``mistakes("lstm_cell").cases("lstm_step", …)``."""
    from lstm_lab.grading.runner.faults import Faults

    return lambda slug: Faults(slug, lambda: solution)
