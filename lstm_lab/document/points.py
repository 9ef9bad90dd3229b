"""``@pytest.mark.points(n, task="…", en="…", zh="…")``: what a graded test is worth."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["GradedTest", "Points", "graded_tests", "task_points"]


@dataclass(frozen=True)
class Points:
    """One mark as it was written, from a file or from pytest.

    Attributes
    ----------
    worth : float
        A number above 0; anything else is not `good`.
    task : str
    title : dict or None
        What the test is called, by language.
    line : int
        Where it stands, if that is known.
    """

    worth: Any
    task: Any
    title: dict[str, str] | None = None
    line: int = 0

    @classmethod
    def of(cls, args: Sequence[Any], kwargs: Mapping[str, Any], line: int = 0) -> Points:
        """Read a mark's arguments.

        Examples
        --------
        >>> Points.of((2,), {"task": "step", "en": "once", "zh": "一次"}).title
        {'en': 'once', 'zh': '一次'}
        """
        title = {lang: str(kwargs[lang]) for lang in ("en", "zh") if lang in kwargs}
        worth = args[0] if args else kwargs.get("n")
        return cls(worth, kwargs.get("task"), title if len(title) == 2 else None, line)

    @property
    def is_number(self) -> bool:
        """Whether it is worth a number above 0."""
        number = isinstance(self.worth, int | float) and not isinstance(self.worth, bool)
        return number and self.worth > 0

    @property
    def good(self) -> bool:
        """Whether it gives points to a task."""
        return self.is_number and isinstance(self.task, str)


@dataclass(frozen=True)
class GradedTest:
    """A test function of a file of graded tests."""

    name: str
    line: int
    points: tuple[Points, ...]


def graded_tests(text: str) -> list[GradedTest]:
    """Return the tests of a file, which is read and not run.

    Raises
    ------
    SyntaxError
        It is not Python.
    """
    return [
        GradedTest(node.name, node.lineno, tuple(_marks(node)))
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test")
    ]


def task_points(text: str) -> dict[str, float]:
    """Return what each task is worth, in the order in which the tests name them.

    Examples
    --------
    >>> task_points("@pytest.mark.points(2, task='step')\\ndef test_step(): ...")
    {'step': 2}
    """
    found: dict[str, float] = {}
    for test in graded_tests(text):
        for one in test.points:
            if one.good:
                found[one.task] = found.get(one.task, 0) + one.worth
    return found


def _marks(test: ast.FunctionDef) -> list[Points]:
    return [
        Points.of(
            [_constant(value) for value in node.args],
            {word.arg: _constant(word.value) for word in node.keywords if word.arg},
            node.lineno,
        )
        for node in test.decorator_list
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.points"
    ]


def _constant(node: ast.expr) -> Any:
    return node.value if isinstance(node, ast.Constant) else None
