"""Pages of feedback go back to the student whom the platform means, by the platforms' own rules."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest

from lstm_lab.cli import main
from lstm_lab.grading.reports.results import write_results
from tests.grading.made_records import record


def moodle_takes(name, participants):
    """As ``is_valid_filename_for_import`` of Moodle's importziplib.php: whose, and what."""
    parts = name.split("/")
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) < 4 or not info[1].isdecimal() or int(info[1]) not in participants:
            continue
        if info[2:4] != ["assignsubmission", "file"]:
            continue
        rest = "/".join([info[4] if len(info) > 4 else "", *parts])
        return participants[int(info[1])], rest
    return None


def canvas_takes(name):
    """As ``infer_comment_context_from_filename`` of Canvas: the numbers of student and file."""
    numbers = [int(one) for one in name.split("_") if re.fullmatch(r"\d+", one)]
    return tuple(numbers[:2])


def zipped(results, *words):
    out = results / "feedback.zip"
    assert main(["marks", str(results), "--feedback", "--out", str(out), *words]) == 0
    with zipfile.ZipFile(io.BytesIO(out.read_bytes())) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


@pytest.fixture
def results(tmp_path, toy_course):
    return tmp_path / "results"


def test_moodle_gives_each_page_to_its_student_and_to_no_other(results, capsys):
    folder = "{}_{}_assignsubmission_file{}07_toy.ipynb"
    students = {901: "安李", 902: "Bob O'Neil", 903: "GroupA-张三"}
    records = [
        record(name, str(number), file=folder.format(name, number, sign))
        for (number, name), sign in zip(students.items(), ["/", "_/", "_"], strict=True)
    ]
    write_results(records, results)
    found = zipped(results)
    assert "feedback for 3 students" in capsys.readouterr().out
    assert len(found) == 3
    for name, page in found.items():
        student, file = moodle_takes(name, students)
        assert file == "feedback.html"
        assert student in page.replace("&#x27;", "'")


def test_canvas_gives_each_page_to_the_submission_it_is_about(results):
    names = ["leeann_4711_90125_07_toy.ipynb", "van_der_LATE_4712_90126_07_toy-1.ipynb"]
    records = [record("leeann", "4711", file=names[0]), record("van_der", "4712", file=names[1])]
    # a second file of one student: one page all the same
    records.append(record("leeann", "4711", file="leeann_4711_90199_helper.ipynb"))
    write_results(records, results)
    found = zipped(results)
    assert {canvas_takes(name) for name in found} == {(4711, 90125), (4712, 90126)}


def test_other_pages_keep_their_names_and_lines_taken_out_are_left_out(results, capsys):
    write_results([record("Ann/Lee"), record("张三"), record("Zoe", exercise="08")], results)
    assert set(zipped(results)) == {"Ann_Lee.html", "张三.html", "Zoe.html"}
    assert set(zipped(results, "--exercise", "8")) == {"Zoe.html"}
    path = results / "results.csv"
    rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([one for one in rows if "张三" not in one])
    assert set(zipped(results)) == {"Ann_Lee.html", "Zoe.html"}
    out = str(results / "x.zip")
    assert main(["marks", str(results), "--feedback", "--exercise", "9", "--out", out]) == 2
    assert "There is no submission" in capsys.readouterr().err
