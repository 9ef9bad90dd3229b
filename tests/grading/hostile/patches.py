"""Answers that change what the grader stands on: numpy, pytest, builtins, imports, codecs."""

from __future__ import annotations

__all__ = ["COOKIE", "PATCHES", "PYTEST_PATCHES"]

# name: (how the unprotected grader in `naive.in_process` works, the submission)
PATCHES = {
    "patched inside numpy": (
        "close",
        """
    import sys
    def double(x):
        import numpy as np
        # allclose itself is left alone; what it calls is not
        for module in list(sys.modules.values()):
            if getattr(module, "__name__", "").startswith("numpy") and hasattr(module, "isclose"):
                module.isclose = lambda *a, **k: np.True_
        return x
    """,
    ),
    "patched numpy.testing from within": (
        "testing",
        """
    import sys
    def double(x):
        import numpy.testing
        inside = sys.modules[numpy.testing.assert_allclose.__module__]
        inside.assert_array_compare = lambda *a, **k: None
        return x
    """,
    ),
    "patched sum and abs": (
        "differences",
        """
    import builtins
    def double(x):
        builtins.sum = lambda *a: 0.0
        return x
    """,
    ),
    "patched int": (
        "close",
        """
    import builtins
    def double(x):
        real = int
        class Sly(int):
            def __new__(cls, *a):
                return real.__new__(real, 1)
        builtins.int = Sly
        return x
    """,
    ),
    "patched __import__": (
        "imported late",
        """
    import builtins
    import types
    def double(x):
        import json
        real = builtins.__import__
        fake = types.ModuleType("json")
        fake.dump = lambda thing, file: json.dump({"score": 1}, file)
        builtins.__import__ = lambda name, *a: fake if name == "json" else real(name, *a)
        return x
    """,
    ),
    "a finder on sys.meta_path": (
        "imported late",
        """
    import importlib.machinery
    import sys
    def double(x):
        import json
        class Loader:
            def create_module(self, spec):
                return None
            def exec_module(self, module):
                module.dump = lambda thing, file: json.dump({"score": 1}, file)
        class Finder:
            def find_spec(self, name, path=None, target=None):
                if name == "json":
                    return importlib.machinery.ModuleSpec(name, Loader())
        sys.meta_path.insert(0, Finder())
        del sys.modules["json"]
        return x
    """,
    ),
    "a hook on sys.path_hooks": (
        "imported late",
        """
    import importlib.machinery
    import sys
    def double(x):
        import json
        class Loader:
            def create_module(self, spec):
                return None
            def exec_module(self, module):
                module.dump = lambda thing, file: json.dump({"score": 1}, file)
        class Finder:
            def find_spec(self, name, target=None):
                if name == "json":
                    return importlib.machinery.ModuleSpec(name, Loader())
        def hook(path):
            if path != "sly":
                raise ImportError
            return Finder()
        sys.path_hooks.insert(0, hook)
        sys.path.insert(0, "sly")
        del sys.modules["json"]
        return x
    """,
    ),
    "a module of the same name in the folder": (
        "imported late",
        """
    import importlib
    import sys
    def double(x):
        with open("json.py", "w") as file:
            file.write("def dump(thing, file):\\n    file.write('{\\"score\\": 1}')\\n")
        sys.path.insert(0, "")
        importlib.invalidate_caches()
        for name in [name for name in sys.modules if name.split(".")[0] == "json"]:
            del sys.modules[name]
        return x
    """,
    ),
    "a source loader that rewrites what it loads": (
        "imported late",
        """
    import importlib.machinery
    import sys
    def double(x):
        class Loader(importlib.machinery.SourceFileLoader):
            pass
        real = importlib.machinery.SourceFileLoader.get_code
        def get_code(self, name):
            if name == "json":
                return compile("def dump(t, f): f.write('{\\"score\\": 1}')", "json", "exec")
            return real(self, name)
        importlib.machinery.SourceFileLoader.get_code = get_code
        for name in [name for name in sys.modules if name.split(".")[0] == "json"]:
            del sys.modules[name]
        return x
    """,
    ),
    "patched codecs.open": (
        "encoded",
        """
    import codecs
    def double(x):
        real = codecs.open
        class Sly:
            def __init__(self, file):
                self.file = file
            def __enter__(self):
                return self
            def __exit__(self, *rest):
                self.file.close()
            def write(self, text):
                return self.file.write(text.replace("0", "1"))
        codecs.open = lambda *a, **k: Sly(real(*a, **k))
        return x
    """,
    ),
    "a codec replaced in its registry": (
        "encoded",
        """
    import codecs
    def double(x):
        codec = codecs.lookup("utf-8-sig")
        class Writer(codec.streamwriter):
            def encode(self, text, errors="strict"):
                return text.replace("0", "1").encode(), len(text)
        sly = codecs.CodecInfo(codec.encode, codec.decode, codec.streamreader, Writer,
                               name="utf-8-sig")
        codecs.unregister(__import__("encodings").search_function)
        codecs.register(lambda name: sly if "sig" in name else None)
        codecs.register(__import__("encodings").search_function)
        return x
    """,
    ),
    "an alias for a codec of its own": (
        "encoded",
        """
    import codecs
    import encodings
    import encodings.aliases
    import sys
    import types
    def double(x):
        codec = codecs.lookup("utf-8")
        class Writer(codec.streamwriter):
            def write(self, text):
                self.stream.write(text.replace("0", "1").encode())
        sly = types.ModuleType("encodings.sly")
        sly.getregentry = lambda: codecs.CodecInfo(
            codec.encode, codec.decode, codec.streamreader, Writer, name="sly")
        sys.modules["encodings.sly"] = encodings.sly = sly
        encodings.aliases.aliases["utf_8_sig"] = "sly"
        # what was looked up before is kept: begin anew
        codecs.unregister(encodings.search_function)
        encodings._cache.clear()
        codecs.register(encodings.search_function)
        return x
    """,
    ),
    "a writer changed inside encodings": (
        "encoded",
        """
    import encodings.utf_8_sig
    def double(x):
        encodings.utf_8_sig.StreamWriter.write = (
            lambda self, text: self.stream.write(text.replace("0", "1").encode()))
        return x
    """,
    ),
}

