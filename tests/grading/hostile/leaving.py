"""Answers that leave before they are looked at, or write the score themselves."""

from __future__ import annotations

__all__ = ["LEAVING"]

# name: (how the unprotected grader in `naive.in_process` works, the submission)
LEAVING = {
    "results written directly, then exit": (
        "close",
        """
    import os
    import sys
    def double(x):
        with open(sys.argv[2], "w") as file:
            file.write('{"score": 1}')
        os._exit(0)
    """,
    ),
    "results written at exit": (
        "close",
        """
    import atexit
    import sys
    def double(x):
        def late(path=sys.argv[-2]):
            with open(path, "w") as file:
                file.write('{"score": 1}')
        atexit.register(late)
        return x
    """,
    ),
    "results written by a thread that outlives the call": (
        "close",
        """
    import sys
    import threading
    def double(x):
        def late(path=sys.argv[-2]):
            threading.main_thread().join()
            with open(path, "w") as file:
                file.write('{"score": 1}')
        threading.Thread(target=late).start()
        return x
    """,
    ),
    "patched open": (
        "close",
        """
    import builtins
    def double(x):
        real = builtins.open
        class Sly:
            def __init__(self, file):
                self.file = file
            def write(self, text):
                return self.file.write(text.replace("0", "1"))
        builtins.open = lambda *a, **k: Sly(real(*a, **k))
        return x
    """,
    ),
    "patched json": (
        "close",
        """
    import json
    def double(x):
        json.JSONEncoder.iterencode = lambda *a, **k: iter(['{"score": 1}'])
        return x
    """,
    ),
    "errors that nobody is shown": (
        "shown errors",
        """
    import sys
    def double(x):
        sys.excepthook = lambda *a: None
        raise ValueError
    """,
    ),
    "the score printed, then exit": (
        "printed",
        """
    import os
    def double(x):
        print('{"score": 1}', flush=True)
        os._exit(0)
    """,
    ),
    "sys.exit": ("exit", "import sys\ndef double(x):\n    sys.exit(0)\n"),
    "raise SystemExit": ("exit", "def double(x):\n    raise SystemExit\n"),
    "os._exit": ("exit", "import os\ndef double(x):\n    os._exit(0)\n"),
    "exit in __del__ and __repr__": (
        "exit",
        """
    import os
    class Bomb:
        def __array__(self, *a, **k):
            os._exit(0)
        def __repr__(self):
            os._exit(0)
    def double(x):
        return Bomb()
    """,
    ),
    "exit in the text of an exception": (
        "exit",
        """
    import os
    class Bomb(Exception):
        def __str__(self):
            os._exit(0)
    def double(x):
        raise Bomb
    """,
    ),
    "execv of something that succeeds": (
        "exit",
        """
    import os
    import sys
    def double(x):
        os.execv("/bin/true", ["true"])
    """,
    ),
    "an exit while the garbage is collected": (
        "exit",
        """
    import gc
    import os
    def double(x):
        gc.callbacks.append(lambda *a: os._exit(0))
        gc.set_threshold(1)
        gc.collect()
        return x
    """,
    ),
    "an exit from a thread": (
        "exit",
        """
    import os
    import threading
    def double(x):
        threading.Thread(target=os._exit, args=(0,)).start()
        threading.Event().wait()
    """,
    ),
    "an exit from a signal": (
        "exit",
        """
    import os
    import signal
    def double(x):
        signal.signal(signal.SIGUSR1, lambda *a: os._exit(0))
        signal.raise_signal(signal.SIGUSR1)
    """,
    ),
    "an exit by way of C": (
        "exit",
        """
    import ctypes
    def double(x):
        ctypes.CDLL(None)._exit(0)
    """,
    ),
    "an exit in the hash of a key": (
        "exit",
        """
    import os
    class Bomb(str):
        def __hash__(self):
            os._exit(0)
        def __repr__(self):
            os._exit(0)
        def __array__(self, *a, **k):
            os._exit(0)
        def __len__(self):
            os._exit(0)
    def double(x):
        return [Bomb("a"), {Bomb("a"): 1}]
    """,
    ),
    "an exit at the first thing that Python reports": (
        "exit",
        """
    import os
    import sys
    def double(x):
        sys.addaudithook(lambda *a: os._exit(0))
        open(os.devnull).close()
        return x
    """,
    ),
}
