"""Marks into the instructor's own files: all that was there stays, and no mark is lost unsaid."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lstm_lab.cli import main
from lstm_lab.grading.points import row
from lstm_lab.grading.reports.results import write_results
from lstm_lab.grading.reports.sheets import read_sheet

# As the platforms write them, with what students and countries put in.
EXPORTS = Path(__file__).parent / "exports"
CANVAS = (EXPORTS / "canvas.csv").read_text("utf-8")
MOODLE = (EXPORTS / "moodle.csv").read_text("utf-8")


def record(student, number="", earned=6.0, **more):
    said = {"en": "y: <b>that</b> is = wrong", "zh": "y：不对"}
    printed = "=1+1 printed\x1b[31m"
    rows = [
        row("test_a", "double", 4, "passed")
        if earned >= 4
        else row("test_a", "double", 4, "failed", said),
        row("test_b", "center", 2, "passed")
        if earned == 6
        else row("test_b", "center", 2, "failed", said, stdout=printed),
    ]
    return {
        "student": student, "number": number, "exercise": "07", "title": "07_toy",
        "file": f"{student}.ipynb", "status": "ok", "reasons": [], "lang": "en", "rows": rows,
        "earned": earned, "points": 6.0, "seconds": 0.1, "level": "process",
    } | more  # fmt: skip


def ungraded(student, number=""):
    said = {"en": "not valid JSON", "zh": "不是 JSON"}
    return record(student, number) | {
        "rows": [], "earned": None, "points": None, "status": "needs attention",
        "reasons": [said], "seconds": None,
    }  # fmt: skip


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


def marks(results, *words, file, out="marks.csv"):
    path = results.parent / "export.csv"
    if file is not None:
        path.write_bytes(file if isinstance(file, bytes) else file.encode("utf-8-sig"))
    kind = words[0] if words and words[0] in ("--canvas", "--moodle") else "--canvas"
    rest = words[1:] if words and words[0] == kind else words
    code = main(["marks", str(results), kind, str(path), "--out", str(results.parent / out), *rest])
    return code, path, results.parent / out


def test_canvas_gets_its_marks_and_keeps_everything_else(results, capsys):
    code, before, after = marks(results, "--canvas", file=CANVAS.replace("\n", "\r\n"))
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


def test_moodle_gets_marks_and_feedback_and_locked_lines_are_told(results, capsys, tmp_path):
    write_results(
        [
            record("Ann Lee", "901", earned=4.0),
            record("Bob O'Neil", "902"),
            record("张三", "903"),
        ],
        results,
    )
    code, before, after = marks(results, "--moodle", file=MOODLE)
    printed = capsys.readouterr().out
    old, new = read_sheet(before), read_sheet(after)
    assert [r[4] for r in new.rows] == ["6,67", "10", "3,00"]
    assert code == 1
    assert "Locked in Moodle (1):\n  张三 (903)" in printed
    assert [[t for k, t in enumerate(r) if k not in (4, 8)] for r in new.rows] == [
        [t for k, t in enumerate(r) if k not in (4, 8)] for r in old.rows
    ]
    comment = new.rows[0][8]
    assert comment.startswith("Ann Lee.ipynb: 4 of 6 points<br>double 4 / 4<br>center 0 / 2: y: ")
    assert "&lt;b&gt;that&lt;/b&gt;" in comment
    assert new.rows[2][8] == ""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_file_keeps_its_encoding_separator_and_line_ends(results, encoding):
    text = CANVAS.replace("Two\nlines", "Two").replace('"Lee, Ann"', "Ann Lee")
    text = text.replace('"O\'Neil, Bob"', "Bob").replace('"Student, Test"', "Test")
    text = text.replace(",", ";")
    _code, _before, after = marks(results, file=text.encode(encoding))
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
    _code, _before, after = marks(results, file=CANVAS)
    assert read_sheet(after).rows[4][6] == "3"
    assert "4 of 5" in capsys.readouterr().out


def test_two_marks_of_one_student_are_told_and_neither_is_taken(results, capsys):
    write_results([record("leeann", "501"), record("alee", "", earned=4.0)], results)
    code, _before, after = marks(results, file=CANVAS)
    assert code == 1
    assert read_sheet(after).rows[1][6] == ""
    assert "Lee, Ann (501): 4 (alee.ipynb), 6 (leeann.ipynb)" in capsys.readouterr().out


def test_a_name_that_two_bear_is_told(results, capsys):
    write_results([record("张三")], results)
    twice = CANVAS + '"张三",506,0013,zhang4,,,,,\n'
    code, _before, after = marks(results, file=twice)
    assert code == 1
    assert "张三 → 张三 (503) / 张三 (506)" in capsys.readouterr().out
    assert {r[6] for r in read_sheet(after).rows if r[0] == "张三"} == {""}


def test_a_roster_joins_the_names_on_files_to_those_of_the_platform(results, tmp_path, capsys):
    write_results([record("annie99")], results)
    roster = tmp_path / "class.csv"
    roster.write_text("github username,student id,name\nannie99,77001,Annie L.\n", "utf-8")
    assert marks(results, file=CANVAS)[0] == 1
    code, _before, after = marks(results, "--roster", str(roster), file=CANVAS)
    assert code == 0
    assert read_sheet(after).rows[1][6] == "12"


def test_every_mark_is_written_or_named(results, capsys):
    """Over many made-up names: those written and those told are together all."""
    names = ["Lee Ann", "lee, ann", "ALEE", "77002", "张 三", "", "0", "x" * 200, "=1", "张三_503"]
    write_results([record(name, earned=6.0) for name in names], results)
    marks(results, file=CANVAS)
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
    code, _before, after = marks(results, *words, file=file)
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
    code, _before, _after = marks(results, file=CANVAS)
    assert code == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert len(error.strip().splitlines()) == 1


def test_the_export_itself_is_not_overwritten(results, capsys):
    code, before, _after = marks(results, file=CANVAS, out="export.csv")
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


# What the schema that pytest's own tests use (junit-10.xsd) lets stand where.
XUNIT2 = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": (
        {"name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp",
         "hostname", "id", "package", "file", "log", "url", "version"},
        {"name", "tests", "failures", "errors"},
        {"testsuite", "properties", "testcase", "system-out", "system-err"},
    ),
    "testcase": (
        {"name", "time", "classname", "group"},
        {"name"},
        {"skipped", "error", "failure", "system-out", "system-err"},
    ),
    "failure": ({"type", "message"}, set(), set()),
    "skipped": ({"type", "message"}, set(), set()),
    "system-out": (set(), set(), set()),
}  # fmt: skip


def test_junit_is_of_the_form_that_pytest_writes(results, tmp_path):
    tricky = record("a\x00\ufffe]]>&<", earned=0.0)
    said = {"en": "no time", "zh": "没时间"}
    tricky["rows"].append(row("test_c", "center", 1, "not tried", said))
    write_results([tricky, record("bob"), ungraded("eve")], results)
    out = tmp_path / "junit.xml"
    assert main(["marks", str(results), "--junit", "--out", str(out)]) == 0
    root = ElementTree.fromstring(out.read_bytes())
    assert root.tag == "testsuites"
    for element in root.iter():
        allowed, needed, inside = XUNIT2[element.tag]
        assert needed <= set(element.attrib) <= allowed
        assert {child.tag for child in element} <= inside
    counts = [(s.get("tests"), s.get("failures"), s.get("skipped")) for s in root]
    assert counts == [("3", "2", "1"), ("2", "0", "0"), ("1", "1", "0")]
    for suite in root:
        assert len(suite.findall("testcase")) == int(suite.get("tests"))
        assert len(suite.findall("testcase/failure")) == int(suite.get("failures"))


def test_two_students_of_one_name_have_two_pages(results):
    write_results([record("Wei Zhang", "11"), record("Wei Zhang", "12", earned=0.0)], results)
    rows = list(csv.DictReader((results / "results.csv").read_text("utf-8-sig").splitlines()))
    pages = [(results / one["feedback"]).read_text("utf-8") for one in rows]
    assert len({one["feedback"] for one in rows}) == 2
    assert ["6 of 6 points" in page for page in pages] == [True, False]
