"""Submissions that want to read, write, reach or take what is not theirs.

Each attack runs twice in its test: in an ordinary process, where it must succeed (else it proves
nothing), and as a submission, where it must not. Harm is bounded in both: loopback only, tens of
processes, megabytes, seconds; and everything that a test starts it ends by its process id.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lstm_lab.grading.run import Run
from lstm_lab.grading.sandbox import Sandbox, is_isolated, isolation_level

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the layers that hold are Linux's"
)

SECRET = "the-instructors-secret-4711"

# Runs a submission as an ordinary process would: the positive control.
CONTROL = """
import json, sys
names = {}
exec(compile(open(sys.argv[1]).read(), "submission", "exec"), names)
try:
    value = names["double"](1.5)
except BaseException as error:
    value = repr(error)
print(json.dumps(value, default=repr)[:100_000], flush=True)
"""


@dataclass
class Arena:
    """Things worth attacking."""

    folder: Path
    victim: subprocess.Popen
    sockets: list[socket.socket] = field(default_factory=list)

    @property
    def secret(self) -> Path:
        return self.folder / "secret.txt"

    @property
    def canary(self) -> Path:
        return self.folder / "canary"

    def fill(self, code: str) -> str:
        tcp, udp, path, abstract = self.sockets
        words = {
            "SECRET": self.secret,
            "CANARY": self.canary,
            "FOLDER": self.folder,
            "VICTIM": self.victim.pid,
            "TCP": tcp.getsockname()[1],
            "UDP": udp.getsockname()[1],
            "UNIX": path.getsockname(),
            "ABSTRACT": abstract.getsockname()[1:].decode(),
        }
        for name, word in words.items():
            code = code.replace(f"@{name}@", str(word))
        return textwrap.dedent(code)

    def intact(self) -> bool:
        """Tell whether everything is as it was made."""
        return (
            self.secret.read_text() == SECRET
            and self.canary.exists()
            and self.canary.read_text() == "alive"
            and self.canary.stat().st_mode & 0o777 == 0o644
            and sorted(p.name for p in self.folder.iterdir())
            == ["canary", "inner", "secret.txt", "socket"]
            and self.victim.poll() is None
            # a whole test run may itself be niced
            and os.getpriority(os.PRIO_PROCESS, self.victim.pid)
            == os.getpriority(os.PRIO_PROCESS, 0)
        )


@contextlib.contextmanager
def arena_in(folder: Path):
    folder.mkdir()
    (folder / "inner").mkdir()
    (folder / "secret.txt").write_text(SECRET)
    (folder / "canary").write_text("alive")
    os.chmod(folder / "canary", 0o644)
    victim = subprocess.Popen(
        [sys.executable, "-c", "import sys, time; print(1, flush=True); time.sleep(120)", SECRET],
        env={"SECRET": SECRET},
        stdout=subprocess.PIPE,
    )
    victim.stdout.readline()
    made = Arena(folder, victim)
    try:
        tcp = socket.create_server(("127.0.0.1", 0))
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        path, abstract = (socket.socket(socket.AF_UNIX) for _ in range(2))
        path.bind(str(folder / "socket"))
        abstract.bind(f"\0lstm-lab-{os.getpid()}-{folder.name}")
        for one in (path, abstract):
            one.listen()
        made.sockets = [tcp, udp, path, abstract]
        yield made
    finally:
        victim.kill()
        victim.wait()
        victim.stdout.close()
        for one in made.sockets:
            one.close()


CTYPES = """
    import ctypes
    import os
    libc = ctypes.CDLL(None, use_errno=True)
"""
READ = "def double(x):\n    return open('{}').read()\n"
CALL = "import os\ndef double(x):\n    {}\n    return True\n"
SOCKET = """
    import socket
    def double(x):
        one = socket.socket({family}, {kind})
        {does}
        return True
