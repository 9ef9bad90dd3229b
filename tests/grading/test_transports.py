"""The same rows whether a submission runs in a kernel, a forked worker or a fresh interpreter."""

from __future__ import annotations

import re

import pytest

from lstm_lab.grading.exercises import find_exercise, list_exercises
from lstm_lab.grading.mutants import load_mutants, mutate
from lstm_lab.grading.notebook.kernel import Check
from lstm_lab.grading.runner.run import Run
from lstm_lab.grading.sandbox.processes import Sandbox
from lstm_lab.grading.sources import read_document
from lstm_lab.grading.worker.extract import extract, run

STUB = "def {name}({args}):\n    raise NotImplementedError('your code here')\n"
ANSWERS = {
    "right": {},
    "stub": {"double": STUB.format(name="double", args="x")},
    "wrong": {"double": "def double(x):\n    return x * x\n"},
    "raises": {"double": "def double(x):\n    y = x\n    return y[0, 0, 0, 0]\n"},
    "missing": {"center": None},
    "none": {"center": "def center(x):\n    x - x.mean(axis=0)\n"},
    "mutates": {"double": "def double(x):\n    x *= 2\n    return x\n"},
    "remembers": {
        "double": "seen = []\ndef double(x):\n    seen.append(1)\n    return x * (len(seen) + 1)\n"
    },
    "set": {"double": "def double(x):\n    return {1}\n"},
    "prints": {"double": "def double(x):\n    print('here', 1)\n    return x\n"},
    "loop": {"double": "def double(x):\n    while True:\n        pass\n"},
    "exits": {"double": "def double(x):\n    raise SystemExit\n"},
    "nan": {"center": "def center(x):\n    return x / 0, x.mean(axis=0)\n"},
    "syntax": {"double": "def double(x):\n    return x +\n"},
}


def in_kernel(check, document):
    """Run a document's definitions here, as a kernel has run its cells, and check them."""
    found = extract(document.wire(), check.exercise.tasks)
    namespace = {"__name__": "__main__"}
    run(found, namespace)
    return check.run(namespace).rows


@pytest.fixture
def toy_check(toy, toy_course):
    check = Check(toy)
    yield check
    check.close()


@pytest.mark.parametrize("kind", ANSWERS)
def test_kernel_and_worker_give_the_same_rows(kind, make, toy, toy_check, grader):
    document = make(**ANSWERS[kind])
    there = grader.grade(toy, document).rows
    here = in_kernel(toy_check, document)
    if kind == "syntax":  # a kernel never sees the cell that it could not read
        assert "is not valid Python" in there[0]["said"]["en"]
        assert "no function double" in here[0]["said"]["en"]
        there, here = there[2:], here[2:]
    if kind == "loop":  # where in the loop it was caught is chance
        for row in (*there, *here):
            row["said"] = row["said"] and re.sub("line [0-9]|“.*”", "", row["said"]["en"])
    assert there == here
    assert [row["task"] for row in there][-1] == "center"


def test_a_fresh_interpreter_gives_the_same_rows_as_a_fork(make, toy):
    rows = []
    for fork in (True, False):
        with_fork = Run(toy, sandbox=Sandbox(fork=fork))
        try:
            with_fork.begin(make(double="def double(x):\n    return x * 2.5\n"))
            with_fork.enter("double")
            result = with_fork.submission().call("double", 4)
            rows.append((result.value, result.error, with_fork.facts))
        finally:
            with_fork.close()
            with_fork.sandbox.close()
    assert rows[0] == rows[1]
    assert rows[0][0] == 10.0


EXERCISES = list_exercises()


@pytest.mark.parametrize("number", [one.number for one in EXERCISES])
def test_solution_stub_and_mutants_of_each_exercise_through_both(number, grader, monkeypatch):
    # this is the real course: a learner who runs the tests has not checked anything
    monkeypatch.setattr("lstm_lab.progress.record", lambda *a, **k: None)
    exercise = find_exercise(number)
    solution = exercise.solution
    documents = {"solution": solution}
    for lang in ("en", "zh"):
        stub = exercise.root / "exercises" / lang / f"{exercise.name}.ipynb"
        documents[f"stub {lang}"] = read_document(stub)
    documents |= {one.name: mutate(solution, one) for one in load_mutants(exercise)}
    check = Check(exercise)
    try:
        for name, document in documents.items():
            there = grader.grade(exercise, document)
            assert there.rows == in_kernel(check, document), name
            if name == "solution":
                assert there.earned == there.points > 0
            elif name.startswith("stub"):
                assert there.earned == 0, name
            else:
                assert there.earned < there.points, name
    finally:
        check.close()
