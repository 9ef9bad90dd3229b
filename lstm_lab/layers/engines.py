"""Which loops compute a layer: one table, from what was asked for and the sizes to a pass.

`forward` looks a layer up here and gets a `Run`, which goes back again. Without numba, and for
what numba does not do better, NumPy computes; the plain steps do where somebody asks for them.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import cache
from typing import NamedTuple, Protocol

from lstm_lab.cells.params import Array, Params
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.layers import thresholds
from lstm_lab.layers.lowering import Lowered, lower
from lstm_lab.layers.steps import StepsRun
from lstm_lab.layers.vectorized.run import VectorizedRun

__all__ = ["ENGINES", "ENGINE_OF", "Run", "has_lanes", "has_numba", "row_of", "start"]

ENGINES = ("auto", "numba", "numpy", "cells")


class Run(Protocol):
    """One pass of a cell over whole sequences, as every engine makes it."""

    h: Array
    """What the layer says, (T, B, H) or (T, S, B, H)."""

    def final(self) -> tuple[Array, ...]:
        """Return the parts of the state after the last step."""

    def gates(self) -> dict[str, Array]:
        """Return every gate, (T, B, …) or (T, S, B, …)."""

    def course(self) -> dict[str, Array]:
        """Return each part of the state after every step, (T, B, …) or (T, S, B, …)."""

    def backward(
        self, dh: Array, dstate: tuple[Array, ...]
    ) -> tuple[Array, tuple[Array, ...], Params]:
        """Return dL/dx, dL/d(initial state), dL/dp."""


class Row(NamedTuple):
    """Loops that a layer may run with."""

    engine: str
    name: str
    fits: Callable[[Lowered, Array], bool]
    """Whether they are the quickest of all rows from here on, for this cell and these inputs."""
    start: Callable[[Params, Lowered, Array, tuple[Array, ...], Array | None], Run]


@cache
def has_numba() -> bool:
    """Tell whether numba is installed (without importing it, which takes half a second)."""
    return importlib.util.find_spec("numba") is not None


@cache
def has_lanes() -> bool:
    """Tell whether numba still has the inner parts that the type `Lanes` is made with.

    They are no public interface; where they are gone, the other compiled loops do the work.
    """
    try:
        import lstm_lab.layers.compiled.lanes_run  # noqa: F401
    except (ImportError, AttributeError):
        return False
    return True


def _suit_lanes(low: Lowered, x: Array) -> bool:
    W = low.weights.W_h
    if low.kernel != "gated" or low.R > low.H or low.truncated:
        return False
    weights = W.shape[-2] * (x.shape[-1] + low.H)
    filled = x.shape[-2] * W.itemsize >= thresholds.LANES_BYTES
    suit = weights <= thresholds.LANES_TINY or (weights <= thresholds.LANES and filled)
    return suit and has_lanes()


def _are_mostly_blas(low: Lowered, x: Array) -> bool:
    W = low.weights.W_h
    plain = low.R == low.H and low.weights.peep is None and not low.coupled
    a_step = x.shape[-2] * W.shape[-2] * W.shape[-1]
    return plain and a_step >= thresholds.BLAS[low.kernel, W.itemsize]


def _always(_low: Lowered, _x: Array) -> bool:
    return True


def _lanes(p: Params, low: Lowered, x: Array, state: tuple[Array, ...], alive: Array | None) -> Run:
    from lstm_lab.layers.compiled.lanes_run import LanesRun

    return LanesRun(p, low, x, state, alive)


def _units(p: Params, low: Lowered, x: Array, state: tuple[Array, ...], alive: Array | None) -> Run:
    from lstm_lab.layers.compiled.run import CompiledRun

    return CompiledRun(p, low, x, state, alive)


ENGINE_OF = (
    Row("numba", "sequences along the vector", _suit_lanes, _lanes),
    Row("numpy", "products by BLAS, the rest in the noise", _are_mostly_blas, VectorizedRun),
    Row("numba", "units along the vector", _always, _units),
    Row("numpy", "a Python loop over steps", _always, VectorizedRun),
)
"""The first row that is allowed and fits computes; "auto" allows all that are installed."""


def start(engine: str, p: Params, x: Array, state: tuple[Array, ...], alive: Array | None) -> Run:
    """Run a cell over whole sequences with the loops that are quickest at its sizes."""
    if engine == "cells":
        return StepsRun(p, x, state, alive)
    low = lower(p)
    return row_of(engine, low, x).start(p, low, x, state, alive)


def row_of(engine: str, low: Lowered, x: Array) -> Row:
    """Return the row of the table that serves."""
    if engine not in ENGINES:
        raise UserError(
            _("engine: expected one of {known}, found {found}").format(
                known=", ".join(ENGINES), found=repr(engine)
            )
        )
    if engine == "numba" and not has_numba():
        raise UserError(
            _(
                "engine: numba is not installed; pip install 'lstm-lab[fast]' brings it, "
                "and engine='numpy' does without"
            )
        )
    either = ("numba", "numpy") if has_numba() else ("numpy",)
    allowed = either if engine == "auto" else (engine,)
    return next(row for row in ENGINE_OF if row.engine in allowed and row.fits(low, x))
