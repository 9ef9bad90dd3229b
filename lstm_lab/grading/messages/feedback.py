"""Sentences for a learner, always in both languages, and the failure that carries them.

A sentence about a hidden case must not tell of it. So what stems from a case (numbers, and
whatever the answer returned, printed or raised) is marked `Private` where the sentence is made,
and each sentence knows how it reads without.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from lstm_lab.i18n import LANGUAGES, language
from lstm_lab.i18n import gettext as translate

__all__ = ["Feedback", "Private", "Said", "fail", "filled", "hidden_version", "say"]

Said = dict[str, str]


@dataclass(frozen=True)
class Private:
    """A fact that stems from a case, or from what the answer made of it.

    Attributes
    ----------
    value : object
        What is shown where the case may be known.
    instead : str or Said
        What is shown where it may not.
    """

    value: Any
    instead: str | Said = "…"


class _Spoken(dict[str, str]):
    """A sentence, and how it reads without what is private."""

    hidden: Said


def say(message: str, **facts: Any) -> Said:
    """Return the message in every language.

    The catalogue finds its messages by its name. A fact may itself be said in
    both languages (a `Said`); then each language takes its own. It may be `Private`.

    Examples
    --------
    >>> said = say("{name} is not finite", name=Private("h[3]", "h"))
    >>> said["en"], hidden_version(said)["en"]
    ('h[3] is not finite', 'h is not finite')
    """
    shown = {name: f.value if isinstance(f, Private) else f for name, f in facts.items()}
    spoken = _Spoken(_in_each_language(message, shown))
    spoken.hidden = spoken
    if any(isinstance(f, Private | _Spoken) for f in facts.values()):
        safe = {
            name: f.instead if isinstance(f, Private) else hidden_version(f)
            for name, f in facts.items()
        }
        spoken.hidden = _in_each_language(message, safe)
    return spoken


def filled(sentence: Said, facts: Mapping[str, Any]) -> Said:
    """Put facts of the learner's value into a sentence of a graded test.

    Examples
    --------
    >>> said = filled({"en": "not right: {of}", "zh": "不对的是：{of}"}, {"of": "f, o"})
    >>> said["en"], hidden_version(said)["zh"]
    ('not right: f, o', '不对的是：…')
    """
    spoken = _Spoken(_put_in(sentence, facts))
    spoken.hidden = _put_in(sentence, dict.fromkeys(facts, "…"))
    return spoken


def _put_in(sentence: Said, facts: Mapping[str, Any]) -> Said:
    return {
        lang: text.format(
            **{name: fact[lang] if isinstance(fact, dict) else fact for name, fact in facts.items()}
        )
        for lang, text in sentence.items()
    }


def hidden_version(said: Any) -> Any:
    """Return the sentence without what is private; anything else as it is.

    Sentences that were not made by `say` are literals of the graded tests: they name a mistake,
    and hold no numbers of a case.
    """
    return said.hidden if isinstance(said, _Spoken) else said


def _in_each_language(message: str, facts: dict[str, Any]) -> Said:
    return _put_in({lang: translate(message, lang) for lang in LANGUAGES}, facts)


class Feedback(AssertionError):
    """A graded test's failure, whose text is what the learner is shown.

    Parameters
    ----------
    en, zh : str
        The same sentence in English and in Chinese: what is wrong, with the likely cause, and
        never an expected number.
    hidden : Said, optional
        What may be told of it where the inputs are hidden; without it, only that it is not right.
    """

    def __init__(self, en: str, zh: str, hidden: Said | None = None) -> None:
        self.said: Said = {"en": en.strip(), "zh": zh.strip()}
        self.hidden = hidden
        super().__init__(self.said[language()])


def fail(said: Said) -> NoReturn:
    """Raise a sentence as the failure of a graded test."""
    raise Feedback(**said, hidden=hidden_version(said))
