"""`lstm-lab doctor` says what is wrong and what to do about it."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest

from lstm_lab.course.doctor import Finding, Findings, doctor


@pytest.fixture
def root(tmp_path):
    for name in ("notebooks", "exercises", "lstm_lab"):
        (tmp_path / name).mkdir()
    return tmp_path


def found(report, name) -> Finding:
    return next(finding for finding in report if finding.name == name)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LSTM_LAB_LANG", "en")


def test_this_machine_is_well(root):
    report = doctor(root)
    assert report.good, str(report)
    assert str(report).endswith("Everything the course needs is here.")
    assert found(report, "your copies").state == "note"


def test_a_package_missing_or_old_is_bad_and_says_what_to_do(root):
    (root / "pyproject.toml").write_text(
        '[project]\ndependencies = ["numpy>=999", "no-such-package"]\n'
        '[project.optional-dependencies]\nfast = ["numba>=0.1"]\n'
    )
    report = doctor(root)
    assert not report.good
    assert "but >=999 is needed" in found(report, "numpy").value
    assert found(report, "no-such-package").advice == "Run `python3 lab.py setup`."
    assert "To be mended: numpy, no-such-package" in str(report)


def test_without_numba_the_course_is_well(root, monkeypatch):
    def absent(name):
        if name == "numba":
            raise importlib.metadata.PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(importlib.metadata, "version", absent)
    report = doctor(root)
    assert found(report, "numba").state == "note"


def test_a_torch_that_does_not_load_is_bad(root, monkeypatch):
    real = importlib.import_module

    def broken(name, *rest):
        if name == "torch":
            raise ImportError("libtorch_cpu.so: cannot open shared object file")
        return real(name, *rest)

    monkeypatch.setattr(importlib, "import_module", broken)
    assert found(doctor(root), "PyTorch").state == "bad"


def test_a_full_disk_is_bad(root, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1e8))
    assert found(doctor(root), "disk").state == "bad"


def test_the_copies_are_counted(root):
    for name in ("notebooks/en/00.ipynb", "backups/x/00.ipynb", ".lstm_lab/y.ipynb"):
        path = root / "work" / name
        path.parent.mkdir(parents=True)
        path.write_text("{}")
    assert found(doctor(root), "your copies").value.startswith("1 notebooks and 1 backups")


def test_outside_the_course_it_says_so(tmp_path):
    done = subprocess.run(
        [sys.executable, "-P", "-m", "lstm_lab", "doctor"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 1
    assert "LSTM_LAB_ROOT" in done.stdout


def test_a_look_that_fails_is_a_line_not_a_traceback(root, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: 1 / 0)
    assert "ZeroDivisionError" in str(doctor(root))


def test_chinese_columns_line_up():
    report = Findings([Finding("语言", "中文"), Finding("Python", "3.11")])
    first, second, *_ = str(report).splitlines()
    assert first.index("中文") + 2 == second.index("3.11")  # two letters more, two columns each


def test_in_a_notebook_it_is_a_table_with_row_headers():
    table = Findings([Finding("a<b", "1", "bad", "do & be")])._repr_html_()
    assert '<th scope="row"' in table
    assert "a&lt;b" in table
    assert "do &amp; be" in table
    assert "<caption>To be mended: a&lt;b</caption>" in table
