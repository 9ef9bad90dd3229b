"""What grading gives, as plain data: rows of tests, and the record of a submission.

These cross processes and are kept as JSON, so they are dictionaries; their keys stand here.
"""

from __future__ import annotations

import math
from typing import Any, TypedDict, TypeGuard

from lstm_lab.grading.messages.feedback import Said
from lstm_lab.i18n import LANGUAGES

__all__ = ["Record", "Row", "Told", "is_record"]


class Told(TypedDict):
    """What was said of a test, and what the answer printed."""

    said: Said | None
    stdout: str


class Row(Told):
    """The outcome of one graded test.

    Attributes
    ----------
    test, task : str
        Its name, and the task that it is about.
    title : Said or None
        What it looks at.
    points, earned : float
    status : str
        ``passed``, ``failed``, ``not tried`` or ``error`` (the grader's own).
    said : Said or None
        What the student is told.
    stdout : str
    hidden : Told or None
        Where the inputs were the instructor's secret: all that is known, for the instructor.
    """

    test: str
    task: str
    title: Said | None
    points: float
    earned: float
    status: str
    hidden: Told | None


class Record(TypedDict):
    """The outcome of one submission.

    Attributes
    ----------
    student, number : str
        As the platform names them.
    exercise, title, file : str
        Its number, its name, and the file that was handed in.
    status : str
        ``ok`` or ``needs attention``, with the `reasons`.
    lang : str or None
        Of the notebook, where it can be known.
    rows : list of Row
    earned, points, seconds : float or None
        None for what could not be graded.
    level : str
        The isolation that held.
    answers : dict
        For each task what answers that are alike are found by.
    """

    student: str
    number: str
    exercise: str
    title: str
    file: str
    status: str
    reasons: list[Said]
    lang: str | None
    rows: list[Row]
    earned: float | None
    points: float | None
    seconds: float | None
    level: str
    answers: dict[str, Any]


def is_record(value: object) -> TypeGuard[Record]:
    """Tell whether something read from a disk has the form of a `Record`, throughout.

    Examples
    --------
    >>> is_record({}), is_record(None), is_record({"student": "Ann"})
    (False, False, False)
    """
    if not isinstance(value, dict) or set(value) != set(Record.__annotations__):
        return False
    texts = ("student", "number", "exercise", "title", "file", "level")
    numbers = [value[name] for name in ("earned", "points", "seconds")]
    graded = all(_is_number(one) for one in numbers)
    return (
        all(isinstance(value[name], str) for name in texts)
        and value["status"] in ("ok", "needs attention")
        and (value["lang"] is None or value["lang"] in LANGUAGES)
        and (graded or all(one is None for one in numbers))
        and (not graded or value["earned"] <= value["points"])
        and isinstance(value["reasons"], list)
        and all(_is_said(one) for one in value["reasons"])
        and isinstance(value["rows"], list)
        and all(_is_row(one) for one in value["rows"])
        and isinstance(value["answers"], dict)
        and all(_is_fact(one) for one in value["answers"].values())
    )


def _is_number(value: object) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return math.isfinite(value) and value >= 0


def _is_said(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(one), str) for one in LANGUAGES)


def _is_told(value: object) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("stdout"), str)
        and (value.get("said") is None or _is_said(value["said"]))
    )


def _is_row(value: object) -> bool:
    return (
        isinstance(value, dict)
        and _is_told(value)
        and all(isinstance(value.get(name), str) for name in ("test", "task", "status"))
        and all(_is_number(value.get(name)) for name in ("points", "earned"))
        and (value.get("title") is None or _is_said(value["title"]))
        and (value.get("hidden") is None or _is_told(value["hidden"]))
    )


def _is_fact(value: object) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("form"), str)
        and isinstance(value.get("nodes"), int)
        and isinstance(value.get("calls"), list)
        and all(isinstance(one, str) for one in value["calls"])
        and "as_solution" in value
    )
