"""Known mistakes in a wrong value: by what they would return, or by a look at the value itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.grading.messages.closeness import Tolerance
from lstm_lab.grading.messages.feedback import Feedback, Said, filled, say
from lstm_lab.grading.result import Result
from lstm_lab.i18n import gettext

__all__ = ["Part", "Symptom", "before", "recognised"]

Part = tuple[str, Any, Any]
"""A name, the learner's value, the expected one."""


@dataclass(frozen=True)
class Symptom:
    """What a learner's own value shows, where no wrong program would return just this value.

    It stands in a graded test, and so in a handout: it must hold no answer.

    Parameters
    ----------
    when : callable
        ``when(got, want, *arguments)``, with the arguments of the call, returns whether it fits,
        or a dict of facts for the placeholders of the sentence. An error means that it does not.
    en, zh : str
        The sentence.
    part : str, optional
        Look at this one of several outputs, if it is wrong; `got` and `want` are it alone.
    first : bool
        Look before the mistakes are tried, not after.

    Examples
    --------
    >>> whole = Symptom(lambda got, want, x: (got == got.round()).all(), "rounded.", "取整了。")
    >>> whole.said(np.array([1.0, 2.0]), np.array([1.2, 2.4]), (0.5,), {})["en"]
    'rounded.'
    """

    when: Callable[..., bool | Mapping[str, Any]]
    en: str
    zh: str
    part: str | None = None
    first: bool = False

    def __post_init__(self) -> None:
        if not self.en.strip() or not self.zh.strip():
            raise UserError(gettext("a symptom must be said in each language, en and zh"))

    def said(
        self, got: Any, want: Any, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Said | None:
        """Return the sentence if it fits."""
        try:
            with np.errstate(all="ignore"):
                found = self.when(got, want, *args, **kwargs)
        except Exception:  # an answer may be of any form
            return None
        sentence: Said = {"en": self.en, "zh": self.zh}
        if isinstance(found, Mapping):
            return filled(sentence, found) if found else None
        return sentence if bool(found) else None


def recognised(
    got: Result,
    want: Any,
    wrong: list[Part],
    right: list[str],
    symptoms: Iterable[Symptom],
    split: Callable[[Any], list[Part]],
    tolerance: Tolerance,
) -> Said | None:
    """Return what the first mistake or symptom that fits has to say.

    A value is held against each mistake's whole, then each wrong output against the same output
    of each mistake where that one is wrong too; so two mistakes at once are both known.

    Parameters
    ----------
    got : Result
    want : Result or other value
    wrong, right : list
        The wrong parts, and the names of the right ones.
    symptoms : iterable of Symptom
    split : callable
        Returns the parts of a value that has the form of what is wanted; raises if it has not.
    tolerance : Tolerance
    """
    symptoms = list(symptoms)
    mistakes = _Kept(want.mistakes(got) if isinstance(want, Result) and want.mistakes else ())
    return (
        _shown(got, want, wrong, right, [one for one in symptoms if one.first])
        or _whole(got, wrong, right, mistakes, tolerance)
        or _by_part(wrong, right, mistakes, split, tolerance)
        or _shown(got, want, wrong, right, [one for one in symptoms if not one.first])
    )


class _Kept:
    """What an iterator yields, to be gone through twice and computed once."""

    def __init__(self, source: Iterable[tuple[Said, Any]]) -> None:
        self._source = iter(source)
        self._found: list[tuple[Said, Any]] = []

    def __iter__(self) -> Iterator[tuple[Said, Any]]:
        yield from self._found
        for one in self._source:
            self._found.append(one)
            yield one


def _whole(
    got: Result, wrong: list[Part], right: list[str], mistakes: _Kept, tolerance: Tolerance
) -> Said | None:
    for said, value in mistakes:
        if tolerance.same(got.value, value):
            return before(right, wrong[0][0], said) if wrong else said
    return None


def _by_part(
    wrong: list[Part],
    right: list[str],
    mistakes: _Kept,
    split: Callable[[Any], list[Part]],
    tolerance: Tolerance,
) -> Said | None:
    for said, value in mistakes if len(wrong) + len(right) > 1 else ():
        try:
            parts = {part: theirs for part, theirs, _wanted in split(value)}
        except Feedback:  # the mistake returns another number of things
            continue
        for part, mine, wanted in wrong:
            theirs = parts[part]
            if tolerance.equal(mine, theirs) and not tolerance.equal(theirs, wanted):
                return before(right, part, said)
    return None


def _shown(
    got: Result, want: Any, wrong: list[Part], right: list[str], symptoms: list[Symptom]
) -> Said | None:
    value, args, kwargs = want, (), {}
    if isinstance(want, Result):
        value, args, kwargs = want.value, want.args_after, want.kwargs_after
    for one in symptoms:
        if one.part is None:
            said = one.said(got.value, value, args, kwargs)
            if said is not None:
                return before(right, wrong[0][0], said) if wrong else said
        for part, mine, wanted in wrong:
            said = one.said(mine, wanted, args, kwargs) if part == one.part else None
            if said is not None:
                return before(right, part, said)
    return None


def before(right: list[str], name: str, said: Said) -> Said:
    """Return the sentence with what it is about in front, and what is right."""
    if right:
        return say("{right} right, {name} not: {said}", right=_are(right), name=name, said=said)
    return say("{name}: {said}", name=name, said=said)


def _are(names: list[str]) -> Said:
    if len(names) == 1:
        return say("{name} is", name=names[0])
    return say("{names} are", names=", ".join(names))
