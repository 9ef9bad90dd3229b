"""What `RepairBench` shows: every net of the repair ladder, trained."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from lstm_lab.cells import Params
from lstm_lab.layers import LinearParams
from lstm_lab.tasks import LADDER
from lstm_lab.training import NETS
from lstm_lab.weights.shipped import shipped

__all__ = ["Trained", "load"]


class Trained(NamedTuple):
    """One net on one task: what the file holds of it."""

    model: tuple[Params, LinearParams]
    """Final weights of the eight seeds."""
    curves: np.ndarray
    """Training loss over the baseline, means of 50 stretches, (50, 8)."""
    explained: np.ndarray
    """Share of the variance explained on fresh sequences, (8,)."""
    fresh: np.ndarray
    """The same for forty seeds that nobody had looked at before, (40,)."""


@cache
def load() -> dict[tuple[str, str], Trained]:
    """Read the file: (task, net) -> `Trained`, in float64.

    Examples
    --------
    >>> load()["ask", "ifo"].curves.shape
    (50, 8)
    """
    held = shipped("repair")
    found = {}
    for task in LADDER:
        for gates in NETS:
            row = held[f"{task}/{gates}"]
            cell, head = row["model"]
            found[task, gates] = Trained(
                (cell.astype(np.float64), head.astype(np.float64)),
                *(row[name].astype(np.float64) for name in ("curves", "explained", "fresh")),
            )
    return found
