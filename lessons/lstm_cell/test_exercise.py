"""What exercise 05 asks: lstm_step, lstm_forward, to_separate, count_parameters, chrono_bias,
half_life.

The tests come first and are the specification; below them stand the `…_slips`, what typical
mistakes would return. In the first case of a test some sizes are equal, so that mistakes run that
would otherwise stop with an error, and can be told by name.
"""

import numpy as np
import pytest

from lstm_lab.grading import Feedback, compare, suspect

HALF = np.log(2)


def sigmoid(a):
    return 0.5 * (1 + np.tanh(a / 2))


@pytest.mark.points(3, task="lstm_step", en="one step", zh="一步")
def test_step(submission, solution, rng):
    for B, I, H in [(4, 4, 4), (3, 2, 4), (1, 5, 2), (4, 1, 1)]:
        arguments = step_arguments(rng, B, I, H)
        got, want = submission.call("lstm_step", *arguments), solution.call("lstm_step", *arguments)
        compare(got, want.value, name=("h", "c"), suspects=step_slips(*arguments))


@pytest.mark.points(1, task="lstm_step", en="huge numbers", zh="很大的数")
def test_step_with_huge_numbers(submission, solution, rng):
    # Sums in the thousands. Units 0 and 1 hear b alone, 2 x, 3 h, 4 both: what is left out shows.
    H = 5
    arguments = step_arguments(rng, B=6, I=2, H=H, scale=100.0)
    W_x, W_h, b = (part.reshape(4, H, -1) for part in arguments[3:])  # views, (4, H, …)
    W_x[:, [0, 1, 3]], W_h[:, :3], b[:, 2:] = 0.0, 0.0, 0.0
    signs = np.array(
        [[1, -1, -1, 1], [1, 1, -1, 1]]
    )  # open or shut, so that c is overwritten; kept
    b[:, :2, 0] = (signs * rng.uniform(100, 300, size=(2, 4))).T
    got, want = submission.call("lstm_step", *arguments), solution.call("lstm_step", *arguments)
    compare(got, want.value, name=("h", "c"), suspects=step_slips(*arguments))
    quiet_only(got)


@pytest.mark.points(2, task="lstm_forward", en="sequences of full length", zh="不带填充的序列")
def test_forward_of_full_sequences(submission, solution, rng):
    for T, B, H in [(4, 4, 3), (5, 3, 2), (1, 2, 3), (4, 1, 2)]:
        check_forward(submission, solution, rng, T, B, H, np.full(B, T))


@pytest.mark.points(2, task="lstm_forward", en="padded sequences", zh="带填充的序列")
def test_forward_of_padded_sequences(submission, solution, rng):
    for T, B, H in [(6, 4, 2), (3, 2, 1)]:
        lengths = np.array([2, T, 1, *rng.integers(1, T + 1, size=B)][:B])
        check_forward(submission, solution, rng, T, B, H, lengths)


@pytest.mark.points(3, task="to_separate", en="rows and columns", zh="行和列")
def test_to_separate(submission, solution, rng):
    for I, H in [(2, 5), (3, 3), (4, 1), (1, 2)]:
        W, b = rng.normal(size=(4 * H, H + I)), rng.normal(size=4 * H)
        got = submission.call("to_separate", W, b)
        want = solution.call("to_separate", W, b).value
        compare(got, want, name=("W_x", "W_h", "b"), suspects=separate_slips(W, b))


@pytest.mark.points(1, task="count_parameters", en="one layer", zh="一层")
def test_count_of_one_layer(submission, solution, rng):
    check_counts(submission, solution, rng, [(3, 5, 1, 1), (7, 4, 1, 2)], layers=1)


@pytest.mark.points(1, task="count_parameters", en="several layers", zh="多层")
def test_count_of_several_layers(submission, solution, rng):
    check_counts(submission, solution, rng, [(2, 7, 2, 2), (9, 4, 3, 1)], layers=4)


@pytest.mark.points(2, task="chrono_bias", en="forget and input gate", zh="遗忘门和输入门")
def test_chrono_bias(submission, solution, rng):
    for H in (4, 1, 7):
        b, steps = rng.normal(size=4 * H), rng.uniform(1.5, 99, size=H)
        got = submission.call("chrono_bias", b, steps)
        want = solution.call("chrono_bias", b, steps).value
        compare(got, want, name="chrono_bias(…)", suspects=chrono_slips(b, steps))


@pytest.mark.points(2, task="half_life", en="ordinary biases", zh="普通的偏置")
def test_half_life(submission, solution, rng):
    for shape in [(4,), (2, 3), (1,)]:
        b_f = rng.uniform(-3, 5, size=shape)
        got = submission.call("half_life", b_f)
        want = solution.call("half_life", b_f).value
        compare(got, want, name="half_life(…)", suspects=half_life_slips(b_f))


