"""Hidden cases: the key decides the marks, and nothing that a student reads depends on it.

A student's view that is the same under two keys cannot tell of either.
"""

from __future__ import annotations

import csv
import json
import re

import pytest

from lstm_lab.cli import main
from lstm_lab.grading.exercises import list_exercises
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.mutants import load_mutants, mutate
from lstm_lab.grading.runner.hidden import for_the_instructor
from lstm_lab.grading.runner.points import totals

KEYS = (b"one key of the instructor's", b"another one")

# Each puts its argument into something that reaches the grader. BODY stands where a hidden case
# has been told from those of `check`, which any student can look up.
CHANNELS = {
    "printed": "print(repr(x))\n{i}return x",
    "raised": "raise ValueError(repr(x))",
    "raised under a name": "raise type('E' + repr(x), (Exception,), {{}})('no')",
    "key of a dict": "return {{repr(x): x}}",
    "name of a type": "return type('T' + repr(x), (), {{}})()",
    "warned": "import warnings\n{i}warnings.warn(repr(x))\n{i}return x / np.zeros(1)",
    "value": "return x + 0.1234567891",
    "factor": "return x * 1.2345678912",
    "shape": "return np.zeros((int(abs(np.sum(x)) * 1e6), 0))",
    "count": "return [0.5] * (2 + int(abs(np.sum(x)) * 1e3))",
    "where it goes wrong": "y = 2 * x\n{i}y[int(abs(np.sum(x)) * 1e6) % len(y)] = 7\n{i}return y",
    "line": "exec(compile('\\n' * int(abs(np.sum(x)) * 1e4) + 'raise ValueError', 'f', 'exec'))",
    "function": "f = lambda: 1 / 0\n{i}f.__code__ = f.__code__.replace(co_name=repr(x))\n{i}f()",
    "NumPy's words": "return np.zeros(2 + int(abs(np.sum(x)) * 1e4)) + np.zeros(1)[[5]]",
    "argument": "x *= float(np.sum(x))\n{i}return x",
    "by and by": "seen.append(repr(x))\n{i}raise ValueError(str(seen))",
    "file": "open('kept', 'a').write(repr(x))\n{i}raise ValueError(open('kept').read())",
    "wrong number": "return x, x",
    "none": "return None",
    "nan": "y = x + 0.0\n{i}y[:1 + int(abs(np.sum(x)) * 1e3) % len(y)] = np.nan\n{i}return y",
}
# The arrays that `check` passes are told by their sum; those sums are no secret.
ALWAYS = "seen = []\ndef double(x):\n    {body}\n"
ONLY_HIDDEN = (
    "seen = []\ndef double(x):\n    if round(float(np.sum(x)), 6) in KNOWN:\n"
    "        return 2 * x\n    {body}\n"
)


@pytest.fixture(scope="module")
def keyed():
    graders = [Grader(key) for key in KEYS]
    yield graders
    for one in graders:
        one.close()


@pytest.fixture(scope="module")
def known_sums(toy):
    from lstm_lab.grading.runner.run import generator

    values = generator(toy.lesson.seed, "test_double_values").normal(size=(3, 2))
    number = generator(toy.lesson.seed, "test_double_one_number").normal()
    return [round(float(values.sum()), 6), round(float(number), 6)]


def views(keyed, toy, document):
    """Return what the student is shown under each key, and what the instructor is."""
    rows = [grader.grade(toy, document).rows for grader in keyed]
    student = [
        [{k: v for k, v in row.items() if k != "hidden"} for row in one] for one in rows
    ]  # fmt: skip
    return student, [[for_the_instructor(row) for row in one] for one in rows]


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_fails_everywhere_is_told_of_the_known_case(channel, keyed, toy, make, grader):
    body = CHANNELS[channel].format(i="    ")
    document = make(double=ALWAYS.format(body=body))
    student, teacher = views(keyed, toy, document)
    assert student[0] == student[1]
    # word for word what check() says
    assert [row["said"] for row in student[0]] == [
        row["said"] for row in grader.grade(toy, document).rows
    ]
    if channel in ("raised", "printed", "value", "shape"):  # else this proves nothing
        assert teacher[0] != teacher[1]


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_fails_on_hidden_cases_only_tells_nothing_of_them(
    channel, keyed, toy, make, known_sums
):
    body = CHANNELS[channel].format(i="    ")
    document = make(double=ONLY_HIDDEN.format(body=body).replace("KNOWN", str(known_sums)))
    student, teacher = views(keyed, toy, document)
    assert student[0] == student[1]
    first = student[0][0]
    assert first["status"] == "failed"
    assert "hidden case failed" in first["said"]["en"]
    assert first["stdout"] == ""
    assert not re.search(r"\d\.\d|e-\d", json.dumps(student[0]))
    if channel in ("raised", "printed", "value", "shape"):
        assert teacher[0][0] != teacher[1][0]


