"""Whose record it is, and which page is theirs."""

from __future__ import annotations

from html import escape

from lstm_lab.grading.record import Record
from lstm_lab.grading.text import plain

__all__ = ["Pages", "identity", "student_link"]

Pages = dict[tuple[str, str], str]


def identity(record: Record) -> tuple[str, str]:
    """Return whose record it is: two students of one name have different numbers."""
    return record["student"], record["number"]


def student_link(who: tuple[str, str], pages: Pages) -> str:
    """Return a link to the student's feedback, as HTML."""
    return f'<a href="feedback/{escape(pages[who])}">{escape(plain(who[0]))}</a>'
