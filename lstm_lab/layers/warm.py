"""Compile the loops before anybody waits for them: ``python -m lstm_lab.layers.warm``.

Numba compiles a loop at its first use, some seconds each, and keeps the result on disk beside
the source (or in the user's cache folder, where that cannot be written).
"""

from __future__ import annotations

import numpy as np

from lstm_lab.cells import gru_init, lstm_init, rnn_init
from lstm_lab.layers.engines import has_numba
from lstm_lab.layers.sequence import backward, forward

__all__ = ["warm_up"]


def warm_up() -> bool:
    """Compile every kernel in both types of numbers; False without numba.

    Takes about half a minute the first time, and less than a second after that.
    """
    if not has_numba():
        return False
    for dtype in (np.float64, np.float32):  # the lessons' own type first
        for init in (lstm_init, rnn_init, gru_init):
            p = init(1, 2, dtype=dtype)
            out = forward(p, np.zeros((2, 1, 1), dtype), engine="numba")
            backward(p, out, np.zeros_like(out.h))
    return True


if __name__ == "__main__":
    warm_up()
