"""Joining, whatever learner and author have done: no text of a learner's is ever lost."""

from __future__ import annotations

import copy
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from lstm_lab.course.cells import cell_hashes, name_of, source_of
from lstm_lab.course.join import answers, join
from lstm_lab.course.notebook import NotebookCell, notebook_bytes

TASKS = ("double", "triple")
BASE = [
    NotebookCell("markdown", "# Title", anchor="<top>"),
    NotebookCell("markdown", "Some prose."),
    NotebookCell("code", "import numpy as np", name="setup"),
    NotebookCell("markdown", "Double it."),
    NotebookCell("code", "def double(x):\n    raise NotImplementedError", name="double", task=True),
    NotebookCell("code", 'check("double")'),
    NotebookCell("markdown", "Triple it."),
    NotebookCell("code", "def triple(x):\n    raise NotImplementedError", name="triple", task=True),
    NotebookCell("code", 'check("triple")', name="check_triple"),
    NotebookCell("markdown", "---", anchor="<end>"),
]

AUTHOR = st.lists(
    st.tuples(st.sampled_from(["edit", "delete", "insert"]), st.integers(0, 40)), max_size=6
)
LEARNER = st.lists(
    st.tuples(
        st.sampled_from(
            ["edit", "edit", "delete", "insert", "move", "copy", "drop id", "drop metadata", "run"]
        ),
        st.integers(0, 40),
        st.integers(0, 40),
    ),
    max_size=10,
)


def published(cells):
    return json.loads(notebook_bytes("exercise step", cells, {"kind": "exercise"}))


def rewritten(edits):
    """The text as an author left it."""
    cells = list(BASE)
    for n, (what, at) in enumerate(edits):
        at %= len(cells)
        old = cells[at]
        if what == "edit":
            text = f"{old.text}\n# author {n}"
            cells[at] = NotebookCell(old.kind, text, old.name, old.task, old.anchor)
        elif what == "delete" and not old.anchor:
            del cells[at]
        elif what == "insert":
            cells.insert(at, NotebookCell("code", f"author_cell = {n}"))
    return published(cells)


def worked_on(edits):
    """The notebook as a learner left it, and the texts that are theirs."""
    notebook = published(BASE)
    cells = notebook["cells"]
    mine = {}
    for n, (what, at, to) in enumerate(edits):
        if not cells:
            break
        at, to = at % len(cells), to % (len(cells) + 1)
        cell = cells[at]
        if what == "edit":
            # the 'def' line stays, as it does for nearly everybody
            first = source_of(cell).split("\n")[0]
            mine[id(cell)] = cell["source"] = f"{first}\n# learner {n}"
        elif what == "delete":
            mine.pop(id(cell), None)
            del cells[at]
        elif what == "insert":
            new = {"cell_type": "code", "id": f"own-{n}", "metadata": {}, "source": f"own = {n}"}
            new |= {"outputs": [], "execution_count": None}
            mine[id(new)] = new["source"]
            cells.insert(to, new)
        elif what == "move":
            cells.insert(to, cells.pop(at)) if to < len(cells) else None
        elif what == "copy":
            twin = copy.deepcopy(cell) | {"id": f"twin-{n}"}
            if id(cell) in mine:
                mine[id(twin)] = mine[id(cell)]
            cells.insert(to, twin)
        elif what == "drop id":
            cell.pop("id", None)
        elif what == "drop metadata":
            cell["metadata"] = {}
        elif what == "run" and cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": str(n)}]
    return notebook, set(mine.values())


@settings(deadline=None, max_examples=300)
@given(AUTHOR, LEARNER)
def test_nothing_a_learner_wrote_is_lost(author, learner):
    mine, texts = worked_on(learner)
    new = rewritten(author)
    before = copy.deepcopy((mine, new))
    joined = join(mine, cell_hashes(published(BASE)), new).notebook
    assert (mine, new) == before
    there = [source_of(cell) for cell in joined["cells"]]
    assert texts <= set(there)
    ids = [cell["id"] for cell in joined["cells"]]
    assert len(set(ids)) == len(ids)
    # Every new cell is there by its id, in the author's order
    wanted = [cell["id"] for cell in new["cells"]]
    assert [cell_id for cell_id in ids if cell_id in set(wanted)] == wanted
    for task in TASKS:
        tagged = [cell for cell in joined["cells"] if name_of(cell) == task]
        assert len(tagged) == sum(name_of(cell) == task for cell in new["cells"])


@settings(deadline=None, max_examples=100)
@given(AUTHOR, LEARNER)
def test_joining_again_changes_nothing(author, learner):
    mine, _texts = worked_on(learner)
    new = rewritten(author)
    once = join(mine, cell_hashes(published(BASE)), new).notebook
    twice = join(once, cell_hashes(new), new).notebook
    assert [source_of(c) for c in twice["cells"]] == [source_of(c) for c in once["cells"]]


@settings(deadline=None, max_examples=100)
@given(AUTHOR)
def test_a_learner_who_wrote_nothing_gets_the_new_text(author):
    new = rewritten(author)
    joined = join(published(BASE), cell_hashes(published(BASE)), new)
    assert [source_of(c) for c in joined.notebook["cells"]] == [source_of(c) for c in new["cells"]]
    assert (joined.kept, joined.own) == ([], 0)


@settings(deadline=None, max_examples=100)
@given(AUTHOR, LEARNER)
def test_without_a_record_nothing_in_code_is_lost_either(author, learner):
    mine, texts = worked_on(learner)
    code = {
        source_of(cell)
        for cell in mine["cells"]
        if cell["cell_type"] == "code" and source_of(cell) in texts
    }
    joined = join(mine, {}, rewritten(author)).notebook
    assert code <= {source_of(cell) for cell in joined["cells"]}


def test_answers_are_those_that_were_begun():
    notebook = published(BASE)
    assert answers(notebook, cell_hashes(notebook), notebook) == {}
    mine = copy.deepcopy(notebook)
    mine["cells"][4]["source"] = "def double(x):\n    return 2 * x"
    assert answers(mine, cell_hashes(notebook), notebook) == {
        "double": "def double(x):\n    return 2 * x"
    }
