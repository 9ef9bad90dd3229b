"""The set-up from beginning to end, and the hand-over to `lstm-lab` or pytest."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lstm_lab.bootstrap.disk import GIGABYTES, disk_error
from lstm_lab.bootstrap.pip import Pip, PipFailed
from lstm_lab.bootstrap.steps import Steps
from lstm_lab.bootstrap.texts import SetupError, speak, text
from lstm_lab.bootstrap.tiers import pytest_words
from lstm_lab.bootstrap.torch_wheel import CPU_INDEX, install_torch
from lstm_lab.bootstrap.venv import Probe, Venv, child_environment
from lstm_lab.i18n import LANGUAGES

__all__ = ["main"]

ROOT = Path(__file__).resolve().parents[2]
_FOR_AUTHORS = ("test", "build")  # these need the development extra
_VALUED = {"--lang": "lang", "--index": "index", "--torch-index": "torch_index"}


@dataclass
class Call:
    """The command line, taken apart."""

    words: list[str] = field(default_factory=list)
    lang: str | None = None
    index: str | None = None
    torch_index: str = CPU_INDEX
    cuda: bool = False
    help: bool = False


def main(argv: Sequence[str]) -> int:
    """Set up, then run the words given; return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old code page must not stop the set-up
    try:
        call = parse(argv)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 2
    speak(call.lang)
    if call.help:
        print(text("help"))
        return 0
    venv = Venv(ROOT)
    try:
        with _alone(ROOT):
            set_up(venv, call)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n" + text("interrupted"), file=sys.stderr)
        return 130
    return 0 if call.words[0] == "setup" else hand_over(venv, call)


def parse(argv: Sequence[str]) -> Call:
    """Take our options out of the command line; the rest are the words to run.

    Options before the first word are ours. After it, so are those of the set-up, and after
    `open` the language too; everything else belongs to the word.
    """
    call = Call()
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        first = call.words[0] if call.words else None
        ours = name in _VALUED and (name != "--lang" or first in (None, "open"))
        if word == "--":
            call.words += rest if first else ["open", *rest]
            break
        if ours:
            if not equals and not rest:
                raise _wrong(text("usage_value", option=name), call)
            setattr(call, _VALUED[name], value if equals else rest.pop(0))
        elif word == "--cuda":
            call.cuda = True
        elif word in ("-h", "--help") and first is None:
            call.help = True
        elif first is None and word.startswith("-") and word not in ("-V", "--version"):
            call.words = ["open", word]  # `python3 lab.py --no-browser` means open
        else:
            call.words.append(word)
    if call.lang is not None and call.lang not in LANGUAGES:
        raise _wrong(text("usage_lang", found=call.lang), call)
    call.words = call.words or ["open"]
    return call


def _wrong(problem: str, call: Call) -> SetupError:
    speak(call.lang if call.lang in LANGUAGES else None)
    return SetupError("usage", problem=problem)


