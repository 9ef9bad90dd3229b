"""What was handed in: found in folders and archives, given to its student and its exercise."""

from lstm_lab.grading.intake.folders import take_in
from lstm_lab.grading.intake.recognising import exercise_of
from lstm_lab.grading.intake.submission import Intake

__all__ = ["Intake", "exercise_of", "take_in"]
