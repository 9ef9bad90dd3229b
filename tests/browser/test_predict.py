"""Predict on the page: asked, answered with mouse and keyboard, revealed from the kernel."""

import re

import pytest

from lstm_lab import progress

NUMBER = """from lstm_lab.widgets import Predict
ask = Predict("browser-number", "How much is left?", log=True); ask"""
CHOICE = """from lstm_lab.widgets import Predict
choose = Predict("browser-choice", "Which?", choices=["RNN", "LSTM"]); choose"""
CURVE = """from lstm_lab.widgets import Predict
draw = Predict("browser-curve", "Draw it",
    curve={"x": (0, 100), "y": (1e-8, 1), "log": True}); draw"""


def said(lab, index):
    return lab.output(index).locator(".ll-sentence").inner_text()


def test_a_number_is_asked_kept_and_revealed(lab):
    lab.notebook(NUMBER, "ask.reveal(1e-20)")
    lab.run_cell(0)
    field = lab.output(0).locator("input")
    field.click()
    lab.page.keyboard.type("0.5x")
    assert said(lab, 0) == "Write a number, for example 0.5, 30% or 1e-6."
    assert lab.output(0).get_by_role("button").is_disabled()
    lab.page.keyboard.press("Backspace")
    lab.page.keyboard.press("Enter")
    assert "kept: 0.5" in said(lab, 0)
    lab.run_cell(1)
    text = lab.output(1).inner_text()
    assert "You said 0.5, it is 1e-20: 19.7 orders of magnitude apart." in text
    assert said(lab, 0) in text
    assert field.is_disabled()
    kept = [fact for fact in progress.read(lab.server.root) if fact.get("id") == "browser-number"]
    assert [(fact["kind"], fact["guess"]) for fact in kept] == [("guess", 0.5), ("prediction", 0.5)]


def test_the_notebook_does_not_take_the_arrow_keys_of_a_choice(lab):
    lab.notebook(CHOICE, "choose.reveal('LSTM')")
    lab.run_cell(0)
    lab.output(0).locator("input").first.check()
    lab.page.keyboard.press("ArrowDown")
    assert lab.output(0).locator("input").nth(1).is_checked()
    lab.output(0).get_by_role("button").click()
    lab.run_cell(1)
    assert "✓ You said: LSTM. That is right." in lab.output(1).inner_text()


def test_a_curve_is_drawn_with_the_mouse_and_mended_with_the_keys(lab):
    lab.notebook(CURVE, "draw.reveal([1e-4] * 11)")
    lab.run_cell(0)
    pad = lab.output(0).locator(".ll svg").bounding_box()
    mouse, keys = lab.page.mouse, lab.page.keyboard
    mouse.move(pad["x"] + pad["width"] * 0.3, pad["y"] + pad["height"] * 0.7)
    mouse.down()
    mouse.move(pad["x"] + pad["width"] * 0.95, pad["y"] + pad["height"] * 0.2, steps=4)
    mouse.up()
    found = re.fullmatch(r"t = 100: ([\de.-]+)", said(lab, 0))
    assert found
    keys.press("ArrowUp")
    after = re.fullmatch(r"t = 100: ([\de.-]+)", said(lab, 0))
    assert float(after[1]) > float(found[1])
    keys.press("ArrowLeft")
    keys.press("ArrowDown")
    assert said(lab, 0).startswith("t = 90: ")
    keys.press("Enter")
    assert said(lab, 0) == "Your curve is kept. Now run on."
    lab.run_cell(1)
    drawn = progress.read(lab.server.root)[-1]["guess"]
    assert len(drawn) == 11
    assert float(f"{drawn[10]:.3g}") == pytest.approx(float(after[1]), rel=0.01)
    assert lab.output(1).locator("polyline").count() == 2


RANK = """from lstm_lab.widgets import Predict
rank = Predict("browser-rank", "Which first?", rank=["a", "b", "c"]); rank"""
SEVERAL = """from lstm_lab.widgets import Predict
tick = Predict("browser-several", "Which?", several=["a", "b", "c"]); tick"""


