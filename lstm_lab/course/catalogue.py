"""The published course, as its notebooks say: no sources, nothing but JSON is read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from lstm_lab.course.cells import parse, source_of
from lstm_lab.errors import UserError
from lstm_lab.layout import BUILT

__all__ = ["Published", "published"]

_PREDICT = re.compile(r"\bPredict\(\s*[\"']([^\"']+)[\"']")


@dataclass(frozen=True)
class Published:
    """A lesson, exercise or solution in one language.

    Attributes
    ----------
    kind, number, slug, lang, title : str
        The number is empty for an appendix.
    minutes : int
    path : str
        From the course root, and in the same way from `work/`.
    points : dict
        For each task its points (exercises and solutions).
    predictions : tuple of str
        The ids of the predictions that it asks for, in order.
    """

    kind: str
    number: str
    slug: str
    lang: str
    title: str
    minutes: int
    path: str
    points: dict[str, float]
    predictions: tuple[str, ...]


def published(root: Path, kind: str, lang: str) -> list[Published]:
    """Return what is published of a kind in a language, by number; appendices come last.

    A file that is not a notebook of the course is passed over.
    """
    found = []
    for path in sorted((root / BUILT[kind] / lang).glob("*.ipynb")):
        try:
            notebook = parse(path.read_bytes())
            facts = notebook["metadata"]["lstm_lab"]
            code = (source_of(c) for c in notebook["cells"] if c.get("cell_type") == "code")
            found.append(
                Published(
                    kind=kind,
                    number=str(facts["number"]),
                    slug=str(facts["slug"]),
                    lang=lang,
                    title=str(facts["title"]),
                    minutes=int(facts["minutes"]),
                    path=path.relative_to(root).as_posix(),
                    points=dict(facts.get("points") or {}),
                    predictions=tuple(name for text in code for name in _PREDICT.findall(text)),
                )
            )
        except (OSError, UserError, KeyError, TypeError, ValueError):
            continue
    return sorted(found, key=lambda one: (not one.number, one.number, one.slug))
