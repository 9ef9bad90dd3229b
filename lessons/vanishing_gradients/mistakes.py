"""Exercise 03: typical mistakes, in the order in which they are looked for; answers that are right
in another way, which must get full marks."""

from lstm_lab.grading import Equivalent, Mistake, Slip

TANH, RELU, PRODUCT = "1.0 - h**2", "(h > 0) * 1.0", "slope[:, :, None] * W_h"
BACK, NEXT = "J[::-1]:", "product @ J_t"
SIZE, NORMS = "np.linalg.norm(product, ord=2)", "np.array(norms)"
EIGEN = "np.linalg.eigvals(A)"
RADIUS = f"np.abs({EIGEN}).max()"
FACTOR = f"(rho / {RADIUS})"
NORM = "np.sqrt(sum(np.sum(g**2) for g in gradients))"
KEPT = "[g.copy() for g in gradients], norm"
SCALED = "[g * (limit / norm) for g in gradients], norm"

# fmt: off
MISTAKES = {
    "step_jacobians": [
        Mistake("jacobian_scales_columns", (PRODUCT, "slope[:, None, :] * W_h"),
            "the slopes scale the columns; a slope belongs to a unit after the step, which is a "
            "row: `slope[:, :, None] * W_h`.",
            "斜率缩放的是列；斜率属于这一步之后的单元，也就是一行：`slope[:, :, None] * W_h`。"),
        Mistake("jacobian_transposed", (PRODUCT, "W_h.T * slope[:, None, :]"),
            "every Jacobian is transposed: row j belongs to unit j after the step, column k to "
            "unit k before it.",
            "每个雅可比矩阵都转置了：第 j 行属于这一步之后的单元 j，第 k 列属于之前的单元 k。"),
        Mistake("jacobian_W_h_transposed", (PRODUCT, "slope[:, :, None] * W_h.T"),
            "W_h is transposed: h_t = tanh(W_h h_{t−1} + …), so it stands there as it is.",
            "W_h 转置了：h_t = tanh(W_h h_{t−1} + …)，所以它原样写进去。"),
        Mistake("jacobian_always_tanh", (f"{TANH} if activation == \"tanh\" else {RELU}", TANH),
            "with \"relu\" the slope is still that of the tanh: is `activation` used?",
            "用 relu 时，斜率还是 tanh 的：用到 `activation` 了吗？"),
        Mistake("jacobian_relu_awake", ("h > 0", "h >= 0"),
            "units asleep let the gradient through: where h is 0, the slope of relu is 0 (`h > "
            "0`, not `h >= 0`).",
            "睡着的单元放梯度通过了：h 为 0 的地方，relu 的斜率是 0（是 `h > 0`，不是 `h >= 0`）。"),
        Mistake("jacobian_relu_slope_is_h", (RELU, "np.maximum(h, 0.0)"),
            "the slope of relu is 1 where h > 0, not h itself.",
            "h > 0 的地方，relu 的斜率是 1，不是 h 本身。"),
        Mistake("jacobian_both_slopes", (RELU, "(1.0 - h * h) * (h > 0)"),
            "both slopes are in it; relu has no 1 − h², only 1 or 0.",
            "两种斜率都乘进去了；relu 没有 1 − h²，只有 1 或 0。"),
        Mistake("jacobian_relu_turned_round", ("h > 0", "h <= 0"),
            "it is the wrong way round: the slope is 1 where h > 0.",
            "写反了：h > 0 的地方斜率才是 1。"),
        Mistake("jacobian_no_slope", (PRODUCT, "np.stack([W_h] * len(h))"),
            "the slopes of the tanh, 1 − h², are not in it.",
            "里面没有 tanh 的斜率 1 − h²。"),
        Mistake("jacobian_no_square", ("h**2", "h"),
            "the square is missing: the slope is 1 − h².",
            "少了平方：斜率是 1 − h²。"),
        Mistake("jacobian_tanh_again", ("h**2", "np.tanh(h)**2"),
            "h has been through the tanh already: the slope is 1 − h², without another tanh.",
            "h 已经是 tanh 的输出：斜率是 1 − h²，不要再取一次 tanh。"),
        Mistake("jacobian_slope_of_sigmoid", (TANH, "h * (1 - h)"),
            "h(1 − h) is the slope of the sigmoid; that of the tanh is 1 − h².",
            "h(1 − h) 是 sigmoid 的斜率；tanh 的斜率是 1 − h²。"),
        Mistake("jacobian_always_relu", (TANH, "(h > 0) * 1.0"),
            "that is the slope of relu; without a third argument the activation is tanh.",
            "这是 relu 的斜率；没有第三个参数时，激活函数是 tanh。"),
        Mistake("jacobian_slopes_alone", (PRODUCT, "slope[:, :, None] * np.eye(len(W_h))"),
            "W_h is missing: these are the slopes alone, diag(1 − h²).",
            "少了 W_h：这只是斜率，diag(1 − h²)。"),
        Mistake("jacobian_of_the_state", (PRODUCT, "h[:, :, None] * W_h"),
            "the state itself is multiplied in, not the slope of the tanh, 1 − h².",
            "乘进去的是状态本身，不是 tanh 的斜率 1 − h²。"),
        Mistake("jacobian_of_the_step_before", ("h**2", "np.concatenate([0 * h[:1], h[:-1]])**2"),
            "each step has the slope of the step before it; h[t] is the state *after* step t, "
            "and its slope is that of step t.",
            "每一步用的都是前一步的斜率；h[t] 是第 t 步**之后**的状态，它的斜率就是第 t 步的。"),
        Mistake("jacobian_diagonal_alone", (PRODUCT, "slope[:, :, None] * np.eye(len(W_h)) * W_h"),
            "`np.diag(s) * W_h` keeps the diagonal alone; it is the matrix product, `np.diag(s) "
            "@ W_h`.",
            "`np.diag(s) * W_h` 只留下对角线；要用矩阵乘法，`np.diag(s) @ W_h`。"),
        Mistake("jacobian_sign", ("1.0 - h**2", "1.0 + h**2"),
            "the sign is turned: the slope is 1 − h².",
            "符号反了：斜率是 1 − h²。"),
        Mistake("jacobian_is_a_vector", (PRODUCT, "slope @ W_h"),
            "that is one row a step: the slopes are multiplied *into* W_h as a vector. Each step "
            "needs a whole matrix, diag(slope) @ W_h.",
            "这样每步只有一行：斜率被当成向量和 W_h 做了矩阵乘法。每一步要的是整个矩阵，diag(slope) @ W_h。"),
        Mistake("jacobian_last_only", (PRODUCT, "slope[-1][:, None] * W_h"),
            "only the last step came back; each of the T steps has its own Jacobian.",
            "只返回了最后一步；T 步里每一步都有自己的雅可比矩阵。"),
        Mistake("jacobian_diagonal_taken_out", (PRODUCT, "np.diag(slope) @ W_h"),
            "`np.diag` of a matrix *takes out* its diagonal; only of a vector it makes a matrix. "
            "Go step by step, or broadcast: `slope[:, :, None] * W_h`.",
            "对矩阵用 `np.diag`，是把对角线**取出来**；对向量用，才是造出矩阵。要么一步一步来，要么用广播：`slope[:, :, None] * W_h`。"),
    ],
    "norms_by_lag": [
        Mistake("norms_wrong_side", (NEXT, "J_t @ product"),
            "the factors stand on the wrong side: an earlier step comes further right, `product "
            "@ J[t]`.",
            "因子站错了边：步骤越早越靠右，`product @ J[t]`。"),
        *(Mistake(f"norms_from_the_first_step{n}", [(BACK, "J:"), (NEXT, product)],
            "that starts at the first step; lag k means the *last* k steps, so begin with J[T − "
            "1].",
            "这是从第一步开始乘的；间隔 k 指的是**最后** k 步，所以从 J[T − 1] 开始。")
          for n, product in (("", "J_t @ product"), ("_to_the_right", NEXT))),
        Mistake("norms_of_the_first_steps", [(BACK, "J:"), (NEXT, "J_t @ product"), (NORMS, "np.array(norms[::-1])")],
            "these are the norms over the *first* steps, turned round; lag k means the last k "
            "steps, and the 1 comes first.",
            "这是**最前面**几步的范数，还倒了过来；间隔 k 指的是最后 k 步，1 排在最前面。"),
        Mistake("norms_turned_round", (NORMS, "np.array(norms[::-1])"),
            "the order is turned round: entry k belongs to lag k, so the 1 comes first.",
            "顺序反了：第 k 个元素属于间隔 k，所以 1 排在最前面。"),
        Mistake("norms_without_lag_0", (NORMS, "np.array(norms[1:])"),
            "entry 0 is missing: over no step at all the norm is 1.",
            "少了第 0 个元素：一步也没走，范数是 1。"),
        Mistake("norms_without_the_last", (BACK, "J[:0:-1]:"),
            "the last entry is missing: lags run from 0 to T, so T + 1 numbers.",
            "少了最后一个元素：间隔从 0 到 T，一共 T + 1 个数。"),
        Mistake("norms_lag_0_is_zero", ("[1.0]", "[0.0]"),
            "entry 0 should be 1: over no step at all nothing changes, and the identity has norm "
            "1.",
            "第 0 个元素应当是 1：一步也没走，什么都没变，单位矩阵的范数是 1。"),
        Mistake("norms_frobenius", (", ord=2", ""),
            "that is the root of the sum of all squares (`np.linalg.norm` of a matrix without "
            "`ord=2`); asked for is the largest singular value.",
            "这是所有元素平方和的根（`np.linalg.norm` 作用在矩阵上而没写 `ord=2`）；要的是最大奇异值。"),
        Mistake("norms_eigenvalue", (SIZE, "np.abs(np.linalg.eigvals(product)).max()"),
            "that is the largest absolute eigenvalue; the most by which a matrix stretches is "
            "its largest *singular* value.",
            "这是最大的特征值绝对值；矩阵最多能拉到几倍，是它的最大**奇异值**。"),
        Mistake("norms_squared", (SIZE, f"{SIZE} ** 2"),
            "that is the square of the largest singular value.",
            "这是最大奇异值的平方。"),
        Mistake("norms_smallest", (SIZE, "np.linalg.svd(product, compute_uv=False).min()"),
            "that is the smallest singular value; asked for is the largest.",
            "这是最小奇异值；要的是最大的。"),
        Mistake("norms_largest_entry", (SIZE, "np.abs(product).max()"),
            "that is the largest entry; asked for is the largest singular value.",
            "这是最大的元素；要的是最大奇异值。"),
        Mistake("norms_column_sum", ("ord=2", "ord=1"),
            "that is the largest sum of a column (`ord=1`); asked for is the largest singular "
            "value, `ord=2`.",
            "这是最大的列和（`ord=1`）；要的是最大奇异值，`ord=2`。"),
        Mistake("norms_multiplied", [(NEXT, "J_t"), (SIZE, f"norms[-1] * {SIZE}")],
            "the norms are multiplied; asked for is the norm of the product, which is smaller.",
            "这是范数的连乘；要的是连乘的范数，它更小。"),
        Mistake("norms_of_single_steps", (NEXT, "J_t"),
            "each entry is the norm of one step alone; multiply the matrices up first.",
            "每个元素只是单独一步的范数；要先把矩阵连乘起来。"),
        Mistake("norms_entry_by_entry", (NEXT, "J_t if len(norms) == 1 else product * J_t"),
            "the matrices are multiplied entry by entry; steps follow each other by the matrix "
            "product, `@`.",
            "矩阵是逐元素相乘的；一步接一步要用矩阵乘法 `@`。"),
        Mistake("norms_power_of_the_last", (NEXT, "product @ J[-1]"),
            "the last Jacobian is used at every step; each step has its own.",
            "每一步都用了最后一个雅可比矩阵；每一步有自己的。"),
        Mistake("norms_last_one_only", (NORMS, "norms[-1]"),
            "that is the last entry alone; asked for is the norm at every lag from 0 to T.",
            "这只是最后一个元素；要的是从 0 到 T 每个间隔上的范数。"),
        Slip("norms_in_place",
            (f"{NEXT}\n", f"{NEXT}; J_t[:] = product\n"),
            "changed its argument", "改动了它的"),
    ],
    "scale_to_radius": [
        Mistake("radius_one", (FACTOR, f"(1.0 / {RADIUS})"),
            "the result has radius 1; multiply by rho.",
            "结果的谱半径是 1；还要乘上 rho。"),
        Mistake("radius_not_divided", (FACTOR, "rho"),
            "A is multiplied by rho, but its own radius is not divided out.",
            "A 乘上了 rho，但没有除掉它自己的谱半径。"),
        Mistake("radius_over_rho", (FACTOR, f"(1.0 / {RADIUS} / rho)"),
            "it is divided by rho; it must be multiplied by it.",
            "除以了 rho；应当是乘。"),
        Mistake("radius_turned_round", (FACTOR, f"({RADIUS} / rho)"),
            "it is the wrong way round: multiply by rho, divide by the radius of A.",
            "写反了：乘上 rho，除以 A 的谱半径。"),
        Mistake("radius_number_only", (f"A * {FACTOR}", RADIUS),
            "that is the radius of A; asked for is the matrix, scaled.",
            "这是 A 的谱半径；要的是缩放之后的矩阵。"),
        Mistake("radius_factor_rounded", (FACTOR, f"{FACTOR}.round(2)"),
            "the factor is rounded.",
            "因子被四舍五入了。"),
        Mistake("radius_singular_value", (RADIUS, "np.linalg.norm(A, ord=2)"),
            "the largest singular value was set to rho, not the largest absolute eigenvalue.",
            "设成 rho 的是最大奇异值，不是特征值的最大绝对值。"),
        Mistake("radius_real_part", (EIGEN, f"{EIGEN}.real"),
            "a complex eigenvalue counts by its absolute value, |3 + 4i| = 5; the real part "
            "alone is too small.",
            "复的特征值按绝对值算，|3 + 4i| = 5；只取实部就小了。"),
        Mistake("radius_with_sign", (RADIUS, f"{EIGEN}.real.max()"),
            "an eigenvalue that is negative or complex counts by its absolute value: first "
            "`np.abs`, then the largest.",
            "负的或复的特征值按绝对值算：先取 `np.abs`，再取最大。"),
        Mistake("radius_symmetric_only", ("eigvals(A)", "eigvalsh(A)"),
            "`eigvalsh` reads half of the matrix and takes it for symmetric; use `eigvals`.",
            "`eigvalsh` 只读矩阵的一半，当它是对称的；要用 `eigvals`。"),
        Mistake("radius_frobenius", (RADIUS, "np.linalg.norm(A)"),
            "it was divided by the root of the sum of all squares; asked for is the largest "
            "absolute eigenvalue.",
            "除以的是所有元素平方和的根；要的是特征值的最大绝对值。"),
        Mistake("radius_largest_entry", (RADIUS, "np.abs(A).max()"),
            "it was divided by the largest entry; asked for is the largest absolute eigenvalue.",
            "除以的是最大的元素；要的是特征值的最大绝对值。"),
        Mistake("radius_smallest", (".max()", ".min()"),
            "it was divided by the smallest absolute eigenvalue; the radius is the largest.",
            "除以的是特征值的最小绝对值；谱半径是最大的那个。"),
        Mistake("radius_mean", (".max()", ".mean()"),
            "it was divided by the mean of the absolute eigenvalues; the radius is the largest.",
            "除以的是特征值绝对值的平均；谱半径是最大的那个。"),
        Mistake("radius_sum", (".max()", ".sum()"),
            "it was divided by the sum of the absolute eigenvalues; the radius is the largest.",
            "除以的是特征值绝对值的和；谱半径是最大的那个。"),
        Mistake("radius_determinant", (RADIUS, "np.abs(np.linalg.det(A))"),
            "it was divided by the determinant, the product of all eigenvalues; the radius is "
            "the largest absolute value among them.",
            "除以的是行列式，也就是所有特征值的积；谱半径是它们当中最大的绝对值。"),
        Mistake("radius_by_width", (RADIUS, "np.sqrt(len(A))"),
            "dividing by the root of H gives about the right radius for large matrices of normal "
            "numbers; asked for is exactly rho, so compute the eigenvalues.",
            "除以 H 的平方根，对很大的正态随机矩阵大致能得到对的谱半径；这里要的是恰好 rho，所以要算特征值。"),
        *(Mistake(f"radius_by_axis_{axis}", (FACTOR, f"rho / np.linalg.norm(A, axis={axis}, keepdims=True)"),
            "every row or column is scaled by a factor of its own; multiply all of A by one.",
            "每一行或每一列用了各自的因子；整个 A 只乘一个数。")
          for axis in (0, 1)),
        Slip("radius_in_place",
            (f"return A * {FACTOR}", f"A *= {FACTOR}; return A"),
            "changed its argument", "改动了它的"),
    ],
    "orthogonal": [
        Mistake("orthogonal_both", ("return Q", "return Q, _R"),
            "both factors came back; return Q alone.",
            "两个因子都返回了；只返回 Q。"),
        Mistake("orthogonal_all_three", ("return Q", "return tuple(np.linalg.svd(A))"),
            "all three factors came back; return an orthogonal one, U for instance.",
            "三个因子都返回了；只返回其中一个正交的，比如 U。"),
        Mistake("orthogonal_R", ("return Q", "return _R"),
            "that is R, the triangular factor; the orthogonal one is Q.",
            "这是 R，三角的那个因子；正交的是 Q。"),
        Mistake("orthogonal_columns_of_length_1", ("return Q", "return A / np.linalg.norm(A, axis=0)"),
            "every column has length 1, but they are not perpendicular to each other: each must "
            "first lose its share along the columns before it.",
            "每一列的长度是 1，但彼此不垂直：每一列要先去掉沿着前面各列的分量。"),
        Mistake("orthogonal_rows_of_length_1", ("return Q", "return A / np.linalg.norm(A, axis=1, keepdims=True)"),
            "every row has length 1, but they are not perpendicular to each other.",
            "每一行的长度是 1，但彼此不垂直。"),
        Mistake("orthogonal_radius_1", ("return Q", "return A / np.abs(np.linalg.eigvals(A)).max()"),
            "a spectral radius of 1 is not enough: all singular values must be 1.",
            "谱半径为 1 还不够：所有奇异值都得是 1。"),
        Mistake("orthogonal_largest_singular_value_1", ("return Q", "return A / np.linalg.norm(A, ord=2)"),
            "the largest singular value is 1, the others are smaller; all must be 1.",
            "最大奇异值是 1，其余的更小；全部都得是 1。"),
        Mistake("orthogonal_inverse", ("return Q", "return np.linalg.inv(A)"),
            "that is the inverse of A; only of an orthogonal matrix are inverse and transposed "
            "the same.",
            "这是 A 的逆；只有正交矩阵的逆和转置才相同。"),
        Mistake("orthogonal_A", ("return Q", "return A.copy()"),
            "that is A as it was.",
            "这就是原来的 A。"),
        Mistake("orthogonal_A_A_T", ("return Q", "return A @ A.T"),
            "A @ A.T is symmetric, not orthogonal.",
            "A @ A.T 是对称的，不是正交的。"),
        Mistake("orthogonal_antisymmetric", ("return Q", "return (A - A.T) / 2"),
            "that is antisymmetric, which is another thing than orthogonal.",
            "这是反对称矩阵，和正交是两回事。"),
        Mistake("orthogonal_symmetric", ("return Q", "return (A + A.T) / 2"),
            "that is symmetric, which is another thing than orthogonal.",
            "这是对称矩阵，和正交是两回事。"),
        Slip("orthogonal_always_identity",
            ("return Q", "return np.eye(len(A))"),
            "columns of the identity", "单位矩阵的各列"),
        Slip("orthogonal_shuffled_identity", ("return Q", "return np.eye(len(A))[np.argsort(A[0])]"),
            "columns of the identity", "单位矩阵的各列"),
        Slip("orthogonal_always_the_same", ("qr(A)", "qr(np.vander(np.arange(1.0, len(A) + 1)))"), "gave the same matrix", "同一个矩阵",
            test="test_orthogonal_depends_on_its_argument"),
        Slip("orthogonal_own_chance",
            ("qr(A)", "qr(np.random.default_rng().normal(size=A.shape))"),
            "two different answers", "两次"),
        Slip("orthogonal_gram_schmidt_without_lengths",
            ("return Q", "return Q * np.abs(np.diag(_R))"),
            "has length", "列的长度是"),
        Slip("orthogonal_gram_schmidt_neighbour_only",
            ("return Q", "Q = A / np.linalg.norm(A, axis=0)\n    for k in range(1, A.shape[1]):\n        Q[:, k] -= Q[:, k - 1] * (Q[:, k - 1] @ Q[:, k])\n        Q[:, k] /= np.linalg.norm(Q[:, k])\n    return Q"),
            "have length 1, but their product", "但它们的内积"),
    ],
    "clip_global_norm": [
        Mistake("clip_crossed", [(KEPT, "norm, [g.copy() for g in gradients]"), (SCALED, "norm, [g * (limit / norm) for g in gradients]")],
            "the two have traded places: first the list, then the norm.",
            "两样东西换了位置：先列表，后范数。"),
        Mistake("clip_list_only", [(KEPT, "[g.copy() for g in gradients]"), (SCALED, "[g * (limit / norm) for g in gradients]")],
            "only the list came back; asked for are two things, the list and the norm before "
            "clipping: `return clipped, norm`.",
            "只返回了列表；要的是两样东西，列表和裁剪之前的范数：`return clipped, norm`。"),
        Mistake("clip_from_above", (SCALED, "[np.minimum(g, limit) for g in gradients], norm"),
            "every number is cut off for itself, and only from above; multiply all arrays by one "
            "common factor.",
            "每个数各裁各的，而且只从上面裁；所有数组要乘同一个因子。"),
        Mistake("clip_every_number", (SCALED, "[np.clip(g, -limit, limit) for g in gradients], norm"),
            "every number is clipped for itself, which turns the direction; multiply all arrays "
            "by one common factor.",
            "每个数各裁各的，方向就变了；所有数组要乘同一个因子。"),
        Mistake("clip_every_array", (SCALED, "[g * min(1, limit / np.linalg.norm(g)) for g in gradients], norm"),
            "every array is clipped by its own norm, which turns the direction; one norm over "
            "all arrays gives one factor for all.",
            "每个数组按自己的范数裁，方向就变了；所有数组合起来只有一个范数，一个因子。"),
        Mistake("clip_norm_after", (SCALED, "[g * (limit / norm) for g in gradients], limit"),
            "the norm after clipping came back; asked for is that before.",
            "返回的是裁剪之后的范数；要的是之前的。"),
        Mistake("clip_factor_back", [(KEPT, "[g.copy() for g in gradients], 1.0"), (SCALED, "[g * (limit / norm) for g in gradients], limit / norm")],
            "the factor came back; asked for is the norm before clipping.",
            "返回的是因子；要的是裁剪之前的范数。"),
        Mistake("clip_adds_norms", (NORM, "sum(np.linalg.norm(g) for g in gradients)"),
            "the norms of the arrays were added; add the squares of all numbers, then take one "
            "root.",
            "把各个数组的范数加起来了；应当把所有数的平方加起来，最后开一次根号。"),
        Mistake("clip_adds_first", (NORM, "np.sqrt(sum(np.sum(g)**2 for g in gradients))"),
            "the numbers of an array were added before they were squared; square each number "
            "first.",
            "先加后平方了；每个数要先平方，再相加。"),
        Mistake("clip_no_root", (NORM, NORM[8:-1]),
            "the root is missing.",
            "少了开根号。"),
        Mistake("clip_largest_number", (NORM, "max(np.abs(g).max() for g in gradients)"),
            "the largest number was taken for the norm; it is the root of the sum of all squares.",
            "把最大的数当成了范数；范数是所有数的平方和开根号。"),
        Mistake("clip_largest_norm", (NORM, "max(np.linalg.norm(g) for g in gradients)"),
            "the largest norm of a single array was taken; all arrays count as one long vector.",
            "取的是单个数组里最大的范数；所有数组合起来算一个长向量。"),
        Mistake("clip_adds_sizes", (NORM, "sum(np.abs(g).sum() for g in gradients)"),
            "the absolute values were added; the norm is the root of the sum of squares.",
            "加的是绝对值；范数是平方和开根号。"),
        Mistake("clip_mean_square", (NORM, f"{NORM} / np.sqrt(sum(g.size for g in gradients))"),
            "that is the root of the *mean* square; the norm has the sum.",
            "这是**均**方根；范数里是求和。"),
        Mistake("clip_norm_of_the_first", (NORM, "np.linalg.norm(gradients[0])"),
            "only the first array is in the norm; all arrays count as one long vector.",
            "范数里只有第一个数组；所有数组合起来算一个长向量。"),
        Mistake("clip_norm_of_the_last", (NORM, "np.linalg.norm(gradients[-1])"),
            "only the last array is in the norm; all arrays count as one long vector.",
            "范数里只有最后一个数组；所有数组合起来算一个长向量。"),
        Mistake("clip_to_1", ("(limit / norm)", "(1 / norm)"),
            "everything has norm 1 now; the limit is missing in the factor.",
            "现在范数都成了 1；因子里少了 limit。"),
        Mistake("clip_nothing", (SCALED, KEPT),
            "above the limit nothing was clipped: is the comparison the wrong way round, or were "
            "the old arrays returned?",
            "超过了上限却没有裁：是比较写反了，还是返回了原来的数组？"),
        Mistake("clip_factor_turned_round", ("(limit / norm)", "(norm / limit)"),
            "the factor is the wrong way round: `limit / norm`.",
            "因子写反了：是 `limit / norm`。"),
        Mistake("clip_times_limit", ("(limit / norm)", "limit"),
            "the factor is the limit itself; it is `limit / norm`.",
            "因子成了上限本身；应当是 `limit / norm`。"),
        Mistake("clip_always", ("norm <= limit", "norm == 0"),
            "a gradient below the limit was lengthened; there nothing should happen.",
            "低于上限的梯度被拉长了；这时什么也不该发生。"),
        Mistake("clip_to_zero", (KEPT, "[0 * g for g in gradients], norm"),
            "a gradient below the limit became zero; there nothing should happen.",
            "低于上限的梯度变成了零；这时什么也不该发生。"),
        Mistake("clip_zero_over_zero", ("norm <= limit", "0 < norm <= limit"),
            "a gradient of nothing but zeros became nan: 0 / 0. Divide only if the norm is above "
            "the limit.",
            "全是零的梯度变成了 nan：0 / 0。范数超过上限时才做除法。"),
        Slip("clip_in_place",
            (f"return {SCALED}", "for g in gradients:\n        g *= limit / norm\n    return gradients, norm"),
            "changed its argument", "改动了它的"),
    ],
}
# fmt: on

