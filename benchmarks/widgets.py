"""How fast a widget follows the hand, in JupyterLab in a real Chromium."""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path
from typing import Any

from harness import table

CHANGES = 60
RENDERS = 5
BARS = {"median": 16.0, "p95": 30.0, "stale": 30.0, "first": 300.0, "kilobytes": 120.0}

SETUP = """import numpy as np
from lstm_lab.cells import lstm_init
from lstm_lab.widgets import CellStepper, GateHeatmap, GradientBridge, RepairBench
p, x = lstm_init(8, 32, seed=0), np.random.default_rng(0).normal(size=(100, 8))
"""
SHOWN = {
    "CellStepper": ("CellStepper(p, x)", "x"),
    "GradientBridge": ("GradientBridge(T=100, H=32)", "spectral radius"),
    "GateHeatmap": ("GateHeatmap(p, x)", "follow unit"),
    "RepairBench": ("RepairBench('ifo', task='count')", "seed"),
}

# "Of it drawing" leaves out the wait for the next frame, up to 17 ms at 60 frames a second.
# From the change of a slider to the frame in which it is painted: the widget draws in the next
# animation frame, ours is called after it in the same frame, the message after its painting.
_DRAG = """async ([selector, label, changes]) => {
  const box = document.querySelector(selector);
  const named = [...box.querySelectorAll(".ll-slider")]
    .find((node) => node.querySelector(".ll-name")?.textContent.startsWith(label));
  const input = named.querySelector("input");
  const [low, high] = [Number(input.min), Number(input.max)];
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done();
    channel.port2.postMessage(0);
  }));
  const times = [];
  const works = [];
  for (let k = 0; k < changes; k++) {
    // at a random moment of the frame, as a hand would
    await new Promise((done) => setTimeout(done, 20 + 17 * Math.random()));
    let frame = 0;
    requestAnimationFrame(() => (frame = performance.now())); // before the widget's own
    const start = performance.now();
    input.value = low + (high - low) * (((k * 7) % changes) / changes);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await painted();
    times.push(performance.now() - start);
    works.push(performance.now() - frame);
  }
  return [times, works];
}"""

# While a hand drags on, a change every 8 ms: how old is what a frame shows when it is painted?
_STREAM = """async ([selector, label, changes]) => {
  const box = document.querySelector(selector);
  const named = [...box.querySelectorAll(".ll-slider")]
    .find((node) => node.querySelector(".ll-name")?.textContent.startsWith(label));
  const input = named.querySelector("input");
  const [low, high] = [Number(input.min), Number(input.max)];
  const ages = [];
  let [newest, k] = [0, 0];
  const frame = () => {
    const shown = newest; // no change comes between the callbacks of one frame
    const channel = new MessageChannel();
    channel.port1.onmessage = () => shown && ages.push(performance.now() - shown);
    channel.port2.postMessage(0);
    if (k < changes) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  await new Promise((done) => {
    const hand = setInterval(() => {
      newest = performance.now();
      input.value = low + ((high - low) * (k % 60)) / 60;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      if (++k === changes) done(clearInterval(hand));
    }, 8);
  });
  return ages;
}"""

# From the order to run the cell, its message to the kernel and back included, to a drawn widget.
_RENDER = """async (index) => {
  const notebook = window.jupyterapp.shell.currentWidget.content;
  notebook.activeCellIndex = index;
  const area = notebook.widgets[index].outputArea.node;
  const old = area.querySelector(".ll");
  const start = performance.now();
  window.jupyterapp.commands.execute("notebook:run-cell");
  for (;;) {
    await new Promise((done) => requestAnimationFrame(done));
    const box = area.querySelector(".ll");
    if (box && box !== old && box.querySelector(".ll-sentence").textContent)
      return performance.now() - start;
    if (performance.now() - start > 30000) throw new Error("never drawn");
  }
}"""


def widgets() -> dict[str, Any]:
    """slider to painted frame, how old a frame is in a steady drag, first render: wall ms"""
    from lstm_lab.widgets.linking import FOLDER
    from tests.browser.chromium import browser_context
    from tests.browser.jupyter import LabPage, copy_course, serve

    size = sum(path.stat().st_size for path in FOLDER.iterdir()) / 1000
    rows: list[list[object]] = []
    times: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "course"
        root.mkdir()
        copy_course(root)
        with (
            serve(root) as server,
            browser_context(Path(folder) / "profile") as (context, watch),
        ):
            lab = LabPage(context, server, watch)
            lab.notebook(SETUP, *(code for code, _label in SHOWN.values()))
            lab.run_cell(0)
            for index, (name, (_code, label)) in enumerate(SHOWN.items(), start=1):
                lab.run_cell(index)  # imports are a matter of the first cell, not of the widget
                lab.output(index).locator(".ll").wait_for()
                first = [lab.page.evaluate(_RENDER, index) for _ in range(RENDERS)]
                lab.wait_for_kernel()
                selector = f'.jp-Cell[data-windowed-list-index="{index}"] .ll'
                drags, works = map(sorted, lab.page.evaluate(_DRAG, [selector, label, CHANGES]))
                p95 = drags[int(0.95 * len(drags)) - 1]
                ages = sorted(lab.page.evaluate(_STREAM, [selector, label, 4 * CHANGES]))
                stale = ages[int(0.95 * len(ages)) - 1]
                times[name] = {"drag": drags, "work": works, "first": first, "stale": ages}
                middles = [statistics.median(works), statistics.median(first)]
                rows.append([name, statistics.median(drags), p95, stale, *middles])
            lab.leave()
    head = [
        "T = 100, H = 32",
        f"median (<= {BARS['median']:.0f})",
        f"p95 (<= {BARS['p95']:.0f})",
        f"stale, p95 (<= {BARS['stale']:.0f})",
        "of it drawing",
        f"first render (<= {BARS['first']:.0f})",
    ]
    lines = [table(head, rows), "", f"JavaScript and CSS shipped: {size:.0f} kB (<= 120)"]
    return {"table": "\n".join(lines), "times": times, "kilobytes": size}
