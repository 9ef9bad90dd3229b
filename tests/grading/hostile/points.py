"""Answers that want points for nothing, by what they return and by what they find."""

from __future__ import annotations

__all__ = ["POINTS", "YES"]

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
POINTS = {
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
    "object that is unequal to nothing": (
        "not unequal",
        """
    class Yes:
        def __ne__(self, other):
            return False
        __array_ufunc__ = None
    def double(x):
        return Yes()
    """,
    ),
    "numbers whose difference is nothing": (
        "differences",
        """
    class Sly(float):
        def __sub__(self, other):
            return 0.0
    def double(x):
        import numpy as np
        return [Sly(0) for _ in np.ravel(x)]
    """,
    ),
    "what was left in memory that nobody cleared": (
        "expected first",
        """
    import numpy as np
    def double(x):
        return np.empty(np.shape(x)) if np.ndim(x) else 3.0
    """,
    ),
    "a wild pointer to what is there": (
        "close",
        """
    import sys
    import numpy as np
    def double(x):
        # the caller's own name for what we return is looked up too late
        class Wild:
            @property
            def __array_interface__(self):
                frame = sys._getframe()
                while "solution" not in frame.f_globals:
                    frame = frame.f_back
                self.kept = np.asarray(frame.f_globals["solution"](x))
                return self.kept.__array_interface__
        return Wild()
    """,
    ),
    "tests of its own, which the grader takes for its own": (
        "own tests",
        """
    def run_tests(function):
        return True
    def double(x):
        return x
    """,
    ),
    "the inputs of one attempt replayed in the next": (
        "same inputs",
        """
    import json
    import os
    import numpy as np
    def double(x):
        if os.path.exists("seen"):
            return np.asarray(json.load(open("seen"))) if np.ndim(x) else 3.0
        # between the attempts there is all the time of the world to work it out
        json.dump((np.asarray(x) + np.asarray(x)).tolist(), open("seen", "w"))
        return x
    """,
    ),
    "a patched module left for the next attempt": (
        "twice",
        """
    def double(x):
        with open("numpy.py", "w") as file:
            file.write("import sys; sys.path.pop(0); del sys.modules['numpy'];"
                       "import numpy; numpy.allclose = lambda *a, **k: True;"
                       "sys.modules['numpy'] = numpy")
        return x
    """,
    ),
    "globals reached through a builtin class": (
        "close",
        """
    def double(x):
        for kind in object.__subclasses__():
            if kind.__name__ == "_wrap_close":
                found = kind.__init__.__globals__["sys"].modules["__main__"]
                return getattr(found, "solution", lambda x: x)(x)
        return x
    """,
    ),
    "a context left in a generator's frame": (
        "close",
        """
    def double(x):
        def look():
            yield look_up.gi_frame.f_back.f_back
        look_up = look()
        frame = next(look_up)
        while frame is not None and "solution" not in frame.f_globals:
            frame = frame.f_back
        return frame.f_globals["solution"](x) if frame else x
    """,
    ),
    "a trace function that rewrites what comes after": (
        "close",
        """
    import sys
    def double(x):
        def hook(frame, event, value):
            if frame.f_code.co_name == "solution":
                frame.f_globals["FACTOR"] = 1.0
            return hook
        sys.settrace(hook)
        return x
    """,
    ),
}
