"""Recurrent cells: for each a record of parameters, a start, a step and a step back.

`layers` runs the same cells over whole sequences, fast; read here, compute there.
"""

from lstm_lab.cells.activations import sigmoid
from lstm_lab.cells.gru import GRUCache, GRUParams, gru_init, gru_step, gru_step_backward
from lstm_lab.cells.lstm import LSTMCache, LSTMParams, lstm_init, lstm_step, lstm_step_backward
from lstm_lab.cells.memory_cell import (
    MemoryCellCache,
    MemoryCellParams,
    memory_cell_init,
    memory_cell_step,
    memory_cell_step_backward,
)
from lstm_lab.cells.no_forget import (
    NoForgetCache,
    NoForgetParams,
    no_forget_init,
    no_forget_step,
    no_forget_step_backward,
)
from lstm_lab.cells.notation import joined, separate
from lstm_lab.cells.params import Params, stack_seeds
from lstm_lab.cells.rnn import RNNCache, RNNParams, rnn_init, rnn_step, rnn_step_backward
from lstm_lab.cells.table import CELLS, Cell, cell_of
from lstm_lab.cells.variant_init import cifg_init, peephole_init, variant_init
from lstm_lab.cells.variants import (
    FEWER,
    VARIANTS,
    FGRParams,
    VariantCache,
    VariantParams,
    variant_step,
    variant_step_backward,
)

__all__ = [
    "CELLS",
    "FEWER",
    "VARIANTS",
    "Cell",
    "FGRParams",
    "GRUCache",
    "GRUParams",
    "LSTMCache",
    "LSTMParams",
    "MemoryCellCache",
    "MemoryCellParams",
    "NoForgetCache",
    "NoForgetParams",
    "Params",
    "RNNCache",
    "RNNParams",
    "VariantCache",
    "VariantParams",
    "cell_of",
    "cifg_init",
    "gru_init",
    "gru_step",
    "gru_step_backward",
    "joined",
    "lstm_init",
    "lstm_step",
    "lstm_step_backward",
    "memory_cell_init",
    "memory_cell_step",
    "memory_cell_step_backward",
    "no_forget_init",
    "no_forget_step",
    "no_forget_step_backward",
    "peephole_init",
    "rnn_init",
    "rnn_step",
    "rnn_step_backward",
    "separate",
    "sigmoid",
    "stack_seeds",
    "variant_init",
    "variant_step",
    "variant_step_backward",
]
