"""Step through a sequence with a cell in hand: live numbers, biases and gates to drag."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from lstm_lab.cells import GRUParams, LSTMParams, NoForgetParams, Params, RNNParams, VariantParams
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.layers import forward
from lstm_lab.plots import table
from lstm_lab.shapes import check_shape
from lstm_lab.widgets.base import LabWidget
from lstm_lab.widgets.checks import as_floats, check_number
from lstm_lab.widgets.packing import as_params, pack

__all__ = ["CellStepper"]

_LARGEST = 256  # units: beyond, a step of the page would no longer follow the hand
_STEPS = (1.0, 0.0, 0.0, -1.0, 0.0, 0.0, 1.0, 0.0)


class CellStepper(LabWidget, module="stepper"):
    """A cell as a diagram whose wires carry the numbers of one step.

    Parameters
    ----------
    cell : str or Params or torch module
        ``"rnn"``, ``"no_forget"`` (the 1997 cell), ``"lstm"``, ``"peephole"`` or ``"gru"``: one
        unit with weights chosen to show something; or your own weights.
    x : array_like, shape (T,) or (T, I), optional
        The sequence that it reads.
    unit : int
        Which unit to show.

    Examples
    --------
    >>> CellStepper("lstm", [1.0, 0.0])
    A cell of 1 unit reads 2 steps. Step 1 of 2: x = 1.000, i = 0.731, ...
    """

    header = traitlets.Dict().tag(sync=True)
    weights = traitlets.Bytes().tag(sync=True)
    x = traitlets.Bytes().tag(sync=True)
    t = traitlets.Int(0).tag(sync=True)
    unit = traitlets.Int(0).tag(sync=True)

    def __init__(self, cell: Any = "lstm", x: ArrayLike | None = None, *, unit: int = 0) -> None:
        self.p = _example(cell) if isinstance(cell, str) else as_params(cell)
        width = self.p.W_x.shape[-1]
        self.inputs = _checked_x(_STEPS if x is None and width == 1 else x, width)
        units = self.p.W_h.shape[-1]
        if units > _LARGEST:
            raise UserError(
                _("CellStepper: expected at most {most} units, found {found}").format(
                    most=_LARGEST, found=units
                )
            )
        check_number("unit", unit, 0, units - 1)
        header, weights = pack(self.p)
        super().__init__(
            header=header,
            weights=weights,
            x=self.inputs.tobytes(),
            unit=unit,
            texts={
                "step": _("Step {t} of {T}: {said}."),
                "step_unit": _("Step {t} of {T}, unit {unit} of {H}: {said}."),
                "window": _("The chart shows steps {from} to {to}."),
                "back": _("Back"),
                "next": _("Step"),
                "held": _("held at"),
                "by_hand": _("{gate} by hand"),
                "unit": _("unit"),
                "reset": _("Start again"),
            },
        )

    def _rows(self, most: int) -> tuple[list[str], list[list[Any]]]:
        """What a person would read off the diagram, one row a step."""
        with np.errstate(all="ignore"):
            out = forward(self.p, self.inputs[:most, None], trace=True)
        names = list(out.trace)
        rows = [
            [str(t + 1), f"{self.inputs[t, 0]:.3f}"]
            + [f"{out.trace[name][t, 0, self.unit]:.3f}" for name in names]
            for t in range(len(out.h))
        ]
        return ["t", "x", *names], rows

    def text(self) -> str:
        names, rows = self._rows(1)
        values = ", ".join(f"{a} = {b}" for a, b in zip(names[1:], rows[0][1:], strict=True))
        H, T = self.p.W_h.shape[-1], len(self.inputs)
        opening = (
            _("A cell of 1 unit reads {T} steps.")
            if H == 1
            else _("A cell of {H} units reads {T} steps.")
        ).format(H=H, T=T)
        return f"{opening} {_('Step {t} of {T}: {said}.').format(t=1, T=T, said=values)}"

    def still(self) -> str:
        names, rows = self._rows(12)
        more = len(self.inputs) - len(rows)
        caption = self.text() if not more else _("The first {n} steps.").format(n=len(rows))
        return f"{table(rows, names, caption=caption)._repr_html_()}"


def _checked_x(x: ArrayLike | None, width: int) -> np.ndarray:
    if x is None:
        x = np.random.default_rng(0).normal(size=(8, width))
    array = as_floats("x", x)
    if array.ndim == 1:
        array = array[:, None]
    T, _I = check_shape("x", array, ("T", width))
    if T == 0:
        raise UserError(_("x: expected at least one step, found an empty sequence"))
    if not np.isfinite(array).all():
        raise UserError(_("{name}: expected finite numbers, found nan or inf").format(name="x"))
    return np.ascontiguousarray(array)


def _example(name: str) -> Params:
    """One unit whose weights make the point: open on 1, keep in between, show most of it."""

    def column(*values: float) -> np.ndarray:
        return np.array(values)[:, None]

    lstm = LSTMParams(
        W_x=column(3.0, 0.0, 1.5, 0.5),
        W_h=column(0.5, 0.2, 0.3, 0.0),
        b=np.array([-2.0, 2.0, 0.0, 1.0]),
    )
    without_f = [0, 2, 3]
    examples: dict[str, Params] = {
        "rnn": RNNParams(W_x=column(1.5), W_h=column(0.9), b=np.zeros(1)),
        "no_forget": NoForgetParams(lstm.W_x[without_f], lstm.W_h[without_f], lstm.b[without_f]),
        "lstm": lstm,
        "peephole": VariantParams(
            lstm.W_x,
            lstm.W_h,
            lstm.b,
            p_i=np.array([-0.5]),
            p_f=np.array([0.5]),
            p_o=np.array([1.0]),
        ),
        "gru": GRUParams(
            W_x=column(0.5, -3.0, 1.5),
            W_h=column(0.0, 0.0, 0.8),
            b=np.array([1.0, 2.0, 0.0]),
            b_hn=np.zeros(1),
        ),
    }
    if name not in examples:
        raise UserError(
            _("cell: expected one of {known}, or weights; found {found}").format(
                known=", ".join(examples), found=repr(name)
            )
        )
    return examples[name]
