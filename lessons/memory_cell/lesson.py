# ---
# lstm_lab:
#   title: {en: "The memory cell (1997)", zh: "记忆单元（1997）"}
#   summary: {en: "A state with a factor of exactly 1, the two conflicts that it brings, and the two gates that settle them", zh: "因子恰好是 1 的状态，它带来的两个冲突，和化解冲突的两个门"}
#   minutes: 45
#   terms: [full]
# ---

# %% [markdown] lang="en"
# *Three questions first, on [lesson {{vanishing_gradients}}](vanishing_gradients.ipynb).*
#
# <details><summary>Which number below 1 guarantees that the gradient of a tanh RNN vanishes?</summary>
#
# The largest singular value of $W_h$. The spectral radius promises something in silence and in the long run only.
#
# </details>
#
# <details><summary>What does clipping mend, and what not?</summary>
#
# It mends the cliff: it shortens and keeps the direction. It does nothing for what has vanished.
#
# </details>
#
# <details><summary>ReLU networks from the identity learnt adding over sixty steps. What went wrong at 200?</summary>
#
# Most were worse than always saying 0.5. They had begun with a factor of 1, and nothing kept it there.
#
# </details>

# %% [markdown] lang="zh"
# 先回答三个问题，关于[第 {{vanishing_gradients}} 课](vanishing_gradients.ipynb)。
#
# <details><summary>哪个数小于 1，就能保证 tanh RNN 的梯度消失？</summary>
#
# $W_h$ 的最大奇异值。谱半径只在寂静里、走得够远时，才说得准。
#
# </details>
#
# <details><summary>裁剪能治什么，不能治什么？</summary>
#
# 能治悬崖：截短，方向不变。已经消失的，它帮不上。
#
# </details>
#
# <details><summary>从单位矩阵出发的 ReLU 网络，学会了六十步的加法。到 200 步出了什么事？</summary>
#
# 大多比永远答 0.5 还差。它们从因子 1 出发，可没有什么把因子留在那里。
#
# </details>

# %% [markdown] lang="en"
# A doorman counts guests with a clicker. All evening it shows what was clicked in, no more, no less; nothing leaks, nothing grows. So give the network a clicker: a state that is only ever added to. Then the factor is 1, and no training can move it. Within the hour two things go wrong. Everybody who walks past bumps against the button. And the number glows in the dark all night, while nobody wants to know it. **What has to stand around a clicker?**

# %% [markdown] lang="zh"
# 门卫用计数器数客人。一整晚，按进去多少，它就显示多少，不漏，也不涨。那就给网络也装一个计数器：一个只做加法的状态。这样因子就是 1，训练也挪不动。不到一小时，出了两件事：谁路过都会碰到按钮；没人要看的时候，数字也整夜亮着。**计数器的周围，还得有些什么？**

# %% [markdown] lang="en"
# ## What you will be able to do
#
# - **Take** a step of the memory cell as it was published in 1997.
# - **Carry** an error back along its state, and say where the factor is 1 and where it is not.
# - **Count** the weights of the paper's own networks.
#
# [Exercise {{memory_cell}}](../../exercises/en/memory_cell.ipynb) grades these. You need [lesson {{vanishing_gradients}}](vanishing_gradients.ipynb).

# %% [markdown] lang="zh"
# ## 学完你能做什么
#
# - **走出**记忆单元的一步，就照 1997 年发表的样子。
# - **带着**误差沿它的状态往回走，并说清哪里的因子是 1，哪里不是。
# - **数出**论文里那些网络的权重。
#
# [练习 {{memory_cell}}](../../exercises/zh/memory_cell.ipynb) 考的就是这三件事。你需要[第 {{vanishing_gradients}} 课](vanishing_gradients.ipynb)。

# %% name="guess_paper.imports" show=true
import numpy as np

from lstm_lab.cells import memory_cell_init, no_forget_init
from lstm_lab.gradients import numeric_gradients, state_jacobians
from lstm_lab.i18n import tr
from lstm_lab.layers import backward, forward, linear_init
from lstm_lab.plots import learning_curves, show, table
from lstm_lab.tasks import adding, cued_value
from lstm_lab.training import Adam, fit, predict, train_rung
from lstm_lab.widgets import CellStepper, Predict, RepairBench

# %% [markdown] lang="en"
# ## Predict
#
# Adding over sixty steps, the task on which the usual tanh RNN of lesson {{vanishing_gradients}} failed on ten of ten seeds. At the end of this lesson stands the network that the paper itself used for adding: **four memory cells, 93 weights**. (Lesson {{vanishing_gradients}}'s networks had 24 units and 673.) It reads 16,000 sequences. How many of ten seeds learn it?

