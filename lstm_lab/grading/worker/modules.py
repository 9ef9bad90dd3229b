"""The fixed verbs for torch modules: objects stay here, behind whole numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

__all__ = ["VERBS", "Modules"]

VERBS = ("make", "forward", "state", "load_state", "grads", "train_steps")


class Modules:
    """The modules made so far, and what may be asked of them."""

    def __init__(self) -> None:
        self.made: list[Any] = []

    def carry_out(
        self,
        message: dict[str, Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        look_up: Callable[[str], Any],
    ) -> Any:
        """Do what one verb asks; return what crosses."""
        verb = message["op"]
        if verb not in VERBS:
            raise ValueError(f"unknown verb {verb!r}")
        if verb == "make":
            if message.get("seed") is not None:
                import torch

                # not torch.manual_seed: that keeps a formatted stack a call for CUDA's first use
                torch.default_generator.manual_seed(message["seed"])
            self.made.append(look_up(message["name"])(*args, **kwargs))
            return len(self.made) - 1
        return getattr(self, f"_{verb}")(self.made[message["handle"]], *args, **kwargs)

    def _forward(self, module: Any, *args: Any, **kwargs: Any) -> Any:
        return module(*args, **kwargs)

    def _state(self, module: Any) -> dict[str, Any]:
        return dict(module.state_dict())

    def _load_state(self, module: Any, state: dict[str, Any]) -> None:
        module.load_state_dict(state)

    def _grads(self, module: Any, inputs: list[Any], cotangents: Any) -> dict[str, Any]:
        """Gradients of sum(output · cotangent) for inputs and parameters."""
        import torch

        inputs = [x.detach().clone() for x in inputs]
        leaves = [x.requires_grad_() for x in inputs if x.is_floating_point()]
        module.zero_grad()
        outputs = _tensors(module(*inputs))
        pairs = zip(outputs, _tensors(cotangents), strict=False)
        total = sum((out * c).sum() for out, c in pairs if c is not None)
        if isinstance(total, torch.Tensor) and total.requires_grad:
            total.backward()
        return {
            "inputs": [x.grad for x in leaves],
            "parameters": {name: p.grad for name, p in module.named_parameters()},
        }

    def _train_steps(
        self, module: Any, inputs: list[Any], target: Any, steps: int = 1, lr: float = 0.1
    ) -> list[float]:
        """Plain gradient descent on the mean squared error of the first output."""
        import torch

        losses = []
        for _ in range(steps):
            module.zero_grad()
            loss = torch.mean((_tensors(module(*inputs))[0] - target) ** 2)
            loss.backward()
            with torch.no_grad():
                for p in module.parameters():
                    if p.grad is not None:
                        p -= lr * p.grad
            losses.append(float(loss.detach()))
        return losses


def _tensors(value: Any) -> list[Any]:
    """Return the leaves of nested tuples and lists, in order."""
    if isinstance(value, tuple | list):
        return [leaf for part in value for leaf in _tensors(part)]
    return [value]
