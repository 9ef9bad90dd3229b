"""What JupyterLab itself does to a notebook that is opened, run and saved is no learner's edit."""

from __future__ import annotations

import json

import pytest

from lstm_lab.course.cells import parse, text_hash


@pytest.mark.parametrize("folder", ["notebooks", "exercises"])
def test_a_notebook_opened_and_saved_counts_as_untouched(lab, folder):
    path = next((lab.server.root / folder / "en").glob("00_*.ipynb"))
    name = f"{folder}/en/{path.name}"
    published = path.read_bytes()
    copy = lab.server.work / name
    assert text_hash(parse(copy.read_bytes())) == text_hash(parse(published))
    lab.open(name)
    lab.run_cell(lab.cell("import"))
    lab.command("docmanager:save")
    lab.page.wait_for_function(
        "() => !window.jupyterapp.shell.currentWidget.context.model.dirty", timeout=20_000
    )
    saved = copy.read_bytes()
    assert saved != published
    assert any(cell.get("execution_count") for cell in json.loads(saved)["cells"])
    assert text_hash(parse(saved)) == text_hash(parse(published))
    ids = [cell["id"] for cell in json.loads(saved)["cells"]]
    assert ids[: len(parse(published)["cells"])] == [c["id"] for c in parse(published)["cells"]]
