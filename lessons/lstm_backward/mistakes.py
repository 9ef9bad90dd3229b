"""Exercise 06: typical mistakes, in the order in which they are looked for; answers that are right
in another way, which must get full marks."""

from lstm_lab.grading import Equivalent, Mistake, Slip

# one step back
TOTAL, SLOPE = "dc = dc + dh * o * (1.0 - tanh_c**2)", "dh * o * (1.0 - tanh_c**2)"
SHARES, DO = "dc * g, dc * c, dc * i", "do = dh * tanh_c"
DA = "[di * i * (1.0 - i), df * f * (1.0 - f), dg * (1.0 - g**2), do * o * (1.0 - o)]"
JOIN, OLD, G = "np.concatenate(da, axis=1)", "axis=1), dc * f", "(1.0 - g**2)"
AGAIN = "lambda s: (lambda s: s * (1 - s))(0.5 * (1 + np.tanh(s / 2)))"
# back through time
BEFORE, NO_DC = "before = np.concatenate([c0[None], c[:-1]])", ", np.zeros_like(c0)\n"
STEP, MEMORIES, LATER = "da, dc = step_back(", "before[t], c[t]", "later = da @ W_h"
ALL_DA, BACK = "np.stack(all_da[::-1])", "return np.stack(all_da[::-1]), later, dc"
# chunks
START, CHUNKS = "all_h, gradient = [], 0.0", "return np.concatenate(all_h), state, gradient"
ADD, BACKWARD = "gradient = gradient + ", "backward(x[chunk], dh[chunk], state)"
LOOP, CHUNK = "for start in range(0, len(x), K):\n        ", "chunk = slice(start, start + K)"
KEEP = "all_h.append(h)"
# Adam
M, S, NEW = "m = 0.9 * m + 0.1 * g", "s = 0.999 * s + 0.001 * g**2", "(np.sqrt(s_hat) + 1e-8), m, s"
HATS, MOVE = "m / (1.0 - 0.9**t), s / (1.0 - 0.999**t)", "w - lr * m_hat / (np.sqrt(s_hat) + 1e-8)"
EPS = "np.sqrt(s_hat) + 1e-8"


def order(letters):
    """The four parts put together in another order."""
    return JOIN, f"(lambda i, f, g, o: np.concatenate([{', '.join(letters)}], axis=1))(*da)"


def slopes(gate, g=G):
    """Other slopes: `gate` is a function of i, f or o, `g` a factor."""
    return DA, f"(lambda s: [di * s(i), df * s(f), dg * {g}, do * s(o)])({gate})"


def in_w(mean, wrong):
    """One mean wrong on its way into w, but returned as it should be."""
    line, divided = (M, "= m / (") if mean == "m" else (S, ", s / (")
    return [(line, f"wrong = {wrong}; {line}"), (divided, divided.replace(mean, "wrong"))]


def mean_wrong(mean, name, wrong, en, zh):
    """A mean that is wrong everywhere, or in w alone."""
    line, called = M if mean == "m" else S, f"adam_{mean}_{name}"
    of_w = f"{mean} is not right. {en}", f"{mean} 不对。{zh}"
    return [
        Mistake(f"{called}_in_w", in_w(mean, wrong), *of_w),
        Mistake(called, (line, f"{mean} = {wrong}"), en, zh),
    ]


