"""Losses by name for torch, with the checks that torch leaves out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.shapes import check_shape
from lstm_lab.training.objective import LOSSES

__all__ = ["loss_of"]


def loss_of(torch: Any, loss: Any) -> Callable[[Any, Any], Any]:
    """Return a function of predictions and targets whose value is one number.

    Parameters
    ----------
    torch : module
    loss : str or callable
        "mse", "cross_entropy" (a class of -1 is not asked), "binary_cross_entropy" (of
        logits), or a function of one's own.

    Examples
    --------
    >>> import torch
    >>> loss_of(torch, "mse")(torch.ones(2, 1), torch.zeros(2, 1))
    tensor(1.)
    """
    F = torch.nn.functional
    if callable(loss):
        return lambda pred, y: _one(loss(pred, y))
    if loss not in LOSSES:
        raise UserError(
            _("loss: expected one of {known}, found {found}").format(
                known=", ".join(LOSSES), found=repr(loss)
            )
        )
    if loss == "cross_entropy":
        # tasks write -1 where nothing is asked
        return lambda pred, y: F.cross_entropy(
            pred.flatten(0, -2), _classes(pred, y).flatten(), ignore_index=-1
        )
    plain = F.mse_loss if loss == "mse" else F.binary_cross_entropy_with_logits
    return lambda pred, y: plain(pred, _alike(pred, y))


def _one(value: Any) -> Any:
    if getattr(value, "ndim", None) != 0:
        raise UserError(
            _("loss: expected a tensor of one number, found {found}").format(
                found=tuple(value.shape) if hasattr(value, "shape") else type(value).__name__
            )
        )
    return value


def _alike(pred: Any, y: Any) -> Any:
    """Refuse (B,) against (B, 1), which would compare everything with everything, and classes."""
    check_shape("y", y, tuple(pred.shape))
    if not y.is_floating_point():
        raise UserError(
            _("y: expected floating-point targets, found {dtype}").format(dtype=y.dtype)
        )
    return y


def _classes(pred: Any, y: Any) -> Any:
    check_shape("y", y, tuple(pred.shape[:-1]))
    if y.is_floating_point():
        raise UserError(_("y: expected classes as integers, found {dtype}").format(dtype=y.dtype))
    return y
