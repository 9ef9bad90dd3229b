"""The trusted side's hold on the process of one submission: load it, call it, end it."""

from __future__ import annotations

import os
import time
from typing import Any

from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.sandbox.connection import Caller, LineClosed, PipeLine, SocketLine, TooLate
from lstm_lab.grading.sources import Document
from lstm_lab.grading.worker import codec
from lstm_lab.grading.worker.remove import remove_tree

__all__ = ["Child", "WorkerLost"]


class WorkerLost(Exception):
    """The fork server is gone; a new one is started for the next submission."""


class Child:
    """The process of one submission.

    Attributes
    ----------
    caller : Caller
    found : list of str
        The tasks whose definitions were found.
    problems : list of dict
        What was wrong when it was loaded, as facts.
    """

    def __init__(self, line: SocketLine | PipeLine, limits: dict[str, Any], end: Any) -> None:
        self.line = line
        self.limits = limits
        self.caller = Caller(line, tensors=bool(limits["torch"]))
        self.found: list[str] = []
        self.problems: list[dict[str, Any]] = []
        self._end = end

    def load(self, document: Document, exercise: Exercise) -> None:
        """Send the cells; take in what was found and what was wrong."""
        seconds = exercise.seconds
        message = {
            "op": "load",
            "tasks": exercise.tasks,
            "allow": exercise.allow,
            "torch": exercise.torch,
            "seconds": seconds,
        }
        # Beyond the limit inside, a fresh interpreter may take a while to start.
        until = time.monotonic() + seconds + (20 if isinstance(self.line, PipeLine) else 2)
        try:
            self.line.send(codec.pack(message, document.wire()), until)
            facts, _body = codec.read_frame(lambda n: self.line.receive(n, until))
        except TooLate:
            facts = {"problems": [{"kind": "load timeout", "tasks": []}]}
        except (LineClosed, codec.ProtocolError):
            facts = {"found": [], "problems": [{"kind": "load failed", "tasks": []}]}
        except codec.CannotCross:
            facts = {"found": [], "problems": [{"kind": "too large", "tasks": []}]}
        self.found = [one for one in exercise.tasks if one in _list(facts.get("found"))]
        self.problems = [_fact(one) for one in _list(facts.get("problems"))[:100]]

    def end(self) -> dict[str, Any]:
        """End the process and all it started; remove its folder."""
        if isinstance(self.line, SocketLine):
            self.line.sock.close()
        try:
            return dict(self._end())
        except WorkerLost:
            return {"ended": False}
        finally:
            remove_tree(self.limits["folder"])
            # without walls it may have written beside its folder; the next must not find that
            for name in os.listdir(self.limits["boxes"]) if self.limits.get("boxes") else []:
                path = os.path.join(self.limits["boxes"], name)
                if os.path.isdir(path) and not os.path.islink(path):
                    remove_tree(path)
                else:
                    os.unlink(path)


def _list(value: Any) -> list[Any]:
    return value if type(value) is list else []


def _fact(problem: Any) -> dict[str, Any]:
    """Return a problem with fields of the types that we go by, whatever was sent."""
    given = problem if type(problem) is dict else {}
    line = given.get("line")
    fact: dict[str, Any] = {"line": line if type(line) is int and 0 < line < 10**6 else 0}
    for name in ("kind", "text", "source", "type"):
        text = given.get(name)
        fact[name] = codec.clean(text)[:400] if type(text) is str else ""
    for name in ("tasks", "binds"):
        names = [codec.clean(one)[:100] for one in _list(given.get(name)) if type(one) is str]
        fact[name] = names[:20]
    return fact
