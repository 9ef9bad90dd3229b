"""Where a graded test's expected values come from: the solution, run on the trusted side."""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from lstm_lab.grading.messages.diagnosing import RIGHT
from lstm_lab.grading.messages.feedback import Said
from lstm_lab.grading.result import Mistakes, Result
from lstm_lab.grading.runner.mistaken import Mistaken
from lstm_lab.grading.runner.submission import Callee
from lstm_lab.grading.worker.codec import decode, encode, pack
from lstm_lab.grading.worker.host import Host

__all__ = ["Local", "Reference", "Solution", "SolutionFailed"]


class Local:
    """Answers from a namespace of this process, through the same codec."""

    def __init__(self, host: Host) -> None:
        self.host = host

    def call(
        self, message: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[dict[str, Any], Any]:
        tensors = self.host.tensors
        copied = decode(encode((args, kwargs)), tensors)
        facts, ready = self.host.run(message, copied)
        return facts, decode(pack({}, ready), tensors)


class Reference(Callee):
    """Where expected values come from: the solution itself, or a record of it.

    Parameters
    ----------
    parameters : callable
        Gives the names of a function's parameters, for messages.
    """

    tensors: bool

    def __init__(self, parameters: Callable[[str], tuple[str, ...]]) -> None:
        self.parameters = parameters

    def for_test(self, test: str) -> Reference:
        """Return what answers one test, from its first call on."""
        raise NotImplementedError

    def _answer(
        self, message: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[bytes, Mistakes, Callable[[Result], None] | None]:
        """Return the answer to a request, as `encode` writes it, and what `Result` needs."""
        raise NotImplementedError

    @property
    def spent_on_mistakes(self) -> float:
        """Seconds that looking for mistakes took so far: they are not the learner's."""
        return 0.0

    def begin(self) -> None:
        """Begin with a new submission."""

    def measured(
        self, name: str, about: tuple[Any, ...], measure: Callable[[Any], list[float]]
    ) -> list[float]:
        """Return numbers that stem from the solution: on record are these, and no arrays.

        Parameters
        ----------
        name : str
        about : tuple
            What they depend on; it must cross.
        measure : callable
            Makes them by calls to the solution.
        """
        message = {"op": "measured", "name": name}
        return list(self._recorded(message, about, lambda live: measure(live)))

    def programs(
        self, slug: str, task: str, names: list[str], args: tuple[Any, ...]
    ) -> list[tuple[str, Any]]:
        """Return name and value of the right program and of mistakes in another exercise."""
        message = {"op": "programs", "name": task, "of": slug, "names": names}
        found = self._recorded(message, args, lambda live: live.run_programs(message, args))
        return [(str(name), value) for name, value in found]

    def _recorded(
        self,
        message: dict[str, Any],
        args: tuple[Any, ...],
        make: Callable[[Solution], Any],
    ) -> Any:
        """Return what is made by way of the solution, or was when it was recorded."""
        raise NotImplementedError

    def _ask(
        self, message: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Result:
        frame, mistakes, compared = self._answer(message, args, kwargs)
        facts, body = decode(frame, self.tensors)
        name = str(message.get("name", message["op"]))
        result = Result.read(facts, body, name, args, kwargs, None)
        return replace(result, mistakes=mistakes, compared=compared)


class Solution(Reference):
    """The reference answer. What it returns depends on the arguments alone.

    So results are kept: grading a class computes each expected value once.
    """

    KEEP_BYTES = 1 << 26

    def __init__(
        self,
        host: Host,
        parameters: Callable[[str], tuple[str, ...]],
        mistaken: Mistaken,
        beside: Callable[[str], Solution],
    ) -> None:
        super().__init__(parameters)
        self.mistaken = mistaken
        self.beside = beside
        self.test = ""
        self.spent = 0.0  # seconds on what is no single call
        self.local = Local(host)
        self.tensors = host.tensors
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._bytes = 0

    def for_test(self, test: str) -> Solution:
        self.test = test
        return self

    def begin(self) -> None:
        self.mistaken.left = self.mistaken.exercise.seconds

    @property
    def spent_on_mistakes(self) -> float:
        return self.mistaken.spent + self.spent

    def _recorded(
        self, message: dict[str, Any], args: tuple[Any, ...], make: Callable[[Solution], Any]
    ) -> Any:
        return decode(self.recorded_frame(message, args, make), self.tensors)

    def recorded_frame(
        self, message: dict[str, Any], args: tuple[Any, ...], make: Callable[[Solution], Any]
    ) -> bytes:
        """Return what is made, as `encode` writes it; it is made once, on our own time."""
        key = self.key_of(encode((self.test, message, args)))
        frame = self._kept.get(key)
        if frame is None:
            started, before = time.monotonic(), self.spent
            frame = encode(make(self))
            self.spent = before + time.monotonic() - started
            self._keep(key, frame)
        return frame

    def run_programs(self, message: dict[str, Any], args: tuple[Any, ...]) -> list[tuple[str, Any]]:
        """Run the right program and the named mistakes of an exercise."""
        other = self.beside(message["of"])
        asked = {"op": "call", "name": message["name"]}
        request = encode((asked, args, {}))
        found = [(RIGHT, decode(other._frame(request, asked, args, {}), other.tensors)[1][0])]
        other.begin()
        for name, frame in other.mistaken.named(message["names"], message["name"], request):
            found.append((name, decode(frame, other.tensors)))
        return found

    def _answer(
        self, message: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[bytes, Mistakes, None]:
        request = encode((message, args, kwargs))  # as it is now, whatever the test does later
        test = self.test

        def mistakes(got: Result) -> Iterator[tuple[Said, Any]]:
            for said, frame in self.mistakes_in(request, got, test):
                yield said, decode(frame, self.tensors)

        return self._frame(request, message, args, kwargs), mistakes, None

    def mistakes_in(self, request: bytes, got: Result, test: str) -> Iterator[tuple[Said, bytes]]:
        """Yield sentence and encoded value of each mistake in what was asked for.

        What a module answers depends on what was done to it before, so its mistakes go through
        all that was asked of the submission's.
        """
        message = decode(request)[0]
        history = (request,) if message["op"] == "call" else got.history
        if history:
            key = self.key_of(b"".join(history))
            yield from self.mistaken.values(key, history, str(message["name"]), test)

    def _frame(
        self,
        request: bytes,
        message: dict[str, Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> bytes:
        key = self.key_of(request)
        # A module's answer depends on what was done to it before, so only calls are kept.
        kept = self._kept.get(key) if message["op"] == "call" else None
        if kept is not None:
            self._kept.move_to_end(key)
            return kept
        facts, body = self.local.call(message, args, kwargs)
        if facts["error"] is not None:
            raise SolutionFailed(f"{message.get('name', message['op'])}: {facts['error']}")
        kept = encode((facts, body))
        if message["op"] == "call":
            self._keep(key, kept)
        return kept

    @staticmethod
    def key_of(frame: bytes) -> bytes:
        """Return what tells requests apart."""
        return hashlib.blake2b(frame, digest_size=16).digest()

    def _keep(self, key: bytes, frame: bytes) -> None:
        self._kept[key] = frame
        self._bytes += len(frame)
        while self._bytes > self.KEEP_BYTES:
            self._bytes -= len(self._kept.popitem(last=False)[1])


class SolutionFailed(Exception):
    """The solution itself raised: the exercise is broken, not the answer."""
