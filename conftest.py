"""The tiers of tests, by folder and file, and what tests of all folders share.

Every test is in one of four: ``browser``, ``hostile`` (attacks on the grader), ``lessons`` (all
graded tests, mutants and notebooks) and ``fast``, which is the rest. ``slow`` is what of that takes
too long for an author who waits: clusters, installations, handouts, other users.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

ROOT = Path(__file__).parent

# The first that fits; what fits none is `fast`.
TIERS = {
    "tests/browser/": "browser",
    "tests/grading/test_hostile_": "hostile",
    "lessons/": "lessons",
    "tests/package/test_exercise_answers.py": "lessons",
    "tests/package/test_solutions_reference.py": "lessons",
    "tests/course/test_notebooks_run.py": "lessons",
    "tests/course/test_slips.py": "lessons",
    "tests/course/lab/": "slow",
    "tests/course/test_handout.py": "slow",
    "tests/course/test_recipes.py": "slow",
    "tests/grading/test_ordinary_user.py": "slow",
    "tests/grading/test_resume.py": "slow",
    "tests/grading/test_slurm.py": "slow",
    "tests/grading/test_cluster.py": "slow",
}


def tier_of(path: Path) -> str:
    """Return the tier of a file of tests."""
    name = path.relative_to(ROOT).as_posix()
    return next((tier for start, tier in TIERS.items() if name.startswith(start)), "fast")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        tier = tier_of(item.path)
        item.add_marker(tier)
        # with -n: what shares a browser stays together, as does all else of a file
        together = tier if tier == "browser" else item.path.relative_to(ROOT).as_posix()
        item.add_marker(pytest.mark.xdist_group(together))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """In CI what is missing fails, for nobody reads skips there; a `skipif` names a platform."""
    report = yield
    missing = report.skipped and not hasattr(report, "wasxfail")
    if missing and os.environ.get("CI") == "true" and not item.get_closest_marker("skipif"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} cannot run in CI: {report.longrepr[-1]}"
    return report


@pytest.fixture
def ctrl_c():
    """SIGINT as in a terminal, for this process and those that it starts.

    A script in the background and nohup switch it off; then it stays off, as Python leaves it: the
    course does not switch it on, and these tests do it themselves.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
