"""The training loops: they learn, remember, stop, restore, and survive Ctrl-C."""

import sys

import numpy as np
import pytest

from lstm_lab import tasks
from lstm_lab.cells import lstm_init, rnn_init
from lstm_lab.errors import UserError
from lstm_lab.gradients import check_gradients
from lstm_lab.layers import Bidirectional, Stack, forward, linear_forward, linear_init
from lstm_lab.records import flatten
from lstm_lab.tasks import bracket_depth, parity
from lstm_lab.training import (
    SGD,
    Adam,
    EarlyStopping,
    fit,
    fit_torch,
    gradients,
    mse,
    one_thread,
    predict,
    windows,
)

torch = one_thread()


def small(seed=0, I=1, H=4, O=1):
    return lstm_init(I, H, seed=seed), linear_init(H, O, seed=seed)


def echo(rng):
    """Say the input again: learnt in a moment."""
    x = rng.normal(size=(4, 16, 1))
    return x, x[-1]


def test_it_learns_and_keeps_the_books():
    result = fit(small(), echo, updates=150, optimizer=Adam(0.02), progress=False)
    loss = result.history["loss"]
    assert loss.shape == result.history["norm"].shape == (150,)
    assert loss[-10:].mean() < 0.3 * loss[:10].mean()
    assert (result.updates, result.sequences, result.stopped) == (150, 150 * 16, "updates")
    assert result.solved_at is None


def test_the_seed_decides_everything():
    runs = [fit(small(), parity(5), updates=5, seed=s, progress=False) for s in (1, 1, 2)]
    np.testing.assert_array_equal(flatten(runs[0].model), flatten(runs[1].model))
    assert not np.array_equal(flatten(runs[0].model), flatten(runs[2].model))


def test_the_model_given_is_left_alone():
    model = small()
    before = flatten(model)
    fit(model, echo, updates=3, progress=False)
    np.testing.assert_array_equal(flatten(model), before)


def test_seeds_side_by_side_are_separate_trainings():
    """On shared batches each net of the stack goes exactly where it would go alone."""
    seeds = [3, 4, 5]
    together = fit(small(seeds), echo, updates=20, clip=0.1, progress=False)
    assert together.history["loss"].shape == (20, 3)
    for n, seed in enumerate(seeds):
        alone = fit(small(seed), echo, updates=20, clip=0.1, progress=False)
        np.testing.assert_allclose(together.history["loss"][:, n], alone.history["loss"], rtol=1e-9)
        cell, head = together.model
        np.testing.assert_allclose(cell.pick(n).W_h, alone.model[0].W_h, rtol=1e-8, atol=1e-11)
        np.testing.assert_allclose(head.pick(n).b, alone.model[1].b, rtol=1e-8, atol=1e-11)


def test_seeds_on_a_task_get_their_own_sequences():
    result = fit(small(range(3)), parity(4), updates=4, batch=8, progress=False)
    assert result.history["loss"].shape == (4, 3)
    assert result.sequences == 32
    assert result.solved_at.shape == (3,)


def test_the_step_is_the_one_of_the_parts():
    """fit is forward, loss, backward, clip and update, and nothing more."""
    model, rng = small(), np.random.default_rng(0)
    result = fit(model, echo, updates=3, optimizer=SGD(0.5), clip=0.2, progress=False, seed=0)
    opt = SGD(0.5)
    from lstm_lab.training import clip_global_norm

    for n in range(3):
        x, y = echo(rng)
        e = gradients(model, x, y)
        assert result.history["loss"][n] == pytest.approx(e.loss)
        grads, norm = clip_global_norm(e.grads, 0.2)
        assert result.history["norm"][n] == pytest.approx(norm)
        model = opt.update(model, grads)
    np.testing.assert_array_equal(flatten(model), flatten(result.model))


