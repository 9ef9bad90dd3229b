"""Find submissions in a folder, whose they are and of which exercise. Nothing is run here."""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import replace
from pathlib import Path

from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.intake.archives import unpack
from lstm_lab.grading.intake.gradescope import submitters
from lstm_lab.grading.intake.names import Owner, is_platforms, owner_of, typed_beside
from lstm_lab.grading.intake.recognising import Handouts, exercise_by_name, exercise_of
from lstm_lab.grading.intake.settling import settle
from lstm_lab.grading.intake.submission import Intake
from lstm_lab.grading.intake.walking import METADATA, ignored, kind_of, walk
from lstm_lab.grading.messages.feedback import Said, say
from lstm_lab.grading.sources import NotReadable, parse_document, read_bytes, suffix_of
from lstm_lab.i18n import LANGUAGES, language
from lstm_lab.layout import COPIED, LESSONS

__all__ = ["take_in"]

# of the course itself, which a student may hand in whole
OURS = {*COPIED, LESSONS, "work", "lstm_lab", "tests", *LANGUAGES}


def take_in(
    source: Path, exercises: list[Exercise], unpacked: Path, skip: Path | None = None
) -> list[Intake]:
    """Return one `Intake` for each submission found.

    Whatever is wrong with a file, a link, a folder or a zip, it is a line of its own student's;
    the others are taken in.

    Parameters
    ----------
    source : Path
        A folder of files, zips and students' folders, or one zip of these.
    exercises : list of Exercise
        Those to grade.
    unpacked : Path
        An empty folder, into which zips are unpacked; it must stay until all is graded.
    skip : Path, optional
        A folder inside that is ours (the results).

    Raises
    ------
    UserError
        There is no such folder, it is a file of another kind, or it holds nothing.
    """
    found: list[Intake] = []
    if source.is_file() and source.suffix.lower() == ".zip":
        unpacked.mkdir(parents=True, exist_ok=True)
        refused = unpack(source, unpacked)
        if len(refused) == 1 and not any(unpacked.iterdir()):
            raise UserError(f"{refused[0][0]}: {refused[0][1][language()]}")
        found += _refusals(refused)
        inside = _class_folder(unpacked)
    elif source.is_file():
        raise UserError(
            say("{folder} is a file; name the folder that holds the submissions.", folder=source)[
                language()
            ]
        )
    elif not source.is_dir():
        raise UserError(say("{folder}: there is no such folder.", folder=source)[language()])
    else:
        inside = source
    groups = submitters(inside)
    reader = _Reader(exercises, unpacked)
    entries = sorted(inside.iterdir(), key=lambda path: path.name)
    there = [entry.name for entry in entries if "_assignsubmission_file" in entry.name]
    for entry in entries:
        if ignored(entry.name) or (skip is not None and _same(entry, skip)):
            continue
        if typed_beside(entry.name, there):
            continue
        members = groups.get(entry.name) or [reader.owner(entry)]
        own = reader.entry(members[0], entry)
        found += [replace(one, owner=member) for member in members for one in own]
    if not found:
        raise UserError(
            say("{folder} is empty: there is nothing to grade.", folder=source)[language()]
        )
    return settle(found)


def _same(entry: Path, other: Path) -> bool:
    """Tell whether both are one folder; a link is not what it leads to."""
    with contextlib.suppress(OSError):
        return os.path.samestat(os.lstat(entry), os.stat(other))
    return False


def _class_folder(unpacked: Path) -> Path:
    """Return the folder of the class in a zip: whoever zips a folder has it once more inside.

    A zip may as well hold one student's folder, so it must look like one of a class.
    """
    outer = [path for path in unpacked.iterdir() if not ignored(path.name)]
    if len(outer) != 1 or not outer[0].is_dir() or is_platforms(outer[0].name):
        return unpacked
    inner = [path for path in outer[0].iterdir() if not ignored(path.name)]
    packed = [path for path in inner if path.is_dir()]
    if (
        (outer[0] / METADATA).is_file()
        or any(is_platforms(path.name if path.is_dir() else path.stem) for path in inner)
        or (len(packed) == len(inner) > 1 and not OURS & {path.name for path in inner})
    ):
        return outer[0]
    return unpacked


