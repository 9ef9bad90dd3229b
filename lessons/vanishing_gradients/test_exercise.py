"""What exercise 03 asks: step_jacobians, norms_by_lag, scale_to_radius, orthogonal,
clip_global_norm.

The tests come first and are the specification; below them stand the `…_slips`, what typical
mistakes would return. In the first case of a test some sizes are equal, so that mistakes run that
would otherwise stop with an error, and can be told by name.
"""

from itertools import chain

import numpy as np
import pytest

from lstm_lab.grading import Feedback, compare, suspect


@pytest.mark.points(2, task="step_jacobians", en="with tanh", zh="用 tanh")
def test_jacobians_of_tanh(submission, solution, rng):
    for T, H in [(4, 4), (5, 3), (1, 2), (3, 1)]:
        h, W_h = np.tanh(rng.normal(size=(T, H))), rng.normal(size=(H, H))
        got = submission.call("step_jacobians", h, W_h)
        want = solution.call("step_jacobians", h, W_h).value
        compare(got, want, name="step_jacobians(…)", suspects=tanh_slips(h, W_h))


@pytest.mark.points(1, task="step_jacobians", en="with relu", zh="用 relu")
def test_jacobians_of_relu(submission, solution, rng):
    for T, H in [(4, 4), (5, 3), (1, 6)]:
        h, W_h = np.maximum(rng.normal(size=(T, H)), 0.0), rng.normal(size=(H, H))
        h[0, :2] = 0.0, 1.5  # one asleep, one above 1
        got = submission.call("step_jacobians", h, W_h, "relu")
        want = solution.call("step_jacobians", h, W_h, "relu").value
        compare(got, want, name="step_jacobians(…)", suspects=relu_slips(h, W_h))


@pytest.mark.points(3, task="norms_by_lag", en="the norm at every lag", zh="每个间隔上的范数")
def test_norms_by_lag(submission, solution, rng):
    for T, H in [(4, 4), (6, 3), (1, 3), (5, 1)]:
        J = rng.normal(size=(T, H, H))
        got = submission.call("norms_by_lag", J)
        want = solution.call("norms_by_lag", J).value
        compare(got, want, name="norms_by_lag(…)", suspects=norm_slips(J, got.value))


@pytest.mark.points(2, task="scale_to_radius", en="the radius asked for", zh="要求的谱半径")
def test_scale_to_radius(submission, solution, rng):
    turned = np.array([[1.0, -3.0, 0.0], [3.0, 1.0, 0.0], [2.0, 0.0, 2.0]])  # 1 ± 3i, 2
    for A, rho in [
        (with_negative_radius(rng, 4), 0.9),
        (turned, 1.1),
        (rng.normal(size=(5, 5)), 2.0),
        (rng.normal(size=(1, 1)), 1.0),
    ]:
        got = submission.call("scale_to_radius", A, rho)
        want = solution.call("scale_to_radius", A, rho).value
        compare(got, want, name="scale_to_radius(…)", suspects=radius_slips(A, rho, got.value))


@pytest.mark.points(2, task="orthogonal", en="keeps every length", zh="保持每个长度")
def test_orthogonal_keeps_lengths(submission, solution, rng):
    for H in (4, 3, 7):
        A = rng.normal(size=(H, H))
        got = submission.call("orthogonal", A)
        want = solution.call("orthogonal", A).value
        if is_orthogonal(got.value, H):
            want = got.value  # any one will do
        compare(got, want, name="orthogonal(…)", suspects=orthogonal_slips(A, got.value))


@pytest.mark.points(1, task="orthogonal", en="made from A", zh="由 A 做成")
def test_orthogonal_depends_on_its_argument(submission, solution, rng):
    first, second = rng.normal(size=(2, 5, 5))
    second = first + 0.01 * second  # near, and yet another
    one, other = submission.call("orthogonal", first), submission.call("orthogonal", second)
    for got, A in [(one, first), (other, second)]:
        want = solution.call("orthogonal", A).value
        # that columns are not perpendicular has cost its points above
        want = got.value if has_unit_columns(got.value, 5) else want
        compare(got, want, name="orthogonal(…)", suspects=orthogonal_slips(A, got.value))
    if np.allclose(one.value, other.value):
        raise Feedback(
            en="Two different A gave the same matrix. So networks would start alike: another A "
            "must give another matrix.",
            zh="两个不同的 A 得到了同一个矩阵。这样不同网络的起点会一样："
            "换一个 A，就要得到另一个矩阵。",
        )


