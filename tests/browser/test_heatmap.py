"""GateHeatmap in JupyterLab: pointed at, brushed, sorted, followed; its numbers are NumPy's."""

import numpy as np
import pytest

from lstm_lab.cells import lstm_init
from lstm_lab.layers import forward
from tests.browser.reading import numbers, sentence

T, I, H = 40, 3, 10
TEXT = "The cat sat on the mat and 猫 mews. 🐱 ok.."[:T]
MAKE = f"""import numpy as np
from lstm_lab.cells import lstm_init
from lstm_lab.widgets import GateHeatmap
x = np.random.default_rng(3).normal(size=({T}, {I})) * 2
GateHeatmap(lstm_init({I}, {H}, seed=1, forget_bias=1.0), x, tokens={TEXT!r})"""


@pytest.fixture(scope="module")
def trace():
    x = np.random.default_rng(3).normal(size=(T, 1, I)) * 2
    return forward(lstm_init(I, H, seed=1, forget_bias=1.0), x, trace=True).trace


def shown(lab, **place):
    lab.notebook(MAKE, **place)
    lab.run_cell(0)
    box = lab.output(0).locator(".ll-heatmap")
    box.wait_for()
    canvas = box.locator("canvas.ll-heat")
    canvas.scroll_into_view_if_needed()
    return box, canvas, canvas.bounding_box()


def point(place, t, row):
    return place["x"] + (t + 0.5) / T * place["width"], place["y"] + (row + 0.5) / H * place[
        "height"
    ]


def test_pointing_at_a_cell_says_its_number(lab, trace):
    box, _canvas, place = shown(lab)
    lab.page.mouse.move(*point(place, 12, 7))
    said = sentence(box)
    assert said.startswith(f"Unit 7, step 13 “{TEXT[12]}”: ")
    assert numbers(said)["f"] == pytest.approx(trace.f[12, 0, 7], abs=6e-4)
    for gate in "cio":
        box.locator(".ll-choose", has_text=gate).locator("input").check()
        value = numbers(sentence(box))[gate]
        assert value == pytest.approx(trace[gate][12, 0, 7], abs=6e-4)


def test_brushing_gives_the_mean_of_the_span_and_sorts_by_it(lab, trace):
    box, _canvas, place = shown(lab)
    mouse = lab.page.mouse
    mouse.move(*point(place, 5, 2))
    mouse.down()
    mouse.move(*point(place, 15, 2), steps=5)
    mouse.up()
    found = numbers(sentence(box))
    part = trace.f[5:16, 0]
    assert found["mean"] == pytest.approx(part[:, 2].mean(), abs=6e-4)
    assert found["lowest"] == pytest.approx(part[:, 2].min(), abs=6e-4)
    assert found["highest"] == pytest.approx(part[:, 2].max(), abs=6e-4)
    box.locator("select").select_option(index=1)
    mouse.move(*point(place, 20, 0))
    first = int(np.argmax(part.mean(axis=0)))
    assert sentence(box).startswith(f"Unit {first}, step 21 ")


def test_keys_move_the_cell_and_brush_and_the_notebook_stays(lab, trace):
    box, canvas, _place = shown(lab)
    canvas.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "ArrowDown"):
        lab.page.keyboard.press(key)
    said = sentence(box)
    assert said.startswith("Unit 3, step 3 ")
    assert numbers(said)["f"] == pytest.approx(trace.f[2, 0, 3], abs=6e-4)
    for _ in range(4):
        lab.page.keyboard.press("Shift+ArrowRight")
    said = sentence(box)
    assert "Steps 3 to 7:" in said
    assert numbers(said)["mean"] == pytest.approx(trace.f[2:7, 0, 3].mean(), abs=6e-4)
    lab.page.keyboard.press("Enter")
    sentence(box)
    assert box.locator(".ll-slider output").inner_text() == "3"
    assert len(lab.cells()) == 1


def test_a_followed_unit_colours_the_text(lab, trace):
    box, _canvas, place = shown(lab)
    lab.page.mouse.click(*point(place, 0, 6))
    sentence(box)
    tokens = box.locator(".ll-token")
    assert tokens.count() == T
    colours = tokens.evaluate_all("nodes => nodes.map((n) => n.style.background)")
    values = trace.f[:, 0, 6]
    assert colours[int(values.argmax())] != colours[int(values.argmin())]
    green = [int(c.split("(")[1].split(",")[1]) for c in colours]
    # viridis grows in green from its low end to its high one
    assert np.corrcoef(green, values)[0, 1] > 0.95


def test_in_chinese_and_dark_the_picture_is_painted(lab):
    box, canvas, _place = shown(lab, lang="zh", theme="dark")
    assert sentence(box).startswith("单元 0，第 1 步“T”：")
    painted = canvas.evaluate(
        """node => {
          const data = node.getContext("2d").getImageData(0, 0, node.width, node.height).data;
          const seen = new Set();
          for (let k = 0; k < data.length; k += 400) seen.add(data.slice(k, k + 4).join());
          return seen.size;
        }"""
    )
    assert painted > 20