@pytest.mark.points(1, task="half_life", en="large biases", zh="很大的偏置")
def test_half_life_of_large_biases(submission, solution, rng):
    b_f = np.array([0.5, *rng.uniform(20, 45, size=3)])
    got = submission.call("half_life", b_f)
    want = solution.call("half_life", b_f).value
    slips = [rounded(b_f, got.value, want), *half_life_slips(b_f)]
    compare(got, want, name="half_life(…)", suspects=[one for one in slips if one])


def step_arguments(rng, B, I, H, scale=1.0):
    shapes = [(B, I), (B, H), (B, H), (4 * H, I), (4 * H, H), (4 * H,)]
    return [scale * rng.normal(size=shape) for shape in shapes]


def quiet_only(got):
    if got.warnings:
        raise Feedback(
            en=f"The values are right, but NumPy warned: “{got.warnings[0]}”. In the sigmoid e is "
            "raised to a large power; `0.5 * (1 + np.tanh(a / 2))` is the same and takes any "
            "number quietly.",
            zh=f"数值是对的，但 NumPy 发出了警告：“{got.warnings[0]}”。"
            "sigmoid 里 e 的次方太大了；`0.5 * (1 + np.tanh(a / 2))` 和它相等，"
            "多大的数都能平静地处理。",
        )


def check_forward(submission, solution, rng, T, B, H, lengths):
    x, (h, c) = rng.normal(size=(T, B, H)), rng.normal(size=(2, B, H))
    got = submission.call("lstm_forward", "toy", x, h, c, lengths)
    want = solution.call("lstm_forward", "toy", x, h, c, lengths).value
    compare(got, want, name=("h", "c"), suspects=forward_slips(x, h, c, lengths))


def check_counts(submission, solution, rng, nets, layers):
    I, H = (int(n) for n in rng.integers(3, 12, size=2))
    for net in [*nets, (I, H, layers, 2), (I, H, layers, 1)]:
        got = submission.call("count_parameters", *net)
        want = solution.call("count_parameters", *net).value
        want = float(want) if isinstance(got.value, float) else want
        compare(got, want, name="count_parameters(…)", suspects=count_slips(*net))


# --- what typical mistakes would return --------------------------------------------------


def step_as(x, h, c, W_x, W_h, b, *, order="ifgo", squash=None, write=None, show=None):
    """One step with some of its parts replaced."""
    H = h.shape[1]
    a = x @ W_x.T + h @ W_h.T + b
    part = {name: a[:, k * H : (k + 1) * H] for k, name in enumerate(order)}
    squash = {"i": sigmoid, "f": sigmoid, "g": np.tanh, "o": sigmoid} | (squash or {})
    i, f, g, o = (squash[name](part[name]) for name in "ifgo")
    c_new = write(i, f, g, o, c) if write else f * c + i * g
    return show(o, c_new, c) if show else o * np.tanh(c_new), c_new


