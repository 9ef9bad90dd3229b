"""Files written whole or not at all, never over what somebody else has just written."""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import ModuleType

__all__ = ["backup_path", "discard", "locked", "place", "write"]

fcntl: ModuleType | None
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None


def _beside(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    # Not tempfile: its files are readable by nobody else, whatever the umask says.
    handle = os.open(
        temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666
    )
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def write(path: Path, data: bytes) -> None:
    """Write `path`, over what was there; a reader never sees half of it."""
    temporary = _beside(path, data)
    try:
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def place(path: Path, data: bytes) -> bool:
    """Write `path` if nothing is there; tell whether it was written."""
    temporary = _beside(path, data)
    try:
        # A link fails where there is a file already; a rename would go over it (not on Windows).
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        if path.exists():
            return False
        os.rename(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    return True


def backup_path(work: Path, path: Path, now: datetime | None = None) -> Path:
    """Return a place, free so far, for what is now at `path` (a file below `work`).

    Examples
    --------
    >>> when = datetime(2026, 1, 31, 18, 5, 9)
    >>> backup_path(Path("work"), Path("work/exercises/en/01_rnn.ipynb"), when).as_posix()
    'work/backups/2026-01-31_18-05-09/exercises/en/01_rnn.ipynb'
    """
    stamp = (now or datetime.now()).strftime("%Y-%m-%d_%H-%M-%S")
    inside = path.relative_to(work)
    folder, n = work / "backups" / stamp, 1
    while os.path.lexists(folder / inside):
        n += 1
        folder = work / "backups" / f"{stamp}_{n}"
    return folder / inside


def discard(work: Path, backup: Path) -> None:
    """Delete a backup that holds nothing of anybody's, and the folders left empty by that."""
    try:
        backup.unlink()
    except PermissionError:  # Windows, for a read-only file
        backup.chmod(0o666)
        backup.unlink()
    for folder in backup.relative_to(work).parents:
        if folder == Path() or any((work / folder).iterdir()):
            break
        (work / folder).rmdir()


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a lock that other processes wait for; where locks do not work, go on without.

    What is done under it is safe file by file anyway; the lock spares double work.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file, contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            if fcntl is not None:
                fcntl.flock(file, fcntl.LOCK_EX)
                stack.callback(fcntl.flock, file, fcntl.LOCK_UN)
            else:
                import msvcrt

                file.seek(0)
                msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined,unused-ignore]
        yield
