"""What exercise 01 asks: rnn_step, rnn_forward, last_valid, head_loss.

The tests come first and are the specification. B, T, I and H are all different in most cases, so
that swapped axes and missing transposes fail; in the first case of a test some are equal, so that
the same mistakes run and can be told by name. Below the tests stand the `…_slips`, what typical
mistakes would return.
"""

import numpy as np
import pytest

from lstm_lab.grading import Feedback, compare, suspect


def step_arguments(rng, B, I, H, scale=1.0):
    shapes = [(B, I), (B, H), (H, I), (H, H), (H,)]
    return [scale * rng.normal(size=shape) for shape in shapes]


@pytest.mark.points(2, task="rnn_step", en="one step", zh="一步")
def test_step(submission, solution, rng):
    for B, I, H in [(4, 4, 4), (3, 4, 4), (3, 2, 4), (1, 5, 2), (4, 1, 1)]:
        arguments = step_arguments(rng, B, I, H)
        got, want = submission.call("rnn_step", *arguments), solution.call("rnn_step", *arguments)
        compare(got, want.value, name="rnn_step(…)", suspects=step_slips(*arguments))


@pytest.mark.points(1, task="rnn_step", en="huge numbers", zh="很大的数")
def test_step_with_huge_numbers(submission, solution, rng):
    # Sums in the thousands. Unit 0 hears b alone, 1 x, 2 h, 3 both: whatever is left out shows.
    arguments = step_arguments(rng, B=6, I=2, H=4, scale=100.0)
    _x, _h, W_x, W_h, b = arguments
    W_x[[0, 2]], W_h[[0, 1]], b[:] = 0.0, 0.0, [rng.uniform(100, 300), 0.0, 0.0, 0.0]
    got, want = submission.call("rnn_step", *arguments), solution.call("rnn_step", *arguments)
    compare(got, want.value, name="rnn_step(…)", suspects=step_slips(*arguments))
    if got.warnings:
        raise Feedback(
            en=f"The values are right, but NumPy warned: “{got.warnings[0]}”. `np.tanh` takes "
            "numbers of any size quietly.",
            zh=f"数值是对的，但 NumPy 发出了警告：“{got.warnings[0]}”。"
            "多大的数 np.tanh 都能平静地处理。",
        )


@pytest.mark.points(2, task="rnn_forward", en="sequences of full length", zh="不带填充的序列")
def test_forward_of_full_sequences(submission, solution, rng):
    for T, B, I, H in [(4, 4, 2, 3), (5, 3, 2, 4), (1, 2, 3, 4), (4, 1, 3, 2)]:
        x, h0, lengths = rng.normal(size=(T, B, I)), rng.normal(size=(B, H)), np.full(B, T)
        got = submission.call("rnn_forward", "leak", x, h0, lengths)
        want = solution.call("rnn_forward", "leak", x, h0, lengths).value
        compare(got, want, name="rnn_forward(…)", suspects=forward_slips(x, h0, lengths))


@pytest.mark.points(2, task="rnn_forward", en="padded sequences", zh="带填充的序列")
def test_forward_of_padded_sequences(submission, solution, rng):
    for T, B, I, H in [(6, 4, 2, 3), (3, 2, 4, 1)]:
        x, h0 = rng.normal(size=(T, B, I)), rng.normal(size=(B, H))
        lengths = np.array([2, T, 1, *rng.integers(1, T + 1, size=B)][:B])
        got = submission.call("rnn_forward", "leak", x, h0, lengths)
        want = solution.call("rnn_forward", "leak", x, h0, lengths).value
        compare(got, want, name="rnn_forward(…)", suspects=forward_slips(x, h0, lengths))


@pytest.mark.points(1, task="rnn_forward", en="with another step", zh="换一种步骤")
def test_forward_takes_any_step(submission, solution, rng):
    T, B, I, H = 4, 3, 2, 5
    x, h0, lengths = rng.normal(size=(T, B, I)), rng.normal(size=(B, H)), np.array([2, 4, 1])
    got = submission.call("rnn_forward", "turn", x, h0, lengths)
    want = solution.call("rnn_forward", "turn", x, h0, lengths).value
    with_leak = suspect(
        unroll(x, h0, lengths, freeze),
        en='asked for the step "turn", you took "leak": call the step that is given.',
        zh='要求用 "turn" 这一步，你用的是 "leak"：请调用传进来的 step。',
    )
    compare(got, want, name="rnn_forward(…)", suspects=[with_leak])


