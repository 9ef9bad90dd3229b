"""LSTM Lab: cells, layers, pictures and graders for a course on recurrent networks.

What is used most is here (``from lstm_lab import forward, lstm_init``); the rest in its folder:
`cells` (one step), `layers` (whole sequences), `gradients`, `interop`, `saving`, `tasks`, `data`,
`training`, `plots`, `widgets`, `grading`, `course`.

A name is imported when it is asked for, so that ``import lstm_lab`` is quick and leaves torch
alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lstm_lab.lazy import lazily

if TYPE_CHECKING:
    from lstm_lab.cells.gru import gru_init
    from lstm_lab.cells.lstm import lstm_init, lstm_step
    from lstm_lab.cells.rnn import rnn_init
    from lstm_lab.gradients.check import check_gradients
    from lstm_lab.gradients.jacobians import gradient_flow
    from lstm_lab.interop.with_keras import from_keras, to_keras
    from lstm_lab.interop.with_torch import from_torch, to_torch
    from lstm_lab.layers.linear import linear_init
    from lstm_lab.layers.sequence import backward, forward
    from lstm_lab.layers.stack import Bidirectional, Stack
    from lstm_lab.plots.shown import show
    from lstm_lab.saving import load, save
    from lstm_lab.training.clipping import clip_global_norm
    from lstm_lab.training.fit import fit
    from lstm_lab.training.fit_torch import fit_torch
    from lstm_lab.training.objective import predict
    from lstm_lab.training.optimizers import Adam
    from lstm_lab.training.threads import one_thread
    from lstm_lab.widgets.bridge import GradientBridge
    from lstm_lab.widgets.heatmap import GateHeatmap
    from lstm_lab.widgets.stepper import CellStepper

__all__ = [
    "Adam",
    "Bidirectional",
    "CellStepper",
    "GateHeatmap",
    "GradientBridge",
    "Stack",
    "__version__",
    "backward",
    "check_gradients",
    "clip_global_norm",
    "fit",
    "fit_torch",
    "forward",
    "from_keras",
    "from_torch",
    "gradient_flow",
    "gru_init",
    "linear_init",
    "load",
    "lstm_init",
    "lstm_step",
    "one_thread",
    "predict",
    "rnn_init",
    "save",
    "show",
    "to_keras",
    "to_torch",
]

__version__ = "0.1.0"

_HOMES = {
    "Adam": "training.optimizers",
    "Bidirectional": "layers.stack",
    "CellStepper": "widgets.stepper",
    "GateHeatmap": "widgets.heatmap",
    "GradientBridge": "widgets.bridge",
    "Stack": "layers.stack",
    "backward": "layers.sequence",
    "check_gradients": "gradients.check",
    "clip_global_norm": "training.clipping",
    "fit": "training.fit",
    "fit_torch": "training.fit_torch",
    "forward": "layers.sequence",
    "from_keras": "interop.with_keras",
    "from_torch": "interop.with_torch",
    "gradient_flow": "gradients.jacobians",
    "gru_init": "cells.gru",
    "linear_init": "layers.linear",
    "load": "saving",
    "lstm_init": "cells.lstm",
    "lstm_step": "cells.lstm",
    "one_thread": "training.threads",
    "predict": "training.objective",
    "rnn_init": "cells.rnn",
    "save": "saving",
    "show": "plots.shown",
    "to_keras": "interop.with_keras",
    "to_torch": "interop.with_torch",
}
__getattr__, __dir__ = lazily(__name__, globals(), _HOMES)
