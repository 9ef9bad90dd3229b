"""Counts of an exercise, taken in one pass, so that a class of any size fits."""

from __future__ import annotations

import heapq
import re
from collections import Counter
from dataclasses import dataclass, field

from lstm_lab.grading.record import Record
from lstm_lab.grading.runner.hidden import for_the_instructor
from lstm_lab.grading.runner.points import totals

__all__ = ["Tally", "TaskTally"]

SLOWEST = 5
SYMPTOMS = 5
MOST_KINDS = 2_000


@dataclass
class TaskTally:
    """How a task went: answers with all, some and no points, and the first messages."""

    full: int = 0
    some: int = 0
    none: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def symptoms(self) -> list[tuple[str, int]]:
        """Return the messages seen most often."""
        return [(self.examples[key], n) for key, n in self.counts.most_common(SYMPTOMS)]

    def add_message(self, said: str) -> None:
        """Count a message; the learner's own line and numbers differ, the symptom is the same."""
        key = re.sub(r"“[^”]*”|-?\d+(\.\d+)?(e[+-]?\d+)?", "#", said)
        if key not in self.counts and len(self.counts) >= MOST_KINDS:
            return  # made up by answers; what is frequent is there by now
        self.examples.setdefault(key, said)
        self.counts[key] += 1


@dataclass
class Tally:
    """How an exercise went.

    Attributes
    ----------
    marks : list of float
    points : float
        What there was to reach.
    full : int
        Submissions with all points.
    tasks : dict
    """

    marks: list[float] = field(default_factory=list)
    points: float = 0
    full: int = 0
    tasks: dict[str, TaskTally] = field(default_factory=dict)
    _slow: list[tuple[float, tuple[str, str]]] = field(default_factory=list)

    def add(self, record: Record, lang: str) -> None:
        """Count a graded submission."""
        reached, possible, seconds = record["earned"], record["points"], record["seconds"]
        assert reached is not None
        assert possible is not None
        assert seconds is not None
        self.marks.append(reached)
        self.points = max(self.points, possible)
        self.full += reached == possible
        one = (seconds, (record["student"], record["number"]))
        if len(self._slow) < SLOWEST:
            heapq.heappush(self._slow, one)
        else:
            heapq.heappushpop(self._slow, one)
        for task, (earned, points) in totals(record["rows"]).items():
            tally = self.tasks.setdefault(task, TaskTally())
            tally.full += earned == points
            tally.none += earned == 0 != points
            tally.some += 0 != earned != points
            failed = (
                for_the_instructor(row)
                for row in record["rows"]
                if row["task"] == task and row["status"] == "failed"
            )
            said = next((row["said"][lang] for row in failed if row["said"]), None)
            if said is not None:
                tally.add_message(said)

    @property
    def slowest(self) -> list[tuple[float, tuple[str, str]]]:
        """The slowest submissions, seconds first."""
        return sorted(self._slow, reverse=True)
