"""What exercise 02 asks: rnn_step_backward, bptt, collect, wrong_places.

The tests come first and are the specification; below them stand the `…_slips`, what typical
mistakes would return. In the first case of a test some sizes are equal, so that mistakes run that
would otherwise stop with an error, and can be told by name.
"""

import numpy as np
import pytest

from lstm_lab.grading import compare, suspect


@pytest.mark.points(3, task="rnn_step_backward", en="one step back", zh="往回一步")
def test_step_backward(submission, solution, rng):
    for B, I, H in [(4, 4, 4), (3, 2, 4), (1, 5, 2), (4, 1, 1)]:
        shapes = [(B, H), (B, H), (B, I), (B, H), (H, I), (H, H)]
        dh_new, h_new, x, h, W_x, W_h = (rng.normal(size=shape) for shape in shapes)
        arguments = dh_new, np.tanh(h_new), x, h, W_x, W_h
        got = submission.call("rnn_step_backward", *arguments)
        want = solution.call("rnn_step_backward", *arguments).value
        names = ("dx", "dh", "dW_x", "dW_h", "db")
        compare(got, want, name=names, suspects=step_slips(*arguments))


@pytest.mark.points(2, task="bptt", en="sequences of full length", zh="不带填充的序列")
def test_bptt_of_full_sequences(submission, solution, rng):
    for T, B, H in [(5, 3, 4), (1, 2, 3), (4, 1, 2)]:
        dh, slope = rng.normal(size=(T, B, H)), rng.uniform(0.1, 1, size=(T, B, H))
        W_h, lengths = rng.normal(size=(H, H)), np.full(B, T)
        got = submission.call("bptt", dh, slope, W_h, lengths)
        want = solution.call("bptt", dh, slope, W_h, lengths).value
        compare(got, want, name=("da", "dh0"), suspects=bptt_slips(dh, slope, W_h, lengths))


@pytest.mark.points(2, task="bptt", en="padded sequences", zh="带填充的序列")
def test_bptt_of_padded_sequences(submission, solution, rng):
    for T, B, H in [(5, 4, 3), (3, 2, 4)]:
        dh, slope = rng.normal(size=(T, B, H)), rng.uniform(0.1, 1, size=(T, B, H))
        W_h = rng.normal(size=(H, H))
        lengths = np.array([2, T, 1, *rng.integers(1, T + 1, size=B)][:B])
        got = submission.call("bptt", dh, slope, W_h, lengths)
        want = solution.call("bptt", dh, slope, W_h, lengths).value
        compare(got, want, name=("da", "dh0"), suspects=bptt_slips(dh, slope, W_h, lengths))


@pytest.mark.points(3, task="collect", en="every step counts", zh="每一步都算")
def test_collect(submission, solution, rng):
    for T, B, I, H in [(5, 3, 4, 4), (4, 3, 2, 5), (1, 2, 3, 4), (3, 1, 2, 1)]:
        shapes = [(T, B, H), (T, B, I), (T, B, H), (B, H)]
        arguments = [rng.normal(size=shape) for shape in shapes]
        got = submission.call("collect", *arguments)
        want = solution.call("collect", *arguments).value
        compare(got, want, name=("dW_x", "dW_h", "db"), suspects=collect_slips(*arguments))


