"""Wrong answers to exercise 04 that must be rejected, with what the learner is then told; and
answers that are right in another way, which must get full marks."""

from lstm_lab.grading import Equivalent, Mutant

MUTANTS = [
    # --- cell_step -------------------------------------------------------------------------
    Mutant(
        "step_tile",
        task="cell_step",
        body="""
H = c.shape[1]
K = (a.shape[1] - H) // 2
a_i, a_g, a_o = a[:, :K], a[:, K : K + H], a[:, K + H :]
i, o = 1 / (1 + np.exp(-a_i)), 1 / (1 + np.exp(-a_o))
c_new = c + np.tile(i, H // K) * 2 * np.tanh(a_g / 2)
return np.tile(o, H // K) * np.tanh(c_new / 2), c_new, np.concatenate([i, o], axis=1)
""",
        tells={"en": "dealt out in turn", "zh": "轮流发"},
    ),
    Mutant(
        "step_gates_side_by_side",
        task="cell_step",
        replace=(
            "a[:, :K], a[:, K : K + H], a[:, K + H :]",
            "a[:, :K], a[:, 2 * K :], a[:, K : 2 * K]",
        ),
        tells={"en": "gates were read side by side", "zh": "当成挨在一起"},
    ),
    Mutant(
        "step_cells_first",
        task="cell_step",
        replace=(
            "a[:, :K], a[:, K : K + H], a[:, K + H :]",
            "a[:, H : H + K], a[:, :H], a[:, K + H :]",
        ),
        tells={"en": "cells were read first", "zh": "先读的是单元"},
    ),
    Mutant(
        "step_gates_swapped",
        task="cell_step",
        replace=(
            "a[:, :K], a[:, K : K + H], a[:, K + H :]",
            "a[:, K + H :], a[:, K : K + H], a[:, :K]",
        ),
        tells={"en": "gates are swapped", "zh": "输入门和输出门写反了"},
    ),
    Mutant(
        "step_todays_g",
        task="cell_step",
        replace=("2.0 * np.tanh(a_g / 2)", "np.tanh(a_g)"),
        tells={"en": "today's tanh(a)", "zh": "今天的 tanh(a)"},
    ),
    Mutant(
        "step_g_without_factor",
        task="cell_step",
        replace=("2.0 * np.tanh(a_g / 2)", "np.tanh(a_g / 2)"),
        tells={"en": "lacks its factor", "zh": "少了因子 2"},
    ),
    Mutant(
        "step_g_sigmoid",
        task="cell_step",
        replace=("2.0 * np.tanh(a_g / 2)", "1 / (1 + np.exp(-a_g))"),
        tells={"en": "it is no gate", "zh": "它不是门"},
    ),
    Mutant(
        "step_old_memory_lost",
        task="cell_step",
        replace=("c + np.repeat(i", "np.repeat(i"),
        tells={"en": "old memory is lost", "zh": "旧的记忆丢了"},
    ),
    Mutant(
        "step_no_input_gate",
        task="cell_step",
        replace=("np.repeat(i, H // K, axis=1) * g", "g"),
        tells={"en": "input gate is not in", "zh": "里没有输入门"},
    ),
    Mutant(
        "step_coupled_forget_gate",
        task="cell_step",
        replace=("c + np.repeat", "(1 - np.repeat(i, H // K, axis=1)) * c + np.repeat"),
        tells={"en": "nothing was forgotten", "zh": "什么都不忘"},
    ),
    Mutant(
        "step_todays_h",
        task="cell_step",
        replace=("np.tanh(c_new / 2)", "np.tanh(c_new)"),
        tells={"en": "today's tanh(c)", "zh": "今天的 tanh(c)"},
    ),
    Mutant(
        "step_no_tanh_around_c",
        task="cell_step",
        replace=("np.tanh(c_new / 2)", "c_new"),
        tells={"en": "unsquashed", "zh": "没有压缩就给出来"},
    ),
    Mutant(
        "step_shows_old_memory",
        task="cell_step",
        replace=("np.tanh(c_new / 2)", "np.tanh(c / 2)"),
        tells={"en": "shows the old memory", "zh": "给出的是旧的记忆"},
    ),
    Mutant(
        "step_no_output_gate",
        task="cell_step",
        replace=("h = np.repeat(o, H // K, axis=1) * np.tanh", "h = np.tanh"),
        tells={"en": "output gate is not in h", "zh": "h 里没有输出门"},
    ),
    Mutant(
        "step_gates_tanh",
        task="cell_step",
        body="""
H = c.shape[1]
K = (a.shape[1] - H) // 2
i, o = np.tanh(a[:, :K]), np.tanh(a[:, K + H :])
c_new = c + np.repeat(i, H // K, axis=1) * 2 * np.tanh(a[:, K : K + H] / 2)
h = np.repeat(o, H // K, axis=1) * np.tanh(c_new / 2)
return h, c_new, np.concatenate([i, o], axis=1)
""",
        tells={"en": "between 0 and 1", "zh": "在 0 和 1 之间"},
    ),
    Mutant(
        "step_gates_repeated",
        task="cell_step",
        body="""
H = c.shape[1]
K = (a.shape[1] - H) // 2
a_i, a_g, a_o = a[:, :K], a[:, K : K + H], a[:, K + H :]
i = np.repeat(1 / (1 + np.exp(-a_i)), H // K, axis=1)
o = np.repeat(1 / (1 + np.exp(-a_o)), H // K, axis=1)
c_new = c + i * 2 * np.tanh(a_g / 2)
return o * np.tanh(c_new / 2), c_new, np.concatenate([i, o], axis=1)
""",
        tells={"en": "once for each cell", "zh": "每个单元都写了一遍门"},
    ),
    Mutant(
        "step_gates_in_other_order",
        task="cell_step",
        replace=("np.concatenate([i, o], axis=1)", "np.concatenate([o, i], axis=1)"),
        tells={"en": "K input gates come first", "zh": "先是 K 个输入门"},
    ),
    Mutant(
        "step_c_before_h",
        task="cell_step",
        replace=("return h, c_new,", "return c_new, h,"),
        tells={"en": "order is h, c_new, gates", "zh": "顺序是 h、c_new、gates"},
    ),
    Mutant(
        "step_in_place",
        task="cell_step",
        replace=(
            "c_new = c + np.repeat(i, H // K, axis=1) * g",
            "c += np.repeat(i, H // K, axis=1) * g\n    c_new = c",
        ),
        tells={"en": "changed its argument", "zh": "改动了它的"},
    ),
    # --- cell_forward ----------------------------------------------------------------------
    Mutant(
        "forward_deaf_to_gates",
        task="cell_forward",
        replace=("[x_t, h, gates, one]", "[x_t, h, 0 * gates, one]"),
        tells={"en": "gates of the step before are not heard", "zh": "没有听上一步的门"},
    ),
    Mutant(
        "forward_deaf_to_h",
        task="cell_forward",
        replace=("[x_t, h, gates, one]", "[x_t, 0 * h, gates, one]"),
        tells={"en": "h of the step before is not heard", "zh": "没有听上一步的 h"},
    ),
    Mutant(
        "forward_no_bias",
        task="cell_forward",
        replace=("heard @ W.T", "heard[:, :-1] @ W[:, :-1].T"),
        tells={"en": "bias is missing", "zh": "少了偏置"},
    ),
    Mutant(
        "forward_old_gates",
        task="cell_forward",
        replace=("h, c, gates = step", "h, c, _ = step"),
        tells={"en": "hears the gates from before", "zh": "第一步之前的门"},
    ),
    Mutant(
        "forward_old_h",
        task="cell_forward",
        body="""
one = np.ones((len(h), 1))
all_h, all_c = [], []
for x_t in x:
    heard = np.concatenate([x_t, h, gates, one], axis=1)
    h_new, c, gates = step(heard @ W.T, c)
    all_h.append(h_new)
    all_c.append(c)
return np.stack(all_h), np.stack(all_c)
""",
        tells={"en": "hears h from before", "zh": "第一步之前的 h"},
    ),
    Mutant(
        "forward_old_c",
        task="cell_forward",
        body="""
one = np.ones((len(h), 1))
all_h, all_c = [], []
for x_t in x:
    heard = np.concatenate([x_t, h, gates, one], axis=1)
    h, c_new, gates = step(heard @ W.T, c)
    all_h.append(h)
    all_c.append(c_new)
return np.stack(all_h), np.stack(all_c)
""",
        tells={"en": "memory from before the first step", "zh": "第一步之前的记忆"},
    ),
    Mutant(
        "forward_hears_c",
        task="cell_forward",
        replace=("[x_t, h, gates, one]", "[x_t, c, gates, one]"),
        tells={"en": "hear the memory c", "zh": "听到的是记忆 c"},
    ),
    Mutant(
        "forward_h_before_x",
        task="cell_forward",
        replace=("[x_t, h, gates, one]", "[h, x_t, gates, one]"),
        tells={"en": "x first", "zh": "x 在前"},
    ),
    Mutant(
        "forward_gates_before_h",
        task="cell_forward",
        replace=("[x_t, h, gates, one]", "[x_t, gates, h, one]"),
        tells={"en": "h first", "zh": "h 在前"},
    ),
    Mutant(
        "forward_one_first",
        task="cell_forward",
        replace=("[x_t, h, gates, one]", "[one, x_t, h, gates]"),
        tells={"en": "the 1 stands first", "zh": "1 站在了最前面"},
    ),
    Mutant(
        "forward_states_before",
        task="cell_forward",
        body="""
all_h, all_c = [], []
for x_t in x:
    all_h.append(h)
    all_c.append(c)
    heard = np.concatenate([x_t, h, gates, np.ones((len(h), 1))], axis=1)
    h, c, gates = step(heard @ W.T, c)
return np.stack(all_h), np.stack(all_c)
""",
        tells={"en": "*before* each step", "zh": "**之前**的状态"},
    ),
    Mutant(
        "forward_c_then_h",
        task="cell_forward",
        replace=("np.stack(all_h), np.stack(all_c)", "np.stack(all_c), np.stack(all_h)"),
        tells={"en": "first h, then c", "zh": "先 h，后 c"},
    ),
    Mutant(
        "forward_last_only",
        task="cell_forward",
        replace=("np.stack(all_h), np.stack(all_c)", "h, c"),
        tells={"en": "only the last step", "zh": "只返回了最后一步"},
    ),
    Mutant(
        "forward_over_batch",
        task="cell_forward",
        replace=("for x_t in x:", "for x_t in np.swapaxes(x, 0, 1):"),
        tells={"en": "runs over the batch", "zh": "循环走的是批"},
    ),
    Mutant(
        "forward_batch_first",
        task="cell_forward",
        replace=(
            "np.stack(all_h), np.stack(all_c)",
            "np.stack(all_h, axis=1), np.stack(all_c, axis=1)",
        ),
        tells={"en": "batch and time are swapped", "zh": "批和时间反了"},
    ),
    # --- truncated_backward ----------------------------------------------------------------
    Mutant(
        "back_from_the_first_step",
        task="truncated_backward",
        replace=("np.cumsum(put[::-1], axis=0)[::-1]", "np.cumsum(put, axis=0)"),
        tells={"en": "begin at the end", "zh": "要从末尾开始"},
    ),
    Mutant(
        "back_own_step_only",
        task="truncated_backward",
        replace=("np.cumsum(put[::-1], axis=0)[::-1]", "put"),
        tells={"en": "nothing comes back along the carousel", "zh": "传送带上什么也没传回来"},
    ),
    Mutant(
        "back_turned_round",
        task="truncated_backward",
        replace=("np.cumsum(put[::-1], axis=0)[::-1]", "np.cumsum(put[::-1], axis=0)"),
        tells={"en": "turned round in time", "zh": "倒过来了"},
    ),
    Mutant(
        "back_no_half",
        task="truncated_backward",
        replace=("(1.0 - squashed**2) / 2", "(1.0 - squashed**2)"),
        tells={"en": "half is missing", "zh": "少了二分之一"},
    ),
    Mutant(
        "back_slope_of_today",
        task="truncated_backward",
        replace=("(1.0 - squashed**2) / 2", "(1.0 - np.tanh(c)**2)"),
        tells={"en": "slope of today's tanh(c)", "zh": "今天的 tanh(c) 的斜率"},
    ),
    Mutant(
        "back_no_output_gate",
        task="truncated_backward",
        replace=("dh * np.repeat(o, H // K, axis=2) *", "dh *"),
        tells={"en": "output gate is not in dc", "zh": "dc 里没有输出门"},
    ),
    Mutant(
        "back_times_the_input_gate",
        task="truncated_backward",
        replace=(
            "dc = np.cumsum(put[::-1], axis=0)[::-1]",
            "dc = put.copy()\n    for t in range(T - 2, -1, -1):\n"
            "        dc[t] += dc[t + 1] * np.repeat(i[t + 1], H // K, axis=1)",
        ),
        tells={"en": "exactly 1", "zh": "恰好是 1"},
    ),
    Mutant(
        "back_g_slope_of_today",
        task="truncated_backward",
        replace=("(1.0 - (g / 2) ** 2)", "(1.0 - g**2)"),
        tells={"en": "today's slope", "zh": "今天的斜率"},
    ),
    Mutant(
        "back_g_half_too_much",
        task="truncated_backward",
        replace=("(1.0 - (g / 2) ** 2)", "(1.0 - (g / 2) ** 2) / 2"),
        tells={"en": "a half too much", "zh": "多了一个二分之一"},
    ),
    Mutant(
        "back_g_without_gate",
        task="truncated_backward",
        replace=("dc * np.repeat(i, H // K, axis=2) *", "dc *"),
        tells={"en": "input gate is not in it", "zh": "里面没有输入门"},
    ),
    Mutant(
        "back_i_of_own_step",
        task="truncated_backward",
        replace=("(dc * g)", "(put * g)"),
        tells={"en": "only what its own step puts on", "zh": "只有本步放上去的"},
    ),
    Mutant(
        "back_i_times_c",
        task="truncated_backward",
        replace=("(dc * g)", "(dc * c)"),
        tells={"en": "multiplied g, not c", "zh": "乘的是 g，不是 c"},
    ),
    Mutant(
        "back_i_no_slope",
        task="truncated_backward",
        replace=("i * (1.0 - i) * (dc * g)", "(dc * g)"),
        tells={"en": "i(1 − i), is not in it", "zh": "没有 sigmoid 的斜率 i(1 − i)"},
    ),
    Mutant(
        "back_o_of_dc",
        task="truncated_backward",
        replace=("(dh * squashed)", "(dc * squashed)"),
        tells={"en": "acts after the memory", "zh": "在记忆之后起作用"},
    ),
    Mutant(
        "back_o_times_c",
        task="truncated_backward",
        replace=("(dh * squashed)", "(dh * c)"),
        tells={"en": "tanh(c / 2), not c", "zh": "乘的是 tanh(c / 2)，不是 c"},
    ),
    Mutant(
        "back_mean_over_the_block",
        task="truncated_backward",
        replace=(
            "(dc * g).reshape(T, B, K, H // K).sum(axis=3)",
            "(dc * g).reshape(T, B, K, H // K).mean(axis=3)",
        ),
        tells={"en": "mean over the block", "zh": "对块取平均"},
    ),
    Mutant(
        "back_not_summed",
        task="truncated_backward",
        body="""
n = dh.shape[2] // i.shape[2]
i, o = np.repeat(i, n, axis=2), np.repeat(o, n, axis=2)
squashed = np.tanh(c / 2)
dc = np.cumsum((dh * o * (1 - squashed**2) / 2)[::-1], axis=0)[::-1]
return dc, i * (1 - i) * dc * g, dc * i * (1 - (g / 2) ** 2), o * (1 - o) * dh * squashed
""",
        tells={"en": "sum over the block's cells", "zh": "把块里的单元加起来"},
    ),
    Mutant(
        "back_tile",
        task="truncated_backward",
        body="""
T, B, H = dh.shape
K = i.shape[2]
n = H // K
squashed = np.tanh(c / 2)
put = dh * np.tile(o, n) * (1 - squashed**2) / 2
dc = np.cumsum(put[::-1], axis=0)[::-1]
da_i = i * (1 - i) * (dc * g).reshape(T, B, n, K).sum(axis=2)
da_g = dc * np.tile(i, n) * (1 - (g / 2) ** 2)
da_o = o * (1 - o) * (dh * squashed).reshape(T, B, n, K).sum(axis=2)
return dc, da_i, da_g, da_o
""",
        tells={"en": "dealt out in turn", "zh": "轮流发"},
    ),
    Mutant(
        "back_other_order",
        task="truncated_backward",
        replace=("return dc, da_i, da_g, da_o", "return dc, da_g, da_i, da_o"),
        tells={"en": "order is dc, da_i, da_g, da_o", "zh": "顺序是 dc、da_i、da_g、da_o"},
    ),
    Mutant(
        "back_writes_into_dh",
        task="truncated_backward",
        body="""
T, B, H = dh.shape
K = i.shape[2]
n = H // K
squashed = np.tanh(c / 2)
da_o = o * (1 - o) * (dh * squashed).reshape(T, B, K, n).sum(axis=3)
dh *= np.repeat(o, n, axis=2) * (1 - squashed**2) / 2
dc = np.cumsum(dh[::-1], axis=0)[::-1]
da_i = i * (1 - i) * (dc * g).reshape(T, B, K, n).sum(axis=3)
return dc, da_i, dc * np.repeat(i, n, axis=2) * (1 - (g / 2) ** 2), da_o
""",
        tells={"en": "changed its argument", "zh": "改动了它的"},
    ),
    # --- count_weights ---------------------------------------------------------------------
    Mutant(
        "count_of_today",
        task="count_weights",
        replace=("return U * (I + U) + O * H + biases", "return 4 * H * (I + H + 1)"),
        tells={"en": "count of today's LSTM", "zh": "今天的 LSTM"},
    ),
    Mutant(
        "count_deaf_to_gates",
        task="count_weights",
        replace=("U * (I + U)", "U * (I + H)"),
        tells={"en": "hear the gates too", "zh": "单元也听门"},
    ),
    Mutant(
        "count_outputs_hear_gates",
        task="count_weights",
        replace=("O * H", "O * U"),
        tells={"en": "not the gates", "zh": "不听门"},
    ),
    Mutant(
        "count_no_outputs",
        task="count_weights",
        replace=("+ O * H", ""),
        tells={"en": "weights of the outputs", "zh": "输出的权重"},
    ),
    Mutant(
        "count_no_biases",
        task="count_weights",
        replace=("+ biases", ""),
        tells={"en": "biases are missing", "zh": "少了偏置"},
    ),
    Mutant(
        "count_always_all",
        task="count_weights",
        replace=('U + O if bias == "all" else 2 * blocks', "U + O"),
        tells={"en": "of the other case", "zh": "另一种情况"},
    ),
    Mutant(
        "count_no_bias_at_the_outputs",
        task="count_weights",
        replace=("U + O if", "U if"),
        tells={"en": "output units have a bias too", "zh": "输出单元也带偏置"},
    ),
    Mutant(
        "count_gates_for_each_cell",
        task="count_weights",
        replace=("U = H + 2 * blocks", "U = 3 * H"),
        tells={"en": "for each *block*", "zh": "每**块**两个"},
    ),
    Mutant(
        "count_one_gate",
        task="count_weights",
        replace=("U = H + 2 * blocks", "U = H + blocks"),
        tells={"en": "two gates, an input gate", "zh": "一个输入门，一个输出门"},
    ),
    Mutant(
        "count_cells_in_all",
        task="count_weights",
        replace=("H = blocks * cells", "H = cells"),
        tells={"en": "number in each block", "zh": "每块里的单元数"},
    ),
]

