"""How long grading takes and how much memory it needs: the whole command, walls up."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fixtures import torch_course
from harness import table
from peers import nbgrader_seconds

from lstm_lab.grading.exercises import Exercise, find_exercise, list_exercises
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.sandbox.processes import isolation_level
from lstm_lab.paths import course_root

__all__ = ["batch_memory", "grading", "grading_memory"]

CLASS = int(os.environ.get("LSTM_LAB_BENCH_CLASS", "200"))
LARGE = int(os.environ.get("LSTM_LAB_BENCH_LARGE", "10000"))


def grading() -> dict[str, Any]:
    """Wall milliseconds a submission, the whole command, as many side by side as there are cores"""
    root = course_root()
    rows: list[list[object]] = []
    figures: dict[str, Any] = {"isolation": isolation_level(), "submissions": CLASS}
    with _folder() as folder:
        for name, course, number, bar, aim in (
            ("a NumPy exercise (01)", root, "01", 40, 20),
            ("a torch exercise of two tasks", torch_course(folder / "torch"), "cell", 150, 60),
        ):  # fmt: skip
            source = find_exercise(number, course)
            text = _handed_in(source)
            made = folder / f"class {number}"
            _class(made, text, CLASS, source.name)
            wall, cpu = _grade(made, folder / f"results {number}", course)
            figures[name] = {"wall_ms": wall / CLASS * 1e3, "cpu_ms": cpu / CLASS * 1e3}
            rows.append([name, wall / CLASS * 1e3, cpu / CLASS * 1e3, bar, aim])
        peers = nbgrader_seconds(root, folder / "nbgrader")
    seconds = all_exercises()
    rows.append(["all exercises of a student, one after the other", seconds * 1e3, "", 1000, 500])
    figures["student_ms"] = seconds * 1e3
    figures["nbgrader"] = peers
    if "seconds" in peers:
        rows.append(
            [
                f"nbgrader {peers['version']}, the notebooks of 01",
                peers["seconds"] * 1e3,
                "",
                "",
                "",
            ]
        )
    text = table(["what", "wall, ms", "CPU, ms", "bar", "aim"], rows)
    if "seconds" not in peers:
        text += f"\n\nnbgrader was not measured: {peers['why']}"
    text += f"\n\nIsolation: {figures['isolation']}; {CLASS} submissions, {os.cpu_count()} cores."
    return figures | {"table": text}


def all_exercises() -> float:
    """Return the seconds that one student's whole course takes a grader that is warm."""
    exercises = list_exercises()
    with Grader() as grader:
        grader.warm(exercises)
        rounds = []
        for _round in range(6):
            start = time.perf_counter()
            for one in exercises:
                grader.grade(one, one.solution)
            rounds.append(time.perf_counter() - start)
    return statistics.median(rounds[1:])


