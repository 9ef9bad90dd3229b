"""The embedded Reber grammar, string by string and as one endless stream."""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from lstm_lab.tasks.base import Task, at_least, one_hot

__all__ = ["SYMBOLS", "Reber", "continual_reber", "embedded_reber", "legal_next"]

SYMBOLS = "BTPSXVE"
B, T_, P, S, X, V, E = range(7)

# The inner grammar: from each state two ways (symbol, next state), a coin between them.
INNER = (
    ((T_, 1), (P, 2)),
    ((S, 1), (X, 3)),
    ((T_, 2), (V, 4)),
    ((X, 2), (S, 5)),
    ((P, 3), (V, 5)),
)
# From each inner state to the inner E: the mean number of coins, and of symbols. Solves
# n[s] = 1 + mean of n over the two next states, with state 5 (only E is left) at 0.
_ways = np.zeros((5, 5))
for _state, _arrows in enumerate(INNER):
    for _symbol, _next in _arrows:
        if _next < 5:
            _ways[_state, _next] += 0.5
MEAN_COINS = float(np.linalg.solve(np.eye(5) - _ways, np.ones(5))[0])
MEAN_SYMBOLS = MEAN_COINS + 2 + 4  # with B, E inside and B, T or P twice, E outside


def _automaton() -> tuple[np.ndarray, np.ndarray]:
    """Every state of the whole grammar: which symbols may follow, and where each leads.

    States: 0 before B, 1 before T or P, then for each of the two a row of 8 (before the
    inner B, inner states 0 … 5, before the closing T or P), and at the end one before E.
    """
    states = 2 + 2 * 8 + 1
    leads = np.full((states, 7), -1)
    leads[0, B] = 1
    for half, outer in enumerate((T_, P)):
        base = 2 + 8 * half
        leads[1, outer] = base
        leads[base, B] = base + 1
        for state, arrows in enumerate(INNER):
            for symbol, following in arrows:
                leads[base + 1 + state, symbol] = base + 1 + following
        leads[base + 6, E] = base + 7
        leads[base + 7, outer] = states - 1
    leads[states - 1, E] = 0  # and the next string begins
    return leads >= 0, leads


LEGAL, LEADS = _automaton()


def legal_next(symbols: np.ndarray) -> np.ndarray:
    """Say which symbols may follow each symbol of a stream that starts with a B.

    Parameters
    ----------
    symbols : ndarray of int, shape (T, …)
        Indices into ``SYMBOLS``; negative ones (padding) are followed by nothing.

    Returns
    -------
    ndarray of bool, shape (T, …, 7)

    Examples
    --------
    >>> after = legal_next(np.array([SYMBOLS.index(s) for s in "BTB"]))
    >>> ["".join(s for s, yes in zip(SYMBOLS, row) if yes) for row in after]
    ['TP', 'B', 'TP']
    """
    state = np.zeros(symbols.shape[1:], int)
    legal = np.zeros((*symbols.shape, 7), bool)
    for t, symbol in enumerate(symbols):
        # -1 stays: indexing the last state is harmless, its answer is masked
        state = np.where((symbol >= 0) & (state >= 0), LEADS[state, symbol], -1)
        legal[t] = LEGAL[state] & (state >= 0)[..., None]
    return legal


def _string(rng: np.random.Generator) -> list[int]:
    outer = (T_, P)[rng.integers(2)]
    symbols, state = [B, outer, B], 0
    while state != 5:
        symbol, state = INNER[state][rng.integers(2)]
        symbols.append(symbol)
    return [*symbols, E, outer, E]


