"""Losses that return their value and the gradient for the predictions.

Each is a mean over everything that is counted, as torch's are. With ``seeds=True`` the
predictions carry a seed dimension, ``(…, S, B, O)``: the value is then one mean per seed,
shape (S,), and the gradient is the one that each seed would get alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.shapes import check_shape

__all__ = ["binary_cross_entropy", "cross_entropy", "mse"]

SEED_AXIS = -3  # of (…, S, B, O)


def _mean(each: np.ndarray, d_each: np.ndarray, mask: Any, seeds: bool) -> tuple[Any, np.ndarray]:
    """Average `each` and its gradient over the entries that `mask` keeps."""
    if seeds and each.ndim < 3:
        raise UserError(
            _("seeds=True: expected predictions of shape (…, S, B, O), found {shape}").format(
                shape=each.shape
            )
        )
    axes = tuple(a for a in range(each.ndim) if not seeds or a != each.ndim + SEED_AXIS)
    if mask is None:
        count: Any = each.size // (each.shape[SEED_AXIS] if seeds else 1)
        value = each.sum(axis=axes) / count
        return (value if seeds else float(value)), d_each / count
    kept = np.broadcast_to(np.asarray(mask, bool)[..., None], each.shape)
    count = kept.sum(axis=axes, keepdims=True)
    if not np.all(count):
        raise UserError(_("mask: it leaves nothing to average"))
    count = count.astype(each.dtype)
    value = np.where(kept, each, 0).sum(axis=axes, keepdims=True) / count
    gradient = np.where(kept, d_each / count, 0).astype(each.dtype, copy=False)
    return (value.reshape(-1) if seeds else float(value.item())), gradient


def mse(
    pred: np.ndarray, target: np.ndarray, mask: Any = None, seeds: bool = False
) -> tuple[Any, np.ndarray]:
    """Mean squared error ``L = mean((pred − target)²)`` and ``dL/dpred``.

    Parameters
    ----------
    pred, target : ndarray, shape (…, O)
        The same shape; nothing is broadcast, since a (B,) against a (B, 1) would silently
        compare everything with everything.
    mask : array of bool, shape (…), optional
        Which entries count, for padded sequences.
    seeds : bool
        The axis before the batch is a seed dimension.

    Returns
    -------
    loss : float, or ndarray of shape (S,)
    dpred : ndarray, shape of `pred`

    Examples
    --------
    >>> loss, dpred = mse(np.array([[1.0], [3.0]]), np.array([[0.0], [3.0]]))
    >>> loss
    0.5
    >>> dpred
    array([[1.],
           [0.]])
    """
    check_shape("target", target, pred.shape)
    error = pred - target
    return _mean(error * error, 2 * error, mask, seeds)


def cross_entropy(
    logits: np.ndarray, labels: np.ndarray, mask: Any = None, seeds: bool = False
) -> tuple[Any, np.ndarray]:
    """Mean of ``−log softmax(logits)[label]`` and ``dL/dlogits = softmax − one-hot``.

    Parameters
    ----------
    logits : ndarray, shape (…, K)
    labels : ndarray of int, shape (…)
        The right class of each entry, 0 … K − 1.
    mask, seeds
        As in `mse`.

    Returns
    -------
    loss : float, or ndarray of shape (S,)
        In nats: guessing among K equally likely classes gives ln K.
    dlogits : ndarray, shape of `logits`

    Examples
    --------
    >>> loss, dlogits = cross_entropy(np.zeros((1, 2)), np.array([1]))
    >>> round(loss, 4), dlogits
    (0.6931, array([[ 0.5, -0.5]]))
    """
    labels = np.asarray(labels)
    check_shape("labels", labels, logits.shape[:-1])
    classes = logits.shape[-1]
    if labels.dtype.kind not in "iu":
        raise UserError(
            _("labels: expected integers 0 … {last}, found {dtype}").format(
                last=classes - 1, dtype=labels.dtype
            )
        )
    counted = labels if mask is None else labels[np.asarray(mask, bool)]
    if counted.size and not (counted.min() >= 0 and counted.max() < classes):
        raise UserError(
            _("labels: expected 0 … {last}, found {low} … {high}").format(
                last=classes - 1, low=counted.min(), high=counted.max()
            )
        )
    shifted = logits - logits.max(axis=-1, keepdims=True)  # exp cannot overflow
    exps = np.exp(shifted)
    total = exps.sum(axis=-1, keepdims=True)
    right = np.where((labels >= 0) & (labels < classes), labels, 0)[..., None]
    loss = np.log(total) - np.take_along_axis(shifted, right, axis=-1)
    gradient = exps / total
    np.put_along_axis(gradient, right, np.take_along_axis(gradient, right, axis=-1) - 1, axis=-1)
    # one loss an entry, so that the mean counts entries and not classes
    value, scale = _mean(loss, np.ones_like(loss), mask, seeds)
    if mask is not None:  # where nothing is asked nothing may come back, not even nan
        gradient = np.where(scale == 0, 0, gradient)
    return value, gradient * scale


def binary_cross_entropy(
    logits: np.ndarray, target: np.ndarray, mask: Any = None, seeds: bool = False
) -> tuple[Any, np.ndarray]:
    """Mean of ``−y log σ(z) − (1 − y) log(1 − σ(z))`` and ``dL/dz = σ(z) − y``.

    Written as ``max(z, 0) − z y + log(1 + e^−|z|)``, which no z overflows.

    Parameters
    ----------
    logits, target : ndarray, shape (…, O)
        Same shape; targets between 0 and 1.
    mask, seeds
        As in `mse`.

    Returns
    -------
    loss : float, or ndarray of shape (S,)
    dlogits : ndarray, shape of `logits`

    Examples
    --------
    >>> loss, dlogits = binary_cross_entropy(np.zeros((1, 1)), np.ones((1, 1)))
    >>> round(loss, 4), dlogits
    (0.6931, array([[-0.5]]))
    """
    check_shape("target", target, logits.shape)
    each = np.maximum(logits, 0) - logits * target + np.log1p(np.exp(-np.abs(logits)))
    sigmoid = 0.5 * (1 + np.tanh(0.5 * logits))
    return _mean(each, sigmoid - target, mask, seeds)
