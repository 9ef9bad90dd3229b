# ---
# lstm_lab:
#   title: {en: "The LSTM backward", zh: "LSTM 的反向传播"}
#   summary: {en: "Every way back through the cell, one term at a time; which of them carries the message; then an LSTM from an empty file", zh: "穿过单元往回走的每一条路，一项一项写出来；消息走的是哪一条；然后从空文件写出一个 LSTM"}
#   minutes: 50
# ---

# %% [markdown] lang="en"
# *Three questions first, on lessons [{{rnn_backward}}](rnn_backward.ipynb), [{{memory_cell}}](memory_cell.ipynb) and [{{lstm_cell}}](lstm_cell.ipynb).*
#
# <details><summary>What is carried back from step to step in an RNN, and what is collected on the way?</summary>
#
# $dh$ is carried, through $da = dh \odot (1 - h^2)$; each step leaves its share $da\, h^\top$, $da\, x^\top$, $da$, and the shares are added.
#
# </details>
#
# <details><summary>Over all ways, did $\partial c_{100}/\partial c_0$ of the untrained 1997 cell stay at 1?</summary>
#
# No, it grew in each of ten networks. It is 1 along $c$ alone.
#
# </details>
#
# <details><summary>With the forget gate at $f$ in every step, what is left along $c$ after $k$ steps?</summary>
#
# $f^k$. Half of it is gone after $-\ln 2 / \ln f$ steps: the half-life.
#
# </details>

# %% [markdown] lang="zh"
# 先回答三个问题，关于第 [{{rnn_backward}}](rnn_backward.ipynb)、[{{memory_cell}}](memory_cell.ipynb) 和 [{{lstm_cell}}](lstm_cell.ipynb) 课。
#
# <details><summary>在 RNN 里，一步一步往回带的是什么？路上收集的又是什么？</summary>
#
# 带的是 $dh$，穿过 $da = dh \odot (1 - h^2)$；每一步留下自己的份额 $da\, h^\top$、$da\, x^\top$、$da$，最后加起来。
#
# </details>
#
# <details><summary>所有的路都算上，没训练过的 1997 年单元，$\partial c_{100}/\partial c_0$ 还是 1 吗？</summary>
#
# 不是，十个网络个个变大了。只沿着 $c$ 走，才是 1。
#
# </details>
#
# <details><summary>每一步遗忘门都是 $f$，沿着 $c$ 走 $k$ 步还剩多少？</summary>
#
# $f^k$。过 $-\ln 2 / \ln f$ 步少一半，这就是半衰期。
#
# </details>

# %% [markdown] lang="en"
# A motorway with a toll: at each station $f$ of your load stays on the lorry, the rest is kept. After sixty stations you know to a gram what must arrive, $f^{60}$. Then the lorry is weighed, and it carries *hundreds of times more*. Somebody has driven part of the load through the villages. **Which roads lead around the toll, and how much do they carry?**
#
# That was lesson {{start_here}}: an untrained LSTM passed on far more than its forget gate allows.

# %% [markdown] lang="zh"
# 一条收费公路：每过一个站，车上的货只留下 $f$ 这么一份，其余被扣下。过六十个站，该剩多少，算得清清楚楚：$f^{60}$。可到头一过秤，**多出几百倍**。有人把一部分货从村子里绕过去了。**有哪些路绕得开收费站？它们各运了多少？**
#
# 这正是第 {{start_here}} 课看到的：没训练过的 LSTM，传过来的远比遗忘门放行的多。

# %% [markdown] lang="en"
# ## What you will be able to do
#
# - **Derive** every term of the LSTM's gradient from the six equations.
# - **Follow** a gradient back, and say what came along $c$ and what through $h$.
# - **Write** an LSTM with its backward pass from an empty file, check it, and train it.
#
# You need [lesson {{lstm_cell}}](lstm_cell.ipynb), [lesson {{rnn_backward}}](rnn_backward.ipynb) and the chain rule; [exercise {{lstm_backward}}](../../exercises/en/lstm_backward.ipynb) grades these.

# %% [markdown] lang="zh"
# ## 学完你能做什么
#
# - **推出** LSTM 梯度的每一项，从六个公式出发。
# - **跟着**梯度往回走，说得出哪些沿着 $c$ 来，哪些经过 $h$ 来。
# - **写出**一个带反向传播的 LSTM，从空文件开始，检验它，训练它。
#
# 你需要[第 {{lstm_cell}} 课](lstm_cell.ipynb)、[第 {{rnn_backward}} 课](rnn_backward.ipynb)和链式法则；[练习 {{lstm_backward}}](../../exercises/zh/lstm_backward.ipynb) 考的就是这些。

