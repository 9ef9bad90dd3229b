"""JUnit's XML (the form that pytest calls xunit2): one suite a submission, one case a test.

Jenkins, GitLab and the actions of GitHub tell cases apart by suite, class name and name, or by the
last two alone; so a case's class name says whose it is. Some show a failure's attribute, others
its text: both say the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from lstm_lab.grading.notebook.table import first_failures, row_label
from lstm_lab.grading.record import Record
from lstm_lab.grading.text import plain
from lstm_lab.i18n import gettext as _
from lstm_lab.i18n import language

__all__ = ["junit_xml"]


def junit_xml(records: Iterable[Record]) -> bytes:
    """Return the file; of hidden cases it tells what students may read."""
    root = ElementTree.Element("testsuites")
    taken: set[str] = set()
    for r in records:
        name = _suite_name(r)
        if name in taken:
            name = f"{name} ({_text(r['file'])})"
        taken.add(name)
        root.append(_suite(r, name))
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _suite_name(record: Record) -> str:
    number = record["number"]
    who = record["student"]
    if number and number not in who:
        who = f"{who} {number}"
    return _text(" ".join(filter(None, [who, record["title"] or record["file"]])))


def _suite(record: Record, name: str) -> ElementTree.Element:
    suite = ElementTree.Element("testsuite", name=name)
    lang = language()
    counts = {"passed": 0, "failed": 0, "not tried": 0, "error": 0}
    names: set[tuple[str, str]] = set()
    for row in first_failures(record["rows"]):
        counts[row["status"]] += 1
        label = _text(row_label(row, lang)) or row["test"]
        if (row["task"], label) in names:
            label = f"{label} ({row['test']})"
        names.add((row["task"], label))
        case = ElementTree.SubElement(
            suite, "testcase", classname=f"{name}.{row['task']}", name=label, time="0"
        )
        said = _text(row["said"][lang]) if row["said"] else ""
        if row["status"] == "not tried":
            ElementTree.SubElement(case, "skipped", message=said).text = said
        elif row["status"] != "passed":
            _fail(case, said or _("See the first failed test of this task."), row["status"])
        if row["stdout"].strip():
            ElementTree.SubElement(case, "system-out").text = _text(row["stdout"])
    if not record["rows"]:
        counts["failed"] += 1
        case = ElementTree.SubElement(
            suite, "testcase", classname=f"{name}.file", name="file", time="0"
        )
        _fail(case, "; ".join(_text(one[lang]) for one in record["reasons"]), record["status"])
    suite.attrib.update(
        tests=str(sum(counts.values())),
        failures=str(counts["failed"] + counts["error"]),
        errors="0",
        skipped=str(counts["not tried"]),
        time="0",
    )
    return suite


def _fail(case: ElementTree.Element, said: str, kind: str) -> None:
    ElementTree.SubElement(case, "failure", message=said, type=kind).text = said


def _text(text: str) -> str:
    """Return what XML can hold."""
    return "".join(c for c in plain(text) if c not in "\ufffe\uffff")[:4000]
