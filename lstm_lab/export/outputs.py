"""What cells show, as HTML: pictures, tables, text, and widgets that work."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from html import escape
from typing import Any

from nbconvert.filters import ansi2html

from lstm_lab.widgets.base import LabWidget
from lstm_lab.widgets.static import kept, place

__all__ = ["Outputs"]

_VIEW = "application/vnd.jupyter.widget-view+json"
_STATE = "application/vnd.jupyter.widget-state+json"
_OURS = "lstm_lab.widgets."


class Outputs:
    """Turns outputs into HTML, and notes which widgets' modules the page will need.

    Parameters
    ----------
    notebook : NotebookNode
        Executed.
    """

    def __init__(self, notebook: Any) -> None:
        self.modules: set[str] = set()
        saved = notebook.metadata.get("widgets", {}).get(_STATE, {})
        self._models: Mapping[str, Any] = saved.get("state", {})

    def html(self, output: Mapping[str, Any]) -> str:
        """Return one output; nothing for a widget that is not ours (a progress bar)."""
        kind = output["output_type"]
        if kind == "stream":
            return f'<pre class="stream" tabindex="0">{ansi2html(output["text"])}</pre>'
        if kind == "error":
            return f'<pre class="stream" tabindex="0">{ansi2html(output["evalue"])}</pre>'
        data = output.get("data", {})
        if _VIEW in data:
            return self._widget(data[_VIEW]["model_id"])
        if "text/html" in data:
            return f'<div class="rich">{data["text/html"]}</div>'
        for mime in ("image/png", "image/jpeg"):
            if mime in data:
                alt = escape(str(data.get("text/plain", "")), quote=True)
                return f'<img alt="{alt}" src="data:{mime};base64,{data[mime].strip()}">'
        text = str(data.get("text/plain", ""))
        return f'<pre tabindex="0">{ansi2html(text)}</pre>' if text.strip() else ""

    def _widget(self, model_id: str) -> str:
        model = self._models.get(model_id, {})
        widget = _widget_class(str(model.get("state", {}).get("_anywidget_id", "")))
        if widget is None:
            return ""
        self.modules.add(widget.module)
        state = kept(widget.for_page(model["state"]))
        for buffer in model.get("buffers", ()):
            (name,) = buffer["path"]
            state[name] = {"base64": buffer["data"]}
        return place(widget.module, state)


def _widget_class(name: str) -> type[LabWidget] | None:
    """The class of a widget of ours, given as anywidget names it.

    Examples
    --------
    >>> _widget_class("lstm_lab.widgets.bridge.GradientBridge").module
    'bridge'
    >>> _widget_class("tqdm.notebook.Bar") is None
    True
    """
    if not name.startswith(_OURS):
        return None
    where, _dot, kind = name.rpartition(".")
    found: type[LabWidget] = getattr(importlib.import_module(where), kind)
    return found
