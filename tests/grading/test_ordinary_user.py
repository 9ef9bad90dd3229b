"""The walls hold for root and for an ordinary user: whoever runs the tests, both are tried.

Root's own Python often lies in a folder that nobody else may enter, so the ordinary user takes
the system's Python, with its own NumPy, pytest and PyYAML, in a copy that everybody can read.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from lstm_lab.grading.sandbox.processes import is_isolated, isolation_level

ROOT = Path(__file__).resolve().parents[2]
# what the walls hold; whether an answer gets points does not depend on who runs the grader
SUITE = ("test_hostile_reach.py", "test_hostile_greed.py")
NOBODY = 65534

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the layers that hold are Linux's"
)


def cannot(why: str) -> None:
    """Say what is missing; in CI nothing may be."""
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


def system_python() -> str:
    check = "import sys, venv; sys.exit(sys.version_info < (3, 11))"
    for path in ("/usr/bin/python3", "/usr/local/bin/python3"):
        if os.path.exists(path) and subprocess.run([path, "-c", check]).returncode == 0:
            return path
    cannot("the system has no Python >= 3.11 (apt-get install python3)")
    raise AssertionError


@pytest.fixture
def world():
    """A folder that everybody can read, with a Python and a copy of what is tested."""
    # short names: the path of a socket below it may have 107 characters
    folder = Path(tempfile.mkdtemp(prefix="lab-", dir="/tmp"))
    try:
        python = folder / "venv" / "bin" / "python"
        make = [system_python(), "-m", "venv", "--without-pip", str(folder / "venv")]
        subprocess.run(make, check=True)
        install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
        done = subprocess.run(
            [*install, "numpy", "pytest", "pyyaml"], capture_output=True, text=True
        )
        if done.returncode:
            cannot(f"NumPy and pytest cannot be installed: {done.stderr[-500:]}")
        course = folder / "course"
        (course / "tests").mkdir(parents=True)
        shutil.copytree(ROOT / "lstm_lab", course / "lstm_lab")
        shutil.copytree(ROOT / "tests" / "grading", course / "tests" / "grading")
        shutil.copytree(ROOT / "lessons", course / "lessons")
        shutil.copy(ROOT / "pyproject.toml", course)
        (site,) = (folder / "venv" / "lib").glob("python3*/site-packages")
        (site / "course.pth").write_text(f"{course}\n")
        (folder / "own").mkdir()
        subprocess.run(["chmod", "-R", "a+rX", str(folder)], check=True)
        os.chown(folder / "own", NOBODY, NOBODY)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def as_nobody(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    own = str(folder / "own")
    return subprocess.run(
        [str(folder / "venv" / "bin" / "python"), *words],
        cwd=folder / "course",
        env={"PATH": os.environ["PATH"], "HOME": own, "TMPDIR": own, "LANG": "C.UTF-8",
             "PYTHONDONTWRITEBYTECODE": "1"},
        user=NOBODY,
        group=NOBODY,
        extra_groups=[],
        capture_output=True,
        text=True,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() != 0, reason="only root has to change")
def test_the_walls_hold_as_nobody_too(world):
    level = "from lstm_lab.grading import isolation_level; print(isolation_level())"
    done = as_nobody(world, "-c", level)
    assert is_isolated(done.stdout.strip()), done.stdout + done.stderr
    tests = [f"tests/grading/{name}" for name in SUITE]
    # at the full level; the lower ones are tried as root
    words = [
        "-q",
        "-p",
        "no:cacheprovider",
        f"--basetemp={world / 'own' / 't'}",
        "-k",
        "not namespaces and not rlimits and not alone",
    ]
    done = as_nobody(world, "-m", "pytest", *words, *tests)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr
    said = done.stdout.strip().splitlines()[-1]
    assert int(re.search(r"(\d+) passed", said)[1]) >= 100
    assert "skipped" not in said
    assert list((world / "own").glob("lstm-lab-*")) == []


def test_this_machine_holds_hostile_code_or_says_that_it_cannot():
    level = isolation_level()
    if not is_isolated(level):
        cannot(f"isolation here is {level}: the hostile suite proves nothing")
    assert {"landlock", "seccomp"} <= set(level.split("+"))
