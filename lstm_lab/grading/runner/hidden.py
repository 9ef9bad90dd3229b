"""What a student is told of a case whose inputs are the instructor's secret.

With a key, the inputs of all tests are drawn from it: these are the hidden cases, and they alone
give the points. What failed is run again on the cases that `check` uses, in a process that has
seen no hidden one, and the student is told of that run. Only where it passes, the hidden case
speaks, in a sentence without numbers and without anything that the answer returned, printed or
raised. What happened in full is for the instructor.
"""

from __future__ import annotations

from lstm_lab.grading.messages.feedback import Said, say
from lstm_lab.grading.record import Row, Told

__all__ = ["for_the_instructor", "retold", "to_run_again"]


def to_run_again(rows: list[Row], stopped: dict[str, str]) -> list[int]:
    """Return the places of the rows to be run on the cases that students know.

    What did not come to an end would not do so again either; it says little and needs no telling.
    """
    return [
        n for n, row in enumerate(rows) if row["status"] == "failed" and row["task"] not in stopped
    ]


def retold(row: Row, known: Row | None, safe: Said | None) -> Row:
    """Return the row of a hidden case as a student may see it, with the full one in `hidden`.

    Parameters
    ----------
    row : dict
        How the hidden case went.
    known : dict or None
        How the same test went on the inputs of `check`, if it was run on them.
    safe : Said or None
        What may be told of the hidden case.

    Examples
    --------
    >>> from lstm_lab.grading.runner.points import row as make
    >>> failed = make("test_a", "a", 2, "failed", {"en": "0.123", "zh": "0.123"}, stdout="[0.5]")
    >>> one = retold(failed, None, {"en": "not right.", "zh": "不对。"})
    >>> one["said"]["en"], one["stdout"], one["hidden"]["said"]["en"]
    ('A hidden case failed: not right.', '', '0.123')
    """
    if row["status"] != "failed":
        return {**row, "stdout": ""}
    full: Told = {"said": row["said"], "stdout": row["stdout"]}
    if known is not None and known["status"] == "failed":
        return {**row, "said": known["said"], "stdout": known["stdout"], "hidden": full}
    if safe is None:
        safe = say("the result is not right.")
    if known is not None and known["status"] == "passed":
        said = say("Right on the cases that check() uses; a hidden case failed: {said}", said=safe)
    else:
        said = say("A hidden case failed: {said}", said=safe)
    return {**row, "said": said, "stdout": "", "hidden": full}


def for_the_instructor(row: Row) -> Row:
    """Return the row with everything that is known of it."""
    hidden = row["hidden"]
    return {**row, "said": hidden["said"], "stdout": hidden["stdout"]} if hidden else row
