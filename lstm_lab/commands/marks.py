"""``lstm-lab marks``: what `grade` found, in the form that a platform takes."""

from __future__ import annotations

import argparse
from pathlib import Path

from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import list_exercises
from lstm_lab.grading.record import Record
from lstm_lab.grading.reports.canvas import fill_canvas
from lstm_lab.grading.reports.feedback_pages import feedback_lines
from lstm_lab.grading.reports.gradescope import gradescope_json
from lstm_lab.grading.reports.handback import feedback_zip
from lstm_lab.grading.reports.junit import junit_xml
from lstm_lab.grading.reports.marks import Filled, Mark, read_marks, read_records
from lstm_lab.grading.reports.moodle import fill_moodle
from lstm_lab.grading.reports.people import Person
from lstm_lab.grading.reports.roster import read_roster
from lstm_lab.grading.reports.sheets import Sheet, read_sheet
from lstm_lab.grading.text import plain, points_text
from lstm_lab.i18n import gettext as _
from lstm_lab.layout import Layout
from lstm_lab.paths import find_course_root
from lstm_lab.reasons import reason

__all__ = ["HELP", "configure", "run"]

HELP = "bring marks and feedback to Canvas, Moodle, Gradescope or JUnit"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "results", type=Path, help=_("the folder that `grade --out` wrote; its results.csv counts")
    )
    into = parser.add_mutually_exclusive_group(required=True)
    into.add_argument(
        "--canvas",
        type=Path,
        metavar="EXPORT.csv",
        help=_("your own export of the Canvas gradebook, to be filled in"),
    )
    into.add_argument(
        "--moodle",
        type=Path,
        metavar="WORKSHEET.csv",
        help=_("your own grading worksheet of the Moodle assignment, to be filled in"),
    )
    into.add_argument(
        "--gradescope", action="store_true", help=_("results.json of one submission")
    )  # fmt: skip
    into.add_argument(
        "--feedback",
        action="store_true",
        help=_("a zip of the students' pages, named as Moodle and Canvas take them back"),
    )
    into.add_argument("--junit", action="store_true", help=_("JUnit's XML of all submissions"))
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE", help=_("the file to write")
    )
    parser.add_argument("--exercise", metavar="EXERCISE", help=_("the marks of this exercise"))
    parser.add_argument(
        "--column", metavar="NAME", help=_("the assignment's name in the Canvas export")
    )
    parser.add_argument(
        "--roster",
        type=Path,
        metavar="FILE",
        help=_("class list (CSV) that joins the names on files to those of the platform"),
    )


def run(args: argparse.Namespace) -> int:
    """Write the file; return 1 if a mark found no place in it."""
    if args.out.is_dir():
        raise UserError(_("{out} is a folder; name the file to write.").format(out=args.out))
    if not args.results.is_dir():
        raise UserError(
            _("{folder} is no folder; name the one that `grade --out` wrote.").format(
                folder=args.results
            )
        )
    if args.feedback:
        data, count = feedback_zip(args.results, _number(args))
        _write(args.out, data)
        print(_("{out}: feedback for {n} students.").format(out=args.out, n=count))
        return 0
    if args.gradescope or args.junit:
        records = _records(args)
        data = junit_xml(records) if args.junit else gradescope_json(records).encode("utf-8")
        return _write(args.out, data)
    source: Path = args.canvas or args.moodle
    if args.out.resolve() == source.resolve():
        raise UserError(_("--out would overwrite {path}; name another file.").format(path=source))
    sheet = read_sheet(source)
    roster = read_roster(args.roster) if args.roster else []
    marks = read_marks(args.results)
    complete = True
    for number in _exercises(args, marks):
        own = [mark for mark in marks if mark.exercise == number]
        complete &= _fill(args, sheet, own, number, roster)
    stray = [mark for mark in marks if not mark.exercise]
    _list(_("No exercise is known for"), [f"{one.student}: {one.file}" for one in stray])
    code = _write(args.out, sheet.written())
    return code if complete else 1


def _records(args: argparse.Namespace) -> list[Record]:
    """Return those asked for, and files of which nobody knows which exercise they are.

    Whose only file is one of these must be told; beside an answer it is some other file.
    """
    number = _number(args)
    records = [r for r in read_records(args.results) if number in (None, r["exercise"])]
    if records or number is None:
        return records
    return [r for r in read_records(args.results) if not r["exercise"]]


def _number(args: argparse.Namespace) -> str | None:
    """Return the exercise asked for as the results tell it, by its number."""
    if not args.exercise:
        return None
    root = find_course_root()
    found = Layout(root).find(args.exercise) if root is not None else None
    return found.number if found else str(args.exercise).zfill(2)


def _exercises(args: argparse.Namespace, marks: list[Mark]) -> list[str]:
    there = sorted({mark.exercise for mark in marks if mark.exercise})
    wanted = _number(args)
    listed = ", ".join(there) or "–"
    if wanted is not None and wanted not in there:
        raise UserError(
            _("The results hold no exercise {number}; there are: {there}.").format(
                number=wanted, there=listed
            )
        )
    if wanted is not None or len(there) == 1:
        return [wanted or there[0]]
    if not there:
        raise UserError(_("There is no submission in these results."))
    raise UserError(
        _("The results hold several exercises; choose one with --exercise: {there}.").format(
            there=listed
        )
    )


def _fill(
    args: argparse.Namespace, sheet: Sheet, marks: list[Mark], number: str, roster: list[Person]
) -> bool:
    if args.canvas:
        names = {one.number: one.name for one in list_exercises()}
        found = fill_canvas(sheet, marks, names.get(number, number), args.column, roster)
    else:
        lines = {
            (r["student"], r["number"], r["file"]): feedback_lines(r)
            for r in read_records(args.results)
            if r["exercise"] == number
        }
        found = fill_moodle(
            sheet, marks, lambda m: lines.get((m.student, m.number, m.file), []), roster
        )
    _tell(args.out, found, marks)
    return found.complete


def _tell(out: Path, filled: Filled, marks: list[Mark]) -> None:
    """Say what went where; a mark that went nowhere is named."""
    found, possible = filled.transfer, filled.possible
    print(
        _("{out}: {n} of {all} marks written.").format(out=out, n=len(found.marks), all=len(marks))
    )
    ours = next((mark.possible for mark in marks if mark.possible), None)
    if possible and ours and possible != ours:
        print(
            _("Scaled from {ours} points to the platform's {theirs}.").format(
                ours=points_text(ours), theirs=points_text(possible)
            )
        )
    for note in filled.notes:
        print(note)
    _list(_("No points yet (see results.csv)"), [mark.student for mark in found.waiting])
    nobody = [mark.student for mark, maybe in found.unknown if not maybe]
    _list(_("Not in the file"), nobody)
    unclear = [
        f"{mark.student} → {' / '.join(one.label for one in maybe)}"
        for mark, maybe in found.unknown
        if maybe
    ]
    _list(_("Not clear who"), unclear)
    several = [
        f"{one.label}: {', '.join(f'{points_text(m.points or 0)} ({m.file})' for m in marks)}"
        for one, marks in found.several
    ]
    text = _("More than one mark (take the lines that do not count out of results.csv)")
    _list(text, several)
    for why, names in filled.left.items():
        _list(why, names)


def _list(head: str, names: list[str]) -> None:
    if names:
        print(f"{head} ({len(names)}):")
        for name in names:
            print(f"  {plain(name)}")


def _write(path: Path, data: bytes) -> int:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise UserError(
            _("{path} cannot be written: {why}").format(path=path, why=reason(error))
        ) from None
    return 0
