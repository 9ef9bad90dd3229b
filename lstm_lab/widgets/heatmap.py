"""Every gate of every unit over a sequence: look, sort, brush, follow one unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import traitlets
from numpy.typing import ArrayLike

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.layers import Trace, forward
from lstm_lab.plots import table
from lstm_lab.widgets.base import LabWidget
from lstm_lab.widgets.checks import as_floats, check_number
from lstm_lab.widgets.packing import as_params, pack

__all__ = ["GateHeatmap"]

_MOST_STEPS, _MOST_UNITS = 1000, 128
_SIGNED = "gchn"  # squashed by tanh or not at all; the others are gates between 0 and 1


class GateHeatmap(LabWidget, module="heatmap"):
    """One row a unit, one column a step; choose the gate, sort, brush, follow a unit.

    Parameters
    ----------
    model : Params, torch module, Trace, mapping or array_like
        Weights (with `x`), or what they gave: a trace (its first sequence is shown), named
        arrays (T, H), or one array (T, H).
    x : array_like, shape (T,) or (T, I), optional
        What the model reads.
    tokens : sequence of str, optional
        A text for every step: characters, words, numbers.
    unit : int
        The unit to follow at first.

    Examples
    --------
    >>> GateHeatmap({"f": [[0.9, 0.1], [0.8, 0.2]]})
    2 units over 2 steps: f. On average f = 0.500; unit 0: f = 0.850.
    """

    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    values = traitlets.Bytes().tag(sync=True)
    limits: Any = traitlets.List().tag(sync=True)
    shape: Any = traitlets.List().tag(sync=True)
    tokens = traitlets.List(traitlets.Unicode()).tag(sync=True)
    units = traitlets.List(traitlets.Int()).tag(sync=True)
    unit = traitlets.Int(0).tag(sync=True)
    left_out = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        model: Any,
        x: ArrayLike | None = None,
        *,
        tokens: Sequence[str] | str | None = None,
        unit: int = 0,
    ) -> None:
        arrays = _arrays(model, x)
        T, H = next(iter(arrays.values())).shape
        for name, array in arrays.items():
            if array.shape != (T, H):
                raise UserError(
                    _("{name}: expected shape {expected}, found {found}").format(
                        name=name, expected=(T, H), found=array.shape
                    )
                )
        if T == 0 or H == 0:
            raise UserError(_("model: expected at least one step and one unit, found none"))
        words = list(tokens) if tokens is not None else []
        if tokens is not None and len(words) != T:
            raise UserError(
                _("tokens: expected {T} of them, one a step, found {found}").format(
                    T=T, found=len(words)
                )
            )
        check_number("unit", unit, 0, H - 1)
        for name, array in arrays.items():
            if np.isinf(array).any() or np.isnan(array).all():
                raise UserError(
                    _("{name}: expected finite numbers, found nan or inf").format(name=name)
                )
        kept = _units_to_show(arrays, H, unit)
        steps = min(T, _MOST_STEPS)
        self.arrays = {name: array[:steps, kept] for name, array in arrays.items()}
        super().__init__(
            names=list(arrays),
            values=np.stack(list(self.arrays.values())).astype(np.float32).tobytes(),
            limits=[_limits(name, array) for name, array in self.arrays.items()],
            shape=[steps, len(kept)],
            tokens=[str(word) for word in words[:steps]],
            units=[int(n) for n in kept],
            unit=unit,
            left_out=_left_out(T, steps, H, len(kept)),
            texts={
                "label": _("units over time; arrow keys move, Shift and arrows brush"),
                "cell": _("Unit {unit}, step {t}: {name} = {value}."),
                "cell_token": _("Unit {unit}, step {t} “{token}”: {name} = {value}."),
                "span": _("Steps {from} to {to}: mean = {mean}, lowest = {low}, highest = {high}."),
                "sort": _("order of the units"),
                "sort_none": _("as they are"),
                "sort_mean": _("by their mean"),
                "sort_spread": _("by how much they change"),
                "follow": _("follow unit"),
                "nan": _("nothing (past the end)"),
            },
        )

    def text(self) -> str:
        T, H = self.shape
        name = self.names[0]
        array = self.arrays[name]
        row = self.units.index(self.unit)
        return (
            _("{H} units over {T} steps: {names}.").format(H=H, T=T, names=", ".join(self.names))
            + " "
            + _("On average {name} = {mean}; unit {unit}: {name} = {value}.").format(
                name=name,
                mean=f"{np.nanmean(array):.3f}",
                unit=self.unit,
                value=f"{np.nanmean(array[:, row]):.3f}",
            )
            + (f" {self.left_out}" if self.left_out else "")
        )

    def still(self) -> str:
        rows = {
            name: [float(np.nanmin(a)), float(np.nanmean(a)), float(np.nanmax(a))]
            for name, a in self.arrays.items()
        }
        headers = ["", _("lowest"), _("mean"), _("highest")]
        html = table(rows, headers, caption=self.text())._repr_html_()
        return f"{html}"


def _arrays(model: Any, x: ArrayLike | None) -> dict[str, np.ndarray]:
    """Whatever was given, as named arrays (T, H)."""
    if isinstance(model, Trace):
        return {name: np.asarray(a)[:, 0] for name, a in model.items() if a.ndim == 3}
    if isinstance(model, Mapping):
        if not model:
            raise UserError(_("model: expected at least one named array, found none"))
        return {str(name): _matrix(str(name), values) for name, values in model.items()}
    if isinstance(model, np.ndarray | list):
        return {"h": _matrix("h", model)}
    p = as_params(model)
    if x is None:
        raise UserError(_("x: expected what the model reads, found nothing"))
    pack(p)  # says it where weights are not finite, or where nobody could draw the cell
    inputs = as_floats("x", x)
    inputs = inputs[:, None] if inputs.ndim == 1 else inputs
    if not np.isfinite(inputs).all():
        raise UserError(_("{name}: expected finite numbers, found nan or inf").format(name="x"))
    return _arrays(forward(p, inputs[:, None], trace=True).trace, None)


def _matrix(name: str, values: Any) -> np.ndarray:
    array = as_floats(name, values)
    array = array[:, 0] if array.ndim == 3 else array
    if array.ndim != 2:
        raise UserError(
            _("{name}: expected shape {expected}, found {found}").format(
                name=name, expected="(T, H)", found=array.shape
            )
        )
    return array


def _units_to_show(arrays: Mapping[str, np.ndarray], H: int, unit: int) -> np.ndarray:
    """All units; of very many those that change most, and the one to follow."""
    if H <= _MOST_UNITS:
        return np.arange(H)
    spread = np.nanstd(list(arrays.values())[-1], axis=0)
    chosen = set(np.argsort(-spread)[: _MOST_UNITS - 1].tolist()) | {unit}
    return np.array(sorted(chosen))


def _left_out(T: int, steps: int, H: int, units: int) -> str:
    said = []
    if steps < T:
        said.append(_("Of {T} steps the first {steps} are shown.").format(T=T, steps=steps))
    if units < H:
        said.append(
            _("Of {H} units the {units} that change most are shown.").format(H=H, units=units)
        )
    return " ".join(said)


def _limits(name: str, array: np.ndarray) -> list[float]:
    """Ends of the colour scale: 0 and 1 for gates, the same in both directions for the rest."""
    finite = array[np.isfinite(array)]
    low, high = float(finite.min(initial=0.0)), float(finite.max(initial=0.0))
    if name in _SIGNED or low < 0 or high > 1:
        top = max(-low, high, 1e-9)
        return [-top, top]
    return [0.0, 1.0]
