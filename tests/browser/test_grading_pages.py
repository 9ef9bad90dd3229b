"""The pages that grading writes, opened as a student or instructor opens them: from the disk."""

from __future__ import annotations

import pytest

from lstm_lab.grading.reports.people import Person
from lstm_lab.grading.reports.results import write_results
from lstm_lab.grading.runner.points import row
from tests.browser.axe import found_by_axe

# relative luminance and contrast as WCAG 2 defines them, for each text over what lies behind it
_LOW_CONTRAST = """() => {
  const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const lum = ([r, g, b]) => [r, g, b]
    .map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const colour = parse(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const low = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim()) continue;
    const [a, b] = [lum(parse(getComputedStyle(node).color)), lum(behind(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.push([node.outerHTML.slice(0, 80), ratio]);
  }
  return low;
}"""


# how wide what somebody should read is set on a phone
_SENTENCES = """[...document.querySelectorAll("p, li")]
  .filter((one) => one.textContent.length > 100 && one.offsetParent)
  .map((one) => one.getBoundingClientRect().width)"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("results")
    said = {"en": "y: use `x.T`. " * 9, "zh": "y：请用 `x.T`。" * 9}
    rows = [
        row("test_a", "double", 2, "passed"),
        row("test_b", "double", 2, "failed", said, stdout="printed " * 40),
        row("test_c", "a_task_with_a_rather_long_name", 1, "failed", said),
    ]
    facts = {"form": "f", "nodes": 99, "calls": ["torch.nn.LSTM"], "as_solution": False}
    records = [
        {"student": name, "number": "", "exercise": "01", "title": "01_rnn", "rows": rows,
         "file": f"{name}.ipynb", "status": status, "reasons": [said] if status != "ok" else [],
         "lang": lang, "earned": 2, "points": 5, "seconds": 0.1, "level": "process",
         "answers": {"double": facts}}
        for name, status, lang in [("ann", "ok", "en"), ("li", "needs attention", "zh")]
    ]  # fmt: skip
    class_list = [Person(n, (str(n),), name) for n, name in enumerate(["ann", "li", "Bo", "Cy"])]
    stranger = {**records[0], "student": "Zoe", "file": "zoe.ipynb"}
    write_results([*records, stranger], out, class_list)
    return out


@pytest.fixture
def page(_context):
    """A page of its own, which may open files; nothing else may ask for anything."""
    context, _watch = _context
    one = context.new_page()
    one.route("file://**", lambda route: route.continue_())
    yield one
    one.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["overview.html", "feedback/ann.html", "feedback/li.html"])
def test_pages_are_readable_in_light_and_dark_and_on_a_phone(folder, page, name, scheme):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.emulate_media(color_scheme=scheme)
    page.goto((folder / name).as_uri())
    assert page.evaluate(_LOW_CONTRAST) == []
    back = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (back == "rgb(255, 255, 255)") == (scheme == "light")
    assert found_by_axe(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # a sentence keeps most of the width, and is not squeezed into a column
    widths = page.evaluate(_SENTENCES)
    assert widths
    assert min(widths) > 250
    assert asked == [(folder / name).as_uri()]
    # by keyboard: links and regions that scroll can be reached, and show it
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
