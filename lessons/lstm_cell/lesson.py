# ---
# lstm_lab:
#   title: {en: "The LSTM cell", zh: "LSTM 单元"}
#   summary: {en: "A memory that never lets go, a gate that lets go, what that gate costs, and six equations that you can read off the wires", zh: "只进不出的记忆，让它放手的门，这个门的代价，还有能从线上读出来的六个方程"}
#   minutes: 47
#   terms: [The cat sat on the mat, Learning to forget]
# ---

# %% [markdown] lang="en"
# *Three questions first, on lessons [{{vanishing_gradients}}](vanishing_gradients.ipynb) and [{{memory_cell}}](memory_cell.ipynb).*
#
# <details><summary>In the cell of 1997, by what is c multiplied from one step to the next?</summary>
#
# By 1, always: $c_t = c_{t-1} + i_t\, g_t$. That is the carousel.
#
# </details>
#
# <details><summary>And what do its two gates protect from what?</summary>
#
# The input gate protects the memory from what is read, the output gate protects the rest of the network from the memory.
#
# </details>
#
# <details><summary>A message is multiplied by 0.9 at each of 60 steps. How much is left?</summary>
#
# $0.9^{60} \approx 0.002$.
#
# </details>

# %% [markdown] lang="zh"
# 先回答三个问题，关于第 [{{vanishing_gradients}}](vanishing_gradients.ipynb) 课和第 [{{memory_cell}}](memory_cell.ipynb) 课。
#
# <details><summary>1997 年的单元里，c 从这一步到下一步乘上几？</summary>
#
# 永远乘 1：$c_t = c_{t-1} + i_t\, g_t$。这就是传送带。
#
# </details>
#
# <details><summary>它的两个门，各自保护谁，防着谁？</summary>
#
# 输入门保护记忆，防着读进来的东西；输出门保护网络的其余部分，防着记忆。
#
# </details>
#
# <details><summary>一条消息走 60 步，每步乘 0.9。还剩多少？</summary>
#
# $0.9^{60} \approx 0.002$。
#
# </details>

# %% [markdown] lang="en"
# At a museum's door somebody clicks a counter for each visitor. Now and then a bell rings: a new group, start again from nothing. The counter of lesson {{memory_cell}} has no reset button. It was trained on fifty events, and there it is right: it must have found some way around. **What does it show after five thousand?**

# %% [markdown] lang="zh"
# 博物馆门口，有人每进来一位就按一下计数器。时不时铃响一声：新的一组来了，从零重新数。第 {{memory_cell}} 课的计数器没有归零的按钮。拿五十个事件训练它，它数得对：看来自有办法绕过去。**那么五千个事件之后，它显示多少？**

# %% [markdown] lang="en"
# ## What you will be able to do
#
# - **Take** a step of today's LSTM by hand, and a whole sequence in code.
# - **Translate** between the two notations of books, and count the parameters.
# - **Set** how long it remembers, before any training, and say what the forget gate costs.
#
# [Exercise {{lstm_cell}}](../../exercises/en/lstm_cell.ipynb) grades these. You need [lesson {{memory_cell}}](memory_cell.ipynb).

# %% [markdown] lang="zh"
# ## 学完你能做什么
#
# - 动手**走**一步今天的 LSTM，再用代码走完整个序列。
# - 在书上的两种记法之间**换算**，并数出参数的个数。
# - 训练之前就**设定**它记多久，并且说得出遗忘门的代价。
#
# [练习 {{lstm_cell}}](../../exercises/zh/lstm_cell.ipynb) 考的就是这三件事。你需要[第 {{memory_cell}} 课](memory_cell.ipynb)。

# %% name="guess_stream.imports" show=true
from itertools import pairwise

import numpy as np

from lstm_lab.cells import LSTMParams, lstm_init, no_forget_init
from lstm_lab.i18n import tr
from lstm_lab.layers import forward, linear_forward, linear_init
from lstm_lab.plots import COLOURS, show, subplots, table
from lstm_lab.tasks import adding, count_since_reset
from lstm_lab.training import Adam, fit
from lstm_lab.widgets import CellStepper, GateHeatmap, GradientBridge, Predict

# %% [markdown] lang="en"
# ## Predict
#
# Ten cells without a forget gate, eight units each, are trained on streams of fifty events: a visitor (probability 0.3), a bell (0.06), or nothing. At every step they say the count since the last bell. At the end of training the largest $|c|$ after fifty events is about 15, in the median. Then they read five thousand. How large is the largest $|c|$ at the end?

# %% [markdown] lang="zh"
# ## 先猜
#
# 十个没有遗忘门的网络，各八个单元，用五十个事件的流来训练：来一位（概率 0.3），响一声铃（0.06），或者什么也没有。每一步都要说出上次铃响以来的人数。训练完，读过五十个事件之后，最大的 $|c|$ 大约是 15（中位数）。然后让它们读五千个。到最后，最大的 $|c|$ 是多少？

# %% name="guess_stream"
guess_stream = Predict(
    "lstm_cell-largest-c",
    tr(en="After 5,000 events the largest |c| is …", zh="5,000 个事件之后，最大的 |c| 是……"),
    log=True,
)
guess_stream

# %% [markdown] lang="en"
# ## Measure: the stream
#
# Beside them stand ten cells that have one thing more, a **forget gate**. What that is, comes in a minute; look at the numbers first. Both are trained in the same way, for the same time. (Some ten seconds.)

# %% [markdown] lang="zh"
# ## 测：一条流
#
# 旁边再放十个，只多了一样东西：**遗忘门**（forget gate）。它是什么，一会儿再说，先看数。两种的训练方法和时间都一样。（要等十来秒。）

# %% name="stream"
seeds, f32 = range(10), np.float32
cells = {
    "no forget gate": no_forget_init(2, 8, seed=seeds, dtype=f32),
    "forget gate": lstm_init(2, 8, seed=seeds, forget_bias=3.0, dtype=f32),
}
counters, streams = {}, {}
x, count = count_since_reset(5000).sample(1, np.random.default_rng(100), seeds=10, dtype=f32)
for name, cell in cells.items():
    head = linear_init(8, 1, seed=seeds, dtype=f32)
    run = fit((cell, head), count_since_reset(50), updates=600, progress=False)
    counters[name] = run.model
    streams[name] = out = forward(run.model[0], x, trace=True)
    wrong = (linear_forward(run.model[1], out.h) - count) ** 2 / count.var()  # (T, S, 1, 1)
    streams[name, "wrong"] = wrong[..., 0, 0]