ALSO_RIGHT = {
    "step_jacobians": [
        """
out = []
for h_t in h:
    if activation == "tanh":
        s = (1 - h_t) * (1 + h_t)
    else:
        s = np.where(h_t > 0, 1, 0)
    out.append(np.diag(s) @ W_h)
return out
""",
        """
slope = {"tanh": 1 - np.square(h), "relu": np.heaviside(h, 0.0)}[activation]
return np.einsum("tj,jk->tjk", slope, W_h)
""",
        """
s = {"tanh": 1 - h**2, "relu": np.where(h > 0, 1.0, 0.0)}[activation]
return np.einsum("tj,jk->tjk", s, W_h)
""",
        """
out = []
for r in h:
    s = (1 - r) * (1 + r) if activation == "tanh" else np.sign(np.maximum(r, 0))
    out.append(np.diag(s) @ W_h)
return out
""",
        """
s = 1 - h * h if activation != "relu" else np.heaviside(h, 0)
return W_h * s[..., None]
""",
    ],
    "norms_by_lag": [
        """
T, H, _ = J.shape
norms = np.ones(T + 1)
back = np.eye(H)
for k in range(1, T + 1):
    back = J[T - k].T @ back
    norms[k] = np.sqrt(np.linalg.eigvalsh(back.T @ back).max())
return norms
""",
        """
T = len(J)
out = [1]
for k in range(1, T + 1):
    M = J[T - k]
    for t in range(T - k + 1, T):
        M = J[t] @ M
    out.append(np.linalg.svd(M)[1][0])
return out
""",
        """
P = np.eye(J.shape[2])
n = [1]
for t in range(len(J) - 1, -1, -1):
    P = P @ J[t]
    n.append(np.linalg.svd(P, compute_uv=False).max())
return n
""",
        """
P = np.eye(J.shape[2])
n = [1.0]
for t in range(1, len(J) + 1):
    P = P.dot(J[-t])
    n.append(np.sqrt(np.linalg.eigvalsh(P @ P.T).max()))
return np.array(n)
""",
        """
from functools import reduce

return np.array(
    [1.0]
    + [
        np.linalg.norm(reduce(lambda a, b: b @ a, J[len(J) - k :]), 2)
        for k in range(1, len(J) + 1)
    ]
)
""",
        """
P = np.eye(J.shape[2])
n = np.ones(len(J) + 1)
for k in range(1, len(J) + 1):
    P = J[-k].T @ P
    n[k] = np.linalg.norm(P, 2)
return n
""",
    ],
    "scale_to_radius": [
        """
values, vectors = np.linalg.eig(A)
return rho * A / max(abs(values))
""",
        """
values = np.linalg.eigvals(A)
radius = np.sqrt((values.real**2 + values.imag**2).max())
return A / radius * rho
""",
        """
e = np.linalg.eigvals(A)
r = max((abs(v) for v in e))
return A / r * rho
""",
        """
w, _ = np.linalg.eig(A)
return rho / np.sqrt((w.real**2 + w.imag**2).max()) * A
""",
    ],
    "orthogonal": [
        """
U, S, Vt = np.linalg.svd(A)
return U @ Vt
""",
        """
Q, R = np.linalg.qr(A)
return Q * np.sign(np.diag(R))
""",
        """
Q = np.zeros_like(A)
for k in range(len(A)):
    v = A[:, k]
    for _ in range(2):
        v = v - Q @ (Q.T @ v)
    Q[:, k] = v / np.sqrt(v @ v)
return Q
""",
        """
U, _, V = np.linalg.svd(A)
return U @ V
""",
        """
Q = []
for a in A.T:
    v = a.copy()
    for q in Q:
        v = v - q @ v * q
    Q.append(v / np.sqrt(v @ v))
return np.array(Q).T
""",
        """
return np.linalg.svd(A)[0]
""",
        """
Q, R = np.linalg.qr(A.T)
return (Q * np.sign(np.diag(R))).T
""",
        """
return np.linalg.eigh(A + A.T)[1]
""",
        """
S = A - A.T
I = np.eye(len(A))
return np.linalg.solve(I + S, I - S)
""",
    ],
    "clip_global_norm": [
        """
norm = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))
factor = min(1.0, limit / (norm + 1e-6))
return [factor * g for g in gradients], norm
""",
        """
norm = sum(np.linalg.norm(g) ** 2 for g in gradients) ** 0.5
return tuple(g * limit / max(norm, limit) for g in gradients), float(norm)
""",
        """
squares = 0.0
for g in gradients:
    squares += (g * g).sum()
norm = np.sqrt(squares)
if norm > limit:
    gradients = [g / norm * limit for g in gradients]
return gradients, norm
""",
        """
n = float(np.linalg.norm(np.concatenate([np.ravel(g) for g in gradients])))
f = limit / n if n > limit else 1
return ([f * g for g in gradients], n)
""",
        """
n = sum(((g * g).sum() for g in gradients)) ** 0.5
f = min(limit / (n + 1e-06), 1.0)
return (tuple((g * f for g in gradients)), n)
""",
        """
n = np.sqrt(sum((np.vdot(g, g) for g in gradients)))
return ([g * limit / max(n, limit) for g in gradients], n)
""",
        """
import math

n = math.hypot(*(float(v) for g in gradients for v in g.flat))
return ([g / n * limit if n > limit else g for g in gradients], n)
""",
    ],
}

