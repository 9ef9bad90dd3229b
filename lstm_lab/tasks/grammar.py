"""Sentences whose last word needs one that came long before: which animal was it?"""

from __future__ import annotations

from dataclasses import dataclass
from math import log

import numpy as np

from lstm_lab.tasks.base import Task, at_least, one_hot

__all__ = ["ADJECTIVES", "VERBS", "VOCABULARY", "AnimalSentences", "animal_sentences", "spoken"]

VERBS = {"cat": "mews", "dog": "barks", "cow": "moos", "bird": "sings"}
ADJECTIVES = ("small", "old", "black")
VOCABULARY = ("the", *ADJECTIVES, "sat", "on", "mat", "and", ".", *VERBS, *VERBS.values())

_NUMBER = {word: n for n, word in enumerate(VOCABULARY)}
_FIRST_VERB = len(VOCABULARY) - len(VERBS)
_MOST = 2  # adjectives
_WORDS = 9 + _MOST / 2  # of a sentence, in the mean


@dataclass(frozen=True)
class AnimalSentences(Task):
    """Predict every next word of a stream of sentences.

    Attributes
    ----------
    floor : float
        The loss of who knows the grammar: the entropy of what is drawn, a word.
    """

    floor: float = 0.0

    def _draw(self, batch: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        words = np.stack([_stream(self.T + 1, rng) for _sequence in range(batch)], axis=1)
        return one_hot(words[:-1], self.inputs), words[1:]

    def _right(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        return (pred.argmax(axis=-1) == y) | (y < _FIRST_VERB)

    def verb_recall(self, pred: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return the share of verbs for which the right word was the likeliest.

        Parameters
        ----------
        pred : ndarray, shape (T, B, V), or (T, S, B, V)
        y : ndarray of int, shape (T, B), or (T, S, B)

        Returns
        -------
        float, or ndarray of shape (S,)
        """
        verbs = y >= _FIRST_VERB
        hits = (verbs & (pred.argmax(axis=-1) == y)).sum(axis=(0, -1))
        return np.asarray(hits / verbs.sum(axis=(0, -1)))


def _stream(length: int, rng: np.random.Generator) -> list[int]:
    words: list[str] = []
    while len(words) < length:
        animal = str(rng.choice(list(VERBS)))
        some = rng.choice(ADJECTIVES, size=rng.integers(_MOST + 1))
        words += ["the", *some, animal, "sat", "on", "the", "mat", "and", VERBS[animal], "."]
    return [_NUMBER[word] for word in words[:length]]


def spoken(words: np.ndarray) -> str:
    """Return numbers of words, or one-hot rows, as text.

    Examples
    --------
    >>> spoken(np.array([0, 9, 4]))
    'the cat sat'
    """
    numbers = words.argmax(axis=-1) if words.ndim == 2 else words
    return " ".join(VOCABULARY[n] for n in numbers)


def animal_sentences(T: int = 40) -> AnimalSentences:
    """Predict the next word of "the small cat sat on the mat and mews. the dog sat …".

    Four animals, each with its own verb at the end; none to two adjectives, drawn each from
    three. All other words follow from the one or two before them: the animal alone must be
    kept, for six words. A sequence is right if the likeliest word is the right one wherever
    a verb is due.

    The `floor` is what a sentence draws: how many adjectives (ln 3), which (ln 3 in the
    mean) and the animal (ln 4), over ten words. The baseline guesses the verb as well: ln 4
    more. Both hold for long streams.

    Examples
    --------
    >>> task = animal_sentences(T=10)
    >>> x, y = task.sample(1, np.random.default_rng(0))
    >>> spoken(x[:, 0])
    'the old bird sat on the mat and sings .'
    >>> round(task.floor, 3), round(task.baseline, 3)
    (0.358, 0.497)
    """
    at_least("T", T, 1)
    drawn = log(_MOST + 1) + _MOST / 2 * log(len(ADJECTIVES)) + log(len(VERBS))
    return AnimalSentences(
        name="animal sentences",
        T=T,
        inputs=len(VOCABULARY),
        outputs=len(VOCABULARY),
        loss="cross_entropy",
        readout="every",
        baseline=(drawn + log(len(VERBS))) / _WORDS,
        paper="own; agreement over a distance after Elman 1991",
        floor=drawn / _WORDS,
    )
