"""What holds a submission at the first level, and what is left of it afterwards: nothing."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from lstm_lab.grading.runner.run import NotTried, Run
from lstm_lab.grading.sandbox.processes import Sandbox

linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the fork server is Linux's"
)


@pytest.fixture(
    params=[
        pytest.param(None, id="walls", marks=linux),
        pytest.param((), id="fork", marks=linux),
        pytest.param(False, id="spawn"),
    ]
)
def ask(request, make, toy, monkeypatch):
    """Run one function body as the answer `double` and return the result of calling it."""
    fork = request.param is not False
    monkeypatch.setenv("SECRET_OF_THE_INSTRUCTOR", "42")
    run = Run(toy, sandbox=Sandbox(fork=fork, layers=request.param if fork else None))

    def ask_one(code, *args):
        run.begin(make(double=code))
        run.enter("double")
        one = run.submission()
        result = one.call("double", *args)
        run.leave("double")
        return result

    ask_one.run = run
    yield ask_one
    run.close()
    run.sandbox.close()


def test_environment_folder_and_input_are_empty(ask):
    code = """
    import os
    import sys
    def double(x):
        return [sorted(os.environ), os.listdir("."), os.getcwd(), sys.stdin.read(), sys.argv]
    """
    names, files, folder, stdin, _argv = ask(code, 1).value
    assert "SECRET_OF_THE_INSTRUCTOR" not in names
    assert not [name for name in names if name.startswith(("LSTM", "PYTEST", "PYTHON"))]
    assert files == []
    assert stdin == ""
    assert Path(folder).resolve() != Path.cwd()
    ask.run.end()
    assert not Path(folder).exists()


def test_the_course_and_its_tests_cannot_be_imported(ask):
    code = """
    def double(x):
        found = []
        for name in ("lstm_lab", "lstm_lab.cells", "pytest", "torch", "solutions", "tests"):
            try:
                __import__(name)
                found.append(name)
            except ImportError:
                pass
        return found
    """
    assert ask(code, 1).value == []


def test_nothing_of_the_trusted_side_is_loaded(ask):
    code = """
    import sys
    def double(x):
        return [n for n in sys.modules if n.startswith(("lstm_lab", "_pytest", "pytest"))]
    """
    assert ask(code, 1).value == []


@pytest.mark.parametrize(
    "how",
    ["raise SystemExit", "import os; os._exit(0)", "import os; os.kill(os.getpid(), 9)",
     "exit()", "raise KeyboardInterrupt", "raise GeneratorExit", "import sys; sys.exit(0)"],
)  # fmt: skip
def test_ending_itself_is_trouble_never_a_pass(ask, how):
    result = ask(f"def double(x):\n    {how}\n", 1)
    assert result.value is None
    # the first process of a namespace is deaf to its own SIGKILL
    if result.error is not None or "kill" not in how:
        assert result.error.kind in ("raised", "ended")


def test_an_answer_that_swallows_everything_is_killed_in_time(ask):
    code = """
    import signal
    def double(x):
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, signal.SIG_IGN)
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass
    """
    started = time.monotonic()
    result = ask(code, 1)
    assert result.error is not None
    assert result.error.kind in ("hung", "timeout")
    assert time.monotonic() - started < 30


def test_definitions_that_never_end_are_stopped(ask):
    code = """
    def forever():
        while True:
            pass
    K = forever()
    def double(x):
        return K
    """
    with pytest.raises(NotTried, match="definitions did not come to an end"):
        ask(code, 1)
    assert [one["kind"] for one in ask.run.facts["problems"]] == ["load timeout"]


@linux
def test_definitions_that_cannot_be_interrupted_are_killed(make, toy, grader):
    started = time.monotonic()
    graded = grader.grade(toy, make(double="K = sum(iter(int, 1))\ndef double(x):\n    return K\n"))
    assert [row["status"] for row in graded.rows] == ["not tried"] * 3
    assert [one["kind"] for one in graded.facts["problems"]] == ["load timeout"]
    assert time.monotonic() - started < 60
    assert grader.grade(toy, make()).earned == 6


@linux
def test_processes_left_behind_are_ended(make, toy):
    code = """
    import os
    import time
    def double(x):
        read, write = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.setsid()
                os.write(write, str(os.getpid()).encode())
                time.sleep(600)
            os._exit(0)
        os.close(write)
        return int(os.read(read, 20))
    """
    run = Run(toy, sandbox=Sandbox(fork=True, layers=()))
    try:
        run.begin(make(double=code))
        run.enter("double")
        pid = run.submission().call("double", 1).value
        assert os.path.exists(f"/proc/{pid}")
        assert run.end()["left_behind"] >= 1
        assert not os.path.exists(f"/proc/{pid}")
    finally:
        run.close()
        run.sandbox.close()


@linux
@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("def double(x):\n    return len(bytearray(6 << 30))\n", {"raised"}),
        ("def double(x):\n    open('big', 'wb').write(bytes(1 << 26))\n    return 1\n",
         {"raised", "ended"}),
        ("def double(x):\n    return len([open('/dev/null') for _ in range(500)])\n", {"raised"}),
        ("def double(x):\n    return double(x)\n", {"raised"}),
        ("def double(x):\n    return [0] * 10**6\n", {"cannot cross"}),
        ("import numpy as np\ndef double(x):\n    return np.zeros(1 << 24)\n", {"cannot cross"}),
    ],
    ids=["memory", "disk", "files", "recursion", "list", "array"],
)  # fmt: skip
def test_greed_is_an_error_of_the_answer(ask, code, kinds):
    assert ask(code, 1).error.kind in kinds


@linux
@pytest.mark.parametrize(
    "forged",
    [
        "b'garbage' * 1000",
        "b'LLF1' + b'\\xff' * 8",
        "b''",
        "b'LLF1' + (12).to_bytes(4, 'little') + (0).to_bytes(4, 'little') + b'{\"m\":{}}....'",
        "b'LLF1' + (0).to_bytes(4, 'little') * 2",
    ],
)
def test_forged_frames_are_a_failed_test(make, toy, grader, forged):
    code = f"""
    import os
    def double(x):
        for fd in range(3, 32):
            try:
                os.write(fd, {forged})
            except OSError:
                pass
        return 2 * x
    """
    graded = grader.grade(toy, make(double=code))
    if forged != "b''":
        assert [row["status"] for row in graded.rows][:2] == ["failed", "not tried"]
    # the next task has a new process, and the next submission another
    assert graded.rows[2]["status"] == "passed"
    assert grader.grade(toy, make()).earned == 6


def test_a_submission_cannot_reach_the_next_one(make, toy, grader):
    code = """
    import builtins
    import numpy as np
    np.mean = builtins.sum = np.ndarray.mean = None if False else (lambda *a, **k: 0)
    def double(x):
        return 2 * x
    """
    grader.grade(toy, make(double=code))
    assert grader.grade(toy, make()).earned == 6
