"""Predict first: the reader commits to a guess, a later cell reveals the computed value."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import numpy as np
import traitlets

from lstm_lab import progress
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.widgets.base import LabWidget
from lstm_lab.widgets.checks import as_floats, check_number
from lstm_lab.widgets.listed import as_places, check_items, fits
from lstm_lab.widgets.reveal import Reveal, judge

__all__ = ["Predict"]


class Predict(LabWidget, module="predict"):
    """A question to answer before the cell with its answer runs.

    Parameters
    ----------
    id : str
        Unique in the course, for example ``"rnn-left-after-100"``; guesses are kept under it.
    question : str
        One question in the reader's language.
    choices : sequence of str, optional
        Ask for one of these.
    rank : sequence of str, optional
        Ask for the order of these, which are dragged or moved with the arrow keys.
    several : sequence of str, optional
        Ask which of these apply.
    log : bool
        A positive number whose order of magnitude matters.
    unit : str
        Written behind the number.
    curve : mapping, optional
        Ask for a curve: ``{"x": (0, 100), "y": (0, 1)}``, and if wanted ``"xlabel"``,
        ``"ylabel"``, ``"log": True`` (the y axis) and ``"n"`` (handles, 11).

    Examples
    --------
    >>> guess = Predict("doc-half", "How much is left of 1 after halving it twice?")
    >>> guess
    How much is left of 1 after halving it twice?
    >>> guess.reveal(0.25)
    It is 0.25. You made no prediction: the next time, write one before you run on.
    """

    kind = traitlets.Unicode("number").tag(sync=True)
    question = traitlets.Unicode().tag(sync=True)
    choices = traitlets.List(traitlets.Unicode()).tag(sync=True)
    log = traitlets.Bool(False).tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    curve = traitlets.Dict().tag(sync=True)
    guess = traitlets.Any(None, allow_none=True).tag(sync=True)
    value = traitlets.Any(None, allow_none=True).tag(sync=True)
    outcome = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        id: str,
        question: str,
        *,
        choices: Sequence[str] | None = None,
        rank: Sequence[str] | None = None,
        several: Sequence[str] | None = None,
        log: bool = False,
        unit: str = "",
        curve: Mapping[str, Any] | None = None,
    ) -> None:
        if choices is not None and curve is not None:
            raise UserError(_("Predict: expected choices or a curve, found both"))
        listed = {"rank": rank, "several": several}
        asked = [name for name, items in listed.items() if items is not None]
        if len(asked) + (choices is not None) + (curve is not None) > 1:
            raise UserError(
                _("Predict: expected one of choices, curve, rank and several, found more")
            )
        if choices is not None and len(set(choices)) < 2:
            raise UserError(_("Predict: expected at least two different choices"))
        if not question.strip():
            raise UserError(_("Predict: expected a question, found none"))
        self.id = progress.current_id(id)
        super().__init__(
            kind=asked[0] if asked else "choice" if choices else "curve" if curve else "number",
            question=question,
            choices=check_items(asked[0], listed[asked[0]]) if asked else list(choices or []),
            log=log,
            unit=unit,
            curve=_checked_curve(curve) if curve else {},
            texts={
                "commit": _("Keep my prediction"),
                "kept": _("Your prediction is kept: {guess}. Now run on."),
                "kept_curve": _("Your curve is kept. Now run on."),
                "rank": _("Drag the first to the top, or move what is in focus with ↑ and ↓."),
                "place": _("{item}: place {k} of {n}"),
                "between": _(", "),
                "none": _("none of them"),
                "placeholder": _("e.g. 0.5"),
                "placeholder_log": _("e.g. 1e-6"),
                "not_a_number": _("Write a number, for example 0.5, 30% or 1e-6."),
                "not_positive": _("Write a number above 0, for example 1e-6."),
            },
        )
        self.observe(self._keep, names="guess")

    def _keep(self, change: Any) -> None:
        """Keep the guess the moment it is made: the reader may stop before the reveal."""
        if change["new"] is not None:
            progress.record("guess", id=self.id, guess=change["new"], **self._form)

    @classmethod
    def for_page(cls, state: Mapping[str, Any]) -> dict[str, Any]:
        """Ask anew: an exported page is read from the top.

        Examples
        --------
        >>> Predict.for_page({"kind": "number", "guess": 2.0, "value": 3.0, "outcome": "…"})
        {'kind': 'number', 'guess': None, 'value': None, 'outcome': ''}
        """
        return {**state, "guess": None, "value": None, "outcome": ""}

    def text(self) -> str:
        return "\n".join([self.question, *(f"  · {choice}" for choice in self.choices)])

    def still(self) -> str:
        choices = "".join(f"<li>{escape(choice)}</li>" for choice in self.choices)
        listed = f"<ul>{choices}</ul>" if choices else ""
        question = f"<p><strong>{escape(self.question)}</strong></p>"
        return f"{question}{listed}"

    def reveal(self, value: Any) -> Reveal:
        """Show the computed value beside the guess, and keep both with the progress.

        Parameters
        ----------
        value : number, str or array_like
            What was computed: for choices one of them (or its index), for a curve the
            values at evenly spaced x from the first to the last, for `rank` all items in order
            and for `several` those that apply, as texts or as places from 0 (an argsort).

        Returns
        -------
        Reveal
            Displayed by Jupyter. Without a guess it says so and shows the value.
        """
        found = self._checked_value(value)
        guess = self.guess if self.guess is not None else self._earlier()
        outcome = judge(self.kind, guess, found, log=self._log, unit=self.unit, items=self.choices)
        with self.hold_sync():
            self.outcome = outcome
            self.value = found
        if guess is not None:
            self._record(guess, found)
        return Reveal(
            kind=self.kind,
            guess=guess,
            value=found,
            sentence=outcome,
            log=self._log,
            curve=dict(self.curve),
        )

    @property
    def _form(self) -> dict[str, str]:
        """What says in a record that a list holds places of items, not heights of a curve."""
        return {"form": self.kind} if self.kind in ("rank", "several") else {}

    @property
    def _log(self) -> bool:
        return bool(self.curve.get("log")) if self.kind == "curve" else self.log

    def _earlier(self) -> Any:
        """The last guess of an earlier run: a notebook run again does not ask again."""
        for fact in reversed(progress.read()):
            if fact.get("kind") == "guess" and fact.get("id") == self.id:
                return _fitting(self.kind, fact.get("guess"), self.choices, self.curve)
        return None

    def _record(self, guess: Any, value: Any) -> None:
        fact = {"id": self.id, "guess": guess, "value": value, **self._form}
        for old in reversed(progress.read()):
            if old.get("kind") == "prediction" and old.get("id") == self.id:
                if all(old.get(name) == fact[name] for name in fact):
                    return  # the cell was only run again
                break
        progress.record("prediction", **fact)

    def _checked_value(self, value: Any) -> Any:
        if self._form:
            return as_places(self.kind, value, self.choices)
        if self.kind == "choice":
            if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
                if 0 <= int(value) < len(self.choices):
                    return self.choices[int(value)]
            elif value in self.choices:
                return value
            raise UserError(
                _("reveal: expected one of {expected}, found {found}").format(
                    expected=", ".join(self.choices), found=repr(value)
                )
            )
        array = np.asarray(
            value.detach().numpy() if hasattr(value, "detach") else value, dtype=float
        )
        if self.kind == "curve":
            if array.ndim != 1 or len(array) < 2:
                raise UserError(
                    _("reveal: expected a curve of shape (N,), found {found}").format(
                        found=array.shape
                    )
                )
            return [float(number) for number in array]
        if array.size != 1:
            raise UserError(
                _("reveal: expected one number, found shape {found}").format(found=array.shape)
            )
        return float(array.reshape(()))


def _checked_curve(curve: Mapping[str, Any]) -> dict[str, Any]:
    ends = {axis: as_floats(axis, curve.get(axis, ())) for axis in ("x", "y")}
    for axis, pair in ends.items():
        if pair.shape != (2,):
            raise UserError(
                _("Predict: expected {axis} as (low, high), found {found}").format(
                    axis=axis, found=curve.get(axis)
                )
            )
    check_number("n", curve.get("n", 11), 2, 101)
    x, y = (tuple(float(end) for end in pair) for pair in ends.values())
    log = bool(curve.get("log", False))
    if not (x[0] < x[1] and y[0] < y[1]) or (log and y[0] <= 0):
        raise UserError(
            _(
                "Predict: expected ranges from low to high (above 0 on a log axis), found {found}"
            ).format(found=(x, y))
        )
    return {
        "x": x,
        "y": y,
        "log": log,
        "n": int(curve.get("n", 11)),
        "xlabel": curve.get("xlabel", "t"),
        "ylabel": curve.get("ylabel", ""),
    }


def _fitting(kind: str, guess: Any, choices: Sequence[str], curve: Mapping[str, Any]) -> Any:
    """Return an earlier guess if it still answers the question as it is asked now."""
    if kind == "number":
        number = isinstance(guess, (int, float)) and math.isfinite(guess)
        return guess if number else None
    if kind == "choice":
        return guess if guess in choices else None
    if kind in ("rank", "several"):
        return guess if fits(kind, guess, len(choices)) else None
    return guess if isinstance(guess, list) and len(guess) == curve["n"] else None