# %% name="stream_table"
size = {name: np.abs(streams[name].trace["c"]).max(axis=(2, 3)) for name in cells}  # (T, S)

# %% name="stream_table.draw"
words = tr(en=["no forget gate", "forget gate"], zh=["没有遗忘门", "有遗忘门"])
called, rows = dict(zip(cells, words, strict=True)), []
for name in cells:
    at = np.median(size[name][[49, 499, 4999]], axis=1)
    late = np.median(streams[name, "wrong"][4000:].mean(axis=0))
    early = np.median(streams[name, "wrong"][:50].mean(axis=0))
    rows.append([called[name], *[f"{v:,.0f}" for v in at], f"{early:.3f}", f"{late:.3f}"])
columns = ["", *[tr(en=f"|c| at {t:,}", zh=f"第 {t:,} 步的 |c|") for t in (50, 500, 5000)]]
columns += [tr(en="error, first 50", zh="误差，前 50 步"), tr(en="last 1,000", zh="后 1,000 步")]
note = tr(
    en="Medians of ten seeds; error: mean square over the variance of the count",
    zh="十个种子的中位数；误差是均方误差除以人数的方差",
)
table(rows, columns, caption=note)

# %% name="reveal_stream"
grown = {name: size[name][4999] / size[name][499] for name in cells}  # (S,)
assert (grown["no forget gate"] > 5).all()
wrong = streams["no forget gate", "wrong"]  # (T, S)
assert np.median(wrong[4000:].mean(axis=0)) > 2 * np.median(wrong[:50].mean(axis=0))
assert np.median(grown["forget gate"]) < 2
gated = streams["forget gate", "wrong"]
assert np.median(gated[4000:].mean(axis=0)) < np.median(wrong[4000:].mean(axis=0))
steps = np.arange(1, 5001)[:, None]
assert all((size[name] <= steps).all() for name in cells)
guess_stream.reveal(np.median(size["no forget gate"][4999]))

# %% [markdown] lang="en"
# Ten times as long a stream, ten times as large a memory: without the gate, $|c|$ grows in a straight line, on every seed. Nothing breaks, no number becomes "not a number". It just never lets go of anything, for nothing in $c_t = c_{t-1} + i_t\, g_t$ can make $c$ smaller but writing *against* it. At fifty events that trick is good enough. Later it is not: the error rises. (With the gate it rises too, but in the median stays well below.)

# %% [markdown] lang="zh"
# 流长十倍，记忆大十倍：没有那个门，$|c|$ 沿直线往上长，每个种子都这样。什么也没坏，也没有出现“不是数”的数。它只是从不放手：$c_t = c_{t-1} + i_t\, g_t$ 里，能让 $c$ 变小的只有往**反方向**写。五十个事件时，这一招够用；再往后就不够了，误差在涨。（有门的，误差也在涨，但中位数低得多。）

# %% name="stream_curve"
fig, ax = subplots(height=3.0)
for name, colour, dash in [("no forget gate", "red", "-"), ("forget gate", "blue", "--")]:
    ax.plot(steps, size[name], color=COLOURS[colour], lw=0.4, alpha=0.5)
    ax.plot(steps, np.median(size[name], axis=1), dash, color=COLOURS[colour], label=called[name])
ax.set(xscale="log", yscale="log", xlabel="event", ylabel="largest |c|")
show(
    fig,
    caption=tr(
        en="Thin: ten seeds each. Thick: their medians. One line rises for ever.",
        zh="横轴是第几个事件，纵轴是最大的 |c|。细线：各十个种子；粗线：中位数。有一条永远在升。",
    ),
    alt=tr(
        en="Largest |c| against the event, both axes logarithmic: without the gate a straight "
        "rise into the thousands, with the gate a flat line in the tens.",
        zh="最大的 |c| 随事件的变化，双对数轴：没有门的一路直升到几千，有门的停在几十。",
    ),
)

# %% [markdown] lang="en"
# ## Say it: one more gate
#
# In 2000 Gers, Schmidhuber and Cummins let a third gate stand on the carousel itself:
#
# $$c_t = f_t \odot c_{t-1} + i_t \odot g_t$$
#
# $f$ is a number between 0 and 1 for each unit, as $i$ and $o$ are. At $f = 1$ it is the cell of 1997; at $f = 0$ the old memory is gone. The name misleads: $f$ is what is *kept*. A "high forget gate" forgets nothing.

# %% [markdown] lang="zh"
# ## 说：多一个门
#
# 2000 年，Gers、Schmidhuber 和 Cummins 让第三个门站到传送带上：
#
# $$c_t = f_t \odot c_{t-1} + i_t \odot g_t$$
#
# $f$ 和 $i$、$o$ 一样，每个单元一个数，在 0 和 1 之间。$f = 1$ 就是 1997 年的单元；$f = 0$，旧的记忆就没了。这个名字容易误导：**遗忘门**其实是“保留门”，$f$ 越接近 1，留得越多。

# %% [markdown] lang="en"
# ## The whole cell, one equation at a time
#
# One unit, one input, weights that you can follow. At each step six questions:
#
# | question | equation |
# |:--|:--|
# | How much of the old is kept? | $f_t = \sigma(W_{xf}\, x_t + W_{hf}\, h_{t-1} + b_f)$ |
# | What could be written? | $g_t = \tanh(W_{xg}\, x_t + W_{hg}\, h_{t-1} + b_g)$ |
# | How much of it is written? | $i_t = \sigma(W_{xi}\, x_t + W_{hi}\, h_{t-1} + b_i)$ |
# | So what is remembered? | $c_t = f_t \odot c_{t-1} + i_t \odot g_t$ |
# | How much of it is shown? | $o_t = \sigma(W_{xo}\, x_t + W_{ho}\, h_{t-1} + b_o)$ |
# | So what is said? | $h_t = o_t \odot \tanh(c_t)$ |
#
# The entries are 1, 0, 0, −1. The weights keep ($b_f = 2$), write only if asked ($b_i = -2$, but 3 for the input), and show most ($b_o = 1$). What will the −1 do to the memory: erase it, turn its sign, or hardly touch it?

