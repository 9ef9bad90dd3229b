# ---
# lstm_lab:
#   title: {en: "Why RNNs forget", zh: "循环网络为什么会遗忘"}
#   summary: {en: "When does the message fade, when does it blow up, and what can a plain RNN do about it?", zh: "消息什么时候消失，什么时候爆炸？朴素 RNN 又有什么办法？"}
#   minutes: 45
# ---

# %% [markdown] lang="en"
# *Three questions first, on lessons [{{start_here}}](start_here.ipynb) to [{{rnn_backward}}](rnn_backward.ipynb).*
#
# <details><summary>What is the Jacobian of one step of a tanh RNN?</summary>
#
# $\mathrm{diag}(1 - h_t^2)\, W_h$: row $j$ of $W_h$, times the slope of unit $j$ after the step.
#
# </details>
#
# <details><summary>One weight, used at twenty steps. What is its gradient?</summary>
#
# The sum of what the twenty uses get. In lesson {{rnn_backward}} the first ten of twenty uses got less than 1 %.
#
# </details>
#
# <details><summary>Asked once at the end, hardly any network of lesson {{rnn}} learnt the lamp. Who were the two suspects?</summary>
#
# An answer that pays nothing for half of the memory; and the twenty steps that the correction has to travel. Today the second is tried alone.
#
# </details>

# %% [markdown] lang="zh"
# 先回答三个问题，关于第 [{{start_here}}](start_here.ipynb) 课到第 [{{rnn_backward}}](rnn_backward.ipynb) 课。
#
# <details><summary>tanh RNN 走一步，雅可比矩阵是什么？</summary>
#
# $\mathrm{diag}(1 - h_t^2)\, W_h$：$W_h$ 的第 $j$ 行，乘上第 $j$ 个单元走完这一步后的斜率。
#
# </details>
#
# <details><summary>一个权重，用了二十步。它的梯度是什么？</summary>
#
# 是二十次使用各自那一份的和。第 {{rnn_backward}} 课里，二十次中的前十次分到的不足 1%。
#
# </details>
#
# <details><summary>只在最后问一次，第 {{rnn}} 课的网络几乎都没学会灯。嫌疑是哪两个？</summary>
#
# 一个是答案的问法：记住一半等于没记；另一个是改正信息要走二十步。今天单独审第二个。
#
# </details>

# %% [markdown] lang="en"
# A microphone stands in front of its own loudspeaker. Turn the gain to 0.9, and a whisper comes back a little weaker each time round, until it is gone. Turn it to 1.1, and the hall howls. So the rule is: below 1 it fades, above 1 it blows up. Textbooks say the same of an RNN, with the largest eigenvalue of $W_h$ as the gain. **Does a network with gain 1.1 howl?**

# %% [markdown] lang="zh"
# 话筒正对着自己的音箱。增益调到 0.9，一声低语每转一圈就弱一点，最后听不见了；调到 1.1，全场啸叫。于是有了规矩：小于 1 就消失，大于 1 就爆炸。教科书讲 RNN 也这么说，增益就是 $W_h$ 最大的特征值。**增益 1.1 的网络，真的会啸叫吗？**

# %% [markdown] lang="en"
# ## What you will be able to do
#
# - **Compute** what is left of a gradient after any number of steps.
# - **Tell** what it hangs on: slopes, eigenvalues, singular values, and which of them promises what.
# - **Mend** what a plain RNN can mend, by clipping and by another start, and say what stays broken.
#
# [Exercise {{vanishing_gradients}}](../../exercises/en/vanishing_gradients.ipynb) grades these. You need [lesson {{rnn_backward}}](rnn_backward.ipynb). If eigenvalues are long ago, read the last section of the [toolbox](toolbox.ipynb) first.

# %% [markdown] lang="zh"
# ## 学完你能做什么
#
# - **算出**梯度走任意多步之后还剩多少。
# - **说清**这取决于什么：斜率、特征值、奇异值，各自能保证什么。
# - **补救**朴素 RNN 能补救的，用裁剪，用别的初始化；并且说得出什么仍然没修好。
#
# [练习 {{vanishing_gradients}}](../../exercises/zh/vanishing_gradients.ipynb) 考的就是这三件事。你需要[第 {{rnn_backward}} 课](rnn_backward.ipynb)。要是特征值已经忘了，先看[工具箱](toolbox.ipynb)的最后一节。

# %% name="guess_rule.imports" show=true
import numpy as np

from lstm_lab.cells import rnn_init
from lstm_lab.gradients import spectral_radius
from lstm_lab.i18n import tr
from lstm_lab.layers import backward, forward, linear_init
from lstm_lab.plots import COLOURS, show, subplots, table
from lstm_lab.tasks import adding
from lstm_lab.training import SGD, Adam, fit, predict
from lstm_lab.widgets import GradientBridge, Predict

# %% [markdown] lang="en"
# ## Predict
#
# Thirty-two tanh units, random weights, scaled so that the gain is 1.1. Each unit also hears its own stream of random numbers of ordinary size (normal, deviation 1). The rule says that after a hundred steps a gradient has grown $1.1^{100} \approx 14{,}000$ times. What do you say?

# %% [markdown] lang="zh"
# ## 先猜
#
# 三十二个 tanh 单元，随机权重，缩放到增益恰好 1.1。每个单元还各听一串普通大小的随机数（正态，标准差 1）。照那条规矩，一百步之后，梯度该变成 $1.1^{100} \approx 14{,}000$ 倍。你说呢？

# %% name="guess_rule"
guess_rule = Predict(
    "vanishing_gradients-gain-above-one",
    tr(
        en="Gain 1.1, inputs of size 1: what is a gradient of 1 after a hundred steps?",
        zh="增益 1.1，输入大小为 1：大小为 1 的梯度，走一百步变成多少？",
    ),
    log=True,
)
guess_rule

