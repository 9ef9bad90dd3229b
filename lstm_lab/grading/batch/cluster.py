"""Grade on Dask workers: tasks of 50 to 200 submissions, each graded as on this machine.

A worker starts the same grader that the local pool does, so submitted code runs in a sandboxed
process below it and never in the worker itself. Tests and solutions travel with each task; a
worker needs the package and nothing of the course. When a worker is lost, Dask gives its tasks
to another; a task that loses several workers is graded on this machine.
"""

from __future__ import annotations

import contextlib
import math
import sys
import tempfile
import time
from collections.abc import Generator
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path
from typing import Any

from lstm_lab.errors import UserError
from lstm_lab.grading.batch.pool import LocalPool
from lstm_lab.grading.batch.verdict import ATTENTION, blank_record, graded_record
from lstm_lab.grading.deciding import grader_version
from lstm_lab.grading.exercises import Exercise, find_exercise
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.intake import Intake
from lstm_lab.grading.record import Record
from lstm_lab.grading.sandbox.processes import is_isolated, isolation_level
from lstm_lab.grading.sources import NotReadable
from lstm_lab.i18n import LANGUAGES
from lstm_lab.i18n import gettext as _
from lstm_lab.layout import Layout

__all__ = ["DaskPool"]

SMALLEST, LARGEST = 50, 200
AHEAD = 2  # tasks for each worker: one at work, one that waits
Files = dict[str, bytes]


class DaskPool:
    """Grades on a Dask cluster.

    Parameters
    ----------
    address : str
        Of the scheduler, or ``local`` for workers on this machine.
    jobs : int
        Submissions side by side on this machine, where it grades itself.
    trust : bool
        Grade also on workers that cannot hold hostile code.
    """

    TIMEOUT = 20
    PATIENCE = 10

    def __init__(self, address: str, jobs: int, trust: bool = False) -> None:
        self.address = address
        self.jobs = jobs
        self.trust = trust

    def __call__(
        self, work: list[Intake], key: bytes
    ) -> Generator[tuple[Intake, Record], None, None]:
        """Yield each submission with its record, a task's worth at a time."""
        distributed = _distributed()
        with contextlib.ExitStack() as stack:
            client = stack.enter_context(self._client(distributed, stack))
            self._wait_for_a_worker(client)
            files = {one.slug: course_files(one) for one in _exercises(work)}
            workers, parts = 0, [work]
            tasks: dict[Any, list[Intake]] = {}
            while parts or tasks:
                count = max(self._places(client), 1)
                if parts and count != workers:
                    # jobs of a queue come and go: what has not been sent is cut for those there
                    workers = count
                    parts = split([one for part in parts for one in part], workers)
                # documents travel with a task: only so many are in memory at a time
                while parts and len(tasks) < AHEAD * workers:
                    here, lost = _with_documents(parts.pop(0))
                    yield from lost
                    if here:
                        future = client.submit(
                            grade_part, here, _needed(here, files), key, grader_version(),
                            self.trust, pure=False,
                        )  # fmt: skip
                        tasks[future] = here
                if not tasks:
                    continue
                try:
                    future = self._first_to_end(distributed, client, list(tasks))
                    part = tasks.pop(future)
                    answer = future.result()
                except distributed.KilledWorker:
                    yield from LocalPool(self.jobs)(part, key)
                    continue
                except (CancelledError, distributed.comm.CommClosedError):
                    raise self._has_gone() from None
                except RuntimeError:
                    # A scheduler whose Python is ending still takes tasks for a moment, and answers
                    # each with this error ("cannot schedule new futures after shutdown").
                    if self._is_losing(client):
                        raise self._has_gone() from None
                    raise
                if isinstance(answer, str):
                    raise UserError(_refusal(answer))
                yield from zip(part, answer, strict=True)

    def _wait_for_a_worker(self, client: Any) -> None:
        """Wait; a queue may take its time, and whoever waits should know for what."""
        try:
            try:
                client.wait_for_workers(1, timeout=self.PATIENCE)
            except TimeoutError:
                self._say_that_nobody_is_there()
                client.wait_for_workers(1)
        except OSError:  # the connection is lost
            raise self._has_gone() from None

    def _first_to_end(self, distributed: Any, client: Any, tasks: list[Any]) -> Any:
        told = False
        while True:
            try:
                ended = distributed.wait(
                    tasks, timeout=self.PATIENCE, return_when="FIRST_COMPLETED"
                )
                return next(one for one in tasks if one in ended.done)
            except TimeoutError:
                if not told and not self._places(client):
                    self._say_that_nobody_is_there()
                    told = True

    def _places(self, client: Any) -> int:
        """Return how many tasks the workers there can have at work."""
        try:
            return sum(client.nthreads().values())
        except OSError:  # the connection is lost
            raise self._has_gone() from None

    def _is_losing(self, client: Any) -> bool:
        """Wait for the connection to end; tell whether it has."""
        end = time.monotonic() + self.TIMEOUT
        while client.status == "running" and time.monotonic() < end:
            time.sleep(0.1)
        return str(client.status) != "running"

    def _has_gone(self) -> UserError:
        return UserError(
            _(
                "The Dask scheduler at {address} has gone. What had come back is kept: call the "
                "same command again, with another address or without --dask."
            ).format(address=self.address)
        )

    def _say_that_nobody_is_there(self) -> None:
        print(
            _(
                "No worker is at the Dask scheduler {address}: waiting for one. Ctrl-C stops; what "
                "has come back is kept."
            ).format(address=self.address),
            file=sys.stderr,
        )

    def _client(self, distributed: Any, stack: contextlib.ExitStack) -> Any:
        if self.address == "local":
            cluster = distributed.LocalCluster(
                n_workers=self.jobs,
                threads_per_worker=1,
                memory_limit=0,
                dashboard_address=":0",  # whatever is free: the usual one may be taken
            )
            return distributed.Client(stack.enter_context(cluster))
        try:
            return distributed.Client(self.address, timeout=self.TIMEOUT)
        except (OSError, ValueError) as error:
            raise UserError(
                _("No Dask scheduler answers at {address}: {why}").format(
                    address=self.address, why=error
                )
            ) from None


