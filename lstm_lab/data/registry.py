"""The list of data sets, each with licence, source, size and checksum."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lstm_lab.data import read
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.i18n import language
from lstm_lab.reasons import reason

__all__ = ["DATA_SETS", "LIMIT", "DataSet", "load"]

FILES = Path(__file__).parent / "files"
LIMIT = 6_000_000  # bytes, all files together: they are part of the course and of the wheel


@dataclass(frozen=True)
class DataSet:
    """One data set: what it is, whose it is, and how it is read.

    Attributes
    ----------
    name : str
    titles : dict
        Language → one line.
    licence : str
    source : str
        Who made it, and through which package it came here.
    file : str
        In ``lstm_lab/data/files``.
    size : int
        Bytes of the file.
    sha256 : str
        Of the file.
    read : callable
        From the file's text to arrays by name.
    """

    name: str
    titles: dict[str, str]
    licence: str
    source: str
    file: str
    size: int
    sha256: str
    read: Callable[[str], dict[str, np.ndarray]]

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return FILES / self.file

    @property
    def title(self) -> str:
        """One line in the reader's language."""
        return self.titles[language()]

    def load(self) -> dict[str, np.ndarray]:
        """Return the arrays by name, after the file's checksum has been compared.

        Raises
        ------
        UserError
            The file is missing, or is not the one that was shipped.
        """
        try:
            content = self.path.read_bytes()
        except OSError as error:
            raise UserError(f"{self.path}: {reason(error)}") from None
        found = hashlib.sha256(content).hexdigest()
        if found != self.sha256:
            raise UserError(
                _("{path}: not the file that was shipped (sha256 expected {want}…, found {found}…)")
                .format(path=self.path, want=self.sha256[:12], found=found[:12])
            )  # fmt: skip
        return self.read(content.decode("utf-8"))


DATA_SETS: dict[str, DataSet] = {
    made.name: made
    for made in (
        DataSet(
            "co2",
            {
                "en": "CO2 in the air of Mauna Loa, weekly, 1958 to 2001, 59 weeks missing",
                "zh": "莫纳罗亚山大气中的二氧化碳，每周一值，1958–2001，缺 59 周",
            },
            "public domain",
            "Keeling & Whorf 2004, CDIAC; statsmodels datasets/co2",
            "co2.csv",
            38_542,
            "274b27ee617341b85b76872a33f506dc1a0f4d0ed5490ce3f0118f306570afb5",
            read.co2,
        ),
        DataSet(
            "colours",
            {
                "en": "949 names that people gave to colours in a survey of 2010, in English",
                "zh": "2010 年一次问卷中人们给颜色起的 949 个英文名字",
            },
            "CC0 1.0",
            "Randall Munroe, colour survey 2010; matplotlib _color_data.py",
            "colours.csv",
            17_357,
            "ca7a8009c57a167f9b7284f6d60747740c2342fa04c5104f06a312718bd52c1a",
            read.colours,
        ),
        DataSet(
            "sunspots",
            {
                "en": "Sunspot numbers, monthly means, 1749 to 2008",
                "zh": "太阳黑子数，月平均，1749–2008",
            },
            "public domain",
            "National Geophysical Data Center; statsmodels datasets/sunspots/src",
            "sunspots.csv",
            40_510,
            "b09466bea597e8f38eb2141a786d77511653f92309fba8078cf4798892f35f45",
            read.sunspots,
        ),
    )
}


def load(name: str) -> dict[str, np.ndarray]:
    """Return a data set's arrays by name.

    Parameters
    ----------
    name : str
        One of `DATA_SETS`; `lstm_lab.data.read` says what each holds.

    Raises
    ------
    UserError
        There is no such data set, or its file is not the one that was shipped.

    Examples
    --------
    >>> found = load("sunspots")
    >>> found["month"][0], found["number"].shape
    (np.datetime64('1749-01'), (3120,))
    """
    if name not in DATA_SETS:
        raise UserError(
            _("name: expected one of {known}, found {found}").format(
                known=", ".join(map(repr, DATA_SETS)), found=repr(name)
            )
        )
    return DATA_SETS[name].load()
