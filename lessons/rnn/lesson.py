# ---
# lstm_lab:
#   title: {en: "The vanilla RNN", zh: "朴素循环神经网络"}
#   summary: {en: "Two numbers of memory read a log of a thousand entries. Build it, train it, look inside", zh: "只记两个数的网络，读完一千条记录。搭出来，训练它，再看看里面"}
#   minutes: 40
#   terms: [Finding structure in time]
# ---

# %% [markdown] lang="en"
# *Before you start, three questions about [lesson {{start_here}}](start_here.ipynb). Answer each, then open it.*
#
# <details><summary>A message is multiplied by 0.9 at each of a hundred steps. What is left of it?</summary>
#
# About 0.00003: $0.9^{100}$ is less than three parts in a hundred thousand.
#
# </details>
#
# <details><summary>Does an untrained LSTM with forget bias 0 carry a gradient back over a hundred steps?</summary>
#
# No. Less than $10^{-15}$ of it arrived on each of ten seeds. With the bias at 3 it did.
#
# </details>
#
# <details><summary>The forget gate is at 0.95. Is most of the memory kept, or most of it dropped?</summary>
#
# Kept: 95 hundredths of it, at this step. It is a keep gate.
#
# </details>

# %% [markdown] lang="zh"
# 开始之前，先回答关于[第 {{start_here}} 课](start_here.ipynb)的三个问题。想好了再点开。
#
# <details><summary>一条消息，一百步里每一步都乘 0.9，最后还剩多少？</summary>
#
# 大约 0.00003：$0.9^{100}$ 不到十万分之三。
#
# </details>
#
# <details><summary>没训练过的 LSTM，遗忘门偏置为 0，能把梯度往回送一百步吗？</summary>
#
# 不能。十个种子里，每一个走到的都不足 $10^{-15}$。偏置为 3 时能。
#
# </details>
#
# <details><summary>遗忘门是 0.95，记忆是大部分留下，还是大部分丢掉？</summary>
#
# 留下：这一步留下百分之九十五。它其实是“保留门”。
#
# </details>

# %% [markdown] lang="en"
# There is a lamp behind a closed door. Someone reads you the log of its switches, entry by entry: *toggle, other, toggle, toggle, off, other, toggle* … *Toggle* flips the lamp, *off* puts it out, *other* was about some other lamp. After a thousand entries you are asked whether it is on. You had no paper, and yet you know. **How can something that remembers so little read something so long?**

# %% [markdown] lang="zh"
# 门关着，里面有一盏灯。有人把开关记录一条一条念给你听：“切换、其他、切换、切换、关、其他、切换……”其中，“切换”让亮变灭、灭变亮，“关”让它熄灭，“其他”说的是别的灯。念完一千条，问你灯亮着没有。你没有纸笔，却答得上来。**记得这么少，怎么能读完这么长的东西？**

# %% [markdown] lang="en"
# ## What you will be able to do
#
# - **Write** one step of a recurrent network, with the shape of everything in it.
# - **Run** it over a whole batch of sequences of different lengths.
# - **Read out** an answer at every step, or once at the last valid step, and say how wrong it is.
#
# [Exercise {{rnn}}](../../exercises/en/rnn.ipynb) grades these three. And you will look into a trained network and find out what it keeps. You need [lesson {{start_here}}](start_here.ipynb) and the product of a matrix and a vector.

# %% [markdown] lang="zh"
# ## 学完你能做什么
#
# - **写出**循环网络的一步，并说清里面每样东西的形状。
# - **运行**它，读完一整批长短不一的序列。
# - **读出**答案：每一步都答，或者只在最后一个有效步骤答一次，并说出错了多少。
#
# [练习 {{rnn}}](../../exercises/zh/rnn.ipynb) 考的就是这三件事。另外，你会打开一个训练好的网络，查清它记住了什么。你需要[第 {{start_here}} 课](start_here.ipynb)，还要会矩阵乘向量。

# %% name="guess_hand.imports" show=true
import numpy as np

from lstm_lab.cells import RNNParams, rnn_init
from lstm_lab.i18n import tr
from lstm_lab.layers import (
    LinearParams,
    backward,
    forward,
    linear_backward,
    linear_forward,
    linear_init,
)
from lstm_lab.plots import COLOURS, learning_curves, show, subplots, table, unrolled_graph
from lstm_lab.training import Adam, clip_global_norm, mse
from lstm_lab.widgets import CellStepper, Predict

# %% [markdown] lang="en"
# ## Predict
#
# Further down stands a network whose whole memory is **two numbers**. Its weights are twelve, most of them 2s and 4s, set by hand. It reads a thousand entries that it has never seen and says after each whether the lamp is on. How often is it right?

# %% [markdown] lang="zh"
# ## 先猜
#
# 下面有一个网络，全部记忆只有**两个数**。它的权重和偏置一共十二个，多半是 2 和 4，都是手工定的。它读一千条从没见过的记录，每读一条就说灯亮不亮。能说对多少次？

# %% name="guess_hand"
guess_hand = Predict(
    "rnn-lamp-by-hand",
    tr(
        en="Two numbers of memory, 1000 entries: how many of the 1000 answers are right?",
        zh="记忆只有两个数，读一千条：1000 个回答里对几个？",
    ),
)
guess_hand

# %% [markdown] lang="en"
# ## Why an ordinary network cannot
#
# An ordinary layer has one weight for every input number. Build it for logs of five entries and offer it six. Each entry is written as three numbers, a 1 in its own place and 0 elsewhere (**one-hot**): toggle `1 0 0`, off `0 1 0`, other `0 0 1`.

# %% [markdown] lang="zh"
# ## 普通网络为什么不行
#
# 普通的一层，输入的每个数都配一个权重。给它按五条记录搭好，再拿六条给它读。每条记录写成三个数，自己的位置是 1，其余是 0（**独热**，one-hot）：切换 `1 0 0`，关 `0 1 0`，其他 `0 0 1`。

