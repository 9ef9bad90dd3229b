# ---
# lstm_lab:
#   title: {en: "Five small functions", zh: "五个小函数"}
#   summary: {en: "A sigmoid that never overflows, a bias, an affine map with its backward pass, a finite difference; and how check() talks", zh: "不会溢出的 sigmoid、偏置、仿射变换及其反向传播、有限差分；顺便认识 check()"}
#   allow: [numpy]
#   torch: false
#   seconds: 10
# ---

# %% [markdown] lang="en"
# Every network in this course, the LSTM included, is built from what you write in the next ten minutes: a squashing function, a bias, a matrix product, the gradient of that product, and a way to find out whether a gradient is right. Then they are yours, and you will know how to get feedback on anything you write here.
#
# How it goes:
#
# 1. Write your answer in the cell that has a gap in it, and run it (Shift + Enter).
# 2. Run the `check(…)` cell below it. It calls your function with fresh random numbers and tells you the **first** thing that is off, and what usually causes it.
# 3. Change something, run both cells again. Nobody counts how often. `check()` gives feedback; marks are given only when your work is graded.
#
# Stuck? Below each task are three hints. Each says more than the one before, so open them in order.

# %% [markdown] lang="zh"
# 这门课里的每个网络，包括 LSTM，都由你接下来十分钟写的东西搭成：一个压缩函数、一个偏置、一次矩阵乘法、这次乘法的梯度，还有一个判断梯度对不对的办法。写完它们就归你了，你也会知道，在这里写的任何东西怎样得到反馈。
#
# 步骤如下：
#
# 1. 在留空的单元格里写答案，运行它（Shift + Enter）。
# 2. 运行它下面的 `check(…)`。它用新的随机数调用你的函数，告诉你**第一处**不对的地方，以及常见的原因。
# 3. 改一改，两个单元格都再运行一次。试多少次都没人数。`check()` 只给反馈，批改作业时才计分。
#
# 卡住了？每道题下面有三条提示，一条比一条说得多，请按顺序打开。

# %% name="setup"
import numpy as np

from lstm_lab.grading import exercise

check = exercise("start_here")

# %% [markdown] lang="en"
# ## A sigmoid that does not overflow
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}}$$
#
# Three of the four parts of an LSTM step go through this function, at every step. One `nan` from it, and an hour of training is lost.
#
# `sigmoid(x)`: `x` is an array of floats of any shape. Return a new array of the same shape. It must hold for `x = 1000` and `x = -1000` as well, without a `nan` and without a warning.
#
# By hand: $\sigma(0) = \frac{1}{2}$; and since $e^{-\ln 3} = \frac{1}{3}$, $\sigma(\ln 3) = \frac{1}{1 + 1/3} = 0.75$ and $\sigma(-\ln 3) = \frac{1}{1 + 3} = 0.25$. Far out, $\sigma(1000)$ is 1 and $\sigma(-1000)$ is 0, to the last digit a float has.
#
# **Start wrong, on purpose:** write the formula as it stands above, run, and check. Then mend it.

# %% [markdown] lang="zh"
# ## 不会溢出的 sigmoid
#
# $$\sigma(x) = \frac{1}{1 + e^{-x}}$$
#
# LSTM 的一步有四个部分，其中三个每一步都要经过这个函数。只要它吐出一个 `nan`，一个小时的训练就白费了。
#
# `sigmoid(x)`：`x` 是任意形状的浮点数组。返回一个形状相同的新数组。`x = 1000` 和 `x = -1000` 时也要成立，不能出现 `nan`，也不能有警告。
#
# 手算一下：$\sigma(0) = \frac{1}{2}$；因为 $e^{-\ln 3} = \frac{1}{3}$，所以 $\sigma(\ln 3) = \frac{1}{1 + 1/3} = 0.75$，$\sigma(-\ln 3) = \frac{1}{1 + 3} = 0.25$。走到很远处，$\sigma(1000)$ 就是 1，$\sigma(-1000)$ 就是 0，浮点数的每一位都是。
#
# **先故意写错一次：** 照上面的公式原样写，运行，检查。然后再把它改好。


