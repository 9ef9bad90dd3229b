"""Where things are: the course root is found, never configured."""

from __future__ import annotations

import os
from pathlib import Path

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = ["course_root", "find_course_root", "work_folder"]

_MARKS = ("notebooks", "exercises", "lstm_lab")


def find_course_root(start: Path | str | None = None) -> Path | None:
    """Find the folder that holds the course, or None.

    ``LSTM_LAB_ROOT`` names it; otherwise it is the first folder, from `start`
    (default: the working directory) upwards, that holds `notebooks`, `exercises` and
    `lstm_lab`.

    Examples
    --------
    >>> find_course_root("/") is None
    True
    """
    named = os.environ.get("LSTM_LAB_ROOT")
    if named:
        folder = Path(named).expanduser().resolve()
        return folder if folder.is_dir() else None
    try:
        here = Path.cwd() if start is None else Path(start).resolve()
    except FileNotFoundError:  # the working directory was deleted under us
        return None
    for folder in (here, *here.parents):
        if all((folder / mark).is_dir() for mark in _MARKS):
            return folder
    return None


def course_root(start: Path | str | None = None) -> Path:
    """Like `find_course_root`, but a missing course is a `UserError`."""
    root = find_course_root(start)
    if root is None:
        named = os.environ.get("LSTM_LAB_ROOT")
        if named:
            raise UserError(
                _("LSTM_LAB_ROOT names {where}, and there is no such folder.").format(where=named)
            )
        where = start if start is not None else os.environ.get("PWD", ".")
        raise UserError(
            _(
                "No course found from {where} upwards: run this inside the LSTM Lab folder, "
                "or name that folder in the environment variable LSTM_LAB_ROOT."
            ).format(where=where)
        )
    return root


def work_folder(root: Path | None = None) -> Path:
    """Return the folder of the learner's own copies, ``<root>/work`` (it may not exist yet)."""
    return (root or course_root()) / "work"
