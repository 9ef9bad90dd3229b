"""The table of all cells: what whoever handles any cell needs to know of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lstm_lab.cells import gru, lstm, memory_cell, no_forget, rnn, variant_init, variants
from lstm_lab.cells.params import Array, Params
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = ["CELLS", "Cell", "cell_of"]


@dataclass(frozen=True)
class Cell:
    """One kind of cell."""

    name: str
    init: Callable[..., Any]
    step: Callable[..., Any]
    step_backward: Callable[..., Any]
    state: tuple[str, ...]
    """Names of the parts of the state; a state of one part is the bare array."""
    gates: tuple[str, ...] = ()
    """What a trace shows beside the state; attributes of the step's cache."""

    def parts(self, state: Any) -> tuple[Array, ...]:
        """Return the state as a tuple, also where it has one part."""
        return (state,) if len(self.state) == 1 else tuple(state)

    def whole(self, parts: Any) -> Any:
        """Return the state in the form that the step takes."""
        return parts[0] if len(self.state) == 1 else tuple(parts)

    def widths(self, p: Params) -> tuple[int, ...]:
        """Return the number of columns of each part of the state."""
        return tuple(p.state_width(name) for name in self.state)


CELLS: dict[type[Params], Cell] = {
    rnn.RNNParams: Cell("rnn", rnn.rnn_init, rnn.rnn_step, rnn.rnn_step_backward, ("h",)),
    lstm.LSTMParams: Cell(
        "lstm", lstm.lstm_init, lstm.lstm_step, lstm.lstm_step_backward, ("h", "c"), tuple("ifgo")
    ),
    no_forget.NoForgetParams: Cell(
        "no_forget",
        no_forget.no_forget_init,
        no_forget.no_forget_step,
        no_forget.no_forget_step_backward,
        ("h", "c"),
        tuple("igo"),
    ),
    variants.VariantParams: Cell(
        "variant",
        variant_init.variant_init,
        variants.variant_step,
        variants.variant_step_backward,
        ("h", "c"),
        tuple("ifgo"),
    ),
    variants.FGRParams: Cell(
        "fgr",
        variant_init.variant_init,
        variants.variant_step,
        variants.variant_step_backward,
        ("h", "c", "r"),
        tuple("ifgo"),
    ),
    memory_cell.MemoryCellParams: Cell(
        "memory_cell",
        memory_cell.memory_cell_init,
        memory_cell.memory_cell_step,
        memory_cell.memory_cell_step_backward,
        ("h", "c", "gates"),
        tuple("igo"),
    ),
    gru.GRUParams: Cell(
        "gru", gru.gru_init, gru.gru_step, gru.gru_step_backward, ("h",), tuple("rzn")
    ),
}


def cell_of(p: Any) -> Cell:
    """Return the row of the table that `p` belongs to."""
    try:
        return CELLS[type(p)]
    except KeyError:
        known = ", ".join(kind.__name__ for kind in CELLS)
        raise UserError(
            _("p: expected the parameters of a cell ({known}), found {found}").format(
                known=known, found=type(p).__name__
            )
        ) from None
