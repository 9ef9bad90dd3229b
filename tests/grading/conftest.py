"""A small course of its own for the grader's tests, so that no lesson's text matters here."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest
from toy_course import write_course

from lstm_lab.grading.exercises import Exercise, find_exercise
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.sources import CodeCell, Document

SOLUTION = '''\
# ---
# lstm_lab:
#   title: {en: "Toy", zh: "玩具"}
#   allow: [numpy]
#   torch: false
#   seconds: 4
# ---

# %% name="setup"
import numpy as np

SCALE = 2.0

# %% name="double" task=true minutes=1 difficulty=1
def double(x):
    """x (...) -> (...)"""
    ### BEGIN SOLUTION
    return SCALE * x
    ### END SOLUTION

# %% name="center" task=true minutes=1 difficulty=1
def center(x):
    ### BEGIN SOLUTION
    m = x.mean(axis=0)
    return x - m, m
    ### END SOLUTION
'''

TESTS = """\
import numpy as np
import pytest

from lstm_lab.grading import compare, suspect


@pytest.mark.points(2, task="double")
def test_double_values(submission, solution, rng):
    x = rng.normal(size=(3, 2))
    got = submission.call("double", x)
    want = solution.call("double", x).value
    compare(got, want, name="y", suspects=[
        suspect(x, en="that is x itself", zh="这就是 x 本身"),
        suspect(x * x, en="squared, not doubled", zh="这是平方，不是两倍"),
    ])


@pytest.mark.points(1, task="double", en="one number", zh="一个数")
def test_double_one_number(submission, solution, rng):
    x = float(rng.normal())
    compare(submission.call("double", x), solution.call("double", x).value, name="y")


@pytest.mark.points(3, task="center")
def test_center(submission, solution, rng):
    x = rng.normal(size=(4, 3))
    got, want = submission.call("center", x), solution.call("center", x).value
    compare(got, want, name=("y", "m"), suspects=[
        suspect(x.mean(axis=1), part="m", en="mean over the wrong axis", zh="平均的轴不对"),
    ])
"""

RIGHT = {
    "double": "def double(x):\n    return x + x\n",
    "center": "def center(x):\n    m = x.mean(axis=0)\n    return x - m, m\n",
}


def make_document(answers: dict[str, str], *more: str, named: bool = True) -> Document:
    """Return a document with a cell an answer, and further cells before them."""
    cells = ["import numpy as np", *more]
    found = [CodeCell(text, f"<cell {n}>") for n, text in enumerate(cells, 1)]
    found += [
        CodeCell(text, f"<cell {n}>", name if named else None)
        for n, (name, text) in enumerate(answers.items(), len(found) + 1)
    ]
    return Document(Path("made.ipynb"), tuple(found), {"number": "07"})


def notebook(document: Document, lang: str = "en") -> str:
    """Return the document as a notebook file."""
    cells = [
        {
            "cell_type": "code",
            "metadata": {"lstm_lab": {"name": c.name, "task": True}} if c.name else {},
            "source": c.source,
            "outputs": [],
            "execution_count": None,
        }
        for c in document.cells
    ]
    metadata = {"lstm_lab": {"kind": "exercise", "number": "07", "slug": "toy", "lang": lang}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture(scope="session")
def toy_root(tmp_path_factory):
    root = tmp_path_factory.mktemp("course")
    return write_course(root, "07_toy", SOLUTION, TESTS).root


@pytest.fixture(scope="session")
def toy(toy_root) -> Exercise:
    return find_exercise("07", toy_root)


@pytest.fixture(scope="session")
def grader():
    with Grader() as one:
        yield one


@pytest.fixture
def toy_course(toy_root, monkeypatch):
    """Be inside the toy course, in English."""
    monkeypatch.setenv("LSTM_LAB_ROOT", str(toy_root))
    monkeypatch.setenv("LSTM_LAB_LANG", "en")
    return toy_root


@pytest.fixture(scope="session")
def make():
    """Make a document: ``make(double="…", center=None)``; None leaves a task out."""

    def make_one(*more: str, named: bool = True, **answers: str | None) -> Document:
        merged = {**RIGHT, **answers}
        kept = {k: textwrap.dedent(v) for k, v in merged.items() if v is not None}
        return make_document(kept, *more, named=named)

    return make_one


@pytest.fixture(scope="session")
def as_notebook():
    return notebook
