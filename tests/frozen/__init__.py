"""What was said of wrong answers before each mistake was said once, and whether it still is.

Once, graded tests held the values that typical mistakes give, each with a sentence in both
languages. Every one of them that could be said stands in ``NN.npz``: which call of which test, the
wrong answer, the sentence. `feed` hands such an answer to the graded tests of today, alone and with
a second output spoilt, and `said` is what these say. ``python -m tests.frozen 05`` tells which
sentences are still said. What is not, and need not be, a person has put on `READ_AND_DROPPED`.
"""
