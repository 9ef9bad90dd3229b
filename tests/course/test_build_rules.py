"""Every rule of sources, broken once: told with the file and the line."""

# One rule a line reads best, however long the line.
# ruff: noqa: E501

from __future__ import annotations

import pytest

FIRST, LESSON, EXERCISE = (
    "lessons/start/lesson.py",
    "lessons/step/lesson.py",
    "lessons/step/exercise.py",
)
GRADED = "lessons/step/test_exercise.py"

# file, what is replaced, by what, lines below the beginning of that, what is said
BROKEN = {
    "header missing": (LESSON, "# ---\n# lstm_lab:", "# lstm_lab:", 0, "begin with a header"),
    "header not yaml": (LESSON, "minutes: 20", "minutes: [20", 0, "the header is not YAML"),
    "header other key": (LESSON, "# lstm_lab:", "# lab:", -1, "one key, lstm_lab"),
    "unknown header key": (LESSON, "  minutes: 20", "  minutes: 20\n#   color: red", 1, "'color'"),
    "lesson with allow": (LESSON, "  minutes: 20", "  minutes: 20\n#   torch: true", 1, "'torch'"),
    "title in one language": (LESSON, ', zh: "一步"}', "}", 0, "title must be a line in each"),
    "minutes missing": (LESSON, "#   minutes: 20\n", "", -4, "minutes must be a whole number"),
    "minutes negative": (LESSON, "minutes: 20", "minutes: -3", 0, "minutes must be a whole"),
    "minutes do not add up": (EXERCISE, "# ---\n\n", "#   minutes: 99\n# ---\n\n", -4, "12 minutes"),
    "bad torch": (EXERCISE, "# ---\n\n", "#   torch: 3\n# ---\n\n", 0, "torch must be"),
    "bad allow": (EXERCISE, "# ---\n\n", "#   allow: numpy\n# ---\n\n", 0, "allow must be"),
    "bad seconds": (EXERCISE, "# ---\n\n", "#   seconds: 0\n# ---\n\n", 0, "seconds must be"),
    "text before cells": (LESSON, '\n# %% [markdown] lang="en"', 'z = 2\n# %% [markdown] lang="en"', 0, "'# %%' line of its own"),
    "raw cell": (LESSON, "# %%\ny", "# %% [raw]\n# y", 0, "raw cells"),
    "unknown option": (LESSON, "# %%\ny", '# %% nmae="y"\ny', 0, "unknown cell option 'nmae'"),
    "flag as option": (LESSON, "# %%\ny", "# %% hidden\ny", 0, "unknown cell option"),
    "markdown without lang": (LESSON, ' lang="en"\n# More', "\n# More", 0, 'must say lang="en"'),
    "unknown lang": (LESSON, 'lang="en"\n# More', 'lang="de"\n# More', 0, 'must say lang="en"'),
    "empty cell": (LESSON, "y = x + 1", "", -1, "the cell is empty"),
    "bad name": (LESSON, 'name="first"', 'name="First Cell"', 0, "lower-case letters"),
    "name twice": (LESSON, "# %%\ny", '# %% name="first"\ny', 0, "already that of the cell in line 18"),
    "part of nothing": (LESSON, "# %%\ny", '# %% name="frist.draw"\ny', 0, "there is no cell 'frist'"),
    "part of a part": (LESSON, "# %%\ny", '# %% name="first.draw.draw"\ny', 0, "lower-case letters"),
    "unknown kind": (LESSON, 'name="first"', 'name="first" kind="picture"', 0, "kind is one of guess, reveal"),
    "shown and folded": (LESSON, 'name="first"', 'name="first" kind="draw" show=true', 0, "without a kind"),
    "hidden value": (LESSON, 'name="first"', 'name="first" kind="draw"', 10, "x comes from the folded cell in line 18"),
    "hidden function": (LESSON, "# %%\ny = x + 1", '# %% name="first.draw"\ndef f():\n    return 1', 1, "a folded cell defines no function"),
    "hidden training": (LESSON, "# %%\ny = x + 1", '# %% name="first.draw"\nfit(x)', 1, "does not call fit"),
    "task in a lesson": (LESSON, '"first"', '"first" task=true minutes=1 difficulty=1', 0, "tasks belong"),
    "task without name": (EXERCISE, 'name="double" ', "", 0, "must have a name"),
    "task without minutes": (EXERCISE, "minutes=5 ", "", 0, "how many minutes"),
    "task without difficulty": (EXERCISE, " difficulty=1", "", 0, "how difficult"),
    "difficulty 6": (EXERCISE, "difficulty=1", "difficulty=6", 0, "how difficult"),
    "minutes without task": (EXERCISE, 'name="setup"', 'name="setup" minutes=3', 0, "belong to task"),
    "english alone": (LESSON, '\n# %% [markdown] lang="zh"\n# 更多的话。\n', "", -2, "no Chinese cell right below"),
    "chinese alone": (LESSON, '# %% [markdown] lang="en"\n# More prose.\n\n', "", 0, "no English cell right above"),
    "other order": (LESSON, 'lang="en"\n# More prose.\n\n# %% [markdown] lang="zh"', 'lang="zh"\n# 多\n\n# %% [markdown] lang="zh"', 0, "no English cell right above"),
    "formula differs": (LESSON, "为什么 $h_t$", "为什么 $h_{t}$", 0, "$h_{t}$ is not in the English"),
    "formula missing": (LESSON, "为什么 $h_t$ 这么小？", "为什么这么小？", -5, "$h_t$ is not in the Chinese"),
    "display formula": (LESSON, "# More prose.", "# Look: $$a = b$$", 0, "$a = b$ is not in the Chinese"),
    "lone dollar": (LESSON, "# More prose.", "# It costs 5 $ today.", 0, "a $ that opens no formula"),
    "title in prose": (LESSON, "# ## A question", "# # A question", 0, "the title comes from the header"),
    "headings differ": (LESSON, "# ## 一个问题", "# ### 一个问题", 0, "different headings"),
    "details not closed": (LESSON, "# More prose.", "# <details>", 0, "1 <details> but 0"),
    "hint in one language": (LESSON, "# More prose.", "# <details>x</details>", 3, "1 times in English, 0 times"),
    "not translated": (LESSON, "# More prose.\n\n# %% [markdown] lang=\"zh\"\n# 更多的话。", "# These are some more words.\n\n# %% [markdown] lang=\"zh\"\n# These are some more words.", 3, "has no Chinese in it"),
    "nin": (LESSON, "# 更多的话。", "# 您好。", 0, "house style: not 您"),
    "half width": (LESSON, "# 更多的话。", "# 更多,的话。", 0, "full-width punctuation"),
    "unknown placeholder": (LESSON, "# More prose.", "# {{hours}}", 0, "unknown placeholder {{hours}}"),
    "contents not alone": (LESSON, "# More prose.", "# Here: {{contents}}", 0, "must stand alone"),
    "link to nothing": (LESSON, "# More prose.", "# [next](gone.ipynb)", 0, "leads nowhere: there is no notebooks/en/gone.ipynb"),
    "link out of the copies": (LESSON, "# More prose.", "# [readme](../../README.md)", 0, "leaves notebooks/ and exercises/"),
    "link to other language": (LESSON, "# More prose.", "# [one](../zh/start.ipynb)", 0, "to the other language"),
    "link to no heading": (LESSON, "# More prose.", "# [one](#An-answer)", 0, "no heading 'An-answer'"),
    "link in one language": (LESSON, "# More prose.", "# [one](start.ipynb)", 0, "is not in the Chinese cell"),
    "link with a number": (LESSON, "# More prose.", "# [one](00_start.ipynb)", 0, "which may change: write start.ipynb"),
    "lesson named by its number": (LESSON, "# More prose.", "# See lesson 00.", 0, "write {{start}}, not 00"),
    "unknown lesson": (LESSON, "# More prose.", "# See lesson {{stop}}.", 0, "unknown placeholder {{stop}}"),
    "picture missing": (LESSON, "# More prose.", "# ![a](img/a.png)", 0, "leads nowhere"),
    "magic": (LESSON, "y = x + 1", "y = 0\n%matplotlib inline", 1, "magics and shell lines"),
    "commented magic": (LESSON, "y = x + 1", "y = 0\n# %timeit y", 1, "magics and shell lines"),
    "shell": (LESSON, "y = x + 1", "!pip install x", 0, "magics and shell lines"),
    "help": (LESSON, "y = x + 1", "print?", 0, "magics and shell lines"),
    "not python": (LESSON, "y = x + 1", "y = 1\ny = = 2", 1, "not Python"),
    "chinese in a string": (LESSON, "y = x + 1", 'y = "好"', 0, "say it with tr"),
    "chinese in a comment": (LESSON, "y = x + 1", "y = x + 1  # 好", 0, "a comment holds shapes"),
    "words in a comment": (LESSON, "y = x + 1", "y = x + 1  # only whole sentences count", 0, "a comment holds shapes"),
    "English in Chinese prose": (LESSON, "# 更多的话。", "# 更多的话，\n# what is left，`code`，$x$。", 1, "'what' on a Chinese page"),
    "English in a Chinese title": (LESSON, 'zh: "一步"', 'zh: "一步 step"', -2, "'step' on a Chinese page"),
    "English in a Chinese string": (LESSON, "y = x + 1", 'y = tr(en="all of it", zh="全部 of it")', 0, "'of' on a Chinese page"),
    "Chinese in English prose": (LESSON, "# More prose.", "# More 话.", 0, "Chinese on an English page"),
    "Chinese in an English string": (LESSON, "y = x + 1", 'y = tr(en="全部", zh="全部")', 0, "Chinese on an English page"),
    "printed words": (LESSON, "y = x + 1", 'print(f"{x} left over")', 0, "say it with tr"),
    "a question in words": (LESSON, "y = x + 1", 'y = Predict("01-y", "how many?")', 0, "say it with tr"),
    "a choice in words": (LESSON, "y = x + 1", 'y = Predict("01-y", "?", choices=["none", "1"])', 0, "say it with tr"),
    "a caption in words": (LESSON, "y = x + 1", 'y = show(x, caption="ten seeds")', 0, "say it with tr"),
    "bad terms": (LESSON, "  minutes: 20", "  minutes: 20\n#   terms: mews", 1, "terms must be a list"),
    "tr by position": (LESSON, "y = x + 1", 'tr("a", "好")', 0, "tr takes exactly"),
    "tr of a call": (LESSON, "y = x + 1", 'y = [\n    tr(en=str(x), zh="好")\n]', 1, "tr takes literals only"),
    "tr of a name in a list": (LESSON, "y = x + 1", 'y = tr(en=["a", x], zh=["好", "好"])', 0, "tr takes literals only"),
    "tr of two forms": (LESSON, "y = x + 1", 'y = tr(en=["a", "b"], zh=["好"])', 0, "differ in form"),
    "tr fills in other things": (LESSON, "y = x + 1", 'y = tr(en=f"{x} a", zh=f"好{x + 1}")', 0, "do not fill in the same: x and x + 1"),
    "tr handed on": (LESSON, "y = x + 1", "y = map(tr, x)", 0, "tr is only called"),
    "tr under another name": (LESSON, "y = x + 1", "from lstm_lab.i18n import tr as say", 0, "tr keeps its name"),
    "nothing but tr": (LESSON, "y = x + 1", "from lstm_lab.i18n import tr", 0, "nothing of this cell is left"),
    "tr untranslated": (LESSON, "y = x + 1", 'tr(en="one two three", zh="one two three")', 0, "zh=… has no Chinese"),
    "marker in a lesson": (LESSON, "y = x + 1", "### BEGIN SOLUTION\ny = 1\n### END SOLUTION", 0, "outside a task cell"),
    "no answer": (EXERCISE, "    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION\n", "    return 2 * x\n", -3, "the task has no answer"),
    "stray end": (EXERCISE, "    ### BEGIN SOLUTION\n    return 2", "    return 2", 1, "### END SOLUTION without"),
    "missing end": (EXERCISE, "* x\n    ### END SOLUTION\n", "* x\n", -1, "### BEGIN SOLUTION without"),
    "nested": (EXERCISE, "    return 2 * x\n", "    ### BEGIN SOLUTION\n    return 2 * x\n", 0, "inside the answer begun in line 25"),
    "empty answer": (EXERCISE, "    return 2 * x\n", "", -1, "nothing stands between"),
    "misspelt marker": (EXERCISE, "    return 2 * x\n", "    return 2 * x\n    # End solution\n", 1, "looks like a marker"),
    "stub does not parse": (EXERCISE, "    ### BEGIN SOLUTION\n    return 2 * x\n", "    if x:\n    ### BEGIN SOLUTION\n        return 2 * x\n", -3, "is not Python any more"),
    "def in the answer": (EXERCISE, "def double(x):\n    \"\"\"x -> 2 x\"\"\"\n    ### BEGIN SOLUTION\n", "### BEGIN SOLUTION\ndef double(x):\n", -1, "must still define double"),
    "task named otherwise": (EXERCISE, "def double(x)", "def twice(x)", -1, "must still define double"),
    "other exercise's name": (EXERCISE, 'exercise("step")', 'exercise("01")', 0, "this is exercise 'step', not '01'"),
    "no exercise()": (EXERCISE, 'exercise("step")', "None", -9, 'check = exercise("step")'),
    "task not checked": (EXERCISE, 'check("double")', "x = 1", -9, 'not followed by a code cell with check("double")'),
    "a hint too few": (EXERCISE, "<details>c</details>\n\n# %% [markdown] lang=\"zh\"\n# <details>甲</details> ", "\n\n# %% [markdown] lang=\"zh\"\n# ", -12, "2 hints below this task; 3 are asked for"),
    "check of nothing": (EXERCISE, 'check("triple")', 'check("triple"), check("tripel")', 0, "'tripel', which is no task"),
    "predict id computed": (LESSON, "y = x + 1", "Predict(str(x))", 0, "must be a literal string"),
    "predict id twice": (LESSON, "y = x + 1", 'Predict("step-a", q)\nPredict("step-a", q)', 1, "'step-a' is already used in line"),
    "predict id of another lesson": (LESSON, "y = x + 1", 'Predict("00-a", q)', 0, "begin with the lesson's name: 'step-…'"),
    "points for no task": (GRADED, 'task="double"', 'task="doubel"', 0, "points for 'doubel'"),
    "points not written out": (GRADED, "points(2,", "points(n,", 0, "written out"),
    "test without points": (GRADED, '@pytest.mark.points(2, task="double")\n', "", 0, "a graded test needs points"),
    "graded test not python": (GRADED, "import pytest", "import = pytest", 0, "not Python"),
}  # fmt: skip


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_rule_is_told_with_file_and_line(small, case):
    path, old, new, below, said = BROKEN[case]
    line = small.edit(path, old, new) + below
    problems = small.build(check=True).problems
    found = [problem for problem in problems if said in problem.text]
    assert found, f"not told; told was: {[str(problem) for problem in problems]}"
    assert (found[0].path, found[0].line) == (path, line), str(found[0])


