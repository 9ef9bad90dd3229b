"""Wrong answers to exercise 03 that must be rejected, with what the learner is then told; and
answers that are right in another way, which must get full marks."""

from lstm_lab.grading import Equivalent, Mutant

_NORM = "np.sqrt(sum(np.sum(g**2) for g in gradients))"
_LOOP = """
def norms_by_lag(J):
    product = np.eye(J.shape[1])
    norms = [1.0]
    for J_t in {order}:
        product = {product}
        norms.append({size})
    return np.array({result})
"""


def loop(
    order="J[::-1]", product="product @ J_t", size="np.linalg.norm(product, ord=2)", result="norms"
):
    return _LOOP.format(order=order, product=product, size=size, result=result)


MUTANTS = [
    # --- step_jacobians --------------------------------------------------------------------
    Mutant(
        "jacobian_scales_columns",
        task="step_jacobians",
        replace=("slope[:, :, None] * W_h", "slope[:, None, :] * W_h"),
        tells={"en": "scale the columns", "zh": "缩放的是列"},
    ),
    Mutant(
        "jacobian_broadcast_by_chance",
        task="step_jacobians",
        replace=("return slope[:, :, None] * W_h", "return np.stack([s * W_h for s in slope])"),
        tells={"en": "scale the columns", "zh": "缩放的是列"},
    ),
    Mutant(
        "jacobian_transposed",
        task="step_jacobians",
        replace=("slope[:, :, None] * W_h", "W_h.T * slope[:, None, :]"),
        tells={"en": "every Jacobian is transposed", "zh": "每个雅可比矩阵都转置了"},
    ),
    Mutant(
        "jacobian_W_h_transposed",
        task="step_jacobians",
        replace=("slope[:, :, None] * W_h", "slope[:, :, None] * W_h.T"),
        tells={"en": "W_h is transposed", "zh": "W_h 转置了"},
    ),
    Mutant(
        "jacobian_no_slope",
        task="step_jacobians",
        replace=("slope[:, :, None] * W_h", "np.stack([W_h] * len(h))"),
        tells={"en": "are not in it", "zh": "里面没有 tanh 的斜率"},
    ),
    Mutant(
        "jacobian_no_square",
        task="step_jacobians",
        replace=("h**2", "h"),
        tells={"en": "square is missing", "zh": "少了平方"},
    ),
    Mutant(
        "jacobian_tanh_again",
        task="step_jacobians",
        replace=("h**2", "np.tanh(h)**2"),
        tells={"en": "through the tanh already", "zh": "已经是 tanh 的输出"},
    ),
    Mutant(
        "jacobian_slope_of_sigmoid",
        task="step_jacobians",
        replace=("1.0 - h**2", "h * (1 - h)"),
        tells={"en": "sigmoid", "zh": "sigmoid"},
    ),
    Mutant(
        "jacobian_always_relu",
        task="step_jacobians",
        replace=('1.0 - h**2 if activation == "tanh" else (h > 0) * 1.0', "(h > 0) * 1.0"),
        tells={"en": "slope of relu", "zh": "relu 的斜率"},
    ),
    Mutant(
        "jacobian_always_tanh",
        task="step_jacobians",
        replace=('1.0 - h**2 if activation == "tanh" else (h > 0) * 1.0', "1.0 - h**2"),
        tells={"en": "is `activation` used", "zh": "用到 `activation`"},
    ),
    Mutant(
        "jacobian_relu_awake",
        task="step_jacobians",
        replace=("h > 0", "h >= 0"),
        tells={"en": "units asleep", "zh": "睡着的单元"},
    ),
    Mutant(
        "jacobian_relu_slope_is_h",
        task="step_jacobians",
        replace=("(h > 0) * 1.0", "np.maximum(h, 0.0)"),
        tells={"en": "not h itself", "zh": "不是 h 本身"},
    ),
    Mutant(
        "jacobian_of_the_step_before",
        task="step_jacobians",
        replace=("1.0 - h**2", "1.0 - np.concatenate([0 * h[:1], h[:-1]])**2"),
        tells={"en": "slope of the step before it", "zh": "前一步的斜率"},
    ),
    Mutant(
        "jacobian_is_a_vector",
        task="step_jacobians",
        replace=("slope[:, :, None] * W_h", "slope @ W_h"),
        tells={"en": "one row a step", "zh": "每步只有一行"},
    ),
    # --- norms_by_lag ----------------------------------------------------------------------
    Mutant(
        "norms_wrong_side",
        task="norms_by_lag",
        replace=("product = product @ J_t", "product = J_t @ product"),
        tells={"en": "on the wrong side", "zh": "站错了边"},
    ),
    Mutant(
        "norms_from_the_first_step",
        task="norms_by_lag",
        body="""
product = np.eye(J.shape[1])
norms = [1.0]
for J_t in J:
    product = J_t @ product
    norms.append(np.linalg.norm(product, ord=2))
return np.array(norms)
""",
        tells={"en": "starts at the first step", "zh": "从第一步开始"},
    ),
    Mutant(
        "norms_turned_round",
        task="norms_by_lag",
        replace=("return np.array(norms)", "return np.array(norms[::-1])"),
        tells={"en": "turned round", "zh": "顺序反了"},
    ),
    Mutant(
        "norms_without_lag_0",
        task="norms_by_lag",
        replace=("return np.array(norms)", "return np.array(norms[1:])"),
        tells={"en": "entry 0 is missing", "zh": "少了第 0 个元素"},
    ),
    Mutant(
        "norms_without_the_last",
        task="norms_by_lag",
        replace=("for J_t in J[::-1]:", "for J_t in J[:0:-1]:"),
        tells={"en": "last entry is missing", "zh": "少了最后一个元素"},
    ),
    Mutant(
        "norms_lag_0_is_zero",
        task="norms_by_lag",
        replace=("norms = [1.0]", "norms = [0.0]"),
        tells={"en": "should be 1", "zh": "应当是 1"},
    ),
    Mutant(
        "norms_frobenius",
        task="norms_by_lag",
        replace=(", ord=2", ""),
        tells={"en": "without `ord=2`", "zh": "没写 `ord=2`"},
    ),
    Mutant(
        "norms_eigenvalue",
        task="norms_by_lag",
        replace=("np.linalg.norm(product, ord=2)", "abs(np.linalg.eigvals(product)).max()"),
        tells={"en": "absolute eigenvalue", "zh": "特征值绝对值"},
    ),
    Mutant(
        "norms_squared",
        task="norms_by_lag",
        replace=(
            "np.linalg.norm(product, ord=2)",
            "np.linalg.eigvalsh(product.T @ product).max()",
        ),
        tells={"en": "square of the largest", "zh": "最大奇异值的平方"},
    ),
    Mutant(
        "norms_largest_entry",
        task="norms_by_lag",
        replace=("np.linalg.norm(product, ord=2)", "abs(product).max()"),
        tells={"en": "largest entry", "zh": "最大的元素"},
    ),
    Mutant(
        "norms_multiplied",
        task="norms_by_lag",
        body="""
norms = [1.0]
for J_t in J[::-1]:
    norms.append(norms[-1] * np.linalg.norm(J_t, ord=2))
return np.array(norms)
""",
        tells={"en": "norms are multiplied", "zh": "范数的连乘"},
    ),
    Mutant(
        "norms_of_single_steps",
        task="norms_by_lag",
        body="return np.array([1.0] + [np.linalg.norm(J_t, ord=2) for J_t in J[::-1]])",
        tells={"en": "one step alone", "zh": "单独一步"},
    ),
    Mutant(
        "norms_entry_by_entry",
        task="norms_by_lag",
        replace=("product = product @ J_t", "product = J_t if len(norms) == 1 else product * J_t"),
        tells={"en": "entry by entry", "zh": "逐元素相乘"},
    ),
    Mutant(
        "norms_power_of_the_last",
        task="norms_by_lag",
        body="""
powers = [np.linalg.matrix_power(J[-1], k) for k in range(len(J) + 1)]
return np.array([np.linalg.norm(power, ord=2) for power in powers])
""",
        tells={"en": "the last Jacobian is used", "zh": "都用了最后一个"},
    ),
    Mutant(
        "norms_last_one_only",
        task="norms_by_lag",
        replace=("return np.array(norms)", "return np.array(norms[-1])"),
        tells={"en": "last entry alone", "zh": "只是最后一个元素"},
    ),
    Mutant(
        "norms_in_place",
        task="norms_by_lag",
        body="""
norms = [1.0]
for t in range(len(J) - 1, -1, -1):
    if t + 1 < len(J):
        J[t] = J[t + 1] @ J[t]
    norms.append(np.linalg.norm(J[t], ord=2))
return np.array(norms)
""",
        tells={"en": "changed its argument", "zh": "改动了它的"},
    ),
    # --- scale_to_radius -------------------------------------------------------------------
    Mutant(
        "radius_singular_value",
        task="scale_to_radius",
        replace=("np.abs(np.linalg.eigvals(A)).max()", "np.linalg.norm(A, ord=2)"),
        tells={"en": "largest singular value was set", "zh": "是最大奇异值"},
    ),
    Mutant(
        "radius_with_sign",
        task="scale_to_radius",
        replace=("np.abs(np.linalg.eigvals(A)).max()", "np.linalg.eigvals(A).real.max()"),
        tells={"en": "first `np.abs`", "zh": "先取 `np.abs`"},
    ),
    Mutant(
        "radius_real_part",
        task="scale_to_radius",
        replace=("np.abs(np.linalg.eigvals(A))", "np.abs(np.linalg.eigvals(A).real)"),
        tells={"en": "the real part alone", "zh": "只取实部"},
    ),
    Mutant(
        "radius_abs_after_max",
        task="scale_to_radius",
        replace=("np.abs(np.linalg.eigvals(A)).max()", "np.abs(np.linalg.eigvals(A).max())"),
        tells={"en": "first `np.abs`", "zh": "先取 `np.abs`"},
    ),
    Mutant(
        "radius_symmetric_only",
        task="scale_to_radius",
        replace=("eigvals(A)", "eigvalsh(A)"),
        tells={"en": "half of the matrix", "zh": "只读矩阵的一半"},
    ),
    Mutant(
        "radius_one",
        task="scale_to_radius",
        replace=(
            "A * (rho / np.abs(np.linalg.eigvals(A)).max())",
            "A / abs(np.linalg.eigvals(A)).max()",
        ),
        tells={"en": "multiply by rho", "zh": "还要乘上 rho"},
    ),
    Mutant(
        "radius_not_divided",
        task="scale_to_radius",
        replace=("A * (rho / np.abs(np.linalg.eigvals(A)).max())", "A * rho"),
        tells={"en": "not divided out", "zh": "没有除掉"},
    ),
    Mutant(
        "radius_turned_round",
        task="scale_to_radius",
        replace=(
            "(rho / np.abs(np.linalg.eigvals(A)).max())",
            "(abs(np.linalg.eigvals(A)).max() / rho)",
        ),
        tells={"en": "wrong way round", "zh": "写反了"},
    ),
    Mutant(
        "radius_by_rows",
        task="scale_to_radius",
        replace=(
            "A * (rho / np.abs(np.linalg.eigvals(A)).max())",
            "rho * A / np.linalg.norm(A, axis=1, keepdims=True)",
        ),
        tells={"en": "a factor of its own", "zh": "各自的因子"},
    ),
    Mutant(
        "radius_number_only",
        task="scale_to_radius",
        replace=(
            "return A * (rho / np.abs(np.linalg.eigvals(A)).max())",
            "return np.abs(np.linalg.eigvals(A)).max()",
        ),
        tells={"en": "the matrix, scaled", "zh": "缩放之后的矩阵"},
    ),
    Mutant(
        "radius_in_place",
        task="scale_to_radius",
        body="""
A *= rho / np.abs(np.linalg.eigvals(A)).max()
return A
""",
        tells={"en": "changed its argument", "zh": "改动了它的"},
    ),
    # --- orthogonal ------------------------------------------------------------------------
    Mutant(
        "orthogonal_R",
        task="orthogonal",
        replace=("return Q", "return _R"),
        tells={"en": "triangular factor", "zh": "三角的那个因子"},
    ),
    Mutant(
        "orthogonal_both",
        task="orthogonal",
        replace=("return Q", "return Q, _R"),
        tells={"en": "return Q alone", "zh": "只返回 Q"},
    ),
    Mutant(
        "orthogonal_columns_of_length_1",
        task="orthogonal",
        body="return A / np.linalg.norm(A, axis=0)",
        tells={"en": "not perpendicular", "zh": "彼此不垂直"},
    ),
    Mutant(
        "orthogonal_radius_1",
        task="orthogonal",
        body="return A / np.abs(np.linalg.eigvals(A)).max()",
        tells={"en": "spectral radius of 1 is not enough", "zh": "谱半径为 1 还不够"},
    ),
    Mutant(
        "orthogonal_largest_singular_value_1",
        task="orthogonal",
        body="return A / np.linalg.norm(A, ord=2)",
        tells={"en": "all must be 1", "zh": "全部都得是 1"},
    ),
    Mutant(
        "orthogonal_always_identity",
        task="orthogonal",
        replace=("return Q", "return np.eye(len(A))"),
        tells={"en": "gave the same matrix", "zh": "同一个矩阵"},
    ),
    Mutant(
        "orthogonal_own_chance",
        task="orthogonal",
        replace=(
            "Q, _R = np.linalg.qr(A)",
            "Q, R = np.linalg.qr(np.random.default_rng().normal(size=A.shape))",
        ),
        tells={"en": "two different answers", "zh": "两次"},
    ),
    Mutant(
        "orthogonal_gram_schmidt_without_lengths",
        task="orthogonal",
        body="""
Q = A.copy()
for k in range(A.shape[1]):
    for j in range(k):
        Q[:, k] -= Q[:, j] * (Q[:, j] @ A[:, k]) / (Q[:, j] @ Q[:, j])
return Q
""",
        tells={"en": "has length", "zh": "列的长度是"},
    ),
    Mutant(
        "orthogonal_gram_schmidt_neighbour_only",
        task="orthogonal",
        body="""
Q = A / np.linalg.norm(A, axis=0)
for k in range(1, A.shape[1]):
    Q[:, k] -= Q[:, k - 1] * (Q[:, k - 1] @ Q[:, k])
    Q[:, k] /= np.linalg.norm(Q[:, k])
return Q
""",
        tells={"en": "have length 1, but their product", "zh": "但它们的内积"},
    ),
    Mutant(
        "orthogonal_inverse",
        task="orthogonal",
        body="return np.linalg.inv(A)",
        tells={"en": "inverse of A", "zh": "A 的逆"},
    ),
    # --- clip_global_norm ------------------------------------------------------------------
    Mutant(
        "clip_every_number",
        task="clip_global_norm",
        replace=(
            "return [g * (limit / norm) for g in gradients], norm",
            "return [np.clip(g, -limit, limit) for g in gradients], norm",
        ),
        tells={"en": "every number is clipped for itself", "zh": "每个数各裁各的"},
    ),
    Mutant(
        "clip_every_array",
        task="clip_global_norm",
        replace=(
            "return [g * (limit / norm) for g in gradients], norm",
            "return [g * min(1, limit / np.linalg.norm(g)) for g in gradients], norm",
        ),
        tells={"en": "by its own norm", "zh": "按自己的范数裁"},
    ),
    Mutant(
        "clip_adds_norms",
        task="clip_global_norm",
        replace=(_NORM, "sum(np.linalg.norm(g) for g in gradients)"),
        tells={"en": "norms of the arrays were added", "zh": "各个数组的范数加起来"},
    ),
    Mutant(
        "clip_no_root",
        task="clip_global_norm",
        replace=(_NORM, "sum(np.sum(g**2) for g in gradients)"),
        tells={"en": "root is missing", "zh": "少了开根号"},
    ),
    Mutant(
        "clip_largest_number",
        task="clip_global_norm",
        replace=(_NORM, "max(np.abs(g).max() for g in gradients)"),
        tells={"en": "largest number was taken", "zh": "最大的数当成了范数"},
    ),
    Mutant(
        "clip_largest_norm",
        task="clip_global_norm",
        replace=(_NORM, "max(np.linalg.norm(g) for g in gradients)"),
        tells={"en": "of a single array", "zh": "单个数组里最大"},
    ),
    Mutant(
        "clip_norm_of_the_last",
        task="clip_global_norm",
        replace=(_NORM, "np.linalg.norm(gradients[-1])"),
        tells={"en": "only the last array", "zh": "只有最后一个数组"},
    ),
    Mutant(
        "clip_always",
        task="clip_global_norm",
        replace=("if norm <= limit:", "if norm == 0:"),
        tells={"en": "was lengthened", "zh": "被拉长了"},
    ),
    Mutant(
        "clip_wrong_way_round",
        task="clip_global_norm",
        replace=("norm <= limit", "norm >= limit"),
        tells={"en": "nothing was clipped", "zh": "没有裁"},
    ),
    Mutant(
        "clip_to_1",
        task="clip_global_norm",
        replace=("(limit / norm)", "(1 / norm)"),
        tells={"en": "the limit is missing", "zh": "少了 limit"},
    ),
    Mutant(
        "clip_factor_turned_round",
        task="clip_global_norm",
        replace=("(limit / norm)", "(norm / limit)"),
        tells={"en": "factor is the wrong way round", "zh": "因子写反了"},
    ),
    Mutant(
        "clip_norm_after",
        task="clip_global_norm",
        replace=(
            "return [g * (limit / norm) for g in gradients], norm",
            "return [g * (limit / norm) for g in gradients], limit",
        ),
        tells={"en": "norm after clipping", "zh": "裁剪之后的范数"},
    ),
    Mutant(
        "clip_list_only",
        task="clip_global_norm",
        body="""
norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
return [g * min(1.0, limit / norm) for g in gradients]
""",
        tells={"en": "only the list", "zh": "只返回了列表"},
    ),
    Mutant(
        "clip_in_place",
        task="clip_global_norm",
        body="""
norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
for g in gradients:
    if norm > limit:
        g *= limit / norm
return gradients, norm
""",
        tells={"en": "changed its argument", "zh": "改动了它的"},
    ),
    Mutant(
        "clip_zero_over_zero",
        task="clip_global_norm",
        body="""
norm = np.sqrt(sum(np.sum(g**2) for g in gradients))
return [g / norm * min(norm, limit) for g in gradients], norm
""",
        tells={"en": "0 / 0", "zh": "0 / 0"},
    ),
]

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
