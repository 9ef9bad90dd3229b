"""A batch of 500 on Dask whose workers are killed, beside one that is left alone."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from harness import table
from kills import SIZE, result_lines

from lstm_lab.grading.batch.demo import make_class
from lstm_lab.grading.exercises import find_exercise, list_exercises
from lstm_lab.paths import course_root

__all__ = ["grading_dask"]

KILLS = 3


def grading_dask() -> dict[str, Any]:
    """Workers of a Dask cluster killed at random moments in a batch"""
    try:
        import distributed
    except ImportError:
        raise SystemExit("Dask is not here; `python3 lab.py test` installs it") from None
    chance = random.Random(5)
    with tempfile.TemporaryDirectory(prefix="lstm-lab-bench-") as base:
        folder = Path(base)
        make_class(folder / "class", [find_exercise(list_exercises()[1].number)], size=SIZE)
        if _start(folder, "local", "-j", "2").wait():
            raise SystemExit("the run on this machine failed")
        with distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, memory_limit=0, dashboard_address=":0",
            silence_logs=60,
        ) as cluster:  # fmt: skip
            batch = _start(folder, "dask", "--dask", cluster.scheduler_address)
            seen: list[int] = []
            while batch.poll() is None and len(seen) < KILLS:
                time.sleep(chance.uniform(3, 6))  # a task takes some seconds: most are in flight
                number = chance.randrange(2)
                os.kill(cluster.workers[number].pid, signal.SIGKILL)
                seen.append(len(list((folder / "dask" / "records").glob("*.json"))))
            if batch.wait():
                raise SystemExit("the run on Dask failed")
        wanted, found = (result_lines(folder / name) for name in ("local", "dask"))
    files = [line["file"] for line in found]
    rows: list[list[object]] = [
        ["submissions", SIZE],
        ["workers killed", len(seen)],
        ["records at each", " ".join(map(str, seen))],
        ["lines", len(found)],
        ["lines twice", len(files) - len(set(files))],
        ["lines unlike the undisturbed", sum(a != b for a, b in zip(wanted, found, strict=True))],
    ]  # fmt: skip
    return {"rows": rows, "table": table(["what", "count"], rows)}


def _start(folder: Path, out: str, *how: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "lstm_lab", "grade", str(folder / "class"), "--out",
         str(folder / out), *how],
        env={**os.environ, "LSTM_LAB_ROOT": str(course_root()), "LSTM_LAB_LANG": "en"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
