"""Only what the tasks need runs, wherever it stands; scratch work does not."""

from __future__ import annotations

import pytest

from lstm_lab.grading.worker.cells import parse_cell
from lstm_lab.grading.worker.extract import extract, run


def cells(*sources, names=None):
    names = names or {}
    return [
        {"source": source, "label": f"<c{n}>", "name": names.get(n)}
        for n, source in enumerate(sources)
    ]


def load(*sources, tasks=("f",), names=None, allowed=lambda module: True):
    found = extract(cells(*sources, names=names), tasks)
    namespace = {"__name__": "x"}
    problems = found.problems + run(found, namespace, allowed)
    return namespace, problems


def test_helpers_imports_and_constants_of_other_cells_work():
    names, problems = load(
        "import math\nfrom math import pi as PI, e",
        "K, L = 2, 3\nM: int = 4",
        "def helper(x):\n    return K * x + L",
        "class Box:\n    size = M",
        "def f(x):\n    return helper(x) + math.floor(PI) + Box.size",
    )
    assert problems == []
    assert names["f"](1) == 5 + 3 + 4
    assert "e" in names  # bound by a statement that is needed


def test_scratch_plots_training_and_calls_do_not_run():
    names, problems = load(
        "raise SystemExit",
        "import nonexistent_plotting_library as plt",
        "losses = train_for_hours()",
        "while True: pass",
        "for x in range(10**12): pass",
        "print(1 / 0)",
        "with open('/etc/passwd') as file: data = file.read()",
        "def f(x):\n    return x\nf(1 / 0)\nassert False",
    )
    assert problems == []
    assert names["f"](1) == 1
    assert "losses" not in names
    assert "plt" not in names


def test_a_name_that_only_a_function_uses_locally_pulls_nothing_in():
    names, problems = load("x = boom()", "t = boom()", "def f(x):\n    t = x\n    return t")
    assert problems == []
    assert "x" not in names


def test_conditional_definitions_run_where_they_only_define():
    names, _ = load(
        "try:\n    from fast import g\nexcept ImportError:\n    def g(x):\n        return 7",
        "if True:\n    C = 1\nelse:\n    C = 2",
        "if True:\n    D = 1\n    print(1 / 0)",
        "def f():\n    return g(0) + C",
    )
    assert names["f"]() == 8


def test_decorators_defaults_closures_and_lambdas_count_as_needs():
    names, problems = load(
        "def twice(g):\n    return lambda x: 2 * g(x)",
        "D = 5",
        "step = lambda x: x + E",
        "E = 1",
        "@twice\ndef f(x=D):\n    def inner():\n        return step(x)\n    return inner()",
    )
    assert problems == []
    assert names["f"](1) == 4


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("%matplotlib inline\nx = 1", "\nx = 1"),
        ("x = 1\n!ls", "x = 1\n"),
        ("%%time\nx = 1", "\nx = 1"),
        ("%%bash\nrm -rf /", ""),
        ("np.tanh?", ""),
        ("%time K = 3", "K = 3"),
        ("files = !ls\nx = 1", "\nx = 1"),
        ("a, b = %magic x \\\n  more\nx = 1", "\n\nx = 1"),
        ("!pip install a \\\n  b \\\n  c\nx = 1", "\n\n\nx = 1"),
        ("if x:\n    %timeit y()", "if x:\n    pass"),
        ("y = a\\\n  % b", "y = a\\\n  % b"),
        ("s = '''\n%d\n'''", "s = '''\n%d\n'''"),
        ("x = 1\r\ny = 2", "x = 1\ny = 2"),
    ],
)
def test_magics_are_blanked_and_line_numbers_stay(source, left):
    assert parse_cell(source)[0] == left


def test_a_syntax_error_is_told_with_its_line_and_costs_its_task_only():
    names, problems = load(
        "def f(x):\n    return (x\n", "def g(x):\n    return x", tasks=("f", "g"), names={0: "f"}
    )
    assert [p["kind"] for p in problems] == ["syntax"]
    assert problems[0]["tasks"] == ["f"]
    assert problems[0]["line"] == 2
    assert "g" in names


def test_missing_and_duplicate_tasks_are_told():
    assert [p["kind"] for p in load("x = 1")[1]] == ["missing"]
    two = ("def f():\n    return 1", "def f():\n    return 2")
    names, problems = load(*two)
    assert [p["kind"] for p in problems] == ["duplicate"]
    assert names["f"]() == 2
    _, problems = load(*two, names={0: "f", 1: "f"})
    assert [p["kind"] for p in problems] == ["duplicate"]