# %% [markdown] lang="en"
# ## See: two units, two steps
#
# $h_t = \tanh(W_h h_{t-1} + x_t)$: here the entry goes straight to the units, one number each. Write $s_t = 1 - h_t^2$ for the slopes. Each step multiplies by its Jacobian, row by row slope times weight:

# %% [markdown] lang="zh"
# ## 看：两个单元，两步
#
# $h_t = \tanh(W_h h_{t-1} + x_t)$：这里输入直接进单元，一个单元一个数。斜率写作 $s_t = 1 - h_t^2$。每走一步，乘上这一步的雅可比矩阵，也就是逐行用斜率乘权重：

# %% name="two_steps"
W_h = np.array([[0.8, 0.6], [0.0, 0.5]])
h, product = np.zeros(2), np.eye(2)
for t, x_t in enumerate(np.array([[0.5, -1.0], [2.0, 0.1]]), 1):
    h = np.tanh(W_h @ h + x_t)
    s = 1 - h**2
    J = s[:, None] * W_h  # (2, 2)
    product = J @ product
    print(f"step {t}:  h = {h.round(3)}   s = {s.round(3)}   J = {J.round(3).tolist()}")
print("J_2 J_1 =", product.round(3).tolist())

# %% [markdown] lang="en"
# Look at the first unit in step 2. Its input was 2, so $h$ is near 1, where the tanh is flat: a slope of 0.08, and everything that passes this unit is multiplied by it. A unit that shouts hears nothing.
#
# How much is left, in one number? A matrix stretches some directions more than others. Take the best case, the direction that it stretches most. That factor is its **largest singular value**, $\sigma_{\max}$, in NumPy `np.linalg.norm(M, ord=2)`.

# %% [markdown] lang="zh"
# 看第 2 步的第一个单元。它的输入是 2，所以 $h$ 接近 1，tanh 在那里很平：斜率只有 0.08，凡是经过这个单元的，都要乘上它。正在大喊的单元，什么也听不见。
#
# 还剩多少，怎么用一个数说清？矩阵把有些方向拉得长，有些拉得短。就取最好的情形：拉得最长的那个方向。这个倍数就是**最大奇异值**（largest singular value）$\sigma_{\max}$，在 NumPy 里是 `np.linalg.norm(M, ord=2)`。

# %% [markdown] lang="en"
# ## Say it
#
# $$\frac{\partial h_T}{\partial h_{T-k}} = J_T\, J_{T-1} \cdots J_{T-k+1} \qquad J_t = \mathrm{diag}(s_t)\, W_h \qquad n_k = \sigma_{\max}\!\left(\frac{\partial h_T}{\partial h_{T-k}}\right)$$
#
# $n_k$ is what is left after $k$ steps, at best. And the rule of the loudspeaker speaks of the **spectral radius**, the largest absolute value among the eigenvalues of $W_h$:
#
# $$\rho = \max_j |\lambda_j| \qquad \text{rule:}\quad n_k \approx \rho^k$$
#
# The rule has left out $s_t$. Is that allowed?

# %% [markdown] lang="zh"
# ## 说：写成公式
#
# $$\frac{\partial h_T}{\partial h_{T-k}} = J_T\, J_{T-1} \cdots J_{T-k+1} \qquad J_t = \mathrm{diag}(s_t)\, W_h \qquad n_k = \sigma_{\max}\!\left(\frac{\partial h_T}{\partial h_{T-k}}\right)$$
#
# $n_k$ 就是走完 $k$ 步之后，最多还剩多少。音箱那条规矩说的则是**谱半径**（spectral radius），即 $W_h$ 的特征值里最大的绝对值：
#
# $$\rho = \max_j |\lambda_j| \qquad \text{规矩：}\quad n_k \approx \rho^k$$
#
# 规矩把 $s_t$ 漏掉了。可以吗？

# %% [markdown] lang="en"
# ## Build it
#
# One loop, forward: it carries the state and, beside it, the product. First in silence, all inputs zero. Then $h$ stays zero, all slopes are 1, and each $J_t$ is $W_h$ itself. Ten networks for each radius:

# %% [markdown] lang="zh"
# ## 搭出来
#
# 一个循环，往前走：带着状态，旁边再带着那个连乘。先在一片寂静里测，输入全是零。这时 $h$ 一直是零，斜率全是 1，每个 $J_t$ 就是 $W_h$ 自己。每种谱半径测十个网络：


# %% name="left"
def left(W_h, x):
    h, product, slopes = np.zeros(len(W_h)), np.eye(len(W_h)), []
    for x_t in x:
        h = np.tanh(W_h @ h + x_t)
        s = 1 - h**2
        product = s[:, None] * (W_h @ product)
        slopes.append(s.mean())
    return np.linalg.norm(product, ord=2), np.mean(slopes)


def network(rho, seed, T=100, H=32):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(H, H))
    return A * rho / spectral_radius(A), rng.normal(size=(T, H))  # W_h, x


# %% name="silence"
each = tr(en="a step", zh="每一步")
for rho in (0.9, 1.1, 1.5, 2.0):
    n = np.array([left(W_h, 0 * x)[0] for W_h, x in (network(rho, s) for s in range(10))])
    rate = n ** (1 / 100)
    print(f"rho = {rho}: n_100 = {n.min():.1e} … {n.max():.1e}, {each} {rate.mean():.3f}")
    assert (abs(rate - rho) < 0.05).all()

