"""The workflow that GitHub Classroom's template repository needs."""

from __future__ import annotations

from pathlib import Path

from lstm_lab.course.files import write
from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.text import points_text
from lstm_lab.i18n import gettext as _

__all__ = ["add_classroom", "workflow"]

PLACE = ".github/workflows/classroom.yml"
_HEAD = """\
# Made by `lstm-lab recipe classroom`. GitHub Classroom runs it after each push.
# What students change here shows in their repository; marks that count come from `lstm-lab grade`
# with your key, over the repositories that you download.
name: Autograding Tests
"on": [push, repository_dispatch]
permissions:
  checks: write
  actions: read
  contents: read
jobs:
  run-autograding-tests:
    runs-on: ubuntu-latest
    if: github.actor != 'github-classroom[bot]'
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - name: Set up the course
        run: python lab.py setup
"""
_STEP = """\
      - name: {name}
        id: {id}
        uses: classroom-resources/autograding-command-grader@v1
        with:
          test-name: {name}
          command: python lab.py check {slug} --task {task}
          timeout: 10
          max-score: {points}
"""
_KEPT = "/work/"
_INSTEAD = """\
# answers are handed in by committing them
/work/*
!/work/exercises/
"""


def workflow(exercises: list[Exercise]) -> str:
    """Return the workflow: a step of the command grader for each task, then the reporter.

    The command grader gives all points of a task or none, and cuts them to whole ones. The
    reporter finds a step's result in a variable named after its id, and calls ids with other
    than letters and digits wrong as soon as anything else is.
    """
    parts, runners = [_HEAD], []
    for one in exercises:
        for n, (task, points) in enumerate(one.task_points.items(), 1):
            step = f"e{one.number}t{n}"
            runners.append(step)
            parts.append(
                _STEP.format(
                    name=f"{one.number} {task}",
                    id=step,
                    slug=one.slug,
                    task=task,
                    points=points_text(points),
                )
            )
    parts.append(
        "      - name: Autograding Reporter\n"
        "        uses: classroom-resources/autograding-grading-reporter@v1\n"
        "        env:\n"
    )
    for step in runners:
        outcome = "${{ steps." + step + ".outputs.result }}"
        parts.append(f'          {step.upper()}_RESULTS: "{outcome}"\n')
    parts.append(f"        with:\n          runners: {','.join(runners)}\n")
    return "".join(parts)


def add_classroom(folder: Path, exercises: list[Exercise]) -> Path:
    """Put the workflow into a handout, and let git take the answers; return the workflow's path.

    Raises
    ------
    UserError
        The folder is no handout.
    """
    if not (folder / "handout.json").is_file():
        raise UserError(
            _(
                "{folder} is no handout: make one first (lstm-lab release --out {folder}); the "
                "course itself holds the solutions."
            ).format(folder=folder)
        )
    ignored = folder / ".gitignore"
    text = ignored.read_text("utf-8") if ignored.is_file() else _KEPT + "\n"
    if _KEPT in text.splitlines():
        write(ignored, text.replace(_KEPT + "\n", _INSTEAD, 1).encode())
    path = folder / PLACE
    write(path, workflow(exercises).encode())
    return path
