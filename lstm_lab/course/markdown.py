"""What a Markdown text holds: formulas, headings, links, hints; code in it does not count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Formula", "Link", "formulas", "headings", "links", "unpaired_dollar", "without_code"]

_FENCE = re.compile(r"^(```+|~~~+)[^\n]*\n.*?^\1[ \t]*$", re.MULTILINE | re.DOTALL)
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_ESCAPED = re.compile(r"\\[\\$]")
_DISPLAY = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
_INLINE = re.compile(r"\$(?!\s)((?:[^$\n]|\n(?!\s*\n))+?)(?<!\s)\$(?!\d)")
_TEXT_IN_FORMULA = re.compile(r"\\text\w*\s*\{[^{}]*\}")
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_ATTRIBUTE = re.compile(r"\b(?:href|src)\s*=\s*[\"']([^\"']+)[\"']")


@dataclass(frozen=True)
class Formula:
    """A formula as compared between languages, and the line (from 0) that it begins in."""

    text: str
    display: bool
    line: int


@dataclass(frozen=True)
class Link:
    """Where a link or a picture points to, and the line (from 0) that it stands in."""

    target: str
    line: int


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def without_code(text: str) -> str:
    """Return the text with fenced code and code spans blanked, every line where it was.

    Examples
    --------
    >>> without_code("cost: `$x$`, $y$")
    'cost:      , $y$'
    """
    return _CODE_SPAN.sub(_blank, _FENCE.sub(_blank, text))


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position)


def formulas(text: str) -> list[Formula]:
    r"""Return the formulas in order; white space and what `\text` holds do not count.

    Examples
    --------
    >>> [f.text for f in formulas(r"$h_t$ and $$c = a\text{ if }b$$")]
    ['h_t', 'c = a\\text{}b']
    """
    plain = _ESCAPED.sub("  ", without_code(text))
    rest = _DISPLAY.sub(_blank, plain)
    found = [(m.start(), m[1], True) for m in _DISPLAY.finditer(plain)]
    found += [(m.start(), m[1], False) for m in _INLINE.finditer(rest)]
    return [
        Formula(_comparable(formula), display, _line(plain, start))
        for start, formula, display in sorted(found)
    ]


def _comparable(formula: str) -> str:
    return " ".join(_TEXT_IN_FORMULA.sub(r"\\text{}", formula).split())


def unpaired_dollar(text: str) -> int | None:
    """Return the line (from 0) of a ``$`` that opens no formula, or None."""
    plain = _ESCAPED.sub("  ", without_code(text))
    rest = _INLINE.sub(_blank, _DISPLAY.sub(_blank, plain))
    return _line(rest, rest.index("$")) if "$" in rest else None


def headings(text: str) -> list[tuple[int, str, int]]:
    """Return (level, words, line from 0) of each heading.

    Examples
    --------
    >>> headings("## One step\\n\\ntext")
    [(2, 'One step', 0)]
    """
    plain = _FENCE.sub(_blank, text)
    return [(len(m[1]), m[2], _line(plain, m.start())) for m in _HEADING.finditer(plain)]


def links(text: str) -> Iterator[Link]:
    """Yield each link and picture, in Markdown or HTML.

    Examples
    --------
    >>> [link.target for link in links("[next](02_x.ipynb) <img src='a.png'>")]
    ['02_x.ipynb', 'a.png']
    """
    plain = without_code(text)
    for pattern in (_LINK, _ATTRIBUTE):
        for match in pattern.finditer(plain):
            yield Link(match[1], _line(plain, match.start()))
