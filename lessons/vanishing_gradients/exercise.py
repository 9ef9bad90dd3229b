# ---
# lstm_lab:
#   title: {en: "Why RNNs forget", zh: "循环网络为什么会遗忘"}
#   summary: {en: "Jacobians and their products over time, the radius and the start of the recurrent weights, clipping by one common factor", zh: "雅可比矩阵和它们沿时间的连乘，循环权重的谱半径与初始化，用同一个因子裁剪"}
#   allow: [numpy]
#   torch: false
#   seconds: 10
# ---

# %% [markdown] lang="en"
# At the end you own the instrument that lesson {{vanishing_gradients}} measured with: what is left of a gradient after any number of steps, for any recurrent weights. And you own the two remedies that a plain RNN has: a start that keeps lengths, and clipping.
#
# The letters are those of lessons {{rnn_backward}} and {{vanishing_gradients}}. $\partial h_t / \partial h_{t-1}$ is a matrix, the **Jacobian** of a step: row $j$, column $k$ says by how much unit $j$ after the step changes with unit $k$ before it.

# %% [markdown] lang="zh"
# 做完之后，第 {{vanishing_gradients}} 课用来测量的那把尺子就是你自己的了：任意的循环权重，走任意多步，梯度还剩多少，都能量出来。朴素 RNN 仅有的两样补救办法，你也都有了：能保持长度的初始化，还有裁剪。
#
# 字母和第 {{rnn_backward}}、{{vanishing_gradients}} 课一致。$\partial h_t / \partial h_{t-1}$ 是一个矩阵，即这一步的**雅可比矩阵**（Jacobian）：第 $j$ 行第 $k$ 列说的是，走这一步之前的单元 $k$ 动一点，之后的单元 $j$ 动多少。

# %% name="setup"
import numpy as np

from lstm_lab.grading import exercise

check = exercise("vanishing_gradients")

# %% [markdown] lang="en"
# ## One Jacobian a step
#
# $$\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(s_t)\, W_h \qquad s_t = 1 - h_t^2 \;\; (\tanh) \qquad s_t = 1 \;\text{if}\; h_t > 0,\; 0 \;\text{otherwise} \;\; (\mathrm{relu})$$
#
# `step_jacobians(h, W_h, activation="tanh")`: `h` is (T, H), one sequence, the state *after* each step; `W_h` is (H, H); `activation` is `"tanh"` or `"relu"`. Return (T, H, H): the Jacobian of every step.
#
# By hand, with T = 1, H = 2: `h` = [[0.5, 0]], `W_h` = [[1, 2], [3, 4]]. The slopes of the tanh are 0.75 and 1, one for each unit *after* the step, so one for each row: [[0.75, 1.5], [3, 4]]. With `"relu"` unit 1 is asleep: [[1, 2], [0, 0]].

# %% [markdown] lang="zh"
# ## 每步一个雅可比矩阵
#
# $$\frac{\partial h_t}{\partial h_{t-1}} = \mathrm{diag}(s_t)\, W_h \qquad s_t = 1 - h_t^2 \;\; (\tanh) \qquad s_t = 1 \;\text{若}\; h_t > 0,\; 0 \;\text{否则} \;\; (\mathrm{relu})$$
#
# `step_jacobians(h, W_h, activation="tanh")`：`h` 是 (T, H)，一个序列，每一步**之后**的状态；`W_h` 是 (H, H)；`activation` 是 `"tanh"` 或 `"relu"`。返回 (T, H, H)：每一步的雅可比矩阵。
#
# 手算一下，取 T = 1，H = 2：`h` = [[0.5, 0]]，`W_h` = [[1, 2], [3, 4]]。tanh 的斜率是 0.75 和 1，属于走这一步**之后**的单元，所以一行一个：[[0.75, 1.5], [3, 4]]。换成 `"relu"`，单元 1 睡着了：[[1, 2], [0, 0]]。


# %% name="step_jacobians" task=true minutes=7 difficulty=2
def step_jacobians(h, W_h, activation="tanh"):
    """h (T, H), W_h (H, H) -> (T, H, H)"""
    ### BEGIN SOLUTION
    slope = 1.0 - h**2 if activation == "tanh" else (h > 0) * 1.0  # (T, H)
    return slope[:, :, None] * W_h
    ### END SOLUTION


