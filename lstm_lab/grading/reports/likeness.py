"""Answers of one form, and answers that call a library: for a person to look at, no verdict.

That two answers have one form says something where the form is one of many, and nothing where the
task hardly allows another. So a task is left out whose answers mostly share their forms, and so
are short answers and the form of the solution, which the lesson leads to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lstm_lab.grading.record import Record

__all__ = ["Group", "Likeness", "find_likeness"]

SHORT = 60
"""Nodes of a syntax tree; the course's own one-line answers have 20 to 45."""
ENOUGH = 8
"""Answers, before it can be told how many forms a task has."""
COMMON = 0.3
"""A larger share of answers whose form is not theirs alone: the task has few forms."""
Name = tuple[str, str]


@dataclass(frozen=True)
class Group:
    """Students whose answers to a task have one form, of so many among so many answers."""

    exercise: str
    task: str
    names: tuple[Name, ...]
    right: bool
    answers: int
    forms: int


@dataclass
class Likeness:
    """What was found.

    Attributes
    ----------
    groups : list of Group
    alike : list of (exercise, task, answers, forms)
        Tasks where one form says nothing, since most answers share theirs.
    calls : list of (exercise, task, name, calls)
        Answers that use a library's finished part.
    """

    groups: list[Group] = field(default_factory=list)
    alike: list[tuple[str, str, int, int]] = field(default_factory=list)
    calls: list[tuple[str, str, Name, tuple[str, ...]]] = field(default_factory=list)


def find_likeness(records: Iterable[Record]) -> Likeness:
    """Sort answers by form; the work grows with their number, not with that of pairs."""
    found = Likeness()
    tasks: dict[tuple[str, str], dict[str, list[tuple[Name, bool]]]] = {}
    files: set[tuple[str, str]] = set()
    for record in records:
        # the members of a group have handed in one file; that is no likeness
        if (record["exercise"], record["file"]) in files:
            continue
        files.add((record["exercise"], record["file"]))
        name = (record["student"], record["number"])
        for task, facts in (record.get("answers") or {}).items():
            place = (record["exercise"], task)
            if facts["calls"]:
                found.calls.append((*place, name, tuple(facts["calls"])))
            forms = tasks.setdefault(place, {})
            if facts["as_solution"] or facts["nodes"] < SHORT or _unwritten(record, task):
                continue
            own = [row for row in record["rows"] if row["task"] == task]
            right = all(row["status"] == "passed" for row in own)
            forms.setdefault(facts["form"], []).append((name, right))
    for (exercise, task), forms in sorted(tasks.items()):
        total = sum(map(len, forms.values()))
        # a student's own second submission is no likeness
        groups = {form: dict.fromkeys(n for n, *_rest in one) for form, one in forms.items()}
        shared = {form: names for form, names in groups.items() if len(names) > 1}
        among = sum(map(len, shared.values()))
        if total >= ENOUGH and among > COMMON * total:
            found.alike.append((exercise, task, total, len(forms)))
            continue
        for form, names in shared.items():
            right = all(one[1] for one in forms[form])
            found.groups.append(
                Group(exercise, task, tuple(sorted(names)), right, total, len(forms))
            )
    found.groups.sort(key=lambda one: (one.exercise, one.task, one.names))
    return found


def _unwritten(record: Record, task: str) -> bool:
    """Tell whether nothing was written: then all look like the handout."""
    words = "NotImplementedError", "is not written yet"
    said = [row["said"]["en"] for row in record["rows"] if row["task"] == task and row["said"]]
    return bool(said) and any(word in said[0] for word in words)