# %% name="fixed_size"
W = np.random.default_rng(0).normal(size=(8, 5 * 3))  # 8 units, 5 entries
for T in (5, 6):
    log = np.zeros(T * 3)  # (3T,)
    try:
        print(T, "->", (W @ log).shape)
    except ValueError:
        print(T, tr(en="-> no:", zh="-> 不行："), W.shape, "@", log.shape)

# %% [markdown] lang="en"
# So show it only the *last* five entries? Then the best it can do is this. If an *off* is among them, it knows the lamp. If not, the lamp before the window decides, and that was on about half the time: a guess. How long must the window be, if 2 entries in 100 are *off*?

# %% [markdown] lang="zh"
# 那就只给它看**最后**五条？这样最好也不过如此：五条里有“关”，它就知道灯的状态；没有，就要看窗口之前灯亮不亮，而那时大约一半机会亮着，只能猜。如果每 100 条里有 2 条是“关”，窗口要多长才够？

# %% name="window"
for k in (5, 20, 100, 200):
    knows = 1 - 0.98**k
    best = f"{knows + (1 - knows) / 2:.0%}"
    print(tr(en=f"window of {k:3}: at best {best} right", zh=f"窗口 {k:3}：最多答对 {best}"))

# %% [markdown] lang="en"
# Two hundred entries in view, and six hundred weights for every unit, to follow *one lamp*. You did not keep two hundred entries in mind. You kept one thing, the lamp, and changed it a little at every entry.

# %% [markdown] lang="zh"
# 眼前摆着两百条记录，每个单元六百个权重，就为了跟住一盏灯。你可没有记两百条。你只记一样东西，就是灯的状态，每听一条，改它一下。

# %% [markdown] lang="en"
# ## See: one step, real numbers
#
# Let $p$ be the lamp, 0 or 1. Add 1 for a toggle, subtract 1 for an off, and call the sum $z$: it lies between −1 and 2. The lamp is now on exactly if $z$ is 1: above a half, but not above one and a half. Two units can ask these two questions, each with a tanh that runs from −1 (no) to 1 (yes):
#
# $$h^{(1)} = \tanh(4(z - 0.5)) \qquad h^{(2)} = \tanh(4(z - 1.5)) \qquad p = \frac{h^{(1)} - h^{(2)}}{2}$$
#
# These two numbers are all that is carried to the next entry: the **hidden state** $h$. Nothing else remembers anything. Here are two toggles in a row, starting from zeros:

# %% [markdown] lang="zh"
# ## 看：一步，用真实的数
#
# 设 $p$ 是灯的状态，0 或 1。切换就加 1，关就减 1，得到的和叫 $z$，它在 −1 到 2 之间。灯亮着，当且仅当 $z$ 等于 1：比一半大，又不比一个半大。两个单元正好各问一个问题，各用一个 tanh 回答，从 −1（不是）到 1（是）：
#
# $$h^{(1)} = \tanh(4(z - 0.5)) \qquad h^{(2)} = \tanh(4(z - 1.5)) \qquad p = \frac{h^{(1)} - h^{(2)}}{2}$$
#
# 带到下一条记录去的，只有这两个数：**隐藏状态**（也叫隐状态，hidden state）$h$。除此之外，没有任何东西在记忆。下面从零开始，连着切换两次：

# %% name="by_hand"
h = np.zeros(2)
for t in (1, 2):
    p = (h[0] - h[1]) / 2
    z = p + 1
    a = np.array([4 * (z - 0.5), 4 * (z - 1.5)])
    h = np.tanh(a)
    print(f"entry {t}: p = {p:.3f}   z = {z:.3f}   a = {a.round(3)}   h = {h.round(3)}")
print(f"lamp: {(h[0] - h[1]) / 2:.3f}")

# %% [markdown] lang="en"
# On after the first toggle (the second line begins with $p$ near 1), off after the second. Not exactly 0 and 1, but close. Will such small errors add up over a thousand entries, or does the tanh iron them out? Your prediction is already made.

# %% [markdown] lang="zh"
# 第一次切换后灯亮了（第二行开头的 $p$ 接近 1），第二次切换后灭了。不是恰好的 0 和 1，但很接近。这样的小误差，一千条下来会越积越大，还是会被 tanh 熨平？你已经猜过了。

# %% [markdown] lang="en"
# ## Say it
#
# Write $x^{(1)}$ for the place of the entry that is 1 at a toggle, $x^{(2)}$ for the one that is 1 at an off. Then the first unit computes, from the *old* $h$,
#
# $$4(z - 0.5) = 4\left(\frac{h^{(1)} - h^{(2)}}{2} + x^{(1)} - x^{(2)} - 0.5\right) = 2h^{(1)} - 2h^{(2)} + 4x^{(1)} - 4x^{(2)} - 2$$
#
# and the second the same with −6 at the end. That is a matrix times the entry, a matrix times the old state, and a constant. For any number of units:
#
# $$a_t = W_x x_t + W_h h_{t-1} + b \qquad h_t = \tanh(a_t) \qquad y_t = W_y h_t + b_y$$
#
# | letter | what it is | shape | for the lamp |
# |:--|:--|:--|:--|
# | $x_t$ | the entry read at step $t$ | (I,) | (3,) |
# | $h_t$ | the hidden state after step $t$; $h_0$ is zeros | (H,) | (2,) |
# | $W_x$ | from the entry to the units | (H, I) | (2, 3) |
# | $W_h$ | from the old state to the units | (H, H) | (2, 2) |
# | $b$ | a constant for each unit, the bias | (H,) | (2,) |
# | $W_y$, $b_y$ | from the state to the answer: the **head** | (O, H), (O,) | (1, 2), (1,) |
#
# That is a **recurrent** network, an RNN: $h$ comes back in at the next step. (The formula counts from 1, Python from 0: $h_1$ will be `h[0]`.)