ALSO_RIGHT = {
    "cell_step": [
        """
B, H = c.shape
K = (a.shape[1] - H) // 2
i = 1 / (1 + np.exp(-a[:, :K]))
o = 1 / (1 + np.exp(-a[:, -K:]))
g = 4 / (1 + np.exp(-a[:, K:-K])) - 2
c_new = c + (i[:, :, None] * g.reshape(B, K, -1)).reshape(B, H)
squashed = 2 / (1 + np.exp(-c_new)) - 1
h = (o[:, :, None] * squashed.reshape(B, K, -1)).reshape(B, H)
return h, c_new, np.hstack([i, o])
""",
        """
H = c.shape[1]
K = (a.shape[1] - H) // 2
h, c_new, gates = np.zeros_like(c), c.copy(), np.zeros((len(a), 2 * K))
for k in range(K):
    gates[:, k] = 1 / (1 + np.exp(-a[:, k]))
    gates[:, K + k] = 1 / (1 + np.exp(-a[:, K + H + k]))
    for j in range(k * (H // K), (k + 1) * (H // K)):
        c_new[:, j] += gates[:, k] * 2 * np.tanh(0.5 * a[:, K + j])
        h[:, j] = gates[:, K + k] * np.tanh(0.5 * c_new[:, j])
return [h, c_new, gates]
""",
        """
B, H = c.shape
K = (a.shape[1] - H) // 2
s = lambda v: 1 / (1 + np.exp(-v))
h = np.zeros((B, H))
cn = np.zeros((B, H))
G = np.zeros((B, 2 * K))
for n in range(B):
    for k in range(K):
        i, o = (s(a[n, k]), s(a[n, K + H + k]))
        G[n, k] = i
        G[n, K + k] = o
        for j in range(k * H // K, (k + 1) * H // K):
            cn[n, j] = c[n, j] + i * (4 * s(a[n, K + j]) - 2)
            h[n, j] = o * (s(cn[n, j]) * 2 - 1)
return (h, cn, G)
""",
        """
B, H = c.shape
K = (a.shape[1] - H) // 2
i, g, o = np.split(a, [K, K + H], axis=1)
s = lambda v: 0.5 + 0.5 * np.tanh(0.5 * v)
i, o = (s(i), s(o))
cn = c.reshape(B, K, -1) + i[:, :, None] * 2 * np.tanh(g.reshape(B, K, -1) / 2)
h = o[:, :, None] * np.tanh(cn / 2)
return (h.reshape(B, H), cn.reshape(B, H), np.c_[i, o])
""",
    ],
    "cell_forward": [
        """
T, B, I = x.shape
H = h.shape[1]
W_x, W_h, W_g, b = W[:, :I], W[:, I : I + H], W[:, I + H : -1], W[:, -1]
out_h, out_c = np.zeros((T, B, H)), np.zeros((T, B, H))
driven = x @ W_x.T + b
for t in range(T):
    h, c, gates = step(driven[t] + h @ W_h.T + gates @ W_g.T, c)
    out_h[t], out_c[t] = h, c
return out_h, out_c
""",
        """
hs, cs = [h], [c]
for t in range(len(x)):
    heard = np.hstack([x[t], hs[-1], gates, np.ones((len(h), 1))])
    h, c, gates = step((W @ heard.T).T, cs[-1])
    hs.append(h)
    cs.append(c)
return hs[1:], cs[1:]
""",
        """
I, H, G = (x.shape[2], h.shape[1], gates.shape[1])
Wx, Wh, Wg, b = (W[:, :I], W[:, I : I + H], W[:, I + H : I + H + G], W[:, -1])
out = []
for t in range(len(x)):
    h, c, gates = step(x[t] @ Wx.T + h @ Wh.T + gates @ Wg.T + b, c)
    out.append((h, c))
return ([p for p, _ in out], [q for _, q in out])
""",
        """
I, H = (x.shape[2], h.shape[1])
pre = x @ W[:, :I].T + W[:, -1]
rec = W[:, I:-1].T
hs, cs = (np.empty((len(x), *h.shape)), np.empty((len(x), *c.shape)))
for t, p in enumerate(pre):
    h, c, gates = step(p + np.hstack((h, gates)) @ rec, c)
    hs[t], cs[t] = (h, c)
return (hs, cs)
""",
    ],
    "truncated_backward": [
        """
T, B, H = dh.shape
K = i.shape[2]
n = H // K
dc, da_g = np.zeros_like(c), np.zeros_like(c)
da_i, da_o = np.zeros_like(i), np.zeros_like(o)
later = np.zeros((B, H))
for t in range(T - 1, -1, -1):
    y = np.tanh(c[t] / 2)
    O = np.repeat(o[t], n, axis=1)
    later = later + dh[t] * O * 0.5 * (1 - y) * (1 + y)
    dc[t] = later
    da_g[t] = later * np.repeat(i[t], n, axis=1) * (1 - g[t] ** 2 / 4)
    for k in range(K):
        block = slice(k * n, (k + 1) * n)
        da_i[t, :, k] = (later * g[t])[:, block].sum(axis=1) * i[t, :, k] * (1 - i[t, :, k])
        da_o[t, :, k] = (dh[t] * y)[:, block].sum(axis=1) * o[t, :, k] * (1 - o[t, :, k])
return dc, da_i, da_g, da_o
""",
        """
T, B, H = dh.shape
K = i.shape[2]
blocks = (T, B, K, H // K)
dh, c, g = dh.reshape(blocks), c.reshape(blocks), g.reshape(blocks)
i, o = i[..., None], o[..., None]
put = dh * o / (2 * np.cosh(c / 2) ** 2)
dc = put.sum(axis=0) - np.cumsum(put, axis=0) + put
da_i = np.sum(dc * g * (i - i**2), axis=-1)
da_g = dc * i * (1 - g / 2) * (1 + g / 2)
da_o = np.sum(dh * np.tanh(c / 2) * (o - o**2), axis=-1)
return dc.reshape(T, B, H), da_i, da_g.reshape(T, B, H), da_o
""",
        """
T, B, H = dh.shape
K = i.shape[2]
n = H // K
dc, dg = (np.zeros_like(dh), np.zeros_like(dh))
di, do = (np.zeros_like(i), np.zeros_like(o))
later = 0
for t in range(T - 1, -1, -1):
    th = np.tanh(c[t] / 2)
    later = later + dh[t] * np.repeat(o[t], n, 1) * 0.5 * (1 - th**2)
    dc[t] = later
    dg[t] = later * np.repeat(i[t], n, 1) * (1 - g[t] ** 2 / 4)
    for k in range(K):
        b = slice(k * n, k * n + n)
        di[t, :, k] = i[t, :, k] * (1 - i[t, :, k]) * (later * g[t])[:, b].sum(1)
        do[t, :, k] = (o[t, :, k] - o[t, :, k] ** 2) * (dh[t] * th)[:, b].sum(1)
return (dc, di, dg, do)
""",
        """
H, K = (dh.shape[2], i.shape[2])
M = np.kron(np.eye(K), np.ones((1, H // K)))
th = np.tanh(c / 2)
put = dh * (o @ M) * (1 - th**2) / 2
dc = put.sum(0) - np.cumsum(put, 0) + put
return (
    dc,
    i * (1 - i) * (dc * g @ M.T),
    dc * (i @ M) * (1 - g / 2) * (1 + g / 2),
    o * (1 - o) * (dh * th @ M.T),
)
""",
    ],
    "count_weights": [
        """
units = blocks * (cells + 2)
total = 0
for _ in range(units):
    total += I + units
total += O * blocks * cells
if bias == "gates":
    total += 2 * blocks
elif bias == "all":
    total += units + O
return total
""",
        """
U, H = (cells + 2) * blocks, cells * blocks
return U**2 + U * I + H * O + {"all": U + O, "gates": 2 * blocks}[bias]
""",
        """
g = 2 * blocks
U = blocks * cells + g
n = np.zeros((U, I + U)).size + np.zeros((O, blocks * cells)).size
return n + {"gates": g, "all": U + O}[bias]
""",
        """
return np.int64(
    blocks * (cells + 2) * (I + blocks * (cells + 2))
    + O * blocks * cells
    + (2 * blocks if bias == "gates" else blocks * (cells + 2) + O)
)
""",
    ],
}

