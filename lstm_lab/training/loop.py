"""The loop around every training: progress bar, history, early stopping, Ctrl-C, checkpoints."""

from __future__ import annotations

import dataclasses
import os
import time
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from tqdm.auto import tqdm

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.saving import load, save
from lstm_lab.training.stopping import EarlyStopping

__all__ = ["Fit", "Loop", "Step", "Trainee", "run_loop"]

REFRESH = 0.2  # seconds between two looks at the loss in the bar


@dataclass(frozen=True)
class Fit:
    """What a training leaves behind.

    Attributes
    ----------
    model
        The best by validation, if there was one; otherwise the last.
    history : dict of ndarray
        Of each update, shape (updates,) or (updates, S): ``loss``, ``norm`` (of the
        gradient, before clipping), each metric under its name, and in torch with a schedule
        ``lr``. Of each look: ``validation``, ``validated_at`` (after how many updates), and
        each metric as ``validation_NAME``.
    updates : int
        How many were made.
    sequences : int
        How many sequences each net has seen.
    stopped : {"updates", "patience", "solved", "interrupted", "not finite"}
        Why it ended.
    solved_at : ndarray of shape (S,), or None
        Sequences until the task's success rule was met; NaN where it was not.
    """

    model: Any
    history: dict[str, np.ndarray]
    updates: int
    sequences: int
    stopped: str
    solved_at: np.ndarray | None = None


@dataclass(frozen=True)
class Loop:
    """How long to train and when to look; `fit` and `fit_torch` take these by name.

    Attributes
    ----------
    updates : int
        At most so many, those before `resume` included.
    validation : arrays (x, y[, lengths[, mask]]), iterable of batches or callable
        Looked at after every `every` updates; the best model by it is given back. An
        iterable, a DataLoader for example, is read whole at every look, and each answer
        counts the same. A callable gets the model and returns a number, or one a seed.
    every : int
        Updates from look to look; the last update is looked at too.
    patience : int, optional
        So many looks in a row without a new minimum end the training.
    save : path, optional
        Write a checkpoint at every look (with or without validation), and once solved.
    resume : path, optional
        Go on from such a file, with the same arguments otherwise (`updates` and `patience`
        may be larger): bit for bit as if there had been no break. All chance must come from
        the generator that a callable gets, or in torch from torch's own.
    progress : bool
        Show the bar.
    """

    updates: int = 1000
    validation: Any = None
    every: int = 50
    patience: int | None = None
    save: str | os.PathLike[str] | None = None
    resume: str | os.PathLike[str] | None = None
    progress: bool = True

    @classmethod
    def of(cls, settings: dict[str, Any]) -> Loop:
        """Check names and numbers before anything long begins."""
        known = {f.name for f in dataclasses.fields(cls)}
        for name in settings:
            if name not in known:
                raise UserError(
                    _("there is no argument {name} here; the loop takes {known}").format(
                        name=repr(name), known=", ".join(sorted(known))
                    )
                )
        made = cls(**settings)
        for name in ("updates", "every"):
            if (number := getattr(made, name)) < 1:
                raise UserError(
                    _("{name}: expected at least 1, found {number}").format(
                        name=name, number=number
                    )
                )
        if made.patience is not None and made.validation is None:
            raise UserError(_("patience: early stopping needs validation=…"))
        return made


@dataclass
class Step:
    """What one update reports to the loop."""

    loss: Any
    norm: Any
    sequences: int
    solved: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
    """What goes into the history beside loss and norm, the same names at every update."""


