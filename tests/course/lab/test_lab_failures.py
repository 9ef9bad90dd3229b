"""Everything that can go wrong in a set-up is said in a sentence, in both languages."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from lstm_lab.bootstrap import start
from lstm_lab.bootstrap import venv as venv_module
from lstm_lab.bootstrap.pip import Pip
from lstm_lab.bootstrap.steps import Steps
from lstm_lab.bootstrap.texts import TEXTS, SetupError, speak
from lstm_lab.bootstrap.venv import Venv

ROOT = Path(__file__).resolve().parents[3]
posix = pytest.mark.skipif(os.name == "nt", reason="signals and locks of POSIX")

# What pip prints, shortened.
NO_NETWORK = """\
WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after
connection broken by 'NewConnectionError(': Failed to establish a new connection: [Errno -3]
Temporary failure in name resolution')': /simple/torch/
ERROR: Could not find a version that satisfies the requirement {package} (from versions: none)
ERROR: No matching distribution found for {package}"""
NO_VERSION = """\
ERROR: Could not find a version that satisfies the requirement {package} (from versions: {versions})
ERROR: No matching distribution found for {package}"""
DISK_FULL = (
    "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"
)
READ_ONLY = "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: 'x'"


def refused(done, key, says) -> str:
    """The set-up stopped with the sentence `key`, exit code 1 and no traceback."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    for lang in ("en", "zh"):
        if lang in done.args:
            says(done.stderr, key, lang)
            return done.stderr
    says(done.stderr, key, "en")
    return done.stderr


# ---- what pip meets


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_network(course, says, lang):
    course.rules({"if": "torch", "print": NO_NETWORK.format(package="torch"), "rc": 1})
    done = course.run("--lang", lang, "setup")
    error = refused(done, "network", says)
    says(done.stdout, "retry", lang)
    assert str(course.venv.log) in error
    assert "NewConnectionError" in course.venv.log.read_text("utf-8")


def test_a_network_that_comes_back_needs_no_second_call(course, says):
    rule = {"if": "jupyterlab", "print": NO_NETWORK.format(package="numpy"), "rc": 1, "times": 1}
    course.rules(rule)
    done = course.run("setup")
    assert done.returncode == 0, done.stderr
    says(done.stdout, "retry")
    assert len([line for line in course.installs() if "jupyterlab" in line]) == 2


def test_only_one_retry(course):
    course.rules({"if": "jupyterlab", "print": "something odd", "rc": 1})
    course.run("setup")
    assert len([line for line in course.installs() if "jupyterlab" in line]) == 2


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_disk_full_is_said_with_the_room_there_is_and_not_tried_again(course, says, lang):
    course.rules({"if": "jupyterlab", "print": DISK_FULL, "rc": 1})
    error = refused(course.run("--lang", lang, "setup"), "disk", says)
    assert re.search(r"\d\.\d GB", error)
    assert len([line for line in course.installs() if "jupyterlab" in line]) == 1


def test_too_little_room_is_said_before_anything_is_downloaded(bare, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=3e8))
    speak("en")
    with pytest.raises(SetupError, match=r"needs about 2.0 GB; free now: .*0\.3 GB") as error:
        start.set_up(bare.venv, start.parse(["setup"]))
    assert error.value.key == "disk"
    assert not bare.venv.folder.exists()


def test_no_permission(course, says):
    course.rules({"if": "jupyterlab", "print": READ_ONLY, "rc": 1})
    refused(course.run("--lang", "zh", "setup"), "permission", says)


def test_a_package_that_the_index_lacks(course, says):
    said = NO_VERSION.format(package="jupyterlab>=99", versions="1.0, 4.2")
    course.rules({"if": "jupyterlab", "print": said, "rc": 1})
    error = refused(course.run("setup"), "missing", says)
    assert "jupyterlab>=99" in error


def test_any_other_failure_shows_pips_last_words(course, says):
    course.rules({"if": "jupyterlab", "print": "ERROR: the moon is in the way", "rc": 1})
    assert "the moon is in the way" in refused(course.run("setup"), "pip_failed", says)


