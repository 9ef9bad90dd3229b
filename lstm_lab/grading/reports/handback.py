"""The pages of feedback in one zip, named as the platforms that take them back expect.

Moodle (“Upload multiple feedback files in a zip”, ``importziplib.php``) reads the number and
``assignsubmission_file`` out of a file's name, Canvas (“Upload submissions”,
``infer_comment_context_from_filename``) the numbers of student and file. Both stand in the names
that they gave to what was handed in, so a page gets the same start. Other pages keep their name.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from lstm_lab.errors import UserError
from lstm_lab.grading.reports.results import page_path
from lstm_lab.grading.reports.sheets import read_sheet
from lstm_lab.i18n import gettext as _

__all__ = ["feedback_zip", "handback_name"]

_MOODLE = re.compile(r"[^_/]+_\d+_assignsubmission_file(?=[_/]|$)")
_CANVAS = re.compile(r"[^/]*?_\d{3,}_\d{4,}(?=_)")


def handback_name(file: str, page: str) -> str:
    """Return what a page is called in the zip.

    Parameters
    ----------
    file : str
        What was handed in, as it was called in what the platform gave out.
    page : str
        The page's own name.

    Examples
    --------
    >>> handback_name("Ann Lee_4711_assignsubmission_file/01_rnn.ipynb", "Ann_Lee.html")
    'Ann Lee_4711_assignsubmission_file_feedback.html'
    >>> handback_name("leeann_LATE_4711_90125_01_rnn.ipynb", "leeann.html")
    'leeann_LATE_4711_90125_feedback.html'
    >>> handback_name("ann/01_rnn.ipynb", "ann.html")
    'ann.html'
    """
    for pattern in (_MOODLE, _CANVAS):
        match = pattern.match(file)
        if match:
            return f"{match[0]}_feedback.html"
    return page


def feedback_zip(results: Path, exercise: str | None = None) -> tuple[bytes, int]:
    """Return a zip with a page for each student, and how many there are.

    Parameters
    ----------
    results : Path
        The folder that `grade` wrote; the lines of its ``results.csv`` count.
    exercise : str, optional
        Students who have handed in this one.
    """
    sheet = read_sheet(results / "results.csv")
    file, page = sheet.find("file"), sheet.find("feedback")
    number = sheet.find("exercise")
    if file is None or page is None or number is None:
        raise UserError(
            _("{path} has no column {columns}; found {found}.").format(
                path=sheet.path, columns="exercise, file, feedback", found=sheet.listed()
            )
        )
    names: dict[str, str] = {}
    for row in sheet.rows:
        wanted = exercise is None or row[number].strip().zfill(2) == exercise
        if row[page].strip() and wanted:
            own = Path(row[page].strip()).name
            names.setdefault(own, handback_name(row[file].removeprefix("'"), own))
    if not names:
        raise UserError(_("There is no submission in these results."))
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for own, name in sorted(names.items()):
            archive.write(page_path(results / "feedback", own), name)
    return made.getvalue(), len(names)
