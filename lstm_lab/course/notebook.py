"""Notebook files, byte for byte the same for the same cells."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from lstm_lab.document.notebook import written

__all__ = ["NotebookCell", "cell_ids", "notebook_bytes"]


@dataclass(frozen=True)
class NotebookCell:
    """A cell to be written.

    `name` is the author's (it goes into the metadata); `anchor` makes the id of a cell
    that the build itself adds, so that such cells do not shift the ids of the others. A
    `folded` cell's code is shut in JupyterLab until a reader opens it.
    """

    kind: str
    text: str
    name: str | None = None
    task: bool = False
    anchor: str | None = None
    folded: bool = False


def cell_ids(lesson: str, cells: list[NotebookCell]) -> list[str]:
    """Return an id for each cell: a hash of the lesson, the nearest name above, the offset.

    A name with a dot is that of a part: it names its own cell, and counts for no other.

    An id stays the same when cells are added elsewhere: a learner's answer is joined with
    a new text by these.

    Examples
    --------
    >>> a, b = NotebookCell("code", "1", name="first"), NotebookCell("markdown", "text")
    >>> before, after = cell_ids("rnn", [a, b]), cell_ids("rnn", [b, a, b])
    >>> before == after[1:]
    True
    """
    ids, name, offset = [], "", 0
    for cell in cells:
        if cell.anchor:
            key = f"{lesson}\n{cell.anchor}\n"
        elif cell.name and "." in cell.name:
            key = f"{lesson}\n{cell.name}\n0"
        else:
            name, offset = (cell.name, 0) if cell.name else (name, offset + 1)
            key = f"{lesson}\n{name}\n{offset}"
        ids.append(hashlib.sha256(key.encode()).hexdigest()[:16])
    return ids


def notebook_bytes(lesson: str, cells: list[NotebookCell], facts: dict[str, Any]) -> bytes:
    """Return the file as Jupyter itself would format it, without outputs.

    Only what is named here is written, whatever the tools that were on the way noted down.

    Parameters
    ----------
    lesson : str
        What the cell ids are made from, together with the names of cells.
    cells : list of NotebookCell
    facts : dict
        Goes to ``metadata.lstm_lab``.
    """
    found = []
    for cell_id, cell in zip(cell_ids(lesson, cells), cells, strict=True):
        ours = {"name": cell.name, "task": cell.task, "folded": cell.folded}
        noted = {key: value for key, value in ours.items() if value}
        metadata: dict[str, Any] = {"lstm_lab": noted} if noted else {}
        if cell.folded:  # ours says how it was built, Jupyter's how it is shown now
            metadata["jupyter"] = {"source_hidden": True}
        one: dict[str, Any] = {
            "cell_type": cell.kind,
            "id": cell_id,
            "metadata": metadata,
            "source": cell.text.splitlines(keepends=True),
        }
        if cell.kind == "code":
            one |= {"execution_count": None, "outputs": []}
        found.append(one)
    notebook = {
        "cells": found,
        "metadata": {
            "kernelspec": {
                "display_name": "Python 3 (ipykernel)",
                "language": "python",
                "name": "python3",
            },
            "language_info": {"name": "python"},
            "lstm_lab": facts,
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return written(notebook)
