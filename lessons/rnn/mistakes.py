"""Exercise 01: typical mistakes, in the order in which they are looked for; answers that are right
in another way, which must get full marks."""

from lstm_lab.grading import Equivalent, Mistake, Slip

SUM = "x @ W_x.T + h @ W_h.T + b"
STEP = f"np.tanh({SUM})"
NEW, KEEP, STACK = "step(x[t], h)", "states.append(h)", "np.stack(states)"
LAST = "h[lengths - 1, np.arange(len(lengths))]"
ERROR, LOSS = "y - target", "np.mean((y - target) ** 2)"

# fmt: off
MISTAKES = {
    "rnn_step": [
        Mistake("step_weights_swapped", (STEP, "np.tanh(x @ W_h.T + h @ W_x.T + b)"),
            "W_x and W_h have changed places: W_x goes with x, W_h with h.",
            "W_x 和 W_h 用反了：W_x 配 x，W_h 配 h。"),
        Mistake("step_W_x_untransposed", ("W_x.T", "W_x"),
            "W_x is used untransposed: `x @ W_x.T` (here I = H, so both fit).",
            "W_x 没有转置：应当是 `x @ W_x.T`（这里 I = H，两种都放得进去）。"),
        Mistake("step_no_transposes", [("W_x.T", "W_x"), ("W_h.T", "W_h")],
            "W_x and W_h are used untransposed: `x @ W_x.T` and `h @ W_h.T` (here I = H, so both "
            "ways fit).",
            "W_x 和 W_h 都没有转置：应当是 `x @ W_x.T` 和 `h @ W_h.T`（这里 I = H，两种都放得进去）。"),
        Mistake("step_no_bias", (" + b)", ")"),
            "that is what comes out without the bias: is b added?",
            "这是没有偏置时的结果：加上 b 了吗？"),
        Mistake("step_bias_twice", (" + b)", " + b + b)"),
            "the bias was added twice.",
            "偏置加了两次。"),
        Mistake("step_bias_subtracted", ("+ b)", "- b)"),
            "the bias was subtracted, not added.",
            "偏置是减掉的，而不是加上的。"),
        Mistake("step_tanh_of_tanh", (STEP, f"np.tanh({STEP})"),
            "the tanh was taken twice.",
            "tanh 取了两次。"),
        Mistake("step_W_h_untransposed", ("W_h.T", "W_h"),
            "W_h is used untransposed; with rows as sequences the product is `h @ W_h.T` (W_h is "
            "square, so both fit).",
            "W_h 没有转置；一行是一个序列时，应当是 `h @ W_h.T`（W_h 是方阵，两种都放得进去）。"),
        Mistake("step_no_tanh", ("np.tanh(", "("),
            "the tanh is missing.",
            "少了 tanh。"),
        Mistake("step_bias_outside", (" + b)", ") + b"),
            "the bias was added after the tanh; it belongs inside.",
            "偏置加在了 tanh 之后；它应当在里面。"),
        *(Mistake(f"step_two_tanhs_{k}", (STEP, two),
            "there are two tanhs; one tanh goes around the whole sum.",
            "用了两个 tanh；应当只在整个和的外面套一个。")
          for k, two in enumerate(("np.tanh(x @ W_x.T) + np.tanh(h @ W_h.T + b)", "np.tanh(x @ W_x.T + b) + np.tanh(h @ W_h.T)"))),
        Mistake("step_transposed_result", (STEP, f"{STEP}.T"),
            "it is transposed: a sequence is a row of x and h, so `x @ W_x.T`, not `W_x @ x.T`.",
            "转置了：一个序列是 x 和 h 的一行，所以是 `x @ W_x.T`，而不是 `W_x @ x.T`。"),
        Mistake("step_forgets_h", (" + h @ W_h.T", ""),
            "the old state is not in it: W_h and h are missing.",
            "里面没有旧状态：少了 W_h 和 h。"),
        Mistake("step_ignores_x", ("x @ W_x.T + ", ""),
            "the input is not in it: W_x and x are missing.",
            "里面没有输入：少了 W_x 和 x。"),
        Mistake("step_relu", (STEP, f"np.maximum({SUM}, 0)"),
            "that is ReLU, max(0, …); this cell squashes with tanh.",
            "这是 ReLU，即 max(0, …)；这个单元用 tanh 压缩。"),
        Mistake("step_sigmoid", (STEP, f"0.5 * (1 + np.tanh(0.5 * ({SUM})))"),
            "that is a sigmoid, between 0 and 1; this cell squashes with tanh.",
            "这是 sigmoid，在 0 和 1 之间；这个单元用 tanh 压缩。"),
        Mistake("step_adds_old_state", ("return ", "return h + "),
            "the old state was added to the new one; it enters through W_h only.",
            "新状态上又加了旧状态；旧状态只通过 W_h 进来。"),
        Mistake("step_old_state", (STEP, "h + 0.0"),
            "that is the old state, unchanged.",
            "这是旧状态，没有变。"),
        Mistake("step_formula_as_written", (STEP, "np.tanh(W_x @ x + W_h @ h + b)"),
            "the formula is for one sequence as a column; here each sequence is a row, so turn "
            "the products round: `x @ W_x.T` (B = I = H in this case, so `W_x @ x` ran as well).",
            "公式写的是一个序列，作为一列；这里一个序列是一行，所以乘法要倒过来：`x @ W_x.T`（这次 B = I = H，所以 `W_x @ x` 也能运行）。"),
        Mistake("step_half_turned", ("h @ W_h.T", "W_h @ h"),
            "h holds one sequence a row, as x does: `h @ W_h.T` instead of `W_h @ h`.",
            "h 和 x 一样，一行是一个序列：用 `h @ W_h.T`，而不是 `W_h @ h`。"),
        Mistake("step_by_entries", (STEP, "np.tanh(W_x * x + W_h * h + b)"),
            "`*` multiplies entry by entry; a matrix product is `@`: `x @ W_x.T`.",
            "`*` 是逐元素相乘；矩阵乘法是 `@`：`x @ W_x.T`。"),
        Mistake("step_bias_by_row", (" + b)", " + b[:, None])"),
            "each *sequence* has a bias of its own; b belongs to the units, the columns: `+ b`.",
            "变成每个**序列**一个偏置了；b 属于各个单元，也就是列：`+ b`。"),
        Slip("step_changes_h",
            (f"return {STEP}", f"h[:] = {STEP}; return h"),
            "changed its argument", "改"),
        Slip("step_tanh_by_hand",
            (STEP, "(lambda up, down: (up - down) / (up + down))(np.exp(x @ W_x.T + h @ W_h.T + b), np.exp(-(x @ W_x.T + h @ W_h.T + b)))"),
            "nan", "nan"),
        Slip("step_keeps_a_global",
            [("def rnn_step(x, h, W_x, W_h, b):", "memory = {}\ndef rnn_step(x, h, W_x, W_h, b):"), (f"return {STEP}", f"h = memory.get(h.shape, h); memory[h.shape] = {STEP}; return memory[h.shape]")],
            "twice with the same arguments", "两次"),
        Slip("step_of_the_example", (STEP, "np.array([[0.5370, 0.6044]])"), "shape", "形状"),
        Slip("step_first_sequence_only",
            (STEP, "np.tanh(W_x @ x[0] + W_h @ h[0] + b)"),
            "shape", "形状"),
    ],
    "rnn_forward": [
        Mistake("forward_own_step", (NEW, "STEPS[\"leak\"](x[t], h)"),
            "asked for the step \"turn\", you took \"leak\": call the step that is given.",
            "要求用 \"turn\" 这一步，你用的是 \"leak\"：请调用传进来的 step。"),
        Mistake("forward_reads_padding", (f"np.where(alive, {NEW}, h)", NEW),
            "the states run on through the padding: past its end a sequence must keep its last "
            "real state (is lengths used?).",
            "状态一直走进了填充：序列结束以后，必须保持它最后一个真实的状态（用到 lengths 了吗？）。"),
        Mistake("forward_zeros_past_end", (KEEP, "states.append(np.where(alive, h, 0.0))"),
            "past the end there are zeros; asked is the last real state, repeated.",
            "序列结束以后放的是零；要的是重复它最后一个真实的状态。"),
        Mistake("forward_one_late", ("t < lengths", "t <= lengths"),
            "every sequence reads one step of padding: a sequence of length 1 runs at step 0 "
            "only, so the test is `t < lengths`.",
            "每个序列都多读了一步填充：长度为 1 的序列只在第 0 步进行，所以条件是 `t < lengths`。"),
        Mistake("forward_one_early", ("t < lengths", "t + 1 < lengths"),
            "every sequence stops one step early: a sequence of length 1 runs at step 0, so the "
            "test is `t < lengths`.",
            "每个序列都早停了一步：长度为 1 的序列要进行第 0 步，所以条件是 `t < lengths`。"),
        Mistake("forward_starts_from_zeros", ("h, states = h0", "h, states = np.zeros_like(h0)"),
            "you start from zeros; the state before the first step is h0.",
            "你从零开始；第一步之前的状态是 h0。"),
        Mistake("forward_stores_before_step", [(f"        {KEEP}\n", ""), ("alive = ", f"{KEEP}; alive = ")],
            "everything is one place late: place t must hold the state after step t, and h0 is "
            "not among the states.",
            "所有状态都晚了一格：位置 t 要放第 t 步之后的状态，h0 不在其中。"),
        Mistake("forward_one_array_for_all", [("h, states = h0", "h, states = h0.copy()"), ("        h = np", "        h[:] = np")],
            "all places hold the last state: either you return it T times, or you keep writing "
            "into one array and the list holds that same array T times.",
            "每个位置都是最后的状态：要么你把它返回了 T 次，要么你一直在写同一个数组，列表里存的是它 T 次。"),
        Mistake("forward_every_step_from_h0", (f"np.where(alive, {NEW}, h)", "step(x[t], h0)"),
            "every step starts from h0 again: the new state must go into the next step.",
            "每一步都又从 h0 开始：新状态要传给下一步。"),
        Mistake("forward_backwards", ("x[t]", "x[len(x) - 1 - t]"),
            "the steps are taken backwards in time.",
            "时间步的顺序走反了。"),
        Mistake("forward_first_length_for_all", ("t < lengths)", "t < lengths[0] + 0 * lengths)"),
            "all sequences stop where sequence 0 stops; each has its own length.",
            "所有序列都停在序列 0 结束的地方；每个序列有自己的长度。"),
        Mistake("forward_until_the_shortest", ("t < lengths)", "t < lengths.min() + 0 * lengths)"),
            "all sequences stop where the shortest stops; each has its own length.",
            "所有序列都停在最短的那个结束的地方；每个序列有自己的长度。"),
        Mistake("forward_frozen_for_one_step", [(f"h = np.where(alive, {NEW}, h)", f"new = {NEW}"), (KEEP, "states.append(np.where(alive, new, h)); h = new")],
            "past its end a sequence keeps its state for one step only: what is frozen must also "
            "go into the next step (is `h` set to the frozen state?).",
            "序列结束以后，状态只保持了一步：冻结的状态也要传给下一步（`h` 设成冻结后的状态了吗？）。"),
        Mistake("forward_condition_turned_round", (f"h = np.where(alive, {NEW}, h)", "pass"),
            "every state is h0: no step is ever taken over. Is the condition the wrong way round?",
            "每个状态都是 h0：没有一步被采用。条件是不是写反了？"),
        Mistake("forward_with_h0_in_front", ("h0, []", "h0, [h0]"),
            "h0 stands in front, so there are T + 1 states; asked are those after each step.",
            "最前面多了 h0，于是有 T + 1 个状态；只要每一步之后的状态。"),
        Mistake("forward_last_only", (STACK, "h"),
            "that is the last state alone; all T states are asked for, (T, B, H).",
            "这只是最后一个状态；要的是全部 T 个状态，(T, B, H)。"),
        Mistake("forward_batch_first", (STACK, "np.stack(states, axis=1)"),
            "batch and time are swapped: stack the states along axis 0, (T, B, H).",
            "批和时间对调了：请沿第 0 轴把状态叠起来，(T, B, H)。"),
        Mistake("forward_silent_padding", (f"np.where(alive, {NEW}, h)", "step(np.where(alive, x[t], 0.0), h)"),
            "the padding is set to zero, but the steps go on, and the state with them; it must "
            "be kept as it is.",
            "填充被置成了零，可步骤还在继续，状态也跟着变；状态应当原样保持。"),
        Mistake("forward_step_0_left_out", ("range(len(x))", "range(1, len(x))"),
            "step 0 is missing: T steps give T states, the first of them step(x[0], h0).",
            "少了第 0 步：T 步有 T 个状态，第一个是 step(x[0], h0)。"),
        Mistake("forward_h0_for_step_0", [("h0, []", "h0, [h0]"), ("range(len(x))", "range(1, len(x))")],
            "step 0 is left out and h0 put in its place: the first state is step(x[0], h0).",
            "漏掉了第 0 步，用 h0 顶替了：第一个状态是 step(x[0], h0)。"),
        Mistake("forward_loops_over_batch", ("x[t]", "x[:, t]"),
            "batch and time are mixed up: the input of step t is `x[t]`, for all sequences, and "
            "not `x[:, t]` (here T = B, so both fit).",
            "批和时间弄混了：第 t 步所有序列的输入是 `x[t]`，不是 `x[:, t]`（这里 T = B，两种都放得进去）。"),
        Slip("forward_state_becomes_zero", (f"{NEW}, h)", f"{NEW}, 0.0)"), "zeros", "零"),
        Slip("forward_writes_into_h0",
            [("        h = np", "        h[:] = np"), (KEEP, "states.append(h.copy())")],
            "changed its argument", "改"),
        Slip("forward_without_the_lookup",
            ("    step = STEPS.get(step, step)\n", ""),
            "looks names up", "查名字"),
        Slip("forward_condition_written_the_wrong_way",
            ("t < lengths", "t >= lengths"),
            "the wrong way round", "写反了"),
        Slip("forward_remembers_the_last_call",
            [("x, h0, lengths):", "x, h0, lengths, memory={}):"), ("h, states = h0", "h, states = memory.get(h0.shape, h0)"), (f"return {STACK}", f"memory[h0.shape] = h; return {STACK}")],
            "twice with the same arguments", "两次"),
        Slip("forward_condition_without_axis",
            ("(t < lengths)[:, None]", "t < lengths"),
            "lines shapes up from the right", "从右边"),
    ],
    "last_valid": [
        Mistake("last_h_minus_one", (LAST, "h[-1]"),
            "that is `h[-1]`, the state at step T; a shorter sequence has padding there.",
            "这是 `h[-1]`，即第 T 步的状态；较短的序列在那里是填充。"),
        Mistake("last_but_one", ("lengths - 1", "np.maximum(lengths - 2, 0)"),
            "that is the state before the last real one: the last step of a sequence of length n "
            "has index n − 1.",
            "这是倒数第二个真实状态：长度为 n 的序列，最后一步的下标是 n − 1。"),
        Mistake("last_one_too_far_clipped", ("lengths - 1", "np.minimum(lengths, len(h) - 1)"),
            "that is the state one step too far: the last step of a sequence of length n has "
            "index n − 1.",
            "这个状态多走了一步：长度为 n 的序列，最后一步的下标是 n − 1。"),
        Mistake("last_always_sequence_0", ("np.arange(len(lengths))", "0"),
            "the times are right, but all states are those of sequence 0.",
            "时间是对的，但取的都是序列 0 的状态。"),
        Mistake("last_counted_from_the_end", ("lengths - 1", "-lengths"),
            "−n counts from the end of the padding; the last step of a sequence of length n has "
            "index n − 1.",
            "−n 是从填充的末尾往回数；长度为 n 的序列，最后一步的下标是 n − 1。"),
        Mistake("last_is_first", (LAST, "h[0]"),
            "that is the state after the first step.",
            "这是第一步之后的状态。"),
        Mistake("last_of_the_first_length", (LAST, "h[lengths[0] - 1]"),
            "all sequences are read where sequence 0 ends; each has its own length.",
            "所有序列都在序列 0 结束的地方读取；每个序列有自己的长度。"),
        Mistake("last_mean", (LAST, "np.stack([h[:n, k].mean(axis=0) for k, n in enumerate(lengths)])"),
            "that is the mean of the real states, not the last one.",
            "这是真实状态的平均，不是最后一个。"),
        Mistake("last_largest", (LAST, "np.stack([h[:n, k].max(axis=0) for k, n in enumerate(lengths)])"),
            "that is the largest of the real states, not the last one.",
            "这是真实状态中最大的，不是最后一个。"),
        Mistake("last_not_in_pairs", (LAST, "h[lengths - 1]"),
            "you picked whole time steps, (B, B, H); with a second index array, `np.arange(B)`, "
            "the indices are read as pairs: one time for each sequence.",
            "你取出的是整个时间步，(B, B, H)；再给一个下标数组 `np.arange(B)`，下标就被读成一对一对：每个序列一个时间。"),
        Mistake("last_axis_1", (LAST, "h[:, np.minimum(lengths, h.shape[1]) - 1]"),
            "time is axis 0, and the lengths count steps: one index for each axis, `h[lengths - "
            "1, np.arange(B)]`.",
            "时间是第 0 轴，lengths 数的是步：两个轴各要一个下标，`h[lengths - 1, np.arange(B)]`。"),
        Mistake("last_batch_first", (LAST, "h[:, -1]"),
            "that is `h[:, -1]`, all states of the last sequence: time is axis 0 here.",
            "这是 `h[:, -1]`，即最后一个序列的所有状态：这里时间是第 0 轴。"),
        Mistake("last_axes_swapped", (LAST, "h[np.arange(len(lengths)), lengths - 1]"),
            "the two indices are swapped: time is axis 0, the sequence axis 1.",
            "两个下标写反了：时间是第 0 轴，序列是第 1 轴。"),
        Slip("last_one_too_far", ("lengths - 1", "lengths"), "from 0 to n − 1", "n − 1"),
        Slip("last_keeps_axis",
            (LAST, "np.take_along_axis(h, (lengths - 1)[None, :, None], axis=0)"),
            "axis of length 1 too many", "长度为 1 的轴"),
    ],
    "head_loss": [
        Mistake("head_y_is_a_column", ("return y,", "return y[:, None],"),
            "it is a column, (B, 1); drop the axis of length 1, or `y - target` will be (B, B).",
            "它是一列，(B, 1)；请去掉长度为 1 的轴，否则 `y - target` 会变成 (B, B)。"),
        Mistake("head_no_bias", ("(h @ W_y.T + b_y)", "(h @ W_y.T)"),
            "the bias is missing.",
            "少了偏置。"),
        Mistake("head_first_row", ("return y,", "return y[:1],"),
            "that is the number of sequence 0 alone: `[0]` takes the first row, `[:, 0]` the "
            "only column.",
            "这只是序列 0 的数：`[0]` 取第一行，`[:, 0]` 才取那唯一的一列。"),
        Mistake("head_squashed", ("(h @ W_y.T + b_y)", "np.tanh(h @ W_y.T + b_y)"),
            "there is a tanh in it; the head is without any squashing.",
            "里面多了一个 tanh；输出头不带压缩函数。"),
        Mistake("head_table_of_differences", ("(y - target)", "(y[:, None] - target)"),
            "that is the mean over a B × B table, every answer against every target: an array "
            "(B, 1) minus one of (B,) becomes (B, B).",
            "这是对 B × B 的表求平均，每个回答都和每个目标比了：(B, 1) 的数组减 (B,) 的数组会变成 (B, B)。"),
        Mistake("loss_not_averaged", (LOSS, f"({ERROR}) ** 2"),
            "that is one square for each sequence; asked is their mean, a single number.",
            "这是每个序列一个平方；要的是它们的平均，一个数。"),
        Mistake("loss_sum", ("np.mean", "np.sum"),
            "that is the sum of the squares; asked is the mean over the batch.",
            "这是平方的和；要的是对批求平均。"),
        Mistake("loss_half", ("np.mean(", "0.5 * np.mean("),
            "it is half of what it should be: there is no factor ½ here.",
            "只有应有的一半：这里没有 ½ 这个系数。"),
        Mistake("loss_root", (LOSS, f"np.sqrt({LOSS})"),
            "there is a square root in it; the mean of the squares is asked.",
            "里面多了一个平方根；要的是平方的平均。"),
        Mistake("loss_averaged_first", (LOSS, f"np.mean({ERROR}) ** 2"),
            "averaged first, squared afterwards; square each error, then average.",
            "先平均、后平方了；应当先把每个误差平方，再平均。"),
        Mistake("loss_absolute", (LOSS, f"np.mean(np.abs({ERROR}))"),
            "that is the mean absolute error; square instead of the absolute value.",
            "这是平均绝对误差；要用平方，而不是绝对值。"),
        Mistake("loss_not_squared", (" ** 2", ""),
            "the errors are not squared, so positive and negative ones cancel.",
            "误差没有平方，正负会互相抵消。"),
        Mistake("loss_over_H", (LOSS, f"{LOSS} / h.shape[1]"),
            "it is divided by H as well; the mean is over the batch only.",
            "还除以了 H；只对批求平均。"),
        Mistake("loss_variance", (LOSS, f"np.var({ERROR})"),
            "that is the variance: the mean error was taken off first. Square the errors as they "
            "are.",
            "这是方差：先减掉了误差的平均。误差要原样平方。"),
        Mistake("loss_difference_of_squares", ("(y - target) ** 2", "y**2 - target**2"),
            "that is the difference of the squares; take the difference first, then square it.",
            "这是平方之差；应当先相减，再平方。"),
        Mistake("head_squeezed", ("[:, 0]", ".squeeze()"),
            "in a batch of one, the batch axis is gone: `squeeze()` drops every axis of length "
            "1, `[:, 0]` only the last.",
            "只有一个序列的批里，批的轴不见了：`squeeze()` 会去掉所有长度为 1 的轴，`[:, 0]` 只去掉最后一个。"),
    ],
}
# fmt: on

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
