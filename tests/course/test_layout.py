"""The list of lessons, and what must not change when it does: ids, inputs, copies, progress."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from lstm_lab import data, progress, weights
from lstm_lab.cli import main
from lstm_lab.course.build import build
from lstm_lab.course.copies import refresh
from lstm_lab.errors import UserError
from lstm_lab.grading import exercise as open_exercise
from lstm_lab.grading.exercises import find_exercise
from lstm_lab.grading.runner.run import generator
from lstm_lab.layout import RUN_WITH, Layout, Lesson
from lstm_lab.plots import course_road
from lstm_lab.widgets import Predict
from tests.course.conftest import EXERCISE, GRADED, LESSON

ROOT = Path(__file__).resolve().parents[2]
# Named cells' ids and first random numbers at the commit before slugs (a4e478e).
BEFORE = json.loads((Path(__file__).parent / "before_slugs.json").read_text("utf-8"))
ORDER = """
appendices = ["tools"]
[[part]]
title = {en = "First", zh = "一"}
lessons = ["start", "more", "step"]
[lesson.step]
was = "01"
data = ["rain"]
[lesson.start]
was = "00"
"""


@pytest.fixture
def made(tmp_path):
    def make(text: str) -> Layout:
        (tmp_path / "lessons").mkdir(exist_ok=True)
        (tmp_path / "lessons" / "course.toml").write_text(text, "utf-8")
        return Layout(tmp_path)

    return make


def test_the_number_is_the_place_in_the_list(made):
    layout = made(ORDER)
    assert [one.name for one in layout.all] == ["00_start", "01_more", "02_step", "tools"]
    assert layout.parts[0].title == {"en": "First", "zh": "一"}
    assert (layout["step"].seed, layout["more"].seed) == ("01_step", "more")
    assert layout["step"].data == ("rain",)


def test_the_road_is_what_the_list_asks_and_what_is_there(made, monkeypatch):
    monkeypatch.setenv("LSTM_LAB_LANG", "zh")
    asked = '[lesson.start]\nquestion = {en = "What first?", zh = "先做什么？"}'
    layout = made(ORDER.replace("[lesson.start]", asked))
    assert course_road(layout).stations == {"00": "先做什么？"}
    assert course_road(layout).ready == []
    built = layout["start"].built("lesson", "zh")
    built.parent.mkdir(parents=True)
    built.touch()
    assert course_road(layout).ready == ["00"]
    with pytest.raises(UserError, match="question"):
        made(ORDER + 'question = "What first?"')


def test_every_lesson_of_the_course_asks_one_question_in_two_languages():
    questions = [lesson.question for lesson in Layout(ROOT).lessons]
    assert all(set(one) == {"en", "zh"} for one in questions)
    assert len({one["zh"] for one in questions}) == len(questions)


def test_a_person_means_todays_number_and_an_older_copy_that_of_its_time(made):
    layout = made(ORDER)
    words = ("step", "1", 1, "01", "01_step", "07_step", "tools")
    found = {word: layout.find(word) for word in words}
    assert {word: one and one.slug for word, one in found.items()} == {
        "step": "step",
        "01_step": "step",
        "07_step": "step",
        "tools": "tools",
        "1": "more",
        1: "more",
        "01": "more",
    }
    assert layout.find("01", old=True) == layout["step"]
    assert layout.find("02", old=True) == layout["step"]  # nobody had that number: today's
    assert [layout.find(word) for word in ("", "9", "gone", "01_gone", "²")] == [None] * 5
    assert layout.key("01-left") == "step-left"
    assert [layout.key(one) for one in ("step-left", "tools-01", "99-x")] == [
        "step-left",
        "tools-01",
        "99-x",
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"more"', '"start"', "start stands there twice"),
        ('"more"', '"More"', "must be a list of slugs"),
        ('was = "00"', 'was = "01"', "01 stands there twice"),
        ('was = "00"', "was = 0", "was must be two digits"),
        ('was = "00"', 'then = "00"', "has then; known are"),
        ("[lesson.start]", "[lesson.gone]", "is in no list"),
        ('zh = "一"', 'fr = "un"', "title must be given as"),
        ("[[part]]", "[[part]", "course.toml: "),
    ],
)
def test_a_wrong_list_is_told(made, old, new, said):
    assert old in ORDER
    with pytest.raises(UserError, match=re.escape(said)):
        made(ORDER.replace(old, new))


def test_a_course_without_a_list_is_told(tmp_path):
    with pytest.raises(UserError, match="no list of lessons"):
        Layout(tmp_path)


@pytest.mark.parametrize("place", sorted(BEFORE["cells"]))
def test_named_cells_keep_their_ids(place):
    """So that a learner's answers join, whatever the lesson is called or numbered."""
    folder, slug = place.split("/")
    name = Layout(ROOT)[slug].name
    cells = json.loads((ROOT / folder / "en" / f"{name}.ipynb").read_text("utf-8"))["cells"]
    ids = {c["metadata"]["lstm_lab"]["name"]: c["id"] for c in cells if "lstm_lab" in c["metadata"]}
    shared = {name: ids[name] for name in ids if name in BEFORE["cells"][place]}
    assert shared
    assert shared == {name: BEFORE["cells"][place][name] for name in shared}


