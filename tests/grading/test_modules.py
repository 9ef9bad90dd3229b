"""The verbs for torch modules, held against torch itself and against sums over all paths."""

from __future__ import annotations

import copy
import itertools
import math

import numpy as np
import pytest
import torch

from lstm_lab.grading.messages.words import trouble_said
from lstm_lab.grading.result import Result
from lstm_lab.grading.runner.module import WrongRequest, checked
from lstm_lab.grading.runner.reference import Reference
from lstm_lab.grading.worker.codec import decode, pack
from lstm_lab.grading.worker.host import Host

CODE = """
import torch

class Net(torch.nn.Module):
    def __init__(self, n_in=3, n_hidden=4, n_out=2, drop=0.0):
        super().__init__()
        self.lstm = torch.nn.LSTM(n_in, n_hidden)
        self.drop = torch.nn.Dropout(drop)
        self.head = torch.nn.Linear(n_hidden, n_out)

    def forward(self, x, state=None):
        if state is None:
            zero = torch.zeros(1, x.shape[1], self.lstm.hidden_size)
            state = zero, zero
        out, state = self.lstm(x, state)
        return self.head(self.drop(out)), state

    def encode(self, x):
        return self.lstm(x)[0][-1], self.training

    def _hidden(self):
        return 1

    @property
    def size(self):
        return 1

class Kept(Net):
    def __init__(self):
        super().__init__(drop=0.5)
        self.drop.eval()

    def modes(self):
        return [one.training for one in self.modules()]

class Lone(Net):
    def forward(self, x, state=None):
        return super().forward(x, state)[0]

class Flat(Net):
    def forward(self, x, state=None):
        return super().forward(x, state)[0][..., 0]

class Arrays(Net):
    def forward(self, x, state=None):
        return super().forward(x, state)[0].detach().numpy()

class Plain:
    def __init__(self):
        self.n = 1
"""


class Asking(Reference):
    """What a test has, without any process: errors come back in the result."""

    def __init__(self):
        super().__init__(lambda name: ())
        self.namespace = {"__name__": "learner"}
        exec(compile(CODE, "<learner>", "exec"), self.namespace)
        self.host = Host(lambda: self.namespace, tensors=True)

    def _ask(self, message, args, kwargs):
        args, kwargs = decode(pack({}, (args, kwargs)), tensors=True)
        facts, body = self.host.run(message, (args, kwargs))
        body = decode(pack({}, body), tensors=True)
        return Result.read(facts, body, str(message["name"]), args, kwargs, None)


@pytest.fixture
def ask():
    return Asking()


@pytest.fixture
def twins(ask):
    """Return a way to make a module there, and the same one here."""

    def make(name="Net", *args, **kwargs):
        made = ask.make(name, *args, **kwargs)
        assert made.made.error is None, made.made
        return made, copy.deepcopy(ask.host.modules.made[made.made.value][0])

    return make


def normal(*shape, seed=0, dtype=torch.float32):
    return torch.from_numpy(np.random.default_rng(seed).normal(size=shape)).to(dtype)


def near(a, b, tol=1e-6):
    return torch.allclose(a, b, rtol=tol, atol=tol)


# --- modes, seeds, types ------------------------------------------------------------------------


def test_modules_are_in_eval_mode_unless_made_to_train(twins):
    x = normal(5, 2, 3)
    net, here = twins(drop=0.5)
    first, second = net.forward(x).value[0], net.forward(x).value[0]
    assert near(first, second)
    assert near(first, here.eval()(x)[0])
    assert net.method("encode", x).value[1] is False
    loose, _ = twins(drop=0.5, train=True)
    one, other = loose.forward(x).value[0], loose.forward(x).value[0]
    assert not near(one, other)
    assert loose.method("encode", x).value[1] is True


def test_a_seed_makes_a_call_in_train_mode_repeatable(twins):
    x, c = normal(5, 2, 3), normal(5, 2, 2)
    net, here = twins(drop=0.5, train=True)
    torch.manual_seed(7)
    want = here.train()(x)[0]
    assert near(net.forward(x, seed=7).value[0], want)
    assert near(net.forward(x, seed=7).value[0], want)
    assert not near(net.forward(x, seed=8).value[0], want)
    one, two = (net.grads([x], (c, None), seed=3).value["inputs"][0] for _ in range(2))
    assert near(one, two)


def test_training_sets_the_mode_and_puts_back_that_of_each_part(twins):
    net, _ = twins("Kept", train=True)
    ask = net.method("modes").value
    part = ask.copy()
    assert net.train_steps([normal(5, 2, 3)], normal(5, 2, 2)).error is None
    assert net.method("modes").value == part
    quiet, _ = twins("Kept")
    quiet.train_steps([normal(5, 2, 3)], normal(5, 2, 2), steps=2)
    assert set(quiet.method("modes").value) == {False}
    failing = quiet.train_steps([normal(5, 2, 7)], normal(5, 2, 2))
    assert failing.error.kind == "raised"
    assert set(quiet.method("modes").value) == {False}


