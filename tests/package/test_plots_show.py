"""Figures reach the page with their words; drawings say what they are asked to."""

import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from lstm_lab.errors import UserError
from lstm_lab.plots import (
    COLOURS,
    cell_diagram,
    heatmap,
    learning_curves,
    running_mean,
    show,
    subplots,
    table,
    unrolled_graph,
)


def test_show_puts_alt_and_caption_on_the_page_escaped():
    fig, _ax = subplots()
    html = show(fig, caption="a < b", alt='the "curve"')._repr_html_()
    assert re.search(r'<img alt="the &quot;curve&quot;"[^>]* src="data:image/png;base64,', html)
    assert "<figcaption" in html
    assert "a &lt; b" in html


def test_show_is_sharp_and_as_large_as_asked():
    fig, _ax = subplots(width=5, height=2)
    shown = show(fig, alt="empty")
    assert Image.open(io.BytesIO(shown.png)).size == (960, 384)
    assert "max-width:480px" in shown._repr_html_()


def test_show_closes_a_pyplot_figure():
    fig = plt.figure()
    show(fig, alt="empty")
    assert not plt.fignum_exists(fig.number)


@pytest.mark.parametrize("alt", ["", "   "])
def test_a_figure_without_alt_text_is_refused(alt):
    fig, _ax = subplots()
    with pytest.raises(UserError, match="alt:"):
        show(fig, caption="c", alt=alt)


def test_show_refuses_what_is_no_figure():
    with pytest.raises(UserError, match="fig: expected a matplotlib Figure, found list"):
        show([1, 2], alt="x")


def test_learning_curves_draw_every_seed_and_the_median():
    curves = np.abs(np.random.default_rng(0).normal(size=(7, 30))) + 0.1
    fig = learning_curves({"LSTM": curves, "RNN": curves * 2}, baseline=0.5)
    lines = fig.axes[0].lines
    assert len(lines) == 2 * (7 + 1) + 1
    thick = [line for line in lines if line.get_linewidth() > 2]
    np.testing.assert_allclose(thick[0].get_ydata(), np.median(curves, axis=0))
    assert {text.get_text() for text in fig.axes[0].texts} == {"baseline", "LSTM", "RNN"}


def test_learning_curves_leave_a_gap_where_a_loss_is_not_finite():
    fig = learning_curves({"RNN": [[1.0, np.inf, 0.5], [1.0, 0.8, 0.4]]})
    seed = fig.axes[0].lines[0].get_ydata()
    assert np.isnan(seed[1])
    show(fig, alt="a curve with a gap")


@pytest.mark.parametrize("runs", [{}, {"RNN": np.zeros((2, 0))}, {"RNN": np.zeros((2, 3, 4))}])
def test_learning_curves_name_what_is_wrong(runs):
    with pytest.raises(UserError, match=r"runs:|RNN:"):
        learning_curves(runs)


def test_running_mean_matches_a_plain_loop():
    values = np.random.default_rng(1).normal(size=(3, 40))
    want = [[row[max(0, t - 6) : t + 1].mean() for t in range(40)] for row in values]
    np.testing.assert_allclose(running_mean(values, 7), want)


def test_table_has_headers_for_rows_and_columns():
    html = table({"RNN": (0, 0.5)}, ["model", "solved", "loss"], caption="Ten seeds")._repr_html_()
    assert html.count('scope="col"') == 3
    assert html.count('scope="row"') == 1
    assert "<caption" in html


def test_table_prints_missing_values_as_a_dash():
    assert "–" in repr(table({"RNN": (None,)}, ["model", "solved"]))


def test_table_with_a_row_too_short_is_refused():
    with pytest.raises(UserError, match="row 'RNN': expected 2 values, found 1"):
        table([["RNN"]], ["model", "solved"])


def test_heatmap_is_symmetric_around_zero_for_signed_values():
    image = heatmap([[0.5, -2.0], [1.0, 0.0]]).axes[0].images[0]
    assert (image.norm.vmin, image.norm.vmax) == (-2.0, 2.0)
    image = heatmap([[0.5, 0.2], [1.0, 0.0]]).axes[0].images[0]
    assert (image.norm.vmin, image.norm.vmax) == (0.0, 1.0)


def test_heatmap_names_the_wrong_shape():
    with pytest.raises(UserError, match=r"values: expected shape \(T, H\), found \(2, 3, 4\)"):
        heatmap(np.zeros((2, 3, 4)))


@pytest.mark.parametrize("kind", ["rnn", "memory", "lstm"])
def test_cell_diagrams_can_be_shown(kind):
    assert len(show(cell_diagram(kind), alt=f"the {kind} cell").png) > 5_000


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cell_diagram("gru2"), "kind: expected one of"),
        (lambda: unrolled_graph(0), "steps: expected a number from 1 to 10, found 0"),
        (lambda: unrolled_graph(3, outputs="some"), "outputs: expected one of"),
    ],
)
def test_drawings_name_what_is_wrong(call, message):
    with pytest.raises(UserError, match=message):
        call()


def test_unrolled_graph_marks_the_same_weights_at_every_step():
    texts = [text.get_text() for text in unrolled_graph(4).axes[0].texts]
    assert texts.count("$W_h$") == texts.count("$W_x$") == texts.count("$W_y$") == 4


def test_colours_can_be_told_apart_in_grey():
    weights = np.array([0.2126, 0.7152, 0.0722])

    def lightness(name):
        rgb = [int(COLOURS[name][n : n + 2], 16) / 255 for n in (1, 3, 5)]
        return float(weights @ np.power(rgb, 2.2))

    used = ["black", "blue", "orange"]  # the first three of any figure
    values = sorted(lightness(name) for name in used)
    assert min(np.diff(values)) > 0.1


def test_labelled_lines_are_named_below_in_the_letters_of_the_page():
    fig, ax = subplots()
    ax.plot([0, 1], [0, 1], "--", color=COLOURS["red"], label="遗忘门 < 1")
    ax.plot([0, 1], [1, 0], "o-", color=COLOURS["blue"], label="b")
    ax.plot([0, 1], [1, 1])
    shown = show(fig, caption="c", alt="a")
    html = shown._repr_html_()
    under = html.partition('src="data:image/png')[2]
    samples = re.findall(r'<svg[^>]*aria-hidden="true".*?</svg>', under)
    assert re.sub(r"<svg.*?</svg>|<[^>]*>", "", under.partition(">")[2]) == "遗忘门 &lt; 1bc"
    assert 'stroke="#d55e00"' in samples[0]
    assert "stroke-dasharray" in samples[0]
    assert "<circle" in samples[1]
    assert "stroke-dasharray" not in samples[1]
    assert repr(shown) == "[a]\n遗忘门 < 1 · b\nc"


def test_a_figure_with_a_legend_or_without_labels_has_no_names_below():
    fig, ax = subplots()
    ax.plot([0, 1], label="tanh")
    ax.legend()
    assert "<svg" not in show(fig, alt="a")._repr_html_()
    assert "<svg" not in show(learning_curves({"RNN": [[1.0, 0.5]]}), alt="a")._repr_html_()