def test_no_numba_for_this_python_is_no_failure(course, says):
    said = NO_VERSION.format(package="numba>=0.61", versions="none")
    course.rules({"if": "numba>=", "print": said, "rc": 1})
    done = course.run("setup")
    assert done.returncode == 0, done.stderr
    says(done.stdout, "no_fast")
    course.forget_calls()
    assert course.run("setup").returncode == 0
    assert course.calls == []  # it is not tried at every start


def test_without_network_numba_is_left_for_another_time(course, says):
    course.rules({"if": "numba>=", "print": NO_NETWORK.format(package="numba"), "rc": 1})
    done = course.run("setup")
    assert done.returncode == 0, done.stderr
    says(done.stdout, "no_fast")
    course.rules()
    course.forget_calls()
    course.run("setup")
    (line,) = course.installs()
    assert "numba>=" in line


# ---- PyTorch


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_torch_wheel_for_this_platform(course, says, lang):
    said = NO_VERSION.format(package="torch", versions="none")
    course.rules({"if": "--ignore-installed torch", "print": said, "rc": 1})
    refused(course.run("--lang", lang, "setup"), "no_torch", says)


def test_an_index_that_has_not_even_pip_is_no_index(course, says):
    said = NO_VERSION.format(package="torch", versions="none")  # a proxy's 403, for one
    course.rules({"if": "--ignore-installed", "print": said, "rc": 1})
    refused(course.run("setup"), "network", says)


def test_an_index_without_torch_is_named(course, says):
    said = NO_VERSION.format(package="torch", versions="none")
    course.rules({"if": "--dry-run", "unless": "--no-index", "print": said, "rc": 1})
    done = course.run("setup", "--index", "http://mirror.test/wrong")
    assert "http://mirror.test/wrong" in refused(done, "no_torch_on_index", says)


NVIDIA = ["filelock", 'nvidia-cublas==13.1; platform_machine != "toaster"']
WITH_CUDA = {"if": "--dry-run", "unless": "whl/cpu", "version": "2.13.0", "requires": NVIDIA}
CPU_UNREACHABLE = {"if": "whl/cpu", "print": NO_NETWORK.format(package="torch"), "rc": 1}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_cuda_is_refused_where_nobody_can_be_asked(course, says, lang):
    course.rules(CPU_UNREACHABLE, WITH_CUDA)
    refused(course.run("--lang", lang, "setup"), "cuda", says)
    assert course.installs() == []


def test_cuda_is_avoided_where_the_cpu_index_answers(course):
    course.rules(WITH_CUDA, {"if": "whl/cpu", "version": "2.13.0+cpu"})
    assert course.run("setup").returncode == 0
    assert "whl/cpu --no-deps torch==2.13.0+cpu" in course.installs()[0]


def test_a_mirror_of_the_cpu_index_can_be_named(course):
    course.rules({**WITH_CUDA, "unless": "mirror"}, {"if": "mirror", "version": "2.13.0+cpu"})
    assert course.run("setup", "--torch-index=http://mirror.test/cpu").returncode == 0
    assert "--index-url http://mirror.test/cpu" in course.installs()[0]


def test_cuda_is_taken_where_it_was_asked_for(course):
    course.rules(CPU_UNREACHABLE, WITH_CUDA)
    assert course.run("setup", "--cuda").returncode == 0
    assert course.installs()[0].endswith("--no-deps torch==2.13.0 --progress-bar off")


def test_what_does_not_hold_on_this_platform_is_not_cuda(course):
    absent = ['nvidia-cublas==13.1; platform_machine == "toaster"']
    course.rules({"if": "--dry-run", "version": "2.13.0", "requires": absent})
    assert course.run("setup").returncode == 0
    assert not any("whl/cpu" in " ".join(call["words"]) for call in course.calls)


def test_a_version_of_cuda_in_the_name_is_enough(course, says):
    course.rules(CPU_UNREACHABLE, {"if": "--dry-run", "version": "2.13.0+cu130"})
    refused(course.run("setup"), "cuda", says)