def test_all_broken_rules_are_told_at_once(small):
    small.edit(LESSON, "y = x + 1", "y = = 1")
    small.edit(LESSON, "More prose.", "More $q$.")
    small.edit(FIRST, "minutes: 10", "minutes: ten")
    small.edit(EXERCISE, "difficulty=1", "difficulty=9")
    small.edit(EXERCISE, 'check("triple")', "None")
    problems = small.build().problems
    assert {problem.path for problem in problems} == {FIRST, LESSON, EXERCISE}
    assert len(problems) >= 5


def test_a_folder_that_no_list_names(small):
    small.write("lessons/again/lesson.py", small.read(LESSON))
    told = [str(problem) for problem in small.build().problems]
    assert told == [
        "lessons/course.toml:1: the lesson 'again' has a folder, and is not in the list of lessons"
    ]


def test_what_is_listed_and_has_no_folder_is_planned(small):
    small.edit("lessons/course.toml", '"start"', '"start", "later"')
    small.edit(LESSON, "# More prose.", "# See lesson {{later}}.")
    small.edit(LESSON, "# 更多的话。", "# 见第 {{later}} 课。")
    assert small.build().problems == []
    assert "See lesson 01." in small.read("notebooks/en/02_step.ipynb")


def test_an_exercise_needs_its_lesson_and_its_tests(small):
    (small.root / LESSON).unlink()
    told = {(p.path, p.text) for p in small.build().problems if "no lesson beside" in p.text}
    assert told == {
        (name, f"there is no lesson beside it: {LESSON} is missing") for name in (EXERCISE, GRADED)
    }
    (small.root / GRADED).unlink()
    told = [str(problem) for problem in small.build().problems]
    assert f"{EXERCISE}:1: its graded tests are missing: {GRADED}" in told