@pytest.mark.points(2, task="clip_global_norm", en="above the limit", zh="超过上限")
def test_clip_above_the_limit(submission, solution, rng):
    for shapes, limit in [([(4, 2), (4, 4), (4,)], 2.0), ([(3,)], 0.1), ([(2, 3), (1,)], 0.5)]:
        gradients = [5.0 + rng.normal(size=shape) for shape in shapes]
        gradients[0] = -gradients[0]
        check_clipped(submission, solution, gradients, limit)


@pytest.mark.points(1, task="clip_global_norm", en="below the limit, and zero", zh="低于上限，和零")
def test_clip_below_the_limit(submission, solution, rng):
    small = [0.01 * rng.normal(size=shape) for shape in [(4, 2), (4, 4), (4,)]]
    check_clipped(submission, solution, small, 2.0)
    # Below the limit as a whole, though some entries are above it elsewhere: limit 10, norm < 10.
    check_clipped(submission, solution, [rng.uniform(1, 2, size=(3, 2)), np.ones(2)], 10.0)
    check_clipped(submission, solution, [np.zeros((2, 2)), np.zeros(3)], 1.0)


def check_clipped(submission, solution, gradients, limit):
    got = submission.call("clip_global_norm", gradients, limit)
    want = solution.call("clip_global_norm", gradients, limit).value
    if holds_arrays_only(got.value, gradients):
        raise Feedback(
            en="clip_global_norm(…): only the list came back; asked for are two things, the list "
            "and the norm before clipping: `return clipped, norm`.",
            zh="clip_global_norm(…)：只返回了列表；要的是两样东西，列表和裁剪之前的范数："
            "`return clipped, norm`。",
        )
    crossed = suspect(
        [want[1], want[0]],
        en="the two have traded places: first the list, then the norm.",
        zh="两样东西换了位置：先列表，后范数。",
    )
    slips = chain([crossed], clip_slips(gradients, limit))
    # 1e-5: torch adds 1e-6 to the norm before it divides, which is as right
    compare(got, want, name=("clipped", "norm"), rtol=1e-5, suspects=slips)


def with_negative_radius(rng, H):
    """Return a matrix that is not symmetric, whose largest |eigenvalue| is negative and real."""
    basis = rng.normal(size=(H, H)) + 3 * np.eye(H)
    return basis @ np.diag([-3.0, *np.linspace(0.5, 1.7, H - 1)]) @ np.linalg.inv(basis)


def is_orthogonal(value, H):
    return has_unit_columns(value, H) and bool(
        np.allclose(value.T @ value, np.eye(H), rtol=0, atol=1e-7)
    )


def has_unit_columns(value, H):
    if not isinstance(value, np.ndarray) or value.shape != (H, H) or value.dtype.kind != "f":
        return False
    return bool(np.allclose(np.sum(value**2, axis=0), 1.0, rtol=0, atol=1e-7))


# --- what typical mistakes would return --------------------------------------------------

COLUMNS = {
    "en": "the slopes scale the columns; a slope belongs to a unit after the step, which is a row: "
    "`slope[:, :, None] * W_h`.",
    "zh": "斜率缩放的是列；斜率属于这一步之后的单元，也就是一行：`slope[:, :, None] * W_h`。",
}
TURNED = {
    "en": "every Jacobian is transposed: row j belongs to unit j after the step, column k to unit "
    "k before it.",
    "zh": "每个雅可比矩阵都转置了：第 j 行属于这一步之后的单元 j，第 k 列属于之前的单元 k。",
}
W_TURNED = {
    "en": "W_h is transposed: h_t = tanh(W_h h_{t−1} + …), so it stands there as it is.",
    "zh": "W_h 转置了：h_t = tanh(W_h h_{t−1} + …)，所以它原样写进去。",
}


