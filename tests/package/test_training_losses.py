"""Losses against torch; clipping against torch, and by seed."""

import numpy as np
import pytest

from lstm_lab.errors import UserError
from lstm_lab.records import flatten
from lstm_lab.training import (
    binary_cross_entropy,
    clip_global_norm,
    clip_value,
    cross_entropy,
    mse,
    one_thread,
)

torch = one_thread()
F = torch.nn.functional


def by_torch(loss, pred, target, mask):
    z = torch.tensor(pred, requires_grad=True)
    y = torch.tensor(target)
    keep = torch.ones(pred.shape[:-1], dtype=bool) if mask is None else torch.tensor(mask)
    value = loss(z[keep], y[keep])
    value.backward()
    return value.item(), z.grad.numpy()


LOSSES = {
    "mse": (mse, F.mse_loss, lambda rng, shape: rng.normal(size=shape)),
    "bce": (
        binary_cross_entropy,
        F.binary_cross_entropy_with_logits,
        lambda rng, shape: rng.integers(0, 2, shape).astype(float),
    ),
    "ce": (
        cross_entropy,
        F.cross_entropy,
        lambda rng, shape: rng.integers(0, shape[-1], shape[:-1]),
    ),
}


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("shape", [(4, 3), (5, 4, 3), (2, 5, 4, 1)])
@pytest.mark.parametrize("name", LOSSES)
def test_value_and_gradient_as_torch(name, shape, masked):
    ours, theirs, draw = LOSSES[name]
    rng = np.random.default_rng(0)
    pred = 3 * rng.normal(size=shape)
    target = draw(rng, shape)
    mask = rng.random(shape[:-1]) > 0.3 if masked else None
    value, gradient = ours(pred, target, mask=mask)
    want, want_gradient = by_torch(theirs, pred, target, mask)
    assert isinstance(value, float)
    assert value == pytest.approx(want, rel=1e-13)
    np.testing.assert_allclose(gradient, want_gradient, rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("lead", [(), (5,)])
@pytest.mark.parametrize("name", LOSSES)
def test_each_seed_as_if_alone(name, lead, masked):
    ours, _, draw = LOSSES[name]
    rng = np.random.default_rng(1)
    S, B, O = 3, 4, 2
    shape = (*lead, S, B, O)
    pred, target = rng.normal(size=shape), draw(rng, shape)
    mask = rng.random(shape[:-1]) > 0.3 if masked else None
    value, gradient = ours(pred, target, mask=mask, seeds=True)
    assert value.shape == (S,)
    for s in range(S):
        at = (slice(None),) * len(lead) + (s,)
        alone, alone_gradient = ours(pred[at], target[at], mask=None if mask is None else mask[at])
        assert value[s] == pytest.approx(alone)
        np.testing.assert_allclose(gradient[at], alone_gradient, rtol=1e-13)


@pytest.mark.parametrize("name", LOSSES)
def test_extreme_predictions_stay_finite(name):
    ours, _, draw = LOSSES[name]
    target = draw(np.random.default_rng(2), (6, 2))
    for dtype in (np.float32, np.float64):
        pred = np.tile(np.array([[1000.0, -1000.0]], dtype), (6, 1))
        value, gradient = ours(pred, target.astype(dtype) if target.dtype.kind == "f" else target)
        assert np.isfinite(value)
        assert np.isfinite(gradient).all()
        assert gradient.dtype == dtype


def test_padding_may_hold_anything():
    labels = np.array([1, -1, 0])
    logits = np.array([[0.0, 1.0], [np.nan, np.nan], [2.0, 0.0]])
    value, gradient = cross_entropy(logits, labels, mask=labels >= 0)
    want, _ = cross_entropy(logits[[0, 2]], labels[[0, 2]])
    assert value == pytest.approx(want)
    np.testing.assert_array_equal(gradient[1], 0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: mse(np.zeros((4, 1)), np.zeros(4)),
            r"target: expected shape \(4, 1\), found \(4,\)",
        ),
        (
            lambda: cross_entropy(np.zeros((4, 3)), np.zeros((4, 3))),
            r"labels: expected shape \(4,\), found \(4, 3\)",
        ),
        (
            lambda: cross_entropy(np.zeros((4, 3)), np.zeros(4)),
            "labels: expected integers 0 … 2, found float64",
        ),
        (
            lambda: cross_entropy(np.zeros((2, 3)), np.array([0, 3])),
            "labels: expected 0 … 2, found 0 … 3",
        ),
        (
            lambda: mse(np.zeros((2, 1)), np.zeros((2, 1)), mask=[False, False]),
            "mask: it leaves nothing",
        ),
        (
            lambda: mse(np.zeros((2, 1)), np.zeros((2, 1)), seeds=True),
            r"seeds=True: expected predictions of shape",
        ),
    ],
)
def test_bad_input_in_one_sentence(call, message):
    with pytest.raises(UserError, match=message):
        call()


