"""`update LESSON` and `reset LESSON`: a learner's copy gets the new text, or starts again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lstm_lab.course import cells
from lstm_lab.course.copies import Copied, Record, handle, published_files, replace
from lstm_lab.course.files import discard, locked, place
from lstm_lab.course.join import Joined, answers, join
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.layout import Layout
from lstm_lab.paths import work_folder

__all__ = ["Changed", "reset", "update"]


@dataclass(frozen=True)
class Changed:
    """What happened to one copy.

    Attributes
    ----------
    path : Path
        The learner's copy.
    backup : Path or None
        Where the former file is now.
    joined : Joined or None
        After an update, what was kept.
    carried : tuple of str
        Tasks whose answer came from the copy in the other language.
    """

    path: Path
    backup: Path | None
    joined: Joined | None = None
    carried: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        """Say what happened, and where the backup is."""
        if self.backup is None and self.joined is None:
            return [_("{path}: copied afresh").format(path=self.path)]
        said = []
        if self.joined is None:
            said.append(_("{path}: started again").format(path=self.path))
        else:
            said.append(_("{path}: has the newest text now").format(path=self.path))
            if self.joined.kept:
                names = ", ".join(self.joined.kept)
                said.append("  " + _("your answers were kept: {names}").format(names=names))
            if self.carried:
                names = ", ".join(self.carried)
                text = _("your answers were brought from the other language: {names}")
                said.append("  " + text.format(names=names))
            if self.joined.own:
                text = _("cells that you added or changed, still in it: {n}")
                said.append("  " + text.format(n=self.joined.own))
            for name in self.joined.restarted:
                text = _("{name}: its starting code has changed too; compare yours with the task")
                said.append("  " + text.format(name=name))
        if self.backup is not None:
            said.append("  " + _("the former file is {backup}").format(backup=self.backup))
            text = _("if it is open in JupyterLab: File → Reload Notebook from Disk")
            said.append("  " + text)
        return said


def _of_lesson(
    root: Path, word: str, kinds: tuple[str, ...], langs: tuple[str, ...]
) -> Iterator[tuple[str, Path]]:
    """Yield the published notebooks of one lesson; an unknown one is a `UserError`."""
    layout = Layout(root)
    lesson = layout.find(word)
    notebooks = [(n, p) for n, p in published_files(root) if n.endswith(".ipynb")]
    found = [(n, p) for n, p in notebooks if lesson and handle(n) == lesson.slug]
    if not found:
        there = {handle(n) for n, _path in notebooks}
        known = ", ".join(one.slug for one in layout.all if one.slug in there)
        raise UserError(
            _("there is no lesson {number}; there are: {known}").format(
                number=repr(word), known=known
            )
        )
    for name, path in found:
        folder, lang = Path(name).parts[:2]
        if folder in kinds and lang in langs:
            yield name, path


def update(
    root: Path,
    word: str,
    *,
    kinds: tuple[str, ...] = ("notebooks", "exercises"),
    lang: str | None = None,
) -> list[Changed]:
    """Join the newest text with what the learner wrote, in each copy of a lesson and exercise.

    Parameters
    ----------
    root : Path
        The course root.
    word : str
        The lesson's name or its number today, ``"rnn"``, ``"01"`` or ``"1"``.
    kinds : tuple of str
        ``"notebooks"``, ``"exercises"`` or both.
    lang : {"en", "zh"}, optional
        Only this language, and bring into it the answers written in the other one. By default
        each language's copy keeps its own answers.

    Returns
    -------
    list of Changed
        One for each copy that was changed; those already up to date are not in it.
    """
    work = work_folder(root)
    langs = (lang,) if lang else ("en", "zh")
    changed = []
    with locked(work / ".lstm_lab" / "lock"):
        record = Record(work)
        for name, path in _of_lesson(root, word, kinds, langs):
            one = _update(root, work, name, path.read_bytes(), record, bring=lang is not None)
            if one is not None:
                changed.append(one)
                record.save()
    return changed


def _update(
    root: Path, work: Path, name: str, published: bytes, record: Record, *, bring: bool
) -> Changed | None:
    target = work / name
    new = cells.parse(published)
    now = Copied.of(name, published)
    other = _other(root, work, name, record) if bring else None
    known = record.copies.get(name)
    current = target.read_bytes() if target.exists() else None
    mine = new if current is None else _parse(target, current)
    untouched = cells.text_hash(mine) in (now.text, known.text if known else None)
    carried: tuple[str, ...] = ()
    if other is not None and untouched:
        # Ids are the same in both languages: the whole copy moves over, own cells and all.
        joined = join(other[0], other[1], new)
        carried, joined.kept = tuple(joined.kept), []
    else:
        joined = join(mine, known.cells if known else {}, new)
        if other is not None:
            carried = _fill(joined, new, answers(*other, new))
    data = cells.written(joined.notebook)
    if current is None:
        if not place(target, data):
            raise _busy(target)
        record.copies[name] = now
        return Changed(target, None, joined, carried)
    if cells.text_hash(joined.notebook) == cells.text_hash(mine):
        record.copies[name] = now
        return Changed(target, None, joined) if joined.restarted else None
    backup = replace(work, target, data, expect=current)
    if backup is None:
        raise _busy(target)
    record.copies[name] = now
    if known is not None and Copied.of(name, current).data == known.data:
        discard(work, backup)  # nobody had so much as opened it
        backup = None
    return Changed(target, backup, joined, carried)


def _busy(path: Path) -> UserError:
    return UserError(
        _("{path} was saved by another program at this very moment; try again").format(path=path)
    )


def _parse(path: Path, data: bytes) -> cells.Notebook:
    try:
        return cells.parse(data)
    except UserError as error:
        raise UserError(
            _(
                "{path} cannot be read ({why}). `lstm-lab reset {number}` starts it again and "
                "keeps the damaged file"
            ).format(path=path, why=error, number=handle(path.name))
        ) from None


def _other(
    root: Path, work: Path, name: str, record: Record
) -> tuple[cells.Notebook, dict[str, str]] | None:
    """Return the copy in the other language, if the learner has written in it."""
    folder, lang, file = Path(name).parts
    name = f"{folder}/{'zh' if lang == 'en' else 'en'}/{file}"
    path = work / name
    if not path.is_file():
        return None
    mine = _parse(path, path.read_bytes())
    known = record.copies.get(name)
    if known is None and (root / name).is_file():
        known = Copied.of(name, (root / name).read_bytes())
    if known is not None and cells.text_hash(mine) == known.text:
        return None
    return mine, known.cells if known else {}


def _fill(joined: Joined, new: cells.Notebook, given: dict[str, str]) -> tuple[str, ...]:
    """Put answers of the other language where this one has none yet."""
    stubs = {cells.name_of(cell): cells.source_of(cell) for cell in new["cells"]}
    filled = []
    for cell in joined.notebook["cells"]:
        name = cells.name_of(cell)
        if name in given and cells.source_of(cell).rstrip() == stubs.get(name, "").rstrip():
            cell["source"] = given[name].splitlines(keepends=True)
            filled.append(name)
    return tuple(filled)


def reset(
    root: Path,
    word: str,
    *,
    kinds: tuple[str, ...] = ("notebooks", "exercises"),
    lang: str | None = None,
) -> list[Changed]:
    """Start copies again; what was there goes to the backups.

    Parameters and result are those of `update`; copies that are as published are not in it.
    """
    work = work_folder(root)
    langs = (lang,) if lang else ("en", "zh")
    changed = []
    with locked(work / ".lstm_lab" / "lock"):
        record = Record(work)
        for name, path in _of_lesson(root, word, kinds, langs):
            target, published = work / name, path.read_bytes()
            if not target.exists():
                if not place(target, published):
                    raise _busy(target)
                backup = None
            elif target.is_file() and target.read_bytes() == published:
                record.copies[name] = Copied.of(name, published)
                continue
            else:
                backup = replace(work, target, published)
                if backup is None:
                    raise _busy(target)
            record.copies[name] = Copied.of(name, published)
            record.save()
            changed.append(Changed(target, backup))
    return changed
