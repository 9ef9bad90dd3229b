"""Start a lesson or exercise again; what was written goes to the backups."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from lstm_lab.commands import update
from lstm_lab.i18n import gettext as _
from lstm_lab.paths import course_root

HELP = "start a lesson and exercise again; a backup of yours is kept"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("name", help=_("name or number of the lesson, such as rnn or 01"))
    parser.add_argument("--lang", choices=update.LANGUAGES, help=_("only this language"))
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--lesson", action="store_true", help=_("only the lesson"))
    which.add_argument("--exercise", action="store_true", help=_("only the exercise"))


def run(args: Namespace) -> int:
    from lstm_lab.course.update import reset

    changed = reset(course_root(), args.name, kinds=update.kinds(args), lang=args.lang)
    for one in changed:
        print("\n".join(one.sentences()))
    if not changed:
        print(_("{number}: your copies are as at the start").format(number=args.name))
    return 0
