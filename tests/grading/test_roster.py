"""A class list: ids, names in either order, and nobody chosen where it is not clear."""

from __future__ import annotations

import csv

import pytest

from lstm_lab.cli import main
from lstm_lab.errors import UserError
from lstm_lab.grading.reports.people import People, Person
from lstm_lab.grading.reports.roster import read_roster
from lstm_lab.grading.reports.sheets import read_sheet

CLASS = """\
学号,姓名,email
0012345,李明,liming@example.org
2023010123,张三,zhangsan@example.org
2023010124,张三,zhang.san@example.org
77001,"Lee, Ann",alee@example.org
77002,Bob O'Neil,bob@example.org
77003,Eve Never,eve@example.org
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_lists_of_every_kind_of_excel_are_read_and_ids_stay_text(tmp_path, encoding, delimiter):
    path = tmp_path / "class.csv"
    text = CLASS.replace('"Lee, Ann"', "Ann Lee").replace(",", delimiter)
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    persons = read_roster(path)
    assert len(persons) == 6
    assert persons[0] == Person(0, ("0012345", "liming@example.org"), "李明")
    assert persons[0].label == "李明 (0012345)"


@pytest.mark.parametrize(
    ("head", "row", "name", "ids"),
    [
        ("Student ID,First Name,Last Name", "1,Ann,Lee", "Ann Lee", ("1",)),
        ("name", "Ann Lee", "Ann Lee", ()),
        ("ID", "7", "", ("7",)),
        ("Student,ID,SIS Login ID", '"Lee, Ann",7,alee', "Lee, Ann", ("7", "alee")),
        ("github_username,Full name", "alee,Ann Lee", "Ann Lee", ("alee",)),
        ("序号,学 号,姓 名", "1,007,张三", "张三", ("007",)),
    ],
)
def test_columns_are_known_by_their_usual_names(tmp_path, head, row, name, ids):
    path = tmp_path / "class.csv"
    path.write_text(f"{head}\n{row}\n", "utf-8")
    assert read_roster(path) == [Person(0, ids, name)]


@pytest.fixture
def people(tmp_path):
    path = tmp_path / "class.csv"
    path.write_text(CLASS, "utf-8")
    return People(read_roster(path))


@pytest.mark.parametrize(
    ("name", "number", "row"),
    [
        ("2023010124_张三", "2023010124", 4 - 2),
        ("李明", "", 0),
        ("李 明", "", 0),
        ("李明-12345", "12345", 0),  # a spreadsheet took the zeros
        ("12345", "", 0),
        ("Ann Lee", "", 3),
        ("leeann", "90210", 3),  # Canvas: last name first, its own number
        ("ann-lee", "", 3),
        ("alee", "", 3),  # a login, as GitHub Classroom names repositories
        ("zhang.san", "", 2),
        ("ＡＮＮ　ＬＥＥ", "", 3),  # full-width letters
        ("Bob O'Neil", "", 4),
        ("bob_oneil", "", 4),
        ("oneilbob", "", 4),
        ("张三", "", None),
        ("张三", "2023010999", None),
        ("Ann Lee", "77002", None),  # the number is Bob's
        ("Mallory", "", None),
        ("=1+1", "", None),
        ("", "", None),
    ],
)
def test_who_it_is(people, name, number, row):
    found = people.find(name, number)
    assert (found.person and found.person.row) == row


def test_those_whom_it_may_be_are_named(people):
    assert [one.ids[0] for one in people.find("张三", "").maybe] == ["2023010123", "2023010124"]
    assert {one.row for one in people.find("Ann Lee", "77002").maybe} == {3, 4}
    assert people.find("Mallory", "").maybe == ()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"points,grade\n1,2\n", "has no column of names or ids"),
        ("学号,姓名\n7,李\n7,王\n".encode(), "the id '7' stands in line 2 and in line 3"),
        (b"id,name\n\xff\xfe\xfd,\x81\n", "not a text file"),
        (b"PK\x03\x04abc", "is an Excel file"),
        (b"id,name\n\x00,a\n", "not a text file"),
        (b'id,name\n"7,' + b"x" * (1 << 20) + b"\n", "not a CSV file"),
        (None, "cannot be read"),
    ],
)
def test_a_list_that_is_none_is_one_sentence(
    tmp_path, toy_course, make, as_notebook, capsys, data, sentence
):
    path = tmp_path / "class.csv"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(UserError, match=sentence):
        read_roster(path)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ann.ipynb").write_text(as_notebook(make()), "utf-8")
    out = tmp_path / "out"
    words = ["grade", str(tmp_path / "in"), "--out", str(out), "--roster", str(path)]
    assert main(words) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not out.exists()


def test_a_batch_with_a_list(tmp_path, toy_course, make, as_notebook, capsys):
    (tmp_path / "class.csv").write_text(CLASS, "utf-8-sig")
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("Ann Lee", "alee", "2023010123_张三", "张三", "Mallory <b>"):
        (folder / f"{name}.ipynb").write_text(as_notebook(make()), "utf-8")
    out = tmp_path / "out"
    words = ["--out", str(out), "-j", "1", "--roster", str(tmp_path / "class.csv")]
    assert main(["grade", str(folder), *words]) == 0
    printed = capsys.readouterr().out
    assert "Exercise 07: 2 of 6 on the class list have handed in." in printed
    assert "Not on the class list: Mallory <b>" in printed
    assert (
        "Not clear who on the class list is 张三: 张三 (2023010123) / 张三 (2023010124)" in printed
    )
    sheet = read_sheet(out / "results.csv")
    rows = list(csv.DictReader((out / "results.csv").read_text("utf-8-sig").splitlines()))
    assert sheet.head[-2:] == ["roster id", "roster name"]
    assert {(r["student"], r["roster id"]) for r in rows if r["student"]} == {
        ("Ann Lee", "77001"),
        ("alee", "77001"),
        ("2023010123_张三", "2023010123"),
        ("张三", ""),
        ("Mallory <b>", ""),
    }
    missing = [r for r in rows if r["status"] == "nothing handed in"]
    assert {r["roster name"] for r in missing} == {"李明", "张三", "Bob O'Neil", "Eve Never"}
    assert {(r["points"], r["exercise"]) for r in missing} == {("", "07")}
    page = (out / "overview.html").read_text("utf-8")
    assert "2 of 6 have handed in" in page
    assert "Eve Never (77003)" in page
    assert "Mallory &lt;b&gt;" in page
    assert "Ann Lee, alee" in page  # one person under two names
