"""Unprotected graders, as many courses run them; every attack must succeed against one of these.

Answer, solution and comparison share a process, the score is in a file or a frame, and time and
size have no limit but the one that the test sets around the whole.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

__all__ = ["answer", "frames_outcome", "in_process", "keeps_running", "with_pytest"]

IN_PROCESS = """
import importlib
import json
import sys
import types

import numpy as np

FACTOR = 2.0
def solution(x):
    return FACTOR * x

solution.__module__ = "solutions"
answers = types.ModuleType("answers")
answers.solve = solution
sys.modules["answers"] = answers
path, results, how = sys.argv[1:]
score = 0
try:
    names = {"__name__": "submission"}
    text = open(path, encoding="latin-1").read()
    if how in ("banned words", "cookie") and "solution" in text:
        raise ValueError("a word that may not stand there")
    if how == "cookie":
        exec(compile(open(path, "rb").read(), "submission", "exec"), names)
    else:
        exec(compile(open(path, encoding="utf-8").read(), "submission", "exec"), names)
    if how == "own tests":
        score = int(names.get("run_tests", lambda f: f(1.5) == 3.0)(names["double"]))
    seed = 0 if how == "same inputs" else None
    for x in (np.random.default_rng(seed).normal(size=(3, 2)), 1.5):
        if how == "own tests":
            break
        if how == "expected first":  # only its digest is kept, the array itself is let go
            kept = np.asarray(solution(x)).tolist()
        got = names["double"](x)
        expected = np.asarray(kept) if how == "expected first" else solution(x)
        if how == "all":
            score = int(all(np.ravel(got) == np.ravel(expected)))
        elif how == "equal":
            score = int(np.array_equal(got, expected))
        elif how == "not unequal":
            score = int(not np.any(got != expected))
        elif how == "text":
            score = int(str(got) == str(expected))
        elif how == "testing":
            np.testing.assert_allclose(got, expected)
            score = 1
        elif how == "differences":
            flat = got if isinstance(got, list) else np.ravel(got)
            score = int(sum(abs(a - b) for a, b in zip(flat, np.ravel(expected))) < 1e-9)
        else:
            score = int(np.allclose(got, expected))
        if not score:
            raise AssertionError(x)
except Exception as error:
    # IPython shows a traceback by a function that can be replaced as this one can
    sys.excepthook(*sys.exc_info())
if how == "printed":
    print(importlib.import_module("json").dumps({"score": score}))
elif how == "imported late":
    import json
    json.dump({"score": score}, open(results, "w"))
elif how == "encoded":
    import codecs
    with codecs.open(results, "w", "utf-8-sig") as file:
        file.write(importlib.import_module("json").dumps({"score": score}))
else:
    importlib.import_module("json").dump({"score": score}, open(results, "w"))
"""


def in_process(folder: Path, code: str | bytes, how: str) -> tuple[int, str]:
    """Return the points that a grader gives which runs the answer beside the solution."""
    script, submission, results = (folder / n for n in ("naive.py", "sub.py", "results.json"))
    script.write_text(IN_PROCESS)
    submission.write_bytes(code if isinstance(code, bytes) else code.encode())
    times = 2 if how in ("same inputs", "twice") else 1
    for _ in range(times):  # a second attempt, as students have
        results.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, str(script), str(submission), str(results), how],
            capture_output=True,
            text=True,
            timeout=60,
            cwd=folder,
        )
    if how == "shown errors":  # nbgrader#1324: no error was seen, so there was none
        return int(not done.stderr), done.stderr
    if results.exists():
        return json.loads(results.read_text("utf-8-sig"))["score"], done.stderr
    if how == "printed":
        return json.loads(done.stdout.strip().splitlines()[-1])["score"], done.stderr
    # a dead process that said nothing was wrong: graders have taken that for a pass
    return int(how == "exit" and done.returncode == 0), done.stderr


PYTEST = """
import json
import sys

import pytest

class Marks:
    def __init__(self):
        self.outcomes = []
    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.outcome != "passed":
            self.outcomes.append(report.outcome)

marks = Marks()
code = pytest.main(["-q", "-p", "no:cacheprovider", "test_it.py"], plugins=[marks])
if sys.argv[1] == "exit code":
    score = int(code == 0)
else:
    score = int(bool(marks.outcomes) and set(marks.outcomes) == {"passed"})
print("score", score)
"""

TESTS = """
from unittest import mock

import numpy as np
import pytest

from submission import double

{test}
"""

TEST_OF = {
    "approx": """
def test_values():
    x = np.random.default_rng().normal(size=3)
    assert double(x) == pytest.approx(2 * x)
""",
    "raises": """
def test_refuses_none():
    with pytest.raises(ValueError, match="None"):
        double(None)
""",
    "warns": """
def test_warns():
    with pytest.warns(DeprecationWarning):
        double("old")
""",
    "mock": """
def test_uses_numpy():
    with mock.patch.object(np, "add") as add:
        double(np.ones(3))
    add.assert_called_once()
""",
    "monkeypatch": """
def test_needs_no_multiply(monkeypatch):
    x = np.random.default_rng().normal(size=3)
    want = 2 * x
    monkeypatch.setattr(np, "multiply", None)
    assert np.allclose(double(x), want)
""",
}
TEST_OF |= dict.fromkeys(["exit code", "reports", "plain", "again"], """
def test_values():
    x = np.random.default_rng().normal(size=3)
    assert np.allclose(double(x), 2 * x)
