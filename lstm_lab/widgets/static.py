"""Widgets in a plain HTML page: the same modules, without kernel, server or network."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from lstm_lab.widgets.base import LabWidget
from lstm_lab.widgets.linking import bundle, sheet

__all__ = ["kept", "page", "place", "script"]

# What anywidget gives to `render`, in a few lines: values that stay in the page. A widget that
# cannot be drawn leaves its still, and says on the console why.
_MOUNT = """
const bytes = (text) => new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
function modelOf(text) {
  const state = JSON.parse(text,
    (_, v) => (v && typeof v === "object" && "base64" in v ? bytes(v.base64) : v));
  const listeners = {};
  return {
    get: (name) => state[name],
    set: (name, value) => {
      state[name] = value;
      for (const call of listeners[`change:${name}`] ?? []) call();
    },
    save_changes: () => {},
    on: (event, call) => (listeners[event] ??= []).push(call),
    off: (event, call) => (listeners[event] = (listeners[event] ?? []).filter((c) => c !== call)),
  };
}
for (const place of document.querySelectorAll("[data-lstm-lab]")) {
  try {
    const model = modelOf(place.querySelector("script").textContent);
    widgets[place.dataset.lstmLab].render({ model, el: place });
  } catch (error) {
    console.error(error);
  }
}
"""


def place(module: str, state: Mapping[str, Any]) -> str:
    """Return the element in which a widget will appear, with the values that it starts from.

    Examples
    --------
    >>> place("predict", {"question": "</script>?"})
    '<div data-lstm-lab="predict"><script type="application/json">{"question":...
    """
    text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
    # "</script>" inside a string would end the element that holds it
    text = text.replace("<", "\\u003c")
    return (
        f'<div data-lstm-lab="{escape(module)}">'
        f'<script type="application/json">{text}</script></div>'
    )


def script(modules: Iterable[str]) -> str:
    """Return the script that draws every `place` of a page: its last element."""
    code = (bundle(modules) + _MOUNT).replace("</script", "<\\/script")
    return f'<script type="module">{code}</script>'


def kept(state: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page reads of a widget's values, as JSON can hold it.

    Examples
    --------
    >>> kept({"T": 3, "weights": b"abc", "_esm": "…", "layout": "…"})
    {'T': 3, 'weights': {'base64': 'YWJj'}}
    """
    return {
        name: {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
        for name, value in state.items()
        if not name.startswith("_") and name not in ("layout", "tabbable", "tooltip")
    }


def page(*shown: LabWidget, title: str = "LSTM Lab", dark: bool = False) -> str:
    """Return a whole HTML document in which the widgets work.

    Examples
    --------
    >>> from lstm_lab.widgets import CellStepper
    >>> html = page(CellStepper("rnn"))
    >>> html.startswith("<!doctype html>"), "src=" in html
    (True, False)
    """
    modules = [widget.module for widget in shown]
    ground, light, scheme = ("#111", "false", "dark") if dark else ("#fff", "true", "light")
    places = "".join(
        place(widget.module, kept({name: getattr(widget, name) for name in widget.keys}))
        for widget in shown
    )
    return (
        f'<!doctype html><html lang="{shown[0].lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>:root{{color-scheme:{scheme}}}"
        f"body{{margin:0;background:{ground}}}{sheet(*modules)}</style></head>"
        f'<body data-jp-theme-light="{light}"><main>{places}</main>{script(modules)}</body></html>'
    )
