"""System calls that Python has no function for (Linux)."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Any

__all__ = ["call", "libc", "prctl"]

# Keeps the interpreter lock through the call: a clone must come back in the same state.
_libc = ctypes.PyDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def libc() -> ctypes.PyDLL:
    """Return the C library, which holds the interpreter lock through its calls."""
    assert _libc is not None
    return _libc


def call(number: int, *arguments: Any) -> int:
    """Make a system call by its number; raise OSError where it fails."""
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = int(libc().syscall(ctypes.c_long(number), *words))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def prctl(option: int, *arguments: Any) -> None:
    """Set something about this process; raise OSError where it fails."""
    words = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in arguments]
    words += [ctypes.c_ulong(0)] * (4 - len(words))
    if libc().prctl(option, *words) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
