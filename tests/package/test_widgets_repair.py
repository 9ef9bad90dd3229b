"""RepairBench without a browser: it shows what was trained, and nothing else."""

import pytest

from lstm_lab.errors import UserError
from lstm_lab.tasks import LADDER
from lstm_lab.training import NETS
from lstm_lab.training.ladder import SOLVED
from lstm_lab.weights.repair import load
from lstm_lab.widgets import RepairBench


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("LSTM_LAB_LANG", "en")


def test_text_and_still_give_the_counts():
    bench = RepairBench("io", task="ask", seed=3)
    counts = bench.solved()
    want = {task: int((load()[task, "io"].explained >= SOLVED).sum()) for task in LADDER}
    assert counts == want
    assert "Input and output gate: the cell of 1997." in bench.text()
    assert f"answer when asked {want['ask']}" in bench.text()
    assert bench.still().count("<tr>") == 1 + len(NETS)
    assert "<script" not in bench.still()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"gates": "oi"}, "gates: expected one of 'rnn', '', 'i'"),
        ({"task": "adding"}, "task: expected one of 'sum', 'cue', 'ask', 'count'"),
        ({"seed": 8}, "seed: expected one of 0, 1, 2"),
    ],
)
def test_what_was_not_trained_is_not_shown(options, message):
    with pytest.raises(UserError, match=message):
        RepairBench(**options)
