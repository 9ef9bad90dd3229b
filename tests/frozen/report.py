"""Which of the frozen sentences are still said, and of which answers."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field

from lstm_lab.grading.exercises import Exercise
from tests.frozen.cases import Frozen, read
from tests.frozen.feeding import Feeding


@dataclass
class Heard:
    """What was heard of one sentence: how often it was said, and what was said instead."""

    said: int = 0
    instead: list[tuple[Frozen, bool, str]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        if not self.instead:
            return "the same everywhere"
        if self.said:
            return "in some cases"
        return "differently" if any(text for *_rest, text in self.instead) else "never"


def hear(exercise: Exercise, sample: int | None = None) -> dict[str, Heard]:
    """Feed the frozen answers to the graded tests; return what was heard by English sentence.

    Parameters
    ----------
    exercise : Exercise
    sample : int, optional
        Feed so many of them, drawn by chance, in place of all.
    """
    frozen = read(exercise.number)
    if sample is not None:
        frozen = random.Random(exercise.number).sample(frozen, min(sample, len(frozen)))
    feeding = Feeding(exercise)
    heard: dict[str, Heard] = defaultdict(Heard)
    for one in frozen:
        for spoil in [False, True] if one.spoilt else [False]:
            try:
                said = feeding.said(one, spoil) or {"en": "", "zh": ""}
            except LookupError as error:
                said = {"en": f"({error})", "zh": ""}
            if one.en in said["en"] and one.zh in said["zh"]:
                heard[one.en].said += 1
            else:
                heard[one.en].instead.append((one, spoil, said["en"]))
    return heard
