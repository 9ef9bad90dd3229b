"""Grade every changed solution, and tell which the tests did not notice."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from lstm_lab.course.mutation.automatic import Automatic, automatic
from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.mutants import (
    Equivalent,
    Mutant,
    Slip,
    load_equivalents,
    load_mutants,
    mutate,
)
from lstm_lab.i18n import gettext as _

__all__ = ["Survey", "changes", "survey"]


@dataclass
class Survey:
    """What the graded tests of one exercise noticed.

    Attributes
    ----------
    exercise : Exercise
    rejected, equivalent, survivors, broke : list of Automatic
        Changes that cost points; those listed as no mistake; those that nobody noticed; and
        those at which a test itself broke (they cost points as well).
    typical, missed : list of Mutant
        The typical mistakes that were tried, and those of them that cost no points.
    wrongly_listed : list of Equivalent
        Listed as no mistake, but a test rejects it.
    unknown : list of Equivalent
        Listed, but no such change can be made (any more); not told for a sample.
    """

    exercise: Exercise
    rejected: list[Automatic] = field(default_factory=list)
    equivalent: list[Automatic] = field(default_factory=list)
    survivors: list[Automatic] = field(default_factory=list)
    broke: list[Automatic] = field(default_factory=list)
    typical: list[Mutant | Slip] = field(default_factory=list)
    missed: list[Mutant | Slip] = field(default_factory=list)
    wrongly_listed: list[Equivalent] = field(default_factory=list)
    unknown: list[Equivalent] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share rejected of all changes that are mistakes."""
        return len(self.rejected) / max(len(self.rejected) + len(self.survivors), 1)


def changes(exercise: Exercise, sample: int | None = None, seed: int = 0) -> list[Automatic]:
    """Return all automatic changes of an exercise's solution, or a seeded sample of them."""
    found = automatic(exercise.solution, exercise.tasks)
    if sample is None or sample >= len(found):
        return found
    chosen = set(random.Random(seed).sample(range(len(found)), sample))
    return [one for n, one in enumerate(found) if n in chosen]


def survey(
    exercise: Exercise, tried: list[Automatic], sandbox: Grader, whole: bool = True
) -> Iterator[Survey]:
    """Try the changes and, unless it is a sample, the typical mistakes; yield after each.

    Parameters
    ----------
    exercise : Exercise
    tried : list of Automatic
        From `changes`.
    sandbox : Grader
        What grades them.
    whole : bool
        Whether these are all changes there are.

    Raises
    ------
    UserError
        The solution itself does not get full marks.
    """
    found = Survey(exercise)
    right = sandbox.grade(exercise, exercise.solution)
    if right.earned != right.points:
        raise UserError(
            _("The solution of exercise {number} does not pass its own tests.").format(
                number=exercise.number
            )
        )
    listed = load_equivalents(exercise)
    met: list[Equivalent] = []
    for one in tried:
        graded = sandbox.grade(exercise, one.into(exercise.solution), task=one.task)
        entry = next((e for e in listed if one.is_listed_as(e)), None)
        if entry is not None:
            met.append(entry)
        if graded.earned < graded.points:
            found.rejected.append(one)
            if entry is not None:
                found.wrongly_listed.append(entry)
        else:
            (found.survivors if entry is None else found.equivalent).append(one)
        if any(row["status"] == "error" for row in graded.rows):
            found.broke.append(one)
        yield found
    if not whole:
        return
    found.unknown = [entry for entry in listed if entry not in met]
    for mutant in load_mutants(exercise):
        graded = sandbox.grade(exercise, mutate(exercise.solution, mutant), task=mutant.task)
        found.typical.append(mutant)
        if graded.earned == graded.points:
            found.missed.append(mutant)
        yield found
