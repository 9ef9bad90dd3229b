"""How weights start: the schemes, shared by all cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np

from lstm_lab.cells.params import Array, Record, stack_seeds
from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _

__all__ = ["SCHEMES", "draw", "over_seeds", "set_biases"]

SCHEMES = ("torch", "xavier", "orthogonal", "identity")
P = TypeVar("P", bound=Record)


def orthogonal(rng: np.random.Generator, n: int) -> Array:
    """Return a random orthogonal matrix (n, n): it turns vectors and keeps their length."""
    Q, R = np.linalg.qr(rng.normal(size=(n, n)))
    return Q * np.sign(np.diag(R))  # without the signs Q is not uniform over all rotations


def draw(
    rng: np.random.Generator, I: int, H: int, gates: int, scheme: str
) -> tuple[Array, Array, Array]:
    """Draw W_x (gates*H, I), W_h (gates*H, H) and b (gates*H,).

    ``"torch"``
        U(-1/sqrt(H), 1/sqrt(H)); b is the sum of two draws, since torch adds two biases.
    ``"xavier"``
        U(-a, a) with a = sqrt(6 / (fan in + fan out)) for each gate; b = 0.
        (Glorot & Bengio 2010)
    ``"orthogonal"``
        W_x as xavier, W_h of each gate a random rotation; b = 0. (Saxe et al. 2014)
    ``"identity"``
        W_x normal with deviation 0.001, W_h = 1, b = 0: for the plain RNN with relu.
        (Le, Jaitly & Hinton 2015)
    """
    if I < 1 or H < 1:
        raise UserError(
            _("sizes: expected at least one input and one hidden unit, found I={I}, H={H}").format(
                I=I, H=H
            )
        )
    if scheme == "torch":
        k = 1 / np.sqrt(H)
        W_x = rng.uniform(-k, k, (gates * H, I))
        W_h = rng.uniform(-k, k, (gates * H, H))
        b = rng.uniform(-k, k, (2, gates * H)).sum(axis=0)
        return W_x, W_h, b
    b = np.zeros(gates * H)
    glorot_x, glorot_h = np.sqrt(6 / (I + H)), np.sqrt(6 / (H + H))
    if scheme == "xavier":
        W_x = rng.uniform(-glorot_x, glorot_x, (gates * H, I))
        return W_x, rng.uniform(-glorot_h, glorot_h, (gates * H, H)), b
    if scheme == "orthogonal":
        W_x = rng.uniform(-glorot_x, glorot_x, (gates * H, I))
        return W_x, np.concatenate([orthogonal(rng, H) for _gate in range(gates)]), b
    if scheme == "identity" and gates == 1:
        return rng.normal(0, 0.001, (H, I)), np.eye(H), b
    known = [name for name in SCHEMES if name != "identity" or gates == 1]
    raise UserError(
        _("scheme: expected one of {known}, found {found}").format(
            known=", ".join(known), found=repr(scheme)
        )
    )


def set_biases(
    rng: np.random.Generator,
    b: Array,
    rows: str,
    forget_bias: float | None = None,
    input_bias: float | None = None,
    chrono: float | None = None,
) -> None:
    """Set the biases of the gates that decide how long a memory lasts, in place.

    Parameters
    ----------
    b : ndarray (len(rows) * H,)
    rows : str
        The letters of the gates in the order of their rows, such as ``"ifgo"``; what is
        asked of a gate that the cell lacks is passed over.
    forget_bias, input_bias : float, optional
        The value for all units of f, of i.
    chrono : float, optional
        The longest dependency expected: b_f = log U(1, chrono - 1), b_i = -b_f, so that
        memories of every length up to it are there from the start. (Tallec & Ollivier 2018)
    """
    H = len(b) // len(rows)
    gate = {name: b[k * H : (k + 1) * H] for k, name in enumerate(rows)}  # views of b
    values: dict[str, Any] = {"f": forget_bias, "i": input_bias}
    if chrono is not None:
        if chrono <= 2:
            raise UserError(
                _("chrono: expected a longest dependency above 2 steps, found {found}").format(
                    found=chrono
                )
            )
        keep = np.log(rng.uniform(1, chrono - 1, H))
        values = {"f": keep, "i": -keep}
    for name, value in values.items():
        if value is not None and name in gate:
            gate[name][:] = value


def over_seeds(one: Callable[[np.random.Generator], P], seed: int | Iterable[int], dtype: Any) -> P:
    """Build one network from an int, or one for each of several seeds, stacked.

    The network of seed 7 is the same alone and in the stack.
    """
    if np.dtype(dtype) not in (np.dtype(np.float32), np.dtype(np.float64)):
        raise UserError(
            _("dtype: expected float32 or float64, found {found}").format(found=np.dtype(dtype))
        )
    if isinstance(seed, int | np.integer):
        return one(np.random.default_rng(int(seed))).astype(dtype)
    return stack_seeds([one(np.random.default_rng(int(s))) for s in seed]).astype(dtype)
