"""Progress is written down without ever standing in the way, and summed up."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from lstm_lab import paths, progress
from lstm_lab.cli import main
from lstm_lab.errors import UserError


@pytest.fixture
def course(small):
    small.edit("lessons/step/lesson.py", "y = x + 1", 'guess = Predict("step-y", q)')
    assert small.build().problems == []
    return small


def test_facts_come_back_in_order(course):
    assert progress.record("check", exercise="01", tasks={"double": [2, 2]}) is not None
    progress.record("guess", id="step-y", guess="多少")
    facts = progress.read()
    assert [fact["kind"] for fact in facts] == ["check", "guess"]
    assert facts[1]["guess"] == "多少"
    assert all("time" in fact for fact in facts)


def test_numpy_values_can_be_recorded(course):
    progress.record("prediction", id="step-y", guess=np.float32(0.5), value=np.arange(3))
    [fact] = progress.read()
    assert (fact["guess"], fact["value"]) == (0.5, [0, 1, 2])


def test_damaged_lines_are_passed_over(course):
    progress.record("guess", id="a", guess=1)
    path = progress.record("guess", id="b", guess=2)
    assert path is not None
    path.write_bytes(b'{"half": \n\xff\xfe\n[1]\n\n' + path.read_bytes() + b'{"kind": "gue')
    assert [fact["id"] for fact in progress.read()] == ["a", "b"]


def test_outside_a_course_nothing_happens(tmp_path, monkeypatch):
    monkeypatch.delenv("LSTM_LAB_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    assert progress.record("guess", id="a", guess=1) is None
    assert progress.read() == []
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_stops_no_lesson(course):
    course.write("work", "a file")
    assert progress.record("guess", id="a", guess=1) is None
    assert progress.read() == []


def test_notebooks_at_once_never_mix_lines(course):
    code = (
        "import sys; from lstm_lab import progress\n"
        "for n in range(50): progress.record('guess', id=sys.argv[1], guess='x' * 500)"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(n)], env=dict(os.environ))
        for n in range(3)
    ]
    assert [one.wait(timeout=60) for one in running] == [0, 0, 0]
    lines = (course.work / "progress.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == 150
    assert {len(json.loads(line)["guess"]) for line in lines} == {500}


def test_strange_facts_do_not_break_the_sums():
    facts = [
        {"kind": "check"},
        {"kind": "check", "exercise": "01", "tasks": {"a": 3, "b": [1], "c": ["x", 2]}},
        {"kind": "check", "exercise": "01", "tasks": {"a": [1.5, 2]}},
        {"kind": "guess"},
        {"kind": "guess", "id": 7},
    ]
    assert progress.best_points(facts) == {"01": {"a": (1.5, 2)}}
    assert progress.last_predictions(facts) == {}


def test_the_command_sums_up(course, capsys):
    assert main(["progress"]) == 0
    assert "Nothing recorded yet" in capsys.readouterr().out
    progress.record("check", exercise="01", tasks={"double": [2, 2], "triple": [0.5, 1.5]})
    progress.record("check", exercise="01", tasks={"double": [0, 2]})
    progress.record("check", exercise="01", tasks={"of an older text": [9, 9]})
    progress.record("prediction", id="step-y", guess=1.0, value=2.34567)
    progress.record("guess", id="step-z", guess=[1, 2])
    assert main(["progress", "--predictions"]) == 0
    said = capsys.readouterr().out
    row = next(line for line in said.splitlines() if "Step" in line)
    assert row.split()[:5] == ["01", "Step", "1/1", "1/2", "2.5/3.5"]
    assert "2.35" in said
    assert "a curve" in said


def test_the_root_is_found_or_named_or_missed(course, monkeypatch, tmp_path):
    assert paths.course_root() == course.root.resolve()
    monkeypatch.setenv("LSTM_LAB_ROOT", str(tmp_path / "nowhere"))
    assert paths.find_course_root() is None
    with pytest.raises(UserError, match=r"LSTM_LAB_ROOT names .*nowhere"):
        paths.course_root()
    monkeypatch.delenv("LSTM_LAB_ROOT")
    inside = course.root / "exercises" / "en"
    assert paths.course_root(inside) == course.root.resolve()
    with pytest.raises(UserError, match="No course found from"):
        paths.course_root(tmp_path)
