"""Markdown cells as HTML, formulas included."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from lstm_lab.export.maths import mathml

__all__ = ["Link", "prose"]

# From the address in a notebook to the one in the page; None where there is nothing to open.
Link = Callable[[str], str | None]

_ANCHOR = re.compile(r'<a\s[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)


class _Renderer(IPythonRenderer):
    def block_math(self, body: str) -> str:
        # a paragraph may hold it, and scrolls where it is too wide
        return f'<span class="formula" tabindex="0">{mathml(body, block=True)}</span>'

    def inline_math(self, body: str) -> str:
        return mathml(body)

    def latex_environment(self, name: str, body: str) -> str:
        return self.block_math(f"\\begin{{{name}}}{body}\\end{{{name}}}")

    def heading(self, text: str, level: int, **attrs: Any) -> str:
        # the name that JupyterLab gives it too, so that links to it hold
        name = unescape(re.sub(r"<math alttext=\"([^\"]*)\".*?</math>|<[^>]*>", r"\1", text))
        return f'<h{level} id="{escape(name.strip().replace(" ", "-"))}">{text}</h{level}>\n'

    def block_code(self, code: str, info: str | None = None) -> str:
        # a long line scrolls, and who has no mouse must be able to get there
        return super().block_code(code, info).replace("<pre>", '<pre tabindex="0">', 1)

    def table(self, text: str) -> str:
        return f'<div class="table" tabindex="0"><table>{text}</table></div>\n'


def prose(source: str, link: Link, attachments: dict[str, Any] | None = None) -> str:
    r"""Return the HTML of a Markdown cell.

    Examples
    --------
    >>> prose("## A *title*", lambda address: None)
    '<h2 id="A-title">A <em>title</em></h2>\n'
    >>> prose("[there](a.ipynb)", lambda address: "a.html")
    '<p><a href="a.html">there</a></p>\n'
    >>> prose("[there](a.ipynb)", lambda address: None)
    '<p>there</p>\n'
    """
    renderer = _Renderer(escape=False, attachments=attachments or {})
    html = MarkdownWithMath(renderer=renderer).render(source)
    return _ANCHOR.sub(lambda match: _linked(match, link), html)


def _linked(match: re.Match[str], link: Link) -> str:
    address = link(match[1])
    return match[2] if address is None else match[0].replace(match[1], address, 1)
