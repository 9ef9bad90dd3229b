"""What was handed in: found in folders and archives, given to its student and its exercise."""

from lstm_lab.grading.intake.folders import Intake, exercise_of, take_in

__all__ = ["Intake", "exercise_of", "take_in"]
