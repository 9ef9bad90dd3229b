"""Pictures that answer: widgets that compute in the page, each one line of Python."""

from lstm_lab.widgets.bridge import GradientBridge
from lstm_lab.widgets.heatmap import GateHeatmap
from lstm_lab.widgets.predict import Predict
from lstm_lab.widgets.repair import RepairBench
from lstm_lab.widgets.stepper import CellStepper

__all__ = ["CellStepper", "GateHeatmap", "GradientBridge", "Predict", "RepairBench"]