# %% [markdown] lang="zh"
# ## 整个单元，一次一个方程
#
# 一个单元，一个输入，权重简单得可以跟着算。每一步问六个问题：
#
# | 问题 | 方程 |
# |:--|:--|
# | 旧的留多少？ | $f_t = \sigma(W_{xf}\, x_t + W_{hf}\, h_{t-1} + b_f)$ |
# | 可以写什么？ | $g_t = \tanh(W_{xg}\, x_t + W_{hg}\, h_{t-1} + b_g)$ |
# | 其中写进去多少？ | $i_t = \sigma(W_{xi}\, x_t + W_{hi}\, h_{t-1} + b_i)$ |
# | 于是记住了什么？ | $c_t = f_t \odot c_{t-1} + i_t \odot g_t$ |
# | 其中亮出来多少？ | $o_t = \sigma(W_{xo}\, x_t + W_{ho}\, h_{t-1} + b_o)$ |
# | 于是说出了什么？ | $h_t = o_t \odot \tanh(c_t)$ |
#
# 输入是 1、0、0、−1。这些权重会保留（$b_f = 2$），有人要求才写（$b_i = -2$，但对输入是 3），大部分都亮出来（$b_o = 1$）。那个 −1 会对记忆做什么：抹掉它，把它变号，还是几乎不碰它？

# %% name="guess_minus_one"
guess_minus = Predict(
    "lstm_cell-minus-one",
    tr(en="After x = −1, the memory c is …", zh="读过 x = −1 之后，记忆 c ……"),
    choices=tr(
        en=["near 0", "negative", "kept, a little smaller"],
        zh=["接近 0", "成了负的", "还在，稍小一点"],
    ),
)
guess_minus


# %% name="six_equations"
def sigmoid(a):
    return 0.5 * (1 + np.tanh(a / 2))


W_x, W_h = np.array([3.0, 0.0, 1.5, 0.5]), np.array([0.5, 0.2, 0.3, 0.0])  # i, f, g, o
b = np.array([-2.0, 2.0, 0.0, 1.0])
h, c, remembered = 0.0, 0.0, []
for x_t in (1, 0, 0, -1):
    a_i, a_f, a_g, a_o = W_x * x_t + W_h * h + b
    f = sigmoid(a_f)
    g = np.tanh(a_g)
    i = sigmoid(a_i)
    c = f * c + i * g
    o = sigmoid(a_o)
    h = o * np.tanh(c)
    print(f"x = {x_t:2}: f = {f:.2f} g = {g:5.2f} i = {i:.2f} c = {c:.3f} o = {o:.2f} h = {h:.3f}")
    remembered.append(c)

# %% name="reveal_minus_one"
ratio = remembered[3] / remembered[2]
guess_minus.reveal(0 if abs(ratio) < 0.2 else 1 if ratio < 0 else 2)

# %% [markdown] lang="en"
# The −1 would like to write −0.9, but the gate is nearly shut: $i$ = 0.01. What *could* be written and *how much* is written are two numbers. Here is the same cell with its wires. Step through it, then take a gate in your hand: hold $f$ at 0 for one step. What is left in $c$ afterwards?

# %% [markdown] lang="zh"
# 那个 −1 想写进 −0.9，可是门几乎关着：$i$ = 0.01。**可以**写什么，和写进去**多少**，是两个数。下面是同一个单元，连着线。一步一步走，再抓住一个门：把 $f$ 按在 0，只按一步。之后 $c$ 里还剩什么？

# %% name="stepper"
CellStepper("lstm", [1.0, 0.0, 0.0, -1.0, 0.0, 1.0, 0.0, 0.0])

# %% [markdown] lang="en"
# ## Build it
#
# (With $f$ at 0 for one step, $c$ is that step's $i \cdot g$ and nothing else. What was there before is gone, and letting go of the gate does not bring it back.)
#
# For H units and a batch of sequences, one a row, the four sums are *one* product each way: the four parts stand below each other in one matrix, in PyTorch's order $i, f, g, o$. `p` holds `W_x` (4H, I), `W_h` (4H, H), `b` (4H,).

# %% [markdown] lang="zh"
# ## 搭出来
#
# （$f$ 在 0 上按一步，$c$ 就只剩这一步的 $i \cdot g$。之前的都没了，松手也回不来。）
#
# H 个单元、一批序列，一行一个序列时，四个和合成**一次**乘法：四个部分上下排在同一个矩阵里，按 PyTorch 的顺序 $i, f, g, o$。`p` 里有 `W_x` (4H, I)、`W_h` (4H, H)、`b` (4H,)。


# %% name="step"
def step(p, x, h, c, keep=None):
    a = x @ p.W_x.T + h @ p.W_h.T + p.b  # (B, 4H)
    a_i, a_f, a_g, a_o = np.split(a, 4, axis=1)  # (B, H)
    i, f, o = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o)
    if keep is not None:
        f = f * keep
    c = f * c + i * np.tanh(a_g)
    return o * np.tanh(c), c


p = lstm_init(3, 5)
xs = np.random.default_rng(0).normal(size=(20, 4, 3))  # (T, B, I)
h, c = np.zeros((4, 5)), np.zeros((4, 5))
for x_t in xs:
    h, c = step(p, x_t, h, c)
gap = np.abs(h - forward(p, xs).h[-1]).max()
print(
    tr(
        en=f"yours and the library's, after 20 steps: largest difference {gap:.0e}",
        zh=f"你的和库里的，走 20 步之后，最大相差 {gap:.0e}",
    )
)
assert gap < 1e-14

# %% [markdown] lang="en"
# (`keep` is for later: there we shall hold a gate by force.) How many numbers is that? Four parts, each with I + H weights and a bias for every unit:
#
# $$4H\,(I + H + 1)$$

# %% [markdown] lang="zh"
# （`keep` 留到后面用：那时要强行按住一个门。）一共多少个数？四个部分，每个单元各有 I + H 个权重和一个偏置：
#
# $$4H\,(I + H + 1)$$

# %% name="count"
I, H = 3, 5
counted = p.W_x.size + p.W_h.size + p.b.size
print("4H(I + H + 1) =", 4 * H * (I + H + 1), tr(en="  counted:", zh="  数出来："), counted)
assert p.count == 4 * H * (I + H + 1) == 180

# %% [markdown] lang="en"
# ## Two ways to write it
#
# Many books join both matrices, $a = W\,[h, x] + b$, with $h$ and $x$ one after the other, and many put $f$ first. It is the same network. But whoever copies weights from one into the other must move columns *and* rows. Suppose somebody forgets the rows. What happens?

# %% [markdown] lang="zh"
# ## 两种写法
#
# 许多书把两个矩阵并成一个，$a = W\,[h, x] + b$，$h$ 和 $x$ 首尾相接；许多书又把 $f$ 放在最前面。网络是同一个。可是，要把权重从一种搬到另一种，列**和**行都得搬。假如有人忘了搬行，会怎样？

