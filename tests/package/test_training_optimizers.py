"""Our optimisers take the steps of torch.optim, and handle any tree of parameters."""

from dataclasses import dataclass

import numpy as np
import pytest

from lstm_lab.errors import UserError
from lstm_lab.records import arrays, flatten, map_arrays, rebuild, seeds_of, unflatten
from lstm_lab.training import SGD, Adam, RMSprop, one_thread

torch = one_thread()


@dataclass(frozen=True)
class Pair:
    W: np.ndarray
    b: np.ndarray
    activation: str = "tanh"
    absent: np.ndarray | None = None


def pair(rng, dtype=np.float64):
    return Pair(rng.normal(size=(3, 2)).astype(dtype), rng.normal(size=3).astype(dtype))


PEERS = {
    "sgd": (lambda: SGD(0.1), lambda w: torch.optim.SGD(w, lr=0.1)),
    "momentum": (
        lambda: SGD(0.1, momentum=0.9),
        lambda w: torch.optim.SGD(w, lr=0.1, momentum=0.9),
    ),
    "rmsprop": (lambda: RMSprop(0.01), lambda w: torch.optim.RMSprop(w, lr=0.01)),
    "rmsprop decay": (
        lambda: RMSprop(0.02, decay=0.9, eps=1e-3),
        lambda w: torch.optim.RMSprop(w, lr=0.02, alpha=0.9, eps=1e-3),
    ),
    "adam": (lambda: Adam(0.02), lambda w: torch.optim.Adam(w, lr=0.02)),
    "adam betas": (
        lambda: Adam(0.02, betas=(0.5, 0.9), eps=1e-2),
        lambda w: torch.optim.Adam(w, lr=0.02, betas=(0.5, 0.9), eps=1e-2),
    ),
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", PEERS)
def test_the_same_steps_as_torch(name, dtype):
    ours, theirs = PEERS[name]
    rng = np.random.default_rng(0)
    params = (pair(rng, dtype), {"head": pair(rng, dtype)})
    weights = [torch.tensor(a.copy(), requires_grad=True) for a in arrays(params).values()]
    opt, peer = ours(), theirs(weights)
    tolerance = (
        {"rtol": 1e-12, "atol": 1e-14} if dtype is np.float64 else {"rtol": 1e-4, "atol": 1e-5}
    )
    for step in range(50):
        # gradients of very different sizes, some of them zero
        grads = map_arrays(
            lambda a: (
                (rng.normal(size=a.shape) * 10.0 ** rng.integers(-6, 3, a.shape)).astype(dtype)
                * (rng.random(a.shape) > 0.1)
            ),
            params,
        )
        params = opt.update(params, grads)
        for w, g in zip(weights, arrays(grads).values(), strict=True):
            w.grad = torch.tensor(g)
        peer.step()
        for mine, w in zip(arrays(params).values(), weights, strict=True):
            assert mine.dtype == dtype
            np.testing.assert_allclose(
                mine, w.detach().numpy(), **tolerance, err_msg=f"step {step}"
            )


@pytest.mark.parametrize("make", [SGD, RMSprop, Adam])
def test_arguments_are_left_alone(make):
    rng = np.random.default_rng(1)
    params, grads = pair(rng), pair(rng)
    before = flatten(params), flatten(grads)
    opt = make(lr=0.1)
    first = opt.update(params, grads)
    kept = flatten(first)
    second = opt.update(first, grads)
    np.testing.assert_array_equal(flatten(params), before[0])
    np.testing.assert_array_equal(flatten(grads), before[1])
    np.testing.assert_array_equal(flatten(first), kept)
    assert not np.allclose(flatten(second), kept)
    assert isinstance(second, Pair)
    assert second.activation == "tanh"


def test_seeds_train_as_if_alone():
    rng = np.random.default_rng(2)
    nets = [pair(rng) for _ in range(3)]
    steps = [[pair(rng) for _ in range(3)] for _ in range(5)]

    def stack(pairs):
        return map_arrays(lambda *a: np.stack(a), *pairs)

    together, opt = stack(nets), Adam(0.1)
    for grads in steps:
        together = opt.update(together, stack(grads))
    for s, net in enumerate(nets):
        alone_opt = Adam(0.1)
        for grads in steps:
            net = alone_opt.update(net, grads[s])
        np.testing.assert_array_equal(together.W[s], net.W)
        np.testing.assert_array_equal(together.b[s], net.b)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_compiled_adam_is_the_same_to_the_last_bit(monkeypatch, dtype):
    pytest.importorskip("numba", reason="the extra `fast` is not installed")
    from lstm_lab.training import compiled, optimizers

    assert compiled.compiled_adam() is not None
    rng = np.random.default_rng(4)
    plain = fast = pair(rng, dtype)
    plain_opt, fast_opt = Adam(0.1), Adam(0.1)
    for _ in range(30):
        grads = map_arrays(lambda a: (a + rng.normal(size=a.shape)).astype(dtype), plain)
        fast = fast_opt.update(fast, grads)
        with monkeypatch.context() as without:
            without.setattr(optimizers, "compiled_adam", lambda: None)
            plain = plain_opt.update(plain, grads)
        np.testing.assert_array_equal(flatten(fast), flatten(plain))


def test_dict_order_does_not_matter():
    params = {"a": np.zeros(2), "b": np.zeros((2, 1))}
    grads = {"b": np.ones((2, 1)), "a": np.full(2, -1.0)}
    new = SGD(1.0).update(params, grads)
    assert list(new) == ["a", "b"]
    np.testing.assert_array_equal(new["a"], [1, 1])
    np.testing.assert_array_equal(new["b"], [[-1], [-1]])


def test_learning_rate_can_follow_the_step():
    opt = SGD(lambda step: 1.0 / (step + 1))
    w = (np.zeros(1),)
    for _ in range(3):
        w = opt.update(w, (np.full(1, -1.0),))
    assert w[0][0] == pytest.approx(1 + 1 / 2 + 1 / 3)


@pytest.mark.parametrize(
    ("grads", "message"),
    [
        ((np.zeros(3), np.zeros(3)), r"gradient of 0: expected shape \(2,\), found \(3,\)"),
        ((np.zeros(2),), r"gradient of 1: expected shape \(4,\), found None"),
        (
            (np.zeros(2), np.zeros(4), np.zeros(1)),
            r"gradient of 2: expected shape None, found \(1,\)",
        ),
    ],
)
def test_gradients_that_do_not_fit_are_named(grads, message):
    with pytest.raises(UserError, match=message):
        Adam().update((np.zeros(2), np.zeros(4)), grads)


def test_other_parameters_are_refused_later():
    opt = Adam()
    opt.update((np.zeros(2),), (np.zeros(2),))
    with pytest.raises(UserError, match="already follows other parameters"):
        opt.update((np.zeros(3),), (np.zeros(3),))


@pytest.mark.parametrize("lr", [0, -1.0, float("nan")])
def test_learning_rate_must_be_positive(lr):
    with pytest.raises(UserError, match="lr: expected a number above 0"):
        Adam(lr=lr)


def test_trees_survive_the_round_trip():
    rng = np.random.default_rng(3)
    tree = {"cell": (pair(rng), None), "head": [np.arange(2.0), "relu"]}
    again = unflatten(tree, flatten(tree))
    assert list(arrays(tree)) == ["cell.0.W", "cell.0.b", "head.0"]
    assert again["cell"][1] is None
    assert again["head"][1] == "relu"
    for a, b in zip(arrays(tree).values(), arrays(again).values(), strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.raises(ValueError, match="more arrays"):
        rebuild((np.zeros(1),), [np.zeros(1), np.zeros(1)])


def test_the_seed_dimension_is_found():
    from lstm_lab.cells import lstm_init
    from lstm_lab.layers import linear_init

    assert seeds_of((lstm_init(2, 3, seed=range(4)), linear_init(3, 1, seed=range(4)))) == 4
    assert seeds_of((lstm_init(2, 3), linear_init(3, 1))) is None