# %% name="sigmoid" task=true minutes=2 difficulty=1
def sigmoid(x):
    """x (...) -> (...)"""
    ### BEGIN SOLUTION
    return 0.5 * (1.0 + np.tanh(0.5 * x))
    ### END SOLUTION


# %% name="sigmoid_try"
# 0.75, 0.5, 0.25, 1, 0
sigmoid(np.array([np.log(3.0), 0.0, -np.log(3.0), 1000.0, -1000.0]))

# %% name="sigmoid_check"
check("sigmoid")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# What is $e^{1000}$ as a float? For which sign of $x$ does the formula meet it, and for which sign does it not?
#
# </details>
#
# <details><summary>Hint 2: my values are right, but NumPy warns</summary>
#
# Multiply top and bottom by $e^{x}$ and the same function reads $\sigma(x) = \frac{e^{x}}{1 + e^{x}}$. One form is safe for $x \ge 0$, the other for $x < 0$. But `np.where(x >= 0, A, B)` first computes A and B *everywhere*, and so still overflows in the half that it throws away: see to it that the exponent is never positive, `-np.abs(x)`. Or use a function that saturates by itself: $\sigma(x) = \frac{1}{2}\left(1 + \tanh\frac{x}{2}\right)$.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `return 0.5 * (1.0 + np.tanh(____))`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# $e^{1000}$ 用浮点数怎么表示？$x$ 取哪种符号时公式会碰到它，取哪种符号时不会？
#
# </details>
#
# <details><summary>提示 2：数值都对，但 NumPy 发出警告</summary>
#
# 分子分母同乘 $e^{x}$，同一个函数就写成 $\sigma(x) = \frac{e^{x}}{1 + e^{x}}$。一种写法在 $x \ge 0$ 时安全，另一种在 $x < 0$ 时安全。不过 `np.where(x >= 0, A, B)` 会先把 A 和 B 在**所有位置**都算一遍，丢掉的那一半照样溢出：要让指数永远不为正，也就是用 `-np.abs(x)`。或者换一个自己会饱和的函数：$\sigma(x) = \frac{1}{2}\left(1 + \tanh\frac{x}{2}\right)$。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `return 0.5 * (1.0 + np.tanh(____))`
#
# </details>

# %% [markdown] lang="en"
# ## A bias for each network
#
# A single run proves little, so this course often trains several networks at once, side by side in one array: `a[s]` belongs to network `s`. Each network has its own bias.
#
# `add_bias(a, b)`: `a` is (S, B, H), for S networks a batch of B rows with H units. `b` is (S, H), one bias a network. Return a new (S, B, H) in which every row of network `s` has had `b[s]` added. `a` stays as it was.
#
# By hand, with S = 2, B = 3, H = 2 and `b` = [[10, 20], [30, 40]]: where network 0 has the rows [0, 0], [1, 1], [2, 2], it gets [10, 20], [11, 21], [12, 22]. Network 1 with the same rows gets [30, 40], [31, 41], [32, 42].

# %% [markdown] lang="zh"
# ## 每个网络一个偏置
#
# 只跑一次说明不了什么，所以这门课常常同时训练好几个网络，并排放在一个数组里：`a[s]` 属于第 `s` 个网络。每个网络有自己的偏置。
#
# `add_bias(a, b)`：`a` 的形状是 (S, B, H)，即 S 个网络，每个网络一批 B 行，每行 H 个单元。`b` 的形状是 (S, H)，每个网络一个偏置。返回一个新的 (S, B, H)，其中第 `s` 个网络的每一行都加上了 `b[s]`。`a` 保持原样。
#
# 手算一下，取 S = 2，B = 3，H = 2，`b` = [[10, 20], [30, 40]]：网络 0 的三行是 [0, 0]、[1, 1]、[2, 2]，结果是 [10, 20]、[11, 21]、[12, 22]。网络 1 同样这三行，结果是 [30, 40]、[31, 41]、[32, 42]。


