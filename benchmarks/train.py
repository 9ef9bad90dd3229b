"""Training: one iteration against torch, ten seeds against one, and the classic tasks."""

from __future__ import annotations

import statistics
import time
from typing import Any

import numpy as np
import torch
from harness import in_turns, table
from layers import ENGINES, ours

from lstm_lab import cells
from lstm_lab.layers import linear_init
from lstm_lab.tasks import adding, temporal_order
from lstm_lab.training import Adam, clip_global_norm, fit
from lstm_lab.training.objective import gradients

__all__ = ["iteration", "seeds", "tasks"]


def iteration() -> dict[str, Any]:
    """A whole training iteration (forward, backward, clip, Adam) against torch, T=100, float32"""
    task = adding(100)
    rows: list[list[object]] = []
    for H, B in ((8, 4), (8, 8), (8, 32), (32, 8), (32, 32)):
        x, y = task.sample(B, np.random.default_rng(0), dtype=np.float32)

        def numpy_side(engine: str, H: int = H, x: Any = x, y: Any = y) -> Any:
            model = cells.lstm_init(2, H, dtype=np.float32), linear_init(H, 1, dtype=np.float32)
            optimizer = Adam(lr=0.01)

            def call() -> None:
                nonlocal model
                part = gradients(model, x, y, "mse", "last", engine=engine)
                grads, _norm = clip_global_norm(part.grads, 1.0)
                model = optimizer.update(model, grads)

            return call

        layer, head = torch.nn.LSTM(2, H), torch.nn.Linear(H, 1)
        weights = [*layer.parameters(), *head.parameters()]
        adam = torch.optim.Adam(weights, lr=0.01)
        X, Y = torch.tensor(x), torch.tensor(y)

        def torch_side(layer: Any = layer, head: Any = head, weights: Any = weights,
                       adam: Any = adam, X: Any = X, Y: Any = Y) -> None:  # fmt: skip
            adam.zero_grad()
            loss = torch.nn.functional.mse_loss(head(layer(X)[0][-1]), Y)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, 1.0)
            adam.step()

        calls = {"torch": torch_side, **{e: numpy_side(e) for e in ENGINES}}
        seconds = in_turns(calls)
        rows.append(
            [H, B, seconds["torch"] * 1e3, *(seconds[e] / seconds["torch"] for e in ENGINES)]
        )
    head_row = ["H", "B", "torch, ms", *(f"{e} / torch" for e in ENGINES)]
    return {"rows": rows, "table": table(head_row, rows)}


def seeds() -> dict[str, Any]:
    """Ten seeds as one batch against one seed: LSTM, H=8, B=16, T=60, I=2, forward and back"""
    rows: list[list[object]] = []
    rng = np.random.default_rng(0)
    for dtype in (np.float32, np.float64):
        for engine in ENGINES:
            calls = {}
            for name, lead, seed in (("one", (), 0), ("ten", (10,), range(10))):
                p = cells.lstm_init(2, 8, seed, dtype=dtype)
                x = rng.normal(size=(60, *lead, 16, 2)).astype(dtype)
                calls[name] = ours(p, x, np.ones((60, *lead, 16, 8), dtype), engine)
            seconds = in_turns(calls)
            one, ten = seconds["one"] * 1e3, seconds["ten"] * 1e3
            rows.append([np.dtype(dtype).name, engine, one, ten, ten / one])
    head = ["numbers", "engine", "one seed, ms", "ten seeds, ms", "ten / one"]
    return {"rows": rows, "table": table(head, rows)}


def tasks() -> dict[str, Any]:
    """Sequences until the Hochreiter & Schmidhuber rule is met, ten fresh seeds (H=8, lr .02)"""
    rows: list[list[object]] = []
    found: dict[str, list[int]] = {}
    # adding: batches of 4 took 25,000 to 35,000 (median of ten seeds, three times), of 8 half that
    settings = ((adding(100), 100, 8), (temporal_order(2), 110, 4), (temporal_order(3), 110, 4))
    for task, chrono, batch in settings:
        counts, start = [], time.process_time()
        for seed in range(1000, 1010):
            cell = cells.lstm_init(task.inputs, 8, seed, chrono=chrono, dtype=np.float32)
            model = cell, linear_init(8, task.outputs, seed, dtype=np.float32)
            result = fit(
                model, task, updates=160_000 // batch, batch=batch, optimizer=Adam(lr=0.02),
                clip=1.0, seed=seed, until_solved=True, progress=False,
            )  # fmt: skip
            if result.stopped == "solved":
                counts.append(result.sequences)
        name = f"{task.name}, {task.paper.rsplit(', ')[-1]}"
        found[name] = counts
        middle = int(statistics.median(counts)) if counts else 0
        spread = f"{min(counts)} to {max(counts)}" if counts else ""
        spent = (time.process_time() - start) / 10
        rows.append([name, batch, f"{len(counts)}/10", middle, spread, f"{spent:.1f}"])
    head = ["task", "batch", "solved", "median", "range", "CPU s a seed"]
    return {"sequences": found, "rows": rows, "table": table(head, rows)}
