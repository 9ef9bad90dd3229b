"""One reader for one thing: header, points, py:percent and notebooks, for builder and grader."""

from __future__ import annotations

import json
from pathlib import Path

import jupytext
import nbformat
import pytest

from lstm_lab.course.points import points_of_tasks
from lstm_lab.course.source import read_source
from lstm_lab.document.header import read_header
from lstm_lab.document.notebook import cells_of, facts_of, loads, parse, source_of, task_of, written
from lstm_lab.document.percent import read_percent, uncommented
from lstm_lab.document.points import Points, graded_tests, task_points
from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import find_exercise, list_exercises
from lstm_lab.grading.sources import read_document
from lstm_lab.layout import Layout

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(ROOT.glob("lessons/*/lesson.py")) + sorted(ROOT.glob("lessons/*/exercise.py"))
HEADER = """\
# ---
# lstm_lab:
#   title: {en: "One", zh: "一"}
#   summary: {en: "One line", zh: "一行"}
%s
# ---
"""


def notes(cell):
    """What jupytext holds of a cell, without what it notes down for itself."""
    own = {"lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker"}
    return {key: value for key, value in cell.metadata.items() if key not in own}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_sources_are_read_as_jupytext_reads_them(path):
    text = path.read_text("utf-8")
    theirs = [c for c in jupytext.reads(text, fmt="py:percent").cells if c.cell_type != "raw"]
    ours = read_percent(text).cells
    assert len(ours) == len(theirs) > 10
    for cell, other in zip(ours, theirs, strict=True):
        body = uncommented(cell.text) if cell.kind == "markdown" else cell.text
        assert (cell.kind, body.strip()) == (other.cell_type, other.source.strip())
        assert cell.options == notes(other)
        assert text.split("\n")[cell.line - 1].startswith("# %%")


@pytest.mark.parametrize(
    ("mark", "kind", "options"),
    [
        ("# %%", "code", {}),
        ("#%%", "code", {}),
        ('# %% [markdown] lang="en"', "markdown", {"lang": "en"}),
        ("# %% [md]", "markdown", {}),
        ("# %% [raw]", "raw", {}),
        ('# %% name="f" task=true', "code", {"name": "f", "task": True}),
        ("# %% A title here", "code", {"title": "A title here"}),
        ('# %% name="a \\" b" n=1.5', "code", {"name": 'a " b', "n": 1.5}),
        ("# %% name=bare", "code", {"name": "bare"}),
    ],
)
def test_marks(mark, kind, options):
    (cell,) = read_percent(f"{mark}\n\n\nx = 1\n\n").cells
    assert (cell.kind, cell.options, cell.text, cell.line) == (kind, options, "x = 1", 1)


def test_what_is_no_mark():
    text = "x = 1\n# %%%% magic\n  # %% indented\ns = '# %%'\n"
    assert read_percent(text) == read_percent(text).__class__(text, ())


@pytest.mark.parametrize(
    "text",
    [
        '# %% name="' + '\\"' * 10**5,
        '# %% name="' + 'a="b ' * 10**5,
        "# %% " + "a=" * 10**5,
        "# %% " + "[x" * 10**5,
        "# %% " + "w" * 10**5,
        "#" + " " * 10**5,
        "# %%\n" * 10**5,
    ],
    ids=["quotes", "options", "equals", "brackets", "word", "blanks", "marks"],
)
def test_a_hostile_python_file_is_cut_before_the_day_is_over(text):
    """Where the time grew with the square of the length, none of these would end."""
    assert len(read_percent(text).cells) == text.count("%%")


@pytest.mark.parametrize(
    ("said", "allow", "torch", "seconds"),
    [
        ("", ("numpy",), False, 10.0),
        (
            "#   allow: [numpy, torch]\n#   torch: true\n#   seconds: 4",
            ("numpy", "torch"),
            True,
            4.0,
        ),
        (
            "#   allow:\n#     - numpy\n#     - scipy\n#   torch: True",
            ("numpy", "scipy"),
            True,
            10.0,
        ),
    ],
)
def test_builder_and_grader_read_one_header(tmp_path, said, allow, torch, seconds):
    """A block list, and `True`, used to be read by one of the two only."""
    (tmp_path / "lessons" / "one").mkdir(parents=True)
    (tmp_path / "lessons" / "course.toml").write_text('[[part]]\nlessons = ["one"]\n')
    lesson = Layout(tmp_path)["one"]
    lesson.exercise.write_text(HEADER % said + "# %%\nx = 1\n", "utf-8")
    lesson.tests.write_text("")
    header = read_source(lesson, "exercise").header
    assert (header.allow, header.torch, header.seconds) == (allow, torch, seconds)
    exercise = find_exercise("one", tmp_path)
    assert exercise.allow == [*allow, *(["torch"] if torch and "torch" not in allow else [])]
    assert (exercise.torch, exercise.seconds) == (torch, seconds)


