# ---
# lstm_lab:
#   title: {en: "The LSTM cell", zh: "LSTM 单元"}
#   summary: {en: "The six equations as one step, sequences with lengths, two notations, the number of parameters, and how long a memory lasts", zh: "六个方程写成一步，带长度的序列，两种记法，参数的个数，以及记忆能撑多久"}
#   allow: [numpy]
#   torch: false
#   seconds: 10
# ---

# %% [markdown] lang="en"
# At the end you own the LSTM of today: its six equations, whole sequences, and the two ways in which books write them. And you can set, before any training, how long it remembers.
#
# The letters are those of lesson {{lstm_cell}}. The four parts stand below each other in one matrix, in the order of PyTorch: input gate $i$, forget gate $f$, block input $g$, output gate $o$. So `W_x` is (4H, I), `W_h` (4H, H), and `b` (4H,): rows 0 to H − 1 belong to $i$, the next H to $f$, and so on.

# %% [markdown] lang="zh"
# 做完之后，今天的 LSTM 就是你自己的了：它的六个方程，整个的序列，还有书上的两种写法。训练还没开始，你就能设定它记多久。
#
# 字母和第 {{lstm_cell}} 课一致。四个部分上下排在同一个矩阵里，按 PyTorch 的顺序：输入门 $i$，遗忘门 $f$，块输入 $g$，输出门 $o$。所以 `W_x` 是 (4H, I)，`W_h` 是 (4H, H)，`b` 是 (4H,)：第 0 到 H − 1 行属于 $i$，接下来 H 行属于 $f$，依此类推。

# %% name="setup"
import numpy as np

from lstm_lab.grading import exercise
from lstm_lab.i18n import tr

check = exercise("lstm_cell")

# %% [markdown] lang="en"
# ## One step
#
# $$i = \sigma(a_i) \qquad f = \sigma(a_f) \qquad g = \tanh(a_g) \qquad o = \sigma(a_o)$$
#
# $$c' = f \odot c + i \odot g \qquad h' = o \odot \tanh(c')$$
#
# with $a = x W_x^\top + h W_h^\top + b$, cut into four parts.
#
# `lstm_step(x, h, c, W_x, W_h, b)`: `x` is (B, I), `h` and `c` (B, H), one sequence a row. Return `h` and `c` after the step, (B, H) each. It must stay quiet for huge numbers: $\sigma(-1000)$ is 0, and no warning.
#
# By hand, with B = I = H = 1 and ln 3 = 1.0986: `x` = 1, `h` = 0.5, `c` = 2, `W_x` = [ln 3, 0, ln 3, ln 3], `W_h` = [0, 2, 0, 0], `b` = [0, −1, 0, 0]. So $a$ = [ln 3, 0, ln 3, ln 3], and $i$ = 0.75, $f$ = 0.5, $g$ = 0.8, $o$ = 0.75. The new `c` is 0.5 · 2 + 0.75 · 0.8 = 1.6, the new `h` is 0.75 · tanh(1.6) = 0.75 · 0.9217 = 0.6913.

# %% [markdown] lang="zh"
# ## 一步
#
# $$i = \sigma(a_i) \qquad f = \sigma(a_f) \qquad g = \tanh(a_g) \qquad o = \sigma(a_o)$$
#
# $$c' = f \odot c + i \odot g \qquad h' = o \odot \tanh(c')$$
#
# 其中 $a = x W_x^\top + h W_h^\top + b$，切成四份。
#
# `lstm_step(x, h, c, W_x, W_h, b)`：`x` 是 (B, I)，`h` 和 `c` 是 (B, H)，一行一个序列。返回这一步之后的 `h` 和 `c`，各是 (B, H)。数再大也要安安静静：$\sigma(-1000)$ 就是 0，不发警告。
#
# 手算一下，取 B = I = H = 1，ln 3 = 1.0986：`x` = 1，`h` = 0.5，`c` = 2，`W_x` = [ln 3, 0, ln 3, ln 3]，`W_h` = [0, 2, 0, 0]，`b` = [0, −1, 0, 0]。于是 $a$ = [ln 3, 0, ln 3, ln 3]，$i$ = 0.75，$f$ = 0.5，$g$ = 0.8，$o$ = 0.75。新的 `c` 是 0.5 · 2 + 0.75 · 0.8 = 1.6，新的 `h` 是 0.75 · tanh(1.6) = 0.75 · 0.9217 = 0.6913。


