"""What exercise 06 asks: lstm_step_backward, lstm_backward, in_chunks, adam_step.

In the first case of a test some sizes are equal, so that mistakes run that would otherwise stop
with an error, and can be told by name.
"""

from contextlib import suppress

import numpy as np
import pytest

from lstm_lab.grading import Feedback, Symptom, compare


def wrong_parts(got, want, *_arguments):
    pairs = zip("ifgo", np.split(got, 4, axis=1), np.split(want, 4, axis=1), strict=True)
    names = [name for name, mine, right in pairs if not np.allclose(mine, right, rtol=1e-7)]
    return 0 < len(names) < 4 and {"wrong": {"en": ", ".join(names), "zh": "、".join(names)}}


WRONG_PARTS = Symptom(
    wrong_parts,
    en="of its four parts i, f, g, o, not right: {wrong}. Look at the lines that lead there.",
    zh="i、f、g、o 四个部分里，不对的是：{wrong}。看看通到那里的几行。",
    part="da",
)


@pytest.mark.points(2, task="lstm_step_backward", en="what comes from h", zh="从 h 来的")
def test_step_backward_from_h(submission, solution, rng):
    for B, H in [(4, 4), (3, 2)]:
        arguments = step_arguments(rng, B, H)
        arguments[1] = np.zeros((B, H))  # the last step: nobody asks anything of c
        check_step(submission, solution, arguments)


@pytest.mark.points(
    2, task="lstm_step_backward", en="and from later steps", zh="以及从后面各步来的"
)
def test_step_backward_from_both(submission, solution, rng):
    for B, H in [(4, 4), (3, 5), (1, 1)]:
        check_step(submission, solution, step_arguments(rng, B, H))


@pytest.mark.points(3, task="lstm_backward", en="through time", zh="穿过时间")
def test_backward(submission, solution, rng):
    for T, B, H in [(4, 4, 4), (5, 3, 2), (1, 2, 3), (3, 1, 1)]:
        dh, f, g, c = rng.normal(size=(4, T, B, H))
        i, o = rng.uniform(0.1, 0.9, size=(2, T, B, H))
        arguments = dh, i, f, g, o, c, rng.normal(size=(B, H)), rng.normal(size=(4 * H, H))
        got = submission.call("lstm_backward", "toy", *arguments)
        want = solution.call("lstm_backward", "toy", *arguments)
        compare(got, want, name=("da", "dh0", "dc0"))


@pytest.mark.points(2, task="in_chunks", en="chunks that fit", zh="正好分完")
def test_chunks_that_fit(submission, solution, rng):
    for T, B, H, K in [(6, 3, 2, 3), (4, 2, 3, 1), (3, 1, 2, 3)]:
        check_chunks(submission, solution, rng, T, B, H, K)


@pytest.mark.points(1, task="in_chunks", en="a shorter last one", zh="最后一块短一些")
def test_chunks_with_a_rest(submission, solution, rng):
    for T, B, H, K in [(7, 3, 2, 3), (5, 2, 2, 4), (2, 2, 1, 5)]:
        check_chunks(submission, solution, rng, T, B, H, K)


@pytest.mark.points(3, task="adam_step", en="first and later steps", zh="第一步和后面的步")
def test_adam_step(submission, solution, rng):
    for shape, t in [((4,), 3), ((2, 3), 1), ((3,), 50)]:
        w, g, m = rng.normal(size=(3, *shape))
        s = rng.uniform(0.1, 2, size=shape) if t > 1 else np.zeros(shape)
        m = m if t > 1 else np.zeros(shape)
        g.flat[0] = 0.0 if t == 1 else g.flat[0]  # 0 / 0 but for eps
        got = submission.call("adam_step", w, g, m, s, t, 0.1)
        want = solution.call("adam_step", w, g, m, s, t, 0.1)
        # 1e-5: with eps on the uncorrected root, as in the paper's faster form, w differs a little
        compare(got, want, name=("w", "m", "s"), rtol=1e-5)
    zeros = np.zeros(4)
    w, g = rng.normal(size=4), 1e-8 * rng.uniform(1, 3, size=4) * [1, -1, 1, -1]  # as small as eps
    got = submission.call("adam_step", w, g, zeros, zeros, 1, 0.1)
    want = solution.call("adam_step", w, g, zeros, zeros, 1, 0.1)
    # In that faster form eps counts for more: as if the gradients were smaller.
    smaller = solution.call("adam_step", w, np.sqrt(0.001) * g, zeros, zeros, 1, 0.1)
    with suppress(Feedback):
        compare(got, (smaller.value[0], *want.value[1:]), name=("w", "m", "s"), rtol=1e-5)
        return
    compare(got, want, name=("w", "m", "s"), rtol=1e-5)


def step_arguments(rng, B, H):
    """dh, dc, i, f, g, o, c, c_new"""
    dh, dc, g, c, c_new = rng.normal(size=(5, B, H))
    i, f, o = rng.uniform(0.1, 0.9, size=(3, B, H))
    return [dh, dc, i, f, np.tanh(g), o, 2 * c, c_new]


def check_step(submission, solution, arguments):
    got = submission.call("lstm_step_backward", *arguments)
    want = solution.call("lstm_step_backward", *arguments)
    compare(got, want, name=("da", "dc_old"), symptoms=[WRONG_PARTS])


def check_chunks(submission, solution, rng, T, B, H, K):
    x, dh, state = rng.normal(size=(T, B, H)), rng.normal(size=(T, B, H)), rng.normal(size=(B, H))
    got = submission.call("in_chunks", "toy", "toy", x, dh, state, K)
    want = solution.call("in_chunks", "toy", "toy", x, dh, state, K)
    compare(got, want, name=("h", "state", "gradient"))
