"""Adam's arithmetic as one compiled loop, for small nets, where numba is running already."""

from __future__ import annotations

import sys
from functools import cache
from typing import Any

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
        beta1, beta2, scale, eps, rate = numbers
        one = numbers.dtype.type(1)
        for k in range(theta.size):
            mean[k] = beta1 * mean[k] + (one - beta1) * g[k]
            square[k] = beta2 * square[k] + (one - beta2) * (g[k] * g[k])
            theta[k] -= mean[k] / (square[k] ** 0.5 * scale + eps) * rate

    return adam