# %% [markdown] lang="en"
# In silence the rule holds: a step multiplies by $\rho$, near enough. (*A step* is $n_{100}^{1/100}$, the constant factor that would give the same.) Now switch the inputs on.

# %% [markdown] lang="zh"
# 寂静之中，规矩成立：每一步大致乘 $\rho$。（每一步的倍数是 $n_{100}^{1/100}$：假如步步相同，就是这个数。）现在把输入打开。

# %% name="inputs_on"
n = np.array([left(*network(1.1, seed))[0] for seed in range(10)])
size_1 = tr(en="inputs of size 1", zh="输入大小为 1")
print(f"rho = 1.1, {size_1}: n_100 = {n.min():.1e} … {n.max():.1e}")

# %% name="inputs_on.reveal"
assert (n < 1e-10).all()
guess_rule.reveal(np.median(n))

# %% [markdown] lang="en"
# Not 14,000. Less than $10^{-10}$ on every one of ten networks: gain 1.1, and the message is gone. The reason is written in the small example above: inputs push the units to where the tanh is flat. The whole picture, with the slopes beside it:

# %% [markdown] lang="zh"
# 不是 14,000。十个网络，个个不足 $10^{-10}$：增益 1.1，消息照样没了。原因就写在上面的小例子里：输入把单元推到了 tanh 平的地方。下面是全貌，斜率也列在旁边：

# %% name="grid"
sizes, rate, slopes = (0, 0.01, 1, 10), {}, {}
for rho in (0.9, 1.1, 1.5, 2.0):
    nets = [network(rho, seed) for seed in range(10)]
    for size in sizes:
        n, slopes[rho, size] = np.array([left(W_h, size * x) for W_h, x in nets]).T  # (10,)
        rate[rho, size] = n ** (1 / 100)

# %% name="grid.draw"
rows = []
for (rho, size), r in rate.items():
    slope = slopes[rho, size].mean()
    assert size > 1 or abs(rho * slope - np.median(r)) < 0.2
    spread = f"{np.median(r):.2f}  ({r.min():.2f} … {r.max():.2f})"
    rows.append([f"{rho}", size, slope, rho * slope, spread])
assert all(rate[rho, 1].max() < 1 for rho in (0.9, 1.1, 1.5))
assert all(rate[rho, 10].max() < 0.5 for rho in (0.9, 1.1, 1.5, 2.0))
columns = ["ρ", tr(en="inputs ×", zh="输入 ×"), tr(en="mean slope", zh="平均斜率")]
columns += [tr(en="ρ · mean slope", zh="ρ · 平均斜率"), tr(en="measured", zh="实测")]
note = tr(
    en="Factor a step, over 100 steps: median of ten networks (lowest … highest)",
    zh="每一步的倍数，走 100 步：十个网络的中位数（最低 … 最高）",
)
table(rows, columns, caption=note)

# %% [markdown] lang="en"
# With inputs of size 1, even $\rho = 1.5$ loses something at each step; with inputs × 10, everything vanishes, $\rho = 2$ too. Up to size 1, radius times mean slope comes near to what is measured, which tells you where it went: into the slopes. (Only near. What passes in a row of steps is not what passes on average.)
#
# Look also at × 0.01 with a radius above 1. Hardly any input, and still far less growth than $\rho$, and it differs from network to network. The network howls by itself, like the hall. And a loudspeaker that howls is at its limit: what is said on top of it comes out hardly louder than it went in.

# %% [markdown] lang="zh"
# 输入大小为 1 时，连 $\rho = 1.5$ 每一步都在亏；输入 × 10，全都消失，$\rho = 2$ 也不例外。输入不超过 1 时，谱半径乘平均斜率，和实测相去不远，可见亏在哪里：亏在斜率上。（只是接近：连着走许多步，和走“平均的一步”不是一回事。）
#
# 再看输入 × 0.01、谱半径大于 1 的几行。几乎没有输入，增长仍然远不到 $\rho$，而且各个网络不一样。这是网络自己在啸叫，和那个大厅一样。啸叫的音箱已经到顶，这时再往里说话，出来的也响不了多少。

# %% [markdown] lang="en"
# ## Drag it
#
# One network, its gradient from the last step back to the first, and the eigenvalues of its $W_h$ on a dial. (The LSTM's curves are for lessons {{lstm_cell}} and {{lstm_backward}}: leave its bias alone for now.) Try:
#
# - Pull the radius past 1. Did it explode? Now pull up the inputs.
# - Back to 0.9, and choose *rotation*, then *shear*. The radius is the same. Is the curve?

# %% [markdown] lang="zh"
# ## 拖一拖
#
# 一个网络，梯度从最后一步一路回到第一步；它的 $W_h$ 的特征值画在转盘上。（LSTM 的曲线留到第 {{lstm_cell}}、{{lstm_backward}} 课，它的偏置先别动。）试一试：
#
# - 把谱半径拖过 1。爆炸了吗？再把输入调大。
# - 调回 0.9，换成“旋转”，再换成“剪切”。谱半径没变，曲线变了吗？

# %% name="bridge"
GradientBridge(T=100, rho=0.9, inputs=0.3)

# %% [markdown] lang="en"
# ## Break it: below 1, and still it grows
#
# So a radius above 1 may vanish. Surely one *below* 1 must fade at every step? Two units, in silence, both eigenvalues 0.9:
#
# $$W_h = \begin{pmatrix} 0.9 & 5 \\ 0 & 0.9 \end{pmatrix}$$

# %% [markdown] lang="zh"
# ## 弄坏它：小于 1，照样变大
#
# 所以谱半径大于 1 也可能消失。那么**小于** 1，总该每一步都变小了吧？两个单元，一片寂静，两个特征值都是 0.9：
#
# $$W_h = \begin{pmatrix} 0.9 & 5 \\ 0 & 0.9 \end{pmatrix}$$

