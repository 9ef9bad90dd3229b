"""Find submissions in a folder, whose they are and of which exercise. Nothing is run here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.intake.archives import unpack
from lstm_lab.grading.intake.names import Owner, is_platforms, owner_of, typed_beside
from lstm_lab.grading.messages.feedback import Said, say
from lstm_lab.grading.sources import Document, NotReadable, parse_document, read_bytes
from lstm_lab.i18n import LANGUAGES, language
from lstm_lab.layout import COPIED, LESSONS

__all__ = ["Intake", "exercise_of", "take_in"]

SUFFIXES = (".ipynb", ".py")
GRADESCOPE = "submission_metadata.yml"
IGNORED = {"__MACOSX", "__pycache__", GRADESCOPE, "Thumbs.db", "desktop.ini"}
# of the course itself, which a student may hand in whole
OURS = {*COPIED, LESSONS, "work", "lstm_lab", "tests", *LANGUAGES}
MAX_FILES = 100_000


@dataclass(frozen=True, slots=True)
class Intake:
    """One submission, or one thing in the folder that should have been one.

    A class may be large, so what the file says is left on the disk until it is graded.

    Attributes
    ----------
    owner : Owner
    path : Path
    origin : str
        Where it was in what was handed in; with the digest it tells submissions apart.
    exercise : Exercise or None
        None where it is not clear; `problem` then says why.
    document : Document or None
        None unless it is at work (`with_document`).
    problem : str
        A sentence in both languages; None if all is well.
    digest : str
        Of the file's bytes; empty if they are no submission.
    lang : str or None
        The language that the file says it is in.
    """

    owner: Owner
    path: Path
    origin: str
    exercise: Exercise | None
    document: Document | None = None
    problem: Said | None = None
    digest: str = ""
    lang: str | None = None

    @property
    def student(self) -> str:
        """The student's name, as far as it is known."""
        return self.owner.name

    @property
    def gradable(self) -> bool:
        """Whether there are answers to an exercise that is graded."""
        return self.exercise is not None and bool(self.digest)

    def with_document(self) -> Intake:
        """Return the same with its document, read from the file.

        Raises
        ------
        NotReadable
            The file is gone, or is not what it was when it was taken in.
        """
        if self.document is not None:
            return self
        raw = read_bytes(self.path)
        if hashlib.sha256(raw).hexdigest() != self.digest:
            raise NotReadable(
                say("{path}: changed while the batch ran; grade again.", path=self.path.name)
            )
        return replace(self, document=parse_document(self.path, raw))


def take_in(
    source: Path, exercises: list[Exercise], unpacked: Path, skip: Path | None = None
) -> list[Intake]:
    """Return one `Intake` for each submission found.

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
        found += _refusals(unpack(source, unpacked))
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
    names = _gradescope_names(inside)
    entries = sorted(inside.iterdir(), key=lambda path: path.name)
    there = [entry.name for entry in entries if "_assignsubmission_file" in entry.name]
    for entry in entries:
        if _ignored(entry) or (skip is not None and entry.resolve() == skip.resolve()):
            continue
        if typed_beside(entry.name, there):
            continue
        found += _entry(entry, exercises, unpacked, names)
    if not found:
        raise UserError(
            say("{folder} is empty: there is nothing to grade.", folder=source)[language()]
        )
    return _doubles(found)


def _class_folder(unpacked: Path) -> Path:
    """Return the folder of the class in a zip: whoever zips a folder has it once more inside.

    A zip may as well hold one student's folder, so it must look like one of a class.
    """
    outer = [path for path in unpacked.iterdir() if not _ignored(path)]
    if len(outer) != 1 or not outer[0].is_dir() or is_platforms(outer[0].name):
        return unpacked
    inner = [path for path in outer[0].iterdir() if not _ignored(path)]
    packed = [path for path in inner if path.is_dir() or path.suffix.lower() == ".zip"]
    if (
        (outer[0] / GRADESCOPE).is_file()
        or any(is_platforms(path.name if path.is_dir() else path.stem) for path in inner)
        or (len(packed) == len(inner) > 1 and not OURS & {path.name for path in inner})
    ):
        return outer[0]
    return unpacked


def _entry(
    entry: Path, exercises: list[Exercise], unpacked: Path, names: dict[str, Owner]
) -> list[Intake]:
    """Return the submissions in one file, zip or folder at the top."""
    owner = names.get(entry.name) or owner_of(
        entry.name if entry.is_dir() else entry.stem, [one.name for one in exercises]
    )
    if entry.is_symlink():
        return [Intake(owner, entry, entry.name, None, None, say("a link, which is not followed"))]
    if entry.is_dir():
        return _student_folder(owner, entry, exercises)
    if entry.suffix.lower() == ".zip":
        target = unpacked / f"zip of {entry.stem}"
        target.mkdir(parents=True)
        refused = [
            Intake(owner, entry, f"{entry.name}/{name}", None, None, why)
            for name, why in unpack(entry, target)
        ]
        if refused and not any(target.iterdir()):
            return refused
        return refused + _student_folder(owner, target, exercises)
    return [_read(owner, entry, entry.name, exercises)[0]]


def _refusals(refused: list[tuple[str, Said]]) -> list[Intake]:
    return [
        Intake(owner_of(Path(name).parts[0], []), Path(name), name, None, None, why)
        for name, why in refused
    ]


def _gradescope_names(folder: Path) -> dict[str, Owner]:
    """Read who is behind ``submission_123`` from the export's own list, if it is one."""
    path = folder / GRADESCOPE
    if not path.is_file() or path.stat().st_size > 20 << 20:
        return {}
    found: dict[str, Owner] = {}
    current = ""
    text = path.read_text("utf-8", errors="replace")
    for line in text.splitlines():
        top = re.match(r"(submission_\d+):\s*$", line)
        if top:
            current = top[1]
        name = re.match(r"\s+-?\s*:name:\s*(.+?)\s*$", line)
        if name and current and current not in found:
            found[current] = Owner(name[1].strip("'\""))
        number = re.match(r"\s+-?\s*:sid:\s*(.+?)\s*$", line)
        if number and current in found and not found[current].number:
            found[current] = Owner(found[current].name, number[1].strip("'\""))
    return found


