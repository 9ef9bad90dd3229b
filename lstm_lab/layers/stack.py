"""Layers made of layers: one on top of another, and one in each direction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_lab.cells.params import Array, Params
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.layers.check import checked_dh, lengths_of
from lstm_lab.layers.output import Gradients, Output
from lstm_lab.layers.sequence import backward_any, forward_any

__all__ = ["Bidirectional", "Stack"]


@dataclass(frozen=True, eq=False)
class Bidirectional:
    """The same input read from both ends; out.h holds both halves side by side, (T, B, 2H).

    The reverse reader starts at each sequence's own end. ``out.state`` is a pair.

    Examples
    --------
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


def _reversed(array: Array, lengths: Array | None) -> Array:
    """Turn each sequence of (T, …, B, F) round within its own length; its own inverse."""
    if lengths is None:
        return array[::-1]
    T, B = len(array), len(lengths)
    t = np.arange(T)[:, None]
    index = np.where(t < lengths, lengths - 1 - t, t)  # (T, B)
    return np.take_along_axis(array, index.reshape(T, *(1,) * (array.ndim - 3), B, 1), axis=0)


def _pair(name: str, value: Any) -> Any:
    if value is None:
        return None, None
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise UserError(
            _("{name}: expected a pair (forward, backward), found {found}").format(
                name=name, found=type(value).__name__
            )
        )
    return value


def _each(name: str, value: Any, count: int) -> Any:
    if value is None:
        return [None] * count
    if not isinstance(value, tuple | list) or len(value) != count:
        found = type(value).__name__
        if isinstance(value, tuple | list):
            found += f" of {len(value)}"
        raise UserError(
            _("{name}: expected one entry for each of {count} layers, found {found}").format(
                name=name, count=count, found=found
            )
        )
    return value


@forward_any.register
def _forward_both(
    p: Bidirectional, x: Any, state: Any, lengths: Any, trace: bool, engine: str, rng: Any
) -> Output:
    ahead, back = _pair("state", state)
    one = forward_any(p.forward, x, ahead, lengths, trace, engine, rng)
    lengths = lengths_of(lengths, len(one.h), one.h.shape[-2])
    other = forward_any(p.backward, _reversed(x, lengths), back, lengths, trace, engine, rng)
    return Output(
        h=np.concatenate([one.h, _reversed(other.h, lengths)], axis=-1),
        state=(one.state, other.state),
        trace=(one.trace, other.trace) if trace else None,
        cache=(one, other, lengths),
    )


@backward_any.register
def _backward_both(p: Bidirectional, out: Output, dh: Any, dstate: Any) -> Gradients:
    one, other, lengths = out.cache
    ahead, back = _pair("dstate", dstate)
    H = p.forward.hidden
    dh_one = dh_other = None
    if dh is not None:
        dh = checked_dh("dh", dh, out.h.shape, p.forward.dtype)
        dh_one, dh_other = dh[..., :H], _reversed(dh[..., H:], lengths)
    g = backward_any(p.forward, one, dh_one, ahead)
    r = backward_any(p.backward, other, dh_other, back)
    return Gradients(g.x + _reversed(r.x, lengths), (g.state, r.state), Bidirectional(g.p, r.p))


@forward_any.register
def _forward_stack(
    p: Stack, x: Any, state: Any, lengths: Any, trace: bool, engine: str, rng: Any
) -> Output:
    outs: list[Output] = []
    masks: list[Array] = []
    for layer, start in zip(p.layers, _each("state", state, len(p.layers)), strict=True):
        if outs:
            x = outs[-1].h
            if p.dropout and rng is not None:
                keep = 1 - p.dropout
                masks.append(((rng.random(x.shape) < keep) / keep).astype(x.dtype))
                x = x * masks[-1]
        outs.append(forward_any(layer, x, start, lengths, trace, engine, rng))
    return Output(
        h=outs[-1].h,
        state=tuple(out.state for out in outs),
        trace=[out.trace for out in outs] if trace else None,
        cache=(outs, masks),
    )


@backward_any.register
def _backward_stack(p: Stack, out: Output, dh: Any, dstate: Any) -> Gradients:
    outs, masks = out.cache
    asked = _each("dstate", dstate, len(p.layers))
    grads: list[Gradients] = []
    for n in reversed(range(len(p.layers))):
        grads.append(backward_any(p.layers[n], outs[n], dh, asked[n]))
        if n:
            dh = grads[-1].x * masks[n - 1] if masks else grads[-1].x
    grads.reverse()
    return Gradients(
        grads[0].x,
        tuple(g.state for g in grads),
        Stack(tuple(g.p for g in grads), p.dropout),
    )
