"""What the three NumPy kernels (RNN, GRU, gated memory cell) have in common.

What makes them fast: the product with the inputs of all steps is done before the loop and
the weight gradients after it, one large product each; the loop itself allocates nothing;
one exponential or tanh serves all gates, whose different scales are folded into the
weights; and what the way back can know beforehand it computes for many steps at once.

A small call that names its result (``out=``) takes a sixth longer than one that gives it in third
place, hence ``np.add(a, b, c)`` for c = a + b.

Arrays are (T, …, B, G) views whose memory is ordered seed, step, sequence, unit.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_lab.cells.params import Array
from lstm_lab.layers import thresholds
from lstm_lab.layers.buffers import Buffers
from lstm_lab.layers.lowering import Lowered, Weights

__all__ = ["Kernel", "Squash", "tanh_into"]


class Squash:
    """sigma and tanh, in place, on pre-activations that were multiplied by `fold`.

    Two ways. tanh: sigma(a) = (1 + tanh(a/2)) / 2, few calls. exp: sigma(a) = 1 / (1 + e^-a),
    tanh(a) = 2 sigma(2a) - 1, cheaper a number where NumPy's tanh is slow, as in float64.
    e^-a may overflow to infinity, which gives 0 as it should: the caller silences that.
    """

    def __init__(self, sigmoid: list[bool], H: int, numbers: int, dtype: np.dtype) -> None:
        self.by_exp = numbers > thresholds.EXP[dtype.itemsize]
        is_sigmoid = np.repeat(sigmoid, H)
        one = np.ones(len(is_sigmoid), dtype)
        if self.by_exp:
            self.fold = np.where(is_sigmoid, -one, -2 * one)
            self.top, self.shift = (
                np.where(is_sigmoid, one, 2 * one),
                np.where(is_sigmoid, 0 * one, one),
            )
        else:
            self.fold = np.where(is_sigmoid, one / 2, one)
            self.scale, self.shift = self.fold, np.where(is_sigmoid, one / 2, 0 * one)

    def __call__(self, a: Array, part: slice = slice(None)) -> None:
        """Squash `a`, which holds the columns `part` of the gates."""
        if self.by_exp:
            np.exp(a, a)
            np.add(a, 1, a)
            np.divide(self.top[part], a, a)
            np.subtract(a, self.shift[part], a)
        else:
            np.tanh(a, a)
            np.multiply(a, self.scale[part], a)
            np.add(a, self.shift[part], a)


def tanh_into(a: Array, out: Array, by_exp: bool) -> None:
    """Write tanh(a) to `out`; in float64 NumPy's exp is more than twice as fast."""
    if not by_exp or a.dtype == np.float32:
        np.tanh(a, out)
        return
    np.multiply(a, -2, out)
    np.exp(out, out)
    np.add(out, 1, out)
    np.divide(2, out, out)
    np.subtract(out, 1, out)


class Kernel:
    """What the three have in common: buffers, products outside the loop, dead sequences."""

    gates: tuple[str, ...] = ()
    a: Array
    """Pre-activations, then gates, of all steps."""

    def __init__(
        self, low: Lowered, x: Array, state: tuple[Array, ...], alive: Array | None
    ) -> None:
        """Compute all steps.

        Parameters
        ----------
        x : ndarray (…, T, B, I)
            Seeds first, if there are any; or without them, shared by all seeds.
        state : tuple of ndarray (…, B, …)
            The kernel's state before step 0.
        alive : ndarray of bool (T, B), optional
        """
        self.buffers = Buffers()
        self.low, self.weights, self.H, self.x = low, low.weights, low.H, x
        W = self.weights
        self.lead = W.W_h.shape[:-2]
        self.T, self.B = x.shape[-3:-1]
        self.dtype = W.W_h.dtype
        self.alive = alive
        # steps at which some sequence has ended, with the mask (B, 1) of those
        ended = range(0) if alive is None else np.flatnonzero(~alive.all(axis=1))
        self.dead = {int(t): ~alive[t][:, None] for t in ended}  # type: ignore[index]
        self.fed = self.empty(low.R, steps=self.T + 1)
        self.fed[0] = state[0]
        # e^-a may overflow on its way to 0; of nan in x the caller has been told
        with np.errstate(over="ignore", invalid="ignore"):
            self.run(state)

    def run(self, state: tuple[Array, ...]) -> None:
        """Go forward over all steps."""
        raise NotImplementedError

    def back(self, dh: Array, dstate: tuple[Array, ...]) -> Any:
        """Go back over all steps: dL/dx, the gradients of the state before, of the weights."""
        raise NotImplementedError

    def values(self) -> dict[str, Array]:
        """Return the gates of all steps by name."""
        H = self.H
        return {name: self.a[..., k * H : (k + 1) * H] for k, name in enumerate(self.gates)}

    def empty(self, width: int, steps: int | None = None) -> Array:
        """Return room for every step, with the step as first axis whatever the memory's order."""
        steps = self.T if steps is None else steps
        room = self.buffers.take((*self.lead, steps, self.B, width), self.dtype)
        return room.swapaxes(0, -3)  # np.moveaxis does the same ten times slower

    def of_inputs(self, W_x: Array, b: Array) -> Array:
        """Return W_x x + b for all steps, (T, …, B, G): one product."""
        flat = self.x.reshape(*self.x.shape[:-3], self.T * self.B, self.x.shape[-1])
        room = self.empty(W_x.shape[-2])
        product = self.flat(room)
        np.matmul(flat, W_x.swapaxes(-1, -2), product)
        product += b[..., None, :]
        return room

    def flat(self, array: Array) -> Array:
        """Return (T, …, B, G) as (…, T B, G), without a copy where memory allows."""
        array = array.swapaxes(0, -3)
        return array.reshape(*array.shape[:-3], -1, array.shape[-1])

    def gradients(self, da: Array, dfed: Array | None = None) -> tuple[Array, Weights]:
        """Return dx (…, T, B, I) and the gradients of W_x, W_h and b: one product each.

        `dfed` differs from `da` where the recurrent product is not simply added.
        """
        flat = self.flat(da)
        flat_T = flat.swapaxes(-1, -2)
        x = self.x.reshape(*self.x.shape[:-3], -1, self.x.shape[-1])
        dW_x = np.matmul(flat_T, x)
        fed = self.flat(self.fed[:-1])
        dW_h = np.matmul(flat_T if dfed is None else self.flat(dfed).swapaxes(-1, -2), fed)
        db = np.matmul(np.ones(flat.shape[-2], self.dtype), flat)
        dx = np.matmul(flat, self.weights.W_x)
        if self.x.ndim == 3 and self.lead:
            dx = dx.sum(axis=0)
        return dx.reshape(self.x.shape), Weights(dW_x, dW_h, db)

    def block(self) -> int:
        """How many steps to prepare at once, so that they stay in the cache."""
        numbers = self.B * self.H * int(np.prod(self.lead, dtype=int))
        return max(1, thresholds.BLOCK // numbers)
