"""Start a process for each submission, and end it with all that it leaves.

On Linux one clean fork server serves a whole batch; elsewhere each submission gets a fresh
interpreter. What holds the submitted code is recorded as the `level` of a result.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.sandbox.child_handle import Child, WorkerLost
from lstm_lab.grading.sandbox.connection import LineClosed, PipeLine, SocketLine
from lstm_lab.grading.sandbox.environment import clean_environment
from lstm_lab.grading.sources import Document
from lstm_lab.grading.worker import codec
from lstm_lab.grading.worker.remove import remove_tree

__all__ = ["Sandbox", "is_isolated", "isolation_level"]

WORKER = Path(__file__).parents[1] / "worker"


@cache
def isolation_level() -> str:
    """Return what holds submitted code on this machine; each layer is tried, once.

    Examples
    --------
    >>> isolation_level()
    'process...'
    """
    sandbox = Sandbox()
    try:
        return sandbox.level
    finally:
        sandbox.close()


def is_isolated(level: str) -> bool:
    """Tell whether a level holds hostile code: files and system calls are both fenced.

    Examples
    --------
    >>> is_isolated("process+rlimits"), is_isolated("process+rlimits+landlock+seccomp")
    (False, True)
    """
    return {"landlock", "seccomp"} <= set(level.split("+"))


def modules_ahead(document: Document) -> list[str]:
    """Return what the fork server should import before a submission of a torch exercise.

    Whoever makes an optimiser imports all of torch's compiler. That takes longer than most
    submissions do, and nothing else asks for it.

    Examples
    --------
    >>> from lstm_lab.grading.sources import CodeCell
    >>> for text in ("import torch", "best = torch.optim.Adam(net.parameters())"):
    ...     modules_ahead(Document(Path("a.py"), (CodeCell(text, "<cell 1>"),)))
    ['torch']
    ['torch', 'torch._dynamo']
    """
    words = ("optim", "compile", "checkpoint", "dynamo")
    if any(word in cell.source for cell in document.cells for word in words):
        return ["torch", "torch._dynamo"]
    return ["torch"]


class Sandbox:
    """Makes one process a submission.

    Parameters
    ----------
    fork : bool, optional
        Use a fork server; by default on Linux only (a fork after Apple's frameworks started
        threads may crash, and Windows has none).
    layers : iterable of str, optional
        Use of the layers of `worker.isolation` only these; by default all that hold here.
    """

    def __init__(self, fork: bool | None = None, layers: Iterable[str] | None = None) -> None:
        self.wanted = None if layers is None else frozenset(layers)
        self._layers: list[str] = []
        self.fork = sys.platform.startswith("linux") if fork is None else fork
        self._server: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._folder: str | None = None
        self._imported: set[str] = set()

    def start(self, document: Document, exercise: Exercise) -> Child:
        """Start a process and load the submission's definitions in it."""
        if self.fork:
            self._serve()
        folder = tempfile.mkdtemp(prefix="lstm-lab-", dir=self._boxes if self.fork else None)
        limits = {
            "folder": folder,
            "boxes": self._boxes,
            "layers": self._layers,
            "allow": exercise.allow,
            "torch": exercise.torch,
            "memory_mb": 8192 if exercise.torch else 4096,
            "cpu_seconds": int(exercise.seconds * 2 + 30),
        }
        try:
            child = self._forked(limits, document) if self.fork else self._spawned(limits)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        child.load(document, exercise)
        return child

    @property
    def level(self) -> str:
        """What holds the submissions, as it is recorded with their results."""
        if sys.platform == "win32":
            return "process"
        if self.fork:
            self._serve()
        return "+".join(["process", "rlimits", *self._layers])

    @property
    def _boxes(self) -> str | None:
        """The folder in which each submission gets one of its own."""
        return os.path.join(self._folder, "boxes") if self._folder else None

    def _forked(self, limits: dict[str, Any], document: Document) -> Child:
        modules = modules_ahead(document) if limits["torch"] else []
        if not self._imported.issuperset(modules):
            self._order({"op": "prepare", "modules": modules}, seconds=120)
            self._imported.update(modules)
        ours, theirs = socket.socketpair()
        with theirs:
            answer = self._order({"op": "start", **limits}, theirs)
        if not answer["pid"]:
            ours.close()
            raise WorkerLost(str(answer.get("error")))
        return Child(SocketLine(ours), limits, lambda: self._order({"op": "end"}))

    def _serve(self) -> None:
        if self._server is not None and self._server.poll() is None:
            return
        self.close()
        self._folder = tempfile.mkdtemp(prefix="lstm-lab-server-")
        os.mkdir(os.path.join(self._folder, "boxes"), 0o700)
        self._control, theirs = socket.socketpair()
        with theirs:
            self._server = subprocess.Popen(
                [sys.executable, "-I", str(WORKER), "fork", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=clean_environment(self._folder),
                cwd=self._folder,
                start_new_session=True,
            )
        held = self._order({"op": "probe", "boxes": self._boxes})["layers"]
        self._layers = [one for one in held if self.wanted is None or one in self.wanted]

    def _order(
        self, order: dict[str, Any], line: socket.socket | None = None, seconds: float = 30
    ) -> dict[str, Any]:
        assert self._control is not None
        self._control.settimeout(seconds)
        data = json.dumps(order).encode()
        try:
            socket.send_fds(self._control, [data], [line.fileno()] if line else [])
            answer = b""
            while not answer.endswith(b"\n"):
                part = self._control.recv(1 << 16)
                if not part:
                    raise OSError("the fork server is gone")
                answer += part
        except OSError as error:
            self.close()
            raise WorkerLost(str(error)) from None
        return dict(json.loads(answer))

    def _spawned(self, limits: dict[str, Any]) -> Child:
        process = subprocess.Popen(
            [sys.executable, "-I", str(WORKER), "one"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=clean_environment(limits["folder"]),
            cwd=limits["folder"],
            start_new_session=sys.platform != "win32",
        )
        assert process.stdin is not None
        assert process.stdout is not None
        line = PipeLine(process.stdout, process.stdin, process)  # type: ignore[arg-type]
        with contextlib.suppress(LineClosed):
            line.send(codec.pack(limits), None)
        return Child(line, limits, lambda: _end_tree(process))

    def close(self) -> None:
        """End the fork server (each child was ended before)."""
        if self._control is not None:
            self._control.close()
        if self._server is not None:
            try:
                self._server.wait(5)
            except subprocess.TimeoutExpired:
                self._server.kill()
                self._server.wait()
        if self._folder is not None:
            remove_tree(self._folder)
        self._control = self._server = self._folder = None
        self._imported = set()


def _end_tree(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    if sys.platform == "win32":
        subprocess.run(
            ["taskkill", "/F", "/T", "/PID", str(process.pid)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    else:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    process.wait()
    return {"ended": True}
