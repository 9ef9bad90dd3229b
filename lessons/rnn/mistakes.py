"""Wrong answers to exercise 01 that must be rejected, with what the learner is then told; and
answers that are right in another way, which must get full marks."""

from lstm_lab.grading import Equivalent, Mutant

_STEP = "np.tanh(x @ W_x.T + h @ W_h.T + b)"

_STEPS = """
STEPS = {
    "leak": lambda x, h: 0.5 * h + x.sum(axis=1, keepdims=True),
    "turn": lambda x, h: np.roll(h, 1, axis=1) - x[:, :1],
}
"""

MUTANTS = [
    # --- rnn_step --------------------------------------------------------------------------
    Mutant(
        "step_no_bias",
        task="rnn_step",
        replace=(" + b)", ")"),
        tells={"en": "without the bias", "zh": "没有偏置"},
    ),
    Mutant(
        "step_bias_twice",
        task="rnn_step",
        replace=(_STEP, "np.tanh((x @ W_x.T + b) + (h @ W_h.T + b))"),
        tells={"en": "added twice", "zh": "加了两次"},
    ),
    Mutant(
        "step_bias_outside",
        task="rnn_step",
        replace=(" + b)", ") + b"),
        tells={"en": "after the tanh", "zh": "tanh 之后"},
    ),
    Mutant(
        "step_relu",
        task="rnn_step",
        replace=(_STEP, "np.maximum(x @ W_x.T + h @ W_h.T + b, 0)"),
        tells={"en": "ReLU", "zh": "ReLU"},
    ),
    Mutant(
        "step_sigmoid",
        task="rnn_step",
        replace=(_STEP, "1 / (1 + np.exp(-(x @ W_x.T + h @ W_h.T + b)))"),
        tells={"en": "sigmoid", "zh": "sigmoid"},
    ),
    Mutant(
        "step_no_tanh",
        task="rnn_step",
        replace=("np.tanh(", "("),
        tells={"en": "tanh is missing", "zh": "少了 tanh"},
    ),
    Mutant(
        "step_two_tanhs",
        task="rnn_step",
        replace=(_STEP, "np.tanh(x @ W_x.T) + np.tanh(h @ W_h.T + b)"),
        tells={"en": "two tanhs", "zh": "两个 tanh"},
    ),
    Mutant(
        "step_W_h_untransposed",
        task="rnn_step",
        replace=("W_h.T", "W_h"),
        tells={"en": "W_h is used untransposed", "zh": "W_h 没有转置"},
    ),
    Mutant(
        "step_W_x_untransposed",
        task="rnn_step",
        replace=("W_x.T", "W_x"),
        tells={"en": "W_x is used untransposed", "zh": "W_x 没有转置"},
    ),
    Mutant(
        "step_no_transposes",
        task="rnn_step",
        replace=(_STEP, "np.tanh(x @ W_x + h @ W_h + b)"),
        tells={"en": "W_x and W_h are used untransposed", "zh": "W_x 和 W_h 都没有转置"},
    ),
    Mutant(
        "step_formula_as_written",
        task="rnn_step",
        replace=(_STEP, "np.tanh(W_x @ x + W_h @ h + b)"),
        tells={"en": "as a column", "zh": "作为一列"},
    ),
    Mutant(
        "step_weights_swapped",
        task="rnn_step",
        replace=(_STEP, "np.tanh(x @ W_h.T + h @ W_x.T + b)"),
        tells={"en": "changed places", "zh": "用反了"},
    ),
    Mutant(
        "step_forgets_h",
        task="rnn_step",
        replace=(" + h @ W_h.T", ""),
        tells={"en": "the old state is not in it", "zh": "里面没有旧状态"},
    ),
    Mutant(
        "step_ignores_x",
        task="rnn_step",
        replace=("x @ W_x.T + ", ""),
        tells={"en": "the input is not in it", "zh": "里面没有输入"},
    ),
    Mutant(
        "step_adds_old_state",
        task="rnn_step",
        replace=("return ", "return h + "),
        tells={"en": "the old state was added", "zh": "又加了旧状态"},
    ),
    Mutant(
        "step_transposed_result",
        task="rnn_step",
        replace=(_STEP, "np.tanh(W_x @ x.T + W_h @ h.T + b[:, None])"),
        tells={"en": "transposed", "zh": "转置"},
    ),
    Mutant(
        "step_changes_h",
        task="rnn_step",
        replace=("return " + _STEP, "h[:] = " + _STEP + "\n    return h"),
        tells={"en": "changed its argument", "zh": "改"},
    ),
    Mutant(
        "step_tanh_by_hand",
        task="rnn_step",
        replace=(
            "return " + _STEP,
            "z = x @ W_x.T + h @ W_h.T + b\n"
            "    return (np.exp(z) - np.exp(-z)) / (np.exp(z) + np.exp(-z))",
        ),
        tells={"en": "nan", "zh": "nan"},
    ),
    Mutant(
        "step_keeps_a_global",
        task="rnn_step",
        code="""
memory = {}

def rnn_step(x, h, W_x, W_h, b):
    h = memory.get(h.shape, h)
    memory[h.shape] = np.tanh(x @ W_x.T + h @ W_h.T + b)
    return memory[h.shape]
""",
        tells={"en": "twice with the same arguments", "zh": "两次"},
    ),
    Mutant(
        "step_of_the_example",
        task="rnn_step",
        replace=(_STEP, "np.array([[0.5370, 0.6044]])"),
        tells={"en": "shape", "zh": "形状"},
    ),
    Mutant(
        "step_first_sequence_only",
        task="rnn_step",
        replace=(_STEP, "np.tanh(W_x @ x[0] + W_h @ h[0] + b)"),
        tells={"en": "shape", "zh": "形状"},
    ),
    # --- rnn_forward -----------------------------------------------------------------------
    Mutant(
        "forward_reads_padding",
        task="rnn_forward",
        replace=("np.where(alive, step(x[t], h), h)", "step(x[t], h)"),
        tells={"en": "run on through the padding", "zh": "走进了填充"},
    ),
    Mutant(
        "forward_zeros_past_end",
        task="rnn_forward",
        replace=("states.append(h)", "states.append(np.where(alive, h, 0.0))"),
        tells={"en": "zeros", "zh": "零"},
    ),
    Mutant(
        "forward_state_becomes_zero",
        task="rnn_forward",
        replace=("step(x[t], h), h)", "step(x[t], h), 0.0)"),
        tells={"en": "zeros", "zh": "零"},
    ),
    Mutant(
        "forward_one_late",
        task="rnn_forward",
        replace=("t < lengths", "t <= lengths"),
        tells={"en": "one step of padding", "zh": "多读了一步填充"},
    ),
    Mutant(
        "forward_one_early",
        task="rnn_forward",
        replace=("t < lengths", "t + 1 < lengths"),
        tells={"en": "one step early", "zh": "早停了一步"},
    ),
    Mutant(
        "forward_starts_from_zeros",
        task="rnn_forward",
        replace=("h, states = h0, []", "h, states = np.zeros_like(h0), []"),
        tells={"en": "start from zeros", "zh": "从零开始"},
    ),
    Mutant(
        "forward_stores_before_step",
        task="rnn_forward",
        body="""
h, states = h0, []
for t in range(len(x)):
    states.append(h)
    h = np.where((t < lengths)[:, None], step(x[t], h), h)
return np.stack(states)
""",
        tells={"en": "one place late", "zh": "晚了一格"},
    ),
    Mutant(
        "forward_with_h0_in_front",
        task="rnn_forward",
        replace=("h, states = h0, []", "h, states = h0, [h0]"),
        tells={"en": "h0 stands in front", "zh": "最前面多了 h0"},
    ),
    Mutant(
        "forward_one_array_for_all",
        task="rnn_forward",
        body="""
h, states = h0.copy(), []
for t in range(len(x)):
    h[:] = np.where((t < lengths)[:, None], step(x[t], h), h)
    states.append(h)
return np.stack(states)
""",
        tells={"en": "that same array T times", "zh": "它 T 次"},
    ),
    Mutant(
        "forward_writes_into_h0",
        task="rnn_forward",
        body="""
h, states = h0, np.zeros((len(x), *h0.shape))
for t in range(len(x)):
    h[:] = np.where((t < lengths)[:, None], step(x[t], h), h)
    states[t] = h
return states
""",
        tells={"en": "changed its argument", "zh": "改"},
    ),
    Mutant(
        "forward_frozen_for_one_step",
        task="rnn_forward",
        body="""
h, states = h0, []
for t in range(len(x)):
    new = step(x[t], h)
    states.append(np.where((t < lengths)[:, None], new, h))
    h = new
return np.stack(states)
""",
        tells={"en": "for one step only", "zh": "只保持了一步"},
    ),
    Mutant(
        "forward_condition_turned_round",
        task="rnn_forward",
        replace=("t < lengths", "t >= lengths"),
        tells={"en": "the wrong way round", "zh": "写反了"},
    ),
    Mutant(
        "forward_step_0_left_out",
        task="rnn_forward",
        replace=("range(len(x))", "range(1, len(x))"),
        tells={"en": "step 0 is missing", "zh": "少了第 0 步"},
    ),
    Mutant(
        "forward_without_the_lookup",
        task="rnn_forward",
        replace=("    step = STEPS.get(step, step)\n", ""),
        tells={"en": "looks names up", "zh": "查名字"},
    ),
    Mutant(
        "forward_every_step_from_h0",
        task="rnn_forward",
        replace=("step(x[t], h), h)", "step(x[t], h0), h)"),
        tells={"en": "starts from h0 again", "zh": "又从 h0 开始"},
    ),
    Mutant(
        "forward_backwards",
        task="rnn_forward",
        replace=("step(x[t], h)", "step(x[len(x) - 1 - t], h)"),
        tells={"en": "backwards in time", "zh": "走反了"},
    ),
    Mutant(
        "forward_loops_over_batch",
        task="rnn_forward",
        replace=("step(x[t], h)", "step(x[:, t], h)"),
        tells={"en": "not `x[:, t]`", "zh": "不是 `x[:, t]`"},
    ),
    Mutant(
        "forward_last_only",
        task="rnn_forward",
        replace=("np.stack(states)", "h"),
        tells={"en": "last state alone", "zh": "只是最后一个状态"},
    ),
    Mutant(
        "forward_batch_first",
        task="rnn_forward",
        replace=("np.stack(states)", "np.stack(states, axis=1)"),
        tells={"en": "batch and time are swapped", "zh": "批和时间对调了"},
    ),
    Mutant(
        "forward_first_length_for_all",
        task="rnn_forward",
        replace=("t < lengths)", "t < lengths[0] + 0 * lengths)"),
        tells={"en": "sequence 0 stops", "zh": "序列 0 结束"},
    ),
    Mutant(
        "forward_remembers_the_last_call",
        task="rnn_forward",
        code=_STEPS
        + """
def rnn_forward(step, x, h0, lengths, memory={}):
    step = STEPS.get(step, step)
    h, states = memory.get(h0.shape, h0), []
    for t in range(len(x)):
        h = np.where((t < lengths)[:, None], step(x[t], h), h)
        states.append(h)
    memory[h0.shape] = h
    return np.stack(states)
""",
        tells={"en": "twice with the same arguments", "zh": "两次"},
    ),
    Mutant(
        "forward_until_the_shortest",
        task="rnn_forward",
        replace=("t < lengths)", "t < lengths.min() + 0 * lengths)"),
        tells={"en": "the shortest", "zh": "最短"},
    ),
    Mutant(
        "forward_own_step",
        task="rnn_forward",
        replace=("step(x[t], h)", "0.5 * h + x[t].sum(axis=1, keepdims=True)"),
        tells={"en": "call the step that is given", "zh": "调用传进来的 step"},
    ),
    Mutant(
        "forward_condition_without_axis",
        task="rnn_forward",
        replace=("(t < lengths)[:, None]", "t < lengths"),
        tells={"en": "lines shapes up from the right", "zh": "从右边"},
    ),
    # --- last_valid ------------------------------------------------------------------------
    Mutant(
        "last_h_minus_one",
        task="last_valid",
        replace=("h[lengths - 1, np.arange(len(lengths))]", "h[-1]"),
        tells={"en": "h[-1]", "zh": "h[-1]"},
    ),
    Mutant(
        "last_batch_first",
        task="last_valid",
        replace=("h[lengths - 1, np.arange(len(lengths))]", "h[:, -1]"),
        tells={"en": "time is axis 0", "zh": "时间是第 0 轴"},
    ),
    Mutant(
        "last_one_too_far",
        task="last_valid",
        replace=("lengths - 1", "lengths"),
        tells={"en": "from 0 to n − 1", "zh": "n − 1"},
    ),
    Mutant(
        "last_one_too_far_clipped",
        task="last_valid",
        replace=("lengths - 1", "np.minimum(lengths, len(h) - 1)"),
        tells={"en": "one step too far", "zh": "多走了一步"},
    ),
    Mutant(
        "last_but_one",
        task="last_valid",
        replace=("lengths - 1", "np.maximum(lengths - 2, 0)"),
        tells={"en": "before the last", "zh": "倒数第二个"},
    ),
    Mutant(
        "last_not_in_pairs",
        task="last_valid",
        replace=("h[lengths - 1, np.arange(len(lengths))]", "h[lengths - 1]"),
        tells={"en": "pairs", "zh": "一对一对"},
    ),
    Mutant(
        "last_axes_swapped",
        task="last_valid",
        replace=(
            "h[lengths - 1, np.arange(len(lengths))]",
            "h[np.arange(len(lengths)), lengths - 1]",
        ),
        tells={"en": "time is axis 0", "zh": "时间是第 0 轴"},
    ),
    Mutant(
        "last_of_the_longest",
        task="last_valid",
        replace=("h[lengths - 1, np.arange(len(lengths))]", "h[lengths.max() - 1]"),
        tells={"en": "h[-1]", "zh": "h[-1]"},
    ),
    Mutant(
        "last_of_the_first_length",
        task="last_valid",
        replace=("h[lengths - 1, np.arange(len(lengths))]", "h[lengths[0] - 1]"),
        tells={"en": "sequence 0 ends", "zh": "序列 0 结束"},
    ),
    Mutant(
        "last_always_sequence_0",
        task="last_valid",
        replace=("np.arange(len(lengths))", "0"),
        tells={"en": "those of sequence 0", "zh": "都是序列 0"},
    ),
    Mutant(
        "last_counted_from_the_end",
        task="last_valid",
        replace=("lengths - 1", "-lengths"),
        tells={"en": "from the end of the padding", "zh": "从填充的末尾"},
    ),
    Mutant(
        "last_mean",
        task="last_valid",
        replace=(
            "h[lengths - 1, np.arange(len(lengths))]",
            "np.stack([h[:n, k].mean(axis=0) for k, n in enumerate(lengths)])",
        ),
        tells={"en": "mean of the real states", "zh": "真实状态的平均"},
    ),
    Mutant(
        "last_keeps_axis",
        task="last_valid",
        replace=(
            "h[lengths - 1, np.arange(len(lengths))]",
            "np.take_along_axis(h, (lengths - 1)[None, :, None], axis=0)",
        ),
        tells={"en": "axis of length 1 too many", "zh": "长度为 1 的轴"},
    ),
    Mutant(
        "last_not_zero",
        task="last_valid",
        replace=(
            "h[lengths - 1, np.arange(len(lengths))]",
            "np.stack([h[np.flatnonzero(h[:, k].any(axis=1))[-1], k] for k in range(len(lengths))])",
        ),
        tells={"en": "h[-1]", "zh": "h[-1]"},
    ),
    # --- head_loss -------------------------------------------------------------------------
    Mutant(
        "head_table_of_differences",
        task="head_loss",
        body="""
y = h @ W_y.T + b_y
return y[:, 0], np.mean((y - target) ** 2)
""",
        tells={"en": "B × B table", "zh": "B × B 的表"},
    ),
    Mutant(
        "head_y_is_a_column",
        task="head_loss",
        body="""
y = h @ W_y.T + b_y
return y, np.mean((y[:, 0] - target) ** 2)
""",
        tells={"en": "it is a column", "zh": "它是一列"},
    ),
    Mutant(
        "head_no_bias",
        task="head_loss",
        replace=("(h @ W_y.T + b_y)", "(h @ W_y.T)"),
        tells={"en": "bias is missing", "zh": "少了偏置"},
    ),
    Mutant(
        "head_squashed",
        task="head_loss",
        replace=("(h @ W_y.T + b_y)", "np.tanh(h @ W_y.T + b_y)"),
        tells={"en": "tanh", "zh": "tanh"},
    ),
    Mutant(
        "head_squeezed",
        task="head_loss",
        replace=("(h @ W_y.T + b_y)[:, 0]", "(h @ W_y.T + b_y).squeeze()"),
        tells={"en": "`squeeze()` drops every axis", "zh": "`squeeze()` 会去掉所有"},
    ),
    Mutant(
        "loss_sum",
        task="head_loss",
        replace=("np.mean", "np.sum"),
        tells={"en": "sum of the squares", "zh": "平方的和"},
    ),
    Mutant(
        "loss_half",
        task="head_loss",
        replace=("np.mean(", "0.5 * np.mean("),
        tells={"en": "half of what it should be", "zh": "只有应有的一半"},
    ),
    Mutant(
        "loss_root",
        task="head_loss",
        replace=("np.mean((y - target) ** 2)", "np.sqrt(np.mean((y - target) ** 2))"),
        tells={"en": "square root", "zh": "平方根"},
    ),
    Mutant(
        "loss_absolute",
        task="head_loss",
        replace=("np.mean((y - target) ** 2)", "np.mean(np.abs(y - target))"),
        tells={"en": "absolute", "zh": "绝对"},
    ),
    Mutant(
        "loss_not_squared",
        task="head_loss",
        replace=(" ** 2)", ")"),
        tells={"en": "not squared", "zh": "没有平方"},
    ),
    Mutant(
        "loss_mean_before_square",
        task="head_loss",
        replace=("np.mean((y - target) ** 2)", "np.mean(y - target) ** 2"),
        tells={"en": "averaged first", "zh": "先平均"},
    ),
    Mutant(
        "loss_for_each_sequence",
        task="head_loss",
        replace=("np.mean((y - target) ** 2)", "(y - target) ** 2"),
        tells={"en": "a single number", "zh": "一个数"},
    ),
    Mutant(
        "loss_before_y",
        task="head_loss",
        replace=("return y, np.mean((y - target) ** 2)", "return np.mean((y - target) ** 2), y"),
        tells={"en": "y", "zh": "y"},
    ),
    Mutant(
        "loss_alone",
        task="head_loss",
        replace=("return y, np", "return np"),
        tells={"en": "2 things", "zh": "2"},
    ),
]

