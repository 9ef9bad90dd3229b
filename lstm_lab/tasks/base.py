"""What every task has: a generator, a success rule, a baseline and the paper it is from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.shapes import check_shape

__all__ = ["Task", "at_least", "one_hot"]

Loss = Literal["mse", "cross_entropy", "binary_cross_entropy"]


@dataclass(frozen=True)
class Task:
    """A synthetic task; made by the functions of `lstm_lab.tasks`.

    Attributes
    ----------
    name : str
    T : int
        Its length in steps (the shortest one, where lengths vary).
    inputs, outputs : int
        Widths of x and of the predictions.
    loss : {"mse", "cross_entropy", "binary_cross_entropy"}
    readout : {"last", "every"}
        Whether the answer is asked once, after the last step, or at every step.
    baseline : float
        The lowest loss without the memory that the task is about; each task's docstring
        says how it is reached. A net at its baseline has learnt nothing that counts.
    streak : int
        How many sequences in a row must be right for the task to count as solved.
    paper : str
    """

    name: str
    T: int
    inputs: int
    outputs: int
    loss: Loss
    readout: Literal["last", "every"]
    baseline: float
    paper: str
    streak: int = 2000

    def sample(
        self,
        batch: int,
        rng: np.random.Generator,
        seeds: int | None = None,
        dtype: Any = np.float64,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Draw fresh sequences.

        Parameters
        ----------
        batch : int
            B; all sequences of one draw have one length.
        rng : numpy.random.Generator
            The same generator state gives the same sequences.
        seeds : int, optional
            S: draw separate sequences for each of S nets trained side by side.
        dtype : dtype of the inputs (and of targets that are not classes)

        Returns
        -------
        x : ndarray, shape (T, B, inputs), or (T, S, B, inputs)
        y : ndarray
            Asked once: (B, outputs), or (B,) of int for classes; at every step: the same
            with the time in front. With `seeds`, S stands before B.
        """
        at_least("batch", batch, 1)
        if not isinstance(rng, np.random.Generator):
            raise UserError(
                _("rng: expected numpy.random.default_rng(seed), found {kind}").format(
                    kind=type(rng).__name__
                )
            )
        if seeds is not None:
            at_least("seeds", seeds, 1)
        x, y = self._draw(batch * (seeds or 1), rng)
        x = x.astype(dtype, copy=False)
        if y.dtype.kind == "f":
            y = y.astype(dtype, copy=False)
        if seeds is not None:
            x = x.reshape(x.shape[0], seeds, batch, self.inputs)
            time = y.shape[:1] if self.readout == "every" else ()
            y = y.reshape(*time, seeds, batch, *y.shape[len(time) + 1 :])
        return x, y

    def correct(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Say which sequences are right by the task's own rule.

        Parameters
        ----------
        pred : ndarray
            Shape of `y`, with one more axis of `outputs` if y holds classes (logits).
        y : ndarray
            As drawn by `sample`.

        Returns
        -------
        ndarray of bool, shape (B,), or (S, B)
        """
        check_shape(
            "pred", pred, y.shape if self.loss != "cross_entropy" else (*y.shape, self.outputs)
        )
        right = self._right(pred, y)
        return np.asarray(right.all(axis=0) if self.readout == "every" else right)

    def error(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Mean absolute error of each sequence's answer, where the rule also bounds it."""
        return np.zeros(self.correct(pred, y).shape)

    def solved(self, pred: np.ndarray, y: np.ndarray) -> Any:
        """Hold a whole set of predictions against the success rule.

        Returns
        -------
        bool, or ndarray of bool of shape (S,)
            Every sequence is right, and the mean error is as small as the rule asks.
        """
        right = self.correct(pred, y).all(axis=-1) & self.close_enough(
            self.error(pred, y).mean(axis=-1)
        )
        return right if right.ndim else bool(right)

    def mask(self, y: np.ndarray) -> np.ndarray | None:
        """Which steps count in the loss; None if all do."""
        return None

    def _draw(self, batch: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        raise NotImplementedError

    def _right(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        if self.loss == "cross_entropy":
            return pred.argmax(axis=-1) == y
        if self.loss == "binary_cross_entropy":
            return ((pred > 0) == (y > 0.5)).all(axis=-1)
        raise NotImplementedError

    def close_enough(self, mean_error: np.ndarray) -> np.ndarray:
        """Say whether a mean `error` is as small as the rule asks."""
        return np.ones(mean_error.shape, bool)


def at_least(name: str, value: int, least: int) -> None:
    """Refuse a length or count that is too small to make sense."""
    if not isinstance(value, int | np.integer) or value < least:
        raise UserError(
            _("{name}: expected an integer of at least {least}, found {value}").format(
                name=name, least=least, value=value
            )
        )


def one_hot(symbols: np.ndarray, width: int) -> np.ndarray:
    """Write symbols as rows with a single 1; a negative symbol becomes a row of zeros.

    Examples
    --------
    >>> one_hot(np.array([1, -1]), 3)
    array([[0., 1., 0.],
           [0., 0., 0.]])
    """
    return (symbols[..., None] == np.arange(width)).astype(float)
