"""A line for each step of the set-up: what is being done, and how long it has taken."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

__all__ = ["Steps"]


class Steps:
    """Numbered progress lines on a stream.

    On a terminal the line shows the seconds and what pip is doing, and is rewritten in place;
    elsewhere (a log, CI) each step is one line, begun when the step begins.
    """

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self.total = total
        self.done = 0
        self.stream = stream or sys.stdout
        self.live = self.stream.isatty()
        self.detail = ""

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        self.done += 1
        self.detail = ""
        head = f"[{self.done}/{self.total}] {name} …"
        began = time.monotonic()
        self._write(head)
        stop = threading.Event()
        ticker = threading.Thread(target=self._tick, args=(head, began, stop), daemon=True)
        if self.live:
            ticker.start()
        try:
            yield
        finally:
            stop.set()
            if self.live:
                ticker.join()
                self._rewrite(head)
            self._write(f" {time.monotonic() - began:.0f} s\n")

    def note(self, sentence: str) -> None:
        """Say something between two steps, or in the midst of one."""
        self._write(f"\n      {sentence}\n" if self.live else f" ({sentence})")

    def _tick(self, head: str, began: float, stop: threading.Event) -> None:
        while not stop.wait(0.5):
            self._rewrite(f"{head} {time.monotonic() - began:.0f} s  {self.detail}")

    def _rewrite(self, line: str) -> None:
        width = shutil.get_terminal_size().columns - 1
        # Chinese characters take two columns; cutting at half the width keeps it on one line.
        room = width if line.isascii() else width // 2 + 8
        self._write(f"\r\x1b[K{line[:room]}")

    def _write(self, line: str) -> None:
        self.stream.write(line)
        self.stream.flush()