# %% name="lstm_step" task=true minutes=12 difficulty=3
def lstm_step(x, h, c, W_x, W_h, b):
    """x (B, I), h, c (B, H), W_x (4H, I), W_h (4H, H), b (4H,) -> h, c (B, H)"""
    ### BEGIN SOLUTION
    a_i, a_f, a_g, a_o = np.split(x @ W_x.T + h @ W_h.T + b, 4, axis=1)  # (B, H) each
    i, f, o = (0.5 * (1.0 + np.tanh(a / 2)) for a in (a_i, a_f, a_o))
    c = f * c + i * np.tanh(a_g)
    return o * np.tanh(c), c
    ### END SOLUTION


# %% name="lstm_step_try"
# 0.6913, 1.6
one, log3 = np.ones((1, 1)), np.log(3)
W_x, W_h = np.array([[log3], [0.0], [log3], [log3]]), np.array([[0.0], [2.0], [0.0], [0.0]])
lstm_step(one, 0.5 * one, 2.0 * one, W_x, W_h, b=np.array([0.0, -1.0, 0.0, 0.0]))

# %% name="lstm_step_check"
check("lstm_step")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# How many affine maps do you need: four, or one? And how do you get the four parts out of its result?
#
# </details>
#
# <details><summary>Hint 2: my shapes are right but the values are not</summary>
#
# - `a = x @ W_x.T + h @ W_h.T + b` is (B, 4H). `np.split(a, 4, axis=1)` gives four (B, H), in the order i, f, g, o.
# - Three of them go through the sigmoid, `g` through the tanh.
# - `f` multiplies the *old* `c`, and `h` is made from the *new* one, through a tanh.
#
# Warnings? `1 / (1 + np.exp(-a))` overflows; `0.5 * (1 + np.tanh(a / 2))` is the same and never does.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `c = f * c + ____ * np.tanh(a_g)`, then `return ____ * np.tanh(c), c`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 需要几个仿射变换：四个，还是一个？四个部分怎样从结果里取出来？
#
# </details>
#
# <details><summary>提示 2：形状对，数值不对</summary>
#
# - `a = x @ W_x.T + h @ W_h.T + b` 是 (B, 4H)。`np.split(a, 4, axis=1)` 给出四个 (B, H)，顺序是 i、f、g、o。
# - 其中三个过 sigmoid，`g` 过 tanh。
# - `f` 乘的是**旧的** `c`；`h` 由**新的** `c` 得到，中间有一个 tanh。
#
# 有警告？`1 / (1 + np.exp(-a))` 会溢出；`0.5 * (1 + np.tanh(a / 2))` 和它相等，而且从不溢出。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `c = f * c + ____ * np.tanh(a_g)`，然后 `return ____ * np.tanh(c), c`
#
# </details>

# %% [markdown] lang="en"
# ## A sequence, with lengths
#
# The state is a pair now: $h$ and $c$ walk together, and past the end of a sequence *both* freeze.
#
# `lstm_forward(step, x, h, c, lengths)`: `x` is (T, B, I), `h` and `c` (B, H) the state before the first step, `lengths` (B,), from 1 to T. `step` takes `x`, `h`, `c` of one step and returns new `h`, `c`, or is a name in `PROBES` (the line that looks it up is given). Return `h` (T, B, H) and `c` (T, B, H), after each step.
#
# By hand, with the step `"toy"`: $c' = c / 2 + 3x + h$ and $h' = 2 c'$. T = 2, B = 2, I = H = 1, zeros at the start, `lengths` = [2, 1], `x` = 1, 1 for sequence 0 and 3, 9 for sequence 1:
#
# | step | sequence 0: c, h | sequence 1: c, h |
# |---|---|---|
# | 0 | 3, 6 | 9, 18 |
# | 1 | 1.5 + 3 + 6 = 10.5, 21 | 9, 18 (frozen) |

