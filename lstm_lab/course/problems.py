"""A broken rule: which file, which line, one sentence."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Problem", "report"]


@dataclass(frozen=True, order=True)
class Problem:
    """One broken rule of a source.

    Attributes
    ----------
    path : str
        The file, relative to the course root, with forward slashes.
    line : int
        Counted from 1, so that editors can jump to it.
    text : str
        What is wrong and what would be right.

    Examples
    --------
    >>> print(Problem("lessons/rnn/lesson.py", 12, "raw cells are not used"))
    lessons/rnn/lesson.py:12: raw cells are not used
    """

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def report(problems: list[Problem]) -> str:
    """Return all problems, one a line, in the order of files and lines.

    Examples
    --------
    >>> print(report([Problem("b.py", 2, "second"), Problem("b.py", 1, "first")]))
    b.py:1: first
    b.py:2: second
    """
    return "\n".join(str(problem) for problem in sorted(set(problems)))
