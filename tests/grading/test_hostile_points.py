"""Submissions that want points without an answer; each gets them from an unprotected grader.

The unprotected grader is what many courses run: answer, solution and comparison in one process,
the score in a file. An attack that could not fool even that one would prove nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap

import pytest

from lstm_lab.grading.grader import Grader

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the fork server and its layers are Linux's"
)

NAIVE = """
import importlib
import sys
import types

import numpy as np

FACTOR = 2.0
def solution(x):
    return FACTOR * x

answers = types.ModuleType("answers")
answers.solve = solution
sys.modules["answers"] = answers
path, results, how = sys.argv[1:]
score = 0
try:
    names = {}
    if how == "banned words" and "solution" in open(path).read():
        raise ValueError("a word that may not stand there")
    exec(compile(open(path).read(), "submission", "exec"), names)
    for x in (np.random.default_rng().normal(size=(3, 2)), 1.5):
        got = names["double"](x)
        expected = solution(x)
        if how == "all":
            score = int(all(np.ravel(got) == np.ravel(expected)))
        elif how == "equal":
            score = int(np.array_equal(got, expected))
        elif how == "text":
            score = int(str(got) == str(expected))
        elif how == "testing":
            np.testing.assert_allclose(got, expected)
            score = 1
        else:
            score = int(np.allclose(got, expected))
        if not score:
            raise AssertionError(x)
except Exception as error:
    # IPython shows a traceback by a function that can be replaced as this one can
    sys.excepthook(*sys.exc_info())
if how == "printed":
    print(importlib.import_module("json").dumps({"score": score}))
else:
    importlib.import_module("json").dump({"score": score}, open(results, "w"))
"""

YES = """
    class Yes:
        def __eq__(self, other):
            return True
        def __array_function__(self, *rest):
            return True
        def __array_ufunc__(self, *rest, **more):
            return True
        __hash__ = None
"""

# name: (how the unprotected grader compares, the submission)
ATTACKS = {
    "object equal to anything": (
        "close",
        YES
        + """
    def double(x):
        return Yes()
    """,
    ),
    "array subclass that answers for numpy": (
        "close",
        """
    import numpy as np
    class Yes(np.ndarray):
        def __array_function__(self, *rest):
            return True
        def __array_ufunc__(self, *rest, **more):
            return True
    def double(x):
        return np.zeros(np.shape(x)).view(Yes)
    """,
    ),
    "object array of agreeable things": (
        "all",
        YES
        + """
    import numpy as np
    def double(x):
        out = np.empty(np.size(x), dtype=object)
        for n in range(np.size(x)):
            out[n] = Yes()
        return out
    """,
    ),
    "empty array, all of which is right": (
        "close",
        """
    import numpy as np
    def double(x):
        return np.zeros((0, *np.shape(x)))
    """,
    ),
    "patched numpy": (
        "close",
        """
    import numpy as np
    def double(x):
        np.allclose = np.isclose = np.array_equal = lambda *a, **k: True
        return x
    """,
    ),
    "patched builtins": (
        "all",
        """
    import builtins
    import numpy as np
    def double(x):
        builtins.all = lambda things: True
        return x
    """,
    ),
    "patched array_equal through numpy's own module": (
        "equal",
        """
    import sys
    def double(x):
        for module in list(sys.modules.values()):
            if hasattr(module, "array_equal"):
                module.array_equal = lambda *a, **k: True
        return x
    """,
    ),
    "text that equals any text": (
        "text",
        """
    class Sly(str):
        def __eq__(self, other):
            return True
        __hash__ = None
    class Answer:
        def __str__(self):
            return Sly("right")
    def double(x):
        return Answer()
    """,
    ),
    "the caller's frame": (
        "close",
        """
    import sys
    def double(x):
        frame = sys._getframe()
        while frame is not None:
            for names in (frame.f_globals, frame.f_locals):
                if callable(names.get("solution")):
                    return names["solution"](x)
            frame = frame.f_back
        return x
    """,
    ),
    "inspect.stack": (
        "close",
        """
    import inspect
    def double(x):
        for info in inspect.stack():
            if "solution" in info.frame.f_globals:
                return info.frame.f_globals["solution"](x)
        return x
    """,
    ),
    "the traceback of an exception": (
        "close",
        """
    def double(x):
        try:
            raise ValueError
        except ValueError as error:
            frame = error.__traceback__.tb_frame
        while frame:
            if "solution" in frame.f_globals:
                frame.f_globals["solution"] = lambda x: x
            frame = frame.f_back
        return x
    """,
    ),
    "the garbage collector": (
        "close",
        """
    import gc
    import types
    def double(x):
        for thing in gc.get_objects():
            if isinstance(thing, types.FunctionType) and thing.__name__ == "solution":
                return thing(x)
        return x
    """,
    ),
    "__main__": (
        "close",
        """
    def double(x):
        import __main__
        return getattr(__main__, "solution", lambda x: x)(x)
    """,
    ),
    "sys.modules": (
        "close",
        """
    import sys
    def double(x):
        for module in list(sys.modules.values()):
            if callable(getattr(module, "solve", None)) and module.__name__ == "answers":
                return module.solve(x)
        return x
    """,
    ),
    "constants of the grader's code": (
        "close",
        """
    import sys
    def double(x):
        frame = sys._getframe()
        while frame is not None:
            if "FACTOR" in frame.f_globals:
                return frame.f_globals["FACTOR"] * x
            frame = frame.f_back
        return x
    """,
    ),
    "a trace function that rewrites the score": (
        "close",
        """
    import sys
    def double(x):
        frame = sys._getframe()
        while frame.f_back is not None:
            frame = frame.f_back
        class Sly(dict):
            pass
        frame.f_globals["int"] = lambda thing: 1
        return x
    """,
    ),
    "changed arguments": (
        "close",
        """
    import numpy as np
    def double(x):
        if np.ndim(x):
            x[...] = 0
            return x
        import sys
        sys._getframe(1).f_globals["x"] = 0.0
        return 0.0
    """,
    ),
    "a fake json module": (
        "close",
        """
    import sys
    import types
    def double(x):
        import json
        fake = types.ModuleType("json")
        fake.dump = lambda thing, file: json.dump({"score": 1}, file)
        sys.modules["json"] = fake
        return x
    """,
    ),
    "an import hook": (
        "close",
        """
    import importlib
    import types
    def double(x):
        import json
        fake = types.ModuleType("fake")
        fake.dump = lambda thing, file: json.dump({"score": 1}, file)
        importlib.import_module = lambda name: fake
        return x
    """,
    ),
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
    "patched numpy.testing": (
        "testing",
        """
    import numpy as np
    def double(x):
        np.testing.assert_allclose = lambda *a, **k: None
        return x
    """,
    ),
    "a profiler that changes the solution": (
        "close",
        """
    import sys
    def double(x):
        def hook(frame, event, result):
            if event == "call" and frame.f_code.co_name == "solution":
                frame.f_globals["FACTOR"] = 1.0
        sys.setprofile(hook)
        return x
    """,
    ),
    "random numbers that are known": (
        "close",
        """
    import numpy as np
    class Fixed:
        def normal(self, size=None):
            return np.zeros(size)
    np.random.default_rng = lambda *a: Fixed()
    def double(x):
        return x if np.ndim(x) else 3.0
    """,
    ),
    "a letter that is read as another": (
        "banned words",
        """
    def double(x):
        import __main__
        return getattr(__main__, "FACTOR", None) and __main__.ſolution(x)
    """,
    ),
    "a byte code of its own": (
        "close",
        """
    import sys
    def double(x):
        frame = sys._getframe()
        while frame is not None:
            target = frame.f_globals.get("solution")
            if target is not None:
                target.__code__ = (lambda x: x).__code__
            frame = frame.f_back
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
}


