"""One pass of the engine ``"numpy"``: run a lowered cell's kernel, lift the gradients."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from lstm_lab.cells.params import Array, Params
from lstm_lab.cells.table import cell_of
from lstm_lab.layers.lowering import Lowered
from lstm_lab.layers.vectorized.gated import GatedKernel
from lstm_lab.layers.vectorized.gru import GRUKernel
from lstm_lab.layers.vectorized.rnn import RNNKernel
from lstm_lab.layers.vectorized.shared import Kernel

__all__ = ["VectorizedRun"]


class VectorizedRun:
    """One pass over whole sequences; the same methods as `engines.Run`."""

    kernels: ClassVar[dict[str, type[Kernel]]] = {
        "rnn": RNNKernel,
        "gated": GatedKernel,
        "gru": GRUKernel,
    }

    def __init__(
        self,
        p: Params,
        low: Lowered,
        x: Array,
        state: tuple[Array, ...],
        alive: Array | None,
    ) -> None:
        self.p, self.low = p, low
        self.seeds_in_x = x.ndim == 4
        if self.seeds_in_x:
            x = np.ascontiguousarray(np.moveaxis(x, 1, 0))
        kernel = self.kernels[self.low.kernel]
        self.kernel = kernel(self.low, np.ascontiguousarray(x), self.low.state_in(state), alive)
        # a copy: what the caller does to it must not reach the way back
        self.h = np.array(self.kernel.fed[1:, ..., : p.hidden], order="C")

    def final(self) -> tuple[Array, ...]:
        """Return the parts of the state after the last step."""
        parts = self.low.state_out(*(part[-1] for part in self._course()))
        return tuple(np.array(part) for part in parts)

    def _course(self) -> tuple[Array, ...]:
        c = getattr(self.kernel, "c", None)
        return (self.kernel.fed,) if c is None else (self.kernel.fed, c)

    def gates(self) -> dict[str, Array]:
        """Return every gate, (T, B, …) or (T, S, B, …)."""
        values = self.kernel.values()
        return {name: np.array(self.low.gate(name, values[name])) for name in cell_of(self.p).gates}

    def course(self) -> dict[str, Array]:
        """Return each part of the state after every step, (T, B, …) or (T, S, B, …)."""
        parts = self.low.state_out(*(part[1:] for part in self._course()))
        return dict(zip(cell_of(self.p).state, parts, strict=True))

    def backward(
        self, dh: Array, dstate: tuple[Array, ...]
    ) -> tuple[Array, tuple[Array, ...], Params]:
        """Return dL/dx, dL/d(initial state), dL/dp."""
        mark = len(self.kernel.buffers)
        dx, dbefore, dW = self.kernel.back(dh, self.low.dstate_in(dstate))
        self.kernel.buffers.free_since(mark)
        if self.seeds_in_x:
            dx = np.moveaxis(dx, 0, 1)
        return dx, self.low.dstate_out(*dbefore), self.low.lifted(dW)
