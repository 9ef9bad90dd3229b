"""Notebook files: read from wherever they come, written as Jupyter writes them."""

from __future__ import annotations

import json
from typing import Any

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = [
    "Notebook",
    "cells_of",
    "facts_of",
    "loads",
    "name_of",
    "parse",
    "source_of",
    "task_of",
    "written",
]

Notebook = dict[str, Any]


def loads(data: bytes) -> Notebook:
    """Return the JSON object that a file holds; anything else is a ValueError."""
    try:
        # utf-8-sig: editors on Windows put a mark in front
        found = json.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return found if isinstance(found, dict) else {}


def cells_of(notebook: Notebook) -> list[Any] | None:
    """Return the list of cells, also of the older format 3; None if there is none."""
    cells = notebook.get("cells")
    sheets = notebook.get("worksheets")
    if cells is None and isinstance(sheets, list):
        lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
        cells = [cell for cells in lists if isinstance(cells, list) for cell in cells]
    return cells if isinstance(cells, list) else None


def parse(data: bytes) -> Notebook:
    """Return a notebook of today's format, or raise a `UserError` that says what is wrong with it.

    Its list of cells is one of dicts; nothing else is sure, since anybody may have written it.

    Examples
    --------
    >>> parse(b"{}")
    Traceback (most recent call last):
    lstm_lab.errors.UserError: not a notebook: it has no list of cells
    """
    try:
        notebook = loads(data)
    except ValueError as error:
        raise UserError(_("not a notebook: {why}").format(why=error)) from None
    cells = notebook.get("cells")
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise UserError(_("not a notebook: it has no list of cells"))
    return notebook


def source_of(cell: dict[str, Any]) -> str:
    """Return a cell's text, however it is stored.

    Examples
    --------
    >>> source_of({"source": ["a\\n", "b"]}), source_of({"source": None})
    ('a\\nb', '')
    """
    source = cell.get("source", cell.get("input", ""))  # input: format 3
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return source.replace("\r\n", "\n") if isinstance(source, str) else ""


def facts_of(thing: Notebook | dict[str, Any]) -> dict[str, Any]:
    """Return what our own metadata say of a notebook or a cell, empty if they say nothing."""
    metadata = thing.get("metadata")
    ours = metadata.get("lstm_lab") if isinstance(metadata, dict) else None
    return ours if isinstance(ours, dict) else {}


def name_of(cell: dict[str, Any]) -> str | None:
    """Return the name that the author gave a cell, if it still says so."""
    name = facts_of(cell).get("name")
    return name if isinstance(name, str) else None


def task_of(cell: dict[str, Any]) -> str | None:
    """Return the task whose answer the cell holds, if it is a task cell."""
    name = name_of(cell) if facts_of(cell).get("task") is True else None
    return name if name and name.isidentifier() else None


def written(notebook: Notebook) -> bytes:
    """Return the file as Jupyter formats it; each cell's text is a list of lines already."""
    from nbformat import from_dict, v4

    text = v4.writes(from_dict(notebook), split_lines=False)
    return (text + "\n").encode("utf-8", "surrogatepass")
