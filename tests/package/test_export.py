"""Notebooks as one HTML file, without a browser: what is in the file, and what is said."""

import json
import re

import nbformat
import pytest

from lstm_lab.cli import main
from lstm_lab.course.catalogue import published
from lstm_lab.errors import UserError
from lstm_lab.export.maths import mathml
from lstm_lab.export.page import page
from lstm_lab.export.pages import find_pages
from lstm_lab.export.prose import prose
from lstm_lab.paths import course_root

CELLS = (
    ("markdown", "# A page\n\nSo $h_t = \\tanh(a)$, see [02](02_x.ipynb) and [it](https://a.org)."),
    ("code", "from lstm_lab.widgets import CellStepper, GradientBridge\nCellStepper('rnn')"),
    ("code", "CellStepper('lstm')"),
    ("code", "GradientBridge(20)"),
    ("code", "print('<b>told</b>'); [1, 2]"),
    ("code", "import warnings\nfrom tqdm.auto import tqdm\nfor _ in tqdm(range(3)): pass"),
)


def written(folder, cells, name="page.ipynb"):
    made = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    notebook = nbformat.v4.new_notebook(cells=[made[kind](text) for kind, text in cells])
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, folder / name)
    return folder / name


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LSTM_LAB_LANG", "en")


@pytest.fixture(scope="module")
def html(tmp_path_factory):
    folder = tmp_path_factory.mktemp("export")
    path = written(folder / "zh", CELLS)
    assert main(["export", str(path), "--out", str(folder / "out")]) == 0
    return (folder / "out" / "zh" / "page.html").read_text("utf-8")


def test_one_file_holds_everything_once_and_loads_nothing(html):
    outside = html.replace("http://www.w3.org/2000/svg", "").replace("https://a.org", "")
    assert "http" not in outside
    assert not re.search(r"<link|<iframe|src=\"(?!data:)|@import|url\(", html)
    assert html.count("function forwardLSTM(") == 1
    assert html.count("--ll-accent: #0072b2") == 1
    assert html.count('<div data-lstm-lab="stepper">') == 2
    assert html.count('<div data-lstm-lab="bridge">') == 1
    assert len(html) < 400_000


def test_code_that_is_folded_in_the_notebook_is_folded_on_the_page():
    cells = [nbformat.v4.new_code_cell(f"# Draws {n} < 2\nx = {n}") for n in (1, 2)]
    cells[0].metadata["jupyter"] = {"source_hidden": True}
    notebook = nbformat.v4.new_notebook(cells=cells)
    made = page(notebook, title="t", lang="en", link=lambda address: None)
    folded = re.findall(
        r'<details class="folded"><summary>(.*?)</summary>(.*?)</details>', made, re.S
    )
    assert [summary for summary, _code in folded] == ["Draws 1 &lt; 2 …"]
    assert "<pre" in folded[0][1]
    assert made.count("<pre") == 2


def test_the_folder_gives_the_language_of_the_page_and_of_what_widgets_say(html):
    assert '<html lang="zh-Hans">' in html
    assert "走一步" in html
    assert "亮色 / 暗色" in html


def test_what_a_cell_prints_is_text_and_a_foreign_widget_leaves_nothing(html):
    assert "&lt;b&gt;told&lt;/b&gt;" in html
    assert ">[1, 2]</pre>" in html
    assert "| 0/3 [" not in html
    assert "Traceback" not in html


def test_predictions_are_asked_anew_with_their_items(tmp_path):
    ask = "from lstm_lab.widgets import Predict\n"
    cells = [
        ("code", f"{ask}a = Predict('page-r', 'Which first?', rank=['up', 'down'])\na"),
        ("code", "a.guess = [1, 0]\na.reveal(['up', 'down'])"),
        ("code", f"{ask}b = Predict('page-s', 'Which apply?', several=['in', 'out'])\nb"),
        ("code", "b.guess = [1]\nb.reveal(['in'])"),
    ]
    path = written(tmp_path / "en", cells)
    assert main(["export", str(path), "--out", str(tmp_path / "out")]) == 0
    text = (tmp_path / "out" / "en" / "page.html").read_text("utf-8")
    found = re.findall(
        r'<div data-lstm-lab="predict"><script type="application/json">(.*?)</script>', text
    )
    states = [json.loads(one) for one in found]
    assert [(one["kind"], one["choices"]) for one in states] == [
        ("rank", ["up", "down"]),
        ("several", ["in", "out"]),
    ]
    assert all((one["guess"], one["value"], one["outcome"]) == (None, None, "") for one in states)


def test_links_lead_to_pages_that_are_there(html, tmp_path):
    assert "see 02 and" in html
    assert '<a href="https://a.org">it</a>' in html
    first = written(tmp_path / "en", [("markdown", "[b](b.ipynb#x) [z](../zh/b.ipynb)")], "a.ipynb")
    other = written(tmp_path / "en", [("markdown", "# b")], "b.ipynb")
    assert main(["export", str(first), str(other), "--out", str(tmp_path / "out")]) == 0
    text = (tmp_path / "out" / "en" / "a.html").read_text("utf-8")
    assert '<a href="b.html#x">b</a> z' in text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_formula_of_the_course_becomes_mathml(lang):
    root = course_root()
    formulas = 0
    for kind in ("lesson", "exercise"):
        for one in published(root, kind, lang):
            for cell in nbformat.read(root / one.path, as_version=4).cells:
                if cell.cell_type == "markdown" and "$" in cell.source:
                    html = prose(cell.source, lambda address: address)
                    formulas += html.count("<math ")
                    code = [
                        text for text in re.findall(r"<code>(.*?)</code>", html) if "\\" in text
                    ]
                    assert not [text for text in code if "`" + text not in cell.source], one.path
    assert formulas > 100


def test_a_formula_that_cannot_be_converted_stays_readable():
    assert mathml(r"\begin{aligned} a &= b \\ c &= d \end{aligned}").count("<mtr>") == 2
    assert mathml(r"\mystery{x}<1") == r"<code>\mystery{x}&lt;1</code>"
    assert "<math" in prose("# $x$ *y*", lambda address: None)
    assert prose("# $x_1$ *y*", lambda address: None).startswith('<h1 id="x_1-y">')


def test_what_cannot_be_exported_is_said(tmp_path, capsys):
    failing = written(tmp_path, [("code", "1 / 0")])
    assert main(["export", str(failing)]) == 2
    said = capsys.readouterr().err
    assert (
        said
        == "lstm-lab export: page.ipynb: a cell failed with ZeroDivisionError: division by zero\n"
    )
    assert main(["export", str(tmp_path / "none.ipynb")]) == 2
    assert "none.ipynb: there is no such file" in capsys.readouterr().err
    (tmp_path / "bad.ipynb").write_text("{")
    assert main(["export", str(tmp_path / "bad.ipynb")]) == 2
    assert "bad.ipynb: not a notebook" in capsys.readouterr().err
    with pytest.raises(UserError, match="'77': expected one of start_here, rnn"):
        find_pages(["77"], ["en"], course_root())
    assert main(["export", str(failing), str(failing.parent / "bad.ipynb"), "--out", "x.html"]) == 2
    assert "expected a folder for 2 pages" in capsys.readouterr().err
