"""A widget as one HTML page: the same module, without kernel, server or network."""

from __future__ import annotations

import base64
import json
from html import escape
from typing import Any

from lstm_lab.widgets.base import LabWidget

__all__ = ["frame", "page"]

# What anywidget gives to `render`, in a few lines: values that stay in the page.
_STUB = """
const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
const state = JSON.parse(document.getElementById("state").textContent,
  (_, v) => (v && typeof v === "object" && "base64" in v ? bytes(v.base64) : v));
const listeners = {};
const model = {
  get: (name) => state[name],
  set: (name, value) => {
    state[name] = value;
    for (const call of listeners[`change:${name}`] ?? []) call();
  },
  save_changes: () => {},
  on: (event, call) => (listeners[event] ??= []).push(call),
  off: (event, call) => (listeners[event] = (listeners[event] ?? []).filter((c) => c !== call)),
};
const url = URL.createObjectURL(
  new Blob([document.getElementById("module").textContent], { type: "text/javascript" }));
const { default: widget } = await import(url);
widget.render({ model, el: document.getElementById("widget") });
"""


def page(widget: LabWidget, *, title: str = "LSTM Lab", dark: bool = False) -> str:
    """Return a whole HTML document in which the widget works.

    Examples
    --------
    >>> from lstm_lab.widgets import CellStepper
    >>> html = page(CellStepper("rnn"))
    >>> html.startswith("<!doctype html>"), "src=" in html
    (True, False)
    """
    state = {
        name: {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
        for name, value in _values(widget).items()
    }
    # "</script>" inside a string would end the element that holds it
    held = json.dumps(state, ensure_ascii=False).replace("</", "<\\/")
    module = str(widget._esm).replace("</script", "<\\/script")
    ground = "#111" if dark else "#fff"
    light = "false" if dark else "true"
    scheme = "dark" if dark else "light"
    return (
        f'<!doctype html><html lang="{widget.lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>:root{{color-scheme:{scheme}}}"
        f"body{{margin:0;background:{ground}}}{widget._css}</style></head>"
        f'<body data-jp-theme-light="{light}"><main id="widget"></main>'
        f'<script type="application/json" id="state">{held}</script>'
        f'<script type="text/plain" id="module">{module}</script>'
        f'<script type="module">{_STUB}</script></body></html>'
    )


def frame(widget: LabWidget, *, height: int = 640) -> str:
    """Return an ``<iframe>`` that holds `page`, to be put into another page."""
    title = escape(widget.text(), quote=True)
    inside = escape(page(widget), quote=True)
    return (
        f'<iframe title="{title}" srcdoc="{inside}" loading="lazy" '
        f'style="width:100%;height:{height}px;border:0"></iframe>'
    )


def _values(widget: LabWidget) -> dict[str, Any]:
    """The values that the page reads: what is synchronised and not anywidget's own."""
    return {
        name: getattr(widget, name)
        for name in widget.keys
        if not name.startswith("_") and name not in ("layout", "tabbable", "tooltip")
    }