ALSO_RIGHT = {
    "rnn_step": [
        "return np.tanh((W_x @ x.T + W_h @ h.T).T + b)",
        """
both = np.concatenate([x, h], axis=1)
W = np.concatenate([W_x, W_h], axis=1)
return np.tanh(both @ W.T + b)
""",
        """
new = np.einsum("bi,hi->bh", x, W_x)
new += np.einsum("bj,hj->bh", h, W_h)
new += b
np.tanh(new, out=new)
return new
""",
        """
z = x @ W_x.T + h @ W_h.T + b
e = np.exp(-2 * np.abs(z))
return np.sign(z) * (1 - e) / (1 + e)
""",
        """
new = np.zeros(h.shape)
for k in range(len(x)):
    h_k = W_x @ x[k] + W_h @ h[k] + b
    new[k] = np.tanh(h_k)
return new
""",
        """
def unit(j):
    return np.tanh(x @ W_x[j] + h @ W_h[j] + b[j])

def rows(j):
    return [] if j == len(b) else [unit(j)] + rows(j + 1)

return np.stack(rows(0), axis=1)
""",
        """
return [
    [float(np.tanh(W_x[j] @ x[n] + W_h[j] @ h[n] + b[j])) for j in range(len(b))]
    for n in range(len(x))
]
""",
        """
ones = np.ones((len(x), 1))
return np.tanh(np.hstack([x, h, ones]) @ np.hstack([W_x, W_h, b[:, None]]).T)
""",
        """
z = x @ W_x.T + h @ W_h.T + b
return 2 * (0.5 * (1 + np.tanh(z))) - 1
""",
        """
import math

return np.vectorize(math.tanh)(x @ W_x.T + h @ W_h.T + b)
""",
        """
return np.tanh(
    np.tensordot(x, W_x, axes=(1, 1))
    + np.tensordot(h, W_h, axes=(1, 1))
    + b.astype(np.float64)
)
""",
    ],
    "rnn_forward": [
        """
T, B, I = x.shape
states = np.empty((T, B, h0.shape[1]))
for k in range(B):
    h = h0[k : k + 1]
    for t in range(T):
        if t < lengths[k]:
            h = step(x[t, k : k + 1], h)
        states[t, k] = h[0]
return states
""",
        """
h, states = h0.copy(), []
for t, x_t in enumerate(x):
    mask = (lengths > t).astype(float)[:, None]
    h = mask * step(x_t, h) + (1 - mask) * h
    states.append(h)
return np.array(states)
""",
        """
h, states = h0.copy(), []
for t in range(x.shape[0]):
    alive = t < lengths
    h[alive] = step(x[t][alive], h[alive])
    states.append(h.copy())
return np.stack(states)
""",
        """
states = np.zeros((len(x), *h0.shape))
for t in range(len(x)):
    before = states[t - 1] if t > 0 else h0
    states[t] = step(x[t], before)
    states[t, lengths <= t] = before[lengths <= t]
return states
""",
        """
if len(x) == 0:
    return np.zeros((0, *h0.shape))
h = np.where(lengths[:, None] > 0, step(x[0], h0), h0)
return np.concatenate([h[None], rnn_forward(step, x[1:], h, lengths - 1)])
""",
        """
class Runner:
    def __init__(self):
        self.h = h0.copy()

    def go(self, t):
        new = step(x[t], self.h)
        keep = t >= lengths
        new = new.copy()
        new[keep] = self.h[keep]
        self.h = new
        return new

r = Runner()
return np.array([r.go(t) for t in range(len(x))])
""",
        """
hs = []
h = h0
for t in range(len(x)):
    h = step(x[t], h)
    hs.append(h)
hs = np.stack(hs)
for k, n in enumerate(lengths):
    hs[n:, k] = hs[n - 1, k]
return hs
""",
        """
from itertools import accumulate

f = lambda h, t: np.where((t < lengths)[:, None], step(x[t], h), h)
return np.stack(list(accumulate(range(len(x)), f, initial=h0))[1:])
""",
    ],
    "last_valid": [
        "return np.stack([h[n - 1, k] for k, n in enumerate(lengths)])",
        "return np.take_along_axis(h, (lengths - 1)[None, :, None], axis=0)[0]",
        """
at_end = np.arange(len(h))[:, None] == lengths - 1
return (h * at_end[:, :, None]).sum(axis=0)
""",
        """
out = np.zeros_like(h[0])
for t in range(len(h)):
    out[lengths == t + 1] = h[t][lengths == t + 1]
return out
""",
        "return [h[int(n) - 1, k] for k, n in enumerate(lengths)]",
        """
return np.einsum(
    "tb,tbh->bh", (np.arange(len(h))[:, None] == lengths - 1).astype(float), h
)
""",
        """
return h.swapaxes(0, 1)[np.arange(len(lengths)), lengths - 1]
""",
        """
out = h[0]
for t in range(1, len(h)):
    out = np.where((t < lengths)[:, None], h[t], out)
return out
""",
    ],
    "head_loss": [
        """
y = h @ W_y[0] + b_y[0]
return y, float(((y - target) ** 2).sum() / len(y))
""",
        """
y = np.squeeze(h @ W_y.T + b_y, axis=1)
error = y - target
return y, error @ error / len(error)
""",
        """
y = (h * W_y).sum(axis=1) + b_y
loss = np.square(target - y).mean()
return [y, loss]
""",
        """
column = h @ W_y.T + b_y
loss = np.mean((column - target[:, None]) ** 2)
return column.ravel(), loss
""",
        """
y = np.einsum("bh,oh->b", h, W_y) + b_y
return (y, np.average(np.power(y - target, 2)))
""",
        """
y = [float(W_y[0] @ r + b_y[0]) for r in h]
return (y, sum(((a - t) ** 2 for a, t in zip(y, target))) / len(y))
""",
        """
y = (h @ W_y.T + b_y).flatten()
e = y - target
return (y, e.var() + e.mean() ** 2)
""",
    ],
}

# Automatic changes that are no mistake (lstm-lab mutants 01).
EQUIVALENT = [
    Equivalent(
        "rnn_forward",
        "return np.stack(states)",
        "return states",
        "a list of T arrays (B, H) holds the same numbers in the same order; lists are accepted",
    ),
    Equivalent(
        "head_loss",
        "y = (h @ W_y.T + b_y)[:, 0]",
        "y = (h @ W_y.T + b_y)[:, -1]",
        "W_y is (1, H): there is one column",
    ),
    Equivalent(
        "head_loss",
        "return (y, np.mean((y - target) ** 2))",
        "return (y, np.mean((target - y) ** 2))",
        "(a − b)² is (b − a)²",
    ),
]
