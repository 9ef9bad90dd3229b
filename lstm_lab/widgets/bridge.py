"""How much of a gradient crosses the steps: RNN and LSTM on one log axis, dials in hand."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import traitlets

from lstm_lab.cells import LSTMParams, RNNParams, lstm_init, rnn_init
from lstm_lab.gradients import gradient_flow, half_life_of_bias, largest_singular_value
from lstm_lab.i18n import gettext as _
from lstm_lab.layers import forward
from lstm_lab.widgets.base import LabWidget
from lstm_lab.widgets.checks import check_number
from lstm_lab.widgets.packing import pack
from lstm_lab.widgets.reveal import written
from lstm_lab.widgets.stills import line_chart

__all__ = ["GradientBridge"]

_LONGEST = 1000


class GradientBridge(LabWidget, module="bridge"):
    """dL/dh_t of an untrained RNN and LSTM, from the last step back to the first.

    The loss looks at the last h alone, in one direction of length 1, so every curve ends at 1.
    Both networks read the same random inputs.

    Parameters
    ----------
    T : int
        Steps to cross at first (the slider goes from 10 to `longest`).
    rho : float
        Spectral radius of the RNN's W_h.
    forget_bias : float
        The LSTM's b_f.
    inputs : float
        What the inputs, drawn from N(0, 1), are multiplied by.
    H, I, seed : int
        Size of both networks and what their weights are drawn from.
    longest : int
        The end of the slider for T.

    Examples
    --------
    >>> GradientBridge(T=20, rho=0.9, forget_bias=1.0, H=8)
    20 steps back: RNN = ..., LSTM = ..., forget path = ... Half-life ...: 2.21 steps. ...
    """

    rnn = traitlets.Dict().tag(sync=True)
    rnn_weights = traitlets.Bytes().tag(sync=True)
    lstm = traitlets.Dict().tag(sync=True)
    lstm_weights = traitlets.Bytes().tag(sync=True)
    matrices = traitlets.Bytes().tag(sync=True)
    spectra: Any = traitlets.List().tag(sync=True)
    x = traitlets.Bytes().tag(sync=True)
    direction = traitlets.Bytes().tag(sync=True)
    T = traitlets.Int().tag(sync=True)
    longest = traitlets.Int().tag(sync=True)
    rho = traitlets.Float().tag(sync=True)
    forget_bias = traitlets.Float().tag(sync=True)
    inputs = traitlets.Float().tag(sync=True)

    def __init__(
        self,
        T: int = 100,
        *,
        rho: float = 0.9,
        forget_bias: float = 1.0,
        inputs: float = 1.0,
        H: int = 32,
        I: int = 8,
        seed: int = 0,
        longest: int = 200,
    ) -> None:
        for name, value, low, high in (
            ("T", T, 1, longest),
            ("longest", longest, 10, _LONGEST),
            ("rho", rho, 0, 2),
            ("inputs", inputs, 0, 10),
            ("forget_bias", forget_bias, -4, 8),
            ("H", H, 2, 64),
        ):
            check_number(name, value, low, high)
        self._computed: Any = None  # shown in three forms, computed once
        rng = np.random.default_rng(seed)
        self._x = rng.normal(size=(longest, I))
        direction = rng.normal(size=H)
        self._direction = direction / np.linalg.norm(direction)
        self._matrices, spectra = recurrent_matrices(H, rng)
        self._rnn = rnn_init(I, H, seed)
        self._lstm = lstm_init(I, H, seed)
        rnn, rnn_weights = pack(self._rnn)
        lstm, lstm_weights = pack(self._lstm)
        names = {
            "random": _("random"),
            "rotation": _("rotation (orthogonal)"),
            "shear": _("shear (far from normal)"),
        }
        super().__init__(
            T=T,
            longest=longest,
            rho=rho,
            forget_bias=forget_bias,
            inputs=inputs,
            rnn=rnn,
            rnn_weights=rnn_weights,
            lstm=lstm,
            lstm_weights=lstm_weights,
            matrices=np.stack(list(self._matrices.values())).tobytes(),
            spectra=[
                _spectrum(names[kind], W, spectra[kind]) for kind, W in self._matrices.items()
            ],
            x=self._x.tobytes(),
            direction=self._direction.tobytes(),
            texts={
                "back": _("{T} steps back: {said}."),
                "half": _(
                    "Half-life of a gate at σ(b_f): {half} steps. "
                    "W_h stretches by at most {sigma} a step."
                ),
                "path": _("forget path"),
                "rnn": _("RNN: |dL/dh|"),
                "lstm": _("LSTM: |dL/dh|"),
                "cell": _("LSTM: |dL/dc|"),
                "product": _("its path along c: the product of f"),
                "bound": _("bound for the RNN: σ_max to the power of the lag"),
                "rho": _("spectral radius"),
                "inputs": _("inputs ×"),
                "bias": _("forget bias"),
                "length": _("steps"),
                "matrix": _("W_h of the RNN"),
                "dial": _("eigenvalues of W_h and the unit circle; dashed: σ_max"),
                "half_axis": _("half-life"),
                "half_caption": _("half-life of what is kept: −ln 2 / ln σ(b_f), in steps"),
            },
        )

    def curves(self, kind: str = "random") -> dict[str, np.ndarray]:
        """Compute the curves of the page in NumPy: lengths of dL/dh_t for t = 0 … T."""
        asked = (kind, self.T, self.rho, self.inputs, self.forget_bias)
        if self._computed is None or self._computed[0] != asked:
            self._computed = (asked, self._curves(kind))
        return self._computed[1]

    def _curves(self, kind: str) -> dict[str, np.ndarray]:
        x = self._x[: self.T, None] * self.inputs
        dh = np.zeros((self.T, 1, len(self._direction)))
        dh[-1, 0] = self._direction
        rnn: RNNParams = self._rnn.replace(W_h=self._matrices[kind] * self.rho)
        b = self._lstm.b.copy()
        H = len(self._direction)
        b[H : 2 * H] = self.forget_bias
        lstm: LSTMParams = self._lstm.replace(b=b)
        trace = forward(lstm, x, trace=True).trace
        flow = gradient_flow(lstm, x, dh)
        through_h = flow["h"][1:] * trace.o * (1 - np.tanh(trace.c) ** 2)
        cell = (flow["c"][1:] + through_h)[:, 0]  # (T, H): all that a change of c_t does
        kept = np.cumprod(trace.f[::-1, 0], axis=0)[::-1]  # (T, H): f_t … f_T
        path = np.vstack([kept * cell[-1], cell[-1:]])  # (T + 1, H)
        return {
            "rnn": np.linalg.norm(gradient_flow(rnn, x, dh)["h"][:, 0], axis=1),
            "lstm": np.linalg.norm(flow["h"][:, 0], axis=1),
            "cell": np.linalg.norm(cell, axis=1),
            "path": np.linalg.norm(path, axis=1),
        }

    def text(self) -> str:
        return self._sentence(self.curves())

    def _sentence(self, curves: dict[str, np.ndarray]) -> str:
        first = {name: written(float(values[0])) for name, values in curves.items()}
        said = (
            f"RNN = {first['rnn']}, LSTM = {first['lstm']}, {self.texts['path']} = {first['path']}"
        )
        half = self.texts["half"].format(
            half=written(float(half_life_of_bias(self.forget_bias))),
            sigma=written(self.rho * self.spectra[0]["sigma"]),
        )
        return f"{self.texts['back'].format(T=self.T, said=said)} {half}"

    def still(self) -> str:
        curves = self.curves()
        said = self._sentence(curves)
        picture = line_chart(
            {"RNN |dL/dh|": curves["rnn"], "LSTM |dL/dh|": curves["lstm"], "∏ f": curves["path"]},
            alt=said,
            log=True,
            ylabel="gradient",
        )
        return f"{picture}<p>{escape(said)}</p>"


def recurrent_matrices(
    H: int, rng: np.random.Generator
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Return three matrices (H, H) of spectral radius 1 that act differently, and their spectra.

    Examples
    --------
    >>> made, spectra = recurrent_matrices(8, np.random.default_rng(0))
    >>> [round(largest_singular_value(made[kind]), 1) for kind in ("rotation", "shear")]
    [1.0, 1.8]
    >>> [float(abs(spectra[kind]).max().round(12)) for kind in made]
    [1.0, 1.0, 1.0]
    """
    gaussian = rng.normal(size=(H, H))
    turn = np.linalg.qr(rng.normal(size=(H, H)))[0]
    # A triangular matrix has its eigenvalues on the diagonal. Far from normal as it is, those of
    # the turned one cannot be computed: rounding alone would move them off by tenths.
    own = np.linspace(0.4, 1.0, H)
    triangle = np.diag(own) + np.eye(H, k=1)
    made = {
        "random": gaussian / np.abs(np.linalg.eigvals(gaussian)).max(),
        "rotation": np.linalg.qr(rng.normal(size=(H, H)))[0],
        "shear": turn @ triangle @ turn.T,
    }
    spectra = {kind: np.linalg.eigvals(made[kind]) for kind in ("random", "rotation")}
    return made, spectra | {"shear": own}


def _spectrum(name: str, W: np.ndarray, values: np.ndarray) -> dict[str, Any]:
    return {
        "name": name,
        "sigma": largest_singular_value(W),
        "values": [[float(v.real), float(v.imag)] for v in values],
    }
