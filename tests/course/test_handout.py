"""The handout: what is in it and what is not, and that `check()` works in it as in the course."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import pytest

from lstm_lab.commands.open import lab_arguments
from lstm_lab.course.build import build
from lstm_lab.course.copies import refresh
from lstm_lab.course.handout.contents import learners_part, one_language
from lstm_lab.course.handout.release import release
from lstm_lab.course.update import update
from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import find_exercise, list_exercises
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.mutants import load_mistakes, load_mutants, mutate
from lstm_lab.grading.sources import read_document

ROOT = Path(__file__).resolve().parents[2]
EXERCISES = list_exercises(ROOT)
MUTANTS_EACH = 6


@pytest.fixture(scope="module")
def handout(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("released") / "LSTM 课程"
    release(ROOT, out, ("en", "zh"))
    return out


def names(tree: Path) -> set[str]:
    return {path.relative_to(tree).as_posix() for path in tree.rglob("*") if path.is_file()}


def answers() -> list[tuple[str, str]]:
    """Return each answer of each solution, its lines stripped."""
    found = []
    for exercise in EXERCISES:
        text = exercise.solution_path.read_text("utf-8")
        for answer in re.findall(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", text, re.S):
            found.append((exercise.number, stripped(answer)))
    return found


def stripped(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def telling(line: str) -> bool:
    """Say whether a line of an answer gives something away; the head of a plain loop does not."""
    return re.fullmatch(r"for \w+ in \w+:", line) is None


def readable(path: Path) -> str:
    if path.suffix == ".ipynb":
        cells = json.loads(path.read_text("utf-8"))["cells"]
        return stripped("\n".join("".join(cell["source"]) for cell in cells))
    return stripped(path.read_bytes().decode("utf-8", "replace"))


def in_the_handout(handout: Path, code: str, **environment: str) -> subprocess.CompletedProcess:
    """Run code with the handout's own package, as in a notebook of the learner's."""
    return subprocess.run(
        [sys.executable, "-P", "-c", textwrap.dedent(code)],
        cwd=handout / "exercises" / "en",
        env={**os.environ, "PYTHONPATH": str(handout), **environment},
        capture_output=True,
        encoding="utf-8",
    )


def test_it_holds_the_course_and_nothing_else(handout):
    found = names(handout)
    for name in names(ROOT / "notebooks" / "zh"):
        assert f"notebooks/zh/{name}" in found
    for exercise in EXERCISES:
        assert f"exercises/en/{exercise.name}.ipynb" in found
        assert f"lessons/{exercise.slug}/expected.npz" in found
        assert f"lessons/{exercise.slug}/test_exercise.py" in found
    top = {name.split("/")[0] for name in found}
    assert top == {
        *(".gitignore", "LICENSE", "README.md", "README.zh.md", "environment.yml", "handout.json"),
        *("lab.py", "pyproject.toml", "docs", "exercises", "lstm_lab", "notebooks", "lessons"),
    }
    assert all(name.endswith(".png") for name in found if name.startswith("docs/"))
    assert not [name for name in found if "__pycache__" in name]
    assert not [name for name in found if "solution" in name.lower()]
    # of a lesson's folder what is graded, and nothing that holds an answer
    of_lessons = {name.split("/")[-1] for name in found if name.startswith("lessons/")}
    assert of_lessons == {"course.toml", "test_exercise.py", "expected.npz"}


def held(texts: dict[str, str]) -> list[tuple[str, str]]:
    """Return which files hold something of an answer, and of which exercise.

    Lessons and package teach the same formulas, and tests that name mistakes by hand hold some.
    What the learner is to fill in, what was recorded, and tests that have a table of mistakes hold
    not a line.
    """
    taught = tuple(
        f"lessons/{one.slug}/test_exercise.py" for one in EXERCISES if not load_mistakes(one)
    )
    lines = {name: set(text.split("\n")) for name, text in texts.items()}
    found = []
    for number, answer in answers():
        for name, text in texts.items():
            if name.startswith(("lstm_lab/", "notebooks/", *taught)):
                if "\n" in answer and answer in text:
                    found.append((name, number))
            elif any(telling(line) for line in lines[name] & set(answer.split("\n"))):
                found.append((name, number))
    return found


def test_no_answer_is_in_it(handout):
    assert held({name: readable(handout / name) for name in names(handout)}) == []


def answer_keys(inside: set[str]) -> set[str]:
    """Return the names of an author's files."""
    return {name for name in inside if re.search(r"/(exercise|mistakes|lesson)\.py$", name)}


def test_an_authors_file_is_caught_by_name_and_by_content(handout):
    """Planted, under its own name or a harmless one."""
    assert answer_keys(names(handout)) == set()
    for one in EXERCISES:
        planted = {path.relative_to(ROOT).as_posix() for path in one.own_files} - names(handout)
        assert answer_keys(names(handout) | planted) == planted
        assert f"lessons/{one.slug}/mistakes.py" in planted
        assert ("docs/plan.txt", one.number) in held({"docs/plan.txt": readable(one.solution_path)})


def test_a_line_of_an_answer_among_the_graded_tests_is_caught(handout):
    exercise = next(one for one in EXERCISES if load_mistakes(one))
    name = f"lessons/{exercise.slug}/test_exercise.py"
    text = readable(handout / name)
    assert held({name: text}) == []
    line = next(answer for number, answer in answers() if number == exercise.number)
    assert held({name: text + "\n" + line.splitlines()[-1]}) == [(name, exercise.number)]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.number)
