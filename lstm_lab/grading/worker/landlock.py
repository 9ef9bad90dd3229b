"""Landlock: which files may be read, and the one folder that may be written."""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
import sys
import sysconfig

from .system_calls import call

__all__ = ["ANSWER_KEYS", "Walls", "listed", "readable"]

# Packages that know the answers; an exercise names those of them that its answers may import.
ANSWER_KEYS = frozenset(
    {"lstm_lab", "torch", "keras", "tensorflow", "jax", "jaxlib", "scipy", "sklearn"}
)

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
# rights of Landlock's first version, and what later ones added (ABI, bits)
_RIGHTS_1 = (1 << 13) - 1
_ADDED = ((2, 1 << 13), (3, 1 << 14), (5, 1 << 15))
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
# read and write files and folders, remove and truncate them; no special files, links or running
_IN_BOX = _WRITE_FILE | _READ_FILE | _READ_DIR | 1 << 4 | 1 << 5 | 1 << 7 | 1 << 8 | 1 << 14
_FOR_FILES = _EXECUTE | _WRITE_FILE | _READ_FILE | (1 << 14) | (1 << 15)


def _abi() -> int:
    try:
        return call(_CREATE_RULESET, None, 0, 1)
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
        self.number = call(_CREATE_RULESET, packed, size, 0)
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
            call(_ADD_RULE, ruleset, 1, attributes, 0)
        finally:
            os.close(number)

    def enter(self, folder: str) -> None:
        """Give up every other file, for good; write in this folder only.

        The second ruleset is the child's own: the first is shared, and a rule added to it would
        hold for all that come after.
        """
        call(_RESTRICT_SELF, self.number, 0)
        os.close(self.number)
        writing = self.rights & ~(_EXECUTE | _READ_FILE | _READ_DIR)
        own = call(_CREATE_RULESET, ctypes.create_string_buffer(struct.pack("<Q", writing)), 8, 0)
        self.rights = writing
        self._add(own, folder, _IN_BOX)
        self._add(own, "/dev/null", _WRITE_FILE)
        call(_RESTRICT_SELF, own, 0)
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

    What knows the answers is left out but for what is allowed: the course's own package, and
    the libraries that have finished networks.
    """
    kept_back = ANSWER_KEYS - {name.split(".")[0] for name in allow}
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
                if "lstm_lab" in name.replace("-", "_") or name in kept_back:
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
