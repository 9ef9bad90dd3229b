"""What exercise 03 asks. In the first case of a test some sizes are equal, so that mistakes run
that would otherwise stop with an error."""

from dataclasses import replace

import numpy as np
import pytest

from lstm_lab.grading import Feedback, Symptom, compare


def wrong_length(Q, want, A):
    length = np.linalg.norm(Q, axis=0)
    k = int(np.abs(length - 1).argmax())
    shown = f"{length[k]:.4g}"
    wrong = Q.shape == A.shape and np.isfinite(Q).all() and abs(length[k] - 1) > 1e-7
    return wrong and {"k": k, "length": f"{length[k]:.9g}" if shown == "1" else shown}


def wrong_angle(Q, want, A):
    products = Q.T @ Q
    j, k = divmod(int(np.abs(products - np.eye(len(A))).argmax()), len(A))
    return np.isfinite(Q).all() and {"j": j, "k": k, "product": f"{products[j, k]:.4g}"}


# fmt: off
ONE_SHORT = Symptom(lambda got, want, J: got.shape == (len(J),),
    "there are T numbers, and T + 1 are asked for: lag 0, where nothing has been multiplied yet "
    "and the norm is 1, counts too.",
    "这里有 T 个数，要的是 T + 1 个：间隔 0 也算，那里还什么都没乘，范数是 1。")
NOT_A = Symptom(lambda got, want, A, rho: np.isclose(np.abs(np.linalg.eigvals(got)).max(), rho),
    "the radius is right, but this is not A times one positive number.",
    "谱半径对，但它不是 A 乘上一个正数。")
NOT_ORTHOGONAL = [
    Symptom(lambda Q, want, A: np.isin(np.abs(Q), (0, 1)).all(),
        "these are the columns of the identity, whatever A is; make them from A.",
        "这只是单位矩阵的各列，和 A 无关；要由 A 做成。", first=True),
    Symptom(wrong_length,
        "not orthogonal: column {k} has length {length}, and every column must have length 1.",
        "不是正交矩阵：第 {k} 列的长度是 {length}，而每一列的长度都必须是 1。"),
    Symptom(wrong_angle,
        "not orthogonal: columns {j} and {k} have length 1, but their product is {product}; "
        "perpendicular columns give 0.",
        "不是正交矩阵：第 {j} 列和第 {k} 列长度是 1，但它们的内积是 {product}；"
        "垂直的两列，内积是 0。"),
]
ALL_ALIKE = (
    "Two different A gave the same matrix, so networks would start alike: another A, another one.",
    "两个不同的 A 得到了同一个矩阵。这样不同网络的起点会一样：换一个 A，就要得到另一个矩阵。")
# fmt: on


@pytest.mark.points(2, task="step_jacobians", en="with tanh", zh="用 tanh")
def test_jacobians_of_tanh(submission, solution, rng):
    for T, H in [(4, 4), (5, 3), (1, 2), (3, 1)]:
        h, W_h = np.tanh(rng.normal(size=(T, H))), rng.normal(size=(H, H))
        got = submission.call("step_jacobians", h, W_h)
        want = solution.call("step_jacobians", h, W_h)
        compare(got, want, name="step_jacobians(…)")


@pytest.mark.points(1, task="step_jacobians", en="with relu", zh="用 relu")
def test_jacobians_of_relu(submission, solution, rng):
    for T, H in [(4, 4), (5, 3), (1, 6)]:
        h, W_h = np.maximum(rng.normal(size=(T, H)), 0.0), rng.normal(size=(H, H))
        h[0, :2] = 0.0, 1.5  # one asleep, one above 1
        got = submission.call("step_jacobians", h, W_h, "relu")
        want = solution.call("step_jacobians", h, W_h, "relu")
        compare(got, want, name="step_jacobians(…)")


@pytest.mark.points(3, task="norms_by_lag", en="the norm at every lag", zh="每个间隔上的范数")
def test_norms_by_lag(submission, solution, rng):
    for T, H in [(4, 4), (6, 3), (1, 3), (5, 1)]:
        J = rng.normal(size=(T, H, H))
        got, want = submission.call("norms_by_lag", J), solution.call("norms_by_lag", J)
        compare(got, want, name="norms_by_lag(…)", symptoms=[ONE_SHORT])


@pytest.mark.points(2, task="scale_to_radius", en="the radius asked for", zh="要求的谱半径")
def test_scale_to_radius(submission, solution, rng):
    turned = np.array([[1.0, -3.0, 0.0], [3.0, 1.0, 0.0], [2.0, 0.0, 2.0]])  # 1 ± 3i, 2
    matrices = [with_negative_radius(rng, 4), turned, *(rng.normal(size=(H, H)) for H in (5, 1))]
    for A, rho in zip(matrices, [0.9, 1.1, 2.0, 1.0], strict=True):
        got = submission.call("scale_to_radius", A, rho)
        want = solution.call("scale_to_radius", A, rho)
        compare(got, want, name="scale_to_radius(…)", symptoms=[NOT_A])


@pytest.mark.points(2, task="orthogonal", en="keeps every length", zh="保持每个长度")
def test_orthogonal_keeps_lengths(submission, solution, rng):
    for H in (4, 3, 7):
        A = rng.normal(size=(H, H))
        got, want = submission.call("orthogonal", A), solution.call("orthogonal", A)
        if has_unit_columns(got.value, H, products=True):
            want = replace(want, value=got.value)  # any one will do
        compare(got, want, name="orthogonal(…)", symptoms=NOT_ORTHOGONAL)


@pytest.mark.points(1, task="orthogonal", en="made from A", zh="由 A 做成")
def test_orthogonal_depends_on_its_argument(submission, solution, rng):
    first, second = rng.normal(size=(2, 5, 5))
    second = first + 0.01 * second  # near, and yet another
    one, other = submission.call("orthogonal", first), submission.call("orthogonal", second)
    for got, A in [(one, first), (other, second)]:
        want = solution.call("orthogonal", A)
        # that columns are not perpendicular has cost its points above
        if has_unit_columns(got.value, 5):
            want = replace(want, value=got.value)
        compare(got, want, name="orthogonal(…)", symptoms=NOT_ORTHOGONAL)
    if np.allclose(one.value, other.value):
        raise Feedback(*ALL_ALIKE)


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
    want = solution.call("clip_global_norm", gradients, limit)
    # 1e-5: torch adds 1e-6 to the norm before it divides, which is as right
    compare(got, want, name=("clipped", "norm"), rtol=1e-5)


def with_negative_radius(rng, H):
    """Return a matrix that is not symmetric, whose largest |eigenvalue| is negative and real."""
    basis = rng.normal(size=(H, H)) + 3 * np.eye(H)
    return basis @ np.diag([-3.0, *np.linspace(0.5, 1.7, H - 1)]) @ np.linalg.inv(basis)


def has_unit_columns(value, H, products=False):
    if not isinstance(value, np.ndarray) or value.shape != (H, H) or value.dtype.kind != "f":
        return False
    found = value.T @ value if products else np.diag(np.sum(value**2, axis=0))
    made = not np.isin(np.abs(value), (0, 1)).all()  # of A, not of the identity
    return made and np.allclose(found, np.eye(H), rtol=0, atol=1e-7)
