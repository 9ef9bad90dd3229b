# ---
# lstm_lab:
#   title: {en: "The LSTM backward", zh: "LSTM 的反向传播"}
#   summary: {en: "Every term of one step back, the way through time, a stream in chunks, Adam, and then an LSTM of your own that learns", zh: "往回一步的每一项，穿过时间的路，分块读一条流，Adam，然后是一个学得会的、你自己的 LSTM"}
#   allow: [numpy]
#   torch: false
#   seconds: 10
# ---

# %% [markdown] lang="en"
# At the end an LSTM learns, and every line of it is yours: forward from exercise {{lstm_cell}}, backward from here, no framework in between.
#
# The letters are those of lesson {{lstm_backward}}: $dh$ and $dc$ for all that the loss and later steps ask of $h$ and $c$, and $a$ for what goes into the gates, its four parts side by side in the order $i, f, g, o$.

# %% [markdown] lang="zh"
# 做完之后，一个 LSTM 学会了东西，而它的每一行都是你的：前向来自练习 {{lstm_cell}}，反向就在这里写，中间没有任何框架。
#
# 字母和第 {{lstm_backward}} 课一致：$dh$、$dc$ 是损失和后面各步对 $h$、$c$ 一共的要求；$a$ 是进入各个门的量，四个部分并排，顺序是 $i, f, g, o$。

# %% name="setup"
import numpy as np

from lstm_lab.grading import exercise
from lstm_lab.i18n import tr

check = exercise("lstm_backward")

# %% [markdown] lang="en"
# ## One step back
#
# $$do = dh \odot \tanh(c') \qquad dc' = dc + dh \odot o \odot (1 - \tanh^2(c'))$$
#
# $$di = dc' \odot g \qquad df = dc' \odot c \qquad dg = dc' \odot i \qquad dc_{\text{old}} = dc' \odot f$$
#
# $$da = \left[\, di\, i(1-i),\;\; df\, f(1-f),\;\; dg\,(1-g^2),\;\; do\, o(1-o) \,\right]$$
#
# `lstm_step_backward(dh, dc, i, f, g, o, c, c_new)`: all arrays are (B, H). `dh` and `dc` belong to the state *after* the step, `dc` being what the later steps ask of `c_new` directly; `c` is the memory before the step, `c_new` after it. Return `da` (B, 4H) and `dc_old` (B, H), for the memory before.
#
# By hand, with B = H = 1: `dh` = 8, `dc` = 1, `i` = 0.5, `f` = 0.8, `g` = 0.6, `o` = 0.5, `c` = 10, `c_new` = 0.5493 (so that its tanh is 0.5). $dc'$ = 1 + 8 · 0.5 · 0.75 = 4. Then `da` = [4 · 0.6 · 0.25, 4 · 10 · 0.16, 4 · 0.5 · 0.64, 8 · 0.5 · 0.25] = [0.6, 6.4, 1.28, 1], and `dc_old` = 4 · 0.8 = 3.2. (No real cell has these numbers at once. The formulas do not mind.)

# %% [markdown] lang="zh"
# ## 往回走一步
#
# $$do = dh \odot \tanh(c') \qquad dc' = dc + dh \odot o \odot (1 - \tanh^2(c'))$$
#
# $$di = dc' \odot g \qquad df = dc' \odot c \qquad dg = dc' \odot i \qquad dc_{\text{old}} = dc' \odot f$$
#
# $$da = \left[\, di\, i(1-i),\;\; df\, f(1-f),\;\; dg\,(1-g^2),\;\; do\, o(1-o) \,\right]$$
#
# `lstm_step_backward(dh, dc, i, f, g, o, c, c_new)`：数组全是 (B, H)。`dh` 和 `dc` 属于这一步**之后**的状态，其中 `dc` 是后面各步直接对 `c_new` 的要求；`c` 是这一步之前的记忆，`c_new` 是之后的。返回 `da` (B, 4H)，和之前那个记忆的 `dc_old` (B, H)。
#
# 手算一下，取 B = H = 1：`dh` = 8，`dc` = 1，`i` = 0.5，`f` = 0.8，`g` = 0.6，`o` = 0.5，`c` = 10，`c_new` = 0.5493（于是它的 tanh 是 0.5）。$dc'$ = 1 + 8 · 0.5 · 0.75 = 4。于是 `da` = [4 · 0.6 · 0.25, 4 · 10 · 0.16, 4 · 0.5 · 0.64, 8 · 0.5 · 0.25] = [0.6, 6.4, 1.28, 1]，`dc_old` = 4 · 0.8 = 3.2。（没有哪个真的单元会同时有这些数，公式并不在乎。）


