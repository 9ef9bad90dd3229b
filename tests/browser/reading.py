"""Read the sentence below a widget, and move its sliders as a person does."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["drag", "numbers", "sentence", "slider"]

_NUMBER = r"[−-]?\d[\d.]*(?:e[−-]?\d+)?"


def sentence(box: Any) -> str:
    """What the widget says, after the frame in which it was drawn."""
    box.page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    return box.locator(".ll-sentence").inner_text()


def numbers(text: str) -> dict[str, float]:
    """The ``name = number`` pairs of a sentence."""
    found = re.findall(rf"(\S+) = ({_NUMBER})", text)
    return {name: float(value.rstrip(".").replace("−", "-")) for name, value in found}


def slider(box: Any, label: str) -> Any:
    """The slider whose label begins with this text."""
    exact = re.compile(rf"^\s*{re.escape(label)}\s*$")
    name = box.page.locator(".ll-name", has_text=exact)
    return box.locator(".ll-slider").filter(has=name).locator("input")


def drag(control: Any, share: float) -> float:
    """Drag a slider's handle with the mouse to a share of its way; return its value."""
    control.scroll_into_view_if_needed()
    page, place = control.page, control.bounding_box()
    y = place["y"] + place["height"] / 2
    low, high = (float(control.get_attribute(end)) for end in ("min", "max"))
    at = (float(control.input_value()) - low) / (high - low)

    def x(part: float) -> float:
        return place["x"] + 8 + part * (place["width"] - 16)

    page.mouse.move(x(at), y)
    page.mouse.down()
    page.mouse.move(x(share), y, steps=6)
    page.mouse.up()
    return float(control.input_value())
