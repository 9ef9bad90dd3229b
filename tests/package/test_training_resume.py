"""Checkpoints: a training that was broken off goes on to the last bit."""

import numpy as np
import pytest

from lstm_lab.cells import gru_init, lstm_init
from lstm_lab.errors import UserError
from lstm_lab.layers import Stack, linear_init
from lstm_lab.records import flatten
from lstm_lab.saving import load, save
from lstm_lab.tasks import parity
from lstm_lab.training import SGD, Adam, RMSprop, fit, fit_torch, one_thread

torch = one_thread()
schedulers = torch.optim.lr_scheduler


class Pressed(Exception):
    """The power goes off: unlike Ctrl-C, nobody cleans up."""


def stopping_after(data, count, error=Pressed):
    """Return `data` that breaks off after so many batches."""
    left = [count]

    def draw(rng):
        left[0] -= 1
        if left[0] < 0:
            raise error
        return data.sample(8, rng) if hasattr(data, "sample") else data(rng)

    return draw


def same_history(one, other):
    assert one.history.keys() == other.history.keys()
    for name, column in one.history.items():
        np.testing.assert_array_equal(column, other.history[name], err_msg=name)
        assert column.dtype == other.history[name].dtype
    assert (one.sequences, one.updates, one.stopped) == (
        other.sequences, other.updates, other.stopped,
    )  # fmt: skip


# ---------------------------------------------------------------- records


def small(seed=0, kind=lstm_init):
    return kind(1, 4, seed=seed), linear_init(4, 1, seed=seed)


def deep():
    return Stack((lstm_init(1, 3), gru_init(3, 4)), dropout=0.3), linear_init(4, 1)


X, Y = parity(5).sample(20, np.random.default_rng(8))
RUNS = {
    "task": lambda: (small(), parity(5), {}),
    "task, two nets": lambda: (small([0, 1]), parity(5), {"optimizer": RMSprop(0.02)}),
    "arrays": lambda: (small(), (X, Y), {"readout": "every", "batch": 6}),
    "batches": lambda: (small(), [(X, Y), (X[:, :5], Y[:, :5])], {"readout": "every"}),
    "dropout": lambda: (deep(), parity(5), {}),
    "metrics": lambda: (small([3, 4]), parity(5), {
        "metrics": {"accuracy": lambda pred, y: ((pred > 0) == (y > 0.5)).mean()}}),
    "windows": lambda: (small(), parity(9), {"truncate": 4, "carry": True}),
    "momentum, solved or not": lambda: (small(), parity(2), {
        "optimizer": SGD(0.1, momentum=0.9), "until_solved": True}),
    "falling rate": lambda: (small(), parity(5), {"optimizer": Adam(lambda n: 0.02 / (1 + n))}),
}  # fmt: skip


@pytest.mark.parametrize("name", RUNS)
def test_records_go_on_to_the_bit(name, tmp_path):
    path = tmp_path / "half.npz"
    every = {"every": 5, "validation": (X, Y), "progress": False}

    def run(updates, **more):
        model, data, settings = RUNS[name]()
        return fit(model, data, updates=updates, **{**every, **settings, **more})

    whole = run(25)
    run(15, save=path)
    rest = run(25, resume=path)
    same_history(rest, whole)
    np.testing.assert_array_equal(flatten(rest.model), flatten(whole.model))
    if whole.solved_at is not None:
        np.testing.assert_array_equal(rest.solved_at, whole.solved_at)


def test_a_crash_costs_what_came_after_the_last_look(tmp_path):
    path = tmp_path / "last.npz"
    settings = {"updates": 40, "every": 10, "loss": "binary_cross_entropy", "readout": "every",
                "progress": False}  # fmt: skip
    with pytest.raises(Pressed):
        fit(small(), stopping_after(parity(5), 27), save=path, **settings)
    assert len(load(path, kind="checkpoint")["books"]["steps"]["loss"]) == 20
    rest = fit(small(), stopping_after(parity(5), 99), resume=path, **settings)
    same_history(rest, fit(small(), stopping_after(parity(5), 99), **settings))


