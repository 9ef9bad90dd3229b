# ---
# lstm_lab:
#   title: {en: "The RNN backward", zh: "循环网络的反向传播"}
#   summary: {en: "One step back, the loop through time with lengths, the weights' share of every step, and a checker that finds planted faults", zh: "往回走一步，按长度穿过时间的循环，权重从每一步收集梯度，以及能找出埋下的错误的检查器"}
#   allow: [numpy]
#   torch: false
#   seconds: 10
# ---

# %% [markdown] lang="en"
# At the end you own backpropagation through time, every line of it, and a judge that tells you where a gradient is wrong. The LSTM's backward pass in exercise {{lstm_backward}} will be this program with more terms in the middle.
#
# A gradient is named after what it belongs to: `dh` is $\partial L / \partial h$, and has the shape of `h`. The letters are those of lesson {{rnn_backward}}: $a_t$ is what goes into the tanh, $h_t = \tanh(a_t)$.

# %% [markdown] lang="zh"
# 做完之后，通过时间反向传播（也作随时间反向传播）的每一行都是你自己写的，你还有一个裁判，能指出梯度错在哪里。练习 {{lstm_backward}} 里 LSTM 的反向传播就是这个程序，只是中间多几项。
#
# 梯度按它所属的量命名：`dh` 就是 $\partial L / \partial h$，形状和 `h` 一样。字母和第 {{rnn_backward}} 课一致：$a_t$ 是进入 tanh 的量，$h_t = \tanh(a_t)$。

# %% name="setup"
import numpy as np

from lstm_lab.grading import exercise

check = exercise("rnn_backward")

# %% [markdown] lang="en"
# ## One step back
#
# $$a = x W_x^\top + h W_h^\top + b \qquad h' = \tanh(a) \qquad \frac{d \tanh(a)}{da} = 1 - \tanh(a)^2$$
#
# Someone hands you $dh' = \partial L / \partial h'$. Hand on what it means for everything that went into the step.
#
# `rnn_step_backward(dh_new, h_new, x, h, W_x, W_h)`: `dh_new` and `h_new` are (B, H), the gradient at the new state and that state itself; `x` (B, I) and `h` (B, H) are what went in, one sequence a row; `W_x` is (H, I), `W_h` is (H, H). Return five arrays, in this order: `dx` (B, I), `dh` (B, H), `dW_x` (H, I), `dW_h` (H, H), `db` (H,).
#
# By hand, with B = I = H = 1: `dh_new` = 10, `h_new` = 0.6, `x` = 2, `h` = 0.5, `W_x` = 3, `W_h` = −1. The slope of the tanh is 1 − 0.6² = 0.64, so 6.4 arrives at $a$. Then `dx` = 6.4 · 3 = 19.2, `dh` = 6.4 · (−1) = −6.4, `dW_x` = 6.4 · 2 = 12.8, `dW_h` = 6.4 · 0.5 = 3.2, `db` = 6.4.

# %% [markdown] lang="zh"
# ## 往回走一步
#
# $$a = x W_x^\top + h W_h^\top + b \qquad h' = \tanh(a) \qquad \frac{d \tanh(a)}{da} = 1 - \tanh(a)^2$$
#
# 有人把 $dh' = \partial L / \partial h'$ 交给你。请算出它对进入这一步的每样东西意味着什么，再传下去。
#
# `rnn_step_backward(dh_new, h_new, x, h, W_x, W_h)`：`dh_new` 和 `h_new` 是 (B, H)，即新状态处的梯度和新状态本身；`x` (B, I) 和 `h` (B, H) 是进入这一步的量，一行一个序列；`W_x` 是 (H, I)，`W_h` 是 (H, H)。按顺序返回五个数组：`dx` (B, I)，`dh` (B, H)，`dW_x` (H, I)，`dW_h` (H, H)，`db` (H,)。
#
# 手算一下，取 B = I = H = 1：`dh_new` = 10，`h_new` = 0.6，`x` = 2，`h` = 0.5，`W_x` = 3，`W_h` = −1。tanh 的斜率是 1 − 0.6² = 0.64，所以到达 $a$ 的是 6.4。于是 `dx` = 6.4 · 3 = 19.2，`dh` = 6.4 · (−1) = −6.4，`dW_x` = 6.4 · 2 = 12.8，`dW_h` = 6.4 · 0.5 = 3.2，`db` = 6.4。


