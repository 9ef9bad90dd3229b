"""Exercises with torch: modules stay where they are made, and fixed verbs reach them."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest
from toy_course import write_course

from lstm_lab.grading.exercises import find_exercise
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.notebook.kernel import Check
from lstm_lab.grading.runner.run import Run
from lstm_lab.grading.sandbox.processes import Sandbox
from lstm_lab.grading.sources import CodeCell, Document
from lstm_lab.grading.worker.extract import extract, run

SOLUTION = """\
# ---
# lstm_lab:
#   allow: [numpy, torch]
#   torch: true
#   seconds: 40
# ---

# %% name="setup"
import torch

# %% name="Affine" task=true minutes=1 difficulty=1
class Affine(torch.nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        ### BEGIN SOLUTION
        self.W = torch.nn.Parameter(torch.randn(n_out, n_in))
        self.b = torch.nn.Parameter(torch.zeros(n_out))
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return x @ self.W.T + self.b
        ### END SOLUTION

# %% name="Tagger" task=true minutes=1 difficulty=1
class Tagger(torch.nn.Module):
    def __init__(self, n_in, n_hidden, n_classes):
        super().__init__()
        self.lstm = torch.nn.LSTM(n_in, n_hidden)
        self.drop = torch.nn.Dropout(0.5)
        self.head = torch.nn.Linear(n_hidden, n_classes)

    def forward(self, x, state):
        ### BEGIN SOLUTION
        out, state = self.lstm(x, state)
        return self.head(self.drop(out)), state
        ### END SOLUTION

    def spell(self, x, state, names):
        ### BEGIN SOLUTION
        best = self(x, state)[0].argmax(-1)
        return [[names[int(k)] for k in row] for row in best]
        ### END SOLUTION

# %% name="gate" task=true minutes=1 difficulty=1
def gate(x):
    ### BEGIN SOLUTION
    return torch.sigmoid(x)
    ### END SOLUTION
"""

TESTS = """\
import pytest
import torch

from lstm_lab.grading import compare


@pytest.fixture
def pair(submission, solution):
    theirs, ours = submission.make("Affine", 3, 2), solution.make("Affine", 3, 2)
    theirs.load_state(ours.state().value)
    return theirs, ours


@pytest.mark.points(1, task="Affine")
def test_forward(pair, rng):
    theirs, ours = pair
    x = torch.from_numpy(rng.normal(size=(4, 3))).float()
    compare(theirs.forward(x), ours.forward(x), name="y", rtol=1e-5, atol=1e-6)


@pytest.mark.points(1, task="Affine")
def test_grads(pair, rng):
    theirs, ours = pair
    x = torch.from_numpy(rng.normal(size=(4, 3))).float()
    c = torch.from_numpy(rng.normal(size=(4, 2))).float()
    compare(theirs.grads([x], c), ours.grads([x], c), name="gradients", rtol=1e-5, atol=1e-6)


@pytest.mark.points(1, task="Affine")
def test_training(pair, rng):
    theirs, ours = pair
    x, y = (torch.from_numpy(rng.normal(size=(4, n))).float() for n in (3, 2))
    got, want = theirs.train_steps([x], y, steps=3), ours.train_steps([x], y, steps=3)
    compare(got, want, name="losses", rtol=1e-4, repeat=False)


@pytest.fixture
def taggers(submission, solution, rng):
    both = [who.make("Tagger", 3, 4, 5, dtype="float64") for who in (submission, solution)]
    both[0].load_state(both[1].state().value)
    x, h, c = (torch.from_numpy(rng.normal(size=s)) for s in ((6, 2, 3), (1, 2, 4), (1, 2, 4)))
    return *both, x, (h, c)


@pytest.mark.points(1, task="Tagger")
def test_state(taggers):
    theirs, ours, x, state = taggers
    compare(theirs.forward(x, state), ours.forward(x, state), name=("scores", "state"))


@pytest.mark.points(1, task="Tagger")
def test_state_gradients(taggers, rng):
    theirs, ours, x, state = taggers
    c = torch.from_numpy(rng.normal(size=(6, 2, 5))), (state[1], None)
    compare(theirs.grads([x, state], c), ours.grads([x, state], c), name="gradients")


@pytest.mark.points(1, task="Tagger")
def test_classes(taggers):
    theirs, ours, x, state = taggers
    y = torch.tensor([[0, 1], [2, 3], [4, 0], [1, 2], [3, -1], [4, -1]])
    got, want = (m.train_steps([x, state], y, 4, 0.5, loss="cross_entropy") for m in (theirs, ours))
    compare(got, want, name="losses", repeat=False)


@pytest.mark.points(1, task="Tagger")
def test_ctc(taggers):
    theirs, ours, x, state = taggers
    y, lengths = torch.tensor([[1, 2, 2], [3, 1, 1]]), ([6, 4], [3, 1])
    got, want = (m.train_steps([x, state], y, 3, 0.1, loss="ctc", lengths=lengths)
                 for m in (theirs, ours))
    compare(got, want, name="losses", repeat=False)


@pytest.mark.points(1, task="Tagger")
def test_spell(taggers):
    theirs, ours, x, state = taggers
    names = {k: "_abcd"[k] for k in range(5)}
    compare(theirs.method("spell", x, state, names), ours.method("spell", x, state, names))


@pytest.mark.points(1, task="gate")
def test_gate(submission, solution, rng):
    x = torch.from_numpy(rng.normal(size=(4, 3)))
    compare(submission.call("gate", x), solution.call("gate", x), name="gate")
"""


MISTAKES = """\
from lstm_lab.grading import Mistake

MISTAKES = {
    "Affine": [
        Mistake("twice", ("x @ self.W.T", "2 * x @ self.W.T"), "W counts twice", "W 算了两次"),
    ],
    "gate": [Mistake("tanh", ("torch.sigmoid", "torch.tanh"), "that is the tanh", "这是 tanh")],
}
"""


@pytest.fixture(scope="module")
def torch_exercise(tmp_path_factory):
    root = tmp_path_factory.mktemp("torch_course")
    write_course(root, "08_affine", SOLUTION, TESTS)
    found = find_exercise("08", root)
    found.mutants_path.write_text(MISTAKES, "utf-8")
    return found


@pytest.fixture(scope="module")
def torch_grader():
    with Grader() as one:
        yield one


AFFINE = """
class Affine(torch.nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.W = torch.nn.Parameter(torch.randn(n_out, n_in))
        self.b = torch.nn.Parameter(torch.zeros(n_out))
    def forward(self, x):
        return {forward}
"""
TAGGER = """
class Tagger(torch.nn.Module):
    def __init__(self, n_in, n_hidden, n_classes):
        super().__init__()
        self.lstm = torch.nn.LSTM(n_in, n_hidden)
        self.drop = torch.nn.Dropout(0.5)
        self.head = torch.nn.Linear(n_hidden, n_classes)
    def forward(self, x, state):
        out, state = self.lstm(x, state)
        return {returned}
    def spell(self, x, state, names):
        best = self(x, state)[0].argmax(-1).tolist()
        return [[names[k] for k in row] for row in best]
"""
RIGHT = "self.head(self.drop(out)), state"
TAGGERS = {
    "right": (RIGHT, 5),
    "one output": ("self.head(self.drop(out))", 2),
    "three": ("self.head(self.drop(out)), *state", 3),
    "old state": ("self.head(self.drop(out)), (state[0] * 0, state[1])", 3),
    "always dropping": ("self.head(torch.dropout(out, 0.5, True)), state", 2),
}
ANSWERS = {
    "right": ("torch.nn.functional.linear(x, self.W, self.b)", "1 / (1 + torch.exp(-x))"),
    "no bias": ("x @ self.W.T", "torch.sigmoid(x)"),
    "detached": ("(x @ self.W.T).detach() + self.b", "torch.sigmoid(x)"),
    "numpy": ("x @ self.W.T + self.b", "torch.tanh(x).numpy()"),
    "set": ("{1}", "torch.sigmoid(x)"),
}
EARNED = {"right": 4, "no bias": 1 + 1, "detached": 2, "numpy": 3, "set": 1}


def document(kind="right", tagger="right"):
    forward, gate = ANSWERS[kind]
    cells = ["import torch", AFFINE.format(forward=forward), f"def gate(x):\n    return {gate}\n"]
    cells.append(TAGGER.replace("{returned}", TAGGERS[tagger][0]))
    found = tuple(CodeCell(text, f"<cell {n}>") for n, text in enumerate(cells, 1))
    return Document(Path("made.py"), found)


@pytest.fixture(scope="module")
def torch_check(torch_exercise):
    check = Check(torch_exercise)
    yield check
    check.close()


def in_kernel(check, made, monkeypatch):
    monkeypatch.setenv("LSTM_LAB_ROOT", str(check.exercise.root))
    found = extract(made.wire(), check.exercise.tasks)
    namespace = {"__name__": "__main__"}
    run(found, namespace)
    return check.run(namespace).rows


@pytest.mark.parametrize("kind", ANSWERS)
def test_modules_are_graded_alike_in_worker_and_kernel(
    kind, torch_exercise, torch_grader, torch_check, monkeypatch
):
    graded = torch_grader.grade(torch_exercise, document(kind))
    assert graded.earned == EARNED[kind] + 5, graded.rows
    assert in_kernel(torch_check, document(kind), monkeypatch) == graded.rows


@pytest.mark.parametrize("tagger", TAGGERS)
def test_states_losses_and_methods_are_graded_alike_and_from_a_record(
    tagger, torch_exercise, torch_grader, torch_check, handed_out, monkeypatch
):
    graded = torch_grader.grade(torch_exercise, document(tagger=tagger))
    assert graded.earned == 4 + TAGGERS[tagger][1], graded.rows
    assert in_kernel(torch_check, document(tagger=tagger), monkeypatch) == graded.rows
    handout, grader = handed_out
    assert grader.grade(handout, document(tagger=tagger)).rows == graded.rows


@pytest.fixture(scope="module")
def handed_out(torch_exercise, torch_grader, tmp_path_factory):
    """The course without its solution, with the record of it."""
    root = tmp_path_factory.mktemp("handout") / "course"
    skip = shutil.ignore_patterns("exercise.py", "mistakes.py", "__pycache__")
    shutil.copytree(torch_exercise.root, root, ignore=skip)
    facts = {"lstm_lab": {"allow": ["numpy", "torch"], "torch": True, "seconds": 40}}
    stub = root / "exercises" / "en" / "08_affine.ipynb"
    stub.parent.mkdir()
    stub.write_text(json.dumps({"cells": [], "metadata": facts, "nbformat": 4}), "utf-8")
    found = find_exercise("08", root)
    found.record_path.write_bytes(torch_grader.record(torch_exercise)[1])
    with Grader() as one:
        yield found, one


TWICE = {
    "forward": "x @ self.W.T + x @ self.W.T + self.b",
    "grads": "x @ (self.W + self.W).T + self.b",
    "training": "2 * x @ self.W.T + self.b",
}


@pytest.mark.parametrize("test", TWICE)
def test_a_mistake_goes_through_all_that_was_done_to_a_module(test, torch_exercise, torch_grader):
    gate = "def gate(x):\n    return torch.tanh(x)\n"
    cells = ["import torch", AFFINE.format(forward=TWICE[test]), gate]
    found = tuple(CodeCell(text, f"<cell {n}>") for n, text in enumerate(cells, 1))
    rows = torch_grader.grade(torch_exercise, Document(Path("made.py"), found)).rows
    said = {row["test"]: row["said"]["en"] for row in rows}
    assert said[f"test_{test}"].endswith("W counts twice")
    assert said["test_gate"] == "gate: that is the tanh"


FINDS = """
import os
import sys
def double(x):
    for folder in sys.path:
        path = os.path.join(folder, "torch", "nn", "modules", "rnn.py")
        if os.path.exists(path):
            return "class LSTM" in open(path).read()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the walls are Linux's")
def test_an_exercise_without_torch_cannot_borrow_from_it(toy, make):
    """A finished LSTM is an answer key; the finder that refuses its import is no wall."""
    seen = {}
    for name, layers in (("limits", ()), ("walls", ("landlock", "seccomp"))):
        one = Run(toy, sandbox=Sandbox(layers=layers))
        try:
            one.begin(make(double=FINDS))
            one.enter("double")
            seen[name] = one.submission().call("double", 1.5)
            one.leave("double")
        finally:
            one.close()
            one.sandbox.close()
    assert seen["limits"].value is True
    assert seen["walls"].value is None
    assert seen["walls"].error.type == "PermissionError"
