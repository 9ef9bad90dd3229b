"""Hold a result against the expected value, and say the first thing that is wrong.

The order is that in which a learner would look: did it run, did it return, how many things, of
which shape and kind, finite, arguments left alone, and only then the numbers, for which typical
mistakes are tried first. Expected numbers are never shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from lstm_lab.grading.messages.closeness import Tolerance, as_array
from lstm_lab.grading.messages.feedback import Feedback, Said, fail, say
from lstm_lab.grading.messages.form import check_form, parts_of
from lstm_lab.grading.messages.recognising import Part, Symptom, before, recognised
from lstm_lab.grading.messages.symptoms import of_values
from lstm_lab.grading.messages.words import trouble_said
from lstm_lab.grading.result import Result

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


def compare(
    got: Result,
    want: Any,
    *,
    name: str | Sequence[str] = "the result",
    rtol: float = 1e-7,
    atol: float = 1e-9,
    suspects: Iterable[Suspect] = (),
    symptoms: Iterable[Symptom] = (),
    mutates: Iterable[int | str] = (),
    repeat: bool = True,
) -> None:
    """Pass if `got` is as wanted, else raise `Feedback` with the first thing that is not.

    Parameters
    ----------
    got : Result
        From ``submission.call`` or a verb of a module.
    want : Result, array_like, tuple, dict
        What the solution gave for the same call; its typical mistakes are then looked for, once
        something is wrong. Or an expected value in closed form, for which none are known.
    name : str or sequence of str
        What the learner calls it; one name a part where several things are returned.
    rtol, atol : float
        As in `numpy.isclose`.
    suspects : iterable of Suspect
        Named mistakes, tried in order before general symptoms. Looked at only where something is
        wrong: what yields them, a generator, costs a right answer nothing.
    symptoms : iterable of Symptom
        What else may be seen in the learner's own value.
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
    expected = want.value if isinstance(want, Result) else want
    if isinstance(want, Result) and want.compared is not None:
        want.compared(got)
    tolerance = Tolerance(rtol, atol)
    label = got.name or (name if isinstance(name, str) else ", ".join(name))
    if got.error is not None:
        fail(trouble_said(label, got.error))
    if got.value is None and expected is not None:
        fail(say("{name} returned None: does it end in a return?", name=label))

    def split(value: Any) -> list[Part]:
        return parts_of(value, expected, name, label)

    try:
        parts = split(got.value)
    except Feedback:
        said = recognised(got, want, [], [], symptoms, split, tolerance)
        if said is not None:
            fail(say("{name}: {said}", name=label, said=said))
        raise
    wrong = [part for part in parts if not tolerance.equal(part[1], part[2])]
    right = [part for part, *_rest in parts if part not in {w[0] for w in wrong}]
    # A named mistake says more than its shape or its nan does.
    named = None
    if wrong:
        named = _suspected(wrong, right, suspects, tolerance, got) or recognised(
            got, want, wrong, right, symptoms, split, tolerance
        )
    if named is None:
        for part, value, wanted in parts:
            check_form(part, value, wanted, got)
    allowed = set(mutates)
    for changed in got.changed:
        if changed not in allowed:
            fail(
                say(
                    "{name} changed its {argument}. Work on a copy (`x = x.copy()`, or `x = x + y` "
                    "instead of `x += y`): whoever calls it still needs the old values.",
                    name=label,
                    argument=_argument(changed, got.names),
                )
            )
    if named is not None:
        fail(named)
    if repeat and got.again is not None:
        _check_again(got, got.again(), label, tolerance)
    if wrong:
        part, value, wanted = wrong[0]
        array, numbers = as_array(value), as_array(wanted)
        if array is None or numbers is None:
            fail(say("{name} is not what was asked for.", name=part))
        fail(before(right, part, of_values(array, numbers, tolerance.near)))


def _argument(changed: int | str, names: Sequence[str]) -> Said:
    if isinstance(changed, int) and changed < len(names):
        changed = names[changed]
    if isinstance(changed, int):
        return say("argument number {n}", n=changed + 1)
    return say("argument {name}", name=changed)


def _check_again(got: Result, second: Result, label: str, tolerance: Tolerance) -> None:
    """An answer that changes from call to call is memory or chance, whatever else is wrong."""
    if second.error is not None:
        fail(
            say(
                "The first call went well, a second one with the same arguments did not: {said}",
                said=trouble_said(label, second.error),
            )
        )
    if not tolerance.same(second.value, got.value):
        fail(
            say(
                "Called twice with the same arguments, {name} gave two different answers. Does it "
                "keep something from an earlier call (a global, a default argument), or use "
                "random numbers?",
                name=label,
            )
        )


def _suspected(
    wrong: list[Part],
    right: list[str],
    suspects: Iterable[Suspect],
    tolerance: Tolerance,
    got: Result,
) -> Said | None:
    """Return what the first suspect that fits has to say."""
    for one in suspects:
        if one.part is None and tolerance.same(got.value, one.value):
            return before(right, wrong[0][0], one.said)
        for part, value, _wanted in wrong:
            if one.part in (None, part) and tolerance.equal(value, one.value):
                return before(right, part, one.said)
    return None