# %% [markdown] lang="zh"
# ## 先猜
#
# 六十步的加法，就是第 {{vanishing_gradients}} 课里通常的 tanh RNN 十个种子全军覆没的那个任务。这一课的末尾，是论文自己做加法用的网络：**四个记忆单元，93 个权重**。（第 {{vanishing_gradients}} 课的网络有 24 个单元，673 个。）它读 16,000 个序列。十个种子里，几个学得会？

# %% name="guess_paper"
guess_paper = Predict(
    "memory_cell-adding-93-weights",
    tr(
        en="Adding, T = 60, the paper's 93 weights: how many of ten seeds learn it?",
        zh="加法，T = 60，论文的 93 个权重：十个种子里几个学得会？",
    ),
)
guess_paper

# %% [markdown] lang="en"
# ## See: a state that only adds
#
# Two units side by side, the same four inputs. The plain one is $h \leftarrow \tanh(h + x)$: its own weight is already 1. The clicker is $c \leftarrow c + g$ with $g = \tanh(x)$, and what it shows is $h = \tanh(c)$. How much does each pass on of a small change that is already in it?

# %% [markdown] lang="zh"
# ## 看：只做加法的状态
#
# 两个单元并排，读同样的四个输入。朴素的是 $h \leftarrow \tanh(h + x)$：连着自己的权重已经是 1 了。计数器是 $c \leftarrow c + g$，其中 $g = \tanh(x)$，给外面看的是 $h = \tanh(c)$。里面已有的一点小变化，各自往下传多少？

# %% name="two_units"
h, c, plain, clicker = 0.0, 0.0, 1.0, 1.0
called = tr(en=("plain", "clicker", "passed on"), zh=("朴素的", "计数器", "往下传"))
for t, x_t in enumerate((1.0, 0.2, -0.1, 0.6), 1):
    h = np.tanh(h + x_t)
    plain = plain * (1 - h**2)
    g = np.tanh(x_t)
    c = c + g
    clicker = clicker * 1
    print(f"{t}:  {called[0]} h = {h:.3f}, {called[2]} {plain:.3f}", end="     ")
    shown = f"g = {g:6.3f}, c = {c:.3f}, h = {np.tanh(c):.3f}"
    print(f"{called[1]} {shown}, {called[2]} {clicker}")

# %% [markdown] lang="en"
# Both have a tanh. In the plain unit it stands *on* the road from step to step and takes its toll each time. In the clicker it stands *beside* the road: $c$ goes on as it is, and only what is shown passes through it.
#
# ## Say it
#
# $$c_t = c_{t-1} + g_t \qquad h_t = \tanh(c_t) \qquad \frac{\partial c_t}{\partial c_{t-1}} = 1$$
#
# Hochreiter and Schmidhuber called it the **constant error carousel**: an error on $c$ rides round, step for step, unchanged. And now the two troubles.

# %% [markdown] lang="zh"
# 两个都有 tanh。在朴素单元里，它站在从一步到下一步的路**上**，每次都要收过路费；在计数器里，它站在路**边**：$c$ 原样往下走，只有给外面看的那一份才穿过它。
#
# ## 说：写成公式
#
# $$c_t = c_{t-1} + g_t \qquad h_t = \tanh(c_t) \qquad \frac{\partial c_t}{\partial c_{t-1}} = 1$$
#
# Hochreiter 和 Schmidhuber 给它起名叫**恒定误差传送带**（constant error carousel）：$c$ 上的误差坐着它一步一步地走，分毫不变。现在来看那两个麻烦。

# %% [markdown] lang="en"
# ## Break it, first: everybody bumps the button
#
# A stream of thirty numbers, all noise of size 1, but for one: it is +1 or −1, and a cue stands beside it. At the end: which sign was it? Suppose the clicker simply adds all thirty. The right one is in the sum. How often has the sum its sign?

# %% [markdown] lang="zh"
# ## 弄坏它，第一次：谁路过都碰按钮
#
# 一串三十个数，都是大小为 1 的噪声，只有一个例外：它是 +1 或 −1，旁边带着提示。最后问：是正还是负？假如计数器把三十个数全加起来。要找的那个就在和里。和的正负号，有多大机会跟它一样？

# %% name="guess_bumped"
guess_bumped = Predict(
    "memory_cell-sum-of-thirty",
    tr(
        en="In how many of 100 streams has the sum the sign of the marked number?",
        zh="100 串里，有多少串的和与带提示的那个数同号？",
    ),
)
guess_bumped

# %% name="bumped"
x, y = cued_value(30).sample(100_000, np.random.default_rng(0))  # (T, B, 2), (B, 1)
value, cue = x[..., 0], x[..., 1]
every = np.sign(value.sum(axis=0)) == y[:, 0]
only = np.sign((cue * value).sum(axis=0)) == y[:, 0]

