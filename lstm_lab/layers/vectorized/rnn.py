"""The plain RNN over all steps, in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_lab.cells.params import Array
from lstm_lab.layers import thresholds
from lstm_lab.layers.vectorized.shared import Kernel, tanh_into

__all__ = ["RNNKernel"]


class RNNKernel(Kernel):
    """h' = tanh(a) or relu(a)."""

    def run(self, state: tuple[Array, ...]) -> None:
        W = self.weights
        a = self.of_inputs(W.W_x, W.b)
        W_h = np.ascontiguousarray(W.W_h.swapaxes(-1, -2))
        tanh = self.low.p.activation == "tanh"
        numbers = self.B * self.H
        by_exp = numbers > thresholds.EXP[self.dtype.itemsize]
        for t, (a_t, h, new) in enumerate(zip(a, self.fed[:-1], self.fed[1:], strict=True)):
            np.matmul(h, W_h, new)
            np.add(new, a_t, new)
            if tanh:
                tanh_into(new, new, by_exp)
            else:
                np.maximum(new, 0, out=new)
            if t in self.dead:
                np.copyto(new, h, where=self.dead[t])

    def back(self, dh: Array, dstate: tuple[Array, ...]) -> Any:
        h = self.fed[1:]
        tanh = self.low.p.activation == "tanh"
        da = self.empty(self.H)
        d = dstate[0].copy()
        n = self.block()
        for start in reversed(range(0, self.T, n)):
            part = slice(start, start + n)
            if tanh:  # the slope first, for n steps at once
                np.multiply(h[part], h[part], da[part])
                np.subtract(1, da[part], da[part])
            else:
                np.greater(h[part], 0, out=da[part], casting="unsafe")
            for t in reversed(range(start, min(start + n, self.T))):
                np.add(d, dh[t], d)
                np.multiply(da[t], d, da[t])
                if t in self.dead:
                    np.copyto(da[t], 0, where=self.dead[t])
                    d = np.where(self.dead[t], d, np.matmul(da[t], self.weights.W_h))
                else:
                    np.matmul(da[t], self.weights.W_h, d)
        dx, dW = self.gradients(da)
        return dx, (d,), dW
