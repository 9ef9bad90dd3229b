# ---
# lstm_lab:
#   title: {en: "The toolbox", zh: "工具箱"}
#   summary: {en: "Six pieces of mathematics that the lessons lean on, each with numbers that you can check by hand", zh: "课程里用到的六样数学工具，每样都带着可以亲手验算的数"}
#   minutes: 30
#   terms: [Wx]
# ---

# %% [markdown] lang="en"
# Nobody reads a toolbox from end to end. Come here when a lesson sends you, or when a line there makes you stop; take one tool, go back.
#
# | tool | the question it answers |
# |:--|:--|
# | [A graph with numbers](#A-graph-with-numbers) | a value is used twice: what is its gradient? |
# | [The gradient of Wx](#The-gradient-of-Wx) | which way round do I multiply? |
# | [Two slopes](#Two-slopes) | how much passes through a tanh, how much through a σ? |
# | [Softmax and cross-entropy](#Softmax-and-cross-entropy) | what does a wrong class send back? |
# | [The Jacobian](#The-Jacobian) | what is the slope of many numbers in many numbers? |
# | [Eigenvalue or singular value?](#Eigenvalue-or-singular-value?) | does a product of matrices grow or shrink? |
#
# All six share one judge: move a number a little, and see what changes.

# %% [markdown] lang="zh"
# 没有人会把工具箱从头读到尾。课里让你来，或者读到哪一行卡住了，就来拿一样，再回去。
#
# | 工具 | 回答什么问题 |
# |:--|:--|
# | [带数字的计算图](#带数字的计算图) | 一个值用了两次，它的梯度是多少？ |
# | [Wx 的梯度](#Wx-的梯度) | 到底谁乘谁，要不要转置？ |
# | [两个斜率](#两个斜率) | 穿过 tanh 剩多少，穿过 σ 剩多少？ |
# | [softmax 与交叉熵](#softmax-与交叉熵) | 分错了类，往回传的是什么？ |
# | [雅可比矩阵](#雅可比矩阵) | 许多个数对许多个数的斜率，是什么？ |
# | [特征值还是奇异值？](#特征值还是奇异值？) | 矩阵连乘下去，变大还是变小？ |
#
# 六样工具共用一个裁判：把一个数挪动一点点，看什么跟着变。

# %% name="judge"
import numpy as np

from lstm_lab.i18n import tr
from lstm_lab.plots import COLOURS, show, subplots, table
from lstm_lab.widgets import Predict

np.set_printoptions(precision=4, suppress=True)


def slopes(f, x, eps=1e-6):
    x = np.asarray(x, float)
    columns = []
    for at in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[at] = eps
        columns.append((np.asarray(f(x + e)) - np.asarray(f(x - e))) / (2 * eps))
    return np.stack(columns, axis=-1).reshape(np.shape(columns[0]) + x.shape)


print(slopes(lambda x: x**2, 3.0))
assert np.isclose(slopes(lambda x: x**2, 3.0), 6)

# %% [markdown] lang="en"
# ## A graph with numbers
#
# $y = a\,b$, then $z = y + a$, then $L = z^2$, with $a = 2$ and $b = 3$. Going forward, that is 6, 8, 64. Now a gradient comes back from $L$. Two roads lead from $L$ to $a$: one through $y$, one straight from $z$. What does $a$ get?

# %% [markdown] lang="zh"
# ## 带数字的计算图
#
# $y = a\,b$，然后 $z = y + a$，然后 $L = z^2$，取 $a = 2$、$b = 3$。往前算，是 6、8、64。现在梯度从 $L$ 往回走。从 $L$ 到 $a$ 有两条路：一条经过 $y$，一条从 $z$ 直达。$a$ 得到多少？

# %% name="guess_graph"
offers = ["16", "48", "64", "768"]
guess_graph = Predict(
    "toolbox-two-roads",
    tr(en="The gradient of L for a is …", zh="L 对 a 的梯度是……"),
    choices=offers,
)
guess_graph

# %% [markdown] lang="en"
# Each node asks one question only: if my own output moves by a little, how much does my input count? The square says $2z = 16$. The sum passes on what it gets, to both of its inputs. The product hands each factor the *other* one. What arrives is multiplied along a road, and added where roads meet.

