"""Find submissions in a folder, whose they are and of which exercise. Nothing is run here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.feedback import Said
from lstm_lab.grading.feedback import say as _
from lstm_lab.grading.sources import Document, NotReadable, read_document
from lstm_lab.i18n import language

__all__ = ["Intake", "take_in"]

SUFFIXES = (".ipynb", ".py")
IGNORED = {".ipynb_checkpoints", "__MACOSX", "__pycache__", ".git"}
MAX_FILES = 100_000


@dataclass(frozen=True)
class Intake:
    """One submission, or one thing in the folder that should have been one.

    Attributes
    ----------
    student : str
    path : Path
    exercise : Exercise or None
    document : Document or None
        None where it cannot be graded; `problem` then says why.
    problem : str
        A sentence in both languages; None if all is well.
    digest : str
        Of the file's bytes.
    """

    student: str
    path: Path
    exercise: Exercise | None
    document: Document | None
    problem: Said | None = None
    digest: str = ""


def take_in(folder: Path, exercises: list[Exercise], skip: Path | None = None) -> list[Intake]:
    """Return one `Intake` for each submission found.

    Parameters
    ----------
    folder : Path
        Holds files, or a folder for each student.
    exercises : list of Exercise
        Those to grade.
    skip : Path, optional
        A folder inside that is ours (the results).

    Raises
    ------
    UserError
        The folder is missing, is a file, or holds nothing.
    """
    if folder.is_file():
        raise UserError(
            _("{folder} is a file; name the folder that holds the submissions.", folder=folder)[
                language()
            ]
        )
    if not folder.is_dir():
        raise UserError(_("{folder}: there is no such folder.", folder=folder)[language()])
    found: list[Intake] = []
    for entry in sorted(folder.iterdir(), key=lambda path: path.name):
        if _ignored(entry) or (skip is not None and entry.resolve() == skip.resolve()):
            continue
        if entry.is_symlink():
            found.append(Intake(entry.name, entry, None, None, _("a link, which is not followed")))
        elif entry.is_dir():
            found += _student_folder(entry, exercises)
        else:
            student = _student_of_file(entry, exercises)
            found.append(_read(student, entry, exercises))
    if not found:
        raise UserError(
            _("{folder} is empty: there is nothing to grade.", folder=folder)[language()]
        )
    return _doubles(found)


def _ignored(path: Path) -> bool:
    return path.name in IGNORED or path.name.startswith(".")


def _student_folder(folder: Path, exercises: list[Exercise]) -> list[Intake]:
    files = [
        path
        for path in sorted(folder.rglob("*"))[:MAX_FILES]
        if path.is_file()
        and not path.is_symlink()
        and not any(_ignored(part) for part in [path, *path.relative_to(folder).parents])
    ]
    readable = [path for path in files if path.suffix in SUFFIXES]
    notebooks = [path for path in readable if path.suffix == ".ipynb"]
    # Beside a notebook a .py file is somebody's own module; alone it is the submission.
    chosen = notebooks or readable
    if not chosen:
        problem = (
            _("no notebook and no Python file in the folder") if files else _("the folder is empty")
        )
        return [Intake(folder.name, folder, None, None, problem)]
    return [_read(folder.name, path, exercises) for path in chosen]


def _read(student: str, path: Path, exercises: list[Exercise]) -> Intake:
    try:
        document = read_document(path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except NotReadable as error:
        return Intake(student, path, _by_name(path, exercises), None, error.said)
    except OSError as error:
        return Intake(student, path, None, None, {"en": str(error), "zh": str(error)})
    exercise = exercise_of(document, exercises)
    if exercise is None:
        problem = _("it is not clear which exercise this is")
        if document.number is not None:
            problem = _("exercise {number} is not among those graded", number=document.number)
        return Intake(student, path, None, None, problem, digest)
    return Intake(student, path, exercise, document, None, digest)


def exercise_of(document: Document, exercises: Iterable[Exercise]) -> Exercise | None:
    """Tell the exercise by metadata, then by file name, then by the functions defined."""
    exercises = list(exercises)
    if document.number is not None:
        return next((one for one in exercises if one.number == document.number), None)
    named = _by_name(document.path, exercises)
    if named is not None:
        return named
    text = "\n".join(cell.source for cell in document.cells)
    defined = set(re.findall(r"^(?:def|class)\s+(\w+)", text, re.M))
    counts = [len(defined & set(one.tasks)) for one in exercises]
    best = max(counts, default=0)
    return exercises[counts.index(best)] if best and counts.count(best) == 1 else None


def _by_name(path: Path, exercises: Iterable[Exercise]) -> Exercise | None:
    for one in exercises:
        if one.name in path.stem or re.search(rf"(?<!\d){one.number}(?!\d)", path.stem):
            return one
    return None


def _student_of_file(path: Path, exercises: list[Exercise]) -> str:
    """Take the exercise's own name out of a file name; what is left is the student's."""
    stem = path.stem
    for one in exercises:
        stem = re.sub(rf"{one.name}|(?<![^\W_]){one.number}(?![^\W_])", "", stem)
    stem = re.sub(r"\s*\(\d+\)$", "", stem)  # "rnn (1).ipynb", as browsers number downloads
    return stem.strip(" _-.") or path.stem


def _doubles(found: list[Intake]) -> list[Intake]:
    """Say so where a student has two submissions of one exercise; each is kept."""
    counts: dict[tuple[str, str], int] = {}
    for one in found:
        if one.exercise is not None:
            key = (one.student, one.exercise.number)
            counts[key] = counts.get(key, 0) + 1
    return [
        replace(
            one,
            problem=_(
                "{n} submissions of this exercise by the same student",
                n=counts[(one.student, one.exercise.number)],
            ),
        )
        if one.exercise is not None
        and not one.problem
        and counts[(one.student, one.exercise.number)] > 1
        else one
        for one in found
    ]
