"""Pictures that answer: widgets that compute in the page, each one line of Python."""

from lstm_lab.widgets.predict import Predict

__all__ = ["Predict"]
