"""Whose submission is it? The names that learning platforms give to what they hand out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lstm_lab.grading.sources import readable
from lstm_lab.layout import split_name

__all__ = ["DATE", "Owner", "is_platforms", "owner_of", "typed_beside"]


@dataclass(frozen=True, slots=True)
class Owner:
    """A student as a file or folder name tells; `number` is the platform's, if it names one."""

    name: str
    number: str = ""


# "Full Name_12345_assignsubmission_file_" (Moodle: as a folder, or in front of the file name)
_MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_\w+?(?:_|$)")
# "lastfirst_LATE_12345_67890_name.ipynb" (Canvas)
_CANVAS = re.compile(r"(?P<name>.+?)(?:_LATE)?_(?P<number>\d{3,})_\d{4,}_.+")
# the same where names are hidden: "LATE_anon_a1B2c_67890_name.ipynb"
_ANONYMOUS = re.compile(r"(?:LATE_)?(?P<name>anon_[0-9A-Za-z]+)_\d{4,}_.+")
# what was typed into Moodle's page, beside the files: a folder, or a file, of its own
_TYPED = re.compile(r"(?P<who>.+_\d+)_assignsubmission_onlinetext(?:_.*)?")
# "20230101_张三" or "张三_20230101": a student number beside the name
_NUMBERED = re.compile(
    r"(?P<number>\d{5,})[_\-\s](?P<name>.+)|(?P<name2>.+)[_\-\s](?P<number2>\d{5,})"
)
# "2024-01-15", "15.01.24"; digits in a row may be a student's number
DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d([-_.])[01]?\d\1[0-3]?\d"
    r"|[0-3]?\d([-_.])[01]?\d\2(?:(?:19|20)\d\d|\d\d))(?!\d)"
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
    match = _ANONYMOUS.match(name)
    if match:
        return Owner(match["name"])
    exercises = list(exercises)
    slugs = {split_name(one)[1] for one in exercises}
    for pattern in (_MOODLE, _CANVAS):
        match = pattern.match(name)
        if match and split_name(match["name"])[1] not in slugs:
            return Owner(match["name"].strip(), match["number"])
    rest = re.sub(r"\s*\(\d+\)$", "", name)  # "rnn (1)", as browsers number downloads
    # longest first: rnn is also the beginning of rnn_backward
    own = sorted(map(split_name, exercises), key=lambda one: -len(one[1]))
    for _number, slug in own:  # whatever number it had when the student got it
        rest = re.sub(r"(?<!\d)\d\d[_-]" + slug.replace("_", "[_-]"), "", rest)
    rest = DATE.sub("", rest)
    for number, _slug in own:
        rest = re.sub(rf"(?<![^\W_]){number}(?![^\W_])", "", rest)
    rest = re.sub(r"__+|--+", "_", rest).strip(" _-.") or DATE.sub("", name).strip(" _-.") or name
    match = _NUMBERED.fullmatch(rest)
    if match:
        return Owner(rest, match["number"] or match["number2"])
    return Owner(rest)


def is_platforms(name: str) -> bool:
    """Tell whether a learning platform has given this name, so that it stands for a student.

    Examples
    --------
    >>> is_platforms("leeann_4711_90125_01_rnn"), is_platforms("01_rnn")
    (True, False)
    """
    return any(pattern.match(name) for pattern in (_MOODLE, _CANVAS, _ANONYMOUS))


def typed_beside(name: str, others: Iterable[str]) -> bool:
    """Tell whether Moodle has put there what a student typed, beside the files of the same one.

    Examples
    --------
    >>> files = ["Ann Lee_4711_assignsubmission_file", "Bob_4712_assignsubmission_onlinetext"]
    >>> typed_beside("Ann Lee_4711_assignsubmission_onlinetext", files)
    True
    >>> typed_beside("Bob_4712_assignsubmission_onlinetext", files)
    False
    """
    match = _TYPED.fullmatch(name)
    return match is not None and any(
        one.startswith(f"{match['who']}_assignsubmission_file") for one in others
    )