def _distributed() -> Any:
    try:
        import distributed
    except ImportError:
        raise UserError(
            _("--dask needs Dask: {pip}").format(
                pip=f"{sys.executable} -m pip install 'distributed>=2024.8'"
            )
        ) from None
    return distributed


def _refusal(answer: str) -> str:
    if answer.startswith("level "):
        return _(
            "A Dask worker cannot hold hostile code (isolation: {level}). If you trust whoever "
            "wrote the submissions, say so with --trust-submissions."
        ).format(level=answer.removeprefix("level "))
    return _(
        "A Dask worker has another version of lstm_lab than this machine; install the same there."
    )


def split(work: list[Intake], workers: int) -> list[list[Intake]]:
    """Cut the work into tasks: large enough to be worth a start, small enough to lose one.

    Examples
    --------
    >>> [len(part) for part in split([None] * 500, workers=2)]
    [63, 63, 63, 63, 63, 63, 63, 59]
    >>> [len(part) for part in split([None] * 30, workers=2)]
    [15, 15]
    """
    size = min(max(math.ceil(len(work) / (4 * workers)), SMALLEST), LARGEST)
    size = min(size, math.ceil(len(work) / workers))
    return [work[n : n + size] for n in range(0, len(work), size)]


def _with_documents(part: list[Intake]) -> tuple[list[Intake], list[tuple[Intake, Record]]]:
    """Read the submissions of a task; those that have changed meanwhile get their record."""
    here: list[Intake] = []
    lost: list[tuple[Intake, Record]] = []
    for one in part:
        try:
            here.append(one.with_document())
        except NotReadable as error:
            lost.append((one, blank_record(one, ATTENTION, [error.said])))
    return here, lost


def _exercises(work: list[Intake]) -> list[Exercise]:
    return list({one.exercise.slug: one.exercise for one in work if one.exercise}.values())


def _needed(part: list[Intake], files: dict[str, Files]) -> Files:
    return {name: data for one in _exercises(part) for name, data in files[one.slug].items()}


def course_files(exercise: Exercise) -> Files:
    """Return what grading an exercise reads, by its path in the course."""
    root = exercise.root
    built = [exercise.lesson.built("exercise", lang) for lang in LANGUAGES]
    order = Layout(root).order
    needed = [*exercise.own_files, *exercise.borrowed, exercise.record_path]
    paths = [order, *needed, *built]
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in paths if p.is_file()}


def grade_part(
    part: list[Intake], files: Files, key: bytes, version: str, trust: bool
) -> list[Record] | str:
    """Grade a task's submissions, in a Dask worker; a text says why it will not."""
    if version != grader_version():
        return "version"
    level = isolation_level()
    if sys.platform.startswith("linux") and not is_isolated(level) and not trust:
        return f"level {level}"
    records = []
    with tempfile.TemporaryDirectory(prefix="lstm-lab-course-", dir=_own_folder()) as folder:
        root = Path(folder)
        for name, data in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        with Grader(key) as grader:
            for one in part:
                assert one.exercise is not None
                here = replace(one, exercise=find_exercise(one.exercise.slug, root))
                records.append(graded_record(grader, here))
    return records


def _own_folder() -> str | None:
    """Return the worker's own folder, which goes when it does, however it ends."""
    try:
        from distributed import get_worker

        return str(get_worker().local_directory)
    except (ImportError, ValueError):
        return None
