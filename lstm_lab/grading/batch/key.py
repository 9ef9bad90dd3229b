"""The instructor's key: any file that nobody else has."""

from __future__ import annotations

from pathlib import Path

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.reasons import reason

__all__ = ["read_key"]


def read_key(path: Path | None) -> bytes:
    """Return what is in the file, nothing if none is named.

    Raises
    ------
    UserError
        It cannot be read, or holds nothing: then inputs would be those that everybody knows.
    """
    if path is None:
        return b""
    try:
        key = path.read_bytes()
    except OSError as error:
        raise UserError(
            _("The key {path} cannot be read: {why}").format(path=path, why=reason(error))
        ) from None
    if not key.strip():
        raise UserError(
            _("The key {path} is empty: put something secret into it, a long random word.").format(
                path=path
            )
        )
    return key
