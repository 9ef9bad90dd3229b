"""The two things that a graded test talks to: `submission` and `solution`."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Protocol

from lstm_lab.grading.result import FATAL, Result
from lstm_lab.grading.worker.codec import decode, encode, pack
from lstm_lab.grading.worker.host import Host

__all__ = ["Answers", "Module", "Reference", "Solution", "SolutionFailed", "Submission"]


class Answers(Protocol):
    """Whatever answers requests: a `Caller` on a line."""

    def call(
        self, message: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[dict[str, Any], Any]: ...

    def repeat(self, number: int, message: dict[str, Any]) -> tuple[dict[str, Any], Any] | None: ...


class _Callable:
    """`call` and `make`, over whatever answers."""

    last: Result | None = None

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

    def make(self, name: str, *args: Any, seed: int | None = 0, **kwargs: Any) -> Module:
        """Make a torch module by its class's name; it stays where it was made."""
        message = {"op": "make", "name": name, "seed": seed}
        return Module(self, name, self._ask(message, args, kwargs))


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

    def _frame(
        self, message: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> bytes:
        """Return the answer to a request, as `encode` writes it."""
        raise NotImplementedError

    def _ask(
        self, message: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Result:
        facts, body = decode(self._frame(message, args, kwargs), self.tensors)
        name = str(message.get("name", message["op"]))
        return Result.read(facts, body, name, args, kwargs, None)


class Solution(Reference):
    """The reference answer. What it returns depends on the arguments alone.

    So results are kept: grading a class computes each expected value once.
    """

    KEEP_BYTES = 1 << 26

    def __init__(self, host: Host, parameters: Callable[[str], tuple[str, ...]]) -> None:
        super().__init__(parameters)
        self.local = Local(host)
        self.tensors = host.tensors
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._bytes = 0

    def for_test(self, test: str) -> Solution:
        return self

    def _frame(
        self, message: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> bytes:
        key = self.key_of(encode((message, args, kwargs)))
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


class Module:
    """A torch module that stays in its process; fixed verbs reach it.

    Attributes
    ----------
    made : Result
        How making it went; hold it against None with ``compare`` or look at ``made.error``.
    """

    def __init__(self, owner: _Callable, name: str, made: Result) -> None:
        self.made = made
        self._owner = owner
        self._name = name

    def _ask(self, verb: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Result:
        if self.made.error is not None:
            return self.made
        message = {"op": verb, "handle": self.made.value, "name": self._name}
        return self._owner._ask(message, args, kwargs)

    def forward(self, *inputs: Any, **kwargs: Any) -> Result:
        """Return what the module gives for the inputs."""
        return self._ask("forward", inputs, kwargs)

    def state(self) -> Result:
        """Return its state dict."""
        return self._ask("state", (), {})

    def load_state(self, state: dict[str, Any]) -> Result:
        """Put a state dict into it."""
        return self._ask("load_state", (state,), {})

    def grads(self, inputs: list[Any], cotangents: Any) -> Result:
        """Return gradients of ``sum(output * cotangent)``: ``{"inputs": …, "parameters": …}``."""
        return self._ask("grads", (inputs, cotangents), {})

    def train_steps(
        self, inputs: list[Any], target: Any, steps: int = 1, lr: float = 0.1
    ) -> Result:
        """Take steps of plain gradient descent on the squared error; return the losses."""
        return self._ask("train_steps", (inputs, target), {"steps": steps, "lr": lr})
