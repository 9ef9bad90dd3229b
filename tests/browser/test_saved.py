"""A notebook that was run, saved and opened again: stills, not errors."""

import nbformat

SOURCES = (
    "from lstm_lab.widgets import CellStepper, GateHeatmap, GradientBridge, Predict, RepairBench\n"
    'Predict("saved", "How much is left?")',
    'CellStepper("lstm")',
    "GradientBridge(50)",
    "GateHeatmap([[0.5, -0.5], [0.25, 0.0]])",
    "RepairBench('ifo')",
)


def test_a_saved_notebook_shows_stills_and_says_the_same(lab):
    lab.notebook(*SOURCES)
    for index in range(len(SOURCES)):
        lab.run_cell(index)
        lab.output(index).locator(".ll").wait_for()
    path = lab.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.path")
    lab.command("docmanager:save")
    lab.page.wait_for_function(
        "() => !window.jupyterapp.shell.currentWidget.context.model.dirty", timeout=20_000
    )
    saved = nbformat.read(lab.server.work / path, as_version=4)
    texts = [cell.outputs[0]["data"]["text/plain"] for cell in saved.cells]

    lab.open(path)  # the kernel is another one: it knows none of these widgets
    for index, text in enumerate(texts):
        output = lab.output(index)
        output.locator(".lstm-lab-still").wait_for()
        assert text.splitlines()[0] in output.inner_text().replace("\n", " ")
        assert "rror" not in output.inner_text()
    picture = lab.output(2).locator("img")
    assert picture.evaluate("node => node.complete && node.naturalWidth > 0")
    # that the models are gone is said by JupyterLab on the console; nothing else went wrong
    lab.watch.errors[:] = [e for e in lab.watch.errors if "widget model not found" not in e]


def test_widgets_on_one_page_do_not_take_each_others_colours(lab):
    """Each brings its style sheet; the last one must not undo the others'."""
    lab.notebook(*SOURCES)
    for index in range(len(SOURCES)):
        lab.run_cell(index)
        lab.output(index).locator(".ll").wait_for()
    style = "node => { const s = getComputedStyle(node); return [s.stroke, s.strokeDasharray]; }"
    bridge = lab.output(2).locator(".ll-chart").first
    rnn = bridge.locator(".ll-curve.ll-c").first.evaluate(style)
    gated = bridge.locator(".ll-curve.ll-f.ll-dash").evaluate(style)
    path = bridge.locator(".ll-curve.ll-dots").evaluate(style)
    assert len({rnn[0], gated[0], path[0]}) == 3
    assert "none" not in (gated[1], path[1])
    stepper = lab.output(1).locator("svg.ll-chart")
    assert stepper.locator(".ll-curve.ll-c").evaluate(style)[0] == rnn[0]
