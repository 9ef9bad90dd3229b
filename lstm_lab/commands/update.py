"""Bring the newest text into a lesson or exercise that the learner has begun."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from lstm_lab.i18n import LANGUAGES
from lstm_lab.i18n import gettext as _
from lstm_lab.paths import course_root

HELP = "join the newest text of a lesson and exercise with what you wrote"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("name", help=_("name or number of the lesson, such as rnn or 01"))
    parser.add_argument(
        "--lang",
        choices=LANGUAGES,
        help=_("only this language; answers written in the other language are brought into it"),
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--lesson", action="store_true", help=_("only the lesson"))
    which.add_argument("--exercise", action="store_true", help=_("only the exercise"))


def kinds(args: Namespace) -> tuple[str, ...]:
    """Return the folders that the options ask for."""
    if args.lesson:
        return ("notebooks",)
    return ("exercises",) if args.exercise else ("notebooks", "exercises")


def run(args: Namespace) -> int:
    from lstm_lab.course.update import update

    changed = update(course_root(), args.name, kinds=kinds(args), lang=args.lang)
    for one in changed:
        print("\n".join(one.sentences()))
    if not changed:
        print(_("{number}: your copies have the newest text already").format(number=args.name))
    return 0
