"""Checking and grading: `exercise` for learners; `check_file`, `grade_folder` for programs;
`compare`, … for graded tests.

Nothing heavy is imported before it is asked for, so that ``from lstm_lab.grading import
exercise`` costs a lesson nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lstm_lab.lazy import lazily

if TYPE_CHECKING:
    from lstm_lab.grading.batch.folder import grade_folder
    from lstm_lab.grading.file import check_file
    from lstm_lab.grading.messages.comparing import compare, suspect
    from lstm_lab.grading.messages.diagnosing import judge_diagnoses
    from lstm_lab.grading.messages.feedback import Feedback
    from lstm_lab.grading.messages.recognising import Symptom
    from lstm_lab.grading.messages.training import judge_training, value_of
    from lstm_lab.grading.mutants import Equivalent, Mistake, Mutant, Slip
    from lstm_lab.grading.notebook.kernel import exercise
    from lstm_lab.grading.result import Result
    from lstm_lab.grading.sandbox.processes import isolation_level

__all__ = [
    "Equivalent",
    "Feedback",
    "Mistake",
    "Mutant",
    "Result",
    "Slip",
    "Symptom",
    "check_file",
    "compare",
    "exercise",
    "grade_folder",
    "isolation_level",
    "judge_diagnoses",
    "judge_training",
    "suspect",
    "value_of",
]

_HOMES = {
    "Equivalent": "mutants",
    "Feedback": "messages.feedback",
    "Mistake": "mutants",
    "Mutant": "mutants",
    "Result": "result",
    "Slip": "mutants",
    "Symptom": "messages.recognising",
    "check_file": "file",
    "compare": "messages.comparing",
    "exercise": "notebook.kernel",
    "grade_folder": "batch.folder",
    "isolation_level": "sandbox.processes",
    "judge_diagnoses": "messages.diagnosing",
    "judge_training": "messages.training",
    "suspect": "messages.comparing",
    "value_of": "messages.training",
}
__getattr__, __dir__ = lazily(__name__, globals(), _HOMES)
