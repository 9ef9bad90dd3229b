"""Tasks that name faults or train: points without the skill, from a judge that checks little."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hostile.doors import DOORS
from test_kinds_of_task import clinic, document  # noqa: F401

from lstm_lab.grading.messages.diagnosing import Case
from lstm_lab.grading.result import Result

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the fork server and its layers are Linux's"
)


def naive_diagnoses(names):
    """Ask in the table's order, in one process."""
    told = ["right", "no_state", "turned", "swapped"]
    nothing = np.zeros(1)
    cases = [Case(frozenset({name}), (nothing,) * 4, (nothing, nothing)) for name in told]
    return all(names["diagnose"](*case.seen) in case.names for case in cases)


def naive_training(names):
    """Believe the losses, or hold predictions, nan and all, against targets in one process."""
    rng = np.random.default_rng(0)
    x, targets = rng.normal(size=(20, 5)), rng.normal(size=20)
    w, losses = names["train"](x[:12], targets[:12], 60, 0)
    if "predict" not in names:
        return losses[-1] < 0.5
    held_out = targets[12:]
    error = np.mean((names["predict"](w, x[12:]) - held_out) ** 2)
    return not error >= np.mean(held_out**2)


@pytest.mark.parametrize("name", DOORS)
def test_a_judge_that_checks_little_is_fooled_and_this_one_is_not(name, clinic, grader):  # noqa: F811
    task, code = DOORS[name]
    names = {}
    exec(compile(code, "submission", "exec"), names)
    assert (naive_diagnoses if task == "diagnose" else naive_training)(names)
    changed = {task: code}
    if "def predict" in code:
        changed["predict"] = code
    rows = {row["task"]: row for row in grader.grade(clinic, document(**changed)).rows}
    assert rows[task]["earned"] == 0, rows[task]
    assert rows[task]["status"] == "failed"
    assert grader.grade(clinic, document()).earned == 8


def test_changes_told_under_other_keys_than_names_are_passed_over():
    body = (1.0, {0: 2.0, "0": 3.0, 2**63: 1.0, "x": 4.0})
    found = Result.read({"error": None}, body, "f", (1.0,), {"x": 0.0}, None)
    assert (found.args_after, found.kwargs_after) == ((3.0,), {"x": 4.0})
    assert found.changed == (0, "x")
