"""Write a course with one exercise of a given number, as small as one can be."""

from __future__ import annotations

from pathlib import Path

from lstm_lab.layout import Layout, Lesson

__all__ = ["write_course"]


def write_course(root: Path, name: str, solution: str, tests: str) -> Lesson:
    """Write the course to `root`; `name` is ``07_toy``, so seven lessons are planned before it."""
    number, _, slug = name.partition("_")
    for folder in ("notebooks", "exercises", "lstm_lab", f"lessons/{slug}"):
        (root / folder).mkdir(parents=True)
    before = [f"before_{n}" for n in range(int(number))]
    listed = ", ".join(f'"{one}"' for one in [*before, slug])
    (root / "lessons" / "course.toml").write_text(f"[[part]]\nlessons = [{listed}]\n", "utf-8")
    lesson = Layout(root)[slug]
    lesson.exercise.write_text(solution, "utf-8")
    lesson.tests.write_text(tests, "utf-8")
    return lesson
