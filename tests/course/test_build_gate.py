"""An exercise is refused whose solution, stub or mutants do not do what they should."""

from __future__ import annotations

import pytest

from lstm_lab.course import gate
from lstm_lab.course.build import build
from lstm_lab.paths import course_root

GRADED = "lessons/step/test_exercise.py"
MUTANTS = "lessons/step/mistakes.py"
EXERCISE = "lessons/step/exercise.py"

TESTS = """\
import pytest

from lstm_lab.grading import compare, suspect


@pytest.mark.points(2, task="double")
def test_double(submission, solution):
    compare(
        submission.call("double", 3.0),
        solution.call("double", 3.0).value,
        name="y",
        suspects=[suspect(9.0, en="that is triple", zh="那是三倍")],
    )


@pytest.mark.points(1.5, task="triple")
def test_triple(submission, solution):
    compare(submission.call("triple", 3.0), solution.call("triple", 3.0).value, name="y")
"""

GOOD = """\
from lstm_lab.grading import Mutant

MUTANTS = [
    Mutant("thrice", "double", replace=("2 * x", "3 * x"), tells={"en": "triple", "zh": "三倍"}),
    Mutant("none", "double", replace=("return ", ""), tells={"en": "return", "zh": "return"}),
    Mutant("four", "triple", replace=("3 * x", "4 * x"), tells={"en": "y", "zh": "y"}),
    Mutant("five", "triple", replace=("3 * x", "5 * x"), tells={"en": "y", "zh": "y"}),
    Mutant("six", "triple", replace=("3 * x", "6 * x"), tells={"en": "y", "zh": "y"}),
    Mutant("sev", "triple", replace=("3 * x", "7 * x"), tells={"en": "y", "zh": "y"}),
    Mutant("eight", "triple", replace=("3 * x", "8 * x"), tells={"en": "y", "zh": "y"}),
    Mutant("whole", "triple", code="def triple(x):\\n    return x", tells={"en": "y", "zh": "y"}),
]
"""


@pytest.fixture
def course(small):
    small.write(GRADED, TESTS)
    small.write(MUTANTS, GOOD)
    return small


def told(course):
    return [str(problem) for problem in build(course.root).problems]


def test_a_good_exercise_passes_and_is_not_run_again(course, monkeypatch):
    assert told(course) == []
    assert (course.root / "exercises/en/01_step.ipynb").is_file()

    class Never:
        def __init__(self):
            raise AssertionError("graded again")

    monkeypatch.setattr(gate, "Grader", Never)
    assert told(course) == []
    course.edit("lessons/step/lesson.py", "More prose.", "Much more prose.")
    assert told(course) == []
    course.edit(EXERCISE, "return 2 * x", "return x + x")
    with pytest.raises(AssertionError, match="graded again"):
        told(course)


def test_wrong_mutants_are_told_with_their_line(course):
    course.edit(MUTANTS, '"3 * x"), tells={"en": "triple"', '"3 * x"), tells={"en": "thrice"')
    course.edit(MUTANTS, '"4 * x"', '"x * 3"')
    course.edit(MUTANTS, '"3 * x", "5 * x"', '"30 * x", "5 * x"')
    course.edit(MUTANTS, '"six", "triple"', '"six", "tripel"')
    problems = told(course)
    assert any(
        text.startswith(f"{MUTANTS}:4: mutant 'thrice' is told (en): ") and "'thrice'" in text
        for text in problems
    )
    assert f"{MUTANTS}:6: mutant 'four' survives: no test of triple rejects it" in problems
    assert any(
        text.startswith(f"{MUTANTS}:7:") and "0 times, not once" in text for text in problems
    )
    assert any(text.startswith(f"{MUTANTS}:8:") and "'tripel'" in text for text in problems)
    assert len(problems) == 4
    assert not (course.root / "exercises/en/01_step.ipynb").exists()


def test_a_mutant_that_costs_twice_and_too_few_mutants(course):
    course.edit(
        EXERCISE,
        'def triple(x):\n    """x -> 3 x"""\n    ### BEGIN SOLUTION\n    return 3 * x',
        "def triple(x):\n    ### BEGIN SOLUTION\n    return double(x) + x",
    )
    text = course.read(MUTANTS)
    course.write(MUTANTS, text[: text.index('    Mutant("four"')] + "]\n")
    problems = told(course)
    assert f"{MUTANTS}:4: mutant 'thrice' costs points in triple too (test_triple)" in problems
    assert any("2 mutants; at least 8" in text for text in problems)


def test_a_solution_that_fails_its_tests(course):
    course.edit(GRADED, 'solution.call("triple", 3.0).value, name', "10.0, name")
    [problem] = told(course)
    assert problem.startswith(f"{EXERCISE}:45: the solution does not pass test_triple: ")


def test_a_stub_that_gets_points(course):
    course.edit(
        GRADED,
        'compare(submission.call("triple", 3.0), solution.call("triple", 3.0).value, name="y")',
        "assert submission",
    )
    problems = told(course)
    assert f"{EXERCISE}:45: the empty exercise gets points from test_triple" in problems
    assert any("mutant 'four' survives" in text for text in problems)


def test_points_that_a_parametrized_test_would_multiply(course):
    course.edit(
        GRADED,
        "@pytest.mark.points(1.5",
        '@pytest.mark.parametrize("n", [1, 2])\n@pytest.mark.points(1.5',
    )
    course.edit(GRADED, "test_triple(submission", "test_triple(n, submission")
    assert any("run for 3 points, 1.5 are written" in text for text in told(course))


def test_tests_that_do_not_load(course):
    course.edit(GRADED, "import pytest\n", "import pytest\nimport nothing_of_this_name\n")
    [problem] = told(course)
    assert problem.startswith(f"{GRADED}:1: ")
    assert "nothing_of_this_name" in problem


def test_mutants_that_do_not_load(course):
    course.edit(MUTANTS, "MUTANTS = [", "MUTANTS = [1 / 0,")
    assert told(course) == [f"{MUTANTS}:1: ZeroDivisionError: division by zero"]


def test_the_exercises_of_the_course_pass():
    # That notebooks are what their sources give is among the house rules, in test_house.py.
    assert build(course_root(__file__), check=True).problems == []
