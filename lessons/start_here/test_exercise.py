"""What exercise 00 asks: sigmoid, add_bias, affine, affine_backward, finite_difference.

Each test calls submission and solution with the same arguments and compares. In the first case
some sizes are equal, so that mistakes run that would otherwise stop with an error.
"""

import numpy as np
import pytest

from lstm_lab.grading import Feedback, compare


@pytest.mark.points(1, task="sigmoid", en="near zero", zh="零附近")
def test_sigmoid_near_zero(submission, solution, rng):
    for shape in [(6,), (3, 4), (2, 3, 5), (1, 1)]:
        x = rng.normal(scale=2, size=shape)
        got, want = submission.call("sigmoid", x), solution.call("sigmoid", x)
        compare(got, want, name="sigmoid(x)")


@pytest.mark.points(1, task="sigmoid", en="far out, up to ±1000", zh="远处，直到 ±1000")
def test_sigmoid_far_out(submission, solution, rng):
    x = np.concatenate([[1000.0, -1000.0], rng.uniform(50, 900, size=6) * [1, -1, 1, -1, 1, -1]])
    got, want = submission.call("sigmoid", x), solution.call("sigmoid", x)
    compare(got, want, name="sigmoid(x)")
    if got.warnings:
        raise Feedback(
            en=f"The values are right, but NumPy warned: “{got.warnings[0]}”. Somewhere e is "
            "raised to a large positive power. (`np.where` computes both of its branches "
            "everywhere, also the one that it throws away.)",
            zh=f"数值是对的，但 NumPy 发出了警告：“{got.warnings[0]}”。"
            "某处算了 e 的很大的正数次方。"
            "（`np.where` 会把两个分支在所有位置都算一遍，包括丢掉的那一支。）",
        )


@pytest.mark.points(2, task="add_bias", en="each network its own bias", zh="每个网络用自己的偏置")
def test_add_bias(submission, solution, rng):
    for S, B, H in [(3, 3, 4), (2, 5, 4), (1, 4, 2), (3, 1, 2)]:
        a, b = rng.normal(size=(S, B, H)), rng.normal(size=(S, H))
        got, want = submission.call("add_bias", a, b), solution.call("add_bias", a, b)
        compare(got, want, name="add_bias(a, b)")


@pytest.mark.points(2, task="affine", en="forward", zh="正向")
def test_affine(submission, solution, rng):
    for B, I, H in [(3, 3, 3), (4, 3, 2), (1, 2, 5), (3, 1, 1)]:
        x, W, b = rng.normal(size=(B, I)), rng.normal(size=(H, I)), rng.normal(size=H)
        got, want = submission.call("affine", x, W, b), solution.call("affine", x, W, b)
        compare(got, want, name="z")


@pytest.mark.points(3, task="affine_backward", en="backward", zh="反向")
def test_affine_backward(submission, solution, rng):
    for B, I, H in [(3, 3, 3), (4, 3, 2), (1, 2, 5), (5, 1, 2)]:
        dz, x, W = rng.normal(size=(B, H)), rng.normal(size=(B, I)), rng.normal(size=(H, I))
        got = submission.call("affine_backward", dz, x, W)
        want = solution.call("affine_backward", dz, x, W)
        compare(got, want, name=("dx", "dW", "db"))


@pytest.mark.points(
    1, task="finite_difference", en="numbers that do not feel each other", zh="各个数互不影响"
)
def test_finite_difference_of_cubes(submission, solution, rng):
    for shape, eps in [((3,), 0.5), ((2, 3), 0.1), ((1,), 1.5)]:  # wide, so that eps shows
        x = rng.normal(size=shape)
        got = submission.call("finite_difference", "cubes", x, eps)
        want = solution.call("finite_difference", "cubes", x, eps)
        compare(got, want, name="finite_difference(f, x, eps)")


@pytest.mark.points(
    1, task="finite_difference", en="numbers that feel each other", zh="各个数互相影响"
)
def test_finite_difference_where_numbers_feel_each_other(submission, solution, rng):
    for f, shape, eps in [("product", (4,), 0.5), ("product", (2, 2), 0.1), ("wave", (3, 2), 0.2)]:
        x = rng.uniform(1, 2, size=shape)
        got = submission.call("finite_difference", f, x, eps)
        want = solution.call("finite_difference", f, x, eps)
        compare(got, want, name="finite_difference(f, x, eps)")
