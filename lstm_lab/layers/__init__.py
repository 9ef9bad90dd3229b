"""Whole sequences, fast: forward and backward for every cell, and the linear head."""

from lstm_lab.layers.buffers import release_memory
from lstm_lab.layers.engines import ENGINES, has_numba
from lstm_lab.layers.linear import LinearParams, linear_backward, linear_forward, linear_init
from lstm_lab.layers.output import Gradients, Output, Trace
from lstm_lab.layers.sequence import backward, forward
from lstm_lab.layers.stack import Bidirectional, Stack
from lstm_lab.layers.steps import forward_held

__all__ = [
    "ENGINES",
    "Bidirectional",
    "Gradients",
    "LinearParams",
    "Output",
    "Stack",
    "Trace",
    "backward",
    "forward",
    "forward_held",
    "has_numba",
    "linear_backward",
    "linear_forward",
    "linear_init",
    "release_memory",
]