# %% name="rnn_step_backward" task=true minutes=10 difficulty=3
def rnn_step_backward(dh_new, h_new, x, h, W_x, W_h):
    """(B, H), (B, H), (B, I), (B, H), (H, I), (H, H) -> dx, dh, dW_x, dW_h, db"""
    ### BEGIN SOLUTION
    da = dh_new * (1.0 - h_new**2)  # (B, H)
    return da @ W_x, da @ W_h, da.T @ x, da.T @ h, da.sum(axis=0)
    ### END SOLUTION


# %% name="rnn_step_backward_try"
# 19.2, -6.4, 12.8, 3.2, 6.4
one = np.ones((1, 1))
rnn_step_backward(10.0 * one, 0.6 * one, 2.0 * one, 0.5 * one, W_x=3.0 * one, W_h=-1.0 * one)

# %% name="rnn_step_backward_check"
check("rnn_step_backward")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# Between $h'$ and everything else stands one bottleneck: $a$. What is `da`? From there on it is the affine map of exercise {{start_here}}, twice.
#
# </details>
#
# <details><summary>Hint 2: my shapes are right but the values are not</summary>
#
# The slope is $1 - h'^2$, from the **new** state, and it multiplies place by place. Then `dx` (B, H) @ (H, I); `dh` (B, H) @ (H, H), with `W_h` as it is (it fits both ways); `dW_x` (H, B) @ (B, I); `dW_h` (H, B) @ (B, H), with the **old** state; `db` the sum over the batch.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `da = dh_new * (1.0 - ____**2)`, then `return da @ W_x, da @ W_h, da.T @ x, da.T @ ____, da.sum(axis=0)`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# $h'$ 和其余一切之间只隔着一个关口：$a$。`da` 是什么？过了它，就是练习 {{start_here}} 的仿射变换，做两次。
#
# </details>
#
# <details><summary>提示 2：形状对，数值不对</summary>
#
# 斜率是 $1 - h'^2$，用的是**新**状态，而且是逐元素相乘。然后：`dx` 是 (B, H) @ (H, I)；`dh` 是 (B, H) @ (H, H)，`W_h` 用原样（两种都放得进去）；`dW_x` 是 (H, B) @ (B, I)；`dW_h` 是 (H, B) @ (B, H)，用的是**旧**状态；`db` 对批求和。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `da = dh_new * (1.0 - ____**2)`，然后 `return da @ W_x, da @ W_h, da.T @ x, da.T @ ____, da.sum(axis=0)`
#
# </details>

# %% [markdown] lang="en"
# ## Back through time
#
# State $h_t$ matters twice: the loss may look at it directly, and it goes into the next step. Both shares **add**. So one walks from the last step to the first and carries along what the later steps have to say.
#
# `bptt(dh, slope, W_h, lengths)`: `dh` is (T, B, H), what the loss says directly of each state. `slope` is (T, B, H), the slopes $1 - h_t^2$, worked out already. `W_h` is (H, H), `lengths` (B,), from 1 to T. Return `da` (T, B, H), the gradient at every $a_t$, and `dh0` (B, H), the gradient at the state before the first step.
#
# Past the end of a sequence its state was frozen, $h_t = h_{t-1}$: no tanh, no weights. There `da` is 0, and everything that arrives (from the loss and from later) is handed on **unchanged**.
#
# By hand, with T = 3, B = 2, H = 1, `W_h` = [[2]], all slopes 0.25, `dh` = 0, 0, 1 for both, `lengths` = [3, 1]. A step back multiplies by 0.25 · 2:
#
# | step | arrives at sequence 0 | its `da` | arrives at sequence 1 | its `da` |
# |---|---|---|---|---|
# | 2 | 1 | 0.25 | 1 | 0 (frozen) |
# | 1 | 0.5 | 0.125 | 1 | 0 (frozen) |
# | 0 | 0.25 | 0.0625 | 1 | 0.25 |
# | `dh0` | 0.125 | | 0.5 | |

