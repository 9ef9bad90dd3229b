"""When two values are the same, up to a tolerance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

__all__ = ["Tolerance", "as_array"]


def as_array(value: Any) -> np.ndarray | None:
    """Return the numbers in a value as an array, None if it holds none."""
    if isinstance(value, np.ndarray):
        return value
    if hasattr(value, "detach"):
        return np.asarray(value.detach().cpu().numpy())
    if isinstance(value, str | dict) or value is None:
        return None
    try:
        array = np.asarray(value)
    except (ValueError, TypeError):
        return None
    return array if array.dtype.kind in "biuf" else None


@dataclass(frozen=True)
class Tolerance:
    """How far apart two values may be, as in `numpy.isclose`."""

    rtol: float
    atol: float

    def near(self, got: np.ndarray, want: np.ndarray, times: float = 1.0) -> np.ndarray:
        """Return place by place whether two arrays are near, nan being near nan."""
        with np.errstate(all="ignore"):
            return np.isclose(
                got.astype(np.float64, copy=False),
                want.astype(np.float64, copy=False),
                rtol=self.rtol * times,
                atol=self.atol * times,
                equal_nan=True,
            )

    def all_near(self, got: np.ndarray, want: np.ndarray) -> bool:
        """Tell whether two arrays of one shape are near in every place."""
        with np.errstate(all="ignore"):
            got, want = got.astype(np.float64, copy=False), want.astype(np.float64, copy=False)
            limit = self.atol + self.rtol * np.abs(want)
            # what `isclose` does where all is finite, in a quarter of the time
            if (np.abs(got - want) <= limit).all() and (limit < np.inf).all():
                return True
        return bool(self.near(got, want).all())

    def equal(self, value: Any, want: Any) -> bool:
        """Tell whether a value is as wanted: near in every place where it is numbers."""
        expected = as_array(want)
        if expected is None and isinstance(want, tuple | list | dict):
            return type(value) is type(want) and self.same(value, want)
        if expected is None:
            return type(value) is type(want) and value == want
        array = as_array(value)
        return (
            array is not None and array.shape == expected.shape and self.all_near(array, expected)
        )

    def same(self, one: Any, other: Any) -> bool:
        """Tell whether two values are alike all the way down."""
        if isinstance(one, dict) and isinstance(other, dict):
            return set(one) == set(other) and all(self.same(one[k], other[k]) for k in one)
        if isinstance(one, tuple | list) and isinstance(other, tuple | list):
            return len(one) == len(other) and all(
                self.same(a, b) for a, b in zip(one, other, strict=True)
            )
        return self.equal(one, other)