# %% name="guess_around.imports" show=true
import numpy as np

from lstm_lab.cells import LSTMParams, lstm_init
from lstm_lab.gradients import numeric_gradients
from lstm_lab.i18n import tr
from lstm_lab.layers import linear_init
from lstm_lab.plots import learning_curves, show, table
from lstm_lab.tasks import adding
from lstm_lab.training import Adam, clip_global_norm, one_thread
from lstm_lab.widgets import GradientBridge, Predict

# %% [markdown] lang="en"
# ## Predict
#
# Sixteen cells, untrained, forget bias 1, sixty random entries. Take the product of the forget gates of the unit that keeps most, and the whole of what arrives, $\partial c_{60}/\partial c_1$ over all ways (its largest singular value, as in lesson {{vanishing_gradients}}). How many times larger is the whole?

# %% [markdown] lang="zh"
# ## 先猜
#
# 十六个单元，没训练过，遗忘门偏置为 1，六十条随机输入。取保留得最多的那个单元，算它各步遗忘门的连乘；再看一共到了多少：所有的路都算上的 $\partial c_{60}/\partial c_1$（和第 {{vanishing_gradients}} 课一样，取最大奇异值）。后者是前者的多少倍？

# %% name="guess_around"
guess_around = Predict(
    "lstm_backward-around-the-toll",
    tr(
        en="The whole is how many times the product of f, after 60 steps?",
        zh="走 60 步之后，一共到的是 f 连乘的多少倍？",
    ),
    log=True,
)
guess_around

# %% [markdown] lang="en"
# ## See: one cell, one step, real numbers
#
# $h$ and $c$ come in, and an entry $x$. To keep it on one page all weights from $h$ are 0.5, all from $x$ are 1, and the biases are 0, but for the forget gate's, which is 1. Forward, the six equations:

# %% [markdown] lang="zh"
# ## 看：一个单元，一步，用真实的数
#
# 进来的是 $h$ 和 $c$，还有一条输入 $x$。为了写得下，从 $h$ 来的权重都是 0.5，从 $x$ 来的都是 1，偏置都是 0，只有遗忘门的是 1。往前走，六个公式：


# %% name="one_step"
def sigma(a):
    return 0.5 * (1 + np.tanh(a / 2))


def step(p, x, h, c):
    a = x @ np.swapaxes(p.W_x, -1, -2) + h @ np.swapaxes(p.W_h, -1, -2) + p.b[..., None, :]
    i, f, g, o = np.split(a, 4, axis=-1)
    i, f, g, o = sigma(i), sigma(f), np.tanh(g), sigma(o)
    c_new = f * c + i * g
    return o * np.tanh(c_new), c_new, (x, h, c, i, f, g, o, c_new)


p = LSTMParams(np.ones((4, 1)), np.full((4, 1), 0.5), np.array([0.0, 1, 0, 0]))
x, h, c = np.array([[0.8]]), np.array([[0.3]]), np.array([[-0.5]])  # (B, I), (B, H), (B, H)
h_new, c_new, kept = step(p, x, h, c)
for name, number in zip(("i", "f", "g", "o"), kept[3:7], strict=True):
    print(f"{name} = {number[0, 0]:.4f}", end="   ")
print(f"c = {c_new[0, 0]:.4f}   h = {h_new[0, 0]:.4f}")

# %% [markdown] lang="en"
# Now backward. Say the loss asks 1 of the new $h$, and later steps ask 0.5 of the new $c$. Go through the six equations from the last to the first; at each, ask only: *who stands on the right, and with what slope?*
#
# - $h = o \tanh(c)$ has two on the right. $o$ gets $dh \cdot \tanh(c)$. And $c$ gets $dh \cdot o \cdot (1 - \tanh^2 c)$, **on top of** the 0.5.
# - $c = f c_{\text{old}} + i g$ has four: $f$ gets $dc \cdot c_{\text{old}}$, $c_{\text{old}}$ gets $dc \cdot f$, $i$ gets $dc \cdot g$, $g$ gets $dc \cdot i$.
# - Each gate is a $\sigma$ with slope $\sigma(1 - \sigma)$, and $g$ a tanh with slope $1 - g^2$. That gives four numbers $da$.
# - All four come from $x$ and the *old* $h$, so $h_{\text{old}}$ gets the sum of weight times $da$ over the four.

