"""Where there is no solution, a record of its answers takes its place, or says why it cannot."""

import io
import json
import shutil

import numpy as np
import pytest

from lstm_lab.errors import UserError
from lstm_lab.grading.batch.pool import grade_all
from lstm_lab.grading.exercises import find_exercise
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.intake import take_in
from lstm_lab.grading.runner.record import Asked

HALF_RIGHT = {
    "center": "def center(x):\n    m = x.mean(axis=1)\n    return x - x.mean(axis=0), m\n"
}


@pytest.fixture
def handed(toy, toy_root, tmp_path, grader):
    """The toy course without its solution, with the record of it."""
    root = tmp_path / "handed out"
    shutil.copytree(toy_root, root, ignore=shutil.ignore_patterns("exercise.py", "__pycache__"))
    found = find_exercise("07", root)
    found.record_path.write_bytes(grader.record(toy)[1])
    return found


def rewritten(path, change):
    """Write the record again with its header changed."""
    with np.load(path) as file:
        arrays = dict(file)
    header = json.loads(arrays["header"].tobytes())
    change(header)
    arrays["header"] = np.frombuffer(json.dumps(header).encode(), np.uint8)
    data = io.BytesIO()
    np.savez_compressed(data, **arrays)
    path.write_bytes(data.getvalue())


@pytest.mark.parametrize("answers", [{}, HALF_RIGHT, {"double": "def double(x):\n    return x\n"}])
def test_rows_are_those_that_the_solution_itself_gives(toy, handed, grader, make, answers):
    document = make(**answers)
    with Grader() as other:
        found = other.grade(handed, document).rows
    assert found == grader.grade(toy, document).rows
    assert {row["task"] for row in found if row["status"] == "failed"} == set(answers)


def test_the_same_course_gives_the_same_record(toy, grader):
    assert grader.record(toy)[1] == grader.record(toy)[1]


def test_one_task_alone_is_answered_from_its_own_calls(handed, make):
    with Grader() as other:
        rows = other.grade(handed, make(), task="center").rows
    assert [(row["task"], row["status"]) for row in rows] == [("center", "passed")]


def test_line_ends_of_an_unzip_on_windows_do_not_make_a_record_stale(handed, make):
    handed.tests.write_bytes(handed.tests.read_bytes().replace(b"\n", b"\r\n"))
    with Grader() as other:
        assert other.grade(handed, make()).earned == 6


def test_other_tests_than_those_recorded_are_refused(handed, make):
    handed.tests.write_text(handed.tests.read_text("utf-8") + "\n# newer\n", "utf-8")
    with Grader() as other, pytest.raises(UserError, match="another version of these tests"):
        other.grade(handed, make())


@pytest.mark.parametrize("damage", [b"", b"no archive", "half"])
def test_a_damaged_record_is_a_sentence(handed, make, damage):
    data = handed.record_path.read_bytes()
    handed.record_path.write_bytes(data[: len(data) // 2] if damage == "half" else damage)
    with Grader() as other, pytest.raises(UserError, match="unpack the handout anew"):
        other.grade(handed, make())


def test_a_call_that_is_not_recorded_is_said_and_is_no_mistake_of_the_learner(handed, make):
    rewritten(handed.record_path, lambda said: said["calls"].update(test_center=[]))
    with Grader() as other:
        rows = {row["test"]: row for row in other.grade(handed, make()).rows}
    row = rows["test_center"]
    assert (row["status"], row["earned"]) == ("error", 0)
    assert "no expected value for call 1 of center" in row["said"]["en"]
    assert "center" in row["said"]["zh"]
    assert rows["test_double_values"]["status"] == "passed"


def test_inputs_that_come_out_otherwise_here_are_said(handed, make):
    def shift(said):
        said["numpy"] = "1.2.3"
        said["calls"]["test_center"][0][2] += 0.5

    rewritten(handed.record_path, shift)
    with Grader() as other:
        rows = {row["test"]: row for row in other.grade(handed, make()).rows}
    assert rows["test_center"]["status"] == "error"
    assert "made with NumPy 1.2.3" in rows["test_center"]["said"]["en"]
    assert rows["test_double_values"]["status"] == "passed"


def test_a_batch_is_graded_without_solutions(handed, make, as_notebook, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "anna.ipynb").write_text(as_notebook(make()), "utf-8")
    intakes = take_in(tmp_path / "in", [handed], tmp_path / "unpacked")
    records = list(grade_all(intakes, tmp_path / "out"))
    assert [(one["status"], one["earned"]) for one in records] == [("ok", 6)]


def test_a_key_needs_the_solution(handed, make):
    with Grader(b"secret") as other, pytest.raises(UserError, match="cannot grade with a key"):
        other.grade(handed, make())


def test_without_solution_and_record_it_is_said_what_is_missing(handed, make):
    handed.record_path.unlink()
    with Grader() as other, pytest.raises(UserError, match="has no solution here"):
        other.grade(handed, make())


@pytest.mark.parametrize(
    "other",
    [
        ({"op": "call", "name": "g"}, (np.ones(3), 2), {}),
        ({"op": "call", "name": "f"}, (np.ones((3, 1)), 2), {}),
        ({"op": "call", "name": "f"}, (np.ones(3), 3), {}),
        ({"op": "call", "name": "f"}, (np.ones(3, np.float32), 2), {}),
        ({"op": "call", "name": "f"}, (np.array([1.0, 1.0, 1.001]), 2), {}),
        ({"op": "call", "name": "f"}, (np.ones(3), 2), {"eps": 0.1}),
    ],
)
def test_another_request_is_not_taken_for_the_recorded_one(other):
    asked = Asked.of({"op": "call", "name": "f"}, (np.ones(3), 2), {})
    assert not asked.like(Asked.of(*other))


def test_numbers_that_traded_places_are_noticed():
    x = np.array([0.3, -1.2, 2.5])
    asked = Asked.of({"op": "call", "name": "f"}, (x,), {})
    assert not asked.like(Asked.of({"op": "call", "name": "f"}, (x[[1, 0, 2]],), {}))
