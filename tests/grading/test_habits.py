"""What `check()` accepts in the notebook, `grade` accepts, whatever habits a notebook shows.

Random notebooks of right answers and habits run in IPython, as in a kernel, and are graded as a
document in the sandbox. For the long run: ``LSTM_LAB_HABITS=300 pytest tests/grading/test_habits.py
-k agree``.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

import pytest
from IPython.core.async_helpers import _pseudo_sync_runner
from IPython.core.interactiveshell import InteractiveShell

from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import list_exercises
from lstm_lab.grading.messages.words import problem_said
from lstm_lab.grading.notebook.kernel import Check
from lstm_lab.grading.sources import CodeCell, Document, read_document

EXERCISES = list_exercises(Path(__file__).parents[2])

STUB = 'raise NotImplementedError("your code here")'
ANSWERS = {
    "double": "def double(x):\n    return {two} * x",
    "center": "def center(x):\n    m = x.mean(axis=0) * {two} / 2\n    return x - m, m",
}
# Cells that bind or change a name N, and the expression that is then 2.0.
NAMES = [
    ("N = {{}}\nN['k'] = 2.0", "N['k']"),
    ("N = []\nN.append(2.0)", "N[0]"),
    ("N = 1.0\nN += 1", "N"),
    ("N = {{}}\nfor k in range(3):\n    N[k] = float(k)", "N[2]"),
    ("for N in (0.0, 1.0, 2.0):\n    pass", "N"),
    ("N = 0.0\nwhile N < 2:\n    N += 1", "N"),
    ("with np.errstate(all='ignore'):\n    N = np.float64(2.0)", "N"),
    ("match (1, 2.0):\n    case (_, N):\n        pass", "N"),
    ("print(N := 2.0)", "N"),
    ("[N := float(k) for k in range(3)]", "N"),
    ("def N():\n    return N.two\nN.two = 2.0", "N()"),
    ("class N:\n    pass\nN.two = 2.0", "N.two"),
    ("class N:\n    table = {{}}\nN.table['k'] = 2.0", "N.table['k']"),
    ("def set_N():\n    global N\n    N = 2.0\nset_N()", "N"),
    ("N = {{}}\ndef put_N(k):\n    N[k] = 2.0\nput_N('k')", "N['k']"),
    ("N = {{}}\ndef into_N(d):\n    d['k'] = 2.0\ninto_N(N)", "N['k']"),
    ("N = {{}}\ndef keep_N(f):\n    N[f.__name__] = f\n    return f\n"
     "@keep_N\ndef two_N():\n    return 2.0", "N['two_N']()"),
    ("N = np.zeros(3)\nN[1:] += 2", "N[1]"),
    ("N = np.eye(2)\nnp.fill_diagonal(N, 2)", "N[0, 0]"),
    ("N = [1.0, 2.0]\ndel N[0]", "N[0]"),
    ("N = [2.0, 1.0, 3.0]\nN.sort()", "N[1]"),
    ("if True:\n    N = 2.0\n    print('bound')", "N"),
    ("try:\n    N = 1 / 0\nexcept ZeroDivisionError:\n    print('no')\n    N = 2.0", "N"),
    ("globals()['N'] = 2.0", "N"),
    ("exec('N = 2.0')", "N"),
    ("async def wait_N():\n    return 2.0\nN = await wait_N()", "N"),
    ("%time N = 2.0", "N"),
    ("%%time\nN = 2.0", "N"),
    ("%%capture out\nN = 2.0", "N"),
    ("from functools import singledispatch\n@singledispatch\ndef N(x):\n    return 0.0\n"
     "@N.register\ndef _(x: int):\n    return 2.0", "N(1)"),
    ("(N, _), *rest = (2.0, 1), 3", "N"),
    ("N: float = 2.0", "N"),
    ("a = b = N = 2.0", "N"),
    ("N = lambda: 2.0", "N()"),
    ("N = iter([1.0, 2.0])\nnext(N)\nN = next(N)", "N"),
]  # fmt: skip
# Lines that stand above the import that all answers need, or beside an answer.
LINES = [
    "files = !ls",
    "a, b = !ls",
    "!pip install a \\\n    b \\\n    c",
    "%pip install a \\\n    b",
    "t = %timeit -o -n1 -r1 1 + 1",
    "%matplotlib_like inline",
    "%time _ = 1 + 1",
    "np_help?",
    "?np_help",
    "%cd_like ..",
    "if True:\n    !ls",
]
SCRATCH = [
    "double(np.ones(3))",
    "for x in range(3):\n    print(double(x))",
    "x = np.ones((2, 3))\nm = x.mean()\ny = double(x)",
    "raise ValueError('scratch')",
    "K = undefined_name",
    "%%writefile_like some.py\nx = (",
    "plt_like.plot([1, 2])",
    "assert double(1) == 3",
]


class Shell(InteractiveShell):
    """Runs cells as a kernel does, and no command of the system."""

    def __init__(self):
        super().__init__()
        # browser tests in the same process leave a loop running, in which no other can run
        self.loop_runner = _pseudo_sync_runner
        self.history_manager.enabled = False
        self.system = self.getoutput = lambda *_words, **_options: ["a", "b"]
        for name in ("pip", "matplotlib_like", "cd_like", "magic"):
            self.register_magic_function(lambda _line: None, "line", name)
        self.register_magic_function(lambda _line, _cell: None, "cell", "writefile_like")
        self.showtraceback = lambda *_words, **_options: None


@pytest.fixture(scope="module")
def shell():
    main = sys.modules["__main__"]
    one = Shell()
    yield one
    one.history_manager.end_session()
    # IPython put its own there, from which no process can be spawned
    sys.modules["__main__"] = main


@pytest.fixture
def check(toy, toy_course):
    one = Check(toy)
    yield one
    one.close()


def notebook(rng):
    """Return cells (source, task) in which both answers are right once all have run."""
    start = ["import numpy as np"]
    start.insert(rng.choice([0, 1]), rng.choice(LINES))
    cells = [("\n".join(start), None)]
    for number, (task, answer) in enumerate(ANSWERS.items()):
        name = f"K{number}"
        code, two = (text.replace("N", name) for text in rng.choice(NAMES))
        code = code.replace(f"{name}one", "None").replace("{{}}", "{}")
        answer = answer.format(two=two)
        line = rng.choice(LINES)
        habit = rng.choice(["own", "below", "above", "same", "plain", "twice"])
        task_cell = f"def {task}(x):\n    '''Words.'''\n    {STUB}"
        if code.startswith("%%"):
            cells.append((code, None))
        else:
            parts = code.split("\n") if rng.random() < 0.2 and "\n " not in code else [code]
            for part in parts:
                cells.append((f"{line}\n{part}" if rng.random() < 0.5 else part, None))
        if habit == "own":
            cells.append((f"{answer}\n{line}", task))
        elif habit == "below":
            cells += [(task_cell, task), (answer, None)]
        elif habit == "above":
            cells += [(task_cell, task), (line, None), (f"{line}\n{answer}\n{line}", None)]
        elif habit == "same":
            cells.append((f"{task_cell}\n{answer}", task))
        elif habit == "plain":
            cells.append((answer, None))
        else:
            cells += [(answer, task), (answer, None)]
    for scratch in rng.sample(SCRATCH, 2):
        cells.append((scratch, None))
    return cells


def graded_as_document(toy, grader, cells):
    document = Document(
        Path("07_toy.ipynb"),
        tuple(CodeCell(text, f"<cell {n}>", task) for n, (text, task) in enumerate(cells, 1)),
    )
    found = grader.grade(toy, document)
    told = [one["en"] for one in map(problem_said, found.facts["problems"]) if one]
    return found, told


def checked(shell, check, cells):
    shell.reset(new_session=False)
    for text, _task in cells:
        shell.run_cell(text, silent=True)
    return check.run(dict(shell.user_ns))


def test_check_and_grade_agree(shell, check, toy, grader, capsys):
    wrong, attention = [], []
    count = int(os.environ.get("LSTM_LAB_HABITS", "14"))
    for seed in range(count):
        cells = notebook(random.Random(seed))
        report = checked(shell, check, cells)
        found, told = graded_as_document(toy, grader, cells)
        if not report.passed or found.earned != report.earned:
            wrong.append((seed, cells, report.earned, found.earned, found.first, told))
        if told:
            attention.append((seed, cells, told))
    capsys.readouterr()
    assert wrong == []
    assert attention == []


@pytest.mark.parametrize("number", range(len(NAMES)))
def test_each_way_to_bind_or_change_a_name(toy, grader, number):
    code, two = (text.replace("N", "K").replace("Kone", "None") for text in NAMES[number])
    answers = [(text.format(two=two), task) for task, text in ANSWERS.items()]
    cells = [("import numpy as np", None), (code.replace("{{}}", "{}"), None), *answers]
    found, told = graded_as_document(toy, grader, cells)
    assert (found.earned, told) == (found.points, []), found.first


def test_a_raise_left_above_the_answer_is_told_as_that(toy, grader, check):
    source = f"def double(x):\n    {STUB}\n    return 2 * x"
    found, _ = graded_as_document(toy, grader, [(source, "double")])
    assert "still stands above the answer" in found.first["en"]
    stub, _ = graded_as_document(toy, grader, [(source.rsplit("\n", 1)[0], "double")])
    assert "is not written yet" in stub.first["en"]


def test_check_inside_its_own_function_is_one_sentence(check):
    names = {"__name__": "__main__", "check": check}
    exec("def double(x):\n    y = 2 * x\n    check('double')\n    return y", names)
    report = check.run(names, "double")
    assert "inside the function that it checks" in report.rows[0]["said"]["en"]
    exec("def double(x):\n    return 2 * x", names)
    assert check.run(names, "double").passed
    exec("try:\n    check('nope')\nexcept Exception as error:\n    caught = error", names)
    assert isinstance(names["caught"], UserError)


@pytest.mark.parametrize(
    "exercise", list_exercises(Path(__file__).parents[2]), ids=lambda one: one.number
)
def test_trying_out_answers_in_the_notebook_is_nobodys_concern(exercise, grader):
    """The cells below the tasks call them, with torch or with tasks of the course."""
    path = exercise.lesson.built("solution", "en")
    graded = grader.grade(exercise, read_document(path))
    assert graded.facts["problems"] == []
    assert graded.earned == graded.points
