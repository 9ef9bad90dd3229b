"""What the grader keeps between submissions is what it would work out anew."""

from __future__ import annotations

import os

import numpy as np
import pytest

from lstm_lab.grading import compare, suspect
from lstm_lab.grading.answers import facts as answers
from lstm_lab.grading.answers.facts import answer_facts
from lstm_lab.grading.exercises import find_exercise
from lstm_lab.grading.messages.closeness import Tolerance
from lstm_lab.grading.messages.feedback import Feedback
from lstm_lab.grading.result import Result
from lstm_lab.grading.runner.reference import Solution
from lstm_lab.grading.runner.run import load_solution

ODD = [0.0, -0.0, 1.0, 1.0 + 1e-9, 1.0 + 1e-6, -1.0, 1e300, -1e300, np.inf, -np.inf, np.nan]


def test_near_is_what_numpy_calls_close():
    tolerance = Tolerance(1e-7, 1e-9)
    got, want = (np.array(one).ravel() for one in np.meshgrid(ODD, ODD))
    for a, b in zip(got, want, strict=True):
        expected = np.isclose(a, b, rtol=1e-7, atol=1e-9, equal_nan=True)
        assert tolerance.all_near(np.array([a, 0.5]), np.array([b, 0.5])) == expected, (a, b)


def test_named_mistakes_are_worked_out_only_where_something_is_wrong():
    asked = []

    def slips():
        asked.append(True)
        yield suspect([4.0], en="doubled", zh="多乘了二")

    compare(Result(value=np.array([2.0])), np.array([2.0]), suspects=slips())
    assert not asked
    with pytest.raises(Feedback, match="doubled"):
        compare(Result(value=np.array([4.0])), np.array([2.0]), suspects=slips())
    assert asked == [True]


def same_solution(one: Solution, other: Solution) -> bool:
    """Tell whether two solutions give the same, each asked twice in between others."""
    rng = np.random.default_rng(3)
    for x in (rng.normal(size=(3, 2)), rng.normal(size=(1, 4)), 2.5):
        for name in ("double", "double", "center")[: 2 if isinstance(x, float) else 3]:
            got, want = (s.call(name, x).value for s in (one, other))
            if not Tolerance(0.0, 0.0).same(got, want):
                return False
    return True


def test_kept_values_of_the_solution_are_those_worked_out_anew(toy, monkeypatch):
    kept, anew = load_solution(toy), load_solution(toy)
    anew.KEEP_BYTES = 0  # each is dropped at once
    assert same_solution(kept, anew)
    assert kept._kept
    assert not anew._kept
    # a planted fault: all that is asked has one key, and so one answer
    monkeypatch.setattr(Solution, "key_of", staticmethod(lambda frame: b"one for all"))
    assert not same_solution(load_solution(toy), anew)


def test_a_test_cannot_change_what_is_kept(toy):
    solution = load_solution(toy)
    first = solution.call("double", np.ones(3))
    first.value[:] = 7
    first.args_after[0][:] = 7
    assert solution.call("double", np.ones(3)).value.tolist() == [2, 2, 2]


def test_facts_of_answers_that_are_kept_are_those_of_the_answer(monkeypatch):
    one = [{"source": "def f(x):\n    return x + 1\n"}]
    other = [{"source": "def f(x):\n    return x * 3\n"}]

    def told_apart() -> bool:
        answers._KNOWN.clear()
        first, second, again = (answer_facts(cells, ["f"]) for cells in (one, other, one))
        return first == again != second

    assert told_apart()
    answer_facts(one, ["f"])["f"]["calls"].append("changed by a caller")
    assert answer_facts(one, ["f"])["f"]["calls"] == []
    assert "f" not in answer_facts(one, ["g"])  # the tasks count as well
    monkeypatch.setattr(answers, "key_of", lambda *texts: b"one for all")
    assert not told_apart()
    answers._KNOWN.clear()


def test_no_more_facts_are_kept_than_said(monkeypatch):
    monkeypatch.setattr(answers, "KEEP", 3)
    answers._KNOWN.clear()
    for n in range(9):
        answer_facts([{"source": f"def f(x):\n    return x + {n}\n"}], ["f"])
    assert len(answers._KNOWN) == 3


def test_an_edited_solution_and_edited_tests_are_taken_up(make, toy, grader):
    assert grader.grade(toy, make()).earned == 6
    text, tests = (path.read_text("utf-8") for path in (toy.solution_path, toy.tests))
    try:
        _write(toy.solution_path, text.replace("return SCALE * x", "return 3 * x"))
        rows = grader.grade(find_exercise("07", toy.root), make()).rows
        assert [row["status"] for row in rows] == ["failed", "failed", "passed"]
        _write(toy.solution_path, text)
        assert grader.grade(toy, make()).earned == 6
        _write(toy.tests, tests.replace("points(3,", "points(5,"))
        assert grader.grade(toy, make()).earned == 8
    finally:
        _write(toy.solution_path, text)
        _write(toy.tests, tests)
    assert grader.grade(toy, make()).earned == 6


def _write(path, text):
    """Write a file, and see to it that its time differs however coarse the disk's clock is."""
    before = path.stat().st_mtime_ns
    path.write_text(text, "utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))
