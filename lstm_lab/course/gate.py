"""placeholder"""

from pathlib import Path

from lstm_lab.course.problems import Problem
from lstm_lab.course.render import Course

__all__ = ["check_exercises"]


def check_exercises(course: Course, notebooks: dict[str, bytes], root: Path) -> list[Problem]:
    return []
