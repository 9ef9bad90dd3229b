"""Tasks: what is drawn follows the papers' rules, and baselines are what samples give."""

import re
from math import log

import numpy as np
import pytest

from lstm_lab.errors import UserError
from lstm_lab.tasks import (
    Streak,
    adding,
    animal_sentences,
    answer_when_asked,
    bracket_depth,
    continual_reber,
    copy_task,
    count_since_reset,
    cued_value,
    embedded_reber,
    explained,
    long_lag,
    multiplication,
    parity,
    random_digits,
    running_sum,
    spoken,
    temporal_order,
)
from lstm_lab.tasks.base import one_hot
from lstm_lab.tasks.reber import SYMBOLS, legal_next

ALL = {
    "adding": lambda: adding(20),
    "multiplication": lambda: multiplication(20),
    "order": lambda: temporal_order(2, T=30),
    "order 3": lambda: temporal_order(3, T=30),
    "long lag": lambda: long_lag(12),
    "copy": lambda: copy_task(5, symbols=4, count=3),
    "reber": embedded_reber,
    "continual reber": lambda: continual_reber(40),
    "parity": lambda: parity(9),
    "brackets": lambda: bracket_depth(15),
    "count": lambda: count_since_reset(15),
    "running sum": lambda: running_sum(12),
    "cued value": lambda: cued_value(12),
    "answer when asked": lambda: answer_when_asked(12),
    "animals": lambda: animal_sentences(30),
    "digits": lambda: random_digits(7),
    "digits as floats": lambda: random_digits(7, floats=True),
}


def perfect(task, y):
    """Predictions that cannot be better."""
    if task.loss == "mse":
        return y.copy()
    if task.loss == "binary_cross_entropy":
        return 20 * (2 * y - 1)
    if "Reber" in task.name:
        first = np.full_like(y[:1], SYMBOLS.index("B"))
        return 20.0 * legal_next(np.concatenate([first, y[:-1]]))
    return 20.0 * one_hot(y, task.outputs)


@pytest.mark.parametrize("name", ALL)
class TestEveryTask:
    def test_shapes_with_and_without_seeds(self, name):
        task, S, B = ALL[name](), 3, 4
        x, y = task.sample(B, np.random.default_rng(0))
        xs, ys = task.sample(B, np.random.default_rng(0), seeds=S, dtype=np.float32)
        assert x.shape == (len(x), B, task.inputs)
        assert xs.shape == (len(xs), S, B, task.inputs)
        assert x.dtype == np.float64
        assert xs.dtype == np.float32
        one = () if task.loss == "cross_entropy" else (task.outputs,)
        time = (len(x),) if task.readout == "every" else ()
        assert y.shape == (*time, B, *one)
        assert ys.shape == ((len(xs),) if time else ()) + (S, B, *one)

    def test_the_seed_decides(self, name):
        task = ALL[name]()
        first, again, other = (task.sample(16, np.random.default_rng(s)) for s in (5, 5, 6))
        np.testing.assert_array_equal(first[0], again[0])
        np.testing.assert_array_equal(first[1], again[1])
        assert first[0].shape != other[0].shape or not np.array_equal(first[0], other[0])

    def test_perfect_is_right_and_random_is_not(self, name):
        task = ALL[name]()
        rng = np.random.default_rng(1)
        _, y = task.sample(64, rng)
        pred = perfect(task, y)
        assert task.correct(pred, y).shape == (64,)
        assert task.correct(pred, y).all()
        assert task.solved(pred, y) is True
        assert task.solved(rng.permuted(pred, axis=-2), y) is False
        assert not task.correct(2 * rng.normal(size=pred.shape), y).all()

    def test_rule_by_seed(self, name):
        task = ALL[name]()
        rng = np.random.default_rng(2)
        _, y = task.sample(8, rng, seeds=3)
        pred = perfect(task, y)
        at = (slice(None),) * (task.readout == "every") + (1,)
        pred[at] = rng.normal(size=pred[at].shape) * 3
        assert task.correct(pred, y).shape == (3, 8)
        np.testing.assert_array_equal(task.solved(pred, y), [True, False, True])

    def test_one_wrong_sequence_is_found(self, name):
        task = ALL[name]()
        rng = np.random.default_rng(3)
        _, y = task.sample(8, rng)
        pred = perfect(task, y)
        at = (
            (-1, 5)
            if task.readout == "every" and "Reber" not in task.name
            else (..., 5, slice(None))
        )
        if name == "animals":  # only the verbs count
            at = (slice(None), 5)
        pred[at] = -pred[at] + 0.7
        want = np.ones(8, bool)
        want[5] = False
        np.testing.assert_array_equal(task.correct(pred, y), want)

    def test_paper_is_named(self, name):
        task = ALL[name]()
        assert task.paper or task.name == "random digits"
        assert task.baseline > 0


