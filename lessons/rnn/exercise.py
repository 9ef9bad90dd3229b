# ---
# lstm_lab:
#   title: {en: "The vanilla RNN", zh: "朴素循环神经网络"}
#   summary: {en: "One step, a whole padded batch, the last valid state, and a number with its loss", zh: "写出一步、一整批带填充的序列、最后一个有效状态，以及一个数和它的损失"}
#   allow: [numpy]
#   torch: false
#   seconds: 10
# ---

# %% [markdown] lang="en"
# At the end you own a network that reads sequences of different lengths in one batch and answers each with a number, written by you in some fifteen lines. Every recurrent network later in this course is this program with another step in the middle.
#
# The letters are those of lesson {{rnn}}: T steps, B sequences in the batch, I numbers come in at each step, H units. A batch of sequences is (T, B, I): time first, so that `x[t]` is what all sequences show at step `t`.
#
# Each task is graded by itself. It gets what it needs as arguments, so a slip in task 1 costs nothing in task 2.

# %% [markdown] lang="zh"
# 做完之后，你会有一个自己写的网络，总共十五行左右。它能在同一批里读长短不一的序列，并给每个序列回答一个数。这门课后面的每一种循环网络，都是这个程序，只换掉中间的那一步。
#
# 字母和第 {{rnn}} 课一致：T 个时间步，一批 B 个序列，每一步输入 I 个数，H 个单元。一批序列的形状是 (T, B, I)：时间在最前，这样 `x[t]` 就是所有序列在第 `t` 步的输入。
#
# 每道题单独计分。需要的东西都作为参数交给它，所以第 1 题出了错，第 2 题不会跟着丢分。

# %% name="setup"
import numpy as np

from lstm_lab.grading import exercise

check = exercise("rnn")

# %% [markdown] lang="en"
# ## One step
#
# $$h_t = \tanh(W_x x_t + W_h h_{t-1} + b)$$
#
# This line is the whole network. The rest is bookkeeping.
#
# `rnn_step(x, h, W_x, W_h, b)`: `x` (B, I) is what comes in now, `h` (B, H) is the state so far, one sequence a row. `W_x` is (H, I), `W_h` is (H, H), `b` is (H,). Return the new state, (B, H). The arguments stay as they were.
#
# By hand, with B = 1, I = 1, H = 2: `x` = [[2]], `h` = [[0.5, -0.5]], `W_x` = [[0.5], [-0.25]], `W_h` = [[0, 1], [2, 0]], `b` = [0.1, 0.2].
#
# | unit | from $x$ | from $h$ | bias | sum | tanh |
# |---|---|---|---|---|---|
# | first | 0.5 · 2 = 1 | 0 · 0.5 + 1 · (−0.5) = −0.5 | 0.1 | 0.6 | 0.5370 |
# | second | −0.25 · 2 = −0.5 | 2 · 0.5 + 0 · (−0.5) = 1 | 0.2 | 0.7 | 0.6044 |
#
# The new state is [[0.5370, 0.6044]].

# %% [markdown] lang="zh"
# ## 一步
#
# $$h_t = \tanh(W_x x_t + W_h h_{t-1} + b)$$
#
# 整个网络就是这一行，其余都是收拾整理。
#
# `rnn_step(x, h, W_x, W_h, b)`：`x` (B, I) 是现在的输入，`h` (B, H) 是到目前为止的状态，一行一个序列。`W_x` 是 (H, I)，`W_h` 是 (H, H)，`b` 是 (H,)。返回新的状态，形状 (B, H)。参数保持原样。
#
# 手算一下，取 B = 1，I = 1，H = 2：`x` = [[2]]，`h` = [[0.5, -0.5]]，`W_x` = [[0.5], [-0.25]]，`W_h` = [[0, 1], [2, 0]]，`b` = [0.1, 0.2]。
#
# | 单元 | 来自 $x$ | 来自 $h$ | 偏置 | 和 | tanh |
# |---|---|---|---|---|---|
# | 第一个 | 0.5 · 2 = 1 | 0 · 0.5 + 1 · (−0.5) = −0.5 | 0.1 | 0.6 | 0.5370 |
# | 第二个 | −0.25 · 2 = −0.5 | 2 · 0.5 + 0 · (−0.5) = 1 | 0.2 | 0.7 | 0.6044 |
#
# 新的状态是 [[0.5370, 0.6044]]。


