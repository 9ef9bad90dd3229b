"""What exercise 00 asks: sigmoid, add_bias, affine, affine_backward, finite_difference.

The tests come first and are the specification: each calls submission and solution with the same
arguments and compares. Below them stand the `…_slips`, what typical mistakes would return; when
one matches, the learner is told its likely cause.
"""

from dataclasses import replace

import numpy as np
import pytest

from lstm_lab.grading import Feedback, compare, suspect


@pytest.mark.points(1, task="sigmoid", en="near zero", zh="零附近")
def test_sigmoid_near_zero(submission, solution, rng):
    for shape in [(6,), (3, 4), (2, 3, 5), (1, 1)]:
        x = rng.normal(scale=2, size=shape)
        got, want = submission.call("sigmoid", x), solution.call("sigmoid", x).value
        compare(got, want, name="sigmoid(x)", suspects=sigmoid_slips(x))


@pytest.mark.points(1, task="sigmoid", en="far out, up to ±1000", zh="远处，直到 ±1000")
def test_sigmoid_far_out(submission, solution, rng):
    x = np.concatenate([[1000.0, -1000.0], rng.uniform(50, 900, size=6) * [1, -1, 1, -1, 1, -1]])
    got, want = submission.call("sigmoid", x), solution.call("sigmoid", x).value
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
        got, want = submission.call("add_bias", a, b), solution.call("add_bias", a, b).value
        compare(got, want, name="add_bias(a, b)", suspects=add_bias_slips(a, b))


@pytest.mark.points(2, task="affine", en="forward", zh="正向")
def test_affine(submission, solution, rng):
    for B, I, H in [(3, 3, 3), (4, 3, 2), (1, 2, 5), (3, 1, 1)]:
        x, W, b = rng.normal(size=(B, I)), rng.normal(size=(H, I)), rng.normal(size=H)
        got, want = submission.call("affine", x, W, b), solution.call("affine", x, W, b).value
        compare(got, want, name="z", suspects=affine_slips(x, W, b))


@pytest.mark.points(3, task="affine_backward", en="backward", zh="反向")
def test_affine_backward(submission, solution, rng):
    for B, I, H in [(3, 3, 3), (4, 3, 2), (1, 2, 5), (5, 1, 2)]:
        dz, x, W = rng.normal(size=(B, H)), rng.normal(size=(B, I)), rng.normal(size=(H, I))
        got = submission.call("affine_backward", dz, x, W)
        want = solution.call("affine_backward", dz, x, W).value
        compare(got, want, name=("dx", "dW", "db"), suspects=affine_backward_slips(dz, x, W))


@pytest.mark.points(
    1, task="finite_difference", en="numbers that do not feel each other", zh="各个数互不影响"
)
def test_finite_difference_of_cubes(submission, solution, rng):
    for shape, eps in [((3,), 0.5), ((2, 3), 0.1), ((1,), 1.5)]:  # wide, so that eps shows
        x = rng.normal(size=shape)
        got = submission.call("finite_difference", "cubes", x, eps)
        want = solution.call("finite_difference", "cubes", x, eps).value
        compare(
            got, want, name="finite_difference(f, x, eps)", suspects=finite_difference_slips(x, eps)
        )


@pytest.mark.points(
    1, task="finite_difference", en="numbers that feel each other", zh="各个数互相影响"
)
def test_finite_difference_where_numbers_feel_each_other(submission, solution, rng):
    for f, shape, eps in [("product", (4,), 0.5), ("product", (2, 2), 0.1), ("wave", (3, 2), 0.2)]:
        x = rng.uniform(1, 2, size=shape)
        got = submission.call("finite_difference", f, x, eps)
        want = solution.call("finite_difference", f, x, eps).value
        slips = nudges_that_stay(x, eps) if f == "product" else []
        compare(got, want, name="finite_difference(f, x, eps)", suspects=slips)


# --- what typical mistakes would return --------------------------------------------------


