"""Build notebooks and catalogues from their sources (for authors)."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from lstm_lab.i18n import gettext as _
from lstm_lab.paths import course_root

HELP = "build the notebooks from their sources (for authors)"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--check",
        action="store_true",
        help=_("write nothing; fail if anything is not as its source gives it"),
    )
    parser.add_argument(
        "--no-gate",
        action="store_true",
        help=_("leave out running solutions, stubs and mutants through the tests"),
    )
    parser.add_argument(
        "--draft",
        action="store_true",
        help=_("write the notebooks although rules are broken, to look at them"),
    )
    parser.add_argument(
        "--folds",
        action="store_true",
        help=_("write nothing; list the cells that are built folded, and of what kind"),
    )


def run(args: Namespace) -> int:
    from lstm_lab.course.build import build, summary

    if args.folds:
        from lstm_lab.course.folds import fold_list
        from lstm_lab.course.gather import gather

        course, _problems = gather(course_root())
        print(fold_list([*course.lessons, *course.appendices]))
        return 0
    built = build(course_root(), check=args.check, gate=not args.no_gate, draft=args.draft)
    text = summary(built, check=args.check)
    if text:
        print(text)
    failed = built.problems or (args.check and text)
    if built.problems:
        print(_("{n} rules are broken").format(n=len(set(built.problems))))
    elif not text:
        print(_("everything is as its source gives it"))
    return 1 if failed else 0