@pytest.mark.parametrize("slug", sorted(BEFORE["inputs"]))
def test_graded_inputs_are_the_same(slug):
    seed = find_exercise(slug, ROOT).lesson.seed
    drawn = [generator(seed, "test_x", key).random() for key in (b"", b"key")]
    np.testing.assert_array_equal(drawn, BEFORE["inputs"][slug])


def test_a_new_lesson_moves_no_seed():
    assert Lesson(ROOT, "lstm_cell", "06", was="05").seed == "05_lstm_cell"


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """Copies from when notebooks said numbers, with an answer and progress; then a lesson 03."""
    root = tmp_path_factory.mktemp("inserted") / "course"
    for part in RUN_WITH:
        shutil.copytree(ROOT / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "lstm_lab").mkdir()
    for one in Layout(root).lessons:
        for path in root.glob(f"*/*/{one.name}.ipynb"):
            text = path.read_text("utf-8").replace(
                f'exercise(\\"{one.slug}', f'exercise(\\"{one.was}'
            )
            path.write_text(text.replace(f'\\"{one.slug}-', f'\\"{one.was}-'), "utf-8")
    refresh(root)
    work = root / "work"
    solution = json.loads((root / "solutions/en/05_lstm_cell.ipynb").read_text("utf-8"))
    answers = {
        c["metadata"]["lstm_lab"]["name"]: c["source"]
        for c in solution["cells"]
        if c["metadata"].get("lstm_lab", {}).get("task")
    }
    copy = work / "exercises/en/05_lstm_cell.ipynb"
    notebook = json.loads(copy.read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["metadata"].get("lstm_lab", {}).get("name") == "half_life":
            cell["source"] = answers["half_life"]
    copy.write_text(json.dumps(notebook), "utf-8")
    shutil.copy(copy, root.parent / "handed_in.ipynb")
    facts = [
        {"kind": "check", "exercise": "05", "tasks": {"half_life": [3, 3]}},
        {"kind": "guess", "id": "05-largest-c", "guess": 12.0},
    ]
    (work / "progress.jsonl").write_text("".join(json.dumps(one) + "\n" for one in facts), "utf-8")

    order = root / "lessons/course.toml"
    text = order.read_text("utf-8")
    assert '"vanishing_gradients"' in text
    text = text.replace('"vanishing_gradients"', '"extra", "vanishing_gradients"', 1)
    order.write_text(text, "utf-8")
    extra = Layout(root)["extra"]
    extra.folder.mkdir()
    extra.lesson.write_text(LESSON.format(title="Extra", title_zh="额外", minutes=5), "utf-8")
    extra.exercise.write_text(EXERCISE.replace('exercise("step")', 'exercise("extra")'), "utf-8")
    extra.tests.write_text(GRADED, "utf-8")
    sources = {path: path.read_bytes() for path in root.glob("lessons/*/*.py")}
    assert build(root, gate=False).problems == []
    assert {path: path.read_bytes() for path in sources} == sources
    return root


@pytest.fixture
def inserted(begun, tmp_path, monkeypatch):
    root = tmp_path / "course"
    shutil.copytree(begun, root)
    monkeypatch.setenv("LSTM_LAB_ROOT", str(root))
    monkeypatch.setenv("LSTM_LAB_LANG", "en")
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    return root


COPY = "work/exercises/en/06_lstm_cell.ipynb"


def test_copies_follow_an_inserted_lesson(inserted, capsys):
    done = refresh(inserted)
    assert done.renamed["exercises/en/05_lstm_cell.ipynb"] == "exercises/en/06_lstm_cell.ipynb"
    assert "05_lstm_cell → 06_lstm_cell" in done.sentences()[0]
    assert "exercises/en/06_lstm_cell.ipynb" in done.newer
    assert (done.removed, done.problems) == ([], [])
    assert "work/exercises/en/03_extra.ipynb" in {
        path.relative_to(inserted).as_posix() for path in inserted.rglob("*.ipynb")
    }
    assert not list(inserted.glob("work/*/*/05_lstm_cell.ipynb"))
    assert refresh(inserted).renamed == {}

    assert main(["check", "lstm_cell"]) == 1
    assert "half_life  3 / 3" in capsys.readouterr().out
    assert main(["update", "lstm_cell", "--exercise"]) == 0
    assert "your answers were kept: half_life" in capsys.readouterr().out
    text = (inserted / COPY).read_text("utf-8")
    assert 'exercise(\\"lstm_cell\\")' in text
    assert main(["check", "06"]) == 1
    assert "half_life  3 / 3" in capsys.readouterr().out
    assert main(["reset", "6", "--exercise"]) == 0
    assert (inserted / COPY).read_bytes() == (inserted / COPY.removeprefix("work/")).read_bytes()


@pytest.mark.parametrize(
    ("notebook", "word", "slug"),
    [
        ("", "05", "lstm_cell"),
        ("", 5, "lstm_cell"),
        ("", "lstm_cell", "lstm_cell"),
        ("", "07", "lstm_backward"),  # there was none of that number: today's
        ("exercises/en/05_lstm_cell.ipynb", "05", "lstm_cell"),
        ("exercises/en/05_memory_cell.ipynb", "05", "memory_cell"),  # its own name decides
        ("exercises/en/06_lstm_cell.ipynb", "05", "lstm_cell"),  # renamed, its text not yet
    ],
)
def test_a_number_in_an_older_copy_means_what_it_meant(inserted, monkeypatch, notebook, word, slug):
    monkeypatch.setenv("JPY_SESSION_NAME", notebook)
    check = open_exercise(word)
    check.close()
    assert check.exercise.slug == slug


def test_progress_recorded_by_number_is_read_and_added_to(inserted):
    assert progress.best_points(progress.read()) == {"lstm_cell": {"half_life": (3, 3)}}
    old = Predict("05-largest-c", "?")
    assert (old.id, old._earlier()) == ("lstm_cell-largest-c", 12.0)
    assert Predict("lstm_cell-largest-c", "?")._earlier() == 12.0
    progress.record("check", exercise="05", tasks={"lstm_step": [4, 4]})
    assert set(progress.best_points(progress.read())["lstm_cell"]) == {"half_life", "lstm_step"}


def test_a_class_with_older_copies_is_graded(inserted, tmp_path, capsys):
    folder = tmp_path / "class"
    folder.mkdir()
    handed_in = (inserted / "work/exercises/en/05_lstm_cell.ipynb").read_text("utf-8")
    (folder / "ann.ipynb").write_text(handed_in, "utf-8")
    (folder / "bob_05_lstm_cell.ipynb").write_text(handed_in, "utf-8")
    bare = json.loads(handed_in)
    bare["metadata"].pop("lstm_lab")
    (folder / "cy_05_lstm_cell.ipynb").write_text(json.dumps(bare), "utf-8")
    bare["metadata"]["lstm_lab"] = {"kind": "exercise", "number": "05"}  # a still older one
    (folder / "dee.ipynb").write_text(json.dumps(bare), "utf-8")
    assert main(["grade", str(folder), "--out", str(tmp_path / "out"), "--trust-submissions"]) == 0
    with (tmp_path / "out" / "results.csv").open(encoding="utf-8-sig") as file:
        rows = [(r["student"], r["exercise"], r["points"]) for r in csv.DictReader(file)]
    assert rows == [(name, "06", "3") for name in ("ann", "bob", "cy", "dee")]


def test_what_lessons_need_is_there():
    for lesson in Layout(ROOT).lessons:
        assert set(lesson.data) <= set(data.DATA_SETS), lesson.slug
        assert set(lesson.weights) <= set(weights.names()), lesson.slug
