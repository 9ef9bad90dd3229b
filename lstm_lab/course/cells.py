"""Notebook files as learners have them: perhaps run, re-saved, edited, or damaged."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = ["Notebook", "cell_hashes", "name_of", "parse", "source_of", "text_hash", "written"]

Notebook = dict[str, Any]


def parse(data: bytes) -> Notebook:
    """Return a notebook's JSON, or raise a `UserError` that says what is wrong with it.

    Examples
    --------
    >>> parse(b"{}")
    Traceback (most recent call last):
    lstm_lab.errors.UserError: not a notebook: it has no list of cells
    """
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise UserError(_("not a notebook: {why}").format(why=error)) from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise UserError(_("not a notebook: it has no list of cells"))
    return notebook


def source_of(cell: dict[str, Any]) -> str:
    """Return a cell's text, however it is stored."""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(str(line) for line in source)
    return str(source).replace("\r\n", "\n")


def name_of(cell: dict[str, Any]) -> str | None:
    """Return the name that the author gave a cell, if it still says so."""
    metadata = cell.get("metadata")
    ours = metadata.get("lstm_lab") if isinstance(metadata, dict) else None
    name = ours.get("name") if isinstance(ours, dict) else None
    return name if isinstance(name, str) else None


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def cell_hash(cell: dict[str, Any]) -> str:
    """Hash what a person can write in a cell; outputs and the like do not count."""
    # An editor may add or drop white space at the end of a cell.
    return _hash([cell.get("cell_type"), source_of(cell).rstrip(), cell.get("attachments") or {}])


def cell_hashes(notebook: Notebook) -> dict[str, str]:
    """Return each cell's hash by the cell's id."""
    return {str(cell.get("id")): cell_hash(cell) for cell in notebook["cells"]}


def text_hash(notebook: Notebook) -> str:
    """Hash what a person wrote in the whole notebook; running it changes nothing.

    Examples
    --------
    >>> cell = {"cell_type": "code", "source": "1 + 1", "outputs": [], "execution_count": None}
    >>> ran = cell | {"source": ["1 + 1"], "execution_count": 1, "outputs": [{"name": "stdout"}]}
    >>> text_hash({"cells": [cell]}) == text_hash({"cells": [ran]})
    True
    """
    # Jupyter adds an empty cell at the end when the last one is run.
    cells = [cell for cell in notebook["cells"] if source_of(cell).strip()]
    return _hash([cell_hash(cell) for cell in cells])


def written(notebook: Notebook) -> bytes:
    """Return the file as Jupyter formats it."""
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode("utf-8", "surrogatepass")
