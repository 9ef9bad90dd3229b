"""Exercise 05: typical mistakes, in the order in which they are looked for; answers that are right
in another way, which must get full marks."""

from lstm_lab.grading import Equivalent, Mistake, Slip

SPLIT, SIGMOID, G = "a_i, a_f, a_g, a_o = np.split", "0.5 * (1.0 + np.tanh(a / 2))", "np.tanh(a_g)"
C, OUT = "c = f * c + i * np.tanh(a_g)", "return o * np.tanh(c), c"
H_KEPT, C_KEPT = "np.where(alive, h_new, h)", "np.where(alive, c_new, c)"
FREEZE, ALIVE = f"h, c = {H_KEPT}, {C_KEPT}", "alive = (t < lengths)[:, None]"
START, STACK = "all_h, all_c = [], []", "return np.stack(all_h), np.stack(all_c)"
ADD_H, ADD_C = "all_h.append(h)", "all_c.append(c)"
ROWS, CUT = "np.r_[H : 2 * H, :H, 2 * H : 4 * H]", "return W[rows, H:], W[rows, :H], b[rows]"
FIRST, FURTHER = "4 * H * (I + H + biases)", "4 * H * (H + H + biases)"
CHRONO = "[-np.log(steps), np.log(steps), b[2 * H :]]"
N = "np.log(2) / np.logaddexp(0.0, -b_f)"
LOST = "-np.log(2) / np.log(1 / (1 + np.exp(-b_f)))"  # N, but for rounding where σ(b) is near 1


def order(letters):
    """The parts read in another order."""
    return f"a_{', a_'.join(letters)} = np.split"


def blocks(parts):
    """The blocks of rows put into another order."""
    return ROWS, f"(lambda f, i, g, o: np.r_[{parts}])(*np.arange(4 * H).reshape(4, H))"


def count(layer):
    """Each layer counted in another way; what it reads is I for the first, H for the others."""
    return [(FIRST, layer), (FURTHER, f"({layer.replace('I', 'H')})")]


def parts(four):
    """Other parts put together: n is ln(steps), and i, f, g, o are the old ones."""
    return CHRONO, f"(lambda n, i, f, g, o: [{four}])(np.log(steps), *np.split(b, 4))"