# %% name="step_jacobians_try"
# [[0.75, 1.5], [3, 4]], then [[1, 2], [0, 0]]
h, W_h = np.array([[0.5, 0.0]]), np.array([[1.0, 2.0], [3.0, 4.0]])
step_jacobians(h, W_h), step_jacobians(h, W_h, "relu")

# %% name="step_jacobians_check"
check("step_jacobians")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# Forget T for a moment. `np.diag(s) @ W_h` is right. What does it do to the rows of `W_h`, and what to the columns?
#
# </details>
#
# <details><summary>Hint 2: the shape is right but the values are not</summary>
#
# The slopes are one for each unit after the step, and these are the rows: (T, H, 1) times (H, H). With (T, 1, H) the columns are scaled. And `h` has been through the tanh already: the slope needs its square, and no other tanh.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `slope = 1.0 - h**2 if activation == "tanh" else (h > 0) * 1.0`, then `return slope[____] * W_h`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 先别管 T。`np.diag(s) @ W_h` 是对的。它对 `W_h` 的行做了什么？对列呢？
#
# </details>
#
# <details><summary>提示 2：形状对，数值不对</summary>
#
# 斜率属于这一步之后的单元，一个单元一个，也就是一行一个：(T, H, 1) 乘 (H, H)。写成 (T, 1, H)，缩放的就是列了。还有，`h` 已经是 tanh 的输出：斜率要的是它的平方，不要再取一次 tanh。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `slope = 1.0 - h**2 if activation == "tanh" else (h > 0) * 1.0`，然后 `return slope[____] * W_h`
#
# </details>

# %% [markdown] lang="en"
# ## What is left after k steps
#
# $$\frac{\partial h_T}{\partial h_{T-k}} = J_T\, J_{T-1} \cdots J_{T-k+1} \qquad n_k = \sigma_{\max}\!\left(\frac{\partial h_T}{\partial h_{T-k}}\right)$$
#
# A matrix stretches some directions more than others. Its **largest singular value** $\sigma_{\max}$ is the most by which it stretches any: `np.linalg.norm(M, ord=2)`.
#
# `norms_by_lag(J)`: `J` is (T, H, H), `J[t]` belongs to step `t`, counted from 0. Return (T + 1,): entry `k` is $n_k$, the norm over the last `k` steps. Entry 0, over no step at all, is 1.
#
# By hand, with T = 2, H = 2: `J[0]` = [[0, 2], [0, 0]], `J[1]` = [[0, 0], [3, 0]]. Over one step: $\sigma_{\max}$ of `J[1]` = 3. Over two: `J[1] @ J[0]` = [[0, 0], [0, 6]], so 6. Together [1, 3, 6]. (The other way round the product is `J[0] @ J[1]` = [[6, 0], [0, 0]], which is 6 as well here, but not in general.)

# %% [markdown] lang="zh"
# ## 走 k 步，还剩多少
#
# $$\frac{\partial h_T}{\partial h_{T-k}} = J_T\, J_{T-1} \cdots J_{T-k+1} \qquad n_k = \sigma_{\max}\!\left(\frac{\partial h_T}{\partial h_{T-k}}\right)$$
#
# 矩阵把有些方向拉得长，有些方向拉得短。**最大奇异值** $\sigma_{\max}$（largest singular value）就是它最多能拉到几倍：`np.linalg.norm(M, ord=2)`。
#
# `norms_by_lag(J)`：`J` 是 (T, H, H)，`J[t]` 属于第 `t` 步，从 0 数起。返回 (T + 1,)：第 `k` 个元素是 $n_k$，即走过最后 `k` 步的范数。第 0 个一步也没走，是 1。
#
# 手算一下，取 T = 2，H = 2：`J[0]` = [[0, 2], [0, 0]]，`J[1]` = [[0, 0], [3, 0]]。一步：`J[1]` 的 $\sigma_{\max}$ 是 3。两步：`J[1] @ J[0]` = [[0, 0], [0, 6]]，所以是 6。合起来是 [1, 3, 6]。（反过来乘，`J[0] @ J[1]` = [[6, 0], [0, 0]]，在这里碰巧也是 6，一般不会。）


