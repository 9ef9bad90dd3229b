# ---
# lstm_lab:
#   title: {en: "The gallery", zh: "图集"}
#   summary: {en: "Every picture of the course in one place: what to drag, and what to look for", zh: "课程里所有的图都在这里：拖哪里，看什么"}
#   minutes: 20
# ---

# %% [markdown] lang="en"
# Every picture that the lessons use, with something to look for in each. Come back here with a question, drag until you have the answer. Pictures in the first part move; those in the second stand still.

# %% [markdown] lang="zh"
# 各课用到的图都在这里，每张都说明该看什么。带着问题来，拖一拖，拖到有答案为止。第一部分的图会动，第二部分的不动。

# %% name="setup" show=true
import numpy as np

from lstm_lab.cells import lstm_init, rnn_init
from lstm_lab.gradients import gradient_flow
from lstm_lab.i18n import tr
from lstm_lab.layers import forward
from lstm_lab.plots import (
    cell_diagram,
    eigenvalue_picture,
    gradient_curves,
    half_life_curve,
    heatmap,
    learning_curves,
    show,
    table,
    unrolled_graph,
)
from lstm_lab.widgets import CellStepper, GateHeatmap, GradientBridge, Predict, RepairBench

# %% [markdown] lang="en"
# ## Pictures that move
#
# ### A guess first
#
# Each handle of the curve can be dragged, or moved with the arrow keys. Look for how far off you were, and in which direction: a forget gate at 0.9 keeps how much, over 30 steps?

# %% [markdown] lang="zh"
# ## 会动的图
#
# ### 先猜一猜
#
# 曲线上的每个点都能拖，也能用方向键移动。看你差了多少，偏高还是偏低：遗忘门停在 0.9，30 步里各剩多少？

# %% name="guess" kind="guess"
guess = Predict(
    "gallery-kept",
    tr(en="f = 0.9 at every step: what is left of c?", zh="每一步 f = 0.9：c 还剩多少？"),
    curve={"x": (0, 30), "y": (0, 1), "ylabel": "c"},
)
guess

# %% name="kept" kind="reveal"
kept = 0.9 ** np.arange(31)
assert kept[30] < 0.05
guess.reveal(kept)

# %% [markdown] lang="en"
# Two more ways to ask. Put three forget gates in order, and tick what a GRU does without: the reveal counts the pairs that stand in the right order, and names what was missed.

# %% [markdown] lang="zh"
# 还有两种问法：给三个遗忘门排序，再勾出 GRU 里没有的东西。揭晓时会数出排对了几对，也会指出漏选了哪些。

# %% name="rank"
order = Predict(
    "gallery-order",
    tr(en="What keeps c longest? Put it first.", zh="哪个让 c 留得最久？把它排在最前面。"),
    rank=["f = 0.9", "f = 0.5", "f = 0.99"],
)
order

# %% name="ranked"
order.reveal(np.argsort([-(f**30) for f in (0.9, 0.5, 0.99)]))

# %% name="several"
without = Predict(
    "gallery-without",
    tr(en="Which of these has a GRU not got?", zh="GRU 里没有哪些？"),
    several=tr(
        en=["a cell state c", "an update gate", "an output gate"],
        zh=["细胞状态 c", "更新门", "输出门"],
    ),
)
without

# %% name="ticked"
without.reveal([0, 2])

# %% [markdown] lang="en"
# ### A cell, one step at a time
#
# Point at an equation, and its wires light up. Hold $f$ by hand at 0.5, then at 0.95, and look at what is left of the first input at the last step.

# %% [markdown] lang="zh"
# ### 一步一步看一个细胞
#
# 指着一个式子，它用到的线就亮起来。用手把 $f$ 定在 0.5，再定在 0.95，看第一个输入到最后一步还剩多少。

# %% name="lstm"
CellStepper("lstm")

# %% [markdown] lang="en"
# The same for its relatives. In the GRU one gate does the work of two: look at $z$ and $1 - z$, on the way in and on the way past.

# %% [markdown] lang="zh"
# 它的亲戚也能这样看。GRU 用一个门做两个门的事：看 $z$ 和 $1 - z$，一个管留下的，一个管写入的。

# %% name="gru"
CellStepper("gru")

# %% name="rnn"
CellStepper("rnn")

# %% name="no_forget"
CellStepper("no_forget")

# %% name="peephole"
CellStepper("peephole")

