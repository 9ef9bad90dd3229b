"""What holds for every widget: it cleans up, and is readable on any ground, in any language."""

import re
from functools import partial

import pytest

from lstm_lab.widgets import CellStepper
from tests.browser.axe import found_by_axe
from tests.browser.mounting import EVERY, left_behind, show
from tests.browser.reading import sentence

KINDS = ("rnn", "no_forget", "peephole", "gru")


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


# What is written in pictures, as it comes out on the screen: the smallest size in pixels (indices
# are smaller than what they belong to), what stands in another's way, what hangs over its picture.
_WRITTEN = """() => {
  const size = (node) => {
    const { a, b } = node.getScreenCTM();
    return parseFloat(getComputedStyle(node).fontSize) * Math.hypot(a, b);
  };
  const seen = [...document.querySelectorAll("svg text")].filter(
    (node) => node.textContent && node.checkVisibility() && node.getClientRects().length);
  const boxes = seen.map((node) => node.getBoundingClientRect());
  const shared = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 6;
  return {
    smallest: Math.min(...seen.map(size)),
    overlapping: seen.flatMap((node, n) => seen.slice(n + 1)
      .filter((_, k) => shared(boxes[n], boxes[n + 1 + k]))
      .map((other) => [node.textContent, other.textContent])),
    cut: seen.filter((node, n) => {
      const { left, right } = node.ownerSVGElement.getBoundingClientRect();
      return boxes[n].left < left - 1 || boxes[n].right > right + 1;
    }).map((node) => node.textContent),
    over: document.documentElement.scrollWidth - innerWidth,
  };
}"""
FITS = {"overlapping": [], "cut": [], "over": 0}
SMALL = {**EVERY, **{f"CellStepper {kind}": partial(CellStepper, kind) for kind in KINDS}}


@pytest.fixture
def narrow(page):
    before = page.viewport_size
    yield lambda width: page.set_viewport_size({"width": width, "height": before["height"]})
    page.set_viewport_size(before)


# 310 is what JupyterLab leaves to an output in a window of 420
@pytest.mark.parametrize("width", [310, 420])
@pytest.mark.parametrize("name", SMALL)
def test_on_a_small_screen_what_is_written_can_be_read(page, narrow, name, width):
    narrow(width)
    show(page, SMALL[name]())
    page.wait_for_timeout(60)  # charts take their width with the next frame
    written = page.evaluate(_WRITTEN)
    assert written.pop("smallest") >= 11
    assert written == FITS


def test_small_overlapping_and_hanging_words_would_be_found(page, narrow):
    narrow(420)
    show(page, EVERY["CellStepper"]())
    page.evaluate("""() => {
      const [first, second] = document.querySelectorAll(".ll-narrow .ll-value");
      second.setAttribute("x", first.getAttribute("x"));
      second.setAttribute("y", first.getAttribute("y"));
      first.style.fontSize = "9px";
      document.querySelector(".ll-narrow .ll-value.ll-x").setAttribute("x", 355);
    }""")
    written = page.evaluate(_WRITTEN)
    assert written["smallest"] < 11
    assert written["overlapping"]
    assert written["cut"] == ["1.000"]


def test_charts_follow_the_width_of_the_page(page, narrow):
    narrow(900)
    show(page, EVERY["CellStepper"]())
    size = "document.querySelector('.ll-chart').getAttribute('viewBox')"
    assert page.evaluate(size) == "0 0 640 130"
    narrow(420)
    page.wait_for_timeout(100)
    width = int(page.evaluate(size).split()[2])
    assert 300 < width < 420
    line = page.locator(".ll-chart path.ll-c").get_attribute("d")
    assert float(line.rsplit("L", 1)[1].split()[0]) == pytest.approx(width - 20, abs=0.1)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", EVERY)
def test_it_is_there_readable_and_speaks_the_language(page, monkeypatch, name, lang, dark):
    monkeypatch.setenv("LSTM_LAB_LANG", lang)
    box = show(page, EVERY[name](), dark=dark)
    assert box.get_attribute("lang") == lang
    said = sentence(box) or box.inner_text()  # Predict says nothing before it is answered
    assert bool(re.search(r"[一-鿿]", said.replace("猫", ""))) == (lang == "zh")
    assert box.locator("svg, canvas, .ll-item, .ll-choice").first.is_visible()
    assert found_by_axe(page) == []
