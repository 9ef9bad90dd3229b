"""Whole sequences: `forward` and `backward` for every cell, `Stack` and `Bidirectional`."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import numpy as np

from lstm_lab.cells.params import Array, Params
from lstm_lab.cells.table import cell_of
from lstm_lab.layers.check import (
    alive_mask,
    checked_dh,
    checked_inputs,
    checked_state,
    state_parts,
    warn_of_nan,
)
from lstm_lab.layers.engines import run_of
from lstm_lab.layers.output import Gradients, Output, Trace

__all__ = ["backward", "backward_any", "forward", "forward_any"]


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
    return forward_any(p, x, state, lengths, trace, engine, rng)


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
    return backward_any(p, out, dh, dstate)


@singledispatch
def forward_any(
    p: Any, x: Any, state: Any, lengths: Any, trace: bool, engine: str, rng: Any
) -> Any:
    """`forward`; each kind of `p` registers its own."""
    cell_of(p)  # says what was expected
    raise NotImplementedError


@singledispatch
def backward_any(p: Any, out: Output, dh: Any, dstate: Any) -> Gradients:
    """`backward`; each kind of `p` registers its own."""
    cell_of(p)
    raise NotImplementedError


@forward_any.register
def _forward_cell(
    p: Params, x: Any, state: Any, lengths: Any, trace: bool, engine: str, rng: Any
) -> Output:
    cell = cell_of(p)
    x = checked_inputs(p, x)
    T, B = x.shape[0], x.shape[-2]
    parts = checked_state(p, state, B)
    alive = alive_mask(lengths, T, B)
    if alive is not None:
        # padding may hold anything, even nan: it must not reach a product
        x = np.where(_over_batch(alive, x.ndim), x, 0)
    warn_of_nan(x)
    run = run_of(engine)(p, x, parts, alive)
    return Output(
        h=run.h,
        state=cell.whole(run.final()),
        trace=_trace(p, run, parts, alive) if trace else None,
        cache=run,
    )


@backward_any.register
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


def _trace(p: Params, run: Any, parts: tuple[Array, ...], alive: Array | None) -> Trace:
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