def test_the_tagged_cell_wins_over_other_answers_and_a_person_is_told():
    names, problems = load("def f():\n    return 1", "def f():\n    return 2", names={0: "f"})
    assert [p["kind"] for p in problems] == ["duplicate"]
    assert names["f"]() == 1


def test_a_copy_of_the_same_answer_is_no_duplicate():
    names, problems = load("def f():\n    return 1", "def f():\n    return 1", names={0: "f"})
    assert problems == []
    assert names["f"]() == 1


def test_a_retagged_cell_is_found_by_its_function():
    names, problems = load("x = 1", "def f():\n    return 2", names={0: "f"})
    assert problems == []
    assert names["f"]() == 2


def test_a_definition_that_fails_costs_what_needs_it_only():
    names, problems = load(
        "K = 1 / 0", "def f():\n    return K", "def g():\n    return 1", tasks="fg"
    )
    assert [(p["kind"], p["type"], p["binds"]) for p in problems] == [
        ("raised", "ZeroDivisionError", ["K"])
    ]
    assert names["g"]() == 1


def test_modules_that_are_not_allowed_are_refused():
    _, problems = load(
        "import lstm_lab.cells as c",
        "def f():\n    return c",
        allowed=lambda m: not m.startswith("lstm_lab"),
    )
    assert [(p["kind"], p["type"]) for p in problems] == [("import", "lstm_lab.cells")]


@pytest.mark.parametrize("source", ["\0", "(" * 5000, "x" * 10**6 + "(", "def f(:\n", "if 1:\n"])
def test_what_python_cannot_read_never_raises(source):
    names, _ = load(source, "def f():\n    return 1")
    assert names["f"]() == 1


@pytest.mark.parametrize(
    "cell",
    [
        "A = 1; B = A + 1; D = 'é'; C = B + len(D)",
        "X = '中文'; C = (3\n     if X else 0)",
        "A = 1\rC = A + 2",
        "if True:\n    C = 3\nelse:\n    C = 4",
        "(C := 3)\nC, D = 3, 4",
        "C: int = 3  # 中文",
    ],
)
def test_a_statement_is_told_from_its_neighbours_on_the_line(cell):
    names, problems = load(cell, "def f(x):\n    return C")
    assert problems == []
    assert names["f"](0) == 3


def test_what_a_decorator_needs_is_brought_along():
    names, problems = load(
        "from functools import lru_cache",
        "SIZE = 4",
        "def twice(g):\n    return lambda x: 2 * g(x)",
        "y = 1; \n@twice\n@lru_cache(\n    maxsize=SIZE,\n)\ndef f(x):\n    return x",
    )
    assert problems == []
    assert names["f"](3) == 6


def test_a_statement_that_compiles_nowhere_is_told_and_costs_its_task_only():
    names, problems = load("def f(x):\n    nonlocal y\n    return x", "def g(x):\n    return x",
                           tasks=("f", "g"))  # fmt: skip
    assert [(one["kind"], one["type"]) for one in problems] == [("raised", "SyntaxError")]
    assert names["g"](2) == 2


STUB = "def f(x):\n    '''Words.'''\n    raise NotImplementedError('here')"


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("tagged", [True, False])
def test_the_definition_that_is_no_stub_counts_wherever_it_stands(order, tagged):
    sources = [STUB, "def f(x):\n    return x"][::order]
    place = sources.index(STUB)
    names, problems = load(*sources, names={place: "f"} if tagged else {})
    assert problems == []
    assert names["f"](3) == 3
    names, problems = load("\n".join(sources), names={0: "f"})
    assert problems == []
    assert names["f"](3) == 3


def test_what_a_notebook_alone_can_bind_is_told_where_an_answer_needs_it():
    answer = "def f(x):\n    return K"
    for source in ("K = !ls", "K, L = %magic", "%run other.py", "%%cython\nK = 3", "K = = 3"):
        _, problems = load(source, answer)
        assert [(p["kind"], p["binds"]) for p in problems] == [("left out", ["K"])], source
    for source in ("M = !ls", "M, L = %magic", "%run other.py", "%%cython\nM = 3", "M = = 3"):
        assert load(source, "K = 1", answer)[1] == [], source


def test_statements_that_change_nothing_an_answer_needs_do_not_run():
    names, problems = load(
        "import numpy as np\nD = {}\nE = {}",
        "E['k'] = boom()\nE.update(boom())\nfor x in boom():\n    E[x] = D",
        "np.testing.assert_equal(boom(), D)\nprint(D, boom())\nassert boom()",
        "with boom() as T:\n    pass\nboom(U := 3)",
        "def f(x):\n    return np.add(x, len(D))",
    )
    assert problems == []
    assert names["f"](1) == 1
    assert "E" not in names
