"""One submission under the graded tests of one exercise: its process, its time, its luck."""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import time
from functools import cache, cached_property
from typing import Any

import numpy as np

from lstm_lab.grading.answers.facts import Facts, answer_facts
from lstm_lab.grading.exercises import Exercise, find_exercise
from lstm_lab.grading.messages.feedback import Feedback, Said, say
from lstm_lab.grading.messages.words import problem_said
from lstm_lab.grading.result import FATAL
from lstm_lab.grading.runner.mistaken import Mistaken
from lstm_lab.grading.runner.record import SolutionOnRecord, StaleRecord
from lstm_lab.grading.runner.reference import Reference, Solution
from lstm_lab.grading.runner.submission import Answers, Submission
from lstm_lab.grading.sandbox.child_handle import Child
from lstm_lab.grading.sandbox.processes import Sandbox
from lstm_lab.grading.sources import Document
from lstm_lab.grading.worker.extract import extract
from lstm_lab.grading.worker.extract import run as run_statements
from lstm_lab.grading.worker.host import Host
from lstm_lab.i18n import gettext

__all__ = ["NotTried", "Run"]


class NotTried(Feedback):
    """The test was not run, because an earlier call did not come to an end."""

    def __init__(self, said: Said) -> None:
        super().__init__(said["en"], said["zh"], said)


class Run:
    """Holds what tests of an exercise share, for one submission after the other.

    Parameters
    ----------
    exercise : Exercise
    key : bytes
        The instructor's key; inputs are drawn from it.
    sandbox : Sandbox, optional
        Where submissions run that come as a document.
    """

    def __init__(
        self, exercise: Exercise, key: bytes = b"", sandbox: Sandbox | None = None
    ) -> None:
        self.exercise = exercise
        self.key = key
        self.known = False  # whether to use the inputs that students know, key or not
        self.sandbox = sandbox or Sandbox()
        self._owns_sandbox = sandbox is None
        self.solution = reference(exercise, hidden=bool(key))
        self.document: Document | None = None
        self.child: Child | None = None
        self.outside: Answers | None = None
        self.stopped: dict[str, str] = {}
        self.left = exercise.seconds
        self.current: Submission | None = None
        self.facts: dict[str, Any] = {}

    @cached_property
    def solution_answers(self) -> Facts:
        """What the solution's own answers look like; in a handout nobody knows."""
        if not self.exercise.solution_path.is_file():
            return {}
        return answer_facts(self.exercise.solution.wire(), self.exercise.tasks)

    def begin(self, document: Document | None = None, answers: Answers | None = None) -> None:
        """Start with a new submission: a document for a worker, or what answers elsewhere."""
        self.end()
        self.document = document
        self.outside = answers
        self.stopped = {}
        self.left = self.exercise.seconds
        self.solution.begin()
        self.facts = {}
        if document is not None:
            self._start()

    def _start(self) -> Answers:
        assert self.document is not None
        self.child = self.sandbox.start(self.document, self.exercise)
        self.facts.setdefault("found", self.child.found)
        self.facts.setdefault("problems", self.child.problems)
        return self.child.caller

    def end(self) -> dict[str, Any]:
        """End the submission's process, if it has one; return what it took."""
        used: dict[str, Any] = {}
        if self.child is not None:
            used = self.child.end()
            self.child = None
        self.current = None
        return used

    def close(self) -> None:
        """End everything."""
        self.end()
        if self._owns_sandbox:
            self.sandbox.close()

    def enter(self, task: str) -> None:
        """Begin a test of a task, or say why it is not tried.

        After an endless loop the rest of that task is not tried: each test would take as long
        again. Other tasks are, as long as there is time: one mistake costs once.
        """
        for problem in self.facts.get("problems", []):
            if problem["kind"] in ("load timeout", "load failed", "too large"):
                said = problem_said(problem)
                raise NotTried(say("Not tried: {said}.", said=said or {"en": "", "zh": ""}))
        if task in self.stopped:
            raise NotTried(
                say("Not tried, since an earlier test of this task did not come to an end.")
            )
        if self.left <= 0:
            raise NotTried(say("Not tried: the time for this exercise was used up before."))
        if self.outside is None and self.child is None:
            # an answer that ends its process has it loaded anew: that is on its own time
            started = time.monotonic()
            self._start()
            self.left -= time.monotonic() - started

    def submission(self) -> Submission:
        """Return the submission, for one test."""
        answers = self.outside or (self.child.caller if self.child else None)
        assert answers is not None
        self._started = time.monotonic()
        self._spent_before = self.solution.spent_on_mistakes
        self.current = Submission(
            answers,
            self.exercise.seconds_call,
            lambda: self.left - self._used(),
            self.solution.parameters,
        )
        return self.current

    def _used(self) -> float:
        """Return the seconds that this test has taken; looking for mistakes is on the house."""
        spent = self.solution.spent_on_mistakes - self._spent_before
        return time.monotonic() - self._started - spent

    def leave(self, task: str) -> None:
        """Take stock after a test."""
        if self.current is None:
            return
        self.left -= self._used()
        if self.current.stopped is not None:
            self.stopped[task] = self.current.stopped
            if self.current.stopped in FATAL and self.outside is None:
                with contextlib.suppress(OSError):
                    self.end()  # the next task gets a new process

    def rng(self, test: str) -> np.random.Generator:
        """Return the test's own generator."""
        return generator(self.exercise.lesson.seed, test, b"" if self.known else self.key)


