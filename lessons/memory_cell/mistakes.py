"""Exercise 04: typical mistakes, in the order in which they are looked for; answers that are right
in another way, which must get full marks."""

from lstm_lab.grading import Equivalent, Mistake, Slip

PARTS, SIDE = "a[:, :K], a[:, K : K + H], a[:, K + H :]", "np.concatenate([i, o], axis=1)"
GATE_I, GATE_O = "0.5 * (1.0 + np.tanh(a_i / 2))", "0.5 * (1.0 + np.tanh(a_o / 2))"
G, SHOWN = "2.0 * np.tanh(a_g / 2)", "np.tanh(c_new / 2)"
DEALT_I, DEALT_O = "np.repeat(i, H // K, axis=1)", "np.repeat(o, H // K, axis=1)"
NEW = f"c + {DEALT_I} * g"
HEARD, BOTH, START = (
    "[x_t, h, gates, one]",
    "np.stack(all_h), np.stack(all_c)",
    "all_h, all_c = [], []",
)
ALL_I, ALL_O = "np.repeat(i, H // K, axis=2)", "np.repeat(o, H // K, axis=2)"  # over all steps
ADD, SLOPE = "np.cumsum(put[::-1], axis=0)[::-1]", "(1.0 - squashed**2) / 2"
G_SLOPE, SUM = "(1.0 - (g / 2) ** 2)", ".sum(axis=3)"
OF_I, OF_O = "(dc * g).reshape(T, B, K, H // K)", "(dh * squashed).reshape(T, B, K, H // K)"
IN_TURN = [
    (f"{OF_I}{SUM}", "(dc * g).reshape(T, B, H // K, K).sum(axis=2)"),
    (f"{OF_O}{SUM}", "(dh * squashed).reshape(T, B, H // K, K).sum(axis=2)"),
]
UNITS, BIASES = "U = H + 2 * blocks", 'U + O if bias == "all" else 2 * blocks'
ALL = "U * (I + U) + O * H + biases"


def walk(factor):
    """The way back step by step, with a factor that does not belong there."""
    return (
        f"by, dc = {factor}, put.copy()\n"
        "    for t in reversed(range(T - 1)):\n        dc[t] += dc[t + 1] * by[t + 1]"
    )