# %% name="bumped.reveal"
all_in = tr(en="all clicked in, right:         ", zh="全都按进去，对：        ")
at_cue = tr(en="only where the cue is 1, right:", zh="只在提示为 1 时按，对：")
print(f"{all_in} {every.mean():.1%}\n{at_cue} {only.mean():.0%}")
assert 0.55 < every.mean() < 0.6
assert only.all()
guess_bumped.reveal(100 * every.mean())

# %% [markdown] lang="en"
# Twenty-nine bumps against one click. The weight from the value to the clicker should be large at *one* step and nothing at all others, and it is the same weight at every step. That is the **input weight conflict**. The second number in the line above shows the cure: multiply by something that is 1 at the cue and 0 elsewhere. Let the network compute it:
#
# $$i_t = \sigma(a_i) \qquad c_t = c_{t-1} + i_t\, g_t$$
#
# $i_t$ is the **input gate**, a number between 0 and 1, from the entry and the last $h$, with weights of its own. Can one memory unit find that out? Ten seeds each, without and with the gate; *solved* is: 95 % of the error gone.

# %% [markdown] lang="zh"
# 二十九次乱碰，对一次正经的按。从数值到计数器的那个权重，应该在**一步**上很大，在别的步上是零，可它每一步都是同一个权重。这就是**输入权重冲突**（input weight conflict）。上面那行的第二个数指出了办法：乘上一个数，有提示时是 1，别处是 0。让网络自己去算它：
#
# $$i_t = \sigma(a_i) \qquad c_t = c_{t-1} + i_t\, g_t$$
#
# $i_t$ 就是**输入门**（input gate），0 到 1 之间的一个数，由这一条输入和上一个 $h$ 算出来，有自己的权重。一个记忆单元学得会吗？没有门的和有门的，各十个种子；**学会**是指误差去掉了 95%。

# %% name="input_gate"
cued = {gates: train_rung("cue", gates, seeds=range(10)) for gates in ("", "i")}

# %% name="input_gate.draw"
names = {
    "": tr(en="clicker alone", zh="只有计数器"),
    "i": tr(en="+ input gate", zh="+ 输入门"),
    "io": tr(en="+ input and output gate", zh="+ 输入门和输出门"),
}
columns = tr(
    en=["", "solved", "error gone: min", "median", "max"],
    zh=["", "学会", "去掉的误差：最小", "中位数", "最大"],
)
assert cued[""].solved.sum() == 0
assert cued["i"].solved.any()
rows = [
    [names[gates], f"{r.solved.sum()} / 10", *np.quantile(r.explained, [0, 0.5, 1])]
    for gates, r in cued.items()
]
table(rows, columns)

# %% [markdown] lang="en"
# Without the gate none, and next to nothing learnt; with it some solve it, and some stay where they were. A gate makes it *possible* for one unit. It does not make it certain.

# %% [markdown] lang="zh"
# 没有门，一个也学不会，误差几乎没少；有了门，有的学会了，有的还在原地。门让一个单元**有可能**做到，不保证一定做到。

# %% [markdown] lang="en"
# ## Break it, second: the number glows all night
#
# Now the first entry is +1 or −1, and after it comes silence, but for questions now and then (at one step in five). At a question: say the sign. At all other steps: say 0. The clicker holds the sign safely. What is it that it cannot do?

# %% [markdown] lang="zh"
# ## 弄坏它，第二次：数字整夜亮着
#
# 现在第一条是 +1 或 −1，之后一片寂静，只是时不时有人提问（五步里大约一次）。有人问，就说正负；没人问的步，一律说 0。计数器稳稳地存着那个符号。它做不到的是什么？

# %% name="guess_glow"
guess_glow = Predict(
    "memory_cell-answer-when-asked",
    tr(
        en="One unit with an input gate: how many of ten solve it?",
        zh="一个带输入门的单元：十个里几个学得会？",
    ),
)
guess_glow

# %% name="output_gate"
asked = {gates: train_rung("ask", gates, seeds=range(10)) for gates in ("i", "io")}

# %% name="output_gate.draw"
assert asked["i"].solved.sum() == 0
assert asked["io"].solved.sum() >= 4
guess_glow.reveal(int(asked["i"].solved.sum()))
rows = [
    [names[gates], f"{r.solved.sum()} / 10", *np.quantile(r.explained, [0, 0.5, 1])]
    for gates, r in asked.items()
]
table(rows, columns)

# %% [markdown] lang="en"
# What is stored shows through $h$ at every step, through one and the same weight to the answer: fine at a question, wrong at the four silent steps beside it. The **output weight conflict**. And it is not a matter of the answer alone: $h$ also feeds the other units, whom the stored thing may disturb at any moment. The cure is a second gate, behind the memory, the **output gate** (in silence it can close):
#
# $$o_t = \sigma(a_o) \qquad h_t = o_t \tanh(c_t)$$

