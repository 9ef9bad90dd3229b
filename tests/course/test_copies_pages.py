"""What learners did to pages stays: the folds that they opened or closed, their code with `tr`."""

from __future__ import annotations

import copy
import json

import pytest

from lstm_lab.course.cells import cell_hashes, source_of
from lstm_lab.course.copies import refresh
from lstm_lab.course.join import join
from lstm_lab.course.notebook import NotebookCell, notebook_bytes
from lstm_lab.course.update import update

LESSON = "notebooks/en/01_step.ipynb"


def published(*cells):
    return json.loads(notebook_bytes("lesson step", list(cells), {"kind": "lesson"}))


def page(text="draw()", *, folded):
    return published(NotebookCell("code", text, name="draw", folded=folded))


def toggled(notebook):
    """As JupyterLab notes it when a reader opens or shuts a cell: the key is there or it is not."""
    notebook = copy.deepcopy(notebook)
    metadata = notebook["cells"][0]["metadata"]
    if metadata.pop("jupyter", None) is None:
        metadata["jupyter"] = {"source_hidden": True}
    return notebook


def shut(notebook):
    return notebook["cells"][0]["metadata"].get("jupyter", {}).get("source_hidden", False)


@pytest.mark.parametrize("text", ["draw()", "draw(anew)"])
@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("now", [True, False])
def test_a_fold_is_the_readers_or_as_it_is_built_now(text, before, now):
    base, new = page(folded=before), page(text, folded=now)
    assert shut(base) == before
    hashes = cell_hashes(base)
    assert shut(join(base, hashes, new).notebook) == now
    mine = join(toggled(base), hashes, new).notebook
    # who has shut a cell that is now built shut, or opened one, wants no change
    assert shut(mine) == (not before)
    again = join(mine, cell_hashes(new), new).notebook
    assert shut(again) == shut(mine)


def test_a_fold_stays_with_a_cell_that_the_learner_edited_too():
    base = page(folded=True)
    mine = toggled(base)
    mine["cells"][0]["source"] = "draw(x)"
    mine["cells"][0]["metadata"]["jupyter"] = {"outputs_hidden": True}
    joined = join(mine, cell_hashes(base), base).notebook
    assert source_of(joined["cells"][0]) == "draw(x)"
    assert joined["cells"][0]["metadata"]["jupyter"] == {"outputs_hidden": True}


BEFORE = ["from lstm_lab.i18n import tr\n\nx = 1", 'print(tr(en="one", zh="一"), x)']
AFTER = ["x = 1", 'print("one", x)']


def cells_of(texts):
    return published(*(NotebookCell("code", text, name=f"c{n}") for n, text in enumerate(texts)))


@pytest.mark.parametrize(
    "own",
    [
        'print(tr(en="mine", zh="我的"))',
        '%%time\nprint(tr(en="mine", zh="我的"))',
        'for _ in "a":\n    print(tr(en="mine", zh="我的"))',
    ],
)
def test_code_with_tr_still_runs(own, capsys, monkeypatch):
    monkeypatch.setenv("LSTM_LAB_LANG", "en")
    base, new = cells_of(BEFORE), cells_of(AFTER)
    mine = copy.deepcopy(base)
    mine["cells"][1]["source"] = BEFORE[1].replace("x)", "x + 1)")
    mine["cells"].append({"cell_type": "code", "id": "own", "metadata": {}, "source": own})
    joined = join(mine, cell_hashes(base), new).notebook
    names: dict = {}
    for cell in joined["cells"]:
        exec(source_of(cell).removeprefix("%%time\n"), names)
    assert sorted(capsys.readouterr().out.splitlines()) == ["mine", "one 1", "one 2"]
    if own.startswith("%%"):
        texts = [source_of(cell) for cell in joined["cells"]]
        assert any(text.startswith("%%time\nfrom lstm_lab.i18n import tr\n") for text in texts)
    again = join(joined, cell_hashes(new), new).notebook
    assert [source_of(c) for c in again["cells"]] == [source_of(c) for c in joined["cells"]]


@pytest.mark.parametrize("own", ["tree(1)", "np.tr(1)", "def tr(x):\n    pass\ntr(1)", BEFORE[0]])
def test_code_that_needs_no_import_is_left_as_it_is(own):
    new = cells_of(AFTER)
    mine = copy.deepcopy(new)
    mine["cells"].append({"cell_type": "code", "id": "own", "metadata": {}, "source": own})
    joined = join(mine, cell_hashes(new), new).notebook
    assert source_of(joined["cells"][-1]) == own


def test_update_gives_an_edited_cell_its_import(small):
    refresh(small.root)  # there is nothing yet
    small.build()
    refresh(small.root)
    path = small.work / LESSON
    notebook = json.loads(path.read_bytes())
    own = {"cell_type": "code", "id": "own", "metadata": {}, "outputs": []}
    own |= {"execution_count": None, "source": 'z = tr(en="a", zh="甲")'}
    notebook["cells"].append(own)
    path.write_text(json.dumps(notebook), "utf-8")
    small.edit("lessons/step/lesson.py", "x = 1", "x = 2")
    small.build()
    update(small.root, "01")
    names: dict = {}
    exec(source_of(json.loads(path.read_bytes())["cells"][-1]), names)
    assert names["z"] == "a"