def test_tests_and_mistakes_without_an_exercise(small):
    small.write("lessons/start/test_exercise.py", "")
    small.write("lessons/start/mistakes.py", "MUTANTS = []")
    told = {(p.path, p.line) for p in small.build().problems if "belongs to" in p.text}
    assert told == {("lessons/start/test_exercise.py", 1), ("lessons/start/mistakes.py", 1)}


def test_torch_is_listed_where_it_is_used_and_nowhere_else(small):
    small.edit(LESSON, "y = x + 1", "import torch\n\ny = torch.ones(3)")
    assert [p.text for p in small.build().problems] == [
        "[lesson.step] must say torch = true: its code uses it"
    ]
    order = small.read("lessons/course.toml")
    small.write("lessons/course.toml", order + "[lesson.step]\ntorch = true\n")
    assert small.build().problems == []
    small.write("lessons/course.toml", order + "[lesson]\nstart.torch = true\nstep.torch = true\n")
    (problem,) = small.build().problems
    assert problem.text == "[lesson.start] says torch = true, and its code does not use it"


def test_predict_ids_are_unique_in_the_course(small):
    small.edit(FIRST, "y = x + 1", 'Predict("step-a", q)')
    line = small.edit(LESSON, "y = x + 1", 'Predict("step-a", q)')
    told = [(p.path, p.line) for p in small.build().problems if "already used" in p.text]
    assert told == [(LESSON, line)]


