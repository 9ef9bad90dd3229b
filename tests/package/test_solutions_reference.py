"""The solutions of the exercises against torch, finite differences or a closed form.

The graded tests hold a learner against the solution; these hold the solution against the world.
"""

from decimal import Decimal, localcontext
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from lstm_lab.cells import lstm_init, memory_cell_init
from lstm_lab.grading.exercises import find_exercise


def answers(number: str) -> dict[str, Any]:
    """Run the task cells of a solution and return their names."""
    names: dict[str, Any] = {"np": np}
    for cell in find_exercise(number).solution.cells:
        if cell.name:
            exec(compile(cell.source, f"<{cell.name}>", "exec"), names)
    return names


@pytest.fixture(scope="module")
def start():
    return answers("00")


@pytest.fixture(scope="module")
def rnn():
    return answers("01")


@pytest.fixture(scope="module")
def back():
    return answers("02")


@pytest.fixture(scope="module")
def vanishing():
    return answers("03")


@pytest.fixture(scope="module")
def cell():
    return answers("04")


@pytest.fixture(scope="module")
def lstm():
    return answers("05")


@pytest.fixture(scope="module")
def lstm_back():
    return answers("06")


def as_torch(*arrays, grad=False):
    return [torch.tensor(array, requires_grad=grad) for array in arrays]


# --- exercise 00 ---------------------------------------------------------------------------


def test_sigmoid_is_torchs_also_far_out(start, rng):
    x = np.concatenate([rng.normal(scale=5, size=50), [-1000.0, 1000.0, 0.0]])
    np.testing.assert_allclose(start["sigmoid"](x), torch.sigmoid(*as_torch(x)), atol=1e-15)


def test_add_bias_is_what_each_network_alone_would_do(start, rng):
    a, b = rng.normal(size=(3, 4, 2)), rng.normal(size=(3, 2))
    alone = [rows + bias for rows, bias in zip(a, b, strict=True)]
    np.testing.assert_array_equal(start["add_bias"](a, b), alone)


def test_affine_is_torchs_linear(start, rng):
    x, W, b = rng.normal(size=(4, 3)), rng.normal(size=(2, 3)), rng.normal(size=2)
    want = nn.functional.linear(*as_torch(x, W, b))
    np.testing.assert_allclose(start["affine"](x, W, b), want, rtol=1e-12)


def test_affine_backward_is_autograd_and_finite_difference(start, rng):
    x, W, b = rng.normal(size=(4, 3)), rng.normal(size=(2, 3)), rng.normal(size=2)
    dz = rng.normal(size=(4, 2))
    got = start["affine_backward"](dz, x, W)
    leaves = as_torch(x, W, b, grad=True)
    nn.functional.linear(*leaves).backward(torch.tensor(dz))
    for ours, leaf in zip(got, leaves, strict=True):
        np.testing.assert_allclose(ours, leaf.grad, rtol=1e-12)

    def loss(x, W, b):
        return np.sum(start["affine"](x, W, b) * dz)

    numeric = start["finite_difference"]
    np.testing.assert_allclose(got[0], numeric(lambda x: loss(x, W, b), x, 1e-4), atol=1e-9)
    np.testing.assert_allclose(got[1], numeric(lambda W: loss(x, W, b), W, 1e-4), atol=1e-9)
    np.testing.assert_allclose(got[2], numeric(lambda b: loss(x, W, b), b, 1e-4), atol=1e-9)


@pytest.mark.parametrize("eps", [1.0, 0.1])
def test_finite_difference_in_closed_form(start, rng, eps):
    x = rng.normal(size=(2, 3))
    # ((x + ε)³ − (x − ε)³) / 2ε = 3x² + ε²; the product is linear in each of its numbers.
    np.testing.assert_allclose(start["finite_difference"]("cubes", x, eps), 3 * x**2 + eps**2)
    np.testing.assert_allclose(start["finite_difference"]("product", x, eps), x.prod() / x)
    weights = np.arange(1, 7).reshape(2, 3)
    wave = weights * np.cos(x) * np.sin(eps) / eps
    np.testing.assert_allclose(start["finite_difference"]("wave", x, eps), wave)


# --- exercise 01 ---------------------------------------------------------------------------


def torch_rnn(rng, I, H):
    layer = nn.RNN(I, H, dtype=torch.float64)
    nn.init.zeros_(layer.bias_hh_l0)  # ours has one bias
    weights = [layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0]
    return layer, [weight.detach().numpy() for weight in weights]


def test_step_is_torchs_cell(rnn, rng):
    B, I, H = 3, 2, 4
    x, h = rng.normal(size=(B, I)), rng.normal(size=(B, H))
    layer, weights = torch_rnn(rng, I, H)
    want, _ = layer(torch.tensor(x)[None], torch.tensor(h)[None])
    np.testing.assert_allclose(rnn["rnn_step"](x, h, *weights), want[0].detach(), rtol=1e-12)


