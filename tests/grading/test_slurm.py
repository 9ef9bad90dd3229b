"""The page's own program for Slurm, run against stand-ins for sbatch and scancel.

There is no Slurm here; what it gives us is processes started by a job script. So dask-jobqueue
submits to a queue of two places on this machine (`slurm_stand_in.sh`), and the batch is graded by
the workers that its job scripts start, while one of the jobs is ended as at its wall time.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from lstm_lab.errors import UserError
from lstm_lab.grading.batch import cluster as cluster_module
from lstm_lab.grading.batch.cluster import DaskPool
from lstm_lab.grading.batch.pool import LocalPool, grade_all
from lstm_lab.grading.intake import take_in

ROOT = Path(__file__).resolve().parents[2]
STAND_IN = Path(__file__).parent / "slurm_stand_in.sh"
# https://slurm.schedmd.com/sbatch.html
OPTIONS = {"-J", "-p", "-n", "-t", "--cpus-per-task", "--mem"}

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="job scripts are Linux's"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def program(page: str) -> str:
    """Return the page's program for Slurm."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    part = text[text.index("## Slurm") : text.index("## Kubernetes")]
    return re.search(r"```python\n(.*?)```", part, re.DOTALL)[1]


@contextmanager
def queue(folder: Path):
    """Run the page's program as a person does; yield its process, its address, and the jobs."""
    (folder / "bin").mkdir(parents=True)
    for name in ("sbatch", "scancel"):
        (folder / "bin" / name).symlink_to(STAND_IN)
    jobs = folder / "jobs"
    jobs.mkdir()
    (folder / "cluster.py").write_text(program("cluster.md"), "utf-8")
    environment = os.environ | {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "SLURM_STATE": str(jobs),
        "SLURM_ROOM": "2",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "cluster.py"],
        cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    # a batch waits for workers as long as it takes; here a queue that gives none must not
    limit = threading.Timer(180, process.kill)
    limit.start()
    try:
        yield process, process.stdout.readline().strip(), jobs
    finally:
        limit.cancel()
        with process.stdin, process.stdout:
            if process.poll() is None:
                process.stdin.write("\n")
                process.stdin.flush()
            process.wait(60)
        for path in jobs.glob("*/pid"):
            end_job(path.parent)


def end_job(job: Path) -> None:
    """End all that the job has started, as Slurm does.

    All but the process that Python has for removing semaphores, which ends by itself when those
    that it looks after have: a node's clean-up is what Slurm would do here.
    """
    group = (job / "pid").read_text().strip()
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            ours = (path / "stat").read_text().rpartition(")")[2].split()[2] == group
            if ours and b"resource_tracker" not in (path / "cmdline").read_bytes():
                os.kill(int(path.name), signal.SIGKILL)


def alive(job: Path) -> bool:
    try:
        os.killpg(int((job / "pid").read_text()), 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def intakes(tmp_path, toy, make, as_notebook):
    folder = tmp_path / "submissions"
    folder.mkdir()
    for n in range(90):
        answers = {} if n % 3 else {"double": f"def double(x):\n    return x * {n + 3}\n"}
        (folder / f"student{n:03d}.ipynb").write_text(as_notebook(make(**answers)), "utf-8")
    return take_in(folder, [toy], tmp_path / "unpacked")


def comparable(records):
    found = [{k: v for k, v in one.items() if k != "seconds"} for one in records]
    return sorted(found, key=lambda one: one["file"])


def test_the_programs_of_both_pages_are_the_same_but_for_comments():
    bare = [re.sub(r" *#.*", "", program(page)) for page in ("cluster.md", "cluster.zh.md")]
    assert bare[0] == bare[1]
    assert "SLURMCluster(" in bare[0]


def test_a_batch_on_slurm_survives_the_end_of_a_job_and_of_the_cluster(
    intakes, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(cluster_module, "SMALLEST", 6)
    monkeypatch.setattr(DaskPool, "PATIENCE", 0.2)
    local = list(grade_all(intakes, tmp_path / "local", b"key", LocalPool(2)))
    with queue(tmp_path / "slurm") as (process, address, jobs):
        assert re.fullmatch(r"tcp://\S+:\d+", address)
        # called at once, when no job runs yet
        pool, records, ended = DaskPool(address, 1), [], 0.0
        for record in grade_all(intakes, tmp_path / "dask", b"key", pool):
            records.append(record)
            if len(records) == 12:
                end_job(jobs / "1")
                ended = time.monotonic()
        assert ended
        assert comparable(records) == comparable(local)
        assert "No worker is at the Dask scheduler" in capsys.readouterr().err
        scripts = sorted(jobs.glob("*/script"))
        assert len(scripts) == 8
        for line in scripts[0].read_text().splitlines():
            if line.startswith("#SBATCH"):
                assert re.split(r"[ =]", line)[1] in OPTIONS, line
        # nothing of a batch is left in the nodes' own folders
        assert not list(jobs.glob("2/tmp/**/lstm-lab-course-*"))
        # the cluster is ended (Enter) under a second batch, of many small tasks
        monkeypatch.setattr(cluster_module, "LARGEST", 1)
        batch = grade_all(intakes, tmp_path / "dask2", b"key2", DaskPool(address, 1))
        next(batch)
        process.stdin.write("\n")
        process.stdin.flush()
        with pytest.raises(UserError, match="has gone"):
            list(batch)
        process.wait(60)
        assert (jobs / "3" / "cancelled").exists()
        deadline = time.monotonic() + 20
        while alive(jobs / "2") and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not alive(jobs / "2")
    shutil.rmtree(tmp_path / "slurm")
