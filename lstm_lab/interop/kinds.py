"""The three cells that torch and Keras have too, and how their arrays tell which it is."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_lab.cells import GRUParams, LSTMParams, Params, RNNParams
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = ["KINDS", "check_kind", "kind_of_rows", "numpy_of", "refuse_others"]

KINDS: dict[str, type[Params]] = {"rnn": RNNParams, "lstm": LSTMParams, "gru": GRUParams}


def kind_of_rows(name: str, rows: int, hidden: int) -> str:
    """Tell the cell by how many blocks of H rows its recurrent weights have: 1, 3 or 4."""
    for kind, record in KINDS.items():
        if rows == record.ROWS * hidden:
            return kind
    raise UserError(
        _(
            "{name}: expected 1, 3 or 4 times as many rows as hidden units (RNN, GRU, LSTM), "
            "found {rows} for {hidden}"
        ).format(name=name, rows=rows, hidden=hidden)
    )


def check_kind(expected: str | None, found: str) -> None:
    """Refuse the weights of another cell than the one asked for."""
    if expected is None:
        return
    if expected not in KINDS:
        raise UserError(
            _("kind: expected one of {known}, found {found}").format(
                known=", ".join(KINDS), found=repr(expected)
            )
        )
    if expected != found:
        raise UserError(
            _("weights: expected those of {expected}, found those of {found}").format(
                expected=expected, found=found
            )
        )


def refuse_others(p: Any, reset_before_too: bool) -> None:
    """Refuse parameters that no layer over there can hold."""
    if type(p) not in KINDS.values():
        raise UserError(
            _("p: expected {known}, a Stack or a Bidirectional of them, found {found}").format(
                known=", ".join(record.__name__ for record in KINDS.values()),
                found=type(p).__name__,
            )
        )
    if p.seeds is not None:
        raise UserError(
            _("p: expected one network, found {seeds} stacked: use p.pick(seed)").format(
                seeds=p.seeds
            )
        )
    if isinstance(p, GRUParams) and not p.reset_after and not reset_before_too:
        raise UserError(
            _(
                "p: torch's GRU resets after the matrix product, this one before it: "
                "no torch weights compute the same"
            )
        )


def numpy_of(name: str, value: Any) -> np.ndarray:
    """Return a tensor, a Keras variable or an array as a NumPy array of its own."""
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    array = np.array(value)
    if array.dtype.kind != "f":
        raise UserError(
            _("{name}: expected floating-point numbers, found {found}").format(
                name=name, found=array.dtype
            )
        )
    return array
