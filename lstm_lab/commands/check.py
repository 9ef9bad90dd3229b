"""``lstm-lab check``: the feedback of `check()`, for a file."""

from __future__ import annotations

import argparse
from pathlib import Path

from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import Exercise, find_exercise
from lstm_lab.grading.file import check_file
from lstm_lab.i18n import gettext as _
from lstm_lab.i18n import language

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
    checked = check_file(path, exercise, args.task)
    print(path)
    print(checked.report)
    for said in checked.notes:
        print(f"! {said[language()]}")
    return 0 if checked.passed else 1


def _which(word: str, path: str | None) -> tuple[Exercise | None, Path]:
    for one in (word, path):
        if one is not None and Path(one).is_dir():
            raise UserError(
                _("{path} is a folder; name the notebook or Python file in it.").format(path=one)
            )
    if path is None and word.endswith((".ipynb", ".py")):
        return None, Path(word)
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
