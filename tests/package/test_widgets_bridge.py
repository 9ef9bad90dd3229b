"""GradientBridge without a browser: its numbers, its still picture, bad input."""

import base64
import re

import numpy as np
import pytest

from lstm_lab.errors import UserError
from lstm_lab.gradients import spectral_radius
from lstm_lab.widgets import GradientBridge
from lstm_lab.widgets.bridge import recurrent_matrices
from lstm_lab.widgets.stills import line_chart


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LSTM_LAB_LANG", "en")


def test_every_curve_of_h_ends_at_the_loss():
    curves = GradientBridge(30).curves()
    assert curves["rnn"][-1] == pytest.approx(1)
    assert curves["lstm"][-1] == pytest.approx(1)
    assert {name: len(values) for name, values in curves.items()} == {
        "rnn": 31,
        "lstm": 31,
        "cell": 30,
        "path": 31,
    }


def test_with_closed_other_paths_the_forget_path_is_all_there_is():
    """At the last step nothing but o tanh(c) leads from c to the loss."""
    curves = GradientBridge(30, forget_bias=2.0).curves()
    assert curves["path"][-1] == pytest.approx(curves["cell"][-1])


def test_the_matrices_have_radius_one_and_differ_in_what_they_can_stretch():
    made, spectra = recurrent_matrices(32, np.random.default_rng(1))
    for kind in ("random", "rotation"):
        assert spectral_radius(made[kind]) == pytest.approx(1)
    # the eigenvalues of the shear are known, and cannot be computed: held by two sums
    for power in (1, 2):
        trace = np.trace(np.linalg.matrix_power(made["shear"], power))
        assert trace == pytest.approx((spectra["shear"] ** power).sum())
    assert max(spectra["shear"]) == 1
    sigma = {kind: np.linalg.norm(W, 2) for kind, W in made.items()}
    assert sigma["rotation"] == pytest.approx(1)
    assert sigma["random"] > 1.3
    assert sigma["shear"] > 1.7


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"T": 0}, "T: expected a number from 1 to 200, found 0"),
        ({"T": 500}, "T: expected a number from 1 to 200, found 500"),
        ({"longest": 10_000}, "longest: expected a number from 10 to 1000"),
        ({"rho": -1}, "rho: expected a number from 0 to 2"),
        ({"forget_bias": float("nan")}, "forget_bias: expected"),
        ({"H": 1000}, "H: expected a number from 2 to 64, found 1000"),
    ],
)
def test_what_cannot_be_shown_is_named(options, message):
    with pytest.raises(UserError, match=message):
        GradientBridge(**options)


def drawn(image):
    """The SVG inside an image of a still."""
    return base64.b64decode(re.search(r"base64,([^\"]+)", image)[1]).decode()


def test_the_still_draws_three_lines_and_says_the_same():
    bridge = GradientBridge(50)
    html = bridge.still()
    assert drawn(html).count("<polyline") == 3
    assert html.count(bridge.text()) == 2  # the alt text of the picture, and below it


def test_a_still_of_nothing_finite_is_still_a_picture():
    svg = drawn(line_chart({"a": [np.nan, np.inf, 0.0]}, alt="nothing", log=True))
    assert svg.startswith("<svg")
    assert "nan" not in svg
