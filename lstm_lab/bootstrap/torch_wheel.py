"""Install PyTorch first and alone, so that no gigabytes of CUDA come along unasked.

The plain Linux wheel on PyPI brings CUDA; the CPU wheel lives on an index of PyTorch's own, which
may be slow or unreachable. So pip is first asked, without installing anything, what it *would*
take, and only a wheel that needs no CUDA packages is taken without asking the person.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lstm_lab.bootstrap.pip import Pip, PipFailed, platform_words
from lstm_lab.bootstrap.texts import SetupError, text
from lstm_lab.bootstrap.venv import NEEDED, child_environment

__all__ = ["CPU_INDEX", "PIN", "install_torch", "needs_gpu_packages"]

PIN = "2.13.0"
CPU_INDEX = "https://download.pytorch.org/whl/cpu"

# Runs in the environment's Python: which of the wheel's requirements hold on this platform?
_ACTIVE = """
import json, sys
from pip._vendor.packaging.requirements import Requirement
for line in json.load(sys.stdin):
    requirement = Requirement(line)
    if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
        print(requirement.name.lower())
"""


@dataclass(frozen=True)
class Candidate:
    """A wheel that pip would take: its version, where from, and whether it is a GPU build."""

    version: str
    index: str | None
    gpu: bool


def install_torch(
    pip: Pip,
    bounds: str,
    cpu_index: str = CPU_INDEX,
    accept_cuda: bool = False,
    ask: Callable[[str], str] | None = None,
) -> None:
    """Install a CPU build of PyTorch; `bounds` is the requirement in pyproject.toml.

    The pinned version is preferred; a platform that lacks it gets what `bounds` allows.
    `ask` puts a question to the person, None where nobody can answer.
    """
    if _installed(pip, bounds):
        return
    gpu_build = None
    for requirement in (f"torch=={PIN}", bounds):
        # pip's own configuration first: it may name a mirror, and where it yields a CPU build
        # (macOS, Windows, an institute's mirror) PyTorch's index is not needed at all.
        for index in (None, cpu_index):
            candidate = _look(pip, requirement, index)
            if candidate is None:
                continue
            if not candidate.gpu:
                _take(pip, candidate)
                return
            gpu_build = gpu_build or candidate
        if gpu_build is not None:
            _take_gpu_build(pip, gpu_build, cpu_index, accept_cuda, ask)
            return
    needed = ".".join(str(part) for part in NEEDED)
    words = platform_words()
    if pip.index:
        raise SetupError("no_torch_on_index", index=pip.index, **words)
    if not _index_answers(pip):
        raise SetupError("network", log=pip.venv.log)
    raise SetupError("no_torch", needed=needed, **words)


def _installed(pip: Pip, bounds: str) -> bool:
    # Nothing is fetched: --no-index forbids it, and what satisfies the bounds is left alone.
    report = _report(pip, ["--no-index", bounds], None, attempts=1)
    return report is not None and not report["install"]


def _look(pip: Pip, requirement: str, index: str | None) -> Candidate | None:
    """Ask pip what it would take; None if this index has nothing."""
    arguments = ["--ignore-installed", requirement]
    if index is not None:
        # Only a second place to look: an unreachable one must not hold the person up for long.
        arguments += ["--retries", "1", "--timeout", "15"]
    try:
        report = _report(pip, arguments, index, attempts=2 if index is None else 1)
    except PipFailed as failure:
        if failure.kind == "missing" or (index is not None and failure.kind == "network"):
            return None
        raise
    if report is None or not report["install"]:
        return None
    metadata = report["install"][0]["metadata"]
    version = metadata["version"]
    local = version.partition("+")[2]
    active = _active(pip, metadata.get("requires_dist", []))
    return Candidate(version, index, needs_gpu_packages(local, active))


def _index_answers(pip: Pip) -> bool:
    """Tell an index without PyTorch from one that gives nothing at all.

    Behind some proxies pip finds no files and does not say why. Itself it always finds.
    """
    try:
        report = _report(pip, ["--ignore-installed", "pip"], None, attempts=1)
    except PipFailed:
        return False
    return report is not None and bool(report["install"])


def needs_gpu_packages(local: str, requirements: list[str]) -> bool:
    """Tell a GPU build by its local version (``cu130``) or by what it requires here.

    Examples
    --------
    >>> needs_gpu_packages("cpu", ["numpy"]), needs_gpu_packages("", ["nvidia-cublas"])
    (False, True)
    """
    if local and not local.startswith("cpu"):
        return True
    return any(name.startswith(("nvidia-", "cuda-", "triton")) for name in requirements)


def _take(pip: Pip, candidate: Candidate) -> None:
    # --no-deps: what torch itself needs comes with the other packages, from the usual index.
    # A later try must see the same wheels, so the index is the one that was looked at.
    pip.install(["--no-deps", f"torch=={candidate.version}"], index=candidate.index)


def _take_gpu_build(
    pip: Pip,
    candidate: Candidate,
    cpu_index: str,
    accept_cuda: bool,
    ask: Callable[[str], str] | None,
) -> None:
    words = {"version": candidate.version, "index": cpu_index}
    if not accept_cuda and ask is not None:
        accept_cuda = ask(text("cuda_ask", **words)).strip().lower() in ("y", "yes", "是")
    if not accept_cuda:
        raise SetupError("cuda", **words)
    _take(pip, candidate)


def _report(pip: Pip, arguments: list[str], index: str | None, attempts: int) -> dict | None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        try:
            pip.install(
                ["--dry-run", "--no-deps", "--quiet", "--report", str(path), *arguments],
                index=index,
                attempts=attempts,
            )
        except PipFailed:
            if "--no-index" in arguments:
                return None
            raise
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _active(pip: Pip, requirements: list[str]) -> list[str]:
    done = subprocess.run(
        [str(pip.venv.python), "-I", "-c", _ACTIVE],
        input=json.dumps(requirements),
        capture_output=True,
        text=True,
        env=child_environment(pip.venv),
    )
    if done.returncode == 0:
        return done.stdout.split()
    # pip's inner packages have moved: better to ask about a wheel that needs none than the reverse
    every = [requirement.split(";")[0].strip().lower() for requirement in requirements]
    return every if sys.platform.startswith("linux") else []
