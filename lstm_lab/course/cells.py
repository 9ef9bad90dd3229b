"""Notebook files as learners have them: perhaps run, re-saved, edited, or damaged."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from lstm_lab.document.notebook import Notebook, name_of, parse, source_of, written

__all__ = ["Notebook", "cell_hashes", "name_of", "parse", "source_of", "text_hash", "written"]


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
