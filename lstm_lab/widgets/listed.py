"""Predictions about a list: its items put in order, or those of them that apply."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = ["as_places", "check_items", "fits", "judge_list"]


def check_items(name: str, items: Any) -> list[str]:
    """Return the items of a question; refuse what is no list of two or more different texts.

    Examples
    --------
    >>> check_items("rank", ("RNN", "LSTM"))
    ['RNN', 'LSTM']
    """
    listed = [] if isinstance(items, str) or not isinstance(items, Sequence) else list(items)
    if not all(isinstance(item, str) for item in listed) or not len(set(listed)) >= 2:
        listed = []
    if not listed or len(set(listed)) < len(listed):
        raise UserError(
            _("{name}: expected two or more different texts, found {found}").format(
                name=name, found=repr(items)[:60]
            )
        )
    return listed


def fits(kind: str, places: Any, n: int) -> bool:
    """Tell whether these are places in a list of n items: each once, and for a rank all.

    Examples
    --------
    >>> fits("rank", [1, 0], 2), fits("rank", [1], 2), fits("several", [1], 2)
    (True, False, True)
    """
    if not isinstance(places, list) or not all(type(k) is int and 0 <= k < n for k in places):
        return False
    return len(set(places)) == len(places) and (kind == "several" or len(places) == n)


def as_places(kind: str, value: Any, items: Sequence[str]) -> list[int]:
    """Return a computed answer, texts or places from 0 (an argsort), as places.

    Examples
    --------
    >>> as_places("rank", ["b", "a"], ["a", "b"]), as_places("several", [1], ["a", "b"])
    ([1, 0], [1])
    """
    found = value.tolist() if hasattr(value, "tolist") else value
    listed = list(found) if isinstance(found, (list, tuple)) else None
    if listed is not None:
        known = {text: k for k, text in enumerate(items)}
        listed = [known.get(one, one) if isinstance(one, str) else one for one in listed]
        if fits(kind, listed, len(items)):
            return sorted(listed) if kind == "several" else listed
    wanted = _("all of {items} in order") if kind == "rank" else _("a list of some of {items}")
    raise UserError(
        _("reveal: expected {expected}, found {found}").format(
            expected=wanted.format(items=", ".join(items)), found=repr(value)[:60]
        )
    )


def judge_list(
    kind: str, guess: list[int] | None, value: list[int], items: Sequence[str], missing: str
) -> str:
    """Say what was right: how many pairs stand in order, or what was missed or too many.

    Examples
    --------
    >>> judge_list("rank", [0, 2, 1], [0, 1, 2], ["a", "b", "c"], "")
    'You have 2 of 3 pairs in the right order. It is: a, b, c.'
    >>> judge_list("several", [0], [1], ["a", "b"], "")
    'These apply: b. You missed: b. Too many: a.'
    """

    def named(places: Sequence[int]) -> str:
        return _(", ").join(items[k] for k in places) or _("none of them")

    if kind == "rank":
        if guess is None:
            return _("The order is: {value}. {missing}").format(value=named(value), missing=missing)
        if guess == value:
            return _("Your order is right: {value}.").format(value=named(value))
        place = {item: k for k, item in enumerate(guess)}
        pairs = [place[a] < place[b] for a, b in combinations(value, 2)]
        return _("You have {right} of {n} pairs in the right order. It is: {value}.").format(
            right=sum(pairs), n=len(pairs), value=named(value)
        )
    if guess is None:
        return _("These apply: {value}. {missing}").format(value=named(value), missing=missing)
    if guess == value:
        return _("You ticked just what applies: {value}.").format(value=named(value))
    said = [_("These apply: {value}.").format(value=named(value))]
    missed = [k for k in value if k not in guess]
    over = [k for k in guess if k not in value]
    if missed:
        said.append(_("You missed: {items}.").format(items=named(missed)))
    if over:
        said.append(_("Too many: {items}.").format(items=named(over)))
    return " ".join(said).replace("。 ", "。")
