"""An exported page, opened as a file: its widgets work, and it is readable for everybody."""

import nbformat
import numpy as np
import pytest

from lstm_lab.cli import main
from lstm_lab.course.catalogue import published
from lstm_lab.export.page import page as page_of
from lstm_lab.layers import forward
from lstm_lab.paths import course_root
from lstm_lab.widgets import CellStepper, GateHeatmap, GradientBridge
from tests.browser.axe import found_by_axe
from tests.browser.reading import drag, numbers, sentence, slider

CELLS = (
    "from lstm_lab.widgets import CellStepper, GateHeatmap, GradientBridge, Predict\n"
    "guess = Predict('test-export', 'How much?', log=True)\nguess",
    "CellStepper('lstm')",
    "GradientBridge(30)",
    "import numpy as np\nx = np.linspace(0, 1, 12)\n"
    "GateHeatmap({'f': np.outer(x, [1, 0.5])}, tokens='a 猫🐱 <b> &am')",
    "guess.reveal(0.5)",
)


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """The folder of a page in each language."""
    folder = tmp_path_factory.mktemp("export")
    for lang in ("en", "zh"):
        cells = [
            nbformat.v4.new_markdown_cell("# All\n\n$$h_t = \\tanh(a)$$\n\n|a|b|\n|:-|-:|\n|1|2|")
        ]
        cells += [nbformat.v4.new_code_cell(source) for source in CELLS]
        (folder / lang).mkdir()
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / lang / "all.ipynb")
        assert main(["export", str(folder / lang / "all.ipynb"), "--out", str(folder)]) == 0
    return folder


@pytest.fixture
def opened(exported, _context):
    """Open an exported page in the browser of all tests; at the end nothing went wrong on it."""
    context, watch = _context
    watch.clear()
    page = context.new_page()
    page.set_default_timeout(10_000)

    def at(lang, scheme="light"):
        page.emulate_media(color_scheme=scheme)
        page.goto((exported / lang / "all.html").as_uri())
        return page

    yield at
    page.close()
    assert watch.errors == []
    assert watch.outside == []


def test_widgets_in_a_file_follow_the_hand_and_say_numpys_numbers(opened):
    page = opened("en")
    stepper = page.locator(".ll-stepper")
    x = drag(slider(stepper, "xt"), 0.9)
    assert x > 1
    out = forward(CellStepper("lstm").p, np.array([[[x]]]), trace=True).trace
    found = numbers(sentence(stepper))
    for name in "ifgoch":
        assert found[name] == pytest.approx(out[name][0, 0, 0], abs=6e-4)

    bridge = page.locator(".ll-bridge")
    rho = drag(slider(bridge, "spectral radius"), 0.65)
    found = numbers(sentence(bridge))
    curves = GradientBridge(30, rho=rho).curves()
    assert found["RNN"] == pytest.approx(float(curves["rnn"][0]), rel=6e-3)

    heat = page.locator(".ll-heatmap")
    heat.locator("canvas").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    values = GateHeatmap({"f": np.outer(np.linspace(0, 1, 12), [1, 0.5])}).arrays["f"]
    assert numbers(sentence(heat))["f"] == pytest.approx(values[1, 1], abs=6e-4)
    assert "“ ”" in sentence(heat)

    asked = page.locator(".ll-predict")
    asked.locator("input").fill("1e-3")
    asked.get_by_role("button").click()
    assert sentence(asked) == "Your prediction is kept: 0.001. Now run on."
    assert page.get_by_text("You made no prediction").is_hidden()
    assert page.locator(".lstm-lab-still:visible").count() == 0


def test_without_scripts_the_stills_are_there(opened, exported):
    page = opened("en")
    text = (exported / "en" / "all.html").read_text("utf-8")
    assert text.count('<script type="module">') == 1
    (exported / "en" / "plain.html").write_text(text.split('<script type="module">')[0], "utf-8")
    page.goto((exported / "en" / "plain.html").as_uri())
    stills = page.locator(".lstm-lab-still")
    assert [still.is_visible() for still in stills.all()] == [True] * 4
    assert page.get_by_text("30 steps back: RNN = ").first.is_visible()


def test_dark_follows_the_system_and_the_button_turns_it(opened):
    page = opened("zh", "dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    lines = """getComputedStyle(document.querySelector(".ll-bridge .ll-curve.ll-f")).stroke"""
    dark = page.evaluate(f"[{ground}, {lines}]")
    page.get_by_role("button", name="亮色 / 暗色").click()
    light = page.evaluate(f"[{ground}, {lines}]")
    assert light == ["rgb(255, 255, 255)", "rgb(0, 114, 178)"]
    assert dark == ["rgb(22, 22, 22)", "rgb(86, 180, 233)"]


def test_on_paper_it_is_light_and_nothing_is_cut_off(opened):
    page = opened("en", "dark")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("#theme").is_hidden()
    assert page.locator("pre.highlight").first.evaluate("n => getComputedStyle(n).whiteSpace") == (
        "pre-wrap"
    )
    assert page.pdf()[:5] == b"%PDF-"


def test_on_a_small_screen_nothing_hangs_over(opened):
    page = opened("en")
    page.set_viewport_size({"width": 360, "height": 700})
    page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_axe_finds_nothing_serious_on_a_page_with_every_widget(opened, lang, scheme):
    assert found_by_axe(opened(lang, scheme)) == []


def test_axe_would_find_something(opened):
    page = opened("en")
    page.evaluate("document.querySelector('.ll-bridge .ll-sentence').style.color = '#ccc'")
    assert [name for name, *_rest in found_by_axe(page)] == ["color-contrast"]


@pytest.fixture
def file_page(_context):
    context, watch = _context
    watch.clear()
    page = context.new_page()
    yield page
    page.close()
    assert watch.errors == []
    assert watch.outside == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_axe_finds_nothing_serious_in_the_text_of_any_lesson(file_page, tmp_path, lang):
    """Text and code as published, each lesson in one language; outputs are looked at elsewhere."""
    root = course_root()
    lessons = published(root, "lesson", lang)[("en", "zh").index(lang) :: 2]
    assert lessons
    for one in lessons:
        notebook = nbformat.read(root / one.path, as_version=4)
        html = page_of(notebook, title=one.title, lang=lang, link=lambda address: address)
        (tmp_path / "lesson.html").write_text(html, "utf-8")
        file_page.goto((tmp_path / "lesson.html").as_uri())
        assert file_page.locator("h1").count() == 1
        assert found_by_axe(file_page) == [], one.path


@pytest.mark.parametrize(("handle", "lang"), [("00", "zh"), ("toolbox", "en"), ("gallery", "zh")])
def test_axe_finds_nothing_serious_on_whole_lessons(file_page, tmp_path, handle, lang):
    assert main(["export", handle, "--lang", lang, "--out", str(tmp_path / "page.html")]) == 0
    for scheme in ("light", "dark"):
        file_page.emulate_media(color_scheme=scheme)
        file_page.goto((tmp_path / "page.html").as_uri())
        assert file_page.locator("figure img").count() >= 1
        assert found_by_axe(file_page) == []
