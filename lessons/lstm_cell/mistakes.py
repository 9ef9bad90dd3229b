"""Wrong answers to exercise 05 that must be rejected, with what the learner is then told; and
answers that are right in another way, which must get full marks."""

from lstm_lab.grading import Equivalent, Mutant

_SPLIT = "a_i, a_f, a_g, a_o = np.split"
_C = "c = f * c + i * np.tanh(a_g)"
_H = "return o * np.tanh(c), c"
_FREEZE = "h, c = np.where(alive, h_new, h), np.where(alive, c_new, c)"
_CHRONO = "[-np.log(steps), np.log(steps), b[2 * H :]]"
_HALF = "np.log(2) / np.logaddexp(0.0, -b_f)"

MUTANTS = [
    # --- lstm_step -------------------------------------------------------------------------
    Mutant(
        "step_order_of_many_books",
        task="lstm_step",
        replace=(_SPLIT, "a_f, a_i, a_g, a_o = np.split"),
        tells={"en": "i and f have traded places", "zh": "i 和 f 换了位置"},
    ),
    Mutant(
        "step_gates_first",
        task="lstm_step",
        replace=(_SPLIT, "a_i, a_f, a_o, a_g = np.split"),
        tells={"en": "in the order i, f, o, g", "zh": "i、f、o、g 的顺序"},
    ),
    Mutant(
        "step_g_sigmoid",
        task="lstm_step",
        replace=("np.tanh(a_g)", "0.5 * (1 + np.tanh(a_g / 2))"),
        tells={"en": "it is no gate", "zh": "它不是门"},
    ),
    Mutant(
        "step_gates_tanh",
        task="lstm_step",
        replace=("0.5 * (1.0 + np.tanh(a / 2))", "np.tanh(a)"),
        tells={"en": "between 0 and 1", "zh": "在 0 和 1 之间"},
    ),
    Mutant(
        "step_no_tanh_around_c",
        task="lstm_step",
        replace=(_H, "return o * c, c"),
        tells={"en": "tanh around c is missing", "zh": "c 外面少了 tanh"},
    ),
    Mutant(
        "step_h_of_old_c",
        task="lstm_step",
        replace=(f"{_C}\n    {_H}", "return o * np.tanh(c), f * c + i * np.tanh(a_g)"),
        tells={"en": "made from the old c", "zh": "由旧的 c 得到"},
    ),
    Mutant(
        "step_no_output_gate",
        task="lstm_step",
        replace=(_H, "return np.tanh(c), c"),
        tells={"en": "output gate is not in h", "zh": "h 里没有输出门"},
    ),
    Mutant(
        "step_gates_in_each_others_place",
        task="lstm_step",
        replace=(_C, "c = i * c + f * np.tanh(a_g)"),
        tells={"en": "f multiplies the old memory", "zh": "f 乘旧的记忆"},
    ),
    Mutant(
        "step_no_input_gate",
        task="lstm_step",
        replace=(_C, "c = f * c + np.tanh(a_g)"),
        tells={"en": "input gate is not in", "zh": "里没有输入门"},
    ),
    Mutant(
        "step_of_1997",
        task="lstm_step",
        replace=(_C, "c = c + i * np.tanh(a_g)"),
        tells={"en": "cell of 1997", "zh": "1997 年的单元"},
    ),
    Mutant(
        "step_forgets_what_it_should_keep",
        task="lstm_step",
        replace=(_C, "c = (1 - f) * c + i * np.tanh(a_g)"),
        tells={"en": "it is what *stays*", "zh": "它是**留下**的部分"},
    ),
    Mutant(
        "step_coupled",
        task="lstm_step",
        replace=(_C, "c = f * c + (1 - f) * np.tanh(a_g)"),
        tells={"en": "couples the two gates", "zh": "绑在一起"},
    ),
    Mutant(
        "step_squashes_c",
        task="lstm_step",
        replace=(_C, "c = np.tanh(f * c + i * np.tanh(a_g))"),
        tells={"en": "c' itself is squashed", "zh": "c' 本身被压缩"},
    ),
    Mutant(
        "step_no_bias",
        task="lstm_step",
        replace=(" + b,", ","),
        tells={"en": "bias is missing", "zh": "少了偏置"},
    ),
    Mutant(
        "step_bias_twice",
        task="lstm_step",
        replace=(" + b,", " + b + b,"),
        tells={"en": "added twice", "zh": "加了两次"},
    ),
    Mutant(
        "step_weights_crossed",
        task="lstm_step",
        replace=("x @ W_x.T + h @ W_h.T", "h @ W_x.T + x @ W_h.T"),
        tells={"en": "W_x and W_h have traded places", "zh": "W_x 和 W_h 换了位置"},
    ),
    Mutant(
        "step_gates_hear_c",
        task="lstm_step",
        replace=("h @ W_h.T", "c @ W_h.T"),
        tells={"en": "gates hear c", "zh": "门听的是 c"},
    ),
    Mutant(
        "step_c_first",
        task="lstm_step",
        replace=(_H, "return c, o * np.tanh(c)"),
        tells={"en": "return h, then c", "zh": "先返回 h"},
    ),
    Mutant(
        "step_in_place",
        task="lstm_step",
        replace=(_C, "c *= f\n    c += i * np.tanh(a_g)"),
        tells={"en": "changed its argument", "zh": "改动了它的"},
    ),
    Mutant(
        "step_noisy",
        task="lstm_step",
        replace=("0.5 * (1.0 + np.tanh(a / 2))", "1 / (1 + np.exp(-a))"),
        tells={"en": "NumPy warned", "zh": "NumPy 发出了警告"},
    ),
    # --- lstm_forward ----------------------------------------------------------------------
    Mutant(
        "forward_ignores_lengths",
        task="lstm_forward",
        replace=(_FREEZE, "h, c = h_new, c_new"),
        tells={"en": "is lengths used?", "zh": "用到 lengths 了吗"},
    ),
    Mutant(
        "forward_freezes_h_only",
        task="lstm_forward",
        replace=(_FREEZE, "h, c = np.where(alive, h_new, h), c_new"),
        tells={"en": "but c walks on", "zh": "c 却还在走"},
    ),
    Mutant(
        "forward_freezes_c_only",
        task="lstm_forward",
        replace=(_FREEZE, "h, c = h_new, np.where(alive, c_new, c)"),
        tells={"en": "but h walks on", "zh": "h 却还在走"},
    ),
    Mutant(
        "forward_zeros_past_the_end",
        task="lstm_forward",
        replace=(_FREEZE, "h, c = alive * h_new, alive * c_new"),
        tells={"en": "set to zero", "zh": "置成了零"},
    ),
    Mutant(
        "forward_one_late",
        task="lstm_forward",
        replace=("t < lengths", "t <= lengths"),
        tells={"en": "one entry too many", "zh": "多读了一条"},
    ),
    Mutant(
        "forward_one_early",
        task="lstm_forward",
        replace=("t < lengths", "t + 1 < lengths"),
        tells={"en": "last real entry is not read", "zh": "最后一条真实的没有读到"},
    ),
    Mutant(
        "forward_memory_not_carried",
        task="lstm_forward",
        body="""
all_h, all_c = [], []
for t, x_t in enumerate(x):
    alive = (t < lengths)[:, None]
    h_new, c_new = step(x_t, h, c)
    h = np.where(alive, h_new, h)
    all_h.append(h)
    all_c.append(np.where(alive, c_new, c))
return np.stack(all_h), np.stack(all_c)
""",
        tells={"en": "the c from before the first step", "zh": "第一步之前的 c"},
    ),
    Mutant(
        "forward_h_for_c",
        task="lstm_forward",
        replace=("step(x_t, h, c)", "step(x_t, h, h)"),
        tells={"en": "in the place of c", "zh": "c 的位置上给了 h"},
    ),
    Mutant(
        "forward_h_for_x",
        task="lstm_forward",
        replace=("step(x_t, h, c)", "step(h, x_t, c)"),
        tells={"en": "x and h trade places", "zh": "x 和 h 换了位置"},
    ),
    Mutant(
        "forward_from_zeros",
        task="lstm_forward",
        replace=("all_h, all_c = [], []", "all_h, all_c, h, c = [], [], 0 * h, 0 * c"),
        tells={"en": "starts from zeros", "zh": "从零开始的"},
    ),
    Mutant(
        "forward_c_then_h",
        task="lstm_forward",
        replace=("np.stack(all_h), np.stack(all_c)", "np.stack(all_c), np.stack(all_h)"),
        tells={"en": "first h, then c", "zh": "先 h，后 c"},
    ),
    Mutant(
        "forward_last_c_only",
        task="lstm_forward",
        replace=("np.stack(all_h), np.stack(all_c)", "np.stack(all_h), c"),
        tells={"en": "c came back for the last step only", "zh": "c 只返回了最后一步"},
    ),
    Mutant(
        "forward_last_only",
        task="lstm_forward",
        replace=("np.stack(all_h), np.stack(all_c)", "h, c"),
        tells={"en": "only the last step", "zh": "只返回了最后一步"},
    ),
    Mutant(
        "forward_states_before",
        task="lstm_forward",
        body="""
all_h, all_c = [], []
for t, x_t in enumerate(x):
    all_h.append(h)
    all_c.append(c)
    alive = (t < lengths)[:, None]
    h_new, c_new = step(x_t, h, c)
    h, c = np.where(alive, h_new, h), np.where(alive, c_new, c)
return np.stack(all_h), np.stack(all_c)
""",
        tells={"en": "*before* each step", "zh": "**之前**的状态"},
    ),
    Mutant(
        "forward_batch_first",
        task="lstm_forward",
        replace=(
            "np.stack(all_h), np.stack(all_c)",
            "np.stack(all_h, axis=1), np.stack(all_c, axis=1)",
        ),
        tells={"en": "batch and time are swapped", "zh": "批和时间反了"},
    ),
    # --- to_separate -----------------------------------------------------------------------
    Mutant(
        "separate_rows_as_they_were",
        task="to_separate",
        replace=("np.r_[H : 2 * H, :H, 2 * H : 4 * H]", "np.arange(4 * H)"),
        tells={"en": "rows are as they were", "zh": "行没有动"},
    ),
    Mutant(
        "separate_bias_as_it_was",
        task="to_separate",
        replace=("b[rows]", "b"),
        tells={"en": "those of b must too", "zh": "b 的也要换"},
    ),
    Mutant(
        "separate_single_rows",
        task="to_separate",
        replace=("np.r_[H : 2 * H, :H, 2 * H : 4 * H]", "np.r_[1, 0, 2 : 4 * H]"),
        tells={"en": "whole blocks", "zh": "一整块"},
    ),
    Mutant(
        "separate_x_first",
        task="to_separate",
        replace=(
            "W[rows, H:], W[rows, :H]",
            "W[rows, : W.shape[1] - H], W[rows, W.shape[1] - H :]",
        ),
        tells={"en": "h comes first", "zh": "h 在前"},
    ),
    Mutant(
        "separate_h_before_x",
        task="to_separate",
        replace=("W[rows, H:], W[rows, :H]", "W[rows, :H], W[rows, H:]"),
        tells={"en": "W_x, W_h, b", "zh": "W_x、W_h、b"},
    ),
    Mutant(
        "separate_transposed",
        task="to_separate",
        replace=("W[rows, H:], W[rows, :H]", "W[rows, H:].T, W[rows, :H].T"),
        tells={"en": "matrices are transposed", "zh": "矩阵转置了"},
    ),
    Mutant(
        "separate_all_reversed",
        task="to_separate",
        body="""
H = len(b) // 4
W = np.concatenate(np.split(W, 4)[::-1])
b = np.concatenate(np.split(b, 4)[::-1])
return W[:, H:], W[:, :H], b
""",
        tells={"en": "order from the end", "zh": "倒过来的顺序"},
    ),
    Mutant(
        "separate_o_before_g",
        task="to_separate",
        replace=(
            "np.r_[H : 2 * H, :H, 2 * H : 4 * H]",
            "np.r_[H : 2 * H, :H, 3 * H : 4 * H, 2 * H : 3 * H]",
        ),
        tells={"en": "g and o have traded places", "zh": "g 和 o 也换了位置"},
    ),
    Mutant(
        "separate_in_place",
        task="to_separate",
        body="""
H = len(b) // 4
W[: 2 * H] = np.concatenate([W[H : 2 * H], W[:H]])
b[: 2 * H] = np.concatenate([b[H : 2 * H], b[:H]])
return W[:, H:], W[:, :H], b
""",
        tells={"en": "changed its argument", "zh": "改动了它的"},
    ),
    # --- count_parameters ------------------------------------------------------------------
    Mutant(
        "count_three_parts",
        task="count_parameters",
        body="return 3 * H * (I + H + biases) + (layers - 1) * 3 * H * (H + H + biases)",
        tells={"en": "3 parts were counted", "zh": "数的是 3 个部分"},
    ),
    Mutant(
        "count_bias_is_one_number",
        task="count_parameters",
        body="return 4 * H * (I + H) + biases + (layers - 1) * (4 * H * (H + H) + biases)",
        tells={"en": "whole array (4H,)", "zh": "一整个数组 (4H,)"},
    ),
    Mutant(
        "count_bias_of_one_part",
        task="count_parameters",
        body="""
return 4 * H * (I + H) + biases * H + (layers - 1) * (4 * H * (H + H) + biases * H)
""",
        tells={"en": "4H numbers, not H", "zh": "4H 个数，不是 H 个"},
    ),
    Mutant(
        "count_always_one_bias",
        task="count_parameters",
        body="return 4 * H * (I + H + 1) + (layers - 1) * 4 * H * (H + H + 1)",
        tells={"en": "use `biases`", "zh": "要用 `biases`"},
    ),
    Mutant(
        "count_all_layers_alike",
        task="count_parameters",
        body="return layers * 4 * H * (I + H + biases)",
        tells={"en": "counted with I inputs", "zh": "按 I 个输入算"},
    ),
    Mutant(
        "count_a_layer_too_many",
        task="count_parameters",
        replace=("(layers - 1)", "layers"),
        tells={"en": "value is not right", "zh": "值不对"},
    ),
    Mutant(
        "count_first_layer_only",
        task="count_parameters",
        replace=("first + (layers - 1) * 4 * H * (H + H + biases)", "first"),
        tells={"en": "only the first layer", "zh": "只数了第一层"},
    ),
    # --- chrono_bias -----------------------------------------------------------------------
    Mutant(
        "chrono_signs_turned",
        task="chrono_bias",
        replace=(_CHRONO, "[np.log(steps), -np.log(steps), b[2 * H :]]"),
        tells={"en": "signs are turned", "zh": "符号反了"},
    ),
    Mutant(
        "chrono_same_sign",
        task="chrono_bias",
        replace=(_CHRONO, "[np.log(steps), np.log(steps), b[2 * H :]]"),
        tells={"en": "it gets −ln(steps)", "zh": "它应当是 −ln(steps)"},
    ),
    Mutant(
        "chrono_forget_gate_only",
        task="chrono_bias",
        replace=(_CHRONO, "[b[:H], np.log(steps), b[2 * H :]]"),
        tells={"en": "only the forget gate", "zh": "只设了遗忘门"},
    ),
    Mutant(
        "chrono_added",
        task="chrono_bias",
        replace=(_CHRONO, "[b[:H] - np.log(steps), b[H : 2 * H] + np.log(steps), b[2 * H :]]"),
        tells={"en": "old biases are still in it", "zh": "旧的偏置还在里面"},
    ),
    Mutant(
        "chrono_rest_zero",
        task="chrono_bias",
        replace=(_CHRONO, "[-np.log(steps), np.log(steps), 0 * b[2 * H :]]"),
        tells={"en": "set to zero", "zh": "被置零了"},
    ),
    Mutant(
        "chrono_no_logarithm",
        task="chrono_bias",
        replace=(_CHRONO, "[-steps, steps, b[2 * H :]]"),
        tells={"en": "logarithm is missing", "zh": "少了对数"},
    ),
    Mutant(
        "chrono_base_2",
        task="chrono_bias",
        replace=(_CHRONO, "[-np.log2(steps), np.log2(steps), b[2 * H :]]"),
        tells={"en": "base 2", "zh": "以 2 为底"},
    ),
    Mutant(
        "chrono_wrong_parts",
        task="chrono_bias",
        replace=(_CHRONO, "[b[: 2 * H], -np.log(steps), np.log(steps)]"),
        tells={"en": "g and o were set", "zh": "设的是 g 和 o"},
    ),
    Mutant(
        "chrono_in_place",
        task="chrono_bias",
        body="""
H = len(steps)
b[:H] = -np.log(steps)
b[H : 2 * H] = np.log(steps)
return b
""",
        tells={"en": "changed its argument", "zh": "改动了它的"},
    ),
    # --- half_life -------------------------------------------------------------------------
    Mutant(
        "half_life_sign",
        task="half_life",
        replace=(_HALF, "np.log(2) / np.log(1 / (1 + np.exp(-b_f)))"),
        tells={"en": "sign is turned", "zh": "符号反了"},
    ),
    Mutant(
        "half_life_to_1_over_e",
        task="half_life",
        replace=(_HALF, "1 / np.logaddexp(0.0, -b_f)"),
        tells={"en": "ln 2 is missing", "zh": "少了 ln 2"},
    ),
    Mutant(
        "half_life_time_constant",
        task="half_life",
        replace=(_HALF, "1 + np.exp(b_f)"),
        tells={"en": "until 1/e is left", "zh": "剩下 1/e"},
    ),
    Mutant(
        "half_life_of_f",
        task="half_life",
        replace=(_HALF, "-np.log(2) / np.log(np.abs(b_f))"),
        tells={"en": "half_life", "zh": "half_life"},
    ),
    Mutant(
        "half_life_bias_turned",
        task="half_life",
        replace=("-b_f", "b_f"),
        tells={"en": "sign of b_f", "zh": "b_f 的符号反了"},
    ),
    Mutant(
        "half_life_mixed_logarithms",
        task="half_life",
        replace=(_HALF, "-np.log(2) / np.log2(1 / (1 + np.exp(-b_f)))"),
        tells={"en": "two logarithms", "zh": "两种对数"},
    ),
    Mutant(
        "half_life_subtracts",
        task="half_life",
        replace=(_HALF, "0.5 * (1 + np.exp(b_f))"),
        tells={"en": "each step *multiplies*", "zh": "每步是**乘** f"},
    ),
    Mutant(
        "half_life_whole_steps",
        task="half_life",
        replace=(_HALF, "np.ceil(np.log(2) / np.logaddexp(0.0, -b_f))"),
        tells={"en": "rounded up", "zh": "向上取整"},
    ),
    Mutant(
        "half_life_lost_in_rounding",
        task="half_life",
        replace=(_HALF, "-np.log(2) / np.log(1 / (1 + np.exp(-b_f)))"),
        tells={"en": "σ(b) is rounded", "zh": "σ(b) 会被舍入"},
    ),
]