def tanh_slips(h, W_h):
    slope = 1 - h**2
    before = np.concatenate([np.zeros_like(h[:1]), h[:-1]])
    slips = [
        suspect(slope[:, None, :] * W_h, **COLUMNS),
        suspect(np.swapaxes(slope[:, :, None] * W_h, 1, 2), **TURNED),
        suspect(slope[:, :, None] * W_h.T, **W_TURNED),
        suspect(
            np.broadcast_to(W_h, (len(h), *W_h.shape)),
            en="the slopes of the tanh, 1 − h², are not in it.",
            zh="里面没有 tanh 的斜率 1 − h²。",
        ),
        suspect(
            (1 - h)[:, :, None] * W_h,
            en="the square is missing: the slope is 1 − h².",
            zh="少了平方：斜率是 1 − h²。",
        ),
        suspect(
            (1 - np.tanh(h) ** 2)[:, :, None] * W_h,
            en="h has been through the tanh already: the slope is 1 − h², without another tanh.",
            zh="h 已经是 tanh 的输出：斜率是 1 − h²，不要再取一次 tanh。",
        ),
        suspect(
            (h * (1 - h))[:, :, None] * W_h,
            en="h(1 − h) is the slope of the sigmoid; that of the tanh is 1 − h².",
            zh="h(1 − h) 是 sigmoid 的斜率；tanh 的斜率是 1 − h²。",
        ),
        suspect(
            (h > 0)[:, :, None] * W_h,
            en="that is the slope of relu; without a third argument the activation is tanh.",
            zh="这是 relu 的斜率；没有第三个参数时，激活函数是 tanh。",
        ),
        suspect(
            slope[:, :, None] * np.eye(len(W_h)),
            en="W_h is missing: these are the slopes alone, diag(1 − h²).",
            zh="少了 W_h：这只是斜率，diag(1 − h²)。",
        ),
        suspect(
            h[:, :, None] * W_h,
            en="the state itself is multiplied in, not the slope of the tanh, 1 − h².",
            zh="乘进去的是状态本身，不是 tanh 的斜率 1 − h²。",
        ),
        suspect(
            (1 - before**2)[:, :, None] * W_h,
            en="each step has the slope of the step before it; h[t] is the state *after* step t, "
            "and its slope is that of step t.",
            zh="每一步用的都是前一步的斜率；h[t] 是第 t 步**之后**的状态，它的斜率就是第 t 步的。",
        ),
        suspect(
            slope[:, :, None] * np.eye(len(W_h)) * W_h,
            en="`np.diag(s) * W_h` keeps the diagonal alone; it is the matrix product, "
            "`np.diag(s) @ W_h`.",
            zh="`np.diag(s) * W_h` 只留下对角线；要用矩阵乘法，`np.diag(s) @ W_h`。",
        ),
        suspect(
            (1 + h**2)[:, :, None] * W_h,
            en="the sign is turned: the slope is 1 − h².",
            zh="符号反了：斜率是 1 − h²。",
        ),
        suspect(
            slope @ W_h,
            en="that is one row a step: the slopes are multiplied *into* W_h as a vector. Each "
            "step needs a whole matrix, diag(slope) @ W_h.",
            zh="这样每步只有一行：斜率被当成向量和 W_h 做了矩阵乘法。"
            "每一步要的是整个矩阵，diag(slope) @ W_h。",
        ),
        suspect(
            slope[-1][:, None] * W_h,
            en="only the last step came back; each of the T steps has its own Jacobian.",
            zh="只返回了最后一步；T 步里每一步都有自己的雅可比矩阵。",
        ),
    ]
    if slope.shape == W_h.shape:
        taken_out = suspect(
            np.diag(slope) @ W_h,
            en="`np.diag` of a matrix *takes out* its diagonal; only of a vector it makes a "
            "matrix. Go step by step, or broadcast: `slope[:, :, None] * W_h`.",
            zh="对矩阵用 `np.diag`，是把对角线**取出来**；对向量用，才是造出矩阵。"
            "要么一步一步来，要么用广播：`slope[:, :, None] * W_h`。",
        )
        slips.append(taken_out)
    yield from slips


def relu_slips(h, W_h):
    slope = (h > 0).astype(float)
    yield from [
        suspect(slope[:, None, :] * W_h, **COLUMNS),
        suspect(np.swapaxes(slope[:, :, None] * W_h, 1, 2), **TURNED),
        suspect(slope[:, :, None] * W_h.T, **W_TURNED),
        suspect(
            (1 - h**2)[:, :, None] * W_h,
            en='with "relu" the slope is still that of the tanh: is `activation` used?',
            zh="用 relu 时，斜率还是 tanh 的：用到 `activation` 了吗？",
        ),
        suspect(
            np.broadcast_to(W_h, (len(h), *W_h.shape)),
            en="units asleep let the gradient through: where h is 0, the slope of relu is 0 "
            "(`h > 0`, not `h >= 0`).",
            zh="睡着的单元放梯度通过了：h 为 0 的地方，relu 的斜率是 0"
            "（是 `h > 0`，不是 `h >= 0`）。",
        ),
        suspect(
            h[:, :, None] * W_h,
            en="the slope of relu is 1 where h > 0, not h itself.",
            zh="h > 0 的地方，relu 的斜率是 1，不是 h 本身。",
        ),
        suspect(
            ((1 - h**2) * (h > 0))[:, :, None] * W_h,
            en="both slopes are in it; relu has no 1 − h², only 1 or 0.",
            zh="两种斜率都乘进去了；relu 没有 1 − h²，只有 1 或 0。",
        ),
        suspect(
            (h <= 0)[:, :, None] * W_h,
            en="it is the wrong way round: the slope is 1 where h > 0.",
            zh="写反了：h > 0 的地方斜率才是 1。",
        ),
    ]


