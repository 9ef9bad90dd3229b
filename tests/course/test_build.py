"""From sources to notebooks: what is written, and that it is the same every time."""

from __future__ import annotations

import json

import nbformat
import pytest

from lstm_lab.cli import main
from lstm_lab.course.strip import STUB


def notebook(course, name):
    return json.loads((course.root / name).read_bytes())


def texts(course, name, kind=None):
    return [
        "".join(cell["source"])
        for cell in notebook(course, name)["cells"]
        if kind in (None, cell["cell_type"])
    ]


def snapshot(course):
    return {
        path.relative_to(course.root).as_posix(): path.read_bytes()
        for path in sorted(course.root.rglob("*.ipynb"))
    }


def test_the_small_course_builds_every_notebook(small):
    built = small.build()
    assert built.problems == []
    assert set(snapshot(small)) == {
        f"{folder}/{lang}/{name}.ipynb"
        for lang in ("en", "zh")
        for folder, name in [
            ("notebooks", "00_start"),
            ("notebooks", "01_step"),
            ("exercises", "01_step"),
            ("solutions", "01_step"),
        ]
    }
    for name in snapshot(small):
        nbformat.validate(notebook(small, name))


def test_building_twice_gives_the_same_bytes_and_writes_nothing(small):
    small.build()
    before = snapshot(small)
    assert small.build().written == []
    for path in small.root.rglob("*.ipynb"):
        path.unlink()
    small.build()
    assert snapshot(small) == before


