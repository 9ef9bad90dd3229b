"""Which system calls submitted code may not make, as a seccomp filter (Linux).

Numbers are those of x86-64 and arm64; on another processor the layer is not there, and says so.
What newer kernels add (from 451 on) does not exist for submitted code.
"""

from __future__ import annotations

import errno
import platform
import struct

__all__ = ["program"]

# (x86-64, arm64); -1: not on that processor
_DENIED: dict[str, tuple[int, int]] = {
    # starting and tracing other programs
    "fork": (57, -1),
    "vfork": (58, -1),
    "clone3": (435, 435),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "kcmp": (312, 272),
    # the network, and passing descriptors
    "socket": (41, 198),
    "socketpair": (53, 199),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "connect": (42, 203),
    "sendmsg": (46, 211),
    "recvmsg": (47, 212),
    "sendmmsg": (307, 269),
    "recvmmsg": (299, 243),
    # mounts and namespaces
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
    "fsconfig": (431, 431),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    # back doors of the kernel
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "open_by_handle_at": (304, 265),
    "name_to_handle_at": (303, 264),
    "personality": (135, 92),
    "modify_ldt": (154, -1),
    "iopl": (172, -1),
    "ioperm": (173, -1),
    "lookup_dcookie": (212, 18),
    # files by name, which Landlock does not hold
    "chmod": (90, -1),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "chown": (92, -1),
    "fchown": (93, 55),
    "lchown": (94, -1),
    "fchownat": (260, 54),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
    "fsetxattr": (190, 7),
    "removexattr": (197, 14),
    "lremovexattr": (198, 15),
    "fremovexattr": (199, 16),
    "utime": (132, -1),
    "utimes": (235, -1),
    "utimensat": (280, 88),
    "futimesat": (261, -1),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "inotify_init": (253, -1),
    "inotify_init1": (294, 26),
    "inotify_add_watch": (254, 27),
    # what would outlive the process
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    # other processes and who one is
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "setpriority": (141, 140),
    "ioprio_set": (251, 30),
    "sched_setattr": (314, 274),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setaffinity": (203, 122),
    "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    "setuid": (105, 146),
    "setgid": (106, 144),
    "setreuid": (113, 145),
    "setregid": (114, 143),
    "setresuid": (117, 147),
    "setresgid": (119, 149),
    "setgroups": (116, 159),
    "setfsuid": (122, 151),
    "setfsgid": (123, 152),
    "capset": (126, 91),
    # the machine
    "sync": (162, 81),
    "syncfs": (306, 267),
    "reboot": (169, 142),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "syslog": (103, 116),
    "vhangup": (153, 58),
}
_CLONE, _KILL, _TGKILL = (56, 220), (62, 129), (234, 131)
_PRLIMIT, _FCNTL, _IOCTL = (302, 261), (72, 25), (16, 29)
_FIRST_UNKNOWN = 451

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32 = 0x40000000
_CLONE_THREAD = 0x00010000
# F_SETOWN, F_SETSIG, F_SETOWN_EX; FIOSETOWN, SIOCSPGRP, TIOCSTI: ways to signal or type for others.
# F_SETLEASE, F_NOTIFY: a lease on a file of Python's makes whoever opens it wait.
_FCNTL_DENIED = (8, 10, 15, 1024, 1026)
_IOCTL_DENIED = (0x8901, 0x8902, 0x5412)

_LOAD, _JEQ, _JGE, _JSET, _RET = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW = 0x7FFF0000
_KILL_PROCESS = 0x80000000
_NR, _ARCH = 0, 4


def _argument(n: int) -> int:
    return 16 + 8 * n  # the low half; both processors are little-endian


def _error(number: int) -> int:
    return 0x00050000 | number


def _step(code: int, k: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("<HBBI", code, yes, no, k)


def program(pid: int) -> bytes | None:
    """Return the filter for a process with this id, None where we have none.

    Parameters
    ----------
    pid : int
        The only process that may be sent signals: itself.
    """
    machine = platform.machine()
    if machine not in _AUDIT_ARCH:
        return None
    column = 0 if machine == "x86_64" else 1
    refuse = _step(_RET, _error(errno.EPERM))
    absent = _step(_RET, _error(errno.ENOSYS))
    steps = [
        _step(_LOAD, _ARCH),
        _step(_JEQ, _AUDIT_ARCH[machine], 1, 0),
        _step(_RET, _KILL_PROCESS),
        _step(_LOAD, _NR),
        # the x32 calls, and those of newer kernels
        _step(_JGE, _X32, 0, 1),
        refuse,
        _step(_JGE, _FIRST_UNKNOWN, 0, 1),
        absent,
    ]
    for name, numbers in _DENIED.items():
        if numbers[column] >= 0:
            steps.append(_step(_JEQ, numbers[column], 0, 1))
            # glibc takes "not there" as a reason to use clone, whose flags can be looked at
            steps.append(absent if name == "clone3" else refuse)

    def only_if(number: int, argument: int, tests: list[bytes]) -> None:
        """For one call look at an argument; a test that holds skips to the refusal."""
        block = [_step(_LOAD, _argument(argument)), *tests]
        block += [_step(_RET, _ALLOW), refuse]
        steps.append(_step(_JEQ, number, 0, len(block)))
        steps.extend(block)

    only_if(_CLONE[column], 0, [_step(_JSET, _CLONE_THREAD, 0, 1)])
    for call in (_KILL, _TGKILL):
        only_if(call[column], 0, [_step(_JEQ, pid, 0, 1)])
    only_if(_PRLIMIT[column], 0, [_step(_JEQ, 0, 0, 1)])
    for call, words in ((_FCNTL, _FCNTL_DENIED), (_IOCTL, _IOCTL_DENIED)):
        left = range(len(words), 0, -1)
        only_if(call[column], 1, [_step(_JEQ, w, n, 0) for w, n in zip(words, left, strict=True)])
    steps.append(_step(_RET, _ALLOW))
    return b"".join(steps)
