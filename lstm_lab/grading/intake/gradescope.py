"""Who is behind ``submission_123``: the list that a Gradescope export brings."""

from __future__ import annotations

import re
from pathlib import Path

from lstm_lab.grading.intake.names import Owner
from lstm_lab.grading.intake.walking import METADATA, kind_of

__all__ = ["submitters"]

MAX_BYTES = 20 << 20
_SUBMISSION = re.compile(r"submission_\d+:")


def submitters(folder: Path) -> dict[str, list[Owner]]:
    """Return all who handed in each folder of an export, a group's members in their order.

    The list is whatever somebody put there; the work grows with its length, not with a square.
    """
    path = folder / METADATA
    if kind_of(path) != "file":
        return {}
    try:
        if path.stat().st_size > MAX_BYTES:
            return {}
        text = path.read_text("utf-8", errors="replace")
    except OSError:
        return {}
    found: dict[str, list[Owner]] = {}
    current: list[Owner] = []
    for line in text.splitlines():
        if _SUBMISSION.fullmatch(line.rstrip()):
            current = found.setdefault(line.rstrip()[:-1], [])
            continue
        key, _colon, value = line.strip().removeprefix("-").strip().partition(": ")
        value = value.strip().strip("'\"")
        if not value or (not line[:1].isspace() and not line.startswith("-")):
            continue
        if key == ":name":
            current.append(Owner(value))
        elif key == ":sid" and current and not current[-1].number:
            current[-1] = Owner(current[-1].name, value)
    return {name: list(dict.fromkeys(owners)) for name, owners in found.items() if owners}
