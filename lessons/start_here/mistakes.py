"""Wrong answers to exercise 00 that must be rejected, with what the learner is then told; and
answers that are right in another way, which must get full marks."""

from lstm_lab.grading import Equivalent, Mutant

MUTANTS = [
    # --- sigmoid ---------------------------------------------------------------------------
    Mutant(
        "sigmoid_as_in_the_book",
        task="sigmoid",
        replace=("0.5 * (1.0 + np.tanh(0.5 * x))", "1 / (1 + np.exp(-x))"),
        tells={"en": "large positive power", "zh": "很大的正数次方"},
    ),
    Mutant(
        "sigmoid_where_computes_both",
        task="sigmoid",
        replace=(
            "0.5 * (1.0 + np.tanh(0.5 * x))",
            "np.where(x >= 0, 1 / (1 + np.exp(-x)), np.exp(x) / (1 + np.exp(x)))",
        ),
        tells={"en": "both of its branches", "zh": "两个分支"},
    ),
    Mutant(
        "sigmoid_nan",
        task="sigmoid",
        replace=("0.5 * (1.0 + np.tanh(0.5 * x))", "np.exp(x) / (1 + np.exp(x))"),
        tells={"en": "nan", "zh": "nan"},
    ),
    Mutant(
        "sigmoid_sign",
        task="sigmoid",
        replace=("np.tanh(0.5 * x)", "np.tanh(-0.5 * x)"),
        tells={"en": "the sign", "zh": "正负号"},
    ),
    Mutant(
        "sigmoid_is_tanh",
        task="sigmoid",
        replace=("0.5 * (1.0 + np.tanh(0.5 * x))", "np.tanh(x)"),
        tells={"en": "between −1 and 1", "zh": "在 −1 和 1 之间"},
    ),
    Mutant(
        "sigmoid_half_missing_inside",
        task="sigmoid",
        replace=("np.tanh(0.5 * x)", "np.tanh(x)"),
        tells={"en": "σ(2x)", "zh": "σ(2x)"},
    ),
    Mutant(
        "sigmoid_without_one_plus",
        task="sigmoid",
        replace=("0.5 * (1.0 + np.tanh(0.5 * x))", "1 / np.exp(-x)"),
        tells={"en": "“1 +” in the denominator", "zh": "分母里少了"},
    ),
    Mutant(
        "sigmoid_brackets",
        task="sigmoid",
        replace=("0.5 * (1.0 + np.tanh(0.5 * x))", "1 / 1 + np.exp(-x)"),
        tells={"en": "brackets", "zh": "括号"},
    ),
    Mutant(
        "sigmoid_for_single_numbers",
        task="sigmoid",
        body="""
import math

return 1 / (1 + math.exp(-x))
""",
        tells={"en": "single numbers", "zh": "单个"},
    ),
    Mutant(
        "sigmoid_flattens",
        task="sigmoid",
        replace=(
            "return 0.5 * (1.0 + np.tanh(0.5 * x))",
            "return np.array([0.5 * (1 + np.tanh(0.5 * value)) for value in x.ravel()])",
        ),
        tells={"en": "shape", "zh": "形状"},
    ),
    Mutant(
        "sigmoid_in_place",
        task="sigmoid",
        body="""
x *= 0.5
return 0.5 * (1.0 + np.tanh(x))
""",
        tells={"en": "changed", "zh": "改"},
    ),
    Mutant(
        "sigmoid_prints",
        task="sigmoid",
        replace=("return 0.5 * (1.0 + np.tanh(0.5 * x))", "print(0.5 * (1.0 + np.tanh(0.5 * x)))"),
        tells={"en": "return", "zh": "return"},
    ),
    Mutant(
        "sigmoid_of_the_example",
        task="sigmoid",
        replace=("0.5 * (1.0 + np.tanh(0.5 * x))", "np.array([0.75, 0.5, 0.25, 1.0, 0.0])"),
        tells={"en": "shape", "zh": "形状"},
    ),
    # --- add_bias --------------------------------------------------------------------------
    Mutant(
        "add_bias_plain",
        task="add_bias",
        replace=("b[:, None, :]", "b"),
        tells={"en": "lined up from the right", "zh": "从右边对齐"},
    ),
    Mutant(
        "add_bias_first_only",
        task="add_bias",
        replace=("b[:, None, :]", "b[0]"),
        tells={"en": "bias of network 0", "zh": "网络 0 的偏置"},
    ),
    Mutant(
        "add_bias_sums_networks",
        task="add_bias",
        replace=("b[:, None, :]", "b.sum(axis=0)"),
        tells={"en": "biases of all networks", "zh": "所有网络的偏置"},
    ),
    Mutant(
        "add_bias_twice",
        task="add_bias",
        replace=("a + b[:, None, :]", "a + b[:, None, :] + b[:, None, :]"),
        tells={"en": "added twice", "zh": "加了两次"},
    ),
    Mutant(
        "add_bias_forgotten",
        task="add_bias",
        replace=("a + b[:, None, :]", "a.copy()"),
        tells={"en": "no bias was added", "zh": "没有加偏置"},
    ),
    Mutant(
        "add_bias_in_place",
        task="add_bias",
        replace=("return a + b[:, None, :]", "a += b[:, None, :]\n    return a"),
        tells={"en": "changed", "zh": "改"},
    ),
    Mutant(
        "add_bias_subtracts",
        task="add_bias",
        replace=("a + b", "a - b"),
        tells={"en": "subtracted", "zh": "减掉"},
    ),
    Mutant(
        "add_bias_wrong_axis",
        task="add_bias",
        replace=("b[:, None, :]", "b[:, :, None]"),
        tells={"en": "lines shapes up from the right", "zh": "从右边"},
    ),
    # --- affine ----------------------------------------------------------------------------
    Mutant(
        "affine_untransposed",
        task="affine",
        replace=("W.T", "W"),
        tells={"en": "untransposed", "zh": "没有转置"},
    ),
    Mutant(
        "affine_as_columns",
        task="affine",
        replace=("x @ W.T", "W @ x"),
        tells={"en": "a row of x, not a column", "zh": "一行，不是一列"},
    ),
    Mutant(
        "affine_no_bias",
        task="affine",
        replace=(" + b", ""),
        tells={"en": "bias is missing", "zh": "少了偏置"},
    ),
    Mutant(
        "affine_bias_twice",
        task="affine",
        replace=("+ b", "+ b + b"),
        tells={"en": "added twice", "zh": "加了两次"},
    ),
    Mutant(
        "affine_of_the_example",
        task="affine",
        replace=("x @ W.T + b", "np.array([[11.0, 22.0, 33.0]])"),
        tells={"en": "shape", "zh": "形状"},
    ),
    Mutant(
        "affine_subtracts",
        task="affine",
        replace=("+ b", "- b"),
        tells={"en": "subtracted", "zh": "减掉"},
    ),
    Mutant(
        "affine_transposed_result",
        task="affine",
        replace=("x @ W.T + b", "W @ x.T + b[:, None]"),
        tells={"en": "transposed", "zh": "转置"},
    ),
    Mutant(
        "affine_squashed",
        task="affine",
        replace=("x @ W.T + b", "np.tanh(x @ W.T + b)"),
        tells={"en": "tanh", "zh": "tanh"},
    ),
    Mutant(
        "affine_one_row",
        task="affine",
        replace=("x @ W.T + b", "W @ x[0] + b"),
        tells={"en": "shape", "zh": "形状"},
    ),
    # --- affine_backward -------------------------------------------------------------------
    Mutant(
        "backward_dx_transposed_weights",
        task="affine_backward",
        replace=("dz @ W", "dz @ W.T"),
        tells={"en": "W is transposed once too often", "zh": "W 多转置了一次"},
    ),
    Mutant(
        "backward_dW_transposed",
        task="affine_backward",
        replace=("dz.T @ x", "x.T @ dz"),
        tells={"en": "not `x.T @ dz`", "zh": "不是 `x.T @ dz`"},
    ),
    Mutant(
        "backward_dW_mean",
        task="affine_backward",
        replace=("dz.T @ x", "dz.T @ x / len(x)"),
        tells={"en": "mean over the batch", "zh": "对批取平均"},
    ),
    Mutant(
        "backward_dW_last_row",
        task="affine_backward",
        replace=("dz.T @ x", "np.outer(dz[-1], x[-1])"),
        tells={"en": "only the last row", "zh": "只有批的最后一行"},
    ),
    Mutant(
        "backward_dW_overwritten_in_a_loop",
        task="affine_backward",
        body="""
for k in range(len(x)):
    dW = np.outer(dz[k], x[k])
return dz @ W, dW, dz.sum(axis=0)
""",
        tells={"en": "only the last row", "zh": "只有批的最后一行"},
    ),
    Mutant(
        "backward_db_not_summed",
        task="affine_backward",
        replace=("dz.sum(axis=0)", "dz"),
        tells={"en": "sum over the batch", "zh": "对批求和"},
    ),
    Mutant(
        "backward_db_mean",
        task="affine_backward",
        replace=("dz.sum(axis=0)", "dz.mean(axis=0)"),
        tells={"en": "mean over the batch", "zh": "对批取平均"},
    ),
    Mutant(
        "backward_db_wrong_axis",
        task="affine_backward",
        replace=("axis=0", "axis=1"),
        tells={"en": "the batch is axis 0", "zh": "批是第 0 轴"},
    ),
    Mutant(
        "backward_db_one_number",
        task="affine_backward",
        replace=("dz.sum(axis=0)", "dz.sum()"),
        tells={"en": "sum over everything", "zh": "对所有的数求和"},
    ),
    Mutant(
        "backward_db_keeps_axis",
        task="affine_backward",
        replace=("axis=0", "axis=0, keepdims=True"),
        tells={"en": "axis of length 1 too many", "zh": "长度为 1 的轴"},
    ),
    Mutant(
        "backward_order",
        task="affine_backward",
        replace=("return dx, dW, db", "return dW, dx, db"),
        tells={"en": "the order is", "zh": "顺序是"},
    ),
    Mutant(
        "backward_two_of_three",
        task="affine_backward",
        replace=("return dx, dW, db", "return dx, dW"),
        tells={"en": "3 things", "zh": "3"},
    ),
    # --- finite_difference -----------------------------------------------------------------
    Mutant(
        "difference_one_sided",
        task="finite_difference",
        replace=("(f(up) - f(down)) / (2.0 * eps)", "(f(up) - f(x)) / eps"),
        tells={"en": "one-sided", "zh": "单侧"},
    ),
    Mutant(
        "difference_over_eps",
        task="finite_difference",
        replace=("2.0 * eps", "eps"),
        tells={"en": "twice too large", "zh": "大了一倍"},
    ),
    Mutant(
        "difference_brackets",
        task="finite_difference",
        replace=("/ (2.0 * eps)", "/ 2.0 * eps"),
        tells={"en": "brackets", "zh": "括号"},
    ),
    Mutant(
        "difference_own_eps",
        task="finite_difference",
        replace=("slope =", "eps = 1e-5\n    slope ="),
        tells={"en": "with this eps", "zh": "用这个 eps"},
    ),
    Mutant(
        "difference_all_together",
        task="finite_difference",
        replace=("up[k] += eps\n        down[k] -= eps", "up += eps\n        down -= eps"),
        tells={"en": "one at a time", "zh": "一次只推一个"},
    ),
    Mutant(
        "difference_nudges_stay",
        task="finite_difference",
        body="""
up, down = x.copy(), x.copy()
slope = np.zeros_like(x)
for k in np.ndindex(x.shape):
    up[k] += eps
    down[k] -= eps
    slope[k] = (f(up) - f(down)) / (2 * eps)
return slope
""",
        tells={"en": "nudges stay in", "zh": "推过的量留在了里面"},
    ),
    Mutant(
        "difference_leaves_x_changed",
        task="finite_difference",
        body="""
slope = np.zeros_like(x)
for k in np.ndindex(x.shape):
    x[k] += eps
    above = f(x)
    x[k] -= 2 * eps
    slope[k] = (above - f(x)) / (2 * eps)
return slope
""",
        tells={"en": "changed", "zh": "改"},
    ),
    Mutant(
        "difference_flat",
        task="finite_difference",
        replace=("return slope", "return slope.ravel()"),
        tells={"en": "shape", "zh": "形状"},
    ),
    Mutant(
        "difference_first_axis_only",
        task="finite_difference",
        replace=("np.ndindex(x.shape)", "range(len(x))"),
        tells={"en": "whole row of x", "zh": "一整行"},
    ),
]

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
