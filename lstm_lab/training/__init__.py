"""Optimisers, losses, clipping and training loops, for NumPy records and for torch modules."""

from lstm_lab.training.batches import windows
from lstm_lab.training.clipping import clip_global_norm, clip_value
from lstm_lab.training.fit import fit
from lstm_lab.training.fit_torch import fit_torch
from lstm_lab.training.ladder import NETS, RUNGS, Rung, ladder_net, train_rung
from lstm_lab.training.loop import Fit, Loop
from lstm_lab.training.losses import binary_cross_entropy, cross_entropy, mse
from lstm_lab.training.objective import Evaluation, gradients, predict
from lstm_lab.training.optimizers import SGD, Adam, Optimizer, RMSprop
from lstm_lab.training.stopping import EarlyStopping
from lstm_lab.training.threads import one_thread

__all__ = [
    "NETS",
    "RUNGS",
    "SGD",
    "Adam",
    "EarlyStopping",
    "Evaluation",
    "Fit",
    "Loop",
    "Optimizer",
    "RMSprop",
    "Rung",
    "binary_cross_entropy",
    "clip_global_norm",
    "clip_value",
    "cross_entropy",
    "fit",
    "fit_torch",
    "gradients",
    "ladder_net",
    "mse",
    "one_thread",
    "predict",
    "train_rung",
    "windows",
]
