"""CellStepper in JupyterLab: dragged, stepped, read from its sentence, held against NumPy."""

import numpy as np
import pytest

from lstm_lab.layers import forward
from lstm_lab.widgets import CellStepper
from tests.browser.reading import drag, numbers, sentence, slider

SHOW = "from lstm_lab.widgets import CellStepper\nCellStepper({what})"
ROWS = {"rnn": "h", "no_forget": "igo", "lstm": "ifgo", "peephole": "ifgo", "gru": "rzn"}


def expected(kind, x, biases, t):
    """The same step in NumPy: every gate and state after step t."""
    p = CellStepper(kind).p
    b = p.b.copy()
    for gate, value in biases.items():
        b[ROWS[kind].index(gate)] = value
    out = forward(p.replace(b=b), np.array(x)[:, None, None], trace=True)
    return {name: float(values[t - 1, 0, 0]) for name, values in out.trace.items()}


def close(found, want):
    assert want
    for name, value in want.items():
        assert found[name] == pytest.approx(value, abs=6e-4), name


@pytest.mark.parametrize("kind", ROWS)
def test_dragging_x_and_a_bias_gives_numpys_numbers(lab, kind):
    lab.notebook(SHOW.format(what=repr(kind)))
    lab.run_cell(0)
    box = lab.output(0).locator(".ll-stepper")
    box.wait_for()
    x = [1.0, 0.0, 0.0, -1.0, 0.0, 0.0, 1.0, 0.0]
    close(numbers(sentence(box)), expected(kind, x, {}, 1))

    box.get_by_role("button", name="Step", exact=True).click()
    box.get_by_role("button", name="Step", exact=True).click()
    x[2] = drag(slider(box, "xt"), 0.9)
    assert x[2] > 1
    gate = ROWS[kind][-1]
    bias = slider(box, "b" if kind == "rnn" else f"b{gate}")
    value = drag(bias, 0.8)
    assert value > 2
    said = sentence(box)
    assert said.startswith("Step 3 of 8: ")
    close(numbers(said), expected(kind, x, {gate: value}, 3))
    assert numbers(said)["x"] == pytest.approx(x[2], abs=1e-3)

    # what the diagram shows is what the sentence says
    shown = box.locator("svg.ll-diagram.ll-wide .ll-value").all_text_contents()
    assert f"{numbers(said)['h']:.3f}".replace("-", "−") in shown
    # and the drawing for small screens shows the same numbers
    narrow = box.locator("svg.ll-diagram.ll-narrow .ll-value").all_text_contents()
    assert sorted(narrow) == sorted(shown)


def test_arrow_keys_move_the_slider_and_not_the_notebook(lab):
    lab.notebook(SHOW.format(what='"lstm"'), "1 + 1")
    lab.run_cell(0)
    box = lab.output(0).locator(".ll-stepper")
    time = slider(box, "t")
    time.focus()
    lab.page.keyboard.press("ArrowRight")
    lab.page.keyboard.press("ArrowRight")
    assert sentence(box).startswith("Step 3 of 8: ")
    slider(box, "bf").focus()
    for _ in range(20):
        lab.page.keyboard.press("ArrowUp")
    assert float(slider(box, "bf").input_value()) == pytest.approx(2.2)
    x = [1.0, 0.0, 0.0, -1.0, 0.0, 0.0, 1.0, 0.0]
    close(numbers(sentence(box)), expected("lstm", x, {"f": 2.2}, 3))
    lab.page.keyboard.press("d")
    lab.page.keyboard.press("d")  # in the notebook this deletes a cell
    assert len(lab.cells()) == 2


def test_a_gate_held_by_hand_is_obeyed_at_every_step(lab):
    lab.notebook(SHOW.format(what='"lstm"'))
    lab.run_cell(0)
    box = lab.output(0).locator(".ll-stepper")
    box.locator(".ll-hand", has_text="f by hand").locator("input[type=checkbox]").check()
    hand = box.locator(".ll-hand", has_text="f by hand").locator("input[type=range]")
    f = drag(hand, 0.25)
    slider(box, "t").focus()
    for _ in range(2):
        lab.page.keyboard.press("ArrowRight")
    found = numbers(sentence(box))
    free = expected("lstm", [1.0, 0.0, 0.0], {}, 1)
    c = free["c"]
    assert found["f"] == pytest.approx(f, abs=6e-4)
    # two steps of c' = f c + i g with x = 0; i and g follow h, which follows c
    p = CellStepper("lstm").p
    h = free["o"] * np.tanh(c)
    for _ in range(2):
        a = p.W_h[:, 0] * h + p.b
        i, o = (1 / (1 + np.exp(-a[n])) for n in (0, 3))
        c = f * c + i * np.tanh(a[2])
        h = o * np.tanh(c)
    assert found["c"] == pytest.approx(c, abs=6e-4)
    box.get_by_role("button", name="Start again").click()
    want = expected("lstm", [1.0, 0.0, 0.0], {}, 3)
    close(numbers(sentence(box)), want)


def test_an_equation_lights_its_wires(lab):
    lab.notebook(SHOW.format(what='"lstm"'))
    lab.run_cell(0)
    box = lab.output(0).locator(".ll-stepper")
    box.locator(".ll-equation.ll-is-c").focus()
    sentence(box)
    lit = box.locator("svg.ll-diagram.ll-wide [data-lit]")
    assert lit.count() >= 4
    box.locator(".ll-equation.ll-is-f").hover()
    sentence(box)
    assert box.locator("svg.ll-diagram.ll-wide .ll-box[data-lit]").count() == 1


def test_many_steps_are_shown_in_a_window_that_says_so(lab):
    lab.notebook(
        "import numpy as np\nfrom lstm_lab.cells import lstm_init\n"
        + SHOW.format(what="lstm_init(2, 32), np.random.default_rng(0).normal(size=(10_000, 2))")
    )
    lab.run_cell(0)
    box = lab.output(0).locator(".ll-stepper")
    box.wait_for()
    said = sentence(box)
    assert said.startswith("Step 1 of 10000, unit 0 of 32: ")
    assert said.endswith("The chart shows steps 0 to 200.")


def test_chinese_and_dark(lab):
    lab.notebook(SHOW.format(what='"gru"'), lang="zh", theme="dark")
    lab.run_cell(0)
    box = lab.output(0).locator(".ll-stepper")
    box.wait_for()
    assert sentence(box).startswith("第 1 步，共 8 步：")
    assert box.get_by_role("button", name="走一步").is_enabled()