# %% name="lstm_step_backward" task=true minutes=12 difficulty=4
def lstm_step_backward(dh, dc, i, f, g, o, c, c_new):
    """all (B, H) -> da (B, 4H), dc_old (B, H)"""
    ### BEGIN SOLUTION
    tanh_c = np.tanh(c_new)
    do = dh * tanh_c
    dc = dc + dh * o * (1.0 - tanh_c**2)
    di, df, dg = dc * g, dc * c, dc * i
    da = [di * i * (1.0 - i), df * f * (1.0 - f), dg * (1.0 - g**2), do * o * (1.0 - o)]
    return np.concatenate(da, axis=1), dc * f
    ### END SOLUTION


# %% name="lstm_step_backward_try"
# 0.6, 6.4, 1.28, 1; 3.2
one = np.ones((1, 1))
lstm_step_backward(
    8 * one,
    1 * one,
    0.5 * one,
    0.8 * one,
    0.6 * one,
    0.5 * one,
    c=10 * one,
    c_new=np.arctanh(0.5) * one,
)

# %% name="lstm_step_backward_check"
check("lstm_step_backward")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# `c_new` reaches the loss in two ways. What comes on each, and when may you add them up?
#
# </details>
#
# <details><summary>Hint 2: one part is wrong, which line is it?</summary>
#
# - Only the last quarter of `da` right? Then `dc` is not the total: `dc + dh * o * (1 - np.tanh(c_new)**2)`.
# - Only the second quarter wrong? `f` multiplied the memory *before* the step, `c`.
# - Only the third? `g` is the output of a tanh already: $1 - g^2$.
# - Only the last? `o` multiplied $\tanh(c')$, and hangs on `dh` alone.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `di, df, dg = dc * g, dc * ____, dc * i`, then `da = [di * i * (1 - i), df * f * (1 - f), dg * (____), do * o * (1 - o)]` and `return np.concatenate(da, axis=1), dc * ____`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# `c_new` 有两条路通到损失。每条路上来的是什么？什么时候才能加起来？
#
# </details>
#
# <details><summary>提示 2：有一部分不对，错在哪一行？</summary>
#
# - 只有 `da` 的最后四分之一对？那 `dc` 不是总和：`dc + dh * o * (1 - np.tanh(c_new)**2)`。
# - 只有第二个四分之一错？`f` 乘的是这一步**之前**的记忆 `c`。
# - 只有第三个错？`g` 已经是 tanh 的输出：$1 - g^2$。
# - 只有最后一个错？`o` 乘的是 $\tanh(c')$，而且只看 `dh`。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `di, df, dg = dc * g, dc * ____, dc * i`，然后 `da = [di * i * (1 - i), df * f * (1 - f), dg * (____), do * o * (1 - o)]`，最后 `return np.concatenate(da, axis=1), dc * ____`
#
# </details>