# %% name="add_bias" task=true minutes=1 difficulty=2
def add_bias(a, b):
    """a (S, B, H), b (S, H) -> (S, B, H)"""
    ### BEGIN SOLUTION
    return a + b[:, None, :]
    ### END SOLUTION


# %% name="add_bias_try"
rows = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])
add_bias(np.stack([rows, rows]), np.array([[10.0, 20.0], [30.0, 40.0]]))

# %% name="add_bias_check"
check("add_bias")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# NumPy lines shapes up from the **right**. Write (S, B, H) and below it (S, H), flush right. What stands below B?
#
# </details>
#
# <details><summary>Hint 2: it works in some cases and fails in others</summary>
#
# When S happens to equal B, `a + b` runs without complaint and adds the wrong rows. `b` needs an axis of length 1 where `a` has B: (S, 1, H). An axis of length 1 is repeated as often as needed; this is **broadcasting**.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `return a + b[:, ____, :]`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# NumPy 从**右边**开始对齐形状。把 (S, B, H) 写下来，在它下面靠右写 (S, H)。B 的下面是谁？
#
# </details>
#
# <details><summary>提示 2：有时候对，有时候错</summary>
#
# 如果 S 恰好等于 B，`a + b` 不会报错，却加错了行。`a` 有 B 的那个位置，`b` 需要一个长度为 1 的轴：(S, 1, H)。长度为 1 的轴需要几次就重复几次，这叫**广播**（broadcasting）。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `return a + b[:, ____, :]`
#
# </details>

# %% [markdown] lang="en"
# ## The affine map
#
# $$z = x W^\top + b$$
#
# A layer without its squashing. A recurrent step has two such products in it, an LSTM step eight.
#
# `affine(x, W, b)`: `x` is (B, I), one example a row; `W` is (H, I), one unit a row; `b` is (H,). Return `z`, (B, H).
#
# By hand, with B = 1, I = 2, H = 3: `x` = [[1, 2]], `W` = [[1, 0], [0, 1], [1, 1]], `b` = [10, 20, 30]. The products of the rows of `W` with [1, 2] are 1, 2 and 3, so `z` = [[11, 22, 33]].

# %% [markdown] lang="zh"
# ## 仿射变换
#
# $$z = x W^\top + b$$
#
# 这就是还没有经过压缩函数的一层。循环网络的一步里有两次这样的乘法，LSTM 的一步里有八次。
#
# `affine(x, W, b)`：`x` 是 (B, I)，一行一个样本；`W` 是 (H, I)，一行一个单元；`b` 是 (H,)。返回 `z`，形状 (B, H)。
#
# 手算一下，取 B = 1，I = 2，H = 3：`x` = [[1, 2]]，`W` = [[1, 0], [0, 1], [1, 1]]，`b` = [10, 20, 30]。`W` 的各行与 [1, 2] 相乘得 1、2、3，所以 `z` = [[11, 22, 33]]。


# %% name="affine" task=true minutes=1 difficulty=1
def affine(x, W, b):
    """x (B, I), W (H, I), b (H,) -> z (B, H)"""
    ### BEGIN SOLUTION
    return x @ W.T + b
    ### END SOLUTION


# %% name="affine_try"
affine(
    np.array([[1.0, 2.0]]),
    np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),
    np.array([10.0, 20.0, 30.0]),
)

# %% name="affine_check"
check("affine")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# In a matrix product the two inner lengths must agree: (B, **I**) times (**I**, H). What shape does `W` have?
#
# </details>
#
# <details><summary>Hint 2: a sketch</summary>
#
# (B, I) @ (I, H) → (B, H), then add (H,). The transpose of `W` is `W.T`.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `return x @ ____ + b`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 矩阵相乘时，中间两个长度必须一致：(B, **I**) 乘 (**I**, H)。`W` 是什么形状？
#
# </details>
#
# <details><summary>提示 2：思路</summary>
#
# (B, I) @ (I, H) → (B, H)，再加上 (H,)。`W` 的转置是 `W.T`。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `return x @ ____ + b`
#
# </details>

