"""Typical mistakes are known by what the changed solution returns, on a clock of their own."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace

import numpy as np
import pytest

from lstm_lab.errors import UserError
from lstm_lab.grading import Feedback, Mistake, Result, Slip, Symptom, compare
from lstm_lab.grading.exercises import find_exercise
from lstm_lab.grading.runner.run import Run, load_solution

X, WANT = np.array([1.0, 2.0]), (np.array([3.0, 4.0]), np.array([5.0]))
BOTH = (WANT[0] * 2, WANT[1] * 2)


def said(text):
    return {"en": text, "zh": text}


def wanted(*mistakes):
    return Result(WANT, args_after=(X,), mistakes=lambda got: iter(mistakes))


def told(value, want, **options):
    with pytest.raises(Feedback) as caught:
        compare(Result(value, name="f"), want, name=("a", "b"), repeat=False, **options)
    return caught.value.said["en"]


def test_a_value_is_matched_whole_in_the_order_written():
    want = wanted((said("first"), BOTH), (said("second"), BOTH))
    assert told(BOTH, want) == "a: first"


def test_two_mistakes_at_once_are_told_by_output_but_not_by_one_that_is_right():
    only_b = (WANT[0], BOTH[1])
    want = wanted((said("only a"), (BOTH[0], WANT[1])), (said("only b"), only_b))
    assert told((WANT[0] + 9, BOTH[1]), want) == "b: only b"
    assert told(only_b, want) == "a is right, b not: only b"
    assert "only" not in told((WANT[0] + 9, WANT[1]), want)


def test_a_mistake_that_returns_another_number_of_things_is_told():
    assert told((WANT[0],), wanted((said("b is missing"), (WANT[0],)))) == "f: b is missing"


def test_nothing_is_computed_for_a_right_answer():
    def mistakes(got):
        raise AssertionError("asked for")

    want = Result(WANT, mistakes=mistakes)
    assert compare(Result(WANT, name="f"), want, name=("a", "b"), repeat=False) is None


def test_symptoms_stand_before_or_behind_the_mistakes_and_fill_in_facts():
    want = wanted((said("twice"), BOTH))
    seen = Symptom(lambda got, want, x: {"n": len(x)}, en="{n} of them", zh="有 {n} 个")
    assert told(BOTH, want, symptoms=[seen]) == "a: twice"
    assert told(BOTH, want, symptoms=[replace(seen, first=True)]) == "a: 2 of them"
    part = replace(
        seen, when=lambda got, want, x: got.shape == (1,), part="b", en="b's", first=True
    )
    assert told(BOTH, want, symptoms=[part]) == "b: b's"
    odd = Symptom(lambda got, want, x: got.no_such_thing, en="odd", zh="怪")
    assert told((WANT[0] + 1, WANT[1]), want, symptoms=[odd]) != "a: odd"
    with pytest.raises(UserError):
        Symptom(lambda got: True, en="one language", zh="")


@pytest.mark.parametrize("kind", [Mistake, Slip])
@pytest.mark.parametrize(
    "facts",
    [{"en": "a", "zh": "甲"}, {"change": ("a", "b"), "body": "", "en": "a", "zh": "甲"},
     {"change": ("a", "b"), "en": "a"}],
)  # fmt: skip
def test_a_row_that_is_not_whole_is_refused(kind, facts):
    with pytest.raises(UserError):
        kind("name", **facts)


TABLE = """
from lstm_lab.grading import Mistake, Slip

MISTAKES = {
    "double": [
        Mistake("endless", body="while True: pass", en="endless", zh="没完"),
        Mistake("raises", body="return x.nothing", en="raises", zh="出错"),
        Mistake("right", ("SCALE * x", "x + x"), "right", "对"),
        Mistake("squared", ("SCALE * x", "x * x"), "squared, not doubled", "这是平方"),
        Slip("none", ("return ", ""), "returned None", "None"),
    ],
}
"""


@pytest.fixture
def told_toy(toy, tmp_path):
    """The toy course with a table of mistakes, and a second a call."""
    shutil.copytree(toy.root, tmp_path / "course")
    found = find_exercise(toy.slug, tmp_path / "course")
    found.mutants_path.write_text(TABLE, "utf-8")
    found.facts["seconds"] = 2.0
    return found


def test_what_a_mistake_takes_is_not_the_learners_time(told_toy, make):
    run = Run(told_toy)
    try:
        run.begin(make(double="def double(x):\n    return x * x\n"))
        run.enter("double")
        got, want = run.submission().call("double", X), run.solution.call("double", X)
        left, started = run.left, time.monotonic()
        with pytest.raises(Feedback) as caught:
            compare(got, want, name="y")
        took = time.monotonic() - started
        run.leave("double")
    finally:
        run.close()
    assert caught.value.said["en"] == "y: squared, not doubled"
    assert took > told_toy.seconds_call * 0.9
    assert left - run.left < 0.5 * took
    assert run.solution.spent_on_mistakes > 0.9 * told_toy.seconds_call


def test_one_that_never_ends_is_tried_once_in_a_process(told_toy):
    solution = load_solution(told_toy)
    for _round in range(2):
        solution.begin()
        found = list(solution.call("double", X).mistakes(Result()))
        assert "endless" not in [one["en"] for one, _value in found]
    assert [one["en"] for one, _value in found] == ["right", "squared, not doubled"]
    np.testing.assert_array_equal(found[1][1], X * X)
    assert solution.mistaken.spent < 2 * told_toy.seconds_call


def test_the_arguments_are_those_that_were_sent(told_toy):
    solution, x = load_solution(told_toy), X.copy()
    want = solution.call("double", x)
    x += 100
    solution.begin()
    values = [value for _said, value in want.mistakes(Result())]
    np.testing.assert_array_equal(values[-1], X * X)
