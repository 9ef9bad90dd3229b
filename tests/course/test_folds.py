"""What is built folded: which cells, that they hide nothing that matters, and how much it is."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest

from lstm_lab.cli import main
from lstm_lab.course.folds import check_folds, first_line, kinds
from lstm_lab.course.gather import gather
from lstm_lab.course.notebook import NotebookCell, cell_ids
from lstm_lab.course.source import KINDS, Cell, Source
from lstm_lab.document.header import Header
from lstm_lab.i18n import LANGUAGES
from lstm_lab.layout import Lesson

ROOT = Path(__file__).resolve().parents[2]
LESSON = "lessons/step/lesson.py"


def source(*cells):
    made = [Cell("code", text, at, at, name=name) for at, (name, text) in enumerate(cells)]
    return Source("lesson", "a", Lesson(Path(), "a"), Header({}, {}), made, "")


PLOTS = "from lstm_lab.plots import COLOURS, learning_curves, show, subplots, table\n"
DRAWING = {
    "a table": "table([[1]], ['a'])",
    "a figure": "fig, ax = subplots()\nax.plot(r)\nax.set(xlabel='t')\nshow(fig, alt='r')",
    "words for it": "names = ['a', 'b']\ncolumns = [f'{n}:' for n in names]\ntable(rows, columns)",
    "a loop": "fig, ax = subplots()\nfor r, c in zip(a, b):\n    ax.plot(r)\nshow(fig)",
    "what it claims": "assert max(r) < 1\ntable([[1]], ['a'])",
    "a curve": "show(learning_curves({'RNN': loss}), alt='loss')",
}
NOT_DRAWING = {
    "a computation": "m = np.median(r)\ntable([[m]], ['a'])",
    "a print": "print(r)\ntable([[1]], ['a'])",
    "a loop that computes": "for r in a:\n    m = f(r)\ntable([[m]], ['a'])",
    "a definition": "def f(x):\n    return x\n\n\ntable([[f(1)]], ['a'])",
    "nothing shown": "fig, ax = subplots()",
}


@pytest.mark.parametrize("case", DRAWING)
def test_a_cell_whose_every_statement_draws_is_folded(case):
    assert kinds(source(("first", PLOTS + "x = f()"), ("picture", DRAWING[case]))) == {1: "draw"}


@pytest.mark.parametrize("case", NOT_DRAWING)
def test_a_cell_that_does_something_else_stands_open(case):
    assert kinds(source(("first", PLOTS + "x = f()"), ("picture", NOT_DRAWING[case]))) == {}


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("guess_it", "guess_it = Predict('00-it', 'How many?')\nguess_it", "guess"),
        ("reveal_it", "guess_it.reveal(np.median(r))", "reveal"),
        ("it.reveal", "guess_it.reveal(np.median(r))", "reveal"),
        ("set_up", "import numpy as np", "imports"),
        ("claims", "assert a\nassert b", "check"),
        ("drag", "xs = [0.0, 1.0]\nCellStepper('lstm', xs)", "widget"),
        ("drag", "xs = f(1)\nCellStepper('lstm', xs)", None),
        ("count", "n = 1", None),
    ],
)
def test_the_other_kinds(name, text, kind):
    assert kinds(source((name, text))) == ({} if kind is None else {0: kind})


def test_a_broken_cell_is_nobodys():
    assert kinds(source(("a", "x = = 1"))) == {}
    assert check_folds(source(("a", "x = = 1"))) == []


# first cell (a guess, folded), second cell (open): the names that come from the first
NEEDED = {
    "a name": ("n = 2", "m = n + 1", ["n"]),
    "an import": ("import numpy as np", "np.zeros(3)", ["np"]),
    "in a function": ("n = 2", "def f(x):\n    return x + n", ["n"]),
    "in a comprehension": ("n = 2", "m = [k + n for k in range(3)]", ["n"]),
    "added to": ("rows = []", "rows += [1]", ["rows"]),
    "an entry set": ("rows = {}", "rows[1] = 2", ["rows"]),
    "its own again": ("n = 2", "n = 3\nm = n", []),
    "its own later": ("n = 2", "m = n\nn = 3", ["n"]),
    "an argument": ("n = 2", "def f(n):\n    return n", []),
    "a local": ("n = 2", "def f(x):\n    n = x\n    return n", []),
    "a comprehension's own": ("n = 2", "m = [n for n in range(3)]", []),
    "a loop's own": ("n = 2", "for n in range(3):\n    print(n)", []),
    "two": ("a, b = 1, 2", "c = b + a + a", ["a", "b"]),
}


@pytest.mark.parametrize("case", NEEDED)
def test_an_open_cell_needs_nothing_of_a_folded_one(case):
    first, second, names = NEEDED[case]
    said = [one.text.split()[0] for one in check_folds(source(("guess_a", first), ("b", second)))]
    assert sorted(said) == names
    defined = source(("guess_a", first), ("again", f"{first}\nz = 0"), ("b", second))
    assert check_folds(defined) == []


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    pass",
        "class A:\n    pass",
        "run = fit(m, t)",
        "h = forward(p, x).h",
        "h, c = step(p, x, h, c)",
        "h, cache = rnn_step(p, x, h)",
        "h = model.forward(x)",
        "x = [backward(p, o, d) for d in ds]",
    ],
)
def test_a_folded_cell_computes_nothing_of_the_lesson(text):
    assert len(check_folds(source(("guess_a", text)))) == 1
    assert check_folds(source(("a", text))) == []


def test_a_part_has_its_own_id_and_shifts_no_other():
    a, part = NotebookCell("code", "1", name="first"), NotebookCell("code", "2", name="first.draw")
    text, other = NotebookCell("markdown", "text"), NotebookCell("code", "3", name="second")
    before = cell_ids("rnn", [a, text, other])
    after = cell_ids("rnn", [a, part, text, other])
    assert before == [after[0], *after[2:]]
    assert len(set(after)) == 4


def read(course, name):
    return json.loads((course.root / name).read_bytes())["cells"]


def test_a_folded_cell_is_shut_and_its_first_line_says_that_it_must_be_run(small):
    guess = '# %% name="guess_y"\nguess_y = Predict("step-y", "?")\nguess_y'
    small.edit(LESSON, "# %%\ny = x + 1", guess)
    assert small.build().problems == []
    for lang, first in (("en", "# Run this cell: it"), ("zh", "# 运行这个单元格：它")):
        cells = read(small, f"notebooks/{lang}/01_step.ipynb")
        named = {cell["metadata"].get("lstm_lab", {}).get("name"): cell for cell in cells}
        shut = named["guess_y"]
        assert shut["metadata"]["jupyter"] == {"source_hidden": True}
        assert shut["metadata"]["lstm_lab"]["folded"] is True
        assert "".join(shut["source"]).startswith(first)
        assert "".join(shut["source"]).endswith("guess_y")
        assert named["first"]["metadata"] == {"lstm_lab": {"name": "first"}}
        assert "".join(named["first"]["source"]) == "x = 1"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_has_its_first_line(lang):
    said = [first_line(kind, lang) for kind in KINDS]
    assert all(line.startswith("# ") and "\n" not in line for line in said)
    assert len(set(said)) == len(KINDS)


def test_an_author_says_what_the_rule_cannot_know(small):
    small.edit(LESSON, 'name="first"', 'name="first" kind="draw"')
    small.edit(LESSON, "# %%\ny = x + 1", '# %% name="guess_y" show=true\ny = 3')
    assert small.build().problems == []
    cells = read(small, "notebooks/en/01_step.ipynb")
    shut = [c["metadata"]["lstm_lab"]["name"] for c in cells if "jupyter" in c["metadata"]]
    assert shut == ["first"]


def test_the_list_says_where_and_what(small, capsys):
    line = small.edit(LESSON, "# %%\ny = x + 1", '# %% name="guess_y"\ny = 3\nz = 4')
    assert main(["build", "--folds"]) == 0
    assert capsys.readouterr().out == f"{LESSON}:{line}: guess_y (guess, 2)\n"
    assert not list(small.root.rglob("*.ipynb"))


def test_exercises_stand_open(small):
    small.build()
    cells = read(small, "exercises/en/01_step.ipynb")
    assert not any("jupyter" in cell["metadata"] for cell in cells)


def lines(text):
    """Count lines of code: no empty ones, no comments."""
    return sum(line.strip()[:1] not in ("", "#") for line in text.splitlines())


def test_two_of_five_lines_are_folded():
    course, _problems = gather(ROOT)
    shut, whole = {}, {}
    for lesson in course.lessons:
        cells = nbformat.read(ROOT / f"notebooks/en/{lesson.name}.ipynb", as_version=4).cells
        code = [cell for cell in cells if cell.cell_type == "code"]
        whole[lesson.name] = sum(lines(cell.source) for cell in code)
        shut[lesson.name] = sum(
            lines(cell.source)
            for cell in code
            if cell.metadata.get("jupyter", {}).get("source_hidden")
        )
    assert len(whole) >= 7
    assert sum(shut.values()) >= 0.4 * sum(whole.values())
    assert {name: n for name, n in shut.items() if n < 0.25 * whole[name]} == {}
