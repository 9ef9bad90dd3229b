"""Wrong answers to exercise 06 that must be rejected, with what the learner is then told; and
answers that are right in another way, which must get full marks."""

from lstm_lab.grading import Equivalent, Mutant

_TOTAL = "dc = dc + dh * o * (1.0 - tanh_c**2)"
_CALL = "step_back(dh[t] + later, dc, i[t], f[t], g[t], o[t], before[t], c[t])"

MUTANTS = [
    # --- lstm_step_backward ----------------------------------------------------------------
    Mutant(
        "step_later_lost",
        task="lstm_step_backward",
        replace=(_TOTAL, "dc = dh * o * (1.0 - tanh_c**2)"),
        tells={"en": "what later steps ask of c is lost", "zh": "后面各步对 c 的要求丢了"},
    ),
    Mutant(
        "step_later_only",
        task="lstm_step_backward",
        replace=(_TOTAL, "dc = dc * 1.0"),
        tells={"en": "only what later steps ask", "zh": "只有后面各步对 c 的要求"},
    ),
    Mutant(
        "step_no_slope_of_c",
        task="lstm_step_backward",
        replace=(_TOTAL, "dc = dc + dh * o"),
        tells={"en": "slope of the tanh around c", "zh": "c 外面那个 tanh 的斜率"},
    ),
    Mutant(
        "step_no_o_on_the_way",
        task="lstm_step_backward",
        replace=(_TOTAL, "dc = dc + dh * (1.0 - tanh_c**2)"),
        tells={"en": "o is missing on the way", "zh": "少了 o"},
    ),
    Mutant(
        "step_slope_without_tanh",
        task="lstm_step_backward",
        replace=("(1.0 - tanh_c**2)", "(1.0 - c_new**2)"),
        tells={"en": "not been through a tanh yet", "zh": "还没有经过 tanh"},
    ),
    Mutant(
        "step_slope_at_old_memory",
        task="lstm_step_backward",
        replace=("(1.0 - tanh_c**2)", "(1.0 - np.tanh(c)**2)"),
        tells={"en": "taken at the old memory", "zh": "取在了旧的记忆上"},
    ),
    Mutant(
        "step_f_times_new_memory",
        task="lstm_step_backward",
        replace=("dc * g, dc * c, dc * i", "dc * g, dc * c_new, dc * i"),
        tells={"en": "memory *before* the step", "zh": "**之前**的记忆 c"},
    ),
    Mutant(
        "step_i_and_f_crossed",
        task="lstm_step_backward",
        replace=("dc * g, dc * c, dc * i", "dc * c, dc * g, dc * i"),
        tells={"en": "i and f have traded places", "zh": "i 和 f 换了位置"},
    ),
    Mutant(
        "step_g_like_a_gate",
        task="lstm_step_backward",
        replace=("dg * (1.0 - g**2)", "dg * g * (1.0 - g)"),
        tells={"en": "g is no gate", "zh": "g 不是门"},
    ),
    Mutant(
        "step_g_tanh_again",
        task="lstm_step_backward",
        replace=("(1.0 - g**2)", "(1.0 - np.tanh(g)**2)"),
        tells={"en": "through its tanh already", "zh": "已经是 tanh 的输出"},
    ),
    Mutant(
        "step_no_slopes_of_gates",
        task="lstm_step_backward",
        replace=(
            "di * i * (1.0 - i), df * f * (1.0 - f), dg * (1.0 - g**2), do * o * (1.0 - o)",
            "di, df, dg * (1.0 - g**2), do",
        ),
        tells={"en": "slopes of the gates", "zh": "各个门的斜率"},
    ),
    Mutant(
        "step_o_times_memory",
        task="lstm_step_backward",
        replace=("do = dh * tanh_c", "do = dh * c_new"),
        tells={"en": "tanh(c_new), not c_new", "zh": "不是 c_new"},
    ),
    Mutant(
        "step_o_of_total",
        task="lstm_step_backward",
        replace=(f"do = dh * tanh_c\n    {_TOTAL}", f"{_TOTAL}\n    do = dc * tanh_c"),
        tells={"en": "o hangs on dh", "zh": "o 看的是 dh"},
    ),
    Mutant(
        "step_forget_gate_first",
        task="lstm_step_backward",
        replace=(
            "[di * i * (1.0 - i), df * f * (1.0 - f),",
            "[df * f * (1.0 - f), di * i * (1.0 - i),",
        ),
        tells={"en": "in the order f, i, g, o", "zh": "顺序是 f、i、g、o"},
    ),
    Mutant(
        "step_dc_without_f",
        task="lstm_step_backward",
        replace=("axis=1), dc * f", "axis=1), dc"),
        tells={"en": "gets it times f", "zh": "要再乘 f"},
    ),
    Mutant(
        "step_dc_times_i",
        task="lstm_step_backward",
        replace=("axis=1), dc * f", "axis=1), dc * i"),
        tells={"en": "times f, not i", "zh": "应当乘 f"},
    ),
    Mutant(
        "step_in_place",
        task="lstm_step_backward",
        replace=(_TOTAL, "dc += dh * o * (1.0 - tanh_c**2)"),
        tells={"en": "changed its argument", "zh": "改动了它的"},
    ),
    # --- lstm_backward ---------------------------------------------------------------------
    Mutant(
        "back_nothing_through_h",
        task="lstm_backward",
        replace=("dh[t] + later", "dh[t]"),
        tells={"en": "nothing comes back through h", "zh": "经过 h 什么也没传回来"},
    ),
    Mutant(
        "back_last_loss_only",
        task="lstm_backward",
        replace=("dh[t] + later", "later if t < len(dh) - 1 else dh[t]"),
        tells={"en": "last state is in it", "zh": "最后一个状态"},
    ),
    Mutant(
        "back_nothing_along_c",
        task="lstm_backward",
        replace=(_CALL, _CALL.replace(" dc,", " 0 * dc,")),
        tells={"en": "nothing comes back along c", "zh": "沿着 c 什么也没传回来"},
    ),
    Mutant(
        "back_memory_after",
        task="lstm_backward",
        replace=("before[t], c[t]", "c[t], c[t]"),
        tells={"en": "that is c[t − 1]", "zh": "应当是 c[t − 1]"},
    ),
    Mutant(
        "back_memory_wraps_round",
        task="lstm_backward",
        replace=("before[t], c[t]", "c[t - 1], c[t]"),
        tells={"en": "an index of −1", "zh": "下标成了 −1"},
    ),
    Mutant(
        "back_c0_always",
        task="lstm_backward",
        replace=("before[t], c[t]", "c0, c[t]"),
        tells={"en": "every step takes c0", "zh": "每一步都把 c0"},
    ),
    Mutant(
        "back_c0_zero",
        task="lstm_backward",
        replace=("[c0[None], c[:-1]]", "[0 * c0[None], c[:-1]]"),
        tells={"en": "is c0, not zero", "zh": "是 c0，不是零"},
    ),
    Mutant(
        "back_forwards",
        task="lstm_backward",
        body="""
before = np.concatenate([c0[None], c[:-1]])
later, dc = np.zeros_like(c0), np.zeros_like(c0)
all_da = []
for t in range(len(dh)):
    da, dc = step_back(dh[t] + later, dc, i[t], f[t], g[t], o[t], before[t], c[t])
    later = da @ W_h
    all_da.append(da)
return np.stack(all_da), later, dc
""",
        tells={"en": "from the last to the first", "zh": "从最后一步走到第一步"},
    ),
    Mutant(
        "back_turned_round",
        task="lstm_backward",
        replace=("all_da[::-1]", "all_da"),
        tells={"en": "turned round in time", "zh": "倒过来了"},
    ),
    Mutant(
        "back_dh0_and_dc0_crossed",
        task="lstm_backward",
        replace=(
            "return np.stack(all_da[::-1]), later, dc",
            "return np.stack(all_da[::-1]), dc, later",
        ),
        tells={"en": "dh0 and dc0 have traded places", "zh": "dh0 和 dc0 换了位置"},
    ),
    Mutant(
        "back_da_of_step_0",
        task="lstm_backward",
        replace=("np.stack(all_da[::-1])", "da"),
        tells={"en": "only the da of step 0", "zh": "只返回了第 0 步的 da"},
    ),
    Mutant(
        "back_dh0_too_much",
        task="lstm_backward",
        replace=(
            "return np.stack(all_da[::-1]), later, dc",
            "return np.stack(all_da[::-1]), dh[0] + later, dc",
        ),
        tells={"en": "dh0 is da[0] @ W_h alone", "zh": "dh0 只是 da[0] @ W_h"},
    ),
    # --- in_chunks -------------------------------------------------------------------------
    Mutant(
        "chunks_state_not_carried",
        task="in_chunks",
        body="""
all_h, gradient = [], 0.0
for start in range(0, len(x), K):
    chunk = slice(start, start + K)
    gradient = gradient + backward(x[chunk], dh[chunk], state)
    h, last = forward(x[chunk], state)
    all_h.append(h)
return np.concatenate(all_h), last, gradient
""",
        tells={"en": "carry the new one on", "zh": "要把新的状态带下去"},
    ),
    Mutant(
        "chunks_state_zeroed",
        task="in_chunks",
        replace=(
            "chunk = slice(start, start + K)",
            "chunk = slice(start, start + K)\n        state = state if start == 0 else 0 * state",
        ),
        tells={"en": "set to zero between chunks", "zh": "把状态置零"},
    ),
    Mutant(
        "chunks_last_gradient",
        task="in_chunks",
        replace=("gradient = gradient + backward", "gradient = backward"),
        tells={"en": "only the last chunk's gradient", "zh": "只有最后一块的梯度"},
    ),
    Mutant(
        "chunks_not_cut",
        task="in_chunks",
        body="""
h, last = forward(x, state)
return h, last, backward(x, dh, state)
""",
        tells={"en": "cut at each", "zh": "都要截断"},
    ),
    Mutant(
        "chunks_state_after",
        task="in_chunks",
        body="""
all_h, gradient = [], 0.0
for start in range(0, len(x), K):
    chunk = slice(start, start + K)
    h, state = forward(x[chunk], state)
    gradient = gradient + backward(x[chunk], dh[chunk], state)
    all_h.append(h)
return np.concatenate(all_h), state, gradient
""",
        tells={"en": "state *after* the chunk", "zh": "**之后**的状态"},
    ),
    Mutant(
        "chunks_rest_dropped",
        task="in_chunks",
        replace=("range(0, len(x), K)", "range(0, len(x) - K + 1, K)"),
        tells={"en": "shorter chunk is missing", "zh": "少了最后那块短的"},
    ),
    Mutant(
        "chunks_mean",
        task="in_chunks",
        replace=(
            "return np.concatenate(all_h), state, gradient",
            "return np.concatenate(all_h), state, gradient / len(all_h)",
        ),
        tells={"en": "mean over the chunks", "zh": "对各块取平均"},
    ),
    # --- adam_step -------------------------------------------------------------------------
    Mutant(
        "adam_uphill",
        task="adam_step",
        replace=("w - lr", "w + lr"),
        tells={"en": "goes against it", "zh": "逆着走"},
    ),
    Mutant(
        "adam_no_correction",
        task="adam_step",
        replace=("m / (1.0 - 0.9**t), s / (1.0 - 0.999**t)", "m, s"),
        tells={"en": "corrections 1 − β^t are missing", "zh": "少了修正"},
    ),
    Mutant(
        "adam_t_from_zero",
        task="adam_step",
        replace=(
            "m / (1.0 - 0.9**t), s / (1.0 - 0.999**t)",
            "m / (1.0 - 0.9**(t + 1)), s / (1.0 - 0.999**(t + 1))",
        ),
        tells={"en": "t is one too large", "zh": "t 大了一"},
    ),
    Mutant(
        "adam_no_root",
        task="adam_step",
        replace=("np.sqrt(s_hat)", "s_hat"),
        tells={"en": "root of s is missing", "zh": "少了开根号"},
    ),
    Mutant(
        "adam_s_of_g",
        task="adam_step",
        replace=("g**2", "g"),
        tells={"en": "g squared", "zh": "g 的平方"},
    ),
    Mutant(
        "adam_no_eps",
        task="adam_step",
        replace=("(np.sqrt(s_hat) + 1e-8)", "np.sqrt(s_hat)"),
        tells={"en": "eps is missing", "zh": "少了 eps"},
    ),
    Mutant(
        "adam_eps_under_the_root",
        task="adam_step",
        replace=("(np.sqrt(s_hat) + 1e-8)", "np.sqrt(s_hat + 1e-8)"),
        tells={"en": "under the root", "zh": "根号里面"},
    ),
    Mutant(
        "adam_eps_of_keras",
        task="adam_step",
        replace=("1e-8", "1e-7"),
        tells={"en": "asked for is 1e-8", "zh": "要的是 1e-8"},
    ),
    Mutant(
        "adam_one_factor_for_both",
        task="adam_step",
        replace=("0.999 * s + 0.001 * g**2", "0.9 * s + 0.1 * g**2"),
        tells={"en": "s has its own factors", "zh": "s 有自己的系数"},
    ),
    Mutant(
        "adam_betas_crossed",
        task="adam_step",
        replace=("0.9 * m + 0.1 * g", "0.1 * m + 0.9 * g"),
        tells={"en": "0.9 and 0.1 have traded places", "zh": "0.9 和 0.1 换了位置"},
    ),
    Mutant(
        "adam_corrected_means_returned",
        task="adam_step",
        replace=("(np.sqrt(s_hat) + 1e-8), m, s", "(np.sqrt(s_hat) + 1e-8), m_hat, s_hat"),
        tells={"en": "corrected mean came back", "zh": "返回的是修正过的平均"},
    ),
    Mutant(
        "adam_old_means_returned",
        task="adam_step",
        body="""
m_new, s_new = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g**2
return w - lr * m_new / (1 - 0.9**t) / (np.sqrt(s_new / (1 - 0.999**t)) + 1e-8), m, s
""",
        tells={"en": "old m and s came back", "zh": "返回的是旧的 m 和 s"},
    ),
    Mutant(
        "adam_in_place",
        task="adam_step",
        body="""
m *= 0.9
m += 0.1 * g
s *= 0.999
s += 0.001 * g**2
return w - lr * m / (1 - 0.9**t) / (np.sqrt(s / (1 - 0.999**t)) + 1e-8), m, s
""",
        tells={"en": "changed its argument", "zh": "改动了它的"},
    ),
]

