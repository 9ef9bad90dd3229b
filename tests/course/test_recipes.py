"""What Gradescope and GitHub Classroom would run is run here, in a folder of the same layout."""

from __future__ import annotations

import base64
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

from lstm_lab.cli import main
from lstm_lab.course.recipes.classroom import workflow
from lstm_lab.grading.exercises import find_exercise, list_exercises
from lstm_lab.grading.mutants import load_mistakes, load_mutants, mutate
from lstm_lab.grading.sources import Document
from lstm_lab.layout import ORDER

ROOT = Path(__file__).resolve().parents[2]
NUMBER = "01"
posix = pytest.mark.skipif(sys.platform == "win32", reason="Gradescope's images are Linux")


def notebook(document: Document) -> str:
    exercise = find_exercise(NUMBER, ROOT)
    cells = [
        {
            "cell_type": "code",
            "metadata": {"lstm_lab": {"name": c.name, "task": True}} if c.name else {},
            "source": c.source,
            "outputs": [],
            "execution_count": None,
        }
        for c in document.cells
    ]
    ours = {"kind": "exercise", "number": NUMBER, "slug": exercise.slug, "lang": "en"}
    return json.dumps(
        {"cells": cells, "metadata": {"lstm_lab": ours}, "nbformat": 4, "nbformat_minor": 5}
    )


@pytest.fixture(scope="module")
def exercise():
    return find_exercise(NUMBER, ROOT)


@pytest.fixture
def in_course(monkeypatch):
    monkeypatch.setenv("LSTM_LAB_ROOT", str(ROOT))
    monkeypatch.setenv("LSTM_LAB_LANG", "en")


@pytest.fixture(scope="module")
def autograder(tmp_path_factory):
    """The zip, put where Gradescope puts it."""
    base = tmp_path_factory.mktemp("autograder")
    key = base / "my key"
    key.write_bytes(b"nobody knows this")
    out = base / "autograder.zip"
    words = ["recipe", "gradescope", "--exercise", NUMBER, "--key", str(key), "--out", str(out)]
    old = os.environ.get("LSTM_LAB_ROOT")
    os.environ["LSTM_LAB_ROOT"] = str(ROOT)
    try:
        assert main(words) == 0
    finally:
        os.environ.pop("LSTM_LAB_ROOT") if old is None else os.environ.update(LSTM_LAB_ROOT=old)
    with zipfile.ZipFile(out) as archive:
        archive.extractall(base / "source")
        for info in archive.infolist():
            (base / "source" / info.filename).chmod(info.external_attr >> 16)
    shutil.copy(base / "source" / "run_autograder", base / "run_autograder")
    return base


def run_autograder(base: Path, files: dict[str, str], python: str = sys.executable):
    """Run it as Gradescope does; return the process and what it left for students."""
    for name in ("submission", "results"):
        shutil.rmtree(base / name, ignore_errors=True)
        (base / name).mkdir()
    for name, text in files.items():
        (base / "submission" / name).write_text(text, "utf-8")
    (base / "results" / "results.json").write_text('{"score": 99}')  # of somebody before
    environment = {k: v for k, v in os.environ.items() if not k.startswith("LSTM_LAB")}
    done = subprocess.run(
        [base / "run_autograder"],
        cwd=base,
        env={**environment, "AUTOGRADER_ROOT": str(base), "AUTOGRADER_PYTHON": python},
        capture_output=True,
        text=True,
        timeout=120,
    )
    path = base / "results" / "results.json"
    return done, json.loads(path.read_text("utf-8")) if path.exists() else None


# https://gradescope-autograders.readthedocs.io/en/latest/specs/ (what we use of it)
FORMATS = {"text", "html", "simple_format", "md", "ansi"}
SHOWN = {"hidden", "after_due_date", "after_published", "visible"}
OF_ALL = {
    "score", "execution_time", "output", "output_format", "test_output_format",
    "test_name_format", "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard",
}  # fmt: skip
OF_TEST = {
    "score", "max_score", "status", "name", "name_format", "number", "output", "output_format",
    "tags", "visibility", "extra_data",
}  # fmt: skip