# ---------------------------------------------------------------- adding, multiplication


@pytest.mark.parametrize("T", [100, 500])
def test_adding_follows_the_rules(T):
    rng = np.random.default_rng(0)
    task, lengths = adding(T), []
    for _ in range(100):
        x, y = task.sample(50, rng)
        L = len(x)
        lengths.append(L)
        values, marks = x[..., 0], x[..., 1]
        assert (np.abs(values) <= 1).all()
        assert (marks[0] == -1).all()
        assert (marks[-1] == -1).all()
        assert set(np.unique(marks)) <= {-1.0, 0.0, 1.0}
        for b in range(50):
            marked = np.flatnonzero(marks[:, b] == 1)
            if len(marked) == 1:  # the other mark fell on the first number, which is then 0
                assert values[0, b] == 0
            else:
                assert len(marked) == 2
                assert marked[0] < 10
            assert marked[-1] < T // 2
            want = 0.5 + values[marked, b].sum() / 4
            assert y[b, 0] == pytest.approx(want)
    assert min(lengths) >= T
    assert max(lengths) <= T + T // 10
    assert len(set(lengths)) > 5


def test_marks_are_uniform():
    """The first mark uniform over ten places, the second over the first T/2 − 1 others."""
    rng = np.random.default_rng(1)
    T, N = 20, 40_000
    x, _ = adding(T).sample(N, rng)
    counts = (x[..., 1] == 1).sum(axis=0)
    # the first number is marked by the first mark with 1/10, else by the second with 1/9
    assert (counts == 1).mean() == pytest.approx(1 / 10 + 9 / 10 / 9, abs=4 * 0.0021)
    share = (x[1:10, :, 1] == 1).mean(axis=1)
    # T = 20: both marks are among the first ten, any pair of them equally likely
    np.testing.assert_allclose(share, 2 / 10, atol=4 * 0.002)


@pytest.mark.parametrize(("make", "constant"), [(adding, 0.5), (multiplication, None)])
@pytest.mark.parametrize("T", [20, 100])
def test_baselines_of_the_marked_pair(make, constant, T):
    rng = np.random.default_rng(2)
    task = make(T)
    y = np.concatenate([task.sample(1000, rng)[1] for _ in range(200)])
    assert 0 <= y.min() <= y.max() <= 1
    if constant is not None:
        assert y.mean() == pytest.approx(constant, abs=5 * y.std() / len(y) ** 0.5)
    errors = (y - y.mean()) ** 2
    assert task.baseline == pytest.approx(errors.mean(), abs=5 * errors.std() / len(y) ** 0.5)


def test_adding_baseline_is_a_24th_but_for_the_first_number():
    rng = np.random.default_rng(3)
    x, y = adding(100).sample(100_000, rng)
    clear = (x[..., 1] == 1).sum(axis=0) == 2
    spread = (y[clear] - 0.5) ** 2
    assert spread.mean() == pytest.approx(1 / 24, abs=5 * spread.std() / clear.sum() ** 0.5)
    assert adding(10_000).baseline == pytest.approx(1 / 24 * 0.95, rel=1e-3)


def test_absolute_error_decides():
    task, y = adding(20), np.full((4, 1), 0.5)
    pred = y + np.array([[0.039], [-0.039], [0.041], [-0.041]])
    np.testing.assert_array_equal(task.correct(pred, y), [True, True, False, False])
    assert task.solved(y + 0.009, y) is True
    assert task.solved(y + 0.02, y) is False  # all right, but not close enough in the mean


# ---------------------------------------------------------------- order, lag, copy