# %% [markdown] lang="zh"
# ## 说：写成公式
#
# 记录里，切换时等于 1 的那个位置写作 $x^{(1)}$，关时等于 1 的写作 $x^{(2)}$。于是第一个单元用**旧的** $h$ 算出
#
# $$4(z - 0.5) = 4\left(\frac{h^{(1)} - h^{(2)}}{2} + x^{(1)} - x^{(2)} - 0.5\right) = 2h^{(1)} - 2h^{(2)} + 4x^{(1)} - 4x^{(2)} - 2$$
#
# 第二个单元一样，只是末尾换成 −6。这就是一个矩阵乘记录，一个矩阵乘旧状态，再加一个常数。不管有几个单元，都可以写成：
#
# $$a_t = W_x x_t + W_h h_{t-1} + b \qquad h_t = \tanh(a_t) \qquad y_t = W_y h_t + b_y$$
#
# | 字母 | 是什么 | 形状 | 在灯这里 |
# |:--|:--|:--|:--|
# | $x_t$ | 第 $t$ 步读到的记录 | (I,) | (3,) |
# | $h_t$ | 第 $t$ 步之后的隐藏状态；$h_0$ 是零 | (H,) | (2,) |
# | $W_x$ | 从记录到单元 | (H, I) | (2, 3) |
# | $W_h$ | 从旧状态到单元 | (H, H) | (2, 2) |
# | $b$ | 每个单元一个常数，偏置 | (H,) | (2,) |
# | $W_y$, $b_y$ | 从状态到答案：**输出头**（head） | (O, H)，(O,) | (1, 2)，(1,) |
#
# 这就是**循环**神经网络（recurrent，不是“递归”），简称 RNN：$h$ 在下一步又回到输入。（公式从 1 数起，Python 从 0 数起：$h_1$ 就是 `h[0]`。）

# %% [markdown] lang="en"
# ## Build it
#
# The first two equations are the two lines of `step`; the third stands in the loop that reads. `logs` writes logs: 40 toggles in 100 entries, 2 offs, the rest other, and what the lamp does. Then the network reads a thousand.

# %% [markdown] lang="zh"
# ## 搭出来
#
# 前两个公式就是 `step` 的两行，第三个在读记录的循环里。`logs` 负责写记录：每 100 条里 40 条切换、2 条关，其余是别的灯；还给出灯的状态。然后，网络读一千条。

# %% name="build"
W_x = np.array([[4.0, -4, 0], [4, -4, 0]])  # (H, I)
W_h = np.array([[2.0, -2], [2, -2]])  # (H, H)
b = np.array([-2.0, -6])  # (H,)
W_y, b_y = np.array([[0.5, -0.5]]), np.array([0.0])  # (O, H), (O,)


def step(x, h):
    a = W_x @ x + W_h @ h + b
    return np.tanh(a)


def logs(shape, rng, off=0.02):
    entry = rng.choice(3, size=shape, p=[0.4, off, 0.6 - off])  # (T, ...)
    lamp = np.zeros((shape[0] + 1, *shape[1:]))
    for t, e in enumerate(entry):
        lamp[t + 1] = np.select([e == 0, e == 1], [1 - lamp[t], 0], lamp[t])
    return np.eye(3)[entry], lamp[1:, ..., None]  # (T, ..., 3), (T, ..., 1)


# %% name="read_thousand"
x, lamp = logs((1000,), np.random.default_rng(1))
h, y = np.zeros(2), []
for x_t in x:
    h = step(x_t, h)
    y.append(W_y @ h + b_y)
right = (np.array(y) > 0.5) == (lamp > 0.5)  # (T, 1)

# %% name="read_thousand.reveal"
assert right.all()
guess_hand.reveal(right.sum())

# %% [markdown] lang="en"
# All of them. That answers the question of the beginning. The network is of a fixed size, yet has no favourite length, since it never sees the log. It sees one entry and its own two numbers, again and again.
#
# And the small errors? Something must be ironing them out. Suspect the 4, which makes the tanh steep. Make all twelve weights half as large, so that it is a 2. Switch the lamp on, and then let thirty entries go by that are all *other*: nothing happens to the lamp. What happens to $p$? Draw it.

# %% [markdown] lang="zh"
# 全对。开头的问题有了答案。网络的大小是固定的，却不挑长度，因为它从没见过整份记录。它只看见一条记录和自己的两个数，一遍又一遍。
#
# 那些小误差呢？总有什么东西在熨平它们。嫌疑最大的是那个 4，它让 tanh 变陡。把十二个权重都减半，4 就成了 2。打开灯，然后放过三十条，全是“其他”：灯什么事也没有。$p$ 会怎样？画出来。

# %% name="guess_soft"
guess_soft = Predict(
    "rnn-soft-lamp",
    tr(
        en="Half the weights, lamp on, then 30 entries that are no business of its: draw p.",
        zh="权重减半，灯亮着，接下来 30 条都与它无关：画出 p。",
    ),
    curve={"x": (0, 30), "y": (0, 1), "xlabel": "other entries", "ylabel": "p"},
)
guess_soft


# %% name="soft"
def reads(sharp, x):
    h, p = np.zeros(2), []
    for x_t in x:
        h = np.tanh(sharp / 4 * (W_x @ x_t + W_h @ h + b))
        p.append((W_y @ h + b_y)[0])
    return np.array(p)  # (T,)


left_alone = np.eye(3)[[0] + 30 * [2]]  # (31, 3)

# %% name="soft.reveal"
assert reads(2, left_alone)[-1] < 0.5 < 0.9 < reads(4, left_alone)[-1]
guess_soft.reveal(reads(2, left_alone))

# %% name="sharpness"
for sharp in (1, 2, 3, 4):
    share = ((reads(sharp, x) > 0.5) == (lamp[:, 0] > 0.5)).mean()
    p = reads(sharp, left_alone)[[0, 1, 2, 3, 30]]
    right = tr(en=f"sharpness {sharp}: {share:6.1%} right", zh=f"陡度 {sharp}：答对 {share:6.1%}")
    print(right, tr(en="  p left alone:", zh="  没人管它时的 p："), p.round(2))
    assert share == 1 if sharp > 2 else share < 0.9