# %% [markdown] lang="en"
# ## Back through time
#
# Two things are carried back now, `dh` and `dc`. From one step to the one before, `dc` comes out of the step itself, and `dh` is `da @ W_h`, to which the loss's own wish for that state is **added**.
#
# `lstm_backward(step_back, dh, i, f, g, o, c, c0, W_h)`: `dh` (T, B, H) is what the loss says directly of each $h_t$; `i`, `f`, `g`, `o` and `c` are (T, B, H), `c` after each step; `c0` (B, H) is the memory before the first step; `W_h` (4H, H). `step_back` is called as in task 1 and returns `da`, `dc_old`, or is a name in `PROBES` (the line that looks it up is given). After the last step nobody asks anything of $c$. Return `da` (T, B, 4H), `dh0` and `dc0` (B, H).
#
# By hand, with the step `"toy"`: `da` = [dh · i, dc · g, dh · c, dc · c_new], `dc_old` = f · dc + o · dh. T = 2, B = H = 1; at both steps `i` = 1, `f` = 0.5, `g` = 0, `o` = 1; `c` = 3, 4, `c0` = 2; `dh` = 0, 1; `W_h` = [[1], [0], [0], [1]].
#
# | step | dh | dc | da | dc_old | da @ W_h |
# |---|---|---|---|---|---|
# | 1 | 1 | 0 | 1, 0, 3, 0 | 1 | 1 |
# | 0 | 0 + 1 = 1 | 1 | 1, 0, 2, 3 | 1.5 | 4 |
#
# So `dh0` = 4 and `dc0` = 1.5.

# %% [markdown] lang="zh"
# ## 穿过时间往回走
#
# 现在往回带的有两样，`dh` 和 `dc`。从一步到前一步，`dc` 由这一步自己给出；`dh` 是 `da @ W_h`，再**加上**损失自己对那个状态的要求。
#
# `lstm_backward(step_back, dh, i, f, g, o, c, c0, W_h)`：`dh` (T, B, H) 是损失直接对每个 $h_t$ 说的话；`i`、`f`、`g`、`o` 和 `c` 都是 (T, B, H)，`c` 是每一步之后的；`c0` (B, H) 是第一步之前的记忆；`W_h` 是 (4H, H)。`step_back` 的用法和第 1 题一样，返回 `da`、`dc_old`；也可以是 `PROBES` 里的一个名字（查名字的那一行已经写好）。最后一步之后，没有谁再对 $c$ 有要求。返回 `da` (T, B, 4H)，以及 `dh0`、`dc0` (B, H)。
#
# 手算一下，用 `"toy"` 这个步骤：`da` = `[dh * i, dc * g, dh * c, dc * c_new]`，`dc_old` = `f * dc + o * dh`。T = 2，B = H = 1；两步都是 `i` = 1，`f` = 0.5，`g` = 0，`o` = 1；`c` = 3、4，`c0` = 2；`dh` = 0、1；`W_h` = [[1], [0], [0], [1]]。
#
# | 步 | `dh` | `dc` | `da` | `dc_old` | `da @ W_h` |
# |---|---|---|---|---|---|
# | 1 | 1 | 0 | 1, 0, 3, 0 | 1 | 1 |
# | 0 | 0 + 1 = 1 | 1 | 1, 0, 2, 3 | 1.5 | 4 |
#
# 所以 `dh0` = 4，`dc0` = 1.5。


# %% name="lstm_backward" task=true minutes=12 difficulty=4
def toy_step_back(dh, dc, i, f, g, o, c, c_new):
    da = [dh * i, dc * g, dh * c, dc * c_new]
    return np.concatenate(da, axis=1), f * dc + o * dh


PROBES = {"toy": toy_step_back}


def lstm_backward(step_back, dh, i, f, g, o, c, c0, W_h):
    """(T, B, H) each, c0 (B, H), W_h (4H, H) -> da (T, B, 4H), dh0, dc0 (B, H)"""
    step_back = PROBES.get(step_back, step_back)
    ### BEGIN SOLUTION
    before = np.concatenate([c0[None], c[:-1]])  # (T, B, H)
    later, dc = np.zeros_like(c0), np.zeros_like(c0)
    all_da = []
    for t in reversed(range(len(dh))):
        da, dc = step_back(dh[t] + later, dc, i[t], f[t], g[t], o[t], before[t], c[t])
        later = da @ W_h
        all_da.append(da)
    return np.stack(all_da[::-1]), later, dc
    ### END SOLUTION


# %% name="lstm_backward_try"
# 1 0 2 3, 1 0 3 0; 4; 1.5
ones = np.ones((2, 1, 1))
c, dh = np.array([3.0, 4.0])[:, None, None], np.array([0.0, 1.0])[:, None, None]
W_h = np.array([[1.0], [0.0], [0.0], [1.0]])
lstm_backward("toy", dh, ones, 0.5 * ones, 0 * ones, ones, c, c0=np.array([[2.0]]), W_h=W_h)

