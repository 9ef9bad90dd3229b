"""The fixed verbs for torch modules: objects stay here, behind whole numbers.

What a verb may reach is listed here. Names of methods come from the graded test; they are looked
up among the functions that the module's own class defines, so neither private ones nor what torch
gave to every module can be called.
"""

from __future__ import annotations

import contextlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

from .losses import loss_of
from .refused import Refused

__all__ = ["DTYPES", "VERBS", "Modules"]

VERBS = ("make", "forward", "method", "state", "load_state", "grads", "train_steps")
DTYPES = ("float32", "float64")
MAX_MODULES = 256  # a test makes a few; older ones go, or a class would fill the memory
MAX_STEPS = 100_000


class Modules:
    """The modules made so far, and what may be asked of them."""

    def __init__(self) -> None:
        self.made: OrderedDict[int, tuple[Any, str]] = OrderedDict()
        self.count = 0

    def carry_out(
        self,
        message: dict[str, Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        look_up: Callable[[str], Any],
    ) -> Any:
        """Do what one verb asks; return what crosses.

        Parameters
        ----------
        message : dict
            ``op``, and by verb: ``handle``, ``seed`` (set before anything else), ``name``,
            ``train`` and ``dtype`` (of ``make``), ``method``.
        args, kwargs : tuple, dict
            What the verb is given.
        look_up : callable
            Finds a class by name.

        Raises
        ------
        Refused
            The module does not do what the verb needs.
        ValueError
            The verb, or what it is given, is none of those that there are.
        """
        verb = message["op"]
        if verb not in VERBS:
            raise ValueError(f"unknown verb {verb!r}")
        if message.get("seed") is not None:
            _seed(message["seed"])
        if verb == "make":
            return self._make(message, args, kwargs, look_up)
        module, dtype = self._held(message.get("handle"))
        with _floats(dtype):
            if verb == "method":
                return _method(module, message.get("method"))(module, *args, **kwargs)
            return _VERBS[verb](module, *args, **kwargs)

    def _make(
        self,
        message: dict[str, Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        look_up: Callable[[str], Any],
    ) -> int:
        import torch

        train, dtype = message.get("train", False), message.get("dtype", "float32")
        if type(train) is not bool or dtype not in DTYPES:
            raise ValueError("make: train is True or False, dtype one of float32, float64")
        with _floats(dtype):
            module = look_up(message["name"])(*args, **kwargs)
        if not isinstance(module, torch.nn.Module):
            raise Refused("module")
        if dtype == "float64":  # also what was made with a type of its own
            module.double()
        module.train(train)
        handle, self.count = self.count, self.count + 1
        self.made[handle] = module, dtype
        while len(self.made) > MAX_MODULES:
            self.made.popitem(last=False)
        return handle

    def _held(self, handle: Any) -> tuple[Any, str]:
        if type(handle) is not int or handle not in self.made:
            raise ValueError("no such module")
        return self.made[handle]


def _seed(seed: Any) -> None:
    import torch

    if type(seed) is not int or not 0 <= seed < 1 << 63:
        raise ValueError("a seed is a whole number from 0 on")
    # not torch.manual_seed: that keeps a formatted stack a call for CUDA's first use
    torch.default_generator.manual_seed(seed)


@contextlib.contextmanager
def _floats(dtype: str) -> Iterator[None]:
    """Make new tensors of this type meanwhile: `torch.zeros(3)` in a forward must fit its module.

    In a kernel this also keeps a type that a learner has set from changing what is checked.
    """
    import torch

    before = torch.get_default_dtype()
    torch.set_default_dtype(getattr(torch, dtype))
    try:
        yield
    finally:
        torch.set_default_dtype(before)


def _method(module: Any, name: Any) -> Callable[..., Any]:
    if type(name) is not str or not name.isidentifier() or name.startswith("_"):
        raise ValueError("a method's name is a plain one")
    for one in type(module).__mro__:
        if one.__module__.split(".")[0] == "torch":
            break
        found = one.__dict__.get(name)
        if type(found) is FunctionType:
            return found
    raise Refused("method", found=name)


def _forward(module: Any, *args: Any, **kwargs: Any) -> Any:
    return module(*args, **kwargs)


def _state(module: Any) -> dict[str, Any]:
    return dict(module.state_dict())


def _load_state(module: Any, state: dict[str, Any]) -> None:
    module.load_state_dict(state)


def _grads(module: Any, inputs: Any, cotangents: Any) -> dict[str, Any]:
    """Gradients of sum(output · cotangent) for inputs and parameters."""
    inputs = _each(inputs, _leaf)
    module.zero_grad()
    total: Any = 0
    for out, cotangent in _pairs(module(*inputs), cotangents):
        total = total + (out * cotangent).sum()
    if getattr(total, "requires_grad", False):
        total.backward()
    return {
        "inputs": _each(inputs, lambda x: getattr(x, "grad", None)),
        "parameters": {name: p.grad for name, p in module.named_parameters()},
    }


def _train_steps(
    module: Any, inputs: Any, target: Any, *, loss: str, steps: int, lr: float, **options: Any
) -> list[float]:
    """Plain gradient descent on a named loss of the first output, in train mode."""
    import torch

    if type(steps) is not int or not 0 < steps <= MAX_STEPS:
        raise ValueError(f"steps is a whole number from 1 to {MAX_STEPS}")
    modes = [(one, one.training) for one in module.modules()]
    module.train()
    losses = []
    try:
        for _ in range(steps):
            module.zero_grad()
            value = loss_of(loss, _first(module(*inputs)), target, **options)
            value.backward()
            with torch.no_grad():
                for p in module.parameters():
                    if p.grad is not None:
                        p -= lr * p.grad
            losses.append(float(value.detach()))
    finally:
        for one, mode in modes:
            one.training = mode
    return losses


_VERBS: dict[str, Callable[..., Any]] = {
    "forward": _forward,
    "state": _state,
    "load_state": _load_state,
    "grads": _grads,
    "train_steps": _train_steps,
}


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """Return nested tuples and lists with each leaf changed."""
    if isinstance(value, tuple | list):
        parts = [_each(part, change) for part in value]
        return tuple(parts) if isinstance(value, tuple) else parts
    return change(value)


def _leaf(value: Any) -> Any:
    import torch

    if not isinstance(value, torch.Tensor):
        return value
    return value.detach().clone().requires_grad_(value.is_floating_point())


def _pairs(out: Any, cotangent: Any) -> list[tuple[Any, Any]]:
    """Return outputs with their cotangents; None leaves out an output, or a tuple of them."""
    import torch

    if cotangent is None:
        return []
    if isinstance(cotangent, tuple | list):
        found = len(out) if isinstance(out, tuple | list) else 1
        if not isinstance(out, tuple | list) or found != len(cotangent):
            raise Refused("outputs", expected=len(cotangent), found=found)
        both = zip(out, cotangent, strict=True)
        return [pair for one, other in both for pair in _pairs(one, other)]
    if isinstance(out, tuple | list):
        raise Refused("outputs", expected=1, found=len(out))
    if not isinstance(out, torch.Tensor):
        raise Refused("tensor", found=type(out).__name__)
    if out.shape != cotangent.shape:
        raise Refused("shape", expected=tuple(cotangent.shape), found=tuple(out.shape))
    return [(out, cotangent)]


def _first(out: Any) -> Any:
    for _ in range(24):  # as deep as a value that crosses
        if not isinstance(out, tuple | list) or not out:
            break
        out = out[0]
    return out