def sigmoid_slips(x):
    def logistic(x):
        return 0.5 * (1 + np.tanh(0.5 * x))

    yield from [
        suspect(
            logistic(-x),
            en="you return σ(−x): the sign in the exponent is the wrong way round.",
            zh="你返回的是 σ(−x)：指数里的正负号反了。",
        ),
        suspect(
            np.tanh(x),
            en="that is tanh(x), between −1 and 1; a sigmoid lies between 0 and 1.",
            zh="这是 tanh(x)，在 −1 和 1 之间；sigmoid 在 0 和 1 之间。",
        ),
        suspect(
            logistic(2 * x),
            en="that is σ(2x): inside the tanh belongs x/2, not x.",
            zh="这是 σ(2x)：tanh 里应当是 x/2，而不是 x。",
        ),
        suspect(
            np.exp(x),
            en="that is 1 / e^(−x): the “1 +” in the denominator is missing.",
            zh="这是 1 / e^(−x)：分母里少了“1 +”。",
        ),
        suspect(
            1 + np.exp(-x),
            en="brackets: `1 / 1 + …` is read as `(1 / 1) + …`; or the “1 /” is missing.",
            zh="括号：`1 / 1 + …` 会被当成 `(1 / 1) + …`；或者漏了“1 /”。",
        ),
        suspect(
            logistic(x) * logistic(-x),
            en="that is the slope of the sigmoid, σ(1 − σ), not σ itself.",
            zh="这是 sigmoid 的斜率 σ(1 − σ)，不是 σ 本身。",
        ),
    ]


def add_bias_slips(a, b):
    S, B, _ = a.shape
    slips = [
        suspect(
            a + b[0],
            en="every network got the bias of network 0.",
            zh="每个网络加的都是网络 0 的偏置。",
        ),
        suspect(
            a + b.sum(axis=0),
            en="every network got the biases of all networks; network s gets `b[s]` only.",
            zh="每个网络加上了所有网络的偏置；网络 s 只该加 `b[s]`。",
        ),
        suspect(
            a - b[:, None],
            en="the bias was subtracted, not added.",
            zh="偏置是减掉的，而不是加上的。",
        ),
        suspect(
            a + 2 * b[:, None],
            en="the bias was added twice.",
            zh="偏置加了两次。",
        ),
        suspect(a, en="no bias was added: this is a itself.", zh="没有加偏置：这就是 a 本身。"),
    ]
    if S == B > 1:
        plain = suspect(
            a + b,
            en="with S = B, `a + b` runs, but gives row k of every network the bias of network k: "
            "shapes are lined up from the right, so (S, H) lands on (B, H).",
            zh="S = B 时 `a + b` 能运行，但每个网络的第 k 行加的都是网络 k 的偏置："
            "形状从右边对齐，(S, H) 就落在了 (B, H) 上。",
        )
        slips.insert(0, plain)
    yield from slips


def affine_slips(x, W, b):
    z = x @ W.T + b
    slips = [
        suspect(z - b, en="the bias is missing: add b.", zh="少了偏置：请加上 b。"),
        suspect(z + b, en="the bias was added twice.", zh="偏置加了两次。"),
        suspect(
            z - 2 * b, en="the bias was subtracted, not added.", zh="偏置是减掉的，而不是加上的。"
        ),
        suspect(
            np.tanh(z),
            en="there is a tanh in it; the affine map is without any squashing.",
            zh="里面多了一个 tanh；仿射变换不带压缩函数。",
        ),
    ]
    if W.shape[0] == W.shape[1] == len(x):
        slips += [
            suspect(
                W * x + b,
                en="`*` multiplies place by place; the matrix product is `@`.",
                zh="`*` 是逐元素相乘；矩阵乘法是 `@`。",
            ),
            suspect(
                z - b + b[:, None],
                en="b is added down the columns: it has one number a unit, so it goes along the "
                "last axis, as it is.",
                zh="b 加到列的方向去了：它每个单元一个数，所以原样加在最后一个轴上。",
            ),
        ]
    if W.shape[0] == W.shape[1]:
        untransposed = suspect(
            x @ W + b,
            en="W was used untransposed: a unit's weights stand in a row of W, so `W.T` is needed "
            "(here H = I, so `x @ W` ran all the same).",
            zh="W 没有转置：一个单元的权重是 W 的一行，所以要用 `W.T`"
            "（这里 H = I，所以 `x @ W` 也能运行）。",
        )
        slips.insert(0, untransposed)
    if len(x) == W.shape[1]:
        as_columns = suspect(
            W @ x + b[:, None],
            en="here an example is a row of x, not a column: `x @ W.T` instead of `W @ x`.",
            zh="这里一个样本是 x 的一行，不是一列：用 `x @ W.T`，而不是 `W @ x`。",
        )
        slips.insert(0, as_columns)
        if len(x) == W.shape[0]:
            slips.insert(0, replace(as_columns, value=W @ x + b))
    yield from slips


