# ---
# lstm_lab:
#   title: {en: "The memory cell (1997)", zh: "记忆单元（1997）"}
#   summary: {en: "A step and a sequence of the cell as published, its truncated gradient, and the weights of the paper's own networks, counted", zh: "按论文写出记忆单元的一步和一个序列，它的截断梯度，再数出论文里那些网络的权重"}
#   allow: [numpy]
#   torch: false
#   seconds: 10
# ---

# %% [markdown] lang="en"
# At the end you own the LSTM as it was published in 1997: without a forget gate, with blocks, and with gates that listen to each other. Few who use LSTMs have ever seen it. And you can count the weights of the networks in the paper, which today's $4H(I + H + 1)$ does not give.
#
# The letters are those of lesson {{memory_cell}}. A layer has $K$ **blocks** with $H$ cells in all; the cells of a block share one input gate $i$ and one output gate $o$. Cells and gates together are $U = H + 2K$ units. What goes into the units stands in one array `a` (B, U), in this order: the $K$ input gates, the $H$ cells, the $K$ output gates.

# %% [markdown] lang="zh"
# 做完之后，1997 年发表的那个 LSTM 就是你自己的了：没有遗忘门，有记忆块，门与门之间互相听着。用 LSTM 的人里，见过它的不多。论文里那些网络有多少个权重，今天的 $4H(I + H + 1)$ 算不出来，而你会数。
#
# 字母和第 {{memory_cell}} 课一致。一层有 $K$ 个**记忆块**（block），一共 $H$ 个记忆单元；同一块里的单元共用一个输入门 $i$ 和一个输出门 $o$。单元和门合起来是 $U = H + 2K$ 个。进入它们的量都放在一个数组 `a` (B, U) 里，顺序是：$K$ 个输入门，$H$ 个单元，$K$ 个输出门。

# %% name="setup"
import numpy as np

from lstm_lab.grading import exercise
from lstm_lab.i18n import tr

check = exercise("memory_cell")

# %% [markdown] lang="en"
# ## One step of the cell
#
# $$i = \sigma(a_i) \qquad g = 2 \tanh(a_g / 2) \qquad o = \sigma(a_o)$$
#
# $$c' = c + i \odot g \qquad h' = o \odot \tanh(c' / 2)$$
#
# `cell_step(a, c)`: `a` is (B, U), `c` (B, H) the old memory, one sequence a row. So $K = (U - H) / 2$. Each block has $H / K$ cells, neighbours: with K = 2 and H = 6 the first three belong to the first block. Return three arrays: `h` (B, H), `c_new` (B, H), and `gates` (B, 2K), the $K$ values of $i$ and then the $K$ of $o$.
#
# By hand, with B = K = 1, H = 2, in numbers with four digits: `a` = [[0, 1.0986, −1.0986, 1.0986]], where 1.0986 = ln 3. Then $i$ = 0.5, $g$ = [1, −1], $o$ = 0.75. With `c` = [[0.5986, 0.5]] the new memory is [[1.0986, 0]], and `h` = 0.75 · [0.5, 0] = [[0.375, 0]]. `gates` = [[0.5, 0.75]].

# %% [markdown] lang="zh"
# ## 记忆单元的一步
#
# $$i = \sigma(a_i) \qquad g = 2 \tanh(a_g / 2) \qquad o = \sigma(a_o)$$
#
# $$c' = c + i \odot g \qquad h' = o \odot \tanh(c' / 2)$$
#
# `cell_step(a, c)`：`a` 是 (B, U)，`c` (B, H) 是旧的记忆，一行一个序列。于是 $K = (U - H) / 2$。每块有 $H / K$ 个单元，挨在一起：K = 2、H = 6 时，前三个属于第一块。返回三个数组：`h` (B, H)，`c_new` (B, H)，还有 `gates` (B, 2K)，先是 $K$ 个 $i$，再是 $K$ 个 $o$。
#
# 手算一下，取 B = K = 1，H = 2，保留四位：`a` = [[0, 1.0986, −1.0986, 1.0986]]，其中 1.0986 = ln 3。于是 $i$ = 0.5，$g$ = [1, −1]，$o$ = 0.75。若 `c` = [[0.5986, 0.5]]，新的记忆就是 [[1.0986, 0]]，`h` = 0.75 · [0.5, 0] = [[0.375, 0]]。`gates` = [[0.5, 0.75]]。


