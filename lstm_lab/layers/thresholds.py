"""The sizes at which layers change their way, with the measurement behind it where there is one.

They were taken with benchmarks/layers.py and benchmarks/train.py (T=200, one thread); what they
gave is in benchmarks/README.md. Weights are those of x and h of one network, G (I + H).
"""

from __future__ import annotations

__all__ = ["BLAS", "BLOCK", "CHUNK", "EXP", "LANES", "LANES_BYTES", "LANES_TINY", "OWN_PRODUCT"]

#: Weights up to which lanes are always quicker than units along the vector: H=1, ten seeds,
#: an eighth of the time, a rung of the ladder 0.95 against 3.12 s.
LANES_TINY = 1 << 10
#: Weights up to which lanes are quicker than BLAS a step: B128 H128 180 against 225 ms.
LANES = 1 << 19
#: Bytes of one number of every sequence, from which layers above LANES_TINY run in lanes. No
#: measurement of this very size is on record.
LANES_BYTES = 16
#: Multiplications of h a step and network up to which the compiled loop's own product serves in
#: place of a call of BLAS: it reaches 42 to 50 GFLOP/s at H=32. The size itself is a choice.
OWN_PRODUCT = 1 << 17
#: The same, from which "auto" leaves a layer to NumPy: by kernel, and bytes of a number. BLAS then
#: does nearly all of the work for both. numba / NumPy at H=512: GRU B32 1.20, RNN B128 1.32,
#: LSTM float64 B32 1.08, float32 B32 .93 and B128 1.09.
BLAS = {
    ("rnn", 4): 1 << 24, ("rnn", 8): 1 << 24, ("gru", 4): 1 << 24, ("gru", 8): 1 << 24,
    ("gated", 4): 1 << 26, ("gated", 8): 1 << 25,
}  # fmt: skip
#: Numbers a step, by bytes each, above which NumPy's exp is quicker than its tanh for all gates:
#: 0.8 against 1.7 ns a number in float64, but more calls a step.
EXP = {4: 8192, 8: 512}
#: Numbers that one block of steps may hold in each of its arrays on NumPy's way back; no
#: difference within the noise from 2^12 to 2^18.
BLOCK = 1 << 16
#: Bytes that one block of steps may take on the way back of lanes: from 2^18 on the same, below
#: up to twice as slow (H=128: 35 against 15 ms).
CHUNK = 1 << 21
