"""A chart as an SVG image, for where no JavaScript runs.

An ``<img>``, not inline: of a notebook that it does not trust, JupyterLab takes out inline SVG
but for the bare words in it; an image leaves its alt text.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from html import escape
from typing import Any

import numpy as np

__all__ = ["line_chart"]

_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 150, 12, 36
_DASHES = ("", "7 4", "2 3", "8 3 2 3")
_INK = 'font-size="12" fill="currentColor"'


def line_chart(
    series: Mapping[str, Any],
    *,
    alt: str,
    xlabel: str = "t",
    ylabel: str = "",
    log: bool = False,
    width: int = 720,
    height: int = 260,
) -> str:
    """Return an ``<img>`` of named lines over 0, 1, 2, …

    Examples
    --------
    >>> line_chart({"h": [0.0, 1.0, 0.5]}, alt="h rises and falls")[:28]
    '<img alt="h rises and falls"'
    """
    svg = _svg(series, xlabel, ylabel, log, width, height)
    data = base64.b64encode(svg.encode()).decode("ascii")
    style = f"display:block;width:100%;max-width:{width}px;background:#fff;border-radius:4px"
    return f'<img alt="{escape(alt)}" style="{style}" src="data:image/svg+xml;base64,{data}">'


def _svg(
    series: Mapping[str, Any], xlabel: str, ylabel: str, log: bool, width: int, height: int
) -> str:
    lines = {name: np.asarray(values, dtype=float) for name, values in series.items()}
    shown = np.concatenate([values[_drawn(values, log)] for values in lines.values()])
    shown = shown if shown.size else np.array([1.0, 10.0])
    low, high = float(shown.min()), float(shown.max())
    if log:
        low, high = math.floor(math.log10(low)), math.ceil(math.log10(high))
    if low == high:
        low, high = low - 1, high + 1
    last = max(len(values) for values in lines.values()) - 1
    right, base = width - _RIGHT, height - _BOTTOM

    def x(t: float) -> float:
        return _LEFT + t / max(last, 1) * (right - _LEFT)

    def y(value: float) -> float:
        level = math.log10(value) if log else value
        return _TOP + (high - level) / (high - low) * (base - _TOP)

    parts = [f'<path d="M{_LEFT} {_TOP}V{base}H{right}" fill="none" stroke="currentColor"/>']
    for n, (name, values) in enumerate(lines.items()):
        points = " ".join(
            f"{x(float(t)):.1f},{y(float(values[t])):.1f}"
            for t in np.flatnonzero(_drawn(values, log))
        )
        dash = _DASHES[n % len(_DASHES)]
        parts.append(
            f'<polyline fill="none" stroke="currentColor" stroke-width="1.8" '
            f'stroke-dasharray="{dash}" points="{points}"/>'
            f'<path d="M{right + 10} {_TOP + 10 + 20 * n}h30" stroke="currentColor" '
            f'stroke-width="1.8" stroke-dasharray="{dash}"/>'
            f'<text x="{right + 46}" y="{_TOP + 14 + 20 * n}" {_INK}>{escape(name)}</text>'
        )
    for level in (low, high):
        text = f"1e{level:.0f}" if log else f"{level:.3g}"
        place = y(10.0**level if log else level)
        parts.append(f'<text x="58" y="{place + 4:.0f}" text-anchor="end" {_INK}>{text}</text>')
    middle = (_LEFT + right) / 2
    parts.append(f'<text x="{_LEFT}" y="{base + 16}" text-anchor="middle" {_INK}>0</text>')
    parts.append(f'<text x="{right}" y="{base + 16}" text-anchor="middle" {_INK}>{last}</text>')
    parts.append(
        f'<text x="{middle}" y="{base + 28}" text-anchor="middle" {_INK}>{escape(xlabel)}</text>'
    )
    parts.append(
        f'<text transform="translate(14 {(_TOP + base) / 2}) rotate(-90)" text-anchor="middle" '
        f"{_INK}>{escape(ylabel)}</text>"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="sans-serif">{"".join(parts)}</svg>'
    )


def _drawn(values: np.ndarray, log: bool) -> np.ndarray:
    return np.isfinite(values) & ((values > 0) if log else True)
