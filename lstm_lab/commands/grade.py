"""``lstm-lab grade``: marks for a folder of submissions."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from lstm_lab.errors import UserError
from lstm_lab.grading.batch.bar import Bar
from lstm_lab.grading.batch.demo import make_class
from lstm_lab.grading.batch.folder import grade_folder
from lstm_lab.grading.exercises import Exercise, find_exercise, list_exercises
from lstm_lab.grading.reports.roster import Match
from lstm_lab.grading.sandbox.processes import is_isolated
from lstm_lab.grading.text import plain
from lstm_lab.i18n import gettext as _
from lstm_lab.paths import course_root

__all__ = ["HELP", "configure", "run"]

HELP = "grade a folder of submissions"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "folder",
        type=Path,
        nargs="?",
        help=_("a folder or zip with a file, a zip or a folder for each student"),
    )
    parser.add_argument("--out", type=Path, metavar="RESULTS", help=_("folder for the results"))
    parser.add_argument(
        "--demo",
        action="store_true",
        help=_("make 200 submissions, good, bad and hostile, and grade them"),
    )
    parser.add_argument(
        "--exercise",
        action="append",
        metavar="EXERCISE",
        help=_("grade this exercise only (may be given again)"),
    )
    parser.add_argument(
        "--key", type=Path, metavar="FILE", help=_("your secret, from which inputs are drawn")
    )
    parser.add_argument(
        "--roster",
        type=Path,
        metavar="FILE",
        help=_("class list (CSV): who has handed in nothing, and names that match nobody"),
    )
    parser.add_argument(
        "-j", "--jobs", type=int, default=0, metavar="N", help=_("submissions graded side by side")
    )
    parser.add_argument(
        "--dask",
        metavar="ADDRESS",
        help=_("grade on the Dask cluster whose scheduler is there, or on a 'local' one"),
    )
    parser.add_argument(
        "--trust-submissions",
        action="store_true",
        help=_("grade even where hostile code cannot be held"),
    )
    parser.add_argument(
        "--again", action="store_true", help=_("grade also what has been graded before")
    )


def run(args: argparse.Namespace) -> int:
    """Grade; return 0 when every submission has its line and its page in the results."""
    exercises = (
        [find_exercise(number) for number in args.exercise] if args.exercise else list_exercises()
    )
    if args.demo:
        _make_demo(args, exercises)
    if args.folder is None or args.out is None:
        raise UserError(
            _("Name the folder of submissions and, with --out, one for the results; or say --demo.")
        )
    done = grade_folder(
        args.folder,
        args.out,
        exercises=exercises,
        key=args.key,
        roster=args.roster,
        jobs=args.jobs,
        dask=args.dask,
        trust_submissions=args.trust_submissions,
        again=args.again,
        progress=_bar,
    )
    print(
        _("{n} graded, {attention} need attention: {path}").format(
            n=done.graded, attention=done.attention, path=done.results
        )
    )
    if args.demo:
        print(_("Have a look at {path}").format(path=args.out / "overview.html"))
    if done.set_aside is not None:
        text = _("results.csv had been changed; that one is {path} now.")
        print(text.format(path=done.set_aside))
    if done.roster is not None:
        _tell_roster(done.roster)
    for student, why in done.lost:
        text = _("The page of {student} could not be written: {why}")
        print(plain(text.format(student=student, why=why)), file=sys.stderr)
    return 1 if done.lost else 0


def _bar(total: int, level: str) -> Bar:
    console = Console(stderr=True)
    if is_isolated(level):
        text = _("Isolation: {level}.")
    else:
        text = _("Isolation: {level}. At this level grade trusted submissions only.")
    console.print(text.format(level=level), highlight=False)
    return Bar(total, console)


def _make_demo(args: argparse.Namespace, exercises: list[Exercise]) -> None:
    """Make the demonstration's submissions; it goes where nothing of the learner's is."""
    if args.folder is not None:
        raise UserError(_("--demo makes the submissions itself: name no folder."))
    base = args.out or course_root() / "work" / "demo"
    args.folder, args.out = base / "submissions", base / "results"
    make_class(args.folder, exercises)
    print(_("200 submissions were made in {folder}").format(folder=args.folder))


def _tell_roster(match: Match) -> None:
    for number, missing in match.missing.items():
        print(
            _("Exercise {number}: {n} of {all} on the class list have handed in.").format(
                number=number, n=len(match.persons) - len(missing), all=len(match.persons)
            )
        )
    for name, maybe in match.unknown:
        who = " / ".join(one.label for one in maybe)
        text = _("Not on the class list: {name}")
        if maybe:
            text = _("Not clear who on the class list is {name}: {who}")
        print(plain(text.format(name=name, who=who)))
