"""The tiers that conftest.py gives to tests by their files, and its rule for CI."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CASES = """
import pytest

def test_missing():
    pytest.skip("no browser here")

@pytest.mark.skipif(True, reason="Windows")
def test_elsewhere():
    assert False

def test_here():
    assert True
"""


def tiers():
    spec = importlib.util.spec_from_file_location("tiers", ROOT / "conftest.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("ci", "end"), [("true", "1 passed, 1 skipped, 1 failed"), ("", "1 passed, 2 skipped")]
)
def test_what_is_missing_fails_in_ci_and_another_platforms_test_does_not(tmp_path, ci, end):
    shutil.copy(ROOT / "conftest.py", tmp_path)
    (tmp_path / "test_a.py").write_text(CASES)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "ignore::pytest.PytestUnknownMarkWarning"],
        cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""},
    )  # fmt: skip
    last = done.stdout.splitlines()[-1].partition(" in ")[0]
    assert sorted(last.split(", ")) == sorted(end.split(", ")), done.stdout


@pytest.mark.parametrize(
    ("name", "tier"),
    [
        ("tests/browser/test_course.py", "browser"),
        ("tests/grading/test_hostile_reach.py", "hostile"),
        ("lessons/lstm_cell/test_exercise.py", "lessons"),
        ("tests/course/lab/test_lab_start.py", "slow"),
        ("tests/course/test_build.py", "fast"),
        ("lstm_lab/cells/lstm.py", "fast"),
    ],
)
def test_a_file_gives_its_tests_their_tier(name, tier):
    assert (ROOT / name).is_file()
    assert tiers().tier_of(ROOT / name) == tier


def test_every_entry_of_the_table_names_something_that_is_there():
    for start in tiers().TIERS:
        assert any(ROOT.glob(f"{start}*")), start
