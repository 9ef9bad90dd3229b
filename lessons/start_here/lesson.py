# ---
# lstm_lab:
#   title: {en: "Start here", zh: "从这里开始"}
#   summary: {en: "What is left of a correction after a hundred steps? Measured in ten minutes; and how this course works", zh: "一百步之后，一条改正信息还剩多少？十分钟测出来；再看看这门课怎么用"}
#   minutes: 20
# ---

# %% [markdown] lang="en"
# Someone reads you a hundred words and then asks one question. The answer hangs on the very first word, and you get it wrong. The correction now has to find its way back, past a hundred steps, to the moment when you should have listened. **How much of it arrives?**
#
# A network that reads step by step is corrected in just this way. In ten minutes you will have measured the answer for two networks that nobody has trained yet, a plain RNN and an LSTM. Make a guess for both before you look.
#
# *New to notebooks?* Click into a grey cell and press **Shift + Enter**: it runs, and its result appears below it. Go from top to bottom and leave none out. A cell of which you see one line and three dots is folded, because its code is not the point: it runs like any other, and a click on the dots opens it.

# %% [markdown] lang="zh"
# 有人给你念一百个词，念完问一个问题。答案全在第一个词上，而你答错了。现在，这条改正信息要往回走，越过一百步，走到你当初该留神的那一刻。**走到那里，还剩多少？**
#
# 一步一步读序列的网络，正是这样被改正的。十分钟之内，你会为两个还没训练过的网络测出答案：一个普通的 RNN，一个 LSTM。看结果之前，两个都先猜一猜。
#
# **第一次用 notebook？** 点进一个灰色单元格，按 **Shift + Enter**：它会运行，结果出现在下面。从上往下，一个都别跳过。有的单元格只露出一行和三个点：它折叠着，因为代码不是重点；照样运行，点一下那三个点就打开。

# %% [markdown] lang="en"
# ## What you will be able to do
#
# - **Measure** how much of a correction, a gradient, arrives a hundred steps back.
# - **Name** the one number in an untrained LSTM on which this hangs.
# - **Write**, in [exercise {{start_here}}](../../exercises/en/start_here.ipynb), the five small functions that every network here is built from, and get feedback on each within a second.
#
# You need Python, NumPy arrays and their shapes, and what a derivative is. You need no earlier course on neural networks.

# %% [markdown] lang="zh"
# ## 学完你能做什么
#
# - **测量**：一条改正信息，也就是梯度，往回走一百步还剩多少。
# - **指出**：在一个没训练过的 LSTM 里，决定这件事的是哪一个数。
# - **写出**：在[练习 {{start_here}}](../../exercises/zh/start_here.ipynb) 里写五个小函数，这门课的每个网络都由它们搭成；每写一个，一秒之内就有反馈。
#
# 你需要会 Python，熟悉 NumPy 数组和它的形状，知道导数是什么。不需要学过神经网络。

# %% [markdown] lang="en"
# ## The road
#
# At its end you write an LSTM with its backward pass from an empty file, and you know why each line is there. Every lesson answers one question and leaves the next one open. Run the cell to see them.

# %% [markdown] lang="zh"
# ## 这条路怎么走
#
# 走到头，你会从一个空文件开始，写出一个带反向传播的 LSTM，并且说得出每一行为什么在那里。每一课回答一个问题，又留下一个问题。运行下面的单元格，看看是哪些问题。

# %% name="road" show=true
from lstm_lab.plots import course_road

course_road()

# %% [markdown] lang="en"
# ## Contents
#
# Reading takes about {{lesson_hours}} in all, the exercises about {{exercise_hours}}.
#
# {{contents}}

# %% [markdown] lang="zh"
# ## 目录
#
# 全部课程的阅读大约要 {{lesson_hours}}，练习大约要 {{exercise_hours}}。
#
# {{contents}}

# %% name="road.imports" show=true
import numpy as np

from lstm_lab.cells import lstm_init, rnn_init
from lstm_lab.i18n import tr
from lstm_lab.layers import backward, forward
from lstm_lab.plots import COLOURS, show, subplots, table
from lstm_lab.widgets import Predict