# %% name="lstm_backward_check"
check("lstm_backward")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# It is `bptt` of exercise {{rnn_backward}} with one more thing in your hands. What do you hold before the last step, and what after the first?
#
# </details>
#
# <details><summary>Hint 2: right for one step, wrong for more</summary>
#
# - `step_back` wants the memory before and after: at step `t` these are `c[t - 1]` and `c[t]`, and at step 0 `c0` and `c[0]`.
# - What arrives at $h_t$ is `dh[t]` plus `da @ W_h` of step `t + 1`.
# - `dc` goes from one call to the next as it is returned.
# - The list of `da` fills from the end: turn it round.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `da, dc = step_back(dh[t] + later, dc, i[t], f[t], g[t], o[t], ____, c[t])`, then `later = ____ @ W_h`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 这就是练习 {{rnn_backward}} 的 `bptt`，只是手里多拿一样东西。到最后一步之前，你手里拿着什么？过了第一步之后呢？
#
# </details>
#
# <details><summary>提示 2：一步时对，多几步就错</summary>
#
# - `step_back` 要这一步之前和之后的记忆：第 `t` 步是 `c[t - 1]` 和 `c[t]`，第 0 步是 `c0` 和 `c[0]`。
# - 到达 $h_t$ 的是 `dh[t]` 加上第 `t + 1` 步的 `da @ W_h`。
# - `dc` 从这一次调用返回，原样交给下一次。
# - `da` 的列表是从末尾开始填的：要倒过来。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `da, dc = step_back(dh[t] + later, dc, i[t], f[t], g[t], o[t], ____, c[t])`，然后 `later = ____ @ W_h`
#
# </details>

# %% [markdown] lang="en"
# ## A stream in chunks
#
# A stream has no end to walk back from. So it is read `K` steps at a time: the **state goes on** from chunk to chunk, the **gradient does not**, and the gradients of the chunks are added.
#
# `in_chunks(forward, backward, x, dh, state, K)`: `x` is (T, B, I), `dh` (T, B, H), `state` (B, H). `forward(x, state)` reads one chunk and returns its `h` and the state after it. `backward(x, dh, state)` takes one chunk of both and the state *before* it and returns a gradient. Both may be names in `PROBES_FORWARD` and `PROBES_BACKWARD` (the line is given). The last chunk may be shorter. Return `h` (T, B, H), the last state, and the sum of the gradients.
#
# By hand, with `"toy"`: forward adds up, `h` = state + x₀ + x₁ + …, backward gives $\sum_t x_t \cdot (dh_t + dh_{t+1} + \ldots)$ within the chunk, plus state · dh₀. T = 3, K = 2, `x` = 1, 2, 3, `dh` = 1, 1, 1, `state` = 10. First chunk: h = 11, 13, gradient 1 · 2 + 2 · 1 + 10 · 1 = 14. Second, from 13: h = 16, gradient 3 · 1 + 13 · 1 = 16. Result: 11, 13, 16; 16; 30.

# %% [markdown] lang="zh"
# ## 分块读一条流
#
# 流没有尽头，没法从最后往回走。所以一次读 `K` 步：**状态**从这一块带到下一块，**梯度不带**，各块的梯度加起来。
#
# `in_chunks(forward, backward, x, dh, state, K)`：`x` 是 (T, B, I)，`dh` 是 (T, B, H)，`state` 是 (B, H)。`forward(x, state)` 读一块，返回这一块的 `h` 和读完之后的状态。`backward(x, dh, state)` 接收这一块的 `x`、`dh` 和这一块**之前**的状态，返回一个梯度。两个都可以是 `PROBES_FORWARD` 和 `PROBES_BACKWARD` 里的名字（那一行已经写好）。最后一块可以短一些。返回 `h` (T, B, H)，最后的状态，以及梯度的和。
#
# 手算一下，用 `"toy"`：前向是累加，`h` = state + x₀ + x₁ + …；反向在这一块之内算 $\sum_t x_t \cdot (dh_t + dh_{t+1} + \ldots)$，再加上 state · dh₀。T = 3，K = 2，`x` = 1、2、3，`dh` = 1、1、1，`state` = 10。第一块：h = 11、13，梯度 1 · 2 + 2 · 1 + 10 · 1 = 14。第二块从 13 出发：h = 16，梯度 3 · 1 + 13 · 1 = 16。结果是 11、13、16；16；30。


