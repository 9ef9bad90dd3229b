"""The two things that a graded test talks to: `submission` and `solution`."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Protocol

from lstm_lab.grading.messages.feedback import Said
from lstm_lab.grading.result import FATAL, Mistakes, Result
from lstm_lab.grading.runner.mistaken import Mistaken
from lstm_lab.grading.runner.module import Module, checked
from lstm_lab.grading.worker.codec import decode, encode, pack
from lstm_lab.grading.worker.host import Host

__all__ = ["Answers", "Reference", "Solution", "SolutionFailed", "Submission"]


class Answers(Protocol):
    """Whatever answers requests: a `Caller` on a line."""

    def call(
        self, message: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[dict[str, Any], Any]: ...

    def repeat(self, number: int, message: dict[str, Any]) -> tuple[dict[str, Any], Any] | None: ...


class _Callable:
    """`call` and `make`, over whatever answers."""

    last: Result | None = None
    keeps_history = False  # whether what is asked of a module is kept, to be asked of mistakes

    def _ask(
        self, message: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Result:
        raise NotImplementedError

    def call(self, name: str, *args: Any, **kwargs: Any) -> Result:
        """Call a function by name; arguments go and come as copies.

        Returns
        -------
        Result
            Always: an error of the called code is in it, and not raised.
        """
        return self._ask({"op": "call", "name": name}, args, kwargs)

    def make(
        self,
        name: str,
        *args: Any,
        seed: int | None = 0,
        train: bool = False,
        dtype: str = "float32",
        **kwargs: Any,
    ) -> Module:
        """Make a torch module by its class's name; it stays where it was made.

        Parameters
        ----------
        name : str
        *args, **kwargs
            What its class is given.
        seed : int or None
            Set before it is made.
        train : bool
            The mode in which every verb finds it; only `train_steps` trains whatever it is.
        dtype : str
            ``float32`` or ``float64``: the type of its floats, and of those made in its methods.
        """
        message = {"op": "make", "name": name, "seed": seed, "train": train, "dtype": dtype}
        history = [encode((message, args, kwargs))] if self.keeps_history else None
        made = checked(self._ask(message, args, kwargs))
        self.last = made
        return Module(self._ask, name, made, history)


class Submission(_Callable):
    """The learner's functions, wherever they run.

    Parameters
    ----------
    answers : Answers
    seconds_call : float
        The limit of one call.
    seconds_left : callable
        Seconds that all further calls may take together.
    parameters : callable
        Gives the names of a function's parameters, for messages.
    """

    keeps_history = True

    def __init__(
        self,
        answers: Answers,
        seconds_call: float,
        seconds_left: Callable[[], float],
        parameters: Callable[[str], tuple[str, ...]] = lambda name: (),
    ) -> None:
        self.answers = answers
        self.parameters = parameters
        self.seconds_call = seconds_call
        self.seconds_left = seconds_left
        self.stopped: str | None = None  # why no more calls can be made in this test
        self.stdout = ""

    def _ask(
        self, message: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Result:
        asked = {**message, "seconds": self._seconds(), "again": message["op"] == "call"}
        facts, body = self.answers.call(asked, args, kwargs)
        number = facts.get("again")

        def again() -> Result:
            if type(number) is int:
                waiting = self.answers.repeat(number, {**asked, "seconds": self._seconds()})
                if waiting is not None:
                    return self._result(message, args, kwargs, *waiting, None)
            return self._ask(message, args, kwargs)

        return self._result(message, args, kwargs, facts, body, again)

    def _seconds(self) -> float:
        return max(min(self.seconds_call, self.seconds_left()), 0.05)

    def _result(
        self,
        message: dict[str, Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        facts: dict[str, Any],
        body: Any,
        again: Callable[[], Result] | None,
    ) -> Result:
        name = str(message.get("name", message["op"]))
        names = self.parameters(name) if message["op"] == "call" else ()
        result = Result.read(facts, body, name, args, kwargs, again, names)
        self.last = result
        self.stdout += result.stdout[: max(4000 - len(self.stdout), 0)]
        if result.error is not None and result.error.kind in FATAL | {"timeout"}:
            self.stopped = result.error.kind
        return result


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


class Reference(_Callable):
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
        self, host: Host, parameters: Callable[[str], tuple[str, ...]], mistaken: Mistaken
    ) -> None:
        super().__init__(parameters)
        self.mistaken = mistaken
        self.test = ""
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
        return self.mistaken.spent

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
