"""Expected values on record: how the graded tests run where there is no solution.

A handout holds no solutions. What these returned when it was made stands in a file beside the
tests, ``lessons/SLUG/expected.npz``: for each test its calls in order, since what a test
asks of the solution depends on its seed alone, and with each call what typical mistakes would
have returned. A file of arrays; nothing in it is run.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from zipfile import BadZipFile

import numpy as np

from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.messages.feedback import Said, say
from lstm_lab.grading.result import Mistakes, Result
from lstm_lab.grading.runner.reference import Reference, Solution, SolutionFailed
from lstm_lab.grading.worker.codec import Prepared, decode, encode
from lstm_lab.i18n import gettext, language

__all__ = ["NotRecorded", "Recording", "SolutionOnRecord", "StaleRecord", "tests_digest"]

FORMAT = 2
# Arguments come from a seed; between machines they may differ in the last digits, no more.
RTOL = 1e-6
_UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, StopIteration, BadZipFile)


class NotRecorded(SolutionFailed):
    """A test asked for something else than when the handout was made; `said` says so."""

    def __init__(self, said: Said) -> None:
        self.said = said
        super().__init__(said[language()])


class StaleRecord(Exception):
    """The record cannot be read, or was made for other tests."""


@dataclass(frozen=True)
class Asked:
    """What a test asked for, so that it is known again.

    Attributes
    ----------
    name : str
        The function.
    form : str
        A digest of all but the floats: names, shapes, types, whole numbers.
    weight, size : float
        A weighted sum of the numbers, and the sum of their sizes.
    """

    name: str
    form: str
    weight: float
    size: float

    @classmethod
    def of(cls, message: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Asked:
        """Describe a request.

        Examples
        --------
        >>> one = Asked.of({"op": "call", "name": "f"}, (np.ones(2), 0.5), {})
        >>> one.like(Asked.of({"op": "call", "name": "f"}, (np.ones(2), 0.5 + 1e-12), {}))
        True
        >>> one.like(Asked.of({"op": "call", "name": "f"}, (np.ones(2), 0.6), {}))
        False
        """
        ready = Prepared((message, args, kwargs))
        floats: list[float] = []
        form = json.dumps([_without_floats(ready.tree, floats), ready.writer.kinds])
        numbers = [np.ravel(one).astype(np.float64) for one in ready.writer.arrays]
        row = np.nan_to_num(np.concatenate([np.array(floats, np.float64), *numbers]))
        # uneven weights, so that numbers that traded places are noticed
        weight = float(row @ (1.5 + np.cos(np.arange(len(row)))))
        return cls(
            str(message.get("name", message["op"])),
            hashlib.blake2b(form.encode(), digest_size=8).hexdigest(),
            weight,
            float(np.abs(row).sum()),
        )

    def like(self, other: Asked) -> bool:
        """Tell whether two requests are the same up to the last digits."""
        near = abs(self.weight - other.weight) <= RTOL * max(self.size, other.size)
        return (self.name, self.form) == (other.name, other.form) and near


def _without_floats(tree: Any, found: list[float]) -> Any:
    if isinstance(tree, float):
        found.append(tree)
        return "float"
    if isinstance(tree, list):
        return [_without_floats(part, found) for part in tree]
    if isinstance(tree, dict):
        return {key: _without_floats(part, found) for key, part in tree.items()}
    return tree


def tests_digest(exercise: Exercise) -> str:
    """Return a digest of the graded tests, the same whatever line ends an unzip gave them."""
    text = exercise.tests.read_bytes().replace(b"\r\n", b"\n")
    return hashlib.sha256(text).hexdigest()


class Recording(Reference):
    """The live solution, with every call noted down for each test.

    All answers are right while it records, so every comparison is reached; at each of them all
    mistakes are noted, which nobody would ask for otherwise.
    """

    def __init__(self, solution: Solution) -> None:
        super().__init__(solution.parameters)
        self.solution = solution
        self.tensors = solution.tensors
        self.calls: dict[str, list[list[Any]]] = {}
        self.sentences: dict[tuple[str, str], int] = {}
        self.frames: dict[bytes, int] = {}
        self._noted: list[list[Any]] = []
        self._test = ""

    def for_test(self, test: str) -> Recording:
        self._noted = self.calls[test] = []
        self._test = test
        return self

    def begin(self) -> None:
        self.solution.begin()

    @property
    def spent_on_mistakes(self) -> float:
        return self.solution.spent_on_mistakes

    def _answer(
        self, message: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[bytes, Mistakes, Callable[[Result], None]]:
        frame, mistakes, _none = self.solution._answer(message, args, kwargs)
        request, test = encode((message, args, kwargs)), self._test
        asked = Asked.of(message, args, kwargs)
        row = [asked.name, asked.form, asked.weight, asked.size, self._place(frame), []]
        self._noted.append(row)

        def compared(got: Result) -> None:
            self.begin()  # the clock is for one submission's mistakes, here all are run
            row[-1] = [
                [self.sentences.setdefault((said["en"], said["zh"]), len(self.sentences)),
                 self._place(value)]
                for said, value in self.solution.mistakes_in(request, got, test)
            ]  # fmt: skip

        return frame, mistakes, compared

    def _recorded(
        self, message: dict[str, Any], args: tuple[Any, ...], make: Callable[[Solution], Any]
    ) -> Any:
        frame = self.solution.recorded_frame(message, args, make)
        asked = Asked.of(message, args, {})
        place = self._place(frame)
        self._noted.append([asked.name, asked.form, asked.weight, asked.size, place, []])
        return decode(frame, self.tensors)

    def _place(self, frame: bytes) -> int:
        return self.frames.setdefault(frame, len(self.frames))

    def file(self, exercise: Exercise) -> bytes:
        """Return the record as the bytes of an .npz file."""
        header = {
            "format": FORMAT,
            "tests": tests_digest(exercise),
            "numpy": np.__version__,
            "parameters": {name: list(self.parameters(name)) for name in exercise.tasks},
            "sentences": list(self.sentences),
            "calls": self.calls,
        }
        file = io.BytesIO()
        np.savez_compressed(
            file,
            header=np.frombuffer(json.dumps(header).encode(), np.uint8),
            frames=np.frombuffer(b"".join(self.frames), np.uint8),
            ends=np.cumsum([len(frame) for frame in self.frames], dtype=np.int64),
        )
        return file.getvalue()


class SolutionOnRecord(Reference):
    """Answers as the solution did when the handout was made, call by call.

    Raises
    ------
    StaleRecord
        The file cannot be read, or the tests have changed since.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.tensors = exercise.torch
        try:
            with np.load(exercise.record_path, allow_pickle=False) as file:
                header = json.loads(file["header"].tobytes())
                frames, ends = file["frames"].tobytes(), file["ends"].tolist()
            known = header["parameters"]
            self._numpy = str(header["numpy"])
            self._frames = [frames[start:end] for start, end in zip([0, *ends], ends, strict=False)]
            self._sentences = [{"en": en, "zh": zh} for en, zh in header["sentences"]]
            self._calls = {
                test: [
                    (Asked(*asked), self._frames[frame], [(int(s), int(f)) for s, f in mistakes])
                    for *asked, frame, mistakes in calls
                ]
                for test, calls in header["calls"].items()
            }
        except _UNREADABLE:
            raise StaleRecord(
                gettext(
                    "{path} cannot be read: take it from the handout again, or unpack the "
                    "handout anew"
                ).format(path=exercise.record_path)
            ) from None
        if header["format"] != FORMAT or header["tests"] != tests_digest(exercise):
            raise StaleRecord(
                gettext(
                    "the expected values in {path} were recorded for another version of these "
                    "tests: take tests and values from the same handout"
                ).format(path=exercise.record_path.name)
            )
        super().__init__(lambda name: tuple(known.get(name, ())))
        self._test = ""
        self._next = 0

    def for_test(self, test: str) -> SolutionOnRecord:
        self._test, self._next = test, 0
        return self

    def _recorded(
        self, message: dict[str, Any], args: tuple[Any, ...], make: Callable[[Solution], Any]
    ) -> Any:
        return decode(self._answer(message, args, {})[0], self.tensors)

    def _answer(
        self, message: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[bytes, Mistakes, None]:
        calls = self._calls.get(self._test, [])
        asked = Asked.of(message, args, kwargs)
        if self._next >= len(calls):
            raise NotRecorded(
                say(
                    "This handout holds no expected value for call {n} of {name} in this test. "
                    "This is not about your answer; please tell whoever gave you the handout.",
                    n=self._next + 1,
                    name=asked.name,
                )
            )
        recorded, frame, noted = calls[self._next]
        if not asked.like(recorded):
            raise NotRecorded(
                say(
                    "Here this test draws other inputs than those for which the handout holds "
                    "expected values (made with NumPy {theirs}, here is {ours}). This is not "
                    "about your answer; please tell whoever gave you the handout.",
                    theirs=self._numpy,
                    ours=np.__version__,
                )
            )
        self._next += 1

        def mistakes(_got: Result) -> Iterator[tuple[Said, Any]]:
            for sentence, value in noted:
                yield self._sentences[sentence], decode(self._frames[value], self.tensors)

        return frame, mistakes, None
