"""Still figures of gradients: what is drawn is what was computed, and told apart without colour."""

import numpy as np
import pytest

from lstm_lab.errors import UserError
from lstm_lab.gradients import half_life
from lstm_lab.plots import eigenvalue_picture, gradient_curves, half_life_curve


def test_gradient_curves_draw_every_seed_and_the_median_each_with_its_dash():
    rng = np.random.default_rng(0)
    seeds = rng.uniform(0.1, 1, size=(5, 20))
    seeds[0, 3] = 0.0  # nothing to draw on a log axis
    ax = gradient_curves({"a": seeds, "b": np.ones(20)}).axes[0]
    lines = ax.get_lines()
    assert len(lines) == 5 + 1 + 1
    np.testing.assert_allclose(
        np.delete(lines[5].get_ydata(), 3), np.delete(np.median(seeds, 0), 3)
    )
    assert np.isnan(lines[5].get_ydata()[3])
    assert lines[5].get_linestyle() != lines[6].get_linestyle()
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b"]


def test_half_life_is_the_closed_form():
    ax = half_life_curve(2.0).axes[0]
    b, steps = ax.get_lines()[0].get_data()
    np.testing.assert_allclose(steps, half_life(1 / (1 + np.exp(-b))), rtol=1e-9)
    (mark,) = ax.get_lines()[1].get_ydata()
    assert mark == pytest.approx(-np.log(2) / np.log(1 / (1 + np.exp(-2.0))))


def test_eigenvalues_of_a_rotation_lie_on_the_circle():
    turn = np.array([[0.0, -1.0], [1.0, 0.0]])
    fig = eigenvalue_picture(turn)
    circle, reach, points = fig.axes[0].get_lines()
    np.testing.assert_allclose(np.hypot(*points.get_data()), 1)
    np.testing.assert_allclose(np.hypot(*reach.get_data()), np.hypot(*circle.get_data()))
    with pytest.raises(UserError, match="W: expected shape"):
        eigenvalue_picture(np.zeros((2, 3)))
