"""Whole sequences, fast: forward and backward for every cell, and the linear head."""

from lstm_lab.layers.linear import LinearParams, linear_backward, linear_forward, linear_init
from lstm_lab.layers.output import Gradients, Output, Trace
from lstm_lab.layers.sequence import ENGINES, backward, forward

__all__ = [
    "ENGINES",
    "Gradients",
    "LinearParams",
    "Output",
    "Trace",
    "backward",
    "forward",
    "linear_backward",
    "linear_forward",
    "linear_init",
]
