"""Answers that take more than their share, never end, crash, or leave processes behind.

Bounded everywhere: a few thousand threads, a hundred megabytes of disk, seconds.
"""

from __future__ import annotations

__all__ = ["BACKGROUND", "CRASHES", "ENDLESS", "LIMITED", "SHOWN"]

# What rlimits, deadlines and the watch hold as well. Evidence is the value True, or the secret.
LIMITED = {
    "an environment variable": """
    import os
    def double(x):
        return os.environ.get("SECRET_FOR_ALL", "")
    """,
    "six gigabytes of memory": """
    import numpy as np
    def double(x):
        return np.empty(6 << 30, np.uint8).size == 6 << 30
    """,
    "a large file": """
    def double(x):
        with open("big", "wb") as file:
            file.write(bytes(100 << 20))
        return True
    """,
    "five hundred open files": """
    def double(x):
        return len([open("/dev/null") for _ in range(500)]) == 500
    """,
    "a core dump": """
    import resource
    def double(x):
        resource.setrlimit(resource.RLIMIT_CORE, (1, 1))
        return True
    """,
    "a flood of text": """
    def double(x):
        for _ in range(1000):
            print("x" * 10_000)
        return True
    """,
    "thousands of threads with small stacks": """
    import threading
    import time
    def double(x):
        threading.stack_size(1 << 15)
        end = threading.Event()
        made = 0
        for _ in range(2000):
            try:
                threading.Thread(target=end.wait, daemon=True).start()
            except RuntimeError:
                break
            made += 1
        time.sleep(0.2)
        end.set()
        return made == 2000
    """,
    "a disk full of files": """
    import time
    def double(x):
        for n in range(12):
            with open(f"part{n}", "wb") as file:
                file.write(bytes(8 << 20))
        time.sleep(0.3)
        return True
    """,
    "thousands of files": """
    import time
    def double(x):
        for n in range(5000):
            open(f"file{n}", "w").close()
        time.sleep(0.3)
        return True
    """,
    "a sparse file of a terabyte": """
    import os
    def double(x):
        with open("sparse", "wb") as file:
            os.truncate(file.fileno(), 1 << 40)
        return True
    """,
}

# Bodies of answers. A control process still runs when the test ends it.
ENDLESS = {
    "a loop": "while True:\n    pass",
    "a loop that swallows what would end it": """
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass
    """,
    "a loop in C": "import itertools\nreturn [n for n in itertools.count() if n < 0]",
    "a sum in C that no signal ends": "return sum(iter(int, 1))",
    "a pattern that tries every way": "import re\nreturn re.match('(a+)+$', 'a' * 40 + 'b')",
    "deaf to SIGTERM, waiting for a signal": """
        import signal
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        while True:
            signal.pause()
    """,
    "deaf to SIGALRM": """
        import signal, time
        signal.signal(signal.SIGALRM, signal.SIG_IGN)
        time.sleep(600)
    """,
    "every signal blocked, asleep in C": """
        import ctypes, signal
        signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
        ctypes.PyDLL(None).sleep(600)
    """,
    "an alarm clock set anew": """
        import signal
        signal.setitimer(signal.ITIMER_REAL, 0)
        while True:
            pass
    """,
    "a thread that outlives the call": """
        import threading, time
        threading.Thread(target=time.sleep, args=(600,)).start()
        time.sleep(600)
    """,
    "work left for the end": """
        import atexit, time
        atexit.register(time.sleep, 600)
        time.sleep(0.1)
        raise SystemExit
    """,
    "a trace function that never returns": """
        import sys
        def hook(*event):
            while True:
                pass
        sys.settrace(hook)
        return (lambda: x)()
    """,
    "a lock that nobody opens": """
        import threading
        lock = threading.Lock()
        lock.acquire()
        while not lock.acquire(timeout=-1):
            pass
    """,
    "a power that fills the memory": "return len(str(9 ** 9 ** 8))",
}

# What is endless only where somebody looks at it. The control shows what came back, as graders do.
SHOWN = {
    "a bomb in repr": """
        class Bomb:
            def __repr__(self):
                while True:
                    pass
            __str__ = __repr__
        return Bomb()
    """,
    "a bomb in an exception": """
        class Bomb(Exception):
            def __str__(self):
                while True:
                    pass
            __repr__ = __str__
        raise Bomb
    """,
    "a bomb in a warning": """
        import warnings
        class Bomb(UserWarning):
            def __str__(self):
                while True:
                    pass
        warnings.warn(Bomb())
        return x
    """,
    "a list that goes on and on": """
        class Endless(list):
            def __iter__(self):
                while True:
                    yield self
            def __len__(self):
                return 3
        return Endless()
    """,
    "an array in name only": """
        class Bomb:
            def __array__(self, *rest, **more):
                while True:
                    pass
            __repr__ = __len__ = __float__ = __array__
        return Bomb()
    """,
    "a bomb that goes off when it is thrown away": """
        class Bomb:
            def __del__(self):
                while True:
                    pass
        Bomb()
        return x
    """,
}

# What crashes the process that runs or reads it.
CRASHES = {
    "a wild pointer in an array's interface": """
        class Wild:
            __array_interface__ = {"shape": (4,), "typestr": "<f8", "data": (0xDEADBEEF000, True),
                                   "version": 3}
        import numpy
        return numpy.asarray(Wild()) + 1
    """,
    "a byte code that reads beyond its constants": """
        import types
        code = (lambda: 0).__code__
        code = code.replace(co_code=bytes([100, 255] * 40), co_consts=())
        return types.FunctionType(code, {})()
    """,
    "a null pointer": "import ctypes\nreturn ctypes.string_at(0)",
    "a signal to itself": "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\nreturn x",
    "an abort": "import os\nos.abort()",
    "a stack that is too deep for C": """
        import sys
        import threading
        sys.setrecursionlimit(1 << 30)
        class Deep:
            def __getattr__(self, name):
                return getattr(self, name)
            def __repr__(self):
                return repr(self)
        return repr(Deep())
    """,
}

_ALONE = """
    import os
    import subprocess
    import sys
    import time
    def alone(write, seconds=20):
        # nobody may wait for what it prints
        null = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(null, number)
        os.write(write, str(os.getpid()).encode())
        time.sleep(seconds)
        os._exit(0)
"""

# Return the id of a process that is to outlive the answer.
BACKGROUND = {
    "a process in the background": _ALONE
    + """
    def double(x):
        read, write = os.pipe()
        if os.fork() == 0:
            alone(write)
        return int(os.read(read, 20))
    """,
    "a process in a session of its own, deaf to hangups": _ALONE
    + """
    import signal
    def double(x):
        read, write = os.pipe()
        if os.fork() == 0:
            os.setsid()
            for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            alone(write)
        return int(os.read(read, 20))
    """,
    "a re-parented process": _ALONE
    + """
    def double(x):
        read, write = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.setsid()
                alone(write)
            os._exit(0)
        return int(os.read(read, 20))
    """,
    "a chain of re-parented processes": _ALONE
    + """
    def double(x):
        read, write = os.pipe()
        own = os.getpid()
        for _ in range(6):
            if os.fork():
                break
            os.setsid()
        else:
            alone(write)
        if os.getpid() != own:
            os._exit(0)
        return int(os.read(read, 20))
    """,
    "a program started in the background": _ALONE
    + """
    def double(x):
        code = "import time; time.sleep(20)"
        return subprocess.Popen([sys.executable, "-c", code], start_new_session=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL).pid
    """,
}
