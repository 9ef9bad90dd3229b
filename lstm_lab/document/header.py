"""The YAML header of a source: what an author says once about a lesson or an exercise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lstm_lab.i18n import LANGUAGES
from lstm_lab.i18n import gettext as _

__all__ = ["Header", "is_count", "read_header"]

_HEADER_KEYS = {"title", "summary", "minutes", "terms"}
_EXERCISE_KEYS = {"allow", "torch", "seconds"}


@dataclass(frozen=True)
class Header:
    """What a header may say; `allow`, `torch` and `seconds` in exercises only.

    `terms` are words of the other language that its pages may hold.
    """

    title: dict[str, str]
    summary: dict[str, str]
    minutes: int = 0
    allow: tuple[str, ...] = ("numpy",)
    torch: bool = False
    seconds: float = 10.0
    terms: tuple[str, ...] = ()


def read_header(text: str, kind: str) -> tuple[Header, list[tuple[int, str]]]:
    """Read the header of a source.

    Parameters
    ----------
    text : str
        The whole source.
    kind : {"lesson", "exercise"}

    Returns
    -------
    header : Header
        What is wrong is left at its default.
    problems : list of (line, sentence)
    """
    problems: list[tuple[int, str]] = []
    return _read(text, kind, lambda line, sentence: problems.append((line, sentence))), problems


def _read(text: str, kind: str, wrong: Callable[[int, str], None]) -> Header:
    import yaml

    nothing = Header(dict.fromkeys(LANGUAGES, ""), dict.fromkeys(LANGUAGES, ""))
    lines = text.split("\n")
    if lines[0] != "# ---" or "# ---" not in lines[1:]:
        wrong(1, _("the file must begin with a header between two lines '# ---'"))
        return nothing
    end = lines.index("# ---", 1)
    try:
        said = yaml.safe_load("\n".join(line[2:] for line in lines[1:end]))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = 2 + (mark.line if mark else 0)
        wrong(line, _("the header is not YAML: {why}").format(why=getattr(error, "problem", "")))
        return nothing
    facts = said.get("lstm_lab") if isinstance(said, dict) and set(said) == {"lstm_lab"} else None
    if not isinstance(facts, dict):
        wrong(1, _("the header must hold one key, lstm_lab, with title, summary, minutes below it"))
        return nothing

    def line_of(key: str) -> int:
        return next((n for n, line in enumerate(lines[:end], 1) if f"{key}:" in line), 1)

    known = _HEADER_KEYS | (_EXERCISE_KEYS if kind == "exercise" else set())
    for key in facts:
        if key not in known:
            wrong(
                line_of(str(key)),
                _("unknown header key {key}; known here: {known}").format(
                    key=repr(key), known=", ".join(sorted(known))
                ),
            )
    pairs = {}
    for key in ("title", "summary"):
        pair = facts.get(key)
        if (
            isinstance(pair, dict)
            and set(pair) == set(LANGUAGES)
            and all(isinstance(v, str) and v.strip() and "\n" not in v for v in pair.values())
        ):
            pairs[key] = {lang: pair[lang].strip() for lang in LANGUAGES}
        else:
            pairs[key] = dict.fromkeys(LANGUAGES, "")
            wrong(
                line_of(key),
                _('{key} must be a line in each language: {key}: {{en: "…", zh: "…"}}').format(
                    key=key
                ),
            )

    minutes = facts.get("minutes", 0)
    if not is_count(minutes) or (kind == "lesson" and minutes == 0):
        wrong(line_of("minutes"), _("minutes must be a whole number above 0"))
        minutes = 0
    allow = facts.get("allow", ["numpy"])
    if not isinstance(allow, list) or not all(isinstance(name, str) for name in allow):
        wrong(line_of("allow"), _("allow must be a list of module names, such as [numpy]"))
        allow = ["numpy"]
    torch = facts.get("torch", False)
    if not isinstance(torch, bool):
        wrong(line_of("torch"), _("torch must be true or false"))
        torch = False
    seconds = facts.get("seconds", 10)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
        wrong(line_of("seconds"), _("seconds must be a number above 0"))
        seconds = 10
    terms = facts.get("terms", [])
    if not isinstance(terms, list) or not all(isinstance(term, str) and term for term in terms):
        wrong(line_of("terms"), _("terms must be a list of words, such as [mews, barks]"))
        terms = []
    return Header(
        pairs["title"],
        pairs["summary"],
        minutes,
        tuple(allow),
        torch,
        float(seconds),
        tuple(terms),
    )


def is_count(value: Any) -> bool:
    """Tell whether a value is a whole number of 0 or more (``true`` is none).

    Examples
    --------
    >>> is_count(8), is_count(True), is_count(-1), is_count("8")
    (True, False, False, False)
    """
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