ALSO_RIGHT = {
    "lstm_step": [
        """
H = h.shape[1]
a = np.concatenate([x, h], axis=1) @ np.concatenate([W_x, W_h], axis=1).T + b
def sigmoid(a):
    e = np.exp(-np.abs(a))
    return np.where(a >= 0, 1, e) / (1 + e)
i, f, g, o = sigmoid(a[:, :H]), sigmoid(a[:, H:2*H]), np.tanh(a[:, 2*H:3*H]), sigmoid(a[:, 3*H:])
c_new = g * i + c * f
return [np.tanh(c_new) * o, c_new]
""",
        """
H = len(b) // 4
def part(k):
    rows = slice(k * H, (k + 1) * H)
    return (W_x[rows] @ x.T + W_h[rows] @ h.T).T + b[rows]
i, f, o = (1 / (1 + np.exp(-np.clip(part(k), -700, 700))) for k in (0, 1, 3))
c = f * c + i * np.tanh(part(2))
h = o * np.tanh(c)
return h, c
""",
        """
H = h.shape[1]
a = (np.einsum("bi,ki->bk", x, W_x) + np.einsum("bj,kj->bk", h, W_h) + b).reshape(
    len(x), 4, H
)
s = lambda v: np.where(
    v >= 0, 1 / (1 + np.exp(-np.abs(v))), np.exp(-np.abs(v)) / (1 + np.exp(-np.abs(v)))
)
i, f, g, o = (s(a[:, 0]), s(a[:, 1]), np.tanh(a[:, 2]), s(a[:, 3]))
c = c * f + g * i
return [np.tanh(c) * o, c]
""",
        """
Wi, Wf, Wg, Wo = np.split(np.hstack([W_x, W_h]), 4)
bi, bf, bg, bo = np.split(b, 4)
z = np.hstack([x, h])
s = lambda v: (1 + np.tanh(v / 2)) / 2
c2 = s(z @ Wf.T + bf) * c + s(z @ Wi.T + bi) * np.tanh(z @ Wg.T + bg)
return (s(z @ Wo.T + bo) * np.tanh(c2), c2)
""",
        """
out = []
for n in range(len(x)):
    a = W_x @ x[n] + W_h @ h[n] + b
    H = h.shape[1]
    s = lambda v: 1 / (1 + np.exp(-np.clip(v, -700, 700)))
    cn = s(a[H : 2 * H]) * c[n] + s(a[:H]) * np.tanh(a[2 * H : 3 * H])
    out.append((s(a[3 * H :]) * np.tanh(cn), cn))
return (np.stack([p for p, _ in out]), np.stack([q for _, q in out]))
""",
    ],
    "lstm_forward": [
        """
T, B, _ = x.shape
hs, cs = np.zeros((T, *h.shape)), np.zeros((T, *c.shape))
for k in range(B):
    h_k, c_k = h[k : k + 1], c[k : k + 1]
    for t in range(T):
        if t < lengths[k]:
            h_k, c_k = step(x[t, k : k + 1], h_k, c_k)
        hs[t, k], cs[t, k] = h_k[0], c_k[0]
return hs, cs
""",
        """
hs, cs = [], []
for t in range(len(x)):
    m = (lengths > t).astype(float).reshape(-1, 1)
    n, d = step(x[t], h, c)
    h = m * n + (1 - m) * h
    c = m * d + (1 - m) * c
    hs += [h]
    cs += [c]
return hs, cs
""",
        """
T, B = x.shape[:2]
hs, cs = (np.zeros((T, *h.shape)), np.zeros((T, *c.shape)))
for k in range(B):
    hk, ck = (h[k : k + 1], c[k : k + 1])
    for t in range(T):
        if t < lengths[k]:
            hk, ck = step(x[t, k : k + 1], hk, ck)
        hs[t, k], cs[t, k] = (hk[0], ck[0])
return (hs, cs)
""",
        """
h, c = (h.copy(), c.copy())
hs, cs = ([], [])
for t in range(len(x)):
    m = t < lengths
    h[m], c[m] = step(x[t][m], h[m], c[m])
    hs.append(h.copy())
    cs.append(c.copy())
return (np.array(hs), np.array(cs))
""",
    ],
    "to_separate": [
        """
H = len(W) // 4
f, i, g, o = np.split(W, 4)
b_f, b_i, b_g, b_o = np.split(b, 4)
W = np.vstack([i, f, g, o])
return W[:, H:], W[:, :H], np.hstack([b_i, b_f, b_g, b_o])
""",
        """
H = len(b) // 4
W, b = W.copy(), b.copy()
W[:H], W[H : 2 * H] = W[H : 2 * H].copy(), W[:H].copy()
b[: 2 * H] = np.roll(b[: 2 * H], H)
W_h, W_x = np.split(W, [H], axis=1)
return W_x, W_h, b
""",
        """
H = len(b) // 4
f, i, g, o = np.vsplit(W, 4)
bf, bi, bg, bo = np.split(b, 4)
P = np.vstack([i, f, g, o])
return (P[:, H:].copy(), P[:, :H].copy(), np.concatenate([bi, bf, bg, bo]))
""",
        """
H = len(b) // 4
P = np.kron(np.eye(4)[[1, 0, 2, 3]], np.eye(H))
return (P @ W[:, H:], P @ W[:, :H], P @ b)
""",
    ],
    "count_parameters": [
        """
total = 0
for layer in range(layers):
    total += 4 * H * (I if layer == 0 else H) + 4 * H * H + biases * 4 * H
return total
""",
        """
shapes = [(4 * H, I)] + [(4 * H, H)] * (2 * layers - 1) + [(4 * H, 1)] * (biases * layers)
return sum(np.prod(shape) for shape in shapes)
""",
        """
return sum((4 * H * ((I if k == 0 else H) + H + biases) for k in range(layers)))
""",
        """
def n(I, left):
    return 0 if left == 0 else 4 * H * I + 4 * H * H + 4 * H * biases + n(H, left - 1)

return n(I, layers)
""",
    ],
    "chrono_bias": [
        """
b = b.copy()
H = b.size // 4
b[H : 2 * H] = np.log(steps)
b[:H] = -b[H : 2 * H]
return b
""",
        """
i, f, g, o = b.reshape(4, -1)
return np.stack([np.log(1 / steps), np.log(steps), g, o]).ravel()
""",
        """
r = np.array(b, dtype=float)
H = len(steps)
r[H : 2 * H] = np.log(steps)
r[:H] = -r[H : 2 * H]
return r
""",
        """
return np.r_[np.log(1 / steps), np.log(steps), b[len(b) // 2 :]]
""",
    ],
    "half_life": [
        "return np.log(2) / np.log1p(np.exp(-b_f))",
        """
out = np.empty(b_f.shape)
for k in np.ndindex(b_f.shape):
    out[k] = 1 / (np.log1p(np.exp(-b_f[k])) / np.log(2))
return out
""",
        """
return np.log(2) / (np.maximum(-b_f, 0) + np.log1p(np.exp(-np.abs(b_f))))
""",
        """
return 1 / (np.log1p(np.exp(-b_f)) / np.log(2))
""",
        """
import math

return np.vectorize(lambda v: math.log(2) / math.log1p(math.exp(-v)))(b_f)
""",
    ],
}

EQUIVALENT = [
    Equivalent(
        "lstm_forward",
        "return (np.stack(all_h), np.stack(all_c))",
        "return (all_h, np.stack(all_c))",
        because="a list of T arrays is as good as one array (T, B, H)",
    ),
    Equivalent(
        "lstm_forward",
        "return (np.stack(all_h), np.stack(all_c))",
        "return (np.stack(all_h), all_c)",
        because="a list of T arrays is as good as one array (T, B, H)",
    ),
    Equivalent(
        "to_separate",
        "H = len(b) // 4",
        "H = len(W) // 4",
        because="W and b have 4H rows both",
    ),
    Equivalent(
        "half_life",
        "return np.log(2) / np.logaddexp(0.0, -b_f)",
        "return np.log(2) / np.logaddexp(-b_f, 0.0)",
        because="ln(e^a + e^b) is symmetric",
    ),
]