@pytest.mark.points(
    1, task="wrong_places", en="leaves right gradients alone", zh="不冤枉正确的梯度"
)
def test_judge_acquits_right_gradients(submission, solution, rng):
    for f, x in [
        ("cubes", rng.uniform(0.5, 2, size=4)),
        ("cubes", np.zeros(1)),  # slope 0, quotient eps²
        ("steep", rng.uniform(0.5, 2, size=(2, 3))),
        ("first", rng.uniform(0.5, 2, size=3)),
        ("product", rng.uniform(0.5, 2, size=(2, 2))),
    ]:
        right = slopes(f, x)
        got = submission.call("wrong_places", f, x, right)
        want = solution.call("wrong_places", f, x, right).value
        compare(got, want, name="wrong_places(…)", suspects=acquittal_slips(f, x, got.value))
    x = rng.uniform(0.5, 2, size=4)
    got = submission.call("wrong_places", "cubes", x, slopes("cubes", x), eps=1e-3)
    want = solution.call("wrong_places", "cubes", x, slopes("cubes", x), eps=1e-3).value
    one_sided = suspect(
        np.ones(4, bool),
        en="with eps = 0.001 a right gradient was called wrong: nudge to both sides, and divide "
        "by 2 eps; a quotient to one side is off by about eps.",
        zh="eps = 0.001 时，正确的梯度被判错了：要往两边推，再除以 2 eps；"
        "只往一边推的商，误差和 eps 一样大。",
    )
    compare(got, want, name="wrong_places(…)", suspects=[one_sided])
    quotient = slopes("cubes", x) + 0.1**2  # of cubes, exactly, for eps = 0.1
    got = submission.call("wrong_places", "cubes", x, quotient, eps=0.1)
    want = solution.call("wrong_places", "cubes", x, quotient, eps=0.1).value
    own_eps = suspect(
        np.ones(4, bool),
        en="with eps = 0.1 the very quotient was claimed, and called wrong: is `eps` used, or a "
        "number of your own?",
        zh="eps = 0.1 时，声称的正是那个商，却被判错了：用的是 `eps`，还是你自己写的一个数？",
    )
    compare(got, want, name="wrong_places(…)", suspects=[own_eps])
    x = rng.uniform(1.1, 2, size=(2, 2)) * [[-1, 1], [1, 1]]  # three slopes below −1
    right = slopes("product", x)
    got = submission.call("wrong_places", "product", x, right)
    want = solution.call("wrong_places", "product", x, right).value
    signed = suspect(
        right < -1,
        en="a right gradient below −1 was called wrong: the bound grows with the *size* of the "
        "quotient, so take its absolute value there too.",
        zh="小于 −1 的正确梯度被判错了：界限随商的**大小**增长，那里也要取绝对值。",
    )
    compare(got, want, name="wrong_places(…)", suspects=[signed])


@pytest.mark.points(2, task="wrong_places", en="finds planted faults", zh="找出埋下的错误")
def test_judge_finds_planted_faults(submission, solution, rng):
    plants = {
        "one too large, one too small": lambda g: one(
            one(g, 1.1 * g.flat[1] + 1), 0.9 * g.flat[2] - 1, 2
        ),
        "one number a hundredth too large": lambda g: one(g, 1.01 * g.flat[1] + 0.01),
        "one number too small": lambda g: one(g, 0.98 * g.flat[1] - 1),
        "one sign turned": lambda g: one(g, -g.flat[1]),
        "half of everything": lambda g: g / 2,
        "just over the bound": lambda g: g + 1.1e-4 * (1 + abs(g)),
        "just under the bound": lambda g: g - 0.9e-4 * (1 + abs(g)),
    }
    for f, shape in [("cubes", (4,)), ("product", (2, 2)), ("steep", (3,))]:
        x = rng.uniform(0.5, 2, size=shape)
        for plant in plants.values():
            claimed = plant(slopes(f, x))
            got = submission.call("wrong_places", f, x, claimed)
            want = solution.call("wrong_places", f, x, claimed).value
            compare(got, want, name="wrong_places(…)", suspects=judge_slips(f, x, claimed))
    x = rng.uniform(0.5, 2, size=3)
    claimed = one(slopes("first", x), 1e-4, 2)  # the quotient is 0: a claim right on the bound
    got = submission.call("wrong_places", "first", x, claimed)
    want = solution.call("wrong_places", "first", x, claimed).value
    on_the_bound = suspect(
        np.arange(3) == 2,
        en="a claim exactly on the bound was called wrong: wrong is what is *over* it, `>`.",
        zh="恰好落在界限上的梯度被判错了：**超过**界限才算错，是 `>`。",
    )
    compare(got, want, name="wrong_places(…)", suspects=[on_the_bound])


# --- what typical mistakes would return --------------------------------------------------


