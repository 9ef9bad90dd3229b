"""Grading on Dask workers gives what the local pool gives, also when workers are killed."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor

import distributed
import pytest

from lstm_lab.cli import main
from lstm_lab.errors import UserError
from lstm_lab.grading.batch import cluster as cluster_module
from lstm_lab.grading.batch.cluster import DaskPool, course_files, grade_part, split
from lstm_lab.grading.batch.pool import LocalPool, grade_all
from lstm_lab.grading.intake import take_in

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def workers():
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, memory_limit=0, dashboard_address=":0",
        silence_logs=60,
    ) as made:  # fmt: skip
        yield made


@pytest.fixture
def class_of(tmp_path, toy, make, as_notebook):
    def one(size):
        folder = tmp_path / "submissions"
        folder.mkdir()
        for n in range(size):
            answers = {} if n % 3 else {"double": f"def double(x):\n    return x * {n + 3}\n"}
            (folder / f"student{n:03d}.ipynb").write_text(as_notebook(make(**answers)), "utf-8")
        return take_in(folder, [toy], tmp_path / "unpacked")

    return one


def comparable(records):
    found = [{k: v for k, v in one.items() if k != "seconds"} for one in records]
    return sorted(found, key=lambda one: one["file"])


def test_a_killed_worker_costs_nothing_and_results_are_those_of_the_local_pool(
    workers, class_of, tmp_path, monkeypatch
):
    monkeypatch.setattr(cluster_module, "SMALLEST", 15)
    intakes = class_of(120)
    local = list(grade_all(intakes, tmp_path / "local", b"key", LocalPool(2)))
    records = []
    pool = DaskPool(workers.scheduler_address, 1)
    for record in grade_all(intakes, tmp_path / "dask", b"key", pool):
        records.append(record)
        if len(records) == 20:
            victim = workers.workers[0].pid
            os.kill(victim, signal.SIGKILL)
    assert comparable(records) == comparable(local)
    assert len(records) == 120
    # the records on disk serve a later run, wherever it grades
    again = list(grade_all(intakes, tmp_path / "dask", b"key", LocalPool(1)))
    assert comparable(again) == comparable(local)
    assert workers.workers[0].pid != victim


def test_submitted_code_never_runs_in_the_worker(workers, toy, make, class_of, tmp_path):
    (one, *_rest) = class_of(1)
    code = """
    import os
    import sys
    def double(x):
        print(os.getppid(), "distributed" in sys.modules, "lstm_lab" in sys.modules)
        return x
    """
    one = type(one)(one.owner, one.path, one.origin, one.exercise, make(double=code))
    with distributed.Client(workers.scheduler_address) as client:
        args = ([one], course_files(toy), b"", cluster_module.grader_version(), True)
        (record,) = client.submit(grade_part, *args, pure=False).result()
    printed = {row["stdout"] for row in record["rows"] if row["stdout"]}
    assert printed
    for line in "".join(printed).splitlines():
        parent, has_dask, has_lab = line.split()
        assert int(parent) not in [os.getpid(), *(one.pid for one in workers.workers.values())]
        assert (has_dask, has_lab) == ("False", "False")


def test_a_task_that_loses_its_workers_again_and_again_is_graded_here(
    workers, class_of, tmp_path, monkeypatch
):
    def deadly(*args):
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(cluster_module, "grade_part", deadly)
    with distributed.Client(workers.scheduler_address) as client:
        client.run_on_scheduler(
            lambda dask_scheduler: setattr(dask_scheduler, "allowed_failures", 0)
        )
    records = list(
        grade_all(class_of(3), tmp_path / "out", pool=DaskPool(workers.scheduler_address, 1))
    )
    assert [one["status"] for one in records] == ["ok"] * 3


def test_a_scheduler_that_is_ending_has_gone(workers, class_of, tmp_path, monkeypatch):
    # what Python does to its thread pools at its end, while the scheduler's own thread still runs
    ended = ThreadPoolExecutor(1)
    ended.shutdown()
    monkeypatch.setattr("distributed.utils._offload_executor", ended)
    pool = DaskPool(workers.scheduler_address, 1)
    pool.TIMEOUT = 1
    intakes = class_of(3)
    with pytest.raises(RuntimeError, match="cannot schedule new futures"):
        next(pool(intakes, b""))  # the scheduler stays: this is another error, and is not hidden
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, memory_limit=0, dashboard_address=":0",
        silence_logs=60,
    ) as ending:  # fmt: skip
        pool = DaskPool(ending.scheduler_address, 1)
        is_losing = pool._is_losing
        monkeypatch.setattr(pool, "_is_losing", lambda client: ending.close() or is_losing(client))
        with pytest.raises(UserError, match="has gone"):
            next(pool(intakes, b""))


def test_a_scheduler_that_goes_before_a_worker_comes_has_gone(class_of, monkeypatch, capsys):
    monkeypatch.setattr(DaskPool, "PATIENCE", 0.2)
    monkeypatch.setattr(DaskPool, "TIMEOUT", 1)
    with distributed.LocalCluster(n_workers=0, dashboard_address=":0", silence_logs=60) as empty:
        pool = DaskPool(empty.scheduler_address, 1)
        said = pool._say_that_nobody_is_there
        monkeypatch.setattr(pool, "_say_that_nobody_is_there", lambda: said() or empty.close())
        with pytest.raises(UserError, match="has gone"):
            next(pool(class_of(1), b""))
    assert "waiting for one" in capsys.readouterr().err


def test_workers_of_another_version_or_without_walls_refuse(toy, class_of, monkeypatch):
    part = class_of(1)
    assert grade_part(part, {}, b"", "another version", False) == "version"
    monkeypatch.setattr(cluster_module, "isolation_level", lambda: "process+rlimits")
    monkeypatch.setattr("sys.platform", "linux")
    version = cluster_module.grader_version()
    assert grade_part(part, {}, b"", version, False) == "level process+rlimits"
    monkeypatch.undo()
    (record,) = grade_part(part, course_files(toy), b"", version, True)
    assert record["points"] == 6


def test_the_command_on_a_cluster_of_its_own_and_at_an_address_where_nobody_is(
    class_of, toy_course, tmp_path, capsys
):
    intakes = class_of(4)
    words = ["grade", str(intakes[0].path.parent), "--out", str(tmp_path / "out"), "-j", "1"]
    assert main([*words, "--dask", "local"]) == 0
    assert "4 graded, 0 need attention" in capsys.readouterr().out
    nobody = DaskPool("tcp://127.0.0.1:9", 1)
    nobody.TIMEOUT = 1
    with pytest.raises(UserError, match="No Dask scheduler answers"):
        list(nobody(intakes, b""))


def test_tasks_hold_fifty_to_two_hundred():
    for size, workers in ((100_000, 4), (500, 2), (7, 3), (1, 8)):
        parts = split(list(range(size)), workers)  # type: ignore[arg-type]
        assert [one for part in parts for one in part] == list(range(size))
        assert max(map(len, parts)) <= 200
        assert size < 400 or min(map(len, parts[:-1])) >= 50
