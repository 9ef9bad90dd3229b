"""Predict without a browser: what the kernel's side does with a guess."""

import re

import numpy as np
import pytest

from lstm_lab import progress
from lstm_lab.errors import UserError
from lstm_lab.widgets import Predict
from lstm_lab.widgets.linking import FOLDER, link


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch):
    """A course of its own, so that nobody's progress is touched."""
    monkeypatch.setenv("LSTM_LAB_ROOT", str(tmp_path))
    monkeypatch.setenv("LSTM_LAB_LANG", "en")
    return tmp_path


def facts(kind):
    return [fact for fact in progress.read() if fact["kind"] == kind]


def test_without_a_guess_the_reveal_says_so_and_shows_the_value():
    shown = Predict("t-1", "How much?").reveal(np.float32(0.5))
    assert repr(shown).startswith("It is 0.5. You made no prediction")
    assert facts("prediction") == []


def test_guess_and_value_are_kept_with_the_progress():
    ask = Predict("t-2", "How much?")
    ask.guess = 0.25
    ask.reveal(0.5)
    ask.reveal(0.5)  # running the cell again is not a second prediction
    assert [(fact["id"], fact["guess"]) for fact in facts("guess")] == [("t-2", 0.25)]
    kept = [(fact["id"], fact["guess"], fact["value"]) for fact in facts("prediction")]
    assert kept == [("t-2", 0.25, 0.5)]


def test_an_earlier_guess_serves_a_notebook_that_is_run_again():
    Predict("t-3", "How much?").guess = 4
    assert "You said 4" in repr(Predict("t-3", "How much?").reveal(5))


def test_an_earlier_guess_that_no_longer_fits_is_not_used():
    Predict("t-4", "How much?").guess = 4
    shown = Predict("t-4", "Which?", choices=["a", "b"]).reveal("a")
    assert "You made no prediction" in repr(shown)


@pytest.mark.parametrize(
    ("guess", "value", "log", "said"),
    [
        (40, 37, False, "You said 40, it is 37: 3 too high."),
        (30, 37, False, "7 too low"),
        (1, 1, False, "exactly"),
        (0.1, 1e-20, True, "You said 0.1, it is 1e-20: 19 orders of magnitude apart."),
        (2, 1, True, "a factor of 2 apart"),
        (0.1, 0.0, True, "You said 0.1, it is 0: 0.1 too high."),
    ],
)
def test_the_sentence_measures_the_distance(guess, value, log, said):
    ask = Predict("t-5", "How much?", log=log)
    ask.guess = guess
    assert said in repr(ask.reveal(value))


def test_choices_are_revealed_by_text_or_index():
    ask = Predict("t-6", "Which?", choices=["RNN", "LSTM"])
    ask.guess = "RNN"
    assert repr(ask.reveal(1)) == "You said: RNN. It is: LSTM."
    assert repr(ask.reveal("RNN")) == "You said: RNN. That is right."
    with pytest.raises(UserError, match="expected one of RNN, LSTM, found 'GRU'"):
        ask.reveal("GRU")


def test_a_curve_is_compared_where_it_was_drawn():
    ask = Predict("t-7", "Draw it", curve={"x": (0, 10), "y": (0, 1), "n": 3})
    ask.guess = [0.0, 0.5, 1.0]
    shown = ask.reveal(np.linspace(0.2, 1.2, 50))
    assert "0.2 away on average" in repr(shown)
    assert shown._repr_html_().count("<polyline") == 2


def test_a_curve_that_nobody_guessed_is_told_by_its_ends(monkeypatch):
    for lang, told in (
        ("en", "begins at 1 and ends at 1e-4."),
        ("zh", "从 1 开始，到 1e-4 结束。"),
    ):
        monkeypatch.setenv("LSTM_LAB_LANG", lang)
        ask = Predict("t-9", "Draw it", curve={"x": (0, 10), "y": (1e-8, 1), "log": True})
        html = ask.reveal([1.0, 1e-2, 1e-4])._repr_html_()
        # an exported page leaves out the marked words: what is left is still a sentence
        shown, _marked, _rest = html.partition('<span class="lstm-lab-no-guess">')
        assert told in shown
        (alt,) = re.findall('aria-label="([^"]*)"', html)
        assert alt.endswith(told)
        assert html.count("<polyline") == 1


def test_a_curve_on_a_log_axis_is_measured_in_orders_of_magnitude():
    curve = {"x": (0, 10), "y": (1e-8, 1), "n": 3, "log": True}
    ask = Predict("t-8", "Draw it", curve=curve)
    ask.guess = [1.0, 1.0, 1.0]
    assert "4 orders of magnitude" in repr(ask.reveal([1.0, 1e-4, 1e-8]))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"choices": ["a"]}, "at least two different choices"),
        ({"choices": ["a", "b"], "curve": {"x": (0, 1), "y": (0, 1)}}, "found both"),
        ({"curve": {"x": (0, 1), "y": (0, 1), "log": True}}, "above 0 on a log axis"),
        ({"curve": {"x": (1, 0), "y": (0, 1)}}, "from low to high"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused(options, message):
    with pytest.raises(UserError, match=message):
        Predict("t-9", "?", **options)


@pytest.mark.parametrize(
    ("options", "value", "message"),
    [
        ({}, [1, 2], "expected one number"),
        ({"curve": {"x": (0, 1), "y": (0, 1)}}, 3, "expected a curve of shape"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(options, value, message):
    with pytest.raises(UserError, match=message):
        Predict("t-10", "?", **options).reveal(value)


def test_chinese_readers_are_answered_in_chinese(monkeypatch):
    monkeypatch.setenv("LSTM_LAB_LANG", "zh")
    ask = Predict("t-11", "还剩多少？")
    assert re.search(r"[\u4e00-\u9fff]", ask.texts["commit"])
    assert "你没有" in repr(ask.reveal(0.5))


def test_the_still_of_a_saved_notebook_asks_the_same():
    html = Predict("t-12", "a < b?", choices=["yes", "no"]).still()
    assert "a &lt; b?" in html
    assert "<li>yes</li>" in html


@pytest.mark.parametrize(
    "name", [p.stem for p in FOLDER.glob("*.js") if "export default" in p.read_text("utf-8")]
)
def test_linked_modules_are_closed_and_small(name):
    text = link(name)
    assert not re.search(r"^import ", text, re.MULTILINE)
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
    assert len(text) < 60_000