def requirements(root: Path) -> dict[str, list[str]]:
    """Read the dependency lists from pyproject.toml: torch, base, fast and dev."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    base = project["dependencies"]
    torch = [line for line in base if _distribution(line) == "torch"]
    return {"torch": torch, "base": base, **project["optional-dependencies"]}


def set_up(venv: Venv, call: Call) -> None:
    """Make `.venv` good for the words of `call`; quick and silent if it already is."""
    lists = requirements(venv.root)
    wanted = ["torch", "base", "fast"] + (["dev"] if call.words[0] in _FOR_AUTHORS else [])
    stamp = _Stamp(venv)
    names = {part: [_distribution(line) for line in lists[part]] for part in wanted}
    names["fast"] = []  # numba may be impossible here: it counts as done once it was tried
    probe = venv.probe([name for part in wanted for name in names[part]])
    fault = venv.fault(probe)
    missing = set(probe.missing) if probe else set()
    todo = [
        part
        for part in wanted
        if fault or stamp.done.get(part) != lists[part] or missing & set(names[part])
    ]
    if not todo:
        assert probe is not None
        venv.link_course(probe.site)
        return
    began = "again" if "base" in stamp.done else "begin"  # also where a first try was cut off
    print(text(began, folder=venv.folder, size=f"{GIGABYTES:.1f}"), flush=True)
    if probe is None and shutil.disk_usage(venv.root).free < GIGABYTES * 1e9:
        raise disk_error(venv.root)
    steps = Steps(len(todo) + bool(fault))
    if fault:
        probe = _mend(venv, steps, fault)
        stamp.forget()
    assert probe is not None
    pip = Pip(venv, steps, call.index)
    for part in todo:
        with steps.step(text(f"step_{part}")):
            venv.sweep(probe.site)
            settled = _install(pip, part, lists, call)
        if settled:
            stamp.add(part, lists[part])
    venv.link_course(probe.site)
    print(text("ready"), flush=True)


def _mend(venv: Venv, steps: Steps, fault: str) -> Probe:
    existed = venv.folder.exists()
    with steps.step(text("step_mend", reason=fault) if existed else text("step_venv")):
        venv.make()
        probe = venv.probe()
    left = venv.fault(probe)
    if probe is None or left:
        raise SetupError("venv_failed", folder=venv.folder, tail=left)
    return probe


def _install(pip: Pip, part: str, lists: dict[str, list[str]], call: Call) -> bool:
    """Install one part; return whether that settles it, so that it is not tried again."""
    ask = input if sys.stdin.isatty() else None
    try:
        if part == "torch":
            install_torch(pip, lists["torch"][0], call.torch_index, call.cuda, ask)
        elif part == "fast":
            # Building numba from source needs a compiler and half an hour: wheels only.
            pip.install(["--only-binary", ":all:", *_held(pip), *lists["fast"]], attempts=1)
        else:
            pip.install(["--prefer-binary", *_held(pip), *lists[part]])
    except PipFailed as failure:
        if part != "fast":
            raise pip.explain(failure) from None
        # Nothing needs it, so nothing stops for it; the network may bring it next time.
        pip.steps.note(text("no_fast"))
        return failure.kind != "network"
    return True


def _held(pip: Pip) -> list[str]:
    """Hold torch where it is, so that no other package replaces the CPU build by CUDA's."""
    code = "import importlib.metadata as m; print(m.version('torch'))"
    done = subprocess.run([pip.venv.python, "-I", "-c", code], capture_output=True, text=True)
    if done.returncode != 0:
        return []
    path = pip.venv.folder / "lab-constraints.txt"
    path.write_text(f"torch=={done.stdout.strip()}\n", encoding="utf-8")
    return ["--constraint", str(path)]


def hand_over(venv: Venv, call: Call) -> int:
    """Run the words in the environment and return their exit code."""
    env = child_environment(venv)
    words = list(call.words)
    if words[0] == "test":
        command = [str(venv.python), "-m", "pytest", *pytest_words(words[1:])]
        return _run(command, env, cwd=venv.root)
    if words[0] == "open":
        # As an option, not a variable: kernels would inherit that, and in them the notebook's
        # own folder decides the language.
        words[1:1] = ["--lang", call.lang] if call.lang else []
    elif call.lang:
        env["LSTM_LAB_LANG"] = call.lang
    if not Path.cwd().resolve().is_relative_to(venv.root):
        env.setdefault("LSTM_LAB_ROOT", str(venv.root))
    # -P: the folder that the person stands in may hold a torch.py, or another lstm_lab.
    return _run([str(venv.python), "-P", "-m", "lstm_lab", *words], env)


def _run(command: list[str], env: dict[str, str], cwd: Path | None = None) -> int:
    sys.stdout.flush()
    if os.name != "nt":
        # Becoming the program lets signals and Ctrl-C reach it as if it had been started itself.
        if cwd is not None:
            os.chdir(cwd)
        os.execve(command[0], command, env)
    process = subprocess.Popen(command, env=env, cwd=cwd)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # the child got it too, and decides
            continue


class _Stamp:
    """Which dependency lists `.venv` was filled from: ``.venv/lab.json``."""

    def __init__(self, venv: Venv) -> None:
        self.path = venv.folder / "lab.json"
        self.done: dict[str, list[str]] = {}
        try:
            read = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return
        if isinstance(read, dict):
            self.done = read

    def add(self, part: str, lines: list[str]) -> None:
        self.done[part] = lines
        self._write()

    def forget(self) -> None:
        self.done = {}
        self._write()

    def _write(self) -> None:
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(self.done, indent=1), encoding="utf-8")
        os.replace(fresh, self.path)


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Let one set-up at a time work in this folder; a second one waits."""
    if os.name == "nt":
        yield  # two starts at once are rare, and Windows has no lock that a folder can hold
        return
    import fcntl

    handle = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(text("waiting"), flush=True)
            fcntl.flock(handle, fcntl.LOCK_EX)
        except OSError:
            pass  # some network file systems have no locks
        yield
    finally:
        os.close(handle)


def _distribution(requirement: str) -> str:
    name = requirement
    for mark in "[<>=!~; (":
        name = name.split(mark)[0]
    return name.strip()
