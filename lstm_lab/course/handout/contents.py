"""What goes into a handout: a list of what may, so that nothing else ever does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lstm_lab.course import cells
from lstm_lab.course.copies import published_files
from lstm_lab.i18n import LANGUAGES
from lstm_lab.layout import Layout

__all__ = ["contents", "learners_part", "one_language"]

_AS_THEY_ARE = ("lab.py", "LICENSE", "pyproject.toml", "environment.yml", ".gitignore")
_READMES = {"en": "README.md", "zh": "README.zh.md"}
_NOT_SHIPPED = {"__pycache__"}
_LEFT_OUT = re.compile(r"<!-- handout: leave out -->.*?<!-- handout: go on -->\n?", re.S)
_INSTEAD = re.compile(r"<!-- handout: instead\n(.*?)-->\n?", re.S)
_PICTURE = re.compile(r"!\[[^\]]*\]\((?P<path>[^)\s]+)\)")
_OTHER_LANGUAGE = re.compile(r"( · )?\[(English|中文)\]\([^)]*\)")


def contents(root: Path, langs: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each file of a handout, but for the expected values.

    Parameters
    ----------
    root : Path
        The course root.
    langs : tuple of str
        The languages of lessons and exercises.
    """
    for name in _AS_THEY_ARE:
        if (root / name).is_file():
            yield name, (root / name).read_bytes()
    yield from _readmes(root, langs)
    for name, path in published_files(root):
        lang = Path(name).parts[1]
        if lang in LANGUAGES and lang not in langs:
            continue
        data = path.read_bytes()
        if len(langs) == 1 and name.endswith(".ipynb"):
            data = one_language(data)
        yield name, data
    for path in sorted((root / "lstm_lab").rglob("*")):
        inside = path.relative_to(root)
        hidden = any(part in _NOT_SHIPPED or part.startswith(".") for part in inside.parts)
        if path.is_file() and not hidden and path.suffix != ".pyc":
            yield inside.as_posix(), path.read_bytes()
    for path in Layout(root).handed_out():
        yield path.relative_to(root).as_posix(), path.read_bytes()


def learners_part(readme: str) -> str:
    """Return a README without what is for instructors and authors.

    Examples
    --------
    >>> learners_part(
    ...     "<!-- handout: leave out -->\\n# Two commands\\n<!-- handout: go on -->\\n"
    ...     "<!-- handout: instead\\n# One command\\n-->\\n"
    ...     "…\\n"
    ... )
    '# One command\\n…\\n'
    """
    return _INSTEAD.sub(lambda found: found[1], _LEFT_OUT.sub("", readme))


def _readmes(root: Path, langs: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    pictures = set()
    for lang in langs:
        path = root / _READMES[lang]
        if not path.is_file():
            continue
        text = learners_part(path.read_text("utf-8"))
        if len(langs) == 1:
            # the only one, so under the name that everybody looks for, and without its sibling
            text = re.sub(r"^\[(English|中文)\]\(README[^)]*\)\n\n?", "", text, flags=re.M)
            yield "README.md", text.encode()
        else:
            yield _READMES[lang], text.encode()
        pictures |= {found["path"] for found in _PICTURE.finditer(text)}
    for name in sorted(pictures):
        if (root / name).is_file():
            yield name, (root / name).read_bytes()


def one_language(notebook: bytes) -> bytes:
    """Return a notebook without the link to its other language, which is not there."""
    parsed = cells.parse(notebook)
    first = parsed["cells"][0] if parsed["cells"] else {}
    if first.get("cell_type") == "markdown":
        text = cells.source_of(first)
        row, newline, rest = text.partition("\n")
        row = _OTHER_LANGUAGE.sub("", row).removeprefix(" · ")
        first["source"] = (row + newline + rest).splitlines(keepends=True)
    return cells.written(parsed)