# %% [markdown] lang="zh"
# 存着的东西，每一步都通过 $h$ 露出来，又经过同一个权重变成回答：有人问时正好，旁边没人问的四步就错了。这是**输出权重冲突**（output weight conflict）。还不光是回答的事：$h$ 也送进别的单元，存着的东西随时可能打扰它们。办法是再加一个门，放在记忆后面，叫**输出门**（output gate），没人问时可以关上：
#
# $$o_t = \sigma(a_o) \qquad h_t = o_t \tanh(c_t)$$

# %% [markdown] lang="en"
# ## The whole cell
#
# $$i_t = \sigma(a_i) \qquad g_t = \tanh(a_g) \qquad o_t = \sigma(a_o)$$
#
# $$c_t = c_{t-1} + i_t \odot g_t \qquad h_t = o_t \odot \tanh(c_t)$$
#
# Each of $a_i$, $a_g$, $a_o$ is $W_x x_t + W_h h_{t-1} + b$ with its own rows. $g_t$ is what could be written, **not** a gate: it lies between −1 and 1 and carries the content. $c_t$ is what is kept, $h_t$ what is shown. In code, an equation a line:

# %% [markdown] lang="zh"
# ## 整个单元
#
# $$i_t = \sigma(a_i) \qquad g_t = \tanh(a_g) \qquad o_t = \sigma(a_o)$$
#
# $$c_t = c_{t-1} + i_t \odot g_t \qquad h_t = o_t \odot \tanh(c_t)$$
#
# $a_i$、$a_g$、$a_o$ 都是 $W_x x_t + W_h h_{t-1} + b$，各用各的行。$g_t$ 是**可以**写进去的内容，**不是**门：它在 −1 到 1 之间，带着要写的东西。$c_t$ 是留住的，$h_t$ 是给人看的。写成代码，一行一个公式：


# %% name="cell"
def sigma(a):
    return 0.5 * (1 + np.tanh(a / 2))


def step(p, x, h, c):
    a_i, a_g, a_o = np.split(p.W_x @ x + p.W_h @ h + p.b, 3)
    i, g, o = sigma(a_i), np.tanh(a_g), sigma(a_o)
    c = c + i * g
    return o * np.tanh(c), c


p, xs = no_forget_init(3, 4, seed=0), np.random.default_rng(0).normal(size=(6, 3))
out, h, c = forward(p, xs[:, None]), np.zeros(4), np.zeros(4)
for t, x_t in enumerate(xs):
    h, c = step(p, x_t, h, c)
    assert np.allclose(h, out.h[t, 0])
same = tr(en="six steps, four cells: as the library; c =", zh="四个单元走六步，和库里的一样；c =")
print(same, c.round(3))

# %% [markdown] lang="en"
# One cell, its numbers on the wires. Step on and watch $c$. Then hold the input gate at 0: does $c$ still move? And with the output gate at 0: what is left of $c$, and what of $h$?

# %% [markdown] lang="zh"
# 一个单元，数都写在线上。往前走几步，盯住 $c$。再把输入门按在 0：$c$ 还动吗？把输出门按在 0 呢：$c$ 还剩什么，$h$ 还剩什么？

# %% name="stepper"
CellStepper("no_forget")

# %% [markdown] lang="en"
# And all of it on one bench: one memory unit between the plain RNN and today's LSTM, trained on four tasks, eight seeds for each set of gates. Below the curves one net answers a sequence that it has not seen. (The count with resets, and the switch $f$, are for lesson {{lstm_cell}}.)
#
# - With nothing but the additive state: which tasks does no seed solve?
# - Switch on $i$, then $o$. Which curves fall? Is it one task for each gate?
# - Find a seed that stays stuck with both on. What do its answers look like?

# %% [markdown] lang="zh"
# 再把它们全摆到一张台子上：一个记忆单元，从朴素 RNN 到今天的 LSTM，在四个任务上训练，每种门的组合各八个种子。曲线下面，有一个网络在回答没见过的序列。（带归零的计数，还有开关 $f$，留到第 {{lstm_cell}} 课。）
#
# - 只有做加法的状态：哪些任务，一个种子也学不会？
# - 打开 $i$，再打开 $o$。哪些曲线掉了下来？是一个门管一个任务吗？
# - 找一个两个门都开着、却还卡住的种子。它的回答是什么样子？

# %% name="bench"
RepairBench("", task="cue")