def test_check_gives_the_solution_everything_and_the_stub_nothing(handout, exercise):
    stub = read_document(handout / "exercises" / "en" / f"{exercise.name}.ipynb")
    texts = [
        "\n\n".join(c.source for c in one.cells if c.name or "import numpy" in c.source)
        for one in (exercise.solution, stub)
    ]
    done = in_the_handout(
        handout,
        f"""
        import json
        import lstm_lab
        from lstm_lab.grading import exercise
        check = exercise({exercise.number!r})
        found = [lstm_lab.__file__]
        for text in {texts!r}:
            names = {{}}
            exec(text, names)
            rows = check.run(names).rows
            found.append([sum(row[what] for row in rows) for what in ("earned", "points")])
        check.close()
        print(json.dumps(found))
        """,
    )
    assert done.returncode == 0, done.stderr
    file, right, empty = json.loads(done.stdout)
    assert Path(file).is_relative_to(handout)
    assert right[0] == right[1] > 0
    assert empty == [0, right[1]]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda one: one.number)
def test_wrong_answers_are_told_the_same_as_in_the_course(handout, exercise):
    mutants = load_mutants(exercise)
    some = random.Random(exercise.number).sample(mutants, min(MUTANTS_EACH, len(mutants)))
    handed = find_exercise(exercise.number, handout)
    with Grader() as here, Grader() as there:
        for mutant in some:
            wrong = mutate(exercise.solution, mutant)
            rows = there.grade(handed, wrong).rows
            assert rows == here.grade(exercise, wrong).rows
            first = next(row["said"] for row in rows if row["said"])
            assert mutant.tells["en"] in first["en"]
            assert mutant.tells["zh"] in first["zh"]


def test_a_start_makes_copies_and_update_keeps_what_was_written(handout, monkeypatch):
    assert refresh(handout).problems == []
    number = EXERCISES[0].number
    mine = handout / "work" / "exercises" / "en" / f"{EXERCISES[0].name}.ipynb"
    assert mine.is_file()
    notebook = json.loads(mine.read_text("utf-8"))
    task = next(c for c in notebook["cells"] if c["metadata"].get("lstm_lab", {}).get("task"))
    task["source"] = ["# mine\n"]
    mine.write_text(json.dumps(notebook), "utf-8")
    assert update(handout, number) == []
    newer = handout / "exercises" / "en" / mine.name
    newer.write_text(newer.read_text("utf-8").replace("●", "◉"), "utf-8")
    assert [one.path for one in update(handout, number)] == [mine]
    assert "# mine" in mine.read_text("utf-8")
    assert "◉" in mine.read_text("utf-8")


def test_commands_for_authors_say_what_is_missing(handout, tmp_path):
    before = names(handout)
    with pytest.raises(UserError, match="nothing to build from"):
        build(handout)
    with pytest.raises(UserError, match="a handout itself"):
        release(handout, tmp_path / "again", ("en",))
    assert names(handout) == before


def test_graded_tests_alone_say_that_they_need_a_submission(handout):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "lessons"],
        cwd=handout,
        env={**os.environ, "PYTHONPATH": str(handout)},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 1
    assert "name what to run them on, with --submission PATH" in done.stdout


@pytest.mark.parametrize(("lang", "other"), [("en", "zh"), ("zh", "en")])
def test_one_language_alone_has_no_links_to_the_other(tmp_path, lang, other):
    out = tmp_path / f"{lang}.zip"
    with zipfile.ZipFile(out, "w") as file:  # an earlier handout, which is replaced
        file.writestr("lstm-lab/handout.json", "{}")
    made = release(ROOT, out, (lang,))
    assert made.exercises == tuple(one.number for one in EXERCISES)
    with zipfile.ZipFile(out) as file:
        file.extractall(tmp_path / "out")
        inside = file.namelist()
    assert answer_keys(set(inside)) == set()
    assert sum(name.endswith("/expected.npz") for name in inside) == len(EXERCISES)
    tree = tmp_path / "out" / lang
    notebooks = sorted(tree.rglob("*.ipynb"))
    assert {path.parent.name for path in notebooks} == {lang}
    for path in notebooks:
        assert f"/{other}/" not in path.read_text("utf-8")
    readme = (tree / "README.md").read_text("utf-8")
    assert "README.zh.md" not in readme
    assert not (tree / "README.zh.md").exists()
    # opened in the language that is not there, the course opens in the one that is
    refresh(tree)
    opened = next(a for a in lab_arguments(tree, other, 1, []) if "default_url" in a)
    assert f"/lab/tree/notebooks/{lang}/00_" in opened


def test_nothing_is_written_over_what_is_no_handout(tmp_path):
    taken = tmp_path / "marks.zip"
    with zipfile.ZipFile(taken, "w") as file:
        file.writestr("marks/marks.csv", "1")
    before = taken.read_bytes()
    with pytest.raises(UserError, match="is no handout"):
        release(ROOT, taken, ("en",))
    with pytest.raises(UserError, match="is there already"):
        release(ROOT, tmp_path, ("en",))
    assert taken.read_bytes() == before
    assert names(tmp_path) == {"marks.zip"}


def test_the_readme_is_the_learners_part():
    for name, kept, gone in [
        ("README.md", "## For learners", ("## For instructors", "solutions", "lab.py test")),
        ("README.zh.md", "## 学习者", ("## 教师", "solutions", "lab.py test")),
    ]:
        text = learners_part((ROOT / name).read_text("utf-8"))
        assert kept in text
        assert "<!--" not in text
        for words in gone:
            assert words not in text


def test_a_notebook_without_a_link_to_another_language_stays_as_it_is():
    cell = {"cell_type": "markdown", "metadata": {}, "source": ["[Contents](../a.ipynb)\n", "x"]}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    assert json.loads(one_language(json.dumps(notebook).encode())) == notebook