@pytest.mark.points(2, task="last_valid", en="the last valid state", zh="最后一个有效状态")
def test_last_valid(submission, solution, rng):
    for T, B, H in [(4, 4, 3), (6, 4, 2), (5, 1, 3), (1, 3, 2)]:
        h = rng.normal(size=(T, B, H))  # past the end: anything
        lengths = np.minimum([2, T, 1, *rng.integers(1, T + 1, size=B)][:B], T)
        got = submission.call("last_valid", h, lengths)
        want = solution.call("last_valid", h, lengths).value
        compare(got, want, name="last_valid(h, lengths)", suspects=last_slips(h, lengths))


@pytest.mark.points(3, task="head_loss", en="number and loss", zh="输出与损失")
def test_head_loss(submission, solution, rng):
    for B, H in [(4, 3), (2, 5), (1, 2)]:
        h, W_y, b_y = rng.normal(size=(B, H)), rng.normal(size=(1, H)), rng.normal(size=1)
        error = rng.uniform(0.5, 2, size=B) * (-1) ** np.arange(B)  # of both signs
        target = h @ W_y[0] + b_y + error
        got = submission.call("head_loss", h, W_y, b_y, target)
        want = solution.call("head_loss", h, W_y, b_y, target).value
        compare(got, want, name=("y", "loss"), suspects=head_slips(h, W_y, b_y, target))


# --- what typical mistakes would return --------------------------------------------------