# Automatic changes that are no mistake (lstm-lab mutants 03).
_SLOPE = "slope = 1.0 - h ** 2 if activation == 'tanh' else (h > 0) * 1.0"
EQUIVALENT = [
    Equivalent(
        "step_jacobians",
        _SLOPE,
        _SLOPE.replace("(h > 0) * 1.0", "(h > 0) / 1.0"),
        "divided by 1 as multiplied by 1",
    ),
    Equivalent(
        "step_jacobians",
        _SLOPE,
        _SLOPE.replace("(h > 0) * 1.0", "h > 0"),
        "truth values multiply the weights as 0 and 1",
    ),
    Equivalent(
        "norms_by_lag",
        "product = np.eye(J.shape[1])",
        "product = np.eye(J.shape[2])",
        "each Jacobian is square",
    ),
    Equivalent(
        "norms_by_lag",
        "return np.array(norms)",
        "return norms",
        "a list of numbers in the same order; lists are accepted",
    ),
    Equivalent(
        "clip_global_norm",
        "if norm <= limit:",
        "if norm < limit:",
        "at norm = limit the factor is 1",
    ),
    Equivalent(
        "clip_global_norm",
        "return ([g.copy() for g in gradients], norm)",
        "return ([g for g in gradients], norm)",
        "the task asks to leave the arrays alone, and not for new ones: at most the caller's own come back",
    ),
]
