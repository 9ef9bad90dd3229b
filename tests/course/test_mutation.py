"""Automatic changes to solutions: which are made, and that tests which miss them are told."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from toy_course import write_course

from lstm_lab.cli import main
from lstm_lab.course.mutation.automatic import automatic
from lstm_lab.course.mutation.survey import changes, survey
from lstm_lab.course.mutation.told import told
from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import find_exercise, list_exercises
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.mutants import Equivalent, Mutant, load_equivalents, mutate
from lstm_lab.grading.sources import CodeCell, Document

ROOT = Path(__file__).resolve().parents[2]
EXERCISES = list_exercises(ROOT)
SAMPLE = 40


def of(answer: str, head: str = "def f(x, y):") -> list[tuple[str, str]]:
    """Return (before, after) of each change to a function."""
    source = f"{head}\n{textwrap.indent(textwrap.dedent(answer), '    ')}"
    document = Document(Path("made.py"), (CodeCell(source, "<cell 1>", "f"),))
    return [(one.before, one.after) for one in automatic(document, ["f"])]


@pytest.mark.parametrize(
    ("answer", "afters"),
    [
        ("return x - y", ["x + y", "x", "y", "y - x", "y - y", "x - x"]),
        (
            "return x @ y.T",
            ["x.T @ y.T", "x * y.T", "x", "y.T", "y.T @ x", "x @ y", "y @ y.T", "x @ x.T"],
        ),
        ("return -x", ["x", "-y"]),
        ("return x < y", ["x <= y", "x >= y", "y < y", "x < x"]),
        ("return x and y", ["x or y", "y", "x", "y and y", "x and x"]),
        ("return x if y else 0", ["x", "0", "0 if y else x", "x if y else 1", "x if y else -1"]),
        ("return g('tb,ti->bi', x)", ["g('tb,ti->ib', x)"]),
        ("return 0.5", ["0.0", "1.0", "1.5"]),
        ("return x[1:]", ["x", "x[:]", "x[2:]", "x[0:]", "y[1:]"]),
        ("return x[:, y]", ["x", "x[1:, y]", "x[:-1, y]", "x[:, y + 1]", "x[:, y - 1]"]),
        ("return x.sum(axis=0)", ["x", "x.sum()", "x.mean(axis=0)", "x.sum(axis=1)"]),
        ("return g(x, y)", ["x", "g(y, x)", "g(x)", "g(y)"]),
        ("return sigmoid(x)", ["np.tanh(x)", "x", "sigmoid(y)"]),
        ("return range(x)", ["range(x - 1)", "range(x + 1)", "range(1, x)"]),
        ("return x, y", ["(y, x)", "x", "y", "(np.float16(x), y)"]),
        ("return np.zeros(x)", ["np.zeros(x, dtype=int)", "np.ones(x)"]),
        ("return [a for a in x if a]", ["[a for a in x]"]),
    ],
)
def test_changes_to_an_expression(answer, afters):
    found = [after for _before, after in of(answer)]
    assert "pass" in found
    assert {f"return {after}" for after in afters} <= set(found)


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [
        ("x += y", {("x += y", "pass"), ("x += y", "x = y"), ("x += y", "x -= y")}),
        ("x = x + y", {("x = x + y", "x += y"), ("x = x + y", "x[...] = x + y")}),
        ("h, k = x, 0", {("h, k = (x, 0)", "h, k = (np.zeros_like(x), 0)")}),
        ("if x:\n    y = 1", {("if x:", "if not x:"), ("if x:", "if True:"), ("if x:", "pass")}),
        ("while x:\n    break", {("while x:", "while not x:"), ("break", "continue")}),
        (
            "for k in x:\n    y = k",
            {
                ("for k in x:", "pass"),
                ("for k in x:", "for k in reversed(list(x)):"),
                ("y = k", "pass"),
                ("y = k", "y = x"),
            },
        ),
        (
            "n = 0\nfor k in x:\n    n += k",
            {("for k in x:", "for k in x: n = 0")},
        ),
    ],
)
def test_changes_to_a_statement(answer, wanted):
    assert wanted <= set(of(answer))


def test_every_change_is_another_program_and_is_made_once():
    answer = "z = (x + y) * 2\nfor t in range(3):\n    z[t] += x[t - 1]\nreturn z, np.sum(z)\n"
    source = f"def f(x, y):\n{textwrap.indent(answer, '    ')}"
    document = Document(Path("made.py"), (CodeCell(source, "<cell 1>", "f"),))
    found = automatic(document, ["f"])
    texts = [one.source for one in found]
    assert len(texts) == len(set(texts)) > 40
    assert ast.unparse(ast.parse(source)) not in texts
    for text in texts:
        ast.parse(text)
    assert automatic(document, ["f"]) == found


def test_a_change_keeps_its_name_however_the_source_is_laid_out():
    one = of("z = x+y  # (H,)\nreturn z")
    other = of("z = (x +\n    y)\n\nreturn (z)")
    assert one == other


def test_statements_that_read_alike_are_told_apart_by_number():
    source = "def f(x):\n    x = x + 1\n    x = x + 1\n    return x\n"
    document = Document(Path("made.py"), (CodeCell(source, "<cell 1>", "f"),))
    left_out = [one for one in automatic(document, ["f"]) if one.after == "pass"]
    assert [(one.before, one.nth, one.line) for one in left_out] == [
        ("x = x + 1", 1, 2),
        ("x = x + 1", 2, 3),
        ("return x", 1, 4),
    ]
    listed = Equivalent("f", "x = x + 1", "pass", because="…", nth=2)
    assert [one.is_listed_as(listed) for one in left_out] == [False, True, False]


def test_only_what_stands_between_the_markers_is_changed():
    source = (
        "N = 3\n\ndef f(x):\n    x = x + N\n    ### BEGIN SOLUTION\n    return x * 2\n"
        "    ### END SOLUTION\n"
    )
    document = Document(Path("made.py"), (CodeCell(source, "<cell 1>", "f"),))
    assert {one.before for one in automatic(document, ["f"])} == {"return x * 2"}
    assert {one.line for one in automatic(document, ["f"])} == {6}


@pytest.fixture(scope="module")
def grader():
    with Grader() as one:
        yield one


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.number)
def test_a_sample_of_changes_is_rejected(grader, exercise):
    tried = changes(exercise, SAMPLE, seed=1)
    assert len(tried) == SAMPLE
    *_, found = survey(exercise, tried, grader, whole=False)
    assert found.share >= 0.95, "\n".join(told(found))
    assert found.broke == found.wrongly_listed == []


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.number)
def test_what_is_listed_as_no_mistake_is_a_change_that_can_be_made(exercise):
    possible = changes(exercise)
    for entry in load_equivalents(exercise):
        assert any(one.is_listed_as(entry) for one in possible), entry
        assert entry.because


SOLUTION = '''\
# %% name="grow" task=true minutes=1 difficulty=1
def grow(x, n):
    """x (B,), n -> (B,)"""
    ### BEGIN SOLUTION
    y = x.copy()
    for _ in range(n):
        y = y * 2.0
    return y
    ### END SOLUTION
'''
HEADER = '# ---\n# lstm_lab:\n#   title: {en: "T", zh: "T"}\n#   seconds: 1\n# ---\n\n'
TESTS = """\
import pytest
from lstm_lab.grading import Feedback, compare