def test_forward_and_last_valid_are_torchs_packed_sequences(rnn, rng):
    T, B, I, H = 6, 4, 2, 3
    x, h0 = rng.normal(size=(T, B, I)), rng.normal(size=(B, H))
    lengths = np.array([4, 6, 1, 3])
    layer, weights = torch_rnn(rng, I, H)
    packed = nn.utils.rnn.pack_padded_sequence(
        torch.tensor(x), torch.tensor(lengths), enforce_sorted=False
    )
    output, final = layer(packed, torch.tensor(h0)[None])
    want = nn.utils.rnn.pad_packed_sequence(output)[0].detach().numpy()
    states = rnn["rnn_forward"](lambda x, h: rnn["rnn_step"](x, h, *weights), x, h0, lengths)
    for k, n in enumerate(lengths):
        np.testing.assert_allclose(states[:n, k], want[:n, k], rtol=1e-12)
        np.testing.assert_array_equal(states[n:, k], np.broadcast_to(states[n - 1, k], (T - n, H)))
    last = rnn["last_valid"](want, lengths)  # torch leaves zeros past the end
    np.testing.assert_allclose(last, final[0].detach(), rtol=1e-12)
    np.testing.assert_allclose(states[-1], last, rtol=1e-12)


def test_head_and_loss_are_torchs(rnn, rng):
    h, W, b, target = (rng.normal(size=shape) for shape in [(5, 3), (1, 3), (1,), (5,)])
    y, loss = rnn["head_loss"](h, W, b, target)
    want = nn.functional.linear(*as_torch(h, W, b))[:, 0]
    np.testing.assert_allclose(y, want, rtol=1e-12)
    assert loss == pytest.approx(nn.functional.mse_loss(want, torch.tensor(target)).item())


# --- exercise 02 ---------------------------------------------------------------------------


def test_step_backward_is_autograd(back, rng):
    B, I, H = 3, 2, 4
    x, h, W_x, W_h, b = (rng.normal(size=shape) for shape in [(B, I), (B, H), (H, I), (H, H), (H,)])
    dh_new = rng.normal(size=(B, H))
    leaves = as_torch(x, h, W_x, W_h, b, grad=True)
    new = torch.tanh(leaves[0] @ leaves[2].T + leaves[1] @ leaves[3].T + leaves[4])
    new.backward(torch.tensor(dh_new))
    got = back["rnn_step_backward"](dh_new, new.detach().numpy(), x, h, W_x, W_h)
    for ours, leaf in zip(got, leaves, strict=True):
        np.testing.assert_allclose(ours, leaf.grad, rtol=1e-10, atol=1e-12)