def step_slips(x, h, c, W_x, W_h, b):
    given = x, h, c, W_x, W_h, b
    right = step_as(*given)
    slips = [
        suspect(
            step_as(*given, order=order),
            en=f"the parts were read in the order {', '.join(order)}; in PyTorch it is i, f, g, o.",
            zh=f"各部分是按 {'、'.join(order)} 的顺序读的；PyTorch 是 i、f、g、o。",
        )
        for order in ["ifog", "fiog", "iogf", "gifo", "oifg", "fgio", "igfo", "ofig", "ofgi"]
    ]
    for kwargs, en, zh in [
        (
            {"order": "figo"},
            "i and f have traded places: the order is i, f, g, o (many books write f first), and "
            "f multiplies the old memory, i what is new.",
            "i 和 f 换了位置：顺序是 i、f、g、o（许多书把 f 写在前面）；f 乘旧的记忆，i 乘新的。",
        ),
        (
            {"squash": {"g": sigmoid}},
            "g went through the sigmoid; it is no gate: g = tanh(a_g).",
            "g 用了 sigmoid；它不是门：g = tanh(a_g)。",
        ),
        (
            {"squash": {"g": lambda a: a}},
            "g is not squashed: g = tanh(a_g).",
            "g 没有压缩：g = tanh(a_g)。",
        ),
        (
            {"squash": dict.fromkeys("ifo", lambda a: a)},
            "the gates are not squashed: a gate is σ(a), between 0 and 1.",
            "门没有压缩：门是 σ(a)，在 0 和 1 之间。",
        ),
        (
            {"squash": {"f": lambda a: sigmoid(a + 1)}},
            "1 is added to a_f; a forget bias of 1 belongs into b, before training.",
            "a_f 又加了 1；遗忘偏置 1 应当在训练之前放进 b 里。",
        ),
        (
            {"squash": dict.fromkeys("ifo", np.tanh)},
            "the gates went through the tanh; a gate is between 0 and 1: the sigmoid.",
            "门用了 tanh；门在 0 和 1 之间：用 sigmoid。",
        ),
        (
            {"squash": dict.fromkeys("ifo", lambda a: sigmoid(-a))},
            "the sigmoid has a sign wrong: it is 1 / (1 + e^−a).",
            "sigmoid 里有个符号反了：是 1 / (1 + e^−a)。",
        ),
        (
            {"show": lambda o, c, old: o * c},
            "the tanh around c is missing: h' = o tanh(c').",
            "c 外面少了 tanh：h' = o tanh(c')。",
        ),
        (
            {"show": lambda o, c, old: o * np.tanh(old)},
            "h is made from the old c; it comes from the new one.",
            "h 是由旧的 c 得到的；应当用新的。",
        ),
        (
            {"show": lambda o, c, old: np.tanh(c)},
            "the output gate is not in h.",
            "h 里没有输出门。",
        ),
        (
            {"show": lambda o, c, old: np.tanh(o * c)},
            "the output gate stands inside the tanh: h' = o tanh(c').",
            "输出门写到 tanh 里面去了：h' = o tanh(c')。",
        ),
        (
            {"show": lambda o, c, old: o * sigmoid(c)},
            "c is squashed by the sigmoid: h' = o tanh(c').",
            "c 用 sigmoid 压缩了：h' = o tanh(c')。",
        ),
        (
            {"write": lambda i, f, g, o, c: f * c + g},
            "the input gate is not in c'.",
            "c' 里没有输入门。",
        ),
        (
            {"write": lambda i, f, g, o, c: c + i * g},
            "the forget gate is not in c': that is the cell of 1997.",
            "c' 里没有遗忘门：这是 1997 年的单元。",
        ),
        (
            {"write": lambda i, f, g, o, c: i * g},
            "the old memory is lost: c' = f c + i g.",
            "旧的记忆丢了：c' = f c + i g。",
        ),
        (
            {"write": lambda i, f, g, o, c: (1 - f) * c + i * g},
            "f was taken for what goes; it is what *stays*: c' = f c + i g.",
            "把 f 当成了丢掉的部分；它是**留下**的部分：c' = f c + i g。",
        ),
        (
            {"write": lambda i, f, g, o, c: f * c + (1 - f) * g},
            "1 − f stands where the input gate belongs (that couples the two gates).",
            "该写输入门的地方写了 1 − f（那样两个门就绑在一起了）。",
        ),
        (
            {"write": lambda i, f, g, o, c: (1 - i) * c + i * g},
            "1 − i stands where the forget gate belongs (that couples the two gates).",
            "该写遗忘门的地方写了 1 − i（那样两个门就绑在一起了）。",
        ),
        (
            {"write": lambda i, f, g, o, c: f * (c + i * g)},
            "the forget gate multiplies what is new too: c' = f c + i g.",
            "遗忘门连新的也乘了：c' = f c + i g。",
        ),
        (
            {"write": lambda i, f, g, o, c: np.tanh(f * c + i * g)},
            "c' itself is squashed; the tanh is for h only.",
            "c' 本身被压缩了；tanh 只用在 h 上。",
        ),
        (
            {"write": lambda i, f, g, o, c: f * h + i * g},
            "f multiplies h; it multiplies the old memory c.",
            "f 乘的是 h；它乘的是旧的记忆 c。",
        ),
        (
            {"write": lambda i, f, g, o, c: (f * c) * (i * g)},
            "the two shares are multiplied; they add: c' = f c + i g.",
            "两份乘在一起了；应当相加：c' = f c + i g。",
        ),
    ]:
        slips.append(suspect(step_as(*given, **kwargs), en=en, zh=zh))
    slips += [
        suspect(
            step_as(x, h, c, W_x, W_h, 0 * b),
            en="the bias is missing.",
            zh="少了偏置。",
        ),
        suspect(
            step_as(x, h, c, W_x, W_h, 2 * b),
            en="the bias is added twice: once is enough.",
            zh="偏置加了两次：一次就够。",
        ),
        suspect(
            step_as(x, h, c, W_x, 0 * W_h, b),
            en="h @ W_h.T is missing: the gates hear the old state too.",
            zh="少了 h @ W_h.T：门也听旧的状态。",
        ),
        suspect(
            step_as(x, c, c, W_x, W_h, b),
            en="the gates hear c; in this cell they hear h.",
            zh="门听的是 c；在这个单元里，它们听 h。",
        ),
        suspect(
            right[::-1],
            en="c and h are in the wrong order: return h, then c.",
            zh="c 和 h 的顺序反了：先返回 h，再返回 c。",
        ),
        suspect(
            (right[0], c),
            en="the old c came back; asked for is the new one.",
            zh="返回的是旧的 c；要的是新的。",
        ),
    ]
    H = h.shape[1]
    if H > 1:
        dealt = np.arange(4 * H).reshape(H, 4).T.ravel()
        slips.append(
            suspect(
                step_as(x, h, c, W_x[dealt], W_h[dealt], b[dealt]),
                en="the parts were taken in turn, every fourth row; each part is a block of H "
                "rows.",
                zh="各部分是每四行取一行的；每个部分是 H 行一整块。",
            )
        )
    if x.shape[1] == h.shape[1]:
        crossed = suspect(
            step_as(h, x, c, W_x, W_h, b),
            en="W_x and W_h have traded places: W_x belongs to x.",
            zh="W_x 和 W_h 换了位置：W_x 属于 x。",
        )
        slips.append(crossed)
    yield from slips


