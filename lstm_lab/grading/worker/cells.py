"""The text of a notebook's cell, as Python reads it: without IPython's own lines."""

from __future__ import annotations

import ast
import re

__all__ = ["parse_cell"]


def parse_cell(source: str, label: str = "<cell>") -> tuple[str, ast.Module | Exception]:
    """Return the source with IPython's own lines blanked (line numbers stay), and its tree.

    A cell that opens with ``%%`` is blanked whole, but for those that only time or capture.

    Examples
    --------
    >>> parse_cell("%matplotlib inline\\nx = 1")[0]
    '\\nx = 1'
    """
    text = _without_cell_magic(source)
    try:
        return text, ast.parse(text, label)
    except (SyntaxError, ValueError):
        text = _without_line_magics(text)
    except (RecursionError, MemoryError) as problem:
        return text, problem
    try:
        return text, ast.parse(text, label)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        return text, problem


def _without_cell_magic(source: str) -> str:
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines):
        if line.startswith("%%"):
            if not re.match(r"%%(time|timeit|capture|prun)\b", line):
                return ""
            lines[number] = ""
            break
        if line.strip():
            break
    return "\n".join(lines)


def _without_line_magics(text: str) -> str:
    """Blank what looks like a magic: only where Python cannot read the cell may it be one."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        inside = line.lstrip()
        # no pattern here: on a line of a hundred thousand blanks one may take minutes
        if inside.startswith(("%", "!", "?")) or inside.rstrip().endswith("?"):
            indent = line[: len(line) - len(inside)]
            lines[number] = f"{indent}pass" if indent else ""
    return "\n".join(lines)
