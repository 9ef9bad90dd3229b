"""Which part of an LSTM mends which task: one memory unit, its gates switched on one by one."""

from __future__ import annotations

from html import escape
from typing import Any

import numpy as np
import traitlets

from lstm_lab.errors import UserError
from lstm_lab.i18n import gettext as _
from lstm_lab.tasks import LADDER
from lstm_lab.training.ladder import NETS, SOLVED, UPDATES
from lstm_lab.weights.repair import load
from lstm_lab.widgets.base import LabWidget
from lstm_lab.widgets.packing import pack

__all__ = ["RepairBench", "sample"]

_SAMPLE_SEED = 7


class RepairBench(LabWidget, module="repair"):
    """Learning curves of eight seeds on four small tasks, for each cell between RNN and LSTM.

    All nets have one memory unit and were trained; nothing is drawn by hand. Below the curves
    one net answers a sequence that it has not seen, computed in the page from its weights.

    Parameters
    ----------
    gates : str
        What is switched on at first: ``"rnn"``, or the gates of a cell with additive state:
        ``""``, ``"i"``, ``"io"``, ``"ifo"``, …
    task : {"sum", "cue", "ask", "count"}
        Which task is looked at first.
    seed : int
        Which of the eight nets answers, 0 to 7.

    Examples
    --------
    >>> RepairBench("ifo")
    LSTM: input, forget and output gate. Solved of 8 seeds: running sum ..., cued value ...
    """

    gates = traitlets.Unicode().tag(sync=True)
    task = traitlets.Unicode().tag(sync=True)
    seed = traitlets.Int().tag(sync=True)
    threshold = traitlets.Float(1 - SOLVED).tag(sync=True)
    tasks: Any = traitlets.List().tag(sync=True)
    nets: Any = traitlets.Dict().tag(sync=True)
    weights = traitlets.Bytes().tag(sync=True)
    curves = traitlets.Bytes().tag(sync=True)
    sequences = traitlets.Bytes().tag(sync=True)

    def __init__(self, gates: str = "rnn", *, task: str = "sum", seed: int = 0) -> None:
        for name, value, known in (
            ("gates", gates, NETS),
            ("task", task, tuple(LADDER)),
            ("seed", seed, tuple(range(8))),
        ):
            if value not in known:
                raise UserError(
                    _("{name}: expected one of {known}, found {found}").format(
                        name=name, known=", ".join(map(repr, known)), found=repr(value)
                    )
                )
        trained = load()
        weights, nets = _packed()
        super().__init__(
            gates=gates,
            task=task,
            seed=seed,
            tasks=[
                {
                    "key": name,
                    "name": _names()[name],
                    "about": _about()[name],
                    "T": made.T,
                    "I": made.inputs,
                    "last": made.readout == "last",
                    "updates": UPDATES[name],
                }
                for name, made in LADDER.items()
            ],
            nets=nets,
            weights=weights,
            curves=b"".join(
                np.ascontiguousarray(found.curves.T, np.float64).tobytes()
                for found in trained.values()
            ),
            sequences=b"".join(
                np.concatenate([part.ravel() for part in sample(name)]).tobytes() for name in LADDER
            ),
            texts={
                "label": _("parts of the memory unit"),
                "state": _("additive state"),
                "i": _("input gate"),
                "f": _("forget gate"),
                "o": _("output gate"),
                "needs": _("a gate needs the additive state"),
                "solved": _("{solved} of 8"),
                "error": _("error / baseline"),
                "updates": _("updates"),
                "seed": _("seed"),
                "whose": _("one sequence that no net has seen"),
                "target": _("target"),
                "answer": _("answer"),
                "kept": _("state c"),
                "kept_rnn": _("state h"),
                "rule": _("Solved: less than a twentieth of the baseline's error is left (line)."),
                "stuck": _("not solved"),
                "done": _("solved"),
                "sentence": _(
                    "{net} “{task}”: {solved} of 8 seeds solved, {fresh} of 40 fresh ones. "
                    "Error left: {left}. Seed {seed}: error = {error} on this sequence."
                ),
                "nets": _net_names(),
            },
        )

    def solved(self, gates: str | None = None) -> dict[str, int]:
        """How many of the eight seeds each task was solved by.

        Examples
        --------
        >>> RepairBench().solved("rnn")
        {'sum': 0, 'cue': 0, 'ask': 0, 'count': 0}
        """
        gates = self.gates if gates is None else gates
        return {name: int((load()[name, gates].explained >= SOLVED).sum()) for name in LADDER}

    def text(self) -> str:
        said = ", ".join(f"{_names()[name]} {n}" for name, n in self.solved().items())
        return _("{net} Solved of 8 seeds: {said}.").format(net=_net_names()[self.gates], said=said)

    def still(self) -> str:
        """All rungs as a table: what the switches would show one after the other."""
        names = _names()
        head = "".join(f"<th>{escape(names[name])}</th>" for name in LADDER)
        rows = "".join(
            f"<tr><td>{escape(_net_names()[gates])}</td>"
            + "".join(f"<td>{n}</td>" for n in self.solved(gates).values())
            + "</tr>"
            for gates in NETS
        )
        caption = escape(_("Solved of 8 seeds, one memory unit"))
        return (
            f"<table><caption>{caption}</caption><thead><tr><th></th>{head}</tr></thead>"
            f"<tbody>{rows}</tbody></table><p>{escape(self.text())}</p>"
        )


def sample(task: str) -> tuple[np.ndarray, np.ndarray]:
    """Draw the sequence that the page lets the nets answer.

    Examples
    --------
    >>> [part.shape for part in sample("sum")]
    [(50, 1, 1), (50, 1, 1)]
    """
    return LADDER[task].sample(1, np.random.default_rng(_SAMPLE_SEED))


def _packed() -> tuple[bytes, dict[str, Any]]:
    """All weights in one buffer; for each (task, net) where its eight nets begin."""
    parts: list[bytes] = []
    nets: dict[str, Any] = {}
    at = 0
    for n, ((task, gates), found) in enumerate(load().items()):
        p, head = found.model
        for seed in range(8):
            header, cell = pack(p.pick(seed))
            held = cell + head.pick(seed).W.tobytes() + head.pick(seed).b.tobytes()
            if seed == 0:
                nets[f"{task}/{gates}"] = {
                    "header": header,
                    "at": at,
                    "size": len(held),
                    "curves": n,
                    "left": [float(1 - share) for share in found.explained],
                    "fresh": int((found.fresh >= SOLVED).sum()),
                }
            parts.append(held)
            at += len(held)
    return b"".join(parts), nets


def _names() -> dict[str, str]:
    return {
        "sum": _("running sum"),
        "cue": _("cued value"),
        "ask": _("answer when asked"),
        "count": _("count since reset"),
    }


def _about() -> dict[str, str]:
    return {
        "sum": _("Add up steps of +1 and −1, and say the sum at every step."),
        "cue": _("Keep the one marked value, +1 or −1, among noise; say it at the end."),
        "ask": _("Keep the first value; say it only at the steps with a question, else 0."),
        "count": _("Count ticks; begin again at every reset."),
    }


def _net_names() -> dict[str, str]:
    return {
        "rnn": _("Vanilla RNN."),
        "": _("Additive state, no gates."),
        "i": _("Additive state, input gate."),
        "o": _("Additive state, output gate."),
        "f": _("Additive state, forget gate."),
        "io": _("Input and output gate: the cell of 1997."),
        "if": _("Input and forget gate."),
        "fo": _("Forget and output gate."),
        "ifo": _("LSTM: input, forget and output gate."),
    }
