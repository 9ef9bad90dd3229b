"""Run pip in the environment, and turn its failures into sentences."""

from __future__ import annotations

import contextlib
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from lstm_lab.bootstrap.disk import disk_error
from lstm_lab.bootstrap.steps import Steps
from lstm_lab.bootstrap.texts import SetupError, text
from lstm_lab.bootstrap.venv import Venv, child_environment

__all__ = ["Pip", "PipFailed", "platform_words"]

# The first that fits pip's output says what went wrong. A full disk and a missing permission
# come first, because pip also reports them after network warnings.
_SIGNS = (
    ("disk", r"No space left on device|\[Errno 28\]|\[WinError 112\]|not enough space"),
    ("permission", r"Permission denied|\[Errno 13\]|\[WinError 5\]|Read-only file system"),
    ("missing", r"from versions: [^n)].*\)"),
    (
        "network",
        r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|Read timed out"
        r"|name resolution|Name or service not known|getaddrinfo failed|nodename nor servname"
        r"|Network is unreachable|Connection refused|Connection reset|Connection aborted"
        r"|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED|Max retries exceeded|IncompleteRead"
        r"|Could not fetch URL|HTTP error|(?:Client|Server) Error",
    ),
    ("missing", r"No matching distribution found|Could not find a version"),
)


class PipFailed(Exception):
    """pip ended with an error; `kind` is the class of it, `output` all that it printed."""

    def __init__(self, kind: str, output: str) -> None:
        super().__init__(kind)
        self.kind = kind
        self.output = output


def classify(output: str) -> str:
    """Name the class of a failure from what pip printed.

    Examples
    --------
    >>> classify("ERROR: … OSError: [Errno 28] No space left on device")
    'disk'
    >>> classify("ERROR: No matching distribution found for torch==2.13.0")
    'missing'
    """
    for kind, pattern in _SIGNS:
        if re.search(pattern, output):
            return kind
    return "other"


@dataclass
class Pip:
    """pip in `venv`, always as ``python -m pip`` (its script does not survive a move)."""

    venv: Venv
    steps: Steps
    index: str | None = None

    def install(
        self, arguments: Sequence[str], index: str | None = None, attempts: int = 2
    ) -> None:
        """``pip install`` with one retry where a second try can help."""
        for left in reversed(range(attempts)):
            try:
                self._run(["install", *self.index_options(index), *arguments])
                return
            except PipFailed as failure:
                if left == 0 or failure.kind in ("disk", "permission", "missing"):
                    raise
                self.steps.note(text("retry"))
                time.sleep(1)

    def index_options(self, index: str | None) -> list[str]:
        chosen = index or self.index
        return ["--index-url", chosen] if chosen else []

    def _run(self, arguments: Sequence[str]) -> None:
        command = [str(self.venv.python), "-m", "pip", "--disable-pip-version-check"]
        if not sys.stdin.isatty():
            command.append("--no-input")  # nobody is there to answer a question for a password
        env = child_environment(self.venv)
        env["PIP_USER"] = "0"  # `user = true` in a pip.conf is refused inside an environment
        env["PYTHONUTF8"] = "1"
        env["PYTHONUNBUFFERED"] = "1"
        lines: list[str] = []
        with (
            _log(self.venv.log) as log,
            subprocess.Popen(
                [*command, *arguments, "--progress-bar", "off"],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                stdin=None if sys.stdin.isatty() else subprocess.DEVNULL,
                encoding="utf-8",
                errors="replace",
                env=env,
            ) as process,
        ):
            assert process.stdout is not None
            for line in process.stdout:
                lines.append(line)
                self.steps.detail = _gist(line) or self.steps.detail
                with contextlib.suppress(OSError):  # a full disk must not hide pip's own words
                    log.write(line)
        if process.returncode != 0:
            output = "".join(lines)
            raise PipFailed(classify(output), output)

    def explain(self, failure: PipFailed) -> SetupError:
        """Return the sentence for a person."""
        where = {"log": self.venv.log}
        if failure.kind == "disk":
            return disk_error(self.venv.root)
        if failure.kind == "permission":
            return SetupError("permission", folder=self.venv.root, **where)
        if failure.kind == "network":
            return SetupError("network", **where)
        if failure.kind == "missing":
            found = re.search(r"requirement (\S+)|found for (\S+)", failure.output)
            package = next(filter(None, found.groups())) if found else "?"
            return SetupError("missing", package=package, **platform_words(), **where)
        tail = "\n".join(failure.output.strip().splitlines()[-6:])
        return SetupError("pip_failed", tail=tail, **where)


def platform_words() -> dict[str, str]:
    """Return what to call this platform in a sentence."""
    return {
        "platform": f"{platform.system()} {platform.machine()}",
        "version": platform.python_version(),
    }


def _gist(line: str) -> str:
    words = line.strip()
    return words if words.startswith(("Collecting", "Downloading", "Installing")) else ""


def _log(path: Path) -> TextIO:
    try:
        return path.open("a", encoding="utf-8", buffering=1)
    except OSError:  # a read-only or full place must not hide the failure itself
        return tempfile.TemporaryFile("w", encoding="utf-8")
