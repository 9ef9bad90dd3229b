"""Things worth attacking, and the two ways to try: as an ordinary process, and as a submission."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from lstm_lab.grading.runner.run import Run
from lstm_lab.grading.sandbox.processes import Sandbox

__all__ = ["CONTROL", "LEVELS", "SECRET", "arena_in", "attempt", "code_of", "control", "prove",
           "run_at", "succeeded"]  # fmt: skip

SECRET = "the-instructors-secret-4711"
LEVELS = {"all layers": None, "no namespaces": ("landlock", "seccomp"), "rlimits only": ()}

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


# Lets itself be traced by anybody, where the system would allow that to its parents only.
VICTIM = """
import ctypes, time
ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1), 0, 0, 0)
print(1, flush=True)
time.sleep(120)
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
            == [
                "canary",
                "inner",
                "key",
                "secret.txt",
                "socket",
                "solutions",
                "submissions",
                "tests",
            ]
            and self.victim.poll() is None
            # a whole test run may itself be niced
            and os.getpriority(os.PRIO_PROCESS, self.victim.pid)
            == os.getpriority(os.PRIO_PROCESS, 0)
        )


@contextlib.contextmanager
def arena_in(folder: Path):
    folder.mkdir()
    (folder / "inner").mkdir()
    for name in ("solutions/07_toy.py", "tests/test_07_toy.py", "submissions/ann.ipynb", "key"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(SECRET)
    (folder / "secret.txt").write_text(SECRET)
    (folder / "canary").write_text("alive")
    os.chmod(folder / "canary", 0o644)
    victim = subprocess.Popen(
        [sys.executable, "-c", VICTIM, SECRET],
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


@contextlib.contextmanager
def run_at(level, toy):
    one = Run(toy, sandbox=Sandbox(layers=LEVELS[level]))
    try:
        yield one
    finally:
        one.close()
        one.sandbox.close()


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
    root = Path(__file__).resolve().parents[3]
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
