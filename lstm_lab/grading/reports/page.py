"""The frame of every page that grading writes: readable alone, offline, in light and in dark."""

from __future__ import annotations

import re
from html import escape

__all__ = ["captioned", "page", "section", "wide", "with_contents"]

_CSS = """\
:root{color-scheme:light dark;--back:#fff;--text:#1a1a1a;--line:#767676;--link:#0b57d0;
--bar:#0072b2;--soft:#f2f4f7}
@media (prefers-color-scheme:dark){:root{--back:#141517;--text:#e8e8e8;--line:#8b8f96;
--link:#9ecbff;--bar:#56b4e9;--soft:#22252a}}
body{font:1rem/1.55 system-ui,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif;
max-width:64rem;margin:0 auto;padding:1.5rem 1rem 4rem;background:var(--back);color:var(--text)}
a{color:var(--link)}a:focus-visible,[tabindex]:focus-visible,summary:focus-visible{
outline:3px solid var(--link);outline-offset:2px}
h1{font-size:1.6rem}h2{font-size:1.3rem;margin-top:2.5rem;border-bottom:2px solid var(--line)}
h3{font-size:1.05rem;margin-bottom:.3rem}
table{border-collapse:collapse;margin:1rem 0}
caption{font-weight:bold;text-align:left;padding:.4rem 0}
th,td{border-bottom:1px solid var(--line);padding:.25rem .75rem;text-align:left;vertical-align:top;
font-variant-numeric:tabular-nums}thead th{background:var(--soft)}
code,pre{font-family:ui-monospace,"Cascadia Mono",Menlo,monospace}pre{white-space:pre-wrap;
background:var(--soft);padding:.5rem}
.wide{overflow-x:auto}th{word-break:keep-all}thead th{white-space:nowrap}
.points{font-size:1.15rem;font-weight:bold}h3 meter{width:5rem;margin:0 .4rem}
.tests{list-style:none;padding:0;margin:0 0 1.5rem}
.tests li{border-top:1px solid var(--line);padding:.4rem 0}.tests p{margin:.2rem 0 .4rem}
.test{display:grid;grid-template-columns:6rem 1fr auto;gap:.75rem}
.names{columns:15rem;padding-left:1.1rem}
nav ul{list-style:none;padding:0;display:flex;flex-wrap:wrap;gap:.3rem 1.5rem}
.bar{display:inline-block;height:.8em;background:var(--bar);forced-color-adjust:none}
ul.flat{margin:0;padding-left:1.1rem}
@media (max-width:30rem){th,td{padding:.25rem .4rem}}
@media print{body{max-width:none}}
"""


def page(title: str, body: str, lang: str) -> str:
    """Return a page; `body` is HTML, with one h1.

    Parameters
    ----------
    title, body : str
    lang : {"en", "zh"}
    """
    return (
        f'<!doctype html>\n<html lang="{"zh-CN" if lang == "zh" else "en"}">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f"<title>{escape(title)}</title>\n<style>\n{_CSS}</style>\n</head>\n<body>\n<main>\n"
        f"{body}</main>\n</body>\n</html>\n"
    )


def with_contents(body: str, label: str) -> str:
    """Return the parts with links to their headings in front; headings get an id for it.

    Examples
    --------
    >>> print(with_contents('<h2>Marks</h2>\\n<h2 id="x">More</h2>', "On this page"))
    <nav aria-label="On this page"><ul><li><a href="#part-1">Marks</a></li>
    <li><a href="#x">More</a></li></ul></nav>
    <h2 id="part-1">Marks</h2>
    <h2 id="x">More</h2>
    """
    links: list[str] = []

    def heading(match: re.Match[str]) -> str:
        anchor = match[1] or f"part-{len(links) + 1}"
        links.append(f'<li><a href="#{anchor}">{match[2]}</a></li>')
        return f'<h2 id="{anchor}">{match[2]}</h2>'

    body = re.sub(r'<h2(?: id="([^"]*)")?>(.*?)</h2>', heading, body)
    items = "\n".join(links)
    return f'<nav aria-label="{escape(label)}"><ul>{items}</ul></nav>\n{body}' if links else body


def wide(label: str, html: str) -> str:
    """Return a part that scrolls sideways on a narrow screen, also by keyboard."""
    return (
        f'<div class="wide" role="region" aria-label="{escape(label)}" tabindex="0">{html}</div>\n'
    )


def section(heading: str, head: list[str], rows: list[list[str]], text: str = "") -> str:
    """Return a heading, a paragraph and a table."""
    told = f"<p>{escape(text)}</p>\n" if text else ""
    return f"<h2>{escape(heading)}</h2>\n{told}{wide(heading, _table('', head, rows))}"


def captioned(caption: str, head: list[str], rows: list[list[str]]) -> str:
    """Return a table with its caption."""
    return wide(caption, _table(caption, head, rows))


def _table(caption: str, head: list[str], rows: list[list[str]]) -> str:
    """Return a table; cells come escaped, and the first of each row is its header."""
    top = "".join(
        f'<th scope="col">{escape(word)}</th>' if word else '<td aria-hidden="true"></td>'
        for word in head
    )
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{one}</td>" for one in row[1:])}</tr>\n'
        for row in rows
    )
    told = f"<caption>{escape(caption)}</caption>\n" if caption else ""
    return f"<table>\n{told}<thead><tr>{top}</tr></thead>\n<tbody>\n{body}</tbody>\n</table>\n"
