"""What a module must do and does not, as a fact that is put into words elsewhere."""

from __future__ import annotations

from typing import Any

__all__ = ["Refused"]


class Refused(Exception):
    """A module does not fit the verb.

    Parameters
    ----------
    why : str
        ``module``, ``method``, ``outputs``, ``tensor``, ``shape``.
    expected, found : object
        Numbers, shapes or names, for the sentence.
    """

    def __init__(self, why: str, expected: Any = "", found: Any = "") -> None:
        super().__init__(why)
        self.facts = {
            "kind": "refused",
            "type": why,
            "expected": str(expected)[:80],
            "found": str(found)[:80],
        }