def step_slips(dh_new, h_new, x, h, W_x, W_h):
    da = dh_new * (1 - h_new**2)
    B = len(x)
    twice = dh_new * (1 - h_new**2) ** 2
    slips = []
    for part, plain, old in [
        ("dx", dh_new @ W_x, (dh_new * (1 - h**2)) @ W_x),
        ("dh", dh_new @ W_h, (dh_new * (1 - h**2)) @ W_h),
    ]:
        slips += [
            suspect(
                plain,
                part=part,
                en="the slope of the tanh, 1 − h_new², is not in it.",
                zh="里面没有 tanh 的斜率 1 − h_new²。",
            ),
            suspect(
                old,
                part=part,
                en="the slope is taken at the old state; it is 1 − h_new².",
                zh="斜率取在了旧状态；应当是 1 − h_new²。",
            ),
        ]
    for part, plain in [
        ("dW_x", dh_new.T @ x),
        ("dW_h", dh_new.T @ h),
        ("db", dh_new.sum(axis=0)),
    ]:
        slips.append(
            suspect(
                plain,
                part=part,
                en="the slope of the tanh is not in it: the weights act on a, so use da.",
                zh="里面没有 tanh 的斜率：权重作用在 a 上，所以要用 da。",
            )
        )
    slips += [
        suspect(
            twice @ W_x,
            part="dx",
            en="the slope of the tanh is in it twice.",
            zh="tanh 的斜率乘了两次。",
        ),
        suspect(
            (dh_new / (1 - h_new**2)) @ W_x,
            part="dx",
            en="the slope of the tanh was divided by; multiply by it.",
            zh="除以了 tanh 的斜率；应当乘上它。",
        ),
        suspect(
            da @ W_h + dh_new,
            part="dh",
            en="dh_new was added; the old state reached the new one only through W_h and the tanh.",
            zh="多加了 dh_new；旧状态只经过 W_h 和 tanh 到达新状态。",
        ),
        suspect(
            (dh_new * (1 - np.tanh(h_new) ** 2)) @ W_x,
            part="dx",
            en="h_new has been through the tanh already: the slope is 1 − h_new², without another "
            "tanh.",
            zh="h_new 已经是 tanh 的输出：斜率是 1 − h_new²，不要再取一次 tanh。",
        ),
        suspect(
            (dh_new * (1 - h_new)) @ W_x,
            part="dx",
            en="the square is missing: the slope is 1 − h_new².",
            zh="少了平方：斜率是 1 − h_new²。",
        ),
        suspect(
            (dh_new * h_new * (1 - h_new)) @ W_x,
            part="dx",
            en="h(1 − h) is the slope of the sigmoid; that of the tanh is 1 − h_new².",
            zh="h(1 − h) 是 sigmoid 的斜率；tanh 的斜率是 1 − h_new²。",
        ),
        suspect(
            da @ W_h.T,
            part="dh",
            en="W_h is transposed once too often: forward it was `h @ W_h.T`, so back it is "
            "`da @ W_h` (it is square, so both fit).",
            zh="W_h 多转置了一次：正向是 `h @ W_h.T`，所以反向是 `da @ W_h`"
            "（它是方阵，两种都放得进去）。",
        ),
        suspect(
            (dh_new * (1 - np.tanh(h) ** 2)) @ W_x,
            part="dx",
            en="the slope is taken at the old state; it is 1 − h_new².",
            zh="斜率取在了旧状态；应当是 1 − h_new²。",
        ),
        suspect(
            da.T @ h_new,
            part="dW_h",
            en="W_h met the old state h, not the new one.",
            zh="W_h 遇到的是旧状态 h，不是新状态。",
        ),
        suspect(
            h.T @ da,
            part="dW_h",
            en="it is transposed: `da.T @ h`, not `h.T @ da`.",
            zh="转置反了：是 `da.T @ h`，不是 `h.T @ da`。",
        ),
    ]
    for part, right, last in [
        ("dW_x", da.T @ x, np.outer(da[-1], x[-1])),
        ("dW_h", da.T @ h, np.outer(da[-1], h[-1])),
        ("db", da.sum(axis=0), da[-1]),
    ]:
        slips += [
            suspect(
                right / B,
                part=part,
                en="that is the mean over the batch; a gradient is the sum.",
                zh="这是对批取平均；梯度是求和。",
            ),
            suspect(
                last,
                part=part,
                en="only the last sequence of the batch is in it; sum over all.",
                zh="里面只有批的最后一个序列；要对所有序列求和。",
            ),
        ]
    slips.append(
        suspect(
            da,
            part="db",
            en="that is one row for each sequence; b is used by all of them, so sum over the "
            "batch.",
            zh="这是一个序列一行；所有序列都用到 b，所以要对批求和。",
        )
    )
    if h.shape[1] == B:
        across = suspect(
            da.sum(axis=1),
            part="db",
            en="the sum runs over the units; it must run over the batch, axis 0.",
            zh="是对单元求的和；应当对批求和，即第 0 轴。",
        )
        slips.append(across)
    if x.shape[1] == h.shape[1]:
        slips += [
            suspect(
                da @ W_h,
                part="dx",
                en="that is dh; the order is dx, dh, dW_x, dW_h, db.",
                zh="这是 dh；顺序是 dx、dh、dW_x、dW_h、db。",
            ),
            suspect(
                da @ W_x.T,
                part="dx",
                en="W_x is transposed once too often: back it is `da @ W_x`.",
                zh="W_x 多转置了一次：反向是 `da @ W_x`。",
            ),
            suspect(
                x.T @ da,
                part="dW_x",
                en="it is transposed: `da.T @ x`, not `x.T @ da`.",
                zh="转置反了：是 `da.T @ x`，不是 `x.T @ da`。",
            ),
        ]
    yield from slips