# %% [markdown] lang="en"
# ### Across a hundred steps
#
# Set the forget bias to 0, 1 and 3, and read off how much of the gradient arrives. Then push the spectral radius past 1, and multiply the inputs by 10: saturation makes the gradient vanish all the same.

# %% [markdown] lang="zh"
# ### 越过一百步
#
# 把遗忘门偏置设成 0、1、3，读出梯度到达了多少。再把谱半径推过 1，把输入乘以 10：一饱和，梯度照样消失。

# %% name="bridge"
GradientBridge(T=100)

# %% [markdown] lang="en"
# ### Every unit at once
#
# Brush a span, order by the mean, and follow the brightest unit on $c$. This network is untrained: whatever you find in it was put there by chance.

# %% [markdown] lang="zh"
# ### 所有单元一起看
#
# 刷选一段，按均值排序，再到 $c$ 上跟踪最亮的那个单元。这个网络没有训练过：你在里面找到的任何规律，都是碰巧。

# %% name="gates"
text = tr(en="the cat sat on the mat and mews", zh="猫坐在垫子上，叫了一声")
codes = np.eye(len(set(text)))[[sorted(set(text)).index(letter) for letter in text]]
p = lstm_init(codes.shape[1], 12, seed=0, forget_bias=1.0)
GateHeatmap(p, 3 * codes, tokens=text)

# %% [markdown] lang="en"
# ### From a vanilla RNN to an LSTM, part by part
#
# Tick the parts one after the other, and count the curves that fall below the line on each task: which part does a task wait for? With all of them on, look for a seed that stays stuck, and move to it to see what it answers.

# %% [markdown] lang="zh"
# ### 从朴素 RNN 到 LSTM，一个部件一个部件地加
#
# 逐个勾选部件，在每个任务上数一数有几条曲线落到横线以下：这个任务等的是哪个部件？全部勾上之后，找一个仍然卡住的种子，移到它那里，看它给出什么答案。

# %% name="repair"
RepairBench()

# %% [markdown] lang="en"
# ## Pictures that stand still
#
# ### Diagrams
#
# In a cell, look for the way from $c_{t-1}$ to $c_t$: how many matrices are on it? In the unrolled graph, look for arrows that skip a step. There are none.

# %% [markdown] lang="zh"
# ## 不动的图
#
# ### 示意图
#
# 在细胞图里，看从 $c_{t-1}$ 到 $c_t$ 的路：路上有几个矩阵？在展开图里，找一找跨过一步的箭头。一个也没有。

# %% name="diagram"
show(
    cell_diagram("lstm"),
    caption=tr(en="One step of an LSTM.", zh="LSTM 的一步。"),
    alt=tr(
        en="LSTM cell: c runs straight through, times f and plus i times g.",
        zh="LSTM 细胞：c 笔直穿过，先乘 f，再加上 i 乘 g。",
    ),
)

# %% name="unrolled"
show(
    unrolled_graph(4, gradient=True),
    caption=tr(en="Four steps, and the way back.", zh="四步，以及往回的路。"),
    alt=tr(
        en="Four copies of one cell in a row; dashed arrows lead back from the last to the first.",
        zh="同一个细胞的四份排成一行；虚线箭头从最后一步回到第一步。",
    ),
)

# %% [markdown] lang="en"
# ### Gradients
#
# Look at the slopes: on a log axis, a fixed factor at each step is a straight line. Thin lines are seeds, thick ones their median.

# %% [markdown] lang="zh"
# ### 梯度
#
# 看斜率：在对数坐标上，每一步乘一个固定的数，就是一条直线。细线是各个种子，粗线是它们的中位数。

# %% name="gradients"
x = np.random.default_rng(0).normal(size=(60, 1, 4))
dh = np.zeros((60, 1, 16))
dh[-1, 0, 0] = 1


def lengths(make):
    flow = [gradient_flow(make(seed), x, dh)["h"][:, 0] for seed in range(10)]
    return np.linalg.norm(flow, axis=2)  # (S, T + 1)


