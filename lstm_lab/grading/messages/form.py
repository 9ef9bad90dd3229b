"""What a result is made of: how many things, of which shape and kind, finite or not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lstm_lab.grading.messages import symptoms
from lstm_lab.grading.messages.closeness import as_array
from lstm_lab.grading.messages.feedback import Private, fail, say
from lstm_lab.grading.messages.words import describe, written
from lstm_lab.grading.result import Result

__all__ = ["check_form", "parts_of"]


def parts_of(
    value: Any, want: Any, name: str | Sequence[str], label: str
) -> list[tuple[str, Any, Any]]:
    """Return (name, value, expected) for each part; fail where count or kind is not as wanted."""
    if isinstance(want, tuple | list) and not isinstance(name, str):
        if not isinstance(value, tuple | list) or len(value) != len(want):
            fail(
                say(
                    "{name} should return {n} things ({names}), but returned {found}.",
                    name=label,
                    n=len(want),
                    names=", ".join(name),
                    found=Private(describe(value)),
                )
            )
        pairs = zip(name, value, want, strict=True)
        return [leaf for one, got, expected in pairs for leaf in _leaves(one, got, expected)]
    return _leaves(name if isinstance(name, str) else ", ".join(name), value, want)


def _leaves(name: str, value: Any, want: Any) -> list[tuple[str, Any, Any]]:
    if isinstance(want, dict):
        if not isinstance(value, dict) or set(value) != set(want):
            fail(
                say(
                    "{name} should be a dict with the keys {keys}, but is {found}.",
                    name=name,
                    keys=", ".join(map(str, want)),
                    found=Private(describe(value)),
                )
            )
        return [
            leaf
            for key in want
            for leaf in _leaves(f"{name}[{key!r}]", value[key], want[key])
        ]  # fmt: skip
    if isinstance(want, tuple | list) and not _is_numbers(want):
        if not isinstance(value, tuple | list) or len(value) != len(want):
            fail(
                say(
                    "{name} should be {expected}, but is {found}.",
                    name=name,
                    expected=describe(want),
                    found=Private(describe(value)),
                )
            )
        return [
            leaf
            for index, (one, expected) in enumerate(zip(value, want, strict=True))
            for leaf in _leaves(f"{name}[{index}]", one, expected)
        ]
    return [(name, value, want)]


def _is_numbers(value: Any) -> bool:
    """Tell whether a list or tuple is a flat row of plain numbers, to be held as one array."""
    return len(value) > 0 and all(isinstance(one, int | float | bool) for one in value)


def check_form(name: str, value: Any, want: Any, got: Result) -> None:
    """Fail if one part is not numbers of the wanted shape and kind, all finite."""
    expected = as_array(want)
    if expected is None:
        return
    array = as_array(value)
    several = isinstance(value, tuple) and array is not None and array.shape != expected.shape
    if array is None or several:
        fail(
            say(
                "{name} should be {expected}, but is {found}.",
                name=name,
                expected=describe(want),
                found=Private(describe(value)),
            )
        )
    if array.shape != expected.shape:
        fail(
            say(
                "{name} should have shape {expected}, but has {found}. {symptom}",
                name=name,
                expected=written(expected.shape),
                found=Private(written(array.shape)),
                symptom=symptoms.of_shape(array.shape, expected.shape),
            )
        )
    numbers = array.dtype.kind
    if expected.dtype.kind == "f" and numbers != "f":
        # whole numbers are right where they are all that a float result could hold
        if numbers == "b" or not np.array_equal(array, expected):
            fail(
                say(
                    "{name} should hold floats, but holds {found}: was an array made for whole "
                    "numbers (`np.zeros_like` of one, or `//`)?",
                    name=name,
                    found=str(array.dtype),
                )
            )
    elif (expected.dtype.kind in "iu" and numbers not in "iu") or (
        expected.dtype.kind == "b" and numbers != "b"
    ):
        fail(
            say(
                "{name} should hold {expected}, but holds {found}.",
                name=name,
                expected=str(expected.dtype),
                found=str(array.dtype),
            )
        )
    if numbers == "f" and np.isfinite(expected).all() and not np.isfinite(array).all():
        kind = "nan" if np.isnan(array).any() else "inf"
        hint = say(" NumPy warned: {text}.", text=got.warnings[0]) if got.warnings else ""
        fail(
            say(
                "{name} has the right shape, but holds {kind} in {n} of {size} places. Was "
                "something divided by zero, or e raised to a large power?{hint}",
                name=name,
                kind=kind,
                n=Private(int((~np.isfinite(array)).sum())),
                size=array.size,
                hint=Private(hint, ""),
            )
        )