# %% [markdown] lang="zh"
# ## 一个序列，带长度
#
# 状态现在是一对：$h$ 和 $c$ 一起走；序列结束以后，**两个**都冻结。
#
# `lstm_forward(step, x, h, c, lengths)`：`x` 是 (T, B, I)，`h` 和 `c` (B, H) 是第一步之前的状态，`lengths` 是 (B,)，从 1 到 T。`step` 接收某一步的 `x`、`h`、`c`，返回新的 `h`、`c`；也可以是 `PROBES` 里的一个名字（查名字的那一行已经写好）。返回每一步之后的 `h` (T, B, H) 和 `c` (T, B, H)。
#
# 手算一下，用 `"toy"` 这个步骤：$c' = c / 2 + 3x + h$，$h' = 2 c'$。T = 2，B = 2，I = H = 1，开始时全是零，`lengths` = [2, 1]；序列 0 的 `x` 是 1、1，序列 1 的是 3、9：
#
# | 步 | 序列 0：c, h | 序列 1：c, h |
# |---|---|---|
# | 0 | 3, 6 | 9, 18 |
# | 1 | 1.5 + 3 + 6 = 10.5, 21 | 9, 18（冻结） |


# %% name="lstm_forward" task=true minutes=10 difficulty=3
def toy_step(x, h, c):
    c = c / 2 + 3 * x + h
    return 2 * c, c


PROBES = {"toy": toy_step}


def lstm_forward(step, x, h, c, lengths):
    """x (T, B, I), h, c (B, H), lengths (B,) -> h, c (T, B, H)"""
    step = PROBES.get(step, step)
    ### BEGIN SOLUTION
    all_h, all_c = [], []
    for t, x_t in enumerate(x):
        alive = (t < lengths)[:, None]  # (B, 1)
        h_new, c_new = step(x_t, h, c)
        h, c = np.where(alive, h_new, h), np.where(alive, c_new, c)
        all_h.append(h)
        all_c.append(c)
    return np.stack(all_h), np.stack(all_c)
    ### END SOLUTION


# %% name="lstm_forward_try"
# h: 6 18, 21 18; c: 3 9, 10.5 9
x = np.array([[1.0, 3.0], [1.0, 9.0]])[:, :, None]
zeros = np.zeros((2, 1))
lstm_forward("toy", x, zeros, zeros, np.array([2, 1]))

# %% name="lstm_forward_check"
check("lstm_forward")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# You wrote `rnn_forward` in exercise {{rnn}}. What is there now twice?
#
# </details>
#
# <details><summary>Hint 2: a sketch</summary>
#
# - At each step compute new `h` and `c` for the whole batch.
# - Where the sequence has ended (`t < lengths` is false), keep the old ones, with one `np.where` each. `lengths` needs an axis more: (B, 1).
# - Keep both of every step, and stack.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `alive = (t < lengths)[:, None]`, then `h, c = np.where(alive, h_new, h), np.where(alive, ____, ____)`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 练习 {{rnn}} 里你写过 `rnn_forward`。现在有什么变成了两份？
#
# </details>
#
# <details><summary>提示 2：思路</summary>
#
# - 每一步，先为整个批算出新的 `h` 和 `c`。
# - 序列已经结束的地方（`t < lengths` 为假），留住旧的，各用一个 `np.where`。`lengths` 要多一个轴：(B, 1)。
# - 每一步的两样都留下，最后堆起来。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `alive = (t < lengths)[:, None]`，然后 `h, c = np.where(alive, h_new, h), np.where(alive, ____, ____)`
#
# </details>

# %% [markdown] lang="en"
# ## The other notation
#
# $$a = W\, [h, x] + b$$
#
# Many books join both matrices: one $W$ (4H, H + I), for $h$ and $x$ written one after the other, $h$ first. And many begin with the forget gate: the rows stand in the order $f$, $i$, $g$, $o$. It is the same network. Nobody who mixes the two gets an error message.
#
# `to_separate(W, b)`: `W` is (4H, H + I) with rows f, i, g, o, `b` (4H,) in the same order. Return `W_x` (4H, I), `W_h` (4H, H) and `b` (4H,) with rows in PyTorch's order i, f, g, o.
#
# By hand, with H = 1, I = 2: `W` = [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]], `b` = [13, 14, 15, 16]. `W_x` = [[5, 6], [2, 3], [8, 9], [11, 12]], `W_h` = [[4], [1], [7], [10]], `b` = [14, 13, 15, 16].

