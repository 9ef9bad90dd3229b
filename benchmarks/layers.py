"""Layers, forward and backward, against torch's of the same sizes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from harness import in_turns, table

from lstm_lab import cells
from lstm_lab.layers import backward, forward, has_numba

__all__ = ["gru32", "lstm32", "lstm64", "rnn32", "variants32"]

T = 200
SHAPES = [(B, I, H) for I, H in ((8, 32), (64, 128), (256, 512)) for B in (1, 32, 128)]
INIT = {"RNN": cells.rnn_init, "LSTM": cells.lstm_init, "GRU": cells.gru_init}
ENGINES = ["numba", "numpy"] if has_numba() else ["numpy"]


def ours(p: Any, x: np.ndarray, dh: np.ndarray, engine: str) -> Any:
    """Return a call that goes forward and back, all gradients, that of x too."""
    return lambda: backward(p, forward(p, x, engine=engine), dh)


def theirs(kind: str, I: int, H: int, x: np.ndarray, dh: np.ndarray) -> Any:
    """The same with torch."""
    module = getattr(torch.nn, kind)(I, H).to(torch.from_numpy(x).dtype)
    X, D = torch.tensor(x, requires_grad=True), torch.tensor(dh)

    def call() -> None:
        module.zero_grad()
        X.grad = None
        module(X)[0].backward(D)

    return call


def against_torch(kind: str, dtype: Any) -> dict[str, Any]:
    """Measure every shape; ratios of CPU time, below 1 we are quicker."""
    rows: list[list[object]] = []
    logs: dict[str, list[float]] = {engine: [] for engine in [*ENGINES, "best"]}
    rng = np.random.default_rng(0)
    for B, I, H in SHAPES:
        p = INIT[kind](I, H, dtype=dtype)
        x = rng.normal(size=(T, B, I)).astype(dtype)
        dh = rng.normal(size=(T, B, H)).astype(dtype)
        calls = {"torch": theirs(kind, I, H, x, dh)}
        calls |= {engine: ours(p, x, dh, engine) for engine in ENGINES}
        seconds = in_turns(calls, rounds=3 if H == 512 and B > 1 else 7)
        ratios = {engine: seconds[engine] / seconds["torch"] for engine in ENGINES}
        ratios["best"] = min(ratios.values())
        for engine, ratio in ratios.items():
            logs[engine].append(math.log(ratio))
        rows.append([B, I, H, seconds["torch"] * 1e3, *(ratios[e] for e in ENGINES)])
    means = {engine: math.exp(sum(v) / len(v)) for engine, v in logs.items()}
    rows.append(["geometric mean", "", "", "", *(means[e] for e in ENGINES)])
    head = ["B", "I", "H", "torch, ms", *(f"{e} / torch" for e in ENGINES)]
    return {"geometric_mean": means, "rows": rows, "table": table(head, rows)}


def lstm32() -> dict[str, Any]:
    """LSTM, float32, T=200"""
    return against_torch("LSTM", np.float32)


def lstm64() -> dict[str, Any]:
    """LSTM, float64, T=200"""
    return against_torch("LSTM", np.float64)


def rnn32() -> dict[str, Any]:
    """RNN (tanh), float32, T=200"""
    return against_torch("RNN", np.float32)


def gru32() -> dict[str, Any]:
    """GRU (reset after), float32, T=200"""
    return against_torch("GRU", np.float32)


def variants32() -> dict[str, Any]:
    """The cells that torch lacks, against our own LSTM, float32, T=200, I=64, H=128"""
    I, H = 64, 128
    made = {
        "GRU, reset before": cells.gru_init(I, H, reset_after=False),
        "no forget gate": cells.no_forget_init(I, H),
        "1997, 64 blocks of 2": cells.memory_cell_init(I, 64, 2),
        "CIFG": cells.cifg_init(I, H),
        **{f"Greff {v}": cells.variant_init(v, I, H) for v in cells.VARIANTS},
    }
    rows: list[list[object]] = []
    rng = np.random.default_rng(0)
    plain = cells.lstm_init(I, H, dtype=np.float32)
    for name, p in made.items():
        row: list[object] = [name]
        for B in (1, 32):
            x = rng.normal(size=(T, B, I)).astype(np.float32)
            dh = rng.normal(size=(T, B, H)).astype(np.float32)
            for engine in ENGINES:
                q = p.astype(np.float32)
                calls = {"it": ours(q, x, dh, engine), "lstm": ours(plain, x, dh, engine)}
                seconds = in_turns(calls, rounds=3)
                row.append(seconds["it"] / seconds["lstm"])
        rows.append(row)
    head = ["cell / LSTM", *(f"B={B}, {e}" for B in (1, 32) for e in ENGINES)]
    return {"rows": rows, "table": table(head, rows)}