# %% [markdown] lang="zh"
# ## 穿过时间往回走
#
# 状态 $h_t$ 有两份作用：损失可能直接看它，它又进入下一步。两份要**相加**。所以从最后一步走到第一步，一路带着后面各步要说的话。
#
# `bptt(dh, slope, W_h, lengths)`：`dh` 是 (T, B, H)，即损失直接对每个状态说的话。`slope` 是 (T, B, H)，即斜率 $1 - h_t^2$，已经算好。`W_h` 是 (H, H)，`lengths` 是 (B,)，从 1 到 T。返回 `da` (T, B, H)，即每个 $a_t$ 处的梯度，以及 `dh0` (B, H)，即第一步之前的状态处的梯度。
#
# 序列结束以后，状态是冻结的，$h_t = h_{t-1}$：没有 tanh，也没有权重。那里的 `da` 是 0，到达的一切（来自损失的和来自后面的）都**原样**传下去。
#
# 手算一下，取 T = 3，B = 2，H = 1，`W_h` = [[2]]，斜率全是 0.25，两个序列的 `dh` 都是 0、0、1，`lengths` = [3, 1]。往回一步，就乘 0.25 · 2：
#
# | 步 | 到达序列 0 的 | 它的 `da` | 到达序列 1 的 | 它的 `da` |
# |---|---|---|---|---|
# | 2 | 1 | 0.25 | 1 | 0（冻结） |
# | 1 | 0.5 | 0.125 | 1 | 0（冻结） |
# | 0 | 0.25 | 0.0625 | 1 | 0.25 |
# | `dh0` | 0.125 | | 0.5 | |


# %% name="bptt" task=true minutes=15 difficulty=4
def bptt(dh, slope, W_h, lengths):
    """dh, slope (T, B, H), W_h (H, H), lengths (B,) -> da (T, B, H), dh0 (B, H)"""
    ### BEGIN SOLUTION
    da, later = np.zeros_like(dh), np.zeros_like(dh[0])
    for t in reversed(range(len(dh))):
        arrives = dh[t] + later
        alive = (t < lengths)[:, None]  # (B, 1)
        da[t] = np.where(alive, arrives * slope[t], 0.0)
        later = np.where(alive, da[t] @ W_h, arrives)
    return da, later
    ### END SOLUTION


# %% name="bptt_try"
# da: 0.0625 0.25, 0.125 0, 0.25 0; dh0: 0.125 0.5
ones = np.ones((3, 2, 1))
bptt(
    np.array([0.0, 0.0, 1.0])[:, None, None] * ones,
    0.25 * ones,
    np.array([[2.0]]),
    np.array([3, 1]),
)

# %% name="bptt_check"
check("bptt")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# Leave `lengths` aside at first. At step `t` you need what step `t + 1` handed back. In which order must the loop run, and what stands in for it at the last step?
#
# </details>
#
# <details><summary>Hint 2: a sketch</summary>
#
# - Walk `t` from T − 1 down to 0 with an array `later` (B, H), zeros at first.
# - What arrives is `dh[t] + later`. Times the slope it is `da[t]`; times `W_h` (untransposed, as in task 1) it is the next `later`.
# - Where the sequence has ended, `da[t]` is 0 and `later` is what arrived.
# - What `later` holds after step 0 is `dh0`.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `da[t] = np.where(alive, arrives * slope[t], 0.0)`, `later = np.where(alive, da[t] @ W_h, ____)`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 先不管 `lengths`。到第 `t` 步，你需要第 `t + 1` 步交回来的东西。循环要按什么顺序走？到最后一步时，用什么代替它？
#
# </details>
#
# <details><summary>提示 2：思路</summary>
#
# - `t` 从 T − 1 走到 0，带着一个数组 `later` (B, H)，开始时是零。
# - 到达的是 `dh[t] + later`。乘上斜率就是 `da[t]`；再乘 `W_h`（不转置，和第 1 题一样）就是下一个 `later`。
# - 序列已经结束的地方，`da[t]` 是 0，`later` 就是到达的量。
# - 第 0 步之后 `later` 里的就是 `dh0`。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `da[t] = np.where(alive, arrives * slope[t], 0.0)`，`later = np.where(alive, da[t] @ W_h, ____)`
#
# </details>

# %% [markdown] lang="en"
# ## What the weights are told
#
# $$dW_x = \sum_t da_t^\top x_t \qquad dW_h = \sum_t da_t^\top h_{t-1} \qquad db = \sum_t \sum_k da_{tk}$$
#
# The same weights were used at every step, by every sequence. Each use adds its share.
#
# `collect(da, x, h, h0)`: `da` is (T, B, H), `x` (T, B, I), `h` (T, B, H) the states *after* each step, `h0` (B, H) the one before the first. Return `dW_x` (H, I), `dW_h` (H, H), `db` (H,).
#
# By hand, with T = 2, B = I = H = 1: `da` = 1, 10; `x` = 3, 4; `h0` = 5; `h` = 6, 7. `dW_x` = 1 · 3 + 10 · 4 = 43. Step 0 read `h0` = 5, step 1 read `h[0]` = 6: `dW_h` = 1 · 5 + 10 · 6 = 65. `db` = 11.

# %% [markdown] lang="zh"
# ## 权重听到了什么
#
# $$dW_x = \sum_t da_t^\top x_t \qquad dW_h = \sum_t da_t^\top h_{t-1} \qquad db = \sum_t \sum_k da_{tk}$$
#
# 每一步、每个序列用的都是同一组权重。每用一次，就加上一份。
#
# `collect(da, x, h, h0)`：`da` 是 (T, B, H)，`x` 是 (T, B, I)，`h` (T, B, H) 是每一步**之后**的状态，`h0` (B, H) 是第一步之前的状态。返回 `dW_x` (H, I)、`dW_h` (H, H)、`db` (H,)。
#
# 手算一下，取 T = 2，B = I = H = 1：`da` = 1、10；`x` = 3、4；`h0` = 5；`h` = 6、7。`dW_x` = 1 · 3 + 10 · 4 = 43。第 0 步读的是 `h0` = 5，第 1 步读的是 `h[0]` = 6：`dW_h` = 1 · 5 + 10 · 6 = 65。`db` = 11。


# %% name="collect" task=true minutes=8 difficulty=3
def collect(da, x, h, h0):
    """da (T, B, H), x (T, B, I), h (T, B, H), h0 (B, H) -> dW_x (H, I), dW_h (H, H), db (H,)"""
    ### BEGIN SOLUTION
    before = np.concatenate([h0[None], h[:-1]])  # (T, B, H)
    dW_x = np.einsum("tbh,tbi->hi", da, x)
    dW_h = np.einsum("tbh,tbj->hj", da, before)
    return dW_x, dW_h, da.sum(axis=(0, 1))
    ### END SOLUTION


# %% name="collect_try"
# 43, 65, 11
da, x, h = np.array([[1.0, 10.0], [3.0, 4.0], [6.0, 7.0]])[:, :, None, None]
collect(da, x, h, h0=np.array([[5.0]]))

# %% name="collect_check"
check("collect")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# For a single step you have `da.T @ x` already, from task 1. What is left to do over the steps?
#
# </details>
#
# <details><summary>Hint 2: dW_x is right and dW_h is not</summary>
#
# `W_h` met the state *before* the step: at step 0 that is `h0`, at step `t` it is `h[t - 1]`. Put `h0` in front of `h` and drop the last one.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `before = np.concatenate([____[None], h[:-1]])`, and then `sum(da[t].T @ before[t] for t in range(len(da)))`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 单独一步，你在第 1 题已经有了 `da.T @ x`。对各个时间步还要做什么？
#
# </details>
#
# <details><summary>提示 2：dW_x 对，dW_h 不对</summary>
#
# `W_h` 遇到的是这一步**之前**的状态：第 0 步是 `h0`，第 `t` 步是 `h[t - 1]`。把 `h0` 放到 `h` 前面，去掉最后一个。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `before = np.concatenate([____[None], h[:-1]])`，然后 `sum(da[t].T @ before[t] for t in range(len(da)))`
#
# </details>

# %% [markdown] lang="en"
# ## The judge
#
# $$q_k = \frac{f(x + \varepsilon e_k) - f(x - \varepsilon e_k)}{2 \varepsilon} \qquad \text{wrong:}\quad |g_k - q_k| > 10^{-4}\, (1 + |q_k|)$$
#
# In exercise {{start_here}} you wrote the finite difference $q$. A judge compares. The sum on the right is the whole art: with $10^{-4}$ alone, a right gradient of a billion would be called wrong for its last digits; with $10^{-4} |q_k|$ alone, so would a right gradient of exactly 0.
#
# `wrong_places(f, x, gradient, eps=1e-5)`: `f` takes an array like `x` and returns a number, or is a name in `PROBES` (the line that looks it up is given). `gradient` is what somebody claims, of the shape of `x`. Return an array of truth values of the same shape: `True` where the claim is wrong by the rule above.
#
# By hand, with `"cubes"` and `x` = [1, 2], the slopes are 3 and 12. For the claim [3, 11] the answer is [False, True].

# %% [markdown] lang="zh"
# ## 裁判
#
# $$q_k = \frac{f(x + \varepsilon e_k) - f(x - \varepsilon e_k)}{2 \varepsilon} \qquad \text{wrong:}\quad |g_k - q_k| > 10^{-4}\, (1 + |q_k|)$$
#
# 练习 {{start_here}} 里你写过有限差分 $q$。裁判要做的是比较。右边那个和就是全部的讲究：只用 $10^{-4}$，十亿的正确梯度会因为末几位被判错；只用 $10^{-4} |q_k|$，恰好为 0 的正确梯度也会被判错。
#
# `wrong_places(f, x, gradient, eps=1e-5)`：`f` 接收一个和 `x` 一样的数组，返回一个数；也可以是 `PROBES` 里的一个名字（查名字的那一行已经写好）。`gradient` 是别人声称的梯度，形状和 `x` 一样。返回一个形状相同的真假值数组：按上面的规则，声称有错的地方是 `True`。
#
# 手算一下，用 `"cubes"`，`x` = [1, 2]，斜率是 3 和 12。声称是 [3, 11] 时，答案是 [False, True]。


# %% name="wrong_places" task=true minutes=7 difficulty=3
PROBES = {
    "cubes": lambda x: np.sum(x**3),
    "product": lambda x: np.prod(x),
    "steep": lambda x: 1e9 * np.sum(x**2),
    "first": lambda x: np.sin(x.flat[0]),
}


def wrong_places(f, x, gradient, eps=1e-5):
    """f: x -> number, x (...), gradient (...) -> bool (...)"""
    f = PROBES.get(f, f)
    ### BEGIN SOLUTION
    wrong = np.zeros(x.shape, dtype=bool)
    for k in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[k] += eps
        down[k] -= eps
        q = (f(up) - f(down)) / (2 * eps)
        wrong[k] = abs(gradient[k] - q) > 1e-4 * (1 + abs(q))
    return wrong
    ### END SOLUTION


# %% name="wrong_places_try"
# False, True
wrong_places("cubes", np.array([1.0, 2.0]), np.array([3.0, 11.0]))

