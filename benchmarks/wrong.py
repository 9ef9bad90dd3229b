"""How long grading takes where answers are wrong, so that mistakes are looked for by name."""

from __future__ import annotations

import os
import secrets
import statistics
import time
from typing import Any

from harness import table

from lstm_lab.grading.exercises import Exercise, list_exercises
from lstm_lab.grading.grader import Grader
from lstm_lab.grading.mutants import load_mutants, mutate
from lstm_lab.grading.notebook.kernel import Check
from lstm_lab.grading.sources import Document
from lstm_lab.grading.worker.extract import extract, run

__all__ = ["grading_wrong"]

ONLY = os.environ.get("LSTM_LAB_BENCH_EXERCISES", "").split()


def grading_wrong() -> dict[str, Any]:
    """Milliseconds an answer: typical wrong ones with a key that nothing was drawn from yet (cold),
    the same once more (warm), right ones; and the first wrong `check` of a notebook"""
    rows: list[list[object]] = []
    for exercise in list_exercises():
        if ONLY and exercise.number not in ONLY:
            continue
        wrong = [mutate(exercise.solution, one) for one in load_mutants(exercise)]
        cold, warm, right = graded_ms(exercise, wrong)
        rows.append([exercise.number, len(wrong), *cold, *warm, right, first_check_ms(exercise)])
    head = ["exercise", "wrong answers", "cold mean", "cold median", "warm mean", "warm median",
            "right", "first wrong check"]  # fmt: skip
    return {"rows": rows, "table": table(head, rows)}


def graded_ms(
    exercise: Exercise, wrong: list[Document]
) -> tuple[tuple[float, float], tuple[float, float], float]:
    """Return (mean, median) of a cold round and of the better of two warm ones; right answers."""
    with Grader(secrets.token_bytes(32)) as grader:
        grader.warm([exercise])
        right = [seconds(grader, exercise, exercise.solution) for _ in range(10)][2:]
        rounds = [[seconds(grader, exercise, one) for one in wrong] for _ in range(3)]
    cold, *warm = ((statistics.mean(r) * 1e3, statistics.median(r) * 1e3) for r in rounds)
    return cold, min(warm), statistics.median(right) * 1e3


def seconds(grader: Grader, exercise: Exercise, document: Document) -> float:
    """Return how long one answer takes."""
    start = time.perf_counter()
    grader.grade(exercise, document)
    return time.perf_counter() - start


def first_check_ms(exercise: Exercise) -> float:
    """Return how long the first wrong `check` of a notebook takes, after one that was right."""
    mutant = load_mutants(exercise)[0]
    check = Check(exercise)
    try:
        found = []
        for document in (exercise.solution, mutate(exercise.solution, mutant)):
            namespace: dict[str, Any] = {"__name__": "__main__"}
            run(extract(document.wire(), exercise.tasks), namespace)
            start = time.perf_counter()
            check.run(namespace, mutant.task)
            found.append(time.perf_counter() - start)
    finally:
        check.close()
    return found[-1] * 1e3