def test_bytes_do_not_depend_on_line_ends_of_the_source(small):
    small.build()
    before = snapshot(small)
    for path in small.root.glob("lessons/*/*.py"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert small.build().problems == []
    assert snapshot(small) == before


def test_code_is_the_same_in_both_languages_and_ids_too(small):
    small.build()
    for name in ("notebooks/{}/01_step.ipynb", "exercises/{}/01_step.ipynb"):
        en, zh = (notebook(small, name.format(lang))["cells"] for lang in ("en", "zh"))
        assert [c["id"] for c in en] == [c["id"] for c in zh]
        assert [c for c in en if c["cell_type"] == "code"] == [
            c for c in zh if c["cell_type"] == "code"
        ]
        assert len({c["id"] for c in en}) == len(en)


def test_each_language_has_its_own_prose_only(small):
    small.build()
    en, zh = (
        "\n".join(texts(small, f"notebooks/{lang}/01_step.ipynb", "markdown"))
        for lang in ("en", "zh")
    )
    assert "Why is $h_t$ so small?" in en
    assert "为什么" not in en
    assert "为什么 $h_t$ 这么小？" in zh
    assert "Why is" not in zh


def test_only_whitelisted_metadata_is_written(small):
    small.build()
    for name in snapshot(small):
        one = notebook(small, name)
        assert set(one["metadata"]) == {"kernelspec", "language_info", "lstm_lab"}
        for cell in one["cells"]:
            assert set(cell["metadata"]) <= {"lstm_lab"}
            assert set(cell["metadata"].get("lstm_lab", {})) <= {"name", "task"}
            if cell["cell_type"] == "code":
                assert cell["outputs"] == []
                assert cell["execution_count"] is None


def test_answers_are_out_of_the_exercise_and_in_the_solution(small):
    small.build()
    exercise = "\n".join(texts(small, "exercises/zh/01_step.ipynb"))
    solution = "\n".join(texts(small, "solutions/zh/01_step.ipynb"))
    assert "return 2 * x" not in exercise
    assert exercise.count(STUB) == 2
    assert "return 2 * x" in solution
    assert "SOLUTION" not in solution + exercise


def test_stub_raises_not_implemented(small):
    small.build()
    code = next(t for t in texts(small, "exercises/en/01_step.ipynb") if "def double" in t)
    namespace: dict = {}
    exec(code, namespace)
    with pytest.raises(NotImplementedError, match="your code here"):
        namespace["double"](1)


def test_task_cards_stand_under_the_headings(small):
    small.build()
    cell = next(t for t in texts(small, "exercises/en/01_step.ipynb") if "## Triple" in t)
    assert cell.split("\n")[:3:2] == [
        "## Triple",
        '**Task 2** · 1.5 points · 7 min · <span title="difficulty 2 of 5">●●○○○</span>',
    ]
    cell = next(t for t in texts(small, "exercises/zh/01_step.ipynb") if "## 加倍" in t)
    assert "**第 1 题** · 2 分 · 5 分钟 ·" in cell


def test_a_task_without_heading_has_its_card_in_a_cell_of_its_own(small):
    small.edit("lessons/step/exercise.py", "# ## Triple", "# Triple it.")
    small.edit("lessons/step/exercise.py", "# ## 三倍", "# 乘以三。")
    small.build()
    cells = texts(small, "exercises/en/01_step.ipynb")
    at = next(n for n, text in enumerate(cells) if "def triple" in text)
    assert cells[at - 1].startswith("**Task 2**")
    assert cells[at - 2] == "Triple it."


def test_navigation_follows_the_files(small):
    small.build()
    first = texts(small, "notebooks/en/00_start.ipynb")
    assert "[01 →](../../notebooks/en/01_step.ipynb)" in first[0]
    assert "[中文](../../notebooks/zh/00_start.ipynb)" in first[0]
    assert "# 00 · Start" in first[0]
    assert "[Next: 01 · Step →](../../notebooks/en/01_step.ipynb)" in first[-1]
    last = texts(small, "notebooks/zh/01_step.ipynb")
    assert "[← 00](../../notebooks/zh/00_start.ipynb)" in last[0]
    assert "[练习 01](../../exercises/zh/01_step.ipynb)" in last[0]
    assert "下一课" not in last[-1]
    small.write(
        "lessons/more/lesson.py",
        small.read("lessons/step/lesson.py").replace("Step", "More"),
    )
    small.edit("lessons/course.toml", '"step"', '"step", "more"')
    small.build()
    assert "02_more.ipynb" in texts(small, "notebooks/zh/01_step.ipynb")[-1]
    assert "02_more.ipynb" in texts(small, "exercises/zh/01_step.ipynb")[-1]


def test_contents_and_hours_come_from_the_files(small):
    small.edit(
        "lessons/start/lesson.py",
        "# More prose.",
        "# {{contents}}\n#\n# {{lesson_hours}} and {{exercise_hours}}",
    )
    small.edit(
        "lessons/start/lesson.py",
        "# 更多的话。",
        "# {{contents}}\n#\n# 共 {{lesson_hours}} 和 {{exercise_hours}}",
    )
    assert small.build().problems == []
    cell = next(t for t in texts(small, "notebooks/en/00_start.ipynb") if "| Lesson |" in t)
    assert "| 00 | [Start](00_start.ipynb)<br>What Start is about | 10 min |  |" in cell
    assert "[12 min, 3.5 points](../../exercises/en/01_step.ipynb)" in cell
    assert "0.5 h and 0.2 h" in cell
    cell = next(t for t in texts(small, "notebooks/zh/00_start.ipynb") if "| 课程 |" in t)
    assert "[12 分钟，3.5 分](../../exercises/zh/01_step.ipynb)" in cell


def test_an_inserted_cell_keeps_the_ids_of_cells_elsewhere(small):
    small.build()
    ids = {
        "".join(c["source"]): c["id"]
        for c in notebook(small, "exercises/en/01_step.ipynb")["cells"]
    }
    small.edit("lessons/step/exercise.py", '# %% name="setup"', '# %%\nz = 0\n\n# %% name="setup"')
    assert small.build().problems == []
    now = notebook(small, "exercises/en/01_step.ipynb")["cells"]
    assert len(now) == len(ids) + 1
    for cell in now:
        text = "".join(cell["source"])
        if text != "z = 0":
            assert cell["id"] == ids[text]


def test_a_notebook_without_source_is_removed(small):
    small.build()
    (small.root / "lessons/start/lesson.py").unlink()
    built = small.build()
    assert built.removed == ["notebooks/en/00_start.ipynb", "notebooks/zh/00_start.ipynb"]
    assert not (small.root / "notebooks/en/00_start.ipynb").exists()


def test_check_writes_nothing_and_tells_every_difference(small, capsys):
    assert main(["build", "--check", "--no-gate"]) == 1
    assert "notebooks/en/00_start.ipynb: differs" in capsys.readouterr().out
    assert snapshot(small) == {}
    assert main(["build", "--no-gate"]) == 0
    assert main(["build", "--check", "--no-gate"]) == 0
    changed = small.root / "exercises/zh/01_step.ipynb"
    changed.write_bytes(changed.read_bytes() + b" ")
    (small.root / "solutions/en/02_gone.ipynb").write_text("{}")
    capsys.readouterr()
    assert main(["build", "--check", "--no-gate"]) == 1
    said = capsys.readouterr().out
    assert "exercises/zh/01_step.ipynb: differs" in said
    assert "solutions/en/02_gone.ipynb: has no source any more" in said
    assert said.count("\n") == 2
    assert (small.root / "solutions/en/02_gone.ipynb").exists()


def test_nothing_to_build_is_a_sentence_and_2(small, capsys):
    for path in small.root.glob("lessons/*/*.py"):
        path.unlink()
    assert main(["build"]) == 2
    assert "holds no lesson" in capsys.readouterr().err


def test_a_broken_rule_leaves_all_notebooks_as_they_were(small, capsys):
    small.build()
    before = snapshot(small)
    small.edit("lessons/start/lesson.py", "More prose.", "Much more prose.")
    small.edit("lessons/step/lesson.py", "x = 1", "x = = 1")
    assert main(["build", "--no-gate"]) == 1
    said = capsys.readouterr().out
    assert "lessons/step/lesson.py:19: not Python" in said
    assert snapshot(small) == before
    assert main(["build", "--draft"]) == 1
    assert snapshot(small) != before
