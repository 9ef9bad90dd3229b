"""What `RepairBench` shows: every net of the repair ladder, trained.

``python -m lstm_lab.widgets.repair_data`` trains all of them again (some minutes) and writes
the file beside this module; `README` in the same folder says what it holds.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lstm_lab.cells import Params
from lstm_lab.layers import LinearParams
from lstm_lab.records import arrays, rebuild
from lstm_lab.tasks import LADDER
from lstm_lab.training.ladder import NETS, SEEDS, ladder_net, train_rung

__all__ = ["FRESH", "POINTS", "TRAINED", "Trained", "load"]

TRAINED = Path(__file__).parent / "trained" / "repair.npz"
FRESH = tuple(range(1000, 1040))  # seeds that nobody looked at before
POINTS = 50  # of each curve: the mean loss of as many stretches


class Trained(NamedTuple):
    """One net on one task: what the file holds of it."""

    model: tuple[Params, LinearParams]
    """Final weights of the eight seeds."""
    curves: np.ndarray
    """Training loss over the baseline, means of POINTS stretches, (POINTS, 8)."""
    explained: np.ndarray
    """Share of the variance explained on fresh sequences, (8,)."""
    fresh: np.ndarray
    """The same for the seeds FRESH, (40,)."""


@cache
def load() -> dict[tuple[str, str], Trained]:
    """Read the file: (task, net) -> `Trained`.

    Examples
    --------
    >>> load()["ask", "ifo"].curves.shape
    (50, 8)
    """
    found = {}
    with np.load(TRAINED) as file:
        for task in LADDER:
            for gates in NETS:
                at = f"{task}/{gates}/"
                like = ladder_net(gates, LADDER[task].inputs)
                weights = [file[at + name].astype(np.float64) for name in arrays(like)]
                found[task, gates] = Trained(
                    rebuild(like, weights),
                    *(
                        file[at + name].astype(np.float64)
                        for name in ("curves", "explained", "fresh")
                    ),
                )
    return found


def shortened(curves: np.ndarray) -> np.ndarray:
    """Return (updates, S) as means of POINTS stretches, (POINTS, S)."""
    return curves.reshape(POINTS, -1, curves.shape[-1]).mean(axis=1)


def train(task: str, gates: str) -> dict[str, np.ndarray]:
    """Train one net on one task and return what the file holds of it."""
    rung = train_rung(task, gates, SEEDS)
    fresh = train_rung(task, gates, FRESH)
    weights = {name: a.astype(np.float32) for name, a in arrays(rung.model).items()}
    return weights | {
        "curves": shortened(rung.curves).astype(np.float32),
        "explained": rung.explained.astype(np.float32),
        "fresh": fresh.explained.astype(np.float32),
    }


def main() -> None:
    """Train everything and write the file."""
    TRAINED.parent.mkdir(exist_ok=True)
    held: dict[str, np.ndarray] = {}
    for task in LADDER:
        for gates in NETS:
            found = train(task, gates)
            held |= {f"{task}/{gates}/{name}": a for name, a in found.items()}
            sys.stdout.write(f"{task} {gates or 'additive'}: {found['explained'].round(2)}\n")
            sys.stdout.flush()
    np.savez_compressed(TRAINED, **held)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
