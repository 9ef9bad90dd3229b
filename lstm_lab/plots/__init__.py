"""Still figures: a Trace or arrays in, a Figure out; `show` puts it on the page with its text.

Every figure of the course goes through ``show(fig, caption=…, alt=…)``.
"""

from lstm_lab.plots.cells import cell_diagram
from lstm_lab.plots.curves import learning_curves, running_mean
from lstm_lab.plots.flow import eigenvalue_picture, gradient_curves, half_life_curve
from lstm_lab.plots.graph import unrolled_graph
from lstm_lab.plots.heatmaps import heatmap
from lstm_lab.plots.look import COLOURS, GATE_COLOURS, style, subplots
from lstm_lab.plots.road import Road, road
from lstm_lab.plots.show import Shown, show
from lstm_lab.plots.tables import Table, table

__all__ = [
    "COLOURS",
    "GATE_COLOURS",
    "Road",
    "Shown",
    "Table",
    "cell_diagram",
    "eigenvalue_picture",
    "gradient_curves",
    "half_life_curve",
    "heatmap",
    "learning_curves",
    "road",
    "running_mean",
    "show",
    "style",
    "subplots",
    "table",
    "unrolled_graph",
]