def affine_backward_slips(dz, x, W):
    dx, dW, db = dz @ W, dz.T @ x, dz.sum(axis=0)
    B, H = dz.shape
    slips = [
        suspect(
            dW / B,
            part="dW",
            en="that is the mean over the batch; a gradient is the sum.",
            zh="这是对批取平均；梯度是求和。",
        ),
        suspect(
            np.outer(dz[-1], x[-1]),
            part="dW",
            en="only the last row of the batch is in it; every row uses W, so sum over all.",
            zh="里面只有批的最后一行；每一行都用到 W，所以要对所有行求和。",
        ),
        suspect(
            np.outer(dz[0], x[0]),
            part="dW",
            en="only the first row of the batch is in it; every row uses W, so sum over all.",
            zh="里面只有批的第一行；每一行都用到 W，所以要对所有行求和。",
        ),
        suspect(
            db / B,
            part="db",
            en="that is the mean over the batch; a gradient is the sum.",
            zh="这是对批取平均；梯度是求和。",
        ),
        suspect(
            dz[-1],
            part="db",
            en="that is the last row of dz; every row uses b, so sum over all rows.",
            zh="这是 dz 的最后一行；每一行都用到 b，所以要对所有行求和。",
        ),
        suspect(
            dz,
            part="db",
            en="that is dz itself, one row for each example; b is used in every row, so sum over "
            "the batch.",
            zh="这是 dz 本身，一个样本一行；每一行都用到 b，所以要对批求和。",
        ),
        suspect(
            dz.sum(),
            part="db",
            en="that is the sum over everything; sum over the batch only, axis 0.",
            zh="这是对所有的数求和；只对批求和，即第 0 轴。",
        ),
        suspect(
            np.ones(H),
            part="db",
            en="those are ones: that b enters with factor 1 is right, but it must be multiplied "
            "by dz and summed over the batch.",
            zh="这里全是 1：b 的系数是 1 没错，但还要乘上 dz，再对批求和。",
        ),
        suspect(
            np.broadcast_to(W.sum(axis=0), dx.shape),
            part="dx",
            en="dz is not in it: that is the gradient of z.sum(), not of the loss.",
            zh="里面没有 dz：这是 z.sum() 的梯度，不是损失的梯度。",
        ),
    ]
    if dx.shape == dW.shape:
        in_another_order = suspect(
            dW,
            part="dx",
            en="this is dW; the order is dx, dW, db.",
            zh="这是 dW；顺序是 dx, dW, db。",
        )
        slips.insert(0, in_another_order)
    if B == H == x.shape[1]:  # then what does not fit otherwise runs without an error
        slips += [
            suspect(
                dz @ W.T,
                part="dx",
                en="W is transposed once too often: (B, H) @ (H, I) needs `W` as it is.",
                zh="W 多转置了一次：(B, H) @ (H, I) 用原来的 W 就行。",
            ),
            suspect(
                dz * W,
                part="dx",
                en="`*` multiplies place by place; the matrix product is `@`.",
                zh="`*` 是逐元素相乘；矩阵乘法是 `@`。",
            ),
            suspect(
                dW.T,
                part="dW",
                en="it is transposed: W is (H, I), so dW is `dz.T @ x`, not `x.T @ dz`.",
                zh="转置反了：W 是 (H, I)，所以 dW 是 `dz.T @ x`，不是 `x.T @ dz`。",
            ),
            suspect(
                dz @ x,
                part="dW",
                en="dz is not transposed: (H, B) @ (B, I) sums over the batch.",
                zh="dz 没有转置：(H, B) @ (B, I) 才是对批求和。",
            ),
            suspect(
                dz.sum(axis=1),
                part="db",
                en="it is summed over the units; the batch is axis 0.",
                zh="求和求的是各个单元；批是第 0 轴。",
            ),
        ]
    yield from slips