def test_problems_of_a_header_come_with_their_lines():
    header, problems = read_header(HEADER % "#   seconds: soon\n#   colour: red", "exercise")
    assert header.seconds == 10.0
    assert [line for line, _said in problems] == [6, 5]
    assert [line for line, _said in read_header("# ---\n# a: [\n# ---\n", "lesson")[1]] == [2]


@pytest.mark.parametrize("exercise", list_exercises(ROOT), ids=lambda one: one.slug)
def test_points_are_the_same_in_file_build_and_grader(exercise):
    points, problems = points_of_tasks(read_source(exercise.lesson, "exercise"))
    assert problems == []
    assert points == exercise.task_points == task_points(exercise.tests.read_text("utf-8"))
    built = parse(exercise.lesson.built("exercise", "en").read_bytes())
    assert facts_of(built)["points"] == points
    assert sum(points.values()) > 0


@pytest.mark.parametrize(
    ("mark", "good"),
    [
        ('2, task="a"', True),
        ('n=1.5, task="a"', True),
        ('0, task="a"', False),
        ('True, task="a"', False),
        ('"2", task="a"', False),
        ("2", False),
        ('TWO, task="a"', False),
    ],
)
def test_a_mark_gives_points_to_a_task_or_is_no_good(mark, good):
    text = f"@pytest.mark.points({mark})\ndef test_it(): ...\n"
    (test,) = graded_tests(text)
    assert (test.name, test.points[0].line) == ("test_it", 1)
    assert test.points[0].good is good
    assert bool(task_points(text)) is good
    if "TWO" not in mark:
        made = eval(f"Points.of(*(lambda *args, **kwargs: (args, kwargs))({mark}))")
        assert (made.worth, made.task, made.good) == (
            test.points[0].worth,
            test.points[0].task,
            good,
        )


def test_one_title_is_no_title():
    assert Points.of((1,), {"task": "a", "en": "one"}).title is None


NOTEBOOK = {
    "cells": [
        {"cell_type": "code", "source": "a\r\nb", "metadata": {}, "outputs": [], "id": "x",
         "execution_count": None},
        {"cell_type": "markdown", "source": ["中\n", "文"], "metadata": {}, "id": "y"},
    ],
    "metadata": {"lstm_lab": {"slug": "rnn"}}, "nbformat": 4, "nbformat_minor": 5,
}  # fmt: skip


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"{", "not a notebook: "),
        (b"[]", "no list of cells"),
        (b'{"cells": 1}', "no list of cells"),
        (b'{"cells": [1]}', "no list of cells"),
        (b"[" * 100_000, "nested too deeply"),
        (b"\xff\xfe", "not a notebook: "),
    ],
)
def test_what_is_no_notebook_is_told(data, said):
    with pytest.raises(UserError, match=said):
        parse(data)


def test_a_notebook_is_read_however_it_is_stored():
    found = parse(b"\xef\xbb\xbf" + json.dumps(NOTEBOOK).encode())
    assert [source_of(cell) for cell in found["cells"]] == ["a\nb", "中\n文"]
    assert facts_of(found) == {"slug": "rnn"}
    third = loads(b'{"worksheets": [{"cells": [{"cell_type": "code", "input": ["x"]}]}, 3]}')
    assert [source_of(cell) for cell in cells_of(third)] == ["x"]


@pytest.mark.parametrize("metadata", [None, [], {"lstm_lab": 3}, {"lstm_lab": {"task": 1}}, 0])
def test_odd_metadata_say_nothing(metadata):
    cell = {"metadata": metadata}
    assert task_of(cell) is None
    assert task_of({"metadata": {"lstm_lab": {"task": True, "name": "not a name"}}}) is None
    assert task_of({"metadata": {"lstm_lab": {"task": True, "name": "f"}}}) == "f"


def test_what_is_written_is_what_jupyter_would_write():
    lines = {**NOTEBOOK, "cells": [
        {**cell, "source": source_of(cell).splitlines(keepends=True)} for cell in NOTEBOOK["cells"]
    ]}  # fmt: skip
    data = written(lines)
    assert data == written(parse(data))
    assert data.decode() == nbformat.writes(nbformat.from_dict(lines)) + "\n"
    surrogate = {**lines, "cells": [{**lines["cells"][1], "source": ["\ud800"]}]}
    assert b"\xed\xa0\x80" in written(surrogate)


def test_builder_and_grader_see_the_same_tasks():
    for exercise in list_exercises(ROOT):
        source = read_source(exercise.lesson, "exercise")
        tasks = [cell.name for cell in source.tasks]
        assert read_document(exercise.lesson.exercise).tasks == tasks
        assert read_document(exercise.lesson.built("exercise", "zh")).tasks == tasks
