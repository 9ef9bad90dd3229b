"""Look at what somebody else's folder holds: links are not followed, and nothing ends the walk."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from lstm_lab.grading.messages.feedback import Said, say

__all__ = ["DEEPEST", "METADATA", "ignored", "kind_of", "too_deep", "walk"]

METADATA = "submission_metadata.yml"
IGNORED = {"__MACOSX", "__pycache__", METADATA, "Thumbs.db", "desktop.ini"}
DEEPEST = 40
MAX_FILES = 100_000


def kind_of(path: Path) -> str:
    """Return ``file``, ``folder``, ``link`` or, for all else and what cannot be seen, ``other``."""
    try:
        mode = os.lstat(path).st_mode
    except (OSError, ValueError):
        return "other"
    if stat.S_ISLNK(mode):
        return "link"
    if stat.S_ISDIR(mode):
        return "folder"
    return "file" if stat.S_ISREG(mode) else "other"


def ignored(name: str) -> bool:
    """Tell whether a file or folder of this name is the system's, a platform's or Jupyter's own."""
    return name in IGNORED or name.startswith(".")


def too_deep() -> Said:
    """Say that there are folders in folders without an end."""
    return say("more than {n} folders in one another, and not read", n=DEEPEST)


def walk(folder: Path) -> tuple[list[Path], list[tuple[Path, Said]]]:
    """Return the files in a folder and in those inside, in order, and what could not be read.

    `Path.rglob` calls itself for each level: some hundred folders in one another, a few kB in a
    zip, end it; and it raises at the first folder that is forbidden.
    """
    files: list[Path] = []
    problems: list[tuple[Path, Said]] = []
    waiting = [(folder, 0)]
    while waiting and len(files) + len(waiting) < MAX_FILES:
        here, depth = waiting.pop()
        if depth > DEEPEST:
            problems.append((here, too_deep()))
            continue
        try:
            inside = [Path(entry.path) for entry in os.scandir(here) if not ignored(entry.name)]
        except OSError as error:
            problems.append((here, say("cannot be read ({why})", why=error.strerror)))
            continue
        kinds = {path: kind_of(path) for path in inside}
        files += [path for path, kind in kinds.items() if kind == "file"]
        waiting += [(path, depth + 1) for path, kind in kinds.items() if kind == "folder"]
    return sorted(files), problems
