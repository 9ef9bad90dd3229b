"""What holds for every widget: it cleans up, and is readable on any ground, in any language."""

import re

import pytest

from tests.browser.axe import found_by_axe
from tests.browser.mounting import EVERY, left_behind, show
from tests.browser.reading import sentence


@pytest.fixture(scope="module")
def page(_context):
    context, _watch = _context
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    page.close()


@pytest.fixture(autouse=True)
def _nothing_wrong(_context):
    _, watch = _context
    watch.clear()
    yield
    assert watch.errors == []
    assert watch.outside == []


# V8 keeps what it compiled on the way, a few hundred kB in all; a widget that stayed would
# keep its arrays and nodes fifty times.
CLEAN = {"observers": 0, "frames": 0, "model": 0, "nodes": 0, "listeners": 0}
GROWTH_KB = 600


@pytest.mark.parametrize("name", EVERY)
def test_fifty_renders_leave_nothing_behind(page, name):
    widget = EVERY[name]()
    show(page, widget)
    left = left_behind(page, widget.module)
    assert left.pop("kB") < GROWTH_KB
    assert left == CLEAN


def test_what_a_widget_left_behind_would_be_counted(page):
    widget = EVERY["GateHeatmap"]()
    show(page, widget)
    leak = """() => {
      const { render } = lab.widgets.heatmap;
      lab.widgets.heatmap.render = ({ model, el }) => {
        const remove = render({ model, el });
        model.on("change:unit", () => {});
        const box = el.firstChild;
        window.addEventListener("resize", () => box);
        new ResizeObserver(() => {}).observe(box);
        const again = () => requestAnimationFrame(again);
        again();
        return remove;
      };
    }"""
    left = left_behind(page, widget.module, times=10, spoil=leak)
    assert left["nodes"] > 10 * 50
    assert left["listeners"] >= 10 * 10
    assert left["observers"] >= 10
    assert left["frames"] >= 10
    assert left["model"] >= 10


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", EVERY)
def test_it_is_there_readable_and_speaks_the_language(page, monkeypatch, name, lang, dark):
    monkeypatch.setenv("LSTM_LAB_LANG", lang)
    box = show(page, EVERY[name](), dark=dark)
    assert box.get_attribute("lang") == lang
    said = sentence(box) or box.inner_text()  # Predict says nothing before it is answered
    assert bool(re.search(r"[一-鿿]", said.replace("猫", ""))) == (lang == "zh")
    assert box.locator("svg, canvas").first.is_visible()
    assert found_by_axe(page) == []