# %% name="guess_shear"
guess_shear = Predict(
    "vanishing_gradients-shear-ten-steps",
    tr(en="Its n₁₀, after ten steps, is …", zh="走十步之后，它的 n₁₀ ……"),
    choices=tr(
        en=["below 0.5", "between 0.5 and 1", "between 1 and 10", "above 10"],
        zh=["不到 0.5", "0.5 到 1 之间", "1 到 10 之间", "超过 10"],
    ),
)
guess_shear

# %% name="shear"
A = np.random.default_rng(0).normal(size=(32, 32))
matrices = {
    "random": 0.9 * A / spectral_radius(A),
    "rotation": 0.9 * np.linalg.qr(A)[0],
    "shear": np.array([[0.9, 5.0], [0.0, 0.9]]),
}
lags = np.arange(201)
power = {
    name: np.array([np.linalg.norm(np.linalg.matrix_power(W, k), ord=2) for k in lags])
    for name, W in matrices.items()
}

# %% name="shear.draw"
guess_shear.reveal(int(np.searchsorted([0.5, 1, 10], power["shear"][10])))
words = tr(en=["random", "rotation", "shear"], zh=["随机", "旋转", "剪切"])
called = dict(zip(matrices, words, strict=True))
rows = []
for name, W in matrices.items():
    sigma = np.linalg.norm(W, ord=2)
    rows.append([called[name], spectral_radius(W), sigma, sigma**100, *power[name][[1, 10, 100]]])
    assert (power[name] <= sigma**lags * (1 + 1e-6)).all()
    assert power[name][100] < 0.1
assert power["shear"][10] > 10
table(rows, ["", "ρ", "σ_max", "σ_max¹⁰⁰", "n₁", "n₁₀", "n₁₀₀"])

# %% [markdown] lang="en"
# Three matrices with the same radius. They agree in the long run only. The shear first grows, more than tenfold in ten steps, then falls. What does the whole way look like?

# %% [markdown] lang="zh"
# 三个矩阵，谱半径一样，却只在走得够远之后才一致。剪切矩阵先变大，十步大了十几倍，然后才往下掉。整条路是什么样子？

# %% name="shear_curve"
fig, ax = subplots(height=3.2)
look = {"random": ("blue", "-"), "rotation": ("orange", "--"), "shear": ("red", ":")}
names = tr(en=["random", "rotation", "shear"], zh=["随机", "旋转", "剪切"])
for (name, (key, dash)), label in zip(look.items(), names, strict=True):
    ax.plot(lags, power[name], dash, color=COLOURS[key], label=label)
ax.set(yscale="log", xlabel="k", ylabel="$n_k$")
assert 5 < power["shear"].argmax() < 15
show(
    fig,
    caption=tr(
        en="Radius 0.9 three times, in silence. In the end all fall by 0.9 a step; the shear "
        "takes its time.",
        zh="三个谱半径都是 0.9，一片寂静。最后每步都乘 0.9 往下掉；剪切那个要绕一大圈。",
    ),
    alt=tr(
        en="n_k against k, log axis: random and rotation fall straight from 1; the shear rises "
        "to about 20 near step 10 and then falls with the same slope.",
        zh="n_k 随 k 的变化，对数轴：随机和旋转从 1 起直线下降；剪切在第 10 步附近升到约 20，"
        "再以同样的坡度下降。",
    ),
)

# %% [markdown] lang="en"
# So what *can* be promised? No step stretches anything by more than $\sigma_{\max}(W_h)$, and no slope of tanh is above 1:
#
# $$n_k \le \sigma_{\max}(W_h)^k$$
#
# This is a bound from one side. If $\sigma_{\max} < 1$, the gradient *must* vanish. If it is above 1, nothing follows. The random matrix above shows how little: its bound at a hundred steps is above $10^{12}$, and what is left is below $10^{-3}$.
#
# | says | promises |
# |:--|:--|
# | $\sigma_{\max} < 1$ | it vanishes, whatever the inputs |
# | $\rho < 1$ | in silence it vanishes in the end, perhaps after growing |
# | $\rho > 1$ | in silence it explodes; with inputs, measure |

# %% [markdown] lang="zh"
# 那么到底什么是**保证得了**的？任何一步都不会把任何东西拉长超过 $\sigma_{\max}(W_h)$ 倍，而 tanh 的斜率不超过 1：
#
# $$n_k \le \sigma_{\max}(W_h)^k$$
#
# 这个界只管一边。$\sigma_{\max} < 1$，梯度**必然**消失；大于 1，什么也推不出来。上面的随机矩阵就是例子：一百步的上界超过 $10^{12}$，实际剩下的不到 $10^{-3}$。
#
# | 条件 | 能保证什么 |
# |:--|:--|
# | $\sigma_{\max} < 1$ | 不论什么输入，都消失 |
# | $\rho < 1$ | 寂静中最终消失，之前也许先变大 |
# | $\rho > 1$ | 寂静中爆炸；有输入时，要测 |

# %% name="bound"
sigma = np.linalg.norm(matrices["random"], ord=2)
bound, rest = f"{sigma**100:.0e}", f"{power['random'][100]:.0e}"
print(tr(en=f"bound {bound}, left {rest}", zh=f"上界 {bound}，剩下 {rest}"))
assert power["random"][100] < 1e-3 < 1e12 < sigma**100

# %% [markdown] lang="en"
# ## The other end: explosion
#
# Now one unit without a tanh, one weight: $h_t = w\,h_{t-1}$, thirty steps, $h_0 = 1$, and the last state should be 1 as well. So $L = (w^{30} - 1)^2$, and the answer is $w = 1$. Start a little off, at 1.2, and take *one* step of gradient descent, with a learning rate of only 0.002. Where does $w$ land?

