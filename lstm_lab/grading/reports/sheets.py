"""Text that goes into a spreadsheet is shown there, and never run."""

from __future__ import annotations

from lstm_lab.grading.table import plain

__all__ = ["cell"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(value: object) -> str:
    """Return a value as a spreadsheet shows it, and never runs it.

    Examples
    --------
    >>> cell("=1+1")
    "'=1+1"
    """
    text = plain(str(value)).replace("\n", " ")
    return f"'{text}" if text.startswith(_FORMULA) else text
