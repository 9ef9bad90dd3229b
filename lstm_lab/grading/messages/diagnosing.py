"""Judge a function that is given what a program returned, and names the program's fault."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from lstm_lab.grading.messages.feedback import Private, fail, say
from lstm_lab.grading.messages.words import describe, trouble_said
from lstm_lab.grading.result import Result

__all__ = ["RIGHT", "Case", "judge_diagnoses"]

RIGHT = "right"


class Callee(Protocol):
    """What is called by name: the submission."""

    def call(self, name: str, *args: Any, **kwargs: Any) -> Result: ...


@dataclass(frozen=True)
class Case:
    """What some program returned for some arguments.

    Attributes
    ----------
    names : frozenset of str
        The mistakes that return just this, `RIGHT` among them if the right program does too.
        Each of them is a right diagnosis.
    args : tuple
    value : object
    """

    names: frozenset[str]
    args: tuple[Any, ...]
    value: Any

    @property
    def seen(self) -> tuple[Any, ...]:
        """The arguments, then what was returned, one after the other."""
        return (*self.args, *(self.value if isinstance(self.value, tuple) else (self.value,)))


def judge_diagnoses(
    submission: Callee,
    name: str,
    cases: Sequence[Case],
    rng: np.random.Generator,
    given: Callable[[Case], tuple[Any, ...]] = lambda case: case.seen,
) -> None:
    """Pass if every case is named rightly, else raise `Feedback`.

    The cases come in an order drawn from `rng`: who counts calls learns nothing.

    Parameters
    ----------
    submission : Submission
    name : str
        The function that names the fault.
    cases : sequence of Case
        From the fixture `mistakes`.
    rng : numpy.random.Generator
    given : callable
        What the function is given of a case; by default `Case.seen`.

    Raises
    ------
    Feedback
        What kind of case was taken for what; never the right name.
    """
    known = {RIGHT}.union(*(case.names for case in cases))
    right = 0
    healthy: list[str] = []
    faulty: list[str] = []
    for n in rng.permutation(len(cases)):
        case = cases[n]
        got = submission.call(name, *given(case))
        if got.error is not None:
            fail(trouble_said(name, got.error))
        said = got.value
        if type(said) is not str:
            fail(
                say(
                    "{name} should return the name of a fault, a text, but returned {found}.",
                    name=name,
                    found=Private(describe(said)),
                )
            )
        if said not in known:
            fail(
                say(
                    "{name} returned {said}, which is none of the names: {names}.",
                    name=name,
                    said=Private(repr(said[:40])),
                    names=", ".join(sorted(known)),
                )
            )
        if said in case.names:
            right += 1
        else:
            (healthy if RIGHT in case.names else faulty).append(said)
    if right == len(cases):
        return
    count = say(
        "{name} is right on {n} of {all} programs. ", name=name, n=Private(right), all=len(cases)
    )
    if healthy:
        fail(
            say(
                "{count}It calls a right program {said}: is its tolerance too small, or does it "
                "take for granted what holds in some cases only?",
                count=count,
                said=Private(healthy[0]),
            )
        )
    if RIGHT in faulty:
        fail(
            say(
                "{count}It calls a faulty program right: does its symptom show with all weights "
                "and inputs, or is its tolerance too wide?",
                count=count,
            )
        )
    if len(set(faulty)) == 1 and len(faulty) > 1:
        fail(
            say(
                "{count}It calls different faults all {said}: each fault needs a symptom that no "
                "other has.",
                count=count,
                said=Private(faulty[0]),
            )
        )
    fail(
        say(
            "{count}It takes another fault for {said}: look for what only that one changes.",
            count=count,
            said=Private(faulty[0]),
        )
    )
