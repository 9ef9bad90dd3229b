"""A page without a number: built and copied like a lesson, outside the row of lessons."""

from __future__ import annotations

import json

import pytest

from lstm_lab.cli import main
from lstm_lab.course.catalogue import published
from lstm_lab.course.copies import refresh
from tests.course.conftest import EXERCISE, LESSON


@pytest.fixture
def with_appendix(small):
    text = LESSON.format(title="Tools", title_zh="工具", minutes=30)
    small.write("lessons/tools/lesson.py", text)
    small.edit("lessons/course.toml", "[[part]]", 'appendices = ["tools"]\n[[part]]')
    assert small.build().problems == []
    return small


def first_cell(course, name):
    cells = json.loads((course.root / name).read_bytes())["cells"]
    return "".join(cells[0]["source"])


def test_an_appendix_is_named_as_one_and_has_no_neighbours(with_appendix):
    top = first_cell(with_appendix, "notebooks/en/tools.ipynb")
    assert "# Appendix · Tools" in top
    assert "← " not in top
    assert "→" not in top
    assert "[Contents](../../notebooks/en/00_start.ipynb)" in top
    assert "# 附录 · 工具" in first_cell(with_appendix, "notebooks/zh/tools.ipynb")
    assert "→" not in first_cell(with_appendix, "notebooks/en/01_step.ipynb")


def test_the_contents_list_it_last_and_the_hours_leave_it_out(with_appendix):
    line = with_appendix.edit(
        "lessons/start/lesson.py", "# More prose.", "# {{contents}}\n#\n# {{lesson_hours}}"
    )
    with_appendix.edit(
        "lessons/start/lesson.py", "# 更多的话。", "# {{contents}}\n#\n# {{lesson_hours}}"
    )
    assert line > 0
    assert with_appendix.build().problems == []
    rows = with_appendix.read("notebooks/en/00_start.ipynb")
    assert "[Tools](tools.ipynb)" in rows
    assert rows.index("(01_step.ipynb)") < rows.index("(tools.ipynb)")
    assert "0.5 h" in rows  # 10 + 20 minutes, without the 30


def test_lessons_may_link_to_it_and_predictions_bear_its_name(with_appendix):
    name = "lessons/tools/lesson.py"
    with_appendix.edit(name, "y = x + 1", 'Predict("01-tools", "?")')
    (problem,) = with_appendix.build().problems
    assert "'tools-…'" in problem.text
    with_appendix.edit(name, "01-tools", "tools-first")
    with_appendix.edit("lessons/step/lesson.py", "# More prose.", "# [Tools](tools.ipynb).")
    with_appendix.edit("lessons/step/lesson.py", "# 更多的话。", "# [工具](tools.ipynb)。")
    assert with_appendix.build().problems == []
    (tools,) = [one for one in published(with_appendix.root, "lesson", "en") if not one.number]
    assert (tools.slug, tools.predictions) == ("tools", ("tools-first",))
    assert published(with_appendix.root, "lesson", "en")[-1] == tools


def test_it_is_copied_updated_and_reset_by_name(with_appendix, capsys):
    refresh(with_appendix.root)
    copy = with_appendix.work / "notebooks/en/tools.ipynb"
    copy.write_text(copy.read_text("utf-8").replace("x = 1", "x = 7"), "utf-8")
    assert main(["reset", "tools", "--lang", "en"]) == 0
    assert "x = 1" in copy.read_text("utf-8")
    capsys.readouterr()
    assert main(["update", "tool"]) == 2
    assert "there is no lesson 'tool'; there are: start, step, tools" in capsys.readouterr().err


def test_it_has_no_exercise(with_appendix):
    with_appendix.write("lessons/tools/exercise.py", EXERCISE)
    problems = with_appendix.build().problems
    assert any(
        problem.path == "lessons/tools/exercise.py" and "has no exercise" in problem.text
        for problem in problems
    )
