"""Losses by name: a test says which, and never sends a function."""

from __future__ import annotations

from typing import Any

from .refused import Refused

__all__ = ["LOSSES", "loss_of"]

LOSSES = ("mse", "cross_entropy", "ctc")


def loss_of(
    name: str, out: Any, target: Any, *, ignore: int = -1, lengths: Any = None, blank: int = 0
) -> Any:
    """Return the loss of a module's output.

    Parameters
    ----------
    name : str
        ``mse``: the mean of (out − target)², floats of one shape. ``cross_entropy``: out (…, K)
        holds a score for each class, target (…) whole numbers. ``ctc``: out (T, B, K) holds
        scores or log-probabilities, target (B, S) labels.
    out, target : Tensor
    ignore : int
        The target of places that do not count (cross_entropy).
    lengths : (list of int, list of int)
        How long each output and each target is (ctc).
    blank : int
        The class that stands for no label (ctc).

    Raises
    ------
    Refused
        The output is no tensor, or not of the shape that the target needs.
    ValueError
        The loss is none of these, or the target does not suit it.
    """
    import torch
    from torch.nn import functional

    if name not in LOSSES:
        raise ValueError(f"loss is one of {', '.join(LOSSES)}")
    if not isinstance(out, torch.Tensor):
        raise Refused("tensor", found=type(out).__name__)
    if not isinstance(target, torch.Tensor):
        target = torch.as_tensor(target)
    if target.is_floating_point() != (name == "mse"):
        raise ValueError(f"{name} takes no target of {target.dtype}")
    if name == "mse":
        if out.shape != target.shape:  # (B, 1) and (B,) would be blown up to (B, B)
            raise Refused("shape", expected=tuple(target.shape), found=tuple(out.shape))
        return torch.mean((out - target) ** 2)
    if name == "cross_entropy":
        if out.ndim < 1 or out.shape[:-1] != target.shape:
            expected = (*target.shape, "K")
            raise Refused("shape", expected=_written(expected), found=tuple(out.shape))
        rows = out.reshape(-1, out.shape[-1])
        return functional.cross_entropy(rows, target.reshape(-1).long(), ignore_index=ignore)
    if out.ndim != 3 or out.shape[1] != target.shape[0]:
        expected = ("T", target.shape[0], "K")
        raise Refused("shape", expected=_written(expected), found=tuple(out.shape))
    given, asked = (torch.as_tensor(one, dtype=torch.long) for one in lengths)
    # what is normalised already stays as it is
    logp = functional.log_softmax(out, dim=-1)
    return functional.ctc_loss(logp, target.long(), given, asked, blank=blank)


def _written(shape: tuple[Any, ...]) -> str:
    return f"({', '.join(map(str, shape))})"
