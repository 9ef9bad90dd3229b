"""Exercise 00: typical mistakes, in the order in which they are looked for; answers that are right
in another way, which must get full marks."""

from lstm_lab.grading import Equivalent, Mistake, Slip

SIGMOID, HALF = "0.5 * (1.0 + np.tanh(0.5 * x))", "np.tanh(0.5 * x)"
A_PLUS, B, Z = "a + b[:, None, :]", "b[:, None, :]", "x @ W.T + b"
DX, DW, DB, ALL = "dx = dz @ W", "dW = dz.T @ x", "db = dz.sum(axis=0)", "return dx, dW, db"
QUOTIENT, PLACES = "(f(up) - f(down)) / (2.0 * eps)", "np.ndindex(x.shape)"
NUDGES_STAY = (
    "the nudges stay in: before the next number moves, put this one back (or start from a fresh "
    "copy of x each time).",
    "推过的量留在了里面：动下一个数之前，先把这个数放回原处（或者每次都从 x 的新副本开始）。",
)

# fmt: off
MISTAKES = {
    "sigmoid": [
        Mistake("sigmoid_sign", (HALF, "np.tanh(-0.5 * x)"),
            "you return σ(−x): the sign in the exponent is the wrong way round.",
            "你返回的是 σ(−x)：指数里的正负号反了。"),
        Mistake("sigmoid_is_tanh", (SIGMOID, "np.tanh(x)"),
            "that is tanh(x), between −1 and 1; a sigmoid lies between 0 and 1.",
            "这是 tanh(x)，在 −1 和 1 之间；sigmoid 在 0 和 1 之间。"),
        Mistake("sigmoid_half_missing_inside", (HALF, "np.tanh(x)"),
            "that is σ(2x): inside the tanh belongs x/2, not x.",
            "这是 σ(2x)：tanh 里应当是 x/2，而不是 x。"),
        Mistake("sigmoid_without_one_plus", (SIGMOID, "np.exp(x)"),
            "that is 1 / e^(−x): the “1 +” in the denominator is missing.",
            "这是 1 / e^(−x)：分母里少了“1 +”。"),
        Mistake("sigmoid_brackets", (SIGMOID, "1 + np.exp(-x)"),
            "brackets: `1 / 1 + …` is read as `(1 / 1) + …`; or the “1 /” is missing.",
            "括号：`1 / 1 + …` 会被当成 `(1 / 1) + …`；或者漏了“1 /”。"),
        Mistake("sigmoid_slope", (SIGMOID, f"0.25 * (1 - {HALF} ** 2)"),
            "that is the slope of the sigmoid, σ(1 − σ), not σ itself.",
            "这是 sigmoid 的斜率 σ(1 − σ)，不是 σ 本身。"),
        Slip("sigmoid_as_in_the_book", (SIGMOID, "1 / (1 + np.exp(-x))"), "large positive power", "很大的正数次方"),
        Slip("sigmoid_where_computes_both",
            (SIGMOID, "np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))"),
            "both of its branches", "两个分支"),
        Slip("sigmoid_nan", (SIGMOID, "np.exp(x) / (1 + np.exp(x))"), "nan", "nan"),
        Slip("sigmoid_for_single_numbers", (f"return {SIGMOID}", "import math; return 1 / (1 + math.exp(-x))"), "single numbers", "单个"),
        Slip("sigmoid_flattens", (SIGMOID, "np.array([0.5 * (1 + np.tanh(0.5 * value)) for value in x.ravel()])"),
            "shape", "形状"),
        Slip("sigmoid_in_place", (f"return {SIGMOID}", "x *= 0.5; return 0.5 * (1.0 + np.tanh(x))"), "changed", "改"),
        Slip("sigmoid_prints", (f"return {SIGMOID}", f"print({SIGMOID})"), "return", "return"),
        Slip("sigmoid_of_the_example", (SIGMOID, "np.array([0.75, 0.5, 0.25, 1.0, 0.0])"), "shape", "形状"),
    ],
    "add_bias": [
        Mistake("add_bias_plain", (B, "b"),
            "with S = B, `a + b` runs, but gives row k of every network the bias of network k: "
            "shapes are lined up from the right, so (S, H) lands on (B, H).",
            "S = B 时 `a + b` 能运行，但每个网络的第 k 行加的都是网络 k 的偏置："
            "形状从右边对齐，(S, H) 就落在了 (B, H) 上。"),
        Mistake("add_bias_first_only", (B, "b[0]"),
            "every network got the bias of network 0.",
            "每个网络加的都是网络 0 的偏置。"),
        Mistake("add_bias_sums_networks", (B, "b.sum(axis=0)"),
            "every network got the biases of all networks; network s gets `b[s]` only.",
            "每个网络加上了所有网络的偏置；网络 s 只该加 `b[s]`。"),
        Mistake("add_bias_subtracts", ("a + b", "a - b"),
            "the bias was subtracted, not added.",
            "偏置是减掉的，而不是加上的。"),
        Mistake("add_bias_twice", (B, f"2 * {B}"),
            "the bias was added twice.",
            "偏置加了两次。"),
        Mistake("add_bias_forgotten", (A_PLUS, "a.copy()"),
            "no bias was added: this is a itself.",
            "没有加偏置：这就是 a 本身。"),
        Slip("add_bias_in_place", (f"return {A_PLUS}", f"a += {B}; return a"), "changed", "改"),
        Slip("add_bias_wrong_axis", (B, "b[:, :, None]"), "lines shapes up from the right", "从右边"),
    ],
    "affine": [
        *(Mistake(f"affine_as_columns{n}", (Z, f"W @ x + {b}"),
            "here an example is a row of x, not a column: `x @ W.T` instead of `W @ x`.",
            "这里一个样本是 x 的一行，不是一列：用 `x @ W.T`，而不是 `W @ x`。")
          for n, b in (("", "b"), ("_and_bias", "b[:, None]"))),
        Mistake("affine_untransposed", ("W.T", "W"),
            "W was used untransposed: a unit's weights stand in a row of W, so `W.T` is needed "
            "(here H = I, so `x @ W` ran all the same).",
            "W 没有转置：一个单元的权重是 W 的一行，所以要用 `W.T`"
            "（这里 H = I，所以 `x @ W` 也能运行）。"),
        Mistake("affine_no_bias", (" + b", ""),
            "the bias is missing: add b.",
            "少了偏置：请加上 b。"),
        Mistake("affine_bias_twice", ("+ b", "+ b + b"),
            "the bias was added twice.",
            "偏置加了两次。"),
        Mistake("affine_subtracts", ("+ b", "- b"),
            "the bias was subtracted, not added.",
            "偏置是减掉的，而不是加上的。"),
        Mistake("affine_squashed", (Z, f"np.tanh({Z})"),
            "there is a tanh in it; the affine map is without any squashing.",
            "里面多了一个 tanh；仿射变换不带压缩函数。"),
        Mistake("affine_place_by_place", (Z, "W * x + b"),
            "`*` multiplies place by place; the matrix product is `@`.",
            "`*` 是逐元素相乘；矩阵乘法是 `@`。"),
        Mistake("affine_bias_down_the_columns", ("+ b", "+ b[:, None]"),
            "b is added down the columns: it has one number a unit, so it goes along the "
            "last axis, as it is.",
            "b 加到列的方向去了：它每个单元一个数，所以原样加在最后一个轴上。"),
        Slip("affine_of_the_example", (Z, "np.array([[11.0, 22.0, 33.0]])"), "shape", "形状"),
        Slip("affine_transposed_result", (Z, "W @ x.T + b[:, None]"), "transposed", "转置"),
        Slip("affine_one_row", (Z, "W @ x[0] + b"), "shape", "形状"),
    ],
    "affine_backward": [
        Mistake("backward_order", (ALL, "return dW, dx, db"),
            "this is dW; the order is dx, dW, db.",
            "这是 dW；顺序是 dx, dW, db。"),
        Mistake("backward_mean", [(DW, f"{DW} / len(x)"), (DB, "db = dz.mean(axis=0)")],
            "that is the mean over the batch; a gradient is the sum.",
            "这是对批取平均；梯度是求和。"),
        Mistake("backward_dW_last_row", (DW, "dW = np.outer(dz[-1], x[-1])"),
            "only the last row of the batch is in it; every row uses W, so sum over all.",
            "里面只有批的最后一行；每一行都用到 W，所以要对所有行求和。"),
        Mistake("backward_dW_first_row", (DW, "dW = np.outer(dz[0], x[0])"),
            "only the first row of the batch is in it; every row uses W, so sum over all.",
            "里面只有批的第一行；每一行都用到 W，所以要对所有行求和。"),
        Mistake("backward_db_last_row", (DB, "db = dz[-1]"),
            "that is the last row of dz; every row uses b, so sum over all rows.",
            "这是 dz 的最后一行；每一行都用到 b，所以要对所有行求和。"),
        Mistake("backward_db_not_summed", (DB, "db = dz"),
            "that is dz itself, one row for each example; b is used in every row, so sum over "
            "the batch.",
            "这是 dz 本身，一个样本一行；每一行都用到 b，所以要对批求和。"),
        Mistake("backward_db_one_number", (DB, "db = dz.sum()"),
            "that is the sum over everything; sum over the batch only, axis 0.",
            "这是对所有的数求和；只对批求和，即第 0 轴。"),
        Mistake("backward_db_ones", (DB, "db = np.ones(len(W))"),
            "those are ones: that b enters with factor 1 is right, but it must be multiplied "
            "by dz and summed over the batch.",
            "这里全是 1：b 的系数是 1 没错，但还要乘上 dz，再对批求和。"),
        Mistake("backward_dx_without_dz", (DX, "dx = np.ones_like(dz) @ W"),
            "dz is not in it: that is the gradient of z.sum(), not of the loss.",
            "里面没有 dz：这是 z.sum() 的梯度，不是损失的梯度。"),
        Mistake("backward_dx_transposed_weights", (DX, "dx = dz @ W.T"),
            "W is transposed once too often: (B, H) @ (H, I) needs `W` as it is.",
            "W 多转置了一次：(B, H) @ (H, I) 用原来的 W 就行。"),
        Mistake("backward_dx_place_by_place", (DX, "dx = dz * W"),
            "`*` multiplies place by place; the matrix product is `@`.",
            "`*` 是逐元素相乘；矩阵乘法是 `@`。"),
        Mistake("backward_dW_transposed", (DW, "dW = x.T @ dz"),
            "it is transposed: W is (H, I), so dW is `dz.T @ x`, not `x.T @ dz`.",
            "转置反了：W 是 (H, I)，所以 dW 是 `dz.T @ x`，不是 `x.T @ dz`。"),
        Mistake("backward_dW_not_transposed", (DW, "dW = dz @ x"),
            "dz is not transposed: (H, B) @ (B, I) sums over the batch.",
            "dz 没有转置：(H, B) @ (B, I) 才是对批求和。"),
        Mistake("backward_db_wrong_axis", (DB, "db = dz.sum(axis=1)"),
            "it is summed over the units; the batch is axis 0.",
            "求和求的是各个单元；批是第 0 轴。"),
        Slip("backward_db_keeps_axis", (DB, "db = dz.sum(axis=0, keepdims=True)"), "axis of length 1 too many", "长度为 1 的轴"),
        Slip("backward_two_of_three", (ALL, "return dx, dW"), "3 things", "3"),
    ],
    "finite_difference": [
        Mistake("difference_over_eps", ("(2.0 * eps)", "eps"),
            "exactly twice too large: the two nudges are 2·eps apart, not eps.",
            "恰好大了一倍：两次推动相距 2·eps，而不是 eps。"),
        Mistake("difference_brackets", ("/ (2.0 * eps)", "/ 2.0 * eps"),
            "the difference was multiplied by eps, or brackets are missing: `/ 2 * eps` "
            "divides by 2 and then multiplies by eps; write `/ (2 * eps)`.",
            "差被乘上了 eps，或者少了括号：`/ 2 * eps` 是先除以 2 再乘 eps；"
            "应写成 `/ (2 * eps)`。"),
        Mistake("difference_one_sided", (QUOTIENT, "(f(up) - f(x)) / eps"),
            "that is the one-sided quotient (f(x + ε) − f(x)) / ε; nudge both ways.",
            "这是单侧的商 (f(x + ε) − f(x)) / ε；要往两边都推。"),
        Mistake("difference_one_sided_down", (QUOTIENT, "(f(x) - f(down)) / eps"),
            "that is the one-sided quotient (f(x) − f(x − ε)) / ε; nudge both ways.",
            "这是单侧的商 (f(x) − f(x − ε)) / ε；要往两边都推。"),
        Mistake("difference_own_eps", ("slope =", "eps = 1e-5\n    slope ="),
            "that is the slope itself, or eps is not used as given; asked is the quotient "
            "with this eps.",
            "这是斜率本身，或者没有用给定的 eps；要的是用这个 eps 算出的商。"),
        Mistake("difference_all_together", [("up[k] +=", "up +="), ("down[k] -=", "down -=")],
            "all numbers of x were nudged together; nudge one at a time.",
            "x 里所有的数被一起推动了；一次只推一个。"),
        Mistake("difference_first_axis_only", (PLACES, "range(len(x))"),
            "a whole row of x was nudged at once; nudge one number at a time, in every axis.",
            "x 的一整行被一起推动了；一次只推一个数，每个轴都要走到。"),
        Mistake("difference_nudges_stay",
            [("        up, down = x.copy(), x.copy()\n", ""), ("slope =", "up, down = x.copy(), x.copy()\n    slope =")],
            *NUDGES_STAY),
        Mistake("difference_nudge_is_not_put_back",
            [("slope =", "x = x.copy()\n    slope ="),
             (f"        slope[k] = {QUOTIENT}", f"        slope[k] = {QUOTIENT}\n        x[k] -= eps")],
            *NUDGES_STAY),
        Mistake("difference_sign", (QUOTIENT, f"-{QUOTIENT}"),
            "the sign is turned: f(x + ε) comes first.",
            "正负号反了：f(x + ε) 在前。"),
        Slip("difference_leaves_x_changed", ("        slope[k]", "        x[k] -= eps\n        slope[k]"), "changed", "改"),
        Slip("difference_flat", ("return slope", "return slope.ravel()"), "shape", "形状"),
    ],
}
# fmt: on

