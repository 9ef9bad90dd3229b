"""What exercise 06 asks: lstm_step_backward, lstm_backward, in_chunks, adam_step.

The tests come first and are the specification; below them stand the `…_slips`, what typical
mistakes would return. In the first case of a test some sizes are equal, so that mistakes run that
would otherwise stop with an error, and can be told by name.
"""

from itertools import chain

import numpy as np
import pytest

from lstm_lab.grading import compare, suspect


@pytest.mark.points(2, task="lstm_step_backward", en="what comes from h", zh="从 h 来的")
def test_step_backward_from_h(submission, solution, rng):
    for B, H in [(4, 4), (3, 2)]:
        arguments = step_arguments(rng, B, H)
        arguments[1] = np.zeros((B, H))  # the last step: nobody asks anything of c
        check_step(submission, solution, arguments)


@pytest.mark.points(
    2, task="lstm_step_backward", en="and from later steps", zh="以及从后面各步来的"
)
def test_step_backward_from_both(submission, solution, rng):
    for B, H in [(4, 4), (3, 5), (1, 1)]:
        check_step(submission, solution, step_arguments(rng, B, H))


@pytest.mark.points(3, task="lstm_backward", en="through time", zh="穿过时间")
def test_backward(submission, solution, rng):
    for T, B, H in [(4, 4, 4), (5, 3, 2), (1, 2, 3), (3, 1, 1)]:
        dh, f, g, c = rng.normal(size=(4, T, B, H))
        i, o = rng.uniform(0.1, 0.9, size=(2, T, B, H))
        arguments = dh, i, f, g, o, c, rng.normal(size=(B, H)), rng.normal(size=(4 * H, H))
        got = submission.call("lstm_backward", "toy", *arguments)
        want = solution.call("lstm_backward", "toy", *arguments).value
        slips = backward_slips(*arguments)
        compare(got, want, name=("da", "dh0", "dc0"), suspects=slips)


@pytest.mark.points(2, task="in_chunks", en="chunks that fit", zh="正好分完")
def test_chunks_that_fit(submission, solution, rng):
    for T, B, H, K in [(6, 3, 2, 3), (4, 2, 3, 1), (3, 1, 2, 3)]:
        check_chunks(submission, solution, rng, T, B, H, K)


@pytest.mark.points(1, task="in_chunks", en="a shorter last one", zh="最后一块短一些")
def test_chunks_with_a_rest(submission, solution, rng):
    for T, B, H, K in [(7, 3, 2, 3), (5, 2, 2, 4), (2, 2, 1, 5)]:
        check_chunks(submission, solution, rng, T, B, H, K)


@pytest.mark.points(3, task="adam_step", en="first and later steps", zh="第一步和后面的步")
def test_adam_step(submission, solution, rng):
    for shape, t in [((4,), 3), ((2, 3), 1), ((3,), 50)]:
        w, g, m = rng.normal(size=(3, *shape))
        s = rng.uniform(0.1, 2, size=shape) if t > 1 else np.zeros(shape)
        m = m if t > 1 else np.zeros(shape)
        g.flat[0] = 0.0 if t == 1 else g.flat[0]  # 0 / 0 but for eps
        got = submission.call("adam_step", w, g, m, s, t, 0.1)
        want = solution.call("adam_step", w, g, m, s, t, 0.1).value
        # 1e-5: with eps on the uncorrected root, as in the paper's faster form, w differs a little
        slips = adam_slips(w, g, m, s, t, 0.1)
        compare(got, want, name=("w", "m", "s"), rtol=1e-5, suspects=slips)
    zeros = np.zeros(4)
    w, g = rng.normal(size=4), 1e-8 * rng.uniform(1, 3, size=4) * [1, -1, 1, -1]  # as small as eps
    got = submission.call("adam_step", w, g, zeros, zeros, 1, 0.1)
    want = solution.call("adam_step", w, g, zeros, zeros, 1, 0.1).value
    want = in_the_form_of(got.value, want, w, 1, 0.1)
    slips = chain(eps_slips(w, g), adam_slips(w, g, zeros, zeros, 1, 0.1))
    compare(got, want, name=("w", "m", "s"), rtol=1e-5, suspects=slips)


