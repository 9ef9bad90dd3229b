"""`lstm-lab grade`: a line for every submission, whatever it is, and nothing lost."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import sys
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from lstm_lab.cli import main
from lstm_lab.grading import deciding
from lstm_lab.grading.batch import pool as batch
from lstm_lab.grading.batch.pool import grade_all
from lstm_lab.grading.intake import take_in
from lstm_lab.grading.reports.results import page_names
from lstm_lab.grading.sandbox.processes import is_isolated, isolation_level


def read(out):
    raw = (out / "results.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))


@pytest.fixture
def folder(tmp_path):
    inside = tmp_path / "submissions"
    inside.mkdir()
    return inside


def grade(folder, out, *words):
    return main(["grade", str(folder), "--out", str(out), "-j", "2", *words])


def test_ten_varied_submissions_give_ten_right_lines(
    folder, tmp_path, toy_course, make, as_notebook
):
    half = make(center="def center(x):\n    return x\n")
    stub = "def {0}(x):\n    raise NotImplementedError('your code here')\n"
    loop = make(double="def double(x):\n    while True:\n        pass\n")
    twice = make()
    twice = type(twice)(twice.path, (*twice.cells, twice.cells[-1]), twice.facts)
    files = {
        "ann.ipynb": as_notebook(make()),
        "bob/07_toy.ipynb": as_notebook(half, lang="zh"),
        "chen.ipynb": as_notebook(make(double=stub.format("double"), center=stub.format("center"))),
        "dan_07_toy.ipynb": as_notebook(make(double="def double(x)\n    return 2 * x\n")),
        "eve.ipynb": as_notebook(loop),
        "fay.ipynb": "{ this is no notebook",
        "gus.ipynb": as_notebook(make(center=None)),
        "hal.ipynb": as_notebook(twice),
        "李明_07_toy.py": "import numpy as np\n" + "".join(c.source for c in make().cells[1:]),
        "=cmd.ipynb": as_notebook(make("import os", "os._exit(1)")),
        "picture.png": "not a submission at all",
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    out = tmp_path / "results"
    assert grade(folder, out) == 0
    rows = {row["student"]: row for row in read(out)}
    assert len(rows) == 11
    seen = {
        name: (row["status"], row["points"], row["07 double"], row["07 center"])
        for name, row in rows.items()
    }
    assert seen == {
        "ann": ("ok", "6", "3", "3"),
        "bob": ("ok", "3", "3", "0"),
        "chen": ("ok", "0", "0", "0"),
        "dan": ("needs attention", "3", "0", "3"),
        "eve": ("needs attention", "3", "0", "3"),
        "fay": ("needs attention", "", "", ""),
        "gus": ("needs attention", "3", "3", "0"),
        "hal": ("needs attention", "6", "3", "3"),
        "李明": ("ok", "6", "3", "3"),
        "'=cmd": ("ok", "6", "3", "3"),
        "picture": ("needs attention", "", "", ""),
    }
    assert "not valid Python" in rows["dan"]["reasons"]
    assert "stopped at its time limit" in rows["eve"]["reasons"]
    assert "not valid JSON" in rows["fay"]["reasons"]
    assert "task missing: center" in rows["gus"]["reasons"]
    assert "more than once" in rows["hal"]["reasons"]
    level = isolation_level()
    noted = level if is_isolated(level) else f"{level} (trusted submissions only)"
    assert {row["isolation"] for row in rows.values()} == {noted}
    for row in rows.values():
        page = (out / row["feedback"]).read_text("utf-8")
        assert page.startswith("<!doctype html>")
        assert "src=" not in page
        assert "http" not in page
    assert 'lang="zh-CN"' in (out / rows["bob"]["feedback"]).read_text("utf-8")


def test_the_overview_tells_tasks_symptoms_and_where_to_look(
    folder, tmp_path, toy_course, make, as_notebook
):
    for n in range(4):
        wrong = make(double=f"def double(x):\n    return x * {n + 3}.0\n")
        (folder / f"times{n}.ipynb").write_text(as_notebook(wrong), "utf-8")
    (folder / "<b>ann.ipynb").write_text(as_notebook(make()), "utf-8")
    (folder / "torn.ipynb").write_text("{", "utf-8")
    grade(folder, tmp_path / "out")
    page = (tmp_path / "out" / "overview.html").read_text("utf-8")
    assert "6 submissions, 1 of them need attention" in page
    assert "5 graded; median 3 and mean 3.6 of 6 points" in page
    # four different factors are one symptom
    assert page.count("times what it should be") == 1
    assert "(4)</li>" in page
    assert "<b>ann" not in page
    links = re.findall(r'href="([^"]+)"', page)
    assert "#exercise-07" in links
    for link in set(links):
        here, _hash, anchor = link.partition("#")
        assert f'id="{anchor}"' in page if anchor else (tmp_path / "out" / here).is_file()


def test_two_submissions_of_one_student_are_both_kept_and_marked(
    folder, tmp_path, toy_course, make, as_notebook
):
    for name in ("ann.ipynb", "ann (1).ipynb"):
        (folder / name).write_text(as_notebook(make()), "utf-8")
    assert grade(folder, tmp_path / "out") == 0
    rows = read(tmp_path / "out")
    assert [(r["student"], r["status"], r["points"]) for r in rows] == [
        ("ann", "needs attention", "6")
    ] * 2
    assert "2 submissions" in rows[0]["reasons"]


def test_what_was_graded_is_not_graded_again_until_it_changes(
    folder, tmp_path, toy_course, make, as_notebook, monkeypatch
):
    for name in ("ann", "bob"):
        (folder / f"{name}.ipynb").write_text(as_notebook(make()), "utf-8")
    out = tmp_path / "out"
    asked = []
    real = batch.graded_record
    monkeypatch.setattr(
        batch, "graded_record", lambda grader, one: asked.append(one.student) or real(grader, one)
    )
    grade(folder, out)
    first = (out / "results.csv").read_bytes()
    grade(folder, out)
    assert sorted(asked) == ["ann", "bob"]
    assert (out / "results.csv").read_bytes() == first
    wrong = make(double="def double(x):\n    return x\n")
    (folder / "bob.ipynb").write_text(as_notebook(wrong), "utf-8")
    grade(folder, out)
    assert sorted(asked) == ["ann", "bob", "bob"]
    assert {r["student"]: r["points"] for r in read(out)} == {"ann": "6", "bob": "3"}
    grade(folder, out, "--again")
    assert len(asked) == 5


def test_a_damaged_record_is_graded_anew(folder, tmp_path, toy_course, make, as_notebook):
    (folder / "ann.ipynb").write_text(as_notebook(make()), "utf-8")
    out = tmp_path / "out"
    grade(folder, out)
    (record,) = (out / "records").glob("*.json")
    record.write_text(record.read_text("utf-8")[:50], "utf-8")
    grade(folder, out)
    assert read(out)[0]["points"] == "6"
    assert json.loads(record.read_text("utf-8"))["earned"] == 6


def test_a_key_changes_the_inputs_and_not_the_marks(
    folder, tmp_path, toy_course, make, as_notebook
):
    (folder / "ann.ipynb").write_text(as_notebook(make()), "utf-8")
    key = tmp_path / "key"
    key.write_bytes(os.urandom(200))
    grade(folder, tmp_path / "out", "--key", str(key))
    assert read(tmp_path / "out")[0]["points"] == "6"


@pytest.mark.parametrize("kind", ["missing", "file", "empty", "out is a file", "no key", "number"])
def test_a_wrong_call_is_one_sentence_and_exit_code_2(
    folder, tmp_path, toy_course, make, as_notebook, capsys, kind
):
    out = tmp_path / "out"
    sentences = {
        "missing": "there is no such folder",
        "file": "is a file; name the folder",
        "empty": "is empty: there is nothing to grade",
        "out is a file": "name a folder for the results",
        "no key": "cannot be read",
        "number": "There is no exercise '99'; there are: 07",
    }
    words = []
    if kind == "missing":
        shutil.rmtree(folder)
    elif kind != "empty":
        (folder / "ann.ipynb").write_text(as_notebook(make()), "utf-8")
    if kind == "file":
        folder = folder / "ann.ipynb"
    elif kind == "out is a file":
        out.write_text("x")
    elif kind == "no key":
        words = ["--key", str(tmp_path / "nothing")]
    elif kind == "number":
        words = ["--exercise", "99"]
    assert grade(folder, out, *words) == 2
    error = capsys.readouterr().err.strip().splitlines()
    assert sentences[kind] in " ".join(error)
    assert "Traceback" not in " ".join(error)


def test_without_isolation_it_refuses_on_linux_unless_told_otherwise(
    folder, tmp_path, toy_course, make, as_notebook, monkeypatch, capsys
):
    (folder / "ann.ipynb").write_text(as_notebook(make()), "utf-8")
    monkeypatch.setattr("lstm_lab.grading.batch.folder.isolation_level", lambda: "process+rlimits")
    monkeypatch.setattr(sys, "platform", "linux")
    assert grade(folder, tmp_path / "out") == 2
    assert "--trust-submissions" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
    assert grade(folder, tmp_path / "out", "--trust-submissions") == 0
    assert "trusted submissions only" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_are_not_followed(folder, tmp_path, toy_course, make, as_notebook):
    secret = tmp_path / "secret.ipynb"
    secret.write_text(as_notebook(make()), "utf-8")
    (folder / "ann.ipynb").symlink_to(secret)
    (folder / "bob").mkdir()
    (folder / "bob" / "07_toy.ipynb").symlink_to(secret)
    grade(folder, tmp_path / "out")
    rows = read(tmp_path / "out")
    assert [r["status"] for r in rows] == ["needs attention"] * 2
    assert [r["points"] for r in rows] == ["", ""]


def test_page_names_are_safe_everywhere():
    names = page_names(["../../etc", "con", "a" * 300, "", "..", "x\n", "A", "a", "学号_姓名"])
    assert len({name.lower() for name in names}) == 9
    for name in names:
        assert len(name) < 100
        assert "/" not in name
        assert not name.startswith(".")
    assert names[1] == "_con.html"


def check(*words):
    return main(["check", *words])


def test_check_from_the_command_line(folder, toy_course, make, as_notebook, capsys):
    path = folder / "mine.ipynb"
    path.write_text(as_notebook(make()), "utf-8")
    assert check("07", str(path)) == 0
    assert check(str(path), "--task", "double") == 0
    assert "3 of 3 points" in capsys.readouterr().out
    path.write_text(as_notebook(make(double="def double(x):\n    return x\n")), "utf-8")
    assert check("7", str(path)) == 1
    assert "that is x itself" in capsys.readouterr().out


def test_check_takes_the_learners_own_copy(toy_course, make, as_notebook, capsys):
    assert check("07") == 2
    assert "Your copy of exercise 07 is not there yet" in capsys.readouterr().err
    own = toy_course / "work" / "exercises" / "en"
    own.mkdir(parents=True)
    (own / "07_toy.ipynb").write_text(as_notebook(make()), "utf-8")
    assert check("07") == 0
    shutil.rmtree(own)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("99",), "There is no exercise '99'; there are: 07"),
        (("x.ipynb",), "there is no such file"),
        (("07", "x.ipynb"), "there is no such file"),
        (("07", "{folder}"), "is a folder; name the notebook"),
        (("07", "{folder}/bad.ipynb"), "not valid JSON"),
        (("07", "{folder}/list.ipynb"), "not valid JSON"),
        (("07", "{folder}/cells.ipynb"), "no list of cells"),
        (("07", "{folder}/zero.py"), "not a text file"),
        (("07", "{folder}/essay.docx"), "neither a notebook"),
        (("07", "{folder}/ok.py", "--task", "no"), "There is no task 'no'"),
        (("{folder}/ok.py",), "not clear which exercise"),
    ],
)
def test_wrong_calls_of_check_are_one_sentence(folder, toy_course, capsys, words, sentence):
    (folder / "bad.ipynb").write_text("{")
    (folder / "list.ipynb").write_text("[1]")
    (folder / "cells.ipynb").write_text('{"cells": {}}')
    (folder / "zero.py").write_bytes(b"\0\xff\0")
    (folder / "essay.docx").write_text("essay")
    (folder / "ok.py").write_text("x = 1\n")
    assert check(*(word.format(folder=folder) for word in words)) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert len(error.strip().splitlines()) == 1


def test_points_put_in_by_hand_are_kept(folder, tmp_path, toy_course, make, as_notebook, capsys):
    (folder / "ann.ipynb").write_text(as_notebook(make()), "utf-8")
    out = tmp_path / "out"
    for _time in range(2):
        grade(folder, out)
    assert not list(out.glob("results-*.csv"))  # nobody has changed anything
    for n in (1, 2):
        text = (out / "results.csv").read_text("utf-8-sig").replace(",6,6,", f",{n},6,")
        (out / "results.csv").write_text(text, "utf-8")
        grade(folder, out)
        assert f"that one is {out / f'results-{n}.csv'} now" in capsys.readouterr().out
        assert (out / f"results-{n}.csv").read_text("utf-8") == text
        assert read(out)[0]["points"] == "6"


def test_what_changes_while_the_batch_runs_is_for_a_person_and_is_graded_next_time(
    folder, tmp_path, toy_course, toy, make, as_notebook
):
    for name in ("ann", "bob", "cy"):
        (folder / f"{name}.ipynb").write_text(as_notebook(make(), lang="zh"), "utf-8")
    original = (folder / "bob.ipynb").read_bytes()
    intakes = take_in(folder, [toy], tmp_path / "unpacked")
    (folder / "bob.ipynb").write_text(as_notebook(make(double="x = 1")), "utf-8")
    (folder / "cy.ipynb").unlink()
    records = {one["student"]: one for one in grade_all(intakes, tmp_path / "out")}
    seen = {name: (one["status"], one["earned"], one["lang"]) for name, one in records.items()}
    assert seen == {
        "ann": ("ok", 6, "zh"),
        "bob": ("needs attention", None, "zh"),
        "cy": ("needs attention", None, "zh"),
    }
    assert "changed while the batch ran" in records["bob"]["reasons"][0]["en"]
    assert "no such file" in records["cy"]["reasons"][0]["en"]
    (folder / "bob.ipynb").write_bytes(original)
    again = {one["student"]: one["status"] for one in grade_all(intakes, tmp_path / "out")}
    assert again == {"ann": "ok", "bob": "ok", "cy": "needs attention"}


def test_a_changed_report_grades_nothing_again_and_a_changed_grader_does(tmp_path):
    copy = tmp_path / "lstm_lab"
    shutil.copytree(Path(batch.__file__).parents[2], copy)
    before = deciding.version_of(copy)
    assert before == deciding.grader_version()
    for name in ("grading/reports/page.py", "grading/batch/bar.py", "plots/look.py"):
        (copy / name).write_text("# another\n", "utf-8")
    assert deciding.version_of(copy) == before
    for name in (
        *("grading/messages/words.py", "grading/worker/extract.py", "grading/batch/verdict.py"),
        *("document/percent.py", "layout.py", "i18n.py", "cells/lstm.py"),
    ):
        text = (copy / name).read_text("utf-8")
        (copy / name).write_text(text + "# another\n", "utf-8")
        assert deciding.version_of(copy) != before
        (copy / name).write_text(text, "utf-8")


def test_what_is_taken_in_grows_by_about_a_kilobyte_a_submission(
    folder, tmp_path, toy, make, as_notebook
):
    long = as_notebook(make(double="def double(x):\n    return x + x\n" + "# remark\n" * 1000))
    for n in range(400):
        (folder / f"student{n:03d}.ipynb").write_text(long, "utf-8")
    few = tmp_path / "few"
    few.mkdir()
    for path in sorted(folder.iterdir())[:100]:
        (few / path.name).write_bytes(path.read_bytes())

    def peak(source):
        tracemalloc.start()
        try:
            taken = take_in(source, [toy], tmp_path / "unpacked")
            return len(taken), tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(few)  # what is loaded once
    (less, small), (more, large) = peak(few), peak(folder)
    assert (less, more) == (100, 400)
    assert (large - small) / (more - less) < 1500


def test_a_zip_is_graded_and_leaves_nothing_unpacked(
    folder, tmp_path, toy_course, make, as_notebook
):
    with zipfile.ZipFile(folder / "class.zip", "w") as archive:
        archive.writestr("Ann Lee_1_assignsubmission_file_/07_toy.ipynb", as_notebook(make()))
    assert grade(folder / "class.zip", tmp_path / "out") == 0
    (row,) = read(tmp_path / "out")
    assert (row["student"], row["status"], row["points"]) == ("Ann Lee", "ok", "6")
    assert not (tmp_path / "out" / "unpacked").exists()
