"""Make a handout: record what the solutions return, write the tree, try it out."""

from __future__ import annotations

import io
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lstm_lab import __version__
from lstm_lab.course.files import write
from lstm_lab.course.handout.contents import contents
from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import Exercise, find_exercise, list_exercises
from lstm_lab.grading.grader import Graded, Grader
from lstm_lab.grading.sources import read_document
from lstm_lab.i18n import gettext as _

__all__ = ["MARK", "Released", "release"]

MARK = "handout.json"  # says of a tree, or a zip, that it is a handout
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the same course gives the same zip


@dataclass(frozen=True)
class Released:
    """What was made.

    Attributes
    ----------
    path : Path
    exercises : tuple of str
        The numbers of the exercises in it.
    files, size : int
        How many files, and their bytes.
    """

    path: Path
    exercises: tuple[str, ...]
    files: int
    size: int


def release(root: Path, out: Path, langs: tuple[str, ...]) -> Released:
    """Write a handout of the course below `root`.

    It is tried out before it is put in place: in it each exercise's solution must get full
    marks, and its stub none.

    Parameters
    ----------
    root : Path
        The course root.
    out : Path
        A folder that does not exist yet, or a ``.zip``; an earlier handout's zip is replaced.
    langs : tuple of str
        The languages of lessons and exercises.

    Raises
    ------
    UserError
        There is nothing to make it from, something stands in its place, or it does not work.
    """
    exercises = list_exercises(root)
    _refuse(root, out, exercises)
    files = dict(contents(root, langs))
    with Grader() as grader:
        for exercise in exercises:
            files[exercise.record_path.relative_to(root).as_posix()] = _recorded(grader, exercise)
    said = {
        "lstm_lab": __version__,
        "languages": list(langs),
        "exercises": [one.slug for one in exercises],
    }
    files[MARK] = (json.dumps(said, indent=1) + "\n").encode()
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".handout-", dir=out.parent) as name:
        folder = Path(name) / "handout"
        for inside, data in files.items():
            write(folder / inside, data)
        _try_out(exercises, folder, langs[0])
        if out.suffix == ".zip":
            write(out, _zipped(files, out.stem))
        else:
            for path in sorted(folder.rglob("__pycache__"), reverse=True):
                for compiled in path.iterdir():
                    compiled.unlink()
                path.rmdir()
            if out.exists():
                out.rmdir()
            os.rename(folder, out)
    size = sum(len(data) for data in files.values())
    return Released(out, tuple(one.number for one in exercises), len(files), size)


def _refuse(root: Path, out: Path, exercises: list[Exercise]) -> None:
    """Raise a `UserError` if no handout can be made there from here."""
    if (root / MARK).is_file():
        raise UserError(_("This is a handout itself; make one from the course with its solutions."))
    for exercise in exercises:
        if not exercise.solution_path.is_file():
            raise UserError(
                _("Exercise {number} has no solution here: {path} is missing.").format(
                    number=exercise.number, path=exercise.solution_path
                )
            )
    if out.suffix == ".zip":
        if out.exists() and not _is_handout(out):
            raise UserError(
                _("{out} is there already, and is no handout; name another file.").format(out=out)
            )
    elif out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(
            _("{out} is there already; name a folder that does not exist yet.").format(out=out)
        )


def _is_handout(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as file:
            return any(name.split("/")[1:] == [MARK] for name in file.namelist())
    except (OSError, zipfile.BadZipFile):
        return False


def _recorded(grader: Grader, exercise: Exercise) -> bytes:
    right, record = grader.record(exercise)
    failed = [row["test"] for row in right.rows if row["status"] != "passed"]
    if failed:
        raise UserError(
            _(
                "The solution of exercise {number} does not pass {tests}; nothing was written"
            ).format(number=exercise.number, tests=", ".join(failed))
        )
    return record


def _try_out(exercises: list[Exercise], folder: Path, lang: str) -> None:
    """Grade solution and stub of each exercise with the handout's own tests and values."""
    with Grader() as grader:
        for exercise in exercises:
            handed = find_exercise(exercise.slug, folder)
            right = grader.grade(handed, exercise.solution)
            stub = handed.lesson.built("exercise", lang)
            empty = grader.grade(handed, read_document(stub))
            for sentence in _faults(right, empty):
                raise UserError(
                    _("Exercise {number} does not work in the handout: {what}").format(
                        number=exercise.number, what=sentence
                    )
                )


def _faults(right: Graded, empty: Graded) -> Iterator[str]:
    for row in right.rows:
        if row["status"] != "passed":
            yield _("the solution does not pass {test}: {said}").format(
                test=row["test"], said=(row["said"] or {}).get("en", row["status"])
            )
    for row in empty.rows:
        if row["earned"]:
            yield _("the empty exercise gets points from {test}").format(test=row["test"])


def _zipped(files: dict[str, bytes], top: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as file:
        for name in sorted(files):
            info = zipfile.ZipInfo(f"{top}/{name}", _ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            file.writestr(info, files[name])
    return data.getvalue()