def step_slips(x, h, W_x, W_h, b):
    from_x, from_h = x @ W_x.T, h @ W_h.T
    total = from_x + from_h + b
    slips = [
        suspect(
            np.tanh(from_x + from_h),
            en="that is what comes out without the bias: is b added?",
            zh="这是没有偏置时的结果：加上 b 了吗？",
        ),
        suspect(np.tanh(total + b), en="the bias was added twice.", zh="偏置加了两次。"),
        suspect(
            np.tanh(total - 2 * b),
            en="the bias was subtracted, not added.",
            zh="偏置是减掉的，而不是加上的。",
        ),
        suspect(
            np.tanh(np.tanh(total)),
            en="the tanh was taken twice.",
            zh="tanh 取了两次。",
        ),
        suspect(
            np.tanh(from_x + h @ W_h + b),
            en="W_h is used untransposed; with rows as sequences the product is `h @ W_h.T` "
            "(W_h is square, so both fit).",
            zh="W_h 没有转置；一行是一个序列时，应当是 `h @ W_h.T`（W_h 是方阵，两种都放得进去）。",
        ),
        suspect(total, en="the tanh is missing.", zh="少了 tanh。"),
        suspect(
            np.tanh(from_x + from_h) + b,
            en="the bias was added after the tanh; it belongs inside.",
            zh="偏置加在了 tanh 之后；它应当在里面。",
        ),
        suspect(
            np.tanh(from_x) + np.tanh(from_h + b),
            en="there are two tanhs; one tanh goes around the whole sum.",
            zh="用了两个 tanh；应当只在整个和的外面套一个。",
        ),
        suspect(
            np.tanh(from_x + b) + np.tanh(from_h),
            en="there are two tanhs; one tanh goes around the whole sum.",
            zh="用了两个 tanh；应当只在整个和的外面套一个。",
        ),
        suspect(
            np.tanh(total).T,
            en="it is transposed: a sequence is a row of x and h, so `x @ W_x.T`, not `W_x @ x.T`.",
            zh="转置了：一个序列是 x 和 h 的一行，所以是 `x @ W_x.T`，而不是 `W_x @ x.T`。",
        ),
        suspect(
            np.tanh(from_x + b),
            en="the old state is not in it: W_h and h are missing.",
            zh="里面没有旧状态：少了 W_h 和 h。",
        ),
        suspect(
            np.tanh(from_h + b),
            en="the input is not in it: W_x and x are missing.",
            zh="里面没有输入：少了 W_x 和 x。",
        ),
        suspect(
            np.maximum(total, 0),
            en="that is ReLU, max(0, …); this cell squashes with tanh.",
            zh="这是 ReLU，即 max(0, …)；这个单元用 tanh 压缩。",
        ),
        suspect(
            0.5 * (1 + np.tanh(0.5 * total)),
            en="that is a sigmoid, between 0 and 1; this cell squashes with tanh.",
            zh="这是 sigmoid，在 0 和 1 之间；这个单元用 tanh 压缩。",
        ),
        suspect(
            h + np.tanh(total),
            en="the old state was added to the new one; it enters through W_h only.",
            zh="新状态上又加了旧状态；旧状态只通过 W_h 进来。",
        ),
        suspect(h, en="that is the old state, unchanged.", zh="这是旧状态，没有变。"),
    ]
    if x.shape[1] == h.shape[1]:
        swapped = suspect(
            np.tanh(x @ W_h.T + h @ W_x.T + b),
            en="W_x and W_h have changed places: W_x goes with x, W_h with h.",
            zh="W_x 和 W_h 用反了：W_x 配 x，W_h 配 h。",
        )
        untransposed = suspect(
            np.tanh(x @ W_x + from_h + b),
            en="W_x is used untransposed: `x @ W_x.T` (here I = H, so both fit).",
            zh="W_x 没有转置：应当是 `x @ W_x.T`（这里 I = H，两种都放得进去）。",
        )
        both = suspect(
            np.tanh(x @ W_x + h @ W_h + b),
            en="W_x and W_h are used untransposed: `x @ W_x.T` and `h @ W_h.T` "
            "(here I = H, so both ways fit).",
            zh="W_x 和 W_h 都没有转置：应当是 `x @ W_x.T` 和 `h @ W_h.T`"
            "（这里 I = H，两种都放得进去）。",
        )
        slips = [swapped, untransposed, both, *slips]
    if len(x) == x.shape[1] == h.shape[1]:
        by_entries = suspect(
            np.tanh(W_x * x + W_h * h + b),
            en="`*` multiplies entry by entry; a matrix product is `@`: `x @ W_x.T`.",
            zh="`*` 是逐元素相乘；矩阵乘法是 `@`：`x @ W_x.T`。",
        )
        bias_by_row = suspect(
            np.tanh(from_x + from_h + b[:, None]),
            en="each *sequence* has a bias of its own; b belongs to the units, the columns: `+ b`.",
            zh="变成每个**序列**一个偏置了；b 属于各个单元，也就是列：`+ b`。",
        )
        as_written = suspect(
            np.tanh(W_x @ x + W_h @ h + b),
            en="the formula is for one sequence as a column; here each sequence is a row, so turn "
            "the products round: `x @ W_x.T` (B = I = H in this case, so `W_x @ x` ran as "
            "well).",
            zh="公式写的是一个序列，作为一列；这里一个序列是一行，所以乘法要倒过来：`x @ W_x.T`"
            "（这次 B = I = H，所以 `W_x @ x` 也能运行）。",
        )
        half_turned = suspect(
            np.tanh(from_x + W_h @ h + b),
            en="h holds one sequence a row, as x does: `h @ W_h.T` instead of `W_h @ h`.",
            zh="h 和 x 一样，一行是一个序列：用 `h @ W_h.T`，而不是 `W_h @ h`。",
        )
        slips += [as_written, half_turned, by_entries, bias_by_row]
    yield from slips


def leak(x, h):
    return 0.5 * h + x.sum(axis=1, keepdims=True)


def unroll(x, h, lengths, ended):
    """All states under "leak"; `ended(old, new)` says what stands past the end of a sequence."""
    states = []
    for t in range(len(x)):
        new = leak(x[t], h)
        h = np.where((t < lengths)[:, None], new, ended(h, new))
        states.append(h)
    return np.stack(states)


def freeze(old, new):
    return old


