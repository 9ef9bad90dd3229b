"""A course in miniature: lab.py and the set-up as they are, tiny dependencies, a pip that obeys.

Real installations would take gigabytes; a stand-in for pip in the miniature's `.venv` prints what
pip prints when the network is away or the disk is full, and notes how it was called.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from lstm_lab.bootstrap.texts import TEXTS
from lstm_lab.bootstrap.torch_wheel import PIN
from lstm_lab.bootstrap.venv import Venv

ROOT = Path(__file__).resolve().parents[3]
PARTS = ("__init__", "__main__", "arguments", "cli", "errors", "i18n", "lazy", "paths", "reasons",
         "commands/__init__")  # fmt: skip
PYPROJECT = """
[project]
name = "mini"
dependencies = ["numpy>=2.0", "torch>=2.4", "jupyterlab>=4.2"]
[project.optional-dependencies]
fast = ["numba>=0.61"]
dev = ["ruff>=0.6"]
"""
# `python -m pip` in the miniature: obeys rules.json, writes calls.jsonl, "installs" metadata.
STUB_PIP = """
import json, os, pathlib, re, sys, sysconfig, time
here = pathlib.Path(sys.prefix)
words = sys.argv[1:]
kept = {k: v for k, v in os.environ.items() if k.startswith(("PIP_", "PYTHON", "VIRTUAL"))}
with open(here / "calls.jsonl", "a", encoding="utf-8") as log:
    log.write(json.dumps({"words": words, "env": kept}) + "\\n")
rules_file = here / "rules.json"
rules = json.loads(rules_file.read_text("utf-8")) if rules_file.exists() else []
line = " ".join(words)
answer = {}
for rule in rules:
    wanted = rule["if"] in line and rule.get("unless", "\\0") not in line
    if wanted and rule.get("times", 1):
        rule["times"] = rule.get("times", 1_000_000) - 1
        answer = rule
        rules_file.write_text(json.dumps(rules), encoding="utf-8")
        break
print(answer.get("print", "Collecting things"), flush=True)
time.sleep(answer.get("sleep", 0))
if answer.get("rc"):
    sys.exit(answer["rc"])
named = [re.match(r"([A-Za-z-]+)(?:[=<>]+)?(.*)", w) for w in words if re.match(r"[a-z]+[=<>]", w)]
site = pathlib.Path(sysconfig.get_path("purelib"))
if "--dry-run" in words:
    have = "--no-index" in words and any(site.glob("torch-*.dist-info"))
    version = answer.get("version", "PIN+cpu")
    metadata = {"name": "torch", "version": version, "requires_dist": answer.get("requires", [])}
    report = {"install": [] if have else [{"metadata": metadata}]}
    pathlib.Path(words[words.index("--report") + 1]).write_text(json.dumps(report), "utf-8")
    sys.exit(0)
for found in named:
    name, version = found.group(1), found.group(2)
    info = site / f"{name}-{version}.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n")
    (info / "RECORD").write_text("")
""".replace("PIN", PIN)
HELLO = """
import json, os, sys
HELP = "say who you are"
PASS_THROUGH = True
def configure(parser): pass
def run(args):
    names = ("LSTM_LAB_LANG", "LSTM_LAB_ROOT", "PYTHONPATH", "VIRTUAL_ENV", "PATH")
    env = {name: os.environ.get(name) for name in names}
    said = {"rest": args.rest, "prefix": sys.prefix, "cwd": os.getcwd(), "env": env}
    print("HELLO " + json.dumps(said))
    return 7 if "seven" in args.rest else 0