def test_ctrl_c_gives_back_the_best_so_far_and_leaves_the_last_look(tmp_path):
    path = tmp_path / "last.npz"
    looks = iter([3.0, 1.0, 2.0])
    models = []

    def judge(model):
        models.append(model)
        return next(looks)

    settings = {"every": 4, "loss": "binary_cross_entropy", "readout": "every", "progress": False}
    data = stopping_after(parity(5), 14, KeyboardInterrupt)
    result = fit(small(), data, updates=99, validation=judge, save=path, **settings)
    assert (result.stopped, result.updates) == ("interrupted", 14)
    np.testing.assert_array_equal(flatten(result.model), flatten(models[1]))
    held = load(path, kind="checkpoint")
    np.testing.assert_array_equal(flatten(held["watch"]["best"]), flatten(models[1]))
    np.testing.assert_array_equal(flatten(held["trainee"]["model"]), flatten(models[2]))


def test_patience_goes_on_too(tmp_path):
    def run(updates, values, **more):
        looks = iter(values)
        return fit(small(), parity(4), updates=updates, every=1, patience=3, progress=False,
                   validation=lambda model: next(looks), **more)  # fmt: skip

    path, values = tmp_path / "p.npz", [3.0, 1.0, 2.0, 2.0, 2.0, 0.5]
    whole = run(9, values)
    assert (whole.stopped, whole.updates) == ("patience", 5)
    run(4, values, save=path)
    same_history(run(9, values[4:], resume=path, save=path), whole)
    again = run(9, [], resume=path)  # tired already
    assert (again.stopped, again.updates) == ("patience", 5)


# ---------------------------------------------------------------- torch


class Net(torch.nn.Module):
    def __init__(self, dropout=0.5, H=4):
        super().__init__()
        torch.manual_seed(0)
        self.lstm, self.head = torch.nn.LSTM(1, H), torch.nn.Linear(H, 1)
        self.drop = torch.nn.Dropout(dropout)
        self.norm = torch.nn.BatchNorm1d(5)  # which keeps numbers that are no weights

    def forward(self, x):
        return self.head(self.drop(self.norm(self.lstm(x)[0].transpose(0, 1)).transpose(0, 1)))


def loader(generator=None):
    rows = torch.utils.data.TensorDataset(
        *(torch.as_tensor(a[:5]).float().mT for a in (X[..., 0], Y[..., 0]))
    )

    def turn(items):
        return tuple(torch.stack(part, dim=1)[..., None] for part in zip(*items, strict=True))

    return torch.utils.data.DataLoader(
        rows, batch_size=6, shuffle=True, collate_fn=turn, generator=generator
    )


TORCH_RUNS = {
    "task": lambda: (parity(5), {}),
    "loader": lambda: (loader(), {"loss": "binary_cross_entropy", "readout": "every"}),
    "loader with chance of its own": lambda: (loader(torch.Generator().manual_seed(3)), {
        "loss": "binary_cross_entropy", "readout": "every"}),
    "arrays": lambda: ((X, Y), {"loss": "binary_cross_entropy", "readout": "every", "batch": 6}),
    "one cycle": lambda: (parity(5), {
        "schedule": lambda opt: schedulers.OneCycleLR(opt, max_lr=0.1, total_steps=40)}),
    "steps": lambda: (parity(5), {
        "schedule": lambda opt: schedulers.MultiStepLR(opt, [8, 18], gamma=0.1)}),
    "plateau": lambda: (parity(5), {
        "schedule": lambda opt: schedulers.ReduceLROnPlateau(opt, factor=0.5, patience=0)}),
    "warm-up, then cosine": lambda: (parity(5), {"schedule": lambda opt: schedulers.SequentialLR(
        opt, [schedulers.LinearLR(opt, 0.1, 1, 5), schedulers.CosineAnnealingLR(opt, 30)], [5])}),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["Adam", "SGD"])
@pytest.mark.parametrize("name", TORCH_RUNS)
def test_a_module_goes_on_to_the_bit(name, kind, tmp_path):
    path = tmp_path / "half.npz"

    def run(updates, **more):
        net = Net()
        data, settings = TORCH_RUNS[name]()
        settings["optimizer"] = getattr(torch.optim, kind)(
            net.parameters(), lr=0.02, **({"momentum": 0.9} if kind == "SGD" else {})
        )
        result = fit_torch(
            net, data, updates=updates, every=5, validation=(X, Y), progress=False,
            metrics={"accuracy": lambda pred, y: ((pred > 0) == (y > 0.5)).float().mean()},
            **settings, **more,
        )  # fmt: skip
        return net, result

    net, whole = run(25)
    run(15, save=path)
    torch.manual_seed(77)  # whatever the new process did before
    other, rest = run(25, resume=path)
    same_history(rest, whole)
    for (at, mine), theirs in zip(
        net.state_dict().items(), other.state_dict().values(), strict=True
    ):
        assert torch.equal(mine, theirs), at