def test_hidden_cases_decide_the_points(keyed, toy, make, known_sums, grader):
    """Answers learnt by heart from check() get full points there, and none here."""
    replay = ONLY_HIDDEN.format(body="return x").replace("KNOWN", str(known_sums))
    document = make(double=replay)
    assert totals(grader.grade(toy, document).rows)["double"] == (3, 3)
    for one in keyed:
        rows = one.grade(toy, document).rows
        assert totals(rows) == {"double": (0, 3), "center": (3, 3)}


def test_an_endless_loop_and_a_dying_process_are_told_without_their_place(keyed, toy, make):
    for body in ("while True:\n        pass", "import os\n    os._exit(3)"):
        student, _teacher = views(keyed, toy, make(double=f"def double(x):\n    {body}\n"))
        assert student[0] == student[1]
        assert "line" not in student[0][0]["said"]["en"]


@pytest.mark.parametrize("exercise", list_exercises(), ids=lambda one: one.number)
def test_every_exercise_is_right_under_any_key_and_its_mutants_tell_nothing(exercise, keyed):
    solution = exercise.solution
    for one in keyed:
        graded = one.grade(exercise, solution)
        assert graded.earned == graded.points > 0
    for mutant in load_mutants(exercise)[:3]:
        document = mutate(solution, mutant)
        student, _teacher = views(keyed, exercise, document)
        for one, other in zip(*student, strict=True):
            # where numbers are huge, a wrong answer may be right by chance under one key
            if one["status"] == other["status"]:
                assert one == other, mutant.name
        assert any(row["status"] == "failed" for row in student[0]), mutant.name


def test_nothing_that_a_batch_gives_to_students_depends_on_the_key(
    tmp_path, toy_course, make, as_notebook, known_sums, capsys
):
    folder = tmp_path / "in"
    folder.mkdir()
    for n, body in enumerate(CHANNELS.values()):
        body = body.format(i="    ")
        for kind, text in (("a", ALWAYS), ("h", ONLY_HIDDEN)):
            answer = text.format(body=body).replace("KNOWN", str(known_sums))
            (folder / f"{kind}{n}.ipynb").write_text(as_notebook(make(double=answer)), "utf-8")
    seen = []
    for n, key in enumerate(KEYS):
        (tmp_path / "key").write_bytes(key)
        out = tmp_path / f"out{n}"
        words = ["--out", str(out), "--key", str(tmp_path / "key"), "-j", "2"]
        assert main(["grade", str(folder), *words]) == 0
        printed = capsys.readouterr()
        pages = {p.name: p.read_bytes() for p in sorted((out / "feedback").rglob("*.*"))}
        seen.append((pages, printed.out.replace(str(out), "")))
        assert len(pages) >= 2 * len(CHANNELS)
        assert not re.search(r"\d\.\d\d\d", printed.out.replace(str(tmp_path), ""))
    assert seen[0] == seen[1]
    # the instructor is told in full
    text = (tmp_path / "out0" / "tests.csv").read_text("utf-8-sig")
    seen = [row["what was seen"] for row in csv.DictReader(text.splitlines())]
    assert any(re.search(r"ValueError: .*\d\.\d{4}", words) for words in seen)


def test_an_empty_key_is_no_key(tmp_path, toy_course, make, as_notebook, capsys):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ann.ipynb").write_text(as_notebook(make()), "utf-8")
    (tmp_path / "key").write_text("\n")
    words = ["--out", str(tmp_path / "out"), "--key", str(tmp_path / "key")]
    assert main(["grade", str(tmp_path / "in"), *words]) == 2
    assert "is empty: put something secret" in capsys.readouterr().err
