"""Two languages: `gettext` for what the package says, `tr` for prose inside lessons."""

from __future__ import annotations

import gettext as _stdlib_gettext
import locale
import os
from functools import cache
from pathlib import Path
from typing import TypeVar

__all__ = ["LANGUAGES", "gettext", "language", "tr"]

LANGUAGES = ("en", "zh")
_LOCALE_DIR = Path(__file__).parent / "locale"
T = TypeVar("T")


def language() -> str:
    """Return the reader's language, ``"en"`` or ``"zh"``.

    ``LSTM_LAB_LANG`` decides; otherwise the folder that the notebook runs in
    (``…/en`` or ``…/zh``); otherwise the locale; otherwise English.
    """
    named = os.environ.get("LSTM_LAB_LANG", "").lower()[:2]
    if named in LANGUAGES:
        return named
    try:
        folder = Path.cwd().name
    except FileNotFoundError:  # the working directory was deleted under us
        folder = ""
    if folder in LANGUAGES:
        return folder
    for variable in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        value = os.environ.get(variable)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    # Windows sets none of these variables; macOS not for programs started from the desktop
    return "zh" if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"


def tr(*, en: T, zh: T, lang: str | None = None) -> T:
    """Return the text in the reader's language.

    Parameters
    ----------
    en, zh : T
        The same thing said in English and in Chinese (a string, or a list of strings).
    lang : {"en", "zh"}, optional
        Ask for one language; by default `language` decides.

    Examples
    --------
    >>> tr(en="forget gate", zh="遗忘门", lang="zh")
    '遗忘门'
    """
    return zh if (lang or language()) == "zh" else en


@cache
def _catalogue(lang: str) -> _stdlib_gettext.NullTranslations:
    return _stdlib_gettext.translation(
        "lstm_lab", localedir=_LOCALE_DIR, languages=[lang], fallback=True
    )


def gettext(message: str, lang: str | None = None) -> str:
    """Translate one of the package's own messages (English is the key).

    Placeholders are named and filled after translation:
    ``gettext("{name}: expected …").format(name=…)``.
    """
    return _catalogue(lang or language()).gettext(message)