# %% name="in_chunks" task=true minutes=8 difficulty=3
def toy_forward(x, state):
    h = state + np.cumsum(x, axis=0)
    return h, h[-1]


def toy_backward(x, dh, state):
    later = np.cumsum(dh[::-1], axis=0)[::-1]
    return (x * later).sum(axis=(0, 1)) + (state * dh[0]).sum(axis=0)


PROBES_FORWARD, PROBES_BACKWARD = {"toy": toy_forward}, {"toy": toy_backward}


def in_chunks(forward, backward, x, dh, state, K):
    """x (T, B, I), dh (T, B, H), state (B, H) -> h (T, B, H), state (B, H), gradient"""
    forward = PROBES_FORWARD.get(forward, forward)
    backward = PROBES_BACKWARD.get(backward, backward)
    ### BEGIN SOLUTION
    all_h, gradient = [], 0.0
    for start in range(0, len(x), K):
        chunk = slice(start, start + K)
        gradient = gradient + backward(x[chunk], dh[chunk], state)
        h, state = forward(x[chunk], state)
        all_h.append(h)
    return np.concatenate(all_h), state, gradient
    ### END SOLUTION


# %% name="in_chunks_try"
# 11 13 16; 16; 30
x, dh = np.array([1.0, 2.0, 3.0])[:, None, None], np.ones((3, 1, 1))
in_chunks("toy", "toy", x, dh, state=np.array([[10.0]]), K=2)

# %% name="in_chunks_check"
check("in_chunks")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# With T = 7 and K = 3: where does each chunk begin, and how long is the last one?
#
# </details>
#
# <details><summary>Hint 2: a sketch</summary>
#
# - `for start in range(0, len(x), K)`: a slice past the end is simply shorter.
# - `backward` needs the state *before* the chunk, so call it before you take the new one.
# - `np.concatenate` joins pieces of different lengths along time; `np.stack` does not.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `gradient = gradient + backward(x[chunk], dh[chunk], ____)`, then `h, ____ = forward(x[chunk], state)`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# T = 7、K = 3 时，每一块从哪里开始？最后一块多长？
#
# </details>
#
# <details><summary>提示 2：思路</summary>
#
# - `for start in range(0, len(x), K)`：切片超出末尾，只会变短。
# - `backward` 要的是这一块**之前**的状态，所以在取新状态之前调用它。
# - `np.concatenate` 能沿时间接起长短不同的几段，`np.stack` 不能。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `gradient = gradient + backward(x[chunk], dh[chunk], ____)`，然后 `h, ____ = forward(x[chunk], state)`
#
# </details>

# %% [markdown] lang="en"
# ## One step of Adam
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad s \leftarrow \beta_2 s + (1 - \beta_2)\, g^2$$
#
# $$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat s = \frac{s}{1 - \beta_2^t} \qquad w \leftarrow w - \text{lr} \cdot \frac{\hat m}{\sqrt{\hat s} + \varepsilon}$$
#
# **Adam** (Kingma and Ba, 2015) keeps two running means for each weight, of the gradient and of its square. Both start at 0 and are too small at first; the divisions in the second line mend that.
#
# `adam_step(w, g, m, s, t, lr)`: `w`, `g`, `m`, `s` are arrays of one shape, `t` is the number of this step, counted from 1. $\beta_1 = 0.9$, $\beta_2 = 0.999$, $\varepsilon = 10^{-8}$. Return new `w`, `m`, `s` (the two means as in the *first* line, uncorrected). Leave the old arrays alone.
#
# By hand, at `t` = 1 with `w` = 5, `g` = −2, `m` = `s` = 0, `lr` = 0.1: `m` = −0.2, `s` = 0.004. Corrected they are −2 and 4, so the step is 0.1 · (−2) / 2 = −0.1, and `w` = 5.1. (At the first step every weight moves by lr, whatever the size of its gradient.)