class Trainee(Protocol):
    """What the loop trains. `state` and what `pack` returns must suit `lstm_lab.saving`."""

    name: str

    def step(self) -> Step:
        """Make one update."""

    def look(self, validation: Any) -> dict[str, Any]:
        """Return ``validation`` and what else goes into the history of looks."""

    def snapshot(self) -> Any:
        """Return the model as it is now, in a form that later steps leave alone."""

    def pack(self, model: Any) -> Any:
        """Return a snapshot in a form that can be saved."""

    def unpack(self, packed: Any) -> Any:
        """Undo `pack`."""

    def state(self) -> dict[str, Any]:
        """Return all that the next step hangs on."""

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state."""


class Books:
    """The history while it grows."""

    def __init__(self) -> None:
        self.steps: dict[str, list[Any]] = {"loss": [], "norm": []}
        self.looks: dict[str, list[Any]] = {}
        self.sequences = 0

    @property
    def updates(self) -> int:
        return len(self.steps["loss"])

    def add(self, made: Step) -> None:
        self.steps["norm"].append(made.norm)
        for name, value in made.extra.items():
            self.steps.setdefault(name, []).append(value)
        self.sequences += made.sequences
        self.steps["loss"].append(made.loss)

    def look(self, seen: dict[str, Any]) -> None:
        for name, value in {**seen, "validated_at": self.updates}.items():
            self.looks.setdefault(name, []).append(value)

    def history(self, looked: bool) -> dict[str, np.ndarray]:
        # an interruption may have come in the middle of a row
        columns = {name: column[: self.updates] for name, column in self.steps.items()}
        if looked:
            columns |= {"validation": [], "validated_at": []} | self.looks
        history = {name: np.asarray(column) for name, column in columns.items()}
        if looked:
            history["validated_at"] = history["validated_at"].astype(int)
        return history

    def state(self) -> dict[str, Any]:
        held = {
            part: {name: np.asarray(column) for name, column in columns.items()}
            for part, columns in (("steps", self.steps), ("looks", self.looks))
        }
        return {**held, "sequences": self.sequences}

    def restore(self, state: dict[str, Any]) -> None:
        self.steps = {name: list(column) for name, column in state["steps"].items()}
        self.looks = {name: list(column) for name, column in state["looks"].items()}
        self.sequences = state["sequences"]


def run_loop(trainee: Trainee, loop: Loop) -> Fit:
    """Train until `loop` says enough and keep the books; see `Fit`.

    Parameters
    ----------
    trainee : Trainee
    loop : Loop

    Raises
    ------
    UserError
        `resume` cannot be read, or is no checkpoint of such a training.
    """
    watch: EarlyStopping[Any] = EarlyStopping(loop.patience)
    books = Books()
    if loop.resume is not None:
        _resume(loop.resume, trainee, books, watch)
    stopped = "patience" if watch.tired else "updates"
    shown = 0.0
    bar = tqdm(
        total=loop.updates, initial=books.updates, desc=trainee.name,
        disable=not loop.progress, leave=True,
    )  # fmt: skip
    try:
        while books.updates < loop.updates and stopped == "updates":
            made = trainee.step()
            books.add(made)
            bar.update()
            if loop.progress and (now := time.monotonic()) - shown > REFRESH:
                shown = now
                bar.set_postfix(loss=_shown(made.loss), refresh=False)
            look = books.updates % loop.every == 0 or books.updates == loop.updates
            if look and loop.validation is not None:
                seen = trainee.look(loop.validation)
                books.look(seen)
                watch.update(seen["validation"], trainee.snapshot())
            if loop.save is not None and (look or made.solved):
                _save(loop.save, trainee, books, watch)
            if watch.tired:
                stopped = "patience"
            elif made.solved:
                stopped = "solved"
            elif not np.any(np.isfinite(made.loss)):
                stopped = "not finite"
    except KeyboardInterrupt:
        # what was learnt so far is the reader's; only the update under way is lost
        stopped = "interrupted"
    finally:
        if books.updates:
            bar.set_postfix(loss=_shown(books.steps["loss"][-1]), refresh=False)
        bar.close()
    return Fit(
        model=trainee.snapshot() if watch.best is None else watch.best,
        history=books.history(looked=loop.validation is not None),
        updates=books.updates,
        sequences=books.sequences,
        stopped=stopped,
    )


def _save(path: Any, trainee: Trainee, books: Books, watch: EarlyStopping[Any]) -> None:
    best = None if watch.best is None else trainee.pack(watch.best)
    held = {
        "trainee": trainee.state(),
        "books": books.state(),
        "watch": {"best": best, "value": watch.value, "waited": watch.waited},
    }
    save(path, held, kind="checkpoint")


def _resume(path: Any, trainee: Trainee, books: Books, watch: EarlyStopping[Any]) -> None:
    held = load(path, kind="checkpoint")
    try:
        trainee.restore(held["trainee"])
    except UserError as error:
        raise UserError(f"resume: {path}: {error}") from None
    except (KeyError, TypeError):
        raise UserError(
            _("resume: {path}: this checkpoint is of another kind of training").format(path=path)
        ) from None
    books.restore(held["books"])
    kept = held["watch"]
    watch.best = None if kept["best"] is None else trainee.unpack(kept["best"])
    watch.value, watch.waited = kept["value"], kept["waited"]


def _shown(loss: Any) -> str:
    """Write the loss, or the median over seeds, in three digits."""
    return f"{float(np.median(loss)):.3g}"
