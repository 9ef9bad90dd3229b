"""Still figures: a Trace or arrays in, a Figure out; `show` puts it on the page with its text.

Every figure of the course goes through ``show(fig, caption=…, alt=…)``. Tables and the road are
HTML and need no matplotlib; so nothing is imported before it is asked for, and no module here is
called as a function is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lstm_lab.lazy import lazily

if TYPE_CHECKING:
    from lstm_lab.plots.cells import cell_diagram
    from lstm_lab.plots.curves import learning_curves, running_mean
    from lstm_lab.plots.flow import eigenvalue_picture, gradient_curves, half_life_curve
    from lstm_lab.plots.graph import unrolled_graph
    from lstm_lab.plots.heatmaps import heatmap
    from lstm_lab.plots.look import COLOURS, GATE_COLOURS, style, subplots
    from lstm_lab.plots.shown import Shown, show
    from lstm_lab.plots.stations import Road, course_road, road
    from lstm_lab.plots.tables import Table, table

__all__ = [
    "COLOURS",
    "GATE_COLOURS",
    "Road",
    "Shown",
    "Table",
    "cell_diagram",
    "course_road",
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

_HOMES = {
    "COLOURS": "look",
    "GATE_COLOURS": "look",
    "Road": "stations",
    "Shown": "shown",
    "Table": "tables",
    "cell_diagram": "cells",
    "eigenvalue_picture": "flow",
    "gradient_curves": "flow",
    "half_life_curve": "flow",
    "heatmap": "heatmaps",
    "learning_curves": "curves",
    "course_road": "stations",
    "road": "stations",
    "running_mean": "curves",
    "show": "shown",
    "style": "look",
    "subplots": "look",
    "table": "tables",
    "unrolled_graph": "graph",
}
__getattr__, __dir__ = lazily(__name__, globals(), _HOMES)
