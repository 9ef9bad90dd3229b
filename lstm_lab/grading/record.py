"""What grading gives, as plain data: rows of tests, and the record of a submission.

These cross processes and are kept as JSON, so they are dictionaries; their keys stand here.
"""

from __future__ import annotations

from typing import Any, TypedDict

from lstm_lab.grading.messages.feedback import Said

__all__ = ["Record", "Row", "Told"]


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