# %% [markdown] lang="zh"
# 现在往回走。假设损失对新的 $h$ 要 1，后面各步对新的 $c$ 要 0.5。把六个公式从最后一个走到第一个，每到一个只问：**等号右边站着谁，斜率是多少？**
#
# - $h = o \tanh(c)$ 的右边有两个。$o$ 分到 $dh \cdot \tanh(c)$；$c$ 分到 $dh \cdot o \cdot (1 - \tanh^2 c)$，**再加上**那个 0.5。
# - $c = f c_{\text{old}} + i g$ 的右边有四个：$f$ 分到 $dc \cdot c_{\text{old}}$，$c_{\text{old}}$ 分到 $dc \cdot f$，$i$ 分到 $dc \cdot g$，$g$ 分到 $dc \cdot i$。
# - 每个门都是 $\sigma$，斜率 $\sigma(1 - \sigma)$；$g$ 是 tanh，斜率 $1 - g^2$。这样得到四个数 $da$。
# - 这四个都是从 $x$ 和**旧的** $h$ 来的，所以 $h_{\text{old}}$ 分到的，是四个“权重乘 $da$”的和。

# %% name="by_hand"
dh, dc = 1.0, 0.5
x0, h0, c0, i, f, g, o, c1 = (float(a[0, 0]) for a in kept)
do = dh * np.tanh(c1)
dc = dc + dh * o * (1 - np.tanh(c1) ** 2)
di, df, dg, dc_old = dc * g, dc * c0, dc * i, dc * f
da = np.array([di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)])
dh_old = (0.5 * da).sum()
print(f"dc = {dc:.4f}   da_i, da_f, da_g, da_o = {da.round(4)}")
print(f"dc_old = {dc_old:.4f}   dh_old = {dh_old:.4f}")


def asked(h, c):  # 1 of h, 0.5 of c
    h_new, c_new, _ = step(p, x, np.array([[h]]), np.array([[c]]))
    return float(h_new[0, 0] + 0.5 * c_new[0, 0])


eps = 1e-5
slopes = (asked(h0, c0 + eps) - asked(h0, c0 - eps), asked(h0 + eps, c0) - asked(h0 - eps, c0))
print(
    tr(en="asked directly:", zh="直接问出来的："), *(f"{slope / (2 * eps):.4f}" for slope in slopes)
)
assert np.allclose(np.array(slopes) / (2 * eps), [dc_old, dh_old], atol=1e-9)

# %% [markdown] lang="en"
# ## Say it
#
# With $\odot$ entry by entry, and $dh_t$, $dc_t$ for all that the loss and later steps ask:
#
# $$do = dh_t \odot \tanh(c_t) \qquad dc_t \mathrel{+}= dh_t \odot o_t \odot (1 - \tanh^2(c_t))$$
#
# $$di = dc_t \odot g_t \qquad df = dc_t \odot c_{t-1} \qquad dg = dc_t \odot i_t \qquad dc_{t-1} = dc_t \odot f_t$$
#
# $$da = \left[\, di\, i(1-i),\;\; df\, f(1-f),\;\; dg\,(1-g^2),\;\; do\, o(1-o) \,\right] \qquad dh_{t-1} = W_h^\top da$$
#
# $$dW_x = \sum_t da\, x_t^\top \qquad dW_h = \sum_t da\, h_{t-1}^\top \qquad db = \sum_t da \qquad dx_t = W_x^\top da$$
#
# The last line is that of lesson {{rnn_backward}}, word for word. Two things are carried instead of one, $dh$ and $dc$. That is all that is new.

# %% [markdown] lang="zh"
# ## 说：写成公式
#
# $\odot$ 是逐元素乘积，$dh_t$、$dc_t$ 表示损失和后面各步一共要的：
#
# $$do = dh_t \odot \tanh(c_t) \qquad dc_t \mathrel{+}= dh_t \odot o_t \odot (1 - \tanh^2(c_t))$$
#
# $$di = dc_t \odot g_t \qquad df = dc_t \odot c_{t-1} \qquad dg = dc_t \odot i_t \qquad dc_{t-1} = dc_t \odot f_t$$
#
# $$da = \left[\, di\, i(1-i),\;\; df\, f(1-f),\;\; dg\,(1-g^2),\;\; do\, o(1-o) \,\right] \qquad dh_{t-1} = W_h^\top da$$
#
# $$dW_x = \sum_t da\, x_t^\top \qquad dW_h = \sum_t da\, h_{t-1}^\top \qquad db = \sum_t da \qquad dx_t = W_x^\top da$$
#
# 最后一行和第 {{rnn_backward}} 课一字不差。往回带的从一样变成两样，$dh$ 和 $dc$。新东西就这么多。

