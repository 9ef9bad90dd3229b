"""The rows of a graded run: one a test, with points and what the learner is told."""

from __future__ import annotations

from typing import Any

from lstm_lab.grading.record import Row

__all__ = ["row", "shortened", "totals"]


def row(
    test: str,
    task: str,
    points: float,
    status: str,
    said: dict[str, str] | None = None,
    title: dict[str, str] | None = None,
    stdout: str = "",
) -> Row:
    """Return one row; plain data, so that it crosses and is kept as it is."""
    return {
        "test": test,
        "task": task,
        "title": title,
        "points": points,
        "earned": points if status == "passed" else 0,
        "status": status,
        "said": said,
        "stdout": stdout,
        "hidden": None,
    }


def totals(rows: list[Row]) -> dict[str, tuple[float, float]]:
    """Return (earned, possible) for each task, in the order of the rows.

    Examples
    --------
    >>> totals([row("a", "step", 2, "passed"), row("b", "step", 1, "failed")])
    {'step': (2, 3)}
    """
    found: dict[str, tuple[float, float]] = {}
    for one in rows:
        earned, points = found.get(one["task"], (0, 0))
        found[one["task"]] = (earned + one["earned"], points + one["points"])
    return found


def shortened(value: Any, length: int = 100) -> Any:
    """Return plain data with every text in it cut to a length.

    Examples
    --------
    >>> shortened([{"said": "a" * 9, "earned": 2}], 5)
    [{'said': 'aaaa…', 'earned': 2}]
    """
    if isinstance(value, str):
        return value if len(value) <= length else f"{value[: length - 1]}…"
    if isinstance(value, dict):
        return {key: shortened(part, length) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(shortened(part, length) for part in value)
    return value
