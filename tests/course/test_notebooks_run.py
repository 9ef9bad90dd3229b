"""Every lesson and every solution, executed from top to bottom by nbclient.

The code is the same in both languages but for strings (test_one_language.py), so each is run in
one of them, alternating, on a copy of the course: nobody's `work/` is touched. Of the strings, an
f-string can fail: cells whose `tr` holds one run as their source has them, where both languages
are evaluated and one is shown.
"""

import ast
import re

import nbformat
import pytest
from nbclient import NotebookClient

from lstm_lab.course.gather import gather
from lstm_lab.course.one_language import in_language, parsed, translations
from lstm_lab.i18n import LANGUAGES
from tests.browser.jupyter import REPOSITORY, copy_course

NOTEBOOKS = sorted((REPOSITORY / "notebooks" / "en").glob("*.ipynb"))
SOLUTIONS = sorted((REPOSITORY / "solutions" / "en").glob("*.ipynb"))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return copy_course(tmp_path_factory.mktemp("a course"))


@pytest.fixture(scope="module")
def in_both():
    """For each notebook and language the cells that fill in strings: text on the page, source."""
    found, course = {}, gather(REPOSITORY)[0]
    for source in [*course.lessons, *course.appendices]:
        for lang in LANGUAGES:
            found[source.name, lang] = {
                in_language(cell.text, lang): f"from lstm_lab.i18n import tr\n\n{cell.text}"
                for cell in source.cells
                if cell.kind == "code" and fills_in(cell.text)
            }
    return found


def fills_in(text):
    """Tell whether an f-string stands in a `tr`."""
    return any(
        isinstance(inner, ast.FormattedValue)
        for call, _said in translations(parsed(text))
        for inner in ast.walk(call)
    )


def executed(course, kind, name, lang, monkeypatch, both=None):
    """Run a notebook as the learner's copy would run, and return it with its outputs."""
    monkeypatch.setenv("LSTM_LAB_ROOT", str(course))
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "1")
    monkeypatch.delenv("LSTM_LAB_LANG", raising=False)
    folder = course / "work" / kind / lang
    folder.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(course / kind / lang / name, as_version=4)
    replaced = 0
    for cell in notebook.cells:
        folded = cell.metadata.get("lstm_lab", {}).get("folded", False)
        text = (
            cell.source.partition("\n")[2] if folded else cell.source
        )  # its first line: a comment
        if text in (both or {}):
            cell.source = both[text]
            replaced += 1
    assert replaced == len(both or {})
    client = NotebookClient(
        notebook,
        timeout=180,
        startup_timeout=120,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()
    return notebook


def html_of(notebook):
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    outputs = [output for cell in cells for output in cell.outputs]
    return "".join(output.get("data", {}).get("text/html", "") for output in outputs), outputs


def test_there_are_lessons_and_solutions_to_run():
    assert NOTEBOOKS
    assert SOLUTIONS


def test_strings_that_are_filled_in_are_known(in_both):
    assert sum(map(len, in_both.values())) >= 10
    assert fills_in('print(tr(en=f"{x} left", zh=f"剩下 {x}"))')
    assert not fills_in('print(tr(en="left", zh="剩下"), f"{x}")')


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_lesson_runs(path, course, monkeypatch, in_both):
    lang = ("en", "zh")[NOTEBOOKS.index(path) % 2]
    both = in_both[path.stem, lang]
    notebook = executed(course, "notebooks", path.name, lang, monkeypatch, both)
    html, outputs = html_of(notebook)
    for picture in re.findall(r"<img\b[^>]*>", html):
        assert re.search(r'alt="[^"]{10,}"', picture), "a picture without alt text"
    assert not any("image/png" in output.get("data", {}) for output in outputs), (
        "a figure without alt text and caption: pass it through lstm_lab.plots.show"
    )
    assert not [output.text for output in outputs if output.get("name") == "stderr"]


@pytest.mark.parametrize("path", SOLUTIONS, ids=lambda path: path.stem)
def test_a_solution_runs_and_its_own_checks_are_content(path, course, monkeypatch):
    lang = ("zh", "en")[SOLUTIONS.index(path) % 2]
    notebook = executed(course, "solutions", path.name, lang, monkeypatch)
    points = sum(notebook.metadata.lstm_lab.points.values())
    wanted = {"en": f"{points} of {points} points", "zh": f"{points} 分中得 {points} 分"}[lang]
    html, _outputs = html_of(notebook)
    assert wanted in re.sub(r"<[^>]*>", "", html)
