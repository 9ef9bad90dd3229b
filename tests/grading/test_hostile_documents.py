"""Files made to break whoever reads them: each gets its line, and the class goes on.

One class holds them all, and two students who did nothing of the kind.
"""

from __future__ import annotations

import re
import textwrap
import time

import pytest

from lstm_lab.grading import grader as grader_module
from lstm_lab.grading.batch import verdict
from lstm_lab.grading.batch.pool import LocalPool, grade_all
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.intake import Intake, take_in
from lstm_lab.grading.intake.names import Owner
from lstm_lab.grading.runner.helper import Helper, HelperLost
from lstm_lab.grading.sources import MAX_SOURCE

N = 30_000
DEEP = {
    "signs": "x = " + "-" * N + "1",
    "brackets": "x = " + "(" * N + "1" + ")" * N,
    "sums": "x = " + "+".join("1" * N),
    "attributes": "x = a" + ".b" * N,
    "calls": "x = a" + "()" * N,
    "items": "x = a" + "[0]" * N,
    "lambdas": "x = " + "lambda: " * N + "1",
    "conditions": "x = " + "1 if 1 else " * 20_000 + "1",
    "negations": "x = " + "not " * N + "1",
    "powers": "x = " + "2**" * N + "1",
    "comparisons": "x = " + "<".join("1" * N),
    "elifs": "if 1:\n    pass\n" + "elif 1:\n    pass\n" * 10_000,
    "indents": "".join(" " * n + "if 1:\n" for n in range(99)) + " " * 99 + "pass",
    "format strings": "x = " + "f'{" * 150 + "1" + "}'" * 150,
    "digits": "x = " + "9" * 200_000,
    "decorators": "@a\n" * N + "def f(): pass",
    "patterns": "match 1:\n    case " + "[" * 180 + "]" * 180 + ":\n        pass",
    "names": "def f():\n    global " + ",".join(f"a{n}" for n in range(N)),
    "an encoding": "# -*- coding: utf-7 -*-\nx = 1",
    "a mark": "\ufeffx = 1",
    "blank lines": "\n" * (MAX_SOURCE - 1),
    "blanks": "def f(:\n" + " " * (MAX_SOURCE - 100),
    "questions": "def f(:\n" + " ?" * (MAX_SOURCE // 2 - 100) + "x",
}
LONG = {
    "one long cell": ["x = 1\n" * (MAX_SOURCE // 6 + 1)],
    "many long cells": ["# " + "x" * (MAX_SOURCE - 10)] * 5,
    "many characters that JSON writes long": ["# " + "\u0001" * 200_000],
}


@pytest.fixture(scope="module")
def records(tmp_path_factory, toy, make, as_notebook):
    """The records of a class that hands in all of these, with alice first and zoe last."""
    folder = tmp_path_factory.mktemp("handed in")
    handed_in = {"alice": make(), "zoe": make()}
    for name, text in DEEP.items():
        body = textwrap.indent(text, "    ")
        inside = f"def double(x):\n{body}\n    return x + x\n"
        handed_in[f"m {name} beside"] = make(text)
        handed_in[f"m {name} inside"] = make(double=inside)
    for name, cells in LONG.items():
        handed_in[f"m {name}"] = make(*cells)
    for student, document in handed_in.items():
        (folder / f"{student}.ipynb").write_text(as_notebook(document), "utf-8")
    taken = take_in(folder, [toy], folder / "unpacked")
    found = {one["student"]: one for one in grade_all(taken, folder / "out", pool=LocalPool(1))}
    assert set(found) == set(handed_in)
    return found


def test_the_class_goes_on(records):
    assert [records[name]["earned"] for name in ("alice", "zoe")] == [6, 6]


@pytest.mark.parametrize("name", DEEP)
def test_a_cell_made_to_break_a_reader_costs_at_most_its_own_task(records, name):
    beside = records[f"m {name} beside"]
    assert beside["earned"] == 6, beside["reasons"]
    inside = records[f"m {name} inside"]
    others = {row["status"] for row in inside["rows"] if row["task"] != "double"}
    assert others == {"passed"}, inside["reasons"]


@pytest.mark.parametrize("name", LONG)
def test_too_much_code_is_told(records, name):
    record = records[f"m {name}"]
    assert record["status"] == "needs attention"
    (reason,) = record["reasons"]
    if name == "one long cell":
        assert re.search(r"cell \d+: longer than 262,144 characters", reason["en"])
        assert record["earned"] == 6
    else:
        assert "more code than any answer needs" in reason["en"]
        assert record["points"] is None


def handed_in(toy, document, folder):
    return Intake(Owner("ann"), folder / "ann.ipynb", "ann.ipynb", toy, document)


def test_a_failure_of_ours_at_one_submission_is_that_ones_line(toy, make, monkeypatch, tmp_path):
    def fails(self, exercise, document, task=None):
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(Grader, "grade", fails)
    with Grader() as grader:
        record = verdict.graded_record(grader, handed_in(toy, make(), tmp_path))
    assert record["status"] == "needs attention"
    assert record["points"] is None
    assert record["reasons"][0]["en"] == "the grader ended: planted"


def test_a_helper_that_hangs_is_ended_and_the_next_submission_is_graded(
    toy, make, monkeypatch, tmp_path
):
    one = handed_in(toy, make(), tmp_path)
    real = Helper.send
    hung = []

    def stops_the_helper(self, message, body=None, until=None):
        real(self, message, body, until)
        if message["op"] == "grade" and len(hung) < 2:
            hung.append(self.process)
            self.process.send_signal(19)  # SIGSTOP: it will never answer

    monkeypatch.setattr(Helper, "send", stops_the_helper)
    monkeypatch.setattr(grader_module, "PATIENCE", 1 - 4 * toy.seconds)
    with Grader() as grader:
        record = verdict.graded_record(grader, one)
        assert record["reasons"][0]["en"] == "the grader ended: too late"
        monkeypatch.setattr(grader_module, "PATIENCE", 120.0)
        assert verdict.graded_record(grader, one)["earned"] == 6
    assert [process.poll() for process in hung] == [-9, -9]


def test_a_late_helper_is_told_from_one_that_ended():
    helper = Helper()
    try:
        with pytest.raises(HelperLost, match=r"^too late$"):
            helper.receive(time.monotonic() + 0.2)
    finally:
        helper.close()
