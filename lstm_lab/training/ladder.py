"""Train the nets of the repair ladder: one memory unit, with and without each part.

``"rnn"`` is a plain RNN. Every other net has an additive state, c' = c + g, and the gates
that its name lists: ``""``, ``"i"``, ``"o"``, ``"f"``, ``"io"``, … ``"ifo"``, which is the
LSTM. A gate that is absent has no weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_lab.cells import Params, lstm_init, no_forget_init, rnn_init, variant_init
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.layers import LinearParams, linear_init
from lstm_lab.tasks import LADDER, explained
from lstm_lab.training.fit import fit
from lstm_lab.training.objective import predict
from lstm_lab.training.optimizers import Adam

__all__ = [
    "NETS",
    "RUNGS",
    "SEEDS",
    "SOLVED",
    "UPDATES",
    "Rung",
    "judge",
    "ladder_net",
    "train_rung",
]

NETS = ("rnn", "", "i", "o", "f", "io", "if", "fo", "ifo")
RUNGS = ("rnn", "", "i", "io", "ifo")  # the order of history: a part more each time
SEEDS = tuple(range(8))
UPDATES = {"sum": 500, "cue": 1000, "ask": 1000, "count": 500}
SOLVED = 0.95  # of the baseline's error is gone

_VARIANT = {"": "G", "i": "IG", "o": "GO", "f": "FG", "if": "NOG", "fo": "NIG"}
_RATE = {"sum": 0.02, "cue": 0.03, "ask": 0.03, "count": 0.03}
_BATCH, _TEST = 32, 256


def ladder_net(
    gates: str, inputs: int, seeds: Sequence[int] = SEEDS, dtype: Any = np.float64
) -> tuple[Params, LinearParams]:
    """Build one memory unit with the gates named, and its linear readout.

    Recurrent weights start at a tenth of torch's, the bias of a forget gate at 3.

    Parameters
    ----------
    gates : str
        One of `NETS`.
    inputs : int
    seeds : sequence of int
        One net for each, stacked along the seed dimension.

    Examples
    --------
    >>> ladder_net("io", inputs=2)[0]
    NoForgetParams(W_x (8, 3, 2), W_h (8, 3, 1), b (8, 3), float64)
    >>> ladder_net("", inputs=2)[0]
    VariantParams(W_x (8, 1, 2), W_h (8, 1, 1), b (8, 1), variant='G', float64)
    """
    if gates not in NETS:
        raise UserError(
            _("gates: expected one of {known}, found {found}").format(
                known=", ".join(map(repr, NETS)), found=repr(gates)
            )
        )
    p: Params
    if gates == "rnn":
        p = rnn_init(inputs, 1, seeds, dtype=dtype)
    elif gates == "ifo":
        p = lstm_init(inputs, 1, seeds, forget_bias=3.0, dtype=dtype)
    elif gates == "io":
        p = no_forget_init(inputs, 1, seeds, dtype=dtype)
    else:
        p = variant_init(
            _VARIANT[gates], inputs, 1, seeds, forget_bias=3.0, peepholes=False, dtype=dtype
        )
    return p.replace(W_h=0.1 * p.W_h), linear_init(1, 1, seeds, dtype=dtype)


@dataclass(frozen=True)
class Rung:
    """One net on one task, over all seeds."""

    task: str
    gates: str
    model: tuple[Params, LinearParams]
    curves: np.ndarray
    """Training loss over the baseline, (updates, S)."""
    explained: np.ndarray
    """Share of the baseline's error that is gone on fresh sequences, (S,)."""

    @property
    def solved(self) -> np.ndarray:
        """Which seeds explain 95 % of it, bool (S,)."""
        return self.explained >= SOLVED


def train_rung(task: str, gates: str, seeds: Sequence[int] = SEEDS, engine: str = "auto") -> Rung:
    """Train one memory unit on one task of `LADDER`, all seeds side by side.

    Adam with clip 1, batch 32; the count is trained for 500 updates at rate 0.03, the sum
    for 500 at 0.02, the other two for 1,000 at 0.03. Then 256 fresh sequences decide.

    Parameters
    ----------
    task : {"sum", "cue", "ask", "count"}
    gates : str
        One of `NETS`.
    seeds : sequence of int
        Each decides how its net starts; the first of them also which sequences are drawn.

    Examples
    --------
    >>> train_rung("sum", "ifo", seeds=range(3)).solved
    array([...])
    """
    if task not in LADDER:
        raise UserError(
            _("task: expected one of {known}, found {found}").format(
                known=", ".join(LADDER), found=repr(task)
            )
        )
    chosen = LADDER[task]
    seeds = [int(s) for s in seeds]
    result = fit(
        ladder_net(gates, chosen.inputs, seeds),
        chosen,
        updates=UPDATES[task],
        batch=_BATCH,
        optimizer=Adam(lr=_RATE[task]),
        clip=1.0,
        seed=seeds[0],
        progress=False,
        engine=engine,
    )
    return Rung(
        task=task,
        gates=gates,
        model=result.model,
        curves=result.history["loss"] / chosen.baseline,
        explained=judge(task, result.model, seeds[0], engine),
    )


def judge(
    task: str, model: tuple[Params, LinearParams], seed: int = 0, engine: str = "auto"
) -> np.ndarray:
    """Return the share of the baseline's error that nets have explained, (S,).

    Parameters
    ----------
    task : {"sum", "cue", "ask", "count"}
    model : (cell, head)
        With a seed dimension.
    seed : int
        Decides the 256 fresh sequences of each net; `train_rung` takes its first seed.

    Examples
    --------
    >>> judge("ask", ladder_net("rnn", inputs=2)).shape
    (8,)
    """
    chosen, S = LADDER[task], model[1].seeds
    x, y = chosen.sample(_TEST, np.random.default_rng(10_000 + seed), seeds=S)
    return np.asarray(explained(chosen, predict(model, x, chosen.readout, engine=engine), y))