@pytest.mark.parametrize(
    ("relevant", "windows"), [(2, [(10, 20), (50, 60)]), (3, [(10, 20), (33, 43), (66, 76)])]
)
def test_temporal_order_follows_the_rules(relevant, windows):
    rng = np.random.default_rng(4)
    task = temporal_order(relevant)
    lengths, classes, places = set(), [], []
    for _ in range(60):
        x, y = task.sample(50, rng)
        lengths.add(len(x))
        symbols = x.argmax(axis=-1)
        assert (x.sum(axis=-1) == 1).all()
        assert (symbols[0] == 0).all()
        assert (symbols[-1] == 1).all()
        for b in range(50):
            at = np.flatnonzero(symbols[:, b] >= 6)
            assert len(at) == relevant
            assert all(low <= t <= high for t, (low, high) in zip(at, windows, strict=True))
            order = [symbols[t, b] - 6 for t in at]
            assert y[b] == int("".join(map(str, order)), 2)
            places.append(at)
        classes.append(y)
        rest = symbols[1:-1][symbols[1:-1] < 6]
        assert rest.min() == 2
        assert rest.max() == 5
    assert min(lengths) >= 100
    assert max(lengths) <= 110
    assert {int(p[0]) for p in places} == set(range(10, 21))  # both ends are taken
    share = np.bincount(np.concatenate(classes)) / 3000
    np.testing.assert_allclose(share, 2.0**-relevant, atol=0.04)
    assert task.baseline == pytest.approx(log(2**relevant))


def test_long_lag_has_two_sequences():
    task = long_lag(100)
    x, y = task.sample(200, np.random.default_rng(5))
    assert x.shape == (100, 200, 101)
    symbols = np.concatenate([x[:1].argmax(axis=-1), y])
    assert len(np.unique(symbols, axis=1).T) == 2
    np.testing.assert_array_equal(symbols[0], symbols[100])
    np.testing.assert_array_equal(symbols[1:100], np.arange(99)[:, None].repeat(200, axis=1))
    assert np.mean(symbols[0] == 99) == pytest.approx(0.5, abs=0.15)
    assert task.streak == 10_000
    assert task.baseline == pytest.approx(log(2) / 100)


def test_copy_says_it_again():
    task = copy_task(delay=7, symbols=8, count=10)
    x, y = task.sample(30, np.random.default_rng(6))
    symbols = x.argmax(axis=-1)
    assert len(x) == 27
    np.testing.assert_array_equal(y[-10:], symbols[:10])
    assert (y[:-10] == 8).all()
    assert (symbols == 9).sum() == 30
    assert (symbols[16] == 9).all()
    # the best without memory: blank in time, then a guess among eight
    logits = np.where(np.arange(27)[:, None, None] < 17, one_hot(y, 9) * 1e3, 0.0)
    logits[17:, :, 8] = -1e3
    p = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    loss = -np.log(np.take_along_axis(p, y[..., None], axis=-1)).mean()
    assert task.baseline == pytest.approx(loss)


# ---------------------------------------------------------------- Reber


def walk(symbols):
    """Read a string by the diagram, independently of the automaton under test."""
    state, steps = (
        0,
        {
            0: {"T": 1, "P": 2},
            1: {"S": 1, "X": 3},
            2: {"T": 2, "V": 4},
            3: {"X": 2, "S": 5},
            4: {"P": 3, "V": 5},
        },
    )
    match = re.fullmatch(r"B([TP])B(.*)E\1E", symbols)
    if not match:
        return False
    for symbol in match[2]:
        if symbol not in steps.get(state, {}):
            return False
        state = steps[state][symbol]
    return state == 5


def test_reber_strings_are_grammatical():
    task = embedded_reber()
    x, y = task.sample(500, np.random.default_rng(7))
    mask = task.mask(y)
    seen = set()
    for b in range(500):
        n = mask[:, b].sum()
        asked = "".join(SYMBOLS[s] for s in y[:n, b])
        given = "".join(SYMBOLS[s] for s in x[:n, b].argmax(axis=-1))
        assert walk("B" + asked)
        assert given == "B" + asked[:-1]
        assert (x[n:, b] == 0).all()
        assert (y[n:, b] == -1).all()
        seen.add("B" + asked)
    assert len(seen) > 100
    assert min(map(len, seen)) == 9  # B T B T X S E T E


