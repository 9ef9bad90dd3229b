"""Cells, styles and scripts put together into one HTML file."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from lstm_lab.export.outputs import Outputs
from lstm_lab.export.prose import Link, prose
from lstm_lab.i18n import gettext as _
from lstm_lab.widgets.linking import sheet
from lstm_lab.widgets.static import script

__all__ = ["page"]

_HERE = Path(__file__).parent
_TAGS = {"en": "en", "zh": "zh-Hans"}


def page(notebook: Any, *, title: str, lang: str, link: Link) -> str:
    """Return an executed notebook as a document that loads nothing.

    Parameters
    ----------
    notebook : NotebookNode
    title : str
    lang : {"en", "zh"}
    link : callable
        What becomes of the address of a link (`lstm_lab.export.prose.Link`).
    """
    outputs = Outputs(notebook)
    cells = "\n".join(filter(None, (_cell(cell, outputs, link) for cell in notebook.cells)))
    style = (_HERE / "page.css").read_text("utf-8")
    behaviour = (_HERE / "page.js").read_text("utf-8")
    widgets = f"<style>{sheet(*sorted(outputs.modules))}</style>" if outputs.modules else ""
    live = script(outputs.modules) if outputs.modules else ""
    return f"""<!doctype html>
<html lang="{_TAGS[lang]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{escape(title)}</title>
<style>{style}</style>
{widgets}
<script>{behaviour}</script>
</head>
<body>
<button type="button" id="theme">{escape(_("Light / dark", lang))}</button>
<main>
{cells}
</main>
{live}
</body>
</html>
"""


def _cell(cell: Any, outputs: Outputs, link: Link) -> str:
    if cell.cell_type == "markdown":
        return (
            f'<section class="text">{prose(cell.source, link, cell.get("attachments"))}</section>'
        )
    if cell.cell_type != "code" or not cell.source.strip():
        return ""
    shown = "".join(outputs.html(output) for output in cell.outputs)
    code = _code(cell.source)
    if cell.metadata.get("jupyter", {}).get("source_hidden"):  # as in JupyterLab: first line, dots
        first = escape(cell.source.strip().partition("\n")[0].removeprefix("# "))
        code = f'<details class="folded"><summary>{first} …</summary>{code}</details>'
    return f'<section class="code">{code}{shown}</section>'


def _code(source: str) -> str:
    """A code cell, in colours that the page's style sheet gives."""
    formatter = HtmlFormatter(nowrap=True)
    marked = highlight(source, PythonLexer(stripnl=False), formatter).rstrip("\n")
    return f'<pre class="highlight" translate="no" tabindex="0"><code>{marked}</code></pre>'
