"""What exercise 04 asks: cell_step, cell_forward, truncated_backward, count_weights.

The tests come first and are the specification; below them stand the `…_slips`, what typical
mistakes would return. In the first case of a test some sizes are equal, so that mistakes run that
would otherwise stop with an error, and can be told by name.
"""

import numpy as np
import pytest

from lstm_lab.grading import compare, suspect

STEP = ("h", "c_new", "gates")
BACK = ("dc", "da_i", "da_g", "da_o")


def sigmoid(a):
    return 0.5 * (1 + np.tanh(a / 2))


@pytest.mark.points(2, task="cell_step", en="one cell a block", zh="每块一个单元")
def test_step_of_single_cells(submission, solution, rng):
    for B, K in [(3, 3), (2, 4), (1, 1)]:
        a, c = 2 * rng.normal(size=(B, 3 * K)), 2 * rng.normal(size=(B, K))
        got, want = submission.call("cell_step", a, c), solution.call("cell_step", a, c)
        compare(got, want.value, name=STEP, suspects=step_slips(a, c))


@pytest.mark.points(2, task="cell_step", en="several cells a block", zh="每块多个单元")
def test_step_of_blocks(submission, solution, rng):
    for B, K, H in [(4, 2, 4), (3, 2, 6), (2, 1, 3), (1, 3, 6)]:
        a, c = 2 * rng.normal(size=(B, H + 2 * K)), 2 * rng.normal(size=(B, H))
        got, want = submission.call("cell_step", a, c), solution.call("cell_step", a, c)
        compare(got, want.value, name=STEP, suspects=step_slips(a, c))


@pytest.mark.points(3, task="cell_forward", en="through the sequence", zh="走完序列")
def test_forward(submission, solution, rng):
    for T, B, I, K, H in [(4, 4, 3, 1, 3), (5, 3, 2, 2, 4), (1, 2, 3, 1, 1), (3, 1, 1, 2, 2)]:
        arguments = forward_arguments(rng, T, B, I, K, H)
        got = submission.call("cell_forward", "toy", *arguments)
        want = solution.call("cell_forward", "toy", *arguments).value
        compare(got, want, name=("h", "c"), suspects=forward_slips(*arguments))


@pytest.mark.points(2, task="truncated_backward", en="one cell a block", zh="每块一个单元")
def test_backward_of_single_cells(submission, solution, rng):
    for T, B, K in [(4, 3, 3), (6, 2, 1), (1, 2, 3)]:
        check_backward(submission, solution, back_arguments(rng, T, B, K, K))


@pytest.mark.points(2, task="truncated_backward", en="several cells a block", zh="每块多个单元")
def test_backward_of_blocks(submission, solution, rng):
    for T, B, K, H in [(4, 3, 2, 4), (5, 2, 3, 6), (3, 1, 1, 3)]:
        check_backward(submission, solution, back_arguments(rng, T, B, K, H))


@pytest.mark.points(1, task="count_weights", en="biases at the gates", zh="只有门带偏置")
def test_count_with_biased_gates(submission, solution, rng):
    check_counts(submission, solution, rng, [(7, 4, 1, 7), (7, 3, 2, 7)], "gates")


@pytest.mark.points(1, task="count_weights", en="biases everywhere", zh="全都带偏置")
def test_count_with_biases_everywhere(submission, solution, rng):
    check_counts(submission, solution, rng, [(2, 2, 2, 1), (8, 3, 2, 8)], "all")


def forward_arguments(rng, T, B, I, K, H):
    U = H + 2 * K
    shapes = [(T, B, I), (U, I + U + 1), (B, H), (B, H), (B, 2 * K)]
    return [rng.normal(size=shape) for shape in shapes]


def back_arguments(rng, T, B, K, H):
    dh, c, g = rng.normal(size=(3, T, B, H))
    i, o = rng.uniform(0.1, 0.9, size=(2, T, B, K))
    return dh, 2 * c, i, 2 * np.tanh(g), o


def check_backward(submission, solution, arguments):
    got = submission.call("truncated_backward", *arguments)
    want = solution.call("truncated_backward", *arguments).value
    compare(got, want, name=BACK, suspects=back_slips(*arguments))


def check_counts(submission, solution, rng, nets, bias):
    nets = [*nets, tuple(int(n) for n in rng.integers(3, 12, size=4))]
    for I, blocks, cells, O in nets:
        got = submission.call("count_weights", I, blocks, cells, O, bias)
        want = solution.call("count_weights", I, blocks, cells, O, bias).value
        want = float(want) if isinstance(got.value, float) else want
        compare(got, want, name="count_weights(…)", suspects=count_slips(I, blocks, cells, O, bias))


# --- what typical mistakes would return --------------------------------------------------