# %% [markdown] lang="zh"
# ## 另一种记法
#
# $$a = W\, [h, x] + b$$
#
# 许多书把两个矩阵并成一个：$W$ (4H, H + I)，对着 $h$ 和 $x$ 首尾相接，$h$ 在前。许多书又从遗忘门写起：各行的顺序是 $f$、$i$、$g$、$o$。网络是同一个。要是混着用，谁也不会看到报错。
#
# `to_separate(W, b)`：`W` 是 (4H, H + I)，行的顺序是 f、i、g、o，`b` (4H,) 顺序相同。返回 `W_x` (4H, I)、`W_h` (4H, H) 和 `b` (4H,)，行的顺序按 PyTorch，即 i、f、g、o。
#
# 手算一下，取 H = 1，I = 2：`W` = [[1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]]，`b` = [13, 14, 15, 16]。`W_x` = [[5, 6], [2, 3], [8, 9], [11, 12]]，`W_h` = [[4], [1], [7], [10]]，`b` = [14, 13, 15, 16]。


# %% name="to_separate" task=true minutes=7 difficulty=2
def to_separate(W, b):
    """W (4H, H + I), rows f, i, g, o -> W_x (4H, I), W_h (4H, H), b (4H,), rows i, f, g, o"""
    ### BEGIN SOLUTION
    H = len(b) // 4
    rows = np.r_[H : 2 * H, :H, 2 * H : 4 * H]
    return W[rows, H:], W[rows, :H], b[rows]
    ### END SOLUTION


# %% name="to_separate_try"
# [[5, 6], [2, 3], [8, 9], [11, 12]], [[4], [1], [7], [10]], [14, 13, 15, 16]
to_separate(np.arange(1.0, 13.0).reshape(4, 3), b=np.arange(13.0, 17.0))

# %% name="to_separate_check"
check("to_separate")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# Two things are to be done, and they do not disturb each other: one with the rows, one with the columns. How large is H, if all you have is `b`?
#
# </details>
#
# <details><summary>Hint 2: right for H = 1, wrong for more</summary>
#
# Whole blocks of H rows trade places, not single rows: `f, i, g, o = np.split(W, 4)`. The first H columns belong to `h`, the rest to `x`. And the bias wants the same order.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `f, i, g, o = np.split(W, 4)`, then `W = np.concatenate([____, ____, g, o])`, and `return W[:, H:], W[:, :H], …`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 要做两件互不相干的事：一件动行，一件动列。手里只有 `b` 时，H 是多少？
#
# </details>
#
# <details><summary>提示 2：H = 1 时对，大了就错</summary>
#
# 换位置的是 H 行一整块，不是单独的行：`f, i, g, o = np.split(W, 4)`。前 H 列属于 `h`，其余属于 `x`。偏置也要按同样的顺序。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `f, i, g, o = np.split(W, 4)`，然后 `W = np.concatenate([____, ____, g, o])`，再 `return W[:, H:], W[:, :H], …`
#
# </details>

# %% [markdown] lang="en"
# ## How many parameters
#
# $$4H\,(I + H + \text{biases})$$
#
# Four parts, each with a row of I + H weights for every unit. One bias would do, but PyTorch keeps two, one beside each matrix. In a stack the second layer reads the $h$ of the first, so its input has H numbers.
#
# `count_parameters(I, H, layers, biases)`: `biases` is 1, or 2 as in PyTorch. Return the number of parameters of the whole stack.
#
# By hand, with I = 3, H = 5: one layer with one bias has 4 · 5 · (3 + 5 + 1) = 180. Two layers with two biases have 4 · 5 · (3 + 5 + 2) + 4 · 5 · (5 + 5 + 2) = 200 + 240 = 440.