@pytest.mark.points(2, task="grow")
def test_grow(submission, solution, rng):
    x = rng.normal(size=3)
    got, want = submission.call("grow", x, 3), solution.call("grow", x, 3).value
    %s
"""
STRONG = 'compare(got, want, name="y")'
WEAK = "assert got.value.shape == want.shape  # a planted weak test: any three numbers will do"


@pytest.fixture
def course(tmp_path, monkeypatch):
    """Make a small course: ``course(check, listed, loop)``."""

    def make(check: str, listed: str = "", loop: str = "for _ in range(n):"):
        text = HEADER + SOLUTION.replace("for _ in range(n):", loop)
        lesson = write_course(tmp_path, "07_count", text, TESTS % check)
        lesson.mistakes.write_text(
            "from lstm_lab.grading import Equivalent, Mutant\n"
            'MUTANTS = [Mutant("thrice", "grow", replace=("2.0", "3.0"), '
            'tells={"en": "", "zh": ""})]\n'
            f"EQUIVALENT = [{listed}]\n",
            "utf-8",
        )
        monkeypatch.setenv("LSTM_LAB_ROOT", str(tmp_path))
        monkeypatch.setenv("LSTM_LAB_LANG", "en")
        return find_exercise("07", tmp_path)

    return make


def test_a_weak_test_is_reported_with_place_and_difference(course, capsys):
    exercise = course(WEAK)
    assert main(["mutants", "07"]) == 1
    said = capsys.readouterr().out
    line = exercise.solution_path.read_text("utf-8").split("\n").index("        y = y * 2.0") + 1
    assert f"lessons/count/exercise.py:{line}  grow: no test notices" in said
    assert "  - y = y * 2.0\n  + y = y / 2.0" in said
    assert "mutant 'thrice' survives" in said
    share = float(said.split(" % rejected")[0].split()[-1])
    assert 20 < share < 90


def test_a_strong_test_passes(course, capsys):
    course(STRONG, 'Equivalent("grow", "y = x.copy()", "y = x", because="y * 2.0 is new")')
    code = main(["mutants", "07"])
    said = capsys.readouterr().out
    assert "100.0 % rejected" in said
    assert "1 of 1 typical mistakes rejected" in said
    assert code == 0


def test_an_endless_loop_ends_and_counts_as_rejected(course, grader):
    exercise = course(STRONG, loop="while n > 0:\n        n = n - 1")
    tried = [one for one in changes(exercise) if (one.before, one.after) == ("n = n - 1", "pass")]
    assert len(tried) == 1
    *_, found = survey(exercise, tried, grader, whole=False)
    assert found.rejected == tried


def test_a_list_of_no_mistakes_that_is_wrong_is_told(course, capsys):
    course(
        STRONG,
        'Equivalent("grow", "y = x.copy()", "y = x", because="copied"),'
        'Equivalent("grow", "return y", "pass", because="rejected"),'
        'Equivalent("grow", "return z", "return y", because="not there")',
    )
    assert main(["mutants", "07"]) == 1
    said = capsys.readouterr().out
    assert "listed as equivalent, but rejected\n  - return y\n  + pass" in said
    assert "listed as equivalent, but there is no such change\n  - return z" in said


def test_a_solution_that_fails_is_no_measure(course, capsys):
    exercise = course(STRONG)
    text = exercise.tests.read_text("utf-8").replace(STRONG, 'raise Feedback(en="no", zh="不")')
    exercise.tests.write_text(text, "utf-8")
    assert main(["mutants", "07"]) == 2
    assert "does not pass its own tests" in capsys.readouterr().err


def test_a_sample_is_the_same_for_the_same_seed():
    exercise = EXERCISES[0]
    assert changes(exercise, 10, seed=3) == changes(exercise, 10, seed=3)
    assert changes(exercise, 10, seed=3) != changes(exercise, 10, seed=4)
    assert len(changes(exercise, 10)) == 10
    assert set(changes(exercise, 10)) <= set(changes(exercise))


@pytest.mark.parametrize("words", [[], ["01", "--all"], ["01", "--sample", "0"]])
def test_a_wrong_call_is_a_sentence(words, capsys):
    assert main(["mutants", *words]) == 2
    assert "lstm-lab mutants: " in capsys.readouterr().err


def test_a_change_goes_into_its_own_task_only():
    exercise = EXERCISES[0]
    one = changes(exercise, 1)[0]
    wrong, right = one.into(exercise.solution), exercise.solution
    differing = [a.name for a, b in zip(wrong.cells, right.cells, strict=True) if a != b]
    assert differing == [one.task]
    assert replace(wrong, cells=()) == replace(right, cells=())


def test_another_answer_goes_between_the_markers_and_nowhere_else():
    cell = CodeCell(
        "def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION", "1", "f"
    )
    mutant = Mutant("twice", "f", body="y = 2 * x\nreturn y\n", tells={"en": "", "zh": ""})
    changed = mutate(Document(Path("made.py"), (cell,)), mutant)
    assert changed.cells[0].source == "def f(x):\n    y = 2 * x\n    return y"
    bare = Document(Path("made.py"), (replace(cell, source="def f(x):\n    return x"),))
    with pytest.raises(UserError, match="no markers"):
        mutate(bare, mutant)
    with pytest.raises(UserError, match="one of replace="):
        Mutant("two", "f", body="return 1", code="f = 1", tells={"en": "", "zh": ""})
