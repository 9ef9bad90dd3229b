"""Names of a package that are imported when somebody asks for them (PEP 562).

Our own twelve lines and no library, since ``lab.py`` imports `lstm_lab` before anything is
installed.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["lazily"]


def lazily(
    package: str, namespace: dict[str, Any], homes: Mapping[str, str]
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the ``__getattr__`` and ``__dir__`` of a package.

    Parameters
    ----------
    package : str
        Its ``__name__``.
    namespace : dict
        Its ``globals()``; what was looked up once stands there.
    homes : mapping of str to str
        For each name the module that defines it, as a path below the package.

    Examples
    --------
    >>> here: dict[str, object] = {}
    >>> look_up, names = lazily("json", here, {"JSONDecodeError": "decoder"})
    >>> look_up("JSONDecodeError").__module__, names()
    ('json.decoder', ['JSONDecodeError'])
    """

    def look_up(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(importlib.import_module(f"{package}.{homes[name]}"), name)
        namespace[name] = value
        return value

    def names() -> list[str]:
        return sorted({*namespace, *homes})

    return look_up, names