# %% [markdown] lang="en"
# ## Back along the carousel
#
# The error gets on where $c$ is shown. What the loss asks of $h_t$ passes the output gate and the slope of the tanh, and from there it rides back unchanged. So at $c_t$ you meet the sum of what this step and all later ones have put on:
#
# $$dc_t = dc_{t+1} + dh_t \odot o_t \odot (1 - \tanh^2(c_t))$$
#
# Three steps, with everything that is written ($i g$) and the output gates as given numbers:

# %% [markdown] lang="zh"
# ## 沿着传送带往回走
#
# 误差从 $c$ 露出来的地方上车。损失对 $h_t$ 的要求，先穿过输出门和 tanh 的斜率，然后就原样往回走。所以在 $c_t$ 那里遇到的，是这一步和后面各步放上来的总和：
#
# $$dc_t = dc_{t+1} + dh_t \odot o_t \odot (1 - \tanh^2(c_t))$$
#
# 三步，写进去的（$i g$）和输出门都是给定的数：

# %% name="carousel"
written, o, dh = np.array([0.5, -0.2, 0.4]), np.array([0.9, 0.3, 0.7]), np.array([0.0, 1.0, 1.0])
c = written.cumsum()
put_on = dh * o * (1 - np.tanh(c) ** 2)
dc = put_on[::-1].cumsum()[::-1]
on = tr(en="put on =", zh="放上来的 =")
print("c =", c.round(3), f"  {on}", put_on.round(3), "  dc =", dc.round(3))


def shown(nudge):
    return (dh * o * np.tanh(c + nudge)).sum()


eps = 1e-5
assert np.isclose((shown(eps) - shown(-eps)) / (2 * eps), dc[0], rtol=1e-8)

# %% [markdown] lang="en"
# Step 1 has nothing of its own to put on ($dh_1 = 0$), and still the whole of what the later steps want arrives there. The `assert` has asked directly.

# %% [markdown] lang="zh"
# 第 1 步自己没有东西可放（$dh_1 = 0$），后面各步要的却全都到了它那里。`assert` 直接问过了。

# %% [markdown] lang="en"
# ## Is the factor 1?
#
# "$\partial c_t / \partial c_{t-1} = 1$, so the gradient neither vanishes nor explodes." You will read this sentence often. But $c_{t-1}$ also shows in $h_{t-1}$, and $h_{t-1}$ feeds all gates of the next step. Ask the whole cell: how much does $c_{100}$ change with $c_0$, over *all* ways?

# %% [markdown] lang="zh"
# ## 因子真的是 1 吗？
#
# “$\partial c_t / \partial c_{t-1} = 1$，所以梯度既不消失也不爆炸。”这句话你会常常读到。可是 $c_{t-1}$ 还露在 $h_{t-1}$ 里，而 $h_{t-1}$ 送进下一步的所有门。问问整个单元：**所有的**路都算上，$c_{100}$ 随 $c_0$ 变多少？

# %% name="guess_factor"
guess_factor = Predict(
    "memory_cell-whole-factor",
    tr(
        en="Untrained, 16 cells: the norm of ∂c₁₀₀/∂c₀ over all ways is …",
        zh="没训练过的 16 个单元：所有路都算上，∂c₁₀₀/∂c₀ 的范数……",
    ),
    choices=tr(
        en=["below 0.5", "1, to a hundredth", "above 2"],
        zh=["不到 0.5", "是 1，误差不过百分之一", "大于 2"],
    ),
)
guess_factor

# %% name="factor"
x = np.random.default_rng(0).normal(size=(100, 8))
lags, norms = [1, 10, 50, 100], {}
for truncated in (False, True):
    nets = [memory_cell_init(8, 16, seed=s, truncated=truncated) for s in range(10)]
    norms[truncated] = np.array([state_jacobians(p, x).norms("c", "c")[lags] for p in nets])

# %% name="factor.reveal"
for truncated, n in norms.items():
    spread = zip(n.min(axis=0), n.max(axis=0), strict=True)
    print(f"truncated = {truncated}:", *[f"{low:.2f} … {high:.2f}" for low, high in spread])
assert (norms[False][:, -1] > 2).all()
assert (norms[True] == 1).all()
whole = np.median(norms[False][:, -1])
guess_factor.reveal(0 if whole < 0.5 else 2 if whole > 2 else 1)

# %% [markdown] lang="en"
# (At 1, 10, 50 and 100 steps, ten networks.) Over all ways it *grows*: the ways through $h$ and the gates add to the straight one. The 1 of the carousel is the factor of the straight way alone.
#
# In the second line it is 1 exactly, since there the other ways are cut. That is what the authors of 1997 did: a **truncated gradient**, which goes back in time along $c$ and nowhere else. So "constant error" was a promise about *their* gradient. It also made the method cheap: no state need be kept to walk back over; each weight carries along one running number for each cell that it feeds. Is this still the gradient of the loss? Ask the judge of lesson {{rnn_backward}}:

# %% [markdown] lang="zh"
# （依次是 1、10、50、100 步，十个网络。）所有路都算上，它**变大**了：经过 $h$ 和门的那些路，都加到了直路上。传送带的那个 1，只是直路自己的因子。
#
# 第二行恰好是 1，因为那里别的路都切断了。1997 年的作者就是这么做的：**截断梯度**（truncated gradient），只沿着 $c$ 往回走，别的路一概不走。所以“误差恒定”，说的是**他们那个**梯度。这样还省事：不必留着各步的状态等着往回走，每个权重只要为它送到的每个单元随身带一个累加的数。可这还是损失的梯度吗？问问第 {{rnn_backward}} 课的裁判：

# %% name="judge"
xs, gaps = np.random.default_rng(1).normal(size=(8, 1, 2)), {}  # (T, B, I)
names = "W_x", "W_h", "W_g", "b"
for truncated in (False, True):
    p = memory_cell_init(2, blocks=2, cells=2, seed=0, scale=1.0, truncated=truncated)
    true = numeric_gradients(lambda p: float(forward(p, xs).h[-1].sum()), p)
    out = forward(p, xs)
    dh = np.zeros_like(out.h)
    dh[-1] = 1
    mine = backward(p, out, dh).p
    gaps[truncated] = {k: abs(getattr(mine, k) - getattr(true, k)).max() for k in names}

# %% name="judge.check"
for truncated, gap in gaps.items():
    off = {k: f"{size:.0e}" for k, size in gap.items()}
    print(f"truncated = {truncated}:", tr(en="off by", zh="相差"), off)
    assert (max(gap.values()) < 1e-7) == (not truncated)

# %% [markdown] lang="en"
# Convicted. The truncated gradient is no gradient of this loss; it leaves ways out, as truncated BPTT does in lesson {{rnn_backward}}. It is still good enough to learn with, as you will see in a moment. (Today's frameworks compute the full one. You write the truncated one in the exercise.)

# %% [markdown] lang="zh"
# 有罪。截断梯度不是这个损失的梯度，它漏掉了一些路，就像第 {{rnn_backward}} 课的截断 BPTT。但拿它来学习，仍然够用，马上就会看到。（今天的框架算的都是完整的梯度。截断的那个，你在练习里写。）

# %% [markdown] lang="en"
# ## As it was published
#
# What you have built is how we read the paper today. On the page it looked different in four places, and exercise {{memory_cell}} keeps to the page:
#
# | | today's reading | 1997 |
# |:--|:--|:--|
# | gates | one $i$ and one $o$ for each cell | one for each **block** of cells |
# | what feeds a unit | $x_t$ and $h_{t-1}$ | also the *gates* of the step before: they are units like others |
# | squashing | $g = \tanh(a_g)$, $h = o \tanh(c)$ | $g = 2 \tanh(a_g / 2)$, $h = o \tanh(c / 2)$ |
# | gradient | full | truncated |
#
# (The paper writes its squashings with the logistic function, $4\sigma(a) - 2$ and $2\sigma(c) - 1$. These are the same numbers.)
#
# Now the weights can be counted. $K$ blocks with $H$ cells in all have $K$ input and $K$ output gates: $U = H + 2K$ units. Each hears $I$ inputs and all $U$ units. Each of $O$ outputs hears the $H$ cells. Add the biases:
#
# $$U(I + U) + O\,H + \text{biases}$$

# %% [markdown] lang="zh"
# ## 发表时的样子
#
# 你搭的是今天对那篇论文的读法。论文里有四处不一样，练习 {{memory_cell}} 照论文来：
#
# | | 今天的读法 | 1997 |
# |:--|:--|:--|
# | 门 | 每个单元一个 $i$、一个 $o$ | 每个**记忆块**（block）一对，块里的单元共用 |
# | 单元听什么 | $x_t$ 和 $h_{t-1}$ | 还听上一步的**门**：门和别的单元没有两样 |
# | 压缩函数 | $g = \tanh(a_g)$，$h = o \tanh(c)$ | $g = 2 \tanh(a_g / 2)$，$h = o \tanh(c / 2)$ |
# | 梯度 | 完整 | 截断 |
#
# （论文用 logistic 函数写压缩函数：$4\sigma(a) - 2$ 和 $2\sigma(c) - 1$。数值是一样的。）
#
# 现在可以数权重了。$K$ 块，一共 $H$ 个单元，就有 $K$ 个输入门和 $K$ 个输出门：$U = H + 2K$ 个单元。每个都听 $I$ 个输入和全部 $U$ 个单元。$O$ 个输出各听 $H$ 个记忆单元。再加上偏置：
#
# $$U(I + U) + O\,H + \text{偏置}$$

