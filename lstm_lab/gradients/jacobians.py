"""Exact Jacobians of the last state for every earlier one, and the gradient flow of a loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lstm_lab.cells.params import Params
from lstm_lab.cells.table import Cell, cell_of
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.shapes import check_float, check_shape

__all__ = ["Jacobians", "gradient_flow", "state_jacobians"]


@dataclass(frozen=True)
class Jacobians:
    """∂(state after step T)/∂(state after step t) for t = 0 … T; t = 0 is the initial state.

    ``jacobians["h", "h"]`` has shape (T + 1, H, H): entry [t, j, k] is ∂h_T[j]/∂h_t[k] with
    the other parts of the state at t held fixed. An LSTM also has ("c", "c"), ("h", "c") and
    ("c", "h").

    Attributes
    ----------
    joint : ndarray, shape (T + 1, N, N)
        Over the whole state, its parts one after the other (h, then c).
    parts : dict of str to slice
        Where each part stands.
    """

    joint: np.ndarray
    parts: dict[str, slice]

    def __getitem__(self, of_what: tuple[str, str]) -> np.ndarray:
        last, earlier = of_what
        for name in of_what:
            if name not in self.parts:
                raise UserError(
                    _("state: expected one of {known}, found {found}").format(
                        known=", ".join(self.parts), found=repr(name)
                    )
                )
        return self.joint[:, self.parts[last], self.parts[earlier]]

    def norms(self, last: str = "h", earlier: str = "h") -> np.ndarray:
        """Return the largest singular value by lag: entry [k] is ‖∂last_T/∂earlier_{T−k}‖₂."""
        return np.linalg.norm(self[last, earlier], ord=2, axis=(1, 2))[::-1]


def state_jacobians(p: Params, x: np.ndarray, state: Any = None) -> Jacobians:
    """Compute how the state after the last step depends on the state at every earlier one.

    All N entries of the last state are differentiated at once: the unit vectors of a batch
    of N identical sequences go back through time together, so the cost is one backward
    pass of batch N, for all lags, and the result is exact.

    Parameters
    ----------
    p : parameters of a cell (one net, no seed dimension)
    x : ndarray, shape (T, I)
        One sequence.
    state : optional
        The state before step 0 in the form of the cell's step, each part (H,); zeros by
        default.

    Returns
    -------
    Jacobians

    Examples
    --------
    Nothing but the recurrent matrix acts in a net whose states stay near zero:

    >>> from lstm_lab.cells import RNNParams
    >>> p = RNNParams(W_x=np.zeros((2, 1)), W_h=np.diag([0.5, 0.9]), b=np.zeros(2))
    >>> J = state_jacobians(p, np.zeros((3, 1)))
    >>> J["h", "h"][1]        # over two steps
    array([[0.25, 0.  ],
           [0.  , 0.81]])
    >>> J.norms().round(3)    # by lag
    array([1.   , 0.9  , 0.81 , 0.729])
    """
    cell = cell_of(p)
    check_float("x", x)
    T, _I = check_shape("x", x, ("T", p.inputs))
    widths = cell.widths(p)
    ends = np.cumsum(widths)
    parts = {
        name: slice(end - width, end)
        for name, end, width in zip(cell.state, ends.tolist(), widths, strict=True)
    }
    N = int(ends[-1])
    start = _initial(cell, p, state, widths, N)
    caches = _caches(cell, p, np.repeat(x[:, None].astype(p.dtype), N, axis=1), start)
    joint = np.empty((T + 1, N, N), p.dtype)
    joint[T] = np.eye(N)
    for t in reversed(range(T)):
        back = tuple(joint[t + 1][:, part] for part in parts.values())
        _dx, before, _dp = cell.step_backward(p, caches[t], cell.whole(back))
        joint[t] = np.concatenate(cell.parts(before), axis=1)
    return Jacobians(joint, parts)


def gradient_flow(
    p: Params, x: np.ndarray, dh: np.ndarray, dstate: Any = None, state: Any = None
) -> dict[str, np.ndarray]:
    """Compute what a loss asks of the state at every moment: dL/dh_t (and dL/dc_t).

    The total derivative: through the output at step t and through all later steps.

    Parameters
    ----------
    p : parameters of a cell (one net)
    x : ndarray, shape (T, B, I)
    dh : ndarray, shape (T, B, H)
        What the loss asks of each output directly; for a loss on the last output all zeros
        but ``dh[-1]``.
    dstate, state : optional
        As in `lstm_lab.layers.backward` and `forward`.

    Returns
    -------
    dict of ndarray, shape (T + 1, B, H)
        Under "h" (and "c"): entry [t] is the gradient for the state *before* step t, so
        [0] belongs to the initial state and [T] to the last one.

    Examples
    --------
    >>> from lstm_lab.cells import RNNParams
    >>> p = RNNParams(W_x=np.zeros((1, 1)), W_h=np.array([[0.5]]), b=np.zeros(1))
    >>> dh = np.zeros((3, 1, 1))
    >>> dh[-1] = 1.0
    >>> gradient_flow(p, np.zeros((3, 1, 1)), dh)["h"].ravel()
    array([0.125, 0.25 , 0.5  , 1.   ])
    """
    cell = cell_of(p)
    check_float("x", x)
    check_float("dh", dh)
    T, B, _I = check_shape("x", x, ("T", "B", p.inputs))
    widths = cell.widths(p)
    check_shape("dh", dh, (T, B, widths[0]))
    start = _initial(cell, p, state, widths, B)
    caches = _caches(cell, p, x.astype(p.dtype, copy=False), start)
    if dstate is None:
        now = tuple(np.zeros((B, width), p.dtype) for width in widths)
    else:
        now = cell.parts(dstate)
    flow = [np.empty((T + 1, B, width), p.dtype) for width in widths]
    for t in reversed(range(T)):
        now = (now[0] + dh[t], *now[1:])
        for whole, part in zip(flow, now, strict=True):
            whole[t + 1] = part
        _dx, before, _dp = cell.step_backward(p, caches[t], cell.whole(now))
        now = cell.parts(before)
    for whole, part in zip(flow, now, strict=True):
        whole[0] = part
    return dict(zip(cell.state, flow, strict=True))


def _initial(
    cell: Cell, p: Params, state: Any, widths: tuple[int, ...], batch: int
) -> tuple[np.ndarray, ...]:
    if state is None:
        return tuple(np.zeros((batch, width), p.dtype) for width in widths)
    given = []
    for name, part, width in zip(cell.state, cell.parts(state), widths, strict=True):
        check_float(name, part)
        rows = np.broadcast_to(part, (batch, width)) if part.ndim == 1 else part
        check_shape(name, rows, (batch, width))
        given.append(np.ascontiguousarray(rows, p.dtype))
    return tuple(given)


def _caches(cell: Cell, p: Params, x: np.ndarray, start: tuple[np.ndarray, ...]) -> list[Any]:
    """Run the steps; the plain cells, since only they can be gone back one at a time."""
    caches, state = [], cell.whole(start)
    for x_t in x:
        state, cache = cell.step(p, x_t, state)
        caches.append(cache)
    return caches
