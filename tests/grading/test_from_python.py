"""`grade_folder` and `check_file`: what the commands do, called from a program."""

import csv

import pytest

from lstm_lab.errors import UserError
from lstm_lab.grading import check_file, grade_folder
from lstm_lab.grading.exercises import find_exercise

WRONG = "def double(x):\n    return 3 * x\n"


class Seen:
    """A bar that writes down what it is told."""

    def __init__(self):
        self.began, self.statuses, self.open = [], [], False

    def __call__(self, total, level):
        self.began.append((total, level))
        return self

    def __enter__(self):
        self.open = True
        return self

    def __exit__(self, *_error):
        self.open = False

    def count(self, status):
        assert self.open
        self.statuses.append(status)


def test_a_folder_is_graded_and_told_of(tmp_path, toy_course, make, as_notebook, capsys):
    folder, out, seen = tmp_path / "in", tmp_path / "out", Seen()
    folder.mkdir()
    (folder / "ann.ipynb").write_text(as_notebook(make()), "utf-8")
    (folder / "bob.ipynb").write_text(as_notebook(make(double=WRONG)), "utf-8")
    (folder / "cy.ipynb").write_text("{", "utf-8")
    done = grade_folder(folder, out, trust_submissions=True, jobs=1, progress=seen)
    assert (done.graded, done.attention, done.set_aside, done.roster) == (3, 1, None, None)
    assert seen.began == [(3, done.level)]
    assert sorted(seen.statuses) == ["needs attention", "ok", "ok"]
    rows = list(csv.DictReader(done.results.read_text("utf-8-sig").splitlines()))
    assert [row["points"] for row in rows] == ["6", "3", ""]
    assert not (out / "unpacked").exists()
    assert capsys.readouterr().out == ""


def test_a_second_call_takes_what_is_there_and_keeps_edited_marks(
    tmp_path, toy_course, make, as_notebook
):
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    (folder / "ann.ipynb").write_text(as_notebook(make()), "utf-8")
    first = grade_folder(str(folder), str(out), trust_submissions=True)
    first.results.write_text(first.results.read_text("utf-8-sig").replace(",6,", ",5,"), "utf-8")
    second = grade_folder(str(folder), str(out), trust_submissions=True)
    assert second.graded == 1
    assert second.set_aside is not None
    assert ",5," in second.set_aside.read_text("utf-8")


@pytest.mark.parametrize("given", ["jobs", "out", "same", "folder"])
def test_what_cannot_be_graded_is_a_sentence(given, tmp_path, toy_course):
    folder, out, jobs = tmp_path / "in", tmp_path / "out", 1
    folder.mkdir()
    told = {"jobs": "-2", "out": "is a file", "same": "holds the submissions", "folder": "nowhere"}
    if given == "jobs":
        jobs = -2
    elif given == "out":
        out.write_text("x")
    elif given == "same":
        out = folder
    else:
        folder = tmp_path / "nowhere"
    with pytest.raises(UserError, match=told[given]):
        grade_folder(folder, out, jobs=jobs, trust_submissions=True)


def test_a_file_is_checked(tmp_path, toy_course, make, as_notebook):
    right, wrong = tmp_path / "right.ipynb", tmp_path / "wrong.ipynb"
    right.write_text(as_notebook(make()), "utf-8")
    wrong.write_text(as_notebook(make(double=WRONG)), "utf-8")
    assert check_file(right).passed
    checked = check_file(str(wrong), find_exercise("07"), task="double")
    assert not checked.passed
    assert checked.notes == []
    assert {row["task"] for row in checked.report.rows} == {"double"}
    assert check_file(wrong, task="center").passed


def test_a_file_of_no_exercise_and_a_task_that_is_not_there(
    tmp_path, toy_course, make, as_notebook
):
    other = tmp_path / "other.py"
    other.write_text("x = 1\n", "utf-8")
    with pytest.raises(UserError, match="not clear which exercise"):
        check_file(other)
    right = tmp_path / "right.ipynb"
    right.write_text(as_notebook(make()), "utf-8")
    with pytest.raises(UserError, match="no task 'triple'; the tasks are: double, center"):
        check_file(right, task="triple")
