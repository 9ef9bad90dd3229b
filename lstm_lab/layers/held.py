"""Hold a gate by hand while an LSTM runs: what breaks tells what the gate was doing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lstm_lab.cells import LSTMParams, sigmoid
from lstm_lab.cells.params import Array
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.layers.check import checked_inputs, checked_state
from lstm_lab.layers.output import Trace

__all__ = ["forward_held"]


def forward_held(p: LSTMParams, x: Array, hold: Mapping[str, Any], state: Any = None) -> Trace:
    """Run one LSTM over whole sequences with some of its gates held.

    Parameters
    ----------
    p : LSTMParams
        One network (``p.pick(3)``).
    x : ndarray (T, B, I)
    hold : mapping
        For ``"i"``, ``"f"``, ``"g"``, ``"o"``: values that take the gate's place, anything
        that broadcasts to (T, B, H). NaN leaves the gate free.
    state : (h, c), optional
        Before step 0; zeros by default.

    Returns
    -------
    Trace
        As `forward` gives it; held gates show the held values.

    Examples
    --------
    Forget all at step 2: c is what that step alone writes.

    >>> from lstm_lab.cells import lstm_init
    >>> f = np.full((5, 1, 3), np.nan)
    >>> f[2] = 0.0
    >>> trace = forward_held(lstm_init(2, 3), np.ones((5, 1, 2)), {"f": f})
    >>> bool(np.allclose(trace.c[2], trace.i[2] * trace.g[2]))
    True
    """
    if not isinstance(p, LSTMParams) or p.seeds is not None:
        raise UserError(
            _("p: expected LSTMParams of one network, found {found}").format(found=repr(p))
        )
    x = checked_inputs(p, x)
    T, B, _inputs = x.shape
    H = p.hidden
    by = {name: _held(name, values, (T, B, H)) for name, values in hold.items()}
    h, c = checked_state(p, state, B)
    initial = {"h": h.copy(), "c": c.copy()}
    course: dict[str, list[Array]] = {name: [] for name in "ifgoch"}
    of_inputs = x @ p.W_x.T + p.b  # (T, B, 4H)
    for t in range(T):
        gates = dict(zip("ifgo", np.split(of_inputs[t] + h @ p.W_h.T, 4, axis=-1), strict=True))
        for name, a in gates.items():
            free = np.tanh(a) if name == "g" else sigmoid(a)
            held = by[name][t] if name in by else np.nan
            gates[name] = np.where(np.isnan(held), free, held)
        c = gates["f"] * c + gates["i"] * gates["g"]
        h = gates["o"] * np.tanh(c)
        for name, value in (gates | {"c": c, "h": h}).items():
            course[name].append(value)
    return Trace({name: np.stack(values) for name, values in course.items()}, initial)


def _held(name: str, values: Any, shape: tuple[int, int, int]) -> Array:
    if name not in ("i", "f", "g", "o"):
        raise UserError(
            _("hold: expected gates out of i, f, g, o, found {found}").format(found=repr(name))
        )
    try:
        return np.broadcast_to(np.asarray(values, dtype=float), shape)
    except ValueError:
        raise UserError(
            _("hold: expected {name} to broadcast to shape {shape}, found {found}").format(
                name=name, shape=shape, found=np.shape(values)
            )
        ) from None