def walk(
    x,
    h,
    c,
    alive,
    *,
    keep=(),
    past="frozen",
    renew="hc",
    memory="c",
    heard="h",
    out="hc",
    swap=False,
    shown_new=False,
):
    """Walk through a sequence with the toy step, as somebody may write it.

    What is in `keep` is never renewed, what is not in `renew` never freezes; the step is given
    `memory` and `heard` as its c and h (`swap`: x as its h), and returns what `out` says.
    """
    start, states = {"h": h, "c": c}, []
    state = dict(start)
    for x_t, now in zip(x, alive, strict=True):
        entry, other = (state[heard], x_t) if swap else (x_t, state[heard])
        c_new = state[memory] / 2 + 3 * entry + other
        new = dict(zip(out, (2 * c_new, c_new), strict=True))
        past_end = {"frozen": state, "zero": {"h": 0 * h, "c": 0 * c}}[past]
        shown = {
            name: np.where(now[:, None], new[name], past_end[name]) if name in renew else new[name]
            for name in "hc"
        }
        states.append((new["h"], new["c"]) if shown_new else (shown["h"], shown["c"]))
        state = {name: start[name] if name in keep else shown[name] for name in "hc"}
    return tuple(np.stack(part) for part in zip(*states, strict=True))


def forward_slips(x, h, c, lengths):
    T, B, _ = x.shape
    t = np.arange(T)[:, None]
    alive, always = t < lengths, np.ones((T, B), bool)
    right = walk(x, h, c, alive)
    before = [
        np.concatenate([part[None], out[:-1]]) for part, out in zip((h, c), right, strict=True)
    ]
    slips = [
        suspect(
            walk(x, h, c, always),
            en="padding is read like real entries: past its end a sequence keeps its state (is "
            "lengths used?).",
            zh="填充被当成真的读了：序列结束以后状态不变（用到 lengths 了吗？）。",
        ),
        suspect(
            walk(x, h, c, alive, renew="h"),
            en="h is frozen past the end, but c walks on: both freeze.",
            zh="序列结束以后 h 冻结了，c 却还在走：两个都要冻结。",
        ),
        suspect(
            walk(x, h, c, alive, renew="c"),
            en="c is frozen past the end, but h walks on: both freeze.",
            zh="序列结束以后 c 冻结了，h 却还在走：两个都要冻结。",
        ),
        suspect(
            walk(x, h, c, alive, past="zero"),
            en="past its end a sequence is set to zero; it should keep its last state.",
            zh="序列结束以后被置成了零；应当保留最后的状态。",
        ),
        suspect(
            walk(x, h, c, t <= lengths),
            en="every sequence reads one entry too many: the test is `t < lengths`.",
            zh="每个序列都多读了一条：条件是 `t < lengths`。",
        ),
        suspect(
            walk(x, h, c, t < lengths - 1),
            en="the last real entry is not read: the test is `t < lengths`.",
            zh="最后一条真实的没有读到：条件是 `t < lengths`。",
        ),
        suspect(
            walk(x, h, c, alive, keep="h"),
            en="every step begins with the h from before the first step: carry the new one on.",
            zh="每一步都从第一步之前的 h 开始：要把新的 h 带下去。",
        ),
        suspect(
            walk(x, h, c, alive, keep="c"),
            en="every step begins with the c from before the first step: carry the new one on.",
            zh="每一步都从第一步之前的 c 开始：要把新的 c 带下去。",
        ),
        suspect(
            walk(x, h, c, alive, keep="hc"),
            en="every step begins with the state from before the first step: carry both on.",
            zh="每一步都从第一步之前的状态开始：两样都要带下去。",
        ),
        suspect(
            walk(x, h, c, alive, memory="h"),
            en="the step is given h in the place of c: it is `step(x[t], h, c)`.",
            zh="c 的位置上给了 h：应当是 `step(x[t], h, c)`。",
        ),
        suspect(
            walk(x, h, c, alive, memory="h", heard="c"),
            en="h and c trade places on the way into the step: it is `step(x[t], h, c)`.",
            zh="交给 step 时 h 和 c 换了位置：应当是 `step(x[t], h, c)`。",
        ),
        suspect(
            walk(x, h, c, alive, swap=True),
            en="x and h trade places on the way into the step: it is `step(x[t], h, c)`.",
            zh="交给 step 时 x 和 h 换了位置：应当是 `step(x[t], h, c)`。",
        ),
        suspect(
            walk(x, h, c, alive, out="ch"),
            en="h and c trade places on the way out of the step: it is `h, c = step(…)`.",
            zh="从 step 取回时 h 和 c 换了位置：应当是 `h, c = step(…)`。",
        ),
        suspect(
            walk(x, h, c, ~alive),
            en="it is the wrong way round: the sequence walks on while `t < lengths`.",
            zh="写反了：`t < lengths` 的时候序列才往前走。",
        ),
        suspect(
            walk(x, 0 * h, 0 * c, alive),
            en="it starts from zeros; start from the h and c that were passed.",
            zh="是从零开始的；要从传进来的 h 和 c 开始。",
        ),
        suspect(
            walk(x[::-1], h, c, alive),
            en="the walk goes from the last step to the first.",
            zh="是从最后一步走到第一步的。",
        ),
        suspect(
            walk(x, h, c, alive, shown_new=True),
            en="past its end a sequence shows what the step made of the padding; keep the states "
            "*after* freezing.",
            zh="序列结束以后，存下来的是 step 由填充算出的东西；要存的是冻结**之后**的状态。",
        ),
        suspect(
            walk(np.where(alive[:, :, None], x, 0.0), h, c, always),
            en="the padding is set to zero, but the steps go on, and the state with them; it must "
            "be kept as it is.",
            zh="填充被置成了零，可步骤还在继续，状态也跟着变；状态应当原样保持。",
        ),
        suspect(
            right[::-1],
            en="h and c are in the wrong order: first h, then c.",
            zh="h 和 c 的顺序反了：先 h，后 c。",
        ),
        suspect(
            (right[0], right[0]),
            en="h came back twice.",
            zh="h 返回了两次。",
        ),
        suspect(
            tuple(before),
            en="these are the states *before* each step; asked for is after.",
            zh="这是每一步**之前**的状态；要的是之后。",
        ),
        suspect(
            tuple(
                np.concatenate([first, last[-1:]])
                for first, last in zip(before, right, strict=True)
            ),
            en="the state before the first step is in it too; asked for are the T states after "
            "each step.",
            zh="第一步之前的状态也放进去了；要的是每一步之后的 T 个状态。",
        ),
        suspect(
            (right[0], right[1][-1]),
            en="c came back for the last step only; keep it for every step, as h.",
            zh="c 只返回了最后一步；和 h 一样，每一步都要留下。",
        ),
        suspect(
            (right[0][-1], right[1][-1]),
            en="only the last step came back; keep h and c of every step.",
            zh="只返回了最后一步；每一步的 h 和 c 都要留下。",
        ),
        suspect(
            tuple(np.swapaxes(part, 0, 1) for part in right),
            en="batch and time are swapped: (T, B, H), time first.",
            zh="批和时间反了：应当是 (T, B, H)，时间在前。",
        ),
    ]
    if T == B:
        across = suspect(
            walk(np.swapaxes(x, 0, 1), h, c, alive),
            en="the loop runs over the batch; time is the first axis of x.",
            zh="循环走的是批；x 的第一个轴才是时间。",
        )
        slips.append(across)
    yield from slips