# %% [markdown] lang="zh"
# ## 有多少个参数
#
# $$4H\,(I + H + \text{偏置})$$
#
# 四个部分，每个单元各有一行 I + H 个权重。偏置一个就够，但 PyTorch 留着两个，每个矩阵旁边一个。堆叠时，第二层读的是第一层的 $h$，所以它的输入有 H 个数。
#
# `count_parameters(I, H, layers, biases)`：`biases` 是 1，或者像 PyTorch 那样是 2。返回整叠网络的参数个数。
#
# 手算一下，取 I = 3，H = 5：一层、一个偏置，是 4 · 5 · (3 + 5 + 1) = 180。两层、两个偏置，是 4 · 5 · (3 + 5 + 2) + 4 · 5 · (5 + 5 + 2) = 200 + 240 = 440。


# %% name="count_parameters" task=true minutes=5 difficulty=1
def count_parameters(I, H, layers, biases):
    """-> int"""
    ### BEGIN SOLUTION
    first = 4 * H * (I + H + biases)
    return first + (layers - 1) * 4 * H * (H + H + biases)
    ### END SOLUTION


# %% name="count_parameters_try"
# 180, 440
count_parameters(3, 5, layers=1, biases=1), count_parameters(3, 5, layers=2, biases=2)

# %% name="count_parameters_check"
check("count_parameters")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# What are the shapes of `W_x`, `W_h` and `b`? Count the entries. What is I for the second layer?
#
# </details>
#
# <details><summary>Hint 2: a sketch</summary>
#
# - The first layer: (4H, I), (4H, H), and `biases` times (4H,).
# - Each further layer: the same with H in the place of I.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `return 4 * H * (I + H + biases) + (layers - 1) * 4 * H * (____ + H + biases)`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# `W_x`、`W_h` 和 `b` 的形状是什么？数一数有多少个数。对第二层来说，I 是多少？
#
# </details>
#
# <details><summary>提示 2：思路</summary>
#
# - 第一层：(4H, I)、(4H, H)，还有 `biases` 个 (4H,)。
# - 再往上每一层：同样的，只是 I 换成 H。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `return 4 * H * (I + H + biases) + (layers - 1) * 4 * H * (____ + H + biases)`
#
# </details>

# %% [markdown] lang="en"
# ## A start that remembers for as long as the task lasts
#
# $$b_f = \ln(\text{steps}) \qquad b_i = -\ln(\text{steps})$$
#
# With $b_f = \ln n$ and nothing else, $f = n / (n + 1)$: the memory of that unit lasts about $n$ steps. The **chrono** start (Tallec and Ollivier, 2018) draws an $n$ for each unit between 1 and the longest span expected, so that memories of every length are there from the first day. The input gate gets the opposite: who keeps long, writes little.
#
# `chrono_bias(b, steps)`: `b` is (4H,), rows i, f, g, o; `steps` (H,) are the numbers drawn, one a unit. Return a new `b` (4H,), with the parts of $f$ and $i$ *replaced* and those of $g$ and $o$ as they were. Leave the old one alone.
#
# By hand, with H = 1: `b` = [5, 6, 7, 8], `steps` = [3]. Result: [−1.0986, 1.0986, 7, 8].

# %% [markdown] lang="zh"
# ## 任务多长，一开始就能记多久
#
# $$b_f = \ln(\text{steps}) \qquad b_i = -\ln(\text{steps})$$
#
# 只有 $b_f = \ln n$、别的什么也没有时，$f = n / (n + 1)$：那个单元的记忆大约能撑 $n$ 步。**时间尺度初始化**（chrono，Tallec 和 Ollivier，2018）为每个单元在 1 和预期的最长跨度之间抽一个 $n$，于是第一天起，长长短短的记忆就都有了。输入门取相反数：留得久的，写得少。
#
# `chrono_bias(b, steps)`：`b` 是 (4H,)，行的顺序是 i、f、g、o；`steps` (H,) 是抽好的数，一个单元一个。返回一个新的 `b` (4H,)，其中 $f$ 和 $i$ 的部分**换掉**，$g$ 和 $o$ 的照旧。原来的 `b` 不要改动。
#
# 手算一下，取 H = 1：`b` = [5, 6, 7, 8]，`steps` = [3]。结果是 [−1.0986, 1.0986, 7, 8]。


