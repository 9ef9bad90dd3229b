"""Watch what no limit of the kernel's bounds: threads, and room on a disk that others share.

RLIMIT_NPROC does not bind root, and counts all that a user runs; RLIMIT_FSIZE bounds a file, not
how many there are. So the fork server looks from time to time, but only at a submission that takes
longer than a few calls do.
"""

from __future__ import annotations

import os

__all__ = ["EVERY", "is_greedy"]

EVERY = 0.05
MAX_THREADS = 256
MAX_BYTES = 64 << 20
MAX_ENTRIES = 4096
MAX_DEPTH = 8


def is_greedy(pid: int, folder: str) -> bool:
    """Tell whether a process has more threads, or keeps more in its folder, than it may."""
    return _threads(pid) > MAX_THREADS or _keeps_too_much(folder)


def _threads(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/stat") as file:
            # the name, in brackets, may hold anything; the count is the 20th field
            return int(file.read().rpartition(")")[2].split()[17])
    except (OSError, IndexError):
        return 0


def _keeps_too_much(folder: str) -> bool:
    """Add up a folder of the disk (one that is a file system of its own is seen as empty)."""
    size = entries = 0
    waiting = [(folder, 0)]
    while waiting:
        inside, depth = waiting.pop()
        if depth > MAX_DEPTH:
            return True
        try:
            with os.scandir(inside) as found:
                for entry in found:
                    entries += 1
                    size += entry.stat(follow_symlinks=False).st_blocks * 512
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append((entry.path, depth + 1))
                    if size > MAX_BYTES or entries > MAX_ENTRIES:
                        return True
        except OSError:
            continue  # it went while we looked
    return False