def separate_slips(W, b):
    H = len(b) // 4
    I = W.shape[1] - H
    f, i, g, o = (np.r_[k * H : (k + 1) * H] for k in range(4))
    right = np.r_[i, f, g, o]

    def cut(rows, W=W, first=H, bias=None):
        return W[rows, first:], W[rows, :first], b[rows if bias is None else bias]

    kept = np.arange(4 * H)
    pairs = kept.reshape(-1, 2)[:, ::-1].ravel()
    slips = [
        suspect(
            cut(kept),
            en="the rows are as they were: f, i, g, o. PyTorch begins with the input gate.",
            zh="行没有动，还是 f、i、g、o。PyTorch 是从输入门开始的。",
        ),
        suspect(
            cut(kept, bias=right),
            en="the rows of the matrices are as they were; b alone was put into order.",
            zh="矩阵的行没有动，只有 b 换了顺序。",
        ),
        suspect(
            b,
            part="b",
            en="the rows of the matrices trade places, and those of b must too.",
            zh="矩阵的行换了位置，b 的也要换。",
        ),
        suspect(
            cut(np.r_[i, i, g, o], bias=np.r_[i, i, g, o]),
            en="the rows of i stand there twice: a slice is a view, so the first assignment had "
            "overwritten f before it was moved. Take a copy first.",
            zh="i 的行出现了两次：切片只是视图，第一次赋值已经把 f 盖掉了，还没来得及搬走。"
            "先复制一份。",
        ),
        suspect(
            cut(np.r_[i, f, o, g]),
            en="g and o have traded places too; only f and i do.",
            zh="g 和 o 也换了位置；只该换 f 和 i。",
        ),
        suspect(
            cut(np.r_[i, g, f, o]),
            en="three parts have been moved; only f and i trade places.",
            zh="动了三个部分；只有 f 和 i 互换。",
        ),
        suspect(
            cut(np.r_[o, g, i, f]),
            en="that is the order from the end; only f and i trade places.",
            zh="这是倒过来的顺序；只有 f 和 i 互换。",
        ),
    ]
    if H > 1:
        slips += [
            suspect(
                cut(np.r_[1, 0, 2 : 4 * H]),
                en="single rows traded places; it is whole blocks of H rows.",
                zh="换的是单独的行；应当是 H 行一整块。",
            ),
            suspect(
                cut(pairs),
                en="neighbouring rows traded places; it is whole blocks of H rows.",
                zh="换的是相邻的行；应当是 H 行一整块。",
            ),
        ]
    W_x, W_h, bias = cut(right)
    slips += [
        suspect(
            (W_h, W_x, bias),
            en="the order of the three is W_x, W_h, b.",
            zh="三样东西的顺序是 W_x、W_h、b。",
        ),
        suspect(
            (W[right, :I], W[right, I:], bias),
            en="the columns were read as [x, h]; h comes first.",
            zh="列是按 [x, h] 读的；h 在前。",
        ),
        suspect(
            (W_x.T, W_h.T, bias),
            en="the matrices are transposed; they stay (4H, I) and (4H, H).",
            zh="矩阵转置了；它们还是 (4H, I) 和 (4H, H)。",
        ),
        suspect(
            (W_x, W_h, bias / 2),
            en="the bias was halved; one bias stays as it is.",
            zh="偏置被减半了；只有一个偏置，照原样。",
        ),
        suspect(
            (W_x, W_h),
            en="b is missing.",
            zh="少了 b。",
        ),
    ]
    yield from slips


