"""`lstm-lab grade --demo`: a class of good, bad and hostile submissions, all of them graded."""

from __future__ import annotations

import csv
import textwrap

import pytest

from lstm_lab.cli import main
from lstm_lab.grading.demo import make_class
from lstm_lab.grading.hostile_samples import HOSTILE


@pytest.mark.parametrize("name", HOSTILE)
def test_the_bundled_hostile_answers_gain_nothing(name, toy, grader, make):
    code = "def double(*args, **kwargs):\n" + textwrap.indent(HOSTILE[name], "    ")
    compile(code, name, "exec")
    rows = grader.grade(toy, make(double=code)).rows
    assert [row["earned"] for row in rows] == [0, 0, 3]


def test_the_same_seed_makes_the_same_class(toy, tmp_path):
    for name in ("a", "b"):
        make_class(tmp_path / name, [toy], size=40)
    made = [
        {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*.*")}
        for name in ("a", "b")
    ]
    assert made[0] == made[1]
    entries = [path.name for path in (tmp_path / "a").iterdir()]
    assert len(entries) == 40
    assert any(name.isascii() for name in entries)
    assert not all(name.isascii() for name in entries)


def test_the_command_makes_and_grades_them_and_says_where_to_look(toy_course, tmp_path, capsys):
    assert main(["grade", "--demo", "--out", str(tmp_path / "demo"), "-j", "2"]) == 0
    said = capsys.readouterr().out
    overview = tmp_path / "demo" / "results" / "overview.html"
    assert overview.is_file()
    assert str(overview) in said.replace("\n", "")
    with (tmp_path / "demo" / "results" / "results.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 200
    assert {row["status"] for row in rows} == {"ok", "needs attention"}
    full = sum(row["points"] == "6" for row in rows)
    assert 0 < full < 200
    assert sum(row["points"] == "" for row in rows) > 0  # broken files: no points, and no 0


def test_a_folder_and_the_demonstration_exclude_each_other(toy_course, tmp_path, capsys):
    assert main(["grade", str(tmp_path), "--demo"]) == 2
    assert "name no folder" in capsys.readouterr().err
    assert main(["grade", str(tmp_path)]) == 2
    assert "say --demo" in capsys.readouterr().err
