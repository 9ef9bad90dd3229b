"""Train a NumPy model: a cell (or layers of them) and its linear head."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.layers import Bidirectional
from lstm_lab.records import arrays, seeds_of
from lstm_lab.tasks import Streak, Task
from lstm_lab.training.clipping import clip_global_norm
from lstm_lab.training.loop import Fit, Step, run_loop
from lstm_lab.training.objective import Evaluation, gradients
from lstm_lab.training.optimizers import Adam, Optimizer

__all__ = ["fit", "windows"]

Sampler = Callable[[np.random.Generator], tuple[Any, ...]]


def fit(
    model: tuple[Any, Any],
    data: Task | Sampler | tuple[np.ndarray, np.ndarray],
    *,
    updates: int = 1000,
    batch: int = 32,
    optimizer: Optimizer | None = None,
    clip: float | None = 1.0,
    loss: Any = None,
    readout: str | None = None,
    seed: int = 0,
    until_solved: bool = False,
    validation: Any = None,
    every: int = 50,
    patience: int | None = None,
    truncate: int | None = None,
    carry: bool = False,
    progress: bool = True,
    engine: str = "auto",
) -> Fit:
    """Train by gradient descent, with a bar; Ctrl-C ends it and keeps what was learnt.

    Parameters
    ----------
    model : (cell, head)
        With a seed dimension S all nets train side by side, each on its own sequences,
        clipped by its own norm: as S separate trainings, for about the price of one.
    data : Task, callable or (x, y)
        A task draws fresh sequences. A callable gets a generator and returns ``(x, y)`` or
        ``(x, y, lengths)`` for one update. Arrays x (T, N, I) and y (N, …), or (T, N, …)
        where the answer is asked at every step, are dealt out in shuffled batches.
    updates : int
        At most so many.
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
    until_solved : bool
        For a task: stop once its success rule is met by every net.
    validation : (x, y) or callable
        Looked at after every `every` updates; the best model by it is given back. A
        callable gets the model and returns a number, or one for each seed.
    every, patience : int
        `patience` looks in a row without a new minimum end the training.
    truncate : int, optional
        Truncated backpropagation through time: cut each sequence into windows of so many
        steps, one update each; the state goes on from window to window, the gradient does
        not. Needs an answer at every step.
    carry : bool
        The state also goes on from batch to batch: for one endless stream.
    progress : bool
        Show the bar.
    engine : str
        As in `lstm_lab.layers.forward`.

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
    task = data if isinstance(data, Task) else None
    loss = loss or (task.loss if task else "mse")
    readout = readout or (task.readout if task else "last")
    if until_solved and task is None:
        raise UserError(_("until_solved: only a task has a success rule"))
    if (truncate or carry) and readout != "every":
        raise UserError(_('truncate, carry: expected readout="every", found "last"'))
    if (truncate or carry) and any(
        isinstance(layer, Bidirectional) for layer in getattr(model[0], "layers", (model[0],))
    ):
        raise UserError(_("truncate, carry: a Bidirectional cannot go on, it reads from the end"))
    optimizer = optimizer or Adam(lr=0.01)
    streak = Streak(task) if task else None
    batches = _batches(data, batch, seeds_of(model[0]), np.random.default_rng(seed), model, readout)
    dropout = np.random.default_rng([seed, 1])  # its own, so that batches do not depend on it
    state: Any = None

    def update(part: Evaluation) -> Any:
        nonlocal model
        grads, norm = clip_global_norm(part.grads, clip if clip is not None else np.inf)
        model = optimizer.update(model, grads)
        return norm

    def evaluate(x: Any, y: Any, lengths: Any, before: Any, drop: Any = None) -> Evaluation:
        mask = task.mask(y) if task else None
        return gradients(
            model, x, y, loss, readout, mask=mask, state=before, lengths=lengths,
            engine=engine, rng=drop,
        )  # fmt: skip

    def step() -> Step:
        nonlocal state
        x, y, lengths = next(batches)
        if truncate and lengths is not None:
            raise UserError(_("truncate: sequences of several lengths cannot be cut into windows"))
        before, losses, norms, preds = (state if carry else None), [], [], []
        for x_part, y_part in windows(x, y, truncate):
            part = evaluate(x_part, y_part, lengths, before, dropout)
            norms.append(update(part))
            before = part.state
            losses.append(part.loss)
            preds.append(part.pred)
        state = before
        solved = False
        if streak is not None:
            pred = preds[0] if len(preds) == 1 else np.concatenate(preds)
            solved = streak.update(pred, y) and until_solved
        many = len(losses) > 1
        return Step(
            loss=np.mean(losses, axis=0) if many else losses[0],
            norm=np.mean(norms, axis=0) if many else norms[0],
            sequences=x.shape[-2],
            solved=solved,
        )

    def validate() -> Any:
        if callable(validation):
            return validation(model)
        x, y, *rest = validation
        return evaluate(x, y, rest[0] if rest else None, None).loss

    result = run_loop(
        step,
        lambda: model,
        updates=updates,
        validate=None if validation is None else validate,
        every=every,
        patience=patience,
        progress=progress,
        label=task.name if task else "",
    )
    return replace(result, solved_at=streak.solved_at if streak else None)


def windows(
    x: np.ndarray, y: np.ndarray, steps: int | None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Cut a batch into windows of `steps` steps for truncated BPTT; None: one window.

    Examples
    --------
    >>> [len(x) for x, y in windows(np.zeros((10, 1, 1)), np.zeros((10, 1, 1)), 4)]
    [4, 4, 2]
    """
    if steps is None:
        yield x, y
        return
    if steps < 1:
        raise UserError(_("truncate: expected at least 1 step, found {steps}").format(steps=steps))
    for start in range(0, len(x), steps):
        yield x[start : start + steps], y[start : start + steps]


def _batches(
    data: Any,
    batch: int,
    seeds: int | None,
    rng: np.random.Generator,
    model: Any,
    readout: str,
) -> Iterator[tuple[Any, Any, Any]]:
    """Yield (x, y, lengths) for ever."""
    dtype = next(iter(arrays(model).values())).dtype
    if isinstance(data, Task):
        while True:
            yield (*data.sample(batch, rng, seeds=seeds, dtype=dtype), None)
    elif callable(data):
        while True:
            x, y, *rest = data(rng)
            yield x, y, rest[0] if rest else None
    x, y, *rest = data
    N = x.shape[1]
    axis = 1 if readout == "every" else 0
    if y.shape[axis] != N:
        raise UserError(
            _("y: expected {N} sequences along axis {axis}, found shape {shape}").format(
                N=N, axis=axis, shape=y.shape
            )
        )
    while True:
        order = rng.permutation(N)
        for start in range(0, N, batch):
            rows = order[start : start + batch]
            lengths = np.asarray(rest[0])[rows] if rest else None
            yield x[:, rows], np.take(y, rows, axis=axis), lengths
