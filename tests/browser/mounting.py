"""Widgets without JupyterLab: on the page, moved, taken away; what they leave is counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lstm_lab.widgets.base import LabWidget
from lstm_lab.widgets.static import page as html_of

__all__ = ["EVERY", "left_behind", "show"]


def _predict() -> LabWidget:
    from lstm_lab.widgets import Predict

    return Predict("mounting", "0.9 ** t", curve={"x": (0, 100), "y": (1e-8, 1), "log": True})


def _rank() -> LabWidget:
    from lstm_lab.widgets import Predict

    return Predict("mounting-rank", "0.9 ** t", rank=["RNN", "LSTM", "GRU"])


def _several() -> LabWidget:
    from lstm_lab.widgets import Predict

    return Predict("mounting-several", "0.9 ** t", several=["RNN", "LSTM", "GRU"])


def _stepper() -> LabWidget:
    from lstm_lab.widgets import CellStepper

    return CellStepper("lstm")


def _bridge() -> LabWidget:
    from lstm_lab.widgets import GradientBridge

    return GradientBridge(40)


def _heatmap() -> LabWidget:
    import numpy as np

    from lstm_lab.cells import lstm_init
    from lstm_lab.widgets import GateHeatmap

    text = "the cat 猫🐱 sat"
    x = np.random.default_rng(0).normal(size=(len(text), 3))
    return GateHeatmap(lstm_init(3, 8, seed=0), x, tokens=text)


def _repair() -> LabWidget:
    from lstm_lab.widgets import RepairBench

    return RepairBench("io")


EVERY: dict[str, Callable[[], LabWidget]] = {
    "Predict": _predict,
    "Predict rank": _rank,
    "Predict several": _several,
    "CellStepper": _stepper,
    "GradientBridge": _bridge,
    "GateHeatmap": _heatmap,
    "RepairBench": _repair,
}

# The page's own names are kept where a test can reach them.
_REACH = "globalThis.lab = { widgets, modelOf };"

# What the browser does not count for us: observers that still watch, frames still asked for,
# listeners on the page itself or on the model. DevTools counts nodes and listeners, detached too.
_COUNTERS = """() => {
  const live = { observers: 0, frames: 0, model: 0 };
  for (const kind of ["ResizeObserver", "MutationObserver", "IntersectionObserver"]) {
    const Native = window[kind];
    window[kind] = class extends Native {
      observe(...all) { if (!this.on) live.observers++; this.on = true; super.observe(...all); }
      disconnect() { if (this.on) live.observers--; this.on = false; super.disconnect(); }
    };
  }
  const asked = new Set();
  const [ask, cancel] = [requestAnimationFrame, cancelAnimationFrame];
  window.requestAnimationFrame = (call) => {
    const id = ask((time) => { asked.delete(id); live.frames = asked.size; call(time); });
    live.frames = asked.add(id).size;
    return id;
  };
  window.cancelAnimationFrame = (id) => {
    asked.delete(id);
    live.frames = asked.size;
    cancel(id);
  };
  lab.live = live;
}"""

# Mount, move every slider, take it away: every other time in the middle of a frame.
_RUN = """async ([name, times]) => {
  const text = document.querySelector("[data-lstm-lab] script").textContent;
  const frame = () => new Promise((done) => setTimeout(done, 20));
  for (let n = 0; n < times; n++) {
    const model = lab.modelOf(text);
    const { on, off } = model;
    model.on = (...all) => { lab.live.model++; on(...all); };
    model.off = (...all) => { lab.live.model--; off(...all); };
    const place = document.createElement("div");
    document.body.append(place);
    const remove = lab.widgets[name].render({ model, el: place });
    for (const input of place.querySelectorAll("input[type=range]")) {
      input.value = n % 2 ? input.min : input.max;
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (n % 2) await frame();
    remove();
    if (place.childNodes.length) throw new Error(`left on the page: ${place.innerHTML}`);
    place.remove();
  }
  await frame();
  return lab.live;
}"""


def show(page: Any, widget: LabWidget, *, dark: bool = False) -> Any:
    """Show a widget on an empty page; return its box."""
    html = html_of(widget, dark=dark).replace("</script></body>", f"{_REACH}</script></body>")
    page.set_content(html)
    box = page.locator(".ll")
    box.wait_for()
    return box


def left_behind(page: Any, name: str, times: int = 50, spoil: str = "") -> dict[str, int]:
    """Put the widget that is shown on the page and away again; return what grew with each time.

    `spoil` is JavaScript that runs before: with it a test plants a leak.
    """
    page.evaluate(_COUNTERS)
    if spoil:
        page.evaluate(spoil)
    devtools = page.context.new_cdp_session(page)

    def count() -> dict[str, int]:
        devtools.send("HeapProfiler.collectGarbage")
        nodes = devtools.send("Memory.getDOMCounters")
        used = devtools.send("Runtime.getHeapUsage")["usedSize"]
        return {
            "nodes": nodes["nodes"],
            "listeners": nodes["jsEventListeners"],
            "kB": used // 1000,
        }

    page.evaluate(_RUN, [name, 4])
    before = count()
    live = page.evaluate(_RUN, [name, times])
    after = count()
    devtools.detach()
    return live | {what: after[what] - before[what] for what in after}
