"""The points of each task, read from the graded tests: they are written down nowhere else."""

from __future__ import annotations

from lstm_lab.course.problems import Problem
from lstm_lab.course.source import Source
from lstm_lab.document.points import graded_tests
from lstm_lab.i18n import gettext as _

__all__ = ["points_of_tasks"]


def points_of_tasks(source: Source) -> tuple[dict[str, float], list[Problem]]:
    """Sum up ``@pytest.mark.points(n, task="…")`` over the tests of an exercise.

    The tests are read, not run, so that a card can be written without torch or a solution.

    Returns
    -------
    points : dict
        For each task its points; whole numbers are ints.
    problems : list of Problem
        Tasks without points, tests without a task, points for tasks that are not there.
    """
    path = source.lesson.tests
    where = source.lesson.inside(path)
    points: dict[str, float] = {task.name: 0 for task in source.tasks if task.name}
    if not path.is_file():
        text = _("its graded tests are missing: {where}").format(where=where)
        return points, [Problem(source.path, 1, text)]
    problems = []
    try:
        tests = graded_tests(path.read_text("utf-8"))
    except SyntaxError as error:
        text = _("not Python: {why}").format(why=error.msg)
        return points, [Problem(where, error.lineno or 1, text)]
    for test in tests:
        if not test.points:
            text = _("a graded test needs points: @pytest.mark.points(2, task=…)")
            problems.append(Problem(where, test.line, text))
        for one in test.points:
            if one.task not in points:
                known = ", ".join(points)
                text = _("points for {task}, but the tasks are: {known}").format(
                    task=repr(one.task), known=known
                )
                problems.append(Problem(where, one.line, text))
            elif not one.is_number:
                text = _("points must be a number above 0, written out")
                problems.append(Problem(where, one.line, text))
            else:
                points[one.task] += one.worth
    for task in source.tasks:
        if task.name and not points[task.name]:
            text = _("no test in {where} gives points to this task").format(where=where)
            problems.append(Problem(source.path, task.line, text))
    return points, problems
