"""One source file of a lesson, exercise or appendix: a YAML header, then cells (py:percent)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import Any

from lstm_lab.course.problems import Problem
from lstm_lab.document.header import Header, is_count, read_header
from lstm_lab.document.percent import read_percent, uncommented
from lstm_lab.i18n import LANGUAGES
from lstm_lab.i18n import gettext as _
from lstm_lab.layout import Lesson

__all__ = ["KINDS", "Cell", "Source", "read_source"]

# `price.draw` is a part of the cell `price`: its id shifts those of no others
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
# What a folded cell may be (`lstm_lab.course.folds`)
KINDS = ("guess", "reveal", "imports", "check", "widget", "draw")
_OPTIONS = {
    "markdown": {"lang"},
    "code": {"name", "task", "minutes", "difficulty", "kind", "show"},
}


@dataclass(frozen=True)
class Cell:
    """A cell with the line of its mark (`line`) and of its first own line (`first`).

    `fold` is the kind that the author gave it, `show` that it stands open whatever it is.
    """

    kind: str
    text: str
    line: int
    first: int
    lang: str | None = None
    name: str | None = None
    task: bool = False
    minutes: int = 0
    difficulty: int = 0
    fold: str | None = None
    show: bool = False


@dataclass(frozen=True)
class Source:
    """A lesson or an exercise as its author wrote it.

    A lesson without a number is an **appendix**: read when it is needed, it has no exercise and
    stands outside the row of lessons.
    """

    kind: str
    path: str
    lesson: Lesson
    header: Header
    cells: list[Cell]
    version: str
    problems: list[Problem] = field(default_factory=list)

    @property
    def number(self) -> str:
        """Its number today, ``01``; an appendix has none."""
        return self.lesson.number

    @property
    def slug(self) -> str:
        """Its key, ``rnn``."""
        return self.lesson.slug

    @property
    def name(self) -> str:
        """The name of the notebooks built from it, ``01_rnn``; ``toolbox`` (appendix)."""
        return self.lesson.name

    @property
    def appendix(self) -> bool:
        return not self.number

    @property
    def tasks(self) -> list[Cell]:
        """The task cells, in order."""
        return [cell for cell in self.cells if cell.task]

    @property
    def minutes(self) -> int:
        """Reading time of a lesson; for an exercise the sum over its tasks."""
        if self.kind == "exercise":
            return sum(cell.minutes for cell in self.tasks)
        return self.header.minutes


def read_source(lesson: Lesson, kind: str) -> Source:
    """Read one source; what breaks a rule of form is collected in ``problems``.

    Parameters
    ----------
    lesson : Lesson
        The file is ``lesson.lesson`` or ``lesson.exercise``.
    kind : {"lesson", "exercise"}
        An exercise may say more in its header, and has tasks.
    """
    path = lesson.exercise if kind == "exercise" else lesson.lesson
    where = lesson.inside(path)
    problems: list[Problem] = []
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        problems.append(Problem(where, line, _("this line is not UTF-8")))
        text = path.read_bytes().decode("utf-8", errors="replace")
    text = text.replace("\r\n", "\n")
    header, of_header = read_header(text, kind)
    problems += [Problem(where, line, sentence) for line, sentence in of_header]
    cells = _read_cells(text, where, problems)
    _check_names(cells, where, kind, problems)
    if kind == "exercise":
        total = sum(cell.minutes for cell in cells if cell.task)
        if header.minutes not in (0, total):
            problems.append(
                Problem(
                    where,
                    1,
                    _(
                        "the tasks add up to {total} minutes, the header says {said}: "
                        "leave minutes out of an exercise's header"
                    ).format(total=total, said=header.minutes),
                )
            )
    return Source(
        kind=kind,
        path=where,
        lesson=lesson,
        header=header,
        cells=cells,
        version=hashlib.sha256(text.encode()).hexdigest()[:12],
        problems=problems,
    )


def _read_cells(text: str, where: str, problems: list[Problem]) -> list[Cell]:
    found = read_percent(text)
    lines = text.split("\n")
    end = lines.index("# ---", 1) if lines[0] == "# ---" and "# ---" in lines[1:] else -1
    between = found.above.split("\n")[end + 1 :]
    if any(line.strip() for line in between):
        problems.append(
            Problem(where, end + 2, _("every cell must begin with a '# %%' line of its own"))
        )
        return []
    cells = []
    for one in found.cells:
        own = lines[one.line :]
        blank = next((n for n, line in enumerate(own) if line.strip()), 0)
        text = uncommented(one.text) if one.kind == "markdown" else one.text
        cells.append(
            _cell(
                one.kind,
                text.strip("\n").rstrip(),
                one.line,
                one.line + 1 + blank,
                one.options,
                where,
                problems,
            )
        )
    return cells


def _cell(
    kind: str,
    text: str,
    line: int,
    first: int,
    options: dict[str, Any],
    where: str,
    problems: list[Problem],
) -> Cell:
    def wrong(sentence: str) -> None:
        problems.append(Problem(where, line, sentence))

    if kind not in _OPTIONS:
        wrong(_("raw cells are not used: write [markdown] with a lang, or code"))
        return Cell("code", "", line, first)
    for key in sorted(set(options) - _OPTIONS[kind]):
        wrong(
            _("unknown cell option {key}; a {kind} cell may have: {known}").format(
                key=repr(key), kind=kind, known=", ".join(sorted(_OPTIONS[kind]))
            )
        )
    if not text.strip():
        wrong(_("the cell is empty"))
    if kind == "markdown":
        lang = options.get("lang")
        if lang not in LANGUAGES:
            wrong(_('a Markdown cell must say lang="en" or lang="zh"'))
            lang = None
        return Cell(kind, text, line, first, lang=lang)
    name = options.get("name")
    if name is not None and not (isinstance(name, str) and _NAME.fullmatch(name)):
        wrong(_("a cell's name is made of lower-case letters, digits and underscores"))
        name = None
    task = options.get("task", False)
    minutes, difficulty = options.get("minutes", 0), options.get("difficulty", 0)
    if task is not False:
        if task is not True:
            wrong(_("task must be true where it stands"))
        if name is None:
            wrong(_('a task cell must have a name: name="rnn_step" (the function it asks for)'))
        if not is_count(minutes) or minutes == 0:
            wrong(_("a task cell must say how many minutes it takes: minutes=8"))
            minutes = 0
        if difficulty not in (1, 2, 3, 4, 5) or isinstance(difficulty, bool):
            wrong(_("a task cell must say how difficult it is, 1 to 5: difficulty=2"))
            difficulty = 1
    elif "minutes" in options or "difficulty" in options:
        wrong(_("minutes and difficulty belong to task cells: is task=true missing?"))
    fold, show = options.get("kind"), options.get("show", False)
    if fold is not None and fold not in KINDS:
        wrong(_("kind is one of {known}").format(known=", ".join(KINDS)))
        fold = None
    if show not in (True, False) or (show and fold):
        wrong(_("show must be true where it stands, without a kind"))
        show = False
    return Cell(
        kind,
        text,
        line,
        first,
        name=name,
        task=task is not False,
        minutes=minutes,
        difficulty=difficulty,
        fold=fold,
        show=show,
    )


def _check_names(cells: list[Cell], where: str, kind: str, problems: list[Problem]) -> None:
    names = {cell.name for cell in cells}
    first_line: dict[str, int] = {}
    for cell in cells:
        if cell.name in first_line:
            problems.append(
                Problem(
                    where,
                    cell.line,
                    _("the name {name} is already that of the cell in line {line}").format(
                        name=repr(cell.name), line=first_line[cell.name]
                    ),
                )
            )
        elif cell.name:
            first_line[cell.name] = cell.line
        part = (cell.name or "").partition(".")
        if part[1] and (cell.task or part[0] not in names):
            text = _("a name with a dot is a part of a cell: there is no cell {name}")
            problems.append(Problem(where, cell.line, text.format(name=repr(part[0]))))
        if cell.task and kind != "exercise":
            problems.append(Problem(where, cell.line, _("tasks belong into exercise.py")))
    if kind == "exercise" and not any(cell.task for cell in cells):
        problems.append(Problem(where, 1, _("the exercise has no task cell")))
