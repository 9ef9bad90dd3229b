"""Hold analytic gradients against finite differences, side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from unicodedata import east_asian_width

import numpy as np

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.records import arrays, map_arrays

__all__ = ["GradientReport", "check_gradients", "numeric_gradients"]

STEP = 1e-5  # (f(x + h) − f(x − h)) / 2h errs by h² f''' / 6 and by rounding / h
SHOWN = 5  # rows of each array in the printed table, the worst first


@dataclass(frozen=True)
class ArrayReport:
    """One array: every checked entry, analytic beside numeric."""

    name: str
    shape: tuple[int, ...]
    where: np.ndarray
    """Flat positions of the entries that were checked."""
    analytic: np.ndarray
    numeric: np.ndarray
    error: np.ndarray
    """``|analytic − numeric|`` in units of what is allowed; right up to 1."""

    @property
    def ok(self) -> bool:
        return bool((self.error <= 1).all())

    def symptom(self) -> str:
        """Name what the wrong entries have in common, if anything."""
        a, n = self.analytic, self.numeric
        if self.ok:
            return ""
        if not np.isfinite(a).all():
            return _("the analytic gradient is not finite")
        if not a.any():
            return _("the analytic gradient is zero everywhere")
        if not n.any():
            return _("the function does not depend on this array")
        square = len(self.shape) == 2 and self.shape[0] == self.shape[1]
        if square and a.size == np.prod(self.shape):
            turned = a.reshape(self.shape).T.ravel()
            if np.allclose(turned, n, rtol=1e-4, atol=1e-7 * np.abs(n).max()):
                return _("it is right when transposed")
        factor = float(a @ n / (n @ n))
        if np.allclose(a, factor * n, rtol=1e-4, atol=1e-6 * np.abs(a).max()):
            if round(factor, 3) == -1:
                return _("the sign is the wrong way round")
            return _("it is {factor:.4g} times what it should be, everywhere").format(factor=factor)
        return ""


@dataclass(frozen=True)
class GradientReport:
    """The result of `check_gradients`; printed, it is a table, the worst entries first."""

    parts: tuple[ArrayReport, ...]

    @property
    def ok(self) -> bool:
        """Whether every checked entry is right."""
        return all(part.ok for part in self.parts)

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        heads = ((_("analytic"), 14), (_("numeric"), 14), (_("difference"), 12))
        lines = [" " * 20 + "".join(" " + _right(text, width) for text, width in heads)]
        for part in self.parts:
            right = int((part.error <= 1).sum())
            verdict = _("{right} of {checked} right").format(right=right, checked=part.error.size)
            symptom = part.symptom()
            lines.append(
                f"{part.name} {part.shape}: {verdict}" + (f"; {symptom}" if symptom else "")
            )
            # nan sorts last, and nothing is worse
            for row in np.argsort(part.error)[::-1][:SHOWN]:
                index = np.unravel_index(part.where[row], part.shape)
                place = "[" + ", ".join(str(int(k)) for k in index) + "]"
                a, n = part.analytic[row], part.numeric[row]
                mark = "" if part.error[row] <= 1 else "  <--"
                lines.append(f"  {place:<18} {a:>14.8g} {n:>14.8g} {a - n:>12.2e}{mark}")
        return "\n".join(lines)

    __repr__ = __str__


def _right(text: str, width: int) -> str:
    """Pad on the left; a Chinese character takes two columns."""
    taken = sum(2 if east_asian_width(c) in "WF" else 1 for c in text)
    return " " * (width - taken) + text


def numeric_gradients(function: Callable[[Any], float], at: Any, step: float = STEP) -> Any:
    """Return the gradient of `function` by central differences, a tree like `at`.

    Examples
    --------
    >>> numeric_gradients(lambda w: float((w[0] ** 2).sum()), (np.array([1.0, 3.0]),))[0].round(6)
    array([2., 6.])
    """
    _float64("at", at)
    whole = {name: np.arange(a.size) for name, a in arrays(at).items()}
    values = _differences(function, at, whole, step)
    names = iter(list(arrays(at)))
    return map_arrays(lambda a: values[next(names)].reshape(a.shape), at)


def check_gradients(
    function: Callable[[Any], float],
    at: Any,
    grads: Any,
    *,
    rtol: float = 1e-6,
    atol: float = 1e-8,
    step: float = STEP,
    entries: int | None = None,
    seed: int = 0,
) -> GradientReport:
    """Compare `grads` with the central differences of `function` at `at`.

    ``dL/dw ≈ (L(w + h) − L(w − h)) / 2h``, one weight after the other, in float64: in
    float32 the differences would be rounding.

    Parameters
    ----------
    function : callable
        From a tree like `at` to one number. It must not draw fresh random numbers.
    at : tree of float64 arrays
        A record, or tuples and dicts of records and arrays: parameters, inputs, states.
    grads : tree like `at`
        The analytic gradients.
    rtol, atol : float
        An entry is right within ``atol · scale + rtol · max(|analytic|, |numeric|)``,
        where scale is the largest numeric entry of its array, or 1 if that is smaller.
    step : float
        h, for weights around 1; larger weights take a proportionally larger one.
    entries : int, optional
        Check so many entries of each array, drawn with `seed`; all by default.

    Returns
    -------
    GradientReport
        True in a condition if all is right.

    Examples
    --------
    >>> w = np.array([1.0, -2.0])
    >>> report = check_gradients(lambda w: float((w**3).sum()), w, 2 * w**2)
    >>> report.ok
    False
    >>> print(report)
                               analytic        numeric   difference
     (2,): 0 of 2 right; it is 0.6667 times what it should be, everywhere
      [1]                             8             12    -4.00e+00  <--
      [0]                             2              3    -1.00e+00  <--
    """
    _float64("at", at)
    places, gradients = arrays(at), arrays(grads)
    for name in [*places, *gradients]:
        want = places[name].shape if name in places else None
        found = gradients[name].shape if name in gradients else None
        if want != found:
            raise UserError(
                _("gradient of {name}: expected shape {want}, found {found}").format(
                    name=name, want=want, found=found
                )
            )
    rng = np.random.default_rng(seed)
    chosen = {}
    for name, a in places.items():
        every = np.arange(a.size)
        some = entries is not None and entries < a.size
        chosen[name] = np.sort(rng.choice(every, entries, replace=False)) if some else every
    numeric = _differences(function, at, chosen, step)
    parts = []
    for name, a in places.items():
        mine, theirs = gradients[name].ravel()[chosen[name]], numeric[name]
        scale = max(1.0, float(np.abs(theirs).max(initial=0.0)))
        allowed = atol * scale + rtol * np.maximum(np.abs(mine), np.abs(theirs))
        error = np.abs(mine - theirs) / allowed
        error[np.isnan(error)] = np.inf
        parts.append(ArrayReport(name, a.shape, chosen[name], mine, theirs, error))
    return GradientReport(tuple(parts))


def _differences(
    function: Callable[[Any], float], at: Any, chosen: dict[str, np.ndarray], step: float
) -> dict[str, np.ndarray]:
    """Central differences of the chosen flat entries of each array."""
    own = map_arrays(lambda a: a.copy(order="C"), at)  # moved in place, back after each look
    results = {}
    for name, a in arrays(own).items():
        flat = a.reshape(-1)
        values = np.empty(len(chosen[name]))
        for row, k in enumerate(chosen[name]):
            kept = flat[k]
            h = step * max(1.0, abs(kept))
            flat[k] = kept + h
            up = function(own)
            flat[k] = kept - h
            down = function(own)
            flat[k] = kept
            values[row] = (up - down) / (2 * h)
        results[name] = values
    return results


def _float64(name: str, tree: Any) -> None:
    for path, a in arrays(tree).items():
        if a.dtype != np.float64:
            raise UserError(
                _(
                    "{name}: finite differences need float64, found {dtype} in {path}: "
                    "in lower precision they are rounding"
                ).format(name=name, dtype=a.dtype, path=path or name)
            )
