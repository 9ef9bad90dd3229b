"""Recurrent cells: for each a record of parameters, a start, a step and a step back.

`layers` runs the same cells over whole sequences, fast; read here, compute there.
"""

from lstm_lab.cells.activations import sigmoid
from lstm_lab.cells.lstm import LSTMCache, LSTMParams, lstm_init, lstm_step, lstm_step_backward
from lstm_lab.cells.params import Params, stack_seeds
from lstm_lab.cells.rnn import RNNCache, RNNParams, rnn_init, rnn_step, rnn_step_backward

__all__ = [
    "LSTMCache",
    "LSTMParams",
    "Params",
    "RNNCache",
    "RNNParams",
    "lstm_init",
    "lstm_step",
    "lstm_step_backward",
    "rnn_init",
    "rnn_step",
    "rnn_step_backward",
    "sigmoid",
    "stack_seeds",
]
