"""A line for each step of the set-up: what is being done, and how long it has taken."""

from __future__ import annotations

import shutil
import sys
import threading
import time
import unicodedata
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
        # Blanks instead of a terminal's own "erase": an old Windows console does not know that.
        width = shutil.get_terminal_size().columns - 1
        shown = _cut(line, width)
        self._write(f"\r{shown}{' ' * (width - _columns(shown))}\r{shown}")

    def _write(self, line: str) -> None:
        self.stream.write(line)
        self.stream.flush()


def _columns(line: str) -> int:
    """Count the columns that a line takes; a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def _cut(line: str, width: int) -> str:
    while _columns(line) > width:
        line = line[:-1]
    return line