# fmt: off
MISTAKES = {
    "lstm_step_backward": [
        Mistake("step_dc_without_f", (OLD, "axis=1), dc"),
            "that is the gradient at c_new; the step before gets it times f.",
            "这是 c_new 处的梯度；传给前一步的要再乘 f。"),
        Mistake("step_dc_of_later_only",
            [(TOTAL, f"later = dc; {TOTAL}"), (OLD, "axis=1), later * f")],
            "what came through h is missing: the *total* at c_new, times f.",
            "少了经过 h 来的那份：应当是 c_new 处的**总和**乘 f。"),
        Mistake("step_dc_of_h_only", (OLD, f"axis=1), {SLOPE} * f"),
            "what later steps ask is missing: the *total* at c_new, times f.",
            "少了后面各步要的那份：应当是 c_new 处的**总和**乘 f。"),
        Mistake("step_dc_times_i", (OLD, "axis=1), dc * i"),
            "it is times f, not i: f multiplied the old memory.",
            "应当乘 f，不是 i：f 乘的才是旧的记忆。"),
        *(Mistake(f"step_{letters}", order(letters),
            f"the parts stand in the order {', '.join(letters)}; it is i, f, g, o.",
            f"各部分的顺序是 {'、'.join(letters)}；应当是 i、f、g、o。")
          for letters in ("figo", "ifog", "fiog", "ofig", "ogfi", "igfo")),
        Mistake("step_later_lost", (TOTAL, f"dc = {SLOPE}"),
            "what later steps ask of c is lost: the total is dc + dh · o · (1 − tanh²).",
            "后面各步对 c 的要求丢了：总和是 dc + dh · o · (1 − tanh²)。"),
        Mistake("step_later_only", (TOTAL, ""),
            "only what later steps ask of c is in it; c also reaches the loss through h: + dh · "
            "o · (1 − tanh²).",
            "里面只有后面各步对 c 的要求；c 还经过 h 到达损失：+ dh · o · (1 − tanh²)。"),
        Mistake("step_no_slope_of_c", (TOTAL, "dc = dc + dh * o"),
            "the slope of the tanh around c, 1 − tanh²(c_new), is missing.",
            "少了 c 外面那个 tanh 的斜率 1 − tanh²(c_new)。"),
        Mistake("step_no_o_on_the_way", (TOTAL, "dc = dc + dh * (1.0 - tanh_c**2)"),
            "o is missing on the way from h to c: dh · o · (1 − tanh²).",
            "从 h 到 c 的路上少了 o：dh · o · (1 − tanh²)。"),
        Mistake("step_slope_without_tanh", (SLOPE, "dh * o * (1.0 - c_new**2)"),
            "c_new has not been through a tanh yet: the slope is 1 − np.tanh(c_new)².",
            "c_new 还没有经过 tanh：斜率是 1 − np.tanh(c_new)²。"),
        Mistake("step_slope_at_old_memory", (SLOPE, "dh * o * (1.0 - np.tanh(c) ** 2)"),
            "the slope is taken at the old memory; it is 1 − tanh²(c_new).",
            "斜率取在了旧的记忆上；应当是 1 − tanh²(c_new)。"),
        Mistake("step_slope_without_square", (SLOPE, "dh * o * (1.0 - tanh_c)"),
            "the square is missing: 1 − tanh²(c_new).",
            "少了平方：1 − tanh²(c_new)。"),
        Mistake("step_tanh_for_its_slope", (SLOPE, "dh * o * tanh_c"),
            "on the way from h to c stands the *slope* of the tanh, not the tanh.",
            "从 h 到 c 的路上是 tanh 的**斜率**，不是 tanh 本身。"),
        Mistake("step_f_too_early", (SHARES, "dc * f * g, dc * f * c, dc * f * i"),
            "dc was multiplied by f before di, df and dg were taken from it.",
            "还没算 di、df、dg，dc 就先乘了 f。"),
        Mistake("step_no_slopes", (DA, "[di, df, dg, do]"),
            "no slope is in it: σ(1 − σ) for the gates, 1 − g² for g.",
            "斜率全都没有：门是 σ(1 − σ)，g 是 1 − g²。"),
        Mistake("step_f_times_new_memory", (SHARES, "dc * g, dc * c_new, dc * i"),
            "f multiplied the memory *before* the step, c, not c_new.",
            "f 乘的是这一步**之前**的记忆 c，不是 c_new。"),
        Mistake("step_i_and_f_crossed", (SHARES, "dc * c, dc * g, dc * i"),
            "i and f have traded places: i multiplied g, f the old memory.",
            "i 和 f 换了位置：i 乘的是 g，f 乘的是旧的记忆。"),
        Mistake("step_no_memory_in_df", (SHARES, "dc * g, dc, dc * i"),
            "the old memory is missing in df: f multiplied c.",
            "df 里少了旧的记忆：f 乘的是 c。"),
        Mistake("step_no_g_in_di", (SHARES, "dc, dc * c, dc * i"),
            "g is missing in di: i multiplied it.",
            "di 里少了 g：i 乘的就是它。"),
        Mistake("step_gates_of_dh", (SHARES, "dh * g, dh * c, dh * i"),
            "i, f and g reached the loss through the memory: they hang on dc, not on dh.",
            "i、f、g 是经过记忆到达损失的：看的是 dc，不是 dh。"),
        Mistake("step_no_i_in_dg", (SHARES, "dc * g, dc * c, dc"),
            "i is missing in dg: g was multiplied by it.",
            "dg 里少了 i：g 乘过它。"),
        Mistake("step_g_like_a_gate", (G, "g * (1.0 - g)"),
            "g is no gate: its slope is 1 − g², not g(1 − g).",
            "g 不是门：它的斜率是 1 − g²，不是 g(1 − g)。"),
        Mistake("step_g_tanh_again", (G, "(1.0 - np.tanh(g) ** 2)"),
            "g has been through its tanh already: 1 − g², without another tanh.",
            "g 已经是 tanh 的输出：1 − g²，不要再取一次 tanh。"),
        Mistake("step_no_slope_of_g", ("dg * (1.0 - g**2)", "dg"),
            "the slope of g, 1 − g², is missing.",
            "少了 g 的斜率 1 − g²。"),
        Mistake("step_g_without_square", (G, "(1.0 - g)"),
            "the square is missing: the slope of g is 1 − g².",
            "少了平方：g 的斜率是 1 − g²。"),
        Mistake("step_no_slopes_of_gates", slopes("lambda s: 1.0"),
            "the slopes of the gates, σ(1 − σ), are missing.",
            "少了各个门的斜率 σ(1 − σ)。"),
        Mistake("step_gates_like_tanh", slopes("lambda s: 1 - s**2"),
            "the gates have the slope of a tanh; a gate is a sigmoid: σ(1 − σ).",
            "门用了 tanh 的斜率；门是 sigmoid：σ(1 − σ)。"),
        Mistake("step_gates_again", slopes(AGAIN),
            "the gates have been through the sigmoid already: i(1 − i), without another sigmoid.",
            "门已经是 sigmoid 的输出：i(1 − i)，不要再取一次 sigmoid。"),
        Mistake("step_o_times_memory", (DO, "do = dh * c_new"),
            "o multiplied tanh(c_new), not c_new.",
            "o 乘的是 tanh(c_new)，不是 c_new。"),
        Mistake("step_o_of_total", ("do * o * (", "dc * tanh_c * o * ("),
            "o hangs on dh: it acts after the memory.",
            "o 看的是 dh：它在记忆之后起作用。"),
        Mistake("step_o_times_old_memory", (DO, "do = dh * np.tanh(c)"),
            "o multiplied the tanh of the *new* memory.",
            "o 乘的是**新**记忆的 tanh。"),
        Mistake("step_no_tanh_in_do", (DO, "do = dh"),
            "tanh(c_new) is missing in do: o multiplied it.",
            "do 里少了 tanh(c_new)：o 乘的就是它。"),
        Mistake("step_all_again", slopes(AGAIN, "(1.0 - np.tanh(g) ** 2)"),
            "i, f, g and o have been through sigmoid and tanh already: i(1 − i) and 1 − g², "
            "without another one.",
            "i、f、g、o 已经是 sigmoid 和 tanh 的输出：i(1 − i) 和 1 − g²，不要再取一次。"),
        Mistake("step_dealt_out", (JOIN, "np.stack(da, axis=2).reshape(len(dh), -1)"),
            "the four parts are dealt out in turn; each is a block of its own, side by side.",
            "四个部分轮流交错着放；应当各成一块，并排放。"),
        Mistake("step_below_each_other", (JOIN, "np.concatenate(da)"),
            "the four parts stand below each other; they belong side by side, `axis=1`.",
            "四个部分上下叠着；应当并排放，`axis=1`。"),
        Mistake("step_new_axis", (JOIN, "np.stack(da)"),
            "the four parts are stacked on a new axis; they belong side by side, "
            "`np.concatenate(…, axis=1)`.",
            "四个部分堆在了新的轴上；应当并排放，`np.concatenate(…, axis=1)`。"),
        Mistake("step_order_of_two", (f"return {JOIN}, dc * f", f"return dc * f, {JOIN}"),
            "the order is da, then dc_old.",
            "顺序是先 da，后 dc_old。"),
        Slip("step_in_place", (TOTAL, f"dc += {SLOPE}"), "changed its argument", "改动了它的"),
    ],
    "lstm_backward": [
        Mistake("back_da_of_step_0", (ALL_DA, "da"),
            "only the da of step 0 came back; asked for is that of every step.",
            "只返回了第 0 步的 da；每一步的都要。"),
        Mistake("back_dh0_zero", (BACK, BACK.replace("later", "0 * later")),
            "it is zero; dh0 is what step 0 hands on, da[0] @ W_h.",
            "是零；dh0 是第 0 步传下来的，即 da[0] @ W_h。"),
        Mistake("back_dh0_too_much", (BACK, BACK.replace("later", "dh[0] + later")),
            "dh[0] belongs to the state *after* step 0; dh0 is da[0] @ W_h alone.",
            "dh[0] 属于第 0 步**之后**的状态；dh0 只是 da[0] @ W_h。"),
        Mistake("back_nothing_through_h", ("dh[t] + later", "dh[t]"),
            "nothing comes back through h: what arrives at h_t is dh[t] plus da @ W_h of step t "
            "+ 1.",
            "经过 h 什么也没传回来：到达 h_t 的是 dh[t] 加上第 t + 1 步的 da @ W_h。"),
        Mistake("back_last_loss_only", ("dh[t] + later", "later if t < len(dh) - 1 else dh[t]"),
            "only what the loss says of the last state is in it: add dh[t] at every step.",
            "里面只有损失对最后一个状态说的话：每一步都要加上 dh[t]。"),
        Mistake("back_nothing_along_c", ("+ later, dc,", "+ later, 0 * dc,"),
            "nothing comes back along c: hand the dc_old of one call to the next as its dc.",
            "沿着 c 什么也没传回来：这次调用得到的 dc_old，要交给下一次当 dc。"),
        Mistake("back_memories_crossed", (MEMORIES, "c[t], before[t]"),
            "the memories before and after have traded places in the call of step_back.",
            "调用 step_back 时，之前和之后的记忆换了位置。"),
        Mistake("back_dh_piles_up", (LATER, "later = later + da @ W_h"),
            "what comes back through h piles up from step to step: it is da @ W_h of the step "
            "after, and no more.",
            "经过 h 传回来的一步步堆起来了：只有后一步的 da @ W_h，没有别的。"),
        Mistake("back_dc_piles_up",
            [(STEP, "asked = dc; " + STEP), (LATER, f"dc = dc + asked; {LATER}")],
            "dc piles up from step to step: what step_back returns *is* the new dc.",
            "dc 一步步堆起来了：step_back 返回的**就是**新的 dc。"),
        Mistake("back_memory_after", (MEMORIES, "c[t], c[t]"),
            "step_back was given c[t] as the memory *before* the step; that is c[t − 1].",
            "这一步**之前**的记忆用成了 c[t]；应当是 c[t − 1]。"),
        Mistake("back_memory_wraps_round", (MEMORIES, "c[t - 1], c[t]"),
            "at step 0 the memory before is the last one (an index of −1); it is c0.",
            "第 0 步之前的记忆用成了最后一个（下标成了 −1）；应当是 c0。"),
        Mistake("back_c0_always", (MEMORIES, "c0, c[t]"),
            "every step takes c0 as the memory before; that is right at step 0 only.",
            "每一步都把 c0 当成之前的记忆；只有第 0 步是这样。"),
        Mistake("back_c0_zero", (BEFORE, BEFORE.replace("c0", "0 * c0")),
            "the memory before step 0 is c0, not zero.",
            "第 0 步之前的记忆是 c0，不是零。"),
        Mistake("back_forwards",
            [("reversed(range(len(dh)))", "range(len(dh))"), (ALL_DA, "np.stack(all_da)")],
            "the walk goes from the first step to the last; it must go from the last to the "
            "first.",
            "走的方向是从第一步到最后一步；应当从最后一步走到第一步。"),
        Mistake("back_dc_times_f_again", (LATER, f"dc = dc * f[t]; {LATER}"),
            "dc is multiplied by f once more; what step_back returns has been already.",
            "dc 又乘了一次 f；step_back 返回的已经乘过了。"),
        Mistake("back_dc_begins_with_dh", (NO_DC, ", dh[-1]\n"),
            "after the last step nobody asks anything of c: dc begins at zero.",
            "最后一步之后，没有谁对 c 有要求：dc 从零开始。"),
        Mistake("back_weights_transposed",
            (LATER, "later = da @ np.concatenate([part.T for part in np.split(W_h, 4)])"),
            "W_h is transposed, block by block; back it is `da @ W_h`, as it is.",
            "W_h 一块一块地转置了；反向是 `da @ W_h`，用原样。"),
        Mistake("back_i_and_f_crossed", ("i[t], f[t], g[t]", "f[t], i[t], g[t]"),
            "i and f have traded places in the call of step_back: it is `step_back(dh, dc, i, f, "
            "g, o, c, c_new)`.",
            "调用 step_back 时 i 和 f 换了位置：应当是 `step_back(dh, dc, i, f, g, o, c, "
            "c_new)`。"),
        Mistake("back_turned_round", (ALL_DA, "np.stack(all_da)"),
            "da is turned round in time: the list fills from the end.",
            "da 在时间上倒过来了：列表是从末尾开始填的。"),
        Mistake("back_dh0_and_dc0_crossed", (BACK, f"return {ALL_DA}, dc, later"),
            "dh0 and dc0 have traded places.",
            "dh0 和 dc0 换了位置。"),
    ],
    "in_chunks": [
        Mistake("chunks_mean", (CHUNKS, f"{CHUNKS} / len(all_h)"),
            "that is the mean over the chunks; the gradients are added.",
            "这是对各块取平均；梯度要加起来。"),
        Mistake("chunks_not_cut",
            [(START, f"{START}; whole = backward(x, dh, state)"),
             ("state, gradient", "state, whole")],
            "that is the gradient of the whole stream at once; it must be cut at each chunk.",
            "这是整条流一次算出的梯度；每一块都要截断。"),
        Mistake("chunks_dh_of_the_first",
            (BACKWARD, "backward(x[chunk], dh[: len(x[chunk])], state)"),
            "every chunk got the dh of the first one.",
            "每一块拿到的都是第一块的 dh。"),
        Mistake("chunks_gradients_not_added",
            [(START, "all_h, gradient = [], []"), (ADD + BACKWARD, f"gradient.append({BACKWARD})"),
             ("state, gradient", "state, np.stack(gradient)")],
            "that is one gradient a chunk; add them.",
            "这是每块一个梯度；要加起来。"),
        Mistake("chunks_gradient_from_the_start",
            [(START, f"{START}; first = state"), (BACKWARD, "backward(x[chunk], dh[chunk], first)")],
            "backward was given the state from the very start for every chunk; it needs the "
            "state before *its* chunk.",
            "每一块都把最开始的状态交给了 backward；它要的是**自己这一块**之前的状态。"),
        Mistake("chunks_k_pieces",
            (LOOP + CHUNK, "for chunk in np.array_split(np.arange(len(x)), K):"),
            "the stream is cut into K pieces; K is the number of *steps* in a chunk.",
            "流被切成了 K 块；K 是每一块里的**步数**。"),
        Mistake("chunks_state_after", [(ADD + BACKWARD, ""), (KEEP, f"{KEEP}; {ADD}{BACKWARD}")],
            "backward was given the state *after* the chunk; it needs the one before.",
            "交给 backward 的是这一块**之后**的状态；它要的是之前的。"),
        Mistake("chunks_first_state",
            [(START, f"{START}; first = state"), ("state, gradient", "first, gradient")],
            "that is the state from the start; asked for is the last one.",
            "这是开始时的状态；要的是最后的。"),
        Mistake("chunks_state_not_carried",
            [("h, state = forward", "h, last = forward"), ("state, gradient", "last, gradient")],
            "every chunk begins with the state from the very start; carry the new one on.",
            "每一块都从最开始的状态出发；要把新的状态带下去。"),
        Mistake("chunks_state_zeroed",
            (CHUNK, f"{CHUNK}; state = state if start == 0 else 0 * state"),
            "the state is set to zero between chunks; only the gradient stops there.",
            "块与块之间把状态置零了；停在那里的只有梯度。"),
        Mistake("chunks_last_gradient", (ADD, "gradient = "),
            "only the last chunk's gradient is in it; add all.",
            "里面只有最后一块的梯度；要全部加起来。"),
        Mistake("chunks_first_gradient", (ADD, "gradient = gradient if start else "),
            "only the first chunk's gradient is in it; add all.",
            "里面只有第一块的梯度；要全部加起来。"),
        Mistake("chunks_rest_dropped", ("range(0, len(x), K)", "range(0, len(x) - K + 1, K)"),
            "the last, shorter chunk is missing.",
            "少了最后那块短的。"),
    ],
    "adam_step": [
        Mistake("adam_eps_only_against_zero", (EPS, "np.sqrt(s_hat) + 1e-300"),
            "eps is missing: √ŝ + 1e-8 keeps a weight with next to no gradient from moving by "
            "all of lr.",
            "少了 eps：有 √ŝ + 1e-8，几乎没有梯度的权重才不会移动整整一个 lr。"),
        Mistake("adam_eps_under_the_root", (EPS, "np.sqrt(s_hat + 1e-8)"),
            "eps stands under the root; it is added to the root: √ŝ + eps.",
            "eps 放到了根号里面；应当加在根号外面：√ŝ + eps。"),
        Mistake("adam_eps_subtracted", (EPS, "np.sqrt(s_hat) - 1e-8"),
            "eps was subtracted; it is added, so that nothing is ever divided by 0.",
            "eps 是减掉的；应当加上，这样才不会除以 0。"),
        *(Mistake(f"adam_eps_{eps:g}", ("1e-8", f"{eps:g}"),
            f"eps is {eps:g}; asked for is 1e-8.",
            f"eps 是 {eps:g}；要的是 1e-8。")
          for eps in (1e-7, 1e-6, 1e-5, 1e-10)),
        Mistake("adam_no_eps", (EPS, "np.sqrt(s_hat)"),
            "eps is missing: a weight that has never had a gradient gives 0 / 0.",
            "少了 eps：从来没有梯度的权重会得到 0 / 0。"),
        Mistake("adam_uphill", ("w - lr", "w + lr"),
            "the weight moves *with* the gradient; it goes against it: w − …",
            "权重顺着梯度走了；应当逆着走：w − …"),
        Mistake("adam_no_correction", (HATS, "m, s"),
            "the corrections 1 − β^t are missing.",
            "少了修正 1 − β^t。"),
        Mistake("adam_s_not_corrected", ("s / (1.0 - 0.999**t)", "s"),
            "only m is corrected; s is divided by 1 − 0.999^t too.",
            "只修正了 m；s 也要除以 1 − 0.999^t。"),
        Mistake("adam_t_too_large", (HATS, HATS.replace("**t", "**(t + 1)")),
            "t is one too large: it is counted from 1 already.",
            "t 大了一：它本来就从 1 数起。"),
        Mistake("adam_t_too_small", (HATS, HATS.replace("**t", "**(t - 1)")),
            "t is one too small: the first step is number 1.",
            "t 小了一：第一步的编号就是 1。"),
        Mistake("adam_s_of_m", in_w("s", "0.999 * s + 0.001 * m**2"),
            "s takes in the square of g, not that of m.",
            "s 里加进去的是 g 的平方，不是 m 的。"),
        Mistake("adam_no_root", ("np.sqrt(s_hat)", "s_hat"),
            "the root of s is missing.",
            "s 少了开根号。"),
        Mistake("adam_no_lr", ("lr * m_hat", "m_hat"),
            "lr is missing.",
            "少了 lr。"),
        Mistake("adam_step_alone", (MOVE, MOVE.replace("w -", "-")),
            "that is the step alone; asked for is the new weight, w − lr · …",
            "这只是步子本身；要的是新的权重 w − lr · …"),
        Mistake("adam_own_lr", ("lr * m_hat", "0.001 * m_hat"),
            "lr is not used, but a number of its own, 0.001.",
            "没有用 lr，而是自己写的 0.001。"),
        Mistake("adam_corrections_multiplied", (HATS, HATS.replace("/", "*")),
            "the corrections are multiplied; m and s are too small at first, so divide by 1 − "
            "β^t.",
            "修正是乘上去的；m 和 s 一开始太小，所以要除以 1 − β^t。"),
        Mistake("adam_plain", (MOVE, "w - lr * g"),
            "that is plain gradient descent; m and s are not used.",
            "这是普通的梯度下降；没有用到 m 和 s。"),
        Mistake("adam_step_before_means",
            [(M, f"old_m, old_s = m, s; {M}"), ("= m / (", "= old_m / ("), (", s / (", ", old_s / (")],
            "the step is made with the old m and s; take in g first.",
            "这一步用的是旧的 m 和 s；要先把 g 算进去。"),
        Mistake("adam_g_on_top", ("= m / (", "= g / ("),
            "the gradient itself stands on top; it is the corrected mean m.",
            "上面写的是梯度本身；应当是修正过的平均 m。"),
        *mean_wrong("m", "sum", "m + g",
            "the factors are missing: 0.9 m + 0.1 g.", "少了系数：0.9 m + 0.1 g。"),
        *mean_wrong("m", "betas_crossed", "0.1 * m + 0.9 * g",
            "0.9 and 0.1 have traded places: 0.9 m + 0.1 g.",
            "0.9 和 0.1 换了位置：0.9 m + 0.1 g。"),
        *mean_wrong("m", "all_of_g", "0.9 * m + g",
            "the gradient has the factor 1 − 0.9 = 0.1.", "梯度的系数是 1 − 0.9 = 0.1。"),
        *mean_wrong("m", "corrected", "(0.9 * m + 0.1 * g) / (1 - 0.9**t)",
            "the corrected mean came back; return m as in the first line.",
            "返回的是修正过的平均；应当返回第一行里的 m。"),
        *mean_wrong("s", "of_g", "0.999 * s + 0.001 * g",
            "s takes in g squared.", "s 里加进去的是 g 的平方。"),
        *mean_wrong("s", "one_factor_for_both", "0.9 * s + 0.1 * g**2",
            "s has its own factors, 0.999 and 0.001.", "s 有自己的系数 0.999 和 0.001。"),
        *mean_wrong("s", "betas_crossed", "0.001 * s + 0.999 * g**2",
            "0.999 and 0.001 have traded places.", "0.999 和 0.001 换了位置。"),
        *mean_wrong("s", "corrected", "(0.999 * s + 0.001 * g**2) / (1 - 0.999**t)",
            "the corrected mean came back; return s as in the first line.",
            "返回的是修正过的平均；应当返回第一行里的 s。"),
        Mistake("adam_old_means_returned",
            [(M, f"old_m, old_s = m, s; {M}"), (NEW, NEW.replace("m, s", "old_m, old_s"))],
            "the old m and s came back; return the new ones.",
            "返回的是旧的 m 和 s；要返回新的。"),
        Mistake("adam_only_w", (NEW, NEW.replace(", m, s", "")),
            "only w came back; return w, m, s.",
            "只返回了 w；要返回 w、m、s。"),
        Slip("adam_in_place", (M, "m *= 0.9; m += 0.1 * g"), "changed its argument", "改动了它的"),
    ],
}
# fmt: on

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
