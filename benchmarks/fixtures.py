"""A torch exercise of its own size, so that the figures stay comparable as the course grows."""

from __future__ import annotations

from pathlib import Path

from lstm_lab.layout import Layout

__all__ = ["torch_course"]

SOLUTION = """\
# ---
# lstm_lab:
#   allow: [numpy, torch]
#   torch: true
#   seconds: 40
# ---

# %% name="setup"
import torch

# %% name="Cell" task=true minutes=1 difficulty=1
class Cell(torch.nn.Module):
    def __init__(self, n_in, n_hidden):
        super().__init__()
        self.W = torch.nn.Linear(n_in + n_hidden, 4 * n_hidden)

    def forward(self, x, h, c):
        i, f, g, o = self.W(torch.cat([x, h], dim=1)).chunk(4, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c

# %% name="gate" task=true minutes=1 difficulty=1
def gate(x):
    return torch.sigmoid(x)
"""

TESTS = """\
import pytest
import torch

from lstm_lab.grading import compare


@pytest.fixture
def pair(submission, solution):
    theirs, ours = submission.make("Cell", 3, 5), solution.make("Cell", 3, 5)
    theirs.load_state(ours.state().value)
    return theirs, ours


def draw(rng, *shape):
    return torch.from_numpy(rng.normal(size=shape)).float()


@pytest.mark.points(1, task="Cell")
def test_forward(pair, rng):
    theirs, ours = pair
    x = draw(rng, 4, 3), draw(rng, 4, 5), draw(rng, 4, 5)
    compare(theirs.forward(*x), ours.forward(*x), name=("h", "c"), rtol=1e-5, atol=1e-6)


@pytest.mark.points(1, task="Cell")
def test_grads(pair, rng):
    theirs, ours = pair
    x = [draw(rng, 4, 3), draw(rng, 4, 5), draw(rng, 4, 5)]
    dy = draw(rng, 4, 5), draw(rng, 4, 5)
    compare(theirs.grads(x, dy), ours.grads(x, dy), name="gradients", rtol=1e-5, atol=1e-6)


@pytest.mark.points(1, task="Cell")
def test_training(pair, rng):
    theirs, ours = pair
    x, y = [draw(rng, 4, 3), draw(rng, 4, 5), draw(rng, 4, 5)], draw(rng, 4, 5)
    got, want = theirs.train_steps(x, y, steps=3), ours.train_steps(x, y, steps=3)
    compare(got, want, name="losses", rtol=1e-4, repeat=False)


@pytest.mark.points(1, task="gate")
def test_gate(submission, solution, rng):
    x = draw(rng, 4, 3)
    compare(submission.call("gate", x), solution.call("gate", x).value, name="gate")
"""


def torch_course(root: Path) -> Path:
    """Write a course with one exercise, a cell of an LSTM in torch, and return its folder."""
    for name in ("notebooks", "exercises", "lstm_lab", "lessons/cell"):
        (root / name).mkdir(parents=True)
    (root / "lessons" / "course.toml").write_text('[[part]]\nlessons = ["cell"]\n', "utf-8")
    lesson = Layout(root)["cell"]
    lesson.exercise.write_text(SOLUTION, "utf-8")
    lesson.tests.write_text(TESTS, "utf-8")
    return root
