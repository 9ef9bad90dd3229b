"""Run a command as in a pod: without the system calls and privileges that containerd withholds.

``python pod_stand_in.py PROFILE COMMAND…``, where PROFILE is ``default`` (what containerd 2 allows,
``contrib/seccomp/seccomp_default.go``) or ``old`` (before it knew of Landlock). Standard library
only; Linux on x86-64 or arm64.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
import sys

# (x86-64, arm64): not on containerd's list of what is allowed
WITHHELD = {
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "unshare": (272, 97),
    "setns": (308, 268), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "bpf": (321, 280), "perf_event_open": (298, 241),
    "userfaultfd": (323, 282), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "open_by_handle_at": (304, 265), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "move_pages": (279, 239),
    "migrate_pages": (256, 238), "mbind": (237, 235), "get_mempolicy": (239, 236),
    "set_mempolicy": (238, 237), "syslog": (103, 116), "acct": (163, 89), "quotactl": (179, 60),
    "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142), "kexec_load": (246, 104),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106),
    "sethostname": (170, 161), "setdomainname": (171, 162), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "vhangup": (153, 58), "fanotify_init": (300, 262),
}  # fmt: skip
LANDLOCK = (444, 445, 446)
CLONE, CLONE3 = (56, 220), (435, 435)
NEW_NAMESPACES = 0x7E020000  # user, pid, net, mount, uts, ipc, cgroup
# what Docker and containerd leave to root in a container
KEPT = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}

LOAD, EQUAL, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
ALLOW, REFUSE, ABSENT = 0x7FFF0000, 0x00050000 | 1, 0x00050000 | 38
SET_SECCOMP, NO_NEW_PRIVS, DROP = 22, 38, 24


def program(profile: str) -> bytes:
    """Return the filter, as BPF."""
    column = 0 if platform.machine() == "x86_64" else 1
    numbers = [pair[column] for pair in WITHHELD.values()]
    numbers += LANDLOCK if profile == "old" else ()

    def step(code: int, k: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("<HBBI", code, yes, no, k)

    steps = [step(LOAD, 0)]
    for number in numbers:
        steps += [step(EQUAL, number, 0, 1), step(RETURN, REFUSE)]
    steps += [step(EQUAL, CLONE3[column], 0, 1), step(RETURN, ABSENT)]
    steps += [step(EQUAL, CLONE[column], 0, 3), step(LOAD, 16)]
    steps += [step(ANY_BIT, NEW_NAMESPACES, 0, 1), step(RETURN, REFUSE), step(RETURN, ALLOW)]
    return b"".join(steps)


def main() -> None:
    """Withhold, and become the command."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    code = program(sys.argv[1])
    if os.geteuid() != 0:
        libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    buffer = ctypes.create_string_buffer(code, len(code))
    whole = struct.pack("<H6xQ", len(code) // 8, ctypes.addressof(buffer))
    head = ctypes.create_string_buffer(whole, len(whole))
    if libc.prctl(SET_SECCOMP, 2, ctypes.addressof(head), 0, 0):
        raise OSError(ctypes.get_errno(), "the filter was not taken")
    for capability in set(range(64)) - KEPT:
        with contextlib.suppress(OSError):
            libc.prctl(DROP, capability, 0, 0, 0)
    os.execv(sys.argv[2], sys.argv[2:])


if __name__ == "__main__":
    main()
