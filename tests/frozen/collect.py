"""Freeze today's suspects: ``python -m tests.frozen.collect 05``.

The graded tests run on the solution, on every mutant and on every other right way, so that lists
which depend on the learner's value are seen; `compare` is listened to, and raises nothing, so
that later cases are reached. Then each suspect's value is handed in as an answer, and kept if
today's tests say the suspect's own sentence of it.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from lstm_lab.grading.exercises import Exercise, list_exercises
from lstm_lab.grading.messages.closeness import as_array
from lstm_lab.grading.mutants import load_mutants, mutate, with_body
from lstm_lab.grading.runner.reference import Local
from lstm_lab.grading.runner.submission import Submission
from lstm_lab.grading.sources import Document
from lstm_lab.grading.worker.codec import CannotCross, encode
from lstm_lab.grading.worker.extract import extract, run
from lstm_lab.grading.worker.host import Host
from tests.frozen.cases import Case, Frozen, write
from tests.frozen.feeding import Answering, Feeding, spoilt


def documents(exercise: Exercise) -> Iterator[tuple[str | None, Document]]:
    """Yield the task concerned (None: all of them) and the answers."""
    right = exercise.solution
    yield None, right
    for mutant in load_mutants(exercise):
        yield mutant.task, mutate(right, mutant)
    spec = importlib.util.spec_from_file_location("ways", exercise.mutants_path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for task, codes in module.ALSO_RIGHT.items():
        for code in codes:
            cells = [
                replace(c, source=code if f"\ndef {task}(" in code else with_body(c.source, code))
                if c.name == task
                else c
                for c in right.cells
            ]
            yield task, replace(right, cells=tuple(cells))


def way_to(part: str, names: Any) -> tuple[int | str, ...]:
    """Return how to get to a part: ``"dW"`` or ``"gradients[0]"``."""
    names = [names] if isinstance(names, str) else list(names)
    if part in names:
        return (names.index(part),)
    base, _, rest = part.partition("[")
    inner = [ast.literal_eval(key.strip("[]")) for key in f"[{rest}".split("][")]
    return (names.index(base), *inner)


def suspects_of(feeding: Feeding) -> dict[tuple[str, int], dict[bytes, tuple[Any, Any]]]:
    """Return for each (test, call) the suspects, with the names given to `compare`."""
    exercise = feeding.exercise
    found: dict[tuple[str, int], dict[bytes, tuple[Any, Any]]] = {}
    tests = {
        name: mark.kwargs["task"]
        for name, test in vars(feeding.module).items()
        if name.startswith("test_")
        for mark in test.pytestmark
    }
    plain = feeding.module.compare
    for wanted, document in documents(exercise):
        namespace: dict[str, Any] = {"__name__": "answers"}
        run(extract(document.wire(), exercise.tasks), namespace)
        for test, task in tests.items():
            if wanted not in (None, task):
                continue
            results: list[Any] = []

            class Listening(Submission):
                def _ask(self, message: Any, args: Any, kwargs: Any, results=results) -> Any:
                    results.append(super()._ask(message, args, kwargs))
                    return results[-1]

            def listen(got, want, *, name="", suspects=(), results=results, test=test, **_options):
                call = next(n for n, one in enumerate(results) if one is got)
                into = found.setdefault((test, call), {})
                with np.errstate(all="ignore"):
                    listed = list(suspects)
                for one in listed:
                    try:
                        frame = encode([one.value, one.said["en"], one.part])
                    except CannotCross:
                        print("cannot cross:", test, one.said["en"])
                        continue
                    into.setdefault(frame, (one, name))

            host = Host(lambda namespace=namespace: namespace)
            feeding.module.compare = listen
            try:
                feeding.run(test, Listening(Local(host), 2.0, lambda: 5.0))
            except Exception as error:
                if wanted is None:
                    raise
                if not isinstance(error, TypeError | ValueError | IndexError | AttributeError):
                    print(f"{test} on {document.path}: {error!r}")
    feeding.module.compare = plain
    return found


def collect(exercise: Exercise) -> list[Frozen]:
    feeding = Feeding(exercise)
    kept: list[Frozen] = []
    unsaid: set[str] = set()
    for (test, call), listed in suspects_of(feeding).items():
        submission = Answering(feeding.solution, call, lambda value: value)
        assert feeding.run(test, submission) is None
        case, right = Case(test, call, submission.asked[call]), submission.right
        for one, names in listed.values():
            outputs = 1 if isinstance(names, str) else len(names)
            ways = [None if one.part is None else way_to(one.part, names)]
            if one.part is None and outputs > 1 and as_array(one.value) is not None:
                shape = as_array(one.value).shape
                ways += [(n,) for n in range(outputs) if np.shape(right[n]) == shape]
            one_en, one_zh = one.said["en"], one.said["zh"]
            for way in ways:
                frozen = Frozen(case, one.value, way, one_en, one_zh, outputs, False)
                if not is_said(feeding, frozen, spoil=False):
                    unsaid.add(frozen.en)
                    continue
                spoil = way is not None and outputs > 1
                kept.append(replace(frozen, spoilt=spoil and is_said(feeding, frozen, spoil=True)))
        for way, answer in guesses(right):
            frozen = Frozen(case, answer, way, "", "", outputs, False)
            try:
                said = feeding.said(frozen)
            except Exception:
                continue  # the tests of today stumble over a form that nobody hands in
            for en, zh in {(one.said["en"], one.said["zh"]) for one, _names in listed.values()}:
                if en in unsaid and said is not None and en in said["en"]:
                    kept.append(replace(frozen, en=en, zh=zh))
    never = sorted(unsaid - {one.en for one in kept})
    print(f"{exercise.number}: {len(never)} sentences that are never said:", *never, sep="\n  ")
    return kept


def guesses(right: Any) -> Iterator[tuple[tuple[int, ...] | None, Any]]:
    """Yield wrong answers of all sorts, for sentences that depend on the learner's value."""
    several = isinstance(right, list | tuple) and as_array(right) is None
    for way in [(n,) for n in range(len(right))] if several else [None]:
        value = right if way is None else right[way[0]]
        if not isinstance(value, np.ndarray):
            continue
        yield way, spoilt(value)
        if value.ndim:
            yield way, value[1:]
            yield way, spoilt(value)[1:]
            yield way, value[:-1]
            yield way, value[::-1].copy()
            yield way, value.T.copy()
            for k in range(4):
                parts = np.split(value, 4, axis=-1) if value.shape[-1] % 4 == 0 else [value]
                parts = [part + (n == k) for n, part in enumerate(parts)]
                yield way, np.concatenate(parts, axis=-1)


def is_said(feeding: Feeding, one: Frozen, spoil: bool) -> bool:
    try:
        said = feeding.said(one, spoil)
    except Exception as error:
        print(f"{one.case.test}: {error!r} on {one.en}")
        return False
    return said is not None and one.en in said["en"] and one.zh in said["zh"]


def main() -> None:
    for exercise in list_exercises():
        if not sys.argv[1:] or exercise.number in sys.argv[1:]:
            found = collect(exercise)
            size = write(exercise.number, found)
            sentences = len({one.en for one in found})
            spoilt = sum(one.spoilt for one in found)
            print(
                f"{exercise.number}: {len(found)} answers ({spoilt} also with another output "
                f"spoilt), {sentences} sentences, {size:,} bytes"
            )


if __name__ == "__main__":
    main()
