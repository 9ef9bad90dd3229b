"""Clip gradients, by value or by their global norm (Pascanu, Mikolov & Bengio 2013)."""

from __future__ import annotations

import math
from typing import Any, TypeVar

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.records import arrays, flatten, map_arrays, seeds_of, unflatten

__all__ = ["clip_global_norm", "clip_value"]

Tree = TypeVar("Tree")
EPS = 1e-6  # torch's: a gradient of norm 0 stays 0


def _positive(name: str, value: float) -> None:
    if not value > 0:
        raise UserError(
            _("{name}: expected a number above 0, found {value}").format(name=name, value=value)
        )


def clip_value(grads: Tree, limit: float) -> Tree:
    """Return `grads` with every entry held within ±`limit`; this can turn the direction.

    Examples
    --------
    >>> clip_value((np.array([3.0, -0.1]),), 1.0)
    (array([ 1. , -0.1]),)
    """
    _positive("limit", limit)
    return map_arrays(lambda g: np.clip(g, -limit, limit), grads)


def clip_global_norm(
    grads: Tree, max_norm: float = 1.0, seeds: int | None = None
) -> tuple[Tree, Any]:
    """Scale all gradients together so that their common norm is at most `max_norm`.

    ``g ← g · min(1, max_norm / ‖g‖)`` with ‖g‖ over every array at once, so the direction
    stays. As ``torch.nn.utils.clip_grad_norm_``, but the arguments are left alone.

    Parameters
    ----------
    grads : record, or tuple, list or dict of records
    max_norm : float
    seeds : int, optional
        Every array has a leading seed dimension of this length, and each seed is clipped
        by its own norm, as if it trained alone. Records tell it themselves; bare arrays
        cannot.

    Returns
    -------
    clipped : like `grads`
    norm : float, or ndarray of shape (S,)
        Before clipping.

    Examples
    --------
    >>> clipped, norm = clip_global_norm((np.array([3.0]), np.array([4.0])), 1.0)
    >>> norm
    5.0
    >>> [round(float(g[0]), 3) for g in clipped]
    [0.6, 0.8]
    """
    _positive("max_norm", max_norm)
    seeds = seeds_of(grads) if seeds is None else seeds
    if seeds is None:
        flat = flatten(grads)
        norm = math.sqrt(flat @ flat)
        # a comparison with NaN is false: a broken gradient is passed on, not hidden
        if norm + EPS <= max_norm:
            return grads, norm
        flat *= max_norm / (norm + EPS)
        return unflatten(grads, flat), norm
    rows = []
    for name, g in arrays(grads).items():
        if g.ndim == 0 or g.shape[0] != seeds:
            raise UserError(
                _(
                    "{name}: expected a leading seed dimension of {seeds}, found shape {shape}"
                ).format(name=name, seeds=seeds, shape=g.shape)
            )
        rows.append(g.reshape(seeds, -1))
    norms = np.sqrt(sum(np.einsum("sn,sn->s", r, r) for r in rows))
    scale = np.minimum(1.0, max_norm / (norms + EPS))
    clipped = map_arrays(
        lambda g: g * scale.reshape(-1, *[1] * (g.ndim - 1)).astype(g.dtype), grads
    )
    return clipped, norms