def spectral(M):
    return np.linalg.norm(M, ord=2)


def running(J, right=True, backwards=True, size=spectral, times=np.matmul):
    """Return the norms of growing products, as somebody may build them."""
    product, norms = np.eye(J.shape[1]), [1.0]
    for J_t in J[::-1] if backwards else J:
        product = times(product, J_t) if right else times(J_t, product)
        norms.append(size(product))
    return np.array(norms)


def norm_slips(J, value):
    T = len(J)
    steps = np.array([1.0, *(spectral(J_t) for J_t in J[::-1])])
    last = [np.linalg.matrix_power(J[-1], k) for k in range(T + 1)]
    entries = np.array([1.0, *(spectral(M) for M in np.cumprod(J[::-1], axis=0))])
    right = running(J)
    slips = [
        suspect(
            running(J, right=False),
            en="the factors stand on the wrong side: an earlier step comes further right, "
            "`product @ J[t]`.",
            zh="因子站错了边：步骤越早越靠右，`product @ J[t]`。",
        ),
        suspect(
            running(J, right=False, backwards=False),
            en="that starts at the first step; lag k means the *last* k steps, so begin with "
            "J[T − 1].",
            zh="这是从第一步开始乘的；间隔 k 指的是**最后** k 步，所以从 J[T − 1] 开始。",
        ),
        suspect(
            running(J, backwards=False),
            en="that starts at the first step; lag k means the *last* k steps, so begin with "
            "J[T − 1].",
            zh="这是从第一步开始乘的；间隔 k 指的是**最后** k 步，所以从 J[T − 1] 开始。",
        ),
        suspect(
            running(J, right=False, backwards=False)[::-1],
            en="these are the norms over the *first* steps, turned round; lag k means the last k "
            "steps, and the 1 comes first.",
            zh="这是**最前面**几步的范数，还倒了过来；间隔 k 指的是最后 k 步，1 排在最前面。",
        ),
        suspect(
            right[::-1],
            en="the order is turned round: entry k belongs to lag k, so the 1 comes first.",
            zh="顺序反了：第 k 个元素属于间隔 k，所以 1 排在最前面。",
        ),
        suspect(
            right[1:],
            en="entry 0 is missing: over no step at all the norm is 1.",
            zh="少了第 0 个元素：一步也没走，范数是 1。",
        ),
        suspect(
            right[:-1],
            en="the last entry is missing: lags run from 0 to T, so T + 1 numbers.",
            zh="少了最后一个元素：间隔从 0 到 T，一共 T + 1 个数。",
        ),
        suspect(
            np.array([0.0, *right[1:]]),
            en="entry 0 should be 1: over no step at all nothing changes, and the identity has "
            "norm 1.",
            zh="第 0 个元素应当是 1：一步也没走，什么都没变，单位矩阵的范数是 1。",
        ),
        suspect(
            running(J, size=np.linalg.norm),
            en="that is the root of the sum of all squares (`np.linalg.norm` of a matrix without "
            "`ord=2`); asked for is the largest singular value.",
            zh="这是所有元素平方和的根（`np.linalg.norm` 作用在矩阵上而没写 `ord=2`）；"
            "要的是最大奇异值。",
        ),
        suspect(
            np.array([1.0, *running(J, size=np.linalg.norm)[1:]]),
            en="that is the root of the sum of all squares (`np.linalg.norm` of a matrix without "
            "`ord=2`); asked for is the largest singular value.",
            zh="这是所有元素平方和的根（`np.linalg.norm` 作用在矩阵上而没写 `ord=2`）；"
            "要的是最大奇异值。",
        ),
        suspect(
            running(J, size=lambda M: np.abs(np.linalg.eigvals(M)).max()),
            en="that is the largest absolute eigenvalue; the most by which a matrix stretches is "
            "its largest *singular* value.",
            zh="这是最大的特征值绝对值；矩阵最多能拉到几倍，是它的最大**奇异值**。",
        ),
        suspect(
            running(J, size=lambda M: spectral(M) ** 2),
            en="that is the square of the largest singular value.",
            zh="这是最大奇异值的平方。",
        ),
        suspect(
            running(J, size=lambda M: np.linalg.svd(M, compute_uv=False).min()),
            en="that is the smallest singular value; asked for is the largest.",
            zh="这是最小奇异值；要的是最大的。",
        ),
        suspect(
            running(J, size=lambda M: np.abs(M).max()),
            en="that is the largest entry; asked for is the largest singular value.",
            zh="这是最大的元素；要的是最大奇异值。",
        ),
        suspect(
            running(J, size=lambda M: np.linalg.norm(M, ord=1)),
            en="that is the largest sum of a column (`ord=1`); asked for is the largest singular "
            "value, `ord=2`.",
            zh="这是最大的列和（`ord=1`）；要的是最大奇异值，`ord=2`。",
        ),
        suspect(
            np.cumprod(steps),
            en="the norms are multiplied; asked for is the norm of the product, which is smaller.",
            zh="这是范数的连乘；要的是连乘的范数，它更小。",
        ),
        suspect(
            steps,
            en="each entry is the norm of one step alone; multiply the matrices up first.",
            zh="每个元素只是单独一步的范数；要先把矩阵连乘起来。",
        ),
        suspect(
            entries,
            en="the matrices are multiplied entry by entry; steps follow each other by the matrix "
            "product, `@`.",
            zh="矩阵是逐元素相乘的；一步接一步要用矩阵乘法 `@`。",
        ),
        suspect(
            running(np.swapaxes(J, 1, 2)),
            en="the Jacobians are transposed on this side of the product: `product @ J[t]`.",
            zh="连乘的这一边，雅可比矩阵被转置了：应当是 `product @ J[t]`。",
        ),
        suspect(
            np.array([spectral(M) for M in last]),
            en="the last Jacobian is used at every step; each step has its own.",
            zh="每一步都用了最后一个雅可比矩阵；每一步有自己的。",
        ),
        suspect(
            right[-1],
            en="that is the last entry alone; asked for is the norm at every lag from 0 to T.",
            zh="这只是最后一个元素；要的是从 0 到 T 每个间隔上的范数。",
        ),
    ]
    if np.shape(value) == (T,):
        short = suspect(
            value,
            en="there are T numbers, and T + 1 are asked for: lag 0, where nothing has been "
            "multiplied yet and the norm is 1, counts too.",
            zh="这里有 T 个数，要的是 T + 1 个：间隔 0 也算，那里还什么都没乘，范数是 1。",
        )
        slips.append(short)
    yield from slips


