"""`lstm-lab open`: a real JupyterLab on the learner's copies, in the chosen language, offline."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import nbformat
import pytest

from lstm_lab.commands import open as open_command

TOKEN = "a-token-for-the-test"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A course of one notebook in each language."""
    root = tmp_path / "a course"
    for lang in ("en", "zh"):
        for kind in ("notebooks", "exercises"):
            folder = root / kind / lang
            folder.mkdir(parents=True)
            nbformat.write(nbformat.v4.new_notebook(), folder / "00_start_here.ipynb")
    (root / "lstm_lab").mkdir()
    (root / "lessons").mkdir()
    part = '[[part]]\ntitle = { en = "All", zh = "全部" }\nlessons = ["start_here"]\n'
    (root / "lessons" / "course.toml").write_text(part, "utf-8")
    return root


class Lab:
    """A JupyterLab that was started by `lstm-lab open`."""

    def __init__(self, root: Path, home: Path, *words: str) -> None:
        env = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("JUPYTER", "LSTM_LAB", "XDG_"))
        }
        env |= {"HOME": str(home), "LSTM_LAB_ROOT": str(root), "LANG": "en"}
        self.output = home / "output.txt"
        command = [sys.executable, "-P", "-m", "lstm_lab", "open", "--no-browser", *words]
        command += [f"--IdentityProvider.token={TOKEN}"]
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                command, env=env, cwd=home, stdout=output, stderr=subprocess.STDOUT
            )

    def get(self, port: int, path: str) -> tuple[str, str]:
        """Return (address after redirection, text), once the server answers."""
        deadline = time.monotonic() + 90
        while True:
            joint = "&" if "?" in path else "?"
            address = f"http://127.0.0.1:{port}{path}{joint}token={TOKEN}"
            try:
                with urllib.request.urlopen(address, timeout=30) as answer:
                    return answer.geturl(), answer.read().decode()
            except urllib.error.HTTPError:
                raise
            except OSError:
                assert self.process.poll() is None, self.output.read_text()
                assert time.monotonic() < deadline, self.output.read_text()
                time.sleep(0.1)


@pytest.fixture
def start(root, tmp_path):
    labs = []

    def run(*words: str) -> Lab:
        home = tmp_path / f"home{len(labs)}"
        home.mkdir()
        labs.append(Lab(root, home, *words))
        return labs[-1]

    yield run
    for lab in labs:
        lab.process.terminate()
        lab.process.wait(30)


def test_it_serves_the_copies_and_takes_the_next_port(root, start, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        wanted = taken.getsockname()[1]
        lab = start("--port", str(wanted), "--lang", "zh")
        port = _next_free(wanted)
        address, _ = lab.get(port, "/")
        assert address.split("?")[0].endswith("/lab/tree/notebooks/zh/00_start_here.ipynb")
        assert f"端口 {wanted} 已被占用；改用 {port}。" in lab.output.read_text()
    listed = json.loads(lab.get(port, "/api/contents/")[1])["content"]
    assert sorted(entry["name"] for entry in listed) == ["exercises", "notebooks"]
    assert (root / "work" / "exercises" / "en" / "00_start_here.ipynb").exists()


def test_menus_are_chinese_and_the_own_settings_untouched(root, start):
    port = _next_free(18900)
    lab = start("--port", str(port), "--lang", "zh")
    plugin = "@jupyterlab/translation-extension:plugin"
    settings = json.loads(lab.get(port, f"/lab/api/settings/{plugin}")[1])
    assert settings["schema"]["properties"]["locale"]["default"] == "zh_CN"
    translated = json.loads(lab.get(port, "/lab/api/translations/zh_CN")[1])
    assert "保存" in json.dumps(translated, ensure_ascii=False)
    home = lab.output.parent
    assert not (home / ".jupyter" / "lab").exists()


def test_nothing_is_asked_of_the_network(root, start):
    port = _next_free(18950)
    lab = start("--port", str(port))
    page = lab.get(port, "/lab")[1]
    config = json.loads(
        page.split('id="jupyter-config-data" type="application/json">')[1].split("<")[0]
    )
    disabled = config["disabledExtensions"]
    assert "@jupyterlab/apputils-extension:announcements" in disabled
    assert "@jupyterlab/extensionmanager-extension" in disabled
    assert config["news"] == {"disabled": True}


def _next_free(port: int) -> int:
    return open_command.free_port(port)


def test_what_the_person_asks_for_comes_last(root):
    arguments = open_command.lab_arguments(root, "en", 8888, ["--ServerApp.port=9", "--no-browser"])
    assert arguments[-2:] == ["--ServerApp.port=9", "--no-browser"]


def test_a_missing_first_lesson_opens_the_launcher(root):
    shutil.rmtree(root / "notebooks")
    arguments = open_command.lab_arguments(root, "en", 8888, [])
    assert "--LabApp.default_url=/lab" in arguments


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there is no root on Windows")
def test_root_must_be_allowed(root, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert "--allow-root" in open_command.lab_arguments(root, "en", 8888, [])
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert "--allow-root" not in open_command.lab_arguments(root, "en", 8888, [])


def test_the_language_of_a_start_is_not_left_for_the_kernels(monkeypatch):
    monkeypatch.delenv("LSTM_LAB_LANG", raising=False)
    with open_command._speaking("zh"):
        assert os.environ["LSTM_LAB_LANG"] == "zh"
    assert "LSTM_LAB_LANG" not in os.environ


def test_what_makes_the_import_slow_is_left_out_and_can_be_had_later():
    code = (
        "import sys; from lstm_lab.commands.open import _import_jupyterlab as f; f();"
        "print('rfc3987_syntax' in sys.modules, 'jsonschema' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == ["False", "True"], done.stderr


def test_no_free_port_is_a_sentence(monkeypatch):
    monkeypatch.setattr(open_command, "_free", lambda *_: False)
    with pytest.raises(open_command.UserError, match="No free port from 8888 on"):
        open_command.free_port(8888)


def test_loops_are_compiled_behind_everything_else(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    process = open_command.warm_loops()
    if process is None:
        assert importlib.util.find_spec("numba") is None
        return
    try:
        deadline = time.monotonic() + 120
        while not list(tmp_path.rglob("*.nbi")):  # numba's index of what it has compiled
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        if hasattr(os, "getpriority"):
            assert os.getpriority(os.PRIO_PROCESS, process.pid) == 19
            assert os.getsid(process.pid) == process.pid  # Control-C here does not reach it
    finally:
        process.kill()
        process.wait()


def test_a_start_does_not_fail_for_want_of_compiled_loops(monkeypatch):
    def refuse(*_args, **_options):
        raise OSError("no more processes")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    assert open_command.warm_loops() is None
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert open_command.warm_loops() is None
