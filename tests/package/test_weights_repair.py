"""The shipped repair ladder: its script gives it again, and it does what is said of it."""

import numpy as np
import pytest

from lstm_lab.records import arrays
from lstm_lab.tasks import LADDER, explained
from lstm_lab.training import NETS, ladder_net, predict, train_rung
from lstm_lab.training.ladder import SEEDS, SOLVED, judge
from lstm_lab.weights import path_of
from lstm_lab.weights.repair import load
from lstm_lab.weights.repair.make import FRESH, POINTS, shortened


@pytest.mark.parametrize("task", LADDER)
def test_the_shipped_weights_do_what_is_said_of_them(task):
    """Every net: on the sequences that judged it, and on others."""
    made = LADDER[task]
    x, y = made.sample(400, np.random.default_rng(31), seeds=len(SEEDS))
    for gates in NETS:
        trained = load()[task, gates]
        again = judge(task, trained.model)
        np.testing.assert_allclose(again, trained.explained, atol=1e-4, err_msg=gates)
        others = explained(made, predict(trained.model, x, made.readout), y)
        clear = abs(trained.explained - SOLVED) > 0.02
        np.testing.assert_array_equal(
            (others >= SOLVED)[clear], (trained.explained >= SOLVED)[clear], err_msg=gates
        )


@pytest.mark.parametrize(("task", "gates"), [("sum", "ifo"), ("count", "io"), ("ask", "rnn")])
def test_training_again_begins_with_the_shipped_curves(task, gates):
    """The first stretches to 1e-4: later ones hang on the last bit of each product."""
    rung = train_rung(task, gates, SEEDS)
    found = shortened(rung.curves)[:5]
    np.testing.assert_allclose(found, load()[task, gates].curves[:5], rtol=1e-4)


def test_training_again_solves_what_was_solved():
    """A row without seeds near the line comes out the same to the seed."""
    rung = train_rung("count", "ifo", SEEDS)
    assert (load()["count", "ifo"].explained > SOLVED + 0.01).all()
    assert rung.solved.all()
    assert not train_rung("cue", "rnn", SEEDS).solved.any()


def test_the_file_is_whole_and_small():
    trained = load()
    assert list(trained) == [(task, gates) for task in LADDER for gates in NETS]
    for (task, gates), found in trained.items():
        assert found.curves.shape == (POINTS, len(SEEDS))
        assert found.explained.shape == (len(SEEDS),)
        assert found.fresh.shape == (len(FRESH),)
        like = ladder_net(gates, LADDER[task].inputs)
        assert {n: a.shape for n, a in arrays(found.model).items()} == {
            n: a.shape for n, a in arrays(like).items()
        }
        for array in (*arrays(found.model).values(), found.curves, found.explained, found.fresh):
            assert np.isfinite(array).all()
    assert path_of("repair").stat().st_size < 150_000


def test_what_the_ladder_says_holds_on_fresh_seeds_too():
    """No net without input gate keeps the cued value, none without output gate hides it."""

    def solved(task, gates):
        found = load()[task, gates]
        return (np.append(found.explained, found.fresh) >= SOLVED).mean()

    assert all(solved("cue", gates) == 0 for gates in NETS if "i" not in gates)
    assert all(solved("ask", gates) == 0 for gates in NETS if "o" not in gates)
    assert all(solved("cue", gates) > 0.4 for gates in ("i", "io", "if", "ifo"))
    assert all(solved("ask", gates) > 0.6 for gates in ("o", "io", "fo", "ifo"))
    both = min(solved("count", gates) for gates in ("if", "ifo"))
    one = max(solved("count", gates) for gates in NETS if not {"i", "f"} <= set(gates))
    assert both > 0.7
    assert one < 0.2
