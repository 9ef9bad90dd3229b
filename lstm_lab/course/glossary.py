"""The Latin words that a Chinese page may hold anywhere; a lesson's own stand in its ``terms:``."""

from __future__ import annotations

__all__ = ["GLOSSARY"]

_NAMES = (
    "LSTM RNN GRU BPTT ReLU NumPy PyTorch Python Adam Reber Jacobian DNA QR notebook Shift Enter"
)
_FUNCTIONS = (
    "tanh sigmoid softmax ReLU max ln exp float True False NaN epsilon logistic onehot one-hot"
)
# Said once, in brackets, behind the Chinese term
_TERMS = """
    autograd backpropagation batch block broadcasting candidate carousel cell chrono clipping
    constant conflict error forget gate gradient half-life head hidden input largest long
    many-to-many many-to-one memory norm orthogonal output padding radius recurrent short-term
    singular spectral state target through time truncated unrolled value weight
"""
_PEOPLE = """
    Ba Bengio Crisanti Cummins Elman Frasconi Ganguli Gers Goldberg Graves Greff Hinton Hochreiter
    Jaitly Jozefowicz Kingma Kleene Le McClelland Mikolov Ollivier Pascanu Peng Rumelhart Saxe
    Schmidhuber Simard Sommers Sompolinsky Sutskever Tallec Weiss Werbos Williams Yahav Zaremba
"""
GLOSSARY = frozenset(" ".join((_NAMES, _FUNCTIONS, _TERMS, _PEOPLE)).casefold().split())
