"""The course as a learner meets it: a lesson run from the menu, an exercise answered."""

import re

import nbformat
import pytest

from tests.browser.jupyter import REPOSITORY


def path_of(folder, lang, number):
    """The path below `work/` of a lesson or exercise, by its number."""
    (found,) = (REPOSITORY / folder / lang).glob(f"{number}_*.ipynb")
    return f"{folder}/{lang}/{found.name}"


def solutions(number):
    """The right answers, by the names of their task cells."""
    (path,) = (REPOSITORY / "solutions" / "en").glob(f"{number}_*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    about = [(cell.metadata.get("lstm_lab", {}), cell.source) for cell in cells]
    return {of["name"]: source for of, source in about if of.get("task")}


@pytest.mark.parametrize(("number", "lang"), [("00", "zh"), ("01", "en")])
def test_a_lesson_runs_from_the_menu_to_its_end(lab, number, lang):
    lab.open(path_of("notebooks", lang, number))
    cells = lab.run_all(timeout=300)
    assert [cell["count"] for cell in cells] == list(range(1, len(cells) + 1))
    html = "".join(
        "".join(output.get("data", {}).get("text/html", ""))
        for cell in cells
        for output in cell["outputs"]
    )
    pictures = re.findall(r"<img\b[^>]*>", html)
    assert pictures
    assert all(re.search(r'alt="[^"]{10,}"', picture) for picture in pictures)
    bare = [o for cell in cells for o in cell["outputs"] if "image/png" in o.get("data", {})]
    assert bare == [], "a figure without alt text: pass it through lstm_lab.plots.show"
    asked = [n for n, cell in enumerate(lab.cells()) if "Predict(" in cell["source"]]
    assert asked
    for index in asked:
        lab.run_cell(index)  # asks anew: Run All has revealed what nobody had guessed
        box = lab.output(index).locator(".ll-predict")
        box.wait_for()
        assert box.locator("input, circle").first.is_enabled()


@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "# Run this cell: it asks a question"), ("zh", "# 运行这个单元格：它会")],
)
def test_a_folded_guess_says_that_it_must_be_run_and_runs_shut(lab, lang, said):
    lab.open(path_of("notebooks", lang, "00"))
    lab.run_cell(lab.cell("road.imports"))
    guess = lab.cell("guess_rnn")
    lab.run_cell(guess)
    lab.output(guess).locator(".ll-predict input").first.wait_for()
    cell = lab.page.locator(f'.jp-Cell[data-windowed-list-index="{guess}"]')
    bar = cell.locator(".jp-InputPlaceholder")
    assert bar.is_visible()
    assert bar.inner_text().startswith(said)
    assert not cell.locator(".jp-InputArea-editor").is_visible()
    bar.click()  # a click opens it
    cell.locator(".jp-InputArea-editor").wait_for()
    assert "jupyter" not in lab.cells()[guess]["metadata"]


@pytest.mark.parametrize(
    ("lang", "symptom", "right"),
    [("en", "without the bias", "3 of 3 points"), ("zh", "没有偏置", "3 分中得 3 分")],
)
def test_an_exercise_is_answered_wrongly_then_rightly(lab, lang, symptom, right):
    answers = solutions("01")
    lab.open(path_of("exercises", lang, "01"))
    lab.run_cell(lab.cell("setup"))
    task, ask = lab.cell("rnn_step"), lab.cell("rnn_step_check")

    lab.put(task, answers["rnn_step"].replace(" + b)", ")"))
    lab.run_cell(task)
    lab.run_cell(ask)
    said = lab.output(ask)
    assert symptom in said.inner_text()
    assert said.locator("table").count() >= 1

    lab.put(task, answers["rnn_step"])
    lab.run_cell(task)
    lab.run_cell(ask)
    said = lab.output(ask).inner_text()
    assert symptom not in said
    assert right in said


def test_all_answers_right_give_all_points(lab):
    answers = solutions("01")
    lab.open(path_of("exercises", "en", "01"))
    for name, source in answers.items():
        lab.put(lab.cell(name), source)
    cells = lab.run_all()
    points = nbformat.read(
        REPOSITORY / path_of("exercises", "en", "01"), as_version=4
    ).metadata.lstm_lab.points
    total = sum(points.values())
    assert cells[-1]["metadata"]["lstm_lab"]["name"] == "check_all"
    said = lab.output(lab.cell("check_all")).inner_text()
    assert f"{total} of {total} points" in said
