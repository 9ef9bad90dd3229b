"""Timing side by side: CPU time, one thread each, in turns, in one process."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable

__all__ = ["cpu_seconds", "in_turns", "table"]


def cpu_seconds(call: Callable[[], object], at_least: float = 0.02) -> float:
    """Return the CPU seconds of one call, over as many as fill `at_least`."""
    calls, start = 0, time.process_time()
    while True:
        call()
        calls += 1
        spent = time.process_time() - start
        if spent >= at_least:
            return spent / calls


def in_turns(
    calls: dict[str, Callable[[], object]], rounds: int = 7, at_least: float = 0.02
) -> dict[str, float]:
    """Time each call in turns and return the median seconds of each.

    In turns, because the machine is not alone: what slows one slows the other.
    """
    for call in calls.values():  # compile, allocate, warm the caches
        if cpu_seconds(call, 0.0) < 0.5:
            call()
    times: dict[str, list[float]] = {name: [] for name in calls}
    gc.collect()
    gc.disable()
    try:
        for _round in range(rounds):
            for name, call in calls.items():
                times[name].append(cpu_seconds(call, at_least))
    finally:
        gc.enable()
    return {name: statistics.median(spent) for name, spent in times.items()}


def table(head: list[str], rows: list[list[object]]) -> str:
    """Return a Markdown table; numbers with two digits after the point."""
    texts = [[f"{v:.2f}" if isinstance(v, float) else str(v) for v in row] for row in rows]
    widths = [max(len(line[k]) for line in [head, *texts]) for k in range(len(head))]
    lines = [head, ["-" * width for width in widths], *texts]
    return "\n".join(
        "| " + " | ".join(v.ljust(w) for v, w in zip(line, widths, strict=True)) + " |"
        for line in lines
    )
