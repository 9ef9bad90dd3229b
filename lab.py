#!/usr/bin/env python3
# -*- coding: utf-8 -*-
"""The one file to start: it sets everything up, once, and opens the course.

    python3 lab.py              set up, then open the course in JupyterLab
    python3 lab.py test         set up, then run the tests
    python3 lab.py WORDS...     set up, then run `lstm-lab WORDS...`

Nothing but a Python is needed. This file stays readable for very old ones (no f-strings, no
annotations), because to them it must say in a plain sentence that they are too old; everything
else is in lstm_lab/bootstrap.
"""

from __future__ import print_function, unicode_literals

import os
import subprocess
import sys

NEEDED = (3, 11)
TOO_OLD = {
    "en": (
        "LSTM Lab needs Python {needed} or newer; this is Python {found} ({where}).",
        "A newer one is on this machine. Please run: {command}",
        "Please install one from https://www.python.org/downloads/ and run lab.py with it.",
    ),
    "zh": (
        "LSTM Lab 需要 Python {needed} 或更新的版本；当前是 Python {found}（{where}）。",
        "这台机器上已有更新的版本，请运行：{command}",
        "请从 https://www.python.org/downloads/ 安装新版本，再用它运行 lab.py。",
    ),
}


def newer_python():
    """Return the name of a Python on the PATH that is new enough, or None."""
    for minor in range(NEEDED[1] + 6, NEEDED[1] - 1, -1):
        name = "python3.{0}".format(minor)
        check = "import sys; sys.exit(sys.version_info < {0!r})".format(NEEDED)
        try:
            with open(os.devnull, "w") as null:
                # Running it is the test: a version manager's stand-in exists without working.
                if subprocess.call([name, "-c", check], stdout=null, stderr=null) == 0:
                    return name
        except OSError:
            pass
    return None


def decoded(word):
    return word.decode("utf-8", "replace") if isinstance(word, bytes) else word


def say_too_old():
    lang = "en"
    for variable in ("LSTM_LAB_LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        if os.environ.get(variable):
            lang = "zh" if os.environ[variable].lower().startswith("zh") else "en"
            break
    if "--lang" in sys.argv[:-1]:
        lang = sys.argv[sys.argv.index("--lang") + 1]
    sentence, found_newer, install = TOO_OLD.get(lang, TOO_OLD["en"])
    text = sentence.format(
        needed=".".join(str(part) for part in NEEDED),
        found=".".join(str(part) for part in sys.version_info[:3]),
        where=decoded(sys.executable),
    )
    newer = newer_python()
    if newer:
        words = [newer, "lab.py"] + [decoded(word) for word in sys.argv[1:]]
        text += "\n" + found_newer.format(command=" ".join(words))
    else:
        text += "\n" + install
    # Bytes, so that no terminal's own encoding can turn the sentence into a traceback.
    getattr(sys.stderr, "buffer", sys.stderr).write((text + "\n").encode("utf-8"))


def start():
    if sys.version_info[:2] < NEEDED:
        say_too_old()
        return 1
    if sys.flags.safe_path:
        # PYTHONSAFEPATH or -P hides this folder, and with it the course, from `import`.
        env = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
        return subprocess.call([sys.executable, os.path.abspath(__file__)] + sys.argv[1:], env=env)
    from lstm_lab.bootstrap import main

    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(start())