def step_arguments(rng, B, H):
    """dh, dc, i, f, g, o, c, c_new"""
    dh, dc, g, c, c_new = rng.normal(size=(5, B, H))
    i, f, o = rng.uniform(0.1, 0.9, size=(3, B, H))
    return [dh, dc, i, f, np.tanh(g), o, 2 * c, c_new]


def check_step(submission, solution, arguments):
    got = submission.call("lstm_step_backward", *arguments)
    want = solution.call("lstm_step_backward", *arguments).value
    slips = chain(step_slips(*arguments), wrong_parts(got.value, want))
    compare(got, want, name=("da", "dc_old"), suspects=slips)


def check_chunks(submission, solution, rng, T, B, H, K):
    x, dh, state = rng.normal(size=(T, B, H)), rng.normal(size=(T, B, H)), rng.normal(size=(B, H))
    got = submission.call("in_chunks", "toy", "toy", x, dh, state, K)
    want = solution.call("in_chunks", "toy", "toy", x, dh, state, K).value
    slips = chunk_slips(x, dh, state, K)
    compare(got, want, name=("h", "state", "gradient"), suspects=slips)


def in_the_form_of(value, want, w, t, lr):
    """What is wanted; in the paper's faster form, if that is how somebody worked out w."""
    _w, m, s = want
    rate = lr * np.sqrt(1 - 0.999**t) / (1 - 0.9**t)
    faster = w - rate * m / (np.sqrt(s) + 1e-8)
    given = value[0] if isinstance(value, tuple | list) and len(value) == 3 else None
    if not isinstance(given, np.ndarray) or given.shape != w.shape or given.dtype.kind != "f":
        return want
    return [faster, m, s] if np.allclose(given, faster, rtol=1e-5, atol=0) else want


# --- what typical mistakes would return --------------------------------------------------


def back_as(dh, dc, i, f, g, o, c, c_new, *, order="ifgo", **other):
    """One step back with some of its terms replaced."""
    gate = other.get("gate", lambda s: s * (1 - s))
    slope = other.get("slope", 1 - np.tanh(c_new) ** 2)
    through = other.get("through", dh * o * slope)
    total = other.get("total", lambda later, through: later + through)(dc, through)
    parts = {
        "i": other.get("di", total * g) * gate(i),
        "f": other.get("df", total * c) * gate(f),
        "g": other.get("dg", total * i) * other.get("g_slope", 1 - g**2),
        "o": other.get("do", dh * np.tanh(c_new)) * gate(o),
    }
    da = np.concatenate([parts[name] for name in order], axis=1)
    return da, other.get("dc_old", total * f)


