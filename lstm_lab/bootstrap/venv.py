"""The folder `.venv`: find out whether it is good, and if not, mend it where it stands."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lstm_lab.bootstrap.disk import disk_error
from lstm_lab.bootstrap.texts import SetupError, text

__all__ = ["NEEDED", "Probe", "Venv", "child_environment"]

NEEDED = (3, 11)
# What a person may have set for other work and what would lead our Python or pip astray.
SCRUBBED = (
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONSAFEPATH",
    "PYTHONSTARTUP",
    "__PYVENV_LAUNCHER__",
    "PIP_USER",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_REQUIRE_VIRTUALENV",
)
# Asks, in the environment's own Python, which of the named distributions are missing.
_PROBE = """
import importlib.metadata, importlib.util, json, sys, sysconfig
missing = []
for name in sys.argv[1:]:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        missing.append(name)
print(json.dumps({
    "version": list(sys.version_info[:3]),
    "pip": importlib.util.find_spec("pip") is not None,
    "site": sysconfig.get_path("purelib"),
    "missing": missing,
}))
"""


@dataclass(frozen=True)
class Probe:
    """What the environment's own Python answered."""

    version: tuple[int, ...]
    pip: bool
    site: Path
    missing: tuple[str, ...]


def child_environment(venv: Venv) -> dict[str, str]:
    """Return the environment for every child: cleaned, with `.venv`'s programs first."""
    env = {name: value for name, value in os.environ.items() if name not in SCRUBBED}
    env["VIRTUAL_ENV"] = str(venv.folder)
    env["PATH"] = os.pathsep.join([str(venv.scripts), env.get("PATH", os.defpath)])
    return env


@dataclass(frozen=True)
class Venv:
    """The environment of the course in `root`."""

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / ".venv"

    @property
    def scripts(self) -> Path:
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    @property
    def python(self) -> Path:
        return self.scripts / ("python.exe" if os.name == "nt" else "python")

    @property
    def log(self) -> Path:
        return self.folder / "lab.log"

    def probe(self, distributions: Sequence[str] = ()) -> Probe | None:
        """Ask the environment's Python how it is; None if it does not answer."""
        # -I: neither the person's variables nor the current folder may answer in its place.
        command = [str(self.python), "-I", "-c", _PROBE, *distributions]
        try:
            done = subprocess.run(
                command, capture_output=True, timeout=120, env=child_environment(self)
            )
            answer = json.loads(done.stdout)
        except (OSError, ValueError, subprocess.TimeoutExpired):
            return None
        return Probe(
            version=tuple(answer["version"]),
            pip=answer["pip"],
            site=Path(answer["site"]),
            missing=tuple(answer["missing"]),
        )

    def fault(self, probe: Probe | None) -> str | None:
        """Say in a phrase what is wrong with the environment; None if nothing is."""
        if probe is None:
            return text("reason_python")
        found = _dotted(probe.version[:2])
        if probe.version[:2] < NEEDED:
            return text("reason_old", found=found, needed=_dotted(NEEDED))
        made = self._made_for()
        if made is not None and made != probe.version[:2]:
            return text("reason_mixed", made=_dotted(made), found=found)
        if not probe.pip:
            return text("reason_pip")
        return None

    def make(self) -> None:
        """Make the environment, or mend it: what can be kept is kept."""
        if self.folder.exists() and not self.folder.is_dir():
            raise SetupError("not_a_folder", path=self.folder)
        for module in ("venv", "ensurepip"):
            spec = importlib.util.find_spec(module)
            if spec is None or spec.origin is None:  # absent, or only its empty folder is there
                raise SetupError("no_venv", python=sys.executable, module=module, cure=_cure())
        # Run from inside another environment (or from this one), the base Python makes it.
        base = getattr(sys, "_base_executable", None) or sys.executable
        command = [base, "-m", "venv", "--prompt", "lstm-lab"]
        if self._made_for() == sys.version_info[:2]:
            # Same Python: installed packages stay good. A dead link must go first, or venv
            # would leave it.
            for old in self.scripts.glob("python*"):
                old.unlink(missing_ok=True)
        else:
            command.append("--clear")
        done = subprocess.run(
            [*command, str(self.folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=_without_venv(child_environment(self)),
        )
        if done.returncode != 0:
            self._explain(done.stdout.decode("utf-8", "replace"))

    def _explain(self, output: str) -> None:
        if "ensurepip" in output and "No module named" in output:
            raise SetupError("no_venv", python=sys.executable, module="ensurepip", cure=_cure())
        if re.search(r"No space left|Errno 28|WinError 112", output):
            raise disk_error(self.root)
        if re.search(r"Permission denied|Errno 13|WinError 5\b|Read-only file system", output):
            raise SetupError("permission", folder=self.root, log=self.log)
        tail = "\n".join(output.strip().splitlines()[-6:])
        raise SetupError("venv_failed", folder=self.folder, tail=tail)

    def _made_for(self) -> tuple[int, ...] | None:
        try:
            lines = (self.folder / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return None
        for line in lines:
            name, _, value = line.partition("=")
            parts = value.strip().split(".")
            # `version` is written by venv, `version_info` by virtualenv and uv
            if name.strip() in ("version", "version_info") and len(parts) >= 2:
                return tuple(int(part) for part in parts[:2] if part.isdigit())
        return None

    def sweep(self, site: Path) -> None:
        """Remove the traces of an installation that was cut off.

        pip writes RECORD last. A package without it would count as installed though files
        are missing; without its metadata, pip installs it again.
        """
        for info in site.glob("*.dist-info"):
            if not (info / "RECORD").exists():
                shutil.rmtree(info, ignore_errors=True)
        for left_over in site.glob("~*"):
            shutil.rmtree(left_over, ignore_errors=True)

    def link_course(self, site: Path) -> None:
        """Make `import lstm_lab` and the command `lstm-lab` work, wherever the folder is moved."""
        # Both are relative: to site-packages, and to the script itself. -P: the folder where
        # somebody is must not shadow modules, least of all a folder of submissions.
        up = os.path.relpath(self.root.resolve(), site.resolve())
        _write(site / "lstm_lab_course.pth", up + "\n")
        if os.name == "nt":
            _write(self.scripts / "lstm-lab.cmd", '@"%~dp0python.exe" -P -m lstm_lab %*\n')
        else:
            script = self.scripts / "lstm-lab"
            _write(script, '#!/bin/sh\nexec "$(dirname "$0")/python" -P -m lstm_lab "$@"\n')
            if not os.access(script, os.X_OK):
                script.chmod(0o755)


def _without_venv(env: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in env.items() if name != "VIRTUAL_ENV"}


def _write(path: Path, content: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != content:
        path.write_text(content, encoding="utf-8", newline="\n")


def _dotted(version: Sequence[int]) -> str:
    return ".".join(str(part) for part in version)


def _cure() -> str:
    if Path("/etc/debian_version").exists():
        return text("cure_debian", version=_dotted(sys.version_info[:2]))
    return text("cure_other")