# %% [markdown] lang="en"
# With a steep tanh, $p$ settles near 1 and stays: whatever small error comes in, the next tanh presses the units against their ends again. With a flat one the lamp fades with every entry that has nothing to do with it. The network **forgets**, and its answers go wrong.
#
# So the same equation can hold something for ever or lose it in a few steps; the weights decide. Keep this picture: forgetting is what the rest of the course is about.

# %% [markdown] lang="zh"
# tanh 够陡，$p$ 停在 1 附近不动：带进来的误差再小，下一个 tanh 都会把单元重新压到两端。tanh 太平，每来一条不相干的记录，灯就暗一点。网络**忘了**，回答也就错了。
#
# 可见同一个公式，既能永远记住，也能几步就忘，全看权重。记住这幅画面：这门课后面讲的，都是遗忘。

# %% [markdown] lang="en"
# Now take it in your hands, as small as it can be: one unit, two weights, which reads a single 1 and then 29 zeros. Slide $t$ to 30, where nothing has come in for a long time. Then drag $W_h$ from 0.9 upwards. **Where does the unit begin to hold?**

# %% [markdown] lang="zh"
# 现在亲手试试最小的一个：一个单元，两个权重，先读一个 1，再读 29 个零。把 $t$ 拉到 30，那里早就没有输入了。然后把 $W_h$ 从 0.9 往上拖。**从哪里开始，这个单元记得住了？**

# %% name="hold_it" kind="widget"
left = dict.fromkeys((0.9, 1.0, 1.1, 1.5), 1.5)
for w in left:
    for k in range(30):
        left[w] = np.tanh((w if k else 1) * left[w])
assert left[0.9] < 0.05 < left[1.0] < 0.3 < left[1.1] < 0.6 < left[1.5]
CellStepper("rnn", [1.0] + 29 * [0.0])

# %% [markdown] lang="en"
# Just above 1. At 0.9 hardly anything is left of the 1 (0.02), and at exactly 1 it still fades, only slowly (0.22). Above 1 each step stretches a small $h$ more than the tanh presses it, and $h$ settles where the two balance, at $h = \tanh(W_h h)$: 0.50 for 1.1, 0.86 for 1.5. The lamp holds in this way, with two units.

# %% [markdown] lang="zh"
# 刚刚超过 1。在 0.9，那个 1 几乎什么也没剩下（0.02）；恰好是 1 时还是会消失，只是慢（0.22）。超过 1 以后，每一步把小的 $h$ 拉大，比 tanh 压得更多，$h$ 就停在两者平衡的地方，也就是 $h = \tanh(W_h h)$：1.1 时是 0.50，1.5 时是 0.86。那盏灯也是这样记住的，用了两个单元。

# %% [markdown] lang="en"
# ## The same weights at every step
#
# Draw the network once for each step, side by side. That is the same network **unrolled**. How many *different* weights are in this picture of four steps?

# %% [markdown] lang="zh"
# ## 每一步都是同一组权重
#
# 给每一步画一次网络，并排放好。这就是把同一个网络**展开**（unrolled）。下面这张四步的图里，**不同的**权重有多少个？

# %% name="unrolled"
names, states, h = ["toggle", "other", "toggle", "off"], [], np.zeros(2)
for name in names:
    h = step(np.eye(3)[["toggle", "off", "other"].index(name)], h)
    states.append("\n".join(f"{number:.2f}" for number in h))
    print(f"{name:6}", h.round(2))

# %% name="unrolled.draw"
show(
    unrolled_graph(4, inputs=names, states=states),
    caption=tr(
        en="Four entries go in from below, the two numbers of h travel to the right. "
        "Every W_x is the same array, every W_h and every W_y too.",
        zh="四条记录从下面进来，h 的两个数往右走。每个 W_x 都是同一个数组，W_h 和 W_y 也一样。",
    ),
    alt=tr(
        en="Unrolled graph of four steps: each entry leads up into its state, each state "
        "to the next state and up to its answer.",
        zh="四步的展开图：每条记录向上进入它的状态，状态通向下一个状态，并向上给出回答。",
    ),
)

# %% [markdown] lang="en"
# Fifteen: six in $W_x$, four in $W_h$, two in $b$, three in the head. For four steps or four million. An RNN with I inputs and H units has $H(I + H + 1)$ weights, and T is not in that formula.

# %% [markdown] lang="zh"
# 十五个：$W_x$ 六个，$W_h$ 四个，$b$ 两个，输出头三个。四步是这么多，四百万步也是。有 I 个输入、H 个单元的 RNN，权重共 $H(I + H + 1)$ 个，公式里没有 T。

# %% [markdown] lang="en"
# ## Many logs at once: shapes
#
# From here on, B logs are read side by side, a **batch**: x is (T, B, I), time first, so that `x[t]` is what all logs show at step `t`, one log a row. The library's `forward` is your loop for a batch. Is it really the same?

# %% [markdown] lang="zh"
# ## 同时读许多份：形状
#
# 从这里起，B 份记录并排读，叫一个**批**（batch）：x 的形状是 (T, B, I)，时间在最前，`x[t]` 就是所有记录的第 `t` 条，一行一份。库里的 `forward` 就是你的循环，只是一次读一批。真的一样吗？

# %% name="library"
by_hand, head = RNNParams(W_x, W_h, b), LinearParams(W_y, b_y)
x, lamp = logs((6, 2), np.random.default_rng(2))  # (T, B, I), (T, B, 1)
out = forward(by_hand, x)

for k in range(2):
    h = np.zeros(2)
    for t in range(6):
        h = step(x[t, k], h)
        assert np.allclose(out.h[t, k], h)

every = linear_forward(head, out.h)
once = linear_forward(head, out.h[-1])
print("x", x.shape, " h", out.h.shape, " every step", every.shape, " once", once.shape)

