"""Exercise 02: typical mistakes, in the order in which they are looked for; answers that are right
in another way, which must get full marks."""

from lstm_lab.grading import Equivalent, Mistake, Slip

SLOPE, SUMS = "1.0 - h_new**2", "da.T @ x, da.T @ h, da.sum(axis=0)"
BEFORE = "np.concatenate([h0[None], h[:-1]])"
MIXED = "da.reshape(da.shape[2], -1) @ {0}.reshape(-1, {0}.shape[2])"
GAP = "abs(gradient[k] - q)"


def over(number):
    """All three gradients divided by a number."""
    three = "dW_x, dW_h, da.sum(axis=(0, 1))"
    return f"return {three}", f"return [one / {number} for one in ({three})]"


# fmt: off
MISTAKES = {
    "rnn_step_backward": [
        Mistake("step_back_without_slope", ("da @ W_x, da @ W_h", "dh_new @ W_x, dh_new @ W_h"),
            "the slope of the tanh, 1 − h_new², is not in it.",
            "里面没有 tanh 的斜率 1 − h_new²。"),
        Mistake("step_slope_of_old_state", (SLOPE, "1.0 - h**2"),
            "the slope is taken at the old state; it is 1 − h_new².",
            "斜率取在了旧状态；应当是 1 − h_new²。"),
        Mistake("step_weights_without_slope",
            ("da.T @ x, da.T @ h, da.sum", "dh_new.T @ x, dh_new.T @ h, dh_new.sum"),
            "the slope of the tanh is not in it: the weights act on a, so use da.",
            "里面没有 tanh 的斜率：权重作用在 a 上，所以要用 da。"),
        Mistake("step_slope_twice", (SLOPE, f"({SLOPE}) ** 2"),
            "the slope of the tanh is in it twice.",
            "tanh 的斜率乘了两次。"),
        Mistake("step_divided", ("dh_new * ", "dh_new / "),
            "the slope of the tanh was divided by; multiply by it.",
            "除以了 tanh 的斜率；应当乘上它。"),
        Mistake("step_dh_new_added", ("da @ W_h", "da @ W_h + dh_new"),
            "dh_new was added; the old state reached the new one only through W_h and the tanh.",
            "多加了 dh_new；旧状态只经过 W_h 和 tanh 到达新状态。"),
        Mistake("step_tanh_again", (SLOPE, "1.0 - np.tanh(h_new) ** 2"),
            "h_new has been through the tanh already: the slope is 1 − h_new², without another "
            "tanh.",
            "h_new 已经是 tanh 的输出：斜率是 1 − h_new²，不要再取一次 tanh。"),
        Mistake("step_no_square", (SLOPE, "1.0 - h_new"),
            "the square is missing: the slope is 1 − h_new².",
            "少了平方：斜率是 1 − h_new²。"),
        Mistake("step_slope_of_sigmoid", (SLOPE, "h_new * (1.0 - h_new)"),
            "h(1 − h) is the slope of the sigmoid; that of the tanh is 1 − h_new².",
            "h(1 − h) 是 sigmoid 的斜率；tanh 的斜率是 1 − h_new²。"),
        Mistake("step_dh_transposed", ("da @ W_h", "da @ W_h.T"),
            "W_h is transposed once too often: forward it was `h @ W_h.T`, so back it is `da @ "
            "W_h` (it is square, so both fit).",
            "W_h 多转置了一次：正向是 `h @ W_h.T`，所以反向是 `da @ W_h`（它是方阵，两种都放得进去）。"),
        Mistake("step_tanh_of_old_state", (SLOPE, "1.0 - np.tanh(h) ** 2"),
            "the slope is taken at the old state; it is 1 − h_new².",
            "斜率取在了旧状态；应当是 1 − h_new²。"),
        Mistake("step_dW_h_of_new_state", ("da.T @ h,", "da.T @ h_new,"),
            "W_h met the old state h, not the new one.",
            "W_h 遇到的是旧状态 h，不是新状态。"),
        Mistake("step_dW_h_transposed", ("da.T @ h,", "h.T @ da,"),
            "it is transposed: `da.T @ h`, not `h.T @ da`.",
            "转置反了：是 `da.T @ h`，不是 `h.T @ da`。"),
        Mistake("step_mean", (SUMS, "da.T @ x / len(x), da.T @ h / len(x), da.mean(axis=0)"),
            "that is the mean over the batch; a gradient is the sum.",
            "这是对批取平均；梯度是求和。"),
        Mistake("step_last_sequence_only", (SUMS, "np.outer(da[-1], x[-1]), np.outer(da[-1], h[-1]), da[-1]"),
            "only the last sequence of the batch is in it; sum over all.",
            "里面只有批的最后一个序列；要对所有序列求和。"),
        Mistake("step_db_not_summed", ("da.sum(axis=0)", "da"),
            "that is one row for each sequence; b is used by all of them, so sum over the batch.",
            "这是一个序列一行；所有序列都用到 b，所以要对批求和。"),
        Mistake("step_db_over_units", ("axis=0", "axis=1"),
            "the sum runs over the units; it must run over the batch, axis 0.",
            "是对单元求的和；应当对批求和，即第 0 轴。"),
        Mistake("step_order_of_the_arguments", ("da @ W_x, da @ W_h", "da @ W_h, da @ W_x"),
            "that is dh; the order is dx, dh, dW_x, dW_h, db.",
            "这是 dh；顺序是 dx、dh、dW_x、dW_h、db。"),
        Mistake("step_dx_transposed", ("da @ W_x", "da @ W_x.T"),
            "W_x is transposed once too often: back it is `da @ W_x`.",
            "W_x 多转置了一次：反向是 `da @ W_x`。"),
        Mistake("step_dW_x_transposed", ("da.T @ x,", "x.T @ da,"),
            "it is transposed: `da.T @ x`, not `x.T @ da`.",
            "转置反了：是 `da.T @ x`，不是 `x.T @ da`。"),
        Slip("step_in_place",
            ("da = dh_new * (1.0 - h_new**2)", "dh_new *= 1.0 - h_new**2; da = dh_new"),
            "changed its argument", "改动了它的"),
    ],
    "bptt": [
        Mistake("bptt_ignores_lengths", ("t < lengths", "t < len(dh) + 0 * lengths"),
            "the frozen steps are treated like real ones: past its end a sequence has no tanh "
            "and no weights (is lengths used?).",
            "冻结的步骤被当成真的了：序列结束以后没有 tanh，也没有权重（用到 lengths 了吗？）。"),
        Mistake("bptt_loses_what_comes_past_the_end", ("W_h, arrives)", "W_h, 0.0)"),
            "what the loss says past the end of a sequence is lost: all that arrives there, "
            "dh[t] and what came from later, is handed on unchanged to the last real step.",
            "损失在序列结束以后说的话丢掉了：那里到达的一切，dh[t] 和来自后面的量，都要原样传到最后一个真实的步骤。"),
        Mistake("bptt_one_late", ("t < lengths", "t <= lengths"),
            "every sequence walks through one frozen step: the test is `t < lengths`.",
            "每个序列都多走了一个冻结的步骤：条件是 `t < lengths`。"),
        Mistake("bptt_one_early", ("t < lengths", "t + 1 < lengths"),
            "the last real step of every sequence is treated as frozen: the test is `t < lengths`.",
            "每个序列的最后一个真实步骤被当成冻结的了：条件是 `t < lengths`。"),
        Mistake("bptt_W_h_transposed", ("@ W_h", "@ W_h.T"),
            "W_h is transposed once too often: forward it was `h @ W_h.T`, so back it is `da @ "
            "W_h`.",
            "W_h 多转置了一次：正向是 `h @ W_h.T`，所以反向是 `da @ W_h`。"),
        Mistake("bptt_forwards", ("reversed(range(len(dh)))", "range(len(dh))"),
            "the walk goes from the first step to the last; it must go from the last to the first.",
            "走的方向是从第一步到最后一步；应当从最后一步走到第一步。"),
        Mistake("bptt_no_later", ("dh[t] + later", "dh[t]"),
            "nothing comes back from later steps: what arrives is dh[t] plus what step t + 1 "
            "handed on.",
            "后面的步骤什么也没传回来：到达的是 dh[t] 加上第 t + 1 步传下来的量。"),
        Mistake("bptt_last_loss_only", ("dh[t] + later", "dh[t] if t == len(dh) - 1 else later"),
            "only what the loss says of the last state is in it: add dh[t] at every step.",
            "里面只有损失对最后一个状态说的话：每一步都要加上 dh[t]。"),
        Mistake("bptt_dh0_is_da0", ("return da, later", "return da, da[0]"),
            "that is da[0], before W_h; dh0 is what step 0 hands on.",
            "这是 da[0]，还没有经过 W_h；dh0 是第 0 步传下来的量。"),
        Mistake("bptt_arrives_for_da", ("return da, later", "return da / slope, later"),
            "that is what arrives at each state; da is that times the slope.",
            "这是到达每个状态的量；da 还要乘斜率。"),
        Mistake("bptt_no_slope", (" * slope[t]", ""),
            "the slopes are not in it.",
            "里面没有乘斜率。"),
        Mistake("bptt_carries_without_slope", ("da[t] @ W_h", "arrives @ W_h"),
            "what goes back to the step before has not passed the tanh: it is da[t], with the "
            "slope in it, that W_h multiplies.",
            "传给前一步的量没有经过 tanh：W_h 乘的是已经含有斜率的 da[t]。"),
        Mistake("bptt_adds_after_slope", ("arrives * slope[t]", "dh[t] * slope[t] + later"),
            "what comes from later steps is added after the slope; it arrives at the state, so "
            "add first, then multiply by the slope.",
            "后面传来的量加在了乘斜率之后；它是到达状态的，所以先加，再乘斜率。"),
        Mistake("bptt_piles_up", ("later = np.where", "later = later + np.where"),
            "what comes from later piles up from step to step: it is what the step after handed "
            "on, and no more.",
            "后面传来的量一步步堆起来了：只有后一步传下来的那份，没有别的。"),
        Mistake("bptt_slope_after_W_h", ("da[t] @ W_h", "arrives @ W_h * slope[t]"),
            "the slope was multiplied in after W_h; what goes back is da[t] @ W_h, with the "
            "slope in da[t] already.",
            "斜率乘在了 W_h 之后；往回传的是 da[t] @ W_h，斜率已经在 da[t] 里了。"),
        Mistake("bptt_slope_of_the_step_before", ("slope[t]", "slope[t - 1]"),
            "each step has the slope of the step before it: `slope[t]` belongs to step t.",
            "每一步用的都是前一步的斜率：第 t 步的是 `slope[t]`。"),
        Mistake("bptt_slope_of_slope", ("slope[t]", "(1 - slope[t] ** 2)"),
            "the slopes are given worked out, 1 − h²; multiply by them as they are.",
            "给出的斜率已经算好了，就是 1 − h²；原样乘上去。"),
        Mistake("bptt_turned_round", ("return da, later", "return da[::-1], later"),
            "it is turned round in time: the list fills from the end.",
            "在时间上倒过来了：列表是从末尾开始填的。"),
        Mistake("bptt_dh_0_added", ("return da, later", "return da, later + dh[0]"),
            "dh[0] belongs to the state *after* step 0; dh0 is what step 0 hands on, and no more.",
            "dh[0] 属于第 0 步**之后**的状态；dh0 只是第 0 步传下来的量。"),
        Slip("bptt_writes_into_dh",
            ("arrives = dh[t] + later", "dh[t] += later; arrives = dh[t]"),
            "changed its argument", "改动了它的"),
        Slip("bptt_da_only", ("return da, later", "return da"), "2 things", "2 样"),
    ],
    "collect": [
        Mistake("collect_h0_always", (BEFORE, "np.broadcast_to(h0, h.shape)"),
            "every step takes h0; that is right for step 0 only, step t met h[t − 1].",
            "每一步都用了 h0；只有第 0 步该用它，第 t 步遇到的是 h[t − 1]。"),
        Mistake("collect_h_after", (BEFORE, "h"),
            "W_h met the state before the step, h[t − 1], and h0 at step 0; you took h[t].",
            "W_h 遇到的是这一步之前的状态 h[t − 1]，第 0 步是 h0；你用的是 h[t]。"),
        Mistake("collect_step_0_missing", (BEFORE, "np.concatenate([0 * h0[None], h[:-1]])"),
            "step 0 is missing: there W_h met h0.",
            "少了第 0 步：那里 W_h 遇到的是 h0。"),
        Mistake("collect_wraps_round", (BEFORE, "np.roll(h, 1, axis=0)"),
            "at step 0 you took the last state (an index of −1, or np.roll); there W_h met h0.",
            "第 0 步用了最后一个状态（下标成了 −1，或者用了 np.roll）；那里 W_h 遇到的是 h0。"),
        Mistake("collect_db_over_time_only", ("axis=(0, 1)", "axis=0"),
            "it is summed over time but not over the batch.",
            "对时间求了和，还没有对批求和。"),
        Mistake("collect_db_over_batch_only", ("axis=(0, 1)", "axis=1"),
            "it is summed over the batch but not over time.",
            "对批求了和，还没有对时间求和。"),
        Mistake("collect_last_step",
            (f"before = {BEFORE}", f"da, x, before = da[-1:], x[-1:], {BEFORE}[-1:]"),
            "that is the share of the last step alone; every step adds its own.",
            "这只是最后一步的那一份；每一步都要加上自己的一份。"),
        Mistake("collect_mean_over_steps", over("len(da)"),
            "that is the mean over the steps; a gradient is the sum.",
            "这是对时间步取平均；梯度是求和。"),
        Mistake("collect_mean_over_the_batch", over("len(h0)"),
            "that is the mean over the batch; a gradient is the sum.",
            "这是对批取平均；梯度是求和。"),
        Mistake("collect_mean_over_both", over("da[..., 0].size"),
            "that is the mean over steps and batch; a gradient is the sum.",
            "这是对时间步和批取平均；梯度是求和。"),
        Mistake("collect_traded", ("return dW_x, dW_h", "return dW_h, dW_x"),
            "dW_x and dW_h have traded places: first dW_x, then dW_h.",
            "dW_x 和 dW_h 换了位置：先 dW_x，后 dW_h。"),
        Mistake("collect_reshaped_not_transposed",
            [('np.einsum("tbh,tbi->hi", da, x)', MIXED.format("x")),
             ('np.einsum("tbh,tbj->hj", da, before)', MIXED.format("before"))],
            "`reshape(H, T * B)` does not transpose, it mixes the units: make it (T · B, H) "
            "first, then `.T`.",
            "`reshape(H, T * B)` 不是转置，会把各单元混在一起：先变成 (T · B, H)，再 `.T`。"),
        Mistake("collect_dW_x_transposed", ("tbi->hi", "tbi->ih"),
            "it is transposed: `da[t].T @ x[t]`, not `x[t].T @ da[t]`.",
            "转置反了：是 `da[t].T @ x[t]`，不是 `x[t].T @ da[t]`。"),
        Mistake("collect_dW_h_transposed", ("tbj->hj", "tbj->jh"),
            "it is transposed: da stands first, transposed.",
            "转置反了：da 在前，并且转置。"),
    ],
    "wrong_places": [
        Mistake("judge_default_tolerances",
            ("abs(gradient[k] - q) > 1e-4 * (1 + abs(q))", "not np.isclose(gradient[k], q)"),
            "claims just within the bound were called wrong: the bound is 1e-4 * (1 + |q|).",
            "刚好在界限之内的梯度被判错了：界限是 1e-4 * (1 + |q|)。"),
        Mistake("judge_always_content", ("return wrong", "return np.zeros(x.shape, bool)"),
            "a planted fault was not found: nothing was called wrong.",
            "埋下的错误没有被找到：没有一处被判错。"),
        Mistake("judge_no_absolute_value", (GAP, "gradient[k] - q"),
            "a number that is too small is not found: take the absolute value of the difference.",
            "偏小的数没有被找到：要对差取绝对值。"),
        Mistake("judge_other_sign", (GAP, "q - gradient[k]"),
            "a number that is too large is not found: take the absolute value of the difference.",
            "偏大的数没有被找到：要对差取绝对值。"),
        Mistake("judge_turned_round", ("> 1e-4", "<= 1e-4"),
            "the comparison is the wrong way round: `True` is where the claim is wrong.",
            "比较写反了：声称有错的地方才是 `True`。", test="test_judge_finds_planted_faults"),
        Mistake("judge_all_or_nothing", ("return wrong", "return np.full(x.shape, wrong.any())"),
            "one fault, and every place is called wrong: judge each number by itself.",
            "只有一处错，却处处都判错：要对每个数单独判断。"),
        Slip("judge_at_the_bound", ("> 1e-4", ">= 1e-4"), "exactly on the bound", "恰好落在界限上"),
        Slip("judge_absolute_only", (" * (1 + abs(q))", ""), "of a billion", "十亿"),
        Slip("judge_relative_only", ("(1 + abs(q))", "abs(q)"), "gradient of 0", "为 0 的正确梯度"),
        Slip("judge_over_eps", ("/ (2 * eps)", "/ eps"), "quotient not the slope", "商不是斜率"),
        Slip("judge_to_one_side",
            ("(f(up) - f(down)) / (2 * eps)", "(f(up) - f(x)) / eps"),
            "nudge to both sides", "要往两边推"),
        Slip("judge_own_eps",
            ("wrong = np.zeros", "eps = 1e-5; wrong = np.zeros"),
            "is `eps` used", "用的是 `eps`"),
        Slip("judge_bound_signed",
            ("(1 + abs(q))", "(1 + q)"),
            "below −1 was called wrong", "小于 −1 的正确梯度"),
        Slip("judge_one_yes_or_no", ("return wrong", "return bool(wrong.any())"), "shape", "形状"),
        Slip("judge_returns_gaps",
            ("return wrong", "return wrong.astype(float)"),
            "should hold bool", "应当是 bool"),
    ],
}
# fmt: on

