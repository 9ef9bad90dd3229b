"""What a student writes goes through every report: nothing of it may be run by whoever opens one.

The same strings go first into reports that escape nothing, and do what they are made for there.
"""

from __future__ import annotations

import csv
import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from lstm_lab.cli import main
from lstm_lab.grading.reports.feedback_pages import feedback_markdown, feedback_page
from lstm_lab.grading.runner.points import row

MARK = "x4711x"
STRINGS = {
    "script": f"<script>{MARK}</script>",
    "image": f"<img src=x onerror=alert('{MARK}')>",
    "out of an attribute": f"\"'><svg onload=alert(1)>{MARK}</svg>",
    "out of its place": f"</pre></code></details></td></tr></table><iframe>{MARK}</iframe>",
    "escaped already": f"&lt;script&gt;{MARK}&#60;script&#62;",
    "code in backticks": f"`<script>`{MARK}``</script>``<script>`",
    "link": f"[{MARK}](javascript:alert(1)) <javascript:alert(1)> ![i](http://x/y.png)",
    "heading": f"\n\n# {MARK}\n\n<script>1</script>\n",
    "fence": f"```\n````\n<script>{MARK}</script>\n",
    "formula": f'=HYPERLINK("http://x/{MARK}")',
    "formula in a cell of its own": f'",=1+1,"\n=1+1,{MARK}',
    "formula after a blank": f"\t=cmd|' /C calc'!{MARK}",
    "formula in wide letters": f"＝1+1{MARK}",
    "end of CDATA": f"]]></system-out><failure/>{MARK}&x;",
    "no character of XML": f"\x00\x08\x0b\ufffe{MARK}",
    "terminal": f"\x1b]8;;http://x\x07{MARK}\x1b]8;;\x07\x1b[2J\x9b2J",
    "read backwards": f"\u202e{MARK}\u2066\u2069\u200b",
    "words of the progress bar": f"[red]{MARK}[/nope][link=http://x]",
    "template": f"{{0.__class__}}%s%n{MARK}",
    "half a character": f"\ud800{MARK}",
}

# Where an answer may put them.
CHANNELS = {
    "raised": "raise ValueError(TEXT)",
    "raised under a name": "raise type(TEXT.replace('\\0', ''), (Exception,), {{}})('no')",
    "printed": "print(TEXT)\n    return x",
    "key": "return {{TEXT: 1.0}}",
    "type": "return type(TEXT.replace('\\0', ''), (), {{}})()",
    "warned": "import warnings\n    warnings.warn(TEXT)\n    return x * np.nan",
    "function and line": (
        "f = lambda: 1 / 0\n    f.__code__ = f.__code__.replace(co_name=TEXT)\n    f()"
    ),
    "source": "raise ValueError  # {plain}",
}


class Tags(HTMLParser):
    """Takes down what a browser would make of a page."""

    def __init__(self, text):
        super().__init__()
        self.found: set[str] = set()
        self.handlers: set[str] = set()
        self.links: set[str] = set()
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.add(tag)
        self.handlers |= {name for name, _value in attrs if name.startswith("on")}
        self.links |= {value or "" for name, value in attrs if name in ("href", "src")}

    def handle_data(self, data):
        self.text += data


ACTIVE = {"script", "img", "svg", "iframe", "object", "embed", "base", "form", "input"}


def naive_page(text):
    return Tags(f"<table><tr><td title='{text}'>{text}</td></tr></table><pre>{text}</pre>")


def does_harm(text):
    """Tell whether a report that escapes nothing is harmed by the text, in any of its forms."""
    page = naive_page(text)
    rendered = Tags(MarkdownIt("commonmark", {"html": True}).render(text))
    sheet = [text, *(part for line in text.split("\n") for part in line.split(","))]
    try:
        ElementTree.fromstring(f"<case><system-out><![CDATA[{text}]]></system-out></case>")
        broken = False
    except (ElementTree.ParseError, UnicodeEncodeError):
        broken = True
    return {
        "html": bool(page.found & ACTIVE or page.handlers),
        "markdown": bool(rendered.found & (ACTIVE | {"a", "h1"})),
        "formula": any(re.match(r"[\s\"]*[=+@＝\t]", part) for part in sheet),
        "xml": broken,
        "steers": bool(re.search(r"[\x00-\x08\x1b\x9b\u202e\u2066\ud800]", text)),
        "markup": "[/nope]" in text,
        "template": "{0." in text and "<class" in text.format(0),
        "unescaped twice": "<script>" in text.replace("&lt;", "<").replace("&gt;", ">")
        and "<script>" not in text,
    }


@pytest.mark.parametrize("kind", STRINGS)
def test_a_report_that_escapes_nothing_is_harmed(kind):
    assert any(does_harm(STRINGS[kind]).values())


def test_plain_words_harm_no_report():
    assert not any(does_harm("y has the wrong shape: (3, 2), not (2, 3)").values())


