"""A lesson's first cell imports widgets: it waits neither for matplotlib nor for torch."""

import pkgutil
import subprocess
import sys

import pytest

from lstm_lab import plots


def heavy_after(code: str) -> str:
    watched = "print(sorted({'torch', 'matplotlib', 'keras', 'pandas'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\n{watched}"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_importing_widgets_leaves_matplotlib_and_torch_alone():
    assert heavy_after("import lstm_lab.widgets") == "[]"


def test_widgets_with_their_stills_tables_and_the_road_need_no_matplotlib():
    code = (
        "from lstm_lab.widgets import CellStepper, GateHeatmap, GradientBridge, RepairBench\n"
        "from lstm_lab.plots import road, table\n"
        "widgets = CellStepper(), GateHeatmap([[0.5]]), GradientBridge(9), RepairBench()\n"
        "assert all(widget.still() for widget in widgets)\n"
        "assert table([[1]], ['a'])._repr_html_() and road({'00': 'x'})._repr_html_()"
    )
    assert heavy_after(code) == "[]"


def test_a_figure_does_bring_matplotlib():
    assert heavy_after("from lstm_lab.plots import subplots") == "['matplotlib']"


def test_every_public_name_of_plots_is_reached_and_none_is_a_modules():
    assert [name for name in plots.__all__ if not hasattr(plots, name)] == []
    assert set(plots.__all__) <= set(dir(plots))
    assert set(plots._HOMES) == set(plots.__all__)
    modules = {module.name for module in pkgutil.iter_modules(plots.__path__)}
    assert modules & set(plots.__all__) == set()
    with pytest.raises(AttributeError, match="no attribute 'tabel'"):
        _ = plots.tabel
