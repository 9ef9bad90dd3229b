"""The progress of a batch: how many of each status, how fast, how long yet."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from lstm_lab.grading.batch.verdict import ATTENTION
from lstm_lab.i18n import gettext as _

__all__ = ["Bar"]


class _Rate(ProgressColumn):
    """Submissions a second, over the last half minute."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "")


class Bar:
    """A bar on the terminal; where output goes to a file, its last state is one line.

    Parameters
    ----------
    total : int
        Submissions there are.
    console : rich.console.Console
    """

    def __init__(self, total: int, console: Console) -> None:
        self.counts = {"ok": 0, ATTENTION: 0}
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=None),
            MofNCompleteColumn(),
            _Rate(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            console=console,
        )
        self._task = self._bar.add_task(self._words(), total=total)

    def __enter__(self) -> Bar:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def count(self, status: str) -> None:
        """Take in the status of one more submission."""
        self.counts[status] = self.counts.get(status, 0) + 1
        self._bar.update(self._task, advance=1, description=self._words())

    def _words(self) -> str:
        return _("Grading: {ok} ok, {attention} need attention").format(
            ok=self.counts["ok"], attention=self.counts[ATTENTION]
        )