# %% [markdown] lang="en"
# The last two lines are two ways to ask. **Many-to-many**: an answer at every step, (T, B, 1). **Many-to-one**: an answer after the last, (B, 1). The recurrent part is the same; only the head is used more or less often. What is gone from the picture?

# %% [markdown] lang="zh"
# 最后两行是两种问法。**多对多**（many-to-many）：每一步一个回答，(T, B, 1)。**多对一**（many-to-one）：读完最后一步才回答，(B, 1)。循环的部分完全一样，只是输出头用得多或少。下面的图比刚才少了什么？

# %% name="many_to_one"
show(
    unrolled_graph(4, outputs="last", inputs=names, states=states),
    caption=tr(
        en="Many-to-one: three of the four heads are gone. The states are the same.",
        zh="多对一：四个输出头少了三个，状态没有变。",
    ),
    alt=tr(
        en="The same unrolled graph with a single answer, above the last state.",
        zh="同样的展开图，只有最后一个状态上面有回答。",
    ),
)

# %% [markdown] lang="en"
# ## Train it
#
# Nobody sets weights by hand for a problem they do not understand. So start eight units from random weights and let them be corrected. The error is the **mean squared error**: answer minus lamp, squared, averaged over everything.
#
# Two black boxes remain. `backward` gives the gradient: for each weight, how the loss changes if this weight grows a little. *How* it finds that, back through twenty steps, is lesson {{rnn_backward}}. `Adam` then moves each weight a small step against it; that is lesson {{pytorch_training}}. (In between, `clip_global_norm` shortens a gradient that is too long; lesson {{vanishing_gradients}} shows what for.)

# %% [markdown] lang="zh"
# ## 训练
#
# 问题还没弄懂，谁也不会去手工定权重。所以让八个单元从随机权重出发，一点点被改正。误差用**均方误差**：回答减去灯的状态，平方，再对所有的求平均。
#
# 还剩两个黑箱。`backward` 给出梯度：对每个权重，它稍微变大一点，损失会怎么变。它怎样穿过二十步往回算出来，是第 {{rnn_backward}} 课的事。然后 `Adam` 让每个权重逆着梯度走一小步，这是第 {{pytorch_training}} 课。（中间的 `clip_global_norm` 把过长的梯度截短，第 {{vanishing_gradients}} 课讲它有什么用。）


# %% name="train"
def train(seeds, T=20, B=16, asked="every", updates=600):
    S = len(seeds)
    model = rnn_init(3, 8, seed=seeds), linear_init(8, 1, seed=seeds)
    adam, rng, losses = Adam(lr=0.03), np.random.default_rng(seeds[0]), []
    first = 0 if asked == "every" else T - 1
    for _ in range(updates):
        x, lamp = logs((T, S, B), rng)
        out = forward(model[0], x)  # out.h (T, S, B, H)
        h, dh = out.h[first:], np.zeros_like(out.h)
        loss, dy = mse(linear_forward(model[1], h), lamp[first:], seeds=True)
        dh[first:], g_head = linear_backward(model[1], h, dy)
        g_rnn = backward(model[0], out, dh).p
        (g_rnn, g_head), _ = clip_global_norm((g_rnn, g_head), 1.0, seeds=S)
        model = adam.update(model, (g_rnn, g_head))
        losses.append(loss)  # (S,)
    return model, np.stack(losses, axis=1)  # (S, updates)


# %% [markdown] lang="en"
# Ten networks are trained at once, each from its own random weights and on its own logs; the seed is one more axis, S. Every log has twenty entries. And the test? Logs of a **thousand**, fifty times as long as anything seen in training.

# %% [markdown] lang="zh"
# 十个网络同时训练，各有各的随机权重，各读各的记录；种子就是多出来的一个轴 S。每份记录二十条。那么测试呢？用**一千条**的记录，是训练时见过的五十倍长。

# %% name="guess_long"
guess_long = Predict(
    "rnn-trained-long",
    tr(
        en="Trained on 20 entries, tested on 1000: per cent right (median of ten nets)?",
        zh="用 20 条训练，用 1000 条测试：答对百分之几（十个网络的中位数）？",
    ),
    unit="%",
)
guess_long

# %% name="train_ten"
seeds = range(10)
nets, losses = train(seeds)

# %% name="train_ten.draw"
fig = learning_curves({"RNN": losses}, baseline=0.25, baseline_label="p = 0.5")
show(
    fig,
    caption=tr(
        en="Ten seeds, the median thick; dotted: always saying 0.5. For a while nothing seems to "
        "happen; then the loss falls.",
        zh="十个种子，粗线是中位数，点线是永远说 0.5。起初好像什么也没发生，然后损失降了下来。",
    ),
    alt=tr(
        en="Loss against updates, log axis: ten curves stay near 0.25 at first, then fall "
        "far below it.",
        zh="损失随更新次数的变化，对数轴：十条曲线先停在 0.25 附近，然后远远降到它下面。",
    ),
)


# %% name="long_test"
def right(nets, x, lamp):
    cell, head = nets
    answer = linear_forward(head, forward(cell, x).h)  # (T, S, B, 1)
    return ((answer > 0.5) == (lamp[:, None] > 0.5)).mean(axis=(0, 2, 3))  # (S,)


short = right(nets, *logs((20, 200), np.random.default_rng(100)))
long = right(nets, *logs((1000, 50), np.random.default_rng(101)))
print(tr(en="  20 entries:", zh="  20 条："), *[f"{share:7.2%}" for share in short])
print(tr(en="1000 entries:", zh="1000 条："), *[f"{share:7.2%}" for share in long])

# %% name="long_test.reveal"
assert min(np.median(short), np.median(long)) > 0.99
guess_long.reveal(100 * np.median(long))

# %% [markdown] lang="en"
# The middle network is right in more than 99 of 100 answers at both lengths; with a window of five, about 55 is the best there is. Nobody told it about $p$ and $z$. It was shown twenty entries at a time, and what it found is a rule that does not wear out.
#
# Look along the second row. A seed that falls short there has learnt something that holds for twenty entries and slips later. With another ten seeds you may meet one; from a single seed you would never know.

