"""Exercises with torch: modules stay where they are made, and fixed verbs reach them."""

from __future__ import annotations

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
ANSWERS = {
    "right": ("torch.nn.functional.linear(x, self.W, self.b)", "1 / (1 + torch.exp(-x))"),
    "no bias": ("x @ self.W.T", "torch.sigmoid(x)"),
    "detached": ("(x @ self.W.T).detach() + self.b", "torch.sigmoid(x)"),
    "numpy": ("x @ self.W.T + self.b", "torch.tanh(x).numpy()"),
    "set": ("{1}", "torch.sigmoid(x)"),
}
EARNED = {"right": 4, "no bias": 1 + 1, "detached": 2, "numpy": 3, "set": 1}


def document(kind):
    forward, gate = ANSWERS[kind]
    cells = ["import torch", AFFINE.format(forward=forward), f"def gate(x):\n    return {gate}\n"]
    found = tuple(CodeCell(text, f"<cell {n}>") for n, text in enumerate(cells, 1))
    return Document(Path("made.py"), found)


@pytest.mark.parametrize("kind", ANSWERS)
def test_modules_are_graded_alike_in_worker_and_kernel(
    kind, torch_exercise, torch_grader, monkeypatch
):
    graded = torch_grader.grade(torch_exercise, document(kind))
    assert graded.earned == EARNED[kind], graded.rows
    monkeypatch.setenv("LSTM_LAB_ROOT", str(torch_exercise.root))
    found = extract(document(kind).wire(), torch_exercise.tasks)
    namespace = {"__name__": "__main__"}
    run(found, namespace)
    check = Check(torch_exercise)
    try:
        assert check.run(namespace).rows == graded.rows
    finally:
        check.close()


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
