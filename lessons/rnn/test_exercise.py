"""What exercise 01 asks: rnn_step, rnn_forward, last_valid, head_loss.

The tests come first and are the specification. B, T, I and H are all different in most cases, so
that swapped axes and missing transposes fail; in the first case of a test some are equal, so that
the same mistakes run and can be told by name.
"""

import numpy as np
import pytest

from lstm_lab.grading import Feedback, compare


def step_arguments(rng, B, I, H, scale=1.0):
    shapes = [(B, I), (B, H), (H, I), (H, H), (H,)]
    return [scale * rng.normal(size=shape) for shape in shapes]


@pytest.mark.points(2, task="rnn_step", en="one step", zh="一步")
def test_step(submission, solution, rng):
    for B, I, H in [(4, 4, 4), (3, 4, 4), (3, 2, 4), (1, 5, 2), (4, 1, 1)]:
        arguments = step_arguments(rng, B, I, H)
        got, want = submission.call("rnn_step", *arguments), solution.call("rnn_step", *arguments)
        compare(got, want, name="rnn_step(…)")


@pytest.mark.points(1, task="rnn_step", en="huge numbers", zh="很大的数")
def test_step_with_huge_numbers(submission, solution, rng):
    # Sums in the thousands. Unit 0 hears b alone, 1 x, 2 h, 3 both: whatever is left out shows.
    arguments = step_arguments(rng, B=6, I=2, H=4, scale=100.0)
    _x, _h, W_x, W_h, b = arguments
    W_x[[0, 2]], W_h[[0, 1]], b[:] = 0.0, 0.0, [rng.uniform(100, 300), 0.0, 0.0, 0.0]
    got, want = submission.call("rnn_step", *arguments), solution.call("rnn_step", *arguments)
    compare(got, want, name="rnn_step(…)")
    if got.warnings:
        raise Feedback(
            en=f"The values are right, but NumPy warned: “{got.warnings[0]}”. `np.tanh` takes "
            "numbers of any size quietly.",
            zh=f"数值是对的，但 NumPy 发出了警告：“{got.warnings[0]}”。"
            "多大的数 np.tanh 都能平静地处理。",
        )


@pytest.mark.points(2, task="rnn_forward", en="sequences of full length", zh="不带填充的序列")
def test_forward_of_full_sequences(submission, solution, rng):
    for T, B, I, H in [(4, 4, 2, 3), (5, 3, 2, 4), (1, 2, 3, 4), (4, 1, 3, 2)]:
        x, h0, lengths = rng.normal(size=(T, B, I)), rng.normal(size=(B, H)), np.full(B, T)
        got = submission.call("rnn_forward", "leak", x, h0, lengths)
        want = solution.call("rnn_forward", "leak", x, h0, lengths)
        compare(got, want, name="rnn_forward(…)")


@pytest.mark.points(2, task="rnn_forward", en="padded sequences", zh="带填充的序列")
def test_forward_of_padded_sequences(submission, solution, rng):
    for T, B, I, H in [(6, 4, 2, 3), (3, 2, 4, 1)]:
        x, h0 = rng.normal(size=(T, B, I)), rng.normal(size=(B, H))
        lengths = np.array([2, T, 1, *rng.integers(1, T + 1, size=B)][:B])
        got = submission.call("rnn_forward", "leak", x, h0, lengths)
        want = solution.call("rnn_forward", "leak", x, h0, lengths)
        compare(got, want, name="rnn_forward(…)")


@pytest.mark.points(1, task="rnn_forward", en="with another step", zh="换一种步骤")
def test_forward_takes_any_step(submission, solution, rng):
    T, B, I, H = 4, 3, 2, 5
    x, h0, lengths = rng.normal(size=(T, B, I)), rng.normal(size=(B, H)), np.array([2, 4, 1])
    got = submission.call("rnn_forward", "turn", x, h0, lengths)
    want = solution.call("rnn_forward", "turn", x, h0, lengths)
    compare(got, want, name="rnn_forward(…)")


@pytest.mark.points(2, task="last_valid", en="the last valid state", zh="最后一个有效状态")
def test_last_valid(submission, solution, rng):
    for T, B, H in [(4, 4, 3), (6, 4, 2), (5, 1, 3), (1, 3, 2)]:
        h = rng.normal(size=(T, B, H))  # past the end: anything
        lengths = np.minimum([2, T, 1, *rng.integers(1, T + 1, size=B)][:B], T)
        got = submission.call("last_valid", h, lengths)
        want = solution.call("last_valid", h, lengths)
        compare(got, want, name="last_valid(h, lengths)")


@pytest.mark.points(3, task="head_loss", en="number and loss", zh="输出与损失")
def test_head_loss(submission, solution, rng):
    for B, H in [(4, 3), (2, 5), (1, 2)]:
        h, W_y, b_y = rng.normal(size=(B, H)), rng.normal(size=(1, H)), rng.normal(size=1)
        error = rng.uniform(0.5, 2, size=B) * (-1) ** np.arange(B)  # of both signs
        target = h @ W_y[0] + b_y + error
        got = submission.call("head_loss", h, W_y, b_y, target)
        want = solution.call("head_loss", h, W_y, b_y, target)
        compare(got, want, name=("y", "loss"))
