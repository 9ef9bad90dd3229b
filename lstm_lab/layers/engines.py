"""Which code computes a layer: numba if it is there, NumPy otherwise, or the plain steps."""

from __future__ import annotations

import importlib.util
from functools import cache
from typing import Any

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.layers.by_steps import StepsRun
from lstm_lab.layers.columns import numpy_run

__all__ = ["ENGINES", "has_numba", "run_of"]

ENGINES = ("auto", "numba", "numpy", "cells")


@cache
def has_numba() -> bool:
    """Tell whether numba is installed (without importing it, which takes half a second)."""
    return importlib.util.find_spec("numba") is not None


def run_of(engine: str) -> Any:
    """Return the class, or a function that picks one, that runs a cell over whole sequences."""
    if engine == "cells":
        return StepsRun
    if engine == "numpy" or (engine == "auto" and not has_numba()):
        return numpy_run
    if engine not in ENGINES:
        raise UserError(
            _("engine: expected one of {known}, found {found}").format(
                known=", ".join(ENGINES), found=repr(engine)
            )
        )
    if not has_numba():
        raise UserError(
            _(
                "engine: numba is not installed; pip install 'lstm-lab[fast]' brings it, "
                "and engine='numpy' does without"
            )
        )
    from lstm_lab.layers.lanes import compiled_run

    return compiled_run
