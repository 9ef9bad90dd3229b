"""GradientBridge in JupyterLab: its dials dragged, its sentence held against NumPy."""

import numpy as np
import pytest

from lstm_lab.gradients import half_life_of_bias
from lstm_lab.widgets import GradientBridge
from tests.browser.reading import drag, numbers, sentence, slider

SHOW = "from lstm_lab.widgets import GradientBridge\nGradientBridge({what})"


def shown(lab, what="", **place):
    lab.notebook(SHOW.format(what=what), **place)
    lab.run_cell(0)
    box = lab.output(0).locator(".ll-bridge")
    box.wait_for()
    return box


def close(said, bridge, kind="random"):
    found = numbers(said.replace("forget path", "path"))
    curves = bridge.curves(kind)
    for name, curve in (("RNN", "rnn"), ("LSTM", "lstm"), ("path", "path")):
        assert found[name] == pytest.approx(float(curves[curve][0]), rel=6e-3), name


def test_all_four_dials_dragged_give_numpys_gradients(lab):
    box = shown(lab, "T=60")
    close(sentence(box), GradientBridge(60))
    values = {
        "rho": drag(slider(box, "spectral radius"), 0.6),
        "inputs": drag(slider(box, "inputs ×"), 0.3),
        "forget_bias": drag(slider(box, "forget bias"), 0.6),
        "T": int(drag(slider(box, "steps"), 0.4)),
    }
    T = values.pop("T")
    assert T != 60
    said = sentence(box)
    assert said.startswith(f"{T} steps back: ")
    close(said, GradientBridge(T, **values))
    half = float(half_life_of_bias(values["forget_bias"]))
    assert f"σ(b_f): {half:.3g} steps" in said


@pytest.mark.parametrize(("index", "kind"), [(1, "rotation"), (2, "shear")])
def test_other_matrices_of_the_same_radius(lab, index, kind):
    box = shown(lab)
    box.locator("select").select_option(index=index)
    said = sentence(box)
    bridge = GradientBridge()
    close(said, bridge, kind)
    sigma = 0.9 * np.linalg.norm(bridge._matrices[kind], 2)
    assert f"at most {sigma:.3g} a step" in said
    assert box.locator(".ll-dots-of-w").get_attribute("d").count("M") == 32


def test_the_dial_itself_can_be_turned_and_the_keys_move_its_slider(lab):
    box = shown(lab)
    dial = box.locator(".ll-dial")
    dial.scroll_into_view_if_needed()
    place = dial.bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    unit = place["width"] * 62 / 200
    lab.page.mouse.move(x + unit * 0.9, y)
    lab.page.mouse.down()
    lab.page.mouse.move(x + unit * 1.3, y, steps=5)
    lab.page.mouse.up()
    rho = slider(box, "spectral radius")
    assert float(rho.input_value()) == pytest.approx(1.3, abs=0.03)
    close(sentence(box), GradientBridge(rho=float(rho.input_value())))
    before = float(rho.input_value())
    rho.focus()
    lab.page.keyboard.press("ArrowRight")
    assert float(rho.input_value()) == pytest.approx(before + 0.01)
    close(sentence(box), GradientBridge(rho=before + 0.01))


def test_curves_are_drawn_for_each_network_in_chinese_and_dark(lab):
    box = shown(lab, "forget_bias=3", lang="zh", theme="dark")
    assert sentence(box).startswith("往回 100 步：")
    paths = box.locator(".ll-chart").first.locator(".ll-curve")
    assert paths.count() == 5
    drawn = paths.evaluate_all("nodes => nodes.map((n) => n.getAttribute('d').length)")
    assert min(drawn) > 20
