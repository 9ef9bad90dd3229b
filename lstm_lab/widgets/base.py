"""What all widgets share: one linked module, two languages, a still for saved notebooks."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any, ClassVar
from uuid import uuid4

import anywidget
import traitlets
from IPython.display import display

from lstm_lab.i18n import language
from lstm_lab.widgets.linking import link, sheet

__all__ = ["LabWidget"]

# A notebook that was saved and is opened again has widgets whose kernel is gone; JupyterLab then
# says "Error displaying widget". So each is shown as two outputs: its still, and the widget. In
# JupyterLab this sheet shows the first only where the second has become that error. Elsewhere,
# and where a style sheet is taken out (GitHub, an untrusted notebook), the still is simply there.
_SHEET = """
.jp-NotebookPanel .jp-OutputArea-child:has(.lstm-lab-still) { display: none }
.jp-NotebookPanel .jp-OutputArea-child:has(.lstm-lab-still):has(
  + .jp-OutputArea-child > .jp-OutputArea-output.jupyter-widgets) { display: flex }
.jp-NotebookPanel .jp-OutputArea-child:has(.lstm-lab-still)
  + .jp-OutputArea-child:has(> .jp-OutputArea-output.jupyter-widgets) { display: none }
"""


class LabWidget(anywidget.AnyWidget):
    """Base of the course's widgets.

    A subclass names its module in ``js/`` (``class Predict(LabWidget, module="predict")``),
    fills `texts` with its translated words, and writes `still`: HTML that shows the same
    without a kernel and without JavaScript.
    """

    module: ClassVar[str]
    lang = traitlets.Unicode().tag(sync=True)
    texts = traitlets.Dict().tag(sync=True)
    still_id = traitlets.Unicode().tag(sync=True)

    def __init_subclass__(cls, module: str = "", **kwargs: Any) -> None:
        if module:
            cls.module = module
            cls._esm = link(module)
            cls._css = sheet(module)
        super().__init_subclass__(**kwargs)

    def __init__(self, **traits: Any) -> None:
        super().__init__(lang=language(), still_id=f"still-{uuid4().hex[:12]}", **traits)

    def still(self) -> str:
        """Return HTML that says the same as the widget where no JavaScript runs."""
        return f"<p>{escape(self.text())}</p>"

    @classmethod
    def for_page(cls, state: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values with which an exported page starts, from those of the run.

        Parameters
        ----------
        state : mapping
            Values of the widget's traits by name, as a notebook keeps them. Binary ones may
            be missing: they are joined on afterwards.
        """
        return dict(state)

    def text(self) -> str:
        """Return the widget in one or two sentences."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return self.text()

    def _ipython_display_(self) -> None:
        sheet = f"<style>{_SHEET}</style>"
        still = f'<div class="lstm-lab-still" id="{self.still_id}">{sheet}{self.still()}</div>'
        display({"text/html": still, "text/plain": self.text()}, raw=True)
        bundle = self._repr_mimebundle_()
        assert bundle is not None
        # An output that shows nothing where the widget cannot be shown: the still is above it.
        display({**bundle[0], "text/plain": ""}, raw=True)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict, dict] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        return {**data, "text/plain": self.text()}, metadata