# %% name="norms_by_lag" task=true minutes=10 difficulty=3
def norms_by_lag(J):
    """J (T, H, H) -> (T + 1,)"""
    ### BEGIN SOLUTION
    product = np.eye(J.shape[1])  # (H, H)
    norms = [1.0]
    for J_t in J[::-1]:
        product = product @ J_t
        norms.append(np.linalg.norm(product, ord=2))
    return np.array(norms)
    ### END SOLUTION


# %% name="norms_by_lag_try"
# 1, 3, 6
norms_by_lag(np.array([[[0.0, 2.0], [0.0, 0.0]], [[0.0, 0.0], [3.0, 0.0]]]))

# %% name="norms_by_lag_check"
check("norms_by_lag")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# You have the product over the last `k` steps. Which one matrix turns it into that over the last `k + 1`, and on which side must it stand?
#
# </details>
#
# <details><summary>Hint 2: a sketch</summary>
#
# - Begin with the identity and the norm 1.
# - Walk from the last step to the first. The earlier a step, the further *right* its matrix: `product @ J[t]`.
# - After each factor, take the norm of the product. (The product of the norms is another number, and larger.)
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `for J_t in J[::-1]:`, inside `product = ____ @ ____` and `norms.append(np.linalg.norm(product, ord=2))`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 你手里有走过最后 `k` 步的连乘。再乘上哪一个矩阵，就成了最后 `k + 1` 步的？它该站在哪一边？
#
# </details>
#
# <details><summary>提示 2：思路</summary>
#
# - 从单位矩阵和范数 1 开始。
# - 从最后一步走到第一步。步骤越早，它的矩阵越靠**右**：`product @ J[t]`。
# - 每乘一个，就取一次连乘的范数。（范数的连乘是另一个数，要更大。）
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `for J_t in J[::-1]:`，里面写 `product = ____ @ ____` 和 `norms.append(np.linalg.norm(product, ord=2))`
#
# </details>

# %% [markdown] lang="en"
# ## A matrix of given radius
#
# $$\rho(A) = \max_j |\lambda_j|$$
#
# The **spectral radius** is the largest *absolute value* among the eigenvalues. Eigenvalues may be negative, and they may be complex: $|{-2}| = 2$, $|3 + 4i| = 5$.
#
# `scale_to_radius(A, rho)`: `A` is (H, H), `rho` a number above 0. Return `A` times one positive number, such that the result has spectral radius `rho`.
#
# By hand: `A` = [[0, 5], [0, −2]] has the eigenvalues 0 and −2. For `rho` = 1 halve it: [[0, 2.5], [0, −1]]. (Its largest singular value is 5.39, quite another number.)

# %% [markdown] lang="zh"
# ## 给定谱半径的矩阵
#
# $$\rho(A) = \max_j |\lambda_j|$$
#
# **谱半径**（spectral radius）是特征值里最大的**绝对值**。特征值可能是负的，也可能是复数：$|{-2}| = 2$，$|3 + 4i| = 5$。
#
# `scale_to_radius(A, rho)`：`A` 是 (H, H)，`rho` 是大于 0 的数。返回 `A` 乘上一个正数，使结果的谱半径恰好是 `rho`。
#
# 手算一下：`A` = [[0, 5], [0, −2]] 的特征值是 0 和 −2。要 `rho` = 1，就减半：[[0, 2.5], [0, −1]]。（它的最大奇异值是 5.39，完全是另一个数。）


# %% name="scale_to_radius" task=true minutes=5 difficulty=2
def scale_to_radius(A, rho):
    """A (H, H), rho > 0 -> (H, H)"""
    ### BEGIN SOLUTION
    return A * (rho / np.abs(np.linalg.eigvals(A)).max())
    ### END SOLUTION


# %% name="scale_to_radius_try"
# [[0, 2.5], [0, -1]]
scale_to_radius(np.array([[0.0, 5.0], [0.0, -2.0]]), 1.0)