# %% [markdown] lang="en"
# ## Build it
#
# An equation a line. Arrays may carry any number of leading axes, so that the same lines serve a batch, and ten networks at once.

# %% [markdown] lang="zh"
# ## 搭出来
#
# 一行一个公式。数组前面可以再多几个轴，同样的几行就能管一批序列，也能一次管十个网络。


# %% name="build"
def read(p, x):
    h = c = np.zeros((*x.shape[1:-1], p.W_h.shape[-1]))  # (..., B, H)
    steps = []
    for x_t in x:
        h, c, kept = step(p, x_t, h, c)
        steps.append(kept)
    return h, c, steps


def step_back(p, kept, dh, dc):
    _x, _h, c, i, f, g, o, c_new = kept
    do = dh * np.tanh(c_new)
    dc = dc + dh * o * (1 - np.tanh(c_new) ** 2)
    di, df, dg = dc * g, dc * c, dc * i
    parts = [di * i * (1 - i), df * f * (1 - f), dg * (1 - g**2), do * o * (1 - o)]
    da = np.concatenate(parts, axis=-1)  # (..., B, 4H)
    return da, da @ p.W_h, dc * f


# %% name="go_back"
def go_back(p, steps, dh):
    dW_x, dW_h, db, dc = 0.0, 0.0, 0.0, 0.0
    for kept in reversed(steps):
        da, dh_old, dc = step_back(p, kept, dh, dc)
        dW_x = dW_x + np.swapaxes(da, -1, -2) @ kept[0]
        dW_h = dW_h + np.swapaxes(da, -1, -2) @ kept[1]
        db = db + da.sum(axis=-2)
        dh = dh_old
    return p.replace(W_x=dW_x, W_h=dW_h, b=db)


# %% [markdown] lang="en"
# `dh` is what the loss asks of the *last* $h$. Three judges: finite differences, PyTorch's autograd on your own forward lines (it finds the backward pass by itself, from a record of every operation), and PyTorch's `nn.LSTM` with your weights. No two sizes alike: three entries wide, five units, two sequences, seven steps.

# %% [markdown] lang="zh"
# `dh` 是损失对**最后**那个 $h$ 的要求。裁判有三个：有限差分；PyTorch 的 autograd，跑在你自己的前向代码上（它记下每一个运算，自己找出反向）；还有装上你的权重的 `nn.LSTM`。各个大小互不相同：输入宽三，五个单元，两个序列，七步。

# %% name="judges"
torch = one_thread()
rng = np.random.default_rng(0)
p, x = lstm_init(3, 5, seed=0), rng.normal(size=(7, 2, 3))  # (T, B, I)
ask = rng.normal(size=(2, 5))  # (B, H)
mine = go_back(p, read(p, x)[2], ask)

