"""Small texts that tables, pages and terminals share."""

from __future__ import annotations

import unicodedata

__all__ = ["cut", "plain", "points_text"]


def cut(text: str, size: int) -> str:
    """Return as much of the text as fits into so many bytes of UTF-8.

    Examples
    --------
    >>> cut("张三丰", 7)
    '张三'
    """
    return text.encode("utf-8", "replace")[:size].decode("utf-8", "ignore")


def points_text(number: float) -> str:
    """Write points without a needless ``.0``."""
    return f"{number:g}"


def plain(text: str) -> str:
    """Return the text without control characters, which could steer a terminal.

    Examples
    --------
    >>> plain("a\\x1b[31mb")
    'a[31mb'
    """
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c)[0] != "C")