# %% [markdown] lang="zh"
# 每个节点只回答一个问题：我的某个输入动一点，我的输出动多少？平方说：$2z = 16$。加法把收到的原样交给它的两个输入。乘法交给每个因子的，是**另一个**因子。一条路上的，相乘；路汇合的地方，相加。

# %% name="graph"
a, b = 2.0, 3.0
y = a * b
z = y + a
L = z**2

dL = 1.0
dz = dL * 2 * z
dy, da_straight = dz, dz
da_through_y, db = dy * b, dy * a
da = da_straight + da_through_y
print(tr(en="forward: ", zh="往前算："), f"y = {y:g}  z = {z:g}  L = {L:g}")
print(tr(en="back:    ", zh="往回走："), f"dz = {dz:g}  dy = {dy:g}  db = {db:g}")
roads = tr(en=["straight", "through y"], zh=["直走", "经过 y"])
print(f"da = {da_straight:g} ({roads[0]}) + {da_through_y:g} ({roads[1]}) = {da:g}")

judged = slopes(lambda v: (v[0] * v[1] + v[0]) ** 2, [a, b])
assert np.allclose(judged, [da, db])

# %% name="graph.reveal"
guess_graph.reveal(offers.index(f"{judged[0]:.0f}"))

# %% name="graph_picture" kind="draw"
places = {"a": (0, 1), "b": (0, 0), "y": (1, 0.25), "z": (2, 0.8), "L": (3, 0.8)}
values = {"a": (a, da), "b": (b, db), "y": (y, dy), "z": (z, dz), "L": (L, dL)}
fig, ax = subplots(height=2.3)
for start, end in ("ay", "by", "az", "yz", "zL"):
    ax.annotate(
        "",
        places[end],
        places[start],
        arrowprops={"arrowstyle": "->", "shrinkA": 20, "shrinkB": 20, "lw": 1.5},
    )
for name, at in places.items():
    value, gradient = values[name]
    ax.plot(*at, "o", ms=26, mfc="white", mec=COLOURS["black"])
    ax.annotate(name, at, ha="center", va="center")
    ax.annotate(f"{value:g}", at, (0, 17), textcoords="offset points", ha="center")
    back = {"ha": "center", "va": "top", "color": COLOURS["red"]}
    ax.annotate(f"← {gradient:g}", at, (0, -17), textcoords="offset points", **back)
ax.set(xlim=(-0.4, 3.4), ylim=(-0.45, 1.4))
ax.axis("off")
caption = tr(en="Above: values, going forward.", zh="上面是往前算的值。")
caption += tr(en=" Below, with arrow: gradients, coming back.", zh="下面带箭头的，是往回走的梯度。")
alt = tr(
    en="A graph of five nodes: a 2, gradient 64; b 3, 32; y 6, 16; z 8, 16; L 64, 1.",
    zh="五个节点的图：a 为 2，梯度 64；b 为 3，32；y 为 6，16；z 为 8，16；L 为 64，1。",
)
show(fig, caption=caption, alt=alt)

# %% [markdown] lang="en"
# That is backpropagation, whole. An RNN's shared weight is an $a$ with as many roads as there are steps.

# %% [markdown] lang="zh"
# 反向传播就是这么回事，没有别的了。RNN 里共享的权重，就是一个 $a$，有多少步，就有多少条路。

# %% [markdown] lang="en"
# ## The gradient of Wx
#
# $a = W x$ with $W$ of shape (3, 2). From above comes $da$, three numbers: what the loss asks of each $a_j$. Look at one weight. $W_{jk}$ occurs in $a_j$ and nowhere else, times $x_k$. So its gradient is $da_j\, x_k$: all of them together are an outer product. And $x_k$ occurs in every $a_j$, times $W_{jk}$: a sum over $j$.
#
# $$dW = da\, x^\top \qquad dx = W^\top da$$

# %% [markdown] lang="zh"
# ## Wx 的梯度
#
# $a = W x$，$W$ 的形状是 (3, 2)。从上面传来 $da$，三个数：损失对每个 $a_j$ 的要求。只看一个权重。$W_{jk}$ 只出现在 $a_j$ 里，乘着 $x_k$，别处都没有。所以它的梯度是 $da_j\, x_k$；放在一起，就是一个外积。而 $x_k$ 在每个 $a_j$ 里都出现，乘着 $W_{jk}$：对 $j$ 求和。
#
# $$dW = da\, x^\top \qquad dx = W^\top da$$

