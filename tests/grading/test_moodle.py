"""Marks into Moodle's grading worksheet, as Moodle writes it in the instructor's language.

The headings are those of Moodle's language packs (``assign``, ``moodle`` and
``assignfeedback_comments``; zh_tw has no word for “Grade can be changed”, so Moodle says it in
English), the order is that of ``mod/assign/gradingtable.php``, and `moodle_reads` does what
``importgradeslib.php`` does.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from lstm_lab.grading.reports.results import write_results
from lstm_lab.grading.reports.sheets import read_sheet
from tests.grading.made_records import fill, record

EXPORTS = Path(__file__).parent / "exports"
MOODLE = (EXPORTS / "moodle.csv").read_text("utf-8")
# Moodle's strings: recordid, grade, lastmodifiedgrade, pluginname of the comments; hiddenuser
WORDS = {
    "moodle-zh_cn": (["识别码", "成绩", "最后修改（教师）", "评语反馈"], "参与者"),
    "moodle-zh_tw": (["識別碼", "成績", "最後修改（老師）", "回饋意見"], "參與者"),
    "moodle-de": (
        ["ID", "Bewertung", "Zuletzt geändert (Bewertung)", "Feedback als Kommentar"],
        "Teilnehmer/in",
    ),
    "moodle-es": (
        ["Identificador", "Calificación", "Última modificación (calificación)",
         "Comentarios de retroalimentación"],
        "Participante",
    ),
    "moodle-fr": (
        ["Identifiant", "Note", "Dernière modification (note)", "Feedback par commentaires"],
        "Participant ",
    ),
    "moodle-hidden-names": (
        ["Identifier", "Grade", "Last modified (grade)", "Feedback comments"],
        "Participant ",
    ),
}  # fmt: skip


@pytest.fixture
def results(tmp_path, toy_course):
    records = [
        record("Ann Lee", "901", earned=4.0),
        record("Bob O'Neil", "902"),
        record("张三", "903"),
    ]
    write_results(records, tmp_path / "results")
    return tmp_path / "results"


def moodle_reads(data, words, hidden):
    """Return id → (grade, comment), as Moodle takes them from an uploaded worksheet."""
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    identifier, grade, _modified = [head.index(word) for word in words[:3]]
    comment = head.index(words[3]) if words[3] in head else None
    found = {}
    for one in rows:
        number = one[identifier].encode()[len(hidden.encode()) :].decode()
        found[number] = (one[grade], None if comment is None else one[comment])
    return found


@pytest.mark.parametrize("name", WORDS)
def test_moodle_finds_the_marks_in_what_comes_back_in_each_language(results, capsys, name):
    words, hidden = WORDS[name]
    text = (EXPORTS / f"{name}.csv").read_text("utf-8")
    code, before, after = fill(results, "--moodle", file=text)
    printed = capsys.readouterr().out
    assert code == 1  # 903 is locked
    assert "Locked in Moodle (1)" in printed
    found = moodle_reads(after.read_bytes(), words, hidden)
    comma = "100,00" in text
    assert {number: grade for number, (grade, _c) in found.items()} == {
        "901": "66,67" if comma else "66.67",
        "902": "100",
        "903": "30,00" if comma else "30.00",
    }
    if name == "moodle-zh_tw":
        assert "no column for feedback" in printed
    else:
        assert found["901"][1].startswith("Ann Lee.ipynb: 4 of 6 points<br>double 4 / 4")
        assert found["903"][1] == ""
    # nothing but grades and comments has changed
    old, new = read_sheet(before), read_sheet(after)
    assert new.head == old.head
    places = {old.head.index(word) for word in (words[1], words[3]) if word in old.head}
    for a, b in zip(old.rows, new.rows, strict=True):
        assert all(x == y for k, (x, y) in enumerate(zip(a, b, strict=True)) if k not in places)


def test_a_language_that_nobody_told_us_of_goes_by_place_and_content(results, capsys):
    text = (EXPORTS / "moodle-zh_cn.csv").read_text("utf-8")
    head, *rest = text.splitlines()
    odd = ",".join(f"K{n}" for n, _word in enumerate(head.split(",")))
    code, _before, after = fill(results, "--moodle", file="\n".join([odd, *rest, ""]))
    # whether a grade is locked is a word of that language: Moodle itself passes over those
    assert [one[4] for one in read_sheet(after).rows] == ["66.67", "100", "100"]
    assert code == 0
    assert "points only" in capsys.readouterr().out
    # without the platform's numbers the name's column counts
    write_results([record("张三")], results)
    fill(results, "--moodle", file="\n".join([odd, *rest, ""]))
    assert [one[4] for one in read_sheet(after).rows] == ["", "", "100"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_worksheet_saved_by_a_spreadsheet_stays_as_it_was_saved(results, encoding):
    text = (EXPORTS / "moodle-zh_cn.csv").read_text("utf-8").replace(",", ";")
    _code, _before, after = fill(results, "--moodle", file=text.encode(encoding))
    back = after.read_bytes().decode(encoding)
    assert back.splitlines()[0] == text.splitlines()[0]
    assert ";66.67;100.00;是;" in back


def test_an_assignment_graded_by_a_scale_is_told(results, capsys):
    text = MOODLE.replace("Maximum Grade", "Scale").replace('"10,00"', '"good\nbetter"')
    code, _before, after = fill(results, "--moodle", file=text)
    assert code == 2
    assert "graded by a scale (column Scale)" in capsys.readouterr().err
    assert not after.exists()


def test_moodle_gets_marks_and_feedback_and_locked_lines_are_told(results, capsys, tmp_path):
    write_results(
        [
            record("Ann Lee", "901", earned=4.0),
            record("Bob O'Neil", "902"),
            record("张三", "903"),
        ],
        results,
    )
    code, before, after = fill(results, "--moodle", file=MOODLE)
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
