"""``results.json``, as Gradescope's autograders hand it in for one submission.

Students read it, so it holds what they may see and no more; of hidden cases not even the time.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lstm_lab.errors import UserError
from lstm_lab.grading.notebook.table import first_failures, row_label
from lstm_lab.grading.record import Record, Row
from lstm_lab.grading.text import plain
from lstm_lab.i18n import gettext as _
from lstm_lab.i18n import language

__all__ = ["gradescope_json"]


def gradescope_json(records: list[Record]) -> str:
    """Return the file for the submission of one student.

    Parameters
    ----------
    records : list of dict
        The student's, one an exercise.

    Raises
    ------
    UserError
        There is none, or they are of several students.
    """
    if not records:
        raise UserError(_("There is no submission in these results."))
    if len({(r["student"], r["number"]) for r in records}) > 1:
        raise UserError(
            _(
                "Gradescope's results.json is about one submission, and these results hold {n}; "
                "in Gradescope each is graded alone."
            ).format(n=len(records))
        )
    lang = next((r["lang"] for r in records if r["lang"]), None) or language()
    several = len(records) > 1
    tests: list[dict[str, Any]] = []
    notes: list[str] = []
    score = 0.0
    for r in records:
        files = [one["file"] for one in records if one["exercise"] == r["exercise"]]
        if len(files) > 1 and r["exercise"]:
            # no guess which of them counts, and not the points of both
            text = _("Several files answer this exercise; hand in one: {files}", lang)
            text = text.format(files=", ".join(plain(Path(one).name) for one in files))
            if text not in notes:
                notes.append(text)
                tests.append(_failure(r["exercise"], text, r["points"] or 0))
            continue
        score += r["earned"] or 0
        label = r["exercise"] if several else ""
        tests += [_test(row, lang, label) for row in first_failures(r["rows"])]
        reasons = [plain(one[lang]) for one in r["reasons"]]
        if r["earned"] is None:
            notes.append(_("This could not be graded yet; your instructor will look at it.", lang))
            tests.append(_failure(plain(Path(r["file"]).name), "; ".join(reasons), 0))
        notes += reasons
    found: dict[str, Any] = {
        "score": score,
        "output": "\n".join(notes),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _test(row: Row, lang: str, exercise: str) -> dict[str, Any]:
    said = plain(row["said"][lang]) if row["said"] else ""
    printed = plain(row["stdout"]).strip()[:2000]
    if printed:
        said += f"\n{_('What your code printed', lang)}:\n{printed}"
    words = [exercise, row["task"], row_label(row, lang)]
    return {
        "name": " · ".join(filter(None, words)),
        "score": row["earned"],
        "max_score": row["points"],
        "status": "passed" if row["status"] == "passed" else "failed",
        "output": said.strip(),
        "output_format": "text",
        "visibility": "visible",
    }


def _failure(name: str, output: str, points: float) -> dict[str, Any]:
    return {
        "name": name,
        "score": 0,
        "max_score": points,
        "status": "failed",
        "output": output,
        "output_format": "text",
        "visibility": "visible",
    }
