"""From the text of each file to arrays."""

from __future__ import annotations

import csv
import math

import numpy as np

__all__ = ["co2", "colours", "sunspots"]


def _columns(text: str) -> list[tuple[str, ...]]:
    rows = list(csv.reader(text.splitlines()))
    return list(zip(*rows[1:], strict=True))


def co2(text: str) -> dict[str, np.ndarray]:
    """Return ``week`` (2284,) of datetime64[D] and ``ppm`` (2284,), NaN where it is missing.

    Examples
    --------
    >>> co2("week,ppm\\n1958-03-29,316.1\\n1958-05-10,\\n")["ppm"]
    array([316.1,   nan])
    """
    weeks, values = _columns(text)
    return {
        "week": np.array(weeks, "datetime64[D]"),
        "ppm": np.array([float(value) if value else math.nan for value in values]),
    }


def colours(text: str) -> dict[str, np.ndarray]:
    """Return ``name`` (949,) of str and ``rgb`` (949, 3) of uint8.

    Examples
    --------
    >>> colours("name,hex\\ndust,b2996e\\n")["rgb"]
    array([[178, 153, 110]], dtype=uint8)
    """
    names, codes = _columns(text)
    return {
        "name": np.array(names),
        "rgb": np.array([list(bytes.fromhex(code)) for code in codes], np.uint8),
    }


def sunspots(text: str) -> dict[str, np.ndarray]:
    """Return ``month`` (3120,) of datetime64[M] and ``number`` (3120,).

    Examples
    --------
    >>> sunspots("month,number\\n1749-01,58.0\\n")["number"]
    array([58.])
    """
    months, numbers = _columns(text)
    return {"month": np.array(months, "datetime64[M]"), "number": np.array(numbers, float)}
