"""fit_torch against loops written out by hand: lengths, masks, metrics, schedules, devices."""

import numpy as np
import pytest

from lstm_lab.errors import UserError
from lstm_lab.tasks import adding, embedded_reber, parity
from lstm_lab.training import fit_torch, one_thread

torch = one_thread()
F = torch.nn.functional
schedulers = torch.optim.lr_scheduler


class Reader(torch.nn.Module):
    """An LSTM that answers at every step, or after each sequence's last."""

    def __init__(self, every=True, batch_first=False, I=1, O=1, dropout=0.0):
        super().__init__()
        torch.manual_seed(0)
        self.lstm = torch.nn.LSTM(I, 5, batch_first=batch_first)
        self.drop = torch.nn.Dropout(dropout)
        self.head = torch.nn.Linear(5, O)
        self.every, self.batch_first = every, batch_first

    def forward(self, x, lengths=None):
        if lengths is None:
            h = self.lstm(x)[0]
            h = h if self.every else (h[:, -1] if self.batch_first else h[-1])
        else:
            pack = torch.nn.utils.rnn.pack_padded_sequence
            packed = pack(x, lengths, self.batch_first, enforce_sorted=False)
            out, (last, _c) = self.lstm(packed)
            unpack = torch.nn.utils.rnn.pad_packed_sequence
            h = unpack(out, self.batch_first)[0] if self.every else last[0]
        return self.head(self.drop(h))


def padded(rng, T=6, B=8):
    """Sequences of several lengths, the longest of all T, padded with 0."""
    lengths = rng.integers(1, T + 1, size=B)
    lengths[0] = T
    inside = np.arange(T)[:, None] < lengths
    x = rng.normal(size=(T, B, 1)) * inside[..., None]
    return x, np.cumsum(x, axis=0), lengths


def t(a):
    return torch.as_tensor(np.asarray(a, np.float32))


def by_hand(net, draw, updates, lr=0.01, clip=1.0, schedule=None):
    """Return the losses of the loop that every tutorial has; `draw` gives a loss."""
    optimizer = torch.optim.Adam(net.parameters(), lr=lr)
    scheduler = schedule and schedule(optimizer)
    losses, rates = [], []
    for n in range(updates):
        optimizer.zero_grad()
        loss = draw(net, n)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), clip)
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if scheduler:
            scheduler.step()
        losses.append(loss.item())
    return losses, rates


# ---------------------------------------------------------------- plain, lengths, masks


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_a_plain_loop_gives_the_same_losses_to_the_bit(dropout):
    rng = np.random.default_rng(5)
    task, net = parity(6), Reader(dropout=dropout)
    torch.manual_seed(5)

    def draw(net, n):
        x, y = task.sample(16, rng)
        return F.binary_cross_entropy_with_logits(net(t(x)), t(y))

    want, _rates = by_hand(net, draw, 20)
    other = Reader(dropout=dropout)
    result = fit_torch(other, task, updates=20, batch=16, seed=5, progress=False)
    np.testing.assert_array_equal(result.history["loss"], want)
    for mine, theirs in zip(other.parameters(), net.parameters(), strict=True):
        assert torch.equal(mine, theirs)


@pytest.mark.parametrize("batch_first", [False, True])
def test_lengths_reach_the_module_and_padding_is_not_asked(batch_first):
    def draw(rng):
        x, y, lengths = padded(rng)
        y[np.arange(len(y))[:, None] >= lengths] = np.nan  # loud if it is read
        return x, y, lengths

    rng = np.random.default_rng(0)

    def loss(net, n):
        x, y, lengths = padded(rng)
        inside = torch.as_tensor(np.arange(len(x))[:, None] < lengths)
        return F.mse_loss(net(t(x), torch.as_tensor(lengths))[inside], t(y)[inside])

    want, _rates = by_hand(Reader(), loss, 12)
    result = fit_torch(
        Reader(batch_first=batch_first), draw, updates=12, loss="mse", readout="every",
        batch_first=batch_first, progress=False,
    )  # fmt: skip
    if not batch_first:
        np.testing.assert_array_equal(result.history["loss"], want)
    np.testing.assert_allclose(result.history["loss"], want, rtol=1e-5)


def test_padded_sequences_train_as_each_by_itself():
    """One update on a padded batch moves the weights as its sequences without padding do."""
    x, y, lengths = padded(np.random.default_rng(1))
    nets = [Reader(), Reader()]
    fit_torch(
        nets[0], lambda rng: (x, y, lengths), updates=1, loss="mse", readout="every", clip=None,
        optimizer=torch.optim.SGD(nets[0].parameters(), lr=0.5), progress=False,
    )  # fmt: skip
    squares = [
        ((nets[1](t(x[:n, b : b + 1])) - t(y[:n, b : b + 1])) ** 2).sum()
        for b, n in enumerate(lengths)
    ]
    optimizer = torch.optim.SGD(nets[1].parameters(), lr=0.5)
    (sum(squares) / float(lengths.sum())).backward()
    optimizer.step()
    for mine, theirs in zip(nets[0].parameters(), nets[1].parameters(), strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-5, atol=1e-6)


