"""Which notebooks become pages, under which names, and where their links lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lstm_lab.course.catalogue import published
from lstm_lab.course.files import write
from lstm_lab.errors import UserError
from lstm_lab.i18n import LANGUAGES
from lstm_lab.i18n import gettext as _
from lstm_lab.layout import BUILT

__all__ = ["Page", "export", "find_pages"]


@dataclass(frozen=True)
class Page:
    """A notebook to be exported: a page of the course at `root`, or (None) any other."""

    source: Path
    lang: str
    title: str
    root: Path | None


def find_pages(names: Sequence[str], langs: Iterable[str], root: Path | None) -> list[Page]:
    """Return the pages that are meant: a lesson's name or number, ``all``, or a notebook's path.

    Parameters
    ----------
    names : sequence of str
    langs : iterable of {"en", "zh"}
    root : Path, optional
        The course; needed for all but paths.
    """
    found: list[Page] = []
    for name in names:
        if name.endswith(".ipynb"):
            path = Path(name)
            if not path.is_file():
                raise UserError(_("{path}: there is no such file").format(path=name))
            folder = path.resolve().parent.name
            lang = folder if folder in LANGUAGES else next(iter(langs))
            found.append(Page(path, lang, path.stem, None))
            continue
        if root is None:
            raise UserError(_("No course found here; name the notebook's file instead."))
        for lang in langs:
            pages = published(root, "lesson", lang)
            chosen = [one for one in pages if name in ("all", one.slug, one.number or one.slug)]
            if not chosen:
                known = ", ".join(one.slug for one in pages)
                raise UserError(
                    _("{name}: expected one of {known}, all, or a notebook's file").format(
                        name=repr(name), known=known
                    )
                )
            found += [
                Page(root / one.path, lang, f"{one.number} {one.title}".strip(), root)
                for one in chosen
            ]
    return list(dict.fromkeys(found))


def export(pages: Sequence[Page], out: Path) -> Iterator[Path]:
    """Execute each page and write it to ``OUT/LANG/NAME.html``; yield the files.

    An `out` that ends in .html is the file itself, for a single page.
    """
    from lstm_lab.export.execute import executed
    from lstm_lab.export.page import page

    single = out.suffix == ".html"
    if single and len(pages) != 1:
        raise UserError(
            _("--out: expected a folder for {n} pages, found the file {path}").format(
                n=len(pages), path=out
            )
        )
    targets = [out if single else out / one.lang / f"{one.source.stem}.html" for one in pages]
    for one, target in zip(pages, targets, strict=True):
        notebook = executed(one.source, one.lang, one.root)

        def link(address: str, here: Path = target) -> str | None:
            return _link(address, here, targets)

        text = page(notebook, title=one.title, lang=one.lang, link=link)
        write(target, text.encode())
        yield target


def _link(address: str, here: Path, targets: Sequence[Path]) -> str | None:
    """Where a link leads from the page `here`: to a page that there is, or nowhere."""
    path, mark, anchor = address.partition("#")
    if not path or "://" in path or path.startswith("mailto:"):
        return address
    if not path.endswith(".ipynb"):
        return None
    parts = Path(path).parts
    if {BUILT["exercise"], BUILT["solution"]} & set(parts):
        return None
    lang = next((part for part in parts if part in LANGUAGES), here.parent.name)
    page = here.parent.parent / lang / f"{Path(path).stem}.html"
    if page not in targets and not page.exists():
        return None
    beside = "" if lang == here.parent.name else f"../{lang}/"
    return f"{beside}{page.name}{mark}{anchor}"