# %% name="product"
W = np.array([[1.0, -2.0], [0.5, 3.0], [0.0, 1.0]])  # (3, 2)
x = np.array([2.0, -1.0])  # (2,)
da = np.array([1.0, 10.0, 100.0])  # (3,)

dW = np.outer(da, x)  # (3, 2)
dx = W.T @ da  # (2,)
print(dW)
print("dx:", dx)
assert np.allclose(dW, slopes(lambda W: da @ (W @ x), W))
assert np.allclose(dx, slopes(lambda x: da @ (W @ x), x))

# %% [markdown] lang="en"
# Two rules spare you the memory. **A gradient has the shape of what it belongs to**, and if all sizes differ, only one way of multiplying gives that shape. And with a batch, whose rows are examples, every example has a say: their $dW$ add up, in one product of matrices.

# %% [markdown] lang="zh"
# 两条规则，省得死记。**梯度和它所属的东西形状相同**；只要各个大小互不相同，能凑出这个形状的乘法只有一种。如果是一批，每行一个样本，那么每个样本都有发言权：各自的 $dW$ 加起来，一次矩阵乘法就够。

# %% name="batch"
rng = np.random.default_rng(0)
X, dA = rng.normal(size=(4, 2)), rng.normal(size=(4, 3))  # (B, I), (B, H)

dW = dA.T @ X  # (3, 2)
dX = dA @ W  # (4, 2)
one_by_one = sum(np.outer(dA[n], X[n]) for n in range(4))
assert np.allclose(dW, one_by_one)
assert np.allclose(dW, slopes(lambda W: (dA * (X @ W.T)).sum(), W))
assert np.allclose(dX, slopes(lambda X: (dA * (X @ W.T)).sum(), X))
print(dW)

# %% [markdown] lang="en"
# ## Two slopes
#
# The two curves of this course are relatives: $\sigma(a) = \frac{1}{1 + e^{-a}}$ is $\frac{1 + \tanh(a/2)}{2}$, a tanh at half the speed and half the height. So what is the largest slope that a $\sigma$ has anywhere?

# %% [markdown] lang="zh"
# ## 两个斜率
#
# 这门课里的两条曲线是亲戚：$\sigma(a) = \frac{1}{1 + e^{-a}}$ 就是 $\frac{1 + \tanh(a/2)}{2}$，速度减半、高度也减半的 tanh。那么 $\sigma$ 的斜率，最大是多少？

# %% name="guess_slope"
steepest = ["1", "1/2", "1/4"]
guess_slope = Predict(
    "toolbox-sigma-slope",
    tr(en="The largest slope of σ is …", zh="σ 的最大斜率是……"),
    choices=steepest,
)
guess_slope


# %% name="two_slopes"
def sigma(a):
    return 0.5 * (1 + np.tanh(0.5 * a))


grid = np.linspace(-6, 6, 241)
h, s = np.tanh(grid), sigma(grid)
slope_tanh, slope_sigma = 1 - h**2, s * (1 - s)
judged = np.array([slopes(sigma, a) for a in grid])
assert np.allclose(s, 1 / (1 + np.exp(-grid)))
assert np.allclose(slope_tanh, [slopes(np.tanh, a) for a in grid])
assert np.allclose(slope_sigma, judged)

# %% name="two_slopes.reveal"
guess_slope.reveal(f"1/{round(1 / judged.max())}")

# %% name="slopes_picture" kind="draw"
fig, (left, right) = subplots(1, 2, height=2.6, sharex=True)
for ax, of_tanh, of_sigma, name in ((left, h, s, "h"), (right, slope_tanh, slope_sigma, "slope")):
    ax.plot(grid, of_tanh, color=COLOURS["black"], label="tanh")
    ax.plot(grid, of_sigma, "--", color=COLOURS["blue"], label="σ")
    ax.set(xlabel="a", ylabel=name)
