"""Answers that speak on the grader's line themselves, or say nothing, or say it too late."""

from __future__ import annotations

__all__ = ["FRAMES"]

SPEAK = """
    import json
    import os
    import struct
    import threading
    import time
    def frame(number, value, **more):
        m = {"id": number, "score": 1, "error": None, "stdout": "", "warnings": [], **more}
        body = json.dumps({"m": m, "b": ["t", [value, ["d", {}]]], "a": []}).encode()
        return struct.pack("<4sII", b"LLF1", len(body), 0) + body
    def say(data):
        for number in range(3, 64):
            try:
                view = memoryview(data)
                while view:
                    view = view[os.write(number, view):]
            except OSError:
                pass
"""

# name: (what becomes of a grader that reads frames without checks, its patience with one call in
# seconds, the submission). @LATE@ is longer than either grader waits.
FRAMES = {
    "frames that claim the score, for calls to come too": (
        "fooled",
        0.0,
        """
    def double(x):
        say(b"".join(frame(number, 0.0) for number in range(1, 9)))
        return 0.0
    """,
    ),
    "a score that is not a number": (
        "fooled",
        0.0,
        """
    def double(x):
        nan = float("nan")
        say(b"".join(frame(number, nan, score=nan) for number in range(1, 9)))
        return 0.0
    """,
    ),
    "a verdict said twice in one frame": (
        "fooled",
        0.0,
        """
    def double(x):
        for number in range(1, 9):
            m = '{"id": %d, "score": 0, "score": 1, "error": null}' % number
            body = ('{"m": %s, "b": ["t", [0.0, ["d", {}]]], "a": []}' % m).encode()
            say(struct.pack("<4sII", b"LLF1", len(body), 0) + body)
        return 0.0
    """,
    ),
    "an answer to another call": (
        "out of step",
        0.0,
        """
    def double(x):
        say(frame(99, 0.0))
        return 0.0
    """,
    ),
    "an answer given twice": (
        "out of step",
        0.0,
        """
    def double(x):
        say(frame(1, 0.0) * 2)
        return 0.0
    """,
    ),
    "garbage": (
        "hung",
        0.0,
        """
    def double(x):
        say(b"garbage " * 1000)
        return 0.0
    """,
    ),
    "a header that is no JSON": (
        "raised",
        0.0,
        """
    def double(x):
        say(struct.pack("<4sII", b"LLF1", 400, 0) + b"{'m': " * 100)
        return 0.0
    """,
    ),
    "a header of another form": (
        "raised",
        0.0,
        """
    def double(x):
        for body in (b"[]", b"null", b'{"m": 3, "b": 1, "a": 2}'):
            say(struct.pack("<4sII", b"LLF1", len(body), 0) + body)
        return 0.0
    """,
    ),
    "brackets without end": (
        "raised",
        0.0,
        """
    def double(x):
        body = b"[" * 100_000
        say(struct.pack("<4sII", b"LLF1", len(body), 0) + body)
        return 0.0
    """,
    ),
    "a number of a hundred thousand digits": (
        "raised",
        0.0,
        """
    def double(x):
        body = b'{"m": {"id": ' + b"9" * 100_000 + b"}}"
        say(struct.pack("<4sII", b"LLF1", len(body), 0) + body)
        return 0.0
    """,
    ),
    "huge lengths": (
        "hung",
        0.0,
        """
    def double(x):
        say(struct.pack("<4sII", b"LLF1", 0xFFFFFFFF, 0xFFFFFFFF))
        return 0.0
    """,
    ),
    "a flood": (
        "filled",
        0.0,
        """
    def double(x):
        size = 200 << 20
        say(struct.pack("<4sII", b"LLF1", size, 0))
        for _ in range(size >> 20):
            say(b" " * (1 << 20))
        return 0.0
    """,
    ),
    "a closed line": (
        "raised",
        0.0,
        """
    def double(x):
        os.closerange(3, 64)
        return 0.0
    """,
    ),
    "half a frame, then silence": (
        "hung",
        0.0,
        """
    def double(x):
        import signal
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        say(frame(1, 0.0)[:20])
        time.sleep(60)
    """,
    ),
    "a byte at a time": (
        "hung",
        0.0,
        """
    def double(x):
        import signal
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        for n in frame(1, 0.0):
            say(bytes([n]))
            time.sleep(0.2)
        return 0.0
    """,
    ),
    "never answering": (
        "hung",
        0.0,
        """
    def double(x):
        while True:
            try:
                threading.Event().wait()
            except BaseException:
                pass
    """,
    ),
    "answering late": (
        "out of step",
        0.6,
        """
    calls = []
    def double(x):
        import signal
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        calls.append(x)
        if len(calls) == 1:
            time.sleep(@LATE@)
        return 0.0
    """,
    ),
    "swallowing what is asked next": (
        "hung",
        0.0,
        """
    def double(x):
        def swallow():
            while True:
                for number in range(3, 64):
                    try:
                        os.set_blocking(number, False)
                        os.read(number, 1 << 20)
                    except OSError:
                        pass
        threading.Thread(target=swallow, daemon=True).start()
        say(frame(1, 0.0))
        time.sleep(60)
    """,
    ),
}
FRAMES = {name: (what, wait, SPEAK + code) for name, (what, wait, code) in FRAMES.items()}