# %% name="counts"
# en: I, K, H, O, who has a bias, weights as printed in the paper | zh: I、K、H、O，谁有偏置，论文里印的权重数
paper = {
    tr(en="embedded Reber, 4 x 1", zh="嵌入式 Reber，4 x 1"): (7, 4, 4, 7, "gates", 264),
    tr(en="embedded Reber, 3 x 2", zh="嵌入式 Reber，3 x 2"): (7, 3, 6, 7, "gates", 276),
    tr(en="adding", zh="加法"): (2, 2, 4, 1, "all", 93),
    tr(en="temporal order, 4 classes", zh="时间顺序，4 类"): (8, 2, 4, 4, "all", 156),
    tr(en="temporal order, 8 classes", zh="时间顺序，8 类"): (8, 3, 6, 8, "all", 308),
}
lines = []
for name, (I, K, H, O, bias, printed) in paper.items():
    U = H + 2 * K
    biases = 2 * K if bias == "gates" else U + O
    count = U * (I + U) + O * H + biases
    assert count == printed
    lines.append([name, I, K, H, O, U, count, 4 * H * (I + H + 1) + O * (H + 1)])

# %% name="counts.draw"
table(lines, ["", "I", "K", "H", "O", "U", "1997", "4H(I+H+1) + O(H+1)"])

# %% [markdown] lang="en"
# All five agree with the page. The last column is today's LSTM of the same size with its output layer: it gives none of them, and anybody who explains the 1997 counts by it has not done the sum.

# %% [markdown] lang="zh"
# 五个都和论文对得上。最后一列是今天同样大小的 LSTM 连同输出层：一个也对不上。拿它去解释 1997 年的数字，就是没算过。

# %% [markdown] lang="en"
# ## Measure: sixty steps with 93 weights
#
# The paper's network for adding: two blocks of two cells. Input gates start half closed (bias −1), so that the clickers do not fill up with noise before they have learnt anything. Once with the full gradient, once with the truncated one:

# %% [markdown] lang="zh"
# ## 测：93 个权重走六十步
#
# 论文做加法用的网络：两块，每块两个单元。输入门开始时半掩着（偏置 −1），免得计数器什么都没学会，就先灌满了噪声。一次用完整的梯度，一次用截断的：

# %% name="train_paper"
task, seeds, models, curves = adding(60), range(10), {}, {}
for name in ("full", "truncated"):
    cell = memory_cell_init(
        2, blocks=2, cells=2, seed=seeds, input_bias=-1.0, truncated=name == "truncated"
    )
    model = cell, linear_init(4, 1, seed=seeds)
    run = fit(model, task, updates=1000, batch=16, optimizer=Adam(lr=0.02), progress=False)
    models[name], curves[name] = run.model, run.history["loss"].T / task.baseline  # (S, updates)

learnt = {name: int((r[:, -50:].mean(axis=1) < 0.25).sum()) for name, r in curves.items()}
count = (cell.count + model[1].count) // 10
print(tr(en="weights:", zh="权重："), count, tr(en="  learnt:", zh="  学会："), learnt)

# %% name="train_paper.reveal"
assert learnt["full"] >= 5
assert learnt["truncated"] >= 4
guess_paper.reveal(learnt["full"])

# %% name="curves"
show(
    learning_curves(curves, ylabel="loss / baseline", baseline=1.0, window=50),
    caption=tr(
        en="Adding, T = 60, ten seeds each (thin), their medians thick: a plateau at the "
        "baseline, then a fall.",
        zh="加法，T = 60，full 用完整的梯度，truncated 用截断的，各十个种子（细线），粗线是"
        "中位数：先停在基线上，然后掉下去。横轴是更新次数，纵轴是损失与基线之比。",
    ),
    alt=tr(
        en="Loss over baseline against updates, log axis: most curves leave 1 and fall far below.",
        zh="损失与基线之比随更新次数的变化，对数轴：多数曲线离开 1，远远降到下面。",
    ),
)

# %% [markdown] lang="en"
# With the full gradient at least half of the seeds learn with 93 weights, in 16,000 sequences, what none of ten tanh RNNs of 673 learnt in 19,200. With the truncated one it is a few fewer, or as many. Some stay on the plateau; the paper trained far longer. (The identity start of lesson {{vanishing_gradients}} learnt it too. So ask the question on which it failed: longer streams.)

# %% [markdown] lang="zh"
# 用完整的梯度，93 个权重、16,000 个序列，至少一半的种子学会了；十个 673 个权重的 tanh RNN，读了 19,200 个也没学会一个。用截断的，学会的差不多，或者略少几个。有几个停在平台上不动，论文里训练的时间要长得多。（第 {{vanishing_gradients}} 课从单位矩阵出发的也学会了。那就拿它栽跟头的问题来问：更长的流。）