def count_slips(I, H, layers, biases):
    def stack(first, further):
        return first + (layers - 1) * further

    def layer(I, biases=biases, parts=4):
        return parts * H * (I + H + biases)

    slips = [
        suspect(
            stack(layer(I, parts=parts), layer(H, parts=parts)),
            en=f"{parts} parts were counted; there are four: i, f, g and o.",
            zh=f"数的是 {parts} 个部分；一共四个：i、f、g、o。",
        )
        for parts in (1, 3)
    ]
    slips += [
        suspect(
            stack(4 * H * (I + H) + biases, 4 * H * (H + H) + biases),
            en="a bias is a whole array (4H,), not one number.",
            zh="一个偏置是一整个数组 (4H,)，不是一个数。",
        ),
        suspect(
            stack(4 * H * (I + H) + biases * H, 4 * H * (H + H) + biases * H),
            en="each of the four parts has its bias: 4H numbers, not H.",
            zh="四个部分各有偏置：是 4H 个数，不是 H 个。",
        ),
        suspect(
            stack(4 * (I + H + biases), 4 * (H + H + biases)),
            en="the factor H is missing: each unit has rows of its own.",
            zh="少了因子 H：每个单元都有自己的行。",
        ),
        suspect(
            stack(4 * (I * H + H + biases), 4 * (H * H + H + biases)),
            en="W_h is a matrix: (4H, H).",
            zh="W_h 是一个矩阵：(4H, H)。",
        ),
        suspect(
            stack(layer(I, 0), layer(H, 0)),
            en="the biases are missing.",
            zh="少了偏置。",
        ),
        suspect(
            stack(layer(I, 3 - biases), layer(H, 3 - biases)),
            en="the number of biases is another one: use `biases`.",
            zh="偏置的个数不对：要用 `biases`。",
        ),
        suspect(
            stack(4 * H * I + 4 * H * biases, 4 * H * H + 4 * H * biases),
            en="the recurrent weights W_h are missing.",
            zh="少了循环权重 W_h。",
        ),
    ]
    if layers > 1:
        slips += [
            suspect(
                layers * layer(I),
                en="every layer was counted with I inputs; from the second on a layer reads the h "
                "of the one below, so H.",
                zh="每一层都按 I 个输入算了；从第二层起，读的是下面那一层的 h，所以是 H。",
            ),
            suspect(
                layer(I),
                en="only the first layer is counted.",
                zh="只数了第一层。",
            ),
            suspect(
                layer(I) + layers * layer(H),
                en="there is a layer too many: the first, and `layers − 1` more.",
                zh="多数了一层：第一层，再加 `layers − 1` 层。",
            ),
            suspect(
                layers * layer(H),
                en="the first layer reads I inputs, not H.",
                zh="第一层读的是 I 个输入，不是 H 个。",
            ),
            suspect(
                layer(I) + (layers - 1) * layer(I + H),
                en="a further layer reads the h of the layer below only, not x as well.",
                zh="上面的层只读下面那一层的 h，不再读 x。",
            ),
        ]
    yield from slips


