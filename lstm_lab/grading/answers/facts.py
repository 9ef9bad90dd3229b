"""What an answer looks like, whoever's names are in it: its form, its size, what it calls.

Nothing is run. The form of an answer is that of its statements with names, comments, annotations,
docstrings, prints, the order of statements and of summands taken away, so that two answers of one
form are the same answer in other words. `lstm_lab.grading.reports.likeness` tells when that says
something.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable
from typing import Any

from lstm_lab.grading.answers.shape import DEFINITIONS, Definition, Shape, imports
from lstm_lab.grading.worker.cells import parse_cell

__all__ = ["Facts", "answer_facts", "beside_solution"]

MAX_NODES = 20_000
MAX_SOURCE = 1 << 17  # a tree takes four hundred times the room of its text
Facts = dict[str, dict[str, Any]]
_READY_MADE = ("LSTM", "RNN", "GRU", "lstm", "gru", "rnn")
_LIBRARIES = ("torch", "keras", "tensorflow", "tf", "jax", "flax", "sklearn")
_OURS = ("lstm_lab.cells", "lstm_lab.layers", "lstm_lab.gradients", "lstm_lab.interop",
         "lstm_lab.training")  # fmt: skip


def answer_facts(cells: Iterable[dict[str, Any]], tasks: Iterable[str]) -> Facts:
    """Return for each task found ``{"form": str, "nodes": int, "calls": list of str}``.

    Parameters
    ----------
    cells : iterable of dict
        As `Document.wire` gives them.
    tasks : iterable of str

    Examples
    --------
    >>> one = "import numpy as np\\ndef f(x):\\n    y = 2 * x  # twice\\n    return np.tanh(y)"
    >>> two = "from numpy import tanh\\ndef f(a):\\n    b = a * 2.0\\n    return tanh(b)"
    >>> facts = [answer_facts([{"source": source}], ["f"])["f"] for source in (one, two)]
    >>> facts[0]["form"] == facts[1]["form"]
    True
    """
    sources, tasks = [cell["source"] for cell in cells], list(tasks)
    if sum(map(len, sources)) > MAX_SOURCE:
        return {}
    key = key_of(*tasks, "", *sources)
    if key not in _KNOWN:
        while len(_KNOWN) >= KEEP:
            del _KNOWN[next(iter(_KNOWN))]
        _KNOWN[key] = _described(sources, tasks)
    return {task: {**one, "calls": list(one["calls"])} for task, one in _KNOWN[key].items()}


# Untouched handouts and shared answers come by the dozen.
KEEP = 256
_KNOWN: dict[bytes, Facts] = {}


def key_of(*texts: str) -> bytes:
    """Return a digest that tells rows of texts apart."""
    digest = hashlib.blake2b(digest_size=16)
    for text in texts:
        digest.update(b"%d:" % len(text) + text.encode("utf-8", "surrogatepass"))
    return digest.digest()


def _described(sources: list[str], tasks: list[str]) -> Facts:
    try:
        top = [node for source in sources for node in _parsed(source)]
        own = {node.name: Definition(node) for node in top if isinstance(node, DEFINITIONS)}
        aliases = dict(pair for node in top for pair in imports(node))
        given = {name for node in top for name in _assigned(node)} | set(own)
        shape = Shape(aliases, given)
        return {
            task: _facts(task, own, set(tasks), shape)
            for task in tasks
            if task in own and own[task].size <= MAX_NODES
        }
    except (RecursionError, MemoryError, ValueError, SyntaxError):
        return {}  # what is built to break a reader is graded all the same


def beside_solution(facts: Facts, solution: Facts) -> Facts:
    """Add whether an answer has the solution's form, and leave out what the solution calls too."""
    return {
        task: {
            **one,
            "calls": [c for c in one["calls"] if c not in solution.get(task, {}).get("calls", [])],
            "as_solution": one["form"] == solution.get(task, {}).get("form"),
        }
        for task, one in facts.items()
    }


def _parsed(source: str) -> list[ast.stmt]:
    """Return a cell's statements; lessons' cells without a definition or an import have none."""
    if not re.search(r"^[ \t]*+(def|class|async|import|from)\s|^\w++[ \t]*+[:=]", source, re.M):
        return []
    tree = parse_cell(source)[1]
    return tree.body if isinstance(tree, ast.Module) else []


def _facts(task: str, own: dict[str, Definition], tasks: set[str], shape: Shape) -> dict[str, Any]:
    """Describe the definition of a task with the helpers that it uses, other tasks left out."""
    seen = [task]
    for name in seen:  # grows on the way
        seen += [
            one for one in dict.fromkeys(own[name].names)
            if one in own and one not in seen and one not in tasks
        ]  # fmt: skip
    lines: list[str] = []
    calls: set[str] = set()
    for name in seen:
        lines += shape.statements([own[name].node], own[name].bound, 0)
        # a string may hold half a character, which could be written nowhere
        words = (word[:80].encode("utf-8", "replace").decode() for word in shape.words(own[name]))
        calls |= {word for word in words if _ready_made(word)}
    form = hashlib.blake2b("\n".join(sorted(lines)).encode("utf-8", "replace"), digest_size=12)
    nodes = sum(own[name].size for name in seen)
    return {"form": form.hexdigest(), "nodes": nodes, "calls": sorted(calls)[:10]}


def _ready_made(word: str) -> bool:
    """Tell whether a dotted name is a finished network of a library's, or a part of ours."""
    if word.startswith(_OURS):
        return True
    return word.split(".")[0] in _LIBRARIES and any(
        part.startswith(_READY_MADE) for part in word.split(".")
    )


def _assigned(node: ast.stmt) -> set[str]:
    if not isinstance(node, ast.Assign | ast.AnnAssign):
        return set()
    return {
        one.id
        for one in ast.walk(node)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }
