# ---
# lstm_lab:
#   title: {en: "The RNN backward", zh: "循环网络的反向传播"}
#   summary: {en: "One weight, used at every step: whose fault is the error? By hand, as a loop, as a product", zh: "一个权重，每一步都用：错该算在谁头上？先手算，再写循环，再看成连乘"}
#   minutes: 45
#   terms: ["what it does and how to do it"]
# ---

# %% [markdown] lang="en"
# *Three questions first, on lessons [{{start_here}}](start_here.ipynb) and [{{rnn}}](rnn.ipynb).*
#
# <details><summary>An RNN with 3 inputs and 8 units reads 20 entries. How many weights has it? And for 2,000 entries?</summary>
#
# $H(I + H + 1) = 8 \cdot 12 = 96$, both times: the same weights at every step.
#
# </details>
#
# <details><summary>Ten states, the last four of them after padding. Which one does a many-to-one head read?</summary>
#
# The sixth, `h[lengths - 1]`, in Python `h[5]`; or `h[-1]` if the state was frozen.
#
# </details>
#
# <details><summary>What did the untrained state hold in lesson {{rnn}}, and what did training change?</summary>
#
# An echo of the last few entries, and nothing of the lamp. After training it held the lamp, and the echo was shorter.
#
# </details>

# %% [markdown] lang="zh"
# 先回答三个问题，关于第 [{{start_here}}](start_here.ipynb) 课和第 [{{rnn}}](rnn.ipynb) 课。
#
# <details><summary>一个 RNN 有 3 个输入、8 个单元，读 20 条记录。它有多少个权重？读 2,000 条呢？</summary>
#
# $H(I + H + 1) = 8 \cdot 12 = 96$ 个，两次都一样：每一步用的是同一组权重。
#
# </details>
#
# <details><summary>十个状态，最后四个是读了填充之后的。多对一的输出头该读哪一个？</summary>
#
# 第六个，`h[lengths - 1]`，在 Python 里是 `h[5]`；状态冻结过的话，`h[-1]` 也行。
#
# </details>
#
# <details><summary>第 {{rnn}} 课里，没训练过的状态装着什么？训练改变了什么？</summary>
#
# 装着最近几条记录的回声，对灯一无所知。训练之后装着灯，回声也变短了。
#
# </details>

# %% [markdown] lang="en"
# You copy a page, then copy the copy, then copy that. The third copy is too pale. There is *one* dial on the copier, and it was at the same place all three times. **Which of the three copies is to blame, and how far should the dial be turned?**

# %% [markdown] lang="zh"
# 你复印一页纸，再复印那份复印件，再复印一次。第三张太淡了。复印机上只有一个旋钮，三次都停在同一个位置。**该怪哪一次？旋钮又该转多少？**

# %% [markdown] lang="en"
# ## What you will be able to do
#
# - **Compute** the gradient of a loss for every weight of an RNN, back through all steps.
# - **Judge** any gradient, your own above all, by finite differences.
# - **Say** what is lost when the way back is cut short.
#
# [Exercise {{rnn_backward}}](../../exercises/en/rnn_backward.ipynb) grades these. You need [lesson {{rnn}}](rnn.ipynb) and the chain rule (rusty? the [toolbox](toolbox.ipynb#A-graph-with-numbers) has it with numbers).

# %% [markdown] lang="zh"
# ## 学完你能做什么
#
# - **算出**损失对 RNN 每个权重的梯度，一路穿过所有时间步往回走。
# - **检验**任何一个梯度，首先是你自己的，用有限差分。
# - **说清**往回的路被截短时，丢掉了什么。
#
# [练习 {{rnn_backward}}](../../exercises/zh/rnn_backward.ipynb) 考的就是这三件事。你需要[第 {{rnn}} 课](rnn.ipynb)和链式法则（生疏了？[工具箱](toolbox.ipynb#带数字的计算图)里有，带着数字）。

# %% name="guess_shared.imports" show=true
import inspect

import numpy as np

from lstm_lab.cells import rnn_init
from lstm_lab.gradients import numeric_gradients, state_jacobians
from lstm_lab.i18n import tr
from lstm_lab.layers import backward, forward, linear_backward, linear_forward, linear_init
from lstm_lab.plots import COLOURS, show, subplots, table, unrolled_graph
from lstm_lab.training import Adam, clip_global_norm, mse
from lstm_lab.widgets import Predict

# %% [markdown] lang="en"
# ## Predict
#
# One unit, one weight $w$ on its own past, three steps. Give each step a weight of its own for a moment, $w_1$, $w_2$, $w_3$, all three with the same value, and compute three gradients. Then make them one weight again. What is *its* gradient?

# %% [markdown] lang="zh"
# ## 先猜
#
# 一个单元，用权重 $w$ 连着自己的过去，走三步。暂时让每一步都有自己的权重 $w_1$、$w_2$、$w_3$，三个数值相同，算出三个梯度。然后再让它们变回同一个权重。**它**的梯度是什么？

# %% name="guess_shared"
choices = [
    tr(en="that of the last use", zh="最后一次的那个"),
    tr(en="the mean of the three", zh="三个的平均"),
    tr(en="the sum of the three", zh="三个的和"),
    tr(en="the product of the three", zh="三个的积"),
]
guess_shared = Predict(
    "rnn_backward-shared-weight",
    tr(en="The gradient of one weight used three times is …", zh="一个权重用了三次，它的梯度是……"),
    choices=choices,
)
guess_shared

# %% [markdown] lang="en"
# ## See: three steps, real numbers
#
# $h_t = \tanh(w\,h_{t-1} + x_t)$ with $w = 0.5$, inputs 1, −1, 0.5, and the loss $L = (h_3 - 1)^2$. Going forward, write down every $h$. Going back, carry one number along, $dh$: how much the loss changes if this $h$ grows a little.
#
# At each step the number first passes the tanh, whose slope is $1 - h_t^2$; call the result $da$. Then it does two things. It tells the weight of this step: $da \cdot h_{t-1}$. And it goes on to the $h$ before: $w \cdot da$.

# %% [markdown] lang="zh"
# ## 看：三步，用真实的数
#
# $h_t = \tanh(w\,h_{t-1} + x_t)$，取 $w = 0.5$，输入是 1、−1、0.5，损失是 $L = (h_3 - 1)^2$。往前走时，记下每个 $h$。往回走时，带着一个数 $dh$：这个 $h$ 稍微变大一点，损失变多少。
#
# 每一步，这个数先穿过 tanh，那里的斜率是 $1 - h_t^2$，得到的叫 $da$。然后它做两件事：告诉这一步的权重 $da \cdot h_{t-1}$；再传给前一个 $h$，是 $w \cdot da$。

# %% name="three_steps"
w, x = 0.5, [1.0, -1.0, 0.5]
h = [0.0]
for t in (1, 2, 3):
    h.append(np.tanh(w * h[t - 1] + x[t - 1]))
print("forward: ", *[f"h_{t} = {h[t]:.3f}" for t in (1, 2, 3)], f" L = {(h[3] - 1) ** 2:.3f}")

dh, blame = 2 * (h[3] - 1), {}
for t in (3, 2, 1):
    da = dh * (1 - h[t] ** 2)
    blame[t] = da * h[t - 1]
    print(f"t = {t}:   dh = {dh:.3f}   da = {da:.3f}   w_{t}: {blame[t]:.3f}")
    dh = w * da

# %% [markdown] lang="en"
# The three uses do not agree. The last would have liked a smaller $w$ (its gradient is positive), the second a larger one, and the first does not care: it multiplied $h_0 = 0$. And the one real $w$? Ask it directly, by moving it a little and looking at the loss:

# %% [markdown] lang="zh"
# 三次使用意见不一。最后一次希望 $w$ 小一点（梯度是正的），第二次希望大一点，第一次无所谓：它乘的是 $h_0 = 0$。那么真正的那一个 $w$ 呢？直接问它：把它挪一点点，看损失怎么变：


# %% name="ask_directly"
def loss(w):
    h = 0.0
    for x_t in x:
        h = np.tanh(w * h + x_t)
    return (h - 1) ** 2


eps = 1e-5
asked = (loss(w + eps) - loss(w - eps)) / (2 * eps)
parts = np.array(list(blame.values()))
offers = [parts[0], parts.mean(), parts.sum(), parts.prod()]
print(tr(en="asked directly:", zh="直接问出来的："), f"{asked:.6f}")
print(tr(en="last, mean, sum, product:", zh="最后一个、平均、和、积："), np.round(offers, 6))

# %% name="ask_directly.reveal"
assert np.isclose(asked, parts.sum(), rtol=1e-6)
guess_shared.reveal(int(np.argmin(np.abs(np.array(offers) - asked))))

# %% [markdown] lang="en"
# Here is the same on the unrolled network. What does each dashed arrow carry?

# %% [markdown] lang="zh"
# 在展开的网络上再看一遍。每条虚线箭头带着什么？

# %% name="picture"
show(
    unrolled_graph(3, outputs="last", gradient=True),
    caption=tr(
        en="Dashed: the way back. Each arrow carries the dh of the state it points at; beside each "
        "W_h and W_x it leaves the share of that use.",
        zh="虚线是回去的路。每条箭头带着它所指状态的 dh；经过每个 W_h 和 W_x，都留下那一次使用的份额。",
    ),
    alt=tr(
        en="Unrolled graph of three steps with an answer at the last; dashed arrows lead from "
        "the answer back to the first state.",
        zh="三步的展开图，只有最后一步有回答；虚线箭头从回答一路回到第一个状态。",
    ),
)

# %% [markdown] lang="en"
# ## Say it
#
# The sum. If $w$ moves, all three uses move at once, and small changes add up. That is all there is to "shared weights". For vectors, with $\odot$ for products entry by entry, from the last step to the first:
#
# $$da_t = dh_t \odot (1 - h_t^2) \qquad dh_{t-1} = W_h^\top da_t + \frac{\partial L_{t-1}}{\partial h_{t-1}}$$
#
# $$dW_h = \sum_t da_t\, h_{t-1}^\top \qquad dW_x = \sum_t da_t\, x_t^\top \qquad db = \sum_t da_t \qquad dx_t = W_x^\top da_t$$
#
# The last term of the first line is there if the loss also looks at $h_{t-1}$ directly, as in many-to-many. ($dx_t$ is what lesson {{start_here}} measured.) This is **backpropagation through time**, BPTT: ordinary backpropagation, on the unrolled network.

# %% [markdown] lang="zh"
# ## 说：写成公式
#
# 是和。$w$ 一动，三次使用同时跟着动，小的变化加在一起。“共享权重”说到底就是这么回事。写成向量，$\odot$ 表示**逐元素乘积**，从最后一步走到第一步：
#
# $$da_t = dh_t \odot (1 - h_t^2) \qquad dh_{t-1} = W_h^\top da_t + \frac{\partial L_{t-1}}{\partial h_{t-1}}$$
#
# $$dW_h = \sum_t da_t\, h_{t-1}^\top \qquad dW_x = \sum_t da_t\, x_t^\top \qquad db = \sum_t da_t \qquad dx_t = W_x^\top da_t$$
#
# 第一行最后一项，是损失也直接看 $h_{t-1}$ 时才有的，比如多对多。（$dx_t$ 就是第 {{start_here}} 课测的东西。）这就是**通过时间反向传播**（也叫随时间反向传播，backpropagation through time，BPTT）：在展开的网络上做普通的反向传播。

# %% [markdown] lang="en"
# ## Build it
#
# Three equations in the loop, and one to go back a step. `dh_out[t]` is what the loss asks of $h_t$ directly; Python counts the states from `h[0]`, the zeros before the first step, so the state *after* entry `x[t]` is `h[t + 1]`.

# %% [markdown] lang="zh"
# ## 搭出来
#
# 循环里，三行收集，一行往回走一步。`dh_out[t]` 是损失直接对 $h_t$ 提的要求；Python 里状态从 `h[0]` 数起，那是第一步之前的零，所以读完 `x[t]` **之后**的状态是 `h[t + 1]`。


# %% name="build"
def bptt(p, x, dh_out):
    h = [np.zeros(len(p.b))]
    for x_t in x:
        h.append(np.tanh(p.W_x @ x_t + p.W_h @ h[-1] + p.b))
    dW_x, dW_h, db = np.zeros_like(p.W_x), np.zeros_like(p.W_h), np.zeros_like(p.b)
    dh = np.zeros(len(p.b))
    for t in reversed(range(len(x))):
        dh = dh + dh_out[t]
        da = dh * (1 - h[t + 1] ** 2)
        dW_x = dW_x + np.outer(da, x[t])
        dW_h = dW_h + np.outer(da, h[t])
        db = db + da
        dh = p.W_h.T @ da
    return p.replace(W_x=dW_x, W_h=dW_h, b=db)


# %% [markdown] lang="en"
# That is the black box. Is it the same one? Four units, six entries, and a loss that asks something of every state, in random numbers:

# %% [markdown] lang="zh"
# 黑箱就是这个。和库里那个一样吗？四个单元，六条输入，损失对每个状态都有要求，用随机数：


# %% name="same_box"
def case(seed, T=6):
    rng = np.random.default_rng(seed)
    return rnn_init(3, 4, seed=seed), rng.normal(size=(T, 3)), rng.normal(size=(T, 4))


p, xs, dh_out = case(0)
mine = bptt(p, xs, dh_out)
box = backward(p, forward(p, xs[:, None]), dh_out[:, None]).p

# %% name="same_box.check"
for name in ("W_x", "W_h", "b"):
    gap = np.abs(getattr(mine, name) - getattr(box, name)).max()
    print(tr(en=f"d{name}: largest difference {gap:.0e}", zh=f"d{name}：最大相差 {gap:.0e}"))
    assert gap < 1e-12

# %% [markdown] lang="en"
# ## The judge
#
# Two programs that agree may both be wrong. The judge is the definition: move one weight by $\varepsilon$, look at the loss, divide.
#
# $$\frac{\partial L}{\partial w} \approx \frac{L(w + \varepsilon) - L(w - \varepsilon)}{2\varepsilon}$$
#
# The smaller the $\varepsilon$, the nearer to the truth? A float has sixteen digits. Which of these is best?

# %% [markdown] lang="zh"
# ## 裁判
#
# 两个程序一致，也可能都错。裁判是定义本身：把一个权重挪动 $\varepsilon$，看损失，再除。
#
# $$\frac{\partial L}{\partial w} \approx \frac{L(w + \varepsilon) - L(w - \varepsilon)}{2\varepsilon}$$
#
# $\varepsilon$ 越小，就越接近真值吗？浮点数有十六位有效数字。下面哪个最好？

# %% name="guess_eps"
sizes = ["0.1", "1e-5", "1e-9", "1e-12"]
guess_eps = Predict(
    "rnn_backward-best-eps",
    tr(en="Which ε gives the smallest error?", zh="哪个 ε 的误差最小？"),
    choices=sizes,
)
guess_eps


# %% name="judge"
def judged(eps):
    slope = np.zeros_like(p.W_h)
    for at in np.ndindex(*p.W_h.shape):
        e = np.zeros_like(p.W_h)
        e[at] = eps
        up = (forward(p.replace(W_h=p.W_h + e), xs[:, None]).h[:, 0] * dh_out).sum()
        down = (forward(p.replace(W_h=p.W_h - e), xs[:, None]).h[:, 0] * dh_out).sum()
        slope[at] = (up - down) / (2 * eps)
    return slope


every = [float(f"1e-{k}") for k in range(1, 13)]
error = {eps: np.abs(judged(eps) - mine.W_h).max() for eps in every}
print(*[f"{eps:.0e}: {off:.1e}" for eps, off in error.items()], sep="\n")

# %% name="judge.reveal"
best = min(sizes, key=lambda text: error[float(text)])
assert best == "1e-5"
assert error[1e-5] < 1e-8
guess_eps.reveal(best)

# %% name="judge_curve"
fig, ax = subplots(height=2.8)
ax.loglog(list(error), list(error.values()), "o-")
ax.set(xlabel="ε", ylabel="largest error")
show(
    fig,
    caption=tr(
        en="Read from right to left: the error falls as ε falls, then rises again.",
        zh="从右往左看：ε 变小，误差先变小，然后又变大。",
    ),
    alt=tr(
        en="Error against epsilon, both axes logarithmic: a V with its lowest point "
        "between 1e-5 and 1e-6.",
        zh="误差随 epsilon 的变化，双对数轴：呈 V 形，最低点在 1e-5 和 1e-6 之间。",
    ),
)

# %% [markdown] lang="en"
# On the right of the V, $\varepsilon$ is so large that the loss bends within it. On the left, the two losses agree in all but their last digits, and it is the rounding that is divided by $2\varepsilon$. In between, the judge is good to nine or ten digits. It is slow, two passes for every weight, so it never trains; it only judges. And it wants float64: a float32 carries seven digits, and taking two nearly equal losses apart uses up most of them.

# %% [markdown] lang="zh"
# V 的右边，$\varepsilon$ 太大，损失在这一段里已经弯了。左边，两个损失只差最后几位，除以 $2\varepsilon$ 的其实是舍入误差。中间这一段，裁判准到九位、十位。裁判很慢，每个权重要跑两遍，所以从不参与训练，只做判断。而且只认 float64：float32 只有七位有效数字，两个几乎相等的损失一减，大半就没了。

# %% [markdown] lang="en"
# ## Break it: four planted faults
#
# A judge that has never convicted anyone is not worth much. Here are the four slips that are made most often, each a change in one place of your `bptt`. The first multiplies by the state *after* the step where the one *before* belongs. Of the three gradients $dW_x$, $dW_h$, $db$, how many does that spoil?

# %% [markdown] lang="zh"
# ## 弄坏它：埋四个错
#
# 从没判过谁有错的裁判，不值得信。下面是最常犯的四个错，每个只改 `bptt` 里的一处。第一个，该用这一步**之前**的状态，用成了**之后**的。$dW_x$、$dW_h$、$db$ 三个梯度，它会弄坏几个？

# %% name="guess_fault"
guess_fault = Predict(
    "rnn_backward-new-h-spoils",
    tr(
        en="The new h in place of the old: how many of the three gradients are wrong?",
        zh="旧的 h 写成了新的：三个梯度里错几个？",
    ),
    choices=tr(en=["none", "one", "two", "all three"], zh=["零个", "一个", "两个", "三个都错"]),
)
guess_fault

# %% name="plant"
slips = {
    "np.outer(da, h[t + 1])": "np.outer(da, h[t])",
    "da = dh": "da = dh * (1 - h[t + 1] ** 2)",
    "dh = p.W_h @ da": "dh = p.W_h.T @ da",
    "break": "dh = p.W_h.T @ da",
}
programs = {"bptt": bptt}
for wrong, right in slips.items():
    source = inspect.getsource(bptt)
    assert source.count(right) == 1
    names = {"np": np}
    exec(source.replace(right, wrong), names)
    programs[wrong] = names["bptt"]

# %% [markdown] lang="en"
# Ten networks for each program. The library's `numeric_gradients` is your judge for all three arrays; *off by* is the largest error, as a share of the largest entry.

# %% [markdown] lang="zh"
# 每个程序配十个网络。库里的 `numeric_gradients` 就是你的裁判，三个数组都判；表里是最大的误差，按最大那个元素的比例算。


# %% name="caught"
def gradients(program, p, x, dh_out):
    true = numeric_gradients(lambda p: (forward(p, x[:, None]).h[:, 0] * dh_out).sum(), p)
    got = program(p, x, dh_out)
    return [(getattr(got, k), getattr(true, k)) for k in ("W_x", "W_h", "b")]


off = {}
for name, program in programs.items():
    pairs = [gradients(program, *case(seed)) for seed in range(10)]
    off[name] = np.array([[abs(g - t).max() / abs(t).max() for g, t in row] for row in pairs])

# %% name="caught.draw"
for name, worst in ((name, o.max(axis=1)) for name, o in off.items()):  # (10,)
    assert (worst < 1e-7).all() if name == "bptt" else (worst > 0.05).all()
rows = {name: [f"{r.min():.0e} … {r.max():.0e}" for r in o.T] for name, o in off.items()}
note = tr(en="Off by (lowest … highest of ten networks)", zh="误差（十个网络里最低 … 最高）")
table(rows, ["", "dW_x", "dW_h", "db"], caption=note)

# %% name="reveal_fault"
wrong = (off["np.outer(da, h[t + 1])"] > 1e-6).sum(axis=1)  # (10,)
assert (wrong == 1).all()
guess_fault.reveal(int(wrong[0]))

# %% [markdown] lang="en"
# All four are caught, on every network. And the table is a diagnosis. If one array alone is wrong, the fault sits in the line that collects it: here $dW_h$, for nothing else ever multiplies by $h_{t-1}$. If all are wrong, it sits in what is carried back, $dh$ or $da$.
#
# Now the judge's own weakness. Give it a sequence of a *single* step. Which faults can it still see?

# %% [markdown] lang="zh"
# 四个全被抓住，每个网络上都是。而且这张表就是诊断书。只有一个数组错，错就在收集它的那一行：这里是 $dW_h$，因为别处都不乘 $h_{t-1}$。全都错，错就在一路往回带的东西里，$dh$ 或者 $da$。
#
# 再看裁判自己的弱点。给它一个**只有一步**的序列。它还看得见哪些错？

# %% name="blind"
passed = []
for name, program in programs.items():
    same = [np.allclose(g, t, atol=1e-7) for g, t in gradients(program, *case(0, T=1))]
    passed += [name] * all(same)
    verdict = tr(en=["caught", "passes"], zh=["抓住了", "放过了"])[all(same)]
    print(f"{name:24}", verdict)

# %% name="blind.check"
assert passed == ["bptt", "dh = p.W_h @ da", "break"]

# %% [markdown] lang="en"
# Two faults pass: with one step nothing is ever carried back, so nobody looks at how. A check is as good as its case. Several steps, a loss that looks at every state, no two sizes alike: then try to fool it.

# %% [markdown] lang="zh"
# 两个错混了过去：只有一步，根本没有东西往回带，怎么带的也就没人看。检查好不好，要看拿什么去检查。多走几步，损失要看每一个状态，各个大小互不相同；然后再试着骗过它。

# %% [markdown] lang="en"
# ## The same thing as a product
#
# Follow $dh$ alone. For one unit, each step back multiplies it by $w\,(1 - h_t^2)$. Three steps, three factors:

# %% [markdown] lang="zh"
# ## 同一件事，看成连乘
#
# 只跟着 $dh$ 走。一个单元时，每往回一步，就给它乘上 $w\,(1 - h_t^2)$。三步，三个因子：

# %% name="factors"
factors = [w * (1 - h[t] ** 2) for t in (1, 2, 3)]


def last(h):
    for x_t in x:
        h = np.tanh(w * h + x_t)
    return h


asked = (last(eps) - last(-eps)) / (2 * eps)
print(tr(en="factors:", zh="各个因子："), np.round(factors, 4))
print(tr(en="their product:", zh="乘起来："), np.prod(factors).round(6))
how = tr(en="how h_3 changes with h_0, asked directly:", zh="h_3 随 h_0 怎么变，直接问出来的：")
print(how, asked.round(6))

# %% name="factors.check"
assert np.isclose(np.prod(factors), asked, rtol=1e-6)

# %% [markdown] lang="en"
# With many units the factor becomes a matrix, the [**Jacobian**](toolbox.ipynb#The-Jacobian) of one step: entry $(j, k)$ says how unit $j$ after the step changes with unit $k$ before it. Over many steps the matrices are multiplied:
#
# $$J_t = \frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(1 - h_t^2)\, W_h \qquad \frac{\partial h_T}{\partial h_t} = J_T\, J_{T-1} \cdots J_{t+1}$$

# %% [markdown] lang="zh"
# 单元多了，因子就变成矩阵，即一步的[**雅可比矩阵**](toolbox.ipynb#雅可比矩阵)（Jacobian）：第 $(j, k)$ 个元素说的是，走这一步之前的单元 $k$ 动一点，之后的单元 $j$ 动多少。走许多步，就是把矩阵连乘起来：
#
# $$J_t = \frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(1 - h_t^2)\, W_h \qquad \frac{\partial h_T}{\partial h_t} = J_T\, J_{T-1} \cdots J_{t+1}$$

# %% name="jacobians"
states = forward(p, xs[:, None]).h[:, 0]  # (6, 4)
product = np.eye(4)
for h_t in states:
    J = (1 - h_t**2)[:, None] * p.W_h  # (4, 4)
    product = J @ product

dh = dh_out[-1]
for h_t in states[::-1]:
    dh = p.W_h.T @ (dh * (1 - h_t**2))
print(product.round(4))
print(tr(en="carried back over six steps:", zh="往回送了六步："), dh.round(4))

# %% name="jacobians.check"
assert np.allclose(product, state_jacobians(p, xs)["h", "h"][0])
assert np.allclose(dh, product.T @ dh_out[-1])

# %% [markdown] lang="en"
# The loop of `bptt` never builds this product. It multiplies a *vector* by one matrix after the other, from the loss's end: $H^2$ multiplications a step. From the other end they would be matrices times matrices, $H^3$. For $H = 128$ and a hundred steps that is 1.6 million against 210 million, for the same result. That is the whole secret of "back" propagation.
#
# And look at the size of what is left after six steps. It is lesson {{start_here}}'s $w^n$ with matrices.

# %% [markdown] lang="zh"
# `bptt` 的循环从不真的算出这个连乘。它从损失那一头开始，拿一个**向量**挨个去乘矩阵：每步 $H^2$ 次乘法。从另一头开始，就是矩阵乘矩阵，每步 $H^3$ 次。$H = 128$、走一百步时，是一百六十万次对两亿一千万次，结果相同。“反向”传播的全部秘密就在这里。
#
# 再看看六步之后还剩多大。这就是第 {{start_here}} 课的 $w^n$，只是换成了矩阵。

# %% [markdown] lang="en"
# ## Measure: whose fault is it?
#
# Now the question that lesson {{rnn}} left. Eight untrained units read twenty entries of the lamp's log; the answer is wrong once, at the end. Every use of the weights gets its $da_t$. Add up their lengths: what share falls to the *first ten* of the twenty uses?

# %% [markdown] lang="zh"
# ## 测：到底怪谁？
#
# 现在回到第 {{rnn}} 课留下的问题。八个没训练过的单元读灯的二十条记录，只在最后答一次，答错了。权重的每一次使用都分到自己的 $da_t$。把它们的长度加起来：二十次里的**前十次**，一共占多大一份？

# %% name="guess_share"
bounds = [0.3, 0.1, 0.01]
guess_share = Predict(
    "rnn_backward-first-ten",
    tr(en="The first ten of twenty uses get …", zh="二十次里的前十次，分到……"),
    choices=tr(
        en=["more than 30 %", "10 to 30 %", "1 to 10 %", "less than 1 %"],
        zh=["30% 以上", "10% 到 30%", "1% 到 10%", "不到 1%"],
    ),
)
guess_share


# %% name="shares"
def lamp(shape, rng):
    entry = rng.choice(3, size=shape, p=[0.4, 0.02, 0.58])
    on = np.zeros((shape[0] + 1, *shape[1:]))
    for t, e in enumerate(entry):
        on[t + 1] = np.select([e == 0, e == 1], [1 - on[t], 0], on[t])
    return np.eye(3)[entry], on[1:, ..., None]  # (T, ..., 3), (T, ..., 1)


rng, seeds = np.random.default_rng(1), range(10)
ten = rnn_init(3, 8, seed=seeds)
states = forward(ten, lamp((20, 10, 1), rng)[0]).h  # (20, S, 1, 8)
dh, size = rng.normal(size=(10, 1, 8)), np.zeros((20, 10))
for t in reversed(range(20)):
    da = dh * (1 - states[t] ** 2)  # (S, 1, 8)
    size[t] = np.linalg.norm(da, axis=(1, 2))
    dh = da @ ten.W_h
share = size / size.sum(axis=0)  # (20, S)

# %% name="shares.reveal"
early = np.median(share[:10].sum(axis=0))
assert early < bounds[-1]
guess_share.reveal(sum(early < bound for bound in bounds))

# %% name="shares_curve"
fig, ax = subplots(height=2.8)
ax.plot(range(1, 21), share, color=COLOURS["grey"], lw=0.8)
ax.plot(range(1, 21), np.median(share, axis=1), "o-", color=COLOURS["blue"])
ax.set(yscale="log", xlabel="entry", ylabel="share", xticks=[1, 5, 10, 15, 20])
show(
    fig,
    caption=tr(
        en="Thin: ten seeds. Thick: their median. Most of the blame falls to the last few uses.",
        zh="细线是十个种子，粗线是中位数。责任大多落在最后几次使用头上。",
    ),
    alt=tr(
        en="Share of each use against its entry, log axis: it falls by powers of ten from "
        "the last entry to the first.",
        zh="每次使用分到的份额随记录序号的变化，对数轴：从最后一条到第一条，按数量级一路往下掉。",
    ),
)

# %% [markdown] lang="en"
# So the sum is fair in form and lopsided in fact: all twenty uses are heard, the last few are loud. That is a measurement on *untrained* networks, with the usual start. Why it falls off so steadily, and when it does not, is lesson {{vanishing_gradients}}.

# %% [markdown] lang="zh"
# 所以这个和形式上公平，实际上一边倒：二十次使用都有发言，最后几次嗓门大。这是在**没训练过**的网络上、用通常的初始化测的。为什么掉得这么均匀，什么时候不会，是第 {{vanishing_gradients}} 课的事。

# %% [markdown] lang="en"
# ## Break it: cut the way back
#
# If the early uses are hardly heard, why walk back to them? BPTT must keep every state until the end, and a stream may never end. **Truncated BPTT** walks back $K$ steps at most. The states still go *forward* through all steps; only the gradient stops at each cut. (In PyTorch: `h.detach()`.)

# %% [markdown] lang="zh"
# ## 弄坏它：把回去的路截断
#
# 前面的使用几乎发不出声音，何必还走回去？BPTT 要把每个状态都留到最后，而一条流也许永远没有尽头。**截断的通过时间反向传播**（truncated BPTT）最多往回走 $K$ 步。**往前**时，状态照样走完所有的步；只有梯度停在每个切口上。（在 PyTorch 里就是 `h.detach()`。）


# %% name="cut"
def cut(p, x, out, dh, K):
    parts = []
    for s in range(0, len(x), K):
        piece = forward(p, x[s : s + K], out.h[s - 1] if s else None)
        parts.append(backward(p, piece, dh[s : s + K]).p)
    return p.replace(**{k: sum(getattr(g, k) for g in parts) for k in ("W_x", "W_h", "b")})


# %% [markdown] lang="en"
# Two tasks for it. **The lamp**: twenty entries, asked after each, as in lesson {{rnn}}, and tested over a thousand. **One bit**: the first entry says 0 or 1, fifteen entries of noise follow, and the question is asked once, at the end. With the whole way back, both are learnt. Now cut it. What do you expect?

# %% [markdown] lang="zh"
# 拿两个任务来试。**灯**：二十条记录，每条之后都问，和第 {{rnn}} 课一样，测试时读一千条。**一个比特**：第一条说 0 或 1，后面是十五条噪声，只在最后问一次。路不截断，两个都学得会。现在截断它。你猜会怎样？

# %% name="guess_cut"
question = tr(
    en="Lamp, way back of one single step: how many of ten nets keep it over 1000 entries?",
    zh="灯，回去的路只有一步：十个网络里，几个能在一千条里跟住它？",
)
guess_lamp = Predict("rnn_backward-lamp-one-step", question)
guess_lamp

# %% name="guess_bit"
question = tr(
    en="One bit, 16 steps, way back of four: how many of ten nets learn it?",
    zh="一个比特，16 步，回去的路有四步：十个网络里几个学得会？",
)
guess_bit = Predict("rnn_backward-bit-four-steps", question)
guess_bit


# %% name="train_cut"
def one_bit(shape, rng):
    bit = rng.integers(2, size=shape[1:])  # (S, B)
    x = np.zeros((*shape, 3))
    x[0], x[1:, ..., 2] = np.eye(3)[bit], rng.normal(size=x[1:, ..., 2].shape)
    return x, np.broadcast_to(bit[..., None], (*shape, 1))


def train(task, T, K, first, B=32, updates=500):
    model = rnn_init(3, 16, seed=seeds), linear_init(16, 1, seed=seeds)
    adam, rng = Adam(lr=0.01), np.random.default_rng(seeds[0])
    for _ in range(updates):
        x, y = task((T, len(seeds), B), rng)
        out = forward(model[0], x)
        h, dh = out.h[first:], np.zeros_like(out.h)
        _, dy = mse(linear_forward(model[1], h), y[first:], seeds=True)
        dh[first:], g_head = linear_backward(model[1], h, dy)
        g, _ = clip_global_norm((cut(model[0], x, out, dh, K), g_head), 1.0, seeds=len(seeds))
        model = adam.update(model, g)
    return model


# %% [markdown] lang="en"
# Ten networks in each row. One that is right in more than 95 of 100 answers has solved it. (Give the cell a quarter of a minute.)

# %% [markdown] lang="zh"
# 每行十个网络。100 个回答对 95 个以上，算学会。（这个单元格要等十几秒。）


# %% name="cut_table"
def right(model, x, y):
    answer = linear_forward(model[1], forward(model[0], x).h[-len(y) :])  # (T, S, B, 1)
    return ((answer > 0.5) == (y[:, None] > 0.5)).mean(axis=(0, 2, 3))


tests = np.random.default_rng(101)
x_long, on = lamp((1000, 50), tests)
x_bit, bit = one_bit((16, 200), tests)
shares, models = {}, {}
plan = [("lamp", lamp, 20, K) for K in (20, 1)] + [("one bit", one_bit, 16, K) for K in (16, 4, 1)]
for name, task, T, K in plan:
    once = task is one_bit
    models[name, K] = model = train(task, T, K, first=T - 1 if once else 0)
    shares[name, K] = right(model, x_bit, bit[-1:]) if once else right(model, x_long, on)
solved = {case: (share > 0.95).sum() for case, share in shares.items()}

# %% name="cut_table.draw"
rows = []
for name, _task, T, K in plan:
    reached = np.quantile(shares[name, K], [0, 0.5, 1])
    rows.append([name, f"{K} / {T}", f"{solved[name, K]} / 10", *reached])
table(
    rows, ["", tr(en="way back", zh="回去的路"), tr(en="solved", zh="学会"), "min", "median", "max"]
)

# %% name="reveal_lamp"
assert min(solved["lamp", 20], solved["lamp", 1]) >= 9
guess_lamp.reveal(int(solved["lamp", 1]))

# %% name="reveal_bit"
assert solved["one bit", 16] >= 8
assert max(solved["one bit", 4], solved["one bit", 1]) <= 5
guess_bit.reveal(int(solved["one bit", 4]))

# %% [markdown] lang="en"
# The **lamp** lost nothing. A way back of a single step, and the memory lasts for a thousand: the length of the way back is not the length of the memory. Each small correction ("keep it right *one* step longer") is paid for at once, by the next answer.
#
# The **bit** is lost by at least half of the networks. Nothing asks about it until the end, and from there four steps do not reach it. How the others got it, the table does not say; perhaps by luck, an echo of the bit that lasted long enough to be strengthened. One thing can be said of all of them. Look at the weights that *read* the bit:

# %% [markdown] lang="zh"
# **灯**什么也没丢。回去的路只有一步，记忆却能撑一千条：路的长度不等于记忆的长度。每一点小改正（“再多对**一步**”），下一个回答马上就有回报。
#
# **比特**，至少一半的网络学不会了。最后之前没人问起它，而从最后往回走四步，够不着它。其余的是怎么学会的，这张表没说；也许是运气，比特的回声正好撑得够久，可以被放大。但有一点，每个网络都一样。看看**读**比特的那些权重：

# %% name="never_moved"
start = rnn_init(3, 16, seed=seeds).W_x
what = tr(en="largest move of the weights that read the bit:", zh="读那个比特的权重，最大挪动：")
for K in (16, 4, 1):
    moved = np.abs(models["one bit", K][0].W_x - start)[..., :2].max()
    print(f"K = {K:2}: {what} {moved:.3f}")
    assert (moved > 0) == (K == 16)

# %% [markdown] lang="en"
# Zero, exactly, after 500 updates. The gradient for these weights comes from step one alone, and step one was never visited. Truncation does not make the gradient a little wrong at random. It leaves out, always and entirely, whatever pays off later than $K$ steps.

# %% [markdown] lang="zh"
# 恰好是零，更新了 500 次，一动没动。这些权重的梯度只从第一步来，而第一步从来没人走到过。截断并不是让梯度随机地错一点。凡是要过 $K$ 步以后才见效的，它每次都整个漏掉。

# %% [markdown] lang="en"
# ## Common mistakes
#
# | wrong | symptom | right |
# |:--|:--|:--|
# | `np.outer(da, h[t + 1])` | $dW_h$ alone fails the check | the state *before* the step |
# | `p.W_h @ da` on the way back | right for one step, wrong from two on | `p.W_h.T @ da`; with rows as sequences, `da @ W_h` |
# | `dh = dh_out[t]` in the loop | what comes from later steps is lost | `dh = dh + dh_out[t]`: it adds |
# | the mean over the steps | the gradient is T times too small | the sum; a mean belongs in the loss, if anywhere |
# | checking in float32, or with $\varepsilon = 10^{-12}$ | a right gradient looks wrong | float64, $\varepsilon$ near $10^{-5}$ |
# | checking on one step, or on one sequence | faults pass | several steps, all sizes different |
# | forgetting to cut (`detach`) on a stream | memory and time grow with every batch | cut, and know what the cut leaves out |

# %% [markdown] lang="zh"
# ## 常见错误
#
# | 错误 | 症状 | 正确 |
# |:--|:--|:--|
# | `np.outer(da, h[t + 1])` | 只有 $dW_h$ 通不过检查 | 用这一步**之前**的状态 |
# | 往回走时写 `p.W_h @ da` | 一步时对，两步起就错 | `p.W_h.T @ da`；一行一个序列时是 `da @ W_h` |
# | 循环里写 `dh = dh_out[t]` | 后面各步传回来的丢了 | `dh = dh + dh_out[t]`：是相加 |
# | 对时间步取平均 | 梯度小了 T 倍 | 求和；要平均，也该写在损失里 |
# | 用 float32 检查，或者取 $\varepsilon = 10^{-12}$ | 正确的梯度看着像错的 | float64，$\varepsilon$ 在 $10^{-5}$ 附近 |
# | 只拿一步或一个序列检查 | 错误混过去 | 多走几步，各个大小互不相同 |
# | 读一条流时忘了截断（`detach`） | 每来一批，内存和时间都在涨 | 截断，并且清楚它漏掉什么 |

# %% [markdown] lang="en"
# ## Exercise
#
# [Exercise {{rnn_backward}}](../../exercises/en/rnn_backward.ipynb): one step back for a batch, the way through time with lengths, what the weights collect, and a judge that is itself put to the test.
#
# ## Papers
#
# - Rumelhart, Hinton & Williams (1986): unroll the network, and ordinary backpropagation applies; the shared weight gets the sum.
# - Werbos (1990): *Backpropagation through time: what it does and how to do it*, with program.
# - Elman (1990): his network copied its state back as one more input; the way back was a single step.
# - Williams & Peng (1990): truncated BPTT for streams, as a trade of exactness for memory and time.
#
# ## Next
#
# You have seen the early uses fall silent, and called it a product of matrices. When does such a product shrink, when does it explode, and is it true that the eigenvalues of $W_h$ decide? Lesson {{vanishing_gradients}} measures it.

# %% [markdown] lang="zh"
# ## 练习
#
# [练习 {{rnn_backward}}](../../exercises/zh/rnn_backward.ipynb)：给一批序列往回走一步，按长度穿过时间走回去，替权重收集梯度，再写一个裁判，它自己也要受考验。
#
# ## 论文
#
# - Rumelhart、Hinton 和 Williams（1986）：把网络展开，普通的反向传播就能用；共享的权重得到的是和。
# - Werbos（1990）：*Backpropagation through time: what it does and how to do it*，附程序。
# - Elman（1990）：他的网络把状态复制回来当作多出的输入，回去的路只有一步。
# - Williams 和 Peng（1990）：给流用的截断 BPTT，拿精确换内存和时间。
#
# ## 下一步
#
# 你看到前面的使用没了声音，也知道了那是矩阵的连乘。这样的连乘什么时候缩小，什么时候爆炸？真是 $W_h$ 的特征值说了算吗？第 {{vanishing_gradients}} 课来测。