def walk_back(dh, slope, W_h, alive, past_end="through", order=-1, carry="da"):
    da, later = np.zeros_like(dh), np.zeros_like(dh[0])
    for t in list(range(len(dh)))[::order]:
        arrives, now = dh[t] + later, alive[t][:, None]
        through = dh[t] * slope[t] + later if carry == "past the slope" else arrives * slope[t]
        da[t] = np.where(now, through, 0.0)
        back = (arrives if carry == "arrives" else da[t]) @ W_h
        if carry == "slope after W_h":
            back = (arrives @ W_h) * slope[t]
        if carry == "piled up":
            back, arrives = later + back, later + arrives
        later = np.where(now, back, arrives if past_end == "through" else 0.0)
    return da, later


def bptt_slips(dh, slope, W_h, lengths):
    t = np.arange(len(dh))[:, None]
    alive, always = t < lengths, np.ones((len(dh), len(lengths)), bool)
    right = walk_back(dh, slope, W_h, alive)
    yield from [
        suspect(
            walk_back(dh, slope, W_h, always),
            en="the frozen steps are treated like real ones: past its end a sequence has no tanh "
            "and no weights (is lengths used?).",
            zh="冻结的步骤被当成真的了：序列结束以后没有 tanh，也没有权重（用到 lengths 了吗？）。",
        ),
        suspect(
            walk_back(dh, slope, W_h, alive, past_end="lost"),
            en="what the loss says past the end of a sequence is lost: all that arrives there, "
            "dh[t] and what came from later, is handed on unchanged to the last real step.",
            zh="损失在序列结束以后说的话丢掉了：那里到达的一切，dh[t] 和来自后面的量，"
            "都要原样传到最后一个真实的步骤。",
        ),
        suspect(
            walk_back(dh, slope, W_h, t <= lengths),
            en="every sequence walks through one frozen step: the test is `t < lengths`.",
            zh="每个序列都多走了一个冻结的步骤：条件是 `t < lengths`。",
        ),
        suspect(
            walk_back(dh, slope, W_h, t < lengths - 1),
            en="the last real step of every sequence is treated as frozen: the test is "
            "`t < lengths`.",
            zh="每个序列的最后一个真实步骤被当成冻结的了：条件是 `t < lengths`。",
        ),
        suspect(
            walk_back(dh, slope, W_h.T, alive),
            en="W_h is transposed once too often: forward it was `h @ W_h.T`, so back it is "
            "`da @ W_h`.",
            zh="W_h 多转置了一次：正向是 `h @ W_h.T`，所以反向是 `da @ W_h`。",
        ),
        suspect(
            walk_back(dh, slope, W_h, alive, order=1),
            en="the walk goes from the first step to the last; it must go from the last to the "
            "first.",
            zh="走的方向是从第一步到最后一步；应当从最后一步走到第一步。",
        ),
        suspect(
            np.where(alive[:, :, None], dh * slope, 0.0),
            part="da",
            en="nothing comes back from later steps: what arrives is dh[t] plus what step t + 1 "
            "handed on.",
            zh="后面的步骤什么也没传回来：到达的是 dh[t] 加上第 t + 1 步传下来的量。",
        ),
        suspect(
            walk_back(np.concatenate([0 * dh[:-1], dh[-1:]]), slope, W_h, alive),
            en="only what the loss says of the last state is in it: add dh[t] at every step.",
            zh="里面只有损失对最后一个状态说的话：每一步都要加上 dh[t]。",
        ),
        suspect(
            walk_back(dh, slope, W_h, alive)[0][0],
            part="dh0",
            en="that is da[0], before W_h; dh0 is what step 0 hands on.",
            zh="这是 da[0]，还没有经过 W_h；dh0 是第 0 步传下来的量。",
        ),
        suspect(
            walk_back(dh, np.ones_like(slope), W_h, alive),
            en="the slopes are not in it.",
            zh="里面没有乘斜率。",
        ),
        suspect(
            walk_back(dh, slope, W_h, alive, carry="arrives"),
            en="what goes back to the step before has not passed the tanh: it is da[t], with the "
            "slope in it, that W_h multiplies.",
            zh="传给前一步的量没有经过 tanh：W_h 乘的是已经含有斜率的 da[t]。",
        ),
        suspect(
            walk_back(dh, slope, W_h, alive, carry="past the slope"),
            en="what comes from later steps is added after the slope; it arrives at the state, so "
            "add first, then multiply by the slope.",
            zh="后面传来的量加在了乘斜率之后；它是到达状态的，所以先加，再乘斜率。",
        ),
        suspect(
            walk_back(dh, slope, W_h, alive, carry="piled up"),
            en="what comes from later piles up from step to step: it is what the step after handed "
            "on, and no more.",
            zh="后面传来的量一步步堆起来了：只有后一步传下来的那份，没有别的。",
        ),
        suspect(
            walk_back(dh, slope, W_h, alive, carry="slope after W_h"),
            en="the slope was multiplied in after W_h; what goes back is da[t] @ W_h, with the "
            "slope in da[t] already.",
            zh="斜率乘在了 W_h 之后；往回传的是 da[t] @ W_h，斜率已经在 da[t] 里了。",
        ),
        suspect(
            walk_back(dh, np.roll(slope, 1, axis=0), W_h, alive),
            en="each step has the slope of the step before it: `slope[t]` belongs to step t.",
            zh="每一步用的都是前一步的斜率：第 t 步的是 `slope[t]`。",
        ),
        suspect(
            walk_back(dh, 1 - slope**2, W_h, alive),
            en="the slopes are given worked out, 1 − h²; multiply by them as they are.",
            zh="给出的斜率已经算好了，就是 1 − h²；原样乘上去。",
        ),
        suspect(
            right[0][::-1],
            part="da",
            en="it is turned round in time: the list fills from the end.",
            zh="在时间上倒过来了：列表是从末尾开始填的。",
        ),
        suspect(
            np.where(alive[:, :, None], right[0] / slope, 0.0),
            part="da",
            en="that is what arrives at each state; da is that times the slope.",
            zh="这是到达每个状态的量；da 还要乘斜率。",
        ),
        suspect(
            right[1] + dh[0],
            part="dh0",
            en="dh[0] belongs to the state *after* step 0; dh0 is what step 0 hands on, and no "
            "more.",
            zh="dh[0] 属于第 0 步**之后**的状态；dh0 只是第 0 步传下来的量。",
        ),
    ]