# %% name="guess_rows"
guess_rows = Predict(
    "lstm_cell-rows-mixed",
    tr(en="Rows f, i, g, o read as i, f, g, o: …", zh="把 f、i、g、o 的行当成 i、f、g、o 来读：……"),
    choices=tr(
        en=["an error", "the same output", "another output, no error"],
        zh=["报错", "输出一样", "输出不同，也不报错"],
    ),
)
guess_rows

# %% name="notations"
i_rows, f_rows, g_rows, o_rows = np.split(np.concatenate([p.W_h, p.W_x], axis=1), 4)
W = np.concatenate([f_rows, i_rows, g_rows, o_rows])  # (4H, H + I)
b_i, b_f, b_g, b_o = np.split(p.b, 4)
b_book = np.concatenate([b_f, b_i, b_g, b_o])

copied = p.replace(W_h=W[:, :H], W_x=W[:, H:], b=b_book)
f, i, g, o = np.split(W, 4)
right = np.concatenate([i, f, g, o])
moved = p.replace(W_h=right[:, :H], W_x=right[:, H:], b=p.b)
want, of_moved, of_copied = (forward(q, xs).h for q in (p, moved, copied))
off = [np.abs(h - want).max().round(3) for h in (of_moved, of_copied)]

# %% name="notations.reveal"
print(tr(en="columns and rows moved:", zh="列和行都搬了："), off[0])
print(tr(en="rows forgotten:        ", zh="忘了搬行：    "), off[1])

assert np.allclose(of_moved, want)
guess_rows.reveal(1 if np.allclose(of_copied, want) else 2)

# %% [markdown] lang="en"
# No error, a wrong network. Shapes cannot protect you here: all four parts have the same one.

# %% [markdown] lang="zh"
# 不报错，网络却是错的。形状在这里保护不了你：四个部分的形状一模一样。

# %% [markdown] lang="en"
# ## Who is who
#
# Six letters, easily mixed up. Take the counters from above, which have been trained, and look at the range of each letter over 5,000 events. Which of them leaves the interval from −1 to 1?

# %% [markdown] lang="zh"
# ## 谁是谁
#
# 六个字母，很容易弄混。拿上面训练好的计数器来，看五千个事件里，每个字母各在什么范围。哪一个会跑出 −1 到 1？

# %% name="ranges"
trace = streams["forget gate"].trace
low, high = ({k: trace[k].min() for k in "ifogch"}, {k: trace[k].max() for k in "ifogch"})

# %% name="ranges.draw"
kind = {"i": "σ", "f": "σ", "o": "σ", "g": "tanh", "c": tr(en="a sum", zh="和"), "h": "o · tanh"}
rows = [[k, kind[k], f"{low[k]:.2f}", f"{high[k]:.2f}"] for k in kind]
assert min(low[k] for k in "ifo") >= 0
assert low["g"] < -0.5
assert high["c"] > 5 > 1 >= high["h"]
table(rows, ["", *tr(en=["made by", "min", "max"], zh=["怎么来的", "最小", "最大"])])

# %% [markdown] lang="en"
# - $i, f, o$ are **gates**: between 0 and 1, they only multiply.
# - $g$ is no gate. It has a sign, it is *what* is written: the **block input** (also "candidate").
# - $c$ is the memory, the **cell state**. It is a sum and has no bound, except that each step adds less than 1.
# - $h$ is what the others hear, the **hidden state**. It is not the memory: with $o$ near 0 a full memory says nothing.

# %% [markdown] lang="zh"
# - $i, f, o$ 是**门**：在 0 和 1 之间，只做乘法。
# - $g$ 不是门。它有正负，是要写进去的**内容**：**块输入**（block input，也叫“候选值”）。
# - $c$ 是记忆，**细胞状态**（cell state，也作记忆元、单元状态）。它是一个和，没有上界，只是每一步加上去的不到 1。
# - $h$ 是别人听到的，**隐藏状态**（hidden state）。它不是记忆：$o$ 接近 0 时，记忆再满也一声不响。

# %% [markdown] lang="en"
# ## How long is half of it left?
#
# Where nothing is written, $c$ is multiplied by $f$ at every step. After $n$ steps $f^n$ is left; half of it, when
#
# $$f^n = \tfrac{1}{2} \qquad n = -\frac{\ln 2}{\ln f}$$
#
# the **half-life** of the memory. With $f = 0.5$ it is one step. With $f = 0.95$?

# %% [markdown] lang="zh"
# ## 多久还剩一半？
#
# 不往里写的时候，$c$ 每一步乘一次 $f$。走 $n$ 步还剩 $f^n$；剩下一半时，
#
# $$f^n = \tfrac{1}{2} \qquad n = -\frac{\ln 2}{\ln f}$$
#
# 这就是记忆的**半衰期**（half-life）。$f = 0.5$ 时是一步。$f = 0.95$ 呢？

# %% name="guess_half"
guess_half = Predict(
    "lstm_cell-half-life",
    tr(en="f = 0.95: half is gone after … steps", zh="f = 0.95：走多少步丢掉一半？"),
    choices=["2", "5", "14", "50"],
)
guess_half

# %% name="half_life"
rows = []
for b_f in (0.0, 1.0, 2.0, np.log(19), 5.0):
    q = LSTMParams(np.zeros((4, 1)), np.zeros((4, 1)), np.array([0.0, b_f, 0.0, 0.0]))
    h, c, n = np.zeros((1, 1)), np.ones((1, 1)), 0
    while c.item() > 0.5 + 1e-12:
        h, c = step(q, np.zeros((1, 1)), h, c)
        n += 1
    f = sigmoid(b_f)
    life = -np.log(2) / np.log(f)
    assert n == np.ceil(life - 1e-9)
    rows.append([f"{b_f:.2f}", f"{f:.3f}", f"{life:.2f}", n, f"{f**60:.0e}"])

# %% name="half_life.draw"
names = ["b_f", "f = σ(b_f)", "−ln 2 / ln f"]
table(rows, [*names, tr(en="counted, in whole steps", zh="实际数出的整步数"), "f⁶⁰"])

# %% name="reveal_half"
exact = -np.log(2) / np.log(0.95)
guess_half.reveal(min(["2", "5", "14", "50"], key=lambda text: abs(float(text) - exact)))

# %% [markdown] lang="en"
# The bias decides, before any training. At the usual start, $b_f$ near 0, half of every memory is gone after *one* step; and even with a bias of 1, after two or three. The last column is what is left after sixty steps. And it is also what is left of a *gradient* that goes back along $c$: one step back multiplies it by $f$. Watch it, and drag the bias:

# %% [markdown] lang="zh"
# 偏置说了算，还没训练就定了。通常的初始化，$b_f$ 在 0 附近，任何记忆过**一步**就丢掉一半；偏置设成 1，也只撑两三步。最后一列是六十步之后还剩多少。沿着 $c$ 往回走的**梯度**，剩的也是这么多：往回一步，乘一次 $f$。拖动偏置，看看：

# %% name="bridge"
GradientBridge(T=60, rho=0.9, inputs=1.0, forget_bias=1.0)

# %% [markdown] lang="en"
# ## Break it: what the gate costs
#
# So the gate that cures the stream brings back what 1997 had got rid of: a factor below 1. Does that matter, or does training mend it? The adding problem of lesson {{vanishing_gradients}}, sixty steps, 11,200 sequences, ten seeds each. The cell without a forget gate, the LSTM with three forget biases, and a start that is made for long spans, **chrono** (Tallec and Ollivier, 2018): for each unit a number of steps is drawn between 1 and 59, and $b_f$ is its logarithm, $b_i = -b_f$. *Learnt* is, as there, three quarters of the baseline's error gone. How many of ten learn it with the bias of 1 that is so often recommended?

# %% [markdown] lang="zh"
# ## 弄坏它：这个门的代价
#
# 这么说，治好了流的那个门，又把 1997 年甩掉的东西请了回来：小于 1 的因子。要紧吗？还是训练自会补救？拿第 {{vanishing_gradients}} 课的加法来试，六十步，11,200 个序列，每种十个种子：没有遗忘门的单元；三种遗忘偏置的 LSTM；还有一种专为长跨度准备的初始化，**时间尺度初始化**（chrono，Tallec 和 Ollivier，2018）：为每个单元在 1 和 59 之间抽一个步数，$b_f$ 取它的对数，$b_i = -b_f$。**学会**的标准和那里一样：基线的误差去掉了四分之三。常被推荐的偏置 1，十个里几个学得会？

# %% name="guess_price"
guess_price = Predict(
    "lstm_cell-bias-one-adding",
    tr(en="Forget bias 1, adding, T = 60: learnt by …", zh="遗忘偏置 1，加法，T = 60：学会的有……"),
)
guess_price

# %% name="price"
starts = {
    "no forget gate": no_forget_init(2, 8, seed=seeds, input_bias=-1.0, dtype=f32),
    "b_f = 0": lstm_init(2, 8, seed=seeds, forget_bias=0.0, dtype=f32),
    "b_f = 1": lstm_init(2, 8, seed=seeds, forget_bias=1.0, dtype=f32),
    "b_f = 3": lstm_init(2, 8, seed=seeds, forget_bias=3.0, dtype=f32),
    "chrono": lstm_init(2, 8, seed=seeds, chrono=60, dtype=f32),
}
ends = {}
for name, cell in starts.items():
    model, adam = (cell, linear_init(8, 1, seed=seeds, dtype=f32)), Adam(lr=0.02)
    run = fit(model, adding(60), updates=700, batch=16, optimizer=adam, progress=False)
    ends[name] = run.history["loss"][-50:].mean(axis=0) / adding(60).baseline  # (S,)
learnt = {name: int((end < 0.25).sum()) for name, end in ends.items()}

# %% name="price.draw"
columns = [tr(en="learnt by", zh="学会"), tr(en="loss / baseline", zh="损失 / 基线")]
rows = {
    called.get(name, name): [f"{learnt[name]} / 10", f"{end.min():.3f} … {end.max():.3f}"]
    for name, end in ends.items()
}
table(rows, ["", *columns])

# %% name="reveal_price"
assert learnt["b_f = 0"] == 0
assert learnt["b_f = 1"] <= 1
assert learnt["b_f = 3"] <= 2
assert learnt["no forget gate"] >= 2
assert learnt["chrono"] >= 8
guess_price.reveal(learnt["b_f = 1"])

# %% [markdown] lang="en"
# The price is real. With a bias of 0 or 1 the LSTM stands where the tanh RNN of lesson {{vanishing_gradients}} stood: at the baseline. "LSTMs do not suffer from vanishing gradients" is false; *this start* does. Set the half-lives to the length of the task, and it is learnt by (nearly) all. It is the same cell, the same equations; only the start of two biases differs. (Without the gate many learn it; of the sets of ten seeds that were tried, four to nine.)
#
# (A bias of 1 is good advice against 0, and for short spans. It says two steps, whatever the task.)

# %% [markdown] lang="zh"
# 代价是真的。偏置是 0 或 1 时，LSTM 就停在第 {{vanishing_gradients}} 课的 tanh RNN 停的地方：基线上。“LSTM 没有梯度消失”，这话不对；**这种初始化**就有。把半衰期设到和任务一样长，（几乎）全都学会了。单元是同一个，方程是同样的六个，只是两个偏置的起点不同。（没有这个门的，学会了不少；试过的几组十个种子，是四到九个。）
#
# （偏置 1 比 0 好，跨度短时也够用。只是不管什么任务，它都只管两步。）

# %% [markdown] lang="en"
# And is more always better? Lesson {{start_here}} promised a bill for the bias of 3, and the table has one already. Keeping long is not enough there; the chrono start also closes the *input* gate ($b_i = -b_f$). Here is a second bill, from a task with nothing to keep: at every step, say the sum of the last *two* entries. What was needed a moment ago is rubbish now. A hundred updates for each bias; which is ahead?

# %% [markdown] lang="zh"
# 那么是不是越大越好？第 {{start_here}} 课答应过，要给偏置 3 看账单。上面的表里已经有一张。在那里，光留得久还不够；时间尺度初始化还把**输入**门关小了（$b_i = -b_f$）。这里再开一张，任务是什么也不用留：每一步说出最近**两条**输入的和。刚才还要用的，现在就是垃圾。每种偏置更新一百次，谁领先？

# %% name="guess_bill"
guess_bill = Predict(
    "lstm_cell-nothing-to-keep",
    tr(en="Nothing to keep: the smallest error has …", zh="什么也不用留：误差最小的是……"),
    choices=["b_f = 0", "b_f = 3", "b_f = 5"],
)
guess_bill


# %% name="bill"
def last_two(rng):
    x = rng.normal(size=(50, 10, 8, 1)).astype(f32)  # (T, S, B, 1)
    y = x.copy()
    y[1:] += x[:-1]
    return x, y


error = {}
for b_f in (0.0, 1.0, 3.0, 5.0):
    model = lstm_init(1, 8, seeds, forget_bias=b_f, dtype=f32), linear_init(8, 1, seeds, dtype=f32)
    run = fit(model, last_two, updates=300, readout="every", progress=False)
    for n in (100, 300):
        error[b_f, n] = run.history["loss"][n - 20 : n].mean(axis=0) / 2  # (S,)

