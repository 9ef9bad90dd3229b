"""What the machine can do at best, what of it a layer reaches, and how cost grows."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
from harness import in_turns, table
from layers import ENGINES, ours

from lstm_lab import cells

__all__ = ["growth", "imports", "peak"]


def peak() -> dict[str, Any]:
    """What fraction of the matrix product's peak an LSTM reaches, float32, T=200"""
    A = np.random.default_rng(0).normal(size=(1024, 1024)).astype(np.float32)
    best = 2 * 1024**3 / in_turns({"product": lambda: A @ A})["product"] / 1e9
    rows: list[list[object]] = []
    for B, I, H in ((1, 8, 32), (32, 64, 128), (128, 64, 128), (32, 256, 512), (128, 256, 512)):
        p = cells.lstm_init(I, H, dtype=np.float32)
        x, dh = np.ones((200, B, I), np.float32), np.ones((200, B, H), np.float32)
        seconds = in_turns({e: ours(p, x, dh, e) for e in ENGINES}, rounds=3)
        flops = 3 * 2 * 200 * B * 4 * H * (I + H)  # forward, and back to inputs and to weights
        rows.append([B, I, H, *(f"{flops / seconds[e] / 1e9 / best:.0%}" for e in ENGINES)])
    head = ["B", "I", "H", *(f"{e}, of {best:.0f} GFLOP/s" for e in ENGINES)]
    return {"gemm_gflops": best, "rows": rows, "table": table(head, rows)}


def growth() -> dict[str, Any]:
    """How the cost of an LSTM grows: milliseconds forward and back, float32"""
    base = {"T": 100, "B": 16, "H": 64}
    rows: list[list[object]] = []
    sizes = {"T": (50, 100, 200, 400), "B": (1, 4, 16, 64), "H": (16, 32, 64, 128)}
    for name, values in sizes.items():
        for value in values:
            size = {**base, name: value}
            p = cells.lstm_init(16, size["H"], dtype=np.float32)
            x = np.ones((size["T"], size["B"], 16), np.float32)
            dh = np.ones((size["T"], size["B"], size["H"]), np.float32)
            seconds = in_turns({e: ours(p, x, dh, e) for e in ENGINES}, rounds=5)
            rows.append([f"{name} = {value}", *(seconds[e] * 1e3 for e in ENGINES)])
    head = ["T=100, B=16, H=64, I=16 but", *(f"{e}, ms" for e in ENGINES)]
    return {"rows": rows, "table": table(head, rows)}


def imports() -> dict[str, Any]:
    """Seconds to import, in fresh processes, over `import numpy`"""
    code = "import time; t = time.perf_counter(); {}; print(time.perf_counter() - t)"
    wanted = {
        "numpy": "import numpy",
        "numpy, lstm_lab": "import numpy, lstm_lab",
        "numpy, lstm_lab.layers": "import numpy, lstm_lab.layers",
        "numpy, lstm_lab.training": "import numpy, lstm_lab.training",
    }
    times: dict[str, list[float]] = {name: [] for name in wanted}
    for _round in range(7):
        for name, text in wanted.items():
            run = [sys.executable, "-c", code.format(text)]
            times[name].append(float(subprocess.run(run, capture_output=True, check=True).stdout))
    least = {name: min(spent) for name, spent in times.items()}
    check = "import sys, lstm_lab.layers; print('torch' in sys.modules, 'numba' in sys.modules)"
    brought = subprocess.run([sys.executable, "-c", check], capture_output=True, check=True)
    rows: list[list[object]] = [
        [name, f"{s:.3f}", f"{s - least['numpy']:+.3f}"] for name, s in least.items()
    ]
    return {
        "seconds": least,
        "brings torch, numba": brought.stdout.decode().split(),
        "table": table(["import", "seconds", "over numpy"], rows),
    }
