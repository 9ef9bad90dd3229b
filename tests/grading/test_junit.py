"""JUnit's XML: valid by the schema that pytest holds its own to, and told apart by its readers."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema

from lstm_lab.cli import main
from lstm_lab.grading.reports.results import write_results
from lstm_lab.grading.runner.points import row
from tests.grading.made_records import record, ungraded


@pytest.fixture(scope="module")
def schema():
    return xmlschema.XMLSchema(Path(__file__).parent / "exports" / "junit-10.xsd")


@pytest.fixture
def written(tmp_path, toy_course):
    """The file for a class with names and texts that XML does not like."""

    def write(lang="en"):
        tricky = record("a\x00\ufffe]]>&<", earned=0.0)
        said = {"en": "no time", "zh": "没时间"}
        tricky["rows"].append(row("test_c", "center", 1, "not tried", said))
        tricky["rows"].append(row("test_c", "center", 1, "failed"))
        records = [tricky, record("bob"), ungraded("eve"), record("Wei Zhang", "11")]
        records += [record("Wei Zhang", "12", earned=0.0)]
        records += [record("Wei Zhang", "12", earned=4.0, file="again.ipynb")]
        write_results(records, tmp_path / "results")
        out = tmp_path / "junit.xml"
        assert main(["marks", str(tmp_path / "results"), "--junit", "--out", str(out)]) == 0
        return ElementTree.fromstring(out.read_bytes())

    return write


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_is_valid_and_its_counts_are_right(written, schema, lang, monkeypatch):
    monkeypatch.setenv("LSTM_LAB_LANG", lang)
    root = written()
    schema.validate(root)
    assert root.tag == "testsuites"
    counts = {s.get("name"): (s.get("tests"), s.get("failures"), s.get("skipped")) for s in root}
    assert counts == {
        "a]]>&< 07_toy": ("4", "3", "1"),
        "bob 07_toy": ("2", "0", "0"),
        "eve 07_toy": ("1", "1", "0"),
        "Wei Zhang 11 07_toy": ("2", "0", "0"),
        "Wei Zhang 12 07_toy": ("2", "2", "0"),
        "Wei Zhang 12 07_toy (again.ipynb)": ("2", "1", "0"),
    }
    for suite in root:
        assert len(suite.findall("testcase")) == int(suite.get("tests"))
        assert len(suite.findall("testcase/failure")) == int(suite.get("failures"))


def test_no_two_cases_are_taken_for_one_and_each_failure_says_why(written):
    """By class and name, as those that forget the suite do; by attribute or by text."""
    cases = list(written().iter("testcase"))
    keys = [(one.get("classname"), one.get("name")) for one in cases]
    assert len(set(keys)) == len(keys) == 13
    for one in cases:
        assert one.get("time") == "0"
        for failure in one.findall("failure"):
            assert failure.text == failure.get("message") != ""


@pytest.mark.parametrize(
    "spoil",
    [
        lambda root: root[0].attrib.pop("name"),
        lambda root: root[0].attrib.pop("errors"),
        lambda root: root[0][0].set("points", "3"),
        lambda root: root[0].set("time", "a while"),
        lambda root: root[0][0].append(ElementTree.Element("passed")),
        lambda root: root.append(ElementTree.Element("testcase", name="x")),
    ],
)
def test_the_schema_would_notice(written, schema, spoil):
    root = written()
    spoil(root)
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        schema.validate(root)
