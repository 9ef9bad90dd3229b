"""Why the system would not read or write a file, in the reader's language."""

from __future__ import annotations

import errno

from lstm_lab.i18n import gettext as _

__all__ = ["reason"]


def reason(error: OSError) -> str:
    """Return what the system says, in words; for what is rare, in its own.

    Examples
    --------
    >>> reason(FileNotFoundError(errno.ENOENT, "No such file or directory"))
    'there is no such file or folder'
    """
    if isinstance(error, FileNotFoundError):
        return _("there is no such file or folder")
    if isinstance(error, PermissionError):
        return _("that is not permitted")
    if isinstance(error, IsADirectoryError):
        return _("that is a folder")
    if isinstance(error, NotADirectoryError):
        return _("a file is where a folder should be")
    if isinstance(error, FileExistsError):
        return _("something of that name is there already")
    if error.errno == errno.ENOSPC:
        return _("the disk is full")
    if error.errno == errno.EROFS:
        return _("that disk can only be read")
    return error.strerror or str(error)