# %% name="rnn_step" task=true minutes=6 difficulty=2
def rnn_step(x, h, W_x, W_h, b):
    """x (B, I), h (B, H), W_x (H, I), W_h (H, H), b (H,) -> (B, H)"""
    ### BEGIN SOLUTION
    return np.tanh(x @ W_x.T + h @ W_h.T + b)
    ### END SOLUTION


# %% name="rnn_step_try"
# 0.5370, 0.6044
rnn_step(
    np.array([[2.0]]),
    np.array([[0.5, -0.5]]),
    W_x=np.array([[0.5], [-0.25]]),
    W_h=np.array([[0.0, 1.0], [2.0, 0.0]]),
    b=np.array([0.1, 0.2]),
)

# %% name="rnn_step_check"
check("rnn_step")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# The formula is written for one sequence, with $x_t$ as a column. You have B of them, as rows. What does $W_x x_t$ turn into when the columns become rows?
#
# </details>
#
# <details><summary>Hint 2: my shape is right but the values are not</summary>
#
# (B, I) @ (I, H) → (B, H), and (B, H) @ (H, H) → (B, H). `W_x.T` is (I, H), which fits in one way only. `W_h` is square and fits *both* ways: only the transposed one is the formula. The table above tells them apart. Then add the bias, once, and put **one** tanh around the whole sum.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `return np.tanh(x @ W_x.T + ____ + b)`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 公式是给一个序列写的，$x_t$ 是一列。你手里有 B 个序列，每个是一行。列变成行之后，$W_x x_t$ 该怎么写？
#
# </details>
#
# <details><summary>提示 2：形状对，数值不对</summary>
#
# (B, I) @ (I, H) → (B, H)，还有 (B, H) @ (H, H) → (B, H)。`W_x.T` 是 (I, H)，只有一种乘法放得进去。`W_h` 是方阵，**两种**都放得进去，但只有转置的那种才是公式。上面的表能把它们区分开。然后加上偏置，只加一次，最后在整个和的外面套**一个** tanh。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `return np.tanh(x @ W_x.T + ____ + b)`
#
# </details>

# %% [markdown] lang="en"
# ## The whole sequence, whatever its length
#
# The sequences of a batch are rarely equally long. The short ones are filled up to T steps with numbers that mean nothing, the **padding**. A state that reads padding is spoilt, so the state of a sequence must **freeze** at its end.
#
# `rnn_forward(step, x, h0, lengths)`: `step(x_t, h)` gives the next state, (B, I) and (B, H) → (B, H). `x` is (T, B, I), `h0` (B, H) is the state before the first step, `lengths` (B,) says how many steps of each sequence are real, from 1 to T. Return all states, (T, B, H): place `t` holds the state *after* step `t`; past the end of a sequence its last real state is repeated.
#
# `step` may also be a name in `STEPS`: the grader cannot send functions, so it sends these names. They are no RNNs, only simple steps whose results you can work out. The line that looks them up is given; leave it in.
#
# By hand, with `"leak"` (half of the old state plus the input), T = 3, B = 2, I = H = 1, `h0` = 0, `lengths` = [3, 1]:
#
# | step | $x$ of sequence 0 | its state | $x$ of sequence 1 | its state |
# |---|---|---|---|---|
# | 0 | 1 | 0 + 1 = 1 | 4 | 0 + 4 = 4 |
# | 1 | 1 | 0.5 + 1 = 1.5 | 9 (padding) | 4 |
# | 2 | 1 | 0.75 + 1 = 1.75 | 9 (padding) | 4 |

# %% [markdown] lang="zh"
# ## 整个序列，不论多长
#
# 一批里的序列很少一样长。短的用没有意义的数补到 T 步，这叫**填充**（padding）。状态读了填充就被弄坏了，所以一个序列结束时，它的状态必须**冻结**。
#
# `rnn_forward(step, x, h0, lengths)`：`step(x_t, h)` 给出下一个状态，(B, I) 和 (B, H) → (B, H)。`x` 是 (T, B, I)，`h0` (B, H) 是第一步之前的状态，`lengths` (B,) 说明每个序列有几步是真的，从 1 到 T。返回所有状态 (T, B, H)：位置 `t` 放的是第 `t` 步**之后**的状态；序列结束以后，重复它最后一个真实的状态。
#
# `step` 也可以是 `STEPS` 里的一个名字：批改程序没法传函数，就传这些名字。它们不是 RNN，只是结果能手算的简单步骤。查名字的那一行已经写好，请保留。
#
# 手算一下，用 `"leak"`（旧状态的一半加上输入），T = 3，B = 2，I = H = 1，`h0` = 0，`lengths` = [3, 1]：
#
# | 步 | 序列 0 的 $x$ | 它的状态 | 序列 1 的 $x$ | 它的状态 |
# |---|---|---|---|---|
# | 0 | 1 | 0 + 1 = 1 | 4 | 0 + 4 = 4 |
# | 1 | 1 | 0.5 + 1 = 1.5 | 9（填充） | 4 |
# | 2 | 1 | 0.75 + 1 = 1.75 | 9（填充） | 4 |

