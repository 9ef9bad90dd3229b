"""The feedback of `check()`, for a file: what ``lstm-lab check`` calls."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import Exercise, list_exercises
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.intake import exercise_of
from lstm_lab.grading.messages.feedback import Said
from lstm_lab.grading.messages.words import problem_said
from lstm_lab.grading.notebook.table import Report
from lstm_lab.grading.sources import read_document
from lstm_lab.i18n import gettext as _

__all__ = ["Checked", "check_file"]


@dataclass(frozen=True)
class Checked:
    """What checking a file gave.

    Attributes
    ----------
    exercise : Exercise
    report : Report
        One row a test; printed, or shown by a notebook, it is a table.
    notes : list of Said
        What else should be known of the file, in both languages.
    """

    exercise: Exercise
    report: Report
    notes: list[Said]

    @property
    def passed(self) -> bool:
        """Whether all is right and there is nothing to note."""
        return self.report.passed and not self.notes


def check_file(
    path: Path | str, exercise: Exercise | None = None, task: str | None = None
) -> Checked:
    """Run the graded tests of an exercise on a notebook or Python file, in the sandbox.

    Parameters
    ----------
    path : path
    exercise : Exercise, optional
        By default what the file's metadata, name or functions say.
    task : str, optional
        Report this task only.

    Raises
    ------
    UserError
        The file cannot be read, or is of no exercise; there is no such task.

    Examples
    --------
    >>> from lstm_lab.grading import check_file
    >>> check_file("05_lstm_cell.ipynb").passed  # doctest: +SKIP
    True
    """
    document = read_document(Path(path))
    exercise = exercise or exercise_of(document, list_exercises())
    if exercise is None:
        raise UserError(
            _("{path}: it is not clear which exercise this is; name its number first.").format(
                path=path
            )
        )
    if task is not None and task not in exercise.tasks:
        raise UserError(
            _("There is no task {task}; the tasks are: {tasks}.").format(
                task=repr(task), tasks=", ".join(exercise.tasks)
            )
        )
    with Grader() as grader:
        graded = grader.grade(exercise, document)
    rows = [row for row in graded.rows if task in (None, row["task"])]
    told = (problem_said(one) for one in graded.facts["problems"])
    notes = [*document.notes, *(said for said in told if said is not None)]
    return Checked(exercise, Report(rows, exercise.number, exercise.title), notes)
