"""Train every net of the repair ladder and write the file; `README.md` says what it holds.

``python -m lstm_lab.weights.repair.make`` (3 minutes with numba).
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from lstm_lab.saving import save
from lstm_lab.tasks import LADDER
from lstm_lab.training.ladder import NETS, SEEDS, train_rung
from lstm_lab.weights.shipped import path_of

__all__ = ["FRESH", "POINTS", "main", "shortened", "train"]

FRESH = tuple(range(1000, 1040))  # seeds that nobody looked at before
POINTS = 50  # of each curve: the mean loss of as many stretches


def shortened(curves: np.ndarray) -> np.ndarray:
    """Return (updates, S) as means of POINTS stretches, (POINTS, S)."""
    return curves.reshape(POINTS, -1, curves.shape[-1]).mean(axis=1)


def train(task: str, gates: str) -> dict[str, Any]:
    """Train one net on one task and return what the file holds of it."""
    rung = train_rung(task, gates, SEEDS)
    fresh = train_rung(task, gates, FRESH)
    cell, head = rung.model
    return {
        "model": (cell.astype(np.float32), head.astype(np.float32)),
        "curves": shortened(rung.curves).astype(np.float32),
        "explained": rung.explained.astype(np.float32),
        "fresh": fresh.explained.astype(np.float32),
    }


def main() -> None:
    """Train everything and write the file."""
    held: dict[str, Any] = {}
    for task in LADDER:
        for gates in NETS:
            held[f"{task}/{gates}"] = found = train(task, gates)
            sys.stdout.write(f"{task} {gates or 'additive'}: {found['explained'].round(2)}\n")
            sys.stdout.flush()
    save(path_of("repair"), held)


if __name__ == "__main__":
    main()