def by_the_specification(found) -> bool:
    """Hold a results.json against Gradescope's page; raise where it differs."""
    assert found.keys() <= OF_ALL
    assert isinstance(found["score"], int | float)
    assert found["output_format"] in FORMATS
    assert {found["visibility"], found["stdout_visibility"]} <= SHOWN
    for one in found["tests"]:
        assert one.keys() <= OF_TEST
        assert one["status"] in {"passed", "failed"}
        assert one["output_format"] in FORMATS
        assert one["visibility"] in SHOWN
        assert all(isinstance(one[key], str) for key in ("name", "output"))
        assert 0 <= one["score"] <= one["max_score"]
    assert found["score"] == sum(one["score"] for one in found["tests"])
    return True


def test_the_zip_holds_the_scripts_at_its_root_and_one_solution(autograder):
    source = autograder / "source"
    inside = {path.relative_to(source).as_posix() for path in source.rglob("*")}
    assert {"setup.sh", "run_autograder", "settings", "key", "course/lab.py"} <= inside
    for answers in ("exercise.py", "mistakes.py"):
        assert {name for name in inside if name.endswith(f"/{answers}")} == {
            f"course/lessons/{find_exercise(NUMBER, ROOT).slug}/{answers}"
        }
    assert not any("__pycache__" in name for name in inside)
    for name in ("setup.sh", "run_autograder"):
        assert (autograder / "source" / name).stat().st_mode & 0o111
        assert (autograder / "source" / name).read_bytes().startswith(b"#!/usr/bin/env bash\n")
        assert b"\r" not in (autograder / "source" / name).read_bytes()


@posix
def test_submissions_are_graded_with_the_key_and_told_what_students_may_know(autograder, exercise):
    done, found = run_autograder(autograder, {"my work.ipynb": notebook(exercise.solution)})
    assert done.returncode == 0, done.stderr
    points = sum(exercise.task_points.values())
    assert by_the_specification(found)
    assert found["score"] == points
    assert sum(one["max_score"] for one in found["tests"]) == points
    assert "Isolation: " in done.stderr  # for the instructor, in the autograder's output
    mistake = load_mistakes(exercise)[0]
    wrong = mutate(exercise.solution, mistake)
    done, found = run_autograder(
        autograder, {"01_rnn.ipynb": notebook(wrong), "notes.txt": "x", "helper.py": "y = 1\n"}
    )
    assert by_the_specification(found)
    assert 0 < found["score"] < points
    failed = [one for one in found["tests"] if one["status"] == "failed"]
    assert mistake.en in failed[0]["output"]  # by name, as in the course
    assert found["stdout_visibility"] == "hidden"
    assert "nobody knows" not in json.dumps(found) + done.stdout + done.stderr


@posix
@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"01_rnn.ipynb": "{"}, "not valid JSON"),
        ({"essay.pdf": "x"}, "no notebook and no Python file"),
        ({}, "the folder is empty"),
        ({"poem.ipynb": '{"cells": []}'}, "not clear which exercise"),
        (None, "hand in one"),
    ],
)
def test_what_cannot_be_graded_is_told_at_once(autograder, exercise, files, told):
    if files is None:
        files = {name: notebook(exercise.solution) for name in ("01_a.ipynb", "01_b.ipynb")}
    done, found = run_autograder(autograder, files)
    assert done.returncode == 0, done.stderr
    assert by_the_specification(found)
    assert found["score"] == 0
    assert told in json.dumps(found)


