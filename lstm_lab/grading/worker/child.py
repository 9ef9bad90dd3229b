"""One submission's process: load its definitions, then answer calls until the line closes."""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable
from io import BytesIO
from types import ModuleType
from typing import Any

from .codec import ProtocolError, pack, read_frame
from .deadline import Deadline, DeadlinePassed
from .extract import extract, run
from .host import Host
from .isolation import filter_calls, give_up_privileges
from .landlock import ANSWER_KEYS, Walls
from .limits import apply_limits, close_all_but
from .namespaces import enter_namespaces

__all__ = ["serve_pipes", "serve_socket"]

QUICK = 0.02
"""Seconds that a call may have taken to be repeated unasked."""

Send = Callable[[bytes], Any]
Receive = Callable[[int], bytes]


class _Refuser:
    """An import finder that refuses what the exercise does not allow.

    It keeps honest answers honest; what holds against hostile ones is that nothing worth
    importing can be read.
    """

    def __init__(self, allowed: Callable[[str], bool]) -> None:
        self.allowed = allowed

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if not self.allowed(name):
            raise ImportError(f"{name} is not available in this exercise")


def _allowed(names: list[str]) -> Callable[[str], bool]:
    own = ANSWER_KEYS | {"pytest"}
    open_to_it = set(names) | {"numpy"}

    def allowed(module: str) -> bool:
        parts = module.split(".")
        prefixes = {".".join(parts[:n]) for n in range(1, len(parts) + 1)}
        # `allow: [lstm_lab.cells]` must let its parent be imported too
        parent = any(name.startswith(module + ".") for name in open_to_it)
        return parts[0] not in own or parent or bool(prefixes & open_to_it)

    return allowed


def _is_course(path: str) -> bool:
    return all(os.path.isdir(os.path.join(path, name)) for name in ("lstm_lab", "exercises"))


def serve(send: Send, receive: Receive) -> int:
    """Serve one submission on a connection."""
    message, body = read_frame(receive)
    allowed = _allowed(message.get("allow", []))
    sys.meta_path.insert(0, _Refuser(allowed))
    if not any(name.split(".")[0] == "lstm_lab" for name in message.get("allow", [])):
        # installed for development, the package brings the course's folder onto the path
        sys.path[:] = [path for path in sys.path if not _is_course(path)]
    main = ModuleType("__main__")
    sys.modules["__main__"] = main
    namespace = main.__dict__
    facts: dict[str, Any] = {"found": [], "problems": []}
    try:
        with Deadline(message.get("seconds")):
            found = extract(body, message.get("tasks", []))
            facts["found"] = found.found
            facts["problems"] = found.problems + run(found, namespace, allowed)
    except DeadlinePassed:
        facts["problems"] = [{"kind": "load timeout", "tasks": []}]
    except BaseException as error:  # a definition may raise SystemExit, or anything
        facts["problems"] = [{"kind": "load failed", "type": type(error).__name__, "tasks": []}]
    send(pack(facts, None))
    host = Host(lambda: namespace, tensors=bool(message.get("torch")))
    while True:
        parts: list[bytes] = []
        try:
            request, arguments = read_frame(_keeping(receive, parts), tensors=host.tensors)
        except (ProtocolError, OSError):
            return 0
        _answer(host, request, arguments, parts, send)


def _answer(
    host: Host, request: dict[str, Any], arguments: Any, parts: list[bytes], send: Send
) -> None:
    """Answer a call; if it went well and was quick, answer its repetition as well.

    Nearly every call is made twice, to see whether the answer stays the same. Where the request
    has a number for the second time in ``again`` (0: none), that one need not be asked for: it is
    answered while the other side still looks at the first answer.
    """
    again = request.get("again", 0)
    started = time.monotonic()
    facts, body = host.run(request, arguments)
    twice = again > 0 and facts["error"] is None and time.monotonic() - started < QUICK
    send(pack({"id": request.get("id"), "again": twice, **facts}, body))
    if twice:
        fresh = read_frame(BytesIO(b"".join(parts)).read, tensors=host.tensors)[1]
        send(host.answer({**request, "id": again}, fresh))


def _keeping(receive: Receive, parts: list[bytes]) -> Receive:
    def keep(n: int) -> bytes:
        parts.append(receive(n))
        return parts[-1]

    return keep


def serve_socket(
    line: socket.socket, order: dict[str, Any], user: tuple[int, int], walls: Walls | None
) -> None:
    """Become the child of a fork server: give up what can be given up, then serve.

    A layer that was found to hold and now does not ends the child: nothing runs with less.
    """
    layers = order["layers"]
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    close_all_but({line.fileno()} | ({walls.number} if walls else set()))
    if "namespaces" in layers:
        enter_namespaces(*user, order["folder"])
    os.chdir(order["folder"])
    os.environ.update(HOME=order["folder"], TMPDIR=order["folder"])
    apply_limits(order)
    if layers:
        give_up_privileges()
    if walls is not None:
        walls.enter(order["folder"])
    if "seccomp" in layers:
        filter_calls()

    data = bytearray()

    def receive(n: int) -> bytes:
        while len(data) < n:
            part = line.recv(max(min(n - len(data), 1 << 20), 1 << 14))
            if not part:
                raise ProtocolError("closed")
            data.extend(part)
        found = bytes(data[:n])
        del data[:n]
        return found

    serve(line.sendall, receive)


def serve_pipes() -> int:
    """Serve one submission on standard input and output (where there is no fork server)."""
    inward, outward = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    if os.name == "nt":
        import msvcrt

        for number in (inward, outward):
            msvcrt.setmode(number, os.O_BINARY)  # type: ignore[attr-defined]
    reader = os.fdopen(inward, "rb")
    writer = os.fdopen(outward, "wb")

    def receive(n: int) -> bytes:
        data = reader.read(n)
        if len(data) < n:
            raise ProtocolError("closed")
        return data

    def send(data: bytes) -> None:
        writer.write(data)
        writer.flush()

    order, _ = read_frame(receive)
    if order.get("torch"):
        import torch

        torch.set_num_threads(1)
    apply_limits(order)
    return serve(send, receive)