@pytest.mark.parametrize("max_norm", [0.5, 5.0, 1e9])
def test_global_norm_as_torch(max_norm):
    rng = np.random.default_rng(3)
    grads = (rng.normal(size=(3, 2)), rng.normal(size=4))
    weights = [torch.zeros(g.shape, dtype=torch.float64, requires_grad=True) for g in grads]
    for w, g in zip(weights, grads, strict=True):
        w.grad = torch.tensor(g.copy())
    want = torch.nn.utils.clip_grad_norm_(weights, max_norm).item()
    before = flatten(grads)
    clipped, norm = clip_global_norm(grads, max_norm)
    assert norm == pytest.approx(want)
    for c, w in zip(clipped, weights, strict=True):
        np.testing.assert_allclose(c, w.grad.numpy(), rtol=1e-12)
    np.testing.assert_array_equal(flatten(grads), before)


def test_global_norm_by_seed():
    rng = np.random.default_rng(4)
    grads = (
        rng.normal(size=(3, 5, 2)) * np.array([0.01, 1, 100])[:, None, None],
        rng.normal(size=(3, 4)),
    )
    clipped, norms = clip_global_norm(grads, 1.0, seeds=3)
    for s in range(3):
        alone, norm = clip_global_norm(tuple(g[s] for g in grads), 1.0)
        assert norms[s] == pytest.approx(norm)
        for c, a in zip(clipped, alone, strict=True):
            np.testing.assert_allclose(c[s], a, rtol=1e-12)


def test_records_tell_their_seeds():
    from lstm_lab.cells import lstm_init
    from lstm_lab.layers import linear_init

    seeds = range(3)
    grads = (lstm_init(2, 4, seed=seeds), linear_init(4, 1, seed=seeds))
    clipped, norms = clip_global_norm(grads, 0.1)
    assert norms.shape == (3,)
    for s in range(3):
        alone = clip_global_norm((grads[0].pick(s), grads[1].pick(s)), 0.1)[0]
        np.testing.assert_allclose(clipped[0].pick(s).W_x, alone[0].W_x, rtol=1e-12)


def test_value_as_torch():
    g = np.array([-3.0, 0.2, 7.0])
    w = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    w.grad = torch.tensor(g.copy())
    torch.nn.utils.clip_grad_value_([w], 0.5)
    np.testing.assert_array_equal(clip_value((g,), 0.5)[0], w.grad.numpy())


def test_a_broken_gradient_is_not_hidden():
    clipped, norm = clip_global_norm((np.array([np.nan, 1.0]),), 1.0)
    assert np.isnan(norm)
    assert np.isnan(clipped[0]).any()


def test_zero_gradient_stays_zero():
    clipped, norm = clip_global_norm((np.zeros(3),), 1.0)
    assert norm == 0
    np.testing.assert_array_equal(clipped[0], 0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: clip_global_norm((np.ones(2),), 0),
            "max_norm: expected a number above 0, found 0",
        ),
        (lambda: clip_value((np.ones(2),), -1), "limit: expected a number above 0, found -1"),
        (
            lambda: clip_global_norm((np.ones((2, 3)),), 1.0, seeds=3),
            r"0: expected a leading seed dimension of 3, found shape \(2, 3\)",
        ),
    ],
)
def test_clipping_refuses(call, message):
    with pytest.raises(UserError, match=message):
        call()
