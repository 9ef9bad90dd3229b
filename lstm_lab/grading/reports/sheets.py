"""Tables that others made and will read: encodings, separators, and text that is never run."""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lstm_lab.errors import UserError
from lstm_lab.grading.text import plain
from lstm_lab.i18n import gettext as _
from lstm_lab.reasons import reason

__all__ = ["Sheet", "cell", "column_key", "quiet", "read_sheet"]

MAX_BYTES = 50 << 20
MAX_CELL = 1 << 20
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_HARMLESS = re.compile(r"[+-]?\d+([.,]\d+)?(e[+-]?\d+)?%?|-+", re.I)


def cell(value: object) -> str:
    """Return a value as a spreadsheet shows it, and never runs it.

    Much of Europe reads a table with ``;`` between its cells, whatever stands there. So each part
    that would be a cell then is looked at as one.

    Examples
    --------
    >>> cell("=1+1"), cell("-3.5"), cell("a\\nb")
    ("'=1+1", '-3.5', 'a b')
    >>> cell("x;=1+1, -2; b")
    "x;'=1+1, -2; b"
    """
    text = _in_one_line(value)
    if text.lstrip(" ").startswith(_FORMULA) and not _HARMLESS.fullmatch(text):
        text = f"'{text}"
    first, *rest = re.split(r"([,;])", text)
    return first + "".join(_guarded(part) for part in rest)


def _in_one_line(value: object) -> str:
    return re.sub(r"[\n\t\r]", " ", plain(str(value)))


def _guarded(part: str) -> str:
    bare = part.lstrip(' "\xa0\u3000')
    if bare.startswith(_FORMULA) and not _HARMLESS.fullmatch(bare.strip()):
        blank = len(part) - len(part.lstrip(" "))
        return f"{part[:blank]}'{part[blank:]}"
    return part


def quiet(text: str) -> str:
    """Return what somebody else wrote as it is, unless a spreadsheet would run it.

    Examples
    --------
    >>> quiet("two\\nlines"), quiet("@SUM(1)")
    ('two\\nlines', "'@SUM(1)")
    """
    escaped = cell(text)
    return text if escaped == _in_one_line(text) and "\t" not in text else escaped


def column_key(text: str) -> str:
    """Return a column's name as it is compared: without case, spaces and punctuation.

    Examples
    --------
    >>> column_key("  SIS_User-ID "), column_key("学 号")
    ('sisuserid', '学号')
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in text if c.isalnum())


@dataclass
class Sheet:
    """A table of texts, and how its file was written.

    Attributes
    ----------
    path : Path
    head : list of str
    rows : list of list of str
        Each as long as the head.
    encoding, delimiter, newline : str
    """

    path: Path
    head: list[str]
    rows: list[list[str]]
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    newline: str = "\r\n"

    def find(self, *names: str) -> int | None:
        """Return the place of the first column with one of these names, in that order."""
        keys = [column_key(one) for one in self.head]
        return next((keys.index(name) for name in names if name in keys), None)

    def listed(self) -> str:
        """Return the names of the columns, for a message."""
        return ", ".join(one for one in self.head if one) or "–"

    def written(self) -> bytes:
        """Return the file: the same encoding, separator and line ends as it was read with."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter=self.delimiter, lineterminator=self.newline)
        writer.writerows([self.head, *self.rows])
        return out.getvalue().encode(self.encoding, "replace")


def read_sheet(path: Path) -> Sheet:
    """Read a CSV file as Excel, Moodle, Canvas and others write it; every cell stays text.

    Raises
    ------
    UserError
        It is not there, too large, not a text, or has no rows.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UserError(
                _("{path}: larger than 50 MB, so no list of a class.").format(path=path)
            )
        raw = path.read_bytes()
    except OSError as error:
        raise UserError(
            _("{path} cannot be read: {why}").format(path=path, why=reason(error))
        ) from None
    if raw[:4] == b"PK\x03\x04":
        raise UserError(
            _("{path} is an Excel file: save it as CSV (“CSV UTF-8”) first.").format(path=path)
        )
    encoding, text = _decoded(path, raw)
    newline = "\r\n" if "\r\n" in text else "\n"
    delimiter = _delimiter(text)
    limit = csv.field_size_limit(MAX_CELL)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise UserError(
            _("{path} is not a CSV file ({why}).").format(path=path, why=error)
        ) from None
    finally:
        csv.field_size_limit(limit)
    rows = [row for row in rows if any(one.strip() for one in row)]
    if not rows:
        raise UserError(_("{path} is empty.").format(path=path))
    width = max(map(len, rows))
    rows = [row + [""] * (width - len(row)) for row in rows]
    return Sheet(path, rows[0], rows[1:], encoding, delimiter, newline)


def _decoded(path: Path, raw: bytes) -> tuple[str, str]:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: Iterable[str] = ["utf-16"]  # Excel's “Unicode text”
    elif raw.startswith(codecs.BOM_UTF8):
        encodings = ["utf-8-sig"]
    else:
        encodings = ["utf-8", "gb18030"]  # Excel on Chinese Windows writes the second
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return encoding, text
    raise UserError(
        _("{path} is not a text file in UTF-8, UTF-16 or GBK; save it as “CSV UTF-8”.").format(
            path=path
        )
    )


def _delimiter(text: str) -> str:
    """Tell the separator by the first line: Excel uses the country's own."""
    line = text.splitlines()[0] if text.strip() else ""
    line = re.sub(r'"[^"]*"', "", line)
    return max((",", ";", "\t"), key=line.count)
