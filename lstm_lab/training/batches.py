"""Where a training's batches come from: a task, a function, arrays or a loader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.tasks import Task

__all__ = ["Batch", "Chance", "Source", "batches_of", "is_arrays", "windows"]


class Batch(NamedTuple):
    """One batch, as a callable, a loader or `validation` gives it: a tuple of two to four."""

    x: Any
    y: Any
    lengths: Any = None
    """(B,), the true lengths of padded sequences."""
    mask: Any = None
    """Which answers count: (T, B) where every step answers, else (B,)."""


class Chance(NamedTuple):
    """Everything random that batches may hang on: how it is read, and how it is put back."""

    now: Callable[[], Any]
    recall: Callable[[Any], None]


def as_batch(name: str, item: Any) -> Batch:
    """Take what one update is to work on.

    Examples
    --------
    >>> as_batch("data", (1, 2)).lengths is None
    True
    """
    if not isinstance(item, tuple | list) or not 2 <= len(item) <= len(Batch._fields):
        raise UserError(
            _(
                "{name}: expected batches (x, y), (x, y, lengths) or (x, y, lengths, mask), "
                "found {found}"
            ).format(
                name=name,
                found=type(item).__name__ + (f" ({len(item)})" if hasattr(item, "__len__") else ""),
            )
        )
    return Batch(*item)


def is_arrays(data: Any) -> bool:
    """Tell whether `data` is one tuple of arrays, and no row of batches."""
    return isinstance(data, tuple | list) and bool(data) and hasattr(data[0], "shape")


class Source:
    """An endless row of batches that can be taken up again where it was left.

    Parameters
    ----------
    data : Task, callable, arrays (x, y[, lengths[, mask]]) or iterable of batches
        Arrays are dealt out in shuffled batches; an iterable is passed over again and again.
    rng : numpy.random.Generator
    batch : int
        For a task and for arrays.
    y_axis : int
        Which axis of y counts the sequences.
    chance : Chance
        Must cover `rng`, and what shuffles the iterable.
    seeds, dtype
        As in `Task.sample`.
    """

    def __init__(
        self,
        data: Any,
        rng: np.random.Generator,
        *,
        batch: int,
        y_axis: int,
        chance: Chance,
        seeds: int | None = None,
        dtype: Any = np.float64,
    ) -> None:
        self.data, self.rng, self.batch, self.y_axis = data, rng, batch, y_axis
        self.chance, self.seeds, self.dtype = chance, seeds, dtype
        self._row: Iterator[Any] = iter(())
        self._given = 0  # of the pass under way
        self._begun: Any = None  # the chance as it was when this pass began
        if is_arrays(data):
            self._check()
        elif not isinstance(data, Task) and not callable(data) and not isinstance(data, Iterable):
            raise UserError(
                _("data: expected a task, a function, arrays or batches, found {found}").format(
                    found=type(data).__name__
                )
            )

    def __next__(self) -> Batch:
        if isinstance(self.data, Task):
            return Batch(
                *self.data.sample(self.batch, self.rng, seeds=self.seeds, dtype=self.dtype)
            )
        if callable(self.data):
            return as_batch("data", self.data(self.rng))
        item = next(self._row, None)
        if item is None:
            self._begin()
            item = next(self._row, None)
            if item is None:
                raise UserError(_no_batches("data"))
        self._given += 1
        return as_batch("data", item)

    def state(self) -> dict[str, Any]:
        """Return where it stands, the random numbers included."""
        return {"given": self._given, "begun": self._begun, "now": self.chance.now()}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from there: begin the same pass and go by what it has given already."""
        if state["begun"] is not None:
            self.chance.recall(state["begun"])
            self._begin()
            for self._given in range(1, state["given"] + 1):
                next(self._row, None)
        self.chance.recall(state["now"])

    def _begin(self) -> None:
        self._begun, self._given = self.chance.now(), 0
        self._row = self._dealt() if is_arrays(self.data) else iter(self.data)

    def _check(self) -> None:
        x, y = as_batch("data", self.data)[:2]
        N = x.shape[1]
        if len(y.shape) <= self.y_axis or y.shape[self.y_axis] != N:
            raise UserError(
                _("y: expected {N} sequences along axis {axis}, found shape {shape}").format(
                    N=N, axis=self.y_axis, shape=tuple(y.shape)
                )
            )

    def _dealt(self) -> Iterator[Batch]:
        x, y, lengths, mask = as_batch("data", self.data)
        N = x.shape[1]
        order = self.rng.permutation(N)
        for start in range(0, N, self.batch):
            rows = order[start : start + self.batch]
            yield Batch(
                x[:, rows],
                _taken(y, rows, self.y_axis),
                None if lengths is None else np.asarray(lengths)[rows],
                None if mask is None else _taken(mask, rows, self.y_axis),
            )


def _taken(a: Any, rows: np.ndarray, axis: int) -> Any:
    if isinstance(a, np.ndarray):
        return np.take(a, rows, axis=axis)
    return a[:, rows] if axis else a[rows]


def batches_of(validation: Any) -> Iterator[Batch]:
    """Yield the batches of one look: the one that arrays make, or those of an iterable."""
    if is_arrays(validation):
        yield as_batch("validation", validation)
        return
    if not isinstance(validation, Iterable):
        raise UserError(
            _("validation: expected arrays, batches or a function, found {found}").format(
                found=type(validation).__name__
            )
        )
    none = True
    for item in validation:
        none = False
        yield as_batch("validation", item)
    if none:
        raise UserError(_no_batches("validation"))


def _no_batches(name: str) -> str:
    return _(
        "{name}: there is no batch in it (a generator gives its batches once: use a list or a "
        "loader)"
    ).format(name=name)


def windows(
    x: np.ndarray, y: np.ndarray, steps: int | None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Cut a batch into windows of `steps` steps for truncated BPTT; None: one window.

    Examples
    --------
    >>> [len(x) for x, y in windows(np.zeros((10, 1, 1)), np.zeros((10, 1, 1)), 4)]
    [4, 4, 2]
    """
    for part in slices(len(x), steps):
        yield x[part], y[part]


def slices(T: int, steps: int | None) -> Iterator[slice]:
    """Cut T steps into stretches of `steps`; None: one stretch.

    Examples
    --------
    >>> [(part.start, part.stop) for part in slices(5, 3)]
    [(0, 3), (3, 6)]
    """
    if steps is None:
        yield slice(None)
        return
    if steps < 1:
        raise UserError(_("truncate: expected at least 1 step, found {steps}").format(steps=steps))
    for start in range(0, T, steps):
        yield slice(start, start + steps)
