"""Whose submission is it? The names that learning platforms give to what they hand out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lstm_lab.grading.sources import readable

__all__ = ["Owner", "owner_of"]


@dataclass(frozen=True, slots=True)
class Owner:
    """A student as a file or folder name tells; `number` is the platform's, if it names one."""

    name: str
    number: str = ""


# "Full Name_12345_assignsubmission_file_" (Moodle: as a folder, or in front of the file name)
_MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_\w+?(?:_|$)")
# "lastfirst_LATE_12345_67890_name.ipynb" (Canvas)
_CANVAS = re.compile(r"(?P<name>[^_]+)(?:_LATE)?_(?P<number>\d{3,})_\d{4,}_.+")
# "20230101_张三" or "张三_20230101": a student number beside the name
_NUMBERED = re.compile(
    r"(?P<number>\d{5,})[_\-\s](?P<name>.+)|(?P<name2>.+)[_\-\s](?P<number2>\d{5,})"
)


def owner_of(name: str, exercises: Iterable[str]) -> Owner:
    """Return the owner told by a file name without its ending, or by a folder's name.

    Parameters
    ----------
    name : str
    exercises : iterable of str
        Names of exercises (``01_rnn``); they are no part of a student's name.

    Examples
    --------
    >>> owner_of("Ann Lee_4711_assignsubmission_file_", ["01_rnn"])
    Owner(name='Ann Lee', number='4711')
    >>> owner_of("leeann_LATE_4711_90125_01_rnn-2", ["01_rnn"])
    Owner(name='leeann', number='4711')
    >>> owner_of("01_rnn_20230101_张三 (1)", ["01_rnn"])
    Owner(name='20230101_张三', number='20230101')
    """
    name = readable(name).strip()
    for pattern in (_MOODLE, _CANVAS):
        match = pattern.match(name)
        if match:
            return Owner(match["name"].strip(), match["number"])
    rest = re.sub(r"\s*\(\d+\)$", "", name)  # "rnn (1)", as browsers number downloads
    for exercise in exercises:
        number = exercise[:2]
        words = re.escape(exercise).replace("_", "[_-]")
        rest = re.sub(rf"{words}|(?<![^\W_]){number}(?![^\W_])", "", rest)
    rest = re.sub(r"__+|--+", "_", rest).strip(" _-.") or name
    match = _NUMBERED.fullmatch(rest)
    if match:
        return Owner(rest, match["number"] or match["number2"])
    return Owner(rest)
