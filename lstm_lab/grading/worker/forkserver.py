"""A clean process that makes one child a submission, and ends all that a child leaves behind."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
import warnings
from pathlib import Path
from typing import Any

from . import child
from .isolation import probe
from .landlock import Walls
from .namespaces import fork_into, namespace_flags
from .remove import remove_tree
from .watch import EVERY, is_greedy

__all__ = ["serve"]

_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER


def serve(number: int) -> int:
    """Take orders on the socket until it closes.

    Each order is a line of JSON: ``probe`` (answered with the layers that hold here), ``prepare``
    (import torch and what is named of it), ``start`` (with the child's end of its line as a
    descriptor; answered with its pid) and ``end`` (answered when nothing is left).
    """
    control = socket.socket(fileno=number)
    _become_subreaper()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    gc.freeze()
    pid = 0
    folder = ""
    made: dict[tuple[str, ...], Walls] = {}
    try:
        while True:
            while pid and not select.select([control], [], [], EVERY)[0]:
                if is_greedy(pid, folder):
                    _kill(pid)
            data, numbers, _, _ = socket.recv_fds(control, 1 << 16, 1)
            if not data:
                return 0
            order: dict[str, Any] = json.loads(data)
            answer: dict[str, Any]
            if order["op"] == "probe":
                answer = {"layers": probe(order["boxes"])}
            elif order["op"] == "prepare":
                _prepare(order["modules"])
                answer = {"ready": True}
            elif order["op"] == "start":
                line = socket.socket(fileno=numbers[0])
                try:
                    pid = _fork(control, line, order, _walls(order, made))
                    folder = order["folder"]
                    answer = {"pid": pid}
                except OSError as error:
                    answer = {"pid": 0, "error": str(error)}
                finally:
                    line.close()
            else:
                answer = _end(pid)
                pid = 0
            control.sendall(json.dumps(answer).encode() + b"\n")
    except (OSError, ValueError):
        return 1
    finally:
        _end(pid)
        # The folder that we were started in is ours; whoever started us may have been killed.
        own = os.getcwd()
        os.chdir("/")
        remove_tree(own)


def _prepare(modules: list[str]) -> None:
    """Import torch without running an operation: a fork after its threads start would hang."""
    import torch

    torch.set_num_threads(1)
    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()


def _walls(order: dict[str, Any], made: dict[tuple[str, ...], Walls]) -> Walls | None:
    """Return the ruleset for what an exercise allows, made at its first submission."""
    if "landlock" not in order["layers"]:
        return None
    key = tuple(order["allow"])
    if key not in made:
        made[key] = Walls(order["allow"], order["boxes"])
    return made[key]


def _fork(
    control: socket.socket, line: socket.socket, order: dict[str, Any], walls: Walls | None
) -> int:
    user = (os.getuid(), os.getgid())
    flags = namespace_flags() if "namespaces" in order["layers"] else 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about threads at fork; there are none here
        pid = fork_into(flags)
    if pid:
        return pid
    status = 1
    try:
        control.close()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        child.serve_socket(line, order, user, walls)
        status = 0
    finally:
        os._exit(status)


def _become_subreaper() -> None:
    """On Linux, orphans of a child come to us, so that we can end them."""
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0)


def _children() -> list[int]:
    """Return our children; all of them come from submissions."""
    try:
        tasks = Path("/proc/self/task").iterdir()
        return [int(pid) for task in tasks for pid in (task / "children").read_text().split()]
    except OSError:
        return []


def _kill(pid: int) -> None:
    """Kill the child and its group; until it is waited for, nobody else can have its number."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(OSError):
            kill(pid, signal.SIGKILL)


def _end(pid: int) -> dict[str, Any]:
    """End the child, its group and, on Linux, whatever it left; say what it took."""
    killed = 0
    usage: Any = None
    give_up = time.monotonic() + 5
    if pid:
        _kill(pid)
        with contextlib.suppress(OSError):
            usage = os.wait4(pid, 0)[2]
    # An orphan's own children come to us when it is gone: go on until none is left.
    while time.monotonic() < give_up:
        left = _children()
        for one in left:
            with contextlib.suppress(OSError):
                os.kill(one, signal.SIGKILL)
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                killed += 1
        except ChildProcessError:
            break
        if left:
            time.sleep(0.002)
        else:
            break
    return {
        "ended": True,
        "left_behind": killed,
        "cpu": usage.ru_utime + usage.ru_stime if usage else 0.0,
        "memory_kb": usage.ru_maxrss if usage else 0,
    }
