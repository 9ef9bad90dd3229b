"""A whole sequence as a loop over a cell's step: the meaning of a layer, slow and plain.

The fast engines are tested against this one, and ``engine="cells"`` runs it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_lab.cells.params import Array, Params, stack_seeds
from lstm_lab.cells.table import cell_of
from lstm_lab.records import map_arrays

__all__ = ["StepsRun", "backward_by_steps", "forward_by_steps"]


def forward_by_steps(
    p: Params, x: Array, state: tuple[Array, ...], alive: Array | None
) -> tuple[tuple[Array, ...], list[Any]]:
    """Run one network over x (T, B, I).

    Parameters
    ----------
    state : tuple of ndarray (B, …)
        The parts of the state before step 0.
    alive : ndarray of bool (T, B), optional
        False past the end of a sequence, where the state stays as it is.

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
        new = cell.parts(new)
        if alive is not None:
            keep = alive[t][:, None]
            new = tuple(np.where(keep, n, old) for n, old in zip(new, states[-1], strict=True))
        states.append(new)
        caches.append(cache)
    return tuple(np.stack(part) for part in zip(*states, strict=True)), caches


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