@dataclass(frozen=True)
class Reber(Task):
    """Predict the next symbol of the embedded Reber grammar.

    Attributes
    ----------
    continual : bool
        One string after another without a sign between them.
    floor : float
        The mean loss of a perfect predictor: the coins of the grammar.
    """

    continual: bool = False
    floor: float = 0.0

    def _draw(self, batch: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        if self.continual:
            streams = []
            for _n in range(batch):
                stream: list[int] = []
                while len(stream) <= self.T:
                    stream += _string(rng)
                streams.append(stream[: self.T + 1])
        else:
            streams = [_string(rng) for _n in range(batch)]
        longest = max(map(len, streams))
        symbols = np.full((longest, batch), -1)
        for n, stream in enumerate(streams):
            symbols[: len(stream), n] = stream
        x = np.where(symbols[1:] >= 0, symbols[:-1], -1)  # after the last E nothing is asked
        return one_hot(x, 7), symbols[1:]

    def mask(self, y: np.ndarray) -> np.ndarray | None:
        return None if self.continual else y >= 0

    def symbol_right(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Say for each step whether the most active outputs are exactly the legal symbols.

        Returns
        -------
        ndarray of bool, shape of `y`; True where nothing is asked
        """
        # y is x one step later: the prefix that predicts y[t] ends with y[t − 1]
        first = np.full_like(y[:1], B)
        legal = legal_next(np.concatenate([first, y[:-1]]))
        lowest_legal = np.where(legal, pred, np.inf).min(axis=-1)
        highest_other = np.where(legal, -np.inf, pred).max(axis=-1)
        return (y < 0) | (lowest_legal > highest_other)

    def _right(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        return self.symbol_right(pred, y)

    def symbols_until_wrong(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        """How many predictions of each stream are right before the first wrong one."""
        wrong = ~self.symbol_right(pred, y)
        return np.where(wrong.any(axis=0), wrong.argmax(axis=0), len(y))


def embedded_reber() -> Reber:
    """Predict each next symbol of a Reber string wrapped in B T … T E or B P … P E.

    The last symbol but one repeats the second: that memory, over 5 to some 30 steps, is
    the task. Sequences of a batch are padded at the end: x with zeros, y with −1.

    A prediction is right if the one or two most active outputs are the legal symbols; a
    sequence if all are. (An Elman net with Adam solves this; to see an RNN fail, take
    `adding`.) The paper tests on 256 strings; `solved` asks for every string it is given.

    The baseline knows the grammar but has lost the second symbol: one coin a string more
    than the `floor`, as means over all steps.

    Examples
    --------
    >>> task = embedded_reber()
    >>> x, y = task.sample(1, np.random.default_rng(0))
    >>> "B" + "".join(SYMBOLS[s] for s in y[:, 0])
    'BPBPVPXTTTTVVEPE'
    >>> round(task.floor, 3), round(task.baseline, 3)
    (0.441, 0.504)

    References
    ----------
    Hochreiter & Schmidhuber (1997), Long short-term memory, experiment 1; Cleeremans,
    Servan-Schreiber & McClelland (1989) for the grammar.
    """
    asked = MEAN_SYMBOLS - 1  # no step predicts the first B
    coins = MEAN_COINS + 1
    return Reber(
        name="embedded Reber grammar",
        T=8,
        inputs=7,
        outputs=7,
        loss="cross_entropy",
        readout="every",
        baseline=(coins + 1) * log(2) / asked,
        paper="Hochreiter & Schmidhuber 1997, experiment 1",
        streak=256,
        floor=coins * log(2) / asked,
    )


def continual_reber(T: int = 1000) -> Reber:
    """`embedded_reber` string after string in one stream, never reset from outside.

    The net must learn where a string ends and empty its memory itself; the LSTM of 1997
    cannot, which is why it was given a forget gate. `symbols_until_wrong` is the paper's
    measure; a sequence is right if all T predictions are.

    The baseline and `floor` are as in `embedded_reber`, with the first B asked as well;
    they hold for long streams.

    Examples
    --------
    >>> x, y = continual_reber(T=30).sample(2, np.random.default_rng(0))
    >>> x.shape, y.shape
    ((30, 2, 7), (30, 2))

    References
    ----------
    Gers, Schmidhuber & Cummins (2000), Learning to forget.
    """
    at_least("T", T, 1)
    coins = MEAN_COINS + 1
    return Reber(
        name="continual embedded Reber grammar",
        T=T,
        inputs=7,
        outputs=7,
        loss="cross_entropy",
        readout="every",
        baseline=(coins + 1) * log(2) / MEAN_SYMBOLS,
        paper="Gers, Schmidhuber & Cummins 2000",
        streak=1,
        continual=True,
        floor=coins * log(2) / MEAN_SYMBOLS,
    )
