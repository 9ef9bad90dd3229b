"""Wrong answers to exercise 02 that must be rejected, with what the learner is then told; and
answers that are right in another way, which must get full marks."""

from lstm_lab.grading import Equivalent, Mutant

MUTANTS = [
    # --- rnn_step_backward -----------------------------------------------------------------
    Mutant(
        "step_no_slope",
        task="rnn_step_backward",
        replace=("dh_new * (1.0 - h_new**2)", "dh_new"),
        tells={"en": "is not in it", "zh": "里面没有 tanh 的斜率"},
    ),
    Mutant(
        "step_slope_of_old_state",
        task="rnn_step_backward",
        replace=("(1.0 - h_new**2)", "(1.0 - h**2)"),
        tells={"en": "at the old state", "zh": "取在了旧状态"},
    ),
    Mutant(
        "step_tanh_again",
        task="rnn_step_backward",
        replace=("h_new**2", "np.tanh(h_new)**2"),
        tells={"en": "through the tanh already", "zh": "已经是 tanh 的输出"},
    ),
    Mutant(
        "step_no_square",
        task="rnn_step_backward",
        replace=("h_new**2", "h_new"),
        tells={"en": "square is missing", "zh": "少了平方"},
    ),
    Mutant(
        "step_slope_of_sigmoid",
        task="rnn_step_backward",
        replace=("(1.0 - h_new**2)", "h_new * (1 - h_new)"),
        tells={"en": "sigmoid", "zh": "sigmoid"},
    ),
    Mutant(
        "step_dh_transposed",
        task="rnn_step_backward",
        replace=("da @ W_h,", "da @ W_h.T,"),
        tells={"en": "W_h is transposed once too often", "zh": "W_h 多转置了一次"},
    ),
    Mutant(
        "step_dx_transposed",
        task="rnn_step_backward",
        replace=("da @ W_x,", "da @ W_x.T,"),
        tells={"en": "W_x is transposed once too often", "zh": "W_x 多转置了一次"},
    ),
    Mutant(
        "step_dW_x_transposed",
        task="rnn_step_backward",
        replace=("da.T @ x,", "x.T @ da,"),
        tells={"en": "not `x.T @ da`", "zh": "不是 `x.T @ da`"},
    ),
    Mutant(
        "step_dW_h_of_new_state",
        task="rnn_step_backward",
        replace=("da.T @ h,", "da.T @ h_new,"),
        tells={"en": "met the old state", "zh": "遇到的是旧状态"},
    ),
    Mutant(
        "step_dW_h_transposed",
        task="rnn_step_backward",
        replace=("da.T @ h,", "h.T @ da,"),
        tells={"en": "not `h.T @ da`", "zh": "不是 `h.T @ da`"},
    ),
    Mutant(
        "step_db_not_summed",
        task="rnn_step_backward",
        replace=("da.sum(axis=0)", "da"),
        tells={"en": "sum over the batch", "zh": "要对批求和"},
    ),
    Mutant(
        "step_db_mean",
        task="rnn_step_backward",
        replace=("da.sum(axis=0)", "da.mean(axis=0)"),
        tells={"en": "mean over the batch", "zh": "对批取平均"},
    ),
    Mutant(
        "step_dW_x_mean",
        task="rnn_step_backward",
        replace=("da.T @ x,", "da.T @ x / len(x),"),
        tells={"en": "mean over the batch", "zh": "对批取平均"},
    ),
    Mutant(
        "step_in_place",
        task="rnn_step_backward",
        replace=(
            "da = dh_new * (1.0 - h_new**2)  # (B, H)",
            "dh_new *= 1.0 - h_new**2\n    da = dh_new",
        ),
        tells={"en": "changed its argument", "zh": "改动了它的"},
    ),
    Mutant(
        "step_order_of_the_arguments",
        task="rnn_step_backward",
        replace=("da @ W_x, da @ W_h,", "da @ W_h, da @ W_x,"),
        tells={"en": "that is dh", "zh": "这是 dh"},
    ),
    Mutant(
        "step_db_over_units",
        task="rnn_step_backward",
        replace=("da.sum(axis=0)", "da.sum(axis=1)"),
        tells={"en": "runs over the units", "zh": "对单元求的和"},
    ),
    # --- bptt ------------------------------------------------------------------------------
    Mutant(
        "bptt_ignores_lengths",
        task="bptt",
        replace=("(t < lengths)[:, None]", "np.ones((len(lengths), 1), bool)"),
        tells={"en": "treated like real ones", "zh": "被当成真的"},
    ),
    Mutant(
        "bptt_loses_what_comes_past_the_end",
        task="bptt",
        replace=("da[t] @ W_h, arrives)", "da[t] @ W_h, 0.0)"),
        tells={"en": "past the end of a sequence is lost", "zh": "丢掉了"},
    ),
    Mutant(
        "bptt_one_late",
        task="bptt",
        replace=("t < lengths", "t <= lengths"),
        tells={"en": "one frozen step", "zh": "多走了一个冻结"},
    ),
    Mutant(
        "bptt_one_early",
        task="bptt",
        replace=("t < lengths", "t + 1 < lengths"),
        tells={"en": "last real step of every sequence", "zh": "最后一个真实步骤"},
    ),
    Mutant(
        "bptt_W_h_transposed",
        task="bptt",
        replace=("da[t] @ W_h", "da[t] @ W_h.T"),
        tells={"en": "transposed once too often", "zh": "多转置了一次"},
    ),
    Mutant(
        "bptt_forwards",
        task="bptt",
        replace=("reversed(range(len(dh)))", "range(len(dh))"),
        tells={"en": "from the last to the", "zh": "从最后一步走到第一步"},
    ),
    Mutant(
        "bptt_no_later",
        task="bptt",
        replace=("dh[t] + later", "dh[t]"),
        tells={"en": "nothing comes back", "zh": "什么也没传回来"},
    ),
    Mutant(
        "bptt_last_loss_only",
        task="bptt",
        replace=("arrives = dh[t] + later", "arrives = dh[t] if t == len(dh) - 1 else later"),
        tells={"en": "only what the loss says of the last state", "zh": "只有损失对最后一个状态"},
    ),
    Mutant(
        "bptt_dh0_is_da0",
        task="bptt",
        replace=("return da, later", "return da, da[0]"),
        tells={"en": "that is da[0]", "zh": "这是 da[0]"},
    ),
    Mutant(
        "bptt_no_slope",
        task="bptt",
        replace=("arrives * slope[t]", "arrives"),
        tells={"en": "slopes are not in it", "zh": "没有乘斜率"},
    ),
    Mutant(
        "bptt_writes_into_dh",
        task="bptt",
        replace=("arrives = dh[t] + later", "dh[t] += later\n        arrives = dh[t]"),
        tells={"en": "changed its argument", "zh": "改动了它的"},
    ),
    Mutant(
        "bptt_da_only",
        task="bptt",
        replace=("return da, later", "return da"),
        tells={"en": "2 things", "zh": "2 样"},
    ),
    Mutant(
        "bptt_carries_without_slope",
        task="bptt",
        replace=("da[t] @ W_h", "arrives @ W_h"),
        tells={"en": "has not passed the tanh", "zh": "没有经过 tanh"},
    ),
    Mutant(
        "bptt_adds_after_slope",
        task="bptt",
        replace=("arrives * slope[t]", "dh[t] * slope[t] + later"),
        tells={"en": "added after the slope", "zh": "加在了乘斜率之后"},
    ),
    # --- collect ---------------------------------------------------------------------------
    Mutant(
        "collect_h_after",
        task="collect",
        replace=("np.concatenate([h0[None], h[:-1]])", "h"),
        tells={"en": "you took h[t]", "zh": "你用的是 h[t]"},
    ),
    Mutant(
        "collect_wraps_round",
        task="collect",
        replace=("np.concatenate([h0[None], h[:-1]])", "np.roll(h, 1, axis=0)"),
        tells={"en": "you took the last state", "zh": "用了最后一个状态"},
    ),
    Mutant(
        "collect_step_0_missing",
        task="collect",
        replace=("np.concatenate([h0[None], h[:-1]])", "np.concatenate([0 * h0[None], h[:-1]])"),
        tells={"en": "step 0 is missing", "zh": "少了第 0 步"},
    ),
    Mutant(
        "collect_last_step",
        task="collect",
        body="""
before = np.concatenate([h0[None], h[:-1]])
for t in range(len(da)):
    dW_x = da[t].T @ x[t]
    dW_h = da[t].T @ before[t]
    db = da[t].sum(axis=0)
return dW_x, dW_h, db
""",
        tells={"en": "last step alone", "zh": "只是最后一步"},
    ),
    Mutant(
        "collect_mean_over_steps",
        task="collect",
        body="""
before = np.concatenate([h0[None], h[:-1]])
T = len(da)
return (
    sum(da[t].T @ x[t] for t in range(T)) / T,
    sum(da[t].T @ before[t] for t in range(T)) / T,
    da.sum(axis=1).mean(axis=0),
)
""",
        tells={"en": "mean over the steps", "zh": "对时间步取平均"},
    ),
    Mutant(
        "collect_db_over_time_only",
        task="collect",
        replace=("axis=(0, 1)", "axis=0"),
        tells={"en": "not over the batch", "zh": "还没有对批求和"},
    ),
    Mutant(
        "collect_db_over_batch_only",
        task="collect",
        replace=("axis=(0, 1)", "axis=1"),
        tells={"en": "not over time", "zh": "还没有对时间求和"},
    ),
    Mutant(
        "collect_db_mean",
        task="collect",
        replace=("da.sum(axis=(0, 1))", "da.mean(axis=(0, 1))"),
        tells={"en": "mean over steps and batch", "zh": "时间步和批取平均"},
    ),
    Mutant(
        "collect_dW_x_transposed",
        task="collect",
        replace=('"tbh,tbi->hi"', '"tbh,tbi->ih"'),
        tells={"en": "transposed", "zh": "转置反了"},
    ),
    Mutant(
        "collect_dW_h_transposed",
        task="collect",
        replace=('"tbh,tbj->hj"', '"tbh,tbj->jh"'),
        tells={"en": "da stands first", "zh": "da 在前"},
    ),
    Mutant(
        "collect_h0_always",
        task="collect",
        replace=("np.concatenate([h0[None], h[:-1]])", "np.broadcast_to(h0, h.shape)"),
        tells={"en": "every step takes h0", "zh": "每一步都用了 h0"},
    ),
    # --- wrong_places ----------------------------------------------------------------------
    Mutant(
        "judge_at_the_bound",
        task="wrong_places",
        replace=("> 1e-4", ">= 1e-4"),
        tells={"en": "exactly on the bound", "zh": "恰好落在界限上"},
    ),
    Mutant(
        "judge_turned_round",
        task="wrong_places",
        replace=("> 1e-4", "<= 1e-4"),
        tells={"en": "wrong way round", "zh": "写反了"},
    ),
    Mutant(
        "judge_no_absolute_value",
        task="wrong_places",
        replace=("abs(gradient[k] - q)", "gradient[k] - q"),
        tells={"en": "too small is not found", "zh": "偏小的数没有被找到"},
    ),
    Mutant(
        "judge_other_sign",
        task="wrong_places",
        replace=("abs(gradient[k] - q)", "q - gradient[k]"),
        tells={"en": "too large is not found", "zh": "偏大的数没有被找到"},
    ),
    Mutant(
        "judge_absolute_only",
        task="wrong_places",
        replace=("1e-4 * (1 + abs(q))", "1e-4"),
        tells={"en": "of a billion", "zh": "十亿"},
    ),
    Mutant(
        "judge_relative_only",
        task="wrong_places",
        replace=("(1 + abs(q))", "abs(q)"),
        tells={"en": "gradient of 0", "zh": "为 0 的正确梯度"},
    ),
    Mutant(
        "judge_always_content",
        task="wrong_places",
        replace=("return wrong", "return np.zeros(x.shape, bool)"),
        tells={"en": "nothing was called wrong", "zh": "没有一处被判错"},
    ),
    Mutant(
        "judge_all_or_nothing",
        task="wrong_places",
        replace=("return wrong", "return np.full(x.shape, wrong.any())"),
        tells={"en": "judge each number by itself", "zh": "对每个数单独判断"},
    ),
    Mutant(
        "judge_over_eps",
        task="wrong_places",
        replace=("/ (2 * eps)", "/ eps"),
        tells={"en": "quotient not the slope", "zh": "商不是斜率"},
    ),
    Mutant(
        "judge_to_one_side",
        task="wrong_places",
        replace=("(f(up) - f(down)) / (2 * eps)", "(f(up) - f(x)) / eps"),
        tells={"en": "nudge to both sides", "zh": "要往两边推"},
    ),
    Mutant(
        "judge_own_eps",
        task="wrong_places",
        replace=("    wrong = np.zeros", "    eps = 1e-5\n    wrong = np.zeros"),
        tells={"en": "is `eps` used", "zh": "用的是 `eps`"},
    ),
    Mutant(
        "judge_default_tolerances",
        task="wrong_places",
        replace=("abs(gradient[k] - q) > 1e-4 * (1 + abs(q))", "not np.isclose(gradient[k], q)"),
        tells={"en": "within the bound", "zh": "界限之内"},
    ),
    Mutant(
        "judge_one_yes_or_no",
        task="wrong_places",
        replace=("return wrong", "return bool(wrong.any())"),
        tells={"en": "shape", "zh": "形状"},
    ),
    Mutant(
        "judge_returns_gaps",
        task="wrong_places",
        replace=("return wrong", "return wrong.astype(float)"),
        tells={"en": "should hold bool", "zh": "应当是 bool"},
    ),
    Mutant(
        "judge_bound_signed",
        task="wrong_places",
        replace=("(1 + abs(q))", "(1 + q)"),
        tells={"en": "below −1 was called wrong", "zh": "小于 −1 的正确梯度"},
    ),
]

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
