"""Execute notebooks and write each as one HTML file that works without a network."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from lstm_lab.i18n import LANGUAGES, language
from lstm_lab.i18n import gettext as _
from lstm_lab.paths import find_course_root, work_folder

HELP = "write a lesson as one HTML file, its widgets at work, without a network"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "pages",
        nargs="+",
        metavar="NN",
        help=_("name or number of a lesson, all, or a notebook's file"),
    )
    parser.add_argument(
        "--lang", nargs="+", choices=LANGUAGES, help=_("languages (default: yours)")
    )
    parser.add_argument(
        "--out",
        type=Path,
        help=_("a folder, or for one page an .html file (default: work/export)"),
    )


def run(args: Namespace) -> int:
    from lstm_lab.export import export, find_pages

    root = find_course_root()
    pages = find_pages(args.pages, args.lang or [language()], root)
    out = args.out or (work_folder(root) if root else Path.cwd()) / "export"
    for n, target in enumerate(export(pages, out), 1):
        size = target.stat().st_size / 1e6
        print(f"{n}/{len(pages)}  {target}  {size:.1f} MB", flush=True)
    return 0
