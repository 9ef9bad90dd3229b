"""A class that never was: 200 submissions, good, bad and hostile, to see grading at work."""

from __future__ import annotations

import json
import random
import re
import shutil
import textwrap
from dataclasses import replace
from pathlib import Path
from typing import Any

from lstm_lab.errors import UserError
from lstm_lab.grading.batch.hostile_samples import HOSTILE
from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.mutants import load_mutants, mutate, with_body
from lstm_lab.grading.sources import Document
from lstm_lab.i18n import gettext as _

__all__ = ["make_class"]

_ENGLISH = """
Ada Alma Amir Anna Ben Bilal Carla Chidi Clara Dana Diego Elif Emma Farid Grace Hana Hugo Ines Ivan
Jonas Julia Kofi Lena Liam Maja Malik Nadia Nils Olga Omar Paula Priya Rosa Sami Sofia Uma Vera
"""
_FAMILY = """
Baker Costa Dubois Eriksen Fischer Garcia Haddad Ito Jensen Kaya Lopez Mehta Novak Okafor
"""
_CHINESE_FAMILY = "王李张刘陈杨赵黄周吴徐孙马朱胡"
_CHINESE_GIVEN = """
伟 芳 娜 敏 静 磊 强 洋 艳 勇 军 杰 娟 涛 明 超 秀英 晓雨 子涵 浩然 欣怡 宇轩 思远 雨桐
"""
# of each kind so many in a hundred; the rest is right
SHARES = {"mutant": 45, "stub": 8, "hostile": 14, "broken": 5}


def make_class(folder: Path, exercises: list[Exercise], size: int = 200, seed: int = 1) -> None:
    """Write the submissions as a learning platform would hand them out.

    Parameters
    ----------
    folder : Path
        Made anew.
    exercises : list of Exercise
        Those whose solutions are here.
    size : int
        How many submissions; the same seed gives the same class.
    """
    known = [one for one in exercises if one.solution_path.is_file()]
    if not known:
        raise UserError(_("The demonstration is made from the solutions, and there are none here."))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    chance = random.Random(seed)
    kinds = [kind for kind, share in SHARES.items() for _n in range(size * share // 100)]
    kinds += ["right"] * (size - len(kinds))
    chance.shuffle(kinds)
    for n, (kind, name) in enumerate(zip(kinds, _names(size, chance), strict=True)):
        exercise = known[n % len(known)]
        lang = "zh" if not name.isascii() else "en"
        stem = f"{name}_{exercise.name}"
        if kind == "broken":
            _broken(folder, stem, chance.randrange(4))
            continue
        document = _answers(exercise, kind, lang, chance)
        path = folder / f"{stem}.ipynb"
        if n % 9 == 0:  # some hand in a folder
            path = folder / name / f"{exercise.name}.ipynb"
            path.parent.mkdir()
        path.write_text(_notebook(document, exercise, lang), "utf-8")


def _names(size: int, chance: random.Random) -> list[str]:
    """Return as many different names, Chinese ones with a student number."""
    names = [f"{given} {family}" for given in _ENGLISH.split() for family in _FAMILY.split()]
    chance.shuffle(names)
    chinese = [family + given for family in _CHINESE_FAMILY for given in _CHINESE_GIVEN.split()]
    chance.shuffle(chinese)
    found = []
    for n in range(size):
        own = names[n // 2 % len(names)] if n % 2 else chinese[n // 2 % len(chinese)]
        found.append(own if n % 2 else f"20260{n:04d}_{own}")
    chance.shuffle(found)
    return found


def _answers(exercise: Exercise, kind: str, lang: str, chance: random.Random) -> Document:
    solution = exercise.solution
    if kind == "mutant":
        mutants = load_mutants(exercise)
        if mutants:
            return mutate(solution, chance.choice(mutants))
    elif kind == "stub":
        cells = tuple(
            replace(c, source=with_body(c.source, "raise NotImplementedError")) if c.name else c
            for c in solution.cells
        )
        return replace(solution, cells=cells)
    elif kind == "hostile":
        task = chance.choice(solution.tasks)
        body = textwrap.indent(chance.choice(list(HOSTILE.values())), "    ")
        code = f"def {task}(*args, **kwargs):\n{body}"
        cells = tuple(replace(c, source=code) if c.name == task else c for c in solution.cells)
        return replace(solution, cells=cells)
    return solution


def _broken(folder: Path, stem: str, kind: int) -> None:
    """Write what is no submission, as it comes: torn, empty, of another kind, not Python."""
    if kind == 0:
        (folder / f"{stem}.ipynb").write_text('{"cells": [', "utf-8")
    elif kind == 1:
        (folder / stem).mkdir()
    elif kind == 2:
        (folder / f"{stem}.docx").write_bytes(b"PK\x03\x04 not a notebook")
    else:
        (folder / f"{stem}.py").write_text("def answer(x)\n    return x\n", "utf-8")


def _notebook(document: Document, exercise: Exercise, lang: str) -> str:
    cells: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "id": f"cell-{n}",
            "metadata": {"lstm_lab": {"name": c.name, "task": True}} if c.name else {},
            "source": re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", c.source),
            "outputs": [],
            "execution_count": None,
        }
        for n, c in enumerate(document.cells)
    ]
    own = {"kind": "exercise", "number": exercise.number, "slug": exercise.slug, "lang": lang}
    data = {"cells": cells, "metadata": {"lstm_lab": own}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(data, ensure_ascii=False)
