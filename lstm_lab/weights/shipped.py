"""Find and read the files of trained networks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.saving import load

__all__ = ["names", "path_of", "shipped"]

HERE = Path(__file__).parent


def names() -> list[str]:
    """Return what is shipped.

    Examples
    --------
    >>> names()
    ['repair']
    """
    return sorted(path.parent.name for path in HERE.glob("*/make.py"))


def path_of(name: str) -> Path:
    """Return where the file of `name` is, or will be once it is made.

    Examples
    --------
    >>> path_of("repair").name
    'repair.npz'
    """
    if name not in names():
        raise UserError(
            _("name: expected one of {known}, found {found}").format(
                known=", ".join(map(repr, names())), found=repr(name)
            )
        )
    return HERE / name / f"{name}.npz"


def shipped(name: str) -> Any:
    """Read what ``weights/NAME/make.py`` has saved, as it saved it.

    Parameters
    ----------
    name : str
        One of `names`.

    Raises
    ------
    UserError
        There is no such network, or its file is damaged.

    Examples
    --------
    >>> shipped("repair")["ask/ifo"]["curves"].shape
    (50, 8)
    """
    return load(path_of(name))
