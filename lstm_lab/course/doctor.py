"""Look at this machine as the course sees it, and say what to do about what is wrong."""

from __future__ import annotations

import html
import importlib
import importlib.metadata
import os
import platform
import shutil
import sys
import tomllib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lstm_lab import __version__
from lstm_lab.i18n import gettext as _
from lstm_lab.i18n import language
from lstm_lab.paths import find_course_root, work_folder

__all__ = ["Finding", "Findings", "doctor"]

OK, NOTE, BAD = "ok", "note", "bad"
NEEDED_PYTHON = (3, 11)
OPTIONAL = ("numba",)
CHINESE_FONTS = (
    "Noto Sans CJK",
    "Noto Serif CJK",
    "Source Han Sans",
    "WenQuanYi",
    "PingFang",
    "Hiragino Sans GB",
    "Heiti",
    "Songti",
    "Microsoft YaHei",
    "SimHei",
    "SimSun",
)


@dataclass(frozen=True)
class Finding:
    """One line of the report: `state` is ``"ok"``, ``"note"`` or ``"bad"``."""

    name: str
    value: str
    state: str = OK
    advice: str = ""


class Findings(list[Finding]):
    """The report; printed it is a text, in a notebook a table."""

    @property
    def good(self) -> bool:
        """True if nothing is wrong."""
        return all(finding.state != BAD for finding in self)

    def __str__(self) -> str:
        width = max(_columns(finding.name) for finding in self)
        lines = []
        for finding in self:
            gap = " " * (width - _columns(finding.name))
            lines.append(f"{_mark(finding.state)} {finding.name}{gap}  {finding.value}")
            if finding.advice:
                lines.append(f"  {' ' * width}  → {finding.advice}")
        return "\n".join([*lines, "", self.summary()])

    def summary(self) -> str:
        """Say it all in a sentence."""
        bad = [finding.name for finding in self if finding.state == BAD]
        if bad:
            return _("To be mended: {names}").format(names=", ".join(bad))
        return _("Everything the course needs is here.")

    def _repr_html_(self) -> str:
        rows = []
        for finding in self:
            advice = f"<br><em>{html.escape(finding.advice)}</em>" if finding.advice else ""
            rows.append(
                f'<tr><td style="text-align:left">{_mark(finding.state)}</td>'
                f'<th scope="row" style="text-align:left">{html.escape(finding.name)}</th>'
                f'<td style="text-align:left">{html.escape(finding.value)}{advice}</td></tr>'
            )
        body = "".join(rows)
        return f"<table><caption>{html.escape(self.summary())}</caption>{body}</table>"

    def __repr__(self) -> str:
        return str(self)


def doctor(root: Path | None = None) -> Findings:
    """Look at Python, packages, PyTorch, fonts, the learner's copies and the disk.

    Examples
    --------
    >>> from lstm_lab.course.doctor import doctor
    >>> report = doctor()
    >>> [finding.state for finding in report if finding.name == "Python"]
    ['ok']
    """
    root = root or find_course_root()
    looks: tuple[Callable[[Path | None], Iterator[Finding]], ...] = (
        _course,
        _python,
        _packages,
        _torch,
        _grading,
        _fonts,
        _work,
    )
    found = Findings()
    for look in looks:
        try:
            found.extend(look(root))
        except Exception as error:  # a doctor must not fall ill: say it and look on
            name = look.__name__.strip("_")
            found.append(Finding(name, f"{type(error).__name__}: {error}", BAD))
    return found


def _course(root: Path | None) -> Iterator[Finding]:
    if root is None:
        advice = _("Run this inside the LSTM Lab folder, or name it in LSTM_LAB_ROOT.")
        yield Finding("LSTM Lab", __version__, BAD, advice)
        return
    yield Finding("LSTM Lab", _("{version} in {root}").format(version=__version__, root=root))
    yield Finding(_("language"), {"en": "English", "zh": "中文"}[language()])