def _ignored(path: Path) -> bool:
    return path.name in IGNORED or path.name.startswith(".")


def _student_folder(owner: Owner, folder: Path, exercises: list[Exercise]) -> list[Intake]:
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
            say("no notebook and no Python file in the folder")
            if files
            else say("the folder is empty")
        )
        return [Intake(owner, folder, folder.name, None, None, problem)]
    read = [
        _read(owner, path, f"{folder.name}/{path.relative_to(folder).as_posix()}", exercises)
        for path in chosen
    ]
    # A whole course handed in holds its lessons too; they are nobody's answers.
    return [one for one, is_lesson in read if not is_lesson] or [read[0][0]]


def _read(owner: Owner, path: Path, origin: str, exercises: list[Exercise]) -> tuple[Intake, bool]:
    """Return what a file is, and whether it is a lesson."""
    try:
        raw = read_bytes(path)
        document = parse_document(path, raw)
    except NotReadable as error:
        return Intake(owner, path, origin, _by_name(path, exercises), None, error.said), False
    digest = hashlib.sha256(raw).hexdigest()
    lang = next((one for one in LANGUAGES if one == document.facts.get("lang")), None)
    is_lesson = document.facts.get("kind") == "lesson"
    exercise = exercise_of(document, exercises)
    if exercise is None:
        problem = say("it is not clear which exercise this is")
        named = document.slug or document.number
        if named is not None:
            problem = say("exercise {number} is not among those graded", number=named)
        return Intake(owner, path, origin, None, None, problem, digest, lang), is_lesson
    return Intake(owner, path, origin, exercise, None, None, digest, lang), is_lesson


def exercise_of(document: Document, exercises: Iterable[Exercise]) -> Exercise | None:
    """Tell the exercise by metadata, then by file name, then by the functions defined."""
    exercises = list(exercises)
    if document.slug is not None:
        return next((one for one in exercises if one.slug == document.slug), None)
    if document.number is not None:
        of_then = next((one for one in exercises if one.lesson.was == document.number), None)
        return of_then or next((one for one in exercises if one.number == document.number), None)
    named = _by_name(document.path, exercises)
    if named is not None:
        return named
    text = "\n".join(cell.source for cell in document.cells)
    defined = set(re.findall(r"^(?:def|class)\s+(\w+)", text, re.M))
    counts = [len(defined & set(one.tasks)) for one in exercises]
    best = max(counts, default=0)
    return exercises[counts.index(best)] if best and counts.count(best) == 1 else None


def _by_name(path: Path, exercises: Iterable[Exercise]) -> Exercise | None:
    """Tell the exercise by its name behind a number of any time, else by today's number."""
    for form in (r"(?<!\d)\d\d[_-]{0.slug}(?![a-zA-Z0-9]|_[a-z])", r"(?<!\d){0.number}(?!\d)"):
        for one in exercises:
            if re.search(form.format(one), path.stem):
                return one
    return None


def _doubles(found: list[Intake]) -> list[Intake]:
    """Say so where a student has two submissions of one exercise; each is kept."""
    counts: dict[tuple[Owner, str], int] = {}
    for one in found:
        if one.exercise is not None:
            key = (one.owner, one.exercise.slug)
            counts[key] = counts.get(key, 0) + 1
    return [
        replace(
            one,
            problem=say(
                "{n} submissions of this exercise by the same student",
                n=counts[(one.owner, one.exercise.slug)],
            ),
        )
        if one.exercise is not None
        and not one.problem
        and counts[(one.owner, one.exercise.slug)] > 1
        else one
        for one in found
    ]