left.legend()
caption = tr(en="Left: the curves. Right: their slopes.", zh="左：两条曲线。右：它们的斜率。")
alt = tr(
    en="Left, tanh from -1 to 1 and sigma from 0 to 1. Right, their slopes, bells of height 1 and 1/4.",
    zh="左图，tanh 从 -1 到 1，σ 从 0 到 1。右图，它们的斜率，两个钟形，高 1 和 1/4。",
)
show(fig, caption=caption, alt=alt)

# %% [markdown] lang="en"
# Both slopes can be had from the *result* alone, without $a$ and without another exponential:
#
# $$\tanh'(a) = 1 - h^2 \qquad \sigma'(a) = s\,(1 - s)$$
#
# That is why a backward pass keeps $h$ and the gates, and not what was inside. And it tells where nothing comes back: where the curve is flat, at the ends. In float32 the end is nearer than one thinks.

# %% [markdown] lang="zh"
# 两个斜率都只靠**结果**就能算，不需要 $a$，也不用再算一次指数：
#
# $$\tanh'(a) = 1 - h^2 \qquad \sigma'(a) = s\,(1 - s)$$
#
# 所以反向传播只留着 $h$ 和各个门，里面的 $a$ 不必留。它还告诉你哪里什么都传不回来：曲线平的地方，也就是两端。在 float32 里，尽头比想象的近。

# %% name="flat"
rows = []
for a in (0.0, 2.0, 5.0, 10.0, 20.0):
    h, s = np.tanh(np.float32(a)), sigma(np.float32(a))
    rows.append([f"{a:g}", f"{1 - h * h:.1e}", f"{s * (1 - s):.1e}"])

# %% name="flat.draw"
assert 1 - np.tanh(np.float32(10)) ** 2 == 0
assert sigma(np.float32(20)) == 1
table(rows, ["a", "1 − h²", "s (1 − s)"], caption=tr(en="In float32", zh="用 float32"))

# %% [markdown] lang="en"
# ## Softmax and cross-entropy
#
# Three classes, scores $z = (2, 1, 0)$. Softmax makes shares of them, $p_k = e^{z_k} / \sum_j e^{z_j}$; the loss is $-\ln p_y$ for the right class $y$, the surprise at the truth. Say the right class is the *second*. One step downhill: which scores does it raise?

# %% [markdown] lang="zh"
# ## softmax 与交叉熵
#
# 三个类，得分 $z = (2, 1, 0)$。softmax 把得分变成占比，$p_k = e^{z_k} / \sum_j e^{z_j}$；损失是 $-\ln p_y$，$y$ 是正确的类：看到真相时有多意外。假设正确的是**第二**类。沿着梯度下降一步，哪些得分会升高？

# %% name="guess_softmax"
guess_softmax = Predict(
    "toolbox-softmax",
    tr(en="A step downhill raises …", zh="下降一步，会升高的是……"),
    choices=tr(
        en=["all three", "the second and the third", "only the second"],
        zh=["三个都升", "第二和第三个", "只有第二个"],
    ),
)
guess_softmax


# %% name="softmax"
def softmax(z):
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


z, y = np.array([2.0, 1.0, 0.0]), 1
p = softmax(z)  # (3,)
loss = -np.log(p[y])
dz = p - np.eye(3)[y]  # (3,)
print("p  =", p, f"  loss = {loss:.4f}")
print("dz =", dz, f"  sum = {abs(dz.sum()):.0e}")
judged = slopes(lambda z: -np.log(softmax(z)[y]), z)
assert np.allclose(dz, judged)

# %% name="softmax.reveal"
guess_softmax.reveal({3: 0, 2: 1, 1: 2}[int((judged < 0).sum())])

# %% [markdown] lang="en"
# $$dz = p - \mathrm{onehot}(y)$$
#
# What you said, less what was true: the shortest gradient in this course. Every wrong class is pushed down by the share it took, the right one is pulled up by the share it lacked, and the pushes sum to zero. A third class with little share is hardly pushed at all.
#
# Two things to know before the first bug. Scores that all move together change nothing, so the largest may be taken off first; without that, the exponential overflows. And a network that knows nothing gives every class the same, so **its loss starts at $\ln K$**. If yours starts far above, it is sure of something already, and wrong.

