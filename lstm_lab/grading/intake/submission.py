"""One submission as it was found: whose, where, of which exercise."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

from lstm_lab.grading.exercises import Exercise
from lstm_lab.grading.intake.names import Owner
from lstm_lab.grading.messages.feedback import Said, say
from lstm_lab.grading.sources import Document, NotReadable, parse_document, read_bytes, readable

__all__ = ["Intake"]


@dataclass(frozen=True, slots=True)
class Intake:
    """One submission, or one thing in the folder that should have been one.

    A class may be large, so what the file says is left on the disk until it is graded.

    Attributes
    ----------
    owner : Owner
    path : Path
    origin : str
        Where it was in what was handed in; with the digest it tells submissions apart.
    exercise : Exercise or None
        None where it is not clear; `problem` then says why.
    document : Document or None
        None unless it is at work (`with_document`).
    problem : str
        A sentence in both languages; None if all is well.
    digest : str
        Of the file's bytes; empty if they are no submission.
    lang : str or None
        The language that the file says it is in.
    untouched : bool
        Whether its tasks are all as they were handed out.
    """

    owner: Owner
    path: Path
    origin: str
    exercise: Exercise | None
    document: Document | None = None
    problem: Said | None = None
    digest: str = ""
    lang: str | None = None
    untouched: bool = False

    @property
    def student(self) -> str:
        """The student's name, as far as it is known."""
        return self.owner.name

    @property
    def gradable(self) -> bool:
        """Whether there are answers to an exercise that is graded."""
        return self.exercise is not None and bool(self.digest)

    def with_document(self) -> Intake:
        """Return the same with its document, read from the file.

        Raises
        ------
        NotReadable
            The file is gone, or is not what it was when it was taken in.
        """
        if self.document is not None:
            return self
        raw = read_bytes(self.path)
        if hashlib.sha256(raw).hexdigest() != self.digest:
            name = readable(self.path.name)
            raise NotReadable(say("{path}: changed while the batch ran; grade again.", path=name))
        return replace(self, document=parse_document(self.path, raw))
