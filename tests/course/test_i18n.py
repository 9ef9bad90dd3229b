"""Which language, and what is said in it."""

from __future__ import annotations

import locale
import os
import subprocess
import sys

import pytest

from lstm_lab import i18n

VARIABLES = ("LSTM_LAB_LANG", "LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG")


@pytest.fixture
def nothing_said(monkeypatch, tmp_path):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(locale, "getlocale", lambda *_: (None, None))
    return monkeypatch


def test_without_anything_it_is_english(nothing_said):
    assert i18n.language() == "en"


@pytest.mark.parametrize(
    ("value", "language"),
    [("zh_CN.UTF-8", "zh"), ("zh", "zh"), ("zh_TW", "zh"), ("de_DE.UTF-8", "en"), ("C", "en")],
)
@pytest.mark.parametrize("name", VARIABLES[1:])
def test_the_locale_decides_last(nothing_said, name, value, language):
    nothing_said.setenv(name, value)
    assert i18n.language() == language


def test_windows_names_its_locales_otherwise(nothing_said):
    nothing_said.setattr(locale, "getlocale", lambda *_: ("Chinese (Simplified)_China", "936"))
    assert i18n.language() == "zh"


def test_the_folder_of_the_notebook_goes_before_the_locale(nothing_said, tmp_path):
    nothing_said.setenv("LANG", "en_US.UTF-8")
    folder = tmp_path / "work" / "exercises" / "zh"
    folder.mkdir(parents=True)
    nothing_said.chdir(folder)
    assert i18n.language() == "zh"
    assert i18n.tr(en="gate", zh="门") == "门"


def test_the_variable_goes_before_everything(nothing_said, tmp_path):
    (tmp_path / "zh").mkdir()
    nothing_said.chdir(tmp_path / "zh")
    nothing_said.setenv("LSTM_LAB_LANG", "en")
    assert i18n.language() == "en"
    nothing_said.setenv("LSTM_LAB_LANG", "zh_CN")
    assert i18n.language() == "zh"
    nothing_said.setenv("LSTM_LAB_LANG", "klingon")
    assert i18n.language() == "zh"  # the folder


def test_a_working_directory_that_is_gone(nothing_said):
    def gone():
        raise FileNotFoundError

    nothing_said.setattr(i18n.Path, "cwd", gone)
    assert i18n.language() == "en"


def test_messages_are_said_in_the_reader_s_language(nothing_said):
    message = "{name}: expected shape {expected}, found {found}"
    assert i18n.gettext(message) == message
    assert i18n.gettext(message, "zh") == "{name}：应为形状 {expected}，实为 {found}"
    nothing_said.setenv("LSTM_LAB_LANG", "zh")
    assert i18n.gettext(message).startswith("{name}：")
    assert i18n.gettext("a message that nobody wrote") == "a message that nobody wrote"


def test_tr_takes_lists_too():
    assert i18n.tr(en=["a"], zh=["甲"], lang="zh") == ["甲"]


def test_an_old_code_page_stops_no_command():
    environment = os.environ | {"PYTHONIOENCODING": "cp1252", "LSTM_LAB_LANG": "zh"}
    done = subprocess.run(
        [sys.executable, "-m", "lstm_lab", "--help"], env=environment, capture_output=True
    )
    assert done.returncode == 0, done.stderr
    assert b"build" in done.stdout