def test_a_task_without_points_is_told(small):
    small.edit(GRADED, 'task="triple"', 'task="double"')
    told = [(p.path, p.text) for p in small.build().problems]
    assert (EXERCISE, f"no test in {GRADED} gives points to this task") in told


def test_a_line_that_is_not_utf8(small):
    path = small.root / LESSON
    path.write_bytes(path.read_bytes().replace("更多".encode(), b"\xff\xfe"))
    told = [(p.line, p.text) for p in small.build().problems]
    assert (25, "this line is not UTF-8") in told


def test_what_is_allowed(small):
    """Rules must not stand in the way of ordinary lessons."""
    small.edit(
        LESSON,
        "# More prose.",
        "# Cost \\$5, code `$x`, [paper](https://example.org/a), [above](#A-question), $a < b$\n"
        "# and $c = 1\\text{ if }d$.\n#\n# ```python\n# # a comment, no title\n# {{nothing}}\n# ```",
    )
    small.edit(
        LESSON,
        "# 更多的话。",
        "# 花 \\$5，代码 `$x`，$c = 1\\text{ 若 }d$，[论文](https://example.org/a)，\n"
        "# [上文](#一个问题) 和 $a < b$。\n#\n# ```python\n# # a comment, no title\n# {{nothing}}\n# ```",
    )
    small.edit(
        LESSON,
        "y = x + 1",
        'say = tr(en="one two three", zh="一二三")\nrest = x % 2\n'
        "# (T, B, H)\nfor _ in range(2):\n    await thing()",
    )
    assert [str(p) for p in small.build().problems] == []
