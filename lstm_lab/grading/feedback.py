"""Sentences for a learner, always in both languages, and the failure that carries them."""

from __future__ import annotations

from typing import Any

from lstm_lab.i18n import LANGUAGES, language
from lstm_lab.i18n import gettext as translate

__all__ = ["Feedback", "Said", "say"]

Said = dict[str, str]


def say(message: str, **facts: Any) -> Said:
    """Return the message in every language.

    Import it as ``_``, so that the catalogue finds its messages. A fact may itself be said in
    both languages (a `Said`); then each language takes its own.

    Examples
    --------
    >>> say("{name} is not finite", name="h")["en"]
    'h is not finite'
    """
    return {
        lang: translate(message, lang).format(
            **{name: fact[lang] if isinstance(fact, dict) else fact for name, fact in facts.items()}
        )
        for lang in LANGUAGES
    }


class Feedback(AssertionError):
    """A graded test's failure, whose text is what the learner is shown.

    Parameters
    ----------
    en, zh : str
        The same sentence in English and in Chinese: what is wrong, with the likely cause, and
        never an expected number.
    """

    def __init__(self, en: str, zh: str) -> None:
        self.said: Said = {"en": en.strip(), "zh": zh.strip()}
        super().__init__(self.said[language()])