def test_one_answer_a_sequence_counts_whatever_its_length():
    def draw(rng):
        x, y, lengths = padded(rng)
        return x, y[lengths - 1, np.arange(len(lengths))], lengths

    rng = np.random.default_rng(0)

    def loss(net, n):
        x, y, lengths = draw(rng)
        return F.mse_loss(net(t(x), torch.as_tensor(lengths)), t(y))

    want, _rates = by_hand(Reader(every=False), loss, 8)
    result = fit_torch(Reader(every=False), draw, updates=8, loss="mse", progress=False)
    np.testing.assert_array_equal(result.history["loss"], want)


def test_a_mask_decides_what_is_asked():
    def draw(rng):
        x, y, _lengths = padded(rng)
        mask = rng.random(y.shape[:2]) < 0.3
        return x, np.where(mask[..., None], y, np.nan), None, mask

    rng = np.random.default_rng(0)

    def loss(net, n):
        x, y, _none, mask = draw(rng)
        return F.l1_loss(net(t(x))[torch.as_tensor(mask)], t(y)[torch.as_tensor(mask)])

    want, _rates = by_hand(Reader(), loss, 8)
    result = fit_torch(Reader(), draw, updates=8, loss=F.l1_loss, readout="every", progress=False)
    np.testing.assert_array_equal(result.history["loss"], want)


def test_windows_of_a_loader_that_gives_the_batch_first():
    class Going(Reader):
        def forward(self, x, state=None):
            h, state = self.lstm(x, state)
            return self.head(h), state

    x, y, _lengths = padded(np.random.default_rng(0), T=7, B=3)
    settings = {"updates": 4, "truncate": 3, "loss": "mse", "progress": False}
    first = fit_torch(
        Going(batch_first=True),
        [(x.swapaxes(0, 1), y.swapaxes(0, 1))],
        batch_first=True,
        **settings,
    )
    last = fit_torch(Going(), [(x, y)], **settings)
    assert first.sequences == last.sequences == 12
    np.testing.assert_allclose(first.history["loss"], last.history["loss"], rtol=1e-5)


def test_arrays_are_dealt_out():
    x, y = np.ones((3, 10, 1)), np.arange(10.0)[:, None]
    seen = []

    def loss(pred, y):
        seen.append(y[:, 0].tolist())
        return F.mse_loss(pred, y)

    fit_torch(Reader(every=False), (t(x), t(y)), updates=3, batch=4, loss=loss, progress=False)
    assert [len(part) for part in seen] == [4, 4, 2]
    assert sorted(np.concatenate(seen)) == list(range(10))


# ---------------------------------------------------------------- metrics, validation


def accuracy(pred, y):
    return ((pred > 0) == (y > 0.5)).float().mean()


def test_metrics_stand_in_the_history_of_updates_and_of_looks():
    rng = np.random.default_rng(0)
    x, y = parity(5).sample(20, np.random.default_rng(1))
    result = fit_torch(
        Reader(), parity(5), updates=6, batch=8, validation=(x, y), every=3,
        metrics={"accuracy": accuracy}, progress=False,
    )  # fmt: skip
    want, net = [], Reader()

    def draw(net, n):
        a, b = parity(5).sample(8, rng)
        pred = net(t(a))
        want.append(accuracy(pred, t(b)).item())
        return F.binary_cross_entropy_with_logits(pred, t(b))

    by_hand(net, draw, 6)
    np.testing.assert_array_equal(result.history["accuracy"], np.array(want, np.float32))
    with torch.no_grad():
        last = accuracy(net(t(x)), t(y)).item()
    assert result.history["validation_accuracy"].shape == (2,)
    assert result.history["validation_accuracy"][-1] == pytest.approx(last, rel=1e-6)


def test_metrics_see_only_what_counts():
    x, y, lengths = padded(np.random.default_rng(0))
    sizes = {"size": lambda pred, y: len(pred)}
    result = fit_torch(
        Reader(), lambda rng: (x, y, lengths), updates=1, loss="mse", readout="every",
        metrics=sizes, progress=False,
    )  # fmt: skip
    assert result.history["size"].tolist() == [lengths.sum()]


