"""Files that attack whoever reads them: the batch goes on, and the rest of the class is graded.

Nothing is run when a submission is taken in and its form is taken down; still a file can be made so
that reading it never ends, fills the memory, or raises where nobody expects it. Each control does
what a reader does who does not think of it, and breaks.
"""

from __future__ import annotations

import ast
import csv
import json
import os
import re
import subprocess
import sys
import time
import tracemalloc
import zipfile

import pytest
from hostile import naive

from lstm_lab.bootstrap.venv import Venv
from lstm_lab.cli import main
from lstm_lab.grading.answers.facts import answer_facts
from lstm_lab.grading.sources import NotReadable, parse_document, readable
from lstm_lab.grading.worker.cells import parse_cell
from lstm_lab.grading.worker.codec import CannotCross, encode
from lstm_lab.grading.worker.remove import remove_tree

HALF = "def double(x):\n    name = 'torch.nn.LSTM\\ud800'\n    return x\n"
LONG = "def double(x):\n    return x\n#" + "x" * 300_000 + "\n"


def seconds(work, *args):
    started = time.process_time()
    work(*args)
    return time.process_time() - started


def cells(*sources):
    return [
        {"cell_type": "code", "metadata": {}, "source": source, "outputs": []}
        for source in sources
    ]  # fmt: skip


def book(*sources):
    facts = {"lstm_lab": {"kind": "exercise", "number": "07"}}
    return json.dumps({"cells": cells(*sources), "metadata": facts, "nbformat": 4}).encode()


def test_blank_lines_and_blanks_take_no_time_to_read():
    """What stood here before took minutes for a line of blanks: such patterns are the control."""
    lines, blanks = "\n" * 12_000 + "x\n", "def f(x):\n" + " " * 40_000 + "x y z\n"
    naive = seconds(re.search, r"^\s*(def|class)\s", lines, re.M)
    assert naive > 20 * seconds(answer_facts, [{"source": lines}], ["f"])
    naive = seconds(re.match, r"(\s*)(?:[%!?]|.*\?\s*$)", blanks.split("\n")[1])
    assert naive > 20 * seconds(parse_cell, blanks)
    # and it still grows in proportion: sixteen times as much is read in a moment
    assert seconds(answer_facts, [{"source": lines * 10}], ["f"]) < 2
    assert seconds(parse_cell, blanks * 16) < 2


def test_a_tree_that_fills_the_memory_is_not_grown():
    source = "a=1\n" * 50_000

    def peak(work, *args):
        tracemalloc.start()
        work(*args)
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(ast.parse, source) > 100 * len(source)
    assert peak(answer_facts, [{"source": source}], ["double"]) < len(source)


@pytest.mark.parametrize(
    "raw",
    [book(LONG), book(*["#" + "x" * 200_000] * 6), book(*["#" + "é" * 80_000] * 3),
     LONG.encode()],
    ids=["one long cell", "many long cells", "escapes", "a long file"],
)  # fmt: skip
def test_more_code_than_crosses_to_a_grader_is_refused_with_a_sentence(raw, tmp_path):
    name = "07_toy.ipynb" if raw[:1] == b"{" else "07_toy.py"
    naive = (
        [{"source": one["source"]} for one in json.loads(raw)["cells"]]
        if name.endswith("ipynb")
        else [{"source": raw.decode()}]
    )
    with pytest.raises(CannotCross):
        encode(naive)
    with pytest.raises(NotReadable, match="more code than any answer needs"):
        parse_document(tmp_path / name, raw)


def test_as_many_cells_as_may_be_do_cross(tmp_path):
    encode(parse_document(tmp_path / "a.ipynb", book(*["x = 1"] * 4000)).wire())
    with pytest.raises(NotReadable, match="no list of cells"):
        parse_document(tmp_path / "a.ipynb", book(*["x = 1"] * 4001))


@pytest.mark.skipif(os.name == "nt", reason="file names are text there")
def test_names_that_are_no_text_are_read_as_well_as_can_be():
    assert readable(os.fsdecode("李明_07.ipynb".encode("gbk"))) == "李明_07.ipynb"
    assert readable("plain.ipynb") == "plain.ipynb"
    for raw in (b"\xff\xfe.ipynb", b"\x80\x80\xed\xa0\x80"):
        with pytest.raises(UnicodeEncodeError):
            os.fsdecode(raw).encode()
        assert readable(os.fsdecode(raw)).encode()


