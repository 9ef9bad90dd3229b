"""Tables start no program, and pages call and link nobody, however they are read."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from lstm_lab.grading.reports.results import write_results
from lstm_lab.grading.reports.sheets import cell, quiet
from tests.grading.made_records import record

NAMES = [
    "x;=cmd|' C calc'!A0;y", "a,=1+1", "a\t=1+1", 'q;"=1+1";', "; @SUM(1)", "n;\n=1", ";'=1",
    ';""=1', "a;+1+1;-2+3", "＝1;＋1", "=1;=2,=3",
]  # fmt: skip
FORMULA = re.compile(r"[ ]*[=+\-@＝＋－＠]")
LIVE = [
    "@everyone", "https://evil.example/a_b", "www.evil.example", "evil/repo#1", "#12", "GH-7",
    "a@evil.example", "!12", "0123456789abcdef0123456789abcdef01234567",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("writes", [cell, quiet])
def test_no_cell_is_a_formula_with_any_separator(name, writes):
    for written_with in ",;\t":
        out = io.StringIO()
        csv.writer(out, delimiter=written_with).writerow(["1", writes(name), "2", writes(name)])
        for read_with in ",;\t":
            for row in csv.reader(io.StringIO(out.getvalue()), delimiter=read_with):
                for one in row:
                    assert not FORMULA.match(one), (written_with, read_with, one)


def test_ordinary_texts_stay_as_they_are():
    for text in ("Lee, Ann", "a; b", "3, -4.5; +1e-05", "张三；李明", "a-b", "-", "2 + 3"):
        assert cell(text) == quiet(text) == text


def test_whole_results_hold_nothing_live(tmp_path):
    said = {lang: f"stopped with {' and '.join(LIVE)} \u202e\x9b" for lang in ("en", "zh")}
    names = [*NAMES, *(f"{one} \u202e\x9b2J" for one in LIVE)]
    rows = record("x", earned=0.0)["rows"]
    for row in rows:
        row["said"], row["stdout"] = said, " ".join(LIVE)
    write_results(
        [record(name, file=f"{name}.ipynb", reasons=[said], rows=rows) for name in names], tmp_path
    )
    for table in ("results.csv", "tests.csv"):
        text = (tmp_path / table).read_text("utf-8-sig")
        for separator in ",;\t":
            for row in csv.reader(io.StringIO(text), delimiter=separator):
                assert not any(FORMULA.match(one) and len(one) > 9 for one in row), row
    lines = (tmp_path / "results.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == len(names)
    assert all(line.isprintable() for line in lines)
    assert sorted(json.loads(line)["student"] for line in lines) == sorted(names)
    pages = sorted((tmp_path / "feedback").glob("*.md"))
    assert len(pages) == len(names)
    for path in pages:
        text = path.read_text("utf-8")
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
        bare = re.sub(r"^( *)(`{3,})\n.*?^\1\2$", "", text, flags=re.M | re.S)
        bare = re.sub(r"`[^`\n]+`", "", bare)
        for one in LIVE:
            assert one not in bare, (path.name, one)
