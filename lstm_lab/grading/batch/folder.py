"""A folder of submissions in, a folder of results out: what ``lstm-lab grade`` calls."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lstm_lab.errors import UserError
from lstm_lab.grading.batch.key import read_key
from lstm_lab.grading.batch.pool import LocalPool, Pool, grade_all
from lstm_lab.grading.batch.verdict import ATTENTION
from lstm_lab.grading.exercises import Exercise, list_exercises
from lstm_lab.grading.intake import take_in
from lstm_lab.grading.reports.edited import keep_edited
from lstm_lab.grading.reports.results import write_results
from lstm_lab.grading.reports.roster import Match, read_roster
from lstm_lab.grading.reports.spool import Spool
from lstm_lab.grading.sandbox.processes import is_isolated, isolation_level
from lstm_lab.grading.worker.remove import remove_tree
from lstm_lab.i18n import gettext as _

__all__ = ["Class", "Progress", "grade_folder"]


class Progress(Protocol):
    """Told of each submission as it is done."""

    def count(self, status: str) -> None:
        """Take in the status of one more."""


@dataclass(frozen=True)
class Class:
    """What grading a folder gave.

    Attributes
    ----------
    results : Path
        ``results.csv``; the other files stand beside it.
    graded, attention : int
        Submissions, and how many of them a person should look at.
    level : str
        The isolation that held.
    set_aside : Path or None
        An earlier ``results.csv`` that somebody had changed, under its new name.
    roster : Match or None
        How names met the class list, if one was given.
    lost : list of (str, str)
        Students whose page could not be written, and why; their marks are in the table.
    """

    results: Path
    graded: int
    attention: int
    level: str
    set_aside: Path | None = None
    roster: Match | None = None
    lost: list[tuple[str, str]] = field(default_factory=list)


def grade_folder(
    folder: Path | str,
    out: Path | str,
    *,
    exercises: Sequence[Exercise] | None = None,
    key: Path | None = None,
    roster: Path | None = None,
    jobs: int = 0,
    dask: str | None = None,
    trust_submissions: bool = False,
    again: bool = False,
    progress: Callable[[int, str], contextlib.AbstractContextManager[Progress]] | None = None,
) -> Class:
    """Grade a folder or zip of submissions and write the results.

    Parameters
    ----------
    folder : path
        A file, a zip or a folder for each student; or a platform's zip of these.
    out : path
        A folder for the results, made if it is not there. Called again with the same one, it
        goes on from where it was ended.
    exercises : sequence of Exercise, optional
        Those to grade; by default all of the course.
    key : path, optional
        The instructor's secret, from which inputs are drawn.
    roster : path, optional
        A class list (CSV).
    jobs : int
        Submissions graded side by side; 0 for one a processor.
    dask : str, optional
        Address of a Dask scheduler, or ``"local"``.
    trust_submissions : bool
        Grade even where hostile code cannot be held.
    again : bool
        Grade also what has been graded before.
    progress : callable, optional
        Called with the number of submissions and the isolation, when these are known; what it
        returns is entered and told of each submission.

    Raises
    ------
    UserError
        What was asked cannot be done, or hostile code cannot be held here.

    Examples
    --------
    >>> from lstm_lab.grading import grade_folder
    >>> done = grade_folder("submissions", "results")  # doctest: +SKIP
    >>> done.graded, done.attention  # doctest: +SKIP
    (200, 3)
    """
    folder, out = Path(folder), Path(out)
    _check_places(folder, out)
    if jobs < 0:
        raise UserError(_("-j must be 1 or more, not {n}.").format(n=jobs))
    secret = read_key(key)
    persons = read_roster(roster) if roster else None
    with _unpacked(out) as unpacked:
        intakes = take_in(folder, list(exercises or list_exercises()), unpacked, skip=out)
        level = _level(trust_submissions)
        pool = _pool(dask, jobs or os.cpu_count() or 1, trust_submissions)
        with Spool(out) as records, (progress or _unseen)(len(intakes), level) as seen:
            attention = 0
            try:
                for record in grade_all(intakes, out, secret, pool, again):
                    records.add(record)
                    attention += record["status"] == ATTENTION
                    seen.count(record["status"])
            finally:
                # also after Ctrl-C: what is done is not lost, and the next call goes on from it
                if records:
                    aside = keep_edited(out)
                    done = write_results(records, out, persons)
            return Class(done.path, len(records), attention, level, aside, done.match, done.lost)


def _check_places(folder: Path, out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise UserError(_("{out} is a file; name a folder for the results.").format(out=out))
    if out.is_dir() and folder.is_dir() and out.samefile(folder):
        raise UserError(
            _("{out} holds the submissions; name another folder for the results.").format(out=out)
        )


@contextlib.contextmanager
def _unpacked(out: Path) -> Iterator[Path]:
    """Give a folder for what is in zips.

    It stands among the results, so that a batch that is killed leaves nothing elsewhere, and the
    next call clears it away; each submission is read again when its turn comes.
    """
    folder = out / "unpacked"
    # not shutil.rmtree, which calls itself for each level
    remove_tree(str(folder))
    try:
        yield folder
    finally:
        remove_tree(str(folder))


def _level(trust_submissions: bool) -> str:
    level = isolation_level()
    if not is_isolated(level) and sys.platform.startswith("linux") and not trust_submissions:
        raise UserError(
            _(
                "This machine cannot hold hostile code (isolation: {level}). If you trust whoever "
                "wrote the submissions, say so with --trust-submissions."
            ).format(level=level)
        )
    return level


def _pool(dask: str | None, jobs: int, trust_submissions: bool) -> Pool:
    if dask is None:
        return LocalPool(jobs)
    # an extra, which few have
    from lstm_lab.grading.batch.cluster import DaskPool

    return DaskPool(dask, jobs, trust_submissions)


class _Unseen:
    def count(self, status: str) -> None:
        """Show nothing."""


def _unseen(_total: int, _level: str) -> contextlib.AbstractContextManager[Progress]:
    return contextlib.nullcontext(_Unseen())