# %% name="chrono_bias" task=true minutes=5 difficulty=2
def chrono_bias(b, steps):
    """b (4H,), steps (H,) -> (4H,)"""
    ### BEGIN SOLUTION
    H = len(steps)
    return np.concatenate([-np.log(steps), np.log(steps), b[2 * H :]])
    ### END SOLUTION


# %% name="chrono_bias_try"
# -1.0986, 1.0986, 7, 8
chrono_bias(np.array([5.0, 6.0, 7.0, 8.0]), steps=np.array([3.0]))

# %% name="chrono_bias_check"
check("chrono_bias")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# Which entries of `b` belong to the forget gate? It is the second of four.
#
# </details>
#
# <details><summary>Hint 2: a sketch</summary>
#
# - Copy `b`, or put a new array together from parts.
# - `b[H : 2 * H]` is $f$: the natural logarithm of `steps`. `b[:H]` is $i$: minus that.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `np.concatenate([-np.log(steps), ____, b[2 * H :]])`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# `b` 里哪些数属于遗忘门？它是四个里的第二个。
#
# </details>
#
# <details><summary>提示 2：思路</summary>
#
# - 先复制 `b`，或者用几段拼出一个新数组。
# - `b[H : 2 * H]` 是 $f$：`steps` 的自然对数。`b[:H]` 是 $i$：取负的。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `np.concatenate([-np.log(steps), ____, b[2 * H :]])`
#
# </details>

# %% [markdown] lang="en"
# ## How long is half of it left
#
# $$f^n = \tfrac{1}{2} \qquad f = \sigma(b_f)$$
#
# Where nothing is written, $c$ is multiplied by $f$ at each step. After $n$ steps, its **half-life**, half is left.
#
# `half_life(b_f)`: `b_f` is an array of biases of any shape; the forget gate is moved by its bias alone. Return the half-lives, of the same shape; they need not be whole numbers. It must be right for large biases too: at `b_f` = 40 the half-life is 1.6 · 10¹⁷ steps, not infinite, though $\sigma(40)$ is rounded to 1.
#
# By hand: `b_f` = 0 gives $f$ = 0.5, so 1 step. `b_f` = ln 3 gives $f$ = 0.75: after 2 steps 0.5625 is left, after 3 steps 0.42, so between the two: 2.41.

# %% [markdown] lang="zh"
# ## 多久还剩一半
#
# $$f^n = \tfrac{1}{2} \qquad f = \sigma(b_f)$$
#
# 不往里写的时候，$c$ 每一步乘一次 $f$。走 $n$ 步之后剩下一半，这个 $n$ 就是它的**半衰期**（half-life）。
#
# `half_life(b_f)`：`b_f` 是任意形状的偏置数组；遗忘门只受偏置影响。返回半衰期，形状相同，不必是整数。偏置很大时也要对：`b_f` = 40 时，半衰期是 1.6 · 10¹⁷ 步，不是无穷大，虽然 $\sigma(40)$ 会被舍入成 1。
#
# 手算一下：`b_f` = 0 时 $f$ = 0.5，所以是 1 步。`b_f` = ln 3 时 $f$ = 0.75：2 步之后还剩 0.5625，3 步之后还剩 0.42，所以在两者之间：2.41。


# %% name="half_life" task=true minutes=8 difficulty=3
def half_life(b_f):
    """b_f (...) -> (...)"""
    ### BEGIN SOLUTION
    return np.log(2) / np.logaddexp(0.0, -b_f)  # −ln σ(b) = ln(1 + e^−b)
    ### END SOLUTION


# %% name="half_life_try"
# 1, 2.41, 1.6e17
half_life(np.array([0.0, np.log(3), 40.0]))

