"""The line to a submission's process: whatever is said on it, the grader stays whole and in time.

Each attack is tried first on a grader that speaks the same frames and checks nothing: it is fooled,
raises, waits until the test ends it, fills its memory, or takes one answer for another.
"""

from __future__ import annotations

import re
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hostile import naive
from hostile.frames import FRAMES

from lstm_lab.grading.grader import Grader

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the fork server is Linux's"
)


def memory_mb(pid):
    """Return the most that a process ever held."""
    return int(re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())[1]) / 1024


@pytest.mark.parametrize("name", FRAMES)
def test_a_grader_without_checks_falls_for_it_and_this_one_does_not(
    name, make, toy, grader, tmp_path
):
    outcome, patience, code = FRAMES[name]
    code = textwrap.dedent(code)
    seen = naive.frames_outcome(tmp_path, code.replace("@LATE@", "0.8"), patience)
    assert outcome in seen, seen
    assert grader.grade(toy, make()).earned == 6
    before = memory_mb(grader._helper.process.pid)
    started = time.monotonic()
    graded = grader.grade(toy, make(double=code.replace("@LATE@", "3")))
    # one call's limit, its grace, and the start of another process
    assert time.monotonic() - started < 15
    # what it said ahead is taken for its next answers, by which it harms itself alone
    assert [row["earned"] for row in graded.rows][:2] == [0, 0]
    assert {row["status"] for row in graded.rows} <= {"passed", "failed", "not tried"}
    assert memory_mb(grader._helper.process.pid) - before < 40
    assert grader.grade(toy, make()).earned == 6


def test_no_layer_is_needed_for_that(make, toy):
    with Grader(layers=()) as bare:
        for name, (outcome, _patience, code) in FRAMES.items():
            if outcome == "hung" or "@LATE@" in code:
                continue  # these wait for their limits, which are the same
            graded = bare.grade(toy, make(double=code))
            assert [row["earned"] for row in graded.rows][:2] == [0, 0], name
        assert bare.grade(toy, make()).earned == 6


def test_the_grader_without_checks_tells_right_from_wrong(tmp_path):
    assert naive.frames_outcome(tmp_path, "def double(x):\n    return x + x\n") == ["fooled"]
    assert naive.frames_outcome(tmp_path, "def double(x):\n    return x\n") == ["not fooled"]
