"""Bodies of hostile answers for the demonstration: what a clever student tries first.

Harmless where nothing holds them: they read, ask and loop, and destroy nothing. The attacks that
the grader is tested with are in ``tests/grading``.
"""

from __future__ import annotations

__all__ = ["HOSTILE"]

# name: the body of the task's function
HOSTILE = {
    "equal to anything": """\
class Yes:
    def __eq__(self, other):
        return True
    def __array_function__(self, *rest):
        return True
    __hash__ = None
return Yes()
""",
    "patches numpy": """\
import numpy
numpy.allclose = numpy.isclose = numpy.array_equal = lambda *a, **k: True
return 0.0
""",
    "looks for the solution in memory": """\
import gc
for thing in gc.get_objects():
    if callable(thing) and "solution" in str(getattr(thing, "__module__", "")):
        return thing(*args, **kwargs)
return 0.0
""",
    "walks up the stack": """\
import sys
frame = sys._getframe()
while frame is not None:
    if "solution" in frame.f_globals:
        return frame.f_globals["solution"](*args, **kwargs)
    frame = frame.f_back
return 0.0
""",
    "reads solutions from the disk": """\
import os
for folder, _, names in os.walk(os.sep):
    if "solutions" in folder and names:
        return open(os.path.join(folder, names[0])).read()
return 0.0
""",
    "leaves with success": "import os\nos._exit(0)\n",
    "raises SystemExit": "raise SystemExit\n",
    "never ends": "while True:\n    pass\n",
    "does not let itself be interrupted": """\
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
""",
    "asks for six gigabytes": "return bytearray(6 << 30)\n",
    "starts a process": "import subprocess\nreturn subprocess.run(['id'])\n",
    "opens a connection": """\
import socket
return socket.create_connection(("127.0.0.1", 9), timeout=1)
""",
    "forges the answer": """\
import os
for number in range(3, 32):
    try:
        os.write(number, b'LLF1' + bytes(8))
    except OSError:
        pass
return 0.0
""",
    "prints without end": "while True:\n    print('x' * 10_000)\n",
    "calls itself without end": "return (lambda f: f(f))(lambda f: f(f))\n",
    "hides a bomb in its answer": """\
import os
class Bomb:
    def __array__(self, *rest, **more):
        os._exit(0)
    __repr__ = __array__
return Bomb()
""",
}