# %% [markdown] lang="zh"
# ## 另一头：爆炸
#
# 现在取一个没有 tanh 的单元，一个权重：$h_t = w\,h_{t-1}$，走三十步，$h_0 = 1$，最后的状态也该是 1。所以 $L = (w^{30} - 1)^2$，答案是 $w = 1$。从稍偏一点的 1.2 出发，做**一步**梯度下降，学习率只有 0.002。$w$ 会落在哪里？

# %% name="guess_cliff"
guess_cliff = Predict(
    "vanishing_gradients-one-step-lands",
    tr(en="From w = 1.2, one step: the new w is …", zh="从 w = 1.2 走一步，新的 w 是……"),
    choices=["1.19", "1.0", "−0.5", "−5600"],
)
guess_cliff


# %% name="cliff"
def slope_of_loss(w):
    return 2 * (w**30 - 1) * 30 * w**29


w = 1.2 - 0.002 * slope_of_loss(1.2)
slope, loss = f"{slope_of_loss(1.2):.1e}", f"{(w**30 - 1) ** 2:.0e}"
print(tr(en=f"gradient {slope}, the next loss is {loss}", zh=f"梯度 {slope}，下一个损失 {loss}"))
print(f"w = {w:.0f}")

# %% name="cliff.reveal"
guess_cliff.reveal(int(np.argmin(abs(np.array([1.19, 1.0, -0.5, -5600]) - w))))

# %% [markdown] lang="en"
# A loss with a cliff. The gradient points the right way, down the cliff. It is its *length* that does the damage. So keep the direction and shorten it: **gradient clipping**. All gradients of the network count as one long vector $g$, and if it is longer than a limit, everything is divided by the same number:
#
# $$g \leftarrow g \cdot \min\!\left(1, \frac{\text{limit}}{\|g\|}\right)$$

# %% [markdown] lang="zh"
# 损失有一道悬崖。梯度的方向是对的，指向崖下；惹祸的是它的**长度**。那就留住方向，把它截短：**梯度裁剪**（gradient clipping）。网络的所有梯度合起来，看作一个长向量 $g$；它比上限长，就全都除以同一个数：
#
# $$g \leftarrow g \cdot \min\!\left(1, \frac{\text{limit}}{\|g\|}\right)$$

# %% name="clipped"
w = 1.2
for step in range(201):
    if step % 40 == 0:
        print(f"{step:3}: w = {w:.3f}, dL/dw = {slope_of_loss(w):8.1e}")
    g = slope_of_loss(w)
    w = w - 0.002 * g * min(1, 1 / abs(g)) if g else w
assert abs(w - 1) < 0.01

# %% [markdown] lang="en"
# Does that hold for networks? Sixteen ReLU units ($h_t = \max(0, \ldots)$, nothing ever flattens them), each keeping its old state exactly at the start: $W_h = 1$, the identity. They read forty random numbers and are asked for the sum of the *last three*. An easy question; there is nothing to keep for long. Always saying 0 costs 3. Plain gradient descent, with clipping and without:

# %% [markdown] lang="zh"
# 对网络也管用吗？十六个 ReLU 单元（$h_t = \max(0, \ldots)$，永远不会变平），起初各自原样留住旧状态：$W_h = 1$，单位矩阵。它们读四十个随机数，问**最后三个**的和。问题不难，没什么要久记的。永远答 0，损失是 3。用最普通的梯度下降，裁剪与不裁剪各训练一遍：


# %% name="explode"
def last_three(rng):
    x = rng.normal(size=(40, 10, 16, 1))  # (T, S, B, 1)
    return x, x[-3:].sum(axis=0)  # (S, B, 1)


def descend(clip):
    cell = rnn_init(1, 16, seed=range(10), scheme="identity", activation="relu")
    model, sgd = (cell, linear_init(16, 1, seed=range(10))), SGD(lr=0.05)
    with np.errstate(all="ignore"):
        run = fit(model, last_three, updates=300, optimizer=sgd, clip=clip, progress=False)
        return run.history["loss"][-50:].mean(axis=0)  # (S,)


free, clipped = descend(None), descend(1.0)

# %% name="explode.check"
for clip, loss in ((None, free), (1.0, clipped)):
    broken = (~np.isfinite(loss)).sum()
    print(f"clip = {clip}:   loss < 1: {(loss < 1).sum():2} / 10   NaN: {broken:2} / 10")
assert (free < 1).sum() <= 3
assert (clipped < 1).all()

# %% [markdown] lang="en"
# One factor, and what had broken down learns, on ten of ten seeds. That is what `clip_global_norm` did in lessons {{rnn}} and {{rnn_backward}}.
#
# Does it also mend the vanishing? The factor is never above 1, so a short gradient stays as short as it was. And making it longer would not help. Remember what $dW_h$ is: a *sum* over the steps. What has vanished is not the sum but its early terms, and a factor for all of them changes nothing between them.

# %% [markdown] lang="zh"
# 只乘一个因子，原先垮掉的就学会了，十个种子个个如此。第 {{rnn}}、{{rnn_backward}} 课里的 `clip_global_norm`，做的就是这件事。
#
# 消失，它也能治吗？因子从不大于 1，短的梯度还是那么短。就算把它拉长也没用。想想 $dW_h$ 是什么：是对各步的**和**。消失的不是这个和，而是其中靠前的那些项；大家同乘一个因子，彼此之间什么也没变。

