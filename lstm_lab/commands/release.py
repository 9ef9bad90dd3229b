"""``lstm-lab release``: a handout of the course, without solutions, for learners."""

from __future__ import annotations

import argparse
from pathlib import Path

from lstm_lab.i18n import LANGUAGES
from lstm_lab.i18n import gettext as _
from lstm_lab.paths import course_root

__all__ = ["HELP", "configure", "run"]

HELP = "make a handout without solutions (for instructors)"
NAME = "lstm-lab-handout.zip"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "--out",
        type=Path,
        default=Path(NAME),
        metavar="FOLDER|ZIP",
        help=_("where to (default: {name}, here)").format(name=NAME),
    )
    parser.add_argument(
        "--lang",
        choices=[*LANGUAGES, "both"],
        default="both",
        help=_("language of lessons and exercises (default: both)"),
    )


def run(args: argparse.Namespace) -> int:
    """Make the handout."""
    from lstm_lab.course.handout.release import release

    langs = LANGUAGES if args.lang == "both" else (args.lang,)
    made = release(course_root(), args.out, tuple(langs))
    print(
        _("{path}: {files} files, {size:.1f} MB, exercises {numbers}; tried out").format(
            path=made.path,
            files=made.files,
            size=made.size / 1e6,
            numbers=", ".join(made.exercises),
        )
    )
    return 0
