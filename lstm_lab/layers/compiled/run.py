"""The engine ``"numba"``, units along the vector: the kernels of `vectorized`, compiled.

Small layers run in one compiled loop over all steps, recurrent product included. Large ones
leave that product to BLAS, a step at a time, and compile what comes after it: every gate
is then computed while it is in the cache. Needs numba; imported when asked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_lab.cells.params import Array
from lstm_lab.layers import thresholds
from lstm_lab.layers.compiled.gated import gated_back, gated_forward
from lstm_lab.layers.compiled.gru import gru_back, gru_forward
from lstm_lab.layers.compiled.rnn import rnn_back, rnn_forward
from lstm_lab.layers.vectorized.gated import GatedKernel
from lstm_lab.layers.vectorized.gru import GRUKernel
from lstm_lab.layers.vectorized.rnn import RNNKernel
from lstm_lab.layers.vectorized.run import VectorizedRun
from lstm_lab.layers.vectorized.shared import Kernel

__all__ = ["CompiledRun"]


class Compiled(Kernel):
    """What the compiled kernels share: arrays as (S, T, B, …), and who does the product."""

    def prepare(self) -> None:
        """Choose, and bring the mask into the loops' form."""
        self.own = self.quick()
        none = np.zeros((0, 0), bool)
        self.ended = none if self.alive is None else ~self.alive

    def quick(self) -> bool:
        """Tell whether the loop's own product is quicker than a call of BLAS a step."""
        multiplications = self.B * self.weights.W_h.shape[-2] * self.low.R
        return self.B == 1 or multiplications <= thresholds.OWN_PRODUCT

    def four(self, array: Array) -> Array:
        """Return (T, …, B, G) as (S, T, B, G) without a copy."""
        array = array.swapaxes(0, -3)
        return array.reshape(-1, *array.shape[-3:])

    def three(self, array: Array) -> Array:
        """Return weights (…, G, R), or a state (…, B, H), as (S, …), contiguous."""
        return np.ascontiguousarray(array.reshape(-1, *array.shape[-2:]))

    def turned(self, W: Array) -> Array:
        """Return weights (…, G, R) as (S, R, G), contiguous."""
        return self.three(W.swapaxes(-1, -2))

    def like_state(self, array: Array) -> Array:
        """Return (S, B, …) with this layer's leading axes."""
        return array.reshape(*self.lead, *array.shape[1:])

    def asked(self, dh: Array) -> Array:
        """Return dh (T, …, B, H) as (S, T, B, H), contiguous."""
        return np.ascontiguousarray(self.four(dh))

    def steps(self, call: Any, W: Array, fed: Array, tmp: Array) -> None:
        """Go forward: ``call(first, last, own product)``, with BLAS between if not our own."""
        if self.own:
            call(0, self.T, True)
            return
        for t in range(self.T):
            np.matmul(fed[:, t], W, out=tmp)
            call(t, t + 1, False)

    def steps_back(self, call: Any, W: Array, da: Array, d: Array) -> None:
        """Go back: like `steps`; the product is added to `d`."""
        if self.own:
            call(0, self.T, True)
            return
        product = np.empty_like(d)
        for t in reversed(range(self.T)):
            call(t, t + 1, False)
            np.matmul(da[:, t], W, out=product)
            # the loop left zeros in d, but what must be kept: past the end, and along z
            np.add(d, product, out=d)


class CompiledRNN(Compiled, RNNKernel):
    """h' = tanh(a) or relu(a)."""

    def run(self, state: tuple[Array, ...]) -> None:
        self.prepare()
        relu = self.low.p.activation == "relu"
        a, fed = self.four(self.of_inputs(self.weights.W_x, self.weights.b)), self.four(self.fed)
        W = self.turned(self.weights.W_h)
        tmp = np.empty((len(a), self.B, self.H), self.dtype)

        def call(first: int, last: int, product: bool) -> None:
            rnn_forward(first, last, product, relu, a, W, tmp, fed, self.ended)

        self.steps(call, W, fed, tmp)

    def back(self, dh: Array, dstate: tuple[Array, ...]) -> Any:
        relu = self.low.p.activation == "relu"
        room = self.empty(self.H)
        da, fed, asked = self.four(room), self.four(self.fed), self.asked(dh)
        W, d = self.three(self.weights.W_h), self.three(dstate[0]).copy()

        def call(first: int, last: int, product: bool) -> None:
            rnn_back(first, last, product, relu, fed, W, asked, d, da, self.ended)

        self.steps_back(call, W, da, d)
        dx, dW = self.gradients(room)
        return dx, (self.like_state(d),), dW


