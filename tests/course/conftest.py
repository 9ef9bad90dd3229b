"""A small course of two lessons and one exercise, written to a temporary folder."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

LESSON = """\
# ---
# lstm_lab:
#   title: {{en: "{title}", zh: "{title_zh}"}}
#   summary: {{en: "What {title} is about", zh: "{title_zh}讲什么"}}
#   minutes: {minutes}
# ---

# %% [markdown] lang="en"
# ## A question
#
# Why is $h_t$ so small?

# %% [markdown] lang="zh"
# ## 一个问题
#
# 为什么 $h_t$ 这么小？

# %% name="first"
x = 1

# %% [markdown] lang="en"
# More prose.

# %% [markdown] lang="zh"
# 更多的话。

# %%
y = x + 1
"""

EXERCISE = '''\
# ---
# lstm_lab:
#   title: {en: "The step", zh: "一步"}
#   summary: {en: "Write one step", zh: "写出一步"}
# ---

# %% name="setup"
from lstm_lab.grading import exercise

check = exercise("step")

# %% [markdown] lang="en"
# ## Double
#
# Double it.

# %% [markdown] lang="zh"
# ## 加倍
#
# 把它加倍。

# %% name="double" task=true minutes=5 difficulty=1
def double(x):
    """x -> 2 x"""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% name="check_double"
check("double")

# %% [markdown] lang="en"
# <details>a</details> <details>b</details> <details>c</details>

# %% [markdown] lang="zh"
# <details>甲</details> <details>乙</details> <details>丙</details>

# %% [markdown] lang="en"
# ## Triple

# %% [markdown] lang="zh"
# ## 三倍

# %% name="triple" task=true minutes=7 difficulty=2
def triple(x):
    """x -> 3 x"""
    ### BEGIN SOLUTION
    return 3 * x
    ### END SOLUTION


# %% name="check_triple"
check("triple")

# %% [markdown] lang="en"
# <details>d</details> <details>e</details> <details>f</details>

# %% [markdown] lang="zh"
# <details>丁</details> <details>戊</details> <details>己</details>
'''

GRADED = """\
import pytest


@pytest.mark.points(2, task="double")
def test_double(submission, solution):
    assert submission.call("double", 3).value == solution.call("double", 3).value


@pytest.mark.points(1.5, task="triple")
def test_triple(submission, solution):
    assert submission.call("triple", 3).value == solution.call("triple", 3).value
"""


ORDER = """\
[[part]]
lessons = ["start", "step"]
"""


class SmallCourse:
    """The folder, and short ways to change what is in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.work = root / "work"
        for folder in ("notebooks", "exercises", "solutions", "lessons", "lstm_lab"):
            (root / folder).mkdir(parents=True)
        self.write("lessons/course.toml", ORDER)
        for slug, title, title_zh, minutes in (
            ("start", "Start", "开始", 10),
            ("step", "Step", "一步", 20),
        ):
            text = LESSON.format(title=title, title_zh=title_zh, minutes=minutes)
            self.write(f"lessons/{slug}/lesson.py", text)
        self.write("lessons/step/exercise.py", EXERCISE)
        self.write("lessons/step/test_exercise.py", GRADED)

    def write(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(textwrap.dedent(text).encode())
        return path

    def read(self, name: str) -> str:
        return (self.root / name).read_text("utf-8")

    def edit(self, name: str, old: str, new: str) -> int:
        """Change a text that must be there; return the line (from 1) that it began in."""
        text = self.read(name)
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new, 1))
        return text.count("\n", 0, text.index(old)) + 1

    def build(self, **options):
        from lstm_lab.course.build import build

        return build(self.root, gate=False, **options)


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A course that builds without a complaint."""
    root = tmp_path / "a course"
    root.mkdir()
    monkeypatch.setenv("LSTM_LAB_ROOT", str(root))
    monkeypatch.setenv("LSTM_LAB_LANG", "en")
    return SmallCourse(root)
