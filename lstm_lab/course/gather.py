"""All sources of the course, read and held against the rules."""

from __future__ import annotations

import ast
from pathlib import Path

from lstm_lab.course.code_rules import check_code, predict_ids
from lstm_lab.course.folds import check_folds
from lstm_lab.course.language_rules import check_language
from lstm_lab.course.link_rules import check_links
from lstm_lab.course.points import points_of_tasks
from lstm_lab.course.problems import Problem
from lstm_lab.course.prose_rules import check_prose
from lstm_lab.course.render import Course
from lstm_lab.course.source import Source, read_source
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.layout import ORDER, Layout, Lesson

__all__ = ["gather"]


def gather(root: Path) -> tuple[Course, list[Problem]]:
    """Read every source below `root`.

    Returns
    -------
    course : Course
        Complete only if there are no problems.
    problems : list of Problem
        Every rule broken, in whichever file.
    """
    layout = Layout(root)
    lessons = [read_source(one, "lesson") for one in layout.all if one.lesson.is_file()]
    exercises = [read_source(one, "exercise") for one in layout.lessons if one.exercise.is_file()]
    if not lessons and not exercises:
        raise UserError(
            _("nothing to build: {folder} holds no sources").format(folder=layout.folder)
        )
    problems: list[Problem] = []
    predictions: dict[str, str] = {}
    points = {}
    numbers = {one.slug: one.number for one in layout.lessons}
    for source in [*lessons, *exercises]:
        problems += source.problems
        problems += check_prose(source, numbers)
        problems += check_code(source)
        problems += check_folds(source)
        problems += check_language(source)
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
            points[source.slug], of_points = points_of_tasks(source)
            problems += of_points
    problems += _check_places(layout)
    problems += _check_torch(layout, [*lessons, *exercises])
    problems += check_links([*lessons, *exercises], layout)
    numbered = [lesson for lesson in lessons if not lesson.appendix]
    appendices = [lesson for lesson in lessons if lesson.appendix]
    return Course(layout, numbered, exercises, points, appendices), problems


def _check_places(layout: Layout) -> list[Problem]:
    """Find folders that no list names, and files that belong to no lesson or exercise."""
    problems = []
    listed = {one.slug: one for one in layout.all}
    for folder in sorted(path for path in layout.folder.iterdir() if path.is_dir()):
        one = listed.get(folder.name)
        if one is None:
            if any(folder.glob("*.py")):
                text = _("the lesson {slug} has a folder, and is not in the list of lessons")
                problems.append(Problem(ORDER, 1, text.format(slug=repr(folder.name))))
        elif not one.lesson.is_file():
            text = _("there is no lesson beside it: {path} is missing")
            path = one.inside(one.lesson)
            problems += [Problem(p, 1, text.format(path=path)) for p in _of_exercise(one)]
        elif not one.exercise.is_file() or not one.number:
            text = _("there is no exercise that this belongs to")
            if not one.number:
                text = _("an appendix has no exercise")
            problems += [Problem(p, 1, text) for p in _of_exercise(one)]
    return problems


def _of_exercise(one: Lesson) -> list[str]:
    paths = (one.exercise, one.mistakes, one.tests)
    return [one.inside(path) for path in paths if path.is_file()]


def _check_torch(layout: Layout, sources: list[Source]) -> list[Problem]:
    """Hold what the list says of torch against the code: a name ``torch`` is the library."""
    found = {source.slug for source in sources if _names_torch(source)}
    problems = []
    for one in layout.all:
        if one.lesson.is_file() and one.torch != (one.slug in found):
            text = _("[lesson.{slug}] must say torch = true: its code uses it")
            if one.torch:
                text = _("[lesson.{slug}] says torch = true, and its code does not use it")
            problems.append(Problem(ORDER, 1, text.format(slug=one.slug)))
    return problems


def _names_torch(source: Source) -> bool:
    for cell in source.cells:
        if cell.kind != "code" or "torch" not in cell.text:
            continue
        try:
            tree = ast.parse(cell.text)
        except SyntaxError:  # told elsewhere
            continue
        for node in ast.walk(tree):
            imported = isinstance(node, ast.Import) and any(a.name == "torch" for a in node.names)
            if imported or (isinstance(node, ast.Name) and node.id == "torch"):
                return True
    return False
