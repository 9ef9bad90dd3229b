"""Train a torch module with the same loop, history and stops as `fit`."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.tasks import Streak, Task
from lstm_lab.training.fit import windows
from lstm_lab.training.loop import Fit, Step, run_loop
from lstm_lab.training.threads import one_thread

__all__ = ["fit_torch"]


def fit_torch(
    model: Any,
    data: Task | Callable[[np.random.Generator], tuple[Any, Any]] | Iterable[Any],
    *,
    updates: int = 1000,
    batch: int = 32,
    optimizer: Any = None,
    lr: float = 0.01,
    clip: float | None = 1.0,
    loss: Any = None,
    seed: int = 0,
    until_solved: bool = False,
    validation: Any = None,
    every: int = 50,
    patience: int | None = None,
    truncate: int | None = None,
    batch_first: bool = False,
    progress: bool = True,
) -> Fit:
    """Train a module in place; Ctrl-C ends it and keeps what was learnt.

    Parameters
    ----------
    model : torch.nn.Module
        ``model(x)`` returns the predictions; with `truncate` ``model(x, state)`` returns
        ``(predictions, state)``, with None as the first state.
    data : Task, callable or iterable
        A task, or a callable of a generator that returns one batch ``(x, y)``; anything
        else is iterated over again and again, as a DataLoader is.
    optimizer : torch.optim.Optimizer, optional
        Adam with `lr` by default.
    loss : callable, optional
        ``loss(predictions, y)``; a task knows its own.
    batch_first : bool
        The module wants (B, T, …): batches of a task, and of a callable, are (T, B, …).
    updates, batch, clip, until_solved, every, patience, truncate, progress
        As in `fit`.
    seed : int
        Seeds the batches and torch itself (dropout). The weights come with the model.
    validation : (x, y) or callable
        As in `fit`; evaluated in eval mode without gradients, and the best weights are
        put back into the module.

    Returns
    -------
    Fit
        Its ``model`` is the module itself.

    Examples
    --------
    >>> torch = one_thread()
    >>> net = torch.nn.Sequential(torch.nn.Flatten(0), torch.nn.Linear(2, 1))
    >>> x, y = torch.ones(2), torch.zeros(1)
    >>> result = fit_torch(net, [(x, y)], updates=50, lr=0.1, progress=False,
    ...                    loss=torch.nn.functional.mse_loss)
    >>> result.updates, bool(result.history["loss"][-1] < 0.01)
    (50, True)
    """
    torch = one_thread()
    torch.manual_seed(seed)
    task = data if isinstance(data, Task) else None
    if until_solved and task is None:
        raise UserError(_("until_solved: only a task has a success rule"))
    if loss is None:
        if task is None:
            raise UserError(_("loss: expected a function of predictions and targets, found None"))
        loss = _task_loss(torch, task)
    if optimizer is None:
        optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    weights = [p for p in model.parameters() if p.requires_grad]
    kind = weights[0].dtype
    streak = Streak(task) if task else None
    rng = np.random.default_rng(seed)

    def tensor(a: Any, time_major: bool) -> Any:
        a = torch.as_tensor(a)
        a = a.to(kind) if a.is_floating_point() else a
        return a.transpose(0, 1) if batch_first and time_major else a

    def batches() -> Iterator[tuple[Any, Any]]:
        while True:
            if isinstance(data, Task):
                yield data.sample(batch, rng)
            elif callable(data):
                yield data(rng)
            else:
                yield from data

    source = batches()
    time_major = task is not None or callable(data)
    asked_always = task is not None and task.readout == "every"

    def step() -> Step:
        x, y = next(source)
        state, losses, norms, preds = None, [], [], []
        for x_part, y_part in windows(x, y, truncate):
            inputs = tensor(x_part, time_major)
            target = tensor(y_part, asked_always)
            pred = model(inputs) if truncate is None else model(inputs, state)
            if truncate is not None:
                pred, state = pred
                state = _detached(state)  # the state goes on, the gradient does not
            value = loss(pred, target)
            optimizer.zero_grad()
            value.backward()
            limit = clip if clip is not None else float("inf")
            norms.append(torch.nn.utils.clip_grad_norm_(weights, limit).item())
            optimizer.step()
            losses.append(value.item())
            preds.append(pred.detach())
        solved = False
        if streak is not None:
            parts = [p.transpose(0, 1) if batch_first and asked_always else p for p in preds]
            solved = streak.update(torch.cat(parts).numpy(), y) and until_solved
        return Step(
            loss=float(np.mean(losses)),
            norm=float(np.mean(norms)),
            sequences=x.shape[0 if not time_major else 1],
            solved=solved,
        )

    def validate() -> float:
        was_training = model.training
        model.eval()
        try:
            with torch.no_grad():
                if callable(validation):
                    return float(validation(model))
                x, y = validation
                pred = model(tensor(x, time_major))
                pred = pred[0] if truncate is not None else pred
                return loss(pred, tensor(y, asked_always)).item()
        finally:
            model.train(was_training)

    model.train()
    result = run_loop(
        step,
        lambda: copy.deepcopy(model.state_dict()),
        updates=updates,
        validate=None if validation is None else validate,
        every=every,
        patience=patience,
        progress=progress,
        label=task.name if task else "",
    )
    if validation is not None:
        model.load_state_dict(result.model)
    return replace(result, model=model, solved_at=streak.solved_at if streak else None)


def _detached(state: Any) -> Any:
    if isinstance(state, tuple | list):
        return tuple(_detached(part) for part in state)
    return state.detach()


def _task_loss(torch: Any, task: Task) -> Callable[[Any, Any], Any]:
    F = torch.nn.functional
    if task.loss == "mse":
        return F.mse_loss
    if task.loss == "binary_cross_entropy":
        return F.binary_cross_entropy_with_logits
    # tasks write -1 where nothing is asked
    return lambda pred, y: F.cross_entropy(pred.flatten(0, -2), y.flatten(), ignore_index=-1)