# %% [markdown] lang="zh"
# $$dz = p - \mathrm{onehot}(y)$$
#
# 你说的，减去真的：整门课里最短的梯度。每个错的类，占了多少，就往下推多少；对的那个，缺多少，就往上拉多少；推和拉加起来是零。第三类本来占得就少，几乎没人推它。
#
# 第一次出错之前，先知道两件事。所有得分一起加减同一个数，什么也不变，所以可以先减去最大的；不减，指数会溢出。还有，什么都不知道的网络给每个类一样多，所以**它的损失从 $\ln K$ 开始**。如果你的网络一开始就高出许多，说明它已经在确信某件事，而且是错的。

# %% name="overflow"
big = np.array([1000.0, 999.0, 998.0])
with np.errstate(over="ignore", invalid="ignore"):
    naive = np.exp(big) / np.exp(big).sum()
print(tr(en="naive:", zh="直接算："), naive)
print(tr(en="largest taken off:", zh="先减去最大的："), softmax(big))
assert np.isnan(naive).all()
assert np.allclose(softmax(big), softmax(z))
nothing = -np.log(softmax(np.zeros(10))[0])
print(tr(en="knows nothing, K = 10:", zh="什么都不知道，K = 10："), f"{nothing:.4f}")
print(f"ln 10 = {np.log(10):.4f}")
assert np.isclose(nothing, np.log(10))
surest = softmax(softmax(np.array([1000.0] + [0.0] * 9)))[0]
twice = tr(
    en="softmax twice, K = 10: the surest answer there is:",
    zh="softmax 用了两次，K = 10：最有把握的回答也只有",
)
print(twice, f"{surest:.3f}")
assert surest < 0.24

# %% [markdown] lang="en"
# ## The Jacobian
#
# A function of two numbers that gives three has six slopes, one for each pair. Written as a table with **a row for each output and a column for each input**, they are its Jacobian, here (3, 2). For $a = Wx$ it is $W$ itself. A tanh on top multiplies row $j$ by $1 - h_j^2$.

# %% [markdown] lang="zh"
# ## 雅可比矩阵
#
# 两个数进、三个数出的函数，有六个斜率，每一对各一个。排成一张表，**每行一个输出，每列一个输入**，就是它的雅可比矩阵，这里是 (3, 2)。$a = Wx$ 的雅可比矩阵就是 $W$ 自己。外面再套一个 tanh，第 $j$ 行就乘上 $1 - h_j^2$。

# %% name="jacobian"
h = np.tanh(W @ x)  # (3,)
J = (1 - h**2)[:, None] * W  # (3, 2)
print(J)
assert np.allclose(J, slopes(lambda x: np.tanh(W @ x), x))

# %% [markdown] lang="en"
# Put a second layer on top, $\tanh(Vh)$, and the chain rule is a product of matrices, the later one on the left. (Check the shapes: (2, 3) times (3, 2) is (2, 2), outputs by inputs.)
#
# A column of a Jacobian answers "I move *this input*: what happens everywhere?". A row answers "*this output* should move: whom do I ask?". Going back, we ask for a row, so we carry a vector from the left and never build the product.

# %% [markdown] lang="zh"
# 上面再加一层 $\tanh(Vh)$，链式法则就是矩阵相乘，后面的那层写在左边。（看看形状：(2, 3) 乘 (3, 2) 得 (2, 2)，输出乘输入。）
#
# 雅可比矩阵的一列，回答“我动**这个输入**，各处会怎样？”；一行，回答“想让**这个输出**动，该找谁？”。往回走要的是行，所以我们从左边带着一个向量走，从不真的把矩阵乘出来。

# %% name="chain"
V = np.array([[1.0, 0.5, -1.0], [0.2, -0.3, 2.0]])  # (2, 3)
out = np.tanh(V @ h)  # (2,)
J_V = (1 - out**2)[:, None] * V  # (2, 3)
whole = J_V @ J  # (2, 2)
assert np.allclose(whole, slopes(lambda x: np.tanh(V @ np.tanh(W @ x)), x))

v = np.array([1.0, 0.0])
back = J.T @ (J_V.T @ v)  # (2,)
print(whole)
print(tr(en="its first row, carried back:", zh="它的第一行，往回送出来的："), back)
assert np.allclose(back, whole[0])