def step_slips(dh, dc, i, f, g, o, c, c_new):
    given = dh, dc, i, f, g, o, c, c_new
    tanh_c = np.tanh(c_new)
    through = dh * o * (1 - tanh_c**2)
    total = dc + through
    right = back_as(*given)
    slips = [
        suspect(
            back_as(*given, order=order)[0],
            part="da",
            en=f"the parts stand in the order {', '.join(order)}; it is i, f, g, o.",
            zh=f"各部分的顺序是 {'、'.join(order)}；应当是 i、f、g、o。",
        )
        for order in ("figo", "ifog", "fiog", "ofig", "ogfi", "igfo")
    ]
    for kwargs, en, zh in [
        (
            {"total": lambda later, through: through},
            "what later steps ask of c is lost: the total is dc + dh · o · (1 − tanh²).",
            "后面各步对 c 的要求丢了：总和是 dc + dh · o · (1 − tanh²)。",
        ),
        (
            {"total": lambda later, through: later},
            "only what later steps ask of c is in it; c also reaches the loss through h: "
            "+ dh · o · (1 − tanh²).",
            "里面只有后面各步对 c 的要求；c 还经过 h 到达损失：+ dh · o · (1 − tanh²)。",
        ),
        (
            {"through": dh * o},
            "the slope of the tanh around c, 1 − tanh²(c_new), is missing.",
            "少了 c 外面那个 tanh 的斜率 1 − tanh²(c_new)。",
        ),
        (
            {"through": dh * (1 - tanh_c**2)},
            "o is missing on the way from h to c: dh · o · (1 − tanh²).",
            "从 h 到 c 的路上少了 o：dh · o · (1 − tanh²)。",
        ),
        (
            {"through": dh * o * (1 - c_new**2)},
            "c_new has not been through a tanh yet: the slope is 1 − np.tanh(c_new)².",
            "c_new 还没有经过 tanh：斜率是 1 − np.tanh(c_new)²。",
        ),
        (
            {"through": dh * o * (1 - np.tanh(c) ** 2)},
            "the slope is taken at the old memory; it is 1 − tanh²(c_new).",
            "斜率取在了旧的记忆上；应当是 1 − tanh²(c_new)。",
        ),
        (
            {"through": dh * o * (1 - tanh_c)},
            "the square is missing: 1 − tanh²(c_new).",
            "少了平方：1 − tanh²(c_new)。",
        ),
        (
            {"through": dh * o * tanh_c},
            "on the way from h to c stands the *slope* of the tanh, not the tanh.",
            "从 h 到 c 的路上是 tanh 的**斜率**，不是 tanh 本身。",
        ),
    ]:
        wrong = back_as(*given, **kwargs)
        slips += [suspect(wrong, en=en, zh=zh), suspect(wrong[0], part="da", en=en, zh=zh)]
    for kwargs, en, zh in [
        (
            {"di": total * f * g, "df": total * f * c, "dg": total * f * i},
            "dc was multiplied by f before di, df and dg were taken from it.",
            "还没算 di、df、dg，dc 就先乘了 f。",
        ),
        (
            {"gate": lambda s: 1.0, "g_slope": 1.0},
            "no slope is in it: σ(1 − σ) for the gates, 1 − g² for g.",
            "斜率全都没有：门是 σ(1 − σ)，g 是 1 − g²。",
        ),
        (
            {"df": total * c_new},
            "f multiplied the memory *before* the step, c, not c_new.",
            "f 乘的是这一步**之前**的记忆 c，不是 c_new。",
        ),
        (
            {"df": total * g, "di": total * c},
            "i and f have traded places: i multiplied g, f the old memory.",
            "i 和 f 换了位置：i 乘的是 g，f 乘的是旧的记忆。",
        ),
        (
            {"df": total},
            "the old memory is missing in df: f multiplied c.",
            "df 里少了旧的记忆：f 乘的是 c。",
        ),
        (
            {"di": total},
            "g is missing in di: i multiplied it.",
            "di 里少了 g：i 乘的就是它。",
        ),
        (
            {"di": dh * g, "df": dh * c, "dg": dh * i},
            "i, f and g reached the loss through the memory: they hang on dc, not on dh.",
            "i、f、g 是经过记忆到达损失的：看的是 dc，不是 dh。",
        ),
        (
            {"dg": total},
            "i is missing in dg: g was multiplied by it.",
            "dg 里少了 i：g 乘过它。",
        ),
        (
            {"dg": total * i, "g_slope": g * (1 - g)},
            "g is no gate: its slope is 1 − g², not g(1 − g).",
            "g 不是门：它的斜率是 1 − g²，不是 g(1 − g)。",
        ),
        (
            {"g_slope": 1 - np.tanh(g) ** 2},
            "g has been through its tanh already: 1 − g², without another tanh.",
            "g 已经是 tanh 的输出：1 − g²，不要再取一次 tanh。",
        ),
        (
            {"g_slope": 1.0},
            "the slope of g, 1 − g², is missing.",
            "少了 g 的斜率 1 − g²。",
        ),
        (
            {"g_slope": 1 - g},
            "the square is missing: the slope of g is 1 − g².",
            "少了平方：g 的斜率是 1 − g²。",
        ),
        (
            {"gate": lambda s: 1.0},
            "the slopes of the gates, σ(1 − σ), are missing.",
            "少了各个门的斜率 σ(1 − σ)。",
        ),
        (
            {"gate": lambda s: 1 - s**2},
            "the gates have the slope of a tanh; a gate is a sigmoid: σ(1 − σ).",
            "门用了 tanh 的斜率；门是 sigmoid：σ(1 − σ)。",
        ),
        (
            {"gate": lambda s: 1 / (1 + np.exp(-s)) * (1 - 1 / (1 + np.exp(-s)))},
            "the gates have been through the sigmoid already: i(1 − i), without another sigmoid.",
            "门已经是 sigmoid 的输出：i(1 − i)，不要再取一次 sigmoid。",
        ),
        (
            {"do": dh * c_new},
            "o multiplied tanh(c_new), not c_new.",
            "o 乘的是 tanh(c_new)，不是 c_new。",
        ),
        (
            {"do": total * tanh_c},
            "o hangs on dh: it acts after the memory.",
            "o 看的是 dh：它在记忆之后起作用。",
        ),
        (
            {"do": dh * np.tanh(c)},
            "o multiplied the tanh of the *new* memory.",
            "o 乘的是**新**记忆的 tanh。",
        ),
        (
            {"do": dh},
            "tanh(c_new) is missing in do: o multiplied it.",
            "do 里少了 tanh(c_new)：o 乘的就是它。",
        ),
    ]:
        slips.append(suspect(back_as(*given, **kwargs)[0], part="da", en=en, zh=zh))
    quarters = np.split(right[0], 4, axis=1)
    again = back_as(
        *given,
        gate=lambda s: (1 / (1 + np.exp(-s))) * (1 - 1 / (1 + np.exp(-s))),
        g_slope=1 - np.tanh(g) ** 2,
    )
    slips += [
        suspect(
            again[0],
            part="da",
            en="i, f, g and o have been through sigmoid and tanh already: i(1 − i) and 1 − g², "
            "without another one.",
            zh="i、f、g、o 已经是 sigmoid 和 tanh 的输出：i(1 − i) 和 1 − g²，不要再取一次。",
        ),
        suspect(
            np.stack(quarters, axis=2).reshape(len(dh), -1),
            part="da",
            en="the four parts are dealt out in turn; each is a block of its own, side by side.",
            zh="四个部分轮流交错着放；应当各成一块，并排放。",
        ),
        suspect(
            np.concatenate(quarters),
            part="da",
            en="the four parts stand below each other; they belong side by side, `axis=1`.",
            zh="四个部分上下叠着；应当并排放，`axis=1`。",
        ),
        suspect(
            np.stack(quarters),
            part="da",
            en="the four parts are stacked on a new axis; they belong side by side, "
            "`np.concatenate(…, axis=1)`.",
            zh="四个部分堆在了新的轴上；应当并排放，`np.concatenate(…, axis=1)`。",
        ),
        suspect(
            total,
            part="dc_old",
            en="that is the gradient at c_new; the step before gets it times f.",
            zh="这是 c_new 处的梯度；传给前一步的要再乘 f。",
        ),
        suspect(
            dc * f,
            part="dc_old",
            en="what came through h is missing: the *total* at c_new, times f.",
            zh="少了经过 h 来的那份：应当是 c_new 处的**总和**乘 f。",
        ),
        suspect(
            through * f,
            part="dc_old",
            en="what later steps ask is missing: the *total* at c_new, times f.",
            zh="少了后面各步要的那份：应当是 c_new 处的**总和**乘 f。",
        ),
        suspect(
            total * i,
            part="dc_old",
            en="it is times f, not i: f multiplied the old memory.",
            zh="应当乘 f，不是 i：f 乘的才是旧的记忆。",
        ),
        suspect(
            right[::-1],
            en="the order is da, then dc_old.",
            zh="顺序是先 da，后 dc_old。",
        ),
    ]
    yield from slips


