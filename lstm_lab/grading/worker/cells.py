"""The text of a notebook's cell, as Python reads it: without IPython's own lines."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

__all__ = ["Cell", "parse_cell", "read_cell"]

_BINDS_UNSEEN = ("%run", "%store", "%load", "%recall", "%rerun", "%macro", "%pylab")


@dataclass(frozen=True)
class Cell:
    """A cell as Python reads it.

    Attributes
    ----------
    text : str
        The source with IPython's own lines blanked; line numbers stay.
    tree : ast.Module or Exception
        Its tree, or why it has none.
    dropped : frozenset of str
        The names that a blanked line would have bound: ``files = !ls``.
    unseen : bool
        Whether what was blanked may have bound names that nobody can tell: ``%run``, ``%%cython``.
    """

    text: str
    tree: ast.Module | Exception
    dropped: frozenset[str] = frozenset()
    unseen: bool = False


def parse_cell(source: str, label: str = "<cell>") -> tuple[str, ast.Module | Exception]:
    """Return the source with IPython's own lines blanked (line numbers stay), and its tree.

    A cell that opens with ``%%`` is blanked whole, but for those that only time or capture.

    Examples
    --------
    >>> parse_cell("%matplotlib inline\\nx = 1")[0]
    '\\nx = 1'
    """
    cell = read_cell(source, label)
    return cell.text, cell.tree


def read_cell(source: str, label: str = "<cell>") -> Cell:
    """Like `parse_cell`, with what the blanked lines would have bound.

    Examples
    --------
    >>> read_cell("import math\\nfiles = !ls").dropped
    frozenset({'files'})
    """
    text, unseen = _without_cell_magic(source)
    try:
        return Cell(text, ast.parse(text, label), unseen=unseen)
    except (SyntaxError, ValueError):
        text, dropped, more = _without_line_magics(text)
    except (RecursionError, MemoryError) as problem:
        return Cell(text, problem)
    try:
        return Cell(text, ast.parse(text, label), dropped, unseen or more)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        return Cell(text, problem, dropped, unseen or more)


def _without_cell_magic(source: str) -> tuple[str, bool]:
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines):
        if line.startswith("%%"):
            if not re.match(r"%%(time|timeit|capture|prun)\b", line):
                return "", True
            lines[number] = ""
            break
        if line.strip():
            break
    return "\n".join(lines), False


def _without_line_magics(text: str) -> tuple[str, frozenset[str], bool]:
    """Blank what looks like a magic: only where Python cannot read the cell may it be one.

    A magic goes on where its line ends in a backslash; ``%time x = 1`` is the statement behind it.
    """
    lines = text.split("\n")
    dropped: set[str] = set()
    unseen = goes_on = False
    for number, line in enumerate(lines):
        # no pattern here: on a line of a hundred thousand blanks one may take minutes
        inside = line.strip()
        indent = line[: len(line) - len(line.lstrip())]
        targets = _targets(inside)
        timed = inside.removeprefix("%time ").lstrip() if inside.startswith("%time ") else ""
        if goes_on:
            lines[number] = ""
        elif timed and not timed.startswith("-"):
            lines[number] = indent + timed
            continue
        elif targets or inside.startswith(("%", "!", "?")) or inside.endswith("?"):
            dropped |= targets
            unseen |= inside.startswith(_BINDS_UNSEEN)
            lines[number] = f"{indent}pass" if indent else ""
        else:
            continue
        goes_on = inside.endswith("\\")
    return "\n".join(lines), frozenset(dropped), unseen


def _targets(line: str) -> set[str]:
    """Return the names that ``a, b = !command`` or ``t = %magic`` binds, none for other lines."""
    left, sign, right = line.partition("=")
    names = [name.strip() for name in left.split(",")] if sign else []
    if right.lstrip().startswith(("!", "%")) and all(name.isidentifier() for name in names):
        return set(names)
    return set()