# %% [markdown] lang="en"
# ## Measure: distance alone
#
# Now the suspect of lesson {{rnn}}. Forty steps, always. One of the entries is a bit, `1 0 0` or `0 1 0`; all others carry random noise. Asked once, at the end: which bit? The length is the same every time, and so is the number of answers, and what they pay. Only one thing moves: how far back the bit stands. With 5 steps between it and the question, all ten networks learn it. With 39?

# %% [markdown] lang="zh"
# ## 测：只动距离
#
# 现在来审第 {{rnn}} 课的嫌疑。永远是四十步。其中一条是一个比特，`1 0 0` 或 `0 1 0`，其余各条都是随机噪声。只在最后问一次：是哪个比特？长度每次一样，答案的个数一样，答对的回报也一样。只有一样东西在动：比特离问题有多远。隔 5 步，十个网络全学得会。隔 39 步呢？

# %% name="guess_distance"
guess_distance = Predict(
    "vanishing_gradients-bit-39-back",
    tr(
        en="The bit stands 39 steps back: how many of ten networks learn it?",
        zh="比特在 39 步之前：十个网络里几个学得会？",
    ),
)
guess_distance


# %% name="distance"
start = {  # scheme, activation
    "usual": ("torch", "tanh"),
    "orthogonal": ("orthogonal", "tanh"),
    "identity": ("identity", "relu"),
}
words = tr(en=["usual", "orthogonal", "identity"], zh=["通常", "正交", "单位矩阵"])
called = dict(zip(start, words, strict=True))


def begin(kind, I, H):
    scheme, activation = start[kind]
    cell = rnn_init(I, H, range(10), scheme, activation, dtype=np.float32)
    return cell, linear_init(H, 1, seed=range(10), dtype=np.float32)


def one_bit(back, noise, B, rng):
    bit = rng.integers(2, size=(10, B))  # (S, B)
    x = np.zeros((40, 10, B, 3), np.float32)
    x[..., 2] = noise * rng.normal(size=(40, 10, B))
    x[39 - back] = np.eye(3)[bit]
    return x, bit[..., None].astype(np.float32)


# %% [markdown] lang="en"
# Each row is a distance, ten networks with the usual start. The second column is the same *in silence*: nothing at all between the bit and the question. (Quarter of a minute, perhaps.)

# %% [markdown] lang="zh"
# 一行一个距离，十个网络，用通常的初始化。第二列是同样的事，但在**寂静**里：比特和问题之间，什么也没有。（也许要等十几秒。）


# %% name="distances"
def learnt(back, noise, kind="usual"):
    def batch(rng):
        return one_bit(back, noise, 32, rng)

    run = fit(begin(kind, 3, 16), batch, updates=300, optimizer=Adam(lr=0.01), progress=False)
    x, bit = one_bit(back, noise, 100, np.random.default_rng(100))
    right = ((predict(run.model, x) > 0.5) == (bit > 0.5)).mean(axis=(1, 2))  # (S,)
    return int((right > 0.95).sum())


noisy = {back: learnt(back, 1) for back in (5, 10, 20, 39)}
silent = {back: learnt(back, 0) for back in (5, 10, 20, 39)}

# %% name="distances.draw"
assert min(noisy[5], noisy[10], silent[5], silent[10]) >= 9
assert noisy[39] <= 3
assert noisy[39] < silent[39]
columns = tr(
    en=["steps back", "learnt by, in noise", "in silence"],
    zh=["往回几步", "噪声里学会的", "寂静里学会的"],
)
table([[str(k), f"{noisy[k]} / 10", f"{silent[k]} / 10"] for k in noisy], columns)

# %% name="reveal_distance"
guess_distance.reveal(noisy[39])

# %% [markdown] lang="en"
# Convicted: distance alone is enough. Everything else was held the same, and from 10 steps to 39 learning breaks down. (That does not acquit the other suspect of lesson {{rnn}}. It was not tried here.)
#
# But the second column says that it is not the *number* of steps by itself. In silence more networks bridge the same 39. It depends on what happens in the steps, as in the table of slopes above.

# %% [markdown] lang="zh"
# 罪名成立：单是距离就够了。别的都没动，从 10 步到 39 步，学习就垮了。（这并不洗清第 {{rnn}} 课的另一个嫌疑，这里没有审它。）
#
# 不过第二列说，也不光是步**数**的事。寂静里，同样的 39 步，过得去的网络更多。要看这些步里发生了什么，和上面那张斜率表说的一样。

# %% [markdown] lang="en"
# ## Another start
#
# Can a plain RNN be started so that the message lasts? Two candidates. **Orthogonal** (Saxe 2014): $W_h$ is a random rotation; all its singular values are 1, so it takes nothing away itself, only the slopes do. **Identity** (Le 2015): $W_h = 1$ with ReLU; as long as a unit is above zero, its slope is exactly 1.
#
# The task is the classic, **adding** (1997): a stream of random numbers, two of them marked; at the end, asked once, the sum of the two (scaled). Always saying 0.5 is the baseline. Ten steps, then sixty. First, before any training: how much gets from the last input back to the first?

# %% [markdown] lang="zh"
# ## 换个起点
#
# 能不能换个初始化，让朴素 RNN 的消息留得久一些？有两个候选。**正交**（Saxe 2014）：$W_h$ 是一个随机旋转，奇异值全是 1，它自己什么也不拿走，拿走的只有斜率。**单位矩阵**（Le 2015）：$W_h = 1$，配 ReLU；只要单元在零以上，斜率就恰好是 1。
#
# 任务用经典的**加法**（1997）：一串随机数，其中两个有标记；最后问一次，这两个数的和（缩放过）是多少。永远答 0.5 就是基线。先走十步，再走六十步。训练之前先量一量：从最后一个输入往回走到第一个，还剩多少？


