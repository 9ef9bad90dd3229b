"""CellStepper and the packing of cells, without a browser."""

import numpy as np
import pytest

from lstm_lab.cells import (
    gru_init,
    lstm_init,
    memory_cell_init,
    rnn_init,
    stack_seeds,
    variant_init,
)
from lstm_lab.errors import UserError
from lstm_lab.widgets import CellStepper
from lstm_lab.widgets.packing import as_params, pack
from lstm_lab.widgets.static import page


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LSTM_LAB_LANG", "en")


def unpacked(p):
    header, buffer = pack(p)
    flat = np.frombuffer(buffer)
    ends = np.cumsum([size for _name, size in header["arrays"]])
    names = [name for name, _size in header["arrays"]]
    return header, dict(zip(names, np.split(flat, ends[:-1]), strict=True))


def test_packing_keeps_every_weight_in_order():
    p = gru_init(2, 3, seed=4)
    header, arrays = unpacked(p)
    assert header["family"] == "gru"
    for name, array in p.arrays().items():
        np.testing.assert_array_equal(arrays[name], array.ravel())


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell"])
def test_a_torch_module_is_read_out(kind):
    import torch

    from lstm_lab.layers import forward

    torch.manual_seed(0)
    module = getattr(torch.nn, kind)(2, 3)
    x = np.random.default_rng(0).normal(size=(4, 1, 2))
    inputs = torch.tensor(x, dtype=torch.float32)
    if kind.endswith("Cell"):
        state = None
        for x_t in inputs:
            state = module(x_t, state)
        want = (state[0] if kind == "LSTMCell" else state).detach().numpy()
    else:
        want = module(inputs)[0][-1].detach().numpy()
    np.testing.assert_allclose(forward(as_params(module), x).h[-1], want, atol=1e-6)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (lambda: "elman", "cell: expected one of rnn, no_forget, lstm"),
        (lambda: 3, "cell: expected weights of lstm_lab.cells or a torch"),
        (lambda: stack_seeds([rnn_init(1, 2, 0), rnn_init(1, 2, 1)]), "found 2 seeds"),
        (lambda: memory_cell_init(1, 2, 2), "cannot be shown"),
        (lambda: variant_init("FGR", 1, 2), "cannot be shown"),
        (lambda: lstm_init(1, 300), "at most 256 units, found 300"),
        (
            lambda: rnn_init(1, 2).replace(b=np.array([0.0, np.nan])),
            "b: expected finite weights, found nan or inf",
        ),
    ],
)
def test_a_cell_that_cannot_be_shown_is_named(cell, message):
    with pytest.raises(UserError, match=message):
        CellStepper(cell())


@pytest.mark.parametrize(
    ("x", "message"),
    [
        ([], "x: expected at least one step, found an empty sequence"),
        ([1.0, np.inf], "x: expected finite numbers"),
        (np.zeros((4, 2)), r"x: expected shape \(T, 1\), found \(4, 2\)"),
    ],
)
def test_a_sequence_that_cannot_be_read_is_named(x, message):
    with pytest.raises(UserError, match=message):
        CellStepper("lstm", x)


def test_a_unit_that_does_not_exist_is_named():
    with pytest.raises(UserError, match="unit: expected a number from 0 to 1, found 2"):
        CellStepper(rnn_init(1, 2), unit=2)


def test_torch_modules_of_several_layers_are_refused():
    import torch

    with pytest.raises(UserError, match="one layer in one direction"):
        CellStepper(torch.nn.LSTM(1, 2, num_layers=2))


@pytest.mark.parametrize("kind", ["rnn", "no_forget", "lstm", "peephole", "gru"])
def test_it_is_shown_as_a_still_and_a_widget(kind, monkeypatch):
    shown = []
    monkeypatch.setattr("lstm_lab.widgets.base.display", lambda data, raw: shown.append(data))
    stepper = CellStepper(kind)
    stepper._ipython_display_()
    still, widget = shown
    assert still["text/html"].count("<tr>") == 9
    assert f'id="{stepper.still_id}"' in still["text/html"]
    assert still["text/plain"].startswith("A cell of 1 unit reads 8 steps.")
    assert widget["application/vnd.jupyter.widget-view+json"]["model_id"] == stepper.model_id
    assert widget["text/plain"] == ""


def test_a_widget_as_a_page_needs_nothing_from_elsewhere():
    html = page(CellStepper("lstm")).replace("http://www.w3.org/2000/svg", "")
    assert "http" not in html
    assert "<link" not in html