# %% [markdown] lang="en"
# ## Eigenvalue or singular value?
#
# Multiply a vector by the same matrix again and again. If both **eigenvalues** of the matrix are 0.9, does the vector get shorter at every step? Here is a matrix with just these two, and a start $v$ of length 1.
#
# $$A = \begin{pmatrix} 0.9 & 4 \\ 0 & 0.9 \end{pmatrix} \qquad v = \begin{pmatrix} 0 \\ 1 \end{pmatrix}$$

# %% [markdown] lang="zh"
# ## 特征值还是奇异值？
#
# 拿同一个矩阵，一遍又一遍去乘一个向量。如果矩阵的两个**特征值**都是 0.9，向量是不是每一步都变短？下面的矩阵正好有这两个特征值，起点 $v$ 的长度是 1。
#
# $$A = \begin{pmatrix} 0.9 & 4 \\ 0 & 0.9 \end{pmatrix} \qquad v = \begin{pmatrix} 0 \\ 1 \end{pmatrix}$$

# %% name="guess_length"
guess_length = Predict(
    "toolbox-length",
    tr(en="At its longest, v has the length …", zh="v 最长的时候，长度大约是……"),
    choices=["1", "4", "16", "64"],
)
guess_length

# %% name="powers"
A = np.array([[0.9, 4.0], [0.0, 0.9]])
radius = np.abs(np.linalg.eigvals(A)).max()
sigma_max = np.linalg.svd(A, compute_uv=False)[0]
v, lengths = np.array([0.0, 1.0]), [1.0]
for _ in range(80):
    v = A @ v
    lengths.append(np.linalg.norm(v))
print(tr(en="largest |eigenvalue|:", zh="最大的 |特征值|："), f"{radius:.2f}")
print(tr(en="largest singular value:", zh="最大的奇异值："), f"{sigma_max:.2f}")
print(tr(en="lengths:", zh="长度："), np.round(lengths[:13], 2))
print(tr(en="… after 80 steps:", zh="……80 步之后："), round(lengths[80], 3))

# %% name="powers.reveal"
assert lengths[1] > 4
assert lengths[80] < 0.2
guess_length.reveal(int(np.argmin(np.abs(np.log([1, 4, 16, 64]) - np.log(max(lengths))))))

# %% [markdown] lang="en"
# It grows for a good while, and then shrinks, as the eigenvalues had promised. Two different questions have two different answers:
#
# - The largest **singular value** is the most that *one* multiplication can do to a length: here 4.2. Ten of them cannot do more than $4.2^{10}$, and usually do far less: it is a bound from above and says nothing from below.
# - The largest $|\text{eigenvalue}|$, the **spectral radius**, is the rate per step in the long run, *if it is the same matrix each time*.
#
# In an RNN it is not: every step has its own slopes. How much can the order of things matter? Take $A$ and its transpose, in turns. Both have the eigenvalues 0.9 and nothing else.

# %% [markdown] lang="zh"
# 它先长了好一阵，然后才变短，和特征值答应的一样。两个问题，两个答案：
#
# - 最大的**奇异值**，是**一次**乘法最多能把长度放大多少：这里是 4.2。乘十次不会超过 $4.2^{10}$，而且通常差得远：它只从上面限制，对下面什么也没说。
# - $|\text{特征值}|$ 里最大的，叫**谱半径**，是长远来看每一步的倍率，**前提是每次都是同一个矩阵**。
#
# RNN 里偏偏不是：每一步都有自己的斜率。差别能有多大？让 $A$ 和它的转置轮流来。两个矩阵的特征值都是 0.9，没有别的。

# %% name="turns"
turns, v = [1.0], np.array([0.0, 1.0])
for n in range(80):
    v = (A, A.T)[n % 2] @ v
    turns.append(np.linalg.norm(v))
rate = (turns[80] / turns[60]) ** (1 / 20)
print(tr(en="in turns, a step:", zh="轮流乘，每一步："), f"x {rate:.2f}")
print(tr(en="length after 80 steps:", zh="80 步之后的长度："), f"{turns[80]:.0e}")
assert np.isclose(rate, sigma_max, rtol=1e-3)

