"""Several files of one student and exercise: which of them are submissions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import PurePosixPath

from lstm_lab.grading.intake.submission import Intake
from lstm_lab.grading.messages.feedback import say

__all__ = ["MOST", "settle"]

MOST = 20
"""Submissions of an exercise by one student; each may take all of its seconds."""


def settle(found: Iterable[Intake]) -> list[Intake]:
    """Return what counts, of each student and exercise.

    The handout's own stubs are no submission beside an answer, and a student who has written
    nothing has one of them. Of several answers each is kept, up to `MOST`, and a person is asked.
    """
    groups: dict[tuple[object, object], list[Intake]] = {}
    for one in found:
        groups.setdefault((one.owner, one.exercise and one.exercise.slug), []).append(one)
    return [one for group in groups.values() for one in _settled(group)]


def _settled(group: list[Intake]) -> list[Intake]:
    # a learner's own copies are in work/
    group = sorted(group, key=lambda one: "work" not in PurePosixPath(one.origin).parts)
    written = [one for one in group if not one.untouched]
    stubs = [one for one in group if one.untouched]
    # what cannot be read may hold the answers, so one that can stays beside it
    kept = written if any(one.gradable for one in written) else [*written, *stubs[:1]]
    if len(kept) > MOST:
        problem = say(
            "{n} files more of the same student and exercise, which are not graded: {most} are "
            "the most",
            n=len(kept) - MOST,
            most=MOST,
        )
        rest = replace(kept[MOST], document=None, problem=problem, digest="")
        return [*_doubled(kept[:MOST]), rest]
    return _doubled(kept)


def _doubled(kept: list[Intake]) -> list[Intake]:
    """Say so where a student has two submissions of one exercise."""
    if len(kept) < 2 or kept[0].exercise is None:
        return kept
    problem = say("{n} submissions of this exercise by the same student", n=len(kept))
    return [one if one.problem else replace(one, problem=problem) for one in kept]
