"""A cell on its way to the page: a small header and one buffer of float64."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_lab.cells import (
    FGRParams,
    GRUParams,
    LSTMParams,
    NoForgetParams,
    Params,
    RNNParams,
    VariantParams,
)
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.interop import from_torch

__all__ = ["as_params", "pack"]

_TORCH = ("RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell")


def pack(cell: Any) -> tuple[dict[str, Any], bytes]:
    """Return header and buffer of one cell, as ``unpack`` in js/arith.js takes them.

    Examples
    --------
    >>> from lstm_lab.cells import lstm_init
    >>> header, buffer = pack(lstm_init(2, 3))
    >>> header["family"], header["rows"], len(buffer) == 8 * (24 + 36 + 12)
    ('lstm', 'ifgo', True)
    """
    p = as_params(cell)
    header: dict[str, Any] = {"I": p.W_x.shape[1], "H": p.W_h.shape[1], **_about(p)}
    arrays = {name: np.ascontiguousarray(a, np.float64) for name, a in p.arrays().items()}
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise UserError(
                _("{name}: expected finite weights, found nan or inf").format(name=name)
            )
    header["arrays"] = [[name, array.size] for name, array in arrays.items()]
    return header, b"".join(array.tobytes() for array in arrays.values())


def as_params(cell: Any) -> Params:
    """Return the record of a cell: a record as it is, a torch module of one layer read out."""
    if isinstance(cell, Params):
        if cell.seeds is not None:
            raise UserError(
                _("cell: expected one network, found {S} seeds: choose one with .pick(n)").format(
                    S=cell.seeds
                )
            )
        return cell
    kind = type(cell).__name__
    if kind in _TORCH and hasattr(cell, "state_dict"):
        return _from_torch(cell)
    raise UserError(
        _(
            "cell: expected weights of lstm_lab.cells or a torch RNN, LSTM or GRU, found {found}"
        ).format(found=kind)
    )


def _about(p: Params) -> dict[str, Any]:
    """The family and the switches that js/arith.js knows."""
    if isinstance(p, RNNParams):
        return {"family": "rnn", "relu": p.activation == "relu"}
    if isinstance(p, GRUParams):
        return {"family": "gru"}
    if isinstance(p, LSTMParams):
        return {"family": "lstm", "rows": "ifgo"}
    if isinstance(p, NoForgetParams):
        return {"family": "lstm", "rows": "igo"}
    if isinstance(p, VariantParams) and not isinstance(p, FGRParams):
        return {
            "family": "lstm",
            "rows": p.rows,
            "coupled": p.variant == "CIFG",
            "g_linear": p.variant == "NIAF",
            "c_linear": p.variant == "NOAF",
        }
    raise UserError(
        _("cell: {found} cannot be shown; these can: {known}").format(
            found=type(p).__name__,
            known="RNNParams, NoForgetParams, LSTMParams, VariantParams, GRUParams",
        )
    )


def _from_torch(module: Any) -> Params:
    """One layer in one direction, its weights in double precision."""
    if getattr(module, "proj_size", 0):
        raise UserError(_("cell: an LSTM with proj_size cannot be shown"))
    read = from_torch(module)
    if not isinstance(read, Params):
        raise UserError(_("cell: expected one layer in one direction; show each layer by itself"))
    return read.replace(**{name: a.astype(np.float64) for name, a in read.arrays().items()})