def collect_slips(da, x, h, h0):
    T, B, _ = da.shape
    before = np.concatenate([h0[None], h[:-1]])
    dW_x, dW_h = np.einsum("tbh,tbi->hi", da, x), np.einsum("tbh,tbj->hj", da, before)
    slips = [
        suspect(
            np.einsum("tbh,bj->hj", da, h0),
            part="dW_h",
            en="every step takes h0; that is right for step 0 only, step t met h[t − 1].",
            zh="每一步都用了 h0；只有第 0 步该用它，第 t 步遇到的是 h[t − 1]。",
        ),
        suspect(
            np.einsum("tbh,tbj->hj", da, h),
            part="dW_h",
            en="W_h met the state before the step, h[t − 1], and h0 at step 0; you took h[t].",
            zh="W_h 遇到的是这一步之前的状态 h[t − 1]，第 0 步是 h0；你用的是 h[t]。",
        ),
        suspect(
            np.einsum("tbh,tbj->hj", da[1:], h[:-1]),
            part="dW_h",
            en="step 0 is missing: there W_h met h0.",
            zh="少了第 0 步：那里 W_h 遇到的是 h0。",
        ),
        suspect(
            np.einsum("tbh,tbj->hj", da, np.roll(h, 1, axis=0)),
            part="dW_h",
            en="at step 0 you took the last state (an index of −1, or np.roll); there W_h met h0.",
            zh="第 0 步用了最后一个状态（下标成了 −1，或者用了 np.roll）；那里 W_h 遇到的是 h0。",
        ),
        suspect(
            da.sum(axis=0),
            part="db",
            en="it is summed over time but not over the batch.",
            zh="对时间求了和，还没有对批求和。",
        ),
        suspect(
            da.sum(axis=1),
            part="db",
            en="it is summed over the batch but not over time.",
            zh="对批求了和，还没有对时间求和。",
        ),
    ]
    for part, right, last in [
        ("dW_x", dW_x, da[-1].T @ x[-1]),
        ("dW_h", dW_h, da[-1].T @ before[-1]),
        ("db", da.sum(axis=(0, 1)), da[-1].sum(axis=0)),
    ]:
        slips += [
            suspect(
                last,
                part=part,
                en="that is the share of the last step alone; every step adds its own.",
                zh="这只是最后一步的那一份；每一步都要加上自己的一份。",
            ),
            suspect(
                right / T,
                part=part,
                en="that is the mean over the steps; a gradient is the sum.",
                zh="这是对时间步取平均；梯度是求和。",
            ),
            suspect(
                right / B,
                part=part,
                en="that is the mean over the batch; a gradient is the sum.",
                zh="这是对批取平均；梯度是求和。",
            ),
            suspect(
                right / (T * B),
                part=part,
                en="that is the mean over steps and batch; a gradient is the sum.",
                zh="这是对时间步和批取平均；梯度是求和。",
            ),
        ]
    if dW_x.shape == dW_h.shape:
        slips += [
            suspect(
                value,
                part=part,
                en="dW_x and dW_h have traded places: first dW_x, then dW_h.",
                zh="dW_x 和 dW_h 换了位置：先 dW_x，后 dW_h。",
            )
            for part, value in [("dW_x", dW_h), ("dW_h", dW_x)]
        ]
    mixed = da.reshape(dW_x.shape[0], T * B)
    slips += [
        suspect(
            mixed @ one.reshape(T * B, -1),
            part=part,
            en="`reshape(H, T * B)` does not transpose, it mixes the units: make it (T · B, H) "
            "first, then `.T`.",
            zh="`reshape(H, T * B)` 不是转置，会把各单元混在一起：先变成 (T · B, H)，再 `.T`。",
        )
        for part, one in [("dW_x", x), ("dW_h", before)]
    ]
    if dW_x.shape[0] == dW_x.shape[1]:
        slips.append(
            suspect(
                dW_x.T,
                part="dW_x",
                en="it is transposed: `da[t].T @ x[t]`, not `x[t].T @ da[t]`.",
                zh="转置反了：是 `da[t].T @ x[t]`，不是 `x[t].T @ da[t]`。",
            )
        )
    slips.append(
        suspect(
            dW_h.T,
            part="dW_h",
            en="it is transposed: da stands first, transposed.",
            zh="转置反了：da 在前，并且转置。",
        )
    )
    yield from slips