@posix
@pytest.mark.parametrize(("answer", "installed"), [("y", True), ("", False)])
def test_at_a_terminal_one_is_asked(course, says, answer, installed):
    import pty

    course.rules(CPU_UNREACHABLE, WITH_CUDA)
    master, slave = pty.openpty()
    with subprocess.Popen(
        [sys.executable, str(course.root / "lab.py"), "setup"],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "LANG": "en", "LC_ALL": "en", "TERM": "dumb"},
    ) as process:
        os.close(slave)
        shown = b""
        answered = False
        while True:
            try:
                piece = os.read(master, 4096)
            except OSError:  # Linux's way to say that the other end was closed
                break
            if not piece:
                break
            shown += piece
            if b"[y/N]" in shown and not answered:
                os.write(master, answer.encode() + b"\n")
                answered = True
    os.close(master)
    assert answered, shown.decode()
    says(shown.decode().replace("\r\n", "\n"), "cuda_ask")
    assert process.returncode == (0 if installed else 1)
    assert any("torch==2.13.0" in line for line in course.installs()) is installed


# ---- the environment


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("debian", [True, False])
def test_no_venv_or_ensurepip(bare, monkeypatch, says, module, lang, debian):
    real = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == module else real(name)
    )
    exists = Path.exists
    monkeypatch.setattr(
        Path,
        "exists",
        lambda self: debian if str(self) == "/etc/debian_version" else exists(self),
    )
    speak(lang)
    with pytest.raises(SetupError) as error:
        bare.venv.make()
    says(str(error.value), "no_venv", lang)
    says(str(error.value), "cure_debian" if debian else "cure_other", lang)


@pytest.mark.parametrize(
    ("output", "key"),
    [
        ("Error: ... returned non-zero exit status 1.\nNo module named ensurepip", "no_venv"),
        ("OSError: [Errno 28] No space left on device", "disk"),
        ("Error: [Errno 13] Permission denied: '/x/.venv'", "permission"),
        ("Error: the moon", "venv_failed"),
    ],
)
def test_pythons_own_words_about_the_environment_are_understood(
    bare, monkeypatch, says, output, key
):
    failing = SimpleNamespace(returncode=1, stdout=output.encode())
    monkeypatch.setattr(venv_module.subprocess, "run", lambda *_, **__: failing)
    speak("en")
    with pytest.raises(SetupError) as error:
        bare.venv.make()
    says(str(error.value), key)


def test_a_file_where_the_environment_should_be(bare, says):
    (bare.root / ".venv").write_text("mine")
    refused(bare.run("setup"), "not_a_folder", says)
    assert (bare.root / ".venv").read_text() == "mine"


@posix
def test_a_python_that_is_gone_is_mended_and_packages_stay(ready, says):
    python = ready.venv.python
    for link in python.parent.glob("python*"):
        link.unlink()
    python.symlink_to("/nowhere/python3")
    done = ready.run("hello")
    assert done.returncode == 0, done.stderr
    says(done.stdout, "reason_python")
    assert list(ready.venv.probe().site.glob("torch-*.dist-info"))


@pytest.fixture
def set_up(monkeypatch, capsys):
    """Set up a course in this process, with nothing to install; return what was printed."""

    def run(course) -> str:
        monkeypatch.setattr(start, "_install", lambda *_: True)
        speak("en")
        start.set_up(course.venv, start.parse(["setup"]))
        return capsys.readouterr().out

    return run


def test_an_environment_of_another_python_is_made_anew(ready, says, set_up):
    config = ready.venv.folder / "pyvenv.cfg"
    config.write_text(re.sub(r"version = \S+", "version = 3.10.4", config.read_text()))
    says(set_up(ready), "reason_mixed")
    probe = ready.venv.probe(["torch"])
    assert (probe.pip, probe.missing) == (True, ("torch",))
    assert f"version = {sys.version_info[0]}.{sys.version_info[1]}" in config.read_text()


@posix
def test_an_environment_of_a_python_that_is_too_old_is_made_anew(ready, says, set_up):
    python = ready.venv.python
    python.unlink()
    answer = '{"version": [3, 9, 1], "pip": true, "site": "/", "missing": []}'
    python.write_text(f"#!/bin/sh\necho '{answer}'\n")
    python.chmod(0o755)
    config = ready.venv.folder / "pyvenv.cfg"
    config.write_text(re.sub(r"version = \S+", "version = 3.9.1", config.read_text()))
    says(set_up(ready), "reason_old")
    assert ready.venv.probe().version[:2] == sys.version_info[:2]


