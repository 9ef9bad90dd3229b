"""JUnit's XML (the form that pytest calls xunit2): one suite a submission, one case a test."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree

from lstm_lab.grading.batch import Record
from lstm_lab.grading.table import first_failures, plain, row_label
from lstm_lab.i18n import language

__all__ = ["junit_xml"]


def junit_xml(records: Iterable[Record]) -> bytes:
    """Return the file; of hidden cases it tells what students may read."""
    root = ElementTree.Element("testsuites")
    lang = language()
    for r in records:
        suite = ElementTree.SubElement(root, "testsuite")
        counts = {"passed": 0, "failed": 0, "not tried": 0, "error": 0}
        for row in first_failures(r["rows"]):
            counts[row["status"]] += 1
            case = ElementTree.SubElement(
                suite, "testcase", classname=row["task"], name=row_label(row, lang) or row["test"],
                time="0",
            )  # fmt: skip
            said = _text(row["said"][lang]) if row["said"] else ""
            if row["status"] == "not tried":
                ElementTree.SubElement(case, "skipped", message=said)
            elif row["status"] != "passed":
                ElementTree.SubElement(case, "failure", message=said, type=row["status"])
            if row["stdout"].strip():
                ElementTree.SubElement(case, "system-out").text = _text(row["stdout"])
        if not r["rows"]:
            counts["failed"] += 1
            case = ElementTree.SubElement(suite, "testcase", classname="file", name="file")
            reasons = "; ".join(_text(one[lang]) for one in r["reasons"])
            ElementTree.SubElement(case, "failure", message=reasons, type=r["status"])
        suite.attrib.update(
            name=_text(" ".join(filter(None, [r["student"], r["title"] or r["file"]]))),
            tests=str(sum(counts.values())),
            failures=str(counts["failed"] + counts["error"]),
            errors="0",
            skipped=str(counts["not tried"]),
            time="0",
        )
    ElementTree.indent(root)
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _text(text: str) -> str:
    """Return what XML can hold."""
    return "".join(c for c in plain(text) if c not in "\ufffe\uffff")[:4000]
