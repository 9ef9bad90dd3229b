"""The learner's own copies in `work/`: made at the first start, refreshed while untouched.

`notebooks/` and `exercises/` stay as they are published. What a learner wrote is never
overwritten: a copy is replaced only if its text is exactly what was copied, and unless it is
so to the byte, the old one (with its outputs) goes to `work/backups/`.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lstm_lab.course import cells
from lstm_lab.course.files import backup_path, discard, locked, place, write
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.layout import COPIED, Layout, split_name
from lstm_lab.paths import work_folder

__all__ = ["Copied", "Record", "Refreshed", "handle", "published_files", "refresh", "replace"]

_NOT_COPIED = {".ipynb_checkpoints", "__pycache__"}


@dataclass(frozen=True)
class Copied:
    """What was copied: the hash of its bytes, of its text, and of each cell."""

    data: str
    text: str
    cells: dict[str, str]

    @classmethod
    def of(cls, name: str, data: bytes) -> Copied:
        """Note down a published file."""
        digest = hashlib.sha256(data).hexdigest()
        if not name.endswith(".ipynb"):
            return cls(digest, digest, {})
        notebook = cells.parse(data)
        return cls(digest, cells.text_hash(notebook), cells.cell_hashes(notebook))


class Record:
    """What was copied to `work/`, by name (``exercises/en/01_rnn.ipynb``); kept in a file.

    If the file is lost or damaged, copies that differ from what is published count as
    touched: they stay as they are.
    """

    def __init__(self, work: Path) -> None:
        self.path = work / ".lstm_lab" / "copies.json"
        self.copies: dict[str, Copied] = {}
        try:
            said = json.loads(self.path.read_text("utf-8"))
            self.copies = {
                str(name): Copied(str(one["data"]), str(one["text"]), dict(one["cells"]))
                for name, one in said["copies"].items()
            }
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self.copies = {}

    def save(self) -> None:
        """Write the record, whole."""
        said: dict[str, Any] = {name: vars(one) for name, one in sorted(self.copies.items())}
        write(self.path, json.dumps({"copies": said}, indent=0).encode())


@dataclass
class Refreshed:
    """What a start did to the learner's copies; names are told from `work/`.

    Attributes
    ----------
    copied, refreshed, removed : list of str
        New copies; untouched ones with new text; untouched ones no longer in the course.
    renamed : dict
        Copies of lessons that have another number now: their new name by the former one.
    newer : list of str
        Touched copies of which there is a newer text; they were left alone.
    backups : dict
        Where the former file of a refreshed or removed copy is, if it had been run.
    problems : list of str
        A sentence for each file that could not be copied or read.
    """

    copied: list[str] = field(default_factory=list)
    refreshed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    newer: list[str] = field(default_factory=list)
    backups: dict[str, Path] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """Say what a learner should know; an ordinary start says nothing."""
        said = []
        if self.renamed:
            pairs = {Path(old).stem: Path(new).stem for old, new in self.renamed.items()}
            names = ", ".join(f"{old} → {new}" for old, new in pairs.items())
            text = _("the order of the lessons has changed, and with it the names of your copies:")
            said.append(f"{text} {names}")
        if self.backups:
            folder = os.path.commonpath([path.parent for path in self.backups.values()])
            text = _("newer text in {names}; what you had run of the older one is in {folder}")
            said.append(text.format(names=", ".join(sorted(self.backups)), folder=folder))
        for name in self.newer:
            number = handle(name)
            said.append(
                _(
                    "{name}: there is a newer text. What you wrote was left as it is; "
                    "`lstm-lab update {number}` joins the two"
                ).format(name=name, number=number)
            )
        return said + self.problems


def handle(name: str) -> str:
    """Return what a learner says to name a notebook, the lesson's name.

    Examples
    --------
    >>> handle("exercises/en/01_rnn.ipynb"), handle("notebooks/zh/toolbox.ipynb")
    ('rnn', 'toolbox')
    """
    return split_name(name)[1]


def published_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield the name and the path of each file that a learner gets a copy of."""
    for folder in COPIED:
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root)
            hidden = any(part in _NOT_COPIED or part.startswith(".") for part in inside.parts)
            if path.is_file() and not hidden:
                yield inside.as_posix(), path


