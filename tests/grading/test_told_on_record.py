"""A handout tells the same sentences as the course, of every case, also behind a failed one."""

from __future__ import annotations

import random
from functools import cache

import pytest

from lstm_lab.grading.exercises import find_exercise, list_exercises
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.mutants import load_mistakes
from lstm_lab.grading.runner.record import SolutionOnRecord
from lstm_lab.grading.runner.run import load_solution
from lstm_lab.layout import Layout
from tests.grading.answering import FirstRight, GradedTests

CONVERTED = [one for one in list_exercises() if load_mistakes(one)]
WHOLE = "00"  # the smallest: all of its mistakes
SAMPLE = 12
SIZE = 150_000  # bytes that a record may take: 04, four outputs and 100 mistakes, has 130,000


@pytest.fixture(scope="module")
def handed(tmp_path_factory):
    """Return what makes an exercise as it is handed out: tests and record."""
    top = tmp_path_factory.mktemp("handed out")

    @cache
    def make(number):
        here = find_exercise(number)
        root = top / number
        for path in [*Layout(here.root).handed_out(), here.lesson.built("exercise", "en")]:
            there = root / path.relative_to(here.root)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(path.read_bytes())
        found = find_exercise(number, root)
        with Grader() as grader:
            found.record_path.write_bytes(grader.record(here)[1])
        return found

    return make


def sentences(here, there, rows):
    """Yield what course and handout say of each row in each case that shows it."""
    live, record = (
        GradedTests(here, load_solution(here)),
        GradedTests(there, SolutionOnRecord(there)),
    )
    right = live.reference.mistaken.prelude
    for row in rows:
        wrong = live.reference.mistaken._load(row)
        for test in live.of(row.task):

            def answers(cases, wrong=wrong):
                return FirstRight(right, wrong, cases, here.torch)

            yield row, test, *(one.case_by_case(test, answers) for one in (live, record))


@pytest.mark.parametrize("exercise", CONVERTED, ids=lambda one: one.number)
def test_of_each_case_the_same_is_said(exercise, handed):
    rows = load_mistakes(exercise)
    if exercise.number != WHOLE:
        rows = random.Random(exercise.number).sample(rows, min(SAMPLE, len(rows)))
    named, behind = set(), 0
    for row, test, here, there in sentences(exercise, handed(exercise.number), rows):
        assert here == there, f"{row.name} in {test}"
        named |= {row.name for said in here if row.en in said["en"]}
        behind += sum(row.en in said["en"] for said in here[1:])
    assert len(named) > len(rows) / 2  # the others mean what one before them says
    assert behind > len(rows) / 2


def test_what_a_record_has_lost_is_noticed(handed):
    here, there = find_exercise(WHOLE), handed(WHOLE)
    rows = load_mistakes(here)[:1]
    lost = SolutionOnRecord(there)
    for calls in lost._calls.values():  # but for the first case of each test
        calls[1:] = [(asked, frame, []) for asked, frame, _mistakes in calls[1:]]
    live = GradedTests(here, load_solution(here))
    right, wrong = live.reference.mistaken.prelude, live.reference.mistaken._load(rows[0])
    test = next(one for one in live.of(rows[0].task))
    said = [
        GradedTests(there, one).case_by_case(test, lambda n: FirstRight(right, wrong, n, False))
        for one in (SolutionOnRecord(there), lost)
    ]
    assert said[0] != said[1]
    assert said[0][:1] == said[1][:1]


@pytest.mark.parametrize("exercise", CONVERTED, ids=lambda one: one.number)
def test_a_record_is_small(exercise, handed):
    assert 1000 < handed(exercise.number).record_path.stat().st_size < SIZE