def forward_slips(x, h0, lengths):
    right = unroll(x, h0, lengths, freeze)
    running = unroll(x, h0, lengths, lambda old, new: new)
    padding = np.arange(len(x))[:, None, None] >= lengths[:, None]  # (T, B, 1)
    slips = [
        suspect(
            running,
            en="the states run on through the padding: past its end a sequence must keep its "
            "last real state (is lengths used?).",
            zh="状态一直走进了填充：序列结束以后，必须保持它最后一个真实的状态"
            "（用到 lengths 了吗？）。",
        ),
        suspect(
            np.where(padding, 0.0, right),
            en="past the end there are zeros; asked is the last real state, repeated.",
            zh="序列结束以后放的是零；要的是重复它最后一个真实的状态。",
        ),
        suspect(
            unroll(x, h0, lengths + 1, freeze),
            en="every sequence reads one step of padding: a sequence of length 1 runs at step 0 "
            "only, so the test is `t < lengths`.",
            zh="每个序列都多读了一步填充：长度为 1 的序列只在第 0 步进行，"
            "所以条件是 `t < lengths`。",
        ),
        suspect(
            unroll(x, h0, lengths - 1, freeze),
            en="every sequence stops one step early: a sequence of length 1 runs at step 0, so "
            "the test is `t < lengths`.",
            zh="每个序列都早停了一步：长度为 1 的序列要进行第 0 步，所以条件是 `t < lengths`。",
        ),
        suspect(
            unroll(x, np.zeros_like(h0), lengths, freeze),
            en="you start from zeros; the state before the first step is h0.",
            zh="你从零开始；第一步之前的状态是 h0。",
        ),
        suspect(
            np.concatenate([h0[None], right[:-1]]),
            en="everything is one place late: place t must hold the state after step t, and h0 "
            "is not among the states.",
            zh="所有状态都晚了一格：位置 t 要放第 t 步之后的状态，h0 不在其中。",
        ),
        suspect(
            np.broadcast_to(right[-1], right.shape),
            en="all places hold the last state: either you return it T times, or you keep "
            "writing into one array and the list holds that same array T times.",
            zh="每个位置都是最后的状态：要么你把它返回了 T 次，要么你一直在写同一个数组，"
            "列表里存的是它 T 次。",
        ),
        suspect(
            np.stack([leak(x_t, h0) for x_t in x]),
            en="every step starts from h0 again: the new state must go into the next step.",
            zh="每一步都又从 h0 开始：新状态要传给下一步。",
        ),
        suspect(
            unroll(x[::-1], h0, lengths, freeze),
            en="the steps are taken backwards in time.",
            zh="时间步的顺序走反了。",
        ),
        suspect(
            unroll(x, h0, np.full_like(lengths, lengths[0]), freeze),
            en="all sequences stop where sequence 0 stops; each has its own length.",
            zh="所有序列都停在序列 0 结束的地方；每个序列有自己的长度。",
        ),
        suspect(
            unroll(x, h0, np.full_like(lengths, lengths.min()), freeze),
            en="all sequences stop where the shortest stops; each has its own length.",
            zh="所有序列都停在最短的那个结束的地方；每个序列有自己的长度。",
        ),
        suspect(
            np.where(padding, np.concatenate([h0[None], running[:-1]]), running),
            en="past its end a sequence keeps its state for one step only: what is frozen must "
            "also go into the next step (is `h` set to the frozen state?).",
            zh="序列结束以后，状态只保持了一步：冻结的状态也要传给下一步"
            "（`h` 设成冻结后的状态了吗？）。",
        ),
        suspect(
            np.broadcast_to(h0, right.shape),
            en="every state is h0: no step is ever taken over. Is the condition the wrong way "
            "round?",
            zh="每个状态都是 h0：没有一步被采用。条件是不是写反了？",
        ),
        suspect(
            np.concatenate([h0[None], right]),
            en="h0 stands in front, so there are T + 1 states; asked are those after each step.",
            zh="最前面多了 h0，于是有 T + 1 个状态；只要每一步之后的状态。",
        ),
        suspect(
            right[-1],
            en="that is the last state alone; all T states are asked for, (T, B, H).",
            zh="这只是最后一个状态；要的是全部 T 个状态，(T, B, H)。",
        ),
        suspect(
            right.swapaxes(0, 1),
            en="batch and time are swapped: stack the states along axis 0, (T, B, H).",
            zh="批和时间对调了：请沿第 0 轴把状态叠起来，(T, B, H)。",
        ),
    ]
    silent = suspect(
        unroll(np.where(padding, 0.0, x), h0, lengths + len(x), freeze),
        en="the padding is set to zero, but the steps go on, and the state with them; it must be "
        "kept as it is.",
        zh="填充被置成了零，可步骤还在继续，状态也跟着变；状态应当原样保持。",
    )
    slips.append(silent)
    if len(x) > 1:
        later = unroll(x[1:], h0, lengths - 1, freeze)
        slips += [
            suspect(
                later,
                en="step 0 is missing: T steps give T states, the first of them step(x[0], h0).",
                zh="少了第 0 步：T 步有 T 个状态，第一个是 step(x[0], h0)。",
            ),
            suspect(
                np.concatenate([h0[None], later]),
                en="step 0 is left out and h0 put in its place: the first state is step(x[0], h0).",
                zh="漏掉了第 0 步，用 h0 顶替了：第一个状态是 step(x[0], h0)。",
            ),
        ]
    if len(x) == len(h0):
        over_batch = suspect(
            unroll(x.swapaxes(0, 1), h0, lengths, freeze),
            en="batch and time are mixed up: the input of step t is `x[t]`, for all sequences, and "
            "not `x[:, t]` (here T = B, so both fit).",
            zh="批和时间弄混了：第 t 步所有序列的输入是 `x[t]`，不是 `x[:, t]`"
            "（这里 T = B，两种都放得进去）。",
        )
        slips.append(over_batch)
    yield from slips