# %% name="bill_table" kind="draw"
assert np.median(error[3.0, 100]) > 1.3 * np.median(error[0.0, 100])
assert all(error[b_f, 300].max() < 0.05 for b_f in (0.0, 1.0, 3.0, 5.0))
guess_bill.reveal(int(np.argmin([np.median(error[b_f, 100]) for b_f in (0.0, 3.0, 5.0)])))
rows = {f"b_f = {b_f:.0f}": [] for b_f, _n in error}
for (b_f, _n), e in error.items():
    rows[f"b_f = {b_f:.0f}"].append(f"{np.median(e):.3f}  ({e.min():.3f} … {e.max():.3f})")
note = tr(en="Error over variance after so many updates", zh="更新这么多次之后，误差除以方差")
table(rows, ["", "100", "300"], caption=note)

# %% [markdown] lang="en"
# (Median of ten seeds, lowest … highest.) The more is kept, the more must first be unlearnt. No disaster: after three hundred updates all of them have learnt it. But no bias is right for every task. It sets a half-life, and the half-life should suit what has to be kept.

# %% [markdown] lang="zh"
# （十个种子的中位数，括号里是最低 … 最高。）留得越多，先要学着丢掉的就越多。不算灾难，更新三百次之后，全都学会了。但没有哪个偏置对每个任务都合适。它设定的是半衰期，而半衰期要配得上该记多久。

# %% [markdown] lang="en"
# ## What do trained gates carry?
#
# "The cat sat on the mat": tutorials like to say that here the forget gate keeps the cat. But nothing in that sentence *needs* the cat: all its words follow without it. So give it an ending that does. Four animals, each with a verb of its own: *the small cat sat on the mat and mews. the dog sat on the mat and barks.* The network reads word for word and says the next one.

# %% [markdown] lang="zh"
# ## 训练好的门，带着什么？
#
# “The cat sat on the mat”：教程里常说，这里的遗忘门记住了猫。可是这句话里没有一处**用得着**猫：不知道是猫，后面的词照样接得上。那就给它加一个用得着的结尾。四种动物，各有自己的动词：`the small cat sat on the mat and mews. the dog sat on the mat and barks.` 网络一个词一个词地读，每次说出下一个词。

# %% name="sentences"
verbs = {"cat": "mews", "dog": "barks", "cow": "moos", "bird": "sings"}
adjectives = ["small", "old", "black"]
words = ["the", *adjectives, "sat", "on", "mat", "and", ".", *verbs, *verbs.values()]
number = {word: k for k, word in enumerate(words)}
rng, text = np.random.default_rng(5), []
while len(text) < 40_000:
    animal = rng.choice(list(verbs))
    some = rng.choice(adjectives, size=rng.integers(3)).tolist()
    text += ["the", *some, animal, "sat", "on", "the", "mat", "and", verbs[animal], "."]
code = np.array([number[word] for word in text])
print(*text[:40])

# %% name="train_cat"
V, S, units = len(words), 5, 24


def excerpts(rng, B=32, T=40):
    at = rng.integers(len(code) - T - 1, size=(S, B))
    part = code[at + np.arange(T + 1)[:, None, None]]  # (T + 1, S, B)
    return np.eye(V, dtype=f32)[part[:-1]], part[1:]


cell = lstm_init(V, units, seed=range(S), forget_bias=1.0, dtype=f32)
model = cell, linear_init(units, V, seed=range(S), dtype=f32)
reader = fit(
    model, excerpts, updates=1200, loss="cross_entropy", readout="every", progress=False
).model

# %% [markdown] lang="en"
# Does it know the verb? And the usual story: is the forget gate more open while the cat has to be kept, between *sat* and *and*? Guess before you look: the mean $f$ over all 24 units, at *sat*, against the mean over all words.

# %% [markdown] lang="zh"
# 它知道该用哪个动词吗？再看那个流传的故事：要记住猫的那几步，从 `sat` 到 `and`，遗忘门是不是开得更大？看之前先猜：24 个单元 $f$ 的平均，在 `sat` 处，和在所有词上的平均相比。

# %% name="guess_mean"
guess_mean = Predict(
    "lstm_cell-mean-f",
    tr(en="The mean f at “sat”, against all words, is …", zh="“sat”处的平均 f，和所有词相比……"),
    choices=tr(
        en=["higher by more than 0.2", "within 0.2", "lower by more than 0.2"],
        zh=["高出 0.2 以上", "相差不到 0.2", "低 0.2 以上"],
    ),
)
guess_mean


# %% name="recall"
def read(s, keep=None, B=100, T=60):
    p, head = (part.pick(s).astype(float) for part in reader)
    at = np.random.default_rng(6).integers(len(code) - T - 1, size=B)
    part = code[at + np.arange(T + 1)[:, None]]  # (T + 1, B)
    h, c, right, asked = np.zeros((B, units)), np.zeros((B, units)), [], []
    for now, after in pairwise(part):
        sat = (now == number["sat"])[:, None]  # (B, 1)
        hold = None if keep is None else np.where(sat, keep, 1.0)
        h, c = step(p, np.eye(V)[now], h, c, hold)
        right.append(linear_forward(head, h).argmax(axis=-1) == after)
        asked.append(now == number["and"])
    # en: whole sentences only | zh: 只算完整的句子
    right, asked = np.stack(right)[12:], np.stack(asked)[12:]
    return right[asked].mean(), right[np.isin(part[12:-1], [number[w] for w in fixed])].mean()


# en: what follows these is always the same | zh: 这几个词后面接什么，是定好的
fixed = "sat", "on", "mat"
recall, others = np.array([read(s) for s in range(S)]).T  # (S,), (S,)

# %% name="recall.check"
print(tr(en="the right verb, five seeds:", zh="动词说对的，五个种子："), recall.round(2))
print(tr(en="the words before:", zh="前面的词："), others.round(2))

assert (recall > 0.97).sum() >= 4

# %% name="mean_of_gates"
x_text = np.eye(V)[code[:2000]][:, None].astype(f32)  # (T, 1, V)
f = forward(reader[0], np.repeat(x_text[:, None], S, axis=1), trace=True).trace["f"][:, :, 0]
shown = ["the", "cat", "sat", "on", "mat", "and", "mews"]
mean_f = np.stack([f[code[:2000] == number[w]].mean(axis=(0, 2)) for w in shown])  # (7, S)

