"""The layers that hold submitted code on Linux, each used where the kernel grants it.

``namespaces``: no network, other processes not seen, a small disk of its own that vanishes;
``landlock``: files of Python and the exercise's libraries may be read, its own folder written;
``seccomp``: no processes, sockets, mounts, tracing. Each holds without the others.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
import sys
from typing import Any

from . import seccomp
from .landlock import Walls
from .namespaces import CLONE, enter_namespaces, fork_into, namespace_flags
from .system_calls import call, prctl

__all__ = ["LAYERS", "filter_calls", "give_up_privileges", "probe"]

LAYERS = ("namespaces", "landlock", "seccomp")

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _PR_CAPBSET_DROP = 38, 22, 24
_CAPSET = {"x86_64": 126, "aarch64": 91}


def give_up_privileges() -> None:
    """No new privileges, and no capabilities, even for root."""
    prctl(_PR_SET_NO_NEW_PRIVS, 1)
    for capability in range(64):
        try:
            prctl(_PR_CAPBSET_DROP, capability)
        except OSError:
            break
    with contextlib.suppress(OSError, KeyError):
        header = ctypes.create_string_buffer(struct.pack("<Ii", 0x20080522, 0))
        call(_CAPSET[os.uname().machine], header, ctypes.create_string_buffer(24))


def filter_calls() -> None:
    """Enter the seccomp filter, for good."""
    code = seccomp.program(os.getpid())
    if code is None:
        raise OSError("no filter for this processor")
    steps = ctypes.create_string_buffer(code)
    fprog = struct.pack("@HP", len(code) // 8, ctypes.addressof(steps))
    prctl(_PR_SET_SECCOMP, 2, ctypes.create_string_buffer(fprog))


def probe(boxes: str) -> list[str]:
    """Return the layers that hold here, each tried in a child of its own."""
    if not sys.platform.startswith("linux") or os.uname().machine not in CLONE:
        return []
    return [name for name in LAYERS if _works(name, boxes)]


def _works(name: str, boxes: str) -> bool:
    uid, gid = os.getuid(), os.getgid()
    try:
        pid = fork_into(namespace_flags() if name == "namespaces" else 0)
    except OSError:
        return False
    if pid == 0:
        status = 1
        try:
            if name == "namespaces":
                enter_namespaces(uid, gid, boxes)
                status = 0 if os.getpid() == 1 else 1
            elif name == "landlock":
                walls = Walls([], boxes)
                prctl(_PR_SET_NO_NEW_PRIVS, 1)
                walls.enter(boxes)
                status = 0 if _denied(lambda: os.listdir("/")) else 1
            else:
                prctl(_PR_SET_NO_NEW_PRIVS, 1)
                filter_calls()
                status = 0 if _denied(os.fork) else 1
        finally:
            os._exit(status)
    return os.waitpid(pid, 0)[1] == 0


def _denied(attempt: Any) -> bool:
    try:
        if attempt() == 0:  # a fork that went through: its child must not go on from here
            os._exit(1)
    except OSError:
        return True
    return False
