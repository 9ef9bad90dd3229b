"""Python files in cells (py:percent): sources of the course, and answers handed in as .py."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Percent", "PercentCell", "has_header", "read_percent", "uncommented"]

_MARK = re.compile(r"^#[ \t]*%%(?!%)(?P<rest>.*)$", re.MULTILINE)
_KINDS = {"markdown": "markdown", "md": "markdown", "raw": "raw"}
_KIND = re.compile(r"\[(\w+)\]")
_OPTION = re.compile(r"(?<!\S)(?P<key>\w+)=(?P<value>\"(?:[^\"\\]|\\.)*\"|\S+)")
_COMMENT = re.compile(r"^# ?", re.MULTILINE)


@dataclass(frozen=True)
class PercentCell:
    """A cell as it stands in the file: its kind, text, options and the line of its mark (from 1).

    Without quotes or JSON around it an option's value is a string; what else stands beside the
    mark is the option ``title``.
    """

    kind: str
    text: str
    line: int
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Percent:
    """The cells of a file, and what stands above the first mark (all of it, if there is none)."""

    above: str
    cells: tuple[PercentCell, ...]


def read_percent(text: str) -> Percent:
    """Cut a file at its marks; nothing is run, and the time grows with the length alone.

    Examples
    --------
    >>> found = read_percent('# %% name="step" task=true minutes=5\\nx = 1\\n')
    >>> found.cells[0].text, found.cells[0].options
    ('x = 1', {'name': 'step', 'task': True, 'minutes': 5})
    """
    marks = list(_MARK.finditer(text))
    if not marks:
        return Percent(text, ())
    cells = []
    line = 1 + text.count("\n", 0, marks[0].start())
    for n, mark in enumerate(marks):
        end = marks[n + 1].start() if n + 1 < len(marks) else len(text)
        kind, options = _said(mark["rest"])
        cells.append(PercentCell(kind, text[mark.end() : end].strip("\n"), line, options))
        line += text.count("\n", mark.start(), end)
    return Percent(text[: marks[0].start()], tuple(cells))


def _said(rest: str) -> tuple[str, dict[str, Any]]:
    kind = "code"
    options: dict[str, Any] = {}
    named = _KIND.search(rest)
    if named and named[1] in _KINDS:
        kind = _KINDS[named[1]]
        rest = rest[: named.start()] + rest[named.end() :]
    for option in _OPTION.finditer(rest):
        try:
            options[option["key"]] = json.loads(option["value"])
        except (ValueError, RecursionError):
            options[option["key"]] = option["value"]
    title = _OPTION.sub("", rest).strip()
    return kind, options | ({"title": title} if title else {})


def has_header(above: str) -> bool:
    """Tell whether a header, and no code, begins what stands above the first mark."""
    return above.lstrip().startswith("# ---")


def uncommented(text: str) -> str:
    """Return the text of a Markdown cell, which stands in comments.

    Examples
    --------
    >>> uncommented("# ## One\\n#\\n# text")
    '## One\\n\\ntext'
    """
    return _COMMENT.sub("", text)
