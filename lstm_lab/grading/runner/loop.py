"""The loop that takes the place of pytest's own: it runs the tests for each job that comes."""

from __future__ import annotations

import time
import traceback
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from _pytest.runner import runtestprotocol

from lstm_lab.errors import UserError
from lstm_lab.grading.answers.facts import answer_facts, beside_solution
from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.messages.feedback import Said
from lstm_lab.grading.record import Row
from lstm_lab.grading.runner.hidden import retold, to_run_again
from lstm_lab.grading.runner.outcome import outcome, safe_to_tell
from lstm_lab.grading.runner.plugin import POINTS, RUNS
from lstm_lab.grading.runner.points import row, shortened
from lstm_lab.grading.runner.record import Recording
from lstm_lab.grading.runner.run import BrokenSolution, Run, load_solution
from lstm_lab.grading.sources import CodeCell, Document
from lstm_lab.grading.worker.codec import CannotCross

if TYPE_CHECKING:
    from lstm_lab.grading.runner.session import Session

__all__ = ["Job", "Loop", "TestsBroken", "failed"]

Job = tuple[dict[str, Any], Any]


class TestsBroken(Exception):
    """The graded tests, or the solution, cannot be loaded: the course is at fault."""

    __test__ = False


class Loop:
    """The plugin that takes the place of pytest's own loop."""

    def __init__(self, owner: Session) -> None:
        self.owner = owner
        self.broken = ""
        self.served = False
        self.items: dict[str, list[pytest.Item]] = {}
        self.phases: dict[str, BaseException | None] = {}
        self.runs: dict[str, Run] = {}
        self.watched: dict[Path, int] = {}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.broken = report.longreprtext[-3000:]

    @pytest.hookimpl(wrapper=True)
    def pytest_collection_modifyitems(
        self, items: list[pytest.Item]
    ) -> Generator[None, object, object]:
        try:
            return (yield)
        except pytest.UsageError as error:  # a graded test without points
            self.broken = str(error)
            items.clear()
            return None

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> pytest.TestReport:
        # pytest's own report would print locals and expected arrays; nobody is to see these.
        self.phases[call.when] = call.excinfo.value if call.excinfo else None
        outcome = "failed" if call.excinfo else "passed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)  # type: ignore[arg-type]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if self.broken:
            return True
        self.served = True
        for item in session.items:
            self.items.setdefault(item.path.parent.name, []).append(item)
        self.runs = session.config.stash[RUNS]
        for exercise in self.owner.exercises.values():
            self._watch(exercise)
        try:
            self._jobs()
        finally:
            for run in self.runs.values():
                run.end()
        return True

    def _jobs(self) -> None:
        owner = self.owner
        while True:
            if owner.pending is None:
                owner.pending = owner.receive()
            if owner.pending is None:
                return
            message, body = owner.pending
            slugs = message.get("exercises", [])
            if any(one not in owner.exercises for one in slugs) or self._changed():
                return  # collect again, with this job still pending
            # From here on the job is done with, whatever happens: it must never be taken twice.
            owner.pending = None
            try:
                answer = self._do(message, body)
            except Exception as error:
                traceback.print_exc()
                answer = None if message["op"] == "warm" else failed(error)
            if answer is None:
                continue
            try:
                owner.reply(*answer)
            except CannotCross:  # texts that an answer made longer than a frame; the points count
                facts, rows = shortened(answer)
                owner.reply({**facts, "problems": facts["problems"][:10]}, rows)

    def _watch(self, exercise: Exercise) -> None:
        for path in (
            *exercise.own_files,
            exercise.record_path,
            *exercise.borrowed,
        ):
            self.watched[path] = path.stat().st_mtime_ns if path.exists() else 0

    def _changed(self) -> bool:
        return any(
            (path.stat().st_mtime_ns if path.exists() else 0) != at
            for path, at in self.watched.items()
        )

    def _run(self, slug: str) -> Run:
        if slug not in self.runs:
            owner = self.owner
            self.runs[slug] = Run(owner.exercises[slug], owner.key, owner.sandbox)
        return self.runs[slug]

    def _do(self, message: dict[str, Any], body: Any) -> tuple[dict[str, Any], Any] | None:
        if message["op"] == "warm":
            self.owner.key = bytes.fromhex(message.get("key", ""))
            layers = message.get("layers")
            self.owner.sandbox.wanted = None if layers is None else frozenset(layers)
            for slug in message["exercises"]:
                self._run(slug)
            return None
        slug = message["exercises"][0]
        if message["op"] == "record":
            return self._record(slug)
        run = self._run(slug)
        started = time.monotonic()
        if message["op"] == "check":
            run.begin(answers=self.owner.answers)
        else:
            cells = tuple(CodeCell(c["source"], c["label"], c["name"]) for c in body)
            run.begin(Document(Path("submission"), cells))
        items = self.items.get(slug, [])
        task = message.get("task")
        if task is not None:
            items = [item for item in items if item.stash[POINTS]["task"] == task]
        rows, safe = self._rows(run, items)
        used = run.end()
        facts = {
            "op": "rows",
            "found": run.facts.get("found", []),
            "problems": run.facts.get("problems", []),
            "stopped": run.stopped,
            "level": "kernel" if message["op"] == "check" else self.owner.sandbox.level,
            "used": used,
        }
        if self.owner.key and run.document is not None:
            rows = self._retold(run, items, rows, safe)
        if run.document is not None and not run.exercise.on_record:
            found = answer_facts(run.document.wire(), run.exercise.tasks)
            facts["answers"] = beside_solution(found, run.solution_answers)
        facts["seconds"] = time.monotonic() - started
        return facts, rows

    def _record(self, slug: str) -> Job:
        """Run the tests on the solution; beside the rows return the record of its answers."""
        exercise = self.owner.exercises[slug]
        run = Run(exercise, sandbox=self.owner.sandbox)
        run.solution = recording = Recording(load_solution(exercise))
        self.runs[slug], before = run, self.runs.get(slug)
        try:
            run.begin(exercise.solution)
            rows, _safe = self._rows(run, self.items.get(slug, []))
        finally:
            run.end()
            if before is not None:
                self.runs[slug] = before
            else:
                del self.runs[slug]
        return {"op": "rows"}, (rows, np.frombuffer(recording.file(exercise), np.uint8))

    def _retold(
        self, run: Run, items: list[pytest.Item], rows: list[Row], safe: list[Said | None]
    ) -> list[Row]:
        """Run what failed on the cases that students know, to have something to tell them."""
        again = to_run_again(rows, run.stopped)
        known: dict[int, Row] = {}
        if again:
            run.known = True
            try:
                run.begin(run.document)  # a process that has seen no hidden input
                found, _safe = self._rows(run, [items[n] for n in again])
            finally:
                run.known = False
                run.end()
            known = dict(zip(again, found, strict=True))
        return [retold(row, known.get(n), safe[n]) for n, row in enumerate(rows)]

    def _rows(self, run: Run, items: list[pytest.Item]) -> tuple[list[Row], list[Said | None]]:
        """Return a row for each test, and for each what may be told of a hidden case."""
        rows = []
        safe: list[Said | None] = []
        for item, following in zip(items, [*items[1:], None], strict=False):
            self.phases = {}
            run.current = None
            runtestprotocol(item, log=False, nextitem=following)
            status, said = outcome(run, item, self.phases)
            safe.append(safe_to_tell(said, self.phases))
            facts = item.stash[POINTS]
            rows.append(
                row(
                    **facts,
                    status=status,
                    said=said,
                    stdout=run.current.stdout if run.current and status == "failed" else "",
                )
            )
        return rows, safe


def failed(error: Exception) -> Job:
    """Return the answer to a job that could not be done."""
    course = isinstance(error, TestsBroken | BrokenSolution | UserError)
    text = f"{error}"[:4000] or type(error).__name__
    return {"op": "failed", "course": course, "text": text}, None
