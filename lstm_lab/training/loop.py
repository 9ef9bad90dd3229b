"""The loop around every training: progress bar, history, early stopping, Ctrl-C."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from tqdm.auto import tqdm

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.training.stopping import EarlyStopping

__all__ = ["Fit", "run_loop"]

REFRESH = 0.2  # seconds between two looks at the loss in the bar


@dataclass(frozen=True)
class Fit:
    """What a training leaves behind.

    Attributes
    ----------
    model
        The best by validation, if there was one; otherwise the last.
    history : dict of ndarray
        ``loss`` and ``norm`` (of the gradient, before clipping) of each update, shape
        (updates,) or (updates, S); ``validation`` and ``validated_at`` of each look.
    updates : int
        How many were made.
    sequences : int
        How many sequences each net has seen.
    stopped : {"updates", "patience", "solved", "interrupted", "not finite"}
        Why it ended.
    solved_at : ndarray of shape (S,), or None
        Sequences until the task's success rule was met; NaN where it was not.
    """

    model: Any
    history: dict[str, np.ndarray]
    updates: int
    sequences: int
    stopped: str
    solved_at: np.ndarray | None = None


@dataclass
class Step:
    """What one update reports to the loop."""

    loss: Any
    norm: Any
    sequences: int
    solved: bool = False
    extra: dict[str, Any] = field(default_factory=dict)


def run_loop(
    step: Callable[[], Step],
    snapshot: Callable[[], Any],
    *,
    updates: int,
    validate: Callable[[], Any] | None = None,
    every: int = 50,
    patience: int | None = None,
    progress: bool = True,
    label: str = "",
) -> Fit:
    """Call `step` up to `updates` times and keep the books; see `Fit`.

    `snapshot` returns the model as it is now, in a form that later steps leave alone.
    """
    for name, number in (("updates", updates), ("every", every)):
        if number < 1:
            raise UserError(
                _("{name}: expected at least 1, found {number}").format(name=name, number=number)
            )
    if patience is not None and validate is None:
        raise UserError(_("patience: early stopping needs validation=…"))
    watch: EarlyStopping[Any] = EarlyStopping(patience)
    losses, norms, looks, looked_at = [], [], [], []
    sequences, stopped, shown = 0, "updates", 0.0
    bar = tqdm(total=updates, desc=label, disable=not progress, leave=True)
    try:
        for n in range(1, updates + 1):
            made = step()
            losses.append(made.loss)
            norms.append(made.norm)
            sequences += made.sequences
            bar.update()
            if progress and (now := time.monotonic()) - shown > REFRESH:
                shown = now
                bar.set_postfix(loss=_shown(made.loss), refresh=False)
            if validate is not None and (n % every == 0 or n == updates):
                looks.append(validate())
                looked_at.append(n)
                if watch.update(looks[-1], snapshot()):
                    stopped = "patience"
                    break
            if made.solved:
                stopped = "solved"
                break
            if not np.any(np.isfinite(made.loss)):
                stopped = "not finite"
                break
    except KeyboardInterrupt:
        # what was learnt so far is the reader's; only the update under way is lost
        stopped = "interrupted"
    finally:
        if losses:
            bar.set_postfix(loss=_shown(losses[-1]), refresh=False)
        bar.close()
    history = {"loss": np.asarray(losses), "norm": np.asarray(norms)}
    if validate is not None:
        history |= {"validation": np.asarray(looks), "validated_at": np.asarray(looked_at, int)}
    return Fit(
        model=snapshot() if watch.best is None else watch.best,
        history=history,
        updates=len(losses),
        sequences=sequences,
        stopped=stopped,
    )


def _shown(loss: Any) -> str:
    """Write the loss, or the median over seeds, in three digits."""
    return f"{float(np.median(loss)):.3g}"