ALSO_RIGHT = {
    "sigmoid": [
        """
e = np.exp(-np.abs(x))
return np.where(x >= 0, 1 / (1 + e), e / (1 + e))
""",
        """
out = np.empty_like(x)
high = x >= 0
out[high] = 1 / (1 + np.exp(-x[high]))
out[~high] = np.exp(x[~high]) / (1 + np.exp(x[~high]))
return out
""",
        "return np.exp(-np.logaddexp(0, -x))",
        """
with np.errstate(over="ignore"):
    return 1 / (1 + np.exp(-x))
""",
        "return 1 / (1 + np.exp(-np.clip(x, -500, 500)))",
        """
import math


def one(value):
    if value >= 0:
        return 1 / (1 + math.exp(-value))
    return math.exp(value) / (1 + math.exp(value))


out = np.zeros(x.shape)
for place in np.ndindex(x.shape):
    out[place] = one(x[place])
return out
""",
    ],
    "add_bias": [
        "return b.reshape(b.shape[0], 1, b.shape[1]) + a",
        """
out = a.copy()
for s in range(len(a)):
    out[s] += b[s]
return out
""",
        "return np.stack([rows + bias for rows, bias in zip(a, b)])",
        "return (a.transpose(1, 0, 2) + b).transpose(1, 0, 2)",
        "return a + np.repeat(b[:, np.newaxis], a.shape[1], axis=1)",
    ],
    "affine": [
        "return (W @ x.T).T + b",
        """
z = np.dot(x, W.T)
z += b
return z
""",
        """
return np.einsum("bi,hi->bh", x, W) + b
""",
        """
z = np.zeros((len(x), len(W)))
for k in range(len(x)):
    for j in range(len(W)):
        z[k, j] = sum(x[k, i] * W[j, i] for i in range(x.shape[1])) + b[j]
return z
""",
    ],
    "affine_backward": [
        """
return np.einsum("bh,hi->bi", dz, W), np.einsum("bh,bi->hi", dz, x), np.einsum("bh->h", dz)
""",
        """
dx, dW, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros(len(W))
for k in range(len(x)):
    dx[k] = W.T @ dz[k]
    dW += np.outer(dz[k], x[k])
    db += dz[k]
return [dx, dW, db]
""",
        "return dz.dot(W), (x.T @ dz).T, np.ones(len(dz)) @ dz",
    ],
    "finite_difference": [
        """
slope = np.empty(x.size)
for k in range(x.size):
    nudge = np.zeros(x.size)
    nudge[k] = eps
    nudge = nudge.reshape(x.shape)
    slope[k] = (f(x + nudge) - f(x - nudge)) / (2 * eps)
return slope.reshape(x.shape)
""",
        """
slope = np.zeros_like(x)
for k in np.ndindex(x.shape):
    old = x[k]
    x[k] = old + eps
    above = f(x)
    x[k] = old - eps
    below = f(x)
    x[k] = old
    slope[k] = 0.5 * (above - below) / eps
return slope
""",
        """
slopes = [
    (f(x + e.reshape(x.shape)) - f(x - e.reshape(x.shape))) / 2 / eps
    for e in eps * np.eye(x.size)
]
return np.array(slopes).reshape(x.shape)
""",
    ],
}

# Automatic changes that are no mistake (lstm-lab mutants 00).
EQUIVALENT = [
    Equivalent(
        "finite_difference",
        "slope = np.zeros_like(x)",
        "slope = np.ones_like(x)",
        "every place is written in the loop",
    ),
    Equivalent(
        "finite_difference",
        "for k in np.ndindex(x.shape):",
        "for k in reversed(list(np.ndindex(x.shape))):",
        "each place is worked out for itself, in whatever order",
    ),
    Equivalent(
        "finite_difference",
        "for k in np.ndindex(x.shape):",
        "for k in np.ndindex(slope.shape):",
        "slope has the shape of x",
    ),
]
