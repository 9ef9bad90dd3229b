"""An old Python is told so in a sentence: lab.py itself must compile for it."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

LAB = Path(__file__).resolve().parents[3] / "lab.py"
FEIGN = """
import runpy, sys
sys.version_info = {version}
sys.argv = ["lab.py", *{words!r}]
runpy.run_path({path!r}, run_name="__main__")
"""
MINORS = range(11, 20)


def feign(version: str, *words: str, path: str | None = None, lang: str = "en"):
    code = FEIGN.format(version=version, words=list(words), path=str(LAB))
    env = {"LANG": lang, "PATH": path if path is not None else os.environ["PATH"]}
    if "SYSTEMROOT" in os.environ:
        env["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    return subprocess.run([sys.executable, "-c", code], env=env, capture_output=True)


@pytest.mark.parametrize("version", ["(2, 7, 18)", "(3, 6, 15)", "(3, 10, 9)"])
def test_it_says_what_is_needed_and_what_was_found(version):
    done = feign(version)
    said = done.stderr.decode("utf-8")
    assert done.returncode == 1
    assert said.startswith("LSTM Lab needs Python 3.11 or newer; this is Python ")
    assert ".".join(version.strip("()").split(", ")) in said
    assert "Traceback" not in said


def test_it_says_so_in_chinese():
    for done in (feign("(3, 9, 1)", lang="zh_CN.UTF-8"), feign("(3, 9, 1)", "--lang", "zh")):
        assert done.stderr.decode("utf-8").startswith("LSTM Lab 需要 Python 3.11")


def test_without_a_newer_one_it_says_where_to_get_it(tmp_path):
    assert b"https://www.python.org/downloads/" in feign("(3, 9, 1)", path=str(tmp_path)).stderr


@pytest.mark.skipif(os.name == "nt", reason="a shell script plays the newer Python")
def test_a_newer_one_on_the_path_is_named_if_it_runs(tmp_path):
    for name, code in (("python3.14", 1), ("python3.12", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / name).chmod(0o755)
    said = feign("(3, 9, 1)", "test", "-q", path=str(tmp_path)).stderr
    assert b"Please run: python3.12 lab.py test -q" in said


def test_it_compiles_for_old_grammars():
    text = LAB.read_text("utf-8")
    assert ast.parse(text, feature_version=(3, 4))
    # the parser knows no grammar of Python 2; these are what it would stumble over
    assert text.splitlines()[1] == "# -*- coding: utf-8 -*-"
    tree = ast.parse(text)
    for node in ast.walk(tree):
        assert not isinstance(node, ast.JoinedStr | ast.AnnAssign | ast.Nonlocal | ast.Starred)
        if isinstance(node, ast.FunctionDef):
            assert node.returns is None
            assert not node.args.kwonlyargs
            assert all(argument.annotation is None for argument in node.args.args)


def test_old_pythons_of_this_machine_agree(tmp_path):
    homes = sorted(Path.home().glob(".pyenv/versions/*/bin/python"))
    found = [str(home) for home in homes] + [
        path for name in ("python2", "python2.7", "python3.8") if (path := shutil.which(name))
    ]
    old = []
    for python in found:
        check = "import sys; print(sys.version_info < (3, 11))"
        said = subprocess.run([python, "-c", check], capture_output=True, text=True).stdout
        if said.strip() == "True":
            old.append(python)
    # nothing on the PATH: looking there for a newer one is another test's matter
    env = {"PATH": str(tmp_path), "LANG": "en", "HOME": str(tmp_path)}
    said = [subprocess.run([p, str(LAB)], env=env, capture_output=True).stderr for p in old]
    needs = [b"3.11" in line and b"Traceback" not in line for line in said]
    assert needs == [True] * len(old)  # none at all on most machines