# fmt: off
MISTAKES = {
    "lstm_step": [
        *(Mistake(f"step_{letters}", (SPLIT, order(letters)),
            f"the parts were read in the order {', '.join(letters)}; in PyTorch it is i, f, g, o.",
            f"各部分是按 {'、'.join(letters)} 的顺序读的；PyTorch 是 i、f、g、o。")
          for letters in ("ifog", "fiog", "iogf", "gifo", "oifg", "fgio", "igfo", "ofig", "ofgi")),
        Mistake("step_order_of_many_books", (SPLIT, order("figo")),
            "i and f have traded places: the order is i, f, g, o (many books write f first), and "
            "f multiplies the old memory, i what is new.",
            "i 和 f 换了位置：顺序是 i、f、g、o（许多书把 f 写在前面）；f 乘旧的记忆，i 乘新的。"),
        Mistake("step_g_sigmoid", (G, "0.5 * (1 + np.tanh(a_g / 2))"),
            "g went through the sigmoid; it is no gate: g = tanh(a_g).",
            "g 用了 sigmoid；它不是门：g = tanh(a_g)。"),
        Mistake("step_g_bare", (G, "a_g"),
            "g is not squashed: g = tanh(a_g).",
            "g 没有压缩：g = tanh(a_g)。"),
        Mistake("step_gates_bare", (SIGMOID, "a"),
            "the gates are not squashed: a gate is σ(a), between 0 and 1.",
            "门没有压缩：门是 σ(a)，在 0 和 1 之间。"),
        Mistake("step_forget_bias_again", ("(a_i, a_f, a_o)", "(a_i, a_f + 1, a_o)"),
            "1 is added to a_f; a forget bias of 1 belongs into b, before training.",
            "a_f 又加了 1；遗忘偏置 1 应当在训练之前放进 b 里。"),
        Mistake("step_gates_tanh", (SIGMOID, "np.tanh(a)"),
            "the gates went through the tanh; a gate is between 0 and 1: the sigmoid.",
            "门用了 tanh；门在 0 和 1 之间：用 sigmoid。"),
        Mistake("step_sigmoid_turned", (SIGMOID, "0.5 * (1 + np.tanh(-a / 2))"),
            "the sigmoid has a sign wrong: it is 1 / (1 + e^−a).",
            "sigmoid 里有个符号反了：是 1 / (1 + e^−a)。"),
        Mistake("step_no_tanh_around_c", (OUT, "return o * c, c"),
            "the tanh around c is missing: h' = o tanh(c').",
            "c 外面少了 tanh：h' = o tanh(c')。"),
        Mistake("step_h_of_old_c", [(C, f"old = c; {C}"), (OUT, "return o * np.tanh(old), c")],
            "h is made from the old c; it comes from the new one.",
            "h 是由旧的 c 得到的；应当用新的。"),
        Mistake("step_no_output_gate", (OUT, "return np.tanh(c), c"),
            "the output gate is not in h.",
            "h 里没有输出门。"),
        Mistake("step_output_gate_inside", (OUT, "return np.tanh(o * c), c"),
            "the output gate stands inside the tanh: h' = o tanh(c').",
            "输出门写到 tanh 里面去了：h' = o tanh(c')。"),
        Mistake("step_c_sigmoid", (OUT, "return o * 0.5 * (1 + np.tanh(c / 2)), c"),
            "c is squashed by the sigmoid: h' = o tanh(c').",
            "c 用 sigmoid 压缩了：h' = o tanh(c')。"),
        Mistake("step_no_input_gate", (C, "c = f * c + np.tanh(a_g)"),
            "the input gate is not in c'.",
            "c' 里没有输入门。"),
        Mistake("step_of_1997", (C, "c = c + i * np.tanh(a_g)"),
            "the forget gate is not in c': that is the cell of 1997.",
            "c' 里没有遗忘门：这是 1997 年的单元。"),
        Mistake("step_memory_lost", (C, "c = i * np.tanh(a_g)"),
            "the old memory is lost: c' = f c + i g.",
            "旧的记忆丢了：c' = f c + i g。"),
        Mistake("step_forgets_what_it_should_keep", (C, "c = (1 - f) * c + i * np.tanh(a_g)"),
            "f was taken for what goes; it is what *stays*: c' = f c + i g.",
            "把 f 当成了丢掉的部分；它是**留下**的部分：c' = f c + i g。"),
        Mistake("step_coupled", (C, "c = f * c + (1 - f) * np.tanh(a_g)"),
            "1 − f stands where the input gate belongs (that couples the two gates).",
            "该写输入门的地方写了 1 − f（那样两个门就绑在一起了）。"),
        Mistake("step_coupled_by_i", (C, "c = (1 - i) * c + i * np.tanh(a_g)"),
            "1 − i stands where the forget gate belongs (that couples the two gates).",
            "该写遗忘门的地方写了 1 − i（那样两个门就绑在一起了）。"),
        Mistake("step_f_times_all", (C, "c = f * (c + i * np.tanh(a_g))"),
            "the forget gate multiplies what is new too: c' = f c + i g.",
            "遗忘门连新的也乘了：c' = f c + i g。"),
        Mistake("step_squashes_c", (C, "c = np.tanh(f * c + i * np.tanh(a_g))"),
            "c' itself is squashed; the tanh is for h only.",
            "c' 本身被压缩了；tanh 只用在 h 上。"),
        Mistake("step_f_times_h", (C, "c = f * h + i * np.tanh(a_g)"),
            "f multiplies h; it multiplies the old memory c.",
            "f 乘的是 h；它乘的是旧的记忆 c。"),
        Mistake("step_product", (C, "c = f * c * i * np.tanh(a_g)"),
            "the two shares are multiplied; they add: c' = f c + i g.",
            "两份乘在一起了；应当相加：c' = f c + i g。"),
        Mistake("step_no_bias", (" + b,", ","),
            "the bias is missing.",
            "少了偏置。"),
        Mistake("step_bias_twice", (" + b,", " + b + b,"),
            "the bias is added twice: once is enough.",
            "偏置加了两次：一次就够。"),
        Mistake("step_no_recurrence", (" + h @ W_h.T", ""),
            "h @ W_h.T is missing: the gates hear the old state too.",
            "少了 h @ W_h.T：门也听旧的状态。"),
        Mistake("step_gates_hear_c", ("h @ W_h.T", "c @ W_h.T"),
            "the gates hear c; in this cell they hear h.",
            "门听的是 c；在这个单元里，它们听 h。"),
        Mistake("step_c_first", (OUT, "return c, o * np.tanh(c)"),
            "c and h are in the wrong order: return h, then c.",
            "c 和 h 的顺序反了：先返回 h，再返回 c。"),
        Mistake("step_old_c", [(C, f"old = c; {C}"), (OUT, "return o * np.tanh(c), old")],
            "the old c came back; asked for is the new one.",
            "返回的是旧的 c；要的是新的。"),
        Mistake("step_every_fourth_row",
            ("np.split(x @ W_x.T + h @ W_h.T + b, 4, axis=1)", "((x @ W_x.T + h @ W_h.T + b)[:, k::4] for k in range(4))"),
            "the parts were taken in turn, every fourth row; each part is a block of H rows.",
            "各部分是每四行取一行的；每个部分是 H 行一整块。"),
        Mistake("step_weights_crossed", ("x @ W_x.T + h @ W_h.T", "h @ W_x.T + x @ W_h.T"),
            "W_x and W_h have traded places: W_x belongs to x.",
            "W_x 和 W_h 换了位置：W_x 属于 x。"),
        Slip("step_in_place", (C, "c *= f\n    c += i * np.tanh(a_g)"), "changed its argument", "改动了它的"),
        Slip("step_noisy", (SIGMOID, "1 / (1 + np.exp(-a))"), "NumPy warned", "NumPy 发出了警告"),
    ],
    "lstm_forward": [
        Mistake("forward_ignores_lengths", (FREEZE, "h, c = h_new, c_new"),
            "padding is read like real entries: past its end a sequence keeps its state (is "
            "lengths used?).",
            "填充被当成真的读了：序列结束以后状态不变（用到 lengths 了吗？）。"),
        Mistake("forward_freezes_h_only", (FREEZE, f"h, c = {H_KEPT}, c_new"),
            "h is frozen past the end, but c walks on: both freeze.",
            "序列结束以后 h 冻结了，c 却还在走：两个都要冻结。"),
        Mistake("forward_freezes_c_only", (FREEZE, f"h, c = h_new, {C_KEPT}"),
            "c is frozen past the end, but h walks on: both freeze.",
            "序列结束以后 c 冻结了，h 却还在走：两个都要冻结。"),
        Mistake("forward_zeros_past_the_end", (FREEZE, "h, c = alive * h_new, alive * c_new"),
            "past its end a sequence is set to zero; it should keep its last state.",
            "序列结束以后被置成了零；应当保留最后的状态。"),
        Mistake("forward_one_late", ("t < lengths", "t <= lengths"),
            "every sequence reads one entry too many: the test is `t < lengths`.",
            "每个序列都多读了一条：条件是 `t < lengths`。"),
        Mistake("forward_one_early", ("t < lengths", "t + 1 < lengths"),
            "the last real entry is not read: the test is `t < lengths`.",
            "最后一条真实的没有读到：条件是 `t < lengths`。"),
        Mistake("forward_h_not_carried",
            [(FREEZE, f"h_t, c = {H_KEPT}, {C_KEPT}"), (ADD_H, "all_h.append(h_t)")],
            "every step begins with the h from before the first step: carry the new one on.",
            "每一步都从第一步之前的 h 开始：要把新的 h 带下去。"),
        Mistake("forward_c_not_carried",
            [(FREEZE, f"h, c_t = {H_KEPT}, {C_KEPT}"), (ADD_C, "all_c.append(c_t)")],
            "every step begins with the c from before the first step: carry the new one on.",
            "每一步都从第一步之前的 c 开始：要把新的 c 带下去。"),
        Mistake("forward_state_not_carried",
            [(FREEZE, ""), (ADD_H, f"all_h.append({H_KEPT})"), (ADD_C, f"all_c.append({C_KEPT})")],
            "every step begins with the state from before the first step: carry both on.",
            "每一步都从第一步之前的状态开始：两样都要带下去。"),
        Mistake("forward_h_for_c", ("step(x_t, h, c)", "step(x_t, h, h)"),
            "the step is given h in the place of c: it is `step(x[t], h, c)`.",
            "c 的位置上给了 h：应当是 `step(x[t], h, c)`。"),
        Mistake("forward_h_and_c_crossed", ("step(x_t, h, c)", "step(x_t, c, h)"),
            "h and c trade places on the way into the step: it is `step(x[t], h, c)`.",
            "交给 step 时 h 和 c 换了位置：应当是 `step(x[t], h, c)`。"),
        Mistake("forward_h_for_x", ("step(x_t, h, c)", "step(h, x_t, c)"),
            "x and h trade places on the way into the step: it is `step(x[t], h, c)`.",
            "交给 step 时 x 和 h 换了位置：应当是 `step(x[t], h, c)`。"),
        Mistake("forward_takes_c_for_h", ("h_new, c_new = step", "c_new, h_new = step"),
            "h and c trade places on the way out of the step: it is `h, c = step(…)`.",
            "从 step 取回时 h 和 c 换了位置：应当是 `h, c = step(…)`。"),
        Mistake("forward_turned", ("t < lengths", "t >= lengths"),
            "it is the wrong way round: the sequence walks on while `t < lengths`.",
            "写反了：`t < lengths` 的时候序列才往前走。"),
        Mistake("forward_from_zeros", (START, START + "; h, c = 0 * h, 0 * c"),
            "it starts from zeros; start from the h and c that were passed.",
            "是从零开始的；要从传进来的 h 和 c 开始。"),
        Mistake("forward_backwards", ("enumerate(x)", "enumerate(x[::-1])"),
            "the walk goes from the last step to the first.",
            "是从最后一步走到第一步的。"),
        Mistake("forward_shows_new",
            [(ADD_H, "all_h.append(h_new)"), (ADD_C, "all_c.append(c_new)")],
            "past its end a sequence shows what the step made of the padding; keep the states "
            "*after* freezing.",
            "序列结束以后，存下来的是 step 由填充算出的东西；要存的是冻结**之后**的状态。"),
        Mistake("forward_padding_zero",
            [("step(x_t, h, c)", "step(alive * x_t, h, c)"), (FREEZE, "h, c = h_new, c_new")],
            "the padding is set to zero, but the steps go on, and the state with them; it must "
            "be kept as it is.",
            "填充被置成了零，可步骤还在继续，状态也跟着变；状态应当原样保持。"),
        Mistake("forward_c_then_h", (STACK, "return np.stack(all_c), np.stack(all_h)"),
            "h and c are in the wrong order: first h, then c.",
            "h 和 c 的顺序反了：先 h，后 c。"),
        Mistake("forward_h_twice", (STACK, "return np.stack(all_h), np.stack(all_h)"),
            "h came back twice.",
            "h 返回了两次。"),
        Mistake("forward_states_before",
            [(ADD_H, ""), (ADD_C, ""), (ALIVE, f"{ALIVE}; {ADD_H}; {ADD_C}")],
            "these are the states *before* each step; asked for is after.",
            "这是每一步**之前**的状态；要的是之后。"),
        Mistake("forward_first_state_too", (START, "all_h, all_c = [h], [c]"),
            "the state before the first step is in it too; asked for are the T states after each "
            "step.",
            "第一步之前的状态也放进去了；要的是每一步之后的 T 个状态。"),
        Mistake("forward_last_c_only", (STACK, "return np.stack(all_h), c"),
            "c came back for the last step only; keep it for every step, as h.",
            "c 只返回了最后一步；和 h 一样，每一步都要留下。"),
        Mistake("forward_last_only", (STACK, "return h, c"),
            "only the last step came back; keep h and c of every step.",
            "只返回了最后一步；每一步的 h 和 c 都要留下。"),
        Mistake("forward_batch_first",
            (STACK, "return np.stack(all_h, axis=1), np.stack(all_c, axis=1)"),
            "batch and time are swapped: (T, B, H), time first.",
            "批和时间反了：应当是 (T, B, H)，时间在前。"),
        Mistake("forward_over_the_batch", ("enumerate(x)", "enumerate(np.swapaxes(x, 0, 1))"),
            "the loop runs over the batch; time is the first axis of x.",
            "循环走的是批；x 的第一个轴才是时间。"),
    ],
    "to_separate": [
        Mistake("separate_bias_as_it_was", ("b[rows]", "b"),
            "the rows of the matrices trade places, and those of b must too.",
            "矩阵的行换了位置，b 的也要换。"),
        Mistake("separate_rows_as_they_were", (ROWS, "np.arange(4 * H)"),
            "the rows are as they were: f, i, g, o. PyTorch begins with the input gate.",
            "行没有动，还是 f、i、g、o。PyTorch 是从输入门开始的。"),
        Mistake("separate_matrices_as_they_were", (CUT, "return W[:, H:], W[:, :H], b[rows]"),
            "the rows of the matrices are as they were; b alone was put into order.",
            "矩阵的行没有动，只有 b 换了顺序。"),
        Mistake("separate_overwritten", (ROWS, "np.r_[H : 2 * H, H : 2 * H, 2 * H : 4 * H]"),
            "the rows of i stand there twice: a slice is a view, so the first assignment had "
            "overwritten f before it was moved. Take a copy first.",
            "i 的行出现了两次：切片只是视图，第一次赋值已经把 f 盖掉了，还没来得及搬走。先复制一"
            "份。"),
        Mistake("separate_o_before_g", blocks("i, f, o, g"),
            "g and o have traded places too; only f and i do.",
            "g 和 o 也换了位置；只该换 f 和 i。"),
        Mistake("separate_three_moved", blocks("i, g, f, o"),
            "three parts have been moved; only f and i trade places.",
            "动了三个部分；只有 f 和 i 互换。"),
        Mistake("separate_all_reversed", blocks("o, g, i, f"),
            "that is the order from the end; only f and i trade places.",
            "这是倒过来的顺序；只有 f 和 i 互换。"),
        Mistake("separate_single_rows", (ROWS, "np.r_[1, 0, 2 : 4 * H]"),
            "single rows traded places; it is whole blocks of H rows.",
            "换的是单独的行；应当是 H 行一整块。"),
        Mistake("separate_neighbours", (ROWS, "np.arange(4 * H).reshape(-1, 2)[:, ::-1].ravel()"),
            "neighbouring rows traded places; it is whole blocks of H rows.",
            "换的是相邻的行；应当是 H 行一整块。"),
        Mistake("separate_h_before_x", (CUT, "return W[rows, :H], W[rows, H:], b[rows]"),
            "the order of the three is W_x, W_h, b.",
            "三样东西的顺序是 W_x、W_h、b。"),
        Mistake("separate_x_first",
            (CUT, "I = W.shape[1] - H; return W[rows, :I], W[rows, I:], b[rows]"),
            "the columns were read as [x, h]; h comes first.",
            "列是按 [x, h] 读的；h 在前。"),
        Mistake("separate_transposed", (CUT, "return W[rows, H:].T, W[rows, :H].T, b[rows]"),
            "the matrices are transposed; they stay (4H, I) and (4H, H).",
            "矩阵转置了；它们还是 (4H, I) 和 (4H, H)。"),
        Mistake("separate_half_bias", ("b[rows]", "b[rows] / 2"),
            "the bias was halved; one bias stays as it is.",
            "偏置被减半了；只有一个偏置，照原样。"),
        Mistake("separate_no_bias", (", b[rows]", ""),
            "b is missing.",
            "少了 b。"),
        Slip("separate_in_place", en="changed its argument", zh="改动了它的", body="""
H = len(b) // 4
W[: 2 * H] = np.concatenate([W[H : 2 * H], W[:H]])
b[: 2 * H] = np.concatenate([b[H : 2 * H], b[:H]])
return W[:, H:], W[:, :H], b
"""),
    ],
    "count_parameters": [
        Mistake("count_one_part", count("H * (I + H + biases)"),
            "1 parts were counted; there are four: i, f, g and o.",
            "数的是 1 个部分；一共四个：i、f、g、o。"),
        Mistake("count_three_parts", count("3 * H * (I + H + biases)"),
            "3 parts were counted; there are four: i, f, g and o.",
            "数的是 3 个部分；一共四个：i、f、g、o。"),
        Mistake("count_bias_is_one_number", count("4 * H * (I + H) + biases"),
            "a bias is a whole array (4H,), not one number.",
            "一个偏置是一整个数组 (4H,)，不是一个数。"),
        Mistake("count_bias_of_one_part", count("4 * H * (I + H) + biases * H"),
            "each of the four parts has its bias: 4H numbers, not H.",
            "四个部分各有偏置：是 4H 个数，不是 H 个。"),
        Mistake("count_no_factor", count("4 * (I + H + biases)"),
            "the factor H is missing: each unit has rows of its own.",
            "少了因子 H：每个单元都有自己的行。"),
        Mistake("count_recurrent_row", count("4 * (I * H + H + biases)"),
            "W_h is a matrix: (4H, H).",
            "W_h 是一个矩阵：(4H, H)。"),
        Mistake("count_no_biases", count("4 * H * (I + H)"),
            "the biases are missing.",
            "少了偏置。"),
        Mistake("count_other_biases", count("4 * H * (I + H + 3 - biases)"),
            "the number of biases is another one: use `biases`.",
            "偏置的个数不对：要用 `biases`。"),
        Mistake("count_no_recurrence", count("4 * H * (I + biases)"),
            "the recurrent weights W_h are missing.",
            "少了循环权重 W_h。"),
        Mistake("count_all_layers_alike", ("(H + H + biases)", "(I + H + biases)"),
            "every layer was counted with I inputs; from the second on a layer reads the h of "
            "the one below, so H.",
            "每一层都按 I 个输入算了；从第二层起，读的是下面那一层的 h，所以是 H。"),
        Mistake("count_first_layer_only", ("return first + (layers - 1) *", "return first; return"),
            "only the first layer is counted.",
            "只数了第一层。"),
        Mistake("count_a_layer_too_many", ("(layers - 1)", "layers"),
            "there is a layer too many: the first, and `layers − 1` more.",
            "多数了一层：第一层，再加 `layers − 1` 层。"),
        Mistake("count_first_reads_h", ("(I + H + biases)", "(H + H + biases)", ),
            "the first layer reads I inputs, not H.",
            "第一层读的是 I 个输入，不是 H 个。"),
        Mistake("count_further_read_x_too", ("(H + H + biases)", "(I + H + H + biases)"),
            "a further layer reads the h of the layer below only, not x as well.",
            "上面的层只读下面那一层的 h，不再读 x。"),
    ],
    "chrono_bias": [
        Mistake("chrono_signs_turned", parts("n, -n, g, o"),
            "the signs are turned: a long memory has a forget bias above 0, b_f = ln(steps).",
            "符号反了：记得久，遗忘门的偏置就大于 0，b_f = ln(steps)。"),
        Mistake("chrono_same_sign", parts("n, n, g, o"),
            "the input gate has the same sign; it gets −ln(steps).",
            "输入门的符号也一样了；它应当是 −ln(steps)。"),
        Mistake("chrono_forget_gate_only", parts("i, n, g, o"),
            "only the forget gate is set; the input gate gets −ln(steps).",
            "只设了遗忘门；输入门应当是 −ln(steps)。"),
        Mistake("chrono_input_gate_only", parts("-n, f, g, o"),
            "only the input gate is set; the forget gate gets ln(steps).",
            "只设了输入门；遗忘门应当是 ln(steps)。"),
        Mistake("chrono_added", parts("i - n, f + n, g, o"),
            "the old biases are still in it: replace them.",
            "旧的偏置还在里面：要换掉。"),
        Mistake("chrono_rest_zero", parts("-n, n, 0 * g, 0 * o"),
            "g and o were set to zero; they stay as they were.",
            "g 和 o 被置零了；它们照旧。"),
        Mistake("chrono_the_gate_itself", parts("-steps / (1 + steps), steps / (1 + steps), g, o"),
            "that is the gate f itself; asked for is its bias, ln(steps).",
            "这是门 f 本身；要的是它的偏置 ln(steps)。"),
        Mistake("chrono_old_bias_turned", parts("-i, n, g, o"),
            "the old bias of i was turned round; the input gate gets −ln(steps).",
            "把 i 的旧偏置取了负；输入门应当是 −ln(steps)。"),
        Mistake("chrono_one_too_many", parts("1 - n, n, g, o"),
            "there is a 1 too many at the input gate: −ln(steps).",
            "输入门那里多了一个 1：应当是 −ln(steps)。"),
        Mistake("chrono_no_logarithm", parts("-steps, steps, g, o"),
            "the logarithm is missing.",
            "少了对数。"),
        Mistake("chrono_base_2", parts("-np.log2(steps), np.log2(steps), g, o"),
            "that is the logarithm to base 2; the sigmoid wants the natural one, np.log.",
            "这是以 2 为底的对数；sigmoid 要的是自然对数 np.log。"),
        Mistake("chrono_base_10", parts("-np.log10(steps), np.log10(steps), g, o"),
            "that is the logarithm to base 10; the sigmoid wants the natural one, np.log.",
            "这是以 10 为底的对数；sigmoid 要的是自然对数 np.log。"),
        Mistake("chrono_steps_less_one", parts("-np.log(steps - 1), np.log(steps - 1), g, o"),
            "steps has been made smaller by 1; the 1 is in the range that it was drawn from "
            "already.",
            "steps 又减了 1；抽数的范围里已经考虑过这个 1。"),
        Mistake("chrono_wrong_parts", parts("i, f, -n, n"),
            "g and o were set; i and f stand first.",
            "设的是 g 和 o；i 和 f 排在最前面。"),
        Mistake("chrono_f_and_g", parts("i, -n, n, o"),
            "f and g were set; the order is i, f, g, o.",
            "设的是 f 和 g；顺序是 i、f、g、o。"),
        Mistake("chrono_order", parts("n, i, g, o"),
            "the order of the parts is i, f, g, o.",
            "各部分的顺序是 i、f、g、o。"),
        Mistake("chrono_two_parts", parts("-n, n"),
            "only i and f came back; asked for is the whole b (4H,).",
            "只返回了 i 和 f；要的是整个 b (4H,)。"),
        Mistake("chrono_alternating", parts("np.stack([-n, n], axis=1).ravel(), g, o"),
            "i and f alternate; each part is a block of H numbers.",
            "i 和 f 交错了；每个部分是 H 个数一整块。"),
        Slip("chrono_in_place", en="changed its argument", zh="改动了它的", body="""
H = len(steps)
b[:H] = -np.log(steps)
b[H : 2 * H] = np.log(steps)
return b
"""),
    ],
    "half_life": [
        Mistake("half_life_sign", (N, f"-{N}"),
            "the sign is turned: ln f is negative, ln ½ as well.",
            "符号反了：ln f 是负的，ln ½ 也是。"),
        Mistake("half_life_to_1_over_e", (N, "1 / np.logaddexp(0.0, -b_f)"),
            "after so many steps 1/e is left, not a half: ln 2 is missing.",
            "走这么多步之后剩下的是 1/e，不是一半：少了 ln 2。"),
        Mistake("half_life_time_constant", (N, "1 + np.exp(b_f)"),
            "1 / (1 − f) is about how long until 1/e is left; the half-life is −ln 2 / ln f.",
            "1 / (1 − f) 大约是剩下 1/e 所需的步数；半衰期是 −ln 2 / ln f。"),
        Mistake("half_life_time_constant_half", (N, "np.log(2) * (1 + np.exp(b_f))"),
            "ln 2 / (1 − f) is near for f close to 1; exact is −ln 2 / ln f.",
            "ln 2 / (1 − f) 只在 f 接近 1 时差不多；精确的是 −ln 2 / ln f。"),
        Mistake("half_life_of_f", (N, "-np.log(2) / np.log(b_f)"),
            "b_f was taken for f itself: f = σ(b_f).",
            "把 b_f 当成了 f：f = σ(b_f)。"),
        Mistake("half_life_f_tanh", (N, "-np.log(2) / np.log(np.tanh(b_f))"),
            "the forget gate went through the tanh: f = σ(b_f).",
            "遗忘门用了 tanh：f = σ(b_f)。"),
        Mistake("half_life_bias_turned", ("-b_f", "b_f"),
            "the sign of b_f is turned: f = 1 / (1 + e^−b_f).",
            "b_f 的符号反了：f = 1 / (1 + e^−b_f)。"),
        Mistake("half_life_upside_down", (N, "np.logaddexp(0.0, -b_f) / np.log(2)"),
            "it is the wrong way round: ln 2 on top, −ln f below.",
            "上下写反了：ln 2 在上，−ln f 在下。"),
        Mistake("half_life_mixed_logarithms", (N, f"{N} * np.log(2)"),
            "two logarithms are mixed: with log2 below, 1 must stand on top.",
            "两种对数混用了：下面用 log2，上面就得是 1。"),
        Mistake("half_life_rate", (N, "np.logaddexp(0.0, -b_f)"),
            "that is −ln f; the half-life is ln 2 divided by it.",
            "这是 −ln f；半衰期是 ln 2 除以它。"),
        Mistake("half_life_for_large_biases", (N, "np.log(2) * np.exp(b_f)"),
            "that is near for large biases only; exact is ln 2 / ln(1 + e^−b).",
            "这只在偏置很大时差不多；精确的是 ln 2 / ln(1 + e^−b)。"),
        Mistake("half_life_f", (N, "np.exp(-np.logaddexp(0.0, -b_f))"),
            "that is f; asked for is after how many steps half is left.",
            "这是 f；要的是走多少步之后剩下一半。"),
        Mistake("half_life_subtracts", (N, "0.5 * (1 + np.exp(b_f))"),
            "that takes the same piece away at each step; each step *multiplies* by f.",
            "这是每步减去同样一块；其实每步是**乘** f。"),
        Mistake("half_life_rounded_up", (N, f"np.ceil({N})"),
            "it is rounded up; half-lives need not be whole numbers.",
            "向上取整了；半衰期不必是整数。"),
        Mistake("half_life_rounded_down", (N, f"np.floor({N})"),
            "it is rounded down; half-lives need not be whole numbers.",
            "向下取整了；半衰期不必是整数。"),
        Slip("half_life_lost_in_rounding", (N, LOST), "σ(b) is rounded", "σ(b) 会被舍入"),
    ],
}
# fmt: on

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
