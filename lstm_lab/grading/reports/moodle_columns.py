"""Which column is which in Moodle's grading worksheet, whatever language Moodle speaks.

Moodle writes the headings in the language of whoever downloads the file, finds the columns by them
when it is uploaded (``importgradeslib.php``), and always puts the columns in one order
(``mod/assign/gradingtable.php``): identifier, name, what else identifies, status, grade, maximum,
whether the grade can be changed, times, feedback. So a heading that we know decides, and for
languages and versions that we do not know the place and what stands in the cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lstm_lab.errors import UserError
from lstm_lab.grading.reports.sheets import Sheet
from lstm_lab.i18n import gettext as _

__all__ = ["NO", "MoodleColumns", "find_columns"]

# As in Moodle's language packs en, zh_cn (older words behind newer), zh_tw, de, es, fr; what a
# pack has not translated, Moodle shows in English.
IDENTIFIER = ("identifier", "识别码", "标识符", "識別碼", "id", "identificador", "identifiant")
NAMES = (
    "fullname",
    "全名",
    "姓名",
    "用户全名",
    "vollständigername",
    "nombrecompleto",
    "nomcomplet",
)
IDS = ("idnumber", "学号", "學號", "id号", "idnummer", "númerodeid", "numérodidentification")
GRADE = ("grade", "成绩", "成績", "分数", "分數", "bewertung", "calificación", "note")
MAXIMUM = (
    "maximumgrade", "最高成绩", "最高分", "最大成绩", "满分", "最高分數", "bestwertung",
    "bestbewertung", "calificaciónmáxima", "notemaximale",
)  # fmt: skip
CHANGE = (
    "gradecanbechanged", "允许更改成绩", "成绩可以更改", "可以更改成绩",
    "bewertungkanngeändertwerden", "lacalificaciónpuedesercambiada",
    "lacalificaciónpuedecambiarse", "lanotepeutêtremodifiée",
)  # fmt: skip
MARKED = (
    "lastmodifiedgrade", "最后修改教师", "最後修改老師", "zuletztgeändertbewertung",
    "últimamodificacióncalificación", "dernièremodificationnote",
)  # fmt: skip
COMMENTS = (
    "feedbackcomments", "评语反馈", "反馈评论", "反馈意见", "反馈评语", "feedbackalskommentar",
    "comentariosderetroalimentación", "feedbackparcommentaires",
)  # fmt: skip
SCALE = ("scale", "量表", "量尺", "bewertungsskala", "skala", "escala", "barème")
NO = ("no", "否", "nein", "non")


@dataclass(frozen=True)
class MoodleColumns:
    """Places in the sheet; None for what the worksheet does not have.

    Attributes
    ----------
    identifier, grade, maximum : int
    name : int or None
        None where names are hidden from whoever grades.
    ids : tuple of int
        Addresses and numbers of the school.
    change, comments : int or None
    """

    identifier: int
    grade: int
    maximum: int
    name: int | None
    ids: tuple[int, ...]
    change: int | None
    comments: int | None


def find_columns(sheet: Sheet) -> MoodleColumns:
    """Return the columns of a worksheet.

    Raises
    ------
    UserError
        It is none, or the assignment is not graded in points.
    """
    if sheet.find(*GRADE) is not None and sheet.find(*MAXIMUM) is None:
        scale = sheet.find(*SCALE)
        if scale is not None:
            raise UserError(
                _(
                    "{path}: the assignment is graded by a scale (column {column}), and Moodle "
                    "takes no points for it; set its grade to points and download the worksheet "
                    "again."
                ).format(path=sheet.path, column=sheet.head[scale])
            )
    places = range(len(sheet.head))
    identifier = sheet.find(*IDENTIFIER)
    if identifier is None or not _numbered(_cells(sheet, identifier)):
        identifier = next((n for n in places if _numbered(_cells(sheet, n))), None)
    behind = range((-1 if identifier is None else identifier) + 1, len(sheet.head))
    maximum = sheet.find(*MAXIMUM)
    if maximum is None:
        # the last: grades, before it, may all be equal too
        maximum = next((n for n in reversed(behind) if _one_number(sheet, n)), None)
    grade = sheet.find(*GRADE)
    if grade is None and maximum is not None and maximum - 1 in behind:
        grade = maximum - 1
    if identifier is None or grade is None or maximum is None:
        raise UserError(
            _(
                "{path} is no grading worksheet of a Moodle assignment: it has no columns "
                "Identifier, Grade and Maximum Grade; found {found}."
            ).format(path=sheet.path, found=sheet.listed())
        )
    name = sheet.find(*NAMES)
    if name is None and identifier + 1 < grade and _distinct(_cells(sheet, identifier + 1)):
        name = identifier + 1
    number = sheet.find(*IDS)
    ids = [n for n in range(identifier + 1, grade) if n == number or _addresses(_cells(sheet, n))]
    comments, marked = sheet.find(*COMMENTS), sheet.find(*MARKED)
    if comments is None and marked is not None and marked + 1 < len(sheet.head):
        comments = marked + 1
    return MoodleColumns(
        identifier, grade, maximum, name, tuple(ids), sheet.find(*CHANGE), comments
    )


def _cells(sheet: Sheet, place: int) -> list[str]:
    return [text for row in sheet.rows if (text := row[place].strip())]


def _numbered(cells: Sequence[str]) -> bool:
    """Whether each is one and the same word with a number of its own: “Participant 901”."""
    found = [re.fullmatch(r"(\D+)(\d+)", text) for text in cells]
    parts = [(one[1], one[2]) for one in found if one]
    return (
        0 < len(parts) == len(cells) == len({number for _word, number in parts})
        and len({word for word, _number in parts}) == 1
    )


def _one_number(sheet: Sheet, place: int) -> bool:
    """Whether the same number stands in every line."""
    cells = {row[place].strip() for row in sheet.rows}
    return len(cells) == 1 and re.fullmatch(r"\d+([.,]\d+)?", cells.pop()) is not None


def _distinct(cells: Sequence[str]) -> bool:
    return len(set(cells)) > len(cells) / 2


def _addresses(cells: Sequence[str]) -> bool:
    return bool(cells) and all(re.fullmatch(r"\S+@\S+", text) for text in cells)
