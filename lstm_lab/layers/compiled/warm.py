"""Compile the loops before anybody waits for them: ``python -m lstm_lab.layers.compiled.warm``.

Numba compiles a loop at its first use, some seconds each, and keeps the result on disk beside
the source (so that it moves with the folder), or in the user's cache folder where that cannot be
written. ``lstm-lab open`` starts this beside JupyterLab, so that it is done while somebody reads.
"""

from __future__ import annotations

import contextlib
import os
from typing import Any

import numpy as np

from lstm_lab.cells import gru_init, lstm_init, rnn_init
from lstm_lab.layers.engines import has_numba
from lstm_lab.layers.sequence import backward, forward

__all__ = ["warm_up"]


def warm_up() -> bool:
    """Compile every kernel in both types of numbers; False without numba.

    Takes about 40 seconds of one processor the first time, and one second after that.
    """
    if not has_numba():
        return False
    # small layers run with the sequences along the vector, of which there are two lengths
    sizes: list[tuple[Any, int, int]] = [(lstm_init, 2, 16), (lstm_init, 2, 1), (lstm_init, 40, 1),
                                         (rnn_init, 2, 1), (gru_init, 2, 1)]  # fmt: skip
    for dtype in (np.float64, np.float32):  # the lessons' own type first
        for init, H, B in sizes:
            p = init(1, H, dtype=dtype)
            out = forward(p, np.zeros((2, B, 1), dtype), engine="numba")
            backward(p, out, np.zeros_like(out.h))
    return True


if __name__ == "__main__":
    if hasattr(os, "nice"):  # behind everything that somebody waits for
        with contextlib.suppress(OSError):
            os.nice(19)
    warm_up()
