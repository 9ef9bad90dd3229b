"""What a learner has done: one line of JSON a fact, only ever appended."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lstm_lab.paths import find_course_root, work_folder

__all__ = ["best_points", "last_predictions", "read", "record"]

_FILE = "progress.jsonl"
Fact = dict[str, Any]


def record(kind: str, **facts: Any) -> Path | None:
    """Append one fact to ``work/progress.jsonl`` and return that file.

    Outside a course, or where `work/` cannot be written, nothing is recorded and None
    is returned: progress is a convenience and never stops a lesson.

    Parameters
    ----------
    kind : str
        What happened: ``"check"`` (with ``exercise`` and ``tasks``, for each task the points
        earned and possible), ``"guess"`` and ``"prediction"`` (with ``id``).
    **facts
        Values that JSON can hold; an array or a NumPy number is written as what it holds.
    """
    root = find_course_root()
    if root is None:
        return None
    path = work_folder(root) / _FILE
    line = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "kind": kind, **facts}
    data = (json.dumps(line, ensure_ascii=False, default=_plain) + "\n").encode(
        "utf-8", "surrogatepass"
    )
    try:
        path.parent.mkdir(exist_ok=True)
        # One write to a descriptor opened for appending, so that two notebooks never mix lines.
        # O_BINARY: Windows would write \r\n.
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
        handle = os.open(path, flags, 0o666)
        try:
            os.write(handle, data)
        finally:
            os.close(handle)
    except OSError:
        return None
    return path


def _plain(value: Any) -> Any:
    return value.tolist() if hasattr(value, "tolist") else str(value)


def read(root: Path | None = None) -> list[Fact]:
    """Return all facts, oldest first; a damaged line is passed over, never an error."""
    root = root or find_course_root()
    if root is None:
        return []
    try:
        text = (work_folder(root) / _FILE).read_bytes().decode("utf-8", errors="replace")
    except OSError:
        return []
    facts = []
    for line in text.split("\n"):
        try:
            fact = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(fact, dict):
            facts.append(fact)
    return facts


def best_points(facts: Iterable[Fact]) -> dict[str, dict[str, tuple[float, float]]]:
    """Return (earned, possible) for each exercise and task, the best check of each counting.

    Examples
    --------
    >>> facts = [
    ...     {"kind": "check", "exercise": "01", "tasks": {"rnn_step": [2, 4], "head": [0, 2]}},
    ...     {"kind": "check", "exercise": "01", "tasks": {"rnn_step": [4, 4]}},
    ...     {"kind": "check", "exercise": "01", "tasks": {"rnn_step": [1, 4]}},
    ... ]
    >>> best_points(facts)
    {'01': {'rnn_step': (4, 4), 'head': (0, 2)}}
    """
    best: dict[str, dict[str, tuple[float, float]]] = {}
    for fact in facts:
        tasks, exercise = fact.get("tasks"), fact.get("exercise")
        if fact.get("kind") != "check" or not isinstance(tasks, dict):
            continue
        of_exercise = best.setdefault(str(exercise), {})
        for task, result in tasks.items():
            try:
                earned, possible = (float(number) for number in result)
            except (TypeError, ValueError):
                continue
            known = of_exercise.get(task)
            if known is None or earned >= known[0]:
                of_exercise[task] = (_tidy(earned), _tidy(possible))
    return best


def _tidy(number: float) -> float:
    return int(number) if number == int(number) else number


def last_predictions(facts: Iterable[Fact]) -> dict[str, Fact]:
    """Return for each prediction its newest fact: a reveal (with ``value``), else the guess.

    Examples
    --------
    >>> facts = [{"kind": "guess", "id": "01-x", "guess": 1},
    ...          {"kind": "prediction", "id": "01-x", "guess": 1, "value": 3},
    ...          {"kind": "guess", "id": "02-y", "guess": 5}]
    >>> [(id, fact.get("value")) for id, fact in last_predictions(facts).items()]
    [('01-x', 3), ('02-y', None)]
    """
    last: dict[str, Fact] = {}
    for fact in facts:
        name = fact.get("id")
        if not isinstance(name, str):
            continue
        if fact.get("kind") == "prediction" or (fact.get("kind") == "guess" and name not in last):
            last[name] = fact
    return last
