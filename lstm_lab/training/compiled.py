"""Adam's arithmetic as one compiled loop, for small nets, where numba is running already."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

import numpy as np

__all__ = ["compiled_adam"]


def compiled_adam() -> Any:
    """Return the loop, or None unless the layers have brought numba in.

    Numba takes half a second to import: worth it for the loops of the layers, not for this.
    """
    return _adam() if "numba" in sys.modules else None


@cache
def _adam() -> Any:
    from numba import njit

    # no fastmath: number for number what the NumPy lines compute
    @njit(error_model="numpy", cache=True)
    def adam(theta: Any, g: Any, mean: Any, square: Any, numbers: Any) -> None:
        # 1 - beta is rounded once, not taken from a rounded beta
        beta1, rest1, beta2, rest2, scale, eps, rate = numbers
        for k in range(theta.size):
            mean[k] = beta1 * mean[k] + rest1 * g[k]
            square[k] = beta2 * square[k] + rest2 * (g[k] * g[k])
            theta[k] -= mean[k] / (np.sqrt(square[k]) * scale + eps) * rate

    return adam
