"""A survey in words: the share, and each survivor as a difference with its place."""

from __future__ import annotations

from collections.abc import Iterator

from lstm_lab.course.mutation.automatic import Automatic
from lstm_lab.course.mutation.survey import Survey
from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.mutants import Equivalent
from lstm_lab.i18n import gettext as _

__all__ = ["told"]


def told(survey: Survey) -> Iterator[str]:
    """Yield lines for a person, the summary last."""
    exercise = survey.exercise
    for one in survey.survivors:
        yield _("{place}  {task}: no test notices").format(
            place=place(exercise, one), task=one.task
        )
        yield from _difference(one)
    for one in survey.broke:
        yield _("{place}  {task}: a test itself breaks at this").format(
            place=place(exercise, one), task=one.task
        )
        yield from _difference(one)
    for mutant in survey.missed:
        yield _("{path}: mutant {name} survives: no test of {task} rejects it").format(
            path=_inside(exercise, exercise.mutants_path), name=repr(mutant.name), task=mutant.task
        )
    for entry in survey.wrongly_listed:
        yield _("{path}: listed as equivalent, but rejected").format(
            path=_inside(exercise, exercise.mutants_path)
        )
        yield from _difference(entry)
    for entry in survey.unknown:
        yield _("{path}: listed as equivalent, but there is no such change").format(
            path=_inside(exercise, exercise.mutants_path)
        )
        yield from _difference(entry)
    tried = len(survey.rejected) + len(survey.survivors) + len(survey.equivalent)
    yield _(
        "{name}: {tried} automatic changes, {equivalent} of them no mistake, {survive} survive: "
        "{share:.1f} % rejected"
    ).format(
        name=exercise.name,
        tried=tried,
        equivalent=len(survey.equivalent),
        survive=len(survey.survivors),
        share=100 * survey.share,
    )
    if survey.typical:
        yield _("{name}: {rejected} of {all} typical mistakes rejected").format(
            name=exercise.name,
            rejected=len(survey.typical) - len(survey.missed),
            all=len(survey.typical),
        )


def place(exercise: Exercise, one: Automatic) -> str:
    """Return file and line of a change in the solution's source."""
    path = exercise.solution_path
    name = _inside(exercise, path)
    if path.suffix != ".py":
        return name
    cell = next(c for c in exercise.solution.cells if c.name == one.task)
    above = path.read_text("utf-8").replace("\r\n", "\n").partition(cell.source)[0]
    return f"{name}:{above.count(chr(10)) + one.line}"


def _inside(exercise: Exercise, path: object) -> str:
    return str(path).removeprefix(f"{exercise.root}/")


def _difference(one: Automatic | Equivalent) -> Iterator[str]:
    yield f"  - {one.before}" + (f"    # {one.nth}." if (one.nth or 1) > 1 else "")
    yield f"  + {one.after}"