def test_a_pip_that_is_gone_is_brought_back(ready, says, set_up):
    site = ready.venv.probe().site
    shutil.rmtree(site / "pip")
    says(set_up(ready), "reason_pip")
    assert (site / "pip" / "_internal").is_dir()


def test_an_environment_that_cannot_be_mended_is_said(bare, monkeypatch, says):
    monkeypatch.setattr(Venv, "make", lambda self: self.folder.mkdir(exist_ok=True))
    speak("en")
    with pytest.raises(SetupError) as error:
        start.set_up(bare.venv, start.parse(["setup"]))
    says(str(error.value), "venv_failed")


# ---- interrupted


@posix
@pytest.mark.usefixtures("ctrl_c")
def test_stopped_by_hand_it_says_so_and_goes_on_at_the_next_call(course, says):
    course.rules({"if": "jupyterlab", "sleep": 60, "times": 1})
    with subprocess.Popen(
        [sys.executable, str(course.root / "lab.py"), "setup"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "LANG": "en", "LC_ALL": "en"},
        start_new_session=True,
    ) as process:
        deadline = time.monotonic() + 60
        while not any("jupyterlab>=4.2" in line for line in course.installs()):
            assert time.monotonic() < deadline, "pip was not called"
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGINT)
        _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    says(error, "interrupted")
    course.forget_calls()
    assert course.run("setup").returncode == 0
    assert not any("torch==" in line for line in course.installs())
    assert any("jupyterlab>=4.2" in line for line in course.installs())


def test_what_was_cut_off_is_installed_again(ready):
    site = ready.venv.probe().site
    info = next(site.glob("numpy-*.dist-info"))
    (info / "RECORD").unlink()
    (site / "~umpy").mkdir()
    ready.venv.sweep(site)
    assert not info.exists()
    assert not (site / "~umpy").exists()
    assert list(site.glob("torch-*.dist-info"))


@posix
def test_a_second_set_up_waits_for_the_first(course, says):
    import fcntl

    handle = os.open(course.root, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with subprocess.Popen(
        [sys.executable, str(course.root / "lab.py"), "setup"],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "LANG": "en", "LC_ALL": "en"},
    ) as process:
        assert process.stdout is not None
        says(process.stdout.readline(), "waiting")
        assert course.calls == []
        os.close(handle)
        output, _ = process.communicate(timeout=60)
    says(output, "ready")
    assert process.returncode == 0


# ---- wrong calls


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (["--lang"], "usage_value"),
        (["--lang", "fr"], "usage_lang"),
        (["setup", "--index"], "usage_value"),
    ],
)
def test_a_wrong_call_ends_with_2(bare, says, words, key):
    done = bare.run(*words)
    assert done.returncode == 2
    says(done.stderr, key)
    says(done.stderr, "usage")
    assert not bare.venv.folder.exists()


# ---- the sentences themselves


def test_both_languages_fill_the_same_places():
    for key, (english, chinese) in TEXTS.items():
        places = [sorted(re.findall(r"\{(\w+)\}", said)) for said in (english, chinese)]
        assert places[0] == places[1], key


def test_every_sentence_is_used_and_every_failure_is_provoked_here():
    sources = "".join(
        path.read_text("utf-8") for path in sorted((ROOT / "lstm_lab/bootstrap").glob("*.py"))
    )
    used = set(re.findall(r'\btext\(\s*"(\w+)"', sources))
    raised = set(re.findall(r'SetupError\(\s*"(\w+)"', sources))
    steps = {key for key in TEXTS if key.startswith("step_")}
    conditional = {"begin", "again"}
    assert used | raised | steps | conditional >= set(TEXTS)
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    assert {key for key in raised if f'"{key}"' not in tests} == set()


def test_pip_is_called_as_a_module(ready):
    pip = Pip(ready.venv, Steps(1))
    pip.install(["numpy>=2.0"])
    assert ready.calls[-1]["words"][:1] == ["--disable-pip-version-check"]
    assert ready.venv.log.exists()