def test_reber_floor_and_baseline_are_what_samples_give():
    """The perfect predictor puts one half on each of two legal symbols, or one on one."""
    task = embedded_reber()
    _, y = task.sample(20_000, np.random.default_rng(8))
    mask = task.mask(y)
    first = np.full_like(y[:1], SYMBOLS.index("B"))
    ways = legal_next(np.concatenate([first, y[:-1]])).sum(axis=-1)
    assert set(np.unique(ways[mask])) == {1, 2}
    floor = np.log(ways[mask]).mean()
    assert task.floor == pytest.approx(floor, rel=0.01)
    assert task.baseline == pytest.approx(floor + log(2) / mask.sum(axis=0).mean(), rel=0.01)
    continual = continual_reber(20_000)
    assert continual.floor == pytest.approx(
        np.log(ways[mask]).sum() / (mask.sum() + 20_000), rel=0.01
    )


def test_reber_rule_asks_for_the_legal_symbols():
    task = embedded_reber()
    _, y = task.sample(10, np.random.default_rng(9))
    good = perfect(task, y)
    # the rank counts, not the size
    assert task.correct(good / 1000 + 3, y).all()
    # the symbol that came, alone, is not enough where two were legal
    assert not task.correct(one_hot(y, 7), y).any()
    # forgetting the second symbol costs the last but one
    forgetful = good.copy()
    n = task.mask(y).sum(axis=0)
    for b in range(10):
        forgetful[n[b] - 2, b, [SYMBOLS.index("T"), SYMBOLS.index("P")]] = 1.0
    assert not task.correct(forgetful, y).any()


def test_continual_stream_goes_on():
    task = continual_reber(300)
    x, y = task.sample(5, np.random.default_rng(10))
    assert task.mask(y) is None
    np.testing.assert_array_equal(x[1:].argmax(axis=-1), y[:-1])
    for b in range(5):
        text = "B" + "".join(SYMBOLS[s] for s in y[:, b])
        pieces = text.replace("TEB", "TE|B").replace("PEB", "PE|B").split("|")
        strings = ["".join(pieces[:1]), *pieces[1:]]
        assert len(strings) > 10
        assert all(walk(s) for s in strings[:-1])
    pred = perfect(task, y)
    assert (task.symbols_until_wrong(pred, y) == 300).all()
    pred[123, 2] = -pred[123, 2]
    assert task.symbols_until_wrong(pred, y)[2] == 123


# ---------------------------------------------------------------- counting


def test_parity_by_hand():
    x, y = parity(30).sample(20, np.random.default_rng(11))
    for b in range(20):
        odd = 0
        for t in range(30):
            odd ^= int(x[t, b, 0])
            assert y[t, b, 0] == odd


def test_brackets_by_hand():
    task = bracket_depth(60, deepest=3)
    x, y = task.sample(200, np.random.default_rng(12))
    for b in range(200):
        depth = 0
        for t in range(60):
            depth += (1, -1, 0)[x[t, b].argmax()]
            assert 0 <= depth <= 3
            assert y[t, b] == depth
    share = np.bincount(y.ravel(), minlength=4) / y.size
    assert task.baseline == pytest.approx(-(share * np.log(share)).sum(), rel=0.02)


def test_count_since_reset_by_hand():
    task = count_since_reset(80)
    x, y = task.sample(2000, np.random.default_rng(13))
    count = np.zeros(2000)
    for t in range(80):
        tick, reset = x[t, :, 0], x[t, :, 1]
        assert not (tick * reset).any()
        count = np.where(reset == 1, 0, count + tick)
        np.testing.assert_allclose(y[t, :, 0] * 5, count)
    assert x[..., 0].mean() == pytest.approx(0.3, abs=0.01)
    assert x[..., 1].mean() == pytest.approx(0.06, abs=0.005)
    assert task.baseline == pytest.approx(y.var(), rel=0.05)


def test_digits_have_their_floor():
    assert random_digits().baseline == pytest.approx(log(10))
    assert random_digits(floats=True).baseline == pytest.approx(8.25)
    _, y = random_digits(1000, floats=True).sample(100, np.random.default_rng(14))
    assert ((y - 4.5) ** 2).mean() == pytest.approx(8.25, rel=0.02)
    _, classes = random_digits(1000).sample(100, np.random.default_rng(15))
    np.testing.assert_allclose(np.bincount(classes.ravel()) / classes.size, 0.1, atol=0.005)


