"""Join a new text with what a learner wrote in the old one."""

from __future__ import annotations

import copy
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from lstm_lab.course.cells import Notebook, cell_hash, name_of, source_of

__all__ = ["Joined", "answers", "join"]

Cell = dict[str, Any]
_CALLS_TR = re.compile(r"(?<![\w.])tr\(")
_IMPORTS_TR = re.compile(r"^[ \t]*from lstm_lab\.i18n import\b.*\btr\b", re.MULTILINE)
_HAS_TR = re.compile(rf"{_IMPORTS_TR.pattern}|^[ \t]*(def tr\b|tr *=)", re.MULTILINE)


@dataclass
class Joined:
    """The joined notebook, and what a learner should be told about it.

    Attributes
    ----------
    notebook : dict
    kept : list of str
        Tasks whose answer was taken over.
    restarted : list of str
        Of those, tasks whose starting code has changed meanwhile.
    own : int
        Cells that the learner added, changed, or wrote twice, and that stand in the new text.
    """

    notebook: Notebook
    kept: list[str] = field(default_factory=list)
    restarted: list[str] = field(default_factory=list)
    own: int = 0


def join(mine: Notebook, base: dict[str, str], new: Notebook) -> Joined:
    """Put what is the learner's into the new text.

    Task cells are found by id, else by the name in their metadata, else by the function that
    they define; where an answer was written twice, the last one counts, as it does for Python.
    A cell that both sides changed, and is no task, stands in both forms, the learner's below.

    Parameters
    ----------
    mine : dict
        The learner's notebook, whatever an editor has done to it.
    base : dict
        The hash of each cell (by id) of the text that the learner started from.
    new : dict
        The notebook as it is published now.
    """
    result = copy.deepcopy(new)
    if isinstance(mine.get("metadata"), dict):
        result["metadata"] = mine["metadata"] | result["metadata"]
    joined = Joined(result)
    ids = [str(cell["id"]) for cell in result["cells"]]
    matched, own = _match(mine["cells"], base, result["cells"])
    for at, cell in enumerate(result["cells"]):
        theirs = matched.get(ids[at])
        if theirs is None:
            continue
        changed = cell_hash(theirs) != base.get(ids[at])
        same = source_of(theirs).rstrip() == source_of(cell).rstrip()
        _keep_fold(cell, theirs)
        if same:
            _take_over(cell, theirs, text=False)
        elif not changed:
            continue
        elif _is_task(cell):
            if base.get(ids[at]) not in (None, cell_hash(cell)):
                joined.restarted.append(str(name_of(cell)))
            joined.kept.append(str(name_of(cell)))
            _take_over(cell, theirs, text=True)
        elif base.get(ids[at]) == cell_hash(cell):
            _take_over(cell, theirs, text=True)
            joined.own += 1
        elif ids[at] in base or cell["cell_type"] == "code":
            own.append((ids[at], theirs))
    below: dict[str | None, list[Cell]] = {}
    for anchor, cell in own:
        below.setdefault(anchor, []).append(_as_own(cell, set(ids)))
        joined.own += 1
    cells = list(below.get(None, []))
    for cell in result["cells"]:
        if not cell["metadata"].get("jupyter", True):
            del cell["metadata"]["jupyter"]  # nothing is noted there
        cells += [cell, *below.get(str(cell["id"]), [])]
    result["cells"] = cells
    _keep_tr(cells, {str(cell["id"]): source_of(cell) for cell in new["cells"]})
    return joined


def _keep_tr(cells: list[Cell], published: dict[str, str]) -> None:
    """Let what a learner took over from a page with `tr` find it, now that no page imports it."""
    if any(_IMPORTS_TR.search(text) for text in published.values()):
        return
    for cell in cells:
        text = source_of(cell)
        theirs = cell.get("cell_type") == "code" and text != published.get(str(cell["id"]))
        if theirs and not _is_task(cell) and _CALLS_TR.search(text) and not _HAS_TR.search(text):
            magic, line, rest = text.partition("\n") if text.startswith("%%") else ("", "", text)
            text = f"{magic}{line}from lstm_lab.i18n import tr\n\n{rest}"
            cell["source"] = text.splitlines(keepends=True)


def answers(mine: Notebook, base: dict[str, str], new: Notebook) -> dict[str, str]:
    """Return what the learner wrote in each task cell, for the tasks that were begun."""
    joined = join(mine, base, new)
    return {
        str(name_of(cell)): source_of(cell)
        for cell in joined.notebook["cells"]
        if _is_task(cell) and name_of(cell) in joined.kept
    }


