"""What exercise 02 asks: rnn_step_backward, bptt, collect, wrong_places.

In the first case of a test some sizes are equal, so that mistakes run that would otherwise stop
with an error, and can be told by name.
"""

import numpy as np
import pytest

from lstm_lab.grading import Symptom, compare

SLOPES = {  # of the probes, in closed form
    "cubes": lambda x: 3 * x**2,
    "product": lambda x: x.prod() / x,
    "steep": lambda x: 2e9 * x,
    "first": lambda x: np.where(np.arange(x.size).reshape(x.shape) == 0, np.cos(x), 0.0),
}

# fmt: off
EMPTY = Symptom(
    lambda got, want, *arguments: isinstance(got, list | tuple) and not got,
    en="an empty list came back; asked for is a truth value for every place, in the shape of x.",
    zh="返回了空列表；要的是每个位置一个真假值，形状和 x 一样。")
ZERO = Symptom(
    lambda got, want, f, x, right: got.any() and not got[right != 0].any(),
    en="a right gradient of 0 was called wrong: the quotient beside it is not exactly 0, so the "
    "bound needs the 1 in it.",
    zh="为 0 的正确梯度被判错了：旁边的商并不恰好是 0，所以界限里要有那个 1。")
STEEP = Symptom(
    lambda got, want, f, x, right: f == "steep" and got.shape == x.shape and got.any(),
    en="a right gradient of a billion was called wrong for its last digits: the bound must grow "
    "with the quotient.",
    zh="十亿的正确梯度因为末几位被判错了：界限要随商增长。")
BLAMED = Symptom(
    lambda got, want, f, x, right: got.shape == x.shape and got.any(),
    en="a right gradient was called wrong: is the comparison the wrong way round, or the "
    "quotient not the slope?",
    zh="正确的梯度被判错了：是比较写反了，还是商不是斜率？")
ONE_SIDED = Symptom(
    lambda got, want, *arguments, eps: got.shape == want.shape and got.all(),
    en="with eps = 0.001 a right gradient was called wrong: nudge to both sides, and divide by "
    "2 eps; a quotient to one side is off by about eps.",
    zh="eps = 0.001 时，正确的梯度被判错了：要往两边推，再除以 2 eps；"
    "只往一边推的商，误差和 eps 一样大。")
OWN_EPS = Symptom(
    lambda got, want, *arguments, eps: got.shape == want.shape and got.all(),
    en="with eps = 0.1 the very quotient was claimed, and called wrong: is `eps` used, or a "
    "number of your own?",
    zh="eps = 0.1 时，声称的正是那个商，却被判错了：用的是 `eps`，还是你自己写的一个数？")
SIGNED = Symptom(
    lambda got, want, f, x, right: np.array_equal(got, right < -1),
    en="a right gradient below −1 was called wrong: the bound grows with the *size* of the "
    "quotient, so take its absolute value there too.",
    zh="小于 −1 的正确梯度被判错了：界限随商的**大小**增长，那里也要取绝对值。")
ON_THE_BOUND = Symptom(
    lambda got, want, f, x, claimed: np.array_equal(got, np.arange(3) == 2),
    en="a claim exactly on the bound was called wrong: wrong is what is *over* it, `>`.",
    zh="恰好落在界限上的梯度被判错了：**超过**界限才算错，是 `>`。", first=True)
# fmt: on


@pytest.mark.points(3, task="rnn_step_backward", en="one step back", zh="往回一步")
def test_step_backward(submission, solution, rng):
    for B, I, H in [(4, 4, 4), (3, 2, 4), (1, 5, 2), (4, 1, 1)]:
        shapes = [(B, H), (B, H), (B, I), (B, H), (H, I), (H, H)]
        dh_new, h_new, x, h, W_x, W_h = (rng.normal(size=shape) for shape in shapes)
        arguments = dh_new, np.tanh(h_new), x, h, W_x, W_h
        got = submission.call("rnn_step_backward", *arguments)
        want = solution.call("rnn_step_backward", *arguments)
        compare(got, want, name=("dx", "dh", "dW_x", "dW_h", "db"))


@pytest.mark.points(2, task="bptt", en="sequences of full length", zh="不带填充的序列")
def test_bptt_of_full_sequences(submission, solution, rng):
    for T, B, H in [(5, 3, 4), (1, 2, 3), (4, 1, 2)]:
        check_bptt(submission, solution, rng, T, B, H, padded=False)


