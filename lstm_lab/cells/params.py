"""What every cell's parameters have in common: named arrays, shapes, a count, seeds."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.records import is_setting, map_arrays
from lstm_lab.shapes import check_float, check_shape

__all__ = ["Array", "Params", "Record", "check_step", "stack_seeds"]

Array = np.ndarray
Tree = TypeVar("Tree")


def _same_form(new: Any, old: Any) -> bool:
    both = isinstance(new, np.ndarray) and isinstance(old, np.ndarray)
    return both and new.shape == old.shape and new.dtype == old.dtype


@dataclass(frozen=True, eq=False, repr=False)
class Record:
    """A frozen record of named arrays: parameters, or the gradients of parameters.

    Every array may carry one leading *seed dimension* S: ten networks in one record,
    trained in one call of `lstm_lab.layers.forward`. The step functions of
    `lstm_lab.cells` take one network at a time (``p.pick(3)``).
    """

    #: The matrix that tells the sizes, the type of the numbers and the seed dimension.
    MATRIX: ClassVar[str] = "W_h"

    def __post_init__(self) -> None:
        lead = () if self.seeds is None else (self.seeds,)
        for name, shape in self.expected_shapes().items():
            array = getattr(self, name)
            if not _fits(array, (*lead, *shape)):
                check_float(name, array)
                check_shape(name, array, (*lead, *shape))

    def expected_shapes(self) -> dict[str, tuple[int | str, ...]]:
        """Return the shape that each array must have (without the seed dimension)."""
        raise NotImplementedError

    @property
    def seeds(self) -> int | None:
        """S, the length of the leading seed dimension; None for one network."""
        matrix = getattr(self, self.MATRIX)
        check_float(self.MATRIX, matrix)
        return int(matrix.shape[0]) if matrix.ndim == 3 else None

    @property
    def dtype(self) -> np.dtype:
        """The type of the numbers; layers compute in it."""
        return getattr(self, self.MATRIX).dtype

    @property
    def count(self) -> int:
        """How many numbers are trained (over all seeds)."""
        return sum(array.size for array in self.arrays().values())

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shape of each array, by name."""
        return {name: array.shape for name, array in self.arrays().items()}

    def arrays(self) -> dict[str, Array]:
        """Return the arrays by name, in the order in which they are declared."""
        settings = self.settings()
        names = (f.name for f in dataclasses.fields(self))
        return {name: getattr(self, name) for name in names if name not in settings}

    def settings(self) -> dict[str, Any]:
        """Return what is not trained: an activation's name, a switch, an absent array."""
        fields = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {k: v for k, v in fields.items() if is_setting(v)}

    def replace(self, **changes: Any) -> Self:
        """Return a copy with some fields exchanged."""
        fields = self.__dict__
        if all(_same_form(new, fields.get(name)) for name, new in changes.items()):
            # gradients, most often: what was checked once need not be checked again
            twin = object.__new__(type(self))
            twin.__dict__.update(fields, **changes)
            return twin
        return dataclasses.replace(self, **changes)

    def astype(self, dtype: Any) -> Self:
        """Return a copy in another floating-point type."""
        return self.replace(**{name: a.astype(dtype) for name, a in self.arrays().items()})

    def pick(self, seed: int) -> Self:
        """Return one network out of those stacked along the seed dimension."""
        if self.seeds is None:
            raise UserError(_("pick: these parameters have no seed dimension"))
        return self.replace(**{name: array[seed] for name, array in self.arrays().items()})

    def __repr__(self) -> str:
        inside = [f"{name} {shape}" for name, shape in self.shapes.items()]
        inside += [f"{k}={v!r}" for k, v in self.settings().items() if v is not None]
        return f"{type(self).__name__}({', '.join(inside)}, {self.dtype})"


@dataclass(frozen=True, eq=False, repr=False)
class Params(Record):
    """The base of the cells' parameters: `RNNParams`, `LSTMParams`, …"""

    #: How many blocks of H rows W_x, W_h and b have: one for each gate.
    ROWS: ClassVar[int] = 1

    W_x: Array
    W_h: Array
    b: Array

    def expected_shapes(self) -> dict[str, tuple[int | str, ...]]:
        """Return the shape that each array must have (without the seed dimension)."""
        rows = self.ROWS * self.hidden
        return {"W_h": (rows, self.hidden), "W_x": (rows, "I"), "b": (rows,)}

    @property
    def hidden(self) -> int:
        """H, the number of hidden units."""
        return int(self.W_h.shape[-1])

    def state_width(self, name: str) -> int:
        """Return how many numbers the part `name` of the state has: H for h and c."""
        return self.hidden

    @property
    def inputs(self) -> int:
        """I, the width of the input."""
        return int(self.W_x.shape[-1])


def _fits(array: Any, shape: tuple[int | str, ...]) -> bool:
    """Tell whether all is well, quickly: an update makes six records, each is checked."""
    if type(array) is not np.ndarray or array.dtype.kind != "f" or array.ndim != len(shape):
        return False
    for want, found in zip(shape, array.shape, strict=True):
        if want != found and not isinstance(want, str):
            return False
    return True


def stack_seeds(networks: Sequence[Tree]) -> Tree:
    """Stack networks of one form along a new leading seed dimension.

    Examples
    --------
    >>> from lstm_lab.cells import rnn_init
    >>> p = stack_seeds([rnn_init(2, 3, seed=s) for s in range(10)])
    >>> p.W_x.shape, p.seeds
    ((10, 3, 2), 10)
    """
    if not networks:
        raise UserError(_("stack_seeds: expected at least one network, found none"))
    return map_arrays(lambda *arrays: np.stack(arrays), *networks)


def check_step(p: Params, x: Any, **state: Any) -> None:
    """Hold the arguments of a step against the parameters: x (B, I), each state (B, H)."""
    if p.seeds is not None:
        raise UserError(
            _(
                "a step takes one network, found {seeds} stacked: use p.pick(seed), "
                "or lstm_lab.layers.forward for all of them"
            ).format(seeds=p.seeds)
        )
    check_float("x", x)
    batch = check_shape("x", x, ("B", p.inputs))[0]
    for name, value in state.items():
        check_float(name, value)
        check_shape(name, value, (batch, p.hidden))
