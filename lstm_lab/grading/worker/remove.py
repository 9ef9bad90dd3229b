"""Remove a folder that submitted code wrote in, however deep it is and whatever it forbids."""

from __future__ import annotations

import contextlib
import os
from itertools import count

__all__ = ["remove_tree"]


def remove_tree(folder: str) -> None:
    """Remove a folder with all that is in it, as far as possible; raise nothing.

    `shutil.rmtree` calls itself for each level and fails at a thousand. Here a folder inside a
    folder is moved to the top first, so that no path grows and nothing is left on a stack.
    Links are removed, never followed.
    """
    numbers = count()
    with contextlib.suppress(OSError):
        os.chmod(folder, 0o700)
        while entries := list(os.scandir(folder)):
            gone = 0
            for entry in entries:
                with contextlib.suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        _lift(entry.path, folder, numbers)
                        os.rmdir(entry.path)
                    else:
                        os.unlink(entry.path)
                    gone += 1
            if not gone:
                break
        os.rmdir(folder)


def _lift(inside: str, top: str, numbers: count[int]) -> None:
    """Move the folders in a folder to the top, and remove everything else in it."""
    os.chmod(inside, 0o700)
    for entry in list(os.scandir(inside)):
        if not entry.is_dir(follow_symlinks=False):
            os.unlink(entry.path)
            continue
        os.chmod(entry.path, 0o700)  # moving a folder writes in it: its parent changes
        name = next(numbers)
        while os.path.lexists(target := os.path.join(top, f"{name}.lifted")):
            name = next(numbers)
        os.rename(entry.path, target)