def test_bptt_and_collect_are_torchs_gradients_of_packed_sequences(back, rng):
    T, B, I, H = 6, 4, 2, 3
    x, h0, dh = (rng.normal(size=shape) for shape in [(T, B, I), (B, H), (T, B, H)])
    lengths = np.array([4, 6, 1, 3])
    layer, weights = torch_rnn(rng, I, H)
    start = torch.tensor(h0, requires_grad=True)
    packed = nn.utils.rnn.pack_padded_sequence(
        torch.tensor(x), torch.tensor(lengths), enforce_sorted=False
    )
    output, final = layer(packed, start[None])
    states, _ = nn.utils.rnn.pad_packed_sequence(output)
    alive = torch.tensor(np.arange(T)[:, None, None] < lengths[:, None])
    frozen = torch.where(alive, states, final)  # past its end a sequence keeps its last state
    (frozen * torch.tensor(dh)).sum().backward()
    h = frozen.detach().numpy()
    da, dh0 = back["bptt"](dh, 1 - h**2, weights[1], lengths)
    dW_x, dW_h, db = back["collect"](da, x, h, h0)
    np.testing.assert_allclose(dh0, start.grad, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(dW_x, layer.weight_ih_l0.grad, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(dW_h, layer.weight_hh_l0.grad, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(db, layer.bias_ih_l0.grad, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("place", [(0, 0), (1, 2)])
def test_the_judge_against_slopes_in_closed_form(back, rng, place):
    x = rng.uniform(0.5, 2, size=(2, 3))
    right = {"cubes": 3 * x**2, "product": x.prod() / x, "steep": 2e9 * x}
    for f, gradient in right.items():
        assert not back["wrong_places"](f, x, gradient).any()
        planted = gradient.copy()
        planted[place] *= 1.001
        planted[place] += 0.001
        assert np.argwhere(back["wrong_places"](f, x, planted)).tolist() == [list(place)]


# --- exercise 03 ---------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_step_jacobians_are_autograds(vanishing, rng, activation):
    T, I, H = 5, 2, 4
    x, W_x, W_h = as_torch(*(rng.normal(size=shape) for shape in [(T, I), (H, I), (H, H)]))
    squash = getattr(torch, activation)
    h, states, want = torch.zeros(H, dtype=torch.float64), [], []
    for x_t in x:

        def step(h, x_t=x_t):
            return squash(W_x @ x_t + W_h @ h)

        want.append(torch.autograd.functional.jacobian(step, h))
        h = step(h)
        states.append(h)
    got = vanishing["step_jacobians"](torch.stack(states).numpy(), W_h.numpy(), activation)
    np.testing.assert_allclose(got, torch.stack(want), rtol=1e-12, atol=1e-14)


def test_norms_by_lag_are_those_of_autograd_over_whole_stretches(vanishing, rng):
    T, I, H = 6, 2, 4
    x, W_x, W_h = as_torch(*(rng.normal(size=shape) for shape in [(T, I), (H, I), (H, H)]))

    def run(h, x):
        states = [h]
        for x_t in x:
            states.append(torch.tanh(W_x @ x_t + W_h @ states[-1]))
        return states

    states = run(torch.zeros(H, dtype=torch.float64), x)
    want = []
    for k in range(T + 1):
        end = partial(lambda h, x: run(h, x)[-1], x=x[T - k :])
        whole = torch.autograd.functional.jacobian(end, states[T - k])
        want.append(torch.linalg.matrix_norm(whole, ord=2).item())
    h = torch.stack(states[1:]).numpy()
    J = vanishing["step_jacobians"](h, W_h.numpy())
    np.testing.assert_allclose(vanishing["norms_by_lag"](J), want, rtol=1e-10)


@pytest.mark.parametrize("rho", [0.9, 1.1])
def test_the_radius_is_the_growth_of_powers(vanishing, rng, rho):
    A = rng.normal(size=(6, 6))
    scaled = vanishing["scale_to_radius"](A, rho)
    assert np.abs(np.linalg.eigvals(scaled)).max() == pytest.approx(rho)
    growth = np.linalg.norm(np.linalg.matrix_power(scaled, 2000), 2) ** (1 / 2000)  # Gelfand
    assert growth == pytest.approx(rho, rel=5e-3)
    np.testing.assert_allclose(scaled / A, scaled[0, 0] / A[0, 0])


def test_orthogonal_keeps_lengths(vanishing, rng):
    A = rng.normal(size=(6, 6))
    Q = vanishing["orthogonal"](A)
    np.testing.assert_allclose(np.linalg.svd(Q, compute_uv=False), 1, rtol=1e-12)
    v = rng.normal(size=6)
    assert np.linalg.norm(Q @ v) == pytest.approx(np.linalg.norm(v))
    np.testing.assert_allclose(np.tril(Q.T @ A, -1), 0, atol=1e-12)  # made from A


@pytest.mark.parametrize("limit", [0.5, 1000.0])
def test_clip_is_torchs(vanishing, rng, limit):
    gradients = [rng.normal(size=shape) for shape in [(4, 2), (4, 4), (4,)]]
    weights = [nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)) for g in gradients]
    for weight, g in zip(weights, gradients, strict=True):
        weight.grad = torch.tensor(g)
    want = nn.utils.clip_grad_norm_(weights, limit)
    clipped, norm = vanishing["clip_global_norm"](gradients, limit)
    assert norm == pytest.approx(want.item())
    for ours, weight in zip(clipped, weights, strict=True):
        np.testing.assert_allclose(ours, weight.grad, rtol=1e-5)  # torch adds 1e-6 to the norm


# --- exercise 04 ---------------------------------------------------------------------------


def torch_1997(W, x, H, K, truncated):
    """Run the cell of 1997 in torch; return h, c and what went into the units, all (T, B, …)."""
    B = x.shape[1]
    h, c, gates = (torch.zeros(B, width, dtype=torch.float64) for width in (H, H, 2 * K))
    rows = []
    for x_t in x:
        if truncated:
            h, gates = h.detach(), gates.detach()
        a = torch.cat([x_t, h, gates, torch.ones(B, 1)], dim=1) @ W.T
        a.requires_grad_()
        a.retain_grad()
        i, o = torch.sigmoid(a[:, :K]), torch.sigmoid(a[:, K + H :])
        shared = [gate.repeat_interleave(H // K, dim=1) for gate in (i, o)]
        c = c + shared[0] * (4 * torch.sigmoid(a[:, K : K + H]) - 2)  # as the paper writes g
        h = shared[1] * (2 * torch.sigmoid(c) - 1)  # and h
        gates = torch.cat([i, o], dim=1)
        rows.append((h, c, gates, a))
    return [list(part) for part in zip(*rows, strict=True)]


@pytest.fixture
def net_1997(rng):
    T, B, I, K, H = 6, 3, 2, 2, 6
    U = H + 2 * K
    return as_torch(rng.normal(size=(U, I + U + 1)), rng.normal(size=(T, B, I))), H, K


def test_step_and_sequence_are_the_papers(cell, net_1997):
    (W, x), H, K = net_1997
    h, c, gates, a = torch_1997(W, x, H, K, truncated=False)
    B = x.shape[1]
    zero = np.zeros((B, H)), np.zeros((B, H)), np.zeros((B, 2 * K))
    got = cell["cell_forward"](cell["cell_step"], x.numpy(), W.numpy(), *zero)
    np.testing.assert_allclose(got[0], torch.stack(h).detach(), rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(got[1], torch.stack(c).detach(), rtol=1e-10, atol=1e-13)
    one = cell["cell_step"](a[2].detach().numpy(), c[1].detach().numpy())
    np.testing.assert_allclose(one[2], gates[2].detach(), rtol=1e-10)


def test_truncated_backward_is_autograd_with_every_other_way_cut(cell, net_1997, rng):
    (W, x), H, K = net_1997
    h, c, gates, a = torch_1997(W, x, H, K, truncated=True)
    for c_t in c:
        c_t.retain_grad()
    dh = rng.normal(size=(len(h), *h[0].shape))
    (torch.stack(h) * torch.tensor(dh)).sum().backward()
    gates, rows = torch.stack(gates).detach().numpy(), torch.stack(a).detach().numpy()
    g = 2 * np.tanh(rows[..., K : K + H] / 2)
    memory = torch.stack(c).detach().numpy()
    dc, *da = cell["truncated_backward"](dh, memory, gates[..., :K], g, gates[..., K:])
    np.testing.assert_allclose(dc, torch.stack([c_t.grad for c_t in c]), rtol=1e-10, atol=1e-13)
    want = torch.stack([a_t.grad for a_t in a])
    np.testing.assert_allclose(np.concatenate(da, axis=2), want, rtol=1e-10, atol=1e-13)


def test_truncated_gradient_is_the_slope_where_only_the_carousel_leads_back(cell, net_1997, rng):
    (W, x), H, K = net_1997
    W[:, 2:-1] = 0.0  # no weights between units
    h, c, gates, a = (torch.stack(p).numpy(force=True) for p in torch_1997(W, x, H, K, False))
    v = rng.normal(size=h.shape)
    g = 2 * np.tanh(a[..., K : K + H] / 2)
    da = np.concatenate(cell["truncated_backward"](v, c, gates[..., :K], g, gates[..., K:])[1:], 2)
    zero = np.zeros_like(h[0]), np.zeros_like(h[0]), np.zeros_like(gates[0])
    for unit in range(len(W)):
        nudge = np.zeros(W.shape)
        nudge[unit, -1] = 1e-5
        up, down = (
            np.sum(v * cell["cell_forward"](cell["cell_step"], x.numpy(), W.numpy() + n, *zero)[0])
            for n in (nudge, -nudge)
        )
        assert da[..., unit].sum() == pytest.approx((up - down) / 2e-5, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(
    ("net", "bias", "paper"),  # Hochreiter & Schmidhuber 1997: Reber, Reber, adding, order 6a, 6b
    [
        ((7, 4, 1, 7), "gates", 264),
        ((7, 3, 2, 7), "gates", 276),
        ((2, 2, 2, 1), "all", 93),
        ((8, 2, 2, 4), "all", 156),
        ((8, 3, 2, 8), "all", 308),
    ],
)
def test_weights_are_the_papers_and_those_of_a_layer(cell, net, bias, paper):
    I, blocks, cells, O = net
    assert cell["count_weights"](*net, bias) == paper
    layer = memory_cell_init(I, blocks, cells, bias=bias)
    assert paper == layer.count + O * blocks * cells + (O if bias == "all" else 0)


# --- exercise 05 ---------------------------------------------------------------------------


@pytest.fixture
def torch_lstm():
    torch.manual_seed(5)
    layer = nn.LSTM(2, 3, dtype=torch.float64)
    W_x, W_h, b_x, b_h = (weight.detach().numpy() for weight in layer.parameters())
    return layer, (W_x, W_h, b_x + b_h)


def test_lstm_step_is_torchs_cell(lstm, torch_lstm, rng):
    layer, weights = torch_lstm
    x, h, c = rng.normal(size=(4, 2)), rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    state = tuple(part[None] for part in as_torch(h, c))
    _, want = layer(torch.tensor(x)[None], state)
    for ours, theirs in zip(lstm["lstm_step"](x, h, c, *weights), want, strict=True):
        np.testing.assert_allclose(ours, theirs[0].detach(), rtol=1e-12)


def test_lstm_forward_is_torchs_packed_sequences(lstm, torch_lstm, rng):
    layer, weights = torch_lstm
    T, B = 6, 4
    x, h, c = rng.normal(size=(T, B, 2)), rng.normal(size=(B, 3)), rng.normal(size=(B, 3))
    lengths = np.array([4, 6, 1, 3])
    packed = nn.utils.rnn.pack_padded_sequence(
        torch.tensor(x), torch.tensor(lengths), enforce_sorted=False
    )
    output, (h_last, c_last) = layer(packed, tuple(part[None] for part in as_torch(h, c)))
    want = nn.utils.rnn.pad_packed_sequence(output)[0].detach().numpy()

    def step(x, h, c):
        return lstm["lstm_step"](x, h, c, *weights)

    all_h, all_c = lstm["lstm_forward"](step, x, h, c, lengths)
    np.testing.assert_allclose(all_h[-1], h_last[0].detach(), rtol=1e-12)
    np.testing.assert_allclose(all_c[-1], c_last[0].detach(), rtol=1e-12)
    for k, n in enumerate(lengths):
        np.testing.assert_allclose(all_h[:n, k], want[:n, k], rtol=1e-12)


def test_the_other_notation_gives_torchs_output(lstm, torch_lstm, rng):
    layer, (W_x, W_h, b) = torch_lstm
    i, f, g, o = np.split(np.concatenate([W_h, W_x, b[:, None]], axis=1), 4)
    joined = np.concatenate([f, i, g, o])
    for ours, theirs in zip(
        lstm["to_separate"](joined[:, :-1], joined[:, -1]), (W_x, W_h, b), strict=True
    ):
        np.testing.assert_array_equal(ours, theirs)
    # and the other notation, written out, is the same step
    x, h, c = rng.normal(size=(4, 2)), rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    a = np.concatenate([h, x, np.ones((4, 1))], axis=1) @ joined.T
    f, i, g, o = np.split(a, 4, axis=1)
    c_new = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
    _, want = layer(torch.tensor(x)[None], tuple(part[None] for part in as_torch(h, c)))
    np.testing.assert_allclose(c_new, want[1][0].detach(), rtol=1e-12)


@pytest.mark.parametrize("layers", [1, 3])
def test_count_of_parameters_is_torchs(lstm, layers):
    net = nn.LSTM(4, 7, num_layers=layers)
    count = sum(p.numel() for p in net.parameters())
    assert lstm["count_parameters"](4, 7, layers, 2) == count
    one_bias = lstm_init(4, 7).count + (layers - 1) * lstm_init(7, 7).count
    assert lstm["count_parameters"](4, 7, layers, 1) == one_bias


def test_chrono_gates_are_those_of_tallec_and_ollivier(lstm, rng):
    b, steps = rng.normal(size=20), rng.uniform(1, 99, size=5)
    i, f, g, o = np.split(lstm["chrono_bias"](b, steps), 4)
    np.testing.assert_allclose(torch.sigmoid(torch.tensor(f)), steps / (steps + 1))
    np.testing.assert_allclose(torch.sigmoid(torch.tensor(i)), 1 / (steps + 1))
    np.testing.assert_array_equal([*g, *o], b[10:])


@pytest.mark.parametrize("b_f", [-3.0, 0.0, 1.0, 40.0])
def test_after_its_half_life_half_is_left(lstm, b_f):
    n = lstm["half_life"](np.array([b_f]))[0]
    with localcontext() as context:
        context.prec = 60
        left = (1 / (1 + (-Decimal(b_f)).exp())) ** Decimal(float(n))
    assert float(left) == pytest.approx(0.5, rel=1e-12)


# --- exercise 06 ---------------------------------------------------------------------------


def torch_gates(W_x, W_h, b, x, h, c):
    """Run an LSTM in torch and keep what the way back needs: a, i, f, g, o, c, h at each step."""
    rows = []
    for x_t in x:
        a = x_t @ W_x.T + h @ W_h.T + b
        a.retain_grad()
        a_i, a_f, a_g, a_o = a.chunk(4, dim=1)
        i, f, g, o = torch.sigmoid(a_i), torch.sigmoid(a_f), torch.tanh(a_g), torch.sigmoid(a_o)
        c = f * c + i * g
        h = o * torch.tanh(c)
        rows.append((a, i, f, g, o, c, h))
    return [list(part) for part in zip(*rows, strict=True)]


def test_lstm_backward_is_autograd_and_nn_lstm(lstm_back, torch_lstm, rng):
    layer, weights = torch_lstm
    T, B, H = 6, 4, 3
    x, h0, c0, dh = (rng.normal(size=shape) for shape in [(T, B, 2), (B, H), (B, H), (T, B, H)])
    start = as_torch(h0, c0, grad=True)
    W_x, W_h, b = as_torch(*weights, grad=True)
    a, i, f, g, o, c, h = torch_gates(W_x, W_h, b, torch.tensor(x), *start)
    (torch.stack(h) * torch.tensor(dh)).sum().backward()
    gates = [torch.stack(part).detach().numpy() for part in (i, f, g, o, c)]
    step = lstm_back["lstm_step_backward"]
    da, dh0, dc0 = lstm_back["lstm_backward"](step, dh, *gates, c0, weights[1])
    np.testing.assert_allclose(da, torch.stack([a_t.grad for a_t in a]), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(dh0, start[0].grad, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(dc0, start[1].grad, rtol=1e-9, atol=1e-12)

    output, _ = layer(torch.tensor(x), tuple(part[None] for part in as_torch(h0, c0)))
    (output * torch.tensor(dh)).sum().backward()
    before = np.concatenate([h0[None], torch.stack(h[:-1]).detach().numpy()])
    want = layer.weight_hh_l0.grad
    np.testing.assert_allclose(np.einsum("tbk,tbj->kj", da, before), want, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(da.sum(axis=(0, 1)), layer.bias_ih_l0.grad, rtol=1e-9, atol=1e-12)


def test_lstm_step_backward_is_the_finite_difference(lstm_back, rng):
    a, c = rng.normal(size=(2, 12)), rng.normal(size=(2, 3))
    dh, dc = rng.normal(size=(2, 2, 3))

    def gates(a):
        i, f, g, o = np.split(a, 4, axis=1)
        return 1 / (1 + np.exp(-i)), 1 / (1 + np.exp(-f)), np.tanh(g), 1 / (1 + np.exp(-o))

    def loss(a, c):
        i, f, g, o = gates(a)
        new = f * c + i * g
        return np.sum(dh * o * np.tanh(new)) + np.sum(dc * new)

    i, f, g, o = gates(a)
    da, dc_old = lstm_back["lstm_step_backward"](dh, dc, i, f, g, o, c, f * c + i * g)
    for got, at, slope in [
        (da, a, lambda n: loss(a + n, c)),
        (dc_old, c, lambda n: loss(a, c + n)),
    ]:
        for k in np.ndindex(at.shape):
            nudge = np.zeros(at.shape)
            nudge[k] = 1e-5
            assert got[k] == pytest.approx(
                (slope(nudge) - slope(-nudge)) / 2e-5, rel=1e-6, abs=1e-9
            )


@pytest.mark.parametrize("K", [1, 3, 7, 20])
def test_chunks_are_torchs_detached_windows(lstm_back, rng, K):
    x, dh, h0 = rng.normal(size=(7, 2, 3)), rng.normal(size=(7, 2, 3)), rng.normal(size=(2, 3))
    w = torch.ones(3, dtype=torch.float64, requires_grad=True)
    h, loss = torch.tensor(h0), 0.0
    for t in range(7):
        h = h.detach() if t % K == 0 else h
        h = h + w * torch.tensor(x[t])
        loss = loss + (h * torch.tensor(dh[t])).sum()
    loss.backward()

    def forward(x, state):
        h = state + np.cumsum(x, axis=0)
        return h, h[-1]

    def backward(x, dh, state):
        return (x * np.cumsum(dh[::-1], axis=0)[::-1]).sum(axis=(0, 1))

    got, last, gradient = lstm_back["in_chunks"](forward, backward, x, dh, h0, K)
    np.testing.assert_allclose(gradient, w.grad, rtol=1e-12)
    np.testing.assert_allclose(last, h.detach())
    np.testing.assert_allclose(got, h0 + np.cumsum(x, axis=0))


def test_adam_is_torchs_over_several_steps(lstm_back, rng):
    w = rng.normal(size=(3, 2))
    weight = nn.Parameter(torch.tensor(w))
    adam = torch.optim.Adam([weight], lr=0.05)
    m, s = np.zeros_like(w), np.zeros_like(w)
    for t in range(1, 6):
        g = rng.normal(size=w.shape)
        weight.grad = torch.tensor(g)
        adam.step()
        w, m, s = lstm_back["adam_step"](w, g, m, s, t, 0.05)
        np.testing.assert_allclose(w, weight.detach(), rtol=1e-12)


# --- the numbers in the text ---------------------------------------------------------------


def test_worked_examples_of_exercise_00(start):
    log3 = np.log(3)
    np.testing.assert_allclose(start["sigmoid"](np.array([0, log3, -log3])), [0.5, 0.75, 0.25])
    np.testing.assert_array_equal(start["sigmoid"](np.array([1000.0, -1000.0])), [1, 0])
    rows = np.array([[0.0, 0], [1, 1], [2, 2]])
    added = start["add_bias"](np.stack([rows, rows]), np.array([[10.0, 20], [30, 40]]))
    assert added.tolist() == [[[10, 20], [11, 21], [12, 22]], [[30, 40], [31, 41], [32, 42]]]
    W = np.array([[1.0, 0], [0, 1], [1, 1]])
    assert start["affine"](np.array([[1.0, 2]]), W, np.array([10.0, 20, 30])).tolist() == [
        [11, 22, 33]
    ]
    dx, dW, db = start["affine_backward"](
        np.array([[1.0], [10]]), np.array([[1.0, 2], [3, 4]]), np.array([[5.0, 6]])
    )
    assert (dx.tolist(), dW.tolist(), db.tolist()) == ([[5, 6], [50, 60]], [[31, 42]], [11])
    two = np.array([2.0])
    assert start["finite_difference"]("cubes", two, 1.0) == pytest.approx(13)
    assert start["finite_difference"]("cubes", two, 0.1) == pytest.approx(12.01)


def test_worked_examples_of_exercise_01(rnn):
    new = rnn["rnn_step"](
        np.array([[2.0]]),
        np.array([[0.5, -0.5]]),
        np.array([[0.5], [-0.25]]),
        np.array([[0.0, 1], [2, 0]]),
        np.array([0.1, 0.2]),
    )
    np.testing.assert_allclose(new, [[0.5370, 0.6044]], atol=5e-5)
    x = np.array([[[1.0], [4]], [[1], [9]], [[1], [9]]])
    states = rnn["rnn_forward"]("leak", x, np.zeros((2, 1)), np.array([3, 1]))
    assert states[:, :, 0].tolist() == [[1, 4], [1.5, 4], [1.75, 4]]
    h = np.array([[[1.0], [4]], [[2], [50]], [[3], [60]]])
    assert rnn["last_valid"](h, np.array([3, 1])).tolist() == [[3], [4]]
    y, loss = rnn["head_loss"](
        np.array([[1.0, 2], [0, 1]]), np.array([[1.0, 1]]), np.array([0.5]), np.array([3.5, 0.5])
    )
    assert y.tolist() == [3.5, 1.5]
    assert loss == pytest.approx(0.5)


def test_worked_examples_of_exercise_02(back):
    one = np.ones((1, 1))
    step = back["rnn_step_backward"](10 * one, 0.6 * one, 2 * one, 0.5 * one, 3 * one, -one)
    np.testing.assert_allclose([part.item() for part in step], [19.2, -6.4, 12.8, 3.2, 6.4])
    dh = np.array([0.0, 0, 1])[:, None, None] * np.ones((3, 2, 1))
    da, dh0 = back["bptt"](dh, np.full((3, 2, 1), 0.25), 2 * one, np.array([3, 1]))
    assert da[:, :, 0].tolist() == [[0.0625, 0.25], [0.125, 0], [0.25, 0]]
    assert dh0[:, 0].tolist() == [0.125, 0.5]
    da, x, h = np.array([[1.0, 10], [3, 4], [6, 7]])[:, :, None, None]
    got = back["collect"](da, x, h, np.array([[5.0]]))
    assert [part.item() for part in got] == [43, 65, 11]
    claim = back["wrong_places"]("cubes", np.array([1.0, 2]), np.array([3.0, 11]))
    assert claim.tolist() == [False, True]


def test_worked_examples_of_exercise_03(vanishing):
    h, W_h = np.array([[0.5, 0.0]]), np.array([[1.0, 2], [3, 4]])
    assert vanishing["step_jacobians"](h, W_h).tolist() == [[[0.75, 1.5], [3, 4]]]
    assert vanishing["step_jacobians"](h, W_h, "relu").tolist() == [[[1, 2], [0, 0]]]
    J = np.array([[[0.0, 2], [0, 0]], [[0, 0], [3, 0]]])
    np.testing.assert_allclose(vanishing["norms_by_lag"](J), [1, 3, 6])
    np.testing.assert_allclose(vanishing["norms_by_lag"](J[::-1]), [1, 2, 6])
    A = np.array([[0.0, 5], [0, -2]])
    np.testing.assert_allclose(vanishing["scale_to_radius"](A, 1.0), [[0, 2.5], [0, -1]])
    assert np.linalg.norm(A, 2) == pytest.approx(5.39, abs=5e-3)
    Q = vanishing["orthogonal"](np.array([[3.0, 1], [4, 2]]))
    np.testing.assert_allclose(np.abs(Q), [[0.6, 0.8], [0.8, 0.6]])
    gradients = [np.array([3.0, 0]), np.array([4.0])]
    (one, other), norm = vanishing["clip_global_norm"](gradients, 1.0)
    np.testing.assert_allclose([*one, *other, norm], [0.6, 0, 0.8, 5])
    (one, other), norm = vanishing["clip_global_norm"](gradients, 10.0)
    assert [*one, *other, norm] == [3, 0, 4, 5]


def test_worked_examples_of_exercise_04(cell):
    log3 = np.log(3)
    a, c = np.array([[0, log3, -log3, log3]]), np.array([[log3 - 0.5, 0.5]])
    h, c_new, gates = cell["cell_step"](a, c)
    np.testing.assert_allclose(h, [[0.375, 0]], atol=1e-15)
    np.testing.assert_allclose(c_new, [[1.0986, 0]], atol=5e-5)
    np.testing.assert_allclose(gates, [[0.5, 0.75]])
    W = np.array([[1.0, 0, 0, 0, 0], [0, 1, 0, 1, 1], [2, 0, 0, 0, 0]])
    zero = np.zeros((1, 1))
    x = np.array([[[2.0]], [[3.0]]])
    h, c = cell["cell_forward"]("toy", x, W, zero, zero, np.zeros((1, 2)))
    assert h.ravel().tolist() == [2, 15]
    assert c.ravel().tolist() == [1, 7.5]
    one = np.ones((2, 1, 1))
    got = cell["truncated_backward"](16 * one, log3 * one, 0.5 * one, one, 0.5 * one)
    want = [[6, 3], [1.5, 0.75], [2.25, 1.125], [2, 2]]
    np.testing.assert_allclose([part.ravel() for part in got], want)
    assert cell["count_weights"](2, 2, 2, 1, "all") == 93


def test_worked_examples_of_exercise_05(lstm):
    log3, one = np.log(3), np.ones((1, 1))
    W_x, W_h = np.array([[log3], [0], [log3], [log3]]), np.array([[0.0], [2], [0], [0]])
    h, c = lstm["lstm_step"](one, one / 2, 2 * one, W_x, W_h, np.array([0.0, -1, 0, 0]))
    assert (h.item(), c.item()) == pytest.approx((0.6913, 1.6), abs=5e-5)
    x = np.array([[1.0, 3], [1, 9]])[:, :, None]
    h, c = lstm["lstm_forward"]("toy", x, np.zeros((2, 1)), np.zeros((2, 1)), np.array([2, 1]))
    assert h[:, :, 0].tolist() == [[6, 18], [21, 18]]
    assert c[:, :, 0].tolist() == [[3, 9], [10.5, 9]]
    W_x, W_h, b = lstm["to_separate"](np.arange(1.0, 13).reshape(4, 3), np.arange(13.0, 17))
    assert W_x.tolist() == [[5, 6], [2, 3], [8, 9], [11, 12]]
    assert W_h.tolist() == [[4], [1], [7], [10]]
    assert b.tolist() == [14, 13, 15, 16]
    assert lstm["count_parameters"](3, 5, 1, 1) == 180
    assert lstm["count_parameters"](3, 5, 2, 2) == 440
    started = lstm["chrono_bias"](np.array([5.0, 6, 7, 8]), np.array([3.0]))
    np.testing.assert_allclose(started, [-1.0986, 1.0986, 7, 8], atol=5e-5)
    steps = lstm["half_life"](np.array([0, log3, 40]))
    np.testing.assert_allclose(steps, [1, 2.41, 1.6e17], rtol=0.025)


def test_worked_examples_of_exercise_06(lstm_back):
    one = np.ones((1, 1))
    numbers = (8, 1, 0.5, 0.8, 0.6, 0.5, 10, np.arctanh(0.5))
    assert numbers[-1] == pytest.approx(0.5493, abs=5e-5)
    da, dc = lstm_back["lstm_step_backward"](*(n * one for n in numbers))
    np.testing.assert_allclose(da, [[0.6, 6.4, 1.28, 1]])
    assert dc.item() == pytest.approx(3.2)
    ones = np.ones((2, 1, 1))
    c, dh = np.array([[3.0, 4], [0, 1]])[:, :, None, None]
    W_h = np.array([[1.0], [0], [0], [1]])
    da, dh0, dc0 = lstm_back["lstm_backward"](
        "toy", dh, ones, ones / 2, 0 * ones, ones, c, 2 * one, W_h
    )
    assert da[:, 0].tolist() == [[1, 0, 2, 3], [1, 0, 3, 0]]
    assert (dh0.item(), dc0.item()) == (4, 1.5)
    x = np.array([1.0, 2, 3])[:, None, None]
    h, state, gradient = lstm_back["in_chunks"](
        "toy", "toy", x, np.ones((3, 1, 1)), np.array([[10.0]]), 2
    )
    assert (h.ravel().tolist(), state.item(), gradient.item()) == ([11, 13, 16], 16, 30)
    zero = np.zeros(1)
    w, m, s = lstm_back["adam_step"](np.array([5.0]), np.array([-2.0]), zero, zero, 1, 0.1)
    assert (w.item(), m.item(), s.item()) == pytest.approx((5.1, -0.2, 0.004))
