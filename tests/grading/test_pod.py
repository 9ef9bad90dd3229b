"""In a pod: what its runtime withholds is withheld here, and the level that is left is tried.

There is no Kubernetes here. What a pod means for grading is the runtime's filter of system calls
and the few privileges of root in it; `pod_stand_in.py` takes both away as containerd does.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

STAND_IN = Path(__file__).parent / "pod_stand_in.py"
READER = """
def double(x):
    for path in ("/etc/passwd", "/proc/1/environ"):
        try:
            return open(path).read()
        except OSError:
            pass
    import os
    os.fork()
    return 2 * x
"""

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="pods are Linux's containers"
)


def in_pod(profile: str, *words: object) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, STAND_IN, profile, sys.executable, *words]
    return subprocess.run(list(map(str, line)), capture_output=True, text=True, timeout=120)


def test_namespaces_and_most_of_root_are_gone():
    code = (
        "import ctypes, os; libc = ctypes.CDLL(None, use_errno=True);"
        "print(libc.unshare(0x10000000), ctypes.get_errno(), os.getpid() > 0)"
    )
    assert in_pod("default", "-c", code).stdout.split() == ["-1", "1", "True"]
    status = in_pod("default", "-c", "print(open('/proc/self/status').read())").stdout
    held = int(status.split("CapEff:")[1].split()[0], 16)
    assert held in (0xA80425FB, 0)  # as in a container, for root and for others


@pytest.mark.parametrize("profile", ["default", "old"])
def test_a_pod_grades_behind_landlock_and_seccomp_or_refuses(
    profile, toy_course, tmp_path, make, as_notebook, monkeypatch
):
    folder = tmp_path / "submissions"
    folder.mkdir()
    (folder / "ann.ipynb").write_text(as_notebook(make()), "utf-8")
    (folder / "eve.ipynb").write_text(as_notebook(make(double=READER)), "utf-8")
    out = tmp_path / "out"
    done = in_pod(profile, "-m", "lstm_lab", "grade", folder, "--out", out, "-j", "1")
    if profile == "old":
        assert done.returncode == 2
        assert "cannot hold hostile code (isolation: process+rlimits+seccomp)" in done.stderr
        assert not (out / "results.csv").exists()
        return
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader((out / "results.csv").read_text("utf-8-sig").splitlines()))
    assert {one["isolation"] for one in rows} == {"process+rlimits+landlock+seccomp"}
    assert {one["student"]: one["07 double"] for one in rows} == {"ann": "3", "eve": "0"}
    assert "root:" not in (out / "tests.csv").read_text("utf-8-sig")
    assert os.environ["LSTM_LAB_ROOT"] == str(toy_course)