ALSO_RIGHT = {
    "lstm_step_backward": [
        """
y = np.tanh(c_new)
total = (1 - y) * (1 + y) * o * dh + dc
H = dh.shape[1]
da = np.zeros((len(dh), 4 * H))
da[:, :H] = (i - i * i) * g * total
da[:, H : 2 * H] = (f - f * f) * c * total
da[:, 2 * H : 3 * H] = i * total - i * total * g * g
da[:, 3 * H :] = (o - o**2) * y * dh
return da, f * total
""",
        """
total = dc + dh * o / np.cosh(c_new) ** 2
parts = np.stack([total * g * i * (1 - i), total * c * f * (1 - f), total * i * (1 - g**2),
                  dh * np.tanh(c_new) * o * (1 - o)], axis=1)
return [parts.reshape(len(dh), -1), total * f]
""",
        """
B, H = dh.shape
da = np.empty((B, 4 * H))
t = np.tanh(c_new)
d = dc + dh * o / np.cosh(c_new) ** 2
da[:, :H] = d * g * i * (1 - i)
da[:, H : 2 * H] = d * c * (f - f * f)
da[:, 2 * H : 3 * H] = d * i * (1 - g) * (1 + g)
da[:, 3 * H :] = dh * t * o * (1 - o)
return (da, f * d)
""",
        """
out, old = ([], [])
for n in range(len(dh)):
    t = np.tanh(c_new[n])
    d = dc[n] + dh[n] * o[n] * (1 - t * t)
    old.append(d * f[n])
    out.append(
        np.r_[
            d * g[n] * i[n] * (1 - i[n]),
            d * c[n] * f[n] * (1 - f[n]),
            d * i[n] * (1 - g[n] ** 2),
            dh[n] * t * o[n] * (1 - o[n]),
        ]
    )
return (np.array(out), np.array(old))
""",
    ],
    "lstm_backward": [
        """
T, B, H = dh.shape
da = np.empty((T, B, 4 * H))
arrives = dh.copy()
dc = np.zeros((B, H))
dh0 = None
for t in range(T - 1, -1, -1):
    old = c[t - 1] if t > 0 else c0
    da[t], dc = step_back(arrives[t], dc, i[t], f[t], g[t], o[t], old, c[t])
    if t > 0:
        arrives[t - 1] += (W_h.T @ da[t].T).T
    else:
        dh0 = da[t] @ W_h
return da, dh0, dc
""",
        """
rows, later, dc = [], 0, np.zeros(c0.shape)
for t in range(len(dh))[::-1]:
    old = [c0, *c][t]
    d, dc = step_back(dh[t] + later, dc, i[t], f[t], g[t], o[t], old, c[t])
    later = np.einsum("bk,kh->bh", d, W_h)
    rows = [d] + rows
return rows, later, dc
""",
        """
T = len(dh)
later = 0
dc = 0 * c0
da = np.zeros((*dh.shape[:2], 4 * dh.shape[2]))
for t in range(T - 1, -1, -1):
    prev = c[t - 1] if t else c0
    da[t], dc = step_back(dh[t] + later, dc, i[t], f[t], g[t], o[t], prev, c[t])
    later = np.einsum("bk,kh->bh", da[t], W_h)
return (da, later, dc)
""",
        """
def back(t, v, dc):
    if t < 0:
        return ([], v, dc)
    a, dc = step_back(
        dh[t] + v, dc, i[t], f[t], g[t], o[t], c[t - 1] if t > 0 else c0, c[t]
    )
    rest, v, dc = back(t - 1, a @ W_h, dc)
    return (rest + [a], v, dc)

return back(len(dh) - 1, np.zeros_like(c0), np.zeros_like(c0))
""",
        """
das = []
v = np.zeros(c0.shape)
w = np.zeros(c0.shape)
for d, I, F, G, O, p, q in list(zip(dh, i, f, g, o, [c0, *c], c))[::-1]:
    a, w = step_back(d + v, w, I, F, G, O, p, q)
    v = a @ W_h
    das = [a] + das
return (np.array(das), v, w)
""",
    ],
    "in_chunks": [
        """
h = np.zeros_like(dh)
total = np.zeros(dh.shape[-1])
start = 0
while start < len(x):
    end = min(start + K, len(x))
    before = state
    h[start:end], state = forward(x[start:end], state)
    total += backward(x[start:end], dh[start:end], before)
    start = end
return h, state, total
""",
        """
cuts = np.arange(K, len(x), K)
parts, gradients = [], []
for x_part, dh_part in zip(np.split(x, cuts), np.split(dh, cuts)):
    gradients.append(backward(x_part, dh_part, state))
    h, state = forward(x_part, state)
    parts.extend(h)
return np.array(parts), state, sum(gradients)
""",
        """
out, total, t = ([], None, 0)
while t < len(x):
    part = backward(x[t : t + K], dh[t : t + K], state)
    total = part if total is None else total + part
    h, state = forward(x[t : t + K], state)
    out.extend(h)
    t += K
return (np.array(out), state, total)
""",
        """
cuts = range(K, len(x), K)
hs, gs = ([], [])
for a, b in zip(np.split(x, cuts), np.split(dh, cuts)):
    gs.append(backward(a, b, state))
    h, state = forward(a, state)
    hs.append(h)
return (np.vstack(hs), state, sum(gs))
""",
        """
h = np.zeros_like(dh)
g = 0
for n in range(-(-len(x) // K)):
    s = np.s_[n * K : (n + 1) * K]
    g = g + backward(x[s], dh[s], state)
    h[s], state = forward(x[s], state)
return [h, state, g]
""",
    ],
    "adam_step": [
        """
m = m + (1 - 0.9) * (g - m)
s = s + (1 - 0.999) * (g * g - s)
rate = lr * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
return w - rate * m / (np.sqrt(s) + 1e-8), m, s
""",
        """
b1, b2, eps = 0.9, 0.999, 1e-8
m = b1 * m + (1 - b1) * g
s = b2 * s + (1 - b2) * np.square(g)
w = w - lr * (m / (1 - b1**t)) / ((s / (1 - b2**t)) ** 0.5 + eps)
return [w, m, s]
""",
        """
m = m + 0.1 * (g - m)
s = 0.999 * s + 0.001 * g * g
return (w - lr / (1 - 0.9**t) * m / (np.sqrt(s) / np.sqrt(1 - 0.999**t) + 1e-08), m, s)
""",
        """
W, M, S = (w.copy(), m.copy(), s.copy())
for k in np.ndindex(w.shape):
    M[k] = 0.9 * m[k] + 0.1 * g[k]
    S[k] = 0.999 * s[k] + 0.001 * g[k] ** 2
    W[k] -= lr * M[k] / (1 - 0.9**t) / ((S[k] / (1 - 0.999**t)) ** 0.5 + 1e-08)
return (W, M, S)
""",
    ],
}