# %% name="longer"
for T in (60, 120, 200):
    x, y = adding(T).sample(200, np.random.default_rng(100), seeds=10)
    loss = ((predict(models["full"], x) - y) ** 2).mean(axis=(1, 2)) / adding(T).baseline  # (S,)
    print(f"T = {T:3}: loss / baseline =", *[f"{r:.2g}" for r in np.sort(loss)])
assert np.median(loss) < 1

# %% [markdown] lang="en"
# (Sorted, a number a seed.) At 200 steps the middle one is still better than the baseline, where lesson {{vanishing_gradients}}'s networks from the identity were mostly worse. What is built in, training cannot move away.

# %% [markdown] lang="zh"
# （排过序，一个种子一个数。）到 200 步，居中的那个仍然好过基线；第 {{vanishing_gradients}} 课从单位矩阵出发的，那时大多比基线还差。造进去的东西，训练挪不走。

# %% [markdown] lang="en"
# ## Common mistakes
#
# | wrong | symptom | right |
# |:--|:--|:--|
# | "the LSTM of 1997 had a forget gate" | its counts and its failures on streams cannot be explained | it came in 2000 |
# | "the factor along $c$ is 1, so the gradient is constant" | over all ways it grew in each of ten networks | constant for the truncated gradient |
# | $g$ through $\sigma$ | only positive things can be written, $c$ can never fall | $g$ through tanh, the gates through $\sigma$ |
# | feeding $c$ to the next step in place of $h$ | the output gate has nothing to do | $c$ goes on to $c$; $h$ to gates and answer |
# | one gate for each cell in a block | too many weights | the cells of a block share both gates |
# | $4H(I+H+1)$ for a 1997 network | 93, 264, 276, 156, 308 never come out | $U(I+U) + O H$ + biases |
# | checking the truncated gradient by finite differences | it "fails" | it is no gradient of the loss, by intent |

# %% [markdown] lang="zh"
# ## 常见错误
#
# | 错误 | 症状 | 正确 |
# |:--|:--|:--|
# | “1997 年的 LSTM 有遗忘门” | 它的权重数、它在流上的失败，都没法解释 | 遗忘门是 2000 年才有的 |
# | “沿 $c$ 的因子是 1，所以梯度恒定” | 所有路都算上，十个网络个个变大 | 恒定的是截断梯度 |
# | $g$ 用 $\sigma$ | 只能写正的，$c$ 永远降不下来 | $g$ 用 tanh，门才用 $\sigma$ |
# | 把 $c$ 当成 $h$ 送进下一步 | 输出门成了摆设 | $c$ 传给 $c$；$h$ 传给门和回答 |
# | 块里每个单元各配一对门 | 权重太多 | 同一块的单元共用两个门 |
# | 用 $4H(I+H+1)$ 数 1997 年的网络 | 93、264、276、156、308 一个也出不来 | $U(I+U) + O H$ + 偏置 |
# | 用有限差分检查截断梯度 | “通不过” | 它本来就不是损失的梯度，故意的 |

# %% [markdown] lang="en"
# ## Exercise
#
# [Exercise {{memory_cell}}](../../exercises/en/memory_cell.ipynb): the cell as published, a sequence in which gates hear gates, the way back along the carousel, and the weights of the paper.
#
# ## Papers
#
# - Hochreiter & Schmidhuber (1997), *Long short-term memory*: section 3 has the carousel and the two conflicts, section 4 the cell, the appendix the truncated gradient. Adding over 100, 500 and 1,000 steps was learnt after 74,000, 209,000 and 853,000 sequences in the mean.
# - Hochreiter (1991): the analysis that led to it.
#
# ## Next
#
# The clicker has a button to add and none to set it back. The paper's tasks ended after each sequence, and everything began again from zero. What happens on a stream that never ends? Lesson {{lstm_cell}}.

# %% [markdown] lang="zh"
# ## 练习
#
# [练习 {{memory_cell}}](../../exercises/zh/memory_cell.ipynb)：照论文写出单元的一步，写一个门与门互相听着的序列，沿传送带往回走，再数论文里的权重。
#
# ## 论文
#
# - Hochreiter 和 Schmidhuber（1997），*Long short-term memory*：第 3 节讲传送带和两个冲突，第 4 节讲单元，附录讲截断梯度。100、500、1,000 步的加法，平均读 74,000、209,000、853,000 个序列之后学会。
# - Hochreiter（1991）：引出这一切的分析。
#
# ## 下一步
#
# 计数器有加一的按钮，没有清零的。论文里的任务，每个序列到头就结束，一切从零再来。如果是一条永远不完的流呢？第 {{lstm_cell}} 课。
