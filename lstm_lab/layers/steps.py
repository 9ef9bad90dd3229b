"""A whole sequence as a loop over a cell's step: the meaning of a layer, slow and plain.

The fast engines are tested against this one, and ``engine="cells"`` runs it. Here, too, a gate
can be held by hand while an LSTM runs: what breaks tells what the gate was doing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lstm_lab.cells import LSTMParams
from lstm_lab.cells.params import Array, Params, stack_seeds
from lstm_lab.cells.table import cell_of
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.layers.check import checked_inputs, checked_state
from lstm_lab.layers.output import Trace
from lstm_lab.records import map_arrays

__all__ = ["StepsRun", "backward_by_steps", "forward_by_steps", "forward_held"]


def forward_by_steps(
    p: Params,
    x: Array,
    state: tuple[Array, ...],
    alive: Array | None,
    hold: Mapping[str, Array] | None = None,
) -> tuple[tuple[Array, ...], list[Any]]:
    """Run one network over x (T, B, I).

    Parameters
    ----------
    state : tuple of ndarray (B, …)
        The parts of the state before step 0.
    alive : ndarray of bool (T, B), optional
        False past the end of a sequence, where the state stays as it is.
    hold : mapping of ndarray (T, B, H), optional
        For gates of an LSTM: what takes their place wherever it is not nan.

    Returns
    -------
    states : tuple of ndarray (T + 1, B, …)
        Each part of the state, before step 0 and after every step.
    caches : list
        The cache of each step.
    """
    cell = cell_of(p)
    states, caches = [state], []
    for t in range(len(x)):
        new, cache = cell.step(p, x[t], cell.whole(states[-1]))
        if hold:
            new, cache = _with_gates(cache, {name: values[t] for name, values in hold.items()})
        new = cell.parts(new)
        if alive is not None:
            keep = alive[t][:, None]
            new = tuple(np.where(keep, n, old) for n, old in zip(new, states[-1], strict=True))
        states.append(new)
        caches.append(cache)
    return tuple(np.stack(part) for part in zip(*states, strict=True)), caches


def _with_gates(cache: Any, values: Mapping[str, Array]) -> tuple[tuple[Array, Array], Any]:
    """Return state and cache of an LSTM's step as if its gates had had the values that are no nan.

    No gate reads another one of the same step, so the free ones stay as they were.
    """
    gates = {k: np.where(np.isnan(v), getattr(cache, k), v) for k, v in values.items()}
    cache = cache._replace(**gates)
    c = cache.f * cache.c + cache.i * cache.g
    return (cache.o * np.tanh(c), c), cache._replace(c_new=c)


def forward_held(p: LSTMParams, x: Array, hold: Mapping[str, Any], state: Any = None) -> Trace:
    """Run one LSTM over whole sequences with some of its gates held.

    Parameters
    ----------
    p : LSTMParams
        One network (``p.pick(3)``).
    x : ndarray (T, B, I)
    hold : mapping
        For ``"i"``, ``"f"``, ``"g"``, ``"o"``: values that take the gate's place, anything
        that broadcasts to (T, B, H). NaN leaves the gate free.
    state : (h, c), optional
        Before step 0; zeros by default.

    Returns
    -------
    Trace
        As `forward` gives it; held gates show the held values.

    Examples
    --------
    Forget all at step 2: c is what that step alone writes.

    >>> from lstm_lab.cells import lstm_init
    >>> f = np.full((5, 1, 3), np.nan)
    >>> f[2] = 0.0
    >>> trace = forward_held(lstm_init(2, 3), np.ones((5, 1, 2)), {"f": f})
    >>> bool(np.allclose(trace.c[2], trace.i[2] * trace.g[2]))
    True
    """
    if not isinstance(p, LSTMParams) or p.seeds is not None:
        raise UserError(
            _("p: expected LSTMParams of one network, found {found}").format(found=repr(p))
        )
    x = checked_inputs(p, x)
    shape = (*x.shape[:2], p.hidden)
    values = {name: _held(name, given, shape) for name, given in hold.items()}
    before = checked_state(p, state, shape[1])
    (h, c), caches = forward_by_steps(p, x, before, None, values)
    gates = {name: np.stack([getattr(cache, name) for cache in caches]) for name in "ifgo"}
    initial = {"h": before[0].copy(), "c": before[1].copy()}
    return Trace({**gates, "c": c[1:], "h": h[1:]}, initial)


def _held(name: str, values: Any, shape: tuple[int, int, int]) -> Array:
    if name not in ("i", "f", "g", "o"):
        raise UserError(
            _("hold: expected gates out of i, f, g, o, found {found}").format(found=repr(name))
        )
    try:
        return np.broadcast_to(np.asarray(values, dtype=float), shape)
    except ValueError:
        raise UserError(
            _("hold: expected {name} to broadcast to shape {shape}, found {found}").format(
                name=name, shape=shape, found=np.shape(values)
            )
        ) from None


def backward_by_steps(
    p: Params, caches: list[Any], dh: Array, dstate: tuple[Array, ...], alive: Array | None
) -> tuple[Array, tuple[Array, ...], Params]:
    """Go back through the steps, from dL/dh (T, B, H) and dL/d(final state).

    Returns
    -------
    dx : ndarray (T, B, I)
    dstate : tuple of ndarray (B, …)
    dp : Params
    """
    cell = cell_of(p)
    dp = map_arrays(np.zeros_like, p)
    dx = []
    for t in reversed(range(len(caches))):
        dafter = (dstate[0] + dh[t], *dstate[1:])
        if alive is None:
            dx_t, dbefore, dp_t = cell.step_backward(p, caches[t], cell.whole(dafter))
            dstate = cell.parts(dbefore)
        else:
            # past its end a sequence took no step: the gradient goes straight through
            keep = alive[t][:, None]
            asked = [np.where(keep, part, 0) for part in dafter]
            dx_t, dbefore, dp_t = cell.step_backward(p, caches[t], cell.whole(asked))
            both = zip(cell.parts(dbefore), dafter, strict=True)
            dstate = tuple(np.where(keep, through, past) for through, past in both)
        dp = map_arrays(np.add, dp, dp_t)
        dx.append(dx_t)
    return np.stack(dx[::-1]), dstate, dp


class StepsRun:
    """The engine ``"cells"``: one network after the other, one step after the other."""

    def __init__(self, p: Params, x: Array, state: tuple[Array, ...], alive: Array | None) -> None:
        self.p, self.alive, self.shared = p, alive, x.ndim == 3
        if p.seeds is None:
            self.networks, inputs, states = [p], [x], [state]
        else:
            S = range(p.seeds)
            self.networks = [p.pick(s) for s in S]
            inputs = [x if self.shared else x[:, s] for s in S]
            states = [tuple(part[s] for part in state) for s in S]
        runs = [
            forward_by_steps(q, x_s, state_s, alive)
            for q, x_s, state_s in zip(self.networks, inputs, states, strict=True)
        ]
        self.states = [run[0] for run in runs]
        self.caches = [run[1] for run in runs]
        self.h = self._joined([states[0][1:] for states in self.states], axis=1)

    def _joined(self, arrays: list[Array], axis: int) -> Array:
        return arrays[0] if self.p.seeds is None else np.stack(arrays, axis)

    def final(self) -> tuple[Array, ...]:
        """Return the parts of the state after the last step."""
        parts = zip(*self.states, strict=True)
        return tuple(self._joined([part[-1] for part in seeds], axis=0) for seeds in parts)

    def gates(self) -> dict[str, Array]:
        """Return every gate, (T, B, …) or (T, S, B, …)."""
        return {
            name: self._joined(
                [np.stack([getattr(cache, name) for cache in caches]) for caches in self.caches],
                axis=1,
            )
            for name in cell_of(self.p).gates
        }

    def course(self) -> dict[str, Array]:
        """Return each part of the state after every step, (T, B, …) or (T, S, B, …)."""
        names = cell_of(self.p).state
        parts = zip(*self.states, strict=True)
        return {
            name: self._joined([part[1:] for part in seeds], axis=1)
            for name, seeds in zip(names, parts, strict=True)
        }

    def backward(
        self, dh: Array, dstate: tuple[Array, ...]
    ) -> tuple[Array, tuple[Array, ...], Params]:
        """Return dL/dx, dL/d(initial state), dL/dp."""
        if self.p.seeds is None:
            return backward_by_steps(self.p, self.caches[0], dh, dstate, self.alive)
        backs = [
            backward_by_steps(q, caches, dh[:, s], tuple(part[s] for part in dstate), self.alive)
            for s, (q, caches) in enumerate(zip(self.networks, self.caches, strict=True))
        ]
        dx, dbefore, dp = zip(*backs, strict=True)
        parts = tuple(np.stack(part) for part in zip(*dbefore, strict=True))
        joined = np.sum(dx, axis=0) if self.shared else np.stack(dx, axis=1)
        return joined, parts, stack_seeds(dp)
