"""Submissions that take more than their share, never end, crash, or leave something running.

As everywhere, each is tried first where nothing holds it: it takes what it wants, is still running
when the test ends it by its process id, or takes the process down that looks at it.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from hostile import naive
from hostile.arena import CONTROL, SECRET, arena_in, attempt, code_of, prove, run_at, succeeded
from hostile.greed import BACKGROUND, CRASHES, ENDLESS, LIMITED, SHOWN
from toy_course import write_course

from lstm_lab.grading.exercises import find_exercise
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.sources import CodeCell, Document

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the layers that hold are Linux's"
)


@pytest.fixture(scope="module", params=["all layers", "no namespaces", "rlimits only"])
def run(request, toy):
    with run_at(request.param, toy) as one:
        yield one


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


def test_a_few_threads_and_files_are_nobodys_harm(run, make):
    code = """
    import os
    import threading
    import time
    def double(x):
        end = threading.Event()
        made = [threading.Thread(target=end.wait, daemon=True) for _ in range(50)]
        for one in made:
            one.start()
        os.makedirs("a/b/c")
        for n in range(10):
            with open(f"a/b/c/{n}", "wb") as file:
                file.write(bytes(1 << 20))
        time.sleep(0.15)
        end.set()
        return 2 * x
    """
    assert attempt(run, make, code).value == 3.0


@pytest.fixture(scope="module")
def hasty(toy, tmp_path_factory):
    """The toy with little patience: a call may take 0.3 s."""
    root = tmp_path_factory.mktemp("hasty") / "course"
    shutil.copytree(toy.root, root)
    one = find_exercise("07", root)
    text = one.solution_path.read_text("utf-8")
    one.solution_path.write_text(text.replace("seconds: 4", "seconds: 0.3"), "utf-8")
    one = find_exercise("07", root)
    assert one.seconds_call == 0.3
    return one


# the way to an end is the same with and without Landlock and seccomp
@pytest.fixture(scope="module", params=["all layers", "rlimits only"])
def hasty_run(request, hasty):
    with run_at(request.param, hasty) as one:
        yield one


RUNNING: dict[str, bool] = {}


@pytest.mark.parametrize("name", ENDLESS)
def test_whatever_never_ends_is_ended(name, hasty_run, make, tmp_path):
    code = naive.answer(ENDLESS[name])
    if name not in RUNNING:
        RUNNING[name] = naive.keeps_running(tmp_path, code)
    assert RUNNING[name]
    started = time.monotonic()
    result = attempt(hasty_run, make, code)
    assert result.value is None
    assert result.error.kind in ("timeout", "hung", "raised", "ended")
    assert time.monotonic() - started < 10


# Shows what came back or was raised, and the warnings, as graders do to tell a student.
SHOW = """
import warnings
def double(x):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = answer(x)
            print(repr(value), list(value) if isinstance(value, list) else "")
        except Exception as error:
            print(error)
    for one in caught:
        print(one.message)
"""


@pytest.mark.parametrize("name", SHOWN)
def test_what_never_ends_once_it_is_shown_is_ended_or_never_shown(name, hasty_run, make, tmp_path):
    code = naive.answer(SHOWN[name])
    if name not in RUNNING:
        shown = code.replace("def double", "def answer", 1) + SHOW
        RUNNING[name] = naive.keeps_running(tmp_path, shown)
    assert RUNNING[name]
    started = time.monotonic()
    result = attempt(hasty_run, make, code)
    if "thrown away" in name:  # what is raised in a __del__ ends it, and no more than it
        assert result.value == 1.5
    else:
        assert result.error.kind in ("timeout", "hung", "raised", "cannot cross")
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("name", CRASHES)
def test_a_crash_takes_nobody_along(name, run, make, tmp_path):
    code = naive.answer(CRASHES[name])
    (tmp_path / "answer.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "-c", CONTROL, str(tmp_path / "answer.py")],
        capture_output=True,
        cwd=tmp_path,
        preexec_fn=no_core,
    )
    assert done.returncode < 0, done.stdout  # with whoever ran it, and all that was not written yet
    assert done.stdout == b""
    result = attempt(run, make, code)
    assert result.value is None or name == "a signal to itself"
    if result.error is not None:
        assert result.error.kind in ("ended", "hung", "timeout")


def no_core():
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def lives(pid):
    """Tell whether a process is there and not only waits to be taken note of."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("name", BACKGROUND)
def test_what_outlives_an_ordinary_process_does_not_outlive_its_submission(
    name, run, make, tmp_path
):
    code = textwrap.dedent(BACKGROUND[name])
    (tmp_path / "answer.py").write_text(code)
    done = subprocess.run(
        [sys.executable, "-c", CONTROL, str(tmp_path / "answer.py")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=10,
    )
    pid = json.loads(done.stdout)
    try:
        assert lives(pid)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    before = {int(entry) for entry in os.listdir("/proc") if entry.isdigit()}
    result = attempt(run, make, code)
    if run.sandbox.level == "process+rlimits":
        assert type(result.value) is int  # it was made, and has been ended
        assert not lives(result.value)
        assert result.value not in before
    else:
        assert result.error is not None


DEEP = """
    import os
    def double(x):
        for _ in range(2000):
            os.mkdir("d")
            os.chdir("d")
        return x + x
"""


def test_folders_too_deep_to_walk_are_no_harm(run, make, tmp_path):
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(DEEP) + "double(1)\n")
    (tmp_path / "own").mkdir()
    subprocess.run([sys.executable, str(script)], cwd=tmp_path / "own", check=True)
    if sys.version_info < (3, 13):
        with pytest.raises(RecursionError):
            shutil.rmtree(tmp_path / "own")
    subprocess.run(["rm", "-rf", str(tmp_path / "own")], check=True)
    attempt(run, make, DEEP)


def test_nothing_listens_for_the_alarm_afterwards():
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


TASKS = "abcdef"
SLOW = "import time\ndef load():\n    time.sleep(0.7)\n    return 1.0\nK = load()\n"


def test_definitions_that_take_their_time_do_not_take_it_for_every_task(tmp_path):
    """Each task ends its process, so that the next has all definitions loaded anew."""
    cells = "".join(
        f'\n# %% name="{one}" task=true minutes=1 difficulty=1\ndef {one}(x):\n'
        f"    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n"
        for one in TASKS
    )
    head = '# ---\n# lstm_lab:\n#   title: {en: "Many", zh: "多"}\n#   allow: [numpy]\n'
    source = f"{head}#   torch: false\n#   seconds: 1\n# ---\n{cells}"
    tests = "import pytest\nfrom lstm_lab.grading import compare\n" + "".join(
        f"\n@pytest.mark.points(1, task={one!r})\ndef test_{one}_x(submission, solution):\n"
        f"    compare(submission.call({one!r}, 1.5), solution.call({one!r}, 1.5).value)\n"
        for one in TASKS
    )
    write_course(tmp_path, "08_many", source, tests)
    many = find_exercise("08", tmp_path)

    def answers(body):
        found = {one: f"def {one}(x):\n    {body}\n" for one in TASKS}
        return Document(
            tmp_path / "many.ipynb",
            (
                CodeCell(SLOW, "<cell 1>"),
                *(CodeCell(t, f"<cell {n}>", n) for n, t in found.items()),
            ),
        )

    with Grader() as own:
        assert own.grade(many, answers("return K * x")).earned == 6
        graded = own.grade(many, answers("import os; os._exit(K == 0)"))
    # a second is given; a load takes 0.7 of it
    assert {row["status"] for row in graded.rows[:1]} == {"failed"}
    assert {row["status"] for row in graded.rows[3:]} == {"not tried"}
