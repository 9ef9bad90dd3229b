"""Our JavaScript modules by themselves: helpers called on an empty page, without JupyterLab."""

import numpy as np
import pytest

from lstm_lab.widgets.linking import link


@pytest.fixture(scope="module")
def js(blank):
    """Call an expression in which `dom`, `draw` and `colour` are the modules."""
    for name in ("dom", "draw", "colour"):
        blank.evaluate(
            """async ([name, source]) => {
              const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
              window[name] = await import(url);
            }""",
            [name, link(name)],
        )
    return blank.evaluate


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.5", 0.5), ("30%", 0.3), ("1e-6", 1e-6), ("10^-6", 1e-6), ("2*10^-6", 2e-6), ("−3", -3)],
)
def test_numbers_are_read_as_people_write_them(js, text, value):
    assert js("(text) => dom.parseNumber(text)", text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "x", "1,5", "1e", "--1"])
def test_what_is_no_number_is_none(js, text):
    assert js("(text) => Number.isNaN(dom.parseNumber(text))", text)


@pytest.mark.parametrize("value", [1.0, 0.0123, 123.4, 3.2e-7, -4.56e8, -0.25])
def test_numbers_are_written_with_three_digits_and_read_back(js, value):
    found = js("(v) => dom.parseNumber(dom.number(v))", value)
    assert found == pytest.approx(float(f"{value:.3g}"))


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-3, 7), (0, 100), (0.2, 0.21)])
def test_ticks_are_even_inside_and_few(js, low, high):
    found = np.array(js("([low, high]) => draw.ticks(low, high)", [low, high]))
    slack = (high - low) * 1e-6
    assert found.min() >= low - slack
    assert found.max() <= high + slack
    assert 2 <= len(found) <= 6
    np.testing.assert_allclose(np.diff(found), found[1] - found[0])


def test_decades_are_whole_and_at_most_as_many_as_asked(js):
    found = js("() => draw.decades(3e-9, 2, 4)")
    assert all(isinstance(e, int) and 3e-9 <= 10**e <= 2 for e in found)
    assert 1 < len(found) <= 4


def test_an_unknown_name_in_a_sentence_stays_visible(js):
    assert js("() => dom.fill('{a} of {b}', { a: 1 })") == "1 of {b}"


def test_the_ends_of_a_colour_scale_hold_for_all_beyond(js):
    assert js("() => colour.colour(-1, false)") == js("() => colour.colour(0, false)")
    assert js("() => colour.colour(2, false)") == [0xFD, 0xE7, 0x25]
    assert js("() => colour.inkOn(colour.colour(1, false))") == "#000"