def last_slips(h, lengths):
    T, B, _ = h.shape
    sequences = np.arange(B)
    slips = [
        suspect(
            h[-1],
            en="that is `h[-1]`, the state at step T; a shorter sequence has padding there.",
            zh="这是 `h[-1]`，即第 T 步的状态；较短的序列在那里是填充。",
        ),
        suspect(
            h[np.maximum(lengths - 2, 0), sequences],
            en="that is the state before the last real one: the last step of a sequence of "
            "length n has index n − 1.",
            zh="这是倒数第二个真实状态：长度为 n 的序列，最后一步的下标是 n − 1。",
        ),
        suspect(
            h[np.minimum(lengths, T - 1), sequences],
            en="that is the state one step too far: the last step of a sequence of length n has "
            "index n − 1.",
            zh="这个状态多走了一步：长度为 n 的序列，最后一步的下标是 n − 1。",
        ),
        suspect(
            h[lengths - 1, 0],
            en="the times are right, but all states are those of sequence 0.",
            zh="时间是对的，但取的都是序列 0 的状态。",
        ),
        suspect(
            h[-lengths, sequences],
            en="−n counts from the end of the padding; the last step of a sequence of length n has "
            "index n − 1.",
            zh="−n 是从填充的末尾往回数；长度为 n 的序列，最后一步的下标是 n − 1。",
        ),
        suspect(
            h[0],
            en="that is the state after the first step.",
            zh="这是第一步之后的状态。",
        ),
        suspect(
            h[lengths.min() - 1],
            en="all sequences are read where the shortest ends; each has its own length.",
            zh="所有序列都在最短的那个结束的地方读取；每个序列有自己的长度。",
        ),
        suspect(
            h[lengths[0] - 1],
            en="all sequences are read where sequence 0 ends; each has its own length.",
            zh="所有序列都在序列 0 结束的地方读取；每个序列有自己的长度。",
        ),
        suspect(
            np.stack([h[:n, k].mean(axis=0) for k, n in enumerate(lengths)]),
            en="that is the mean of the real states, not the last one.",
            zh="这是真实状态的平均，不是最后一个。",
        ),
        suspect(
            np.stack([h[:n, k].max(axis=0) for k, n in enumerate(lengths)]),
            en="that is the largest of the real states, not the last one.",
            zh="这是真实状态中最大的，不是最后一个。",
        ),
        suspect(
            h[lengths - 1],
            en="you picked whole time steps, (B, B, H); with a second index array, "
            "`np.arange(B)`, the indices are read as pairs: one time for each sequence.",
            zh="你取出的是整个时间步，(B, B, H)；再给一个下标数组 `np.arange(B)`，"
            "下标就被读成一对一对：每个序列一个时间。",
        ),
    ]
    if T >= B:
        slips.append(
            suspect(
                h[:, np.minimum(lengths, B) - 1],
                en="time is axis 0, and the lengths count steps: one index for each axis, "
                "`h[lengths - 1, np.arange(B)]`.",
                zh="时间是第 0 轴，lengths 数的是步：两个轴各要一个下标，"
                "`h[lengths - 1, np.arange(B)]`。",
            )
        )
    if T == B:
        by_batch = suspect(
            h[:, -1],
            en="that is `h[:, -1]`, all states of the last sequence: time is axis 0 here.",
            zh="这是 `h[:, -1]`，即最后一个序列的所有状态：这里时间是第 0 轴。",
        )
        swapped = suspect(
            h[sequences, lengths - 1],
            en="the two indices are swapped: time is axis 0, the sequence axis 1.",
            zh="两个下标写反了：时间是第 0 轴，序列是第 1 轴。",
        )
        slips += [by_batch, swapped]
    yield from slips


