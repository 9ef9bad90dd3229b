"""What exercise 05 asks: lstm_step, lstm_forward, to_separate, count_parameters, chrono_bias,
half_life.

In the first case of a test some sizes are equal, so that mistakes run that would otherwise stop
with an error, and can be told by name.
"""

from dataclasses import replace

import numpy as np
import pytest

from lstm_lab.grading import Feedback, Symptom, compare

ROUNDED = Symptom(
    lambda got, want, b_f: got.shape == b_f.shape and np.isclose(got[0], want[0]),
    en="right for a small bias; for large ones σ(b) is rounded (to 1 at last, and ln 1 = 0). "
    "Put the sigmoid into the formula first: −ln σ(b) = ln(1 + e^−b), `np.log1p(np.exp(-b))`.",
    zh="小偏置是对的；偏置大了，σ(b) 会被舍入（最后成了 1，而 ln 1 = 0）。"
    "先把 sigmoid 代进公式：−ln σ(b) = ln(1 + e^−b)，即 `np.log1p(np.exp(-b))`。",
    first=True,
)
WHOLE = Symptom(  # often the same as rounded down or up
    lambda got, want, b_f: np.array_equal(got, np.round(want)),
    en="it is rounded; half-lives need not be whole numbers.",
    zh="四舍五入了；半衰期不必是整数。",
)


@pytest.mark.points(3, task="lstm_step", en="one step", zh="一步")
def test_step(submission, solution, rng):
    for B, I, H in [(4, 4, 4), (3, 2, 4), (1, 5, 2), (4, 1, 1)]:
        arguments = step_arguments(rng, B, I, H)
        got, want = submission.call("lstm_step", *arguments), solution.call("lstm_step", *arguments)
        compare(got, want, name=("h", "c"))


@pytest.mark.points(1, task="lstm_step", en="huge numbers", zh="很大的数")
def test_step_with_huge_numbers(submission, solution, rng):
    # Sums in the thousands. Units 0 and 1 hear b alone, 2 x, 3 h, 4 both: what is left out shows.
    H = 5
    arguments = step_arguments(rng, B=6, I=2, H=H, scale=100.0)
    W_x, W_h, b = (part.reshape(4, H, -1) for part in arguments[3:])  # views, (4, H, …)
    W_x[:, [0, 1, 3]], W_h[:, :3], b[:, 2:] = 0.0, 0.0, 0.0
    signs = np.array(
        [[1, -1, -1, 1], [1, 1, -1, 1]]
    )  # open or shut, so that c is overwritten; kept
    b[:, :2, 0] = (signs * rng.uniform(100, 300, size=(2, 4))).T
    got, want = submission.call("lstm_step", *arguments), solution.call("lstm_step", *arguments)
    compare(got, want, name=("h", "c"))
    quiet_only(got)


@pytest.mark.points(2, task="lstm_forward", en="sequences of full length", zh="不带填充的序列")
def test_forward_of_full_sequences(submission, solution, rng):
    for T, B, H in [(4, 4, 3), (5, 3, 2), (1, 2, 3), (4, 1, 2)]:
        check_forward(submission, solution, rng, T, B, H, np.full(B, T))


@pytest.mark.points(2, task="lstm_forward", en="padded sequences", zh="带填充的序列")
def test_forward_of_padded_sequences(submission, solution, rng):
    for T, B, H in [(6, 4, 2), (3, 2, 1)]:
        lengths = np.array([2, T, 1, *rng.integers(1, T + 1, size=B)][:B])
        check_forward(submission, solution, rng, T, B, H, lengths)


@pytest.mark.points(3, task="to_separate", en="rows and columns", zh="行和列")
def test_to_separate(submission, solution, rng):
    for I, H in [(2, 5), (3, 3), (4, 1), (1, 2)]:
        W, b = rng.normal(size=(4 * H, H + I)), rng.normal(size=4 * H)
        got = submission.call("to_separate", W, b)
        want = solution.call("to_separate", W, b)
        compare(got, want, name=("W_x", "W_h", "b"))


@pytest.mark.points(1, task="count_parameters", en="one layer", zh="一层")
def test_count_of_one_layer(submission, solution, rng):
    check_counts(submission, solution, rng, [(3, 5, 1, 1), (7, 4, 1, 2)], layers=1)


@pytest.mark.points(1, task="count_parameters", en="several layers", zh="多层")
def test_count_of_several_layers(submission, solution, rng):
    check_counts(submission, solution, rng, [(2, 7, 2, 2), (9, 4, 3, 1)], layers=4)


@pytest.mark.points(2, task="chrono_bias", en="forget and input gate", zh="遗忘门和输入门")
def test_chrono_bias(submission, solution, rng):
    for H in (4, 1, 7):
        b, steps = rng.normal(size=4 * H), rng.uniform(1.5, 99, size=H)
        got = submission.call("chrono_bias", b, steps)
        want = solution.call("chrono_bias", b, steps)
        compare(got, want, name="chrono_bias(…)")


@pytest.mark.points(2, task="half_life", en="ordinary biases", zh="普通的偏置")
def test_half_life(submission, solution, rng):
    for shape in [(4,), (2, 3), (1,)]:
        b_f = rng.uniform(-3, 5, size=shape)
        got = submission.call("half_life", b_f)
        want = solution.call("half_life", b_f)
        compare(got, want, name="half_life(…)", symptoms=[WHOLE])


@pytest.mark.points(1, task="half_life", en="large biases", zh="很大的偏置")
def test_half_life_of_large_biases(submission, solution, rng):
    b_f = np.array([0.5, *rng.uniform(20, 45, size=3)])
    got = submission.call("half_life", b_f)
    want = solution.call("half_life", b_f)
    compare(got, want, name="half_life(…)", symptoms=[ROUNDED, WHOLE])


def step_arguments(rng, B, I, H, scale=1.0):
    shapes = [(B, I), (B, H), (B, H), (4 * H, I), (4 * H, H), (4 * H,)]
    return [scale * rng.normal(size=shape) for shape in shapes]


def quiet_only(got):
    if got.warnings:
        raise Feedback(
            en=f"The values are right, but NumPy warned: “{got.warnings[0]}”. In the sigmoid e is "
            "raised to a large power; `0.5 * (1 + np.tanh(a / 2))` is the same and takes any "
            "number quietly.",
            zh=f"数值是对的，但 NumPy 发出了警告：“{got.warnings[0]}”。"
            "sigmoid 里 e 的次方太大了；`0.5 * (1 + np.tanh(a / 2))` 和它相等，"
            "多大的数都能平静地处理。",
        )


def check_forward(submission, solution, rng, T, B, H, lengths):
    x, (h, c) = rng.normal(size=(T, B, H)), rng.normal(size=(2, B, H))
    got = submission.call("lstm_forward", "toy", x, h, c, lengths)
    want = solution.call("lstm_forward", "toy", x, h, c, lengths)
    compare(got, want, name=("h", "c"))


def check_counts(submission, solution, rng, nets, layers):
    I, H = (int(n) for n in rng.integers(3, 12, size=2))
    for net in [*nets, (I, H, layers, 2), (I, H, layers, 1)]:
        got = submission.call("count_parameters", *net)
        want = solution.call("count_parameters", *net)
        if isinstance(got.value, float):
            want = replace(want, value=float(want.value))  # as good as an int
        compare(got, want, name="count_parameters(…)")