def step_as(
    a, c, *, share=np.repeat, i=sigmoid, o=sigmoid, g=None, write=None, show=None, order="igo"
):
    """One step with some of its parts replaced."""
    H = c.shape[1]
    K = (a.shape[1] - H) // 2
    widths = {"i": K, "g": H, "o": K}
    parts, at = {}, 0
    for name in order:
        parts[name] = a[:, at : at + widths[name]]
        at += widths[name]
    gate_i, gate_o = i(parts["i"]), o(parts["o"])

    def dealt(gate):
        return np.repeat(gate, H // K, axis=1) if share is np.repeat else np.tile(gate, H // K)

    block_input = (g or (lambda a: 2 * np.tanh(a / 2)))(parts["g"])
    c_new = (write or (lambda c, i, g: c + i * g))(c, dealt(gate_i), block_input)
    h = (show or (lambda o, c, old: o * np.tanh(c / 2)))(dealt(gate_o), c_new, c)
    return h, c_new, np.concatenate([gate_i, gate_o], axis=1)


def step_slips(a, c):
    H = c.shape[1]
    K = (a.shape[1] - H) // 2
    h, c_new, gates = step_as(a, c)
    i, o = gates[:, :K], gates[:, K:]
    doubled = np.repeat(gates, H // K, axis=1)

    def swapped(a):
        return step_as(a, c, order="ogi")

    slips = [
        suspect(
            step_as(a, c, order="iog"),
            en="the gates were read side by side; the order in `a` is input gates, cells, output "
            "gates.",
            zh="把两种门当成挨在一起的了；`a` 里的顺序是输入门、单元、输出门。",
        ),
        suspect(
            step_as(a, c, order="gio"),
            en="the cells were read first; the order in `a` is input gates, cells, output gates.",
            zh="先读的是单元；`a` 里的顺序是输入门、单元、输出门。",
        ),
        suspect(
            (swapped(a)[0], swapped(a)[1], np.concatenate([o, i], axis=1)),
            en="the input and output gates are swapped.",
            zh="输入门和输出门写反了。",
        ),
        suspect(
            swapped(a),
            en="the input and output gates are swapped.",
            zh="输入门和输出门写反了。",
        ),
    ]
    if K > 1:
        dealt_wrong = suspect(
            step_as(a, c, share=np.tile),
            en="the gates are dealt out in turn (`np.tile`); cells of a block are neighbours, so "
            "`np.repeat`.",
            zh="门是轮流发的（`np.tile`）；一块里的单元挨在一起，所以用 `np.repeat`。",
        )
        slips.append(dealt_wrong)
    for kwargs, en, zh in [
        (
            {"g": np.tanh, "show": lambda o, c, old: o * np.tanh(c)},
            "that is today's cell: in 1997 g was 2 tanh(a / 2), and h = o tanh(c' / 2).",
            "这是今天的单元：1997 年 g 是 2 tanh(a / 2)，h = o tanh(c' / 2)。",
        ),
        (
            {"g": np.tanh},
            "g is today's tanh(a); in 1997 it was 2 tanh(a / 2), between −2 and 2.",
            "g 用的是今天的 tanh(a)；1997 年是 2 tanh(a / 2)，在 −2 和 2 之间。",
        ),
        (
            {"g": lambda a: np.tanh(a / 2)},
            "g lacks its factor of 2: 2 tanh(a / 2).",
            "g 少了因子 2：2 tanh(a / 2)。",
        ),
        (
            {"g": lambda a: 2 * np.tanh(a)},
            "in g the half inside is missing: 2 tanh(a / 2).",
            "g 里面少了二分之一：2 tanh(a / 2)。",
        ),
        (
            {"g": sigmoid},
            "g went through the sigmoid; it is no gate, but 2 tanh(a / 2).",
            "g 用了 sigmoid；它不是门，是 2 tanh(a / 2)。",
        ),
        (
            {"g": lambda a: a},
            "g is not squashed: 2 tanh(a / 2).",
            "g 没有压缩：2 tanh(a / 2)。",
        ),
        (
            {"write": lambda c, i, g: i * g},
            "the old memory is lost: c' = c + i g.",
            "旧的记忆丢了：c' = c + i g。",
        ),
        (
            {"write": lambda c, i, g: c + g},
            "the input gate is not in c'.",
            "c' 里没有输入门。",
        ),
        (
            {"write": lambda c, i, g: (1 - i) * c + i * g},
            "something of the old memory is taken away; in 1997 nothing was forgotten: "
            "c' = c + i g.",
            "旧的记忆被拿走了一部分；1997 年什么都不忘：c' = c + i g。",
        ),
        (
            {"write": lambda c, i, g: i * (c + g)},
            "the input gate multiplies the old memory too; it is for g alone.",
            "输入门连旧的记忆也乘了；它只管 g。",
        ),
        (
            {"write": lambda c, i, g: i * c + g},
            "the input gate multiplies the old memory; it is for g.",
            "输入门乘到旧的记忆上了；它管的是 g。",
        ),
        (
            {"show": lambda o, c, old: o * np.tanh(c)},
            "h has today's tanh(c); in 1997 it was tanh(c / 2).",
            "h 里用的是今天的 tanh(c)；1997 年是 tanh(c / 2)。",
        ),
        (
            {"show": lambda o, c, old: o * c},
            "the memory is shown unsquashed: h = o tanh(c' / 2).",
            "记忆没有压缩就给出来了：h = o tanh(c' / 2)。",
        ),
        (
            {"show": lambda o, c, old: 2 * o * np.tanh(c / 2)},
            "the factor of 2 belongs to g, not to h: h = o tanh(c' / 2).",
            "因子 2 属于 g，不属于 h：h = o tanh(c' / 2)。",
        ),
        (
            {"show": lambda o, c, old: np.tanh(c / 2)},
            "the output gate is not in h.",
            "h 里没有输出门。",
        ),
        (
            {"show": lambda o, c, old: o * np.tanh(old / 2)},
            "h shows the old memory; it is made from c'.",
            "h 给出的是旧的记忆；它应当由 c' 得到。",
        ),
        (
            {"show": lambda o, c, old: np.tanh(o * c / 2)},
            "the output gate stands inside the tanh; h = o tanh(c' / 2).",
            "输出门写到 tanh 里面去了；h = o tanh(c' / 2)。",
        ),
        (
            {"show": lambda o, c, old: o * sigmoid(c)},
            "the memory is squashed by the sigmoid; h = o tanh(c' / 2).",
            "记忆用 sigmoid 压缩了；h = o tanh(c' / 2)。",
        ),
        (
            {"i": np.tanh, "o": np.tanh},
            "the gates went through the tanh; a gate is between 0 and 1: the sigmoid.",
            "门用了 tanh；门在 0 和 1 之间：用 sigmoid。",
        ),
        (
            {"i": lambda a: sigmoid(a / 2), "o": lambda a: sigmoid(a / 2)},
            "the gates have a half inside; only g and h have one, a gate is σ(a).",
            "门里多了二分之一；只有 g 和 h 里有，门就是 σ(a)。",
        ),
    ]:
        slips.append(suspect(step_as(a, c, **kwargs), en=en, zh=zh))
    shared = np.repeat(o, H // K, axis=1)
    kept = shared * c + (c_new - c)
    slips += [
        suspect(
            (shared * np.tanh(kept / 2), kept, gates),
            en="the output gate multiplies the old memory as a forget gate would; in 1997 nothing "
            "was forgotten: c' = c + i g.",
            zh="输出门像遗忘门一样乘到旧的记忆上了；1997 年什么都不忘：c' = c + i g。",
        ),
        suspect(
            np.stack([i, o]),
            part="gates",
            en="i and o are stacked on a new axis; put them side by side: "
            "`np.concatenate([i, o], axis=1)`.",
            zh="i 和 o 堆在了新的轴上；应当并排放：`np.concatenate([i, o], axis=1)`。",
        ),
        suspect(
            np.concatenate([o, i], axis=1),
            part="gates",
            en="the K input gates come first, then the K output gates.",
            zh="先是 K 个输入门，再是 K 个输出门。",
        ),
        suspect(
            (c_new, h, gates),
            en="the order is h, c_new, gates.",
            zh="顺序是 h、c_new、gates。",
        ),
        suspect(
            (h, c, gates),
            en="the old memory came back; asked for is c'.",
            zh="返回的是旧的记忆；要的是 c'。",
        ),
        suspect(
            a[:, np.r_[0:K, K + H : H + 2 * K]],
            part="gates",
            en="these are the gates before the sigmoid.",
            zh="这是还没经过 sigmoid 的门。",
        ),
    ]
    if H > K:
        slips += [
            suspect(
                doubled,
                part="gates",
                en="the gates are there once for each cell; asked for is each gate once, (B, 2K).",
                zh="每个单元都写了一遍门；每个门只要一次，(B, 2K)。",
            ),
            suspect(
                np.concatenate([np.tile(i, H // K), np.tile(o, H // K)], axis=1),
                part="gates",
                en="the gates are there once for each cell; asked for is each gate once, (B, 2K).",
                zh="每个单元都写了一遍门；每个门只要一次，(B, 2K)。",
            ),
        ]
    yield from slips


def toy(a, c):
    H = c.shape[1]
    K = (a.shape[1] - H) // 2
    c_new = c / 2 + a[:, K : K + H]
    return 2 * c_new, c_new, np.delete(a, np.s_[K : K + H], axis=1)


def walk(
    x, W, h, c, gates, *, step=toy, heard="xhg1", memory="c", keep=(), before=False, out="hcg"
):
    """Walk through a sequence, as somebody may write it.

    `heard` is the order of what goes into W, `memory` what the step is given as such; what is in
    `keep` is never renewed, `out` the order in which the step's results are taken.
    """
    start, h_all, c_all = {"h": h, "c": c, "g": gates}, [], []
    state = dict(start)
    K = gates.shape[1] // 2
    for x_t in x:
        parts = {
            "x": x_t,
            "h": state["h"],
            "g": state["g"],
            "c": state["c"],
            "1": np.ones((len(h), 1)),
            "0": np.zeros((len(h), 1)),
            "n": np.zeros_like(gates),
            "m": np.zeros_like(h),
            "s": np.roll(state["g"], K, axis=1),
        }
        if before:
            h_all.append(state["h"])
            c_all.append(state["c"])
        a = np.concatenate([parts[name] for name in heard], axis=1) @ W.T
        new = dict(zip(out, step(a, state[memory]), strict=True))
        if not before:
            h_all.append(new["h"])
            c_all.append(new["c"])
        state = {name: start[name] if name in keep else new[name] for name in new}
    return np.stack(h_all), np.stack(c_all)


def forward_slips(x, W, h, c, gates):
    T, B, I = x.shape
    right = walk(x, W, h, c, gates)
    slips = []
    for kwargs, en, zh in [
        (
            {"heard": "xhn1"},
            "the gates of the step before are not heard: they stand between h and the 1.",
            "没有听上一步的门：它们站在 h 和 1 之间。",
        ),
        (
            {"heard": "xmg1"},
            "h of the step before is not heard.",
            "没有听上一步的 h。",
        ),
        (
            {"heard": "xhg0"},
            "the bias is missing: the last column of W belongs to an input of 1.",
            "少了偏置：W 的最后一列对应一个等于 1 的输入。",
        ),
        (
            {"keep": "g"},
            "every step hears the gates from before the first step: carry the new ones on.",
            "每一步听的都是第一步之前的门：要把新的门带下去。",
        ),
        (
            {"keep": "h"},
            "every step hears h from before the first step: carry the new one on.",
            "每一步听的都是第一步之前的 h：要把新的 h 带下去。",
        ),
        (
            {"keep": "c"},
            "every step begins with the memory from before the first step: carry the new c on.",
            "每一步都从第一步之前的记忆开始：要把新的 c 带下去。",
        ),
        (
            {"keep": "hcg"},
            "every step begins with the state from before the first step: carry all three on.",
            "每一步都从第一步之前的状态开始：三样都要带下去。",
        ),
        (
            {"heard": "xcg1"},
            "the units hear the memory c; they hear h.",
            "听到的是记忆 c；应当是 h。",
        ),
        (
            {"heard": "hxg1"},
            "x and h stand in the wrong order: x first.",
            "x 和 h 的顺序反了：x 在前。",
        ),
        (
            {"heard": "xgh1"},
            "h and the gates stand in the wrong order: h first.",
            "h 和门的顺序反了：h 在前。",
        ),
        (
            {"heard": "1xhg"},
            "the 1 stands first; its column in W is the last.",
            "1 站在了最前面；它在 W 里是最后一列。",
        ),
        (
            {"heard": "xhs1"},
            "input and output gates are swapped among what is heard.",
            "听到的输入门和输出门写反了。",
        ),
        (
            {"keep": "hg"},
            "every step hears h and the gates from before the first step: carry the new ones on.",
            "每一步听的都是第一步之前的 h 和门：要把新的带下去。",
        ),
        (
            {"out": "chg"},
            "h and c trade places on the way out of the step: it is `h, c, gates = step(…)`.",
            "从 step 取回时 h 和 c 换了位置：应当是 `h, c, gates = step(…)`。",
        ),
        (
            {"memory": "h"},
            "the step is given h as its memory; it is `step(a, c)`.",
            "把 h 当作记忆交给了 step；应当是 `step(a, c)`。",
        ),
        (
            {"step": step_as},
            "your own cell_step was called; call the `step` that was passed.",
            "调用的是你自己的 cell_step；要调用传进来的 `step`。",
        ),
        (
            {"before": True},
            "these are the states *before* each step; asked for is after.",
            "这是每一步**之前**的状态；要的是之后。",
        ),
    ]:
        slips.append(suspect(walk(x, W, h, c, gates, **kwargs), en=en, zh=zh))
    slips += [
        suspect(
            walk(x[::-1], W, h, c, gates),
            en="the walk goes from the last step to the first.",
            zh="是从最后一步走到第一步的。",
        ),
        suspect(
            right[::-1],
            en="h and c are in the wrong order: first h, then c.",
            zh="h 和 c 的顺序反了：先 h，后 c。",
        ),
        suspect(
            (right[0][-1], right[1][-1]),
            en="only the last step came back; keep h and c of every step.",
            zh="只返回了最后一步；每一步的 h 和 c 都要留下。",
        ),
        suspect(
            (np.swapaxes(right[0], 0, 1), np.swapaxes(right[1], 0, 1)),
            en="batch and time are swapped: (T, B, H), time first.",
            zh="批和时间反了：应当是 (T, B, H)，时间在前。",
        ),
        suspect(
            (
                np.concatenate([h[None], right[0]]),
                np.concatenate([c[None], right[1]]),
            ),
            en="the state before the first step is in it too; asked for are the T states after "
            "each step.",
            zh="第一步之前的状态也放进去了；要的是每一步之后的 T 个状态。",
        ),
        suspect(
            (right[0], right[0]),
            en="h came back twice.",
            zh="h 返回了两次。",
        ),
    ]
    if T == B and h.shape[1] == I:
        across = suspect(
            walk(np.swapaxes(x, 0, 1), W, h, c, gates),
            en="the loop runs over the batch; time is the first axis of x.",
            zh="循环走的是批；x 的第一个轴才是时间。",
        )
        slips.append(across)
    yield from slips


def back_as(
    dh,
    c,
    i,
    g,
    o,
    *,
    slope=lambda c: (1 - np.tanh(c / 2) ** 2) / 2,
    add=lambda put: np.cumsum(put[::-1], axis=0)[::-1],
    gate=True,
    squeeze=lambda part: part.sum(axis=3),
    share=np.repeat,
    g_slope=lambda g: 1 - (g / 2) ** 2,
    i_slope=lambda i: i * (1 - i),
    shown=lambda c: np.tanh(c / 2),
    i_from=lambda dc, put, c, g: dc * g,
    g_from=lambda dc, put, i: dc * i,
    o_from=lambda dh, dc: dh,
):
    """The way back with some of its parts replaced."""
    T, B, H = dh.shape
    K = i.shape[2]
    n = H // K

    def dealt(gates):
        return np.repeat(gates, n, axis=2) if share is np.repeat else np.tile(gates, n)

    def collected(part):
        if share is np.repeat:
            return squeeze(part.reshape(T, B, K, n))
        return squeeze(np.swapaxes(part.reshape(T, B, n, K), 2, 3))

    put = dh * (dealt(o) if gate else 1) * slope(c)
    dc = add(put)
    return (
        dc,
        i_slope(i) * collected(i_from(dc, put, c, g)),
        g_from(dc, put, dealt(i)) * g_slope(g),
        i_slope(o) * collected(o_from(dh, dc) * shown(c)),
    )


def in_turn(part, K):
    """(T, B, H) -> (T, B, K), summed as if cells were dealt out to the blocks in turn."""
    T, B, H = part.shape
    return part.reshape(T, B, H // K, K).sum(axis=2)


def back_slips(dh, c, i, g, o):
    T, H = len(dh), dh.shape[2]
    K = i.shape[2]
    right = back_as(dh, c, i, g, o)
    slips = []
    if K < H:
        n = H // K
        if K > 1:
            slips.append(
                suspect(
                    back_as(dh, c, i, g, o, share=np.tile),
                    en="the gates are dealt out in turn; cells of a block are neighbours, so "
                    "`np.repeat`, and `.reshape(T, B, K, H // K)` for the sums.",
                    zh="门是轮流发的；一块里的单元挨在一起，所以用 `np.repeat`，"
                    "求和时用 `.reshape(T, B, K, H // K)`。",
                )
            )
        wide = (np.repeat(i, n, axis=2), np.repeat(o, n, axis=2))
        for part, value in [
            ("da_i", i * (1 - i) * in_turn(right[0] * g, K)),
            ("da_o", o * (1 - o) * in_turn(dh * np.tanh(c / 2), K)),
        ]:
            slips.append(
                suspect(
                    value,
                    part=part,
                    en="the wrong cells are summed: those of a block are neighbours, so "
                    "`.reshape(T, B, K, H // K)` and the sum over the last axis.",
                    zh="加错了单元：一块里的单元挨在一起，所以是 `.reshape(T, B, K, H // K)`，"
                    "再对最后一个轴求和。",
                )
            )
        for part, value in [
            ("da_i", wide[0] * (1 - wide[0]) * right[0] * g),
            ("da_o", wide[1] * (1 - wide[1]) * dh * np.tanh(c / 2)),
        ]:
            slips.append(
                suspect(
                    value,
                    part=part,
                    en="that is one number for each cell; a gate serves its whole block, so sum "
                    "over the block's cells.",
                    zh="这是每个单元一个数；一个门管整块，所以要把块里的单元加起来。",
                )
            )
    for squeeze, en, zh in [
        (
            lambda part: part.mean(axis=3),
            "that is the mean over the block; a gradient is the sum.",
            "这是对块取平均；梯度是求和。",
        ),
        (
            lambda part: part[..., 0],
            "only the first cell of each block is in it; the gate collects from all.",
            "里面只有每块的第一个单元；门要从所有单元收集。",
        ),
        (
            lambda part: part.sum(axis=(2, 3))[..., None],
            "all cells of all blocks are summed; a gate collects from its own block.",
            "把所有块的所有单元都加起来了；门只从自己那一块收集。",
        ),
    ]:
        wrong = back_as(dh, c, i, g, o, squeeze=squeeze)
        slips += [
            suspect(wrong[1], part="da_i", en=en, zh=zh),
            suspect(wrong[3], part="da_o", en=en, zh=zh),
        ]
    for kwargs, en, zh in [
        (
            {"add": lambda put: np.cumsum(put, axis=0)},
            "the sum runs from the first step on; dc[t] holds this and all *later* steps: begin at "
            "the end.",
            "求和是从第一步开始的；dc[t] 里是这一步和**之后**各步：要从末尾开始。",
        ),
        (
            {"add": lambda put: np.cumsum(put[:, ::-1], axis=1)[:, ::-1]},
            "the sum runs over the batch; time is the first axis.",
            "求和走的是批；时间是第一个轴。",
        ),
        (
            {"add": lambda put: put},
            "nothing comes back along the carousel: dc[t] is what step t puts on it plus "
            "dc[t + 1].",
            "传送带上什么也没传回来：dc[t] 是第 t 步放上去的，加上 dc[t + 1]。",
        ),
        (
            {"add": lambda put: np.cumsum(put[::-1], axis=0)},
            "dc is turned round in time.",
            "dc 在时间上倒过来了。",
        ),
        (
            {"add": lambda put: np.cumsum(put[::-1], axis=0)[::-1] - put},
            "dc[t] holds only what comes from later; add what step t itself puts on.",
            "dc[t] 里只有后面传来的；还要加上第 t 步自己放上去的。",
        ),
        (
            {"add": lambda put: np.broadcast_to(put.sum(axis=0), put.shape)},
            "every step has the sum of all steps; dc[t] holds only this one and later ones.",
            "每一步都是所有步的总和；dc[t] 里只有这一步和之后的。",
        ),
        (
            {"slope": lambda c: 1 - np.tanh(c / 2) ** 2},
            "the half is missing in the slope of tanh(c / 2).",
            "tanh(c / 2) 的斜率里少了二分之一。",
        ),
        (
            {"slope": lambda c: 1 - np.tanh(c) ** 2},
            "that is the slope of today's tanh(c); here it is that of tanh(c / 2).",
            "这是今天的 tanh(c) 的斜率；这里是 tanh(c / 2) 的。",
        ),
        (
            {"slope": lambda c: 1 - c**2},
            "c is the memory before the tanh: the slope needs np.tanh(c / 2).",
            "c 是进 tanh 之前的记忆：斜率里要用 np.tanh(c / 2)。",
        ),
        (
            {"slope": lambda c: 1.0},
            "the slope of tanh(c / 2) is not in dc.",
            "dc 里没有 tanh(c / 2) 的斜率。",
        ),
        (
            {"add": lambda put: np.cumsum(put[::-1], axis=0)[::-1] + dh},
            "dh itself stands on the carousel too; it gets there only through o and the slope of "
            "tanh(c / 2).",
            "dh 本身也放到传送带上了；它只有经过 o 和 tanh(c / 2) 的斜率才到得了那里。",
        ),
        (
            {"gate": False},
            "the output gate is not in dc: what reaches the memory has come through o.",
            "dc 里没有输出门：到达记忆的量要先经过 o。",
        ),
    ]:
        wrong = back_as(dh, c, i, g, o, **kwargs)
        slips += [suspect(wrong, en=en, zh=zh), suspect(wrong[0], part="dc", en=en, zh=zh)]
    through = np.zeros_like(dh)
    later = np.zeros_like(dh[0])
    put = dh * np.repeat(o, H // K, axis=2) * (1 - np.tanh(c / 2) ** 2) / 2
    for t in reversed(range(T)):
        through[t] = put[t] + later
        later = through[t] * np.repeat(i[t], H // K, axis=1)
    faded = np.zeros_like(dh)
    later = np.zeros_like(dh[0])
    for t in reversed(range(T)):
        faded[t] = put[t] + later
        later = faded[t] * (1 - np.repeat(i[t], H // K, axis=1))
    slips.append(
        suspect(
            faded,
            part="dc",
            en="dc fades by 1 − i from step to step, as if there were a forget gate; along the "
            "carousel the factor is exactly 1.",
            zh="dc 每一步乘了 1 − i，好像有遗忘门似的；沿着传送带，因子恰好是 1。",
        )
    )
    slips.append(
        suspect(
            through,
            part="dc",
            en="something multiplies dc between two steps; along the carousel the factor is "
            "exactly 1.",
            zh="两步之间有什么乘在 dc 上了；沿着传送带，因子恰好是 1。",
        )
    )
    for part, kwargs, en, zh in [
        (
            "da_g",
            {"g_slope": lambda g: 1 - g**2},
            "that is today's slope; g = 2 tanh(a / 2) has 1 − (g / 2)².",
            "这是今天的斜率；g = 2 tanh(a / 2) 的是 1 − (g / 2)²。",
        ),
        (
            "da_g",
            {"g_slope": lambda g: (1 - (g / 2) ** 2) / 2},
            "there is a half too much: in the slope of 2 tanh(a / 2) the 2 and the half cancel.",
            "多了一个二分之一：2 tanh(a / 2) 的斜率里，2 和二分之一抵消了。",
        ),
        (
            "da_g",
            {"g_slope": lambda g: 2 * (1 - (g / 2) ** 2)},
            "there is a 2 too much: in the slope of 2 tanh(a / 2) the 2 and the half cancel.",
            "多了一个 2：2 tanh(a / 2) 的斜率里，2 和二分之一抵消了。",
        ),
        (
            "da_g",
            {"g_slope": lambda g: 1 - g / 2},
            "the square is missing: 1 − (g / 2)².",
            "少了平方：1 − (g / 2)²。",
        ),
        (
            "da_g",
            {"g_slope": lambda g: 1 - np.tanh(g / 2) ** 2},
            "g has been through the tanh already: 1 − (g / 2)², without another tanh.",
            "g 已经是 tanh 的输出：1 − (g / 2)²，不要再取一次 tanh。",
        ),
        (
            "da_g",
            {"g_from": lambda dc, put, i: dh * np.repeat(o, H // K, axis=2) * i},
            "that hangs on dh; g reached the loss through the memory, so it hangs on dc.",
            "用的是 dh；g 是经过记忆到达损失的，所以看的是 dc。",
        ),
        (
            "da_g",
            {"g_slope": lambda g: 1.0},
            "the slope of g is not in it.",
            "里面没有 g 的斜率。",
        ),
        (
            "da_g",
            {"g_from": lambda dc, put, i: dc},
            "the input gate is not in it: g reached the memory through i.",
            "里面没有输入门：g 是经过 i 到达记忆的。",
        ),
        (
            "da_g",
            {"g_from": lambda dc, put, i: put * i},
            "only what its own step puts on is in it; use dc, which holds all later steps too.",
            "里面只有本步放上去的；要用 dc，它还含着之后各步的。",
        ),
        (
            "da_i",
            {"i_from": lambda dc, put, c, g: put * g},
            "only what its own step puts on is in it; use dc, which holds all later steps too.",
            "里面只有本步放上去的；要用 dc，它还含着之后各步的。",
        ),
        (
            "da_i",
            {"i_slope": lambda i: 1.0},
            "the slope of the sigmoid, i(1 − i), is not in it.",
            "里面没有 sigmoid 的斜率 i(1 − i)。",
        ),
        (
            "da_i",
            {"i_slope": lambda i: 1 - i**2},
            "the slope of the tanh was taken; that of a gate is i(1 − i).",
            "用了 tanh 的斜率；门的斜率是 i(1 − i)。",
        ),
        (
            "da_i",
            {"i_from": lambda dc, put, c, g: dc * c},
            "the input gate multiplied g, not c.",
            "输入门乘的是 g，不是 c。",
        ),
        (
            "da_i",
            {"i_from": lambda dc, put, c, g: dc},
            "g is missing: the input gate multiplied it.",
            "少了 g：输入门乘的就是它。",
        ),
        (
            "da_i",
            {"i_from": lambda dc, put, c, g: dc * np.tanh(c / 2)},
            "the input gate multiplied g; tanh(c / 2) belongs to the output gate.",
            "输入门乘的是 g；tanh(c / 2) 属于输出门。",
        ),
        (
            "da_i",
            {"i_from": lambda dc, put, c, g: dh * g},
            "that hangs on dh; the input gate acts before the memory, so it hangs on dc.",
            "用的是 dh；输入门在记忆之前起作用，所以看的是 dc。",
        ),
        (
            "da_o",
            {"o_from": lambda dh, dc: put},
            "that hangs on what was put on the carousel; the output gate acts after the memory, "
            "so it hangs on dh alone.",
            "用的是放上传送带的量；输出门在记忆之后起作用，所以只看 dh。",
        ),
        (
            "da_o",
            {"o_from": lambda dh, dc: dc},
            "that hangs on dc; the output gate acts after the memory, so it hangs on dh.",
            "用的是 dc；输出门在记忆之后起作用，所以看的是 dh。",
        ),
        (
            "da_o",
            {"shown": lambda c: c},
            "the output gate multiplied tanh(c / 2), not c.",
            "输出门乘的是 tanh(c / 2)，不是 c。",
        ),
        (
            "da_o",
            {"shown": np.tanh},
            "that has today's tanh(c); here it is tanh(c / 2).",
            "用的是今天的 tanh(c)；这里是 tanh(c / 2)。",
        ),
        (
            "da_o",
            {"shown": lambda c: 1.0},
            "tanh(c / 2) is missing: the output gate multiplied it.",
            "少了 tanh(c / 2)：输出门乘的就是它。",
        ),
        (
            "da_o",
            {"i_slope": lambda i: 1.0},
            "the slope of the sigmoid, o(1 − o), is not in it.",
            "里面没有 sigmoid 的斜率 o(1 − o)。",
        ),
        (
            "da_o",
            {"i_slope": lambda i: 1 - i**2},
            "the slope of the tanh was taken; that of a gate is o(1 − o).",
            "用了 tanh 的斜率；门的斜率是 o(1 − o)。",
        ),
    ]:
        wrong = back_as(dh, c, i, g, o, **kwargs)[BACK.index(part)]
        slips.append(suspect(wrong, part=part, en=en, zh=zh))
    slips.append(
        suspect(
            (right[0], right[2], right[1], right[3]),
            en="the order is dc, da_i, da_g, da_o.",
            zh="顺序是 dc、da_i、da_g、da_o。",
        )
    )
    yield from slips


GATES_FOR_EACH_CELL = {
    "en": "there are two gates for each cell in it; there are two for each *block*: "
    "U = H + 2 · blocks.",
    "zh": "这是每个单元两个门；其实是每**块**两个：U = H + 2 · 块数。",
}
ONE_GATE = {
    "en": "each block has two gates, an input gate and an output gate.",
    "zh": "每块有两个门，一个输入门，一个输出门。",
}
FORGET_GATE = {
    "en": "there is a forget gate in it; in 1997 there were two gates a block.",
    "zh": "里面算进了遗忘门；1997 年每块只有两个门。",
}


def count_slips(I, blocks, cells, O, bias):
    H = blocks * cells
    U = H + 2 * blocks
    biases = {"gates": 2 * blocks, "all": U + O}[bias]
    other = {"gates": U + O, "all": 2 * blocks}[bias]
    slips = [
        suspect(
            U * (I + U) + O * H + other,
            en='the biases are those of the other case: "gates" means 2 a block, "all" means '
            "U + O.",
            zh="偏置是另一种情况的：“gates” 是每块 2 个，“all” 是 U + O 个。",
        ),
        suspect(
            U * (I + U) + O * H,
            en="the biases are missing.",
            zh="少了偏置。",
        ),
        suspect(
            U * (I + H) + O * H + biases,
            en="in this network the units hear the gates too: U (I + U).",
            zh="在这个网络里，单元也听门：U (I + U)。",
        ),
        suspect(
            U * (I + U) + O * U + biases,
            en="the outputs hear the H cells only, not the gates.",
            zh="输出只听 H 个记忆单元，不听门。",
        ),
        suspect(
            U * (I + U) + O * blocks + biases,
            en="the outputs hear every cell: H = blocks · cells.",
            zh="输出听每一个单元：H = 块数 · 每块单元数。",
        ),
        suspect(
            U * (I + U) + O * cells + biases,
            en="the outputs hear every cell of every block: H = blocks · cells.",
            zh="输出听每一块的每一个单元：H = 块数 · 每块单元数。",
        ),
        suspect(
            4 * H * (I + H + 1),
            en="that is the count of today's LSTM, with a forget gate and without blocks.",
            zh="这是今天的 LSTM 的数目，有遗忘门，没有块。",
        ),
        suspect(
            4 * H * (I + H + 1) + O * (H + 1),
            en="that is the count of today's LSTM, with a forget gate and without blocks.",
            zh="这是今天的 LSTM 的数目，有遗忘门，没有块。",
        ),
        suspect(
            U * (I + U - 1) + O * H + biases,
            en="every unit hears itself too, one step later: U (I + U).",
            zh="每个单元也听一步之前的自己：U (I + U)。",
        ),
        suspect(
            U * I + O * H + biases,
            en="the weights between the units, U · U, are missing.",
            zh="少了单元之间的权重 U · U。",
        ),
        suspect(
            H * (I + U) + O * H + biases,
            en="the gates hear inputs and units too: U (I + U), not H (I + U).",
            zh="门也听输入和单元：是 U (I + U)，不是 H (I + U)。",
        ),
        suspect(
            U * (I + U) + O * (H + I) + biases,
            en="the outputs hear the cells only; no arrow leads from the inputs straight to them.",
            zh="输出只听记忆单元；没有从输入直通输出的箭头。",
        ),
        suspect(
            U * (I + U) + biases,
            en="the weights of the outputs, O · H, are missing.",
            zh="少了输出的权重 O · H。",
        ),
    ]
    for units, gates, wrong in [
        (3 * H, 2 * H, GATES_FOR_EACH_CELL),
        (H + blocks, blocks, ONE_GATE),
        (H + 3 * blocks, 3 * blocks, FORGET_GATE),
    ]:
        if units != U:
            slips += [
                suspect(units * (I + units) + O * H + b, **wrong)
                for b in ({gates, 2 * blocks} if bias == "gates" else {units + O})
            ]
    if cells != H:
        few = cells + 2 * blocks
        slips.append(
            suspect(
                few * (I + few) + O * cells + (few + O if bias == "all" else 2 * blocks),
                en="`cells` is the number in each block; in all there are H = blocks · cells.",
                zh="`cells` 是每块里的单元数；一共有 H = 块数 · 每块单元数。",
            )
        )
    if bias == "all":
        slips.append(
            suspect(
                U * (I + U) + O * H + U,
                en='with "all" the output units have a bias too.',
                zh="“all” 时，输出单元也带偏置。",
            )
        )
    else:
        slips.append(
            suspect(
                U * (I + U) + O * H + blocks,
                en="each block has two gates, so two biases.",
                zh="每块有两个门，所以有两个偏置。",
            )
        )
    yield from slips