# %% [markdown] lang="zh"
# 居中的那个网络，两种长度下一百个回答都对九十九个以上；而窗口只有五条的，最好也就对 55 个左右。没人告诉过它什么 $p$ 和 $z$。每次只给它看二十条，它找到的却是一条用不坏的规律。
#
# 再顺着第二行看。如果哪个种子在那里掉了下来，它学到的东西就是管二十条还行，再往后会滑掉。换十个种子，你也许会碰上一个；只看一个种子，永远不会知道。

# %% [markdown] lang="en"
# ## Break it: padding
#
# Real logs are not equally long. In a batch the short ones are filled up with zeros, the **padding**. A zero entry is no toggle, no off and no other: something the network never met. Now take logs of twenty entries, fill them up to forty, and ask once, as many-to-one does. `h[-1]` is the state after the *padding*. What does it know of the lamp?

# %% [markdown] lang="zh"
# ## 弄坏它：填充
#
# 真实的记录不会一样长。放进同一批时，短的要用零补齐，这叫**填充**（padding）。全零的一条，既不是切换，也不是关，也不是其他：网络从没见过。现在取二十条的记录，补到四十条，像多对一那样只问一次。`h[-1]` 是读完**填充**之后的状态。它还知道灯的状态吗？

# %% name="padding"
x, lamp = logs((20, 200), np.random.default_rng(102))
padded = np.concatenate([x, np.zeros_like(x)])  # (40, B, 3)
lengths = np.full(200, 20)  # (B,)
h = forward(nets[0], padded).h  # (40, S, B, 8)
frozen = forward(nets[0], padded, lengths=lengths).h

last = {"h[-1]": h[-1], "h[lengths - 1]": h[lengths[0] - 1], "frozen": frozen[-1]}
for name, state in last.items():
    answer = linear_forward(nets[1], state)  # (S, B, 1)
    last[name] = ((answer > 0.5) == (lamp[-1] > 0.5)).mean(axis=(1, 2))
    print(f"{name:15}", *[f"{share:5.0%}" for share in last[name]])

# %% name="padding.check"
assert np.median(last["h[-1]"]) < 0.8 < 0.99 < np.median(last["h[lengths - 1]"])
assert (last["frozen"] == last["h[lengths - 1]"]).all()

# %% [markdown] lang="en"
# After twenty zeros the typical network is back to guessing, and no error message has appeared. Two cures: pick each log's own last *valid* state, at `lengths - 1`; or **freeze** the state at the end, as `forward` does when it is told the lengths. You write both in the exercise.
#
# The network you set by hand would have got away with it. Why? Look at its third column of $W_x$.

# %% [markdown] lang="zh"
# 读完二十个零，多数网络又只能瞎猜，而且一条报错也没有。办法有两个：取每份记录自己的最后一个**有效**状态，下标是 `lengths - 1`；或者在结尾**冻结**状态，把长度告诉 `forward`，它就这么做。练习里两个都由你来写。
#
# 你手工定的那个网络倒能混过去。为什么？看看它的 $W_x$ 的第三列。

# %% [markdown] lang="en"
# ## Break it: ask only once
#
# So far, training asked after every entry. Suppose we only ever learn what the lamp was at the *end*, as someone who opens the door once a night. Same network, same logs, same number of updates. And since it now gets one answer a log instead of twenty, try it again with twenty times as many logs. (Have a little patience with the cell.)

# %% [markdown] lang="zh"
# ## 弄坏它：只问一次
#
# 到现在为止，训练时每一条之后都问。假如只能知道**最后**灯亮不亮，就像每晚只开一次门的人，会怎样？网络一样，记录一样，更新次数也一样。再考虑到现在每份记录只有一个答案，而不是二十个，那就再用二十倍的记录试一次。（这个单元格要稍等一会儿。）

# %% name="ask_once"
test = logs((20, 200), np.random.default_rng(103))


def last_right(nets):
    cell, head = nets
    answer = linear_forward(head, forward(cell, test[0]).h[-1])  # (S, B, 1)
    return ((answer > 0.5) == (test[1][-1] > 0.5)).mean(axis=(1, 2))


shares = {
    "every": last_right(nets),
    "once": last_right(train(seeds, asked="once")[0]),
    "once, 20x": last_right(train(seeds, asked="once", B=320)[0]),
}

# %% name="ask_once.draw"
solved = [(share > 0.95).sum() for share in shares.values()]
assert solved[0] >= 8
assert solved[1] <= 2
assert solved[2] < solved[0]
rows = {
    name: [f"{(s > 0.95).sum()} / 10", *np.quantile(s, [0, 0.5, 1])] for name, s in shares.items()
}
columns = [tr(en="asked", zh="提问"), tr(en="nets over 95 % right", zh="对 95% 以上的网络")]
table(rows, [*columns, "min", "median", "max"])

# %% [markdown] lang="en"
# Asked at every entry, nearly all learn it. Asked once, with everything else equal, hardly any does: most guess. With twenty times as many logs they get as many *answers* as the first row, and still fewer of them learn it. So the number of answers may be part of it, but not the whole.
#
# What else? Two suspects. An answer at the end pays nothing for half of the memory: forget a single toggle, and you may as well guess. And the correction has twenty steps to travel. This table cannot tell the two apart; lesson {{vanishing_gradients}} measures the second by itself.

# %% [markdown] lang="zh"
# 每条都问，几乎全学会了。只问一次，别的都不变，几乎一个也学不会，多数在瞎猜。记录多二十倍，答案就和第一行一样多了，学会的还是比第一行少。所以答案太少也许是一部分原因，但不是全部。
#
# 还有什么？嫌疑有两个。只在最后问，记住一半等于没记：漏掉一次切换，就和瞎猜一样。另外，改正信息要走二十步。这张表分不清是哪一个；第 {{vanishing_gradients}} 课单独测第二个。

