"""One torch thread: at the sizes of this course two threads are up to 25 times slower."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["in_one_thread", "one_thread"]


def one_thread() -> Any:
    """Hold torch to one thread and return the module; the only place that imports it early.

    Small LSTMs spend their time handing work from thread to thread instead of working.

    Returns
    -------
    module
        ``torch``.

    Examples
    --------
    >>> torch = one_thread()
    >>> torch.get_num_threads()
    1
    """
    import os
    import sys

    if "torch" not in sys.modules:
        # read once, while torch loads: its pools are then never made larger than this
        before = os.environ.get("OMP_NUM_THREADS")
        os.environ["OMP_NUM_THREADS"] = "1"
        try:
            import torch
        finally:
            if before is None:
                del os.environ["OMP_NUM_THREADS"]
            else:
                os.environ["OMP_NUM_THREADS"] = before
    import torch

    torch.set_num_threads(1)
    return torch


@contextmanager
def in_one_thread() -> Iterator[Any]:
    """Hold torch to one thread for a while; what the process had set is put back.

    Examples
    --------
    >>> torch = one_thread()
    >>> torch.set_num_threads(2)
    >>> with in_one_thread() as torch:
    ...     print(torch.get_num_threads())
    1
    >>> torch.get_num_threads()
    2
    >>> torch.set_num_threads(1)
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield torch
    finally:
        torch.set_num_threads(before)
