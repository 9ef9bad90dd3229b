"""A set-up that goes well: once, quickly the second time, and anywhere."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lstm_lab.bootstrap.steps import Steps
from lstm_lab.bootstrap.tiers import pytest_words
from lstm_lab.bootstrap.torch_wheel import CPU_INDEX, PIN


def hello(done) -> dict:
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stdout.splitlines() if line.startswith("HELLO "))
    return json.loads(line.removeprefix("HELLO "))


def test_first_start_installs_torch_first_and_alone(course, says):
    done = course.run("setup")
    assert done.returncode == 0, done.stderr
    torch, base, fast = course.installs()
    assert f"--no-deps torch=={PIN}+cpu" in torch
    assert "jupyterlab>=4.2" in base
    assert "--only-binary :all:" in fast
    assert "numba>=0.61" in fast
    for key in ("begin", "step_torch", "step_base", "step_fast", "ready"):
        says(done.stdout, key)


def test_each_step_has_a_line_with_its_seconds(course):
    lines = course.run("setup").stdout.splitlines()
    assert [line[:6] for line in lines if line.startswith("[")] == ["[1/3] ", "[2/3] ", "[3/3] "]
    assert all(line.endswith(" s") for line in lines if line.startswith("["))


def test_torch_is_held_while_the_rest_is_installed(course):
    course.run("setup")
    assert all("--constraint" in line for line in course.installs()[1:])
    held = (course.venv.folder / "lab-constraints.txt").read_text()
    assert held == f"torch=={PIN}+cpu\n"


def test_second_start_is_silent_and_calls_no_pip(ready):
    done = ready.run("hello")
    assert hello(done)["rest"] == []
    assert ready.calls == []
    assert done.stdout.startswith("HELLO ")


def test_a_changed_list_installs_that_list_only(ready, says):
    text = (ready.root / "pyproject.toml").read_text()
    (ready.root / "pyproject.toml").write_text(text.replace("numpy>=2.0", "numpy>=2.1"))
    done = ready.run("setup")
    says(done.stdout, "again")
    (line,) = ready.installs()
    assert "numpy>=2.1" in line


def test_a_package_that_went_missing_comes_back(ready):
    site = ready.venv.probe().site
    shutil.rmtree(next(site.glob("jupyterlab-*.dist-info")))
    assert ready.run("setup").returncode == 0
    (line,) = ready.installs()
    assert "jupyterlab>=4.2" in line


def test_words_and_exit_code_pass_through(ready):
    assert hello(ready.run("hello", "a b", "--port", "1"))["rest"] == ["a b", "--port", "1"]
    assert ready.run("hello", "seven").returncode == 7


def test_no_words_means_open_and_unknown_options_go_with_it(ready):
    assert hello(ready.run())["rest"] == []
    assert hello(ready.run("--no-browser", "--port", "18890"))["rest"] == [
        "--no-browser",
        "--port",
        "18890",
    ]


def test_version_is_the_courses(ready):
    assert ready.run("--version").stdout.startswith("lstm-lab ")


def test_test_adds_the_tools_and_runs_pytest_at_the_root(ready, tmp_path):
    done = ready.run("test", "-k", "rnn", cwd=tmp_path)
    (line,) = ready.installs()
    assert "ruff>=0.6" in line
    said = next(line for line in done.stdout.splitlines() if line.startswith("PYTEST "))
    assert json.loads(said.removeprefix("PYTEST ")) == [str(ready.root), ["-k", "rnn"]]


@pytest.mark.parametrize(
    ("words", "given"),
    [
        (["--durations=20"], ["-n", "auto", "--dist", "loadgroup", "--durations=20"]),
        (["--quick", "-k", "rnn"], ["-k", "rnn", "-m", "fast"]),
        (["--quick", "--pdb"], ["--pdb", "-m", "fast"]),
        (["-m", "browser"], ["-m", "browser"]),
    ],
)
def test_a_run_of_all_is_spread_over_the_cores_and_what_is_chosen_is_not(words, given):
    assert pytest_words(words) == given


def test_authors_get_their_tools_for_build(ready):
    ready.run("build")
    (line,) = ready.installs()
    assert "ruff>=0.6" in line


def test_language_is_an_option_for_open_and_never_a_variable(ready):
    for words in (["--lang", "zh"], ["open", "--lang", "zh"], ["--lang=zh", "open"]):
        said = hello(ready.run(*words))
        assert said["rest"] == ["--lang", "zh"]
        assert said["env"]["LSTM_LAB_LANG"] is None


def test_language_reaches_other_commands(ready):
    assert hello(ready.run("--lang", "zh", "hello"))["env"]["LSTM_LAB_LANG"] == "zh"
    assert hello(ready.run("hello", "--lang", "zh"))["rest"] == ["--lang", "zh"]


def test_language_comes_from_the_locale(course, says):
    says(course.run("setup", LANG="zh_CN.UTF-8").stdout, "step_base", "zh")
    says(course.run("--help", LANG="zh_TW").stdout, "help", "zh")
    says(course.run("--help", LANG="de_DE.UTF-8").stdout, "help", "en")
    says(course.run("--lang", "zh", "--help").stdout, "help", "zh")


def test_index_goes_to_every_call_of_pip(course):
    assert course.run("setup", "--index", "http://mirror.test/simple").returncode == 0
    asked = [call["words"] for call in course.calls if "--no-index" not in call["words"]]
    assert len(asked) == 4
    assert all("--index-url http://mirror.test/simple" in " ".join(words) for words in asked)


def test_pips_own_configuration_stays_and_what_misleads_goes(course):
    course.run(
        "setup",
        PIP_INDEX_URL="http://mirror.test/simple",
        PIP_USER="1",
        PIP_TARGET="/nowhere",
        PIP_PREFIX="/nowhere",
        PIP_REQUIRE_VIRTUALENV="1",
        PYTHONPATH="/nowhere",
        VIRTUAL_ENV="/another",
    )
    assert course.calls
    for call in course.calls:
        env = call["env"]
        assert env["PIP_INDEX_URL"] == "http://mirror.test/simple"
        assert env["PIP_USER"] == "0"
        assert env["VIRTUAL_ENV"] == str(course.venv.folder)
        assert not {"PIP_TARGET", "PIP_PREFIX", "PIP_REQUIRE_VIRTUALENV", "PYTHONPATH"} & set(env)


def test_works_with_a_python_home_of_other_work_in_the_way(ready):
    said = hello(ready.run("hello", PYTHONPATH="/nowhere", PYTHONSAFEPATH="1"))
    assert said["env"]["PYTHONPATH"] is None
    assert said["prefix"] == str(ready.venv.folder)


def test_an_isolated_python_finds_the_course_too(ready):
    done = subprocess.run(
        [sys.executable, "-I", str(ready.root / "lab.py"), "hello"], capture_output=True, text=True
    )
    assert hello(done)["prefix"] == str(ready.venv.folder)


def test_from_another_folder_the_course_is_named(ready, tmp_path):
    assert hello(ready.run("hello", cwd=tmp_path))["env"]["LSTM_LAB_ROOT"] == str(ready.root)
    inside = ready.root / "notebooks"
    assert hello(ready.run("hello", cwd=inside))["env"]["LSTM_LAB_ROOT"] is None


def test_a_moved_folder_works_at_once(ready, tmp_path):
    moved = tmp_path / "另一个 place" / "course"
    moved.parent.mkdir()
    ready.root.rename(moved)
    ready.root = moved
    said = hello(ready.run("hello"))
    assert said["prefix"] == str(moved / ".venv")
    assert ready.calls == []


@pytest.mark.skipif(os.name == "nt", reason="the script is lstm-lab.cmd there")
def test_the_command_lstm_lab_survives_a_move(ready, tmp_path):
    moved = tmp_path / "moved"
    ready.root.rename(moved)
    script = moved / ".venv" / "bin" / "lstm-lab"
    done = subprocess.run([script, "hello"], cwd=moved, capture_output=True, text=True)
    assert hello(done)["prefix"] == str(moved / ".venv")


def test_from_inside_its_own_active_environment(ready):
    path = os.pathsep.join([str(ready.venv.scripts), os.environ["PATH"]])
    done = ready.run(
        "hello", python=str(ready.venv.python), VIRTUAL_ENV=str(ready.venv.folder), PATH=path
    )
    said = hello(done)
    assert said["prefix"] == str(ready.venv.folder)
    assert said["env"]["PATH"].startswith(str(ready.venv.scripts))


def test_the_set_up_needs_the_standard_library_only():
    root = Path(__file__).resolve().parents[3]
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import lstm_lab.bootstrap as b;"
        "names = {m.split('.')[0] for m in sys.modules};"
        "print(sorted(names - sys.stdlib_module_names - {'lstm_lab', '__main__'}))"
    )
    # -S leaves out site-packages: whatever is installed cannot be found
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(root)], capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]", done.stderr


def test_torch_index_is_asked_only_where_the_usual_one_brings_cuda(course):
    course.run("setup")
    assert not any(CPU_INDEX in " ".join(call["words"]) for call in course.calls)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_a_line_shows_what_pip_does_and_fits(monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    stream = Terminal()
    steps = Steps(1, stream)
    with steps.step("软件包"):
        steps.detail = "Downloading " + "某" * 60
        time.sleep(0.7)
    lines = stream.getvalue().split("\r")
    assert any("Downloading 某某" in line for line in lines)
    widths = [sum(2 if letter in "软件包某" else 1 for letter in line) for line in lines]
    assert max(widths[:-1]) == 39
    assert lines[-1].endswith(" s\n")