# %% name="mean_of_gates.draw"
table([[w, *m.round(2)] for w, m in zip(shown, mean_f, strict=True)], ["", *map(str, range(S))])

# %% name="reveal_mean"
gap = mean_f[shown.index("sat")] - f.mean(axis=(0, 2))  # (S,)
assert np.abs(np.median(gap)) < 0.2
guess_mean.reveal(0 if np.median(gap) > 0.2 else 2 if np.median(gap) < -0.2 else 1)

# %% [markdown] lang="en"
# At least four of the five networks say the right verb practically every time. (Of forty others, trained in the same way, thirty-nine; of twenty that stopped after 800 updates, sixteen.) And the mean of the gates shows nothing of it. Twenty-four units, most of them busy with the next word. So ask differently: not what the gate *looks like*, but what happens if it is held. Force $f = 0$ at the word *sat*, for one unit at a time, and count the right verbs. How many of the 24 units does the memory of the animal hang on?

# %% [markdown] lang="zh"
# 五个网络里，至少有四个几乎每次都说对动词。（同样的训练另外做过四十个，学会的有三十九个；只更新 800 次的二十个里，学会的有十六个。）而门的平均值里什么也看不出来。二十四个单元，大多在忙着下一个词。那就换个问法：不问门**看上去**怎样，问把它按住会怎样。在 `sat` 这个词上强令 $f = 0$，一次按一个单元，数数还有多少动词是对的。24 个单元里，动物的记忆系在几个身上？

# %% name="guess_carriers"
guess_carriers = Predict(
    "lstm_cell-carriers",
    tr(
        en="Units whose loss costs more than a tenth of the verbs (median of five networks):",
        zh="按住之后，错的动词超过十分之一的单元有几个（五个网络的中位数）：",
    ),
    choices=["0", "1 … 4", "5 … 12", "13 … 24"],
)
guess_carriers

# %% name="held"
held = 1.0 - np.eye(units)
one_at_a_time = np.array([[read(s, one)[0] for one in held] for s in range(S)])  # (S, units)
everything, others = np.array([read(s, 0.0) for s in range(S)]).T
carriers = (recall[:, None] - one_at_a_time > 0.1).sum(axis=1)  # (S,)

# %% name="held.reveal"
print(tr(en="units that count:", zh="要紧的单元："), carriers)
print(tr(en="all held at once, verbs:", zh="全部按住，动词："), everything.round(2))
print(tr(en="the words before:", zh="前面的词："), others.round(2))

assert np.median(carriers) <= 4
assert carriers.any()
assert np.median(everything) < 0.8
assert np.median(others) > 0.97
guess_carriers.reveal(int(np.searchsorted([0, 4, 12], np.median(carriers))))

# %% name="held_curve"
fig, ax = subplots(height=2.8)
for s in range(S):
    ax.plot(np.sort(one_at_a_time[s]), "o-", color=COLOURS["blue"], lw=0.6, ms=3)
ax.axhline(0.25, color=COLOURS["grey"], ls=":", label=tr(en="chance", zh="瞎猜"))
ax.set(xlabel="unit", ylabel="right verbs", ylim=(0, 1.05))
show(
    fig,
    caption=tr(
        en="f = 0 at “sat” for one unit at a time, the one that counts most first; a line for "
        "each of five networks.",
        zh="在“sat”处让一个单元的 f = 0，最要紧的排在最前；纵轴是动词说对的比例。"
        "五个网络，各一条线。",
    ),
    alt=tr(
        en="Share of right verbs by unit: the first one to four units fall to between 0.5 and 0.9, "
        "all others stay at 1.",
        zh="各单元对应的动词正确率：头一到四个单元降到 0.5 到 0.9，其余都停在 1。",
    ),
)

# %% [markdown] lang="en"
# A few units carry the animal; the others can be wiped at *sat* and nobody notices. (In the forty other networks it was one to three, and in five of them none: one had not learnt the verbs, in four no unit was missed alone, though all together were.) And look at the last numbers: with *everything* wiped at *sat*, the words *on the mat and* still come out right. The bare sentence of the tutorials does not need its cat. Did their high $f$ give the carriers away? Look: how many units have $f > 0.9$ at *sat*, and how many of those count?

# %% [markdown] lang="zh"
# 带着动物的只有几个单元；其余的在 `sat` 处抹掉，谁也察觉不到。（另外那四十个网络里是一到三个，有五个网络一个也没有：其中一个没学会动词，另外四个，少了哪一个单元都不要紧，全都抹掉就要紧了。）再看最后那几个数：在 `sat` 处**全部**抹掉，`on the mat and` 照样说得对。教程里那句话，确实用不着它的猫。带着它的那几个，是不是从很高的 $f$ 就认得出来？看一看：在 `sat` 处 $f > 0.9$ 的单元有几个，其中要紧的有几个？

# %% name="high_f"
f_sat = f[code[:2000] == number["sat"]].mean(axis=0)  # (S, units)
high = f_sat > 0.9
counts = recall[:, None] - one_at_a_time > 0.1

# %% name="high_f.check"
print(tr(en="f > 0.9 at sat: ", zh="sat 处 f > 0.9："), high.sum(axis=1))
print(tr(en="… and it counts:", zh="其中要紧的：    "), (high & counts).sum(axis=1))
print(tr(en="f of those that do:", zh="要紧的那些的 f："), *[f"{v:.2f}" for v in f_sat[counts]])
assert high.sum() > 3 * (high & counts).sum()

# %% [markdown] lang="en"
# Most of the units with a high $f$ keep something that no verb hangs on. So how *high* tells little. Does it tell more *when* a gate is high? Take, in each network, the unit that counts most. At *sat* it keeps. And one word earlier, at the name of the animal?

# %% [markdown] lang="zh"
# $f$ 高的单元，大多留着和动词不相干的东西。所以**多高**说明不了什么。那**什么时候**高呢？在每个网络里，取最要紧的那个单元。在 `sat` 处，它留着。早一个词，读到动物名字的时候呢？

# %% name="guess_when"
guess_when = Predict(
    "lstm_cell-f-at-the-animal",
    tr(
        en="At the animal's name, f of the unit that counts most is (median of five networks) …",
        zh="读到动物名字时，最要紧的那个单元的 f（五个网络的中位数）……",
    ),
    choices=tr(
        en=["above 0.9: it keeps", "between 0.6 and 0.9", "below 0.6: it lets go"],
        zh=["高于 0.9：留着", "在 0.6 和 0.9 之间", "低于 0.6：放手"],
    ),
)
guess_when

