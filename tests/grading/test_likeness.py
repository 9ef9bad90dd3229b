"""One form whatever the names; and no word where a form says nothing."""

from __future__ import annotations

import itertools
import random

import pytest

from lstm_lab.grading.answers.facts import answer_facts, beside_solution
from lstm_lab.grading.reports.likeness import COMMON, ENOUGH, SHORT, find_likeness
from lstm_lab.grading.runner.points import row

ANSWER = '''
import numpy as np

EPS = 1e-3

def helper(a):
    return np.tanh(a)

def forward(x, h, W, b):
    """A docstring."""
    out = []
    for t in range(len(x)):
        z = x[t] @ W + b
        h = helper(z + EPS)
        out.append(h)
    return np.stack(out), h
'''
SAME = {
    "names": ANSWER.replace("helper", "squash").replace("out", "states").replace("EPS", "tiny"),
    "comments": ANSWER.replace("out = []", "# here we go\n    out = [  ]  # empty"),
    "numbers": ANSWER.replace("1e-3", "0.001").replace("x[t]", "x[t]").replace('"A doc', '"Other'),
    "import": ANSWER.replace("import numpy as np", "import numpy").replace("np.", "numpy."),
    "from": ANSWER.replace("np.tanh", "tanh").replace(
        "import numpy as np", "import numpy as np\nfrom numpy import tanh"
    ),
    "summands": ANSWER.replace("x[t] @ W + b", "b + x[t] @ W").replace("z + EPS", "EPS + z"),
    "prints": ANSWER.replace("        out.append", "        print(h)\n        out.append"),
    "annotations": ANSWER.replace("(x, h, W, b):", "(x: np.ndarray, h, W, b) -> tuple:"),
    "order": "def helper(a):\n    return np.tanh(a)\n"
    + ANSWER.replace("def helper(a):\n    return np.tanh(a)\n", ""),
    "scratch": ANSWER + "\nprint(forward(1, 2, 3, 4))\n%matplotlib inline\n",
}
OTHER = {
    "function": ANSWER.replace("np.tanh", "np.sin"),
    "no bias": ANSWER.replace(" + b", ""),
    "product": ANSWER.replace("x[t] @ W", "W @ x[t]"),
    "loop": ANSWER.replace("range(len(x))", "reversed(range(len(x)))"),
    "inside": ANSWER.replace("        out.append(h)", "    out.append(h)"),
    "result": ANSWER.replace("np.stack(out), h", "h, np.stack(out)"),
    "number": ANSWER.replace("[t]", "[t - 1]"),
}


def form(source, task="forward"):
    return answer_facts([{"source": source}], [task])[task]["form"]


@pytest.mark.parametrize("kind", SAME)
def test_what_a_copier_changes_first_does_not_change_the_form(kind):
    assert SAME[kind] != ANSWER or kind == "numbers"
    assert form(SAME[kind]) == form(ANSWER)


@pytest.mark.parametrize("kind", OTHER)
def test_another_answer_has_another_form(kind):
    assert OTHER[kind] != ANSWER
    assert form(OTHER[kind]) != form(ANSWER)


@pytest.mark.parametrize(
    ("source", "calls"),
    [
        ("import torch\ndef f(x):\n    return torch.nn.LSTM(2, 3)(x)", ["torch.nn.LSTM"]),
        ("from torch import nn\ndef f(x):\n    return nn.LSTMCell(2, 3)", ["torch.nn.LSTMCell"]),
        ("from torch.nn import GRU as G\ndef f(x):\n    return G(2, 3)", ["torch.nn.GRU"]),
        ("import torch as t\ndef f(x):\n    return t.lstm_cell(x)", ["torch.lstm_cell"]),
        ("def f(x):\n    from lstm_lab.cells import lstm_step\n    return lstm_step(x)",
         ["lstm_lab.cells.lstm_step"]),
        ("import importlib\ndef f(x):\n    return importlib.import_module('lstm_lab.cells')",
         ["lstm_lab.cells"]),
        ("import keras\ndef g(x):\n    return keras.layers.LSTM(3)\ndef f(x):\n    return g(x)",
         ["keras.layers.LSTM"]),
        ("import torch\ndef f(x):\n    return torch.tanh(x)", []),
        ("from lstm_lab.grading import exercise\ncheck = exercise('1')\ndef f(x):\n    return x",
         []),
        ("def f(x):\n    lstm = 1\n    return lstm  # torch.nn.LSTM", []),
        ("import torch\nnet = torch.nn.LSTM(1, 1)\ndef f(x):\n    return x", []),
    ],
)  # fmt: skip
def test_calls_of_a_library_are_named(source, calls):
    facts = answer_facts([{"source": source}], ["f"])["f"]
    assert facts["calls"] == calls
    # what the solution itself calls is part of the task
    assert beside_solution({"f": facts}, {"f": facts})["f"]["calls"] == []


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return " + "-" * 100_000 + "x",
        "def f(x):\n    return " + "(" * 5_000 + ")" * 5_000,
        "def f(x):\n    return x" + " + x" * 100_000,
        "def f(x):\n" + "".join(f"{'    ' * n}if x:\n" for n in range(1, 99)) + "    " * 99 + "0",
        "def f(x:\n",
        "\0",
        "def f(x):\n    return '\ud800'",
        "class f:\n    pass",
        "f = 1",
        "",
    ],
)
def test_what_is_built_to_break_a_reader_does_not(source):
    assert set(answer_facts([{"source": source}], ["f"])) <= {"f"}


