"""Training: one iteration against torch, ten seeds against one, and the classic tasks."""

from __future__ import annotations

import statistics
import time
from typing import Any

import numpy as np
import torch
from harness import in_turns, table
from layers import ENGINES, ours, theirs

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


def torch_batched(p: Any, x: np.ndarray, dh: np.ndarray) -> Any:
    """Return a call that trains all seeds at once in torch: a batched product a step, autograd."""
    W_x, W_h, b = (torch.tensor(w, requires_grad=True) for w in (p.W_x, p.W_h, p.b[:, None]))
    X, D = torch.tensor(x, requires_grad=True), torch.tensor(dh)
    zeros = torch.zeros(D.shape[1:], dtype=D.dtype)

    def call() -> None:
        for tensor in (W_x, W_h, b, X):
            tensor.grad = None
        inputs = X @ W_x.mT + b  # (T, S, B, 4H)
        h, c, hs = zeros, zeros, []
        for a in inputs:
            i, f, g, o = torch.baddbmm(a, h, W_h.mT).chunk(4, -1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            hs.append(h)
        torch.stack(hs).backward(D)

    return call


def seeds() -> dict[str, Any]:
    """Ten seeds as one batch: LSTM, H=8, B=16, T=60, I=2, forward and back"""
    rows: list[list[object]] = []
    rng = np.random.default_rng(0)
    T, B, I, H = 60, 16, 2, 8
    for dtype in (np.float32, np.float64):
        calls = {}
        for name, lead, seed in (("one", (), 0), ("ten", (10,), range(10))):
            p = cells.lstm_init(I, H, seed, dtype=dtype)
            x = rng.normal(size=(T, *lead, B, I)).astype(dtype)
            dh = np.ones((T, *lead, B, H), dtype)
            calls |= {f"{name}, {engine}": ours(p, x, dh, engine) for engine in ENGINES}
            if name == "one":
                calls["one, torch"] = theirs("LSTM", I, H, x, dh)
            else:
                calls["ten, torch"] = torch_batched(p, x, dh)
        seconds = in_turns(calls)
        for who in (*ENGINES, "torch"):
            one, ten = seconds[f"one, {who}"], seconds[f"ten, {who}"]
            row = [np.dtype(dtype).name, who, one * 1e3, ten * 1e3, ten / one]
            rows.append([*row, ten / (10 * seconds["one, torch"]), ten / seconds["ten, torch"]])
    head = ["numbers", "who", "one seed, ms", "ten seeds, ms", "ten / one",
            "ten / ten runs of nn.LSTM", "ten / ten in torch, batched"]  # fmt: skip
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
