"""The process that runs the graded tests, and the handle by which others use it.

``python -m lstm_lab.grading.runner.helper`` reads jobs from standard input and answers on standard
output. For ``check`` it calls back over the same line into the kernel that asked.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from typing import IO, Any

from lstm_lab.grading.sandbox.connection import Caller, LineClosed, PipeLine, TooLate
from lstm_lab.grading.sandbox.environment import helper_environment
from lstm_lab.grading.worker.codec import pack, read_frame
from lstm_lab.grading.worker.host import Host

__all__ = ["Helper", "HelperLost"]


class HelperLost(Exception):
    """The helper process ended unexpectedly; its last words are the text."""


class Helper:
    """A running helper process.

    Parameters
    ----------
    host : Host, optional
        Answers the helper's calls (in a kernel).
    """

    def __init__(self, host: Host | None = None) -> None:
        self.host = host
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 (closed in `close`)
        self.process = subprocess.Popen(
            # -P: the folder of a notebook must not shadow modules (a learner's own random.py)
            [sys.executable, "-P", "-m", "lstm_lab.grading.runner.helper"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=helper_environment(),
            # Jupyter's interrupt goes to the whole group; a check that is interrupted ends its
            # helper in order, not by a signal of its own.
            start_new_session=sys.platform != "win32",
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.line = PipeLine(self.process.stdout, self.process.stdin, self.process)  # type: ignore[arg-type]

    def send(self, message: dict[str, Any], body: Any = None, until: float | None = None) -> None:
        """Send a job; at `until`, of `time.monotonic`, a helper that does not take it is ended."""
        try:
            self.line.send(pack(message, body), until)
        except (LineClosed, TooLate) as error:
            raise self._lost(error) from None

    def receive(self, until: float | None = None) -> tuple[dict[str, Any], Any]:
        """Return the answer to the job sent last, serving the helper's calls until it comes.

        Raises
        ------
        HelperLost
            The process has ended, or was ended at `until`, of `time.monotonic`.
        """
        while True:
            try:
                tensors = self.host.tensors if self.host else False
                message, body = read_frame(lambda n: self.line.receive(n, until), tensors)
                if message["op"] in ("rows", "failed"):
                    return message, body
                assert self.host is not None
                self.line.send(self.host.answer(message, body), until)
            except (LineClosed, TooLate) as error:
                raise self._lost(error) from None

    def _lost(self, error: LineClosed | TooLate) -> HelperLost:
        return HelperLost("too late" if isinstance(error, TooLate) else self._last_words())

    def _last_words(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(2)
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").strip().splitlines()
        return "\n".join(lines[-5:])

    def close(self) -> None:
        """End the process."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        try:
            self.process.wait(3)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._log.close()

    def kill(self) -> None:
        """End the process at once, in whatever it is."""
        self.process.kill()
        self.close()


def _end_with_parent(parent: int) -> None:
    """End this process when its parent has, even in the middle of a job.

    Between jobs the end of standard input says so; this is for the time in between.
    """
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def main() -> int:
    """Serve jobs until standard input closes."""
    from lstm_lab.grading.runner.session import Session

    inward, outward = os.dup(0), os.dup(1)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 0)
    os.dup2(2, 1)  # what tests print goes to the log
    reader, writer = os.fdopen(inward, "rb"), os.fdopen(outward, "wb")
    line = PipeLine(reader, writer)
    caller = Caller(line, grace=None)

    def receive() -> tuple[dict[str, Any], Any] | None:
        try:
            message, body = read_frame(lambda n: line.receive(n, None))
        except LineClosed:
            return None
        caller.tensors = bool(message.get("torch"))
        return message, body

    def reply(message: dict[str, Any], body: Any) -> None:
        with contextlib.suppress(LineClosed):
            line.send(pack(message, body), None)

    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    Session(receive, reply, caller).serve()
    return 0


if __name__ == "__main__":
    status = main()
    # All is answered and ended; taking pytest and torch apart would keep the batch waiting.
    sys.stderr.flush()
    os._exit(status)
