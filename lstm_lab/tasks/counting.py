"""Small state machines, asked at every step: parity, bracket depth, count since reset."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from lstm_lab.tasks.base import Task, at_least, one_hot

__all__ = ["bracket_depth", "count_since_reset", "parity"]


@dataclass(frozen=True)
class Parity(Task):
    """Is the number of ones so far odd?"""

    def _draw(self, batch: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        bits = rng.integers(0, 2, size=(self.T, batch, 1))
        return bits.astype(float), (bits.cumsum(axis=0) % 2).astype(float)


def parity(T: int = 50) -> Parity:
    """Say after every bit whether the ones so far are odd.

    One bit of memory, but every step counts: no part of the input may be missed. The
    predictions are logits; a sequence is right if all its T signs are.

    The baseline, ln 2, is a coin.

    Examples
    --------
    >>> x, y = parity(T=5).sample(1, np.random.default_rng(3))
    >>> x[:, 0, 0], y[:, 0, 0]
    (array([1., 0., 0., 0., 0.]), array([1., 1., 1., 1., 1.]))

    References
    ----------
    Minsky & Papert (1969), Perceptrons; for sequences Hochreiter & Schmidhuber (1997).
    """
    at_least("T", T, 1)
    return Parity(
        name="parity",
        T=T,
        inputs=1,
        outputs=1,
        loss="binary_cross_entropy",
        readout="every",
        baseline=log(2),
        paper="Minsky & Papert 1969",
    )


@dataclass(frozen=True)
class BracketDepth(Task):
    """How many brackets are open?"""

    deepest: int = 4

    def _draw(self, batch: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        depth = np.zeros(batch, int)
        symbols = np.empty((self.T, batch), int)
        depths = np.empty((self.T, batch), int)
        for t in range(self.T):
            symbol = rng.integers(0, 3, batch)  # 0 "(", 1 ")", 2 a letter
            # what would leave 0 … deepest becomes a letter
            symbol[(symbol == 0) & (depth == self.deepest)] = 2
            symbol[(symbol == 1) & (depth == 0)] = 2
            depth = depth + (symbol == 0) - (symbol == 1)
            symbols[t], depths[t] = symbol, depth
        return one_hot(symbols, 3), depths


def bracket_depth(T: int = 50, deepest: int = 4) -> BracketDepth:
    """Say after every symbol how many brackets are open, 0 … `deepest`, as classes.

    The symbols are "(", ")" and a letter, a third each; one that would close too much or
    go too deep becomes a letter. A sequence is right if all its T depths are.

    The baseline knows how common each depth is, and no more.

    Examples
    --------
    >>> x, y = bracket_depth(T=6).sample(1, np.random.default_rng(1))
    >>> "".join("()a"[s] for s in x[:, 0].argmax(axis=-1)), y[:, 0]
    ('aaaa((', array([0, 0, 0, 0, 1, 2]))

    References
    ----------
    Gers & Schmidhuber (2001), LSTM recurrent networks learn simple context-free and
    context-sensitive languages.
    """
    at_least("T", T, 1)
    at_least("deepest", deepest, 1)
    share = np.zeros(deepest + 1)
    now = np.eye(deepest + 1)[0]
    for _t in range(T):
        up, down = now / 3, now / 3
        stay = now - np.append(up[:-1], 0) - np.append(0, down[1:])
        now = stay + np.append(0, up[:-1]) + np.append(down[1:], 0)
        share += now / T
    present = share[share > 0]
    return BracketDepth(
        name="bracket depth",
        T=T,
        inputs=3,
        outputs=deepest + 1,
        loss="cross_entropy",
        readout="every",
        baseline=float(-(present * np.log(present)).sum()),
        paper="Gers & Schmidhuber 2001",
        deepest=deepest,
    )


@dataclass(frozen=True)
class CountSinceReset(Task):
    """How many ticks since the last reset?"""

    tick: float = 0.3
    reset: float = 0.06
    scale: float = 5.0

    def _draw(self, batch: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        u = rng.random((self.T, batch))
        reset = u < self.reset
        tick = (u >= self.reset) & (u < self.reset + self.tick)
        total = tick.cumsum(axis=0)
        # the total at the last reset, carried forward: totals never fall, so a running
        # maximum carries it
        count = total - np.maximum.accumulate(np.where(reset, total, 0), axis=0)
        return np.stack([tick, reset], axis=-1).astype(float), (count / self.scale)[..., None]

    def _right(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        return (np.abs(pred - y) < 0.5 / self.scale)[..., 0]


def count_since_reset(T: int = 50, tick: float = 0.3, reset: float = 0.06) -> CountSinceReset:
    """Count the ticks since the last reset; the answer, divided by 5, is asked at every step.

    Inputs are two flags, tick and reset, of which at most one is up. The task that needs
    forgetting: without a forget gate the count of the whole stream stays in the memory.
    A sequence is right if every answer rounds to the right count.

    The baseline is always saying the mean count; its error is the variance.

    Examples
    --------
    >>> x, y = count_since_reset(T=8).sample(1, np.random.default_rng(11))
    >>> for row in x[:, 0, 0], x[:, 0, 1], y[:, 0, 0] * 5:
    ...     print(row.astype(int))
    [1 0 0 0 1 0 1 1]
    [0 0 0 1 0 0 0 0]
    [1 1 1 0 1 1 2 3]

    References
    ----------
    After Gers, Schmidhuber & Cummins (2000), Learning to forget.
    """
    at_least("T", T, 1)
    scale = 5.0
    counts = np.arange(T + 1)
    now = np.eye(T + 1)[0]
    share = np.zeros(T + 1)
    for _t in range(T):
        now = (1 - tick - reset) * now + tick * np.append(0, now[:-1])
        now[0] += reset  # from every count, 0 included
        share += now / T
    mean = share @ counts
    return CountSinceReset(
        name="count since reset",
        T=T,
        inputs=2,
        outputs=1,
        loss="mse",
        readout="every",
        baseline=float(share @ (counts - mean) ** 2) / scale**2,
        paper="after Gers, Schmidhuber & Cummins 2000",
        tick=tick,
        reset=reset,
        scale=scale,
    )