# %% [markdown] lang="en"
# ## Predict
#
# Now the measurement. A **plain RNN** (you build one in lesson {{rnn}}) reads 101 inputs. At the end its last state gives one number, and that number is wrong. The **gradient** says, for each input, how much a small change there would have moved the number: it is the correction.
#
# Call its size at the last input 1. What is its size at the input a hundred steps earlier? A power of ten is enough: `0.1`, `1e-3`, `1e-6`, …

# %% [markdown] lang="zh"
# ## 先猜
#
# 现在来测量。一个**普通的 RNN**（第 {{rnn}} 课你会自己搭一个）读 101 个输入。读完后，由最后的状态得出一个数，而这个数错了。**梯度**（gradient）对每个输入说：如果当初这里稍微变一点，那个数会动多少。它就是改正信息。
#
# 把它在最后一个输入处的大小算作 1。那么，往回一百步的那个输入处，它有多大？猜个数量级就够了：`0.1`、`1e-3`、`1e-6`……

# %% name="guess_rnn"
guess_rnn = Predict(
    "start_here-rnn-left",
    tr(
        en="If the gradient is 1 at the last input, what is it a hundred steps back?",
        zh="最后一个输入处的梯度算 1，往回一百步是多少？",
    ),
    log=True,
)
guess_rnn

# %% [markdown] lang="en"
# ## See: one number, a hundred times
#
# Strip the network down to one unit with one weight $w$. On its way back the message is multiplied by $w$ at every step. What comes of a message of size 1?

# %% [markdown] lang="zh"
# ## 看：一个数，乘一百次
#
# 把网络削到只剩一个单元、一个权重 $w$。消息每往回走一步，就乘一次 $w$。大小为 1 的消息会变成什么？

# %% name="one_number"
print(tr(en="      w     10 steps    100 steps", zh="      w      10 步       100 步"))
for w in (0.5, 0.9, 0.99, 1.0, 1.01, 1.1):
    print(f"{w:7} {w**10:12.2g} {w**100:12.2g}")

# %% [markdown] lang="en"
# Losing a tenth at each step sounds harmless. After a hundred steps less than three parts in a hundred thousand are left. Gaining a tenth is no better: the message is then 14,000 times too large. Only a $w$ within about a hundredth of 1 delivers it at roughly its own size.
#
# In symbols, with $r_n$ for what is left after $n$ steps:
#
# $$r_n = w^n$$
#
# A real network has many units, and what stands in the place of $w$ is a matrix that changes from step to step. Is its message as frail? That we measure.

# %% [markdown] lang="zh"
# 每步丢十分之一，听上去没什么。一百步之后，剩下的不到十万分之三。每步多十分之一也好不了：消息会大出一万四千倍。只有 $w$ 离 1 不超过百分之一左右，消息走到时才差不多还是原来的大小。
#
# 写成符号，用 $r_n$ 表示 $n$ 步之后剩下多少：
#
# $$r_n = w^n$$
#
# 真正的网络有许多单元，站在 $w$ 那个位置的是一个矩阵，而且每一步都在变。它的消息也这么脆弱吗？测一测就知道。

# %% [markdown] lang="en"
# ## Measure: the RNN
#
# Ten RNNs with 64 units, each started from its own seed with the usual random weights, read a sequence of random numbers, 32 at a time. `question` weighs the 64 numbers of the last state into the one number that is wrong, and `dh` says where the correction starts: at that last state and nowhere else. `forward` reads, `backward` carries the correction back. For now both are black boxes: you open the first in lesson {{rnn}}, the second in lesson {{rnn_backward}}.

# %% [markdown] lang="zh"
# ## 测：RNN
#
# 十个 RNN，各有 64 个单元，用各自的随机种子按通常的办法初始化。它们读一串随机数，一次 32 个。`question` 给最后状态的 64 个数各配一个权重，加成那一个出错的数；`dh` 说明改正信息从哪里出发：只从最后那个状态。`forward` 负责读，`backward` 把改正信息往回送。眼下两个都是黑箱：第一个在第 {{rnn}} 课打开，第二个在第 {{rnn_backward}} 课打开。