def _python(root: Path | None) -> Iterator[Finding]:
    said = f"{platform.python_version()} ({sys.executable})"
    if sys.version_info < NEEDED_PYTHON:
        yield Finding("Python", said, BAD, _("LSTM Lab needs Python 3.11 or newer."))
    elif root is not None and (root / ".venv").is_dir() and not _inside(root / ".venv"):
        advice = _("This is not the course's own environment; `python3 lab.py` opens that.")
        yield Finding("Python", said, NOTE, advice)
    else:
        yield Finding("Python", said)
    cores = _("{n} processors").format(n=os.cpu_count())
    yield Finding(_("machine"), f"{platform.system()} {platform.machine()}, {cores}")


def _inside(folder: Path) -> bool:
    return Path(sys.prefix).resolve() == folder.resolve()


def _packages(root: Path | None) -> Iterator[Finding]:
    from packaging.requirements import Requirement

    for line in _requirements(root):
        requirement = Requirement(line)
        name = requirement.name
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            if name in OPTIONAL:
                advice = _("Everything works without it; small loops run slower.")
                yield Finding(name, _("not installed"), NOTE, advice)
            else:
                yield Finding(name, _("not installed"), BAD, _("Run `python3 lab.py setup`."))
            continue
        if requirement.specifier.contains(version, prereleases=True):
            yield Finding(name, version)
        else:
            text = _("{version}, but {needed} is needed")
            said = text.format(version=version, needed=requirement.specifier)
            yield Finding(name, said, BAD, _("Run `python3 lab.py setup`."))


def _requirements(root: Path | None) -> list[str]:
    path = root / "pyproject.toml" if root else None
    if path is None or not path.is_file():
        return ["numpy", "torch", "matplotlib", "jupyterlab", "anywidget", *OPTIONAL]
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *project.get("optional-dependencies", {}).get("fast", [])]


def _torch(root: Path | None) -> Iterator[Finding]:
    try:
        torch = importlib.import_module("torch")
    except ImportError as error:
        yield Finding("PyTorch", str(error), BAD, _("Run `python3 lab.py setup`."))
        return
    kind = _("with CUDA") if torch.version.cuda else _("for CPU")
    threads = torch.get_num_threads()
    works = float((torch.ones(3) @ torch.ones(3)).item()) == 3.0
    said = _("{kind}, {n} threads (lessons use one: small networks run faster so)")
    yield Finding("PyTorch", said.format(kind=kind, n=threads), OK if works else BAD)


def _grading(root: Path | None) -> Iterator[Finding]:
    from lstm_lab.grading import isolation_level

    level = isolation_level()
    if "landlock" in level or "namespaces" in level:
        yield Finding(_("grading"), level)
        return
    advice = _("Feedback works; let `grade` run trusted submissions only.")
    yield Finding(_("grading"), level, NOTE, advice)


def _fonts(root: Path | None) -> Iterator[Finding]:
    manager = importlib.import_module("matplotlib.font_manager")
    names = sorted({font.name for font in manager.fontManager.ttflist})
    found = [name for name in names if name.startswith(CHINESE_FONTS)]
    name = _("Chinese font")
    if found:
        yield Finding(name, found[0])
    else:
        advice = _("Only needed for Chinese inside your own matplotlib figures.")
        yield Finding(name, _("none"), NOTE, advice)


def _work(root: Path | None) -> Iterator[Finding]:
    if root is None:
        return
    work = work_folder(root)
    name = _("your copies")
    if not work.is_dir():
        yield Finding(name, _("none yet; the first `python3 lab.py` makes them"), NOTE)
    elif not os.access(work, os.W_OK):
        advice = _("The course needs to write there.")
        yield Finding(name, str(work), BAD, advice)
    else:
        notebooks = [path for path in work.rglob("*.ipynb") if ".lstm_lab" not in path.parts]
        backups = sum("backups" in path.parts for path in notebooks)
        text = _("{n} notebooks and {backups} backups in {work}")
        yield Finding(name, text.format(n=len(notebooks) - backups, backups=backups, work=work))
    free = shutil.disk_usage(root).free / 1e9
    said = _("{free} GB free").format(free=f"{free:.1f}")
    advice = _("Notebooks may fail to be saved.") if free < 0.2 else ""
    yield Finding(_("disk"), said, BAD if free < 0.2 else OK, advice)


def _mark(state: str) -> str:
    return {OK: "✓", NOTE: "·", BAD: "✗"}[state]


def _columns(text: str) -> int:
    """Return the columns that a text takes in a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
