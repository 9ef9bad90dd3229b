"""Marks into the instructor's own files: all that was there stays, and no mark is lost unsaid."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from lstm_lab.cli import main
from lstm_lab.grading.reports.results import write_results
from lstm_lab.grading.reports.sheets import read_sheet
from tests.grading.made_records import fill, record, ungraded

# As the platforms write them, with what students and countries put in.
EXPORTS = Path(__file__).parent / "exports"
CANVAS = (EXPORTS / "canvas.csv").read_text("utf-8")
COMMA = (EXPORTS / "canvas-comma.csv").read_text("utf-8")


@pytest.fixture
def results(tmp_path, toy_course):
    records = [
        record("leeann", "501"),
        record("oneilbob", "502", earned=4.0),
        record("12_张三", "0012", earned=0.0),
        record("Mallory", "666"),
        ungraded("eve", "504"),
    ]
    write_results(records, tmp_path / "results")
    return tmp_path / "results"


def test_canvas_gets_its_marks_and_keeps_everything_else(results, capsys):
    code, before, after = fill(results, "--canvas", file=CANVAS.replace("\n", "\r\n"))
    printed = capsys.readouterr().out
    assert code == 1  # Mallory has no line
    old, new = read_sheet(before), read_sheet(after)
    assert new.head == old.head
    column = old.head.index("Exercise 07: Toy (12)")
    # 12 points possible there, 6 here
    assert [r[column] for r in new.rows] == ["12", "12", "8", "0", "-2.5", ""]
    changed = {
        (n, k) for n, r in enumerate(old.rows) for k, text in enumerate(r) if new.rows[n][k] != text
    }
    # beside the marks only the name that a spreadsheet would have run
    assert changed == {(1, column), (2, column), (3, column), (4, 0)}
    assert new.rows[4][0] == '\'=HYPERLINK("http://x")'
    assert new.rows[4][1:5] == ["504", "77004", "-eve", "+1"]
    assert after.read_bytes().startswith(b"\xef\xbb\xbf")
    assert "3 of 5 marks written" in printed
    assert "Scaled from 6 points to the platform's 12" in printed
    assert "No points yet (see results.csv) (1):\n  eve" in printed
    assert "Not in the file (1):\n  Mallory" in printed


def test_canvas_in_other_countries_with_two_columns_for_names(results, capsys):
    """Semicolons, decimal commas, a line on posting; who is excused or not assigned is left."""
    records = [record("leeann", "501", earned=4.0), record("oneilbob", "502")]
    records += [record("张三", "503"), record("Eve Never", earned=2.0)]
    write_results(records, results)
    code, _before, after = fill(results, "--canvas", file=COMMA)
    printed = capsys.readouterr().out
    assert code == 1
    assert [one[6] for one in read_sheet(after).rows] == [
        "Manual Posting", "12,00", "8", "EX", "N/A", "4"
    ]  # fmt: skip
    assert "Excused in Canvas (1):\n  O'Neil, Bob (502)" in printed
    assert "Not assigned to them in Canvas (1):\n  张, 三 (503)" in printed
    write_results([record("leeann", "501", earned=1.25)], results)
    fill(results, "--canvas", file=COMMA)
    assert read_sheet(after).rows[2][6] == "2,5"
    read_only = COMMA.replace("12,00", "(read only)")
    assert fill(results, "--canvas", file=read_only)[0] == 2
    assert "it is read-only there" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_file_keeps_its_encoding_separator_and_line_ends(results, encoding):
    text = CANVAS.replace("Two\nlines", "Two").replace('"Lee, Ann"', "Ann Lee")
    text = text.replace('"O\'Neil, Bob"', "Bob").replace('"Student, Test"', "Test")
    text = text.replace(",", ";")
    _code, _before, after = fill(results, file=text.encode(encoding))
    raw = after.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    assert b"\r\n" not in raw
    lines = raw.decode(encoding).splitlines()
    assert lines[0] == text.splitlines()[0]
    assert lines[4].startswith("张三;503;0012;zhang3;;4.5;0;")


def test_the_instructors_own_changes_in_results_csv_count(results, capsys):
    """Saved by Excel in China: GBK, and 07 has become 7."""
    path = results / "results.csv"
    rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
    for one in rows:
        one["exercise"] = "7"
        if one["student"] == "eve":
            one["points"], one["possible"] = "1.5", "6"
    with path.open("w", encoding="gbk", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    _code, _before, after = fill(results, file=CANVAS)
    assert read_sheet(after).rows[4][6] == "3"
    assert "4 of 5" in capsys.readouterr().out


def test_two_marks_of_one_student_are_told_and_neither_is_taken(results, capsys):
    write_results([record("leeann", "501"), record("alee", "", earned=4.0)], results)
    code, _before, after = fill(results, file=CANVAS)
    assert code == 1
    assert read_sheet(after).rows[1][6] == ""
    assert "Lee, Ann (501): 4 (alee.ipynb), 6 (leeann.ipynb)" in capsys.readouterr().out


def test_a_name_that_two_bear_is_told(results, capsys):
    write_results([record("张三")], results)
    twice = CANVAS + '"张三",506,0013,zhang4,,,,,\n'
    code, _before, after = fill(results, file=twice)
    assert code == 1
    assert "张三 → 张三 (503) / 张三 (506)" in capsys.readouterr().out
    assert {r[6] for r in read_sheet(after).rows if r[0] == "张三"} == {""}


def test_a_roster_joins_the_names_on_files_to_those_of_the_platform(results, tmp_path, capsys):
    write_results([record("annie99")], results)
    roster = tmp_path / "class.csv"
    roster.write_text("github username,student id,name\nannie99,77001,Annie L.\n", "utf-8")
    assert fill(results, file=CANVAS)[0] == 1
    code, _before, after = fill(results, "--roster", str(roster), file=CANVAS)
    assert code == 0
    assert read_sheet(after).rows[1][6] == "12"


def test_every_mark_is_written_or_named(results, capsys):
    """Over many made-up names: those written and those told are together all."""
    names = ["Lee Ann", "lee, ann", "ALEE", "77002", "张 三", "", "0", "x" * 200, "=1", "张三_503"]
    write_results([record(name, earned=6.0) for name in names], results)
    fill(results, file=CANVAS)
    printed = capsys.readouterr().out
    written = int(re.search(r"(\d+) of (\d+) marks", printed)[1])
    told = [line.strip() for line in printed.splitlines() if line.startswith("  ")]
    assert written + len(told) >= len({*names}) - 3  # Lee Ann, lee ann, ALEE are one person's
    for name in ("x" * 200, "0", "=1"):
        assert name in told


@pytest.mark.parametrize(
    ("words", "file", "sentence"),
    [
        (["--canvas"], "a,b\n1,2\n", "no export of a Canvas gradebook"),
        (["--canvas"], "Student,ID,Essay (11),Talk (12)\n", "not clear which assignment"),
        (["--canvas"], "Student,ID\n", "not clear which assignment"),
        (["--canvas", "--column", "Poem"], CANVAS, "0 assignments are called 'Poem'"),
        (["--canvas", "--column", "(1"], CANVAS, "3 assignments are called"),
        (["--canvas", "--exercise", "9"], CANVAS, "hold no exercise 09; there are: 07"),
        (["--moodle"], CANVAS, "no grading worksheet of a Moodle assignment"),
        (["--canvas"], b"\xff\xff\x00", "not a text file"),
        (["--canvas"], "", "is empty"),
        (["--canvas"], None, "cannot be read"),
        (["--canvas", "--roster", "nowhere.csv"], CANVAS, "cannot be read"),
    ],
)
def test_a_wrong_file_is_one_sentence_and_nothing_is_written(
    results, capsys, words, file, sentence
):
    code, _before, after = fill(results, *words, file=file)
    assert code == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert len(error.strip().splitlines()) == 1
    assert not after.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda t: t.replace("points", "pts"), "has no column points"),
        (lambda t: t.replace(",6,6,", ",six,6,"), "the points 'six' are no number"),
        (lambda t: None, "holds no results.csv"),
        (lambda t: "student,id,exercise,status,points,possible,file\n", "There is no submission"),
        (lambda t: t + t.splitlines()[1].replace("07", "08", 1), "several exercises; choose one"),
    ],
)
def test_a_spoilt_results_csv_is_one_sentence(results, capsys, change, sentence):
    path = results / "results.csv"
    text = change(path.read_text("utf-8-sig"))
    path.unlink()
    if text is not None:
        path.write_text(text, "utf-8")
    code, _before, _after = fill(results, file=CANVAS)
    assert code == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert len(error.strip().splitlines()) == 1


def test_the_export_itself_is_not_overwritten(results, capsys):
    code, before, _after = fill(results, file=CANVAS, out="export.csv")
    assert code == 2
    assert before.read_text("utf-8-sig") == CANVAS
    assert "would overwrite" in capsys.readouterr().err


def test_gradescope_takes_what_it_is_given(results, tmp_path, capsys):
    out = tmp_path / "results.json"
    words = ["marks", str(results), "--gradescope", "--out", str(out)]
    assert main(words) == 2
    assert "about one submission" in capsys.readouterr().err
    write_results([record("ann", earned=4.0)], results)
    assert main(words) == 0
    found = json.loads(out.read_text("utf-8"))
    assert found["score"] == 4
    assert [(t["name"], t["score"], t["max_score"], t["status"]) for t in found["tests"]] == [
        ("double · test_a", 4.0, 4, "passed") if t["score"] else ("center · b", 0, 2, "failed")
        for t in found["tests"]
    ] or len(found["tests"]) == 2
    assert sum(t["score"] for t in found["tests"]) == found["score"]
    assert "<b>that</b> is = wrong" in found["tests"][1]["output"]
    assert "\x1b" not in found["tests"][1]["output"]
    assert set(found) <= {
        "score", "output", "output_format", "visibility", "stdout_visibility", "tests"
    }  # fmt: skip
    write_results([ungraded("ann")], results)
    assert main(words) == 0
    found = json.loads(out.read_text("utf-8"))
    assert found["score"] == 0
    assert "could not be graded yet" in found["output"]
    assert "not valid JSON" in found["tests"][0]["output"]


def test_two_students_of_one_name_have_two_pages(results):
    write_results([record("Wei Zhang", "11"), record("Wei Zhang", "12", earned=0.0)], results)
    rows = list(csv.DictReader((results / "results.csv").read_text("utf-8-sig").splitlines()))
    pages = [(results / one["feedback"]).read_text("utf-8") for one in rows]
    assert len({one["feedback"] for one in rows}) == 2
    assert ["6 of 6 points" in page for page in pages] == [True, False]