EQUIVALENT = [
    Equivalent(
        "lstm_backward",
        "before = np.concatenate([c0[None], c[:-1]])",
        "before = np.concatenate([c0[None], c])",
        because="the last row of before is never read",
    ),
    Equivalent(
        "lstm_backward",
        "before = np.concatenate([c0[None], c[:-1]])",
        "before = np.concatenate([c0[None], c[:]])",
        because="the last row of before is never read",
    ),
    *(
        Equivalent(
            "lstm_backward",
            "later, dc = (np.zeros_like(c0), np.zeros_like(c0))",
            f"later, dc = ({zeros})",
            because="whole zeros are only added to and multiplied with floats",
        )
        for zeros in (
            "np.zeros_like(c0, dtype=int), np.zeros_like(c0)",
            "np.zeros_like(c0), np.zeros_like(c0, dtype=int)",
        )
    ),
    Equivalent(
        "lstm_backward",
        "for t in reversed(range(len(dh))):",
        "for t in reversed(range(len(i))):",
        because="all have T steps",
    ),
    Equivalent(
        "lstm_backward",
        "for t in reversed(range(len(dh))):",
        "for t in reversed(range(len(f))):",
        because="all have T steps",
    ),
    Equivalent(
        "lstm_backward",
        "for t in reversed(range(len(dh))):",
        "for t in reversed(range(len(g))):",
        because="all have T steps",
    ),
    Equivalent(
        "lstm_backward",
        "for t in reversed(range(len(dh))):",
        "for t in reversed(range(len(o))):",
        because="all have T steps",
    ),
    Equivalent(
        "lstm_backward",
        "for t in reversed(range(len(dh))):",
        "for t in reversed(range(len(c))):",
        because="all have T steps",
    ),
    Equivalent(
        "lstm_backward",
        "for t in reversed(range(len(dh))):",
        "for t in reversed(range(len(before))):",
        because="all have T steps",
    ),
    Equivalent(
        "lstm_backward",
        "return (np.stack(all_da[::-1]), later, dc)",
        "return (all_da[::-1], later, dc)",
        because="a list of T arrays is as good as one array (T, B, 4H)",
    ),
    Equivalent(
        "in_chunks",
        "for start in range(0, len(x), K):",
        "for start in range(0, len(dh), K):",
        because="x and dh have T steps both",
    ),
]