def chrono_slips(b, steps):
    H = len(steps)
    log = np.log(steps)
    i, f, g, o = np.split(b, 4)

    def parts(*four):
        return np.concatenate(four)

    slips = [
        suspect(
            parts(log, -log, g, o),
            en="the signs are turned: a long memory has a forget bias above 0, b_f = ln(steps).",
            zh="符号反了：记得久，遗忘门的偏置就大于 0，b_f = ln(steps)。",
        ),
        suspect(
            parts(log, log, g, o),
            en="the input gate has the same sign; it gets −ln(steps).",
            zh="输入门的符号也一样了；它应当是 −ln(steps)。",
        ),
        suspect(
            parts(i, log, g, o),
            en="only the forget gate is set; the input gate gets −ln(steps).",
            zh="只设了遗忘门；输入门应当是 −ln(steps)。",
        ),
        suspect(
            parts(-log, f, g, o),
            en="only the input gate is set; the forget gate gets ln(steps).",
            zh="只设了输入门；遗忘门应当是 ln(steps)。",
        ),
        suspect(
            parts(i - log, f + log, g, o),
            en="the old biases are still in it: replace them.",
            zh="旧的偏置还在里面：要换掉。",
        ),
        suspect(
            parts(-log, log, 0 * g, 0 * o),
            en="g and o were set to zero; they stay as they were.",
            zh="g 和 o 被置零了；它们照旧。",
        ),
        suspect(
            parts(-steps / (1 + steps), steps / (1 + steps), g, o),
            en="that is the gate f itself; asked for is its bias, ln(steps).",
            zh="这是门 f 本身；要的是它的偏置 ln(steps)。",
        ),
        suspect(
            parts(-i, log, g, o),
            en="the old bias of i was turned round; the input gate gets −ln(steps).",
            zh="把 i 的旧偏置取了负；输入门应当是 −ln(steps)。",
        ),
        suspect(
            parts(1 - log, log, g, o),
            en="there is a 1 too many at the input gate: −ln(steps).",
            zh="输入门那里多了一个 1：应当是 −ln(steps)。",
        ),
        suspect(
            parts(-steps, steps, g, o),
            en="the logarithm is missing.",
            zh="少了对数。",
        ),
        suspect(
            parts(-np.log2(steps), np.log2(steps), g, o),
            en="that is the logarithm to base 2; the sigmoid wants the natural one, np.log.",
            zh="这是以 2 为底的对数；sigmoid 要的是自然对数 np.log。",
        ),
        suspect(
            parts(-np.log10(steps), np.log10(steps), g, o),
            en="that is the logarithm to base 10; the sigmoid wants the natural one, np.log.",
            zh="这是以 10 为底的对数；sigmoid 要的是自然对数 np.log。",
        ),
        suspect(
            parts(-np.log(steps - 1), np.log(steps - 1), g, o),
            en="steps has been made smaller by 1; the 1 is in the range that it was drawn from "
            "already.",
            zh="steps 又减了 1；抽数的范围里已经考虑过这个 1。",
        ),
        suspect(
            parts(i, f, -log, log),
            en="g and o were set; i and f stand first.",
            zh="设的是 g 和 o；i 和 f 排在最前面。",
        ),
        suspect(
            parts(i, -log, log, o),
            en="f and g were set; the order is i, f, g, o.",
            zh="设的是 f 和 g；顺序是 i、f、g、o。",
        ),
        suspect(
            parts(log, i, g, o),
            en="the order of the parts is i, f, g, o.",
            zh="各部分的顺序是 i、f、g、o。",
        ),
        suspect(
            parts(-log, log),
            en="only i and f came back; asked for is the whole b (4H,).",
            zh="只返回了 i 和 f；要的是整个 b (4H,)。",
        ),
    ]
    if H > 1:
        slips.append(
            suspect(
                parts(np.stack([-log, log], axis=1).ravel(), g, o),
                en="i and f alternate; each part is a block of H numbers.",
                zh="i 和 f 交错了；每个部分是 H 个数一整块。",
            )
        )
    yield from slips