ALSO_RIGHT = {
    "rnn_step_backward": [
        """
da = (1 - h_new) * (1 + h_new) * dh_new
dx = np.einsum("bh,hi->bi", da, W_x)
dh = (W_h.T @ da.T).T
dW_x, dW_h, db = np.zeros(W_x.shape), np.zeros(W_h.shape), np.zeros(len(W_h))
for k in range(len(x)):
    dW_x += np.outer(da[k], x[k])
    dW_h += np.outer(da[k], h[k])
    db += da[k]
return dx, dh, dW_x, dW_h, db
""",
        """
da = dh_new - dh_new * h_new * h_new
back = da @ np.concatenate([W_x, W_h], axis=1)
I = x.shape[1]
return [back[:, :I], back[:, I:], (x.T @ da).T, (h.T @ da).T, np.ones(len(x)) @ da]
""",
        """
B, H = dh_new.shape
I = x.shape[1]
dx, dh = (np.zeros((B, I)), np.zeros((B, H)))
dWx, dWh, db = (np.zeros((H, I)), np.zeros((H, H)), np.zeros(H))
for n in range(B):
    for j in range(H):
        d = dh_new[n, j] * (1 - h_new[n, j]) * (1 + h_new[n, j])
        db[j] += d
        for i in range(I):
            dx[n, i] += d * W_x[j, i]
            dWx[j, i] += d * x[n, i]
        for k in range(H):
            dh[n, k] += d * W_h[j, k]
            dWh[j, k] += d * h[n, k]
return (dx, dh, dWx, dWh, db)
""",
        """
da = dh_new - dh_new * h_new * h_new
return [
    np.einsum("bh,hi->bi", da, W_x),
    np.einsum("bh,hj->bj", da, W_h),
    np.einsum("bh,bi->hi", da, x),
    np.einsum("bh,bj->hj", da, h),
    np.einsum("bh->h", da),
]
""",
        """
da = dh_new / np.cosh(np.arctanh(h_new)) ** 2
return (
    (W_x.T @ da.T).T,
    (W_h.T @ da.T).T,
    (x.T @ da).T,
    (h.T @ da).T,
    np.ones(len(x)) @ da,
)
""",
        """
da = dh_new * (1 - h_new**2)
return (
    da @ W_x,
    da @ W_h,
    sum((np.outer(a, r) for a, r in zip(da, x))),
    sum((np.outer(a, r) for a, r in zip(da, h))),
    sum(da),
)
""",
    ],
    "bptt": [
        """
da = np.zeros_like(dh)
dh0 = np.zeros_like(dh[0])
for k, n in enumerate(lengths):
    carry = dh[n:, k].sum(axis=0)
    for t in range(n - 1, -1, -1):
        da[t, k] = slope[t, k] * (dh[t, k] + carry)
        carry = W_h.T @ da[t, k]
    dh0[k] = carry
return da, dh0
""",
        """
g = dh.copy()
da = []
dh0 = 0
for t in range(len(dh) - 1, -1, -1):
    mask = (lengths > t)[:, None].astype(float)
    d = mask * g[t] * slope[t]
    da.insert(0, d)
    back = d @ W_h + (1 - mask) * g[t]
    if t > 0:
        g[t - 1] += back
    else:
        dh0 = back
return np.array(da), dh0
""",
        """
T, B, H = dh.shape
da = np.zeros((T, B, H))
dh0 = np.zeros((B, H))
for k in range(B):
    v = dh[lengths[k] :, k].sum(axis=0)
    for t in range(lengths[k] - 1, -1, -1):
        da[t, k] = (v + dh[t, k]) * slope[t, k]
        v = W_h.T @ da[t, k]
    dh0[k] = v
return (da, dh0)
""",
        """
v = 0 * dh[0]
out = []
for t in range(len(dh) - 1, -1, -1):
    m = (t < lengths).astype(float)[:, None]
    v = v + dh[t]
    a = m * v * slope[t]
    out.insert(0, a)
    v = a @ W_h + (1 - m) * v
return (out, v)
""",
        """
def back(t, v):
    if t < 0:
        return ([], v)
    v = dh[t] + v
    m = (t < lengths)[:, None]
    a = np.where(m, v * slope[t], 0)
    rest, last = back(t - 1, np.where(m, a @ W_h, v))
    return (rest + [a], last)

a, v = back(len(dh) - 1, np.zeros_like(dh[0]))
return (np.array(a), v)
""",
    ],
    "collect": [
        """
dW_x, dW_h, db = 0, 0, 0
for t in range(len(da)):
    dW_x = dW_x + da[t].T @ x[t]
    dW_h = dW_h + da[t].T @ (h[t - 1] if t > 0 else h0)
    db = db + da[t].sum(axis=0)
return dW_x, dW_h, db
""",
        """
T, B, H = da.shape
flat = da.reshape(T * B, H)
before = np.vstack([h0[None], h[:-1]]).reshape(T * B, H)
return flat.T @ x.reshape(T * B, -1), flat.T @ before, flat.sum(0)
""",
        """
dWx = dWh = db = 0
prev = h0
for t in range(len(da)):
    dWx = dWx + da[t].T @ x[t]
    dWh = dWh + da[t].T @ prev
    db = db + da[t].sum(0)
    prev = h[t]
return (dWx, dWh, db)
""",
        """
p = np.vstack([h0[None], h[:-1]])
H = da.shape[2]
d = da.reshape(-1, H).T
return (d @ x.reshape(-1, x.shape[2]), d @ p.reshape(-1, H), d.sum(axis=1))
""",
        """
p = np.concatenate(([h0], h[:-1]))
return (
    np.tensordot(da, x, ((0, 1), (0, 1))),
    np.tensordot(da, p, ((0, 1), (0, 1))),
    da.sum(0).sum(0),
)
""",
    ],
    "wrong_places": [
        """
q = np.zeros_like(x)
for k in np.ndindex(x.shape):
    old = x[k]
    x[k] = old + eps
    q[k] = f(x)
    x[k] = old - eps
    q[k] -= f(x)
    x[k] = old
q /= 2 * eps
return np.abs(q - gradient) > 1e-4 + 1e-4 * np.abs(q)
""",
        """
nudges = eps * np.eye(x.size).reshape(x.size, *x.shape)
q = np.array([f(x + e) - f(x - e) for e in nudges]).reshape(x.shape) / (2 * eps)
return ~np.isclose(gradient, q, rtol=1e-4, atol=1e-4)
""",
        """
q = np.zeros(x.size)
for n in range(x.size):
    e = np.zeros(x.size)
    e[n] = eps
    e = e.reshape(x.shape)
    q[n] = (f(x + e) - f(x - e)) / 2 / eps
return ~np.isclose(gradient, q.reshape(x.shape), rtol=0.0001, atol=0.0001)
""",
        """
x = x.copy()
w = np.empty(x.shape, bool)
it = np.nditer(x, flags=["multi_index"])
for _ in it:
    k = it.multi_index
    old = x[k]
    x[k] = old + eps
    u = f(x)
    x[k] = old - eps
    d = f(x)
    x[k] = old
    q = (u - d) / (2 * eps)
    w[k] = not abs(gradient[k] - q) <= 0.0001 * (1 + abs(q))
return w
""",
        """
def q(k):
    e = np.zeros_like(x)
    e.flat[k] = eps
    return (f(x + e) - f(x - e)) / (2 * eps)

Q = np.array([q(k) for k in range(x.size)]).reshape(x.shape)
return np.abs(gradient - Q) / (1 + np.abs(Q)) > 0.0001
""",
    ],
}