# %% [markdown] lang="en"
# ## Its gradient
#
# Somewhere after the affine map a loss $L$ is computed, and someone hands you $dz = \partial L / \partial z$: how much $L$ changes as each number of $z$ changes. Hand on the same for $x$, $W$ and $b$. This is the backward pass, and a whole LSTM's is made of such steps.
#
# `affine_backward(dz, x, W)`: `dz` is (B, H), `x` is (B, I), `W` is (H, I). Return three arrays `dx, dW, db`, in this order. Each has the shape of what it belongs to: (B, I), (H, I), (H,).
#
# By hand, with B = 2, I = 2, H = 1, so $z_k = w_1 x_{k1} + w_2 x_{k2} + b$ for the two rows $k$: `x` = [[1, 2], [3, 4]], `W` = [[5, 6]], `dz` = [[1], [10]].
#
# - $b$ is in both rows: `db` = [1 + 10] = [11].
# - $w_1$ meets $x_{k1}$ in both rows: 1·1 + 10·3 = 31; $w_2$ likewise: 1·2 + 10·4 = 42. `dW` = [[31, 42]].
# - Each row of `x` meets `W` once: `dx` = [[1·5, 1·6], [10·5, 10·6]] = [[5, 6], [50, 60]].

# %% [markdown] lang="zh"
# ## 它的梯度
#
# 仿射变换之后，某处会算出一个损失 $L$，有人把 $dz = \partial L / \partial z$ 交给你，它说的是 $L$ 怎样随 $z$ 里的每个数变化。请把对 $x$、$W$、$b$ 的同样的量传下去。这就是反向传播，整个 LSTM 的反向传播就由这样的步骤组成。
#
# `affine_backward(dz, x, W)`：`dz` 是 (B, H)，`x` 是 (B, I)，`W` 是 (H, I)。按顺序返回三个数组 `dx, dW, db`。每个梯度的形状和它所属的量一样：(B, I)、(H, I)、(H,)。
#
# 手算一下，取 B = 2，I = 2，H = 1，于是 $z_k = w_1 x_{k1} + w_2 x_{k2} + b$，$k$ 是两行中的一行：`x` = [[1, 2], [3, 4]]，`W` = [[5, 6]]，`dz` = [[1], [10]]。
#
# - $b$ 在两行里都出现：`db` = [1 + 10] = [11]。
# - $w_1$ 在两行里都遇到 $x_{k1}$：1·1 + 10·3 = 31；$w_2$ 也一样：1·2 + 10·4 = 42。`dW` = [[31, 42]]。
# - `x` 的每一行只遇到 `W` 一次：`dx` = [[1·5, 1·6], [10·5, 10·6]] = [[5, 6], [50, 60]]。


# %% name="affine_backward" task=true minutes=3 difficulty=3
def affine_backward(dz, x, W):
    """dz (B, H), x (B, I), W (H, I) -> dx (B, I), dW (H, I), db (H,)"""
    ### BEGIN SOLUTION
    dx = dz @ W
    dW = dz.T @ x
    db = dz.sum(axis=0)
    return dx, dW, db
    ### END SOLUTION


# %% name="affine_backward_try"
affine_backward(
    np.array([[1.0], [10.0]]), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0]])
)

# %% name="affine_backward_check"
check("affine_backward")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# `dz` is (B, H) and `dW` must be (H, I). Which of `dz`, `x` and `W`, transposed or not, can be multiplied to give exactly that, with B gone? Summing over B is what the product does.
#
# </details>
#
# <details><summary>Hint 2: my shapes are right but the values are not</summary>
#
# A gradient is a **sum** over everything that uses the quantity, never a mean, and never the last row alone. Every row of the batch uses `W` and `b`; only its own row uses `x[k]`.
# Shapes: `dx` (B, H) @ (H, I); `dW` (H, B) @ (B, I); `db` the sum of `dz` over the batch axis.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `dx = dz @ ____`, `dW = dz.T @ ____`, `db = dz.sum(axis=____)`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# `dz` 是 (B, H)，`dW` 必须是 (H, I)。`dz`、`x`、`W` 里的哪两个，转置或不转置，乘起来恰好是这个形状，而 B 消失了？对 B 求和正是这次乘法做的事。
#
# </details>
#
# <details><summary>提示 2：形状对，数值不对</summary>
#
# 梯度是对所有用到这个量的地方**求和**，不是求平均，更不是只取最后一行。批里的每一行都用到 `W` 和 `b`；`x[k]` 只有它自己那一行用到。
# 形状：`dx` 是 (B, H) @ (H, I)；`dW` 是 (H, B) @ (B, I)；`db` 是 `dz` 沿批的轴求和。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `dx = dz @ ____`，`dW = dz.T @ ____`，`db = dz.sum(axis=____)`
#
# </details>

