"""Weights to and from torch.nn.RNN, LSTM, GRU (stacked, bidirectional) and their cells.

The layout is torch's own, so matrices pass through unchanged. Torch adds two biases where
one is enough: ours goes into ``bias_ih``, zeros into ``bias_hh``, and back they are added.
So ours → torch → ours is exact; torch → ours → torch gives other biases and equal outputs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from lstm_lab.cells import GRUParams, LSTMParams, Params, RNNParams
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.interop.kinds import check_kind, kind_of_rows, numpy_of, refuse_others
from lstm_lab.layers import Bidirectional, Stack
from lstm_lab.shapes import check_shape

__all__ = ["from_torch", "to_torch"]

NAME = re.compile(r"(weight|bias)_(ih|hh)(?:_l(\d+)(_reverse)?)?")


def to_torch(p: Any, cell: bool = False) -> dict[str, Any]:
    """Return a state dict for torch's layer (or cell) of the same kind.

    Parameters
    ----------
    p : RNNParams, LSTMParams, GRUParams, or Bidirectional or Stack of them
    cell : bool
        For ``nn.LSTMCell`` and the like, whose names have no layer number.

    Returns
    -------
    dict of str to torch.Tensor
        Copies, in the dtype of `p`.

    Examples
    --------
    >>> from lstm_lab.cells import lstm_init
    >>> p = lstm_init(2, 3)
    >>> {name: tuple(w.shape) for name, w in to_torch(p).items()}
    {'weight_ih_l0': (12, 2), 'weight_hh_l0': (12, 3), 'bias_ih_l0': (12,), 'bias_hh_l0': (12,)}
    >>> bool((from_torch(to_torch(p)).W_h == p.W_h).all())
    True
    """
    import torch

    layers = p.layers if isinstance(p, Stack) else (p,)
    if cell and (len(layers) > 1 or isinstance(layers[0], Bidirectional)):
        raise UserError(_("cell: a torch cell is one layer in one direction"))
    state = {}
    for n, layer in enumerate(layers):
        both = isinstance(layer, Bidirectional)
        for direction, one in enumerate((layer.forward, layer.backward) if both else (layer,)):
            suffix = "" if cell else f"_l{n}" + ("_reverse" if direction else "")
            refuse_others(one, reset_before_too=False)
            second = np.zeros_like(one.b)
            if isinstance(one, GRUParams) and one.b_hn is not None:
                second[2 * one.hidden :] = one.b_hn
            state[f"weight_ih{suffix}"] = torch.tensor(one.W_x)
            state[f"weight_hh{suffix}"] = torch.tensor(one.W_h)
            state[f"bias_ih{suffix}"] = torch.tensor(one.b)
            state[f"bias_hh{suffix}"] = torch.tensor(second)
    return state


def from_torch(
    source: Any, kind: str | None = None, activation: str = "tanh", prefix: str = ""
) -> Any:
    """Read the weights of a torch layer or cell.

    Parameters
    ----------
    source : torch.nn.Module or state dict
        A module also tells its activation.
    kind : {"rnn", "lstm", "gru"}, optional
        Refuse the weights of another cell. By default the shapes tell.
    activation : {"tanh", "relu"}
        Of an RNN, which a state dict does not tell.
    prefix : str
        Of the layer's names inside the state dict of a larger module: ``"encoder."``.

    Returns
    -------
    RNNParams, LSTMParams, GRUParams; Bidirectional; Stack
        The simplest that holds it, with weights of their own, in torch's dtype.

    Examples
    --------
    >>> import torch
    >>> from_torch(torch.nn.GRU(2, 3))
    GRUParams(W_x (9, 2), W_h (9, 3), b (9,), b_hn (3,), float32)
    """
    dropout = 0.0
    if hasattr(source, "state_dict"):
        if not prefix:
            activation = getattr(source, "nonlinearity", activation)
            dropout = float(getattr(source, "dropout", 0.0))
        source = source.state_dict()
    if not isinstance(source, Mapping):
        raise UserError(
            _("source: expected a torch module or its state dict, found {found}").format(
                found=type(source).__name__
            )
        )
    groups: dict[tuple[int, bool], dict[str, np.ndarray]] = {}
    for name, value in source.items():
        if not name.startswith(prefix):
            continue
        match = NAME.fullmatch(name[len(prefix) :])
        if match is None:
            raise UserError(
                _(
                    "source: expected weight_ih, weight_hh, bias_ih, bias_hh of layers, "
                    "found {name}"
                ).format(name=name)
            )
        what, side, number, reverse = match.groups()
        place = (int(number or 0), reverse is not None)
        groups.setdefault(place, {})[f"{what}_{side}"] = numpy_of(name, value)
    count = 1 + max((n for n, _r in groups), default=-1)
    both = any(reverse for _n, reverse in groups)
    layers = []
    for n in range(count):
        parts = []
        for reverse in (False, True) if both else (False,):
            found = groups.get((n, reverse), {})
            label = f"{prefix}…_l{n}" + ("_reverse" if reverse else "")
            parts.append(_read(label, found, kind, activation))
        layers.append(Bidirectional(*parts) if both else parts[0])
    if not layers:
        raise UserError(
            _("source: expected names that begin with {prefix}, found none").format(
                prefix=repr(prefix)
            )
        )
    return layers[0] if count == 1 else Stack(tuple(layers), dropout=dropout)


def _read(label: str, found: dict[str, np.ndarray], kind: str | None, activation: str) -> Params:
    for name in ("weight_ih", "weight_hh"):
        if name not in found:
            raise UserError(
                _("source: {name} of {label} is missing").format(name=name, label=label)
            )
    W_x, W_h = found["weight_ih"], found["weight_hh"]
    rows, H = check_shape("weight_hh", W_h, ("rows", "H"))
    check_shape("weight_ih", W_x, (rows, "I"))
    name = kind_of_rows("weight_hh", rows, H)
    check_kind(kind, name)
    zeros = np.zeros(rows, W_h.dtype)  # bias=False
    first, second = found.get("bias_ih", zeros), found.get("bias_hh", zeros)
    check_shape("bias_ih", first, (rows,))
    check_shape("bias_hh", second, (rows,))
    if name == "rnn":
        return RNNParams(W_x, W_h, first + second, activation)
    if name == "lstm":
        return LSTMParams(W_x, W_h, first + second)
    # n keeps its two biases: the second one is inside the reset gate's reach
    b = first.copy()
    b[: 2 * H] += second[: 2 * H]
    return GRUParams(W_x, W_h, b, second[2 * H :].copy())
