"""Grade a folder: one process a submission, one record each, none of which can stop the rest."""

from __future__ import annotations

import hashlib
import json
import os
import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lstm_lab import __version__
from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.feedback import Said
from lstm_lab.grading.feedback import say as _
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.helper import HelperLost
from lstm_lab.grading.intake import Intake
from lstm_lab.grading.sandbox import isolation_level
from lstm_lab.grading.words import problem_said
from lstm_lab.i18n import gettext

__all__ = ["ATTENTION", "OK", "Record", "grade_all"]

OK = "ok"
ATTENTION = "needs attention"
Record = dict[str, Any]


def grade_all(
    intakes: list[Intake],
    folder: Path,
    key: bytes = b"",
    jobs: int = 1,
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
    jobs : int
        Processes that grade side by side.
    again : bool
        Grade also what has been graded.
    """
    store = _Store(folder / "records", key)
    work: queue.SimpleQueue[Intake] = queue.SimpleQueue()
    done: queue.SimpleQueue[Record | BaseException] = queue.SimpleQueue()
    waiting = 0
    for one in intakes:
        kept = None if again else store.read(one)
        if kept is not None:
            yield kept
        elif one.document is None:
            yield store.write(one, _record(one, ATTENTION, [one.problem] if one.problem else []))
        else:
            work.put(one)
            waiting += 1
    stop = threading.Event()
    threads = [
        threading.Thread(target=_worker, args=(work, done, stop, store, key), daemon=True)
        for _n in range(min(jobs, waiting))
    ]
    for thread in threads:
        thread.start()
    try:
        for _n in range(waiting):
            record = done.get()
            if isinstance(record, BaseException):
                raise record
            yield record
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)


def _worker(
    work: queue.SimpleQueue[Intake],
    done: queue.SimpleQueue[Record | BaseException],
    stop: threading.Event,
    store: _Store,
    key: bytes,
) -> None:
    with Grader(key) as grader:
        while not stop.is_set():
            try:
                one = work.get_nowait()
            except queue.Empty:
                return
            try:
                done.put(store.write(one, _grade(grader, one)))
            except BaseException as error:
                done.put(error)
                return


def _grade(grader: Grader, one: Intake) -> Record:
    assert one.exercise is not None
    assert one.document is not None
    reasons = [one.problem] if one.problem else []
    for last_try in (False, True):
        try:
            graded = grader.grade(one.exercise, one.document)
            break
        except HelperLost as error:
            if last_try:
                return _record(one, ATTENTION, [_("the grader ended: {why}", why=str(error))])
    for problem in graded.facts["problems"]:
        said = problem_said(problem)
        if said is not None:
            reasons.append(said)
    for task, kind in graded.facts["stopped"].items():
        if kind in ("timeout", "hung"):
            reasons.append(_("{task}: stopped at its time limit", task=task))
        else:
            reasons.append(_("{task}: its process ended", task=task))
    if any(row["status"] == "error" for row in graded.rows):
        reasons.append(_("a graded test itself failed: please report this"))
    record = _record(one, ATTENTION if reasons else OK, reasons)
    return record | {
        "rows": graded.rows,
        "earned": graded.earned,
        "points": graded.points,
        "seconds": round(graded.facts["seconds"], 4),
        "level": graded.facts["level"],
        "answers": graded.facts.get("answers", {}),
    }


def _record(one: Intake, status: str, reasons: list[Said]) -> Record:
    lang = one.document.facts.get("lang") if one.document is not None else None
    return {
        "student": one.student,
        "number": one.owner.number,
        "exercise": one.exercise.number if one.exercise else "",
        "title": one.exercise.name if one.exercise else "",
        "file": one.origin,
        "status": status,
        "reasons": reasons,
        "lang": lang if lang in ("en", "zh") else None,
        "rows": [],
        "earned": None,
        "points": None,
        "seconds": None,
        "level": isolation_level(),
        "answers": {},
    }


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
                    folder=folder.parent, why=error.strerror
                )
            ) from None

    def _path(self, one: Intake) -> Path:
        parts = [
            one.origin,
            one.student,
            json.dumps(one.problem, sort_keys=True),
            one.digest,
            self._version(one.exercise) if one.exercise else "",
            _grader_version(),
            hashlib.sha256(self.key).hexdigest(),
            isolation_level(),
        ]
        name = hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
        return self.folder / f"{name[:32]}.json"

    def _version(self, exercise: Exercise) -> str:
        """Of tests and solution: a change of either asks for grading again."""
        if exercise.number not in self._versions:
            expected = exercise.record_path if exercise.on_record else exercise.solution_path
            data = exercise.tests.read_bytes() + expected.read_bytes()
            data += repr((exercise.allow, exercise.torch, exercise.seconds)).encode()
            self._versions[exercise.number] = hashlib.sha256(data).hexdigest()
        return self._versions[exercise.number]

    def read(self, one: Intake) -> Record | None:
        try:
            return dict(json.loads(self._path(one).read_text("utf-8")))
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


def _grader_version() -> str:
    """Return the package's version and a digest of the grader's own files."""
    if not _VERSION:
        digest = hashlib.sha256(__version__.encode())
        for path in sorted(Path(__file__).parent.rglob("*.py")):
            digest.update(path.read_bytes())
        _VERSION.append(digest.hexdigest())
    return _VERSION[0]


_VERSION: list[str] = []