# %% name="turns.draw"
fig, ax = subplots(height=2.8)
ax.semilogy(lengths, color=COLOURS["blue"], label="A A A A …")
ax.semilogy(turns, "-.", color=COLOURS["red"], label="Aᵀ A Aᵀ A …")
ax.semilogy(radius ** np.arange(81), "--", color=COLOURS["black"], label="0.9ⁿ")
ax.semilogy(sigma_max ** np.arange(81), ":", color=COLOURS["grey"], label="4.2ⁿ")
ax.set(xlabel="n", ylabel="length", ylim=(1e-5, 1e12))
ax.legend(loc="upper right")
caption = tr(
    en="The same eigenvalues throughout. Only the order of the factors differs. 4.2ⁿ is the bound.",
    zh="从头到尾都是同样的特征值，只是因子的顺序不同。4.2ⁿ 是上界，纵轴是长度。",
)
alt = tr(
    en="Length against steps, log axis. A alone rises to 16, then falls like 0.9 to the n; "
    "A and its transpose in turns rise along the bound 4.2 to the n.",
    zh="长度随步数的变化，对数轴。只乘 A 时先升到 16，再像 0.9 的 n 次方那样下降；"
    "A 与转置轮流乘时，沿着上界 4.2 的 n 次方上升。",
)
show(fig, caption=caption, alt=alt)

# %% [markdown] lang="en"
# So: **for one matrix and the long run, eigenvalues. For a bound that always holds, singular values. For a product of different matrices, multiply and look.** For a rotation, or any other orthogonal matrix, both are 1 and length is kept exactly; for a symmetric one the two agree.

# %% [markdown] lang="zh"
# 所以：**同一个矩阵、长远来看，问特征值；要一个永远成立的上界，问奇异值；不同的矩阵连乘，就乘出来看。** 旋转矩阵，以及任何正交矩阵，两者都是 1，长度分毫不变；对称矩阵，两者一致。

# %% name="agree"
turn = np.array([[np.cos(1), -np.sin(1)], [np.sin(1), np.cos(1)]])
even = np.array([[0.5, 0.4], [0.4, -0.3]])
rows = []
for name, M in (("A", A), ("rotation", turn), ("symmetric", even)):
    eigen = np.abs(np.linalg.eigvals(M)).max()
    rows.append([name, eigen, np.linalg.svd(M, compute_uv=False)[0]])

# %% name="agree.draw"
assert np.isclose(rows[1][1], 1)
assert all(np.isclose(row[1], row[2]) for row in rows[1:])
assert not np.isclose(rows[0][1], rows[0][2])
table(rows, ["", "|λ| max", "σ max"])

# %% [markdown] lang="en"
# ## Common mistakes
#
# | wrong | symptom | right |
# |:--|:--|:--|
# | only the last road to a value is counted | too small by what the other roads bring | roads that meet add |
# | `np.outer(x, da)` for $dW$ | the transpose: noticed only if sizes differ | the shape of $W$: `np.outer(da, x)` |
# | $1 - a^2$, with $a$ from before the tanh | gradients with wrong signs where $\lvert a \rvert > 1$ | the slope comes from the *result*, $1 - h^2$ |
# | softmax, and then a loss that applies softmax again | with ten classes, no answer can be surer than 0.24, however right it is | scores go into `cross_entropy`, not shares |
# | "radius below 1, so it shrinks" | true in the long run, for one matrix | measure the product itself |

# %% [markdown] lang="zh"
# ## 常见错误
#
# | 错误 | 症状 | 正确 |
# |:--|:--|:--|
# | 一个值只算了最后一条路 | 小了，少的正是别的路带来的 | 路汇合，就相加 |
# | 把 $dW$ 写成 `np.outer(x, da)` | 得到转置；大小不同时才会发现 | 和 $W$ 同形状：`np.outer(da, x)` |
# | 写成 $1 - a^2$，用了 tanh 之前的 $a$ | $\lvert a \rvert > 1$ 的地方，梯度连符号都错 | 斜率从**结果**算：$1 - h^2$ |
# | 先做 softmax，损失里又做一次 | 十个类时，答得再对，把握也超不过 0.24 | 交给 `cross_entropy` 的是得分，不是占比 |
# | “谱半径小于 1，所以会缩小” | 只对同一个矩阵、长远来看成立 | 直接测那个连乘 |
