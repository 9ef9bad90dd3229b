"""Take the pictures of the documentation again, after a widget or lesson 00 has changed.

    python -m tests.browser.docs_pictures             # all
    python -m tests.browser.docs_pictures gate-heatmap lesson-zh

Each widget as `docs/widgets.md` shows it, in English, and lesson 00 in JupyterLab, as the READMEs
show it, in both languages.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from lstm_lab.cells import lstm_init
from lstm_lab.widgets import CellStepper, GateHeatmap, GradientBridge, Predict, RepairBench
from lstm_lab.widgets.base import LabWidget
from tests.browser.chromium import browser_context
from tests.browser.jupyter import REPOSITORY, LabPage, copy_course, serve
from tests.browser.mounting import show

DOCS = REPOSITORY / "docs"
WINDOW = {"width": 1280, "height": 860}  # of the lesson
COLUMN = {"width": 764, "height": 1000}  # of a widget: 760 and its margins


def _predict() -> LabWidget:
    curve = {"x": (0, 100), "y": (1e-8, 1), "log": True, "ylabel": "|dL/dh|"}
    question = "How much of |dL/dh| is left, from the last step back to the first? Draw it."
    return Predict("docs-curve", question, curve=curve)


def _heatmap() -> LabWidget:
    text = "The cat sat on the mat and 猫 mews."
    x = np.random.default_rng(3).normal(size=(len(text), 6))
    return GateHeatmap(lstm_init(6, 12, seed=3), x, tokens=text)


def _stroke(node: Any, *points: tuple[float, float]) -> None:
    """Draw with the mouse through points given in shares of the node."""
    place, mouse = node.bounding_box(), node.page.mouse
    at = [(place["x"] + a * place["width"], place["y"] + b * place["height"]) for a, b in points]
    mouse.move(*at[0])
    mouse.down()
    for point in at[1:]:
        mouse.move(*point, steps=12)
    mouse.up()


def _draw(box: Any) -> None:
    _stroke(box.locator("svg"), (0.115, 0.8), (0.55, 0.6), (0.978, 0.08))


def _step(box: Any) -> None:
    for _ in range(2):
        box.get_by_role("button", name="Step").click()
    box.locator(".ll-is-c").hover()


def _brush(box: Any) -> None:
    _stroke(box.locator("canvas"), (0.13, 0.4), (0.43, 0.4))
    box.locator("select").select_option(index=1)


def _nothing(box: Any) -> None:
    pass


WIDGETS: dict[str, tuple[Callable[[], LabWidget], Callable[[Any], None]]] = {
    "predict": (_predict, _draw),
    "cell-stepper": (CellStepper, _step),
    "gradient-bridge": (GradientBridge, _nothing),
    "gate-heatmap": (_heatmap, _brush),
    "repair-bench": (lambda: RepairBench("io"), _nothing),
}
LESSONS = {"lesson-en": "en", "lesson-zh": "zh"}


def widgets(context: Any, names: list[str], out: Path) -> None:
    page = context.new_page()
    page.set_viewport_size(COLUMN)
    for name in names:
        make, move = WIDGETS[name]
        box = show(page, make())
        move(box)
        page.wait_for_timeout(100)
        box.screenshot(path=str(out / "widgets" / f"{name}.png"))
    page.close()


def lesson(context: Any, watch: Any, root: Path, lang: str, out: Path) -> None:
    root.mkdir()
    copy_course(root)
    with serve(root, lang) as server:
        lab = LabPage(context, server, watch)
        lab.page.set_viewport_size(WINDOW)
        lab.open(f"notebooks/{lang}/00_start_here.ipynb")
        lab.command("notebook:run-all-cells")  # the menu is called otherwise in each language
        lab.wait_until_run()
        lab.output(lab.cell("fading"))
        lab.page.locator(".lstm-lab-figure").first.evaluate(
            "figure => figure.scrollIntoView({ block: 'center' })"
        )
        lab.page.mouse.move(0, 0)
        lab.page.wait_for_timeout(800)
        lab.page.screenshot(path=str(out / f"lesson-{lang}.png"))
        lab.leave()


def main(names: list[str], out: Path = DOCS) -> int:
    names = names or [*WIDGETS, *LESSONS]
    unknown = [name for name in names if name not in WIDGETS and name not in LESSONS]
    if unknown:
        print(f"expected some of {', '.join([*WIDGETS, *LESSONS])}; found {', '.join(unknown)}")
        return 2
    os.environ["LSTM_LAB_LANG"] = "en"
    (out / "widgets").mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        browser_context(Path(folder) / "profile", **WINDOW) as (context, watch),
    ):
        widgets(context, [name for name in names if name in WIDGETS], out)
        for name in names:
            if name in LESSONS:
                lesson(context, watch, Path(folder) / name, LESSONS[name], out)
    for problem in (*watch.errors, *watch.outside):
        print(problem, file=sys.stderr)
    return 1 if watch.errors or watch.outside else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
