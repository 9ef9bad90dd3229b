"""`lstm-lab grade --demo`: a class of good, bad and hostile submissions, all of them graded."""

from __future__ import annotations

import csv
import socket
import subprocess
import sys
import textwrap

import pytest
from hostile import naive
from hostile.arena import CONTROL, SECRET

from lstm_lab.cli import main
from lstm_lab.grading.batch.demo import make_class
from lstm_lab.grading.batch.hostile_samples import HOSTILE


def fools(how):
    def control(name, body, folder):
        points, words = naive.in_process(folder, naive.answer(body), how)
        assert points == 1, words

    return control


def runs_on(name, body, folder):
    assert naive.keeps_running(folder, naive.answer(body))


def runs_on_under_an_alarm(name, body, folder):
    assert naive.keeps_running(folder, naive.answer(body), alarm=0.2)
    # a plain loop is ended by that alarm
    loop = naive.answer(HOSTILE["never ends"])
    assert not naive.keeps_running(folder, loop, alarm=0.2, seconds=5)


def gives(told):
    """Expect the unprotected call to give what `told` says of a value, as JSON has it."""

    def control(name, body, folder):
        (folder / "answer.py").write_text(naive.answer(body))
        done = subprocess.run(
            [sys.executable, "-c", CONTROL, str(folder / "answer.py")],
            capture_output=True, text=True, timeout=30, cwd=folder,
        )  # fmt: skip
        assert told(done.stdout), done

    return control


def reads_a_solution(name, body, folder):
    (folder / "solutions").mkdir()
    (folder / "solutions" / "07_toy.py").write_text(SECRET)
    gives(lambda said: SECRET in said)(
        name, body.replace("os.walk(os.sep)", f"os.walk({str(folder)!r})"), folder
    )


def is_let_in(name, body, folder):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert '("127.0.0.1", 9)' in body
        body = body.replace("9)", f"{port})")
        gives(lambda said: "socket.socket" in said)(name, body, folder)


def breaks_the_line(name, body, folder):
    if sys.platform == "win32":  # descriptors are not handed on there
        compile(naive.answer(body), name, "exec")
        return
    assert "raised" in naive.frames_outcome(folder, naive.answer(body))


CONTROLS = {
    "equal to anything": fools("close"),
    "patches numpy": fools("close"),
    "looks for the solution in memory": fools("close"),
    "walks up the stack": fools("close"),
    "reads solutions from the disk": reads_a_solution,
    "leaves with success": fools("exit"),
    "raises SystemExit": fools("exit"),
    "never ends": runs_on,
    "does not let itself be interrupted": runs_on_under_an_alarm,
    "asks for six gigabytes": lambda name, body, folder: gives(lambda said: "bytearray(b" in said)(
        name, body.replace("6 << 30", "1 << 20"), folder
    ),
    "starts a process": gives(lambda said: "returncode=0" in said),
    "opens a connection": is_let_in,
    "forges the answer": breaks_the_line,
    "prints without end": runs_on,
    "calls itself without end": gives(lambda said: "RecursionError" in said),
    "hides a bomb in its answer": fools("exit"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_bundled_hostile_answers_do_what_they_say_elsewhere_and_gain_nothing_here(
    name, toy, grader, make, tmp_path
):
    CONTROLS[name](name, HOSTILE[name], tmp_path)
    code = "def double(*args, **kwargs):\n" + textwrap.indent(HOSTILE[name], "    ")
    rows = grader.grade(toy, make(double=code)).rows
    assert [row["earned"] for row in rows][:2] == [0, 0]
    assert grader.grade(toy, make()).earned == 6


def test_the_same_seed_makes_the_same_class(toy, tmp_path):
    for name in ("a", "b"):
        make_class(tmp_path / name, [toy], size=40)
    made = [
        {p.relative_to(tmp_path / name): p.read_bytes() for p in (tmp_path / name).rglob("*.*")}
        for name in ("a", "b")
    ]
    assert made[0] == made[1]
    entries = [path.name for path in (tmp_path / "a").iterdir()]
    assert len(entries) == 40
    assert any(name.isascii() for name in entries)
    assert not all(name.isascii() for name in entries)


def test_the_command_makes_and_grades_them_and_says_where_to_look(toy_course, tmp_path, capsys):
    assert main(["grade", "--demo", "--out", str(tmp_path / "demo"), "-j", "2"]) == 0
    said = capsys.readouterr().out
    overview = tmp_path / "demo" / "results" / "overview.html"
    assert overview.is_file()
    assert str(overview) in said.replace("\n", "")
    with (tmp_path / "demo" / "results" / "results.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 200
    assert {row["status"] for row in rows} == {"ok", "needs attention"}
    full = sum(row["points"] == "6" for row in rows)
    assert 0 < full < 200
    assert sum(row["points"] == "" for row in rows) > 0  # broken files: no points, and no 0


def test_a_folder_and_the_demonstration_exclude_each_other(toy_course, tmp_path, capsys):
    assert main(["grade", str(tmp_path), "--demo"]) == 2
    assert "name no folder" in capsys.readouterr().err
    assert main(["grade", str(tmp_path)]) == 2
    assert "say --demo" in capsys.readouterr().err
