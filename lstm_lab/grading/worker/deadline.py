"""A time limit around a call, that ends an endless loop and leaves all else as it was."""

from __future__ import annotations

import _thread
import ctypes
import signal
import sys
import threading
from types import FrameType, TracebackType
from typing import Any

__all__ = ["Deadline", "DeadlinePassed"]


class DeadlinePassed(BaseException):
    """Raised inside code that ran longer than it may (no `except Exception` catches it)."""


class Deadline:
    """Context manager: raise `DeadlinePassed` inside the block after `seconds`.

    On POSIX in the main thread an alarm signal does it, which also ends a sleep. On Windows a
    timer interrupts the main thread; in another thread an exception is set for it. Code that
    swallows the exception is interrupted again, ten times a second.

    Parameters
    ----------
    seconds : float or None
        None sets no limit.
    """

    AGAIN = 0.1

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self.fired = False
        self._old: Any = None
        self._timer: threading.Timer | None = None
        self._armed = False
        self._main = threading.current_thread() is threading.main_thread()
        self._alarm = self._main and hasattr(signal, "setitimer")
        self._lock = threading.Lock()

    def __enter__(self) -> Deadline:
        if self.seconds is None:
            return self
        self._armed = True
        self._thread = threading.get_ident()
        if self._alarm:
            self._old = signal.signal(signal.SIGALRM, self._on_alarm)
            signal.setitimer(signal.ITIMER_REAL, max(self.seconds, 1e-3), self.AGAIN)
        else:
            self._start_timer(self.seconds)
        return self

    def _on_alarm(self, _signal: int, frame: FrameType | None) -> None:
        self.fired = True
        # Never inside this file: an alarm during __exit__ would leave the timer running.
        if self._armed and (frame is None or frame.f_code.co_filename != _THIS_FILE):
            raise DeadlinePassed

    def _start_timer(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._on_timer)
        self._timer.daemon = True
        self._timer.start()

    def _on_timer(self) -> None:
        with self._lock:
            if not self._armed:
                return
            self.fired = True
            if self._main:
                _thread.interrupt_main()
            else:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(
                    ctypes.c_ulong(self._thread), ctypes.py_object(DeadlinePassed)
                )
            self._start_timer(self.AGAIN)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.seconds is None:
            return
        if self._alarm:
            self._armed = False
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._old)
            return
        with self._lock:
            self._armed = False
            if self._timer is not None:
                self._timer.cancel()
        if self.fired and self._main and kind is KeyboardInterrupt:
            raise DeadlinePassed().with_traceback(traceback) from None
        if sys.exc_info()[0] is None and self.fired and not self._main:
            # Take back an exception that was set but has not been raised yet.
            ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), None)


_THIS_FILE = Deadline.__exit__.__code__.co_filename