# fmt: off
MISTAKES = {
    "cell_step": [
        Mistake("step_gates_side_by_side", (PARTS, "a[:, :K], a[:, 2 * K :], a[:, K : 2 * K]"),
            "the gates were read side by side; the order in `a` is input gates, cells, output "
            "gates.",
            "把两种门当成挨在一起的了；`a` 里的顺序是输入门、单元、输出门。"),
        Mistake("step_cells_first", (PARTS, "a[:, H : H + K], a[:, :H], a[:, K + H :]"),
            "the cells were read first; the order in `a` is input gates, cells, output gates.",
            "先读的是单元；`a` 里的顺序是输入门、单元、输出门。"),
        Mistake("step_gates_in_other_order", (SIDE, "np.concatenate([o, i], axis=1)"),
            "the K input gates come first, then the K output gates.",
            "先是 K 个输入门，再是 K 个输出门。"),
        *(Mistake(f"step_gates_swapped{n}", [(PARTS, "a[:, K + H :], a[:, K : K + H], a[:, :K]"), (SIDE, side)],
            "the input and output gates are swapped.",
            "输入门和输出门写反了。")
          for n, side in (("", SIDE), ("_and_named_so", SIDE.replace("i, o", "o, i")))),
        Mistake("step_tile", [(DEALT_I, "np.tile(i, H // K)"), (DEALT_O, "np.tile(o, H // K)")],
            "the gates are dealt out in turn (`np.tile`); cells of a block are neighbours, so "
            "`np.repeat`.",
            "门是轮流发的（`np.tile`）；一块里的单元挨在一起，所以用 `np.repeat`。"),
        Mistake("step_of_today", [(G, "np.tanh(a_g)"), (SHOWN, "np.tanh(c_new)")],
            "that is today's cell: in 1997 g was 2 tanh(a / 2), and h = o tanh(c' / 2).",
            "这是今天的单元：1997 年 g 是 2 tanh(a / 2)，h = o tanh(c' / 2)。"),
        Mistake("step_todays_g", (G, "np.tanh(a_g)"),
            "g is today's tanh(a); in 1997 it was 2 tanh(a / 2), between −2 and 2.",
            "g 用的是今天的 tanh(a)；1997 年是 2 tanh(a / 2)，在 −2 和 2 之间。"),
        Mistake("step_g_without_factor", (G, "np.tanh(a_g / 2)"),
            "g lacks its factor of 2: 2 tanh(a / 2).",
            "g 少了因子 2：2 tanh(a / 2)。"),
        Mistake("step_g_without_half", (G, "2.0 * np.tanh(a_g)"),
            "in g the half inside is missing: 2 tanh(a / 2).",
            "g 里面少了二分之一：2 tanh(a / 2)。"),
        Mistake("step_g_sigmoid", (G, "0.5 * (1.0 + np.tanh(a_g / 2))"),
            "g went through the sigmoid; it is no gate, but 2 tanh(a / 2).",
            "g 用了 sigmoid；它不是门，是 2 tanh(a / 2)。"),
        Mistake("step_g_bare", (G, "a_g"),
            "g is not squashed: 2 tanh(a / 2).",
            "g 没有压缩：2 tanh(a / 2)。"),
        Mistake("step_old_memory_lost", (NEW, f"{DEALT_I} * g"),
            "the old memory is lost: c' = c + i g.",
            "旧的记忆丢了：c' = c + i g。"),
        Mistake("step_no_input_gate", (NEW, "c + g"),
            "the input gate is not in c'.",
            "c' 里没有输入门。"),
        Mistake("step_coupled_forget_gate", (NEW, f"(1 - {DEALT_I}) * c + {DEALT_I} * g"),
            "something of the old memory is taken away; in 1997 nothing was forgotten: c' = c + "
            "i g.",
            "旧的记忆被拿走了一部分；1997 年什么都不忘：c' = c + i g。"),
        Mistake("step_i_times_all", (NEW, f"{DEALT_I} * (c + g)"),
            "the input gate multiplies the old memory too; it is for g alone.",
            "输入门连旧的记忆也乘了；它只管 g。"),
        Mistake("step_i_times_c", (NEW, f"{DEALT_I} * c + g"),
            "the input gate multiplies the old memory; it is for g.",
            "输入门乘到旧的记忆上了；它管的是 g。"),
        Mistake("step_todays_h", (SHOWN, "np.tanh(c_new)"),
            "h has today's tanh(c); in 1997 it was tanh(c / 2).",
            "h 里用的是今天的 tanh(c)；1997 年是 tanh(c / 2)。"),
        Mistake("step_no_tanh_around_c", (SHOWN, "c_new"),
            "the memory is shown unsquashed: h = o tanh(c' / 2).",
            "记忆没有压缩就给出来了：h = o tanh(c' / 2)。"),
        Mistake("step_h_with_factor", (SHOWN, f"2 * {SHOWN}"),
            "the factor of 2 belongs to g, not to h: h = o tanh(c' / 2).",
            "因子 2 属于 g，不属于 h：h = o tanh(c' / 2)。"),
        Mistake("step_no_output_gate", (f"{DEALT_O} * {SHOWN}", SHOWN),
            "the output gate is not in h.",
            "h 里没有输出门。"),
        Mistake("step_shows_old_memory", (SHOWN, "np.tanh(c / 2)"),
            "h shows the old memory; it is made from c'.",
            "h 给出的是旧的记忆；它应当由 c' 得到。"),
        Mistake("step_output_gate_inside", (f"{DEALT_O} * {SHOWN}", f"np.tanh({DEALT_O} * c_new / 2)"),
            "the output gate stands inside the tanh; h = o tanh(c' / 2).",
            "输出门写到 tanh 里面去了；h = o tanh(c' / 2)。"),
        Mistake("step_h_sigmoid", (SHOWN, "0.5 * (1.0 + np.tanh(c_new / 2))"),
            "the memory is squashed by the sigmoid; h = o tanh(c' / 2).",
            "记忆用 sigmoid 压缩了；h = o tanh(c' / 2)。"),
        Mistake("step_gates_tanh", [(GATE_I, "np.tanh(a_i)"), (GATE_O, "np.tanh(a_o)")],
            "the gates went through the tanh; a gate is between 0 and 1: the sigmoid.",
            "门用了 tanh；门在 0 和 1 之间：用 sigmoid。"),
        Mistake("step_gates_with_half", [(GATE_I, "0.5 * (1.0 + np.tanh(a_i / 4))"), (GATE_O, "0.5 * (1.0 + np.tanh(a_o / 4))")],
            "the gates have a half inside; only g and h have one, a gate is σ(a).",
            "门里多了二分之一；只有 g 和 h 里有，门就是 σ(a)。"),
        Mistake("step_o_forgets", (NEW, f"{DEALT_O} * c + {DEALT_I} * g"),
            "the output gate multiplies the old memory as a forget gate would; in 1997 nothing "
            "was forgotten: c' = c + i g.",
            "输出门像遗忘门一样乘到旧的记忆上了；1997 年什么都不忘：c' = c + i g。"),
        Mistake("step_gates_stacked", (SIDE, "np.stack([i, o])"),
            "i and o are stacked on a new axis; put them side by side: `np.concatenate([i, o], "
            "axis=1)`.",
            "i 和 o 堆在了新的轴上；应当并排放：`np.concatenate([i, o], axis=1)`。"),
        Mistake("step_c_before_h", ("return h, c_new,", "return c_new, h,"),
            "the order is h, c_new, gates.",
            "顺序是 h、c_new、gates。"),
        Mistake("step_old_c_back", ("return h, c_new,", "return h, c,"),
            "the old memory came back; asked for is c'.",
            "返回的是旧的记忆；要的是 c'。"),
        Mistake("step_gates_before_sigmoid", (SIDE, "np.concatenate([a_i, a_o], axis=1)"),
            "these are the gates before the sigmoid.",
            "这是还没经过 sigmoid 的门。"),
        *(Mistake(f"step_gates_for_each_cell{n}", (SIDE, f"np.concatenate([{i}, {o}], axis=1)"),
            "the gates are there once for each cell; asked for is each gate once, (B, 2K).",
            "每个单元都写了一遍门；每个门只要一次，(B, 2K)。")
          for n, i, o in (("", DEALT_I, DEALT_O), ("_in_turn", "np.tile(i, H // K)", "np.tile(o, H // K)"))),
        Slip("step_in_place",
            (f"c_new = {NEW}", f"c += {DEALT_I} * g; c_new = c"),
            "changed its argument", "改动了它的"),
    ],
    "cell_forward": [
        Mistake("forward_deaf_to_gates", (HEARD, "[x_t, h, 0 * gates, one]"),
            "the gates of the step before are not heard: they stand between h and the 1.",
            "没有听上一步的门：它们站在 h 和 1 之间。"),
        Mistake("forward_deaf_to_h", (HEARD, "[x_t, 0 * h, gates, one]"),
            "h of the step before is not heard.",
            "没有听上一步的 h。"),
        Mistake("forward_no_bias", (HEARD, "[x_t, h, gates, 0 * one]"),
            "the bias is missing: the last column of W belongs to an input of 1.",
            "少了偏置：W 的最后一列对应一个等于 1 的输入。"),
        Mistake("forward_old_gates", ("h, c, gates = step", "h, c, _ = step"),
            "every step hears the gates from before the first step: carry the new ones on.",
            "每一步听的都是第一步之前的门：要把新的门带下去。"),
        Mistake("forward_old_h", [(HEARD, "[x_t, h0, gates, one]"), (START, f"{START}; h0 = h")],
            "every step hears h from before the first step: carry the new one on.",
            "每一步听的都是第一步之前的 h：要把新的 h 带下去。"),
        Mistake("forward_old_c", [("W.T, c)", "W.T, c0)"), (START, f"{START}; c0 = c")],
            "every step begins with the memory from before the first step: carry the new c on.",
            "每一步都从第一步之前的记忆开始：要把新的 c 带下去。"),
        Mistake("forward_old_state", [(HEARD, "[x_t, h0, g0, one]"), ("W.T, c)", "W.T, c0)"), (START, f"{START}; h0, c0, g0 = h, c, gates")],
            "every step begins with the state from before the first step: carry all three on.",
            "每一步都从第一步之前的状态开始：三样都要带下去。"),
        Mistake("forward_hears_c", (HEARD, "[x_t, c, gates, one]"),
            "the units hear the memory c; they hear h.",
            "听到的是记忆 c；应当是 h。"),
        Mistake("forward_h_before_x", (HEARD, "[h, x_t, gates, one]"),
            "x and h stand in the wrong order: x first.",
            "x 和 h 的顺序反了：x 在前。"),
        Mistake("forward_gates_before_h", (HEARD, "[x_t, gates, h, one]"),
            "h and the gates stand in the wrong order: h first.",
            "h 和门的顺序反了：h 在前。"),
        Mistake("forward_one_first", (HEARD, "[one, x_t, h, gates]"),
            "the 1 stands first; its column in W is the last.",
            "1 站在了最前面；它在 W 里是最后一列。"),
        Mistake("forward_gates_swapped", (HEARD, "[x_t, h, np.roll(gates, gates.shape[1] // 2, axis=1), one]"),
            "input and output gates are swapped among what is heard.",
            "听到的输入门和输出门写反了。"),
        Mistake("forward_old_h_and_gates", [(HEARD, "[x_t, h0, g0, one]"), (START, f"{START}; h0, g0 = h, gates")],
            "every step hears h and the gates from before the first step: carry the new ones on.",
            "每一步听的都是第一步之前的 h 和门：要把新的带下去。"),
        Mistake("forward_c_then_h_from_step", ("h, c, gates = step", "c, h, gates = step"),
            "h and c trade places on the way out of the step: it is `h, c, gates = step(…)`.",
            "从 step 取回时 h 和 c 换了位置：应当是 `h, c, gates = step(…)`。"),
        Mistake("forward_h_as_memory", ("W.T, c)", "W.T, h)"),
            "the step is given h as its memory; it is `step(a, c)`.",
            "把 h 当作记忆交给了 step；应当是 `step(a, c)`。"),
        Mistake("forward_own_step", ("= step(", "= cell_step("),
            "your own cell_step was called; call the `step` that was passed.",
            "调用的是你自己的 cell_step；要调用传进来的 `step`。"),
        Mistake("forward_states_before", [("        all_h.append(h)\n        all_c.append(c)\n", ""), ("        heard =", "        all_h.append(h); all_c.append(c)\n        heard =")],
            "these are the states *before* each step; asked for is after.",
            "这是每一步**之前**的状态；要的是之后。"),
        Mistake("forward_backwards", ("for x_t in x:", "for x_t in x[::-1]:"),
            "the walk goes from the last step to the first.",
            "是从最后一步走到第一步的。"),
        Mistake("forward_c_then_h", (BOTH, "np.stack(all_c), np.stack(all_h)"),
            "h and c are in the wrong order: first h, then c.",
            "h 和 c 的顺序反了：先 h，后 c。"),
        Mistake("forward_last_only", (BOTH, "h, c"),
            "only the last step came back; keep h and c of every step.",
            "只返回了最后一步；每一步的 h 和 c 都要留下。"),
        Mistake("forward_batch_first", (BOTH, "np.stack(all_h, axis=1), np.stack(all_c, axis=1)"),
            "batch and time are swapped: (T, B, H), time first.",
            "批和时间反了：应当是 (T, B, H)，时间在前。"),
        Mistake("forward_with_the_start", ("all_h, all_c = [], []", "all_h, all_c = [h], [c]"),
            "the state before the first step is in it too; asked for are the T states after each "
            "step.",
            "第一步之前的状态也放进去了；要的是每一步之后的 T 个状态。"),
        Mistake("forward_h_twice", (BOTH, "np.stack(all_h), np.stack(all_h)"),
            "h came back twice.",
            "h 返回了两次。"),
        Mistake("forward_over_batch", ("for x_t in x:", "for x_t in np.swapaxes(x, 0, 1):"),
            "the loop runs over the batch; time is the first axis of x.",
            "循环走的是批；x 的第一个轴才是时间。"),
    ],
    "truncated_backward": [
        Mistake("back_wrong_cells", IN_TURN,
            "the wrong cells are summed: those of a block are neighbours, so `.reshape(T, B, K, "
            "H // K)` and the sum over the last axis.",
            "加错了单元：一块里的单元挨在一起，所以是 `.reshape(T, B, K, H // K)`，再对最后一个轴求和。"),
        Mistake("back_tile", [(ALL_O, "np.tile(o, H // K)"), (ALL_I, "np.tile(i, H // K)"), *IN_TURN],
            "the gates are dealt out in turn; cells of a block are neighbours, so `np.repeat`, "
            "and `.reshape(T, B, K, H // K)` for the sums.",
            "门是轮流发的；一块里的单元挨在一起，所以用 `np.repeat`，求和时用 `.reshape(T, B, K, H // K)`。"),
        Mistake("back_not_summed", [(f"da_i = i * (1.0 - i) * {OF_I}{SUM}", f"da_i = {ALL_I}; da_i = da_i * (1.0 - da_i) * dc * g"),
             (f"da_o = o * (1.0 - o) * {OF_O}{SUM}", f"da_o = {ALL_O}; da_o = da_o * (1.0 - da_o) * dh * squashed")],
            "that is one number for each cell; a gate serves its whole block, so sum over the "
            "block's cells.",
            "这是每个单元一个数；一个门管整块，所以要把块里的单元加起来。"),
        Mistake("back_mean_over_the_block", [(f"{OF_I}{SUM}", f"{OF_I}.mean(axis=3)"), (f"{OF_O}{SUM}", f"{OF_O}.mean(axis=3)")],
            "that is the mean over the block; a gradient is the sum.",
            "这是对块取平均；梯度是求和。"),
        Mistake("back_first_cell", [(f"{OF_I}{SUM}", f"{OF_I}[..., 0]"), (f"{OF_O}{SUM}", f"{OF_O}[..., 0]")],
            "only the first cell of each block is in it; the gate collects from all.",
            "里面只有每块的第一个单元；门要从所有单元收集。"),
        Mistake("back_all_blocks", [(f"{OF_I}{SUM}", f"{OF_I}.sum(axis=(2, 3))[..., None]"), (f"{OF_O}{SUM}", f"{OF_O}.sum(axis=(2, 3))[..., None]")],
            "all cells of all blocks are summed; a gate collects from its own block.",
            "把所有块的所有单元都加起来了；门只从自己那一块收集。"),
        Mistake("back_g_slope_of_today", (G_SLOPE, "(1.0 - g**2)"),
            "that is today's slope; g = 2 tanh(a / 2) has 1 − (g / 2)².",
            "这是今天的斜率；g = 2 tanh(a / 2) 的是 1 − (g / 2)²。"),
        Mistake("back_g_half_too_much", (G_SLOPE, f"{G_SLOPE} / 2"),
            "there is a half too much: in the slope of 2 tanh(a / 2) the 2 and the half cancel.",
            "多了一个二分之一：2 tanh(a / 2) 的斜率里，2 和二分之一抵消了。"),
        Mistake("back_g_two_too_much", (G_SLOPE, f"2 * {G_SLOPE}"),
            "there is a 2 too much: in the slope of 2 tanh(a / 2) the 2 and the half cancel.",
            "多了一个 2：2 tanh(a / 2) 的斜率里，2 和二分之一抵消了。"),
        Mistake("back_g_no_square", (G_SLOPE, "(1.0 - g / 2)"),
            "the square is missing: 1 − (g / 2)².",
            "少了平方：1 − (g / 2)²。"),
        Mistake("back_g_tanh_again", (G_SLOPE, "(1.0 - np.tanh(g / 2) ** 2)"),
            "g has been through the tanh already: 1 − (g / 2)², without another tanh.",
            "g 已经是 tanh 的输出：1 − (g / 2)²，不要再取一次 tanh。"),
        Mistake("back_g_of_dh", ("da_g = dc *", f"da_g = dh * {ALL_O} *"),
            "that hangs on dh; g reached the loss through the memory, so it hangs on dc.",
            "用的是 dh；g 是经过记忆到达损失的，所以看的是 dc。"),
        Mistake("back_g_no_slope", (f" * {G_SLOPE}", ""),
            "the slope of g is not in it.",
            "里面没有 g 的斜率。"),
        Mistake("back_g_without_gate", (f"dc * {ALL_I} *", "dc *"),
            "the input gate is not in it: g reached the memory through i.",
            "里面没有输入门：g 是经过 i 到达记忆的。"),
        Mistake("back_of_own_step", [("(dc * g)", "(put * g)"), ("da_g = dc", "da_g = put")],
            "only what its own step puts on is in it; use dc, which holds all later steps too.",
            "里面只有本步放上去的；要用 dc，它还含着之后各步的。"),
        Mistake("back_i_no_slope", ("i * (1.0 - i) * ", ""),
            "the slope of the sigmoid, i(1 − i), is not in it.",
            "里面没有 sigmoid 的斜率 i(1 − i)。"),
        Mistake("back_i_slope_of_tanh", ("i * (1.0 - i)", "(1.0 - i**2)"),
            "the slope of the tanh was taken; that of a gate is i(1 − i).",
            "用了 tanh 的斜率；门的斜率是 i(1 − i)。"),
        Mistake("back_i_times_c", ("(dc * g)", "(dc * c)"),
            "the input gate multiplied g, not c.",
            "输入门乘的是 g，不是 c。"),
        Mistake("back_i_without_g", ("(dc * g)", "dc"),
            "g is missing: the input gate multiplied it.",
            "少了 g：输入门乘的就是它。"),
        Mistake("back_i_times_squashed", ("(dc * g)", "(dc * squashed)"),
            "the input gate multiplied g; tanh(c / 2) belongs to the output gate.",
            "输入门乘的是 g；tanh(c / 2) 属于输出门。"),
        Mistake("back_i_of_dh", ("(dc * g)", "(dh * g)"),
            "that hangs on dh; the input gate acts before the memory, so it hangs on dc.",
            "用的是 dh；输入门在记忆之前起作用，所以看的是 dc。"),
        Mistake("back_o_of_put", ("(dh * squashed)", "(put * squashed)"),
            "that hangs on what was put on the carousel; the output gate acts after the memory, "
            "so it hangs on dh alone.",
            "用的是放上传送带的量；输出门在记忆之后起作用，所以只看 dh。"),
        Mistake("back_o_of_dc", ("(dh * squashed)", "(dc * squashed)"),
            "that hangs on dc; the output gate acts after the memory, so it hangs on dh.",
            "用的是 dc；输出门在记忆之后起作用，所以看的是 dh。"),
        Mistake("back_o_times_c", ("(dh * squashed)", "(dh * c)"),
            "the output gate multiplied tanh(c / 2), not c.",
            "输出门乘的是 tanh(c / 2)，不是 c。"),
        Mistake("back_o_of_today", ("(dh * squashed)", "(dh * np.tanh(c))"),
            "that has today's tanh(c); here it is tanh(c / 2).",
            "用的是今天的 tanh(c)；这里是 tanh(c / 2)。"),
        Mistake("back_o_without_c", ("(dh * squashed)", "dh"),
            "tanh(c / 2) is missing: the output gate multiplied it.",
            "少了 tanh(c / 2)：输出门乘的就是它。"),
        Mistake("back_o_no_slope", ("o * (1.0 - o) * ", ""),
            "the slope of the sigmoid, o(1 − o), is not in it.",
            "里面没有 sigmoid 的斜率 o(1 − o)。"),
        Mistake("back_o_slope_of_tanh", ("o * (1.0 - o)", "(1.0 - o**2)"),
            "the slope of the tanh was taken; that of a gate is o(1 − o).",
            "用了 tanh 的斜率；门的斜率是 o(1 − o)。"),
        Mistake("back_from_the_first_step", (ADD, "np.cumsum(put, axis=0)"),
            "the sum runs from the first step on; dc[t] holds this and all *later* steps: begin "
            "at the end.",
            "求和是从第一步开始的；dc[t] 里是这一步和**之后**各步：要从末尾开始。"),
        Mistake("back_over_batch", (ADD, "np.cumsum(put[:, ::-1], axis=1)[:, ::-1]"),
            "the sum runs over the batch; time is the first axis.",
            "求和走的是批；时间是第一个轴。"),
        Mistake("back_own_step_only", (ADD, "put"),
            "nothing comes back along the carousel: dc[t] is what step t puts on it plus dc[t + "
            "1].",
            "传送带上什么也没传回来：dc[t] 是第 t 步放上去的，加上 dc[t + 1]。"),
        Mistake("back_turned_round", (ADD, "np.cumsum(put[::-1], axis=0)"),
            "dc is turned round in time.",
            "dc 在时间上倒过来了。"),
        Mistake("back_later_only", (ADD, f"{ADD} - put"),
            "dc[t] holds only what comes from later; add what step t itself puts on.",
            "dc[t] 里只有后面传来的；还要加上第 t 步自己放上去的。"),
        Mistake("back_every_step", (ADD, "np.zeros_like(put) + put.sum(axis=0)"),
            "every step has the sum of all steps; dc[t] holds only this one and later ones.",
            "每一步都是所有步的总和；dc[t] 里只有这一步和之后的。"),
        Mistake("back_no_half", (SLOPE, "(1.0 - squashed**2)"),
            "the half is missing in the slope of tanh(c / 2).",
            "tanh(c / 2) 的斜率里少了二分之一。"),
        Mistake("back_slope_of_today", (SLOPE, "(1.0 - np.tanh(c) ** 2)"),
            "that is the slope of today's tanh(c); here it is that of tanh(c / 2).",
            "这是今天的 tanh(c) 的斜率；这里是 tanh(c / 2) 的。"),
        Mistake("back_slope_of_c", (SLOPE, "(1.0 - c**2)"),
            "c is the memory before the tanh: the slope needs np.tanh(c / 2).",
            "c 是进 tanh 之前的记忆：斜率里要用 np.tanh(c / 2)。"),
        Mistake("back_no_slope", (f" * {SLOPE}", ""),
            "the slope of tanh(c / 2) is not in dc.",
            "dc 里没有 tanh(c / 2) 的斜率。"),
        Mistake("back_dh_too", (ADD, f"{ADD} + dh"),
            "dh itself stands on the carousel too; it gets there only through o and the slope of "
            "tanh(c / 2).",
            "dh 本身也放到传送带上了；它只有经过 o 和 tanh(c / 2) 的斜率才到得了那里。"),
        Mistake("back_no_output_gate", (f"dh * {ALL_O} *", "dh *"),
            "the output gate is not in dc: what reaches the memory has come through o.",
            "dc 里没有输出门：到达记忆的量要先经过 o。"),
        Mistake("back_forgets", (f"dc = {ADD}", walk(f"(1 - {ALL_I})")),
            "dc fades by 1 − i from step to step, as if there were a forget gate; along the "
            "carousel the factor is exactly 1.",
            "dc 每一步乘了 1 − i，好像有遗忘门似的；沿着传送带，因子恰好是 1。"),
        Mistake("back_times_the_input_gate", (f"dc = {ADD}", walk(ALL_I)),
            "something multiplies dc between two steps; along the carousel the factor is exactly "
            "1.",
            "两步之间有什么乘在 dc 上了；沿着传送带，因子恰好是 1。"),
        Mistake("back_other_order", ("return dc, da_i, da_g, da_o", "return dc, da_g, da_i, da_o"),
            "the order is dc, da_i, da_g, da_o.",
            "顺序是 dc、da_i、da_g、da_o。"),
        Slip("back_writes_into_dh",
            [(f"put = dh * {ALL_O} * {SLOPE}", f"put = dh * {ALL_O} * {SLOPE}; kept = dh.copy(); dh *= 2"), ("(dh * squashed)", "(kept * squashed)")],
            "changed its argument", "改动了它的"),
    ],
    "count_weights": [
        Mistake("count_other_case", (BIASES, "U + O if bias != \"all\" else 2 * blocks"),
            "the biases are those of the other case: \"gates\" means 2 a block, \"all\" means U "
            "+ O.",
            "偏置是另一种情况的：“gates” 是每块 2 个，“all” 是 U + O 个。"),
        Mistake("count_no_biases", (" + biases", ""),
            "the biases are missing.",
            "少了偏置。"),
        Mistake("count_deaf_to_gates", ("U * (I + U)", "U * (I + H)"),
            "in this network the units hear the gates too: U (I + U).",
            "在这个网络里，单元也听门：U (I + U)。"),
        Mistake("count_outputs_hear_gates", ("O * H", "O * U"),
            "the outputs hear the H cells only, not the gates.",
            "输出只听 H 个记忆单元，不听门。"),
        Mistake("count_outputs_hear_blocks", ("O * H", "O * blocks"),
            "the outputs hear every cell: H = blocks · cells.",
            "输出听每一个单元：H = 块数 · 每块单元数。"),
        Mistake("count_outputs_hear_one_block", ("O * H", "O * cells"),
            "the outputs hear every cell of every block: H = blocks · cells.",
            "输出听每一块的每一个单元：H = 块数 · 每块单元数。"),
        *(Mistake(f"count_of_today{n}", (ALL, f"4 * H * (I + H + 1){more}"),
            "that is the count of today's LSTM, with a forget gate and without blocks.",
            "这是今天的 LSTM 的数目，有遗忘门，没有块。")
          for n, more in (("", ""), ("_and_outputs", " + O * (H + 1)"))),
        Mistake("count_deaf_to_itself", ("U * (I + U)", "U * (I + U - 1)"),
            "every unit hears itself too, one step later: U (I + U).",
            "每个单元也听一步之前的自己：U (I + U)。"),
        Mistake("count_no_recurrence", ("U * (I + U)", "U * I"),
            "the weights between the units, U · U, are missing.",
            "少了单元之间的权重 U · U。"),
        Mistake("count_gates_deaf", ("U * (I + U)", "H * (I + U)"),
            "the gates hear inputs and units too: U (I + U), not H (I + U).",
            "门也听输入和单元：是 U (I + U)，不是 H (I + U)。"),
        Mistake("count_straight_through", ("O * H", "O * (H + I)"),
            "the outputs hear the cells only; no arrow leads from the inputs straight to them.",
            "输出只听记忆单元；没有从输入直通输出的箭头。"),
        Mistake("count_no_outputs", (" + O * H", ""),
            "the weights of the outputs, O · H, are missing.",
            "少了输出的权重 O · H。"),
        *(Mistake(f"count_gates_for_each_cell{n}", [(UNITS, "U = 3 * H"), *more],
            "there are two gates for each cell in it; there are two for each *block*: U = H + 2 "
            "· blocks.",
            "这是每个单元两个门；其实是每**块**两个：U = H + 2 · 块数。")
          for n, more in (("", ()), ("_with_biases", [("2 * blocks\n", "2 * H\n")]))),
        *(Mistake(f"count_one_gate{n}", [(UNITS, "U = H + blocks"), *more],
            "each block has two gates, an input gate and an output gate.",
            "每块有两个门，一个输入门，一个输出门。")
          for n, more in (("", ()), ("_with_its_bias", [("else 2 * blocks", "else blocks")]))),
        *(Mistake(f"count_forget_gate{n}", [(UNITS, "U = H + 3 * blocks"), *more],
            "there is a forget gate in it; in 1997 there were two gates a block.",
            "里面算进了遗忘门；1997 年每块只有两个门。")
          for n, more in (("", ()), ("_with_its_bias", [("else 2 * blocks", "else 3 * blocks")]))),
        Mistake("count_cells_in_all", ("H = blocks * cells", "H = cells"),
            "`cells` is the number in each block; in all there are H = blocks · cells.",
            "`cells` 是每块里的单元数；一共有 H = 块数 · 每块单元数。"),
        Mistake("count_no_bias_at_the_outputs", ("U + O if", "U if"),
            "with \"all\" the output units have a bias too.",
            "“all” 时，输出单元也带偏置。"),
        Mistake("count_one_bias_a_block", ("else 2 * blocks", "else blocks"),
            "each block has two gates, so two biases.",
            "每块有两个门，所以有两个偏置。"),
    ],
}
# fmt: on

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
