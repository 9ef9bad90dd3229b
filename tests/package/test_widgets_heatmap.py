"""GateHeatmap without a browser: what it takes, what it leaves out, bad input."""

import numpy as np
import pytest

from lstm_lab.cells import gru_init, lstm_init
from lstm_lab.errors import UserError
from lstm_lab.layers import forward
from lstm_lab.widgets import GateHeatmap


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LSTM_LAB_LANG", "en")


def test_weights_a_trace_and_arrays_show_the_same():
    p = lstm_init(2, 3)
    x = np.random.default_rng(0).normal(size=(5, 2))
    trace = forward(p, x[:, None], trace=True).trace
    by_weights = GateHeatmap(p, x)
    assert by_weights.names == list("ifgoch")
    assert by_weights.values == GateHeatmap(trace).values
    assert by_weights.values == GateHeatmap({n: a[:, 0] for n, a in trace.items()}).values
    sent = np.frombuffer(by_weights.values, np.float32).reshape(6, 5, 3)
    np.testing.assert_allclose(sent[1], trace.f[:, 0], rtol=1e-6)


def test_a_torch_module_shows_its_gates():
    import torch

    assert GateHeatmap(torch.nn.GRU(2, 3), torch.zeros(4, 2)).names == list("rznh")


def test_gates_run_from_zero_to_one_and_states_are_symmetric():
    shown = GateHeatmap(gru_init(2, 3), np.ones((6, 2)))
    limits = dict(zip(shown.names, shown.limits, strict=True))
    assert limits["z"] == [0.0, 1.0]
    assert limits["h"][0] == -limits["h"][1]


def test_very_much_is_cut_and_says_so():
    rng = np.random.default_rng(0)
    values = rng.normal(size=(10_000, 1000)) * np.linspace(0, 1, 1000)
    shown = GateHeatmap(values, unit=5)
    assert shown.shape == [1000, 128]
    assert 5 in shown.units
    assert min(n for n in shown.units if n != 5) > 500
    assert "Of 10000 steps the first 1000 are shown." in shown.text()
    assert "Of 1000 units the 128 that change most are shown." in shown.text()


def test_steps_past_the_end_are_left_blank():
    p = lstm_init(1, 2)
    out = forward(p, np.ones((6, 1, 1)), lengths=[3], trace=True)
    shown = GateHeatmap(out.trace)
    sent = np.frombuffer(shown.values, np.float32).reshape(6, 6, 2)
    assert np.isnan(sent[1, 3:]).all()
    assert "nan" not in shown.text()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((lstm_init(2, 3),), {}, "x: expected what the model reads"),
        ((lstm_init(2, 3), [[1.0, np.nan]]), {}, "x: expected finite numbers"),
        (({},), {}, "at least one named array"),
        ((np.zeros((0, 3)),), {}, "at least one step and one unit"),
        ((np.zeros(3),), {}, r"h: expected shape \(T, H\), found \(3,\)"),
        (({"f": np.zeros((3, 2)), "i": np.zeros((3, 3))},), {}, r"i: expected shape \(3, 2\)"),
        ((np.zeros((3, 2)),), {"tokens": "ab"}, "tokens: expected 3 of them, one a step, found 2"),
        ((np.zeros((3, 2)),), {"unit": 2}, "unit: expected a number from 0 to 1, found 2"),
        (("lstm", [1.0]), {}, "cell: expected weights"),
    ],
)
def test_what_cannot_be_shown_is_named(arguments, options, message):
    with pytest.raises(UserError, match=message):
        GateHeatmap(*arguments, **options)


def test_the_still_is_a_table_of_ranges():
    html = GateHeatmap(lstm_init(2, 3), np.ones((4, 2))).still()
    assert html.count("<tr>") == 7