def test_validation_over_a_loader_counts_every_answer_once():
    x, y = parity(5).sample(10, np.random.default_rng(1))
    data = torch.utils.data.TensorDataset(t(x).transpose(0, 1), t(y).transpose(0, 1))
    loader = torch.utils.data.DataLoader(data, batch_size=4, shuffle=True)
    settings = {
        "updates": 4, "every": 2, "batch_first": True, "progress": False,
        "metrics": {"accuracy": accuracy},
    }  # fmt: skip
    parts = fit_torch(Reader(batch_first=True), parity(5), validation=loader, **settings)
    whole = fit_torch(Reader(batch_first=True), parity(5), validation=(x, y), **settings)
    for name in ("validation", "validation_accuracy"):
        np.testing.assert_allclose(parts.history[name], whole.history[name], rtol=1e-5)


def test_looking_changes_nothing():
    """A loader draws from torch's random numbers, and so does dropout."""
    data = [(torch.ones(3, 4, 1), torch.ones(3, 4, 1))] * 4
    loader = torch.utils.data.DataLoader(data, batch_size=None, shuffle=True)
    settings = {"updates": 9, "loss": "mse", "readout": "every", "progress": False}
    blind = fit_torch(Reader(dropout=0.5), loader, **settings)
    seen = fit_torch(Reader(dropout=0.5), loader, validation=loader, every=2, **settings)
    np.testing.assert_array_equal(blind.history["loss"], seen.history["loss"])


# ---------------------------------------------------------------- schedules


SCHEDULES = {
    "cosine": lambda opt: schedulers.CosineAnnealingLR(opt, 10),
    "one cycle": lambda opt: schedulers.OneCycleLR(opt, max_lr=0.1, total_steps=13),
    "steps": lambda opt: schedulers.MultiStepLR(opt, [3, 6], gamma=0.1),
    "warm-up": lambda opt: schedulers.LambdaLR(opt, lambda n: min(1, (n + 1) / 5)),
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_is_torchs_own(name):
    rng = np.random.default_rng(0)

    def draw(net, n):
        x, y = adding(5).sample(8, rng)
        return F.mse_loss(net(t(x)), t(y))

    make = {"every": False, "I": 2}
    want, rates = by_hand(Reader(**make), draw, 12, schedule=SCHEDULES[name])
    result = fit_torch(
        Reader(**make), adding(5), updates=12, batch=8, schedule=SCHEDULES[name], progress=False
    )
    np.testing.assert_array_equal(result.history["lr"], rates)
    np.testing.assert_array_equal(result.history["loss"], want)
    assert len(set(rates)) > 1


def test_a_plateau_is_looked_at():
    result = fit_torch(
        Reader(), parity(4), updates=12, every=2, validation=lambda net: 1.0, lr=0.1,
        schedule=lambda opt: schedulers.ReduceLROnPlateau(opt, factor=0.5, patience=1),
        progress=False,
    )  # fmt: skip
    # looks after 2, 4, … 12: the first is the best, each second one after it halves the rate
    assert result.history["lr"].tolist() == [0.1] * 6 + [0.05] * 4 + [0.025] * 2


# ---------------------------------------------------------------- threads, devices


def test_threads_are_put_back_whatever_happens():
    torch.set_num_threads(2)
    inside = []
    try:
        fit_torch(Reader(), parity(4), updates=1, progress=False,
                  validation=lambda net: inside.append(torch.get_num_threads()) or 0.0)  # fmt: skip
        assert inside == [1]
        assert torch.get_num_threads() == 2
        with pytest.raises(UserError):
            fit_torch(Reader(), 7, loss="mse", progress=False)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(1)


def test_the_device_is_where_the_module_goes():
    net, seen = Reader(), []
    net.register_forward_pre_hook(lambda module, args: seen.append(args[0].device))
    plain = fit_torch(Reader(), parity(4), updates=3, progress=False)
    named = fit_torch(net, parity(4), updates=3, device="cpu", progress=False)
    assert seen == [torch.device("cpu")] * 3
    np.testing.assert_array_equal(plain.history["loss"], named.history["loss"])


def test_everything_goes_to_the_device_asked_for(monkeypatch):
    """No GPU is needed to see what is sent where: each batch passes through `to`."""
    sent = []
    whole = torch.Tensor.to

    def to(self, *args, **options):
        sent.extend(a for a in args if isinstance(a, torch.device))
        return whole(self, *args, **options)

    monkeypatch.setattr(torch.Tensor, "to", to)
    x, y, lengths = padded(np.random.default_rng(0))
    fit_torch(
        Reader(), lambda rng: (x, y, lengths), updates=2, loss="mse", readout="every",
        device="cpu", progress=False,
    )  # fmt: skip
    assert len(sent) >= 2 * 3  # x, y and the mask of each batch
    assert set(sent) == {torch.device("cpu")}


# ---------------------------------------------------------------- bad input


def one_batch(rng):
    return np.ones((3, 2, 1)), np.ones((3, 2, 1))


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"device": "gpu7"}, "device: expected .cpu., .cuda. .* found 'gpu7'"),
        ({"loss": "mae"}, "loss: expected one of mse, .* found 'mae'"),
        ({"loss": lambda pred, y: pred - y}, r"loss: expected a tensor of one .* \(3, 2, 1\)"),
        ({"loss": lambda pred, y: 1.0}, "loss: expected a tensor of one number, found float"),
        ({"loss": "cross_entropy"}, r"y: expected shape \(3, 2\), found \(3, 2, 1\)"),
        ({"readout": "first"}, "readout: expected one of last, every, found 'first'"),
        ({"truncate": 2, "readout": "last"}, 'truncate, carry: expected readout="every"'),
        ({"schedule": lambda opt: 0.1}, "schedule: expected a function that .* found float"),
        ({"metrics": {"loss": accuracy}}, "metrics: 'loss' is taken"),
        ({"metrics": {"acc": 1}}, "metrics: acc: expected a function, found int"),
        ({"metrics": {"acc": lambda p, y: p}}, "metrics: acc: expected one .*3, 2, 1"),
        ({"upates": 5}, "there is no argument 'upates' here; the loop takes every, patience"),
        ({"validation": 5}, "validation: expected arrays, batches or a function, found int"),
        ({"validation": []}, "validation: there is no batch in it"),
        ({"validation": [1]}, r"validation: expected batches \(x, y\).* found int"),
        ({"until_solved": True}, "until_solved: only a task has a success rule"),
        ({"updates": 0}, "updates: expected at least 1, found 0"),
    ],
)  # fmt: skip
def test_bad_settings_in_one_sentence(settings, message):
    settings = {"loss": "mse", "updates": 1, "progress": False, **settings}
    with pytest.raises(UserError, match=message):
        fit_torch(Reader(), one_batch, **settings)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU here")
