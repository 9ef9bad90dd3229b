"""What a learner is told: the first thing that is wrong, by its symptom, in both languages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lstm_lab.grading import Feedback, Result, compare, suspect
from lstm_lab.grading.result import Trouble

RNG = np.random.default_rng(0)
WANT = RNG.normal(size=(3, 4))


def result(value, **facts):
    made = Result(value=value, name="f", **facts)
    return replace(made, again=lambda: made)


def told(got, want, **options):
    with pytest.raises(Feedback) as caught:
        compare(got if isinstance(got, Result) else result(got), want, **options)
    assert set(caught.value.said) == {"en", "zh"}
    assert caught.value.said["zh"].strip()
    return caught.value.said["en"]


@pytest.mark.parametrize(
    ("got", "want"),
    [
        (WANT.copy(), WANT),
        (WANT + 1e-12, WANT),
        (WANT.tolist(), WANT),
        (2.0, 2.0),
        (np.array(2.0), 2.0),
        (2, 2.0),
        ((WANT, 1.0), (WANT, 1.0)),
        ([WANT, 1.0], (WANT, 1.0)),
        ({"a": WANT}, {"a": WANT}),
        ([1.0, 2.0], np.array([1.0, 2.0])),
        (np.array([1, 2]), np.array([1, 2], dtype=np.int32)),
        ("yes", "yes"),
        (True, True),
        (np.array([True, False]), np.array([True, False])),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (np.array([0, 1]), np.array([0.0, 1.0])),
    ],
)
def test_right_answers_pass_in_any_dress(got, want):
    assert compare(result(got), want) is None


@pytest.mark.parametrize(
    ("got", "want", "fragment"),
    [
        (None, WANT, "returned None"),
        ("text", WANT, "should be an array of shape (3, 4), but is a text"),
        (WANT.T, WANT, "Is it transposed?"),
        (np.zeros((5, 2, 3)), np.zeros((2, 5, 3)), "time and batch"),
        (WANT[0], WANT, "The first axis is missing"),
        (WANT[None], WANT, "axis of length 1 too many"),
        (np.zeros((6, 4)), np.zeros((2, 3, 4)), "axes have run together"),
        (np.zeros((2, 3, 4)), np.zeros((6, 4)), "axis is cut in two"),
        ((WANT, WANT), WANT, "should be an array of shape (3, 4), but is a tuple of 2"),
        (WANT, 1.0, "One number is asked for"),
        (WANT.astype(int), WANT, "should hold floats"),
        (WANT > 0, WANT, "should hold floats"),
        (np.array([1.0, 2.0]), np.array([1, 2]), "should hold int64"),
        (np.where(WANT > 1, np.nan, WANT), WANT, "nan"),
        (WANT / 0.0 if False else np.full((3, 4), np.inf), WANT, "inf in 12 of 12"),
        (WANT * 0, WANT, "everything is 0"),
        (-WANT, WANT, "the sign is turned"),
        (3 * WANT, WANT, "every value is 3 times"),
        (WANT[::-1], WANT, "wrong places"),
        (WANT * (1 + 3e-7), WANT, "float32"),
        (np.round(WANT, 3), WANT, "rounded to 3 places"),
        (np.where(np.arange(3)[:, None] < 1, WANT, 9.0), WANT, "wrong from index 1 on"),
        (np.where(np.arange(3)[:, None] == 1, 9.0, WANT), WANT, "but at index 1"),
        (WANT + np.arange(12).reshape(3, 4) + 1, WANT, "Furthest off is yours"),
        (1.5, 2.5, "yours is 1.5"),
        ("yes", "no", "not what was asked for"),
        ({"a": 1.0}, {"b": 1.0}, "keys b"),
        (WANT[:, :3].T[:3] @ np.ones((3, 3)), WANT[:, :3], ""),
    ],
)
def test_wrong_answers_are_told_by_their_symptom(got, want, fragment):
    assert fragment in told(got, want)


def test_a_square_transposed_is_seen():
    square = RNG.normal(size=(3, 3))
    assert "first two axes swapped" in told(square.T, square)


def test_expected_numbers_are_never_shown():
    want = np.array([0.123456, 0.654321])
    for got in (want + np.array([0.5, 0.25]), want * 1.37 + 1, np.array([9.0, 0.654321])):
        said = told(got, want, name="h")
        assert "0.1234" not in said
        assert "0.6543" not in said


def test_parts_that_are_right_are_said_to_be_right():
    want = (WANT, WANT + 1)
    assert told((WANT, WANT), want, name=("h", "c")).startswith("h is right, c not: ")
    assert "should return 2 things (h, c), but returned a tuple of 3" in told(
        (1, 2, 3), want, name=("h", "c")
    )
    assert "should return 2 things" in told(WANT, want, name=("h", "c"))


def test_suspects_are_tried_first_and_by_part():
    suspects = [
        suspect(WANT * 2, en="twice", zh="两倍"),
        suspect(WANT * 3, en="thrice", zh="三倍", part="c"),
    ]
    assert told(WANT * 2, WANT, suspects=suspects) == "the result: twice"
    want = (WANT, WANT)
    assert told((WANT, WANT * 3), want, name=("h", "c"), suspects=suspects).endswith("thrice")
    assert "thrice" not in told((WANT * 3, WANT), want, name=("h", "c"), suspects=suspects)


def test_a_suspect_of_several_parts_meets_an_answer_with_a_tuple_in_it():
    want, crossed = (WANT, WANT[0]), suspect((WANT[0], WANT), en="crossed", zh="换了位置")
    assert "b" in told((WANT, (WANT[0], WANT[0])), want, name=("a", "b"), suspects=[crossed])
    assert told((WANT[0], WANT), want, name=("a", "b"), suspects=[crossed]).endswith("crossed")


def test_a_coarse_tolerance_makes_no_float32_of_another_mistake():
    got = result(WANT * (1 + 1e-3 * np.arange(12).reshape(3, 4)))
    with pytest.raises(Feedback) as caught:
        compare(got, WANT, rtol=1e-5)
    assert "float32" not in caught.value.said["en"]


def test_changed_arguments_are_named():
    got = result(WANT, changed=(0, "b"), names=("x", "b"))
    assert "changed its argument x" in told(got, WANT)
    assert "changed its argument b" in told(got, WANT, mutates=[0, "x"])
    assert compare(got, WANT, mutates=[0, "x", "b"]) is None


def test_memory_and_chance_are_found_by_asking_again():
    values = iter(RNG.normal(size=(9, 3, 4)))
    first = replace(result(WANT), again=lambda: result(next(values)))
    assert "two different answers" in told(first, WANT)
    assert compare(first, WANT, repeat=False) is None
    broken = replace(result(WANT), again=lambda: result(None, error=Trouble("raised", "KeyError")))
    assert "second one with the same arguments did not" in told(broken, WANT)


@pytest.mark.parametrize(
    ("trouble", "fragment"),
    [
        (Trouble("missing", text="f"), "There is no function f yet"),
        (Trouble("raised", "NotImplementedError", "…"), "not written yet"),
        (Trouble("raised", "KeyError", "'a'", "f", 3, "y = d['a']"), "“y = d['a']”"),
        (Trouble("timeout", function="f", line=2), "did not come to an end"),
        (Trouble("hung"), "could not be stopped gently"),
        (Trouble("ended"), "ended in the middle"),
        (Trouble("protocol", text="{braces}"), "could not be read"),
        (Trouble("cannot cross", "set"), "cannot be checked: set"),
        (Trouble("raised", "ValueError", "{0} {x}"), "ValueError: {0} {x}"),
    ],
)
def test_trouble_is_a_sentence(trouble, fragment):
    assert fragment in told(result(None, error=trouble), WANT)


@pytest.mark.parametrize(
    "facts",
    [
        {"error": 5},
        {"error": {"kind": "no such"}},
        {"error": {"kind": ["raised"]}},
        {"error": {"kind": "raised", "type": 5, "line": "x", "text": None}},
        {"warnings": 5, "stdout": 7},
        {"warnings": [5, {"type": 1}]},
    ],
)
@pytest.mark.parametrize("body", [None, 5, (1, 2), (1, {"9": 2}), (1, {"-1": 2, "zz": 1}), ()])
def test_answers_of_a_wrong_form_are_trouble_never_an_error(facts, body):
    got = Result.read(facts, body, "f", (1,), {}, None)
    assert isinstance(got.stdout, str)
    if facts.get("error") or not (type(body) is tuple and len(body) == 2 and body[1] != 2):
        assert got.error is not None