# %% name="measure"
T, S, I, H = 101, 10, 32, 64
x = np.random.default_rng(0).normal(size=(T, S, 1, I))
question = np.random.default_rng(1).normal(size=H)


def left(p):
    out = forward(p, x)  # out.h (T, S, 1, H)
    dh = np.zeros_like(out.h)
    dh[-1] = question
    dx = backward(p, out, dh).x  # (T, S, 1, I)
    size = np.linalg.norm(dx, axis=(2, 3))  # (T, S)
    return (size / size[-1])[::-1]  # (T, S)


rnn = left(rnn_init(I, H, seed=range(S)))

# %% name="measure.reveal"
assert (rnn[100] < 1e-20).all()
guess_rnn.reveal(np.median(rnn[100]))

# %% [markdown] lang="en"
# That is the middle one of ten networks, and the `assert` in the folded cell holds for all ten: less than $10^{-20}$ arrives. If the message at the last input reached from here to the Sun, what arrives a hundred steps earlier would be shorter than a strand of DNA is wide.
#
# Is that merely little? The corrections of all steps are added up before the weights move, and a float carries sixteen digits. What comes from the first input is smaller than the rounding error of what comes from the last.

# %% [markdown] lang="zh"
# 这是十个网络里居中的那个值。折叠的单元格里的 `assert` 对十个都成立：走到的不足 $10^{-20}$。假如消息在最后一个输入处有从这里到太阳那么长，那么往回一百步，它比一条 DNA 链的宽度还短。
#
# 只是小一点吗？各步的改正信息要先加在一起，权重才动，而浮点数只有十六位有效数字。从第一个输入来的那一份，比最后一个输入那一份的舍入误差还小。

# %% [markdown] lang="en"
# ## Predict again: the LSTM
#
# The **LSTM** was invented against exactly this. It carries a second state past the steps, and at each step multiplies it by a number between 0 and 1, the **forget gate** $f$. Take one of the same size, 64 units, untrained, with its weights drawn as usual and the bias of the forget gate at 0. (PyTorch's own start puts that bias close to 0, too.)

# %% [markdown] lang="zh"
# ## 再猜一次：LSTM
#
# **LSTM**（长短期记忆网络，也作长短时记忆）就是为了对付这件事才发明的。它带着第二个状态走过每一步，每步给它乘上一个 0 到 1 之间的数，也就是**遗忘门**（forget gate）$f$。取一个同样大小的 LSTM：64 个单元，没训练过，权重照常随机初始化，遗忘门的偏置是 0。（PyTorch 默认的初始化，这个偏置也在 0 附近。）

# %% name="guess_lstm"
choices = [
    tr(en="more than a half", zh="一半以上"),
    tr(en="between a half and a millionth", zh="一半到百万分之一之间"),
    tr(en="less than a millionth", zh="不到百万分之一"),
]
guess_lstm = Predict(
    "start_here-lstm-left",
    tr(
        en="An untrained LSTM, forget bias 0: what is left after a hundred steps?",
        zh="没训练过的 LSTM，遗忘门偏置为 0：一百步之后还剩多少？",
    ),
    choices=choices,
)
guess_lstm

# %% name="measure_lstm"
lstm_0 = left(lstm_init(I, H, seed=range(S), forget_bias=0.0))
middle = np.median(lstm_0[100])
print(f"{middle:.1e}")

# %% name="measure_lstm.reveal"
assert (lstm_0[100] < 1e-15).all()
guess_lstm.reveal(0 if middle > 0.5 else 1 if middle > 1e-6 else 2)

