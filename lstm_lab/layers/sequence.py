"""Whole sequences: `forward` and `backward` for every cell, `Stack` and `Bidirectional`."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_lab.cells.params import Array, Params
from lstm_lab.cells.table import cell_of
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.layers.check import (
    alive_mask,
    checked_dh,
    checked_inputs,
    checked_state,
    lengths_of,
    state_parts,
    warn_of_nan,
)
from lstm_lab.layers.engines import Run, start
from lstm_lab.layers.output import Gradients, Output, Trace
from lstm_lab.layers.stack import Bidirectional, Stack

__all__ = ["backward", "forward"]


def forward(
    p: Any,
    x: Array,
    state: Any = None,
    lengths: Any = None,
    trace: bool = False,
    engine: str = "auto",
    rng: np.random.Generator | None = None,
) -> Output:
    """Run a cell, a `Stack` or a `Bidirectional` over whole sequences.

    Parameters
    ----------
    p : Params, Stack or Bidirectional
        The kind of the record decides which cell runs; its dtype in which numbers.
    x : ndarray (T, B, I)
        T steps of B sequences. If the weights carry a seed dimension S: (T, S, B, I), or
        (T, B, I) where all networks read the same.
    state : optional
        The state before step 0 in the form of the cell's step: h, or (h, c), each (B, H)
        or (S, B, H); a tuple of states for a `Stack`, (forward, backward) for a
        `Bidirectional`. Zeros by default.
    lengths : sequence of int (B,), optional
        The length of each sequence, in any order. Past its end a sequence's state stays
        as it is, so that ``out.h[-1]`` is the last valid output of all.
    trace : bool
        Also return every gate and state at every step.
    engine : {"auto", "numba", "numpy", "cells"}
        How to compute; the results are the same. "auto" takes numba where it is
        installed; "cells" loops over the cell's own step.
    rng : numpy.random.Generator, optional
        Draws the dropout of a `Stack`; without it nothing is dropped.

    Returns
    -------
    Output
        ``h`` (T, B, H) or (T, S, B, H), ``state`` at each sequence's own end, ``trace``,
        and what `backward` needs.

    Examples
    --------
    >>> from lstm_lab.cells import lstm_init
    >>> p = lstm_init(2, 3)
    >>> out = forward(p, np.ones((5, 4, 2)), trace=True)
    >>> out.h.shape, [part.shape for part in out.state]
    ((5, 4, 3), [(4, 3), (4, 3)])
    >>> out.trace
    Trace(i (5, 4, 3), f (5, 4, 3), g (5, 4, 3), o (5, 4, 3), c (5, 4, 3), h (5, 4, 3))
    """
    if isinstance(p, Stack):
        return _forward_stack(p, x, state, lengths, trace, engine, rng)
    if isinstance(p, Bidirectional):
        return _forward_both(p, x, state, lengths, trace, engine, rng)
    return _forward_cell(p, x, state, lengths, trace, engine)


def backward(p: Any, out: Output, dh: Array | None, dstate: Any = None) -> Gradients:
    """Go back through `forward`: from what the loss asks of the outputs to all gradients.

    Parameters
    ----------
    p : Params, Stack or Bidirectional
        As given to `forward`.
    out : Output
        From `forward`.
    dh : ndarray, optional
        dL/dh in the shape of ``out.h``; None where the loss looks at the final state only.
    dstate : optional
        dL/d(final state) in the form of ``out.state``. Zeros by default.

    Returns
    -------
    Gradients
        ``x``, ``state`` (the initial one) and ``p``, a record like `p`.

    Examples
    --------
    >>> from lstm_lab.cells import rnn_init
    >>> p = rnn_init(2, 3)
    >>> out = forward(p, np.ones((5, 4, 2)))
    >>> g = backward(p, out, np.ones_like(out.h))
    >>> g.x.shape, g.state.shape, g.p
    ((5, 4, 2), (4, 3), RNNParams(W_x (3, 2), W_h (3, 3), b (3,), activation='tanh', float64))
    """
    if isinstance(p, Stack):
        return _backward_stack(p, out, dh, dstate)
    if isinstance(p, Bidirectional):
        return _backward_both(p, out, dh, dstate)
    return _backward_cell(p, out, dh, dstate)


def _forward_cell(p: Params, x: Any, state: Any, lengths: Any, trace: bool, engine: str) -> Output:
    cell = cell_of(p)
    x = checked_inputs(p, x)
    T, B = x.shape[0], x.shape[-2]
    parts = checked_state(p, state, B)
    alive = alive_mask(lengths, T, B)
    if alive is not None:
        # padding may hold anything, even nan: it must not reach a product
        x = np.where(_over_batch(alive, x.ndim), x, 0)
    warn_of_nan(x)
    run = start(engine, p, x, parts, alive)
    return Output(
        h=run.h,
        state=cell.whole(run.final()),
        trace=_trace(p, run, parts, alive) if trace else None,
        cache=run,
    )


def _backward_cell(p: Params, out: Output, dh: Any, dstate: Any) -> Gradients:
    cell = cell_of(p)
    if dh is None:
        dh = np.zeros_like(out.h)
    dh = checked_dh("dh", dh, out.h.shape, p.dtype)
    finals = cell.parts(out.state)
    if dstate is None:
        dparts = tuple(np.zeros_like(part) for part in finals)
    else:
        given = state_parts(p, "dstate", dstate)
        dparts = tuple(
            checked_dh(f"d{name}", d, part.shape, p.dtype)
            for name, d, part in zip(cell.state, given, finals, strict=True)
        )
    dx, dbefore, dp = out.cache.backward(dh, dparts)
    return Gradients(dx, cell.whole(dbefore), dp)


def _over_batch(alive: Array, ndim: int) -> Array:
    """Give the mask (T, B) the axes of an array (T, …, B, anything)."""
    T, B = alive.shape
    return alive.reshape(T, *(1,) * (ndim - 3), B, 1)


def _trace(p: Params, run: Run, parts: tuple[Array, ...], alive: Array | None) -> Trace:
    cell = cell_of(p)
    arrays = {}
    for name, gate in run.gates().items():
        arrays[name] = (
            gate if alive is None else np.where(_over_batch(alive, gate.ndim), gate, np.nan)
        )
    course = run.course()
    for name in reversed(cell.state):  # c before h, as they are computed
        arrays[name] = course[name].copy()
    initial = {name: part.copy() for name, part in zip(cell.state, parts, strict=True)}
    return Trace(arrays, initial)


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


def _forward_both(
    p: Bidirectional, x: Any, state: Any, lengths: Any, trace: bool, engine: str, rng: Any
) -> Output:
    ahead, back = _pair("state", state)
    one = forward(p.forward, x, ahead, lengths, trace, engine, rng)
    lengths = lengths_of(lengths, len(one.h), one.h.shape[-2])
    other = forward(p.backward, _reversed(x, lengths), back, lengths, trace, engine, rng)
    return Output(
        h=np.concatenate([one.h, _reversed(other.h, lengths)], axis=-1),
        state=(one.state, other.state),
        trace=(one.trace, other.trace) if trace else None,
        cache=(one, other, lengths),
    )


def _backward_both(p: Bidirectional, out: Output, dh: Any, dstate: Any) -> Gradients:
    one, other, lengths = out.cache
    ahead, back = _pair("dstate", dstate)
    H = p.forward.hidden
    dh_one = dh_other = None
    if dh is not None:
        dh = checked_dh("dh", dh, out.h.shape, p.forward.dtype)
        dh_one, dh_other = dh[..., :H], _reversed(dh[..., H:], lengths)
    g = backward(p.forward, one, dh_one, ahead)
    r = backward(p.backward, other, dh_other, back)
    return Gradients(g.x + _reversed(r.x, lengths), (g.state, r.state), Bidirectional(g.p, r.p))


def _forward_stack(
    p: Stack, x: Any, state: Any, lengths: Any, trace: bool, engine: str, rng: Any
) -> Output:
    outs: list[Output] = []
    masks: list[Array] = []
    for layer, before in zip(p.layers, _each("state", state, len(p.layers)), strict=True):
        if outs:
            x = outs[-1].h
            if p.dropout and rng is not None:
                keep = 1 - p.dropout
                masks.append(((rng.random(x.shape) < keep) / keep).astype(x.dtype))
                x = x * masks[-1]
        outs.append(forward(layer, x, before, lengths, trace, engine, rng))
    return Output(
        h=outs[-1].h,
        state=tuple(out.state for out in outs),
        trace=[out.trace for out in outs] if trace else None,
        cache=(outs, masks),
    )


def _backward_stack(p: Stack, out: Output, dh: Any, dstate: Any) -> Gradients:
    outs, masks = out.cache
    asked = _each("dstate", dstate, len(p.layers))
    grads: list[Gradients] = []
    for n in reversed(range(len(p.layers))):
        grads.append(backward(p.layers[n], outs[n], dh, asked[n]))
        if n:
            dh = grads[-1].x * masks[n - 1] if masks else grads[-1].x
    grads.reverse()
    return Gradients(
        grads[0].x,
        tuple(g.state for g in grads),
        Stack(tuple(g.p for g in grads), p.dropout),
    )
