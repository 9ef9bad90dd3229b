"""SGD with momentum, RMSprop and Adam over any tree of parameters; the same steps as torch's.

Parameters come in and new ones go out; what an optimiser remembers lives in the optimiser.
All arrays are handled as one flat vector: at the sizes of this course a step costs what
Python's overhead costs, and one long vector has the least of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.records import arrays, flatten, unflatten
from lstm_lab.training.compiled import compiled_adam

__all__ = ["SGD", "Adam", "Optimizer", "RMSprop"]

Tree = TypeVar("Tree")
SMALL = 20_000  # up to so many weights the calls of NumPy cost more than the arithmetic
Rate = float | Callable[[int], float]


class Optimizer:
    """What the three have in common: `update`, the step count and the learning rate.

    Parameters
    ----------
    lr : float or callable
        The learning rate, or a function from the number of the step (0, 1, …) to it.
    """

    def __init__(self, lr: Rate) -> None:
        if not callable(lr) and not lr > 0:
            raise UserError(_("lr: expected a number above 0, found {lr}").format(lr=lr))
        self.lr = lr
        self.steps = 0
        self._shapes: list[tuple[int, ...]] = []

    def update(self, params: Tree, grads: Any) -> Tree:
        """Return new parameters, one step along `grads`; both arguments stay as they were."""
        theta, g = flatten(params), flatten(grads)
        if self.steps == 0:
            self._check(params, grads)
            self._start(theta)
        elif theta.size != self._size or g.size != self._size:
            self._check(params, grads)
        # a Python float: a float64 scalar of NumPy would lift float32 weights to float64
        lr = float(self.lr(self.steps) if callable(self.lr) else self.lr)
        self.steps += 1
        self._step(theta, g, lr)
        return unflatten(params, theta)

    def state(self) -> dict[str, Any]:
        """Return what it remembers: the step count and its running means, not its settings."""
        held = {k: v for k, v in vars(self).items() if isinstance(v, np.ndarray)}
        return held | {"steps": self.steps, "_size": getattr(self, "_size", None)}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a `state`; learning rate and other settings stay this optimiser's own."""
        vars(self).update(state)

    def _check(self, params: Any, grads: Any) -> None:
        """Say which array does not fit; the flat sizes alone would hide it."""
        mine, theirs = arrays(params), arrays(grads)
        for name in [*mine, *theirs]:
            want = mine[name].shape if name in mine else None
            found = theirs[name].shape if name in theirs else None
            if want != found:
                raise UserError(
                    _("gradient of {name}: expected shape {want}, found {found}").format(
                        name=name, want=want, found=found
                    )
                )
        if self.steps:
            raise UserError(
                _("this optimiser already follows other parameters; make a new one for these")
            )
        self._size = sum(a.size for a in mine.values())

    def _start(self, theta: np.ndarray) -> None:
        raise NotImplementedError

    def _step(self, theta: np.ndarray, g: np.ndarray, lr: float) -> None:
        """Move `theta` in place; `g` may be used as scratch."""
        raise NotImplementedError


class SGD(Optimizer):
    """Gradient descent, ``v ← μ v + g``, ``θ ← θ − lr · v``.

    Parameters
    ----------
    lr : float or callable
    momentum : float
        μ; 0 is plain gradient descent.

    Examples
    --------
    >>> SGD(lr=0.5).update((np.array([1.0]),), (np.array([1.0]),))
    (array([0.5]),)
    """

    def __init__(self, lr: Rate = 0.1, momentum: float = 0.0) -> None:
        super().__init__(lr)
        self.momentum = momentum

    def _start(self, theta: np.ndarray) -> None:
        self.velocity = np.zeros_like(theta)

    def _step(self, theta: np.ndarray, g: np.ndarray, lr: float) -> None:
        self.velocity *= self.momentum
        self.velocity += g
        theta -= lr * self.velocity


class RMSprop(Optimizer):
    """Each weight's step divided by the size of its recent gradients (Tieleman & Hinton 2012).

    ``s ← ρ s + (1 − ρ) g²``, ``θ ← θ − lr · g / (√s + ε)``

    Parameters
    ----------
    lr : float or callable
    decay : float
        ρ (torch calls it alpha).
    eps : float

    Examples
    --------
    >>> RMSprop(lr=0.1).update({"w": np.array([1.5])}, {"w": np.array([0.3])})["w"].round(3)
    array([0.5])
    """

    def __init__(self, lr: Rate = 0.01, decay: float = 0.99, eps: float = 1e-8) -> None:
        super().__init__(lr)
        self.decay, self.eps = decay, eps

    def _start(self, theta: np.ndarray) -> None:
        self.square = np.zeros_like(theta)

    def _step(self, theta: np.ndarray, g: np.ndarray, lr: float) -> None:
        self.square *= self.decay
        self.square += (1 - self.decay) * g * g
        scale = np.sqrt(self.square)
        scale += self.eps
        g *= lr
        g /= scale
        theta -= g


class Adam(Optimizer):
    """Momentum and per-weight scale, both corrected for their start at zero (Kingma & Ba 2015).

    ``m ← β₁ m + (1 − β₁) g``, ``s ← β₂ s + (1 − β₂) g²``,
    ``θ ← θ − lr · m / (1 − β₁ᵗ) / (√(s / (1 − β₂ᵗ)) + ε)``

    Parameters
    ----------
    lr : float or callable
    betas : (float, float)
        β₁, β₂.
    eps : float

    Examples
    --------
    The first step is lr for every weight, whatever the size of its gradient:

    >>> opt = Adam(lr=0.5)
    >>> opt.update({"w": np.array([1.0, 1.0])}, {"w": np.array([1e-3, 1e3])})["w"].round(4)
    array([0.5, 0.5])
    """

    def __init__(
        self, lr: Rate = 0.001, betas: tuple[float, float] = (0.9, 0.999), eps: float = 1e-8
    ) -> None:
        super().__init__(lr)
        self.betas, self.eps = betas, eps

    def _start(self, theta: np.ndarray) -> None:
        self.mean = np.zeros_like(theta)
        self.square = np.zeros_like(theta)
        self._scratch = np.empty_like(theta)

    def _step(self, theta: np.ndarray, g: np.ndarray, lr: float) -> None:
        (beta1, beta2), scratch = self.betas, self._scratch
        rate = lr / (1 - beta1**self.steps)
        scale = 1 / math.sqrt(1 - beta2**self.steps)
        compiled = compiled_adam() if theta.size <= SMALL else None
        if compiled is not None and g.dtype == theta.dtype:
            numbers = [beta1, 1 - beta1, beta2, 1 - beta2, scale, self.eps, rate]
            compiled(theta, g, self.mean, self.square, np.array(numbers, theta.dtype))
            return
        np.multiply(g, g, out=scratch)
        scratch *= 1 - beta2
        self.square *= beta2
        self.square += scratch
        g *= 1 - beta1
        self.mean *= beta1
        self.mean += g
        np.sqrt(self.square, out=scratch)
        scratch *= scale
        scratch += self.eps
        np.divide(self.mean, scratch, out=g)
        g *= rate
        theta -= g