# %% name="scale_to_radius_check"
check("scale_to_radius")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# If `A` is multiplied by 3, what happens to its eigenvalues? So by what must you multiply?
#
# </details>
#
# <details><summary>Hint 2: right for some matrices, wrong for others</summary>
#
# `np.linalg.eigvals(A)` gives H numbers, real or complex. First the absolute value of each, then the largest. (`eigvalsh` is for symmetric matrices only.)
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `return A * (rho / np.____(np.linalg.eigvals(A)).max())`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# `A` 乘上 3，它的特征值会怎样？那么你该乘上什么？
#
# </details>
#
# <details><summary>提示 2：有的矩阵对，有的不对</summary>
#
# `np.linalg.eigvals(A)` 给出 H 个数，实数或复数。先取每个的绝对值，再取最大的。（`eigvalsh` 只适用于对称矩阵。）
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `return A * (rho / np.____(np.linalg.eigvals(A)).max())`
#
# </details>

# %% [markdown] lang="en"
# ## A start that keeps lengths
#
# $$Q^\top Q = 1$$
#
# An **orthogonal** matrix turns and mirrors, and changes no length: all its singular values are 1, and so is the absolute value of every eigenvalue. Its columns have length 1, and each is perpendicular to all others. As recurrent weights it lets a gradient pass whole, as long as the slopes of the tanh are near 1.
#
# `orthogonal(A)`: `A` is (H, H), filled with random normal numbers. Return an orthogonal matrix (H, H) made from `A`: any one will do, as long as another `A` gives another matrix. (The chance is all in `A`; draw no numbers of your own.)
#
# By hand: `A` = [[3, 1], [4, 2]]. The first column has length 5, so it becomes [0.6, 0.8]. The second has the share 0.6 · 1 + 0.8 · 2 = 2.2 along it; without that share [1 − 1.32, 2 − 1.76] = [−0.32, 0.24] is left, and at length 1 it is [−0.8, 0.6]. Result: [[0.6, −0.8], [0.8, 0.6]]. Turned signs of a column are as right.

# %% [markdown] lang="zh"
# ## 能保持长度的初始化
#
# $$Q^\top Q = 1$$
#
# **正交矩阵**（orthogonal）只旋转、翻转，不改变长度：它的奇异值全是 1，每个特征值的绝对值也是 1。它的各列长度为 1，两两垂直。拿它当循环权重，只要 tanh 的斜率接近 1，梯度就能完整地通过。
#
# `orthogonal(A)`：`A` 是 (H, H)，填满正态随机数。返回由 `A` 做成的一个正交矩阵 (H, H)：哪一个都行，只要换一个 `A` 就得到另一个矩阵。（随机性全在 `A` 里，你自己不要再抽随机数。）
#
# 手算一下：`A` = [[3, 1], [4, 2]]。第一列长 5，所以变成 [0.6, 0.8]。第二列沿着它的分量是 0.6 · 1 + 0.8 · 2 = 2.2；减掉这一份，剩下 [1 − 1.32, 2 − 1.76] = [−0.32, 0.24]，拉到长度 1 就是 [−0.8, 0.6]。结果是 [[0.6, −0.8], [0.8, 0.6]]。某一列整个变号，也一样对。


# %% name="orthogonal" task=true minutes=6 difficulty=2
def orthogonal(A):
    """A (H, H) -> Q (H, H) with Q.T @ Q = 1"""
    ### BEGIN SOLUTION
    Q, _R = np.linalg.qr(A)
    return Q
    ### END SOLUTION


# %% name="orthogonal_try"
# en: [[0.6, -0.8], [0.8, 0.6]], up to signs of columns; then the unit matrix | zh: [[0.6, -0.8], [0.8, 0.6]]，各列可以差一个符号；然后是单位矩阵
Q = orthogonal(np.array([[3.0, 1.0], [4.0, 2.0]]))
Q, np.round(Q.T @ Q, 12)

