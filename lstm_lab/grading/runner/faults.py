"""Cases for a task that names faults: what right and changed solutions of an exercise return."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

from lstm_lab.grading.messages.closeness import Tolerance
from lstm_lab.grading.messages.diagnosing import RIGHT, Case

__all__ = ["SAME", "Faults"]

SAME = Tolerance(rtol=1e-7, atol=1e-9)
"""Two programs whose values are as near as this cannot be told apart."""


class Asked(Protocol):
    """What answers for right and changed programs: the solution, or a record of it."""

    def programs(
        self, slug: str, task: str, names: list[str], args: tuple[Any, ...]
    ) -> list[tuple[str, Any]]: ...


class Faults:
    """The mistakes of one exercise, as cases: ``mistakes("lstm_cell")`` in a graded test.

    Parameters
    ----------
    slug : str
        The exercise whose mistakes these are.
    reference : callable
        Returns what answers the test.
    """

    def __init__(self, slug: str, reference: Callable[[], Asked]) -> None:
        self.slug = slug
        self._reference = reference

    def cases(self, task: str, *args: Any, names: Iterable[str]) -> list[Case]:
        """Return what the right program and the named mistakes give for some arguments.

        Parameters
        ----------
        task : str
            The task of that exercise whose function is called.
        *args
            Its arguments.
        names : iterable of str
            Mistakes, by the names of their rows in the table.

        Returns
        -------
        list of Case
            One for each value: programs that return the same share a case, and each of their
            names is right. A mistake that stops with an error here has none.
        """
        found: list[tuple[set[str], Any]] = []
        for name, value in self._reference().programs(self.slug, task, list(names), args):
            for known, other in found:
                if SAME.same(value, other):
                    known.add(name)
                    break
            else:
                found.append(({name}, value))
        assert any(RIGHT in known for known, _value in found)
        return [Case(frozenset(known), args, value) for known, value in found]