# %% [markdown] lang="en"
# ## What does the hidden state hold?
#
# Eight numbers, after training. It is tempting to tell a story about them. Measure instead: if something is *in* the state, a straight-line formula (a **linear read-out**) fitted on some logs should recover it on other logs. $R^2$ is 1 if it does, 0 if it does no better than the mean.
#
# Two controls keep us honest. The same read-out from the **untrained** network, with the very weights that training began from; and one fitted to **shuffled** targets, which can find nothing. First, a prediction: is the entry read *three steps ago* easier to recover from the trained state, or from the untrained one?

# %% [markdown] lang="zh"
# ## 隐藏状态里装着什么？
#
# 训练好了，八个数。很容易对着它们编个故事。还是测吧：如果某样东西在状态里，那么用一部分记录拟合出的直线公式（**线性读出**），在另一部分记录上也该读得出来。读得出，$R^2$ 就是 1；不比平均值强，就是 0。
#
# 有两个对照，免得自己骗自己。一个是从**没训练过**的网络里做同样的读出，权重就是训练出发时的那些；另一个是把目标**打乱**了再拟合，那里面什么也读不出。先猜一猜：**三步之前**读到的那条记录，从训练过的状态里更容易读出，还是从没训练过的？

# %% name="guess_inside"
choices = [
    tr(en="from the trained state", zh="从训练过的状态"),
    tr(en="about the same", zh="差不多"),
    tr(en="from the untrained state", zh="从没训练过的状态"),
]
guess_inside = Predict(
    "rnn-three-steps-ago",
    tr(
        en="The entry of three steps ago is read out better …",
        zh="三步之前的那条记录，从哪里读得更准？",
    ),
    choices=choices,
)
guess_inside


# %% name="readout"
def readable(h, z):
    A = np.concatenate([h, np.ones_like(h[..., :1])], axis=-1)  # (S, N, H + 1)
    half = len(z) // 2
    w = np.linalg.pinv(A[:, :half], rcond=1e-6) @ z[:half]  # (S, H + 1)
    error = z[half:] - (A[:, half:] @ w[..., None])[..., 0]  # (S, N / 2)
    return 1 - error.var(axis=-1) / z[half:].var()  # (S,)


rng = np.random.default_rng(104)
x, lamp = logs((40, 1000), rng)  # (T, N, 3), (T, N, 1)
toggle, t = x[..., 0], 30
untrained = rnn_init(3, 8, seed=seeds)
trained_h, untrained_h = forward(nets[0], x).h[t], forward(untrained, x).h[t]
targets = {
    tr(en="the lamp now", zh="现在灯亮不亮"): lamp[t, :, 0],
    tr(en="was this entry a toggle?", zh="这一条是不是切换？"): toggle[t],
    tr(en="was it one three steps ago?", zh="三步之前的是不是？"): toggle[t - 3],
    tr(en="toggles so far, counted", zh="到现在切换了几次"): toggle[: t + 1].sum(axis=0),
}

# %% [markdown] lang="en"
# One thousand logs, the state after the thirty-first entry. Fit on one half, score on the other, for four things that the state may hold:

# %% [markdown] lang="zh"
# 一千份记录，取读完第三十一条之后的状态。用一半拟合，用另一半打分，看状态里有没有这四样东西：

# %% name="inside"
found = {}
for name, z in targets.items():
    shuffled = rng.permutation(z)
    pairs = (trained_h, z), (untrained_h, z), (trained_h, shuffled)
    found[name] = [readable(h, target) for h, target in pairs]

# %% name="inside.draw"
now, this, ago, count = found.values()
assert np.median(now[0]) > 0.9
assert max(np.median(now[1]), np.median(now[2])) < 0.1
assert np.median(ago[1]) > np.median(ago[0]) + 0.2
rows = {
    name: [f"{np.median(r):.2f}  ({r.min():.2f} … {r.max():.2f})" for r in three]
    for name, three in found.items()
}
columns = tr(en=["trained", "untrained", "shuffled"], zh=["训练过", "没训练过", "打乱"])
note = tr(en="Median of ten seeds (lowest … highest)", zh="十个种子的中位数（最低 … 最高）")
table(rows, ["R²", *columns], caption=note)

# %% [markdown] lang="en"
# Find the row of your prediction, the third, and compare its first two columns.

# %% [markdown] lang="zh"
# 找到你猜的那一行，第三行，比一比前两列。

# %% name="reveal_inside"
better = np.median(ago[0]) - np.median(ago[1])
guess_inside.reveal(0 if better > 0.1 else 2 if better < -0.1 else 1)

# %% [markdown] lang="en"
# Read the columns. The **untrained** state is an echo: it holds the last few entries and knows nothing of the lamp. The **trained** state holds the lamp, and has let go of the entries: whatever went in three steps ago has done its work on the lamp and is gone. Of the count of toggles, neither holds more than a trace; nobody asked for it.
#
# How fast does the echo fade? The same measurement for every distance back:

# %% [markdown] lang="zh"
# 一列一列地看。**没训练过**的状态像回声：它装着最近几条记录，对灯一无所知。**训练过**的状态装着灯，记录本身却放手了：三步之前进来的那一条，已经对灯起过作用，然后就不在了。切换的次数，两边都只有一点影子；也没人问过它。
#
# 回声消失得多快？把同样的测量对每个距离做一遍：

# %% name="echo"
curves = {}
for name, h in (("untrained", untrained_h), ("trained", trained_h)):
    curves[name] = np.stack([readable(h, toggle[t - k]) for k in range(9)])  # (9, S)
    print(f"{name:9}", np.median(curves[name], axis=1).round(2))

# %% name="echo.draw"
fig, ax = subplots(height=3.2)
before, after = tr(en=("untrained", "trained"), zh=("没训练过", "训练过"))
look = (before, "untrained", "o--", "orange"), (after, "trained", "o-", "blue")
for name, key_of, dash, key in look:
    r2 = curves[key_of]
    ax.fill_between(range(9), r2.min(1), r2.max(1), color=COLOURS[key], alpha=0.2, lw=0)
    ax.plot(np.median(r2, 1), dash, color=COLOURS[key], label=name)