class CompiledGated(Compiled, GatedKernel):
    """c' = f c + i g, h' = o tanh(c'), with what the variants change."""

    def flags(self) -> tuple[bool, bool, bool]:
        return self.low.coupled, self.low.linear_in, self.low.linear_out

    def peepholes(self) -> Array:
        peep = self.weights.peep
        return np.zeros((0, 0, 0), self.dtype) if peep is None else self.three(peep)

    def run(self, state: tuple[Array, ...]) -> None:
        self.prepare()
        self.a = self.of_inputs(self.weights.W_x, self.weights.b)
        self.c, self.shown = self.empty(self.H, self.T + 1), self.empty(self.H)
        self.c[0] = state[1]
        a, fed, c, shown = (self.four(v) for v in (self.a, self.fed, self.c, self.shown))
        W, peep, flags = self.turned(self.weights.W_h), self.peepholes(), self.flags()
        tmp = np.empty((len(a), self.B, 4 * self.H), self.dtype)

        def call(first: int, last: int, product: bool) -> None:
            gated_forward(
                first,
                last,
                product,
                *flags,
                a,
                W,
                tmp,
                peep,
                fed,
                c,
                shown,
                self.ended,
            )

        self.steps(call, W, fed, tmp)

    def back(self, dh: Array, dstate: tuple[Array, ...]) -> Any:
        room = self.empty(4 * self.H)
        a, c, shown, da = (self.four(v) for v in (self.a, self.c, self.shown, room))
        W, peep, flags = self.three(self.weights.W_h), self.peepholes(), self.flags()
        asked, truncated = self.asked(dh), self.low.truncated
        dfed, dc = (self.three(part).copy() for part in dstate)

        def call(first: int, last: int, product: bool) -> None:
            gated_back(
                first, last, product, *flags, truncated, a, W, peep, c, shown,
                asked, dfed, dc, da, self.ended,
            )  # fmt: skip

        if truncated:
            call(0, self.T, False)
        else:
            self.steps_back(call, W, da, dfed)
        dx, dW = self.gradients(room)
        self.add_peepholes(room, dW)
        return dx, (self.like_state(dfed), self.like_state(dc)), dW


class CompiledGRU(Compiled, GRUKernel):
    """h' = (1 - z) n + z h, the reset gate before or after the product."""

    def run(self, state: tuple[Array, ...]) -> None:
        self.prepare()
        H = self.H
        self.a, self.m = self.of_inputs(self.weights.W_x, self.weights.b), self.empty(H)
        a, m, fed = (self.four(v) for v in (self.a, self.m, self.fed))
        b_hn = self.weights.b_hn
        after = b_hn is not None
        bias = np.zeros((1, 1), self.dtype) if b_hn is None else b_hn.reshape(-1, H)
        W_h = self.weights.W_h
        W = self.turned(W_h if after else W_h[..., : 2 * H, :])
        W_n = self.turned(W_h[..., 2 * H :, :])
        tmp = np.empty((len(a), self.B, W.shape[-1]), self.dtype)

        def call(first: int, last: int, product: bool) -> None:
            gru_forward(first, last, product, after, a, W, W_n, tmp, bias, m, fed, self.ended)

        self.steps(call, W, fed, tmp)

    def back(self, dh: Array, dstate: tuple[Array, ...]) -> Any:
        H, W_h = self.H, self.weights.W_h
        after = self.weights.b_hn is not None
        room = self.empty(3 * H)
        fed_room = self.empty(3 * H) if after else room
        a, m, fed, da, dfed = (self.four(v) for v in (self.a, self.m, self.fed, room, fed_room))
        W = self.three(W_h if after else W_h[..., : 2 * H, :])
        W_n, d, asked = (
            self.three(W_h[..., 2 * H :, :]),
            self.three(dstate[0]).copy(),
            self.asked(dh),
        )
        scratch = np.empty(H, self.dtype)

        def call(first: int, last: int, product: bool) -> None:
            gru_back(
                first, last, product, after, a, W, W_n, m, fed, asked, d, da, dfed, scratch,
                self.ended,
            )  # fmt: skip

        self.steps_back(call, W, dfed[..., : W.shape[-2]], d)
        dx, dW = self.gradients(room, fed_room)
        self.finish(room, fed_room, dW)
        return dx, (self.like_state(d),), dW


class CompiledRun(VectorizedRun):
    """One pass over whole sequences with compiled kernels."""

    kernels = {"rnn": CompiledRNN, "gated": CompiledGated, "gru": CompiledGRU}  # noqa: RUF012