@posix
def test_without_isolation_nobody_gets_points(autograder, exercise, tmp_path):
    """As in a container that forbids all of it: no results, and the reason for the instructor."""
    weak = tmp_path / "python"
    code = (
        "import sys; from lstm_lab.grading.batch import folder;"
        "folder.isolation_level = lambda: 'process';"
        "from lstm_lab.cli import main; sys.exit(main(sys.argv[2:]))"
    )
    weak.write_text(f'#!/bin/sh\nshift 2\nexec {shlex.quote(sys.executable)} -c "{code}" x "$@"\n')
    weak.chmod(0o755)
    files = {"01.ipynb": notebook(exercise.solution)}
    done, found = run_autograder(autograder, files, python=str(weak))
    assert done.returncode == 2
    assert found is None
    assert "cannot hold hostile code" in done.stderr
    settings = autograder / "source" / "settings"
    before = settings.read_text()
    settings.write_text(before.replace("trust=''", "trust=yes"))
    try:
        done, found = run_autograder(autograder, files, python=str(weak))
    finally:
        settings.write_text(before)
    assert done.returncode == 0
    assert found["score"] > 0
    assert "grade trusted submissions only" in done.stderr


@posix
def test_setup_installs_a_python_and_the_course(autograder, tmp_path):
    """With stand-ins for the two programs that it calls: no network here."""
    log = tmp_path / "log"
    for name, old in (("apt-get", 0), ("python3", 1), ("python3.11", 0)):
        path = tmp_path / name
        path.write_text(
            f'#!/bin/sh\necho {name} "$@" >> {shlex.quote(str(log))}\n'
            f'[ "$1" = -c ] && exit {old}\nexit 0\n'
        )
        path.chmod(0o755)
    subprocess.run(
        [autograder / "source" / "setup.sh"],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}", "AUTOGRADER_ROOT": str(autograder)},
        check=True,
        timeout=30,
    )
    calls = log.read_text().splitlines()
    assert calls[0].startswith("apt-get update")
    assert calls[-2].endswith("python3.11 python3.11-venv")
    assert calls[-1] == "python3.11 lab.py setup"


# The inputs of classroom-resources/autograding-command-grader@v1, from its action.yml.
GRADER_INPUTS = {"test-name", "setup-command", "command", "timeout", "max-score"}


def command_grader(step, folder: Path) -> str:
    """Do what the action does (``src/main.js``): its few variables, exit code 0 for all points."""
    given = step["with"]
    assert {"test-name", "command"} <= given.keys() <= GRADER_INPUTS
    words = shlex.split(given["command"])
    assert words[:2] == ["python", "lab.py"]
    environment = {
        "PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", ""), "FORCE_COLOR": "true",
        "DOTNET_CLI_HOME": "/tmp", "DOTNET_NOLOGO": "true",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-P", "-m", "lstm_lab", *words[2:]],
        cwd=folder, env=environment, timeout=float(given["timeout"]) * 60, capture_output=True,
    )  # fmt: skip
    score = int(given["max-score"])
    passed = done.returncode == 0
    one = {"name": given["test-name"], "score": score if passed else 0}
    status = "pass" if passed else "fail"
    result = {"version": 1, "status": status, "max_score": score, "tests": [one]}
    return base64.b64encode(json.dumps(result).encode()).decode()


def reporter(step, results: dict[str, str]) -> str:
    """Do what classroom-resources/autograding-grading-reporter@v1 does: the sum, as it says it."""
    assert set(step["with"]) == {"runners"}
    assert re.fullmatch(r"([a-zA-Z0-9]+,)*[a-zA-Z0-9]+", step["with"]["runners"])
    total = possible = 0
    for runner in filter(None, re.split(r"[\s,]", step["with"]["runners"])):
        variable = step["env"][f"{runner.upper()}_RESULTS"]
        named = re.fullmatch(r"\$\{\{ steps\.(\w+)\.outputs\.result \}\}", variable)[1]
        result = json.loads(base64.b64decode(results[named]))
        possible += result["max_score"]
        total += sum(one["score"] for one in result["tests"])
    return f"Points {total}/{possible}"


def test_points_are_whole_as_the_command_grader_cuts_them():
    for one in list_exercises(ROOT):
        assert all(points == int(points) > 0 for points in one.task_points.values()), one.name