@pytest.fixture(scope="module")
def graded(tmp_path_factory, toy_root, make, as_notebook):
    """A class in which every string came in through every channel, and by names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSTM_LAB_ROOT", str(toy_root))
        patch.setenv("LSTM_LAB_LANG", "en")
        folder = tmp_path_factory.mktemp("class")
        for n, text in enumerate(STRINGS.values()):
            for m, body in enumerate(CHANNELS.values()):
                plain = re.sub(r"[\n\r\x00]", " ", text).encode("utf-8", "replace").decode()
                body = body.format(plain=plain).replace("TEXT", ascii(text))
                book = as_notebook(make(double=f"def double(x):\n    {body}\n"))
                (folder / f"s{n}c{m}.ipynb").write_text(book, "utf-8")
            # a name of the disk may hold all but a slash
            name = text.encode("utf-8", "replace").decode().replace("/", "∕").replace("\0", "")
            (folder / f"{name}.ipynb").write_text(as_notebook(make()), "utf-8")
            (folder / f"n{name}.docx").write_text("none")
            bad = as_notebook(make(double=f"def double(x: {plain}!\n"))
            (folder / f"syntax{n}.ipynb").write_text(bad, "utf-8")
            module = f"import {MARK}.s{n}\ndef double(x):\n    y = 'torch.nn.LSTM' {plain!a}\n"
            odd = as_notebook(make(double=module + "    return x\n"))
            (folder / f"import{n}.ipynb").write_text(odd, "utf-8")
        out = tmp_path_factory.mktemp("results") / "out"
        assert main(["grade", str(folder), "--out", str(out), "-j", "2"]) == 0
        junit = out / "junit.xml"
        assert main(["marks", str(out), "--junit", "--out", str(junit)]) == 0
        return folder, out


def test_no_page_holds_anything_that_runs(graded):
    out = graded[1]
    pages = list(out.rglob("*.html"))
    assert len(pages) > len(STRINGS) * (len(CHANNELS) + 2)
    seen = ""
    for path in pages:
        page = Tags(path.read_text("utf-8"))
        assert not page.found & ACTIVE, path.name
        assert page.handlers == set(), path.name
        assert all(re.fullmatch(r"feedback/[\w.-]+\.html|#[\w-]+", one) for one in page.links)
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page.text)
        seen += page.text
    # they are all there, to be read
    assert seen.count(MARK) > len(STRINGS) * len(CHANNELS)
    assert "{0.__class__}" in seen
    assert "<script>" in seen


def test_no_markdown_holds_anything_that_runs(graded):
    out = graded[1]
    for path in out.rglob("*.md"):
        rendered = Tags(MarkdownIt("commonmark", {"html": True}).render(path.read_text("utf-8")))
        assert not rendered.found & (ACTIVE | {"a"}), path.read_text("utf-8")
        assert rendered.handlers == set()


def test_no_sheet_holds_a_formula(graded):
    out = graded[1]
    sheets = list(out.glob("*.csv"))
    assert {path.name for path in sheets} >= {"results.csv", "tests.csv"}
    for path in sheets:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert len({len(one) for one in rows}) == 1
        cells = [cell for one in rows for cell in one]
        assert any(MARK in cell for cell in cells)
        for cell in cells:
            assert not re.match(r"[ \t\r\n]*[=+@＝＋＠]", cell), cell
            assert not re.search(r"[\x00-\x08\x1b\x9b\u202e\n]", cell), cell


def test_junit_is_xml_and_lines_are_json(graded):
    folder, out = graded
    root = ElementTree.parse(out / "junit.xml").getroot()
    assert {one.tag for one in root.iter()} <= {
        "testsuites", "testsuite", "testcase", "failure", "skipped", "system-out"
    }  # fmt: skip
    assert MARK in ElementTree.tostring(root, "unicode")
    lines = (out / "results.jsonl").read_text("utf-8").splitlines()
    assert len(lines) == len(list(folder.iterdir()))
    for line in lines:
        json.loads(line)


def record(said, printed):
    rows = [row("test_a", "double", 2, "failed", {"en": said, "zh": said}, stdout=printed)]
    return {
        "student": said, "number": "", "exercise": "07", "title": "", "rows": rows,
        "file": said, "status": "ok", "reasons": [{"en": said, "zh": said}], "lang": "en",
        "earned": 0, "points": 2, "seconds": 0.5, "level": "process", "answers": {},
    }  # fmt: skip


SIGNS = [
    "`",
    "``",
    "```",
    "<i>",
    "</i>",
    "[a](b)",
    "![a](b)",
    "<a:b>",
    "\\",
    "\n",
    "\n\n",
    " ",
    "*",
    "_",
    "~",
    "#",
    "&",
    ";",
    "&lt;",
    "'",
    '"',
    "=",
    "-",
    "|",
    "{",
    "}",
    "$",
    "\t",
    "a",
    "1.",
]
TRICKY = st.lists(st.sampled_from(SIGNS), max_size=25).map("".join)


@given(TRICKY, TRICKY)
@settings(max_examples=400, deadline=None)
def test_no_mixture_of_signs_gets_out_of_its_place(said, printed):
    page = Tags(feedback_page(said, [record(said, printed)]))
    assert "i" not in page.found
    assert page.links == set()
    text = feedback_markdown(said, [record(said, printed)])
    rendered = Tags(MarkdownIt("commonmark", {"html": True}).render(text))
    assert not rendered.found & {"i", "a", "img"}, text
