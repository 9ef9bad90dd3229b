"""What typical mistakes would return: computed on the trusted side, once an answer was wrong.

A mistake is the solution with one task cell changed. It is run for the arguments that the test
sent, on a clock of its own: nothing of it is charged to the learner, and one that never ends is
stopped, and not tried again.
"""

from __future__ import annotations

import contextlib
import io
import time
import warnings
from collections import OrderedDict
from collections.abc import Iterator
from functools import cached_property
from typing import Any

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.messages.feedback import Said
from lstm_lab.grading.mutants import Mistake, load_mistakes, mutate
from lstm_lab.grading.worker.codec import decode, encode
from lstm_lab.grading.worker.deadline import Deadline, DeadlinePassed
from lstm_lab.grading.worker.extract import extract, run
from lstm_lab.grading.worker.modules import Modules

__all__ = ["Mistaken"]

Namespace = dict[str, Any]


class Mistaken:
    """The mistakes of an exercise, run when they are asked for.

    Parameters
    ----------
    exercise : Exercise
    prelude : dict
        The solution's namespace, which all of them share.

    Attributes
    ----------
    spent : float
        Seconds that all of it took so far.
    left : float
        Seconds that it may still take for this submission.
    """

    KEEP_BYTES = 1 << 26

    def __init__(self, exercise: Exercise, prelude: Namespace) -> None:
        self.exercise = exercise
        self.prelude = prelude
        self.spent = 0.0
        self.left = exercise.seconds
        self._namespaces: dict[str, Namespace | None] = {}
        self._kept: OrderedDict[tuple[bytes, str], bytes | None] = OrderedDict()
        self._bytes = 0

    @cached_property
    def _document(self) -> Any:
        return self.exercise.solution

    @cached_property
    def rows(self) -> list[Mistake]:
        """The table, read when it is first needed."""
        return load_mistakes(self.exercise)

    def values(
        self, key: bytes, history: tuple[bytes, ...], task: str, test: str
    ) -> Iterator[tuple[Said, bytes]]:
        """Yield the sentence and the value, as `encode` writes it, of each mistake in a call.

        Parameters
        ----------
        key : bytes
            Tells calls apart.
        history : tuple of bytes
            The requests that lead there, as they were sent; the last one is the call itself.
        task, test : str
        """
        started = time.monotonic()
        rows = [row for row in self.rows if row.task == task and row.test in (None, test)]
        self._charge(started)
        for row in rows:
            started = time.monotonic()
            frame = self._value(row, key, history)
            self._charge(started)
            if frame is not None:
                yield {"en": row.en, "zh": row.zh}, frame

    def named(self, names: list[str], task: str, request: bytes) -> Iterator[tuple[str, bytes]]:
        """Yield name and value, as `encode` writes it, of mistakes in one call.

        Raises
        ------
        UserError
            The task has no mistake of that name.
        """
        rows = {row.name: row for row in self.rows if row.task == task}
        for name in names:
            if name not in rows:
                raise UserError(f"{self.exercise.slug}: {task} has no mistake {name!r}")
            frame = self._value(rows[name], request, (request,))
            if frame is not None:
                yield name, frame

    def _charge(self, started: float) -> None:
        took = time.monotonic() - started
        self.spent += took
        self.left -= took

    def _value(self, row: Mistake, key: bytes, history: tuple[bytes, ...]) -> bytes | None:
        if (key, row.name) in self._kept:
            self._kept.move_to_end((key, row.name))
            return self._kept[key, row.name]
        namespace = self._namespace(row)
        if namespace is None or self.left <= 0:
            return None
        frame = None
        try:
            with Deadline(min(self.exercise.seconds_call, self.left)), _quiet():
                frame = encode(_replay(namespace, history, self.exercise.torch))
        except DeadlinePassed:
            self._namespaces[row.name] = None
        except (Exception, SystemExit):  # with these arguments it stops with an error
            pass
        self._kept[key, row.name] = frame
        self._bytes += len(frame or b"")
        while self._bytes > self.KEEP_BYTES:
            self._bytes -= len(self._kept.popitem(last=False)[1] or b"")
        return frame

    def _namespace(self, row: Mistake) -> Namespace | None:
        if row.name not in self._namespaces:
            self._namespaces[row.name] = self._load(row)
        return self._namespaces[row.name]

    def _load(self, row: Mistake) -> Namespace | None:
        """Run the changed cell on what the solution has defined."""
        try:
            changed = mutate(self._document, row)
        except UserError:  # the build tells the author
            return None
        cells = [cell for cell in changed.wire() if cell["name"] == row.task]
        namespace = dict(self.prelude)
        try:
            with Deadline(self.exercise.seconds_call), _quiet():
                cells = [{**cell, "label": f"<mistake {row.name}>"} for cell in cells]
                problems = run(extract(cells, self.exercise.tasks), namespace)
        except DeadlinePassed:
            return None
        return None if problems else namespace


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    nowhere = io.StringIO()
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        warnings.simplefilter("ignore")
        yield


def _replay(namespace: Namespace, history: tuple[bytes, ...], tensors: bool) -> Any:
    """Return what the last of the requests gives, after those before it."""
    modules = Modules()
    value = None
    for frame in history:
        message, args, kwargs = decode(frame, tensors)
        if message["op"] == "call":
            value = namespace[message["name"]](*args, **kwargs)
        else:
            if "handle" in message:
                message = {**message, "handle": 0}
            value = modules.carry_out(message, args, kwargs, namespace.__getitem__)
    return value
