"""A torch module as a graded test sees it: fixed verbs reach it where it was made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from lstm_lab.grading.result import Result, Trouble
from lstm_lab.grading.worker.codec import encode
from lstm_lab.grading.worker.losses import LOSSES

__all__ = ["Module", "WrongRequest", "checked"]

Ask = Callable[[dict[str, Any], tuple[Any, ...], dict[str, Any]], Result]


class WrongRequest(Exception):
    """A graded test asks a module for what there is not: the test is wrong, not the answer."""


class Module:
    """A torch module that stays in its process.

    Attributes
    ----------
    made : Result
        How making it went; hold it against None with ``compare`` or look at ``made.error``.
    """

    def __init__(
        self, ask: Ask, name: str, made: Result, history: list[bytes] | None = None
    ) -> None:
        self.made = made
        self._history = history
        self._send = ask
        self._name = name

    def _ask(
        self, verb: str, /, *args: Any, said: dict[str, Any] | None = None, **kwargs: Any
    ) -> Result:
        if self.made.error is not None:
            return self.made
        message = {"op": verb, "handle": self.made.value, "name": self._name, **(said or {})}
        if self._history is None:
            return self._send(message, args, kwargs)
        self._history.append(encode((message, args, kwargs)))
        return replace(self._send(message, args, kwargs), history=tuple(self._history))

    def forward(self, *inputs: Any, seed: int | None = None, **kwargs: Any) -> Result:
        """Return what the module gives for the inputs.

        Parameters
        ----------
        *inputs, **kwargs
            Tensors, numbers, and tuples of them, as ``(h, c)``.
        seed : int or None
            Set before the call; a module with dropout that was made with ``train=True`` needs it.
        """
        return self._ask("forward", *inputs, said=_seeded(seed), **kwargs)

    def method(self, name: str, *args: Any, seed: int | None = None, **kwargs: Any) -> Result:
        """Call another of its methods, one that its own class defines.

        Raises
        ------
        WrongRequest
            The name is none, or a private one.
        """
        if not (isinstance(name, str) and name.isidentifier()) or name.startswith("_"):
            raise WrongRequest(f"method: expected the plain name of a method, found {name!r}")
        said = {"method": name, "name": f"{self._name}.{name}", **_seeded(seed)}
        return self._ask("method", *args, said=said, **kwargs)

    def state(self) -> Result:
        """Return its state dict."""
        return self._ask("state")

    def load_state(self, state: dict[str, Any]) -> Result:
        """Put a state dict into it."""
        return self._ask("load_state", state)

    def grads(self, inputs: Any, cotangents: Any, *, seed: int | None = None) -> Result:
        """Return gradients of ``sum(output * cotangent)``.

        Parameters
        ----------
        inputs : list or tuple
            What `forward` is given, nested as there.
        cotangents : array_like, or tuples of them
            Nested as the outputs are; their number is checked. None leaves out an output.

        Returns
        -------
        Result
            ``{"inputs": …, "parameters": …}``: nested as the inputs, None for what has no
            gradient; by the names of the parameters.
        """
        return self._ask("grads", inputs, cotangents, said=_seeded(seed))

    def train_steps(
        self,
        inputs: Any,
        target: Any,
        steps: int = 1,
        lr: float = 0.1,
        *,
        loss: str = "mse",
        ignore: int = -1,
        lengths: tuple[Any, Any] | None = None,
        seed: int | None = 0,
    ) -> Result:
        """Take steps of plain gradient descent, in train mode; return the loss before each.

        Parameters
        ----------
        inputs : list or tuple
            What `forward` is given; its first output is held against the target.
        target : array_like
            Floats of the output's shape for ``mse``; whole numbers, one less axis than the
            scores (…, K), for ``cross_entropy``; labels (B, S), for scores (T, B, K), for
            ``ctc``, where class 0 is the blank.
        loss : str
            ``mse``, ``cross_entropy`` or ``ctc``.
        ignore : int
            The target of places that do not count (``cross_entropy``).
        lengths : (list of int, list of int)
            How long each output and each target is (``ctc``).
        seed : int or None
            Set before the first step, for dropout.

        Raises
        ------
        WrongRequest
            The target does not suit the loss.
        """
        _suits(target, loss, lengths)
        options: dict[str, Any] = {}
        if loss == "cross_entropy":
            options["ignore"] = ignore
        if lengths is not None:
            options["lengths"] = lengths
        return self._ask(
            "train_steps", inputs, target, said=_seeded(seed),
            loss=loss, steps=steps, lr=lr, **options,
        )  # fmt: skip


def checked(made: Result) -> Result:
    """Return how making a module went; a handle that is no number is trouble.

    It goes back with every request, so it is held against what it must be first.
    """
    if made.error is None and not (type(made.value) is int and 0 <= made.value < 1 << 31):
        return replace(made, value=None, error=Trouble("protocol", text="handle"))
    return made


def _seeded(seed: int | None) -> dict[str, Any]:
    return {} if seed is None else {"seed": seed}


def _suits(target: Any, loss: str, lengths: Any) -> None:
    if loss not in LOSSES:
        raise WrongRequest(f"train_steps: loss: expected one of {LOSSES}, found {loss!r}")
    kind = str(target.dtype if hasattr(target, "dtype") else np.asarray(target).dtype)
    if ("float" in kind) != (loss == "mse"):
        expected = "floats" if loss == "mse" else "whole numbers"
        raise WrongRequest(
            f"train_steps: target: expected {expected} for loss {loss!r}, found {kind}; "
            "classes are for 'cross_entropy', labels for 'ctc'"
        )
    if (lengths is not None) != (loss == "ctc"):
        raise WrongRequest("train_steps: lengths=(of outputs, of targets) goes with loss 'ctc'")
