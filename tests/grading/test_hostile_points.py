"""Submissions that want points without an answer; each gets them from an unprotected grader.

The unprotected graders (`hostile.naive`) are what many courses run: answer, solution and comparison
in one process, the score in a file or in pytest's reports. An attack that could not fool even these
would prove nothing. Which attack is of which kind: `hostile.families`.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest
from hostile import naive
from hostile.leaving import LEAVING
from hostile.patches import COOKIE, PATCHES, PYTEST_PATCHES
from hostile.points import POINTS

from lstm_lab.grading.grader import Grader
from lstm_lab.grading.sources import parse_document

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the fork server and its layers are Linux's"
)

IN_PROCESS = POINTS | LEAVING | PATCHES
LEVELS = {"all layers": None, "no namespaces": ("landlock", "seccomp"), "rlimits only": ()}


@pytest.fixture(scope="module", params=LEVELS)
def hardened(request):
    with Grader(layers=LEVELS[request.param]) as one:
        yield one


FOOLED: dict[str, int] = {}


@pytest.mark.parametrize("name", IN_PROCESS)
def test_an_attack_fools_an_unprotected_grader_and_gains_nothing_here(
    name, make, toy, hardened, tmp_path
):
    how, code = IN_PROCESS[name]
    if name not in FOOLED:  # once is enough for all levels
        FOOLED[name], words = naive.in_process(tmp_path, textwrap.dedent(code), how)
        assert FOOLED[name] == 1, words
    assert FOOLED[name] == 1
    for _ in range(2 if how in ("same inputs", "twice") else 1):
        graded = hardened.grade(toy, make(double=code))
        assert [row["earned"] for row in graded.rows if row["task"] == "double"] == [0, 0]
        # and takes nothing: the other task is right, and so is the next submission
        assert graded.rows[-1]["status"] == "passed"
    assert hardened.grade(toy, make()).earned == 6


# Even where pytest can be had in the submission's process (the finder that refuses it is no wall),
# it is not the pytest that grades.
UNREFUSED = """
def unrefused(sys=__import__("sys")):
    sys.meta_path[:] = [f for f in sys.meta_path if "Refuser" not in type(f).__name__]
"""


def patched(name):
    code = textwrap.dedent(PYTEST_PATCHES[name][1])
    code = code.replace("def patch():\n", "def patch():\n    unrefused()\n")
    if "def double" not in code:
        code += "\ndef double(x, patched=patch()):\n    return x\n"
    return UNREFUSED + code


@pytest.mark.parametrize("name", PYTEST_PATCHES)
def test_a_patched_pytest_fools_a_grader_that_imports_answers_and_not_this_one(
    name, make, toy, grader, tmp_path
):
    points, words = naive.with_pytest(tmp_path, patched(name), PYTEST_PATCHES[name][0])
    assert points == 1, words
    for _ in range(2 if PYTEST_PATCHES[name][0] == "again" else 1):
        graded = grader.grade(toy, make(double=patched(name)))
        earned = [row["earned"] for row in graded.rows if row["task"] == "double"]
        # one of them multiplies by two, as it should; only its own grader forbids that
        assert earned == ([2, 1] if "multiply" in patched(name) else [0, 0])
        assert graded.rows[-1]["status"] == "passed"
    assert grader.grade(toy, make()).earned == 6


def test_pytest_was_there_to_be_patched(make, toy, grader):
    """Otherwise the test above would have shown that an import is refused, and no more."""
    code = """
    def patch():
        unrefused()
        return float(len(__import__("pytest").approx.__name__))
    def double(x, six=patch()):
        return x * (six - 4)
    """
    graded = grader.grade(toy, make(double=UNREFUSED + textwrap.dedent(code)))
    assert graded.earned == 6, graded.rows


@pytest.mark.parametrize("name", COOKIE)
def test_an_encoding_cookie_hides_code_from_a_reader_and_not_from_this_one(
    name, toy, hardened, tmp_path
):
    points, words = naive.in_process(tmp_path, COOKIE[name], "cookie")
    assert points == 1, words
    assert naive.in_process(tmp_path, COOKIE[name].split(b"\n", 1)[1], "cookie")[0] == 0
    document = parse_document(Path("07_toy.py"), COOKIE[name])
    # what is run is what stands there for a person to read
    assert "solution" not in document.cells[0].source
    assert hardened.grade(toy, document).earned == 0
    honest = b"# coding: utf-7\ndef double(x):\n    return x + x\n"
    assert hardened.grade(toy, parse_document(Path("07_toy.py"), honest)).earned == 3


HOWS = sorted({how for how, _code in IN_PROCESS.values()} - {"exit"})


@pytest.mark.parametrize("how", HOWS)
def test_an_honest_answer_passes_the_unprotected_grader_and_a_wrong_one_does_not(how, tmp_path):
    assert naive.in_process(tmp_path, "def double(x):\n    return x + x\n", how)[0] == 1
    assert naive.in_process(tmp_path, "def double(x):\n    return x\n", how)[0] == 0


HONEST = """
import warnings
import numpy as np
def double(x):
    if x is None:
        raise ValueError("None")
    if isinstance(x, str):
        warnings.warn("old", DeprecationWarning)
        return x
    return np.add(x, x)
"""


@pytest.mark.parametrize("how", sorted({how for how, _code in PYTEST_PATCHES.values()}))
def test_the_unprotected_pytest_tells_right_from_wrong(how, tmp_path):
    assert naive.with_pytest(tmp_path, HONEST, how)[0] == 1
    assert naive.with_pytest(tmp_path, "def double(x):\n    return x\n", how)[0] == 0