def half_life_slips(b_f):
    f = sigmoid(b_f)
    n = HALF / np.logaddexp(0, -b_f)
    with np.errstate(all="ignore"):
        return [
            suspect(
                -n,
                en="the sign is turned: ln f is negative, ln ½ as well.",
                zh="符号反了：ln f 是负的，ln ½ 也是。",
            ),
            suspect(
                -1 / np.log(f),
                en="after so many steps 1/e is left, not a half: ln 2 is missing.",
                zh="走这么多步之后剩下的是 1/e，不是一半：少了 ln 2。",
            ),
            suspect(
                1 / (1 - f),
                en="1 / (1 − f) is about how long until 1/e is left; the half-life is "
                "−ln 2 / ln f.",
                zh="1 / (1 − f) 大约是剩下 1/e 所需的步数；半衰期是 −ln 2 / ln f。",
            ),
            suspect(
                HALF / (1 - f),
                en="ln 2 / (1 − f) is near for f close to 1; exact is −ln 2 / ln f.",
                zh="ln 2 / (1 − f) 只在 f 接近 1 时差不多；精确的是 −ln 2 / ln f。",
            ),
            suspect(
                -HALF / np.log(b_f),
                en="b_f was taken for f itself: f = σ(b_f).",
                zh="把 b_f 当成了 f：f = σ(b_f)。",
            ),
            suspect(
                -HALF / np.log(np.tanh(b_f)),
                en="the forget gate went through the tanh: f = σ(b_f).",
                zh="遗忘门用了 tanh：f = σ(b_f)。",
            ),
            suspect(
                HALF / np.logaddexp(0, b_f),
                en="the sign of b_f is turned: f = 1 / (1 + e^−b_f).",
                zh="b_f 的符号反了：f = 1 / (1 + e^−b_f)。",
            ),
            suspect(
                np.log(f) / -HALF,
                en="it is the wrong way round: ln 2 on top, −ln f below.",
                zh="上下写反了：ln 2 在上，−ln f 在下。",
            ),
            suspect(
                -HALF / np.log2(f),
                en="two logarithms are mixed: with log2 below, 1 must stand on top.",
                zh="两种对数混用了：下面用 log2，上面就得是 1。",
            ),
            suspect(
                np.logaddexp(0, -b_f),
                en="that is −ln f; the half-life is ln 2 divided by it.",
                zh="这是 −ln f；半衰期是 ln 2 除以它。",
            ),
            suspect(
                HALF * np.exp(b_f),
                en="that is near for large biases only; exact is ln 2 / ln(1 + e^−b).",
                zh="这只在偏置很大时差不多；精确的是 ln 2 / ln(1 + e^−b)。",
            ),
            suspect(
                f,
                en="that is f; asked for is after how many steps half is left.",
                zh="这是 f；要的是走多少步之后剩下一半。",
            ),
            suspect(
                0.5 / (1 - f),
                en="that takes the same piece away at each step; each step *multiplies* by f.",
                zh="这是每步减去同样一块；其实每步是**乘** f。",
            ),
            suspect(
                np.ceil(n),
                en="it is rounded up; half-lives need not be whole numbers.",
                zh="向上取整了；半衰期不必是整数。",
            ),
            suspect(
                np.floor(n),
                en="it is rounded down; half-lives need not be whole numbers.",
                zh="向下取整了；半衰期不必是整数。",
            ),
            suspect(
                np.round(n),
                en="it is rounded; half-lives need not be whole numbers.",
                zh="四舍五入了；半衰期不必是整数。",
            ),
        ]


def rounded(b_f, value, want):
    """A result that is right where σ(b) can be told from 1, and lost in rounding elsewhere."""
    if not isinstance(value, np.ndarray) or value.shape != b_f.shape or value.dtype.kind != "f":
        return None
    if not np.isclose(value[0], want[0]):
        return None
    return suspect(
        value,
        en="right for a small bias; for large ones σ(b) is rounded (to 1 at last, and ln 1 = 0). "
        "Put the sigmoid into the formula first: −ln σ(b) = ln(1 + e^−b), `np.log1p(np.exp(-b))`.",
        zh="小偏置是对的；偏置大了，σ(b) 会被舍入（最后成了 1，而 ln 1 = 0）。"
        "先把 sigmoid 代进公式：−ln σ(b) = ln(1 + e^−b)，即 `np.log1p(np.exp(-b))`。",
    )
