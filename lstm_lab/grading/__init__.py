"""Checking and grading: `exercise` for learners; `compare`, `suspect`, … for graded tests.

Nothing heavy is imported before it is asked for, so that ``from lstm_lab.grading import
exercise`` costs a lesson nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lstm_lab.grading.messages.comparing import compare, suspect
    from lstm_lab.grading.messages.feedback import Feedback
    from lstm_lab.grading.mutants import Equivalent, Mutant
    from lstm_lab.grading.notebook.kernel import exercise
    from lstm_lab.grading.result import Result
    from lstm_lab.grading.sandbox.processes import isolation_level

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
    "Feedback": "messages.feedback",
    "Mutant": "mutants",
    "Result": "result",
    "compare": "messages.comparing",
    "exercise": "notebook.kernel",
    "isolation_level": "sandbox.processes",
    "suspect": "messages.comparing",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