def test_a_gpu_that_is_not_there():
    with pytest.raises(UserError, match="device: torch finds no GPU here"):
        fit_torch(Reader(), parity(3), device="cuda", progress=False)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "data: there is no batch in it"),
        (7, "data: expected a task, a function, arrays or batches, found int"),
        ([(1,)], r"data: expected batches \(x, y\).* found tuple \(1\)"),
        (lambda rng: np.ones(3), r"data: expected batches .* found ndarray \(3\)"),
        (lambda rng: (*one_batch(rng), [3, 4]), r"lengths: expected 2 integers .*3, 4"),
        (lambda rng: (*one_batch(rng), [3]), "lengths: expected 2 integers from 1 to 3"),
        (lambda rng: (*one_batch(rng), [1.5, 2]), "lengths: expected 2 integers"),
        (lambda rng: (*one_batch(rng), None, [True]), r"mask: expected shape .* found \(1,\)"),
        (lambda rng: (*one_batch(rng), None, np.zeros((3, 2))), "mask: it leaves nothing"),
        (lambda rng: (np.ones((3, 2, 1)), np.ones((3, 2))), r"y: expected shape \(3, 2, 1\)"),
        (lambda rng: (np.ones((3, 2, 1)), np.ones((3, 2, 1), int)), "y: expected floating-point"),
        ((np.ones((3, 5, 1)), np.ones((3, 4, 1))), "y: expected 5 sequences along axis 1"),
    ],
)  # fmt: skip
def test_bad_batches_in_one_sentence(data, message):
    with pytest.raises(UserError, match=message):
        fit_torch(Reader(), data, loss="mse", readout="every", updates=2, progress=False)


def test_a_generator_gives_its_batches_once():
    once = (one_batch(None) for _n in range(2))
    with pytest.raises(UserError, match="a generator gives its batches once"):
        fit_torch(Reader(), once, loss="mse", readout="every", updates=5, progress=False)


def test_a_module_that_takes_no_lengths_or_has_no_weights():
    with pytest.raises(UserError, match=r"its forward must take \(x, lengths\)"):
        fit_torch(
            torch.nn.Linear(1, 1), lambda rng: (*one_batch(rng), [3, 1]), loss="mse", progress=False
        )
    with pytest.raises(UserError, match="model: it has no weights to train"):
        fit_torch(torch.nn.ReLU(), one_batch, loss="mse", progress=False)


def test_the_padding_of_a_task_is_no_answer():
    sizes = {"size": lambda pred, y: float((y < 0).sum())}
    net = Reader(I=7, O=7)
    result = fit_torch(net, embedded_reber(), updates=4, metrics=sizes, progress=False)
    assert result.history["size"].tolist() == [0, 0, 0, 0]
