"""The gradient checker: it must pass what is right and find every fault that is planted."""

import numpy as np
import pytest

from lstm_lab.cells import lstm_init, rnn_init
from lstm_lab.errors import UserError
from lstm_lab.gradients import check_gradients, numeric_gradients
from lstm_lab.layers import backward, forward, linear_init
from lstm_lab.records import map_arrays
from lstm_lab.training import gradients


def setting(rng):
    """A function with a known gradient over a tree of three arrays."""
    tree = {"W": rng.normal(size=(3, 3)), "b": rng.normal(size=3), "x": rng.normal(size=(2, 3))}

    def function(t):
        return float(np.tanh(t["x"] @ t["W"].T + t["b"]).sum())

    slope = 1 - np.tanh(tree["x"] @ tree["W"].T + tree["b"]) ** 2
    grads = {"W": slope.T @ tree["x"], "b": slope.sum(axis=0), "x": slope @ tree["W"]}
    return function, tree, grads


def test_right_gradients_pass(rng):
    function, tree, grads = setting(rng)
    report = check_gradients(function, tree, grads)
    assert report
    assert "9 of 9 right" in str(report)
    assert "<--" not in str(report)


FAULTS = {
    "one entry": (lambda g: g + 1e-4 * np.eye(3), "6 of 9 right", None),
    "sign": (lambda g: -g, "0 of 9 right", "the sign is the wrong way round"),
    "factor": (lambda g: 2 * g, "0 of 9 right", "it is 2 times what it should be"),
    "transposed": (lambda g: g.T.copy(), "3 of 9 right", "right when transposed"),
    "zero": (np.zeros_like, "0 of 9 right", "zero everywhere"),
    "nan": (lambda g: g + np.nan, "0 of 9 right", "not finite"),
    "small": (lambda g: g * (1 + 3e-5), "0 of 9 right", "it is 1 times"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_planted_faults_are_found(rng, name):
    plant, count, symptom = FAULTS[name]
    function, tree, grads = setting(rng)
    report = check_gradients(function, tree, grads | {"W": plant(grads["W"])})
    text = str(report)
    assert not report
    assert [part.ok for part in report.parts] == [False, True, True]
    assert count in text
    assert symptom is None or symptom in text
    assert "<--" in text


def test_both_columns_are_printed(rng):
    function, tree, grads = setting(rng)
    wrong = grads["b"].copy()
    wrong[1] = 12.5
    text = str(check_gradients(function, tree, grads | {"b": wrong}))
    row = next(line for line in text.splitlines() if "<--" in line)
    assert row.split()[0] == "[1]"
    assert float(row.split()[1]) == 12.5
    assert float(row.split()[2]) == pytest.approx(grads["b"][1], rel=1e-6)


def test_the_tree_is_left_alone(rng):
    function, tree, grads = setting(rng)
    before = {k: v.copy() for k, v in tree.items()}
    for a in tree.values():
        a.flags.writeable = False
    check_gradients(function, tree, grads)
    numeric_gradients(function, tree)
    for name, a in before.items():
        np.testing.assert_array_equal(tree[name], a)


def test_some_entries_of_a_large_array(rng):
    w = rng.normal(size=(40, 50))
    report = check_gradients(lambda t: float((t**2).sum()), w, 2 * w, entries=7)
    assert report.ok
    assert report.parts[0].error.size == 7


def test_a_function_that_ignores_its_argument(rng):
    report = check_gradients(lambda t: 1.0, rng.normal(size=3), np.ones(3))
    assert "does not depend on this array" in str(report)


@pytest.mark.parametrize("readout", ["last", "every"])
@pytest.mark.parametrize("init", [rnn_init, lstm_init])
def test_a_whole_model_with_its_head(rng, init, readout):
    model = (init(2, 3, seed=1), linear_init(3, 2, seed=2))
    x = rng.normal(size=(4, 5, 2))
    y = rng.normal(size=((4,) if readout == "every" else ()) + (5, 2))
    exact = gradients(model, x, y, "mse", readout)
    report = check_gradients(lambda m: gradients(m, x, y, "mse", readout).loss, model, exact.grads)
    assert report, str(report)


def test_a_fault_in_a_cell_is_found(rng):
    p, x = lstm_init(2, 3), rng.normal(size=(4, 2, 2))

    def loss(q):
        return float((forward(q, x).h ** 2).sum())

    out = forward(p, x)
    right = backward(p, out, 2 * out.h).p
    assert check_gradients(loss, p, right)
    # f and i exchanged in the gradient
    swapped = map_arrays(lambda a: np.concatenate([a[3:6], a[:3], a[6:]]), right)
    assert not check_gradients(loss, p, swapped)


def test_numeric_gradients_have_the_form_of_the_record():
    p = rnn_init(2, 3)
    g = numeric_gradients(lambda q: float((q.W_h**2).sum()), p)
    assert type(g) is type(p)
    np.testing.assert_allclose(g.W_h, 2 * p.W_h, atol=1e-9)
    np.testing.assert_array_equal(g.b, 0)


@pytest.mark.parametrize(
    ("at", "grads", "message"),
    [
        (np.ones(2, np.float32), np.ones(2), "at: finite differences need float64, found float32"),
        ((np.ones(2),), (np.ones(3),), r"gradient of 0: expected shape \(2,\), found \(3,\)"),
        (
            (np.ones(2), np.ones(1)),
            (np.ones(2),),
            r"gradient of 1: expected shape \(1,\), found None",
        ),
    ],
)
def test_bad_input_in_one_sentence(at, grads, message):
    with pytest.raises(UserError, match=message):
        check_gradients(lambda t: 0.0, at, grads)