# %% [markdown] lang="en"
# Here is the whole of the first network: a row for each unit, a column for each word, and the line below is the unit that counts most. It reads of a cat, then of a dog. Drag over the picture from *sat* to *mat* and order the units by their mean: where does the one with the dashed frame end up, and what does its row do left of the span? Then choose $c$ in place of $f$: what differs between cat and dog?

# %% [markdown] lang="zh"
# 这就是整个第一个网络：一行一个单元，一列一个词，下面那条线是最要紧的单元。它先读一句猫，再读一句狗。在图上从 `sat` 拖到 `mat`，再把单元按平均值排序：虚线框住的那一行排到了哪里？在这一段的左边，它又怎样？然后把 $f$ 换成 $c$：猫和狗那两句，差在哪里？

# %% name="gates_unit_by_unit" kind="widget"
top = one_at_a_time.argmin(axis=1)  # (S,)
both = "the small cat sat on the mat and mews . the dog sat on the mat and barks ."
said = both.split()
x_said = np.eye(V, dtype=f32)[[number[word] for word in said]]  # (T, V)
GateHeatmap(reader[0].pick(0), x_said, tokens=said, unit=int(top[0]))

# %% name="reveal_when"
f_animal = f[np.isin(code[:2000], [number[w] for w in verbs])].mean(axis=0)  # (S, units)
every, lost = range(S), recall - one_at_a_time.min(axis=1)  # (S,)
before, after = f_animal[every, top], f_sat[every, top]
print(tr(en="f at the animal:", zh="动物名字处的 f："), before.round(2))
print(tr(en="f at sat:       ", zh="sat 处的 f：     "), after.round(2))
assert (after - before > 0.2)[lost > 0.1].all()
guess_when.reveal(int(np.searchsorted([-0.9, -0.6], -np.median(before))))

# %% [markdown] lang="en"
# First it lets go, then it keeps: much of the old goes out as the new animal is read. (So in each of the five, and in all of those thirty-five others that had such a unit: $f$ was lower at the animal than at *sat*, by 0.27 to 0.98.) To keep something a unit needs a large $f$ at the right moment; but even that does not tell you that anything is kept that somebody needs: other rows of the picture do the same. A picture of gates is a picture of numbers. To say what a gate *does*, hold it and look at what breaks.

# %% [markdown] lang="zh"
# 先放手，再留住：读到新的动物，旧的就放掉许多。（这五个都这样，另外那些有这种单元的三十五个也都这样：读到动物时的 $f$ 比 `sat` 处低，低了 0.27 到 0.98。）要留住东西，单元的 $f$ 得在对的时候大；可是就算这样，也不说明它留着什么有人要用的东西：图上别的行也这么做。门的图，只是一张数的图。要说一个门**做**了什么，就把它按住，看什么会坏。

# %% [markdown] lang="en"
# ## Common mistakes
#
# | wrong | symptom | right |
# |:--|:--|:--|
# | "a high forget gate forgets" | every sentence about it is turned round | $f$ is what is *kept* |
# | "the LSTM of 1997 had a forget gate" | its failure on streams has no explanation | 2000; without it $c$ grows without bound on a stream |
# | $g$ through the sigmoid | it can only add, never subtract | $g = \tanh$; it is no gate |
# | `h = o * c` | $h$ leaves −1 … 1 | `h = o * np.tanh(c)` |
# | rows in another order | no error, bad results | i, f, g, o in PyTorch; look it up |
# | a forget bias of 1 for every task | long spans stay at the baseline | set the half-life: chrono |
# | setting it to 1 in *both* of PyTorch's biases | it is 2 | in one of them |
# | reading a gate's picture as its purpose | a story that no test has seen | hold the gate, count what breaks |

# %% [markdown] lang="zh"
# ## 常见错误
#
# | 错误 | 症状 | 正确 |
# |:--|:--|:--|
# | “遗忘门大，忘得就多” | 每一句都说反了 | $f$ 是**留下**的部分 |
# | “1997 年的 LSTM 有遗忘门” | 它在流上的失败就没法解释 | 2000 年才有；没有它，$c$ 在一条流上无限增长 |
# | $g$ 用了 sigmoid | 只能加，不能减 | $g = \tanh$；它不是门 |
# | `h = o * c` | $h$ 跑出了 −1 到 1 | `h = o * np.tanh(c)` |
# | 行的顺序不对 | 不报错，结果很差 | PyTorch 是 i、f、g、o；查清楚 |
# | 什么任务都把遗忘偏置设成 1 | 跨度一长就停在基线上 | 设定半衰期：chrono |
# | PyTorch 的**两个**偏置都设成 1 | 实际是 2 | 只设其中一个 |
# | 把门的图当成它的用途 | 没有检验过的故事 | 按住那个门，数数坏了什么 |

# %% [markdown] lang="en"
# ## Exercise
#
# [Exercise {{lstm_cell}}](../../exercises/en/lstm_cell.ipynb): the step, sequences with lengths, from one notation to the other, the number of parameters, the chrono start, and half-lives.
#
# ## Papers
#
# - Gers, Schmidhuber & Cummins (2000), *Learning to forget*: streams, and the forget gate. On a Reber grammar that never ends, 0 of 100 networks of the old cell were perfect, 18 with the gate, 62 with a decaying learning rate besides.
# - Greff and others (2015): of eight variants over 5,400 runs, the forget gate and the output activation matter most.
# - Jozefowicz, Zaremba & Sutskever (2015): a forget bias of 1.
# - Tallec & Ollivier (2018): the chrono start.
#
# ## Next
#
# You can run it forward. Four parts, two states, and a gradient that has to find its way back through all of them: lesson {{lstm_backward}}.

# %% [markdown] lang="zh"
# ## 练习
#
# [练习 {{lstm_cell}}](../../exercises/zh/lstm_cell.ipynb)：一步，带长度的序列，从一种记法换到另一种，参数的个数，时间尺度初始化，还有半衰期。
#
# ## 论文
#
# - Gers、Schmidhuber 和 Cummins（2000），*Learning to forget*：流，以及遗忘门。在一条没有尽头的 Reber 语法流上，100 个旧单元的网络里做到完美的有 0 个，加上这个门有 18 个，再让学习率递减有 62 个。
# - Greff 等（2015）：八种变体，5,400 次训练，遗忘门和输出激活最要紧。
# - Jozefowicz、Zaremba 和 Sutskever（2015）：遗忘偏置设成 1。
# - Tallec 和 Ollivier（2018）：时间尺度初始化。
#
# ## 下一步
#
# 往前走，你会了。四个部分，两个状态，梯度要穿过它们全部走回去：第 {{lstm_backward}} 课。