# %% [markdown] lang="en"
# ## Break it, then mend it: one number
#
# So the name LSTM alone carries nothing back. "LSTMs have no vanishing gradient" is the most repeated sentence about them, and the network above has just refuted it.
#
# What decides is how near to 1 the forget gate stands. At the start $f$ is about $\sigma(b_f)$, where $b_f$ is the bias and $\sigma(b) = 1/(1 + e^{-b})$ squeezes any number into 0 … 1. With $b_f = 0$ that is a half at every step, and you know what a half does in a hundred steps. So move the bias:

# %% [markdown] lang="zh"
# ## 弄坏它，再修好：只动一个数
#
# 可见光有 LSTM 这个名字，什么也送不回去。关于它最常听到的一句话是“LSTM 没有梯度消失”，上面的网络刚刚推翻了它。
#
# 起决定作用的，是遗忘门离 1 有多近。刚开始时 $f$ 大约等于 $\sigma(b_f)$，其中 $b_f$ 是偏置，$\sigma(b) = 1/(1 + e^{-b})$ 把任何数压到 0 到 1 之间。$b_f = 0$ 时，每一步都是一半，而一半乘一百次会怎样，你已经见过了。那就动一动偏置：

# %% name="bias"
runs, rows = {"RNN": rnn}, [["RNN", None, None]]
for b_f in (0, 1, 3):
    name, f = f"LSTM, b_f = {b_f}", 1 / (1 + np.exp(-b_f))
    runs[name] = left(lstm_init(I, H, seed=range(S), forget_bias=b_f))
    rows.append([name, f, f**100])
    assert (runs[name][100] > f**100).all()

# %% name="bias.draw"
assert (runs["LSTM, b_f = 1"][100] < 1e-4).all()
assert (runs["LSTM, b_f = 3"][100] > 0.01).all()
table(
    [[*row, *np.quantile(runs[row[0]][100], [0, 0.5, 1])] for row in rows],
    ["", "f = σ(b_f)", "f¹⁰⁰", "min", "median", "max"],
    caption=tr(
        en="What is left a hundred steps back: ten seeds in each row",
        zh="往回一百步还剩多少：每行十个种子",
    ),
)

# %% [markdown] lang="en"
# Read the LSTM's rows from top to bottom: nothing changed but one bias. At 0 and at 1, an untrained LSTM forgets too. At 3, where the gate keeps about 95 hundredths at each step, every one of the ten networks gets at least a hundredth of the message through.
#
# Now compare $f^{100}$ with what was measured. The gate alone predicts *less* than arrives: there are other paths back, through $h$, and lesson {{lstm_backward}} takes them apart. A simple story that points the right way and misses the size, which is why we measure.
#
# How does the message fade on the way? Is it lost suddenly, or evenly? Here it is after 25, 50, 75 and 100 steps back, the middle one of the ten:

# %% [markdown] lang="zh"
# 从上往下看 LSTM 的三行：除了一个偏置，什么都没变。偏置是 0 或 1 时，没训练过的 LSTM 也会忘。偏置是 3 时，门每步留下大约百分之九十五；十个网络里的每一个，都至少让百分之一的消息走到了。
#
# 再把 $f^{100}$ 和测到的值比一比。单看门，预测的比实际走到的**少**：往回还有别的路，从 $h$ 走，第 {{lstm_backward}} 课会把它们拆开来看。一个简单的说法，方向对，大小却不对，所以才要测。
#
# 消息在路上是怎么变弱的？是突然没了，还是一路均匀地减？下面是往回 25、50、75、100 步时还剩的，取十个里居中的那个：

# %% name="fading"
medians = {name: np.median(r, axis=1) for name, r in runs.items()}  # (T,) each
for name, middle in medians.items():
    print(f"{name:13}", *[f"{middle[n]:9.1e}" for n in (25, 50, 75, 100)])

# %% name="fading.draw"
fig, ax = subplots(height=3.6)
look = {"grey": "-", "red": ":", "orange": "--", "blue": "-"}
for (name, r), key in zip(runs.items(), look, strict=True):
    middle, colour = medians[name], COLOURS[key]
    ax.fill_between(range(T), r.min(axis=1), r.max(axis=1), color=colour, alpha=0.2, lw=0)
    ax.plot(middle, look[key], color=colour)
    ax.annotate(" " + name.replace("b_f", "$b_f$"), (100, middle[100]), color=colour, va="center")
    assert key == "blue" or 0.4 < np.log(middle[50]) / np.log(middle[100]) < 0.6