def slopes(f, x):
    """The slopes of the probes in closed form."""
    if f == "first":
        return np.where(np.arange(x.size).reshape(x.shape) == 0, np.cos(x), 0.0)
    if f == "product":
        return x.prod() / x
    return 3 * x**2 if f == "cubes" else 2e9 * x


def one(gradient, value, place=1):
    """The gradient with one number replaced."""
    gradient = gradient.copy()
    gradient.flat[place] = value
    return gradient


def acquittal_slips(f, x, value):
    """Any verdict on a right gradient but “nothing wrong”, with the likely reason."""
    if isinstance(value, list | tuple) and len(value) == 0:
        return [
            suspect(
                value,
                en="an empty list came back; asked for is a truth value for every place, in the "
                "shape of x.",
                zh="返回了空列表；要的是每个位置一个真假值，形状和 x 一样。",
            )
        ]
    if not isinstance(value, np.ndarray) or value.shape != x.shape or not value.any():
        return []
    if not value[slopes(f, x) != 0].any():
        return [
            suspect(
                value,
                en="a right gradient of 0 was called wrong: the quotient beside it is not exactly "
                "0, so the bound needs the 1 in it.",
                zh="为 0 的正确梯度被判错了：旁边的商并不恰好是 0，所以界限里要有那个 1。",
            )
        ]
    if f == "steep":
        return [
            suspect(
                value,
                en="a right gradient of a billion was called wrong for its last digits: the bound "
                "must grow with the quotient.",
                zh="十亿的正确梯度因为末几位被判错了：界限要随商增长。",
            )
        ]
    return [
        suspect(
            value,
            en="a right gradient was called wrong: is the comparison the wrong way round, or the "
            "quotient not the slope?",
            zh="正确的梯度被判错了：是比较写反了，还是商不是斜率？",
        )
    ]


