"""Whatever one student's names, links and zips are, every other has a mark.

``LSTM_LAB_SEEDS=500 python -m pytest tests/grading/test_hostile_trees.py`` tries five hundred
classes; without it a sample is tried.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hostile_trees import HONEST, make_tree

from lstm_lab.cli import main
from lstm_lab.grading.batch import folder as batch
from lstm_lab.grading.batch.verdict import graded_record
from lstm_lab.grading.reports import results
from lstm_lab.grading.worker.remove import remove_tree

SEEDS = int(os.environ.get("LSTM_LAB_SEEDS", "12"))
PART = 25


def table(out: Path) -> list[dict[str, str]]:
    text = (out / "results.csv").read_text("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def marks(out: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in table(out):
        found.setdefault(row["student"], set()).add(row["points"])
    return found


@pytest.fixture
def one_grader(monkeypatch, grader):
    """Grade with the session's grader: starting one for each class would be most of the time."""

    def pool(work, _key):
        for one in work:
            yield one, graded_record(grader, one)

    monkeypatch.setattr(batch, "_pool", lambda *_words: pool)


@pytest.mark.parametrize("first", range(0, SEEDS, PART))
@pytest.mark.usefixtures("one_grader", "toy_course")
def test_the_honest_have_their_marks(first, tmp_path, make, as_notebook):
    book = as_notebook(make())
    for seed in range(first, min(first + PART, SEEDS)):
        own = tmp_path / str(seed)
        own.mkdir()
        source, out = make_tree(own, seed, book), own / "results"
        for _again in range(2):  # what the first call leaves must not stop the second
            assert main(["grade", str(source), "--out", str(out)]) == 0, seed
            found = marks(out)
            for name in HONEST:
                assert found.get(name) == {"6"}, (seed, name, found.get(name))
            for row in table(out):
                assert (out / row["feedback"]).is_file(), (seed, row["feedback"])
            assert not (out / "unpacked").exists(), seed
        remove_tree(str(own))


def test_what_an_older_version_left_behind_is_cleared_away(
    tmp_path, make, as_notebook, one_grader, toy_course
):
    source, out = tmp_path / "class", tmp_path / "results"
    (out / "unpacked").mkdir(parents=True)
    here = os.open(out / "unpacked", os.O_RDONLY)
    for _depth in range(1500):
        os.mkdir("d", dir_fd=here)
        there = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = there
    os.close(here)
    source.mkdir()
    (source / "ann.ipynb").write_text(as_notebook(make()), "utf-8")
    assert main(["grade", str(source), "--out", str(out)]) == 0
    assert marks(out) == {"ann": {"6"}}


def test_a_page_that_cannot_be_written_costs_no_other_and_is_told(
    tmp_path, make, as_notebook, one_grader, toy_course, monkeypatch, capsys
):
    source, out = tmp_path / "class", tmp_path / "results"
    source.mkdir()
    for name in ("ann", "bob", "zoe"):
        (source / f"{name}.ipynb").write_text(as_notebook(make()), "utf-8")
    whole = results.feedback_page

    def page(student, records):
        if student == "bob":
            raise OSError("no room")
        return whole(student, records)

    monkeypatch.setattr(results, "feedback_page", page)
    assert main(["grade", str(source), "--out", str(out)]) == 1
    assert marks(out) == {"ann": {"6"}, "bob": {"6"}, "zoe": {"6"}}
    assert sorted(one.name for one in (out / "feedback").glob("*.html")) == ["ann.html", "zoe.html"]
    assert "bob" in capsys.readouterr().err


def test_a_class_that_is_no_zip_is_no_class(tmp_path, toy_course, capsys):
    path = tmp_path / "class.zip"
    path.write_bytes(b"PK\3\4 torn")
    assert main(["grade", str(path), "--out", str(tmp_path / "out")]) == 2
    assert "not a zip, or a damaged one" in capsys.readouterr().err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="names of files are bytes there")
@pytest.mark.parametrize("packed", [True, False])
def test_a_locale_that_cannot_hold_a_name_changes_nothing(
    packed, tmp_path, make, as_notebook, toy_course
):
    """ASCII, strictly: what holds there holds in GBK and ISO 8859."""
    out = tmp_path / "out"
    inside = tmp_path / "names"
    for name in (*HONEST, "\U00020000" * 62):
        (inside / f"{name}_07").mkdir(parents=True)
        (inside / f"{name}_07" / f"{name[:9]}.ipynb").write_text(as_notebook(make()), "utf-8")
    source = inside
    if packed:
        import shutil

        source = Path(shutil.make_archive(str(tmp_path / "names"), "zip", tmp_path, "names"))
    settings = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    ran = subprocess.run(
        [sys.executable, "-m", "lstm_lab", "grade", str(source), "--out", str(out), "-j", "1"],
        env={**os.environ, **settings}, capture_output=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr.decode("utf-8", "replace")
    found = marks(out)
    for name in HONEST:
        assert found[name] == {"6"}
    for row in table(out):
        assert (out / row["feedback"]).is_file()