ax.set(yscale="log", xlim=(0, 100), ylim=(1e-32, 1e3))
ax.set(xlabel="steps back from the last input", ylabel="gradient (last input: 1)")
show(
    fig,
    caption=tr(
        en="Lines: median of ten seeds; bands: from the smallest to the largest.",
        zh="横轴是从最后一个输入往回数的步数，纵轴是梯度（最后一个输入处为 1）。"
        "线是十个种子的中位数，色带从最小到最大。",
    ),
    alt=tr(
        en="Gradient against steps back, log axis: it falls steadily for the RNN and for "
        "the LSTM with forget bias 0 or 1, and stays near 1 with bias 3.",
        zh="梯度随往回步数的变化，对数轴：RNN 和遗忘门偏置为 0、1 的 LSTM 一路下降，"
        "偏置为 3 的停在 1 附近。",
    ),
)

# %% [markdown] lang="en"
# Evenly: on this log axis, the first three are nearly straight lines. Each step takes about the same share, as with the single $w$. Half-way back, half of the powers of ten are gone.
#
# ## What you have measured, and what not
#
# - These networks are **untrained**. Training moves the weights, and the forget gate with them. But training needs the gradient, so the start counts.
# - "RNN" means: with the *usual* start. Other starts carry further; lesson {{vanishing_gradients}} tries them.
# - A forget bias of 3 is not simply better. A gate that keeps everything also keeps what it should drop; lesson {{lstm_cell}} shows the bill.
#
# **Try it:** what would you set the bias to, so that the message neither fades nor grows? Change the number and run the cell again, as often as you like.

# %% [markdown] lang="zh"
# 均匀地减：在这个对数轴上，前三条几乎是直线。每一步拿走的份额差不多，和只有一个 $w$ 时一样。走到一半，数量级也丢了一半。
#
# ## 测了什么，没测什么
#
# - 这些网络都**没训练过**。训练会移动权重，遗忘门也跟着动。可是训练靠的就是梯度，所以起点要紧。
# - 这里说的“RNN”，指的是**通常的**初始化。别的初始化能传得更远，第 {{vanishing_gradients}} 课会试。
# - 遗忘门的偏置取 3，并不是处处更好。什么都留的门，该丢的也留着；第 {{lstm_cell}} 课会给你看账单。
#
# **试一试：** 要让消息既不变弱，也不变强，你会把偏置设成多少？改下面的数，再运行，想试几次试几次。

# %% name="try_it"
b_f = 5.0
r = left(lstm_init(I, H, seed=range(S), forget_bias=b_f))[100]
print(f"b_f = {b_f}: {r.min():.2g} … {np.median(r):.2g} … {r.max():.2g}")

# %% [markdown] lang="en"
# ## How the exercises work
#
# Each lesson has an exercise of the same number. You fill in functions; after each, `check("name")` runs your function on fresh numbers and tells you the *first* thing that is off and its likely cause, in a sentence. Below every task are three hints, each saying more than the last.
#
# `check` gives feedback, never marks, and you may call it as often as you like. Everything you open lies in the folder `work`, which is yours: newer versions of the course never overwrite what you have changed there.
#
# If something behaves oddly, ask the doctor first. It looks at this machine and says, for whatever is missing, what to do about it:

# %% [markdown] lang="zh"
# ## 练习怎么做
#
# 每一课都有一个同号的练习。你来填函数；每填完一个，`check("name")` 用新的数运行它，用一句话告诉你**第一处**不对的地方和可能的原因。每道题下面有三条提示，一条比一条说得多。
#
# `check` 只给反馈，不计分，想运行多少次都行。你打开的所有文件都在 `work` 文件夹里，它归你：课程更新时，你改过的东西绝不会被覆盖。
#
# 要是哪里不对劲，先问问“医生”。它检查这台机器，缺了什么，就告诉你该怎么办：

