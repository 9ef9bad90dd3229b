"""Layers made of layers: one on top of another, and one in each direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lstm_lab.cells.params import Params
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = ["Bidirectional", "Stack"]


@dataclass(frozen=True, eq=False)
class Bidirectional:
    """The same input read from both ends; out.h holds both halves side by side, (T, B, 2H).

    The reverse reader starts at each sequence's own end. ``out.state`` is a pair.

    Examples
    --------
    >>> import numpy as np
    >>> from lstm_lab.cells import lstm_init
    >>> from lstm_lab.layers import forward
    >>> p = Bidirectional(lstm_init(2, 3, seed=0), lstm_init(2, 3, seed=1))
    >>> forward(p, np.ones((5, 4, 2)), lengths=[5, 3, 2, 5]).h.shape
    (5, 4, 6)
    """

    forward: Params
    backward: Params

    def __post_init__(self) -> None:
        for name in ("forward", "backward"):
            found = getattr(self, name)
            if not isinstance(found, Params):
                raise UserError(
                    _("{name}: expected the parameters of a cell, found {found}").format(
                        name=name, found=type(found).__name__
                    )
                )
        _same("inputs", self.forward.inputs, self.backward.inputs)
        _same("seeds", self.forward.seeds, self.backward.seeds)
        _same("dtype", self.forward.dtype, self.backward.dtype)

    @property
    def inputs(self) -> int:
        """I, the width of the input."""
        return self.forward.inputs

    @property
    def outputs(self) -> int:
        """The width of out.h, both halves together."""
        return self.forward.hidden + self.backward.hidden


@dataclass(frozen=True, eq=False)
class Stack:
    """Layers on top of each other; each reads what the one below says.

    ``out.h`` is the top layer's, ``out.state`` and ``out.trace`` hold one entry a layer.
    Between layers (not after the last) `dropout` sets that share of the numbers to zero and
    scales up the rest, when `forward` is given an `rng`.

    Examples
    --------
    >>> import numpy as np
    >>> from lstm_lab.cells import lstm_init
    >>> from lstm_lab.layers import forward
    >>> p = Stack((lstm_init(2, 8), lstm_init(8, 3)), dropout=0.5)
    >>> out = forward(p, np.ones((5, 4, 2)), rng=np.random.default_rng(0))
    >>> out.h.shape, len(out.state)
    ((5, 4, 3), 2)
    """

    layers: tuple[Any, ...]
    dropout: float = 0.0

    def __post_init__(self) -> None:
        if not isinstance(self.layers, tuple) or not self.layers:
            raise UserError(
                _("layers: expected a tuple of at least one layer, found {found}").format(
                    found=repr(self.layers) if not self.layers else type(self.layers).__name__
                )
            )
        if not 0 <= self.dropout < 1:
            raise UserError(
                _("dropout: expected 0 <= dropout < 1, found {found}").format(found=self.dropout)
            )
        for layer in self.layers:
            if not isinstance(layer, Params | Bidirectional):
                raise UserError(
                    _("layers: expected cells or Bidirectional, found {found}").format(
                        found=type(layer).__name__
                    )
                )
        for n, (below, above) in enumerate(zip(self.layers, self.layers[1:], strict=False), 1):
            wide = below.outputs if isinstance(below, Bidirectional) else below.hidden
            if above.inputs != wide:
                raise UserError(
                    _("layers[{n}]: expected I = {wide}, as wide as the layer below, found {found}")
                    .format(n=n, wide=wide, found=above.inputs)
                )  # fmt: skip


def _same(what: str, one: Any, other: Any) -> None:
    if one != other:
        raise UserError(
            _("backward: expected {what} {one} as in forward, found {other}").format(
                what=what, one=one, other=other
            )
        )
