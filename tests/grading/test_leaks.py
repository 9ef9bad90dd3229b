"""The graded tests that ship hold no answer: no piece of them, put under a task's name, earns."""

from __future__ import annotations

import contextlib
import io
import warnings

import pytest

from lstm_lab.grading.exercises import find_exercise, list_exercises
from lstm_lab.grading.mutants import load_mistakes
from lstm_lab.grading.runner.run import load_solution
from tests.grading.answering import GradedTests, answers_of
from tests.grading.lifting import helpers, lifted

CONVERTED = [one for one in list_exercises() if load_mistakes(one)]


def earned(exercise, text=None):
    """Return the pieces of the tests that pass a test, and how many were tried."""
    text = exercise.tests.read_text("utf-8") if text is None else text
    solution = load_solution(exercise)
    solution.mistaken.rows = []  # nobody reads what is said
    graded = GradedTests(exercise, solution)
    beside, tried, leaks = compile(helpers(text), "beside", "exec"), 0, []
    quiet = contextlib.redirect_stdout(io.StringIO())
    with warnings.catch_warnings(), quiet:
        warnings.simplefilter("ignore")
        for task in exercise.tasks:
            for source in lifted(text, task, solution.parameters(task)):
                tried += 1
                namespace = {}
                exec(beside, namespace)
                try:
                    exec(source, namespace)
                except SyntaxError:
                    continue
                answers = answers_of(namespace, exercise.torch)
                for test in graded.of(task):
                    try:
                        passed = graded.said(test, answers) is None
                    except Exception:
                        passed = False
                    if passed:
                        leaks.append((test, source))
    return leaks, tried


@pytest.mark.parametrize("exercise", CONVERTED, ids=lambda one: one.number)
def test_no_function_lambda_or_block_earns_a_point(exercise):
    leaks, tried = earned(exercise)
    assert tried > 20 * len(exercise.tasks)
    assert leaks == [], f"{leaks[0][0]} is passed by:\n{leaks[0][1]}"


# Answers to tasks of exercise 00, hidden in a file of tests in one way each.
PLANTED = {
    "a function": "def helper(a, b):\n    return a + b[:, None]\n",
    "a lambda": "LOOK = Symptom(lambda got, want: got + want[:, None], en='x', zh='x')\n",
    "a statement of a loop": (
        "def test_x(submission, solution, rng):\n    for n in range(3):\n"
        "        a, b = rng.normal(size=(2, n, 3)), rng.normal(size=(2, 3))\n"
        "        right = a + b[:, None]\n        got = submission.call('add_bias', a, b)\n"
    ),
    "statements with other names": (
        "def test_x(submission):\n    with open('f') as f:\n        if f:\n"
        "            first, second = submission.call('x')\n"
        "            row = second[:, np.newaxis]\n            total = first + row\n"
    ),
    "an argument": (
        "def test_x(submission, solution, rng):\n    a, b = rng.normal(size=(2, 3))\n"
        "    compare(submission.call('add_bias', a, b), a + b[:, None])\n"
    ),
    "several outputs in parts": (
        "def test_x(rng):\n    x, W = rng.normal(size=(2, 3, 3))\n    for dz in (x, W):\n"
        "        dx = dz @ W\n        dW = dz.T @ x\n        db = dz.sum(0)\n"
    ),
}


@pytest.mark.parametrize("place", PLANTED)
def test_a_planted_answer_is_caught(place):
    exercise = find_exercise("00")
    leaks, _tried = earned(exercise, "import numpy as np\n" + PLANTED[place])
    task = "affine_backward" if "outputs" in place else "add_bias"
    assert {test for test, _source in leaks} == {f"test_{task}"}