def radius_slips(A, rho, value):
    eigenvalues = np.linalg.eigvals(A)
    radius = np.abs(eigenvalues).max()
    signed = eigenvalues.real.max()
    divisors = [
        (
            spectral(A),
            {
                "en": "the largest singular value was set to rho, not the largest absolute "
                "eigenvalue.",
                "zh": "设成 rho 的是最大奇异值，不是特征值的最大绝对值。",
            },
        ),
        (
            np.abs(eigenvalues.real).max(),
            {
                "en": "a complex eigenvalue counts by its absolute value, |3 + 4i| = 5; the real "
                "part alone is too small.",
                "zh": "复的特征值按绝对值算，|3 + 4i| = 5；只取实部就小了。",
            },
        ),
        (
            signed,
            {
                "en": "an eigenvalue that is negative or complex counts by its absolute value: "
                "first `np.abs`, then the largest.",
                "zh": "负的或复的特征值按绝对值算：先取 `np.abs`，再取最大。",
            },
        ),
        (
            np.abs(np.linalg.eigvalsh(A)).max(),
            {
                "en": "`eigvalsh` reads half of the matrix and takes it for symmetric; use "
                "`eigvals`.",
                "zh": "`eigvalsh` 只读矩阵的一半，当它是对称的；要用 `eigvals`。",
            },
        ),
        (
            np.linalg.norm(A),
            {
                "en": "it was divided by the root of the sum of all squares; asked for is the "
                "largest absolute eigenvalue.",
                "zh": "除以的是所有元素平方和的根；要的是特征值的最大绝对值。",
            },
        ),
        (
            np.abs(A).max(),
            {
                "en": "it was divided by the largest entry; asked for is the largest absolute "
                "eigenvalue.",
                "zh": "除以的是最大的元素；要的是特征值的最大绝对值。",
            },
        ),
        (
            np.abs(eigenvalues).min(),
            {
                "en": "it was divided by the smallest absolute eigenvalue; the radius is the "
                "largest.",
                "zh": "除以的是特征值的最小绝对值；谱半径是最大的那个。",
            },
        ),
        (
            np.abs(eigenvalues).mean(),
            {
                "en": "it was divided by the mean of the absolute eigenvalues; the radius is the "
                "largest.",
                "zh": "除以的是特征值绝对值的平均；谱半径是最大的那个。",
            },
        ),
        (
            np.abs(eigenvalues).sum(),
            {
                "en": "it was divided by the sum of the absolute eigenvalues; the radius is the "
                "largest.",
                "zh": "除以的是特征值绝对值的和；谱半径是最大的那个。",
            },
        ),
        (
            np.abs(np.linalg.det(A)),
            {
                "en": "it was divided by the determinant, the product of all eigenvalues; the "
                "radius is the largest absolute value among them.",
                "zh": "除以的是行列式，也就是所有特征值的积；谱半径是它们当中最大的绝对值。",
            },
        ),
    ]
    slips = [
        suspect(
            A / radius,
            en="the result has radius 1; multiply by rho.",
            zh="结果的谱半径是 1；还要乘上 rho。",
        ),
        suspect(
            A * rho,
            en="A is multiplied by rho, but its own radius is not divided out.",
            zh="A 乘上了 rho，但没有除掉它自己的谱半径。",
        ),
        suspect(
            A / (radius * rho),
            en="it is divided by rho; it must be multiplied by it.",
            zh="除以了 rho；应当是乘。",
        ),
        suspect(
            A * (radius / rho),
            en="it is the wrong way round: multiply by rho, divide by the radius of A.",
            zh="写反了：乘上 rho，除以 A 的谱半径。",
        ),
        suspect(
            radius,
            en="that is the radius of A; asked for is the matrix, scaled.",
            zh="这是 A 的谱半径；要的是缩放之后的矩阵。",
        ),
        suspect(
            A * (rho / radius).round(2),
            en="the factor is rounded.",
            zh="因子被四舍五入了。",
        ),
    ]
    by_width = (
        np.sqrt(len(A)),
        {
            "en": "dividing by the root of H gives about the right radius for large matrices of "
            "normal numbers; asked for is exactly rho, so compute the eigenvalues.",
            "zh": "除以 H 的平方根，对很大的正态随机矩阵大致能得到对的谱半径；"
            "这里要的是恰好 rho，所以要算特征值。",
        },
    )
    divisors.append(by_width)
    slips += [suspect(A * (rho / d), **said) for d, said in divisors if d != 0]
    lengths = [np.linalg.norm(A, axis=axis, keepdims=True) for axis in (0, 1)]  # (1, H), (H, 1)
    slips += [
        suspect(
            rho * A / length,
            en="every row or column is scaled by a factor of its own; multiply all of A by one.",
            zh="每一行或每一列用了各自的因子；整个 A 只乘一个数。",
        )
        for length in lengths
    ]
    if is_square_of_numbers(value, A) and np.isclose(np.abs(np.linalg.eigvals(value)).max(), rho):
        slips.append(
            suspect(
                value,
                en="the radius is right, but this is not A times one positive number.",
                zh="谱半径对，但它不是 A 乘上一个正数。",
            )
        )
    yield from slips


