"""What a graded test asks of the learner's functions, wherever they run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from lstm_lab.grading.result import FATAL, Result
from lstm_lab.grading.runner.module import Module, checked
from lstm_lab.grading.worker.codec import encode

__all__ = ["Answers", "Callee", "Submission"]


class Answers(Protocol):
    """Whatever answers requests: a `Caller` on a line."""

    def call(
        self, message: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[dict[str, Any], Any]: ...

    def repeat(self, number: int, message: dict[str, Any]) -> tuple[dict[str, Any], Any] | None: ...


class Callee:
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


class Submission(Callee):
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
