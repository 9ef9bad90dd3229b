"""The checks of shape and type, and the sentences they say."""

import numpy as np
import pytest

from lstm_lab.errors import UserError
from lstm_lab.shapes import ShapeError, check_float, check_shape


def test_letters_stand_for_any_length_and_repeat():
    assert check_shape("W", np.zeros((3, 3)), ("H", "H")) == (3, 3)
    assert check_shape("x", [[1, 2], [3, 4], [5, 6]], ("B", 2)) == (3, 2)
    with pytest.raises(ShapeError) as told:
        check_shape("W", np.zeros((3, 4)), ("H", "H"))
    assert str(told.value) == "W: expected shape (H, H), found (3, 4)"


@pytest.mark.parametrize(
    ("shape", "expected", "text"),
    [
        ((3,), ("B", 2), "a: expected shape (B, 2), found (3,)"),
        ((), ("B",), "a: expected shape (B,), found ()"),
        ((2, 3), (3, 2), "a: expected shape (3, 2), found (2, 3)"),
        ((1, 2, 3), (), "a: expected shape (), found (1, 2, 3)"),
    ],
)
def test_rank_and_length(shape, expected, text):
    with pytest.raises(ShapeError) as told:
        check_shape("a", np.zeros(shape), expected)
    assert str(told.value) == text


def test_truth_values_are_no_floats(monkeypatch):
    monkeypatch.setenv("LSTM_LAB_LANG", "en")
    with pytest.raises(UserError, match="x: expected floating-point numbers, found bool"):
        check_float("x", np.array([True]))


@pytest.mark.parametrize("value", [1.0, [1.0], None, "x"])
def test_only_arrays_pass_as_floats(value):
    with pytest.raises(UserError, match="expected a NumPy array, found"):
        check_float("x", value)
    check_float("x", np.float32([1]))