def test_the_workflow_has_a_graded_step_for_each_task(exercise):
    text = workflow([exercise, find_exercise("00", ROOT)])
    found = yaml.safe_load(text)
    assert found["on"] == ["push", "repository_dispatch"]
    steps = found["jobs"]["run-autograding-tests"]["steps"]
    graded = [s for s in steps if "command-grader" in s.get("uses", "")]
    assert len(graded) == len(exercise.tasks) + len(find_exercise("00", ROOT).tasks)
    worth = {one["with"]["test-name"]: one["with"]["max-score"] for one in graded}
    for task, points in exercise.task_points.items():
        assert worth[f"{NUMBER} {task}"] == points
    reporter = steps[-1]
    runners = reporter["with"]["runners"].split(",")
    assert runners == [s["id"] for s in graded]
    assert reporter["env"] == {
        f"{one.upper()}_RESULTS": f"${{{{ steps.{one}.outputs.result }}}}" for one in runners
    }


@posix
def test_the_workflows_commands_pass_what_is_right_and_git_takes_the_answers(
    exercise, tmp_path, in_course, capsys
):
    folder = tmp_path / "handout"
    own = exercise.lesson.at(folder)
    for path in (folder / "notebooks", folder / "lstm_lab", folder / "exercises/en", own.folder):
        path.mkdir(parents=True)
    shutil.copy(ROOT / ORDER, folder / ORDER)
    shutil.copy(exercise.tests, own.tests)
    shutil.copy(exercise.solution_path, own.exercise)
    shutil.copy(ROOT / f"exercises/en/{exercise.name}.ipynb", folder / "exercises/en")
    shutil.copy(ROOT / ".gitignore", folder)
    words = ["recipe", "classroom", "--exercise", NUMBER, "--out", str(folder)]
    assert main(words) == 2
    assert "is no handout" in capsys.readouterr().err
    (folder / "handout.json").write_text("{}")
    for _time in range(2):  # again is no harm
        assert main(words) == 0
    found = yaml.safe_load((folder / ".github/workflows/classroom.yml").read_text("utf-8"))
    own = folder / "work" / "exercises" / "en" / f"{exercise.name}.ipynb"
    own.parent.mkdir(parents=True)
    wrong = mutate(exercise.solution, load_mutants(exercise)[0])
    own.write_text(notebook(wrong), "utf-8")
    (folder / "work" / "progress.jsonl").write_text("{}\n")
    steps = found["jobs"]["run-autograding-tests"]["steps"]
    results = {
        step["id"]: command_grader(step, folder)
        for step in steps
        if "command-grader" in step.get("uses", "")
    }
    task, points = load_mutants(exercise)[0].task, exercise.task_points
    scores = {
        one["tests"][0]["name"]: one["tests"][0]["score"]
        for one in (json.loads(base64.b64decode(text)) for text in results.values())
    }
    assert scores == {f"{NUMBER} {name}": n * (name != task) for name, n in points.items()}
    whole = sum(points.values())
    assert reporter(steps[-1], results) == f"Points {whole - points[task]:g}/{whole:g}"
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    seen = subprocess.run(
        ["git", "-C", str(folder), "ls-files", "-o", "--exclude-standard"],
        check=True, capture_output=True, text=True,
    ).stdout.split()  # fmt: skip
    assert f"work/exercises/en/{exercise.name}.ipynb" in seen
    assert "work/progress.jsonl" not in seen
    assert ".github/workflows/classroom.yml" in seen


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["gradescope", "--out", "a.zip"], "is one exercise; choose one with --exercise: 00, 01"),
        (["gradescope", "--exercise", "01", "--out", "folder"], "name a file that ends in .zip"),
        (["gradescope", "--exercise", "99", "--out", "a.zip"], "There is no exercise '99'"),
        (["gradescope", "--exercise", "01", "--key", "no", "--out", "a.zip"], "cannot be read"),
        (["classroom", "--key", "no", "--out", "."], "students can read every file"),
    ],
)
def test_a_wrong_call_is_one_sentence(words, sentence, in_course, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["recipe", *words]) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert len(error.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
