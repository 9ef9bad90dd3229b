"""Checking and grading: `exercise` for learners; `compare`, `suspect`, … for graded tests.

Nothing heavy is imported before it is asked for, so that ``from lstm_lab.grading import
exercise`` costs a lesson nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lstm_lab.grading.comparing import compare, suspect
    from lstm_lab.grading.feedback import Feedback
    from lstm_lab.grading.kernel import exercise
    from lstm_lab.grading.mutants import Equivalent, Mutant
    from lstm_lab.grading.result import Result
    from lstm_lab.grading.sandbox import isolation_level

__all__ = [
    "Equivalent",
    "Feedback",
    "Mutant",
    "Result",
    "compare",
    "exercise",
    "isolation_level",
    "suspect",
]

_HOMES = {
    "Equivalent": "mutants",
    "Feedback": "feedback",
    "Mutant": "mutants",
    "Result": "result",
    "compare": "comparing",
    "exercise": "kernel",
    "isolation_level": "sandbox",
    "suspect": "comparing",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
