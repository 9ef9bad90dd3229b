"""The squashing functions of the cells."""

from __future__ import annotations

import numpy as np

from lstm_lab.cells.params import Array

__all__ = ["sigmoid"]


def sigmoid(x: Array) -> Array:
    """Return the logistic function, sigma(x) = 1 / (1 + exp(-x)).

    Written as (1 + tanh(x / 2)) / 2, which is the same function and never overflows;
    exp(-x) does, in float32 from x = -89 on.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, 0.0, 1000.0]))
    array([0. , 0.5, 1. ])
    """
    return 0.5 + 0.5 * np.tanh(0.5 * x)
