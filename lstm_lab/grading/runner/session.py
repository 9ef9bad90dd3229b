"""A pytest that stays: tests are collected once and run for one submission after the other.

It is ordinary pytest up to its test loop; in place of "each test once" that loop takes jobs.
So graded tests are plain pytest, and a submission costs what its tests cost.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lstm_lab.grading.exercises import Exercise, find_exercise
from lstm_lab.grading.runner.loop import Job, Loop, TestsBroken, failed
from lstm_lab.grading.runner.submission import Answers
from lstm_lab.grading.sandbox.processes import Sandbox

__all__ = ["Session"]

INI = Path(__file__).parent / "graded.ini"


class Session:
    """Serve jobs with a pytest that holds the tests of the exercises asked for so far.

    Parameters
    ----------
    receive : callable
        Returns the next job, ``(message, body)``, or None when there are no more.
    reply : callable
        Takes the answer to a job, ``(message, body)``.
    answers : Answers, optional
        What answers calls for ``check`` jobs: the kernel.
    """

    def __init__(
        self,
        receive: Callable[[], Job | None],
        reply: Callable[[dict[str, Any], Any], None],
        answers: Answers | None = None,
    ) -> None:
        self.receive = receive
        self.reply = reply
        self.answers = answers
        self.sandbox = Sandbox()
        self.pending: Job | None = None
        self.exercises: dict[str, Exercise] = {}
        self.key = b""

    def serve(self) -> None:
        """Take jobs until there are none."""
        try:
            while True:
                if self.pending is None:
                    self.pending = self.receive()
                if self.pending is None:
                    return
                try:
                    self._want(self.pending[0])
                    self._forget_modules()
                    loop = Loop(self)
                    pytest.main(
                        [
                            "-c",
                            str(INI),
                            "--rootdir",
                            str(next(iter(self.exercises.values())).root),
                            *(str(one.tests) for one in self.exercises.values()),
                        ],
                        plugins=[loop],
                    )
                    if self.pending is not None and (loop.broken or not loop.served):
                        # a loop that took no job would be asked for ever
                        raise TestsBroken(loop.broken or "no tests were collected")
                except (ValueError, TestsBroken) as error:
                    if self.pending is not None and self.pending[0]["op"] != "warm":
                        self.reply(*failed(error))
                    self.pending = None
                    self.exercises.clear()
        finally:
            self.sandbox.close()

    def _want(self, message: dict[str, Any]) -> None:
        root = Path(message["root"]) if message.get("root") else None
        for slug in message.get("exercises", []):
            self.exercises[slug] = find_exercise(slug, root)

    def _forget_modules(self) -> None:
        """Have the tests imported anew: pytest keeps even a module that failed half way."""
        paths = {str(one.tests) for one in self.exercises.values()}
        for name, module in list(sys.modules.items()):
            if getattr(module, "__file__", None) in paths:
                del sys.modules[name]
