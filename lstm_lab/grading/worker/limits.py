"""What a worker's child gives up before it runs submitted code."""

from __future__ import annotations

import os
import sys
from typing import Any

__all__ = ["apply_limits", "close_all_but"]

# Soft and hard alike. NPROC does not bind root; the deadline and the tree's end cover forks.
_MB = 1 << 20


def apply_limits(limits: dict[str, Any]) -> list[str]:
    """Set rlimits on POSIX; return the names of those set (none on Windows)."""
    try:
        import resource
    except ImportError:
        return []
    wanted = {
        "RLIMIT_AS": int(limits.get("memory_mb", 4096)) * _MB,
        "RLIMIT_FSIZE": int(limits.get("file_mb", 16)) * _MB,
        "RLIMIT_CPU": int(limits.get("cpu_seconds", 60)),
        "RLIMIT_NOFILE": 64,
        "RLIMIT_CORE": 0,
    }
    done = []
    for name, value in wanted.items():
        number = getattr(resource, name, None)
        if number is None:
            continue
        hard = resource.getrlimit(number)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        try:
            resource.setrlimit(number, (value, value))
            done.append(name)
        except (ValueError, OSError):
            continue  # macOS refuses RLIMIT_AS; the level recorded says what held
    return done


def close_all_but(keep: set[int]) -> None:
    """Close every descriptor above 2 that is not in `keep`."""
    top = 4096
    if sys.platform != "win32":
        import resource

        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        top = min(soft, 65_536) if soft > 0 else 4096
    start = 3
    for number in sorted(keep):
        if number >= start:
            os.closerange(start, number)
            start = number + 1
    os.closerange(start, top)
