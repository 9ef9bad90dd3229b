"""Relative links must lead to something, also from a learner's copy."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from urllib.parse import unquote

from lstm_lab.course.markdown import headings, links
from lstm_lab.course.problems import Problem
from lstm_lab.course.source import Source
from lstm_lab.i18n import LANGUAGES
from lstm_lab.i18n import gettext as _
from lstm_lab.layout import BUILT, COPIED, Layout, split_name

__all__ = ["check_links"]

_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def check_links(sources: list[Source], layout: Layout) -> list[Problem]:
    """Check every relative link in prose, from the place where the notebook will lie.

    A source links to a lesson by its slug, ``rnn.ipynb``; the number is put in by the build.
    """
    anchors = {
        f"{BUILT[source.kind]}/{lang}/{source.slug}.ipynb": _anchors(source, lang)
        for source in sources
        for lang in LANGUAGES
    }
    problems = []
    for source in sources:
        for cell in source.cells:
            if cell.kind != "markdown" or cell.lang is None:
                continue
            own = f"{BUILT[source.kind]}/{cell.lang}/{source.slug}.ipynb"
            for link in links(cell.text):
                text = _wrong(link.target, own, cell.lang, anchors, layout)
                if text:
                    problems.append(Problem(source.path, cell.first + link.line, text))
    return problems


def _anchors(source: Source, lang: str) -> set[str]:
    # JupyterLab's anchor of a heading is its words joined by hyphens.
    return {
        words.replace(" ", "-")
        for cell in source.cells
        if cell.kind == "markdown" and cell.lang == lang
        for _level, words, _line in headings(cell.text)
    }


def _wrong(
    target: str, own: str, lang: str, anchors: dict[str, set[str]], layout: Layout
) -> str | None:
    if _ELSEWHERE.match(target) or target.startswith("//"):
        return None
    path, _hash, anchor = unquote(target).partition("#")
    full = posixpath.normpath(posixpath.join(posixpath.dirname(own), path)) if path else own
    if full.partition("/")[0] not in COPIED:
        return _(
            "the link {target} leaves notebooks/ and exercises/, and would be broken in the "
            "learner's copies"
        ).format(target=target)
    number, slug = split_name(full)
    if number and layout.find(slug):
        return _("the link {target} has a number in it, which may change: write {instead}").format(
            target=target, instead=target.replace(f"{number}_{slug}", slug)
        )
    if full not in anchors and not _is_file(layout.root, full):
        return _("the link {target} leads nowhere: there is no {full}").format(
            target=target, full=full
        )
    other = "zh" if lang == "en" else "en"
    if f"/{other}/" in full:
        return _("the link {target} leads to the other language").format(target=target)
    if anchor and full in anchors and anchor not in anchors[full]:
        return _("there is no heading {anchor} in {full}").format(anchor=repr(anchor), full=full)
    return None


def _is_file(root: Path, full: str) -> bool:
    # Name by name, since Windows and macOS would accept another case.
    folder = root
    for part in full.split("/"):
        if not folder.is_dir() or part not in {entry.name for entry in folder.iterdir()}:
            return False
        folder = folder / part
    return folder.is_file()
