"""What a learner has done: one line of JSON a fact, only ever appended."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lstm_lab.paths import find_course_root, work_folder

__all__ = ["read", "record"]

_FILE = "progress.jsonl"


def record(kind: str, **facts: Any) -> Path | None:
    """Append one fact to ``work/progress.jsonl`` and return that file.

    Outside a course, or where `work/` cannot be written, nothing is recorded and None
    is returned: progress is a convenience and never stops a lesson.

    Parameters
    ----------
    kind : str
        What happened, for example ``"check"`` or ``"prediction"``.
    **facts
        Values that JSON can hold.
    """
    root = find_course_root()
    if root is None:
        return None
    path = work_folder(root) / _FILE
    line = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "kind": kind, **facts}
    data = (json.dumps(line, ensure_ascii=False) + "\n").encode()
    try:
        path.parent.mkdir(exist_ok=True)
        # One write to a descriptor opened for appending, so that two notebooks never mix lines.
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, data)
        finally:
            os.close(handle)
    except OSError:
        return None
    return path


def read(root: Path | None = None) -> list[dict[str, Any]]:
    """Return all facts, oldest first; a damaged line is passed over, never an error."""
    root = root or find_course_root()
    if root is None:
        return []
    try:
        lines = (work_folder(root) / _FILE).read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return []
    facts = []
    for line in lines:
        try:
            fact = json.loads(line)
        except ValueError:
            continue
        if isinstance(fact, dict):
            facts.append(fact)
    return facts