# %% name="rnn_forward" task=true minutes=12 difficulty=3
STEPS = {
    "leak": lambda x, h: 0.5 * h + x.sum(axis=1, keepdims=True),
    "turn": lambda x, h: np.roll(h, 1, axis=1) - x[:, :1],
}


def rnn_forward(step, x, h0, lengths):
    """step: (B, I), (B, H) -> (B, H); x (T, B, I), h0 (B, H), lengths (B,) -> (T, B, H)"""
    step = STEPS.get(step, step)
    ### BEGIN SOLUTION
    h, states = h0, []
    for t in range(len(x)):
        alive = (t < lengths)[:, None]  # (B, 1)
        h = np.where(alive, step(x[t], h), h)
        states.append(h)
    return np.stack(states)
    ### END SOLUTION


# %% name="rnn_forward_try"
# (3, 2, 1): 1 4, 1.5 4, 1.75 4
rnn_forward(
    "leak",
    x=np.array([[[1.0], [4.0]], [[1.0], [9.0]], [[1.0], [9.0]]]),
    h0=np.zeros((2, 1)),
    lengths=np.array([3, 1]),
)

# %% name="rnn_forward_check"
check("rnn_forward")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# Leave `lengths` aside at first: a loop over `t` in which `h` is replaced by `step(x[t], h)` and kept in a list; `np.stack` makes one array of the list. Then ask: at step `t`, which sequences are still running?
#
# </details>
#
# <details><summary>Hint 2: a sketch</summary>
#
# - `t < lengths` is (B,): true for the sequences that still run at step `t` (a sequence of length 1 runs at step 0 only).
# - Those get the new state, the others keep the old one: `np.where(condition, new, old)`.
# - The condition must be (B, 1) to go with (B, H): `[:, None]`.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# Within the loop: `h = np.where((t < lengths)[:, None], step(x[t], h), ____)`, then `states.append(h)`; at the end `return np.stack(states)`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 先不管 `lengths`：对 `t` 循环，用 `step(x[t], h)` 换掉 `h`，并存进一个列表；`np.stack` 把列表变成一个数组。然后问自己：到第 `t` 步，哪些序列还在进行？
#
# </details>
#
# <details><summary>提示 2：思路</summary>
#
# - `t < lengths` 的形状是 (B,)：第 `t` 步还在进行的序列为真（长度为 1 的序列只在第 0 步进行）。
# - 它们换成新状态，其余保持旧状态：`np.where(条件, 新, 旧)`。
# - 条件要变成 (B, 1) 才能和 (B, H) 配合：`[:, None]`。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# 循环里写：`h = np.where((t < lengths)[:, None], step(x[t], h), ____)`，然后 `states.append(h)`；最后 `return np.stack(states)`
#
# </details>

# %% [markdown] lang="en"
# ## The last valid state
#
# To answer once per sequence, you need the state at its last real step. With frozen states that is simply `h[-1]`. But libraries do not always freeze: what they return past the end may be zeros, or whatever came of reading the padding. Taking `h[-1]` then is among the most common mistakes with padded batches, and nothing crashes.
#
# `last_valid(h, lengths)`: `h` is (T, B, H), and anything may stand past the end of a sequence. `lengths` is (B,), from 1 to T. Return (B, H): for each sequence the state at its last real step.
#
# By hand, with T = 3, B = 2, H = 1: sequence 0 has the states 1, 2, 3 and length 3, sequence 1 has 4, 50, 60 and length 1. The answer is [[3], [4]].

