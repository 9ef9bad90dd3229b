"""``lstm-lab check``: the feedback of `check()`, for a file."""

from __future__ import annotations

import argparse
from pathlib import Path

from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import Exercise, find_exercise, list_exercises
from lstm_lab.grading.grader import Graded, Grader
from lstm_lab.grading.intake import exercise_of
from lstm_lab.grading.messages.words import problem_said
from lstm_lab.grading.notebook.table import Report
from lstm_lab.grading.sources import read_document
from lstm_lab.i18n import gettext as _
from lstm_lab.i18n import language
from lstm_lab.paths import course_root

__all__ = ["HELP", "configure", "run"]

HELP = "check your answers to an exercise"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    text = _("its name or number, such as rnn or 01; or a notebook or Python file")
    parser.add_argument("exercise", help=text)
    parser.add_argument("path", nargs="?", help=_("the file (default: your own copy in work/)"))
    parser.add_argument("--task", help=_("check this task only"))


def run(args: argparse.Namespace) -> int:
    """Check; return 0 if everything is right, 1 if not."""
    exercise, path = _which(args.exercise, args.path)
    if args.task is not None and args.task not in exercise.tasks:
        raise UserError(
            _("There is no task {task}; the tasks are: {tasks}.").format(
                task=repr(args.task), tasks=", ".join(exercise.tasks)
            )
        )
    document = read_document(path)
    with Grader() as grader:
        graded: Graded = grader.grade(exercise, document)
    rows = [row for row in graded.rows if args.task in (None, row["task"])]
    report = Report(rows, exercise.number, exercise.title)
    print(path)
    print(report)
    lang = language()
    notes = document.notes
    notes += [said for one in graded.facts["problems"] if (said := problem_said(one)) is not None]
    for said in notes:
        print(f"! {said[lang]}")
    return 0 if report.passed and not notes else 1


def _which(word: str, path: str | None) -> tuple[Exercise, Path]:
    for one in (word, path):
        if one is not None and Path(one).is_dir():
            raise UserError(
                _("{path} is a folder; name the notebook or Python file in it.").format(path=one)
            )
    if path is None and word.endswith((".ipynb", ".py")):
        document = read_document(Path(word))
        exercise = exercise_of(document, list_exercises(course_root()))
        if exercise is None:
            raise UserError(
                _("{path}: it is not clear which exercise this is; name its number first.").format(
                    path=word
                )
            )
        return exercise, Path(word)
    exercise = find_exercise(word)
    return exercise, Path(path) if path else _own_copy(exercise)


def _own_copy(exercise: Exercise) -> Path:
    first = language()
    for path in sorted(exercise.lesson.copies("exercise"), key=lambda p: p.parent.name != first):
        if path.is_file():
            return path
    raise UserError(
        _(
            "Your copy of exercise {number} is not there yet: start the course once "
            "(python3 lab.py), or name the file: lstm-lab check {number} FILE"
        ).format(number=exercise.number)
    )
