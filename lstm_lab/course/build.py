"""One command from sources to notebooks and catalogues; with `check`, nothing is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from lstm_lab.course import messages
from lstm_lab.course.files import write
from lstm_lab.course.gather import gather
from lstm_lab.course.problems import Problem
from lstm_lab.course.render import render
from lstm_lab.errors import UserError
from lstm_lab.i18n import LANGUAGES
from lstm_lab.i18n import gettext as _
from lstm_lab.layout import BUILT, Layout

__all__ = ["Built", "build"]


@dataclass
class Built:
    """What a build found and did; paths are told from the course root.

    Attributes
    ----------
    problems : list of Problem
        Broken rules; if there is any, no notebook was written.
    written, removed : list of str
        Files that were not as they had to be (with ``check`` they still are not).
    untranslated : list of Problem
        The package's messages without Chinese. Only a check fails on them.
    """

    problems: list[Problem] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    untranslated: list[Problem] = field(default_factory=list)


def build(root: Path, *, check: bool = False, gate: bool = True, draft: bool = False) -> Built:
    """Build the course below `root`.

    Parameters
    ----------
    root : Path
        The course root.
    check : bool
        Write nothing, only tell what a build would change.
    gate : bool
        Also run each exercise's solution, stub and mutants through its tests.
    draft : bool
        Write the notebooks to look at even though rules are broken; no gate.
    """
    if not any(one.lesson.is_file() for one in Layout(root).all):
        # without its sources every notebook would count as one whose source is gone
        raise UserError(
            _("There is nothing to build from here: {path} holds no lesson.").format(
                path=Layout(root).folder
            )
        )
    built = Built()
    files: dict[str, bytes] = {}
    if (root / "lstm_lab" / "locale").is_dir():
        catalogues, wrong, built.untranslated = messages.catalogues(root)
        built.problems += wrong
        files |= catalogues
    course, problems = gather(root)
    built.problems += problems
    stale: list[str] = []
    if draft or not problems:
        notebooks = render(course)
        files |= notebooks
        stale = [
            path.relative_to(root).as_posix()
            for folder in BUILT.values()
            for lang in LANGUAGES
            for path in sorted((root / folder / lang).glob("*.ipynb"))
            if path.relative_to(root).as_posix() not in notebooks
        ]
        if gate and not draft:
            from lstm_lab.course.gate import check_exercises

            built.problems += check_exercises(course, notebooks, root)
            if built.problems:
                files = {name: data for name, data in files.items() if name not in notebooks}
                stale = []
    for name, data in sorted(files.items()):
        path = root / name
        if not path.is_file() or path.read_bytes() != data:
            built.written.append(name)
            if not check:
                write(path, data)
    for name in stale:
        built.removed.append(name)
        if not check:
            (root / name).unlink()
    return built


def summary(built: Built, *, check: bool) -> str:
    """Say in lines for a person what was built, or what is not as it should be."""
    lines = [str(problem) for problem in sorted(set(built.problems))]
    if check:
        lines += [
            _("{path}: differs from what its source gives; run lstm-lab build").format(path=path)
            for path in built.written
        ]
        lines += [
            _("{path}: has no source any more; run lstm-lab build").format(path=path)
            for path in built.removed
        ]
        lines += [str(problem) for problem in built.untranslated]
    else:
        lines += [_("built {path}").format(path=path) for path in built.written]
        lines += [_("removed {path}").format(path=path) for path in built.removed]
        if built.untranslated:
            lines.append(
                _("{n} messages still lack their Chinese: {path}").format(
                    n=len(built.untranslated), path=built.untranslated[0].path
                )
            )
    return "\n".join(lines)