# %% name="starts_left"
def left_at_start(kind, T):
    cell, _head = begin(kind, 2, 24)
    x, _y = adding(T).sample(32, np.random.default_rng(0), seeds=10, dtype=np.float32)
    out = forward(cell, x)
    dh = np.zeros_like(out.h)
    dh[-1] = 1
    size = np.linalg.norm(backward(cell, out, dh).x, axis=(2, 3))  # (T, S)
    return size[0] / size[-1]


before = {(kind, T): left_at_start(kind, T) for kind in start for T in (10, 60)}

# %% name="starts_left.check"
for (kind, T), r in before.items():
    print(f"T = {T}: {r.min():.0e} … {r.max():.0e}  {called[kind]}")
assert before["usual", 60].max() < 1e-6
assert before["orthogonal", 60].min() > 1e-4
assert before["identity", 60].min() > 0.05

# %% [markdown] lang="en"
# At sixty steps the usual start leaves nothing, the rotation thousandths or hundredths, the identity a good part. So, who learns it? *Learnt* is: three quarters of the baseline's error gone. All are clipped at 1, all get the same sequences.

# %% [markdown] lang="zh"
# 走六十步，通常的初始化什么也不剩，旋转剩千分之几到百分之几，单位矩阵剩一大块。那么谁学得会？**学会**是指：基线的误差去掉了四分之三。全部裁到 1，读的序列也都一样。

# %% name="guess_starts"
guess_orthogonal = Predict(
    "vanishing_gradients-orthogonal-60",
    tr(
        en="Orthogonal start, T = 60, 19,200 sequences: how many of ten learn it?",
        zh="正交初始化，T = 60，19,200 个序列：十个里几个学得会？",
    ),
)
guess_orthogonal

# %% name="guess_identity"
guess_identity = Predict(
    "vanishing_gradients-identity-60",
    tr(
        en="And from the identity with ReLU?",
        zh="那么从单位矩阵出发、配 ReLU 的呢？",
    ),
)
guess_identity

# %% name="train_starts"
trained, curves = {}, {}
for kind in start:
    for T in (10, 60):
        run = fit(
            begin(kind, 2, 24), adding(T), updates=1200, batch=16,
            optimizer=Adam(lr=0.005), progress=False,
        )  # fmt: skip
        trained[kind, T] = run
        curves[kind, T] = run.history["loss"].T / adding(T).baseline  # (S, updates)


def done(kind, T, update):
    return int((curves[kind, T][:, update - 50 : update].mean(axis=1) < 0.25).sum())


# %% name="train_starts.draw"
rows = [
    [called[kind], *[f"{done(kind, T, u)} / 10" for T in (10, 60) for u in (200, 1200)]]
    for kind in start
]
columns = [f"T = {T}, {16 * u:,}" for T in (10, 60) for u in (200, 1200)]
note = tr(en="Learnt by, after so many sequences", zh="读过这么多序列之后，学会的有几个")
table(rows, [tr(en="start", zh="初始化"), *columns], caption=note)

# %% name="reveal_orthogonal"
assert all(done(kind, 10, 1200) >= 8 for kind in start)
assert done("usual", 60, 1200) == 0
assert done("orthogonal", 60, 1200) <= 1
guess_orthogonal.reveal(done("orthogonal", 60, 1200))

# %% name="reveal_identity"
assert done("identity", 60, 200) < 7 <= done("identity", 60, 1200)
guess_identity.reveal(done("identity", 60, 1200))

# %% [markdown] lang="en"
# Three things to take home.
#
# - The usual start learns ten steps and not sixty. This is the sentence "RNNs forget", and it is true *of this start*.
# - The rotation lets some thousandths of the gradient through, where the usual start lets none, and still did not learn it in this budget. A way for the gradient is needed, and not yet enough.
# - From the identity a plain ReLU network **does** learn sixty steps: few after 3,200 sequences, nearly all after 19,200. "RNNs cannot learn long lags" is false.
#
# Then is the case closed? Use what was learnt at T = 60 on longer streams:

# %% [markdown] lang="zh"
# 有三点值得带走。
#
# - 通常的初始化，十步学得会，六十步学不会。“RNN 会遗忘”说的就是它，而这句话只对**这种初始化**成立。
# - 旋转放过来千分之几的梯度，通常的初始化一点没有，可在这个预算里照样没学会。梯度得有路可走，但光有路还不够。
# - 从单位矩阵出发，一个朴素的 ReLU 网络**真的**学会了六十步：3,200 个序列之后只有少数几个，19,200 个之后几乎全部。“RNN 学不了长距离”，这话不对。
#
# 那么结案了吗？把在 T = 60 上学到的，拿到更长的流上用一用：

# %% name="longer"
model = trained["identity", 60].model
radius = np.array([spectral_radius(W_h) for W_h in model[0].W_h])  # (S,)
now = f"{radius.min():.2f} … {radius.max():.2f}"
print(tr(en=f"radius of W_h: 1 at the start, now {now}", zh=f"W_h 的谱半径：起初 1，现在 {now}"))
for T in (60, 120, 200):
    x, y = adding(T).sample(100, np.random.default_rng(100), seeds=10, dtype=np.float32)
    loss = ((predict(model, x) - y) ** 2).mean(axis=(1, 2)) / adding(T).baseline  # (S,)
    print(f"T = {T:3}: loss / baseline =", *[f"{r:.2g}" for r in np.sort(loss)])
norm = trained["identity", 60].history["norm"]  # (updates, S)