# --- automatic changes that are no mistake (lstm-lab mutants 02) ----------------------------
_ZEROS = "da, later = (np.zeros_like(dh), np.zeros_like(dh[0]))"
_JUDGED = "wrong[k] = abs(gradient[k] - q) > 0.0001 * (1 + abs(q))"
EQUIVALENT = [
    *(
        Equivalent("bptt", _ZEROS, f"da, later = ({first}, np.zeros_like(dh[0]))", because)
        for first, because in [
            ("np.ones_like(dh)", "every da[t] is written in the loop"),
            ("np.zeros_like(slope)", "slope has the shape of dh"),
        ]
    ),
    *(
        Equivalent("bptt", _ZEROS, f"da, later = (np.zeros_like(dh), {second})", because)
        for second, because in [
            ("np.zeros_like(slope[0])", "slope has the shape of dh"),
            ("np.zeros_like(dh[-1])", "every dh[t] has the same shape"),
            ("np.zeros_like(W_h[0])", "zeros (H,) are added to each row of dh[t]"),
            ("np.zeros_like(lengths[0])", "a single 0 is added to all of dh[t]"),
            ("np.zeros_like(dh[0], dtype=int)", "whole zeros are added to dh[t], a float"),
        ]
    ),
    *(
        Equivalent(
            "bptt",
            "for t in reversed(range(len(dh))):",
            f"for t in reversed(range(len({other}))):",
            "it is as long as dh",
        )
        for other in ("slope", "da")
    ),
    Equivalent(
        "collect",
        "return (dW_x, dW_h, da.sum(axis=(0, 1)))",
        "return (dW_x, dW_h, da.sum(axis=(1, 0)))",
        "a sum over both axes, in either order",
    ),
    Equivalent(
        "wrong_places",
        "wrong = np.zeros(x.shape, dtype=bool)",
        "wrong = np.ones(x.shape, dtype=bool)",
        "every place is written in the loop",
    ),
    Equivalent(
        "wrong_places",
        "wrong = np.zeros(x.shape, dtype=bool)",
        "wrong = np.zeros(gradient.shape, dtype=bool)",
        "a claimed gradient has the shape of x",
    ),
    Equivalent(
        "wrong_places",
        "for k in np.ndindex(x.shape):",
        "for k in reversed(list(np.ndindex(x.shape))):",
        "each place is judged for itself, in whatever order",
    ),
    *(
        Equivalent(
            "wrong_places",
            "for k in np.ndindex(x.shape):",
            f"for k in np.ndindex({other}.shape):",
            "it has the shape of x",
        )
        for other in ("gradient", "wrong")
    ),
    Equivalent(
        "wrong_places",
        _JUDGED,
        _JUDGED.replace("gradient[k] - q", "q - gradient[k]"),
        "|a − b| is |b − a|",
    ),
]