def holds_arrays_only(value, gradients):
    """Tell whether a list of arrays came back that are shaped like the gradients."""
    if not isinstance(value, list | tuple) or len(value) != len(gradients):
        return False
    shapes = [getattr(one, "shape", None) for one in value]
    return shapes == [g.shape for g in gradients]


def is_square_of_numbers(value, A):
    return (
        isinstance(value, np.ndarray)
        and value.shape == A.shape
        and value.dtype.kind == "f"
        and bool(np.isfinite(value).all())
    )


def orthogonal_slips(A, value):
    H = len(A)
    Q, R = np.linalg.qr(A)
    U, S, Vt = np.linalg.svd(A)
    slips = [
        suspect(
            (Q, R),
            en="both factors came back; return Q alone.",
            zh="两个因子都返回了；只返回 Q。",
        ),
        suspect(
            (U, S, Vt),
            en="all three factors came back; return an orthogonal one, U for instance.",
            zh="三个因子都返回了；只返回其中一个正交的，比如 U。",
        ),
        suspect(
            R,
            en="that is R, the triangular factor; the orthogonal one is Q.",
            zh="这是 R，三角的那个因子；正交的是 Q。",
        ),
        suspect(
            A / np.linalg.norm(A, axis=0),
            en="every column has length 1, but they are not perpendicular to each other: each must "
            "first lose its share along the columns before it.",
            zh="每一列的长度是 1，但彼此不垂直：每一列要先去掉沿着前面各列的分量。",
        ),
        suspect(
            A / np.linalg.norm(A, axis=1, keepdims=True),
            en="every row has length 1, but they are not perpendicular to each other.",
            zh="每一行的长度是 1，但彼此不垂直。",
        ),
        suspect(
            A / np.abs(np.linalg.eigvals(A)).max(),
            en="a spectral radius of 1 is not enough: all singular values must be 1.",
            zh="谱半径为 1 还不够：所有奇异值都得是 1。",
        ),
        suspect(
            A / spectral(A),
            en="the largest singular value is 1, the others are smaller; all must be 1.",
            zh="最大奇异值是 1，其余的更小；全部都得是 1。",
        ),
        suspect(
            np.linalg.inv(A),
            en="that is the inverse of A; only of an orthogonal matrix are inverse and transposed "
            "the same.",
            zh="这是 A 的逆；只有正交矩阵的逆和转置才相同。",
        ),
        suspect(A, en="that is A as it was.", zh="这就是原来的 A。"),
        suspect(
            np.linalg.eig(A + A.T)[1] * 0 + A @ A.T,
            en="A @ A.T is symmetric, not orthogonal.",
            zh="A @ A.T 是对称的，不是正交的。",
        ),
        suspect(
            (A - A.T) / 2,
            en="that is antisymmetric, which is another thing than orthogonal.",
            zh="这是反对称矩阵，和正交是两回事。",
        ),
        suspect(
            (A + A.T) / 2,
            en="that is symmetric, which is another thing than orthogonal.",
            zh="这是对称矩阵，和正交是两回事。",
        ),
    ]
    if is_square_of_numbers(value, A):
        slips.append(suspect(value, **what_is_not_orthogonal(value, H)))
    yield from slips