# %% [markdown] lang="zh"
# ## Adam 的一步
#
# $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad s \leftarrow \beta_2 s + (1 - \beta_2)\, g^2$$
#
# $$\hat m = \frac{m}{1 - \beta_1^t} \qquad \hat s = \frac{s}{1 - \beta_2^t} \qquad w \leftarrow w - \text{lr} \cdot \frac{\hat m}{\sqrt{\hat s} + \varepsilon}$$
#
# **Adam**（Kingma 和 Ba，2015）为每个权重留着两个滑动平均，一个是梯度的，一个是梯度平方的。两个都从 0 开始，起初偏小；第二行的除法就是来补这个的。
#
# `adam_step(w, g, m, s, t, lr)`：`w`、`g`、`m`、`s` 是形状相同的数组，`t` 是这一步的编号，从 1 数起。$\beta_1 = 0.9$，$\beta_2 = 0.999$，$\varepsilon = 10^{-8}$。返回新的 `w`、`m`、`s`（两个平均是**第一行**里的，没有修正过的）。旧的数组不要改动。
#
# 手算一下，`t` = 1，`w` = 5，`g` = −2，`m` = `s` = 0，`lr` = 0.1：`m` = −0.2，`s` = 0.004。修正之后是 −2 和 4，所以这一步是 0.1 · (−2) / 2 = −0.1，`w` = 5.1。（第一步，每个权重都挪动 `lr` 这么多，不管梯度多大。）


# %% name="adam_step" task=true minutes=7 difficulty=2
def adam_step(w, g, m, s, t, lr):
    """arrays of one shape, t from 1 -> w, m, s"""
    ### BEGIN SOLUTION
    m = 0.9 * m + 0.1 * g
    s = 0.999 * s + 0.001 * g**2
    m_hat, s_hat = m / (1.0 - 0.9**t), s / (1.0 - 0.999**t)
    return w - lr * m_hat / (np.sqrt(s_hat) + 1e-8), m, s
    ### END SOLUTION


# %% name="adam_step_try"
# 5.1, -0.2, 0.004
zero = np.zeros(1)
adam_step(np.array([5.0]), np.array([-2.0]), zero, zero, t=1, lr=0.1)

# %% name="adam_step_check"
check("adam_step")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# Four lines, one for each formula that changes something. Which of the results go back to the caller?
#
# </details>
#
# <details><summary>Hint 2: m and s are right, w is not</summary>
#
# The corrections use `t`, from 1 on: $1 - 0.9^t$ and $1 - 0.999^t$. The root is taken of the *corrected* s, and $\varepsilon$ is added after the root. And the weight goes *against* the gradient.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `m_hat, s_hat = m / (1.0 - 0.9**t), s / (____)`, then `return w - lr * m_hat / (np.sqrt(____) + 1e-8), m, s`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 四行，每个有变化的公式一行。哪些结果要交还给调用的人？
#
# </details>
#
# <details><summary>提示 2：m 和 s 对，w 不对</summary>
#
# 修正要用 `t`，从 1 数起：$1 - 0.9^t$ 和 $1 - 0.999^t$。开根号的是**修正过**的 s，$\varepsilon$ 在开根号之后加。还有，权重是**逆着**梯度走的。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `m_hat, s_hat = m / (1.0 - 0.9**t), s / (____)`，然后 `return w - lr * m_hat / (np.sqrt(____) + 1e-8), m, s`
#
# </details>

# %% [markdown] lang="en"
# ## All together: it learns
#
# Adding over sixty steps, on which ten tanh RNNs of lesson {{vanishing_gradients}} failed: two marked numbers in a stream of sixty, and at the end the question for their sum. Eight cells, the chrono start of exercise {{lstm_cell}}, your step back, your way through time, your Adam. It stops as soon as the error of the last fifty batches is below a tenth of the baseline. (A second or two. What would you expect if one of your terms were missing? Try it afterwards.)

