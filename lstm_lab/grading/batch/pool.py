"""Grade a folder: one process a submission, one record each, none of which can stop the rest."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Protocol

from lstm_lab.grading.batch.store import Store
from lstm_lab.grading.batch.verdict import ATTENTION, OK, blank_record, graded_record
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.intake import Intake
from lstm_lab.grading.record import Record

__all__ = ["ATTENTION", "OK", "LocalPool", "Pool", "grade_all"]


def grade_all(
    intakes: list[Intake],
    folder: Path,
    key: bytes = b"",
    pool: Pool | None = None,
    again: bool = False,
) -> Iterator[Record]:
    """Grade submissions and yield a record for each as it is done.

    A record is written to ``folder/records`` before it is yielded, and what is written there
    for the same submission, tests, solution and grader is taken as it is: so a batch that was
    ended goes on where it stopped.

    Parameters
    ----------
    intakes : list of Intake
    folder : Path
        The results.
    key : bytes
        The instructor's key for the inputs.
    pool : callable
        Grades those that need it, `LocalPool` or `cluster.DaskPool`; by default one at a time.
    again : bool
        Grade also what has been graded.
    """
    store = Store(folder / "records", key)
    waiting: list[Intake] = []
    for one in intakes:
        kept = None if again else store.read(one)
        if kept is not None:
            yield kept
        elif not one.gradable:
            reasons = [one.problem] if one.problem else []
            yield store.write(one, blank_record(one, ATTENTION, reasons))
        else:
            waiting.append(one)
    if waiting:
        # closed with this generator, so that Ctrl-C leaves nobody at work
        with contextlib.closing((pool or LocalPool(1))(waiting, key)) as graded:
            for one, record in graded:
                # what got no points was changed meanwhile, or lost its grader: not for next time
                yield record if record["points"] is None else store.write(one, record)


class Pool(Protocol):
    """Grades submissions, in any order."""

    def __call__(
        self, work: list[Intake], key: bytes
    ) -> Generator[tuple[Intake, Record], None, None]: ...


class LocalPool:
    """Processes of this machine.

    Parameters
    ----------
    jobs : int
        Submissions graded side by side.
    """

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs

    def __call__(
        self, work: list[Intake], key: bytes
    ) -> Generator[tuple[Intake, Record], None, None]:
        """Yield each submission with its record."""
        todo: queue.SimpleQueue[Intake] = queue.SimpleQueue()
        # bounded: where the disk is slower than grading, records must not pile up in memory
        done: queue.Queue[tuple[Intake, Record] | BaseException] = queue.Queue(2 * self.jobs)
        for one in work:
            todo.put(one)
        stop = threading.Event()
        threads = [
            threading.Thread(target=_worker, args=(todo, done, stop, key), daemon=True)
            for _n in range(min(self.jobs, len(work)))
        ]
        for thread in threads:
            thread.start()
        try:
            for _n in range(len(work)):
                found = done.get()
                if isinstance(found, BaseException):
                    raise found
                yield found
        finally:
            stop.set()
            for thread in threads:
                thread.join(30)


def _worker(
    todo: queue.SimpleQueue[Intake],
    done: queue.Queue[tuple[Intake, Record] | BaseException],
    stop: threading.Event,
    key: bytes,
) -> None:
    with Grader(key) as grader:
        while not stop.is_set():
            try:
                one = todo.get_nowait()
            except queue.Empty:
                return
            found: tuple[Intake, Record] | BaseException
            try:
                found = one, graded_record(grader, one)
            except BaseException as error:
                found = error
            while not stop.is_set():
                with contextlib.suppress(queue.Full):
                    done.put(found, timeout=0.2)
                    break
            if isinstance(found, BaseException):
                return
