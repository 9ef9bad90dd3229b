"""What people type by mistake: one sentence in their language, and exit code 2."""

from __future__ import annotations

import importlib
import itertools
import re
import shlex
from pathlib import Path

import pytest

from lstm_lab.arguments import Parser
from lstm_lab.cli import main
from lstm_lab.errors import UserError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with things that are not what a command wants."""
    monkeypatch.setenv("LSTM_LAB_ROOT", str(ROOT))
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    Path("full").mkdir()
    Path("full", "ann.py").write_text("def double(x): return x\n")
    Path("note.txt").write_text("hello\n")
    Path("void").write_bytes(b"")
    Path("odd.csv").write_text("a,b\n1,2\n")
    Path("noise.csv").write_bytes(b"\xff\xff\x00")
    return tmp_path


def slips(*lines: str) -> list[tuple[str, str]]:
    return [tuple(part.strip() for part in line.split("→")) for line in lines]  # type: ignore[misc]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("line", "sentence"),
    slips(
        "check → something is missing: exercise (lstm-lab check --help says more)",
        "check 99 → There is no exercise '99'; there are: 00 start_here, 01 rnn",
        "check 01 nowhere.ipynb → nowhere.ipynb: there is no such file",
        "check 01 folder → folder is a folder; name the notebook or Python file in it",
        "check folder → folder is a folder",
        "check note.txt → There is no exercise 'note.txt'",
        "check 01 note.txt → neither a notebook",
        "check 01 a.py b.py → not understood: b.py",
        "check 01 --taks x → not understood: --taks x",
        "check 01 --task → --task needs a value behind it",
        "grade → Name the folder of submissions and, with --out, one for the results",
        "grade nowhere --out out → nowhere: there is no such folder",
        "grade folder --out out → folder is empty",
        "grade note.txt --out out → note.txt is a file; name the folder that holds",
        "grade full --out note.txt → note.txt is a file; name a folder for the results",
        "grade full --out full → full holds the submissions; name another folder",
        "grade full --out out -j two → -j/--jobs takes a whole number, not 'two'",
        "grade full --out out -j 1.5 → -j/--jobs takes a whole number, not '1.5'",
        "grade full --out out -j -1 → -j must be 1 or more, not -1",
        "grade full --out out --exercise 99 → There is no exercise '99'",
        "grade full --out out --key nowhere → The key nowhere cannot be read: there is no such",
        "grade full --out out --key folder → The key folder cannot be read: that is a folder",
        "grade full --out out --key void → The key void is empty",
        "grade full --out out --roster nowhere → nowhere cannot be read: there is no such file",
        "grade full --out out --roster folder → folder cannot be read: that is a folder",
        "grade full --out out --roster noise.csv → noise.csv is not a text file",
        "grade full --out out --roster odd.csv → odd.csv has no column of names or ids",
        "grade full --demo → --demo makes the submissions itself",
        "marks → something is missing: results, --out",
        "marks folder --out x → say one of --canvas, --moodle, --gradescope, --feedback, --junit",
        "marks folder --junit --gradescope --out x → do not go together",
        "marks nowhere --junit --out x → nowhere is no folder; name the one that `grade --out`",
        "marks note.txt --junit --out x → note.txt is no folder",
        "marks folder --junit --out x → missing or damaged",
        "marks folder --junit=x --out x → --junit takes no value, but got 'x'",
        "marks folder --junit --out folder → folder is a folder; name the file to write",
        "marks folder --canvas odd.csv --out odd.csv → --out would overwrite odd.csv",
        "recipe → something is missing: platform, --out",
        "recipe moodle --out x → platform is 'moodle', but must be one of gradescope, classroom",
        "recipe classroom --out folder → folder is no handout",
        "release --lang fr → --lang is 'fr', but must be one of en, zh, both",
        "release --out full → full is there already",
        "release --out note.txt/x → note.txt",
        "update → something is missing: name",
        "reset 99 → there is no lesson '99'",
        "export 99 → expected one of start_here, rnn",
        "progress all → not understood: all",
    ),
)
def test_a_slip_is_told_in_one_sentence(place, monkeypatch, capsys, line, sentence, lang):
    before = sorted(place.rglob("*"))
    monkeypatch.setenv("LSTM_LAB_LANG", lang)
    assert main(line.split()) == 2
    printed, error = capsys.readouterr()
    assert printed == ""
    assert len(error.strip().splitlines()) == 1
    assert error.startswith(f"lstm-lab {line.split()[0]}: ")
    if lang == "en":
        assert sentence in error
    else:
        assert re.search(r"[\u4e00-\u9fff]{2}", error), error
    assert sorted(place.rglob("*")) == before


def test_an_unknown_command_names_those_there_are(capsys, monkeypatch):
    monkeypatch.setenv("LSTM_LAB_LANG", "en")
    assert main(["gradde"]) == 2
    assert re.search(r"unknown command 'gradde'; there are: .*grade, ", capsys.readouterr().err)


def test_a_file_may_stand_before_or_behind_the_options(place, capsys, monkeypatch):
    """As people type it: ``check 01 --task X FILE``."""
    monkeypatch.setenv("LSTM_LAB_LANG", "en")
    parts = ["01", str(ROOT / "solutions" / "en" / "01_rnn.ipynb")]
    first, *others = [[*parts[:n], "--task", "rnn_step", *parts[n:]] for n in range(len(parts) + 1)]
    seen = set()
    for words in (first, *others):
        assert main(["check", *words]) == 0
        seen.add(capsys.readouterr().out)
    assert len(seen) == 1


def test_every_order_of_words_means_the_same():
    parser = Parser(prog="try")
    parser.add_argument("one")
    parser.add_argument("two", nargs="?")
    parser.add_argument("--task")
    parser.add_argument("--flag", action="store_true")
    groups = [["--task", "t"], ["--flag"], ["a"], ["b"]]
    for order in itertools.permutations(groups):
        if order.index(["a"]) < order.index(["b"]):
            args = parser.parse([word for group in order for word in group])
            assert vars(args) == {"one": "a", "two": "b", "task": "t", "flag": True}
    with pytest.raises(UserError):
        parser.parse(["--task"])


def test_a_folder_that_cannot_be_made_is_a_sentence(place, capsys, monkeypatch):
    monkeypatch.setenv("LSTM_LAB_LANG", "en")
    assert main(["recipe", "gradescope", "--exercise", "01", "--out", "note.txt/x.zip"]) == 2
    error = capsys.readouterr().err
    assert "note.txt" in error
    assert len(error.strip().splitlines()) == 1


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    "name", ["bench", "check", "doctor", "export", "grade", "marks", "recipe", "release", "update"]
)
def test_help_is_in_the_readers_language(name, lang, monkeypatch, capsys):
    monkeypatch.setenv("LSTM_LAB_LANG", lang)
    with pytest.raises(SystemExit, match="0"):
        main([name, "--help"])
    text = capsys.readouterr().out
    for english in ("usage:", "options:", "show this"):
        assert (english in text) == (lang == "en")
    assert text.startswith("usage: " if lang == "en" else "用法：")


def commands(page: Path) -> list[str]:
    """Return the commands that a page tells people to type."""
    text = page.read_text("utf-8")
    found = re.findall(r"python3 lab\.py ([a-z][^\n`#]*)", text)
    return [re.sub(r"[，。（].*", "", line).strip() for line in found]


@pytest.mark.parametrize("page", ["docs/grading.md", "docs/grading.zh.md", "docs/cluster.md"])
def test_every_command_of_the_pages_is_understood(page, monkeypatch):
    monkeypatch.setenv("LSTM_LAB_LANG", "en")
    told = commands(ROOT / page)
    assert len(told) >= 2
    for line in told:
        name, *words = shlex.split(line)
        module = importlib.import_module(f"lstm_lab.commands.{name}")
        parser = Parser(prog=name)
        module.configure(parser)
        assert parser.parse(words), line
