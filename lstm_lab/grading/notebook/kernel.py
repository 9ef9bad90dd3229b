"""`check()` in a notebook: feedback on the functions that stand there now.

The graded tests run in a helper process, which calls back for each value; so the kernel holds
neither tests nor solutions, and stays as quick as it was however much it has loaded.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
from types import FrameType
from typing import Any

from lstm_lab import progress
from lstm_lab.errors import UserError
from lstm_lab.grading.exercises import Exercise, find_exercise
from lstm_lab.grading.grader import graded
from lstm_lab.grading.notebook.table import Report
from lstm_lab.grading.runner.helper import Helper, HelperLost
from lstm_lab.grading.runner.points import totals
from lstm_lab.grading.worker.host import Host
from lstm_lab.i18n import gettext as _
from lstm_lab.layout import split_name

__all__ = ["Check", "exercise"]


def exercise(word: str | int) -> Check:
    """Open an exercise in a notebook.

    Parameters
    ----------
    word : str or int
        The exercise's name, ``"rnn"``. Older notebooks say a number: that of their time, which a
        lesson inserted since does not change.

    Returns
    -------
    Check
        Call it: ``check()`` for all tasks, ``check("rnn_step")`` for one.

    Raises
    ------
    UserError
        There is no such exercise, or no course around the working directory.

    Examples
    --------
    >>> exercise("99")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    lstm_lab.errors.UserError: There is no exercise '99'; …
    """
    return Check(find_exercise(_meant(word), old=True))


def _meant(word: str | int) -> str | int:
    """Return what the notebook's own name says, if it bears the number that is asked for."""
    # Jupyter's servers name the notebook that a kernel was started for.
    number, slug = split_name(os.environ.get("JPY_SESSION_NAME", ""))
    text = str(word).strip()
    return slug if number and text.isdigit() and number == text.zfill(2) else word


class Check:
    """Checks the functions of the namespace in which it is called.

    Feedback only: marks come from ``lstm-lab grade``.
    """

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self._namespace: dict[str, Any] = {}
        self._helper: Helper | None = None
        self._owner = 0
        # Started now, so that it is warm when the first answer is written; nothing waits for it.
        with contextlib.suppress(HelperLost):
            self._start()
        atexit.register(self.close)

    def __call__(self, task: str | None = None) -> Report:
        """Run the tests of all tasks, or of one, on the functions as they are now.

        Parameters
        ----------
        task : str, optional
            The task's name, which is its function's.

        Returns
        -------
        Report
            Shown as a table in a notebook, and as text elsewhere.
        """
        if task is not None and task not in self.exercise.tasks:
            raise UserError(
                _("There is no task {task}; the tasks are: {tasks}.").format(
                    task=repr(task), tasks=", ".join(self.exercise.tasks)
                )
            )
        return self.run(_namespace_of(sys._getframe(1)), task)

    def run(self, namespace: dict[str, Any], task: str | None = None) -> Report:
        """Like a call, for functions that stand in `namespace`."""
        global _busy
        if _busy == os.getpid():
            raise UserError(_inside())
        _busy = os.getpid()
        try:
            return self._run(namespace, task)
        finally:
            _busy = 0

    def _run(self, namespace: dict[str, Any], task: str | None) -> Report:
        self._namespace = namespace
        for last_try in (False, True):
            helper = self._start()
            try:
                helper.send(
                    {
                        "op": "check",
                        "exercises": [self.exercise.slug],
                        "root": str(self.exercise.root),
                        "torch": self.exercise.torch,
                        "task": task,
                    }
                )
                facts, rows = helper.receive()
                result = graded(self.exercise, facts, rows, task)
                break
            except HelperLost as error:
                self._drop()
                if last_try:
                    raise UserError(
                        _("The checking process ended unexpectedly: {words}").format(words=error)
                    ) from None
            except UserError:
                raise
            except BaseException:
                # Ctrl-C, or Kernel > Interrupt: half a conversation cannot be taken up again.
                self._drop()
                with contextlib.suppress(HelperLost):
                    self._start()
                raise
        progress.record(
            "check",
            exercise=self.exercise.slug,
            task=task,
            earned=result.earned,
            points=result.points,
            tasks=totals(result.rows),
        )
        return Report(
            rows=result.rows,
            number=self.exercise.number,
            title=self.exercise.title,
        )

    def _start(self) -> Helper:
        helper = self._helper
        # After a fork the helper belongs to the parent; two talking to it would mix their words.
        if helper is not None and self._owner == os.getpid() and helper.process.poll() is None:
            return helper
        if helper is not None and self._owner == os.getpid():
            self._drop()
        host = Host(
            lambda: self._namespace, passes=(KeyboardInterrupt,), tensors=self.exercise.torch
        )
        self._helper = Helper(host)
        self._owner = os.getpid()
        self._helper.send(
            {
                "op": "warm",
                "exercises": [self.exercise.slug],
                "root": str(self.exercise.root),
            }
        )
        return self._helper

    def _drop(self) -> None:
        if self._helper is not None:
            self._helper.kill()
            self._helper = None

    def close(self) -> None:
        """End the helper process."""
        if self._helper is not None and self._owner == os.getpid():
            self._helper.kill()
        self._helper = None


# The process in which a check is under way: a second one inside it would wait for the first.
_busy = 0


def _inside() -> str:
    return _(
        "check() is called inside the function that it checks: take it out of there, with less "
        "indentation or into a cell of its own."
    )


def _namespace_of(caller: FrameType) -> dict[str, Any]:
    """Return the notebook's names, or the globals of whoever called."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    namespace = shell.user_ns if shell is not None else None
    if isinstance(namespace, dict) and caller.f_globals.get("__name__") == "__main__":
        return namespace
    return caller.f_globals
