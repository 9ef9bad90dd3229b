"""What of the package decides a grade: a change of it asks for grading again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from lstm_lab import __version__

__all__ = ["deciding_files", "grader_version"]

# Everything decides (a graded test may use any of it) but what builds and shows, draws, makes
# pages of records, or makes submissions.
NOT_DECIDING = {
    "bootstrap",
    "commands",
    "course",
    "export",
    "locale",
    "plots",
    "widgets",
    "grading/batch/bar.py",
    "grading/batch/demo.py",
    "grading/batch/hostile_samples.py",
    "grading/reports",
}
_PACKAGE = Path(__file__).parents[1]
_VERSION: list[str] = []


def deciding_files(package: Path = _PACKAGE) -> Iterator[Path]:
    """Yield the modules that decide a grade, in a fixed order."""
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package)
        places = {one.as_posix() for one in (inside, *inside.parents)}
        if not NOT_DECIDING & places:
            yield path


def version_of(package: Path) -> str:
    """Return the version of the grader in a package: a new report grades nothing again."""
    digest = hashlib.sha256(__version__.encode())
    for path in deciding_files(package):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def grader_version() -> str:
    """Return a digest of the package's version and of the files that decide records."""
    if not _VERSION:
        _VERSION.append(version_of(_PACKAGE))
    return _VERSION[0]
