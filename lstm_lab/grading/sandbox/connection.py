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
        self._ahead: int | None = None  # the number of the repetition that comes unasked

    def call(
        self, message: dict[str, Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[dict[str, Any], Any]:
        """Return facts and value; whatever goes wrong on the line is a fact as well.

        If the message has ``again``, the other side may make the same call once more of itself,
        with copies as fresh. Then ``again`` of the facts is a number for `repeat`.
        """
        until = self._until(message)
        try:
            if self._ahead is not None:  # nobody wanted it
                self._take(self._ahead, until)
            self.count += 1
            number = self.count
            if message.get("again"):
                self.count += 1
            request = {**message, "id": number, "again": self.count if self.count > number else 0}
            self.line.send(pack(request, (args, kwargs)), until)
            facts, value = self._take(number, until)
        except CannotCross as error:
            raise TypeError(
                f"a graded test passed a value that cannot cross: {error.found}"
            ) from None
        except _LOST as error:
            return _lost(error), None
        if facts.get("again") is True and message.get("again"):
            facts["again"] = self._ahead = request["again"]
        else:
            facts["again"] = None
        return facts, value

    def repeat(self, number: int, message: dict[str, Any]) -> tuple[dict[str, Any], Any] | None:
        """Return facts and value of a repetition that came unasked; None if it is gone."""
        if number != self._ahead:
            return None
        try:
            return self._take(number, self._until(message))
        except _LOST as error:
            return _lost(error), None

    def _until(self, message: dict[str, Any]) -> float | None:
        seconds = message.get("seconds")
        if self.grace is None or seconds is None:
            return None
        return time.monotonic() + float(seconds) + self.grace

    def _take(self, number: int, until: float | None) -> tuple[dict[str, Any], Any]:
        """Read the answer of this number, the only one that may come now."""
        self._ahead = None
        facts, value = read_frame(lambda n: self.line.receive(n, until), self.tensors)
        if facts.get("id") != number:
            raise ProtocolError("answer to another call")
        return facts, value


_LOST = (TooLate, LineClosed, ProtocolError)


def _lost(error: Exception) -> dict[str, Any]:
    """Return as facts why there is no answer."""
    if isinstance(error, TooLate):
        return {"error": {"kind": "hung"}}
    if isinstance(error, LineClosed):
        return {"error": {"kind": "ended"}}
    return {"error": {"kind": "protocol", "text": str(error)}}
