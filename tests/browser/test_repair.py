"""RepairBench in JupyterLab: switches, panels, seeds; its numbers are NumPy's."""

import numpy as np
import pytest

from lstm_lab.tasks import LADDER
from lstm_lab.training import predict
from lstm_lab.training.ladder import SOLVED
from lstm_lab.weights.repair import load
from lstm_lab.widgets.repair import sample
from tests.browser.reading import drag, numbers, sentence, slider

MAKE = "from lstm_lab.widgets import RepairBench\nRepairBench()"


def shown(lab, **place):
    lab.notebook(MAKE, **place)
    lab.run_cell(0)
    box = lab.output(0).locator(".ll-repair")
    box.wait_for()
    return box


def said_by_numpy(task, gates, seed):
    """How many were solved, of 8 and of 40, and the error of one net on the sequence."""
    found, made = load()[task, gates], LADDER[task]
    x, y = sample(task)
    model = tuple(part.pick(seed) for part in found.model)
    error = ((predict(model, x, made.readout) - y) ** 2).mean()
    return (found.explained >= SOLVED).sum(), (found.fresh >= SOLVED).sum(), error


def agrees(box, task, gates, seed):
    solved, fresh, error = said_by_numpy(task, gates, seed)
    said = sentence(box)
    assert f"{solved} of 8 seeds solved, {fresh} of 40 fresh ones" in said
    assert f"Seed {seed}: " in said
    assert numbers(said)["error"] == pytest.approx(error, rel=6e-3, abs=1e-12)
    left = said.split("Error left: ")[1].split(". Seed")[0].replace("−", "-").split(", ")
    np.testing.assert_allclose(
        [float(share) for share in left], 1 - load()[task, gates].explained, atol=6e-3
    )


def test_parts_are_switched_on_by_mouse_and_counts_follow(lab):
    box = shown(lab)
    parts = box.locator(".ll-parts input")
    assert [parts.nth(k).is_enabled() for k in range(4)] == [True, False, False, False]
    agrees(box, "sum", "rnn", 0)
    for index, gates in ((0, ""), (1, "i"), (2, "io"), (3, "ifo")):
        parts.nth(index).click()
        agrees(box, "sum", gates, 0)
        titles = box.locator(".ll-title b").all_inner_texts()
        want = [f"{said_by_numpy(task, gates, 0)[0]} of 8" for task in LADDER]
        assert titles == want
    parts.nth(2).click()
    agrees(box, "sum", "if", 0)
    parts.nth(0).click()  # without additive state no gates
    agrees(box, "sum", "rnn", 0)
    assert not parts.nth(1).is_checked()


def test_keys_switch_choose_and_move_and_the_notebook_stays(lab):
    box = shown(lab)
    keyboard = lab.page.keyboard
    box.locator(".ll-parts input").first.focus()
    for key in ("Space", "Tab", "Space", "Tab", "Space"):
        keyboard.press(key)
    agrees(box, "sum", "io", 0)
    box.locator(".ll-panel").nth(2).focus()
    keyboard.press("Enter")
    agrees(box, "ask", "io", 0)
    slider(box, "seed").focus()
    for _ in range(3):
        keyboard.press("ArrowRight")
    agrees(box, "ask", "io", 3)
    assert box.locator(".ll-this").count() == 1
    assert len(lab.cells()) == 1


def test_dragging_the_seed_shows_stuck_and_solved_ones(lab):
    box = shown(lab)
    for index in (0, 1):
        box.locator(".ll-parts input").nth(index).click()
    box.locator(".ll-panel").nth(1).click()
    seed = int(drag(slider(box, "seed"), 1.0))
    assert seed == 7
    agrees(box, "cue", "i", 7)
    solved = int((load()["cue", "i"].explained >= SOLVED).sum())
    panel = box.locator(".ll-panel").nth(1)
    assert panel.locator(".ll-stuck").count() == 8 - solved
    assert panel.locator("path.ll-curve").count() == 8


def test_in_chinese_and_dark(lab):
    box = shown(lab, lang="zh", theme="dark")
    said = sentence(box)
    assert said.startswith("朴素 RNN。“累计和”：8 个种子学会了 0 个")
    colours = box.locator(".ll-panel path.ll-curve").evaluate_all(
        "nodes => new Set(nodes.map((n) => getComputedStyle(n).stroke)).size"
    )
    assert colours == 1  # none solved: one colour
    assert box.locator(".ll-panel path.ll-stuck").count() == 32
