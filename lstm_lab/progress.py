"""What a learner has done: one line of JSON a fact, only ever appended."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lstm_lab.errors import UserError
from lstm_lab.layout import Layout
from lstm_lab.paths import find_course_root, work_folder

__all__ = ["best_points", "current_id", "last_predictions", "read", "record"]

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
        earned and possible), ``"guess"`` and ``"prediction"`` (with ``id``, and
        ``form`` "rank" or "several" where the list holds places of items, from 0).
    **facts
        Values that JSON can hold; an array or a NumPy number is written as what it holds.
    """
    root = find_course_root()
    if root is None:
        return None
    path = work_folder(root) / _FILE
    facts = _keyed(facts, _layout(root))
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
    """Return all facts, oldest first; a damaged line is passed over, never an error.

    What was recorded by number, as ``05`` and ``05-largest-c``, is told by the lesson's name.
    """
    root = root or find_course_root()
    if root is None:
        return []
    try:
        text = (work_folder(root) / _FILE).read_bytes().decode("utf-8", errors="replace")
    except OSError:
        return []
    facts = []
    layout = _layout(root)
    for line in text.split("\n"):
        try:
            fact = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(fact, dict):
            facts.append(_keyed(fact, layout))
    return facts


def current_id(name: str) -> str:
    """Return the id of a prediction under which it is kept, whatever an older copy calls it."""
    root = find_course_root()
    return str(_keyed({"id": name}, _layout(root))["id"]) if root is not None else name


def _layout(root: Path) -> Layout | None:
    try:
        return Layout(root)
    except UserError:  # no list of lessons here: names stay as they are
        return None


def _keyed(fact: Fact, layout: Layout | None) -> Fact:
    """Return the fact with its lesson told by name."""
    if layout is None:
        return fact
    keys = [key for key in ("exercise", "id") if isinstance(fact.get(key), str)]
    return fact | {key: layout.key(fact[key]) for key in keys}


def best_points(facts: Iterable[Fact]) -> dict[str, dict[str, tuple[float, float]]]:
    """Return (earned, possible) for each exercise and task, the best check of each counting.

    Examples
    --------
    >>> facts = [
    ...     {"kind": "check", "exercise": "rnn", "tasks": {"rnn_step": [2, 4], "head": [0, 2]}},
    ...     {"kind": "check", "exercise": "rnn", "tasks": {"rnn_step": [4, 4]}},
    ...     {"kind": "check", "exercise": "rnn", "tasks": {"rnn_step": [1, 4]}},
    ... ]
    >>> best_points(facts)
    {'rnn': {'rnn_step': (4, 4), 'head': (0, 2)}}
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
    >>> facts = [{"kind": "guess", "id": "rnn-x", "guess": 1},
    ...          {"kind": "prediction", "id": "rnn-x", "guess": 1, "value": 3},
    ...          {"kind": "guess", "id": "tuning-y", "guess": 5}]
    >>> [(id, fact.get("value")) for id, fact in last_predictions(facts).items()]
    [('rnn-x', 3), ('tuning-y', None)]
    """
    last: dict[str, Fact] = {}
    for fact in facts:
        name = fact.get("id")
        if not isinstance(name, str):
            continue
        if fact.get("kind") == "prediction" or (fact.get("kind") == "guess" and name not in last):
            last[name] = fact
    return last
