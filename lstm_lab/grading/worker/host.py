"""Answers requests by calling functions of a namespace: the learner's, or the solution's.

The same code serves in the kernel (`check`), in the worker (`grade`) and for the solution, so
that a call means the same everywhere: arguments are copies, output and warnings are caught,
errors become facts, and a limit of time holds.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import io
import linecache
import textwrap
import tokenize
import warnings
from collections.abc import Callable
from types import CodeType, TracebackType
from typing import Any

import numpy as np

from .codec import CannotCross, Prepared, encode, pack
from .deadline import Deadline, DeadlinePassed
from .modules import Modules
from .refused import Refused

__all__ = ["Host"]

MAX_STDOUT = 1 << 16
MAX_WARNINGS = 20
MAX_TEXT = 400


class _Capped(io.StringIO):
    """Keeps the first 64 KB of what is printed."""

    def write(self, text: str) -> int:
        room = MAX_STDOUT - self.tell()
        if room > 0:
            super().write(text[:room])
        return len(text)


class Host:
    """Serves requests on one namespace.

    Parameters
    ----------
    namespace : callable
        Returns the dictionary in which functions are looked up, anew at each call.
    passes : tuple of exception types
        What is not turned into a fact: KeyboardInterrupt in a kernel, nothing in a worker.
    tensors : bool
        Whether tensors arrive as torch tensors.
    """

    def __init__(
        self,
        namespace: Callable[[], dict[str, Any]],
        passes: tuple[type[BaseException], ...] = (),
        tensors: bool = False,
    ) -> None:
        self.namespace = namespace
        self.passes = passes
        self.tensors = tensors
        self.modules = Modules()

    def answer(self, message: dict[str, Any], body: Any) -> bytes:
        """Return the frame that answers a request."""
        facts, ready = self.run(message, body)
        return pack({"id": message.get("id"), **facts}, ready)

    def run(
        self, message: dict[str, Any], body: Any
    ) -> tuple[dict[str, Any], Prepared | tuple[None, dict[str, Any]]]:
        """Carry out one request.

        Returns
        -------
        facts : dict
            error, stdout, warnings.
        body : Prepared
            The value and, by position or keyword, the arguments that were changed.
        """
        args, kwargs = body
        given = {**dict(enumerate(args)), **kwargs}
        before = {name: _snapshot(part) for name, part in given.items()}
        printed = _Capped()
        caught: list[warnings.WarningMessage] = []
        error: dict[str, Any] | None = None
        ready: Prepared | tuple[None, dict[str, Any]] = (None, {})
        try:
            with (
                warnings.catch_warnings(record=True) as caught,
                contextlib.redirect_stdout(printed),
                contextlib.redirect_stderr(printed),
                Deadline(message.get("seconds")) as limit,
            ):
                warnings.simplefilter("always")
                try:
                    value = self._carry_out(message, args, kwargs)
                    changed = {
                        str(name): part
                        for name, part in given.items()
                        if _snapshot(part) != before[name]
                    }
                    # inside the limits, since the value's own code may run here
                    ready = Prepared((value, changed))
                except CannotCross as problem:
                    error = {"kind": "cannot cross", "type": problem.found}
                except BaseException as problem:
                    if isinstance(problem, (DeadlinePassed, *self.passes)) or (
                        limit.fired and isinstance(problem, KeyboardInterrupt)
                    ):
                        raise  # a deadline's way of interrupting is KeyboardInterrupt on Windows
                    error = self._raised(problem, message)
        except DeadlinePassed as problem:
            ready = (None, {})
            error = {"kind": "timeout", **self._where(problem.__traceback__)}
        facts: dict[str, Any] = {
            "error": error,
            "stdout": printed.getvalue(),
            "warnings": [self._warned(one) for one in caught[:MAX_WARNINGS]],
        }
        return facts, ready

    def _carry_out(self, message: dict[str, Any], args: Any, kwargs: Any) -> Any:
        if message["op"] != "call":
            return self.modules.carry_out(message, args, kwargs, self._look_up)
        return self._look_up(message["name"])(*args, **kwargs)

    def _look_up(self, name: str) -> Any:
        try:
            return self.namespace()[name]
        except KeyError:
            raise _Missing(name) from None

    def _raised(self, problem: BaseException, message: dict[str, Any]) -> dict[str, Any]:
        if isinstance(problem, _Missing):
            return {"kind": "missing", "type": "", "text": str(problem.args[0])}
        if type(problem) is Refused:
            return problem.facts
        try:
            text = str(problem)[:MAX_TEXT]
        except Exception:
            text = ""
        facts = {
            "kind": "raised",
            "type": type(problem).__name__,
            "text": text,
            **self._where(problem.__traceback__),
        }
        if type(problem) is NotImplementedError:
            function = self.namespace().get(message.get("name", ""))
            facts["found"] = "more below" if _goes_on(function, facts.get("line")) else ""
        return facts

    def _where(self, traceback: TracebackType | None) -> dict[str, Any]:
        """Return function, line and its text for the deepest frame that the learner wrote."""
        namespace = self.namespace()
        found: dict[str, Any] = {}
        while traceback is not None:
            frame = traceback.tb_frame
            if frame.f_globals is namespace:
                code = frame.f_code
                line = traceback.tb_lineno or code.co_firstlineno
                found = {
                    "function": code.co_name,
                    "line": line,
                    "source": linecache.getline(code.co_filename, line, namespace).strip()[:200],
                }
            traceback = traceback.tb_next
        return found

    def _warned(self, one: warnings.WarningMessage) -> dict[str, Any]:
        try:
            text = str(one.message)[:MAX_TEXT]
        except Exception:
            text = ""
        return {"type": one.category.__name__, "text": text, "line": one.lineno}


def _goes_on(function: Any, line: int | None) -> bool:
    """Tell whether statements follow the one at this line, in the same block of the function."""
    code = getattr(function, "__code__", None)
    if not isinstance(code, CodeType):
        return False
    text = linecache.getlines(code.co_filename)[code.co_firstlineno - 1 :]
    try:
        tree = ast.parse(textwrap.dedent("".join(inspect.getblock(text))))
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return False
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        for one in body[:-1] if isinstance(body, list) else []:
            if isinstance(one, ast.Raise) and one.lineno + code.co_firstlineno - 1 == line:
                return True
    return False


class _Missing(Exception):
    """No function of this name."""


def _snapshot(value: Any) -> Any:
    """Return something that tells whether the value has changed."""
    if type(value) is np.ndarray:
        return value.dtype.str, value.shape, value.tobytes()
    if value is None or type(value) in (bool, int, float, str):
        return value
    try:
        return encode(value)
    except CannotCross:
        return None
