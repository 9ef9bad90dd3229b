"""What has been graded, on disk: a batch that was ended goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from pathlib import Path

from lstm_lab.errors import UserError
from lstm_lab.grading.batch.verdict import blank_record
from lstm_lab.grading.deciding import grader_version
from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.intake import Intake
from lstm_lab.grading.record import Record, is_record
from lstm_lab.grading.sandbox.processes import isolation_level
from lstm_lab.i18n import gettext
from lstm_lab.reasons import reason

__all__ = ["Store"]


class Store:
    """Records on disk, one file each, complete or not there.

    What is read is trusted no more than anybody's file: a record of another form, or of another
    submission, counts as none.

    Parameters
    ----------
    folder : Path
    key : bytes
        The instructor's key; another one asks for grading again.
    """

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
            one.owner.number,
            json.dumps(one.problem, sort_keys=True),
            one.digest,
            self._version(one.exercise) if one.exercise else "",
            one.exercise.number if one.exercise else "",
            grader_version(),
            hashlib.sha256(self.key).hexdigest(),
            isolation_level(),
        ]
        name = hashlib.sha256("\n".join(parts).encode("utf-8", "backslashreplace")).hexdigest()
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
        """Return what is kept of a submission, None if it is to be graded."""
        try:
            kept = json.loads(self._path(one).read_bytes())
        except (OSError, ValueError, RecursionError):
            return None
        return kept if is_record(kept) and _is_of(kept, one) else None

    def write(self, one: Intake, record: Record) -> Record:
        """Put a record in its place in one step, so that a kill leaves it whole or not there.

        Not forced to the disk: after a loss of power a torn record is graded again.
        """
        path = self._path(one)
        fresh = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}.new")
        # in ASCII: an answer may have said what UTF-8 cannot hold
        fresh.write_text(json.dumps(record), "ascii")
        os.replace(fresh, path)
        return record


def _is_of(record: Record, one: Intake) -> bool:
    """Tell whether a record is of this submission: its name on disk could be anybody's doing."""
    blank = blank_record(one, record["status"], [])
    return (record["student"], record["number"], record["exercise"], record["file"]) == (
        blank["student"], blank["number"], blank["exercise"], blank["file"]
    )  # fmt: skip
