"""The LSTM with peepholes and its eight relatives. (Greff et al. 2015, "A search space odyssey")

=====  =========================================================  ===============
V      with peepholes, the form to which the others are compared  rows i, f, g, o
NIG    no input gate: i = 1                                       rows f, g, o
NFG    no forget gate: f = 1                                      rows i, g, o
NOG    no output gate: o = 1                                      rows i, f, g
NIAF   no input activation: g = a_g                               rows i, f, g, o
NOAF   no output activation: h' = o c'                            rows i, f, g, o
CIFG   coupled input and forget gate: f = 1 - i                   rows i, g, o
NP     no peepholes: the LSTM of `lstm`                           rows i, f, g, o
FGR    full gate recurrence: gates see all gates of the last step rows i, f, g, o
=====  =========================================================  ===============

Every variant but NP has peepholes; `variant_init.cifg_init` makes the coupled cell without them.

Four cells with fewer gates than any of these are here too, named by their rows: G (nothing but
the additive state, c' = c + g), IG, FG, GO. With NIG, NFG, NOG and NP they are all ways to put
three gates on an additive state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from lstm_lab.cells.activations import sigmoid
from lstm_lab.cells.params import Array, Params, check_step
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.shapes import check_shape

__all__ = [
    "FEWER",
    "ROWS_OF",
    "VARIANTS",
    "FGRParams",
    "VariantCache",
    "VariantParams",
    "unknown_variant",
    "variant_step",
    "variant_step_backward",
]

VARIANTS = ("V", "NIG", "NFG", "NOG", "NIAF", "NOAF", "CIFG", "NP", "FGR")
FEWER = ("G", "IG", "FG", "GO")
ROWS_OF = {"NIG": "fgo", "NFG": "igo", "NOG": "ifg", "CIFG": "igo"} | {
    name: name.lower() for name in FEWER
}  # the others have all four


@dataclass(frozen=True, eq=False, repr=False)
class VariantParams(Params):
    """W_x (nH, I), W_h (nH, H), b (nH,), peepholes p_i, p_f, p_o (H,) or None; `variant`.

    n counts the rows that the variant has, in the order i, f, g, o.
    """

    p_i: Array | None = None
    p_f: Array | None = None
    p_o: Array | None = None
    variant: str = "V"

    @property
    def rows(self) -> str:
        """The letters of the gates that this variant has, in the order of their rows."""
        return ROWS_OF.get(self.variant, "ifgo")

    def __post_init__(self) -> None:
        if self.variant not in (*VARIANTS, *FEWER):
            raise unknown_variant(self.variant)
        super().__post_init__()

    def expected_shapes(self) -> dict[str, tuple[int | str, ...]]:
        """Return the shape that each array must have (without the seed dimension)."""
        n, H = len(self.rows) * self.hidden, self.hidden
        peepholes: dict[str, tuple[int | str, ...]] = {
            f"p_{gate}": (H,) for gate in "ifo" if getattr(self, f"p_{gate}") is not None
        }
        return {"W_h": (n, H), "W_x": (n, "I"), "b": (n,), **peepholes}


@dataclass(frozen=True, eq=False, repr=False)
class FGRParams(VariantParams):
    """Like `VariantParams`, and W_r (3H, 3H): from all gates (i, f, o) to all gates."""

    W_r: Array = None  # type: ignore[assignment]
    variant: str = "FGR"

    def expected_shapes(self) -> dict[str, tuple[int | str, ...]]:
        """Return the shape that each array must have (without the seed dimension)."""
        return {**super().expected_shapes(), "W_r": (3 * self.hidden, 3 * self.hidden)}

    def state_width(self, name: str) -> int:
        """Return how many numbers the part `name` of the state has."""
        return 3 * self.hidden if name == "r" else self.hidden


class VariantCache(NamedTuple):
    """What the step back needs of the step forward."""

    x: Array
    h: Array
    c: Array
    r: Array | None
    i: Array
    f: Array
    g: Array
    o: Array
    c_new: Array


def unknown_variant(variant: Any) -> UserError:
    return UserError(
        _("variant: expected one of {known}, found {found}").format(
            known=", ".join(VARIANTS), found=repr(variant)
        )
    )


def _look(p: Array | None, c: Array) -> Array | float:
    """Return what a peephole adds to a gate: p c, or nothing where there is none."""
    return 0.0 if p is None else p * c


def variant_step(
    p: VariantParams, x: Array, state: tuple[Array, ...]
) -> tuple[tuple[Array, ...], VariantCache]:
    """Take one step.

    ::

        i = sigma(a_i + p_i c)        with a = W_x x + W_h h + b
        f = sigma(a_f + p_f c)
        g =  tanh(a_g)
        c' = f c + i g
        o = sigma(a_o + p_o c')       the output gate looks at the new cell state
        h' = o tanh(c')

    and what the variant says instead (see the table in this module).

    Parameters
    ----------
    p : VariantParams
    x : ndarray (B, I)
    state : (h, c), or (h, c, r) for FGR
        h and c (B, H); r (B, 3H) holds the gates i, f, o of the step before.

    Returns
    -------
    state : tuple of ndarray
    cache : VariantCache

    Examples
    --------
    Open the peephole of the output gate, and c' itself decides whether it is shown:

    >>> p = VariantParams(np.zeros((4, 1)), np.zeros((4, 1)), np.zeros(4), p_o=np.array([10.0]))
    >>> one = np.array([[1.0]])
    >>> for c in (2.0, -2.0):
    ...     (h, _), cache = variant_step(p, one, (one, c * one))
    ...     print(cache.o.round(4))
    [[1.]]
    [[0.]]
    """
    h, c, *rest = state
    check_step(p, x, h=h, c=c)
    a = x @ p.W_x.T + h @ p.W_h.T + p.b
    part = dict(zip(p.rows, np.split(a, len(p.rows), axis=1), strict=True))
    r = None
    if isinstance(p, FGRParams):
        (r,) = rest
        check_shape("r", r, (len(x), 3 * p.hidden))
        for name, from_gates in zip("ifo", np.split(r @ p.W_r.T, 3, axis=1), strict=True):
            part[name] = part[name] + from_gates
    one = np.ones_like(c)

    i = sigmoid(part["i"] + _look(p.p_i, c)) if "i" in part else one
    if p.variant == "CIFG":
        f = 1 - i
    else:
        f = sigmoid(part["f"] + _look(p.p_f, c)) if "f" in part else one
    g = part["g"] if p.variant == "NIAF" else np.tanh(part["g"])
    c_new = f * c + i * g
    o = sigmoid(part["o"] + _look(p.p_o, c_new)) if "o" in part else one
    h_new = o * (c_new if p.variant == "NOAF" else np.tanh(c_new))

    new = (h_new, c_new) if r is None else (h_new, c_new, np.concatenate([i, f, o], axis=1))
    return new, VariantCache(x, h, c, r, i, f, g, o, c_new)


def variant_step_backward(
    p: VariantParams, cache: VariantCache, dstate: tuple[Array, ...]
) -> tuple[Array, tuple[Array, ...], VariantParams]:
    """Take one step back.

    Parameters
    ----------
    p : VariantParams
    cache : VariantCache
    dstate : (dh_new, dc_new), or (dh_new, dc_new, dr_new) for FGR

    Returns
    -------
    dx : ndarray (B, I)
    dstate : tuple of ndarray
    dp : VariantParams

    Examples
    --------
    In the coupled cell the gradient along c shrinks by f = 1 - i:

    >>> p = VariantParams(np.zeros((3, 1)), np.zeros((3, 1)), np.zeros(3), variant="CIFG")
    >>> zero, one = np.array([[0.0]]), np.array([[1.0]])
    >>> _, cache = variant_step(p, zero, (zero, zero))
    >>> dx, (dh, dc), dp = variant_step_backward(p, cache, (zero, one))
    >>> dc
    array([[0.5]])
    """
    x, h, c, r, i, f, g, o, c_new = cache
    dh_new, dc_new, *rest = dstate
    dr_i, dr_f, dr_o = np.split(rest[0], 3, axis=1) if rest else (0.0, 0.0, 0.0)
    shown, slope = (c_new, 1.0) if p.variant == "NOAF" else _tanh_and_slope(c_new)

    do = dh_new * shown + dr_o
    da_o = do * o * (1 - o)
    dc_new = dc_new + dh_new * o * slope + _look(p.p_o, da_o)
    di = dc_new * g + dr_i
    df = dc_new * c + dr_f
    dg = dc_new * i
    if p.variant == "CIFG":
        di = di - df  # f = 1 - i
        df = np.zeros_like(df)
    da_i = di * i * (1 - i)
    da_f = df * f * (1 - f)
    da_g = dg if p.variant == "NIAF" else dg * (1 - g**2)
    dc = dc_new * f + _look(p.p_i, da_i) + _look(p.p_f, da_f)

    every = {"i": da_i, "f": da_f, "g": da_g, "o": da_o}
    da = np.concatenate([every[name] for name in p.rows], axis=1)
    dx = da @ p.W_x
    dh = da @ p.W_h
    dp: dict[str, Any] = {"W_x": da.T @ x, "W_h": da.T @ h, "b": da.sum(axis=0)}
    for name, seen in (("i", c), ("f", c), ("o", c_new)):
        if getattr(p, f"p_{name}") is not None:
            dp[f"p_{name}"] = (every[name] * seen).sum(axis=0)
    if isinstance(p, FGRParams):
        da_r = np.concatenate([da_i, da_f, da_o], axis=1)  # (B, 3H)
        return dx, (dh, dc, da_r @ p.W_r), p.replace(**dp, W_r=da_r.T @ r)
    return dx, (dh, dc), p.replace(**dp)


def _tanh_and_slope(c: Array) -> tuple[Array, Array]:
    tanh_c = np.tanh(c)
    return tanh_c, 1 - tanh_c**2
