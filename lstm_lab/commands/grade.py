"""``lstm-lab grade``: marks for a folder of submissions."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

from rich.console import Console

from lstm_lab.errors import UserError
from lstm_lab.grading.batch.bar import Bar
from lstm_lab.grading.batch.demo import make_class
from lstm_lab.grading.batch.key import read_key
from lstm_lab.grading.batch.pool import ATTENTION, LocalPool, Pool, grade_all
from lstm_lab.grading.exercises import Exercise, find_exercise, list_exercises
from lstm_lab.grading.intake import Intake, take_in
from lstm_lab.grading.notebook.table import plain
from lstm_lab.grading.reports.edited import keep_edited
from lstm_lab.grading.reports.people import Person
from lstm_lab.grading.reports.results import write_results
from lstm_lab.grading.reports.roster import Match, read_roster
from lstm_lab.grading.reports.spool import Spool
from lstm_lab.grading.sandbox.processes import is_isolated, isolation_level
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
    """Grade; return 0 when every submission has its line in the results."""
    exercises = (
        [find_exercise(number) for number in args.exercise] if args.exercise else list_exercises()
    )
    if args.demo:
        _make_demo(args, exercises)
    if args.folder is None or args.out is None:
        raise UserError(
            _("Name the folder of submissions and, with --out, one for the results; or say --demo.")
        )
    if args.out.exists() and not args.out.is_dir():
        raise UserError(
            _("{out} is a file; name a folder for the results.").format(out=args.out)
        )  # fmt: skip
    if args.out.is_dir() and args.folder.is_dir() and args.out.samefile(args.folder):
        raise UserError(
            _("{out} holds the submissions; name another folder for the results.").format(
                out=args.out
            )
        )
    if args.jobs < 0:
        raise UserError(_("-j must be 1 or more, not {n}.").format(n=args.jobs))
    key = read_key(args.key)
    roster = read_roster(args.roster) if args.roster else None
    # Among the results, so that a batch that is killed leaves nothing elsewhere, and the next
    # call clears it away; each submission is read again when its turn comes.
    unpacked = args.out / "unpacked"
    shutil.rmtree(unpacked, ignore_errors=True)
    try:
        intakes = take_in(args.folder, exercises, unpacked, skip=args.out)
        return _grade(args, intakes, key, roster)
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)


def _grade(
    args: argparse.Namespace, intakes: list[Intake], key: bytes, roster: list[Person] | None
) -> int:
    jobs = args.jobs or os.cpu_count() or 1
    console = Console(stderr=True)
    level = isolation_level()
    if is_isolated(level):
        text = _("Isolation: {level}.")
    elif sys.platform.startswith("linux") and not args.trust_submissions:
        raise UserError(
            _(
                "This machine cannot hold hostile code (isolation: {level}). If you trust whoever "
                "wrote the submissions, say so with --trust-submissions."
            ).format(level=level)
        )
    else:
        text = _("Isolation: {level}. At this level grade trusted submissions only.")
    console.print(text.format(level=level), highlight=False)
    pool: Pool = LocalPool(jobs)
    if args.dask:
        from lstm_lab.grading.batch.cluster import DaskPool

        pool = DaskPool(args.dask, jobs, args.trust_submissions)
    with Spool(args.out) as records, Bar(len(intakes), console) as bar:
        try:
            for record in grade_all(intakes, args.out, key, pool, args.again):
                records.add(record)
                bar.count(record["status"])
        finally:
            # also after Ctrl-C: what is done is not lost, and the next call goes on from it
            if records:
                aside = keep_edited(args.out)
                path, match = write_results(records, args.out, roster)
    print(
        _("{n} graded, {attention} need attention: {path}").format(
            n=len(records), attention=bar.counts[ATTENTION], path=path
        )
    )
    if args.demo:
        print(_("Have a look at {path}").format(path=args.out / "overview.html"))
    if aside is not None:
        print(_("results.csv had been changed; that one is {path} now.").format(path=aside))
    if match is not None:
        _tell_roster(match)
    return 0


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