# %% name="longer.check"
usual, top = f"{np.median(norm):.1f}", f"{norm.max():.0e}"
print(
    tr(
        en=f"gradient before clipping: median {usual}, largest {top}",
        zh=f"裁剪之前的梯度：中位数 {usual}，最大 {top}",
    )
)
assert (loss > 1).sum() >= 7
assert radius.min() > 1.02
assert norm.max() > 1000 * np.median(norm)

# %% [markdown] lang="en"
# At 200 steps most of them are *worse* than always saying 0.5. The identity was where they began; nothing keeps them there. (Each line is sorted, a number a seed.) Training has moved the radius away from 1, and now and then a gradient was thousands of times longer than usual: without clipping, that would have been the cliff.
#
# So the plain RNN's trouble is not that a factor of 1 is out of reach. It is that the same weights must keep the past, read the input and compute the answer, and whatever moves them moves the factor too.

# %% [markdown] lang="zh"
# 到 200 步，它们大多比永远答 0.5 **还差**。单位矩阵只是出发点，没有什么把它们留在那里。（每行排过序，一个种子一个数。）训练让谱半径离开了 1；时不时还会来一个比平常长几千倍的梯度，不裁剪的话，那就是悬崖。
#
# 所以朴素 RNN 的麻烦，不在于因子 1 够不着，而在于同一组权重既要留住过去，又要读输入，还要算答案；权重一动，因子也跟着动。

# %% [markdown] lang="en"
# ## Common mistakes
#
# | wrong | symptom | right |
# |:--|:--|:--|
# | "radius above 1 explodes" | it vanishes, since units saturate | measure with the real inputs |
# | "radius below 1 shrinks at every step" | a shear grows for ten steps first | only in the long run; $\sigma_{\max} < 1$ shrinks at every step |
# | "$\sigma_{\max} > 1$, so it explodes" | a huge bound, a tiny truth | the bound is one-sided |
# | `np.linalg.norm(M)` for the best case | too large: that is the root of the sum of all squares | `np.linalg.norm(M, ord=2)` |
# | eigenvalues without `abs` | complex and negative ones are missed | `np.abs(np.linalg.eigvals(W)).max()` |
# | each array clipped by its own norm | the direction changes | one norm over all arrays, one factor |
# | clipping against vanishing | nothing changes | another start, or another cell |
# | a figure from one seed | tomorrow it is another | print the range over ten |

# %% [markdown] lang="zh"
# ## 常见错误
#
# | 错误 | 症状 | 正确 |
# |:--|:--|:--|
# | “谱半径大于 1 就爆炸” | 消失了，因为单元饱和 | 用真实的输入去测 |
# | “谱半径小于 1，每一步都变小” | 剪切先连着变大十步 | 只是最终如此；$\sigma_{\max} < 1$ 才是每一步都变小 |
# | “$\sigma_{\max} > 1$，所以爆炸” | 上界大得惊人，实际小得可怜 | 这个界只管一边 |
# | 用 `np.linalg.norm(M)` 算最好情形 | 偏大：那是所有元素平方和的根 | `np.linalg.norm(M, ord=2)` |
# | 取特征值不加 `abs` | 漏掉复数和负数 | `np.abs(np.linalg.eigvals(W)).max()` |
# | 每个数组按自己的范数裁剪 | 方向变了 | 所有数组合算一个范数，乘同一个因子 |
# | 用裁剪对付消失 | 什么也没变 | 换初始化，或者换一种单元 |
# | 只看一个种子的数 | 明天就变了 | 打印十个种子的范围 |

# %% [markdown] lang="en"
# ## Exercise
#
# [Exercise {{vanishing_gradients}}](../../exercises/en/vanishing_gradients.ipynb): the Jacobian of every step, what is left after each number of them, a matrix of given radius, an orthogonal one, and clipping.
#
# ## Papers
#
# - Hochreiter (1991) and Bengio, Simard & Frasconi (1994): the product, and why it shrinks or grows exponentially.
# - Sompolinsky, Crisanti & Sommers (1988): large random tanh networks without input turn chaotic once the gain is above 1; your hall that howls by itself.
# - Pascanu, Mikolov & Bengio (2013): the bound with the largest singular value, the cliff, clipping by the norm.
# - Saxe, McClelland & Ganguli (2014): orthogonal starts.
# - Le, Jaitly & Hinton (2015): ReLU RNNs from the identity learn adding and other long-lag tasks.
#
# ## Next
#
# A factor of exactly 1 that no training can move away: can it be *built in*? In 1997 somebody did, and met two new problems at once. Lesson {{memory_cell}}.

# %% [markdown] lang="zh"
# ## 练习
#
# [练习 {{vanishing_gradients}}](../../exercises/zh/vanishing_gradients.ipynb)：每一步的雅可比矩阵，走任意多步之后还剩多少，给定谱半径的矩阵，正交矩阵，还有裁剪。
#
# ## 论文
#
# - Hochreiter（1991），Bengio、Simard 和 Frasconi（1994）：这个连乘，以及它为什么按指数缩小或增大。
# - Sompolinsky、Crisanti 和 Sommers（1988）：大的随机 tanh 网络，没有输入，增益一超过 1 就变得混沌；就是你那个自己啸叫的大厅。
# - Pascanu、Mikolov 和 Bengio（2013）：用最大奇异值写的界，悬崖，按范数裁剪。
# - Saxe、McClelland 和 Ganguli（2014）：正交初始化。
# - Le、Jaitly 和 Hinton（2015）：从单位矩阵出发的 ReLU RNN，学会了加法和别的长距离任务。
#
# ## 下一步
#
# 一个恰好是 1、训练也挪不动的因子，能不能**造**进去？1997 年有人做到了，随即碰上两个新问题。第 {{memory_cell}} 课。