curves = {
    "RNN": lengths(lambda seed: rnn_init(4, 16, seed)),
    "LSTM, b_f = 0": lengths(lambda seed: lstm_init(4, 16, seed)),
    "LSTM, b_f = 3": lengths(lambda seed: lstm_init(4, 16, seed, forget_bias=3.0)),
}
assert np.median(curves["LSTM, b_f = 3"][:, 0]) > 1e3 * np.median(curves["LSTM, b_f = 0"][:, 0])
show(
    gradient_curves(curves),
    caption=tr(en="Ten untrained networks of each kind.", zh="每种各十个没训练过的网络。"),
    alt=tr(
        en="Gradient against time on a log axis: the LSTM with forget bias 3 keeps most of it.",
        zh="对数坐标上梯度随时间的变化：遗忘门偏置为 3 的 LSTM 留下的最多。",
    ),
)

# %% name="half_life"
show(
    half_life_curve(0, 1, 3),
    caption=tr(en="After so many steps half is left.", zh="过这么多步，剩下一半。"),
    alt=tr(
        en="Half-life against the forget bias, rising ever faster: 1, 2.2 and 14 steps at 0, 1, 3.",
        zh="半衰期随遗忘门偏置增长，越来越快：偏置为 0、1、3 时是 1、2.2、14 步。",
    ),
)

# %% [markdown] lang="en"
# The eigenvalues of this matrix lie well inside the unit circle, and yet it can stretch a vector at the first step: look at the dashed circle, the largest singular value.

# %% [markdown] lang="zh"
# 这个矩阵的特征值都在单位圆里面，可它第一步仍能把向量拉长：看虚线圆，那是最大奇异值。

# %% name="eigenvalues"
W = np.diag(np.linspace(0.4, 0.9, 12)) + np.eye(12, k=1)
assert abs(np.linalg.eigvals(W)).max() < 1 < np.linalg.norm(W, 2)
show(
    eigenvalue_picture(W),
    caption=tr(en="Points: eigenvalues. Dashed: σ_max.", zh="点：特征值。虚线：σ_max。"),
    alt=tr(
        en="Twelve eigenvalues on the real axis inside the unit circle; a larger dashed circle.",
        zh="十二个特征值在实轴上，都在单位圆内；外面有一个更大的虚线圆。",
    ),
)

# %% [markdown] lang="en"
# ### Values and runs
#
# In a heatmap, look for rows that stay bright (a unit that keeps) and for columns that change all at once (an input that matters).

# %% [markdown] lang="zh"
# ### 数值与训练
#
# 在热图里，找一直亮着的行（记得住的单元），再找一起变色的列（起作用的输入）。

# %% name="heatmap"
trace = forward(p, 3 * codes[:, None], trace=True).trace
show(
    heatmap(trace.f[:, 0], label="f"),
    caption=tr(en="The forget gate of twelve units.", zh="十二个单元的遗忘门。"),
    alt=tr(
        en="Heatmap of the forget gate: twelve rows over the steps of a sentence.",
        zh="遗忘门的热图：十二行，横轴是读一句话的各步。",
    ),
)

# %% [markdown] lang="en"
# In learning curves, look at the spread before you look at the median: of these made-up runs every fifth never leaves the baseline.

# %% [markdown] lang="zh"
# 看学习曲线，先看分散程度，再看中位数：下面是编造的曲线，每五条就有一条始终停在基线上。

# %% name="learning"
rng, n = np.random.default_rng(1), np.arange(300)
start = np.where(np.arange(10) % 5 == 4, 1e9, rng.uniform(80, 180, size=10))  # (S,)
loss = 0.1 / (1 + np.exp((n - start[:, None]) / 12)) + 0.002
loss = loss * rng.lognormal(0, 0.08, size=loss.shape)  # (S, N)
assert (loss[:, -1] > 0.05).sum() == 2
show(
    learning_curves({"made up": loss}, baseline=0.1),
    caption=tr(en="Ten runs, made up; two are stuck.", zh="十条编造的曲线，两条卡住了。"),
    alt=tr(
        en="Ten loss curves: eight fall by a factor of fifty, two stay at the baseline.",
        zh="十条损失曲线：八条降到五十分之一，两条停在基线。",
    ),
)

# %% name="comparison"
solved = int((loss[:, -1] < 0.01).sum())
table(
    [[tr(en="made up", zh="编造的"), f"{solved}/10", float(np.median(loss[:, -1]))]],
    [
        tr(en="network", zh="网络"),
        tr(en="solved", zh="解出"),
        tr(en="median loss", zh="损失中位数"),
    ],
    caption=tr(en="Count the seeds, then take the median.", zh="先数种子，再取中位数。"),
)
