"""The trusted end of a line to the process that runs submitted code."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from typing import Any, BinaryIO, Protocol

from lstm_lab.grading.worker.codec import CannotCross, ProtocolError, pack, read_frame

__all__ = ["Caller", "Line", "LineClosed", "PipeLine", "SocketLine", "TooLate"]


class LineClosed(Exception):
    """The other process is gone."""


class TooLate(Exception):
    """The other process did not answer in time."""


class Line(Protocol):
    """Bytes out and exactly n bytes in, until a moment of `time.monotonic` (None: no limit)."""

    def send(self, data: bytes, until: float | None) -> None: ...

    def receive(self, n: int, until: float | None) -> bytes: ...


class SocketLine:
    """A line over a socket, with time limits of its own."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._ahead = bytearray()  # read with what was asked for, but not asked for yet

    def _limit(self, until: float | None) -> None:
        left = None if until is None else until - time.monotonic()
        if left is not None and left <= 0:
            raise TooLate
        self.sock.settimeout(left)

    def send(self, data: bytes, until: float | None) -> None:
        view = memoryview(data)
        try:
            while view:
                self._limit(until)
                view = view[self.sock.send(view) :]
        except TimeoutError:
            raise TooLate from None
        except OSError:
            raise LineClosed from None

    def receive(self, n: int, until: float | None) -> bytes:
        data = self._ahead
        try:
            while len(data) < n:
                self._limit(until)
                part = self.sock.recv(max(min(n - len(data), 1 << 20), 1 << 14))
                if not part:
                    raise LineClosed
                data += part
        except TimeoutError:
            raise TooLate from None
        except OSError:
            raise LineClosed from None
        found = bytes(data[:n])
        del data[:n]
        return found


class PipeLine:
    """A line over two pipes; the process at their other end is killed when time is up.

    A pipe cannot be waited for with a limit on every system, but a dead process closes it.
    """

    def __init__(
        self, reader: BinaryIO, writer: BinaryIO, process: subprocess.Popen[bytes] | None = None
    ) -> None:
        self.reader = reader
        self.writer = writer
        self.process = process
        self.late = False

    def _watch(self, until: float | None) -> threading.Timer | None:
        if until is None or self.process is None:
            return None
        timer = threading.Timer(max(until - time.monotonic(), 0.0), self._kill)
        timer.daemon = True
        timer.start()
        return timer

    def _kill(self) -> None:
        self.late = True
        if self.process is not None:
            self.process.kill()

    def send(self, data: bytes, until: float | None) -> None:
        timer = self._watch(until)
        try:
            self.writer.write(data)
            self.writer.flush()
        except (OSError, ValueError):
            raise (TooLate if self.late else LineClosed) from None
        finally:
            if timer is not None:
                timer.cancel()

    def receive(self, n: int, until: float | None) -> bytes:
        timer = self._watch(until)
        try:
            data = self.reader.read(n)
        except (OSError, ValueError):
            raise LineClosed from None
        finally:
            if timer is not None:
                timer.cancel()
        if len(data) < n:
            raise TooLate if self.late else LineClosed
        return data


class Caller:
    """Sends requests over a line and takes only the answer to each.

    Parameters
    ----------
    line : Line
    tensors : bool
        Whether tensors become torch tensors on this side.
    grace : float or None
        Seconds beyond a call's own limit before the line is given up; None waits for ever
        (a kernel ends the call itself, and its learner can interrupt it).
    """

    def __init__(self, line: Line, tensors: bool = False, grace: float | None = 1.0) -> None:
        self.line = line
        self.tensors = tensors
        self.grace = grace
        self.count = 0
        self.spent = 0.0

    def call(
        self, message: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[dict[str, Any], Any]:
        """Return facts and value; whatever goes wrong on the line is a fact as well."""
        self.count += 1
        request = {"id": self.count, **message}
        started = time.monotonic()
        seconds = message.get("seconds")
        until = None
        if self.grace is not None and seconds is not None:
            until = started + seconds + self.grace
        try:
            self.line.send(pack(request, (args, kwargs)), until)
            facts, value = read_frame(lambda n: self.line.receive(n, until), self.tensors)
            if facts.get("id") != self.count:
                raise ProtocolError("answer to another call")
            return facts, value
        except TooLate:
            return {"error": {"kind": "hung"}}, None
        except LineClosed:
            return {"error": {"kind": "ended"}}, None
        except ProtocolError as error:
            return {"error": {"kind": "protocol", "text": str(error)}}, None
        except CannotCross as error:
            raise TypeError(
                f"a graded test passed a value that cannot cross: {error.found}"
            ) from None
        finally:
            self.spent += time.monotonic() - started
