"""Read code cells from a notebook or a Python file, whoever wrote it; nothing is run."""

from __future__ import annotations

import contextlib
import json
import os
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lstm_lab.document.notebook import cells_of, facts_of, loads, source_of, task_of
from lstm_lab.document.percent import has_header, read_percent
from lstm_lab.errors import UserError
from lstm_lab.grading.messages.feedback import Said, say
from lstm_lab.i18n import language
from lstm_lab.layout import split_name

__all__ = ["CodeCell", "Document", "NotReadable", "parse_document", "read_bytes", "read_document",
           "readable", "suffix_of"]  # fmt: skip

MAX_BYTES = 20 << 20
# what crosses to a grader in one frame
MAX_CELLS = 4_000
MAX_SOURCE = 1 << 18
MAX_CODE = 3 << 18


class NotReadable(UserError):
    """The file is no submission; its text says why, in `said` in both languages."""

    def __init__(self, said: Said) -> None:
        self.said = said
        super().__init__(said[language()])


@dataclass(frozen=True)
class CodeCell:
    """One code cell; `name` is set where our own metadata call it a task cell."""

    source: str
    label: str
    name: str | None = None


@dataclass(frozen=True)
class Document:
    """The code cells of a file, what it says of itself, and the cells too long to be read."""

    path: Path
    cells: tuple[CodeCell, ...]
    facts: dict[str, Any] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def notes(self) -> list[Said]:
        """What a person should know of how it was read."""
        return [
            say("{cell}: longer than {n:,} characters, and not read", cell=label, n=MAX_SOURCE)
            for label in self.left_out
        ]

    @property
    def number(self) -> str | None:
        """The exercise number that its metadata name, if any."""
        number = self.facts.get("number")
        return number if isinstance(number, str) and re.fullmatch(r"\d\d", number) else None

    @property
    def slug(self) -> str | None:
        """The exercise that its metadata name, if they are ours: sure, whatever its number was."""
        slug = self.facts.get("slug") if "kind" in self.facts else None
        return slug if isinstance(slug, str) else None

    @property
    def tasks(self) -> list[str]:
        """Names of the task cells, in order, each once."""
        return list(dict.fromkeys(cell.name for cell in self.cells if cell.name))

    def wire(self) -> list[dict[str, Any]]:
        """Return the cells as they cross to a worker."""
        return [{"source": c.source, "name": c.name, "label": c.label} for c in self.cells]


def readable(name: str) -> str:
    """Return a file's name as text: on a disk it may be in GBK, or no text at all.

    Examples
    --------
    >>> readable("张三.ipynb")
    '张三.ipynb'
    """
    try:
        raw = os.fsencode(name)
    except UnicodeEncodeError:  # no name of a file in this locale, so it is text already
        return _writable(name)
    for encoding in ("utf-8", "gb18030"):
        with contextlib.suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode("utf-8", "replace")


def suffix_of(path: Path) -> str:
    """Return the ending that tells the kind; browsers save notebooks as .ipynb.json and .txt.

    Examples
    --------
    >>> suffix_of(Path("01_rnn.ipynb.txt")), suffix_of(Path("RNN.PY")), suffix_of(Path("a.json"))
    ('.ipynb', '.py', '.json')
    """
    name = path.name.lower()
    for more in (".json", ".txt"):
        if name.endswith(f".ipynb{more}"):
            return ".ipynb"
    return os.path.splitext(name)[1]


def read_document(path: Path) -> Document:
    """Read a .ipynb or .py file.

    Raises
    ------
    NotReadable
        One sentence, for a file that is missing, too large, or not what its name says.
    """
    path = Path(path)
    return parse_document(path, read_bytes(path))


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file that may be a submission; raises as `read_document` does."""
    try:
        if not path.is_file():
            raise NotReadable(say("{path}: there is no such file.", path=readable(path.name)))
        if path.stat().st_size > MAX_BYTES:
            raise NotReadable(
                say("{path}: larger than 20 MB; clear its outputs.", path=readable(path.name))
            )
        return path.read_bytes()
    except OSError as error:
        raise NotReadable(
            say("{path}: cannot be read ({why}).", path=readable(path.name), why=error.strerror)
        ) from None


def parse_document(path: Path, raw: bytes) -> Document:
    """Like `read_document`, for bytes at hand; `path` tells name and kind."""
    suffix = suffix_of(path)
    if suffix in (".ipynb", ".py"):
        notebook = suffix == ".ipynb"
        document = _notebook(path, raw) if notebook else _python(path, _text(path, raw))
        # data pasted into a cell of its own is no reason to leave the answers unread
        long = tuple(cell for cell in document.cells if len(cell.source) > MAX_SOURCE)
        document = replace(
            document,
            cells=tuple(cell for cell in document.cells if cell not in long),
            left_out=tuple(cell.label.strip("<>") for cell in long),
        )
        if (long and not document.cells) or len(json.dumps(document.wire())) > MAX_CODE:
            raise NotReadable(
                say("{path}: more code than any answer needs.", path=readable(path.name))
            )
        return document
    raise NotReadable(
        say("{path}: neither a notebook (.ipynb) nor Python (.py).", path=readable(path.name))
    )


def _text(path: Path, raw: bytes) -> str:
    # as JSON's own rule tells UTF-16 and UTF-32, with a mark in front or without
    for encoding in (json.detect_encoding(raw), "utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise NotReadable(say("{path}: not a text file.", path=readable(path.name)))


def _notebook(path: Path, raw: bytes) -> Document:
    try:
        data = loads(_text(path, raw).encode("utf-8", "replace"))
    except (NotReadable, ValueError):
        data = {}
    if not data:
        text = say(
            "{path}: not a Jupyter notebook (it is not valid JSON).", path=readable(path.name)
        )
        raise NotReadable(text)
    cells = cells_of(data)
    if cells is None or len(cells) > MAX_CELLS:
        raise NotReadable(
            say(
                "{path}: not a Jupyter notebook (it has no list of cells).",
                path=readable(path.name),
            )
        )
    found = tuple(
        CodeCell(_writable(source_of(cell)), f"<cell {position}>", task_of(cell))
        for position, cell in enumerate(cells, 1)
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    )
    return Document(path, found, facts_of(data))


def _python(path: Path, text: str) -> Document:
    """Read py:percent (as our own sources are written) or one plain module."""
    if text.count("%%") > 10 * MAX_CELLS:
        raise NotReadable(say("{path}: more code than any answer needs.", path=readable(path.name)))
    number, slug = split_name(path.name)
    facts = {"number": number, "slug": slug} if number else {}
    found = read_percent(text)
    if not found.cells:
        return Document(path, (CodeCell(_writable(text), "<file>"),), facts)
    cells: list[CodeCell] = []
    if found.above.strip() and not has_header(found.above):
        cells.append(CodeCell(_writable(found.above), "<cell 0>"))
    for position, cell in enumerate(found.cells, 1):
        if cell.kind == "code":
            name = cell.options.get("name") if cell.options.get("task") is True else None
            task = name if isinstance(name, str) and name.isidentifier() else None
            cells.append(CodeCell(_writable(cell.text), f"<cell {position}>", task))
    return Document(path, tuple(cells), facts)


def _writable(text: str) -> str:
    """Return the text without lone surrogates (JSON may hold them, UTF-8 may not)."""
    return text.encode("utf-8", "replace").decode("utf-8")