# %% name="wrong_places_check"
check("wrong_places")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# Begin with your finite difference of exercise {{start_here}}. What must be asked of each quotient now, instead of storing it?
#
# </details>
#
# <details><summary>Hint 2: it misses a fault, or finds faults in a right gradient</summary>
#
# A fault may be too large or too small: take the absolute value of the difference. The bound grows with the size of the *quotient*, and has the 1 in it for quotients near 0. And every number is nudged alone, from a fresh copy.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `wrong[k] = abs(gradient[k] - q) > 1e-4 * (____ + abs(q))`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 从练习 {{start_here}} 的有限差分写起。现在对每个商要问的是什么，而不只是把它存下来？
#
# </details>
#
# <details><summary>提示 2：漏掉了错误，或者冤枉了正确的梯度</summary>
#
# 错误可能偏大，也可能偏小：对差取绝对值。界限随**商**的大小增长，里面的 1 是为接近 0 的商准备的。还有，每个数都从新的副本出发，单独去推。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `wrong[k] = abs(gradient[k] - q) > 1e-4 * (____ + abs(q))`
#
# </details>

# %% [markdown] lang="en"
# ## All together
#
# Your three backward functions against your judge, on a whole network with three sequences of different lengths. The loss is $L = \sum_{tkj} v_{tkj}\, h_{tkj}$ with some fixed numbers $v$, so $\partial L / \partial h = v$. Every count of wrong places should be 0. Then plant a fault: take the `+ later` out of your `bptt`, and see who notices.

# %% [markdown] lang="zh"
# ## 合在一起
#
# 用你的裁判来审你的三个反向函数：一整个网络，三个长度不同的序列。损失取 $L = \sum_{tkj} v_{tkj}\, h_{tkj}$，其中 $v$ 是一些固定的数，于是 $\partial L / \partial h = v$。每个“错误的个数”都应当是 0。然后埋一个错：把你的 `bptt` 里的 `+ later` 去掉，看看谁会发现。

# %% name="together"
rng = np.random.default_rng(2)
T, B, I, H = 5, 3, 2, 4
x, v, h0, W_x, W_h, b = (
    rng.normal(size=shape) for shape in [(T, B, I), (T, B, H), (B, H), (H, I), (H, H), (H,)]
)
lengths = np.array([5, 3, 1])


def states(W_x, W_h, b, h0):
    h, out = h0, []
    for t in range(T):
        h = np.where((t < lengths)[:, None], np.tanh(x[t] @ W_x.T + h @ W_h.T + b), h)
        out.append(h)
    return np.stack(out)  # (T, B, H)


h = states(W_x, W_h, b, h0)
da, dh0 = bptt(v, 1 - h**2, W_h, lengths)
dW_x, dW_h, db = collect(da, x, h, h0)
{
    "dW_x": int(wrong_places(lambda p: np.sum(v * states(p, W_h, b, h0)), W_x, dW_x).sum()),
    "dW_h": int(wrong_places(lambda p: np.sum(v * states(W_x, p, b, h0)), W_h, dW_h).sum()),
    "db": int(wrong_places(lambda p: np.sum(v * states(W_x, W_h, p, h0)), b, db).sum()),
    "dh0": int(wrong_places(lambda p: np.sum(v * states(W_x, W_h, b, p)), h0, dh0).sum()),
}

# %% name="check_all"
check()

# %% [markdown] lang="en"
# **To think about, ungraded.** *Truncated* backpropagation sets `later` to zero after every k steps back. The judge calls such gradients wrong, and rightly. Yet long sequences are trained with them every day. Work out the cosine between the truncated `dW_h` and the true one for k = 1, 2, 3: how much of the direction is kept? And what kind of task would lose exactly what it needs?

# %% [markdown] lang="zh"
# **想一想，不计分。** **截断**的反向传播每往回走 k 步，就把 `later` 置零。裁判说这样的梯度是错的，说得没错。可是长序列每天都在这样训练。请算一算 k = 1、2、3 时，截断的 `dW_h` 和真正的 `dW_h` 之间的余弦：方向保住了多少？什么样的任务，丢掉的恰好是它需要的？
