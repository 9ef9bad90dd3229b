"""The set-up with the true venv and the true pip, on wheels of a kilobyte.

The stand-in of the other tests prints what pip once printed; this holds the set-up to what pip
prints and reports today.
"""

from __future__ import annotations

import importlib.metadata
import subprocess
import zipfile
from pathlib import Path

import pytest

from lstm_lab.bootstrap.torch_wheel import PIN

NVIDIA = 'nvidia-cublas==13.1; platform_system != "Toaster"'


def wheel(folder: Path, name: str, version: str, *requires: str) -> None:
    """Write a wheel that holds nothing but its metadata."""
    folder.mkdir(exist_ok=True)
    info = f"{name}-{version}.dist-info"
    needs = "".join(f"Requires-Dist: {line}\n" for line in requires)
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(f"{info}/METADATA", metadata)
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", f"{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    """Packages as on PyPI: a PyTorch that needs CUDA, and no numba."""
    folder = tmp_path / "wheels"
    wheel(folder, "torch", PIN, NVIDIA, "filelock")
    wheel(folder, "filelock", "3.0")
    wheel(folder, "numpy", "2.1", "torch<3")
    wheel(folder, "jupyterlab", "4.9")
    return folder


def installed(course) -> dict[str, str]:
    site = str(course.venv.probe().site)
    found = importlib.metadata.distributions(path=[site])
    return {one.metadata["Name"]: one.version for one in found}


def test_from_nothing_to_ready_past_every_obstacle(bare, index, tmp_path, says):
    # nobody serves on port 9, the port of "discard"
    away = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0"}
    local = {"PIP_FIND_LINKS": str(index), "PIP_CONFIG_FILE": "/dev/null"}
    nowhere = ("setup", "--torch-index", "http://127.0.0.1:9/cpu")

    done = bare.run(*nowhere, PIP_CONFIG_FILE="/dev/null", **away)
    assert done.returncode == 1
    says(done.stderr, "network")

    # the packages are there, but the only PyTorch is the one with CUDA
    done = bare.run(*nowhere, **local, PIP_INDEX_URL=away["PIP_INDEX_URL"], PIP_RETRIES="0")
    assert done.returncode == 1
    says(done.stderr, "cuda")
    assert "torch" not in installed(bare)

    # PyTorch's own index answers
    wheel(index, "torch", f"{PIN}+cpu", "filelock")
    done = bare.run(*nowhere, **local, **away)
    assert done.returncode == 0, done.stdout + done.stderr
    says(done.stdout, "no_fast")
    found = installed(bare)
    assert found.pop("pip")
    found.pop("setuptools", None)  # came along with Python 3.11's venv
    wanted = {"torch": f"{PIN}+cpu", "filelock": "3.0", "numpy": "2.1", "jupyterlab": "4.9"}
    assert found == wanted

    # a package half installed: pip alone would take it for installed
    site = bare.venv.probe().site
    (site / "numpy-2.1.dist-info" / "RECORD").unlink()
    text = (bare.root / "pyproject.toml").read_text()
    (bare.root / "pyproject.toml").write_text(text.replace("numpy>=2.0", "numpy>=2.1"))
    done = bare.run(*nowhere, **local, **away)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (site / "numpy-2.1.dist-info" / "RECORD").exists()

    # moved, and without any index: nothing is asked for
    moved = bare.root.rename(tmp_path / "moved")
    done = subprocess.run(
        [str(moved / ".venv" / bare.venv.scripts.name / "python"), str(moved / "lab.py"), "hello"],
        capture_output=True,
        text=True,
        cwd=moved,
    )
    assert done.stdout.startswith("HELLO "), done.stdout + done.stderr
