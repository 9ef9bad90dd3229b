"""How values and troubles are put into words, in both languages."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

from lstm_lab.grading.messages.feedback import Private, Said, say
from lstm_lab.grading.messages.symptoms import of_error, plain_error
from lstm_lab.grading.result import Trouble

__all__ = ["describe", "problem_said", "syntax_said", "trouble_said", "where_said", "written"]


_KNOWN_ERRORS = frozenset(
    name
    for name, kind in vars(builtins).items()
    if isinstance(kind, type) and issubclass(kind, BaseException)
)


def written(shape: tuple[int, ...]) -> str:
    """Return a shape as NumPy writes it."""
    return str(tuple(int(n) for n in shape))


def describe(value: Any) -> Said:
    """Say what kind of thing a value is, never its numbers."""
    if value is None:
        return say("None")
    if isinstance(value, bool | np.bool_):
        return say("a truth value")
    if isinstance(value, int | float):
        return say("a single number")
    if isinstance(value, str):
        return say("a text")
    if isinstance(value, tuple):
        return say("a tuple of {n}", n=len(value))
    if isinstance(value, list):
        return say("a list of {n}", n=len(value))
    if isinstance(value, dict):
        keys = ", ".join(str(key)[:40] for key in list(value)[:8]) or "–"
        return say("a dict with the keys {keys}", keys=keys)
    if isinstance(value, np.ndarray):
        return say("an array of shape {shape}", shape=written(value.shape))
    if hasattr(value, "shape"):
        return say("a tensor of shape {shape}", shape=written(tuple(value.shape)))
    return say("a {type}", type=type(value).__name__)


def where_said(trouble: Trouble) -> Said:
    """Say where in the learner's code it was, or nothing."""
    if not trouble.line:
        return {"en": "", "zh": ""}
    if not trouble.source:
        return say(" (line {line} of its cell)", line=trouble.line)
    return say(
        " (line {line} of its cell, in {function}: {source})",
        line=trouble.line,
        function=trouble.function,
        source=f"“{trouble.source}”",
    )


def trouble_said(name: str, trouble: Trouble) -> Said:
    """Say why a call has no value."""
    where = Private(where_said(trouble), "")
    if trouble.kind == "missing":
        return say(
            "There is no function {name} yet: write it, and run the cell that defines it.",
            name=Private(trouble.text or name, name),
        )
    if trouble.type == "NotImplementedError" and trouble.found == "more below":
        return say(
            "{name} stops at `raise NotImplementedError`, which still stands above the answer: "
            "delete that line.",
            name=name,
        )
    if trouble.kind == "raised" and trouble.type == "NotImplementedError":
        return say("{name} is not written yet: its answer is still missing.", name=name)
    if trouble.kind == "raised":
        words = plain_error(trouble.text)
        text = f"{trouble.type}: {words}" if words else trouble.type
        hint = of_error(trouble.type, trouble.text)
        return say(
            "{name} stopped with {text}{where}.{hint}",
            name=name,
            text=Private(text, trouble.type if trouble.type in _KNOWN_ERRORS else "…"),
            where=where,
            hint=Private(hint, ""),
        )
    if trouble.kind == "timeout":
        return say(
            "{name} did not come to an end and was stopped{where}. Is there a loop that never "
            "ends, or far more work than the task needs?",
            name=name,
            where=where,
        )
    if trouble.kind == "hung":
        return say(
            "{name} did not come to an end and could not be stopped gently; its process was ended.",
            name=name,
        )
    if trouble.kind == "cannot cross":
        return say(
            "{name} returned something that cannot be checked: {type}. Return arrays, numbers, "
            "texts, or tuples, lists and dicts of them.",
            name=name,
            type=Private(trouble.type),
        )
    if trouble.kind == "refused":
        return _refused_said(name, trouble)
    if trouble.kind == "ended":
        return say("The process that ran {name} ended in the middle of the call.", name=name)
    return say("What came back from {name} could not be read.", name=name)


def _refused_said(name: str, trouble: Trouble) -> Said:
    """Say what a module should have done, and did."""
    expected, found = Private(trouble.expected[:80]), Private(trouble.found[:80])
    if trouble.type == "module":
        return say(
            "{name} is no torch module: its class needs `(torch.nn.Module)`, and "
            "`super().__init__()` as the first line of `__init__`.",
            name=name,
        )
    if trouble.type == "method":
        return say("{name} is not there yet: write this method in its class.", name=name)
    if trouble.type == "outputs":
        return say(
            "{name} should return {expected} things, but returned {found}: `return a, b` returns "
            "two, `return a, (b, c)` two as well, the second of them a pair.",
            name=name,
            expected=expected,
            found=found,
        )
    if trouble.type == "shape":
        return say(
            "{name} should return a tensor of shape {expected}, but its shape is {found}.",
            name=name,
            expected=expected,
            found=found,
        )
    return say("{name} should return a tensor, but returned a {found}.", name=name, found=found)


def syntax_said(name: str, problem: dict[str, Any]) -> Said:
    """Say where a cell is no Python."""
    line = problem.get("line")
    if not line:  # RecursionError, MemoryError: Python's own reader gave up
        return say("The cell of {name} is too large or nested too deeply for Python.", name=name)
    return say(
        "The cell of {name} is not valid Python: {text}, in its line {line}: {source}",
        name=name,
        text=str(problem.get("text", ""))[:200],
        line=line if isinstance(line, int) else 0,
        source=f"“{str(problem.get('source', ''))[:200]}”",
    )


def problem_said(problem: dict[str, Any]) -> Said | None:
    """Say what was wrong when a submission was loaded; None if it is nobody's concern."""
    kind = problem.get("kind")
    names = problem.get("tasks")
    tasks = ", ".join(str(one) for one in names) if isinstance(names, list) else ""
    if kind == "syntax":
        return syntax_said(tasks, problem)
    if kind == "missing":
        return say("task missing: {tasks}", tasks=tasks)
    if kind == "duplicate":
        return say(
            "task there more than once: the one in its own cell counts, else the last: {tasks}",
            tasks=tasks,
        )
    if kind == "left out":
        left_out = problem.get("binds")
        return say(
            "a line that only a notebook can run, or a cell that is no Python, may give an answer "
            "what it uses: {names}",
            names=", ".join(str(one)[:40] for one in left_out[:8])
            if isinstance(left_out, list)
            else "",
        )
    if kind == "load timeout":
        return say("its definitions did not come to an end")
    if kind in ("load failed", "too large"):
        return say("its definitions could not be loaded")
    if kind == "import":
        return say("imports {module}, which the exercise does not allow",
                 module=str(problem.get("type", ""))[:80])  # fmt: skip
    if kind == "raised":
        return say(
            "a definition failed with {type}: {source}",
            type=str(problem.get("type", ""))[:80],
            source=str(problem.get("source", ""))[:120],
        )
    return None
