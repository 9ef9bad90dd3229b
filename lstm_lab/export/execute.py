"""Run a notebook from top to bottom, in a kernel of this environment."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.layout import RUN_WITH

__all__ = ["executed"]


def executed(path: Path, lang: str, root: Path | None = None, timeout: float = 600) -> Any:
    """Return the notebook at `path` with its outputs and the state of its widgets.

    Parameters
    ----------
    path : Path
    lang : {"en", "zh"}
        What the package says there.
    root : Path, optional
        The course that it is a page of: it then runs on a copy, so that it shows nobody's own
        progress and writes none. Otherwise it runs where it stands.
    timeout : float
        Seconds for a cell.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    try:
        notebook = nbformat.read(path, as_version=4)
    except (OSError, ValueError) as error:  # nbformat's NotJSONError and ValidationError are
        raise UserError(_("{path}: not a notebook ({why})").format(path=path, why=error)) from None
    with _place(path, root) as (folder, course), _kernels_of_here():
        environment = {**os.environ, "LSTM_LAB_LANG": lang}
        if course is not None:
            environment["LSTM_LAB_ROOT"] = str(course)
        client = NotebookClient(
            notebook,
            timeout=timeout,
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],
            resources={"metadata": {"path": str(folder)}},
        )
        try:
            client.execute(env=environment)
        except CellExecutionError as error:
            raise UserError(
                _("{path}: a cell failed with {error}: {why}").format(
                    path=path.name, error=error.ename, why=error.evalue
                )
            ) from None
        except (CellTimeoutError, DeadKernelError) as error:
            raise UserError(f"{path.name}: {error}") from None
    return notebook


@contextmanager
def _place(path: Path, root: Path | None) -> Iterator[tuple[Path, Path | None]]:
    """Where to run, and the root of the copy of the course if it is one."""
    if root is None:
        yield path.resolve().parent, None
        return
    with tempfile.TemporaryDirectory(prefix="lstm-lab-") as temporary:
        course = Path(temporary)
        for part in RUN_WITH:
            if (root / part).is_dir():
                shutil.copytree(root / part, course / part)
        yield course / path.relative_to(root).parent, course


@contextmanager
def _kernels_of_here() -> Iterator[None]:
    """Let ``python3`` be this Python, whatever other kernels the person has installed."""
    name = "JUPYTER_PREFER_ENV_PATH"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        yield
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before