def grading_memory() -> dict[str, Any]:
    """Megabytes of the trusted processes at their highest, by the number of submissions"""
    rows: list[list[object]] = []
    root = course_root()
    with _folder() as folder:
        source = find_exercise("00", root)
        text = _handed_in(source)
        for size in (LARGE // 10, LARGE):
            made = folder / str(size)
            _class(made, text, size, source.name)
            peak: list[int] = []
            wall, _cpu = _grade(made, folder / f"results {size}", root, peak)
            rows.append([size, max(peak) / 1024, wall])
    rows.append(["more", float(rows[1][1]) - float(rows[0][1]), ""])  # type: ignore[arg-type]
    return {"rows": rows, "table": table(["submissions", "MB", "seconds"], rows)}


_ONE_RECORD = """
import re, sys
from pathlib import Path
from lstm_lab.cli import main
from lstm_lab.grading.batch import pool as batch
first = []
real = batch.graded_record
def graded_record(grader, one):
    if not first:
        first.append(real(grader, one))
    return {**first[0], **{k: v for k, v in batch.blank_record(one, "ok", []).items()
                           if k in ("student", "number", "file")}}
batch.graded_record = graded_record
assert main(["grade", sys.argv[1], "--out", sys.argv[2], "-j", "1"]) == 0
print("peak", re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


def batch_memory() -> dict[str, Any]:
    """Megabytes of the command alone: the first submission is graded, all get its record"""
    rows: list[list[object]] = []
    root = course_root()
    with _folder() as folder:
        source = find_exercise("00", root)
        text = _handed_in(source)
        for size in (LARGE // 10, LARGE):
            made = folder / str(size)
            _class(made, text, size, source.name)
            start = time.perf_counter()
            words = subprocess.run(
                [sys.executable, "-c", _ONE_RECORD, str(made), str(folder / f"results {size}")],
                env={**os.environ, "LSTM_LAB_ROOT": str(root), "LSTM_LAB_LANG": "en"},
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                check=True,
            ).stdout.decode()
            found = re.search(r"^peak (\d+)$", words, re.M)
            if found is None or f"{size} graded, 0 need attention" not in words:
                raise SystemExit(f"graded wrongly: {words}")
            rows.append([size, int(found[1]) / 1024, time.perf_counter() - start])
    rows.append(["more", float(rows[1][1]) - float(rows[0][1]), ""])  # type: ignore[arg-type]
    return {"rows": rows, "table": table(["submissions", "MB", "seconds"], rows)}


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="lstm-lab-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _handed_in(exercise: Exercise) -> str:
    """Return what a good student hands in: the solution's notebook, or its source."""
    built = exercise.lesson.built("solution", "en")
    return (built if built.is_file() else exercise.solution_path).read_text("utf-8")


def _class(folder: Path, text: str, size: int, name: str) -> None:
    """Write as many submissions; a remark tells each from the others."""
    folder.mkdir()
    for n in range(size):
        if text.lstrip().startswith("{"):
            data = json.loads(text)
            data["cells"].append(
                {"cell_type": "markdown", "id": "end", "metadata": {}, "source": f"student {n}"}
            )
            (folder / f"student{n:05d}_{name}.ipynb").write_text(json.dumps(data), "utf-8")
        else:
            mine = text + f"\n# student {n}\n"
            (folder / f"student{n:05d}_{name}.py").write_text(mine, "utf-8")


def _grade(
    folder: Path, out: Path, course: Path, peak: list[int] | None = None
) -> tuple[float, float]:
    """Run the command; return wall and CPU seconds of it and of all that it started."""
    before = os.times()
    start = time.perf_counter()
    command = [sys.executable, "-m", "lstm_lab", "grade", str(folder), "--out", str(out)]
    process = subprocess.Popen(
        command,
        env={**os.environ, "LSTM_LAB_ROOT": str(course), "LSTM_LAB_LANG": "en"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if peak is not None:
        threading.Thread(target=_watch, args=(process, peak), daemon=True).start()
    words = process.communicate()[0].decode()
    wall = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(words)
    lines = (out / "results.csv").read_text("utf-8-sig").splitlines()[1:]
    wrong = [line for line in lines if ",ok," not in line]
    if wrong or not lines:
        raise SystemExit(f"graded wrongly: {wrong[:1] or words}")
    after = os.times()
    used = after.children_user + after.children_system
    return wall, used - before.children_user - before.children_system


def _watch(process: subprocess.Popen[bytes], peak: list[int]) -> None:
    """Note the memory of the command and its helpers, in KB; children of submissions left out."""
    peak.append(0)
    while process.poll() is None:
        total = 0
        for pid in [process.pid, *_descendants(process.pid)]:
            with contextlib.suppress(OSError):
                words = Path(f"/proc/{pid}/cmdline").read_bytes()
                if b"lstm_lab/grading/worker" not in words:
                    status = Path(f"/proc/{pid}/status").read_text()
                    found = re.search(r"VmRSS:\s+(\d+)", status)
                    total += int(found[1]) if found else 0
        peak.append(total)
        time.sleep(0.1)


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for path in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in path.read_text().split():
                found += [int(child), *_descendants(int(child))]
    return found
