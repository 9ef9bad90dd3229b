"""General symptoms, for mistakes that no test has named: what a wrong array looks like.

They tell of shape, sign, scale and place. Expected numbers are not told.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from lstm_lab.grading.messages.feedback import Private, Said, say

__all__ = ["of_error", "of_shape", "of_values", "plain_error"]

_NOTHING: Said = {"en": "", "zh": ""}
Near = Callable[..., np.ndarray]


def plain_error(text: str) -> str:
    """Return an exception's words without what only NumPy's authors need.

    Examples
    --------
    >>> plain_error("matmul: Input operand 1 has a mismatch in its core dimension 0, "
    ...             "with gufunc signature (n?,k),(k,m?)->(n?,m?) (size 3 is different from 2)")
    'matmul: Input operand 1 has a mismatch in its core dimension 0 (size 3 is different from 2)'
    """
    return re.sub(r",? with gufunc signature \S+", "", text).strip()


def of_error(kind: str, text: str) -> Said:
    """Name the usual cause of an exception of NumPy's or Python's, or say nothing."""
    if "could not be broadcast" in text:
        return say(
            " NumPy lines shapes up from the right; two lengths go together if they are equal or "
            "one of them is 1, and `[:, None]` makes an axis of length 1."
        )
    if "mismatch in its core dimension" in text or "not aligned" in text:
        return say(
            " In `A @ B` the last axis of A must be as long as the first of B: is there a `.T` "
            "too few or too many?"
        )
    if "inhomogeneous shape" in text:
        return say(
            " Things of different shapes do not go into one array: take them one at a time, in a "
            "loop or a list."
        )
    if kind == "IndexError" and "out of bounds" in text:
        return say(" The indices of an axis of length n run from 0 to n − 1.")
    if "converted to Python scalars" in text:
        return say(" Functions of `math` take single numbers; NumPy's, as `np.exp`, whole arrays.")
    if "truth value of an array" in text:
        return say(" `if` wants one yes or no; `np.where` chooses for every place of an array.")
    if kind == "AxisError":
        return say(
            " That array has fewer axes than the code there expects: `x[k]` drops an axis, "
            "`x[k : k + 1]` keeps it."
        )
    if "'str' object is not callable" in text:
        return say(
            " A name was passed where a function is called: is the line that looks names up still "
            "there?"
        )
    if "NoneType" in text:
        return say(" Something there is None: is a `return` missing in a function of yours?")
    if kind == "NameError":
        return say(" Is it a slip of the pen, or was the cell that defines it not run?")
    return _NOTHING


def of_shape(found: tuple[int, ...], wanted: tuple[int, ...]) -> Said:
    """Name the likely cause of a wrong shape, or say nothing."""
    if len(found) == len(wanted):
        if len(found) >= 2 and found == wanted[::-1]:
            return say("Is it transposed?")
        if len(found) >= 3 and found == (wanted[1], wanted[0], *wanted[2:]):
            return say("Are the first two axes swapped (time and batch)?")
        if sorted(found) == sorted(wanted):
            return say("The axes are there, but in another order.")
        if len(found) >= 2 and found[1:] == wanted[1:]:
            return say("Only the first axis is of another length.")
    if len(found) > len(wanted) and tuple(n for n in found if n != 1) == tuple(
        n for n in wanted if n != 1
    ):
        return say("There is an axis of length 1 too many.")
    if len(wanted) >= 2 and found == (wanted[0] * wanted[1], *wanted[2:]):
        return say(
            "The first two axes have run together: `np.stack` makes an axis, `np.concatenate` and "
            "`np.vstack` make none."
        )
    if wanted and len(found) == len(wanted) + 1 and (found[0] * found[1], *found[2:]) == wanted:
        return say(
            "The first axis is cut in two: `np.stack` makes a new axis, `np.concatenate` joins "
            "along one that is there."
        )
    if len(found) < len(wanted) and found == wanted[1:]:
        return say("The first axis is missing: is that only one of several steps or rows?")
    if len(found) < len(wanted) and tuple(n for n in wanted if n != 1) == found:
        return say("An axis of length 1 is missing (`keepdims=True`?).")
    if wanted == ():
        return say("One number is asked for: is a sum or a mean missing?")
    return _NOTHING


def of_values(got: np.ndarray, want: np.ndarray, near: Near) -> Said:
    """Name the likely cause of wrong values of the right shape."""
    got, want = np.asarray(got, np.float64), np.asarray(want, np.float64)
    digits = _rounded_to(got, want)
    if digits is not None:
        return say(
            "the values are rounded to {n} places behind the point; return them as they are.",
            n=digits,
        )
    if _nearly_single(got, want):
        return say("nearly right, but not to all digits: is something computed in float32?")
    if got.size and not got.any():
        return say("the shape is right, but everything is 0. Is the result ever filled in?")
    if near(got, -want).all():
        return say("the sizes are right, the sign is turned.")
    factor = _factor(got, want, near)
    if factor is not None:
        return say(
            "every value is {factor} times what it should be: is a factor, a sum or a mean wrong?",
            factor=Private(f"{factor:.4g}"),
        )
    if want.ndim >= 2 and want.shape[0] == want.shape[1] and near(got, _swapped(want)).all():
        return say("the right values, with the first two axes swapped: is it transposed?")
    if want.size > 1 and near(np.sort(got, axis=None), np.sort(want, axis=None)).all():
        return say("the right values in the wrong places.")
    wrong = ~near(got, want)
    place = _first_axis(wrong)
    if place is not None:
        return place
    worst = tuple(int(n) for n in np.unravel_index(np.argmax(np.abs(got - want)), want.shape))
    if want.ndim == 0:
        return say("the value is not right; yours is {value}.", value=Private(f"{got.item():.6g}"))
    return say(
        "the shape is right, {n} of {size} values are not. Furthest off is yours at {place}: "
        "{value}.",
        n=Private(int(wrong.sum())),
        size=wrong.size,
        place=Private(str(list(worst))),
        value=Private(f"{got[worst]:.6g}"),
    )


def _nearly_single(got: np.ndarray, want: np.ndarray) -> bool:
    scale = float(np.abs(want).max()) if want.size else 0.0
    off = np.abs(got - want)
    return bool(off.max(initial=0.0) < 1e-6 * scale or (off < 1e-5 * np.abs(want) + 1e-9).all())


def _rounded_to(got: np.ndarray, want: np.ndarray) -> int | None:
    """Return to how many places behind the point values are rounded, if they are."""
    for digits in range(1, 9):
        if np.array_equal(got, np.round(want, digits)):
            return digits
    return None


def _factor(got: np.ndarray, want: np.ndarray, near: Near) -> float | None:
    """Return the one number by which all values are off, if it is a telling one."""
    if want.size < 2:
        return None
    norm = float((want * want).sum())
    factor = float((got * want).sum()) / norm if norm > 0 else 0.0
    if abs(factor) < 1e-6 or not near(got, factor * want).all():
        return None
    return factor


def _swapped(array: np.ndarray) -> np.ndarray:
    return np.swapaxes(array, 0, 1)


def _first_axis(wrong: np.ndarray) -> Said | None:
    """Tell where along the first axis it goes wrong, if some of it is right."""
    if wrong.ndim < 1 or wrong.shape[0] < 2:
        return None
    rows: np.ndarray = np.any(wrong.reshape(wrong.shape[0], -1), axis=1)
    if rows.all() or not rows.any():
        return None
    bad = np.flatnonzero(rows)
    if len(bad) == 1:
        return say("right everywhere but at index {n} of the first axis.", n=Private(int(bad[0])))
    if rows[bad[0] :].all():
        return say(
            "right up to index {before} of the first axis, wrong from index {n} on.",
            before=Private(int(bad[0]) - 1),
            n=Private(int(bad[0])),
        )
    return say(
        "right in {right} of {all} places of the first axis; first wrong at index {n}.",
        right=Private(int((~rows).sum())),
        all=len(rows),
        n=Private(int(bad[0])),
    )
