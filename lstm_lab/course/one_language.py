"""Shared code as one page shows it: each ``tr(en=…, zh=…)`` becomes that page's own literal.

A page that is built so holds neither the other language nor `tr` itself. The result stands as
ruff would format it, whichever version an author has: brackets are set here, by a few rules.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import unicodedata
from collections.abc import Iterator

__all__ = ["COMMENT", "imports_tr", "in_language", "parsed", "translations"]

COMMENT = re.compile(r"# en: (?P<en>.+?) \| zh: (?P<zh>.+)")
_I18N = "lstm_lab.i18n"
_WIDTH = 100
_OPENING, _CLOSING = "([{", ")]}"
# f-strings are tokens of their own since Python 3.12
_STRINGS = {tokenize.STRING, getattr(tokenize, "FSTRING_START", tokenize.STRING)}
_STRING_ENDS = {tokenize.STRING, getattr(tokenize, "FSTRING_END", tokenize.STRING)}


def parsed(text: str) -> ast.Module:
    """Parse a cell; notebooks know ``await`` outside of functions."""
    tree = compile(text, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    assert isinstance(tree, ast.Module)
    return tree


def translations(tree: ast.AST) -> Iterator[tuple[ast.Call, dict[str | None, ast.expr]]]:
    """Yield each call of `tr` with its arguments by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr":
            yield node, {keyword.arg: keyword.value for keyword in node.keywords}


def imports_tr(node: ast.AST) -> bool:
    """Tell whether a statement imports `tr`, under whatever name."""
    return (
        isinstance(node, ast.ImportFrom)
        and node.module == _I18N
        and any(alias.name == "tr" for alias in node.names)
    )


def in_language(text: str, lang: str) -> str:
    """Return a cell's code as it stands on a page.

    Parameters
    ----------
    text : str
        Code that keeps the rules of `lstm_lab.course.code_rules`; other code is left alone.
    lang : {"en", "zh"}

    Examples
    --------
    >>> print(in_language('''from lstm_lab.i18n import tr
    ...
    ... print(tr(en="half", zh="一半"), x)  # en: what is left | zh: 剩下的''', "zh"))
    print("一半", x)  # 剩下的
    """
    try:
        tree = parsed(text)
    except SyntaxError:  # told by the rules; a draft shows it as it is
        return text
    text = _comments(text, lang)
    lines = text.split("\n")
    at = _Positions(lines)
    edits = []
    parents = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for call, said in translations(tree):
        value = said.get(lang)
        if value is None:
            continue
        literal = _moved(at.text(value), at.indent(value), at.indent(call))
        if isinstance(value, ast.Constant | ast.JoinedStr):
            literal = _hung(literal, parents[call], at.before(call))
        edits.append((*at.span(call), literal))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and imports_tr(node):
            others = [ast.unparse(alias) for alias in node.names if alias.name != "tr"]
            left = f"from {_I18N} import {', '.join(others)}" if others else ""
            edits.append((*at.span(node), left))
    for start, end, literal in sorted(edits, reverse=True):
        text = text[:start] + literal + text[end:]
        if not literal:
            text = _without_line(text, start)
    return _closed_up(text) if edits else text


class _Positions:
    """From the rows and byte columns of a syntax tree to places in a text."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = lines
        self._text = "\n".join(lines)
        self._starts = [0]
        for line in lines:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._place(node.lineno, node.col_offset),
            self._place(node.end_lineno, node.end_col_offset),
        )

    def text(self, node: ast.expr) -> str:
        start, end = self.span(node)
        return self._text[start:end]

    def before(self, node: ast.expr) -> str:
        """What stands before it in its line."""
        start, _end = self.span(node)
        return self._text[self._text.rfind("\n", 0, start) + 1 : start]

    def indent(self, node: ast.expr) -> int:
        line = self._lines[node.lineno - 1]
        return len(line) - len(line.lstrip())

    def _place(self, row: int, column: int) -> int:
        line = self._lines[row - 1].encode()
        return self._starts[row - 1] + len(line[:column].decode())


def _comments(text: str, lang: str) -> str:
    """Leave of each pair of comments the one of this page."""
    lines = text.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        pair = COMMENT.fullmatch(token.string) if token.type == tokenize.COMMENT else None
        if pair:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column] + f"# {pair[lang].strip()}"
    return "\n".join(lines)


def _moved(literal: str, before: int, now: int) -> str:
    """Shift all lines but the first to the indentation that the first now has."""
    first, *others = literal.split("\n")
    return "\n".join(
        [first, *(" " * max(0, now + _indent(o) - before) + o.lstrip() for o in others)]
    )


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _hung(literal: str, parent: ast.AST, before: str) -> str:
    """Give a string that is assigned, and long, brackets of its own."""
    indent = " " * _indent(before)
    inner = "\n".join(f"{indent}    {line.strip()}" for line in literal.split("\n"))
    long = "\n" in literal or _wide(inner) <= _WIDTH < _wide(before + literal)
    if long and isinstance(parent, ast.Assign | ast.AugAssign | ast.Return):
        return f"(\n{inner}\n{indent})"
    return literal


def _without_line(text: str, start: int) -> str:
    """Take out the empty line at `start`, and an empty one beside it that is too many."""
    before, after = text[:start], text[start:].removeprefix("\n")
    if not before.strip() or before.endswith("\n\n"):
        after = after.lstrip("\n")
    return before + after if after else before.rstrip("\n")


def _closed_up(text: str) -> str:
    """Write brackets on one line where they now fit, inside out.

    A comma before the closing bracket says, as to ruff, that each item keeps its line. Brackets
    that held no `tr` do not fit: they stand as ruff left them in the source.
    """
    for opened, closed in _brackets(text):
        joined = re.sub(r"\s*\n\s*", " ", text[opened + 1 : closed]).strip()
        line = text.rfind("\n", 0, opened) + 1
        rest = text.find("\n", closed)
        tail = text[closed : rest if rest >= 0 else len(text)]
        if _wide(text[line : opened + 1] + joined + tail) <= _WIDTH:
            return _closed_up(text[: opened + 1] + joined + text[closed:])
    return text


def _brackets(text: str) -> list[tuple[int, int]]:
    """Return where brackets of several lines open and close that may be joined, inner ones first.

    Not those with a comma at the end, nor with a comment or a string of several lines in them.
    """
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    found: list[tuple[int, int]] = []
    open_ones: list[list[int]] = []
    last = None
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        place = starts[token.start[0] - 1] + token.start[1]
        if token.type == tokenize.OP and token.string in _OPENING:
            open_ones.append([place, True])
        elif token.type == tokenize.OP and token.string in _CLOSING:
            opened, whole = open_ones.pop()
            comma = last is not None and last.string == ","
            if whole and not comma and "\n" in text[opened:place]:
                found.append((opened, place))
        elif token.type == tokenize.COMMENT or _goes_on(last, token):
            for one in open_ones:
                one[1] = False
        if token.type not in (tokenize.NL, tokenize.NEWLINE):
            last = token
    return found


def _goes_on(last: tokenize.TokenInfo | None, token: tokenize.TokenInfo) -> bool:
    """Tell whether a string goes on, in a line of its own, the one before it."""
    return (
        last is not None
        and token.type in _STRINGS
        and last.type in _STRING_ENDS
        and token.start[0] != last.end[0]
    )


def _wide(line: str) -> int:
    """The width of a line in columns; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