# %% name="half_life_check"
check("half_life")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# Take the logarithm on both sides of $f^n = 1/2$. What sign has $\ln f$?
#
# </details>
#
# <details><summary>Hint 2: right for small biases, infinite for large ones</summary>
#
# $n = -\ln 2 / \ln f$ is right, but $f$ rounds to 1, and $\ln 1 = 0$. Put the sigmoid in first, on paper: $-\ln \frac{1}{1 + e^{-b}} = \ln(1 + e^{-b})$. NumPy knows $\ln(1 + y)$ for tiny $y$ as `np.log1p(y)`. (And for very *negative* $b$, where $e^{-b}$ overflows, `np.logaddexp(0, -b)`.)
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `return np.log(2) / np.log1p(____)`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 在 $f^n = 1/2$ 两边取对数。$\ln f$ 是正还是负？
#
# </details>
#
# <details><summary>提示 2：小偏置对，大偏置成了无穷大</summary>
#
# $n = -\ln 2 / \ln f$ 没错，可是 $f$ 被舍入成 1，而 $\ln 1 = 0$。先在纸上把 sigmoid 代进去：$-\ln \frac{1}{1 + e^{-b}} = \ln(1 + e^{-b})$。$y$ 很小时，NumPy 用 `np.log1p(y)` 算 $\ln(1 + y)$。（$b$ 是很大的**负数**时，$e^{-b}$ 会溢出，那就用 `np.logaddexp(0, -b)`。）
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `return np.log(2) / np.log1p(____)`
#
# </details>

# %% [markdown] lang="en"
# ## All together
#
# Is it the LSTM that everybody uses? Give the weights of an `nn.LSTM` to your step, and let both read the same sequences. Then start a hundred units for a task of a hundred steps, and look at their half-lives.

# %% [markdown] lang="zh"
# ## 合在一起
#
# 这就是大家都在用的那个 LSTM 吗？把一个 `nn.LSTM` 的权重交给你的步骤，让两边读同样的序列。然后为一个一百步的任务准备一百个单元，看看它们的半衰期。

# %% name="together"
import torch

T, B, I, H = 12, 4, 3, 5
net = torch.nn.LSTM(I, H, dtype=torch.float64)
x, lengths = torch.randn(T, B, I, dtype=torch.float64), torch.tensor([12, 7, 1, 4])
packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False)
_, (h_torch, c_torch) = net(packed)

W_x, W_h, b_1, b_2 = (p.detach().numpy() for p in net.parameters())
zeros = np.zeros((B, H))


def step(x, h, c):
    return lstm_step(x, h, c, W_x, W_h, b_1 + b_2)


h, c = lstm_forward(step, x.numpy(), zeros, zeros, lengths.numpy())
ends = np.stack([h[-1], c[-1]]), torch.cat([h_torch, c_torch]).detach().numpy()
differ = np.abs(ends[0] - ends[1]).max()
print(tr(en="largest difference:", zh="最大相差："), differ)
print(
    tr(en="parameters:", zh="参数个数："),
    sum(p.numel() for p in net.parameters()),
    count_parameters(I, H, 1, 2),
)

# %% name="together_half_lives"
steps = np.random.default_rng(5).uniform(1, 99, size=100)
b = chrono_bias(np.zeros(400), steps)
print("chrono:", np.quantile(half_life(b[100:200]), [0, 0.25, 0.5, 0.75, 1]).round(1))
print("b_f = 0, 1, 3:", half_life(np.array([0.0, 1.0, 3.0])).round(1))

# %% name="check_all"
check()

# %% [markdown] lang="en"
# **To think about, ungraded.** The longest of the chrono half-lives is shorter than the task, although "steps" went up to 99. Why is the half-life about 0.7 times `steps`? And: with `half_life` you know how long $c$ lasts *if nothing is written and the gate stays where its bias put it*. Which of the two conditions does training break first? Take a trained network of lesson {{lstm_cell}} and look.

# %% [markdown] lang="zh"
# **想一想，不计分。** 时间尺度初始化给出的半衰期，最长的也比任务短，虽然 `steps` 一直抽到 99。为什么半衰期大约是 `steps` 的 0.7 倍？再者，`half_life` 告诉你 $c$ 能撑多久，**条件是什么也没写进去，而且门一直停在偏置所设的位置**。训练先打破的是哪一个条件？拿第 {{lstm_cell}} 课训练好的网络来看看。