def what_is_not_orthogonal(Q, H):
    """Say, in the learner's own numbers, which property of the columns fails first."""
    products = Q.T @ Q
    lengths = np.sqrt(np.diag(products))
    worst = int(np.abs(lengths - 1).argmax())
    if abs(lengths[worst] - 1) > 1e-7:
        length = f"{lengths[worst]:.4g}"
        length = f"{lengths[worst]:.9g}" if length == "1" else length
        return {
            "en": f"not orthogonal: column {worst} has length {length}, and every column must "
            "have length 1.",
            "zh": f"不是正交矩阵：第 {worst} 列的长度是 {length}，而每一列的长度都必须是 1。",
        }
    gap = np.abs(products - np.eye(H))
    j, k = (int(n) for n in np.unravel_index(gap.argmax(), gap.shape))
    return {
        "en": f"not orthogonal: columns {j} and {k} have length 1, but their product is "
        f"{products[j, k]:.4g}; perpendicular columns give 0.",
        "zh": f"不是正交矩阵：第 {j} 列和第 {k} 列长度是 1，但它们的内积是 "
        f"{products[j, k]:.4g}；垂直的两列，内积是 0。",
    }


def clip_slips(gradients, limit):
    sizes = [np.linalg.norm(g) for g in gradients]
    norm = float(np.sqrt(sum(size**2 for size in sizes)))
    peak = max(np.abs(g).max() for g in gradients)
    shrink = min(1.0, limit / norm) if norm else 1.0

    def scaled(factor):
        return [g * factor for g in gradients]

    right = scaled(shrink)
    slips = [
        suspect(
            ([np.minimum(g, limit) for g in gradients], norm),
            en="every number is cut off for itself, and only from above; multiply all arrays by "
            "one common factor.",
            zh="每个数各裁各的，而且只从上面裁；所有数组要乘同一个因子。",
        ),
        suspect(
            ([np.clip(g, -limit, limit) for g in gradients], norm),
            en="every number is clipped for itself, which turns the direction; multiply all arrays "
            "by one common factor.",
            zh="每个数各裁各的，方向就变了；所有数组要乘同一个因子。",
        ),
        suspect(
            (
                [
                    g * min(1.0, limit / size) if size else g
                    for g, size in zip(gradients, sizes, strict=True)
                ],
                norm,
            ),
            en="every array is clipped by its own norm, which turns the direction; one norm over "
            "all arrays gives one factor for all.",
            zh="每个数组按自己的范数裁，方向就变了；所有数组合起来只有一个范数，一个因子。",
        ),
        suspect(
            (right, norm * shrink),
            en="the norm after clipping came back; asked for is that before.",
            zh="返回的是裁剪之后的范数；要的是之前的。",
        ),
        suspect(
            (right, shrink),
            en="the factor came back; asked for is the norm before clipping.",
            zh="返回的是因子；要的是裁剪之前的范数。",
        ),
        suspect(
            (norm, right),
            en="the two things are in the wrong order: first the list, then the norm.",
            zh="两样东西的顺序反了：先是列表，再是范数。",
        ),
    ]
    for wrong, said in [
        (
            sum(sizes),
            {
                "en": "the norms of the arrays were added; add the squares of all numbers, then "
                "take one root.",
                "zh": "把各个数组的范数加起来了；应当把所有数的平方加起来，最后开一次根号。",
            },
        ),
        (
            float(np.sqrt(sum(g.sum() ** 2 for g in gradients))),
            {
                "en": "the numbers of an array were added before they were squared; square each "
                "number first.",
                "zh": "先加后平方了；每个数要先平方，再相加。",
            },
        ),
        (norm**2, {"en": "the root is missing.", "zh": "少了开根号。"}),
        (
            peak,
            {
                "en": "the largest number was taken for the norm; it is the root of the sum of all "
                "squares.",
                "zh": "把最大的数当成了范数；范数是所有数的平方和开根号。",
            },
        ),
        (
            max(sizes),
            {
                "en": "the largest norm of a single array was taken; all arrays count as one long "
                "vector.",
                "zh": "取的是单个数组里最大的范数；所有数组合起来算一个长向量。",
            },
        ),
        (
            float(sum(np.abs(g).sum() for g in gradients)),
            {
                "en": "the absolute values were added; the norm is the root of the sum of squares.",
                "zh": "加的是绝对值；范数是平方和开根号。",
            },
        ),
        (
            norm / np.sqrt(sum(g.size for g in gradients)),
            {
                "en": "that is the root of the *mean* square; the norm has the sum.",
                "zh": "这是**均**方根；范数里是求和。",
            },
        ),
        (
            sizes[0],
            {
                "en": "only the first array is in the norm; all arrays count as one long vector.",
                "zh": "范数里只有第一个数组；所有数组合起来算一个长向量。",
            },
        ),
        (
            sizes[-1],
            {
                "en": "only the last array is in the norm; all arrays count as one long vector.",
                "zh": "范数里只有最后一个数组；所有数组合起来算一个长向量。",
            },
        ),
    ]:
        if len(gradients) > 1 and wrong > 0:
            slips += [
                suspect((scaled(min(1.0, limit / wrong)), wrong), **said),
                suspect(wrong, part="norm", **said),
            ]
    if norm > limit:
        slips += [
            suspect(
                (scaled(1 / norm), norm),
                en="everything has norm 1 now; the limit is missing in the factor.",
                zh="现在范数都成了 1；因子里少了 limit。",
            ),
            suspect(
                (gradients, norm),
                en="above the limit nothing was clipped: is the comparison the wrong way round, or "
                "were the old arrays returned?",
                zh="超过了上限却没有裁：是比较写反了，还是返回了原来的数组？",
            ),
            suspect(
                (scaled(norm / limit), norm),
                en="the factor is the wrong way round: `limit / norm`.",
                zh="因子写反了：是 `limit / norm`。",
            ),
            suspect(
                (scaled(limit), norm),
                en="the factor is the limit itself; it is `limit / norm`.",
                zh="因子成了上限本身；应当是 `limit / norm`。",
            ),
        ]
    elif norm > 0:
        slips += [
            suspect(
                (scaled(limit / norm), norm),
                en="a gradient below the limit was lengthened; there nothing should happen.",
                zh="低于上限的梯度被拉长了；这时什么也不该发生。",
            ),
            suspect(
                (scaled(0.0), norm),
                en="a gradient below the limit became zero; there nothing should happen.",
                zh="低于上限的梯度变成了零；这时什么也不该发生。",
            ),
        ]
    else:
        nothing = suspect(
            ([np.full_like(g, np.nan) for g in gradients], norm),
            en="a gradient of nothing but zeros became nan: 0 / 0. Divide only if the norm is "
            "above the limit.",
            zh="全是零的梯度变成了 nan：0 / 0。范数超过上限时才做除法。",
        )
        slips.append(nothing)
    yield from slips
