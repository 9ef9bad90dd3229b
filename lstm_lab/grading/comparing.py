"""Hold a result against the expected value, and say the first thing that is wrong.

The order is that in which a learner would look: did it run, did it return, how many things, of
which shape and kind, finite, arguments left alone, and only then the numbers, for which named
mistakes (`suspect`) are tried first. Expected numbers are never shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np

from lstm_lab.grading import symptoms
from lstm_lab.grading.feedback import Feedback, Private, Said, hidden_version
from lstm_lab.grading.feedback import say as _
from lstm_lab.grading.result import Result
from lstm_lab.grading.words import describe, trouble_said, written

__all__ = ["Suspect", "compare", "suspect"]


@dataclass(frozen=True)
class Suspect:
    """What a named mistake would give, and how to say so."""

    value: Any
    said: Said
    part: str | None = None


def suspect(value: Any, *, en: str, zh: str, part: str | None = None) -> Suspect:
    """Name a mistake by the value that it gives.

    Parameters
    ----------
    value : array_like or tuple
        What a learner who made the mistake would return.
    en, zh : str
        What to say if the result equals it.
    part : str, optional
        Where several things are returned, the one of them that `value` is held against.

    Examples
    --------
    >>> suspect([1.0, 2.0], en="was the bias added?", zh="加上偏置了吗？").said["en"]
    'was the bias added?'
    """
    return Suspect(value, {"en": en, "zh": zh}, part)


@dataclass(frozen=True)
class _Tolerance:
    rtol: float
    atol: float

    def near(self, got: np.ndarray, want: np.ndarray, times: float = 1.0) -> np.ndarray:
        with np.errstate(all="ignore"):
            return np.isclose(
                got.astype(np.float64, copy=False),
                want.astype(np.float64, copy=False),
                rtol=self.rtol * times,
                atol=self.atol * times,
                equal_nan=True,
            )


def compare(
    got: Result,
    want: Any,
    *,
    name: str | Sequence[str] = "the result",
    rtol: float = 1e-7,
    atol: float = 1e-9,
    suspects: Iterable[Suspect] = (),
    mutates: Iterable[int | str] = (),
    repeat: bool = True,
) -> None:
    """Pass if `got` is as wanted, else raise `Feedback` with the first thing that is not.

    Parameters
    ----------
    got : Result
        From ``submission.call`` or a verb of a module.
    want : array_like, tuple, dict, Result
        The expected value, computed live from the solution or in closed form.
    name : str or sequence of str
        What the learner calls it; one name a part where several things are returned.
    rtol, atol : float
        As in `numpy.isclose`.
    suspects : iterable of Suspect
        Named mistakes, tried in order before general symptoms.
    mutates : iterable of int or str
        Arguments (by position or keyword) that the task says may be changed.
    repeat : bool
        Call again with the same arguments: the answer must be the same (no memory of earlier
        calls, no unseeded chance).

    Raises
    ------
    Feedback
        One sentence in both languages.
    """
    if isinstance(want, Result):
        want = want.value
    suspects = list(suspects)
    tolerance = _Tolerance(rtol, atol)
    label = got.name or (name if isinstance(name, str) else ", ".join(name))
    if got.error is not None:
        _fail(trouble_said(label, got.error))
    if got.value is None and want is not None:
        _fail(_("{name} returned None: does it end in a return?", name=label))
    parts = _parts(got.value, want, name, label)
    wrong = [
        (part, value, expected)
        for part, value, expected in parts
        if not _equal(value, expected, tolerance)
    ]
    right = [part for part, *_rest in parts if part not in {w[0] for w in wrong}]
    # A named mistake says more than its shape or its nan does.
    named = _suspected(wrong, right, suspects, tolerance, got) if wrong else None
    if named is None:
        for part, value, expected in parts:
            _check_form(part, value, expected, got)
    allowed = set(mutates)
    for changed in got.changed:
        if changed not in allowed:
            _fail(
                _(
                    "{name} changed its {argument}. Work on a copy (`x = x.copy()`, or `x = x + y` "
                    "instead of `x += y`): whoever calls it still needs the old values.",
                    name=label,
                    argument=_argument(changed, got.names),
                )
            )
    if named is not None:
        _fail(named)
    if repeat and got.again is not None:
        _check_again(got, got.again(), label, tolerance)
    if wrong:
        part, value, expected = wrong[0]
        array, wanted = _array(value), _array(expected)
        if array is None or wanted is None:
            _fail(_("{name} is not what was asked for.", name=part))
        _fail(_before(right, part, symptoms.of_values(array, wanted, tolerance.near)))


def _fail(said: Said) -> NoReturn:
    raise Feedback(**said, hidden=hidden_version(said))


def _argument(changed: int | str, names: Sequence[str]) -> Said:
    if isinstance(changed, int) and changed < len(names):
        changed = names[changed]
    if isinstance(changed, int):
        return _("argument number {n}", n=changed + 1)
    return _("argument {name}", name=changed)


def _parts(
    value: Any, want: Any, name: str | Sequence[str], label: str
) -> list[tuple[str, Any, Any]]:
    """Return (name, value, expected) for each part; complain about count and kind."""
    if isinstance(want, tuple | list) and not isinstance(name, str):
        if not isinstance(value, tuple | list) or len(value) != len(want):
            _fail(
                _(
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
            _fail(
                _(
                    "{name} should be a dict with the keys {keys}, but is {found}.",
                    name=name,
                    keys=", ".join(want),
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
            _fail(
                _(
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


def _array(value: Any) -> np.ndarray | None:
    """Return the numbers in a value as an array, None if it holds none."""
    if isinstance(value, np.ndarray):
        return value
    if hasattr(value, "detach"):
        return np.asarray(value.detach().cpu().numpy())
    if isinstance(value, str | dict) or value is None:
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return None
    return array if array.dtype.kind in "biuf" else None


def _check_form(name: str, value: Any, want: Any, got: Result) -> None:
    expected = _array(want)
    if expected is None:
        return
    array = _array(value)
    if array is None:
        _fail(
            _(
                "{name} should be {expected}, but is {found}.",
                name=name,
                expected=describe(want),
                found=Private(describe(value)),
            )
        )
    if array.shape != expected.shape:
        _fail(
            _(
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
            _fail(
                _(
                    "{name} should hold floats, but holds {found}: was an array made for whole "
                    "numbers (`np.zeros_like` of one, or `//`)?",
                    name=name,
                    found=str(array.dtype),
                )
            )
    elif (expected.dtype.kind in "iu" and numbers not in "iu") or (
        expected.dtype.kind == "b" and numbers != "b"
    ):
        _fail(
            _(
                "{name} should hold {expected}, but holds {found}.",
                name=name,
                expected=str(expected.dtype),
                found=str(array.dtype),
            )
        )
    if numbers == "f" and np.isfinite(expected).all() and not np.isfinite(array).all():
        kind = "nan" if np.isnan(array).any() else "inf"
        hint = _(" NumPy warned: {text}.", text=got.warnings[0]) if got.warnings else ""
        _fail(
            _(
                "{name} has the right shape, but holds {kind} in {n} of {size} places. Was "
                "something divided by zero, or e raised to a large power?{hint}",
                name=name,
                kind=kind,
                n=Private(int((~np.isfinite(array)).sum())),
                size=array.size,
                hint=Private(hint, ""),
            )
        )


def _equal(value: Any, want: Any, tolerance: _Tolerance) -> bool:
    expected = _array(want)
    if expected is None:
        return type(value) is type(want) and value == want
    array = _array(value)
    return (
        array is not None
        and array.shape == expected.shape
        and bool(tolerance.near(array, expected).all())
    )


def _same(one: Any, other: Any, tolerance: _Tolerance) -> bool:
    """Tell whether two values are alike all the way down."""
    if isinstance(one, dict) and isinstance(other, dict):
        return set(one) == set(other) and all(_same(one[k], other[k], tolerance) for k in one)
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        return len(one) == len(other) and all(
            _same(a, b, tolerance) for a, b in zip(one, other, strict=True)
        )
    return _equal(one, other, tolerance)


def _check_again(got: Result, second: Result, label: str, tolerance: _Tolerance) -> None:
    """An answer that changes from call to call is memory or chance, whatever else is wrong."""
    if second.error is not None:
        _fail(
            _(
                "The first call went well, a second one with the same arguments did not: {said}",
                said=trouble_said(label, second.error),
            )
        )
    if not _same(second.value, got.value, tolerance):
        _fail(
            _(
                "Called twice with the same arguments, {name} gave two different answers. Does it "
                "keep something from an earlier call (a global, a default argument), or use "
                "random numbers?",
                name=label,
            )
        )


def _suspected(
    wrong: list[tuple[str, Any, Any]],
    right: list[str],
    suspects: list[Suspect],
    tolerance: _Tolerance,
    got: Result,
) -> Said | None:
    """Return what the first suspect that fits has to say."""
    for one in suspects:
        if one.part is None and _same(got.value, one.value, tolerance):
            return _before(right, wrong[0][0], one.said)
        for part, value, _wanted in wrong:
            if one.part in (None, part) and _equal(value, one.value, tolerance):
                return _before(right, part, one.said)
    return None


def _before(right: list[str], name: str, said: Said) -> Said:
    if right:
        return _("{right} right, {name} not: {said}", right=_are(right), name=name, said=said)
    return _("{name}: {said}", name=name, said=said)


def _are(names: list[str]) -> Said:
    if len(names) == 1:
        return _("{name} is", name=names[0])
    return _("{names} are", names=", ".join(names))