def refresh(root: Path) -> Refreshed:
    """Copy what is not in `work/` yet and refresh what the learner has not touched.

    Safe to call at every start, by two starts at once, and with notebooks open.

    Raises
    ------
    UserError
        If `work/` cannot be made or written at all.
    """
    work = work_folder(root)
    done = Refreshed()
    try:
        with locked(work / ".lstm_lab" / "lock"):
            record = Record(work)
            before = dict(record.copies)
            _follow_the_order(Layout(root), record, done)
            names = set()
            for name, path in published_files(root):
                names.add(name)
                try:
                    _one(work, name, path.read_bytes(), record, done)
                except (OSError, UserError) as error:
                    done.problems.append(_sentence(work / name, error))
            for name in sorted(set(record.copies) - names):
                _no_longer_published(work, name, record, done)
            if record.copies != before:
                record.save()
    except OSError as error:
        raise UserError(
            _("your copies cannot be kept in {work}: {why}").format(
                work=work, why=error.strerror or error
            )
        ) from error
    return done


def _follow_the_order(layout: Layout, record: Record, done: Refreshed) -> None:
    """Give copies of lessons whose number has changed their new name; what is in them stays."""
    for lesson in layout.lessons:
        for path in (*lesson.copies("lesson"), *lesson.copies("exercise")):
            others = sorted(path.parent.glob(f"[0-9][0-9]_{lesson.slug}.ipynb"))
            if not others or os.path.lexists(path):
                continue
            os.rename(others[-1], path)
            former, name = (p.relative_to(layout.work).as_posix() for p in (others[-1], path))
            if former in record.copies:
                record.copies[name] = record.copies.pop(former)
            done.renamed[former] = name


def _sentence(path: Path, error: Exception) -> str:
    why = error.strerror if isinstance(error, OSError) else None
    return _("{path} could not be copied or refreshed: {why}").format(path=path, why=why or error)


def _one(work: Path, name: str, new: bytes, record: Record, done: Refreshed) -> None:
    path = work / name
    known = record.copies.get(name)
    published = hashlib.sha256(new).hexdigest()
    if not os.path.lexists(path):
        if place(path, new):
            done.copied.append(name)
            record.copies[name] = Copied.of(name, new)
        return
    if known is not None and known.data == published:
        return  # copied before and nothing new since, whatever the learner has done with it
    if not path.is_file():
        done.problems.append(_("{path} is in the way of a notebook").format(path=path))
        return
    current = path.read_bytes()
    now = Copied.of(name, new)
    try:
        found = Copied.of(name, current)
    except UserError as error:
        done.problems.append(
            _(
                "{path} cannot be read ({why}). `lstm-lab reset {number}` starts it again and "
                "keeps the damaged file"
            ).format(path=path, why=error, number=handle(path.name))
        )
        return
    unopened = known is not None and found.data == known.data
    if found.text == now.text and not unopened:
        record.copies[name] = now  # what is there says the same already
    elif known is None or found.text != known.text:
        done.newer.append(name)
    else:
        backup = replace(work, path, new, expect=current)
        if backup is None:
            done.newer.append(name)  # the learner saved it this very moment
            return
        record.copies[name] = now
        done.refreshed.append(name)
        if unopened:
            discard(work, backup)
        else:
            done.backups[name] = backup


def replace(work: Path, path: Path, new: bytes, expect: bytes | None = None) -> Path | None:
    """Put `new` in the place of `path` and return where the former file is now.

    With `expect`, None is returned and nothing changed if the file no longer is that. Moving
    comes first and looking second, so that a save at the wrong moment cannot be lost.
    """
    backup = backup_path(work, path)
    backup.parent.mkdir(parents=True, exist_ok=True)
    os.replace(path, backup)
    if expect is not None and backup.read_bytes() != expect:
        _put_back(backup, path)
        return None
    try:
        placed = place(path, new)
    except OSError:
        _put_back(backup, path)
        raise
    return backup if placed else None


def _put_back(backup: Path, path: Path) -> None:
    if not path.exists():
        os.replace(backup, path)


def _no_longer_published(work: Path, name: str, record: Record, done: Refreshed) -> None:
    path = work / name
    known = record.copies.pop(name)
    if not path.is_file():
        return
    try:
        found = Copied.of(name, path.read_bytes())
        if found.text != known.text:
            return  # the learner wrote in it: theirs now
        backup = backup_path(work, path)
        backup.parent.mkdir(parents=True, exist_ok=True)
        os.replace(path, backup)
    except (OSError, UserError):
        return
    done.removed.append(name)
    if found.data == known.data:
        discard(work, backup)
    else:
        done.backups[name] = backup