# %% [markdown] lang="zh"
# ## 合在一起：它学会了
#
# 六十步的加法，第 {{vanishing_gradients}} 课的十个 tanh RNN 全都失败的那个任务：六十个数的流里有两个带标记，最后问它们的和。八个单元，练习 {{lstm_cell}} 的时间尺度初始化，你的往回一步，你的穿过时间，你的 Adam。最近五十批的误差一降到基线的十分之一以下，就停下来。（一两秒的事。少了其中一项会怎样，你猜呢？之后可以试试。）

# %% name="together"
from lstm_lab.tasks import adding

rng, H, task = np.random.default_rng(6), 8, adding(60)
steps = rng.uniform(1, 59, size=H)
w = {
    "W_x": rng.uniform(-0.35, 0.35, size=(4 * H, 2)),
    "W_h": rng.uniform(-0.35, 0.35, size=(4 * H, H)),
    "b": np.concatenate([-np.log(steps), np.log(steps), np.zeros(2 * H)]),
    "W_y": rng.uniform(-0.35, 0.35, size=(1, H)),
    "b_y": np.array([0.5]),
}
means = {name: (np.zeros_like(v), np.zeros_like(v)) for name, v in w.items()}


def read(x):
    h = c = np.zeros((x.shape[1], H))
    kept = []
    for x_t in x:
        a_i, a_f, a_g, a_o = np.split(x_t @ w["W_x"].T + h @ w["W_h"].T + w["b"], 4, axis=1)
        i, f, o = (0.5 * (1 + np.tanh(a / 2)) for a in (a_i, a_f, a_o))
        g = np.tanh(a_g)
        before, c = h, f * c + i * g
        h = o * np.tanh(c)
        kept.append((i, f, g, o, c, before))
    return h, [np.stack(part) for part in zip(*kept, strict=True)]


# %% name="it_learns"
losses = []
for t in range(1, 3001):
    x, y = task.sample(16, rng)  # (T, B, 2), (B, 1)
    last, (i, f, g, o, c, h_before) = read(x)
    dy = 2 * (last @ w["W_y"].T + w["b_y"] - y) / len(y)
    losses.append(np.mean((dy * len(y) / 2) ** 2))
    if np.mean(losses[-50:]) < 0.1 * task.baseline:
        break
    dh = np.zeros_like(c)
    dh[-1] = dy @ w["W_y"]
    da, _dh0, _dc0 = lstm_backward(
        lstm_step_backward, dh, i, f, g, o, c, np.zeros_like(c[0]), w["W_h"]
    )
    grads = {
        "W_x": np.einsum("tbk,tbi->ki", da, x),
        "W_h": np.einsum("tbk,tbj->kj", da, h_before),
        "b": da.sum(axis=(0, 1)),
        "W_y": dy.T @ last,
        "b_y": dy.sum(axis=0),
    }
    size = np.sqrt(sum(np.sum(g**2) for g in grads.values()))
    for name, g in grads.items():
        w[name], *means[name] = adam_step(w[name], g * min(1, 1 / size), *means[name], t, 0.02)
left = f"{np.mean(losses[-50:]) / task.baseline:.3f}"
print(
    tr(
        en=f"{t} updates, {16 * t} sequences, error / baseline: {left}",
        zh=f"更新 {t} 次，{16 * t} 个序列，误差 / 基线：{left}",
    )
)

# %% name="check_all"
check()

# %% [markdown] lang="en"
# **To think about, ungraded.** Take one term out of your `lstm_step_backward`, train again, and note how many updates it takes: without $df$; without `dc +` (what later steps ask of $c$); with `later = 0` in `lstm_backward`, which is the truncated gradient of 1997. Which of the three still learns? And can you do all of this once more, forward and backward, into an empty file?

# %% [markdown] lang="zh"
# **想一想，不计分。** 从你的 `lstm_step_backward` 里拿掉一项，再训练一遍，记下用了多少次更新：不要 $df$；不要 `dc +`（后面各步对 $c$ 的要求）；在 `lstm_backward` 里写 `later = 0`，这就是 1997 年的截断梯度。三种里，哪种还学得会？还有，这一切，前向和反向，你能不能在一个空文件里再写一遍？
