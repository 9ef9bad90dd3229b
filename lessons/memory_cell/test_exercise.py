"""What exercise 04 asks: cell_step, cell_forward, truncated_backward, count_weights.

In the first case of a test some sizes are equal, so that mistakes run that
would otherwise stop with an error, and can be told by name.
"""

from dataclasses import replace

import numpy as np
import pytest

from lstm_lab.grading import compare

STEP = ("h", "c_new", "gates")
BACK = ("dc", "da_i", "da_g", "da_o")


@pytest.mark.points(2, task="cell_step", en="one cell a block", zh="每块一个单元")
def test_step_of_single_cells(submission, solution, rng):
    for B, K in [(3, 3), (2, 4), (1, 1)]:
        a, c = 2 * rng.normal(size=(B, 3 * K)), 2 * rng.normal(size=(B, K))
        got, want = submission.call("cell_step", a, c), solution.call("cell_step", a, c)
        compare(got, want, name=STEP)


@pytest.mark.points(2, task="cell_step", en="several cells a block", zh="每块多个单元")
def test_step_of_blocks(submission, solution, rng):
    for B, K, H in [(4, 2, 4), (3, 2, 6), (2, 1, 3), (1, 3, 6)]:
        a, c = 2 * rng.normal(size=(B, H + 2 * K)), 2 * rng.normal(size=(B, H))
        got, want = submission.call("cell_step", a, c), solution.call("cell_step", a, c)
        compare(got, want, name=STEP)


@pytest.mark.points(3, task="cell_forward", en="through the sequence", zh="走完序列")
def test_forward(submission, solution, rng):
    for T, B, I, K, H in [(4, 4, 3, 1, 3), (5, 3, 2, 2, 4), (1, 2, 3, 1, 1), (3, 1, 1, 2, 2)]:
        arguments = forward_arguments(rng, T, B, I, K, H)
        got = submission.call("cell_forward", "toy", *arguments)
        want = solution.call("cell_forward", "toy", *arguments)
        compare(got, want, name=("h", "c"))


@pytest.mark.points(2, task="truncated_backward", en="one cell a block", zh="每块一个单元")
def test_backward_of_single_cells(submission, solution, rng):
    for T, B, K in [(4, 3, 3), (6, 2, 1), (1, 2, 3)]:
        check_backward(submission, solution, back_arguments(rng, T, B, K, K))


@pytest.mark.points(2, task="truncated_backward", en="several cells a block", zh="每块多个单元")
def test_backward_of_blocks(submission, solution, rng):
    for T, B, K, H in [(4, 3, 2, 4), (5, 2, 3, 6), (3, 1, 1, 3)]:
        check_backward(submission, solution, back_arguments(rng, T, B, K, H))


@pytest.mark.points(1, task="count_weights", en="biases at the gates", zh="只有门带偏置")
def test_count_with_biased_gates(submission, solution, rng):
    check_counts(submission, solution, rng, [(7, 4, 1, 7), (7, 3, 2, 7)], "gates")


@pytest.mark.points(1, task="count_weights", en="biases everywhere", zh="全都带偏置")
def test_count_with_biases_everywhere(submission, solution, rng):
    check_counts(submission, solution, rng, [(2, 2, 2, 1), (8, 3, 2, 8)], "all")


def forward_arguments(rng, T, B, I, K, H):
    U = H + 2 * K
    shapes = [(T, B, I), (U, I + U + 1), (B, H), (B, H), (B, 2 * K)]
    return [rng.normal(size=shape) for shape in shapes]


def back_arguments(rng, T, B, K, H):
    dh, c, g = rng.normal(size=(3, T, B, H))
    i, o = rng.uniform(0.1, 0.9, size=(2, T, B, K))
    return dh, 2 * c, i, 2 * np.tanh(g), o


def check_backward(submission, solution, arguments):
    got = submission.call("truncated_backward", *arguments)
    want = solution.call("truncated_backward", *arguments)
    compare(got, want, name=BACK)


def check_counts(submission, solution, rng, nets, bias):
    nets = [*nets, tuple(int(n) for n in rng.integers(3, 12, size=4))]
    for I, blocks, cells, O in nets:
        got = submission.call("count_weights", I, blocks, cells, O, bias)
        want = solution.call("count_weights", I, blocks, cells, O, bias)
        if isinstance(got.value, float):
            want = replace(want, value=float(want.value))
        compare(got, want, name="count_weights(…)")