# %% name="orthogonal_check"
check("orthogonal")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# You can go on by hand as above, column after column. Or look for a factorisation of `A` in `np.linalg`, one of whose factors is orthogonal.
#
# </details>
#
# <details><summary>Hint 2: the columns have length 1, but it is not orthogonal</summary>
#
# Length alone is not enough: each column must first lose its share along every column before it. The QR factorisation does all of it: $A = QR$ with an orthogonal $Q$ and an upper triangular $R$. The singular value decomposition $A = U S V^\top$ has two orthogonal factors.
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `Q, R = np.linalg.____(A)`, then `return Q`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 你可以照上面的手算，一列一列做下去。也可以在 `np.linalg` 里找一种 `A` 的分解，它的一个因子是正交的。
#
# </details>
#
# <details><summary>提示 2：各列长度是 1，但还不是正交矩阵</summary>
#
# 光有长度不够：每一列要先去掉沿着前面各列的分量。QR 分解把这些全做了：$A = QR$，其中 $Q$ 正交，$R$ 是上三角。奇异值分解 $A = U S V^\top$ 则有两个正交的因子。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `Q, R = np.linalg.____(A)`，然后 `return Q`
#
# </details>

# %% [markdown] lang="en"
# ## Clip the explosion
#
# $$\|g\| = \sqrt{\textstyle\sum_a \sum_k g_{ak}^2} \qquad g_a \leftarrow g_a \cdot \min\!\left(1, \frac{\text{limit}}{\|g\|}\right)$$
#
# **Clipping by the global norm**: all gradients of the network count as one long vector, with one length. If it is longer than the limit, everything is shortened by the *same* factor, so the direction stays. If not, nothing happens.
#
# `clip_global_norm(gradients, limit)`: `gradients` is a list of arrays of any shapes, `limit` a number above 0. Return two things: the list of clipped arrays, and the norm *before* clipping, a number. Leave the arrays you were given alone. A gradient of nothing but zeros comes back as zeros.
#
# By hand: `gradients` = [[3, 0], [4]], so the norm is $\sqrt{9 + 16}$ = 5. With `limit` = 1 everything is divided by 5: [[0.6, 0], [0.8]], and 5. With `limit` = 10: [[3, 0], [4]], and 5.

# %% [markdown] lang="zh"
# ## 裁掉爆炸
#
# $$\|g\| = \sqrt{\textstyle\sum_a \sum_k g_{ak}^2} \qquad g_a \leftarrow g_a \cdot \min\!\left(1, \frac{\text{limit}}{\|g\|}\right)$$
#
# **按全局范数裁剪**（gradient clipping）：网络的所有梯度合起来，看作一个长向量，只有一个长度。长度超过上限，就全部用**同一个**因子缩短，方向不变。没超过，就什么也不做。
#
# `clip_global_norm(gradients, limit)`：`gradients` 是一个列表，装着任意形状的数组；`limit` 是大于 0 的数。返回两样东西：裁剪后的数组列表，以及裁剪**之前**的范数，一个数。别人给你的数组不要改动。全是零的梯度，回来还是零。
#
# 手算一下：`gradients` = [[3, 0], [4]]，所以范数是 $\sqrt{9 + 16}$ = 5。`limit` = 1 时，全部除以 5：[[0.6, 0], [0.8]]，以及 5。`limit` = 10 时：[[3, 0], [4]]，以及 5。


# %% name="clip_global_norm" task=true minutes=8 difficulty=2
def clip_global_norm(gradients, limit):
    """list of arrays, limit > 0 -> list of arrays, norm before clipping"""
    ### BEGIN SOLUTION
    norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
    if norm <= limit:
        return [g.copy() for g in gradients], norm
    return [g * (limit / norm) for g in gradients], norm
    ### END SOLUTION


# %% name="clip_global_norm_try"
# [0.6, 0], [0.8], 5; then [3, 0], [4], 5
gradients = [np.array([3.0, 0.0]), np.array([4.0])]
clip_global_norm(gradients, 1.0), clip_global_norm(gradients, 10.0)

# %% name="clip_global_norm_check"
check("clip_global_norm")

