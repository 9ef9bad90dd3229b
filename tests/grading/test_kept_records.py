"""What stands in ``records/`` is read as anybody's file: a wrong form is graded again."""

from __future__ import annotations

import copy
import json

import pytest

from lstm_lab.cli import main
from lstm_lab.grading.record import is_record

WRONG = ["{}", "[]", "null", "NaN", '"x"', "", "{", "[" * 100_000, '{"student": "ann"}']


@pytest.fixture
def graded(tmp_path, toy_course, make, as_notebook):
    source, out = tmp_path / "class", tmp_path / "results"
    source.mkdir()
    (source / "ann.ipynb").write_text(as_notebook(make()), "utf-8")
    (source / "bad.ipynb").write_text("{", "utf-8")
    assert main(["grade", str(source), "--out", str(out)]) == 0
    return source, out


def test_a_record_of_a_wrong_form_is_graded_again(graded):
    source, out = graded
    path = next(p for p in (out / "records").glob("*.json") if '"ann"' in p.read_text())
    whole = path.read_text()
    table = (out / "results.csv").read_text("utf-8-sig").rsplit("6", 1)[0]
    for text in [*WRONG, whole.replace('"ann"', '"bob"')]:
        path.write_text(text)
        assert main(["grade", str(source), "--out", str(out)]) == 0, text[:40]
        assert (out / "results.csv").read_text("utf-8-sig").startswith(table[:60])
        assert json.loads(path.read_text())["earned"] == 6


def test_every_part_of_a_record_has_its_form(graded):
    _source, out = graded
    found = [json.loads(path.read_text()) for path in (out / "records").glob("*.json")]
    assert len(found) == 2
    for record in found:
        assert is_record(record)
        for key, value in record.items():
            for wrong in (7j, object(), [7], {"en": 7}, float("nan"), -1, "other"):
                if key in ("student", "number", "exercise", "title", "file", "level"):
                    wrong = 7 if wrong == "other" else wrong
                assert not is_record({**record, key: wrong}), (key, wrong, value)
            less = dict(record)
            del less[key]
            assert not is_record(less)
        for n in range(len(record["rows"])):
            for key in ("test", "task", "points", "earned", "status", "stdout"):
                changed = copy.deepcopy(record)
                changed["rows"][n][key] = None
                assert not is_record(changed), key