# %% name="doctor"
from lstm_lab.course.doctor import doctor

doctor()

# %% [markdown] lang="en"
# And your progress: the predictions you made, the tasks that are right. It is kept in one file on this machine, `work/progress.jsonl`, and goes nowhere.

# %% [markdown] lang="zh"
# 还有你的进度：猜过哪些数，做对了哪些题。它只存在这台机器上的一个文件里，`work/progress.jsonl`，不会发到任何地方。

# %% name="progress"
from lstm_lab.cli import main

status = main(["progress"])

# %% [markdown] lang="en"
# ## Common mistakes
#
# | wrong | symptom | right |
# |---|---|---|
# | leaving out a cell, or running them out of order | `NameError: name 'x' is not defined` | menu *Run → Run All Above Selected Cell*, then go on |
# | "LSTMs have no vanishing gradient" | a fresh LSTM with forget bias 0 learns nothing about far inputs | ask for the forget bias, and measure |
# | reading "forget gate" as "how much is forgotten" | every sentence about $f$ comes out upside down | it is a *keep* gate: the nearer $f$ is to 1, the more stays |
# | judging by one seed | tomorrow the figure looks different | ten seeds, and the spread beside the median |

# %% [markdown] lang="zh"
# ## 常见错误
#
# | 错误 | 症状 | 正确 |
# |---|---|---|
# | 漏掉单元格，或者不按顺序运行 | `NameError: name 'x' is not defined` | 菜单 “运行 → 运行所选单元格上方的所有单元格”，再继续 |
# | “LSTM 没有梯度消失” | 偏置为 0 的新 LSTM，学不到远处的输入 | 先问遗忘门的偏置，再测 |
# | 把“遗忘门”读成“忘掉多少” | 关于 $f$ 的每句话都说反了 | 遗忘门其实是“保留门”，$f$ 越接近 1，留得越多 |
# | 只看一个种子 | 明天的图就变了样 | 十个种子，中位数旁边写上范围 |

# %% [markdown] lang="en"
# ## Papers
#
# - Hochreiter (1991), diploma thesis, in German: derives that the error sent back through a recurrent network shrinks or grows exponentially.
# - Bengio, Simard & Frasconi (1994): the same found independently, with the reason why storing something safely and learning it by gradient work against each other.
# - Hochreiter & Schmidhuber (1997): the LSTM, still without a forget gate.
# - Gers, Schmidhuber & Cummins (2000): the forget gate.
# - Jozefowicz, Zaremba & Sutskever (2015): start its bias at 1. In your table that helps, and is not enough for a hundred steps.
#
# ## Next
#
# [Exercise {{start_here}}](../../exercises/en/start_here.ipynb) is short. Then: you have sent corrections back through an RNN without knowing what it does on the way *forward*. How can a network of a fixed size read a sequence of any length at all? [Lesson {{rnn}}](rnn.ipynb).

# %% [markdown] lang="zh"
# ## 论文
#
# - Hochreiter（1991），德文学位论文：推导出误差往回传过循环网络时，会按指数缩小或增大。
# - Bengio、Simard 和 Frasconi（1994）：独立发现同一件事，并说明稳妥地存住信息和靠梯度学会它，为什么互相拆台。
# - Hochreiter 和 Schmidhuber（1997）：LSTM，当时还没有遗忘门。
# - Gers、Schmidhuber 和 Cummins（2000）：遗忘门。
# - Jozefowicz、Zaremba 和 Sutskever（2015）：遗忘门的偏置从 1 开始。在你的表里，这有帮助，但对一百步还不够。
#
# ## 下一步
#
# [练习 {{start_here}}](../../exercises/zh/start_here.ipynb) 很短。然后：你把改正信息往回送过了 RNN，却还不知道它往前走的时候做了什么。大小固定的网络，究竟怎么能读任意长的序列？[第 {{rnn}} 课](rnn.ipynb)。
