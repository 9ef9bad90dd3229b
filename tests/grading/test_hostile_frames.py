"""The line to a submission's process: whatever is said on it, the grader stays whole and in time.

Each attack is tried first on a grader that speaks the same frames and checks nothing: it is fooled,
raises, waits until the test ends it, fills its memory, or takes one answer for another.
"""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hostile import naive
from hostile.frames import FRAMES

from lstm_lab.grading.exercises import find_exercise
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.runner.points import row, shortened
from lstm_lab.grading.worker.codec import CannotCross, decode, encode

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
    limit = 2 if outcome == "hung" else 30
    seen = naive.frames_outcome(tmp_path, code.replace("@LATE@", "0.8"), patience, limit)
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
    assert naive.frames_outcome(tmp_path, "def double(x):\n    return x + x\n", limit=30) == [
        "fooled"
    ]
    wrong = naive.frames_outcome(tmp_path, "def double(x):\n    return x\n", limit=30)
    assert wrong == ["not fooled"]


# Answers whose texts are longer than what may be said of them in one frame.
LONG = {
    "keys": "def double(x):\n    return {c * 120_000: 1.0 for c in 'abcdef'}\n",
    "what is printed": "def double(x):\n    print('\\U0001f600' * 60_000)\n    return x\n",
    "problems that were made up while it was loaded": """
def forge():
    import json, os, struct
    made = [{"kind": "raised", "text": "y" * 400, "tasks": ["z" * 90] * 40, "binds": [1]}] * 150
    body = json.dumps({"m": {"found": ["double"], "problems": made}, "b": None, "a": []}).encode()
    for number in range(3, 64):
        try:
            os.write(number, struct.pack("<4sII", b"LLF1", len(body), 0) + body)
        except OSError:
            pass
def double(x, forged=forge()):
    return x
""",
}


@pytest.fixture(scope="module")
def wide(toy, tmp_path_factory):
    """The toy with thirty more tests, each of which has something to say."""
    root = tmp_path_factory.mktemp("wide") / "course"
    shutil.copytree(toy.root, root)
    tests = find_exercise("07", root).tests
    more = """

@pytest.mark.points(1, task="double")
@pytest.mark.parametrize("n", range(30))
def test_double_again(n, submission, solution):
    compare(submission.call("double", float(n + 1)), solution.call("double", float(n + 1)).value)
"""
    tests.write_text(tests.read_text("utf-8") + more, "utf-8")
    source = find_exercise("07", root).solution_path
    source.write_text(source.read_text("utf-8").replace("seconds: 4", "seconds: 40"), "utf-8")
    return find_exercise("07", root)


@pytest.fixture(scope="module")
def wide_grader():
    with Grader() as one:  # of its own: the toys have one number
        yield one


@pytest.mark.parametrize("name", LONG)
def test_what_is_too_long_to_be_told_costs_its_words_and_not_the_points(
    name, make, wide, wide_grader
):
    started = time.monotonic()
    graded = wide_grader.grade(wide, make(double=LONG[name]))
    assert time.monotonic() - started < 20
    earned = {row["task"]: row["earned"] for row in graded.rows}
    assert len(graded.rows) == 33
    assert earned["double"] == 0
    assert all(len(one) < 5000 for row in graded.rows for one in (row["said"] or {}).values())
    # where what was printed had to be cut, all that there was would not have crossed
    printed = [row["stdout"] for row in graded.rows if row["stdout"]]
    if name == "what is printed":
        assert {len(one) for one in printed} == {100}
        with pytest.raises(CannotCross):
            encode(["\U0001f600" * 4000] * len(printed))
    assert wide_grader.grade(wide, make()).earned == 36


def test_rows_that_do_not_cross_are_shortened_until_they_do():
    text = "\U0001f600" * 5000
    made = [row(f"test_{n}", "double", 1, "failed", {"en": text, "zh": text}, stdout=text)
            for n in range(50)]  # fmt: skip
    with pytest.raises(CannotCross):
        encode(made)
    rows = decode(encode(shortened(made)))
    assert [one["test"] for one in rows] == [one["test"] for one in made]
    assert rows[0]["said"]["en"].endswith("…")