numeric = numeric_gradients(lambda p: float((read(p, x)[0] * ask).sum()), p)
W_x, W_h, b = (torch.tensor(a, requires_grad=True) for a in (p.W_x, p.W_h, p.b))
h = c = torch.zeros(2, 5, dtype=torch.float64)
for x_t in torch.tensor(x):
    i, f, g, o = (x_t @ W_x.T + h @ W_h.T + b).chunk(4, dim=1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    h = o.sigmoid() * c.tanh()
(h * torch.tensor(ask)).sum().backward()

# %% name="judges.check"
for name, auto in (("W_x", W_x.grad), ("W_h", W_h.grad), ("b", b.grad)):
    gap = [np.abs(getattr(mine, name) - a).max() for a in (getattr(numeric, name), auto.numpy())]
    by = tr(en=["finite differences", "autograd"], zh=["有限差分", "自动求导"])
    print(f"d{name}:", *[f"{judge} {off:.0e}" for judge, off in zip(by, gap, strict=True)])
    assert gap[0] < 1e-8
    assert gap[1] < 1e-12

# %% name="nn_lstm"
lstm = torch.nn.LSTM(3, 5, dtype=torch.float64)
with torch.no_grad():
    lstm.weight_ih_l0.copy_(torch.tensor(p.W_x))
    lstm.weight_hh_l0.copy_(torch.tensor(p.W_h))
    lstm.bias_ih_l0.copy_(torch.tensor(p.b))
    lstm.bias_hh_l0.zero_()
h = lstm(torch.tensor(x))[0][-1]
(h * torch.tensor(ask)).sum().backward()
pairs = {"W_x": lstm.weight_ih_l0, "W_h": lstm.weight_hh_l0, "b": lstm.bias_ih_l0}

# %% name="nn_lstm.check"
for name, weight in pairs.items():
    assert np.allclose(getattr(mine, name), weight.grad.numpy(), atol=1e-12)
print(tr(en="nn.LSTM: the same gradient for", zh="nn.LSTM：梯度一样的有"), *pairs)

# %% [markdown] lang="en"
# All three agree. (`nn.LSTM` adds two biases, so yours goes into one and the other is zero.) Your twenty lines are the backward pass of the most used recurrent layer there is.

# %% [markdown] lang="zh"
# 三个裁判都点头。（`nn.LSTM` 有两个偏置相加，所以你的放进一个，另一个是零。）你这二十行，就是用得最多的循环层的反向传播。

# %% [markdown] lang="en"
# ## Close the roads, one at a time
#
# From $c_{t-1}$ the motorway leads straight to $c_t$, by way of $f_t$. The village roads leave through $h_{t-1}$ and come back into $c_t$ by way of $i_t$, $f_t$ or $g_t$ (or into $h_t$, by way of $o_t$). In `step_back` each is one of the five products. Multiply one by zero, and the road is closed. Start with one unit vector for each cell of the last $c$, and walk back sixty steps:

# %% [markdown] lang="zh"
# ## 一次封一条路
#
# 从 $c_{t-1}$ 出发，公路经过 $f_t$ 直通 $c_t$。村路则从 $h_{t-1}$ 绕出去，经过 $i_t$、$f_t$ 或 $g_t$ 回到 $c_t$（或者经过 $o_t$ 到 $h_t$）。在 `step_back` 里，每条路就是五个乘积中的一个；给哪个乘上零，哪条路就封了。从最后的 $c$ 出发，每个单元一个单位向量，往回走六十步：


# %% name="roads"
roads = ["i", "f", "g", "o", "c"]


def arrives(p, steps, open_roads):
    k = [float(road in open_roads) for road in roads]
    H = p.W_h.shape[-1]
    dh, dc_next = np.zeros((H, H)), np.eye(H)
    for _x, _h, c, i, f, g, o, c_new in reversed(steps):
        do = dh * np.tanh(c_new)
        dc = dc_next + dh * o * (1 - np.tanh(c_new) ** 2)
        parts = [dc * g * i * (1 - i), dc * c * f * (1 - f), dc * i * (1 - g**2), do * o * (1 - o)]
        da = np.concatenate([k[n] * part for n, part in enumerate(parts)], axis=-1)
        dh, dc_next = da @ p.W_h, k[4] * dc * f
    return np.linalg.norm(dc, ord=2)


def nets(b_f, T=60):
    for seed in range(10):
        p = lstm_init(8, 16, seed=seed, forget_bias=b_f)
        x = np.random.default_rng(seed).normal(size=(T, 1, 8))
        yield p, read(p, x)[2]


# %% name="around"
whole = np.array([arrives(p, steps, "ifgoc") for p, steps in nets(1.0)])
toll = np.array([arrives(p, steps, "c") for p, steps in nets(1.0)])
most = [np.prod([kept[4] for kept in steps[1:]], axis=0).max() for _p, steps in nets(1.0)]

# %% name="around.reveal"
print(
    tr(en="whole / product of f:", zh="一共 / f 的连乘："),
    *(f"{r:.0f}" for r in np.sort(whole / toll)),
)

assert np.allclose(toll, most)
assert (whole / toll > 10).all()
assert np.median(whole / toll) > 100
guess_around.reveal(np.median(whole / toll))

# %% [markdown] lang="en"
# The first `assert` in the folded cell says that with the villages closed it *is* the product of $f$. With all roads open many times as much arrives, hundreds of times in the middle network. Which road is it?

# %% [markdown] lang="zh"
# 折叠的单元格里第一个 `assert` 说：村路全封上，剩下的正好**就是** $f$ 的连乘。路全开着，到的多出许多倍，居中的网络多出几百倍。是哪条路？

# %% name="guess_road"
guess_road = Predict(
    "lstm_backward-which-road",
    tr(
        en="One village road carries nearly all of what is extra. It comes back by way of …",
        zh="多出来的几乎全走同一条村路。它经过……回来",
    ),
    choices=[
        tr(en="the input gate i", zh="输入门 i"),
        tr(en="the forget gate f", zh="遗忘门 f"),
        tr(en="the content g", zh="写入的内容 g"),
        tr(en="the output gate o", zh="输出门 o"),
    ],
)
guess_road

# %% name="close"
plan = {tr(en="all open", zh="全开"): "ifgoc", tr(en="motorway alone", zh="只开公路"): "c"}
plan |= {tr(en=f"closed: {road}", zh=f"封掉 {road}"): "ifgoc".replace(road, "") for road in "ifgo"}
plan |= {tr(en="closed: the motorway", zh="封掉公路"): "ifgo"}
names, rate = list(plan), {}
for b_f in (0.0, 1.0, 3.0):
    cases = list(nets(b_f))
    for name, open_roads in plan.items():
        n = [arrives(p, steps, open_roads) for p, steps in cases]
        rate[name, b_f] = np.median(np.array(n) ** (1 / 59))

# %% name="close.draw"
note = tr(en="Factor a step, median of ten networks", zh="每一步的倍数，十个网络的中位数")
columns = ["", *[f"b_f = {b_f:.0f}" for b_f in (0, 1, 3)]]
lines = [[name, *[f"{rate[name, b_f]:.3f}" for b_f in (0.0, 1.0, 3.0)]] for name in plan]
table(lines, columns, caption=note)

# %% name="reveal_road"
loss = {}
for n, road in enumerate("ifgo"):
    loss[road] = [rate[names[0], b_f] - rate[names[2 + n], b_f] for b_f in (0.0, 1.0, 3.0)]
extra = [rate[names[0], b_f] - rate[names[1], b_f] for b_f in (0.0, 1.0, 3.0)]
assert all(a > 0.7 * b for a, b in zip(loss["g"], extra, strict=True))
assert max(abs(a) for road in "ifo" for a in loss[road]) < 0.01
guess_road.reveal("ifgo".index(max(loss, key=lambda road: loss[road][1])))

# %% [markdown] lang="en"
# Close $i$, $f$ or $o$, and the traffic hardly notices. Close $g$, and it falls back to the toll. So the extra comes by way of the *content*: $c_{t-1}$ shows in $h_{t-1}$, and $h_{t-1}$ is part of what is written next. That is a plain RNN, driven beside the motorway, and by itself it would vanish at once (last row).
#
# And look at $b_f = 3$: along $c$ the factor is below 1, yet with all roads open it is *above*. "The LSTM's gradient cannot explode, since $f \le 1$" is as false as "it cannot vanish".

# %% [markdown] lang="zh"
# 封掉 $i$、$f$ 或 $o$，车流几乎没感觉；封掉 $g$，就跌回收费公路的水平。可见多出来的走的是**内容**：$c_{t-1}$ 露在 $h_{t-1}$ 里，$h_{t-1}$ 又是下一步写入内容的一部分。这其实是一个朴素 RNN，跑在公路旁边；单靠它自己，消息很快就没了（最后一行）。
#
# 再看 $b_f = 3$：沿着 $c$，因子小于 1；路全开着，却**大于** 1。“$f \le 1$，所以 LSTM 的梯度不会爆炸”，和“不会消失”一样不对。

# %% [markdown] lang="en"
# ## Where it still vanishes, where it explodes
#
# The motorway decides whether there is anything to speak of, the villages whether it is too much. Pull the villages wider: multiply $W_h$, and let the forget bias be 3. What does a gradient of 1 become in sixty steps?

# %% [markdown] lang="zh"
# ## 哪里照样消失，哪里会爆炸
#
# 公路决定有没有东西可运，村路决定会不会太多。把村路拓宽：把 $W_h$ 乘大，遗忘门偏置取 3。大小为 1 的梯度，六十步之后变成多少？

# %% name="explode"
for scale in (1, 2, 4):
    n = []
    for p, _steps in nets(3.0):
        p = p.replace(W_h=scale * p.W_h)
        x = np.random.default_rng(0).normal(size=(60, 1, 8))
        n.append(arrives(p, read(p, x)[2], "ifgoc"))
    print(f"W_h x {scale}: {min(n):.1f} … {max(n):.1f}")

# %% name="explode.check"
assert max(n) > 10
assert all(rate[name, 0.0] < 0.7 for name in plan)
around = [rate[names[0], b_f] / rate[names[1], b_f] for b_f in (0.0, 1.0, 3.0)]
assert around == sorted(around, reverse=True)

# %% [markdown] lang="en"
# At bias 0, the table said, less than seven tenths a step are left over any road: it vanishes. At bias 3 with large weights it explodes. Both belong to the LSTM; hence the forget bias *and* the clipping in every training that follows. See all of it on one axis (both curves of the LSTM are now yours):

# %% [markdown] lang="zh"
# 偏置为 0 时，表里说了，不论哪条路，每步剩下不到七成：消失。偏置为 3、权重又大时，爆炸。两样 LSTM 都有；所以后面每次训练，遗忘门的偏置要设，裁剪也要做。放在一张图上看（LSTM 的几条曲线，现在你都认得了）：

# %% name="bridge"
GradientBridge(T=60, rho=0.9, forget_bias=3.0)

# %% [markdown] lang="en"
# Pull the forget bias from 3 to 0: which curve bends first, the path along $c$ or the whole?
#
# (The path. After sixty steps at bias 3 it has 0.0105 and the whole 0.0153; at bias 1 they are $6.4 \cdot 10^{-9}$ and $1.2 \cdot 10^{-6}$. The lower the bias, the more of what arrives has come through the villages, as in the table.)

# %% [markdown] lang="zh"
# 把遗忘门偏置从 3 拉到 0：先弯下去的是沿 $c$ 的路，还是全部？
#
# （是那条路。六十步之后，偏置为 3 时它剩 0.0105，全部是 0.0153；偏置为 1 时，是 $6.4 \cdot 10^{-9}$ 和 $1.2 \cdot 10^{-6}$。偏置越低，到达的东西里走村路来的就越多，和表里一样。）

# %% [markdown] lang="en"
# ## From an empty file to a network that learns
#
# Everything that is needed is on this page. Adding over sixty steps, the task of lesson {{vanishing_gradients}}: your `read`, your `go_back`, a linear head, the chrono start of lesson {{lstm_cell}}. Only the optimiser comes from the library. Five networks at once, eight cells each.

# %% [markdown] lang="zh"
# ## 从空文件到学得会的网络
#
# 要用的都在这一页上了。六十步的加法，第 {{vanishing_gradients}} 课的任务：你的 `read`，你的 `go_back`，一个线性输出头，第 {{lstm_cell}} 课的时间尺度初始化（chrono）。只有优化器是库里的。一次五个网络，各八个单元。

# %% name="guess_adding"
guess_adding = Predict(
    "lstm_backward-own-lstm-adding",
    tr(
        en="How many of the five learn it in 8,000 sequences?",
        zh="读 8,000 个序列，五个里几个学得会？",
    ),
)
guess_adding


# %% name="train"
task, seeds = adding(60), range(5)
p, head = lstm_init(2, 8, seed=seeds, chrono=60), linear_init(8, 1, seed=seeds)
adam, rng, curve = Adam(lr=0.02), np.random.default_rng(0), []
for _update in range(500):
    x, y = task.sample(16, rng, seeds=5)  # (T, S, B, 2), (S, B, 1)
    h, _c, steps = read(p, x)
    error = h @ np.swapaxes(head.W, -1, -2) + head.b[:, None] - y  # (S, B, 1)
    dy = 2 * error / 16
    g_head = head.replace(W=np.swapaxes(dy, -1, -2) @ h, b=dy.sum(axis=1))
    g, _norm = clip_global_norm((go_back(p, steps, dy @ head.W), g_head), 1.0)
    p, head = adam.update((p, head), g)
    curve.append((error**2).mean(axis=(1, 2)) / task.baseline)
curve = np.array(curve).T  # (S, updates)
learnt = (curve[:, -50:].mean(axis=1) < 0.25).sum()

# %% name="train.reveal"
assert learnt >= 4
guess_adding.reveal(int(learnt))

# %% name="curve"
show(
    learning_curves({"LSTM": curve}, ylabel="loss / baseline", baseline=1.0, window=25),
    caption=tr(
        en="Your LSTM on adding, T = 60: five seeds, their median thick.",
        zh="你的 LSTM 做加法，T = 60：五个种子，粗线是中位数。横轴是更新次数，"
        "纵轴是损失与基线之比。",
    ),
    alt=tr(
        en="Loss over baseline against updates, log axis: the curves fall far below 1.",
        zh="损失与基线之比随更新次数的变化，对数轴：曲线远远降到 1 以下。",
    ),
)

# %% [markdown] lang="en"
# Compare: of the ten tanh RNNs of lesson {{vanishing_gradients}} none had learnt this after 19,200 sequences. Yours has, with lines that you can each account for.

# %% [markdown] lang="zh"
# 比一比：第 {{vanishing_gradients}} 课的十个 tanh RNN，读完 19,200 个序列一个也没学会。你的学会了，而且每一行为什么在那里，你都说得出来。

# %% [markdown] lang="en"
# ## Common mistakes
#
# | wrong | symptom | right |
# |:--|:--|:--|
# | `dc = dh * o * (1 - tanh²)` | right for one step, wrong from two on | `dc = dc + …`: later steps ask as well |
# | `dc = dc * f` before $di$, $df$, $dg$ are taken | of the four only $da_o$ is right | first all that needs $dc_t$, then $dc_{t-1}$ |
# | $df = dc \odot c_t$ | the forget rows alone are off | the memory *before* the step, $c_{t-1}$ |
# | tanh taken of $g$ once more | the g rows are off | $g$ is through its tanh already: $1 - g^2$ |
# | rows of `da` in another order than those of $W$ | all weights are off, no error message | i, f, g, o, as in the forward pass |
# | "no explosion, since $f \le 1$" | a jump in the loss | the ways through $h$ add: clip |
# | "no vanishing in an LSTM" | bias 0, nothing learnt from far back | set the forget bias, measure |

# %% [markdown] lang="zh"
# ## 常见错误
#
# | 错误 | 症状 | 正确 |
# |:--|:--|:--|
# | `dc = dh * o * (1 - tanh²)` | 一步时对，两步起就错 | `dc = dc + …`：后面各步也有要求 |
# | 先把 `dc` 改成了 `dc * f`，再算 $di$、$df$、$dg$ | 四个里只有 $da_o$ 是对的 | 先算完要用 $dc_t$ 的，再得出 $dc_{t-1}$ |
# | $df = dc \odot c_t$ | 只有遗忘门那几行不对 | 用这一步**之前**的记忆 $c_{t-1}$ |
# | 对 $g$ 又取了一次 tanh | g 那几行不对 | $g$ 已经是 tanh 的输出：$1 - g^2$ |
# | `da` 的行和 $W$ 的行顺序不同 | 权重全不对，也不报错 | i、f、g、o，和前向一致 |
# | “$f \le 1$，不会爆炸” | 损失突然一跳 | 经过 $h$ 的路会加进来：裁剪 |
# | “LSTM 不会消失” | 偏置为 0，远处的学不到 | 设好遗忘门偏置，再测 |

# %% [markdown] lang="en"
# ## Exercise
#
# [Exercise {{lstm_backward}}](../../exercises/en/lstm_backward.ipynb): the step back, the way through time, chunks with the state carried, Adam; and then your own LSTM trains.
#
# ## Papers
#
# - Hochreiter & Schmidhuber (1997): the truncated gradient, along $c$ alone.
# - Graves & Schmidhuber (2005): the LSTM trained with the full gradient, by BPTT.
# - Greff and others (2015): the backward pass of the LSTM written out, and eight variants compared in 5,400 runs.
#
# ## Next
#
# Your LSTM and `nn.LSTM` gave the same gradient for one layer. What about its other options, packed sequences, several layers, two directions: is PyTorch's LSTM the one you wrote? Lesson {{pytorch_layers}}.

# %% [markdown] lang="zh"
# ## 练习
#
# [练习 {{lstm_backward}}](../../exercises/zh/lstm_backward.ipynb)：往回走一步，穿过时间走回去，带着状态分段走，写出 Adam；最后，你自己的 LSTM 训练起来。
#
# ## 论文
#
# - Hochreiter 和 Schmidhuber（1997）：截断梯度，只沿着 $c$。
# - Graves 和 Schmidhuber（2005）：用完整的梯度、用 BPTT 训练 LSTM。
# - Greff 等人（2015）：写出 LSTM 的反向传播，在 5,400 次训练里比较八种变体。
#
# ## 下一步
#
# 只有一层时，你的 LSTM 和 `nn.LSTM` 梯度相同。它还有别的本事：打包的序列、好几层、两个方向。PyTorch 的 LSTM，和你写的是同一个吗？第 {{pytorch_layers}} 课。