def judge_slips(f, x, claimed):
    q = slopes(f, x)
    bound = 1e-4 * (1 + abs(q))
    gap = abs(claimed - q)
    within = suspect(
        np.ones(x.shape, bool),
        en="claims just within the bound were called wrong: the bound is 1e-4 * (1 + |q|).",
        zh="刚好在界限之内的梯度被判错了：界限是 1e-4 * (1 + |q|)。",
    )
    close = [within] if (gap < bound).all() and (gap > 0.5 * bound).all() else []
    yield from [
        *close,
        suspect(
            np.zeros(x.shape, bool),
            en="a planted fault was not found: nothing was called wrong.",
            zh="埋下的错误没有被找到：没有一处被判错。",
        ),
        suspect(
            claimed - q > bound,
            en="a number that is too small is not found: take the absolute value of the "
            "difference.",
            zh="偏小的数没有被找到：要对差取绝对值。",
        ),
        suspect(
            q - claimed > bound,
            en="a number that is too large is not found: take the absolute value of the "
            "difference.",
            zh="偏大的数没有被找到：要对差取绝对值。",
        ),
        suspect(
            abs(claimed - q) <= bound,
            en="the comparison is the wrong way round: `True` is where the claim is wrong.",
            zh="比较写反了：声称有错的地方才是 `True`。",
        ),
        suspect(
            np.full(x.shape, bool((abs(claimed - q) > bound).any())),
            en="one fault, and every place is called wrong: judge each number by itself.",
            zh="只有一处错，却处处都判错：要对每个数单独判断。",
        ),
    ]
