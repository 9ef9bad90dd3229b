"""The frozen wrong answers of an exercise, and the file that holds them."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from lstm_lab.grading.runner.record import Asked
from lstm_lab.grading.worker.codec import decode, encode

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One call that a graded test makes: its place in the test, and what it asked for."""

    test: str
    call: int
    asked: Asked


@dataclass(frozen=True)
class Frozen:
    """A wrong answer to one case.

    Attributes
    ----------
    case : Case
    value : object
        The answer; where `part` is given, that output of it, the others being right.
    part : list of (int or str) or None
        The way from the whole answer to that output.
    en, zh : str
        What was said.
    outputs : int
        How many things the answer consists of.
    spoilt : bool
        Whether it was said with a second output spoilt, too.
    """

    case: Case
    value: Any
    part: tuple[int | str, ...] | None
    en: str
    zh: str
    outputs: int
    spoilt: bool


def write(number: str, found: list[Frozen]) -> int:
    """Write the file of an exercise; return its size."""
    cases = list(dict.fromkeys(one.case for one in found))
    sentences = list(dict.fromkeys((one.en, one.zh) for one in found))
    rows = [
        [
            cases.index(one.case),
            sentences.index((one.en, one.zh)),
            one.part,
            one.outputs,
            one.spoilt,
        ]
        for one in found
    ]
    frames = [encode(one.value) for one in found]
    header = {
        "cases": [
            [c.test, c.call, c.asked.name, c.asked.form, c.asked.weight, c.asked.size]
            for c in cases
        ],
        "sentences": sentences,
        "rows": rows,
    }
    file = io.BytesIO()
    np.savez_compressed(
        file,
        header=np.frombuffer(json.dumps(header, ensure_ascii=False).encode(), np.uint8),
        frames=np.frombuffer(b"".join(frames), np.uint8),
        ends=np.cumsum([len(frame) for frame in frames], dtype=np.int64),
    )
    (FOLDER / f"{number}.npz").write_bytes(file.getvalue())
    return len(file.getvalue())


def read(number: str) -> list[Frozen]:
    """Return the frozen answers of an exercise."""
    with np.load(FOLDER / f"{number}.npz") as file:
        header = json.loads(file["header"].tobytes())
        frames, ends = file["frames"].tobytes(), file["ends"].tolist()
    cases = [Case(test, call, Asked(*asked)) for test, call, *asked in header["cases"]]
    return [
        Frozen(
            cases[case],
            decode(frames[start:end]),
            None if part is None else tuple(part),
            *header["sentences"][sentence],
            outputs,
            spoilt,
        )
        for (case, sentence, part, outputs, spoilt), start, end in zip(
            header["rows"], [0, *ends], ends, strict=False
        )
    ]