EQUIVALENT = [
    Equivalent(
        "cell_forward",
        "one = np.ones((len(h), 1))",
        "one = np.ones((len(c), 1))",
        because="h, c and gates have B rows all",
    ),
    Equivalent(
        "cell_forward",
        "one = np.ones((len(h), 1))",
        "one = np.ones((len(gates), 1))",
        because="h, c and gates have B rows all",
    ),
    Equivalent(
        "cell_forward",
        "one = np.ones((len(h), 1))",
        "one = np.ones((len(h), 1), dtype=int)",
        because="beside floats in np.concatenate a whole 1 becomes 1.0",
    ),
    Equivalent(
        "cell_forward",
        "return (np.stack(all_h), np.stack(all_c))",
        "return (all_h, np.stack(all_c))",
        because="a list of T arrays is as good as one array (T, B, H)",
    ),
    Equivalent(
        "cell_forward",
        "return (np.stack(all_h), np.stack(all_c))",
        "return (np.stack(all_h), all_c)",
        because="a list of T arrays is as good as one array (T, B, H)",
    ),
    Equivalent(
        "truncated_backward",
        "T, B, H = dh.shape",
        "T, B, H = c.shape",
        because="dh, c and g have one shape",
    ),
    Equivalent(
        "truncated_backward",
        "T, B, H = dh.shape",
        "T, B, H = g.shape",
        because="dh, c and g have one shape",
    ),
    Equivalent(
        "truncated_backward",
        "K = i.shape[2]",
        "K = o.shape[2]",
        because="i and o have one shape",
    ),
]
