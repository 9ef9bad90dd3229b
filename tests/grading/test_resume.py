"""A batch that is killed at any moment goes on where it was, and leaves nothing running."""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="looks for processes in /proc"
)


def start(folder, out, root):
    return subprocess.Popen(
        [sys.executable, "-m", "lstm_lab", "grade", str(folder), "--out", str(out), "-j", "2",
         "--trust-submissions"],
        env={**os.environ, "LSTM_LAB_ROOT": str(root), "LSTM_LAB_LANG": "en", "BATCH": str(out)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def lines(out):
    """Return the results without the one column that is a measurement."""
    with (out / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        return [{k: v for k, v in row.items() if k != "seconds"} for row in csv.DictReader(file)]


def helpers_of(out):
    """Return the processes that carry this batch's mark in their environment."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"BATCH={out}".encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def test_killed_six_times_the_results_are_those_of_an_undisturbed_run(
    tmp_path, toy_root, make, as_notebook, monkeypatch
):
    folder, boxes = tmp_path / "submissions", tmp_path / "boxes"
    folder.mkdir()
    boxes.mkdir()
    monkeypatch.setenv("TMPDIR", str(boxes))
    for n in range(40):
        answers = {} if n % 3 else {"double": f"def double(x):\n    return x * {n}\n"}
        (folder / f"student{n:02d}.ipynb").write_text(as_notebook(make(**answers)), "utf-8")
    (folder / "broken.ipynb").write_text("{", "utf-8")
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    assert start(folder, undisturbed, toy_root).wait(300) == 0
    chance = random.Random(3)
    seen = []
    for _ in range(6):
        batch = start(folder, killed, toy_root)
        time.sleep(chance.uniform(0.5, 3.0))
        batch.kill()
        batch.wait()
        seen.append(len(list((killed / "records").glob("*.json"))))
    assert start(folder, killed, toy_root).wait(300) == 0
    assert lines(killed) == lines(undisturbed)
    assert len(lines(killed)) == 41
    assert seen == sorted(seen)  # nothing that was done is lost
    give_up = time.monotonic() + 20
    while helpers_of(killed) and time.monotonic() < give_up:
        time.sleep(0.1)
    assert helpers_of(killed) == []
    assert set(boxes.iterdir()) == set()