""")  # fmt: skip


def with_pytest(folder: Path, code: str, how: str) -> tuple[int, str]:
    """Return the points that a grader gives which imports the answer into its own pytest."""
    (folder / "grade.py").write_text(PYTEST)
    (folder / "test_it.py").write_text(TESTS.format(test=TEST_OF[how]))
    (folder / "submission.py").write_text(code)
    for _ in range(2 if how == "again" else 1):
        done = subprocess.run(
            [sys.executable, "grade.py", how],
            capture_output=True,
            text=True,
            timeout=60,
            cwd=folder,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        )
    scores = [line for line in done.stdout.splitlines() if line.startswith("score ")]
    words = done.stdout + done.stderr
    if not scores:
        return int(how == "exit code" and done.returncode == 0), words
    return int(scores[-1].split()[1]), words


# Speaks our frames without a single check, and takes the worker's word for the score.
FRAMES_WORKER = """
import json, os, socket, struct, sys, threading
line = socket.socket(fileno=int(sys.argv[2]))
names = {"__name__": "submission"}
exec(compile(open(sys.argv[1]).read(), "submission", "exec"), names)
reader = line.makefile("rb")
line.sendall(b"!")
for request in reader:
    asked = json.loads(request)
    got = names["double"](asked["x"])
    m = {"id": asked["id"], "score": int(got == asked["want"]), "error": None}
    body = json.dumps({"m": m, "b": ["t", [got, ["d", {}]]], "a": []}).encode()
    line.sendall(struct.pack("<4sII", b"LLF1", len(body), 0) + body)
"""

FRAMES_GRADER = """
import json, select, socket, struct, subprocess, sys
ours, theirs = socket.socketpair()
worker = subprocess.Popen(
    [sys.executable, "-c", sys.argv[1], sys.argv[2], str(theirs.fileno())],
    pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
)
theirs.close()
patience = float(sys.argv[3]) or None
def exactly(n):
    data = bytearray()
    while len(data) < n:
        part = ours.recv(min(n - len(data), 1 << 20))
        if not part:
            break
        data += part
    return data
score = 1
seen = []
exactly(1)  # it is there
try:
    for number, x in enumerate((1.5, 2.5), 1):
        ours.sendall(json.dumps({"id": number, "x": x, "want": 2 * x}).encode() + b"\\n")
        if patience and not select.select([ours], [], [], patience)[0]:
            seen.append("late")
            score = 0
            continue
        magic, length, payload = struct.unpack("<4sII", exactly(12))
        header = json.loads(exactly(length))
        exactly(payload)
        if header["m"]["id"] != number:
            seen.append("out of step")
        score *= header["m"]["score"]
    seen.append("fooled" if score else "not fooled")
except Exception as error:
    seen.append("raised")
finally:
    worker.kill()
    worker.wait()
try:
    most = open("/proc/self/status").read().split("VmHWM:")[1].split()[0]
except OSError:
    most = 0  # only Linux tells
if int(most) > 150 << 10:
    seen.append("filled")
print(json.dumps(seen), flush=True)
"""


def frames_outcome(folder: Path, code: str, patience: float = 0.0, limit: float = 2.0) -> list[str]:
    """Return what becomes of a grader that reads frames without checks.

    ``fooled``, ``raised``, ``filled`` (its memory), ``late`` and ``out of step``; ``hung`` where it
    was still waiting when the test's limit was reached.
    """
    (folder / "submission.py").write_text(code)
    words = [FRAMES_GRADER, FRAMES_WORKER, str(folder / "submission.py"), str(patience)]
    grader = subprocess.Popen(
        [sys.executable, "-c", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        process_group=0,
    )
    try:
        return json.loads(grader.communicate(timeout=limit)[0] or '["ended"]')
    except subprocess.TimeoutExpired:
        return ["hung"]
    finally:
        # the worker is its child, in the group that was made for both
        with contextlib.suppress(ProcessLookupError):
            if grader.poll() is None:
                os.killpg(grader.pid, signal.SIGKILL)
        grader.wait()
        grader.stdout.close()


FOREVER = """
import sys
names = {"__name__": "submission"}
exec(compile(open(sys.argv[1]).read(), "submission", "exec"), names)
print("started", file=sys.stderr, flush=True)
if sys.argv[2] != "0":
    import signal
    def stop(*_):
        raise TimeoutError
    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, float(sys.argv[2]))
names["double"](1.5)
"""


def keeps_running(folder: Path, code: str, alarm: float = 0.0, seconds: float = 0.4) -> bool:
    """Tell whether the answer, once called, still runs after a while; it is ended by its id.

    Parameters
    ----------
    alarm : float
        After so many seconds an alarm raises TimeoutError in it, as graders do that run it in
        their own process.
    """
    (folder / "submission.py").write_text(code)
    process = subprocess.Popen(
        [sys.executable, "-c", FOREVER, str(folder / "submission.py"), str(alarm)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=folder,
    )
    try:
        assert process.stderr.readline() == b"started\n"
        process.wait(alarm + seconds)
        return False
    except subprocess.TimeoutExpired:
        return True
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def answer(body: str) -> str:
    """Return an answer with this body."""
    return (
        "def double(*args, **kwargs):\n    x = args[0]\n"
        + textwrap.indent(textwrap.dedent(body).strip(), "    ")
        + "\n"
    )
