"""Predict about a list: an order, and what applies."""

import json

import numpy as np
import pytest

from lstm_lab import progress
from lstm_lab.commands.progress import _brief
from lstm_lab.errors import UserError
from lstm_lab.widgets import Predict

ITEMS = ["RNN", "LSTM", "GRU"]


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    monkeypatch.setenv("LSTM_LAB_ROOT", str(tmp_path))
    monkeypatch.setenv("LSTM_LAB_LANG", "en")
    return tmp_path


@pytest.mark.parametrize(
    ("guess", "said"),
    [
        ([2, 0, 1], "Your order is right: GRU, RNN, LSTM."),
        ([1, 0, 2], "You have 0 of 3 pairs in the right order. It is: GRU, RNN, LSTM."),
        ([2, 1, 0], "You have 2 of 3 pairs in the right order."),
        (None, "The order is: GRU, RNN, LSTM. You made no prediction"),
    ],
)
def test_an_order_is_measured_in_pairs(guess, said):
    ask = Predict("l-1", "?", rank=ITEMS)
    ask.guess = guess
    shown = ask.reveal(np.argsort([2.0, 3.0, 1.0]))
    assert said in repr(shown)
    assert ("✓" in shown._repr_html_()) == said.startswith("Your order is right")


@pytest.mark.parametrize(
    ("guess", "value", "said"),
    [
        ([0, 2], ["GRU", "RNN"], "You ticked just what applies: RNN, GRU."),
        ([0], [0, 1], "These apply: RNN, LSTM. You missed: LSTM."),
        ([0, 2], [0], "These apply: RNN. Too many: GRU."),
        ([], [], "You ticked just what applies: none of them."),
        (None, [1], "These apply: LSTM. You made no prediction"),
    ],
)
def test_what_was_missed_and_what_is_too_many_is_named(guess, value, said):
    ask = Predict("l-2", "?", several=ITEMS)
    ask.guess = guess
    assert said in repr(ask.reveal(value))


def test_the_record_is_named_and_served_in_the_other_language(monkeypatch):
    Predict("l-3", "?", rank=ITEMS).guess = [1, 0, 2]
    monkeypatch.setenv("LSTM_LAB_LANG", "zh")
    shown = Predict("l-3", "？", rank=["甲", "乙", "丙"]).reveal([0, 1, 2])
    assert shown.guess == [1, 0, 2]
    guess, kept = progress.read()
    assert (guess["kind"], guess["form"], guess["guess"]) == ("guess", "rank", [1, 0, 2])
    assert kept["value"] == [0, 1, 2]
    assert progress.last_predictions([guess, kept])["l-3"]["form"] == "rank"
    assert _brief(kept["guess"], True) == "2 1 3"


def test_an_old_record_of_another_kind_under_this_id_is_passed_over(course):
    (course / "work").mkdir(exist_ok=True)
    old = [{"kind": "guess", "id": "l-4", "guess": guess} for guess in ([0.5, 0.5, 1.0], "RNN", 3)]
    for fact in old:
        text = json.dumps(fact)
        (course / "work" / "progress.jsonl").write_text(f"{text}\n", "utf-8")
        assert "no prediction" in repr(Predict("l-4", "?", rank=ITEMS).reveal([0, 1, 2]))


@pytest.mark.parametrize(
    ("options", "value", "message"),
    [
        ({"rank": ["a"]}, [0], "rank: expected two or more different texts"),
        ({"rank": "abc"}, [0], "rank: expected two or more different texts, found 'abc'"),
        ({"several": ["a", "a", "b"]}, [0], "several: expected two or more different texts"),
        ({"rank": ITEMS, "several": ITEMS}, [0], "expected one of choices, curve, rank"),
        ({"rank": ITEMS}, [0, 1], "expected all of RNN, LSTM, GRU in order, found"),
        ({"rank": ITEMS}, [0, 1, 1], "expected all of RNN"),
        ({"several": ITEMS}, ["CIFG"], "expected a list of some of RNN, LSTM, GRU, found"),
        ({"several": ITEMS}, 1, "expected a list of some of"),
    ],
)
def test_what_cannot_be_asked_or_revealed_is_refused(options, value, message):
    with pytest.raises(UserError, match=message) as caught:
        Predict("l-5", "?", **options).reveal(value)
    assert "\n" not in str(caught.value)