def _is_task(cell: Cell) -> bool:
    ours = cell.get("metadata", {}).get("lstm_lab", {})
    return isinstance(ours, dict) and ours.get("task") is True


def _match(
    theirs: list[Cell], base: dict[str, str], new: list[Cell]
) -> tuple[dict[str, Cell], list[tuple[str | None, Cell]]]:
    """Tell which of the learner's cells is which of the new ones, and which are their own.

    An own cell comes with the id of the new cell that it stands below (None: at the top).
    """
    new_ids = {str(cell["id"]) for cell in new}
    id_of_task = {name_of(cell): str(cell["id"]) for cell in new if _is_task(cell)}
    # Some editors drop ids: an unchanged cell is known by its text
    id_of_text = {text: cell_id for cell_id, text in base.items() if cell_id in new_ids}
    id_of_text |= {cell_hash(cell): str(cell["id"]) for cell in new}
    claims: dict[str, list[int]] = {}
    found: list[str | None] = []
    for at, cell in enumerate(theirs):
        known: str | None = str(cell.get("id"))
        if known not in new_ids and cell.get("cell_type") == "code":
            known = id_of_task.get(name_of(cell))
        if known not in new_ids:
            known = id_of_text.get(cell_hash(cell))
        found.append(known)
        if known is not None:
            claims.setdefault(known, []).append(at)
    for name, task_id in id_of_task.items():
        begun = [at for at in claims.get(task_id, []) if cell_hash(theirs[at]) != base.get(task_id)]
        if not begun and name is not None:
            defines = re.compile(rf"^(?:async\s+def|def|class)\s+{re.escape(name)}\b", re.MULTILINE)
            for at, cell in enumerate(theirs):
                free = found[at] is None and cell.get("cell_type") == "code"
                if free and defines.search(source_of(cell)):
                    claims.setdefault(task_id, []).append(at)
    matched, chosen = {}, {}
    for cell_id, rivals in claims.items():
        begun = [at for at in rivals if cell_hash(theirs[at]) != base.get(cell_id)]
        winner = (begun or rivals)[-1]
        matched[cell_id], chosen[winner] = theirs[winner], cell_id
    ours = {*base.values(), *map(cell_hash, new)}
    own: list[tuple[str | None, Cell]] = []
    anchor: str | None = None
    for at, cell in enumerate(theirs):
        # The place of a cell is told by the cell of ours above it, also if that one was rewritten
        if found[at] is not None:
            anchor = found[at]
        elif at in chosen:
            anchor = chosen[at]
        if at in chosen or not source_of(cell).strip():
            continue
        if cell_hash(cell) not in ours:
            own.append((anchor, cell))
    return matched, own


def _take_over(cell: Cell, theirs: Cell, *, text: bool) -> None:
    """Take over what the learner has in a cell; the id and what we say about it stay ours."""
    for key in ("outputs", "execution_count", "attachments"):
        if key in theirs and (key != "attachments" or text):
            cell[key] = theirs[key]
    if text:
        cell["source"] = source_of(theirs).splitlines(keepends=True)
    cell["metadata"] = _noted(theirs) | cell["metadata"]


def _noted(cell: Cell) -> dict[str, Any]:
    metadata = cell.get("metadata")
    return metadata if isinstance(metadata, dict) else {}


def _keep_fold(cell: Cell, theirs: Cell) -> None:
    """Keep a fold that the learner opened or closed; any other is as it is built now.

    JupyterLab notes the state of now under ``jupyter``; how we built it stands under ``lstm_lab``.
    """
    said = _noted(theirs).get("jupyter"), _noted(theirs).get("lstm_lab")
    jupyter, ours = (one if isinstance(one, dict) else {} for one in said)
    closed, built = jupyter.get("source_hidden") is True, ours.get("folded") is True
    if closed == built:
        closed = "jupyter" in cell["metadata"]
    kept = {key: value for key, value in jupyter.items() if key != "source_hidden"}
    cell["metadata"]["jupyter"] = kept | ({"source_hidden": True} if closed else {})


def _as_own(cell: Cell, taken: set[str]) -> Cell:
    own = copy.deepcopy(cell)
    metadata = own.get("metadata")
    own["metadata"] = (
        {key: value for key, value in metadata.items() if key != "lstm_lab"}
        if isinstance(metadata, dict)
        else {}
    )
    if str(own.get("id")) in taken or "id" not in own:
        own["id"] = uuid.uuid4().hex[:16]
    taken.add(str(own["id"]))
    return own
