"""The pages that people read: headings, languages, contrast, and nothing from outside."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from lstm_lab.grading.reports import page as frame
from lstm_lab.grading.reports.feedback_pages import feedback_markdown, feedback_page
from lstm_lab.grading.reports.results import write_results
from lstm_lab.grading.runner.points import row

SAID = {"en": "y: use `x.T`, **not** x <b>.", "zh": "y：用 `x.T`，不是 x <b>。"}
NASTY = "</pre><script>alert(1)</script>\n```\n# heading\n[a](http://x) \x1b[31m"


def record(student="Ann", lang="en", nodes=200, calls=(), form="same", **more):
    rows = [
        row("test_a", "double", 2, "passed", title={"en": "one", "zh": "一"}),
        row("test_b", "double", 2, "failed", SAID, stdout=NASTY),
        row("test_c", "center", 1, "not tried", {"en": "no time", "zh": "没时间"}),
    ]
    facts = {"form": form, "nodes": nodes, "calls": list(calls), "as_solution": False}
    return {
        "student": student, "number": "", "exercise": "07", "title": "07_toy", "rows": rows,
        "file": f"{student}/07_<toy>.ipynb", "status": "ok", "reasons": [], "lang": lang,
        "earned": 2, "points": 5, "seconds": 0.5, "level": "process", "answers": {"double": facts},
    } | more  # fmt: skip


class Outline(HTMLParser):
    """Takes down what a reader by ear goes by."""

    def __init__(self, text):
        super().__init__()
        self.headings: list[int] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag != "meta":  # the one that has no end
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def pages(tmp_path):
    records = [
        record("Ann <b>"),
        record("李明", lang="zh", calls=["torch.nn.LSTM"]),
        record("Bob", rows=[], earned=None, points=None, status="needs attention",
               reasons=[{"en": "torn <i>", "zh": "坏了 <i>"}], lang=None),
    ]  # fmt: skip
    write_results(records, tmp_path)
    return {
        path.relative_to(tmp_path).as_posix(): path.read_text("utf-8")
        for path in tmp_path.rglob("*.html")
    }


def test_every_page_is_well_formed_and_names_its_parts(pages):
    assert len(pages) == 4
    for name, text in pages.items():
        outline = Outline(text)
        assert outline.open == [], name
        assert outline.headings[0] == 1
        assert outline.headings.count(1) == 1
        steps = zip(outline.headings, outline.headings[1:], strict=False)
        assert all(after <= before + 1 for before, after in steps)
        tags = dict(outline.tags)
        assert tags["html"]["lang"] == ("zh-CN" if "李明" in name else "en")
        assert {"title", "main", "meta"} <= tags.keys()
        for tag, attributes in outline.tags:
            if tag == "th":
                assert attributes["scope"] in ("row", "col")
            if "tabindex" in attributes:
                assert attributes["role"] == "region"
                assert attributes["aria-label"]


def test_nothing_comes_from_outside_and_nothing_runs(pages):
    for text in pages.values():
        for tag, attributes in Outline(text).tags:
            assert tag not in {
                "script",
                "link",
                "img",
                "iframe",
                "object",
                "embed",
                "base",
                "b",
                "i",
            }
            assert not {"src", "srcset", "onload", "onclick"} & attributes.keys()
            assert re.match(r"feedback/|#", attributes.get("href") or "#")
        style = text[text.index("<style>") : text.index("</style>")]
        assert "url(" not in style
        assert "@import" not in style
        assert "\x1b" not in text


def luminance(colour):
    colour = colour.lstrip("#")
    if len(colour) == 3:
        colour = "".join(c * 2 for c in colour)
    parts = [int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_colours_can_be_read_in_light_and_in_dark(dark):
    css = frame._CSS
    part = css[css.index("@media (prefers-color-scheme:dark)") :] if dark else css
    colours = dict(re.findall(r"--(\w+):(#\w+)", part[: part.index("}")]))
    assert set(colours) == {"back", "text", "line", "link", "bar", "soft"}
    for back in (colours["back"], colours["soft"]):
        assert contrast(colours["text"], back) >= 7
        assert contrast(colours["link"], back) >= 4.5
    assert contrast(colours["line"], colours["back"]) >= 3
    assert contrast(colours["bar"], colours["back"]) >= 3
    assert contrast("#000", "#fff") == pytest.approx(21)


def test_markdown_says_the_same_and_cannot_be_broken_out_of():
    text = feedback_markdown("Ann # <b>", [record(student="Ann # <b>")])
    assert text.startswith("# Feedback for Ann \\# &lt;b>\n")
    # our own code marks stay, anything else is shown as it is
    assert "y: use `x.T`, \\*\\*not\\*\\* x &lt;b>." in text
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Feedback for Ann \\# &lt;b>", "## 07\\_toy", "### `double`: 2 / 4", "### `center`: 0 / 1"
    ]  # fmt: skip
    # what was printed holds a fence of three, so it stands between fences of four
    inside = text.split("  ````\n")
    assert len(inside) == 3
    assert "alert(1)" in inside[1]
    assert "alert(1)" not in inside[0] + inside[2]
    chinese = feedback_markdown("李明", [record(lang="zh")])
    assert "# 李明 的反馈" in chinese
    assert "y：用 `x.T`" in chinese


def test_markdown_is_rendered_as_meant():
    from markdown_it import MarkdownIt

    html = MarkdownIt().render(feedback_markdown("Ann", [record()]))
    assert "<script>" not in html
    assert "<a " not in html
    assert "<code>x.T</code>" in html
    assert html.count("<h1>") == 1
    assert html.count("<h3>") == 2
    assert "**not** x &lt;b&gt;" in html


def test_the_feedback_page_keeps_to_the_student(tmp_path):
    one = feedback_page("Ann", [record(calls=["torch.nn.LSTM"])])
    assert "torch.nn.LSTM" not in one  # that is for the instructor
    assert "same" not in one


def test_the_overview_asks_to_look_and_accuses_nobody(tmp_path):
    records = [record(f"student{n}", form=f"f{n}") for n in range(20)]
    records += [record("Ann", calls=["torch.nn.LSTM"]), record("Bob <b>")]
    write_results(records, tmp_path)
    page = (tmp_path / "overview.html").read_text("utf-8")
    assert "Answers of one form" in page
    row_of = re.search(r"<tr><th scope=\"row\">([^\n]*Bob[^\n]*)", page)[1]
    assert '<a href="feedback/Ann.html">Ann</a>, <a href="feedback/Bob_b.html">' in row_of
    assert "with the same mistake" in row_of
    assert "21 in 22" in row_of
    assert "<code>torch.nn.LSTM</code>" in page
    assert "says nothing about anybody" in page
    for word in ("cheat", "plagiar", "copied", "suspect"):
        assert word not in page.lower()
    write_results(records[:20], tmp_path)
    page = (tmp_path / "overview.html").read_text("utf-8")
    assert "Answers of one form" not in page
    assert "call a library" not in page


def test_results_are_the_same_in_any_order_and_nothing_else_is_left(tmp_path):
    records = [record(f"s{n % 7}", number=str(n % 2), exercise=f"0{n % 3}", file=f"{n}.ipynb")
               for n in range(40)]  # fmt: skip
    for name, order in (("a", records), ("b", records[::-1])):
        write_results(order, tmp_path / name)
    found = [
        {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*.*")}
        for name in "ab"
    ]
    assert found[0] == found[1]
    assert len([path for path in found[0] if path.suffix == ".html"]) == 15
    assert {path.name for path in found[0] if path.parent.name == ""} == {
        "overview.html", "results.csv", "results.jsonl", "tests.csv"
    }  # fmt: skip
