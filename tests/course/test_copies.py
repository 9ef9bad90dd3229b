"""The learner's copies: nothing written there is ever lost, whatever happens around it."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lstm_lab.cli import main
from lstm_lab.course import copies, files
from lstm_lab.course.catalogue import published
from lstm_lab.course.copies import refresh
from lstm_lab.course.update import reset, update
from lstm_lab.errors import UserError

LESSON = "notebooks/en/01_step.ipynb"
EXERCISE = "exercises/en/01_step.ipynb"
EXERCISE_ZH = "exercises/zh/01_step.ipynb"
ANSWER = 'def double(x):\n    """x -> 2 x"""\n    return x + x'
SOURCE = "lessons/step/exercise.py"


@pytest.fixture
def begun(small):
    """A course that a learner has started once."""
    small.build()
    (small.root / "notebooks/img").mkdir()
    (small.root / "notebooks/img/a.png").write_bytes(b"a picture")
    refresh(small.root)
    return small


def load(course, name):
    return json.loads((course.work / name).read_bytes())


def save(course, name, notebook):
    # As JupyterLab saves: its own order, more metadata
    notebook["metadata"]["language_info"]["version"] = "3.12.1"
    (course.work / name).write_text(json.dumps(notebook, indent=1), "utf-8")


def source(cell):
    return "".join(cell["source"])


def find(notebook, text):
    return next(cell for cell in notebook["cells"] if text in source(cell))


def answer(course, name=EXERCISE, task="def double", text=ANSWER):
    notebook = load(course, name)
    find(notebook, task)["source"] = text
    save(course, name, notebook)


def run(course, name):
    """As if every cell had been run and the notebook saved."""
    notebook = load(course, name)
    for n, cell in enumerate(c for c in notebook["cells"] if c["cell_type"] == "code"):
        cell["execution_count"] = n + 1
        cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "ran\n"}]
    notebook["cells"].append(own_cell("", "ffff"))
    save(course, name, notebook)


def own_cell(text, cell_id="abcd"):
    return {
        "cell_type": "code",
        "id": cell_id,
        "metadata": {},
        "source": text,
        "outputs": [],
        "execution_count": None,
    }


def new_text(course, old="Double it.", new="Double it, please."):
    course.edit(SOURCE, old, new)
    course.edit("lessons/step/lesson.py", "ore prose.", "ore and more prose.")
    assert course.build().problems == []


def everything_in(folder):
    notebooks = [json.loads(path.read_bytes()) for path in folder.rglob("*.ipynb")]
    return "\n".join(source(cell) for notebook in notebooks for cell in notebook["cells"])


def update_one(course, name, lang=None):
    """Update number 01 after the refresh of a start; return what happened to one copy."""
    refresh(course.root)
    return next(d for d in update(course.root, "01", lang=lang) if d.path == course.work / name)


# --- the first start, and later ones ---------------------------------------------------------


def test_the_first_start_copies_the_tree_byte_for_byte(begun):
    for folder in ("notebooks", "exercises"):
        for path in (begun.root / folder).rglob("*"):
            inside = path.relative_to(begun.root)
            if path.is_file() and "src" not in inside.parts:
                assert (begun.work / inside).read_bytes() == path.read_bytes()
    assert not (begun.work / "lessons").exists()
    assert not (begun.work / "solutions").exists()
    assert not (begun.work / "backups").exists()


def test_a_start_without_news_does_nothing_and_says_nothing(begun):
    answer(begun)
    run(begun, LESSON)
    before = {p: p.read_bytes() for p in begun.work.rglob("*") if p.is_file()}
    done = refresh(begun.root)
    assert done == copies.Refreshed()
    assert done.sentences() == []
    assert {p: p.read_bytes() for p in begun.work.rglob("*") if p.is_file()} == before


def test_the_first_lesson_of_the_copies_is_found(begun):
    first = published(begun.root, "lesson", "zh")[0]
    assert (begun.work / first.path).is_file()
    assert (first.number, first.title, first.minutes) == ("00", "开始", 10)


def test_untouched_copies_are_refreshed_without_a_word(begun):
    new_text(begun)
    done = refresh(begun.root)
    assert LESSON in done.refreshed
    assert EXERCISE_ZH in done.refreshed
    assert (begun.work / LESSON).read_bytes() == (begun.root / LESSON).read_bytes()
    assert done.sentences() == []
    assert not (begun.work / "backups").exists()


def test_a_lesson_only_run_is_refreshed_and_its_outputs_kept_in_a_backup(begun):
    run(begun, LESSON)
    ran = (begun.work / LESSON).read_bytes()
    new_text(begun)
    done = refresh(begun.root)
    assert (begun.work / LESSON).read_bytes() == (begun.root / LESSON).read_bytes()
    assert done.backups[LESSON].read_bytes() == ran
    assert str(begun.work / "backups") in done.sentences()[0]


@pytest.mark.parametrize(
    "touch",
    [
        lambda nb: find(nb, "x = 1").update(source="x = 2"),
        lambda nb: find(nb, "Why is").update(source="My own notes"),
        lambda nb: find(nb, "Why is").update(attachments={"a.png": {"image/png": "AAAA"}}),
        lambda nb: nb["cells"].append(own_cell("z = 1")),
        lambda nb: nb["cells"].pop(),
        lambda nb: nb["cells"].reverse(),
        lambda nb: find(nb, "x = 1").update(cell_type="raw"),
    ],
    ids=["code", "prose", "picture", "added", "deleted", "moved", "kind"],
)
def test_a_touched_copy_is_never_refreshed(begun, touch):
    notebook = load(begun, LESSON)
    touch(notebook)
    save(begun, LESSON, notebook)
    mine = (begun.work / LESSON).read_bytes()
    new_text(begun)
    for _start in range(2):
        done = refresh(begun.root)
        assert done.newer == [LESSON]
        assert "lstm-lab update step" in done.sentences()[0]
        assert (begun.work / LESSON).read_bytes() == mine


def test_a_deleted_file_comes_back(begun):
    (begun.work / EXERCISE).unlink()
    shutil.rmtree(begun.work / "notebooks")
    done = refresh(begun.root)
    assert EXERCISE in done.copied
    assert (begun.work / EXERCISE).read_bytes() == (begun.root / EXERCISE).read_bytes()
    assert (begun.work / "notebooks/img/a.png").read_bytes() == b"a picture"


def test_other_files_are_refreshed_only_while_they_are_as_copied(begun):
    begun.write("exercises/data.csv", "1\n")
    begun.write("exercises/other.csv", "1\n")
    refresh(begun.root)
    begun.write("work/exercises/data.csv", "mine\n")
    begun.write("exercises/data.csv", "2\n")
    begun.write("exercises/other.csv", "2\n")
    done = refresh(begun.root)
    assert begun.read("work/exercises/data.csv") == "mine\n"
    assert begun.read("work/exercises/other.csv") == "2\n"
    assert done.newer == ["exercises/data.csv"]


def test_files_of_the_learners_own_are_left_alone(begun):
    begun.write("work/exercises/en/notes.txt", "mine")
    begun.write("work/01_step_copy.ipynb", "not even JSON")
    new_text(begun)
    refresh(begun.root)
    assert begun.read("work/exercises/en/notes.txt") == "mine"
    assert begun.read("work/01_step_copy.ipynb") == "not even JSON"


def test_a_lesson_that_is_gone_takes_only_untouched_copies_with_it(begun):
    answer(begun, "notebooks/en/00_start.ipynb", "x = 1", "x = 5")
    run(begun, "notebooks/zh/00_start.ipynb")
    ran = (begun.work / "notebooks/zh/00_start.ipynb").read_bytes()
    (begun.root / "lessons/start/lesson.py").unlink()
    (begun.root / "notebooks/img/a.png").unlink()
    begun.build()
    done = refresh(begun.root)
    assert "x = 5" in everything_in(begun.work / "notebooks/en")
    assert not (begun.work / "notebooks/zh/00_start.ipynb").exists()
    assert done.backups["notebooks/zh/00_start.ipynb"].read_bytes() == ran
    assert not (begun.work / "notebooks/img/a.png").exists()
    assert refresh(begun.root).sentences() == []


def test_a_lost_or_damaged_record_makes_nothing_worse(begun):
    answer(begun)
    mine = (begun.work / EXERCISE).read_bytes()
    for damage in (b"", b"{", b'{"copies": {"a": 3}}', b"[]"):
        (begun.work / ".lstm_lab/copies.json").write_bytes(damage)
        begun.edit(SOURCE, "Double it", "Double it now")
        begun.build()
        done = refresh(begun.root)
        assert EXERCISE in done.newer
        assert (begun.work / EXERCISE).read_bytes() == mine
    # What is as published is known again, and refreshed the next time
    new_text(begun, "Double it now", "Double it then")
    assert "notebooks/zh/01_step.ipynb" in refresh(begun.root).refreshed


def test_a_damaged_notebook_is_told_and_kept(begun):
    (begun.work / EXERCISE).write_bytes(b'{"cells": [')
    new_text(begun)
    done = refresh(begun.root)
    assert (begun.work / EXERCISE).read_bytes() == b'{"cells": ['
    assert "lstm-lab reset step" in done.sentences()[0]
    assert LESSON in done.refreshed


def test_a_folder_in_the_way_is_told_and_the_rest_copied(begun):
    (begun.work / EXERCISE).unlink()
    (begun.work / EXERCISE).mkdir()
    new_text(begun)
    done = refresh(begun.root)
    assert "is in the way" in done.sentences()[0]
    assert LESSON in done.refreshed


def test_work_that_is_a_file_is_one_sentence(small):
    small.build()
    small.write("work", "a file")
    with pytest.raises(UserError, match="your copies cannot be kept in"):
        refresh(small.root)


def test_a_read_only_folder_is_one_sentence(small, monkeypatch):
    small.build()

    def refused(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied", str(self))

    # Not chmod: to root, as whom CI runs, every folder is writable.
    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(UserError, match=r"your copies cannot be kept in .*: Permission denied"):
        refresh(small.root)


def test_copies_of_read_only_files_can_be_written(small):
    small.build()
    for path in small.root.rglob("*.ipynb"):
        path.chmod(0o444)
    refresh(small.root)
    assert (small.work / EXERCISE).stat().st_mode & stat.S_IWUSR


def test_read_only_copies_are_refreshed_and_updated_too(begun):
    answer(begun)
    new_text(begun)
    for name in (EXERCISE, LESSON):
        (begun.work / name).chmod(0o444)
    refresh(begun.root)
    assert (begun.work / LESSON).read_bytes() == (begun.root / LESSON).read_bytes()
    assert update(begun.root, "01")
    assert ANSWER in source(find(load(begun, EXERCISE), "def double"))


def test_a_write_error_is_told_and_what_was_there_stays(begun, monkeypatch):
    new_text(begun)

    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies, "place", full)
    before = (begun.work / LESSON).read_bytes()
    done = refresh(begun.root)
    assert (begun.work / LESSON).read_bytes() == before
    assert "No space left on device" in done.sentences()[0]
    monkeypatch.undo()
    assert LESSON in refresh(begun.root).refreshed


def test_a_save_at_the_very_moment_is_not_lost(begun, monkeypatch):
    new_text(begun)
    find_backup = files.backup_path

    def meanwhile(work, path, now=None):
        if path == begun.work / LESSON:
            path.write_bytes(b"saved meanwhile")
        return find_backup(work, path, now)

    monkeypatch.setattr(copies, "backup_path", meanwhile)
    done = refresh(begun.root)
    assert (begun.work / LESSON).read_bytes() == b"saved meanwhile"
    assert done.newer == [LESSON]


def test_place_never_goes_over_a_file(tmp_path, monkeypatch):
    path = tmp_path / "a"
    assert files.place(path, b"first")
    assert not files.place(path, b"second")

    def no_links(*_args):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", no_links)
    assert not files.place(path, b"second")
    assert path.read_bytes() == b"first"
    assert files.place(tmp_path / "b", b"third")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "b"]


def test_starts_at_once_agree(small):
    small.build()
    code = (
        "import sys; from pathlib import Path; from lstm_lab.course.copies import refresh;"
        "d = refresh(Path(sys.argv[1])); print(len(d.copied), len(d.sentences()))"
    )
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(small.root)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    said = [start.communicate(timeout=60)[0].split() for start in starts]
    assert sum(int(copied) for copied, _ in said) == 6
    assert {sentences for _, sentences in said} == {"0"}
    assert refresh(small.root) == copies.Refreshed()
    assert list(small.work.rglob("*.tmp")) == []


# --- update ----------------------------------------------------------------------------------


def test_update_joins_the_new_text_with_answers_and_own_cells(begun):
    notebook = load(begun, EXERCISE)
    find(notebook, "def double")["source"] = ANSWER
    at = notebook["cells"].index(find(notebook, "def double"))
    notebook["cells"].insert(at + 1, own_cell("double(21)"))
    save(begun, EXERCISE, notebook)
    mine = (begun.work / EXERCISE).read_bytes()
    new_text(begun)
    refresh(begun.root)
    [done] = update(begun.root, "1")
    now = load(begun, EXERCISE)
    texts = [source(cell) for cell in now["cells"]]
    assert any("Double it, please." in text for text in texts)
    at = texts.index(ANSWER)
    assert texts[at + 1] == "double(21)"
    assert now["cells"][at]["metadata"]["lstm_lab"] == {"name": "double", "task": True}
    assert done.backup.read_bytes() == mine
    said = "\n".join(done.sentences())
    assert str(done.backup) in said
    assert "your answers were kept: double" in said
    assert update(begun.root, "01") == []
    assert refresh(begun.root).sentences() == []


def test_an_updated_copy_stays_the_learners(begun):
    answer(begun)
    new_text(begun)
    update(begun.root, "01")
    new_text(begun, "Double it, please.", "Double it at last.")
    assert EXERCISE in refresh(begun.root).newer
    update(begun.root, "01")
    assert ANSWER in everything_in(begun.work / "exercises/en")
    assert "at last" in everything_in(begun.work / "exercises/en")


def test_a_cell_inserted_above_moves_no_answer(begun):
    answer(begun)
    answer(begun, task="def triple", text="def triple(x):\n    return x * 3")
    begun.edit(SOURCE, '# %% name="setup"', '# %%\nbefore = 1\n\n# %% name="setup"')
    begun.edit(
        SOURCE,
        '# %% [markdown] lang="en"\n# ## Triple',
        '# %% name="half" task=true minutes=2 difficulty=1\ndef half(x):\n'
        "    ### BEGIN SOLUTION\n    return x / 2\n    ### END SOLUTION\n\n\n"
        '# %%\ncheck("half")\n\n# %% [markdown] lang="en"\n# <details><details><details>\n'
        "# </details></details></details>\n\n"
        '# %% [markdown] lang="zh"\n# <details><details><details>\n'
        "# </details></details></details>\n\n"
        '# %% [markdown] lang="en"\n# ## Triple',
    )
    begun.edit(
        "lessons/step/test_exercise.py",
        '@pytest.mark.points(1.5, task="triple")',
        '@pytest.mark.points(1, task="half")\ndef test_half(submission):\n    assert submission\n'
        '@pytest.mark.points(1.5, task="triple")',
    )
    assert begun.build().problems == []
    done = update_one(begun, EXERCISE)
    assert done.joined.kept == ["double", "triple"]
    code = {
        cell["metadata"].get("lstm_lab", {}).get("name"): source(cell)
        for cell in load(begun, EXERCISE)["cells"]
        if cell["cell_type"] == "code"
    }
    assert code["double"] == ANSWER
    assert code["triple"] == "def triple(x):\n    return x * 3"
    assert "NotImplementedError" in code["half"]
    assert done.joined.own == 0


def test_a_changed_stub_is_told(begun):
    answer(begun)
    begun.edit(SOURCE, "def double(x):", "def double(x, by=2):")
    begun.build()
    done = update_one(begun, EXERCISE)
    assert done.joined.restarted == ["double"]
    assert "double: its starting code has changed" in "\n".join(done.sentences())
    assert ANSWER in everything_in(begun.work / "exercises/en")


def test_a_task_not_begun_gets_the_new_stub(begun):
    answer(begun)
    begun.edit(SOURCE, "def triple(x):", "def triple(x, by=3):")
    begun.build()
    update(begun.root, "01")
    assert "def triple(x, by=3):" in source(find(load(begun, EXERCISE), "def triple"))


def test_a_task_that_is_gone_leaves_its_answer_behind(begun):
    answer(begun, task="def triple", text="def triple(x):\n    return x * 3")
    text = begun.read(SOURCE)
    begun.write(SOURCE, text[: text.index('# %% [markdown] lang="en"\n# ## Triple')])
    begun.edit("lessons/step/test_exercise.py", 'task="triple"', 'task="double"')
    assert begun.build().problems == []
    done = update_one(begun, EXERCISE)
    cell = find(load(begun, EXERCISE), "def triple")
    assert "lstm_lab" not in cell["metadata"]
    assert done.joined.own == 1


def test_changed_cells_of_a_lesson_are_kept(begun):
    notebook = load(begun, LESSON)
    find(notebook, "x = 1")["source"] = "x = 100"
    find(notebook, "y = x + 1")["source"] = "y = x - 1"
    find(notebook, "More prose.")["source"] = "More prose. My remark."
    save(begun, LESSON, notebook)
    begun.edit("lessons/step/lesson.py", "y = x + 1", "y = x + 2")
    begun.edit("lessons/step/lesson.py", "More prose.", "Still more prose.")
    begun.build()
    done = update_one(begun, LESSON)
    texts = [source(cell) for cell in load(begun, LESSON)["cells"]]
    assert "x = 1" not in texts  # changed by the learner only
    assert texts.index("x = 100") < texts.index("Still more prose.")
    assert texts.index("More prose. My remark.") == texts.index("Still more prose.") + 1
    assert texts.index("y = x - 1") == texts.index("y = x + 2") + 1
    assert done.joined.own == 3
    ids = [cell["id"] for cell in load(begun, LESSON)["cells"]]
    assert len(set(ids)) == len(ids)


def test_an_answer_is_found_when_an_editor_dropped_ids_and_metadata(begun):
    notebook = load(begun, EXERCISE)
    find(notebook, "def double")["source"] = ANSWER
    for cell in notebook["cells"]:
        del cell["id"]
        cell["metadata"] = {}
    notebook["cells"].append({"cell_type": "code", "metadata": {}, "source": "mine = 1"})
    save(begun, EXERCISE, notebook)
    new_text(begun)
    done = update_one(begun, EXERCISE)
    texts = [source(cell) for cell in load(begun, EXERCISE)["cells"]]
    assert texts.count(ANSWER) == 1
    assert done.joined.kept == ["double"]
    assert "mine = 1" in texts
    assert not any(text == "## Double\n\nDouble it." for text in texts)
    assert len(texts) == len(json.loads((begun.root / EXERCISE).read_bytes())["cells"]) + 1


def test_of_an_answer_written_twice_the_last_counts_and_both_stay(begun):
    notebook = load(begun, EXERCISE)
    first = find(notebook, "def double")
    first["source"] = ANSWER
    again = {**first, "id": "9999", "source": ANSWER.replace("x + x", "2.0 * x")}
    notebook["cells"].append(again)
    save(begun, EXERCISE, notebook)
    new_text(begun)
    update(begun.root, "01")
    cells = load(begun, EXERCISE)["cells"]
    tasks = [c for c in cells if c["metadata"].get("lstm_lab", {}).get("name") == "double"]
    assert [source(c) for c in tasks] == [again["source"]]
    assert [source(c) for c in cells].count(ANSWER) == 1


def test_outputs_of_what_did_not_change_are_kept(begun):
    run(begun, LESSON)
    answer(begun, LESSON, "y = x + 1", "y = 7")
    new_text(begun)
    update(begun.root, "01")
    assert find(load(begun, LESSON), "x = 1")["outputs"][0]["text"] == "ran\n"


def test_update_brings_back_what_was_deleted(begun):
    (begun.work / EXERCISE).unlink()
    notebook = load(begun, LESSON)
    notebook["cells"].pop(1)
    save(begun, LESSON, notebook)
    changed = update(begun.root, "01")
    assert {done.path for done in changed} == {begun.work / EXERCISE, begun.work / LESSON}
    assert (begun.work / EXERCISE).is_file()
    assert "Why is" in everything_in(begun.work / "notebooks/en")


def test_a_damaged_notebook_cannot_be_updated_but_reset(begun):
    (begun.work / EXERCISE).write_bytes(b"\xff{")
    with pytest.raises(UserError, match="cannot be read"):
        update(begun.root, "01")
    assert (begun.work / EXERCISE).read_bytes() == b"\xff{"
    [done] = reset(begun.root, "01", kinds=("exercises",))
    assert done.backup.read_bytes() == b"\xff{"
    assert (begun.work / EXERCISE).read_bytes() == (begun.root / EXERCISE).read_bytes()


# --- the language switched half way ----------------------------------------------------------


def test_answers_move_to_the_other_language(begun):
    notebook = load(begun, EXERCISE)
    find(notebook, "def double")["source"] = ANSWER
    at = notebook["cells"].index(find(notebook, "def double"))
    notebook["cells"].insert(at, own_cell("import math"))
    save(begun, EXERCISE, notebook)
    [done] = update(begun.root, "01", lang="zh")
    assert done.path == begun.work / EXERCISE_ZH
    assert done.carried == ("double",)
    assert done.backup is None  # there was nothing in it that is not published
    texts = [source(cell) for cell in load(begun, EXERCISE_ZH)["cells"]]
    assert texts[texts.index(ANSWER) - 1] == "import math"
    assert any("把它加倍" in text for text in texts)
    assert not any("Double it" in text for text in texts)
    assert update(begun.root, "01", lang="zh") == []


def test_answers_of_both_languages_are_joined_and_none_replaced(begun):
    answer(begun)
    answer(begun, task="def triple", text="def triple(x):\n    return 3 * x")
    mine = "def double(x):\n    return x * 2"
    answer(begun, EXERCISE_ZH, text=mine)
    new_text(begun)
    [done] = update(begun.root, "01", lang="zh")
    zh = load(begun, EXERCISE_ZH)
    assert source(find(zh, "def double")) == mine
    assert source(find(zh, "def triple")) == "def triple(x):\n    return 3 * x"
    assert done.carried == ("triple",)
    assert done.joined.kept == ["double"]
    assert ANSWER in everything_in(begun.work / "exercises/en")


def test_without_lang_each_language_keeps_its_own(begun):
    answer(begun)
    new_text(begun)
    refresh(begun.root)
    update(begun.root, "01")
    assert ANSWER not in everything_in(begun.work / "exercises/zh")


# --- reset -----------------------------------------------------------------------------------


def test_reset_starts_again_and_keeps_a_backup(begun):
    answer(begun)
    run(begun, LESSON)
    mine = (begun.work / EXERCISE).read_bytes()
    changed = reset(begun.root, "01")
    assert {done.path for done in changed} == {begun.work / EXERCISE, begun.work / LESSON}
    for name in (EXERCISE, LESSON):
        assert (begun.work / name).read_bytes() == (begun.root / name).read_bytes()
    assert mine in [done.backup.read_bytes() for done in changed]
    assert reset(begun.root, "01") == []


def test_backups_of_the_same_second_do_not_meet(begun):
    for n in range(3):
        answer(begun, text=f"def double(x):\n    return {n}")
        reset(begun.root, "01")
    kept = everything_in(begun.work / "backups")
    assert [n for n in range(3) if f"return {n}" in kept] == [0, 1, 2]


# --- the commands ----------------------------------------------------------------------------


def test_the_commands_say_where_the_backup_is(begun, capsys):
    answer(begun)
    new_text(begun)
    assert main(["update", "01"]) == 0
    said = capsys.readouterr().out
    assert str(begun.work / "backups") in said
    assert main(["update", "01"]) == 0
    assert "newest text already" in capsys.readouterr().out
    assert main(["reset", "01", "--exercise"]) == 0
    assert str(begun.work / "backups") in capsys.readouterr().out
    assert main(["reset", "01", "--exercise"]) == 0
    assert "as at the start" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["update", "77"], ["reset", "x"], ["update", ""]])
def test_an_unknown_number_is_a_sentence_and_2(begun, capsys, words):
    assert main(words) == 2
    said = capsys.readouterr().err
    assert "there is no lesson" in said
    assert "start, step" in said