def test_items_are_dragged_and_moved_with_the_keys(lab):
    lab.notebook(RANK, "rank.reveal([2, 1, 0])")
    lab.run_cell(0)
    items = lab.output(0).locator(".ll-item")
    last, first = items.nth(2).bounding_box(), items.nth(0).bounding_box()
    mouse, keys = lab.page.mouse, lab.page.keyboard
    mouse.move(last["x"] + 40, last["y"] + 10)
    mouse.down()
    mouse.move(first["x"] + 40, first["y"] + 4, steps=6)
    mouse.up()
    assert items.all_inner_texts() == ["c", "a", "b"]
    assert said(lab, 0) == "c: place 1 of 3"
    items.nth(2).focus()
    keys.press("ArrowUp")
    assert items.all_inner_texts() == ["c", "b", "a"]
    assert said(lab, 0) == "b: place 2 of 3"
    keys.press("Enter")
    assert "kept: c, b, a" in said(lab, 0)
    lab.run_cell(1)
    assert "✓ Your order is right: c, b, a." in lab.output(1).inner_text()
    fact = progress.read(lab.server.root)[-1]
    assert (fact["form"], fact["guess"], fact["value"]) == ("rank", [2, 1, 0], [2, 1, 0])


def test_all_that_apply_are_ticked_with_the_keys(lab):
    lab.notebook(SEVERAL, "tick.reveal(['a', 'b'])")
    lab.run_cell(0)
    boxes = lab.output(0).locator("input")
    for k in (0, 2):
        boxes.nth(k).focus()
        lab.page.keyboard.press("Space")
    lab.page.keyboard.press("Enter")
    assert "kept: a, c" in said(lab, 0)
    lab.run_cell(1)
    assert "These apply: a, b. You missed: b. Too many: c." in lab.output(1).inner_text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_chinese_notebooks_ask_in_chinese_in_both_themes(lab, theme):
    never_asked = NUMBER.replace("browser-number", f"browser-{theme}")
    lab.notebook(never_asked, "ask.reveal(0.5)", lang="zh", theme=theme)
    cells = lab.run_all()
    assert "你没有写下预测" in cells[1]["outputs"][0]["data"]["text/plain"]
    box = lab.output(0).locator(".ll")
    assert box.get_attribute("lang") == "zh"
    ink, ground = box.evaluate(
        "node => { const s = getComputedStyle(node); return [s.color, s.backgroundColor]; }"
    )
    assert contrast(ink, ground) > 7


BARE = """import anywidget
class Bare(anywidget.AnyWidget):
    _esm = "export default { render({ el }) { el.textContent = 'bare'; } }"
Bare()"""


def test_fifty_runs_of_a_cell_leave_nothing_of_ours_behind(lab):
    """JupyterLab and anywidget keep a few nodes of every run; we add none to that."""
    lab.notebook(CHOICE, BARE)
    devtools = lab.page.context.new_cdp_session(lab.page)

    def growth(index):
        counts = []
        for times in (5, 50):
            for _ in range(times):
                lab.run_cell(index)
            lab.page.wait_for_timeout(500)
            devtools.send("HeapProfiler.collectGarbage")
            counts.append(devtools.send("Memory.getDOMCounters"))
        return {name: counts[1][name] - counts[0][name] for name in counts[0]}

    ours, bare = growth(0), growth(1)
    assert lab.page.locator(".ll").count() == 1
    assert ours["nodes"] <= bare["nodes"] + 50
    assert ours["jsEventListeners"] <= bare["jsEventListeners"] + 4 * 50


def contrast(one, other):
    """WCAG contrast of two rgb(…) colours."""

    def lightness(text):
        parts = [int(part) / 255 for part in re.findall(r"\d+", text)[:3]]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((lightness(one), lightness(other)))
    return (high + 0.05) / (low + 0.05)
