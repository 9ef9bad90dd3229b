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
import sysconfig
from typing import Any

from . import seccomp

__all__ = [
    "LAYERS",
    "Walls",
    "enter_namespaces",
    "filter_calls",
    "fork_into",
    "give_up_privileges",
    "namespace_flags",
    "probe",
]

LAYERS = ("namespaces", "landlock", "seccomp")

_NEWNS, _NEWIPC, _NEWUSER, _NEWPID, _NEWNET = 0x20000, 0x8000000, 0x10000000, 0x20000000, 0x40000000
_SIGCHLD = 17
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _PR_CAPBSET_DROP = 38, 22, 24
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CLONE = {"x86_64": 56, "aarch64": 220}
# rights of Landlock's first version, and what later ones added (ABI, bits)
_RIGHTS_1 = (1 << 13) - 1
_ADDED = ((2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
# read and write files and folders, remove and truncate them; no special files, links or running
_IN_BOX = _WRITE_FILE | _READ_FILE | _READ_DIR | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 14
_FOR_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | (1 << 14) | (1 << 15)

# Keeps the interpreter lock through the call: a clone must come back in the same state.
_libc = ctypes.PyDLL(None, use_errno=True) if sys.platform.startswith("linux") else None


def _call(number: int, *arguments: Any) -> int:
    assert _libc is not None
    words = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = int(_libc.syscall(ctypes.c_long(number), *words))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def _prctl(option: int, *arguments: Any) -> None:
    assert _libc is not None
    words = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in arguments]
    words += [ctypes.c_ulong(0)] * (4 - len(words))
    if _libc.prctl(option, *words) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


# --- namespaces ------------------------------------------------------------------------------


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
        pid = _call(_CLONE[os.uname().machine], flags | _SIGCHLD, 0, 0, 0, 0)
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
    assert _libc is not None
    ms_rec_private, ms_nosuid_nodev_noexec = 0x4000 | 0x40000, 2 | 4 | 8
    options = f"size={disk_mb}m,nr_inodes=4096,mode=0700".encode()
    for source, target, kind, flags, data in (
        (b"none", b"/", None, ms_rec_private, None),
        (b"tmpfs", os.fsencode(folder), b"tmpfs", ms_nosuid_nodev_noexec, options),
    ):
        if _libc.mount(source, target, kind, ctypes.c_ulong(flags), data) != 0:
            raise OSError(ctypes.get_errno(), "mount")


# --- Landlock --------------------------------------------------------------------------------


def _abi() -> int:
    try:
        return _call(_CREATE_RULESET, None, 0, 1)
    except OSError:
        return 0


class Walls:
    """A Landlock ruleset, made once in the fork server and entered by each child.

    Parameters
    ----------
    allow : list of str
        The modules that answers may import.
    boxes : str
        The folder in which each child has its own.
    """

    def __init__(self, allow: list[str], boxes: str) -> None:
        abi = _abi()
        if not abi:
            raise OSError("no Landlock")
        self.rights = _RIGHTS_1
        for since, bits in _ADDED:
            if abi >= since:
                self.rights |= bits
        # file rights; TCP bind and connect; abstract sockets and signals to the outside
        attributes = [self.rights, 3 if abi >= 4 else 0, 3 if abi >= 6 else 0]
        size = 8 if abi < 4 else 16 if abi < 6 else 24
        packed = ctypes.create_string_buffer(struct.pack("<QQQ", *attributes))
        self.number = _call(_CREATE_RULESET, packed, size, 0)
        for path in readable(allow):
            self._add(self.number, path, _READ_FILE | _READ_DIR | _EXECUTE)
        for path in listed():
            self._add(self.number, path, _READ_DIR)
        for path in ("/dev/zero", "/dev/urandom", "/dev/random"):
            self._add(self.number, path, _READ_FILE)
        self._add(self.number, "/dev/null", _READ_FILE | _WRITE_FILE)
        self._add(self.number, boxes, _IN_BOX)

    def _add(self, ruleset: int, path: str, rights: int) -> None:
        try:
            number = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            return
        try:
            if not os.path.isdir(path):
                rights &= _FOR_FILES
            attributes = ctypes.create_string_buffer(
                struct.pack("<Qi", rights & self.rights, number)
            )
            _call(_ADD_RULE, ruleset, 1, attributes, 0)
        finally:
            os.close(number)

    def enter(self, folder: str) -> None:
        """Give up every other file, for good; write in this folder only.

        The second ruleset is the child's own: the first is shared, and a rule added to it would
        hold for all that come after.
        """
        _call(_RESTRICT_SELF, self.number, 0)
        os.close(self.number)
        writing = self.rights & ~(_EXECUTE | _READ_FILE | _READ_DIR)
        own = _call(_CREATE_RULESET, ctypes.create_string_buffer(struct.pack("<Q", writing)), 8, 0)
        self.rights = writing
        self._add(own, folder, _IN_BOX)
        self._add(own, "/dev/null", _WRITE_FILE)
        _call(_RESTRICT_SELF, own, 0)
        os.close(own)


def _site_folders() -> list[str]:
    """Return the folders of installed packages on the path."""
    named = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    packages = ("site-packages", "dist-packages")
    return [p for p in dict.fromkeys([*sys.path, *named]) if p and p.endswith(packages)]


def listed() -> list[str]:
    """Return folders in which names may be seen: the import system looks for modules there."""
    return _site_folders()


def readable(allow: list[str]) -> list[str]:
    """Return what may be read: Python itself, and the packages that answers may import.

    The course's own package is an answer key, so it is left out but for what is allowed.
    """
    sites = [os.path.realpath(folder) for folder in _site_folders()]
    own = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
    shared = [
        f"{sys.base_prefix}/lib",
        "/usr/local/lib",
        "/usr/lib",
        "/usr/lib64",
        "/lib",
        "/lib64",
    ]
    # through links, since /lib is one to /usr/lib on many systems and would open all of it
    roots = list(dict.fromkeys(os.path.realpath(folder) for folder in [*own, *shared] if folder))
    found = ["/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo"]
    for folder in [*roots, *sites]:
        with contextlib.suppress(OSError):
            for name in os.listdir(folder):
                path = os.path.join(folder, name)
                real = os.path.realpath(path)
                if any((inner + "/").startswith(real + "/") for inner in [*roots, *sites]):
                    continue  # its entries are added one by one
                if "lstm_lab" in name.replace("-", "_"):
                    continue
                if folder not in sites and name.startswith("python3") and os.path.isdir(path):
                    continue  # another Python's library, with packages of its own
                found.append(path)
    for name in allow:
        parts = name.split(".")
        if parts[0] == "lstm_lab":
            found += _of_course(parts)
    return found


def _of_course(parts: list[str]) -> list[str]:
    """Return the files of an allowed part of the package: it, and the small modules at the top."""
    for base in sys.path:
        package = os.path.join(base, "lstm_lab")
        if os.path.isdir(package):
            top = [os.path.join(package, n) for n in os.listdir(package) if n.endswith(".py")]
            inner = os.path.join(base, *parts)
            return [*top, inner if os.path.isdir(inner) else inner + ".py"]
    return []


# --- the rest, in the child ------------------------------------------------------------------


def give_up_privileges() -> None:
    """No new privileges, and no capabilities, even for root."""
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    for capability in range(64):
        try:
            _prctl(_PR_CAPBSET_DROP, capability)
        except OSError:
            break
    with contextlib.suppress(OSError, KeyError):
        header = ctypes.create_string_buffer(struct.pack("<Ii", 0x20080522, 0))
        _call(_CAPSET[os.uname().machine], header, ctypes.create_string_buffer(24))


def filter_calls() -> None:
    """Enter the seccomp filter, for good."""
    code = seccomp.program(os.getpid())
    if code is None:
        raise OSError("no filter for this processor")
    steps = ctypes.create_string_buffer(code)
    fprog = struct.pack("@HP", len(code) // 8, ctypes.addressof(steps))
    _prctl(_PR_SET_SECCOMP, 2, ctypes.create_string_buffer(fprog))


# --- probing ---------------------------------------------------------------------------------


def probe(boxes: str) -> list[str]:
    """Return the layers that hold here, each tried in a child of its own."""
    if not sys.platform.startswith("linux") or os.uname().machine not in _CLONE:
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
                _prctl(_PR_SET_NO_NEW_PRIVS, 1)
                walls.enter(boxes)
                status = 0 if _denied(lambda: os.listdir("/")) else 1
            else:
                _prctl(_PR_SET_NO_NEW_PRIVS, 1)
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