# %% [markdown] lang="en"
# ## Is a gradient right? Ask a finite difference
#
# $$\frac{\partial f}{\partial x_k} \approx \frac{f(x + \varepsilon e_k) - f(x - \varepsilon e_k)}{2 \varepsilon}$$
#
# Nudge one number up and down, and look how $f$ answers. It needs no calculus, so it can judge every formula that does. In lesson {{rnn_backward}} it will judge yours.
#
# `finite_difference(f, x, eps)`: `f` takes an array like `x` and returns one number; `x` is an array of floats of any shape. Return a new array of the shape of `x` with the quotient above for each of its numbers. `x` stays as it was. ($e_k$ is 1 at place $k$ and 0 elsewhere.)
#
# `f` may also be one of the names in `PROBES`: the grader cannot send functions, so it sends these names. The line that looks them up is given; leave it in.
#
# By hand, with `"cubes"`, $f(x) = \sum_k x_k^3$, `x` = [2] and `eps` = 1: $\frac{3^3 - 1^3}{2} = \frac{27 - 1}{2} = 13$. The slope itself is $3 \cdot 2^2 = 12$: with so wide a nudge the quotient is off by $\varepsilon^2 = 1$. With `eps` = 0.1 it is 12.01.

# %% [markdown] lang="zh"
# ## 梯度对不对？问有限差分
#
# $$\frac{\partial f}{\partial x_k} \approx \frac{f(x + \varepsilon e_k) - f(x - \varepsilon e_k)}{2 \varepsilon}$$
#
# 把一个数往上、往下各推一点，看 $f$ 怎样回应。这不需要求导，所以凡是靠求导得来的公式，都可以由它来判断。第 {{rnn_backward}} 课里，它会来判断你的公式。
#
# `finite_difference(f, x, eps)`：`f` 接收一个和 `x` 一样的数组，返回一个数；`x` 是任意形状的浮点数组。返回一个与 `x` 形状相同的新数组，对 `x` 里的每个数给出上面的商。`x` 保持原样。（$e_k$ 在位置 $k$ 上是 1，其余是 0。）
#
# `f` 也可以是 `PROBES` 里的一个名字：批改程序没法传函数，就传这些名字。查名字的那一行已经写好，请保留。
#
# 手算一下，用 `"cubes"`，即 $f(x) = \sum_k x_k^3$，取 `x` = [2]，`eps` = 1：$\frac{3^3 - 1^3}{2} = \frac{27 - 1}{2} = 13$。真正的斜率是 $3 \cdot 2^2 = 12$：推得这么远，商就差了 $\varepsilon^2 = 1$。`eps` = 0.1 时是 12.01。

# %% name="finite_difference" task=true minutes=3 difficulty=3
PROBES = {
    "cubes": lambda x: np.sum(x**3),
    "product": lambda x: np.prod(x),
    "wave": lambda x: np.sum(np.sin(x) * np.arange(1, x.size + 1).reshape(x.shape)),
}


def finite_difference(f, x, eps):
    """f: x -> number, x (...), eps > 0 -> (...)"""
    f = PROBES.get(f, f)
    ### BEGIN SOLUTION
    slope = np.zeros_like(x)
    for k in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[k] += eps
        down[k] -= eps
        slope[k] = (f(up) - f(down)) / (2.0 * eps)
    return slope
    ### END SOLUTION