def test_the_same_course_as_torch():
    """Ten updates of an LSTM with Adam and clipping, weight for weight."""
    model, task = small(seed=7, I=3, H=5, O=5), bracket_depth(6)
    lstm, head = torch.nn.LSTM(3, 5).double(), torch.nn.Linear(5, 5).double()
    net = torch.nn.ModuleList([lstm, head])
    with torch.no_grad():
        lstm.weight_ih_l0.copy_(torch.tensor(model[0].W_x))
        lstm.weight_hh_l0.copy_(torch.tensor(model[0].W_h))
        lstm.bias_ih_l0.copy_(torch.tensor(model[0].b))
        lstm.bias_hh_l0.zero_()
        head.weight.copy_(torch.tensor(model[1].W))
        head.bias.copy_(torch.tensor(model[1].b))
    lstm.bias_hh_l0.requires_grad_(False)  # torch would move both biases, and so twice as far

    class Both(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.net = net

        def forward(self, x):
            return head(lstm(x)[0])

    settings = {"updates": 10, "batch": 4, "clip": 0.5, "seed": 3, "progress": False}
    ours = fit(model, task, optimizer=Adam(0.01), **settings)
    theirs = fit_torch(Both(), task, lr=0.01, **settings)
    np.testing.assert_allclose(ours.history["loss"], theirs.history["loss"], rtol=1e-9)
    np.testing.assert_allclose(ours.history["norm"], theirs.history["norm"], rtol=1e-7)
    np.testing.assert_allclose(
        ours.model[0].W_h, lstm.weight_hh_l0.detach().numpy(), rtol=1e-6, atol=1e-9
    )


TASKS = {
    "adding": lambda: tasks.adding(20),
    "multiplication": lambda: tasks.multiplication(20),
    "order": lambda: tasks.temporal_order(3, T=20),
    "long lag": lambda: tasks.long_lag(6),
    "copy": lambda: tasks.copy_task(3, symbols=3, count=2),
    "reber": tasks.embedded_reber,
    "continual": lambda: tasks.continual_reber(15),
    "parity": lambda: tasks.parity(5),
    "brackets": lambda: tasks.bracket_depth(6),
    "count": lambda: tasks.count_since_reset(6),
    "digits": lambda: tasks.random_digits(4),
    "digits as floats": lambda: tasks.random_digits(4, floats=True),
}


@pytest.mark.parametrize("seed", [0, [0, 1]], ids=["one net", "two nets"])
@pytest.mark.parametrize("name", TASKS)
def test_every_task_can_be_trained(name, seed):
    task = TASKS[name]()
    model = small(seed, I=task.inputs, O=task.outputs)
    result = fit(model, task, updates=60, batch=8, optimizer=Adam(0.02), progress=False)
    loss = result.history["loss"]
    assert np.isfinite(loss).all()
    assert (loss[-5:].mean(axis=0) < loss[:5].mean(axis=0)).all()


# ---------------------------------------------------------------- data


def test_arrays_are_dealt_out_evenly():
    seen = []

    def loss(pred, y, mask, seeds):
        seen.append(y[:, 0])
        return mse(pred, y)

    x, y = np.zeros((3, 10, 1)), np.arange(10.0)[:, None]
    result = fit(small(), (x, y), updates=6, batch=4, loss=loss, progress=False)
    assert [len(s) for s in seen] == [4, 4, 2, 4, 4, 2]
    assert sorted(np.concatenate(seen[:3])) == sorted(np.concatenate(seen[3:])) == list(range(10))
    assert not np.array_equal(np.concatenate(seen[:3]), np.concatenate(seen[3:]))
    assert result.sequences == 20


def test_lengths_reach_the_layer(rng):
    x, y = rng.normal(size=(5, 3, 1)), rng.normal(size=(3, 1))
    lengths = np.array([5, 2, 3])
    model = small()
    e = gradients(model, x, y, lengths=lengths)
    for b, n in enumerate(lengths):
        alone = predict(model, x[:n, b : b + 1])
        np.testing.assert_allclose(e.pred[b], alone[0], rtol=1e-12)
    other = x.copy()
    other[2:, 1] = 99.0
    result = fit(model, lambda r: (x, y, lengths), updates=2, progress=False)
    again = fit(model, lambda r: (other, y, lengths), updates=2, progress=False)
    np.testing.assert_array_equal(flatten(result.model), flatten(again.model))


@pytest.mark.parametrize("seed", [0, [0, 1]], ids=["one net", "two nets"])
def test_padding_is_no_answer(rng, seed):
    x, y = rng.normal(size=(5, 3, 1)), rng.normal(size=(5, 3, 1))
    lengths = np.array([5, 1, 3])
    model = small(seed)
    e = gradients(model, x, y, "mse", "every", lengths=lengths)
    other_x, other_y = x.copy(), y.copy()
    other_x[3:, 2] = other_y[1:, 1] = 99.0
    same = gradients(model, other_x, other_y, "mse", "every", lengths=lengths)
    np.testing.assert_array_equal(e.loss, same.loss)
    np.testing.assert_array_equal(flatten(e.grads), flatten(same.grads))
    alone = [gradients(model, x[:n, b : b + 1], y[:n, b : b + 1], "mse", "every").loss * n
             for b, n in enumerate(lengths)]  # fmt: skip
    np.testing.assert_allclose(e.loss, np.sum(alone, axis=0) / 9, rtol=1e-12)


def test_lengths_and_windows_do_not_go_together(rng):
    x = rng.normal(size=(5, 3, 1))
    with pytest.raises(UserError, match="truncate: sequences of several lengths"):
        fit(small(), lambda r: (x, x, [5, 2, 3]), truncate=2, readout="every", progress=False)


def test_float32_stays_float32():
    model = lstm_init(1, 4, dtype=np.float32), linear_init(4, 1, dtype=np.float32)
    result = fit(model, parity(4), updates=2, progress=False)
    assert flatten(result.model).dtype == np.float32


# ---------------------------------------------------------------- layers of layers


def deep(seed=0, dropout=0.0):
    both = Bidirectional(lstm_init(2, 3, seed=seed), lstm_init(2, 3, seed=seed + 1))
    top = Bidirectional(rnn_init(6, 2, seed=seed), rnn_init(6, 2, seed=seed + 1))
    return Stack((both, top), dropout=dropout), linear_init(4, 1, seed=seed)


@pytest.mark.parametrize("readout", ["last", "every"])
def test_layers_of_layers_against_finite_differences(rng, readout):
    model, x = deep(), rng.normal(size=(5, 3, 2))
    y = rng.normal(size=((5,) if readout == "every" else ()) + (3, 1))
    settings = {"lengths": [5, 2, 4], "readout": readout}
    exact = gradients(model, x, y, **settings)
    report = check_gradients(lambda m: gradients(m, x, y, **settings).loss, model, exact.grads)
    assert report, str(report)


def test_the_last_readout_takes_each_direction_at_its_own_end(rng):
    model, x = deep(), rng.normal(size=(5, 2, 2))
    lengths = [5, 3]
    pred = predict(model, x, lengths=lengths)
    for b, n in enumerate(lengths):
        h = forward(model[0], x[:n, b : b + 1]).h
        ends = np.concatenate([h[-1, :, :2], h[0, :, 2:]], axis=-1)
        np.testing.assert_allclose(pred[b : b + 1], linear_forward(model[1], ends), rtol=1e-12)


def test_dropout_in_training_only(rng):
    x, y = rng.normal(size=(4, 8, 2)), rng.normal(size=(8, 1))
    looks = []
    settings = {
        "updates": 3, "optimizer": SGD(1e-14), "every": 1, "progress": False,
        "validation": lambda m: looks.append(gradients(m, x, y).loss) or 1.0,
    }  # fmt: skip
    plain = fit(deep(), lambda r: (x, y), **settings)
    dropped = fit(deep(dropout=0.5), lambda r: (x, y), **settings)
    assert np.ptp(plain.history["loss"]) < 1e-9
    assert np.ptp(dropped.history["loss"]) > 1e-3
    np.testing.assert_allclose(looks, plain.history["loss"][0], rtol=1e-9)


# ---------------------------------------------------------------- truncated BPTT


def test_windows_carry_the_state():
    """With a learning rate of nearly nothing, windows see the states of the whole."""
    model, rng = small(), np.random.default_rng(0)
    x = rng.normal(size=(10, 2, 1))
    seen = []

    def loss(pred, y, mask, seeds):
        seen.append(pred)
        return mse(pred, y)

    fit(
        model,
        lambda r: (x, x),
        updates=2,
        truncate=4,
        optimizer=SGD(1e-14),
        loss=loss,
        readout="every",
        progress=False,
    )
    whole = linear_forward(model[1], forward(model[0], x).h)
    np.testing.assert_allclose(np.concatenate(seen[:3]), whole, rtol=1e-9)
    np.testing.assert_allclose(np.concatenate(seen[3:]), whole, rtol=1e-9)  # and starts afresh


def test_carry_goes_on_from_batch_to_batch():
    model, rng = small(), np.random.default_rng(0)
    stream = rng.normal(size=(12, 2, 1))
    place, seen = [0], []

    def next_part(r):
        place[0] += 6
        part = stream[place[0] - 6 : place[0]]
        return part, part

    def loss(pred, y, mask, seeds):
        seen.append(pred)
        return mse(pred, y)

    fit(
        model,
        next_part,
        updates=2,
        truncate=3,
        carry=True,
        optimizer=SGD(1e-14),
        loss=loss,
        readout="every",
        progress=False,
    )
    whole = linear_forward(model[1], forward(model[0], stream).h)
    np.testing.assert_allclose(np.concatenate(seen), whole, rtol=1e-9)


def test_the_gradient_stops_at_the_window():
    """A window's gradient is that of a sequence that starts in its state."""
    model, rng = small(), np.random.default_rng(0)
    x, y = rng.normal(size=(6, 2, 1)), rng.normal(size=(6, 2, 1))
    result = fit(
        model,
        lambda r: (x, y),
        updates=1,
        truncate=3,
        optimizer=SGD(0.1),
        clip=None,
        readout="every",
        progress=False,
    )
    opt, state = SGD(0.1), None
    for part in (slice(0, 3), slice(3, 6)):
        e = gradients(model, x[part], y[part], "mse", "every", state=state)
        model, state = opt.update(model, e.grads), e.state
    np.testing.assert_allclose(flatten(result.model), flatten(model), rtol=1e-12)


def test_windows_of_any_length():
    x = np.zeros((7, 1, 1))
    assert [len(a) for a, _ in windows(x, x, 3)] == [3, 3, 1]
    assert [len(a) for a, _ in windows(x, x, None)] == [7]


# ---------------------------------------------------------------- stopping


def test_early_stopping_gives_back_the_best():
    looks = iter([3.0, 2.0, 1.0, 1.5, 1.2, 9.0])
    models = []

    def validation(model):
        models.append(flatten(model))
        return next(looks)

    result = fit(
        small(), echo, updates=1000, every=2, patience=2, validation=validation, progress=False
    )
    assert result.stopped == "patience"
    assert result.updates == 10
    np.testing.assert_array_equal(flatten(result.model), models[2])
    np.testing.assert_array_equal(result.history["validation"], [3, 2, 1, 1.5, 1.2])
    np.testing.assert_array_equal(result.history["validated_at"], [2, 4, 6, 8, 10])


def test_validation_data_and_the_last_update(rng):
    x, y = echo(rng)
    result = fit(small(), echo, updates=7, every=5, validation=(x, y), progress=False)
    np.testing.assert_array_equal(result.history["validated_at"], [5, 7])
    at = int(result.history["validation"].argmin())
    assert gradients(result.model, x, y).loss == pytest.approx(result.history["validation"][at])


def test_each_seed_keeps_its_own_best():
    stopping = EarlyStopping(patience=2)
    net = (np.zeros((2, 1)),)
    for value, model in [((3.0, 1.0), 0.0), ((2.0, 2.0), 1.0), ((5.0, 0.5), 2.0)]:
        assert not stopping.update(np.array(value), (net[0] + model,))
    np.testing.assert_array_equal(stopping.best[0], [[1.0], [2.0]])
    np.testing.assert_array_equal(stopping.value, [2.0, 0.5])
    assert not stopping.update(np.array([9.0, 9.0]), net)
    assert stopping.update(np.array([9.0, 9.0]), net)


def test_nan_is_never_the_best():
    stopping = EarlyStopping(patience=3)
    stopping.update(1.0, "good")
    stopping.update(float("nan"), "broken")
    assert (stopping.best, stopping.waited) == ("good", 1)


def test_until_solved():
    task = parity(1)  # says its input again
    result = fit(
        (rnn_init(1, 4), linear_init(4, 1)),
        task,
        updates=500,
        batch=64,
        optimizer=Adam(0.1),
        until_solved=True,
        progress=False,
    )
    assert result.stopped == "solved"
    assert result.updates < 500
    assert 2000 <= result.solved_at[0] <= result.sequences


def test_a_broken_net_ends_the_training():
    result = fit(
        small(), lambda r: (np.ones((2, 3, 1)), np.full((3, 1), np.nan)), updates=50, progress=False
    )
    assert (result.stopped, result.updates) == ("not finite", 1)


def interrupting(after, value=None):
    """A data source that presses Ctrl-C."""
    count = [0]

    def draw(rng):
        count[0] += 1
        if count[0] > after:
            raise KeyboardInterrupt
        return echo(rng)

    return draw


def test_ctrl_c_keeps_what_was_learnt():
    result = fit(small(), interrupting(5), updates=100, progress=False)
    assert (result.stopped, result.updates) == ("interrupted", 5)
    whole = fit(small(), echo, updates=5, progress=False)
    np.testing.assert_array_equal(flatten(result.model), flatten(whole.model))


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C goes to a whole console there")
def test_a_real_signal(tmp_path):
    """SIGINT to a process in the middle of a training: it goes on with the result."""
    import signal
    import subprocess
    import time

    ready = tmp_path / "ready"
    code = f"""
import pathlib
from lstm_lab.cells import lstm_init
from lstm_lab.layers import linear_init
from lstm_lab.tasks import parity
from lstm_lab.training import fit
def tell(model):
    pathlib.Path({str(ready)!r}).write_text("")
    return 0.0
model = lstm_init(1, 4), linear_init(4, 1)
result = fit(model, parity(20), updates=10**7, validation=tell, every=5, progress=False)
print(result.stopped, result.updates > 0, len(result.history["loss"]) == result.updates)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    limit = time.monotonic() + 60
    while not ready.exists() and time.monotonic() < limit and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert out.split() == ["interrupted", "True", "True"], err


def test_the_bar_tells_the_loss(capsys):
    fit(small(), parity(3), updates=3)
    err = capsys.readouterr().err
    assert "parity" in err
    assert "3/3" in err
    assert "loss=" in err


# ---------------------------------------------------------------- torch


class Net(torch.nn.Module):
    def __init__(self, batch_first=False, stateful=False, O=1):
        super().__init__()
        torch.manual_seed(0)
        self.lstm = torch.nn.LSTM(1, 4, batch_first=batch_first)
        self.head = torch.nn.Linear(4, O)
        self.stateful = stateful

    def forward(self, x, state=None):
        h, state = self.lstm(x, state)
        return (self.head(h), state) if self.stateful else self.head(h)


def test_torch_learns_and_restores():
    net = Net()
    x, y = (
        torch.tensor(a, dtype=torch.float32) for a in parity(4).sample(64, np.random.default_rng(9))
    )
    result = fit_torch(
        net, parity(4), updates=60, batch=32, lr=0.05, validation=(x, y), every=10, progress=False
    )
    assert result.model is net
    assert result.history["loss"][-1] < result.history["loss"][0]
    with torch.no_grad():
        now = torch.nn.functional.binary_cross_entropy_with_logits(net(x), y).item()
    assert now == pytest.approx(result.history["validation"].min(), rel=1e-6)
    assert net.training


def test_torch_batch_first_is_the_same_training():
    runs = [
        fit_torch(Net(first), parity(5), updates=5, batch_first=first, progress=False)
        for first in (False, True)
    ]
    np.testing.assert_allclose(runs[0].history["loss"], runs[1].history["loss"], rtol=1e-5)


def test_torch_truncated():
    seen = []

    def loss(pred, y):
        seen.append(pred.detach())
        return torch.nn.functional.mse_loss(pred, y)

    x = np.random.default_rng(0).normal(size=(7, 2, 1))
    net = Net(stateful=True)
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-12)
    fit_torch(
        net, lambda r: (x, x), updates=1, truncate=3, loss=loss, optimizer=optimizer, progress=False
    )
    with torch.no_grad():
        whole = net(torch.tensor(x, dtype=torch.float32))[0]
    torch.testing.assert_close(torch.cat(seen), whole)


def test_torch_loader_is_read_again_and_again():
    data = torch.utils.data.TensorDataset(torch.zeros(6, 3, 1), torch.zeros(6, 3, 1))
    loader = torch.utils.data.DataLoader(data, batch_size=4)
    result = fit_torch(
        Net(batch_first=True), loader, updates=5, loss=torch.nn.functional.mse_loss, progress=False
    )
    assert result.updates == 5
    assert result.sequences == 4 + 2 + 4 + 2 + 4


def test_torch_padding_is_not_asked():
    from lstm_lab.tasks import embedded_reber

    class Reader(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.head = torch.nn.Linear(7, 7)

        def forward(self, x):
            return self.head(x)

    torch.manual_seed(0)
    result = fit_torch(Reader(), embedded_reber(), updates=150, batch=16, lr=0.1, progress=False)
    assert np.isfinite(result.history["loss"]).all()
    assert result.history["loss"][-1] < 1.4  # a guess among seven is 1.95


def test_torch_ctrl_c():
    result = fit_torch(
        Net(),
        interrupting(3),
        updates=50,
        progress=False,
        loss=lambda pred, y: ((pred[-1] - y) ** 2).mean(),
    )
    assert (result.stopped, result.updates) == ("interrupted", 3)


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"updates": 0}, "updates: expected at least 1, found 0"),
        ({"patience": 3}, "patience: early stopping needs validation"),
        ({"patience": 0, "validation": lambda m: 1.0}, "patience: expected at least 1, found 0"),
        (
            {"loss": "mae"},
            "loss: expected one of mse, cross_entropy, binary_cross_entropy, found 'mae'",
        ),
        ({"readout": "first"}, "readout: expected one of last, every, found 'first'"),
        ({"truncate": 3}, 'truncate, carry: expected readout="every"'),
        ({"truncate": -1, "readout": "every"}, "truncate: expected at least 1 step, found -1"),
        ({"until_solved": True}, "until_solved: only a task has a success rule"),
        ({"engine": "warp"}, "engine: expected one of"),
    ],
)
def test_bad_input_in_one_sentence(settings, message):
    with pytest.raises(UserError, match=message):
        fit(small(), echo, progress=False, **settings)


def test_a_bidirectional_has_no_windows():
    with pytest.raises(UserError, match="truncate, carry: a Bidirectional cannot go on"):
        fit(deep(), lambda r: None, truncate=3, readout="every", progress=False)


def test_arrays_that_do_not_fit():
    with pytest.raises(
        UserError, match=r"y: expected 5 sequences along axis 0, found shape \(4, 1\)"
    ):
        fit(small(), (np.zeros((3, 5, 1)), np.zeros((4, 1))), progress=False)


def test_torch_wants_a_loss():
    with pytest.raises(UserError, match="loss: expected a name or a function"):
        fit_torch(Net(), interrupting(1), progress=False)