def test_dropout_is_at_work_while_a_module_trains(twins):
    net, here = twins(drop=0.5)
    x, y = normal(5, 2, 3), normal(5, 2, 2)
    got = net.train_steps([x], y, seed=5).value
    torch.manual_seed(5)
    assert got == pytest.approx([((here.train()(x)[0] - y) ** 2).mean().item()])
    assert got != pytest.approx([((here.eval()(x)[0] - y) ** 2).mean().item()])


def test_double_precision_holds_for_weights_and_for_what_a_method_makes(twins):
    x = normal(5, 2, 3, dtype=torch.float64)
    net, here = twins(dtype="float64")
    out, (h, c) = net.forward(x).value  # zeros are made inside
    assert {out.dtype, h.dtype, c.dtype} == {torch.float64}
    assert torch.get_default_dtype() == torch.float32
    assert {v.dtype for v in net.state().value.values()} == {torch.float64}
    losses = net.train_steps([x], normal(5, 2, 2, dtype=torch.float64), steps=20).value
    assert here.double()(x, (h * 0, c * 0))[0].dtype == torch.float64
    assert losses[-1] < losses[0]


def test_a_type_that_the_learner_set_changes_nothing_and_stays(twins):
    torch.set_default_dtype(torch.float64)
    try:
        net, _ = twins()
        assert net.forward(normal(5, 2, 3)).value[0].dtype == torch.float32
        assert torch.get_default_dtype() == torch.float64
    finally:
        torch.set_default_dtype(torch.float32)


# --- gradients ----------------------------------------------------------------------------------


def test_gradients_through_nested_states_are_torchs(twins):
    net, here = twins(dtype="float64")
    double = torch.float64
    x, h, c = (normal(*s, seed=n, dtype=double) for n, s in
               enumerate([(5, 2, 3), (1, 2, 4), (1, 2, 4)]))  # fmt: skip
    dout, dh, dc = (normal(*s, seed=n, dtype=double) for n, s in
                    enumerate([(5, 2, 2), (1, 2, 4), (1, 2, 4)], 9))  # fmt: skip
    got = net.grads([x, (h, c)], (dout, (dh, dc))).value
    leaves = [one.clone().requires_grad_() for one in (x, h, c)]
    out, (h1, c1) = here(leaves[0], (leaves[1], leaves[2]))
    ((out * dout).sum() + (h1 * dh).sum() + (c1 * dc).sum()).backward()
    dx, state = got["inputs"]
    assert type(state) is tuple
    for one, leaf in zip((dx, *state), leaves, strict=True):
        assert near(one, leaf.grad, 1e-12)
    for name, p in here.named_parameters():
        assert near(got["parameters"][name], p.grad, 1e-12)


@pytest.mark.parametrize("left_out", [None, (None, None)])
def test_none_leaves_out_an_output_or_a_tuple_of_them(twins, left_out):
    net, here = twins()
    x, dout = normal(5, 2, 3), normal(5, 2, 2)
    got = net.grads([x], (dout, left_out)).value
    leaf = x.clone().requires_grad_()
    (here(leaf)[0] * dout).sum().backward()
    assert near(got["inputs"][0], leaf.grad)


@pytest.mark.parametrize(
    ("name", "cotangents", "expected", "found"),
    [
        ("Lone", ("out", (None, None)), "2", "1"),
        ("Net", "out", "1", "2"),
        ("Net", ("out", None, None), "3", "2"),
        ("Net", ("out", (None, None, None)), "3", "2"),
        ("Net", ("out", ("state", None)), "(1, 3, 4)", "(1, 2, 4)"),
        ("Flat", "out", "(5, 2, 2)", "(5, 2)"),
    ],
)
def test_another_number_or_shape_of_outputs_is_said_and_never_passed_over(
    twins, name, cotangents, expected, found
):
    def fill(one):
        if isinstance(one, tuple):
            return tuple(map(fill, one))
        return {"out": normal(5, 2, 2), "state": normal(1, 3, 4), None: None}[one]

    net, _ = twins(name)
    error = net.grads([normal(5, 2, 3)], fill(cotangents)).error
    assert (error.kind, error.expected, error.found) == ("refused", expected, found)
    said = trouble_said(name, error)
    assert expected in said["en"]
    assert found in said["zh"]


