"""What was said of wrong answers before each mistake was said once is said still."""

from dataclasses import replace

import pytest

from lstm_lab.grading.exercises import find_exercise, list_exercises
from lstm_lab.grading.mutants import load_mistakes
from tests.frozen.cases import FOLDER, read
from tests.frozen.feeding import Feeding
from tests.frozen.read_and_dropped import READ_AND_DROPPED
from tests.frozen.report import hear

SAMPLE = 120
EXERCISES = [
    one
    for one in list_exercises()
    if (FOLDER / f"{one.number}.npz").is_file() and load_mistakes(one)
]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.number)
def test_a_sample_of_frozen_sentences_is_said(exercise):
    read_by_a_person = READ_AND_DROPPED.get(exercise.number, {})
    heard = hear(exercise, SAMPLE)
    assert len(heard) > 20
    lost = {s: one.instead[0][-1] for s, one in heard.items() if one.instead}
    assert {s: said for s, said in lost.items() if s not in read_by_a_person} == {}


def test_what_is_read_and_dropped_was_once_said():
    for number, sentences in READ_AND_DROPPED.items():
        assert set(sentences) <= {one.en for one in read(number)}
        assert all(len(reason) > 20 for reason in sentences.values())


def test_a_sentence_that_is_not_said_any_more_is_noticed():
    one = read("05")[0]
    feeding = Feeding(find_exercise("05"))
    assert one.en in feeding.said(one)["en"]
    rows = feeding.solution.mistaken.rows
    feeding.solution.mistaken.rows = [row for row in rows if row.en != one.en]
    assert one.en not in feeding.said(one)["en"]
    with pytest.raises(LookupError):
        feeding.said(replace(one, case=replace(one.case, call=99)))
