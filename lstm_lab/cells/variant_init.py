"""How the LSTM's variants start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from lstm_lab.cells.init import draw, over_seeds, set_biases
from lstm_lab.cells.variants import (
    FEWER,
    ROWS_OF,
    VARIANTS,
    FGRParams,
    VariantParams,
    unknown_variant,
)

__all__ = ["cifg_init", "peephole_init", "variant_init"]


def variant_init(
    variant: str,
    I: int,
    H: int,
    seed: int | Iterable[int] = 0,
    scheme: str = "torch",
    forget_bias: float | None = None,
    input_bias: float | None = None,
    chrono: float | None = None,
    peepholes: bool = True,
    dtype: Any = np.float64,
) -> VariantParams:
    """Start one of the eight variants, or ``"V"``, the peephole LSTM that they vary.

    Parameters
    ----------
    variant : str
        One of `VARIANTS`, or of `FEWER`: the cells with one or two rows of weights.
    I, H, seed, scheme, forget_bias, chrono, dtype
        As in `lstm_init`.
    input_bias : float, optional
        Set the bias of the input gate.
    peepholes : bool
        False leaves them out of any variant.

    Examples
    --------
    >>> variant_init("NOG", 2, 3)
    VariantParams(W_x (9, 2), W_h (9, 3), b (9,), p_i (3,), p_f (3,), variant='NOG', float64)
    """
    if variant not in (*VARIANTS, *FEWER):
        raise unknown_variant(variant)
    rows = ROWS_OF.get(variant, "ifgo")

    def one(rng: np.random.Generator) -> VariantParams:
        W_x, W_h, b = draw(rng, I, H, len(rows), scheme)
        set_biases(rng, b, rows, forget_bias, input_bias, chrono)
        k = 1 / np.sqrt(H)
        looks: dict[str, Any] = {
            f"p_{gate}": rng.uniform(-k, k, H)
            for gate in "ifo"
            if gate in rows and peepholes and variant != "NP"
        }
        if variant == "FGR":
            return FGRParams(W_x, W_h, b, **looks, W_r=rng.uniform(-k, k, (3 * H, 3 * H)))
        return VariantParams(W_x, W_h, b, **looks, variant=variant)

    return over_seeds(one, seed, dtype)


def peephole_init(I: int, H: int, seed: int | Iterable[int] = 0, **options: Any) -> VariantParams:
    """Start an LSTM with peepholes: ``variant_init("V", …)``. (Gers & Schmidhuber 2000)

    Examples
    --------
    >>> peephole_init(2, 3).p_o.shape
    (3,)
    """
    return variant_init("V", I, H, seed, **options)


def cifg_init(I: int, H: int, seed: int | Iterable[int] = 0, **options: Any) -> VariantParams:
    """Start a coupled cell without peepholes: what is written makes room for itself, f = 1 - i.

    Examples
    --------
    >>> cifg_init(2, 3)
    VariantParams(W_x (9, 2), W_h (9, 3), b (9,), variant='CIFG', float64)
    """
    return variant_init("CIFG", I, H, seed, **{"peepholes": False, **options})
