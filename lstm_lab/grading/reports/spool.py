"""Graded records on disk, in the order in which people read them: a class may be large."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from lstm_lab.errors import UserError
from lstm_lab.grading.record import Record
from lstm_lab.i18n import gettext as _
from lstm_lab.reasons import reason

__all__ = ["Spool"]


class Spool:
    """Takes records one by one, and gives them again by student, exercise and file.

    What is in memory is where each one stands, some hundred bytes.

    Parameters
    ----------
    folder : Path
        Where the file with the records is, as long as this is open.
    records : iterable of dict
        To begin with.

    Examples
    --------
    >>> with tempfile.TemporaryDirectory() as name:
    ...     one = {"student": "b", "exercise": "01", "file": "b.ipynb"}
    ...     with Spool(Path(name), [one, {**one, "student": "a"}]) as spool:
    ...         [record["student"] for record in spool], len(spool)
    (['a', 'b'], 2)
    """

    def __init__(self, folder: Path, records: Iterable[Record] = ()) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # unnamed where the system can: nothing is left, whatever happens
            self._file = tempfile.TemporaryFile("w+b", dir=folder)  # noqa: SIM115
        except OSError as error:
            raise UserError(
                _("The results cannot be written to {folder}: {why}").format(
                    folder=folder, why=reason(error)
                )
            ) from None
        self._places: list[tuple[str, str, str, int, int]] = []
        for record in records:
            self.add(record)

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._places)

    def add(self, record: Record) -> None:
        """Take a record."""
        line = _visible(json.dumps(record, ensure_ascii=False)).encode("utf-8") + b"\n"
        start = self._file.seek(0, os.SEEK_END)
        self._file.write(line)
        place = (record["student"], record["exercise"], record["file"], start, len(line))
        self._places.append(place)

    def lines(self) -> Iterator[bytes]:
        """Yield each record as a line of JSON."""
        self._places.sort()
        for *_key, start, length in self._places:
            self._file.seek(start)
            yield self._file.read(length)

    def __iter__(self) -> Iterator[Record]:
        for line in self.lines():
            yield cast(Record, json.loads(line))


def _visible(line: str) -> str:
    """Return JSON without letters that steer a terminal or turn the text around; it says the same.

    Examples
    --------
    >>> print(_visible('"张\\x9b2J\\u202e"'))
    "张\\u009b2J\\u202e"
    """
    if line.isprintable():
        return line
    return "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)
