"""A batch of 500 that is killed twenty times at random moments, beside one that is left alone."""

from __future__ import annotations

import csv
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

from lstm_lab.grading.batch.demo import make_class
from lstm_lab.grading.exercises import find_exercise, list_exercises
from lstm_lab.paths import course_root

__all__ = ["grading_kills", "result_lines"]

SIZE = int(os.environ.get("LSTM_LAB_BENCH_CLASS", "500"))
KILLS = 20


def grading_kills() -> dict[str, Any]:
    """Twenty times kill -9 in a batch of good, bad and hostile submissions"""
    chance = random.Random(11)
    with tempfile.TemporaryDirectory(prefix="lstm-lab-bench-") as base:
        folder = Path(base)
        number = list_exercises()[1].number
        make_class(folder / "class", [find_exercise(number)], size=SIZE)
        start = time.perf_counter()
        if _start(folder, "undisturbed").wait():
            raise SystemExit("the undisturbed run failed")
        whole = time.perf_counter() - start
        seen = []
        for _n in range(KILLS):
            batch = _start(folder, "killed")
            time.sleep(chance.uniform(0.3, 1.5 * whole / KILLS + 1))
            batch.send_signal(signal.SIGKILL)
            batch.wait()
            seen.append(len(list((folder / "killed" / "records").glob("*.json"))))
        if _start(folder, "killed").wait():
            raise SystemExit("the last run failed")
        wanted, found = (result_lines(folder / name) for name in ("undisturbed", "killed"))
    files = [line["file"] for line in found]
    rows: list[list[object]] = [
        ["submissions", SIZE],
        ["kills", KILLS],
        ["records after each kill", " ".join(map(str, seen))],
        ["lines", len(found)],
        ["lines twice", len(files) - len(set(files))],
        ["lines unlike the undisturbed", sum(a != b for a, b in zip(wanted, found, strict=True))],
    ]  # fmt: skip
    return {"rows": rows, "table": table(["what", "count"], rows)}


def _start(folder: Path, out: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "lstm_lab", "grade", str(folder / "class"), "--out",
         str(folder / out), "-j", "2"],
        env={**os.environ, "LSTM_LAB_ROOT": str(course_root()), "LSTM_LAB_LANG": "en"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def result_lines(out: Path) -> list[dict[str, str]]:
    """Return the results without the one column that is a measurement."""
    with (out / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        return [{k: v for k, v in row.items() if k != "seconds"} for row in csv.DictReader(file)]