# ---------------------------------------------------------------- the repair ladder


def test_running_sum_by_hand():
    task = running_sum(50)
    x, y = task.sample(4000, np.random.default_rng(20))
    assert set(np.unique(x)) == {-1.0, 1.0}
    total = np.zeros(4000)
    for t in range(50):
        total += x[t, :, 0]
        np.testing.assert_allclose(y[t, :, 0] * 5, total)
    assert task.baseline == pytest.approx(y.var(), rel=0.05)


def test_cued_value_is_marked_once_among_noise():
    task = cued_value(30)
    x, y = task.sample(4000, np.random.default_rng(21))
    value, cue = x[..., 0], x[..., 1]
    assert (cue.sum(axis=0) == 1).all()
    at = cue.argmax(axis=0)
    assert set(at) == set(range(10))
    np.testing.assert_array_equal(value[at, np.arange(4000)], y[:, 0])
    assert set(np.unique(y)) == {-1.0, 1.0}
    noise = value[cue == 0]
    assert noise.mean() == pytest.approx(0, abs=5 / noise.size**0.5)
    assert noise.var() == pytest.approx(1, abs=5 * (2 / noise.size) ** 0.5)
    assert task.baseline == (y**2).mean()


def test_answers_are_due_only_when_asked():
    task = answer_when_asked(30)
    x, y = task.sample(4000, np.random.default_rng(22))
    sign, asked = x[0, :, 0], x[..., 1] == 1
    assert set(np.unique(sign)) == {-1.0, 1.0}
    assert not x[1:, :, 0].any()
    assert not asked[0].any()
    for t in range(30):
        np.testing.assert_array_equal(y[t, :, 0], np.where(asked[t], sign, 0))
    assert task.baseline == pytest.approx((y**2).mean(), rel=0.02)


@pytest.mark.parametrize("make", [running_sum, cued_value])
def test_explained_is_one_for_the_truth_and_nothing_for_the_mean(make):
    task = make(20)
    _, y = task.sample(2000, np.random.default_rng(23), seeds=3)
    pred = y.copy()
    at = (slice(None),) * (task.readout == "every")
    pred[(*at, 1)] = 0.0
    pred[(*at, 2)] *= 0.5
    np.testing.assert_allclose(explained(task, pred, y), [1, 0, 0.75], atol=0.05)
    assert explained(task, y[(*at, 0)], y[(*at, 0)]) == 1


# ---------------------------------------------------------------- animals


def test_sentences_are_grammatical_and_the_animal_says_its_verb():
    task = animal_sentences(60)
    x, y = task.sample(300, np.random.default_rng(24))
    sentence = re.compile(
        r"the (?:(?:small|old|black) ){0,2}(cat|dog|cow|bird) sat on the mat and (\w+) \."
    )
    noises = {"cat": "mews", "dog": "barks", "cow": "moos", "bird": "sings"}
    seen = []
    for b in range(300):
        assert spoken(x[1:, b]) == spoken(y[:-1, b])
        text = spoken(x[:, b])
        whole = text[: text.rindex(".") + 1]
        pieces = [piece + "." for piece in whole.split(".")[:-1]]
        found = [sentence.fullmatch(piece.strip()) for piece in pieces]
        assert len(pieces) >= 4
        assert all(found)
        assert all(noises[match[1]] == match[2] for match in found)
        seen += [match[1] for match in found]
    share = np.unique(seen, return_counts=True)[1] / len(seen)
    np.testing.assert_allclose(share, 0.25, atol=0.05)


def test_floor_of_the_sentences_is_what_the_drawing_gives():
    """Who knows the grammar: every word's probability from the three words before it."""
    task = animal_sentences(20_000)
    _, y = task.sample(3, np.random.default_rng(25))
    words = [spoken(y[:, b]).split() for b in range(3)]
    adjectives, animals = {"small", "old", "black"}, {"cat", "dog", "cow", "bird"}
    bits, guessed = [], []
    for text in words:
        begun, said = True, 0  # the stream's first word, "the", is given
        for before, word in zip(["the", *text], text, strict=False):
            if before == "the" and begun and word != "mat":
                said = 0
            p = 1.0
            if word in adjectives:  # another one is due with 2/3, then with 1/2
                p, said = ((2 / 3) / 3 if said == 0 else (1 / 2) / 3), said + 1
            elif word in animals:
                p = {0: 1 / 3, 1: 1 / 2, 2: 1.0}[said] / 4
                begun = False
            elif word == ".":
                begun = True
            bits.append(-log(p))
            guessed.append(log(4) if word in {"mews", "barks", "moos", "sings"} else 0.0)
    assert task.floor == pytest.approx(np.mean(bits), rel=0.02)
    assert task.baseline == pytest.approx(np.mean(bits) + np.mean(guessed), rel=0.02)


