"""What the processes of grading find in their environment."""

from __future__ import annotations

import os
import sys

__all__ = ["clean_environment", "helper_environment"]

# What tells numerical libraries how many threads to use.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def clean_environment(folder: str) -> dict[str, str]:
    """Return the little that a worker's environment holds."""
    environment = {
        "LANG": "C.UTF-8",
        "HOME": folder,
        "TMPDIR": folder,
        "PATH": os.defpath,
        **dict.fromkeys(THREADS, "1"),
    }
    if sys.platform == "win32":  # Python itself needs these there
        for name in ("SYSTEMROOT", "PATH"):
            environment[name] = os.environ.get(name, "")
        environment["TEMP"] = environment["TMP"] = folder
    return environment


def helper_environment() -> dict[str, str]:
    """Return the environment of a process that runs a session.

    One thread: a second one costs small torch modules three times what they take, and with
    several submissions side by side the cores are taken as it is.
    """
    one_thread = dict.fromkeys(THREADS, "1")
    return {
        **os.environ, **one_thread, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": "",
        "PYTHONWARNINGS": "ignore",
    }  # fmt: skip
