"""What a widget cannot show it names in one sentence; what is large or odd it shows."""

import numpy as np
import pytest

from lstm_lab.cells import lstm_init, rnn_init
from lstm_lab.errors import UserError
from lstm_lab.widgets import CellStepper, GateHeatmap, GradientBridge, Predict
from lstm_lab.widgets.static import page


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LSTM_LAB_LANG", "en")


def with_nan():
    return rnn_init(1, 2).replace(b=np.array([0.0, np.nan]))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: GateHeatmap(object()), "expected weights of lstm_lab.cells or a torch"),
        (lambda: GateHeatmap(with_nan(), [1.0]), "b: expected finite weights, found nan or inf"),
        (lambda: GateHeatmap(lstm_init(1, 2), []), "expected at least one step"),
        (
            lambda: GateHeatmap(lstm_init(1, 2), ["a"]),
            r"x: expected an array of numbers, found \['a'\]",
        ),
        (lambda: GateHeatmap({"f": [["a"]]}), "f: expected an array of numbers"),
        (lambda: GateHeatmap({"f": [[np.nan, np.nan]]}), "f: expected finite numbers"),
        (lambda: GateHeatmap({"f": [[np.inf, 1.0]]}), "f: expected finite numbers"),
        (lambda: GradientBridge(T=0), "T: expected a number from 1 to 200, found 0"),
        (lambda: GradientBridge(T=10_000), "T: expected a number from 1 to 200, found 10000"),
        (lambda: GradientBridge(T="long"), "T: expected a number from 1 to 200, found long"),
        (lambda: GradientBridge(rho=np.nan), "rho: expected a number from 0 to 2, found nan"),
        (lambda: GradientBridge(H=1000), "H: expected a number from 2 to 64, found 1000"),
        (lambda: CellStepper("lstm", ["a"]), "x: expected an array of numbers"),
        (lambda: CellStepper(lstm_init(1, 2), unit="a"), "unit: expected a number from 0 to 1"),
        (lambda: CellStepper(lstm_init(1, 1000)), "at most 256 units, found 1000"),
        (lambda: Predict("t", " "), "expected a question, found none"),
        (lambda: Predict("t", "?", choices=[]), "expected at least two different choices"),
        (
            lambda: Predict("t", "?", curve={"x": (0, 1)}),
            r"expected y as \(low, high\), found None",
        ),
        (
            lambda: Predict("t", "?", curve={"x": (0, 1), "y": (0, 1), "n": 1}),
            "n: expected a number",
        ),
    ],
)
def test_it_is_named_in_one_sentence(make, message):
    with pytest.raises(UserError, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)


def test_ten_thousand_steps_and_a_thousand_units_are_cut_and_said():
    values = np.random.default_rng(0).uniform(size=(10_000, 1000))
    said = GateHeatmap(values).text()
    assert "Of 10000 steps the first 1000 are shown." in said
    assert "Of 1000 units the 128" in said
    assert CellStepper("lstm", np.zeros(10_000)).text().startswith("A cell of 1 unit reads 10000")


def test_emoji_chinese_and_markup_reach_the_page_as_text():
    odd = "猫🐱</script><b>&"
    heat = GateHeatmap({"f": np.zeros((len(odd), 2))}, tokens=odd)
    asked = Predict("t", odd, choices=[odd, "🐶"])
    html = page(heat, asked)
    assert html.count("</script>") == 3  # two that hold the values, one that draws
    assert "猫🐱\\u003c/script>" in html
    assert "<b>" not in asked.still()
    assert "猫🐱&lt;/script&gt;" in asked.still()
