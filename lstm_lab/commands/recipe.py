"""``lstm-lab recipe``: the files with which Gradescope and GitHub Classroom grade."""

from __future__ import annotations

import argparse
from pathlib import Path

from lstm_lab.errors import UserError
from lstm_lab.grading.batch.key import read_key
from lstm_lab.grading.exercises import find_exercise, list_exercises
from lstm_lab.i18n import gettext as _

__all__ = ["HELP", "configure", "run"]

HELP = "files for Gradescope and GitHub Classroom (for instructors)"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "platform",
        choices=["gradescope", "classroom"],
        help=_("gradescope: an autograder zip; classroom: a workflow in a handout"),
    )
    parser.add_argument(
        "--exercise",
        action="append",
        metavar="EXERCISE",
        help=_("this exercise (Classroom: may be given again; default: all)"),
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="ZIP|FOLDER",
        help=_("the zip to write, or the folder of an unpacked handout"),
    )
    parser.add_argument(
        "--key", type=Path, metavar="FILE", help=_("your secret, from which inputs are drawn")
    )
    parser.add_argument(
        "--trust-submissions",
        action="store_true",
        help=_("grade even where hostile code cannot be held"),
    )


def run(args: argparse.Namespace) -> int:
    """Write the files."""
    exercises = (
        [find_exercise(number) for number in args.exercise] if args.exercise else list_exercises()
    )
    if args.platform == "classroom":
        from lstm_lab.course.recipes.classroom import add_classroom

        if args.key:
            raise UserError(
                _("In GitHub Classroom students can read every file, so it takes no key.")
            )
        path = add_classroom(args.out, exercises)
        print(_("{path}: commit it with the handout").format(path=path))
        return 0
    from lstm_lab.course.recipes.autograder import autograder_zip

    if len(exercises) != 1 or not args.exercise:
        there = ", ".join(one.number for one in list_exercises())
        text = _("A Gradescope assignment is one exercise; choose one with --exercise: {there}.")
        raise UserError(text.format(there=there))
    key = read_key(args.key)
    size = autograder_zip(exercises[0], args.out, key, args.trust_submissions)
    print(
        _("{path}: {size:.1f} MB, exercise {number}").format(
            path=args.out, size=size / 1e6, number=exercises[0].number
        )
    )
    if not key:
        print(_("Without --key the inputs are those of check(), which students can look up."))
    return 0
