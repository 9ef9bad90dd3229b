"""What `forward` and `backward` return."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lstm_lab.cells.params import Array

__all__ = ["Gradients", "Output", "Trace"]


class Trace(Mapping[str, Array]):
    """Every gate and state at every step: ``trace["f"]`` or ``trace.f``, shape (T, B, H).

    ``trace.initial["c"]`` (B, H) is the state before step 0. Past the end of a sequence
    the states stay as they were and the gates are nan: no gate acted.
    """

    def __init__(self, arrays: Mapping[str, Array], initial: Mapping[str, Array]) -> None:
        self._arrays = dict(arrays)
        self.initial = dict(initial)
        for array in (*self._arrays.values(), *self.initial.values()):
            array.flags.writeable = False

    def __getitem__(self, name: str) -> Array:
        return self._arrays[name]

    def __getattr__(self, name: str) -> Array:
        try:
            return self.__dict__["_arrays"][name]
        except KeyError:
            raise AttributeError(f"this trace has {', '.join(self)}; found {name!r}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._arrays)

    def __len__(self) -> int:
        return len(self._arrays)

    def __repr__(self) -> str:
        inside = ", ".join(f"{name} {array.shape}" for name, array in self.items())
        return f"Trace({inside})"


@dataclass(frozen=True, eq=False)
class Output:
    """The result of `forward`."""

    h: Array
    """The hidden state after every step, (T, B, H)."""
    state: Any
    """The state at each sequence's own end, in the form of the cell's step."""
    trace: Any = None
    """A `Trace` if asked for (a list of them for a `Stack`)."""
    cache: Any = field(default=None, repr=False)
    """What `backward` needs; private."""


@dataclass(frozen=True, eq=False)
class Gradients:
    """The result of `backward`."""

    x: Array
    """dL/dx, in the shape of x."""
    state: Any
    """dL/d(initial state), in the form of the state."""
    p: Any
    """dL/dp: a record like the parameters."""
