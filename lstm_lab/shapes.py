"""Shape checks whose message names the argument, what was expected and what was found."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = ["ShapeError", "check_float", "check_shape"]


class ShapeError(UserError):
    """An array of another shape than the one asked for."""


def _written(shape: tuple[Any, ...]) -> str:
    inside = ", ".join(str(n) for n in shape)
    return f"({inside},)" if len(shape) == 1 else f"({inside})"


def check_shape(name: str, array: Any, expected: tuple[int | str, ...]) -> tuple[int, ...]:
    """Hold `array` against `expected` and return its shape.

    Parameters
    ----------
    name : str
        The argument as its caller knows it; it opens the message.
    array : array_like
        Anything with a shape, or that NumPy can give one.
    expected : tuple of int and str
        A number must match; a letter (``"B"``) or word (``"batch"``) stands for any
        length, and the same letter twice for the same length.

    Returns
    -------
    tuple of int
        The shape, ready to unpack: ``B, I = check_shape("x", x, ("B", 5))``.

    Raises
    ------
    ShapeError
        One sentence with the argument, what was expected and what was found.

    Examples
    --------
    >>> import numpy as np
    >>> check_shape("x", np.zeros((32, 5)), ("batch", 5))
    (32, 5)
    >>> check_shape("x", np.zeros((5, 32)), ("batch", 5))
    Traceback (most recent call last):
    lstm_lab.shapes.ShapeError: x: expected shape (batch, 5), found (5, 32)
    """
    if isinstance(array, np.ndarray) and array.shape == expected:
        return array.shape  # the usual case in a training loop, and made cheap
    if isinstance(array, np.ndarray):
        shape = array.shape
    else:
        shape = tuple(int(n) for n in getattr(array, "shape", None) or np.shape(array))
    lengths: dict[str, int] = {}
    fits = len(shape) == len(expected)
    for want, found in zip(expected, shape, strict=False):
        if isinstance(want, str):
            want = lengths.setdefault(want, found)
        fits = fits and want == found
    if not fits:
        raise ShapeError(
            _("{name}: expected shape {expected}, found {found}").format(
                name=name, expected=_written(expected), found=_written(shape)
            )
        )
    return shape


def check_float(name: str, array: Any) -> None:
    """Refuse what is not an array of floating-point numbers.

    Integers are most often class numbers or tokens that still want a one-hot code, so
    they are never converted in silence.

    Raises
    ------
    UserError
        One sentence with the argument, what was expected and what was found.

    Examples
    --------
    >>> check_float("x", np.array([0, 1, 2], dtype="int64"))
    Traceback (most recent call last):
    lstm_lab.errors.UserError: x: expected floating-point numbers, found int64
    """
    dtype = getattr(array, "dtype", None)
    if not isinstance(array, np.ndarray | np.floating) or not isinstance(dtype, np.dtype):
        raise UserError(
            _("{name}: expected a NumPy array, found {found}").format(
                name=name, found=type(array).__name__
            )
        )
    if dtype.kind != "f":
        raise UserError(
            _("{name}: expected floating-point numbers, found {found}").format(
                name=name, found=dtype
            )
        )
