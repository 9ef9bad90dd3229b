"""Train a NumPy model: a cell (or layers of them) and its linear head."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.layers import Bidirectional
from lstm_lab.records import arrays, seeds_of
from lstm_lab.saving import check_like
from lstm_lab.tasks import Streak, Task
from lstm_lab.training.batches import Batch, Chance, Source, batches_of, slices
from lstm_lab.training.clipping import clip_global_norm
from lstm_lab.training.loop import Fit, Loop, Step, run_loop
from lstm_lab.training.metrics import Metric, checked, weighted
from lstm_lab.training.objective import Answer, answer, gradients
from lstm_lab.training.optimizers import Adam, Optimizer

__all__ = ["fit"]

Sampler = Callable[[np.random.Generator], tuple[Any, ...]]


def fit(
    model: tuple[Any, Any],
    data: Task | Sampler | tuple[np.ndarray, ...] | Iterable[Any],
    *,
    batch: int = 32,
    optimizer: Optimizer | None = None,
    clip: float | None = 1.0,
    loss: Any = None,
    readout: str | None = None,
    seed: int = 0,
    metrics: dict[str, Metric] | None = None,
    until_solved: bool = False,
    truncate: int | None = None,
    carry: bool = False,
    engine: str = "auto",
    **loop: Any,
) -> Fit:
    """Train by gradient descent, with a bar; Ctrl-C ends it and keeps what was learnt.

    Parameters
    ----------
    model : (cell, head)
        With a seed dimension S all nets train side by side, each on its own sequences,
        clipped by its own norm: as S separate trainings, for about the price of one.
    data : Task, callable or (x, y)
        A task draws fresh sequences. A callable gets a generator and returns ``(x, y)`` or
        ``(x, y, lengths)`` or ``(x, y, lengths, mask)`` for one update. Arrays x (T, N, I)
        and y (N, …), or (T, N, …) where the answer is asked at every step, are dealt out in
        shuffled batches. Anything else is passed over again and again as a row of batches.
    batch : int
        Sequences an update (and net), for a task and for arrays.
    optimizer : Optimizer
        ``Adam(lr=0.01)`` by default.
    clip : float, optional
        Global norm to clip to; None: do not clip.
    loss, readout : str
        As in `gradients`; a task knows its own.
    seed : int
        Decides the order and content of the batches; the weights come with the model.
    metrics : dict of callable, optional
        Name → function of the predictions and targets that count, of one net; its numbers
        go into the history, of each update and of each look.
    until_solved : bool
        For a task: stop once its success rule is met by every net.
    truncate : int, optional
        Truncated backpropagation through time: cut each sequence into windows of so many
        steps, one update each; the state goes on from window to window, the gradient does
        not. Needs an answer at every step.
    carry : bool
        The state also goes on from batch to batch: for one endless stream.
    engine : str
        As in `lstm_lab.layers.forward`.
    **loop
        As in `Loop`: updates, validation, every, patience, save, resume, progress.

    Returns
    -------
    Fit
        The model, the history and why it ended.

    Examples
    --------
    >>> from lstm_lab.cells import lstm_init
    >>> from lstm_lab.layers import linear_init
    >>> from lstm_lab.tasks import parity
    >>> model = lstm_init(1, 4), linear_init(4, 1)
    >>> result = fit(model, parity(4), updates=3, batch=2, progress=False)
    >>> result.updates, result.sequences, result.stopped, result.history["loss"].shape
    (3, 6, 'updates', (3,))
    """
    settings = Loop.of(loop)
    task = data if isinstance(data, Task) else None
    readout = readout or (task.readout if task else "last")
    if until_solved and task is None:
        raise UserError(_("until_solved: only a task has a success rule"))
    if (truncate or carry) and readout != "every":
        raise UserError(_('truncate, carry: expected readout="every", found "last"'))
    if (truncate or carry) and any(
        isinstance(layer, Bidirectional) for layer in getattr(model[0], "layers", (model[0],))
    ):
        raise UserError(_("truncate, carry: a Bidirectional cannot go on, it reads from the end"))
    rng = np.random.default_rng(seed)

    def recall(state: Any) -> None:
        rng.bit_generator.state = state

    source = Source(
        data, rng, batch=batch, y_axis=1 if readout == "every" else 0,
        chance=Chance(lambda: rng.bit_generator.state, recall),
        seeds=seeds_of(model[0]), dtype=next(iter(arrays(model).values())).dtype,
    )  # fmt: skip
    trainee = _Records(
        model, source, optimizer or Adam(lr=0.01), task, metrics=checked(metrics), clip=clip,
        loss=loss or (task.loss if task else "mse"), readout=readout, engine=engine,
        truncate=truncate, carry=carry, until_solved=until_solved,
        # its own, so that batches do not depend on it
        dropout=np.random.default_rng([seed, 1]),
    )  # fmt: skip
    result = run_loop(trainee, settings)
    return replace(result, solved_at=trainee.streak.solved_at if trainee.streak else None)


class _Records:
    """A pair of records in training: what `run_loop` asks of it."""

    def __init__(
        self, model: Any, source: Source, optimizer: Optimizer, task: Task | None, **how: Any
    ) -> None:
        self.model, self.source, self.optimizer, self.task = model, source, optimizer, task
        self.clip = np.inf if how["clip"] is None else how["clip"]
        self.how = {name: how[name] for name in ("loss", "readout", "engine")}
        self.metrics: dict[str, Metric] = how["metrics"]
        self.truncate, self.carry = how["truncate"], how["carry"]
        self.until_solved, self.dropout = how["until_solved"], how["dropout"]
        self.streak = Streak(task) if task else None
        self.name = task.name if task else ""
        self.carried: Any = None

    def step(self) -> Step:
        """Update once, or once for each window of the batch."""
        x, y, lengths, mask = self._asked(next(self.source))
        if self.truncate and lengths is not None:
            raise UserError(_("truncate: sequences of several lengths cannot be cut into windows"))
        state, norms, answers = (self.carried if self.carry else None), [], []
        for part in slices(len(x), self.truncate):
            made = gradients(
                self.model, x[part], y[part], mask=None if mask is None else mask[part],
                lengths=lengths, state=state, rng=self.dropout, **self.how,
            )  # fmt: skip
            grads, norm = clip_global_norm(made.grads, self.clip)
            self.model = self.optimizer.update(self.model, grads)
            norms.append(norm)
            answers.append(made.answer)
            state = made.state
        self.carried = state if self.carry else None
        solved = False
        if self.streak is not None:
            preds = [made.pred for made in answers]
            pred = preds[0] if len(preds) == 1 else np.concatenate(preds)
            solved = self.streak.update(pred, y) and self.until_solved
        losses = [made.loss for made in answers]
        many = len(losses) > 1
        return Step(
            loss=np.mean(losses, axis=0) if many else losses[0],
            norm=np.mean(norms, axis=0) if many else norms[0],
            sequences=x.shape[-2],
            solved=solved,
            extra=self._measured(answers) if self.metrics else {},
        )

    def look(self, validation: Any) -> dict[str, Any]:
        """Judge by a function, or by the mean over every answer of all batches."""
        if callable(validation):
            return {"validation": validation(self.model)}
        answers = []
        for batch in batches_of(validation):
            x, y, lengths, mask = self._asked(batch)
            answers.append(answer(self.model, x, y, mask=mask, lengths=lengths, **self.how))
        value = weighted([(made.loss, made.weight()) for made in answers])
        seen = {f"validation_{name}": number for name, number in self._measured(answers).items()}
        return {"validation": value, **seen}

    def _measured(self, answers: list[Answer]) -> dict[str, Any]:
        return {
            name: weighted([(made.each(metric), made.weight()) for made in answers])
            for name, metric in self.metrics.items()
        }

    def _asked(self, batch: Batch) -> Batch:
        """Add the mask that a task makes of its own targets."""
        if batch.mask is None and self.task is not None:
            return batch._replace(mask=self.task.mask(batch.y))
        return batch

    def snapshot(self) -> Any:
        """Return the model: records are frozen, later steps make new ones."""
        return self.model

    def pack(self, model: Any) -> Any:
        """Return the model: records can be saved."""
        return model

    def unpack(self, packed: Any) -> Any:
        """Undo `pack`."""
        return packed

    def state(self) -> dict[str, Any]:
        """Return model, optimiser, batches, dropout, streak and carried state."""
        return {
            "kind": "records",
            "model": self.model,
            "optimizer": [type(self.optimizer).__name__, self.optimizer.state()],
            "source": self.source.state(),
            "dropout": self.dropout.bit_generator.state,
            "streak": self.streak.state() if self.streak else None,
            "carried": self.carried,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state, if it is one of such a training."""
        if state["kind"] != "records":
            raise KeyError("kind")
        check_like("model", state["model"], self.model)
        optimizer, remembered = state["optimizer"]
        if optimizer != type(self.optimizer).__name__:
            raise UserError(
                _("optimizer: expected {want}, as in the checkpoint, found {found}").format(
                    want=optimizer, found=type(self.optimizer).__name__
                )
            )
        if (self.streak is None) != (state["streak"] is None):
            raise UserError(_("data: one of the two trainings is on a task, the other is not"))
        self.model = state["model"]
        self.optimizer.restore(remembered)
        self.source.restore(state["source"])
        self.dropout.bit_generator.state = state["dropout"]
        if self.streak is not None:
            self.streak.restore(state["streak"])
        self.carried = state["carried"]