def record(n, form, nodes=100, status="passed", task="forward", **more):
    facts = {"form": form, "nodes": nodes, "calls": [], "as_solution": False} | more
    said = {"en": "wrong", "zh": "不对"}
    rows = [row("test_it", task, 1, status, None if status == "passed" else said)]
    return {
        "student": f"student{n}", "number": "", "exercise": "01", "rows": rows,
        "file": f"student{n}.ipynb", "answers": {task: facts},
    }  # fmt: skip


def test_rare_forms_are_told_and_common_ones_are_not():
    rare = [record(n, f"form{n}") for n in range(20)]
    pair = [record(20, "same", status="failed"), record(21, "same", status="failed")]
    found = find_likeness(rare + pair)
    assert [(one.names, one.right, one.answers, one.forms) for one in found.groups] == [
        ((("student20", ""), ("student21", "")), False, 22, 21)
    ]
    few = [record(n, f"form{n % 3}") for n in range(20)]
    found = find_likeness(few)
    assert (found.groups, found.alike) == ([], [("01", "forward", 20, 3)])


def test_a_group_with_one_file_is_no_likeness():
    one, other = record(1, "same"), record(2, "same")
    assert len(find_likeness([one, other]).groups) == 1
    assert find_likeness([one, other | {"file": one["file"]}]).groups == []


@pytest.mark.parametrize(
    "change",
    [{"nodes": SHORT - 1}, {"as_solution": True}],
)
def test_short_answers_and_the_solutions_form_say_nothing(change):
    records = [record(n, f"form{n}") for n in range(20)]
    assert find_likeness([*records, *(record(n, "same", **change) for n in (30, 31))]).groups == []
    assert find_likeness([*records, record(30, "same"), record(31, "same")]).groups != []


def test_two_submissions_of_one_student_and_empty_answers_are_no_likeness():
    records = [record(n, f"form{n}") for n in range(20)]
    assert find_likeness([*records, record(5, "form5")]).groups == []
    empty = [record(n, "stub", status="failed") for n in (30, 31)]
    for one in empty:
        said = {"en": "forward is not written yet: its answer is still missing.", "zh": "还没写"}
        one["rows"][0]["said"] = said
    assert find_likeness([*records, *empty]).groups == []


def variants():
    """Right answers as people write them, from choices that do not depend on each other."""
    starts = ["out = []", "out = list()", "out = [None] * len(x)"]
    loops = [
        "for t in range(len(x)):",
        "for t in range(0, x.shape[0]):",
        "for t, _ in enumerate(x):",
    ]
    sums = [
        "z = x[t] @ W + b",
        "z = np.dot(x[t], W) + b",
        "z = np.matmul(x[t], W)\n        z += b",
        "z = b + (W.T @ x[t])",
    ]
    cells = [
        "h = np.tanh(z)",
        "h = np.sinh(z) / np.cosh(z)",
        "e = np.exp(2 * z)\n        h = 1 - 2 / (e + 1)",
    ]
    ends = [
        "return np.stack(out), h",
        "return np.array(out), h",
        "result = np.stack(out)\n    return result, h",
    ]
    for start, loop, total, cell, end in itertools.product(starts, loops, sums, cells, ends):
        store = "out[t] = h" if "None" in start else "out.append(h)"
        yield (
            f"import numpy as np\ndef forward(x, h, W, b):\n    {start}\n    {loop}\n"
            f"        {total}\n        {cell}\n        {store}\n    {end}\n"
        )


def test_a_class_that_works_alone_and_three_who_do_not():
    """Of 324 ways 40 people take one each; three more hand in the answer of one of these."""
    ways = [answer_facts([{"source": one}], ["forward"])["forward"] for one in variants()]
    assert len({one["form"] for one in ways}) == len(ways) == 324
    assert min(one["nodes"] for one in ways) >= SHORT
    told = 0
    for seed in range(20):
        chosen = random.Random(seed).choices(ways, k=40)
        forms = [one["form"] for one in chosen]
        copies = [record(n, forms[0]) for n in (100, 101, 102)]
        found = find_likeness([*(record(n, f) for n, f in enumerate(forms)), *copies])
        names = {("student100", ""), ("student101", ""), ("student102", ""), ("student0", "")}
        told += any(names <= set(one.names) for one in found.groups)
        # by chance a few pairs have one form; they are a small part
        assert sum(len(one.names) for one in found.groups) - 4 <= COMMON * 40
    # with too many pairs by chance it rather says that the task has few forms
    assert told >= 17


def test_a_class_of_thousands():
    rng = random.Random(0)
    records = [record(n, f"form{rng.randrange(10_000)}") for n in range(2_000)]
    found = find_likeness(records)
    sizes = [len(one.names) for one in found.groups]
    assert len(sizes) > 100  # 2,000 of 10,000 ways: about 180 pairs
    assert sum(sizes) <= COMMON * 2_000
    assert {one.answers for one in found.groups} == {2_000}


def test_small_classes_are_judged_by_size_alone():
    two = [record(1, "same"), record(2, "same"), record(3, "other")]
    assert len(two) < ENOUGH
    assert len(find_likeness(two).groups) == 1
