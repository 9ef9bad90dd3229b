"""GitHub Classroom as docs/grading.md has it, from the handout to the marks."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from lstm_lab.cli import main
from lstm_lab.grading.exercises import find_exercise
from lstm_lab.grading.mutants import load_mutants, mutate
from lstm_lab.grading.reports.sheets import read_sheet
from lstm_lab.grading.sources import Document

ROOT = Path(__file__).resolve().parents[2]
ROSTER = "name,github_username\nLee Ann,ann-lee\nLee Bo,lee\nCy Dee,CyD\nNobody,nobody\n"
CANVAS = (
    "Student,ID,SIS Login ID,Section,Exercise 01 (77)\n"
    "    Points Possible,,,,13\n"
    '"Ann, Lee",501,,A,\n"Bo, Lee",502,,A,\n"Dee, Cy",503,,A,\n"Nobody",504,,A,\n'
)


def answered(path: Path, document: Document) -> None:
    """Write the answers into the notebook that stands there, as a learner does."""
    book = json.loads(path.read_text("utf-8"))
    answers = {cell.name: cell.source for cell in document.cells if cell.name}
    for cell in book["cells"]:
        name = cell["metadata"].get("lstm_lab", {}).get("name")
        if cell["cell_type"] == "code" and name in answers:
            cell["source"] = answers[name]
    path.write_text(json.dumps(book), "utf-8")


@pytest.fixture(scope="module")
def repositories(tmp_path_factory):
    """Make the template, and what three students push."""
    base = tmp_path_factory.mktemp("classroom")
    template, inside = base / "template", base / "repositories"
    assert main(["release", "--out", str(template)]) == 0
    assert main(["recipe", "classroom", "--exercise", "01", "--out", str(template)]) == 0
    exercise = find_exercise("01", ROOT)
    wrong = mutate(exercise.solution, load_mutants(exercise)[0])
    for login, lang, document in [
        ("ann-lee", "en", exercise.solution),
        ("lee", "zh", wrong),
        ("cyd", "en", None),
    ]:
        own = inside / f"rnn-lab-{login}"
        shutil.copytree(template, own)
        work = own / "work" / "exercises" / lang / f"{exercise.name}.ipynb"
        work.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(own / "exercises" / lang / work.name, work)
        if document is not None:
            answered(work, document)
    (base / "roster.csv").write_text(ROSTER, "utf-8")
    (base / "canvas.csv").write_text(CANVAS, "utf-8")
    lost = exercise.task_points[load_mutants(exercise)[0].task]
    return base, sum(exercise.task_points.values()), lost


@pytest.mark.parametrize("words", [[], ["--exercise", "01"]])
def test_from_the_handout_to_the_marks(repositories, words, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LSTM_LAB_ROOT", str(ROOT))
    monkeypatch.setenv("LSTM_LAB_LANG", "en")
    base, whole, lost = repositories
    out, roster = tmp_path / "results", str(base / "roster.csv")
    code = main(
        ["grade", str(base / "repositories"), "--out", str(out), "--roster", roster, *words]
    )
    assert code == 0
    told = capsys.readouterr().out
    assert "Exercise 01: 3 of 4 on the class list have handed in." in told
    assert "Not on the class list" not in told
    with (out / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["student"]]
    first = {row["student"]: row for row in rows if row["exercise"] == "01"}
    assert len(rows) == len({(row["student"], row["exercise"]) for row in rows})
    assert {row["exercise"] for row in rows if words} <= {"01"}
    assert {name: float(row["points"]) for name, row in first.items()} == {
        "rnn-lab-ann-lee": whole, "rnn-lab-lee": whole - lost, "rnn-lab-cyd": 0,
    }  # fmt: skip
    assert first["rnn-lab-ann-lee"]["status"] == first["rnn-lab-lee"]["status"] == "ok"
    assert "/work/" in first["rnn-lab-lee"]["file"]
    made = tmp_path / "marks.csv"
    assert main(["marks", str(out), "--canvas", str(base / "canvas.csv"), "--exercise", "01",
                 "--roster", roster, "--out", str(made)]) == 0  # fmt: skip
    column = [row[4] for row in read_sheet(made).rows]
    assert column == ["13", f"{whole:g}", f"{whole - lost:g}", "0", ""]