ax.set(xlabel="steps back", ylabel="R²")
show(
    fig,
    caption=tr(
        en="R² of “was it a toggle?”, so many steps back. The untrained state keeps an echo of "
        "the last few entries. Training has shortened it. Lines: median of ten seeds; bands: "
        "lowest to highest.",
        zh="横轴是往回数几步，纵轴是“那一步是不是切换”的 R²。没训练过的状态留着最近几条记录的"
        "回声，训练让它变短了。线是十个种子的中位数，色带从最低到最高。",
    ),
    alt=tr(
        en="R squared against steps back: both fall from near 1 to 0, the trained state "
        "sooner than the untrained.",
        zh="R 方随往回步数的变化：两条都从 1 附近降到 0，训练过的降得更早。",
    ),
)

# %% [markdown] lang="en"
# So this is how a fixed size reads any length. The state does not record the sequence. It keeps what the *question* needs, and training is what decides that. What does not fit into eight numbers, no training can put there.
#
# One caution. A read-out that succeeds shows that something *can* be had from the state, not that the network uses it. To show use, one must change the state and watch the answer change; lesson {{inside_the_gates}} does that.

# %% [markdown] lang="zh"
# 固定的大小就是这样读任意长度的。状态并不记录整个序列，它只留下问题所需要的，而留什么由训练决定。八个数里装不下的东西，怎么训练也塞不进去。
#
# 有一点要小心。读得出来，只说明从状态里**能**得到它，不说明网络用了它。要证明用了，得去改动状态，看回答跟不跟着变；第 {{inside_the_gates}} 课会这样做。

# %% [markdown] lang="en"
# ## Common mistakes
#
# | wrong | symptom | right |
# |:--|:--|:--|
# | x as (B, T, I) where (T, B, I) is wanted | nothing crashes; logs of one batch influence each other | time first; change one log and see that only its own answers change |
# | `h[-1]` of a padded batch | short sequences come out as guesses | `h[lengths - 1, np.arange(B)]`, or a frozen state |
# | `x @ W_x.T + h @ W_h` | right shape, wrong values: `W_h` is square and fits both ways | `h @ W_h.T` |
# | y (B, 1) minus target (B,) | the loss stays near the baseline: NumPy makes (B, B) of it | drop the axis first: `y[:, 0]` |
# | starting a new log with the old `h` | the same log, read twice, gets two answers | `h` back to zeros before each log |
# | believing one seed | "it generalises", until someone else runs it | ten seeds, the spread beside the median |

# %% [markdown] lang="zh"
# ## 常见错误
#
# | 错误 | 症状 | 正确 |
# |:--|:--|:--|
# | 该用 (T, B, I)，x 却是 (B, T, I) | 不报错；同一批的记录互相影响 | 时间在最前；改动一份记录，看是不是只有它自己的回答变 |
# | 对带填充的批取 `h[-1]` | 短序列的回答像瞎猜 | `h[lengths - 1, np.arange(B)]`，或者冻结状态 |
# | `x @ W_x.T + h @ W_h` | 形状对，数值错：`W_h` 是方阵，两种乘法都放得进去 | `h @ W_h.T` |
# | y (B, 1) 减 target (B,) | 损失停在基线附近：NumPy 得出的是 (B, B) | 先去掉那个轴：`y[:, 0]` |
# | 新的记录接着用旧的 `h` | 同一份记录读两遍，回答不一样 | 每份记录开始前，`h` 归零 |
# | 只信一个种子 | “它会泛化”，直到别人也跑一遍 | 十个种子，中位数旁边写上范围 |

# %% [markdown] lang="en"
# ## Exercise
#
# [Exercise {{rnn}}](../../exercises/en/rnn.ipynb): the step for a batch, the loop over padded sequences, the last valid state, the head with its loss.
#
# ## Papers
#
# - Kleene (1956): networks of threshold units with loops do exactly what finite machines can do; your two units are one with two states.
# - Rumelhart, Hinton & Williams (1986): a recurrent network unrolled in time can be trained by backpropagation.
# - Elman (1990): *Finding structure in time*. A network much like this one, trained to predict the next word of small sentences; its hidden states fell into groups of nouns and verbs that nobody had named.
# - Weiss, Goldberg & Yahav (2018): with finite precision, an LSTM or a ReLU RNN can easily count; a tanh RNN is strictly weaker.
#
# ## Next
#
# After twenty entries, `backward` told the weight that was used at the *first* entry what had gone wrong at the last. But it is one and the same weight, used twenty times. Whose fault is the error, then? Lesson {{rnn_backward}} opens the box.

# %% [markdown] lang="zh"
# ## 练习
#
# [练习 {{rnn}}](../../exercises/zh/rnn.ipynb)：给一批序列写一步，写出读带填充序列的循环，取最后一个有效状态，加上输出头和损失。
#
# ## 论文
#
# - Kleene（1956）：带环路的阈值单元网络，能做的事恰好是有限状态机能做的；你的两个单元就是一个两状态的机器。
# - Rumelhart、Hinton 和 Williams（1986）：把循环网络按时间展开，就能用反向传播训练。
# - Elman（1990）：*Finding structure in time*。和这一课的网络差不多，训练它预测小句子的下一个词；它的隐藏状态自己分成了名词和动词几群，而没人给它标过词类。
# - Weiss、Goldberg 和 Yahav（2018）：精度有限时，LSTM 和 ReLU 的 RNN 很容易数数，tanh 的 RNN 严格弱一等。
#
# ## 下一步
#
# 读完二十条，`backward` 告诉**第一**条用到的那个权重，最后错在哪里。可那是同一个权重，一共用了二十次。这个错到底该算在哪一次头上？第 {{rnn_backward}} 课打开这个黑箱。