def _refusals(refused: list[tuple[str, Said]]) -> list[Intake]:
    return [
        Intake(owner_of(Path(name).parts[0], []), Path(name), name, None, None, why)
        for name, why in refused
    ]


class _Reader:
    """Reads what is at the top of a class, an entry at a time."""

    def __init__(self, exercises: list[Exercise], unpacked: Path) -> None:
        self.exercises = exercises
        self.unpacked = unpacked
        self.handouts = Handouts()
        self._zips = 0

    def owner(self, entry: Path) -> Owner:
        """Return whose a file, zip or folder is."""
        packed = entry.suffix.lower() == ".zip"
        name = entry.stem if packed or kind_of(entry) != "folder" else entry.name
        return owner_of(name, [one.name for one in self.exercises])

    def entry(self, owner: Owner, entry: Path) -> list[Intake]:
        """Return the submissions in one file, zip or folder; whatever it is, there is one."""
        try:
            return self._entry(owner, entry)
        except Exception as error:
            return [Intake(owner, entry, entry.name, None, None, _unexpected(error))]

    def _entry(self, owner: Owner, entry: Path) -> list[Intake]:
        kind = kind_of(entry)
        if kind == "link":
            why = say("a link, which is not followed")
            return [Intake(owner, entry, entry.name, None, None, why)]
        if kind == "folder":
            return self._folder(owner, entry, entry.name)
        if entry.suffix.lower() != ".zip":
            return [self._read(owner, entry, entry.name)[0]]
        self._zips += 1  # names of the zips would meet where only their endings' case differs
        target = self.unpacked / f"zip {self._zips}"
        target.mkdir(parents=True)
        refused = [
            Intake(owner, entry, f"{entry.name}/{name}", None, None, why)
            for name, why in unpack(entry, target)
        ]
        if refused and not any(target.iterdir()):
            return refused
        return refused + self._folder(owner, target, entry.name)

    def _folder(self, owner: Owner, folder: Path, name: str) -> list[Intake]:
        files, problems = walk(folder)
        unread = [
            Intake(owner, path, f"{name}/{path.relative_to(folder).as_posix()}", None, None, why)
            for path, why in problems
        ]
        notebooks = [path for path in files if suffix_of(path) == ".ipynb"]
        # Beside a notebook a .py file is somebody's own module; alone it is the submission.
        chosen = notebooks or [path for path in files if suffix_of(path) == ".py"]
        if not chosen:
            problem = (
                say("no notebook and no Python file in the folder")
                if files
                else say("the folder is empty")
            )
            return unread or [Intake(owner, folder, name, None, None, problem)]
        read = [
            self._read(owner, path, f"{name}/{path.relative_to(folder).as_posix()}")
            for path in chosen
        ]
        # A whole course handed in holds its lessons too, and exercises that are not graded now.
        return unread + ([one for one, aside in read if not aside] or [read[0][0]])

    def _read(self, owner: Owner, path: Path, origin: str) -> tuple[Intake, bool]:
        """Return what a file is, and whether it is another part of the course, so no answer."""
        try:
            raw = read_bytes(path)
            document = parse_document(path, raw)
        except NotReadable as error:
            exercise = exercise_by_name(path, self.exercises)
            return Intake(owner, path, origin, exercise, None, error.said), False
        except Exception as error:  # the student's other files are read all the same
            return Intake(owner, path, origin, None, None, _unexpected(error)), False
        digest = hashlib.sha256(raw).hexdigest()
        lang = next((one for one in LANGUAGES if one == document.facts.get("lang")), None)
        is_lesson = document.facts.get("kind") == "lesson"
        exercise = exercise_of(document, self.exercises)
        if exercise is None:
            problem = say("it is not clear which exercise this is")
            named = document.slug or document.number
            if named is not None:
                problem = say("exercise {number} is not among those graded", number=named)
            aside = is_lesson or document.slug is not None
            return Intake(owner, path, origin, None, None, problem, digest, lang), aside
        untouched = self.handouts.untouched(document, exercise)
        found = Intake(owner, path, origin, exercise, None, None, digest, lang, untouched)
        return found, is_lesson


def _unexpected(error: Exception) -> Said:
    return say("cannot be read ({why})", why=f"{type(error).__name__}: {error}"[:200])