NUDGES_STAY = {
    "en": "the nudges stay in: before the next number moves, put this one back (or start from a "
    "fresh copy of x each time).",
    "zh": "推过的量留在了里面：动下一个数之前，先把这个数放回原处（或者每次都从 x 的新副本开始）。",
}


def finite_difference_slips(x, eps):
    """For "cubes", f(x) = sum of x³: (f(x + ε) − f(x − ε)) / 2ε = 3x² + ε²."""
    central = 3 * x**2 + eps**2
    yield from [
        suspect(
            2 * central,
            en="exactly twice too large: the two nudges are 2·eps apart, not eps.",
            zh="恰好大了一倍：两次推动相距 2·eps，而不是 eps。",
        ),
        suspect(
            central * eps**2,
            en="the difference was multiplied by eps, or brackets are missing: `/ 2 * eps` "
            "divides by 2 and then multiplies by eps; write `/ (2 * eps)`.",
            zh="差被乘上了 eps，或者少了括号：`/ 2 * eps` 是先除以 2 再乘 eps；"
            "应写成 `/ (2 * eps)`。",
        ),
        suspect(
            central + 3 * x * eps,
            en="that is the one-sided quotient (f(x + ε) − f(x)) / ε; nudge both ways.",
            zh="这是单侧的商 (f(x + ε) − f(x)) / ε；要往两边都推。",
        ),
        suspect(
            central - 3 * x * eps,
            en="that is the one-sided quotient (f(x) − f(x − ε)) / ε; nudge both ways.",
            zh="这是单侧的商 (f(x) − f(x − ε)) / ε；要往两边都推。",
        ),
        suspect(
            3 * x**2,
            en="that is the slope itself, or eps is not used as given; asked is the quotient "
            "with this eps.",
            zh="这是斜率本身，或者没有用给定的 eps；要的是用这个 eps 算出的商。",
        ),
        suspect(
            np.full_like(x, central.sum()),
            en="all numbers of x were nudged together; nudge one at a time.",
            zh="x 里所有的数被一起推动了；一次只推一个。",
        ),
        suspect(
            np.broadcast_to(central.sum(axis=-1, keepdims=True), x.shape),
            en="a whole row of x was nudged at once; nudge one number at a time, in every axis.",
            zh="x 的一整行被一起推动了；一次只推一个数，每个轴都要走到。",
        ),
        suspect(np.cumsum(central).reshape(x.shape), **NUDGES_STAY),
        suspect(
            -central,
            en="the sign is turned: f(x + ε) comes first.",
            zh="正负号反了：f(x + ε) 在前。",
        ),
    ]


def nudges_that_stay(x, eps):
    """For "product", in which every number feels the others: x[k] is left lowered."""
    x, slopes = x.copy(), []
    for k in np.ndindex(x.shape):
        x[k] += eps
        above = x.prod()
        x[k] -= 2 * eps
        slopes.append((above - x.prod()) / (2 * eps))
    return [suspect(np.reshape(slopes, x.shape), **NUDGES_STAY)]
