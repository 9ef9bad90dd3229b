"""Weights to and from Keras' SimpleRNN, LSTM and GRU, and Bidirectional of them.

Keras multiplies from the other side (``x @ kernel``, so its matrices are ours turned) and
orders the GRU's gates z, r, h where we have r, z, n. Its LSTM order i, f, c, o is ours.
Keras itself is never imported: weights are lists of arrays, as ``layer.get_weights()``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lstm_lab.cells import GRUParams, LSTMParams, RNNParams
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.interop.kinds import check_kind, kind_of_rows, numpy_of, refuse_others
from lstm_lab.layers import Bidirectional
from lstm_lab.shapes import check_shape

__all__ = ["from_keras", "to_keras"]


def to_keras(p: Any) -> list[np.ndarray]:
    """Return what ``layer.set_weights`` takes: kernel, recurrent kernel and bias.

    Parameters
    ----------
    p : RNNParams, LSTMParams, GRUParams, or Bidirectional
        For a GRU with the reset before the product, make the layer with
        ``reset_after=False``. A `Stack` is several Keras layers: convert its parts.

    Examples
    --------
    >>> from lstm_lab.cells import lstm_init
    >>> [w.shape for w in to_keras(lstm_init(2, 3))]
    [(2, 12), (3, 12), (12,)]
    """
    if isinstance(p, Bidirectional):
        return to_keras(p.forward) + to_keras(p.backward)
    refuse_others(p, reset_before_too=True)
    order = _gru_order(p.hidden) if isinstance(p, GRUParams) else slice(None)
    bias = p.b[order]
    if isinstance(p, GRUParams) and p.b_hn is not None:
        # two rows: one for the inputs, one for the recurrent side
        recurrent = np.concatenate([np.zeros(2 * p.hidden, p.dtype), p.b_hn])
        bias = np.stack([bias, recurrent])
    return [p.W_x[order].T.copy(), p.W_h[order].T.copy(), bias.copy()]


def from_keras(weights: Any, kind: str | None = None, activation: str = "tanh") -> Any:
    """Read the weights of a Keras layer.

    Parameters
    ----------
    weights : list of arrays, or a Keras layer
        ``layer.get_weights()``. Six arrays (four without biases) are a Bidirectional layer.
        A layer also tells its activations, and other ones than ours are refused.
    kind : {"rnn", "lstm", "gru"}, optional
        Refuse the weights of another cell. By default the shapes tell.
    activation : {"tanh", "relu"}
        Of a SimpleRNN, which its weights do not tell.

    Returns
    -------
    RNNParams, LSTMParams, GRUParams or Bidirectional

    Examples
    --------
    >>> from lstm_lab.cells import gru_init
    >>> from_keras(to_keras(gru_init(2, 3)))
    GRUParams(W_x (9, 2), W_h (9, 3), b (9,), b_hn (3,), float64)
    """
    reset_after = None
    if hasattr(weights, "get_weights"):
        activation, reset_after = _settings(weights)
        # not get_weights(): on the torch backend it makes NumPy warn
        weights = [getattr(variable, "value", variable) for variable in weights.weights]
    arrays = [numpy_of(f"weights[{n}]", w) for n, w in enumerate(weights)]
    if len(arrays) in (4, 6):
        half = len(arrays) // 2
        return Bidirectional(
            _read(arrays[:half], kind, activation, reset_after),
            _read(arrays[half:], kind, activation, reset_after),
        )
    if len(arrays) not in (2, 3):
        raise UserError(
            _(
                "weights: expected kernel, recurrent kernel and bias (twice for a Bidirectional), "
                "found {count} arrays"
            ).format(count=len(arrays))
        )
    return _read(arrays, kind, activation, reset_after)


def _read(
    arrays: list[np.ndarray], kind: str | None, activation: str, reset_after: bool | None
) -> Any:
    H, rows = check_shape("recurrent kernel", arrays[1], ("H", "rows"))
    check_shape("kernel", arrays[0], ("I", rows))
    found = kind_of_rows("recurrent kernel", rows, H)
    check_kind(kind, found)
    W_x, W_h = arrays[0].T.copy(), arrays[1].T.copy()
    if found != "gru":
        b = arrays[2] if len(arrays) == 3 else np.zeros(rows, W_h.dtype)
        check_shape("bias", b, (rows,))
        return RNNParams(W_x, W_h, b, activation) if found == "rnn" else LSTMParams(W_x, W_h, b)
    if len(arrays) == 2:
        if reset_after is None:
            raise UserError(
                _("weights: a GRU without biases does not tell where it resets; pass the layer")
            )
        b = np.zeros((2, rows) if reset_after else rows, W_h.dtype)
    else:
        b = arrays[2]
    order = _gru_order(H)  # the exchange of the first two blocks undoes itself
    if b.ndim == 1:
        check_shape("bias", b, (rows,))
        return GRUParams(W_x[order], W_h[order], b[order])
    check_shape("bias", b, (2, rows))
    inputs, recurrent = b[:, order]
    both = inputs.copy()
    both[: 2 * H] += recurrent[: 2 * H]
    return GRUParams(W_x[order], W_h[order], both, recurrent[2 * H :].copy())


def _gru_order(H: int) -> np.ndarray:
    """Rows r, z, n to z, r, h, and back."""
    return np.concatenate([np.arange(H, 2 * H), np.arange(H), np.arange(2 * H, 3 * H)])


def _settings(layer: Any) -> tuple[str, bool | None]:
    """Return a layer's activation and where it resets; refuse what computes something else."""
    inner = getattr(layer, "forward_layer", layer)
    known_layers: dict[str, dict[str, tuple[str, ...]]] = {
        "SimpleRNN": {"activation": ("tanh", "relu")},
        "LSTM": {"activation": ("tanh",), "recurrent_activation": ("sigmoid",)},
        "GRU": {"activation": ("tanh",), "recurrent_activation": ("sigmoid",)},
    }
    if type(inner).__name__ not in known_layers:
        raise UserError(
            _("layer: expected one of {known}, found {found}").format(
                known=", ".join(known_layers), found=type(inner).__name__
            )
        )
    if not layer.weights:
        raise UserError(_("layer: it has no weights yet; call it or build it first"))
    config = inner.get_config()
    for name, known in known_layers[type(inner).__name__].items():
        if config[name] not in known:
            raise UserError(
                _("{name}: expected one of {known}, found {found}").format(
                    name=name, known=", ".join(known), found=repr(config[name])
                )
            )
    return str(config["activation"]), config.get("reset_after")
