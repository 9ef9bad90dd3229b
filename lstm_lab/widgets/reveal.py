"""The guess beside the computed value: a sentence and a small picture, plain HTML."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np

from lstm_lab.i18n import gettext as _
from lstm_lab.widgets.listed import judge_list

__all__ = ["Reveal", "judge", "written"]

_BLUE, _ORANGE = "var(--jp-info-color1,#0072B2)", "#D55E00"


def written(value: float) -> str:
    """Write a number as a person would: 0.25, 1,200, 3.2e-7.

    Examples
    --------
    >>> written(0.25), written(1200), written(3.2e-07)
    ('0.25', '1200', '3.2e-7')
    """
    if not math.isfinite(value):
        return str(value)
    size = abs(value)
    if value == 0 or 1e-3 <= size < 1e6:
        rounded = float(f"{value:.3g}")
        text = str(int(rounded)) if rounded == int(rounded) else str(rounded)
    else:
        mantissa, exponent = f"{value:.2e}".split("e")
        text = f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
    return text.replace("-", "−") if text.startswith("-") else text


def judge(
    kind: str, guess: Any, value: Any, *, log: bool, unit: str = "", items: Sequence[str] = ()
) -> str:
    """Say in a sentence how far the guess was from the value.

    Examples
    --------
    >>> judge("number", 0.1, 1e-20, log=True)
    'You said 0.1, it is 1e-20: 19 orders of magnitude apart.'
    """
    if kind in ("rank", "several"):
        return judge_list(kind, guess, value, items, _missing())
    if kind == "choice":
        if guess is None:
            return _("It is: {value}. {missing}").format(value=value, missing=_missing())
        if guess == value:
            return _("You said: {guess}. That is right.").format(guess=guess)
        return _("You said: {guess}. It is: {value}.").format(guess=guess, value=value)
    if kind == "curve":
        if guess is None:
            return _("The computed curve begins at {first} and ends at {last}. {missing}").format(
                first=written(value[0]), last=written(value[-1]), missing=_missing()
            )
        gap = np.abs(_at_handles(guess, value, log))
        if log:
            return _("Your curve was {gap} orders of magnitude away on average.").format(
                gap=written(float(gap.mean()))
            )
        return _("Your curve was {gap} away on average, {worst} at most.").format(
            gap=written(float(gap.mean())), worst=written(float(gap.max()))
        )
    shown = written(value) + (f" {unit}" if unit else "")
    if guess is None:
        return _("It is {value}. {missing}").format(value=shown, missing=_missing())
    said = written(guess) + (f" {unit}" if unit else "")
    return _("You said {guess}, it is {value}: {distance}.").format(
        guess=said, value=shown, distance=_distance(guess, value, log)
    )


def _missing() -> str:
    return _("You made no prediction: the next time, write one before you run on.")


def _distance(guess: float, value: float, log: bool) -> str:
    if guess == value:
        return _("exactly")
    if log and guess > 0 and value > 0:
        orders = abs(math.log10(guess / value))
        if orders >= 1:
            return _("{n} orders of magnitude apart").format(n=written(round(orders, 1)))
        return _("a factor of {n} apart").format(n=written(10**orders))
    gap = written(abs(guess - value))
    return (_("{gap} too high") if guess > value else _("{gap} too low")).format(gap=gap)


def _at_handles(guess: Sequence[float], value: Sequence[float], log: bool) -> np.ndarray:
    """Guess minus value where the reader had handles; in decades on a log axis."""
    where = np.linspace(0, 1, len(guess))
    drawn, real = np.asarray(guess, dtype=float), np.asarray(value, dtype=float)
    if log:
        drawn, real = (np.log10(np.maximum(a, 1e-300)) for a in (drawn, real))
    return drawn - np.interp(where, np.linspace(0, 1, len(real)), real)


@dataclass
class Reveal:
    """What `Predict.reveal` returns: shown as HTML, printed as its sentence."""

    kind: str
    guess: Any
    value: Any
    sentence: str
    log: bool = False
    curve: dict[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return self.sentence

    def _repr_html_(self) -> str:
        picture = ""
        if self.kind == "curve":
            picture = self._curve_svg()
        elif self.kind == "number" and self.guess is not None and self.guess != self.value:
            picture = self._number_svg()
        right = self.kind in ("choice", "rank", "several") and self.guess == self.value
        mark = "✓ " if right else ""
        sentence = escape(self.sentence)
        if self.guess is None:  # marked, since a page outside JupyterLab cannot know of guesses
            missing = escape(_missing())
            marked = f'<span class="lstm-lab-no-guess">{missing}</span>'
            sentence = sentence.replace(missing, marked)
        return (
            '<div class="lstm-lab-reveal" style="max-width:760px;margin:8px 2px;padding:10px 16px;'
            f'border-left:4px solid {_BLUE}"><p style="margin:0"><strong>{mark}'
            f"{sentence}</strong></p>{picture}</div>"
        )

    def _number_svg(self) -> str:
        """Both numbers on one line, on the scale on which the question was asked."""
        positive = self.guess > 0 and self.value > 0
        scale = math.log10 if self.log and positive else float
        a, b = scale(self.guess), scale(self.value)
        if not (math.isfinite(a) and math.isfinite(b)) or a == b:
            return ""
        low, high = min(a, b), max(a, b)
        # in shares of the width, without a viewBox: on a small screen the words keep their size
        place = {"guess": 25 + 50 * (a - low) / (high - low)}
        place["value"] = 25 + 50 * (b - low) / (high - low)
        marks = "".join(
            f'<text x="{place[name]:.0f}%" y="{y}" text-anchor="middle" font-size="13" '
            f'fill="currentColor">{escape(text)}</text>'
            for name, y, text in (
                ("guess", 16, _("you: {n}").format(n=written(self.guess))),
                ("value", 62, _("computed: {n}").format(n=written(self.value))),
            )
        )
        return (
            '<svg height="70" aria-hidden="true" style="display:block;width:100%;'
            'max-width:520px;margin-top:6px;color:var(--jp-content-font-color1,inherit)">'
            '<line x1="4%" x2="96%" y1="36" y2="36" stroke="currentColor" opacity=".4"/>'
            f'<circle cx="{place["guess"]:.0f}%" cy="36" r="6.5" fill="none" stroke="{_BLUE}" '
            f'stroke-width="2.5"/><circle cx="{place["value"]:.0f}%" cy="36" r="7" '
            f'fill="{_ORANGE}"/>{marks}</svg>'
        )

    def _curve_svg(self) -> str:
        """The drawn curve (dashed) and the computed one on the axes of the question."""
        x, y = self.curve["x"], self.curve["y"]
        shown = [*self.value, *(self.guess or [])]
        scale = np.log10 if self.log else np.asarray
        low = float(scale(max(min([y[0], *shown]), 1e-300 if self.log else -math.inf)))
        high = float(scale(max([y[1], *shown])))

        def line(values: Sequence[float]) -> str:
            across = np.linspace(0, 100, len(values))
            clipped = np.maximum(values, 1e-300) if self.log else np.asarray(values, dtype=float)
            up = (high - scale(clipped)) / (high - low) * 100
            return " ".join(
                f"{a:.2f},{b:.2f}" for a, b in zip(across, up, strict=True) if math.isfinite(b)
            )

        ends = [10**low, 10**high] if self.log else [low, high]
        pen = 'fill="none" stroke-width="2.5" vector-effect="non-scaling-stroke"'
        guess = (
            f'<polyline {pen} stroke="{_BLUE}" stroke-dasharray="7 4" points="{line(self.guess)}"/>'
            if self.guess
            else ""
        )
        key = _("dashed: your curve; solid: computed") if self.guess else _("computed")
        label = 'font-size="12" fill="currentColor"'
        said = self.sentence if self.guess else self.sentence.replace(_missing(), "").strip()
        return (
            f'<svg height="256" role="img" aria-label="{escape(said)}" '
            'style="display:block;width:100%;max-width:560px;margin-top:6px;'
            'color:var(--jp-content-font-color1,inherit)">'
            f'<text x="13%" y="210" text-anchor="end" {label}>{written(ends[0])}</text>'
            f'<text x="13%" y="16" text-anchor="end" {label}>{written(ends[1])}</text>'
            f'<text x="14%" y="224" text-anchor="middle" {label}>{written(x[0])}</text>'
            f'<text x="98%" y="224" text-anchor="end" {label}>{written(x[1])}</text>'
            f'<text x="56%" y="224" text-anchor="middle" {label}>'
            f"{escape(self.curve['xlabel'])}</text>"
            f'<text transform="translate(14 109) rotate(-90)" text-anchor="middle" {label}>'
            f"{escape(self.curve['ylabel'])}</text>"
            f'<text x="56%" y="246" text-anchor="middle" {label}>{escape(key)}</text>'
            # the curves alone are stretched to the width; what is written beside them is not
            '<svg x="14%" y="12" width="84%" height="194" viewBox="0 0 100 100" '
            'preserveAspectRatio="none" overflow="visible">'
            '<path d="M0 0V100H100" fill="none" stroke="currentColor" opacity=".4" '
            f'vector-effect="non-scaling-stroke"/>{guess}'
            f'<polyline {pen} stroke="{_ORANGE}" points="{line(self.value)}"/></svg></svg>'
        )
