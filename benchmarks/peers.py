"""The same notebooks graded by nbgrader, in an environment of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

__all__ = ["nbgrader_seconds"]

ENVIRONMENT = Path(tempfile.gettempdir()) / f"lstm-lab-bench-nbgrader-{os.getuid()}"
NUMBER_OF_STUDENTS = 6


def nbgrader_seconds(root: Path, folder: Path) -> dict[str, Any]:
    """Return the seconds a submission that ``nbgrader autograde`` takes, or why it was not tried.

    Its tests are less than ours: each task's cell is followed by one test cell that only looks
    whether the function is there. What it takes is the kernel's start and the notebook's run.
    """
    try:
        python = _environment()
    except (OSError, subprocess.CalledProcessError) as error:
        words = getattr(error, "stderr", b"") or b""
        last = words.decode(errors="replace").strip().splitlines()[-1:] or [str(error)]
        return {"why": f"it cannot be installed ({last[0]})"}
    students = [f"student{n}" for n in range(NUMBER_OF_STUDENTS)]
    course = folder / "course"
    text = _notebook(root / "solutions" / "en" / "01_rnn.ipynb")
    for place in ("source/ps", *(f"submitted/{one}/ps" for one in students)):
        (course / place).mkdir(parents=True)
        (course / place / "rnn.ipynb").write_text(text, "utf-8")
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'c'\n"
    )

    def nbgrader(*words: str) -> str:
        done = subprocess.run(
            [str(python), "-m", "nbgrader", *words],
            cwd=course,
            env={
                **os.environ,
                "HOME": str(folder),
                "PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}",
            },
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise RuntimeError(" / ".join(done.stderr.strip().splitlines()[-3:]))
        return done.stdout

    try:
        version = nbgrader("--version").strip().splitlines()[-1].split()[-1]
        nbgrader("generate_assignment", "ps")
        nbgrader("autograde", "ps", "--student", students[0])  # its data base and caches are made
        start = time.perf_counter()
        nbgrader("autograde", "ps", "--force")
        seconds = (time.perf_counter() - start) / len(students)
    except RuntimeError as error:
        return {"why": f"it failed ({error})"}
    return {"version": version, "seconds": seconds, "submissions": len(students)}


def _environment() -> Path:
    """Return the Python of an environment with nbgrader, made at the first call."""
    python = ENVIRONMENT / "bin" / "python"
    done = ENVIRONMENT / "complete"
    if not done.exists():
        print("installing nbgrader beside the course (a minute or two)", flush=True)
        run = [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]
        subprocess.run(run, check=True, capture_output=True)
        run = [str(python), "-m", "pip", "install", "--quiet", "nbgrader", "ipykernel", "numpy"]
        subprocess.run(run, check=True, capture_output=True)
        done.touch()
    return python


def _notebook(path: Path) -> str:
    """Return the solved exercise with nbgrader's own metadata, and without our `check`."""
    data = json.loads(path.read_text("utf-8"))
    cells = []
    for cell in data["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or source.lstrip().startswith("check("):
            continue
        lines = [s for s in source.split("\n") if "lstm_lab" not in s and "check =" not in s]
        ours = cell["metadata"].get("lstm_lab", {})
        name = ours.get("name") if ours.get("task") else None
        cells.append(_cell("\n".join(lines), f"answer-{name}" if name else None, points=None))
        if name:
            cells.append(_cell(f"assert callable({name})", f"test-{name}", points=1))
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def _cell(source: str, name: str | None, points: int | None) -> dict[str, Any]:
    metadata: dict[str, Any] = {}
    if name:
        metadata["nbgrader"] = {
            "grade": points is not None, "solution": points is None, "locked": points is not None,
            "task": False, "grade_id": name, "schema_version": 3, "cell_type": "code",
        }  # fmt: skip
        if points is not None:
            metadata["nbgrader"]["points"] = points
    return {
        "cell_type": "code", "id": f"c{abs(hash((source, name))) % 10**9}", "metadata": metadata,
        "source": source, "outputs": [], "execution_count": None,
    }  # fmt: skip
