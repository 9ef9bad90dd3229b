"""What an exercise must pass before it is published: its own tests, on right and wrong answers."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lstm_lab.course.files import write
from lstm_lab.course.problems import Problem
from lstm_lab.course.render import Course, number_text
from lstm_lab.course.source import Source
from lstm_lab.errors import UserError
from lstm_lab.grading.deciding import deciding_files
from lstm_lab.grading.exercises import Exercise, find_exercise
from lstm_lab.grading.grader import Graded, Grader
from lstm_lab.grading.mutants import Mutant, Slip, load_mutants, mutate
from lstm_lab.grading.runner.helper import HelperLost
from lstm_lab.grading.runner.points import totals
from lstm_lab.grading.sources import read_document
from lstm_lab.i18n import LANGUAGES
from lstm_lab.i18n import gettext as _
from lstm_lab.layout import ORDER

__all__ = ["MUTANTS_AT_LEAST", "check_exercises"]

MUTANTS_AT_LEAST = 8


def check_exercises(course: Course, notebooks: dict[str, bytes], root: Path) -> list[Problem]:
    """Run each exercise's tests on its solution, its stub and its mutants.

    The solution must get every point, the stub none; each mutant must lose points in its own
    task, in no other, and be told what it `tells`. What passed once is not run again until
    something that it depends on changes (noted in ``build/gate.json``).
    """
    note = root / "build" / "gate.json"
    passed = _read(note)
    problems: list[Problem] = []
    wanted = {exercise.slug: _digest(exercise, notebooks, root) for exercise in course.exercises}
    for exercise in course.exercises:
        if passed.get(exercise.slug) == wanted[exercise.slug]:
            continue
        found = list(_check(exercise, course, notebooks, root))
        problems += found
        if not found:
            passed[exercise.slug] = wanted[exercise.slug]
    passed = {name: digest for name, digest in passed.items() if name in wanted}
    with contextlib.suppress(OSError):  # only the next build is slower
        write(note, json.dumps(passed, indent=1, sort_keys=True).encode())
    return problems


def _read(note: Path) -> dict[str, str]:
    try:
        said = json.loads(note.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _files(exercise: Source) -> tuple[str, str, str]:
    one = exercise.lesson
    return one.inside(one.exercise), one.inside(one.mistakes), one.inside(one.tests)


def _digest(exercise: Source, notebooks: dict[str, bytes], root: Path) -> str:
    digest = hashlib.sha256(repr(sys.version_info[:2]).encode())
    for kind in ("exercise", "solution"):
        digest.update(notebooks[exercise.lesson.inside(exercise.lesson.built(kind, "en"))])
    own = [root / name for name in _files(exercise)]
    for path in [*own, *deciding_files()]:
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _check(
    exercise: Source, course: Course, notebooks: dict[str, bytes], root: Path
) -> Iterator[Problem]:
    """Yield what is wrong with one exercise.

    It is graded in a folder of its own that holds what is about to be published, and nothing
    of an earlier build.
    """
    _source, mutants_path, tests_path = _files(exercise)
    with tempfile.TemporaryDirectory(prefix="lstm-lab-gate-") as name, Grader() as grader:
        folder = Path(name)
        there = exercise.lesson.at(folder)
        for kind in ("exercise", "solution"):
            path = there.inside(there.built(kind, "en"))
            write(folder / path, notebooks[path])
        for path in (*_files(exercise), ORDER):
            if (root / path).is_file():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(root / path, folder / path)
        try:
            known = find_exercise(exercise.slug, folder)
            solution = read_document(there.built("solution", "en"))
            stub = read_document(there.built("exercise", "en"))
            right = grader.grade(known, solution)
            yield from _right(right, exercise, course, tests_path)
            if right.earned == right.points:
                yield from _stub(grader.grade(known, stub), exercise, tests_path)
                yield from _mutants(grader, known, exercise, root)
        except (UserError, HelperLost) as error:
            yield Problem(tests_path, 1, str(error).replace(str(folder), str(root)))
        except Exception as error:  # the mutants' file is the author's code: anything may happen
            yield Problem(mutants_path, 1, f"{type(error).__name__}: {error}")


def _right(right: Graded, exercise: Source, course: Course, tests: str) -> Iterator[Problem]:
    for problem in right.facts.get("problems", []):
        yield Problem(exercise.path, 1, _("the solution: {what}").format(what=problem))
    for row in right.rows:
        if row["status"] != "passed":
            said = (row["said"] or {}).get("en", row["status"])
            text = _("the solution does not pass {test}: {said}").format(
                test=row["test"], said=said
            )
            yield Problem(exercise.path, _line_of_task(exercise, row["task"]), text)
    for task, (_earned, possible) in totals(right.rows).items():
        written = course.points[exercise.slug].get(task, 0)
        if possible != written:
            text = _(
                "the tests of {task} run for {run} points, {written} are written in the file: "
                "loop inside a graded test, do not parametrize it"
            ).format(task=task, run=number_text(possible), written=number_text(written))
            yield Problem(tests, 1, text)


def _stub(graded: Graded, exercise: Source, tests: str) -> Iterator[Problem]:
    for row in graded.rows:
        if row["earned"]:
            text = _("the empty exercise gets points from {test}").format(test=row["test"])
            yield Problem(exercise.path, _line_of_task(exercise, row["task"]), text)
        if row["status"] == "error":
            text = _("{test} breaks on the empty exercise").format(test=row["test"])
            yield Problem(tests, 1, text)


def _mutants(grader: Grader, known: Exercise, exercise: Source, root: Path) -> Iterator[Problem]:
    solution = known.solution  # the source: in the notebook answers have no markers any more
    where = _files(exercise)[1]
    mutants = load_mutants(known)
    text = (root / where).read_text("utf-8") if (root / where).is_file() else ""
    if len(mutants) < MUTANTS_AT_LEAST:
        sentence = _("{n} mutants; at least {least} typical wrong answers are asked for")
        yield Problem(where, 1, sentence.format(n=len(mutants), least=MUTANTS_AT_LEAST))
    names = [mutant.name for mutant in mutants]
    for mutant in mutants:
        at = text.find(f'"{mutant.name}"')
        line = text.count("\n", 0, max(at, 0)) + 1
        if names.count(mutant.name) > 1:
            sentence = _("there are two mutants {name}")
            yield Problem(where, line, sentence.format(name=repr(mutant.name)))
        try:
            graded = grader.grade(known, mutate(solution, mutant))
        except UserError as error:
            yield Problem(where, line, str(error))
            continue
        for sentence in _mutant(mutant, graded):
            yield Problem(where, line, sentence)


def _mutant(mutant: Mutant | Slip, graded: Graded) -> Iterator[str]:
    name = repr(mutant.name)
    own = [row for row in graded.rows if row["task"] == mutant.task]
    failing = [row for row in own if row["status"] != "passed"]
    if not failing:
        yield _("mutant {name} survives: no test of {task} rejects it").format(
            name=name, task=mutant.task
        )
        return
    for row in graded.rows:
        if row["task"] != mutant.task and row["status"] != "passed":
            yield _("mutant {name} costs points in {task} too ({test})").format(
                name=name, task=row["task"], test=row["test"]
            )
        if row["status"] == "error":
            yield _("mutant {name} breaks {test}").format(name=name, test=row["test"])
    # in the order of trying: what an earlier mistake always hides is never told, and is found here
    telling = [row for row in failing if mutant.test in (None, row["test"])]
    said = (telling[0]["said"] if telling else None) or {}
    for lang in LANGUAGES:
        if mutant.tells[lang] not in said.get(lang, ""):
            yield _("mutant {name} is told ({lang}): {said} – without {tells}").format(
                name=name,
                lang=lang,
                said=repr(said.get(lang, "")),
                tells=repr(mutant.tells[lang]),
            )


def _line_of_task(exercise: Source, name: str) -> int:
    return next((task.line for task in exercise.tasks if task.name == name), 1)