def deep(folder, levels):
    """Make a folder in a folder in a folder, as code that runs there can."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d", dir_fd=here)
        inside = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inside
    os.close(here)


def list_all(folder):
    for entry in list(os.scandir(folder)):
        if entry.is_dir():
            list_all(entry.path)


def test_a_folder_too_deep_for_any_stack_is_removed(tmp_path):
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "kept").write_text("x")
    box = tmp_path / "box"
    box.mkdir()
    deep(box, 3000)
    with pytest.raises((RecursionError, OSError)):  # what goes by paths, or calls itself
        list_all(str(box))
    (box / "link").symlink_to(tmp_path / "outside")
    (box / "0.lifted").write_text("in the way")
    (box / "forbidden").mkdir()
    (box / "forbidden" / "inner").mkdir(mode=0)
    (box / "forbidden").chmod(0)
    remove_tree(str(box))
    assert not box.exists()
    assert (tmp_path / "outside" / "kept").read_text() == "x"
    remove_tree(str(box))  # nothing there is nothing to do


def test_one_such_file_does_not_stop_the_batch(
    tmp_path, toy_course, make, as_notebook, capsys, monkeypatch
):
    folder = tmp_path / "in"
    folder.mkdir()
    files = {
        b"half.ipynb": as_notebook(make(double=HALF)).encode(),
        b"long_07_toy.ipynb": book(LONG),
        b"blank.ipynb": as_notebook(make("\n" * 200_000)).encode(),
        b"tree.ipynb": as_notebook(make("a=1\n" * 50_000)).encode(),
        b"zoe.ipynb": as_notebook(make()).encode(),
    }
    if os.name != "nt" and sys.platform != "darwin":
        files[b"\xff\xfe_07_toy.ipynb"] = as_notebook(make()).encode()
        files["李明.ipynb".encode("gbk")] = as_notebook(make()).encode()
    for name, raw in files.items():
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(raw)
    # the control: half a character, as Python reads it, can be written to no file
    with pytest.raises(UnicodeEncodeError):
        ast.literal_eval(HALF.split("= ")[1].split("\n")[0]).encode()
    assert main(["grade", str(folder), "--out", str(tmp_path / "out")]) == 0
    capsys.readouterr()
    with (tmp_path / "out" / "results.csv").open(encoding="utf-8-sig") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert len(rows) == len(files)
    assert rows["zoe"]["points"] == "6"
    assert rows["blank"]["points"] == "6"
    assert rows["tree"]["points"] == "6"
    assert rows["half"]["points"] == "3"
    assert rows["long"]["status"] == "needs attention"
    if "李明" in str(rows):
        assert rows["李明"]["points"] == "6"


SHADOWS = ("numpy.py", "json.py", "rich.py", "sitecustomize.py", "conftest.py",
           "lstm_lab/__init__.py", "lstm_lab/cli.py", "lstm_lab/__main__.py")  # fmt: skip


@pytest.mark.skipif(os.name == "nt", reason="the command is a shell script elsewhere")
def test_a_module_handed_in_shadows_none_of_ours_where_grading_is_started(tmp_path):
    """`lstm-lab grade .` in the folder of submissions, beside a student's numpy.py."""
    folder = tmp_path / "handed in"
    (folder / "lstm_lab").mkdir(parents=True)
    ran = tmp_path / "ran"
    for name in SHADOWS:
        (folder / name).write_text(f"open({str(ran)!r}, 'a').write({name!r})\n")
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    command = [sys.executable, "-m", "lstm_lab", "--help"]
    subprocess.run(command, cwd=folder, env=env, capture_output=True)
    assert "lstm_lab" in ran.read_text()  # where Python looks in the current folder first
    ran.unlink()
    venv = Venv(tmp_path / "course")
    (venv.folder / "site").mkdir(parents=True)
    venv.scripts.mkdir()
    venv.python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    venv.python.chmod(0o755)
    venv.link_course(venv.folder / "site")
    done = subprocess.run(
        [str(venv.scripts / "lstm-lab"), "--help"],
        cwd=folder, env=env, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "usage: lstm-lab" in done.stdout
    assert not ran.exists()


BESIDE = {
    "conftest.py": "def pytest_pyfunc_call(pyfuncitem):\n    return True\n",
    "pytest.ini": "[pytest]\naddopts = -p sly\n",
    "sly.py": "def pytest_pyfunc_call(pyfuncitem):\n    return True\n",
    "numpy.py": "raise SystemExit(0)\n",
    "sitecustomize.py": "raise SystemExit(0)\n",
    "lessons/toy/test_exercise.py": "def test_double_values():\n    pass\n",
    "lessons/toy/exercise.py": "def double(x):\n    return x\n",
    ".lstm-lab/results.json": '{"score": 6}',
    "results.csv": "student,points\nmallory,6\n",
    "records/x.json": '{"student": "mallory", "earned": 6, "points": 6}',
}


def test_what_is_handed_in_beside_an_answer_changes_nothing(
    tmp_path, toy_course, make, as_notebook, capsys, monkeypatch
):
    wrong = "def double(x):\n    return x\n"
    control = tmp_path / "control"
    control.mkdir()
    for name in ("conftest.py", "pytest.ini", "sly.py"):
        (control / name).write_text(BESIDE[name])
    assert naive.with_pytest(control, wrong, "plain")[0] == 1
    folder = tmp_path / "in"
    folder.mkdir()
    for student, extra in (("mallory", BESIDE), ("zoe", {})):
        with zipfile.ZipFile(folder / f"{student}.zip", "w") as archive:
            answers = make(double=wrong) if extra else make()
            for name, text in {**extra, "07_toy.ipynb": as_notebook(answers)}.items():
                archive.writestr(name, text)
    # and the same unpacked, where grading is started from
    (folder / "eve").mkdir()
    for name, text in {**BESIDE, "07_toy.ipynb": as_notebook(make(double=wrong))}.items():
        path = folder / "eve" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(folder / "eve")
    assert main(["grade", str(folder), "--out", str(tmp_path / "out")]) == 0
    capsys.readouterr()
    with (tmp_path / "out" / "results.csv").open(encoding="utf-8-sig") as file:
        points = {row["student"]: row["points"] for row in csv.DictReader(file)}
    assert points == {"mallory": "3", "zoe": "6", "eve": "3"}
