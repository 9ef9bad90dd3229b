"""Train a torch module with the same loop, history and stops as `fit`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.tasks import Task
from lstm_lab.training.loop import Fit, Loop, run_loop
from lstm_lab.training.metrics import Metric, checked
from lstm_lab.training.module import Module
from lstm_lab.training.threads import in_one_thread

__all__ = ["fit_torch"]


def fit_torch(
    model: Any,
    data: Task | Callable[[np.random.Generator], tuple[Any, ...]] | Iterable[Any],
    *,
    batch: int = 32,
    optimizer: Any = None,
    lr: float = 0.01,
    schedule: Callable[[Any], Any] | None = None,
    clip: float | None = 1.0,
    loss: Any = None,
    readout: str | None = None,
    seed: int = 0,
    metrics: dict[str, Metric] | None = None,
    until_solved: bool = False,
    truncate: int | None = None,
    batch_first: bool = False,
    device: Any = None,
    **loop: Any,
) -> Fit:
    """Train a module in place; Ctrl-C ends it and keeps what was learnt.

    Torch works in one thread meanwhile, see `one_thread`; afterwards in as many as before.

    Parameters
    ----------
    model : torch.nn.Module
        ``model(x)`` returns the predictions. Where batches come with lengths it is called
        ``model(x, lengths)`` (int64, on the CPU, as packing wants them); with `truncate`
        ``model(x, state)`` returns ``(predictions, state)``, with None as the first state.
    data : Task, callable, arrays or iterable
        A task; a callable of a generator that returns one batch ``(x, y)``, ``(x, y,
        lengths)`` or ``(x, y, lengths, mask)``; arrays, dealt out in shuffled batches; or
        batches that are iterated over again and again, as a DataLoader gives them.
    batch : int
        Sequences an update, for a task and for arrays.
    optimizer : torch.optim.Optimizer, optional
        Adam with `lr` by default.
    schedule : callable, optional
        Makes torch's scheduler of the optimiser, ``lambda opt: CosineAnnealingLR(opt, 500)``
        for example. It is stepped after every update; ReduceLROnPlateau at every look.
    loss : str or callable, optional
        "mse", "cross_entropy" (where a class of -1 is not asked), "binary_cross_entropy"
        (of logits), or ``loss(predictions, y)``; a task knows its own. With a mask it gets
        only the answers that count, (M, O) and (M, …).
    readout : {"last", "every"}
        Whether y holds one answer a sequence, or one at every step. A task knows its own;
        otherwise "last", and "every" with `truncate`. With "every", padding beyond `lengths`
        does not count.
    batch_first : bool
        The module wants (B, T, …). Batches of a task, of a callable and of arrays are
        (T, B, …) and get turned, those of an iterable are as the module wants them.
    clip, metrics, until_solved, truncate
        As in `fit`; a metric gets tensors.
    seed : int
        Seeds the batches and torch itself (dropout). The weights come with the model.
    device : str or torch.device, optional
        Where to train; the module is moved there and stays. By default where it is.
    **loop
        As in `Loop`: updates, validation, every, patience, save, resume, progress. At a look
        the module is in eval mode and torch's random numbers stand still; in the end the
        best weights are put back into the module.

    Returns
    -------
    Fit
        Its ``model`` is the module itself.

    Examples
    --------
    >>> import torch
    >>> net = torch.nn.Sequential(torch.nn.Flatten(0), torch.nn.Linear(2, 1))
    >>> x, y = torch.ones(2), torch.zeros(1)
    >>> result = fit_torch(net, [(x, y)], updates=50, lr=0.1, progress=False, loss="mse")
    >>> result.updates, bool(result.history["loss"][-1] < 0.01)
    (50, True)
    """
    settings = Loop.of(loop)
    task = data if isinstance(data, Task) else None
    if until_solved and task is None:
        raise UserError(_("until_solved: only a task has a success rule"))
    if loss is None and task is None:
        raise UserError(
            _("loss: expected a name or a function of predictions and targets, found None")
        )
    readout = readout or (task.readout if task else "every" if truncate else "last")
    if readout not in ("last", "every"):
        raise UserError(
            _("readout: expected one of {known}, found {found}").format(
                known="last, every", found=repr(readout)
            )
        )
    if truncate is not None and readout != "every":
        raise UserError(_('truncate, carry: expected readout="every", found "last"'))
    with in_one_thread() as torch:
        torch.manual_seed(seed)
        trainee = Module(
            model, data, task, np.random.default_rng(seed), batch=batch, optimizer=optimizer,
            lr=lr, schedule=schedule, clip=clip, loss=loss or task.loss, readout=readout,  # type: ignore[union-attr]
            metrics=checked(metrics), until_solved=until_solved, truncate=truncate,
            batch_first=batch_first, device=device,
        )  # fmt: skip
        model.train()
        result = run_loop(trainee, settings)
        if settings.validation is not None:
            model.load_state_dict(result.model)
    streak = trainee.streak
    return replace(result, model=model, solved_at=streak.solved_at if streak else None)