"""

# name: submission. Evidence is the value True or one that holds the secret, or a changed arena.
WALLED = {
    # --- reading -----------------------------------------------------------------------------
    "read a file beside": READ.format("@SECRET@"),
    "read it through ..": READ.format("../../../../../../../../../..@SECRET@"),
    "read it through a link in its own folder": """
    import os
    def double(x):
        os.symlink("@SECRET@", "mine")
        return open("mine").read()
    """,
    "read it through a hard link": """
    import os
    def double(x):
        os.link("@SECRET@", "@FOLDER@/inner/mine")
        return open("@FOLDER@/inner/mine").read()
    """,
    "read it through mmap": """
    import mmap
    import os
    def double(x):
        number = os.open("@SECRET@", os.O_RDONLY)
        return mmap.mmap(number, 0, prot=mmap.PROT_READ).read().decode()
    """,
    "read it through numpy": """
    import numpy as np
    def double(x):
        return bytes(np.fromfile("@SECRET@", np.uint8)).decode()
    """,
    "list the folder": """
    import os
    def double(x):
        return "secret.txt" in os.listdir("@FOLDER@")
    """,
    "read /etc/passwd": """
    def double(x):
        return "root:" in open("/etc/passwd").read()
    """,
    "read a process's environment": READ.format("/proc/@VICTIM@/environ"),
    "read a process's command line": READ.format("/proc/@VICTIM@/cmdline"),
    "read a process's memory": """
    def double(x):
        for line in open("/proc/@VICTIM@/maps"):
            if " rw-p " in line and "[heap]" in line:
                start = int(line.split("-")[0], 16)
                with open("/proc/@VICTIM@/mem", "rb", 0) as memory:
                    memory.seek(start)
                    return len(memory.read(64)) == 64
    """,
    "process_vm_readv": CTYPES
    + """
    import struct
    def double(x):
        for line in open("/proc/@VICTIM@/maps"):
            if "[heap]" in line:
                start = int(line.split("-")[0], 16)
        here = ctypes.create_string_buffer(64)
        local = (ctypes.c_size_t * 2)(ctypes.addressof(here), 64)
        remote = (ctypes.c_size_t * 2)(start, 64)
        return libc.process_vm_readv(@VICTIM@, local, 1, remote, 1, 0) == 64
    """,
    "ptrace": CTYPES
    + """
    def double(x):
        return libc.ptrace(0x4206, @VICTIM@, 0, 0) == 0
    """,
    "find other processes": """
    import os
    def double(x):
        return "@VICTIM@" in os.listdir("/proc")
    """,
    "import the course from its folder": """
    import sys
    def double(x):
        sys.meta_path[:] = [f for f in sys.meta_path if "Refuser" not in type(f).__name__]
        sys.path.insert(0, "@ROOT@")
        for name in [n for n in sys.modules if n.startswith("lstm_lab")]:
            del sys.modules[name]
        import lstm_lab.cells
        return True
    """,
    # --- writing -----------------------------------------------------------------------------
    "write a file": "def double(x):\n    open('@FOLDER@/new', 'w').write('x')\n    return True\n",
    "write over a file": "def double(x):\n    open('@CANARY@', 'w').write('x')\n    return True\n",
    "append to a file": "def double(x):\n    open('@CANARY@', 'a').write('x')\n    return True\n",
    "truncate a file": CALL.format("os.truncate('@CANARY@', 0)"),
    "delete a file": CALL.format("os.unlink('@CANARY@')"),
    "rename a file": """
    import os
    def double(x):
        os.rename("@CANARY@", "@FOLDER@/gone")
        return True
    """,
    "chmod a file": CALL.format("os.chmod('@CANARY@', 0o777)"),
    "set a file's times": CALL.format("os.utime('@CANARY@', (1, 1))"),
    "make a folder": CALL.format("os.mkdir('@FOLDER@/new')"),
    "remove a tree": """
    import shutil
    def double(x):
        shutil.rmtree("@FOLDER@/inner")
        return True
    """,
    "make a fifo": CALL.format("os.mkfifo('@FOLDER@/new')"),
    # --- other processes ---------------------------------------------------------------------
    "kill a process": """
    import os
    def double(x):
        os.kill(@VICTIM@, 9)
        return True
    """,
    "kill by its thread": CTYPES
    + """
    def double(x):
        tgkill = 234 if os.uname().machine == "x86_64" else 131
        return libc.syscall(tgkill, @VICTIM@, @VICTIM@, 9) == 0
    """,
    "signal through a file descriptor's owner": """
    import fcntl
    import os
    import time
    def double(x):
        read, write = os.pipe()
        fcntl.fcntl(read, 8, @VICTIM@)
        fcntl.fcntl(read, 10, 9)
        fcntl.fcntl(read, fcntl.F_SETFL, os.O_NONBLOCK | 0o20000)
        os.write(write, b"x")
        time.sleep(0.2)
        return fcntl.fcntl(read, 9) == @VICTIM@
    """,
    "renice a process": """
    import os
    def double(x):
        os.setpriority(os.PRIO_PROCESS, @VICTIM@, 19)
        return True
    """,
    "set a process's limits": """
    import resource
    def double(x):
        resource.prlimit(@VICTIM@, resource.RLIMIT_CORE, (0, 0))
        return True
    """,
    "fork": """
    import os
    def double(x):
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
        return True
    """,
    "fork fifty times": """
    import os
    def double(x):
        made = []
        for _ in range(50):
            pid = os.fork()
            if pid == 0:
                os._exit(0)
            made.append(pid)
        for pid in made:
            os.waitpid(pid, 0)
        return len(made) == 50
    """,
    "vfork and clone3 by number": CTYPES
    + """
    def double(x):
        arguments = (ctypes.c_uint64 * 8)(0, 0, 0, 0, 17, 0, 0, 0)
        pid = libc.syscall(435, arguments, 64)
        if pid == 0:
            os._exit(0)
        if pid > 0:
            os.waitpid(pid, 0)
        return pid > 0
    """,
    "subprocess": """
    import subprocess
    def double(x):
        return subprocess.run(["/bin/echo", "hi"], capture_output=True).stdout == b"hi\\n"
    """,
    "os.system": "import os\ndef double(x):\n    return os.system('true') == 0\n",
    "posix_spawn": """
    import os
    def double(x):
        return os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)[1] == 0
    """,
    "multiprocessing": """
    import multiprocessing
    def double(x):
        one = multiprocessing.get_context("fork").Process(target=print)
        one.start()
        one.join()
        return one.exitcode == 0
    """,
    "a program from memory": """
    import os
    def double(x):
        number = os.memfd_create("x")
        os.write(number, open("/bin/true", "rb").read())
        pid = os.fork()
        if pid == 0:
            os.execve(number, ["true"], {})
        return os.waitpid(pid, 0)[1] == 0
    """,
    # --- network -----------------------------------------------------------------------------
    "connect by TCP": SOCKET.format(
        family="socket.AF_INET", kind="socket.SOCK_STREAM", does="one.connect(('127.0.0.1', @TCP@))"
    ),
    "send by UDP": SOCKET.format(
        family="socket.AF_INET",
        kind="socket.SOCK_DGRAM",
        does="one.sendto(b'x', ('127.0.0.1', @UDP@))",
    ),
    "listen on TCP": SOCKET.format(
        family="socket.AF_INET",
        kind="socket.SOCK_STREAM",
        does="one.bind(('127.0.0.1', 0)); one.listen()",
    ),
    "listen on IPv6": SOCKET.format(
        family="socket.AF_INET6", kind="socket.SOCK_DGRAM", does="one.bind(('::', 0))"
    ),
    "connect to a socket in a folder": SOCKET.format(
        family="socket.AF_UNIX", kind="socket.SOCK_STREAM", does="one.connect('@UNIX@')"
    ),
    "connect to an abstract socket": SOCKET.format(
        family="socket.AF_UNIX", kind="socket.SOCK_STREAM", does="one.connect('\\0@ABSTRACT@')"
    ),
    "netlink": SOCKET.format(
        family="socket.AF_NETLINK", kind="socket.SOCK_RAW", does="one.bind((0, 0))"
    ),
    "socketpair": "import socket\ndef double(x):\n    socket.socketpair()\n    return True\n",
    # --- the kernel --------------------------------------------------------------------------
    "new namespaces": CTYPES
    + """
    def double(x):
        return libc.unshare(0x10000000) == 0
    """,
    "System V shared memory, which stays": CTYPES
    + """
    def double(x):
        number = libc.shmget(0, 4096, 0o1600)
        if number >= 0:
            libc.shmctl(number, 0, 0)
        return number >= 0
    """,
    "io_uring": CTYPES
    + """
    def double(x):
        # a wrong pointer (EFAULT) shows that the call is there
        return libc.syscall(425, 1, 0) == -1 and ctypes.get_errno() == 14
    """,
    "keys of the kernel": CTYPES
    + """
    def double(x):
        number = 219 if os.uname().machine == "aarch64" else 250
        return libc.syscall(number, 0, -3, 0) != -1 or ctypes.get_errno() not in (1, 38)
    """,
}

# What rlimits and deadlines hold as well.
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
}


def succeeded(value, arena) -> bool:
    return value is True or SECRET in json.dumps(value, default=repr) or not arena.intact()


def control(code, arena):
    path = arena.folder.parent / "control.py"
    path.write_text(code)
    (arena.folder.parent / "own").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", CONTROL, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=arena.folder.parent / "own",
        env={**os.environ, "SECRET_FOR_ALL": SECRET},
    )
    lines = done.stdout.strip().splitlines()
    return json.loads(lines[-1]) if lines else done.stderr


LEVELS = {"all layers": None, "no namespaces": ("landlock", "seccomp"), "rlimits only": ()}


@contextlib.contextmanager
def run_at(level, toy):
    one = Run(toy, sandbox=Sandbox(layers=LEVELS[level]))
    try:
        yield one
    finally:
        one.close()
        one.sandbox.close()


@pytest.fixture(scope="module", params=LEVELS)
def run(request, toy):
    with run_at(request.param, toy) as one:
        yield one


@pytest.fixture(scope="module", params=["all layers", "no namespaces"])
def walled(request, toy):
    """The levels for hostile code; rlimits alone are for trusted submissions."""
    with run_at(request.param, toy) as one:
        # an ordinary user may have no namespaces (Ubuntu); the other two must always hold
        assert is_isolated(one.sandbox.level)
        assert request.param == "all layers" or "namespaces" not in one.sandbox.level
        yield one


def attempt(run, make, code):
    """Run the attack as a submission; return what it returned, and see that nothing is left."""
    run.begin(make(double=code))
    run.enter("double")
    result = run.submission().call("double", 1.5)
    run.leave("double")
    run.end()
    server = run.sandbox._server.pid
    children = [p.read_text() for p in Path(f"/proc/{server}/task").glob("*/children")]
    assert "".join(children).strip() == "", "a process was left behind"
    assert os.listdir(run.sandbox._boxes) == [], "a file was left behind"
    # the next one is none the worse
    run.begin(make())
    run.enter("double")
    assert run.submission().call("double", 1.5).value == 3.0
    run.leave("double")
    run.end()
    return result


def code_of(attacks, name):
    root = Path(__file__).resolve().parents[2]
    return attacks[name].replace("@ROOT@", str(root))


PROVED: set[str] = set()


def prove(name, code, tmp_path):
    """See once that the attack works where nothing holds it."""
    if name in PROVED:
        return
    (tmp_path / "control").mkdir()
    with arena_in(tmp_path / "control" / "arena") as arena:
        value = control(arena.fill(code), arena)
        assert succeeded(value, arena), value
    PROVED.add(name)


@pytest.mark.parametrize("name", WALLED)
def test_an_attack_that_works_elsewhere_is_held_by_the_layers(name, walled, make, tmp_path):
    code = code_of(WALLED, name)
    prove(name, code, tmp_path)
    with arena_in(tmp_path / "arena") as arena:
        result = attempt(walled, make, arena.fill(code))
        assert not succeeded(result.value, arena), result


# What one layer alone leaves open; everything else it must hold without the others.
OPEN = {
    "landlock": {
        "chmod a file", "set a file's times", "signal through a file descriptor's owner",
        "set a process's limits", "fork", "fork fifty times", "vfork and clone3 by number",
        "multiprocessing", "send by UDP", "listen on IPv6", "connect to a socket in a folder",
        "netlink", "socketpair", "new namespaces", "System V shared memory, which stays",
        "io_uring", "keys of the kernel",
    },
    "seccomp": {
        "read a file beside", "read it through ..", "read it through a link in its own folder",
        "read it through a hard link", "read it through mmap", "read it through numpy",
        "list the folder", "read /etc/passwd", "read a process's command line",
        "find other processes", "write a file", "write over a file", "append to a file",
        "truncate a file", "delete a file", "rename a file", "make a folder", "remove a tree",
        "make a fifo",
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=OPEN)
def single(request, toy):
    """One layer without the others, where a kernel grants no more."""
    one = Run(toy, sandbox=Sandbox(layers=(request.param,)))
    try:
        assert one.sandbox.level == f"process+rlimits+{request.param}"
        yield request.param, one
    finally:
        one.close()
        one.sandbox.close()


@pytest.mark.parametrize("name", WALLED)
def test_each_layer_alone_holds_what_it_covers(name, single, make, tmp_path):
    layer, one = single
    if name in OPEN[layer]:
        assert not is_isolated(one.sandbox.level)  # and so the batch refuses
        return
    code = code_of(WALLED, name)
    prove(name, code, tmp_path)
    with arena_in(tmp_path / "arena") as arena:
        result = attempt(one, make, arena.fill(code))
        assert not succeeded(result.value, arena), result


@pytest.mark.parametrize("name", LIMITED)
def test_an_attack_that_works_elsewhere_is_held_by_the_limits(
    name, run, make, tmp_path, monkeypatch
):
    code = code_of(LIMITED, name)
    prove(name, code, tmp_path)
    monkeypatch.setenv("SECRET_FOR_ALL", SECRET)
    with arena_in(tmp_path / "arena") as arena:
        result = attempt(run, make, arena.fill(code))
        if name == "a flood of text":  # it may print what it likes: 64 KB are kept
            assert len(result.stdout) <= 1 << 16
        else:
            assert not succeeded(result.value, arena), result


@pytest.mark.parametrize(
    "body",
    [
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    signal.pause()",
        "signal.signal(signal.SIGALRM, signal.SIG_IGN)\n    time.sleep(600)",
        "sum(iter(int, 1))",
        "threading.Thread(target=time.sleep, args=(600,)).start()\n    time.sleep(600)",
        "atexit.register(time.sleep, 600)\n    raise SystemExit",
        "[x for x in itertools.count() if x < 0]",
        "'a' * 10 == re.match('(a+)+$', 'a' * 40 + 'b')",
    ],
)
def test_whatever_never_ends_is_ended(body, run, make):
    names = "atexit, itertools, re, signal, threading, time"
    code = f"import {names}\ndef double(x):\n    {body}\n    return 2 * x\n"
    started = time.monotonic()
    result = attempt(run, make, code)
    assert result.value != 3.0
    assert time.monotonic() - started < 30


def test_what_one_submission_wrote_the_next_does_not_find(run, make, tmp_path):
    code = """
    import os
    def double(x):
        seen = os.path.exists("inputs") or os.path.exists("../inputs")
        for path in ("inputs", "../inputs"):
            try:
                open(path, "a").write(repr(x))
            except OSError:
                pass
        return seen
    """
    (tmp_path / "a").mkdir()
    script = tmp_path / "a" / "script.py"
    script.write_text(textwrap.dedent(code) + "print(double(1.5))\n")
    seen = [
        subprocess.check_output([sys.executable, str(script)], cwd=script.parent, text=True)
        for _ in range(2)
    ]
    assert [one.strip() for one in seen] == ["False", "True"]  # where nothing is cleared away
    assert [attempt(run, make, code).value for _ in range(2)] == [False, False]


def test_threads_are_allowed_and_bounded(run, make):
    code = """
    import threading
    import time
    def double(x):
        made = []
        for _ in range(2000):
            try:
                one = threading.Thread(target=time.sleep, args=(20,), daemon=True)
                one.start()
                made.append(one)
            except RuntimeError:
                break
        return len(made)
    """
    value = attempt(run, make, code).value
    assert value is None or 1 <= value < 2000


def test_this_machine_has_all_layers_or_says_which():
    assert isolation_level().startswith("process+rlimits")


def test_nothing_listens_for_the_alarm_afterwards():
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