# %% name="cell_step" task=true minutes=12 difficulty=3
def cell_step(a, c):
    """a (B, U), c (B, H) -> h (B, H), c_new (B, H), gates (B, 2K)"""
    ### BEGIN SOLUTION
    H = c.shape[1]
    K = (a.shape[1] - H) // 2
    a_i, a_g, a_o = a[:, :K], a[:, K : K + H], a[:, K + H :]
    i = 0.5 * (1.0 + np.tanh(a_i / 2))  # (B, K)
    o = 0.5 * (1.0 + np.tanh(a_o / 2))  # (B, K)
    g = 2.0 * np.tanh(a_g / 2)  # (B, H)
    c_new = c + np.repeat(i, H // K, axis=1) * g
    h = np.repeat(o, H // K, axis=1) * np.tanh(c_new / 2)
    return h, c_new, np.concatenate([i, o], axis=1)
    ### END SOLUTION


# %% name="cell_step_try"
# [0.375, 0], [1.0986, 0], [0.5, 0.75]
log3 = np.log(3)
cell_step(np.array([[0.0, log3, -log3, log3]]), np.array([[log3 - 0.5, 0.5]]))

# %% name="cell_step_check"
check("cell_step")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# Take K = H = 1 first: four lines, one for each equation. What is left to do when three cells share a gate?
#
# </details>
#
# <details><summary>Hint 2: right with one cell a block, wrong with more</summary>
#
# `np.repeat(i, H // K, axis=1)` turns (B, K) into (B, H) such that neighbours share. `np.tile` deals the gates out in turn, to the wrong cells. In `gates` they stand once each, unrepeated.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `a_i, a_g, a_o = a[:, :K], a[:, K : K + H], a[:, K + H :]`, and at the end `h = np.repeat(____, H // K, axis=1) * np.tanh(____ / 2)`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 先取 K = H = 1：四行，一个公式一行。三个单元共用一个门时，还差什么？
#
# </details>
#
# <details><summary>提示 2：每块一个单元时对，多了就错</summary>
#
# `np.repeat(i, H // K, axis=1)` 把 (B, K) 变成 (B, H)，挨在一起的共用一个门。`np.tile` 是轮流发，会发给错的单元。在 `gates` 里，每个门只写一次，不重复。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `a_i, a_g, a_o = a[:, :K], a[:, K : K + H], a[:, K + H :]`，最后是 `h = np.repeat(____, H // K, axis=1) * np.tanh(____ / 2)`
#
# </details>

# %% [markdown] lang="en"
# ## A sequence, in which everyone hears everyone
#
# $$a_t = W\, [x_t,\; h_{t-1},\; \mathit{gates}_{t-1},\; 1]$$
#
# In 1997 a gate was a unit like others: what the gates said at one step went into all cells and all gates at the next. The last column of $W$ is the bias, for an input that is always 1.
#
# `cell_forward(step, x, W, h, c, gates)`: `x` is (T, B, I), `W` (U, I + U + 1) with its columns in the order of the formula. `h` (B, H), `c` (B, H) and `gates` (B, 2K) are the state before the first step. `step` takes `a` and `c` and returns new `h`, `c`, `gates`, or is a name in `PROBES` (the line that looks it up is given). Return `h` (T, B, H) and `c` (T, B, H), *after* each step.
#
# By hand, with the step `"toy"`: it halves the memory, adds $a_g$, shows the double of it, and its gates are $a_i$ and $a_o$ as they are. T = 2, B = I = K = H = 1, `x` = 2, 3, all zeros at the start. Let $a_i = x$, $a_g = h + o + 1$, $a_o = 2x$, so `W` = [[1, 0, 0, 0, 0], [0, 1, 0, 1, 1], [2, 0, 0, 0, 0]].
#
# | step | a_i, a_g, a_o | c | h | gates |
# |---|---|---|---|---|
# | 0 | 2, 0 + 0 + 1 = 1, 4 | 0 / 2 + 1 = 1 | 2 | 2, 4 |
# | 1 | 3, 2 + 4 + 1 = 7, 6 | 1 / 2 + 7 = 7.5 | 15 | 3, 6 |

# %% [markdown] lang="zh"
# ## 一个序列，人人都听着人人
#
# $$a_t = W\, [x_t,\; h_{t-1},\; \mathit{gates}_{t-1},\; 1]$$
#
# 在 1997 年，门和别的单元没有两样：这一步里各个门的值，下一步会送进所有单元和所有门。$W$ 的最后一列是偏置，对应一个永远是 1 的输入。
#
# `cell_forward(step, x, W, h, c, gates)`：`x` 是 (T, B, I)，`W` 是 (U, I + U + 1)，各列的顺序如公式。`h` (B, H)、`c` (B, H)、`gates` (B, 2K) 是第一步之前的状态。`step` 接收 `a` 和 `c`，返回新的 `h`、`c`、`gates`；也可以是 `PROBES` 里的一个名字（查名字的那一行已经写好）。返回每一步**之后**的 `h` (T, B, H) 和 `c` (T, B, H)。
#
# 手算一下，用 `"toy"` 这个步骤：它把记忆减半，加上 $a_g$，给出两倍的记忆，门就是 $a_i$ 和 $a_o$ 本身。T = 2，B = I = K = H = 1，`x` = 2、3，开始时全是零。取 $a_i = x$，$a_g = h + o + 1$，$a_o = 2x$，也就是 `W` = [[1, 0, 0, 0, 0], [0, 1, 0, 1, 1], [2, 0, 0, 0, 0]]。
#
# | 步 | a_i, a_g, a_o | c | h | `gates` |
# |---|---|---|---|---|
# | 0 | 2, 0 + 0 + 1 = 1, 4 | 0 / 2 + 1 = 1 | 2 | 2, 4 |
# | 1 | 3, 2 + 4 + 1 = 7, 6 | 1 / 2 + 7 = 7.5 | 15 | 3, 6 |


# %% name="cell_forward" task=true minutes=10 difficulty=3
def toy_step(a, c):
    """a (B, U), c (B, H) -> h (B, H), c (B, H), gates (B, 2K)"""
    K = (a.shape[1] - c.shape[1]) // 2
    c = c / 2 + a[:, K:-K]
    return 2 * c, c, np.delete(a, np.s_[K:-K], axis=1)


PROBES = {"toy": toy_step}


def cell_forward(step, x, W, h, c, gates):
    """x (T, B, I), W (U, I + U + 1), h, c (B, H), gates (B, 2K) -> h, c (T, B, H)"""
    step = PROBES.get(step, step)
    ### BEGIN SOLUTION
    one = np.ones((len(h), 1))
    all_h, all_c = [], []
    for x_t in x:
        heard = np.concatenate([x_t, h, gates, one], axis=1)  # (B, I + U + 1)
        h, c, gates = step(heard @ W.T, c)
        all_h.append(h)
        all_c.append(c)
    return np.stack(all_h), np.stack(all_c)
    ### END SOLUTION


# %% name="cell_forward_try"
# 2, 15; 1, 7.5
W = np.array([[1.0, 0, 0, 0, 0], [0, 1, 0, 1, 1], [2, 0, 0, 0, 0]])
zero = np.zeros((1, 1))
cell_forward("toy", np.array([[[2.0]], [[3.0]]]), W, zero, zero, gates=np.zeros((1, 2)))

# %% name="cell_forward_check"
check("cell_forward")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# At step `t`, which four things stand side by side in front of `W`? Which of them change from step to step?
#
# </details>
#
# <details><summary>Hint 2: a sketch</summary>
#
# - `np.concatenate([x_t, h, gates, one], axis=1)` is (B, I + H + 2K + 1), with a column of ones at the end.
# - Times `W.T` it is `a` (B, U). `h, c, gates = step(a, c)`: all three are new, and all three are carried on.
# - Keep `h` and `c` of every step, and stack.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `heard = np.concatenate([x_t, h, gates, one], axis=1)`, then `h, c, gates = step(heard @ ____, ____)`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 第 `t` 步，并排站在 `W` 前面的是哪四样东西？其中哪几样每一步都在变？
#
# </details>
#
# <details><summary>提示 2：思路</summary>
#
# - `np.concatenate([x_t, h, gates, one], axis=1)` 是 (B, I + H + 2K + 1)，最后一列全是 1。
# - 乘上 `W.T` 就是 `a` (B, U)。`h, c, gates = step(a, c)`：三样都是新的，三样都要带到下一步。
# - 留下每一步的 `h` 和 `c`，最后堆起来。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `heard = np.concatenate([x_t, h, gates, one], axis=1)`，然后 `h, c, gates = step(heard @ ____, ____)`
#
# </details>

# %% [markdown] lang="en"
# ## Back, along the carousel only
#
# $$dc_t = dc_{t+1} + dh_t \odot o_t \odot \tfrac{1}{2} \left(1 - \tanh(c_t/2)^2\right)$$
#
# $$da_i = i\,(1 - i) \sum_{\text{block}} dc_t \odot g \qquad da_g = dc_t \odot i \odot \left(1 - (g/2)^2\right) \qquad da_o = o\,(1 - o) \sum_{\text{block}} dh_t \odot \tanh(c_t/2)$$
#
# The **truncated gradient** of 1997: error goes back in time along $c$, where the factor is exactly 1, and *nowhere else*. What would return to $h_{t-1}$ and to the gates of the step before is dropped. A gate serves all cells of its block, so it collects from all of them.
#
# `truncated_backward(dh, c, i, g, o)`: `dh` (T, B, H) is what the loss says of each $h_t$; `c` (T, B, H) the memory after each step, `g` (T, B, H); the gates `i` and `o` are (T, B, K). Return four arrays: `dc` (T, B, H), `da_i` (T, B, K), `da_g` (T, B, H), `da_o` (T, B, K).
#
# By hand, with T = 2, B = K = H = 1, the same at both steps: `dh` = 16, `c` = ln 3 (so $\tanh(c/2)$ = 0.5), `i` = 0.5, `g` = 1, `o` = 0.5. Each $h_t$ hands $16 \cdot 0.5 \cdot 0.375$ = 3 to the carousel: `dc` = 6, 3. Then `da_i` = 0.25 · `dc` = 1.5, 0.75; `da_g` = `dc` · 0.5 · 0.75 = 2.25, 1.125; `da_o` = 0.25 · 16 · 0.5 = 2, 2.

# %% [markdown] lang="zh"
# ## 往回走，只沿着传送带
#
# $$dc_t = dc_{t+1} + dh_t \odot o_t \odot \tfrac{1}{2} \left(1 - \tanh(c_t/2)^2\right)$$
#
# $$da_i = i\,(1 - i) \sum_{\text{块}} dc_t \odot g \qquad da_g = dc_t \odot i \odot \left(1 - (g/2)^2\right) \qquad da_o = o\,(1 - o) \sum_{\text{块}} dh_t \odot \tanh(c_t/2)$$
#
# 这就是 1997 年的**截断梯度**（truncated gradient）：误差只沿着 $c$ 往回走，那里的因子恰好是 1；**别的路一概不走**。本该回到 $h_{t-1}$ 和上一步各个门的那些，都扔掉。一个门管着块里所有的单元，所以它从所有这些单元收集。
#
# `truncated_backward(dh, c, i, g, o)`：`dh` (T, B, H) 是损失对每个 $h_t$ 说的话；`c` (T, B, H) 是每一步之后的记忆，`g` 是 (T, B, H)；门 `i` 和 `o` 是 (T, B, K)。返回四个数组：`dc` (T, B, H)，`da_i` (T, B, K)，`da_g` (T, B, H)，`da_o` (T, B, K)。
#
# 手算一下，取 T = 2，B = K = H = 1，两步都一样：`dh` = 16，`c` = ln 3（于是 $\tanh(c/2)$ = 0.5），`i` = 0.5，`g` = 1，`o` = 0.5。每个 $h_t$ 往传送带上放 $16 \cdot 0.5 \cdot 0.375$ = 3：`dc` = 6、3。于是 `da_i` = 0.25 · `dc` = 1.5、0.75；`da_g` = `dc` · 0.5 · 0.75 = 2.25、1.125；`da_o` = 0.25 · 16 · 0.5 = 2、2。


# %% name="truncated_backward" task=true minutes=15 difficulty=4
def truncated_backward(dh, c, i, g, o):
    """dh, c, g (T, B, H), i, o (T, B, K) -> dc (T, B, H), da_i (T, B, K), da_g (T, B, H), da_o"""
    ### BEGIN SOLUTION
    T, B, H = dh.shape
    K = i.shape[2]
    squashed = np.tanh(c / 2)
    put = dh * np.repeat(o, H // K, axis=2) * (1.0 - squashed**2) / 2  # (T, B, H)
    dc = np.cumsum(put[::-1], axis=0)[::-1]
    da_i = i * (1.0 - i) * (dc * g).reshape(T, B, K, H // K).sum(axis=3)
    da_g = dc * np.repeat(i, H // K, axis=2) * (1.0 - (g / 2) ** 2)
    da_o = o * (1.0 - o) * (dh * squashed).reshape(T, B, K, H // K).sum(axis=3)
    return dc, da_i, da_g, da_o
    ### END SOLUTION


# %% name="truncated_backward_try"
# 6, 3; 1.5, 0.75; 2.25, 1.125; 2, 2
ones = np.ones((2, 1, 1))
truncated_backward(16 * ones, np.log(3) * ones, i=0.5 * ones, g=ones, o=0.5 * ones)

# %% name="truncated_backward_check"
check("truncated_backward")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# First only `dc`, with one cell a block. From which end must the sum run? Is anything multiplied between two steps?
#
# </details>
#
# <details><summary>Hint 2: the shapes are right but the values are not</summary>
#
# - `dc[t]` is the sum of what *this and all later* steps put on the carousel: walk from the last step to the first.
# - The slope of $\tanh(c/2)$ has a half in it. That of $2\tanh(a/2)$ does not: the 2 and the half cancel, and $1 - (g/2)^2$ is left.
# - `da_o` hangs on `dh`, not on `dc`: the output gate acts after the memory.
# - For a gate, sum over the $H/K$ cells of its block: `.reshape(T, B, K, H // K).sum(axis=3)`.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `put = dh * np.repeat(o, H // K, axis=2) * (1.0 - np.tanh(c / 2) ** 2) / 2`, then from the end `dc[t] = put[t] + ____`; `da_i = i * (1.0 - i) * (____ * g).reshape(T, B, K, H // K).sum(axis=3)`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 先只算 `dc`，每块一个单元。求和要从哪一头开始？两步之间乘了什么吗？
#
# </details>
#
# <details><summary>提示 2：形状对，数值不对</summary>
#
# - `dc[t]` 是**这一步和之后各步**放到传送带上的总和：从最后一步走到第一步。
# - $\tanh(c/2)$ 的斜率里有个二分之一。$2\tanh(a/2)$ 的没有：2 和二分之一抵消，剩下 $1 - (g/2)^2$。
# - `da_o` 看的是 `dh`，不是 `dc`：输出门在记忆之后才起作用。
# - 对于门，要把它那一块的 $H/K$ 个单元加起来：`.reshape(T, B, K, H // K).sum(axis=3)`。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `put = dh * np.repeat(o, H // K, axis=2) * (1.0 - np.tanh(c / 2) ** 2) / 2`，然后从末尾起 `dc[t] = put[t] + ____`；`da_i = i * (1.0 - i) * (____ * g).reshape(T, B, K, H // K).sum(axis=3)`
#
# </details>

# %% [markdown] lang="en"
# ## Count the weights of the paper
#
# $$U (I + U) + O \cdot H + \text{biases}$$
#
# Every unit, cell or gate, hears all $I$ inputs and all $U$ units. The $O$ output units hear the cells, and not the gates. Biases differ from task to task in the paper: in one experiment only the gates have one, in others all units have one, the output units too.
#
# `count_weights(I, blocks, cells, O, bias)`: `blocks` is $K$, `cells` the number of cells *in each block*; `bias` is `"gates"` or `"all"`. Return the number of weights.
#
# By hand, the network for the adding problem: I = 2, 2 blocks of 2 cells, O = 1, `"all"`. H = 4 cells and 4 gates are U = 8 units. 8 · (2 + 8) = 80, outputs 1 · 4 = 4, biases 8 + 1 = 9. Together 93, as the paper says.

# %% [markdown] lang="zh"
# ## 数一数论文里的权重
#
# $$U (I + U) + O \cdot H + \text{偏置}$$
#
# 每个单元、每个门，都听着全部 $I$ 个输入和全部 $U$ 个单元与门。$O$ 个输出单元听的是记忆单元，不听门。偏置在论文里因任务而异：有一个实验只有门带偏置，另一些实验全都带，输出单元也带。
#
# `count_weights(I, blocks, cells, O, bias)`：`blocks` 是 $K$，`cells` 是**每块里**的单元数；`bias` 是 `"gates"` 或 `"all"`。返回权重的个数。
#
# 手算一下加法问题的网络：I = 2，2 块，每块 2 个单元，O = 1，`"all"`。H = 4 个单元加 4 个门，U = 8。8 · (2 + 8) = 80，输出 1 · 4 = 4，偏置 8 + 1 = 9。合起来 93，和论文一致。


# %% name="count_weights" task=true minutes=6 difficulty=2
def count_weights(I, blocks, cells, O, bias):
    """-> int"""
    ### BEGIN SOLUTION
    H = blocks * cells
    U = H + 2 * blocks
    biases = U + O if bias == "all" else 2 * blocks
    return U * (I + U) + O * H + biases
    ### END SOLUTION


# %% name="count_weights_try"
# 93
count_weights(2, blocks=2, cells=2, O=1, bias="all")

# %% name="count_weights_check"
check("count_weights")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# Draw the network for adding: how many circles are there between input and output, and how many arrows end in each?
#
# </details>
#
# <details><summary>Hint 2: a sketch</summary>
#
# - $H$ = blocks · cells. Two gates a *block*, not a cell: $U = H + 2 \cdot$ blocks.
# - Arrows into the units: $U (I + U)$. Arrows into the outputs: $O \cdot H$.
# - Biases: $2 \cdot$ blocks for `"gates"`, $U + O$ for `"all"`.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `return U * (I + U) + O * ____ + biases`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 画出加法问题的网络：输入和输出之间有几个圆圈？每个圆圈上有几个箭头指进来？
#
# </details>
#
# <details><summary>提示 2：思路</summary>
#
# - $H$ = 块数 · 每块单元数。每**块**两个门，不是每个单元两个：$U = H + 2 \cdot$ 块数。
# - 指向单元和门的箭头：$U (I + U)$。指向输出的箭头：$O \cdot H$。
# - 偏置：`"gates"` 时是 $2 \cdot$ 块数，`"all"` 时是 $U + O$。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `return U * (I + U) + O * ____ + biases`
#
# </details>

# %% [markdown] lang="en"
# ## All together
#
# Is a truncated gradient a gradient? Your step, your sequence and your way back, against the finite difference of exercise {{start_here}}: the loss is $L = \sum_{tkj} v_{tkj}\, h_{tkj}$, and asked is its slope at one bias of a cell, of an input gate and of an output gate. First with no weight between units, so that $c$ is the only way back. Then with all of them. Predict which rows will agree.

# %% [markdown] lang="zh"
# ## 合在一起
#
# 截断的梯度，还算梯度吗？拿你的一步、你的序列和你的回程，去和练习 {{start_here}} 的有限差分比：损失是 $L = \sum_{tkj} v_{tkj}\, h_{tkj}$，问的是它对三个偏置的斜率，一个属于单元，一个属于输入门，一个属于输出门。先让单元和门之间没有任何权重，这样 $c$ 就是唯一的回程。然后把权重全放进来。先猜猜哪几行会一致。

# %% name="together"
rng = np.random.default_rng(4)
T, B, I, K, H = 20, 3, 2, 2, 4
U = H + 2 * K
x, v = rng.normal(size=(T, B, I)), rng.normal(size=(T, B, H))
nothing = np.zeros((B, H)), np.zeros((B, H)), np.zeros((B, 2 * K))
full = rng.normal(size=(U, I + U + 1))
alone = full.copy()
alone[:, I : I + U] = 0.0


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def run(W):
    heard = []

    def step(a, c):
        heard.append(a)
        return cell_step(a, c)

    h, c = cell_forward(step, x, W, *nothing)
    return h, c, np.stack(heard)  # (T, B, H), (T, B, H), (T, B, U)


for name, W in [("no weights between units", alone), ("all weights", full)]:
    h, c, a = run(W)
    i, g, o = sigmoid(a[..., :K]), 2 * np.tanh(a[..., K:-K] / 2), sigmoid(a[..., -K:])
    dc, da_i, da_g, da_o = truncated_backward(v, c, i, g, o)
    print(name)
    for unit, da in [(0, da_i), (K, da_g), (U - K, da_o)]:
        nudge = np.zeros_like(W)
        nudge[unit, -1] = 1e-5
        up, down = (np.sum(v * run(W + n)[0]) for n in (nudge, -nudge))
        yours = da[..., 0].sum()
        asked = (up - down) / 2e-5
        words = tr(en=["yours", "finite difference"], zh=["你的", "有限差分"])
        print(f"  unit {unit}: {words[0]} {yours:9.5f}   {words[1]} {asked:9.5f}")

# %% [markdown] lang="en"
# And the networks of the paper: embedded Reber grammar with 4 blocks of 1 and 3 blocks of 2 cells, adding, temporal order with two and with three relevant symbols. The paper has 264, 276, 93, 156 and 308.

# %% [markdown] lang="zh"
# 再看论文里的网络：嵌入式 Reber 语法，4 块、每块 1 个单元，和 3 块、每块 2 个单元；加法；有两个和三个相关符号的时间顺序。论文里写的是 264、276、93、156 和 308。

# %% name="paper"
[
    count_weights(7, 4, 1, 7, "gates"),
    count_weights(7, 3, 2, 7, "gates"),
    count_weights(2, 2, 2, 1, "all"),
    count_weights(8, 2, 2, 4, "all"),
    count_weights(8, 3, 2, 8, "all"),
]

# %% name="check_all"
check()

# %% [markdown] lang="en"
# **To think about, ungraded.** In 2000 Gers gave the cell a forget gate, so three gates a block, and let the inputs speak to the outputs directly. His network for the continual Reber grammar has 7 inputs, 7 outputs, 4 blocks of 2 cells, and biases for all units but one kind. He counts 424. Find out which arrows he drew: which units hear which, and who has a bias?

# %% [markdown] lang="zh"
# **想一想，不计分。** 2000 年，Gers 给它加上了遗忘门，于是每块三个门，又让输入直接对输出说话。他用于连续 Reber 语法的网络有 7 个输入、7 个输出，4 块、每块 2 个单元，除了某一类以外都有偏置。他数出来是 424。请找出他画了哪些箭头：谁听谁的，谁有偏置？
