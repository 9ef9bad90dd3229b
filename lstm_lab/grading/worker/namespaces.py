"""Namespaces of a child's own: no network, no other processes, a small disk that vanishes."""

from __future__ import annotations

import ctypes
import os

from .system_calls import call, libc

__all__ = ["CLONE", "enter_namespaces", "fork_into", "namespace_flags"]

_NEWNS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = 0x20000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
_SIGCHLD = 17
CLONE = {"x86_64": 56, "aarch64": 220}
"""The number of the system call by processor."""


def namespace_flags() -> int:
    """Return what `fork_into` is to make new."""
    return _NEWUSER | _NEWPID | _NEWNET | _NEWIPC | _NEWNS


def fork_into(flags: int) -> int:
    """Fork as `os.fork` does, the child being the first process of new namespaces.

    Whoever ends that first process ends all that it started.
    """
    if not flags:
        return os.fork()
    ctypes.pythonapi.PyOS_BeforeFork()
    try:
        pid = call(CLONE[os.uname().machine], flags | _SIGCHLD, 0, 0, 0, 0)
    except OSError:
        ctypes.pythonapi.PyOS_AfterFork_Parent()
        raise
    if pid == 0:
        ctypes.pythonapi.PyOS_AfterFork_Child()
    else:
        ctypes.pythonapi.PyOS_AfterFork_Parent()
    return pid


def enter_namespaces(uid: int, gid: int, folder: str, disk_mb: int = 64) -> None:
    """In the child: map its user, and put a small file system of its own over its folder."""
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{uid} {uid} 1"),
        ("gid_map", f"{gid} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(text)
    ms_rec_private, ms_nosuid_nodev_noexec = 0x4000 | 0x40000, 2 | 4 | 8
    options = f"size={disk_mb}m,nr_inodes=4096,mode=0700".encode()
    for source, target, kind, flags, data in (
        (b"none", b"/", None, ms_rec_private, None),
        (b"tmpfs", os.fsencode(folder), b"tmpfs", ms_nosuid_nodev_noexec, options),
    ):
        if libc().mount(source, target, kind, ctypes.c_ulong(flags), data) != 0:
            raise OSError(ctypes.get_errno(), "mount")
