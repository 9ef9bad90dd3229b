"""Marks and feedback into the instructor's own grading worksheet of a Moodle assignment."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from lstm_lab.errors import UserError
from lstm_lab.grading.reports.marks import Mark, Transfer, number_of, scaled, transfer
from lstm_lab.grading.reports.people import Person
from lstm_lab.grading.reports.sheets import Sheet, cell, quiet
from lstm_lab.grading.table import points_text
from lstm_lab.i18n import gettext as _

__all__ = ["fill_moodle"]

# As English and Chinese Moodle name them.
IDENTIFIER = ("identifier", "标识符", "编号", "标识号")
NAMES = ("fullname", "姓名", "全名", "用户全名")
IDS = ("idnumber", "学号", "id号", "身份号码")
EMAILS = ("emailaddress", "email", "邮箱地址", "电子邮件地址", "email地址", "电子邮箱")
GRADE = ("grade", "成绩", "分数")
MAXIMUM = ("maximumgrade", "最高分", "最大成绩", "满分", "最高成绩")
CHANGE = ("gradecanbechanged", "成绩可以更改", "可以更改成绩", "成绩可被更改", "分数可以更改")
COMMENTS = ("feedbackcomments", "反馈评论", "反馈意见", "评语", "反馈评语")
NO = ("no", "否")


def fill_moodle(
    sheet: Sheet, marks: list[Mark], feedback: Callable[[Mark], list[str]], roster: list[Person]
) -> tuple[Transfer, float | None, list[str]]:
    """Write marks, and what there is to say, into their lines; all else stays as it is.

    Parameters
    ----------
    sheet : Sheet
        Changed in place.
    marks : list of Mark
        Of one exercise.
    feedback : callable
        Returns the lines for a mark's student.
    roster : list of Person

    Returns
    -------
    Transfer, float or None, list of str
        The second is the maximum grade, the third names lines that Moodle has locked.
    """
    identifier, grade = sheet.find(*IDENTIFIER), sheet.find(*GRADE)
    if identifier is None or grade is None:
        raise UserError(
            _(
                "{path} is no grading worksheet of a Moodle assignment: it has no columns "
                "Identifier and Grade; found {found}."
            ).format(path=sheet.path, found=sheet.listed())
        )
    name, maximum = sheet.find(*NAMES), sheet.find(*MAXIMUM)
    change, comments = sheet.find(*CHANGE), sheet.find(*COMMENTS)
    ids = [p for one in (IDS, EMAILS) if (p := sheet.find(*one)) is not None]
    persons = [
        Person(
            n,
            (re.sub(r"\D", "", row[identifier]), *(row[p].strip() for p in ids)),
            row[name].strip() if name is not None else "",
        )
        for n, row in enumerate(sheet.rows)
    ]
    found = transfer(marks, persons, roster)
    kept = {identifier, *ids}
    for row in sheet.rows:
        row[:] = [text if n in kept else quiet(text) for n, text in enumerate(row)]
    locked = []
    possible = None
    for n, mark in list(found.marks.items()):
        row = sheet.rows[n]
        if change is not None and row[change].strip().casefold() in NO:
            locked.append(persons[n].label)
            del found.marks[n]
            continue
        text = row[maximum] if maximum is not None else ""
        possible = number_of(text)
        points = scaled(mark, possible).points
        assert points is not None
        written = points_text(points)
        row[grade] = written.replace(".", ",") if "," in text else written
        if comments is not None:
            row[comments] = cell("<br>".join(escape(line) for line in feedback(mark)))
    return found, possible, locked