def naive(tmp_path, code, how):
    """Return the points that the unprotected grader gives."""
    script, submission, results = (tmp_path / n for n in ("naive.py", "sub.py", "results.json"))
    script.write_text(NAIVE)
    submission.write_text(code)
    results.unlink(missing_ok=True)
    done = subprocess.run(
        [sys.executable, str(script), str(submission), str(results), how],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=tmp_path,
    )
    if results.exists() and how != "shown errors":
        return json.loads(results.read_text())["score"], done.stderr
    if how == "shown errors":  # nbgrader#1324: no error was seen, so there was none
        return int(not done.stderr), done.stderr
    if how == "printed":
        return json.loads(done.stdout.strip().splitlines()[-1])["score"], done.stderr
    # a dead process that said nothing was wrong: graders have taken that for a pass
    return int(how == "exit" and done.returncode == 0), done.stderr


@pytest.fixture(scope="module", params=["all layers", "no namespaces", "rlimits only"])
def hardened(request):
    layers = {"all layers": None, "no namespaces": ("landlock", "seccomp"), "rlimits only": ()}
    with Grader(layers=layers[request.param]) as one:
        yield one


FOOLED: dict[str, int] = {}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_fools_an_unprotected_grader_and_gains_nothing_here(
    name, make, toy, hardened, tmp_path
):
    how, code = ATTACKS[name]
    if name not in FOOLED:  # once is enough for all levels
        FOOLED[name], words = naive(tmp_path, textwrap.dedent(code), how)
        assert FOOLED[name] == 1, words
    assert FOOLED[name] == 1
    graded = hardened.grade(toy, make(double=code))
    assert [row["earned"] for row in graded.rows if row["task"] == "double"] == [0, 0]
    # and takes nothing: the other task is right, and so is the next submission
    assert graded.rows[-1]["status"] == "passed"
    assert hardened.grade(toy, make()).earned == 6


def test_an_honest_answer_passes_the_unprotected_grader_and_a_wrong_one_does_not(tmp_path):
    for how in (
        "close",
        "all",
        "equal",
        "text",
        "testing",
        "banned words",
        "printed",
        "shown errors",
    ):
        assert naive(tmp_path, "def double(x):\n    return x + x\n", how)[0] == 1
        assert naive(tmp_path, "def double(x):\n    return x\n", how)[0] == 0