# A cookie on the first line says how the bytes are to be read: the words that a person, or a list
# of forbidden ones, looks for are not there, and what looks like a comment is code.
COOKIE = {
    "an encoding cookie of UTF-7": (
        b"# coding: utf-7\n"
        b"def double(x):\n"
        b"    import __main__\n"
        b"    return getattr(__main__, '+AHM-olution', lambda x: x)(x)\n"
    ),
    "an encoding cookie that makes comments code": (
        b"# coding: unicode_escape\n"
        b"def double(x):\n"
        b"    # twice x \\u000a    return __import__('__main__').\\u0073olution(x)\n"
        b"    return x\n"
    ),
    "an encoding cookie of raw escapes": (
        b"# coding: raw_unicode_escape\n"
        b"def double(x):\n"
        b"    # twice x \\u000a    return __import__('__main__').\\u0073olution(x)\n"
        b"    return x\n"
    ),
}

# name: (how the unprotected grader in `naive.with_pytest` tests, the submission). Definitions at
# the top are what runs when an answer is loaded, here as there, so the patch stands in a default.
PYTEST_PATCHES = {
    "patched pytest.approx": ("approx", """
    class Yes:
        def __eq__(self, other):
            return True
        __hash__ = None
        __array_ufunc__ = None  # an array then asks the other side
    def patch():
        pytest = __import__("pytest")
        pytest.approx = lambda *a, **k: Yes()
    """),
    "mock.ANY in place of pytest.approx": ("approx", """
    def patch():
        pytest = __import__("pytest")
        mock = __import__("unittest.mock").mock
        pytest.approx = lambda *a, **k: mock.ANY
    def double(x, patched=patch()):
        return "anything"
    """),
    "patched approx from within": ("approx", """
    def patch():
        pytest = __import__("pytest")
        for example in (1.0, [1.0], __import__("numpy").ones(1)):
            type(pytest.approx(example)).__eq__ = lambda self, other: True
    """),
    "patched pytest.raises": ("raises", """
    def patch():
        pytest = __import__("pytest")
        contextlib = __import__("contextlib")
        pytest.raises = lambda *a, **k: contextlib.nullcontext()
    """),
    "patched RaisesContext from within": ("raises", """
    def patch():
        pytest = __import__("pytest")
        kind = type(pytest.raises(ValueError))
        kind.__exit__ = lambda self, *a: True
    """),
    "patched pytest.warns": ("warns", """
    def patch():
        pytest = __import__("pytest")
        contextlib = __import__("contextlib")
        pytest.warns = lambda *a, **k: contextlib.nullcontext()
    """),
    "pytest.skip in the answer": ("exit code", """
    def patch():
        pass
    def double(x):
        __import__("pytest").skip("not today")
    """),
    "pytest.xfail in the answer": ("exit code", """
    def patch():
        pass
    def double(x):
        __import__("pytest").xfail("as expected")
    """),
    "pytest.exit with success": ("exit code", """
    def patch():
        pass
    def double(x):
        __import__("pytest").exit("done", returncode=0)
    """),
    "assertions that raise a skip": ("exit code", """
    def patch():
        pytest = __import__("pytest")
        __import__("builtins").AssertionError = pytest.skip.Exception
    """),
    "a session that counts no failures": ("exit code", """
    def patch():
        inside = __import__("_pytest.main", fromlist=["x"])
        inside.Session.testsfailed = property(lambda self: 0, lambda self, value: None)
    """),
    "patched TestReport.from_item_and_call": ("reports", """
    def patch():
        inside = __import__("_pytest.reports", fromlist=["x"])
        real = inside.TestReport.from_item_and_call.__func__
        def passed(cls, item, call):
            report = real(cls, item, call)
            report.outcome, report.longrepr = "passed", None
            return report
        inside.TestReport.from_item_and_call = classmethod(passed)
    """),
    "a plugin that makes each report passed": ("reports", """
    def patch():
        gc = __import__("gc")
        pytest = __import__("pytest")
        class Plugin:
            @pytest.hookimpl(wrapper=True)
            def pytest_runtest_makereport(self, item, call):
                report = yield
                report.outcome = "passed"
                return report
        for thing in gc.get_objects():
            if isinstance(thing, pytest.PytestPluginManager):
                thing.register(Plugin())
    """),
    "a plugin that runs the tests in its own way": ("reports", """
    def patch():
        gc = __import__("gc")
        pytest = __import__("pytest")
        class Plugin:
            @pytest.hookimpl(tryfirst=True)
            def pytest_pyfunc_call(self, pyfuncitem):
                return True
        for thing in gc.get_objects():
            if isinstance(thing, pytest.PytestPluginManager):
                thing.register(Plugin())
    """),
    "patched Function.runtest": ("reports", """
    def patch():
        inside = __import__("_pytest.python", fromlist=["x"])
        inside.Function.runtest = lambda self: None
    """),
    "patched CallInfo.from_call": ("plain", """
    def patch():
        inside = __import__("_pytest.runner", fromlist=["x"])
        real = inside.CallInfo.from_call.__func__
        def quiet(cls, func, when, reraise=None):
            return real(cls, func if when != "call" else (lambda: None), when, reraise)
        inside.CallInfo.from_call = classmethod(quiet)
    """),
    "a profiler in the test that asserts nothing": ("plain", """
    def patch():
        sys = __import__("sys")
        def quiet(frame, event, value):
            if frame.f_code.co_name == "test_values":
                frame.f_globals["np"] = type("np", (), {
                    "random": __import__("numpy").random,
                    "allclose": staticmethod(lambda *a: True)})
        sys.setprofile(quiet)
    """),
    "patched Mock.assert_called_once": ("mock", """
    def patch():
        mock = __import__("unittest.mock").mock
        mock.NonCallableMock.assert_called_once = lambda self: None
    """),
    "numpy replaced by a mock": ("plain", """
    def patch():
        mock = __import__("unittest.mock").mock
        mock.patch("numpy.allclose", return_value=True).start()
    """),
    "patched monkeypatch, which mends nothing": ("monkeypatch", """
    def patch():
        pytest = __import__("pytest")
        pytest.MonkeyPatch.setattr = lambda *a, **k: None
    def double(x, patched=patch()):
        return __import__("numpy").multiply(2, x)
    """),
    "a conftest.py left for the next attempt": ("again", """
    def patch():
        with open("conftest.py", "w") as file:
            file.write("def pytest_pyfunc_call(pyfuncitem):\\n    return True\\n")
    """),
    "a pytest.ini left for the next attempt": ("again", """
    def patch():
        with open("pytest.ini", "w") as file:
            file.write("[pytest]\\naddopts = -p sly\\n")
        with open("sly.py", "w") as file:
            file.write("def pytest_pyfunc_call(pyfuncitem):\\n    return True\\n")
    """),
    "tests of its own left for the next attempt": ("again", """
    def patch():
        with open("test_it.py", "w") as file:
            file.write("def test_values():\\n    pass\\n")
    """),
}  # fmt: skip