"""
STUB_PYTEST = "import json, os, sys; print('PYTEST ' + json.dumps([os.getcwd(), sys.argv[1:]]))"


@dataclass
class Course:
    """The miniature, and what can be asked of it."""

    root: Path

    @property
    def venv(self) -> Venv:
        return Venv(self.root)

    def run(self, *words: str, python: str = sys.executable, cwd=None, **env: str):
        clean = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PIP_", "LSTM_LAB", "LC_", "LANG", "JUPYTER"))
        }
        return subprocess.run(
            [python, str(self.root / "lab.py"), *words],
            env={**clean, "LANG": "en_GB.UTF-8", "PYTHONUTF8": "1", **env},
            cwd=cwd or self.root,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            stdin=subprocess.DEVNULL,
        )

    def rules(self, *rules: dict) -> None:
        text = json.dumps(rules)
        (self.venv.folder / "rules.json").write_text(text, encoding="utf-8")

    @property
    def calls(self) -> list[dict]:
        path = self.venv.folder / "calls.jsonl"
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        return [json.loads(line) for line in lines]

    def forget_calls(self) -> None:
        (self.venv.folder / "calls.jsonl").unlink(missing_ok=True)

    def installs(self) -> list[str]:
        """The calls that were to change something, as lines."""
        lines = [" ".join(call["words"]) for call in self.calls]
        return [line for line in lines if "--dry-run" not in line]


def make_course(folder: Path) -> Course:
    """Write the miniature's files, without an environment."""
    package = folder / "lstm_lab"
    shutil.copytree(
        ROOT / "lstm_lab" / "bootstrap",
        package / "bootstrap",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    shutil.copy(ROOT / "lab.py", folder / "lab.py")
    (package / "commands").mkdir()
    for part in PARTS:
        shutil.copy(ROOT / "lstm_lab" / f"{part}.py", package / f"{part}.py")
    for name in ("hello", "open"):
        (package / "commands" / f"{name}.py").write_text(HELLO, encoding="utf-8")
    for name in ("notebooks", "exercises"):
        (folder / name).mkdir()
    (folder / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    return Course(folder)


def add_stub_pip(course: Course) -> None:
    """Give the miniature an environment whose pip obeys."""
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(course.venv.folder)], check=True
    )
    site = course.venv.probe().site
    pip = site / "pip"
    pip.mkdir()
    (pip / "__init__.py").write_text("")
    (pip / "__main__.py").write_text(STUB_PIP, encoding="utf-8")
    (site / "pytest.py").write_text(STUB_PYTEST)
    # the real one: it decides which of a wheel's requirements hold on this platform
    real = Path(importlib.util.find_spec("pip").origin).parent / "_vendor"
    for name in ("packaging", "pyparsing"):  # an older packaging needs the latter
        if (real / name).is_dir():
            shutil.copytree(real / name, pip / "_vendor" / name)
    (pip / "_vendor" / "__init__.py").write_text("")


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Make each stage of the miniature once; tests get copies (an environment may be moved)."""
    folder = tmp_path_factory.mktemp("templates")
    for stage in ("bare", "course", "ready"):
        (folder / stage).mkdir()
        course = make_course(folder / stage)
        if stage != "bare":
            add_stub_pip(course)
        if stage == "ready":
            done = course.run("setup")
            assert done.returncode == 0, done.stderr
            course.forget_calls()
    return {stage: folder / stage for stage in ("bare", "course", "ready")}


def _copy(template: Path, tmp_path: Path) -> Course:
    # a path with a space and with a letter beyond ASCII
    return Course(shutil.copytree(template, tmp_path / "my cours é", symlinks=True))


@pytest.fixture
def bare(templates: dict[str, Path], tmp_path: Path) -> Course:
    """A fresh clone: no environment yet."""
    return _copy(templates["bare"], tmp_path)


@pytest.fixture
def course(templates: dict[str, Path], tmp_path: Path) -> Course:
    """A fresh clone whose environment has the pip that obeys, and nothing installed."""
    return _copy(templates["course"], tmp_path)


@pytest.fixture
def ready(templates: dict[str, Path], tmp_path: Path) -> Course:
    """A course that was set up."""
    return _copy(templates["ready"], tmp_path)


@pytest.fixture
def says():
    """Check that an output holds one of the set-up's sentences, in the language named."""

    def check(output: str, key: str, lang: str = "en") -> bool:
        pattern = re.escape(TEXTS[key][lang == "zh"])
        pattern = re.sub(r"\\\{\w+\\\}", "(?s:.*?)", pattern)
        assert re.search(pattern, output), f"{key} [{lang}] is not said in:\n{output}"
        return True

    return check