# %% [markdown] lang="zh"
# ## 最后一个有效状态
#
# 要给每个序列回答一次，就需要它最后一个真实步骤的状态。状态冻结过的话，直接取 `h[-1]` 就行。可是库不一定会冻结：结束以后返回的也许是零，也许是读了填充得出的东西。这时还取 `h[-1]`，是处理带填充的批时最常见的错误之一，而且什么都不会报错。
#
# `last_valid(h, lengths)`：`h` 是 (T, B, H)，序列结束以后放的可能是任何数。`lengths` 是 (B,)，从 1 到 T。返回 (B, H)：每个序列最后一个真实步骤的状态。
#
# 手算一下，取 T = 3，B = 2，H = 1：序列 0 的状态是 1、2、3，长度 3；序列 1 的状态是 4、50、60，长度 1。答案是 [[3], [4]]。


# %% name="last_valid" task=true minutes=5 difficulty=2
def last_valid(h, lengths):
    """h (T, B, H), lengths (B,) -> (B, H)"""
    ### BEGIN SOLUTION
    return h[lengths - 1, np.arange(len(lengths))]
    ### END SOLUTION


# %% name="last_valid_try"
# [[3], [4]]
last_valid(
    np.array([[[1.0], [4.0]], [[2.0], [50.0]], [[3.0], [60.0]]]),
    lengths=np.array([3, 1]),
)

# %% name="last_valid_check"
check("last_valid")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# A sequence of length 1 has its last real state at which index of time? And one of length T?
#
# </details>
#
# <details><summary>Hint 2: I get (B, B, H), or one index too far</summary>
#
# `h[lengths - 1]` picks whole time steps, each with all B sequences. You want *pairs*: for sequence `k` the time `lengths[k] - 1`. Two index arrays of the same length are read as pairs: `h[times, sequences]`. A loop over the sequences is just as right.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `return h[lengths - 1, np.arange(____)]`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 长度为 1 的序列，最后一个真实状态在时间轴的哪个下标？长度为 T 的呢？
#
# </details>
#
# <details><summary>提示 2：得到 (B, B, H)，或者下标多了一个</summary>
#
# `h[lengths - 1]` 取出的是整个时间步，每个都带着全部 B 个序列。你要的是**成对**的下标：序列 `k` 配时间 `lengths[k] - 1`。两个长度相同的下标数组会被读成一对一对：`h[时间, 序列]`。对序列写循环也同样正确。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `return h[lengths - 1, np.arange(____)]`
#
# </details>

# %% [markdown] lang="en"
# ## A number for each sequence, and how wrong it is
#
# $$y = h W_y^\top + b_y \qquad L = \frac{1}{B} \sum_{k=1}^{B} (y_k - \text{target}_k)^2$$
#
# The state is not yet an answer. A **head** reads it: here, one number a sequence, once, at its end (many-to-one). The loss $L$, the mean squared error, is one number for the whole batch, and the one that training will push down.
#
# `head_loss(h, W_y, b_y, target)`: `h` is (B, H), `W_y` is (1, H), `b_y` is (1,), `target` is (B,). Return two things, in this order: `y`, shape **(B,)**, and the loss, a single number.
#
# By hand, with B = 2, H = 2: `h` = [[1, 2], [0, 1]], `W_y` = [[1, 1]], `b_y` = [0.5], `target` = [3.5, 0.5]. `y` = [1 + 2 + 0.5, 0 + 1 + 0.5] = [3.5, 1.5]. The errors are 0 and 1, so the loss is (0 + 1) / 2 = 0.5.

# %% [markdown] lang="zh"
# ## 每个序列一个数，以及它错了多少
#
# $$y = h W_y^\top + b_y \qquad L = \frac{1}{B} \sum_{k=1}^{B} (y_k - \text{target}_k)^2$$
#
# 状态还不是答案，要由一个**输出头**（head）去读：这里每个序列只在末尾读一次，读出一个数（多对一）。损失 $L$ 是均方误差，整批只有一个数，训练要压低的就是它。
#
# `head_loss(h, W_y, b_y, target)`：`h` 是 (B, H)，`W_y` 是 (1, H)，`b_y` 是 (1,)，`target` 是 (B,)。按顺序返回两样东西：`y`，形状 **(B,)**，以及损失，一个数。
#
# 手算一下，取 B = 2，H = 2：`h` = [[1, 2], [0, 1]]，`W_y` = [[1, 1]]，`b_y` = [0.5]，`target` = [3.5, 0.5]。`y` = [1 + 2 + 0.5, 0 + 1 + 0.5] = [3.5, 1.5]。误差是 0 和 1，所以损失是 (0 + 1) / 2 = 0.5。