def test_another_process_goes_on_to_the_bit(tmp_path):
    import subprocess
    import sys

    path = tmp_path / "half.npz"
    code = """
import sys, torch
from lstm_lab.tasks import parity
from lstm_lab.training import fit_torch
torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(1, 8), torch.nn.Dropout(0.5), torch.nn.Linear(8, 1))
more = {sys.argv[2]: sys.argv[3]} if len(sys.argv) > 2 else {}
result = fit_torch(net, parity(4), updates=int(sys.argv[1]), every=4, progress=False, **more)
print(result.history["loss"].tobytes().hex())
"""

    def run(*words):
        done = subprocess.run(
            [sys.executable, "-c", code, *words], capture_output=True, text=True, check=True
        )
        return done.stdout

    whole = run("12")
    run("8", "save", str(path))
    assert run("12", "resume", str(path)) == whole


def test_ctrl_c_puts_the_best_back_into_the_module():
    looks = iter([1.0, 2.0, 3.0])
    kept = []

    def judge(net):
        kept.append({name: w.clone() for name, w in net.state_dict().items()})
        return next(looks)

    net = Net()
    result = fit_torch(
        net, stopping_after(parity(5), 7, KeyboardInterrupt), validation=judge, every=2,
        loss="binary_cross_entropy", readout="every", progress=False,
    )  # fmt: skip
    assert (result.stopped, result.updates, len(kept)) == ("interrupted", 7, 3)
    for name, weights in net.state_dict().items():
        assert torch.equal(weights, kept[0][name])


# ---------------------------------------------------------------- what cannot be resumed


@pytest.fixture
def halves(tmp_path):
    ours, theirs = tmp_path / "ours.npz", tmp_path / "torch.npz"
    fit(small(), parity(5), updates=2, save=ours, progress=False)
    fit_torch(Net(), parity(5), updates=2, save=theirs, progress=False)
    return ours, theirs


def test_what_does_not_fit_is_said(halves, tmp_path):
    ours, theirs = halves
    quiet = {"updates": 4, "progress": False}
    with pytest.raises(UserError, match="there is no such file"):
        fit(small(), parity(5), resume=tmp_path / "none.npz", **quiet)
    with pytest.raises(UserError, match="this checkpoint is of another kind of training"):
        fit(small(), parity(5), resume=theirs, **quiet)
    with pytest.raises(UserError, match="this checkpoint is of another kind of training"):
        fit_torch(Net(), parity(5), resume=ours, **quiet)
    with pytest.raises(UserError, match=r"expected \(GRUParams.*, found \(LSTMParams"):
        fit(small(kind=gru_init), parity(5), resume=ours, **quiet)
    with pytest.raises(
        UserError, match="optimizer: expected Adam, as in the checkpoint, found SGD"
    ):
        fit(small(), parity(5), optimizer=SGD(), resume=ours, **quiet)
    with pytest.raises(UserError, match="data: one of the two trainings is on a task"):
        fit(small(), (X, Y), readout="every", resume=ours, **quiet)
    net = Net()
    with pytest.raises(
        UserError, match="optimizer: expected Adam, as in the checkpoint, found SGD"
    ):
        fit_torch(
            net, parity(5), optimizer=torch.optim.SGD(net.parameters()), resume=theirs, **quiet
        )
    with pytest.raises(UserError, match=r"schedule: expected NoneType, .* found StepLR"):
        fit_torch(Net(), parity(5), schedule=lambda opt: schedulers.StepLR(opt, 1), resume=theirs,
                  **quiet)  # fmt: skip
    with pytest.raises(
        UserError, match=r"the checkpoint does not fit this module: .*size mismatch"
    ):
        fit_torch(Net(H=5), parity(5), resume=theirs, **quiet)
    model = save(tmp_path / "model.npz", small())
    with pytest.raises(UserError, match="expected a file of the kind 'checkpoint', found 'model'"):
        fit(small(), parity(5), resume=model, **quiet)
    theirs.write_bytes(theirs.read_bytes()[:500])
    with pytest.raises(UserError, match="cut short or damaged"):
        fit_torch(Net(), parity(5), resume=theirs, **quiet)