def generator(exercise: str, test: str, key: bytes = b"") -> np.random.Generator:
    """Return random numbers that depend on exercise, test and key alone.

    Examples
    --------
    >>> a, b = generator("01_rnn", "test_step"), generator("01_rnn", "test_step")
    >>> bool(a.normal() == b.normal())
    True
    >>> one, other = (generator("01_rnn", "test_step", b"k" * 64 + end) for end in (b"1", b"2"))
    >>> bool(one.normal() == other.normal())
    False
    """
    if key:  # all of it counts, however long it is
        key = hashlib.blake2b(key).digest()
    digest = hashlib.blake2b(f"{exercise}\n{test}".encode(), key=key, digest_size=32).digest()
    return np.random.default_rng(np.frombuffer(digest, dtype="<u4").tolist())


def reference(exercise: Exercise, hidden: bool = False) -> Reference:
    """Return the solution, or in a handout the record of it."""
    if not exercise.on_record:
        return load_solution(exercise)
    if hidden:
        raise BrokenSolution(
            gettext(
                "this handout holds no solutions, so it cannot grade with a key: grade in the "
                "course that it was made from"
            )
        )
    try:
        return SolutionOnRecord(exercise)
    except StaleRecord as error:
        raise BrokenSolution(str(error)) from None


def load_solution(exercise: Exercise) -> Solution:
    """Run the definitions of the solution in this process, which no submission shares."""
    document = exercise.solution
    namespace: dict[str, Any] = {"__name__": f"solution_{exercise.name}"}
    tasks = list(dict.fromkeys([*document.tasks, *exercise.tasks]))
    cells = [{**cell, "label": f"<solution {cell['label'][1:-1]}>"} for cell in document.wire()]
    found = extract(cells, tasks)
    problems = [*found.problems, *run_statements(found, namespace)]
    if problems:
        raise BrokenSolution(f"{exercise.solution_path}: {problems[0]}")

    @cache
    def parameters(name: str) -> tuple[str, ...]:
        function = namespace.get(name)
        return tuple(inspect.signature(function).parameters) if callable(function) else ()

    host = Host(lambda: namespace, tensors=exercise.torch)

    @cache
    def beside(slug: str) -> Solution:
        return load_solution(find_exercise(slug, exercise.root))

    return Solution(host, parameters, Mistaken(exercise, namespace), beside)


class BrokenSolution(Exception):
    """The solution does not load."""