@pytest.mark.points(2, task="bptt", en="padded sequences", zh="带填充的序列")
def test_bptt_of_padded_sequences(submission, solution, rng):
    for T, B, H in [(5, 4, 3), (3, 2, 4)]:
        check_bptt(submission, solution, rng, T, B, H, padded=True)


@pytest.mark.points(3, task="collect", en="every step counts", zh="每一步都算")
def test_collect(submission, solution, rng):
    for T, B, I, H in [(5, 3, 4, 4), (4, 3, 2, 5), (1, 2, 3, 4), (3, 1, 2, 1)]:
        arguments = [rng.normal(size=size) for size in [(T, B, H), (T, B, I), (T, B, H), (B, H)]]
        got, want = submission.call("collect", *arguments), solution.call("collect", *arguments)
        compare(got, want, name=("dW_x", "dW_h", "db"))


@pytest.mark.points(
    1, task="wrong_places", en="leaves right gradients alone", zh="不冤枉正确的梯度"
)
def test_judge_acquits_right_gradients(submission, solution, rng):
    for f, x in [
        ("cubes", rng.uniform(0.5, 2, size=4)),
        ("cubes", np.zeros(1)),  # slope 0, quotient eps²
        ("steep", rng.uniform(0.5, 2, size=(2, 3))),
        ("first", rng.uniform(0.5, 2, size=3)),
        ("product", rng.uniform(0.5, 2, size=(2, 2))),
    ]:
        check_judge(submission, solution, f, x, SLOPES[f](x), EMPTY, ZERO, STEEP, BLAMED)
    x = rng.uniform(0.5, 2, size=4)
    right = SLOPES["cubes"](x)
    check_judge(submission, solution, "cubes", x, right, ONE_SIDED, eps=1e-3)
    check_judge(submission, solution, "cubes", x, right + 0.1**2, OWN_EPS, eps=0.1)  # = q
    x = rng.uniform(1.1, 2, size=(2, 2)) * [[-1, 1], [1, 1]]  # three slopes below −1
    check_judge(submission, solution, "product", x, SLOPES["product"](x), SIGNED)


@pytest.mark.points(2, task="wrong_places", en="finds planted faults", zh="找出埋下的错误")
def test_judge_finds_planted_faults(submission, solution, rng):
    plants = [
        lambda g: one(one(g, 1.1 * g.flat[1] + 1), 0.9 * g.flat[2] - 1, 2),  # one each way
        lambda g: one(g, 1.01 * g.flat[1] + 0.01),  # a hundredth too large
        lambda g: one(g, 0.98 * g.flat[1] - 1),  # too small
        lambda g: one(g, -g.flat[1]),
        lambda g: g / 2,
        lambda g: g + 1.1e-4 * (1 + abs(g)),  # just over the bound
        lambda g: g - 0.9e-4 * (1 + abs(g)),  # just under it
    ]
    for f, shape in [("cubes", (4,)), ("product", (2, 2)), ("steep", (3,))]:
        x = rng.uniform(0.5, 2, size=shape)
        for plant in plants:
            check_judge(submission, solution, f, x, plant(SLOPES[f](x)))
    x = rng.uniform(0.5, 2, size=3)
    claimed = one(SLOPES["first"](x), 1e-4, 2)  # the quotient is 0: a claim right on the bound
    check_judge(submission, solution, "first", x, claimed, ON_THE_BOUND)


def check_bptt(submission, solution, rng, T, B, H, padded):
    dh, slope = rng.normal(size=(T, B, H)), rng.uniform(0.1, 1, size=(T, B, H))
    W_h = rng.normal(size=(H, H))
    lengths = np.array([2, T, 1, *rng.integers(1, T + 1, size=B)][:B] if padded else [T] * B)
    got = submission.call("bptt", dh, slope, W_h, lengths)
    want = solution.call("bptt", dh, slope, W_h, lengths)
    compare(got, want, name=("da", "dh0"))


def check_judge(submission, solution, f, x, claimed, *symptoms, **eps):
    got = submission.call("wrong_places", f, x, claimed, **eps)
    want = solution.call("wrong_places", f, x, claimed, **eps)
    compare(got, want, name="wrong_places(…)", symptoms=symptoms)


def one(gradient, value, place=1):
    """The gradient with one number replaced."""
    return np.where(np.arange(gradient.size).reshape(gradient.shape) == place, value, gradient)