# %% name="head_loss" task=true minutes=7 difficulty=2
def head_loss(h, W_y, b_y, target):
    """h (B, H), W_y (1, H), b_y (1,), target (B,) -> y (B,), loss ()"""
    ### BEGIN SOLUTION
    y = (h @ W_y.T + b_y)[:, 0]
    return y, np.mean((y - target) ** 2)
    ### END SOLUTION


# %% name="head_loss_try"
# [3.5, 1.5], 0.5
head_loss(
    np.array([[1.0, 2.0], [0.0, 1.0]]),
    W_y=np.array([[1.0, 1.0]]),
    b_y=np.array([0.5]),
    target=np.array([3.5, 0.5]),
)

# %% name="head_loss_check"
check("head_loss")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# What is the shape of `h @ W_y.T`? And what does NumPy make of an array of that shape minus one of shape (B,)?
#
# </details>
#
# <details><summary>Hint 2: y is right and the loss is not</summary>
#
# (B, 1) minus (B,) is (B, B): every answer minus *every* target, without a warning. Drop the axis of length 1 first, `[:, 0]`. Then: difference, square, mean over the batch; no half, no root, no sum.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `y = (h @ W_y.T + b_y)[:, ____]`, then `return y, np.mean((y - target) ** 2)`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# `h @ W_y.T` 是什么形状？这个形状的数组减去形状为 (B,) 的数组，NumPy 会得出什么？
#
# </details>
#
# <details><summary>提示 2：y 对，损失不对</summary>
#
# (B, 1) 减 (B,) 得 (B, B)：每个回答减去**每个**目标，而且没有警告。先用 `[:, 0]` 去掉长度为 1 的轴。然后依次是：相减，平方，对整批求平均；不除以二，不开方，不求和。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `y = (h @ W_y.T + b_y)[:, ____]`，然后 `return y, np.mean((y - target) ** 2)`
#
# </details>

# %% [markdown] lang="en"
# ## All together
#
# Your four functions make one network. Below it reads three sequences of lengths 6, 4 and 1, twice: the second time all padding is replaced by other numbers. A network that reads no padding answers the same both times. Yours?

# %% [markdown] lang="zh"
# ## 合在一起
#
# 你的四个函数合成一个网络。下面它读三个序列，长度是 6、4、1，一共读两遍：第二遍把所有填充换成别的数。不读填充的网络，两遍的回答一样。你的呢？

# %% name="together"
rng = np.random.default_rng(1)
T, B, I, H = 6, 3, 2, 5
W_x, W_h, W_y = (rng.normal(size=shape) / 2 for shape in [(H, I), (H, H), (1, H)])
b, b_y, h0 = np.zeros(H), np.zeros(1), np.zeros((B, H))
lengths, target = np.array([6, 4, 1]), np.array([1.0, 0.0, -1.0])


def network(x):
    h = rnn_forward(lambda x_t, h: rnn_step(x_t, h, W_x, W_h, b), x, h0, lengths)
    return head_loss(last_valid(h, lengths), W_y, b_y, target)


x = rng.normal(size=(T, B, I))
padding = np.arange(T)[:, None] >= lengths  # (T, B)
network(x), network(np.where(padding[:, :, None], 100.0, x))

# %% name="check_all"
check()

# %% [markdown] lang="en"
# **To think about, ungraded.** Your network reads the padding in a sense after all: it computes a step for every sequence up to T and throws some away. In a batch with one sequence of 1,000 steps and 31 of 10 steps, what share of the work is thrown away? How would you order the sequences, or cut the batch, to waste less? (PyTorch's answer, `pack_padded_sequence`, comes in lesson {{pytorch_layers}}.)

# %% [markdown] lang="zh"
# **想一想，不计分。** 其实你的网络在某种意义上还是读了填充：它给每个序列都算到第 T 步，再丢掉一部分。如果一批里有一个 1,000 步的序列和 31 个 10 步的序列，丢掉的计算占多大比例？怎样给序列排序，或者怎样把批拆开，才能少浪费一些？（PyTorch 的办法是 `pack_padded_sequence`，第 {{pytorch_layers}} 课会讲。）
