"""Grade a folder: one process a submission, one record each, none of which can stop the rest."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import queue
import threading
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Protocol, cast

from lstm_lab.errors import UserError
from lstm_lab.grading.batch.verdict import ATTENTION, OK, blank_record, graded_record
from lstm_lab.grading.deciding import grader_version
from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.intake import Intake
from lstm_lab.grading.record import Record
from lstm_lab.grading.sandbox.processes import isolation_level
from lstm_lab.i18n import gettext
from lstm_lab.reasons import reason

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
    store = _Store(folder / "records", key)
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


class _Store:
    """Records on disk, one file each, complete or not there."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self.folder = folder
        self.key = key
        self._versions: dict[str, str] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(
                gettext("The results cannot be written to {folder}: {why}").format(
                    folder=folder.parent, why=reason(error)
                )
            ) from None

    def _path(self, one: Intake) -> Path:
        parts = [
            one.origin,
            one.student,
            json.dumps(one.problem, sort_keys=True),
            one.digest,
            self._version(one.exercise) if one.exercise else "",
            one.exercise.number if one.exercise else "",
            grader_version(),
            hashlib.sha256(self.key).hexdigest(),
            isolation_level(),
        ]
        name = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
        return self.folder / f"{name[:32]}.json"

    def _version(self, exercise: Exercise) -> str:
        """Of tests and solution: a change of either asks for grading again."""
        if exercise.slug not in self._versions:
            expected = exercise.record_path if exercise.on_record else exercise.solution_path
            data = exercise.tests.read_bytes() + expected.read_bytes()
            data += b"".join(path.read_bytes() for path in exercise.borrowed)
            data += repr((exercise.allow, exercise.torch, exercise.seconds)).encode()
            self._versions[exercise.slug] = hashlib.sha256(data).hexdigest()
        return self._versions[exercise.slug]

    def read(self, one: Intake) -> Record | None:
        try:
            return cast(Record, json.loads(self._path(one).read_text("utf-8")))
        except (OSError, ValueError):
            return None

    def write(self, one: Intake, record: Record) -> Record:
        """Put a record in its place in one step, so that a kill leaves it whole or not there.

        Not forced to the disk: after a loss of power a torn record is graded again.
        """
        path = self._path(one)
        fresh = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}.new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(record, file, ensure_ascii=False)
        os.replace(fresh, path)
        return record