def head_slips(h, W_y, b_y, target):
    y = h @ W_y[0] + b_y
    error = y - target
    table = y[:, None] - target
    slips = [
        suspect(
            y[:, None],
            part="y",
            en="it is a column, (B, 1); drop the axis of length 1, or `y - target` will be (B, B).",
            zh="它是一列，(B, 1)；请去掉长度为 1 的轴，否则 `y - target` 会变成 (B, B)。",
        ),
        suspect(h @ W_y[0], part="y", en="the bias is missing.", zh="少了偏置。"),
        suspect(
            y[:1],
            part="y",
            en="that is the number of sequence 0 alone: `[0]` takes the first row, `[:, 0]` the "
            "only column.",
            zh="这只是序列 0 的数：`[0]` 取第一行，`[:, 0]` 才取那唯一的一列。",
        ),
        suspect(
            np.tanh(y),
            part="y",
            en="there is a tanh in it; the head is without any squashing.",
            zh="里面多了一个 tanh；输出头不带压缩函数。",
        ),
        suspect(
            np.mean(table**2),
            part="loss",
            en="that is the mean over a B × B table, every answer against every target: an array "
            "(B, 1) minus one of (B,) becomes (B, B).",
            zh="这是对 B × B 的表求平均，每个回答都和每个目标比了："
            "(B, 1) 的数组减 (B,) 的数组会变成 (B, B)。",
        ),
        suspect(
            error**2,
            part="loss",
            en="that is one square for each sequence; asked is their mean, a single number.",
            zh="这是每个序列一个平方；要的是它们的平均，一个数。",
        ),
        suspect(
            np.sum(error**2),
            part="loss",
            en="that is the sum of the squares; asked is the mean over the batch.",
            zh="这是平方的和；要的是对批求平均。",
        ),
        suspect(
            np.mean(error**2) / 2,
            part="loss",
            en="it is half of what it should be: there is no factor ½ here.",
            zh="只有应有的一半：这里没有 ½ 这个系数。",
        ),
        suspect(
            np.sqrt(np.mean(error**2)),
            part="loss",
            en="there is a square root in it; the mean of the squares is asked.",
            zh="里面多了一个平方根；要的是平方的平均。",
        ),
        suspect(
            np.mean(error) ** 2,
            part="loss",
            en="averaged first, squared afterwards; square each error, then average.",
            zh="先平均、后平方了；应当先把每个误差平方，再平均。",
        ),
        suspect(
            np.mean(np.abs(error)),
            part="loss",
            en="that is the mean absolute error; square instead of the absolute value.",
            zh="这是平均绝对误差；要用平方，而不是绝对值。",
        ),
        suspect(
            np.mean(error),
            part="loss",
            en="the errors are not squared, so positive and negative ones cancel.",
            zh="误差没有平方，正负会互相抵消。",
        ),
        suspect(
            np.mean(error**2) / h.shape[1],
            part="loss",
            en="it is divided by H as well; the mean is over the batch only.",
            zh="还除以了 H；只对批求平均。",
        ),
        suspect(
            np.var(error),
            part="loss",
            en="that is the variance: the mean error was taken off first. Square the errors as "
            "they are.",
            zh="这是方差：先减掉了误差的平均。误差要原样平方。",
        ),
        suspect(
            np.mean(y**2 - target**2),
            part="loss",
            en="that is the difference of the squares; take the difference first, then square it.",
            zh="这是平方之差；应当先相减，再平方。",
        ),
    ]
    if len(h) == 1:
        squeezed = suspect(
            y[0],
            part="y",
            en="in a batch of one, the batch axis is gone: `squeeze()` drops every axis of length "
            "1, `[:, 0]` only the last.",
            zh="只有一个序列的批里，批的轴不见了：`squeeze()` 会去掉所有长度为 1 的轴，"
            "`[:, 0]` 只去掉最后一个。",
        )
        slips.append(squeezed)
    yield from slips
