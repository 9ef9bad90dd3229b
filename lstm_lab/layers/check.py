"""The arguments of `forward` and `backward`: held against the parameters, made uniform."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from lstm_lab.cells.params import Array, Params
from lstm_lab.cells.table import cell_of
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.shapes import check_float, check_shape

__all__ = [
    "alive_mask",
    "checked_dh",
    "checked_inputs",
    "checked_state",
    "lengths_of",
    "state_parts",
    "warn_of_nan",
]


def checked_inputs(p: Params, x: Any) -> Array:
    """Return x as (T, B, I), or with seeds (T, S, B, I) or shared (T, B, I), in p's dtype."""
    check_float("x", x)
    if p.seeds is not None and x.ndim == 4:
        shape = check_shape("x", x, ("T", p.seeds, "B", p.inputs))
    else:
        shape = check_shape("x", x, ("T", "B", p.inputs))
    if 0 in shape:
        raise UserError(
            _("x: expected at least one step and one sequence, found shape {shape}").format(
                shape=shape
            )
        )
    return x.astype(p.dtype, copy=False)


def checked_state(p: Params, state: Any, batch: int) -> tuple[Array, ...]:
    """Return the parts of the initial state, (B, …) or (S, B, …); zeros where none is given."""
    cell = cell_of(p)
    lead = () if p.seeds is None else (p.seeds,)
    shapes = [(*lead, batch, width) for width in cell.widths(p)]
    if state is None:
        return tuple(np.zeros(shape, p.dtype) for shape in shapes)
    parts = state_parts(p, "state", state)
    for name, part, shape in zip(cell.state, parts, shapes, strict=True):
        check_float(name, part)
        check_shape(name, part, shape)
    return tuple(part.astype(p.dtype, copy=False) for part in parts)


def state_parts(p: Params, argument: str, state: Any) -> tuple[Array, ...]:
    """Return the parts of a state that has the form of the cell's step, or say what it is."""
    cell = cell_of(p)
    single = len(cell.state) == 1
    if single == isinstance(state, tuple | list) or (not single and len(state) != len(cell.state)):
        wanted = cell.state[0] if single else f"({', '.join(cell.state)})"
        found = type(state).__name__
        if isinstance(state, tuple | list):
            found += f" of {len(state)}"
        raise UserError(
            _("{name}: expected {wanted}, found {found}").format(
                name=argument, wanted=wanted, found=found
            )
        )
    return cell.parts(state)


def lengths_of(lengths: Any, steps: int, batch: int) -> Array | None:
    """Return the lengths as an array (B,), checked; None if all have full length.

    They may come in any order: nothing has to be sorted.
    """
    if lengths is None:
        return None
    lengths = np.asarray(lengths)
    check_shape("lengths", lengths, (batch,))
    if lengths.dtype.kind not in "iu":
        raise UserError(
            _("lengths: expected whole numbers, found {found}").format(found=lengths.dtype)
        )
    wrong = np.flatnonzero((lengths < 1) | (lengths > steps))
    if wrong.size:
        raise UserError(
            _("lengths: expected 1 to {steps}, found {found} for sequence {index}").format(
                steps=steps, found=int(lengths[wrong[0]]), index=int(wrong[0])
            )
        )
    return None if (lengths == steps).all() else lengths


def alive_mask(lengths: Any, steps: int, batch: int) -> Array | None:
    """Return a mask (T, B), False past the end of a sequence; None if all have full length."""
    lengths = lengths_of(lengths, steps, batch)
    return None if lengths is None else np.arange(steps)[:, None] < lengths


def checked_dh(name: str, dh: Any, shape: tuple[int, ...], dtype: np.dtype) -> Array:
    """Return a gradient in the shape of what it belongs to."""
    check_float(name, dh)
    check_shape(name, dh, shape)
    return dh.astype(dtype, copy=False)


_warned_of_nan = False


def warn_of_nan(x: Array) -> None:
    """Warn, once in a session, that x holds nan, and say where the first one is."""
    global _warned_of_nan
    if _warned_of_nan:
        return
    # A sum is nan if any term is: one pass and no temporary array in the usual case.
    with np.errstate(over="ignore", invalid="ignore"):
        if not np.isnan(x.sum()):
            return
    places = np.argwhere(np.isnan(x))
    if not len(places):
        return  # infinities of both signs add up to nan
    _warned_of_nan = True
    where = "[" + ", ".join(str(int(k)) for k in places[0]) + "]"
    warnings.warn(
        _(
            "x holds {count} nan, the first at x{where}; every later state of that sequence "
            "will be nan (this is said once)"
        ).format(count=len(places), where=where),
        RuntimeWarning,
        stacklevel=4,
    )