# %% name="finite_difference_try"
# 13, 12.01
(
    finite_difference("cubes", np.array([2.0]), eps=1.0),
    finite_difference("cubes", np.array([2.0]), eps=0.1),
)

# %% name="finite_difference_check"
check("finite_difference")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# You need one quotient for each number in `x`, and each asks what happens when this number *alone* moves. `np.ndindex(x.shape)` walks through all places of an array of any shape.
#
# </details>
#
# <details><summary>Hint 2: right for “cubes”, wrong for “product”</summary>
#
# For every place `k`: copy `x`, raise the copy at `k`; copy `x` again, lower that at `k`; call `f` on both. Without copies the nudges stay in `x`, and the next place starts from another point. In `"cubes"` no number feels the others, so it does not show there; in `"product"` it does.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# Within the loop: `up, down = x.copy(), x.copy()`, `up[k] += eps`, `down[k] -= eps`, and then `slope[k] = (f(up) - f(down)) / ____`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# `x` 里的每个数都要一个商，每个商问的是：**只有**这个数动一动，会怎样。`np.ndindex(x.shape)` 能走遍任意形状的数组的每个位置。
#
# </details>
#
# <details><summary>提示 2：`"cubes"` 对，`"product"` 不对</summary>
#
# 对每个位置 `k`：复制 `x`，在 `k` 处加大；再复制一次 `x`，在 `k` 处减小；对两者各调用一次 `f`。不复制的话，推过的量会留在 `x` 里，下一个位置就从另一个点出发了。在 `"cubes"` 里各个数互不影响，看不出来；在 `"product"` 里就看得出来。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# 循环里写：`up, down = x.copy(), x.copy()`，`up[k] += eps`，`down[k] -= eps`，然后是 `slope[k] = (f(up) - f(down)) / ____`
#
# </details>

# %% [markdown] lang="en"
# ## All together
#
# Let task 5 judge task 4. The loss is $L = \sum_{kj} v_{kj}\, \sigma(z_{kj})$ with some fixed numbers $v$, so $dz = \partial L / \partial z = v\, \sigma(z)\, (1 - \sigma(z))$. The largest gap between your formula and your finite difference should be near 1e-10, not near 1.

# %% [markdown] lang="zh"
# ## 合在一起
#
# 让第 5 题来判断第 4 题。损失取 $L = \sum_{kj} v_{kj}\, \sigma(z_{kj})$，其中 $v$ 是一些固定的数，于是 $dz = \partial L / \partial z = v\, \sigma(z)\, (1 - \sigma(z))$。你的公式和你的有限差分之间，最大的差距应当在 1e-10 左右，而不是在 1 左右。

# %% name="together"
rng = np.random.default_rng(0)
x, W, b, v = (rng.normal(size=shape) for shape in [(4, 3), (2, 3), (2,), (4, 2)])


def loss(x, W, b):
    return np.sum(v * sigmoid(affine(x, W, b)))


def gaps(eps):
    s = sigmoid(affine(x, W, b))
    dx, dW, db = affine_backward(v * s * (1 - s), x, W)
    return {
        "dx": float(np.abs(dx - finite_difference(lambda x: loss(x, W, b), x, eps)).max()),
        "dW": float(np.abs(dW - finite_difference(lambda W: loss(x, W, b), W, eps)).max()),
        "db": float(np.abs(db - finite_difference(lambda b: loss(x, W, b), b, eps)).max()),
    }


gaps(1e-5)

# %% name="check_all"
check()

# %% [markdown] lang="en"
# **To think about, ungraded.** Call `gaps` with smaller and smaller `eps`: 1e-1, 1e-3, 1e-5, 1e-8, 1e-12. First the gaps shrink, by about a hundred for every ten; then they grow again. Why? And where would the best `eps` lie if the loss were a million times as large?

# %% [markdown] lang="zh"
# **想一想，不计分。** 用越来越小的 `eps` 调用 `gaps`：1e-1、1e-3、1e-5、1e-8、1e-12。差距先变小，`eps` 每缩到十分之一，差距大约缩到百分之一；然后又变大。为什么？如果损失大一百万倍，最好的 `eps` 会在哪里？
