"""``lstm-lab mutants``: do the graded tests notice small changes to the solution?"""

from __future__ import annotations

import argparse

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = ["HELP", "configure", "run"]

HELP = "try small mistakes on the graded tests (for authors)"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    text = _("names or numbers of exercises, such as rnn or 01")
    parser.add_argument("exercises", nargs="*", metavar="EXERCISE", help=text)
    parser.add_argument("--all", action="store_true", help=_("all exercises"))
    parser.add_argument("--sample", type=int, metavar="N", help=_("only N changes an exercise"))
    parser.add_argument("--seed", type=int, default=0, help=_("which sample"))
    parser.add_argument(
        "--bar",
        type=float,
        default=95.0,
        metavar="PERCENT",
        help=_("what must be rejected (default: 95)"),
    )


def run(args: argparse.Namespace) -> int:
    """Try the changes; return 0 if enough of them were rejected in each exercise."""
    from lstm_lab.course.mutation.survey import Survey, changes, survey
    from lstm_lab.course.mutation.told import told
    from lstm_lab.grading.exercises import find_exercise, list_exercises
    from lstm_lab.grading.grader import Grader
    from lstm_lab.grading.mutants import load_mutants

    if bool(args.exercises) == args.all:
        raise UserError(_("Name exercises, such as 01, or say --all."))
    if args.sample is not None and args.sample < 1:
        raise UserError(_("--sample must be 1 or more, not {n}.").format(n=args.sample))
    exercises = list_exercises() if args.all else [find_exercise(n) for n in args.exercises]
    whole = args.sample is None
    good = True
    console = Console(stderr=True)
    with (
        Grader() as grader,
        Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
        ) as bar,
    ):
        for exercise in exercises:
            tried = changes(exercise, args.sample, args.seed)
            total = len(tried) + (len(load_mutants(exercise)) if whole else 0)
            task = bar.add_task(exercise.name, total=total)
            found = Survey(exercise)
            for state in survey(exercise, tried, grader, whole):
                found = state
                text = _("{name} ({n} survive)").format(name=exercise.name, n=len(found.survivors))
                bar.update(task, advance=1, description=text)
            bar.remove_task(task)
            for line in told(found):
                print(line, flush=True)
            good &= 100 * found.share >= args.bar and not found.missed
            good &= not (found.wrongly_listed or found.unknown or found.broke)
    return 0 if good else 1
