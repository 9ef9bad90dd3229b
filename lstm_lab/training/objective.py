"""From a model and a batch to the loss and all its gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.layers import Bidirectional, Stack, backward, forward, linear_backward, linear_forward
from lstm_lab.records import seeds_of
from lstm_lab.training.losses import binary_cross_entropy, cross_entropy, mse

__all__ = ["LOSSES", "Answer", "Evaluation", "answer", "gradients", "predict"]

LOSSES: dict[str, Callable[..., tuple[Any, np.ndarray]]] = {
    "mse": mse,
    "cross_entropy": cross_entropy,
    "binary_cross_entropy": binary_cross_entropy,
}
READOUTS = ("last", "every")
Model = tuple[Any, Any]


class Evaluation(NamedTuple):
    """What `gradients` returns."""

    loss: Any
    """float, or (S,) with a seed dimension."""
    grads: Any
    """A pair like the model."""
    pred: np.ndarray
    state: Any
    """The state after the last step."""
    dh: np.ndarray
    """dL/dh (T, B, H), what the loss asks of each output directly: for `gradient_flow`."""
    answer: Answer
    """The way forward that this came from."""


def predict(
    model: Model,
    x: np.ndarray,
    readout: str = "last",
    *,
    state: Any = None,
    lengths: Any = None,
    engine: str = "auto",
) -> np.ndarray:
    """Run a model over sequences and read out its predictions.

    Parameters
    ----------
    model : (cell, head)
        Parameters of a cell or of layers, and a `LinearParams`.
    x : ndarray, shape (T, B, I)
    readout : {"last", "every"}
        One prediction after each sequence's last step (of a `Bidirectional` top layer:
        from what each direction knows at its own end), or one at every step.
    state, lengths, engine
        As in `lstm_lab.layers.forward`.

    Returns
    -------
    ndarray, shape (B, O) or (T, B, O); S stands before B

    Examples
    --------
    >>> from lstm_lab.cells import rnn_init
    >>> from lstm_lab.layers import linear_init
    >>> model = rnn_init(2, 8), linear_init(8, 1)
    >>> predict(model, np.zeros((5, 3, 2))).shape
    (3, 1)
    >>> predict(model, np.zeros((5, 3, 2)), readout="every").shape
    (5, 3, 1)
    """
    return _run(model, x, readout, state, lengths, engine)[0]


def _run(
    model: Model,
    x: np.ndarray,
    readout: str,
    state: Any,
    lengths: Any,
    engine: str,
    rng: np.random.Generator | None = None,
) -> tuple[np.ndarray, np.ndarray, Any]:
    if readout not in READOUTS:
        raise UserError(
            _("readout: expected one of {known}, found {found}").format(
                known=", ".join(READOUTS), found=repr(readout)
            )
        )
    cell, head = model
    out = forward(cell, x, state, lengths=lengths, engine=engine, rng=rng)
    if readout == "every":
        h = out.h
    else:
        h = np.concatenate([out.h[t][..., part] for t, part in _ends(cell)], axis=-1)
    return linear_forward(head, h), h, out


def _ends(cell: Any) -> list[tuple[int, slice]]:
    """Say where each direction has read everything: the step, and its part of h.

    Past a sequence's end its state stands still, so the last row is everyone's last; who
    reads backwards is done at step 0.
    """
    top = cell.layers[-1] if isinstance(cell, Stack) else cell
    if not isinstance(top, Bidirectional):
        return [(-1, slice(None))]
    H = top.forward.hidden
    return [(-1, slice(0, H)), (0, slice(H, None))]


def gradients(
    model: Model,
    x: np.ndarray,
    y: np.ndarray,
    loss: str | Callable[..., tuple[Any, np.ndarray]] = "mse",
    readout: str = "last",
    *,
    mask: Any = None,
    state: Any = None,
    lengths: Any = None,
    engine: str = "auto",
    rng: np.random.Generator | None = None,
) -> Evaluation:
    """Compute the loss of a batch and its gradient for every parameter.

    Parameters
    ----------
    model, x, readout, state, lengths, engine
        As in `predict`.
    y : ndarray
        Targets in the form that the loss takes. Where all seeds share one batch, y has no
        seed dimension.
    loss : {"mse", "cross_entropy", "binary_cross_entropy"} or callable
        A callable is called as ``loss(pred, y, mask=…, seeds=…)``.
    mask : array of bool, optional
        Which predictions count. With `lengths` and an answer at every step, by default
        those up to each sequence's end.
    rng : numpy.random.Generator, optional
        Draws the dropout of a `Stack`; without it nothing is dropped.

    Examples
    --------
    >>> from lstm_lab.cells import rnn_init
    >>> from lstm_lab.layers import linear_init
    >>> model = rnn_init(2, 8), linear_init(8, 1)
    >>> e = gradients(model, np.zeros((5, 3, 2)), np.ones((3, 1)))
    >>> e.pred.shape, e.grads[1]
    ((3, 1), LinearParams(W (1, 8), b (1,), float64))
    """
    made = answer(
        model, x, y, loss, readout, mask=mask, state=state, lengths=lengths, engine=engine, rng=rng
    )
    cell, head = model
    dh_read, dhead = linear_backward(head, made.h, made.dpred)
    if readout == "last":
        dh, start = np.zeros_like(made.out.h), 0
        for t, part in _ends(cell):
            wide = dh[t][..., part]
            wide[:] = dh_read[..., start : start + wide.shape[-1]]
            start += wide.shape[-1]
    else:
        dh = dh_read
    g = backward(cell, made.out, dh)
    return Evaluation(made.loss, (g.p, dhead), made.pred, made.out.state, dh, made)


class Answer(NamedTuple):
    """The way forward alone: what a model says to a batch, and what that costs."""

    loss: Any
    pred: np.ndarray
    y: np.ndarray
    """As the loss took it: with a seed dimension wherever the predictions have one."""
    mask: np.ndarray | None
    dpred: np.ndarray
    h: np.ndarray
    """What the head has read."""
    out: Any
    seeds: int | None

    def weight(self) -> Any:
        """How many answers the loss is a mean over, or (S,) where the nets differ in it."""
        if self.mask is None:
            return int(np.prod(self.pred.shape[:-1])) // (self.seeds or 1)
        if self.seeds is None:
            return int(np.sum(self.mask))
        seeds_first = np.moveaxis(self.mask, self.mask.ndim - 2, 0)
        return seeds_first.reshape(self.seeds, -1).sum(axis=1)

    def each(self, function: Callable[[np.ndarray, np.ndarray], Any]) -> Any:
        """Call `function` with the predictions and targets that count, net by net."""
        if self.seeds is None:
            return _asked(function, self.pred, self.y, self.mask)
        lead: tuple[Any, ...] = (slice(None),) * (self.pred.ndim - 3)
        return np.array(
            [
                _asked(
                    function,
                    self.pred[(*lead, s)],
                    self.y[(*lead, s)],
                    None if self.mask is None else self.mask[(*lead, s)],
                )
                for s in range(self.seeds)
            ]
        )


def _asked(function: Callable[..., Any], pred: Any, y: Any, mask: Any) -> Any:
    return function(pred, y) if mask is None else function(pred[mask], y[mask])


def answer(
    model: Model,
    x: np.ndarray,
    y: np.ndarray,
    loss: str | Callable[..., tuple[Any, np.ndarray]] = "mse",
    readout: str = "last",
    *,
    mask: Any = None,
    state: Any = None,
    lengths: Any = None,
    engine: str = "auto",
    rng: np.random.Generator | None = None,
) -> Answer:
    """Run a model over a batch and compute its loss, without gradients; as `gradients`.

    Examples
    --------
    >>> from lstm_lab.cells import rnn_init
    >>> from lstm_lab.layers import linear_init
    >>> model = rnn_init(2, 8), linear_init(8, 1)
    >>> made = answer(model, np.zeros((5, 3, 2)), np.ones((3, 1)))
    >>> made.weight(), made.each(lambda pred, y: len(pred))
    (3, 3)
    """
    if not callable(loss):
        if loss not in LOSSES:
            raise UserError(
                _("loss: expected one of {known}, found {found}").format(
                    known=", ".join(LOSSES), found=repr(loss)
                )
            )
        loss = LOSSES[loss]
    S = seeds_of(model[0])
    pred, h, out = _run(model, x, readout, state, lengths, engine, rng)
    if mask is None and lengths is not None and readout == "every":
        mask = np.arange(len(x))[:, None] < np.asarray(lengths)  # padding is no answer
    if mask is not None:
        mask = np.asarray(mask, bool)
    if S is not None:
        y = _over_seeds(y, pred, S)
        mask = None if mask is None else _over_seeds(mask, pred, S)
    value, dpred = loss(pred, y, mask=mask, seeds=S is not None)
    return Answer(value, pred, y, mask, dpred, h, out, S)


def _over_seeds(y: np.ndarray, pred: np.ndarray, S: int) -> np.ndarray:
    """Repeat targets (…, B, O) or classes (…, B) that all seeds share."""
    lead = pred.shape[:-3]  # the time, if there is one
    batch = pred.shape[-2]
    if y.shape[: len(lead) + 1] == (*lead, batch) and y.shape[len(lead) : len(lead) + 2] != (
        S,
        batch,
    ):
        rest = y.shape[len(lead) :]
        return np.broadcast_to(y.reshape(*lead, 1, *rest), (*lead, S, *rest))
    return y