def test_only_the_verbs_decide_and_recall_counts_them():
    task = animal_sentences(30)
    _, y = task.sample(50, np.random.default_rng(26), seeds=2)
    pred = 20.0 * one_hot(y, task.outputs)
    noun = y == 9  # cat
    pred[noun] = -pred[noun]
    assert task.correct(pred, y).all()
    np.testing.assert_array_equal(task.verb_recall(pred, y), [1.0, 1.0])
    mews = y[:, 1] == 13
    pred[:, 1][mews] = -pred[:, 1][mews]
    share = task.verb_recall(pred, y)
    assert share[0] == 1.0
    assert share[1] == pytest.approx(1 - mews.sum() / (y[:, 1] >= 13).sum())


# ---------------------------------------------------------------- streaks and bad input


def test_streak_counts_like_a_loop():
    """Against a plain count, sequence by sequence, for two nets and odd batch sizes."""
    task = adding(20)
    rng = np.random.default_rng(16)
    wanted = task.streak
    streak = Streak(task)
    run, solved = np.zeros(2, int), np.full(2, np.nan)
    errors = [[], []]
    seen = 0
    for batch in [700, 1, 999, 3000, 37, 2500, 11]:
        y = np.zeros((2, batch, 1))
        pred = y + 0.005
        pred[rng.random((2, batch)) < 1 / 1500] = 1.0
        done = streak.update(pred, y)
        for n in range(batch):
            seen += 1
            for s in range(2):
                errors[s].append(abs(pred[s, n, 0]))
                run[s] = run[s] + 1 if errors[s][-1] < 0.04 else 0
                if run[s] >= wanted and np.isnan(solved[s]):
                    solved[s] = seen
        np.testing.assert_array_equal(streak.length, run)
        np.testing.assert_array_equal(streak.solved_at, solved)
        assert done == (not np.isnan(solved).any())
    assert streak.seen == seen
    assert done


def test_streak_needs_the_mean_error_too():
    task = adding(20)
    streak, y = Streak(task), np.zeros((1000, 1))
    assert not any(streak.update(y + 0.03, y) for _ in range(5))
    assert not streak.update(y + 0.001, y)
    assert streak.update(y + 0.001, y)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: adding(3), "T: expected an integer of at least 4, found 3"),
        (lambda: adding(10.5), "T: expected an integer of at least 4, found 10.5"),
        (lambda: temporal_order(4), r"relevant: expected 2 \(experiment 6a\) or 3"),
        (lambda: temporal_order(2, T=10), "T: expected an integer of at least 20"),
        (lambda: long_lag(1), "p: expected an integer of at least 2"),
        (lambda: copy_task(0), "delay: expected an integer of at least 1"),
        (lambda: running_sum(0), "T: expected an integer of at least 1"),
        (lambda: cued_value(0), "T: expected an integer of at least 1"),
        (lambda: answer_when_asked(1), "T: expected an integer of at least 2"),
        (lambda: parity(5).sample(0, np.random.default_rng(0)), "batch: expected an integer"),
        (
            lambda: parity(5).sample(2, 0),
            r"rng: expected numpy.random.default_rng\(seed\), found int",
        ),
        (
            lambda: parity(5).sample(2, np.random.default_rng(0), seeds=0),
            "seeds: expected an integer of at least 1",
        ),
        (
            lambda: adding(20).correct(np.zeros(4), np.zeros((4, 1))),
            r"pred: expected shape \(4, 1\), found \(4,\)",
        ),
        (
            lambda: long_lag(5).correct(np.zeros((5, 4)), np.zeros((5, 4), int)),
            r"pred: expected shape \(5, 4, 6\), found \(5, 4\)",
        ),
    ],
)
def test_bad_input_in_one_sentence(call, message):
    with pytest.raises(UserError, match=message):
        call()