# %% [markdown] lang="en"
# <details><summary>Hint 1: a nudge</summary>
#
# How long is the vector that you get when all arrays are written one after the other? And by how much must it shrink?
#
# </details>
#
# <details><summary>Hint 2: a sketch</summary>
#
# - The squares of all numbers of all arrays are added; *one* root at the end.
# - The factor is `limit / norm` if the norm is above the limit, else 1. It must never lengthen.
# - Multiply into new arrays (`g * factor`, not `g *= factor`).
#
# </details>
#
# <details><summary>Hint 3: almost there</summary>
#
# `norm = np.sqrt(sum(np.sum(g**2) for g in gradients))`, then, if `norm > limit`, `[g * (____ / ____) for g in gradients]`
#
# </details>

# %% [markdown] lang="zh"
# <details><summary>提示 1：推你一把</summary>
#
# 把所有数组首尾相接写成一个向量，它有多长？该缩到原来的多少？
#
# </details>
#
# <details><summary>提示 2：思路</summary>
#
# - 所有数组里所有数的平方加起来，最后开**一次**根号。
# - 范数超过上限时，因子是 `limit / norm`，否则是 1。它绝不能把梯度拉长。
# - 乘进新的数组（写 `g * factor`，不写 `g *= factor`）。
#
# </details>
#
# <details><summary>提示 3：只差一点</summary>
#
# `norm = np.sqrt(sum(np.sum(g**2) for g in gradients))`，然后，如果 `norm > limit`，就是 `[g * (____ / ____) for g in gradients]`
#
# </details>

# %% [markdown] lang="en"
# ## All together
#
# Your functions, side by side. Thirty-two units, fifty steps, the same random numbers for all; inputs of three sizes. Each row is a network, each number what is left after fifty steps. Before you run it: in which row will the size of the inputs matter most, and can a radius of 1.1 vanish?

# %% [markdown] lang="zh"
# ## 合在一起
#
# 把你的函数摆在一起。三十二个单元，五十步，大家用同一组随机数；输入有三种大小。每一行是一个网络，每个数是走完五十步还剩多少。运行之前先想：输入的大小对哪一行影响最大？谱半径 1.1 的，会不会也消失？

# %% name="together"
rng = np.random.default_rng(3)
T, H = 50, 32
A, x = rng.normal(size=(H, H)), rng.normal(size=(T, H))
networks = {
    "tanh, radius 0.9": (scale_to_radius(A, 0.9), "tanh"),
    "tanh, radius 1.1": (scale_to_radius(A, 1.1), "tanh"),
    "tanh, orthogonal": (orthogonal(A), "tanh"),
    "relu, identity": (np.eye(H), "relu"),
}


def states(W_h, activation, size):
    h, out = np.zeros(H), []
    for t in range(T):
        a = W_h @ h + size * x[t]
        h = np.tanh(a) if activation == "tanh" else np.maximum(a, 0.0)
        out.append(h)
    return np.stack(out)  # (T, H)


print(f"{'inputs x':>18}", *(f"{size:9}" for size in (0.01, 1, 10)))
for name, (W_h, activation) in networks.items():
    left = [
        norms_by_lag(step_jacobians(states(W_h, activation, size), W_h, activation))[-1]
        for size in (0.01, 1, 10)
    ]
    print(f"{name:>18}", *(f"{n:9.1e}" for n in left))

# %% name="check_all"
check()

# %% [markdown] lang="en"
# **To think about, ungraded.** The last row says exactly 1, and one single unit that stayed awake is enough for that. How many of the thirty-two did? Then: clip a gradient whose norm is $10^{-12}$ with a limit of 1. What comes out, and what would have to happen for it to be of use? Someone proposes to scale *every* gradient to norm 1, "then nothing explodes and nothing vanishes". Look at `dW_h` as a sum over the steps, as in lesson {{rnn_backward}}: is it the sum that has vanished, or some of its terms? Which of the two does the proposal mend?

# %% [markdown] lang="zh"
# **想一想，不计分。** 最后一行恰好是 1，可是只要有一个单元始终醒着，就够得到这个 1 了。三十二个里有几个？再来：拿范数是 $10^{-12}$ 的梯度来裁剪，上限是 1。出来的是什么？要让它有用，得发生什么？有人提议把**每个**梯度都缩放到范数 1，“这样既不爆炸，也不消失”。像第 {{rnn_backward}} 课那样，把 `dW_h` 看作对各个时间步的和：消失的是这个和，还是其中的某些项？这个提议补救的是哪一个？