def test_whole_numbers_among_the_inputs_have_no_gradient(ask, twins):
    ask.namespace["Picked"] = type(
        "Picked", (ask.namespace["Net"],),
        {"forward": lambda self, x, lengths, rows: self.head(x[lengths - 1, rows])},
    )  # fmt: skip
    net, _ = twins("Picked")
    x = normal(5, 2, 4)
    got = net.grads([x, torch.tensor([2, 5]), [0, 1]], normal(2, 2)).value
    assert got["inputs"][1:] == [None, [None, None]]
    heard = got["inputs"][0].abs().sum(-1) > 0
    assert heard.nonzero().tolist() == [[1, 0], [4, 1]]


# --- losses -------------------------------------------------------------------------------------


def run(here, x):
    """Return the first output here, from a state of the right type."""
    zero = torch.zeros(1, x.shape[1], 4, dtype=x.dtype)
    return here(x, (zero, zero))[0]


def by_sgd(here, x, steps, lr, measure):
    """Train as torch's own optimiser does."""
    optimiser = torch.optim.SGD(here.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        optimiser.zero_grad()
        loss = measure(run(here.train(), x))
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return losses


def test_squared_errors_train_as_with_torchs_optimiser(twins):
    net, here = twins(dtype="float64")
    x, y = normal(5, 2, 3, dtype=torch.float64), normal(5, 2, 2, dtype=torch.float64)
    got = net.train_steps([x], y, steps=6, lr=0.3).value
    want = by_sgd(here, x, 6, 0.3, lambda out: torch.nn.MSELoss()(out, y))
    assert got == pytest.approx(want, rel=1e-12)
    assert near(net.state().value["lstm.weight_ih_l0"], here.lstm.weight_ih_l0, 1e-12)


def test_cross_entropy_counts_only_places_that_are_not_ignored(twins):
    net, here = twins(n_out=3, dtype="float64")
    x = normal(5, 2, 3, dtype=torch.float64)
    y = torch.tensor([[0, 2], [1, -1], [2, -1], [0, 1], [-1, -1]])

    def by_hand(out):
        counted = y >= 0
        return -out.log_softmax(-1)[counted][torch.arange(6), y[counted]].mean()

    got = net.train_steps([x], y, steps=4, lr=0.5, loss="cross_entropy").value
    assert got == pytest.approx(by_sgd(here, x, 4, 0.5, by_hand), rel=1e-12)
    other, _ = twins(n_out=3, dtype="float64")
    again = other.train_steps([x], y.where(y >= 0, 9), 4, 0.5, loss="cross_entropy", ignore=9)
    assert again.value == pytest.approx(got, rel=1e-12)


def over_all_paths(logp, label):
    """The CTC loss of one sequence: every path written out, collapsed and compared."""
    frames, classes = logp.shape
    total = 0.0
    for path in itertools.product(range(classes), repeat=frames):
        merged = [k for k, _ in itertools.groupby(path)]
        if [k for k in merged if k != 0] == label:
            total += math.exp(sum(float(logp[t, k]) for t, k in enumerate(path)))
    return -math.log(total)


def test_ctc_sums_over_all_paths_and_heeds_lengths(twins):
    net, here = twins(n_out=3, dtype="float64")
    x = normal(6, 2, 3, dtype=torch.float64)
    y, lengths = torch.tensor([[1, 1, 2], [2, 2, 1]]), ([6, 4], [3, 1])
    got = net.train_steps([x], y, 3, 0.2, loss="ctc", lengths=lengths).value
    logp = run(here, x).detach().log_softmax(-1)
    each = [over_all_paths(logp[:6, 0], [1, 1, 2]) / 3, over_all_paths(logp[:4, 1], [2]) / 1]
    assert got[0] == pytest.approx(np.mean(each), rel=1e-9)  # torch divides by target lengths

    def torchs(out):
        measure = torch.nn.CTCLoss()
        return measure(out.log_softmax(-1), y, *map(torch.tensor, lengths))

    assert got == pytest.approx(by_sgd(here, x, 3, 0.2, torchs), rel=1e-9)


@pytest.mark.parametrize(
    ("target", "options", "sentence"),
    [
        (torch.zeros(5, 2, dtype=torch.int64), {}, "expected floats for loss 'mse', found torch.i"),
        (np.zeros((5, 2), int), {}, "classes are for 'cross_entropy'"),
        ([[0, 1]], {}, "expected floats"),
        (torch.zeros(5, 2), {"loss": "cross_entropy"}, "expected whole numbers"),
        (torch.zeros(5, 2), {"loss": "ctc"}, "expected whole numbers"),
        (torch.zeros(5, 2, dtype=torch.int64), {"loss": "ctc"}, "lengths="),
        (torch.zeros(5, 2), {"lengths": ([1], [1])}, "lengths="),
        (torch.zeros(5, 2), {"loss": "hinge"}, "loss: expected one of"),
    ],
)
def test_a_target_that_does_not_suit_its_loss_is_the_tests_own_mistake(
    twins, target, options, sentence
):
    net, _ = twins()
    with pytest.raises(WrongRequest, match=sentence):
        net.train_steps([normal(5, 2, 3)], target, **options)


@pytest.mark.parametrize(
    ("name", "target", "loss", "why", "expected", "found"),
    [
        ("Flat", normal(5, 2, 1), "mse", "shape", "(5, 2, 1)", "(5, 2)"),
        ("Net", normal(5, 2), "mse", "shape", "(5, 2)", "(5, 2, 2)"),
        ("Flat", torch.zeros(5, 2).long(), "cross_entropy", "shape", "(5, 2, K)", "(5, 2)"),
        ("Flat", torch.ones(2, 1).long(), "ctc", "shape", "(T, 2, K)", "(5, 2)"),
        ("Arrays", normal(5, 2, 2), "mse", "tensor", "", "ndarray"),
    ],
)
def test_an_output_that_does_not_suit_its_target_is_the_answers(
    twins, name, target, loss, why, expected, found
):
    net, _ = twins(name)
    lengths = ([5, 5], [1, 1]) if loss == "ctc" else None
    error = net.train_steps([normal(5, 2, 3)], target, loss=loss, lengths=lengths).error
    assert (error.kind, error.type) == ("refused", why)
    assert (error.expected, error.found) == (expected, found)


# --- what may be reached ------------------------------------------------------------------------

NAMES = ["__init__", "__class__", "__reduce__", "_hidden", "_call_impl", "a.b", "", "é ", 3, None]


@pytest.mark.parametrize("name", NAMES)
def test_private_names_are_refused_on_both_sides(ask, twins, name):
    net, _ = twins()
    with pytest.raises(WrongRequest):
        net.method(name)
    message = {"op": "method", "handle": net.made.value, "name": "Net", "method": name}
    result = ask._ask(message, (), {})
    assert (result.error.kind, result.error.type) == ("raised", "ValueError")


@pytest.mark.parametrize("name", ["size", "head", "zero_grad", "register_forward_hook", "to", "no"])
def test_only_functions_of_its_own_class_are_methods(twins, name):
    net, _ = twins()
    error = net.method(name).error
    assert (error.kind, error.type) == ("refused", "method")
    assert f"Net.{name}" in trouble_said(f"Net.{name}", error)["zh"]


def test_a_method_of_a_class_between_is_found(twins):
    net, here = twins("Kept")
    x = normal(5, 2, 3)
    assert near(net.method("encode", x).value[0], here.encode(x)[0])


def test_what_is_no_module_is_said(ask):
    made = ask.make("Plain")
    assert (made.made.error.kind, made.made.error.type) == ("refused", "module")
    assert made.forward(normal(2)).error is made.made.error
    assert "torch.nn.Module" in trouble_said("Plain", made.made.error)["zh"]


@pytest.mark.parametrize(
    "change",
    [
        {"handle": 99}, {"handle": -1}, {"handle": True}, {"handle": "0"}, {"handle": [0]},
        {"handle": None}, {"op": "__class__"}, {"op": "carry_out"}, {"seed": -1}, {"seed": "1"},
        {"seed": 2**70}, {"seed": True}, {"op": "make", "dtype": "int64"},
        {"op": "make", "dtype": ["float32"]}, {"op": "make", "train": 1},
    ],
    ids=str,
)  # fmt: skip
def test_a_request_of_another_form_reaches_nothing(ask, twins, change):
    net, _ = twins()
    message = {"op": "forward", "handle": net.made.value, "name": "Net", **change}
    result = ask._ask(message, (normal(5, 2, 3),) if message["op"] != "make" else (), {})
    assert (result.error.kind, result.error.type) == ("raised", "ValueError")


@pytest.mark.parametrize("steps", [0, -1, 1.0, True, "3", 10**6])
def test_the_number_of_steps_is_a_bounded_whole_number(twins, steps):
    net, _ = twins()
    error = net.train_steps([normal(5, 2, 3)], normal(5, 2, 2), steps=steps).error
    assert error.type == "ValueError"


@pytest.mark.parametrize("handle", [None, -1, 1.0, True, "1", 2**40, [1], {"a": 1}, np.ones(3)])
def test_a_handle_that_is_no_number_is_trouble_before_it_is_sent_back(handle):
    assert checked(Result(value=handle)).error.kind == "protocol"
    assert checked(Result(value=3)).error is None


def test_modules_that_nobody_asks_for_any_more_go(ask, monkeypatch):
    monkeypatch.setattr("lstm_lab.grading.worker.modules.MAX_MODULES", 4)
    nets = [ask.make("Net") for _ in range(6)]
    assert len(ask.host.modules.made) == 4
    assert nets[0].state().error.type == "ValueError"
    assert nets[-1].state().error is None