def wrong_parts(value, want):
    """Say which of the four parts of da are wrong, if some are right."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        return []
    da, right = value[0], want[0]
    if not isinstance(da, np.ndarray) or da.shape != right.shape or da.dtype.kind != "f":
        return []
    pairs = zip("ifgo", np.split(da, 4, axis=1), np.split(right, 4, axis=1), strict=True)
    wrong = [name for name, got, expected in pairs if not np.allclose(got, expected, rtol=1e-7)]
    if not 0 < len(wrong) < 4:
        return []
    return [
        suspect(
            da,
            part="da",
            en=f"of its four parts i, f, g, o, not right: {', '.join(wrong)}. Look at the lines "
            "that lead there.",
            zh=f"i、f、g、o 四个部分里，不对的是：{'、'.join(wrong)}。看看通到那里的几行。",
        )
    ]


def toy_back(dh, dc, i, f, g, o, c, c_new):
    return np.concatenate([dh * i, dc * g, dh * c, dc * c_new], axis=1), f * dc + o * dh


def walk(dh, i, f, g, o, c, c0, W_h, *, before=None, **other):
    """Walk back, as somebody may write it."""
    T = len(dh)
    before = np.concatenate([c0[None], c[:-1]]) if before is None else before
    later, dc, rows = np.zeros_like(c0), other.get("dc", np.zeros_like(c0)), []
    for t in range(T) if other.get("forwards") else reversed(range(T)):
        asked = other.get("asked", lambda t, later: dh[t] + later)(t, later)
        wanted = np.zeros_like(dc) if other.get("drop_dc") else dc
        memories = (c[t], before[t]) if other.get("crossed") else (before[t], c[t])
        da, dc = toy_back(asked, wanted, i[t], f[t], g[t], o[t], *memories)
        if other.get("add_dc"):
            dc = dc + wanted
        if "dc_times" in other:
            dc = dc * other["dc_times"][t]
        later = da @ other.get("W", W_h) + (later if other.get("add_dh") else 0)
        if other.get("drop_dh"):
            later = np.zeros_like(later)
        rows.append(da)
    return np.stack(rows if other.get("forwards") else rows[::-1]), later, dc


def backward_slips(dh, i, f, g, o, c, c0, W_h):
    given = dh, i, f, g, o, c, c0, W_h
    T = len(dh)
    right = walk(*given)
    parts = np.split(W_h, 4)
    slips = []
    for kwargs, en, zh in [
        (
            {"asked": lambda t, later: dh[t]},
            "nothing comes back through h: what arrives at h_t is dh[t] plus da @ W_h of step "
            "t + 1.",
            "经过 h 什么也没传回来：到达 h_t 的是 dh[t] 加上第 t + 1 步的 da @ W_h。",
        ),
        (
            {"asked": lambda t, later: later if t < T - 1 else dh[t]},
            "only what the loss says of the last state is in it: add dh[t] at every step.",
            "里面只有损失对最后一个状态说的话：每一步都要加上 dh[t]。",
        ),
        (
            {"drop_dc": True},
            "nothing comes back along c: hand the dc_old of one call to the next as its dc.",
            "沿着 c 什么也没传回来：这次调用得到的 dc_old，要交给下一次当 dc。",
        ),
        (
            {"crossed": True},
            "the memories before and after have traded places in the call of step_back.",
            "调用 step_back 时，之前和之后的记忆换了位置。",
        ),
        (
            {"add_dh": True},
            "what comes back through h piles up from step to step: it is da @ W_h of the step "
            "after, and no more.",
            "经过 h 传回来的一步步堆起来了：只有后一步的 da @ W_h，没有别的。",
        ),
        (
            {"add_dc": True},
            "dc piles up from step to step: what step_back returns *is* the new dc.",
            "dc 一步步堆起来了：step_back 返回的**就是**新的 dc。",
        ),
        (
            {"before": c},
            "step_back was given c[t] as the memory *before* the step; that is c[t − 1].",
            "这一步**之前**的记忆用成了 c[t]；应当是 c[t − 1]。",
        ),
        (
            {"before": np.roll(c, 1, axis=0)},
            "at step 0 the memory before is the last one (an index of −1); it is c0.",
            "第 0 步之前的记忆用成了最后一个（下标成了 −1）；应当是 c0。",
        ),
        (
            {"before": np.broadcast_to(c0, c.shape)},
            "every step takes c0 as the memory before; that is right at step 0 only.",
            "每一步都把 c0 当成之前的记忆；只有第 0 步是这样。",
        ),
        (
            {"before": np.concatenate([0 * c0[None], c[:-1]])},
            "the memory before step 0 is c0, not zero.",
            "第 0 步之前的记忆是 c0，不是零。",
        ),
        (
            {"forwards": True},
            "the walk goes from the first step to the last; it must go from the last to the first.",
            "走的方向是从第一步到最后一步；应当从最后一步走到第一步。",
        ),
        (
            {"dc_times": f},
            "dc is multiplied by f once more; what step_back returns has been already.",
            "dc 又乘了一次 f；step_back 返回的已经乘过了。",
        ),
        (
            {"dc": dh[-1]},
            "after the last step nobody asks anything of c: dc begins at zero.",
            "最后一步之后，没有谁对 c 有要求：dc 从零开始。",
        ),
        (
            {"W": sum(np.concatenate([p.T if n == k else 0 * p for n, p in enumerate(parts)])
                      for k in range(4))},
            "W_h is transposed, block by block; back it is `da @ W_h`, as it is.",
            "W_h 一块一块地转置了；反向是 `da @ W_h`，用原样。",
        ),
    ]:  # fmt: skip
        wrong = walk(*given, **kwargs)
        slips += [suspect(wrong, en=en, zh=zh), suspect(wrong[0], part="da", en=en, zh=zh)]
    slips += [
        suspect(
            walk(dh, f, i, *given[3:]),
            en="i and f have traded places in the call of step_back: it is `step_back(dh, dc, i, "
            "f, g, o, c, c_new)`.",
            zh="调用 step_back 时 i 和 f 换了位置：应当是 "
            "`step_back(dh, dc, i, f, g, o, c, c_new)`。",
        ),
        suspect(
            (right[0][::-1], right[1], right[2]),
            en="da is turned round in time: the list fills from the end.",
            zh="da 在时间上倒过来了：列表是从末尾开始填的。",
        ),
        suspect(
            (right[0], right[2], right[1]),
            en="dh0 and dc0 have traded places.",
            zh="dh0 和 dc0 换了位置。",
        ),
        suspect(
            right[0][0],
            part="da",
            en="only the da of step 0 came back; asked for is that of every step.",
            zh="只返回了第 0 步的 da；每一步的都要。",
        ),
        suspect(
            np.zeros_like(right[1]),
            part="dh0",
            en="it is zero; dh0 is what step 0 hands on, da[0] @ W_h.",
            zh="是零；dh0 是第 0 步传下来的，即 da[0] @ W_h。",
        ),
        suspect(
            dh[0] + right[1],
            part="dh0",
            en="dh[0] belongs to the state *after* step 0; dh0 is da[0] @ W_h alone.",
            zh="dh[0] 属于第 0 步**之后**的状态；dh0 只是 da[0] @ W_h。",
        ),
    ]
    yield from slips


def toy_forward(x, state):
    h = state + np.cumsum(x, axis=0)
    return h, h[-1]


def toy_gradient(x, dh, state):
    later = np.cumsum(dh[::-1], axis=0)[::-1]
    return (x * later).sum(axis=(0, 1)) + (state * dh[0]).sum(axis=0)


def chunked(x, dh, state, K, *, carry=True, zero=False, rest=True, after=False):
    """Read in chunks, as somebody may write it."""
    first, all_h, gradients = state, [], []
    T = len(x) if rest else len(x) // K * K
    for start in range(0, T, K):
        part = slice(start, start + K)
        before = 0 * first if zero and start else (state if carry else first)
        h, state = toy_forward(x[part], before)
        gradients.append(toy_gradient(x[part], dh[part], state if after else before))
        all_h.append(h)
    return all_h, state, gradients


def chunk_slips(x, dh, state, K):
    T = len(x)

    def whole(**kwargs):
        h, last, gradients = chunked(x, dh, state, K, **kwargs)
        return np.concatenate(h), last, sum(gradients)

    right = whole()
    gradients = chunked(x, dh, state, K)[2]
    slips = []
    if T > K:
        slips = [
            suspect(
                whole(carry=False),
                en="every chunk begins with the state from the very start; carry the new one on.",
                zh="每一块都从最开始的状态出发；要把新的状态带下去。",
            ),
            suspect(
                whole(zero=True),
                en="the state is set to zero between chunks; only the gradient stops there.",
                zh="块与块之间把状态置零了；停在那里的只有梯度。",
            ),
            suspect(
                (right[0], right[1], gradients[-1]),
                en="only the last chunk's gradient is in it; add all.",
                zh="里面只有最后一块的梯度；要全部加起来。",
            ),
            suspect(
                (right[0], right[1], gradients[0]),
                en="only the first chunk's gradient is in it; add all.",
                zh="里面只有第一块的梯度；要全部加起来。",
            ),
            suspect(
                right[2] / len(gradients),
                part="gradient",
                en="that is the mean over the chunks; the gradients are added.",
                zh="这是对各块取平均；梯度要加起来。",
            ),
            suspect(
                toy_gradient(x, dh, state),
                part="gradient",
                en="that is the gradient of the whole stream at once; it must be cut at each "
                "chunk.",
                zh="这是整条流一次算出的梯度；每一块都要截断。",
            ),
            suspect(
                sum(
                    toy_gradient(x[n : n + K], dh[: len(x[n : n + K])], before)
                    for n, before in zip(
                        range(0, T, K), [state, *right[0][K - 1 :: K]], strict=False
                    )
                ),
                part="gradient",
                en="every chunk got the dh of the first one.",
                zh="每一块拿到的都是第一块的 dh。",
            ),
            suspect(
                np.stack(gradients),
                part="gradient",
                en="that is one gradient a chunk; add them.",
                zh="这是每块一个梯度；要加起来。",
            ),
            suspect(
                sum(toy_gradient(x[s : s + K], dh[s : s + K], state) for s in range(0, T, K)),
                part="gradient",
                en="backward was given the state from the very start for every chunk; it needs the "
                "state before *its* chunk.",
                zh="每一块都把最开始的状态交给了 backward；它要的是**自己这一块**之前的状态。",
            ),
        ]
    if T >= K > 1:
        pieces = zip(np.array_split(x, K), np.array_split(dh, K), strict=True)
        first, total = state, 0.0
        for x_part, dh_part in pieces:
            total = total + toy_gradient(x_part, dh_part, first)
            first = toy_forward(x_part, first)[1]
        slips.append(
            suspect(
                total,
                part="gradient",
                en="the stream is cut into K pieces; K is the number of *steps* in a chunk.",
                zh="流被切成了 K 块；K 是每一块里的**步数**。",
            )
        )
    slips.append(
        suspect(
            whole(after=True)[2],
            part="gradient",
            en="backward was given the state *after* the chunk; it needs the one before.",
            zh="交给 backward 的是这一块**之后**的状态；它要的是之前的。",
        )
    )
    if T % K and T > K:
        dropped = whole(rest=False)
        slips += [
            suspect(
                dropped,
                en="the last, shorter chunk is missing.",
                zh="少了最后那块短的。",
            ),
            suspect(
                dropped[0],
                part="h",
                en="the last, shorter chunk is missing.",
                zh="少了最后那块短的。",
            ),
        ]
    slips.append(
        suspect(
            state,
            part="state",
            en="that is the state from the start; asked for is the last one.",
            zh="这是开始时的状态；要的是最后的。",
        )
    )
    yield from slips


def eps_slips(w, g):
    """The first step of lr 0.1 under a gradient about as small as eps."""
    size = np.abs(g)
    yield from [
        suspect(w - 0.1 * g / below, part="w", en=en, zh=zh)
        for below, en, zh in [
            (
                size,
                "eps is missing: √ŝ + 1e-8 keeps a weight with next to no gradient from moving "
                "by all of lr.",
                "少了 eps：有 √ŝ + 1e-8，几乎没有梯度的权重才不会移动整整一个 lr。",
            ),
            (
                np.sqrt(size**2 + 1e-8),
                "eps stands under the root; it is added to the root: √ŝ + eps.",
                "eps 放到了根号里面；应当加在根号外面：√ŝ + eps。",
            ),
            (
                size - 1e-8,
                "eps was subtracted; it is added, so that nothing is ever divided by 0.",
                "eps 是减掉的；应当加上，这样才不会除以 0。",
            ),
            *(
                (
                    size + eps,
                    f"eps is {eps:g}; asked for is 1e-8.",
                    f"eps 是 {eps:g}；要的是 1e-8。",
                )
                for eps in (1e-7, 1e-6, 1e-5, 1e-10)
            ),
        ]
    ]


def adam_slips(w, g, m, s, t, lr):
    m_new, s_new = 0.9 * m + 0.1 * g, 0.999 * s + 0.001 * g**2

    def step(m=m_new, s=s_new, n=t, eps=1e-8, root=np.sqrt, sign=-1, lr=lr):
        with np.errstate(all="ignore"):
            return w + sign * lr * (m / (1 - 0.9**n)) / (root(s / (1 - 0.999**n)) + eps)

    slips = [
        suspect(
            step(eps=0.0),
            part="w",
            en="eps is missing: a weight that has never had a gradient gives 0 / 0.",
            zh="少了 eps：从来没有梯度的权重会得到 0 / 0。",
        )
    ]
    with np.errstate(all="ignore"):
        plain = w - lr * m_new / (np.sqrt(s_new) + 1e-8)
        half = w - lr * (m_new / (1 - 0.9**t)) / (np.sqrt(s_new) + 1e-8)
    for value, en, zh in [
        (
            step(sign=1),
            "the weight moves *with* the gradient; it goes against it: w − …",
            "权重顺着梯度走了；应当逆着走：w − …",
        ),
        (
            plain,
            "the corrections 1 − β^t are missing.",
            "少了修正 1 − β^t。",
        ),
        (
            half,
            "only m is corrected; s is divided by 1 − 0.999^t too.",
            "只修正了 m；s 也要除以 1 − 0.999^t。",
        ),
        (
            step(n=t + 1),
            "t is one too large: it is counted from 1 already.",
            "t 大了一：它本来就从 1 数起。",
        ),
        (
            step(n=t - 1) if t > 1 else step(sign=1),
            "t is one too small: the first step is number 1.",
            "t 小了一：第一步的编号就是 1。",
        ),
        (
            step(s=0.999 * s + 0.001 * m_new**2),
            "s takes in the square of g, not that of m.",
            "s 里加进去的是 g 的平方，不是 m 的。",
        ),
        (
            step(root=lambda v: v),
            "the root of s is missing.",
            "s 少了开根号。",
        ),
        (
            step(lr=1.0),
            "lr is missing.",
            "少了 lr。",
        ),
        (
            step() - w,
            "that is the step alone; asked for is the new weight, w − lr · …",
            "这只是步子本身；要的是新的权重 w − lr · …",
        ),
        (
            step(lr=0.001),
            "lr is not used, but a number of its own, 0.001.",
            "没有用 lr，而是自己写的 0.001。",
        ),
        (
            w - lr * (m_new * (1 - 0.9**t)) / (np.sqrt(s_new * (1 - 0.999**t)) + 1e-8),
            "the corrections are multiplied; m and s are too small at first, so divide by 1 − β^t.",
            "修正是乘上去的；m 和 s 一开始太小，所以要除以 1 − β^t。",
        ),
        (
            w - lr * g,
            "that is plain gradient descent; m and s are not used.",
            "这是普通的梯度下降；没有用到 m 和 s。",
        ),
        (
            step(m=m, s=s) if t > 1 else step(sign=1),
            "the step is made with the old m and s; take in g first.",
            "这一步用的是旧的 m 和 s；要先把 g 算进去。",
        ),
        (
            step(m=g) if t > 1 else step(sign=1),
            "the gradient itself stands on top; it is the corrected mean m.",
            "上面写的是梯度本身；应当是修正过的平均 m。",
        ),
    ]:
        slips.append(suspect(value, part="w", en=en, zh=zh))
    for part, value, en, zh in [
        ("m", m + g, "the factors are missing: 0.9 m + 0.1 g.", "少了系数：0.9 m + 0.1 g。"),
        (
            "m",
            0.1 * m + 0.9 * g,
            "0.9 and 0.1 have traded places: 0.9 m + 0.1 g.",
            "0.9 和 0.1 换了位置：0.9 m + 0.1 g。",
        ),
        (
            "m",
            0.9 * m + g,
            "the gradient has the factor 1 − 0.9 = 0.1.",
            "梯度的系数是 1 − 0.9 = 0.1。",
        ),
        (
            "m",
            m_new / (1 - 0.9**t),
            "the corrected mean came back; return m as in the first line.",
            "返回的是修正过的平均；应当返回第一行里的 m。",
        ),
        ("s", 0.999 * s + 0.001 * g, "s takes in g squared.", "s 里加进去的是 g 的平方。"),
        (
            "s",
            0.9 * s + 0.1 * g**2,
            "s has its own factors, 0.999 and 0.001.",
            "s 有自己的系数 0.999 和 0.001。",
        ),
        (
            "s",
            0.001 * s + 0.999 * g**2,
            "0.999 and 0.001 have traded places.",
            "0.999 和 0.001 换了位置。",
        ),
        (
            "s",
            s_new / (1 - 0.999**t),
            "the corrected mean came back; return s as in the first line.",
            "返回的是修正过的平均；应当返回第一行里的 s。",
        ),
    ]:
        slips.append(suspect(value, part=part, en=en, zh=zh))
    slips += [
        suspect(
            (step(), m, s),
            en="the old m and s came back; return the new ones.",
            zh="返回的是旧的 m 和 s；要返回新的。",
        ),
        suspect(
            step(),
            en="only w came back; return w, m, s.",
            zh="只返回了 w；要返回 w、m、s。",
        ),
    ]
    # A mistake in m or s shows in w as well: name it there, where it is met first.
    for one in list(slips):
        if one.part in ("m", "s"):
            slips.append(
                suspect(
                    step(**{one.part: one.value}),
                    part="w",
                    en=f"{one.part} is not right. {one.said['en']}",
                    zh=f"{one.part} 不对。{one.said['zh']}",
                )
            )
    yield from slips
