"""All sources of the course, read and held against the rules."""

from __future__ import annotations

import re
from pathlib import Path

from lstm_lab.course.code_rules import check_code, predict_ids
from lstm_lab.course.link_rules import check_links
from lstm_lab.course.points import points_of_tasks
from lstm_lab.course.problems import Problem
from lstm_lab.course.prose_rules import check_prose
from lstm_lab.course.render import Course
from lstm_lab.course.source import Source, read_source
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = ["gather"]

_MUTANTS = re.compile(r"\d\d_mutants\.py")


def gather(root: Path) -> tuple[Course, list[Problem]]:
    """Read every source below `root`.

    Returns
    -------
    course : Course
        Complete only if there are no problems.
    problems : list of Problem
        Every rule broken, in whichever file.
    """
    lessons = _read_all(root, "lesson", root / "notebooks" / "src")
    exercises = _read_all(root, "exercise", root / "solutions" / "src")
    if not lessons and not exercises:
        raise UserError(
            _("nothing to build: {folder} holds no sources").format(
                folder=root / "notebooks" / "src"
            )
        )
    problems: list[Problem] = []
    predictions: dict[str, str] = {}
    points = {}
    for source in [*lessons, *exercises]:
        problems += source.problems
        problems += check_prose(source)
        problems += check_code(source)
        ids, of_ids = predict_ids(source)
        problems += of_ids
        for name, line in ids.items():
            if name in predictions:
                text = _("the Predict id {id} is already used in {where}").format(
                    id=repr(name), where=predictions[name]
                )
                problems.append(Problem(source.path, line, text))
            predictions.setdefault(name, f"{source.path}:{line}")
        if source.kind == "exercise":
            points[source.number], of_points = points_of_tasks(source, root)
            problems += of_points
    problems += _check_numbers(lessons, exercises)
    problems += _check_strays(exercises, root)
    problems += check_links([*lessons, *exercises], root)
    numbered = [lesson for lesson in lessons if not lesson.appendix]
    appendices = [lesson for lesson in lessons if lesson.appendix]
    return Course(numbered, exercises, points, appendices), problems


def _read_all(root: Path, kind: str, folder: Path) -> list[Source]:
    if not folder.is_dir():
        return []
    return [
        read_source(path, root, kind)
        for path in sorted(folder.glob("*.py"))
        if not (kind == "exercise" and _MUTANTS.fullmatch(path.name))
    ]


def _check_numbers(lessons: list[Source], exercises: list[Source]) -> list[Problem]:
    problems = []
    for row in (lessons, exercises):
        seen: dict[str, Source] = {}
        for source in row:
            if source.number in seen and not source.appendix:
                text = _("number {number} is already that of {where}").format(
                    number=source.number, where=seen[source.number].path
                )
                problems.append(Problem(source.path, 1, text))
            seen.setdefault(source.number, source)
    of_number = {lesson.number: lesson for lesson in lessons}
    for exercise in exercises:
        lesson = of_number.get(exercise.number)
        if lesson is None:
            text = _("there is no lesson {number} for this exercise").format(number=exercise.number)
            problems.append(Problem(exercise.path, 1, text))
        elif lesson.slug != exercise.slug:
            text = _("a lesson and its exercise share one name: {want}, as {where}").format(
                want=f"{lesson.name}.py", where=lesson.path
            )
            problems.append(Problem(exercise.path, 1, text))
    return problems


def _check_strays(exercises: list[Source], root: Path) -> list[Problem]:
    """Find graded tests and mutants that belong to no exercise, as after a renaming."""
    tests = {f"test_{exercise.name}.py" for exercise in exercises}
    mutants = {f"{exercise.number}_mutants.py" for exercise in exercises}
    strays = [
        path
        for folder, pattern, known in (
            ("tests/exercises", "test_[0-9][0-9]_*.py", tests),
            ("solutions/src", "[0-9][0-9]_mutants.py", mutants),
        )
        for path in sorted((root / folder).glob(pattern))
        if path.name not in known
    ]
    text = _("there is no exercise in solutions/src that this belongs to")
    return [Problem(path.relative_to(root).as_posix(), 1, text) for path in strays]
